//! What the event sources and destinations of functions bring to their role.

use leastwise_syntax::View;

use super::functions::Function;
use super::reader::ServiceReader;
use super::writer::Writer;
use crate::serverless::resolve::ServiceNode;

const DYNAMODB: [&str; 4] = [
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:DescribeStream",
    "dynamodb:ListStreams",
];
const KINESIS: [&str; 4] = [
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:DescribeStream",
    "kinesis:ListStreams",
];
const KINESIS_CONSUMER: [&str; 4] = [
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:DescribeStreamSummary",
    "kinesis:ListShards",
];
const SQS: [&str; 3] = [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
];
const NETWORK: [&str; 6] = [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeVpcs",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
];

/// An event of a function.
struct Event {
    place: ServiceNode,
    /// Where variables find it: `functions.hello.events.0`.
    address: String,
}

fn events(reader: &ServiceReader<'_>, function: &Function) -> Vec<Event> {
    let Some(list) = reader.get(&function.place, &["events"]) else {
        return Vec::new();
    };
    reader
        .items(&list)
        .into_iter()
        .enumerate()
        .map(|(index, place)| Event {
            place,
            address: format!("{}.events.{index}", function.address),
        })
        .collect()
}

/// What stands at a key of an event, or at `arn` within: as a variable that leads there.
fn arn(reader: &ServiceReader<'_>, event: &Event, kind: &str) -> Option<String> {
    let value = reader.get(&event.place, &[kind])?;
    let address = &event.address;
    Some(match reader.view(&value) {
        View::Mapping(_) if reader.has(&value, "arn") => format!("${{self:{address}.{kind}.arn}}"),
        View::Mapping(_) => return None,
        _ => format!("${{self:{address}.{kind}}}"),
    })
}

/// The service of an ARN that stands at a place: its third part.
fn service(reader: &ServiceReader<'_>, place: &ServiceNode, keys: &[&str]) -> Option<String> {
    let place = reader.get(place, keys)?;
    let text = match reader.literal(&place) {
        Some(text) => text,
        // Also where account or region aren't known.
        None => reader.resolver.display_at(&place)?,
    };
    text.split(':').nth(2).map(str::to_owned)
}

fn type_of(reader: &ServiceReader<'_>, event: &Event, keys: &[&str]) -> Option<String> {
    let within = |last: &str| -> Vec<String> {
        let keys = keys.iter().map(|key| (*key).to_owned());
        keys.chain([last.to_owned()]).collect()
    };
    let (by_type, by_arn) = (within("type"), within("arn"));
    let by_type: Vec<&str> = by_type.iter().map(String::as_str).collect();
    let by_arn: Vec<&str> = by_arn.iter().map(String::as_str).collect();
    reader
        .word(&event.place, &by_type)
        .or_else(|| service(reader, &event.place, &by_arn))
        .or_else(|| service(reader, &event.place, keys))
}

/// What the framework itself adds to the role that functions share. Gives the services that may assume the role.
pub(super) fn shared(
    reader: &ServiceReader<'_>,
    functions: &[Function],
    writer: &mut Writer<'_>,
) -> Vec<&'static str> {
    let mut services = vec!["lambda.amazonaws.com"];
    let mut scheduled = Vec::new();
    let (mut sockets, mut edge) = (false, false);
    for function in functions {
        let events = events(reader, function);
        streams(reader, &events, writer);
        queues(reader, &events, writer);
        brokers(reader, &events, writer);
        destinations(reader, function, functions, writer);
        let mut schedules = false;
        for event in &events {
            let method = reader.word(&event.place, &["schedule", "method"]);
            schedules |= method.as_deref() == Some("scheduler");
            sockets |= reader.has(&event.place, "websocket");
            edge |= reader.has(&event.place, "cloudFront");
        }
        if schedules {
            let name = function.deployed(reader);
            let target = format!(
                "arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{name}"
            );
            scheduled.push(format!("{target}:*"));
            scheduled.push(target);
        }
    }
    if !scheduled.is_empty() {
        services.push("scheduler.amazonaws.com");
        writer.allow(&["lambda:InvokeFunction"], scheduled);
    }
    let external = reader.is_set(
        &reader.root(),
        &["provider", "apiGateway", "websocketApiId"],
    );
    if sockets && !external {
        let connections = "arn:${AWS::Partition}:execute-api:*:*:*/@connections/*";
        writer.allow(
            &["execute-api:ManageConnections"],
            vec![connections.to_owned()],
        );
    }
    if edge {
        services.push("edgelambda.amazonaws.com");
        let actions = [
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "logs:TagResource",
        ];
        let everywhere = "arn:${AWS::Partition}:logs:*:*:*";
        writer.allow(&actions, vec![everywhere.to_owned()]);
    }
    services
}

