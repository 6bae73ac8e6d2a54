use super::*;

#[test]
fn bindings_tell_where_resources_go() {
    const DEV: &str = "Dev 222222222222 ";
    const PROD: &str = "Prod 333333333333 ";
    const MAIN: &str = "Main 111111111111 ";
    const NEW: &str = "New  ";
    const OPEN: &str = "default  ";
    for (binding, told) in [
        ("{Account: !Ref Dev}", &[DEV][..]),
        ("{Account: [!Ref Dev, !Ref Prod]}", &[DEV, PROD]),
        ("{Account: '*'}", &[DEV, PROD, NEW]),
        ("{Account: '*', ExcludeAccount: [!Ref New]}", &[DEV, PROD]),
        ("{OrganizationalUnit: !Ref Apps}", &[DEV, PROD]),
        (
            "{OrganizationalUnit: !Ref Apps, ExcludeOrganizationalUnit: !Ref Live}",
            &[OPEN],
        ),
        (
            "{IncludeMasterAccount: true, Account: !Ref Dev}",
            &[MAIN, DEV],
        ),
        ("{IncludeMasterAccount: false, Account: !Ref Dev}", &[DEV]),
        ("{AccountsWithTag: cost}", &[MAIN, DEV]),
        (
            "{Account: !Ref Dev, Region: eu-west-1}",
            &["Dev 222222222222 eu-west-1"],
        ),
        (
            "{Account: !Ref Dev, Region: [us-east-1, eu-west-1]}",
            &[
                "Dev/eu-west-1 222222222222 eu-west-1",
                "Dev/us-east-1 222222222222 us-east-1",
            ],
        ),
        ("{Region: eu-west-1}", &["default  eu-west-1"]),
        // What isn't known, and what isn't written as a binding is.
        ("{Account: !Ref Nobody}", &[OPEN]),
        ("{Account: [!Ref Dev, '333333333333']}", &[OPEN]),
        ("{Account: !Ref Dev, IncludeMasterAccount: !Ref P}", &[OPEN]),
        ("{Account: !Ref Dev, Accounts: !Ref Prod}", &[OPEN]),
        ("{Account: {Account: !Ref Dev}}", &[OPEN]),
        ("{OrganizationalUnit: !Ref Dev}", &[OPEN]),
        ("{AccountsWithTag: [cost]}", &[OPEN]),
        ("{Account: !Ref Dev, Region: !Ref P}", &[DEV]),
        ("{Account: !Ref Dev, Region: [{}]}", &[DEV]),
        ("[]", &[OPEN]),
        ("!Ref None", &[OPEN]),
        ("text", &[OPEN]),
    ] {
        let own = template(
            ORGANIZATION,
            "",
            &format!("    OrganizationBinding: {binding}\n"),
            "'*'",
        );
        assert_eq!(targets(&[("a.yml", &own)]), told, "{binding}");
        if binding == "!Ref None" {
            continue;
        }
        for (root, own) in [
            (
                format!("OrganizationBindings: {{B: {binding}}}\n"),
                "    OrganizationBinding: !Ref B\n",
            ),
            (format!("DefaultOrganizationBinding: {binding}\n"), ""),
        ] {
            let named = template(ORGANIZATION, &root, own, "'*'");
            assert_eq!(targets(&[("a.yml", &named)]), told, "{root}");
        }
    }
}

#[test]
fn resources_that_go_to_different_accounts_are_taken_for_neither() {
    let own = "    OrganizationBinding: {Account: !Ref Dev, Region: eu-west-1}\n";
    let other = "  B:\n    Type: AWS::S3::Bucket\n    OrganizationBinding: {Account: !Ref Prod, Region: eu-west-1}\n";
    let text = template(ORGANIZATION, "", own, "'*'") + other;
    assert_eq!(targets(&[("a.yml", &text)]), ["default  eu-west-1"]);
}

