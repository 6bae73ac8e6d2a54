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

use leastwise_model::{Element, Form, Known, Level, Site, SiteKind, Statement};
use leastwise_policy::elements;
use leastwise_policy::principal::PRINCIPAL_TYPES;
use leastwise_syntax::NodeId;
use leastwise_syntax::write::Edit;

use super::{allowed, allowed_by_all, is_macro, is_object, with_article};
use crate::actions::choice;
use crate::rule::Same;
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
                        let meant = Vec::from_iter(meant);
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
        let meant = Vec::from_iter(meant);
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
        let mut meant = elements::suggest_statement_elements(&name.replace('_', ""));
        meant.retain(|meant| {
            !has(context, form, &statement.elements, meant)
                && (form == Form::Document || !stands_beside(context, element, meant))
        });
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

/// Whether a block has the argument for an element beside another. What is worked out, and may be null, is no element.
fn stands_beside(context: &Context<'_>, element: &Element, name: &str) -> bool {
    let body = context.tree.parent(element.value);
    body.is_some_and(|body| context.tree.get(body, Form::Blocks.name(name)).is_some())
}

/// A finding about a key, with the fix that gives it the name that was probably meant; one for each of several.
fn rename(
    context: &Context<'_>,
    site: &Site,
    key: NodeId,
    name: &str,
    message: String,
    meant: Vec<&'static str>,
    adds: impl Fn(&Context<'_>, NodeId, &str) -> Vec<String> + Send + Sync + Clone + 'static,
) -> Finding {
    let finding = Finding::new(&RULE, context.content(key), message).owner(context.owner(site));
    let element = match meant.as_slice() {
        [] => return finding.help("Remove it, or move what it says into a comment."),
        [element] => *element,
        several => {
            let form = context.policy(site).form;
            let names: Vec<String> = several.iter().map(|of| form.name(of).to_owned()).collect();
            let finding = finding.help(format!("Did you mean {}?", choice(&names)));
            return several.iter().fold(finding, |finding, element| {
                let (element, meant, adds) = (*element, form.name(element), adds.clone());
                let title = format!("Rename to {meant}");
                finding.fix(title, Safety::Manual, move |context| {
                    let adds = adds(context, key, element);
                    let text = meant.to_owned();
                    Some(Fix::new(vec![Edit::SetScalar { node: key, text }]).adds(adds))
                })
            });
        }
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
mod tests;
