//! The `Sid`s of a policy that can't stay as they are, and what each becomes: one plan for the whole policy. What is right
//! never gives way to what is mended, and no two get the same name.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use leastwise_model::text::{Part, Text};
use leastwise_model::{Branch, Policy, Site, SiteKind, Statement};
use leastwise_policy::elements::bad_sid_character;
use leastwise_syntax::NodeId;
use leastwise_syntax::write::Edit;

use super::policy_kind;
use crate::limits::{LARGEST_NUMBER, SAME_SIDS};
use crate::support::answers::Answers;
use crate::support::policy_key::PolicyKey;
use crate::{Context, for_fixes};

/// A `Sid` that can't stay.
pub(super) struct Fault<'a> {
    pub text: &'a Text,
    /// The first of the characters that it can't have.
    pub bad: Option<char>,
    /// An earlier statement of the same `Sid`: one of the two is there whenever the other is.
    pub first: Option<&'a Statement>,
    /// Where it is.
    pub place: SidPlace,
}

/// A `Sid` by its policy and which statement of it has it: data of a fact.
#[derive(Clone, Copy)]
pub(super) struct SidPlace {
    policy: PolicyKey,
    statement: usize,
}

/// What mends the `Sid`s of policies, by the statement. It is kept with the analysis: all fixes of a policy ask for the same plan.
#[derive(Default)]
struct Plans(Answers<PolicyKey, Arc<HashMap<usize, SidCure>>>);

/// What mends a `Sid`.
#[derive(Clone)]
pub(super) struct SidCure {
    /// Nothing where that would change an earlier one, too.
    pub edits: Vec<Edit>,
    /// What goes of it.
    pub loss: Loss,
}

/// What goes of a `Sid` that is mended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Loss {
    /// Signs that only part its words, or nothing.
    Signs,
    /// Letters and other signs that may say something.
    Words,
    /// All of it.
    Whole,
}

impl SidPlace {
    /// What mends it; `None` where that would change the earlier one, too.
    pub(super) fn cure(self, context: &Context<'_>) -> Option<SidCure> {
        for_fixes::did();
        let plans = context.analysis.cache.get::<Plans>();
        let plan = plans.0.get(context, self.policy, || {
            Arc::new(plan(context, self.policy))
        });
        let cure = plan.get(&self.statement).cloned();
        cure.filter(|cure| !cure.edits.is_empty())
    }
}

/// A `Sid` that can't stay, with what it takes to mend it.
struct FaultySid<'a> {
    fault: Fault<'a>,
    statement: &'a Statement,
    bad: Vec<Bad>,
    /// Which one of its name it is.
    number: usize,
}

/// The `Sid`s of a policy that can't stay, in order.
pub(super) fn faults<'a>(
    context: &Context<'a>,
    site: &Site,
    policy: &'a Policy,
) -> impl Iterator<Item = Fault<'a>> {
    let found = find(context, PolicyKey::of(context, site), policy);
    found.into_iter().map(|found| found.fault)
}

fn find<'a>(context: &Context<'a>, key: PolicyKey, policy: &'a Policy) -> Vec<FaultySid<'a>> {
    let mut faults = Vec::new();
    let mut seen: HashMap<&str, Vec<&Statement>> = HashMap::new();
    for (at, statement) in policy.statements.iter().enumerate() {
        let Some(text) = statement.sid.known() else {
            continue;
        };
        let literal = text.literal(context.tree).filter(|sid| !sid.is_empty());
        let earlier = literal.map(|sid| seen.entry(sid).or_default());
        let number = earlier.as_ref().map_or(0, |earlier| earlier.len()) + 1;
        let first = earlier.and_then(|earlier| {
            let mut others = earlier.iter();
            let first = others.find(|first| both(&first.branch, &statement.branch));
            let first = first.copied().filter(|_| scalar(statement).is_some());
            if earlier.len() < SAME_SIDS {
                earlier.push(statement);
            }
            first
        });
        let bad = bad_parts(context, key.kind, text);
        if bad.is_empty() && first.is_none() {
            continue;
        }
        let fault = Fault {
            text,
            bad: bad.first().map(|bad| bad.first),
            first,
            place: SidPlace {
                policy: key,
                statement: at,
            },
        };
        faults.push(FaultySid {
            fault,
            statement,
            bad,
            number,
        });
    }
    faults
}

