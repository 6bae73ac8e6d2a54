mod begun;
mod commas;
mod edits;
mod first;
mod references;
mod retyped;
mod tags;

use crate::testing::{fixture, template};
use crate::{Completion, CompletionKind};

pub(super) fn complete(marked: &str) -> Vec<Completion> {
    let (mut file, at) = fixture(marked);
    let items = file.completions(at);
    let text = file.text();
    for item in &items {
        let typed = &text[item.replace.start as usize..at as usize];
        let begins = item
            .filter
            .get(..typed.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(typed));
        // A client that filters would drop what doesn't begin like the text; what doesn't match may be dropped.
        let other = items.iter().any(|item| {
            item.filter
                .to_ascii_lowercase()
                .starts_with(&typed.to_ascii_lowercase())
        });
        assert!(
            begins || other || items.is_empty() || typed.is_empty() || !typed.contains(':'),
            "{typed}: {item:?}"
        );
        assert!(item.replace.touches(at), "{item:?}");
    }
    items
}

/// What the editor shows of the list: those that begin like what is typed.
fn shown(marked: &str) -> Vec<Completion> {
    let (file, at) = fixture(marked);
    let text = file.text().to_owned();
    let mut items = complete(marked);
    // Whole parts of a policy have tests of their own.
    items.retain(|item| !item.is_snippet);
    items.retain(|item| {
        let typed = text[item.replace.start as usize..at as usize].to_ascii_lowercase();
        item.filter.to_ascii_lowercase().starts_with(&typed)
    });
    items
}

pub(super) fn labels(marked: &str) -> Vec<String> {
    shown(marked).into_iter().map(|item| item.label).collect()
}

/// The text after the item of that label is taken.
#[track_caller]
pub(super) fn take(marked: &str, label: &str) -> String {
    let (file, _) = fixture(marked);
    let items = complete(marked);
    let item = items.iter().find(|item| item.label == label);
    let item = item.unwrap_or_else(|| {
        panic!(
            "no {label} among {:?}",
            items
                .iter()
                .take(40)
                .map(|item| &item.label)
                .collect::<Vec<_>>()
        )
    });
    let mut text = file.text().to_owned();
    text.replace_range(item.replace.range(), &item.insert);
    text
}

/// Every way in which a value of `Action` can be begun.
fn action_places(typed: &str) -> Vec<String> {
    let yaml = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n";
    let json = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", ";
    vec![
        format!("{yaml}    Action: {typed}$0"),
        format!("{yaml}    Action: {typed}$0\n    Resource: '*'\n"),
        format!("{yaml}    Action:\n      - s3:PutObject\n      - {typed}$0\n    Resource: '*'\n"),
        format!("{yaml}    Action:\n    - {typed}$0\n    Resource: '*'\n"),
        format!("{yaml}    Action: '{typed}$0\n    Resource: '*'\n"),
        format!("{yaml}    Action: \"{typed}$0\"\n"),
        format!("{yaml}    Action: [s3:PutObject, {typed}$0]\n    Resource: '*'\n"),
        format!("{yaml}    Action: [s3:PutObject, {typed}$0\n    Resource: '*'\n"),
        format!("Version: '2012-10-17'\nStatement: [{{Effect: Allow, Action: {typed}$0}}]"),
        format!("Version: '2012-10-17'\nStatement:\n  Effect: Allow\n  NotAction: {typed}$0"),
        format!("{json}\"Action\": \"{typed}$0\"}}]}}"),
        format!("{json}\"Action\": \"{typed}$0"),
        format!("{json}\"Action\": [\"{typed}$0"),
        format!("{json}\"Action\": [\"s3:PutObject\", \"{typed}$0\"], \"Resource\": \"*\"}}]}}"),
        format!("{json}\"NotAction\": [\n\"s3:PutObject\",\n\"{typed}$0\n]}}]}}"),
        template(&format!(
            "- Effect: Allow\n  Action: {typed}$0\n  Resource: '*'"
        )),
        template(&format!(
            "- Effect: Allow\n  Action:\n    - s3:PutObject\n    - {typed}$0"
        )),
        template(&format!(
            "- Effect: Allow\n  Action: !If [Prod, [{typed}$0], []]"
        )),
    ]
}

