//! What another tool puts into a text before AWS sees it: the marks of template engines, and placeholders that somebody
//! fills in (`$ACCOUNT`, `<account-id>`, `__REGION__`, `YOUR-BUCKET`).
//!
//! They are cut out of the literal parts of a text, whatever dialect it is of, so that nobody takes them for what
//! stands there. Nothing is asked of the file: a placeholder in one text says nothing of another.

use std::ops::Range;

use leastwise_syntax::marks::{self, MarkKind};
use leastwise_syntax::{Format, NodeId, Span, Tree};

use crate::limits::PLACEHOLDER_LENGTH;
use crate::text::{Part, Text};

/// Whether a text has a part that another tool puts there.
pub fn is_open(text: &str) -> bool {
    // The names of elements and most others.
    let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_word && text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return false;
    }
    let mut place = Place::of(text);
    !holes(text, &mut place, true).is_empty()
}

/// Cuts what another tool fills in out of the literal parts of a text.
pub(crate) fn cut(tree: &Tree, text: &mut Text) {
    let first = match text.parts.as_slice() {
        [Part::Literal { node, start, .. }, ..] => {
            written(tree, *node, *start as usize..usize::MAX)
        }
        _ => "",
    };
    let mut place = Place::of(first);
    let whole = text.parts.len() == 1;
    let mut parts = Vec::with_capacity(text.parts.len());
    for part in std::mem::take(&mut text.parts) {
        let Part::Literal { node, start, end } = part else {
            place.pass();
            parts.push(part);
            continue;
        };
        let own = written(tree, node, start as usize..end as usize);
        let mut found = holes(own, &mut place, whole);
        if tree.format() == Format::Hcl {
            // Written `%%{x}`, it stands for these characters.
            found.retain(|hole| {
                let written = own.get(hole.clone()).unwrap_or_default();
                // Functions fill the others.
                !is_percent(written) && !is_verb(written, 0) && numbered(written, 0).is_none()
            });
        }
        if found.is_empty() {
            parts.push(part);
            continue;
        }
        let mut done = 0;
        let literal = |from: usize, to: usize| Part::Literal {
            node,
            start: start + from as u32,
            end: start + to as u32,
        };
        for hole in found {
            if done < hole.start {
                parts.push(literal(done, hole.start));
            }
            let within = start as usize + hole.start..start as usize + hole.end;
            parts.push(Part::Mark {
                name: name(own.get(hole.clone()).unwrap_or_default()).to_owned(),
                span: tree.source_span(node, within),
            });
            done = hole.end;
        }
        if done < own.len() {
            parts.push(literal(done, own.len()));
        }
    }
    text.parts = parts;
}

/// A mark that stands for a whole value.
pub(crate) fn value(text: &str, span: Span) -> Part {
    Part::Mark {
        name: name(text).to_owned(),
        span,
    }
}

fn written(tree: &Tree, node: NodeId, range: Range<usize>) -> &str {
    let text = tree.text(node).unwrap_or_default();
    text.get(range.start..range.end.min(text.len()))
        .unwrap_or_default()
}

/// What to call a hole: what is written between its signs.
fn name(written: &str) -> &str {
    let sign = |c: char| "{}<>%$@#[]()=-~_".contains(c) || c.is_whitespace();
    let inner = written.trim_matches(sign);
    if inner.is_empty() { written } else { inner }
}

/// Which segment of an ARN comes next.
struct Place {
    /// How many colons came before; nothing in what is no ARN.
    segment: Option<usize>,
    /// Whether the segment has a part already.
    begun: bool,
}

/// The segments of the partition, the service, the region and the account.
const SEGMENTS: Range<usize> = 1..5;
const REGION: usize = 3;
const ACCOUNT: usize = 4;

impl Place {
    fn of(text: &str) -> Place {
        let is_arn = text
            .get(..4)
            .is_some_and(|lead| lead.eq_ignore_ascii_case("arn:"));
        Place {
            segment: is_arn.then_some(0),
            begun: false,
        }
    }

