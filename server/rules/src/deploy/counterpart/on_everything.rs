//! Counterparts of what is allowed on everything since it takes no resource, as `kms:CreateKey`.

use leastwise_catalog::Action;
use leastwise_model::{Site, Statement};

use crate::Context;
use crate::privilege::wildcard_resource::would_tell;
use crate::support::narrow::{self, Accounts, Narrowed};

/// Whether an action on a statement's `*` would be found there, where nothing is yet: it goes into a statement of its own.
pub(super) fn would_be_news(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    action: Action,
) -> bool {
    let told = |of: Action| would_tell(context, site, statement, of);
    let items = statement.actions().iter();
    told(action)
        && !items
            .flat_map(|item| context.expand(item))
            .any(|of| told(*of))
}

/// The ARNs of all types that actions take: the app's own where it names them, else any of the kind.
pub(super) fn resources(
    context: &Context<'_>,
    statement: &Statement,
    actions: &[Action],
) -> Option<Narrowed> {
    let types = narrow::types(actions);
    let formats: Vec<&'static str> = types.iter().flat_map(|of| of.arns()).collect();
    narrow::of_any(context, &formats, statement.node, Accounts::Together)
}

#[cfg(test)]
mod tests {
    use crate::deploy::missing_delete_counterpart::RULE;
    use crate::tests::fixture::{Fixture, fixed_text};

    const CONFIG: &str = "[app]\nprefix = 'shop'\n[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1']\nroles = ['*']\n";

    fn policy(statement: &str) -> String {
        format!("Version: '2012-10-17'\nStatement:\n  - {statement}\n")
    }

    /// The text after the fix, and its notes.
    fn mended(statement: &str, config: &str) -> (String, Vec<String>) {
        let text = policy(statement);
        let fixture = Fixture::new(&text, config);
        let findings = fixture.findings(&RULE);
        let fix = findings.first().expect("a finding").fixes.first();
        let fix = fix
            .and_then(|fix| fix.resolve(&fixture.context()))
            .expect("a fix");
        (leastwise_syntax::write::apply(&text, &fix.edits), fix.notes)
    }

    #[test]
    fn what_is_made_on_a_star_is_deleted_by_its_arn() {
        let own = "{Sid: Keys, Effect: Allow, Action: 'kms:CreateKey', Resource: '*'}";
        let (text, notes) = mended(own, CONFIG);
        assert_eq!(
            text,
            format!(
                "{}  - {{Sid: KeysDelete, Effect: Allow, Action: 'kms:ScheduleKeyDeletion', Resource: arn:aws:kms:eu-west-1:111111111111:key/*}}\n",
                policy(own)
            )
        );
        assert_eq!(notes, ["any `key`, since AWS generates its ID"]);
        assert_eq!(fixed_text(&RULE, &text, CONFIG), text);
        // Names of the app are its own, or all of the kind where nobody has said its prefix.
        let own = "{Effect: Allow, Action: 'kinesisanalytics:CreateApplication', Resource: '*'}";
        let (text, notes) = mended(own, CONFIG);
        assert!(text.contains(":application/shop-*"), "{text}");
        assert!(notes.is_empty(), "{notes:?}");
        let bare = CONFIG.replace("prefix = 'shop'", "");
        let (text, notes) = mended(own, &bare);
        assert!(text.contains(":application/*"), "{text}");
        assert_eq!(
            notes,
            ["any `application`, since the config has no app prefix"]
        );
    }

    #[test]
    fn what_is_found_already_stays_together() {
        for statement in [
            // The star is found for what creates, too.
            "{Effect: Allow, Action: 'sqs:CreateQueue', Resource: '*'}",
            "{Effect: Allow, Action: ['kms:CreateKey', 'kms:Decrypt'], Resource: '*'}",
            // A condition limits it.
            "{Effect: Allow, Action: 'kms:CreateKey', Resource: '*', Condition: {StringEquals: {'aws:ResourceTag/app': shop}}}",
        ] {
            let (text, _) = mended(statement, CONFIG);
            assert_eq!(text.matches("Effect: Allow").count(), 1, "{text}");
        }
    }

    #[test]
    fn the_help_says_where_the_fix_puts_it() {
        for (statement, wanted) in [
            (
                "{Effect: Allow, Action: 'kms:CreateKey', Resource: '*'}",
                "Allow `kms:ScheduleKeyDeletion` on resources of type `key`.",
            ),
            (
                "{Effect: Allow, Action: 'sqs:CreateQueue', Resource: 'arn:aws:sqs:eu-west-1:111111111111:shop-*'}",
                "Allow `sqs:DeleteQueue` on the same resources.",
            ),
            (
                "{Effect: Allow, Action: 'sqs:CreateQueue', Resource: '*'}",
                "Allow `sqs:DeleteQueue` on the same resources.",
            ),
        ] {
            let text = policy(statement);
            let found = Fixture::new(&text, CONFIG).findings(&RULE);
            assert_eq!(
                found.first().expect("a finding").help,
                wanted,
                "{statement}"
            );
        }
    }
}
