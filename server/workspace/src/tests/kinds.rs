//! What policies are for: what their place, their elements and their names tell, and where nothing does.

use std::sync::Arc;

use leastwise_model::{Config, SiteKind};
use leastwise_syntax::{Format, Tree};

use super::terraform::analyse;
use crate::Analysis;

/// The kind of each policy with its first owner, and the service of a resource policy.
fn kinds(files: &[(&str, &str)]) -> Vec<String> {
    let (_, analysis) = analyse(files, "");
    let sites = analysis.sites.iter();
    sites
        .map(|site| {
            let service = site.service.map(|of| format!(" ({of})"));
            format!(
                "{}: {}{}",
                analysis.label(site).unwrap_or_default(),
                site.kind.name(),
                service.unwrap_or_default()
            )
        })
        .collect()
}

const OBJECTS: &str = r#"
locals {
  statements = [{ actions = ["sqs:SendMessage"], resources = ["*"] }]
}
"#;

#[test]
fn statements_that_a_module_takes_have_the_kind_that_is_told() {
    let found = kinds(&[(
        "m/main.tf",
        r#"
module "key" {
  source = "example/kms/aws"
  key_statements = [
    { actions = ["kms:Decrypt"], resources = ["*"], principals = [{ type = "Service", identifiers = ["s3.amazonaws.com"] }] }
  ]
}
module "function" {
  source            = "example/lambda/aws"
  policy_statements = { read = { effect = "Allow", actions = ["s3:GetObject"], resources = ["*"] } }
  policy            = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}
module "role" {
  source                 = "example/role/aws"
  trust_policy_statements = [{ actions = ["sts:AssumeRole"], principals = [{ type = "AWS", identifiers = ["111111111111"] }] }]
  # With a resource it is about more than the role that it belongs to.
  sts_statements = [{ actions = ["sts:AssumeRole"], resources = ["*"], principals = [{ type = "AWS", identifiers = ["111111111111"] }] }]
}
"#,
    )]);
    assert_eq!(
        found,
        [
            "module.key: resource policy (kms)",
            "module.function: policy",
            "module.function: policy",
            "module.role: trust policy",
            "module.role: policy",
        ]
    );
}

#[test]
fn documents_that_nothing_uses_have_no_kind() {
    let found = kinds(&[(
        "m/main.tf",
        r#"
data "aws_iam_policy_document" "plain" {
  statement {
    actions   = ["s3:*"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "open" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}
output "json" {
  value = data.aws_iam_policy_document.plain.json
}
"#,
    )]);
    assert_eq!(
        found,
        [
            "data.aws_iam_policy_document.plain: policy",
            "data.aws_iam_policy_document.open: policy",
            "data.aws_iam_policy_document.trust: trust policy",
        ]
    );
}

/// What the statements of [`OBJECTS`] are for beside some more of the file, and another file.
fn of_objects(more: &str, other: (&str, &str)) -> String {
    let text = format!("{OBJECTS}{more}");
    let found = kinds(&[("m/main.tf", &text), other]);
    let of_local = found.iter().find(|line| line.starts_with("local."));
    of_local.cloned().unwrap_or_default()
}

#[test]
fn statements_have_the_kind_of_the_policies_that_they_get_into() {
    let document = |holder: &str| {
        format!(
            r#"
data "aws_iam_policy_document" "d" {{
  dynamic "statement" {{
    for_each = [for one in local.statements : one]
    content {{
      actions   = statement.value.actions
      resources = statement.value.resources
    }}
  }}
}}
{holder}"#
        )
    };
    let user =
        r#"resource "aws_iam_user_policy" "p" { policy = data.aws_iam_policy_document.d.json }"#;
    let queue = r#"resource "aws_sqs_queue" "q" { policy = data.aws_iam_policy_document.d.json }"#;
    let topic = r#"resource "aws_sns_topic" "t" { policy = data.aws_iam_policy_document.d.json }"#;
    let none = ("m/none.tf", "");
    for (more, kind) in [
        (String::new(), "policy"),
        (document(""), "policy"),
        (document(user), "identity policy"),
        (document(queue), "resource policy (sqs)"),
        (document(&format!("{queue}\n{topic}")), "resource policy"),
        // It would have to be right in both.
        (document(&format!("{queue}\n{user}")), "policy"),
        (
            r#"resource "aws_iam_policy" "p" { policy = jsonencode({ Version = "2012-10-17", Statement = local.statements }) }"#.to_owned(),
            "identity policy",
        ),
        (
            r#"resource "aws_iam_role" "r" {
  inline_policy { policy = jsonencode({ Version = "2012-10-17", Statement = local.statements }) }
}"#.to_owned(),
            "identity policy",
        ),
        (
            r#"resource "aws_iam_policy" "p" {
  for_each = { a = local.statements }
  policy   = jsonencode({ Version = "2012-10-17", Statement = each.value })
}"#.to_owned(),
            "identity policy",
        ),
        // What it is called doesn't get into it.
        (
            r#"resource "aws_iam_policy" "p" {
  name   = local.statements[0].actions[0]
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}"#.to_owned(),
            "policy",
        ),
    ] {
        assert_eq!(of_objects(&more, none), format!("local.statements: {kind}"), "{more}");
    }
}

