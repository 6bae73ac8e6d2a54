//! Values of conditions, attributes written as lists, variables of functions, words between interpolations.

use super::{check, hover, statements, yaml};
use crate::testing::template;

/// Each of the dialects' statements with a key and a value, the cursor in the value.
fn conditions(key: &str, value: &str) -> Vec<String> {
    let marked = format!("{}$0{}", &value[..1], &value[1..]);
    let words = [
        ("ACTION", "sts:AssumeRoleWithWebIdentity"),
        ("RESOURCE", "arn:aws:s3:::shop-data/*"),
        ("OPERATOR", "StringLike"),
        ("KEY", key),
        ("VALUE", &marked),
    ];
    let filled = statements().into_iter().map(|statement| {
        let yaml = statement.contains("KEY: VALUE");
        words.iter().fold(statement, |text, (name, word)| {
            // In YAML a word with colons and stars takes quotes.
            let quoted = format!("'{word}'");
            let word = match yaml && *name == "VALUE" {
                true => quoted.as_str(),
                false => word,
            };
            text.replace(name, word)
        })
    });
    filled.collect()
}

#[test]
fn values_of_tokens_and_accounts_in_every_dialect() {
    const SUB: &str = "token.actions.githubusercontent.com:sub";
    const AUD: &str = "token.actions.githubusercontent.com:aud";
    for (key, value, told) in [
        (
            SUB,
            "repo:acme/shop:ref:refs/heads/main",
            "Jobs of `acme/shop` on the branch `main`.",
        ),
        (
            AUD,
            "sts.amazonaws.com",
            "Tokens that the provider has made for `sts.amazonaws.com`, AWS's own",
        ),
        (
            "aws:SourceAccount",
            "111111111111",
            "Of account `111111111111`, `dev` of the config.",
        ),
        (
            "aws:RequestedRegion",
            "eu-west-1",
            "A Region of the partition `aws`.",
        ),
    ] {
        for marked in conditions(key, value) {
            check(&marked, value, &[told]);
        }
    }
}

#[test]
fn subjects_of_tokens() {
    for (subject, told) in [
        ("repo:acme/shop:ref:refs/heads/*", "on any branch."),
        ("repo:acme/shop:ref:refs/tags/v1", "on the tag `v1`."),
        ("repo:acme/shop:ref:refs/tags/*", "on any tag."),
        (
            "repo:acme/shop:environment:prod",
            "in the environment `prod`.",
        ),
        ("repo:acme/shop:pull_request", "that a pull request starts."),
        ("repo:acme/shop:*", "All jobs of `acme/shop`: on any branch"),
        ("repo:acme/*", "All jobs of any repository in `acme`"),
        (
            "repo:acme@1/shop@2:ref:refs/heads/main",
            "Jobs of `acme@1/shop@2` on the branch",
        ),
        (
            "system:serviceaccount:shop:app",
            "Pods with the service account `app` of the namespace `shop`.",
        ),
        ("anything", "Tokens that are about `anything`."),
    ] {
        let marked = format!(
            "{{\"Statement\": [{{\"Condition\": {{\"StringLike\": {{\"token.actions.githubusercontent.com:sub\": \"{}$0{}\"}}}}}}]}}",
            &subject[..3],
            &subject[3..]
        );
        check(&marked, subject, &[told]);
    }
}

#[test]
fn an_attribute_as_a_list() {
    let arn = ["the attribute `Arn` of `Table`", "table/shop-orders"];
    for (resource, word) in [
        ("!GetAtt [Ta$0ble, Arn]", "Table"),
        ("!GetAtt [Table, A$0rn]", "Arn"),
        ("{'Fn::GetAtt': [Table, A$0rn]}", "Arn"),
        ("{'Fn::GetAtt': [Ta$0ble, Arn]}", "Table"),
    ] {
        let marked = template(&format!(
            "- Effect: Allow\n  Action: dynamodb:GetItem\n  Resource: {resource}"
        ));
        check(&marked, word, &arn);
    }
    let rows = "- Effect: Allow\n  Resource:\n    Fn::GetAtt:\n      - Table\n      - A$0rn";
    check(&template(rows), "Arn", &arn);
    let json = "{\"Resources\": {\"B\": {\"Type\": \"AWS::S3::Bucket\", \"Properties\": {\"BucketName\": \"shop\"}}, \"P\": {\"Type\": \"AWS::IAM::ManagedPolicy\", \"Properties\": {\"PolicyDocument\": {\"Statement\": [{\"Resource\": {\"Fn::GetAtt\": [\"B\", \"A$0rn\"]}}]}}}}}";
    check(
        json,
        "Arn",
        &["the attribute `Arn` of `B`", "arn:aws:s3:::shop"],
    );
}

#[test]
fn what_a_function_gives_its_text() {
    let resource = |text: &str| {
        template(&format!(
            "- Effect: Allow\n  Resource: !Sub ['arn:aws:dynamodb:*:*:table/{text}', {{Name: !Ref Table}}]"
        ))
    };
    check(
        &resource("${Na$0me}"),
        "${Name}",
        &["given beside the text", "shop-orders"],
    );
    check(&resource("${Sta$0ge}"), "${Stage}", &["`[variables]`"]);
    check(
        &template("- Effect: Allow\n  Resource: !Ref AWS::NoVal$0ue"),
        "AWS::NoValue",
        &["Takes away the item"],
    );
    check(
        &template("- Effect: Allow\n  Resource: !Sub 'arn:aws:s3:::${AWS::Stack$0Name}'"),
        "${AWS::StackName}",
        &["the name of the stack. Its value isn't known"],
    );
}

