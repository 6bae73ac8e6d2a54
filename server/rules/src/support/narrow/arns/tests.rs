use leastwise_catalog::catalog;
use leastwise_syntax::Format;

use super::*;
use crate::tests::fixture::Fixture;

/// The ARNs of queues (or of another type) for the first statement of a file.
fn narrowed(text: &str, config: &str, of: (&str, &str)) -> Option<Narrowed> {
    by(text, config, of, Accounts::Together)
}

fn by(text: &str, config: &str, of: (&str, &str), accounts: Accounts) -> Option<Narrowed> {
    let config = format!("[app]\nprefix = 'shop'\n{config}");
    let fixture = match text.starts_with("service:") {
        true => Fixture::at("serverless.yml", text, Format::Yaml, &config, None),
        false => Fixture::new(text, &config),
    };
    let context = fixture.context();
    let (_, statement) = context.statements().next().expect("a statement");
    let types = [catalog().resource_type(of.0, of.1).expect("a type")];
    arns(&context, &types, statement.node, accounts)
}

fn plain() -> &'static str {
    "Version: '2012-10-17'\nStatement: {Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}\n"
}

#[test]
fn in_the_style_of_the_file() {
    let template = "# ${aws:accountId} is no variable here
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: {Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}
";
    let service = "service: orders
provider:
  name: aws
  iam:
    role:
      statements:
        - {Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}
";
    let own = format!("{service}custom: {{id: '${{aws:accountId}}'}}\n");
    let module = "data \"aws_iam_policy_document\" \"p\" {
  statement {
    actions   = [\"sqs:SendMessage\"]
    resources = [\"*\"]
  }
}
";
    let dev = "[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1']\n";
    for (text, shown, sub) in [
        (
            template,
            "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:shop-*",
            true,
        ),
        (
            service,
            "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:shop-*",
            true,
        ),
        (
            &own,
            "arn:aws:sqs:${aws:region}:${aws:accountId}:shop-*",
            false,
        ),
        // A module isn't written for the one account that the config knows.
        (module, "arn:aws:sqs:eu-west-1:*:shop-*", false),
        (plain(), "arn:aws:sqs:eu-west-1:111111111111:shop-*", false),
    ] {
        let found = narrowed(text, dev, ("sqs", "queue")).expect("ARNs");
        assert_eq!(found.shown, [shown], "{text}");
        let subs = found
            .values
            .iter()
            .filter(|value| matches!(value, NewValue::Sub(_)));
        assert_eq!(subs.count() == 1, sub, "{text}");
    }
}

#[test]
fn not_too_many() {
    let accounts = |count: u64| {
        let accounts = (0..count).map(|at| format!("a{at} = '{}'\n", 111_111_111_111 + at));
        format!(
            "[accounts]\n{}[deploy]\nregions = ['eu-west-1']\n",
            accounts.collect::<String>()
        )
    };
    let queue = ("sqs", "queue");
    let bucket = ("s3", "bucket");
    for (of, count, shown) in [
        (queue, 32, Some(32)),
        (queue, 33, None),
        (bucket, 96, Some(1)),
    ] {
        let found = by(plain(), &accounts(count), of, Accounts::Each);
        assert_eq!(
            found.map(|found| found.shown.len()),
            shown,
            "{of:?} {count}"
        );
    }
    // One for all says what it leaves open, and one for one account leaves nothing open.
    for (count, arn, notes) in [
        (1, "arn:aws:sqs:eu-west-1:111111111111:shop-*", 0),
        (25, "arn:aws:sqs:eu-west-1:*:shop-*", 1),
    ] {
        let found = narrowed(plain(), &accounts(count), queue).expect("an ARN");
        assert_eq!(found.shown, [arn]);
        assert_eq!(found.notes.len(), notes, "{:?}", found.notes);
    }
    // Distributions have no names, and without a prefix nothing has.
    assert!(narrowed(plain(), "", ("cloudfront", "distribution")).is_none());
}

#[test]
fn a_module_that_does_not_ask_for_its_account() {
    let module = |data: &str| {
        format!(
            "{data}data \"aws_iam_policy_document\" \"p\" {{
  statement {{
    actions   = [\"sqs:SendMessage\"]
    resources = [\"*\"]
  }}
}}
"
        )
    };
    let dev = "[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1']\n";
    let queue = ("sqs", "queue");
    let found = narrowed(&module(""), dev, queue).expect("an ARN");
    let note = "the account is `*`, since this module has no `aws_caller_identity`";
    assert_eq!(found.notes, [note]);
    // The second choice has the number.
    let found = by(&module(""), dev, queue, Accounts::Each).expect("an ARN");
    assert_eq!(found.shown, ["arn:aws:sqs:eu-west-1:111111111111:shop-*"]);
    assert!(found.notes.is_empty());
    // A file that has the number in it is written for this account.
    let own = format!("{}# in 111111111111\n", module(""));
    let found = narrowed(&own, dev, queue).expect("an ARN");
    assert_eq!(found.shown, ["arn:aws:sqs:eu-west-1:111111111111:shop-*"]);
    let asks = module("data \"aws_caller_identity\" \"me\" {}\n");
    let found = narrowed(&asks, dev, queue).expect("an ARN");
    let own = "arn:aws:sqs:eu-west-1:${data.aws_caller_identity.me.account_id}:shop-*";
    assert_eq!(found.shown, [own]);
    assert!(found.notes.is_empty());
    let found = narrowed(&module(""), "", queue).expect("an ARN");
    let note = "account and region are `*`, since this module has no `aws_caller_identity` and no `aws_region`";
    assert_eq!(found.notes, [note]);
}

#[test]
fn the_placeholder_for_a_partition_stays() {
    for (own, shown) in [
        (
            "arn:${partition}:sqs:*:*:*",
            "arn:${partition}:sqs:*:*:shop-*",
        ),
        ("arn:aws-cn:sqs:*:*:*", "arn:aws:sqs:*:*:shop-*"),
        ("arn:${partition}-x:sqs:*:*:*", "arn:aws:sqs:*:*:shop-*"),
    ] {
        let text = plain().replace("'*'", &format!("'{own}'"));
        let found = narrowed(&text, "", ("sqs", "queue")).expect("an ARN");
        assert_eq!(found.shown, [shown]);
    }
}
