use super::super::tests::{labels, take};
use crate::testing::template;

fn plain(arn: &str) -> String {
    format!(
        "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: dynamodb:GetItem\n    Resource: '{arn}$0'\n"
    )
}

#[test]
fn each_part_comes_behind_the_one_before_it() {
    for (typed, first) in [
        ("arn:", "aws:"),
        ("arn:aws:", "dynamodb:"),
        ("arn:aws:dynamodb:", "eu-west-1:"),
        ("arn:aws:dynamodb:eu-west-1:", "111111111111:"),
    ] {
        let marked = plain(typed);
        let own = labels(&marked)
            .into_iter()
            .find(|label| !label.starts_with("arn:") && label != "*");
        assert_eq!(own.as_deref(), Some(first), "{typed}");
        assert!(take(&marked, first).contains(&format!("Resource: '{typed}{first}'")));
    }
}

#[test]
fn what_a_whole_arn_writes_is_offered_once() {
    let marked = plain("arn:aws:dynamodb:eu-west-1:111111111111:");
    let table = "arn:aws:dynamodb:eu-west-1:111111111111:table/shop-*";
    let own = labels(&marked).into_iter();
    let own = own.filter(|label| table.ends_with(label.as_str()) && label != "*");
    assert_eq!(own.collect::<Vec<_>>(), [table]);
    // Two actions of one type, and the same ARN in another statement.
    let again = format!(
        "{}  - Effect: Allow\n    Action: dynamodb:Query\n    Resource: '{table}'\n",
        marked.replace("dynamodb:GetItem", "[dynamodb:GetItem, dynamodb:PutItem]")
    );
    let own = labels(&again).into_iter().filter(|label| label == table);
    assert_eq!(own.count(), 1);
}

#[test]
fn a_name_goes_on_with_what_is_behind_it() {
    let of = |action: &str, typed: &str| {
        let marked = plain(typed).replace("dynamodb:GetItem", action);
        labels(&marked)
    };
    let logs = "arn:aws:logs:eu-west-1:111111111111:";
    let group = "log-group:/aws/lambda/x";
    for (typed, offered) in [
        (group, ["", ":log-stream:*", ":*"]),
        ("log-group:/aws/lambda/x:", ["", "log-stream:*", "*"]),
        ("log-group:/aws/lambda/", ["*", ":log-stream:*", ":*"]),
    ] {
        let found = of("logs:PutLogEvents", &format!("{logs}{typed}"));
        let [name, ends @ ..] = offered;
        let wanted = ends.map(|end| format!("{typed}{name}{end}"));
        assert_eq!(found, wanted, "{typed}");
    }
    // A role's name has no more behind it, and what is whole has no more to come.
    for (format, typed) in [
        ("role/${RoleName}", "role/x"),
        ("log-group:${A}:log-stream:${B}", "log-group:x:log-stream:*"),
        ("log-group:${A}:log-stream:${B}", "log-group:"),
    ] {
        assert_eq!(super::gone_on(format, typed), [""; 0], "{typed}");
    }
    // The colons of a variable end no name.
    assert_eq!(
        super::gone_on(
            "log-group:${A}:log-stream:${B}",
            "log-group:/${AWS::StackName}"
        ),
        [
            "log-group:/${AWS::StackName}:log-stream:*",
            "log-group:/${AWS::StackName}:*"
        ]
    );
}

#[test]
fn the_parts_behind_the_cursor_stay() {
    for (marked, label, after) in [
        (
            "arn:aws:sqs:eu$0-west-1:123456789012:jobs",
            "eu-west-1:",
            "arn:aws:sqs:eu-west-1:123456789012:jobs",
        ),
        (
            "arn:aws:dyn$0:eu-west-1:123456789012:table/a",
            "dynamodb:",
            "arn:aws:dynamodb:eu-west-1:123456789012:table/a",
        ),
        (
            "arn:aws:dynamodb:$0:123456789012:table/a",
            "eu-west-1:",
            "arn:aws:dynamodb:eu-west-1:123456789012:table/a",
        ),
    ] {
        for quote in ["'", "\"", ""] {
            let text = format!(
                "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: dynamodb:GetItem\n    Resource: {quote}{marked}{quote}\n"
            );
            let taken = take(&text, label);
            assert!(
                taken.contains(&format!("Resource: {quote}{after}{quote}\n")),
                "{taken}"
            );
        }
    }
}

