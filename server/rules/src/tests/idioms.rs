//! Terraform as people write it: what is put together, left out, handed on and filled in is not judged by what stands there.

use super::fixture::Fixture;
use crate::check;

use leastwise_model::Level;

/// What rules of error and warning level say of a module, as `rule: what is underlined`.
fn serious(text: &str) -> Vec<String> {
    let fixture = Fixture::new(text, "");
    let findings = check(&fixture.context());
    let those = findings
        .iter()
        .filter(|finding| finding.level != Level::Suggestion);
    let said = those.map(|finding| {
        let what = text.get(finding.span.range()).unwrap_or_default();
        format!("{}: {what}", finding.rule.id)
    });
    said.collect()
}

/// A role whose trust policy stands in a heredoc, with something in its statement, and the same in a quoted string.
fn in_strings(within: &str) -> [String; 2] {
    let json = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole",{within}}}]}}"#
    );
    let quoted = escaped(&json);
    [
        format!(
            "resource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = <<EOF\n{json}\nEOF\n}}\n"
        ),
        format!("resource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = \"{quoted}\"\n}}\n"),
    ]
}

/// JSON as it stands between quotes: what is interpolated keeps its own.
fn escaped(json: &str) -> String {
    let mut out = String::new();
    let mut depth = 0;
    let mut before = ' ';
    for c in json.chars() {
        match c {
            '{' if depth > 0 || before == '$' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '"' if depth == 0 => out.push('\\'),
            _ => {}
        }
        out.push(c);
        before = c;
    }
    out
}

#[test]
fn keys_of_json_that_are_put_together() {
    const WHO: &str = r#""Principal":{"Service":"ec2.amazonaws.com"}"#;
    for within in [
        r#""Principal":{"Federated":"${var.arn}"},"Condition":{"StringEquals":{"${replace(var.url, "https://", "")}:sub":"x"}}"#,
        r#""Principal":{"Federated":"${var.arn}"},"Condition":{"StringEquals":{"${module.eks.provider}:aud":"x"}}"#,
        r#""Principal":{"${var.kind}":"${var.who}"}"#,
        &format!(r#"{WHO},"Condition":{{"StringEquals":{{"${{var.key}}":"x"}}}}"#),
        &format!(r#"{WHO},"Condition":{{"StringEquals":{{"aws:${{var.key}}":"x"}}}}"#),
        &format!(r#"{WHO},"Condition":{{"${{var.operator}}":{{"aws:SourceAccount":"1"}}}}"#),
        &format!(r#"{WHO},"${{var.element}}":"x""#),
    ] {
        for text in in_strings(within) {
            let found = serious(&text);
            let of_keys = |of: &&String| {
                [
                    "unknown-condition-key",
                    "invalid-condition",
                    "unknown-element",
                ]
                .iter()
                .any(|rule| of.starts_with(rule))
            };
            assert_eq!(found.iter().find(of_keys), None, "{text}");
        }
    }
    // What is written out beside one is judged.
    for (within, wanted) in [
        (
            r#""Principal":{"${var.kind}":"${var.who}"},"Condition":{"StringEquals":{"${var.key}":"x","aws:Nothing":"y"}}"#,
            "unknown-condition-key",
        ),
        (
            r#""Principal":{"${var.kind}":"${var.who}"},"Condition":{"StringEqual":{"${var.key}":"x"}}"#,
            "invalid-condition",
        ),
        (
            r#""Principal":{"${var.kind}":"x"},"${var.element}":"x","Actions":"x""#,
            "unknown-element",
        ),
    ] {
        for text in in_strings(within) {
            let found = serious(&text);
            assert!(
                found.iter().any(|of| of.starts_with(wanted)),
                "{found:?}\n{text}"
            );
        }
    }
}

/// A policy with a resource that is `local.k`, behind something.
fn of_local(value: &str, gate: &str) -> String {
    format!(
        r#"variable "on" {{
  type = bool
}}
variable "default" {{
  default = true
}}
variable "arn" {{
  default = ""
}}
locals {{
  k = {value}
}}
resource "aws_iam_policy" "p" {{
  {gate}
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "kms:Decrypt", Resource = local.k }}]
  }})
}}
"#
    )
}

