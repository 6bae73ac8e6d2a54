//! The proof that reads no more than what the edits touch: the entries of the innermost collection around all of them, and
//! one more on each side.
//!
//! What is between two entries of a collection belongs to no other one. So where these entries can be read by themselves,
//! as they were and as they are with the edits, all around them is read as it was; [`super::proof`] reads the whole text
//! where that is doubtful.

use super::apply::apply;
use super::expected::{self, Edits, NewTemplate};
use super::{COMMENT_LOST, Edit, InsertAt, TextEdit, UNPROVEN, comments};
use crate::facts::has_others;
use crate::limits::COLLECTIONS_TRIED;
use crate::marks::{self, Mark};
use crate::yaml::{has_marks, own_line, trivia};
use crate::{Format, Limits, NodeId, ProblemKind, Span, Style, Tree, View};

/// Some entries of a collection that can be read by themselves.
struct Piece {
    collection: NodeId,
    /// The first and the last of the entries.
    entries: (usize, usize),
    /// Where they are written.
    start: usize,
    end: usize,
    /// What has to be around them to be a text of the format.
    lead: &'static str,
    tail: &'static str,
    /// Whether the entries are lines of a block of YAML.
    is_lines: bool,
}

/// As [`super::proof::check`]; `None` where only a reading of the whole text can tell.
pub(super) fn check(
    tree: &Tree,
    edits: &[Edit],
    templates: &[NewTemplate],
    written: &[TextEdit],
) -> Option<Result<(), &'static str>> {
    let added: usize = written.iter().map(|edit| edit.text.len()).sum();
    let is_plain = tree.read.arena.anchors.is_empty()
        && tree.read.problems.iter().all(|of| is_harmless(of.kind))
        && is_strict(tree)
        && tree.source.len() + added <= tree.limits.size;
    if !is_plain {
        return None;
    }
    let changed = edits.iter().map(Edit::node);
    let changed: Vec<NodeId> = changed.chain(templates.iter().map(|of| of.node)).collect();
    let all = expected::by_node(edits, templates);
    let below = below(tree, written);
    let mut around = *changed.first()?;
    let mut attempts = 0;
    loop {
        if let View::Mapping(_) | View::Sequence(_) = tree.view(around) {
            for written in [Some(written), below.as_deref()].into_iter().flatten() {
                let hull = written.first()?.span.to(written.last()?.span);
                let Some(piece) = piece(tree, around, hull, edits, &changed) else {
                    continue;
                };
                attempts += 1;
                let Some((holds, after)) = proven(tree, &piece, &all, written) else {
                    continue;
                };
                let part = Span::new(piece.start as u32, piece.end as u32);
                return Some(if !holds {
                    Err(UNPROVEN)
                } else if !comments::are_kept(tree, part, edits, &after) {
                    Err(COMMENT_LOST)
                } else {
                    Ok(())
                });
            }
        }
        around = tree
            .parent(around)
            .filter(|_| attempts < COLLECTIONS_TRIED)?;
    }
}

/// The same edits with the lines that the first one puts at the end of a line put before the next one.
fn below(tree: &Tree, written: &[TextEdit]) -> Option<Vec<TextEdit>> {
    let [first, others @ ..] = written else {
        return None;
    };
    let rest = tree.source.get(first.span.start as usize..)?;
    let breaks = ["\n", "\r\n"];
    let nl = breaks.into_iter().find(|nl| rest.starts_with(nl))?;
    let lines = first.text.strip_prefix(nl)?;
    let at = first.span.start + nl.len() as u32;
    let is_free = others.first().is_none_or(|next| at <= next.span.start);
    let moved = TextEdit {
        span: Span::empty(at),
        text: format!("{lines}{nl}"),
    };
    (tree.format == Format::Yaml && first.span.is_empty() && is_free)
        .then(|| [&[moved], others].concat())
}

/// Whether a problem is that of one entry, and leaves all others as they are.
fn is_harmless(kind: ProblemKind) -> bool {
    matches!(kind, ProblemKind::Embedded | ProblemKind::UnquotedStar)
}

/// Whether a text without other problems was read by a strict reader: that of YAML may have been given another text. One that
/// differs in the stars alone has the same entries.
fn is_strict(tree: &Tree) -> bool {
    tree.format != Format::Yaml || tree.read.is_strict || tree.read.is_starred
}

