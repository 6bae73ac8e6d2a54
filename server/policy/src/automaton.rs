//! Patterns as automata: the search for a text that some patterns match and others don't.
//!
//! A pattern is a row of steps, and what of a text has been read leaves it at a set of places in that row. The search goes
//! over these sets, all patterns at once and the shortest texts first, so that each is visited once however many texts lead
//! to it. Unknown parts of patterns are letters of their own ([`Letter::Hole`]): what holds of such texts holds whatever
//! the unknown parts are.

use crate::limits::PATTERN_STATES;
use foldhash::{HashMap, HashMapExt};

/// What a text is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Letter<'p> {
    Char(char),
    /// An unknown text by its label, and whether it is a word.
    Hole(&'p str, bool),
}

/// Which letters a wildcard takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    Everything,
    /// What is within a segment of an ARN: no colons.
    Segment,
    /// Neither colons nor slashes.
    Word,
}

/// One step of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step<'p> {
    /// Just this letter.
    Just(Letter<'p>),
    /// One character.
    One(Reach),
    /// Any number of letters.
    Many(Reach),
    /// Nothing gets past it.
    Never,
}

/// A pattern as its steps.
pub(crate) type Steps<'p> = Vec<Step<'p>>;

/// What a search came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome<'p> {
    /// The shortest text that there is, or one of them.
    Text(Vec<Letter<'p>>),
    /// There is none.
    Nothing,
    /// It would have cost too much.
    Spent,
}

/// Places in the steps of one pattern, ascending.
type Places = Vec<u16>;

impl Reach {
    fn takes(self, letter: Letter<'_>) -> bool {
        match letter {
            Letter::Char(':') => self == Reach::Everything,
            Letter::Char('/') => self != Reach::Word,
            Letter::Char(_) => true,
            Letter::Hole(_, is_word) => self == Reach::Everything || is_word,
        }
    }
}

impl<'p> Step<'p> {
    fn goes_on(self, letter: Letter<'p>) -> bool {
        match self {
            Step::Just(own) => own == letter,
            Step::One(reach) => matches!(letter, Letter::Char(_)) && reach.takes(letter),
            Step::Many(_) | Step::Never => false,
        }
    }
}

