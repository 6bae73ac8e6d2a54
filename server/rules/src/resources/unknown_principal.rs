//! Finds principals that don't exist, or that are listed under the wrong type.
//!
//! AWS looks principals up when the policy is saved: it rejects a policy with a service principal that doesn't exist, a
//! wildcard in the middle of an ARN, a group, or a string where a mapping is expected. The table of service principals
//! isn't complete: a name that resembles none in it is a warning, and isn't reported if it may belong to a service that
//! AWS has.
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   Worker:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal: {Service: lamda.amazonaws.com}
//!             Action: sts:AssumeRole
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   Worker:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal: {Service: lambda.amazonaws.com}
//!             Action: sts:AssumeRole
//! ```

use leastwise_catalog::catalog;
use leastwise_dialects::{TargetPart, target_part};
use leastwise_model::{
    Item, Known, Level, PermissionTo, Policy, PrincipalKind, Principals, Site, SiteKind, Statement,
    mark,
};
use leastwise_policy::principal::{BadPrincipal, PRINCIPAL_TYPES, kind_of};
use leastwise_policy::service_principal::{ServiceName, meant_by};
use leastwise_policy::{Arn, ArnShape, Pattern, Principal, Token};
use leastwise_syntax::write::{Edit, NewValue};
use leastwise_syntax::{NodeId, ScalarType, Span, View};

use crate::actions::choice;
use crate::support::audience::Whom;
use crate::support::impact::Weight;
use crate::{
    Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, LazyFix, Rule, Safety, Scope,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unknown-principal",
    group: Group::Resources,
    level: Level::Error,
    since: "0.1.0",
    summary: "A principal that doesn't exist or isn't valid",
    fix: FixKind::Unsafe,
    judges: Judges::Place,
    equivalents: &[
        ("access-analyzer", "INVALID_PRINCIPAL_FORMAT"),
        ("access-analyzer", "INVALID_SERVICE_PRINCIPAL_FORMAT"),
        ("access-analyzer", "UNSUPPORTED_WILDCARD_IN_PRINCIPAL"),
        (
            "access-analyzer",
            "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY",
        ),
        ("parliament", "UNKNOWN_PRINCIPAL"),
    ],
    scope: &[Scope::Grant(find)],
};

/// A principal that AWS doesn't take as it stands.
struct Unknown {
    span: Span,
    node: NodeId,
    statement: NodeId,
    kind: SiteKind,
    /// What the statement comes to do to them.
    whom: Whom,
    owner: Option<String>,
    text: String,
    fault: Fault,
}

