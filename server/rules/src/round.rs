//! What the fixes of one round take for themselves.

use std::collections::{BTreeMap, HashMap, HashSet};

use leastwise_model::Statement;
use leastwise_syntax::write::{Edit, TextEdit};
use leastwise_syntax::{NodeId, Span, Tree};

use crate::fix::ResolvedFix;
use crate::support::added::Added;
use crate::{Context, Finding, Rule, work};

/// Rules that judge a statement by nothing else, and whose fixes leave what others judge by.
const OF_ONE_STATEMENT: [&str; 2] = ["action-resource-mismatch", "redundant-action"];

/// Rules whose fixes take away one of two pairs that say the same: each by itself.
const OF_ONE_PAIR: [&str; 1] = ["duplicate-key"];

/// Rules whose findings end by what the fixes of others grant.
const BY_GRANTS: [&str; 2] = ["missing-delete-counterpart", "missing-update-counterpart"];

/// Whether the fixes of a rule grant counterparts: an owner that lacks one often lacks many.
pub fn mends_counterparts(rule: &Rule) -> bool {
    BY_GRANTS.contains(&rule.id)
}

/// The owners that lack what a finding of such a rule tells of: the one that it names, and those that deploy and share the policy.
pub fn lacking_owners(context: &Context<'_>, finding: &Finding) -> Vec<String> {
    let analysis = context.analysis;
    let at = finding.span.start;
    let site = context
        .sites()
        .find(|site| site.kind.grants() && site.span(context.tree).touches(at));
    let shared = site.into_iter().flat_map(|site| &site.owners);
    let shared = shared.filter(|index| context.deploys(**index));
    let shared = shared.filter_map(|index| analysis.owners.get(*index));
    let mut owners: Vec<String> = finding.owner.iter().cloned().collect();
    for owner in shared {
        if !owners.contains(&owner.label) {
            owners.push(owner.label.clone());
        }
    }
    owners
}

/// Whether a finding's fix comes after those of other rules in its policy: a wildcard on `*` stands for much that the app never
/// makes, and only what is left of it once it is narrowed needs counterparts.
pub(crate) fn waits(finding: &Finding) -> bool {
    let is_wildcard = |action: &String| action.contains('*');
    mends_counterparts(finding.rule) && finding.action.as_ref().is_some_and(is_wildcard)
}

/// How far the edits of a fix reach.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum EditReach {
    /// Names are written in place of others.
    Names,
    /// Pairs go that stand twice.
    Pair,
    /// Each statement by itself.
    Statement,
    /// Each statement by itself, as far as this rule judges: what others judge by hangs together.
    Rule(&'static str),
    /// What is in a policy can hang together though it doesn't touch.
    Policy,
}

impl EditReach {
    /// That of a fix of a rule.
    pub fn of(rule: &Rule, edits: &[TextEdit]) -> EditReach {
        match edits.iter().all(is_rename) {
            true => EditReach::Names,
            false if OF_ONE_PAIR.contains(&rule.id) => EditReach::Pair,
            false if OF_ONE_STATEMENT.contains(&rule.id) => EditReach::Statement,
            false => EditReach::Rule(rule.id),
        }
    }

    /// Whether two edits of one policy can be in one round, those of different statements.
    fn goes_with(self, other: EditReach) -> bool {
        match (self, other) {
            (EditReach::Policy, _) | (_, EditReach::Policy) => false,
            (EditReach::Pair, EditReach::Pair) => true,
            (EditReach::Pair, _) | (_, EditReach::Pair) => false,
            (EditReach::Rule(rule), EditReach::Rule(other)) => rule == other,
            (EditReach::Rule(_), _) | (_, EditReach::Rule(_)) => false,
            (EditReach::Names | EditReach::Statement, EditReach::Names | EditReach::Statement) => {
                true
            }
        }
    }
}

/// What is done to a statement in a round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Done {
    /// Names are written in place of others.
    Names,
    /// Values and items that a rule judges each by itself.
    Parts(&'static str),
    /// Anything else.
    Other,
}

