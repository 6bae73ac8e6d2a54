//! Sorts edits by the collection they concern, refuses what can't be written, and puts the text edits in order.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::embedded::{self, Inside};
use super::lines::Lines;
use super::moves::{Moves, OwnComments};
use super::refuse::refuse;
use super::style::{LocalStyle, Neighbours};
use super::{CannotWrite, Edit, InsertAt, NewValue, TextEdit};
use crate::arena::Kind;
use crate::{Format, NodeId, Pair, Span, Tree, View};

/// A text edit before it is put in order.
#[derive(Debug)]
struct Raw {
    start: usize,
    end: usize,
    text: String,
    /// Whether it stands before something: at the same offset, what stands behind something comes first.
    before: bool,
    /// Of what is inserted behind the same offset, the inner goes first; of what is inserted before it, last.
    depth: usize,
}

/// Text edits that are taken aside while others are written.
pub(super) struct Written(Vec<Raw>);

/// A new entry of a collection.
#[derive(Clone, Copy)]
pub(super) struct New<'e> {
    /// Of a pair.
    pub key: Option<&'e str>,
    pub value: &'e NewValue,
}

/// New entries as one value.
pub(super) fn whole(new: &[New]) -> NewValue {
    if new.iter().any(|new| new.key.is_some()) {
        return NewValue::Map(
            new.iter()
                .filter_map(|new| new.key.map(|key| (key.to_owned(), new.value.clone())))
                .collect(),
        );
    }
    NewValue::List(new.iter().map(|new| new.value.clone()).collect())
}

/// What happens to one collection.
#[derive(Default)]
pub(super) struct Changes<'e> {
    /// By the index of the entry.
    pub removed: HashSet<usize>,
    pub before: BTreeMap<usize, Vec<New<'e>>>,
    pub after: BTreeMap<usize, Vec<New<'e>>>,
}

impl<'e> Changes<'e> {
    /// What is new before an entry that has a heading of its own, which an empty line sets apart, goes to the end of what
    /// stands above that.
    pub(crate) fn above_headings(&mut self, count: usize, is_apart: impl Fn(usize) -> bool) {
        let stays = |index: &usize| *index < count && !self.removed.contains(index);
        let before = self.before.keys().copied();
        let apart: Vec<usize> = before
            .filter(|index| *index > 0 && stays(index) && stays(&(index - 1)) && is_apart(*index))
            .collect();
        for index in apart {
            let new = self.before.remove(&index).unwrap_or_default();
            self.after.entry(index - 1).or_default().extend(new);
        }
    }

    /// Whether new entries stand directly before or behind entry `index`.
    pub fn take(&mut self, index: usize) -> Vec<New<'e>> {
        let mut taken = self.before.remove(&index).unwrap_or_default();
        taken.extend(self.after.remove(&index).unwrap_or_default());
        taken
    }

    /// For each run of removed entries with new ones among them: the new ones, which take the place of the first.
    pub fn replacements(&mut self, count: usize) -> BTreeMap<usize, Vec<New<'e>>> {
        let mut replacements = BTreeMap::new();
        let mut removed: Vec<usize> = self.removed.iter().copied().collect();
        removed.sort_unstable();
        let mut run: Option<(usize, usize)> = None;
        for index in removed.into_iter().filter(|index| *index < count) {
            let first = match run {
                Some((first, last)) if last + 1 == index => first,
                _ => index,
            };
            run = Some((first, index));
            let new = self.take(index);
            if !new.is_empty() {
                let all: &mut Vec<New<'e>> = replacements.entry(first).or_default();
                all.extend(new);
            }
        }
        replacements
    }
}