/// A statement with a resource, in each syntax.
fn in_each_syntax(action: &str, arn: &str) -> [String; 8] {
    let yaml = |value: &str| {
        format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: {action}\n    Resource: {value}\n"
        )
    };
    let json = format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"{action}\", \"Resource\": [\"{arn}\", \"x\"]}}]}}"
    );
    let held = |policy: &str| {
        format!("resource \"aws_iam_policy\" \"p\" {{\n  name   = \"p\"\n  policy = {policy}\n}}\n")
    };
    [
        yaml(arn),
        yaml(&format!("'{arn}'")),
        yaml(&format!("\"{arn}\"")),
        template(&format!(
            "- Effect: Allow\n  Action: {action}\n  Resource: !Sub '{arn}'"
        )),
        held(&format!("<<EOT\n{json}\nEOT")),
        json,
        held(&format!(
            "jsonencode({{\n    Statement = [{{\n      Effect = \"Allow\"\n      Action = \"{action}\"\n      Resource = \"{arn}\"\n    }}]\n  }})"
        )),
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions   = [\"{action}\"]\n    resources = [\"{arn}\"]\n  }}\n}}\n"
        ),
    ]
}

#[test]
fn a_type_is_named_anew_and_its_name_stays() {
    let account = "eu-west-1:111111111111";
    for (action, written, label, after) in [
        (
            "lambda:InvokeFunction",
            format!("lambda:{account}:fun$0:shop-*"),
            "function:",
            "function:shop-*",
        ),
        (
            "lambda:InvokeFunction",
            format!("lambda:{account}:f$0unction:shop-*:live"),
            "function:",
            "function:shop-*:live",
        ),
        (
            "dynamodb:GetItem",
            format!("dynamodb:{account}:tab$0/orders"),
            "table/",
            "table/orders",
        ),
        (
            "dynamodb:Query",
            format!("dynamodb:{account}:$0tab/orders/index/*"),
            "table/",
            "table/orders/index/*",
        ),
        (
            "logs:PutLogEvents",
            format!("logs:{account}:log-g$0:x:*"),
            "log-group:",
            "log-group:x:*",
        ),
        // Of a type of two words each is one.
        (
            "apigateway:GET",
            "apigateway:eu-west-1::/ap$0/abc".to_owned(),
            "/apis/",
            "/apis/abc",
        ),
    ] {
        for marked in in_each_syntax(action, &format!("arn:aws:{written}")) {
            let place: Vec<&str> = written.splitn(4, ':').take(3).collect();
            let wanted = marked.replace(&written, &format!("{}:{after}", place.join(":")));
            assert_eq!(take(&marked, label), wanted, "{marked}");
            // Nothing in the list widens the resource.
            let wide = labels(&marked).into_iter().find(|one| {
                one.rsplit_once(label)
                    .is_some_and(|(_, name)| name.ends_with('*'))
            });
            assert_eq!(wide, None, "{marked}");
        }
    }
}

