//! Findings that somebody has decided to live with: `# leastwise: ignore[rule-id] reason` in the file, `[[ignore]]`
//! in the config.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use leastwise_model::Item;
use leastwise_syntax::trace::Traced;
use leastwise_syntax::{NodeId, Span, Tree};
use leastwise_workspace::load::IGNORE_MARKER;

use crate::format::unused_ignore::{self, Fault};
use crate::rule::documentation::{known, nearest};
use crate::{Context, Finding, Findings, Rule, work};

/// The ignores written in one file.
pub(crate) struct Ignores {
    comments: Vec<Ignore>,
    quiet: Quiet,
}

/// The ignores of a whole file.
#[derive(Default)]
struct OfFile(Traced<Arc<Ignores>>);

/// One `leastwise: ignore[…]`.
struct Ignore {
    /// Rule ids; empty: every rule. One that there isn't hides nothing.
    rules: Vec<String>,
    /// What of it isn't understood, each with its place.
    faults: Vec<(Fault, Span)>,
    /// The comment.
    span: Span,
    /// The lines that it is for: its own, and where it stands alone on its line the next one that is no comment. Where a string
    /// over several lines begins on them that holds a policy, in which no comment may have a place, these too.
    lines: Span,
}

/// The text that is written where the last of some lines ends.
fn string_at_end(tree: &Tree, lines: Span) -> Option<Span> {
    let source = tree.source().get(lines.range())?;
    let end = u32::try_from(source.trim_end().len()).ok()?;
    let node = tree.node_at(lines.start + end)?;
    tree.text(node)?;
    Some(tree.span(node))
}

/// Rules of actions that AWS doesn't have.
const OF_NOTHING: [&str; 3] = [
    "action-matches-nothing",
    "unknown-action",
    "unknown-service",
];

/// What an ignore says, by what stands behind the marker.
#[derive(Default)]
struct Said {
    /// See [`Ignore::rules`].
    rules: Vec<String>,
    /// What isn't understood, each with its bytes there.
    faults: Vec<(Fault, Range<usize>)>,
}

impl Said {
    /// `None` where it is another word. A list that isn't closed is one rule.
    fn of(behind: &str) -> Option<Said> {
        if behind.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '(' | '{')) {
            return None;
        }
        let mut said = Said::default();
        let Some(list) = behind.trim_start().strip_prefix('[') else {
            said.bare(behind);
            return Some(said);
        };
        let start = behind.len() - list.len();
        let ids = match list.split_once(']') {
            Some((list, _)) => list.split(','),
            // No rule has a line break in its name, nor anything else of a list.
            None => list.split('\n'),
        };
        let mut seen = HashSet::new();
        let mut at = start;
        for id in ids {
            let from = at + id.len() - id.trim_start().len();
            at += id.len() + 1;
            let id = id.trim();
            if !id.is_empty() && seen.insert(id) {
                said.named(id, from..from + id.len());
            }
        }
        if said.rules.is_empty() {
            said.nothing(Fault::NoneNamed, start - 1..start);
        }
        Some(said)
    }

    fn named(&mut self, id: &str, place: Range<usize>) {
        if known(id).is_none() {
            self.faults.push((Fault::NoRule(id.to_owned()), place));
        }
        self.rules.push(id.to_owned());
    }

    /// What is said without a list is a reason, unless it begins with what is meant as one.
    fn bare(&mut self, behind: &str) {
        let first = behind.trim_start_matches([' ', '\t', ':', '=']);
        let is_of_id = |c: char| c.is_ascii_lowercase() || c == '-';
        let length = first.find(|c| !is_of_id(c)).unwrap_or(first.len());
        let word = first.get(..length).unwrap_or_default();
        let near = || nearest(word).filter(|_| word.contains('-'));
        let meant = known(word).or_else(near);
        if let Some(meant) = meant {
            let from = behind.len() - first.len();
            self.nothing(Fault::Bare(meant), from..from + length);
        }
    }

    /// It hides nothing: there is no rule without a name.
    fn nothing(&mut self, fault: Fault, place: Range<usize>) {
        self.rules.push(String::new());
        self.faults.push((fault, place));
    }
}

impl Ignores {
    /// Those of a file, whose comments are read once however many fixes ask.
    pub(crate) fn read(context: &Context<'_>) -> Arc<Ignores> {
        let all = context.analysis.cache.get::<OfFile>();
        let read = || {
            let own = context.tree.comments().iter().map(|comment| comment.span);
            work::did(context.tree.comments().len());
            let all = own.chain(context.tree.inner_comments());
            let ignores = Ignores::of(context.tree.source(), all);
            Arc::new(ignores.with_strings(context.tree))
        };
        Arc::clone(all.0.get_or_init(context.tree, None, read))
    }

