use super::RULE;
use crate::tests::fixture::{Fixture, check};
use leastwise_model::Level::{self, Error, Suggestion, Warning};

fn role(principal: &str, rest: &str) -> Vec<Level> {
    let template = format!(
        "Resources:\n  Shop:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement: [{{Effect: Allow, Principal: {principal}, Action: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity']}}]\n{rest}"
    );
    Fixture::new(&template, "").levels(&RULE)
}

const ADMINISTRATOR: &str =
    "      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']\n";

#[test]
fn by_who_has_it() {
    for (principal, level) in [
        ("{Service: lambda.amazonaws.com}", Error),
        (
            "{Service: [events.amazonaws.com, ec2.amazonaws.com.cn]}",
            Error,
        ),
        (
            "{Federated: 'arn:aws:iam::111111111111:oidc-provider/gitlab.com'}",
            Error,
        ),
        ("'*'", Error),
        ("{AWS: '*'}", Error),
        ("{Service: cloudformation.amazonaws.com}", Warning),
        ("{AWS: 'arn:aws:iam::111111111111:root'}", Warning),
    ] {
        assert_eq!(role(principal, ADMINISTRATOR), [level], "{principal}");
    }
}

#[test]
fn by_what_it_is_and_what_limits_it() {
    let lambda = |rest: &str| role("{Service: lambda.amazonaws.com}", rest);
    let arns = |arn: &str| lambda(&format!("      ManagedPolicyArns: [{arn}]\n"));
    assert_eq!(arns("'arn:aws-cn:iam::aws:policy/IAMFullAccess'"), [Error]);
    assert_eq!(
        arns("!Sub 'arn:${AWS::Partition}:iam::aws:policy/PowerUserAccess'"),
        [Warning]
    );
    for other in [
        "'arn:aws:iam::aws:policy/AdministratorAccess-Amplify'",
        "'arn:aws:iam::111111111111:policy/AdministratorAccess'",
        "!Sub 'arn:aws:iam::aws:policy/${Name}'",
        "!Ref Policy",
    ] {
        assert_eq!(arns(other), [], "{other}");
    }
    assert_eq!(
        lambda(&format!(
            "      PermissionsBoundary: !Ref Boundary\n{ADMINISTRATOR}"
        )),
        [Suggestion]
    );
    let denied = "      Policies: [{PolicyName: d, PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Deny, Action: 'iam:*', Resource: '*'}]}}]\n";
    assert_eq!(lambda(&format!("{denied}{ADMINISTRATOR}")), [Warning]);
    let allowed = denied.replace("Deny", "Allow").replace("iam:*", "s3:*");
    assert_eq!(lambda(&format!("{allowed}{ADMINISTRATOR}")), [Error]);
}

#[test]
fn by_what_it_may_do() {
    for (policy, may) in [
        ("AdministratorAccess", " do everything in the account."),
        (
            "IAMFullAccess",
            " give itself every permission in the account.",
        ),
        ("PowerUserAccess", " do nearly everything in the account."),
    ] {
        let template = format!(
            "Resources:\n  Shop:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns: ['arn:aws:iam::aws:policy/{policy}']\n"
        );
        let found = Fixture::new(&template, "").findings(&RULE);
        assert!(found[0].message.ends_with(may), "{found:?}");
    }
}

#[test]
fn of_a_role_that_is_declared_elsewhere_no_boundary_is_known() {
    let text = "resource \"aws_iam_role_policy_attachment\" \"a\" {
  role       = \"ops\"
  policy_arn = \"arn:aws:iam::aws:policy/AdministratorAccess\"
}
";
    let found = Fixture::among(&[("main.tf", text, "")]).findings(&RULE);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].level, Warning);
}

