//! How a text is written where the cursor stands, with what it takes to be read there: quotes, colon, comma, dash.

use leastwise_syntax::Span;

use super::CompletionRequest;
use crate::position::{CursorPlace, Dash, Frame, Manner, Quote, SUBSTITUTES, Spot};
use crate::{ByteEdit, Completion};

/// A value: in quotes where the format or its characters want them.
pub(super) fn value(asked: &CompletionRequest<'_>, text: &str) -> String {
    let place = &asked.place;
    match place.quote {
        Quote::Double => text.replace('\\', "\\\\").replace('"', "\\\""),
        Quote::Single => text.replace('\'', "''"),
        Quote::Block => text.to_owned(),
        Quote::None if place.manner != Manner::Yaml => {
            format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
        }
        Quote::None if is_plain(text) => text.to_owned(),
        Quote::None => asked.layout().quotes.around(text),
    }
}

/// What makes a key of a name.
fn tail(place: &CursorPlace<'_>) -> &'static str {
    match place.manner {
        _ if place.colon || place.is_argument => "",
        Manner::Hcl => " = ",
        Manner::Json | Manner::Yaml => ": ",
    }
}

/// A key, with what makes it one unless that follows. Between quotes it is the name alone.
pub(super) fn key(place: &CursorPlace<'_>, name: &str) -> String {
    let tail = tail(place);
    match (place.quote, place.manner) {
        (Quote::None, Manner::Json) => format!("\"{name}\"{tail}"),
        (Quote::None, Manner::Hcl) if place.is_argument || !is_name(name) => {
            format!("\"{name}\"{tail}")
        }
        // A name with a colon in it is a plain scalar all the same as long as no blank follows the colon.
        (Quote::None, _) => format!("{name}{tail}"),
        _ => name.to_owned(),
    }
}

/// Whether HCL takes a name without quotes.
fn is_name(name: &str) -> bool {
    let of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    name.chars().all(of_name) && name.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// What an item is that is put in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// A key.
    Key,
    /// A value, or an item of a list.
    Value,
    /// The beginning of one of them: somebody writes on.
    Beginning,
}

/// Puts to an item what it takes to be read in its place.
pub(super) fn finish(asked: &CompletionRequest<'_>, item: &mut Completion, written: Written) {
    let place = &asked.place;
    let is_listed = match asked.found.spot {
        Spot::Action { .. }
        | Spot::Resource { .. }
        | Spot::PrincipalValue(_)
        | Spot::ConditionValue { .. }
        | Spot::ManagedPolicy
        | Spot::PolicyEntry
        | Spot::StatementKey => true,
        _ => place.dash == Dash::Missing,
    };
    if is_listed && place.dash != Dash::Stands {
        match place.quote {
            Quote::None => item.insert.insert_str(0, "- "),
            _ => item
                .also
                .push(inserted(place.start.saturating_sub(1), "- ")),
        }
    }
    if let Some(at) = place.comma {
        item.also.push(inserted(at, ","));
    }
    let ends = ends(asked, item.replace);
    let is_value = written == Written::Value || place.is_argument;
    let quote = match place.quote {
        Quote::Single => "'",
        _ => "\"",
    };
    let comma = match is_value && lacks_comma(asked, ends) {
        true => ",",
        false => "",
    };
    let last = if is_value { comma } else { tail(place) };
    match (written, ends) {
        (Written::Beginning, _) | (_, Ends::Inside) => {}
        // A key has its tail already.
        (_, Ends::Bare(_)) => item.insert.push_str(comma),
        (_, Ends::Quoted(_)) if last.is_empty() => {}
        (_, Ends::Quoted(at)) => {
            item.insert.push_str(&format!("{quote}{last}"));
            (item.replace.end, item.is_whole) = (at, true);
        }
        (_, Ends::Nowhere(_)) => item.insert.push_str(&format!("{quote}{last}")),
    }
    // The value of a key is written before it.
    if written == Written::Key && !place.is_argument && !place.colon && lacks_comma(asked, ends) {
        item.behind.push(',');
    }
}

/// Puts the commas to a whole part that is put in place of a range, which stands between others.
pub(super) fn part(asked: &CompletionRequest<'_>, item: &mut Completion) {
    if let Some(at) = asked.place.comma {
        item.also.push(inserted(at, ","));
    }
    if lacks_comma(asked, Ends::Bare(item.replace.end)) {
        item.insert.push(',');
    }
}

/// Whether the text at the cursor can be made one in which variables are read: where the file writes such, and nothing else stands
/// in it.
pub(super) fn can_be_called(asked: &CompletionRequest<'_>) -> bool {
    let place = &asked.place;
    let source = asked.context.tree.source();
    let (function, tag) = SUBSTITUTES;
    let is_manner = source.contains(function) || source.contains(tag);
    let is_quoted = matches!(place.quote, Quote::Double | Quote::Single);
    let is_own = asked.host.is_none() && !asked.found.part && !asked.found.sub;
    let ends = ends(asked, asked.text_span());
    is_quoted && is_own && is_manner && asked.in_template() && !matches!(ends, Ends::Inside)
}

/// Makes the quoted text of an item one in which variables are read.
pub(super) fn call(asked: &CompletionRequest<'_>, item: &mut Completion) {
    let place = &asked.place;
    let begin = place.start.saturating_sub(1);
    let (function, tag) = SUBSTITUTES;
    if place.manner == Manner::Yaml {
        item.also.push(inserted(begin, &format!("{tag} ")));
        return;
    }
    item.also
        .push(inserted(begin, &format!("{{\"{function}\": ")));
    match ends(asked, asked.text_span()) {
        // Behind the closing quote, which the item may have replaced by more.
        Ends::Quoted(at) if !item.is_whole => item.also.push(inserted(at, "}")),
        _ => match item.insert.strip_suffix(',') {
            Some(text) => item.insert = format!("{text}}},"),
            None => item.insert.push('}'),
        },
    }
}

fn inserted(at: u32, text: &str) -> ByteEdit {
    ByteEdit {
        span: Span::new(at, at),
        text: text.to_owned(),
    }
}

/// How the word at the cursor ends, and where what follows it begins.
#[derive(Clone, Copy)]
enum Ends {
    /// Without quotes.
    Bare(u32),
    /// With its quote.
    Quoted(u32),
    /// Its quote is still to come.
    Nowhere(u32),
    /// Something else of the same text follows.
    Inside,
}

fn ends(asked: &CompletionRequest<'_>, replace: Span) -> Ends {
    let place = &asked.place;
    let quote = match place.quote {
        Quote::Double => '"',
        Quote::Single => '\'',
        Quote::None => return Ends::Bare(replace.end),
        Quote::Block => return Ends::Inside,
    };
    let rest = asked.text.get(replace.end as usize..place.end as usize);
    let rest = rest.unwrap_or_default();
    let behind = asked.text.get(place.end as usize..).unwrap_or_default();
    if rest.is_empty() && behind.starts_with(quote) {
        return Ends::Quoted(place.end + 1);
    }
    // What looks like the end of this text is the beginning of the next one.
    let is_stray = |c: char| c.is_whitespace() || matches!(c, ']' | '}' | ',' | ':');
    match rest.chars().all(is_stray) {
        true => Ends::Nowhere(replace.end),
        false => Ends::Inside,
    }
}

/// Whether another entry follows with no comma before it.
fn lacks_comma(asked: &CompletionRequest<'_>, ends: Ends) -> bool {
    let place = &asked.place;
    let (Ends::Bare(at) | Ends::Quoted(at) | Ends::Nowhere(at)) = ends else {
        return false;
    };
    let rest = asked.text.get(at as usize..).unwrap_or_default();
    let begins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '"' | '{' | '[');
    let is_listed = matches!(
        place.path.last().map(|step| step.frame),
        Some(Frame::Item(_))
    );
    match place.manner {
        Manner::Json => rest.trim_start().starts_with(begins),
        Manner::Hcl if is_listed => {
            let next = rest.trim_start();
            next.starts_with(begins) && !next.starts_with("for ")
        }
        // A line ends an argument, too.
        Manner::Hcl => {
            let line = rest.split(['\n', '\r']).next().unwrap_or_default();
            place.block.is_none() && begins_pair(line.trim_start())
        }
        Manner::Yaml => {
            let begins = |c: char| begins(c) || matches!(c, '\'' | '!' | '&' | '*');
            let next = rest.trim_start();
            next.starts_with(begins) && is_in_brackets(asked, at as usize + rest.len() - next.len())
        }
    }
}

