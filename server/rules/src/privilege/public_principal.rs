//! Finds policies that let everybody in: `*` as the principal, with nothing that says who is meant.
//!
//! A role whose trust policy names `*` can be assumed from any AWS account, and with it go all of its permissions. A
//! bucket, queue, topic, key or function whose policy allows `*` is open to the world, also to those who haven't signed
//! in. `NotPrincipal` beside `Allow` takes in everybody but the few that it names. A condition limits it where it names
//! somebody: an account, an organization, an ARN, a VPC or a VPC endpoint, a range of addresses. One whose value is `*`,
//! whose operator is negated, or which holds where the key is missing (`…IfExists`, `ForAllValues`) doesn't.
//!
//! What services document as open is only a suggestion (objects that everybody may read, as a website has them), or
//! not reported (API Gateway, public repositories of ECR, policies of VPC endpoints).
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   Reader:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal: {AWS: '*'}
//!             Action: sts:AssumeRole
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   Reader:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal: {AWS: '*'}
//!             Action: sts:AssumeRole
//!             Condition: {StringEquals: {aws:PrincipalOrgID: o-a1b2c3d4e5}}
//! ```

use leastwise_catalog::catalog;
use leastwise_syntax::{NodeId, Span};
use leastwise_workspace::model::{Known, Statement};
use leastwise_workspace::{Level, Site, SiteKind};

use crate::callers::{Bounds, bounds, everybody, others_are_denied, passed_without_key};
use crate::facts::{self, Fact};
use crate::permissions::takes_in;
use crate::{Context, Finding, Findings, FixKind, Group, Rule, conditions};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "public-principal",
    group: Group::Privilege,
    level: Level::Error,
    since: "0.1.0",
    summary: "A policy that lets everybody in",
    fix: FixKind::None,
    equivalents: &[
        ("access-analyzer", "ALLOW_WITH_NOT_PRINCIPAL"),
        ("parliament", "NOTPRINCIPAL_WITH_ALLOW"),
        ("checkov", "CKV_AWS_32"),
        ("checkov", "CKV_AWS_33"),
        ("checkov", "CKV_AWS_60"),
        ("checkov", "CKV_AWS_70"),
        ("checkov", "CKV_AWS_168"),
        ("checkov", "CKV_AWS_169"),
        ("checkov", "CKV_AWS_283"),
        ("checkov", "CKV_AWS_387"),
        ("cfn-nag", "F7"),
        ("cfn-nag", "F8"),
        ("cfn-nag", "F9"),
        ("cfn-nag", "F16"),
        ("cfn-nag", "F18"),
        ("cfn-nag", "F21"),
        ("cfn-nag", "F76"),
        ("iam-policy-validator", "principal_validation"),
        ("iam-policy-validator", "not_principal_validation"),
    ],
    run,
};

/// Actions that read what services document as something that everybody may read.
const PUBLIC_READS: [&str; 8] = [
    "lambda:InvokeFunctionUrl",
    "mediapackagev2:GetHeadObject",
    "mediapackagev2:GetObject",
    "mediastore:DescribeObject",
    "mediastore:GetObject",
    "mediatailor:GetManifest",
    "s3:GetObject",
    "s3:GetObjectVersion",
];

/// Services whose own resource policies are meant to name `*`: a limit stands elsewhere, or the resource is public.
const OPEN_SERVICES: [&str; 3] = ["ecr-public", "execute-api", "schemas"];

/// The actions that a role is assumed by.
const ASSUME: [&str; 3] = [
    "AssumeRole",
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
];

/// A statement that takes in everybody.
struct Public {
    span: Span,
    owner: Option<String>,
    level: Level,
    how: How,
    /// Some of the actions that are allowed.
    actions: Vec<String>,
    /// Whether requests have to be signed by somebody: AWS KMS takes none from nobody.
    signed: bool,
    /// Where a test would name somebody and holds without its key, with the key.
    passed: Option<(Span, String)>,
}

enum How {
    /// A role that anybody may assume; whether by a bare `*`, which AWS takes in no trust policy.
    Trust { bare: bool },
    /// A resource that is open to everybody.
    Resource,
    /// A resource that is open to everybody whom `NotPrincipal` doesn't name.
    Others,
}

