//! Where the rules on privileges are silent, and where they offer no fix: each row is there for a guard of theirs.

use leastwise_model::Level::{self, Error, Suggestion, Warning};

use crate::Rule;
use crate::privilege::{
    administrator_access, missing_permissions_boundary, oidc_subject, oidc_without_subject,
    pass_role_unscoped, public_principal, shared_function_role, wildcard_resource,
};
use crate::tests::fixture::{Fixture, Found};

const CONFIG: &str = "[app]\nprefix = 'shop'\n[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1']\nroles = ['Deploy*', 'shop']\n";

fn found(rule: &Rule, text: &str) -> Vec<Found> {
    Fixture::new(text, CONFIG).findings(rule)
}

fn levels(rule: &Rule, text: &str) -> Vec<Level> {
    let found = found(rule, text).into_iter();
    found.map(|finding| finding.level).collect()
}

fn document(statements: &str) -> String {
    format!("Version: '2012-10-17'\nStatement: [{statements}]\n")
}

/// A resource of a template that has a document under a property.
fn resource(of: &str, property: &str, statements: &str) -> String {
    format!(
        "Resources:
  Shop:
    Type: {of}
    Properties:
      {property}:
        Version: '2012-10-17'
        Statement: [{statements}]
"
    )
}

fn trust(statements: &str) -> String {
    resource("AWS::IAM::Role", "AssumeRolePolicyDocument", statements)
}

const GITHUB: &str = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com";

/// A statement that trusts a provider's tokens.
fn tokens(provider: &str, rest: &str) -> String {
    format!(
        "{{Effect: Allow, Action: 'sts:AssumeRoleWithWebIdentity', Principal: {{Federated: {provider}}}{rest}}}"
    )
}

fn sub(operator: &str, value: &str) -> String {
    format!(", Condition: {{{operator}: {{'token.actions.githubusercontent.com:sub': {value}}}}}")
}

#[test]
fn only_policies_of_identities_grant_them_something() {
    let passes = "Action: 'iam:PassRole', Resource: '*'";
    let deletes = "Action: 'sqs:DeleteQueue', Resource: '*'";
    let creates = "Action: 'iam:CreateRole', Resource: '*'";
    let everything = "Action: '*', Resource: '*'";
    for (rule, statement) in [
        (&pass_role_unscoped::RULE, passes),
        (&wildcard_resource::RULE, deletes),
        (&missing_permissions_boundary::RULE, creates),
        (&administrator_access::RULE, everything),
    ] {
        let policy = |of: &str, property: &str, principal: &str| {
            let statement = format!("{{Effect: Allow, {principal}{statement}}}");
            found(rule, &resource(of, property, &statement)).len()
        };
        let role = format!(
            "Resources:\n  DeployRole:\n    Type: AWS::IAM::Role\n    Properties:\n      Policies: [{{PolicyName: p, PolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Allow, {statement}}}]}}}}]\n"
        );
        assert_eq!(found(rule, &role).len(), 1, "{statement}");
        let anybody = "Principal: {AWS: '111111111111'}, ";
        let of_trust = "AssumeRolePolicyDocument";
        let trusts = resource(
            "AWS::IAM::Role",
            of_trust,
            &format!("{{Effect: Allow, {anybody}{statement}}}"),
        );
        assert_eq!(
            found(rule, &trusts.replace("Shop:", "DeployRole:")).len(),
            0,
            "{statement}"
        );
        assert_eq!(
            policy("AWS::SQS::QueuePolicy", "PolicyDocument", anybody),
            0,
            "{statement}"
        );
        assert_eq!(
            policy("AWS::EC2::VPCEndpoint", "PolicyDocument", anybody),
            0,
            "{statement}"
        );
        let denied = role.replace("Effect: Allow", "Effect: Deny");
        assert_eq!(found(rule, &denied).len(), 0, "{statement}");
    }
}

