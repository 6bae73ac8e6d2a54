//! What can stand in a template around policies: its sections, what a resource has, the properties that have to do with policies.

use super::table;
use crate::dialect::{Expected, ExpectedKey, Rooms, Surrounding};

const SECTIONS: [(&str, &str); 8] = [
    ("AWSTemplateFormatVersion", VERSION),
    ("Resources:", "what is deployed"),
    ("Parameters:", "given at deployment"),
    ("Outputs:", "what others can refer to"),
    ("Transform", "macros"),
    ("Conditions:", "what is deployed when"),
    ("Mappings:", "tables of values"),
    ("Description", ""),
];

/// The only version of the format.
const VERSION: &str = "2010-09-09";

/// The macros of CloudFormation's own:
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html>.
const MACROS: [&str; 2] = ["AWS::LanguageExtensions", "AWS::Include"];

const OF_A_PARAMETER: [(&str, &str); 9] = [
    ("Type", "of what is given"),
    ("Default", "where nothing is given"),
    ("Description", ""),
    ("AllowedValues:", ""),
    ("AllowedPattern", ""),
    ("ConstraintDescription", ""),
    ("NoEcho", "whether it isn't shown"),
    ("MinLength", ""),
    ("MaxLength", ""),
];

/// What a parameter can be:
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>.
const TYPES_OF_PARAMETERS: [&str; 11] = [
    "String",
    "Number",
    "CommaDelimitedList",
    "List<Number>",
    "AWS::SSM::Parameter::Value<String>",
    "AWS::SSM::Parameter::Name",
    "AWS::EC2::VPC::Id",
    "List<AWS::EC2::Subnet::Id>",
    "AWS::EC2::Subnet::Id",
    "List<AWS::EC2::SecurityGroup::Id>",
    "AWS::EC2::SecurityGroup::Id",
];

const OF_AN_OUTPUT: [(&str, &str); 4] = [
    ("Value", ""),
    ("Export:", "its name for other stacks"),
    ("Description", ""),
    ("Condition", "when there is one"),
];

const OF_A_RESOURCE: [(&str, &str); 6] = [
    ("Type", "what it is"),
    ("Properties:", ""),
    ("DependsOn", "what is deployed before it"),
    ("Condition", "when it is deployed"),
    ("DeletionPolicy", "what becomes of it"),
    ("Metadata:", ""),
];

const TRUST: (&str, &str) = ("AssumeRolePolicyDocument:", "who may assume it");
const INLINE: (&str, &str) = ("Policies:", "policies of its own");
const MANAGED: (&str, &str) = ("ManagedPolicyArns:", "managed policies");
const BOUNDARY: (&str, &str) = ("PermissionsBoundary", "the most that it may do");
const DOCUMENT: (&str, &str) = ("PolicyDocument:", "the policy");
const NAME: (&str, &str) = ("PolicyName", "");

/// A policy with its name.
const OF_A_POLICY: [(&str, &str); 2] = [NAME, DOCUMENT];

/// The properties of IAM's types and of others that hold nothing but a policy:
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html>.
const KNOWN: [(&str, &[(&str, &str)]); 14] = [
    (
        "AWS::IAM::Role",
        &[
            ("RoleName", ""),
            TRUST,
            MANAGED,
            INLINE,
            BOUNDARY,
            ("Description", ""),
            ("Path", ""),
            ("MaxSessionDuration", "seconds"),
            ("Tags:", ""),
        ],
    ),
    (
        "AWS::IAM::ManagedPolicy",
        &[
            ("ManagedPolicyName", ""),
            DOCUMENT,
            ("Roles:", "which have it"),
            ("Users:", "who have it"),
            ("Groups:", "which have it"),
            ("Description", ""),
            ("Path", ""),
        ],
    ),
    (
        "AWS::IAM::Policy",
        &[
            NAME,
            DOCUMENT,
            ("Roles:", "which have it"),
            ("Users:", "who have it"),
            ("Groups:", "which have it"),
        ],
    ),
    (
        "AWS::IAM::User",
        &[
            ("UserName", ""),
            MANAGED,
            INLINE,
            BOUNDARY,
            ("Groups:", "that it is in"),
            ("Path", ""),
            ("Tags:", ""),
        ],
    ),
    (
        "AWS::IAM::Group",
        &[("GroupName", ""), MANAGED, INLINE, ("Path", "")],
    ),
    (
        OIDC_PROVIDER,
        &[
            ("Url", "whose tokens are taken"),
            ("ClientIdList:", "whom the tokens have to be for"),
            ("ThumbprintList:", "of its certificates"),
            ("Tags:", ""),
        ],
    ),
    (
        "AWS::IAM::InstanceProfile",
        &[
            ("InstanceProfileName", ""),
            ("Roles:", "that instances have"),
            ("Path", ""),
        ],
    ),
    (
        "AWS::IAM::SAMLProvider",
        &[("Name", ""), ("SamlMetadataDocument", ""), ("Tags:", "")],
    ),
    (
        "AWS::IAM::RolePolicy",
        &[NAME, DOCUMENT, ("RoleName", "which has it")],
    ),
    (
        "AWS::IAM::UserPolicy",
        &[NAME, DOCUMENT, ("UserName", "who has it")],
    ),
    (
        "AWS::IAM::GroupPolicy",
        &[NAME, DOCUMENT, ("GroupName", "which has it")],
    ),
    (
        "AWS::S3::BucketPolicy",
        &[("Bucket", "whose it is"), DOCUMENT],
    ),
    (
        "AWS::SQS::QueuePolicy",
        &[("Queues:", "whose it is"), DOCUMENT],
    ),
    (
        "AWS::SNS::TopicPolicy",
        &[("Topics:", "whose it is"), DOCUMENT],
    ),
];