/// Reads the entries with the edits: whether they are as they were meant, and what was read. `None` where they are no text
/// of their own.
fn proven(
    tree: &Tree,
    piece: &Piece,
    edits: &Edits<'_>,
    written: &[TextEdit],
) -> Option<(bool, Tree)> {
    let before = tree.source.get(piece.start..piece.end)?;
    let base = u32::try_from(piece.start).ok()?;
    let own: Vec<TextEdit> = written
        .iter()
        .map(|edit| TextEdit {
            span: Span::new(edit.span.start - base, edit.span.end - base),
            text: edit.text.clone(),
        })
        .collect();
    let inner = apply(before, &own);
    let marked = tree.format == Format::Hcl || marks_stay(tree, piece, before, &inner, written)?;
    let is_last = piece.end == tree.source.len();
    let is_cut_off = || piece.is_lines && !(is_last || inner.ends_with('\n'));
    if tree.format == Format::Yaml && (is_cut_off() || has_marks(&inner)) {
        return None;
    }
    let is_flow_of_yaml = tree.format == Format::Yaml && !piece.is_lines;
    if is_flow_of_yaml && !is_indented(tree, piece, before, &inner) {
        return None;
    }
    let text = [piece.lead, &inner, piece.tail].concat();
    let around = std::iter::successors(tree.parent(piece.collection), |node| tree.parent(*node));
    let limits = Limits {
        depth: tree.limits.depth.saturating_sub(around.count() as u32),
        ..tree.limits
    };
    let after = tree.reread(text, &limits);
    let of_piece = |at: u32| piece.start <= at as usize && at as usize <= piece.end;
    let problems = tree.problems().iter();
    let problems = problems.filter(|problem| of_piece(problem.span.start));
    let kinds = after.problems().iter().map(|problem| problem.kind);
    let is_read = (after.is_complete() || kinds.clone().all(is_harmless))
        && is_strict(&after)
        && after.read.arena.anchors.is_empty()
        && after.problems().len() <= problems.count();
    let &[root] = after.documents() else {
        return None;
    };
    let root = match tree.format {
        Format::Hcl => match after.view(root) {
            View::Mapping([only]) => only.value,
            _ => return None,
        },
        _ => root,
    };
    if !is_read || !is_alike(tree, piece, &after, root) {
        return None;
    }
    let (first, last) = piece.entries;
    let expected = expected::of_entries(tree, piece.collection, first..last + 1, edits);
    let holds = marked && expected::of_node(&after, root, &Edits::default()) == expected;
    Some((holds, after))
}

/// Whether what was read is a collection as the one whose entries they are, in the same place.
fn is_alike(tree: &Tree, piece: &Piece, after: &Tree, root: NodeId) -> bool {
    let is_sequence = matches!(tree.view(piece.collection), View::Sequence(_));
    let same = match after.view(root) {
        View::Sequence(_) => is_sequence,
        View::Mapping(_) => !is_sequence,
        View::Tagged(tag, _) => !is_sequence && !tag.short,
        _ => false,
    };
    if !piece.is_lines {
        return same;
    }
    let column = own_line(after.source.as_bytes(), after.span(root).start as usize);
    let own = |at| own_line(tree.source.as_bytes(), at).map(|(_, column)| column);
    let begins = starts(tree, piece.collection, piece.entries.0).and_then(own);
    same && after.style(root) == Style::Block
        && begins.is_some()
        && column.map(|(_, column)| column) == begins
}

/// Whether the marks of other tools are there as they were. `None` where one may reach beyond the entries.
fn marks_stay(
    tree: &Tree,
    piece: &Piece,
    before: &str,
    after: &str,
    written: &[TextEdit],
) -> Option<bool> {
    let known = tree.facts.marks(&tree.source);
    if known.is_empty() {
        return Some(true);
    }
    const SIGNS: [&str; 10] = ["{{", "}}", "{%", "%}", "<%", "%>", "{#", "#}", "%{", "#{"];
    let has_sign = |text: &str| SIGNS.iter().any(|sign| text.contains(sign));
    let is_plain = |edit: &TextEdit| {
        let old = tree.source.get(edit.span.range()).unwrap_or_default();
        !has_sign(old) && !has_sign(&edit.text)
    };
    let is_near = |mark: &Mark| mark.start < piece.end && piece.start < mark.end;
    let near = known.partition_point(|mark| mark.end <= piece.start);
    let near = known.get(near..).unwrap_or_default();
    let mut near = near.iter().take_while(|mark| is_near(mark));
    let is_inside = near.all(|mark| piece.start <= mark.start && mark.end <= piece.end);
    // Signs that come or go may make a mark of what is far away.
    let may_reach = || has_others(after) || tree.facts.has_others(&tree.source);
    if !is_inside || !written.iter().all(is_plain) && may_reach() {
        return None;
    }
    Some(marks::are_kept(before, after))
}

