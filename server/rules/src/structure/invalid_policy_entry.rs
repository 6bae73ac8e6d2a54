//! Finds entries of SAM's `Policies` that SAM refuses, or reads otherwise than they are meant.
//!
//! An entry is the name or ARN of a managed policy, a policy document, or one of SAM's policy templates with a value for
//! each of its parameters. A template that isn't among those that SAM has, a parameter that lacks or is misspelt, or a
//! statement without a document around stops the deployment; a template's name without its parameters is taken for a
//! managed policy that nobody has. Beside a `Role` the whole of `Policies` has no effect: SAM makes no role then that could
//! have them.
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

use leastwise_catalog::{SamTemplate, catalog};
use leastwise_dialects::sam::{Entry, Use, What, entries};
use leastwise_model::{Level, Owner, OwnerKind};
use leastwise_syntax::write::{Edit, Value};
use leastwise_syntax::{NodeId, Pair, ScalarType, View};

use crate::{Context, Finding, Findings, Fix, FixKind, Group, Rule, Safety};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "invalid-policy-entry",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "An entry of SAM's `Policies` that SAM refuses",
    fix: FixKind::Unsafe,
    equivalents: &[],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    if !context.analysis.dialect.has_policy_templates() {
        return;
    }
    for (_, owner) in context.owners() {
        let policies = owner
            .properties
            .filter(|_| {
                matches!(
                    owner.type_name.as_str(),
                    "AWS::Serverless::Function" | "AWS::Serverless::StateMachine"
                )
            })
            .and_then(|properties| context.tree.get(properties, "Policies"));
        let Some(policies) = policies else {
            continue;
        };
        if owner.kind == OwnerKind::Resource {
            if let Some(finding) = of_no_role(context, owner) {
                findings.push(finding);
            }
            continue;
        }
        for entry in entries(context.tree, policies) {
            let of = Of { context, owner };
            match &entry.what {
                What::Template(used) => of.template(&entry, used, findings),
                What::Name => of.name(&entry, findings),
                What::Statements => of.statements(&entry, findings),
                What::Document | What::Other => {}
            }
        }
    }
}

/// `Policies` beside a `Role`.
fn of_no_role(context: &Context<'_>, owner: &Owner) -> Option<Finding> {
    let properties = context.tree.pairs(owner.properties?);
    let key = |name: &str| {
        let named = |pair: &&Pair| context.tree.text(pair.key) == Some(name);
        properties.iter().find(named).map(|pair| pair.key)
    };
    let message = format!(
        "`Policies` has no effect: {} runs as the role that `Role` names, and SAM makes none for it.",
        owner.label
    );
    let finding = Finding::new(&RULE, context.content(key("Policies")?), message)
        .level(Level::Warning)
        .owner(Some(&owner.label))
        .help("Give these policies to that role, or take `Role` out.");
    Some(match key("Role") {
        Some(role) => finding.related(context.content(role), "the role"),
        None => finding,
    })
}

/// What an entry belongs to.
#[derive(Clone, Copy)]
struct Of<'a> {
    context: &'a Context<'a>,
    owner: &'a Owner,
}

