//! From the path of a cursor to the part of a policy that it is in.

use leastwise_dialects::words;

use super::{CursorPlace, Frame, Role, Step};

/// The part of a policy, or of a template around it, that a word is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Spot<'t> {
    /// The name of an element of a policy.
    PolicyKey,
    /// The name of an element of a statement.
    StatementKey,
    /// A value of `Action` or `NotAction`.
    Action { not: bool },
    /// A value of `Resource` or `NotResource`.
    Resource { not: bool },
    /// The value of `Effect`.
    Effect,
    /// The value of a policy's `Version`.
    Version,
    /// The value of `Principal` or `NotPrincipal` itself, or a key in it.
    Principal,
    /// A value under one of the keys of `Principal`.
    PrincipalValue(&'t str),
    /// A key of `Condition`.
    Operator,
    /// A key below an operator.
    ConditionKey { operator: &'t str },
    /// A value of a condition key.
    ConditionValue { operator: &'t str, key: &'t str },
    /// An item of `ManagedPolicyArns`, or `PermissionsBoundary`.
    ManagedPolicy,
    /// An entry of `Policies` of a resource, or its key.
    PolicyEntry,
    /// A key below that.
    PolicyEntryKey(&'t str),
    /// `!Ref` or `!GetAtt` anywhere in a template.
    Reference { attribute: bool },
    /// The name of an argument or block, where a policy is written as those.
    Block,
    /// Any other text.
    Other,
}

/// A [`Spot`] and what belongs to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct SpotContext<'t> {
    pub spot: Spot<'t>,
    /// Where the statement around it begins.
    pub statement: Option<u32>,
    /// Whether `${…}` in the text are variables of the template.
    pub sub: bool,
    /// Whether the text is only a part of the value: an item of `Fn::Join`.
    pub part: bool,
    /// The key that holds the policy document, as far as one does.
    pub document: Option<&'t str>,
}

/// What a place is. `bare` says that the file is a policy by itself, not a template.
pub(crate) fn spot<'t>(place: &CursorPlace<'t>, bare: bool) -> SpotContext<'t> {
    let mut found = SpotContext {
        spot: of_block(place),
        statement: None,
        sub: false,
        part: false,
        document: None,
    };
    let mut path: Vec<Step<'t>> = Vec::with_capacity(place.path.len());
    let mut steps = place.path.iter().peekable();
    let mut call = None;
    while let Some(step) = steps.next() {
        let Frame::Call(name) = step.frame else {
            path.push(*step);
            continue;
        };
        let item = steps
            .next_if(|next| matches!(next.frame, Frame::Item(_)))
            .map(|next| next.frame);
        match (name, item) {
            ("Fn::If", Some(Frame::Item(1 | 2))) => {}
            ("Fn::Sub", None | Some(Frame::Item(0))) => {
                found.sub = true;
                call = Some(name);
            }
            ("Fn::Join", Some(Frame::Item(1))) => {
                steps.next_if(|next| matches!(next.frame, Frame::Item(_)));
                found.part = true;
            }
            ("Ref", None) | ("Fn::GetAtt", _) => call = Some(name),
            // An argument that is no part of a policy's text.
            _ => {
                found.part = true;
                call = Some(name);
            }
        }
    }
    if let Some("Ref" | "Fn::GetAtt") = call {
        let attribute = call != Some("Ref");
        found.spot = Spot::Reference { attribute };
    }
    let fixed = found.spot != Spot::Other;
    let names: Vec<Option<&'t str>> = path
        .iter()
        .map(|step| match step.frame {
            Frame::Key(name) => Some(name),
            _ => None,
        })
        .collect();
    let above = |at: usize| {
        names
            .get(..at)
            .and_then(|names| names.iter().rev().find_map(|name| *name))
    };
    let statements = names
        .iter()
        .rposition(|name| name.is_some_and(holds_statements))
        .filter(|at| {
            let name = names.get(*at).copied().flatten();
            let holder = above(*at);
            match name {
                Some("Statement") => bare || holder.is_some_and(holds_policy),
                Some("statements") => holder == Some("role"),
                _ => true,
            }
        });
    let Some(at) = statements else {
        if fixed || found.part {
            return found;
        }
        found.document = above(names.len());
        path.retain(|step| step.frame != Frame::Map);
        found.spot = outside(place, &path, bare, found.document);
        return found;
    };
    found.document = above(at);
    let items = path.get(at + 1..).unwrap_or_default();
    let depth = items
        .iter()
        .take_while(|step| matches!(step.frame, Frame::Item(_) | Frame::Map))
        .count();
    found.statement = items
        .get(..depth)
        .and_then(<[_]>::last)
        .or(path.get(at))
        .map(|step| step.start);
    if fixed || found.part {
        return found;
    }
    let rest: Vec<Step<'t>> = items
        .get(depth..)
        .unwrap_or_default()
        .iter()
        .filter(|step| step.frame != Frame::Map)
        .copied()
        .collect();
    found.spot = inside(place.role, &rest);
    found
}

