//! Roles and their policies in several files: what the owner-wide rules make of them.

use super::fixture::Fixture;
use crate::deploy::missing_delete_counterpart::RULE;

const CONFIG: &str = "[accounts]
dev = '111111111111'
prod = '222222222222'
[deploy]
regions = ['eu-west-1']
roles = ['shop-deployer']
";

/// A role that may create queues, with what else it has.
fn role(rest: &str) -> String {
    format!(
        "Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-deployer
      {rest}
      Policies:
        - PolicyName: create
          PolicyDocument:
            Version: '2012-10-17'
            Statement: {{Effect: Allow, Action: 'sqs:CreateQueue', Resource: '*'}}
"
    )
}

/// A managed policy that allows an action, with what else it says.
fn policy(name: &str, action: &str, rest: &str) -> String {
    format!(
        "Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: {name}
      {rest}
      PolicyDocument:
        Version: '2012-10-17'
        Statement: {{Effect: Allow, Action: '{action}', Resource: '*'}}
"
    )
}

#[track_caller]
fn check(files: &[(&str, &str, &str)], findings: usize) {
    let found = Fixture::among(files).findings(&RULE);
    assert_eq!(found.len(), findings, "{files:#?}\n{found:#?}");
}

#[test]
fn managed_policies_by_their_arns() {
    let deletes = policy("shop-delete", "sqs:DeleteQueue", "");
    let sends = policy("shop-delete", "sqs:SendMessage", "");
    let dev_only = "[accounts]\ndev = '111111111111'\n";
    for (arn, config, other) in [
        (
            "!Sub 'arn:aws:iam::${AWS::AccountId}:policy/shop-delete'",
            CONFIG,
            CONFIG,
        ),
        (
            "!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/shop-delete'",
            CONFIG,
            CONFIG,
        ),
        (
            "'arn:aws:iam::111111111111:policy/shop-delete'",
            CONFIG,
            CONFIG,
        ),
        (
            "'arn:aws:iam::111111111111:policy/shop-delete'",
            CONFIG,
            dev_only,
        ),
        (
            "!Join ['', ['arn:aws:iam::', !Ref 'AWS::AccountId', ':policy/shop-delete']]",
            CONFIG,
            CONFIG,
        ),
        // Without a config one name is one policy.
        (
            "!Sub 'arn:aws:iam::${AWS::AccountId}:policy/shop-delete'",
            "[deploy]\nroles = ['shop-deployer']",
            "",
        ),
        (
            "'arn:aws:iam::111111111111:policy/shop-delete'",
            "[deploy]\nroles = ['shop-deployer']",
            "",
        ),
    ] {
        let role = role(&format!("ManagedPolicyArns: [{arn}]"));
        check(
            &[
                ("role.yaml", &role, config),
                ("policy.yaml", &deletes, other),
            ],
            0,
        );
        check(
            &[("role.yaml", &role, config), ("policy.yaml", &sends, other)],
            1,
        );
        // Nobody declares it: it may allow anything.
        check(&[("role.yaml", &role, config)], 0);
        // Two do: who knows which is meant.
        check(
            &[
                ("role.yaml", &role, config),
                ("policy.yaml", &sends, other),
                ("policies.yaml", &sends, other),
            ],
            0,
        );
    }
}

#[test]
fn policies_of_other_accounts_paths_and_names_are_others() {
    let dev_only = "[accounts]\ndev = '111111111111'\n";
    let sends = policy("shop-delete", "sqs:SendMessage", "");
    let with_path = policy("shop-delete", "sqs:SendMessage", "Path: /teams/");
    for (arn, other, config) in [
        (
            "arn:aws:iam::222222222222:policy/shop-delete",
            &sends,
            dev_only,
        ),
        (
            "arn:aws:iam::333333333333:policy/shop-delete",
            &sends,
            CONFIG,
        ),
        (
            "arn:aws:iam::111111111111:policy/teams/shop-delete",
            &sends,
            CONFIG,
        ),
        (
            "arn:aws:iam::111111111111:policy/shop-delete",
            &with_path,
            CONFIG,
        ),
        (
            "arn:aws:iam::111111111111:policy/shop-remove",
            &sends,
            CONFIG,
        ),
        ("arn:aws:iam::111111111111:role/shop-delete", &sends, CONFIG),
    ] {
        let role = role(&format!("ManagedPolicyArns: ['{arn}']"));
        check(
            &[("role.yaml", &role, CONFIG), ("policy.yaml", other, config)],
            0,
        );
    }
    let arn = "arn:aws:iam::111111111111:policy/teams/shop-delete";
    let role = role(&format!("ManagedPolicyArns: ['{arn}']"));
    check(
        &[
            ("role.yaml", &role, CONFIG),
            ("policy.yaml", &with_path, CONFIG),
        ],
        1,
    );
}