/// A string with interpolations holds a policy as one without does.
#[test]
fn words_between_interpolations() {
    let module = |statement: &str| {
        format!(
            "resource \"aws_sqs_queue\" \"jobs\" {{\n  name = \"shop-jobs\"\n}}\nresource \"aws_iam_policy\" \"p\" {{\n  policy = <<-EOT\n    {{\n      \"Version\": \"2012-10-17\",\n      \"Statement\": [{{\n        {statement}\n      }}]\n    }}\n  EOT\n}}\n"
        )
    };
    let rest = "\"Resource\": [\"${aws_sqs_queue.jobs.arn}\", \"arn:aws:sqs:*:*:shop\"]";
    for (statement, word, told) in [
        (
            "\"Eff$0ect\": \"Allow\"",
            "Effect",
            "overrides every `Allow`",
        ),
        (
            "\"Action\": [\"sqs:Send$0Message\"]",
            "sqs:SendMessage",
            "is a **Write** action",
        ),
        (
            "\"Principal\": {\"AWS\": \"1111$011111111\"}",
            "111111111111",
            "`dev` of the config",
        ),
        (
            "\"Condition\": {\"Bo$0ol\": {\"aws:SecureTransport\": \"true\"}}",
            "Bool",
            "Boolean",
        ),
    ] {
        check(&module(&format!("{statement}, {rest}")), word, &[told]);
        // Behind it, too.
        check(&module(&format!("{rest}, {statement}")), word, &[told]);
    }
    check(
        &module(&rest.replace("*:*:shop", "*:*:sh$0op")),
        "arn:aws:sqs:*:*:shop",
        &["queue of sqs"],
    );
    check(
        &module(&rest.replace("jobs.arn", "jobs.a$0rn")),
        "aws_sqs_queue.jobs.arn",
        &["shop-jobs"],
    );
    // What is quoted in an interpolation isn't taken for the document's.
    let quoted = "\"Resource\": \"${var.names[\"a\"]}\", \"Action\": \"sqs:Send$0Message\"";
    assert_eq!(hover(&module(quoted)), None);
}

#[test]
fn what_a_statement_leaves_out_is_of_no_action() {
    for statement in [
        "NotAction: iam:*\n    NotResource: arn:aws:s3:::sh$0op-*",
        "NotAction: iam:*\n    Resource: arn:aws:s3:::sh$0op-*",
        "Action: sqs:SendMessage\n    NotResource: arn:aws:s3:::sh$0op-*",
    ] {
        let marked =
            format!("Version: '2012-10-17'\nStatement:\n  - Effect: Deny\n    {statement}");
        let (_, text) = hover(&marked).expect("a hover");
        assert!(!text.contains("statement's actions"), "{text}");
        assert!(text.contains("service `s3`"), "{text}");
    }
}

#[test]
fn a_list_that_is_cut_leads_to_the_rest() {
    for marked in [
        "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: s3:Get*\n    Resource: arn:aws:s3:::sh$0op/*",
        "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: ['*:G$0et*']",
        "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: s3:G$0et*",
    ] {
        let (_, text) = hover(marked).expect("a hover");
        let cut = text.matches(" more").count();
        let linked = text.matches(" more](https://docs.aws.amazon.com/").count();
        assert!(cut > 0 && cut == linked, "{text}");
    }
}

/// Another tool's variable, and what a framework makes of a part of the file.
#[test]
fn what_is_called_otherwise() {
    let marked = "service: shop\nprovider:\n  name: aws\n  iam:\n    ro$0le:\n      statements:\n        - {Effect: Allow, Action: s3:GetObject, Resource: '*'}\nfunctions:\n  f: {handler: f.f}\n";
    let told = hover(marked).map(|(_, text)| text).unwrap_or_default();
    assert!(!told.contains("Bucket"), "{told}");
}

#[test]
fn a_reference_in_json_has_its_value() {
    let marked = "{\"resource\": {\"aws_sqs_queue\": {\"jobs\": {\"name\": \"shop-jobs\"}}, \"aws_iam_policy\": {\"p\": {\"policy\": \"{}\"}}}, \"data\": {\"aws_iam_policy_document\": {\"d\": {\"statement\": [{\"actions\": [\"sqs:SendMessage\"], \"resources\": [\"${aws_sqs_queue.jobs.a$0rn}\"]}]}}}}";
    check(
        marked,
        "${aws_sqs_queue.jobs.arn}",
        &["the attribute `arn`", "shop-jobs"],
    );
}

#[test]
fn principals_with_wildcards_are_some_where_they_are_compared() {
    for (arn, told) in [
        ("arn:aws:iam::111111111111:role/$0*", "Any role of account"),
        (
            "arn:aws:iam::111111111111:role/app/de$0ploy-*",
            "The roles `app/deploy-*` of account",
        ),
        ("arn:aws:iam::*:ro$0ot", "The root user of any account."),
    ] {
        let (_, said) = hover(&yaml(&format!(
            "Principal: '*'\n    Action: s3:GetObject\n    Resource: arn:aws:s3:::shop/*\n    Condition: {{ArnLike: {{'aws:PrincipalArn': '{arn}'}}}}\n"
        )))
        .unwrap_or_else(|| panic!("none at {arn}"));
        assert!(said.contains(told), "{said}");
    }
}

#[test]
fn the_nearest_type_of_an_arn_comes_first() {
    let said = |arn: &str| {
        let text = yaml(&format!("Action: lambda:*\n    Resource: '{arn}'\n"));
        hover(&text).expect("a hover").1
    };
    let lambda = "arn:aws:lambda:eu-west-1:111111111111:function";
    let several = said(&format!("{lambda}:sh$0op-*"));
    assert!(
        several.starts_with("Can be: function of lambda, function alias of lambda, function version of lambda, durable execution"),
        "{several}"
    );
}
