//! Each offer of each position is accepted: the text has to read then.

use std::collections::BTreeMap;

use leastwise_syntax::{NodeId, Tree, View};

use super::dialect::{DIALECTS, Dialect};
use super::files;
use super::rows::{DOCUMENT, ROWS};
use super::{Open, of_row};
use crate::testing::{cut, filled_in};
use crate::{Completion, CompletionKind};

/// A text with a cursor in it.
#[derive(Clone, Debug)]
struct Written {
    text: String,
    at: usize,
}

/// The text after an item is accepted, by an editor that inserts and places the cursor.
fn accept(text: &str, item: &Completion) -> Written {
    let mut edits = vec![(
        item.replace,
        format!("{}\0{}", filled_in(text, item), item.behind),
    )];
    edits.extend(item.also.iter().map(|edit| (edit.span, edit.text.clone())));
    edits.sort_by_key(|(span, _)| span.start);
    let mut text = text.to_owned();
    for (span, new) in edits.iter().rev() {
        text.replace_range(span.range(), new);
    }
    let at = text.find('\0').expect("a cursor");
    text.remove(at);
    Written { text, at }
}

/// What is wrong with a text, as far as a completion could have made it so.
fn faults(dialect: Dialect, text: &str) -> Vec<String> {
    let tree = Tree::parse(text.to_owned(), dialect.format());
    let mut faults: Vec<String> = tree
        .problems()
        .iter()
        .map(|problem| format!("{problem:?}"))
        .collect();
    if let Open::File(mut file) = Open::new(dialect, text.to_owned()) {
        let found = file.diagnostics().into_iter();
        let told = ["syntax-error", "unknown-element", "duplicate-key"];
        faults.extend(
            found
                // A document that is nothing else yet may be taken for a trust policy.
                .filter(|of| told.contains(&of.code) && !of.message.contains("NotPrincipal"))
                .map(|finding| format!("{}: {}", finding.code, finding.message)),
        );
    }
    for document in tree.documents() {
        repeated(&tree, *document, &mut faults);
    }
    faults
}

/// Keys that a mapping has twice.
fn repeated(tree: &Tree, node: NodeId, faults: &mut Vec<String>) {
    match tree.view(node) {
        View::Mapping(pairs) => {
            let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
            for pair in pairs {
                let is_block = matches!(tree.view(pair.value), View::Mapping(_));
                if let Some(name) = tree.text(pair.key).filter(|_| !is_block) {
                    *seen.entry(name).or_default() += 1;
                }
                repeated(tree, pair.value, faults);
            }
            let twice = seen.into_iter().filter(|(_, count)| *count > 1);
            faults.extend(twice.map(|(name, _)| format!("{name} is there twice")));
        }
        View::Sequence(items) => {
            for item in items {
                repeated(tree, *item, faults);
            }
        }
        View::Tagged(_, inner) => repeated(tree, inner, faults),
        _ => {}
    }
}

/// The text with what somebody writes on behind an accepted item: the first thing that is offered, else anything.
fn written_on(dialect: Dialect, mut written: Written, item: &Completion, depth: usize) -> Written {
    let line = written.text[..written.at]
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .to_owned();
    let rest = written.text[written.at..].to_owned();
    let put = |written: &mut Written, text: &str| {
        written.text.insert_str(written.at, text);
        written.at += text.len();
    };
    if item.kind == CompletionKind::ConditionKey && item.insert.ends_with('/') {
        let name = match rest.starts_with(['"', '\'']) {
            true => "team",
            false
                if line
                    .rsplit([' ', '{', '['])
                    .next()
                    .is_some_and(|word| word.starts_with('"')) =>
            {
                "team\""
            }
            false if line.contains('\'') => "team'",
            false => "team",
        };
        put(&mut written, name);
        if rest.starts_with(['"', '\'']) {
            written.at += 1;
        }
        let is_value = written.text[written.at..]
            .trim_start()
            .starts_with([':', '=']);
        let is_argument =
            line.trim_start().starts_with("variable") || dialect == Dialect::TerraformJson;
        if !is_value && !is_argument {
            let tail = match dialect {
                Dialect::Object => " = ",
                _ => ": ",
            };
            put(&mut written, tail);
            put(&mut written, "\"x\"");
        }
        return written;
    }
    let is_key = matches!(
        item.kind,
        CompletionKind::Keyword | CompletionKind::ConditionKey
    );
    let before = written.text[..written.at].trim_end();
    let opens = is_key && before.ends_with([':', '=']);
    let is_begun = item.ask_again && !opens;
    if !opens && !is_begun {
        return written;
    }
    if depth > 0 {
        let mut open = Open::new(dialect, written.text.clone());
        let items = open.completions(u32::try_from(written.at).unwrap());
        let typed =
            |item: &Completion| written.text[item.replace.start as usize..written.at].to_owned();
        let next = items.iter().find(|item| {
            item.filter
                .to_ascii_lowercase()
                .starts_with(&typed(item).to_ascii_lowercase())
        });
        if let Some(next) = next {
            let after = accept(&written.text, next);
            return written_on(dialect, after, next, depth - 1);
        }
    }
    if opens && !is_block_like(&written) {
        let comma = match rest.trim_start().starts_with('"') {
            true if dialect.format().is_json() => "\"x\",",
            _ => "\"x\"",
        };
        put(&mut written, comma);
    }
    written
}

