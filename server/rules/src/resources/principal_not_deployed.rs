//! Finds principals that name a role or user of the workspace with an ARN that it isn't deployed with.
//!
//! A role's ARN contains its account and its path. A policy with another account or path names a principal that doesn't
//! exist, and AWS rejects the whole policy: "Invalid principal in policy". The rule compares with the roles and users
//! that the files declare, in the accounts of the config that are deployed to; it is silent on names that no file
//! declares.
//!
//! ## Config
//!
//! ```toml
//! [accounts]
//! tools = "333333333333"
//! ```
//!
//! ## Beside
//!
//! ```yaml
//! Resources:
//!   Deployer:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       RoleName: shop-deployer
//!       Path: /ci/
//! ```
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   Reader:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal: {AWS: 'arn:aws:iam::333333333333:role/shop-deployer'}
//!             Action: sts:AssumeRole
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   Reader:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal: {AWS: 'arn:aws:iam::333333333333:role/ci/shop-deployer'}
//!             Action: sts:AssumeRole
//! ```

use leastwise_model::{Environment, Item, Known, Level, Owner, OwnerKind, Site, Statement};
use leastwise_policy::Pattern;
use leastwise_policy::principal::account_of;
use leastwise_syntax::Span;
use leastwise_workspace::analysis::index::identity;

use crate::support::trust::Key;
use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "principal-not-deployed",
    group: Group::Resources,
    level: Level::Warning,
    since: "0.1.0",
    summary: "A principal whose ARN differs from the one that the workspace declares",
    fix: FixKind::None,
    judges: Judges::Statement,
    equivalents: &[],
    scope: &[Scope::Statement(find)],
};

/// A principal that is deployed with other ARNs.
struct Stranger {
    at: Span,
    named: String,
    /// The others.
    arns: Vec<String>,
    owner: Option<String>,
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    if context.config().accounts.is_empty() {
        return;
    }
    let lists = [&statement.principal, &statement.not_principal];
    let principals = lists.into_iter().filter_map(Known::known);
    let items = principals.flat_map(|principals| principals.values("AWS"));
    facts.extend(items.filter_map(|item| {
        let (named, arns) = stranger(context, item)?;
        Some(Stranger {
            at: context.item_span(item),
            named,
            arns,
            owner: context.owner(site).map(str::to_owned),
        })
    }));
}

impl Fact for Stranger {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let others = match self.arns.as_slice() {
            [] => String::new(),
            [one] => format!("`{one}`"),
            [one, two] => format!("`{one}` and `{two}`"),
            [one, rest @ ..] => format!("`{one}` and {} more", rest.len()),
        };
        let message = format!(
            "`{}` isn't an ARN that the workspace deploys: AWS rejects the policy.",
            self.named
        );
        Finding::new(&RULE, self.at, message)
            .help(format!(
                "Use the account and path that it is deployed with: {others}."
            ))
            .owner(self.owner.as_deref())
    }
}

/// The principal of an item that is declared by its name but with other ARNs only, and these.
fn stranger(context: &Context<'_>, item: &Item) -> Option<(String, Vec<String>)> {
    // Whoever else's account it may go to: there it names somebody else.
    let is_known = |environment: &Environment| {
        let values = context
            .analysis
            .resolve(context.tree, &item.text, environment, false);
        let mut values = values.iter();
        values.all(|value| others(context, &value.pattern, true).is_none())
    };
    if context.analysis.others.iter().any(is_known) {
        return None;
    }
    context
        .patterns(item)
        .into_iter()
        .find_map(|value| Some((value.display(), others(context, value, false)?)))
}

/// The ARNs that the workspace deploys a principal with instead; of an account that nothing is deployed to only where
/// `anywhere` says so.
fn others(context: &Context<'_>, value: &Pattern, anywhere: bool) -> Option<Vec<String>> {
    let key = Key::of(value).filter(Key::is_known)?;
    let (kind @ (OwnerKind::Role | OwnerKind::User), name) = identity(value)? else {
        return None;
    };
    let account = account_of(value)?;
    let analysis = context.analysis;
    let config = context.config();
    if !config.is_deployed_to(config.account(&account)?) && !anywhere {
        return None;
    }
    let mut arns = Vec::new();
    let own = analysis.owners.iter();
    for owner in own.filter(|owner| owner.kind == kind && owner.names.contains(&name)) {
        collect(*context, owner, &mut arns)?;
    }
    let index = analysis.index().into_iter();
    for (file, _, owner) in index.flat_map(|index| index.owners(kind, &name)) {
        if !file.is(analysis) {
            collect(Context::new(&file.tree, &file.analysis), owner, &mut arns)?;
        }
    }
    let same = arns.iter().any(|(own, _)| *own == key);
    let others = arns.into_iter().map(|(_, arn)| arn).collect::<Vec<_>>();
    (!others.is_empty() && !same).then_some(others)
}