fn run(context: &Context<'_>, findings: &mut Findings) {
    facts::of_statements(context, findings, find);
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Vec<Public>) {
    let Some((node, how, level)) = public(context, site, statement) else {
        return;
    };
    let passed = passed_without_key(context, statement);
    let actions = statement.actions().iter();
    facts.push(Public {
        span: context.content(node),
        owner: context.owner(site).map(str::to_owned),
        level,
        how,
        signed: site.service == Some("kms"),
        actions: actions
            .filter_map(|item| item.text.literal(context.tree))
            .map(str::to_owned)
            .collect(),
        passed: passed.map(|test| {
            let key = test.key.clone().unwrap_or_default();
            (context.content(test.operator_node), key)
        }),
    });
}

/// Whether a statement lets everybody in, and that is more than a suggestion.
pub(crate) fn is_public(context: &Context<'_>, site: &Site, statement: &Statement) -> bool {
    public(context, site, statement).is_some_and(|(_, _, level)| level != Level::Suggestion)
}

/// Where a statement takes in everybody, how, and how much it matters.
fn public(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
) -> Option<(NodeId, How, Level)> {
    if !statement.allows() || !matters(site, statement) {
        return None;
    }
    let (node, how) = match (&statement.principal, &statement.not_principal) {
        (Known::Is(principals), _) => {
            let first = everybody(context, principals).into_iter().next()?;
            let bare = principals.star;
            match site.kind {
                SiteKind::Trust => (first, How::Trust { bare }),
                _ => (first, How::Resource),
            }
        }
        // A trust policy can't have it at all.
        (Known::Missing, Known::Is(others)) if site.kind == SiteKind::Resource => {
            (others.key, How::Others)
        }
        _ => return None,
    };
    let level = level(context, site, statement)?;
    let shut =
        conditions::is_dead(context, statement) || others_are_denied(context, site, statement);
    (!shut).then_some((node, how, level))
}

/// Whether it is a policy in which `*` means everybody, and gives them something.
fn matters(site: &Site, statement: &Statement) -> bool {
    match site.kind {
        SiteKind::Trust => ASSUME
            .iter()
            .filter_map(|name| catalog().action("sts", name))
            .any(|action| takes_in(statement, action).possible()),
        SiteKind::Resource => site
            .service
            .is_none_or(|service| !OPEN_SERVICES.contains(&service)),
        _ => false,
    }
}

/// How much it matters; `None` where the conditions name somebody, or it may be another kind of policy.
fn level(context: &Context<'_>, site: &Site, statement: &Statement) -> Option<Level> {
    let bounds = bounds(context, statement);
    match (site.kind, site.service, bounds) {
        (_, _, Bounds::Named) => None,
        (SiteKind::Trust, _, Bounds::None) => Some(Level::Error),
        (SiteKind::Trust, ..) => Some(Level::Warning),
        _ if reads_only(statement, context) => Some(Level::Suggestion),
        // A document that stands alone can be the policy of a VPC endpoint, where `*` is whoever is behind it.
        (_, None, Bounds::None | Bounds::Weakly) if !is_for_everything(context, statement) => {
            Some(Level::Warning)
        }
        (_, None, _) => None,
        // Where a domain stands in a VPC, or has users of its own, AWS recommends an open policy.
        (_, Some("es"), _) if is_guarded_domain(context) => None,
        (_, Some("es"), _) => Some(Level::Warning),
        (_, Some(_), Bounds::None) => Some(Level::Error),
        (_, Some(_), _) => Some(Level::Warning),
    }
}

/// Whether all that is allowed is to read what services document as public.
fn reads_only(statement: &Statement, context: &Context<'_>) -> bool {
    let actions = statement.actions();
    !actions.is_empty()
        && actions.iter().all(|item| {
            let text = item.text.literal(context.tree);
            text.is_some_and(|text| {
                PUBLIC_READS
                    .iter()
                    .any(|read| read.eq_ignore_ascii_case(text))
            })
        })
}

/// Whether a statement names no resource of its own.
fn is_for_everything(context: &Context<'_>, statement: &Statement) -> bool {
    statement.resource.known().is_none_or(|list| {
        list.dynamic
            || list
                .items
                .iter()
                .any(|item| context.patterns(item).iter().any(|value| value.is_star()))
    })
}

/// Whether the file's search domains are reached over a VPC, or ask their users who they are.
fn is_guarded_domain(context: &Context<'_>) -> bool {
    let source = context.tree.source().as_bytes();
    let mut guards = [
        "VPCOptions",
        "vpc_options",
        "AdvancedSecurityOptions",
        "advanced_security_options",
    ]
    .iter();
    guards.any(|guard| memchr::memmem::find(source, guard.as_bytes()).is_some())
}

impl Public {
    /// The actions as words for a sentence.
    fn allowed(&self) -> String {
        match self.actions.as_slice() {
            [] => "this".to_owned(),
            [one] => format!("`{one}`"),
            [one, two] => format!("`{one}` and `{two}`"),
            [one, rest @ ..] => format!("`{one}` and {} more actions", rest.len()),
        }
    }
}

