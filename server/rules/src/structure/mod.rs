//! Whether a policy has the elements that it must have, and no others.

pub mod conflicting_elements;
pub mod duplicate_key;
pub mod duplicate_sid;
pub mod invalid_effect;
pub mod invalid_policy_entry;
pub mod invalid_sid;
pub mod invalid_trust;
pub mod invalid_type;
pub mod invalid_version;
pub mod missing_action;
pub mod missing_effect;
pub mod missing_principal;
pub mod missing_resource;
pub mod missing_statement;
pub mod missing_sub;
pub mod missing_version;
mod sids;
pub mod unescaped_policy_variable;
pub mod unknown_element;
mod walk;

use std::collections::HashSet;

use leastwise_catalog::catalog;
use leastwise_model::notation::{Gives, Notation};
use leastwise_model::{ElementPair, Form, Site, SiteKind, Statement, mark};
use leastwise_policy::{ActionPattern, PolicyKind, elements};
use leastwise_syntax::trace::TextQuestion;
use leastwise_syntax::{NodeId, ProblemKind, Span, Tree, View};

use crate::{Context, Facts};

/// The kind of policy that a site holds; `None` where the file doesn't tell, or the policy is none of IAM's.
fn policy_kind(kind: SiteKind) -> Option<PolicyKind> {
    Some(match kind {
        SiteKind::Identity => PolicyKind::Identity,
        SiteKind::Trust => PolicyKind::Trust,
        SiteKind::Resource => PolicyKind::Resource,
        SiteKind::Boundary => PolicyKind::Boundary,
        SiteKind::Scp => PolicyKind::ServiceControl,
        SiteKind::Rcp => PolicyKind::ResourceControl,
        SiteKind::VpcEndpoint => PolicyKind::VpcEndpoint,
        SiteKind::Session => PolicyKind::Session,
        SiteKind::Organization | SiteKind::Iot | SiteKind::OfAws | SiteKind::Unknown => {
            return None;
        }
    })
}

/// "an identity policy", "a trust policy".
fn with_article(kind: SiteKind) -> String {
    let name = kind.name();
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'I']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {name}")
}

/// Whether the statements are objects in the names of blocks, not the blocks of a document.
fn is_object(context: &Context<'_>, site: &Site) -> bool {
    context.policy(site).form.is_blocks() && !is_of_blocks(context, site)
}

/// Whether a policy is written as blocks, and its statements with it.
fn is_of_blocks(context: &Context<'_>, site: &Site) -> bool {
    let names = context.policy(site).form.blocks();
    names.is_some_and(|names| {
        let name = names.name("Statement");
        context.tree.get(site.document.node, name).is_some()
    })
}

/// Whether an element that isn't found is surely not there: what could not be read may hold it.
fn is_whole(context: &Context<'_>) -> bool {
    context.tree.ask(&TextQuestion::HasOnly(HARMLESS))
}

/// What is wrong with a text of which nothing is lost.
const HARMLESS: &[ProblemKind] = &[ProblemKind::UnquotedStar, ProblemKind::Expansion];

/// As [`is_whole`], of an element of one statement: where nothing is wrong with the text but that it ends too early, since somebody
/// is still writing it, what is closed is whole.
fn is_closed(context: &Context<'_>, statement: &Statement, facts: &mut Facts<'_>) -> bool {
    let runs_out = |context: &Context<'_>| context.tree.ask(&TextQuestion::RunsOut(HARMLESS));
    facts.once(runs_out)
        && (is_whole(context) || is_balanced(context.tree.part(context.span(statement.node))))
}

/// Whether the bracket that a text begins with is closed where it ends.
fn is_balanced(text: &str) -> bool {
    let mut open: Vec<char> = Vec::new();
    let mut quoted = false;
    let mut letters = text.char_indices();
    while let Some((at, c)) = letters.next() {
        match c {
            '\\' if quoted => {
                letters.next();
            }
            '"' => quoted = !quoted,
            _ if quoted => {}
            '{' => open.push('}'),
            '[' => open.push(']'),
            '(' => open.push(')'),
            '}' | ']' | ')' => {
                if open.pop() != Some(c) {
                    return false;
                }
                if open.is_empty() {
                    return at + 1 == text.len();
                }
            }
            _ => {}
        }
    }
    false
}

