//! Finds elements that a policy, a statement or a principal doesn't have.
//!
//! AWS rejects a policy with an unknown element: `Actions` for `Action`, `resource` for `Resource`. It also rejects
//! elements of another kind of policy: an identity policy has no principals, a trust policy names no resource.
//! Terraform rejects arguments that its blocks don't have: `value` for `values`, `operator` for `test`.
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
mod missing_space;

use leastwise_model::{
    BlockNames, ElementPair, Form, Known, Level, Policy, Principals, Site, SiteKind, Statement,
};
use leastwise_policy::elements;
use leastwise_policy::principal::PRINCIPAL_TYPES;
use leastwise_syntax::write::Edit;
use leastwise_syntax::{NodeId, Span};

use super::{allowed, allowed_by_all, is_macro, is_of_blocks, with_article};
use crate::actions::choice;
use crate::rule::CommonCause;
use crate::support::impact::{is_any_grave, is_grave};
use crate::{
    Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, LazyFix, Rule, Safety, Scope,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unknown-element",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "An element that this policy can't have",
    fix: FixKind::Unsafe,
    judges: Judges::Place,
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
    scope: &[Scope::Policy(find)],
};

/// A key that isn't one of those that there are.
struct Unknown {
    key: NodeId,
    at: Span,
    name: String,
    what: What,
    /// What it may be meant for, by IAM's names.
    meant: Vec<&'static str>,
    /// What is granted under another name.
    grants: Grants,
    kind: SiteKind,
    form: Form,
    /// The policy's bytes.
    policy: Span,
    owner: Option<String>,
}

/// What a key is.
#[derive(Clone, Copy)]
enum What {
    /// A `*` among kinds of principals.
    Star,
    /// A kind of principal.
    Principal,
    /// An argument of the block that is the policy.
    Argument,
    /// An element of statements beside `Statement`.
    BesideStatement,
    /// An element of a policy.
    OfPolicy,
    /// An element of a statement.
    OfStatement,
    /// An element that other kinds of policies have.
    Forbidden(SiteKind),
    /// An element and its value in one, without a space between them; the mapping that it stands in, where nothing else is its
    /// value.
    Unspaced(Option<NodeId>),
}

/// What a key would grant under another name.
#[derive(Clone, Copy)]
enum Grants {
    Nothing,
    /// What these statements allow, as `Statement`.
    Statements(NodeId),
    /// What this statement allows with it.
    Statement(NodeId),
    /// What this statement allows to whom it names.
    Principals(NodeId),
}

/// Yields what is unknown in one policy.
struct ElementCheck<'l, 'f> {
    context: &'l Context<'l>,
    site: &'l Site,
    form: Form,
    facts: &'l mut Facts<'f>,
}

fn find(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Facts<'_>) {
    let form = policy.form;
    let names = form.blocks().filter(|_| is_of_blocks(context, site));
    let mut look = ElementCheck {
        context,
        site,
        form,
        facts,
    };
    look.policy(policy);
    for statement in &policy.statements {
        look.statement(statement);
        if let Some(names) = names {
            arguments::find(context, site, statement, names, look.facts);
        }
        for principals in [&statement.principal, &statement.not_principal] {
            if let Known::Is(principals) = principals {
                look.principals(statement, principals);
            }
        }
    }
}

impl ElementCheck<'_, '_> {
    fn unknown(
        &mut self,
        key: NodeId,
        name: &str,
        what: What,
        meant: Vec<&'static str>,
        grants: Grants,
    ) {
        self.facts.push(Unknown {
            key,
            at: self.context.content(key),
            name: name.to_owned(),
            what,
            meant,
            grants,
            kind: self.site.kind,
            form: self.form,
            policy: self.site.span(self.context.tree),
            owner: self.context.owner(self.site).map(str::to_owned),
        });
    }

    /// The kinds of principals.
    fn principals(&mut self, statement: &Statement, principals: &Principals) {
        for kind in &principals.kinds {
            let name = kind.name.as_str();
            if PRINCIPAL_TYPES.contains(&name) || is_macro(name) {
                continue;
            }
            // What stands for everybody stands alone.
            if name == "*" {
                self.unknown(kind.key, name, What::Star, Vec::new(), Grants::Nothing);
                continue;
            }
            let taken = |name: &str| principals.kinds.iter().any(|kind| kind.name == name);
            let meant = principal_type(name).filter(|meant| !taken(meant));
            let (meant, grants) = (Vec::from_iter(meant), Grants::Principals(statement.node));
            self.unknown(kind.key, name, What::Principal, meant, grants);
        }
    }

