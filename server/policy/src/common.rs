//! What patterns have in common, less what others match: inclusion, overlap and difference, decided and not sampled.
//!
//! Parts whose text isn't known, and what AWS doesn't say of wildcards in ARNs, leave a pattern between two languages: what
//! it surely matches and what it may. Where these differ, an answer holds for both or it depends.

use crate::automaton::{self, Letter, Outcome, Reach, Step, Steps};
use crate::pattern::{self, Pattern, Token};
use crate::{SegmentKind, Tri};

/// Of which texts patterns are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Texts {
    /// Of all: an ARN is a text like another.
    Any,
    /// Of ARNs, as `Resource` matches them: a wildcard stays within its segment, but for a `*` at the segment's end, which
    /// may run over colons. The sixth segment is the rest. A `*` in the place of the service is none that AWS takes, so that
    /// it depends.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
    Arns,
}

/// What all of some patterns match and none of the others does.
#[derive(Clone, Debug)]
pub struct Common<'p> {
    /// Those that match it.
    pub of: Vec<&'p Pattern>,
    /// Those that don't.
    pub without: Vec<&'p Pattern>,
    /// Among which texts.
    pub texts: Texts,
}

/// Whether there is such a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundText {
    /// Whether there is.
    pub whether: Tri,
    /// One of the shortest, where it could be told.
    pub example: Option<String>,
    /// Whether it depends only because finding out would have cost too much.
    pub spent: bool,
}

/// Which of the two languages of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    /// What it surely matches.
    Inner,
    /// What it may match.
    Outer,
}

/// What unknown parts are taken for in what a pattern may match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unknown {
    /// Letters of their own.
    Letters,
    /// Any text.
    AnyText,
}

impl FoundText {
    fn without_example(whether: Tri) -> FoundText {
        FoundText {
            whether,
            example: None,
            spent: false,
        }
    }
}

impl Pattern {
    /// Whether each text that it matches is matched by one of the others.
    pub fn is_within(&self, others: &[&Pattern], texts: Texts) -> FoundText {
        let outside = Common {
            of: vec![self],
            without: others.to_vec(),
            texts,
        };
        let found = outside.find();
        FoundText {
            whether: found.whether.opposite(),
            ..found
        }
    }
}

impl Common<'_> {
    /// Looks for a text that all of the first match and none of the others does.
    pub fn find(&self) -> FoundText {
        let is_plain = |pattern: &Pattern| !is_hazy(pattern, self.texts);
        let covered = |own: &Pattern| {
            let mut others = self.without.iter();
            others
                .any(|other| *other == own || other.covers(own) && keeps_to_text(other, self.texts))
        };
        if self.of.iter().any(|own| covered(own)) {
            return FoundText::without_example(Tri::No);
        }
        let near = |other: &&Pattern| {
            let mut of = self.of.iter();
            of.all(|own| own.overlaps(other).possible())
        };
        let mut without: Vec<&Pattern> = self.without.iter().copied().filter(near).collect();
        without.sort_unstable();
        without.dedup();
        let widest = self.of_all(&without);
        match widest {
            Outcome::Nothing => return FoundText::without_example(Tri::No),
            Outcome::Spent => {
                return FoundText {
                    spent: true,
                    ..FoundText::without_example(Tri::Maybe)
                };
            }
            Outcome::Text(text) if self.of.iter().all(|it| is_plain(it)) => {
                if without.iter().all(|it| is_plain(it)) {
                    return example(&text);
                }
            }
            Outcome::Text(_) => {
                if self.of.iter().any(|it| it.has_holes()) {
                    let sure = without.is_empty() && self.of.len() == 1;
                    let whether = if sure { Tri::Yes } else { Tri::Maybe };
                    return FoundText::without_example(whether);
                }
            }
        }
        let within = self.steps(&self.of, Bound::Inner, Unknown::AnyText);
        let without = self.steps(&without, Bound::Outer, Unknown::AnyText);
        match automaton::search(&self.universe(within), &without) {
            Outcome::Text(text) => example(&text),
            Outcome::Nothing => FoundText::without_example(Tri::Maybe),
            Outcome::Spent => FoundText {
                spent: true,
                ..FoundText::without_example(Tri::Maybe)
            },
        }
    }

    /// The search among all texts that may be among those which are looked for.
    fn of_all<'a>(&'a self, without: &[&'a Pattern]) -> Outcome<'a> {
        let outer = self.steps(without, Bound::Inner, Unknown::Letters);
        let has_holes = self.of.iter().any(|it| it.has_holes());
        // What holds of one of them whatever its unknown parts are holds of less, too.
        if has_holes {
            for own in &self.of {
                let within = self.steps(&[*own], Bound::Outer, Unknown::Letters);
                let within = match pattern::has_loose_holes(own.raw()) {
                    true => within,
                    false => self.universe(within),
                };
                let found = automaton::search(&within, &outer);
                if found == Outcome::Nothing || self.of.len() == 1 {
                    return found;
                }
            }
        }
        let within = self.steps(&self.of, Bound::Outer, Unknown::AnyText);
        automaton::search(&self.universe(within), &outer)
    }

    fn steps<'a>(
        &self,
        patterns: &[&'a Pattern],
        bound: Bound,
        unknown: Unknown,
    ) -> Vec<Steps<'a>> {
        let patterns = patterns.iter();
        patterns
            .map(|it| steps(it, self.texts, bound, unknown))
            .collect()
    }

    /// The same steps with those of whatever texts there are.
    fn universe<'a>(&self, mut within: Vec<Steps<'a>>) -> Vec<Steps<'a>> {
        if self.texts == Texts::Arns {
            within.push(any_arn());
        } else if within.is_empty() {
            within.push(vec![Step::Many(Reach::Everything)]);
        }
        within
    }
}