impl Fact for Public {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let (message, help) = match self.how {
            How::Trust { bare: false } => (
                "Anybody with an AWS account can assume this role: nothing says whom it trusts."
                    .to_owned(),
                "Name the accounts, roles or services, or add a condition on `aws:PrincipalOrgID`.",
            ),
            How::Trust { bare: true } => (
                "`Principal: \"*\"` trusts everybody; AWS refuses it in a trust policy.".to_owned(),
                "Name the accounts, roles or services that may assume the role.",
            ),
            How::Resource => (
                format!(
                    "{} is allowed {} here.",
                    match self.signed {
                        true => "Every identity of every AWS account",
                        false => "Everybody in the world",
                    },
                    self.allowed()
                ),
                "Name who is meant, or add a condition that does, such as `aws:SourceArn` or `aws:PrincipalOrgID`.",
            ),
            How::Others => (
                format!(
                    "`NotPrincipal` allows {} to {} but those it names.",
                    self.allowed(),
                    match self.signed {
                        true => "every identity of every AWS account",
                        false => "everybody in the world",
                    }
                ),
                "Name in `Principal` who is meant, or make it a `Deny`.",
            ),
        };
        let finding = Finding::new(&RULE, self.span, message)
            .help(help)
            .level(self.level)
            .owner(self.owner.as_deref());
        match &self.passed {
            Some((at, key)) => {
                finding.related(*at, format!("this holds for requests without `{key}`, too"))
            }
            None => finding,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check};
    use leastwise_workspace::Level;

    #[test]
    fn a_key_of_kms_is_open_to_identities_only() {
        let text = |principal: &str| {
            format!(
                "Resources:\n  K:\n    Type: AWS::KMS::Key\n    Properties:\n      KeyPolicy: {{Version: '2012-10-17', Statement: [{{Effect: Allow, Principal: {principal}, Action: 'kms:Decrypt', Resource: '*'}}]}}\n"
            )
        };
        let said = |principal: &str| {
            let findings = Fixture::new(&text(principal), "").findings(&RULE);
            findings
                .into_iter()
                .map(|of| of.message)
                .collect::<Vec<_>>()
        };
        let all = "Every identity of every AWS account is allowed `kms:Decrypt` here.";
        assert_eq!(said("'*'"), [all]);
        assert_eq!(said("{AWS: '*'}"), [all]);
        // The account's own IAM policies decide who may.
        assert_eq!(said("{AWS: 'arn:aws:iam::111111111111:root'}"), [""; 0]);
    }

    /// A role that trusts `*` under these conditions.
    fn role(condition: &str) -> String {
        format!(
            "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {{AWS: '*'}}
            Action: sts:AssumeRole
            Condition: {condition}
"
        )
    }

    /// A resource with a policy that has these statements.
    fn resource(of: &str, statements: &str) -> String {
        format!(
            "Resources:
  Policy:
    Type: {of}
    Properties:
      PolicyDocument:
        Statement: [{statements}]
"
        )
    }

    fn levels(text: &str) -> Vec<Level> {
        let found = Fixture::new(text, "").findings(&RULE);
        found.iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn forms_of_everybody() {
        let text = "
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: '*', Action: sts:AssumeRole}
                                        ^
          - {Effect: Allow, Principal: {AWS: '*'}, Action: 'sts:*'}
                                              ^
          - {Effect: Allow, Principal: {AWS: ['arn:aws:iam::111111111111:root', '*']}, Action: sts:AssumeRole}
                                                                                 ^
          - {Effect: Deny, Principal: '*', Action: sts:SetSourceIdentity}
          - {Effect: Allow, Principal: {AWS: '*'}, Action: sts:TagSession}
          - {Effect: Allow, Principal: {AWS: !If [Open, '*', 'arn:aws:iam::111111111111:root']}, Action: sts:AssumeRole}
          - {Effect: Allow, Principal: {AWS: !Ref Trusted}, Action: sts:AssumeRole}
          - {Effect: !Ref Effect, Principal: {AWS: '*'}, Action: sts:AssumeRoleWithSAML}
          - {Effect: Allow, NotPrincipal: {AWS: 'arn:aws:iam::111111111111:root'}, Action: sts:AssumeRole}
  Topic:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [t]
      PolicyDocument:
        Statement:
          - {Effect: Allow, NotPrincipal: {AWS: 'arn:aws:iam::111111111111:root'}, Action: [sns:Publish, sns:Subscribe], Resource: '*'}
                            ^^^^^^^^^^^^
          - {Effect: Deny, NotPrincipal: {AWS: 'arn:aws:iam::111111111111:root'}, Action: sns:AddPermission, Resource: '*'}
";
        let messages = check(&RULE, text, "");
        assert_eq!(
            messages[0],
            "`Principal: \"*\"` trusts everybody; AWS refuses it in a trust policy."
        );
        assert_eq!(
            messages[3],
            "`NotPrincipal` allows `sns:Publish` and `sns:Subscribe` to everybody in the world but those it names."
        );
    }

