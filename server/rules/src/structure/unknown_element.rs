//! Finds elements that a policy, a statement or a principal doesn't have.
//!
//! AWS refuses a policy with an element that it doesn't know: `Actions` for `Action`, `resource` for `Resource`. It
//! also refuses elements that another kind of policy has: an identity policy says nothing of principals, a trust policy
//! names no resource. Terraform refuses arguments that its blocks don't have: `value` for `values`, `operator` for `test`.
//!
//! ## Example
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Actions": ["s3:GetObject", "s3:PutObject"],
//!       "Resource": "arn:aws:s3:::shop-data/*"
//!     }
//!   ]
//! }
//! ```
//!
//! ```yaml
//! Resources:
//!   ShopRole:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal:
//!               service: lambda.amazonaws.com
//!             Action: sts:AssumeRole
//! ```
//!
//! ## Fixed
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": ["s3:GetObject", "s3:PutObject"],
//!       "Resource": "arn:aws:s3:::shop-data/*"
//!     }
//!   ]
//! }
//! ```
//!
//! ```yaml
//! Resources:
//!   ShopRole:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal:
//!               Service: lambda.amazonaws.com
//!             Action: sts:AssumeRole
//! ```

mod arguments;

use leastwise_policy::elements;
use leastwise_policy::principal::PRINCIPAL_TYPES;
use leastwise_syntax::NodeId;
use leastwise_syntax::write::Edit;
use leastwise_workspace::model::{Element, Form, Known, Statement};
use leastwise_workspace::{Level, Site, SiteKind};

use super::{allowed, allowed_by_all, is_macro, is_object, with_article};
use crate::merge::Same;
use crate::{Context, Finding, Findings, Fix, FixKind, Group, Rule, Safety};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unknown-element",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "An element that this policy can't have",
    fix: FixKind::Unsafe,
    equivalents: &[
        ("access-analyzer", "INVALID_POLICY_ELEMENT"),
        ("access-analyzer", "INVALID_PRINCIPAL_KEY"),
        ("access-analyzer", "UNSUPPORTED_PRINCIPAL"),
        ("access-analyzer", "SCP_SYNTAX_ERROR_PRINCIPAL"),
        ("access-analyzer", "RCP_SYNTAX_ERROR_PRINCIPAL"),
        ("access-analyzer", "RCP_SYNTAX_ERROR_NOTACTION"),
        (
            "access-analyzer",
            "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL",
        ),
        ("access-analyzer", "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE"),
        ("parliament", "MALFORMED"),
        ("cfn-lint", "E3510"),
        ("cfn-lint", "E3512"),
        ("cfn-lint", "E3530"),
        ("iam-policy-validator", "policy_structure"),
    ],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for site in context.sites() {
        of_policy(context, site, findings);
        for statement in &context.policy(site).statements {
            of_statement(context, site, statement, findings);
            if context.policy(site).form == Form::Blocks && !is_object(context, site) {
                arguments::of_statement(context, site, statement, findings);
            }
            for principals in [&statement.principal, &statement.not_principal] {
                let Known::Is(principals) = principals else {
                    continue;
                };
                for kind in &principals.kinds {
                    if !PRINCIPAL_TYPES.contains(&kind.name.as_str()) && !is_macro(&kind.name) {
                        let taken =
                            |name: &str| principals.kinds.iter().any(|kind| kind.name == name);
                        let meant = principal_type(&kind.name).filter(|meant| !taken(meant));
                        if kind.name == "*" {
                            findings.push(star_beside_others(context, site, kind.key));
                            continue;
                        }
                        let message = format!(
                            "`{}` is no kind of principal: AWS refuses the policy. There are `AWS`, `Service`, \
                             `Federated` and `CanonicalUser`.",
                            kind.name
                        );
                        let adds = |_: &Context<'_>, _, _: &str| Vec::new();
                        findings.push(rename(
                            context, site, kind.key, &kind.name, message, meant, adds,
                        ));
                    }
                }
            }
        }
    }
}

