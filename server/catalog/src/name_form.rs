//! How the names of resources follow an app's prefix.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::Catalog;
use crate::curated::rows;

/// What stands between an app's prefix and the rest of a name, where that isn't a `-`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameForm {
    /// Such names can't have a `-`: those of databases and the like have a `_`, or nothing at all.
    Undashed,
    /// Such names are paths, whose parts are set off by `/`.
    Path,
}

static FORMS: LazyLock<HashMap<(&str, &str), NameForm>> = LazyLock::new(|| {
    let rows = rows(TABLE).map(|[service, placeholders, form, _]| {
        let form = match form {
            "undashed" => NameForm::Undashed,
            _ => NameForm::Path,
        };
        (service, placeholders.split(' '), form)
    });
    rows.flat_map(|(service, names, form)| names.map(move |name| ((service, name), form)))
        .collect()
});

const TABLE: &str = include_str!("../curated/name-forms.tsv");

impl Catalog {
    /// How the names follow an app's prefix that stand for a placeholder in the ARNs of a service: `KeyspaceName` of `cassandra`.
    /// `None` where a `-` may stand between them.
    pub fn name_form(self, service: &str, placeholder: &str) -> Option<NameForm> {
        FORMS.get(&(service, placeholder)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::{TABLE, rows};
    use crate::catalog;

    #[test]
    fn every_row_is_of_formats_and_has_a_source() {
        let count = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(rows::<4>(TABLE).count(), count, "four cells are expected");
        for [service, placeholders, form, source] in rows(TABLE) {
            assert!(["undashed", "path"].contains(&form), "{service} {form}");
            assert!(source.starts_with("https://"), "{service} {source}");
            for placeholder in placeholders.split(' ') {
                let lead = format!("arn:${{Partition}}:{service}:");
                let part = format!("${{{placeholder}}}");
                let mut formats = catalog().resource_types().flat_map(|of| of.arns());
                let is_there = formats.any(|of| of.starts_with(&lead) && of.contains(&part));
                assert!(is_there, "{service} {placeholder}");
            }
        }
    }
}