#[test]
fn services_in_every_action_position() {
    for marked in action_places("").into_iter().chain(action_places("s3")) {
        let items = shown(&marked);
        let item = items
            .iter()
            .find(|item| item.label == "s3:")
            .unwrap_or_else(|| panic!("{marked}"));
        assert_eq!(
            (item.kind, item.ask_again),
            (CompletionKind::Service, true),
            "{marked}"
        );
        assert!(item.detail.contains("S3"), "{item:?}");
    }
}

#[test]
fn actions_in_every_action_position() {
    for marked in action_places("s3:GetObjectT") {
        assert!(
            labels(&marked).starts_with(&["s3:GetObjectTagging".to_owned()]),
            "{marked}"
        );
        let after = take(&marked, "s3:GetObjectTagging");
        // A quote that isn't closed yet is.
        let quote = match marked.split_once("s3:GetObjectT$0") {
            Some((before, "" | "\n    Resource: '*'\n" | "\n]}]}")) => before.chars().next_back(),
            _ => None,
        };
        let quote = quote.filter(|quote| matches!(quote, '"' | '\''));
        let quote = quote.map(String::from).unwrap_or_default();
        assert_eq!(
            after,
            marked.replace("s3:GetObjectT$0", &format!("s3:GetObjectTagging{quote}"))
        );
    }
}

#[test]
fn wildcards_come_with_their_count_behind_the_actions() {
    let items = shown("Version: '2012-10-17'\nStatement:\n  - Action: sqs:$0");
    let at = |label: &str| items.iter().position(|item| item.label == label);
    let star = items
        .iter()
        .find(|item| item.label == "sqs:*")
        .expect("sqs:*");
    let count = items
        .iter()
        .filter(|item| item.kind == CompletionKind::Action)
        .count();
    assert_eq!(star.detail, format!("{count} actions"));
    assert_eq!(star.kind, CompletionKind::Wildcard);
    assert!(at("sqs:TagQueue") < at("sqs:List*"));
    // What most policies have comes first, all else by its name.
    assert!(at("sqs:SendMessage") < at("sqs:AddPermission"));
    assert!(at("sqs:AddPermission") < at("sqs:CreateQueue"));
}

#[test]
fn actions_that_fit_the_resources_come_first() {
    let marked = "Version: '2012-10-17'\nStatement:\n  - Action: s3:$0\n    Resource: arn:aws:s3:::shop-data\n";
    let items = shown(marked);
    let at = |label: &str| items.iter().position(|item| item.label == label);
    assert!(
        at("s3:ListBucket") < at("s3:GetObject"),
        "{:?} {:?}",
        at("s3:ListBucket"),
        at("s3:GetObject")
    );
}

#[test]
fn what_stands_there_is_not_offered_again() {
    let names = labels("Version: '2012-10-17'\nStatement:\n  - Action: [sqs:SendMessage, sqs:$0]");
    assert!(names.contains(&"sqs:ReceiveMessage".to_owned()));
    assert!(!names.contains(&"sqs:SendMessage".to_owned()));
}

#[test]
fn other_statements_do_not_count() {
    let first = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Action\": \"sqs:SendMessage\", \"Resource\": \"arn:aws:sqs:eu-west-1:111111111111:x\"}, ";
    let json = format!("{first}{{\"Action\": [\"sqs:$0\"]}}]}}");
    let names = labels(&json);
    assert!(names.contains(&"sqs:SendMessage".to_owned()), "{names:?}");
    assert!(names.contains(&"sqs:ListQueues".to_owned()) && names[0] != "sqs:ListQueues");
    let yaml = "Version: '2012-10-17'\nStatement:\n  - Action: sqs:SendMessage\n  - Action: [sqs:CreateQueue, sqs:$0]\n  - Action: sqs:DeleteQueue\n";
    let names = labels(yaml);
    assert!(!names.contains(&"sqs:CreateQueue".to_owned()));
    assert!(
        names.contains(&"sqs:SendMessage".to_owned())
            && names.contains(&"sqs:DeleteQueue".to_owned())
    );
}

