//! Which resources an action takes, and which ARNs are of which type.

use crate::arn::{Arn, ArnShape};
use crate::format::{self, Format};
use crate::glob::Symbol;
use crate::{Pattern, Tri, pattern};
use leastwise_catalog::{Action, ResourceType, catalog};
use std::collections::HashMap;
use std::sync::{LazyLock, RwLock};

/// Whether a statement's resources are any good for an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionFit {
    /// At least one of them is of a type that the action takes.
    Fits,
    /// It depends on an unknown part.
    Maybe,
    /// The action can't be limited to resources: it needs `*`, and has no effect on these.
    TakesNoResource,
    /// None of them is of a type that the action takes.
    NoTypeFits {
        /// The types it takes, required ones first.
        types: Vec<ResourceType>,
    },
}

/// ARNs that AWS takes for an action or type beside those in the catalog: action or `service:type`, format.
const MORE_FORMATS: &[(&str, &str)] = &[
    // WebSocket routes have no method, and the root of a REST API has no path.
    (
        "execute-api:execute-api-general",
        "arn:${Partition}:execute-api:${Region}:${Account}:${ApiId}/${Path}",
    ),
    // ARNs of before 2018, without the cluster's name.
    (
        "ecs:service",
        "arn:${Partition}:ecs:${Region}:${Account}:service/${ServiceName}",
    ),
    (
        "ecs:task",
        "arn:${Partition}:ecs:${Region}:${Account}:task/${TaskId}",
    ),
    (
        "ecs:container-instance",
        "arn:${Partition}:ecs:${Region}:${Account}:container-instance/${ContainerInstanceId}",
    ),
    // The catalog has the classic load balancers' types only for actions of both generations.
    (
        "elasticloadbalancing:AddTags",
        "arn:${Partition}:elasticloadbalancing:${Region}:${Account}:${Path}",
    ),
    (
        "elasticloadbalancing:RemoveTags",
        "arn:${Partition}:elasticloadbalancing:${Region}:${Account}:${Path}",
    ),
    (
        "elasticloadbalancing:DescribeTags",
        "arn:${Partition}:elasticloadbalancing:${Region}:${Account}:${Path}",
    ),
    (
        "elasticloadbalancing:CreateLoadBalancer",
        "arn:${Partition}:elasticloadbalancing:${Region}:${Account}:loadbalancer/${Path}",
    ),
    (
        "elasticloadbalancing:DeleteLoadBalancer",
        "arn:${Partition}:elasticloadbalancing:${Region}:${Account}:loadbalancer/${Path}",
    ),
    (
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        "arn:${Partition}:elasticloadbalancing:${Region}:${Account}:loadbalancer/${Path}",
    ),
    // Stacks are named with and without the id that AWS appends, also in AWS's own policies.
    (
        "cloudformation:stack",
        "arn:${Partition}:cloudformation:${Region}:${Account}:stack/${StackName}",
    ),
    // Macros, such as that of SAM.
    (
        "cloudformation:CreateChangeSet",
        "arn:${Partition}:cloudformation:${Region}:${Account}:transform/${Name}",
    ),
    (
        "cloudformation:CreateStack",
        "arn:${Partition}:cloudformation:${Region}:${Account}:transform/${Name}",
    ),
    (
        "cloudformation:UpdateStack",
        "arn:${Partition}:cloudformation:${Region}:${Account}:transform/${Name}",
    ),
    // The policy that is attached, beside what it is attached to.
    (
        "iot:AttachPolicy",
        "arn:${Partition}:iot:${Region}:${Account}:policy/${PolicyName}",
    ),
    (
        "iot:DetachPolicy",
        "arn:${Partition}:iot:${Region}:${Account}:policy/${PolicyName}",
    ),
    // The state machine that makes the call.
    (
        "states:InvokeHTTPEndpoint",
        "arn:${Partition}:states:${Region}:${Account}:stateMachine:${StateMachineName}",
    ),
    // In no list of its types, but the request names `log-group::log-stream:`.
    (
        "logs:DescribeLogGroups",
        "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}",
    ),
];

