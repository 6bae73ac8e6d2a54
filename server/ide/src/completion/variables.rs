//! Names behind `${`, `!Ref` and `!GetAtt`.

use leastwise_catalog::catalog;
use leastwise_dialects::scope::{InScope, NameKind};

use super::likely_types::LikelyTypes;
use super::names::{self, DeclaredName, declared, declares};
use super::order::{self, Rank};
use super::{CompletionList, CompletionRequest, Offer, write};
use crate::position::{Frame, Manner, Quote};
use crate::{Completion, CompletionKind, values};

/// What begins a variable, and what begins IAM's in a policy that is written as blocks.
const OPEN: &str = "${";
const OPEN_KEY: &str = "&{";

/// The length of `typed` up to behind the `${` that is still open, if one is.
pub(super) fn open(typed: &str) -> Option<u32> {
    let at = typed.rfind(OPEN)? + OPEN.len();
    let rest = typed.get(at..)?;
    (!rest.contains('}'))
        .then(|| u32::try_from(at).ok())
        .flatten()
}

/// The same up to behind the `&{` of a policy that is written as blocks: the tool makes IAM's `${` of that, as its own is another.
pub(super) fn open_key(asked: &CompletionRequest<'_>) -> Option<u32> {
    let at = asked
        .typed
        .rfind(OPEN_KEY)
        .filter(|_| is_of_blocks(asked))?
        + OPEN_KEY.len();
    let is_open = !asked.typed.get(at..)?.contains('}');
    is_open.then(|| u32::try_from(at).ok())?
}

/// Whether the policy is written as blocks.
fn is_of_blocks(asked: &CompletionRequest<'_>) -> bool {
    let keys = asked.place.keys();
    // In an object it is the keys of its block that lead to the policy.
    matches!(keys.as_slice(), ["policy", "Statement", ..])
        && asked.host.is_none()
        && asked.context.analysis.state().has_expressions()
}

/// The condition keys that a request has one value of, as variables of a policy.
pub(super) fn keys(asked: &CompletionRequest<'_>, open: u32) -> Vec<Completion> {
    let mut list = CompletionList::new(asked, |c| {
        c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '/')
    });
    list.replace.start += open;
    list.is_part = true;
    let behind = asked.text.get(list.replace.end as usize..);
    let is_closed = behind.is_some_and(|text| text.starts_with('}'));
    let known = catalog().global_condition_keys();
    for key in known.filter(|key| !key.value_type().many()) {
        let name = key.name().split("${").next().unwrap_or_default();
        let close = if is_closed { "" } else { "}" };
        let offer = Offer {
            label: name,
            detail: "policy variable".to_owned(),
            kind: CompletionKind::Variable,
            insert: name,
            rank: Rank::from(0).at(order::variable(name)),
        };
        add(&mut list, offer, close);
    }
    let CompletionList { mut items, .. } = list;
    items.sort_by(|a, b| a.sort.cmp(&b.sort));
    items
}

/// What a name in braces can be.
pub(super) fn inside(asked: &CompletionRequest<'_>, open: u32) -> Vec<Completion> {
    let mut list = CompletionList::new(asked, |c| {
        c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '_' | '-' | '/' | '(' | ')')
    });
    list.replace.start += open;
    list.is_part = true;
    let behind = asked
        .text
        .get(list.replace.end as usize..)
        .unwrap_or_default();
    let close = if behind.starts_with('}') { "" } else { "}" };
    let mut names: Vec<(String, String, u8)> = Vec::new();
    let analysis = asked.context.analysis;
    let state = analysis.state();
    names.extend(super::framework::names(asked));
    if asked.found.sub || !analysis.dialect.is_template() {
        names.extend(template(asked));
    }
    if asked.found.sub {
        let pseudo = state.pseudo().iter();
        let with_values = pseudo.filter(|name| **name != "AWS::NoValue");
        names.extend(
            with_values.map(|name| ((*name).to_owned(), values::short(asked.context, name), 2)),
        );
    }
    if !analysis.dialect.is_template() && !state.has_expressions() {
        names.extend(config(asked));
    }
    // `Fn::Sub` leaves IAM's variables alone only behind a `!`.
    let mark = if asked.found.sub { "!" } else { "" };
    // A framework takes IAM's variables for its own and refuses them.
    let has_framework = analysis.dialect.makes_template();
    let keys = catalog().global_condition_keys();
    for key in keys.filter(|_| !has_framework) {
        let name = key.name().split("${").next().unwrap_or_default();
        if !key.value_type().many() {
            names.push((format!("{mark}{name}"), "policy variable".to_owned(), 5));
        }
    }
    names.sort();
    names.dedup_by(|a, b| a.0 == b.0);
    for (name, detail, class) in names {
        let offer = Offer {
            label: &name,
            detail,
            kind: CompletionKind::Variable,
            insert: &name,
            rank: Rank::from(class).at(order::variable(&name)),
        };
        add(&mut list, offer, close);
    }
    if let Some(sign) = sign_for_key(asked, open) {
        let begin = open_at(open);
        for item in &mut list.items {
            item.replace.start -= open - begin;
            item.insert.insert_str(0, sign);
            item.filter.insert_str(0, OPEN);
        }
    }
    list.items.sort_by(|a, b| a.sort.cmp(&b.sort));
    list.items
}