#[test]
fn trust_policies_are_about_assuming() {
    let trust = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Statement:\n          - Effect: Allow\n            Action: $0";
    let names = labels(trust);
    assert_eq!(names[0], "sts:AssumeRole");
    assert_eq!(names[1], "sts:AssumeRoleWithSAML");
}

#[test]
fn a_name_finds_its_service() {
    let names = labels("Version: '2012-10-17'\nStatement:\n  - Action: PutObjectLeg$0");
    assert_eq!(
        names,
        [
            "s3:PutObjectLegalHold",
            "s3-object-lambda:PutObjectLegalHold"
        ]
    );
}

#[test]
fn the_star_is_quoted_where_yaml_wants_it() {
    let yaml = "Version: '2012-10-17'\nStatement:\n  - Action: s3:GetObject\n    Resource: $0";
    assert!(take(yaml, "*").ends_with("Resource: '*'"));
    let quoted =
        "Version: '2012-10-17'\nStatement:\n  - Action: s3:GetObject\n    Resource: \"$0\"";
    assert!(take(quoted, "*").ends_with("Resource: \"*\""));
    let json = "{\"Statement\": [{\"Action\": \"s3:GetObject\", \"Resource\": $0";
    assert!(take(json, "*").ends_with("\"Resource\": \"*\""));
}

#[test]
fn resources_follow_the_actions_and_the_neighbours() {
    // Partition by variable, called with Sub.
    let block = template(
        "- Effect: Allow\n  Action: [lambda:InvokeFunction, sqs:SendMessage]\n  Resource: $0",
    );
    let items = labels(&block);
    let function =
        "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AppId}-*";
    assert!(items.contains(&function.to_owned()), "{items:#?}");
    assert!(take(&block, function).contains(&format!("Resource: !Sub '{function}'")));
    // In Sub already.
    let sub = template(
        "- Effect: Allow\n  Action: sqs:SendMessage\n  Resource:\n    - !Sub 'arn:aws:s3:::x'\n    - !Sub 'arn:aws:sqs$0'",
    );
    let queue = "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${AppId}-*";
    assert!(take(&sub, queue).contains(&format!("- !Sub '{queue}'")));
    // A literal string can't have variables, where the file calls none.
    let literal = template("- Effect: Allow\n  Action: sqs:SendMessage\n  Resource: 'arn:$0'")
        .replace("!Sub '${AppId}-orders'", "orders");
    let dev = "arn:aws:sqs:eu-west-1:111111111111:shop-*";
    assert!(take(&literal, dev).contains(&format!("Resource: '{dev}'")));
    assert!(labels(&literal).iter().all(|label| !label.contains("${")));
    // A plain policy.
    let plain = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Action\": \"sqs:SendMessage\", \"Resource\": \"$0\"}]}";
    assert!(take(plain, dev).contains(&format!("\"Resource\": \"{dev}\"")));
    let json = plain.replace("\"$0\"", "$0");
    assert!(take(&json, dev).contains(&format!("\"Resource\": \"{dev}\"")));
}

#[test]
fn resources_of_the_template_are_referred_to() {
    let block = template("- Effect: Allow\n  Action: dynamodb:GetItem\n  Resource: $0");
    assert_eq!(labels(&block)[0], "!GetAtt Table.Arn");
    assert!(take(&block, "!GetAtt Table.Arn").contains("Resource: !GetAtt Table.Arn"));
    let sub = template("- Effect: Allow\n  Action: dynamodb:GetItem\n  Resource: !Sub '$0'");
    assert!(take(&sub, "${Table.Arn}").contains("!Sub '${Table.Arn}'"));
}

