//! Finds access keys whose secret is kept in the open: in Terraform's state, or in what a stack puts out.
//!
//! Terraform writes the secret of an `aws_iam_access_key` into its state as it is, and everybody who reads the state has
//! it. With a `pgp_key` only the encrypted secret is there. What a stack puts out is shown to everybody who may describe the
//! stack, for as long as the stack is there. Such a key doesn't expire, so better than hiding it is to need none: a CI can
//! assume a role with its own token.
//!
//! The rule is silent where a `count` decides whether there is such a key: the module leaves the choice to who calls it.
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   Ci:
//!     Type: AWS::IAM::User
//!   Key:
//!     Type: AWS::IAM::AccessKey
//!     Properties:
//!       UserName: !Ref Ci
//! Outputs:
//!   Secret:
//!     Value: !GetAtt Key.SecretAccessKey
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   Ci:
//!     Type: AWS::IAM::User
//!   Key:
//!     Type: AWS::IAM::AccessKey
//!     Properties:
//!       UserName: !Ref Ci
//!   Secret:
//!     Type: AWS::SecretsManager::Secret
//!     Properties:
//!       SecretString: !GetAtt Key.SecretAccessKey
//! ```

use leastwise_dialects::Template;
use leastwise_dialects::terraform::{Block, Module};
use leastwise_model::Level;
use leastwise_model::text::{Part, Text};
use leastwise_syntax::{NodeId, Span, Tree, View};

use crate::{Context, Fact, Facts, Finding, FixKind, Group, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "stored-secret-key",
    group: Group::Pipeline,
    level: Level::Warning,
    since: "0.1.0",
    summary: "An access key whose secret is kept in the open",
    fix: FixKind::None,
    equivalents: &[],
    scope: &[Scope::File(find)],
};

const TERRAFORM: &str = "aws_iam_access_key";
const CLOUDFORMATION: &str = "AWS::IAM::AccessKey";

fn find(context: &Context<'_>, facts: &mut Facts<'_>) {
    let analysis = context.analysis;
    if let Some(module) = analysis.module() {
        in_state(context, module, facts);
    }
    if let Some(template) = analysis.template() {
        in_outputs(context, template, facts);
    }
}

/// Where a secret is kept.
enum Stored {
    /// In Terraform's state.
    State { label: Span, address: String },
    /// In the output of a stack.
    Output { value: Span, key: String },
}

fn in_state(context: &Context<'_>, module: &Module, facts: &mut Facts<'_>) {
    let tree = context.tree;
    for (address, block) in module.own_blocks() {
        if block.type_name == TERRAFORM && !block.data && is_plain(context, block) {
            facts.push(Stored::State {
                label: tree.content_span(block.label),
                address: address.to_owned(),
            });
        }
    }
}

/// Whether there is such a key unless somebody says otherwise, and nothing encrypts its secret.
fn is_plain(context: &Context<'_>, block: &Block) -> bool {
    let tree = context.tree;
    let body = block.body.node;
    let encrypted = tree
        .get(body, "pgp_key")
        .is_some_and(|key| tree.text(key) != Some(""));
    let count = tree.get(body, "count");
    !encrypted && count.is_none_or(|count| is_counted(context, count))
}

/// Whether a `count` makes at least one, with the defaults of the variables in its condition.
fn is_counted(context: &Context<'_>, count: NodeId) -> bool {
    let tree = context.tree;
    let is_some = |node: NodeId| tree.text(node).is_some_and(|text| text != "0");
    let View::Tagged(tag, arguments) = tree.view(count) else {
        return is_some(count);
    };
    let Some(&[condition, yes, no]) = tree.items(arguments).filter(|_| tag.name == "hcl:?") else {
        return false;
    };
    let condition = Text::lower(tree, condition, context.analysis.dialect.notation());
    let environments = &context.analysis.environments;
    let mut values = environments.iter().flat_map(|environment| {
        let values = context
            .analysis
            .resolve(tree, &condition, environment, true);
        values.into_iter().map(|value| value.pattern.as_literal())
    });
    let chosen = match values.next().flatten().as_deref() {
        Some("true") => yes,
        Some("false") => no,
        _ => return false,
    };
    let expected = (chosen == yes).to_string();
    is_some(chosen) && values.all(|value| value.as_deref() == Some(&expected))
}

fn in_outputs(context: &Context<'_>, template: &Template, facts: &mut Facts<'_>) {
    let tree = context.tree;
    let is_key = |id: &str| {
        let resource = template.resources.get(id);
        resource.is_some_and(|resource| resource.type_name == CLOUDFORMATION)
    };
    let outputs = tree.documents().iter().flat_map(|root| {
        // Those of a Serverless service stand among its resources.
        [Some(*root), tree.get(*root, "resources")].map(|node| tree.get(node?, "Outputs"))
    });
    let outputs = outputs.flatten().flat_map(|outputs| tree.pairs(outputs));
    for value in outputs.filter_map(|output| tree.get(output.value, "Value")) {
        if let Some(key) = secret(tree, template, value, is_key) {
            facts.push(Stored::Output {
                value: tree.content_span(value),
                key,
            });
        }
    }
}