#[test]
fn whose_tokens_are_let_in() {
    let rule = &oidc_without_subject::RULE;
    let github = format!("'{GITHUB}'");
    let open = tokens(&github, "");
    let deny = |condition: &str| {
        format!(
            "{open}, {{Effect: Deny, Principal: '*', Action: 'sts:AssumeRoleWithWebIdentity'{condition}}}"
        )
    };
    for (statements, levels_of) in [
        (open.clone(), &[Error][..]),
        (open.replace("Effect: Allow", "Effect: Deny"), &[]),
        (open.replace("Effect: Allow", "Effect: !Ref Effect"), &[]),
        // It isn't this that the tokens are for.
        (
            open.replace("sts:AssumeRoleWithWebIdentity", "sts:TagSession"),
            &[],
        ),
        (
            open.replace("'sts:AssumeRoleWithWebIdentity'", "!Ref Action"),
            &[],
        ),
        // A `Deny` beside it keeps the others out, or doesn't.
        (deny(&sub("StringNotLike", "'repo:acme/*'")), &[]),
        (deny(", Condition: !Ref Condition"), &[]),
        (
            deny(", Condition: {Bool: {'aws:SecureTransport': 'false'}}"),
            &[Error],
        ),
        (
            deny(", Condition: {StringNotEquals: {'token.actions.githubusercontent.com:aud': x}}"),
            &[Error],
        ),
        (
            format!(
                "{open}, {}",
                tokens(&github, &sub("StringLike", "'repo:acme/*'"))
            ),
            &[Error],
        ),
        // Another may stand there that the file doesn't show.
        (format!("{open}, !ImportValue deny"), &[]),
        // What a test is on isn't known.
        (
            tokens(
                &github,
                ", Condition: {StringLike: {'${Host}:sub': 'repo:acme/*'}}",
            ),
            &[],
        ),
        (
            tokens(
                &github,
                ", Condition: {StringLike: {'aws:RequestTag/${Name}': 'repo:acme/*'}}",
            ),
            &[],
        ),
        (tokens(&github, &sub("'Null'", "'false'")), &[Error]),
        (
            tokens(
                &github,
                &sub("'ForAnyValue:StringNotLike'", "'repo:acme/*'"),
            ),
            &[Error],
        ),
        (
            tokens(
                &github,
                ", Condition: {StringLike: {'token.actions.githubusercontent.com:repository': '*/shop'}}",
            ),
            &[Warning],
        ),
        // The provider isn't known, or may be one of two.
        (tokens("!Ref Unknown", ""), &[]),
        (tokens("'<provider.example>'", ""), &[]),
        (tokens("'{{ host }}.example.com'", ""), &[]),
        (tokens("'my provider.example'", ""), &[]),
        (tokens("provider", ""), &[]),
        (tokens("'provider.example'", ""), &[Warning]),
        // An enterprise's own address on GitHub signs for nobody else.
        (tokens(&format!("'{GITHUB}/acme'"), ""), &[Warning]),
    ] {
        assert_eq!(levels(rule, &trust(&statements)), levels_of, "{statements}");
    }
    let bucket = open.replace("'sts:AssumeRoleWithWebIdentity'", "'sts:*', Resource: '*'");
    let of_bucket = resource("AWS::S3::BucketPolicy", "PolicyDocument", &bucket);
    assert_eq!(levels(rule, &of_bucket), []);
    assert_eq!(levels(rule, &trust(&bucket)), [Error]);
    for (provider, claim) in [
        ("graph.facebook.com", "app_id"),
        ("www.amazon.com", "app_id"),
        ("accounts.google.com", "aud"),
        ("cognito-identity.amazonaws.com", "aud"),
    ] {
        let found = found(rule, &trust(&tokens(provider, "")));
        let help = format!("Add a condition on `{provider}:{claim}` that names your own.");
        assert_eq!(found[0].help, help);
    }
}

#[test]
fn providers_of_the_template() {
    let text = |provider: &str, of: &str, url: &str| {
        let role = trust(&tokens(provider, ""));
        format!(
            "Parameters: {{Host: {{Type: String, AllowedValues: [gitlab.com, {url}]}}}}\n{role}  Provider: {{Type: '{of}', Properties: {{Url: 'https://{url}'}}}}\n"
        )
    };
    const OF_OIDC: &str = "AWS::IAM::OIDCProvider";
    let by_name = "!Sub 'arn:aws:iam::${AWS::AccountId}:oidc-provider/${Host}'";
    for (provider, of, url, findings) in [
        ("!Ref Provider", OF_OIDC, "gitlab.com", 1),
        ("!GetAtt Provider.Arn", OF_OIDC, "gitlab.com", 1),
        ("!Ref Provider", "AWS::IAM::SAMLProvider", "gitlab.com", 0),
        ("!GetAtt Provider.Arn", "AWS::IAM::Role", "gitlab.com", 0),
        (by_name, OF_OIDC, "gitlab.com", 1),
        (by_name, OF_OIDC, "app.terraform.io", 0),
    ] {
        let text = text(provider, of, url);
        // The same one in two accounts is one.
        for config in [
            CONFIG,
            "[accounts]\na = '111111111111'\nb = '222222222222'\n",
        ] {
            let found = Fixture::new(&text, config).findings(&oidc_without_subject::RULE);
            assert_eq!(found.len(), findings, "{provider} {of} {url}");
        }
    }
}