/// What begins a variable of IAM's in place of the `${` that is typed, where that would be an expression's.
fn sign_for_key(asked: &CompletionRequest<'_>, open: u32) -> Option<&'static str> {
    let before = asked.typed.get(..open_at(open) as usize)?;
    let is_expression = asked.context.analysis.state().has_expressions() && !before.ends_with('$');
    is_expression.then(|| if is_of_blocks(asked) { OPEN_KEY } else { "$${" })
}

/// Where a `${` begins that ends at a place of what is typed.
fn open_at(end: u32) -> u32 {
    end.saturating_sub(OPEN.len() as u32)
}

/// Adds a name with what closes its braces. Behind one that ends in a slash somebody writes that of a tag first.
fn add(list: &mut CompletionList<'_>, offer: Offer<'_>, close: &str) {
    let name = offer.insert.to_owned();
    match name.ends_with('/') {
        true => list.begin(offer, name, close),
        false => list.add(offer, format!("{name}{close}"), None, false),
    }
}

/// Parameters and resources of the template. The names of expressions stand in no string as such.
fn template(asked: &CompletionRequest<'_>) -> Vec<(String, String, u8)> {
    let context = asked.context;
    if !context.analysis.dialect.is_template() {
        return Vec::new();
    }
    let own = names::around(asked);
    let begun = open(asked.typed).and_then(|at| asked.typed.get(..open_at(at) as usize));
    let likely = LikelyTypes::of(asked, begun.unwrap_or_default());
    let names = declared(context).into_iter();
    let is_own = |name: &DeclaredName| {
        let id = name.text.split('.').next();
        name.kind == NameKind::Resource && id.is_some() && id == own.as_deref()
    };
    let names = names
        .filter(|name| !is_own(name))
        .filter_map(|name| match name.kind {
            NameKind::Parameter => {
                let value = values::short(context, &name.text);
                let detail = match value.is_empty() {
                    true => name.noun.to_owned(),
                    false => value,
                };
                Some((name.text, detail, 1))
            }
            NameKind::Resource if !name.text.contains("${") => {
                let class = likely.fit(&name).class();
                Some((name.text, name.type_name, class))
            }
            _ => None,
        });
    names.collect()
}

/// Variables of the config, for files that have no declarations of their own.
fn config(asked: &CompletionRequest<'_>) -> Vec<(String, String, u8)> {
    let config = asked.context.config();
    let own = config
        .variables
        .keys()
        .chain(config.prefix_variables.iter());
    own.map(|name| (name.clone(), values::short(asked.context, name), 1))
        .collect()
}

/// What stands behind `!Ref` or `!GetAtt`.
pub(super) fn references(list: &mut CompletionList<'_>, attribute: bool) {
    let asked = list.asked;
    let names = template(asked);
    if let Some((index, first)) = argument(asked).filter(|_| attribute) {
        return parts(list, &names, index, first);
    }
    for (name, detail, class) in &names {
        if name.contains('.') != attribute {
            continue;
        }
        list.offer(Offer {
            label: name,
            detail: detail.clone(),
            kind: CompletionKind::Variable,
            insert: name,
            rank: (*class).into(),
        });
    }
    if !attribute {
        for name in asked.context.analysis.state().pseudo() {
            let detail = values::short(asked.context, name);
            list.offer(Offer {
                label: name,
                detail,
                kind: CompletionKind::Variable,
                insert: name,
                rank: 2.into(),
            });
        }
    }
}

/// Which argument of a call that takes its arguments as a list the cursor is in, and the first one.
fn argument<'a>(asked: &CompletionRequest<'a>) -> Option<(usize, &'a str)> {
    let [.., call, item] = asked.place.path.as_slice() else {
        return None;
    };
    let (Frame::Call(_), Frame::Item(index)) = (call.frame, item.frame) else {
        return None;
    };
    let text = asked
        .text
        .get(call.start as usize..asked.place.cursor as usize)?;
    let is_sign = |c: char| c.is_whitespace() || matches!(c, '-' | '"' | '\'');
    let begin = text
        .find('[')
        .map(|at| at + 1)
        .or_else(|| text.find("\n").map(|at| at + 1))?;
    let first = text.get(begin..)?.trim_start_matches(is_sign);
    let ends = |c: char| is_sign(c) || matches!(c, ',' | ']');
    Some((index, first.split(ends).next()?))
}