/// What mends the `Sid`s of a policy, by the statement.
fn plan(context: &Context<'_>, key: PolicyKey) -> HashMap<usize, SidCure> {
    let Some(site) = key.site(context) else {
        return HashMap::new();
    };
    let policy = context.policy(site);
    let mut names = Names::of_right_ones(context, key.kind, policy);
    let mut cures: HashMap<Option<(NodeId, usize)>, SidCure> = HashMap::new();
    let cured = find(context, key, policy).into_iter().filter_map(|found| {
        let (fault, statement) = (&found.fault, found.statement);
        // A statement that an alias brings twice has one text for both.
        let is_shared = fault
            .first
            .is_some_and(|first| scalar(first) == scalar(statement));
        if is_shared && found.bad.is_empty() {
            return None;
        }
        let at = fault.place.statement;
        let wanted = Wanted {
            context,
            statement,
            text: fault.text,
            bad: found.bad,
            number: found.number,
        };
        let place = wanted.place();
        let cure = cures.entry(place).or_insert_with(|| SidCure {
            edits: names.cure(&wanted),
            loss: wanted.loss(),
        });
        Some((at, cure.clone()))
    });
    cured.collect()
}

/// Whether one of two parts is there whenever the other is.
fn both(one: &Branch, other: &Branch) -> bool {
    let within = |a: &Branch, b: &Branch| a.iter().all(|condition| b.contains(condition));
    within(one, other) || within(other, one)
}

/// Whether two parts are never there at once.
fn exclude(one: &Branch, other: &Branch) -> bool {
    one.iter()
        .any(|(condition, holds)| other.iter().any(|(of, is)| of == condition && is != holds))
}

/// The scalar that a `Sid` stands in.
pub(super) fn scalar(statement: &Statement) -> Option<NodeId> {
    match statement.sid.known()?.parts.as_slice() {
        [Part::Literal { node, .. }] => Some(*node),
        _ => None,
    }
}

/// Characters of a part of a `Sid` that it can't have.
struct Bad {
    /// Which part it is.
    at: usize,
    /// The first of them.
    first: char,
}

fn bad_parts(context: &Context<'_>, kind: SiteKind, text: &Text) -> Vec<Bad> {
    let Some(kind) = policy_kind(kind) else {
        return Vec::new();
    };
    let bad = text.parts.iter().enumerate().filter_map(|(at, part)| {
        let (_, _, text) = written(context, part)?;
        let (_, first) = bad_sid_character(kind, text)?;
        Some(Bad { at, first })
    });
    bad.collect()
}

/// The scalar of a literal part, its bytes there, and its characters.
fn written<'a>(context: &Context<'a>, part: &Part) -> Option<(NodeId, Range<usize>, &'a str)> {
    let Part::Literal { node, start, end } = part else {
        return None;
    };
    let range = *start as usize..*end as usize;
    let text = context.tree.text(*node)?.get(range.clone())?;
    Some((*node, range, text))
}

/// A `Sid` that is to have a name.
struct Wanted<'c, 'a> {
    context: &'c Context<'a>,
    statement: &'a Statement,
    text: &'a Text,
    bad: Vec<Bad>,
    /// Which one of its name it is.
    number: usize,
}

impl Wanted<'_, '_> {
    /// What stands before the part that gets a number, that part, and what stands behind it, the bad characters gone.
    fn pieces(&self) -> [String; 3] {
        let numbered = self.numbered();
        let [mut before, mut own, mut behind]: [String; 3] = Default::default();
        for (at, part) in self.text.parts.iter().enumerate() {
            let piece = match at.cmp(&numbered) {
                Ordering::Less => &mut before,
                Ordering::Equal => &mut own,
                Ordering::Greater => &mut behind,
            };
            let is_bad = self.bad.iter().any(|bad| bad.at == at);
            piece.push_str(&shown(self.context, part, is_bad));
        }
        [before, own, behind]
    }