/// The edits of a round, and what they are in.
pub(crate) struct Taken<'c> {
    context: &'c Context<'c>,
    /// Where the first policy that an offset is in begins and ends, by their order in the file.
    policies: Vec<(Span, usize)>,
    /// The longest reach of a policy up to each of these.
    reach: Vec<u32>,
    /// Where the statements stand, in order.
    statements: Vec<(Span, &'c Statement)>,
    /// The `Sid` of each statement that another of its policy has, too.
    doubles: HashMap<usize, &'c str>,
    /// The edits by where they begin, with where they end.
    edits: BTreeMap<u32, u32>,
    /// The policies that were edited, each with the farthest reach.
    edited: HashMap<usize, EditReach>,
    /// The statements that were edited, each with how.
    touched: HashMap<usize, Done>,
    /// The statements of which single values and items were edited.
    groups: BTreeMap<usize, Group>,
    /// How many fixes were taken.
    count: usize,
    /// What the fixes of a round grant.
    added: Added,
    /// What the new statements of a policy are about: what others would put into one like it joins it in the next round.
    begun: HashSet<(usize, String)>,
}

impl<'c> Taken<'c> {
    /// Nothing yet.
    pub fn of(context: &'c Context<'c>) -> Taken<'c> {
        let sites = context.analysis.sites.iter().enumerate();
        let mut policies: Vec<(Span, usize)> = sites
            .map(|(index, site)| (site.span(context.tree), index))
            .collect();
        policies.sort_unstable();
        let mut reach = Vec::with_capacity(policies.len());
        let mut end = 0;
        for (span, _) in &policies {
            end = end.max(span.end);
            reach.push(end);
        }
        let mut statements: Vec<(Span, &Statement)> = Vec::new();
        let mut sids: HashMap<(Span, &str), usize> = HashMap::new();
        for (site, statement) in context.statements() {
            statements.push((context.span(statement.node), statement));
            if let Some(sid) = statement.sid_text(context.tree) {
                *sids.entry((site.span(context.tree), sid)).or_default() += 1;
            }
        }
        statements.sort_unstable_by_key(|(span, _)| *span);
        statements.dedup_by_key(|(span, _)| *span);
        let twice = sids.into_iter().filter(|(_, count)| *count > 1);
        let twice: HashSet<&str> = twice.map(|((_, sid), _)| sid).collect();
        let numbered = statements.iter().enumerate();
        let doubles = numbered.filter_map(|(at, (_, statement))| {
            let sid = statement.sid_text(context.tree)?;
            twice.contains(sid).then_some((at, sid))
        });
        let doubles = doubles.collect();
        Taken {
            context,
            policies,
            reach,
            statements,
            doubles,
            edits: BTreeMap::new(),
            edited: HashMap::new(),
            touched: HashMap::new(),
            groups: BTreeMap::new(),
            count: 0,
            added: Added::default(),
            begun: HashSet::new(),
        }
    }

    /// Takes a fix of a rule, unless others of the round meet it or what it hangs together with.
    pub fn take(&mut self, rule: &Rule, fix: &ResolvedFix) -> bool {
        let reach = self.reach(rule, &fix.edits);
        let statement = self.parts(reach, fix);
        let done = match (reach, statement) {
            (EditReach::Names, _) => Done::Names,
            (_, Some(_)) => Done::Parts(rule.id),
            (_, None) => Done::Other,
        };
        let group = statement.filter(|at| self.touched.get(at) == Some(&done));
        let group = group.and_then(|at| self.groups.get(&at));
        let is_free = match group {
            Some(group) => group.has_room(self.context.tree, fix),
            None => {
                let mut spans = fix.edits.iter().map(|edit| edit.span);
                spans.all(|span| self.is_free(span, reach))
            }
        };
        let statements = self.statements(fix);
        let is_new = statements.iter().all(|one| !self.begun.contains(one));
        let is_taken = is_free && is_new && self.is_needed(rule, fix);
        if is_taken {
            self.begun.extend(statements);
            let edits = fix.edits.iter();
            edits.for_each(|edit| self.add(edit.span, reach, done));
            if let Some(at) = statement {
                let group = self.groups.entry(at).or_default();
                group.add(self.count, fix);
            }
            self.count += 1;
        }
        is_taken
    }

    /// What the new statements of a fix are about, each with the policies that it edits.
    fn statements(&self, fix: &ResolvedFix) -> Vec<(usize, String)> {
        let of = |name: &String| {
            let edits = fix.edits.iter();
            let policies = edits.filter_map(|edit| self.policy(edit.span));
            let named = policies.map(|policy| (policy, name.clone()));
            named.collect::<Vec<_>>()
        };
        fix.statements.iter().flat_map(of).collect()
    }

    /// The statement whose values and items a fix is for, where each is judged by itself: then those of several fixes are
    /// written together.
    fn parts(&self, reach: EditReach, fix: &ResolvedFix) -> Option<usize> {
        let (first, others) = fix.edits.split_first()?;
        let is_of_rule = matches!(reach, EditReach::Rule(_) | EditReach::Statement);
        let at = self.statement(first.span)?;
        let is_here = |edit: &TextEdit| self.statement(edit.span) == Some(at);
        (is_of_rule && !fix.apart.is_empty() && others.iter().all(is_here)).then_some(at)
    }

    /// The statements with several fixes that may be in each other's way as they are written, and the numbers of these fixes
    /// in the order in which they were taken.
    pub(crate) fn contested_statements(&self) -> impl Iterator<Item = (usize, &[usize])> {
        let groups = self
            .groups
            .iter()
            .filter(|(_, group)| group.fixes.len() > 1);
        groups.map(|(at, group)| (*at, group.fixes.as_slice()))
    }

    /// Whether a finding is about a counterpart of what is allowed on every resource: what a narrower statement is given for the same
    /// may be enough.
    pub(crate) fn is_on_everything(&self, finding: &Finding) -> bool {
        let statement = self.statement(finding.span);
        let found = statement.and_then(|at| self.statements.get(at));
        mends_counterparts(finding.rule)
            && found.is_some_and(|(_, statement)| {
                let items = statement.resources().iter();
                let mut patterns = items.flat_map(|item| self.context.patterns(item));
                !statement.not_resource.is_missing() || patterns.any(|pattern| pattern.is_star())
            })
    }

    /// Whether edits stay in a statement of [`Taken::together`].
    pub(crate) fn are_in(&self, statement: usize, edits: &[TextEdit]) -> bool {
        let mut edits = edits.iter();
        edits.all(|edit| self.statement(edit.span) == Some(statement))
    }

    /// How far edits reach. What isn't by a statement reaches farther than one, and a new statement whose `Sid` is made of
    /// one that several have might get that of another new one.
    fn reach(&self, rule: &Rule, edits: &[TextEdit]) -> EditReach {
        let is_apart = |edit: &TextEdit| {
            let Some(statement) = self.statement(edit.span) else {
                return false;
            };
            let double = self.doubles.get(&statement);
            is_rename(edit) || double.is_none_or(|sid| !edit.text.contains(sid))
        };
        match edits.iter().all(is_apart) {
            true => EditReach::of(rule, edits),
            false => EditReach::Policy,
        }
    }

    /// Whether what a fix grants isn't granted by others of the round, where that would end its finding.
    fn is_needed(&mut self, rule: &Rule, fix: &ResolvedFix) -> bool {
        if !mends_counterparts(rule) {
            return true;
        }
        let Some(first) = fix.edits.first() else {
            return true;
        };
        let policy = self.policy(first.span);
        let at = self.statement(first.span);
        let mut edits = fix.edits.iter();
        let is_here =
            !fix.reaches_other_resources && edits.all(|edit| self.statement(edit.span) == at);
        let statement = at
            .filter(|_| is_here)
            .and_then(|at| self.statements.get(at));
        let context = self.context;
        let resources = statement.map(|(_, statement)| {
            let items = statement.resources().iter();
            let patterns = items.flat_map(|item| context.patterns(item));
            patterns
                .map(|pattern| pattern.display())
                .collect::<Vec<_>>()
        });
        self.added.add(policy, &fix.adds, resources.as_deref())
    }

    fn is_free(&self, span: Span, reach: EditReach) -> bool {
        let edited = self
            .policy(span)
            .and_then(|policy| self.edited.get(&policy));
        let touched = || self.statement(span).and_then(|at| self.touched.get(&at));
        let stands_apart = edited.is_none_or(|edited| edited.goes_with(reach))
            && match reach {
                EditReach::Names => touched().is_none_or(|done| *done == Done::Names),
                // No others are in this policy then.
                EditReach::Pair => true,
                _ => touched().is_none(),
            };
        !self.is_met(span) && stands_apart
    }

    fn add(&mut self, span: Span, reach: EditReach, done: Done) {
        if let Some(policy) = self.policy(span) {
            let most = self.edited.entry(policy).or_insert(reach);
            if reach == EditReach::Policy {
                *most = reach;
            }
        }
        if let Some(statement) = self.statement(span) {
            let known = self.touched.entry(statement).or_insert(done);
            if *known != done {
                *known = Done::Other;
            }
        }
        let end = self.edits.entry(span.start).or_default();
        *end = span.end.max(*end);
    }

    /// The statement that an edit is in, or behind: before the next one.
    fn statement(&self, span: Span) -> Option<usize> {
        let behind = self
            .statements
            .partition_point(|(own, _)| own.start < span.start);
        let at = behind.checked_sub(1)?;
        let next = self.statements.get(behind);
        next.is_none_or(|(next, _)| span.end <= next.start)
            .then_some(at)
    }

    /// Whether an edit of the round touches some bytes. The edits are apart from each other.
    fn is_met(&self, span: Span) -> bool {
        let before = self.edits.range(..=span.end).next_back();
        before.is_some_and(|(_, end)| span.start <= *end)
    }

    /// The first policy of the file that an edit begins in.
    fn policy(&self, span: Span) -> Option<usize> {
        let at = span.start;
        let behind = self.policies.partition_point(|(own, _)| own.start <= at);
        let mut found: Option<usize> = None;
        for index in (0..behind).rev() {
            work::did(1);
            let (own, site) = self.policies.get(index)?;
            if self.reach.get(index).is_none_or(|end| *end < at) {
                break;
            }
            if own.touches(at) {
                found = Some(found.map_or(*site, |found| found.min(*site)));
            }
        }
        found
    }
}

