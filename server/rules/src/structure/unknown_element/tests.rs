use super::RULE;
use crate::Safety;
use crate::tests::fixture::{Fixture, check, fixed_text};
use leastwise_syntax::write;

#[test]
fn a_space_is_missing_behind_a_colon() {
    let policy =
        |statement: &str| format!("Version: '2012-10-17'\nStatement:\n  - {{{statement}}}\n");
    for (before, after, safety) in [
        (
            "Effect: Allow, Action: [s3:GetObject], Resource:SM",
            "Effect: Allow, Action: [s3:GetObject], Resource: SM",
            Safety::Unsafe,
        ),
        (
            "Effect: Allow, Action: [s3:GetObject], Resource:arn:aws:s3:::b/*",
            "Effect: Allow, Action: [s3:GetObject], Resource: arn:aws:s3:::b/*",
            Safety::Unsafe,
        ),
        (
            "Effect: Allow, Action: [s3:ListAllMyBuckets], Resource:*",
            "Effect: Allow, Action: [s3:ListAllMyBuckets], Resource: '*'",
            Safety::Unsafe,
        ),
        (
            "Effect: Allow, Action: ['s3:*'], Resource:*",
            "Effect: Allow, Action: ['s3:*'], Resource: '*'",
            Safety::Manual,
        ),
        (
            "Effect: Deny, NotAction:s3:GetObject, Resource: '*'",
            "Effect: Deny, NotAction: s3:GetObject, Resource: '*'",
            Safety::Unsafe,
        ),
        (
            "Effect:Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::b/*'",
            "Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::b/*'",
            Safety::Unsafe,
        ),
    ] {
        let fixture = Fixture::new(&policy(before), "");
        let findings = fixture.findings(&RULE);
        assert_eq!(findings.len(), 1, "{before}");
        assert!(findings[0].message.contains("there is no space after"));
        let [fix] = fixture.fixes(&RULE).try_into().expect("one fix");
        assert_eq!(fix.safety, safety, "{before}");
        let mended = write::apply(&policy(before), &fix.edits);
        assert_eq!(mended, policy(after));
        // It is one fault.
        for rule in ["missing-resource", "missing-effect", "missing-action"] {
            let rule = crate::rule(rule).expect("a rule");
            assert!(fixture.findings(rule).is_empty(), "{before}");
        }
    }
    // Told without a fix: what is due is more than a text, or stands there already.
    for statement in [
        "Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::b/*', Condition:StringEquals",
        "Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::b/*', Resource:SM",
    ] {
        let fixture = Fixture::new(&policy(statement), "");
        assert_eq!(fixture.findings(&RULE).len(), 1, "{statement}");
        assert!(fixture.fixes(&RULE).is_empty(), "{statement}");
    }
}

#[test]
fn a_missing_space_in_block_yaml() {
    let policy = |lines: &str| {
        format!("Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    {lines}\n")
    };
    for (lines, key, is, after) in [
        (
            "Action: s3:ListAllMyBuckets\n    Resource:*",
            "Resource:*",
            "a key without a value",
            Some("Action: s3:ListAllMyBuckets\n    Resource: '*'"),
        ),
        (
            "Action:[s3:GetObject]\n    Resource: 'arn:aws:s3:::b/*'",
            "Action:[s3:GetObject]",
            "a key without a value",
            None,
        ),
        (
            "Action:!Ref Own\n    Resource: 'arn:aws:s3:::b/*'",
            "Action:!Ref Own",
            "a key without a value",
            None,
        ),
        (
            "Action: s3:GetObject\n    Resource: 'arn:aws:s3:::b/*'\n    Condition:{Bool: {'aws:SecureTransport': true}}",
            "Condition:{Bool",
            "one key",
            None,
        ),
    ] {
        let fixture = Fixture::new(&policy(lines), "");
        let findings = fixture.findings(&RULE);
        assert_eq!(findings.len(), 1, "{lines}: {findings:?}");
        let element = key.split(':').next().unwrap();
        assert_eq!(
            findings[0].message,
            format!(
                "`{key}` is {is}: there is no space after `{element}:`. AWS rejects the policy."
            )
        );
        let fixes = fixture.fixes(&RULE);
        let mended = fixes
            .first()
            .map(|fix| write::apply(&policy(lines), &fix.edits));
        assert_eq!(mended, after.map(policy), "{lines}");
    }
}

