//! From `*` to the ARNs of the app's own resources.

use leastwise_catalog::{Action, ResourceType};
use leastwise_policy::{Arn, ArnShape, Pattern, grants, resource};
use leastwise_syntax::write::{Edit, Place, Value};
use leastwise_syntax::{Format, NodeId, Tree, View};
use leastwise_workspace::dialect::Dialect;
use leastwise_workspace::model::{Form, Statement};
use leastwise_workspace::{Environment, Site, Spelling};

use crate::Context;
use crate::naming::{self, Target};

/// The most ARNs that a fix writes in place of a `*`: more help nobody.
const MOST_ARNS: usize = 24;

/// ARNs of the app's resources.
pub(crate) struct Narrowed {
    /// As they are written in this file.
    pub values: Vec<Value>,
    /// As they are shown in sentences.
    pub shown: Vec<String>,
}

/// Whether a resource is as good as `*`: any name in any account and region.
pub(crate) fn is_everything(pattern: &Pattern) -> bool {
    if grants::is_every_arn(pattern) {
        return true;
    }
    match Arn::parse(pattern) {
        ArnShape::Arn(arn) => {
            let open =
                |segment: leastwise_policy::Segment<'_>| segment.is_empty() || segment.is_star();
            arn.resource.is_star() && open(arn.region) && open(arn.account)
        }
        ArnShape::Star => true,
        ArnShape::Unknown | ArnShape::NotArn(_) => false,
    }
}

/// The resource types that a set of actions has to be allowed on.
pub(crate) fn types(actions: &[Action]) -> Vec<ResourceType> {
    resource::narrowest_types(actions)
        .types
        .into_iter()
        .map(|need| need.resource_type)
        .collect()
}

/// The ARNs of the app's resources of these types: by the template's variables in a template, by the module's own
/// references in Terraform, by literal account and region in any other file and in a string that CloudFormation takes as
/// it is. `None` without a prefix in the config, where no type is named by the app, and where it would take very many.
/// `at` is the statement that they are for.
pub(crate) fn arns(context: &Context<'_>, types: &[ResourceType], at: NodeId) -> Option<Narrowed> {
    let prefix = context.config().prefix.as_deref()?;
    if !types.iter().any(|of| naming::is_named(*of)) {
        return None;
    }
    let formats: Vec<&'static str> = types.iter().flat_map(|of| of.arns()).collect();
    let mut texts: Vec<String> = Vec::new();
    // In the file's own style: variables of the Serverless Framework need no `Fn::Sub`.
    let own_variables = context.analysis.dialect == Dialect::Serverless
        && context.tree.source().contains("${aws:accountId}");
    let literal = !own_variables && context.tree.substituted(at) == Some(false);
    let template = context.analysis.dialect.is_template() && !literal;
    if template {
        let variable = prefix_variable(context)
            .map(|name| format!("${{{name}}}"))
            .or_else(|| service_variable(context, prefix));
        let partition = partition(context);
        let target = Target {
            partition: &partition,
            region: if own_variables {
                "${aws:region}"
            } else {
                "${AWS::Region}"
            },
            account: if own_variables {
                "${aws:accountId}"
            } else {
                "${AWS::AccountId}"
            },
            prefix: variable.as_deref().unwrap_or(prefix),
        };
        texts.extend(
            formats
                .iter()
                .map(|format| naming::compose(format, &target)),
        );
    } else {
        let spelling = context.analysis.spelling(context.tree);
        for format in formats {
            for environment in &context.analysis.environments {
                texts.push(spelled(format, environment, prefix, spelling));
                if texts.len() > 4 * MOST_ARNS {
                    return None;
                }
            }
        }
    }
    let mut shown: Vec<String> = Vec::new();
    for text in texts {
        if !shown.contains(&text) {
            shown.push(text);
        }
    }
    if shown.len() > MOST_ARNS {
        return None;
    }
    let interpolates = context.tree.format() == Format::Hcl;
    let value = |text: &String| {
        if template && !own_variables || interpolates && text.contains("${") {
            Value::Sub(text.clone())
        } else {
            Value::Str(text.clone())
        }
    };
    Some(Narrowed {
        values: shown.iter().map(value).collect(),
        shown,
    })
}

