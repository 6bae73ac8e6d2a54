//! How a module of Terraform writes where it is deployed: the references that stand for its partition, region, account
//! and the app's prefix.
//!
//! Told from the text, not from the policies: nothing outside a policy may depend on what another policy holds, and a
//! scan costs less than lowering them.

use std::sync::Arc;

use foldhash::{HashSet, HashSetExt};
use leastwise_model::text::{Part, Text};
use leastwise_model::{Config, Environment, Spelling};
use leastwise_syntax::{Span, Tree};

use super::limits::REFERENCES_TRIED;
use super::{Module, Reference};
use crate::resolve::Resolver;

/// A file of a module, and where it is deployed.
struct File<'a> {
    tree: &'a Tree,
    module: &'a Module,
    config: &'a Arc<Config>,
    environments: &'a [Environment],
}

/// A part of an ARN that tells where it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Partition,
    Region,
    Account,
}

/// References by how often they are written, the most frequent first.
#[derive(Default)]
struct Counted<'t>(Vec<(&'t str, usize)>);

impl<'t> Counted<'t> {
    fn add(&mut self, text: &'t str) {
        if let Some((_, count)) = self.0.iter_mut().find(|(own, _)| *own == text) {
            *count += 1;
        } else if self.0.len() < REFERENCES_TRIED {
            self.0.push((text, 1));
        }
    }

    fn ranked(mut self) -> Vec<&'t str> {
        // Stable: of two as frequent ones, the first counts.
        self.0.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        self.0.into_iter().map(|(text, _)| text).collect()
    }
}

/// What the texts of a module write.
#[derive(Default)]
struct Written<'t> {
    partitions: Counted<'t>,
    regions: Counted<'t>,
    accounts: Counted<'t>,
    names: Counted<'t>,
}

