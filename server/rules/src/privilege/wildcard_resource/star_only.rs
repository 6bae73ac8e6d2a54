//! What is allowed on `*` only, and what a policy of an app keeps of it.

use leastwise_catalog::{AccessLevel, Action};
use leastwise_policy::ActionPattern;
use leastwise_policy::resource::may_take_none;

use crate::support::naming;

/// Types that AWS's table has as optional for actions that are always about one of them: service, type. Elsewhere an optional
/// type is something that a call may do without, as the data set of `cloudwatch:PutMetricData`.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains.html>,
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_elbv2.html>,
/// <https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html>,
/// <https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html>
const ABOUT: [(&str, &str); 6] = [
    ("apigateway", "PrivateDomainName"),
    ("elasticloadbalancing", "loadbalancer"),
    ("elasticloadbalancing", "loadbalancer/app/"),
    ("elasticloadbalancing", "truststore"),
    ("es", "domain"),
    ("sns", "topic"),
];

/// Actions that list only without a name, and that who deploys calls by the name of what he deploys.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html>
const BY_NAME: [(&str, &str); 1] = [("cloudformation", "DescribeStacks")];

/// What a policy for an app keeps on `*` of services that have much that takes no resource, most of it about the account or
/// the organization, in the names of their tables:
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>.
const KEPT: [(&str, &[&str]); 12] = [
    (
        "cloudformation",
        &[
            "DescribeStackDriftDetectionStatus",
            "EstimateTemplateCost",
            "List*",
            "ValidateTemplate",
        ],
    ),
    (
        "cloudwatch",
        &[
            "*AnomalyDetector*",
            "*MetricData*",
            "DescribeAlarmsForMetric",
            "GetMetricStatistics",
            "GetMetricWidgetImage",
            "List*",
        ],
    ),
    ("ecr", &["DescribeRegistry", "GetAuthorizationToken"]),
    (
        "es",
        &[
            "*ServiceRole*",
            "*VpcEndpoint*",
            "DescribePackages",
            "List*",
        ],
    ),
    ("events", &["*Permission*", "List*"]),
    (
        "glue",
        &[
            "*JobBookmark*",
            "*SecurityConfiguration*",
            "CreateCrawler",
            "GetCrawlers",
            "GetJobs",
            "ListCrawlers",
            "ListJobs",
        ],
    ),
    (
        "iam",
        &["*ServiceLinkedRole*", "GetAccountSummary", "List*"],
    ),
    (
        "lambda",
        &[
            "CreateCodeSigningConfig",
            "CreateEventSourceMapping",
            "GetAccountSettings",
            "List*",
        ],
    ),
    // Access logs of APIs and the like are set up by deliveries, and by policies that let AWS write.
    (
        "logs",
        &[
            "*LogDelivery*",
            "*ResourcePolicy*",
            "Describe*",
            "List*",
            "StopQuery",
        ],
    ),
    (
        "s3",
        &[
            "GetAccountPublicAccessBlock",
            "ListAccessPoints",
            "ListAllMyBuckets",
        ],
    ),
    (
        "sns",
        &[
            "*Endpoint*",
            "*PlatformApplication*",
            "GetSMSAttributes",
            "List*",
        ],
    ),
    (
        "ssm",
        &[
            "DescribeInstanceInformation",
            "DescribeParameters",
            "GetCommandInvocation",
            "List*",
        ],
    ),
];

/// Whether only `*` surely allows all of an action: it takes no resource, or may go without.
pub(super) fn takes_none(action: Action) -> bool {
    if action.resources().len() == 0 {
        return true;
    }
    let mut types = action.resources().map(|of| of.resource_type());
    let is_of = |list: &[(&str, &str)], name: &str| {
        let service = action.service().prefix();
        list.iter()
            .any(|(of, known)| *of == service && known.eq_ignore_ascii_case(name))
    };
    let about = types.any(|of| {
        let tags = action.name().starts_with("ListTags");
        is_of(&ABOUT, of.name()) && (!lists(action) || tags) || tags && naming::is_named(of)
    });
    may_take_none(action) && !about && !is_of(&BY_NAME, action.name())
}