#[test]
fn variables_in_braces() {
    let sub = template(
        "- Effect: Allow\n  Action: dynamodb:GetItem\n  Resource: !Sub 'arn:aws:s3:::${$0}-x'",
    );
    let items = shown(&sub);
    for (label, detail) in [
        ("AppId", "shop"),
        ("Stage", "dev +1"),
        ("AWS::AccountId", "111111111111 +1"),
        ("AWS::Region", "eu-west-1"),
        ("Table.Arn", "AWS::DynamoDB::Table"),
        ("!aws:username", "policy variable"),
    ] {
        let item = items
            .iter()
            .find(|item| item.label == label)
            .unwrap_or_else(|| panic!("{label}"));
        assert_eq!(item.detail, detail);
    }
    assert!(take(&sub, "AppId").contains("arn:aws:s3:::${AppId}-x"));
    let open = template(
        "- Effect: Allow\n  Action: dynamodb:GetItem\n  Resource: !Sub 'arn:aws:s3:::${AWS::Acc$0",
    );
    assert!(take(&open, "AWS::AccountId").contains("arn:aws:s3:::${AWS::AccountId}"));
    let plain = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Action\": \"*\", \"Resource\": \"arn:aws:s3:::${$0\"}]}";
    let names = labels(plain);
    assert!(
        names.contains(&"AppId".to_owned()) && names.contains(&"aws:username".to_owned()),
        "{names:?}"
    );
    // A string of a template that nothing substitutes has IAM's variables only.
    let literal =
        template("- Effect: Allow\n  Action: s3:GetObject\n  Resource: 'arn:aws:s3:::${$0}'");
    assert!(!labels(&literal).contains(&"AppId".to_owned()));
    assert!(labels(&literal).contains(&"aws:username".to_owned()));
}

#[test]
fn references() {
    let reference = template("- Effect: Allow\n  Action: s3:GetObject\n  Resource: !Ref $0");
    let names = labels(&reference);
    assert!(
        names.contains(&"AppId".to_owned()) && names.contains(&"Table".to_owned()),
        "{names:?}"
    );
    let attribute = template("- Effect: Allow\n  Action: s3:GetObject\n  Resource: !GetAtt T$0");
    assert_eq!(labels(&attribute), ["Table.Arn"]);
}

#[test]
fn names_of_elements() {
    let yaml = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    $0";
    assert_eq!(
        labels(yaml),
        [
            "Action",
            "Resource",
            "Condition",
            "Sid",
            "Principal",
            "NotAction",
            "NotPrincipal",
            "NotResource"
        ]
    );
    assert!(take(yaml, "Action").ends_with("    Action: "));
    let json = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Act$0\"}]}";
    assert_eq!(labels(json), ["Action"]);
    assert!(take(json, "Action").contains("\"Action\": }"));
    let bare = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", $0}]}";
    assert!(take(bare, "Resource").contains(", \"Resource\": }"));
    let trust = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"sts:AssumeRole\", \"$0\"}]}";
    assert!(!labels(trust).contains(&"Resource".to_owned()));
    assert_eq!(
        labels("{\"Version\": \"2012-10-17\", \"S$0\"}"),
        ["Statement"]
    );
    assert_eq!(labels("Version: '2012-10-17'\nStat$0"), ["Statement"]);
}

#[test]
fn fixed_values() {
    assert_eq!(labels("Statement:\n  - Effect: $0"), ["Allow", "Deny"]);
    assert!(take("Version: $0", "2012-10-17").ends_with("Version: '2012-10-17'"));
    assert_eq!(labels("{\"Statement\": [{\"Effect\": \"D$0\"}]}"), ["Deny"]);
}

#[test]
fn conditions() {
    let statement = |rest: &str| {
        format!(
            "Version: '2012-10-17'\nStatement:\n  - Action: s3:ListBucket\n    Condition:\n      {rest}"
        )
    };
    assert!(labels(&statement("StringEq$0")).contains(&"StringEquals".to_owned()));
    assert!(labels(&statement("ForAny$0")).contains(&"ForAnyValue:StringEquals".to_owned()));
    let keys = labels(&statement("StringEquals:\n        $0"));
    assert!(
        keys.iter().position(|key| key == "s3:prefix")
            < keys.iter().position(|key| key == "aws:SourceIp"),
        "{keys:?}"
    );
    assert!(
        take(&statement("StringEquals:\n        s3:pre$0"), "s3:prefix")
            .ends_with("        s3:prefix: ")
    );
    let tag = take(
        &statement("StringEquals: {aws:Req$0}"),
        "aws:RequestTag/${TagKey}",
    );
    assert!(tag.ends_with("{aws:RequestTag/}"), "{tag}");
    assert_eq!(
        labels(&statement("Bool: {aws:SecureTransport: $0}")),
        ["false", "true"]
    );
    assert_eq!(
        labels(&statement("StringEquals: {aws:SourceAccount: $0}")),
        ["111111111111", "222222222222"]
    );
    assert!(
        take(
            &statement("StringEquals: {aws:SourceAccount: $0}"),
            "111111111111"
        )
        .contains("'111111111111'")
    );
}

