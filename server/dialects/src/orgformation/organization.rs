//! The organization that a template is for: its accounts and units, which the file itself declares, or one that it includes.

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::{HashMap, HashSet, HashSetExt};
use leastwise_model::files::{self, Files, Unread};
use leastwise_model::text::Text;
use leastwise_syntax::{Format, NodeId, Pair, Style, Tree, View};

use super::limits::{ACCOUNTS, DEPTH_OF_UNITS, INCLUDES, TARGETS};
use crate::intrinsic::notation::TEMPLATE;

/// What the types of an organization's resources begin with.
pub(super) const PREFIX: &str = "OC::ORG::";

/// The accounts and units of an organization.
#[derive(Debug, Default)]
pub(super) struct Organization {
    /// The file that declares it, where that is another, and where it lies.
    pub elsewhere: Option<(String, Arc<Tree>)>,
    /// Its accounts, in the file's order.
    pub accounts: Vec<OrgAccount>,
    /// Where they are, by logical id.
    by_name: HashMap<String, usize>,
    /// Where they are, by their numbers.
    by_number: HashMap<String, usize>,
    /// The properties of its organizational units, by logical id.
    units: HashMap<String, Option<NodeId>>,
    /// Whether it may have more than is known.
    pub open: bool,
}

/// An account of an organization. Its nodes are those of the organization's file.
#[derive(Debug)]
pub(super) struct OrgAccount {
    /// The logical id.
    pub name: String,
    /// The account's own number, twelve digits, where it is declared.
    pub number: Option<String>,
    /// Whether it is the one that the organization belongs to.
    pub is_master: bool,
    /// The node of its logical id.
    pub key: NodeId,
    /// Its properties.
    pub properties: Option<NodeId>,
}

impl OrgAccount {
    /// Its type, in OrgFormation's words.
    pub fn type_name(&self) -> &'static str {
        match self.is_master {
            true => "OC::ORG::MasterAccount",
            false => "OC::ORG::Account",
        }
    }
}

impl Organization {
    /// The organization that a template declares or includes; one of which nothing is known where it does neither.
    pub fn of(
        tree: &Tree,
        root: NodeId,
        path: &str,
        files: &dyn Files,
        unread: &mut Vec<Unread>,
    ) -> Organization {
        let Some(node) = tree.get(root, "Organization") else {
            return Organization::unknown();
        };
        match included(tree, node) {
            Some(name) => {
                let path = files::join(files::folder(path), name);
                Organization::at(&path, files, unread)
            }
            None => Organization::read(tree, node),
        }
    }

    /// The organization that a file declares, or includes.
    pub fn at(path: &str, files: &dyn Files, unread: &mut Vec<Unread>) -> Organization {
        let mut path = path.to_owned();
        for _ in 0..INCLUDES {
            let Some(tree) = files.tree(&path) else {
                unread.extend(files.refused(&path));
                break;
            };
            let mut roots = tree.documents().iter();
            let Some(node) = roots.find_map(|root| tree.get(*root, "Organization")) else {
                break;
            };
            match included(&tree, node) {
                Some(name) => path = files::join(files::folder(&path), name),
                None => {
                    let read = Organization::read(&tree, node);
                    return Organization {
                        elsewhere: Some((path, tree)),
                        ..read
                    };
                }
            }
        }
        Organization::unknown()
    }

    /// One of which nothing is known.
    fn unknown() -> Organization {
        Organization {
            open: true,
            ..Organization::default()
        }
    }

    fn read(tree: &Tree, node: NodeId) -> Organization {
        let node = tree.resolved(node);
        let mut organization = Organization {
            // What isn't written as pairs may be anything.
            open: !matches!(tree.view(node), View::Mapping(_)),
            ..Organization::default()
        };
        for pair in tree.pairs(node) {
            let Some((name, kind)) = declared(tree, pair) else {
                organization.open = true;
                continue;
            };
            let properties = tree.get(pair.value, "Properties");
            let properties = properties.map(|node| tree.resolved(node));
            match kind {
                "OrganizationalUnit" => {
                    organization.units.insert(name.to_owned(), properties);
                }
                "Account" | "MasterAccount" if organization.accounts.len() < ACCOUNTS => {
                    let id = properties.and_then(|node| tree.get(node, "AccountId"));
                    organization.add(OrgAccount {
                        name: name.to_owned(),
                        number: id.and_then(|node| number(tree, node)),
                        is_master: kind == "MasterAccount",
                        key: pair.key,
                        properties,
                    });
                }
                "Account" | "MasterAccount" => organization.open = true,
                _ => {}
            }
        }
        organization
    }

    fn add(&mut self, account: OrgAccount) {
        let at = self.accounts.len();
        self.by_name.insert(account.name.clone(), at);
        if let Some(number) = &account.number {
            self.by_number.insert(number.clone(), at);
        }
        self.accounts.push(account);
    }

    /// The file that declares it; `own` is the template's.
    pub fn home<'t>(&'t self, own: &'t Tree) -> &'t Tree {
        self.elsewhere.as_ref().map_or(own, |(_, tree)| tree)
    }

