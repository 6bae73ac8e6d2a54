//! What the editor does in which position of which dialect: docs/editor-positions.md is written from here.

mod accepted;
mod dialect;
mod files;
mod rows;
mod typed;
mod value;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use dialect::{DIALECTS, Dialect, Style};
use rows::{DOCUMENT, ROWS, Row};
use value::Value;

use crate::config_file::ConfigFile;
use crate::testing::{CONFIG, beside, cut};
use crate::{Completion, Config, File};

/// A file with the cursor's mark, and what has to be offered there.
pub struct Asked {
    pub complete: Option<(String, Vec<String>)>,
    pub hover: Option<String>,
    pub definition: Option<String>,
}

/// An open file of any sort.
enum Open {
    File(Box<File>),
    Config(ConfigFile),
}

impl Open {
    fn new(dialect: Dialect, text: String) -> Open {
        match dialect {
            Dialect::Config => Open::Config(ConfigFile::new(text)),
            // Its roles are declared elsewhere.
            Dialect::Pipeline => {
                let file = beside(files::ROLES, dialect.path(), text, dialect.format());
                Open::File(Box::new(file))
            }
            _ => {
                let config = Arc::new(Config::parse(CONFIG));
                let file = File::new(dialect.path(), text, dialect.format(), config);
                Open::File(Box::new(file))
            }
        }
    }

    fn completions(&mut self, at: u32) -> Vec<Completion> {
        match self {
            Open::File(file) => file.completions(at),
            Open::Config(file) => file.completions(at),
        }
    }

    fn hover(&mut self, at: u32) -> bool {
        match self {
            Open::File(file) => file.hover(at).is_some(),
            Open::Config(file) => file.hover(at).is_some(),
        }
    }

    fn defines(&mut self, at: u32) -> bool {
        match self {
            Open::File(file) => !file.definitions(at).is_empty(),
            Open::Config(_) => false,
        }
    }
}

/// What of `offers` isn't among what the editor shows.
fn lacking(dialect: Dialect, marked: &str, offers: &[String]) -> Vec<String> {
    assert!(
        marked.contains("$0"),
        "{dialect:?} has no cursor in {marked}"
    );
    let (text, at) = cut(marked);
    let mut open = Open::new(dialect, text.clone());
    let items = open.completions(at);
    let shown: Vec<&Completion> = items
        .iter()
        .filter(|item| {
            let typed = text[item.replace.start as usize..at as usize].to_ascii_lowercase();
            item.filter.to_ascii_lowercase().starts_with(&typed)
        })
        .collect();
    let offered = |wanted: &String| {
        shown.iter().any(|item| match wanted.strip_prefix('~') {
            Some(part) => item.label.contains(part) || item.insert.contains(part),
            None => item.label == *wanted,
        })
    };
    offers
        .iter()
        .filter(|wanted| !offered(wanted))
        .cloned()
        .collect()
}

/// What is in a cell, and each fault with the file that shows it.
fn cell(dialect: Dialect, asked: &[Asked]) -> (String, Vec<String>) {
    let mut faults = Vec::new();
    let (mut complete, mut hover, mut define) = (None, None, None);
    let mut both = |known: &mut Option<bool>, works: bool, what: &str, text: &str| {
        *known = Some(known.unwrap_or(true) && works);
        if !works {
            faults.push(format!("{what}\n{text}"));
        }
    };
    for of in asked {
        if let Some((marked, offers)) = &of.complete {
            let lacking = lacking(dialect, marked, offers);
            let what = format!("not offered: {lacking:?}");
            both(&mut complete, lacking.is_empty(), &what, marked);
        }
        if let Some(marked) = &of.hover {
            let (text, at) = cut(marked);
            let works = Open::new(dialect, text).hover(at);
            both(&mut hover, works, "no hover", marked);
        }
        if let Some(marked) = &of.definition {
            let (text, at) = cut(marked);
            let works = Open::new(dialect, text).defines(at);
            both(&mut define, works, "no definition", marked);
        }
    }
    let letter = |known: Option<bool>, letter: &str| match known {
        None => String::new(),
        Some(true) => letter.to_uppercase(),
        Some(false) => format!("{letter}?"),
    };
    let letters = [
        letter(complete, "c"),
        letter(hover, "h"),
        letter(define, "d"),
    ];
    let text = letters.concat();
    match text.is_empty() {
        true => ("—".to_owned(), faults),
        false => (text, faults),
    }
}