#[test]
fn principals() {
    let statement = |rest: &str| {
        format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: sts:AssumeRole\n    Principal: {rest}"
        )
    };
    assert_eq!(
        labels(&statement("{$0}")),
        ["AWS", "Service", "Federated", "CanonicalUser"]
    );
    assert!(labels(&statement("{Service: lamb$0}")).contains(&"lambda.amazonaws.com".to_owned()));
    assert!(
        take(&statement("{AWS: $0}"), "arn:aws:iam::222222222222:root")
            .contains("{AWS: arn:aws:iam::222222222222:root}")
    );
    assert!(take(&statement("$0"), "*").ends_with("Principal: '*'"));
}

#[test]
fn managed_policies() {
    let marked = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns:\n        - ReadOnlyA$0";
    assert!(take(marked, "ReadOnlyAccess").ends_with("- arn:aws:iam::aws:policy/ReadOnlyAccess"));
}

#[test]
fn nothing_where_nothing_belongs() {
    for marked in [
        "Version: '2012-10-17'\nStatement:\n  - Action: s3:GetObject # $0",
        "Version: '2012-10-17'\nStatement:\n  - Sid: $0",
        "apiVersion: v1\nkind: List\nitems:\n  - Type: $0",
        "{\"Version\": \"2012-10-17\"$0}",
        "name: ci\njobs:\n  $0",
        "name: a pipeline with a long name that is about something else\nkind: other\n$0",
    ] {
        assert_eq!(labels(marked), [""; 0], "{marked}");
    }
}

#[test]
fn documentation_comes_on_demand() {
    let (mut file, _) = fixture("Version: '2012-10-17'\nStatement: []$0");
    for (label, kind) in [
        ("s3:", CompletionKind::Service),
        ("s3:GetObject", CompletionKind::Action),
        ("s3:Get*", CompletionKind::Wildcard),
        ("aws:SourceArn", CompletionKind::ConditionKey),
        ("AppId", CompletionKind::Variable),
        ("NotAction", CompletionKind::Keyword),
        ("ForAnyValue:StringLike", CompletionKind::Keyword),
        ("lambda.amazonaws.com", CompletionKind::Principal),
        ("ReadOnlyAccess", CompletionKind::Arn),
    ] {
        let docs = file.completion_docs(label, kind);
        assert!(docs.is_some_and(|text| text.len() > 10), "{label}");
    }
}

/// A function of SAM with these lines below `Policies`.
fn sam(policies: &str) -> String {
    let lines: String = policies
        .lines()
        .map(|line| format!("        {line}\n"))
        .collect();
    format!(
        "Transform: AWS::Serverless-2016-10-31
Resources:
  Import:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
{lines}"
    )
}