#[test]
fn a_type_without_a_name_brings_one() {
    for (action, typed, whole) in [
        (
            "lambda:InvokeFunction",
            "lambda:eu-west-1:111111111111:fun$0",
            "lambda:eu-west-1:111111111111:function:shop-*",
        ),
        (
            "lambda:InvokeFunction",
            "lambda:eu-west-1:111111111111:fun$0:",
            "lambda:eu-west-1:111111111111:function:shop-*",
        ),
        (
            "dynamodb:GetItem",
            "dynamodb:eu-west-1:111111111111:tab$0",
            "dynamodb:eu-west-1:111111111111:table/shop-*",
        ),
        // A name that is all of its part is no type.
        (
            "sqs:SendMessage",
            "sqs:eu-west-1:111111111111:sh$0",
            "sqs:eu-west-1:111111111111:shop-*",
        ),
    ] {
        for marked in in_each_syntax(action, &format!("arn:aws:{typed}")) {
            // A template writes its own prefix.
            if marked.contains("!Sub 'arn") {
                continue;
            }
            let label = format!("arn:aws:{whole}");
            let wanted = marked.replace(&format!("arn:aws:{typed}"), &label);
            assert_eq!(take(&marked, &label), wanted, "{marked}");
        }
    }
}

#[test]
fn somebodys_name_stays_behind_what_they_are() {
    for quote in ["'", "\""] {
        let marked = principal("AWS", "arn:aws:iam::999999999999:ro$0/ci");
        let marked = marked.replacen("$0'", "'", 2).replace("ro/ci", "ro$0/ci");
        let marked = marked.replace("AWS: '", &format!("AWS: {quote}"));
        let marked = marked.replace("/ci'", &format!("/ci{quote}"));
        let wanted = marked.replace("ro$0/ci", "role/ci");
        assert_eq!(take(&marked, "role/"), wanted);
    }
}

#[test]
fn the_parts_behind_the_cursor_stay_in_a_string_with_a_document() {
    for marked in in_each_syntax(
        "dynamodb:GetItem",
        "arn:aws:dyn$0:eu-west-1:123456789012:table/a",
    ) {
        let wanted = marked.replace("dyn$0:", "dynamodb:");
        assert_eq!(take(&marked, "dynamodb:"), wanted);
    }
}

#[test]
fn what_is_global_has_no_region() {
    let marked = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: iam:GetRole\n    Resource: 'arn:aws:iam:$0'\n";
    assert!(take(marked, "111111111111:").contains("'arn:aws:iam::111111111111:'"));
}

#[test]
fn variables_are_offered_where_they_are_read() {
    let sub = template(
        "- Effect: Allow\n  Action: sqs:SendMessage\n  Resource: !Sub 'arn:${AWS::Partition}:sqs:$0'",
    );
    assert!(
        take(&sub, "${AWS::Region}:").contains("!Sub 'arn:${AWS::Partition}:sqs:${AWS::Region}:'")
    );
    let plain = sub.replace("!Sub ", "").replace("${AWS::Partition}", "aws");
    assert!(labels(&plain).iter().all(|label| !label.contains("${")));
}

/// A trust policy with a principal of a kind that is being written.
fn principal(kind: &str, typed: &str) -> String {
    format!(
        "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: sts:AssumeRole\n    Principal:\n      {kind}: '{typed}$0'\n"
    )
}

#[test]
fn each_kind_of_principal_has_its_own_arns() {
    for (kind, typed, has, not) in [
        (
            "AWS",
            "",
            "arn:aws:iam::111111111111:root",
            ":oidc-provider",
        ),
        ("AWS", "arn:aws:iam::999999999999:", "root", "oidc-provider"),
        (
            "AWS",
            "arn:aws:iam::999999999999:ro",
            "role/",
            "saml-provider",
        ),
        (
            "Federated",
            "arn:aws:iam::999999999999:",
            "oidc-provider/token.actions.githubusercontent.com",
            "root",
        ),
        (
            "Federated",
            "arn:aws:iam::999999999999:",
            "saml-provider/",
            "role/",
        ),
    ] {
        let offered = labels(&principal(kind, typed));
        assert!(
            offered.iter().any(|label| label == has),
            "{kind} {typed}: {offered:?}"
        );
        assert!(
            offered.iter().all(|label| !label.contains(not)),
            "{kind} {typed}: {offered:?}"
        );
        // IAM rejects a wildcard within an ARN there.
        let wild = offered.iter().filter(|label| label.contains('*'));
        assert!(wild.into_iter().all(|label| label == "*"), "{offered:?}");
    }
    let root = take(&principal("AWS", "arn:aws:iam::999999999999:"), "root");
    assert!(
        root.contains("AWS: 'arn:aws:iam::999999999999:root'"),
        "{root}"
    );
}