/// The entries of a collection that the edits touch, with one more on each side.
fn piece(
    tree: &Tree,
    collection: NodeId,
    hull: Span,
    edits: &[Edit],
    changed: &[NodeId],
) -> Option<Piece> {
    let entries = Entries::of(tree, collection)?;
    let count = entries.count();
    let (mut first, mut last) = (entries.at(hull.start), entries.at(hull.end));
    let mut take = |index: usize| {
        first = first.min(index);
        last = last.max(index);
    };
    for node in changed {
        if *node != collection {
            take(entries.above(*node)?);
        }
    }
    for edit in edits.iter().filter(|edit| edit.node() == collection) {
        let place = match (edit, tree.view(collection)) {
            (Edit::InsertItem { place, .. }, View::Sequence(_))
            | (Edit::InsertPair { place, .. }, View::Mapping(_)) => *place,
            (Edit::RemoveItem { item: entry, .. }, View::Sequence(_))
            | (Edit::RemovePair { key: entry, .. }, View::Mapping(_)) => InsertAt::After(*entry),
            _ => return None,
        };
        take(match place {
            InsertAt::First => 0,
            InsertAt::Last => count.saturating_sub(1),
            InsertAt::After(entry) | InsertAt::Before(entry) => entries.above(entry)?,
        });
    }
    let first = first.saturating_sub(1);
    let last = (last + 1).min(count.checked_sub(1)?);
    let piece = match tree.format {
        Format::Yaml if tree.style(collection) == Style::Flow => {
            flow_of_yaml(tree, &entries, collection, (first, last))
        }
        Format::Yaml => lines(tree, collection, (first, last)),
        Format::Hcl if tree.style(collection) == Style::Block => {
            body(tree, &entries, collection, (first, last))
        }
        _ => flow(tree, &entries, collection, (first, last)),
    }?;
    let (start, end) = (hull.start as usize, hull.end as usize);
    let is_inside = match piece.is_lines {
        true => end < piece.end || end == tree.source.len(),
        false => end <= piece.end,
    };
    (piece.start <= start && is_inside).then_some(piece)
}

/// Entries between brackets.
fn flow(
    tree: &Tree,
    entries: &Entries<'_>,
    collection: NodeId,
    (first, last): (usize, usize),
) -> Option<Piece> {
    let span = tree.span(collection);
    let bytes = tree.source.as_bytes();
    let (open, close) = match tree.view(collection) {
        View::Sequence(_) => (b'[', b']'),
        _ => (b'{', b'}'),
    };
    let (start, end) = (span.start as usize, span.end as usize);
    let is_hcl = tree.format == Format::Hcl;
    // Arguments of a function, parts of a conditional.
    let is_made = |parent: NodeId| is_hcl && matches!(tree.view(parent), View::Tagged(..));
    if tree.style(collection) != Style::Flow
        || bytes.get(start) != Some(&open)
        || bytes.get(end.checked_sub(1)?) != Some(&close)
        || tree.parent(collection).is_some_and(is_made)
    {
        return None;
    }
    let is_whole_front = first == 0;
    let is_whole_back = last + 1 == entries.count();
    let lead = match (is_hcl, is_whole_front, open) {
        (true, true, _) => "a = ",
        (true, false, b'[') => "a = [",
        (true, false, _) => "a = {",
        (false, true, _) => "",
        (false, false, b'[') => "[",
        (false, false, _) => "{",
    };
    let tail = match (is_hcl, is_whole_back, close) {
        (true, true, _) => "\n",
        (true, false, b']') => "]\n",
        (true, false, _) => "}\n",
        (false, true, _) => "",
        (false, false, b']') => "]",
        (false, false, _) => "}",
    };
    Some(Piece {
        collection,
        entries: (first, last),
        start: if is_whole_front {
            start
        } else {
            entries.start(first)?
        },
        end: match is_whole_back {
            true => end,
            // The value is without the parentheses around it.
            false if is_hcl => entries.start(last + 1)?,
            false => entries.end(last)?,
        },
        lead,
        tail,
        is_lines: false,
    })
}

