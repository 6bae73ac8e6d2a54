//! Finds conditions on tokens of an identity provider that no token matches, or that use a name which can change hands.
//!
//! A condition that no token matches locks everyone out: a `*` under `StringEquals` is taken literally, no token has a
//! key of another provider or one with `https://` before the address, and GitHub's subjects begin with the name of a
//! claim (`repo:acme/shop:…`) and have `ref:` before a branch or tag (`repo:acme/shop:ref:refs/heads/main`). New and
//! renamed repositories on GitHub have numbers in their subjects, which stay the same when names are given up and taken
//! over by others (`repo:acme@123/shop@456:…`): `@*` gives that protection away. AWS has condition keys for only some
//! of the claims of GitHub's tokens: `repository` and `ref`, but not `repository_owner` or `event_name`.
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   Deploy:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com'}
//!             Action: sts:AssumeRoleWithWebIdentity
//!             Condition:
//!               StringEquals:
//!                 token.actions.githubusercontent.com:sub: repo:acme/shop:*
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   Deploy:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com'}
//!             Action: sts:AssumeRoleWithWebIdentity
//!             Condition:
//!               StringLike:
//!                 token.actions.githubusercontent.com:sub: repo:acme/shop:*
//! ```

use leastwise_catalog::catalog;
use leastwise_model::text::Part;
use leastwise_model::{Item, Known, Level, List, Site, SiteKind, Statement, Test};
use leastwise_policy::condition::{Family, Operator};
use leastwise_policy::{Pattern, Tri};
use leastwise_syntax::write::Edit;
use leastwise_syntax::{NodeId, Span};

use crate::support::oidc::{
    GITHUB, Narrows, before_wildcards, claim, is_never_met, is_not_offered, lets_anybody_in,
    narrows, provider, says_nothing_of_whom,
};
use crate::support::permissions::takes_in;
use crate::{
    Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, Rule, Safety, Scope, conditions,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "oidc-subject",
    group: Group::Privilege,
    level: Level::Error,
    since: "0.1.0",
    summary: "A condition that no token of the identity provider matches",
    fix: FixKind::Unsafe,
    judges: Judges::Statement,
    equivalents: &[],
    scope: &[Scope::Statement(find)],
};

/// A condition on tokens that doesn't do what it is meant to.
struct Subject {
    span: Span,
    owner: Option<String>,
    level: Level,
    fault: Fault,
    /// Where the statement says whom it trusts.
    trusted: Option<Span>,
}

enum Fault {
    /// A wildcard under an operator that knows none; the operator, where it can be changed.
    NoWildcards {
        operator: String,
        node: Option<NodeId>,
        /// What comes to be allowed then.
        adds: Vec<String>,
    },
    /// A subject that GitHub gives nobody: what is wrong with it, and where a fix writes what lacks.
    NoSubject {
        why: Why,
        lacks: Option<(NodeId, usize)>,
    },
    /// A key of a provider that the statement doesn't trust; the one that it does.
    OtherProvider { key: String, trusted: String },
    /// A claim of a provider's tokens that AWS offers no key for.
    NotOffered { key: String },
    /// A key with `https://` before the provider's address, with the node that names it where that can be changed.
    Scheme { key: String, node: Option<NodeId> },
    /// Any number will do.
    AnyNumber,
}

/// Why no subject of GitHub's is like a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Why {
    /// No claim's name stands at its beginning.
    Claim,
    /// A branch or tag stands where `ref:` belongs before it.
    Ref,
    /// What stands behind `ref:` doesn't begin with `refs/`.
    FullRef,
    /// What stands behind an `@` is no number.
    Number,
    /// One of the names has a number, and the other has none.
    Half,
    /// Something else than the names of owner and repository stands behind `repo:`.
    Names,
}