#[test]
fn everybody_beside_somebody() {
    check(
        &RULE,
        "Statement: [{Effect: Allow, Principal: {AWS: '111111111111', '*': '*'}, Action: 'sqs:*', Resource: '*'}]
                                                              ^
",
        "",
    );
    let blocks = "\
data \"aws_iam_policy_document\" \"web\" {
  statement {
    actions   = [\"s3:GetObject\"]
    resources = [\"arn:aws:s3:::shop-web/*\"]
    principals {
      type        = \"AWS\"
      identifiers = [aws_cloudfront_origin_access_identity.web.iam_arn]
    }
    principals {
      type        = \"*\"
                     ^
      identifiers = [\"*\"]
    }
  }
  statement {
    actions   = [\"s3:GetObject\"]
    resources = [\"arn:aws:s3:::shop-web/*\"]
    principals {
      type        = \"*\"
      identifiers = [\"*\"]
    }
  }
}
";
    check(&RULE, blocks, "");
}

#[test]
fn blocks_allow_where_they_name_no_effect() {
    let adds = |effect: &str| {
        let text = format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n{effect}    action    = [\"s3:GetObject\"]\n    resources = [\"*\"]\n  }}\n}}\n"
        );
        let fixes = Fixture::new(&text, "").fixes(&RULE).into_iter();
        fixes.flat_map(|fix| fix.adds).collect::<Vec<_>>()
    };
    assert_eq!(adds(""), ["s3:GetObject"]);
    assert_eq!(adds("    effect    = \"Allow\"\n"), ["s3:GetObject"]);
    assert_eq!(adds("    effect    = \"Deny\"\n"), [""; 0]);
}

#[test]
fn what_is_spelled_in_lower_case_is_one_fault() {
    let lower = r#"{
  "version": "2012-10-17",
  "statement": [
    {"effect": "Allow", "action": "s3:GetObject", "resource": "*"},
    {"effect": "Deny", "action": "s3:PutObject", "resource": "*"}
  ]
}
"#;
    let file = Fixture::new(lower, "");
    let found = file.findings(&RULE);
    let [one] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(
        one.message,
        "`version`, `statement` and 3 more have the wrong case: AWS rejects the policy."
    );
    let help = "AWS is case-sensitive here. Write `Version`, `Statement`, `Effect` and 2 more.";
    assert_eq!((one.help.as_str(), one.related.len()), (help, 7));
    let fixes: Vec<&str> = one.fixes.iter().map(|fix| fix.title.as_str()).collect();
    assert_eq!(fixes, ["Use IAM's spelling"]);
    let upper = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
    {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}
  ]
}
"#;
    assert_eq!(fixed_text(&RULE, lower, ""), upper);
    // One alone is called by its name, another slip is another fault, and so is another policy.
    let counts = |text: &str| {
        let found = Fixture::new(text, "").findings(&RULE).into_iter();
        found.map(|of| of.related.len()).collect::<Vec<_>>()
    };
    let one = upper.replacen("Effect", "effect", 1);
    assert_eq!(counts(&one), [0]);
    assert_eq!(counts(&one.replacen("Action", "Actions", 1)), [0, 0]);
    let role = "Resources:
  One: {Type: 'AWS::IAM::ManagedPolicy', Properties: {PolicyDocument: {Version: '2012-10-17', Statement: [{effect: Allow, action: 's3:GetObject', Resource: '*'}]}}}
  Two: {Type: 'AWS::IAM::ManagedPolicy', Properties: {PolicyDocument: {Version: '2012-10-17', Statement: [{effect: Allow, action: 's3:GetObject', Resource: '*'}]}}}
";
    assert_eq!(counts(role), [1, 1]);
    // What other programs keep in lower case is no policy.
    assert_eq!(
        counts("statement:\n  - {effect: allow, action: read, resource: users}\n"),
        [0; 0]
    );
}

#[test]
fn names_that_statements_do_not_have() {
    let messages = check(
        &RULE,
        r#"
Version: '2012-10-17'
Statement:
  - Effect: Allow
    Actions: [s3:GetObject]
    ^^^^^^^
    Resource: '*'
    Comment: for the shop
    ^^^^^^^
  - {Effect: Deny, Action: s3:DeleteObject, "resource": '*'}
                                             ^^^^^^^^
"#,
        "",
    );
    assert_eq!(
        messages[0],
        "`Actions` isn't a statement element: AWS rejects the policy."
    );
}

#[test]
fn names_that_policies_do_not_have() {
    check(
        &RULE,
        r#"
{
  "Version": "2012-10-17",
  "Effect": "Allow",
   ^^^^^^
  "ID": "shop",
   ^^
  "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]
}
"#,
        "",
    );
}

#[test]
fn principals_by_kind() {
    let messages = check(
        &RULE,
        r#"
Resources:
  ShopRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal:
              Services: lambda.amazonaws.com
              ^^^^^^^^
              AWS: '111111111111'
            Action: sts:AssumeRole
            Resource: '*'
            ^^^^^^^^
          - Effect: Allow
            NotPrincipal: {AWS: '111111111111'}
            ^^^^^^^^^^^^
            Action: sts:AssumeRole
      Policies:
        - PolicyName: data
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Principal: '*'
                ^^^^^^^^^
                Action: s3:GetObject
                Resource: '*'
  DataPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: shop-data
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Deny
            NotPrincipal: {AWS: 'arn:aws:iam::111111111111:root'}
            Action: s3:GetObject
            Resource: '*'
"#,
        "",
    );
    assert_eq!(
        messages[1],
        "A trust policy can't have `Resource`: it applies to its own role. AWS rejects the policy."
    );
}

#[test]
fn what_a_function_brings_is_not_unknown() {
    check(
        &RULE,
        r#"
Resources:
  ShopPolicy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://shop/statement.yaml}}
            Effect: Allow
          - !If
            - Prod
            - {Effect: Allow, Action: s3:GetObject, Resource: '*'}
            - !Ref AWS::NoValue
"#,
        "",
    );
}

#[test]
fn a_template_in_json() {
    check(
        &RULE,
        r#"
{
  "Resources": {
    "Queue": {
      "Type": "AWS::SQS::QueuePolicy",
      "Properties": {
        "PolicyDocument": {
          "Version": "2012-10-17",
          "Statements": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]
           ^^^^^^^^^^
        }
      }
    }
  }
}
"#,
        "",
    );
}

#[test]
fn arguments_of_terraform() {
    let text = r#"
data "aws_iam_policy_document" "d" {
  statement {
    effect    = "Deny"
    action    = ["s3:GetObject"]
    ^^^^^^
    Resources = ["*"]
    ^^^^^^^^^
    comment   = "for the shop"
    ^^^^^^^
    principal {
    ^^^^^^^^^
      type        = "AWS"
      identifiers = ["*"]
    }
    dynamic "condition" {
      for_each = var.tests
      content {
        test     = condition.value
        variable = "aws:SourceVpc"
        values   = ["vpc-1"]
      }
    }
  }
  dynamic "statement" {
    for_each = var.more
    content {
      effect     = "Deny"
      not_action = ["s3:GetObject"]
      ^^^^^^^^^^
      resources  = ["*"]
    }
  }
  statements {
  ^^^^^^^^^^
  }
}
module "m" {
  statements = [{ effect = "Allow", actions = ["s3:GetObject"], resources = ["*"], key = "a" }]
}
"#
    .trim_start();
    let messages = check(&RULE, text, "");
    assert_eq!(
        messages[0],
        "A `statement` block has no argument `action`: Terraform rejects the module."
    );
    let unmarked: String = text
        .split_inclusive('\n')
        .filter(|line| !line.contains("^^") && !line.contains("comment"))
        .collect();
    let mended = fixed_text(&RULE, &unmarked, "");
    for name in [
        "    actions ",
        "    resources ",
        "    principals {",
        "      not_actions ",
    ] {
        assert!(mended.contains(name), "{name} in {mended}");
    }
}

#[test]
fn a_name_that_stands_beside_is_not_written_twice() {
    for actions in [
        "[\"s3:PutObject\"]",
        "local.acts",
        "concat([], var.acts)",
        "null",
    ] {
        let text = format!(
            "data \"aws_iam_policy_document\" \"d\" {{
  statement {{
    action    = [\"s3:GetObject\"]
    actions   = {actions}
    resources = [\"arn:aws:s3:::shop-data/*\"]
  }}
}}
"
        );
        assert_eq!(Fixture::new(&text, "").findings(&RULE).len(), 1);
        assert_eq!(fixed_text(&RULE, &text, ""), text);
    }
}

#[test]
fn names_of_iam_in_blocks() {
    let text = r#"
data "aws_iam_policy_document" "d" {
  Statement {
  ^^^^^^^^^
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
  statement {
    Effect    = "Deny"
    ^^^^^^
    Action    = ["s3:GetObject"]
    ^^^^^^
    resources = ["*"]
    Condition {
    ^^^^^^^^^
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
"#
    .trim_start();
    let messages = check(&RULE, text, "");
    assert_eq!(
        messages[0],
        "`aws_iam_policy_document` has no argument `Statement`: Terraform rejects the module."
    );
    assert_eq!(
        messages[1],
        "A `statement` block has no argument `Effect`: Terraform rejects the module."
    );
}

#[test]
fn names_of_terraform_in_a_document() {
    let text = r#"
resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      effect        = "Deny"
      ^^^^^^
      actions       = ["s3:GetObject"]
      ^^^^^^^
      not_resources = ["*"]
      ^^^^^^^^^^^^^
    }]
  })
}
"#
    .trim_start();
    check(&RULE, text, "");
}