    /// The account of a logical id: which it is.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The account of a logical id.
    pub fn account(&self, name: &str) -> Option<&OrgAccount> {
        self.accounts.get(self.position(name)?)
    }

    /// The account that has a number.
    pub fn numbered(&self, number: &str) -> Option<&OrgAccount> {
        self.accounts.get(*self.by_number.get(number)?)
    }

    /// What an attribute of an account gives, where it is written out; `own` is the template's file.
    pub fn value(&self, own: &Tree, account: &OrgAccount, attribute: &str) -> Option<String> {
        let tree = self.home(own);
        let properties = account.properties?;
        let node = match attribute {
            "AccountId" => return account.number.clone(),
            "AccountName" | "Alias" | "RootEmail" => tree.get(properties, attribute)?,
            tag => tree.get(tree.get(properties, "Tags")?, tag.strip_prefix("Tags.")?)?,
        };
        written_out(tree, node).map(str::to_owned)
    }

    /// The accounts of a unit, with those of the units in it. `None` where they aren't all known.
    pub fn of_unit(&self, own: &Tree, name: &str) -> Option<BTreeSet<usize>> {
        let tree = self.home(own);
        let mut found = BTreeSet::new();
        let mut seen = HashSet::new();
        let mut open = vec![(name, 0)];
        while let Some((name, level)) = open.pop() {
            if !seen.insert(name) {
                continue;
            }
            let properties = (*self.units.get(name)?)?;
            if level >= DEPTH_OF_UNITS {
                return None;
            }
            if let Some(list) = tree.get(properties, "Accounts") {
                for name in references(tree, list)? {
                    found.insert(self.position(name)?);
                }
                if found.len() > TARGETS {
                    return None;
                }
            }
            if let Some(list) = tree.get(properties, "OrganizationalUnits") {
                let inner = references(tree, list)?.into_iter();
                open.extend(inner.map(|name| (name, level + 1)));
            }
        }
        Some(found)
    }

    /// The accounts that have a tag. `None` where that isn't known of all.
    pub fn with_tag(&self, own: &Tree, tag: &str) -> Option<BTreeSet<usize>> {
        let tree = self.home(own);
        let mut found = BTreeSet::new();
        for (at, account) in self.accounts.iter().enumerate() {
            let tags = account.properties.and_then(|node| tree.get(node, "Tags"));
            let Some(tags) = tags.map(|node| tree.resolved(node)) else {
                continue;
            };
            let View::Mapping(pairs) = tree.view(tags) else {
                return None;
            };
            if tree.get(tags, tag).is_some() {
                found.insert(at);
            } else if pairs.iter().any(|pair| tree.text(pair.key) == Some("<<")) {
                // Another file has more of them.
                return None;
            }
        }
        (found.len() <= TARGETS).then_some(found)
    }
}

/// The logical id of a resource of an organization, and its type without what all begin with.
pub(super) fn declared(tree: &Tree, pair: Pair) -> Option<(&str, &str)> {
    let name = tree.text(pair.key)?;
    let kind = tree.text(tree.get(pair.value, "Type")?)?;
    Some((name, kind.strip_prefix(PREFIX)?))
}

/// The file that stands in the place of a node.
fn included(tree: &Tree, node: NodeId) -> Option<&str> {
    match tree.view(tree.resolved(node)) {
        View::Tagged(tag, name) if tag.name == "!Include" => tree.text(name),
        _ => None,
    }
}

/// The names that a `Ref`, or a list of them, refers to. `None` for anything else.
pub(super) fn references(tree: &Tree, node: NodeId) -> Option<Vec<&str>> {
    let node = tree.resolved(node);
    let name = |node: NodeId| match tree.view(tree.resolved(node)) {
        View::Tagged(tag, name) if tag.name == "Ref" => tree.text(name),
        _ => None,
    };
    match tree.view(node) {
        View::Sequence(items) => items.iter().map(|item| name(*item)).collect(),
        _ => name(node).map(|name| vec![name]),
    }
}

/// A text that is written out: no function or other tool makes it.
fn written_out(tree: &Tree, node: NodeId) -> Option<&str> {
    let node = tree.resolved(node);
    if tree.is_hole(node) || !matches!(tree.view(node), View::Scalar(_)) {
        return None;
    }
    let is_literal = Text::lower(tree, node, TEMPLATE).literal(tree).is_some();
    let text = tree.text(node).filter(|_| is_literal)?;
    (!text.is_empty() && !text.contains("${")).then_some(text)
}

/// The number of an account: twelve digits.
fn number(tree: &Tree, node: NodeId) -> Option<String> {
    let text = written_out(tree, node)?;
    let is_number = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    // Without quotes YAML may read one as octal.
    let is_plain = tree.style(tree.resolved(node)) == Style::Plain;
    let is_octal = tree.format() == Format::Yaml && is_plain && text.starts_with('0');
    (is_number && !is_octal).then(|| text.to_owned())
}
