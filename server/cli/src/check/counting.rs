//! How safe the fixes are that a report counts.

use leastwise_model::Level;
use leastwise_rules::{Context, Finding, LazyFix, ResolvedFix, Safety};

use crate::limits::{READ_TO_COUNT, READ_TO_COUNT_AT_LEAST};
use crate::report::Counted;

/// The fixes of each finding, as [`Counted`]: of those that aren't worked out to be told, the safest one of each finding, as that
/// is what is counted. Where trying them would read a multiple of the file, as each does with the whole of one that is broken,
/// all others that are offered count.
pub(super) fn counted(
    findings: &[Finding],
    told: &[Vec<ResolvedFix>],
    context: &Context<'_>,
) -> Vec<Counted> {
    let read = || context.tree.read_for_proofs().0;
    let most = read().saturating_add(room(context.tree.source().len()));
    let of = |(at, finding): (usize, &Finding)| {
        if let Some(told) = told.get(at) {
            return Counted {
                safeties: told.iter().map(|fix| fix.safety).collect(),
                also_for: None,
            };
        }
        let mut fixes = finding.fixes(context);
        fixes.sort_by_key(|fix| fix.safety);
        // Of suggestions, only what is safe is applied.
        let is_applied =
            |fix: &&LazyFix| finding.level >= Level::Warning || fix.safety == Safety::Safe;
        let mut applied = fixes.iter().filter(is_applied);
        let first = applied.find_map(|fix| match read() > most {
            true => Some((fix.safety, None)),
            false => Some((fix.safety, fix.resolve(context)?.also_for)),
        });
        let (safety, also_for) = first.unzip();
        Counted {
            safeties: safety.into_iter().collect(),
            also_for: also_for.flatten(),
        }
    };
    findings.iter().enumerate().map(of).collect()
}

/// How much of a file of some length may be read to count its fixes.
fn room(length: usize) -> usize {
    length
        .saturating_add(READ_TO_COUNT_AT_LEAST)
        .saturating_mul(READ_TO_COUNT)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use leastwise_model::Config;
    use leastwise_rules::{Context, check_with};
    use leastwise_syntax::{Format, Tree};
    use leastwise_workspace::Analysis;

    use super::{counted, room};

    /// How many fixes are counted in a broken file of so many statements, how long it is, and what is read for that.
    fn count_of(count: usize) -> (usize, usize, usize) {
        let statement = |at: usize| {
            format!(
                "  - Effect: Allow\n    Action:sqs:SendMessage\n    Resource:arn:aws:sqs:us-east-1:123456789012:q{at}\n"
            )
        };
        let statements: String = (0..count).map(statement).collect();
        let text = format!("Version: '2012-10-17'\nStatement:\n{statements}");
        let tree = Tree::parse(text, Format::Yaml);
        let analysis = Analysis::new(&tree, "policy.yaml", Arc::new(Config::default()));
        let context = Context::new(&tree, &analysis);
        let findings = check_with(&context, |_| true);
        let before = tree.read_for_proofs().0;
        let counted = counted(&findings, &[], &context);
        let read = tree.read_for_proofs().0 - before;
        let counted = counted.iter().filter(|of| !of.safeties.is_empty());
        (counted.count(), tree.source().len(), read)
    }

    /// To prove one, all of a broken file is read: of many, the first are tried.
    #[test]
    fn what_is_read_to_count_fixes_grows_with_the_file_alone() {
        let (few, length, read) = count_of(10);
        assert!(
            few >= 20 && read > 10 * length && read < room(length),
            "{few} {read}"
        );
        let (many, length, read) = count_of(300);
        assert_eq!(many, few * 30);
        assert!(read <= room(length) + 2 * length, "{read} of {length}");
    }
}