#[test]
fn a_misspelt_statement_hides_no_document() {
    let text = "{\"Version\": \"2012-10-17\", \"Statment\": [{\"Effect\": \"Deny\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\"}]}\n";
    assert_eq!(
        fixed_text(&RULE, text, ""),
        text.replace("Statment", "Statement")
    );
    let module = format!("resource \"aws_iam_policy\" \"p\" {{\n  policy = <<EOT\n{text}EOT\n}}\n");
    assert_eq!(
        fixed_text(&RULE, &module, ""),
        module.replace("Statment", "Statement")
    );
    for other in [
        "{\"Version\": \"2012-10-17\", \"Statistics\": [{\"Effect\": \"Deny\", \"Action\": \"a\", \"Resource\": \"*\"}]}",
        "{\"Version\": \"1\", \"Statments\": [{\"Effect\": \"Deny\", \"Action\": \"a\", \"Resource\": \"*\"}]}",
        "{\"Version\": \"2012-10-17\", \"Statments\": [{\"Name\": \"a\"}]}",
        // `statements` is a word of others, too.
        "{\"Version\": \"2012-10-17\", \"Statements\": [{\"Effect\": \"blur\", \"Action\": \"run\"}]}",
        "{\"Version\": \"2012-10-17\", \"Statements\": [{\"Effect\": \"Allow\", \"Resource\": \"*\"}]}",
        "{\"Version\": \"2012-10-17\", \"statement\": [{\"sid\": \"a\", \"Resource\": \"*\"}]}",
        "{\"ApiVersion\": \"2012-10-17\", \"Statements\": [{\"Effect\": \"Deny\", \"Action\": \"s3:GetObject\"}]}",
    ] {
        check(&RULE, other, "");
    }
    // What a module takes in small letters is its own business.
    let module = "\
module \"m\" {
  policy = {
    version   = \"2012-10-17\"
    statement = [{ effect = \"Deny\", action = \"s3:GetObject\", resource = \"*\" }]
  }
}
";
    check(&RULE, module, "");
}

#[test]
fn a_misspelt_statement_in_data() {
    for text in [
        "{\"Version\": \"2012-10-17\", \"Statements\": [{\"Effect\": \"Deny\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\"}]}\n",
        "{\"Version\": \"2008-10-17\", \"Statment\": {\"Effect\": \"Deny\"}}\n",
        "{\"PolicyVersion\": {\"Document\": {\"Version\": \"2012-10-17\", \"statement\": [{\"Effect\": \"Deny\", \"NotAction\": \"s3:*\", \"Resource\": \"*\"}]}}}\n",
        "{\"Role\": {\"RoleName\": \"a\", \"AssumeRolePolicyDocument\": {\"Version\": \"2012-10-17\", \"Statement_\": [{\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"sts:AssumeRole\"}]}}}\n",
        "Version: '2012-10-17'\nStatments:\n  - Effect: Deny\n    Action: s3:GetObject\n    Resource: '*'\n",
        "version: '2012-10-17'\nstatement:\n  - effect: Deny\n    action: s3:GetObject\n    resource: '*'\n",
    ] {
        let mended = fixed_text(&RULE, text, "");
        assert_ne!(mended, text);
        assert!(
            mended.contains("Statement") && mended.contains("Version"),
            "{mended}"
        );
    }
}

#[test]
fn a_wrong_case_is_mended_without_a_word() {
    let text =
        "Version: '2012-10-17'\nStatement:\n  - {effect: Deny, action: 's3:*', Resource: '*'}\n";
    let after =
        "Version: '2012-10-17'\nStatement:\n  - {Effect: Deny, Action: 's3:*', Resource: '*'}\n";
    assert_eq!(fixed_text(&RULE, text, ""), after);
}

#[test]
fn a_name_that_is_taken_is_not_offered() {
    let text = "Version: '2012-10-17'\nStatement:\n  - Effect: Deny\n    Action: 's3:*'\n    action: 'sqs:*'\n    Resource: '*'\n";
    assert_eq!(fixed_text(&RULE, text, ""), text);
}

#[test]
fn no_name_is_turned_round() {
    for (written, meant) in [
        ("ActionNot", "NotAction"),
        ("NoAction", "NotAction"),
        ("ResourceNot", "NotResource"),
    ] {
        let text = format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Deny\n    Sid: a\n    {written}: x\n"
        );
        assert_eq!(fixed_text(&RULE, &text, ""), text.replace(written, meant));
    }
    let text = "Version: '2012-10-17'\nStatement:\n  - Effect: Deny\n    Action: 's3:*'\n    Resource: '*'\n    NotCondition: {}\n";
    assert_eq!(fixed_text(&RULE, text, ""), text);
}

#[test]
fn of_two_names_that_are_equally_near_none_is_written_in_bulk() {
    let text = |rest: &str| {
        format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Acedition: s3:GetObject\n{rest}    Resource: '*'\n"
        )
    };
    let finding = Fixture::new(&text(""), "").findings(&RULE).remove(0);
    assert_eq!(finding.help, "Did you mean `Action` or `Condition`?");
    let fixes = finding
        .fixes
        .iter()
        .map(|fix| (fix.title.as_str(), fix.safety));
    assert_eq!(
        fixes.collect::<Vec<_>>(),
        [
            ("Rename to Action", crate::Safety::Manual),
            ("Rename to Condition", crate::Safety::Manual)
        ]
    );
    let fixture = Fixture::new(&text(""), "");
    let resolved = finding.fixes[0].resolve(&fixture.context()).expect("a fix");
    assert_eq!(resolved.adds, ["s3:GetObject"]);
    // Where one of them is there, it is the other.
    let taken = text("    Action: s3:PutObject\n");
    let finding = Fixture::new(&taken, "").findings(&RULE).remove(0);
    assert_eq!(finding.help, "Did you mean `Condition`?");
}
