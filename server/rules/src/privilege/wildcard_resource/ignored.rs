//! Entries that somebody wants to reach as far as they do: what is found of their breadth is ignored.

use leastwise_model::{Item, Level, Site};
use leastwise_syntax::Span;

use super::RULE;
use super::judged_actions::is_pass_role;
use super::wording::message;
use crate::ignore::Ignores;
use crate::privilege::pass_role_unscoped;
use crate::{Context, Fact, Finding};

/// Whether an entry by itself is ignored, in the file or by the config.
pub(super) fn alone(context: &Context<'_>, ignores: &Ignores, site: &Site, item: &Item) -> bool {
    ignores.quiet(
        context,
        &OnPurpose::of(context, site, item).finding(context),
    )
}

/// Whether an entry stays on `*`, since a finding about its breadth is ignored.
pub(super) fn is_wide_on_purpose(
    context: &Context<'_>,
    ignores: &Ignores,
    site: &Site,
    item: &Item,
) -> bool {
    let passes = || {
        let finding = Finding::new(&pass_role_unscoped::RULE, context.item_span(item), "");
        let finding = finding.owner(context.owner(site)).action("iam:PassRole");
        ignores.quiet(context, &finding) && context.expand(item).iter().any(|of| is_pass_role(*of))
    };
    alone(context, ignores, site, item) || passes()
}

/// An entry that an ignore is for.
pub(super) struct OnPurpose {
    at: Span,
    text: String,
    owner: Option<String>,
}

impl OnPurpose {
    pub(super) fn of(context: &Context<'_>, site: &Site, item: &Item) -> OnPurpose {
        let text = item.action.as_ref().map(|action| action.text());
        OnPurpose {
            at: context.item_span(item),
            text: text.unwrap_or_default().to_owned(),
            owner: context.owner(site).map(str::to_owned),
        }
    }
}

impl Fact for OnPurpose {
    fn finding(&self, _: &Context<'_>) -> Finding {
        Finding::new(&RULE, self.at, message(&[&self.text]))
            .level(Level::Suggestion)
            .owner(self.owner.as_deref())
            .action(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::bulk::mended;

    /// A policy of two entries, the first with a comment above it, in each way of writing one.
    fn files(ignore: &str, first: &str) -> [(&'static str, String); 3] {
        let yaml = format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action:\n      # {ignore}\n      - {first}\n      - s3:PutObject\n    Resource: '*'\n"
        );
        let json = format!(
            "{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {{\n      \"Effect\": \"Allow\",\n      \"Action\": [\n        // {ignore}\n        \"{first}\",\n        \"s3:PutObject\"\n      ],\n      \"Resource\": \"*\"\n    }}\n  ]\n}}\n"
        );
        let hcl = format!(
            "data \"aws_iam_policy_document\" \"ci\" {{\n  statement {{\n    actions = [\n      # {ignore}\n      \"{first}\",\n      \"s3:PutObject\",\n    ]\n    resources = [\"*\"]\n  }}\n}}\nresource \"aws_iam_policy\" \"ci\" {{\n  policy = data.aws_iam_policy_document.ci.json\n}}\n"
        );
        [
            ("policy.yaml", yaml),
            ("policy.jsonc", json),
            ("main.tf", hcl),
        ]
    }

    #[test]
    fn what_is_wide_on_purpose_stays_so_with_its_ignore() {
        for (rules, first) in [
            ("[pass-role-unscoped]", "iam:PassRole"),
            ("[wildcard-resource]", "sqs:SendMessage"),
            ("", "sqs:SendMessage"),
            ("[wildcard-resource, invalid-arn]", "sqs:*"),
        ] {
            let ignore = format!("leastwise: ignore{rules} CI needs any");
            for (path, text) in files(&ignore, first) {
                let (after, applied) = mended(&text, path);
                assert_eq!(applied.len(), 1, "{path}: {applied:?}");
                let removed = &applied[0].fix.removes;
                assert!(
                    removed.iter().all(|of| of.starts_with("s3:PutObject ")),
                    "{removed:?}"
                );
                let (narrow, wide) = after.split_once(&ignore).expect("the ignore, once");
                assert!(narrow.contains("arn:aws:s3:::shop-*/*"), "{after}");
                assert!(!narrow.contains(first), "{after}");
                assert!(wide.contains(first) && !wide.contains("s3:"), "{after}");
                assert!(wide.contains("*"), "{after}");
                let (again, applied) = mended(&after, path);
                assert_eq!((again, applied.len()), (after, 0));
            }
        }
    }

    #[test]
    fn an_ignore_of_something_else_keeps_nothing_wide() {
        for (rules, first) in [
            ("[unknown-action]", "iam:PassRole"),
            ("[redundant-action]", "sqs:SendMessage"),
            // It passes no role.
            ("[pass-role-unscoped]", "sqs:SendMessage"),
        ] {
            let ignore = format!("leastwise: ignore{rules} CI needs any");
            for (path, text) in files(&ignore, first) {
                let (after, _) = mended(&text, path);
                let wide = ["Resource: '*'", "\"Resource\": \"*\"", "[\"*\"]"];
                assert!(!wide.iter().any(|of| after.contains(of)), "{after}");
            }
        }
    }

    #[test]
    fn where_all_is_wide_on_purpose_nothing_is_said() {
        let text = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Resource: '*'\n    Action: sqs:SendMessage # leastwise: ignore[wildcard-resource]\n";
        for (text, found) in [
            (text.to_owned(), 0),
            (text.replace("wildcard-resource", "invalid-arn"), 2),
        ] {
            let fixture = crate::tests::fixture::Fixture::new(&text, crate::tests::bulk::CONFIG);
            let findings = crate::check(&fixture.context());
            assert_eq!(findings.len(), found, "{findings:?}");
        }
    }
}