    /// Whether nothing is left without the characters that it can't have, of a text that is no more than these.
    fn is_emptied(&self) -> bool {
        let [_, own, _] = self.pieces();
        own.is_empty() && self.text.parts.len() == 1
    }

    /// What goes of it.
    fn loss(&self) -> Loss {
        if self.is_emptied() {
            return Loss::Whole;
        }
        let parts_words = |c: char| c.is_whitespace() || matches!(c, '-' | '_' | '.' | ':' | '\'');
        let bad = self.bad.iter().filter_map(|bad| {
            let (_, _, text) = written(self.context, self.text.parts.get(bad.at)?)?;
            Some(text)
        });
        let mut gone = bad.flat_map(|text| text.chars().filter(|c| !c.is_ascii_alphanumeric()));
        match gone.all(parts_words) {
            true => Loss::Signs,
            false => Loss::Words,
        }
    }

    /// Where what changes begins: several statements can have one text.
    fn place(&self) -> Option<(NodeId, usize)> {
        let part = self.text.parts.get(self.numbered())?;
        let (node, range, _) = written(self.context, part)?;
        Some((node, range.start))
    }

    /// The part that gets a number where the name is taken: the last that changes.
    fn numbered(&self) -> usize {
        let last = self.bad.last().map(|bad| bad.at);
        last.unwrap_or(self.text.parts.len().saturating_sub(1))
    }
}

/// The characters of a part; of what isn't known what it is called, between signs that no `Sid` has.
fn shown(context: &Context<'_>, part: &Part, correct: bool) -> String {
    match (written(context, part), part) {
        (Some((_, _, text)), _) if correct => corrected(text),
        (Some((_, _, text)), _) => text.to_owned(),
        (None, Part::Given { text, .. }) => text.clone(),
        (None, part) => {
            format!("\0{}\0", context.tree.part(part.span(context.tree)))
        }
    }
}

/// The names that the `Sid`s of a policy can get.
struct Names<'a> {
    /// When a statement of a name is there.
    taken: HashMap<String, Vec<&'a Branch>>,
    /// The last number by what stands before and behind it.
    last: HashMap<(String, String), usize>,
}

impl<'a> Names<'a> {
    /// With those taken that stay as they are.
    fn of_right_ones(context: &Context<'a>, kind: SiteKind, policy: &'a Policy) -> Names<'a> {
        let mut names = Names {
            taken: HashMap::new(),
            last: HashMap::new(),
        };
        for statement in &policy.statements {
            if let Some(text) = statement.sid.known()
                && bad_parts(context, kind, text).is_empty()
            {
                let parts = text.parts.iter();
                let name = parts.map(|part| shown(context, part, false)).collect();
                names.take(name, &statement.branch);
            }
        }
        names
    }

    fn take(&mut self, name: String, branch: &'a Branch) {
        let taken = self.taken.entry(name).or_default();
        if taken.len() < SAME_SIDS {
            taken.push(branch);
        }
    }

    /// Whether no statement has a name that may be there when one of a branch is.
    fn is_free(&self, name: &str, branch: &Branch) -> bool {
        self.taken.get(name).is_none_or(|taken| {
            taken.len() < SAME_SIDS && taken.iter().all(|other| exclude(other, branch))
        })
    }

    /// The edits that give a `Sid` a name that no other has.
    fn cure(&mut self, wanted: &Wanted<'_, 'a>) -> Vec<Edit> {
        let Wanted {
            context,
            statement,
            text,
            bad,
            ..
        } = wanted;
        let [before, own, behind] = wanted.pieces();
        if wanted.is_emptied() {
            let key = statement.element("Sid").map(|element| element.key);
            let mapping = statement.node;
            return key
                .map(|key| Edit::RemovePair { mapping, key })
                .into_iter()
                .collect();
        }
        let name = format!("{before}{own}{behind}");
        let own = match !bad.is_empty() && self.is_free(&name, &statement.branch) {
            true => own,
            false => self.next(&before, &own, &behind, wanted.number),
        };
        self.take(format!("{before}{own}{behind}"), &statement.branch);
        if bad.is_empty() {
            let node = scalar(statement);
            return node
                .map(|node| Edit::SetScalar { node, text: own })
                .into_iter()
                .collect();
        }
        let numbered = wanted.numbered();
        let edits = bad.iter().filter_map(|bad| {
            let (node, range, text) = written(context, text.parts.get(bad.at)?)?;
            let new = match bad.at == numbered {
                true => own.clone(),
                false => corrected(text),
            };
            let (part, text) = change(text, &new);
            let part = range.start + part.start..range.start + part.end;
            Some(Edit::SetPart { node, part, text })
        });
        edits.collect()
    }

    /// A part with the next number, from `count` on, that makes a name that no other statement has.
    fn next(&mut self, before: &str, own: &str, behind: &str, count: usize) -> String {
        let bare = own.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = own.get(bare.len()..);
        let (stem, from) = match digits.and_then(|digits| digits.parse::<usize>().ok()) {
            Some(number) if !bare.is_empty() && number < LARGEST_NUMBER => (bare, number + 1),
            _ => (own, count.max(2)),
        };
        let place = (format!("{before}{stem}"), behind.to_owned());
        let last = self.last.entry(place).or_default();
        let mut number = from.max(*last + 1);
        while self
            .taken
            .contains_key(&format!("{before}{stem}{number}{behind}"))
        {
            number += 1;
        }
        *last = number;
        format!("{stem}{number}")
    }
}

