//! Runs the rules over a file, and applies their fixes.

use std::collections::HashSet;
use std::sync::Arc;

use leastwise_model::{Config, Level};
use leastwise_syntax::{Format, Tree, write};
use leastwise_workspace::Analysis;
use leastwise_workspace::analysis::index::IndexedFiles;

use crate::fix::{LazyFix, ResolvedFix};
use crate::format::unused_ignore;
use crate::ignore::Ignores;
use crate::limits::{READ_FOR_FIXES, ROUNDS_OF_FIXES};
use crate::merge::merged;
use crate::progress::Progress;
use crate::registry::RULES;
use crate::round::{Taken, waits};
use crate::rule::FilePart;
use crate::rule::Finding;
use crate::support::quoting::shorten;
use crate::walk::walk;
use crate::{Context, Rule, calls, unreachable};

/// All findings of a file in source order, with the config's levels and ignores applied.
pub fn check(context: &Context<'_>) -> Vec<Finding> {
    check_with(context, |_| true)
}

/// As [`check`], with the rules that `wanted` picks.
pub fn check_with(context: &Context<'_>, wanted: impl Fn(&Rule) -> bool) -> Vec<Finding> {
    let findings = run(context, &PARTS, &wanted);
    finish(context, findings, &wanted)
}

/// All of a file.
const PARTS: [FilePart; 2] = [FilePart::File, FilePart::Policies];

/// What the rules report of parts of a file, with the config's levels. What hangs on the values that calls give to a module's variables is
/// asked of the file as each call makes it.
pub(crate) fn run(
    context: &Context<'_>,
    parts: &[FilePart],
    wanted: impl Fn(&Rule) -> bool,
) -> Vec<Finding> {
    let calls = context.analysis.calls(context.tree);
    if calls.ways.is_empty() {
        return run_once(context, parts, wanted);
    }
    let mut findings = Vec::new();
    if parts.contains(&FilePart::File) {
        findings.extend(run_once(context, &[FilePart::File], &wanted));
    }
    if parts.contains(&FilePart::Policies) {
        let ways = calls.ways.iter().map(|way| {
            let context = Context::new(context.tree, &way.analysis);
            run_once(&context, &[FilePart::Policies], &wanted)
        });
        findings.extend(calls::joined(calls, ways));
    }
    findings
}

fn run_once(
    context: &Context<'_>,
    parts: &[FilePart],
    wanted: impl Fn(&Rule) -> bool,
) -> Vec<Finding> {
    let config = context.config();
    // A plan of Terraform is what its modules make: mending it mends nothing.
    let analysis = context.analysis;
    let written_by_a_tool = analysis.is_made();
    let is_on = |rule: &Rule| config.level(rule.id).unwrap_or(rule.level) != Level::Off;
    let rules = RULES.iter().copied();
    let rules: Vec<&Rule> = rules.filter(|rule| wanted(rule) && is_on(rule)).collect();
    let mut findings = Vec::new();
    for part in parts {
        let mut told = Vec::new();
        for (rule, found) in rules.iter().zip(walk(context, &rules, *part)) {
            let level = config.level(rule.id);
            told.extend(found.into_iter().map(|mut finding| {
                if let Some(level) = level {
                    finding.level = level;
                }
                if written_by_a_tool {
                    finding.forget_fixes();
                }
                finding
            }));
        }
        if *part == FilePart::Policies {
            unreachable::leave_out(context, &mut told);
        }
        findings.extend(told);
    }
    findings
}

/// Applies the ignores of file and config, sorts, and tells as one what has one reason.
pub(crate) fn finish(
    context: &Context<'_>,
    findings: Vec<Finding>,
    wanted: &impl Fn(&Rule) -> bool,
) -> Vec<Finding> {
    let ignores = Ignores::read(context);
    // Of what isn't told nobody knows whether an ignore is for it.
    let is_all = findings.iter().all(|finding| finding.left_out == 0);
    let wanted = |rule: &Rule| wanted(rule) && (is_all || rule.id != unused_ignore::RULE.id);
    let rules = RULES.iter().copied();
    let rules: Vec<&Rule> = rules.filter(|rule| wanted(rule)).collect();
    let mut findings = ignores.apply(context, findings, &rules);
    findings.sort_by(|a, b| {
        (a.span.start, a.span.end, a.rule.id).cmp(&(b.span.start, b.span.end, b.rule.id))
    });
    // A document that an alias brings to two places is read twice.
    findings.dedup_by(|a, b| a.rule.id == b.rule.id && a.span == b.span && a.message == b.message);
    let mut findings = merged(findings);
    shorten(context.tree, &mut findings);
    findings
}

