//! Finds entries of SAM's `Policies` that SAM rejects, or reads in another way than intended.
//!
//! An entry is the name or ARN of a managed policy, a policy document, or one of SAM's policy templates with a value
//! for each of its parameters. A template that SAM doesn't have, a parameter that is missing or misspelled, or a
//! statement without a policy document around it fails the deployment; a template's name without its parameters is
//! taken as a managed policy that doesn't exist. If the function has a `Role`, all of `Policies` has no effect: SAM
//! then creates no role to attach them to.
//!
//! ## Example
//!
//! ```yaml
//! Transform: AWS::Serverless-2016-10-31
//! Resources:
//!   Import:
//!     Type: AWS::Serverless::Function
//!     Properties:
//!       Policies:
//!         - S3ReadsPolicy:
//!             BucketName: shop-data
//!         - SQSPollerPolicy:
//!             Queue: shop-jobs
//! ```
//!
//! ```yaml
//! Transform: AWS::Serverless-2016-10-31
//! Resources:
//!   Import:
//!     Type: AWS::Serverless::Function
//!     Properties:
//!       Policies:
//!         - AMIDescribePolicy
//!         - Effect: Allow
//!           Action: s3:ListAllMyBuckets
//!           Resource: '*'
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Transform: AWS::Serverless-2016-10-31
//! Resources:
//!   Import:
//!     Type: AWS::Serverless::Function
//!     Properties:
//!       Policies:
//!         - S3ReadPolicy:
//!             BucketName: shop-data
//!         - SQSPollerPolicy:
//!             QueueName: shop-jobs
//! ```
//!
//! ```yaml
//! Transform: AWS::Serverless-2016-10-31
//! Resources:
//!   Import:
//!     Type: AWS::Serverless::Function
//!     Properties:
//!       Policies:
//!         - AMIDescribePolicy: {}
//!         - Version: '2012-10-17'
//!           Statement:
//!             - Effect: Allow
//!               Action: s3:ListAllMyBuckets
//!               Resource: '*'
//! ```

use leastwise_catalog::{PolicyTemplate, catalog};
use leastwise_dialects::entries::{PolicyEntry, TemplateUse, What};
use leastwise_model::{Level, Owner, OwnerKind, SiteKind};
use leastwise_syntax::write::{Edit, NewValue};
use leastwise_syntax::{NodeId, Pair, ScalarType, Span, Tree, View};

use crate::support::impact::is_any_grave;
use crate::{
    Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, LazyFix, Rule, Safety, Scope,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "invalid-policy-entry",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "An entry of SAM's `Policies` that SAM rejects",
    fix: FixKind::Unsafe,
    judges: Judges::Statement,
    equivalents: &[],
    scope: &[Scope::Owner(find)],
};

/// An entry that SAM refuses, or leaves out.
struct Refused {
    at: Span,
    what: Fault,
    owner: String,
}

enum Fault {
    /// There is a `Role`, so that none of the entries has an effect.
    BesideRole(Option<Span>),
    /// There is no such policy template.
    NoTemplate {
        name: String,
        key: NodeId,
        values: NodeId,
        near: Vec<PolicyTemplate>,
    },
    /// The template has no such parameter.
    NoParameter {
        template: PolicyTemplate,
        name: String,
        key: NodeId,
        values: NodeId,
        /// The one that is meant, and whether all parameters have values with it.
        meant: Option<(&'static str, bool)>,
    },
    /// Parameters without a value.
    Lacks {
        template: PolicyTemplate,
        missing: Vec<&'static str>,
    },
    /// Something beside the template's name, which belongs below it or doesn't.
    Beside {
        template: PolicyTemplate,
        entry: NodeId,
        pairs: Vec<Pair>,
        belongs: bool,
    },
    /// No mapping behind the template's name.
    NoValues {
        template: PolicyTemplate,
        values: NodeId,
    },
    /// The name of a template by itself.
    Name {
        template: PolicyTemplate,
        node: NodeId,
    },
    /// A statement without a document, or a list of them.
    Statements { node: NodeId, is_one: bool },
}

fn find(context: &Context<'_>, _: usize, owner: &Owner, facts: &mut Facts<'_>) {
    let lists = context.analysis.state().lists();
    let Some(lists) = lists.filter(|lists| lists.types.contains(&owner.type_name.as_str())) else {
        return;
    };
    let list = |properties| context.tree.get(properties, lists.property);
    let Some(policies) = owner.properties.and_then(list) else {
        return;
    };
    let mut of = EntryCheck {
        tree: context.tree,
        owner,
        facts,
    };
    if owner.kind == OwnerKind::Resource {
        of.no_role(lists.property);
        return;
    }
    for entry in (lists.read)(context.tree, policies) {
        match &entry.what {
            What::Template(used) => of.template(&entry, used),
            What::Name => of.name(&entry),
            What::Statements => of.statements(&entry),
            What::Document | What::Other => {}
        }
    }
}

/// Yields what is wrong with an owner's entries.
struct EntryCheck<'o, 'f> {
    tree: &'o Tree,
    owner: &'o Owner,
    facts: &'o mut Facts<'f>,
}

impl EntryCheck<'_, '_> {
    fn push(&mut self, node: NodeId, what: Fault) {
        self.facts.push(Refused {
            at: self.tree.content_span(node),
            what,
            owner: self.owner.label.clone(),
        });
    }