/// A resource pattern ready to be compared with many formats.
struct Prepared<'p> {
    symbols: Vec<Symbol<'p>>,
    /// The symbols of each segment; empty where the segments can't be told.
    segments: Vec<Vec<Symbol<'p>>>,
    /// The ARN's service, where it is known.
    service: Option<String>,
    /// Whether both the region and the account are surely empty.
    placeless: bool,
    /// Whether a star stands before the resource, and might reach over colons.
    reaching: bool,
    /// Whether it is of the short form for APIs, `execute-api:/…`.
    short_api: bool,
}

impl<'p> Prepared<'p> {
    fn new(pattern: &'p Pattern) -> Prepared<'p> {
        let ArnShape::Arn(arn) = Arn::parse(pattern) else {
            return Prepared {
                symbols: pattern::symbols(pattern.raw()),
                segments: Vec::new(),
                service: None,
                placeless: false,
                reaching: false,
                short_api: pattern.raw().starts_with("execute-api:/"),
            };
        };
        let segments = [
            arn.prefix,
            arn.partition,
            arn.service,
            arn.region,
            arn.account,
            arn.resource,
        ];
        Prepared {
            symbols: pattern::symbols(pattern.raw()),
            segments: segments
                .iter()
                .map(|segment| pattern::symbols(segment.raw()))
                .collect(),
            service: arn.service.as_literal(),
            placeless: arn.region.is_empty() && arn.account.is_empty(),
            short_api: false,
            reaching: [arn.region, arn.account]
                .iter()
                .any(|segment| segment.raw().contains('*')),
        }
    }

    fn overlaps(&self, format: &Format) -> Tri {
        if self.segments.is_empty() {
            return format.overlaps(&self.symbols);
        }
        let segments: Vec<&[Symbol<'_>]> = self.segments.iter().map(Vec::as_slice).collect();
        match format.overlaps_segments(&segments) {
            Tri::No if self.reaching && format.overlaps_over_colons(&self.symbols) => Tri::Maybe,
            found => found,
        }
    }

    /// Whether it is nothing but one unknown text, which may turn out to be `*`.
    fn unknown(&self) -> bool {
        self.segments.is_empty()
            && self
                .symbols
                .iter()
                .all(|symbol| matches!(symbol, Symbol::Hole(_) | Symbol::Many))
    }

    /// What can be told without looking at the resource.
    fn may_fit(&self, format: &str) -> bool {
        // One of the two may be left out (`arn:aws:ssm:eu-west-1::document/…`); without both, `arn:aws:s3:::${X}/*`
        // would pass for an access point.
        let placed = || format.contains(":${Region}:${Account}:");
        self.service_fits(format::service(format)) && !(self.placeless && placed())
    }

    fn fits(&self, format: &'static str) -> Tri {
        if !self.may_fit(format) {
            return Tri::No;
        }
        with_format(format, |format| self.overlaps(format))
    }

    fn service_fits(&self, service: &str) -> bool {
        service.contains(['$', '*'])
            || self
                .service
                .as_ref()
                .is_none_or(|known| known.eq_ignore_ascii_case(service))
    }

    fn fits_type(&self, resource_type: ResourceType) -> Tri {
        resource_type
            .arns()
            .fold(Tri::No, |found, format| found.or(self.fits(format)))
            .or(self.fits_more(resource_type))
    }

    fn fits_more(&self, resource_type: ResourceType) -> Tri {
        more_formats(resource_type.service().prefix(), resource_type.name())
            .fold(Tri::No, |found, format| found.or(self.fits(format)))
    }
}

fn more_formats(service: &str, name: &str) -> impl Iterator<Item = &'static str> {
    MORE_FORMATS
        .iter()
        .filter(move |(key, _)| {
            key.split_once(':')
                .is_some_and(|(of, what)| of == service && what.eq_ignore_ascii_case(name))
        })
        .map(|(_, format)| *format)
}

/// Formats are read once; there are some 2,400 of them, and a run needs few.
fn with_format<T>(text: &'static str, then: impl FnOnce(&Format) -> T) -> T {
    static READ: LazyLock<RwLock<HashMap<&'static str, &'static Format>>> =
        LazyLock::new(Default::default);
    if let Ok(read) = READ.read()
        && let Some(format) = read.get(text)
    {
        return then(format);
    }
    let format: &'static Format = Box::leak(Box::new(Format::new(text)));
    if let Ok(mut read) = READ.write() {
        read.insert(text, format);
    }
    then(format)
}

/// Could an ARN of this format (`arn:${Partition}:s3:::${BucketName}/${ObjectName}`) match the pattern?
///
/// `Yes` says that some ARN of the format matches, not that all do.
pub fn fits(format: &str, pattern: &Pattern) -> Tri {
    if pattern.is_star() {
        return Tri::Yes;
    }
    let resource = Prepared::new(pattern);
    match resource.may_fit(format) {
        true => resource.overlaps(&Format::new(format)),
        false => Tri::No,
    }
}

/// Could a resource of this type match the pattern?
pub fn fits_type(resource_type: ResourceType, pattern: &Pattern) -> Tri {
    match pattern.is_star() {
        true => Tri::Yes,
        false => Prepared::new(pattern).fits_type(resource_type),
    }
}

/// Whether the resources of a statement are any good for an action.
///
/// Texts that can't be ARNs fit nothing; a statement without resources counts as [`ActionFit::Maybe`].
pub fn action_fits(action: Action, resources: &[Pattern]) -> ActionFit {
    if resources.is_empty() {
        return ActionFit::Maybe;
    }
    if resources.iter().any(Pattern::is_star) {
        return ActionFit::Fits;
    }
    let mut found = Tri::No;
    for pattern in resources {
        let resource = Prepared::new(pattern);
        found = found.or(action_fits_one(action, &resource));
        if found == Tri::Yes {
            return ActionFit::Fits;
        }
    }
    let takes_none = action.resources().len() == 0;
    match found {
        Tri::Yes => ActionFit::Fits,
        Tri::Maybe => ActionFit::Maybe,
        Tri::No if takes_none && resources.iter().any(whole_service) => ActionFit::Maybe,
        Tri::No if takes_none => ActionFit::TakesNoResource,
        Tri::No => ActionFit::NoTypeFits {
            types: types_of(action),
        },
    }
}

/// Whether one resource is any good for an action; `Yes` for `*`.
pub fn action_fits_pattern(action: Action, resource: &Pattern) -> Tri {
    if resource.is_star() {
        return Tri::Yes;
    }
    let found = action_fits_one(action, &Prepared::new(resource));
    match found {
        Tri::No if action.resources().len() == 0 && whole_service(resource) => Tri::Maybe,
        found => found,
    }
}

fn action_fits_one(action: Action, resource: &Prepared<'_>) -> Tri {
    if action.resources().len() == 0 && resource.unknown() {
        return Tri::Maybe;
    }
    if resource.short_api && action.service().prefix() == "execute-api" {
        return Tri::Yes;
    }
    let mut found = Tri::No;
    for of in action.resources() {
        found = found.or(resource.fits_type(of.resource_type()));
        if found == Tri::Yes {
            return found;
        }
    }
    more_formats(action.service().prefix(), action.name())
        .fold(found, |found, format| found.or(resource.fits(format)))
}

/// `arn:aws:s3:::*` and the like: everything of a service, which AWS takes for `s3:ListAllMyBuckets`.
fn whole_service(pattern: &Pattern) -> bool {
    match Arn::parse(pattern) {
        ArnShape::Arn(arn) => arn.resource.is_star() || arn.resource.has_holes(),
        ArnShape::Unknown => true,
        ArnShape::Star | ArnShape::NotArn(_) => false,
    }
}

/// The types an action takes: required ones first, then those its own name speaks of.
pub fn types_of(action: Action) -> Vec<ResourceType> {
    let mut types: Vec<_> = action
        .resources()
        .map(|of| (of.required(), of.resource_type()))
        .collect();
    types.sort_by_key(|(required, of)| (!required, !speaks_of(action, *of)));
    types.into_iter().map(|(_, of)| of).collect()
}

/// The resource types that a pattern can be of, those of the service that owns the ARN where there are any. Empty for
/// `*` and for what can't be an ARN.
pub fn resource_types_fitting(pattern: &Pattern) -> Vec<ResourceType> {
    let ArnShape::Arn(arn) = Arn::parse(pattern) else {
        return Vec::new();
    };
    let resource = Prepared::new(pattern);
    let Some(service) = arn.service.as_literal() else {
        return Vec::new();
    };
    let fitting = |types: &mut dyn Iterator<Item = ResourceType>| -> Vec<ResourceType> {
        types
            .filter(|of| resource.fits_type(*of).possible())
            .collect()
    };
    let own = catalog()
        .service(&service)
        .map(|service| fitting(&mut service.resource_types()))
        .unwrap_or_default();
    match own.is_empty() {
        false => own,
        true => fitting(&mut catalog().resource_types()),
    }
}

/// A resource type that a set of actions needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeNeed {
    /// The type.
    pub resource_type: ResourceType,
    /// True if one of the actions can't do without it.
    pub required: bool,
    /// The actions that take it, of those asked about.
    pub actions: Vec<Action>,
}