#[test]
fn subjects_that_no_token_has() {
    let rule = &oidc_subject::RULE;
    let github = format!("'{GITHUB}'");
    let of = |condition: String| tokens(&github, &condition);
    let dead = sub("StringLike", "'acme/shop:*'");
    let gitlab = ", Condition: {StringEquals: {'gitlab.com:sub': x}}";
    for (statements, levels_of) in [
        (of(dead.clone()), &[Error][..]),
        (of(gitlab.to_owned()), &[Error]),
        // All the tokens that are trusted are not known, or others are trusted, too.
        (tokens("[]", gitlab), &[]),
        (tokens(&format!("['{GITHUB}', !Ref Other]"), gitlab), &[]),
        (
            tokens(&format!("['{GITHUB}', !Split [',', !Ref Others]]"), gitlab),
            &[],
        ),
        (
            tokens(&github, gitlab).replace("Federated:", "'{{ kind }}': x, Federated:"),
            &[],
        ),
        (
            tokens("lambda.amazonaws.com", gitlab).replace("Federated", "Service"),
            &[],
        ),
        (
            tokens(&github, gitlab).replace("Federated:", "AWS: '111111111111', Federated:"),
            &[],
        ),
        (
            tokens(&github, gitlab).replace("Effect: Allow", "Effect: Deny"),
            &[],
        ),
        (
            tokens(&github, gitlab).replace("sts:AssumeRoleWithWebIdentity", "sts:TagSession"),
            &[],
        ),
        // The host of the key is filled in.
        (
            tokens(&github, ", Condition: {StringEquals: {'{{ host }}.example.com:sub': x}}"),
            &[],
        ),
        (
            tokens(&github, ", Condition: {StringEquals: {'<host>.example.com:sub': x}}"),
            &[],
        ),
        (
            tokens(&github, ", Condition: {StringEquals: {'%s.example.com:sub': x}}"),
            &[],
        ),
        // Other tokens meet these.
        (
            tokens(&github, ", Condition: {StringNotEquals: {'gitlab.com:sub': x}}"),
            &[],
        ),
        (
            tokens(&github, ", Condition: {StringEqualsIfExists: {'gitlab.com:sub': x}}"),
            &[],
        ),
        (
            tokens(
                &github,
                ", Condition: {'ForAllValues:StringEquals': {'gitlab.com:sub': x}}",
            ),
            &[],
        ),
        (
            tokens(&github, ", Condition: {'Null': {'gitlab.com:sub': 'true'}}"),
            &[],
        ),
        (of(sub("StringNotLike", "'acme/shop:*'")), &[]),
        (of(sub("'Null'", "'false'")), &[]),
        (of(sub("ArnLike", "'acme/shop'")), &[]),
        (of(sub("StringLike", "!Ref Subject")), &[]),
        (of(sub("StringLike", "!Sub '${Owner}/shop:*'")), &[]),
        // Others stand beside it, or may.
        (
            of(sub("StringLike", "['acme/shop:*', 'repo:acme/shop:*']")),
            &[Warning],
        ),
        (
            of(sub("StringLike", "['acme/shop:*', !Split [',', !Ref Subjects]]")),
            &[Warning],
        ),
        (of(sub("StringLike", "':acme/*'")), &[Error]),
        (of(sub("StringLike", "'acme/*'")), &[Error]),
        (of(sub("StringLike", "'acme*'")), &[]),
        // Numbers are GitHub's alone, and stand for any only where there are wildcards.
        (of(sub("StringLike", "'repo:acme@*/shop@1:*'")), &[Suggestion]),
        (of(sub("StringEquals", "'repo:acme@*/shop@1:x'")), &[Error]),
        (
            tokens(
                "'arn:aws:iam::111111111111:oidc-provider/gitlab.com'",
                ", Condition: {StringLike: {'gitlab.com:sub': 'project_path:acme@*'}}",
            ),
            &[],
        ),
        (
            of(", Condition: {StringLike: {'token.actions.githubusercontent.com:actor': 'acme@*'}}"
                .to_owned()),
            &[],
        ),
    ] {
        assert_eq!(levels(rule, &trust(&statements)), levels_of, "{statements}");
    }
    let statement = of(dead);
    let bucket = resource("AWS::S3::BucketPolicy", "PolicyDocument", &statement);
    assert_eq!(levels(rule, &bucket), []);
    let other = found(rule, &trust(&of(gitlab.to_owned())));
    assert_eq!(other[0].related.len(), 1);
    let own = found(rule, &trust(&statement));
    assert_eq!(own[0].related.len(), 0);
}

#[test]
fn subjects_are_mended_where_it_is_plain_how() {
    let rule = &oidc_subject::RULE;
    for (condition, fix) in [
        (sub("StringLike", "'acme/shop:*'"), "Begin it with repo:"),
        (
            sub("StringLike", "'my-org_x.y/sh@p*:*'"),
            "Begin it with repo:",
        ),
        (sub("StringLike", "'/shop:x'"), ""),
        (sub("StringLike", "'acme/:x'"), ""),
        (sub("StringLike", "'acme/my shop:x'"), ""),
        (sub("StringLike", "'https://github.com/acme/*'"), ""),
        (
            sub("StringEquals", "'repo:acme/*'"),
            "Replace with StringLike",
        ),
        (sub("StringEqualsIfExists", "'repo:acme/*'"), ""),
        (sub("'ForAnyValue:StringEquals'", "'repo:acme/*'"), ""),
        (sub("StringEqualsIgnoreCase", "'repo:acme/*'"), ""),
    ] {
        let found = found(rule, &trust(&tokens(&format!("'{GITHUB}'"), &condition)));
        assert_eq!(found.len(), 1, "{condition}");
        let title = found[0].fixes.first().map_or("", |fix| fix.title.as_str());
        assert_eq!(title, fix, "{condition}");
    }
}

