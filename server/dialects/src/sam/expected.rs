//! What can stand in SAM's templates around policies, beside what is in others of CloudFormation's.

use crate::cloudformation;
use crate::dialect::{Expected, Rooms, Surrounding};

const POLICIES: (&str, &str) = ("Policies:", "of the role that is made for it");
const ROLE: (&str, &str) = ("Role", "one that there is already");
const PATH: (&str, &str) = ("RolePath", "of the role that is made for it");
const BOUNDARY: (&str, &str) = ("PermissionsBoundary", "the most that it may do");

/// The properties of types that have a role made for them:
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-resources-and-properties.html>.
const KNOWN: [(&str, &[(&str, &str)]); 2] = [
    (
        "AWS::Serverless::Function",
        &[
            POLICIES,
            ("AssumeRolePolicyDocument:", "who may assume its role"),
            ROLE,
            PATH,
            BOUNDARY,
            ("Handler", ""),
            ("Runtime", ""),
            ("CodeUri", ""),
            ("Environment:", ""),
            ("Events:", "what calls it"),
            ("Timeout", "seconds"),
            ("MemorySize", "MB"),
        ],
    ),
    (
        "AWS::Serverless::StateMachine",
        &[
            POLICIES,
            ROLE,
            PATH,
            BOUNDARY,
            ("DefinitionUri", ""),
            ("DefinitionSubstitutions:", ""),
            ("Events:", "what starts it"),
        ],
    ),
];

/// Its other types, which no role is made for.
const OTHERS: [&str; 7] = [
    "AWS::Serverless::SimpleTable",
    "AWS::Serverless::Api",
    "AWS::Serverless::HttpApi",
    "AWS::Serverless::LayerVersion",
    "AWS::Serverless::Connector",
    "AWS::Serverless::Application",
    "AWS::Serverless::GraphQLApi",
];

pub(super) fn expected(at: &Surrounding<'_>, rooms: Rooms) -> Expected {
    let type_name = || (at.value)(2, "Type").unwrap_or_default();
    let mut found = cloudformation::expected::expected(at, rooms);
    match at.keys {
        [] => {
            let own = Expected::keys(&[("Globals:", "of all functions")]);
            found.keys.extend(own.keys);
        }
        ["Resources", _, "Type"] => {
            let own = KNOWN.iter().map(|(name, _)| *name);
            found.values.splice(0..0, own.chain(OTHERS));
        }
        ["Resources", _, "Properties"] => {
            let type_name = type_name();
            if let Some((_, own)) = KNOWN.iter().find(|(name, _)| *name == type_name) {
                found = Expected::keys(own);
            }
        }
        _ => {}
    }
    found
}
