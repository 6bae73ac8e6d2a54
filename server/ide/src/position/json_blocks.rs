//! Policies that are written as blocks, in JSON: places in them in IAM's names.

use leastwise_model::{BlockNames, InnerBlock};
use leastwise_syntax::Format;

use super::statement::{has_key, region};
use super::{BlockBody, BlockPlace, CursorPlace, Frame, Role, Step};

/// A place of JSON in IAM's names, where it is in a policy that is written as blocks; as it is where it isn't.
pub(super) fn renamed<'t>(text: &'t str, place: CursorPlace<'t>) -> CursorPlace<'t> {
    let keys = place.keys();
    let leads = |names: &&BlockNames| keys.starts_with(names.leading);
    let Some(names) = leastwise_dialects::blocks().find(leads) else {
        return place;
    };
    let mut at = place.path.iter().enumerate().filter_map(|(at, step)| {
        let is_key = matches!(step.frame, Frame::Key(_));
        is_key.then_some(at)
    });
    // The block's own name stands between.
    let Some(own) = at.nth(names.leading.len()) else {
        return place;
    };
    let rest = place.path.get(own + 1..).unwrap_or_default().to_vec();
    let blocks = JsonBlocks {
        text,
        cursor: place.cursor,
        is_key: place.role == Role::Key,
        names,
    };
    let Some(found) = blocks.find(&rest) else {
        return place;
    };
    let role = match (found.is_argument, place.role) {
        (true, _) => Role::Key,
        (false, role) => role,
    };
    CursorPlace {
        path: found.path,
        is_argument: found.is_argument,
        block: found.block,
        role,
        ..place
    }
}

/// What is found of a place.
#[derive(Default)]
struct Renamed<'t> {
    path: Vec<Step<'t>>,
    is_argument: bool,
    block: Option<BlockPlace>,
}

struct JsonBlocks<'t> {
    text: &'t str,
    cursor: u32,
    is_key: bool,
    names: &'static BlockNames,
}

impl<'t> JsonBlocks<'t> {
    /// By the steps from the body of the document on.
    fn find(&self, rest: &[Step<'t>]) -> Option<Renamed<'t>> {
        let StepAhead { start, key, rest } = next(rest);
        let Some((name, at)) = key else {
            return self.naming(BlockBody::Policy, start?, Vec::new());
        };
        let step = |frame, start| Step { frame, start };
        if name != self.names.name("Statement") {
            let mut elements = self.names.of_policy.iter();
            let (element, _) = elements.find(|(_, own)| *own == name)?;
            return Some(Renamed {
                path: vec![step(Frame::Key(element), at)],
                ..Renamed::default()
            });
        }
        let StepAhead { start, key, rest } = next(rest);
        let start = start?;
        let mut path = vec![
            step(Frame::Key("policy"), at),
            step(Frame::Key("Statement"), at),
            step(Frame::Item(0), start),
            step(Frame::Map, start),
        ];
        let Some((name, at)) = key else {
            return self.naming(BlockBody::Statement, start, path);
        };
        let element = self.names.element(name)?;
        path.push(step(Frame::Key(element), at));
        let mut inner = self.names.inner.iter();
        match inner.find(|block| block.element == element) {
            Some(block) => self.in_block(block, path, rest),
            None => {
                path.extend(rest);
                Some(Renamed {
                    path,
                    ..Renamed::default()
                })
            }
        }
    }

    /// In a block of a statement, `rest` being the steps behind its name.
    fn in_block(
        &self,
        block: &'static InnerBlock,
        mut path: Vec<Step<'t>>,
        rest: &[Step<'t>],
    ) -> Option<Renamed<'t>> {
        let StepAhead { start, key, rest } = next(rest);
        let start = start?;
        let Some((argument, at)) = key else {
            return self.naming(BlockBody::Inner(block), start, path);
        };
        let place = block.keys.iter().position(|key| *key == argument);
        if place.is_none() && argument != block.values {
            return None;
        }
        for key in block.keys.iter().take(place.unwrap_or(usize::MAX)) {
            // What isn't written yet may be any.
            let value = self.value(start, key).or(place.map(|_| ""))?;
            path.push(Step {
                frame: Frame::Key(value),
                start: at,
            });
        }
        path.extend(rest);
        Some(Renamed {
            path,
            is_argument: place.is_some(),
            block: None,
        })
    }

    /// The place of a name in a body that begins at `start`.
    fn naming(&self, body: BlockBody, start: u32, path: Vec<Step<'t>>) -> Option<Renamed<'t>> {
        if !self.is_key {
            return None;
        }
        let known: Vec<&str> = match body {
            BlockBody::Policy => self.names.of_policy.iter().map(|(_, own)| *own).collect(),
            BlockBody::Statement => self
                .names
                .of_statement
                .iter()
                .map(|(_, own)| *own)
                .collect(),
            BlockBody::Inner(block) => block.arguments().collect(),
        };
        let has = |name: &&str| has_key(self.text, Format::Json, Some(start), self.cursor, name);
        let present = known.into_iter().filter(has).map(str::to_owned).collect();
        Some(Renamed {
            path,
            is_argument: false,
            block: Some(BlockPlace {
                names: self.names,
                body,
                present,
            }),
        })
    }

    /// The text that an argument of the object at `start` has.
    fn value(&self, start: u32, argument: &str) -> Option<&'t str> {
        let own = region(self.text, Format::Json, start, self.cursor);
        let key = format!("\"{argument}\"");
        let behind = own.get(own.find(&key)? + key.len()..)?.trim_start();
        let value = behind.strip_prefix(':')?.trim_start().strip_prefix('"')?;
        value.get(..value.find('"')?)
    }
}

/// What comes next on a way.
struct StepAhead<'s, 't> {
    /// Where the innermost object begins.
    start: Option<u32>,
    /// The key in that, and where it stands.
    key: Option<(&'t str, u32)>,
    rest: &'s [Step<'t>],
}

fn next<'s, 't>(steps: &'s [Step<'t>]) -> StepAhead<'s, 't> {
    let mut start = None;
    for (at, step) in steps.iter().enumerate() {
        match step.frame {
            Frame::Map => start = Some(step.start),
            Frame::Key(name) => {
                return StepAhead {
                    start,
                    key: Some((name, step.start)),
                    rest: steps.get(at + 1..).unwrap_or_default(),
                };
            }
            _ => {}
        }
    }
    StepAhead {
        start,
        key: None,
        rest: &[],
    }
}