/// An ARN for an environment, by the references of a module of Terraform as far as it has them.
fn spelled(
    format: &str,
    environment: &Environment,
    prefix: &str,
    spelling: Option<&Spelling>,
) -> String {
    let own = |of: fn(&Spelling) -> Option<&String>| spelling.and_then(of).map(String::as_str);
    let name = own(|it| it.prefix.as_ref());
    let target = Target {
        partition: own(|it| it.partition.as_ref())
            .or(environment.partition.as_deref())
            .unwrap_or("aws"),
        region: own(|it| it.region.as_ref())
            .or(environment.region.as_deref())
            .unwrap_or("*"),
        account: own(|it| it.account.as_ref())
            .or(environment.account.as_deref())
            .unwrap_or("*"),
        prefix: name.unwrap_or(prefix),
    };
    let text = naming::compose(format, &target);
    match (name, spelling) {
        (Some(name), Some(spelling)) if spelling.is_set_off => {
            text.replace(&format!("{name}-*"), &format!("{name}*"))
        }
        _ => text,
    }
}

/// The variable of the config that the template has as a parameter.
fn prefix_variable<'a>(context: &Context<'a>) -> Option<&'a str> {
    let template = context.analysis.template.as_ref()?;
    let names = context.config().prefix_variables.iter();
    names
        .map(String::as_str)
        .find(|name| template.parameters.contains_key(*name))
}

/// The Serverless Framework's variable for the service's name, where that is the app's prefix.
fn service_variable(context: &Context<'_>, prefix: &str) -> Option<String> {
    if context.analysis.dialect != Dialect::Serverless {
        return None;
    }
    let root = context.tree.documents().first()?;
    let name = context.tree.text(context.tree.get(*root, "service")?)?;
    (name == prefix).then(|| "${self:service}".to_owned())
}

/// The partition as this template writes it.
fn partition(context: &Context<'_>) -> String {
    if context.tree.source().contains("${AWS::Partition}") {
        return "${AWS::Partition}".to_owned();
    }
    let known = context
        .analysis
        .environments
        .first()
        .and_then(|environment| environment.partition.clone());
    known.unwrap_or_else(|| "aws".to_owned())
}

/// A `Sid` for a statement that is split off from another, one that its policy doesn't have yet. `None` where the
/// other has none.
pub(crate) fn sid(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    ending: &str,
) -> Option<String> {
    let own = statement.sid_text(context.tree)?;
    let taken = |sid: &str| {
        site.policy(context.tree)
            .statements
            .iter()
            .any(|other| other.sid_text(context.tree) == Some(sid))
    };
    let first = format!("{own}{ending}");
    if !taken(&first) {
        return Some(first);
    }
    (2..100)
        .map(|number| format!("{first}{number}"))
        .find(|sid| !taken(sid))
}

/// A statement with the elements of another in the same order, and other actions and resources.
pub(crate) fn split(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    ending: &str,
    actions: Vec<Value>,
    resources: Vec<Value>,
) -> Value {
    let mut parts = (Some(Value::List(actions)), Some(Value::List(resources)));
    let mut pairs = Vec::new();
    for element in &statement.elements {
        let value = match element.name.to_ascii_lowercase().as_str() {
            "sid" => match sid(context, site, statement, ending) {
                Some(sid) => Value::Str(sid),
                None => continue,
            },
            "action" => match parts.0.take() {
                Some(actions) => actions,
                None => continue,
            },
            "resource" => match parts.1.take() {
                Some(resources) => resources,
                None => continue,
            },
            // A text is written anew, lest its comment be there twice.
            _ => match context.tree.text(element.value) {
                Some(text) => Value::Str(text.to_owned()),
                None => Value::Copy(element.value),
            },
        };
        pairs.push((element.name.clone(), value));
    }
    // An element that an expression gives is none of the list.
    for (name, part) in [("Action", parts.0), ("Resource", parts.1)] {
        pairs.extend(part.map(|value| (name.to_owned(), value)));
    }
    Value::Map(pairs)
}

