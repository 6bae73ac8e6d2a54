//! Policies of others that look like IAM's, which nobody here has anything to say of.

use super::terraform::analyse;

/// How many policies are found in a file.
fn found(path: &str, text: &str) -> usize {
    let (_, analysis) = analyse(&[(path, text)], "");
    analysis.sites.len()
}

#[test]
fn objects_are_statements_where_something_in_them_is_of_iam() {
    for (object, expected) in [
        // What a vault or an application calls a policy.
        (
            r#"effect = "allow", actions = ["read"], resources = ["secret/*"]"#,
            0,
        ),
        (
            r#"effect = "Allow", actions = ["read"], resources = ["secret/*"]"#,
            0,
        ),
        (
            r#"effect = "Allow", actions = ["Microsoft.Compute/*/read"], resources = ["*"]"#,
            0,
        ),
        (
            r#"effect = "allow", actions = ["s3:GetObject"], resources = ["*"]"#,
            0,
        ),
        (
            r#"effect = "Allow", actions = ["kms:Decrypt"], resources = ["acs:kms:*:1:key/*"]"#,
            0,
        ),
        (r#"actions = ["read", "list"], resources = ["*"]"#, 0),
        (r#"actions = var.actions, resources = ["*"]"#, 0),
        (
            r#"effect = "Allow", actions = var.actions, resources = ["secret/*"]"#,
            0,
        ),
        (
            r#"Effect = "Allow", Action = ["read"], Resource = ["secret/*"]"#,
            0,
        ),
        // IAM's.
        (
            r#"effect = "Allow", actions = ["s3:GetObject"], resources = ["secret/*"]"#,
            1,
        ),
        (
            r#"effect = "Deny", not_actions = ["S3:Get*"], resources = ["*"]"#,
            1,
        ),
        (r#"effect = "Allow", actions = ["*"], resources = ["*"]"#, 1),
        (
            r#"effect = var.effect, actions = ["s3:GetObject"], resources = ["*"]"#,
            1,
        ),
        (
            r#"actions = ["read", "s3:GetObject"], resources = ["*"]"#,
            1,
        ),
        (
            r#"effect = "Allow", actions = var.actions, resources = ["*"]"#,
            1,
        ),
        (
            r#"effect = "allow", actions = ["read"], resources = ["arn:aws:s3:::b/*"]"#,
            1,
        ),
        (
            r#"effect = "allow", actions = ["read"], resources = ["arn:${var.partition}:s3:::b"]"#,
            1,
        ),
        (
            r#"effect = "allow", actions = ["read"], resources = [aws_s3_bucket.b.arn]"#,
            1,
        ),
        (
            r#"actions = ["read"], principals = [{ type = "Service", identifiers = ["s3.amazonaws.com"] }]"#,
            1,
        ),
        (
            r#"effect = "Allow", actions = ["read"], resources = ["arn:minio:s3:::b"]"#,
            0,
        ),
        (
            r#"Effect = "Allow", Action = ["s3:GetObject"], Resource = ["secret/*"]"#,
            1,
        ),
    ] {
        for text in [
            format!("locals {{\n  policies = [{{ {object} }}]\n}}\n"),
            format!(
                "module \"m\" {{\n  source = \"example/m/any\"\n  policy_statements = {{ a = {{ {object} }} }}\n}}\n"
            ),
        ] {
            assert_eq!(found("m/main.tf", &text), expected, "{text}");
        }
    }
    // One of several tells what the others are.
    let text = "locals {\n  policies = [{ actions = [\"read\"], resources = [\"x\"] }, { actions = [\"s3:GetObject\"], resources = [\"*\"] }]\n}\n";
    assert_eq!(found("m/main.tf", text), 1);
}

#[test]
fn resources_of_other_providers_hold_policies_of_their_own() {
    let document = "Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = [\"s3:*\"], Resource = [\"arn:aws:s3:::*\"] }]";
    for (block, expected) in [
        ("resource \"minio_iam_policy\"", 0),
        ("resource \"alicloud_ram_policy\"", 0),
        ("resource \"vault_policy\"", 0),
        ("data \"tencentcloud_policy\"", 0),
        ("resource \"aws_iam_policy\"", 1),
        ("resource \"awscc_iam_managed_policy\"", 1),
        ("resource \"vault_aws_secret_backend_role\"", 1),
        ("resource \"local_file\"", 1),
        ("resource \"terraform_data\"", 1),
    ] {
        let text = format!("{block} \"p\" {{\n  policy = jsonencode({{ {document} }})\n}}\n");
        assert_eq!(found("m/main.tf", &text), expected, "{text}");
        let text = format!(
            "{block} \"p\" {{\n  statements = [{{ effect = \"Allow\", actions = [\"s3:*\"], resources = [\"*\"] }}]\n}}\n"
        );
        assert_eq!(found("m/main.tf", &text), expected, "{text}");
    }
    let json = r#"{"resource": [{"minio_iam_policy": {"p": {"policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "admin:*", "Resource": "*"}]}}}}]}"#;
    assert_eq!(found("m/main.tf.json", json), 0);
    assert_eq!(found("m/main.tf.json", &json.replace("minio_", "aws_")), 1);
}

#[test]
fn documents_in_languages_like_iams() {
    let document =
        |statement: &str| format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statement}]}}");
    let whole = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::shop/*", "Principal": "*"}"#;
    for (statement, expected) in [
        (whole.to_owned(), 1),
        (whole.replace("s3:*", "admin:*"), 0),
        (
            format!("{}, {whole}", r#"{"Effect": "Allow", "Action": ["admin:*"]}"#),
            0,
        ),
        (
            whole
                .replace("s3:*", "Update:*")
                .replace("arn:aws:s3:::shop/*", "LogicalResourceId/Files"),
            0,
        ),
        (
            whole
                .replace("\"Action\": \"s3:*\"", "\"NotAction\": [\"Update:Delete\"]")
                .replace("arn:aws:s3:::shop/*", "*"),
            0,
        ),
        (
            r#"{"DataDirection": "Inbound", "DataIdentifier": ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"], "Operation": {"Deny": {}}, "Principal": ["*"]}"#.to_owned(),
            0,
        ),
    ] {
        let text = document(&statement);
        assert_eq!(found("p.json", &text), expected, "{text}");
        let module = format!("locals {{\n  p = {}\n}}\n", text.replace("\": ", "\" = "));
        assert_eq!(found("m/main.tf", &module), expected, "{module}");
    }
}

#[test]
fn what_somebody_asked_for_is_no_policy() {
    let event = |name: &str| {
        format!(
            r#"{{"Records": [{{"{name}": "PutRolePolicy", "requestParameters": {{"policyDocument": "{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}]}}"}}}}]}}"#
        )
    };
    assert_eq!(found("event.json", &event("eventName")), 0);
    assert_eq!(found("event.json", &event("name")), 1);
}

#[test]
fn documents_in_other_policy_languages() {
    let statement = |action: &str, resource: &str| {
        format!(r#"[{{"Effect": "Allow", "Action": ["{action}"], "Resource": ["{resource}"]}}]"#)
    };
    for (version, action, resource, expected) in [
        ("1", "oss:GetObject", "acs:oss:*:*:b/*", 0),
        ("1", "oss:GetObject", "*", 0),
        ("1", "ecs:*", "*", 0),
        ("1", "kms:Decrypt", "acs:kms:*:1:key/k", 0),
        ("1.1", "obs:object:GetObject", "*", 0),
        ("2.0", "name/cos:GetObject", "*", 0),
        ("2012-10-17", "cos:GetObject", "qcs::cos:x:uid/1:b/*", 0),
        ("2012-10-17", "tos:GetObject", "trn:tos:::b", 0),
        // The version is wrong, the rest is IAM's.
        ("1", "s3:GetObject", "*", 1),
        ("1", "oss:GetObject", "arn:aws:s3:::b", 1),
        ("1", "ecs:*", "arn:aws:ecs:*:111111111111:task/*", 1),
        ("2012-10-7", "oss:GetObject", "*", 1),
        ("2012-10-17", "oss:GetObject", "*", 1),
        ("2012-10-17", "s3:GetObject", "acs-data/*", 1),
    ] {
        let statements = statement(action, resource);
        let text = format!(r#"{{"Version": "{version}", "Statement": {statements}}}"#);
        assert_eq!(found("policy.json", &text), expected, "{text}");
        let text = format!("locals {{\n  policies = jsonencode({text})\n}}\n");
        assert_eq!(found("m/main.tf", &text), expected, "{text}");
    }
    let trust = r#"{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ["fc.aliyuncs.com"]}}]}"#;
    assert_eq!(found("trust.json", trust), 0);
    assert_eq!(
        found("trust.json", &trust.replace("\"1\"", "\"2012-10-17\"")),
        0
    );
    let own = trust.replace("fc.aliyuncs", "lambda.amazonaws");
    assert_eq!(found("trust.json", &own), 1);
}