#[test]
fn a_boundary_that_allows_everything_bounds_nothing() {
    let bounded = |boundary: &str, limit: &str| {
        let rest = format!(
            "{ADMINISTRATOR}      PermissionsBoundary: {boundary}\n  Limit:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement: [{limit}]\n"
        );
        role("{Service: lambda.amazonaws.com}", &rest)
    };
    let of_aws = |name: &str| bounded(&format!("arn:aws:iam::aws:policy/{name}"), "");
    assert_eq!(of_aws("AdministratorAccess"), [Error]);
    assert_eq!(of_aws("PowerUserAccess"), [Suggestion]);
    assert_eq!(of_aws("NobodyKnowsThatAccess"), [Suggestion]);
    let all = "{Effect: Allow, Action: '*', Resource: '*'}";
    for (limit, level) in [
        (all.to_owned(), Error),
        (
            format!("{all}, {{Effect: Allow, Action: 's3:*', Resource: '*'}}"),
            Error,
        ),
        (
            format!("{all}, {{Effect: Deny, Action: 'iam:*', Resource: '*'}}"),
            Suggestion,
        ),
        (
            "{Effect: Allow, Action: 's3:*', Resource: '*'}".to_owned(),
            Suggestion,
        ),
        (
            "{Effect: Allow, NotAction: 'iam:*', Resource: '*'}".to_owned(),
            Suggestion,
        ),
        (
            "{Effect: Allow, Action: '*', Resource: 'arn:aws:s3:::*'}".to_owned(),
            Suggestion,
        ),
        (
            "{Effect: Allow, Action: '*', NotResource: 'arn:aws:s3:::*'}".to_owned(),
            Suggestion,
        ),
        (
            "{Effect: Allow, Action: '*', Resource: '*', Condition: {Bool: {'aws:MultiFactorAuthPresent': 'true'}}}".to_owned(),
            Suggestion,
        ),
    ] {
        assert_eq!(bounded("!Ref Limit", &limit), [level], "{limit}");
    }
    let read = "{Effect: Allow, Action: 's3:GetObject', Resource: '*'}";
    assert_eq!(bounded("!Ref 'AWS::NoValue'", read), [Error]);
    let either = "!If [IsProd, !Ref Limit, 'arn:aws:iam::aws:policy/ReadOnlyAccess']";
    assert_eq!(bounded(either, all), [Suggestion]);
}

#[test]
fn functions_run_code() {
    let template = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies: AdministratorAccess\n";
    let fixture = Fixture::new(template, "");
    let levels = fixture.levels(&RULE);
    assert_eq!(levels, [Error]);
}

fn statement(statement: &str) -> Vec<Level> {
    Fixture::new(&format!("Statement: [{statement}]\n"), "").levels(&RULE)
}