/// What the plugin `serverless-iam-roles-per-function` adds to the role of one function.
pub(super) fn own(reader: &ServiceReader<'_>, function: &Function, writer: &mut Writer<'_>) {
    let events = events(reader, function);
    let (mut tables, mut kinesis) = (Vec::new(), Vec::new());
    for event in &events {
        let Some(arn) = arn(reader, event, "stream") else {
            continue;
        };
        match type_of(reader, event, &["stream"]).as_deref() {
            Some("dynamodb") => tables.push(arn),
            _ => kinesis.push(arn),
        }
    }
    some(writer, &DYNAMODB, tables);
    some(writer, &KINESIS, kinesis);
    queues(reader, &events, writer);
}

fn some(writer: &mut Writer<'_>, actions: &[&'static str], resources: Vec<String>) {
    if !resources.is_empty() {
        writer.allow(actions, resources);
    }
}

fn queues(reader: &ServiceReader<'_>, events: &[Event], writer: &mut Writer<'_>) {
    let queues = events.iter().filter_map(|event| arn(reader, event, "sqs"));
    let queues = queues.collect();
    some(writer, &SQS, queues);
}

fn streams(reader: &ServiceReader<'_>, events: &[Event], writer: &mut Writer<'_>) {
    let (mut tables, mut kinesis, mut consumed) = (Vec::new(), Vec::new(), Vec::new());
    let (mut consumers, mut topics, mut queues) = (Vec::new(), Vec::new(), Vec::new());
    for event in events {
        let Some(stream) = arn(reader, event, "stream") else {
            continue;
        };
        let (place, address) = (&event.place, &event.address);
        let table = type_of(reader, event, &["stream"]).as_deref() == Some("dynamodb");
        let consumer = reader.is_set(place, &["stream", "consumer"]);
        match (table, consumer) {
            (true, _) => tables.push(stream),
            (false, true) => consumed.push(stream),
            (false, false) => kinesis.push(stream),
        }
        if consumer && !table {
            let made = reader.word(place, &["stream", "consumer"]).as_deref() == Some("true");
            consumers.push(match made {
                // The framework makes the consumer, under an id of its own.
                true => "${StreamConsumer}".to_owned(),
                false => format!("${{self:{address}.stream.consumer}}"),
            });
        }
        let keys = ["stream", "destinations", "onFailure"];
        if reader.is_set(place, &keys) {
            let way = keys.join(".");
            let arn = match reader.get(place, &["stream", "destinations", "onFailure", "arn"]) {
                Some(_) => format!("${{self:{address}.{way}.arn}}"),
                None => format!("${{self:{address}.{way}}}"),
            };
            match type_of(reader, event, &keys).as_deref() {
                Some("sns") => topics.push(arn),
                _ => queues.push(arn),
            }
        }
    }
    some(writer, &DYNAMODB, tables);
    some(writer, &KINESIS, kinesis);
    some(writer, &KINESIS_CONSUMER, consumed);
    some(writer, &["kinesis:SubscribeToShard"], consumers);
    some(writer, &["sns:Publish"], topics);
    some(writer, &["sqs:ListQueues", "sqs:SendMessage"], queues);
}