/// Writes the edits of one call.
pub(super) struct Writer<'t> {
    pub tree: &'t Tree,
    pub lines: &'t Lines<'t>,
    /// Where aliases and what they stand for are written.
    aliases: Vec<(Span, NodeId)>,
    /// Scalars of which only parts are changed.
    pub parted: HashSet<NodeId>,
    /// What goes from its place, and its comments.
    pub moves: Moves,
    /// The comments of a node that go to the list that is written in its place, and the first item of that.
    pub left: RefCell<Option<(*const NewValue, OwnComments)>>,
    /// What is changed in the copies of mappings that become items.
    pub changed: HashMap<NodeId, Vec<TextEdit>>,
    out: Vec<Raw>,
}

pub(super) fn write(
    tree: &Tree,
    edits: &[Edit],
    inside: &[Inside],
) -> Result<Vec<TextEdit>, CannotWrite> {
    if let Some(root) = tree.documents().first()
        && tree.format() != Format::Json
        && tree.facts.has_lone_returns(tree.source())
    {
        return refuse(
            *root,
            "the file has lines that end with a carriage return alone",
        );
    }
    let lines = Lines::new(tree);
    let mut writer = Writer {
        tree,
        lines: &lines,
        aliases: aliases(tree),
        parted: HashSet::new(),
        moves: Moves::default(),
        left: RefCell::default(),
        changed: HashMap::new(),
        out: Vec::new(),
    };
    let strings = embedded::as_scalars(tree, inside);
    let all: Vec<&Edit> = edits.iter().chain(&strings).collect();
    writer.check_all(&all)?;
    writer.note_moves(edits)?;
    for (host, span, text) in embedded::spans(inside) {
        let depth = writer.depth(host);
        writer.edit(span.range(), text, depth);
    }
    let (inner, others) = writer.apart(edits);
    for (id, inner) in inner {
        writer.change_copy(id, &inner, edits)?;
    }
    writer.all(&others)?;
    writer.finished()
}

/// Where the entries of the edited collections stand.
#[derive(Default)]
struct Indexes(HashMap<NodeId, HashMap<NodeId, usize>>);

impl Indexes {
    fn index_of(&mut self, tree: &Tree, id: NodeId, entry: NodeId) -> Result<usize, CannotWrite> {
        if let Some(index) = by_place(tree, id, entry) {
            return Ok(index);
        }
        let entries = self.0.entry(id).or_insert_with(|| {
            let keys = keys(tree, id);
            keys.enumerate().map(|(index, key)| (key, index)).collect()
        });
        match entries.get(&entry) {
            Some(index) => Ok(*index),
            None => refuse(entry, "it is not in the list or mapping that is edited"),
        }
    }

    fn remove(
        &mut self,
        tree: &Tree,
        changes: &mut Changes,
        id: NodeId,
        entry: NodeId,
    ) -> Result<(), CannotWrite> {
        let index = self.index_of(tree, id, entry)?;
        changes.removed.insert(index);
        Ok(())
    }

    fn insert<'e>(
        &mut self,
        tree: &Tree,
        changes: &mut Changes<'e>,
        id: NodeId,
        place: InsertAt,
        new: New<'e>,
    ) -> Result<(), CannotWrite> {
        let count = match tree.view(id) {
            View::Mapping(pairs) => pairs.len(),
            View::Sequence(items) => items.len(),
            _ => 0,
        };
        let (side, index) = match place {
            InsertAt::First => (&mut changes.before, 0),
            InsertAt::Last => (&mut changes.after, count.saturating_sub(1)),
            InsertAt::After(entry) => (&mut changes.after, self.index_of(tree, id, entry)?),
            InsertAt::Before(entry) => (&mut changes.before, self.index_of(tree, id, entry)?),
        };
        side.entry(index).or_default().push(new);
        Ok(())
    }
}

/// The items of a list, the keys of a mapping.
fn keys(tree: &Tree, id: NodeId) -> impl Iterator<Item = NodeId> {
    let (pairs, items): (&[Pair], &[NodeId]) = match tree.view(id) {
        View::Mapping(pairs) => (pairs, &[]),
        View::Sequence(items) => (&[], items),
        _ => (&[], &[]),
    };
    let keys = pairs.iter().map(|pair| pair.key);
    keys.chain(items.iter().copied())
}

