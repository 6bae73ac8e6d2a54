//! What marks of template languages do, by what is written in them.

use super::MarkKind;

/// The first word of what is written in a mark, behind what trims white space around it.
fn word(inner: &str) -> &str {
    let inner = inner.trim_start_matches(['-', '~', '+']).trim_start();
    let end = inner.find(|c: char| !(c.is_alphanumeric() || c == '_'));
    inner.get(..end.unwrap_or(inner.len())).unwrap_or_default()
}

/// `{{ … }}` of Go's templates (Helm), Jinja, Handlebars.
pub(super) fn mustache(inner: &str) -> MarkKind {
    let bare = inner.trim_start_matches(['-', '~']).trim_start();
    if bare.starts_with("/*") || bare.starts_with('!') {
        return MarkKind::Note;
    }
    match bare.as_bytes().first() {
        Some(b'#') => return MarkKind::Open,
        Some(b'^') => return MarkKind::Else,
        Some(b'/') => return MarkKind::Close,
        // `$name := …`, `$name = …`
        Some(b'$') if assigns(bare) => return MarkKind::Note,
        _ => {}
    }
    match word(inner) {
        "if" | "range" | "with" | "define" | "block" => MarkKind::Open,
        "else" => MarkKind::Else,
        "end" => MarkKind::Close,
        "fail" | "break" | "continue" => MarkKind::Note,
        _ => MarkKind::Value,
    }
}

fn assigns(text: &str) -> bool {
    let behind = text.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '$' | '_'));
    let behind = behind.trim_start();
    behind.starts_with(":=") || behind.starts_with("= ")
}

/// `{% … %}` of Jinja, Twig, Liquid.
pub(super) fn jinja(inner: &str) -> MarkKind {
    match word(inner) {
        "if" | "for" | "with" | "block" | "macro" | "filter" | "call" | "unless" | "case"
        | "autoescape" => MarkKind::Open,
        "else" | "elif" | "elsif" | "when" => MarkKind::Else,
        "raw" | "endraw" => MarkKind::Note,
        // `{% set x %} … {% endset %}`
        "set" if !inner.contains('=') => MarkKind::Open,
        word if word.starts_with("end") => MarkKind::Close,
        _ => MarkKind::Note,
    }
}

/// `<% … %>` of ERB and EJS.
pub(super) fn erb(inner: &str) -> MarkKind {
    if inner.starts_with('=') {
        return MarkKind::Value;
    }
    if inner.starts_with('#') {
        return MarkKind::Note;
    }
    let bare = inner.trim_matches(['-', '_']).trim();
    let word = word(bare);
    if bare.starts_with('}') && bare.ends_with('{') || matches!(word, "else" | "elsif" | "when") {
        return MarkKind::Else;
    }
    if bare.starts_with('}') || word == "end" {
        return MarkKind::Close;
    }
    let opens = matches!(word, "if" | "unless" | "for" | "while" | "case" | "begin")
        || bare.ends_with('{')
        || bare.ends_with(" do")
        || bare.ends_with('|') && bare.contains(" do ");
    match opens {
        true => MarkKind::Open,
        // `<%- value %>` of EJS puts a value there; with words around an operator it is a statement.
        false if inner.starts_with('-') => MarkKind::Value,
        false => MarkKind::Note,
    }
}

/// `%{ … }` of Terraform's templates; of others it is a value.
pub(super) fn directive(inner: &str) -> MarkKind {
    match word(inner) {
        "if" | "for" => MarkKind::Open,
        "else" => MarkKind::Else,
        "endif" | "endfor" => MarkKind::Close,
        _ => MarkKind::Value,
    }
}

/// The condition or loop of a mark that opens a part.
pub(super) fn condition(written: &str) -> String {
    let inner = written
        .trim_start_matches(['{', '%', '<', '#'])
        .trim_end_matches(['}', '%', '>'])
        .trim_matches(['-', '~', '+', ' ', '\t']);
    inner.strip_prefix("if ").unwrap_or(inner).trim().to_owned()
}