#[test]
fn statements() {
    for (text, levels) in [
        ("{Effect: Allow, Action: '*', Resource: '*'}", &[Error][..]),
        (
            "{Effect: Allow, Action: ['s3:GetObject', '*'], Resource: ['*']}",
            &[Error],
        ),
        (
            "{Effect: Allow, Action: '*', Resource: '*', Condition: {Bool: {aws:MultiFactorAuthPresent: 'true'}}}",
            &[Warning],
        ),
        (
            "{Effect: Allow, Action: '*', Resource: '*', Condition: {StringEquals: {aws:ResourceTag/team: shop}}}",
            &[],
        ),
        (
            "{Effect: Allow, Action: '*', Resource: 'arn:aws:s3:::shop'}",
            &[],
        ),
        ("{Effect: Deny, Action: '*', Resource: '*'}", &[]),
        ("{Effect: !Ref Effect, Action: '*', Resource: '*'}", &[]),
        ("{Effect: Allow, Action: 's3:*', Resource: '*'}", &[]),
        (
            "{Effect: Allow, NotAction: ['iam:*', 'organizations:*'], Resource: '*'}",
            &[Warning],
        ),
        (
            "{Effect: Allow, NotAction: 'organizations:*', Resource: '*'}",
            &[],
        ),
        (
            "{Effect: Allow, NotAction: '${Actions}', Resource: '*'}",
            &[],
        ),
        ("{Effect: Deny, NotAction: 'iam:*', Resource: '*'}", &[]),
        // All but everything is nothing.
        ("{Effect: Allow, NotAction: '*', Resource: '*'}", &[]),
        (
            "{Effect: Allow, NotAction: ['iam:*', '*:*'], Resource: '*'}",
            &[],
        ),
        // All resources but one.
        (
            "{Effect: Allow, Action: '*', NotResource: 'arn:aws:s3:::shop-secrets/*'}",
            &[Error],
        ),
        (
            "{Effect: Allow, Action: '*', NotResource: 'arn:aws:s3:::${Bucket}/*'}",
            &[Error],
        ),
        (
            "{Effect: Allow, NotAction: ['iam:*', 'organizations:*'], NotResource: ['arn:aws:s3:::shop-secrets/*']}",
            &[Warning],
        ),
        (
            "{Effect: Allow, Action: '*', NotResource: 'arn:aws:s3:::shop/*'}, {Effect: Deny, Action: '*', Resource: '*'}",
            &[],
        ),
        (
            "{Effect: Allow, Action: '*', NotResource: 'arn:aws:s3:::shop/*'}, {Effect: Deny, Action: 'iam:*', Resource: '*'}",
            &[Warning],
        ),
        ("{Effect: Allow, Action: '*', NotResource: '*'}", &[]),
        (
            "{Effect: Allow, Action: '*', NotResource: ['arn:aws:s3:::shop/*', 'arn:aws:*']}",
            &[],
        ),
        ("{Effect: Allow, Action: '*', NotResource: '${Some}'}", &[]),
        (
            "{Effect: Deny, Action: '*', NotResource: 'arn:aws:s3:::shop/*'}",
            &[],
        ),
        (
            "{Effect: Allow, Action: 's3:*', NotResource: 'arn:aws:s3:::shop/*'}",
            &[],
        ),
        (
            "{Effect: Allow, Action: '*', Resource: '*'}, {Effect: Deny, Action: '*', Resource: '*'}",
            &[],
        ),
        (
            "{Effect: Allow, Action: '*', Resource: '*'}, {Effect: Deny, Action: 'iam:*', Resource: '*'}",
            &[Warning],
        ),
    ] {
        assert_eq!(statement(text), levels, "{text}");
    }
}

#[test]
fn permission_sets() {
    let set = |policies: &str| {
        let text = format!(
            "Resources:\n  Set:\n    Type: AWS::SSO::PermissionSet\n    Properties:\n      Name: set\n      InstanceArn: arn:aws:sso:::instance/ssoins-1234567890abcdef\n      ManagedPolicies: {policies}\n"
        );
        Fixture::new(&text, "").levels(&RULE)
    };
    assert_eq!(
        set("['arn:aws:iam::aws:policy/AdministratorAccess']"),
        [Warning]
    );
    assert_eq!(
        set("['arn:aws:iam::aws:policy/job-function/ViewOnlyAccess']"),
        []
    );
}

/// What is found in a module, where it stands and how bad it is.
fn module(text: &str) -> Vec<(String, Level)> {
    let role = "resource \"aws_iam_role\" \"app\" {\n  name               = \"app\"\n  assume_role_policy = jsonencode({ Statement = [{ Effect = \"Allow\", Principal = { Service = \"lambda.amazonaws.com\" }, Action = \"sts:AssumeRole\" }] })\n}\n";
    let text = format!("{role}{text}");
    let found = Fixture::new(&text, "").findings(&RULE).into_iter();
    let shown = |span: leastwise_syntax::Span| text[span.range()].to_owned();
    found.map(|it| (shown(it.span), it.level)).collect()
}

const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
const READ: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

