//! Arguments of the blocks that stand in a statement which is one: those of conditions and principals.

use leastwise_model::{BlockNames, Form, InnerBlock, Site, SiteKind, Statement};
use leastwise_policy::elements::suggest_among;
use leastwise_syntax::write::{Edit, NewValue};
use leastwise_syntax::{NodeId, Pair, Span, Tree, View};

use super::RULE;
use crate::structure::allowed;
use crate::support::impact::is_grave;
use crate::{Context, Fact, Facts, Finding, Fix, LazyFix, Safety};

/// An argument that a block of a statement doesn't have.
struct Unknown {
    pair: Pair,
    at: Span,
    name: String,
    block: &'static InnerBlock,
    names: &'static BlockNames,
    meant: Option<&'static str>,
    statement: NodeId,
    kind: SiteKind,
    owner: Option<String>,
}

pub(super) fn find(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    names: &'static BlockNames,
    facts: &mut Facts<'_>,
) {
    let tree = context.tree;
    for block in names.inner {
        for body in blocks(tree, statement.node, names, block) {
            let pairs = tree.pairs(body);
            for pair in &pairs {
                let written = tree.text(pair.key).unwrap_or_default();
                if written.is_empty() || block.arguments().any(|own| own == written) {
                    continue;
                }
                let is_free = |meant: &&str| {
                    let mut others = pairs.iter();
                    !others.any(|pair| tree.text(pair.key) == Some(meant))
                };
                facts.push(Unknown {
                    pair: *pair,
                    at: context.content(pair.key),
                    name: written.to_owned(),
                    block,
                    names,
                    meant: meant(written, names, block).filter(is_free),
                    statement: statement.node,
                    kind: site.kind,
                    owner: context.owner(site).map(str::to_owned),
                });
            }
        }
    }
}

impl Fact for Unknown {
    fn finding(&self, context: &Context<'_>) -> Finding {
        let (block, written) = (self.names.name(self.block.element), &self.name);
        let rejects = context.analysis.dialect.tool().rejects();
        let message = format!("A `{block}` block has no argument `{written}`: {rejects}.");
        let finding = Finding::new(&RULE, self.at, message).owner(self.owner.as_deref());
        finding.help(match self.meant {
            Some(meant) => format!("Did you mean `{meant}`?"),
            None => "Remove it.".to_owned(),
        })
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let Some(meant) = self.meant else {
            return Vec::new();
        };
        let (block, names) = (self.block, self.names);
        let (key, value, node) = (self.pair.key, self.pair.value, self.statement);
        let met = match block.element {
            "Condition" => "the condition is met",
            _ => "these principals ask",
        };
        let title = format!("Rename to {meant}");
        // A condition limits what is plainly allowed.
        let is_grave = block.element != "Condition" && is_grave(context, node, self.kind);
        vec![LazyFix::new(
            title,
            Safety::changes(!is_grave),
            move |context| {
                let mut edits = vec![Edit::SetScalar {
                    node: key,
                    text: meant.to_owned(),
                }];
                let is_list = meant == block.values;
                if is_list && matches!(context.tree.view(value), View::Scalar(_)) {
                    edits.push(Edit::Replace {
                        node: value,
                        value: NewValue::List(vec![NewValue::Copy(value)]),
                    });
                }
                let adds = allowed(context.tree, node, Form::Blocks(names), None, None);
                Some(
                    Fix::new(edits).adds(
                        adds.into_iter()
                            .map(|action| format!("{action} where {met}")),
                    ),
                )
            },
        )]
    }
}

fn meant(written: &str, names: &BlockNames, block: &InnerBlock) -> Option<&'static str> {
    let mut others = names.other_names.iter();
    let other = others.find(|(other, _)| *other == written);
    other
        .map(|(_, meant)| *meant)
        .filter(|meant| block.arguments().any(|own| own == *meant))
        .or_else(|| suggest_among(written, block.arguments()))
}