    /// The list beside a `Role`.
    fn no_role(&mut self, property: &str) {
        let properties = self.owner.properties.map(|node| self.tree.pairs(node));
        let properties = properties.unwrap_or_default();
        let key = |name: &str| {
            let named = |pair: &&Pair| self.tree.text(pair.key) == Some(name);
            properties.iter().find(named).map(|pair| pair.key)
        };
        let role = key("Role").map(|role| self.tree.content_span(role));
        if let Some(policies) = key(property) {
            self.push(policies, Fault::BesideRole(role));
        }
    }

    fn template(&mut self, entry: &PolicyEntry, used: &TemplateUse) {
        let tree = self.tree;
        let name = tree.text(used.name).unwrap_or_default();
        if name.contains("::") || name.contains("${") {
            // A macro, or a template for another tool.
            return;
        }
        let Some(template) = used.template else {
            let fault = Fault::NoTemplate {
                name: name.to_owned(),
                key: used.name,
                values: used.values,
                near: catalog().suggest_policy_templates(name, 3),
            };
            return self.push(used.name, fault);
        };
        if !used.beside.is_empty() {
            let fault = self.beside(entry, used, template);
            return self.push(used.name, fault);
        }
        let given = match tree.view(used.values) {
            View::Mapping(_) => tree.pairs(used.values),
            View::Tagged(..) | View::Alias(_) | View::Invalid => return,
            _ => {
                let values = used.values;
                return self.push(used.name, Fault::NoValues { template, values });
            }
        };
        let named = |parameter: &str| {
            given
                .iter()
                .any(|pair| tree.text(pair.key) == Some(parameter))
        };
        let mut missing: Vec<&'static str> = template
            .parameters()
            .filter(|parameter| !named(parameter))
            .collect();
        // With one more, are there all of them?
        let is_last = missing.len() == 1;
        let known = |pair: &&Pair| {
            let key = tree.text(pair.key).unwrap_or_default();
            template.parameters().any(|parameter| parameter == key) || key.contains("::")
        };
        let unknown: Vec<&Pair> = given.iter().filter(|pair| !known(pair)).collect();
        for pair in unknown {
            let name = tree.text(pair.key).unwrap_or_default();
            let meant = meant(name, &missing);
            missing.retain(|parameter| Some(*parameter) != meant);
            let fault = Fault::NoParameter {
                template,
                name: name.to_owned(),
                key: pair.key,
                values: used.values,
                meant: meant.map(|meant| (meant, is_last)),
            };
            self.push(pair.key, fault);
        }
        if !missing.is_empty() {
            self.push(used.name, Fault::Lacks { template, missing });
        }
    }

    /// Parameters beside the template's name, where they belong below it, or two templates in one entry.
    fn beside(&self, entry: &PolicyEntry, used: &TemplateUse, template: PolicyTemplate) -> Fault {
        let tree = self.tree;
        let below = used.beside.iter().all(|pair| {
            let key = tree.text(pair.key).unwrap_or_default();
            template.parameters().any(|parameter| parameter == key)
        });
        // What else stands behind the name would be lost.
        let empty = match tree.view(used.values) {
            View::Scalar(_) => tree.scalar_type(used.values) == ScalarType::Null,
            View::Mapping(pairs) => pairs.is_empty(),
            _ => false,
        };
        Fault::Beside {
            template,
            entry: entry.node,
            pairs: used.beside.clone(),
            belongs: below && empty,
        }
    }