/// A fix that [`apply_fixes`] has applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Applied {
    /// The rule that it mends.
    pub rule: &'static str,
    /// What was done.
    pub fix: ResolvedFix,
    /// See [`ResolvedFix::announced`]: told by whoever still has the text that it was for.
    pub announced: String,
}

/// What fixes have made of a file.
#[derive(Debug)]
pub struct FixedFile {
    /// The text after them.
    pub text: String,
    /// What was done, in order.
    pub applied: Vec<Applied>,
    /// Whether it took too long to go on: there are fixes left.
    pub is_cut_off: bool,
    /// How often the rules have looked at it.
    pub rounds: usize,
    /// The file as it is then, unless it took too long.
    pub last: Option<CheckedFile>,
}

/// A file, and what the rules have found in it.
#[derive(Debug)]
pub struct CheckedFile {
    /// The file.
    pub tree: Arc<Tree>,
    /// Its policies.
    pub analysis: Arc<Analysis>,
    /// What [`check`] gives for it.
    pub findings: Vec<Finding>,
}

/// The text of a file after its fixes, and what was done. The first fix of each finding that is `wanted` is taken;
/// fixes of one policy are applied one after the other, on the tree as it is then. A fix that would break the file is
/// left out, and so is one that leaves its finding where it was.
pub fn apply_fixes(
    text: &str,
    format: Format,
    path: &str,
    config: &Arc<Config>,
    files: &Arc<dyn IndexedFiles>,
    wanted: impl Fn(&Finding, &LazyFix) -> bool,
) -> FixedFile {
    let tree = Arc::new(Tree::parse(text.to_owned(), format));
    let (config, files) = (Arc::clone(config), Arc::clone(files));
    let analysis = Analysis::with_memo(&tree, path, config, files, Arc::default());
    apply_fixes_to(&tree, &Arc::new(analysis), wanted)
}

/// As [`apply_fixes`], for a file that has been read.
pub fn apply_fixes_to(
    tree: &Arc<Tree>,
    analysis: &Arc<Analysis>,
    wanted: impl Fn(&Finding, &LazyFix) -> bool,
) -> FixedFile {
    // A policy may have as many fixes as it likes, while large files come to an end.
    let rounds = ROUNDS_OF_FIXES.max(READ_FOR_FIXES / tree.source().len().max(1));
    let (mut tree, mut analysis) = (Arc::clone(tree), Arc::clone(analysis));
    let mut applied = Vec::new();
    let mut progress = Progress::default();
    let mut last = None;
    let mut done = 0;
    for _ in 0..rounds {
        done += 1;
        let context = Context::new(&tree, &analysis);
        let findings = check(&context);
        if let Some(before) = progress.without_effect(&findings) {
            applied.truncate(before.applied);
            (tree, analysis) = read_again(before.text, &tree, &analysis);
            continue;
        }
        let (mut edits, mut taken) = chosen(&context, &findings, usize::MAX, &|finding, fix| {
            wanted(finding, fix) && !progress.is_given_up(finding) && !progress.is_suspect(finding)
        });
        let mut is_part = false;
        while taken.is_empty()
            && let Some(alone) = progress.is_alone()
        {
            is_part = true;
            let most = if alone { 1 } else { usize::MAX };
            (edits, taken) = chosen(&context, &findings, most, &|finding, fix| {
                wanted(finding, fix)
                    && !progress.is_given_up(finding)
                    && progress.is_of_part(finding)
            });
            if taken.is_empty() {
                progress.end_part();
            }
        }
        let after = write::apply(tree.source(), &edits);
        if taken.is_empty() || after == tree.source() {
            last = Some(findings);
            break;
        }
        let mended = taken.iter().map(|(finding, _)| *finding);
        progress.begin(tree.source(), applied.len(), &findings, mended, is_part);
        applied.extend(taken.into_iter().map(|(_, applied)| applied));
        (tree, analysis) = read_again(after, &tree, &analysis);
    }
    FixedFile {
        text: tree.source().to_owned(),
        applied,
        is_cut_off: last.is_none(),
        rounds: done,
        last: last.map(|findings| CheckedFile {
            tree,
            analysis,
            findings,
        }),
    }
}