#[test]
fn statements_have_the_kind_that_a_module_of_the_workspace_gives_them() {
    let call = "module \"inner\" {\n  source = \"./inner\"\n  statements = local.statements\n}\n";
    let module = |holder: &str| {
        format!(
            r#"
variable "statements" {{}}
data "aws_iam_policy_document" "d" {{
  dynamic "statement" {{
    for_each = var.statements
    content {{
      actions   = statement.value.actions
      resources = statement.value.resources
    }}
  }}
}}
{holder}"#
        )
    };
    let user =
        r#"resource "aws_iam_user_policy" "p" { policy = data.aws_iam_policy_document.d.json }"#;
    let scp = r#"resource "aws_organizations_policy" "p" { content = data.aws_iam_policy_document.d.json }"#;
    for (holder, kind) in [
        ("", "policy"),
        (user, "identity policy"),
        (scp, "service control policy"),
    ] {
        let other = module(holder);
        let found = of_objects(call, ("m/inner/main.tf", &other));
        assert_eq!(found, format!("local.statements: {kind}"), "{holder}");
    }
    // In the argument itself.
    let other = module(user);
    let own = r#"
module "inner" {
  source     = "./inner"
  statements = [{ actions = ["sqs:SendMessage"], resources = ["*"] }]
}
module "outer" {
  source     = "../elsewhere"
  statements = [{ actions = ["sqs:SendMessage"], resources = ["*"] }]
}
"#;
    let found = kinds(&[("m/main.tf", own), ("m/inner/main.tf", &other)]);
    assert_eq!(
        found,
        ["module.inner: identity policy", "module.outer: policy"]
    );
    // A document that such a module is given.
    let own = r#"
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
module "inner" {
  source = "./inner"
  json   = data.aws_iam_policy_document.d.json
}
"#;
    let other =
        "variable \"json\" {}\nresource \"aws_s3_bucket_policy\" \"p\" { policy = var.json }";
    let found = kinds(&[("m/main.tf", own), ("m/inner/main.tf", other)]);
    assert_eq!(
        found,
        ["data.aws_iam_policy_document.d: resource policy (s3)"]
    );
}

const BOUNDARY: &str = r#"
resource "aws_iam_policy" "limits" {
  name   = "limits"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}
"#;

#[test]
fn policies_that_bound_somebody_are_boundaries() {
    let role = "resource \"aws_iam_role\" \"r\" {\n  permissions_boundary = aws_iam_policy.limits.arn\n}\n";
    let attached = "resource \"aws_iam_user_policy_attachment\" \"a\" {\n  user = \"u\"\n  policy_arn = aws_iam_policy.limits.arn\n}\n";
    let module = |name: &str| {
        format!(
            "module \"m\" {{\n  source = \"x/y/aws\"\n  {name} = aws_iam_policy.limits.arn\n}}\n"
        )
    };
    for (more, kind) in [
        ("", "identity policy"),
        (role, "permissions boundary"),
        (&module("permissions_boundary_arn"), "permissions boundary"),
        (&module("policy_arn"), "identity policy"),
        // It also grants.
        (&format!("{role}{attached}"), "identity policy"),
    ] {
        let text = format!("{BOUNDARY}{more}");
        let found = kinds(&[("m/main.tf", &text)]);
        let own = found.iter().find(|line| !line.contains("trust")).unwrap();
        assert!(own.ends_with(&format!(": {kind}")), "{own}\n{more}");
    }
    for (from, to) in [
        ("\"limits\"\n", "\"DeveloperBoundary\"\n"),
        ("\"limits\" {", "\"developers_boundary\" {"),
    ] {
        let text = BOUNDARY.replace(from, to);
        let found = kinds(&[("m/main.tf", &text)]);
        assert!(found[0].ends_with(": permissions boundary"), "{found:?}");
    }
}

