//! Policies of others that are written as IAM's are: Alibaba Cloud's, Tencent's, a vault's. What they say is no business of
//! AWS's, and what is wrong there is something else.

use leastwise_catalog::catalog;
use leastwise_syntax::trace::Says;
use leastwise_syntax::{NodeId, Pair, Tree, View};

use crate::limits::NODES_OF_A_POLICY;

/// How the names of resources begin with Alibaba Cloud, Tencent Cloud, Volcengine and IBM Cloud.
const OTHER_NAMES: [&str; 4] = ["acs:", "qcs:", "trn:", "crn:"];

/// The versions of others' policy languages: Alibaba Cloud's, Huawei Cloud's, Tencent Cloud's.
const OTHER_VERSIONS: [&str; 4] = ["1", "1.1", "5.0", "2.0"];

/// Prefixes that services of AWS and services of Alibaba Cloud have.
const SHARED_PREFIXES: [&str; 12] = [
    "apigateway",
    "config",
    "dms",
    "ebs",
    "ecs",
    "iot",
    "kms",
    "ram",
    "rds",
    "sts",
    "support",
    "tag",
];

/// What is asked of the texts of a document to tell whose it is.
const ASKED: [Says; 4] = [is_action_of_minio, is_update, is_of_other, is_of_aws];

/// And of one whose version others have.
const ASKED_OF_OTHERS: [Says; 5] = [
    is_action_of_minio,
    is_update,
    is_of_other,
    is_of_aws,
    has_own,
];

/// Whether a document is written in the policy language of somebody else, or in another one of AWS's.
pub(crate) fn is_document(tree: &Tree, node: NodeId) -> bool {
    let version = get(tree, node, &["Version"]).and_then(|version| tree.text(version));
    let is_others_version = version.is_some_and(|version| OTHER_VERSIONS.contains(&version));
    tree.judged(node, || {
        let is_certain =
            is_of_minio(tree, node) || is_of_stack(tree, node) || protects_data(tree, node);
        let is_other = || {
            let is_other =
                any(tree, node, is_of_other) || is_others_version && !any(tree, node, has_own);
            is_other && !any(tree, node, is_of_aws)
        };
        let asked: &[Says] = match is_others_version {
            true => &ASKED_OF_OTHERS,
            false => &ASKED,
        };
        (is_certain || is_other(), asked)
    })
}

fn is_action_of_minio(text: &str) -> bool {
    text.starts_with("admin:")
}

fn is_update(text: &str) -> bool {
    text.starts_with("Update:")
}

/// Whether a text is an action of a service that only AWS has.
fn has_own(text: &str) -> bool {
    service(text).is_some_and(|prefix| !SHARED_PREFIXES.contains(&prefix.as_str()))
}

/// The texts under a name in the statements of a document.
fn in_statements<'t>(tree: &'t Tree, node: NodeId, name: &str) -> Vec<&'t str> {
    let statements = tree.get(node, "Statement");
    let statements = statements.map(|list| tree.items(list).map_or(vec![list], <[_]>::to_vec));
    let statements = statements.into_iter().flatten();
    let values = statements.filter_map(|statement| get(tree, statement, &[name]));
    values.flat_map(|value| written(tree, value)).collect()
}

/// Whether a document is MinIO's, which has IAM's language, ARNs of S3, and actions of its own.
fn is_of_minio(tree: &Tree, node: NodeId) -> bool {
    let actions = in_statements(tree, node, "Action");
    actions.into_iter().any(is_action_of_minio)
}

/// Whether a document is the policy of a stack of AWS CloudFormation, about updates of what is in it.
fn is_of_stack(tree: &Tree, node: NodeId) -> bool {
    let actions = in_statements(tree, node, "Action");
    let not_actions = in_statements(tree, node, "NotAction");
    actions.into_iter().chain(not_actions).any(is_update)
}

/// Whether a document says which data Amazon SNS or CloudWatch Logs looks for and masks.
fn protects_data(tree: &Tree, node: NodeId) -> bool {
    !in_statements(tree, node, "DataIdentifier").is_empty()
}

/// The first value under one of several names, in any case.
pub(crate) fn get(tree: &Tree, node: NodeId, names: &[&str]) -> Option<NodeId> {
    let is = |pair: &Pair| {
        let key = tree.text(pair.key).unwrap_or_default();
        names.iter().any(|name| name.eq_ignore_ascii_case(key))
    };
    tree.pairs(node).into_iter().find(is).map(|pair| pair.value)
}

/// The texts that stand in a value and aren't worked out.
pub(crate) fn written(tree: &Tree, node: NodeId) -> Vec<&str> {
    let own = tree.text(node).into_iter();
    let items = tree.items(node).unwrap_or_default().iter();
    own.chain(items.filter_map(|item| tree.text(*item)))
        .collect()
}

/// The prefix of a text that may be an action, where a service of AWS has it.
pub(crate) fn service(text: &str) -> Option<String> {
    let (prefix, name) = text.split_once(':')?;
    let is_action = !name.contains([':', '/']);
    is_action.then(|| catalog().service(prefix))??;
    Some(prefix.to_ascii_lowercase())
}

/// Whether a text is only found with AWS: an ARN or the beginning of one, a service that may be a principal, a condition
/// key, a reference to something of AWS's.
pub(crate) fn is_of_aws(text: &str) -> bool {
    let is_arn =
        |rest: &str| rest.starts_with("aws") || !rest.starts_with(|c: char| c.is_alphanumeric());
    text.strip_prefix("arn:").is_some_and(is_arn)
        || text.starts_with("aws:")
        || text.contains("arn:aws")
        || text.contains("amazonaws.com")
        || text.contains("AWS::")
        || text.starts_with("aws_") && text.contains('.')
        || text.contains("data.aws_")
}

/// Whether a text is only found with others: the name of a resource of theirs, a service that may be a principal.
pub(crate) fn is_of_other(text: &str) -> bool {
    OTHER_NAMES.iter().any(|name| text.starts_with(name)) || text.ends_with(".aliyuncs.com")
}

/// Whether any text in a value is of a sort.
pub(crate) fn any(tree: &Tree, node: NodeId, is: impl Fn(&str) -> bool) -> bool {
    let mut stack = vec![node];
    for _ in 0..NODES_OF_A_POLICY {
        let Some(node) = stack.pop() else { break };
        match tree.view(node) {
            View::Scalar(text) if is(text) => return true,
            View::Scalar(_) => stack.extend(tree.embedded(node)),
            View::Tagged(_, value) => stack.push(value),
            View::Sequence(items) => stack.extend(items),
            View::Mapping(pairs) => {
                stack.extend(pairs.iter().flat_map(|pair| [pair.key, pair.value]));
            }
            View::Alias(_) | View::Invalid => {}
        }
    }
    false
}
