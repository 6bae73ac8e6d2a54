//! Finds actions that work on none of their statement's resources, and resources that none of its actions works on.
//!
//! Each action takes resources of certain types, each with its own form of ARN. An `Allow` that pairs an action with
//! ARNs of other types allows nothing: AWS accepts the policy, and the call fails at run time. The policy of a queue, a
//! bucket or a key governs only that resource, and allows no action of another service; some services refuse one that
//! tries.
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   ReaderPolicy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: s3:ListBucket
//!             Resource: !Sub 'arn:aws:s3:::${AppId}-data/*'
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": ["s3:GetObject", "s3:ListBucket"],
//!       "Resource": ["arn:aws:s3:::shop-data/*"]
//!     }
//!   ]
//! }
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   ReaderPolicy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: s3:ListBucket
//!             Resource: !Sub 'arn:aws:s3:::${AppId}-data'
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": ["s3:GetObject", "s3:ListBucket"],
//!       "Resource": ["arn:aws:s3:::shop-data/*", "arn:aws:s3:::shop-data"]
//!     }
//!   ]
//! }
//! ```

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use leastwise_catalog::{AccessLevel, Action, ResourceType};
use leastwise_model::{Item, Known, Level, List, Site, SiteKind, Statement};
use leastwise_policy::{ActionPattern, Arn, ArnShape, Odd, Pattern, Studied, Tri, resource};
use leastwise_syntax::Span;
use leastwise_syntax::write::Edit;

use super::fitting::{fits, surely_unfit};
use super::{apart, buckets, objects};
use crate::support::naming;
use crate::{Context, Finding, Findings, Fix, FixKind, Group, Rule, Safety, Same, Scope, work};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "action-resource-mismatch",
    group: Group::Resources,
    level: Level::Error,
    since: "0.1.0",
    summary: "An action and its statement's resources don't go together",
    fix: FixKind::Unsafe,
    equivalents: &[
        ("access-analyzer", "INVALID_ARN_RESOURCE"),
        ("parliament", "RESOURCE_MISMATCH"),
        ("cfn-lint", "I3510"),
        ("iam-policy-validator", "action_resource_matching"),
    ],
    scope: &[Scope::Unit(|context, facts| run(context, facts.findings()))],
};

/// Services whose actions the catalog doesn't fully list the resources of: API Gateway's are the methods of HTTP, and
/// which paths each takes is different for its two generations.
const NO_LIST: [&str; 1] = ["apigateway"];

/// Services whose actions and resources the catalog lists in full. Elsewhere it may lack a type that is new or that an
/// action makes, so that only a resource of quite another service is surely wrong.
const FULLY_LISTED: [&str; 15] = [
    "dynamodb",
    "ecr",
    "events",
    "firehose",
    "iam",
    "kinesis",
    "kms",
    "lambda",
    "logs",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "states",
    "sts",
];

/// A service under its earlier prefix and its present one, whose actions and ARNs must have the same of the two.
const RENAMED: (&str, &str) = ("codestar-connections", "codeconnections");

/// The most pairs of an action and a resource that are compared for one statement: far more than AWS takes in a policy. Of
/// what is beyond them nothing is known.
const MOST_PAIRS: usize = 1 << 18;

fn run(context: &Context<'_>, findings: &mut Findings) {
    for (site, statement) in context.statements() {
        let judged = matches!(
            site.kind,
            SiteKind::Identity
                | SiteKind::Boundary
                | SiteKind::Session
                | SiteKind::Resource
                | SiteKind::Unknown
        );
        // A `Deny` of what nobody could do anyway is harmless.
        if !judged || !statement.allows() {
            continue;
        }
        let Known::Is(actions) = &statement.action else {
            continue;
        };
        let foreign = |item: &&Item| foreign::is_foreign(site, item);
        for item in actions.items.iter().filter(foreign) {
            findings.push(foreign::finding(context, site, statement, item));
        }
        let Some(resources) = statement.resource.known().filter(|list| !list.dynamic) else {
            continue;
        };
        let mut patterns: Vec<Arc<Studied>> = Vec::new();
        for item in &resources.items {
            let several = context.patterns(item);
            patterns.extend(
                naming::distinct_but_for_account(several.into_iter())
                    .into_iter()
                    .map(|pattern| context.study(pattern)),
            );
        }
        if patterns
            .iter()
            .any(|of| of.pattern().is_star() || of.not_arn().is_some())
        {
            continue;
        }
        let mut pairs = MOST_PAIRS;
        let fits: Vec<Fit> = actions
            .items
            .iter()
            .map(|item| fit(context, item, &patterns, &mut pairs))
            .collect();
        let invalid = patterns.iter().any(|of| is_invalid(of));
        let beside = fits.iter().any(|fit| *fit != Fit::No);
        let at = Place {
            context,
            site,
            statement,
            resources,
            patterns: &patterns,
            // Asked of the statement once, however many of its actions work on nothing.
            named: LazyCell::new(|| Named::of(&patterns)),
            mend: LazyCell::new(|| buckets::mend(context, statement, resources)),
            objects: LazyCell::new(|| objects::mend(context, statement, resources, &patterns)),
            apart: LazyCell::new(|| apart::titles(context, site, statement)),
        };
        for (item, _) in actions
            .items
            .iter()
            .zip(&fits)
            .filter(|(item, fit)| **fit == Fit::No && !invalid && !foreign(item))
        {
            findings.push(at.unfit(item, beside));
        }
        // Without any action, that one is missing is all there is to say.
        let some = !actions.dynamic && !fits.is_empty();
        // Of a resource that only actions of other services work on, these are told of already.
        let some = some && !actions.items.iter().any(|item| foreign(&item));
        let all_fit = some && fits.iter().all(|fit| *fit == Fit::Yes);
        if all_fit {
            unused(
                context,
                context.owner(site),
                &actions.items,
                resources,
                findings,
            );
        }
    }
}