/// Adds the ARNs that an owner is deployed with; `None` where one isn't known.
fn collect(context: Context<'_>, owner: &Owner, arns: &mut Vec<(Key, String)>) -> Option<()> {
    if owner.declared.is_none() {
        return Some(());
    }
    let analysis = context.analysis;
    for environment in analysis.possible() {
        for arn in analysis.arns(context.tree, owner, environment) {
            let key = Key::of(&arn).filter(Key::is_known)?;
            if !arns.iter().any(|(own, _)| *own == key) {
                arns.push((key, arn.display()));
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::Fixture;

    const CONFIG: &str = "[accounts]
dev = '111111111111'
prod = '222222222222'
tools = { id = '333333333333', deploys = false }
";
    const DEV: &str = "[accounts]\ndev = '111111111111'";

    fn trusting(principal: &str) -> String {
        format!(
            "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: {{Effect: Allow, Principal: {{AWS: {principal}}}, Action: 'sts:AssumeRole'}}
"
        )
    }

    fn role(rest: &str) -> String {
        format!(
            "Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties: {{RoleName: deployer{rest}}}
"
        )
    }

    #[track_caller]
    fn check(files: &[(&str, &str, &str)], findings: usize) {
        let found = Fixture::among(files).findings(&RULE);
        assert_eq!(found.len(), findings, "{files:#?}\n{found:#?}");
    }

    #[test]
    fn paths_and_accounts() {
        let plain = role("");
        let with_path = role(", Path: /ci/");
        let open = role(", Path: !Ref Path");
        let terraform = "resource \"aws_iam_role\" \"deployer\" {
  name               = \"deployer\"
  path               = \"/ci/\"
  assume_role_policy = \"{}\"
}
";
        for (principal, path, other, config, findings) in [
            (
                "'arn:aws:iam::111111111111:role/deployer'",
                "r.yaml",
                plain.as_str(),
                CONFIG,
                0,
            ),
            (
                "'arn:aws:iam::111111111111:role/deployer'",
                "r.yaml",
                &with_path,
                CONFIG,
                1,
            ),
            (
                "'arn:aws:iam::111111111111:role/deployer'",
                "r.tf",
                terraform,
                CONFIG,
                1,
            ),
            (
                "'arn:aws:iam::111111111111:role/ci/deployer'",
                "r.tf",
                terraform,
                CONFIG,
                0,
            ),
            (
                "'arn:aws:iam::111111111111:role/deployer'",
                "r.yaml",
                &open,
                CONFIG,
                0,
            ),
            (
                "!Sub 'arn:aws:iam::${AWS::AccountId}:role/deployer'",
                "r.yaml",
                &with_path,
                CONFIG,
                1,
            ),
            (
                "!Sub 'arn:aws:iam::${AWS::AccountId}:role/ci/deployer'",
                "r.yaml",
                &with_path,
                CONFIG,
                0,
            ),
            // It is deployed to one account only.
            (
                "'arn:aws:iam::222222222222:role/deployer'",
                "r.yaml",
                &plain,
                DEV,
                1,
            ),
            (
                "'arn:aws:iam::111111111111:role/deployer'",
                "r.yaml",
                &plain,
                DEV,
                0,
            ),
            // What stands in accounts that nothing here is deployed to isn't known.
            (
                "'arn:aws:iam::333333333333:role/deployer'",
                "r.yaml",
                &plain,
                CONFIG,
                0,
            ),
            (
                "'arn:aws:iam::444444444444:role/deployer'",
                "r.yaml",
                &plain,
                CONFIG,
                0,
            ),
            (
                "'arn:aws:iam::222222222222:role/other'",
                "r.yaml",
                &plain,
                DEV,
                0,
            ),
            (
                "'arn:aws:iam::222222222222:user/deployer'",
                "r.yaml",
                &plain,
                DEV,
                0,
            ),
            (
                "!Sub 'arn:aws:iam::${Account}:role/deployer'",
                "r.yaml",
                &plain,
                DEV,
                0,
            ),
            ("'222222222222'", "r.yaml", &plain, DEV, 0),
            ("'*'", "r.yaml", &plain, DEV, 0),
        ] {
            let text = trusting(principal);
            check(
                &[("trust.yaml", &text, CONFIG), (path, other, config)],
                findings,
            );
        }
    }

    #[test]
    fn one_of_several_is_enough() {
        let text = trusting("'arn:aws:iam::111111111111:role/ci/deployer'");
        let (plain, with_path) = (role(""), role(", Path: /ci/"));
        let trust = ("trust.yaml", text.as_str(), CONFIG);
        check(&[trust, ("a.yaml", &plain, CONFIG)], 1);
        check(
            &[
                trust,
                ("a.yaml", &plain, CONFIG),
                ("b.yaml", &with_path, CONFIG),
            ],
            0,
        );
        // Without a config nobody knows which accounts there are.
        check(&[("trust.yaml", &text, ""), ("a.yaml", &plain, "")], 0);
    }

    #[test]
    fn in_other_dialects() {
        let plain = role("");
        let terraform = "data \"aws_iam_policy_document\" \"trust\" {
  statement {
    actions = [\"sts:AssumeRole\"]
    principals {
      type        = \"AWS\"
      identifiers = [\"arn:aws:iam::111111111111:role/x/deployer\", \"arn:aws:iam::111111111111:role/deployer\"]
    }
  }
}
";
        let serverless = "service: shop
provider:
  name: aws
  apiGateway:
    resourcePolicy:
      - Effect: Allow
        Principal: {AWS: ['arn:aws:iam::111111111111:role/x/deployer', 'arn:aws:iam::111111111111:role/deployer']}
        Action: execute-api:Invoke
        Resource: '*'
";
        let bucket = r#"{"Resources": {"P": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "b", "PolicyDocument":
  {"Statement": [{"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::111111111111:role/x/deployer"},
    "Action": "s3:*", "Resource": "*"}]}}}}}"#;
        for (path, text) in [
            ("main.tf", terraform),
            ("serverless.yml", serverless),
            ("bucket.json", bucket),
        ] {
            check(&[(path, text, CONFIG), ("role.yaml", &plain, CONFIG)], 1);
        }
    }

    #[test]
    fn where_the_role_goes() {
        let tools = "[accounts]
dev = '111111111111'
tools = { id = '333333333333', deploys = false }
";
        let said = format!("{tools}[[templates]]\npath = 'r.yaml'\naccounts = ['tools']\n");
        let trusted = format!("{tools}[[templates]]\npath = 'trust.yaml'\naccounts = ['tools']\n");
        let both = format!("{said}[[templates]]\npath = 'trust.yaml'\naccounts = ['dev']\n");
        let (dev, of_tools) = (
            "'arn:aws:iam::111111111111:role/deployer'",
            "'arn:aws:iam::333333333333:role/deployer'",
        );
        let own = "!Sub 'arn:aws:iam::${AWS::AccountId}:role/deployer'";
        let (plain, path) = (role(""), role(", Path: /ci/"));
        for (principal, declared, config, findings) in [
            // It may go to either.
            (dev, &plain, tools, 0),
            (of_tools, &plain, tools, 0),
            (dev, &plain, said.as_str(), 1),
            (of_tools, &plain, &said, 0),
            (of_tools, &path, &said, 1),
            // Nothing goes there, as far as the config says.
            (of_tools, &path, tools, 0),
            (dev, &path, tools, 1),
            // Whose account it is depends on where the trust policy goes.
            (own, &plain, &said, 0),
            (own, &plain, &trusted, 0),
            (own, &path, &trusted, 1),
            (own, &plain, &both, 1),
        ] {
            let trust = trusting(principal);
            check(
                &[("trust.yaml", &trust, config), ("r.yaml", declared, config)],
                findings,
            );
        }
    }
}