    /// Elements at the top of the document.
    fn policy(&mut self, policy: &Policy) {
        let (context, form) = (self.context, self.form);
        let elements = &policy.elements;
        // A document without statements may be no policy at all: organizations have others, too.
        let evident = |element: &ElementPair| {
            elements::suggest_policy_element(&element.name) == Some("Statement")
        };
        if !elements.iter().any(evident) {
            return;
        }
        for element in elements {
            let name = element.name.as_str();
            let known =
                elements::policy_element(name).is_some() && is_written(context, form, element);
            if known || is_macro(name) {
                continue;
            }
            // Blocks of statements stand beside one another.
            let is_free = |meant: &&str| {
                !has(context, form, elements, meant) || form.is_blocks() && *meant == "Statement"
            };
            if let Some(what) = missing_space::find(context, element) {
                self.unknown(element.key, name, what, Vec::new(), Grants::Nothing);
                continue;
            }
            let meant = elements::suggest_policy_element(name).filter(is_free);
            let what = match elements::statement_element(name) {
                _ if form.is_blocks() => What::Argument,
                Some(_) => What::BesideStatement,
                None => What::OfPolicy,
            };
            let (meant, grants) = (Vec::from_iter(meant), Grants::Statements(element.value));
            self.unknown(element.key, name, what, meant, grants);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        let (context, form) = (self.context, self.form);
        for element in &statement.elements {
            let name = element.name.as_str();
            if is_macro(name) {
                continue;
            }
            if elements::statement_element(name).is_some() && is_written(context, form, element) {
                if is_forbidden(self.site.kind, name) {
                    let what = What::Forbidden(self.site.kind);
                    self.unknown(element.key, name, what, Vec::new(), Grants::Nothing);
                }
                continue;
            }
            let grants = Grants::Statement(statement.node);
            if let Some(what) = missing_space::find(context, element) {
                let meant = elements::unspaced(name).map(|of| of.0);
                let meant = meant.filter(|of| !has(context, form, &statement.elements, of));
                self.unknown(element.key, name, what, Vec::from_iter(meant), grants);
                continue;
            }
            let mut meant = elements::suggest_statement_elements(&name.replace('_', ""));
            meant.retain(|meant| {
                !has(context, form, &statement.elements, meant)
                    && !stands_beside(context, form, element, meant)
            });
            self.unknown(element.key, name, What::OfStatement, meant, grants);
        }
    }
}

impl Fact for Unknown {
    fn finding(&self, context: &Context<'_>) -> Finding {
        if let What::Unspaced(mapping) = self.what {
            return self.unspaced(mapping);
        }
        let (message, help) = self.message(context);
        let finding = Finding::new(&RULE, self.at, message).owner(self.owner.as_deref());
        if let Some(help) = help {
            return finding.help(help);
        }
        match self.meant.as_slice() {
            [] => finding.help("Remove it."),
            [element] => self.renamed(finding, element),
            several => {
                let names: Vec<String> = several.iter().map(|of| self.written(of)).collect();
                finding.help(format!("Did you mean {}?", choice(&names)))
            }
        }
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        match (self.what, self.meant.as_slice()) {
            (What::Unspaced(mapping), _) => self.space(context, mapping).into_iter().collect(),
            (_, [element]) => self.renaming(context, element).into_iter().collect(),
            (_, several) => {
                let rename = |of: &&'static str| self.rename(of, Safety::Manual, self.grants);
                several.iter().map(rename).collect()
            }
        }
    }
}

impl Unknown {
    /// What is said of it, with what to do where that isn't to give it another name.
    fn message(&self, context: &Context<'_>) -> (String, Option<&'static str>) {
        let rejects = || context.analysis.dialect.tool().rejects();
        let name = &self.name;
        let message = match self.what {
            What::Star => {
                let message = "`*` isn't a principal type and can't be combined with any: AWS rejects the policy.";
                let help = "Remove it, or keep only `*`, which includes the others.";
                return (message.to_owned(), Some(help));
            }
            What::Forbidden(kind) => match forbidden(kind, name) {
                Some((message, help)) => return (message, Some(help)),
                None => String::new(),
            },
            What::Unspaced(_) => String::new(),
            What::Principal => format!(
                "`{name}` isn't a principal type such as `AWS`, `Service` or `Federated`: AWS rejects the policy."
            ),
            What::Argument => {
                let whole = self.form.blocks().map_or("policy", BlockNames::whole);
                format!("`{whole}` has no argument `{name}`: {}.", rejects())
            }
            What::BesideStatement => format!(
                "`{name}` belongs in a statement, not next to `Statement`: AWS rejects the policy."
            ),
            What::OfPolicy => format!("`{name}` isn't a policy element: AWS rejects the policy."),
            What::OfStatement => match self.form {
                Form::Document => {
                    format!("`{name}` isn't a statement element: AWS rejects the policy.")
                }
                Form::Blocks(names) => {
                    let block = names.name("Statement");
                    format!("A `{block}` block has no argument `{name}`: {}.", rejects())
                }
            },
        };
        (message, None)
    }

    /// How an element is written here.
    fn written(&self, element: &'static str) -> String {
        self.form.name(element).to_owned()
    }

    /// Whether what it grants under another name is too much to come of a slip.
    fn is_grave(&self, context: &Context<'_>) -> bool {
        match self.grants {
            Grants::Nothing => false,
            Grants::Statement(node) | Grants::Principals(node) => {
                is_grave(context, node, self.kind)
            }
            Grants::Statements(node) => is_any_grave(context, node, self.kind),
        }
    }