const OIDC_PROVIDER: &str = "AWS::IAM::OIDCProvider";

/// Addresses of providers of OpenID Connect, and whom their tokens are for where they are exchanged for credentials of AWS:
/// <https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws>.
const ADDRESSES: [&str; 1] = ["https://token.actions.githubusercontent.com"];
const AUDIENCES: [&str; 1] = ["sts.amazonaws.com"];

/// The types that apps and their roles have most often, in their order.
const COMMON: [&str; 27] = [
    "AWS::IAM::Role",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::User",
    "AWS::Lambda::Function",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::DynamoDB::Table",
    "AWS::SNS::Topic",
    "AWS::S3::BucketPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::SecretsManager::Secret",
    "AWS::SSM::Parameter",
    "AWS::Events::Rule",
    "AWS::StepFunctions::StateMachine",
    "AWS::Lambda::Permission",
    "AWS::ECS::TaskDefinition",
    "AWS::ECS::Service",
    "AWS::ECR::Repository",
    "AWS::EC2::Instance",
    "AWS::Kinesis::Stream",
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGatewayV2::Api",
    "AWS::CloudFront::Distribution",
];

/// Whether a file becomes a template by the keys that it has at its root, or may become one as it has none.
pub(crate) fn begins(at: &Surrounding<'_>) -> bool {
    let is_section = |name: &&str| {
        let mut sections = SECTIONS.iter().filter(|(name, _)| *name != "Description");
        sections.any(|(own, _)| own.trim_end_matches(':') == *name)
    };
    at.roots.iter().any(is_section) || at.roots.is_empty() && at.keys.is_empty()
}

/// What can stand somewhere in a template.
pub(crate) fn expected(at: &Surrounding<'_>, rooms: Rooms) -> Expected {
    let type_name = || (at.value)(2, "Type").unwrap_or_default();
    match at.keys {
        [] => Expected::keys(&SECTIONS),
        ["AWSTemplateFormatVersion"] => values(&[VERSION]),
        ["Transform"] => Expected {
            values: rooms.transforms().chain(MACROS).collect(),
            ..Expected::default()
        },
        ["Parameters", _] => Expected::keys(&OF_A_PARAMETER),
        ["Parameters", _, "Type"] => values(&TYPES_OF_PARAMETERS),
        ["Outputs", _] => Expected::keys(&OF_AN_OUTPUT),
        ["Resources", _, "Properties", "Url"] if type_name() == OIDC_PROVIDER => values(&ADDRESSES),
        ["Resources", _, "Properties", "ClientIdList"] if type_name() == OIDC_PROVIDER => {
            values(&AUDIENCES)
        }
        ["Resources", _] => Expected::keys(&OF_A_RESOURCE),
        ["Resources", _, "Type"] => Expected {
            values: types(),
            ..Expected::default()
        },
        ["Resources", _, "Properties"] => properties(&type_name()),
        ["Resources", _, "Properties", "Policies"]
            if known(&type_name()).is_some_and(|of| of.contains(&INLINE)) =>
        {
            Expected::keys(&OF_A_POLICY)
        }
        ["Resources", _, "Properties", path @ ..] => {
            let type_name = type_name();
            let mut entries = table::entries(&type_name).iter();
            // The items of a list have no keys.
            let keys =
                |of: &table::PolicyProperty| of.path.iter().filter(|key| **key != "*").eq(path);
            let own = entries.find(|of| keys(of));
            Expected {
                policy: own.map(|own| (own.kind, own.service)),
                ..Expected::default()
            }
        }
        _ => Expected::default(),
    }
}

/// The types that hold policies, and those that policies are about: IAM's and common ones first.
fn types() -> Vec<&'static str> {
    let known = KNOWN.iter().map(|(name, _)| *name);
    let known = known.filter(|name| !COMMON.contains(name));
    let mut types: Vec<&str> = COMMON.into_iter().chain(known).collect();
    let others = table::types().into_iter();
    let others: Vec<&str> = others.filter(|name| !types.contains(name)).collect();
    types.extend(others);
    types
}

fn known(type_name: &str) -> Option<&'static [(&'static str, &'static str)]> {
    let mut known = KNOWN.iter();
    known.find_map(|(name, own)| (*name == type_name).then_some(*own))
}

fn properties(type_name: &str) -> Expected {
    if let Some(own) = known(type_name) {
        return Expected::keys(own);
    }
    let mut keys: Vec<ExpectedKey> = Vec::new();
    for entry in table::entries(type_name) {
        let Some(name) = entry.path.first().copied() else {
            continue;
        };
        if keys.iter().all(|own| own.name != name) {
            let about = match entry.path.len() {
                1 => "its policy",
                _ => "has a policy",
            };
            keys.push(ExpectedKey {
                name,
                about,
                holds: true,
            });
        }
    }
    Expected {
        keys,
        ..Expected::default()
    }
}

/// Values of a key.
pub(crate) fn values(of: &[&'static str]) -> Expected {
    Expected {
        values: of.to_vec(),
        ..Expected::default()
    }
}
