//! Documents inside strings: a policy as JSON (or YAML) in a string of another document.
//!
//! The text of a string that looks like one is read as a document of its own. Its nodes join the arena of the
//! outer one with spans in the outer source, and the maps of its scalars are composed with that of the string, so
//! that one segment of an ARN behind two layers of escapes is found as any other. The string itself stays a scalar:
//! what it holds is asked for by [`Tree::embedded`](crate::Tree::embedded), and
//! [`Tree::resolved`](crate::Tree::resolved) follows into it.

mod encoded;
mod host;
mod map;
mod policy_mark;
mod substituted;
pub(crate) mod template;
mod transfer;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

pub(crate) use encoded::as_file;
pub(crate) use host::HostText;
use map::HostMap;
use policy_mark::{VERSION, has_mark};
use substituted::Substitution;
pub(crate) use substituted::masked;

use crate::arena::{Arena, Kind, Node};
use crate::decoded::Decoded;
use crate::limits::DEPTH_OF_STRINGS;
use crate::marks::Region;
use crate::reading::Reading;
use crate::{
    Format, Limits, NodeId, Problem, ProblemKind, ScalarType, Span, Style, expansion, json, readers,
};

/// Shorter texts hold no policy.
const SHORTEST: u32 = 15;

/// Reads a whole text that stands in `level` strings, and the documents in its own strings.
pub(crate) fn read(source: &str, format: Format, limits: &Limits, level: u32) -> Reading {
    let mut read = read_apart(source, format, limits, level).0;
    // Nothing is added to what isn't read in part.
    if format != Format::Yaml {
        read.arena.shrink_to_fit();
    }
    read
}

/// What is wrong with a text by itself, whatever its strings hold.
#[derive(Default)]
struct OwnProblems {
    /// The first problem, but for that it is a template.
    first: Option<Problem>,
    /// Why not all of it is read.
    unread: Option<ProblemKind>,
}

impl OwnProblems {
    fn of(problems: &[Problem]) -> OwnProblems {
        let is_unread = |kind: &ProblemKind| is_unread(*kind);
        OwnProblems {
            first: problems.iter().find(|it| !is_templated(it)).cloned(),
            unread: problems.iter().map(|it| it.kind).find(is_unread),
        }
    }

    /// It in the reader's words.
    fn message(&self) -> String {
        let message = self.first.as_ref().map_or("", |it| it.message.as_str());
        format!("In the policy in this string: {message}")
    }
}

/// As [`read`], with what is wrong with the text and not with one in its strings.
fn read_apart(source: &str, format: Format, limits: &Limits, level: u32) -> (Reading, OwnProblems) {
    let mut read = readers::read(source, format, limits);
    let mut own = OwnProblems::of(&read.problems);
    read_strings(source, &mut read, 0, limits, level);
    expansion::cut(&mut read, limits);
    if own.first.is_none() {
        let mut problems = read.problems.iter();
        let expanded = problems.find(|it| it.kind == ProblemKind::Expansion);
        own.first = expanded.cloned();
    }
    (read, own)
}

/// Reads the documents inside the strings among the nodes from `first` on. `level` says how many strings are
/// around `source` itself.
pub(crate) fn read_strings(
    source: &str,
    into: &mut Reading,
    first: usize,
    limits: &Limits,
    level: u32,
) {
    let mut hosts: Vec<u32> = Vec::new();
    for (index, node) in into.arena.nodes.iter().enumerate().skip(first) {
        let id = NodeId(index as u32);
        let is_candidate = node.span.len() >= SHORTEST
            && match node.kind {
                Kind::Scalar => {
                    node.ty == ScalarType::String
                        && !matches!(node.style, Style::Plain | Style::Fragment)
                        && may_hold(&into.arena, source, node)
                        && format_of(&into.arena, source, id).is_some()
                }
                Kind::Tagged => template::is_candidate(&into.arena, source, id),
                _ => false,
            };
        if is_candidate {
            hosts.push(index as u32);
        }
    }
    if hosts.is_empty() {
        return;
    }
    let keys: HashSet<u32> = into.arena.pairs.iter().map(|pair| pair.key.0).collect();
    let old = into.problems.len();
    for host in hosts.into_iter().filter(|host| !keys.contains(host)) {
        if level >= DEPTH_OF_STRINGS {
            let span = into.arena.node(NodeId(host)).span;
            let message =
                format!("What stands in more than {DEPTH_OF_STRINGS} strings isn't read.");
            into.problem(ProblemKind::Embedded, span, message);
            continue;
        }
        read_host(source, into, NodeId(host), limits, level);
    }
    into.arena.embedded.sort_by_key(|entry| entry.host);
    if into.problems.len() > old {
        into.problems.sort_by_key(|problem| problem.span.start);
    }
}