    /// Passes over a part that isn't literal.
    fn pass(&mut self) {
        self.begun = true;
    }
}

/// The holes of a literal part, in order. `whole`: it is all of the text.
fn holes(text: &str, place: &mut Place, whole: bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut between = Vec::new();
    if text.bytes().any(may_be_sign) {
        found = of_engines(text);
        let mut done = 0;
        for hole in &found {
            signs(text, done..hole.start, &mut between);
            done = hole.end;
        }
        signs(text, done..text.len(), &mut between);
    }
    if whole && found.is_empty() {
        // What is put behind it makes no other thing of it: `_BUCKET_ARN_/*`.
        let head = text.find('/').unwrap_or(text.len());
        if text.get(..head).is_some_and(is_whole_to_fill) {
            between = std::iter::once(0..head).collect();
        }
    }
    found.extend(between);
    found.sort_by_key(|hole| hole.start);
    segments(text, place, &mut found);
    found
}

/// Marks of template engines. What a condition encloses within a text is a part of the hole.
fn of_engines(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    for mark in marks::find(text) {
        let written = text.get(mark.range()).unwrap_or_default();
        // A variable of the dialect, or of IAM.
        if written.starts_with("${") && !written.starts_with("${{") {
            continue;
        }
        match (mark.kind, &mut open) {
            (MarkKind::Open, Some((_, depth))) => *depth += 1,
            (MarkKind::Open, None) => open = Some((mark.start, 1)),
            (MarkKind::Close, Some((start, depth))) => {
                *depth -= 1;
                if *depth == 0 {
                    found.push(*start..mark.end);
                    open = None;
                }
            }
            (_, Some(_)) => {}
            (_, None) => found.push(mark.range()),
        }
    }
    if let Some((start, _)) = open {
        found.push(start..text.len());
    }
    found
}

/// Placeholders by their signs: `<name>`, `__NAME__`, `@@NAME@@`, `%NAME%`, `%%NAME%%`, `$NAME`, `$(name)`, `$[name]`, `~NAME~`,
/// `#NAME#`, `!NAME!`, `|NAME|`, `{name}`, `((name))`, `[[ name ]]`, `%s`, `%(name)s`, `{0}`, `YOUR-NAME`.
fn signs(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    let mut at = range.start;
    while at < range.end {
        let length = match bytes.get(at) {
            Some(b'<') => enclosed(text, at, "<", ">", |c| is_name(c) || " :/|,'".contains(c)),
            Some(b'_') => enclosed(text, at, "__", "__", is_name),
            Some(b'@') => enclosed(text, at, "@@", "@@", is_name)
                .or_else(|| enclosed(text, at, "@", "@", is_capital)),
            Some(b'%') => enclosed(text, at, "%%", "%%", is_name)
                .or_else(|| enclosed(text, at, "%", "%", |c| is_name(c) && c != '-'))
                .or_else(|| enclosed(text, at, "%(", ")s", is_name))
                .or_else(|| is_verb(text, at).then_some(2)),
            Some(b'(') => double(text, at, "((", "))"),
            Some(b'[') => double(text, at, "[[", "]]"),
            Some(b'#') => enclosed(text, at, "#", "#", is_capital),
            Some(b'!') => enclosed(text, at, "!", "!", is_capital),
            Some(b'|') => enclosed(text, at, "|", "|", is_capital),
            Some(b'$') => enclosed(text, at, "$(", ")", is_name)
                .or_else(|| enclosed(text, at, "$[", "]", is_name))
                .or_else(|| dollar(text, at)),
            Some(b'~') => enclosed(text, at, "~", "~", is_capital),
            Some(b'{')
                if !matches!(
                    at.checked_sub(1).and_then(|at| bytes.get(at)),
                    Some(b'$' | b'&')
                ) =>
            {
                enclosed(text, at, "{", "}", is_name).or_else(|| numbered(text, at))
            }
            Some(b'Y') => yours(text, at),
            _ => None,
        };
        match length.filter(|length| at + length <= range.end) {
            Some(length) => {
                found.push(at..at + length);
                at += length;
            }
            None => at = text.ceil_char_boundary(at + 1),
        }
    }
}