/// A `*` as a kind of principal: what stands for everybody stands alone.
fn star_beside_others(context: &Context<'_>, site: &Site, key: NodeId) -> Finding {
    let message =
        "`*` is no kind of principal, and can't stand beside others: AWS refuses the policy.";
    Finding::new(&RULE, context.content(key), message)
        .help("Remove it, or remove the others: everybody takes them in.")
        .owner(context.owner(site))
}

/// Elements at the top of the document.
fn of_policy(context: &Context<'_>, site: &Site, findings: &mut Findings) {
    let elements = &context.policy(site).elements;
    // A document without statements may be no policy at all: organizations have others, too.
    let evident =
        |element: &Element| elements::suggest_policy_element(&element.name) == Some("Statement");
    if !elements.iter().any(evident) {
        return;
    }
    let form = context.policy(site).form;
    for element in elements {
        let name = element.name.as_str();
        let known = elements::policy_element(name).is_some() && is_written(context, form, element);
        if known || is_macro(name) {
            continue;
        }
        // Terraform's blocks of statements stand beside one another.
        let is_free = |meant: &&str| {
            !has(context, form, elements, meant) || form == Form::Blocks && *meant == "Statement"
        };
        let meant = elements::suggest_policy_element(name).filter(is_free);
        let message = match elements::statement_element(name) {
            _ if form == Form::Blocks => {
                format!("`aws_iam_policy_document` has no `{name}`: Terraform refuses the module.")
            }
            Some(_) => format!(
                "`{name}` belongs into a statement: AWS refuses a policy that has it beside `Statement`."
            ),
            None => format!("A policy has no element `{name}`: AWS refuses it."),
        };
        let value = element.value;
        let adds = move |context: &Context<'_>, _, meant: &str| match meant {
            "Statement" => allowed_by_all(context.tree, value, form),
            _ => Vec::new(),
        };
        findings.push(rename(
            context,
            site,
            element.key,
            name,
            message,
            meant,
            adds,
        ));
    }
}

fn of_statement(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    findings: &mut Findings,
) {
    let form = context.policy(site).form;
    for element in &statement.elements {
        let name = element.name.as_str();
        if is_macro(name) {
            continue;
        }
        if elements::statement_element(name).is_some() && is_written(context, form, element) {
            if let Some((message, help)) = forbidden(site.kind, name) {
                let finding = Finding::new(&RULE, context.content(element.key), message);
                findings.push(finding.help(help).owner(context.owner(site)));
            }
            continue;
        }
        let meant = elements::suggest_statement_element(&name.replace('_', ""))
            .filter(|meant| !has(context, form, &statement.elements, meant));
        let message = match form {
            Form::Document => {
                format!("A statement has no element `{name}`: AWS refuses the policy.")
            }
            Form::Blocks => {
                format!("A `statement` block has no `{name}`: Terraform refuses the module.")
            }
        };
        let node = statement.node;
        let adds = move |context: &Context<'_>, key, meant: &str| match meant {
            "Condition" | "Sid" => Vec::new(),
            meant => allowed(context.tree, node, form, Some((key, meant)), None),
        };
        findings.push(rename(
            context,
            site,
            element.key,
            name,
            message,
            meant,
            adds,
        ));
    }
}

/// Whether an element has the name that its form has for it: blocks of Terraform know no `Effect`.
fn is_written(context: &Context<'_>, form: Form, element: &Element) -> bool {
    form == Form::Document || context.tree.text(element.key) == Some(form.name(&element.name))
}

fn has(context: &Context<'_>, form: Form, elements: &[Element], name: &str) -> bool {
    let is = |element: &Element| element.name == name && is_written(context, form, element);
    elements.iter().any(is)
}