/// Entries between brackets in YAML.
fn flow_of_yaml(
    tree: &Tree,
    entries: &Entries<'_>,
    collection: NodeId,
    range: (usize, usize),
) -> Option<Piece> {
    // A key has to be on one line, and short.
    let mut node = collection;
    while let Some(parent) = tree.parent(node) {
        if let View::Mapping(pairs) = tree.view(parent) {
            let index = Entries::of(tree, parent)?.above(node)?;
            if pairs.get(index)?.value != node {
                return None;
            }
        }
        node = parent;
    }
    document(tree, collection)?;
    let piece = flow(tree, entries, collection, range)?;
    // Behind a key without a value, a bracket would be of the key.
    let tail = match piece.tail {
        "]" => " ]",
        "}" => " }",
        tail => tail,
    };
    Some(Piece { tail, ..piece })
}

/// Whether no line of entries between brackets begins before those that were there: by themselves they may begin anywhere, in a
/// block of YAML only behind what that begins with.
fn is_indented(tree: &Tree, piece: &Piece, before: &str, after: &str) -> bool {
    let roots = std::iter::successors(Some(piece.collection), |node| tree.parent(*node));
    if roots
        .last()
        .is_none_or(|root| tree.style(root) == Style::Flow)
    {
        return true;
    }
    if !after.contains(['\n', '\r']) {
        return true;
    }
    let Some(entries) = Entries::of(tree, piece.collection) else {
        return false;
    };
    let (first, last) = piece.entries;
    let starts = (first..=last).filter_map(|index| entries.start(index));
    let columns = starts.filter_map(|at| own_line(tree.source.as_bytes(), at));
    let Some(least) = columns.map(|(_, column)| column).min() else {
        return false;
    };
    let width = |line: &str| line.len() - line.trim_start_matches(' ').len();
    // The bracket that ends it may stand before what is in it.
    let closes = |text: &str| {
        let (_, line) = text.rsplit_once(['\n', '\r'])?;
        line.trim_start_matches(' ')
            .starts_with([']', '}'])
            .then(|| width(line))
    };
    let is_last_kept = closes(after).is_some() && closes(after) == closes(before);
    let mut behind: Vec<&str> = after.split(['\n', '\r']).skip(1).collect();
    if is_last_kept {
        behind.pop();
    }
    let is_text = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    behind
        .into_iter()
        .filter(is_text)
        .all(|line| width(line) >= least)
}

/// Arguments and blocks of HCL.
fn body(
    tree: &Tree,
    entries: &Entries<'_>,
    collection: NodeId,
    (first, last): (usize, usize),
) -> Option<Piece> {
    let span = tree.span(collection);
    let is_file = tree.parent(collection).is_none();
    let (open, close) = (span.start as usize, span.end as usize);
    let opens = tree.source.as_bytes().get(open) == Some(&b'{');
    // The labels of a block are mappings, too.
    if !is_file && !opens {
        return None;
    }
    let inside = match is_file {
        true => (open, close),
        false => (open + 1, close.checked_sub(1)?),
    };
    let is_whole_back = last + 1 == entries.count();
    let (start, lead) = match first {
        0 if is_file => (inside.0, "b {\n"),
        0 => (inside.0, "b {"),
        _ => (entries.start(first)?, "b {\n"),
    };
    let (end, tail) = match is_whole_back {
        true if is_file => (inside.1, "\n}\n"),
        true => (inside.1, "}\n"),
        false => (entries.start(last + 1)?, "\n}\n"),
    };
    Some(Piece {
        collection,
        entries: (first, last),
        start,
        end,
        lead,
        tail,
        is_lines: false,
    })
}

/// Entries of a block collection of YAML that have their lines for themselves.
fn lines(tree: &Tree, collection: NodeId, (first, last): (usize, usize)) -> Option<Piece> {
    if tree.style(collection) != Style::Block {
        return None;
    }
    let bytes = tree.source.as_bytes();
    let stops = document(tree, collection)?;
    let (start, _) = own_line(bytes, starts(tree, collection, first)?)?;
    let mut node = collection;
    let mut index = last;
    let end = loop {
        let count = match tree.view(node) {
            View::Mapping(pairs) => pairs.len(),
            View::Sequence(items) => items.len(),
            _ => 0,
        };
        if index + 1 < count {
            break own_line(bytes, starts(tree, node, index + 1)?)?.0;
        }
        let Some(parent) = tree.parent(node) else {
            break stops;
        };
        index = match tree.view(parent) {
            View::Tagged(..) => 0,
            _ => Entries::of(tree, parent)?.above(node)?,
        };
        node = parent;
    };
    Some(Piece {
        collection,
        entries: (first, last),
        start,
        end,
        lead: "",
        tail: "",
        is_lines: true,
    })
}