/// Whether a string may hold a document by its first byte. Nearly none does, and each string of a file is asked.
#[inline]
fn may_hold(arena: &Arena, source: &str, node: &Node) -> bool {
    // Without escapes and line breaks it is one line of text: only JSON fits into one.
    node.style != Style::DoubleQuoted
        || arena.decoded.get(node.a as usize).is_some()
        || matches!(
            source.as_bytes().get(node.span.start as usize + 1),
            Some(b'{' | b'[' | b' ' | b'\t' | b'\n' | b'\r') | None
        )
}

/// The syntax that a string may hold a policy in.
fn format_of(arena: &Arena, source: &str, id: NodeId) -> Option<Format> {
    let format = format_of_text(arena, id, arena.text(source, id)?)?;
    // A text with no way back to its source has no places to show.
    let own = arena.decoded.get(arena.node(id).a as usize);
    (!own.is_some_and(Decoded::is_coarse)).then_some(format)
}

/// Whether a string may hold a document if this is its text.
pub(crate) fn is_document(arena: &Arena, id: NodeId, text: &str) -> bool {
    format_of_text(arena, id, text).is_some()
}

fn format_of_text(arena: &Arena, id: NodeId, text: &str) -> Option<Format> {
    let format = match text.trim_start().as_bytes().first() {
        Some(b'{' | b'[') => Format::Json,
        Some(b'$') if arena.node(id).style == Style::DoubleQuoted && encoded::is_one(text) => {
            Format::Hcl
        }
        Some(_) if matches!(arena.node(id).style, Style::Literal | Style::Folded) => Format::Yaml,
        // `"Statement:\n- …"`
        Some(_) if text.contains('\n') => Format::Yaml,
        _ => return None,
    };
    if !has_mark(text) {
        return None;
    }
    // YAML looks like any other text but for its keys.
    let is_key = |line: &str| {
        let line = line.trim_start().trim_start_matches("- ");
        let version = line.strip_prefix("Version:");
        line.trim_end() == "Statement:"
            || version
                .is_some_and(|rest| rest.trim().trim_matches(['\'', '"']).as_bytes() == VERSION)
    };
    if format == Format::Yaml && !text.lines().any(is_key) {
        return None;
    }
    Some(format)
}

/// How many collections are around a node.
fn depth(arena: &Arena, id: NodeId) -> u32 {
    let mut depth = 0;
    let mut node = arena.node(id);
    while let Some(parent) = arena.nodes.get(node.parent as usize) {
        depth += 1;
        node = *parent;
    }
    depth
}

/// Whether a string is one of those that `Fn::Join` puts together.
fn is_joined(arena: &Arena, id: NodeId) -> bool {
    let mut node = arena.node(id);
    while let Some(parent) = arena.nodes.get(node.parent as usize) {
        match parent.kind {
            Kind::Sequence => {}
            Kind::Tagged => {
                let tag = arena.tags.get(parent.a as usize);
                if tag.is_some_and(|tag| tag.name == "Fn::Join") {
                    return true;
                }
            }
            _ => return false,
        }
        node = *parent;
    }
    false
}

/// The limits for the document in a string: it may be as deep as what is around it leaves.
fn inner_limits(arena: &Arena, host: NodeId, limits: &Limits) -> Limits {
    Limits {
        depth: limits.depth.saturating_sub(depth(arena, host)),
        ..*limits
    }
}