enum Fault {
    /// A text stands where a mapping is due; the kind that it is of.
    Bare(&'static str),
    /// The name of a service principal with a slip; whether it can be changed, since it stands nowhere beside.
    Misspelt(String, bool),
    /// A name that no service has, as far as is known.
    NoService,
    /// No service principal at all; the one that was probably meant, and whether it can be put there, as above.
    NoServiceName(Option<String>, bool),
    /// It stands under another kind than its own.
    WrongKind { is: &'static str, under: String },
    /// A wildcard in an ARN.
    Wildcard,
    /// An ARN of something that calls nothing.
    NoCaller,
    /// A group.
    Group,
    /// Nothing at all.
    Nothing,
    /// A session of a role without the session's name.
    NoSession,
    /// The address of a provider with its scheme.
    Address(String),
    /// No canonical user id.
    NoCanonicalUser,
    /// No account, where a resource that is a permission by itself takes nothing else but `*`.
    NoAccount(PermissionTo),
    /// A variable of IAM.
    Variable(String),
    /// A blank at an end.
    Blank,
}

/// What belongs under a kind.
fn named(kind: &str) -> &'static str {
    match kind {
        "Service" => "a service",
        "Federated" => "an identity provider",
        "CanonicalUser" => "a canonical user ID",
        _ => "an account or identity",
    }
}

fn find(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Facts<'_>) {
    for statement in &policy.statements {
        in_statement(context, site, statement, facts);
    }
}

fn in_statement(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    let wildcards = match site.kind {
        SiteKind::Trust | SiteKind::Resource => true,
        // Behind a VPC endpoint ARNs may have some.
        SiteKind::Unknown => false,
        _ => return,
    };
    for (principals, left_out) in [
        (&statement.principal, false),
        (&statement.not_principal, true),
    ] {
        let whom = Whom::of(statement, left_out);
        let owner = || context.owner(site).map(str::to_owned);
        let principals = match principals {
            Known::Is(principals) => principals,
            Known::Dynamic(node) => {
                let bare = bare_sub(context, *node);
                facts.extend(bare.map(|(text, kind)| Unknown {
                    span: context.span(*node),
                    node: *node,
                    statement: statement.node,
                    kind: site.kind,
                    whom,
                    owner: owner(),
                    text,
                    fault: Fault::Bare(kind),
                }));
                continue;
            }
            Known::Missing => continue,
        };
        if context.tree.text(principals.node) == Some("")
            && context.tree.scalar_type(principals.node) == ScalarType::String
        {
            facts.push(Unknown {
                span: context.span(principals.node),
                node: principals.node,
                statement: statement.node,
                kind: site.kind,
                whom,
                owner: owner(),
                text: String::new(),
                fault: Fault::Nothing,
            });
        }
        if let Some((text, kind)) = bare(context, principals) {
            facts.push(Unknown {
                span: context.content(principals.node),
                node: principals.node,
                statement: statement.node,
                kind: site.kind,
                whom,
                owner: owner(),
                text,
                fault: Fault::Bare(kind),
            });
        }
        for kind in &principals.kinds {
            let items = kind.values.known().map_or(&[][..], |list| &list.items);
            for item in items {
                let of_permission = (kind.name == PrincipalKind::BY_VALUE)
                    .then(|| context.permission_to(site))
                    .flatten()
                    .and_then(|to| no_account(context, to, item));
                let kind = match kind.name.as_str() {
                    PrincipalKind::BY_VALUE => by_value(context, item),
                    name => Some(name),
                };
                let found = of_permission
                    .or_else(|| kind.and_then(|kind| fault(context, kind, item)))
                    .filter(|(_, fault)| wildcards || !matches!(fault, Fault::Wildcard));
                let found = found.map(|(text, fault)| match fault {
                    Fault::Misspelt(meant, _) => {
                        let beside = stands_beside(context, items, item, &meant);
                        (text, Fault::Misspelt(meant, !beside))
                    }
                    Fault::NoServiceName(Some(meant), _) => {
                        let beside = stands_beside(context, items, item, &meant);
                        (text, Fault::NoServiceName(Some(meant), !beside))
                    }
                    other => (text, other),
                });
                facts.extend(found.map(|(text, fault)| Unknown {
                    span: match fault {
                        Fault::Nothing => context.span(item.node),
                        _ => context.item_span(item),
                    },
                    node: item.node,
                    statement: statement.node,
                    kind: site.kind,
                    whom,
                    owner: owner(),
                    text,
                    fault,
                }));
            }
        }
    }
}

/// Whether a list has a principal already, or would have it twice.
fn stands_beside(context: &Context<'_>, items: &[Item], item: &Item, meant: &str) -> bool {
    fn text<'i>(context: &Context<'i>, item: &'i Item) -> Option<&'i str> {
        item.text.literal(context.tree)
    }
    let own = text(context, item);
    let mut earlier = items.iter().take_while(|other| other.node != item.node);
    let again = earlier.any(|other| own.is_some() && text(context, other) == own);
    again
        || items
            .iter()
            .any(|other| text(context, other) == Some(meant))
}

/// Whether an ARN is surely of something that calls nothing, although parts of it aren't known.
fn calls_nothing(pattern: &Pattern) -> Option<Fault> {
    let ArnShape::Arn(arn) = Arn::parse(pattern) else {
        return None;
    };
    match arn.service.as_literal()?.as_str() {
        "iam" if arn.resource.pattern().known_prefix().starts_with("group/") => Some(Fault::Group),
        "sts" if lacks_session(&arn.resource.as_literal()?) => Some(Fault::NoSession),
        "iam" | "sts" => None,
        service => catalog().service(service).map(|_| Fault::NoCaller),
    }
}

/// Whether a session of a role has no name: `assumed-role/shop`.
fn lacks_session(resource: &str) -> bool {
    let session = resource.strip_prefix("assumed-role/");
    session.is_some_and(|rest| rest.split_once('/').is_none_or(|(_, name)| name.is_empty()))
}

/// The text that stands for the whole of `Principal`, and the kind that it is of.
fn bare(context: &Context<'_>, principals: &Principals) -> Option<(String, &'static str)> {
    let View::Scalar(text) = context.tree.view(principals.node) else {
        return None;
    };
    // `null` and `true` name nobody.
    let is_word = matches!(
        context.tree.scalar_type(principals.node),
        ScalarType::Null | ScalarType::Bool
    );
    if is_word || !is_plain(text) || text.contains('*') {
        return None;
    }
    let kind = kind_of(&Pattern::literal(text)).unwrap_or("AWS");
    Some((text.to_owned(), kind))
}

/// The ARN that `Fn::Sub` makes for the whole of `Principal`, and the kind that it is of. What it puts in is a part of it.
fn bare_sub(context: &Context<'_>, node: NodeId) -> Option<(String, &'static str)> {
    let View::Tagged(tag, text) = context.tree.view(node) else {
        return None;
    };
    let text = context.tree.text(text).filter(|_| tag.name == "Fn::Sub")?;
    let is_provider = [":oidc-provider/", ":saml-provider/"]
        .iter()
        .any(|kind| text.contains(kind));
    let kind = if is_provider { "Federated" } else { "AWS" };
    text.starts_with("arn:").then(|| (text.to_owned(), kind))
}

/// Whether a text is what AWS gets to see: nothing in it looks as if a tool or a person were to fill it in.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.contains(['$', '{', '}', '<', '>', '%', '#', '[', ']', '@'])
}