#[test]
fn what_is_attached_under_conditions_may_allow() {
    let deletes = policy("shop-delete", "sqs:DeleteQueue", "");
    let sends = policy("shop-delete", "sqs:SendMessage", "");
    let arn = "arn:aws:iam::111111111111:policy/shop-delete";
    let role = role(&format!(
        "ManagedPolicyArns: [!If [Big, '{arn}', !Ref 'AWS::NoValue']]"
    ));
    check(
        &[
            ("role.yaml", &role, CONFIG),
            ("policy.yaml", &deletes, CONFIG),
        ],
        0,
    );
    check(
        &[
            ("role.yaml", &role, CONFIG),
            ("policy.yaml", &sends, CONFIG),
        ],
        1,
    );
}

#[test]
fn managed_policies_by_what_their_stack_exports() {
    let exports = |name: &str, action: &str| {
        let outputs = format!(
            "Outputs:
  Arn: {{Value: !Ref Policy, Export: {{Name: {name}}}}}
"
        );
        policy("shop-delete", action, "") + &outputs
    };
    let role = role("ManagedPolicyArns: [!ImportValue shop-policy]");
    for (name, action, findings) in [
        ("shop-policy", "sqs:DeleteQueue", 0),
        ("shop-policy", "sqs:SendMessage", 1),
        ("other-policy", "sqs:SendMessage", 0),
        ("!Sub '${AWS::StackName}-policy'", "sqs:SendMessage", 0),
    ] {
        let other = exports(name, action);
        for config in [CONFIG, "[deploy]\nroles = ['shop-deployer']"] {
            check(
                &[
                    ("role.yaml", &role, config),
                    ("policy.yaml", &other, config),
                ],
                findings,
            );
        }
    }
}