/// Looks for a text that all of some patterns match and none of the others does.
pub(crate) fn search<'p>(within: &[Steps<'p>], without: &[Steps<'p>]) -> Outcome<'p> {
    let mut left = PATTERN_STATES;
    search_within(within, without, &mut left)
}

fn search_within<'p>(within: &[Steps<'p>], without: &[Steps<'p>], left: &mut usize) -> Outcome<'p> {
    let all: Vec<&Steps<'p>> = within.iter().chain(without).collect();
    if all.iter().any(|steps| steps.len() >= usize::from(u16::MAX)) {
        return Outcome::Spent;
    }
    let other = unused(&all);
    let start: Vec<Places> = all.iter().map(|steps| settled(steps, vec![0])).collect();
    // Each state with the one before it and the letter between them.
    let mut states: Vec<(usize, Option<Letter<'p>>)> = vec![(0, None)];
    let mut numbers: HashMap<Vec<Places>, usize> = HashMap::new();
    numbers.insert(start.clone(), 0);
    let mut waiting = std::collections::VecDeque::from([(0, start)]);
    while let Some((number, state)) = waiting.pop_front() {
        if is_found(&all, within.len(), &state) {
            return Outcome::Text(text_to(&states, number));
        }
        for letter in worth_trying(&all, &state, other) {
            let next: Vec<Places> = all
                .iter()
                .zip(&state)
                .map(|(steps, places)| moved(steps, places, letter))
                .collect();
            if is_lost(&all, within.len(), &next) || numbers.contains_key(&next) {
                continue;
            }
            if *left == 0 {
                return Outcome::Spent;
            }
            *left -= 1;
            let at = states.len();
            states.push((number, Some(letter)));
            numbers.insert(next.clone(), at);
            waiting.push_back((at, next));
        }
    }
    Outcome::Nothing
}

/// A character that no pattern has: it stands for all of them.
fn unused(all: &[&Steps<'_>]) -> Letter<'static> {
    let mut used: Vec<char> = Vec::new();
    for step in all.iter().copied().flatten() {
        if let Step::Just(Letter::Char(c)) = step {
            used.push(*c);
        }
    }
    used.sort_unstable();
    used.dedup();
    let readable = ('x'..='z').chain('a'..='w').chain('0'..='9');
    let mut candidates = readable.chain('\u{a1}'..=char::MAX);
    let found = candidates.find(|c| used.binary_search(c).is_err());
    Letter::Char(found.unwrap_or('x'))
}

/// Whether the text that led here is one that is looked for.
fn is_found(all: &[&Steps<'_>], within: usize, state: &[Places]) -> bool {
    let mut ends = all.iter().zip(state).map(|(steps, places)| {
        let last = places.last().map(|place| usize::from(*place));
        last == Some(steps.len())
    });
    ends.by_ref().take(within).all(|ends| ends) && !ends.any(|ends| ends)
}

/// Whether no text that goes on from here is one that is looked for.
fn is_lost(all: &[&Steps<'_>], within: usize, state: &[Places]) -> bool {
    let takes_all = |(steps, places): (&&Steps<'_>, &Places)| {
        let before_last = steps.len().checked_sub(1);
        let last = Some(&Step::Many(Reach::Everything));
        let is_there = |place: &u16| Some(usize::from(*place)) == before_last;
        steps.last() == last && places.iter().any(is_there)
    };
    let mut outer = all.iter().zip(state).skip(within);
    state.iter().take(within).any(Vec::is_empty) || outer.any(takes_all)
}

/// The letters that patterns tell apart here.
fn worth_trying<'p>(
    all: &[&Steps<'p>],
    state: &[Places],
    other: Letter<'static>,
) -> Vec<Letter<'p>> {
    let mut letters = vec![other];
    for (steps, places) in all.iter().zip(state) {
        let here = places
            .iter()
            .filter_map(|place| steps.get(usize::from(*place)));
        for step in here {
            match step {
                Step::Just(letter) => letters.push(*letter),
                Step::One(Reach::Everything) | Step::Many(Reach::Everything) | Step::Never => {}
                Step::One(_) | Step::Many(_) => {
                    letters.extend([Letter::Char(':'), Letter::Char('/')]);
                }
            }
        }
    }
    letters.sort_unstable();
    letters.dedup();
    letters
}

fn moved<'p>(steps: &Steps<'p>, places: &Places, letter: Letter<'p>) -> Places {
    let mut next = Places::new();
    for place in places {
        match steps.get(usize::from(*place)) {
            Some(Step::Many(reach)) if reach.takes(letter) => next.push(*place),
            Some(step) if step.goes_on(letter) => next.push(*place + 1),
            _ => {}
        }
    }
    settled(steps, next)
}

/// Places with those that lie behind a wildcard which needs nothing, without those that make no difference.
fn settled(steps: &Steps<'_>, mut places: Places) -> Places {
    let mut at = 0;
    while let Some(place) = places.get(at).copied() {
        if matches!(steps.get(usize::from(place)), Some(Step::Many(_))) {
            places.push(place + 1);
        }
        at += 1;
    }
    places.sort_unstable();
    places.dedup();
    // Whatever goes on from a place before a `*` goes on from that `*`, too.
    let is_free =
        |place: &u16| steps.get(usize::from(*place)) == Some(&Step::Many(Reach::Everything));
    if let Some(last) = places.iter().rposition(is_free) {
        places.drain(..last);
    }
    places
}

fn text_to<'p>(states: &[(usize, Option<Letter<'p>>)], mut number: usize) -> Vec<Letter<'p>> {
    let mut text = Vec::new();
    while let Some((before, Some(letter))) = states.get(number) {
        text.push(*letter);
        number = *before;
    }
    text.reverse();
    text
}
