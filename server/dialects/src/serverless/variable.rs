//! The syntax of the Serverless Framework's variables: `${self:custom.table, 'none'}`.

use leastwise_catalog::catalog;

use super::limits::DEPTH_OF_VARIABLES;

/// Where a variable takes its value from; the sources of one variable are tried in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum VariableSource<'t> {
    /// A text, number or boolean that stands in the variable itself.
    Literal(&'t str),
    /// `null`, or nothing that can be understood.
    Null,
    /// `kind(parameters):address`; parameters and address may hold variables again.
    Of {
        kind: &'t str,
        parameters: Vec<&'t str>,
        address: &'t str,
    },
}

/// Where the variable that begins with the `${` at `open` ends, behind its `}`. `None` for what the framework leaves
/// alone (`${AWS::Region}`, `${Table.Arn}`), for IAM's own variables, and where the `}` is missing.
pub fn end(text: &str, open: usize) -> Option<usize> {
    let inner = text.get(open..)?.strip_prefix("${")?;
    let kind = inner
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        .count();
    if !inner.starts_with(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    let behind = inner.get(kind..)?;
    match behind.as_bytes().first()? {
        b'(' => {}
        b':' if !behind.starts_with("::") => {}
        _ => return None,
    }
    let end = open + 2 + closing(inner)?;
    let whole = text.get(open + 2..end - 1)?;
    (!is_for_iam(whole)).then_some(end)
}

/// Where any `${` that holds variables ends, behind its `}`: `${${self:custom.table}.Arn}`.
pub fn close(text: &str, open: usize) -> Option<usize> {
    let inner = text.get(open..)?.strip_prefix("${")?;
    let close = open + 2 + closing(inner)?;
    text.get(open + 2..close)?.contains("${").then_some(close)
}

/// The bytes up to behind the `}` that closes the variable whose inside `inner` begins with.
fn closing(inner: &str) -> Option<usize> {
    let bytes = inner.as_bytes();
    let mut depth = 1_usize;
    let mut at = 0;
    // A quote opens a text only where a source, a parameter or an address begins.
    let mut begins = true;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\'' | b'"' if begins => {
                let rest = bytes.get(at + 1..)?;
                at += 1 + rest.iter().position(|other| other == byte)?;
                begins = false;
            }
            b'$' if bytes.get(at + 1) == Some(&b'{') => {
                depth += 1;
                at += 1;
                begins = false;
                if depth > DEPTH_OF_VARIABLES {
                    return None;
                }
            }
            b'}' => {
                depth -= 1;
                begins = false;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b',' | b'(' | b':' => begins = true,
            b' ' => {}
            _ => begins = false,
        }
        at += 1;
    }
    None
}

/// The sources with values of their own, beside those of plugins.
const KINDS: [&str; 10] = [
    "self",
    "opt",
    "sls",
    "param",
    "env",
    "file",
    "strToBool",
    "cf",
    "git",
    "output",
];

/// Those of them that come of plugins.
const OF_PLUGINS: [&str; 2] = ["git", "output"];

/// Whether the inside of `${…}` begins with one of these sources, and that tells by itself whose it is: words of plugins may be
/// anybody's.
pub fn has_own_source(inner: &str) -> bool {
    let kind = inner.split([':', '(']).next().unwrap_or(inner);
    let is_own = KINDS.contains(&kind) && !OF_PLUGINS.contains(&kind);
    kind.len() < inner.len() && is_own
}

/// Whether the inside of `${…}` is one of IAM's policy variables, which the framework has no source for.
fn is_for_iam(inner: &str) -> bool {
    let Some((kind, address)) = inner.split_once(':') else {
        return false;
    };
    if KINDS.contains(&kind) || kind.contains('(') {
        return false;
    }
    if kind == "aws" {
        let address = address.trim();
        let own = ["accountId", "region"]
            .iter()
            .any(|name| address.starts_with(name));
        return !own && !address.starts_with("${");
    }
    kind.contains(['.', '-'])
        || catalog()
            .condition_key(inner.split(',').next().unwrap_or(inner).trim())
            .is_some()
}

/// The inside of the variable that `text` is as a whole.
pub fn whole(text: &str) -> Option<&str> {
    let text = text.trim();
    if end(text, 0)? != text.len() {
        return None;
    }
    text.get(2..text.len() - 1).map(str::trim)
}

/// The sources of a variable, by its inside.
pub fn sources(inner: &str) -> Vec<VariableSource<'_>> {
    split(inner, ',').into_iter().map(source).collect()
}

fn source(text: &str) -> VariableSource<'_> {
    let text = text.trim();
    if let Some(quoted) = unquoted(text) {
        return VariableSource::Literal(quoted);
    }
    let kind = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let (kind, rest) = text.split_at(kind);
    if let Some(rest) = rest.strip_prefix('(') {
        let close = parenthesis(rest);
        let parameters = rest.get(..close).unwrap_or_default();
        let parameters = split(parameters, ',')
            .into_iter()
            .map(|text| unquoted(text.trim()).unwrap_or(text.trim()))
            .collect();
        let address = rest.get(close + 1..).unwrap_or_default().trim_start();
        let address = address.strip_prefix(':').unwrap_or_default();
        return VariableSource::Of {
            kind,
            parameters,
            address: address.trim(),
        };
    }
    if let Some(address) = rest.strip_prefix(':') {
        let address = address.trim();
        return VariableSource::Of {
            kind,
            parameters: Vec::new(),
            address: unquoted(address).unwrap_or(address),
        };
    }
    let number = !text.is_empty() && text.parse::<f64>().is_ok();
    match text {
        "true" | "false" => VariableSource::Literal(text),
        _ if number => VariableSource::Literal(text),
        _ => VariableSource::Null,
    }
}

