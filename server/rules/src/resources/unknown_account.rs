//! Finds accounts in ARNs and principals that the config doesn't know.
//!
//! A slip in one of twelve digits makes a grant that doesn't work, or one that hands access to a stranger's account.
//! The rule speaks only where the config names accounts.
//!
//! ## Config
//!
//! ```toml
//! [accounts]
//! dev = "111111111111"
//! prod = "222222222222"
//! ```
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: sns:Publish
//!     Resource: arn:aws:sns:eu-west-1:121111111111:shop-orders
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: sns:Publish
//!     Resource: arn:aws:sns:eu-west-1:111111111111:shop-orders
//! ```

use leastwise_policy::principal::account_of;
use leastwise_policy::{Arn, ArnShape, Pattern};
use leastwise_workspace::Level;
use leastwise_workspace::model::{Item, Known};

use crate::{Context, Finding, Findings, FixKind, Group, Rule};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unknown-account",
    group: Group::Resources,
    level: Level::Warning,
    since: "0.1.0",
    summary: "An account that the config doesn't name",
    fix: FixKind::None,
    equivalents: &[],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.config().accounts.is_empty() {
        return;
    }
    for (site, statement) in context.statements() {
        let owner = context.owner(site);
        for list in [&statement.resource, &statement.not_resource] {
            let items = list.known().map_or(&[][..], |list| &list.items);
            for item in items {
                report(context, item, owner, findings);
            }
        }
        for principals in [&statement.principal, &statement.not_principal] {
            let Known::Is(principals) = principals else { continue };
            for item in principals.values("AWS") {
                report(context, item, owner, findings);
            }
        }
    }
}

fn report(context: &Context<'_>, item: &Item, owner: Option<&str>, findings: &mut Findings) {
    let mut seen = Vec::new();
    for (_, value) in context.sure(item) {
        let Some(account) = account_of(&value.pattern) else { continue };
        if seen.contains(&account) || context.config().account(&account).is_some() || is_public(&value.pattern) {
            continue;
        }
        let range = match Arn::parse(&value.pattern) {
            ArnShape::Arn(arn) => arn.account.range(),
            _ => 0..value.pattern.len(),
        };
        let span = value.span_of(context.tree, range).unwrap_or_else(|| context.item_span(item));
        let message = format!(
            "The config knows no account {account}: access goes to resources or people outside the accounts it names."
        );
        findings.push(
            Finding::new(&RULE, span, message)
                .help("Write the account that is meant, or name this one under `[accounts]` with `deploys = false`.")
                .owner(owner),
        );
        seen.push(account);
    }
}

/// What vendors share with everybody from accounts of their own: layers.
fn is_public(pattern: &Pattern) -> bool {
    match Arn::parse(pattern) {
        ArnShape::Arn(arn) => arn.service.raw() == "lambda" && arn.resource.raw().starts_with("layer:"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::check;

    const CONFIG: &str = "[accounts]\ndev = '111111111111'\ntools = { id = '444444444444', deploys = false }";

    #[test]
    fn marks_the_account() {
        let block = "\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {AWS: [!Sub 'arn:aws:iam::999999999999:role/${Name}', '888888888888', '444444444444']}
                                                 ^^^^^^^^^^^^                 ^^^^^^^^^^^^
            Action: sts:AssumeRole
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: sns:Publish
                Resource:
                  - !Join [':', [arn, aws, sns, !Ref 'AWS::Region', '999999999999', t]]
                                                                     ^^^^^^^^^^^^
                  - !Sub 'arn:aws:sns:${AWS::Region}:${AWS::AccountId}:t'
";
        check(&RULE, block, CONFIG);
        let json = r#"{"Statement": {"Effect": "Allow", "Action": "sns:Publish", "Resource": "arn:aws:sns:eu-west-1:999999999999:t"}}
                                                                                              ^^^^^^^^^^^^
"#;
        check(&RULE, json, CONFIG);
    }

    #[test]
    fn silent() {
        let text = "\
Statement:
  - Effect: Allow
    Action: ['sns:Publish', 'lambda:GetLayerVersion', 'iam:GetPolicy']
    Resource:
      - arn:aws:sns:eu-west-1:*:t
      - arn:aws:sns:eu-west-1:99999999999:t
      - arn:aws:sns:eu-west-1:${Account}:t
      - arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:14
      - arn:aws:iam::aws:policy/ReadOnlyAccess
      - '*'
";
        check(&RULE, text, CONFIG);
        check(&RULE, "Statement: {Effect: Allow, Action: 'sns:Publish', Resource: 'arn:aws:sns:eu-west-1:999999999999:t'}\n", "");
    }
}
