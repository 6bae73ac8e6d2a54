//! Of an owner with more policies than are looked at, nobody knows what is denied to it.

use super::fixture::{Fixture, Found};
use crate::Rule;
use crate::deploy::missing_delete_counterpart;
use crate::privilege::{
    administrator_access, missing_permissions_boundary, pass_role_unscoped, wildcard_resource,
};
use crate::resources::role_does_not_trust;

const CONFIG: &str =
    "[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1']\nroles = ['shop-r']\n";

/// The rules that ask what an owner may do, each with what it finds: an action, and a resource.
const ASKING: [(&Rule, &str, &str); 6] = [
    (&pass_role_unscoped::RULE, "iam:PassRole", "*"),
    (&missing_permissions_boundary::RULE, "iam:CreateRole", "*"),
    (&wildcard_resource::RULE, "sqs:SendMessage", "*"),
    (&administrator_access::RULE, "*", "*"),
    (
        &role_does_not_trust::RULE,
        "sts:AssumeRole",
        "arn:aws:iam::111111111111:role/shop-reader",
    ),
    (&missing_delete_counterpart::RULE, "sqs:CreateQueue", "*"),
];

/// What a policy of another file says: in the last one of them that everything is denied, if so.
fn says(at: usize, count: usize, denies: bool) -> (&'static str, &'static str) {
    match denies && at + 1 == count {
        true => ("Deny", "*"),
        false => ("Allow", "sqs:ReceiveMessage"),
    }
}

/// A role with a policy of its own, and one from each of some other files.
fn in_templates(rule: &Rule, own: (&str, &str), count: usize, denies: bool) -> Vec<Found> {
    let (action, resource) = own;
    let role = format!(
        "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-r
      Policies:
        - PolicyName: own
          PolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Allow, Action: '{action}', Resource: '{resource}'}}]}}
  Reader:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-reader
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{{Effect: Allow, Principal: {{AWS: 'arn:aws:iam::111111111111:role/shop-x'}}, Action: 'sts:AssumeRole'}}]
"
    );
    let mut files = vec![("a.yaml".to_owned(), role)];
    files.extend((0..count).map(|at| {
        let (effect, action) = says(at, count, denies);
        let text = format!(
            "Resources:
  P:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p{at}
      Roles: [shop-r]
      PolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: {effect}, Action: '{action}', Resource: '*'}}]}}
"
        );
        (format!("b{at:03}.yaml"), text)
    }));
    let files = files.iter();
    let files: Vec<_> = files
        .map(|(path, text)| (path.as_str(), text.as_str(), CONFIG))
        .collect();
    Fixture::among(&files).findings(rule)
}

/// The same in a module of Terraform.
fn in_a_module(rule: &Rule, own: (&str, &str), count: usize, denies: bool) -> Vec<Found> {
    let policy = |name: &str, effect: &str, action: &str, resource: &str| {
        format!(
            "resource \"aws_iam_role_policy\" \"{name}\" {{
  role   = aws_iam_role.r.name
  policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"{effect}\", Action = \"{action}\", Resource = \"{resource}\" }}] }})
}}
"
        )
    };
    let trusts = "jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"sts:AssumeRole\", Principal = { AWS = \"arn:aws:iam::111111111111:role/shop-x\" } }] })";
    let roles = format!(
        "resource \"aws_iam_role\" \"r\" {{\n  name = \"shop-r\"\n}}\nresource \"aws_iam_role\" \"reader\" {{\n  name = \"shop-reader\"\n  \
         assume_role_policy = {trusts}\n}}\n"
    );
    let main = roles + &policy("own", "Allow", own.0, own.1);
    let others = (0..count).map(|at| {
        let (effect, action) = says(at, count, denies);
        policy(&format!("p{at:03}"), effect, action, "*")
    });
    Fixture::of_module(&main, &others.collect::<String>(), CONFIG).findings(rule)
}

#[test]
fn where_not_all_policies_are_looked_at_nothing_is_found() {
    for (rule, action, resource) in ASKING {
        for (dialect, found) in [
            ("templates", in_templates as fn(&Rule, _, _, _) -> _),
            ("Terraform", in_a_module),
        ] {
            let count = |count, denies| found(rule, (action, resource), count, denies).len();
            let name = format!("{} in {dialect}", rule.id);
            assert_eq!(count(64, false), 1, "{name}: nothing is denied");
            assert_eq!(count(64, true), 0, "{name}: the last one denies");
            assert_eq!(count(65, true), 0, "{name}: the last one isn't looked at");
            assert_eq!(count(65, false), 0, "{name}: nor what it says");
        }
    }
}
