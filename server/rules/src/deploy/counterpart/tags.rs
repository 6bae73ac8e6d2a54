//! Whoever may create something only with certain tags may change and delete what has them.
//!
//! So AWS writes it: a policy requires a tag of what is created (`aws:RequestTag`), and lets only what has the tag be modified
//! (`aws:ResourceTag`): <https://docs.aws.amazon.com/workspaces-core/latest/pg/tag-based-auth-guidelines.html>.

use leastwise_catalog::{AccessLevel, Action, catalog};
use leastwise_model::{Statement, Test};
use leastwise_policy::condition::{Family, Operator};

use super::destination::comes_with;
use crate::Context;

const OF_REQUEST: &str = "aws:requesttag/";

/// The tests of a statement for actions on what has been created, each with its key: the tags of the resource where it asks for
/// those of the request. `None` where they aren't all known, none is about tags, or something else doesn't hold for the actions.
pub(super) fn turned<'s>(
    context: &Context<'_>,
    statement: &'s Statement,
    actions: &[Action],
) -> Option<Vec<(&'s Test, String)>> {
    let mut turned: Vec<(&Test, String)> = Vec::new();
    let mut is_turned = false;
    for test in statement.condition.known()? {
        let key = test.key.as_deref()?;
        if tag_of(key).is_some() {
            is_turned = true;
            plain(context, test)?;
        }
        let Some(key) = of_resource(key) else {
            continue;
        };
        let known = catalog().condition_key(&key);
        let global = known.is_some_and(|of| of.global()) && tag_of(&key).is_none();
        let is_there = |of: &Action| global || comes_with(*of, &key) || is_of_resource(*of, &key);
        if !actions.iter().all(is_there) {
            return None;
        }
        test.values.known()?;
        turned.push((test, key));
    }
    is_turned.then_some(turned)
}

/// The key that asks a resource for what this one asks a request for. `None` for which tags there may be beside them: that is
/// said of the request alone.
pub(super) fn of_resource(key: &str) -> Option<String> {
    if key.eq_ignore_ascii_case("aws:TagKeys") {
        return None;
    }
    Some(match tag_of(key) {
        Some(tag) => format!("aws:ResourceTag/{tag}"),
        None => key.to_owned(),
    })
}

/// Whether a key is there for what an action works on.
fn is_of_resource(action: Action, key: &str) -> bool {
    let wanted = catalog().condition_key(key);
    let mut keys = action
        .resources()
        .flat_map(|of| of.resource_type().condition_keys());
    wanted.is_some() && keys.any(|known| Some(known) == wanted)
}

/// The tag that a key asks a request for.
fn tag_of(key: &str) -> Option<&str> {
    let (start, tag) = key.split_at_checked(OF_REQUEST.len())?;
    (start.eq_ignore_ascii_case(OF_REQUEST) && !tag.is_empty()).then_some(tag)
}

/// Nothing where a test doesn't say that the tag is there: what has none isn't meant.
fn plain(context: &Context<'_>, test: &Test) -> Option<()> {
    let operator = Operator::parse(&test.operator).ok()?;
    let values = &test.values.known()?.items;
    let is_false = || {
        let mut texts = values.iter().map(|item| context.tree.text(item.node));
        texts.all(|text| text == Some("false"))
    };
    let asks = match operator.base.family {
        Family::Null => is_false(),
        _ => !operator.base.negated && !operator.if_exists && operator.quantifier.is_none(),
    };
    (asks && !values.is_empty()).then_some(())
}

/// Whether an action only puts tags on something, or takes them off.
pub(super) fn is_tagging(action: Action) -> bool {
    action.access_level() == AccessLevel::Tagging
}

#[cfg(test)]
mod tests {
    use crate::Safety;
    use crate::deploy::missing_delete_counterpart::RULE;
    use crate::tests::fixture::{Fixture, fixed_text};

    const CONFIG: &str = "[app]\nprefix = 'shop'\n[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1']\nroles = ['*']";

    fn policy(action: &str, condition: &str) -> String {
        format!(
            "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: {action}
    Resource: '*'
    Condition:
{condition}"
        )
    }

    #[test]
    fn the_tags_of_a_request_become_those_of_the_resource() {
        for (action, undone, condition, turned) in [
            (
                "kms:CreateKey",
                "kms:ScheduleKeyDeletion",
                "      StringEquals:\n        aws:RequestTag/app: shop\n",
                "      StringEquals:\n        aws:ResourceTag/app: shop\n",
            ),
            (
                "ec2:CreateVolume",
                "ec2:DeleteVolume",
                "      StringLike:\n        aws:RequestTag/app: [shop, 'shop-*']\n        aws:PrincipalOrgID: o-1\n      ForAllValues:StringEquals:\n        aws:TagKeys: app\n",
                "      StringLike:\n        aws:ResourceTag/app: [shop, 'shop-*']\n        aws:PrincipalOrgID: o-1\n",
            ),
        ] {
            let before = policy(action, condition);
            let after = fixed_text(&RULE, &before, CONFIG);
            let added = after.strip_prefix(before.as_str()).unwrap_or_default();
            assert!(added.contains(undone), "{after}");
            assert!(added.ends_with(turned), "{after}");
            assert_eq!(fixed_text(&RULE, &after, CONFIG), after);
        }
    }

    #[test]
    fn what_says_nothing_of_the_resource_is_left_to_somebody() {
        let safety = |condition: &str| {
            let fixture = Fixture::new(&policy("kms:CreateKey", condition), CONFIG);
            let fixes = fixture.findings(&RULE).remove(0).fixes;
            fixes.first().map(|fix| fix.safety)
        };
        let tag = "aws:RequestTag/app: shop";
        for (condition, wanted) in [
            (format!("      StringEquals: {{{tag}}}\n"), Safety::Unsafe),
            (
                format!(
                    "      StringEquals: {{{tag}}}\n      'Null': {{aws:RequestTag/team: 'false'}}\n"
                ),
                Safety::Unsafe,
            ),
            // These let through what has no such tag.
            (
                "      'Null': {aws:RequestTag/team: 'true'}\n".to_owned(),
                Safety::Manual,
            ),
            (
                format!("      StringEqualsIfExists: {{{tag}}}\n"),
                Safety::Manual,
            ),
            (
                format!("      StringNotEquals: {{{tag}}}\n"),
                Safety::Manual,
            ),
            (
                "      ForAllValues:StringEquals: {aws:TagKeys: app}\n".to_owned(),
                Safety::Manual,
            ),
            // What only comes with the first.
            (
                format!("      StringEquals: {{{tag}, kms:KeySpec: RSA_2048, aws:Shoe: a}}\n"),
                Safety::Manual,
            ),
        ] {
            assert_eq!(safety(&condition), Some(wanted), "{condition}");
        }
    }
}
