//! Few wildcards for many actions, as an author would write them: `cloudformation:*GeneratedTemplate*`.

use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, Mutex, PoisonError};

use leastwise_catalog::Action;
use leastwise_policy::ActionPattern;

use super::star_only::is_harmless;
use crate::limits::KEPT_WILDCARDS;

/// As many names are read as easily as wildcards.
pub(super) const FEW_NAMES: usize = 6;

/// What was worked out, by the wildcard: it is asked at each edit, and hangs on nothing but the catalog.
static KNOWN: LazyLock<Mutex<HashMap<String, Vec<String>>>> = LazyLock::new(Mutex::default);

/// What a wildcard stands for that takes no resource, in few lines: by name, or by narrower wildcards that stand for nothing that
/// can be limited but what only lists. `none`: all of it.
pub(super) fn lines(own: &ActionPattern, none: &[Action]) -> Vec<String> {
    if none.len() <= FEW_NAMES {
        return none.iter().map(|action| action.full_name()).collect();
    }
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(lines) = known.get(own.text()) {
        return lines.clone();
    }
    let lines = covered(own, none);
    if known.len() >= KEPT_WILDCARDS {
        known.clear();
    }
    known.insert(own.text().to_owned(), lines.clone());
    lines
}

fn covered(own: &ActionPattern, none: &[Action]) -> Vec<String> {
    let Some(service) = none.first().map(|action| action.service()) else {
        return Vec::new();
    };
    let limited: Vec<String> = service
        .actions()
        .filter(|action| !is_harmless(*action))
        .map(|action| action.name().to_ascii_lowercase())
        .collect();
    let names: Vec<String> = none
        .iter()
        .map(|action| action.name().to_ascii_lowercase())
        .collect();
    let mut distinct: Vec<Shape> = none
        .iter()
        .flat_map(|action| shapes(action.name()))
        .collect();
    distinct.sort_unstable();
    distinct.dedup();
    let mut shapes: Vec<Lowered> = distinct.into_iter().map(Lowered::of).collect();
    shapes.retain(|shape| {
        !limited.iter().any(|name| shape.matches(name))
            && own.covers(&ActionPattern::parse(&shape.own.text(service.prefix())))
    });
    let covers: Vec<HashSet<usize>> = shapes
        .iter()
        .map(|shape| {
            let matched = names.iter().enumerate();
            let matched = matched.filter(|(_, name)| shape.matches(name));
            matched.map(|(at, _)| at).collect()
        })
        .collect();
    let mut open: HashSet<usize> = (0..none.len()).collect();
    let mut lines = Vec::new();
    loop {
        let gain = |covers: &HashSet<usize>| covers.intersection(&open).count();
        // Of several that stand for as many, the plainest.
        let best = shapes
            .iter()
            .zip(&covers)
            .map(|(shape, covers)| (gain(covers), shape))
            .max_by(|(one, shape), (other, next)| {
                let plainer = || next.own.rank().cmp(&shape.own.rank());
                one.cmp(other).then_with(plainer)
            });
        let Some((_, shape)) = best.filter(|(gain, _)| *gain > 1) else {
            break;
        };
        open.retain(|at| names.get(*at).is_none_or(|name| !shape.matches(name)));
        lines.push(shape.own.text(service.prefix()));
    }
    let single = none.iter().enumerate().filter(|(at, _)| open.contains(at));
    lines.extend(single.map(|(_, action)| action.full_name()));
    lines.sort_unstable();
    lines
}

/// A wildcard of whole words.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Shape {
    /// `Describe*`
    Begins(String),
    /// `*GeneratedTemplate*`
    Holds(String),
}

/// A wildcard with its letters in lower case, as it is compared with hundreds of names.
struct Lowered {
    own: Shape,
    lower: String,
}

impl Lowered {
    fn of(own: Shape) -> Lowered {
        let (Shape::Begins(text) | Shape::Holds(text)) = &own;
        let lower = text.to_ascii_lowercase();
        Lowered { own, lower }
    }

    /// Whether it stands for a name in lower case.
    fn matches(&self, name: &str) -> bool {
        match self.own {
            Shape::Begins(_) => name.starts_with(&self.lower),
            Shape::Holds(_) => name.contains(&self.lower),
        }
    }
}