    #[test]
    fn conditions_that_name_nobody() {
        for condition in [
            "{Bool: {'aws:SecureTransport': true}}",
            "{Bool: {'aws:MultiFactorAuthPresent': 'true'}}",
            "{StringLike: {'aws:PrincipalOrgID': '*'}}",
            "{StringLike: {'aws:PrincipalOrgID': 'o-*'}}",
            "{StringLike: {'aws:PrincipalAccount': ['111111111111', '*']}}",
            "{StringLike: {'aws:SourceVpce': 'vpce-*'}}",
            "{StringNotEquals: {'aws:PrincipalOrgID': o-a1b2c3d4e5}}",
            "{StringEqualsIfExists: {'aws:PrincipalOrgID': o-a1b2c3d4e5}}",
            "{'ForAllValues:StringLike': {'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*'}}",
            "{'ForAnyValue:StringLike': {'aws:PrincipalOrgPaths': 'o-*/r-1/*'}}",
            "{'ForAllValues:StringEquals': {'aws:PrincipalOrgID': o-1}, 'Null': {'aws:PrincipalOrgID': true}}",
            "{'ForAllValues:StringEquals': {'aws:PrincipalOrgID': o-1}, 'Null': {'aws:PrincipalArn': false}}",
            "{StringEquals: {'aws:ResourceOrgID': o-1}}",
            "{StringEquals: {'aws:ResourceOrgID': '${aws:PrincipalAccount}'}}",
            "{StringNotEquals: {'aws:ResourceOrgID': '${aws:PrincipalOrgID}'}}",
            "{ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::*:role/reader'}}",
            "{ArnLike: {'aws:SourceArn': 'arn:aws:s3:::*'}}",
            "{ArnLike: {'aws:SourceArn': 'arn:aws:sns:*'}}",
            "{ArnNotEquals: {'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/x'}}",
            "{'Null': {'aws:PrincipalOrgID': 'false'}}",
            "{IpAddress: {'aws:SourceIp': '0.0.0.0/0'}}",
            "{IpAddress: {'aws:SourceIp': ['0.0.0.0/1', '128.0.0.0/1']}}",
            "{IpAddress: {'aws:SourceIp': ['203.0.113.0/24', '::/0']}}",
            "{NotIpAddress: {'aws:SourceIp': '203.0.113.0/24'}}",
            // Where the one holds, nobody is named.
            "!If [Strict, {StringEquals: {'aws:PrincipalOrgID': o-1}}, {Bool: {'aws:SecureTransport': true}}]",
        ] {
            assert_eq!(levels(&role(condition)), [Level::Error], "{condition}");
        }
        for condition in [
            "{StringEquals: {'sts:ExternalId': shop}}",
            "{StringEquals: {'aws:PrincipalTag/team': core}}",
            "{StringEquals: {'aws:PrincipalType': User}}",
            "{StringLike: {'aws:username': 'bob'}}",
            "{Bool: {'aws:ViaAWSService': true}}",
            "{'ForAnyValue:StringEquals': {'aws:CalledVia': athena.amazonaws.com}}",
            "{StringEquals: {'aws:CalledViaFirst': athena.amazonaws.com}}",
            "{StringLike: {'aws:Referer': 'https://example.com/*'}}",
            "{IpAddress: {'aws:VpcSourceIp': '10.0.0.0/16'}}",
        ] {
            assert_eq!(levels(&role(condition)), [Level::Warning], "{condition}");
        }
    }

