//! The resource types that come first of a service.

use crate::services::NameRows;
use crate::tables::Tables;
use crate::{lines, read};

/// `MAIN_TYPES`: the service's row, a resource type (0) or a format of ARNs (1), its row or the format, in the order of the file.
pub fn build(tables: &mut Tables, names: &NameRows) {
    let path = "curated/main-types.tsv";
    for (place, cells) in lines(path, &read(path)) {
        let [prefix, types, source] = cells.as_slice() else {
            panic!("{place}: three cells are expected")
        };
        let Some(service) = names.services.get(*prefix) else {
            panic!("{place}: {prefix} is no service")
        };
        assert!(source.starts_with("https://"), "{place}: no source");
        for of in types.split(' ') {
            let (kind, value) = if of.starts_with("arn:${Partition}:") {
                (1, tables.string(of))
            } else {
                let key = format!("{prefix}:{}", of.to_lowercase());
                match names.resources.get(&key) {
                    Some(row) => (0, *row),
                    None => panic!("{place}: {key} is no resource type"),
                }
            };
            tables.row("MAIN_TYPES", &[*service, kind, value]);
        }
    }
}