/// Reads the text of one string, and adds its nodes if it is a document.
fn read_host(source: &str, into: &mut Reading, host: NodeId, limits: &Limits, level: u32) {
    let limits = inner_limits(&into.arena, host, limits);
    let node = into.arena.node(host);
    let content = into.arena.content_span(&node);
    let (format, substitution, own);
    if node.kind == Kind::Tagged {
        let Some(template) = template::read(&into.arena, source, host) else {
            return;
        };
        format = Format::Json;
        substitution = Some(Substitution::Template(template.expressions));
        own = Some(template.decoded);
    } else {
        let Some(found) = format_of(&into.arena, source, host) else {
            return;
        };
        format = found;
        match substituted::substitution(&into.arena, host) {
            Ok(found) => substitution = found,
            Err(()) => return,
        }
        own = into
            .arena
            .decoded
            .get_mut(node.a as usize)
            .map(std::mem::take);
    }
    let (text, base) = match &own {
        Some(own) => (own.text.as_str(), node.span.start),
        None => (
            source.get(content.range()).unwrap_or_default(),
            content.start,
        ),
    };
    let map = HostMap {
        base,
        decoded: own.as_ref(),
    };
    let (readable, masks) = readable(text, format, substitution.is_some());
    let (mut inner, wrong) = read_apart(&readable, format, &limits, level + 1);
    if format == Format::Hcl {
        encoded::take_root(&mut inner);
    }
    match verdict(&inner, &wrong, &readable, format) {
        Verdict::Whole => {
            // What is wrong with a document in a string of this one.
            let is_of_string = |kind| kind == ProblemKind::Embedded || is_unread(kind);
            let problems = inner.problems.iter();
            for problem in problems.filter(|problem| is_of_string(problem.kind)) {
                let span = map.span(problem.span.start..problem.span.end);
                into.problem(problem.kind, span, problem.message.clone());
                if problem.ran_out {
                    into.ran_out();
                }
            }
            templated(into, &inner, &map, &substitution);
        }
        // What a text ends with that is put together of several stands in the others.
        Verdict::Broken(_) if is_joined(&into.arena, host) => {
            restore(&mut into.arena, &node, own);
            return;
        }
        // What is filled in may bring the comma before or behind it along.
        Verdict::Broken(problem) if is_at_hole(&readable, &masks, problem) => {}
        Verdict::Broken(problem) => {
            let told = wrong.first.as_ref().map_or(problem, |it| it.span);
            let span = map.span(told.start..told.end);
            let end = span.end.min(node.span.end);
            let span = Span::new(span.start.min(end), end);
            into.problem(ProblemKind::Embedded, span, wrong.message());
            if format == Format::Json && json::ran_out(&readable, problem) {
                into.ran_out();
            }
        }
        Verdict::Unread(kind) => {
            restore(&mut into.arena, &node, own);
            into.problem(kind, node.span, wrong.message());
            return;
        }
        Verdict::Other => {
            restore(&mut into.arena, &node, own);
            return;
        }
    }
    transfer::transfer(transfer::Transfer {
        into,
        host,
        text,
        readable: &readable,
        map: &map,
        inner,
        format,
        substitution,
        masks: &masks,
    });
    restore(&mut into.arena, &node, own);
}

/// The text of a string as its document is read, all offsets as they are, and what is masked in it.
pub(crate) fn readable(
    text: &str,
    format: Format,
    is_put_together: bool,
) -> (Cow<'_, str>, Vec<Range<u32>>) {
    match format {
        Format::Json if is_put_together => masked(text),
        Format::Hcl => (Cow::Owned(as_file(text).unwrap_or_default()), Vec::new()),
        _ => (Cow::Borrowed(text), Vec::new()),
    }
}

/// Takes over what marks of other tools mean in a string. Those of a template of HCL are its own.
fn templated(
    into: &mut Reading,
    inner: &Reading,
    map: &HostMap<'_>,
    substitution: &Option<Substitution>,
) {
    let place = |span: &Span| map.span(span.start..span.end);
    for region in &inner.marked.regions {
        let span = place(&region.span);
        let region = Region {
            span,
            ..region.clone()
        };
        into.marked.regions.push(region);
    }
    let inserted = inner.marked.inserted.iter();
    let inserted = inserted.map(|at| place(&Span::empty(*at)).start);
    into.marked.inserted.extend(inserted);
    let is_template = matches!(substitution, Some(Substitution::Template(_)));
    let is_known = into.problems.iter().any(is_templated);
    if let Some(problem) = inner.problems.iter().find(|problem| is_templated(problem))
        && !is_template
        && !is_known
    {
        let message = problem.message.clone();
        into.problem(ProblemKind::Templated, place(&problem.span), message);
    }
}