impl<'t> Written<'t> {
    fn read(source: &'t str) -> Written<'t> {
        let mut written = Written::default();
        for at in memchr::memmem::find_iter(source.as_bytes(), "arn:") {
            written.arn(source.get(at..).unwrap_or_default());
        }
        for at in memchr::memmem::find_iter(source.as_bytes(), "${") {
            let inside = source.get(at + 2..).unwrap_or_default();
            let line = inside.lines().next().unwrap_or_default();
            if let Some((name, _)) = line.split_once('}')
                && (name.starts_with("var.") || name.starts_with("local."))
            {
                written.names.add(name.trim());
            }
        }
        written
    }

    /// An ARN, from its beginning on.
    fn arn(&mut self, text: &'t str) {
        let mut rest = text.get("arn:".len()..).unwrap_or_default();
        for index in 1..5 {
            let (segment, behind) = match rest.strip_prefix("${").and_then(|it| it.split_once("}:"))
            {
                Some((name, behind)) if !name.contains(['\n', '"', '{', '}']) => {
                    (Some(name.trim()), behind)
                }
                _ => match rest.split_once(':') {
                    Some((segment, behind)) if !segment.contains(['\n', '"', ' ']) => {
                        (None, behind)
                    }
                    _ => return,
                },
            };
            match (index, segment) {
                (1, Some(name)) => self.partitions.add(name),
                (3, Some(name)) => self.regions.add(name),
                (4, Some(name)) => self.accounts.add(name),
                _ => {}
            }
            rest = behind;
        }
    }
}

/// How a module writes where it is deployed, as one of its files sees it.
pub(super) fn spelling(
    module: &Module,
    tree: &Tree,
    config: &Arc<Config>,
    environments: &[Environment],
) -> Spelling {
    spell(&File {
        tree,
        module,
        config,
        environments,
    })
}

fn spell(file: &File<'_>) -> Spelling {
    let File { tree, module, .. } = *file;
    let mut spelling = Spelling::default();
    // What the file itself writes comes before what the others do.
    written(file, tree.source(), &mut spelling);
    if is_whole(file, &spelling) {
        return spelling;
    }
    let outlook = module.outlook(file.config, file.environments);
    // What others look at as well is worked out over the module as all of them see it.
    let (whole, was) = module.as_read(tree);
    spelling.fill(outlook.written.get_or_init(was, None, || {
        let file = &File {
            tree: was,
            module: &whole,
            ..*file
        };
        let mut spelling = Spelling::default();
        for other in 0..whole.count() {
            let source = whole.tree(other, was).source();
            written(file, source, &mut spelling);
            if is_whole(file, &spelling) {
                break;
            }
        }
        of_config(file, &mut spelling);
        spelling
    }));
    if is_whole(file, &spelling) {
        return spelling;
    }
    // What nothing is written by yet is what the module declares.
    let own = || module.own_blocks().map(|(address, _)| address);
    spelling.fill(&declared(tree, module, own));
    spelling.fill(
        outlook
            .declared
            .get_or_init(was, None, || declared(was, &whole, || whole.addresses())),
    );
    spelling
}

/// Whether there is nothing left to look for.
fn is_whole(file: &File<'_>, spelling: &Spelling) -> bool {
    let Spelling {
        partition,
        region,
        account,
        prefix,
        ..
    } = spelling;
    [partition, region, account]
        .iter()
        .all(|slot| slot.is_some())
        && (prefix.is_some() || file.config.prefix.is_none())
}

/// Takes what a file of the module writes for what isn't known yet.
fn written(file: &File<'_>, source: &str, spelling: &mut Spelling) {
    let written = Written::read(source);
    let slots = [
        (Slot::Partition, written.partitions, &mut spelling.partition),
        (Slot::Region, written.regions, &mut spelling.region),
        (Slot::Account, written.accounts, &mut spelling.account),
    ];
    for (slot, counted, found) in slots {
        if found.is_none() {
            let mut names = counted.ranked().into_iter();
            *found = names.find(|name| is_known(file, name, slot)).map(braced);
        }
    }
    if spelling.prefix.is_none()
        && let Some(prefix) = file.config.prefix.as_deref()
    {
        let names = written.names.ranked().into_iter();
        let mut found = names.filter_map(|name| {
            let is_set_off = is_prefix(file, name, prefix)?;
            Some((braced(name), is_set_off))
        });
        if let Some((text, is_set_off)) = found.next() {
            spelling.prefix = Some(text);
            spelling.is_set_off = is_set_off;
        }
    }
}

/// What the config calls the prefix's variable, where the module has one that nothing is written by yet.
fn of_config(file: &File<'_>, spelling: &mut Spelling) {
    let module = file.module;
    let Some(prefix) = file.config.prefix.as_deref() else {
        return;
    };
    if spelling.prefix.is_some() {
        return;
    }
    let names = file.config.prefix_variables.iter();
    let declared = names.filter_map(|name| {
        match (
            module.variable(name).is_some(),
            module.local(name).is_some(),
        ) {
            (true, _) => Some(format!("var.{name}")),
            (_, true) => Some(format!("local.{name}")),
            _ => None,
        }
    });
    for name in declared {
        if let Some(is_set_off) = is_prefix(file, &name, prefix) {
            spelling.prefix = Some(braced(&name));
            spelling.is_set_off = is_set_off;
            break;
        }
    }
}

/// What can be written by the data sources at some addresses of the module.
fn declared<'m, I: Iterator<Item = &'m str>>(
    tree: &Tree,
    module: &Module,
    addresses: impl Fn() -> I,
) -> Spelling {
    let declared = |kind: &str, attribute: &str| {
        let address = addresses().find(|address| is_here(module, address, kind))?;
        Some(format!("{address}.{attribute}"))
    };
    let region = declared("aws_region", "name").map(|name| {
        // Newer versions of the provider call it `region`.
        let newer = format!("{}region", name.strip_suffix("name").unwrap_or(&name));
        let is_newer = module.trees(tree).any(|tree| tree.mentions(&newer))
            && !module.trees(tree).any(|tree| tree.mentions(&name));
        braced(if is_newer { &newer } else { &name })
    });
    Spelling {
        partition: declared("aws_partition", "partition")
            .as_deref()
            .map(braced),
        account: declared("aws_caller_identity", "account_id")
            .as_deref()
            .map(braced),
        region,
        ..Spelling::default()
    }
}

fn braced(name: &str) -> String {
    format!("${{{name}}}")
}

/// Whether an address is a data source of a kind that tells of the provider that most resources are made with.
fn is_here(module: &Module, address: &str, kind: &str) -> bool {
    module.block(address).is_some_and(|block| {
        block.data && block.type_name == kind && !block.repeated && !block.configured
    })
}

/// Whether a reference surely is the partition, region or account of every environment.
fn is_known(file: &File<'_>, name: &str, slot: Slot) -> bool {
    let Some(reference) = Reference::parse(name) else {
        return false;
    };
    if let Some(resource) = reference.resource() {
        let kind = match slot {
            Slot::Partition => "aws_partition",
            Slot::Region => "aws_region",
            Slot::Account => "aws_caller_identity",
        };
        return is_here(file.module, &resource.address, kind);
    }
    file.environments.iter().all(|environment| {
        let wanted = match slot {
            Slot::Partition => &environment.partition,
            Slot::Region => &environment.region,
            Slot::Account => &environment.account,
        };
        let values = values(file, environment, name);
        wanted.is_some() && values.len() == 1 && values.contains(wanted)
    })
}

/// Whether a reference is the app's prefix in every environment, and then whether it brings the sign behind it.
fn is_prefix(file: &File<'_>, name: &str, prefix: &str) -> Option<bool> {
    let mut found: Option<bool> = None;
    for environment in file.environments {
        for value in values(file, environment, name) {
            let rest = value.as_deref()?.strip_prefix(prefix)?;
            let is_set_off = match rest {
                "" => prefix.ends_with(['-', '_', '/']),
                "-" | "_" | "/" => true,
                _ => return None,
            };
            if found.is_some_and(|other| other != is_set_off) {
                return None;
            }
            found = Some(is_set_off);
        }
    }
    found
}

/// What a reference is under an environment; `None` for a value that isn't known.
fn values(file: &File<'_>, environment: &Environment, name: &str) -> HashSet<Option<String>> {
    let Some(node) = file.tree.documents().first().copied() else {
        return HashSet::new();
    };
    let text = Text {
        node,
        span: Span::default(),
        parts: vec![Part::Variable {
            name: name.to_owned(),
            span: Span::default(),
        }],
    };
    let resolver = Resolver::new(file.tree, file.config, file.module, environment, true);
    let values = resolver.resolve(&text);
    values
        .into_iter()
        .map(|value| value.pattern.as_literal())
        .collect()
}
