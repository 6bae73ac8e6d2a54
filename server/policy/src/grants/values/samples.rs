//! Values that tell apart what numbers, dates and addresses of policies are about.

use super::{address, instant, number};
use crate::Pattern;
use crate::condition::Family;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// One value for each part into which the values of policies cut what a request may send. `None` where it can't be told:
/// parts of them aren't known, or they can be read in two ways.
pub(in crate::grants) fn samples<'p>(
    family: Family,
    values: impl Iterator<Item = &'p Pattern>,
) -> Option<Vec<String>> {
    let texts: Vec<String> = values.map(Pattern::as_literal).collect::<Option<_>>()?;
    match family {
        Family::Numeric => Some(numbers(&texts)),
        Family::Date => dates(&texts),
        Family::Ip => Some(addresses(&texts)),
        Family::Binary => {
            let others = ["eA==", "eQ=="].map(str::to_owned);
            Some(texts.into_iter().chain(others).collect())
        }
        Family::String | Family::Arn | Family::Bool | Family::Null => None,
    }
}

/// Each of them, and one in each gap: beside a number, nearer to it than any other.
fn numbers(texts: &[String]) -> Vec<String> {
    let valid = texts.iter().filter(|text| number::read(text).is_some());
    let fraction = |text: &String| {
        text.split_once('.')
            .map_or(0, |(_, fraction)| fraction.len())
    };
    let valid: Vec<&String> = valid.collect();
    let longest = valid.iter().map(|text| fraction(text)).max();
    let zeros = |count: usize| "0".repeat(count);
    let beside = |text: &&String| {
        let point = if text.contains('.') { "" } else { "." };
        let padding = zeros(longest.unwrap_or(0).saturating_sub(fraction(text)));
        format!("{text}{point}{padding}1")
    };
    let mut found: Vec<String> = valid.iter().map(|text| (*text).clone()).collect();
    found.extend(valid.iter().map(beside));
    found.extend(["0".to_owned(), "-1".to_owned()]);
    found.push(format!("-0.{}1", zeros(longest.unwrap_or(0))));
    found
}

/// The seconds that they name, and those before and behind.
fn dates(texts: &[String]) -> Option<Vec<String>> {
    let mut found = vec!["0".to_owned()];
    for text in texts {
        match instant::read(text).as_slice() {
            [] => {}
            [(seconds, 0)] => {
                let near = [-1, 0, 1].map(|by| seconds.saturating_add(by).to_string());
                // Four digits may be a year, too.
                if near.iter().any(|text| text.len() == 4) {
                    return None;
                }
                found.extend(near);
            }
            _ => return None,
        }
    }
    Some(found)
}

/// Where ranges begin, and what is next to their ends: between two of these, nothing is told apart.
fn addresses(texts: &[String]) -> Vec<String> {
    let mut found = vec![
        IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    ];
    for range in texts.iter().filter_map(|text| address::Range::read(text)) {
        let (first, last) = range.ends();
        found.push(first);
        found.extend(next(last));
    }
    found.iter().map(IpAddr::to_string).collect()
}

fn next(address: IpAddr) -> Option<IpAddr> {
    Some(match address {
        IpAddr::V4(address) => IpAddr::V4(address.to_bits().checked_add(1)?.into()),
        IpAddr::V6(address) => IpAddr::V6(address.to_bits().checked_add(1)?.into()),
    })
}