    /// Reads the comments of a part of a file, and of the line that it ends on.
    pub(crate) fn within(context: &Context<'_>, part: Span) -> Ignores {
        let behind = context.tree.commented_behind(part.end);
        work::did(behind.map_or(0, |behind| behind.range().len()));
        let part = behind.map_or(part, |behind| part.to(behind));
        let spans = context.tree.comments_in(part).into_iter();
        Ignores::of(context.tree.source_near(part), spans)
    }

    fn of(source: &str, spans: impl Iterator<Item = Span>) -> Ignores {
        let mut lines = Lines::of(source);
        let mut comments = Vec::new();
        for span in spans {
            let text = source.get(span.range()).unwrap_or_default();
            let Some(at) = text.find(IGNORE_MARKER) else {
                continue;
            };
            let behind = at + IGNORE_MARKER.len();
            let Some(said) = text.get(behind..).and_then(Said::of) else {
                continue;
            };
            let start = span.start as usize + behind;
            let place = |part: Range<usize>| {
                let clamp = |at: usize| u32::try_from(start + at).unwrap_or(u32::MAX);
                Span::new(clamp(part.start), clamp(part.end))
            };
            let faults = said.faults.into_iter();
            comments.push(Ignore {
                rules: said.rules,
                faults: faults.map(|(fault, part)| (fault, place(part))).collect(),
                span,
                lines: lines.of_comment(span),
            });
        }
        let quiet = Quiet::of(&comments);
        Ignores { comments, quiet }
    }

    /// With the strings that begin on the lines of each, and go on.
    fn with_strings(mut self, tree: &Tree) -> Ignores {
        if self.comments.is_empty() {
            return self;
        }
        let documents = tree.hosts();
        for ignore in &mut self.comments {
            let begun = documents.partition_point(|string| string.start < ignore.lines.end);
            let document = begun.checked_sub(1).and_then(|last| documents.get(last));
            let text = string_at_end(tree, ignore.lines);
            let own = document.copied().into_iter().chain(text);
            let own = own.filter(|string| string.start >= ignore.lines.start);
            let end = own.map(|string| string.end).max();
            ignore.lines.end = ignore.lines.end.max(end.unwrap_or_default());
        }
        Ignores {
            quiet: Quiet::of(&self.comments),
            comments: self.comments,
        }
    }

    /// Whether somebody has decided to live with a finding. What is ignored no fix of another finding takes along.
    pub(crate) fn quiet(&self, context: &Context<'_>, finding: &Finding) -> bool {
        self.quiet.has(finding) || by_config(context, finding)
    }

    /// Whether an ignore that may be for some of the moved items of a list would stay with those that share a line with
    /// them. What is ignored of names that AWS doesn't have is for none: these never move.
    pub(crate) fn are_left_by(
        &self,
        context: &Context<'_>,
        moved: &[&Item],
        items: &[Item],
    ) -> bool {
        let source = context.tree.source();
        let is_for_others = |ignore: &Ignore| {
            let mut rules = ignore.rules.iter();
            !ignore.rules.is_empty() && rules.all(|id| OF_NOTHING.contains(&id.as_str()))
        };
        let ignores = self.comments.iter().filter(|of| !is_for_others(of));
        let mut spans: Vec<Span> = ignores.map(|ignore| ignore.lines).collect();
        if spans.is_empty() {
            return false;
        }
        join(&mut spans);
        let start = |item: &Item| context.item_span(item).start as usize;
        let starts = || moved.iter().copied().chain(items).map(start);
        let (from, to) = (starts().min(), starts().max());
        let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
        let between = source.get(from..to).unwrap_or_default();
        work::did(between.len());
        let breaks: Vec<usize> = memchr::memchr_iter(b'\n', between.as_bytes()).collect();
        let line = |item: &Item| breaks.partition_point(|at| from + at < start(item));
        let is_covered = |item: &&&Item| is_within(&spans, context.item_span(item).start);
        let nodes: HashSet<NodeId> = moved.iter().map(|item| item.node).collect();
        let covered: HashSet<usize> = moved.iter().filter(is_covered).map(|of| line(of)).collect();
        let mut stay = items.iter().filter(|item| !nodes.contains(&item.node));
        !covered.is_empty() && stay.any(|item| covered.contains(&line(item)))
    }