/// Puts a new statement, in IAM's names, behind another. `None` where there is no room for one.
pub(crate) fn insert(
    context: &Context<'_>,
    site: &Site,
    behind: &Statement,
    statement: Value,
) -> Option<Edit> {
    let policy = context.policy(site);
    let tree = context.tree;
    let parent = tree.parent(behind.node)?;
    if policy.form == Form::Blocks {
        let statement = in_blocks(statement);
        // Terraform's JSON syntax has lists of blocks.
        if tree.items(parent).is_some() {
            return Some(Edit::InsertItem {
                list: parent,
                place: Place::After(behind.node),
                value: statement,
            });
        }
        let pairs = tree.pairs(policy.node);
        let own = pairs.iter().find(|pair| pair.value == behind.node)?;
        if tree.text(own.key) != Some("statement") {
            return None;
        }
        if tree.format() != Format::Hcl {
            return Some(Edit::InsertItem {
                list: behind.node,
                place: Place::After(behind.node),
                value: statement,
            });
        }
        return Some(Edit::InsertPair {
            mapping: policy.node,
            place: Place::After(own.key),
            key: "statement".to_owned(),
            value: statement,
        });
    }
    let list = match tree.items(parent) {
        // In `!If [Condition, {…}, {…}]` there is room for one.
        Some(_) if is_argument(tree, parent) => return None,
        Some(_) => parent,
        // One statement that stands for the list.
        None if policy.statement_list == Some(behind.node) => behind.node,
        None => return None,
    };
    Some(Edit::InsertItem {
        list,
        place: Place::After(behind.node),
        value: statement,
    })
}

/// Whether a list is what a function is given.
fn is_argument(tree: &Tree, list: NodeId) -> bool {
    let outer = tree.parent(list);
    outer.is_some_and(|outer| matches!(tree.view(outer), View::Tagged(..)))
}

