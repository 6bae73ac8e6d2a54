//! Managed policies as they are attached by their ARNs.

use leastwise_catalog::catalog;
use leastwise_model::Attached;
use leastwise_policy::{Arn, ArnShape, Pattern};

use crate::Context;

/// What an attachment may name, over all environments. Without what a default alone says.
pub(crate) fn named(context: &Context<'_>, attached: &Attached) -> Vec<Pattern> {
    let mut named: Vec<Pattern> = Vec::new();
    for environment in &context.analysis.environments {
        let analysis = context.analysis;
        for value in analysis.resolve(context.tree, &attached.arn, environment, false) {
            if !named.contains(&value.pattern) {
                named.push(value.pattern);
            }
        }
    }
    named
}

/// The path and name of a policy of AWS: `service-role/AWSLambdaBasicExecutionRole` of its ARN, in any partition. `None`
/// for every other policy, and where the name isn't wholly known.
pub(crate) fn of_aws(arn: &Pattern) -> Option<String> {
    let ArnShape::Arn(arn) = Arn::parse(arn) else {
        return None;
    };
    if arn.service.raw() != "iam" || arn.account.raw() != "aws" {
        return None;
    }
    let resource = arn.resource.pattern().as_literal()?;
    resource.strip_prefix("policy/").map(str::to_owned)
}

/// What is wrong with the path and name of a policy of AWS.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Wrong {
    /// AWS has the policy under this path.
    Path(String),
    /// AWS has none of that name; the path and name of the nearest.
    Near(String),
    /// AWS has none of that name, nor any that is near to it: it may be new. The nearest of another version, if any.
    New(Option<String>),
}

/// What is wrong with the path and name of a policy of AWS; `None` where AWS has it.
pub(crate) fn wrong(path: &str) -> Option<Wrong> {
    let arn = format!("arn:aws:iam::aws:policy/{path}");
    if catalog().managed_policy(&arn).is_some() {
        return None;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let right = |arn: &str| {
        let path = arn.split_once(":policy/").map_or(arn, |(_, path)| path);
        path.to_owned()
    };
    if let Some(policy) = catalog().managed_policy(name) {
        return Some(Wrong::Path(right(policy.arn())));
    }
    let near = catalog().suggest_managed_policies(name, 1);
    Some(match near.first() {
        // What only the version tells apart is what AWS brings next.
        Some(near) if stem(near.name()) == stem(name) => Wrong::New(Some(right(near.arn()))),
        Some(near) => Wrong::Near(right(near.arn())),
        None => Wrong::New(None),
    })
}

/// A name without the version at its end: `AmazonEMRFullAccessPolicy` of `AmazonEMRFullAccessPolicy_v2`.
fn stem(name: &str) -> &str {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if stem.len() == name.len() {
        return name;
    }
    stem.trim_end_matches(['v', 'V'])
        .trim_end_matches(['_', '-'])
}

/// Whether all that an attachment may name are policies of AWS that it surely doesn't have: AWS refuses to attach them.
pub(crate) fn is_refused(context: &Context<'_>, attached: &Attached) -> bool {
    let named = named(context, attached);
    let refused = |arn: &Pattern| {
        let path = of_aws(arn);
        path.is_some_and(|path| !matches!(wrong(&path), None | Some(Wrong::New(_))))
    };
    !named.is_empty() && named.iter().all(refused)
}

/// Whether all that an attachment may name are policies of AWS, those that it may have brought since with them.
pub(crate) fn is_of_aws(context: &Context<'_>, attached: &Attached) -> bool {
    let named = named(context, attached);
    !named.is_empty() && named.iter().all(|arn| of_aws(arn).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_path() {
        let path = |path: &str| Some(Wrong::Path(path.to_owned()));
        let near = |path: &str| Some(Wrong::Near(path.to_owned()));
        for (written, found) in [
            ("AdministratorAccess", None),
            ("service-role/AWSLambdaBasicExecutionRole", None),
            (
                "AWSLambdaBasicExecutionRole",
                path("service-role/AWSLambdaBasicExecutionRole"),
            ),
            (
                "service-role/AmazonS3FullAccess",
                path("AmazonS3FullAccess"),
            ),
            ("AmazonS3FullAcess", near("AmazonS3FullAccess")),
            (
                "AmazonS3FullAccess_v2",
                Some(Wrong::New(Some("AmazonS3FullAccess".to_owned()))),
            ),
            ("AmazonShoeFactoryLaceAccess", Some(Wrong::New(None))),
            // What is a word longer comes first.
            ("AmazonS3ReadOnly", near("AmazonS3ReadOnlyAccess")),
            ("AmazonSQSReadOnly", near("AmazonSQSReadOnlyAccess")),
            ("AmazonEC2ReadOnly", near("AmazonEC2ReadOnlyAccess")),
            (
                "service-role/AWSLambdaBasicExecution",
                near("service-role/AWSLambdaBasicExecutionRole"),
            ),
            ("PowerUserAcces", near("PowerUserAccess")),
            ("CloudWatchLogFullAccess", near("CloudWatchLogsFullAccess")),
            // Another service's is never meant.
            ("AmazonECRFullAccess", Some(Wrong::New(None))),
            ("AmazonEKSReadOnly", Some(Wrong::New(None))),
            ("Amazon", Some(Wrong::New(None))),
        ] {
            assert_eq!(wrong(written), found, "{written}");
        }
    }

    #[test]
    fn only_policies_of_aws() {
        let of = |arn: &str| of_aws(&Pattern::literal(arn));
        assert_eq!(
            of("arn:aws-cn:iam::aws:policy/job-function/Billing").as_deref(),
            Some("job-function/Billing")
        );
        assert_eq!(
            of("arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess").as_deref(),
            Some("ReadOnlyAccess")
        );
        for other in [
            "arn:aws:iam::111111111111:policy/ReadOnlyAccess",
            "arn:aws:iam::aws:policy/${Name}",
            "arn:aws:iam::aws:policy/*",
            "arn:aws:s3::aws:policy/ReadOnlyAccess",
            "ReadOnlyAccess",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