#[test]
fn policies_that_bound_somebody_by_their_name_are_boundaries() {
    let role = |boundary: &str| {
        format!("resource \"aws_iam_role\" \"r\" {{\n  permissions_boundary = {boundary}\n}}\n")
    };
    let named = BOUNDARY.replace("\"limits\"\n", "\"edge\"\n");
    let by_variable = BOUNDARY.replace("\"limits\"\n", "\"${var.stage}-edge\"\n");
    let variable = BOUNDARY.replace("\"limits\"\n", "var.edge\n");
    let looked_up = |argument: &str| {
        let role = role("data.aws_iam_policy.theirs.arn");
        format!("{role}data \"aws_iam_policy\" \"theirs\" {{\n  {argument}\n}}\n")
    };
    let boundary = "permissions boundary";
    let identity = "identity policy";
    for (policy, more, kind) in [
        (
            &named,
            role("\"arn:aws:iam::111111111111:policy/edge\""),
            boundary,
        ),
        (
            &named,
            role("\"arn:aws:iam::${local.account}:policy/team/edge\""),
            boundary,
        ),
        (&named, looked_up("name = \"edge\""), boundary),
        (
            &named,
            looked_up("arn = \"arn:aws:iam::111111111111:policy/edge\""),
            boundary,
        ),
        (
            &by_variable,
            role("\"arn:aws:iam::${local.account}:policy/${var.stage}-edge\""),
            boundary,
        ),
        (
            &variable,
            role("\"arn:aws:iam::${local.account}:policy/${var.edge}\""),
            boundary,
        ),
        (
            &named,
            role("\"arn:aws:iam::111111111111:policy/edges\""),
            identity,
        ),
        (&named, role("\"arn:aws:iam::aws:policy/edge\""), identity),
        (&named, looked_up("name = \"edges\""), identity),
        (
            &by_variable,
            role("\"arn:aws:iam::${local.account}:policy/${var.other}-edge\""),
            identity,
        ),
    ] {
        let text = format!("{policy}{more}");
        let found = kinds(&[("m/main.tf", &text)]);
        let own = found.iter().find(|line| !line.contains("trust")).unwrap();
        assert!(own.ends_with(&format!(": {kind}")), "{own}\n{more}");
    }
}

#[test]
fn a_document_of_a_policy_that_bounds_somebody_by_its_name() {
    let found = kinds(&[(
        "m/main.tf",
        r#"
data "aws_iam_policy_document" "edge" {
  statement {
    actions   = ["s3:*"]
    resources = ["*"]
  }
}
resource "aws_iam_policy" "p" {
  name   = "edge"
  policy = data.aws_iam_policy_document.edge.json
}
resource "aws_iam_role" "r" {
  permissions_boundary = "arn:aws:iam::111111111111:policy/edge"
}
"#,
    )]);
    assert!(found[0].ends_with(": permissions boundary"), "{found:?}");
}

#[test]
fn a_policy_of_a_service_that_bounds_its_role() {
    for (boundary, kind) in [
        ("arn:aws:iam::111111111111:policy/edge", SiteKind::Boundary),
        ("arn:aws:iam::111111111111:policy/other", SiteKind::Identity),
        ("{Ref: Edge}", SiteKind::Boundary),
        (
            "{'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:policy/edge'}",
            SiteKind::Boundary,
        ),
    ] {
        let text = format!(
            "service: shop
provider:
  name: aws
  iam: {{role: {{permissionsBoundary: {boundary}}}}}
functions:
  buy: {{handler: buy.run}}
resources:
  Resources:
    Edge:
      Type: AWS::IAM::ManagedPolicy
      Properties:
        ManagedPolicyName: edge
        PolicyDocument: {{Statement: [{{Effect: Allow, Action: 's3:*', Resource: '*'}}]}}
"
        );
        let tree = Tree::parse(text, Format::Yaml);
        let analysis = Analysis::new(&tree, "serverless.yml", Arc::new(Config::default()));
        assert_eq!(analysis.sites[0].kind, kind, "{boundary}");
    }
}

fn of_template(more: &str) -> SiteKind {
    let text = format!(
        "Resources:
  Limits:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {{Statement: [{{Effect: Allow, Action: 's3:*', Resource: '*'}}]}}
{more}"
    );
    let tree = Tree::parse(text, Format::Yaml);
    let analysis = Analysis::new(&tree, "shop.yaml", Arc::new(Config::default()));
    analysis.sites[0].kind
}

