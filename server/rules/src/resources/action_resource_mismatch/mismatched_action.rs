//! An action that works on none of its statement's resources.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use leastwise_catalog::{AccessLevel, Action, ResourceType};
use leastwise_model::{Item, Level, List, Site, Statement};
use leastwise_policy::{ActionPattern, Arn, ArnShape, Odd, Pattern, Studied, resource};
use leastwise_syntax::Span;

use super::cures::Cures;
use super::statement_resources::type_of;
use super::wording::{plural, readable, word};
use super::{FULLY_LISTED, RULE};
use crate::merge::listed;
use crate::{CommonCause, Context, Fact, Finding, LazyFix};

/// A service under its earlier prefix and its present one, whose actions and ARNs must have the same of the two.
const RENAMED: (&str, &str) = ("codestar-connections", "codeconnections");

/// A statement whose resources are compared with its actions.
pub(super) struct MismatchPlace<'p, 'a, N> {
    pub(super) context: &'p Context<'a>,
    pub(super) site: &'p Site,
    pub(super) statement: &'p Statement,
    pub(super) resources: &'p List,
    pub(super) patterns: &'p [Arc<Studied>],
    /// Whether others of its actions work on the resources, or may.
    pub(super) beside: bool,
    pub(super) named: LazyCell<Arc<Named>, N>,
    pub(super) cures: Arc<Cures>,
}

/// What the resources of a statement are called where none of them fits.
pub(super) struct Named {
    /// The one type that they are all surely of.
    kind: Option<ResourceType>,
    /// What is odd about one of them.
    odd: Option<String>,
}

impl Named {
    pub(super) fn of(patterns: &[Arc<Studied>]) -> Named {
        Named {
            kind: type_of(patterns),
            odd: patterns.iter().find_map(|of| oddity(of)),
        }
    }
}

/// An entry of `Action` that works on none of its statement's resources.
pub(super) struct Unfit {
    at: Span,
    /// The statement's bytes.
    statement: Span,
    /// Where its resources begin.
    resources: Option<Span>,
    text: String,
    level: Level,
    why: Why,
    /// What it stands for.
    actions: Vec<Action>,
    cures: Arc<Cures>,
    owner: Option<String>,
}

/// Why it doesn't work on them.
enum Why {
    /// It works on no resource at all. It stands for so many actions, and whether these only look.
    TakesNone { several: bool, looks: bool },
    /// It has the one prefix of a service, and the resources have its other one.
    OtherPrefix(&'static str, &'static str),
    /// It works on resources of other types.
    OtherTypes {
        service: &'static str,
        types: Vec<ResourceType>,
        named: Arc<Named>,
    },
}

impl Unfit {
    /// What is so about an entry of `Action` that works on none of the resources.
    pub(super) fn of<N>(place: &MismatchPlace<'_, '_, N>, item: &Item) -> Unfit
    where
        N: FnOnce() -> Arc<Named>,
    {
        let context = place.context;
        let expanded = context.expand(item);
        let pattern = item.action.as_ref();
        let wildcard = pattern.is_some_and(ActionPattern::has_wildcards);
        let level = match certainty(expanded, place.patterns) {
            // What only looks adds nothing, and nobody is likely to have meant one thing by it.
            _ if place.beside && wildcard && expanded.iter().all(|of| looks(*of)) => {
                Level::Suggestion
            }
            true => RULE.level,
            false => Level::Warning,
        };
        let first = place.resources.items.first();
        Unfit {
            at: context.item_span(item),
            statement: context.span(place.statement.node),
            resources: first.map(|item| context.item_span(item)),
            text: pattern.map_or("", |action| action.text()).to_owned(),
            level,
            why: why(expanded, place.patterns, &place.named),
            actions: expanded.to_vec(),
            cures: Arc::clone(&place.cures),
            owner: context.owner(place.site).map(str::to_owned),
        }
    }
}

