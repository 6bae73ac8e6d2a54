//! The tables of `curated/` that are read at run time.

/// The rows of a table, each of as many cells; lines that begin with `#` say what it is about. A row with other cells is none: the
/// tests of each table count.
pub(crate) fn rows<const CELLS: usize>(
    table: &'static str,
) -> impl Iterator<Item = [&'static str; CELLS]> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        cells.try_into().ok()
    })
}
