//! Tests that a service's requests never meet, since they ask for a resource of another service, for
//! the rule.
//!
//! `aws:SourceArn` is "the resource making a service-to-service request". For the services below AWS documents which that
//! is: the topic whose messages Amazon SNS delivers, the bucket that Amazon S3 notifies of, the rule that Amazon EventBridge
//! sends events by. What calls for a pipe or a schedule of EventBridge has a principal of its own.

use leastwise_catalog::catalog;
use leastwise_model::{Item, Known, Level, Policy, PrincipalKind, Principals, Site, Statement};
use leastwise_policy::condition::Family;
use leastwise_policy::{Arn, ArnShape, Pattern};
use leastwise_syntax::Span;

use super::super::reading::{Reading, is_of_iam, readings};
use super::RULE;
use crate::{Context, Fact, Facts, Finding};

/// What a service calls for.
struct Service {
    /// How its principals begin.
    principal: &'static str,
    /// How the prefixes of what it calls for begin.
    prefix: &'static str,
    /// Such an ARN.
    arn: &'static str,
}

const SERVICES: [Service; 3] = [
    Service {
        principal: "events.",
        prefix: "events",
        arn: "arn:aws:events:<region>:<account>:rule/<name>",
    },
    // Directory buckets and tables have prefixes of their own.
    Service {
        principal: "s3.",
        prefix: "s3",
        arn: "arn:aws:s3:::<bucket>",
    },
    Service {
        principal: "sns.",
        prefix: "sns",
        arn: "arn:aws:sns:<region>:<account>:<topic>",
    },
];

/// A test of `aws:SourceArn` that no request of the statement's principals meets.
pub(super) struct Foreign {
    at: Span,
    owner: Option<String>,
    /// The principal.
    principal: String,
    /// The value.
    value: String,
    /// How the ARNs are that come with the principal's requests.
    due: &'static str,
}

pub(super) fn find(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Facts<'_>) {
    if !is_of_iam(site) {
        return;
    }
    let allows = policy.statements.iter().filter(|of| of.allows());
    facts.extend(allows.filter_map(|statement| foreign(context, site, statement)));
}

fn foreign(context: &Context<'_>, site: &Site, statement: &Statement) -> Option<Foreign> {
    let principals = statement.principal.known()?;
    let mut tests = readings(statement).filter(asks_for_source).peekable();
    tests.peek()?;
    let services = services(context, principals)?;
    let (principal, service) = services.first()?;
    tests.find_map(|reading| {
        let list = reading.test.values.known().filter(|list| !list.dynamic)?;
        let first = list.items.first()?;
        let is_foreign = |item: &Item| {
            let patterns = context.patterns(item);
            !patterns.is_empty()
                && patterns.into_iter().all(|pattern| {
                    service_of(pattern).is_some_and(|of| {
                        let mut services = services.iter();
                        !services.any(|(_, service)| of.starts_with(service.prefix))
                    })
                })
        };
        list.items.iter().all(is_foreign).then(|| Foreign {
            at: context.item_span(first),
            owner: context.owner(site).map(str::to_owned),
            principal: principal.clone(),
            value: context
                .patterns(first)
                .first()
                .map(|pattern| pattern.display())
                .unwrap_or_default(),
            due: service.arn,
        })
    })
}

/// Whether a test holds only where a request has `aws:SourceArn`, with one of the values.
fn asks_for_source(reading: &Reading<'_>) -> bool {
    let operator = reading.operator;
    reading.key.eq_ignore_ascii_case("aws:SourceArn")
        && matches!(operator.base.family, Family::Arn | Family::String)
        && !operator.base.negated
        && !operator.if_exists
        && operator.quantifier.is_none()
}

/// The principals with what is known of them, where all are services of the table.
fn services(
    context: &Context<'_>,
    principals: &Principals,
) -> Option<Vec<(String, &'static Service)>> {
    if principals.star || principals.dynamic {
        return None;
    }
    let mut found = Vec::new();
    for kind in &principals.kinds {
        if !["Service", PrincipalKind::BY_VALUE].contains(&kind.name.as_str()) {
            return None;
        }
        let Known::Is(list) = &kind.values else {
            return None;
        };
        if list.dynamic {
            return None;
        }
        for pattern in list.items.iter().flat_map(|item| context.patterns(item)) {
            let begins = pattern.known_prefix();
            let mut services = SERVICES.iter();
            let service = services.find(|service| begins.starts_with(service.principal))?;
            found.push((pattern.display(), service));
        }
    }
    Some(found)
}

/// The service that an ARN is of, where AWS has it.
fn service_of(pattern: &Pattern) -> Option<String> {
    let ArnShape::Arn(arn) = Arn::parse(pattern) else {
        return None;
    };
    let service = arn.service.as_literal()?;
    catalog().service(&service).map(|_| service)
}

impl Fact for Foreign {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let message = format!(
            "`{}` never calls on behalf of `{}`: the statement has no effect.",
            self.principal, self.value
        );
        let help = format!(
            "Name a resource it calls on behalf of, as in `{}`, or name the calling service in `Principal`.",
            self.due
        );
        Finding::new(&RULE, self.at, message)
            .level(Level::Warning)
            .help(help)
            .owner(self.owner.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check};
    use leastwise_model::Level;