    /// Whether only the case of the name is wrong.
    fn is_of_case(&self, meant: &str) -> bool {
        meant.eq_ignore_ascii_case(&self.name)
    }

    /// With the one name that was meant.
    fn renamed(&self, finding: Finding, element: &'static str) -> Finding {
        let meant = self.written(element);
        if !self.is_of_case(&meant) {
            return finding.help(format!("Did you mean `{meant}`?"));
        }
        let finding = finding.help(format!("Write `{meant}`: AWS is case-sensitive here."));
        match self.form {
            Form::Document => finding.same(of_case(self.policy, &self.name, &meant)),
            Form::Blocks(_) => finding,
        }
    }

    /// The fix that gives it the one name that was meant.
    fn renaming(&self, context: &Context<'_>, element: &'static str) -> Option<LazyFix> {
        let meant = self.written(element);
        // What nobody reads in a block as it is written would be granted or denied anew.
        if element == self.name && meant != self.name {
            return None;
        }
        let same = self.is_of_case(&meant);
        // Only its case is wrong, or it narrows the statement.
        let safety = match matches!(element, "Condition" | "Sid" | "Id") {
            true => Safety::Safe,
            false if self.is_grave(context) => Safety::Manual,
            false if same => Safety::Safe,
            false => Safety::Unsafe,
        };
        Some(match same {
            false => self.rename(element, safety, self.grants),
            true => self
                .rename(element, safety, Grants::Nothing)
                .of_several("Use IAM's spelling"),
        })
    }

    /// The name of an element in its place.
    fn rename(&self, element: &'static str, safety: Safety, grants: Grants) -> LazyFix {
        let (key, form, meant) = (self.key, self.form, self.written(element));
        LazyFix::new(format!("Rename to {meant}"), safety, move |context| {
            let tree = context.tree;
            let adds = match grants {
                Grants::Statements(value) if element == "Statement" => {
                    allowed_by_all(tree, value, form)
                }
                Grants::Statement(node) if !matches!(element, "Condition" | "Sid") => {
                    allowed(tree, node, form, Some((key, element)), None)
                }
                _ => Vec::new(),
            };
            let text = meant.clone();
            Some(Fix::new(vec![Edit::SetScalar { node: key, text }]).adds(adds))
        })
    }
}

/// Whether an element has the name that its form has for it: blocks know no `Effect`.
fn is_written(context: &Context<'_>, form: Form, element: &ElementPair) -> bool {
    form == Form::Document || context.tree.text(element.key) == Some(form.name(&element.name))
}

fn has(context: &Context<'_>, form: Form, elements: &[ElementPair], name: &str) -> bool {
    let is = |element: &ElementPair| element.name == name && is_written(context, form, element);
    elements.iter().any(is)
}

/// Whether a block has the argument for an element beside another. What is worked out, and may be null, is no element.
fn stands_beside(context: &Context<'_>, form: Form, element: &ElementPair, name: &str) -> bool {
    let body = context.tree.parent(element.value);
    let body = body.filter(|_| form.is_blocks());
    body.is_some_and(|body| context.tree.get(body, form.name(name)).is_some())
}

/// What the names of a policy have in common that are IAM's but for their case.
fn of_case(within: Span, name: &str, meant: &str) -> CommonCause {
    CommonCause {
        within,
        key: "case".to_owned(),
        name: format!("`{name}`"),
        several: "have the wrong case: AWS rejects the policy.".to_owned(),
        help: "AWS is case-sensitive here.".to_owned(),
        details: vec![format!("`{meant}`")],
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
    why_forbidden(kind, name).is_some()
}

/// What is said of an element that a policy of this kind can't have, and what to do.
fn forbidden(kind: SiteKind, name: &str) -> Option<(String, &'static str)> {
    let (why, help) = why_forbidden(kind, name)?;
    let mut subject = with_article(kind);
    if let Some(first) = subject.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Some((
        format!("{subject} can't have `{name}`: {why}. AWS rejects the policy."),
        help,
    ))
}

/// Why a policy of this kind can't have an element that others have, and what to do.
fn why_forbidden(kind: SiteKind, name: &str) -> Option<(&'static str, &'static str)> {
    Some(match (kind, name) {
        (SiteKind::Trust, "Resource" | "NotResource") => {
            ("it applies to its own role", "Remove it.")
        }
        (SiteKind::Trust, "NotPrincipal") => (
            "principals must be named",
            "Name who can assume the role in `Principal`.",
        ),
        (SiteKind::Rcp, "NotAction") => ("actions must be named", "Name the actions in `Action`."),
        (SiteKind::Rcp, "NotPrincipal") => (
            "its only principal is `*`",
            "Write `Principal: \"*\"` and narrow it with a condition.",
        ),
        (
            SiteKind::Identity | SiteKind::Boundary | SiteKind::Scp | SiteKind::Session,
            "Principal" | "NotPrincipal",
        ) => (
            "it applies to the identities it is attached to",
            "Remove it.",
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