/// Whether an action only says what there is: AWS has `ListTags` among what reads.
pub(super) fn lists(action: Action) -> bool {
    match action.access_level() {
        AccessLevel::List => true,
        AccessLevel::Read => action.name().starts_with("List"),
        _ => false,
    }
}

/// Whether an action may stay on `*`: it can't be limited, or only lists what there is.
pub(super) fn is_harmless(action: Action) -> bool {
    takes_none(action) || lists(action)
}

/// What a policy for an app keeps of what a wildcard stands for on `*`, in few lines. `None` where nothing is known of the
/// service.
pub(super) fn app_actions(own: &ActionPattern, wide: &[Action]) -> Option<Vec<String>> {
    let service = wide.first()?.service().prefix();
    let (_, rows) = KEPT.iter().find(|(of, _)| *of == service)?;
    let mut lines = Vec::new();
    for row in *rows {
        let text = format!("{service}:{row}");
        let pattern = ActionPattern::parse(&text);
        let mut stands_for = wide.iter().filter(|action| pattern.matches(**action));
        match own.covers(&pattern) {
            true if stands_for.next().is_some() => lines.push(text),
            true => {}
            false => lines.extend(stands_for.map(|action| action.full_name())),
        }
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use leastwise_catalog::catalog;

    use super::super::judged_actions::is_of_services;
    use super::*;

    #[test]
    fn what_is_kept_grants_nothing_that_can_be_limited() {
        for (service, rows) in KEPT {
            for row in rows {
                let stands_for = ActionPattern::parse(&format!("{service}:{row}")).expand();
                assert!(!stands_for.is_empty(), "{service}:{row}");
                for action in stands_for {
                    let stays = is_harmless(action) || is_of_services(action);
                    assert!(stays, "{}", action.full_name());
                }
            }
            assert!(rows.len() <= 7, "{service}");
        }
    }

    #[test]
    fn what_goes_without_a_resource() {
        for (name, without) in [
            ("cloudwatch:PutMetricData", true),
            ("elasticloadbalancing:CreateLoadBalancer", false),
            ("elasticloadbalancing:CreateTrustStore", false),
            ("elasticloadbalancing:DescribeLoadBalancers", true),
            ("cloudformation:ValidateTemplate", true),
            ("rds:DescribeDBInstances", true),
            ("polly:SynthesizeSpeech", true),
            ("sns:ListTopics", true),
            ("cloudformation:DescribeStacks", false),
            ("es:ESHttpPut", false),
            ("es:ListInsights", true),
            ("sns:Unsubscribe", false),
            ("sns:ListTagsForResource", false),
            ("scheduler:ListTagsForResource", false),
            ("s3:ListBucket", false),
        ] {
            let (service, action) = name.split_once(':').expect("a service");
            let action = catalog().action(service, action).expect("an action");
            assert_eq!(takes_none(action), without, "{name}");
        }
    }

    #[test]
    fn a_wildcard_keeps_what_it_stands_for() {
        let of = |text: &str| {
            let own = ActionPattern::parse(text);
            let mut wide = own.expand();
            wide.retain(|action| takes_none(*action));
            app_actions(&own, &wide)
        };
        let lines = |lines: &[&str]| Some(lines.iter().map(|line| (*line).to_owned()).collect());
        assert_eq!(of("iam:*"), lines(&["iam:GetAccountSummary", "iam:List*"]));
        assert_eq!(of("iam:Get*"), lines(&["iam:GetAccountSummary"]));
        assert_eq!(
            of("logs:Put*"),
            lines(&["logs:PutResourcePolicy"]),
            "by name where the wildcard is none of it"
        );
        assert_eq!(of("sqs:*"), None);
    }
}
