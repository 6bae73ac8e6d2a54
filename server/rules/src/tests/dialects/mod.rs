//! Every rule and every fix in every dialect, from one table: [`table::rows`] holds flaws in a notation of its own, which
//! [`frames`] writes in each dialect.

mod cell;
mod comments;
mod dialect;
mod document;
mod frames;
mod hcl;
mod jobs;
mod json;
mod notation;
mod rounds;
mod row;
mod table;
mod words;
mod yaml;

use std::collections::BTreeSet;

use cell::{Cell, covered};
use dialect::DIALECTS;
use row::Row;

use super::fixture::Fixture;
use crate::{FixKind, Group, RULES};

/// Each row in each way to write it.
pub fn cells() -> Vec<Fixture> {
    let rows = table::rows().flat_map(|row| DIALECTS.map(|dialect| Cell::new(row, dialect)));
    rows.flat_map(|cell| cell.fixtures()).collect()
}

/// What is wrong with the table or the product, all of it at once.
#[track_caller]
fn none(faults: Vec<String>) {
    assert!(
        faults.is_empty(),
        "{} faults:\n\n{}",
        faults.len(),
        faults.join("\n\n")
    );
}

/// Each row of a group in each dialect.
#[track_caller]
fn hold(group: Group) {
    let of_group = |row: &&Row| crate::rule(row.rule).is_some_and(|rule| rule.group == group);
    let mut faults = Vec::new();
    for row in table::rows().filter(of_group) {
        for dialect in DIALECTS {
            faults.extend(Cell::new(row, dialect).faults());
        }
    }
    none(faults);
}

#[test]
fn rows_on_format() {
    hold(Group::Format);
}

#[test]
fn rows_on_structure() {
    hold(Group::Structure);
}

#[test]
fn rows_on_actions() {
    hold(Group::Actions);
}

#[test]
fn rows_on_resources() {
    hold(Group::Resources);
}

#[test]
fn rows_on_conditions() {
    hold(Group::Conditions);
}

#[test]
fn rows_on_deployment() {
    hold(Group::Deploy);
}

#[test]
fn rows_on_privilege() {
    hold(Group::Privilege);
}

#[test]
fn rows_on_pipelines() {
    hold(Group::Pipeline);
}

#[test]
fn each_dialect_says_the_same() {
    let mut faults = Vec::new();
    // How much of a broken file can be read differs.
    for row in table::rows().filter(|row| row.rule != "syntax-error") {
        let mut first: Option<Vec<String>> = None;
        for dialect in DIALECTS {
            if covered(row, dialect).is_err() {
                continue;
            }
            for (style, said) in Cell::new(row, dialect).said() {
                let measure = first.get_or_insert_with(|| said.clone());
                if said != *measure {
                    faults.push(format!(
                        "{} in {dialect:?}, {style}:\n{}\nand elsewhere\n{}",
                        row.rule,
                        said.join("\n"),
                        measure.join("\n")
                    ));
                }
            }
        }
    }
    none(faults);
}

#[test]
fn each_rule_has_a_row_for_each_dialect() {
    let mut faults = Vec::new();
    for row in table::rows() {
        if crate::rule(row.rule).is_none() {
            faults.push(format!("there is no rule {}", row.rule));
        }
    }
    for rule in RULES {
        let rows: Vec<_> = table::rows().filter(|row| row.rule == rule.id).collect();
        if rows.is_empty() {
            faults.push(format!("{} has no row", rule.id));
        }
        let fixes = rows.iter().any(|row| !row.fixes.is_empty());
        if fixes != (rule.fix != FixKind::None) {
            faults.push(format!(
                "{}: fixes declared and in the table differ",
                rule.id
            ));
        }
        // One sort of exception for a dialect, and none that names it twice.
        for row in rows {
            let named: Vec<_> = row
                .except
                .iter()
                .flat_map(|except| except.dialects)
                .collect();
            if named.iter().collect::<BTreeSet<_>>().len() != named.len() {
                faults.push(format!("{}: a dialect is excepted twice", rule.id));
            }
            let unfixed = row.unfixed.iter().flat_map(|except| except.dialects);
            for dialect in unfixed {
                if row.fixes.is_empty() || named.contains(&dialect) {
                    faults.push(format!(
                        "{}: {dialect:?} needs no exception from fixes",
                        rule.id
                    ));
                }
            }
        }
    }
    none(faults);
}