#[test]
fn attachments_that_range_over_lists() {
    let attached = |arguments: &str| {
        let local = format!("locals {{\n  arns = [\"{ADMIN}\", \"{READ}\"]\n}}\n");
        let text = format!(
            "{local}resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  role = aws_iam_role.app.name\n  {arguments}\n}}\n"
        );
        module(&text)
    };
    let found = |at: &str| vec![(at.to_owned(), Error)];
    for arguments in [
        format!("for_each = toset([\"{READ}\", \"{ADMIN}\"])\n  policy_arn = each.value"),
        format!("for_each = toset([\"{READ}\", \"{ADMIN}\"])\n  policy_arn = each.key"),
        format!("for_each = {{ a = \"{READ}\", b = \"{ADMIN}\" }}\n  policy_arn = each.value"),
        format!("for_each = toset(concat([\"{READ}\"], [\"{ADMIN}\"]))\n  policy_arn = each.value"),
        "for_each = toset(local.arns)\n  policy_arn = each.value".to_owned(),
        "count = length(local.arns)\n  policy_arn = local.arns[count.index]".to_owned(),
        "count = 2\n  policy_arn = element(local.arns, count.index)".to_owned(),
    ] {
        assert_eq!(attached(&arguments), found(ADMIN), "{arguments}");
    }
    let names = |names: &str| {
        format!(
            "for_each = toset({names})\n  policy_arn = \"arn:aws:iam::aws:policy/${{each.key}}\""
        )
    };
    let named = attached(&names("[\"ReadOnlyAccess\", \"AdministratorAccess\"]"));
    assert_eq!(named, found("\"AdministratorAccess\""));
    for arguments in [
        format!("for_each = toset([\"{READ}\"])\n  policy_arn = each.value"),
        // The names of a map, what nobody knows, one item.
        format!("for_each = {{ \"{ADMIN}\" = 1 }}\n  policy_arn = each.key"),
        "for_each = toset(var.arns)\n  policy_arn = each.value".to_owned(),
        "policy_arn = local.arns[1]".to_owned(),
        format!("for_each = {{ a = {{ arn = \"{ADMIN}\" }} }}\n  policy_arn = each.value.other"),
    ] {
        assert_eq!(attached(&arguments), [], "{arguments}");
    }
}

#[test]
fn what_is_denied_beside_it_is_said() {
    let said = |text: &str, called: &str| {
        let found = Fixture::calling(text, called).findings(&RULE).into_iter();
        found.map(|it| it.message).collect::<Vec<String>>()
    };
    let with = |more: &str| {
        format!("module \"m\" {{\n  source = \"./m\"\n  policy_arns = [\"{ADMIN}\"]\n{more}}}\n")
    };
    let everything = "`AdministratorAccess` lets the identities of `module.m` do everything";
    let all = [format!("{everything} in the account.")];
    let but = [format!("{everything} except what is denied.")];
    let role = |effect: &str| {
        format!(
            "resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"{effect}\", Action = \"iam:*\", Resource = \"x\" }}] }})\n}}\n"
        )
    };
    assert_eq!(said(&with(""), &role("Allow")), all);
    assert_eq!(said(&with(""), &role("Deny")), but);
    let document = |effect: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    effect = \"{effect}\"\n    actions = [\"iam:*\"]\n    resources = [\"x\"]\n  }}\n}}\n"
        )
    };
    let given = with("  policy_json = data.aws_iam_policy_document.d.json\n");
    assert_eq!(said(&(document("Allow") + &given), ""), all);
    assert_eq!(said(&(document("Deny") + &given), ""), but);
    assert_eq!(said(&(document("Deny") + &with("")), ""), all);
    // Of what has it in this file, too.
    let role = |effect: &str| {
        let policy = format!(
            "resource \"aws_iam_role_policy\" \"p\" {{\n  role = aws_iam_role.r.name\n  policy = data.aws_iam_policy_document.d.json\n}}\n{}",
            document(effect)
        );
        let text = format!(
            "resource \"aws_iam_role\" \"r\" {{\n  managed_policy_arns = [\"{ADMIN}\"]\n  assume_role_policy = jsonencode({{ Statement = [{{ Effect = \"Allow\", Principal = {{ Service = \"lambda.amazonaws.com\" }}, Action = \"sts:AssumeRole\" }}] }})\n}}\n"
        );
        let found = Fixture::new(&(text + &policy), "")
            .findings(&RULE)
            .into_iter();
        found.map(|it| (it.message, it.level)).collect::<Vec<_>>()
    };
    let code = |but: &str| {
        format!("`AdministratorAccess` lets code running as `aws_iam_role.r` do everything{but}.")
    };
    assert_eq!(role("Allow"), [(code(" in the account"), Error)]);
    assert_eq!(role("Deny"), [(code(" except what is denied"), Warning)]);
    let text = "resource \"aws_iam_role\" \"r\" {\n  managed_policy_arns = [\"arn:aws:iam::aws:policy/AdministratorAccess\"]\n}\nresource \"aws_iam_role_policy\" \"p\" {\n  role = aws_iam_role.r.name\n  policy = data.aws_iam_policy_document.d.json\n}\n";
    // In another file of the module.
    for (effect, more) in [
        ("Allow", " in the account"),
        ("Deny", " except what is denied"),
    ] {
        let found = Fixture::of_module(text, &document(effect), "").findings(&RULE);
        let said = format!("`AdministratorAccess` lets `aws_iam_role.r` do everything{more}.");
        assert_eq!(found[0].message, said);
    }
}