/// Whether a value stands behind the cursor already.
fn is_block_like(written: &Written) -> bool {
    let rest = &written.text[written.at..];
    rest.trim_start_matches(' ')
        .starts_with(['"', '[', '{', '\''])
}

/// What a position is called, and all files with a cursor in it.
fn positions() -> Vec<(&'static str, Dialect, String)> {
    let mut all = Vec::new();
    for dialect in DIALECTS {
        let rows = DOCUMENT.iter().map(|row| (row, true));
        for (row, is_document) in rows.chain(ROWS.iter().map(|row| (row, false))) {
            let asked = of_row(row, dialect, is_document);
            all.extend(
                asked
                    .into_iter()
                    .filter_map(|of| Some((row.name, dialect, of.complete?.0))),
            );
        }
        for (name, write) in files::FILES {
            let asked = write(dialect);
            all.extend(
                asked
                    .into_iter()
                    .filter_map(|of| Some((*name, dialect, of.complete?.0))),
            );
        }
    }
    all
}

#[test]
fn what_is_accepted_reads() {
    let mut table: BTreeMap<(&str, Dialect), (usize, Vec<String>)> = BTreeMap::new();
    let only = std::env::var("LEASTWISE_ONLY").unwrap_or_default();
    for (name, dialect, marked) in positions() {
        if dialect == Dialect::Config || !name.contains(&only) {
            continue;
        }
        let (text, at) = cut(&marked);
        let items = Open::new(dialect, text.clone()).completions(at);
        let own = table.entry((name, dialect)).or_default();
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for item in &items {
            let typed = text[item.replace.start as usize..at as usize].to_ascii_lowercase();
            if !item.filter.to_ascii_lowercase().starts_with(&typed) {
                continue;
            }
            own.0 += 1;
            // Of many that are written alike, some stand for all.
            let kind = format!(
                "{:?}{}{}",
                item.kind,
                item.ask_again,
                item.insert.contains("${")
            );
            let seen = kinds.entry(kind).or_default();
            *seen += 1;
            if *seen > 12 {
                continue;
            }
            let after = accept(&text, item);
            let whole = written_on(dialect, after, item, 3);
            let ended = ended(dialect, &whole, marked.ends_with("$0"));
            let faults = faults(dialect, &ended);
            if !faults.is_empty() && own.1.len() < 3 {
                own.1.push(format!(
                    "{} in\n{marked}\n=>\n{ended}\n{}",
                    item.label,
                    faults.join("\n")
                ));
            }
        }
    }
    let mut report = String::new();
    for ((name, dialect), (offers, faults)) in &table {
        if std::env::var_os("LEASTWISE_SHOW").is_some() || !faults.is_empty() {
            report.push_str(&format!(
                "{name} | {} | {offers} | {}\n",
                dialect.name(),
                faults.len()
            ));
        }
    }
    let all: Vec<&String> = table.values().flat_map(|(_, faults)| faults).collect();
    if std::env::var_os("LEASTWISE_SHOW").is_some() {
        println!("{report}");
    }
    assert!(
        all.is_empty(),
        "{report}{}",
        all.iter()
            .map(|fault| format!("\n---- {fault}"))
            .collect::<String>()
    );
}

/// A text that ends at the cursor, with the ends of all that is open in it.
fn ended(dialect: Dialect, written: &Written, is_cut: bool) -> String {
    let text = &written.text;
    if !is_cut || !dialect.format().is_json() {
        return text.clone();
    }
    let mut open = Vec::new();
    let mut quoted = false;
    let mut skip = false;
    for c in text.chars() {
        match c {
            _ if skip => skip = false,
            '\\' if quoted => skip = true,
            '"' => quoted = !quoted,
            '{' if !quoted => open.push('}'),
            '[' if !quoted => open.push(']'),
            '}' | ']' if !quoted => drop(open.pop()),
            _ => {}
        }
    }
    if quoted {
        open.push('"');
    }
    let ends: String = open.iter().rev().collect();
    format!("{text}{ends}")
}