/// The key whose secret a value holds.
fn secret(
    tree: &Tree,
    template: &Template,
    value: NodeId,
    is_key: impl Fn(&str) -> bool,
) -> Option<String> {
    let text = Text::lower(tree, value, template.notation());
    text.parts.into_iter().find_map(|part| match part {
        Part::Attribute {
            resource,
            attribute,
            ..
        } if attribute == "SecretAccessKey" && is_key(&resource) => Some(resource),
        _ => None,
    })
}

impl Fact for Stored {
    fn finding(&self, _: &Context<'_>) -> Finding {
        match self {
            Stored::State { label, address } => {
                let message = "Terraform writes the secret of this key into its state: whoever reads the state has the key.";
                Finding::new(&RULE, *label, message)
                    .help("Give it a `pgp_key`, make the key outside of Terraform, or assume a role instead.")
                    .owner(Some(address))
            }
            Stored::Output { value, key } => {
                let message = format!(
                    "The stack puts out the secret of `{key}`: whoever may describe the stack has the key."
                );
                Finding::new(&RULE, *value, message)
                    .help("Keep it in a secret of Secrets Manager, or assume a role instead.")
                    .owner(Some(key))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check};

    #[track_caller]
    fn terraform(body: &str, findings: usize) {
        let text =
            format!("resource \"aws_iam_access_key\" \"ci\" {{\n  user = \"ci\"\n{body}}}\n");
        let found = Fixture::among(&[("main.tf", &text, "")]).findings(&RULE);
        assert_eq!(found.len(), findings, "{text}\n{found:#?}");
        if let Some(found) = found.first() {
            assert_eq!(text.get(found.span.range()), Some("ci"));
        }
    }

    #[test]
    fn in_terraforms_state() {
        terraform("", 1);
        terraform("  pgp_key = \"\"\n", 1);
        terraform("  pgp_key = \"keybase:acme\"\n", 0);
        terraform("  pgp_key = var.pgp_key\n", 0);
        terraform("  count = var.key ? 1 : 0\n", 0);
        terraform("  count = 0\n", 0);
        terraform("  count = 1\n", 1);
        terraform("  count = length(var.keys)\n", 0);
        for (default, count, findings) in [
            (true, "var.on ? 1 : 0", 1),
            (true, "var.on ? 0 : 1", 0),
            (false, "var.on ? 1 : 0", 0),
            (false, "var.on ? 0 : 1", 1),
            (true, "var.on ? var.n : 0", 0),
            (true, "local.on ? 1 : 0", 0),
        ] {
            let variable = format!("}}\nvariable \"on\" {{\n  default = {default}\n");
            terraform(&format!("  count = {count}\n{variable}"), findings);
        }
        terraform("  for_each = toset([\"a\", \"b\"])\n", 1);
        let read = "data \"aws_iam_access_key\" \"ci\" {\n  user = \"ci\"\n}\nresource \"aws_iam_user\" \"ci\" {}\n";
        assert!(Fixture::new(read, "").findings(&RULE).is_empty());
        let data = "data \"aws_iam_access_keys\" \"ci\" {\n  user = \"ci\"\n}\nresource \"aws_iam_user\" \"ci\" {\n  name = \"ci\"\n}\n";
        assert!(
            Fixture::among(&[("main.tf", data, "")])
                .findings(&RULE)
                .is_empty()
        );
    }

    #[test]
    fn only_of_the_file_itself() {
        let key = "resource \"aws_iam_access_key\" \"ci\" {\n  user = \"ci\"\n}\n";
        let other = "resource \"aws_iam_user\" \"ci\" {\n  name = \"ci\"\n}\n";
        let files = [("main.tf", other, ""), ("key.tf", key, "")];
        assert!(Fixture::among(&files).findings(&RULE).is_empty());
        let of_module =
            |text: &str, other: &str| Fixture::of_module(text, other, "").findings(&RULE).len();
        assert_eq!(of_module(other, key), 0);
        assert_eq!(of_module(key, other), 1);
    }

    #[test]
    fn in_what_a_stack_puts_out() {
        let template = "\
Resources:
  Key:
    Type: AWS::IAM::AccessKey
    Properties: {UserName: ci}
  Thing:
    Type: Custom::Thing
Outputs:
  Id: {Value: !Ref Key}
  Status: {Value: !GetAtt Key.Status}
  Pair:
    Value: !Sub 'id:${Key.SecretAccessKey}'
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  Listed: {Value: {'Fn::GetAtt': [Key, SecretAccessKey]}}
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  Other: {Value: !GetAtt Thing.SecretAccessKey}
  Nobody: {Value: !GetAtt Missing.SecretAccessKey}
  Serial: {Value: !GetAtt Key.Serial}
";
        check(&RULE, template, "");
        // Those of a Serverless service stand among its resources.
        let service = "\
service: shop
provider: {name: aws}
resources:
  Resources:
    Key:
      Type: AWS::IAM::AccessKey
      Properties: {UserName: ci}
  Outputs:
    Secret: {Value: !GetAtt Key.SecretAccessKey}
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^
";
        check(&RULE, service, "");
    }
}
