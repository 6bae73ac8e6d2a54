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
use leastwise_policy::{ActionPattern, Arn, ArnShape, Pattern, Studied, Tri, resource};
use leastwise_syntax::write::Edit;
use leastwise_workspace::model::{Item, Known, List};
use leastwise_workspace::text::Part;
use leastwise_workspace::{Level, SiteKind};

use super::buckets;
use crate::{Context, Finding, Findings, Fix, FixKind, Group, Rule, Safety, naming};

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
        let mut all_fit = !actions.dynamic;
        for item in &actions.items {
            let Some(pattern @ ActionPattern::Named(_)) = &item.action else {
                all_fit = false;
                continue;
            };
            let expanded = context.expand(item);
            if expanded.is_empty() {
                all_fit = false;
                continue;
            }
            if expanded
                .iter()
                .any(|action| NO_LIST.contains(&action.service().prefix()))
            {
                all_fit = false;
                continue;
            }
            if !surely_unfit(expanded, &patterns) {
                if resources.items.len() < 2 || !all_fit {
                    continue;
                }
                all_fit &= expanded
                    .iter()
                    .any(|action| fits(*action, &patterns) == Tri::Yes);
                continue;
            }
            all_fit = false;
            if patterns.iter().any(|of| is_invalid(of)) {
                break;
            }
            let plain: Vec<Pattern> = patterns.iter().map(|of| of.pattern().clone()).collect();
            // The catalog names no resource for some actions that make one: only looking is surely beyond ARNs.
            let looks = |action: &Action| {
                matches!(action.access_level(), AccessLevel::List | AccessLevel::Read)
            };
            if expanded.iter().all(|action| action.resources().len() == 0)
                && !expanded.iter().all(looks)
            {
                continue;
            }
            let Some(first) = resources.items.first() else {
                continue;
            };
            let finding = unfit(pattern.text(), expanded, &plain, context.item_span(item))
                .related(context.item_span(first), "the statement's resources")
                .owner(context.owner(site))
                .action(pattern.text());
            let sure = expanded.iter().all(|action| is_sure(*action, &plain));
            let finding = if sure {
                finding
            } else {
                finding.level(Level::Warning)
            };
            let (node, action) = (statement.node, item.node);
            let title = buckets::mend(context, statement, resources, expanded);
            findings.push(
                match title.filter(|_| buckets::fix(context, node, action).is_some()) {
                    Some(title) => finding.fix(title, Safety::Unsafe, move |context| {
                        buckets::fix(context, node, action)
                    }),
                    None => finding,
                },
            );
        }
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

/// Whether the catalog's word on an action and these resources is the last.
fn is_sure(action: Action, resources: &[Pattern]) -> bool {
    let own = action.service().prefix();
    if action.resources().len() == 0 {
        return false;
    }
    FULLY_LISTED.contains(&own)
        || !resources.iter().any(|pattern| match Arn::parse(pattern) {
            ArnShape::Arn(arn) => {
                let of = |format: &str| {
                    format
                        .split(':')
                        .nth(2)
                        .is_some_and(|service| arn.service.raw() == service)
                };
                arn.service.raw() == own
                    || resource::types_of(action)
                        .iter()
                        .any(|kind| kind.arns().any(of))
            }
            _ => true,
        })
}

fn unfit(
    text: &str,
    actions: &[Action],
    resources: &[Pattern],
    span: leastwise_syntax::Span,
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
    let one = actions.len() == 1;
    if types.is_empty() {
        let message = match one {
            true => format!(
                "`{text}` can't be limited to resources, so this statement never allows it: it needs `\"Resource\": \"*\"`."
            ),
            false => format!(
                "Nothing that `{text}` stands for can be limited to resources, so this statement never allows it."
            ),
        };
        return Finding::new(&RULE, span, message)
            .help(format!("Move `{text}` to a statement of its own with `*`."));
    }
    let not = match type_of(resources) {
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
    Finding::new(&RULE, span, message).help(format!(
        "Name resources that `{text}` works on, or take it out."
    ))
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
