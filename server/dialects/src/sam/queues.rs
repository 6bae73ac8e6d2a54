//! The policies of queues that stand behind events: of the queue between a topic and a function, and of the queue that
//! SAM makes for what a rule could not deliver.

use leastwise_model::draft::{Draft, Who};
use leastwise_model::text::{Part, Text};
use leastwise_model::{Branch, Generated, SiteKind};
use leastwise_syntax::{NodeId, View};

use super::api::owner;
use super::connectors::referred;
use super::deployed::PREFIX;
use super::event::{Event, made};
use super::expand::Writer;
use crate::cloudformation::finder::Finder;
use crate::cloudformation::template::Resource;

/// Whether an event of a topic goes through a queue that the function reads.
pub(super) fn subscribes(event: &Event<'_>) -> bool {
    event.kind == "SNS" && subscription(event).is_some()
}

fn subscription(event: &Event<'_>) -> Option<NodeId> {
    let node = event.tree.resolved(event.get("SqsSubscription")?);
    match event.tree.view(node) {
        View::Mapping(_) => Some(node),
        View::Scalar(text) => text.eq_ignore_ascii_case("true").then_some(node),
        _ => None,
    }
}

/// Hands queues the policies that SAM writes for the events of a function or state machine.
pub(super) fn policies(finder: &mut Finder<'_>, id: &str, resource: &Resource) {
    let tree = finder.tree;
    if !matches!(
        resource.type_name.strip_prefix(PREFIX),
        Some("Function" | "StateMachine")
    ) {
        return;
    }
    for event in Event::of(tree, resource) {
        let writer = Writer::new(tree, event.key, &Branch::new());
        let rule = format!("{id}{}", event.name);
        let new = format!("{rule}Queue");
        let name = format!("{rule}QueuePolicy");
        if event.kind == "SNS"
            && let Some(node) = subscription(&event)
        {
            let topic = event
                .get("Topic")
                .map(|node| writer.text_of(writer.written(node)));
            let existing = tree.get(node, "QueueArn");
            let (queue, arn) = match existing {
                Some(arn) => (referred(tree, arn).map(str::to_owned), writer.written(arn)),
                None => (Some(new.clone()), made(&writer, "sqs", &new)),
            };
            let own = tree.get(node, "QueuePolicyLogicalId");
            let name = own
                .and_then(|node| tree.text(node))
                .map_or(name, str::to_owned);
            let draft = admitted(&writer, Who::Everybody, arn, topic);
            let generated = of_event(&writer, &event, id, &name, draft);
            // A queue that the template doesn't name is known by its policy only.
            give(finder, queue.as_deref().unwrap_or(&name), generated);
        } else if let ("Schedule" | "CloudWatchEvent" | "EventBridgeRule", Some(dead)) =
            (event.kind, event.get("DeadLetterConfig"))
            && tree.get(dead, "Arn").is_none()
        {
            let logical = tree.get(dead, "QueueLogicalId");
            let logical = logical.and_then(|node| tree.text(node));
            let queue = logical.map_or(new, str::to_owned);
            let arn = made(&writer, "sqs", &queue);
            let source = writer.text_of(vec![writer.attribute(&rule, "Arn")]);
            let who = Who::Services(vec!["events.amazonaws.com"]);
            let draft = admitted(&writer, who, arn, Some(source));
            give(finder, &queue, of_event(&writer, &event, id, &name, draft));
        }
    }
}

/// A source may send messages to the queue of that ARN.
fn admitted(
    writer: &Writer<'_>,
    who: Who<'static>,
    queue: Vec<Part>,
    source: Option<Text>,
) -> Draft<'static> {
    let mut draft = Draft::allow(&["sqs:SendMessage"], Some(writer.text_of(queue)));
    draft.who = who;
    draft.tests = vec![("ArnEquals", "aws:SourceArn", source)];
    draft
}

/// The policy of that name that SAM writes for an event of a function.
fn of_event(
    writer: &Writer<'_>,
    event: &Event<'_>,
    id: &str,
    name: &str,
    draft: Draft<'static>,
) -> Generated {
    let policy = writer.policy(vec![draft]);
    let origin = format!("Events/{}", event.name);
    let path = event.path(id, &[]);
    writer.generated(
        SiteKind::Resource,
        Some(name.to_owned()),
        origin,
        path,
        policy,
    )
}

fn give(finder: &mut Finder<'_>, queue: &str, generated: Generated) {
    let index = owner(finder, queue);
    if let Some(owner) = finder.owners.get_mut(index) {
        owner.generated.push(generated);
    }
}