#[test]
fn accounts_of_the_file_can_be_let_in() {
    let marked =
        principal("AWS", "arn:aws:iam::999999999999:role/ci', '").replace("AWS: '", "AWS: ['");
    let marked = marked.replace("$0'", "$0']");
    let offered = labels(&marked);
    assert!(
        offered.contains(&"arn:aws:iam::999999999999:root".to_owned()),
        "{offered:?}"
    );
}

#[test]
fn a_provider_is_offered_between_quotes_of_a_template() {
    let trust = |typed: &str, rest: &str| {
        format!(
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n{rest}      AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - Effect: Allow\n            Action: sts:AssumeRoleWithWebIdentity\n            Principal:\n              Federated: {typed}\n"
        )
    };
    let literal = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com";
    let spelled = "arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com";
    for quote in ["'", "\""] {
        let marked = trust(&format!("{quote}$0{quote}"), "");
        assert!(take(&marked, literal).contains(&format!("Federated: {quote}{literal}{quote}")));
    }
    // Where the file writes its variables, these are meant.
    let own = "      RoleName: !Sub '${AWS::StackName}-ci'\n";
    assert!(labels(&trust("'$0'", own)).contains(&spelled.to_owned()));
    assert!(labels(&trust("$0", "")).contains(&spelled.to_owned()));
}

#[test]
fn a_framework_fills_its_own_variables_in() {
    let statement = |resource: &str| {
        let file = format!(
            "service: shop\nprovider:\n  name: aws\n  iam:\n    role:\n      statements:\n        - Effect: Allow\n          Action: dynamodb:GetItem\n          Resource: {resource}\n"
        );
        let (text, at) = crate::testing::cut(&file);
        let config = std::sync::Arc::new(crate::Config::default());
        let mut file = crate::File::new(
            "serverless.yml",
            text,
            leastwise_syntax::Format::Yaml,
            config,
        );
        file.completions(at)
    };
    let first = |resource: &str| {
        let item = statement(resource).into_iter().next().expect("an item");
        item.insert
    };
    assert_eq!(
        first("$0"),
        "'arn:aws:dynamodb:${aws:region}:${aws:accountId}:table/*'"
    );
    let labels = |resource: &str| -> Vec<String> {
        let items = statement(resource).into_iter();
        items.map(|item| item.label).collect()
    };
    assert!(labels("arn:aws:dynamodb:$0").contains(&"${aws:region}:".to_owned()));
    let accounts = labels("arn:aws:dynamodb:${aws:region}:$0");
    assert!(
        accounts.contains(&"${aws:accountId}:".to_owned()),
        "{accounts:?}"
    );
    // Who writes the template's variables goes on with those.
    let other = "[!Sub 'arn:aws:sqs:${AWS::Region}:1:x', $0]";
    assert!(first(other).starts_with("!Sub "), "{}", first(other));
}

#[test]
fn a_typed_region_is_honoured_in_a_template() {
    let marked = |typed: &str| {
        format!(
            "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  R:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n          - Effect: Allow\n            Action: secretsmanager:GetSecretValue\n            Resource: {typed}\n"
        )
    };
    for (typed, whole) in [
        (
            "!Sub arn:aws:secretsmanager:eu-west-1:$0",
            "arn:aws:secretsmanager:eu-west-1:${AWS::AccountId}:secret:*",
        ),
        (
            "arn:aws:secretsmanager:eu-west-1:123456789012:$0",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:*",
        ),
    ] {
        let offered = super::super::tests::labels(&marked(typed));
        let is_whole = |label: &String| label.replace("shop-*", "*") == whole;
        assert!(offered.iter().any(is_whole), "{typed}: {offered:?}");
    }
}
