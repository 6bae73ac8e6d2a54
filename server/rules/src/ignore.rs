//! Findings that somebody has decided to live with: `# leastwise: ignore[rule-id] reason` in the file, `[[ignore]]`
//! in the config.

use std::collections::HashSet;

use leastwise_syntax::{NodeId, Span};
use leastwise_workspace::model::Item;

use crate::format::unused_ignore;
use crate::{Context, Finding, Rule};

/// The ignores written in one file.
pub(crate) struct Ignores {
    comments: Vec<Ignore>,
}

/// One `leastwise: ignore[…]`.
struct Ignore {
    /// Rule ids; empty: every rule.
    rules: Vec<String>,
    /// The comment.
    span: Span,
    /// The lines that it is for: its own, and where it stands alone on its line the next one that is no comment.
    lines: Span,
}

/// Rules of actions that AWS doesn't have.
const OF_NOTHING: [&str; 3] = [
    "action-matches-nothing",
    "unknown-action",
    "unknown-service",
];

const MARKER: &str = "leastwise: ignore";

impl Ignores {
    /// Reads the comments of a file.
    pub(crate) fn read(context: &Context<'_>) -> Ignores {
        let source = context.tree.source();
        let mut comments = Vec::new();
        let own = context.tree.comments().iter().map(|comment| comment.span);
        for span in own.chain(context.tree.inner_comments()) {
            let text = source.get(span.range()).unwrap_or_default();
            let Some(at) = text.find(MARKER) else {
                continue;
            };
            let rest = &text[at + MARKER.len()..];
            let rules = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
                Some((list, _)) => list.split(',').map(|id| id.trim().to_owned()).collect(),
                None => Vec::new(),
            };
            comments.push(Ignore {
                rules,
                span,
                lines: lines(source, span),
            });
        }
        Ignores { comments }
    }

    /// Whether somebody has decided to live with a finding. What is ignored no fix of another finding takes along.
    pub(crate) fn quiet(&self, context: &Context<'_>, finding: &Finding) -> bool {
        self.comments.iter().any(|ignore| ignore.matches(finding)) || by_config(context, finding)
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
        let line = |item: &Item| {
            let start = context.item_span(item).start as usize;
            let before = source.get(..start).unwrap_or_default();
            before.rfind('\n').map_or(0, |at| at + 1)
        };
        let is_for_others = |ignore: &Ignore| {
            let mut rules = ignore.rules.iter();
            !ignore.rules.is_empty() && rules.all(|id| OF_NOTHING.contains(&id.as_str()))
        };
        let ignores = self.comments.iter().filter(|of| !is_for_others(of));
        let spans: Vec<Span> = ignores.map(|ignore| ignore.lines).collect();
        let is_covered = |item: &&&Item| {
            let start = context.item_span(item).start;
            spans.iter().any(|of| of.start <= start && start < of.end)
        };
        let nodes: HashSet<NodeId> = moved.iter().map(|item| item.node).collect();
        let covered: HashSet<usize> = moved.iter().filter(is_covered).map(|of| line(of)).collect();
        let mut stay = items.iter().filter(|item| !nodes.contains(&item.node));
        !covered.is_empty() && stay.any(|item| covered.contains(&line(item)))
    }

    /// Takes out what is ignored, and reports ignores that match nothing.
    pub(crate) fn apply(
        &self,
        context: &Context<'_>,
        findings: Vec<Finding>,
        wanted: &impl Fn(&Rule) -> bool,
    ) -> Vec<Finding> {
        let mut used = vec![false; self.comments.len()];
        let mut kept = Vec::with_capacity(findings.len());
        for finding in findings {
            let mut quiet = false;
            for (ignore, used) in self.comments.iter().zip(&mut used) {
                if ignore.matches(&finding) {
                    *used = true;
                    quiet = true;
                }
            }
            if !quiet && !by_config(context, &finding) {
                kept.push(finding);
            }
        }
        let level = context
            .config()
            .level(unused_ignore::RULE.id)
            .unwrap_or(unused_ignore::RULE.level);
        if level > leastwise_workspace::Level::Off && wanted(&unused_ignore::RULE) {
            for (ignore, used) in self.comments.iter().zip(used) {
                let ran = ignore.rules.is_empty()
                    || ignore
                        .rules
                        .iter()
                        .any(|id| crate::rule(id).is_none_or(wanted));
                if !used && ran {
                    kept.push(unused_ignore::finding(&ignore.rules, ignore.span).level(level));
                }
            }
        }
        kept
    }
}

impl Ignore {
    fn matches(&self, finding: &Finding) -> bool {
        (self.rules.is_empty() || self.rules.iter().any(|id| id == finding.rule.id))
            && self.lines.start <= finding.span.start
            && finding.span.start < self.lines.end
    }
}

/// The bytes of the lines that a comment is for.
fn lines(source: &str, comment: Span) -> Span {
    let start = source[..comment.start as usize]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let line_end = |from: usize| {
        source[from..]
            .find('\n')
            .map_or(source.len(), |at| from + at + 1)
    };
    let mut end = line_end(comment.end as usize);
    if source[start..comment.start as usize].trim().is_empty() {
        while end < source.len() {
            let next = line_end(end);
            let line = source[end..next].trim_start();
            end = next;
            let is_comment = line.starts_with('#') || line.starts_with("//");
            if !is_comment && !line.trim().is_empty() {
                break;
            }
        }
    }
    let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    // A finding at the very end of the file is on its last line.
    Span::new(clamp(start), clamp(end) + u32::from(end == source.len()))
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