impl Why {
    /// What a subject is like.
    fn reason(self) -> &'static str {
        match self {
            Why::Claim => "subjects begin with a claim's name, as in `repo:acme/shop:…`",
            Why::Ref => {
                "a branch or tag comes after `ref:`, as in `repo:acme/shop:ref:refs/heads/main`"
            }
            Why::FullRef => {
                "a branch or tag is written in full, as in `repo:acme/shop:ref:refs/heads/main`"
            }
            Why::Half => {
                "either both names or neither have numbers, as in `repo:acme@123456/shop@456789:…`"
            }
            Why::Number => "`@` comes before a number, as in `repo:acme@123456/shop@456789:…`",
            Why::Names => "`repo:` comes before owner and repository, as in `repo:acme/shop:…`",
        }
    }

    fn help(self) -> &'static str {
        match self {
            Why::Claim => "Begin it with `repo:`.",
            Why::Ref => "Write `ref:` before `refs/`.",
            Why::FullRef => "Write `refs/heads/` or `refs/tags/` before the name.",
            Why::Half => "Write both numbers, the owner's and the repository's, or none.",
            Why::Number => "Write the numbers of the owner and the repository, or remove `@`.",
            Why::Names => {
                "Write the names as they are in the repository's address, with `/` between."
            }
        }
    }

    /// What lacks, where that is sure, and how a fix that writes it is called.
    fn lacking(self) -> Option<(&'static str, &'static str)> {
        match self {
            Why::Claim => Some(("repo:", "Begin it with repo:")),
            Why::Ref => Some(("ref:", "Write ref: before refs/")),
            Why::FullRef | Why::Number | Why::Half | Why::Names => None,
        }
    }
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    if !is_by_token(site, statement) {
        return;
    }
    let providers = providers(context, statement);
    for test in conditions::tests(statement) {
        let Some((host, name)) = test.key.as_deref().and_then(claim) else {
            continue;
        };
        let known = || {
            providers
                .as_ref()
                .map(|providers| providers.contains(&host))
        };
        let found = match has_scheme(test) {
            true => vec![scheme(context, statement, test)],
            false if known() == Some(true) && is_not_offered(test) => {
                let key = test.key.clone().unwrap_or_default();
                let fault = Fault::NotOffered { key };
                vec![(context.content(test.key_node), Level::Warning, fault)]
            }
            false => match known() {
                Some(true) => values(context, statement, test, &host, &name),
                Some(false) => other_provider(context, statement, test),
                None => Vec::new(),
            },
        };
        facts.extend(found.into_iter().map(|(span, level, fault)| Subject {
            span,
            owner: context.owner(site).map(str::to_owned),
            level,
            trusted: trusted(context, statement, &fault),
            fault,
        }));
    }
}

/// Whether a statement lets somebody in by a token.
fn is_by_token(site: &Site, statement: &Statement) -> bool {
    let assume = catalog().action("sts", "AssumeRoleWithWebIdentity");
    let by_token = assume.is_some_and(|assume| takes_in(statement, assume) == Tri::Yes);
    site.kind == SiteKind::Trust && statement.allows() && by_token
}

/// Whether this rule says of a test that no token has its key.
pub(crate) fn is_found(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    test: &Test,
) -> bool {
    let other = || {
        let providers = providers(context, statement)?;
        let mut providers = providers.iter();
        Some(providers.all(|provider| is_never_met(test, provider)))
    };
    is_by_token(site, statement) && (has_scheme(test) || other() == Some(true))
}

/// Whether a test never holds since its key begins with `https://`.
fn has_scheme(test: &Test) -> bool {
    let key = test.key.as_deref().unwrap_or_default();
    key.starts_with("https://") && is_never_met(test, "")
}

fn scheme(context: &Context<'_>, statement: &Statement, test: &Test) -> FaultAt {
    let key = test.key.clone().unwrap_or_default();
    let bare = without_scheme(&key);
    let mut others = conditions::tests(statement).iter();
    let free = others.all(|other| {
        other.operator_node != test.operator_node
            || !other
                .key
                .as_deref()
                .is_some_and(|own| own.eq_ignore_ascii_case(bare))
    });
    let written = context.tree.text(test.key_node) == Some(&key);
    let node = (free && written).then_some(test.key_node);
    let fault = Fault::Scheme { key, node };
    (context.content(test.key_node), Level::Error, fault)
}

fn without_scheme(key: &str) -> &str {
    key.strip_prefix("https://").unwrap_or(key)
}

/// The addresses of all providers that a statement trusts, where it trusts only such, and all are known.
fn providers(context: &Context<'_>, statement: &Statement) -> Option<Vec<String>> {
    let principals = statement.principal.known()?;
    let [kind] = principals.kinds.as_slice() else {
        return None;
    };
    let Known::Is(list) = &kind.values else {
        return None;
    };
    if principals.dynamic || list.dynamic || kind.name != "Federated" || list.items.is_empty() {
        return None;
    }
    list.items
        .iter()
        .map(|item| provider(context, item))
        .collect()
}

