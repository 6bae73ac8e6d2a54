//! The table as a page of the documentation: `docs/dialects.md`.

use std::fmt::Write;
use std::path::Path;

use super::cell::covered;
use super::dialect::{DIALECTS, Dialect};
use super::table;
use crate::{RULES, Rule};

const HEAD: &str = "# Rules and fixes by dialect

Which rule applies to which dialect, and where it offers a fix. Each cell stands for test fixtures that are generated in that
dialect, in all of its styles, from one table, `server/rules/src/tests/dialects/table/`: in every dialect the finding underlines the
same words, and the fix adds and removes the same permissions. This page is generated from the table by
`LEASTWISE_UPDATE=1 cargo test -p leastwise-rules dialects`.

**F**: findings. **X**: findings with fixes. A number: the rule doesn't apply there, for the reason below.
";

/// What a rule does in a dialect: `Ok` with whether it mends, else why it is silent.
fn of(rule: &Rule, dialect: Dialect) -> Result<bool, &'static str> {
    let rows = table::rows().filter(|row| row.rule == rule.id);
    let mut found = Err("there is no row");
    for row in rows {
        match (covered(row, dialect), found) {
            (Ok(mends), Ok(other)) => found = Ok(mends || other),
            (Ok(mends), Err(_)) => found = Ok(mends),
            (Err(except), Err("there is no row")) => found = Err(except.why),
            (Err(_), _) => {}
        }
    }
    found
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    let mut reasons: Vec<&str> = Vec::new();
    let columns: Vec<&str> = DIALECTS.iter().map(|dialect| dialect.name().0).collect();
    let _ = writeln!(page, "\n| rule | {} |", columns.join(" | "));
    let _ = writeln!(page, "| --- |{}", " --- |".repeat(columns.len()));
    for rule in RULES {
        let _ = write!(page, "| `{}` |", rule.id);
        for dialect in DIALECTS {
            let cell = match of(rule, dialect) {
                Ok(true) => "X".to_owned(),
                Ok(false) => "F".to_owned(),
                Err(why) => {
                    let at = reasons.iter().position(|other| *other == why);
                    let at = at.unwrap_or_else(|| {
                        reasons.push(why);
                        reasons.len() - 1
                    });
                    (at + 1).to_string()
                }
            };
            let _ = write!(page, " {cell} |");
        }
        page.push('\n');
    }
    page.push('\n');
    for (at, why) in reasons.iter().enumerate() {
        let _ = writeln!(page, "{}. {}.", at + 1, capital(why));
    }
    page.push_str("\nThe dialects:\n\n");
    for dialect in DIALECTS {
        let (short, long) = dialect.name();
        let _ = writeln!(page, "- {short}: {long}");
    }
    let open: Vec<_> = table::rows()
        .flat_map(|row| {
            row.except
                .iter()
                .chain(row.unfixed)
                .chain(row.restyled)
                .map(|of| (row.rule, of))
        })
        .filter(|(_, except)| except.why.starts_with("not yet"))
        .collect();
    if !open.is_empty() {
        page.push_str("\nKnown gaps:\n\n");
        for (rule, except) in open {
            let names: Vec<_> = except
                .dialects
                .iter()
                .map(|dialect| dialect.name().0)
                .collect();
            let _ = writeln!(page, "- `{rule}` in {}: {}", names.join(", "), except.why);
        }
    }
    page
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[test]
fn the_page_is_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/dialects.md");
    let page = page();
    if std::env::var_os("LEASTWISE_UPDATE").is_some() {
        std::fs::write(&path, &page).expect("the page can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written.replace("\r\n", "\n") == page,
        "docs/dialects.md is not what the table says: run `LEASTWISE_UPDATE=1 cargo test -p leastwise-rules dialects`"
    );
}