#[test]
fn everybody_and_whom_conditions_name() {
    let rule = &public_principal::RULE;
    let queue = |statements: &str| resource("AWS::SQS::QueuePolicy", "PolicyDocument", statements);
    let open = |condition: &str| {
        format!(
            "{{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: '*'{condition}}}"
        )
    };
    let when = |condition: &str| open(&format!(", Condition: {{{condition}}}"));
    let beside = |statement: &str| format!("{}, {statement}", open(""));
    let deny = |principal: &str, condition: &str| {
        beside(&format!(
            "{{Effect: Deny, Principal: {principal}, Action: 'sqs:*', Resource: '*', Condition: {condition}}}"
        ))
    };
    let organization = "{StringNotEquals: {'aws:PrincipalOrgID': o-1}}";
    for (statements, levels_of) in [
        (open(""), &[Error][..]),
        (when("StringLike: {'aws:SourceIp': '*'}"), &[Error]),
        (when("StringLike: {'aws:SourceIp': '10.*'}"), &[]),
        (when("StringEquals: {'aws:SourceIp': '0.0.0.0/0'}"), &[]),
        (when("StringEquals: {'aws:PrincipalOrgID': 'o-1'}"), &[]),
        (
            when("StringLike: {'aws:PrincipalAccount': !Sub '*${Account}'}"),
            &[Error],
        ),
        (
            when("StringLike: {'aws:PrincipalAccount': !Sub '${Account}*'}"),
            &[],
        ),
        (when("StringLike: {'aws:PrincipalAccount': '1*'}"), &[Error]),
        (
            when("StringLike: {'aws:PrincipalAccount': '111111111111'}"),
            &[],
        ),
        (when("ArnLike: {'aws:SourceArn': !Sub '${Topic}*'}"), &[]),
        (when("ArnLike: {'aws:SourceArn': '*'}"), &[Error]),
        (
            when("StringEquals: {'aws:SourceAccount': !Split [',', !Ref Accounts]}"),
            &[],
        ),
        (when("StringEquals: {'${Key}': x}"), &[]),
        (when("Odd: {'aws:SourceAccount': x}"), &[]),
        // A `Deny` beside it keeps the others out, or doesn't.
        (deny("'*'", organization), &[]),
        (deny("{AWS: '*'}", organization), &[]),
        (deny("!Ref Everybody", organization), &[]),
        (deny("{'{{ kind }}': '*'}", organization), &[]),
        (deny("{AWS: '111111111111'}", organization), &[Error]),
        (deny("'*'", "{StringNotEquals: {'${Key}': o-1}}"), &[]),
        (deny("'*'", "!Ref Condition"), &[]),
        (
            deny("'*'", "{Bool: {'aws:SecureTransport': 'false'}}"),
            &[Error],
        ),
        (
            beside(
                "{Effect: Deny, NotPrincipal: {AWS: '111111111111'}, Action: 'sqs:*', Resource: '*'}",
            ),
            &[],
        ),
        (
            beside(
                "{Effect: Deny, NotPrincipal: {AWS: '111111111111'}, Action: 'sqs:DeleteQueue', Resource: '*'}",
            ),
            &[Error],
        ),
        (
            deny("'*'", organization).replace("Effect: Deny", "Effect: Allow"),
            &[Error, Error],
        ),
        // Another may stand there that the file doesn't show.
        (beside("!ImportValue deny"), &[]),
        // More than reading.
        (
            "{Effect: Allow, Principal: '*', NotAction: 'sqs:DeleteQueue', Resource: '*'}"
                .to_owned(),
            &[Error],
        ),
    ] {
        assert_eq!(levels(rule, &queue(&statements)), levels_of, "{statements}");
    }
    // The policy of a VPC endpoint, where `*` is whoever is behind it, has no resource of its own.
    let alone = |resources: &str| {
        document(&format!(
            "{{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: {resources}}}"
        ))
    };
    let own = "'arn:aws:sqs:eu-west-1:111111111111:shop'";
    assert_eq!(levels(rule, &alone(own)), [Warning]);
    assert_eq!(levels(rule, &alone(&format!("[{own}, '*']"))), []);
    assert_eq!(levels(rule, &alone(&format!("[{own}, {{a: b}}]"))), []);
}

