//! Names: variables, local values, data about the account, resources, outputs of modules.

use leastwise_model::guard::ModuleNode;

use super::value::{PartialText, Val};
use super::{Evaluator, is_of_instance, label, of_instance};
use crate::resolve::notes::{Pin, pinned};
use crate::terraform::body::argument;
use crate::terraform::limits::DEPTH_OF_EXPRESSIONS;
use crate::terraform::{Block, ModuleVariable, Provider, Reference, ResourceReference, Step};

impl<'a> Evaluator<'a> {
    /// What a reference stands for; `text` is how it is written.
    pub(super) fn reference(&self, reference: &Reference<'_>, text: &str, depth: u32) -> Val {
        if depth > DEPTH_OF_EXPRESSIONS {
            return self.cut_off(label(text));
        }
        // What is declared elsewhere doesn't see the variables of a comprehension here.
        if self.scope.is_some() {
            let outer = Evaluator {
                scope: None,
                ..*self
            };
            return outer.reference(reference, text, depth);
        }
        let mut value = match (reference.root, reference.steps.as_slice()) {
            ("var" | "local", [Step::Name(name), rest @ ..]) => {
                self.declared(reference.root, name, rest, text, depth)
            }
            ("each", [Step::Name("key")]) | ("count", [Step::Name("index")]) => match self.instance
            {
                Some(key) => Val::text(key),
                None => Val::unknown(label(text)),
            },
            ("each", [Step::Name("value"), steps @ ..]) => match self.own_value(depth) {
                Some(value) => self.follow(value, steps, text),
                None => Val::unknown(label(text)),
            },
            ("module", [Step::Name(call), steps @ ..]) => {
                // What isn't known of one instance of the call is not the same as what isn't of another.
                let (steps, name) = match steps {
                    [Step::Index(at), rest @ ..] => (rest, format!("module.{call}[{at}]")),
                    [Step::Key(key), rest @ ..] => (rest, format!("module.{call}[\"{key}\"]")),
                    [Step::Any, rest @ ..] => (rest, format!("module.{call}[*]")),
                    rest => (rest, format!("module.{call}")),
                };
                match steps {
                    [Step::Name(output), rest @ ..] => {
                        let value = self.output(call, output, &label(&name), depth + 1);
                        self.follow(value, rest, text)
                    }
                    _ => Val::unknown(label(text)),
                }
            }
            ("each" | "count" | "self" | "path" | "terraform" | "module", _) => {
                let named = (reference.root == "terraform").then(|| self.configured(text));
                named.flatten().unwrap_or_else(|| Val::unknown(label(text)))
            }
            _ => match reference.resource() {
                Some(resource) => self.resource(&resource, text, depth + 1),
                None => Val::unknown(label(text)),
            },
        };
        // What a name stands for is called by the name, not by what is written in another place.
        if let Val::Unknown(inner) = &mut value
            && !is_of_instance(inner)
        {
            *inner = label(text);
        }
        value
    }

    /// What `for_each` has for the instance at hand.
    fn own_value(&self, depth: u32) -> Option<Val> {
        let (key, each) = (self.instance?, self.each?);
        let all = Evaluator {
            instance: None,
            each: None,
            ..*self
        };
        match all.value(each, depth + 1) {
            Val::Map(pairs) => {
                let mut pairs = pairs.into_iter();
                pairs.find(|(own, _)| own == key).map(|(_, value)| value)
            }
            Val::List(_) => Some(Val::text(key)),
            _ => None,
        }
    }

