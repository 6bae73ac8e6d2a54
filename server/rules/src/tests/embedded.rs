//! A policy in a string of another file is judged as if it stood there as a value: the same findings at the same
//! words, and fixes that come to the same.

use leastwise_syntax::{NodeId, Tree, View, write};

use super::fixture::Fixture;
use crate::registry;

const CONFIG: &str = r#"
[app]
prefix = "shop"
variables = ["AppId"]

[accounts]
dev = "111111111111"

[deploy]
regions = ["eu-west-1"]
roles = ["*Deployer"]
"#;

/// Policies with a flaw each, by the rule that finds it.
const POLICIES: &[(&str, &str)] = &[
    (
        "unknown-action",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObjct", "s3:PutObject"], "Resource": "arn:aws:s3:::shop-é/*"}]}"#,
    ),
    (
        "missing-version",
        r#"{"Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111111111111:shop-orders"}]}"#,
    ),
    (
        "missing-delete-counterpart",
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["sns:CreateTopic"], "Resource": "arn:aws:sns:eu-west-1:111111111111:shop-*"}}"#,
    ),
    (
        "invalid-arn",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": ["arn:aws:sqs:eu_west_1:111111111111:shop-orders"]}]}"#,
    ),
    (
        "invalid-effect",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111111111111:shop-orders"}]}"#,
    ),
    (
        "unknown-account",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:121212121212:shop-orders"}]}"#,
    ),
];

/// The only one among them that has no fix.
const UNFIXED: &str = "unknown-account";

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

/// A role's template in YAML: what stands behind `PolicyDocument:`.
fn yaml(value: &str) -> String {
    format!(
        "Resources:
  ShopDeployer:
    Type: AWS::IAM::Role
    Properties:
      RoleName: ShopDeployer
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{{Effect: Allow, Principal: {{Service: cloudformation.amazonaws.com}}, Action: 'sts:AssumeRole'}}]
      Policies:
        - PolicyName: deploy
          PolicyDocument: {value}
"
    )
}

/// The same in JSON.
fn json(value: &str) -> String {
    format!(
        r#"{{"Resources": {{"ShopDeployer": {{"Type": "AWS::IAM::Role", "Properties": {{
  "RoleName": "ShopDeployer",
  "AssumeRolePolicyDocument": {{
    "Version": "2012-10-17",
    "Statement": [{{"Effect": "Allow", "Principal": {{"Service": "cloudformation.amazonaws.com"}}, "Action": "sts:AssumeRole"}}]
  }},
  "Policies": [{{"PolicyName": "deploy", "PolicyDocument": {value}}}]
}}}}}}}}"#
    )
}

/// The ways to write a policy in a template: as a value, which is the measure, and in strings.
fn templates(policy: &str) -> Vec<String> {
    let lines = policy.replace("\"Statement\": ", "\n            \"Statement\": ");
    vec![
        json(policy),
        json(&format!("\"{}\"", escape(policy))),
        yaml(&format!("|\n            {lines}")),
        yaml(&format!(">-\n            {policy}")),
        yaml(&format!("'{policy}' # why")),
        yaml(&format!("\"{}\"", escape(policy))),
        yaml(&format!("!Sub |\n            {lines}")),
        yaml(&format!(
            "\n            Fn::Sub:\n              - '{policy}'\n              - {{X: '1'}}"
        )),
    ]
}

/// A policy in block style, its statement as it was.
fn block(policy: &str) -> String {
    let (before, statement) = policy.split_once("\"Statement\": ").expect("statements");
    let statement = statement.strip_suffix('}').expect("a brace");
    let list = statement
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let version = match before.contains("Version") {
        true => "Version: '2012-10-17'\n",
        false => "",
    };
    match list {
        Some(item) => format!("{version}Statement:\n  - {item}\n"),
        None => format!("{version}Statement:\n  {statement}\n"),
    }
}

/// The ways to write a policy in other data.
fn data(policy: &str) -> Vec<String> {
    let inner = format!("{{\"Policy\": \"{}\"}}", escape(policy));
    vec![
        format!("{{\"Policy\": {policy}}}"),
        inner.clone(),
        format!("{{\"state\": [\"{}\"]}}", escape(&inner)),
        format!("Policy: |\n  {policy}\n"),
        format!("Policy: '{policy}'\n"),
    ]
}

/// The policy of the last site, without its place.
fn shown(fixture: &Fixture) -> String {
    fn show(tree: &Tree, id: NodeId, out: &mut String) {
        match tree.view(id) {
            View::Mapping(pairs) => {
                for pair in pairs {
                    show(tree, pair.key, out);
                    out.push('=');
                    show(tree, pair.value, out);
                    out.push(';');
                }
            }
            View::Sequence(items) => {
                for item in items {
                    out.push('-');
                    show(tree, *item, out);
                    out.push(';');
                }
            }
            View::Scalar(text) => out.push_str(text),
            other => panic!("{other:?}"),
        }
    }
    let site = fixture.analysis.sites.last().expect("a policy");
    let mut out = String::new();
    show(&fixture.tree, site.document.node, &mut out);
    out
}

/// What a rule makes of a file: each finding's message and words, and the policy with all first fixes made.
fn judged(id: &str, text: &str) -> (Vec<(String, String)>, String) {
    let fixture = Fixture::new(text, CONFIG);
    assert_eq!(fixture.tree.problems(), [], "{text}");
    let rule = registry::rule(id).unwrap_or_else(|| panic!("no rule {id}"));
    let findings = fixture.findings(rule);
    let source = fixture.tree.source();
    let words = findings
        .iter()
        .map(|finding| {
            let words = source[finding.span.range()].replace(['\\', '\n'], "");
            (finding.message.clone(), words.replace(' ', ""))
        })
        .collect();
    let mut edits: Vec<_> = fixture
        .fixes(rule)
        .into_iter()
        .flat_map(|fix| fix.edits)
        .collect();
    edits.sort_by_key(|edit| edit.span);
    let fixed = write::apply(source, &edits);
    let again = Fixture::new(&fixed, CONFIG);
    assert_eq!(again.tree.problems(), [], "{fixed}");
    if !edits.is_empty() {
        assert_eq!(again.findings(rule).len(), 0, "{fixed}");
    }
    (words, shown(&again))
}

fn same_in_all(id: &str, files: &[String]) {
    let (measure, files) = files.split_first().expect("a file");
    let (findings, fixed) = judged(id, measure);
    assert_eq!(findings.len(), 1, "{id}\n{measure}");
    let before = shown(&Fixture::new(measure, CONFIG));
    assert_eq!(before != fixed, id != UNFIXED, "{id}");
    for file in files {
        let (own, own_fixed) = judged(id, file);
        assert_eq!(own, findings, "{id}\n{file}");
        assert_eq!(own_fixed, fixed, "{id}\n{file}");
    }
}

#[test]
fn a_policy_in_a_string_of_a_template() {
    for (id, policy) in POLICIES {
        same_in_all(id, &templates(policy));
    }
}

#[test]
fn a_policy_in_yaml_in_a_string() {
    for (id, policy) in POLICIES {
        let lines = block(policy);
        let indented = lines.replace('\n', "\n            ");
        let quoted = format!("\"{}\"", escape(&lines));
        let files = [
            yaml(&format!("\n            {indented}")),
            yaml(&format!("|\n            {indented}")),
            yaml(&quoted),
            json(&quoted),
        ];
        same_in_all(id, &files);
    }
}

#[test]
fn ignores_in_yaml_in_a_string() {
    let policy = "Version: '2012-10-17'
Statement:
  # leastwise: ignore[unknown-action] they call it so
  - {Effect: Allow, Action: 's3:GetObjct', Resource: 'arn:aws:s3:::shop-a/*'}
  - {Effect: Allow, Action: 's3:PutObjct', Resource: 'arn:aws:s3:::shop-a/*'} # leastwise: ignore
  # leastwise: ignore[unknown-action] nothing there
  - {Effect: Allow, Action: 's3:PutObject', Resource: 'arn:aws:s3:::shop-a/*'}
  - {Effect: Allow, Action: 's3:ListObjct', Resource: 'arn:aws:s3:::shop-a/*'}
";
    let text = yaml(&format!(
        "|\n            {}",
        policy.replace('\n', "\n            ")
    ));
    let fixture = Fixture::new(&text, CONFIG);
    let found: Vec<_> = crate::check(&fixture.context())
        .into_iter()
        .filter(|finding| ["unknown-action", "unused-ignore"].contains(&finding.rule.id))
        .map(|finding| text[finding.span.range()].to_owned())
        .collect();
    assert_eq!(
        found,
        [
            "# leastwise: ignore[unknown-action] nothing there",
            "ListObjct"
        ]
    );
}

#[test]
fn a_policy_in_a_string_of_other_data() {
    for (id, policy) in POLICIES {
        // Whether a role deploys is known of roles only.
        if *id != "missing-delete-counterpart" {
            same_in_all(id, &data(policy));
        }
    }
}