/// Why actions work on none of these resources.
fn why<N: FnOnce() -> Arc<Named>>(
    actions: &[Action],
    resources: &[Arc<Studied>],
    named: &LazyCell<Arc<Named>, N>,
) -> Why {
    let mut types: Vec<ResourceType> = Vec::new();
    for of in actions
        .iter()
        .flat_map(|action| resource::types_of(*action))
    {
        if !types.contains(&of) {
            types.push(of);
        }
    }
    if types.is_empty() {
        return Why::TakesNone {
            several: actions.len() != 1,
            looks: actions.iter().all(|action| looks(*action)),
        };
    }
    if let Some((own, other)) = other_prefix(actions, resources) {
        return Why::OtherPrefix(own, other);
    }
    // Those that look like what is written are what was probably meant: a bucket, not an access point.
    let first = resources.first();
    let alike = |of: &ResourceType| {
        first.is_some_and(|first| of.arns().any(|arn| is_alike(arn, first.pattern())))
    };
    if types.iter().any(alike) {
        types.retain(alike);
    }
    let service = actions.first();
    Why::OtherTypes {
        service: service.map_or("", |action| action.service().prefix()),
        types,
        named: Arc::clone(named),
    }
}

impl Fact for Unfit {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let finding = match &self.why {
            Why::TakesNone { several, looks } => self.takes_none(*several, *looks),
            Why::OtherPrefix(own, other) => self.other_prefix(own, other),
            Why::OtherTypes {
                service,
                types,
                named,
            } => self.other_types(service, types, named),
        };
        let mut finding = finding
            .level(self.level)
            .owner(self.owner.as_deref())
            .action(&self.text);
        if let Some(first) = self.resources {
            finding = finding.related(first, "the statement's resources");
        }
        finding
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        self.cures.fix(context, &self.actions).into_iter().collect()
    }
}

impl Unfit {
    /// What is said of it, and of several together.
    fn told(&self, message: String, help: String, same: CommonCause) -> Finding {
        Finding::new(&RULE, self.at, message).help(help).same(same)
    }

    /// What it has in common with others of the statement.
    fn same(&self, key: &str, several: String, help: String) -> CommonCause {
        CommonCause {
            within: self.statement,
            key: key.to_owned(),
            name: format!("`{}`", self.text),
            several,
            help,
            details: Vec::new(),
            intro: "",
        }
    }

    fn takes_none(&self, several: bool, looks: bool) -> Finding {
        let text = &self.text;
        let message = match several {
            // Some that make something are in fact asked for on what they make.
            false if !looks => format!(
                "`{text}` probably has no effect here: AWS lists no resource for it but `*`."
            ),
            false => format!("`{text}` has no effect here: it only supports the resource `*`."),
            true => {
                format!("`{text}` has no effect here: its actions only support the resource `*`.")
            }
        };
        let help = format!("Move `{text}` to a separate statement with `*`.");
        let several = "have no effect here: they only support the resource `*`.";
        let help_of_several = "Move them to a separate statement with `*`.";
        let same = self.same("", several.to_owned(), help_of_several.to_owned());
        self.told(message, help, same)
    }

    fn other_prefix(&self, own: &str, other: &str) -> Finding {
        let rest = "an action and its ARN must have the same service prefix.";
        let message = format!("`{}` doesn't match ARNs of `{other}`: {rest}", self.text);
        let help = format!(
            "Use `{other}:` in the action or `{own}` in the ARN, whichever the resource has."
        );
        let several = format!("don't match ARNs of `{other}`: {rest}");
        let same = self.same(own, several, help.clone());
        self.told(message, help, same)
    }

    fn other_types(&self, service: &str, types: &[ResourceType], named: &Named) -> Finding {
        let (text, kind) = (&self.text, named.kind);
        let works: Vec<String> = types.iter().take(3).map(|of| works_on(*of)).collect();
        let all = match types.len().saturating_sub(3) {
            0 => listed(&works),
            1 => format!("{} and 1 more type", works.join(", ")),
            more => format!("{} and {more} more types", works.join(", ")),
        };
        let message = match kind {
            Some(of) => format!(
                "`{text}` has no effect here: it doesn't apply to {}.",
                plural(of)
            ),
            None => format!(
                "`{text}` has no effect here: it applies to none of the statement's resources."
            ),
        };
        let help = match &named.odd {
            Some(odd) => odd.clone(),
            None => format!("It applies to {all}. List such resources, or remove the action."),
        };
        let several = match kind {
            Some(of) => format!("have no effect here: they don't apply to {}.", plural(of)),
            None => {
                "have no effect here: they apply to none of the statement's resources.".to_owned()
            }
        };
        let help_of_several = "List fitting resources, or remove the actions.";
        let help_of_several = named.odd.clone().unwrap_or(help_of_several.to_owned());
        let same = CommonCause {
            details: works,
            intro: "They apply to",
            ..self.same(service, several, help_of_several)
        };
        self.told(message, help, same)
    }
}

