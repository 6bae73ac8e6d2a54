//! Collects strings, lists and rows, and writes them as `src/blob.rs` reads them.

use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Stands for "no such thing".
pub const NONE: u32 = u32::MAX;

/// The tables with their columns. Every one is written, even when it is empty.
const TABLES: [(&str, usize); 23] = [
    ("META", 1),
    ("SERVICES", 7),
    ("ACTIONS", 8),
    ("ACTIONS_BY_NAME", 1),
    ("ACTION_RESOURCES", 4),
    ("RESOURCE_TYPES", 4),
    ("CONDITION_KEYS", 3),
    ("KEY_TEMPLATES", 1),
    ("RETIRED", 3),
    ("API_OPERATIONS", 3),
    ("CFN_TYPES", 13),
    ("MANAGED_POLICIES", 3),
    ("PRINCIPALS", 1),
    ("CORRECTIONS", 5),
    ("MAIN_TYPES", 3),
    ("DOCUMENTED", 2),
    ("MENTIONED", 1),
    ("ALIASES", 2),
    ("SAM_TEMPLATES", 4),
    ("SAM_CONNECTORS", 5),
    ("SAM_ACCESS", 3),
    ("SAM_STATEMENTS", 4),
    ("SAM_TYPES", 7),
];

#[derive(Default)]
pub struct Tables {
    text: String,
    ends: Vec<u32>,
    known: HashMap<String, u32>,
    lists: Vec<u32>,
    known_lists: HashMap<Vec<u32>, u32>,
    rows: HashMap<&'static str, Vec<u32>>,
}

impl Tables {
    /// The number of a string. Equal strings share one.
    pub fn string(&mut self, text: &str) -> u32 {
        if let Some(string) = self.known.get(text) {
            return *string;
        }
        let string = self.ends.len() as u32;
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        self.known.insert(text.to_owned(), string);
        string
    }

    /// The number of an optional string.
    pub fn optional(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            NONE
        } else {
            self.string(text)
        }
    }

    /// The place of a list. Equal lists share one.
    pub fn list(&mut self, items: Vec<u32>) -> u32 {
        if let Some(list) = self.known_lists.get(&items) {
            return *list;
        }
        let list = self.lists.len() as u32;
        self.lists.push(items.len() as u32);
        self.lists.extend(&items);
        self.known_lists.insert(items, list);
        list
    }

    /// A list of strings.
    pub fn strings<'a>(&mut self, texts: impl Iterator<Item = &'a str>) -> u32 {
        let items = texts.map(|text| self.string(text)).collect();
        self.list(items)
    }

    /// Adds a row to a table and gives its number.
    pub fn row(&mut self, table: &'static str, cells: &[u32]) -> u32 {
        let columns = columns(table);
        assert_eq!(cells.len(), columns, "{table} has {columns} columns");
        let rows = self.rows.entry(table).or_default();
        rows.extend(cells);
        (rows.len() / columns - 1) as u32
    }

    /// How many rows a table has so far.
    pub fn rows(&self, table: &'static str) -> u32 {
        let cells = self.rows.get(table).map_or(0, Vec::len);
        (cells / columns(table)) as u32
    }

    /// The strings of a list cell that was written before.
    pub fn list_of_strings(&self, table: &str, row: u32, column: usize) -> Vec<String> {
        let cells = self.rows.get(table).map_or(&[][..], Vec::as_slice);
        let list = cells[row as usize * columns(table) + column] as usize;
        let items = &self.lists[list + 1..list + 1 + self.lists[list] as usize];
        let text = |string: &u32| {
            let start = string
                .checked_sub(1)
                .map_or(0, |before| self.ends[before as usize] as usize);
            self.text[start..self.ends[*string as usize] as usize].to_owned()
        };
        items.iter().map(text).collect()
    }

    /// Writes `layout.rs`, `tables.bin` and `strings.txt`.
    pub fn write(mut self, out: &Path) {
        let mut bytes: Vec<u8> = Vec::new();
        let mut layout = String::new();
        let ends = std::mem::take(&mut self.ends);
        let lists = std::mem::take(&mut self.lists);
        let tables = TABLES
            .iter()
            .map(|(name, columns)| (*name, *columns, self.rows.remove(name).unwrap_or_default()));
        for (name, columns, cells) in tables.chain([("STRING_ENDS", 1, ends), ("LISTS", 1, lists)])
        {
            let _ = writeln!(
                layout,
                "pub(crate) const {name}: Table = Table {{ offset: {}, rows: {}, columns: {columns} }};",
                bytes.len(),
                cells.len() / columns
            );
            bytes.extend(cells.iter().flat_map(|cell| cell.to_le_bytes()));
        }
        fs::write(out.join("layout.rs"), layout).unwrap();
        fs::write(out.join("tables.bin"), bytes).unwrap();
        fs::write(out.join("strings.txt"), &self.text).unwrap();
    }
}

fn columns(table: &str) -> usize {
    TABLES
        .iter()
        .find(|(name, _)| *name == table)
        .unwrap_or_else(|| panic!("no table {table}"))
        .1
}
