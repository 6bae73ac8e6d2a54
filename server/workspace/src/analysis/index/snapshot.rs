//! An index in words, to compare two.

use std::collections::BTreeMap;

use leastwise_model::OwnerKind;

use super::Index;
use super::asked::Key;
use super::identity::named;

impl Index {
    /// All that it can be asked for, and what it answers, in words.
    pub(crate) fn told(&self) -> BTreeMap<String, Vec<String>> {
        let said = self.said.iter().map(|(key, files)| {
            let files = files.iter().map(|filed| {
                let own = match key {
                    Key::Owner(kind, name) => {
                        let own = self.owners(*kind, name);
                        let own =
                            own.filter(|(file, ..)| std::ptr::eq(*file, &raw const filed.file));
                        own.map(|(_, at, owner)| format!("{at} {}", owner.label))
                            .collect()
                    }
                    Key::Stacks(path) => filed.stacks(path).to_vec(),
                    Key::Export(name) => {
                        let own = filed.exports(name).iter();
                        own.map(|export| format!("{} {:?}", export.environment, export.value))
                            .collect()
                    }
                    _ => Vec::new(),
                };
                format!("{} {own:?}", filed.file.place.display())
            });
            (format!("{key:?}"), files.collect())
        });
        let mut told: BTreeMap<_, Vec<String>> = said.collect();
        for kind in [OwnerKind::Role, OwnerKind::ManagedPolicy] {
            let mut names: Vec<_> = self.names(kind).map(str::to_owned).collect();
            names.sort_unstable();
            names.push(format!(
                "{:?}",
                self.names.get(&kind).copied().unwrap_or_default()
            ));
            told.insert(format!("{:?}", Key::Names(kind)), names);
        }
        for file in self.files() {
            for owner in file.analysis.owners.iter() {
                for attached in owner.attached.iter() {
                    let arns = self.arns(&file.tree, &file.analysis, attached);
                    for name in arns
                        .iter()
                        .filter_map(|(arn, _)| named(OwnerKind::ManagedPolicy, arn))
                    {
                        let holders = self.attachments().named(&name).iter().map(|attaching| {
                            let own = attaching.holders.get(&name).into_iter().flatten();
                            let own: Vec<_> = own
                                .map(|own| format!("{} {}", own.owner, own.arn.display()))
                                .collect();
                            format!("{} {own:?}", attaching.filed.file.place.display())
                        });
                        told.insert(
                            format!("{:?}", Key::Holders(name.clone())),
                            holders.collect(),
                        );
                    }
                }
            }
        }
        for file in self.files() {
            let owners = file.analysis.owners.iter().map(|owner| {
                let managed: Vec<_> = owner.managed.iter().map(|it| it.name()).collect();
                let (names, made, open) = (&owner.names, owner.generated.len(), owner.dynamic);
                let (label, attached) = (&owner.label, owner.attached.len());
                format!("{label} {names:?} {managed:?} {made} {attached} {open}")
            });
            let kinds = file.analysis.sites.iter();
            let kinds = kinds.map(|site| format!("{:?} {:?}", site.kind, site.service));
            let all = owners.chain(kinds).collect();
            told.insert(file.place.display().to_string(), all);
        }
        told.insert("saying".to_owned(), vec![self.saying.to_string()]);
        told
    }
}