    /// The name of a policy template where the name of a managed policy is meant.
    fn name(&mut self, entry: &PolicyEntry) {
        let name = self.tree.text(entry.node);
        let unknown = name.filter(|name| catalog().managed_policy(name).is_none());
        if let Some(template) = unknown.and_then(|name| catalog().policy_template(name)) {
            let node = entry.node;
            self.push(node, Fault::Name { template, node });
        }
    }

    fn statements(&mut self, entry: &PolicyEntry) {
        let node = entry.node;
        let first = match self.tree.view(node) {
            View::Mapping(&[first, ..]) => first.key,
            _ => node,
        };
        let is_one = matches!(self.tree.view(node), View::Mapping(_));
        self.push(first, Fault::Statements { node, is_one });
    }
}

impl Fact for Refused {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let say = |message: String| Finding::new(&RULE, self.at, message).owner(Some(&self.owner));
        match &self.what {
            Fault::BesideRole(role) => {
                let finding = say(format!(
                    "`Policies` has no effect: {} runs as the role given in `Role`, and SAM creates none for it.",
                    self.owner
                ));
                let finding = finding
                    .level(Level::Warning)
                    .help("Attach these policies to that role, or remove `Role`.");
                match role {
                    Some(role) => finding.related(*role, "the role"),
                    None => finding,
                }
            }
            Fault::NoTemplate {
                name,
                key,
                values,
                near,
            } => {
                let finding = say(format!(
                    "`{name}` isn't a SAM policy template: SAM rejects the template."
                ));
                no_template(finding, name, *key, *values, near)
            }
            Fault::NoParameter {
                template,
                name,
                key,
                values,
                meant,
            } => no_parameter(&say, *template, name, (*values, *key), *meant),
            Fault::Lacks { template, missing } => {
                let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
                let it = if missing.len() > 1 { "them" } else { "it" };
                say(format!(
                    "`{}` is missing {}: SAM rejects the template.",
                    template.name(),
                    names.join(" and ")
                ))
                .help(format!("Give {it} a value."))
            }
            Fault::Beside {
                template,
                entry,
                pairs,
                belongs,
            } => {
                let finding = say(format!(
                    "An entry can hold only one policy template: SAM rejects the other keys next to `{}`.",
                    template.name()
                ));
                match belongs {
                    true => moved_below(finding, *template, *entry, pairs.clone()),
                    false => finding.help("Make each of them a separate entry."),
                }
            }
            Fault::NoValues { template, values } => no_values(&say, *template, *values),
            Fault::Name { template, node } => bare_name(&say, *template, *node),
            Fault::Statements { .. } => {
                let message =
                    "A statement needs a policy document around it here: SAM rejects the template.";
                say(message.to_owned()).help("Put it under `Statement` in a policy document.")
            }
        }
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let Fault::Statements { node, is_one } = self.what else {
            return Vec::new();
        };
        let safety = match is_any_grave(context, node, SiteKind::Identity) {
            true => Safety::Manual,
            false => Safety::Safe,
        };
        let title = "Wrap it in a policy document";
        vec![LazyFix::new(title, safety, move |_| {
            Some(in_document(node, is_one))
        })]
    }
}

/// Statements with a document around them.
fn in_document(node: NodeId, is_one: bool) -> Fix {
    let statements = match is_one {
        true => NewValue::List(vec![NewValue::Copy(node)]),
        false => NewValue::Copy(node),
    };
    let document = vec![
        ("Version".to_owned(), NewValue::Str("2012-10-17".to_owned())),
        ("Statement".to_owned(), statements),
    ];
    let value = NewValue::Map(document);
    Fix::new(vec![Edit::Replace { node, value }])
}

/// What an edit does by which a policy template comes to grant something, if it is whole then.
fn granting(whole: bool, edit: Edit, template: PolicyTemplate) -> Fix {
    let fix = Fix::new(vec![edit]);
    match whole {
        true => fix.adds(actions(template)),
        // Without its values it grants nothing yet.
        false => fix,
    }
}