#[test]
fn a_resource_is_in_the_account_that_it_goes_to() {
    let queue = |binding: &str| {
        format!(
            "  Q:\n    Type: AWS::SQS::Queue\n    OrganizationBinding: {binding}\n    Properties: {{QueueName: q}}\n"
        )
    };
    let known = "arn:${AWS::Partition}:sqs:${AWS::Region}:222222222222:q";
    let open = "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:q";
    let in_dev = "arn:${AWS::Partition}:sqs:${Q.Region}:222222222222:q";
    let in_prod = "arn:${AWS::Partition}:sqs:${Q.Region}:333333333333:q";
    let away = "arn:${AWS::Partition}:sqs:${Q.Region}:${Q.AccountId}:q";
    for (own, other, value) in [
        // Their regions may differ.
        ("{Account: !Ref Dev}", "{Account: !Ref Dev}", in_dev),
        ("{Account: !Ref Dev}", "{Account: !Ref Prod}", in_prod),
        ("{Account: !Ref Dev}", "{Account: '*'}", away),
        ("!Ref B", "!Ref B", known),
        ("!Ref C", "!Ref C", open),
        ("!Ref B", "!Ref C", away),
    ] {
        let root = "OrganizationBindings: {B: {Account: !Ref Dev}, C: }\n";
        let own = format!("    OrganizationBinding: {own}\n");
        let text = template(ORGANIZATION, root, &own, "!GetAtt Q.Arn") + &queue(other);
        assert_eq!(resources(&[("a.yml", &text)]), [value], "{text}");
    }
    let both = "{Account: !Ref Dev, Region: eu-west-1}";
    let own = format!("    OrganizationBinding: {both}\n");
    let text = template(ORGANIZATION, "", &own, "!GetAtt Q.Arn") + &queue(both);
    assert_eq!(
        resources(&[("a.yml", &text)]),
        ["arn:aws:sqs:eu-west-1:222222222222:q"]
    );
}

#[test]
fn a_resource_for_each_account_has_its_own() {
    let resource = "!Sub 'arn:aws:iam::${CurrentAccount}:role/x'";
    let both = [
        "arn:aws:iam::222222222222:role/x",
        "arn:aws:iam::333333333333:role/x",
    ];
    let open = ["arn:aws:iam::${CurrentAccount}:role/x"];
    for (own, told) in [
        (
            "    ForeachAccount: {Account: [!Ref Dev, !Ref Prod]}\n",
            &both[..],
        ),
        ("    Foreach: {OrganizationalUnit: !Ref Apps}\n", &both),
        // One of them has no number here, or nobody knows which they are.
        ("    ForeachAccount: {Account: '*'}\n", &open),
        ("    ForeachAccount: !Ref None\n", &open),
        ("", &open),
    ] {
        let text = template(ORGANIZATION, "", own, resource);
        assert_eq!(resources(&[("a.yml", &text)]), told, "{own}");
    }
    let own = "    ForeachAccount: {Account: !Ref Dev}\n";
    let name = "!Sub 'arn:aws:s3:::${CurrentAccount.Tags.team}'";
    let text = template(ORGANIZATION, "", own, name);
    assert_eq!(resources(&[("a.yml", &text)]), ["arn:aws:s3:::a"]);
    // Elsewhere it is another one.
    let more =
        "  B:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: !Ref CurrentAccount}\n";
    let told = ["arn:aws:s3:::${CurrentAccount.Tags.team}"];
    assert_eq!(resources(&[("a.yml", &(text + more))]), told);
}

#[test]
fn resources_of_an_account_are_in_it() {
    let queue = "  Q:\n    Type: AWS::SQS::Queue\n    OrganizationBinding: {Account: !Ref Prod}\n    Properties: {QueueName: !Sub 'q-${AWS::AccountId}-${AWSAccount}-${Dev}'}\n";
    for (written, value) in [
        (
            "!GetAtt Dev.Resources.Q.Arn",
            "arn:${AWS::Partition}:sqs:${Dev.Resources.Q.Region}:222222222222:q-222222222222-222222222222-222222222222",
        ),
        (
            "!GetAtt Q.Arn",
            "arn:${AWS::Partition}:sqs:${Q.Region}:333333333333:q-333333333333-333333333333-222222222222",
        ),
        (
            "!Sub 'arn:aws:sqs:eu-west-1:123456789012:${New.Resources.Q.QueueName}'",
            "arn:aws:sqs:eu-west-1:123456789012:q-${New.Resources.Q.AccountId}-${New.Resources.Q.AccountId}-222222222222",
        ),
        ("!Ref Nobody.Resources.Q", "${Nobody.Resources.Q}"),
        ("!Ref Dev.Resources.Nothing", "${Dev.Resources.Nothing}"),
        ("!Ref Dev.", "${Dev.}"),
    ] {
        let own = "    OrganizationBinding: {Account: !Ref Dev}\n";
        let text = template(ORGANIZATION, "", own, written) + queue;
        assert_eq!(resources(&[("a.yml", &text)]), [value], "{written}");
    }
}

