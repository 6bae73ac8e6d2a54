//! Finds actions that work on none of their statement's resources, and resources that none of its actions works on.
//!
//! Each action takes resources of certain types, each with its own form of ARN. An `Allow` that pairs an action with
//! ARNs of other types allows nothing: AWS accepts the policy, and the call fails at run time.
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

use std::borrow::Cow;
use std::sync::Arc;

use leastwise_catalog::{AccessLevel, Action, ResourceType};
use leastwise_policy::{ActionPattern, Arn, ArnShape, Odd, Pattern, Studied, Tri, odd, resource};
use leastwise_syntax::Span;
use leastwise_syntax::write::Edit;
use leastwise_workspace::model::{Item, Known, List, Statement};
use leastwise_workspace::text::Part;
use leastwise_workspace::{Level, Site, SiteKind};

use super::buckets;
use crate::{Context, Finding, Findings, Fix, FixKind, Group, Rule, Safety, Same, naming};

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
    run,
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
        let (Known::Is(actions), Known::Is(resources)) = (&statement.action, &statement.resource)
        else {
            continue;
        };
        // A `Deny` of what nobody could do anyway is harmless.
        if !judged || !statement.allows() || resources.dynamic {
            continue;
        }
        let mut patterns: Vec<Arc<Studied>> = Vec::new();
        for item in &resources.items {
            let several = patterns_of(context, item);
            patterns.extend(
                naming::distinct_but_for_account(several.iter().map(|of| &**of))
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
        let fits: Vec<Fit> = actions
            .items
            .iter()
            .map(|item| fit(context, item, &patterns))
            .collect();
        let invalid = patterns.iter().any(|of| is_invalid(of));
        let beside = fits.iter().any(|fit| *fit != Fit::No);
        for (item, _) in actions
            .items
            .iter()
            .zip(&fits)
            .filter(|(_, fit)| **fit == Fit::No && !invalid)
        {
            let at = Place {
                context,
                site,
                statement,
                resources,
                patterns: &patterns,
            };
            findings.push(at.unfit(item, beside));
        }
        let all_fit = !actions.dynamic && fits.iter().all(|fit| *fit == Fit::Yes);
        if all_fit && resources.items.len() > 1 {
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

fn fit(context: &Context<'_>, item: &Item, patterns: &[Arc<Studied>]) -> Fit {
    let Some(ActionPattern::Named(_)) = &item.action else {
        return Fit::Unknown;
    };
    let expanded = context.expand(item);
    let unlisted = |action: &Action| NO_LIST.contains(&action.service().prefix());
    if expanded.is_empty() || expanded.iter().any(unlisted) {
        return Fit::Unknown;
    }
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
struct Place<'p, 'a> {
    context: &'p Context<'a>,
    site: &'p Site,
    statement: &'p Statement,
    resources: &'p List,
    patterns: &'p [Arc<Studied>],
}

impl Place<'_, '_> {
    /// What is said of an entry of `Action` that works on none of the resources; `beside`: others do, or may.
    fn unfit(&self, item: &Item, beside: bool) -> Finding {
        let context = self.context;
        let expanded = context.expand(item);
        let text = item.action.as_ref().map_or("", |action| action.text());
        let plain: Vec<Pattern> = self
            .patterns
            .iter()
            .map(|of| of.pattern().clone())
            .collect();
        let mut finding = unfit(
            text,
            expanded,
            &plain,
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
        let level = match certainty(expanded, &plain) {
            // What only looks adds nothing, and nobody is likely to have meant one thing by it.
            _ if beside && wildcard && expanded.iter().all(|of| looks(*of)) => Level::Suggestion,
            true => RULE.level,
            false => Level::Warning,
        };
        let finding = finding.level(level);
        let (node, action) = (self.statement.node, item.node);
        let title = buckets::mend(context, self.statement, self.resources, expanded);
        match title.filter(|_| buckets::fix(context, node, action).is_some()) {
            Some(title) => finding.fix(title, Safety::Unsafe, move |context| {
                buckets::fix(context, node, action)
            }),
            None => finding,
        }
    }
}

/// Whether an action changes nothing.
fn looks(action: Action) -> bool {
    matches!(action.access_level(), AccessLevel::List | AccessLevel::Read)
}

/// The patterns of an item. The ARN that CloudFormation gives for a log group ends in `:*`, which takes in its streams.
fn patterns_of<'i>(context: &Context<'i>, item: &'i Item) -> Vec<Cow<'i, Pattern>> {
    let is_log_group = |name: &str| {
        let template = context.analysis.template.as_ref();
        template
            .and_then(|template| template.resources.get(name))
            .is_some_and(|of| of.type_name == "AWS::Logs::LogGroup")
    };
    let group = match item.text.parts.as_slice() {
        [
            Part::Attribute {
                resource,
                attribute,
                ..
            },
        ] => attribute == "Arn" && is_log_group(resource),
        _ => false,
    };
    let patterns = context.patterns(item).into_iter();
    if !group {
        return patterns.map(Cow::Borrowed).collect();
    }
    patterns
        .map(|pattern| {
            let mut streams = Pattern::builder();
            streams.push_pattern(pattern).push_text(":*");
            Cow::Owned(streams.build())
        })
        .collect()
}

/// Whether another rule has something to say on the text itself, or it is none that this rule can judge.
fn is_invalid(pattern: &Studied) -> bool {
    pattern.problems().iter().any(|problem| problem.sure)
}

/// Whether an action works on any of the resources; `Maybe` where there are none.
fn fits(action: Action, resources: &[Arc<Studied>]) -> Tri {
    if resources.is_empty() {
        return Tri::Maybe;
    }
    let mut found = Tri::No;
    for resource in resources {
        found = found.or(resource.fits(action));
        if found == Tri::Yes {
            break;
        }
    }
    found
}

/// Whether none of the actions that an entry stands for works on any of the resources.
pub(super) fn surely_unfit(actions: &[Action], resources: &[Arc<Studied>]) -> bool {
    actions
        .iter()
        .all(|action| fits(*action, resources) == Tri::No)
}

/// Whether the catalog's word on these actions and these resources is the last. Those that take no resource don't count
/// beside others: of what a wildcard stands for, they need `*` anyway.
fn certainty(actions: &[Action], resources: &[Pattern]) -> bool {
    let mut taking = actions.iter().filter(|action| action.resources().len() > 0);
    taking.clone().next().is_some() && taking.all(|action| is_sure(*action, resources))
}

/// Whether the catalog's word on an action and these resources is the last.
fn is_sure(action: Action, resources: &[Pattern]) -> bool {
    let own = action.service().prefix();
    let listed = FULLY_LISTED.contains(&own);
    resources.iter().all(|pattern| {
        if resource::is_doubtful(action, pattern) {
            return false;
        }
        let ArnShape::Arn(arn) = Arn::parse(pattern) else {
            return listed;
        };
        let service = arn.service.raw();
        let of = |format: &str| format.split(':').nth(2) == Some(service);
        let near = service == own
            || resource::types_of(action)
                .iter()
                .any(|kind| kind.arns().any(of));
        // Else a resource of quite another service, of a type that is known.
        listed || !near && resource::has_known_type(pattern)
    })
}

fn unfit(
    text: &str,
    actions: &[Action],
    resources: &[Pattern],
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
    let kind = type_of(resources);
    let not = match kind {
        Some(of) => format!(", not on {}", plural(of)),
        None => String::new(),
    };
    // Those that look like what is written are what was probably meant: a bucket, not an access point.
    let alike = |of: &ResourceType| {
        resources
            .first()
            .is_some_and(|pattern| of.arns().any(|arn| is_alike(arn, pattern)))
    };
    if types.iter().any(alike) {
        types.retain(alike);
    }
    let named: Vec<String> = types.iter().take(3).map(|of| works_on(*of)).collect();
    let more = if types.len() > 3 {
        format!(" and {} more types", types.len() - 3)
    } else {
        String::new()
    };
    let message = format!(
        "`{text}` works on {}{more}{not}: none of this statement's resources is one, so it is never allowed.",
        named.join(", ")
    );
    let odd = resources.iter().find_map(oddity);
    let service = actions
        .first()
        .map_or("", |action| action.service().prefix());
    Finding::new(&RULE, span, message)
        .help(match &odd {
            Some(odd) => odd.clone(),
            None => format!("Name resources that `{text}` works on, or take it out."),
        })
        .same(Same {
            within,
            key: service.to_owned(),
            name,
            several: match kind {
                Some(of) => format!(
                    "don't work on {}, and this statement names nothing else: they are never allowed.",
                    plural(of)
                ),
                None => "work on none of this statement's resources: they are never allowed.".to_owned(),
            },
            help: odd.unwrap_or_else(|| {
                "Name resources that they work on, or take them out.".to_owned()
            }),
            each: named,
            intro: "They work on",
        })
}

/// What is wrong with an ARN that is of no type, as a help.
fn oddity(pattern: &Pattern) -> Option<String> {
    Some(match odd(pattern)? {
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
fn type_of(resources: &[Pattern]) -> Option<ResourceType> {
    let mut found = None;
    for pattern in resources {
        let mut fitting = resource::resource_types_fitting(pattern).into_iter();
        let (Some(of), None) = (fitting.next(), fitting.next()) else {
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
fn readable(format: &str) -> String {
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
    let actions: Vec<Action> = actions
        .iter()
        .filter_map(|item| item.action.as_ref())
        .flat_map(ActionPattern::expand)
        .collect();
    for item in &resources.items {
        let useless = |pattern: &Arc<Studied>| {
            actions
                .iter()
                .all(|action| pattern.fits(*action) == Tri::No)
        };
        let Some((_, value)) = context.sure(item).next() else {
            continue;
        };
        let patterns: Vec<Arc<Studied>> = patterns_of(context, item)
            .iter()
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
        let of = match type_of(std::slice::from_ref(&value.pattern)) {
            Some(of) => plural(of),
            None => format!("`{}`", value.pattern),
        };
        let (list, node) = (item.list, item.node);
        let finding = Finding::new(
            &RULE,
            span,
            format!("None of this statement's actions works on {of}: this resource has no effect."),
        )
        .level(Level::Warning)
        .help("Take it out, or add the action that it is there for.")
        .owner(owner)
        .unnecessary()
        .same(Same {
            within: context.span(resources.node),
            key: format!("unused {of}"),
            name: format!("`{}`", value.pattern),
            several: format!("have no effect: none of this statement's actions works on {of}."),
            help: "Take them out, or add the action that they are there for.".to_owned(),
            each: Vec::new(),
            intro: "",
        })
        .fix("Remove the resource", Safety::Unsafe, move |_| {
            Some(Fix::new(vec![Edit::RemoveItem { list, item: node }]))
        });
        findings.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check, mend};
    use leastwise_workspace::Level;

    #[test]
    fn marks_the_action() {
        let block = "\
Resources:
  Bucket:
    Type: AWS::S3::Bucket
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: [s3:GetObject, s3:List*, 'sqs:SendMessage']
                                                  ^^^^^^^^^^^^^^^
                Resource: [!Sub '${Bucket.Arn}/*', !GetAtt Bucket.Arn]
";
        let messages = check(&RULE, block, "");
        assert!(
            messages[0].contains("queues (`arn:aws:sqs:Region:Account:QueueName`)"),
            "{messages:?}"
        );
        let none = "Statement: {Effect: Allow, Action: s3:ListAllMyBuckets, Resource: 'arn:aws:s3:::b'}\n                                   ^^^^^^^^^^^^^^^^^^^\n";
        assert!(check(&RULE, none, "").concat().contains("can't be limited"));
        let json = r#"{"Statement": {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b/*"}}
                                             ^^^^^^^^^^^^^
"#;
        let messages = check(&RULE, json, "");
        assert!(
            messages[0].starts_with(
                "`s3:ListBucket` works on buckets (`arn:aws:s3:::BucketName`), not on objects:"
            ),
            "{messages:?}"
        );
    }

    #[test]
    fn generated_names_are_names() {
        let text = "\
Resources:
  Bucket:
    Type: AWS::S3::Bucket
  Named:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub 'files-${AWS::AccountId}-${Stage}'
  Table:
    Type: AWS::DynamoDB::Table
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: [s3:GetObject]
                         ^^^^^^^^^^^^
                Resource: [!GetAtt Bucket.Arn, !GetAtt Named.Arn, !Sub 'arn:aws:s3:::logs-${AWS::Region}']
              - Effect: Allow
                Action: [dynamodb:GetRecords, dynamodb:ListStreams]
                                              ^^^^^^^^^^^^^^^^^^^^
                Resource: !GetAtt Table.StreamArn
              - Effect: Allow
                Action: dynamodb:GetRecords
                        ^^^^^^^^^^^^^^^^^^^
                Resource: !GetAtt Table.Arn
              # A parameter may hold a path.
              - {Effect: Allow, Action: s3:GetObject, Resource: !Sub 'arn:aws:s3:::${Place}'}
";
        check(&RULE, text, "");
        let module = "\
resource \"aws_s3_bucket\" \"files\" {}
resource \"aws_dynamodb_table\" \"orders\" {}
data \"aws_iam_policy_document\" \"reads\" {
  statement {
    actions   = [\"s3:GetObject\"]
                  ^^^^^^^^^^^^
    resources = [aws_s3_bucket.files.arn]
  }
  statement {
    actions   = [\"dynamodb:GetRecords\", \"dynamodb:ListStreams\"]
                                         ^^^^^^^^^^^^^^^^^^^^
    resources = [aws_dynamodb_table.orders.stream_arn]
  }
  statement {
    actions   = [\"s3:GetObject\"]
    resources = [\"arn:aws:s3:::${var.place}\"]
  }
}
";
        check(&RULE, module, "");
    }

    #[test]
    fn marks_the_resource_that_nothing_uses() {
        let text = "\
Statement:
  - Effect: Allow
    Action: ['s3:GetObject', 's3:PutObject']
    Resource: ['arn:aws:s3:::b/*', 'arn:aws:s3:::b']
                                                 ^
";
        check(&RULE, text, "");
        let fixed = "\
Statement:
  - Effect: Allow
    Action: ['s3:GetObject', 's3:PutObject']
    Resource: ['arn:aws:s3:::b/*']
";
        assert_eq!(
            mend(
                &RULE,
                &text.replace("                                                 ^\n", ""),
                ""
            ),
            fixed
        );
    }

    #[test]
    fn resources_of_one_type_that_nothing_uses_are_one_finding() {
        let text = "\
Statement:
  Effect: Allow
  Action: 'sqs:SendMessage'
  Resource:
    - 'arn:aws:sns:eu-west-1:111111111111:one'
                                          ^^^
    - 'arn:aws:sqs:eu-west-1:111111111111:jobs'
    - 'arn:aws:sns:eu-west-1:111111111111:two'
    - 'arn:aws:s3:::files'
                    ^^^^^
";
        let messages = check(&RULE, text, "");
        assert_eq!(
            messages[0],
            "`arn:aws:sns:eu-west-1:111111111111:one` and `arn:aws:sns:eu-west-1:111111111111:two` have no effect: none of \
             this statement's actions works on topics."
        );
        let plain = text
            .replace("                                          ^^^\n", "")
            .replace("                    ^^^^^\n", "");
        assert_eq!(
            mend(&RULE, &plain, ""),
            "Statement:\n  Effect: Allow\n  Action: 'sqs:SendMessage'\n  Resource:\n    - 'arn:aws:sqs:eu-west-1:111111111111:jobs'\n"
        );
    }

    #[test]
    fn silent_where_it_could_fit() {
        for statement in [
            "{Effect: Allow, Action: 's3:ListBucket', Resource: '*'}",
            "{Effect: Allow, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::b*'}",
            "{Effect: Allow, Action: 's3:ListBucket', Resource: '${Arn}'}",
            "{Effect: Allow, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::${Name}'}",
            "{Effect: Allow, Action: ['s3:*', 's3:Nonsense'], Resource: 'arn:aws:s3:::b/*'}",
            "{Effect: Allow, Action: '*', Resource: 'arn:aws:s3:::b/*'}",
            "{Effect: Deny, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::b/*'}",
            "{Effect: Allow, NotAction: 's3:ListBucket', Resource: 'arn:aws:s3:::b/*'}",
            "{Effect: Allow, Action: 's3:ListBucket', NotResource: 'arn:aws:s3:::b/*'}",
            "{Effect: Allow, Action: 'sns:Publish', Resource: 'arn:aws:sns:eu-west-1:1234:t'}",
        ] {
            check(&RULE, &format!("Statement: [{statement}]\n"), "");
        }
    }

    /// Levels and messages of a statement's findings.
    fn told(actions: &str, resource: &str) -> Vec<(Level, String)> {
        let text =
            format!("Statement: {{Effect: Allow, Action: [{actions}], Resource: {resource}}}\n");
        let findings = Fixture::new(&text, "").findings(&RULE);
        findings
            .iter()
            .map(|of| (of.level, of.message.clone()))
            .collect()
    }

    #[test]
    fn several_with_one_reason_are_one_finding() {
        let text = "\
Statement:
  - Effect: Allow
    Action:
      - logs:CreateLogGroup
        ^^^^^^^^^^^^^^^^^^^
      - logs:CreateLogStream
      - kms:Decrypt
        ^^^^^^^^^^^
      - sqs:ListQueues
        ^^^^^^^^^^^^^^
      - logs:PutLogEvents
      - logs:GetLogEvents
      - logs:StopQuery
    Resource: 'arn:aws:sqs:eu-west-1:111111111111:jobs'
  - Effect: Allow
    Action: [logs:CreateLogGroup]
             ^^^^^^^^^^^^^^^^^^^
    Resource: 'arn:aws:sqs:eu-west-1:111111111111:jobs'
";
        let messages = check(&RULE, text, "");
        assert_eq!(
            messages[0],
            "`logs:CreateLogGroup`, `logs:CreateLogStream`, `logs:PutLogEvents` and 1 more don't work on queues, and this \
             statement names nothing else: they are never allowed."
        );
        assert_eq!(
            messages[2],
            "`sqs:ListQueues` and `logs:StopQuery` can't be limited to resources, so this statement never allows them: \
             they need `\"Resource\": \"*\"`."
        );
    }

    #[test]
    fn an_ignore_takes_out_one_of_several() {
        let text = "\
Statement:
  Effect: Allow
  Action:
    - kms:Decrypt # leastwise: ignore[action-resource-mismatch] known
    - kms:Encrypt
      ^^^^^^^^^^^
    - kms:GenerateDataKey
  Resource: 'arn:aws:sqs:eu-west-1:111111111111:jobs'
";
        assert!(check(&RULE, text, "")[0].starts_with("`kms:Encrypt` and `kms:GenerateDataKey` "));
        let config =
            "[[ignore]]\nrule = 'action-resource-mismatch'\naction = 'kms:E*'\nreason = 'x'\n";
        let left = text.replace("      ^^^^^^^^^^^\n", "").replace(
            "    - kms:GenerateDataKey\n",
            "    - kms:GenerateDataKey\n      ^^^^^^^^^^^^^^^^^^^\n",
        );
        assert!(check(&RULE, &left, config)[0].starts_with("`kms:GenerateDataKey` works on"));
    }

    #[test]
    fn where_the_table_of_aws_is_short() {
        let place = "eu-west-1:111111111111";
        for (actions, resource) in [
            ("'sns:Publish'", "endpoint/GCM/shop/*"),
            (
                "'sns:Publish', 'sns:CreatePlatformEndpoint'",
                "app/GCM/shop",
            ),
            ("'sns:SetEndpointAttributes'", "endpoint/APNS/shop/*"),
        ] {
            let arn = format!("'arn:aws:sns:{place}:{resource}'");
            assert_eq!(told(actions, &arn), [], "{actions} {arn}");
        }
        for (actions, resource) in [
            (
                "'quicksight:CreateDataSet'",
                "quicksight:eu-west-1:111111111111:dataset/x",
            ),
            (
                "'aws-marketplace:TagResource'",
                "aws-marketplace:us-east-1:111111111111:AWSMarketplace/SaaSProduct/x",
            ),
            (
                "'greengrass:TagResource'",
                "greengrass:eu-west-1:111111111111:components:x",
            ),
            (
                "'kafka:ListTagsForResource'",
                "kafka:eu-west-1:111111111111:replicator/x/y",
            ),
            (
                "'ses:TagResource'",
                "ses:eu-west-1:111111111111:mailmanager-rule-set/x",
            ),
            (
                "'acm:RequestCertificate'",
                "acm:eu-west-1:111111111111:certificate/*",
            ),
            (
                "'states:SendTaskSuccess'",
                "states:eu-west-1:111111111111:stateMachine:x",
            ),
        ] {
            assert_eq!(
                told(actions, &format!("'arn:aws:{resource}'")),
                [],
                "{actions}"
            );
        }
        // AWS says of these that the prefixes must match, and has them mixed.
        let mixed = told(
            "'codestar-connections:UseConnection'",
            "'arn:aws:codeconnections:eu-west-1:111111111111:connection/*'",
        );
        assert_eq!(mixed[0].0, Level::Warning);
        // Tagging what another service has is in vain.
        let other = told(
            "'kafka:TagResource'",
            "'arn:aws:sqs:eu-west-1:111111111111:x'",
        );
        assert_eq!(other[0].0, Level::Error);
        assert_eq!(
            told("'sns:Publish'", "'arn:aws:sqs:eu-west-1:111111111111:x'")[0].0,
            Level::Error
        );
    }

    #[test]
    fn sure_only_of_arns_whose_type_is_known() {
        let level = |actions: &str, resource: &str| told(actions, resource)[0].0;
        let queue = "'arn:aws:sqs:eu-west-1:111111111111:x'";
        assert_eq!(level("'ecs:RunTask'", queue), Level::Error);
        // Nobody knows what it is.
        let odd = "'arn:aws:ec2:eu-west-1:111111111111:no-such-kind/x'";
        assert_eq!(level("'ecs:RunTask'", odd), Level::Warning);
        // The catalog may lack one of the service's own.
        let own = "'arn:aws:ecs:eu-west-1:111111111111:capacity-provider/x'";
        assert_eq!(level("'ecs:RunTask'", own), Level::Warning);
    }

    #[test]
    fn a_name_is_no_object() {
        let text = "\
Resources:
  Files: {Type: AWS::S3::Bucket}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: {Effect: Allow, Action: s3:GetObject, Resource: !Sub '${Files}/*'}
";
        let findings = Fixture::new(text, "").findings(&RULE);
        assert_eq!(findings[0].level, Level::Error);
    }

    #[test]
    fn writes_that_take_no_resource() {
        for resource in [
            "'arn:aws:codepipeline:eu-west-1:111111111111:shop'",
            "'arn:aws:codepipeline:eu-west-1:111111111111:*'",
            "!Sub 'arn:aws:codepipeline:${AWS::Region}:${AWS::AccountId}:*'",
        ] {
            let found = told("'codepipeline:PutJobSuccessResult'", resource);
            assert_eq!(found[0].0, Level::Warning);
            assert!(
                found[0].1.starts_with("AWS lists no resource for"),
                "{found:?}"
            );
        }
        // What only looks is asked for on everything of the service.
        for (actions, resource) in [
            ("'s3:ListAllMyBuckets'", "'arn:aws:s3:::*'"),
            (
                "'codepipeline:ListPipelines'",
                "'arn:aws:codepipeline:*:*:*'",
            ),
            ("'ram:CreateResourceShare'", "'arn:aws:ram:*:*:*'"),
            ("'sns:SetSMSAttributes'", "'arn:aws:sns:*:*:*'"),
            ("'codepipeline:PutJobSuccessResult'", "!Ref Arn"),
        ] {
            assert_eq!(told(actions, resource), [], "{actions}");
        }
    }

    #[test]
    fn tells_what_is_odd_about_an_arn() {
        let help = |action: &str, resource: &str| {
            let text = format!(
                "Statement: {{Effect: Allow, Action: '{action}', Resource: '{resource}'}}\n"
            );
            let findings = Fixture::new(&text, "").findings(&RULE);
            assert!(!format!("{findings:?}").contains("recoveryPoint"));
            findings[0].help.clone()
        };
        assert_eq!(
            help(
                "lambda:InvokeFunction",
                "arn:aws:lambda:eu-west-1:111111111111:funktion:x"
            ),
            "`arn:aws:lambda:eu-west-1:111111111111:funktion:x` is of no kind that is known. Did you mean `function` for \
             `funktion`?"
        );
        assert_eq!(
            help("iam:PassRole", "arn:aws:iam::111111111111:role:app"),
            "In `arn:aws:iam::111111111111:role:app`, `/` belongs behind `role`."
        );
        assert_eq!(
            help("s3:GetObject", "arn:aws:s3:::/files/*"),
            "In `arn:aws:s3:::/files/*`, a name is missing before the first `/`."
        );
        assert_eq!(
            help(
                "lambda:InvokeFunction",
                "arn:aws:sqs:eu-west-1:111111111111:x"
            ),
            "Name resources that `lambda:InvokeFunction` works on, or take it out."
        );
    }

    #[test]
    fn a_wildcard_that_only_looks_adds_nothing_beside_others() {
        let machine = "'arn:aws:states:eu-west-1:111111111111:stateMachine:x'";
        let levels = |actions: &str| {
            let found = told(actions, machine);
            found.iter().map(|(level, _)| *level).collect::<Vec<_>>()
        };
        assert_eq!(
            levels("'states:StartExecution', 'states:GetE*'"),
            [Level::Suggestion]
        );
        assert_eq!(levels("'states:GetE*'"), [Level::Error]);
        assert_eq!(
            levels("'states:StartExecution', 'states:GetExecutionHistory'"),
            [Level::Error]
        );
        assert_eq!(
            levels("'states:StartExecution', 'states:*Activity'"),
            [Level::Error]
        );
    }

    /// What AWS maintains itself is no error.
    #[test]
    fn policies_of_aws_have_no_errors() {
        let rules = [
            &RULE,
            &crate::actions::unknown_action::RULE,
            &crate::actions::unknown_service::RULE,
        ];
        for policy in leastwise_catalog::catalog().managed_policies() {
            let fixture = Fixture::new(policy.document(), "");
            for rule in rules {
                for finding in fixture.findings(rule) {
                    assert!(
                        finding.level < Level::Error,
                        "{}: {finding:?}",
                        policy.name()
                    );
                    assert!(!finding.message.contains("recoveryPoint"), "{finding:?}");
                }
            }
        }
    }

    #[test]
    fn mends_joined_texts_and_keeps_comments() {
        let text = "\
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: s3:ListBucket # the list
            Resource: # of
              - !Join ['', [!Ref BucketArn, '/*']] # one
              - !Join ['', ['arn:aws:s3:::', b, '/*']] # two
";
        // The first can't be told, so nothing is found as long as it is there.
        check(&RULE, text, "");
        let second = text.replace(
            "              - !Join ['', [!Ref BucketArn, '/*']] # one\n",
            "",
        );
        assert!(Fixture::new(&second, "").fixes(&RULE).is_empty());
        let own = second.replace("['arn:aws:s3:::', b, '/*']", "['arn:aws:s3:::b', '/*']");
        let mended = own.replace("!Join ['', ['arn:aws:s3:::b', '/*']]", "'arn:aws:s3:::b'");
        assert_eq!(mend(&RULE, &own, ""), mended);
    }

    #[test]
    fn mends_the_long_form() {
        let text = r#"{
  "Resources": {
    "P": {
      "Type": "AWS::IAM::ManagedPolicy",
      "Properties": {
        "PolicyDocument": {
          "Statement": [
            {
              "Effect": "Allow",
              "Action": ["s3:PutObject", "s3:ListBucket"],
              "Resource": {"Fn::Sub": "arn:aws:s3:::${AppId}/*"}
            }
          ]
        }
      }
    }
  }
}
"#;
        let mended = mend(&RULE, text, "[app]\nprefix = 'shop'\nvariables = ['AppId']");
        assert!(
            mended.contains(r#"{"Fn::Sub": "arn:aws:s3:::${AppId}"}"#),
            "{mended}"
        );
    }
}
