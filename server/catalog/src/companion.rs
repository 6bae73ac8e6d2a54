//! Companions: what an action needs beside it, so that a role that gets the one needs the others.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::curated::rows;
use crate::{Action, catalog};

static COMPANIONS: LazyLock<HashMap<Action, Vec<Action>>> = LazyLock::new(|| {
    let read = |[action, needed, _]: [&'static str; 3]| {
        let (service, name) = action.split_once(':')?;
        let names = needed.split(' ');
        let companions = names.map(|name| catalog().action(service, name));
        Some((
            catalog().action(service, name)?,
            companions.collect::<Option<_>>()?,
        ))
    };
    rows(include_str!("../curated/companions.tsv"))
        .filter_map(read)
        .collect()
});

impl Action {
    /// What it needs beside it to do its work, though those that make the same things don't: to delete a role, its
    /// policies are listed before.
    pub fn companions(self) -> &'static [Action] {
        COMPANIONS.get(&self).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::COMPANIONS;

    #[test]
    fn every_row_has_its_actions_and_a_source() {
        let text = include_str!("../curated/companions.tsv");
        let rows: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(COMPANIONS.len(), rows.len());
        for row in rows {
            let cells: Vec<&str> = row.split('\t').collect();
            assert!(
                matches!(cells.as_slice(), [_, _, source] if !source.is_empty()),
                "{row}"
            );
        }
    }
}