/// The bodies of a statement's blocks of a type, those that are made of one too.
fn blocks(tree: &Tree, statement: NodeId, names: &BlockNames, block: &InnerBlock) -> Vec<NodeId> {
    let name = names.name(block.element);
    let (several, content) = names.several;
    let mut found = Vec::new();
    for pair in tree.pairs(statement) {
        match tree.text(pair.key) {
            Some(key) if key == name => found.extend(bodies(tree, pair.value)),
            Some(key) if key == several => {
                for made in bodies(tree, pair.value) {
                    let own = tree.get(made, name).into_iter();
                    let contents = own.flat_map(|own| bodies(tree, own));
                    let contents = contents.filter_map(|body| tree.get(body, content));
                    found.extend(contents.flat_map(|content| bodies(tree, content)));
                }
            }
            _ => {}
        }
    }
    found
}

/// One body or, in JSON, several.
fn bodies(tree: &Tree, node: NodeId) -> Vec<NodeId> {
    match tree.view(node) {
        View::Mapping(_) => vec![node],
        View::Sequence(items) => items.to_vec(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check, fixed_text};
    use leastwise_syntax::Format;

    const MODULE: &str = r#"
data "aws_iam_policy_document" "files" {
  statement {
    effect    = "Deny"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::shop-files/*"]
    principals {
      type       = "AWS"
      identifier = ["*"]
      ^^^^^^^^^^
    }
    condition {
      operator = "StringNotEquals"
      ^^^^^^^^
      key      = "aws:SourceVpc"
      ^^^
      value    = ["vpc-1"]
      ^^^^^
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["true"]
      value    = ["true"]
      ^^^^^
      shoe     = "red"
      ^^^^
    }
    dynamic "condition" {
      for_each = var.vpcs
      content {
        test     = "StringEquals"
        variable = "aws:SourceVpc"
        vales    = [condition.value]
        ^^^^^
      }
    }
  }
}
"#;

    #[test]
    fn arguments_of_blocks() {
        let messages = check(&RULE, MODULE.trim_start(), "");
        assert_eq!(
            messages[0],
            "A `principals` block has no argument `identifier`: Terraform rejects the module."
        );
        let json = r#"
{"data": {"aws_iam_policy_document": {"files": {"statement": [{
  "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::shop-files/*"],
  "condition": [{"test": "Bool", "variable": "aws:SecureTransport", "value": ["true"]}]
}]}}}}
"#;
        let text = json.trim_start();
        let fixture = Fixture::at("main.tf.json", text, Format::Json, "", None);
        let found = fixture.findings(&RULE);
        assert!(found.len() == 1 && found[0].message.contains("no argument `value`"));
    }

    #[test]
    fn silent_where_no_block_is_meant() {
        check(
            &RULE,
            r#"
data "aws_iam_policy_document" "files" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::shop-files/*"]
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["true"]
    }
    dynamic "condition" {
      for_each = var.vpcs
      iterator = vpc
      content {
        test     = "StringEquals"
        variable = "aws:SourceVpc"
        values   = [vpc.value]
      }
    }
  }
}
module "key" {
  source = "terraform-aws-modules/kms/aws"
  key_statements = [{
    actions    = ["kms:Decrypt"]
    resources  = ["*"]
    condition  = [{ test = "Bool", variable = "aws:SecureTransport", value = "true" }]
  }]
}
"#
            .trim_start(),
            "",
        );
    }

    #[test]
    fn renames() {
        let module = |condition: &str| {
            format!(
                "data \"aws_iam_policy_document\" \"files\" {{\n  statement {{\n    actions   = [\"s3:GetObject\"]\n    resources = [\"arn:aws:s3:::shop-files/*\"]\n    condition {{\n{condition}    }}\n  }}\n}}\n"
            )
        };
        let good = "      test     = \"Bool\"\n      variable = \"aws:SecureTransport\"\n      values   = [\"true\"]\n";
        for bad in [
            good.replace("test    ", "operator"),
            good.replace("variable", "key     "),
            good.replace("values", "value "),
            good.replace("values   = [\"true\"]", "value    = \"true\""),
        ] {
            let mended = fixed_text(&RULE, &module(&bad), "");
            let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(squeezed(&mended), squeezed(&module(good)), "{bad}");
        }
        // What it was meant to be stands beside it.
        let twice = module(&format!("{good}      value    = [\"false\"]\n"));
        assert_eq!(fixed_text(&RULE, &twice, ""), twice);
    }
}