fn example(text: &[Letter<'_>]) -> FoundText {
    let text = text.iter().map(|letter| match letter {
        Letter::Char(c) => Some(*c),
        Letter::Hole(..) => None,
    });
    FoundText {
        whether: Tri::Yes,
        example: text.collect(),
        spent: false,
    }
}

/// What every ARN is.
fn any_arn() -> Steps<'static> {
    let letter = |c: char| Step::Just(Letter::Char(c));
    let (some, many) = (Step::One(Reach::Segment), Step::Many(Reach::Segment));
    let mut steps: Steps<'static> = "arn:".chars().map(letter).collect();
    for is_there in [true, true, false, false] {
        steps.extend(is_there.then_some(some));
        steps.extend([many, letter(':')]);
    }
    steps.push(Step::One(Reach::Everything));
    steps.push(Step::Many(Reach::Everything));
    steps
}

/// Whether what a pattern surely matches is less than what it may.
fn is_hazy(pattern: &Pattern, texts: Texts) -> bool {
    let bounded = |bound| steps(pattern, texts, bound, Unknown::AnyText);
    pattern.has_holes() || texts == Texts::Arns && bounded(Bound::Inner) != bounded(Bound::Outer)
}

/// Whether a pattern matches no fewer ARNs than it does texts.
pub(crate) fn keeps_to_text(pattern: &Pattern, texts: Texts) -> bool {
    let inner = |texts| steps(pattern, texts, Bound::Inner, Unknown::AnyText);
    texts == Texts::Any || inner(Texts::Arns) == inner(Texts::Any)
}

/// The steps of a pattern.
fn steps<'p>(pattern: &'p Pattern, texts: Texts, bound: Bound, unknown: Unknown) -> Steps<'p> {
    let spans: Vec<_> = pattern.spans().collect();
    let mut found = Steps::new();
    let mut segments = Segments {
        at: match texts {
            // A text as such has no segments: it is all like the rest of an ARN.
            Texts::Any => SegmentKind::Resource,
            Texts::Arns => SegmentKind::Prefix,
        },
        has_run_over: false,
        bound,
    };
    let mut rest = spans.iter().peekable();
    while let Some((range, token)) = rest.next() {
        match token {
            Token::Literal(text) => {
                for _ in text.matches(':') {
                    segments.at = next(segments.at);
                }
                found.extend(text.chars().map(|c| Step::Just(Letter::Char(c))));
            }
            Token::Question => found.push(segments.one()),
            Token::Star => {
                while rest.next_if(|(_, next)| *next == Token::Star).is_some() {}
                let ends = match rest.peek() {
                    None => Ending::Pattern,
                    Some((_, Token::Literal(next))) if next.starts_with(':') => Ending::Segment,
                    Some(_) => Ending::Nothing,
                };
                found.push(segments.many(ends));
            }
            Token::Hole(label) => {
                let raw = pattern.raw().get(range.clone()).unwrap_or_default();
                let is_word = pattern::is_word(raw);
                segments.has_run_over |= !is_word;
                found.push(match (bound, unknown) {
                    (Bound::Inner, _) | (_, Unknown::Letters) => {
                        Step::Just(Letter::Hole(label, is_word))
                    }
                    (Bound::Outer, Unknown::AnyText) if is_word => Step::Many(Reach::Word),
                    (Bound::Outer, Unknown::AnyText) => Step::Many(Reach::Everything),
                });
            }
        }
    }
    found
}

/// The segment behind another; the last one takes the rest.
fn next(segment: SegmentKind) -> SegmentKind {
    match segment {
        SegmentKind::Prefix => SegmentKind::Partition,
        SegmentKind::Partition => SegmentKind::Service,
        SegmentKind::Service => SegmentKind::Region,
        SegmentKind::Region => SegmentKind::Account,
        SegmentKind::Account | SegmentKind::Resource | SegmentKind::Whole => SegmentKind::Resource,
    }
}

/// What stands behind a `*`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Nothing at all.
    Pattern,
    /// A colon.
    Segment,
    /// More of the segment.
    Nothing,
}

/// Where in an ARN a wildcard stands.
struct Segments {
    /// The segment, by the colons before it.
    at: SegmentKind,
    /// Whether something before it may have run over others.
    has_run_over: bool,
    bound: Bound,
}

impl Segments {
    /// Which letters a wildcard inside of a segment takes.
    fn reach(&self) -> Reach {
        match (
            self.at == SegmentKind::Resource,
            self.has_run_over,
            self.bound,
        ) {
            (true, ..) | (false, true, Bound::Outer) => Reach::Everything,
            (false, ..) => Reach::Segment,
        }
    }

    fn is_of_service(&self) -> bool {
        self.at == SegmentKind::Service && self.bound == Bound::Inner
    }

    fn one(&self) -> Step<'static> {
        match self.is_of_service() {
            true => Step::Never,
            false => Step::One(self.reach()),
        }
    }

    fn many(&mut self, ends: Ending) -> Step<'static> {
        if self.is_of_service() && ends != Ending::Pattern {
            return Step::Never;
        }
        let runs_over = ends != Ending::Nothing && self.at != SegmentKind::Resource;
        self.has_run_over |= runs_over;
        match runs_over {
            true => Step::Many(Reach::Everything),
            false => Step::Many(self.reach()),
        }
    }
}