#[test]
fn who_may_do_everything() {
    let rule = &administrator_access::RULE;
    let role = |trusted: &str, rest: &str| {
        format!(
            "Parameters: {{Name: {{Type: String, AllowedValues: [AdministratorAccess, ReadOnlyAccess]}}, Only: {{Type: String, AllowedValues: [AdministratorAccess]}}}}
{}{rest}",
            trust(trusted)
        )
    };
    let attached =
        |name: &str| format!("      ManagedPolicyArns: [!Sub 'arn:aws:iam::aws:policy/{name}']\n");
    let administrator = attached("AdministratorAccess");
    let lambda =
        "{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}";
    let saml = "{Effect: Allow, Principal: {Federated: 'arn:aws:iam::111111111111:saml-provider/corp'}, Action: 'sts:AssumeRoleWithSAML'}";
    let account = "{Effect: Allow, Principal: {AWS: '111111111111'}, Action: 'sts:AssumeRole'}";
    let denied = lambda.replace("Allow", "Deny");
    let trusts_denied = format!("{lambda}, {}", account.replace("Allow", "Deny"));
    let account_not_lambda = format!("{account}, {denied}");
    for (trusted, rest, levels_of) in [
        (lambda, &administrator, &[Error][..]),
        (account, &administrator, &[Warning]),
        (saml, &administrator, &[Warning]),
        // Who is kept out doesn't run with it.
        (account_not_lambda.as_str(), &administrator, &[Warning]),
        // That somebody is kept out limits nothing.
        (trusts_denied.as_str(), &administrator, &[Error]),
        (lambda, &attached("${Only}"), &[Error]),
        (lambda, &attached("${Name}"), &[]),
        (lambda, &attached("${Unknown}"), &[]),
        (
            "{Effect: Allow, Principal: {Service: !Ref Service}, Action: 'sts:AssumeRole'}",
            &administrator,
            &[Warning],
        ),
        ("!ImportValue trusted", &administrator, &[Warning]),
    ] {
        assert_eq!(
            levels(rule, &role(trusted, rest)),
            levels_of,
            "{trusted} {rest}"
        );
    }
    for (statements, levels_of) in [
        ("{Effect: Allow, Action: '*', Resource: '*'}", &[Error][..]),
        ("{Effect: !Ref Effect, Action: '*', Resource: '*'}", &[]),
        ("{Effect: Allow, Action: !Ref Actions, Resource: '*'}", &[]),
        (
            "{Effect: Allow, Action: '*', Resource: !Ref Resources}",
            &[],
        ),
        (
            "{Effect: Allow, Action: '*', NotResource: 'arn:aws:s3:::shop'}",
            &[Error],
        ),
        (
            "{Effect: Allow, Action: '*', NotResource: ['arn:aws:s3:::shop', !Ref Kept]}",
            &[],
        ),
        (
            "{Effect: Allow, Action: '*', NotResource: 'arn:aws:*:::shop'}",
            &[],
        ),
        (
            "{Effect: Allow, Action: '*', Resource: '*', Condition: !Ref Condition}",
            &[],
        ),
        (
            "!If [Prod, {Effect: Allow, Action: '*', Resource: '*'}, !Ref AWS::NoValue]",
            &[Warning],
        ),
        (
            "{Effect: Allow, NotAction: 'iam:*', Resource: '*'}",
            &[Warning],
        ),
        (
            "{Effect: Allow, NotAction: ['iam:*', !Ref Actions], Resource: '*'}",
            &[],
        ),
        ("{Effect: Allow, NotAction: 's3:*', Resource: '*'}", &[]),
        (
            "{Effect: Allow, Action: '*', Resource: '*'}, {Effect: Deny, Action: '*', Resource: !Ref Kept}",
            &[],
        ),
        (
            "{Effect: Allow, Action: '*', Resource: '*'}, {Effect: Deny, Action: '*', Resource: '*', Condition: !Ref Condition}",
            &[],
        ),
    ] {
        let policy = resource("AWS::IAM::ManagedPolicy", "PolicyDocument", statements);
        assert_eq!(levels(rule, &policy), levels_of, "{statements}");
    }
    // Of an identity that is declared elsewhere its boundary isn't known; most have none.
    let policy = resource(
        "AWS::IAM::ManagedPolicy",
        "PolicyDocument",
        "{Effect: Allow, Action: '*', Resource: '*'}",
    ) + "      Roles: [shop]\n";
    assert_eq!(levels(rule, &policy), [Error]);
    let creates = policy.replace("Action: '*'", "Action: 'iam:CreateRole'");
    assert_eq!(
        levels(&missing_permissions_boundary::RULE, &creates),
        [Warning]
    );
}

#[test]
fn what_is_named_of_a_wide_resource() {
    let rule = &wildcard_resource::RULE;
    let of = |actions: &str, resources: &str| {
        let statement = format!("{{Effect: Allow, Action: {actions}, Resource: {resources}}}");
        found(rule, &document(&statement))
    };
    // What doesn't work on it isn't allowed by it.
    let buckets = of("['s3:Put*', 'sqs:SendMessage']", "'arn:aws:s3:::*'");
    assert!(
        buckets[0].message.starts_with("`s3:Put*` is allowed"),
        "{buckets:?}"
    );
    assert_eq!(of("'iam:DeleteRole'", "'*'").len(), 1);
    assert_eq!(of("'iam:PassRole'", "'*'").len(), 0);
    for (actions, resources, fixed) in [
        ("'sqs:DeleteQueue'", "'*'", true),
        ("['sqs:DeleteQueue', 'sns:DeleteTopic']", "['*']", true),
        ("['sqs:DeleteQueue', !Ref Other]", "'*'", false),
        ("['sqs:DeleteQueue', {a: b}]", "'*'", false),
        ("'sqs:DeleteQueue'", "['*', {a: b}]", false),
        ("'sqs:DeleteQueue'", "['*', 'arn:aws:sqs:*:*:shop']", false),
        ("'sqs:DeleteQueue', NotAction: 'sqs:TagQueue'", "'*'", false),
    ] {
        let found = of(actions, resources);
        assert_eq!(found.len(), 1, "{actions} {resources}");
        assert_eq!(!found[0].fixes.is_empty(), fixed, "{actions} {resources}");
    }
    let template = |actions: &str| {
        let statement = format!("{{Effect: Allow, Action: {actions}, Resource: '*'}}");
        found(
            rule,
            &resource("AWS::IAM::ManagedPolicy", "PolicyDocument", &statement),
        )
    };
    for (actions, fixed) in [
        ("['sqs:DeleteQueue']", true),
        ("[!If [Prod, 'sqs:DeleteQueue', !Ref AWS::NoValue]]", true),
        (
            "['sns:DeleteTopic', !If [Prod, 'sqs:DeleteQueue', !Ref AWS::NoValue]]",
            false,
        ),
    ] {
        let found = template(actions);
        assert_eq!(found.len(), 1, "{actions}");
        assert_eq!(!found[0].fixes.is_empty(), fixed, "{actions}");
    }
}