#[test]
fn what_a_condition_leaves_out_is_no_value() {
    const GATES: [&str; 4] = [
        "",
        "count = var.on ? 1 : 0",
        "count = local.k == \"\" ? 0 : 1",
        "for_each = var.on ? { a = 1 } : {}",
    ];
    for value in [
        "var.on ? aws_kms_key.k[0].arn : \"\"",
        "var.on ? \"\" : aws_kms_key.k[0].arn",
        "var.default ? \"arn:aws:kms:eu-west-1:123456789012:key/x\" : \"\"",
        "var.on ? \"arn:aws:kms:eu-west-1:123456789012:key/x\" : null",
        "var.on ? [\"arn:aws:kms:eu-west-1:123456789012:key/x\"] : []",
        "var.arn != \"\" ? (var.on ? var.arn : \"\") : \"\"",
        "trimspace(var.on ? \"arn:aws:kms:eu-west-1:123456789012:key/x\" : \"\")",
        "\"arn:aws:kms:eu-west-1:${var.arn != \"\" ? split(\":\", var.arn)[4] : \"\"}:key/x\"",
    ] {
        for gate in GATES {
            let text = of_local(value, gate);
            assert_eq!(serious(&text), Vec::<String>::new(), "{text}");
        }
    }
    // The other side is judged, and so is what is empty in any case.
    for value in [
        "var.on ? \"a-key\" : \"\"",
        "true ? \"\" : aws_kms_key.k[0].arn",
        "\"\"",
        "\"arn:aws:kms:eu-west-1:${true ? \"\" : var.arn}:key/x\"",
        "\"arn:aws:kmz:eu-west-1:${var.on ? \"123456789012\" : \"\"}:key/x\"",
    ] {
        let text = of_local(value, "");
        assert_ne!(serious(&text), Vec::<String>::new(), "{text}");
    }
    // Nobody grants more or less by it: what is known of a text stays.
    let text = of_local(
        "\"arn:aws:kms:eu-west-1:${var.on ? \"1\" : \"\"}:key/x\"",
        "",
    );
    assert_ne!(serious(&text), Vec::<String>::new(), "{text}");
}

#[test]
fn conditionals_without_a_name_leave_out_as_well() {
    let of = |statement: &str| {
        format!(
            "resource \"aws_iam_role\" \"r\" {{\n  count = var.mode == \"none\" ? 0 : 1\n  assume_role_policy = jsonencode({{\n    Version = \"2012-10-17\"\n    Statement = [{{ {statement} }}]\n  }})\n}}\nlocals {{\n  trust = var.on ? \"arn:aws:iam::123456789012:root\" : \"\"\n  act = var.mode == \"saml\" ? \"sts:AssumeRoleWithSAML\" : var.mode == \"role\" ? \"sts:AssumeRole\" : \"\"\n}}\n"
        )
    };
    for statement in [
        "Effect = \"Allow\", Principal = { AWS = local.trust }, Action = \"sts:AssumeRole\"",
        "Effect = \"Allow\", Principal = { AWS = var.on ? \"arn:aws:iam::123456789012:root\" : \"\" }, Action = \"sts:AssumeRole\"",
        "Effect = \"Allow\", Principal = { AWS = [var.on ? \"arn:aws:iam::123456789012:root\" : \"\"] }, Action = \"sts:AssumeRole\"",
        "Effect = \"Allow\", Principal = { Federated = var.arn }, Action = local.act",
    ] {
        let text = of(statement);
        assert_eq!(serious(&text), Vec::<String>::new(), "{text}");
    }
    let wrong = of(
        "Effect = \"Allow\", Principal = { AWS = var.on ? \"\" : \"somebody\" }, Action = \"sts:AssumeRole\"",
    );
    assert_ne!(serious(&wrong), Vec::<String>::new());
    let wrong = of("Effect = \"Allow\", Principal = { AWS = \"\" }, Action = \"sts:AssumeRole\"");
    assert_ne!(serious(&wrong), Vec::<String>::new());
}