/// A `Sid` without the characters that it can't have; where a word begins behind them, its letter becomes a capital.
fn corrected(text: &str) -> String {
    let mut corrected = String::new();
    let mut gone: Option<Range<usize>> = None;
    for (at, c) in text.char_indices() {
        if !c.is_ascii_alphanumeric() {
            gone = Some(gone.map_or(at, |range| range.start)..at + c.len_utf8());
            continue;
        }
        match gone.take() {
            // `shop's` is one word.
            Some(range) if range.start > 0 && text.get(range.clone()) != Some("'") => {
                corrected.push(c.to_ascii_uppercase());
            }
            _ => corrected.push(c),
        }
    }
    corrected
}

/// What of a text changes, and what takes its place: one edit, however many characters go.
fn change(text: &str, new: &str) -> (Range<usize>, String) {
    let same = |(a, b): &(char, char)| a == b;
    let length = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs.map(|(c, _)| c.len_utf8()).sum()
    };
    let start = length(&mut text.chars().zip(new.chars()).take_while(same));
    let (rest, new) = (text.get(start..), new.get(start..));
    let (rest, new) = (rest.unwrap_or_default(), new.unwrap_or_default());
    let behind = rest.chars().rev().zip(new.chars().rev());
    let behind = length(&mut behind.take_while(same));
    let own = new.get(..new.len() - behind).unwrap_or_default();
    (start..text.len() - behind, own.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{change, corrected};

    #[test]
    fn words_stay_apart() {
        for (before, after) in [
            ("read-all data", "readAllData"),
            (" Read", "Read"),
            ("Read ", "Read"),
            ("a__b", "aB"),
            ("Ünicode", "nicode"),
            ("-x", "x"),
            ("v1.2", "v12"),
            ("shop's data-set all", "shopsDataSetAll"),
            ("Shop's", "Shops"),
            ("Äußer", "uEr"),
            ("--", ""),
        ] {
            assert_eq!(corrected(before), after, "{before}");
            let mut text = before.to_owned();
            let (range, with) = change(before, after);
            text.replace_range(range, &with);
            assert_eq!(text, after, "{before}");
        }
        let all = "-a".repeat(1000);
        assert_eq!(corrected(&all), format!("a{}", "A".repeat(999)));
        let (range, with) = change("ReadAll-data of mine", "ReadAllDataOfMine");
        assert_eq!((range, with.as_str()), (7..17, "DataOfM"));
    }
}