/// What a rule's fix makes of a policy, and what it says to take away.
fn fixed(rule: &Rule, text: &str) -> (String, Vec<String>) {
    let fixture = Fixture::new(text, CONFIG);
    let fixes = fixture.fixes(rule);
    let after = leastwise_syntax::write::apply(text, &fixes[0].edits);
    (after, fixes[0].removes.clone())
}

#[test]
fn what_fixes_take_away_and_leave() {
    let rule = &wildcard_resource::RULE;
    let text = document("{Effect: Allow, Action: ['sqs:*', 'sqs:ListQueues'], Resource: '*'}");
    let (after, removes) = fixed(rule, &text);
    assert_eq!(after.matches("sqs:ListQueues").count(), 1, "{after}");
    let outside = |list: &[String], of: &str| {
        let wanted = format!("{of} outside arn:aws:sqs:eu-west-1:111111111111:shop-*");
        list.contains(&wanted)
    };
    assert!(outside(&removes, "sqs:DeleteQueue"), "{removes:?}");
    let passes = document("{Effect: Allow, Action: 'iam:PassRole', Resource: '*'}");
    let (_, removes) = fixed(&pass_role_unscoped::RULE, &passes);
    assert!(
        removes[0].starts_with("iam:PassRole outside arn:aws:iam::"),
        "{removes:?}"
    );
}

#[test]
fn how_roles_are_passed() {
    let rule = &pass_role_unscoped::RULE;
    let of = |rest: &str| found(rule, &document(&format!("{{Effect: Allow, {rest}}}")));
    for (rest, part) in [
        (
            "Action: 'iam:PassRole', Resource: 'arn:aws:iam::*:role/*'",
            "`iam:PassRole` is allowed on all roles",
        ),
        (
            "Action: 'iam:PassRole', Resource: '*'",
            "`iam:PassRole` is allowed on all roles, for",
        ),
        (
            "Action: 'iam:Pass*', Resource: '*'",
            "`iam:Pass*` includes `iam:PassRole` on all roles,",
        ),
        (
            "NotAction: 's3:*', Resource: '*'",
            "`NotAction` allows `iam:PassRole` on",
        ),
    ] {
        let found = of(rest);
        assert!(found[0].message.contains(part), "{}", found[0].message);
    }
    for (rest, fixed) in [
        ("Action: 'iam:PassRole', Resource: '*'", true),
        (
            "Action: ['iam:PassRole', 's3:GetObject'], Resource: '*'",
            true,
        ),
        (
            "Action: ['iam:PassRole', 'iam:Pass*'], Resource: '*'",
            false,
        ),
        ("Action: 'iam:Pass*', Resource: '*'", false),
        ("Action: ['iam:PassRole', {a: b}], Resource: '*'", false),
        (
            "Action: 'iam:PassRole', NotResource: 'arn:aws:iam::*:role/a'",
            false,
        ),
    ] {
        let found = of(rest);
        assert_eq!(found.len(), 1, "{rest}");
        assert_eq!(!found[0].fixes.is_empty(), fixed, "{rest}");
    }
}

#[test]
fn functions_that_share_a_role() {
    const ON: &str = "[rules]\nshared-function-role = 'suggestion'\n";
    let service = |provider: &str, functions: usize| {
        let functions: String = (0..functions)
            .map(|at| format!("  f{at}: {{handler: f.handler}}\n"))
            .collect();
        format!("service: shop\nprovider:\n  name: aws\n{provider}functions:\n{functions}")
    };
    let statements =
        "  iamRoleStatements: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}]\n";
    let open = "  apiGateway: {resourcePolicy: [{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*'}]}\n";
    for (provider, functions, part) in [
        (statements, 1, None),
        (statements, 2, Some("`f0` and `f1` share")),
        (statements, 4, Some("`f0`, `f1`, `f2` and `f3` share")),
        (
            statements,
            5,
            Some("`f0`, `f1`, `f2` and 2 other functions share"),
        ),
        ("  iamRoleStatements: []\n", 2, None),
        (open, 2, None),
    ] {
        let found =
            Fixture::new(&service(provider, functions), ON).findings(&shared_function_role::RULE);
        assert_eq!(
            found.len(),
            usize::from(part.is_some()),
            "{provider} {functions}"
        );
        if let Some(part) = part {
            assert!(found[0].message.contains(part), "{}", found[0].message);
        }
    }
}