#[test]
fn only_functions_that_hand_a_policy_on_are_given_one() {
    let of = |policy: &str| {
        format!(
            r#"resource "aws_iam_policy" "p" {{
  policy = {policy}
}}
locals {{
  map = {{
    one = jsonencode({{ Version = "2012-10-17" }})
  }}
}}
"#
        )
    };
    for policy in [
        "templatestring(var.text, { b = \"x\" })",
        "lookup({ one = var.one, two = var.two }, var.which)",
        "provider::acme::json({ a = 1 })",
        "yamlencode({ a = 1 })",
        "jsonencode(provider::acme::merged({ a = 1 }, { b = 2 }))",
    ] {
        let found = serious(&of(policy));
        let is_missing = |of: &&String| of.starts_with("missing-");
        assert_eq!(found.iter().find(is_missing), None, "{policy}");
    }
    // Nobody else takes an object without statements for a policy.
    let json = "jsonencode({ Version = \"2012-10-17\" })";
    for policy in [
        "coalesce(var.given, JSON)",
        "try(var.given, JSON)",
        "one([JSON])",
        "element([JSON], 0)",
        "element(concat([JSON], [\"\"]), 0)",
        "join(\"\", [JSON])",
        "replace(JSON, \"a\", \"b\")",
        "trimspace(chomp(JSON))",
        "sensitive(JSON)",
        "nonsensitive(JSON)",
        "tostring(JSON)",
        "format(\"%s\", JSON)",
        "lookup({ a = JSON }, var.which)",
        "lookup({ a = var.given }, var.which, JSON)",
        "lookup(merge({ a = JSON }, {}), var.which)",
        "element(values({ a = JSON }), 0)",
        "element(compact([JSON]), 0)",
        "lookup(local.map, \"one\")",
    ] {
        let found = serious(&of(&policy.replace("JSON", json)));
        assert!(
            found.iter().any(|of| of.starts_with("missing-statement")),
            "{policy} {found:?}"
        );
    }
}

#[test]
fn texts_that_something_is_put_in_the_place_of() {
    let of = |resource: &str, policy: &str| {
        format!(
            r#"locals {{
  topic = "TOPIC"
  other = "sometopic"
}}
data "aws_iam_policy_document" "d" {{
  statement {{
    actions   = ["sns:Publish"]
    resources = [{resource}]
  }}
}}
resource "aws_iam_policy" "p" {{
  policy = {policy}
}}
"#
        )
    };
    const DOCUMENT: &str = "data.aws_iam_policy_document.d.json";
    for (resource, policy) in [
        (
            "local.topic",
            "replace(DOC, local.topic, aws_sns_topic.t.arn)",
        ),
        (
            "local.topic",
            "replace(DOC, \"TOPIC\", aws_sns_topic.t.arn)",
        ),
        (
            "local.topic",
            "replace(DOC, var.searched, aws_sns_topic.t.arn)",
        ),
        (
            "local.topic",
            "replace(DOC, \"/TOP.*/\", aws_sns_topic.t.arn)",
        ),
        (
            "local.topic",
            "trimspace(replace(replace(DOC, \"a\", \"b\"), local.topic, \"c\"))",
        ),
        (
            "\"sometopic\"",
            "replace(DOC, local.other, aws_sns_topic.t.arn)",
        ),
    ] {
        let text = of(resource, &policy.replace("DOC", DOCUMENT));
        assert_eq!(serious(&text), Vec::<String>::new(), "{text}");
    }
    for (resource, policy) in [
        ("local.other", "DOC"),
        (
            "local.other",
            "replace(DOC, \"OTHER\", aws_sns_topic.t.arn)",
        ),
        ("local.other", "replace(DOC, \"\", \"x\")"),
        (
            "\"arn:aws:snz:eu-west-1:123456789012:t\"",
            "replace(DOC, var.searched, \"x\")",
        ),
    ] {
        let text = of(resource, &policy.replace("DOC", DOCUMENT));
        assert_ne!(serious(&text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn null_is_as_if_it_were_not_there() {
    let block = |lines: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n{lines}\n  }}\n}}\nresource \"aws_iam_policy\" \"p\" {{\n  policy = data.aws_iam_policy_document.d.json\n}}\n"
        )
    };
    const READ: &str = "actions = [\"s3:GetObject\"]\n    resources = [\"arn:aws:s3:::shop/*\"]";
    for line in [
        "effect = null",
        "sid = null",
        "not_actions = null",
        "not_resources = null",
    ] {
        let text = block(&format!("    {line}\n    {READ}"));
        assert_eq!(serious(&text), Vec::<String>::new(), "{text}");
    }
    for lines in [
        "    effect = \"null\"\n    actions = [\"s3:GetObject\"]\n    resources = [\"arn:aws:s3:::shop/*\"]",
        "    actions = null\n    resources = [\"arn:aws:s3:::shop/*\"]",
    ] {
        let text = block(lines);
        assert_ne!(serious(&text), Vec::<String>::new(), "{text}");
    }
    // An `Allow` it is, by default.
    let text = block("    effect = null\n    actions = [\"*\"]\n    resources = [\"*\"]");
    assert!(
        serious(&text)
            .iter()
            .any(|of| of.starts_with("administrator-access"))
    );
}

