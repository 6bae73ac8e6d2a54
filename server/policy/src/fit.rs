//! Patterns against the ARN formats of the catalog, each made ready once.

use crate::arn::{Arn, ArnShape};
use crate::format::{self, Format, Row};
use crate::pattern;
use crate::{Pattern, Tri};
use foldhash::{HashMap, HashSet};
use leastwise_catalog::{Action, Corrected, ResourceType, catalog};
use std::sync::{LazyLock, PoisonError, RwLock};

/// Actions that tag whatever their service has, by their names: nothing in them says which type they are for. Where several
/// services share a prefix (`aws-marketplace`, `greengrass`, `lex`, `ses`), the table has the types of one of them only, and
/// elsewhere it is behind as often.
const TAGS_ANYTHING: [&str; 13] = [
    "AddTags",
    "AddTagsToResource",
    "CreateTags",
    "DeleteTags",
    "DescribeTags",
    "ListTags",
    "ListTagsForResource",
    "ListTagsForResources",
    "RemoveTags",
    "RemoveTagsFromResource",
    "TagResource",
    "TagResources",
    "UntagResource",
];

/// Types that AWS says can't be tagged, by service: aliases of keys (`API_TagResource` of KMS), and objects, whose tags have
/// actions of their own.
const UNTAGGED: [(&str, &str); 2] = [("kms", "alias"), ("s3", "object")];

/// A resource pattern ready to be compared with many formats.
#[derive(Debug)]
pub(crate) struct Prepared {
    whole: Row,
    /// The segments; empty where they can't be told.
    segments: Vec<Row>,
    /// The ARN's service, where it is known.
    pub(crate) service: Option<String>,
    /// Whether both the region and the account are surely empty.
    placeless: bool,
    /// Whether the region or the account is one reference that gives a word, which is never empty.
    placed: bool,
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
                placed: false,
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
            placed: pattern::is_word(arn.region.raw()) || pattern::is_word(arn.account.raw()),
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
        if !self.service_fits(&format.service)
            || self.placeless && format.placed
            || self.placed && format.placeless
        {
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
    let more = MORE_FOR_ACTIONS.get(&action).into_iter().flatten();
    let found = types.or(any(more, |format| resource.fits(format)));
    if found == Tri::No && takes_anything(action) {
        return Tri::Maybe;
    }
    if found == Tri::No && tags_anything(action) {
        let untagged = |of: ResourceType| {
            let named = |(service, name): &(&str, &str)| {
                *service == action.service().prefix() && *name == of.name()
            };
            UNTAGGED.iter().any(named)
        };
        let fits = |of: ResourceType| !untagged(of) && resource.fits_type(of).possible();
        if action.service().resource_types().any(fits) {
            return Tri::Maybe;
        }
    }
    found
}

/// Whether an action takes resources that may be of any service: the recovery points of AWS Backup are snapshots, images
/// and backups with the ARNs that their services give them.
fn takes_anything(action: Action) -> bool {
    static CATCH_ALL: LazyLock<HashSet<ResourceType>> = LazyLock::new(|| {
        let types = catalog().resource_types();
        types.filter(|of| is_catch_all(*of)).collect()
    });
    let mut types = action.resources();
    types.any(|of| CATCH_ALL.contains(&of.resource_type()))
}

fn tags_anything(action: Action) -> bool {
    let mut names = TAGS_ANYTHING.iter();
    action.resources().len() > 0 && names.any(|name| name.eq_ignore_ascii_case(action.name()))
}

/// Whether AWS's pages and policies contradict one another as to whether an action takes such a resource.
pub(crate) fn is_doubtful(action: Action, resource: &Pattern) -> bool {
    /// What AWS contradicts itself on, and which resources that is about.
    #[derive(Default)]
    struct Doubts {
        actions: HashMap<Action, Vec<Pattern>>,
        types: HashMap<ResourceType, Vec<Pattern>>,
    }
    static DOUBTS: LazyLock<Doubts> = LazyLock::new(|| {
        let mut doubts = Doubts::default();
        for one in catalog().corrections().filter(|one| !one.sure()) {
            let own = match one.corrected() {
                Corrected::Action(of) => doubts.actions.entry(of).or_default(),
                Corrected::Type(of) => doubts.types.entry(of).or_default(),
            };
            own.push(widened(one.arn()));
        }
        doubts
    });
    let types = action.resources();
    let mut found = types
        .filter_map(|of| DOUBTS.types.get(&of.resource_type()))
        .chain(DOUBTS.actions.get(&action))
        .flatten();
    found.any(|widened| widened.covers(resource))
}

/// A format as a pattern, with a star for each placeholder.
pub(crate) fn widened(format: &str) -> Pattern {
    Pattern::literal(&format::compose(format, |_| None))
}

/// Whether a type's formats leave even the service open, so that any ARN would be of it: such a type says nothing.
pub(crate) fn is_catch_all(resource_type: ResourceType) -> bool {
    resource_type
        .arns()
        .all(|format| format::service(format).contains(['$', '*']))
}

/// The types whose ARNs may be of a service, in the catalog's order; no ARN of another type is.
pub(crate) fn types_in(service: &str) -> &'static [ResourceType] {
    /// By the service in lower case, and those whose formats leave it open, which are among those of each service.
    type ByService = (HashMap<String, Vec<ResourceType>>, Vec<ResourceType>);
    static TYPES: LazyLock<ByService> = LazyLock::new(|| {
        let (mut named, mut open) = (HashMap::<_, Vec<_>>::default(), Vec::new());
        let types = catalog().resource_types().enumerate();
        for (at, of) in types.filter(|(_, of)| !is_catch_all(*of)) {
            for format in of.arns() {
                let service = format::service(format).to_ascii_lowercase();
                match service.contains(['$', '*']) {
                    true => open.push((at, of)),
                    false => named.entry(service).or_default().push((at, of)),
                }
            }
        }
        let in_order = |mut types: Vec<(usize, ResourceType)>| {
            types.sort_by_key(|(at, _)| *at);
            types.dedup();
            types.into_iter().map(|(_, of)| of).collect()
        };
        let named = named.into_iter().map(|(service, mut own)| {
            own.extend(&open);
            (service, in_order(own))
        });
        (named.collect(), in_order(open.clone()))
    });
    let (named, open) = &*TYPES;
    named.get(&service.to_ascii_lowercase()).unwrap_or(open)
}

