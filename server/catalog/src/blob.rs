//! Reads the embedded tables. The only module that knows their layout.
//!
//! Every table is rows of little-endian `u32` cells. A cell is a number, a string (its number in the string table), a
//! row of another table, or a list (the place in [`tables::LISTS`] where its length stands, its items behind it).
//! Row numbers come only from these tables, and a test walks all of them; a read outside gives zero or "".

use std::cmp::Ordering;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

/// Where each table lies in [`BYTES`]; written by `build.rs`.
#[allow(missing_docs)]
pub(crate) mod tables {
    use super::Table;
    include!(concat!(env!("OUT_DIR"), "/layout.rs"));
}

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/tables.bin"));
static STRINGS: &str = include_str!(concat!(env!("OUT_DIR"), "/strings.txt"));

/// Stands for "no such thing" in a cell that holds a row, a string or a list.
pub(crate) const NONE: u32 = u32::MAX;

/// A table's place.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    offset: usize,
    rows: u32,
    columns: u32,
}

impl Table {
    pub(crate) const fn rows(self) -> u32 {
        self.rows
    }

    /// The cell at `row` and `column`.
    pub(crate) fn get(self, row: u32, column: u32) -> u32 {
        if row >= self.rows || column >= self.columns {
            return 0;
        }
        let at = self.offset + 4 * (row as usize * self.columns as usize + column as usize);
        match BYTES.get(at..).and_then(|bytes| bytes.first_chunk::<4>()) {
            Some(cell) => u32::from_le_bytes(*cell),
            None => 0,
        }
    }

    /// The cell as an optional one.
    pub(crate) fn optional(self, row: u32, column: u32) -> Option<u32> {
        Some(self.get(row, column)).filter(|cell| *cell != NONE)
    }
}

/// The string with this number.
pub(crate) fn text(string: u32) -> &'static str {
    if string >= tables::STRING_ENDS.rows() {
        return "";
    }
    let start = if string == 0 {
        0
    } else {
        tables::STRING_ENDS.get(string - 1, 0)
    };
    let end = tables::STRING_ENDS.get(string, 0);
    STRINGS.get(start as usize..end as usize).unwrap_or("")
}

/// The items of a list; an absent list has none.
pub(crate) fn list(list: u32) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator + use<> {
    let length = if list == NONE {
        0
    } else {
        tables::LISTS.get(list, 0)
    };
    (0..length).map(move |item| tables::LISTS.get(list + 1 + item, 0))
}

/// Compares as IAM does: without regard to ASCII case.
pub(crate) fn compare(left: &str, right: &str) -> Ordering {
    for (left, right) in left.bytes().zip(right.bytes()) {
        // Names of one service mostly begin alike, in the same case, too.
        if left != right {
            let order = left.to_ascii_lowercase().cmp(&right.to_ascii_lowercase());
            if order != Ordering::Equal {
                return order;
            }
        }
    }
    left.len().cmp(&right.len())
}

/// The row of a table sorted by the strings in `column` whose string is `name`.
pub(crate) fn find(table: Table, column: u32, name: &str) -> Option<u32> {
    find_between(table, column, 0, table.rows(), name)
}

/// [`find`] within the rows from `start` to `end`.
pub(crate) fn find_between(
    table: Table,
    column: u32,
    start: u32,
    end: u32,
    name: &str,
) -> Option<u32> {
    let is_it = |row: u32| text(table.get(row, column)).eq_ignore_ascii_case(name);
    let recent = RECENT.get(slot(table, column, name));
    let last = recent.map_or(0, |recent| recent.load(Relaxed));
    // Of rows with one name the first is meant.
    if (start..end).contains(&last) && is_it(last) && (last == start || !is_it(last - 1)) {
        return Some(last);
    }
    let row = partition(start, end, |row| {
        compare(text(table.get(row, column)), name) == Ordering::Less
    });
    let found = (row < end && is_it(row)).then_some(row);
    if let (Some(found), Some(recent)) = (found, recent) {
        recent.store(found, Relaxed);
    }
    found
}

/// The rows that were found last, each in the place of its name: a file asks for the same few all the time. What stands in a
/// place is looked at before it is believed.
static RECENT: [AtomicU32; 1024] = [const { AtomicU32::new(0) }; 1024];