/// Fixes that are for values and items of one statement.
#[derive(Default)]
struct Group {
    /// Their numbers.
    fixes: Vec<usize>,
    /// What they change.
    nodes: HashSet<NodeId>,
    /// How many items they take out of each list.
    removed: HashMap<NodeId, usize>,
}

impl Group {
    /// Whether a fix changes what no other does, and leaves something of each list.
    fn has_room(&self, tree: &Tree, fix: &ResolvedFix) -> bool {
        let mut own: HashMap<NodeId, usize> = HashMap::new();
        let removed = fix.apart.iter().filter_map(|edit| match edit {
            Edit::RemoveItem { list, .. } => Some(*list),
            _ => None,
        });
        removed.for_each(|list| *own.entry(list).or_default() += 1);
        let leaves = |(list, count): (&NodeId, &usize)| {
            let gone = count + self.removed.get(list).copied().unwrap_or_default();
            tree.items(*list).is_some_and(|items| gone < items.len())
        };
        let mut nodes = fix.apart.iter().map(changed);
        nodes.all(|node| !self.nodes.contains(&node)) && own.iter().all(leaves)
    }

    fn add(&mut self, number: usize, fix: &ResolvedFix) {
        self.fixes.push(number);
        for edit in &fix.apart {
            self.nodes.insert(changed(edit));
            if let Edit::RemoveItem { list, .. } = edit {
                *self.removed.entry(*list).or_default() += 1;
            }
        }
    }
}

/// What becomes another, or goes.
fn changed(edit: &Edit) -> NodeId {
    match edit {
        Edit::RemoveItem { item: node, .. }
        | Edit::SetScalar { node, .. }
        | Edit::SetPart { node, .. }
        | Edit::Replace { node, .. }
        | Edit::InsertItem { list: node, .. }
        | Edit::InsertPair { mapping: node, .. }
        | Edit::RemovePair { key: node, .. } => *node,
    }
}

/// Whether an edit writes one word in place of another.
fn is_rename(edit: &TextEdit) -> bool {
    !edit.span.is_empty() && !edit.text.is_empty() && !edit.text.contains(['\n', ',', '[', '{'])
}

#[cfg(test)]
impl Taken<'_> {
    /// Whether an edit there is free beside others.
    pub fn apart(context: &Context<'_>, span: Span, others: &[Span]) -> bool {
        let mut taken = Taken::of(context);
        others
            .iter()
            .for_each(|other| taken.add(*other, EditReach::Policy, Done::Other));
        taken.is_free(span, EditReach::Policy)
    }
}