/// Whether a line of HCL begins with a key and its sign.
fn begins_pair(line: &str) -> bool {
    let name = match line.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').map(|(_, behind)| behind),
        None => {
            let of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            let behind = line.trim_start_matches(of_name);
            (behind.len() < line.len()).then_some(behind)
        }
    };
    let behind = name.map(str::trim_start);
    behind.is_some_and(|behind| behind.starts_with(['=', ':']) && !behind.starts_with("=="))
}

/// Whether what is written stands in a list or mapping of YAML that has brackets, and what follows at `next`, too: a line that isn't
/// further in than the one that has the bracket is of the block again.
fn is_in_brackets(asked: &CompletionRequest<'_>, next: usize) -> bool {
    let steps = asked.place.path.iter().rev();
    let mut holders = steps.filter(|step| matches!(step.frame, Frame::Item(_) | Frame::Map));
    let Some(open) = holders.next().map(|step| step.start as usize) else {
        return false;
    };
    let column = |at: usize| {
        let before = asked.text.get(..at).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let own = asked.text.get(line..).unwrap_or_default();
        (line, own.len() - own.trim_start_matches([' ', '-']).len())
    };
    let (line, indent) = column(open);
    let (next_line, next_indent) = column(next);
    let bracket = asked.text.as_bytes().get(open);
    matches!(bracket, Some(b'[' | b'{')) && (line == next_line || next_indent > indent)
}

/// Whether YAML takes `text` without quotes, as a string, in block and flow style.
fn is_plain(text: &str) -> bool {
    let first = text.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    let safe = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, ':' | '-' | '_' | '.' | '/' | '*' | '?' | '@' | '+' | '=')
    };
    let reserved = ["true", "false", "null", "yes", "no", "on", "off"];
    first && text.chars().all(safe) && !reserved.iter().any(|word| text.eq_ignore_ascii_case(word))
}
