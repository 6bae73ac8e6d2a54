//! Where the resources of a template go: their bindings to accounts and regions.

use std::cell::RefCell;
use std::collections::BTreeSet;

use foldhash::HashMap;
use leastwise_syntax::{NodeId, Tree, View};

use super::limits::TARGETS;
use super::organization::{Organization, references};
use super::tasks::SaidBy;
use crate::cloudformation::template::{Resource, Template};

/// Accounts, as the organization counts them. `None` where they aren't all known.
type Accounts = Option<BTreeSet<usize>>;

/// The bindings of a template.
#[derive(Debug)]
pub(super) struct Bindings<'a> {
    /// The template.
    tree: &'a Tree,
    /// Its root.
    root: NodeId,
    /// The organization that it is for.
    organization: &'a Organization,
    /// Who says what those are that have a name, or are for all resources.
    said: &'a SaidBy,
    /// The accounts with each tag that was asked for.
    tagged: RefCell<HashMap<String, Accounts>>,
    /// Those of each unit.
    in_unit: RefCell<HashMap<String, Accounts>>,
}

/// A part of a binding, and the file that it stands in.
#[derive(Clone, Copy)]
struct Written<'a> {
    tree: &'a Tree,
    node: NodeId,
}

impl<'a> Written<'a> {
    fn new(tree: &'a Tree, node: NodeId) -> Written<'a> {
        let node = tree.resolved(node);
        Written { tree, node }
    }

    fn get(&self, key: &str) -> Option<Written<'a>> {
        let node = self.tree.get(self.node, key)?;
        Some(Written::new(self.tree, node))
    }

    fn text(&self) -> Option<&'a str> {
        self.tree.text(self.node)
    }

    fn references(&self) -> Option<Vec<&'a str>> {
        references(self.tree, self.node)
    }
}

/// Where a resource goes; `None` for what isn't known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct BoundTo {
    /// The accounts.
    pub accounts: Accounts,
    /// The regions.
    pub regions: Option<Vec<String>>,
}

/// Where all resources go.
#[derive(Debug, Default)]
pub(super) struct Placing {
    /// Each, by the node of its definition.
    pub of: HashMap<NodeId, BoundTo>,
    /// What is the same for all of them.
    pub common: BoundTo,
    /// Whether it is known of some to which accounts they go, and not the same of all.
    pub in_several_accounts: bool,
    /// The same of regions.
    pub in_several_regions: bool,
    /// Whether all surely go to the same accounts and regions.
    pub is_one: bool,
}

/// What a binding may say.
const KEYS: [&str; 7] = [
    "Account",
    "AccountsWithTag",
    "ExcludeAccount",
    "ExcludeOrganizationalUnit",
    "IncludeMasterAccount",
    "OrganizationalUnit",
    "Region",
];

