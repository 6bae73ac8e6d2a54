//! Reads the embedded tables. The only module that knows their layout.
//!
//! Every table is rows of little-endian `u32` cells. A cell is a number, a string (its number in the string table), a
//! row of another table, or a list (the place in [`tables::LISTS`] where its length stands, its items behind it).
//! Row numbers come only from these tables, and a test walks all of them; a read outside gives zero or "".

use std::cmp::Ordering;

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

/// Size of the embedded facts in bytes: tables and strings.
#[cfg(test)]
pub(crate) fn size() -> (usize, usize) {
    (BYTES.len(), STRINGS.len())
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
    left.bytes()
        .map(|byte| byte.to_ascii_lowercase())
        .cmp(right.bytes().map(|byte| byte.to_ascii_lowercase()))
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
    let row = partition(start, end, |row| {
        compare(text(table.get(row, column)), name) == Ordering::Less
    });
    (row < end && text(table.get(row, column)).eq_ignore_ascii_case(name)).then_some(row)
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