#[test]
fn policy_templates_and_their_parameters() {
    let entry = sam("- S3Rea$0");
    assert_eq!(labels(&entry), ["S3ReadPolicy"]);
    assert_eq!(
        take(&entry, "S3ReadPolicy"),
        entry.replace("S3Rea$0", "S3ReadPolicy: ").replace("$0", "")
    );
    assert!(labels(&sam("- AmazonS3Rea$0")).contains(&"AmazonS3ReadOnlyAccess".to_owned()));
    assert!(labels(&sam("- Stat$0")).contains(&"Statement".to_owned()));
    let none = sam("- AMIDesc$0");
    assert!(take(&none, "AMIDescribePolicy").contains("- AMIDescribePolicy: {}"));
    // What stands behind the cursor stays.
    let before = sam("- S3Rea$0:\n    BucketName: data");
    assert!(take(&before, "S3ReadPolicy").contains("- S3ReadPolicy:\n"));
    assert_eq!(
        labels(&sam("- EFSWriteAccessPolicy:\n    $0")),
        ["AccessPoint", "FileSystem"]
    );
    assert_eq!(
        labels(&sam(
            "- EFSWriteAccessPolicy:\n    FileSystem: fs-1\n    $0"
        )),
        ["AccessPoint"]
    );
    assert_eq!(labels(&sam("- Nothing:\n    $0")), [""; 0]);
    let json = "{\"Transform\": \"AWS::Serverless-2016-10-31\", \"Resources\": {\"Import\": {\"Type\": \"AWS::Serverless::Function\", \"Properties\": {\"Policies\": [{\"S3Rea$0\"}]}}}}";
    assert_eq!(labels(json), ["S3ReadPolicy"]);
    assert!(take(json, "S3ReadPolicy").contains("{\"S3ReadPolicy\": }"));
}

#[test]
fn roles_of_cloudformation_have_no_policy_templates() {
    let role = sam("- S3Rea$0").replace("AWS::Serverless::Function", "AWS::IAM::Role");
    assert_eq!(labels(&role), [""; 0]);
}

#[test]
fn in_a_policy_in_a_string() {
    let escaped = "{\"p\": \"{\\\"Version\\\": \\\"2012-10-17\\\", \\\"Statement\\\": [{\\\"Effect\\\": \\\"Allow\\\", \\\"Action\\\": [\\\"s3:GetObj$0\\\"]}]}\"}";
    assert_eq!(take(escaped, "s3:GetObject"), escaped.replace("$0", "ect"));
    let block = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      Policies:\n        - PolicyName: a\n          PolicyDocument: |\n            {\n              \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:GetObj$0\"}]\n            }\n";
    assert_eq!(take(block, "s3:GetObject"), block.replace("$0", "ect"));
    // Quotes that the word needs are written as the string wants them.
    let unquoted = "{\"p\": \"{\\\"Version\\\": \\\"2012-10-17\\\", \\\"Statement\\\": [{\\\"Effect\\\": \\\"Allow\\\", $0}]}\"}";
    let taken = take(unquoted, "Resource");
    assert!(taken.contains("\\\"Allow\\\", \\\"Resource\\\""), "{taken}");
}

#[test]
fn in_terraform() {
    let block = |statement: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    {statement}\n  }}\n}}\n"
        )
    };
    for marked in [
        block("actions = [\"sqs:PutObject\", \"s3:GetObj$0\"]"),
        block("resources = [\"*\"]\n    actions = concat([\"s3:GetObj$0\"], var.more)"),
        "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({\n    Statement = [{\n      Effect = \"Allow\"\n      Action = \"s3:GetObj$0\"\n    }]\n  })\n}\n"
            .to_owned(),
    ] {
        assert_eq!(take(&marked, "s3:GetObject"), marked.replace("$0", "ect"));
    }
    let open = block("actions = [\"s3:GetObj$0").replace("\n  }\n}\n", "\n");
    assert_eq!(take(&open, "s3:GetObject"), open.replace("$0", "ect\""));
    let effect = block("effect = \"De$0\"");
    assert_eq!(take(&effect, "Deny"), effect.replace("$0", "ny"));
    let principal =
        block("principals {\n      type = \"Service\"\n      identifiers = [\"lambda$0\"]\n    }");
    assert!(labels(&principal).contains(&"lambda.amazonaws.com".to_owned()));
    assert_eq!(labels(&block("actions$0 = []")), ["actions"]);
}

#[test]
fn in_hcl_in_a_string_of_json() {
    let module = |expression: &str| {
        let text =
            format!("${{jsonencode({{Statement = [{{Effect = \"Allow\", {expression}}}]}})}}");
        let text = text.replace('"', "\\\"");
        format!(
            "{{\"resource\": {{\"aws_sqs_queue\": {{\"jobs\": {{\"name\": \"shop-jobs\"}}}}, \"aws_iam_policy\": {{\"p\": {{\"policy\": \"{text}\"}}}}}}}}"
        )
    };
    let action = module("Action = \"s3:GetObj$0\"");
    assert_eq!(take(&action, "s3:GetObject"), action.replace("$0", "ect"));
    let arn = "aws_sqs_queue.jobs.arn";
    for resource in [
        "Resource = aws_sq$0",
        "Resource = [\"*\", aws_sq$0]",
        "Resource = \"${aws_sq$0}/*\"",
    ] {
        let marked = module(resource);
        assert_eq!(take(&marked, arn), marked.replace("aws_sq$0", arn));
    }
}