/// Whether a mark or a placeholder by its signs may begin with a byte.
fn may_be_sign(byte: u8) -> bool {
    matches!(
        byte,
        b'<' | b'_' | b'@' | b'%' | b'(' | b'[' | b'#' | b'!' | b'|' | b'$' | b'~' | b'{' | b'Y'
    )
}

/// Whether there is a `%s` or `%d` that no word goes on from.
fn is_verb(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let behind = rest.strip_prefix("%s").or_else(|| rest.strip_prefix("%d"));
    let before = text.get(..at).unwrap_or_default();
    behind.is_some_and(|behind| !behind.starts_with(char::is_alphanumeric))
        && !before.ends_with(|c: char| c.is_ascii_digit() || c == '%')
}

/// The length of `{}` or `{0}`.
fn numbered(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?.strip_prefix('{')?;
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    (digits <= 2 && rest.get(digits..)?.starts_with('}')).then_some(digits + 2)
}

/// The length of `[[ name ]]` or `(( name ))`.
fn double(text: &str, at: usize, open: &str, close: &str) -> Option<usize> {
    let rest = text.get(at..)?.strip_prefix(open)?;
    let inner = rest.trim_start_matches(' ');
    let name = inner.find(|c| !is_name(c))?;
    let behind = inner.get(name..)?.trim_start_matches(' ');
    let left = behind.strip_prefix(close).filter(|_| name > 0)?;
    Some(2 + rest.len() - left.len())
}

/// Whether a hole is a `%{…}` that is no directive.
fn is_percent(written: &str) -> bool {
    written.starts_with("%{")
        && marks::find(written).first().map(|mark| mark.kind) == Some(MarkKind::Value)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

fn is_capital(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'
}

/// The length of what stands between two signs, with these.
fn enclosed(
    text: &str,
    at: usize,
    open: &str,
    close: &str,
    allows: impl Fn(char) -> bool,
) -> Option<usize> {
    let rest = text.get(at..)?.strip_prefix(open)?;
    let first = rest.chars().next()?;
    let near = rest.floor_char_boundary((PLACEHOLDER_LENGTH + close.len()).min(rest.len()));
    let length = rest.get(..near)?.find(close)?;
    let inner = rest.get(..length)?;
    let is_placeholder =
        (first.is_alphabetic() || (first.is_numeric() && open == "<")) && inner.chars().all(allows);
    is_placeholder.then_some(open.len() + length + close.len())
}

/// The length of `$NAME` or `$NAME$`. `$LATEST` is a version of a function.
fn dollar(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at + 1..)?;
    let length = rest.find(|c| !is_capital(c)).unwrap_or(rest.len());
    let name = rest.get(..length)?;
    if name == "LATEST" || !name.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    // `$Name` is no name in capitals.
    let behind = rest.get(length..)?;
    if behind.starts_with(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    // `$A$B` are two.
    let is_enclosed = behind.strip_prefix('$').is_some_and(|behind| {
        !behind.starts_with(|c: char| c.is_ascii_uppercase() || matches!(c, '{' | '('))
    });
    Some(1 + length + usize::from(is_enclosed))
}

/// The length of a word in capitals that begins with `YOUR`.
fn yours(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?.strip_prefix("YOUR")?;
    let before = text.get(..at)?.chars().next_back();
    if !rest.starts_with(['-', '_']) || before.is_some_and(|c| c.is_alphanumeric()) {
        return None;
    }
    let is_part = |c: char| is_capital(c) || c == '-';
    let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    (length > 1).then_some(4 + length)
}

/// Whether a text is what somebody replaces as a whole.
fn is_whole_to_fill(text: &str) -> bool {
    let within = |open: char, close: char| {
        let inner = text
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close));
        inner.is_some_and(|inner| {
            inner.starts_with(char::is_alphabetic) && inner.chars().all(is_name)
        })
    };
    is_word_to_fill(text) || within('@', '@') || within('[', ']')
}