#[test]
fn what_a_loop_makes_elsewhere_is_unknown() {
    let looped = "  Fn::ForEach::Queues:
    - Name
    - [a]
    - Q${Name}:
        Type: AWS::SQS::Queue
        OrganizationBinding: {Account: !Ref Prod}
        Properties: {QueueName: !Sub '${Name}-${AWS::AccountId}'}
";
    let own = "    OrganizationBinding: {Account: !Ref Dev}\n";
    let text = template(ORGANIZATION, "", own, "!GetAtt Qa.Arn") + looped;
    assert_eq!(resources(&[("a.yml", &text)]), ["${Qa.Arn}"]);
}

#[test]
fn targets_of_the_config_are_those_of_the_bindings() {
    let config = "[accounts]\ndev = '222222222222'\nother = '444444444444'\n";
    let regions = "[deploy]\nregions = ['eu-west-1', 'us-east-1']\n";
    let both = format!("{config}{regions}");
    for (binding, config, told) in [
        ("{Account: !Ref Dev}", config, &["dev 222222222222 "][..]),
        (
            "{Account: [!Ref Dev, !Ref Prod]}",
            config,
            // One that the config doesn't list has no number: it would be a stranger's.
            &["dev 222222222222 ", "Prod  "],
        ),
        (
            "{Account: !Ref Prod}",
            &both,
            &["Prod/eu-west-1  eu-west-1", "Prod/us-east-1  us-east-1"],
        ),
        (
            "{Account: !Ref Dev, Region: us-east-1}",
            &both,
            &["dev 222222222222 us-east-1"],
        ),
        (
            "{Region: sa-east-1}",
            &both,
            &["dev 222222222222 sa-east-1", "other 444444444444 sa-east-1"],
        ),
        (
            "!Ref Nobody",
            config,
            &["dev 222222222222 ", "other 444444444444 "],
        ),
    ] {
        let own = format!("    OrganizationBinding: {binding}\n");
        let text = template(ORGANIZATION, "", &own, "'*'");
        assert_eq!(targets_for(&[("a.yml", &text)], config), told, "{binding}");
    }
    // Whichever a text is meant for isn't known where resources go to different ones.
    let own = "    OrganizationBinding: {Account: !Ref Dev, Region: eu-west-1}\n";
    let other = "  B:\n    Type: AWS::S3::Bucket\n    OrganizationBinding: {Account: !Ref Prod, Region: us-east-1}\n";
    let text = template(ORGANIZATION, "", own, "'*'") + other;
    assert_eq!(targets_for(&[("a.yml", &text)], &both), ["default  "]);
}

#[test]
fn names_of_bindings_lead_to_where_they_are_declared() {
    let root = "OrganizationBindings:\n  B: {Account: !Ref Dev}\n  C: {Account: !Ref Prod}\n";
    let own = "    OrganizationBinding: !Ref B\n";
    let call = "Fn::EnumTargetAccounts B 'arn:aws:iam::${account}:role/${Dev}'";
    let text = template(ORGANIZATION, root, own, call);
    let (tree, found) = found(&[("a.yml", &text)]);
    let state = &found.state;
    let line = |span: leastwise_syntax::Span| {
        let (line, _) = leastwise_syntax::place(&text, span.start);
        let own = text.lines().nth(line - 1).unwrap();
        (
            own.trim().split([' ', ':']).next().unwrap().to_owned(),
            text[span.range()].to_owned(),
        )
    };
    let at = |needle: &str| text.find(needle).unwrap() as u32;
    let expected = "OrganizationBindings.B";
    for place in [
        at("  B: {") + 2,
        at("OrganizationBinding: !Ref B") + 26,
        at("EnumTargetAccounts B") + 19,
    ] {
        assert_eq!(state.names_at(&tree, "a.yml", place), [expected]);
    }
    // In the text of a call other names stand.
    assert!(state.names_at(&tree, "a.yml", at("${Dev}") + 3).is_empty());
    assert_eq!(state.names_at(&tree, "a.yml", at("!Ref Dev") + 6), ["Dev"]);
    let declared = state.named(&tree, expected).unwrap().declared.unwrap();
    assert_eq!(tree.span(declared.node).start, at("  B: {") + 2);
    assert!(state.named(&tree, "OrganizationBindings.D").is_none());
    let mut uses: Vec<_> = state.uses(&tree, expected).into_iter().map(line).collect();
    uses.sort();
    let of = |key: &str| (key.to_owned(), "B".to_owned());
    assert_eq!(uses, [of("OrganizationBinding"), of("Statement")]);
}