impl<'a> Bindings<'a> {
    /// The bindings of a template.
    pub fn new(
        tree: &'a Tree,
        root: NodeId,
        organization: &'a Organization,
        said: &'a SaidBy,
    ) -> Bindings<'a> {
        Bindings {
            tree,
            root,
            organization,
            said,
            tagged: RefCell::default(),
            in_unit: RefCell::default(),
        }
    }

    /// Where the resources of a template go.
    pub fn places(&self, template: &Template) -> Placing {
        let resources = template.order.iter();
        let resources = resources.filter_map(|id| template.resources.get(id));
        let mut first: Option<(Option<NodeId>, BoundTo)> = None;
        let mut placing = Placing {
            is_one: true,
            ..Placing::default()
        };
        for resource in resources {
            let own = self.own(resource);
            let bound = self.bound(own);
            match &first {
                None => {
                    placing.common = bound.clone();
                    first = Some((own, bound.clone()));
                }
                Some((other, at)) => {
                    let is_known = bound.accounts.is_some() && bound.regions.is_some();
                    placing.is_one &= self.is_same(own, *other) || is_known && bound == *at;
                    let common = &mut placing.common;
                    common
                        .accounts
                        .take_if(|of| bound.accounts.as_ref() != Some(of));
                    common
                        .regions
                        .take_if(|of| bound.regions.as_ref() != Some(of));
                }
            }
            // The config's accounts aren't what a task says that can't be read.
            let is_open = bound.accounts.is_none() && self.is_from_elsewhere(own);
            placing.in_several_accounts |= is_open || bound.accounts.is_some();
            placing.in_several_regions |= is_open || bound.regions.is_some();
            placing.of.insert(resource.node, bound);
        }
        placing.in_several_accounts &= placing.common.accounts.is_none();
        placing.in_several_regions &= placing.common.regions.is_none();
        placing
    }

    /// Whether two bindings, as resources have them, are one.
    fn is_same(&self, own: Option<NodeId>, other: Option<NodeId>) -> bool {
        let name = |node: NodeId| match self.tree.view(node) {
            View::Tagged(_, name) => self.tree.text(name),
            _ => None,
        };
        match (own, other) {
            (None, None) => true,
            (Some(own), Some(other)) => {
                own == other || name(own).is_some() && name(own) == name(other)
            }
            _ => false,
        }
    }

    fn own(&self, resource: &Resource) -> Option<NodeId> {
        let own = self.tree.get(resource.node, "OrganizationBinding");
        own.map(|node| self.tree.resolved(node))
    }

    /// Whether a task says where a resource goes, or may do so.
    fn is_from_elsewhere(&self, own: Option<NodeId>) -> bool {
        let name = own.map(|own| references(self.tree, own));
        !matches!(self.said, SaidBy::Template) && name.is_none_or(|name| name.is_some())
    }

    fn bound(&self, own: Option<NodeId>) -> BoundTo {
        let Some(binding) = self.binding(own) else {
            return BoundTo::default();
        };
        BoundTo {
            accounts: self.accounts(binding),
            regions: self.regions(binding),
        }
    }

    /// The accounts that a resource is made for, each once, in every account that it goes to. The outer `None`: for none.
    pub fn for_each(&self, resource: NodeId) -> Option<Accounts> {
        let keys = ["ForeachAccount", "Foreach"];
        let own = keys.iter().find_map(|key| self.tree.get(resource, key))?;
        let binding = self.binding(Some(self.tree.resolved(own)));
        Some(binding.and_then(|binding| self.accounts(binding)))
    }

    /// The binding that a resource has, by itself, by its name, or as all have it.
    fn binding(&self, own: Option<NodeId>) -> Option<Written<'a>> {
        let Some(own) = own else {
            return self.told(&["DefaultOrganizationBinding", "OrganizationBinding"]);
        };
        match references(self.tree, own).as_deref() {
            Some([name]) => self.told(&["OrganizationBindings"])?.get(name),
            _ => Some(Written::new(self.tree, own)),
        }
    }

    /// What stands under the first of some keys: a task's has the place of the template's.
    fn told(&self, keys: &[&str]) -> Option<Written<'a>> {
        let of = |root: Written<'a>| keys.iter().find_map(|key| root.get(key));
        let own = || of(Written::new(self.tree, self.root));
        match self.said {
            SaidBy::Template => own(),
            SaidBy::Task(tree, task) => of(Written::new(tree, *task)).or_else(own),
            SaidBy::Nobody => None,
        }
    }

    /// The accounts that a binding names.
    fn accounts(&self, binding: Written<'a>) -> Accounts {
        let (tree, organization) = (binding.tree, self.organization);
        let View::Mapping(pairs) = tree.view(binding.node) else {
            return None;
        };
        let is_known = |key: NodeId| tree.text(key).is_some_and(|key| KEYS.contains(&key));
        if organization.open || !pairs.iter().all(|pair| is_known(pair.key)) {
            return None;
        }
        let mut found = BTreeSet::new();
        let of_key = |key: &str| binding.get(key);
        if let Some(node) = of_key("Account") {
            found.extend(self.named(node)?);
        }
        if let Some(node) = of_key("OrganizationalUnit") {
            found.extend(self.in_units(node)?);
        }
        if let Some(node) = of_key("AccountsWithTag") {
            found.extend(self.with_tag(node.text()?)?);
        }
        match of_key("IncludeMasterAccount").map(|node| node.text()) {
            Some(Some("true")) => {
                let mut accounts = organization.accounts.iter();
                found.insert(accounts.position(|account| account.is_master)?);
            }
            Some(Some("false")) | None => {}
            Some(_) => return None,
        }
        if let Some(node) = of_key("ExcludeAccount") {
            let left_out = self.named(node)?;
            found.retain(|account| !left_out.contains(account));
        }
        if let Some(node) = of_key("ExcludeOrganizationalUnit") {
            let left_out = self.in_units(node)?;
            found.retain(|account| !left_out.contains(account));
        }
        (found.len() <= TARGETS).then_some(found)
    }

    /// Accounts by their logical ids; `*` is all but the organization's own.
    fn named(&self, node: Written<'a>) -> Accounts {
        let organization = self.organization;
        if node.text() == Some("*") {
            let accounts = organization.accounts.iter().enumerate();
            let members = accounts.filter(|(_, account)| !account.is_master);
            let members: BTreeSet<usize> = members.map(|(at, _)| at).take(TARGETS + 1).collect();
            return (members.len() <= TARGETS).then_some(members);
        }
        let names = node.references()?.into_iter();
        names.map(|name| organization.position(name)).collect()
    }

    fn with_tag(&self, tag: &str) -> Accounts {
        let mut tagged = self.tagged.borrow_mut();
        let of = || self.organization.with_tag(self.tree, tag);
        tagged.entry(tag.to_owned()).or_insert_with(of).clone()
    }

    fn in_units(&self, node: Written<'a>) -> Accounts {
        let mut in_unit = self.in_unit.borrow_mut();
        let mut found = BTreeSet::new();
        for name in node.references()? {
            let of = || self.organization.of_unit(self.tree, name);
            let accounts = in_unit.entry(name.to_owned()).or_insert_with(of);
            found.extend(accounts.iter().flatten());
            accounts.as_ref()?;
        }
        Some(found)
    }

    /// The regions of a binding, or those of all that name none.
    fn regions(&self, binding: Written<'a>) -> Option<Vec<String>> {
        let keys = [
            "DefaultOrganizationBindingRegion",
            "OrganizationBindingRegion",
        ];
        let own = binding.get("Region");
        let Written { tree, node } = own.or_else(|| self.told(&keys))?;
        let region = |node: NodeId| {
            let text = tree.text(node)?;
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            let is_name = text.split('-').count() >= 3 && text.bytes().all(is_plain);
            is_name.then(|| text.to_owned())
        };
        let mut regions: Vec<String> = match tree.view(node) {
            View::Sequence(items) => {
                let regions = items.iter().map(|item| region(*item));
                regions.collect::<Option<_>>()?
            }
            _ => vec![region(node)?],
        };
        regions.sort_unstable();
        regions.dedup();
        (!regions.is_empty()).then_some(regions)
    }
}