/// Whether a text is one word in capitals, which stands for what is known by another name in the place of an ARN: `BUCKET`,
/// `MY_QUEUE/*`.
pub fn is_word_in_capitals(text: &str) -> bool {
    let head = text.split('/').next().unwrap_or_default();
    head.len() > 2
        && head.chars().all(is_capital)
        && head.contains(|c: char| c.is_ascii_uppercase())
}

/// Whether a whole text is a name in capitals that somebody replaces: `_QUEUE_ARN_`, `ACCOUNT_ID`, `YOUR_ROLE_ARN`,
/// `CHANGE_ME`.
fn is_word_to_fill(text: &str) -> bool {
    if text.len() < 3 || !text.chars().all(|c| is_capital(c) || c == '-') {
        return false;
    }
    let between = text.len() > 3 && text.starts_with('_') && text.ends_with('_');
    let mut words = text.split(['_', '-']);
    let is_named = |word: &str| matches!(word, "ACCOUNT" | "ACCOUNTID" | "ARN");
    let has_letters = text.contains(|c: char| c.is_ascii_uppercase());
    let asks = matches!(
        text.replace(['_', '-'], "").as_str(),
        "REPLACEME" | "CHANGEME" | "FIXME" | "PLACEHOLDER"
    );
    has_letters && (between || asks || words.any(is_named))
}

/// Takes the segments of an ARN that are a placeholder as a whole, and moves on to the end of the part.
fn segments(text: &str, place: &mut Place, found: &mut Vec<Range<usize>>) {
    let Some(mut number) = place.segment else {
        return;
    };
    let mut start = 0;
    let mut added = Vec::new();
    while number < SEGMENTS.end {
        let rest = text.get(start..).unwrap_or_default();
        let colon = colon(text, start, found);
        let end = colon.unwrap_or(text.len());
        let own = rest.get(..end - start).unwrap_or_default();
        let is_whole = !place.begun && colon.is_some();
        // As documentation writes it; beside a known account it is a slip.
        let is_documented = number == REGION && own == "region" && {
            let next = colon.map_or("", |colon| text.get(colon + 1..).unwrap_or_default());
            let account = next.split(':').next().unwrap_or_default();
            is_segment_to_fill(ACCOUNT, account)
        };
        let is_free = !found
            .iter()
            .any(|hole| hole.start < end && start < hole.end);
        let is_to_fill = is_documented || is_segment_to_fill(number, own);
        if is_whole && is_free && SEGMENTS.contains(&number) && is_to_fill {
            added.push(start..end);
        }
        match colon {
            Some(colon) => {
                (start, number) = (colon + 1, number + 1);
                place.begun = false;
            }
            None => {
                place.begun |= !own.is_empty();
                break;
            }
        }
    }
    place.segment = Some(number);
    if !added.is_empty() {
        found.extend(added);
        found.sort_by_key(|hole| hole.start);
    }
}

/// The next colon that is in no hole.
fn colon(text: &str, mut from: usize, found: &[Range<usize>]) -> Option<usize> {
    let mut next = found.partition_point(|hole| hole.end <= from);
    loop {
        let at = from + text.get(from..)?.find(':')?;
        // The holes stand in order and apart.
        while found.get(next).is_some_and(|hole| hole.end <= at) {
            next += 1;
        }
        match found.get(next).filter(|hole| hole.contains(&at)) {
            Some(hole) => from = hole.end,
            None => return Some(at),
        }
    }
}