    /// A variable or local value, and steps into it.
    fn declared(&self, root: &str, name: &str, steps: &[Step<'_>], text: &str, depth: u32) -> Val {
        let own = format!("{root}.{name}");
        let pin = pinned(self.pins, self.module_id(), &own);
        if pin == Some(Pin::Hole) {
            return Val::unknown(label(text));
        }
        let mut value = match (root, self.module.local(name)) {
            ("var", _) => self.variable(name, depth + 1),
            (_, Some(at)) => self.local(name, *at, depth + 1),
            (_, None) => return Val::unknown(label(text)),
        };
        if let Some(Pin::Only(index)) = pin
            && let Some(only) = value.alternatives().get(index)
        {
            value = only.clone();
        }
        let read = self.follow(value.clone(), steps, text);
        self.note(&own, &value, &read);
        read
    }

    /// Goes into a value.
    pub(super) fn follow(&self, value: Val, steps: &[Step<'_>], text: &str) -> Val {
        let mut value = value;
        for step in steps {
            let values = value
                .alternatives()
                .iter()
                .map(|value| match (value, step) {
                    (Val::Map(pairs), Step::Name(name) | Step::Key(name)) => {
                        let found = pairs.iter().rev().find(|(key, _)| key == name);
                        match found {
                            Some((_, value)) => value.clone(),
                            // Surely an error, which only `try` takes.
                            None if !value.is_assumed() => Val::Any(Vec::new()),
                            None => Val::unknown(label(text)),
                        }
                    }
                    (Val::List(items), Step::Index(index)) => items
                        .get(*index)
                        .cloned()
                        .unwrap_or_else(|| Val::unknown(label(text))),
                    (Val::List(items), Step::Name(name)) => {
                        let inner = items.iter();
                        let inner =
                            inner.map(|item| self.follow(item.clone(), &[Step::Name(name)], text));
                        Val::List(inner.collect())
                    }
                    _ => Val::unknown(label(text)),
                });
            value = Val::any(values.collect());
        }
        value
    }

    /// What the config says of a name.
    fn configured(&self, name: &str) -> Option<Val> {
        let values = self.environment.variable(self.config, name);
        if !values.is_empty() {
            return Some(Val::any(values.iter().map(Val::text).collect()));
        }
        if self.config.is_prefix_variable(name)
            && let Some(prefix) = &self.config.prefix
        {
            return Some(Val::text(prefix));
        }
        let account = self.config.account_by_variable(name)?;
        Some(Val::text(&account.id))
    }

    /// The value of a variable: from the caller of the module, the config, a `*.tfvars`, or its default.
    fn variable(&self, name: &str, depth: u32) -> Val {
        if let Some((caller, call)) = self.caller {
            let tree = caller.tree(call.file);
            if let Some(node) = argument(tree, call.node, name) {
                return caller.value(
                    ModuleNode {
                        file: call.file,
                        node,
                    },
                    depth + 1,
                );
            }
            return match self.module.variable(name) {
                Some(ModuleVariable {
                    default: Some(at), ..
                }) => self.value(*at, depth + 1),
                _ => Val::unknown(format!("var.{name}")),
            };
        }
        if let Some(value) = self.configured(name) {
            return value;
        }
        let variable = self.module.variable(name);
        if let Some(called) = &self.module.caller {
            let caller = Evaluator {
                module: &called.module,
                caller: None,
                instance: called.key.as_deref(),
                each: called.argument("for_each"),
                scope: None,
                ..*self
            };
            if let Some(at) = called.argument(name) {
                let mut value = caller.value(at, depth + 1);
                of_instance(&mut value, &format!("var.{name}"));
                return value;
            }
            // Left out by the only caller: the default is its value.
            if let Some(at) = variable.and_then(|variable| variable.default) {
                return self.value(at, depth + 1);
            }
        }
        let Some(variable) = variable else {
            return Val::unknown(format!("var.{name}"));
        };
        if let Some(at) = variable.set {
            return self.value(at, depth + 1);
        }
        let own = self.environment.account_name.as_deref();
        if let Some((_, at)) = variable
            .named
            .iter()
            .find(|(file, _)| Some(file.as_str()) == own)
        {
            return self.value(*at, depth + 1);
        }
        if !self.defaults {
            return Val::unknown(format!("var.{name}"));
        }
        let named = variable.named.iter().map(|(_, at)| *at);
        let values: Vec<Val> = match variable.named.is_empty() {
            true => variable
                .default
                .into_iter()
                .map(|at| self.value(at, depth + 1))
                .collect(),
            false => named.map(|at| self.value(at, depth + 1)).collect(),
        };
        if values.is_empty() {
            return Val::unknown(format!("var.{name}"));
        }
        self.assumed.set(true);
        let mut value = Val::any(values);
        value.assume();
        value
    }

    /// An output of a module of the workspace; `instance` is what to call the call.
    fn output(&self, call: &str, output: &str, instance: &str, depth: u32) -> Val {
        let found = || {
            let call = self.module.call(call)?;
            let module = call.module.as_deref()?;
            let value = module.output(output)?;
            let inner = Evaluator {
                module,
                caller: Some((self, call.body)),
                instance: None,
                each: None,
                scope: None,
                ..*self
            };
            Some(inner.value(*value, depth + 1))
        };
        let mut value = found().unwrap_or_else(|| Val::unknown(format!("{instance}.{output}")));
        // Names in the other module mean other things there.
        value.relabel(&|label| {
            let own = label.contains(':') || label.starts_with("module.");
            (!own).then(|| format!("{instance}.{label}"))
        });
        value
    }

    /// An attribute of a resource or data source.
    fn resource(&self, reference: &ResourceReference<'_>, text: &str, depth: u32) -> Val {
        let unknown = || Val::unknown(label(text));
        let block = self.module.block(&reference.address);
        let Some((Step::Name(attribute), rest)) = reference.path.split_first() else {
            return unknown();
        };
        let data = reference.address.starts_with("data.");
        if data
            && let Some(value) = self.about_account(reference.type_name, attribute, block, depth)
        {
            return value;
        }
        let Some(block) = block else {
            return unknown();
        };
        let key = match &reference.instance {
            Some(Step::Key(key)) => Some((*key).to_owned()),
            Some(Step::Index(index)) => Some(index.to_string()),
            _ => None,
        };
        let inner = Evaluator {
            instance: key.as_deref(),
            each: self.argument(block, "for_each"),
            ..*self
        };
        let mut value = inner.attribute(block, attribute, &reference.address, depth + 1);
        if block.repeated {
            let end = text.rfind(&format!(".{attribute}")).unwrap_or(text.len());
            of_instance(&mut value, &label(text.get(..end).unwrap_or(text)));
        }
        self.follow(value, rest, text)
    }

    /// Data sources that tell where the module is deployed.
    fn about_account(
        &self,
        kind: &str,
        attribute: &str,
        block: Option<&Block>,
        depth: u32,
    ) -> Option<Val> {
        let known = |value: Option<String>| value.map(Val::text);
        let provider = block.and_then(|block| self.provider_of(block));
        Some(match (kind, attribute) {
            ("aws_caller_identity", "account_id" | "id") => known(self.account(provider, depth))?,
            ("aws_region", "name" | "id" | "region") => {
                let own = block.and_then(|block| self.argument(block, "region"));
                match own {
                    Some(at) => self.value(at, depth + 1),
                    None => known(self.region(provider, depth))?,
                }
            }
            ("aws_partition", "partition" | "id") => known(self.environment.partition.clone())?,
            ("aws_partition", "dns_suffix") => {
                known(self.environment.pseudo("AWS::URLSuffix").map(str::to_owned))?
            }
            ("aws_partition", "reverse_dns_prefix") => {
                match self.environment.partition.as_deref()? {
                    "aws-cn" => Val::text("cn.com.amazonaws"),
                    _ => Val::text("com.amazonaws"),
                }
            }
            ("aws_iam_policy", "arn") => {
                let block = block?;
                if let Some(at) = self.argument(block, "arn") {
                    return Some(self.value(at, depth + 1));
                }
                let name = self.argument(block, "name")?;
                let Val::Text(name) = self.value(name, depth + 1) else {
                    return None;
                };
                let policy = leastwise_catalog::catalog().managed_policy(name.chars()?)?;
                Val::text(policy.arn())
            }
            _ => return None,
        })
    }

    /// The provider that a resource is made with: the one that it names, or the one without an alias.
    pub(super) fn provider_of(&self, block: &Block) -> Option<Option<&'a Provider>> {
        let tree = self.tree(block.body.file);
        let wanted = match argument(tree, block.body.node, "provider") {
            None => "aws".to_owned(),
            Some(node) => {
                let text =
                    crate::terraform::body::reference(tree, node).or_else(|| tree.text(node));
                text.unwrap_or("?").to_owned()
            }
        };
        let found = self.module.provider(&wanted);
        match (found, wanted.as_str()) {
            (None, "aws") => None,
            // A provider that the caller hands in: which account and region it is for stands there.
            (found, _) => Some(found),
        }
    }

    /// The account that a provider works in. `provider` is `None` for the default one without a configuration.
    pub(super) fn account(
        &self,
        provider: Option<Option<&Provider>>,
        depth: u32,
    ) -> Option<String> {
        let configured = self.environment.account.clone();
        let Some(provider) = provider else {
            return configured;
        };
        let provider = provider?;
        let tree = self.tree(provider.body.file);
        let allowed = argument(tree, provider.body.node, "allowed_account_ids").map(|node| {
            let at = ModuleNode {
                file: provider.body.file,
                node,
            };
            self.value(at, depth + 1)
        });
        if let Some(Val::List(items)) = allowed
            && let [Val::Text(one)] = items.as_slice()
            && !one.assumed
            && let Some(id) = one.chars()
        {
            return Some(id.to_owned());
        }
        // Another role than the one that runs Terraform may be in another account.
        let assumes = argument(tree, provider.body.node, "assume_role").is_some();
        if assumes && provider.name != "aws" {
            None
        } else {
            configured
        }
    }

    /// The region that a provider works in.
    pub(super) fn region(&self, provider: Option<Option<&Provider>>, depth: u32) -> Option<String> {
        let configured = self.environment.region.clone();
        let Some(provider) = provider else {
            return configured;
        };
        let provider = provider?;
        let tree = self.tree(provider.body.file);
        let Some(node) = argument(tree, provider.body.node, "region") else {
            return configured;
        };
        let at = ModuleNode {
            file: provider.body.file,
            node,
        };
        match self.value(at, depth + 1) {
            Val::Text(text) if text.conditions.is_empty() => text
                .chars()
                .filter(|region| !text.assumed && is_region(region))
                .map(str::to_owned)
                .or(configured),
            _ => configured,
        }
    }

    /// An argument of a block.
    pub(super) fn argument(&self, block: &Block, name: &str) -> Option<ModuleNode> {
        let tree = self.tree(block.body.file);
        let node = argument(tree, block.body.node, name)?;
        Some(ModuleNode {
            file: block.body.file,
            node,
        })
    }

    /// The one text that an argument is.
    pub(super) fn argument_texts(
        &self,
        block: &Block,
        name: &str,
        label: &str,
        depth: u32,
    ) -> Option<Vec<PartialText>> {
        let at = self.argument(block, name)?;
        match self.value(at, depth + 1) {
            Val::Null => None,
            value => Some(value.texts(label)),
        }
    }
}

/// Whether a text has the shape of a region's name: not a word that is to be replaced by one.
fn is_region(text: &str) -> bool {
    let mut parts = text.split('-');
    let area = parts.next().is_some_and(|part| part.len() == 2);
    let last = text.rsplit('-').next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    area && text.chars().all(plain) && last.parse::<u8>().is_ok() && text.matches('-').count() >= 2
}