/// Offers the first argument of such a call, a resource, or the second one, its attribute.
fn parts(list: &mut CompletionList<'_>, names: &[(String, String, u8)], index: usize, first: &str) {
    let mut seen: Vec<&str> = Vec::new();
    let attributes = names
        .iter()
        .filter_map(|(name, detail, class)| Some((name.split_once('.')?, detail, class)));
    for ((id, attribute), detail, class) in attributes {
        let word = match index {
            0 => id,
            1 if id == first => attribute,
            _ => continue,
        };
        if seen.contains(&word) {
            continue;
        }
        seen.push(word);
        list.offer(Offer {
            label: word,
            detail: detail.clone(),
            kind: CompletionKind::Variable,
            insert: word,
            rank: (*class).into(),
        });
    }
}

/// ARNs of the template's resources of some types.
pub(super) fn attributes(list: &mut CompletionList<'_>, wanted: impl Fn(&str) -> bool, class: u8) {
    for named in written(list.asked, wanted) {
        let attribute = named.attributes.first().copied();
        if named.is_arn || attribute.is_some() {
            reference(list, &named.name, attribute, named.type_name, class);
        }
    }
}

/// The account that a template is deployed to, where it can be referred to.
pub(super) fn own_account(list: &mut CompletionList<'_>, class: u8) {
    let own = list.asked.context.analysis.state().pseudo();
    let own = own.iter().filter(|_| list.asked.in_template());
    if let Some(name) = own.copied().find(|name| name.ends_with("AccountId")) {
        reference(list, name, None, "this account", class);
    }
}

/// `Ref`s to the template's resources of some types.
pub(super) fn references_to(
    list: &mut CompletionList<'_>,
    wanted: impl Fn(&str) -> bool,
    class: u8,
) {
    for named in written(list.asked, wanted) {
        reference(list, &named.name, None, named.type_name, class);
    }
}

/// The resources of some types that stand as such in the template.
fn written<'a>(
    asked: &CompletionRequest<'a>,
    wanted: impl Fn(&str) -> bool,
) -> impl Iterator<Item = InScope<'a>> {
    let own = names::around(asked);
    let names = declares(asked).into_iter();
    names.filter(move |named| {
        named.kind == NameKind::Resource
            && named.is_written
            && own.as_deref() != Some(&*named.name)
            && wanted(named.type_name)
    })
}

/// Offers a reference in the way that the place allows.
fn reference(
    list: &mut CompletionList<'_>,
    id: &str,
    attribute: Option<&str>,
    type_name: &str,
    class: u8,
) {
    let place = &list.asked.place;
    let name = attribute.map_or_else(|| id.to_owned(), |attribute| format!("{id}.{attribute}"));
    let (label, insert) = match (place.quote, list.asked.found.sub) {
        (_, true) => {
            let text = format!("${{{name}}}");
            (text.clone(), write::value(list.asked, &text))
        }
        (Quote::None, false) if place.manner == Manner::Json => {
            let call = match attribute {
                Some(attribute) => format!("{{\"Fn::GetAtt\": [\"{id}\", \"{attribute}\"]}}"),
                None => format!("{{\"Ref\": \"{id}\"}}"),
            };
            (call.clone(), call)
        }
        (Quote::None, false) => {
            let call = if attribute.is_some() {
                format!("!GetAtt {name}")
            } else {
                format!("!Ref {name}")
            };
            (call.clone(), call)
        }
        // A literal string can't refer to anything.
        _ => return,
    };
    let offer = Offer {
        label: &label,
        detail: type_name.to_owned(),
        kind: CompletionKind::Arn,
        insert: &label,
        rank: class.into(),
    };
    list.add(offer, insert, None, false);
}