#[test]
fn where_a_statement_finds_room_behind_another() {
    let rule = &pass_role_unscoped::RULE;
    let role = r#""resource": {"aws_iam_role_policy": {"p": {"role": "shop", "policy": "${data.aws_iam_policy_document.d.json}"}}}"#;
    let statement = r#"{"actions": ["iam:PassRole", "ec2:RunInstances"], "resources": ["*"]}"#;
    // Terraform's JSON syntax has lists of blocks.
    let text = format!(
        r#"{{"data": {{"aws_iam_policy_document": {{"d": {{"statement": [{statement}]}}}}}}, {role}}}"#
    );
    let json = leastwise_syntax::Format::Json;
    let fixture = Fixture::at("main.tf.json", &text, json, CONFIG, None);
    let fixes = fixture.fixes(rule);
    assert_eq!(fixes.len(), 1, "{text}");
    let after = leastwise_syntax::write::apply(&text, &fixes[0].edits);
    assert_eq!(after.matches("\"actions\"").count(), 2, "{after}");
    assert_eq!(after.matches("\"statement\"").count(), 1, "{after}");
}

/// What public-principal says of a bucket's policy.
#[track_caller]
fn of_bucket(rows: &[(String, &[Level])]) {
    for (statements, levels_of) in rows {
        let bucket = resource("AWS::S3::BucketPolicy", "PolicyDocument", statements);
        assert_eq!(
            levels(&public_principal::RULE, &bucket),
            *levels_of,
            "{statements}"
        );
    }
}

#[test]
fn what_a_deny_for_others_is_about() {
    let beside = |allowed: &str, denied: &str| {
        format!(
            "{{Effect: Allow, Principal: '*', Action: 's3:PutObject', Resource: {allowed}}}, {{Effect: Deny, Principal: '*', Action: 's3:PutObject', Resource: {denied}, Condition: {{StringNotEquals: {{'aws:PrincipalOrgID': o-1}}}}}}"
        )
    };
    of_bucket(&[
        // All objects of the bucket, some of them, one of them.
        (beside("'*'", "'arn:aws:s3:::b/*'"), &[]),
        (beside("'*'", "'arn:aws:s3:::b/a/*'"), &[Error]),
        (beside("'*'", "'arn:aws:s3:::b/a'"), &[Error]),
        // Unknown names may be the same, unless what is known of them differs.
        (
            beside("!Sub 'arn:aws:s3:::${A}/x'", "!Sub 'arn:aws:s3:::${B}/x'"),
            &[],
        ),
        (
            beside("!Sub 'arn:aws:s3:::${A}/y'", "!Sub 'arn:aws:s3:::${B}/x'"),
            &[Error],
        ),
        (
            beside(
                "'arn:aws:s3:::b/y'",
                "['arn:aws:s3:::b/x', !Split [',', !Ref B]]",
            ),
            &[],
        ),
        (
            beside("'arn:aws:s3:::b/y'", "['arn:aws:s3:::b/x']"),
            &[Error],
        ),
    ]);
}

#[test]
fn whom_a_deny_for_services_or_others_leaves_out() {
    let when = |condition: &str| {
        format!(
            "{{Effect: Allow, Principal: '*', Action: 's3:PutObject', Resource: '*'}}, {{Effect: Deny, Principal: '*', Action: 's3:PutObject', Resource: '*', Condition: {{{condition}}}}}"
        )
    };
    of_bucket(&[
        (when("Bool: {'aws:PrincipalIsAWSService': 'false'}"), &[]),
        // Services are denied, and nobody else.
        (
            when("Bool: {'aws:PrincipalIsAWSService': 'true'}"),
            &[Error],
        ),
        // A tag that anybody may have makes an exception.
        (
            when("StringNotEquals: {'aws:PrincipalTag/open': 'false', 'aws:PrincipalOrgID': o-1}"),
            &[],
        ),
    ]);
}

#[test]
fn what_sees_to_it_that_a_key_of_the_caller_is_there() {
    let when = |condition: &str| {
        format!(
            "{{Effect: Allow, Principal: '*', Action: 's3:PutObject', Resource: '*', Condition: {{'ForAllValues:StringEquals': {{'aws:PrincipalOrgID': o-1}}, {condition}}}}}"
        )
    };
    of_bucket(&[
        (when("'Null': {'aws:PrincipalOrgID': 'false'}"), &[]),
        (when("'Null': {'aws:PrincipalOrgID': 'true'}"), &[Error]),
        (when("'Null': {'aws:PrincipalAccount': 'false'}"), &[Error]),
        (
            when("StringNotEquals: {'aws:PrincipalOrgID': 'false'}"),
            &[Error],
        ),
        (when("'Null': {'aws:PrincipalOrgID': []}"), &[Error]),
        (
            when("'Null': {'aws:PrincipalOrgID': ['false', !Split [',', !Ref Others]]}"),
            &[],
        ),
    ]);
}