#[test]
fn managed_policies_of_a_template_that_bound_somebody_are_boundaries() {
    let role = |properties: &str| {
        format!("  Role:\n    Type: AWS::IAM::Role\n    Properties: {properties}\n")
    };
    let named = |more: &str| format!("      ManagedPolicyName: edge\n{more}");
    for (more, kind) in [
        (String::new(), SiteKind::Identity),
        (
            role("{PermissionsBoundary: !Ref Limits}"),
            SiteKind::Boundary,
        ),
        (
            role("{PermissionsBoundary: !If [Bound, !Ref Limits, !Ref 'AWS::NoValue']}"),
            SiteKind::Boundary,
        ),
        (
            role("{PermissionsBoundary: !GetAtt Limits.PolicyArn}"),
            SiteKind::Boundary,
        ),
        (
            role("{PermissionsBoundary: !Ref Other}"),
            SiteKind::Identity,
        ),
        (
            named(&role(
                "{PermissionsBoundary: !Sub 'arn:aws:iam::${AWS::AccountId}:policy/edge'}",
            )),
            SiteKind::Boundary,
        ),
        (
            named(&role(
                "{PermissionsBoundary: 'arn:aws:iam::111111111111:policy/team/edge'}",
            )),
            SiteKind::Boundary,
        ),
        (
            named(&role(
                "{PermissionsBoundary: 'arn:aws:iam::aws:policy/edge'}",
            )),
            SiteKind::Identity,
        ),
        (
            named(&role(
                "{PermissionsBoundary: 'arn:aws:iam::111111111111:policy/edges'}",
            )),
            SiteKind::Identity,
        ),
        (
            role("{PermissionsBoundary: !Ref Limits, ManagedPolicyArns: [!Ref Limits]}"),
            SiteKind::Identity,
        ),
        (
            "      ManagedPolicyName: shop-boundary\n".to_owned(),
            SiteKind::Boundary,
        ),
        (
            "      ManagedPolicyName: shop-boundary\n      Roles: [admins]\n".to_owned(),
            SiteKind::Identity,
        ),
    ] {
        assert_eq!(of_template(&more), kind, "{more}");
    }
}

fn of_file(path: &str, text: &str) -> SiteKind {
    let tree = Tree::parse(text.to_owned(), Format::Json);
    let analysis = Analysis::new(&tree, path, Arc::new(Config::default()));
    analysis.sites[0].kind
}

#[test]
fn files_tell_by_their_names() {
    let allow = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]}"#;
    let open = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}"#;
    for (path, text, kind) in [
        ("policies/ec2.json", allow, SiteKind::Identity),
        ("service-control-policies/ec2.json", allow, SiteKind::Scp),
        ("boundaries/ec2.json", allow, SiteKind::Boundary),
        ("policies/s3.json", open, SiteKind::Resource),
        ("vpc-endpoint-policies/s3.json", open, SiteKind::VpcEndpoint),
        ("resource-control-policies/s3.json", open, SiteKind::Rcp),
    ] {
        assert_eq!(of_file(path, text), kind, "{path}");
    }
    let keyed = |key: &str| format!("{{\"{key}\": {allow}, \"Other\": 1}}");
    assert_eq!(of_file("a.json", &keyed("DenyScp")), SiteKind::Scp);
    assert_eq!(of_file("a.json", &keyed("FullAWSAccess")), SiteKind::Scp);
    assert_eq!(of_file("a.json", &keyed("Describe")), SiteKind::Identity);
}

#[test]
fn policies_of_aws_in_a_dump_of_an_account() {
    let version = format!("[{{\"VersionId\": \"v1\", \"Document\": {POLICY}}}]");
    for (arn, kind) in [
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", SiteKind::OfAws),
        ("arn:aws-cn:iam::aws:policy/service-role/X", SiteKind::OfAws),
        (
            "arn:aws:iam::111111111111:policy/ReadOnlyAccess",
            SiteKind::Identity,
        ),
    ] {
        let beside = format!("{{\"Arn\": \"{arn}\", \"Document\": {POLICY}}}");
        assert_eq!(of_file("a.json", &beside), kind, "{beside}");
        let dump =
            format!("{{\"Policies\": [{{\"Arn\": \"{arn}\", \"PolicyVersionList\": {version}}}]}}");
        assert_eq!(of_file("a.json", &dump), kind, "{dump}");
    }
    // By their names, as tools keep them.
    let of_aws = leastwise_catalog::catalog().managed_policies();
    let names: Vec<_> = of_aws.take(9).map(|policy| policy.name()).collect();
    let listed = |names: &[&str]| {
        let entries = names.iter().map(|name| format!("\"{name}\": {POLICY}"));
        format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
    };
    assert_eq!(of_file("a.json", &listed(&names)), SiteKind::OfAws);
    assert_eq!(of_file("a.json", &listed(&names[..2])), SiteKind::Identity);
}