/// What is found: where, how much it matters, what.
type FaultAt = (Span, Level, Fault);

fn other_provider(context: &Context<'_>, statement: &Statement, test: &Test) -> Vec<FaultAt> {
    // That it is none of those that are trusted is known.
    if !is_never_met(test, "") {
        return Vec::new();
    }
    let fault = Fault::OtherProvider {
        key: test.key.clone().unwrap_or_default(),
        trusted: as_written(context, statement),
    };
    vec![(context.content(test.key_node), Level::Error, fault)]
}

/// Where the provider stands whose tokens don't have a key.
fn trusted(context: &Context<'_>, statement: &Statement, fault: &Fault) -> Option<Span> {
    let items = statement.principal.known()?.values("Federated");
    let other = matches!(fault, Fault::OtherProvider { .. });
    items
        .first()
        .filter(|_| other)
        .map(|item| context.item_span(item))
}

/// The address of the first provider that a statement trusts, as it is written there.
fn as_written(context: &Context<'_>, statement: &Statement) -> String {
    let items = statement.principal.known().map(|of| of.values("Federated"));
    let first = items.and_then(|items| items.first());
    let Some(first) = first else {
        return String::new();
    };
    let text = context
        .patterns(first)
        .first()
        .map_or(String::new(), |value| value.display());
    // Of a resource of the template the name is all that the text has.
    let named = matches!(
        first.text.parts.as_slice(),
        [Part::Variable { .. } | Part::Attribute { .. }]
    );
    match text.split_once("oidc-provider/") {
        Some((_, address)) if !named && !address.contains("${") => address.to_owned(),
        _ => provider(context, first).unwrap_or(text),
    }
}

/// What is wrong with the values of a test on a claim.
fn values(
    context: &Context<'_>,
    statement: &Statement,
    test: &Test,
    host: &str,
    name: &str,
) -> Vec<FaultAt> {
    let (Ok(operator), Some(list)) = (Operator::parse(&test.operator), test.values.known()) else {
        return Vec::new();
    };
    if operator.base.negated || operator.base.family != Family::String {
        return Vec::new();
    }
    let subject = name == "sub" && host == GITHUB;
    let wild = |item: &Item| !operator.base.wildcards && all(context, item, Pattern::has_wildcards);
    let nobodys = |item: &Item| match subject {
        true => why_nobodys(context, item),
        false => None,
    };
    let dead = list
        .items
        .iter()
        .filter(|item| wild(item) || nobodys(item).is_some())
        .count();
    // One that none meets is needless where others stand beside it; alone, it locks everybody out.
    let level = match dead == list.items.len() && !list.dynamic {
        true => Level::Error,
        false => Level::Warning,
    };
    let mut found = Vec::new();
    for item in &list.items {
        let span = context.item_span(item);
        if let Some(why) = nobodys(item) {
            let text = context
                .patterns(item)
                .first()
                .map_or(String::new(), |value| value.display());
            let lacks = match why {
                Why::Claim => begins_with_names(&text).then_some(0),
                Why::Ref => context
                    .tree
                    .text(item.node)
                    .and_then(|written| written.find(":refs/"))
                    .map(|colon| colon + 1),
                Why::FullRef | Why::Number | Why::Half | Why::Names => None,
            };
            let lacks = lacks.map(|at| (item.node, at));
            found.push((span, level, Fault::NoSubject { why, lacks }));
        } else if wild(item) {
            let operator = test.operator.clone();
            let free = is_alone(statement, test) && !opens(context, statement, test, host, name);
            let node = free.then_some(test.operator_node);
            let adds = added(context, statement, test, list);
            let fault = Fault::NoWildcards {
                operator,
                node,
                adds,
            };
            found.push((span, level, fault));
        } else if subject && operator.base.wildcards && all(context, item, takes_any_number) {
            found.push((span, Level::Suggestion, Fault::AnyNumber));
        }
    }
    found
}

