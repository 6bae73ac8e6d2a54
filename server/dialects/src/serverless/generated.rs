//! What the framework itself writes into the roles of functions: logs, event sources, tracing, and who may assume them.

use leastwise_model::text::Text;
use leastwise_model::{Effect, Generated, SiteKind};
use leastwise_syntax::NodeId;

use super::events;
use super::functions::Function;
use super::notation::SERVICE;
use super::reader::ServiceReader;
use super::writer::Writer;

/// Where the log groups of functions are.
const LOGS: &str =
    "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/";

/// What the framework writes into the role that functions share.
pub(super) fn shared(
    reader: &ServiceReader<'_>,
    functions: &[Function],
    node: NodeId,
) -> Vec<Generated> {
    let mut writer = Writer::new(*reader, node);
    logs(reader, functions, &mut writer);
    for function in functions {
        settings(reader, function, &mut writer);
    }
    let services = events::shared(reader, functions, &mut writer);
    vec![
        writer.trust(&services),
        writer.finish(SiteKind::Identity, None),
    ]
}

fn logs(reader: &ServiceReader<'_>, functions: &[Function], writer: &mut Writer<'_>) {
    const PREFIX: &str = "${self:service}-${sls:stage}";
    let resolved = |text: &str| {
        let text = Text::given(reader.tree, writer.node, text, SERVICE);
        let values = reader.resolver.resolve(&text);
        values.first().map(|value| value.pattern.display())
    };
    let prefix = resolved(PREFIX).unwrap_or_default();
    let mut groups = Vec::new();
    let mut silent = Vec::new();
    let mut usual = false;
    for function in functions {
        let quiet = reader.is_set(&function.place, &["disableLogs"]);
        let name = function.deployed(reader);
        let own = resolved(&name).is_some_and(|name| name.starts_with(&prefix));
        match (own, quiet) {
            (true, true) => silent.push(format!("{LOGS}{name}:*")),
            (true, false) => usual = true,
            (false, false) => groups.push(format!("{LOGS}{name}")),
            (false, true) => {}
        }
    }
    if usual {
        groups.push(format!("{LOGS}{PREFIX}*"));
    }
    let with = |ending: &str| -> Vec<String> {
        groups
            .iter()
            .map(|group| format!("{group}{ending}"))
            .collect()
    };
    let (streams, events) = (with(":*"), with(":*:*"));
    writer.allow(
        &[
            "logs:CreateLogStream",
            "logs:CreateLogGroup",
            "logs:TagResource",
        ],
        streams,
    );
    writer.allow(&["logs:PutLogEvents"], events);
    if usual && !silent.is_empty() {
        writer.put(Effect::Deny, &["logs:PutLogEvents"], &silent);
    }
}

/// What settings of a function, or of the provider for all of them, bring.
fn settings(reader: &ServiceReader<'_>, function: &Function, writer: &mut Writer<'_>) {
    let (root, place) = (reader.root(), &function.place);
    let address = &function.address;
    if reader.is_set(place, &["onError"]) && reader.is_text(place, &["onError"]) {
        writer.allow(
            &["sns:Publish"],
            vec![format!("${{self:{address}.onError}}")],
        );
    }
    // A function's key counts before the provider's.
    let key = match reader.is_set(place, &["kmsKeyArn"]) {
        true => reader
            .is_text(place, &["kmsKeyArn"])
            .then(|| format!("${{self:{address}.kmsKeyArn}}")),
        false => (reader.is_set(&root, &["provider", "kmsKeyArn"])
            && reader.is_text(&root, &["provider", "kmsKeyArn"]))
        .then(|| "${self:provider.kmsKeyArn}".to_owned()),
    };
    if let Some(key) = key {
        writer.allow_once(&["kms:Decrypt"], vec![key]);
    }
    if reader.is_set(place, &["tracing"])
        || reader.is_set(&root, &["provider", "tracing", "lambda"])
    {
        let actions = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];
        writer.allow_once(&actions, vec!["*".to_owned()]);
    }
    if reader.is_set(place, &["fileSystemConfig"]) {
        writer.allow(
            &[
                "elasticfilesystem:ClientMount",
                "elasticfilesystem:ClientWrite",
            ],
            vec![format!("${{self:{address}.fileSystemConfig.arn}}")],
        );
    }
}

/// What the plugin `serverless-iam-roles-per-function` writes into the role of one function.
pub(super) fn own(reader: &ServiceReader<'_>, function: &Function, node: NodeId) -> Vec<Generated> {
    let mut writer = Writer::new(*reader, node);
    let name = function.deployed(reader);
    writer.allow(
        &[
            "logs:CreateLogStream",
            "logs:CreateLogGroup",
            "logs:PutLogEvents",
        ],
        vec![format!("{LOGS}{name}:*:*")],
    );
    events::own(reader, function, &mut writer);
    if reader.is_set(&function.place, &["onError"]) {
        let topic = format!("${{self:{}.onError}}", function.address);
        writer.allow(&["sns:Publish"], vec![topic]);
    }
    vec![
        writer.trust(&["lambda.amazonaws.com"]),
        writer.finish(SiteKind::Identity, None),
    ]
}