/// Whether a segment of an ARN is a word that somebody replaces. A slip is none: a name of a resource in the account's
/// place, a region in capitals, an account with a digit too many.
fn is_segment_to_fill(number: usize, text: &str) -> bool {
    if text.is_empty() || !text.is_ascii() {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    let is_word = |text: &str| text.chars().all(is_name);
    if let Some(name) = text.strip_prefix(['$', '#']) {
        return is_word(name);
    }
    if text.starts_with('[') && text.ends_with(']') && text.len() > 2 {
        return true;
    }
    if !is_word(text) {
        return false;
    }
    match number {
        REGION => {
            (lower.contains("region") && text != "region")
                || !lower.contains(|c: char| c.is_ascii_digit())
                    && text.chars().all(|c| is_capital(c) || c == '-')
                || lower.chars().all(|c| matches!(c, 'x' | '-'))
        }
        ACCOUNT => {
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            lower.contains("account")
                || lower.contains("acct")
                || digits == 0 && text.chars().all(|c| is_capital(c) || c == '-')
                || lower.chars().all(|c| c == 'x')
        }
        _ => text.len() > 2 && text.chars().all(|c| is_capital(c) || c == '-') && number == 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let holes = holes(text, &mut Place::of(text), true);
        holes.into_iter().map(|hole| &text[hole]).collect()
    }

    #[test]
    fn marks_and_placeholders_are_holes() {
        for (text, expected) in [
            ("arn:aws:s3:::{{ bucket }}/*", vec!["{{ bucket }}"]),
            ("arn:aws:sqs:eu-west-1:~ACCOUNT~:x", vec!["~ACCOUNT~"]),
            ("$[bucket]-x", vec!["$[bucket]"]),
            ("~user/x~", vec![]),
            ("{{resolve:ssm:/x}}/*", vec!["{{resolve:ssm:/x}}"]),
            (
                "a{% if x %}b{% else %}c{% endif %}d",
                vec!["{% if x %}b{% else %}c{% endif %}"],
            ),
            ("<%= a %>-<% if b %>", vec!["<%= a %>", "<% if b %>"]),
            (
                "arn:aws:sqs:$REGION:$ACCOUNT:jobs",
                vec!["$REGION", "$ACCOUNT"],
            ),
            (
                "arn:aws:sqs:$AWS_REGION$:$account:$jobs",
                vec!["$AWS_REGION$", "$account"],
            ),
            (
                "arn:aws:sqs:<region>:<account-id>:jobs",
                vec!["<region>", "<account-id>"],
            ),
            (
                "arn:aws:sqs:%R%:__ACCOUNT__:@@X@@",
                vec!["%R%", "__ACCOUNT__", "@@X@@"],
            ),
            (
                "arn:aws:sqs:#{region}:{account}:$(queue)",
                vec!["#{region}", "{account}", "$(queue)"],
            ),
            (
                "arn:aws:sqs:REGION:ACCOUNT_ID:jobs",
                vec!["REGION", "ACCOUNT_ID"],
            ),
            (
                "arn:PARTITION:sqs:us-xxxx-x:XXXXXXXXXXXX:jobs",
                vec!["PARTITION", "XXXXXXXXXXXX"],
            ),
            (
                "arn:aws:iam::your-account-id:role/YOUR-ROLE",
                vec!["your-account-id", "YOUR-ROLE"],
            ),
            ("arn:aws:iam::[ACCOUNT]:role/x", vec!["[ACCOUNT]"]),
            ("%%ROLE%%", vec!["%%ROLE%%"]),
            (
                "arn:aws:sqs:#REGION#:!ACCOUNT!:|QUEUE|",
                vec!["#REGION#", "!ACCOUNT!", "|QUEUE|"],
            ),
            ("arn:aws:iam::(( account )):root", vec!["(( account ))"]),
            ("arn:aws:iam::#account_number:root", vec!["#account_number"]),
            ("a#b!c|d", vec![]),
            (
                "arn:aws:sqs:region:account-id:jobs",
                vec!["region", "account-id"],
            ),
            ("_QUEUE_ARN_", vec!["_QUEUE_ARN_"]),
            ("_QUEUE_2_", vec!["_QUEUE_2_"]),
            ("ARN", vec!["ARN"]),
            ("arn:aws:iam::MYID:role/x", vec!["MYID"]),
            // What stands in a placeholder is no segment of its own.
            (
                "arn:aws:sqs:{{ a:b }}:ACCOUNT_ID:jobs",
                vec!["{{ a:b }}", "ACCOUNT_ID"],
            ),
            ("ACCOUNT_ID", vec!["ACCOUNT_ID"]),
            ("${{ secrets.ARN }}", vec!["${{ secrets.ARN }}"]),
            ("$A$B", vec!["$A", "$B"]),
            ("$BUCKET$PATH/*", vec!["$BUCKET", "$PATH"]),
            ("$A/*", vec!["$A"]),
            ("$NAME$-x", vec!["$NAME$"]),
            ("$A$(b)", vec!["$A", "$(b)"]),
            ("_BUCKET_ARN_/*", vec!["_BUCKET_ARN_"]),
            ("BUCKET_ARN/*", vec!["BUCKET_ARN"]),
            ("REPLACE_ME", vec!["REPLACE_ME"]),
            ("CHANGEME", vec!["CHANGEME"]),
            ("arn:aws:s3:::%s/%d", vec!["%s", "%d"]),
            ("%(arn)s", vec!["%(arn)s"]),
            ("{}/{0}/{12}", vec!["{}", "{0}", "{12}"]),
            ("@arn@/*", vec!["@arn@"]),
            ("((arn))/*", vec!["((arn))"]),
            ("[[ arn ]]/[[b]]", vec!["[[ arn ]]", "[[b]]"]),
            ("[ARN]/*", vec!["[ARN]"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn segments_go_on_in_the_next_part() {
        let found = |first: &str, next: &str| {
            let mut place = Place::of(first);
            assert!(holes(first, &mut place, false).is_empty());
            let holes = holes(next, &mut place, false).into_iter();
            holes.map(|hole| next[hole].to_owned()).collect::<Vec<_>>()
        };
        let rest = "REGION:ACCOUNT_ID:jobs";
        assert_eq!(found("arn:aws:sqs:", rest), ["REGION", "ACCOUNT_ID"]);
        assert_eq!(found("arn:aws:sqs:eu-", rest), ["ACCOUNT_ID"]);
    }

    #[test]
    fn what_can_stand_there_is_none() {
        for text in [
            "arn:aws:s3:::your-bucket/${aws:username}/*",
            "arn:aws:s3:::bucket/${Name}/$file",
            "arn:aws:lambda:eu-west-1:123456789012:function:f:$LATEST",
            "arn:aws:lambda:eu-west-1:function:f",
            "arn:aws:dynamodb:eu-west-1:table/f",
            "arn:aws:iot:eu-west-1:123456789012:topic/$aws/things/x",
            "arn:aws:logs:region:123456789012:*",
            "arn:aws:sqs:EU-WEST-1:12345678901:jobs",
            "arn:aws:sqs:euwest1:12345678901a:jobs",
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            "arn:aws:iam::cloudfront:user/x",
            "s3:GetObject",
            "a < b",
            "100%",
            "a_b__c",
            "@x",
            "&{aws:username}",
            "BUCKET",
            "my-bucket/*",
            "table/x",
            "a/BUCKET_ARN",
            "%start",
            "50%s",
            "%%s",
            "{123}",
            "{0",
            "[[ ]]",
            "[[ a ]",
            "((a)",
            "(a)",
            "[a]-x",
            "a@b.c@",
            "ALLOW",
            "*",
            "",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
        assert!(is_open("{{ x }}") && !is_open("StringEquals"));
    }

    #[test]
    fn holes_are_called_by_what_is_in_them() {
        for (text, expected) in [
            ("{{- .Values.x -}}", ".Values.x"),
            ("<%= x %>", "x"),
            ("__REGION__", "REGION"),
            ("$(x)", "x"),
            ("%{}", "%{}"),
        ] {
            assert_eq!(name(text), expected);
        }
    }
}