/// A finding about a key, with the fix that gives it the name that was probably meant.
fn rename(
    context: &Context<'_>,
    site: &Site,
    key: NodeId,
    name: &str,
    message: String,
    meant: Option<&'static str>,
    adds: impl Fn(&Context<'_>, NodeId, &str) -> Vec<String> + Send + Sync + 'static,
) -> Finding {
    let finding = Finding::new(&RULE, context.content(key), message).owner(context.owner(site));
    let Some(element) = meant else {
        return finding.help("Remove it, or move what it says into a comment.");
    };
    let meant = context.policy(site).form.name(element);
    // Only its case is wrong, or it narrows the statement.
    let same = meant.eq_ignore_ascii_case(name);
    let safety = if same || matches!(element, "Condition" | "Sid" | "Id") {
        Safety::Safe
    } else {
        Safety::Unsafe
    };
    let help = match same {
        true => format!("Write `{meant}`: upper and lower case count."),
        false => format!("Did you mean `{meant}`?"),
    };
    let mut finding = finding.help(help);
    if same && context.policy(site).form == Form::Document {
        finding = finding.same(of_case(context, site, name, meant));
    }
    // What nobody reads in a block as it is written would be granted or denied anew.
    if element == name && meant != name {
        return finding;
    }
    let title = format!("Rename to {meant}");
    let finding = finding.fix(title, safety, move |context| {
        let adds = if same {
            Vec::new()
        } else {
            adds(context, key, element)
        };
        Some(
            Fix::new(vec![Edit::SetScalar {
                node: key,
                text: meant.to_owned(),
            }])
            .adds(adds),
        )
    });
    match same {
        true => finding.fix_of_several("Write them as IAM does"),
        false => finding,
    }
}

/// What the names of a policy have in common that are IAM's but for their case.
fn of_case(context: &Context<'_>, site: &Site, name: &str, meant: &str) -> Same {
    Same {
        within: site.span(context.tree),
        key: "case".to_owned(),
        name: format!("`{name}`"),
        several: "aren't spelled as IAM spells them: AWS refuses the policy.".to_owned(),
        help: "Upper and lower case count.".to_owned(),
        each: vec![format!("`{meant}`")],
        intro: "Write",
    }
}

fn principal_type(name: &str) -> Option<&'static str> {
    let bare = name.strip_suffix(['s', 'S']).unwrap_or(name);
    PRINCIPAL_TYPES
        .into_iter()
        .find(|kind| kind.eq_ignore_ascii_case(name))
        .or_else(|| {
            PRINCIPAL_TYPES
                .into_iter()
                .find(|kind| kind.eq_ignore_ascii_case(bare))
        })
}

/// Whether a policy of this kind can't have an element that others have.
pub(super) fn is_forbidden(kind: SiteKind, name: &str) -> bool {
    forbidden(kind, name).is_some()
}