#[test]
fn other_ways_of_attaching() {
    let found = |level: Level| vec![(ADMIN.to_owned(), level)];
    for (text, level) in [
        (
            format!(
                "resource \"aws_iam_role_policy_attachments_exclusive\" \"a\" {{\n  role_name = aws_iam_role.app.name\n  policy_arns = [\"{ADMIN}\"]\n}}\n"
            ),
            Error,
        ),
        (
            format!(
                "locals {{\n  arns = [\"{ADMIN}\"]\n}}\nresource \"aws_iam_role\" \"b\" {{\n  managed_policy_arns = concat(local.arns, [\"{READ}\"])\n}}\n"
            ),
            Warning,
        ),
        (
            format!(
                "resource \"aws_ssoadmin_managed_policy_attachment\" \"a\" {{\n  permission_set_arn = aws_ssoadmin_permission_set.s.arn\n  managed_policy_arn = \"{ADMIN}\"\n}}\n"
            ),
            Warning,
        ),
        (
            format!(
                "module \"m\" {{\n  source = \"./m\"\n  role_policy_arns = {{ a = \"{ADMIN}\" }}\n}}\n"
            ),
            Warning,
        ),
        (
            format!(
                "module \"m\" {{\n  source = \"./m\"\n  custom_role_policy_arns = [var.other, \"{ADMIN}\"]\n}}\n"
            ),
            Warning,
        ),
        (
            format!(
                "module \"m\" {{\n  source = \"./m\"\n  admin_role_policy_arn = \"{ADMIN}\"\n}}\n"
            ),
            Warning,
        ),
    ] {
        assert_eq!(module(&text), found(level), "{text}");
    }
    for text in [
        format!(
            "module \"m\" {{\n  source = \"./m\"\n  permissions_boundary_policy_arn = \"{ADMIN}\"\n}}\n"
        ),
        format!("module \"m\" {{\n  source = \"./m\"\n  denied_policy_arns = [\"{ADMIN}\"]\n}}\n"),
        format!("module \"m\" {{\n  source = \"./m\"\n  arns = [\"{ADMIN}\"]\n}}\n"),
        format!("module \"m\" {{\n  source = \"./m\"\n  policy_arns = [\"{READ}\"]\n}}\n"),
    ] {
        assert_eq!(module(&text), [], "{text}");
    }
}