    fn queue(principal: &str, condition: &str) -> String {
        format!(
            "Parameters:
  Who: {{Type: String}}
Resources:
  Topic: {{Type: AWS::SNS::Topic}}
  Given:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [shop]
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {principal}
            Action: sqs:SendMessage
            Resource: arn:aws:sqs:eu-west-1:111111111111:shop
            Condition: {condition}
"
        )
    }

    fn said(text: &str) -> Vec<(Level, String)> {
        let findings = Fixture::new(text, "").findings(&RULE);
        findings
            .into_iter()
            .map(|of| (of.level, of.message))
            .collect()
    }

    #[test]
    fn a_source_of_another_service() {
        let text = "Resources:
  Given:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: f
      Action: lambda:InvokeFunction
      Principal: sns.amazonaws.com
      SourceArn: arn:aws:sqs:eu-west-1:111111111111:orders
                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
";
        let all = "`sns.amazonaws.com` never calls on behalf of `arn:aws:sqs:eu-west-1:111111111111:orders`: the statement has no effect.";
        assert_eq!(check(&RULE, text, ""), [all]);
        let terraform = "resource \"aws_lambda_permission\" \"given\" {
  function_name = \"f\"
  action        = \"lambda:InvokeFunction\"
  principal     = \"s3.amazonaws.com\"
  source_arn    = \"arn:aws:sns:eu-west-1:111111111111:orders\"
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
}
";
        check(&RULE, terraform, "");
        let document = queue(
            "{Service: events.amazonaws.com}",
            "{ArnEquals: {aws:SourceArn: !Ref Topic}}",
        );
        let [(level, message)] = said(&document).try_into().expect("one finding");
        assert_eq!(level, Level::Warning);
        assert!(message.starts_with("`events.amazonaws.com` never calls on behalf of `arn:"));
    }

    #[test]
    fn who_calls_and_for_what() {
        let foreign = "'arn:aws:lambda:eu-west-1:111111111111:function:a'";
        let own = "'arn:aws:sns:eu-west-1:111111111111:a'";
        let count = |principal: &str, condition: &str| said(&queue(principal, condition)).len();
        let sns = "{Service: sns.amazonaws.com}";
        let source = |value: &str| format!("{{ArnLike: {{aws:SourceArn: {value}}}}}");
        for principal in [
            sns,
            "{Service: !Sub 'sns.${AWS::URLSuffix}'}",
            "{Service: [sns.amazonaws.com, s3.amazonaws.com]}",
        ] {
            assert_eq!(count(principal, &source(foreign)), 1, "{principal}");
        }
        for condition in [
            source(&format!("[{foreign}, 'arn:aws:s3:::a']")),
            source("!Sub 'arn:${AWS::Partition}:lambda:*:${AWS::AccountId}:*'"),
            format!("{{StringEquals: {{AWS:SourceArn: {foreign}}}}}"),
            format!(
                "{{ArnLike: {{aws:SourceArn: {foreign}}}, StringEquals: {{aws:SourceAccount: '111111111111'}}}}"
            ),
        ] {
            assert_eq!(count(sns, &condition), 1, "{condition}");
        }
        for condition in [
            source(own),
            source(&format!("[{foreign}, {own}]")),
            source("!Ref Who"),
            source("'*'"),
            source("'arn:aws:*:*:111111111111:*'"),
            source("'arn:aws:nothing:eu-west-1:111111111111:a'"),
            source(&format!("[{foreign}, !Ref Who]")),
            source(&format!("!If [Big, {foreign}, {own}]")),
            format!("{{ArnNotLike: {{aws:SourceArn: {foreign}}}}}"),
            format!("{{ArnLikeIfExists: {{aws:SourceArn: {foreign}}}}}"),
            format!("{{'ForAllValues:ArnLike': {{aws:SourceArn: {foreign}}}}}"),
            format!("{{ArnLike: {{aws:PrincipalArn: {foreign}}}}}"),
            "{'Null': {aws:SourceArn: false}}".to_owned(),
        ] {
            assert_eq!(count(sns, &condition), 0, "{condition}");
        }
        for principal in [
            "'*'",
            "{AWS: '*'}",
            "{AWS: '111111111111', Service: sns.amazonaws.com}",
            "{Service: lambda.amazonaws.com}",
            "{Service: [sns.amazonaws.com, lambda.amazonaws.com]}",
            "{Service: [sns.amazonaws.com, !Ref Who]}",
            "!Ref Who",
        ] {
            assert_eq!(count(principal, &source(foreign)), 0, "{principal}");
        }
        for (service, own) in [
            ("s3", "arn:aws:s3:::shop"),
            ("s3", "arn:aws:s3express:eu-west-1:111111111111:bucket/a"),
            ("events", "arn:aws:events:eu-west-1:111111111111:rule/a"),
        ] {
            let principal = format!("{{Service: {service}.amazonaws.com}}");
            assert_eq!(count(&principal, &source(own)), 0, "{own}");
        }
        let denied = queue(sns, &source(foreign)).replace("Allow", "Deny");
        assert_eq!(said(&denied), []);
        // A schedule calls with a principal of its own.
        let scheduler = source("'arn:aws:scheduler:eu-west-1:111111111111:schedule/default/a'");
        assert_eq!(count("{Service: events.amazonaws.com}", &scheduler), 1);
        assert_eq!(count("{Service: scheduler.amazonaws.com}", &scheduler), 0);
    }
}