/// Whether a name is that of a function or macro that stands where elements do, or a mark of another tool: it may bring
/// any element with it.
fn is_macro(name: &str) -> bool {
    name.contains(':') && name.contains("::") && elements::unspaced(name).is_none()
        || mark::is_open(name)
}

/// Whether an object is made into one with others: what it lacks may stand in these.
fn is_merged(tree: &Tree, node: NodeId, notation: &dyn Notation) -> bool {
    let holder = tree.parent(node).and_then(|list| tree.parent(list));
    let tagged = holder.map(|holder| tree.view(holder));
    matches!(tagged, Some(View::Tagged(tag, _)) if notation.gives(&tag.name) == Gives::Object)
}

/// Whether no function or macro may bring further elements into a statement.
fn is_whole_statement(statement: &Statement) -> bool {
    let mut elements = statement.elements.iter();
    !elements.any(|element| is_macro(&element.name))
}

/// Where to mark a statement that lacks something: its first element, so that not the whole of it is underlined.
fn head(context: &Context<'_>, statement: &Statement) -> Span {
    statement
        .elements
        .first()
        .map_or(statement.span, |element| context.content(element.key))
}

/// Whether an element is there under a wrong name: then that is what is reported.
fn is_misspelt(elements: &[ElementPair], names: &[&str]) -> bool {
    elements.iter().any(|element| {
        let name = element.name.as_str();
        let unspaced = elements::unspaced(name).map(|of| of.0);
        let meant = || elements::suggest_statement_element(&name.replace('_', ""));
        elements::statement_element(name).is_none()
            && unspaced
                .or_else(meant)
                .is_some_and(|meant| names.contains(&meant))
    })
}

/// The actions that a statement allows when it is read with one key under another name, or with another effect. Blocks
/// allow where they name no effect.
fn allowed(
    tree: &Tree,
    statement: NodeId,
    form: Form,
    renamed: Option<(NodeId, &str)>,
    effect: Option<&str>,
) -> Vec<String> {
    let mut actions = Vec::new();
    let mut allows = effect.map_or(form.is_blocks(), |effect| effect == "Allow");
    for pair in tree.pairs(statement) {
        let name = match renamed {
            Some((key, name)) if key == pair.key => name,
            _ => tree.text(pair.key).unwrap_or_default(),
        };
        let is = |element: &str| name.eq_ignore_ascii_case(element) || name == form.name(element);
        if is("Action") {
            match tree.items(pair.value) {
                Some(items) => actions.extend(items.iter().filter_map(|item| tree.text(*item))),
                None => actions.extend(tree.text(pair.value)),
            }
        } else if is("NotAction") {
            actions.push("*");
        } else if is("Effect") && effect.is_none() {
            allows = tree
                .text(pair.value)
                .is_some_and(|text| text.eq_ignore_ascii_case("Allow"));
        }
    }
    if !allows {
        return Vec::new();
    }
    let mut told = HashSet::new();
    actions.retain(|action| told.insert(action.to_ascii_lowercase()) && is_of_something(action));
    actions.into_iter().map(str::to_owned).collect()
}

/// Whether an action is one of a service that AWS has, or stands for some. What isn't known may be one.
fn is_of_something(action: &str) -> bool {
    match ActionPattern::parse(action) {
        ActionPattern::Malformed(_) => action.contains('$') || mark::is_open(action),
        ActionPattern::Star | ActionPattern::Unknown => true,
        ActionPattern::Named(named) => {
            let mut meant = catalog().actions_matching(named.service(), named.name());
            meant.next().is_some()
        }
    }
}

/// As [`allowed`], for a policy whose statements stand under a key that is to be renamed.
fn allowed_by_all(tree: &Tree, statements: NodeId, form: Form) -> Vec<String> {
    match tree.view(tree.resolved(statements)) {
        View::Sequence(items) => items
            .iter()
            .flat_map(|item| allowed(tree, *item, form, None, None))
            .collect(),
        _ => allowed(tree, statements, form, None, None),
    }
}