    /// Takes out what is ignored, and reports ignores that match nothing. `rules` have been run.
    pub(crate) fn apply(
        &self,
        context: &Context<'_>,
        findings: Vec<Finding>,
        rules: &[&'static Rule],
    ) -> Vec<Finding> {
        let found = match self.comments.is_empty() {
            true => FindingStarts::default(),
            false => FindingStarts::of(&findings),
        };
        let is_loud = |finding: &Finding| !self.quiet(context, finding);
        let mut kept: Vec<Finding> = findings.into_iter().filter(is_loud).collect();
        let level = context
            .config()
            .level(unused_ignore::RULE.id)
            .unwrap_or(unused_ignore::RULE.level);
        let has_run = |id: &str| rules.iter().any(|rule| rule.id == id);
        if level > leastwise_model::Level::Off && has_run(unused_ignore::RULE.id) {
            let mut unused = Findings::default();
            for ignore in &self.comments {
                for (fault, span) in &ignore.faults {
                    unused.push(unused_ignore::not_understood(fault, *span).level(level));
                }
                let named = &ignore.rules;
                let is_told = named.is_empty() || named.iter().any(|id| has_run(id));
                if is_told && !found.meets(ignore) {
                    let known: Vec<&str> = named.iter().filter_map(|id| known(id)).collect();
                    unused.push(unused_ignore::finding(&known, ignore.span).level(level));
                }
            }
            kept.extend(unused.into_vec());
        }
        kept
    }
}

/// Where something is ignored, by the rule; of all rules under no name. Apart from each other, and in order.
struct Quiet {
    by_rule: HashMap<String, Vec<Span>>,
    all: Vec<Span>,
}

impl Quiet {
    fn of(comments: &[Ignore]) -> Quiet {
        let mut by_rule: HashMap<String, Vec<Span>> = HashMap::new();
        let mut all = Vec::new();
        for ignore in comments {
            if ignore.rules.is_empty() {
                all.push(ignore.lines);
            }
            for rule in &ignore.rules {
                match by_rule.get_mut(rule) {
                    Some(lines) => lines.push(ignore.lines),
                    None => {
                        by_rule.insert(rule.clone(), vec![ignore.lines]);
                    }
                }
            }
        }
        by_rule.values_mut().chain([&mut all]).for_each(join);
        Quiet { by_rule, all }
    }

    fn has(&self, finding: &Finding) -> bool {
        let at = finding.span.start;
        let is_in = |lines: &Vec<Span>| is_within(lines, at);
        is_in(&self.all) || self.by_rule.get(finding.rule.id).is_some_and(is_in)
    }
}

/// Whether an offset is in one of some spans that are apart and in order.
fn is_within(spans: &[Span], at: u32) -> bool {
    work::did(usize::from(!spans.is_empty()));
    let behind = spans.partition_point(|own| own.start <= at);
    let last = behind.checked_sub(1).and_then(|last| spans.get(last));
    last.is_some_and(|last| at < last.end)
}

/// Puts spans in order, those that meet joined.
fn join(spans: &mut Vec<Span>) {
    spans.sort_unstable();
    spans.dedup_by(|next, last| {
        let meets = next.start <= last.end;
        if meets {
            last.end = last.end.max(next.end);
        }
        meets
    });
}

/// Where findings begin, by the rule, in order.
#[derive(Default)]
struct FindingStarts {
    by_rule: HashMap<&'static str, Vec<u32>>,
    all: Vec<u32>,
}

impl FindingStarts {
    fn of(findings: &[Finding]) -> FindingStarts {
        let mut found = FindingStarts::default();
        for finding in findings {
            let at = finding.span.start;
            found.by_rule.entry(finding.rule.id).or_default().push(at);
            found.all.push(at);
        }
        let every = found.by_rule.values_mut().chain([&mut found.all]);
        every.for_each(|starts| starts.sort_unstable());
        found
    }

    /// Whether something is found that an ignore is for.
    fn meets(&self, ignore: &Ignore) -> bool {
        let lines = ignore.lines;
        let is_in = |starts: &Vec<u32>| {
            work::did(1);
            let at = starts.partition_point(|start| *start < lines.start);
            starts.get(at).is_some_and(|start| *start < lines.end)
        };
        match ignore.rules.as_slice() {
            [] => is_in(&self.all),
            rules => rules
                .iter()
                .any(|rule| self.by_rule.get(rule.as_str()).is_some_and(is_in)),
        }
    }
}

/// The lines that comments are for. Those of comments that follow each other are looked through once.
struct Lines<'s> {
    source: &'s str,
    /// The line that was asked for last.
    own: Span,
    /// From the first of some comments to where they end, and the end of the line behind them.
    below: (usize, usize, usize),
}