/// Statements in a list that a dynamic block goes over, which gives them these arguments.
fn listed(statement: &str, arguments: &str) -> String {
    format!(
        r#"variable "grants" {{
  default = {{
    a = {{ actions = ["s3:GetObject"], resources = ["arn:aws:s3:::shop/*"] }}
    b = {{ {statement} }}
  }}
}}
locals {{
  grants = var.grants
}}
data "aws_iam_policy_document" "d" {{
  dynamic "statement" {{
    for_each = local.grants
    content {{
      {arguments}
    }}
  }}
}}
resource "aws_iam_policy" "p" {{
  policy = data.aws_iam_policy_document.d.json
}}
"#
    )
}

#[test]
fn what_a_dynamic_block_gives_is_not_missing_in_its_list() {
    let actions = "actions = statement.value.actions";
    for resources in [
        "try(statement.value.resources, [\"arn:aws:s3:::shop/*\"])",
        "coalesce(statement.value.resources, [\"arn:aws:s3:::shop/*\"])",
        "lookup(statement.value, \"resources\", [\"arn:aws:s3:::shop/*\"])",
        "[\"arn:aws:s3:::shop/*\"]",
    ] {
        let text = listed(
            "actions = [\"s3:PutObject\"]",
            &format!("{actions}\n      resources = {resources}"),
        );
        assert_eq!(serious(&text), Vec::<String>::new(), "{text}");
    }
    for resources in [
        "statement.value.resources",
        "statement.value[\"resources\"]",
        "try(statement.value.resources, null)",
        "lookup(statement.value, \"resources\", [])",
    ] {
        let text = listed(
            "actions = [\"s3:PutObject\"]",
            &format!("{actions}\n      resources = {resources}"),
        );
        assert_eq!(serious(&text), ["missing-resource: actions"], "{text}");
    }
    // `null` in an object, too, and what is given is judged.
    let resources = "resources = try(statement.value.resources, [\"*\"])";
    let text = listed(
        "effect = null, actions = [\"s3:PutObject\"]",
        &format!("{actions}\n      effect = try(statement.value.effect, null)\n      {resources}"),
    );
    assert_eq!(serious(&text), Vec::<String>::new(), "{text}");
    let text = listed(
        "actions = [\"s3:PutObjekt\"]",
        &format!("{actions}\n      {resources}"),
    );
    assert_eq!(serious(&text), ["unknown-action: PutObjekt"], "{text}");
}

#[test]
fn what_is_kept_over_edits_heeds_what_a_dynamic_block_gives() {
    let plain = listed(
        "actions = [\"s3:PutObject\"]",
        "actions = statement.value.actions\n      resources = statement.value.resources",
    );
    let given = plain.replace(
        "= statement.value.resources",
        "= try(statement.value.resources, [\"arn:aws:s3:::shop/*\"])",
    );
    let mut kept = crate::Incremental::default();
    for text in [&plain, &given, &plain] {
        let fixture = Fixture::new(text, "");
        let ids = |findings: Vec<crate::Finding>| -> Vec<&str> {
            findings.iter().map(|finding| finding.rule.id).collect()
        };
        let fresh = ids(check(&fixture.context()));
        assert_eq!(ids(kept.check(&fixture.context())), fresh, "{text}");
    }
}