/// A format of ARNs of a service.
#[derive(Debug)]
pub(crate) struct FormatOf {
    /// Whether it has a region, and whether it has an account.
    pub(crate) has: [bool; 2],
    /// What stands behind the fifth colon.
    pub(crate) resource: &'static str,
}

/// The formats of ARNs in which a service is named, in the order of their types in the catalog.
pub(crate) fn formats_in(service: &str) -> &'static [FormatOf] {
    static FORMATS: LazyLock<HashMap<String, Vec<FormatOf>>> = LazyLock::new(|| {
        let mut formats = HashMap::<_, Vec<_>>::default();
        let types = catalog().resource_types().filter(|of| !is_catch_all(*of));
        for format in types.flat_map(|of| of.arns()) {
            let mut segments = format.splitn(6, ':').skip(2);
            let mut next = || segments.next().unwrap_or_default();
            let service = next().to_ascii_lowercase();
            let has = [!next().is_empty(), !next().is_empty()];
            let own = segments.next().map(|resource| FormatOf { has, resource });
            formats.entry(service).or_default().extend(own);
        }
        formats
    });
    let formats = FORMATS.get(&service.to_ascii_lowercase());
    formats.map_or(&[], Vec::as_slice)
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

/// What actions surely take beside what AWS's table says.
static MORE_FOR_ACTIONS: LazyLock<HashMap<Action, Vec<Format>>> = LazyLock::new(|| {
    let mut more = HashMap::<Action, Vec<Format>>::default();
    for correction in catalog().corrections().filter(|one| one.sure()) {
        if let Corrected::Action(of) = correction.corrected() {
            let format = Format::new(correction.arn());
            more.entry(of).or_default().push(format);
        }
    }
    more
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
    let more = catalog().corrections().filter(|correction| {
        correction.sure() && correction.corrected() == Corrected::Type(resource_type)
    });
    let formats: Vec<Format> = resource_type
        .arns()
        .chain(more.map(leastwise_catalog::Correction::arn))
        .map(Format::new)
        .collect();
    let formats: &'static [Format] = Vec::leak(formats);
    let mut read = READ.write().unwrap_or_else(PoisonError::into_inner);
    read.insert(resource_type, formats);
    formats
}
