//! What an address has to be so that an editor may open it from a finding.

use std::net::Ipv6Addr;

use crate::limits::ADDRESS_LENGTH;

/// Why an address is none that a finding may link to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoPage {
    /// It has more than so many bytes, and each finding carries it.
    TooLong(usize),
    /// It is no address of such a scheme that every program reads as the same one.
    Unlike,
}

/// Whether an address, with or without `{rule}`, may be linked to: a page of the web, or what a client shows by itself, if
/// `shows` knows its scheme. `javascript:` and `file:` aren't opened because a config says so.
///
/// # Errors
///
/// Why it may not.
pub fn page(address: &str, shows: impl Fn(&str) -> bool) -> Result<(), NoPage> {
    if address.len() > ADDRESS_LENGTH {
        return Err(NoPage::TooLong(ADDRESS_LENGTH));
    }
    let named = address.replace("{rule}", "rule");
    let (scheme, rest) = named.split_once(':').ok_or(NoPage::Unlike)?;
    let scheme = scheme.to_ascii_lowercase();
    let is_of_web = matches!(scheme.as_str(), "https" | "http");
    let (host, behind) = match rest.strip_prefix("//") {
        Some(rest) => {
            let (host, behind) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
            (Some(host), behind)
        }
        None => (None, rest),
    };
    let is_there = match host {
        Some(host) => is_host(host),
        None => !is_of_web,
    };
    let is_right = (is_of_web || shows(&scheme))
        && is_there
        && is_plain(rest)
        && !behind.contains(['[', ']'])
        && behind.matches('#').count() <= 1;
    is_right.then_some(()).ok_or(NoPage::Unlike)
}

/// Whether a text has only characters that an address has, and behind each `%` a byte in two digits.
fn is_plain(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    let mut escapes = text.split('%').skip(1);
    let is_escaped = escapes.all(|after| {
        let digits = after.get(..2).unwrap_or_default();
        digits.len() == 2 && digits.chars().all(|c| c.is_ascii_hexdigit())
    });
    is_escaped && text.chars().all(is_plain)
}

/// Whether this is a host, with who asks in front of it and a port behind it where there are such.
fn is_host(text: &str) -> bool {
    let (user, host) = text.rsplit_once('@').unwrap_or(("", text));
    let (is_named, port) = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((number, port)) => (number.parse::<Ipv6Addr>().is_ok(), port),
            None => return false,
        },
        None => {
            let (name, port) = host.split_at(host.find(':').unwrap_or(host.len()));
            let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
            (begins && !name.contains(['[', ']']), port)
        }
    };
    let digits = port.strip_prefix(':').unwrap_or(port);
    let is_port = digits.len() < port.len() || port.is_empty();
    let is_port = is_port && digits.chars().all(|c| c.is_ascii_digit());
    is_named && is_port && !user.contains(['@', '[', ']'])
}