/// Whether an entry of `Action` works on any of its statement's resources.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Yes,
    /// It isn't known, or may be.
    Unknown,
    /// Surely not, as far as the catalog goes.
    No,
}

fn fit(context: &Context<'_>, item: &Item, patterns: &[Arc<Studied>], pairs: &mut usize) -> Fit {
    let Some(ActionPattern::Named(_)) = &item.action else {
        return Fit::Unknown;
    };
    let expanded = context.expand(item);
    let unlisted = |action: &Action| NO_LIST.contains(&action.service().prefix());
    if expanded.is_empty() || expanded.iter().any(unlisted) {
        return Fit::Unknown;
    }
    let own = expanded.len().saturating_mul(patterns.len());
    let Some(left) = pairs.checked_sub(own) else {
        return Fit::Unknown;
    };
    *pairs = left;
    work::did(own);
    if surely_unfit(expanded, patterns) {
        return Fit::No;
    }
    match expanded
        .iter()
        .any(|action| fits(*action, patterns) == Tri::Yes)
    {
        true => Fit::Yes,
        false => Fit::Unknown,
    }
}

/// A statement whose resources are compared with its actions.
struct Place<'p, 'a, N, M, O, A> {
    context: &'p Context<'a>,
    site: &'p Site,
    statement: &'p Statement,
    resources: &'p List,
    patterns: &'p [Arc<Studied>],
    named: LazyCell<Named, N>,
    mend: LazyCell<Option<Arc<buckets::Mend>>, M>,
    objects: LazyCell<Option<Arc<objects::Mend>>, O>,
    apart: LazyCell<Option<(&'static str, &'static str)>, A>,
}

/// What the resources of a statement are called where none of them fits.
struct Named {
    /// The one type that they are all surely of.
    kind: Option<ResourceType>,
    /// What is odd about one of them.
    odd: Option<String>,
}

impl Named {
    fn of(patterns: &[Arc<Studied>]) -> Named {
        Named {
            kind: type_of(patterns),
            odd: patterns.iter().find_map(|of| oddity(of)),
        }
    }
}

impl<N, M, O, A> Place<'_, '_, N, M, O, A>
where
    N: FnOnce() -> Named,
    M: FnOnce() -> Option<Arc<buckets::Mend>>,
    O: FnOnce() -> Option<Arc<objects::Mend>>,
    A: FnOnce() -> Option<(&'static str, &'static str)>,
{
    /// What is said of an entry of `Action` that works on none of the resources; `beside`: others do, or may.
    fn unfit(&self, item: &Item, beside: bool) -> Finding {
        let context = self.context;
        let expanded = context.expand(item);
        let text = item.action.as_ref().map_or("", |action| action.text());
        let mut finding = unfit(
            text,
            expanded,
            self.patterns,
            &self.named,
            context.item_span(item),
            context.span(self.statement.node),
        )
        .owner(context.owner(self.site))
        .action(text);
        if let Some(first) = self.resources.items.first() {
            finding = finding.related(context.item_span(first), "the statement's resources");
        }
        let wildcard = item
            .action
            .as_ref()
            .is_some_and(ActionPattern::has_wildcards);
        let level = match certainty(expanded, self.patterns) {
            // What only looks adds nothing, and nobody is likely to have meant one thing by it.
            _ if beside && wildcard && expanded.iter().all(|of| looks(*of)) => Level::Suggestion,
            true => RULE.level,
            false => Level::Warning,
        };
        self.mended(finding.level(level), expanded)
    }

    /// The finding with what evidently mends it.
    fn mended(&self, finding: Finding, expanded: &[Action]) -> Finding {
        let mend = buckets::are_taken_by(expanded).then(|| self.mend.clone());
        if let Some(mend) = mend.flatten() {
            let own: Arc<[Action]> = expanded.into();
            return finding.fix(mend.title(), Safety::Unsafe, move |_| Some(mend.fix(&own)));
        }
        let objects = objects::are_taken_by(expanded).then(|| self.objects.clone());
        if let Some(mend) = objects.flatten() {
            return finding.fix(mend.title(), Safety::Unsafe, move |_| Some(mend.fix()));
        }
        let takes_none = expanded.iter().all(|action| action.resources().len() == 0);
        match (*self.apart).filter(|_| takes_none) {
            Some((title, several)) => {
                let node = self.statement.node;
                finding
                    .fix(title, Safety::Unsafe, move |context| {
                        apart::fix(context, &RULE, node)
                    })
                    .fix_of_several(several)
            }
            None => finding,
        }
    }
}

