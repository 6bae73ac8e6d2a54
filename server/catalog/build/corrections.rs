//! Where AWS's own table is short: ARNs that its actions take beside those it lists, and actions that it doesn't list.

use crate::services::NameRows;
use crate::tables::Tables;
use crate::{lines, read};
use serde_json::Value;
use std::collections::BTreeSet;

/// `CORRECTIONS`: of an action (0) or a resource type (1), its row, the ARN's format, whether it is surely so, the source.
pub fn build(tables: &mut Tables, names: &NameRows) {
    let path = "curated/corrections.tsv";
    for (place, cells) in lines(path, &read(path)) {
        let [keys, arn, weight, source] = cells.as_slice() else {
            panic!("{place}: four cells are expected")
        };
        assert!(
            arn.starts_with("arn:${Partition}:") && arn.matches(':').count() >= 5,
            "{place}: {arn} is no format of an ARN"
        );
        assert!(source.starts_with("https://"), "{place}: no source");
        let sure = match *weight {
            "takes" => 1,
            "doubt" => 0,
            other => panic!("{place}: unknown weight {other}"),
        };
        let (arn, source) = (tables.string(arn), tables.string(source));
        for key in keys.split(' ') {
            let key = key.to_lowercase();
            let (kind, row) = match (names.actions.get(&key), names.resources.get(&key)) {
                (Some(action), None) => (0, action.row),
                (None, Some(row)) => (1, *row),
                _ => panic!("{place}: {key} is no action and no resource type"),
            };
            tables.row("CORRECTIONS", &[kind, row, arn, sure, source]);
        }
    }
}

/// `DOCUMENTED`: actions, or what they begin with, that AWS names on other pages.
pub fn documented(tables: &mut Tables, names: &NameRows) {
    let path = "curated/documented-actions.tsv";
    for (place, cells) in lines(path, &read(path)) {
        let [name, source] = cells.as_slice() else {
            panic!("{place}: two cells are expected")
        };
        assert!(
            !names.actions.contains_key(&name.to_lowercase()),
            "{place}: {name} is in the table by now"
        );
        assert!(source.starts_with("https://"), "{place}: no source");
        let cells = [tables.string(name), tables.string(source)];
        tables.row("DOCUMENTED", &cells);
    }
}

/// `MENTIONED`: actions that AWS's own policies allow or deny by name, and that its table doesn't list; in lower case,
/// sorted.
pub fn mentioned(tables: &mut Tables, names: &NameRows, policies: &[Value]) {
    let mut found = BTreeSet::new();
    for policy in policies {
        let statements = match &policy["Statement"] {
            Value::Array(statements) => statements.as_slice(),
            one => std::slice::from_ref(one),
        };
        for statement in statements {
            for element in ["Action", "NotAction"] {
                let list = match &statement[element] {
                    Value::Array(list) => list.as_slice(),
                    one => std::slice::from_ref(one),
                };
                let texts = list.iter().filter_map(Value::as_str);
                found.extend(texts.map(str::to_lowercase));
            }
        }
    }
    found.retain(|name| {
        name.contains(':') && !name.contains(['*', '?']) && !names.actions.contains_key(name)
    });
    for name in found {
        let name = tables.string(&name);
        tables.row("MENTIONED", &[name]);
    }
}