fn unquoted(text: &str) -> Option<&str> {
    ['\'', '"']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
}

/// Cuts at a separator that stands in no nested variable, parentheses or quotes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut depth = 0_usize;
    let mut quote: Option<char> = None;
    let mut begins = true;
    for (at, c) in text.char_indices() {
        if let Some(open) = quote {
            if c == open {
                quote = None;
            }
            continue;
        }
        match c {
            '\'' | '"' if begins => quote = Some(c),
            '{' | '(' => depth += 1,
            '}' | ')' => depth = depth.saturating_sub(1),
            c if c == separator && depth == 0 => {
                pieces.push(text.get(from..at).unwrap_or_default());
                from = at + c.len_utf8();
            }
            _ => {}
        }
        begins = matches!(c, ',' | '(' | ':') || (begins && c == ' ');
    }
    pieces.push(text.get(from..).unwrap_or_default());
    pieces
}

/// Where the `)` is that closes parentheses whose inside `text` begins with, or the end.
fn parenthesis(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' | b'(' => depth += 1,
            b')' if depth == 0 => return at,
            b'}' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    text.len()
}

/// A piece of a text: characters, or the inside of a variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum VariablePiece<'t> {
    Literal(&'t str),
    Variable(&'t str),
}

/// Cuts a text at its variables; escapes (`\${`) stay as they are.
pub fn pieces(text: &str) -> Vec<VariablePiece<'_>> {
    let mut pieces = Vec::new();
    let (mut literal, mut from) = (0, 0);
    while let Some(found) = text.get(from..).and_then(|rest| rest.find("${")) {
        let open = from + found;
        let Some(end) = end(text, open) else {
            from = open + 2;
            continue;
        };
        if literal < open {
            pieces.push(VariablePiece::Literal(
                text.get(literal..open).unwrap_or_default(),
            ));
        }
        let inner = text.get(open + 2..end - 1).unwrap_or_default();
        pieces.push(VariablePiece::Variable(inner.trim()));
        literal = end;
        from = end;
    }
    if literal < text.len() {
        pieces.push(VariablePiece::Literal(
            text.get(literal..).unwrap_or_default(),
        ));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_variable() {
        for (text, is) in [
            ("${self:a.b}", true),
            ("${opt:stage, 'dev'}", true),
            ("${self:custom.${opt:stage, 'a}b'}.x}", true),
            ("${file(./a.yml):b}", true),
            ("${file(./a.yml)}", true),
            ("${self:}", true),
            ("${aws:accountId}", true),
            ("${construct:queue.url}", true),
            ("${AWS::Region}", false),
            ("${aws:username}", false),
            ("${aws:PrincipalTag/team}", false),
            ("${s3:prefix}", false),
            ("${s3:bucket/key.json}", true),
            ("${cognito-identity.amazonaws.com:sub}", false),
            ("${Table.Arn}", false),
            ("${table}", false),
            ("${self:a.b", false),
        ] {
            assert_eq!(end(text, 0), is.then_some(text.len()), "{text}");
        }
    }

    #[test]
    fn sources_are_cut_apart() {
        let of = |kind, parameters: &[&'static str], address| VariableSource::Of {
            kind,
            parameters: parameters.to_vec(),
            address,
        };
        for (text, expected) in [
            ("self:a", vec![of("self", &[], "a")]),
            (
                "opt:stage, self:provider.stage, 'd,v'",
                vec![
                    of("opt", &[], "stage"),
                    of("self", &[], "provider.stage"),
                    VariableSource::Literal("d,v"),
                ],
            ),
            (
                "file(./${opt:a, 'x'}.yml, 2):b.c, null",
                vec![
                    of("file", &["./${opt:a, 'x'}.yml", "2"], "b.c"),
                    VariableSource::Null,
                ],
            ),
            (
                "env:X, 12",
                vec![of("env", &[], "X"), VariableSource::Literal("12")],
            ),
            (
                "strToBool(${opt:x})",
                vec![of("strToBool", &["${opt:x}"], "")],
            ),
        ] {
            assert_eq!(sources(text), expected, "{text}");
        }
    }

    #[test]
    fn texts_are_cut_at_variables() {
        assert_eq!(
            pieces("a${self:b}${AWS::Region}-${c}${opt:d, 'e'}"),
            [
                VariablePiece::Literal("a"),
                VariablePiece::Variable("self:b"),
                VariablePiece::Literal("${AWS::Region}-${c}"),
                VariablePiece::Variable("opt:d, 'e'"),
            ]
        );
        assert_eq!(whole(" ${self:b} "), Some("self:b"));
        assert_eq!(whole("${self:b}c"), None);
    }
}
