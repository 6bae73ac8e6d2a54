//! The resources of counterparts that take none of their statement's.

use leastwise_catalog::Action;
use leastwise_model::Statement;
use leastwise_policy::{Pattern, Tri, resource};

use super::{on_everything, parts};
use crate::Context;
use crate::resources::objects;
use crate::support::coverage;
use crate::support::narrow::{self, Accounts, Narrowed};

/// What stands below the statement's own resources, or in them, where the actions take that; else all of a kind in their account and
/// region whose ids AWS makes up; else the app's resources of the one type that an action takes. `None` where it takes several: nobody has said which are meant.
pub(super) fn resources(
    context: &Context<'_>,
    statement: &Statement,
    makers: &[Action],
    actions: &[Action],
) -> Option<Narrowed> {
    if let Some(told) = told(context, statement, makers, actions) {
        return Some(told);
    }
    if let Some(all) = parts::all_of_kind(context, statement, makers, actions) {
        return Some(all);
    }
    let is_plain = |action: &Action| {
        let required = action.resources().any(|of| of.required());
        required || narrow::types(&[*action]).len() == 1
    };
    if !actions.iter().all(is_plain) {
        return None;
    }
    let types = narrow::types(actions);
    let mut narrowed = narrow::arns(context, &types, statement.node, Accounts::Together)?;
    let note = "all of the app's, since the statement's resources don't say which";
    narrowed.notes.push(note.to_owned());
    Some(narrowed)
}

/// Whether nothing that the statement says tells on which resources actions are allowed: then somebody has to look.
pub(super) fn is_guess(
    context: &Context<'_>,
    statement: &Statement,
    makers: &[Action],
    actions: &[Action],
) -> bool {
    !actions.is_empty() && told(context, statement, makers, actions).is_none()
}

/// The resources, as the statement tells them.
fn told(
    context: &Context<'_>,
    statement: &Statement,
    makers: &[Action],
    actions: &[Action],
) -> Option<Narrowed> {
    if coverage::reaches_everything(context, statement) {
        return on_everything::resources(context, statement, actions);
    }
    below(context, statement, actions)
        .or_else(|| parts::resources(context, statement, makers, actions))
}

/// `/restapis/*` of `/restapis`: what is made under a path is changed and deleted below it.
fn below(context: &Context<'_>, statement: &Statement, actions: &[Action]) -> Option<Narrowed> {
    let mut narrowed = Narrowed {
        values: Vec::new(),
        shown: Vec::new(),
        notes: Vec::new(),
    };
    let mut all: Vec<Pattern> = Vec::new();
    for item in statement.resources() {
        let own = context.patterns(item);
        let own: Vec<Pattern> = own
            .iter()
            .map(|pattern| Pattern::from_raw(format!("{}/*", pattern.raw())))
            .collect();
        let taken = |pattern: &Pattern| actions.iter().any(|action| takes(*action, pattern));
        let Some(first) = own.first().filter(|_| own.iter().all(taken)) else {
            continue;
        };
        narrowed.values.push(objects::below(context, item)?);
        narrowed.shown.push(first.display());
        all.extend(own);
    }
    let served = |action: &Action| all.iter().any(|pattern| takes(*action, pattern));
    actions.iter().all(served).then_some(narrowed)
}

fn takes(action: Action, pattern: &Pattern) -> bool {
    resource::action_fits_pattern(action, pattern) == Tri::Yes
}

#[cfg(test)]
mod tests {
    use crate::deploy::missing_delete_counterpart::RULE;
    use crate::tests::fixture::{Fixture, fixed_text};

    const CONFIG: &str = "[app]\nprefix = 'shop'\n[deploy]\nroles = ['shop', 'Deploy*']\n";

    fn policy(statement: &str) -> String {
        format!("Version: '2012-10-17'\nStatement:\n  - {statement}\n")
    }

    #[test]
    fn what_is_made_under_a_path_is_deleted_below_it() {
        for (own, added) in [
            ("/restapis", "/restapis/*"),
            ("/domainnames", "/domainnames/*"),
            ("/restapis/a1/resources", "/restapis/a1/resources/*"),
            ("/restapis/*/deployments", "/restapis/*/deployments/*"),
        ] {
            let arn = "arn:aws:apigateway:eu-west-1::";
            let text = policy(&format!(
                "{{Effect: Allow, Action: 'apigateway:POST', Resource: '{arn}{own}'}}"
            ));
            let mended = fixed_text(&RULE, &text, CONFIG);
            assert!(mended.contains("apigateway:DELETE"), "{mended}");
            let resources = mended.matches("arn:aws:apigateway").count();
            assert_eq!(resources, 2, "{mended}");
            assert!(mended.contains(&format!("{arn}{added}")), "{mended}");
            assert_eq!(fixed_text(&RULE, &mended, CONFIG), mended);
        }
    }

    #[test]
    fn of_several_types_none_is_guessed() {
        // What is put together from parts isn't continued.
        let joined = "!Join ['', ['arn:aws:apigateway:eu-west-1::', '/restapis']]";
        let text = format!(
            "Resources:\n  DeployRole:\n    Type: AWS::IAM::Role\n    Properties:\n      Policies:\n        - PolicyName: p\n          PolicyDocument:\n            Statement: {{Effect: Allow, Action: 'apigateway:POST', Resource: {joined}}}\n"
        );
        let fixture = Fixture::new(&text, CONFIG);
        for fix in &fixture.findings(&RULE).first().expect("a finding").fixes {
            assert!(fix.resolve(&fixture.context()).is_none());
        }
    }
}