impl Of<'_> {
    fn finding(self, node: NodeId, message: String) -> Finding {
        let finding = Finding::new(&RULE, self.context.content(node), message);
        finding.owner(Some(&self.owner.label))
    }

    fn template(self, entry: &Entry, used: &Use, findings: &mut Findings) {
        let tree = self.context.tree;
        let name = tree.text(used.name).unwrap_or_default();
        if name.contains("::") || name.contains("${") {
            // A macro, or a template for another tool.
            return;
        }
        let Some(template) = used.template else {
            findings.push(self.unknown(used, name));
            return;
        };
        if !used.beside.is_empty() {
            findings.push(self.beside(entry, used, template));
            return;
        }
        let given = match tree.view(used.values) {
            View::Mapping(_) => tree.pairs(used.values),
            View::Tagged(..) | View::Alias(_) | View::Invalid => return,
            _ => {
                findings.push(self.without_values(used, template));
                return;
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
        let known = |pair: &&Pair| {
            let key = tree.text(pair.key).unwrap_or_default();
            template.parameters().any(|parameter| parameter == key) || key.contains("::")
        };
        let unknown: Vec<&Pair> = given.iter().filter(|pair| !known(pair)).collect();
        for pair in unknown {
            let key = tree.text(pair.key).unwrap_or_default();
            let meant = meant(key, &missing);
            missing.retain(|parameter| Some(*parameter) != meant);
            findings.push(self.unknown_parameter(used, template, pair, meant));
        }
        if let Some((first, rest)) = missing.split_first() {
            let names: Vec<String> = std::iter::once(first)
                .chain(rest)
                .map(|name| format!("`{name}`"))
                .collect();
            let message = format!(
                "`{}` lacks {}: SAM refuses the template.",
                template.name(),
                names.join(" and ")
            );
            findings.push(self.finding(used.name, message).help(format!(
                "Give {} a value.",
                if rest.is_empty() { "it" } else { "them" }
            )));
        }
    }

    fn unknown(self, used: &Use, name: &str) -> Finding {
        let message = format!("SAM has no policy template `{name}`: it refuses the template.");
        let mut finding = self.finding(used.name, message);
        if catalog().managed_policy(name).is_some() {
            return finding.help(format!(
                "`{name}` is a policy that AWS keeps: write its name alone, without a colon."
            ));
        }
        let near = catalog().suggest_sam_templates(name, 3);
        let Some(best) = near.first() else {
            return finding
                .help("Name one of SAM's policy templates, or write a document with `Statement`.");
        };
        finding = finding.help(format!("Did you mean `{}`?", best.name()));
        for template in near {
            let key = used.name;
            let values = used.values;
            let title = format!("Rename to {}", template.name());
            finding = finding.fix(title, Safety::Unsafe, move |context| {
                let fix = Fix::new(vec![Edit::SetScalar {
                    node: key,
                    text: template.name().to_owned(),
                }]);
                let given = context.tree.pairs(values);
                let whole = template.parameters().all(|parameter| {
                    given
                        .iter()
                        .any(|pair| context.tree.text(pair.key) == Some(parameter))
                });
                // Without its values it grants nothing yet.
                Some(if whole {
                    fix.adds(actions(template))
                } else {
                    fix
                })
            });
        }
        finding
    }

    fn unknown_parameter(
        self,
        used: &Use,
        template: SamTemplate,
        pair: &Pair,
        meant: Option<&'static str>,
    ) -> Finding {
        let tree = self.context.tree;
        let key = pair.key;
        let name = tree.text(key).unwrap_or_default();
        let has: Vec<String> = template
            .parameters()
            .map(|name| format!("`{name}`"))
            .collect();
        let has = match has.is_empty() {
            true => "It has none.".to_owned(),
            false => format!("It has {}.", has.join(" and ")),
        };
        let Some(meant) = meant else {
            let message = format!(
                "`{}` has no parameter `{name}`: SAM leaves it out.",
                template.name()
            );
            let mapping = used.values;
            return self
                .finding(key, message)
                .level(Level::Warning)
                .help(has)
                .fix(format!("Remove {name}"), Safety::Safe, move |_| {
                    Some(Fix::new(vec![Edit::RemovePair { mapping, key }]))
                });
        };
        let message = format!(
            "`{}` has no parameter `{name}`, and lacks `{meant}`: SAM refuses the template.",
            template.name()
        );
        let others = template.parameters().len() - 1;
        let given = tree.pairs(used.values);
        let whole = template
            .parameters()
            .filter(|parameter| {
                given
                    .iter()
                    .any(|pair| tree.text(pair.key) == Some(parameter))
            })
            .count()
            == others;
        self.finding(key, message)
            .help(format!("Did you mean `{meant}`?"))
            .fix(format!("Rename to {meant}"), Safety::Unsafe, move |_| {
                let fix = Fix::new(vec![Edit::SetScalar {
                    node: key,
                    text: meant.to_owned(),
                }]);
                Some(if whole {
                    fix.adds(actions(template))
                } else {
                    fix
                })
            })
    }

    /// Parameters beside the template's name, where they belong below it, or two templates in one entry.
    fn beside(self, entry: &Entry, used: &Use, template: SamTemplate) -> Finding {
        let tree = self.context.tree;
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
        let message = format!(
            "An entry holds one policy template and nothing beside it: SAM refuses what stands beside `{}`.",
            template.name()
        );
        let finding = self.finding(used.name, message);
        if !(below && empty) {
            return finding.help("Make an entry of each.");
        }
        let node = entry.node;
        let pairs = used.beside.clone();
        let whole = template.parameters().len() == pairs.len();
        finding.help("Indent the parameters below it.").fix(
            "Move the parameters below it",
            Safety::Unsafe,
            move |context| {
                let values = pairs.iter().filter_map(|pair| {
                    let key = context.tree.text(pair.key)?;
                    Some((key.to_owned(), Value::Copy(pair.value)))
                });
                let entry = vec![(template.name().to_owned(), Value::Map(values.collect()))];
                let fix = Fix::new(vec![Edit::Replace {
                    node,
                    value: Value::Map(entry),
                }]);
                Some(if whole {
                    fix.adds(actions(template))
                } else {
                    fix
                })
            },
        )
    }

    fn without_values(self, used: &Use, template: SamTemplate) -> Finding {
        let name = template.name();
        let parameters = parameters(template);
        if template.parameters().len() > 0 {
            let message = format!("`{name}` needs {parameters}: SAM refuses the template.");
            return self
                .finding(used.name, message)
                .help("Write the parameters below it, each with its value.");
        }
        let message =
            format!("`{name}` needs a mapping, if an empty one: SAM refuses the template.");
        let node = used.values;
        self.finding(used.name, message)
            .help("Write `{}` behind it.")
            .fix("Add {}", Safety::Safe, move |_| {
                Some(Fix::new(vec![Edit::Replace {
                    node,
                    value: Value::Map(Vec::new()),
                }]))
            })
    }

    /// The name of a policy template where the name of a managed policy is meant.
    fn name(self, entry: &Entry, findings: &mut Findings) {
        let Some(name) = self.context.tree.text(entry.node) else {
            return;
        };
        if catalog().managed_policy(name).is_some() {
            return;
        }
        let Some(template) = catalog().sam_template(name) else {
            return;
        };
        let message = format!(
            "`{name}` is a policy template: without a mapping behind it SAM takes it for a managed policy, which there is \
             not."
        );
        let finding = self.finding(entry.node, message);
        let node = entry.node;
        findings.push(match template.parameters().len() {
            0 => finding.help(format!("Write `{name}: {{}}`.")).fix(
                format!("Write {name}: {{}}"),
                Safety::Unsafe,
                move |_| {
                    let entry = vec![(template.name().to_owned(), Value::Map(Vec::new()))];
                    Some(
                        Fix::new(vec![Edit::Replace {
                            node,
                            value: Value::Map(entry),
                        }])
                        .adds(actions(template)),
                    )
                },
            ),
            _ => finding.help(format!("Write {} below it.", parameters(template))),
        });
    }

    fn statements(self, entry: &Entry, findings: &mut Findings) {
        let tree = self.context.tree;
        let node = entry.node;
        let first = match tree.view(node) {
            View::Mapping(&[first, ..]) => first.key,
            _ => node,
        };
        let message = "SAM takes no statement here without a policy document around it: it refuses the template.";
        let finding = self.finding(first, message.to_owned());
        let value = match tree.view(node) {
            View::Mapping(_) => Value::List(vec![Value::Copy(node)]),
            _ => Value::Copy(node),
        };
        let fix = move |_: &Context<'_>| {
            let document = vec![
                ("Version".to_owned(), Value::Str("2012-10-17".to_owned())),
                ("Statement".to_owned(), value.clone()),
            ];
            Some(Fix::new(vec![Edit::Replace {
                node,
                value: Value::Map(document),
            }]))
        };
        findings.push(finding.help("Put it below `Statement` in a document.").fix(
            "Put it into a policy document",
            Safety::Safe,
            fix,
        ));
    }
}

/// "`BucketName`", "`A` and `B`".
fn parameters(template: SamTemplate) -> String {
    let names: Vec<String> = template
        .parameters()
        .map(|name| format!("`{name}`"))
        .collect();
    names.join(" and ")
}

/// What a policy template lets its function do.
fn actions(template: SamTemplate) -> Vec<String> {
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
    use crate::tests::fixture::{check, mend};

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
        assert_eq!(mend(&RULE, &before, ""), after);
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