/// What a set of actions needs as resources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Types, required ones first, then by how many of the actions take them.
    pub types: Vec<TypeNeed>,
    /// Actions that can't be limited to resources: they need a statement of their own with `*`.
    pub without_resource: Vec<Action>,
}

/// The fewest resource types that serve a set of actions, for composing a narrower `Resource`.
///
/// Every type an action requires is in. An action with optional types only adds none if one of its types is already
/// there; else the type its own name speaks of (`s3:GetObject`: object), else all of its types.
pub fn narrowest_types(actions: &[Action]) -> Needs {
    let mut needs = Needs::default();
    let mut undecided = Vec::new();
    for &action in actions {
        if action.resources().len() == 0 {
            needs.without_resource.push(action);
        } else if action.resources().any(|of| of.required()) {
            for of in action.resources().filter(|of| of.required()) {
                need(&mut needs.types, of.resource_type(), action, true);
            }
        } else {
            undecided.push(action);
        }
    }
    for action in undecided {
        let types = types_of(action);
        let known: Vec<_> = types
            .iter()
            .filter(|of| needs.types.iter().any(|need| need.resource_type == **of))
            .collect();
        let spoken: Vec<_> = types.iter().filter(|of| speaks_of(action, **of)).collect();
        let chosen = match (known.is_empty(), spoken.is_empty()) {
            (false, _) => known,
            (true, false) => spoken,
            (true, true) => types.iter().collect(),
        };
        for of in chosen {
            need(&mut needs.types, *of, action, false);
        }
    }
    needs.types.sort_by_key(|need| {
        (
            !need.required,
            std::cmp::Reverse(need.actions.len()),
            need.resource_type,
        )
    });
    needs
}

