//! Matching of wildcard patterns as rows of symbols.
//!
//! Everything here is one two-pointer scan: a star is first taken as empty and grows only when what follows fails,
//! and only the last star ever needs to grow. That is O(pattern × text) at worst, linear in practice, and cut off
//! at [`STEPS`] steps so that hostile input can't stall an editor.

use crate::Tri;
use crate::limits::STEPS;

/// One symbol of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Symbol<'p> {
    /// This character.
    Char(char),
    /// Exactly one character, whichever.
    One,
    /// Any characters, also none.
    Many,
    /// Any characters, at least this many; only [`covers`] makes it, out of `??*`.
    AtLeast(usize),
    /// Unknown text, by its label.
    Hole(&'p str),
}

/// Whether `text` (characters only) is in the language of `pattern`.
pub(crate) fn matches(pattern: &[Symbol<'_>], text: &[Symbol<'_>]) -> Tri {
    match scan(pattern, text, loose, compatible) {
        None => Tri::Maybe,
        Some(false) => Tri::No,
        Some(true) => sure(&[pattern]),
    }
}

/// Whether the two languages share a string; holes count as any text.
pub(crate) fn overlaps(a: &[Symbol<'_>], b: &[Symbol<'_>]) -> Tri {
    let found = match (a.iter().any(is_loose), b.iter().any(is_loose)) {
        // A star on both sides: what stands between the first and the last star of each can always be laid one
        // after the other, so only the fixed beginnings and the fixed ends have to agree.
        (true, true) => Some(
            fixed_ends_agree(a.iter(), b.iter())
                && fixed_ends_agree(a.iter().rev(), b.iter().rev()),
        ),
        (true, false) => scan(a, b, loose, compatible),
        (false, _) => scan(b, a, loose, compatible),
    };
    match found {
        None => Tri::Maybe,
        Some(false) => Tri::No,
        Some(true) => sure(&[a, b]),
    }
}

/// Whether every string of `inner` is surely in the language of `outer`.
pub(crate) fn covers(outer: &[Symbol<'_>], inner: &[Symbol<'_>]) -> bool {
    let gap = |symbol: &Symbol<'_>| match symbol {
        Symbol::AtLeast(count) => Some(*count),
        _ => None,
    };
    let within = |outer: &Symbol<'_>, inner: &Symbol<'_>| match (outer, inner) {
        (Symbol::One, Symbol::Char(_) | Symbol::One) => true,
        (Symbol::Char(_) | Symbol::Hole(_), _) => outer == inner,
        _ => false,
    };
    scan(&with_gaps(outer), inner, gap, within) == Some(true)
}

/// Makes one symbol of each row of wildcards with a star: where in it a `?` stands makes no difference.
fn with_gaps<'p>(symbols: &[Symbol<'p>]) -> Vec<Symbol<'p>> {
    let mut gaps = Vec::with_capacity(symbols.len());
    for symbol in symbols {
        if *symbol != Symbol::Many {
            gaps.push(*symbol);
            continue;
        }
        let mut count = 0;
        while gaps.last() == Some(&Symbol::One) {
            gaps.pop();
            count += 1;
        }
        gaps.push(Symbol::AtLeast(count));
    }
    gaps
}

fn loose(symbol: &Symbol<'_>) -> Option<usize> {
    is_loose(symbol).then_some(0)
}

fn is_loose(symbol: &Symbol<'_>) -> bool {
    matches!(symbol, Symbol::Many | Symbol::Hole(_))
}

fn compatible(a: &Symbol<'_>, b: &Symbol<'_>) -> bool {
    match (a, b) {
        (Symbol::Char(a), Symbol::Char(b)) => a == b,
        (Symbol::One, Symbol::Char(_) | Symbol::One) | (Symbol::Char(_), Symbol::One) => true,
        _ => false,
    }
}

fn sure(patterns: &[&[Symbol<'_>]]) -> Tri {
    let holes = patterns.iter().any(|pattern| {
        pattern
            .iter()
            .any(|symbol| matches!(symbol, Symbol::Hole(_)))
    });
    if holes { Tri::Maybe } else { Tri::Yes }
}

fn fixed_ends_agree<'s, 'p: 's>(
    a: impl Iterator<Item = &'s Symbol<'p>>,
    b: impl Iterator<Item = &'s Symbol<'p>>,
) -> bool {
    a.zip(b)
        .take_while(|(a, b)| !is_loose(a) && !is_loose(b))
        .all(|(a, b)| compatible(a, b))
}

/// Lays `pattern` over `text`; `gap` tells which symbols of the pattern take any row of symbols with at least
/// so many characters, `same` which other pairs fit. `None` if the budget ran out.
fn scan<'a, 'b>(
    pattern: &[Symbol<'a>],
    text: &[Symbol<'b>],
    gap: impl Fn(&Symbol<'a>) -> Option<usize>,
    same: impl Fn(&Symbol<'a>, &Symbol<'b>) -> bool,
) -> Option<bool> {
    let (mut p, mut t) = (0, 0);
    let mut grow: Option<(usize, usize)> = None;
    for _ in 0..STEPS {
        if let Some(mut least) = pattern.get(p).and_then(&gap) {
            while least > 0 {
                // Too little is left, and a longer earlier gap would leave even less.
                let Some(symbol) = text.get(t) else {
                    return Some(false);
                };
                least -= usize::from(matches!(symbol, Symbol::Char(_) | Symbol::One));
                t += 1;
            }
            p += 1;
            grow = Some((p, t));
            continue;
        }
        match (pattern.get(p), text.get(t)) {
            (None, None) => return Some(true),
            (Some(symbol), Some(other)) if same(symbol, other) => {
                p += 1;
                t += 1;
            }
            (_, other) => match grow {
                // At the text's end a longer star can only leave less for the rest of the pattern.
                Some((after, start)) if other.is_some() && start < text.len() => {
                    grow = Some((after, start + 1));
                    p = after;
                    t = start + 1;
                }
                _ => return Some(false),
            },
        }
    }
    None
}