/// Whether it is so for all values that an item can have.
fn all(context: &Context<'_>, item: &Item, is: impl Fn(&Pattern) -> bool) -> bool {
    let patterns = context.patterns(item);
    !patterns.is_empty() && patterns.iter().all(|value| is(value))
}

/// Why no subject of GitHub's is like any value of an item.
fn why_nobodys(context: &Context<'_>, item: &Item) -> Option<Why> {
    let patterns = context.patterns(item);
    let first = patterns.first().and_then(|value| nobodys(value))?;
    let mut others = patterns.iter();
    others
        .all(|value| nobodys(value) == Some(first))
        .then_some(first)
}

/// Why no subject of GitHub's is like this.
fn nobodys(value: &Pattern) -> Option<Why> {
    if has_no_claim(value) {
        return Some(Why::Claim);
    }
    let (known, open) = before_wildcards(value);
    let rest = known.strip_prefix("repo:").filter(|_| !open)?;
    let mut behind = rest.splitn(2, ':');
    let (of_whom, context) = (behind.next()?, behind.next());
    let mut names = of_whom.split('/').peekable();
    while let Some(name) = names.next() {
        // The last one may go on behind what is known.
        let whole = names.peek().is_some() || context.is_some();
        let number = name.split_once('@').map(|(_, number)| number);
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if whole && number.is_some_and(|number| !is_number(number)) {
            return Some(Why::Number);
        }
    }
    if has_half_of_the_numbers(of_whom, context.is_some()) {
        return Some(Why::Half);
    }
    let context = context?;
    if of_whom.split('/').count() != 2 || of_whom.contains(char::is_whitespace) {
        return Some(Why::Names);
    }
    if context.starts_with("refs/") {
        return Some(Why::Ref);
    }
    let name = context.strip_prefix("ref:")?;
    const FULL: [&str; 3] = ["refs/heads/", "refs/pull/", "refs/tags/"];
    let fits = FULL
        .iter()
        .any(|full| name.starts_with(full) || value.has_wildcards() && full.starts_with(name));
    (!fits).then_some(Why::FullRef)
}

/// Whether one of the two names of a subject has its number and the other hasn't: GitHub writes both or none. `whole`: nothing
/// comes behind the second one.
fn has_half_of_the_numbers(names: &str, whole: bool) -> bool {
    let Some((owner, name)) = names.split_once('/') else {
        return false;
    };
    match (owner.contains('@'), name.contains('@')) {
        (true, false) => whole,
        (false, true) => true,
        _ => false,
    }
}

/// Whether no subject of GitHub's begins like this: each begins with a claim's name and a colon.
fn has_no_claim(value: &Pattern) -> bool {
    let (known, open) = before_wildcards(value);
    match known.split_once(':') {
        _ if open => false,
        Some((name, rest)) => {
            name.is_empty() || name.contains(['/', '.', ' ']) || rest.starts_with("//")
        }
        None => known.contains('/') || !value.has_wildcards(),
    }
}

/// Whether a text is `owner/name`, perhaps with more behind a colon.
fn begins_with_names(text: &str) -> bool {
    let names = text.split(':').next().unwrap_or_default();
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'@' | b'*'))
    };
    matches!(names.split('/').collect::<Vec<_>>().as_slice(), [owner, name] if plain(owner) && plain(name))
}

/// Whether `@*` stands for the number of an owner or a repository. Behind their names an `@` is one of a branch, a tag or
/// a workflow.
fn takes_any_number(value: &Pattern) -> bool {
    let names = value.raw().strip_prefix("repo:");
    let names = names.and_then(|names| names.split(':').next());
    names.is_some_and(|names| names.split('/').any(|name| name.contains("@*")))
}

/// Whether the test lets tokens of strangers in once its wildcards are some.
fn opens(
    context: &Context<'_>,
    statement: &Statement,
    test: &Test,
    host: &str,
    name: &str,
) -> bool {
    if says_nothing_of_whom(host, name) {
        let mut others = conditions::tests(statement).iter();
        let names_somebody = others.any(|other| {
            let own = other.key.as_deref().and_then(claim);
            narrows(other) == Some(Narrows::Values)
                && own.is_some_and(|(of, name)| of == host && !says_nothing_of_whom(host, &name))
        });
        return !names_somebody;
    }
    let items = test.values.known().map_or(&[][..], |list| &list.items);
    let mut patterns = items.iter().flat_map(|item| context.patterns(item));
    patterns.any(|value| lets_anybody_in(host, name, value))
}