#[test]
fn what_grants_nothing_may_say_it() {
    check(
        &RULE,
        r#"
Resources:
  Scp:
    Type: AWS::Organizations::Policy
    Properties:
      Type: SERVICE_CONTROL_POLICY
      Content:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Action: '*', Resource: '*'}]
  Boundary:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Action: '*', Resource: '*'}]
  Shop:
    Type: AWS::IAM::Role
    Properties:
      PermissionsBoundary: !Ref Boundary
"#,
        "",
    );
}

#[test]
fn what_takes_something_off_is_said() {
    let said = |statements: &str| {
        let text = format!("Version: '2012-10-17'\nStatement: [{statements}]\n");
        let found = Fixture::new(&text, "").findings(&RULE);
        let said: Vec<_> = found.into_iter().map(|of| (of.level, of.message)).collect();
        said
    };
    let all = "{Effect: Allow, Action: '*', Resource: '*'}";
    let every = "Every action is allowed on every resource";
    assert_eq!(said(all), [(Error, format!("{every}."))]);
    assert_eq!(
        said(&format!(
            "{all}, {{Effect: Deny, Action: 'iam:*', Resource: '*'}}"
        )),
        [(Warning, format!("{every}, except what is denied."))]
    );
    assert_eq!(
        said(
            "{Effect: Allow, Action: '*', Resource: '*', Condition: {Bool: {aws:MultiFactorAuthPresent: true}}}"
        ),
        [(
            Warning,
            format!("{every}, and its conditions limit no resource.")
        )]
    );
}

#[test]
fn who_is_locked_out_holds_nothing() {
    const LOCKED: &str = "arn:aws:iam::aws:policy/AWSDenyAll";
    let count = |text: &str| Fixture::new(text, "").findings(&RULE).len();
    let role = |arns: &str, more: &str| {
        format!(
            "Conditions: {{Locked: !Equals [a, !Ref 'AWS::Region']}}\nResources:\n  Ours:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns: [{arns}]\n{more}"
        )
    };
    let inline = |statement: &str| {
        format!(
            "      Policies: [{{PolicyName: d, PolicyDocument: {{Version: '2012-10-17', Statement: [{statement}]}}}}]\n"
        )
    };
    let all = "{Effect: Deny, Action: '*', Resource: '*'}";
    let some = "{Effect: Deny, Action: '*', Resource: '*', Condition: {Bool: {aws:MultiFactorAuthPresent: false}}}";
    let allowed = inline("{Effect: Allow, Action: '*', Resource: '*'}");
    for (arns, more, found) in [
        (format!("'{ADMIN}', '{LOCKED}'"), String::new(), 0),
        (format!("'{ADMIN}'"), inline(all), 0),
        (format!("'{LOCKED}'"), allowed.clone(), 0),
        // Perhaps it isn't attached, or not always in force.
        (
            format!("'{ADMIN}', !If [Locked, '{LOCKED}', !Ref 'AWS::NoValue']"),
            String::new(),
            1,
        ),
        (format!("'{ADMIN}'"), inline(some), 1),
        (format!("'{ADMIN}'"), String::new(), 1),
        (format!("'{READ}'"), allowed, 1),
    ] {
        let text = role(&arns, &more);
        assert_eq!(count(&text), found, "{text}");
    }
    let module = |attached_to: &str| {
        format!(
            "resource \"aws_iam_role\" \"a\" {{}}\nresource \"aws_iam_role\" \"b\" {{}}\nresource \"aws_iam_role_policy_attachment\" \"x\" {{\n  role = aws_iam_role.a.name\n  policy_arn = \"{ADMIN}\"\n}}\nresource \"aws_iam_role_policy_attachment\" \"y\" {{\n  role = aws_iam_role.{attached_to}.name\n  policy_arn = \"{LOCKED}\"\n}}\n"
        )
    };
    assert_eq!(count(&module("a")), 0);
    assert_eq!(count(&module("b")), 1);
}