/// Whether an action changes nothing.
fn looks(action: Action) -> bool {
    matches!(action.access_level(), AccessLevel::List | AccessLevel::Read)
}

/// Whether the catalog's word on these actions and these resources is the last. Those that take no resource don't count
/// beside others: of what a wildcard stands for, they need `*` anyway.
fn certainty(actions: &[Action], resources: &[Arc<Studied>]) -> bool {
    let mut taking = actions.iter().filter(|action| action.resources().len() > 0);
    taking.clone().next().is_some() && taking.all(|action| is_sure(*action, resources))
}

/// Whether the catalog's word on an action and these resources is the last.
fn is_sure(action: Action, resources: &[Arc<Studied>]) -> bool {
    let own = action.service().prefix();
    let listed = FULLY_LISTED.contains(&own);
    // The services of what it works on, asked for once.
    let services = LazyCell::new(|| {
        let types = resource::types_of(action).into_iter();
        let formats = types.flat_map(|kind| kind.arns());
        let services: BTreeSet<&str> = formats.filter_map(|it| it.split(':').nth(2)).collect();
        services
    });
    resources.iter().all(|of| {
        let pattern = of.pattern();
        if resource::is_doubtful(action, pattern) {
            return false;
        }
        if listed {
            return true;
        }
        let ArnShape::Arn(arn) = Arn::parse(pattern) else {
            return false;
        };
        let service = arn.service.raw();
        let near = service == own || services.contains(service);
        // Else a resource of quite another service, of a type that is known.
        !near && of.has_known_type()
    })
}

/// The prefix of actions and that of the ARNs, where they are the two of one service.
fn other_prefix(
    actions: &[Action],
    resources: &[Arc<Studied>],
) -> Option<(&'static str, &'static str)> {
    let own = actions.first()?.service().prefix();
    let (own, other) = match RENAMED {
        (old, new) if own == old => (old, new),
        (old, new) if own == new => (new, old),
        _ => return None,
    };
    let is_other = |of: &Arc<Studied>| match Arn::parse(of.pattern()) {
        ArnShape::Arn(arn) => arn.service.raw() == other,
        _ => false,
    };
    resources.iter().all(is_other).then_some((own, other))
}

/// What is wrong with an ARN that is of no type, as a help.
fn oddity(of: &Studied) -> Option<String> {
    let pattern = of.pattern();
    Some(match of.odd()? {
        Odd::Word { word, meant, .. } => {
            format!(
                "`{pattern}` is of no known resource type. Did you mean `{meant}` for `{word}`?"
            )
        }
        Odd::Separator { word, meant, .. } => {
            format!("In `{pattern}`, `{word}` must be followed by `{meant}`.")
        }
        Odd::NoName { .. } => {
            format!("In `{pattern}`, a name is missing before the first `/`.")
        }
    })
}

/// Whether a format and a resource are of one service, and both have a region and an account or not.
fn is_alike(format: &str, resource: &Pattern) -> bool {
    let ArnShape::Arn(arn) = Arn::parse(resource) else {
        return false;
    };
    let segments: Vec<&str> = format.splitn(6, ':').collect();
    let [_, _, service, region, account, _] = segments[..] else {
        return false;
    };
    arn.service.raw() == service
        && arn.region.is_empty() == region.is_empty()
        && arn.account.is_empty() == account.is_empty()
}

/// A type in the plural with its ARN: ``buckets (`arn:aws:s3:::BucketName`)``.
fn works_on(of: ResourceType) -> String {
    let named = match word(of) {
        Some(several) => several.to_owned(),
        None => format!("the type `{}`", of.name()),
    };
    match of.arns().next() {
        Some(format) => format!("{named} (`{}`)", readable(format)),
        None => named,
    }
}