fn brokers(reader: &ServiceReader<'_>, events: &[Event], writer: &mut Writer<'_>) {
    for kind in ["activemq", "rabbitmq"] {
        let of = |key: &str| -> Vec<String> {
            let own = events.iter().filter(|event| reader.has(&event.place, kind));
            own.map(|event| format!("${{self:{}.{kind}.{key}}}", event.address))
                .collect()
        };
        let brokers = of("arn");
        if !brokers.is_empty() {
            writer.allow(&["secretsmanager:GetSecretValue"], of("basicAuthArn"));
            writer.allow(&["mq:DescribeBroker"], brokers);
            writer.allow(&NETWORK, vec!["*".to_owned()]);
        }
    }
    let clusters = events.iter().filter_map(|event| arn(reader, event, "msk"));
    let clusters: Vec<String> = clusters.collect();
    if !clusters.is_empty() {
        writer.allow(
            &["kafka:DescribeCluster", "kafka:GetBootstrapBrokers"],
            clusters,
        );
        writer.allow(&NETWORK, vec!["*".to_owned()]);
    }
    const SECRETS: [&str; 5] = [
        "saslPlainAuth",
        "saslScram256Auth",
        "saslScram512Auth",
        "clientCertificateTlsAuth",
        "serverRootCaCertificate",
    ];
    let mut secrets = Vec::new();
    let mut network = false;
    for event in events {
        let keys = ["kafka", "accessConfigurations"];
        let Some(access) = reader.get(&event.place, &keys) else {
            continue;
        };
        for (_, name, value) in reader.pairs(&access) {
            let address = format!("{}.kafka.accessConfigurations.{name}", event.address);
            network |= matches!(name.as_str(), "vpcSubnet" | "vpcSecurityGroup");
            if SECRETS.contains(&name.as_str()) {
                // One, or a list of them.
                match reader.view(&value) {
                    View::Sequence(items) => secrets.extend(
                        (0..items.len()).map(|index| format!("${{self:{address}.{index}}}")),
                    ),
                    _ => secrets.push(format!("${{self:{address}}}")),
                }
            }
        }
    }
    some(writer, &["secretsmanager:GetSecretValue"], secrets);
    if network {
        writer.allow(&NETWORK, vec!["*".to_owned()]);
    }
}

/// Where the results of a function go.
fn destinations(
    reader: &ServiceReader<'_>,
    function: &Function,
    functions: &[Function],
    writer: &mut Writer<'_>,
) {
    // Only where the framework makes the role is it asked for.
    if reader.has(&function.place, "role") {
        return;
    }
    for key in ["onSuccess", "onFailure"] {
        let keys = ["destinations", key];
        let Some(place) = reader.get(&function.place, &keys) else {
            continue;
        };
        let address = format!("{}.destinations.{key}", function.address);
        let (action, resource) = match reader.view(&place) {
            View::Scalar(_) => {
                let text = reader
                    .literal(&place)
                    .or_else(|| reader.resolver.display_at(&place))
                    .unwrap_or_default();
                let target = functions.iter().find(|function| function.name == text);
                let resource = match target {
                    Some(function) if !text.starts_with("arn:") => format!(
                        "arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{}",
                        function.deployed(reader)
                    ),
                    _ => format!("${{self:{address}}}"),
                };
                let action = match text.as_str() {
                    text if !text.starts_with("arn:") || text.contains(":function:") => {
                        "lambda:InvokeFunction"
                    }
                    text if text.contains(":sqs:") => "sqs:SendMessage",
                    text if text.contains(":sns:") => "sns:Publish",
                    text if text.contains(":event-bus/") => "events:PutEvents",
                    _ => continue,
                };
                (action, resource)
            }
            View::Mapping(_) => {
                let action = match reader.word(&place, &["type"]).as_deref() {
                    Some("function") => "lambda:InvokeFunction",
                    Some("sqs") => "sqs:SendMessage",
                    Some("sns") => "sns:Publish",
                    Some("eventBus") => "events:PutEvents",
                    _ => continue,
                };
                (action, format!("${{self:{address}.arn}}"))
            }
            _ => continue,
        };
        writer.allow_once(&[action], vec![resource]);
    }
}