/// Why a policy of this kind can't have an element that others have.
fn forbidden(kind: SiteKind, name: &str) -> Option<(String, &'static str)> {
    let mut subject = with_article(kind);
    let (why, help) = match (kind, name) {
        (SiteKind::Trust, "Resource" | "NotResource") => (
            "it is about the role that it belongs to".to_owned(),
            "Remove it.",
        ),
        (SiteKind::Trust, "NotPrincipal") => (
            "AWS takes only principals that are named".to_owned(),
            "Name those who may assume the role in `Principal`.",
        ),
        (SiteKind::Rcp, "NotAction") => (
            "AWS takes only actions that are named".to_owned(),
            "Name the actions in `Action`.",
        ),
        (SiteKind::Rcp, "NotPrincipal") => (
            "its only principal is `*`".to_owned(),
            "Write `Principal: \"*\"` and narrow it by a condition.",
        ),
        (
            SiteKind::Identity | SiteKind::Boundary | SiteKind::Scp | SiteKind::Session,
            "Principal" | "NotPrincipal",
        ) => (
            "it is about the identities that it is attached to".to_owned(),
            "Remove it.",
        ),
        _ => return None,
    };
    if let Some(first) = subject.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Some((
        format!("{subject} can't have `{name}`: {why}. AWS refuses the policy."),
        help,
    ))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check, mend};

    #[test]
    fn everybody_beside_somebody() {
        check(
            &RULE,
            "Statement: [{Effect: Allow, Principal: {AWS: '111111111111', '*': '*'}, Action: 'sqs:*', Resource: '*'}]
                                                              ^
",
            "",
        );
        let blocks = "\
data \"aws_iam_policy_document\" \"web\" {
  statement {
    actions   = [\"s3:GetObject\"]
    resources = [\"arn:aws:s3:::shop-web/*\"]
    principals {
      type        = \"AWS\"
      identifiers = [aws_cloudfront_origin_access_identity.web.iam_arn]
    }
    principals {
      type        = \"*\"
                     ^
      identifiers = [\"*\"]
    }
  }
  statement {
    actions   = [\"s3:GetObject\"]
    resources = [\"arn:aws:s3:::shop-web/*\"]
    principals {
      type        = \"*\"
      identifiers = [\"*\"]
    }
  }
}
";
        check(&RULE, blocks, "");
    }

    #[test]
    fn blocks_allow_where_they_name_no_effect() {
        let adds = |effect: &str| {
            let text = format!(
                "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n{effect}    action    = [\"s3:GetObject\"]\n    resources = [\"*\"]\n  }}\n}}\n"
            );
            let fixes = Fixture::new(&text, "").fixes(&RULE).into_iter();
            fixes.flat_map(|fix| fix.adds).collect::<Vec<_>>()
        };
        assert_eq!(adds(""), ["s3:GetObject"]);
        assert_eq!(adds("    effect    = \"Allow\"\n"), ["s3:GetObject"]);
        assert_eq!(adds("    effect    = \"Deny\"\n"), [""; 0]);
    }

    #[test]
    fn what_is_spelled_in_lower_case_is_one_fault() {
        let lower = r#"{
  "version": "2012-10-17",
  "statement": [
    {"effect": "Allow", "action": "s3:GetObject", "resource": "*"},
    {"effect": "Deny", "action": "s3:PutObject", "resource": "*"}
  ]
}
"#;
        let file = Fixture::new(lower, "");
        let found = file.findings(&RULE);
        let [one] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(
            one.message,
            "`version`, `statement`, `effect` and 2 more aren't spelled as IAM spells them: AWS refuses the policy."
        );
        let help = "Upper and lower case count. Write `Version`, `Statement`, `Effect` and 2 more.";
        assert_eq!((one.help.as_str(), one.related.len()), (help, 7));
        let fixes: Vec<&str> = one.fixes.iter().map(|fix| fix.title.as_str()).collect();
        assert_eq!(fixes, ["Write them as IAM does"]);
        let upper = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
    {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}
  ]
}
"#;
        assert_eq!(mend(&RULE, lower, ""), upper);
        // One alone is called by its name, another slip is another fault, and so is another policy.
        let counts = |text: &str| {
            let found = Fixture::new(text, "").findings(&RULE).into_iter();
            found.map(|of| of.related.len()).collect::<Vec<_>>()
        };
        let one = upper.replacen("Effect", "effect", 1);
        assert_eq!(counts(&one), [0]);
        assert_eq!(counts(&one.replacen("Action", "Actions", 1)), [0, 0]);
        let role = "Resources:
  One: {Type: 'AWS::IAM::ManagedPolicy', Properties: {PolicyDocument: {Version: '2012-10-17', Statement: [{effect: Allow, action: 's3:GetObject', Resource: '*'}]}}}
  Two: {Type: 'AWS::IAM::ManagedPolicy', Properties: {PolicyDocument: {Version: '2012-10-17', Statement: [{effect: Allow, action: 's3:GetObject', Resource: '*'}]}}}
";
        assert_eq!(counts(role), [1, 1]);
        // What other programs keep in lower case is no policy.
        assert_eq!(
            counts("statement:\n  - {effect: allow, action: read, resource: users}\n"),
            [0; 0]
        );
    }

    #[test]
    fn names_that_statements_do_not_have() {
        let messages = check(
            &RULE,
            r#"
Version: '2012-10-17'
Statement:
  - Effect: Allow
    Actions: [s3:GetObject]
    ^^^^^^^
    Resource: '*'
    Comment: for the shop
    ^^^^^^^
  - {Effect: Deny, Action: s3:DeleteObject, "resource": '*'}
                                             ^^^^^^^^
"#,
            "",
        );
        assert_eq!(
            messages[0],
            "A statement has no element `Actions`: AWS refuses the policy."
        );
    }

    #[test]
    fn names_that_policies_do_not_have() {
        check(
            &RULE,
            r#"
{
  "Version": "2012-10-17",
  "Effect": "Allow",
   ^^^^^^
  "ID": "shop",
   ^^
  "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]
}
"#,
            "",
        );
    }

    #[test]
    fn principals_by_kind() {
        let messages = check(
            &RULE,
            r#"
Resources:
  ShopRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal:
              Services: lambda.amazonaws.com
              ^^^^^^^^
              AWS: '111111111111'
            Action: sts:AssumeRole
            Resource: '*'
            ^^^^^^^^
          - Effect: Allow
            NotPrincipal: {AWS: '111111111111'}
            ^^^^^^^^^^^^
            Action: sts:AssumeRole
      Policies:
        - PolicyName: data
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Principal: '*'
                ^^^^^^^^^
                Action: s3:GetObject
                Resource: '*'
  DataPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: shop-data
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Deny
            NotPrincipal: {AWS: 'arn:aws:iam::111111111111:root'}
            Action: s3:GetObject
            Resource: '*'
"#,
            "",
        );
        assert_eq!(
            messages[1],
            "A trust policy can't have `Resource`: it is about the role that it belongs to. AWS refuses the policy."
        );
    }

    #[test]
    fn what_a_function_brings_is_not_unknown() {
        check(
            &RULE,
            r#"
Resources:
  ShopPolicy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://shop/statement.yaml}}
            Effect: Allow
          - !If
            - Prod
            - {Effect: Allow, Action: s3:GetObject, Resource: '*'}
            - !Ref AWS::NoValue
"#,
            "",
        );
    }

    #[test]
    fn a_template_in_json() {
        check(
            &RULE,
            r#"
{
  "Resources": {
    "Queue": {
      "Type": "AWS::SQS::QueuePolicy",
      "Properties": {
        "PolicyDocument": {
          "Version": "2012-10-17",
          "Statements": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]
           ^^^^^^^^^^
        }
      }
    }
  }
}
"#,
            "",
        );
    }

    #[test]
    fn arguments_of_terraform() {
        let text = r#"
data "aws_iam_policy_document" "d" {
  statement {
    effect    = "Deny"
    action    = ["s3:GetObject"]
    ^^^^^^
    Resources = ["*"]
    ^^^^^^^^^
    comment   = "for the shop"
    ^^^^^^^
    principal {
    ^^^^^^^^^
      type        = "AWS"
      identifiers = ["*"]
    }
    dynamic "condition" {
      for_each = var.tests
      content {
        test     = condition.value
        variable = "aws:SourceVpc"
        values   = ["vpc-1"]
      }
    }
  }
  dynamic "statement" {
    for_each = var.more
    content {
      effect     = "Deny"
      not_action = ["s3:GetObject"]
      ^^^^^^^^^^
      resources  = ["*"]
    }
  }
  statements {
  ^^^^^^^^^^
  }
}
module "m" {
  statements = [{ effect = "Allow", actions = ["s3:GetObject"], resources = ["*"], key = "a" }]
}
"#
        .trim_start();
        let messages = check(&RULE, text, "");
        assert_eq!(
            messages[0],
            "A `statement` block has no `action`: Terraform refuses the module."
        );
        let unmarked: String = text
            .split_inclusive('\n')
            .filter(|line| !line.contains("^^") && !line.contains("comment"))
            .collect();
        let mended = mend(&RULE, &unmarked, "");
        for name in [
            "    actions ",
            "    resources ",
            "    principals {",
            "      not_actions ",
        ] {
            assert!(mended.contains(name), "{name} in {mended}");
        }
    }

    #[test]
    fn names_of_iam_in_blocks() {
        let text = r#"
data "aws_iam_policy_document" "d" {
  Statement {
  ^^^^^^^^^
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
  statement {
    Effect    = "Deny"
    ^^^^^^
    Action    = ["s3:GetObject"]
    ^^^^^^
    resources = ["*"]
    Condition {
    ^^^^^^^^^
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
"#
        .trim_start();
        let messages = check(&RULE, text, "");
        assert_eq!(
            messages[0],
            "`aws_iam_policy_document` has no `Statement`: Terraform refuses the module."
        );
        assert_eq!(
            messages[1],
            "A `statement` block has no `Effect`: Terraform refuses the module."
        );
    }

    #[test]
    fn names_of_terraform_in_a_document() {
        let text = r#"
resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      effect        = "Deny"
      ^^^^^^
      actions       = ["s3:GetObject"]
      ^^^^^^^
      not_resources = ["*"]
      ^^^^^^^^^^^^^
    }]
  })
}
"#
        .trim_start();
        check(&RULE, text, "");
    }

    #[test]
    fn a_misspelt_statement_hides_no_document() {
        let text = "{\"Version\": \"2012-10-17\", \"Statment\": [{\"Effect\": \"Deny\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\"}]}\n";
        assert_eq!(mend(&RULE, text, ""), text.replace("Statment", "Statement"));
        let module =
            format!("resource \"aws_iam_policy\" \"p\" {{\n  policy = <<EOT\n{text}EOT\n}}\n");
        assert_eq!(
            mend(&RULE, &module, ""),
            module.replace("Statment", "Statement")
        );
        for other in [
            "{\"Version\": \"2012-10-17\", \"Statistics\": [{\"Effect\": \"Deny\", \"Action\": \"a\", \"Resource\": \"*\"}]}",
            "{\"Version\": \"1\", \"Statments\": [{\"Effect\": \"Deny\", \"Action\": \"a\", \"Resource\": \"*\"}]}",
            "{\"Version\": \"2012-10-17\", \"Statments\": [{\"Name\": \"a\"}]}",
            // `statements` is a word of others, too.
            "{\"Version\": \"2012-10-17\", \"Statements\": [{\"Effect\": \"blur\", \"Action\": \"run\"}]}",
            "{\"Version\": \"2012-10-17\", \"Statements\": [{\"Effect\": \"Allow\", \"Resource\": \"*\"}]}",
            "{\"Version\": \"2012-10-17\", \"statement\": [{\"sid\": \"a\", \"Resource\": \"*\"}]}",
            "{\"ApiVersion\": \"2012-10-17\", \"Statements\": [{\"Effect\": \"Deny\", \"Action\": \"s3:GetObject\"}]}",
        ] {
            check(&RULE, other, "");
        }
        // What a module takes in small letters is its own business.
        let module = "\
module \"m\" {
  policy = {
    version   = \"2012-10-17\"
    statement = [{ effect = \"Deny\", action = \"s3:GetObject\", resource = \"*\" }]
  }
}
";
        check(&RULE, module, "");
    }

    #[test]
    fn a_misspelt_statement_in_data() {
        for text in [
            "{\"Version\": \"2012-10-17\", \"Statements\": [{\"Effect\": \"Deny\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\"}]}\n",
            "{\"Version\": \"2008-10-17\", \"Statment\": {\"Effect\": \"Deny\"}}\n",
            "{\"PolicyVersion\": {\"Document\": {\"Version\": \"2012-10-17\", \"statement\": [{\"Effect\": \"Deny\", \"NotAction\": \"s3:*\", \"Resource\": \"*\"}]}}}\n",
            "{\"Role\": {\"RoleName\": \"a\", \"AssumeRolePolicyDocument\": {\"Version\": \"2012-10-17\", \"Statement_\": [{\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"sts:AssumeRole\"}]}}}\n",
            "Version: '2012-10-17'\nStatments:\n  - Effect: Deny\n    Action: s3:GetObject\n    Resource: '*'\n",
            "version: '2012-10-17'\nstatement:\n  - effect: Deny\n    action: s3:GetObject\n    resource: '*'\n",
        ] {
            let mended = mend(&RULE, text, "");
            assert_ne!(mended, text);
            assert!(
                mended.contains("Statement") && mended.contains("Version"),
                "{mended}"
            );
        }
    }

    #[test]
    fn a_wrong_case_is_mended_without_a_word() {
        let text = "Version: '2012-10-17'\nStatement:\n  - {effect: Deny, action: 's3:*', Resource: '*'}\n";
        let after = "Version: '2012-10-17'\nStatement:\n  - {Effect: Deny, Action: 's3:*', Resource: '*'}\n";
        assert_eq!(mend(&RULE, text, ""), after);
    }

    #[test]
    fn a_name_that_is_taken_is_not_offered() {
        let text = "Version: '2012-10-17'\nStatement:\n  - Effect: Deny\n    Action: 's3:*'\n    action: 'sqs:*'\n    Resource: '*'\n";
        assert_eq!(mend(&RULE, text, ""), text);
    }
}