/// A row in the styles of a dialect.
fn of_row(row: &Row, dialect: Dialect, is_document: bool) -> Vec<Asked> {
    if !(row.exists)(dialect) {
        return Vec::new();
    }
    let has_blocks = matches!(dialect, Dialect::Blocks | Dialect::TerraformJson);
    let offers: Vec<String> = row
        .offers
        .iter()
        .map(|name| match has_blocks {
            true => value::named(name),
            false => (*name).to_owned(),
        })
        .collect();
    let write = |text: &str, style: Style| {
        if text.is_empty() {
            return None;
        }
        let value = Value::parse(text);
        match is_document {
            true => dialect::document_in(dialect, row.of, style, &value),
            false => dialect::file(dialect, row.of, style, &value),
        }
    };
    let styles = dialect.styles().iter();
    styles
        .map(|style| Asked {
            complete: write(row.complete, *style).map(|text| (text, offers.clone())),
            hover: write(row.hover, *style).filter(|_| *style != Style::Open),
            definition: write(row.definition, *style).filter(|_| *style != Style::Open),
        })
        .collect()
}

/// The page, and all that it shows not to work.
fn page() -> (String, Vec<String>) {
    let mut rows: Vec<(&str, Vec<Vec<Asked>>)> = Vec::new();
    for (row, is_document) in DOCUMENT
        .iter()
        .map(|row| (row, true))
        .chain(ROWS.iter().map(|row| (row, false)))
    {
        let cells = DIALECTS.map(|dialect| of_row(row, dialect, is_document));
        rows.push((row.name, cells.into()));
    }
    for (name, write) in files::FILES {
        rows.push((name, DIALECTS.map(write).into()));
    }
    let mut text = INTRODUCTION.to_owned();
    let heads: Vec<&str> = DIALECTS.iter().map(|dialect| dialect.name()).collect();
    text.push_str(&format!("| position | {} |\n", heads.join(" | ")));
    text.push_str(&format!("| --- |{}\n", " --- |".repeat(heads.len())));
    let mut faults = Vec::new();
    for (name, cells) in &rows {
        text.push_str(&format!("| {name} |"));
        for (dialect, asked) in DIALECTS.iter().zip(cells) {
            let (cell, own) = cell(*dialect, asked);
            text.push_str(&format!(" {cell} |"));
            let told = own.into_iter();
            faults.extend(told.map(|fault| format!("{name}, {}: {fault}", dialect.name())));
        }
        text.push('\n');
    }
    (text, faults)
}

const INTRODUCTION: &str = "# What the editor does in each position

**C**: completion offers what belongs there. **H**: hover explains it. **D**: go to definition finds it. A small letter with `?`:
not yet. —: the dialect has no such position, or there is nothing to say. Each letter stands for files in all styles of the dialect
(block, flow, with quotes, with a quote that isn't closed yet), as `server/ide/src/tests/positions/` writes them. This page is
generated from there by `LEASTWISE_UPDATE=1 cargo test -p leastwise-ide positions`.

";

#[test]
fn the_page_is_up_to_date() {
    let (text, faults) = page();
    if std::env::var_os("LEASTWISE_SHOW").is_some() {
        println!("{}", faults.join("\n\n"));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/editor-positions.md");
    if std::env::var_os("LEASTWISE_UPDATE").is_some() {
        fs::write(&path, &text).expect("the page can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == text,
        "docs/editor-positions.md is out of date; LEASTWISE_UPDATE=1 writes it. Now it would say:\n{text}"
    );
}