/// Whether the name of a service is a word in capitals that somebody replaces: `SERVICE.amazonaws.com`. A service that AWS
/// has is one in the wrong case.
fn is_to_fill(text: &str) -> bool {
    let name = text.split('.').next().unwrap_or_default();
    let lower = text.to_ascii_lowercase();
    mark::is_word_in_capitals(name) && ServiceName::of(&lower) != ServiceName::Known
}

/// The kind that a principal is of which is written without one; `None` where that can't be told.
fn by_value(context: &Context<'_>, item: &Item) -> Option<&'static str> {
    let patterns = context.patterns(item);
    let [pattern] = patterns.as_slice() else {
        return None;
    };
    if let Some(kind) = kind_of(pattern) {
        return Some(kind);
    }
    if matches!(Arn::parse(pattern), ArnShape::Arn(_)) {
        return Some("AWS");
    }
    let text = pattern.as_literal()?;
    let is_name =
        text.contains('.') || matches!(ServiceName::of(&text), ServiceName::Malformed(Some(_)));
    is_name.then_some("Service")
}

/// What isn't an account, where AWS asks for one. An event bus takes `(\d{12}|\*)`, a layer the ARN of an account's root,
/// too; for a function, as everywhere, only twelve digits are an account.
fn no_account(context: &Context<'_>, to: PermissionTo, item: &Item) -> Option<(String, Fault)> {
    let patterns = context.patterns(item);
    let [pattern] = patterns.as_slice() else {
        return None;
    };
    let text = pattern.as_literal()?;
    let is_digits = text.bytes().all(|b| b.is_ascii_digit());
    let is_root = || {
        matches!(Arn::parse(pattern), ArnShape::Arn(arn)
            if arn.service.raw() == "iam" && arn.resource.raw() == "root")
    };
    let is_fine = match to {
        PermissionTo::Function => !is_digits || text.len() == 12,
        PermissionTo::Layer if is_root() => true,
        PermissionTo::Layer | PermissionTo::EventBus => is_digits && text.len() == 12,
    };
    let told =
        !is_fine && pattern.is_literal() && is_plain(&text) && !mark::is_word_in_capitals(&text);
    told.then_some((text, Fault::NoAccount(to)))
}

/// What is wrong with a value under a kind, with its text.
fn fault(context: &Context<'_>, kind: &str, item: &Item) -> Option<(String, Fault)> {
    let patterns = context.patterns(item);
    let [pattern] = patterns.as_slice() else {
        return None;
    };
    let text = pattern.display();
    // An empty text under `AWS` is no ARN, which is told there.
    if text.is_empty() && kind != "AWS" && item.text.literal(context.tree) == Some("") {
        return Some((text, Fault::Nothing));
    }
    if pattern.is_star() {
        let is = "AWS";
        let under = kind.to_owned();
        let wrong = matches!(kind, "Service" | "Federated" | "CanonicalUser");
        return wrong.then_some((text, Fault::WrongKind { is, under }));
    }
    if has_inner_wildcard(pattern) {
        return Some((text, Fault::Wildcard));
    }
    if let Some(variable) = variable(pattern) {
        return Some((text, Fault::Variable(variable)));
    }
    if matches!(kind, "AWS" | "Federated") && is_blank_at_an_end(kind, pattern) {
        return Some((text, Fault::Blank));
    }
    if kind == "AWS"
        && let Some(own) = in_own_account(pattern)
    {
        let fault = match Principal::parse(kind, &own) {
            Principal::Malformed(BadPrincipal::OtherArn | BadPrincipal::Shape) => {
                calls_nothing(&own).unwrap_or(Fault::NoCaller)
            }
            _ => match calls_nothing(&own) {
                Some(fault @ Fault::NoSession) => fault,
                _ => return None,
            },
        };
        return Some((text, fault));
    }
    let told = || {
        matches!(
            calls_nothing(pattern),
            Some(Fault::Group | Fault::NoSession)
        )
    };
    if kind == "AWS" && (pattern.has_holes() || told()) {
        return calls_nothing(pattern).map(|fault| (text, fault));
    }
    if kind == "Service"
        && let Some(meant) = misspelt_somewhere(pattern)
    {
        return Some((text, Fault::Misspelt(meant, false)));
    }
    // What isn't known shows as `${…}`.
    if !is_plain(&text) {
        return None;
    }
    let is = kind_of(pattern);
    // AWS STS's reference calls it a service principal, and templates that are deployed have it as one.
    if kind == "Service" && text == "cognito-identity.amazonaws.com" {
        return None;
    }
    if let Some(is) = is
        && is != kind
        && PRINCIPAL_TYPES.contains(&kind)
    {
        let under = kind.to_owned();
        return Some((text, Fault::WrongKind { is, under }));
    }
    let fault = match kind {
        "Service" if is_to_fill(&text) => return None,
        "Service" => match ServiceName::of(&text) {
            ServiceName::Known | ServiceName::Plausible => return None,
            ServiceName::Misspelt(meant) => Fault::Misspelt(meant, true),
            ServiceName::Unknown => Fault::NoService,
            ServiceName::Malformed(meant) => Fault::NoServiceName(meant, true),
        },
        "AWS" => match Principal::parse(kind, pattern) {
            Principal::Malformed(BadPrincipal::OtherArn) => Fault::NoCaller,
            _ => return None,
        },
        "Federated" => match text.strip_prefix("https://") {
            Some(address) => Fault::Address(address.trim_end_matches('/').to_owned()),
            None => match Principal::parse(kind, pattern) {
                Principal::Malformed(BadPrincipal::OtherArn) => Fault::NoCaller,
                _ => return None,
            },
        },
        "CanonicalUser" if is.is_none() => Fault::NoCanonicalUser,
        _ => return None,
    };
    Some((text, fault))
}

/// What a service is called whose name has a slip, where nothing isn't known of it but its region and how the names of
/// services end: `lamda.${AWS::URLSuffix}`.
fn misspelt_somewhere(pattern: &Pattern) -> Option<String> {
    const REGION: &str = "eu-west-1";
    const END: &str = "amazonaws.com";
    let (mut some, mut holes) = (String::new(), Vec::new());
    for token in pattern.tokens() {
        let stands_for = match token {
            Token::Literal(text) => {
                some.push_str(text);
                continue;
            }
            Token::Hole(name) => match target_part(name)? {
                TargetPart::Region => REGION,
                TargetPart::Suffix => END,
            },
            _ => return None,
        };
        some.push_str(stands_for);
        holes.push((stands_for, name_of(token)?));
    }
    let is_there = |(text, _): &(&str, String)| some.matches(text).count() == 1;
    if holes.is_empty() || !holes.iter().all(is_there) {
        return None;
    }
    let ServiceName::Misspelt(mut meant) = ServiceName::of(&some) else {
        return None;
    };
    for (text, hole) in holes {
        meant = meant.replace(text, &hole);
    }
    Some(meant)
}

/// A hole as it is shown.
fn name_of(token: Token<'_>) -> Option<String> {
    match token {
        Token::Hole(name) => Some(format!("${{{name}}}")),
        _ => None,
    }
}

/// A principal with some account in the place of the file's own, where nothing else isn't known of it.
fn in_own_account(pattern: &Pattern) -> Option<Pattern> {
    let mut own = Pattern::builder();
    for token in pattern.tokens() {
        match token {
            Token::Literal(text) => own.push_literal(text),
            Token::Hole("AWS::AccountId") => own.push_literal("111111111111"),
            Token::Hole("AWS::Partition") => own.push_literal("aws"),
            _ => return None,
        };
    }
    pattern.has_holes().then(|| own.build())
}

/// The variable of IAM in an ARN: these stand for something in `Resource` and `Condition` only. What isn't a condition key
/// of AWS is something that a tool fills in.
fn variable(pattern: &Pattern) -> Option<String> {
    let is_arn = pattern.raw().starts_with("arn:");
    let mut names = pattern.tokens().filter_map(|token| match token {
        Token::Hole(name) => Some(name),
        _ => None,
    });
    let is_variable =
        |name: &&str| name.starts_with("aws:") && catalog().condition_key(name).is_some();
    names
        .find(|name| is_arn && is_variable(name))
        .map(str::to_owned)
}

/// Whether white space stands at an end of what would be a principal.
fn is_blank_at_an_end(kind: &str, pattern: &Pattern) -> bool {
    let text = pattern.as_literal().unwrap_or_default();
    let is_one = |text: &str| {
        let read = Principal::parse(kind, &Pattern::literal(text));
        matches!(read, Principal::Identity | Principal::Provider)
    };
    text.trim() != text && is_plain(&text) && is_one(&text) && is_one(text.trim())
}

/// Whether a wildcard stands beside other characters, so that the text surely isn't just `*`.
fn has_inner_wildcard(pattern: &Pattern) -> bool {
    let beside = |c: char| c.is_ascii_alphanumeric();
    let written = |token| matches!(token, Token::Literal(text) if text.contains(beside));
    pattern.has_wildcards() && is_plain(&text_of(pattern)) && pattern.tokens().any(written)
}

/// The characters and wildcards of a pattern, without what isn't known.
fn text_of(pattern: &Pattern) -> String {
    let part = |token| match token {
        Token::Literal(text) => text,
        Token::Star => "*",
        Token::Question => "?",
        Token::Hole(_) => "x",
    };
    pattern.tokens().map(part).collect()
}

impl Unknown {
    /// What was probably meant for a service's name: several where they are equally near.
    fn meant(&self, first: &str) -> Vec<String> {
        let mut all = meant_by(&self.text);
        match all.iter().position(|meant| meant == first) {
            Some(at) => all.swap(0, at),
            // A part of the name isn't known.
            None => all = vec![first.to_owned()],
        }
        all
    }

    fn message(&self) -> String {
        let text = &self.text;
        match &self.fault {
            Fault::Bare(_) => {
                "`Principal` can't be a string other than `*`: AWS rejects the policy.".to_owned()
            }
            Fault::Misspelt(..) => {
                format!("The service principal `{text}` doesn't exist: AWS rejects the policy.")
            }
            Fault::NoService => format!(
                "`{text}` isn't a known service principal as of {}: AWS may reject the policy.",
                catalog().date()
            ),
            Fault::NoServiceName(..) => {
                format!("`{text}` isn't a service principal: AWS rejects the policy.")
            }
            Fault::WrongKind { under, .. } if text == "*" => {
                format!("`{under}` doesn't support `*`: AWS rejects the policy.")
            }
            Fault::WrongKind { is, under } => format!(
                "`{text}` is {}, which isn't supported under `{under}`: AWS rejects the policy.",
                named(is)
            ),
            Fault::Wildcard => {
                "The only wildcard that a principal can contain is `*` on its own: AWS rejects the policy."
                    .to_owned()
            }
            Fault::Group => "A group can't be a principal: AWS rejects the policy.".to_owned(),
            Fault::Nothing => {
                "The principal is empty: AWS rejects the policy.".to_owned()
            }
            Fault::NoSession => {
                format!("`{text}` is missing the name of a session: AWS rejects the policy.")
            }
            Fault::NoCaller => format!(
                "`{text}` can't be a principal: AWS rejects the policy."
            ),
            Fault::Address(_) => {
                format!("`{text}` isn't an identity provider: AWS rejects the policy.")
            }
            Fault::NoAccount(PermissionTo::Function) => {
                format!("`{text}` isn't a 12-digit account ID.")
            }
            Fault::NoAccount(PermissionTo::Layer) => format!(
                "AWS Lambda rejects `{text}` here: it accepts an account ID, the ARN of an account's root, or `*`."
            ),
            Fault::NoAccount(PermissionTo::EventBus) => format!(
                "Amazon EventBridge rejects `{text}` here: it accepts an account ID, or `*`."
            ),
            Fault::Variable(name) => format!(
                "A principal doesn't support the policy variable `${{{name}}}`: AWS rejects the policy."
            ),
            Fault::Blank => {
                format!("`{text}` has leading or trailing whitespace: AWS rejects the policy.")
            }
            Fault::NoCanonicalUser => {
                "This isn't a canonical user ID of 64 hexadecimal digits: AWS rejects the policy.".to_owned()
            }
        }
    }

    fn help(&self) -> String {
        match &self.fault {
            Fault::Bare(kind) if self.text.contains("${") => format!("Put it under `{kind}`."),
            Fault::Variable(_) => {
                "Name the account, or use the variable's key in a condition.".to_owned()
            }
            Fault::NoAccount(PermissionTo::EventBus) => {
                "Name the account; name other principals in the policy under `Statement`.".to_owned()
            }
            Fault::NoAccount(_) => "Name the account.".to_owned(),
            Fault::Blank => "Remove the whitespace.".to_owned(),
            Fault::Bare(kind) => format!("Write `{{{kind}: {}}}`.", self.text),
            Fault::Misspelt(meant, _) | Fault::NoServiceName(Some(meant), _) => {
                format!("Did you mean {}?", choice(&self.meant(meant)))
            }
            Fault::NoService => "Check the spelling.".to_owned(),
            Fault::NoServiceName(None, _) => {
                "Write a service principal, such as `lambda.amazonaws.com`.".to_owned()
            }
            Fault::WrongKind { .. } if self.text == "*" => "Name the intended principal.".to_owned(),
            Fault::WrongKind { is, .. } => format!("Move it under `{is}`."),
            Fault::Wildcard => {
                "Name the account, and narrow it with a condition on `aws:PrincipalArn`."
                    .to_owned()
            }
            Fault::Group => {
                "Name its users or a role, or allow the action in a policy of the group."
                    .to_owned()
            }
            Fault::NoSession => {
                "Name the role, `arn:aws:iam::<account>:role/<name>`, or add the session's name after a `/`."
                    .to_owned()
            }
            Fault::NoCaller => "Name an account, a role, a user or a session.".to_owned(),
            Fault::NoCanonicalUser | Fault::Nothing => "Name the intended principal.".to_owned(),
            Fault::Address(address) => {
                format!(
                    "Write the provider's ARN, `arn:aws:iam::<account>:oidc-provider/{address}`."
                )
            }
        }
    }
}

impl Fact for Unknown {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let finding = Finding::new(&RULE, self.span, self.message())
            .help(self.help())
            .owner(self.owner.as_deref());
        match &self.fault {
            Fault::NoService => finding.level(Level::Warning),
            _ => finding,
        }
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let node = self.node;
        // What the statement allows once AWS takes it may be too much to be done in bulk.
        let is_grave = || {
            let weight = || Weight::within(context, self.statement, self.kind);
            self.whom.is_grave() || weight().is_grave()
        };
        match &self.fault {
            Fault::Misspelt(meant, true) | Fault::NoServiceName(Some(meant), true) => {
                let all = self.meant(meant);
                let safety = Safety::changes(all.len() == 1 && !is_grave());
                let fix = |text: String| {
                    let title = format!("Replace with {text}");
                    let note = self.whom.note(&text);
                    LazyFix::new(title, safety, move |context| {
                        // Where the name is put together, its parts stay what they are.
                        let whole = matches!(context.tree.view(node), View::Scalar(_));
                        let text = text.clone();
                        let fix = Fix::new(vec![Edit::SetScalar { node, text }]);
                        whole.then(|| fix.notes(note.clone()))
                    })
                };
                all.into_iter().map(fix).collect()
            }
            Fault::Bare(kind) => {
                let kind = (*kind).to_owned();
                let safety = Safety::changes(!is_grave());
                let note = self.whom.note(&self.text);
                let title = format!("Put it under {kind}");
                vec![LazyFix::new(title, safety, move |_| {
                    let value = NewValue::Map(vec![(kind.clone(), NewValue::Copy(node))]);
                    Some(Fix::new(vec![Edit::Replace { node, value }]).notes(note.clone()))
                })]
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;