    #[test]
    fn conditions_that_name_somebody() {
        for condition in [
            "{StringEquals: {'aws:PrincipalOrgID': o-a1b2c3d4e5}}",
            "{StringEquals: {'AWS:principalaccount': !Ref AWS::AccountId}}",
            "{StringEquals: {'aws:PrincipalAccount': '*'}}",
            "{StringLike: {'aws:PrincipalOrgID': !Sub '${Organization}*'}}",
            "{'ForAnyValue:StringLike': {'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/r-ab12/*'}}",
            "{'ForAnyValue:StringLike': {'aws:PrincipalOrgPaths': !Sub '${Organization}/*/ou-1/*'}}",
            "{ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/*'}}",
            "{ArnLike: {'aws:PrincipalArn': !Sub 'arn:aws:iam::${AWS::AccountId}:role/*'}}",
            "{StringLike: {'aws:PrincipalArn': '*:111111111111:*'}}",
            "{StringEquals: {'aws:PrincipalArn': !Ref Caller}}",
            "{ArnLike: {'aws:SourceArn': 'arn:aws:s3:::shop-*'}}",
            "{StringEquals: {'aws:SourceVpc': vpc-1, 'aws:SourceVpce': 'vpce-1'}}",
            "{StringEquals: {'aws:VpceAccount': '111111111111'}}",
            "{StringEquals: {'aws:VpceOrgID': o-a1b2c3d4e5}}",
            "{StringEquals: {'aws:SourceOrgID': o-a1b2c3d4e5}}",
            "{StringEquals: {'kms:CallerAccount': '111111111111'}}",
            "{'ForAllValues:StringEquals': {'aws:PrincipalOrgID': o-1}, 'Null': {'AWS:PrincipalOrgID': 'false'}}",
            "{StringEquals: {'aws:ResourceOrgID': '${aws:PrincipalOrgID}'}}",
            "{StringEquals: {'aws:PrincipalOrgID': '${aws:ResourceOrgID}'}}",
            "{StringEquals: {'aws:ResourceAccount': '${aws:PrincipalAccount}'}}",
            "{StringLike: {'aws:userId': 'AROAEXAMPLEEXAMPLE12:*'}}",
            "{Bool: {'aws:SecureTransport': true}, IpAddress: {'aws:SourceIp': ['203.0.113.0/24', '2001:db8::/32']}}",
            "{IpAddress: {'aws:SourceIp': '10.0.0.0/8'}}",
            "{IpAddress: {'aws:SourceIp': 'fc00::/7'}}",
            "{IpAddress: {'aws:SourceIp': !Ref Office}}",
            "{StringEquals: {'token.actions.githubusercontent.com:sub': 'repo:acme/shop:*'}}",
            "!Ref Conditions",
            // Nobody meets it.
            "{StringEquals: {'aws:SourceVcpe': vpce-1}}",
            "{Bool: {'aws:SecureTransport': true}, StringEquals: {'aws:PrincipalOrgID': []}}",
        ] {
            assert_eq!(levels(&role(condition)), [], "{condition}");
        }
    }

    #[test]
    fn says_what_holds_without_its_key() {
        let text = "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {AWS: '*'}
                              ^
            Action: sts:AssumeRole
            Condition: {'ForAllValues:StringEquals': {'aws:PrincipalOrgID': o-1}}
";
        check(&RULE, text, "");
        let text = text.replace("                              ^\n", "");
        let fixture = Fixture::new(&text, "");
        let found = fixture.findings(&RULE);
        let related: Vec<_> = found[0].related.iter().collect();
        assert_eq!(related.len(), 1);
        // It is one fault: no second rule tells it.
        assert!(
            fixture
                .findings(&crate::conditions::for_all_values::RULE)
                .is_empty()
        );
        let named = text.replace("AWS: '*'", "AWS: '111111111111'");
        let fixture = Fixture::new(&named, "");
        assert_eq!(
            fixture
                .findings(&crate::conditions::for_all_values::RULE)
                .len(),
            1
        );
        for other in [
            "{'ForAllValues:StringEquals': {'aws:TagKeys': o-1}}",
            "{'ForAllValues:StringNotEquals': {'aws:PrincipalOrgID': o-1}}",
            "{'ForAnyValue:StringLike': {'aws:PrincipalOrgID': '*'}}",
        ] {
            let found = Fixture::new(&role(other), "").findings(&RULE);
            assert!(found[0].related.is_empty(), "{other}");
        }
    }

