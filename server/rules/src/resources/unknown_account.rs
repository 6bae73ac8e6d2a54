//! Finds accounts in ARNs and principals that the config doesn't list.
//!
//! A typo in one of twelve digits makes a grant that doesn't work, or one that gives access to a stranger's account.
//! The rule only applies if the config lists accounts.
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

use leastwise_model::text::Part;
use leastwise_model::{Item, Known, Level, Site, Statement};
use leastwise_policy::principal::account_of;
use leastwise_policy::{Arn, ArnShape, Pattern};
use leastwise_syntax::{Span, View};

use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unknown-account",
    group: Group::Resources,
    level: Level::Warning,
    since: "0.1.0",
    summary: "An account that the config doesn't list",
    fix: FixKind::None,
    judges: Judges::Place,
    equivalents: &[],
    scope: &[Scope::File(in_pipeline), Scope::Statement(find)],
};

/// An account that nobody has named.
struct Unknown {
    at: Span,
    account: String,
    owner: Option<String>,
}

fn in_pipeline(context: &Context<'_>, facts: &mut Facts<'_>) {
    for role in context.analysis.pipeline.iter().flat_map(|it| &it.roles) {
        in_item(context, &role.arn, Some(&role.job), facts);
    }
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    if context.config().accounts.is_empty() {
        return;
    }
    let owner = context.owner(site);
    for list in [&statement.resource, &statement.not_resource] {
        let items = list.known().map_or(&[][..], |list| &list.items);
        for item in items {
            in_item(context, item, owner, facts);
        }
    }
    for principals in [&statement.principal, &statement.not_principal] {
        let Known::Is(principals) = principals else {
            continue;
        };
        for item in principals.values("AWS") {
            if !is_looked_up(context, item) && !delivers_logs(context, statement) {
                in_item(context, item, owner, facts);
            }
        }
    }
}

fn in_item(context: &Context<'_>, item: &Item, owner: Option<&str>, facts: &mut Facts<'_>) {
    let config = context.config();
    if config.accounts.is_empty() {
        return;
    }
    let mut seen = Vec::new();
    for (_, value) in context.sure(item) {
        let Some(account) = account_of(&value.pattern) else {
            continue;
        };
        if seen.contains(&account)
            || config.account(&account).is_some()
            || is_public(&value.pattern)
        {
            continue;
        }
        let range = match Arn::parse(&value.pattern) {
            ArnShape::Arn(arn) => arn.account.range(),
            _ => 0..value.pattern.len(),
        };
        let span = value.span_of(context.tree, range);
        facts.push(Unknown {
            at: span.unwrap_or_else(|| context.item_span(item)),
            account: account.clone(),
            owner: owner.map(str::to_owned),
        });
        seen.push(account);
    }
}

impl Fact for Unknown {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let message = format!(
            "The config doesn't list account {}: access reaches outside the accounts it lists.",
            self.account
        );
        Finding::new(&RULE, self.at, message)
            .help("Correct the account, or add it under `[accounts]` with `deploys = false`.")
            .owner(self.owner.as_deref())
    }
}

/// Whether an account comes from a table of the template: those of AWS that differ by region are written so.
fn is_looked_up(context: &Context<'_>, item: &Item) -> bool {
    item.text.parts.iter().any(|part| {
        let Part::Computed { node, .. } = part else { return false };
        matches!(context.tree.view(context.tree.resolved(*node)), View::Tagged(tag, _) if tag.name == "Fn::FindInMap")
    })
}

/// Whether the statement lets AWS's load balancers write their logs, which they do from accounts of AWS.
fn delivers_logs(context: &Context<'_>, statement: &Statement) -> bool {
    let resources = statement.resources();
    !resources.is_empty()
        && resources.iter().all(|item| {
            context
                .patterns(item)
                .iter()
                .all(|pattern| pattern.display().contains("AWSLogs/"))
        })
}

/// What vendors share with everybody from accounts of their own: layers.
fn is_public(pattern: &Pattern) -> bool {
    match Arn::parse(pattern) {
        ArnShape::Arn(arn) => {
            arn.service.raw() == "lambda" && arn.resource.raw().starts_with("layer:")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::check;

    const CONFIG: &str =
        "[accounts]\ndev = '111111111111'\ntools = { id = '444444444444', deploys = false }";

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
    fn silent_for_the_load_balancers_of_aws() {
        let text = "\
Mappings:
  Balancers: {eu-west-1: {Account: '999999999999'}}
Resources:
  Logs:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: logs
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {AWS: !FindInMap [Balancers, !Ref AWS::Region, Account]}
            Action: s3:PutObject
            Resource: arn:aws:s3:::logs/x/*
          - Effect: Allow
            Principal: {AWS: 'arn:aws:iam::888888888888:root'}
            Action: s3:PutObject
            Resource: arn:aws:s3:::logs/AWSLogs/111111111111/*
";
        check(
            &RULE,
            text,
            &format!("{CONFIG}\n[deploy]\nregions = ['eu-west-1']"),
        );
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
        check(
            &RULE,
            "Statement: {Effect: Allow, Action: 'sns:Publish', Resource: 'arn:aws:sns:eu-west-1:999999999999:t'}\n",
            "",
        );
    }
}
