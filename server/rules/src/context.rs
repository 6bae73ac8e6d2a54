//! What a rule is given.

use std::sync::Arc;

use leastwise_catalog::Action;
use leastwise_model::resolved::Resolved;
use leastwise_model::{
    Config, Environment, Item, Owner, PermissionTo, Policy, Site, SiteKind, Statement,
};
use leastwise_policy::{Pattern, Studied};
use leastwise_syntax::{NodeId, Span, Tree};
use leastwise_workspace::Analysis;
use leastwise_workspace::askers::Askers;

use crate::places::{PermissionOwners, Places, StatementPlaces};
use crate::work;

/// Owners and sites that hang together: every owner of a site and every site of an owner are in one unit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Unit {
    /// Indexes into [`leastwise_workspace::Analysis::sites`], ascending.
    pub sites: Vec<usize>,
    /// Indexes into [`leastwise_workspace::Analysis::owners`], ascending.
    pub owners: Vec<usize>,
}

/// A file with all that is known of it.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The file.
    pub tree: &'a Tree,
    /// Its policies.
    pub analysis: &'a Analysis,
    /// The part that the rules look at; `None` for the whole file.
    unit: Option<&'a Unit>,
    /// For whom the rules end early.
    waiting: Option<&'a Askers>,
}

impl<'a> Context<'a> {
    /// A whole file.
    pub fn new(tree: &'a Tree, analysis: &'a Analysis) -> Context<'a> {
        Context {
            tree,
            analysis,
            unit: None,
            waiting: None,
        }
    }

    /// The same, for rules that end early while somebody waits for something else.
    pub fn unless(&self, waiting: Option<&'a Askers>) -> Context<'a> {
        Context { waiting, ..*self }
    }

    /// Whether somebody waits, so that what the rules find isn't wanted any more.
    pub(crate) fn is_given_up(&self) -> bool {
        self.waiting.is_some_and(Askers::is_somebody)
    }

    /// The same file, of which [`Context::sites`], [`Context::statements`] and [`Context::owners`] show one part.
    pub fn within(&self, unit: &'a Unit) -> Context<'a> {
        Context {
            unit: Some(unit),
            ..*self
        }
    }

    /// The sites that are looked at, in source order of what declares them. Policies of AWS are not: nobody can mend them.
    pub fn sites(&self) -> impl Iterator<Item = &'a Site> + use<'a> {
        let analysis = self.analysis;
        self.site_indexes()
            .filter_map(move |index| analysis.sites.get(index))
    }

    /// The owners that are looked at, with their indexes.
    pub fn owners(&self) -> impl Iterator<Item = (usize, &'a Owner)> + use<'a> {
        let (analysis, unit) = (self.analysis, self.unit);
        let count = unit.map_or(analysis.owners.len(), |unit| unit.owners.len());
        (0..count).filter_map(move |at| {
            let index = match unit {
                Some(unit) => *unit.owners.get(at)?,
                None => at,
            };
            Some((index, analysis.owners.get(index)?))
        })
    }

    /// The policy of a site.
    pub fn policy(&self, site: &'a Site) -> &'a Policy {
        site.policy(self.tree)
    }

    /// The config in force.
    pub fn config(&self) -> &'a Config {
        &self.analysis.config
    }

    /// Every statement of [`Context::sites`] with its site.
    pub fn statements(&self) -> impl Iterator<Item = (&'a Site, &'a Statement)> + use<'a> {
        let tree = self.tree;
        self.sites().flat_map(move |site| {
            let statements = &site.policy(tree).statements;
            statements.iter().map(move |statement| (site, statement))
        })
    }

    /// The first statement that a node is, with its site: of a policy in source order without all others being looked at.
    pub(crate) fn statement(&self, node: NodeId) -> Option<(&'a Site, &'a Statement)> {
        let by_place = self.statement_near(node, |other| other.node == node);
        by_place.or_else(|| {
            // What aliases and other files bring stands elsewhere, and may be of several policies.
            let places = self.analysis.cache.get::<StatementPlaces>();
            let part = self.unit.and_then(|unit| unit.sites.first().copied());
            let of = (self.tree, self.analysis);
            let (site, at) = places.first(of, part, self.site_indexes(), node)?;
            let site = self.analysis.sites.get(site)?;
            Some((site, site.policy(self.tree).statements.get(at)?))
        })
    }

    /// The first statement that `is_it` is true of, one that a node is in.
    pub(crate) fn statement_where(
        &self,
        node: NodeId,
        is_it: impl Fn(&Statement) -> bool,
    ) -> Option<(&'a Site, &'a Statement)> {
        self.statement_near(node, &is_it).or_else(|| {
            self.statements().find(|(_, other)| {
                work::did(1);
                is_it(other)
            })
        })
    }

    /// The statement of that kind whose place a node is in.
    fn statement_near(
        &self,
        node: NodeId,
        is_it: impl Fn(&Statement) -> bool,
    ) -> Option<(&'a Site, &'a Statement)> {
        let tree = self.tree;
        let start = tree.span(node).start;
        let at_place = |site: &'a Site| {
            work::did(1);
            let statements = &site.policy(tree).statements;
            let behind = statements.partition_point(|other| tree.span(other.node).start <= start);
            let found = statements.get(behind.checked_sub(1)?)?;
            is_it(found).then_some((site, found))
        };
        let places = self.analysis.cache.get::<Places>();
        let near = places.before(tree, self.analysis, start).into_iter();
        let near = near.filter(|index| self.has_site(*index));
        let mut near = near.filter_map(|index| self.analysis.sites.get(index));
        near.find_map(at_place)
    }

    /// Whether a site is in the part that is looked at, by its index.
    fn has_site(&self, index: usize) -> bool {
        self.unit
            .is_none_or(|unit| unit.sites.binary_search(&index).is_ok())
    }

    /// The indexes of [`Context::sites`].
    pub(crate) fn site_indexes(&self) -> impl Iterator<Item = usize> + use<'a> {
        let (analysis, unit) = (self.analysis, self.unit);
        let count = unit.map_or(analysis.sites.len(), |unit| unit.sites.len());
        let indexes = (0..count).filter_map(move |at| match unit {
            Some(unit) => unit.sites.get(at).copied(),
            None => Some(at),
        });
        indexes.filter(move |index| {
            let site = analysis.sites.get(*index);
            site.is_some_and(|site| site.kind != SiteKind::OfAws)
        })
    }

    /// The statement that a node is, as [`Context::statement`] finds it, or that of a resource which is a permission by itself.
    pub(crate) fn granting(&self, node: NodeId) -> Option<(&'a Site, &'a Statement)> {
        let tree = self.tree;
        let owners = self.analysis.cache.get::<PermissionOwners>();
        let owners = owners.by_statement(tree, self.analysis, node).into_iter();
        let of_permission = owners
            .filter(|index| {
                self.unit
                    .is_none_or(|unit| unit.owners.binary_search(index).is_ok())
            })
            .find_map(|index| {
                let site = self.analysis.owners.get(index)?.permission.as_deref()?;
                let mut statements = site.policy(tree).statements.iter();
                Some((site, statements.find(|other| other.node == node)?))
            });
        of_permission.or_else(|| self.statement(node))
    }

    /// The site of this kind whose policy a node is.
    pub(crate) fn site_of(&self, policy: NodeId, kind: SiteKind) -> Option<&'a Site> {
        let (tree, analysis) = (self.tree, self.analysis);
        let is_own = |site: &&'a Site| {
            work::did(1);
            site.kind == kind && site.policy(tree).node == policy
        };
        let places = analysis.cache.get::<Places>();
        let near = places.before(tree, analysis, tree.span(policy).start);
        let near = near.into_iter();
        let near = near.filter(|index| self.has_site(*index));
        let mut near = near.filter_map(|index| analysis.sites.get(index));
        near.find(is_own).or_else(|| self.grants().find(is_own))
    }

    /// Whatever lets somebody in: [`Context::sites`], and the policies that AWS makes of the resources which are a permission
    /// by themselves.
    pub fn grants(&self) -> impl Iterator<Item = &'a Site> + use<'a> {
        self.sites().chain(self.permissions())
    }

    /// The policies that AWS makes of the resources which are a permission by themselves.
    pub fn permissions(&self) -> impl Iterator<Item = &'a Site> + use<'a> {
        let owners = self.owners();
        owners.filter_map(|(_, owner)| owner.permission.as_deref())
    }

    /// What a site's permission is for, where AWS makes the site's policy of a resource that is one by itself.
    pub fn permission_to(&self, site: &Site) -> Option<PermissionTo> {
        let owner = self.analysis.owners.get(*site.owners.first()?)?;
        let own = owner.permission.as_deref();
        own.filter(|own| std::ptr::eq(*own, site))?;
        owner.permission_to()
    }

    /// The bytes of a node.
    pub fn span(&self, node: NodeId) -> Span {
        self.tree.span(node)
    }

    /// The bytes of a scalar without its quotes; of any other node all its bytes.
    pub fn content(&self, node: NodeId) -> Span {
        self.tree.content_span(node)
    }

    /// The bytes of an item's text: without quotes, and for an intrinsic function those of its text.
    pub fn item_span(&self, item: &Item) -> Span {
        self.text_span(&item.text)
    }

    /// The bytes of a text: without quotes, and for `Fn::Sub` those of its string.
    pub(crate) fn text_span(&self, text: &leastwise_model::text::Text) -> Span {
        let spans = text.parts.iter().map(|part| part.span(self.tree));
        spans.reduce(Span::to).unwrap_or(text.span)
    }

    /// The owner's label, for findings.
    pub fn owner(&self, site: &Site) -> Option<&'a str> {
        site.owners
            .first()
            .and_then(|index| self.analysis.owners.get(*index))
            .map(|owner| owner.label.as_str())
    }

    /// The values of an item for judging: see [`Analysis::sure`].
    pub fn sure<'i>(&self, item: &'i Item) -> impl Iterator<Item = (&'i Environment, &'i Resolved)>
    where
        'a: 'i,
    {
        self.analysis.sure(self.tree, item)
    }

    /// The distinct patterns of an item over all environments, for judging.
    pub fn patterns<'i>(&self, item: &'i Item) -> Vec<&'i Pattern>
    where
        'a: 'i,
    {
        let mut patterns: Vec<&Pattern> = Vec::new();
        for (_, resolved) in self.sure(item) {
            if !patterns.contains(&&resolved.pattern) {
                patterns.push(&resolved.pattern);
            }
        }
        patterns
    }

    /// A pattern with what is known of it already: what an action or [`leastwise_policy::check()`] makes of it is
    /// worked out once for all rules, and not again after an edit elsewhere.
    pub fn study(&self, pattern: &Pattern) -> Arc<Studied> {
        self.analysis.memo.study(pattern)
    }

    /// The actions that an item of `Action` stands for, where its text is a literal.
    pub fn expand<'i>(&self, item: &'i Item) -> &'i [Action] {
        self.analysis.expand(item)
    }
}