/// A statement in the names and shapes of Terraform's blocks: actions and resources are always lists.
fn in_blocks(statement: Value) -> Value {
    let Value::Map(pairs) = statement else {
        return statement;
    };
    let pair = |(name, value): (String, Value)| {
        let value = match (name.as_str(), value) {
            (
                "Action" | "NotAction" | "Resource" | "NotResource",
                one @ (Value::Str(_) | Value::Sub(_)),
            ) => Value::List(vec![one]),
            (_, value) => value,
        };
        (Form::Blocks.name(&name).to_owned(), value)
    };
    Value::Map(pairs.into_iter().map(pair).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::fixture::Fixture;
    use leastwise_catalog::catalog;

    #[test]
    fn what_is_as_good_as_everything() {
        for (text, everything) in [
            ("*", true),
            ("arn:aws:sqs:*:*:*", true),
            ("arn:aws:s3:::*", true),
            ("arn:aws:iam::*:*", true),
            ("arn:aws:sqs:*:*:shop-*", false),
            ("arn:aws:sqs:eu-west-1:*:*", false),
            ("arn:aws:sqs:*:111111111111:*", false),
            ("arn:aws:sqs:eu-*:*:*", false),
            ("shop", false),
            ("${Resource}", false),
        ] {
            assert_eq!(is_everything(&Pattern::literal(text)), everything, "{text}");
        }
    }

    /// The ARNs of queues (or of another type) for the first statement of a file.
    fn narrowed(text: &str, config: &str, of: (&str, &str)) -> Option<Narrowed> {
        let config = format!("[app]\nprefix = 'shop'\n{config}");
        let fixture = match text.starts_with("service:") {
            true => Fixture::at("serverless.yml", text, Format::Yaml, &config, None),
            false => Fixture::new(text, &config),
        };
        let context = fixture.context();
        let (_, statement) = context.statements().next().expect("a statement");
        let types = [catalog().resource_type(of.0, of.1).expect("a type")];
        arns(&context, &types, statement.node)
    }

    fn plain() -> &'static str {
        "Version: '2012-10-17'\nStatement: {Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}\n"
    }

    #[test]
    fn in_the_style_of_the_file() {
        let template = "# ${aws:accountId} is no variable here
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: {Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}
";
        let service = "service: orders
provider:
  name: aws
  iam:
    role:
      statements:
        - {Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}
";
        let own = format!("{service}custom: {{id: '${{aws:accountId}}'}}\n");
        let module = "data \"aws_iam_policy_document\" \"p\" {
  statement {
    actions   = [\"sqs:SendMessage\"]
    resources = [\"*\"]
  }
}
";
        let dev = "[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1']\n";
        for (text, shown, sub) in [
            (
                template,
                "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:shop-*",
                true,
            ),
            (
                service,
                "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:shop-*",
                true,
            ),
            (
                &own,
                "arn:aws:sqs:${aws:region}:${aws:accountId}:shop-*",
                false,
            ),
            (module, "arn:aws:sqs:eu-west-1:111111111111:shop-*", false),
            (plain(), "arn:aws:sqs:eu-west-1:111111111111:shop-*", false),
        ] {
            let found = narrowed(text, dev, ("sqs", "queue")).expect("ARNs");
            assert_eq!(found.shown, [shown], "{text}");
            let subs = found
                .values
                .iter()
                .filter(|value| matches!(value, Value::Sub(_)));
            assert_eq!(subs.count() == 1, sub, "{text}");
        }
    }

    #[test]
    fn not_too_many() {
        let accounts = |count: u64| {
            let accounts = (0..count).map(|at| format!("a{at} = '{}'\n", 111_111_111_111 + at));
            format!(
                "[accounts]\n{}[deploy]\nregions = ['eu-west-1']\n",
                accounts.collect::<String>()
            )
        };
        let queue = ("sqs", "queue");
        let bucket = ("s3", "bucket");
        for (of, count, shown) in [
            (queue, 24, Some(24)),
            (queue, 25, None),
            (bucket, 96, Some(1)),
        ] {
            let found = narrowed(plain(), &accounts(count), of);
            assert_eq!(
                found.map(|found| found.shown.len()),
                shown,
                "{of:?} {count}"
            );
        }
        // Distributions have no names, and without a prefix nothing has.
        assert!(narrowed(plain(), "", ("cloudfront", "distribution")).is_none());
    }

    #[test]
    fn a_sid_that_is_free() {
        for (taken, wanted) in [
            (&[][..], "ADelete"),
            (&["B", "ADelet"], "ADelete"),
            (&["ADelete"], "ADelete2"),
            (&["ADelete", "ADelete2"], "ADelete3"),
            (&["ADelete", "ADelete3"], "ADelete2"),
        ] {
            let others = taken
                .iter()
                .map(|sid| format!(", {{Sid: {sid}, Effect: Deny}}"));
            let others: String = others.collect();
            let text = format!(
                "Version: '2012-10-17'\nStatement: [{{Sid: A, Effect: Allow}}{others}, {{Effect: Deny}}]\n"
            );
            let fixture = Fixture::new(&text, "");
            let context = fixture.context();
            let all: Vec<_> = context.statements().collect();
            let (site, first) = all[0];
            assert_eq!(
                sid(&context, site, first, "Delete").as_deref(),
                Some(wanted)
            );
            let (site, last) = all[all.len() - 1];
            assert_eq!(sid(&context, site, last, "Delete"), None);
        }
    }
}
