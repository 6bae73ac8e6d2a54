use leastwise_model::SiteKind;

use super::super::notation::ANY;
use super::*;

#[test]
fn templates_and_tasks_are_told_from_others() {
    let resources = format!("Resources:\n{}", role("", "'*'"));
    for (text, told) in [
        (format!("{HEAD}{resources}"), "OrgFormation"),
        (format!("{HEAD}{ORGANIZATION}"), "OrgFormation"),
        (
            format!("{HEAD}Transform: AWS::Serverless-2016-10-31\n{resources}"),
            "Sam",
        ),
        (
            format!(
                "{HEAD}Transform: [Own, AWS::Serverless-2016-10-31]\n{resources}    OrganizationBinding: !Ref B\n"
            ),
            "Sam",
        ),
        (
            format!("{HEAD}{resources}  F: {{Type: AWS::Serverless::Function}}\n"),
            "Sam",
        ),
        (
            format!("{HEAD}Transform: [AWS::LanguageExtensions]\n{resources}"),
            "OrgFormation",
        ),
        (
            format!(
                "Resources:\n{}",
                role("", "Fn::EnumTargetAccounts B ${account}")
            ),
            "OrgFormation",
        ),
        (
            format!("Conditions: {{C: !Equals [Fn::TargetCount B, 0]}}\n{resources}"),
            "OrgFormation",
        ),
        (
            format!("{resources}# Fn::EnumTargetAccounts B a\n"),
            "CloudFormation",
        ),
        (
            format!("{resources}    OrganizationBinding: !Ref B\n"),
            "OrgFormation",
        ),
        (
            format!("OrganizationBindings: {{}}\n{resources}"),
            "OrgFormation",
        ),
        (
            format!("{resources}# OrganizationBinding\n"),
            "CloudFormation",
        ),
        (resources.clone(), "CloudFormation"),
        (
            format!("AWSTemplateFormatVersion: '2010-09-09'\n# not 2010-09-09-OC\n{resources}"),
            "CloudFormation",
        ),
        (
            "Roles: {Type: update-stacks, Template: ./roles.yml, StackName: r}\n".to_owned(),
            "OrgFormation",
        ),
        (
            "Parameters: {a: {Type: String}}\nMore: {Type: include, Path: ./more.yml}\n".to_owned(),
            "OrgFormation",
        ),
        // None of these is a task: the first has no template.
        (
            "Roles: {Type: update-stacks, StackName: r}\n".to_owned(),
            "NoDialect",
        ),
        ("More: {Type: include}\n".to_owned(), "NoDialect"),
        ("- {Type: include, Path: a}\n".to_owned(), "NoDialect"),
    ] {
        assert_eq!(dialect("a.yml", &text), told, "{text}");
    }
    let json = r#"{"AWSTemplateFormatVersion": "2010-09-09-OC", "Resources": {}}"#;
    assert_eq!(dialect("a.json", json), "OrgFormation");
}

#[test]
fn policies_of_an_organization_have_their_kinds() {
    let statement =
        "{Version: '2012-10-17', Statement: [{Effect: Deny, Action: 's3:*', Resource: '*'}]}";
    let policy = |name: &str, kind: &str, more: &str, document: &str| {
        format!(
            "  {name}:\n    Type: OC::ORG::{kind}\n    Properties: {{PolicyName: n{name}{more}, PolicyDocument: {document}}}\n"
        )
    };
    let string = format!(
        "'{}'",
        r#"{"Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}"#
    );
    let text = [
        HEAD.to_owned(),
        ORGANIZATION.to_owned(),
        policy("A", "ServiceControlPolicy", "", statement),
        policy(
            "B",
            "Policy",
            ", PolicyType: SERVICE_CONTROL_POLICY",
            statement,
        ),
        policy(
            "C",
            "Policy",
            ", PolicyType: RESOURCE_CONTROL_POLICY",
            statement,
        ),
        policy("D", "Policy", ", PolicyType: TAG_POLICY", "{tags: {}}"),
        policy("E", "Policy", "", statement),
        policy("F", "ServiceControlPolicy", "", &string),
        policy("G", "ServiceControlPolicy", "", "!Include ./scp.json"),
    ]
    .concat();
    let (_, found) = found(&[("organization.yml", &text)]);
    let said = found.sites.iter().map(|site| {
        let owner = &found.owners[site.owners[0]];
        (
            owner.label.as_str(),
            site.name.as_deref().unwrap_or_default(),
            site.kind,
        )
    });
    assert_eq!(
        said.collect::<Vec<_>>(),
        [
            ("A", "nA", SiteKind::Scp),
            ("B", "nB", SiteKind::Scp),
            ("C", "nC", SiteKind::Rcp),
            ("F", "nF", SiteKind::Scp)
        ]
    );
}