#[test]
fn a_policy_within_a_file_is_not_what_its_readers_take_the_file_for() {
    let within = format!("{{\"policy\": {POLICY}}}");
    let module = "resource \"aws_sqs_queue_policy\" \"p\" {\n  policy = file(\"${path.module}/p.json\")\n}\n";
    let kind = |text: &str| kinds(&[("m/p.json", text), ("m/main.tf", module)]);
    assert_eq!(kind(POLICY), ["p: resource policy (sqs)"]);
    assert_eq!(kind(&within), ["p: identity policy"]);
}

#[test]
fn answers_of_organizations_tell_the_kind() {
    let answer = |kind: &str| {
        format!(
            r#"{{"Policy": {{"PolicySummary": {{"Id": "p-1", "Type": "{kind}"}}, "Content": "{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}]}}"}}}}"#
        )
    };
    assert_eq!(
        of_file("a.json", &answer("SERVICE_CONTROL_POLICY")),
        SiteKind::Scp
    );
    assert_eq!(
        of_file("a.json", &answer("RESOURCE_CONTROL_POLICY")),
        SiteKind::Rcp
    );
    assert_eq!(of_file("a.json", &answer("other")), SiteKind::Identity);
}

const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}"#;

#[test]
fn a_file_is_for_what_the_module_makes_of_it() {
    let kind = |module: &str| kinds(&[("m/policies/p.json", POLICY), ("m/main.tf", module)]);
    let file = r#"file("${path.module}/policies/p.json")"#;
    let template = r#"templatefile("./policies/p.json", { name = "x" })"#;
    for (module, expected) in [
        (
            format!("resource \"aws_iam_role_policy\" \"p\" {{\n  policy = {file}\n}}\n"),
            "p: identity policy",
        ),
        (
            format!("resource \"aws_sqs_queue_policy\" \"p\" {{\n  policy = {template}\n}}\n"),
            "p: resource policy (sqs)",
        ),
        (
            format!("resource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = {file}\n}}\n"),
            "p: trust policy",
        ),
        (
            format!("resource \"aws_organizations_policy\" \"p\" {{\n  content = {file}\n}}\n"),
            "p: service control policy",
        ),
        // Over a local value, an expression that isn't taken apart, and a document.
        (
            format!(
                "locals {{\n  text = {file}\n}}\nresource \"aws_sqs_queue_policy\" \"p\" {{\n  policy = replace(local.text, \"a\", \"b\")\n}}\n"
            ),
            "p: resource policy (sqs)",
        ),
        (
            format!(
                "resource \"aws_sqs_queue_policy\" \"p\" {{\n  policy = var.a != \"\" && var.b != \"\" ? var.a : {template}\n}}\n"
            ),
            "p: resource policy (sqs)",
        ),
        (
            format!(
                "resource \"aws_sqs_queue_policy\" \"p\" {{\n  policy = join(\"\", [for x in var.y : {file}])\n}}\n"
            ),
            "p: resource policy (sqs)",
        ),
        // A boundary by its name, and by its use.
        (
            format!("resource \"aws_iam_policy\" \"own_boundary\" {{\n  policy = {file}\n}}\n"),
            "p: permissions boundary",
        ),
        (
            format!(
                "resource \"aws_iam_policy\" \"p\" {{\n  policy = {file}\n}}\nresource \"aws_iam_role\" \"r\" {{\n  permissions_boundary = aws_iam_policy.p.arn\n}}\n"
            ),
            "p: permissions boundary",
        ),
        // What a module of others makes of it, nobody knows.
        (
            format!("module \"x\" {{\n  source = \"example/x/aws\"\n  policy = {file}\n}}\n"),
            "p: policy",
        ),
        // A block that is written for each of many is where its argument would be.
        (
            format!(
                "resource \"aws_iam_role\" \"r\" {{\n  dynamic \"inline_policy\" {{\n    for_each = var.y\n    content {{\n      policy = {file}\n    }}\n  }}\n}}\n"
            ),
            "p: identity policy",
        ),
        (
            format!(
                "resource \"aws_sqs_queue\" \"q\" {{\n  dynamic \"x\" {{\n    for_each = var.y\n    content {{\n      y = {file}\n    }}\n  }}\n}}\n"
            ),
            "p: policy",
        ),
        // Two uses.
        (
            format!(
                "resource \"aws_iam_role_policy\" \"p\" {{\n  policy = {file}\n}}\nresource \"aws_sqs_queue_policy\" \"p\" {{\n  policy = {file}\n}}\n"
            ),
            "p: policy",
        ),
        (
            format!(
                "resource \"aws_sns_topic_policy\" \"p\" {{\n  policy = {file}\n}}\nresource \"aws_sqs_queue_policy\" \"p\" {{\n  policy = {file}\n}}\n"
            ),
            "p: resource policy",
        ),
        // Another file, another folder, and no call.
        (
            "resource \"aws_sqs_queue_policy\" \"p\" {\n  policy = file(\"${var.folder}/policies/p.json\")\n}\n".to_owned(),
            "p: identity policy",
        ),
        (
            "resource \"aws_sqs_queue_policy\" \"p\" {\n  policy = file(\"${path.module}/p.json\")\n}\n".to_owned(),
            "p: identity policy",
        ),
        (
            "resource \"aws_sqs_queue_policy\" \"p\" {\n  policy = file(\"x.json\") # policies/p.json\n}\n".to_owned(),
            "p: identity policy",
        ),
        (
            "resource \"aws_sqs_queue_policy\" \"p\" {\n  policy = \"policies/p.json\"\n}\n".to_owned(),
            "p: identity policy",
        ),
    ] {
        assert_eq!(kind(&module), [expected], "{module}");
    }
}