/// The index of an entry, by where it stands; `None` where the entries don't stand in order, or it is none of them.
fn by_place(tree: &Tree, id: NodeId, entry: NodeId) -> Option<usize> {
    let start = tree.span(entry).start;
    let is_before = |other: NodeId| tree.span(other).start < start;
    match tree.view(id) {
        View::Mapping(pairs) => {
            let at = pairs.partition_point(|pair| is_before(pair.key));
            (pairs.get(at)?.key == entry).then_some(at)
        }
        View::Sequence(items) => {
            let at = items.partition_point(|item| is_before(*item));
            (*items.get(at)? == entry).then_some(at)
        }
        _ => None,
    }
}

/// All aliases with what they stand for.
fn aliases(tree: &Tree) -> Vec<(Span, NodeId)> {
    let arena = &tree.read.arena;
    if arena.anchors.is_empty() {
        return Vec::new();
    }
    let aliases = arena
        .nodes
        .iter()
        .filter(|node| node.kind == Kind::Alias && node.a != crate::arena::NONE);
    aliases.map(|node| (node.span, NodeId(node.a))).collect()
}

impl<'t> Writer<'t> {
    /// Writes edits, each collection once.
    pub fn all(&mut self, edits: &[&Edit]) -> Result<(), CannotWrite> {
        self.scalars(edits)?;
        let mut groups: BTreeMap<NodeId, Changes> = BTreeMap::new();
        let mut singles: BTreeMap<NodeId, Vec<(InsertAt, &NewValue)>> = BTreeMap::new();
        let mut nulls: BTreeMap<NodeId, Vec<New>> = BTreeMap::new();
        let mut indexes = Indexes::default();
        for edit in edits {
            match edit {
                Edit::InsertItem { list, place, value } => match self.tree.view(*list) {
                    View::Sequence(_) => {
                        indexes.insert(
                            self.tree,
                            groups.entry(*list).or_default(),
                            *list,
                            *place,
                            New { key: None, value },
                        )?;
                    }
                    _ => singles.entry(*list).or_default().push((*place, value)),
                },
                Edit::InsertPair {
                    mapping,
                    place,
                    key,
                    value,
                } => match self.tree.view(*mapping) {
                    View::Mapping(_) => {
                        let new = New {
                            key: Some(key),
                            value,
                        };
                        indexes.insert(
                            self.tree,
                            groups.entry(*mapping).or_default(),
                            *mapping,
                            *place,
                            new,
                        )?;
                    }
                    View::Scalar(_) if self.is_null(*mapping) => {
                        nulls.entry(*mapping).or_default().push(New {
                            key: Some(key),
                            value,
                        });
                    }
                    _ => return refuse(*mapping, "it is no mapping"),
                },
                Edit::RemoveItem { list, item } => {
                    indexes.remove(self.tree, groups.entry(*list).or_default(), *list, *item)?
                }
                Edit::RemovePair { mapping, key } => {
                    indexes.remove(
                        self.tree,
                        groups.entry(*mapping).or_default(),
                        *mapping,
                        *key,
                    )?;
                }
                Edit::Replace { node, value } => self.replace(*node, value)?,
                Edit::SetScalar { .. } | Edit::SetPart { .. } => {}
            }
        }
        if let Some(node) = nulls.keys().find(|node| singles.contains_key(node)) {
            return refuse(*node, "it can't become both a mapping and a list");
        }
        for (node, new) in nulls {
            let depth = self.depth(node);
            self.replace_with(node, &whole(&new), depth)?;
        }
        for (node, new) in singles {
            self.single(node, &new)?;
        }
        for (id, changes) in groups {
            self.check_keys(id, &changes)?;
            if self.tree.format() == Format::Hcl && matches!(self.tree.view(id), View::Mapping(_)) {
                self.hcl_mapping(id, changes)?
            } else if self.is_flow_collection(id)? {
                if self.spread(id, &changes)? {
                    continue;
                }
                let from = self.out.len();
                self.flow(id, changes)?;
                let inside = self.range(id).start + 1;
                let new = self.out.get(from..).unwrap_or_default().iter();
                let mut rows = new.filter(|edit| edit.start >= inside);
                let is_filled = self.count(id) > 0;
                if is_filled && !rows.all(|edit| self.is_deep_enough(id, &edit.text)) {
                    return refuse(id, "a new row of it would stand too far left");
                }
            } else {
                self.block(id, changes)?
            }
        }
        Ok(())
    }