#[test]
fn functions_in_strings_are_what_they_make() {
    for (written, value) in [
        (
            "Fn::EnumTargetAccounts B arn:aws:iam::${account}:role/x",
            "arn:aws:iam::${B.account}:role/x",
        ),
        (
            "\"Fn::EnumTargetAccounts B 'arn:aws:iam::${account}:role/x'\"",
            "arn:aws:iam::${B.account}:role/x",
        ),
        (
            "Fn::EnumTargetAccounts B arn:aws:iam::${AccountId}:user/${aws:username}",
            "arn:aws:iam::${B.AccountId}:user/${aws:username}",
        ),
        (
            "Fn::EnumTargetAccounts B arn:aws:s3:::${Tags.team}-${Nobody}",
            "arn:aws:s3:::${B.Tags.team}-${Nobody}",
        ),
        (
            "Fn::EnumTargetRegions B arn:aws:sqs:${region}:222222222222:q",
            "arn:aws:sqs:${B.region}:222222222222:q",
        ),
        ("Fn::EnumTargetAccounts B", "${B.account}"),
        ("Fn::EnumTargetAccounts B ''", "${B.account}"),
        ("\"Fn::EnumTargetAccounts B '\"", "'"),
        ("Fn::TargetCount B", "${B.count}"),
        ("'Fn::EnumTargetAccounts '", "${.account}"),
        ("\"Fn::EnumTargetAccounts B ${\"", "${"),
        ("Fn::EnumTargetAccountsB x", "Fn::EnumTargetAccountsB x"),
    ] {
        let text = template(ORGANIZATION, "", "", written);
        assert_eq!(resources(&[("a.yml", &text)]), [value], "{written}");
        // No `Fn::Sub` is missed there, and what it fills in isn't IAM's.
        let text = written.trim_matches('"');
        assert!(!ANY.leaves_variables(text), "{written}");
    }
}

#[test]
fn its_own_variables_are_filled_in_before_those_of_iam() {
    let text = template(ORGANIZATION, "", "", "'*'");
    let (_, found) = found(&[("a.yml", &text)]);
    assert!(found.dialect.notation().fills_in_first());
}

#[test]
fn the_text_of_a_call_is_filled_in_as_by_sub() {
    let root = "Parameters: {Name: {Type: String, Default: deploy}}\n";
    let written = "Fn::EnumTargetAccounts B 'arn:aws:iam::${account}:role/${Name}-${Dev}'";
    for (written, is_call) in [(written, true), ("'${Name}'", false)] {
        let text = template(ORGANIZATION, root, "", written);
        let (tree, found) = found(&[("a.yml", &text)]);
        assert_eq!(found.dialect.is_filled_otherwise(&tree), is_call);
    }
    let text = template(ORGANIZATION, root, "", written);
    let value = ["arn:aws:iam::${B.account}:role/deploy-222222222222"];
    assert_eq!(resources(&[("a.yml", &text)]), value);
}

#[test]
fn how_many_targets_there_are_decides_nothing() {
    for condition in [
        "!Equals [Fn::TargetCount B, 0]",
        "!Not [!Equals [Fn::TargetCount B, 0]]",
        "!Equals [!Ref AWSAccount, !Ref Dev]",
        "!Equals ['1', '2']",
    ] {
        let root = format!("Conditions: {{C: {condition}}}\n");
        let text = template(ORGANIZATION, &root, "    Condition: C\n", "arn:aws:s3:::a");
        let is_never = condition.contains("'1'");
        let told: &[&str] = if is_never { &[] } else { &["arn:aws:s3:::a"] };
        assert_eq!(resources(&[("a.yml", &text)]), told, "{condition}");
    }
}

#[test]
fn policies_that_a_community_type_makes_have_their_kinds() {
    let statement = "Statement: [{Effect: Deny, Action: 's3:*', Resource: '*'}]";
    let mut text = format!("{HEAD}Resources:\n");
    for (name, kind, properties) in [
        (
            "A",
            "Organizations::Policy",
            format!("PolicyType: SERVICE_CONTROL_POLICY, PolicyDocument: {{{statement}}}"),
        ),
        (
            "B",
            "Organizations::Policy",
            format!(
                "PolicyType: RESOURCE_CONTROL_POLICY, PolicyDocument: !JsonString {{{statement}}}"
            ),
        ),
        (
            "C",
            "Organizations::Policy",
            format!("PolicyType: TAG_POLICY, PolicyDocument: {{{statement}}}"),
        ),
        (
            "D",
            "Organizations::Policy",
            format!("PolicyType: SERVICE_CONTROL_POLICY, PolicyDocument: !Other {{{statement}}}"),
        ),
        (
            "E",
            "Organizations::Other",
            format!("PolicyType: SERVICE_CONTROL_POLICY, PolicyDocument: {{{statement}}}"),
        ),
    ] {
        text += &format!(
            "  {name}: {{Type: 'Community::{kind}', Properties: {{PolicyName: n, {properties}}}}}\n"
        );
    }
    let (_, found) = found(&[("a.yml", &text)]);
    let said = found.sites.iter().map(|site| {
        let owner = &found.owners[site.owners[0]];
        (owner.label.as_str(), site.path.join("."), site.kind)
    });
    let path = |name: &str| format!("Resources.{name}.Properties.PolicyDocument");
    assert_eq!(
        said.collect::<Vec<_>>(),
        [
            ("A", path("A"), SiteKind::Scp),
            ("B", path("B"), SiteKind::Rcp)
        ]
    );
}

#[test]
fn policies_in_json_strings_are_found_in_any_resource() {
    let statement = "Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]";
    for (written, count) in [
        (format!("!JsonString {{{statement}}}"), 1),
        (format!("{{Fn::JsonString: {{{statement}}}}}"), 1),
        (format!("!JsonString [{{{statement}}}, pretty-print]"), 1),
        (
            format!("!If [C, !JsonString {{{statement}}}, !Ref AWS::NoValue]"),
            1,
        ),
        (format!("!Other {{{statement}}}"), 0),
        ("!JsonString '{}'".to_owned(), 0),
    ] {
        let resources = format!(
            "Resources:\n  S: {{Type: AWS::SSO::PermissionSet, Properties: {{InlinePolicy: {written}}}}}\n"
        );
        let (_, own) = found(&[("a.yml", &format!("{HEAD}{resources}"))]);
        assert_eq!(own.sites.len(), count, "{written}");
        // CloudFormation has no such function.
        let (_, other) = found(&[("a.yml", &resources)]);
        assert!(other.sites.is_empty(), "{written}");
    }
}