/// A module with some names, whose document has one statement.
fn module(statement: &str) -> String {
    format!(
        r#"data "aws_iam_policy_document" "d" {{
  statement {{
    {statement}
  }}
}}

data "aws_caller_identity" "me" {{}}

resource "aws_sqs_queue" "jobs" {{
  name = "${{local.app}}-jobs"
}}

resource "aws_iam_policy" "p" {{
  policy = data.aws_iam_policy_document.d.json
}}

resource "aws_sqs_queue" "many" {{
  count = 2
}}

locals {{
  app = "shop"
}}

variable "stage" {{}}
"#
    )
}

#[test]
fn names_of_a_terraform_module() {
    let arn = "aws_sqs_queue.jobs.arn";
    for marked in [
        module("resources = [$0]"),
        module("resources = [aws_s$0]"),
        module("resources = [\"*\", aws_sqs_queue.$0]"),
        module("resources = concat([aws_sqs_queue.jobs.$0], [])"),
        module("resources = [\"${aws_sq$0}/*\"]"),
        module("resources = [\"arn:${$0\"]"),
        module("principals {\n  type = \"AWS\"\n  identifiers = [aws_$0]\n}"),
        module(
            "condition {\n  test = \"ArnLike\"\n  variable = \"aws:SourceArn\"\n  values = [aws_$0]\n}",
        ),
    ] {
        assert!(labels(&marked).contains(&arn.to_owned()), "{marked}");
        assert!(
            !labels(&marked).iter().any(|name| name.contains("many")),
            "{marked}"
        );
    }
    let marked = module("resources = [aws_s$0]");
    assert_eq!(take(&marked, arn), marked.replace("aws_s$0", arn));
    let items = complete(&marked);
    let item = items.iter().find(|item| item.label == arn).unwrap();
    assert_eq!(
        item.detail,
        "arn:aws:sqs:eu-west-1:111111111111:shop-jobs +1"
    );
    let marked = module("resources = [\"arn:aws:sqs:eu-west-1:${data.$0}:x\"]");
    assert_eq!(labels(&marked)[0], "data.aws_caller_identity.me.account_id");
    let marked = module("resources = [\"arn:aws:s3:::${lo$0}\"]");
    assert_eq!(
        take(&marked, "local.app"),
        marked.replace("lo$0", "local.app")
    );
    assert_eq!(
        labels(&module("resources = [\"${var.$0}\"]")),
        ["var.stage"]
    );
    // Nothing of it where no ARN or name is wanted, nor anything else.
    for marked in [
        module("sid = aws_$0"),
        module("resources = []").replace("name = \"$", "name = aws_$0 #"),
        module("resources = []").replace("{local.app}", "{$0}"),
    ] {
        assert_eq!(labels(&marked), [""; 0], "{marked}");
    }
    let heredoc = module("resources = [aws_sqs_queue.jobs.arn]").replace(
        "data.aws_iam_policy_document.d.json",
        "<<-EOT\n{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"sqs:SendMessage\", \"Resource\": \"arn:${lo$0}\"}]}\n  EOT",
    );
    assert_eq!(labels(&heredoc), ["local.app"]);
}