#[test]
fn a_file_that_several_modules_read() {
    let module = |of: &str| {
        format!(
            "resource \"{of}\" \"p\" {{\n  policy = file(\"${{path.module}}/../policies/p.json\")\n}}\n"
        )
    };
    let calls = "module \"a\" {\n  source = \"./a\"\n}\nmodule \"b\" {\n  source = \"./b\"\n}\n";
    let kind = |a: &str, b: &str| {
        let (a, b) = (module(a), module(b));
        kinds(&[
            ("m/policies/p.json", POLICY),
            ("m/main.tf", calls),
            ("m/a/main.tf", &a),
            ("m/b/main.tf", &b),
        ])
    };
    let (queue, topic, role) = (
        "aws_sqs_queue_policy",
        "aws_sns_topic_policy",
        "aws_iam_role_policy",
    );
    assert_eq!(kind(queue, queue), ["p: resource policy (sqs)"]);
    assert_eq!(kind(queue, topic), ["p: resource policy"]);
    assert_eq!(kind(queue, role), ["p: policy"]);
    assert_eq!(kind(role, queue), ["p: policy"]);
    assert_eq!(kind(role, "example_policy"), ["p: policy"]);
    assert_eq!(kind("example_policy", role), ["p: policy"]);
}

#[test]
fn what_a_file_itself_tells_counts_where_its_readers_do_not_know() {
    let module = |path: &str| {
        format!("module \"x\" {{\n  source = \"example/x/aws\"\n  policy = file(\"{path}\")\n}}\n")
    };
    let trust = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "111111111111"}}]}"#;
    assert_eq!(
        kinds(&[("m/p.json", trust), ("m/main.tf", &module("p.json"))]),
        ["p: trust policy"]
    );
    assert_eq!(
        kinds(&[
            ("m/scp/p.json", POLICY),
            ("m/main.tf", &module("scp/p.json"))
        ]),
        ["p: service control policy"]
    );
    let own = "resource \"aws_iam_policy\" \"p\" {\n  policy = file(\"boundary.json\")\n}\n";
    assert_eq!(
        kinds(&[("m/boundary.json", POLICY), ("m/main.tf", own)]),
        ["boundary: permissions boundary"]
    );
    // Among other documents it is no policy that a module could read as such.
    let several = format!("{{\"a\": {POLICY}, \"b\": {POLICY}}}");
    assert_eq!(
        kinds(&[("m/p.json", &several), ("m/main.tf", &module("p.json"))]),
        ["p: identity policy", "p: identity policy"]
    );
}