/// Whether an action changes nothing.
fn looks(action: Action) -> bool {
    matches!(action.access_level(), AccessLevel::List | AccessLevel::Read)
}

/// Whether another rule has something to say on the text itself, or it is none that this rule can judge.
fn is_invalid(pattern: &Studied) -> bool {
    pattern.problems().iter().any(|problem| problem.sure)
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

fn unfit(
    text: &str,
    actions: &[Action],
    resources: &[Arc<Studied>],
    named: &Named,
    span: Span,
    within: Span,
) -> Finding {
    let mut types: Vec<ResourceType> = Vec::new();
    for of in actions
        .iter()
        .flat_map(|action| resource::types_of(*action))
    {
        if !types.contains(&of) {
            types.push(of);
        }
    }
    let name = format!("`{text}`");
    if types.is_empty() {
        let message = match actions.len() {
            // Some that make something are in fact asked for on what they make.
            1 if !actions.iter().all(|action| looks(*action)) => format!(
                "AWS lists no resource for `{text}`, so this statement probably never allows it: it needs `\"Resource\": \"*\"`."
            ),
            1 => format!(
                "`{text}` can't be limited to resources, so this statement never allows it: it needs `\"Resource\": \"*\"`."
            ),
            _ => format!(
                "Nothing that `{text}` stands for can be limited to resources, so this statement never allows it."
            ),
        };
        return Finding::new(&RULE, span, message)
            .help(format!("Move `{text}` to a statement of its own with `*`."))
            .same(Same {
                within,
                key: String::new(),
                name,
                several:
                    "can't be limited to resources, so this statement never allows them: they need \
                     `\"Resource\": \"*\"`."
                        .to_owned(),
                help: "Move them to a statement of their own with `*`.".to_owned(),
                each: Vec::new(),
                intro: "",
            });
    }
    if let Some((own, other)) = other_prefix(actions, resources) {
        let rest = "AWS says that the prefix of an action and that of its ARN must match.";
        let message = format!("`{text}` stands beside ARNs of `{other}`: {rest}");
        let help = format!(
            "Write `{other}:` before the action, or `{own}` in the ARN, as the resource has it."
        );
        return Finding::new(&RULE, span, message).help(&help).same(Same {
            within,
            key: own.to_owned(),
            name,
            several: format!("stand beside ARNs of `{other}`: {rest}"),
            help,
            each: Vec::new(),
            intro: "",
        });
    }
    let kind = named.kind;
    let not = match kind {
        Some(of) => format!(", not on {}", plural(of)),
        None => String::new(),
    };
    // Those that look like what is written are what was probably meant: a bucket, not an access point.
    let alike = |of: &ResourceType| {
        resources
            .first()
            .is_some_and(|first| of.arns().any(|arn| is_alike(arn, first.pattern())))
    };
    if types.iter().any(alike) {
        types.retain(alike);
    }
    let works: Vec<String> = types.iter().take(3).map(|of| works_on(*of)).collect();
    let more = if types.len() > 3 {
        format!(" and {} more types", types.len() - 3)
    } else {
        String::new()
    };
    let message = format!(
        "`{text}` works on {}{more}{not}: none of this statement's resources is one, so this statement never allows it.",
        works.join(", ")
    );
    let odd = &named.odd;
    let service = actions
        .first()
        .map_or("", |action| action.service().prefix());
    Finding::new(&RULE, span, message)
        .help(match odd {
            Some(odd) => odd.clone(),
            None => format!("Name resources that `{text}` works on, or take it out."),
        })
        .same(Same {
            within,
            key: service.to_owned(),
            name,
            several: match kind {
                Some(of) => format!(
                    "don't work on {}, and this statement names nothing else: it never allows them.",
                    plural(of)
                ),
                None => "work on none of this statement's resources: it never allows them.".to_owned(),
            },
            help: odd.clone().unwrap_or_else(|| {
                "Name resources that they work on, or take them out.".to_owned()
            }),
            each: works,
            intro: "They work on",
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
            format!("`{pattern}` is of no kind that is known. Did you mean `{meant}` for `{word}`?")
        }
        Odd::Separator { word, meant, .. } => {
            format!("In `{pattern}`, `{meant}` belongs behind `{word}`.")
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

/// The one type that all of the resources are surely of.
fn type_of(resources: &[Arc<Studied>]) -> Option<ResourceType> {
    let mut found = None;
    for resource in resources {
        let &[of] = resource.types() else {
            return None;
        };
        if found.is_some_and(|other| other != of) {
            return None;
        }
        found = Some(of);
    }
    found
}

/// A type in the plural with its ARN: ``buckets (`arn:aws:s3:::BucketName`)``.
fn works_on(of: ResourceType) -> String {
    match of.arns().next() {
        Some(format) => format!("{} (`{}`)", plural(of), readable(format)),
        None => plural(of),
    }
}

fn plural(of: ResourceType) -> String {
    let name = of.name();
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
        && !name.ends_with(['s', 'x', 'y', 'h']);
    match plain {
        true => format!("{}s", name.replace('-', " ")),
        false => format!("resources of type `{name}`"),
    }
}

/// An ARN format without the braces.
pub(super) fn readable(format: &str) -> String {
    resource::compose(format, |name| {
        Some(if name == "Partition" {
            "aws".to_owned()
        } else {
            name.to_owned()
        })
    })
}

/// Reports resources that no action works on, where every action works on another.
fn unused(
    context: &Context<'_>,
    owner: Option<&str>,
    actions: &[Item],
    resources: &List,
    findings: &mut Findings,
) {
    let useless = |pattern: &Arc<Studied>| {
        let mut actions = actions.iter().flat_map(|item| context.expand(item));
        actions.all(|action| pattern.fits(*action) == Tri::No)
    };
    for item in &resources.items {
        let Some((_, value)) = context.sure(item).next() else {
            continue;
        };
        let patterns: Vec<Arc<Studied>> = context
            .patterns(item)
            .into_iter()
            .map(|pattern| context.study(pattern))
            .collect();
        if !patterns.iter().all(useless) || patterns.iter().any(|of| is_invalid(of)) {
            continue;
        }
        let ArnShape::Arn(arn) = Arn::parse(&value.pattern) else {
            continue;
        };
        if !FULLY_LISTED.contains(&arn.service.raw()) {
            continue;
        }
        let span = value
            .span_of(context.tree, arn.resource.range())
            .unwrap_or_else(|| context.item_span(item));
        let of = match type_of(&[context.study(&value.pattern)]) {
            Some(of) => plural(of),
            None => format!("`{}`", value.pattern),
        };
        let finding = Finding::new(
            &RULE,
            span,
            format!("None of this statement's actions works on {of}: this resource has no effect."),
        )
        .level(Level::Warning)
        .owner(owner)
        .unnecessary();
        let objects = objects::unused(context, actions, resources, item);
        let (reason, help, help_of_several) = match objects {
            Some(_) => (
                "bucket for objects",
                "Add `/*` where its objects are meant, or the action that it is there for.",
                "Add `/*` where their objects are meant, or the action that they are there for.",
            ),
            None => (
                "unused",
                "Take it out, or add the action that it is there for.",
                "Take them out, or add the action that they are there for.",
            ),
        };
        let finding = finding.help(help).same(Same {
            within: context.span(resources.node),
            key: format!("{reason} {of}"),
            name: format!("`{}`", value.pattern),
            several: format!("have no effect: none of this statement's actions works on {of}."),
            help: help_of_several.to_owned(),
            each: Vec::new(),
            intro: "",
        });
        findings.push(unused_mended(finding, item, objects));
    }
}

/// What takes a resource without effect out, or names its objects.
fn unused_mended(finding: Finding, item: &Item, objects: Option<objects::Unused>) -> Finding {
    let (list, node) = (item.list, item.node);
    let removed = |finding: Finding, safety| {
        finding.fix("Remove the resource", safety, move |_| {
            Some(Fix::new(vec![Edit::RemoveItem { list, item: node }]))
        })
    };
    let Some(objects::Unused { fix, safety }) = objects else {
        return removed(finding, Safety::Unsafe);
    };
    let finding = match fix {
        Some(fix) => finding.fix("Name the bucket's objects", safety, move |_| {
            Some(fix.clone())
        }),
        None => finding,
    };
    // Where some of its objects are named, these may be all that was meant.
    match safety {
        Safety::Manual => removed(finding, safety),
        _ => finding,
    }
}

pub(crate) mod foreign;

#[cfg(test)]
mod tests;