impl Shape {
    fn text(&self, service: &str) -> String {
        match self {
            Shape::Begins(text) => format!("{service}:{text}*"),
            Shape::Holds(text) => format!("{service}:*{text}*"),
        }
    }

    /// What comes first of several that do the same: a verb, then the longest.
    fn rank(&self) -> (bool, std::cmp::Reverse<usize>, &str) {
        let (holds, text) = match self {
            Shape::Begins(text) => (false, text),
            Shape::Holds(text) => (true, text),
        };
        (holds, std::cmp::Reverse(text.len()), text)
    }
}

/// The wildcards of a name's first words, and of its last ones in the singular.
fn shapes(name: &str) -> Vec<Shape> {
    /// Shorter words are in others by chance.
    const SHORTEST: usize = 4;
    let ends = words(name);
    let begins = ends
        .iter()
        .filter_map(|end| Some(Shape::Begins(name.get(..*end)?.to_owned())));
    let holds = ends.iter().filter_map(|start| {
        let rest = name.get(*start..)?;
        let is_plural = !["ss", "us", "ies"].iter().any(|end| rest.ends_with(end));
        let rest = rest.strip_suffix('s').filter(|_| is_plural).unwrap_or(rest);
        (rest.len() >= SHORTEST).then(|| Shape::Holds(rest.to_owned()))
    });
    begins.chain(holds).collect()
}

/// Where the words of a name end.
fn words(name: &str) -> Vec<usize> {
    let bytes = name.as_bytes();
    let upper = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
    let begins = |at: &usize| {
        let lower_behind = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
        upper(*at) && (!upper(at - 1) || lower_behind)
    };
    let mut ends: Vec<usize> = (1..name.len()).filter(begins).collect();
    ends.push(name.len());
    ends
}

#[cfg(test)]
mod tests {
    use super::super::star_only::takes_none;
    use super::*;
    use leastwise_catalog::catalog;

    /// The lines for a wildcard, and how many actions it stands for that take no resource.
    fn of(text: &str) -> (Vec<String>, usize) {
        let own = ActionPattern::parse(text);
        let mut none = own.expand();
        none.retain(|action| takes_none(*action));
        (lines(&own, &none), none.len())
    }

    #[test]
    fn a_few_lines_for_a_whole_service() {
        for (service, most) in [
            ("s3", 8),
            ("lambda", 8),
            ("iam", 20),
            ("logs", 20),
            ("ecr", 10),
            ("cloudformation", 20),
            ("dynamodb", 10),
            ("sns", 8),
            ("kms", 5),
            ("events", 5),
            ("states", 8),
            ("rds", 8),
        ] {
            let (lines, count) = of(&format!("{service}:*"));
            assert!(lines.len() <= most, "{service} {count}: {lines:?}");
        }
        assert_eq!(of("sqs:*").0, ["sqs:ListQueues"]);
        // By name where these are few, and never by more than was written.
        let (lines, _) = of("lambda:Create*");
        assert!(lines.iter().all(|line| !line.contains('*')), "{lines:?}");
        let (lines, _) = of("logs:Describe*");
        assert!(
            lines.iter().all(|line| line.starts_with("logs:Describe")),
            "{lines:?}"
        );
        let holds = |lines: &[String], text: &str| lines.iter().any(|line| line == text);
        let (lines, _) = of("cloudformation:*");
        assert!(
            holds(&lines, "cloudformation:*GeneratedTemplate*"),
            "{lines:?}"
        );
        assert!(
            holds(&lines, "cloudformation:*OrganizationsAccess*"),
            "{lines:?}"
        );
    }

    #[test]
    fn nothing_that_can_be_limited_comes_along_and_nothing_is_missed() {
        for service in catalog().services().step_by(7) {
            for own in ["*", "Get*", "*e*"] {
                let own = ActionPattern::parse(&format!("{}:{own}", service.prefix()));
                let mut none = own.expand();
                none.retain(|action| takes_none(*action));
                let lines: Vec<ActionPattern> = lines(&own, &none)
                    .iter()
                    .map(|line| ActionPattern::parse(line))
                    .collect();
                for action in &none {
                    let there = lines.iter().any(|line| line.matches(*action));
                    assert!(there, "{}", action.full_name());
                }
                for action in lines.iter().flat_map(ActionPattern::expand) {
                    assert!(own.matches(action), "{}", action.full_name());
                    assert!(is_harmless(action), "{}", action.full_name());
                }
            }
        }
    }
}