/// Adds what to do about a name that is no policy template's.
fn no_template(
    finding: Finding,
    name: &str,
    key: NodeId,
    values: NodeId,
    near: &[PolicyTemplate],
) -> Finding {
    if catalog().managed_policy(name).is_some() {
        return finding.help(format!(
            "`{name}` is an AWS managed policy: write its name alone, without a colon."
        ));
    }
    let Some(best) = near.first() else {
        return finding.help(
            "Use one of SAM's policy templates, or write a policy document with `Statement`.",
        );
    };
    let finding = finding.help(format!("Did you mean `{}`?", best.name()));
    near.iter().copied().fold(finding, |finding, template| {
        let title = format!("Rename to {}", template.name());
        let safety = Safety::changes(near.len() == 1);
        finding.fix(title, safety, move |context| {
            let given = context.tree.pairs(values);
            let whole = template.parameters().all(|parameter| {
                given
                    .iter()
                    .any(|pair| context.tree.text(pair.key) == Some(parameter))
            });
            let text = template.name().to_owned();
            Some(granting(
                whole,
                Edit::SetScalar { node: key, text },
                template,
            ))
        })
    })
}

/// A parameter that a template doesn't have: `(values, key)`, and what is meant by it.
fn no_parameter(
    say: &dyn Fn(String) -> Finding,
    template: PolicyTemplate,
    name: &str,
    (mapping, key): (NodeId, NodeId),
    meant: Option<(&'static str, bool)>,
) -> Finding {
    let of = template.name();
    let Some((meant, whole)) = meant else {
        let has = match parameters(template) {
            none if none.is_empty() => "It has no parameters.".to_owned(),
            names => format!("It takes {names}."),
        };
        let title = format!("Remove {name}");
        return say(format!("`{of}` has no parameter `{name}`: SAM ignores it."))
            .level(Level::Warning)
            .help(has)
            .fix(title, Safety::Safe, move |_| {
                Some(Fix::new(vec![Edit::RemovePair { mapping, key }]))
            });
    };
    let message = format!(
        "`{of}` has no parameter `{name}` and is missing `{meant}`: SAM rejects the template."
    );
    let title = format!("Rename to {meant}");
    say(message)
        .help(format!("Did you mean `{meant}`?"))
        .fix(title, Safety::Unsafe, move |_| {
            let text = meant.to_owned();
            let edit = Edit::SetScalar { node: key, text };
            Some(granting(whole, edit, template))
        })
}

/// A template without a mapping behind it.
fn no_values(say: &dyn Fn(String) -> Finding, template: PolicyTemplate, node: NodeId) -> Finding {
    let name = template.name();
    if template.parameters().len() > 0 {
        let parameters = parameters(template);
        return say(format!(
            "`{name}` needs {parameters}: SAM rejects the template."
        ))
        .help("Add the parameters under it, each with a value.");
    }
    say(format!(
        "`{name}` needs a mapping, even an empty one: SAM rejects the template."
    ))
    .help("Write `{}` after it.")
    .fix("Add {}", Safety::Safe, move |_| {
        let value = NewValue::Map(Vec::new());
        Some(Fix::new(vec![Edit::Replace { node, value }]))
    })
}

/// The name of a template by itself.
fn bare_name(say: &dyn Fn(String) -> Finding, template: PolicyTemplate, node: NodeId) -> Finding {
    let name = template.name();
    let finding = say(format!(
        "`{name}` is a policy template: without a mapping SAM looks for a managed policy, which doesn't exist."
    ));
    if template.parameters().len() > 0 {
        return finding.help(format!("Add {} under it.", parameters(template)));
    }
    let title = format!("Write {name}: {{}}");
    finding
        .help(format!("Write `{name}: {{}}`."))
        .fix(title, Safety::Unsafe, move |_| {
            let entry = vec![(template.name().to_owned(), NewValue::Map(Vec::new()))];
            let value = NewValue::Map(entry);
            Some(granting(true, Edit::Replace { node, value }, template))
        })
}

/// Offers to put the parameters that stand beside a template's name below it.
fn moved_below(
    finding: Finding,
    template: PolicyTemplate,
    node: NodeId,
    pairs: Vec<Pair>,
) -> Finding {
    let whole = template.parameters().len() == pairs.len();
    finding.help("Indent the parameters under it.").fix(
        "Move the parameters under it",
        Safety::Unsafe,
        move |context| {
            let values = pairs.iter().filter_map(|pair| {
                let key = context.tree.text(pair.key)?;
                Some((key.to_owned(), NewValue::Copy(pair.value)))
            });
            let entry = vec![(template.name().to_owned(), NewValue::Map(values.collect()))];
            let value = NewValue::Map(entry);
            Some(granting(whole, Edit::Replace { node, value }, template))
        },
    )
}

/// "`BucketName`", "`A` and `B`".
fn parameters(template: PolicyTemplate) -> String {
    let names: Vec<String> = template
        .parameters()
        .map(|name| format!("`{name}`"))
        .collect();
    names.join(" and ")
}

/// What a policy template lets its function do.
fn actions(template: PolicyTemplate) -> Vec<String> {
    let actions = template
        .statements()
        .flat_map(|statement| statement.actions());
    actions.map(str::to_owned).collect()
}

/// The missing parameter that a name is meant for: the only one, or one that holds the name or is held by it.
fn meant(name: &str, missing: &[&'static str]) -> Option<&'static str> {
    if let [only] = missing {
        return Some(only);
    }
    let name = name.to_ascii_lowercase();
    let near = |parameter: &&&'static str| {
        let parameter = parameter.to_ascii_lowercase();
        parameter.contains(&name) || name.contains(&parameter)
    };
    missing.iter().find(near).copied()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{check, fixed_text};

    const HEAD: &str = "Transform: AWS::Serverless-2016-10-31
Resources:
  Import:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
";

    fn marked(policies: &str) -> Vec<String> {
        check(&RULE, &format!("{HEAD}{policies}"), "")
    }

    #[test]
    fn templates_are_known_by_their_names_and_parameters() {
        marked(
            "
        - S3ReadPolicy:
            BucketName: data
        - s3readpolicy:
#         ^^^^^^^^^^^^
            BucketName: data
        - Something:
#         ^^^^^^^^^
            Else: 1
        - S3ReadPolicy:
#         ^^^^^^^^^^^^
        - S3ReadPolicy: {}
#         ^^^^^^^^^^^^
        - AMIDescribePolicy: {}
        - AMIDescribePolicy:
#         ^^^^^^^^^^^^^^^^^
        - EFSWriteAccessPolicy:
            FileSystem: fs-1
            AccessPoint: fsap-1
            More: 1
#           ^^^^
        - EFSWriteAccessPolicy:
            Files: fs-1
#           ^^^^^
            AccessPoint: fsap-1
        - S3ReadPolicy
#         ^^^^^^^^^^^^
        - AmazonS3ReadOnlyAccess
        - SomeNewPolicyOfAws
        - !Ref Policy
        - AmazonS3ReadOnlyAccess:
#         ^^^^^^^^^^^^^^^^^^^^^^
",
        );
    }

    #[test]
    fn both_sides_of_a_condition_are_looked_at() {
        marked(
            "
        - !If
          - IsProd
          - S3ReadPolice:
#           ^^^^^^^^^^^^
              BucketName: data
          - !Ref AWS::NoValue
        - Fn::Transform: {Name: Mine}
",
        );
    }

    #[test]
    fn parameters_beside_a_template_are_moved_below_it() {
        let before = format!(
            "{HEAD}        - S3ReadPolicy:
          BucketName: data
        - SQSPollerPolicy:
            QueueName: jobs
"
        );
        let after = format!(
            "{HEAD}        - S3ReadPolicy:
            BucketName: data
        - SQSPollerPolicy:
            QueueName: jobs
"
        );
        assert_eq!(fixed_text(&RULE, &before, ""), after);
    }

    #[test]
    fn policies_beside_a_role_have_no_effect() {
        check(
            &RULE,
            "Transform: AWS::Serverless-2016-10-31
Resources:
  Import:
    Type: AWS::Serverless::Function
    Properties:
      Role: !GetAtt Other.Arn
      Policies:
#     ^^^^^^^^
        - S3ReadsPolicy: {BucketName: data}
  Maybe:
    Type: AWS::Serverless::Function
    Properties:
      Role: !If [Given, !GetAtt Other.Arn, !Ref AWS::NoValue]
      Policies:
        - S3ReadPolicy: {BucketName: data}
",
            "",
        );
    }

    #[test]
    fn other_templates_have_no_such_entries() {
        check(
            &RULE,
            "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - S3ReadPolicy
",
            "",
        );
    }
}