/// Where the lines of the document of YAML end that a node is in: at the mark behind it, or at the end of the text. `None`
/// where more than comments stands around what it says: a directive, or what a mark ends.
fn document(tree: &Tree, node: NodeId) -> Option<usize> {
    let root = std::iter::successors(Some(node), |node| tree.parent(*node)).last()?;
    let roots = tree.documents();
    let start = tree.span(root).start;
    let at = roots.partition_point(|other| tree.span(*other).start < start);
    if roots.get(at) != Some(&root) {
        return None;
    }
    let before = at.checked_sub(1).and_then(|before| roots.get(before));
    let from = before.map_or(0, |before| tree.span(*before).end as usize);
    let next = roots.get(at + 1);
    let to = next.map_or(tree.source.len(), |next| tree.span(*next).start as usize);
    let end = tree.span(root).end as usize;
    let before = tree.source.get(from..start as usize)?;
    let behind = tree.source.get(end..to)?;
    crate::work::did(before.len() + behind.len());
    if before.split(['\n', '\r']).any(|line| line.starts_with('%')) {
        return None;
    }
    let mut at = end;
    for line in behind.split_inclusive(['\n', '\r']) {
        let text = line.trim();
        let is_own_line = at > end
            || matches!(
                tree.source.as_bytes().get(at.wrapping_sub(1)),
                Some(b'\n' | b'\r')
            );
        if next.is_some() && is_own_line && line.starts_with("---") {
            return Some(at);
        }
        if !text.is_empty() && !text.starts_with('#') {
            return None;
        }
        at += line.len();
    }
    next.is_none().then_some(tree.source.len())
}

/// Where an entry of a block collection of YAML begins: its key, or its dash.
fn starts(tree: &Tree, collection: NodeId, index: usize) -> Option<usize> {
    match tree.view(collection) {
        View::Mapping(pairs) => Some(tree.span(pairs.get(index)?.key).start as usize),
        View::Sequence(_) if index == 0 => Some(tree.span(collection).start as usize),
        View::Sequence(items) => {
            items.get(index)?;
            let end = tree.span(*items.get(index - 1)?).end as usize;
            let bytes = tree.source.as_bytes();
            Some(trivia(bytes, end)).filter(|at| bytes.get(*at) == Some(&b'-'))
        }
        _ => None,
    }
}

/// The entries of a mapping or sequence, by where they stand.
struct Entries<'t> {
    tree: &'t Tree,
    collection: NodeId,
    view: View<'t>,
}

impl<'t> Entries<'t> {
    fn of(tree: &'t Tree, collection: NodeId) -> Option<Entries<'t>> {
        let view = tree.view(collection);
        matches!(view, View::Mapping(_) | View::Sequence(_)).then_some(Entries {
            tree,
            collection,
            view,
        })
    }

    fn count(&self) -> usize {
        match self.view {
            View::Mapping(pairs) => pairs.len(),
            View::Sequence(items) => items.len(),
            _ => 0,
        }
    }

    fn start(&self, index: usize) -> Option<usize> {
        let node = match self.view {
            View::Mapping(pairs) => pairs.get(index)?.key,
            View::Sequence(items) => *items.get(index)?,
            _ => return None,
        };
        Some(self.tree.span(node).start as usize)
    }

    fn end(&self, index: usize) -> Option<usize> {
        let node = match self.view {
            View::Mapping(pairs) => pairs.get(index)?.value,
            View::Sequence(items) => *items.get(index)?,
            _ => return None,
        };
        Some(self.tree.span(node).end as usize)
    }

    /// The last entry that begins at or before an offset.
    fn at(&self, offset: u32) -> usize {
        let begins = |node: NodeId| self.tree.span(node).start <= offset;
        let behind = match self.view {
            View::Mapping(pairs) => pairs.partition_point(|pair| begins(pair.key)),
            View::Sequence(items) => items.partition_point(|item| begins(*item)),
            _ => 0,
        };
        behind.saturating_sub(1)
    }

    /// The entry that a node is in.
    fn above(&self, node: NodeId) -> Option<usize> {
        let mut own = node;
        while self.tree.parent(own)? != self.collection {
            own = self.tree.parent(own)?;
        }
        let index = self.at(self.tree.span(own).start);
        let is_it = match self.view {
            View::Mapping(pairs) => {
                let pair = pairs.get(index)?;
                pair.key == own || pair.value == own
            }
            View::Sequence(items) => *items.get(index)? == own,
            _ => false,
        };
        is_it.then_some(index)
    }
}