#[test]
fn texts_with_interpolations_are_completed() {
    let action = module("actions = [\"${local.app}\", \"sqs:Sen$0\"]");
    assert_eq!(
        take(&action, "sqs:SendMessage"),
        action.replace("$0", "dMessage")
    );
    let own = "arn:aws:sqs:eu-west-1:${data.aws_caller_identity.me.account_id}:${local.app}-*";
    let typed = module(
        "actions = [\"sqs:SendMessage\"]\n    resources = [\"arn:aws:sqs:eu-west-1:${data.aws_caller_identity.me.account_id}:$0\"]",
    );
    assert_eq!(take(&typed, own), typed.replace("$0", "${local.app}-*"));
    let heredoc = module("resources = [aws_sqs_queue.jobs.arn]").replace(
        "data.aws_iam_policy_document.d.json",
        "<<-EOT\n{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"sqs:SendMessage\", \"Resource\": \"arn:aws:sqs:eu-west-1:$0\"}]}\n  EOT",
    );
    assert_eq!(
        take(&heredoc, own),
        heredoc.replace("arn:aws:sqs:eu-west-1:$0", own)
    );
}

#[test]
fn variables_of_a_serverless_service() {
    let text = |resource: &str| {
        format!(
            "service: shop
provider:
  name: aws
  iam:
    role:
      statements:
        - Effect: Allow
          Action: dynamodb:GetItem
          Resource: {resource}
custom:
  table: shop-${{sls:stage}}-orders
params:
  dev:
    team: red
functions:
  a: {{handler: a.b}}
"
        )
    };
    let labels = |marked: &str| -> Vec<String> {
        complete(marked)
            .into_iter()
            .map(|item| item.label)
            .collect()
    };
    let found = labels(&text("arn:aws:dynamodb:${$0"));
    for name in [
        "self:custom.table",
        "self:service",
        "sls:stage",
        "aws:accountId",
        "opt:stage",
        "param:team",
        "env:",
    ] {
        assert!(found.iter().any(|label| label == name), "{name}: {found:?}");
    }
    assert!(!found.iter().any(|label| label == "aws:username"));
    // In a statement that no document is around.
    let found = labels(&text("'*'").replace("dynamodb:GetItem", "dynamodb:Get$0"));
    assert!(found.iter().any(|label| label.ends_with("GetItem")));
    let element = labels(&text("'*'\n          Cond$0"));
    assert!(element.iter().any(|label| label == "Condition"));
}

#[test]
fn further_lines_of_a_text_are_no_texts_of_their_own() {
    let policy = |value: &str| {
        format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: {value}\n    Resource: '*'\n"
        )
    };
    for value in [
        ">-\n      s3:Get\n      s$0",
        "|\n\n      s3:Get\n      s3:$0",
        "s3:Get\n      s$0",
        "s3:Get\n\n      lambda$0 # why",
        "\n      - s3:Get\n        s$0",
    ] {
        assert_eq!(labels(&policy(value)), [""; 0], "{value}");
    }
    // The first line is the text, and what is a key or an item is no further line.
    for value in [
        ">-\n      s3:GetObj$0",
        "\n      - s3:PutObject\n      - s3:GetObj$0",
    ] {
        assert!(
            labels(&policy(value)).contains(&"s3:GetObject".to_owned()),
            "{value}"
        );
    }
    let key = policy("s3:GetObject\n    Condi$0");
    assert_eq!(labels(&key), ["Condition"]);
    // Variables are parts of a text anywhere.
    let text = "Parameters:\n  Bucket: {Type: String}\nResources:\n  P:\n    Type: AWS::IAM::ManagedPolicy
    Properties:\n      PolicyDocument:\n        Statement:\n          - Effect: Allow\n            Action: s3:GetObject
            Resource: !Sub >-\n              arn:aws:s3:::\n              ${Buck$0\n";
    assert!(
        labels(text).contains(&"Bucket".to_owned()),
        "{:?}",
        labels(text)
    );
}

#[test]
fn deprecated_actions_come_behind_the_others() {
    let policy = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: lambda:Invoke$0\n    Resource: '*'\n";
    let items = shown(policy);
    let labels: Vec<&str> = items.iter().map(|item| item.label.as_str()).collect();
    assert_eq!(labels.first(), Some(&"lambda:InvokeFunction"));
    let old = labels
        .iter()
        .position(|label| *label == "lambda:InvokeAsync");
    let old = old.expect("the deprecated one");
    assert_eq!(items[old].detail, "Write, deprecated");
    let actions = items
        .iter()
        .filter(|item| item.kind == CompletionKind::Action);
    assert_eq!(old + 1, actions.count());
}