impl<'s> Lines<'s> {
    fn of(source: &'s str) -> Lines<'s> {
        Lines {
            source,
            own: Span::empty(0),
            below: (1, 0, 0),
        }
    }

    /// Behind the line break of the line that an offset is in.
    fn end(&self, from: usize) -> usize {
        let rest = self.source.get(from..).unwrap_or_default();
        let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
        work::did(length);
        from + length
    }

    /// The bytes of the lines that a comment is for.
    fn of_comment(&mut self, comment: Span) -> Span {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let at = comment.start as usize;
        if !(self.own.start <= comment.start && comment.end < self.own.end) {
            let before = self.source.get(..at).unwrap_or_default();
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            work::did(at - start);
            self.own = Span::new(clamp(start), clamp(self.end(comment.end as usize)));
        }
        let own = self.own;
        let text = self.source.get(comment.range()).unwrap_or_default();
        if text.contains('\n') {
            // The next one may begin on its last line.
            self.own = Span::empty(0);
        }
        let start = own.start as usize;
        let mut end = own.end as usize;
        let lead = self.source.get(start..at).unwrap_or_default();
        if lead.trim_start().is_empty() {
            end = self.below(end);
        }
        // A finding at the very end of the file is on its last line.
        let is_all = end == self.source.len();
        Span::new(clamp(start), clamp(end) + u32::from(is_all))
    }

    /// Where the first line ends from an offset on that is no comment.
    fn below(&mut self, from: usize) -> usize {
        let (first, last, end) = self.below;
        if first <= from && from <= last {
            return end;
        }
        let (mut last, mut end) = (from, from);
        while end < self.source.len() {
            last = end;
            end = self.end(last);
            let line = self.source.get(last..end).unwrap_or_default().trim_start();
            let is_comment = line.starts_with('#') || line.starts_with("//");
            if !is_comment && !line.is_empty() {
                break;
            }
            last = end;
        }
        self.below = (from, last, end);
        end
    }
}

fn by_config(context: &Context<'_>, finding: &Finding) -> bool {
    context.config().ignores.iter().any(|ignore| {
        let rule = ignore.rule.as_ref().is_none_or(|id| id == finding.rule.id);
        let path = ignore
            .path
            .as_ref()
            .is_none_or(|glob| glob.matches(&context.analysis.path));
        let action = ignore.action.as_ref().is_none_or(|glob| {
            finding
                .action
                .as_ref()
                .is_some_and(|action| glob.matches(action))
        });
        let owner = ignore.owner.as_ref().is_none_or(|glob| {
            finding
                .owner
                .as_ref()
                .is_some_and(|owner| glob.matches(owner))
        });
        rule && path && action && owner
    })
}

#[cfg(test)]
mod tests {
    use super::Said;

    #[test]
    fn what_is_not_understood_hides_nothing() {
        let rules = |behind: &str| Said::of(behind).map(|said| said.rules.join("|"));
        for (behind, wanted) in [
            ("", Some("")),
            (" since it is old", Some("")),
            (": since it is old", Some("")),
            ("*/", Some("")),
            ("[unknown-action] old", Some("unknown-action")),
            (" [unknown-action] old", Some("unknown-action")),
            ("[a, b]", Some("a|b")),
            ("[a, a, ]", Some("a")),
            ("[unknown-action ok", Some("unknown-action ok")),
            ("s[unknown-action]", None),
            ("(unknown-action)", None),
            ("_all", None),
        ] {
            assert_eq!(rules(behind).as_deref(), wanted, "{behind}");
        }
        let rules = |behind: &str| Said::of(behind).map(|said| said.rules);
        assert_eq!(rules(" old"), Some(Vec::new()), "every rule");
        for nothing in [
            "[]",
            "[ , ]",
            ": unknown-action",
            " unknown-action, invalid-arn",
            " unkown-action old",
        ] {
            assert_eq!(rules(nothing), Some(vec![String::new()]), "{nothing}");
        }
    }

    #[test]
    fn each_word_that_is_no_rule_has_its_place() {
        let of = |behind: &str| -> Vec<String> {
            let said = Said::of(behind).expect("an ignore");
            let faults = said.faults.into_iter();
            faults.map(|(_, place)| behind[place].to_owned()).collect()
        };
        assert_eq!(of("[unknown-action, invalid-arn] x"), [""; 0]);
        assert_eq!(
            of(" [ unkown-action,b , unknown-action,  c,b]"),
            ["unkown-action", "b", "c"]
        );
        assert_eq!(of("[]"), ["["]);
        assert_eq!(of(": unknown-action, as it is"), ["unknown-action"]);
        assert_eq!(of(" well-known for long"), [""; 0]);
    }
}