/// What a place is by itself: the name of an argument or block, or nothing yet.
fn of_block<'t>(place: &CursorPlace<'t>) -> Spot<'t> {
    match place.block {
        Some(_) => Spot::Block,
        None => Spot::Other,
    }
}

/// Whether the value of a key of this name can be statements: the element of a policy, or what a dialect has for it.
fn holds_statements(name: &str) -> bool {
    name == "Statement" || words().any(|of| of.statements.contains(&name))
}

/// Whether a property of this name holds a policy document.
fn holds_policy(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("polic") || name.contains("document")
}

/// A place in a statement, by the path from the statement on.
fn inside<'t>(role: Role, rest: &[Step<'t>]) -> Spot<'t> {
    let frames: Vec<Frame<'t>> = rest.iter().map(|step| step.frame).collect();
    let value = role != Role::Key;
    match frames.as_slice() {
        [] if role != Role::Value => Spot::StatementKey,
        [Frame::Key(element), rest @ ..] => {
            let list = rest.iter().all(|frame| matches!(frame, Frame::Item(_)));
            match (*element, rest) {
                ("Action" | "NotAction", _) if list && value => Spot::Action {
                    not: *element == "NotAction",
                },
                ("Resource" | "NotResource", _) if list && value => Spot::Resource {
                    not: *element == "NotResource",
                },
                ("Effect", []) if value => Spot::Effect,
                ("Principal" | "NotPrincipal", []) => Spot::Principal,
                ("Principal" | "NotPrincipal", [Frame::Key(kind), rest @ ..])
                    if value && rest.iter().all(|frame| matches!(frame, Frame::Item(_))) =>
                {
                    Spot::PrincipalValue(kind)
                }
                ("Condition", []) if role != Role::Value => Spot::Operator,
                ("Condition", [Frame::Key(operator)]) if role != Role::Value => {
                    Spot::ConditionKey { operator }
                }
                ("Condition", [Frame::Key(operator), Frame::Key(key), ..]) if value => {
                    Spot::ConditionValue { operator, key }
                }
                _ => Spot::Other,
            }
        }
        _ => Spot::Other,
    }
}

/// A place that is in no statement.
fn outside<'t>(
    place: &CursorPlace<'t>,
    path: &[Step<'t>],
    bare: bool,
    holder: Option<&'t str>,
) -> Spot<'t> {
    let frames: Vec<Frame<'t>> = path.iter().map(|step| step.frame).collect();
    let named = match frames.as_slice() {
        [.., Frame::Key(name), Frame::Item(_)] | [.., Frame::Key(name)] => Some(*name),
        _ => None,
    };
    let is_managed = |name: &str| words().any(|of| of.managed.contains(&name));
    if place.role != Role::Key && named.is_some_and(is_managed) {
        return Spot::ManagedPolicy;
    }
    let policies = behind_policies(&frames);
    // An entry may be a policy by itself.
    if let Some([Frame::Key("Version")] | [Frame::Item(_), Frame::Key("Version")]) = policies
        && place.role != Role::Key
    {
        return Spot::Version;
    }
    if let Some(rest) = policies.filter(|rest| !matches!(rest, [.., Frame::Key("Version")])) {
        return match rest {
            [] | [Frame::Item(_)] => Spot::PolicyEntry,
            [Frame::Key(name)] | [Frame::Item(_), Frame::Key(name)]
                if place.role != Role::Value && !is_document(name) =>
            {
                Spot::PolicyEntryKey(name)
            }
            _ if holder.is_some_and(is_document) && place.role != Role::Value => Spot::PolicyKey,
            _ => Spot::Other,
        };
    }
    match frames.as_slice() {
        [] | [Frame::Item(_)] if bare && place.role != Role::Value => Spot::PolicyKey,
        [Frame::Key("Version")] if bare => Spot::Version,
        [.., Frame::Key(above), Frame::Key("Version")]
            if is_document(above) && place.role != Role::Key =>
        {
            Spot::Version
        }
        [.., Frame::Key(_)] if holder.is_some_and(is_document) && place.role != Role::Value => {
            Spot::PolicyKey
        }
        _ => Spot::Other,
    }
}

/// What stands behind the keys that lead to a list of policies with names.
fn behind_policies<'f, 't>(frames: &'f [Frame<'t>]) -> Option<&'f [Frame<'t>]> {
    let mut keys = words()
        .map(|of| of.policies)
        .filter(|keys| !keys.is_empty());
    keys.find_map(|keys| {
        let (leading, rest) = frames.split_at_checked(keys.len())?;
        let is = |frame: &Frame<'_>, key: &str| match frame {
            Frame::Key(name) => key.is_empty() || *name == key,
            _ => false,
        };
        let mut leading = leading.iter().zip(keys);
        leading.all(|(frame, key)| is(frame, key)).then_some(rest)
    })
}

/// Whether what stands under this key is a policy document itself, not a list of policies or a name.
fn is_document(name: &str) -> bool {
    name.ends_with("PolicyDocument")
        || name.ends_with("PolicyText")
        || words().any(|of| of.documents.contains(&name))
}
