//! The counterparts of the whole catalog: adding them brings no finding that wasn't there.

use std::collections::BTreeMap;

use leastwise_catalog::{Action, Relation, Service, catalog};
use leastwise_policy::resource::narrowest_types;

use crate::deploy::{missing_delete_counterpart, missing_update_counterpart};
use crate::support::naming::{Target, compose};
use crate::tests::bulk::CONFIG;
use crate::tests::fixture::Fixture;
use crate::{Context, Finding};

const BARE: &str =
    "[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1']\nroles = ['Deploy*']";

/// The actions of a service that lack a counterpart when they are alone.
fn makers(service: Service) -> Vec<Action> {
    let of = |action: &Action| {
        let mut all = action.counterparts();
        all.any(|of| of.required() && of.relation() != Relation::Create)
    };
    service.actions().filter(of).collect()
}

/// A template with a role for each action, on the resources that it is about, or on everything.
fn template(actions: &[Action], everything: bool) -> String {
    let target = Target {
        partition: "aws",
        region: "eu-west-1",
        account: "111111111111",
        prefix: "shop",
        has_paths: false,
    };
    let mut text = "Resources:\n".to_owned();
    for (at, action) in actions.iter().enumerate() {
        let types = narrowest_types(&[*action]).types;
        let formats = types.iter().flat_map(|need| need.resource_type.arns());
        let arns: Vec<String> = formats
            .flat_map(|format| compose(format, &target))
            .map(|arn| format!("'{arn}'"))
            .collect();
        let resource = match everything || arns.is_empty() {
            true => "'*'".to_owned(),
            false => format!("[{}]", arns.join(", ")),
        };
        text += &format!(
            "  DeployRole{at}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: 'sts:AssumeRole'}}]}}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: ['{}']
                Resource: {resource}
",
            action.full_name()
        );
    }
    text
}

/// How often each rule speaks of each role that the first line of its place is in.
fn counts(context: &Context<'_>, findings: &[Finding]) -> BTreeMap<(String, &'static str), usize> {
    let source = context.tree.source();
    let mut counts = BTreeMap::new();
    for of in findings {
        let before = source.get(..of.span.range().start).unwrap_or_default();
        let role = before.rfind("  DeployRole").map(|at| &before[at..]);
        let role = role
            .and_then(|text| text.split(':').next())
            .unwrap_or_default();
        *counts
            .entry((role.trim().to_owned(), of.rule.id))
            .or_default() += 1;
    }
    counts
}

/// What comes of the fixes of both rules that wasn't there.
fn news(service: Service, everything: bool, config: &str) -> Vec<String> {
    let mut actions = makers(service);
    // What takes no resource is on everything either way.
    actions.retain(|action| everything || action.resources().len() > 0);
    let text = template(&actions, everything);
    let before = Fixture::new(&text, config);
    let context = before.context();
    let found = crate::check(&context);
    let was = counts(&context, &found);
    let mut news = Vec::new();
    for rule in [
        &missing_delete_counterpart::RULE,
        &missing_update_counterpart::RULE,
    ] {
        let own = found.iter().filter(|of| of.rule.id == rule.id);
        let fixes = own.filter_map(|of| of.fixes(&context).into_iter().next());
        let edits = fixes
            .filter_map(|fix| fix.resolve(&context))
            .flat_map(|fix| fix.edits);
        let mended = leastwise_syntax::write::apply(&text, &edits.collect::<Vec<_>>());
        let after = Fixture::new(&mended, config);
        let context = after.context();
        let left = crate::check(&context);
        for ((role, id), count) in counts(&context, &left) {
            let known = was.get(&(role.clone(), id)).copied().unwrap_or_default();
            if count > known {
                let at: usize = role
                    .trim_start_matches("DeployRole")
                    .parse()
                    .unwrap_or_default();
                news.push(format!(
                    "{} {} {id}",
                    actions[at].full_name(),
                    if everything { "*" } else { "own" }
                ));
            }
        }
    }
    news
}

#[test]
fn no_counterpart_of_the_catalog_brings_a_new_finding() {
    let mut all = Vec::new();
    for service in catalog().services() {
        for (everything, config) in [(true, CONFIG), (true, BARE), (false, CONFIG)] {
            all.extend(news(service, everything, config));
        }
    }
    assert!(all.is_empty(), "{} {all:#?}", all.len());
}
