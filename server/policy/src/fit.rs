//! Patterns against the ARN formats of the catalog, each made ready once.

use crate::arn::{Arn, ArnShape};
use crate::format::{Format, Row};
use crate::{Pattern, Tri};
use leastwise_catalog::{Action, ResourceType, catalog};
use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

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
#[derive(Debug)]
pub(crate) struct Prepared {
    whole: Row,
    /// The segments; empty where they can't be told.
    segments: Vec<Row>,
    /// The ARN's service, where it is known.
    service: Option<String>,
    /// Whether both the region and the account are surely empty.
    placeless: bool,
    /// Whether a star stands before the resource, and might reach over colons.
    reaching: bool,
    /// Whether it is of the short form for APIs, `execute-api:/…`.
    short_api: bool,
}

impl Prepared {
    pub(crate) fn new(pattern: &Pattern) -> Prepared {
        let whole = Row::new(pattern.raw());
        let ArnShape::Arn(arn) = Arn::parse(pattern) else {
            return Prepared {
                whole,
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
            whole,
            segments: segments
                .iter()
                .map(|segment| Row::new(segment.raw()))
                .collect(),
            service: arn.service.as_literal(),
            placeless: arn.region.is_empty() && arn.account.is_empty(),
            short_api: false,
            reaching: [arn.region, arn.account]
                .iter()
                .any(|segment| segment.raw().contains('*')),
        }
    }

    /// Could an ARN of this format match the pattern?
    pub(crate) fn fits(&self, format: &Format) -> Tri {
        // One of the two may be left out (`arn:aws:ssm:eu-west-1::document/…`); without both, `arn:aws:s3:::${X}/*`
        // would pass for an access point.
        if !self.service_fits(&format.service) || self.placeless && format.placed {
            return Tri::No;
        }
        if self.segments.is_empty() {
            return format.overlaps(&self.whole);
        }
        match format.overlaps_segments(&self.segments) {
            Tri::No if self.reaching && format.overlaps_over_colons(&self.whole) => Tri::Maybe,
            found => found,
        }
    }

    /// Could a resource of this type match the pattern?
    pub(crate) fn fits_type(&self, resource_type: ResourceType) -> Tri {
        any(formats_of(resource_type), |format| self.fits(format))
    }

    /// Whether it is nothing but one unknown text, which may turn out to be `*`.
    fn unknown(&self) -> bool {
        self.segments.is_empty() && self.whole.is_loose()
    }

    fn service_fits(&self, service: &str) -> bool {
        self.service
            .as_ref()
            .is_none_or(|known| known.eq_ignore_ascii_case(service))
            || service.contains(['$', '*'])
    }
}

/// Whether a resource that isn't `*` is any good for an action.
pub(crate) fn action_fits(action: Action, resource: &Prepared) -> Tri {
    if action.resources().len() == 0 && resource.unknown() {
        return Tri::Maybe;
    }
    if resource.short_api && action.service().prefix() == "execute-api" {
        return Tri::Yes;
    }
    let types = any(action.resources(), |of| {
        resource.fits_type(of.resource_type())
    });
    if types == Tri::Yes {
        return types;
    }
    let own = MORE_FOR_ACTIONS.iter().filter(|(of, _)| *of == action);
    types.or(any(own, |(_, format)| resource.fits(format)))
}

/// The strongest answer; nobody is asked after the first yes.
fn any<T>(of: impl IntoIterator<Item = T>, mut answer: impl FnMut(T) -> Tri) -> Tri {
    let mut found = Tri::No;
    for one in of {
        found = found.or(answer(one));
        if found == Tri::Yes {
            break;
        }
    }
    found
}

/// Those of [`MORE_FORMATS`] that are for actions.
static MORE_FOR_ACTIONS: LazyLock<Vec<(Action, Format)>> = LazyLock::new(|| {
    MORE_FORMATS
        .iter()
        .filter_map(|(key, format)| {
            let (service, name) = key.split_once(':')?;
            Some((catalog().action(service, name)?, Format::new(format)))
        })
        .collect()
});

/// The formats of a type. Each is read once in a process; there are some 2,400 of them, and a run needs few.
fn formats_of(resource_type: ResourceType) -> &'static [Format] {
    static READ: LazyLock<RwLock<HashMap<ResourceType, &'static [Format]>>> =
        LazyLock::new(RwLock::default);
    let read = READ
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&resource_type)
        .copied();
    if let Some(formats) = read {
        return formats;
    }
    let (service, name) = (resource_type.service().prefix(), resource_type.name());
    let more = MORE_FORMATS.iter().filter(|(key, _)| {
        key.split_once(':')
            .is_some_and(|(of, what)| of == service && what.eq_ignore_ascii_case(name))
    });
    let formats: Vec<Format> = resource_type
        .arns()
        .chain(more.map(|(_, format)| *format))
        .map(Format::new)
        .collect();
    let formats: &'static [Format] = Vec::leak(formats);
    let mut read = READ.write().unwrap_or_else(PoisonError::into_inner);
    read.insert(resource_type, formats);
    formats
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