/// What is allowed once the wildcards of a test are some.
fn added(context: &Context<'_>, statement: &Statement, test: &Test, list: &List) -> Vec<String> {
    let key = test.key.as_deref().unwrap_or_default();
    let patterns = list.items.iter().flat_map(|item| context.patterns(item));
    let wild = patterns.filter(|value| value.has_wildcards());
    wild.flat_map(|value| conditions::where_it_is(statement, key, &value.display()))
        .collect()
}

/// Whether changing the operator changes nothing else.
fn is_alone(statement: &Statement, test: &Test) -> bool {
    let tests = conditions::tests(statement).iter();
    let beside = tests.filter(|other| !std::ptr::eq(*other, test));
    test.operator == "StringEquals"
        && beside.into_iter().all(|other| {
            other.operator_node != test.operator_node && other.operator != "StringLike"
        })
}

impl Fault {
    fn message(&self) -> String {
        match self {
            Fault::NoWildcards { operator, .. } => {
                format!("`{operator}` doesn't support wildcards: no token has such a value.")
            }
            Fault::NoSubject { why, .. } => {
                format!("No GitHub token has such a subject: {}.", why.reason())
            }
            Fault::Scheme { key, .. } => {
                format!("`{key}` matches no token: keys begin without `https://`.")
            }
            Fault::OtherProvider { key, trusted } => {
                format!("`{key}` matches no token of `{trusted}`.")
            }
            Fault::NotOffered { key } => format!(
                "`{key}` matches no token: AWS has no such condition key as of {}.",
                catalog().date()
            ),
            Fault::AnyNumber => {
                "`@*` matches any number: whoever takes over this name later can assume the role."
                    .to_owned()
            }
        }
    }

    fn help(&self) -> String {
        match self {
            Fault::NoWildcards { .. } => "Write `StringLike`.".to_owned(),
            Fault::NoSubject { why, .. } => why.help().to_owned(),
            Fault::Scheme { key, .. } => format!("Write `{}`.", without_scheme(key)),
            Fault::OtherProvider { key, trusted } => {
                let claim = key.rsplit(':').next().unwrap_or("sub");
                format!("Write `{trusted}:{claim}`.")
            }
            Fault::NotOffered { key } => {
                let host = key.rsplit_once(':').map_or(GITHUB, |(host, _)| host);
                format!("Limit whose tokens are allowed with `{host}:sub`.")
            }
            Fault::AnyNumber => {
                "Write the numbers of the owner and the repository, which never change.".to_owned()
            }
        }
    }
}

impl Fact for Subject {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let finding = Finding::new(&RULE, self.span, self.fault.message())
            .help(self.fault.help())
            .level(self.level)
            .owner(self.owner.as_deref());
        let finding = match self.trusted {
            Some(span) => finding.related(span, "the trusted provider"),
            None => finding,
        };
        match &self.fault {
            Fault::NoWildcards {
                node: Some(node),
                adds,
                ..
            } => {
                let (node, adds) = (*node, adds.clone());
                finding.fix("Replace with StringLike", Safety::Unsafe, move |_| {
                    let text = "StringLike".to_owned();
                    Some(Fix::new(vec![Edit::SetScalar { node, text }]).adds(&adds))
                })
            }
            Fault::NoSubject {
                why,
                lacks: Some((node, at)),
                ..
            } => {
                let (node, part) = (*node, *at..*at);
                let Some((lacking, title)) = why.lacking() else {
                    return finding;
                };
                finding.fix(title, Safety::Unsafe, move |context| {
                    context.tree.text(node)?;
                    let (part, text) = (part.clone(), lacking.to_owned());
                    Some(Fix::new(vec![Edit::SetPart { node, part, text }]))
                })
            }
            Fault::Scheme {
                key,
                node: Some(node),
            } => {
                let (node, text) = (*node, without_scheme(key).to_owned());
                finding.fix("Remove https://", Safety::Unsafe, move |_| {
                    let text = text.clone();
                    Some(Fix::new(vec![Edit::SetScalar { node, text }]))
                })
            }
            _ => finding,
        }
    }
}

#[cfg(test)]
mod tests;