/// The place of a name.
fn slot(table: Table, column: u32, name: &str) -> usize {
    let seed = table.offset as u64 ^ u64::from(column);
    let mixed = name.bytes().fold(seed, |mixed, byte| {
        // One for both cases.
        (mixed ^ u64::from(byte | 0x20)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    (mixed >> 54) as usize
}

/// The first row from `start` to `end` for which `before` no longer holds.
pub(crate) fn partition(start: u32, end: u32, before: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (start, end);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every string, list and row number in a table must be one that exists.
    #[test]
    fn every_reference_is_in_range() {
        let string = |cell: u32, what: &str| {
            assert!(cell < tables::STRING_ENDS.rows(), "{what}: string {cell}")
        };
        let row = |cell: u32, table: Table, what: &str| {
            assert!(cell < table.rows(), "{what}: row {cell}")
        };
        let items = |cell: u32, what: &str| -> Vec<u32> {
            assert!(cell < tables::LISTS.rows(), "{what}: list {cell}");
            assert!(
                cell + tables::LISTS.get(cell, 0) < tables::LISTS.rows(),
                "{what}: list {cell} ends outside"
            );
            list(cell).collect()
        };
        let rows_of = |cell: u32, table: Table, what: &str| {
            items(cell, what)
                .iter()
                .for_each(|item| row(*item, table, what))
        };
        let strings_of = |cell: u32, what: &str| {
            items(cell, what)
                .iter()
                .for_each(|item| string(*item, what))
        };
        let present = |cell: u32| (cell != NONE).then_some(cell);

        for at in 0..tables::SERVICES.rows() {
            let cell = |column| tables::SERVICES.get(at, column);
            string(cell(0), "service");
            string(cell(1), "service");
            assert!(cell(2) <= cell(3) && cell(3) <= tables::ACTIONS.rows());
            assert!(cell(4) <= cell(5) && cell(5) <= tables::RESOURCE_TYPES.rows());
            rows_of(cell(6), tables::CONDITION_KEYS, "service");
        }
        for at in 0..tables::ACTIONS.rows() {
            let cell = |column| tables::ACTIONS.get(at, column);
            row(cell(0), tables::SERVICES, "action");
            string(cell(1), "action");
            assert!(cell(2) < 32);
            assert!(cell(3) <= cell(4) && cell(4) <= tables::ACTION_RESOURCES.rows());
            rows_of(cell(5), tables::CONDITION_KEYS, "action");
            rows_of(cell(6), tables::ACTIONS, "action");
            items(cell(7), "action")
                .iter()
                .for_each(|item| row(item & 0xf_ffff, tables::ACTIONS, "counterpart"));
        }
        for at in 0..tables::ACTIONS_BY_NAME.rows() {
            row(
                tables::ACTIONS_BY_NAME.get(at, 0),
                tables::ACTIONS,
                "action by name",
            );
        }
        for at in 0..tables::ACTION_RESOURCES.rows() {
            let cell = |column| tables::ACTION_RESOURCES.get(at, column);
            row(cell(0), tables::RESOURCE_TYPES, "action's resource");
            rows_of(cell(2), tables::CONDITION_KEYS, "action's resource");
            rows_of(cell(3), tables::ACTIONS, "action's resource");
        }
        for at in 0..tables::RESOURCE_TYPES.rows() {
            let cell = |column| tables::RESOURCE_TYPES.get(at, column);
            row(cell(0), tables::SERVICES, "resource type");
            string(cell(1), "resource type");
            strings_of(cell(2), "resource type");
            rows_of(cell(3), tables::CONDITION_KEYS, "resource type");
        }
        for at in 0..tables::CONDITION_KEYS.rows() {
            string(tables::CONDITION_KEYS.get(at, 0), "condition key");
            assert!((tables::CONDITION_KEYS.get(at, 1) as usize) < crate::ValueType::ALL.len());
        }
        for at in 0..tables::KEY_TEMPLATES.rows() {
            row(
                tables::KEY_TEMPLATES.get(at, 0),
                tables::CONDITION_KEYS,
                "template",
            );
        }
        for at in 0..tables::RETIRED.rows() {
            string(tables::RETIRED.get(at, 0), "retired");
            strings_of(tables::RETIRED.get(at, 1), "retired");
            present(tables::RETIRED.get(at, 2))
                .into_iter()
                .for_each(|cell| string(cell, "retired"));
        }
        for at in 0..tables::API_OPERATIONS.rows() {
            string(tables::API_OPERATIONS.get(at, 0), "operation");
            let needs = present(tables::API_OPERATIONS.get(at, 1));
            needs
                .into_iter()
                .for_each(|cell| rows_of(cell, tables::ACTIONS, "operation"));
        }
        for at in 0..tables::CFN_TYPES.rows() {
            let cell = |column| tables::CFN_TYPES.get(at, column);
            string(cell(0), "type");
            (1..6)
                .filter_map(|column| present(cell(column)))
                .for_each(|cell| rows_of(cell, tables::ACTIONS, "type"));
            strings_of(cell(6), "type");
            [7, 8]
                .into_iter()
                .filter_map(|column| present(cell(column)))
                .for_each(|cell| string(cell, "type"));
            assert!(present(cell(9)).is_none_or(|returns| returns < 4));
            present(cell(10))
                .into_iter()
                .for_each(|cell| row(cell, tables::RESOURCE_TYPES, "type"));
        }
        for at in 0..tables::MANAGED_POLICIES.rows() {
            (0..3).for_each(|column| string(tables::MANAGED_POLICIES.get(at, column), "policy"));
        }
        for at in 0..tables::SAM_TEMPLATES.rows() {
            let cell = |column| tables::SAM_TEMPLATES.get(at, column);
            string(cell(0), "SAM template");
            strings_of(cell(1), "SAM template");
            assert!(cell(2) < cell(3) && cell(3) <= tables::SAM_STATEMENTS.rows());
        }
        for at in 0..tables::SAM_STATEMENTS.rows() {
            (0..3).for_each(|column| {
                strings_of(tables::SAM_STATEMENTS.get(at, column), "SAM statement");
            });
            let service = present(tables::SAM_STATEMENTS.get(at, 3));
            service
                .into_iter()
                .for_each(|cell| string(cell, "SAM statement"));
        }
        for at in 0..tables::SAM_CONNECTORS.rows() {
            let cell = |column| tables::SAM_CONNECTORS.get(at, column);
            string(cell(0), "connector");
            assert!(cell(1) < 4 && cell(2) < 2);
            assert!(cell(3) < cell(4) && cell(4) <= tables::SAM_ACCESS.rows());
        }
        for at in 0..tables::SAM_ACCESS.rows() {
            let cell = |column| tables::SAM_ACCESS.get(at, column);
            string(cell(0), "access");
            assert!(cell(1) < cell(2) && cell(2) <= tables::SAM_STATEMENTS.rows());
        }
        for at in 0..tables::SAM_TYPES.rows() {
            (0..7)
                .filter_map(|column| present(tables::SAM_TYPES.get(at, column)))
                .for_each(|cell| string(cell, "connected type"));
        }
        for at in 0..tables::PRINCIPALS.rows() {
            string(tables::PRINCIPALS.get(at, 0), "principal");
        }
        for at in 0..tables::ALIASES.rows() {
            string(tables::ALIASES.get(at, 0), "alias");
            row(tables::ALIASES.get(at, 1), tables::SERVICES, "alias");
        }
    }

    #[test]
    fn tables_are_sorted_as_they_are_searched() {
        let searched = [
            tables::SERVICES,
            tables::CONDITION_KEYS,
            tables::RETIRED,
            tables::API_OPERATIONS,
            tables::CFN_TYPES,
            tables::MANAGED_POLICIES,
            tables::PRINCIPALS,
            tables::ALIASES,
            tables::SAM_TEMPLATES,
            tables::SAM_CONNECTORS,
            tables::SAM_TYPES,
        ];
        for table in searched {
            assert!(table.rows() > 0);
            for row in 1..table.rows() {
                let (before, name) = (text(table.get(row - 1, 0)), text(table.get(row, 0)));
                assert_eq!(compare(before, name), Ordering::Less, "{before} {name}");
            }
        }
    }

    #[test]
    fn what_was_found_last_changes_no_answer() {
        for action in crate::catalog().actions() {
            let service = action.service();
            // Another service may have it, too: found there last, it isn't found here.
            for name in [action.name().to_uppercase(), action.name().to_lowercase()] {
                assert_eq!(service.action(&name), Some(action), "{name}");
                assert_eq!(service.action(&format!("{name}x")), None, "{name}");
            }
        }
        let put = |service: &str| crate::catalog().action(service, "TagResource");
        for _ in 0..2 {
            assert!(put("lambda").is_some_and(|action| action.service().prefix() == "lambda"));
            assert!(put("sqs").is_none());
            assert!(put("kms").is_some_and(|action| action.service().prefix() == "kms"));
        }
    }

    #[test]
    fn the_embedded_facts_stay_small() {
        let (tables, strings) = (BYTES.len(), STRINGS.len());
        println!("{tables} bytes of tables, {strings} bytes of strings");
        assert!(
            tables + strings < 8 * 1024 * 1024,
            "{tables} + {strings} bytes"
        );
    }

    #[test]
    fn a_read_outside_gives_nothing() {
        assert_eq!(tables::SERVICES.get(u32::MAX, 0), 0);
        assert_eq!(tables::SERVICES.get(0, 99), 0);
        assert_eq!(text(NONE), "");
        assert_eq!(list(NONE).len(), 0);
    }
}