#[test]
fn policies_that_name_their_role() {
    let role = role("MaxSessionDuration: 3600");
    check(&[("role.yaml", &role, CONFIG)], 1);
    for (action, findings) in [("sqs:DeleteQueue", 0), ("sqs:SendMessage", 1)] {
        let inline = format!(
            "Resources:
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: more
      Roles: [shop-deployer]
      PolicyDocument:
        Statement: {{Effect: Allow, Action: '{action}', Resource: '*'}}
"
        );
        let managed = policy("shop-delete", action, "Roles: [shop-deployer]");
        let terraform = format!(
            "resource \"aws_iam_role_policy\" \"more\" {{
  role   = \"shop-deployer\"
  policy = jsonencode({{ Statement = {{ Effect = \"Allow\", Action = \"{action}\", Resource = \"*\" }} }})
}}
"
        );
        let attached = format!(
            "resource \"aws_iam_policy\" \"more\" {{
  name   = \"more\"
  policy = jsonencode({{ Statement = {{ Effect = \"Allow\", Action = \"{action}\", Resource = \"*\" }} }})
}}
resource \"aws_iam_role_policy_attachment\" \"more\" {{
  role       = \"shop-deployer\"
  policy_arn = aws_iam_policy.more.arn
}}
"
        );
        for (path, other) in [
            ("inline.yaml", &inline),
            ("managed.yaml", &managed),
            ("inline.tf", &terraform),
            ("attached.tf", &attached),
        ] {
            check(
                &[("role.yaml", &role, CONFIG), (path, other, CONFIG)],
                findings,
            );
            // Where it is deployed to other accounts only, it is about another role.
            let elsewhere = "[accounts]\ntools = '333333333333'";
            check(&[("role.yaml", &role, CONFIG), (path, other, elsewhere)], 1);
        }
    }
}

#[test]
fn three_files_of_three_dialects() {
    let role = role("MaxSessionDuration: 3600");
    let attachment = |of: &str| {
        format!(
            "resource \"aws_iam_policy_attachment\" \"more\" {{
  name       = \"more\"
  roles      = [\"shop-deployer\"]
  policy_arn = \"{of}\"
}}
"
        )
    };
    let known = attachment("arn:aws:iam::111111111111:policy/shop-delete");
    let other = attachment("arn:aws:iam::111111111111:policy/other");
    for (action, findings) in [("sqs:DeleteQueue", 0), ("sqs:SendMessage", 1)] {
        let policy = policy("shop-delete", action, "");
        let files = |attachment| {
            [
                ("role.yaml", role.as_str(), CONFIG),
                ("attachment.tf", attachment, CONFIG),
                ("policy.yaml", policy.as_str(), CONFIG),
            ]
        };
        check(&files(&known), findings);
        check(&files(&other), 0);
    }
}

#[test]
fn sam_and_serverless_attach_too() {
    let arn = "arn:aws:iam::111111111111:policy/shop-delete";
    let sam = format!(
        "Transform: AWS::Serverless-2016-10-31
Resources:
  Deployer:
    Type: AWS::Serverless::Function
    Properties:
      Handler: x
      Runtime: python3.12
      Policies:
        - {arn}
        - Statement: {{Effect: Allow, Action: 'sqs:CreateQueue', Resource: '*'}}
"
    );
    let serverless = format!(
        "service: shop
provider:
  name: aws
  iam:
    role:
      name: shop-deployer
      managedPolicies: ['{arn}']
      statements:
        - {{Effect: Allow, Action: 'sqs:CreateQueue', Resource: '*'}}
functions: {{hello: {{handler: x}}}}
"
    );
    let deletes = policy("shop-delete", "sqs:DeleteQueue", "");
    let sends = policy("shop-delete", "sqs:SendMessage", "");
    for (path, text) in [("template.yaml", sam), ("serverless.yml", serverless)] {
        // What the application runs as deploys nothing by the rule: the permissions are asked for as such.
        for (other, allowed) in [(&deletes, true), (&sends, false)] {
            let fixture = Fixture::among(&[(path, &text, CONFIG), ("policy.yaml", other, CONFIG)]);
            let context = fixture.context();
            let owners = context.owners().filter(|(_, owner)| {
                owner
                    .attached
                    .iter()
                    .any(|attached| !attached.is_granted_already)
            });
            let (owner, _) = owners.last().expect("the role");
            let granted = crate::support::permissions::Granted::new(&context, owner);
            let delete = leastwise_catalog::catalog()
                .action("sqs", "DeleteQueue")
                .unwrap();
            let answer = granted.allows(delete, &[]);
            let wanted = match allowed {
                true => leastwise_policy::Tri::Yes,
                false => leastwise_policy::Tri::No,
            };
            assert_eq!(answer, wanted, "{path}");
        }
    }
}

#[test]
fn a_policy_is_judged_with_what_its_role_has() {
    let creates = policy("shop-create", "sqs:CreateQueue", "");
    let holder = |rest: &str| {
        format!(
            "Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-deployer
      ManagedPolicyArns: ['arn:aws:iam::111111111111:policy/shop-create'{rest}]
"
        )
    };
    let alone = holder("");
    let with_other = holder(", 'arn:aws:iam::111111111111:policy/shop-delete'");
    let unknown = holder(", 'arn:aws:iam::111111111111:policy/unknown'");
    let deletes = policy("shop-delete", "sqs:DeleteQueue", "");
    fn file(text: &str) -> (&str, &str, &str) {
        ("policy.yaml", text, CONFIG)
    }
    // Nobody who deploys has it.
    check(&[file(&creates)], 0);
    check(&[file(&creates), ("role.yaml", &alone, CONFIG)], 1);
    check(&[file(&creates), ("role.yaml", &unknown, CONFIG)], 0);
    let others = [
        ("role.yaml", with_other.as_str(), CONFIG),
        ("other.yaml", &deletes, CONFIG),
    ];
    check(&[file(&creates), others[0], others[1]], 0);
    // Both policies in one file.
    let two = format!(
        "{creates}{}",
        deletes
            .replace("Resources:\n", "")
            .replace("  Policy:", "  Other:")
    );
    check(&[file(&two), ("role.yaml", &with_other, CONFIG)], 0);
    check(&[file(&two), ("role.yaml", &alone, CONFIG)], 1);
}

#[test]
fn a_literal_arn_of_the_same_template() {
    let both = |action: &str| {
        let role =
            role("ManagedPolicyArns: [!Sub 'arn:aws:iam::${AWS::AccountId}:policy/shop-delete']");
        role + &policy("shop-delete", action, "").replace("Resources:\n", "")
    };
    check(&[("role.yaml", &both("sqs:DeleteQueue"), CONFIG)], 0);
    check(&[("role.yaml", &both("sqs:SendMessage"), CONFIG)], 1);
}

#[test]
fn policies_of_one_holder_are_kept_together() {
    let create = policy("shop-create", "sqs:CreateQueue", "");
    let other = |action: &str| {
        let text = policy("shop-delete", action, "");
        text.replace("Resources:\n", "")
            .replace("  Policy:", "  Other:")
    };
    let role = "Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-deployer
      ManagedPolicyArns:
        - arn:aws:iam::111111111111:policy/shop-create
        - arn:aws:iam::111111111111:policy/shop-delete
";
    let mut kept = crate::Incremental::default();
    let mut counts = Vec::new();
    for action in ["sqs:SendMessage", "sqs:DeleteQueue", "sqs:SendMessage"] {
        let text = create.clone() + &other(action);
        let fixture =
            Fixture::among(&[("policy.yaml", &text, CONFIG), ("role.yaml", role, CONFIG)]);
        let spans = |findings: Vec<crate::Finding>| -> Vec<_> {
            let of_rule = findings.into_iter().filter(|it| it.rule.id == RULE.id);
            of_rule.map(|it| it.span).collect()
        };
        let again = spans(kept.check(&fixture.context()));
        assert_eq!(again, spans(crate::check(&fixture.context())), "{action}");
        counts.push(again.len());
    }
    assert_eq!(counts, [1, 0, 1]);
}

#[test]
fn what_is_attached_under_conditions_is_not_sure() {
    use leastwise_policy::Tri;
    let delete = leastwise_catalog::catalog()
        .action("sqs", "DeleteQueue")
        .unwrap();
    let deletes = policy("shop-delete", "sqs:DeleteQueue", "");
    let arn = "'arn:aws:iam::111111111111:policy/shop-delete'";
    let other = "!If [Big, 'arn:aws:iam::111111111111:policy/shop-delete', !Ref 'AWS::NoValue']";
    for (attached, wanted) in [
        (arn.to_owned(), Tri::Yes),
        (other.to_owned(), Tri::Maybe),
        // Attached twice it is attached.
        (format!("{other}, {arn}"), Tri::Yes),
        (format!("{arn}, {other}"), Tri::Yes),
    ] {
        let role = role(&format!("ManagedPolicyArns: [{attached}]"));
        let fixture = Fixture::among(&[
            ("role.yaml", &role, CONFIG),
            ("policy.yaml", &deletes, CONFIG),
        ]);
        let granted = crate::support::permissions::Granted::new(&fixture.context(), 0);
        assert_eq!(granted.allows(delete, &[]), wanted, "{attached}");
    }
    // Of one of several that have a policy, nothing is surely all that the policy gives.
    let creates = policy("shop-create", "sqs:CreateQueue", "");
    let role = role("ManagedPolicyArns: ['arn:aws:iam::111111111111:policy/shop-create']")
        .replace("sqs:CreateQueue", "sqs:DeleteQueue");
    let fixture = Fixture::among(&[
        ("policy.yaml", &creates, CONFIG),
        ("role.yaml", &role, CONFIG),
    ]);
    let granted = crate::support::permissions::Granted::new(&fixture.context(), 0);
    assert_eq!(granted.allows(delete, &[]), Tri::Maybe);
}

#[test]
fn who_deploys_is_told_by_the_file_that_declares_the_role() {
    let policy = "Resources:
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p
      Roles: [worker]
      PolicyDocument:
        Version: '2012-10-17'
        Statement: {Effect: Allow, Action: 'sqs:CreateQueue', Resource: '*'}
";
    let declared = |service: &str| {
        format!(
            "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: worker
      AssumeRolePolicyDocument:
        Statement: {{Effect: Allow, Principal: {service}, Action: 'sts:AssumeRole'}}
"
        )
    };
    let deploys = declared("{Service: cloudformation.amazonaws.com}");
    let runs = declared("{Service: lambda.amazonaws.com}");
    let attached = policy.replace("sqs:CreateQueue", "sqs:SendMessage");
    let own = ("policy.yaml", policy, "");
    check(&[own], 0);
    check(&[own, ("role.yaml", &deploys, "")], 1);
    check(&[own, ("role.yaml", &runs, "")], 0);
    // Either may be meant, whichever comes first.
    check(&[own, ("a.yaml", &deploys, ""), ("b.yaml", &runs, "")], 0);
    check(
        &[own, ("a.yaml", &deploys, ""), ("b.yaml", &deploys, "")],
        0,
    );
    // What is attached elsewhere declares nothing.
    check(
        &[own, ("a.yaml", &attached, ""), ("b.yaml", &deploys, "")],
        1,
    );
    check(&[own, ("a.yaml", &attached, "")], 0);
}
