//! Attributes of resources: arguments as they are given, and what the type tells of `id`, `name` and `arn`.

use super::Evaluator;
use super::value::hole;
use super::value::{PartialText, Val};
use crate::terraform::limits::VALUES_OF_ONE;
use leastwise_syntax::View;

use crate::terraform::body::{argument, nested, reference};
use crate::terraform::{Block, TerraformType, table};

impl Evaluator<'_> {
    /// An attribute of a resource of the module.
    pub(super) fn attribute(
        &self,
        block: &Block,
        attribute: &str,
        address: &str,
        depth: u32,
    ) -> Val {
        let own = format!("{address}.{attribute}");
        let kind = table::resource(&block.type_name);
        // What stands outside of a policy depends on none: findings are kept over edits of others by that.
        let is_policy = |entry: &table::PolicyArgument| entry.path.as_slice() == [attribute];
        if table::policies(&block.type_name).iter().any(is_policy) {
            return Val::unknown(own);
        }
        if self.is_set_elsewhere(block, attribute) {
            return Val::unknown(own);
        }
        if let Some(at) = self.argument(block, attribute) {
            match self.value(at, depth + 1) {
                Val::Null => {}
                value => return value,
            }
        }
        let Some(kind) = kind else {
            return Val::unknown(own);
        };
        // The path of an identity that is only named isn't known.
        let complete = !block.data || !kind.arn.contains("${path");
        match attribute {
            "arn" if complete => self.arn(block, kind, address, depth),
            "stream_arn" if kind.arn.contains(":dynamodb:") => {
                let mut stream = PartialText::of("/stream/");
                stream.append(&hole(own.as_str()));
                stream.in_words();
                let mut arn = self.arn(block, kind, address, depth);
                arn.for_each_text(&mut |text| text.append(&stream));
                arn
            }
            "id" => match kind.id {
                Some("arn") if complete => self.arn(block, kind, address, depth),
                Some("arn") | None => Val::unknown(own),
                Some(name) => self.named(block, kind, name, address, depth),
            },
            name if kind.name == Some(name) => self.named(block, kind, name, address, depth),
            // Other names for the same: see the provider's own lists of attributes.
            "qualified_arn" | "invoke_arn" => Val::unknown(own),
            "alias_arn" | "target_key_arn" => Val::unknown(own),
            _ => Val::unknown(own),
        }
    }

    /// Whether `lifecycle` leaves an argument to somebody else: what stands here is only there at first.
    fn is_set_elsewhere(&self, block: &Block, attribute: &str) -> bool {
        let tree = self.tree(block.body.file);
        let lifecycle = nested(tree, block.body.node, "lifecycle").into_iter();
        let lists = lifecycle.filter_map(|inner| argument(tree, inner, "ignore_changes"));
        lists.into_iter().any(|list| match tree.view(list) {
            View::Sequence(items) => items.iter().any(|item| {
                let name = reference(tree, *item).or_else(|| tree.text(*item));
                let name = name.map(|name| name.trim_matches(['$', '{', '}']));
                name.is_some_and(|name| {
                    name.split(['.', '[']).next().map(str::trim) == Some(attribute)
                })
            }),
            // `all`. What names the resource is what it was made with.
            _ => table::resource(&block.type_name).is_none_or(|of| of.name != Some(attribute)),
        })
    }

    /// The argument that names a resource; a part of it where only the beginning is given.
    fn named(
        &self,
        block: &Block,
        kind: TerraformType,
        name: &str,
        address: &str,
        depth: u32,
    ) -> Val {
        let mut texts = self.name_texts(block, kind, name, address, depth);
        if kind.name == Some(name) && leastwise_policy::resource::has_plain_name(kind.arn) {
            texts.iter_mut().for_each(PartialText::in_words);
        }
        Val::any(texts.into_iter().map(Val::Text).collect())
    }

    fn name_texts(
        &self,
        block: &Block,
        kind: TerraformType,
        name: &str,
        address: &str,
        depth: u32,
    ) -> Vec<PartialText> {
        let own = format!("{address}.{name}");
        if let Some(texts) = self.argument_texts(block, name, &own, depth) {
            return texts;
        }
        let prefix = match name {
            "name" | "bucket" if kind.name == Some(name) => format!("{name}_prefix"),
            _ => return vec![hole(own)],
        };
        match self.argument_texts(block, &prefix, &own, depth) {
            Some(mut texts) => {
                for text in &mut texts {
                    text.append(&hole(own.as_str()));
                }
                texts
            }
            None => vec![hole(own)],
        }
    }

    /// The ARN of a resource. What AWS makes up is a hole.
    fn arn(&self, block: &Block, kind: TerraformType, address: &str, depth: u32) -> Val {
        let mut drafts = vec![PartialText::default()];
        let mut rest = kind.arn;
        while let Some((before, behind)) = rest.split_once("${") {
            let Some((placeholder, behind)) = behind.split_once('}') else {
                break;
            };
            rest = behind;
            let values = self.placeholder(block, kind, placeholder, address, depth);
            let mut next = Vec::new();
            for draft in &drafts {
                for value in &values {
                    if next.len() < VALUES_OF_ONE {
                        let mut one = draft.clone();
                        one.push(before);
                        one.append(value);
                        next.push(one);
                    }
                }
            }
            drafts = next;
        }
        let plain = leastwise_policy::resource::has_plain_name(kind.arn);
        for draft in &mut drafts {
            draft.push(rest);
            if plain {
                draft.in_words();
            }
        }
        Val::any(drafts.into_iter().map(Val::Text).collect())
    }

    /// What a placeholder of an ARN's format stands for.
    fn placeholder(
        &self,
        block: &Block,
        kind: TerraformType,
        placeholder: &str,
        address: &str,
        depth: u32,
    ) -> Vec<PartialText> {
        let known = |value: Option<String>, name: &str| {
            vec![value.map_or_else(|| hole(name), PartialText::of)]
        };
        match placeholder {
            "Partition" => {
                return known(
                    self.environment.partition.clone(),
                    "data.aws_partition.current.partition",
                );
            }
            "Account" => {
                let account = self.account(self.provider_of(block), depth);
                return known(account, "data.aws_caller_identity.current.account_id");
            }
            "Region" => {
                if let Some(texts) = self.argument_texts(block, "region", address, depth) {
                    return texts;
                }
                let region = self.region(self.provider_of(block), depth);
                return known(region, "data.aws_region.current.region");
            }
            "?" => return vec![hole(format!("{address}.id"))],
            _ => {}
        }
        let own = |name: &str| format!("{address}.{name}");
        if let Some((name, default)) = placeholder.split_once('!') {
            let texts = self.argument_texts(block, name, &own(name), depth);
            return texts.unwrap_or_else(|| vec![PartialText::of(default)]);
        }
        if let Some(name) = placeholder.strip_prefix('/') {
            let mut texts = self.name_texts(block, kind, name, address, depth);
            for text in &mut texts {
                if text.chars().is_none_or(|chars| !chars.starts_with('/')) {
                    let mut slashed = PartialText::of("/");
                    slashed.append(text);
                    *text = slashed;
                }
            }
            return texts;
        }
        if let Some(name) = placeholder.strip_suffix('/') {
            let texts = self
                .argument_texts(block, name, &own(name), depth)
                .unwrap_or_default();
            if texts.is_empty() {
                return vec![PartialText::default()];
            }
            let slashed = |mut text: PartialText| {
                if text.chars() == Some("default") {
                    return PartialText::default();
                }
                text.push("/");
                text
            };
            return texts.into_iter().map(slashed).collect();
        }
        let texts = self.name_texts(block, kind, placeholder, address, depth);
        if placeholder != "url" {
            return texts;
        }
        let bare = |text: PartialText| {
            text.map(&own("url"), |url| {
                url.trim_start_matches("https://").to_owned()
            })
        };
        texts.into_iter().map(bare).collect()
    }
}