    /// A bucket's policy of Terraform with this beside a statement that is public.
    fn beside(more: &str) -> String {
        format!(
            "resource \"aws_s3_bucket_policy\" \"p\" {{
  bucket = \"b\"
  policy = data.aws_iam_policy_document.d.json
}}
data \"aws_iam_policy_document\" \"d\" {{
  statement {{
    actions   = [\"s3:PutObject\"]
    resources = [\"arn:aws:s3:::b/*\"]
    principals {{
      type        = \"*\"
      identifiers = [\"*\"]
    }}
  }}
  {more}
}}
"
        )
    }

    #[test]
    fn beside_statements_that_are_not_shown() {
        let block = |effect: &str| {
            format!(
                "dynamic \"statement\" {{
    for_each = var.more
    content {{
      {effect}
      actions   = [\"s3:GetObject\"]
      resources = [\"arn:aws:s3:::b/*\"]
      principals {{
        type        = \"AWS\"
        identifiers = statement.value
      }}
    }}
  }}"
            )
        };
        for (more, expected) in [
            (block(""), 1),
            (block("effect = \"Allow\""), 1),
            (block("effect = \"Deny\""), 0),
            (block("effect = var.effect"), 0),
            (
                "dynamic \"statement\" {\n for_each = var.more\n }".to_owned(),
                0,
            ),
            ("source_policy_documents = [var.more]".to_owned(), 0),
        ] {
            assert_eq!(levels(&beside(&more)).len(), expected, "{more}");
        }
        let concat = |more: &str| {
            levels(&format!(
                "resource \"aws_s3_bucket_policy\" \"p\" {{
  bucket = \"b\"
  policy = jsonencode({{
    Version = \"2012-10-17\"
    Statement = concat([{{ Effect = \"Allow\", Principal = \"*\", Action = \"s3:PutObject\", Resource = \"arn:aws:s3:::b/*\" }}], {more})
  }})
}}
"
            ))
            .len()
        };
        let made = |effect: &str| {
            format!(
                "[for a in var.accounts : {{ Effect = {effect}, Principal = {{ AWS = a }}, Action = \"s3:GetObject\", Resource = \"arn:aws:s3:::b/*\" }}]"
            )
        };
        let allow = made("\"Allow\"");
        for (more, expected) in [
            (allow.clone(), 1),
            (format!("flatten([for b in var.buckets : {allow}])"), 1),
            (format!("var.open ? {allow} : []"), 1),
            (
                format!(
                    "[for a in var.accounts : a == \"x\" ? {} : {}]",
                    "{ Effect = \"Allow\" }", "{ Effect = \"Allow\" }"
                ),
                1,
            ),
            (made("\"Deny\""), 0),
            (made("a.effect"), 0),
            (format!("var.open ? {allow} : {}", made("\"Deny\"")), 0),
            ("[for a in var.accounts : { Principal = a }]".to_owned(), 0),
            ("[for a in var.accounts : a]".to_owned(), 0),
            (
                "values({for a in var.accounts : a => { Effect = \"Allow\" }})".to_owned(),
                0,
            ),
            ("var.more".to_owned(), 0),
            (format!("{allow}, var.more"), 0),
        ] {
            assert_eq!(concat(&more), expected, "{more}");
        }
    }

    #[test]
    fn principals_that_a_dynamic_block_names() {
        let with = |kind: &str, of: &str| {
            let open = "principals {
      type        = \"*\"
      identifiers = [\"*\"]
    }";
            let block = format!(
                "dynamic \"principals\" {{
      for_each = var.open ? [1] : []
      content {{
        type        = {kind}
        identifiers = {of}
      }}
    }}"
            );
            levels(&beside("").replace(open, &block)).len()
        };
        assert_eq!(with("\"*\"", "[\"*\"]"), 1);
        assert_eq!(with("\"AWS\"", "[\"*\"]"), 1);
        assert_eq!(with("\"AWS\"", "principals.value"), 0);
        assert_eq!(with("principals.key", "[\"*\"]"), 0);
    }

    #[test]
    fn resources_by_what_is_allowed() {
        for (of, statement, expected) in [
            (
                "AWS::S3::BucketPolicy",
                "Action: 's3:*', Resource: 'arn:aws:s3:::b/*'",
                vec![Level::Error],
            ),
            (
                "AWS::S3::BucketPolicy",
                "Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*'",
                vec![Level::Suggestion],
            ),
            (
                "AWS::S3::BucketPolicy",
                "Action: [s3:GetObject, s3:ListBucket], Resource: '*'",
                vec![Level::Error],
            ),
            (
                "AWS::SQS::QueuePolicy",
                "Action: sqs:SendMessage, Resource: '*'",
                vec![Level::Error],
            ),
            (
                "AWS::SQS::QueuePolicy",
                "Action: sqs:SendMessage, Resource: '*', Condition: {StringEquals: {'aws:RequestTag/x': x}}",
                vec![Level::Warning],
            ),
            (
                "AWS::SQS::QueuePolicy",
                "Action: sqs:SendMessage, Resource: '*', Condition: {ArnEquals: {'aws:SourceArn': !Ref Topic}}",
                vec![],
            ),
            (
                "AWS::SNS::TopicPolicy",
                "Action: sns:Publish, Resource: '*', Condition: {StringEquals: {'AWS:SourceOwner': '111111111111'}}",
                vec![],
            ),
        ] {
            let statement = format!("{{Effect: Allow, Principal: '*', {statement}}}");
            assert_eq!(levels(&resource(of, &statement)), expected, "{statement}");
        }
    }

    #[test]
    fn policies_that_are_meant_to_be_open() {
        let text = "
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy: {Statement: [{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*'}]}
  Images:
    Type: AWS::ECR::PublicRepository
    Properties:
      RepositoryPolicyText: {Statement: [{Effect: Allow, Principal: '*', Action: 'ecr-public:*'}]}
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      PolicyDocument: {Statement: [{Effect: Allow, Principal: '*', Action: '*', Resource: '*'}]}
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy: {Statement: [{Effect: Allow, Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}, Action: 'kms:*', Resource: '*'}]}
  Files:
    Type: AWS::EFS::FileSystem
    Properties:
      FileSystemPolicy: {Statement: [{Effect: Allow, Principal: {AWS: '*'}, Action: 'elasticfilesystem:ClientMount', Condition: {Bool: {'elasticfilesystem:AccessedViaMountTarget': 'true'}}}]}
";
        check(&RULE, text, "");
        let domain = |more: &str| {
            format!(
                "Resources:\n  Search:\n    Type: AWS::OpenSearchService::Domain\n    Properties:\n      {more}: {{}}\n      AccessPolicies: {{Statement: [{{Effect: Allow, Principal: {{AWS: '*'}}, Action: 'es:ESHttp*', Resource: '*'}}]}}\n"
            )
        };
        assert_eq!(levels(&domain("VPCOptions")), []);
        assert_eq!(levels(&domain("AdvancedSecurityOptions")), []);
        assert_eq!(levels(&domain("ClusterConfig")), [Level::Warning]);
    }

    #[test]
    fn a_document_that_stands_alone() {
        let alone = |rest: &str| {
            levels(&format!(
                "Version: '2012-10-17'\nStatement:\n  - {{Effect: Allow, Principal: '*', {rest}}}\n"
            ))
        };
        assert_eq!(alone("Action: '*', Resource: '*'"), []);
        assert_eq!(
            alone("Action: 'sqs:*', Resource: 'arn:aws:sqs:eu-west-1:111111111111:jobs'"),
            [Level::Warning]
        );
        assert_eq!(
            alone(
                "Action: 'sqs:*', Resource: 'arn:aws:sqs:eu-west-1:111111111111:jobs', Condition: {StringEquals: {'aws:RequestTag/x': x}}"
            ),
            []
        );
        assert_eq!(
            alone(
                "Action: 'sqs:*', Resource: 'arn:aws:sqs:eu-west-1:111111111111:jobs', Condition: {StringEquals: {'aws:PrincipalTag/x': x}}"
            ),
            [Level::Warning]
        );
    }

    #[test]
    fn a_deny_keeps_the_others_out() {
        let policy = |deny: &str| {
            let allow = "{Effect: Allow, Principal: '*', Action: ['s3:PutObject', 's3:GetObject'], Resource: 'arn:aws:s3:::b/*'}";
            levels(&resource(
                "AWS::S3::BucketPolicy",
                &format!("{allow}, {deny}"),
            ))
        };
        for deny in [
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: {StringNotEquals: {'aws:SourceVpce': vpce-1}}}",
            "{Effect: Deny, Principal: {AWS: '*'}, Action: ['s3:Get*', 's3:Put*'], Resource: '*', Condition: {StringNotEquals: {'aws:PrincipalOrgID': o-1}}}",
            "{Effect: Deny, NotPrincipal: {AWS: 'arn:aws:iam::111111111111:root'}, Action: 's3:*', Resource: '*'}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: !Ref Conditions}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'], Condition: {NotIpAddressIfExists: {'aws:SourceIp': '203.0.113.0/24'}, BoolIfExists: {'aws:ViaAWSService': false}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: {StringNotEqualsIfExists: {'aws:PrincipalOrgID': o-1, 'aws:PrincipalTag/exempt': x}, BoolIfExists: {'aws:PrincipalIsAWSService': false}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: {Bool: {'aws:PrincipalIsAWSService': false}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: {StringNotEquals: {'aws:ResourceOrgID': '${aws:PrincipalOrgID}'}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: {StringNotEquals: {!Ref Key: x}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: !Ref Objects, Condition: {StringNotEquals: {'aws:SourceVpce': !Ref Endpoint}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', NotResource: 'arn:aws:s3:::c/*', Condition: {StringNotEquals: {'aws:SourceVpce': vpce-1}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:Put*', Resource: '*', Condition: {StringNotEquals: {'aws:SourceVpce': vpce-1}}}, {Effect: Deny, Principal: '*', Action: 's3:Get*', Resource: '*', Condition: {StringNotEquals: {'aws:SourceVpce': vpce-1}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::b/*'}",
            "{Effect: Deny, Principal: !Ref Others, Action: 's3:*', Resource: '*', Condition: {NotIpAddress: {'aws:SourceIp': '203.0.113.0/24'}}}",
        ] {
            assert_eq!(policy(deny), [], "{deny}");
        }
        for deny in [
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::c/*', Condition: {StringNotEquals: {'aws:SourceVpce': vpce-1}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::b', Condition: {StringNotEquals: {'aws:SourceVpce': vpce-1}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::b/private/*', Condition: {StringNotEquals: {'aws:SourceVpce': vpce-1}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', NotResource: 'arn:aws:s3:::b/*', Condition: {StringNotEquals: {'aws:SourceVpce': vpce-1}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: {StringEquals: {'aws:SourceVpce': vpce-1}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: {IpAddress: {'aws:SourceIp': '203.0.113.0/24'}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: {NotIpAddress: {'aws:SourceIp': '0.0.0.0/0'}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: {StringNotEquals: {'aws:SourceVpce': vpce-1}, Bool: {'aws:SecureTransport': false}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: {StringNotEquals: {'aws:PrincipalTag/x': y}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: {StringNotEquals: {'s3:x-amz-acl': private}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: {Bool: {'aws:ViaAWSService': false}}}",
            "{Effect: Deny, NotPrincipal: {AWS: 'arn:aws:iam::111111111111:root'}, Action: 's3:*', Resource: '*', Condition: {Bool: {'aws:SecureTransport': false}}}",
            "{Effect: Deny, NotPrincipal: '*', Action: 's3:*', Resource: '*'}",
            "{Effect: Deny, NotPrincipal: {AWS: 'arn:aws:iam::111111111111:root'}, Action: 's3:*', Resource: 'arn:aws:s3:::c/*'}",
            "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: {Bool: {'aws:SecureTransport': false}}}",
            "{Effect: Deny, Principal: '*', Action: 's3:Get*', Resource: '*', Condition: {StringNotEquals: {'aws:SourceVpce': vpce-1}}}",
            "{Effect: Deny, Principal: {AWS: 'arn:aws:iam::111111111111:root'}, Action: 's3:*', Resource: '*', Condition: {StringNotEquals: {'aws:SourceVpce': vpce-1}}}",
            "{Effect: Allow, Principal: {AWS: 'arn:aws:iam::111111111111:root'}, Action: 's3:*', Resource: '*', Condition: {StringNotEquals: {'aws:SourceVpce': vpce-1}}}",
        ] {
            assert_eq!(policy(deny), [Level::Error], "{deny}");
        }
    }

    #[test]
    fn a_deny_of_the_same_unknown_resource() {
        let policy = |of: &str, allow: &str, deny: &str| {
            levels(&resource(
                of,
                &format!(
                    "{{Effect: Allow, Principal: '*', Action: '*', Resource: {allow}}}, {{Effect: Deny, Principal: '*', Action: {deny}, Condition: {{StringNotEquals: {{'aws:PrincipalOrgID': o-1}}}}}}"
                ),
            ))
        };
        let bucket = |allow: &str, deny: &str| {
            policy(
                "AWS::S3::BucketPolicy",
                allow,
                &format!("'s3:*', Resource: {deny}"),
            )
        };
        let queue = |deny: &str| policy("AWS::SQS::QueuePolicy", "'*'", deny);
        assert_eq!(bucket("!Sub '${B}/*'", "!Sub '${B}/*'"), []);
        assert_eq!(bucket("!Sub '${B}/*'", "!Sub '${C}/*'"), []);
        assert_eq!(bucket("'*'", "'arn:aws:s3:::b/*'"), []);
        assert_eq!(queue("'sqs:*', Resource: !GetAtt Queue.Arn"), []);
        for deny in ["!Sub '${B}/private/*'", "!Sub '${B}'"] {
            assert_eq!(bucket("!Sub '${B}/*'", deny), [Level::Error], "{deny}");
        }
        for deny in ["'arn:aws:s3:::b'", "'arn:aws:s3:::b/private/*'"] {
            assert_eq!(bucket("'*'", deny), [Level::Error], "{deny}");
        }
        assert_eq!(queue("'sqs:Send*', Resource: '*'"), [Level::Error]);
    }
}