#[test]
fn lists_of_terraform_that_are_empty_are_not_judged() {
    let locals = |resource: &str, statement: &str| {
        format!(
            r#"{resource}
locals {{
  nothing  = []
  everybody = ["*"]
}}
data "aws_iam_policy_document" "p" {{
  statement {{
{statement}
  }}
}}
"#
        )
    };
    let tells = |rule, text: &str| {
        let found = Fixture::among(&[("main.tf", text, "")]).findings(rule);
        found.len()
    };
    let queue = "resource \"aws_sqs_queue_policy\" \"q\" {\n  queue_url = \"q\"\n  policy    = data.aws_iam_policy_document.p.json\n}";
    for (principals, findings) in [("local.everybody", 1), ("local.nothing", 0)] {
        let statement = format!(
            "    actions   = [\"sqs:SendMessage\"]\n    resources = [\"*\"]\n    principals {{\n      type        = \"AWS\"\n      identifiers = {principals}\n    }}"
        );
        let text = locals(queue, &statement);
        assert_eq!(tells(&public_principal::RULE, &text), findings, "{text}");
    }
    let role = "resource \"aws_iam_role\" \"r\" {\n  name               = \"r\"\n  assume_role_policy = data.aws_iam_policy_document.p.json\n}";
    for (operator, values, without, bad) in [
        ("StringLike", "local.everybody", 1, 0),
        ("StringLike", "local.nothing", 0, 0),
        ("StringEquals", "local.everybody", 0, 1),
        ("StringEquals", "local.nothing", 0, 0),
    ] {
        let statement = format!(
            "    actions = [\"sts:AssumeRoleWithWebIdentity\"]\n    principals {{\n      type        = \"Federated\"\n      identifiers = [\"{GITHUB}\"]\n    }}\n    condition {{\n      test     = \"{operator}\"\n      variable = \"token.actions.githubusercontent.com:sub\"\n      values   = {values}\n    }}"
        );
        let text = locals(role, &statement);
        assert_eq!(tells(&oidc_without_subject::RULE, &text), without, "{text}");
        assert_eq!(tells(&oidc_subject::RULE, &text), bad, "{text}");
    }
}

#[test]
fn what_may_be_a_deny_grants_nothing() {
    for (rule, statement) in [
        (
            &pass_role_unscoped::RULE,
            "Action: 'iam:PassRole', Resource: '*'",
        ),
        (
            &missing_permissions_boundary::RULE,
            "Action: 'iam:CreateRole', Resource: '*'",
        ),
        (&administrator_access::RULE, "Action: '*', Resource: '*'"),
    ] {
        let role = |effect: &str| {
            format!(
                "Parameters: {{Effect: {{Type: String}}}}\nResources:\n  DeployRole:\n    Type: AWS::IAM::Role\n    Properties:\n      Policies: [{{PolicyName: p, PolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: {effect}, {statement}}}]}}}}]\n"
            )
        };
        assert_eq!(found(rule, &role("Allow")).len(), 1, "{statement}");
        assert_eq!(found(rule, &role("!Ref Effect")).len(), 0, "{statement}");
    }
}

#[test]
fn what_may_be_denied_is_told_of_as_little_as_what_is() {
    let role = |effect: &str| {
        format!(
            "Parameters: {{Effect: {{Type: String}}}}\nResources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      Policies: [{{PolicyName: p, PolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Allow, Action: 'iam:PassRole', Resource: '*'}}, {{Effect: {effect}, Action: 'iam:*', Resource: '*'}}]}}}}]\n"
        )
    };
    for effect in ["Deny", "!Ref Effect"] {
        assert_eq!(found(&pass_role_unscoped::RULE, &role(effect)).len(), 0);
    }
}

#[test]
fn helps_on_subjects_say_what_to_write() {
    let github = format!("'{GITHUB}'");
    for (condition, help) in [
        (sub("StringEquals", "'repo:acme/*'"), "Write `StringLike`."),
        (
            ", Condition: {StringEquals: {'gitlab.com:sub': x}}".to_owned(),
            "Write `token.actions.githubusercontent.com:sub`.",
        ),
        (
            ", Condition: {StringEquals: {'https://token.actions.githubusercontent.com:sub': x}}"
                .to_owned(),
            "Write `token.actions.githubusercontent.com:sub`.",
        ),
        (
            sub("StringLike", "'repo:acme@*/shop@1:*'"),
            "Write the numbers of the owner and the repository, which never change.",
        ),
    ] {
        let found = found(&oidc_subject::RULE, &trust(&tokens(&github, &condition)));
        assert_eq!(found.len(), 1, "{condition}");
        assert_eq!(found[0].help, help, "{condition}");
    }
    // Only where there are wildcards a `*` stands for any number.
    let exact = sub("StringEquals", "'repo:acme@*/shop@*:x'");
    let found = found(&oidc_subject::RULE, &trust(&tokens(&github, &exact)));
    assert_eq!(found[0].level, Error, "{found:?}");
}