    pub fn neighbours(&self) -> Neighbours<'_> {
        Neighbours {
            tree: self.tree,
            lines: self.lines,
            climbs: true,
        }
    }

    pub fn look(&self, near: NodeId) -> LocalStyle {
        self.neighbours().look(near)
    }

    /// How new entries beside an entry of a collection are written: new mappings of a list as the one that is there.
    pub(crate) fn look_beside<'l>(
        &self,
        (id, index): (NodeId, usize),
        new: &[New],
        look: &'l LocalStyle,
    ) -> Cow<'l, LocalStyle> {
        let item = self.tree.items(id).and_then(|items| items.get(index));
        let is_map = |new: &New| matches!(new.value, NewValue::Map(_));
        match item {
            Some(item)
                if self.count(*item) > 0 && self.is_mapping(*item) && new.iter().any(is_map) =>
            {
                Cow::Owned(self.neighbours().look_beside(*item, look))
            }
            _ => Cow::Borrowed(look),
        }
    }

    fn is_mapping(&self, id: NodeId) -> bool {
        matches!(self.tree.view(id), View::Mapping(_))
    }

    /// Adds a text edit. `depth` is that of the node it belongs to.
    pub fn edit(&mut self, range: Range<usize>, text: impl Into<String>, depth: usize) {
        let text = text.into();
        if !range.is_empty() || !text.is_empty() {
            self.out.push(Raw {
                start: range.start,
                end: range.end,
                text,
                before: false,
                depth,
            });
        }
    }

    /// Inserts something before what begins at `at`.
    pub(crate) fn edit_before(&mut self, at: usize, text: impl Into<String>, depth: usize) {
        self.out.push(Raw {
            start: at,
            end: at,
            text: text.into(),
            before: true,
            depth,
        });
    }

    pub fn depth(&self, id: NodeId) -> usize {
        std::iter::successors(self.tree.parent(id), |parent| self.tree.parent(*parent)).count()
    }

    pub fn range(&self, id: NodeId) -> Range<usize> {
        self.tree.span(id).range()
    }

    pub fn is_null(&self, id: NodeId) -> bool {
        matches!(self.tree.view(id), View::Scalar(_))
            && self.tree.scalar_type(id) == crate::ScalarType::Null
    }

    fn is_single(&self, list: NodeId) -> bool {
        !matches!(self.tree.view(list), View::Sequence(_))
    }

    /// Whether a node is a scalar on one line, with or without a tag.
    fn is_one_line_scalar(&self, id: NodeId) -> bool {
        let scalar = match self.tree.view(id) {
            View::Tagged(tag, inner) if tag.short => inner,
            _ => id,
        };
        let own = self.lines.slice_of(self.tree.span(id));
        matches!(self.tree.view(scalar), View::Scalar(_)) && !own.contains(['\n', '\r'])
    }

    /// Refuses edits of nodes that aliases or broken text stand in the way of, and edits inside of what another
    /// edit takes away.
    fn check_all(&self, edits: &[&Edit]) -> Result<(), CannotWrite> {
        let (mut gone, mut rewritten) = (HashSet::new(), HashSet::new());
        for edit in edits {
            match edit {
                Edit::RemoveItem { item, .. } => {
                    self.check_removal(*item)?;
                    gone.insert(*item);
                }
                Edit::RemovePair { mapping, key } => {
                    let View::Mapping(pairs) = self.tree.view(*mapping) else {
                        return refuse(*mapping, "it is no mapping");
                    };
                    let by_place = by_place(self.tree, *mapping, *key);
                    let pair = match by_place.and_then(|at| pairs.get(at)) {
                        Some(pair) => Some(pair),
                        None => pairs.iter().find(|pair| pair.key == *key),
                    };
                    let Some(Pair { value, .. }) = pair else {
                        return refuse(*key, "it is not in the list or mapping that is edited");
                    };
                    for node in [*key, *value] {
                        self.check_removal(node)?;
                        gone.insert(node);
                    }
                }
                Edit::Replace { node, .. } => {
                    self.check_removal(*node)?;
                    if !rewritten.insert(*node) {
                        return refuse(*node, "it is changed twice");
                    }
                }
                Edit::SetScalar { node, .. } if !rewritten.insert(*node) => {
                    return refuse(*node, "it is changed twice");
                }
                _ => {}
            }
        }
        // A single value may be rewritten as it becomes an item, unless it is a scalar on one line. What is changed in a
        // mapping is written into its copy.
        let mut moved = HashSet::new();
        for edit in edits {
            if let Edit::InsertItem { list, .. } = edit
                && self.is_single(*list)
                && !self.is_one_line_scalar(*list)
            {
                moved.insert(*list);
            }
        }
        for edit in edits {
            let (node, is_target) = match edit {
                Edit::InsertItem { list: node, .. } => (*node, false),
                Edit::RemoveItem { list: node, .. }
                | Edit::InsertPair { mapping: node, .. }
                | Edit::RemovePair { mapping: node, .. }
                | Edit::SetPart { node, .. } => (*node, false),
                Edit::SetScalar { node, .. } | Edit::Replace { node, .. } => (*node, true),
            };
            match self.tree.view(node) {
                View::Alias(_) => {
                    return refuse(
                        node,
                        "it is an alias, and other places share what it stands for",
                    );
                }
                View::Invalid => return refuse(node, "this part of the file could not be read"),
                View::Sequence(_) if matches!(edit, Edit::RemovePair { .. }) => {
                    return refuse(node, "it is no mapping");
                }
                View::Mapping(_) if matches!(edit, Edit::RemoveItem { .. }) => {
                    return refuse(node, "it is no list");
                }
                _ => {}
            }
            let mut at = Some(node);
            while let Some(id) = at {
                if self.aliases.iter().any(|(_, target)| *target == id) {
                    return refuse(
                        node,
                        "an alias elsewhere stands for it or for what it is in",
                    );
                }
                let is_moving = match edit {
                    Edit::InsertItem { .. } if id == node => true,
                    Edit::InsertItem { .. } if moved.contains(&node) => false,
                    Edit::Replace { .. } if id == node => false,
                    _ => self.is_mapping(id),
                };
                if gone.contains(&id)
                    || (rewritten.contains(&id) && !(is_target && id == node))
                    || (moved.contains(&id) && !is_moving)
                {
                    return refuse(node, "another edit takes it away");
                }
                at = self.tree.parent(id);
            }
        }
        Ok(())
    }

    /// Whether a node can go without an alias elsewhere losing its meaning.
    fn check_removal(&self, id: NodeId) -> Result<(), CannotWrite> {
        let span = self.tree.span(id);
        let is_needed = self.aliases.iter().any(|(alias, target)| {
            (*target == id || (span.contains(self.tree.span(*target)) && !span.is_empty()))
                && !span.contains(*alias)
        });
        if is_needed {
            refuse(id, "an alias elsewhere stands for it or for a part of it")
        } else {
            Ok(())
        }
    }

    /// Whether a node can be written a second time at `at`.
    pub(crate) fn check_copy(&self, id: NodeId, at: usize) -> Result<(), CannotWrite> {
        let span = self.tree.span(id);
        for (alias, target) in &self.aliases {
            let defined = self.tree.span(*target);
            if *target == id || (span.contains(defined) && !span.is_empty()) {
                return refuse(id, "a copy of it would define an anchor again");
            }
            if span.contains(*alias) && defined.end as usize > at {
                return refuse(id, "it holds an alias, whose anchor would come too late");
            }
        }
        Ok(())
    }

    /// Refuses new pairs with keys that the mapping has or gets twice.
    fn check_keys(&self, id: NodeId, changes: &Changes) -> Result<(), CannotWrite> {
        let View::Mapping(pairs) = self.tree.view(id) else {
            return Ok(());
        };
        let mut new = HashSet::new();
        for key in changes
            .before
            .values()
            .chain(changes.after.values())
            .flatten()
            // The blocks of a body may be of one type.
            .filter(|new| !self.may_be_block(id, new.value))
            .filter_map(|new| new.key)
        {
            if !new.insert(key) {
                return refuse(id, "it would have the same key twice");
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        let twice = pairs.iter().enumerate().any(|(index, pair)| {
            !changes.removed.contains(&index)
                && self
                    .tree
                    .text(pair.key)
                    .is_some_and(|key| new.contains(key))
        });
        if twice {
            refuse(id, "it has a pair of this key already")
        } else {
            Ok(())
        }
    }

    /// Takes what is written so far aside.
    pub(crate) fn take_out(&mut self) -> Written {
        Written(std::mem::take(&mut self.out))
    }

    /// Puts back what was taken aside.
    pub(crate) fn put_out(&mut self, written: Written) {
        self.out = written.0;
    }

    /// The edits in order, those that touch each other joined.
    pub(crate) fn finished(&mut self) -> Result<Vec<TextEdit>, CannotWrite> {
        let mut out = std::mem::take(&mut self.out);
        out.sort_by(|a, b| {
            // At one offset, what is inserted there comes before what is replaced from there on.
            let key = |raw: &Raw| (raw.start, raw.end != raw.start, raw.before);
            let depth = if a.before {
                a.depth.cmp(&b.depth)
            } else {
                b.depth.cmp(&a.depth)
            };
            key(a).cmp(&key(b)).then(depth)
        });
        let mut apart: Vec<Raw> = Vec::with_capacity(out.len());
        for raw in out {
            match apart.last_mut() {
                // Deletions may share a line break or a comma.
                Some(last)
                    if raw.start < last.end && raw.text.is_empty() && last.text.is_empty() =>
                {
                    last.end = last.end.max(raw.end);
                }
                Some(last) if raw.start < last.end => {
                    let document = self.tree.documents().first().copied().unwrap_or(NodeId(0));
                    return refuse(document, "two of the edits change the same text");
                }
                _ => apart.push(raw),
            }
        }
        let mut edits: Vec<TextEdit> = Vec::with_capacity(apart.len());
        for raw in apart {
            let span = Span::new(raw.start as u32, raw.end as u32);
            match edits.last_mut() {
                Some(last) if span.start == last.span.end => {
                    last.span.end = span.end;
                    last.text.push_str(&raw.text);
                }
                _ => edits.push(TextEdit {
                    span,
                    text: raw.text,
                }),
            }
        }
        Ok(edits)
    }
}

impl Writer<'_> {
    /// What is to come before an entry with a heading above it comes above that.
    pub(super) fn put_above_headings(
        &self,
        changes: &mut Changes,
        count: usize,
        base: usize,
        leads: &[(usize, usize)],
    ) {
        changes.above_headings(count, |index| {
            let entry = index.checked_sub(base).and_then(|at| leads.get(at));
            entry.is_some_and(|(lead, start)| self.lines.is_heading(*lead, *start))
        });
    }
}
