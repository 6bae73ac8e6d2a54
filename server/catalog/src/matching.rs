//! IAM's wildcards over action names.

use crate::blob::{self, tables};
use crate::limits::ACTION_LENGTH;
use crate::{Action, Catalog, Service};

/// Whether `text` is what `pattern` stands for: `*` is any run of characters, `?` any single one; without regard to
/// ASCII case. Takes time in proportion to the product of the lengths at worst, and no memory.
pub fn wildcard_matches(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.as_bytes(), text.as_bytes());
    // What stands behind the last wildcard tells most texts apart.
    while let [front @ .., wanted] = pattern
        && !matches!(wanted, b'*' | b'?')
    {
        match text {
            [rest @ .., last] if last.eq_ignore_ascii_case(wanted) => {
                (pattern, text) = (front, rest);
            }
            _ => return false,
        }
    }
    let (mut p, mut t) = (0, 0);
    // Where to go on when a literal part fails: behind the last star, one character further in the text.
    let mut retry: Option<(usize, usize)> = None;
    while let Some(&byte) = text.get(t) {
        match pattern.get(p) {
            Some(b'*') => {
                retry = Some((p + 1, t));
                p += 1;
            }
            Some(b'?') => {
                p += 1;
                t += 1;
                while text.get(t).is_some_and(|next| (*next & 0xc0) == 0x80) {
                    t += 1;
                }
            }
            Some(wanted) if wanted.eq_ignore_ascii_case(&byte) => {
                p += 1;
                t += 1;
            }
            _ => match retry {
                Some((after, from)) => {
                    // What stands behind the star tells most of the places apart.
                    let next = match pattern.get(after) {
                        Some(wanted) if !matches!(wanted, b'*' | b'?') => {
                            text.get(from + 1..).and_then(|rest| {
                                rest.iter()
                                    .position(|byte| byte.eq_ignore_ascii_case(wanted))
                            })
                        }
                        _ => Some(0),
                    };
                    let Some(next) = next else {
                        return false;
                    };
                    t = from + 1 + next;
                    retry = Some((after, t));
                    p = after;
                }
                None => return false,
            },
        }
    }
    pattern
        .get(p..)
        .is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

/// The pattern with each run of stars as one star; `None` when it is too long to match any name. Keeps the cost of
/// matching it against all names small, whatever was written.
fn bounded(pattern: &str) -> Option<String> {
    let mut out = String::new();
    for character in pattern.chars() {
        if character != '*' || !out.ends_with('*') {
            out.push(character);
        }
        if out.len() > 2 * ACTION_LENGTH {
            return None;
        }
    }
    Some(out)
}

/// The actions that a pattern stands for. What stands before the first wildcard narrows the search to a few rows.
pub(crate) fn actions_matching(
    catalog: Catalog,
    service: &str,
    name: &str,
) -> impl Iterator<Item = Action> + use<> {
    let (services, name) = match (bounded(service), bounded(name)) {
        (Some(service), Some(name)) => (services_matching(catalog, &service), name),
        _ => (Vec::new(), String::new()),
    };
    let literal: String = name
        .split(['*', '?'])
        .next()
        .unwrap_or("")
        .to_ascii_lowercase();
    let plain = literal.len() == name.len();
    let tail_is_star = name.len() == literal.len() + 1 && name.ends_with('*');
    services.into_iter().flat_map(move |service| {
        let (start, end) = service.action_rows();
        let first = blob::partition(start, end, |row| {
            blob::compare(Action(row).name(), &literal).is_lt()
        });
        let last = blob::partition(first, end, |row| {
            let name = Action(row).name();
            name.get(..literal.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(&literal))
        });
        let name = name.clone();
        (first..last)
            .map(Action)
            .filter(move |action| match (plain, tail_is_star) {
                (true, _) => action.name().len() == name.len(),
                (_, true) => true,
                _ => wildcard_matches(&name, action.name()),
            })
    })
}

/// The services whose prefix a pattern stands for.
fn services_matching(catalog: Catalog, pattern: &str) -> Vec<Service> {
    if !pattern.contains(['*', '?']) {
        return catalog.service(pattern).into_iter().collect();
    }
    (0..tables::SERVICES.rows())
        .map(Service)
        .filter(|service| wildcard_matches(pattern, service.prefix()))
        .collect()
}