fn need(types: &mut Vec<TypeNeed>, resource_type: ResourceType, action: Action, required: bool) {
    match types
        .iter_mut()
        .find(|need| need.resource_type == resource_type)
    {
        Some(need) => {
            need.required |= required;
            need.actions.push(action);
        }
        None => types.push(TypeNeed {
            resource_type,
            required,
            actions: vec![action],
        }),
    }
}

/// Whether an action's name ends in a type's name, as in `GetObject` or `PutObjectAcl`.
fn speaks_of(action: Action, resource_type: ResourceType) -> bool {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect()
    };
    let (name, of) = (plain(action.name()), plain(resource_type.name()));
    let start = action
        .name()
        .char_indices()
        .skip(1)
        .find(|(_, c)| c.is_ascii_uppercase())
        .map_or(0, |(at, _)| at);
    name.get(start..).is_some_and(|noun| noun.starts_with(&of))
}

/// Writes an ARN from a format: each placeholder becomes what `value` gives for its name, or `*`.
pub fn compose(format: &str, mut value: impl FnMut(&str) -> Option<String>) -> String {
    let mut arn = String::with_capacity(format.len());
    let mut rest = format;
    while let Some(start) = rest.find("${") {
        arn.push_str(&rest[..start]);
        rest = &rest[start..];
        let Some((name, after)) = format::placeholder(rest) else {
            break;
        };
        match value(name) {
            Some(value) => arn.push_str(&value),
            None => arn.push('*'),
        }
        rest = after;
    }
    arn.push_str(rest);
    arn
}

/// The names of a format's placeholders, in order.
pub fn placeholders(format: &str) -> impl Iterator<Item = &str> {
    format
        .split("${")
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An addition for something an update of the catalog renamed would silently do nothing.
    #[test]
    fn every_additional_format_is_for_something() {
        for (key, format) in MORE_FORMATS {
            let (service, name) = key.split_once(':').expect("service:name");
            let known = catalog().action(service, name).is_some()
                || catalog().resource_type(service, name).is_some();
            assert!(known, "{key}");
            assert_eq!(
                format.matches(':').count()
                    - format
                        .splitn(6, ':')
                        .nth(5)
                        .map_or(0, |of| of.matches(':').count()),
                5
            );
        }
    }
}