fn is_templated(problem: &Problem) -> bool {
    problem.kind == ProblemKind::Templated
}

/// Gives a scalar its text back.
fn restore(arena: &mut Arena, host: &Node, own: Option<Decoded>) {
    if host.kind == Kind::Scalar
        && let (Some(place), Some(own)) = (arena.decoded.get_mut(host.a as usize), own)
    {
        *place = own;
    }
}

/// Whether a problem says that something isn't read which may be well.
fn is_unread(kind: ProblemKind) -> bool {
    matches!(kind, ProblemKind::TooDeep | ProblemKind::TooLarge)
}

/// Whether a text is a document.
enum Verdict {
    /// It is.
    Whole,
    /// It can't be read as it is, but it is evidently meant as a policy. The first place that shows what is wrong.
    Broken(Span),
    /// It may be well, but isn't read: what kind of problem that is.
    Unread(ProblemKind),
    /// It is some other text.
    Other,
}

fn verdict(inner: &Reading, wrong: &OwnProblems, text: &str, format: Format) -> Verdict {
    if let Some(kind) = wrong.unread {
        return Verdict::Unread(kind);
    }
    let Some(root) = inner.documents.first().copied() else {
        return Verdict::Other;
    };
    let is_collection = matches!(
        inner.arena.node(root).kind,
        Kind::Mapping | Kind::Sequence | Kind::Tagged
    );
    let stop = |problem: &Problem| inner.stop.unwrap_or(problem.span);
    match &wrong.first {
        None if format == Format::Yaml => {
            // Anchors and several documents would need more than a string can show.
            let is_one = inner.documents.len() == 1 && inner.arena.anchors.is_empty();
            let is_valid = inner.is_strict || inner.problems.iter().any(is_templated);
            match is_collection && is_one && is_valid {
                true => Verdict::Whole,
                false => Verdict::Other,
            }
        }
        None if is_collection => Verdict::Whole,
        Some(problem)
            if matches!(format, Format::Json | Format::Hcl)
                && problem.kind == ProblemKind::Syntax
                && !is_template(text, stop(problem))
                && is_evident(&inner.arena, text, root) =>
        {
            Verdict::Broken(stop(problem))
        }
        _ => Verdict::Other,
    }
}

/// Whether what stops the reader stands at something that is filled in, or right behind it. Only the last one before it can be
/// that, so that the text between is looked at once.
fn is_at_hole(text: &str, masks: &[Range<u32>], problem: Span) -> bool {
    let end = problem.end.max(problem.start + 1);
    let before = masks.partition_point(|mask| mask.start < end);
    let Some(mask) = masks.get(..before).and_then(<[_]>::last) else {
        return false;
    };
    let between = text.get(mask.end as usize..problem.start as usize);
    problem.start < mask.end || between.is_some_and(|text| text.trim().is_empty())
}

/// Whether what stops the reader is a mark of another tool, which makes a policy of the text later.
fn is_template(text: &str, problem: Span) -> bool {
    let around = text
        .get(text.floor_char_boundary((problem.start as usize).saturating_sub(1))..)
        .unwrap_or_default();
    text.contains("{{")
        || text.contains("{%")
        || text.contains("<%")
        || around
            .trim_start_matches([' ', ',', ':', '[', '{', '\n'])
            .starts_with(['$', '%', '<', '#', '@', '&'])
}

/// Whether a broken text is a policy: `Statement` with something that has an `Effect`.
fn is_evident(arena: &Arena, text: &str, root: NodeId) -> bool {
    let get = |id: NodeId, name: &str| {
        let node = arena.node(id);
        arena
            .pairs_of(&node)
            .iter()
            .find(|pair| arena.text(text, pair.key) == Some(name))
            .map(|pair| pair.value)
    };
    let Some(statement) = get(root, "Statement") else {
        return false;
    };
    let node = arena.node(statement);
    get(statement, "Effect").is_some()
        || arena
            .items_of(&node)
            .iter()
            .any(|item| get(*item, "Effect").is_some())
}