/// Another text of a file.
fn read_again(text: String, was: &Tree, known: &Analysis) -> (Arc<Tree>, Arc<Analysis>) {
    let tree = Tree::parse(text, was.format());
    let (config, files) = (Arc::clone(&known.config), Arc::clone(&known.files));
    let memo = Arc::clone(&known.memo);
    let analysis = Analysis::with_memo(&tree, &known.path, config, files, memo);
    (Arc::new(tree), Arc::new(analysis))
}

/// The first wanted fix of each finding, as far as they can be applied at once: their edits, and what they do.
#[cfg(test)]
pub(crate) fn round(
    context: &Context<'_>,
    wanted: &impl Fn(&Finding, &LazyFix) -> bool,
) -> (Vec<write::TextEdit>, Vec<Applied>) {
    let findings = check(context);
    let (edits, taken) = chosen(context, &findings, usize::MAX, wanted);
    (
        edits,
        taken.into_iter().map(|(_, applied)| applied).collect(),
    )
}

/// The first wanted fix of each of the findings, as far as they can be applied at once and up to a number: their edits, and
/// what they do.
fn chosen<'f>(
    context: &Context<'_>,
    findings: &'f [Finding],
    most: usize,
    wanted: &impl Fn(&Finding, &LazyFix) -> bool,
) -> (Vec<write::TextEdit>, Vec<(&'f Finding, Applied)>) {
    let mut round: Vec<(&Finding, Applied)> = Vec::new();
    let mut taken = Taken::of(context);
    let mut in_turn: Vec<&Finding> = findings.iter().collect();
    in_turn.sort_by_cached_key(|finding| (waits(finding), taken.is_on_everything(finding)));
    for finding in in_turn {
        if round.len() == most {
            break;
        }
        let Some(fix) = finding
            .fixes(context)
            .iter()
            .filter(|fix| wanted(finding, fix))
            .find_map(|fix| fix.resolve_in_bulk(context, |fix| wanted(finding, fix)))
        else {
            continue;
        };
        if !taken.take(finding.rule, &fix) {
            continue;
        }
        let rule = finding.rule.id;
        let announced = fix.announced(context.tree.source());
        let applied = Applied {
            rule,
            fix,
            announced,
        };
        round.push((finding, applied));
    }
    written(context, &taken, round)
}

/// The edits of the fixes of a round, those of one statement written in one go. Where they can't be, the first of them stays.
fn written<'f>(
    context: &Context<'_>,
    taken: &Taken<'_>,
    round: Vec<(&'f Finding, Applied)>,
) -> (Vec<write::TextEdit>, Vec<(&'f Finding, Applied)>) {
    let mut edits: Vec<write::TextEdit> = Vec::new();
    let (mut is_written, mut is_left) = (HashSet::new(), HashSet::new());
    for (statement, fixes) in taken.contested_statements() {
        let of_group = fixes.iter().filter_map(|at| round.get(*at));
        let meant = of_group.flat_map(|(_, applied)| applied.fix.apart.iter().cloned());
        let meant: Vec<write::Edit> = meant.collect();
        match write::write(context.tree, &meant) {
            Ok(own) if taken.are_in(statement, &own) => {
                is_written.extend(fixes.iter().copied());
                edits.extend(own);
            }
            _ => is_left.extend(fixes.iter().skip(1).copied()),
        }
    }
    let mut done = Vec::with_capacity(round.len());
    for (at, (finding, applied)) in round.into_iter().enumerate() {
        if is_left.contains(&at) {
            continue;
        }
        if !is_written.contains(&at) {
            edits.extend(applied.fix.edits.iter().cloned());
        }
        done.push((finding, applied));
    }
    edits.sort_by_key(|edit| edit.span);
    (edits, done)
}
