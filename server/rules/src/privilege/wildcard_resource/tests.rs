use leastwise_model::Level;

use super::RULE;
use crate::tests::fixture::{Fixture, announces, check, fixed_text};

mod generations;
mod levels;
mod named;
mod needed;
mod pairs;
mod star;
mod undone;

const CONFIG: &str = "[app]\nprefix = 'shop'\n[accounts]\ndev = '111111111111'\nprod = '222222222222'\n\
    [deploy]\nregions = ['eu-west-1']\nroles = ['shop', 'Deploy*']";

fn levels(statement: &str, config: &str) -> Vec<Level> {
    Fixture::new(&format!("Statement: [{statement}]\n"), config).levels(&RULE)
}

/// A role of a template that deploys, with a statement on `*`.
fn template(actions: &str) -> String {
    format!(
        "Parameters:
  AppId: {{Type: String}}
Resources:
  DeployRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: [{actions}]
                Resource: '*'
"
    )
}

fn module(actions: &str) -> String {
    let actions = actions.replace('\'', "\"");
    format!(
        "variable \"AppId\" {{}}

data \"aws_caller_identity\" \"now\" {{}}

resource \"aws_iam_role_policy\" \"p\" {{
  role   = \"shop-deployer\"
  policy = data.aws_iam_policy_document.p.json
}}

data \"aws_iam_policy_document\" \"p\" {{
  statement {{
    actions   = [{actions}]
    resources = [\"*\"]
  }}
}}
"
    )
}

fn plain(actions: &str) -> String {
    let actions = actions.replace('\'', "\"");
    format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": [{actions}], \"Resource\": \"*\"}}]}}\n"
    )
}

const DEPLOYS: &str = "[app]\nprefix = 'shop'\nvariables = ['AppId']\n[accounts]\ndev = '111111111111'\nprod = '222222222222'\n\
    [deploy]\nregions = ['eu-west-1']\nroles = ['shop', 'Deploy*']";

const WIDE: [&str; 20] = [
    "'elasticloadbalancing:*', 'cassandra:*'",
    "'elasticloadbalancing:CreateLoadBalancer', 'elasticloadbalancing:Describe*', 'elasticloadbalancing:AddTags'",
    "'athena:*', 'backup:*', 'lex:*', 'iotanalytics:*'",
    "'events:PutEvents', 'ses:SendEmail', 'glue:GetTable'",
    "'rds:*', 'elasticache:*', 'memorydb:*'",
    "'es:*', 'cloudwatch:*', 'glue:*'",
    "'sts:AssumeRole', 's3:List*', 'lambda:Get*', 'lambda:List*'",
    "'ssm:SendCommand', 'events:PutRule', 'cloudformation:DescribeStacks', 'rds:DescribeDBInstances'",
    "'s3:*'",
    "'lambda:Get*', 'lambda:List*'",
    "'iam:*'",
    "'logs:*'",
    "'ecr:*'",
    "'cloudformation:*'",
    "'apigateway:POST'",
    "'events:*', 'dynamodb:*', 'sns:*', 'ssm:*'",
    "'lambda:CreateFunction', 'lambda:ListFunctions', 'ec2:RunInstances'",
    "'sqs:SendMessage', 'kms:Decrypt'",
    "'sqs:SendMessage', 'cloudfront:*'",
    "'cloudformation:*', 's3:*', 'logs:*', 'iam:*', 'apigateway:*', 'lambda:*', 'ec2:DescribeVpcs'",
];

/// The resources that the first statement has after a choice.
fn resources(text: &str, choice: usize) -> (Vec<String>, Vec<String>) {
    let before = Fixture::new(text, DEPLOYS);
    let findings = before.findings(&RULE);
    let fix = findings[0].fixes.get(choice).expect("a choice");
    let fix = fix.resolve(&before.context()).expect("a fix");
    let mended = leastwise_syntax::write::apply(text, &fix.edits);
    let after = Fixture::new(&mended, DEPLOYS);
    let context = after.context();
    let (_, statement) = context.statements().next().expect("a statement");
    let items = statement.resources().iter();
    let shown = items.map(|item| {
        let span = context.item_span(item);
        mended[span.range()].trim_matches('"').to_owned()
    });
    (shown.collect(), fix.notes.clone())
}

/// The whole file after the first choice, where there is one.
fn narrowed(actions: &str, config: &str) -> Option<String> {
    let text = plain(actions);
    let before = Fixture::new(&text, config);
    let findings = before.findings(&RULE);
    let fix = findings.first()?.fixes.first()?;
    let fix = fix.resolve(&before.context())?;
    Some(leastwise_syntax::write::apply(&text, &fix.edits))
}

/// The resources of each statement, with its actions.
fn statements(text: &str) -> Vec<(Vec<String>, Vec<String>)> {
    let fixture = Fixture::new(text, DEPLOYS);
    let context = fixture.context();
    let texts = |items: &[leastwise_model::Item]| {
        let texts = items.iter().map(|item| context.tree.text(item.node));
        texts.flatten().map(str::to_owned).collect()
    };
    let all = context.statements();
    all.map(|(_, of)| (texts(of.actions()), texts(of.resources())))
        .collect()
}
