//! `leastwise resolve`

use std::collections::HashSet;
use std::sync::Arc;

use leastwise_catalog::catalog;
use leastwise_model::environment::environments_of;
use leastwise_model::text::Text;
use leastwise_model::{
    Branch, Effect, Environment, Generated, Item, Known, List, Owner, Policy, Principals, Site,
    Statement,
};
use leastwise_syntax::{NodeId, Tree, View};
use leastwise_workspace::analysis::index::IndexedFiles;
use leastwise_workspace::configs::InForce;
use leastwise_workspace::gather::Gathered;
use leastwise_workspace::{Analysis, load};
use serde_json::{Map, Value, json};

use crate::args::ResolveArgs;
use crate::configs::FileConfigs;
use crate::input;
use crate::limits::NODES_OF_LOCALS;
use crate::order::Ordered;
use crate::outcome::{Failure, Outcome};
use crate::output::{note, print_json};

/// Runs the command.
pub(crate) fn run(args: &ResolveArgs) -> Result<Outcome, Failure> {
    let read = match args.stdin {
        true => input::read_in_place_of(&args.file),
        false => input::read_named(&args.file),
    };
    let read = read.map_err(|unread| {
        let file = args.file.display();
        let is_there = || args.file.exists() || args.file.is_symlink();
        Failure::new(match args.stdin || is_there() {
            true => format!("can't read {file}: {}", unread.why),
            false => format!("there is no file {file}"),
        })
    })?;
    let named = std::slice::from_ref(&args.file);
    let config = FileConfigs::new(args.config.as_deref(), named, &[])?.for_file(&args.file)?;
    let absolute = std::path::absolute(&args.file).unwrap_or_else(|_| args.file.clone());
    let path = load::relative(&absolute, config.folder.as_deref());
    let tree = Tree::parse(read.text, read.format);
    let analysis = Analysis::with_memo(
        &tree,
        &path,
        Arc::clone(&config.config),
        Arc::clone(&config.files) as Arc<dyn IndexedFiles>,
        Arc::default(),
    );
    let has_parameters = || {
        let mut names = analysis.state().declares(&tree).into_iter();
        names.any(|named| named.is_parameter())
    };
    if analysis.dialect.is_template()
        && has_parameters()
        && let Some(folder) = &config.folder
    {
        // Another template's stack may say what the parameters are.
        let mut gathered = Gathered::default();
        let in_force = InForce {
            config: Arc::clone(&config.config),
            folder: Some(folder.clone()),
        };
        gathered.walk(folder, &|_| in_force.clone());
        let is_first = config.files.set_index(Arc::new(gathered.index()));
        debug_assert!(is_first);
    }
    for problem in tree.problems() {
        note(&format!("{}: {}", args.file.display(), problem.message));
    }
    let environments = wanted(&analysis, args.account.as_deref())?;
    let output = json!({
        "version": 1,
        "catalog": catalog().date(),
        "path": args.file.to_string_lossy(),
        "environments": environments.iter().map(|environment| {
            let printer = Printer { tree: &tree, analysis: &analysis, environment };
            json!({
                "name": environment.name,
                "account": environment.account,
                "region": environment.region,
                "partition": environment.partition,
                "policies": printer.policies(),
                "attached": printer.attached(),
            })
        }).collect::<Vec<_>>(),
    });
    print_json(&Ordered(&output))?;
    Ok(if tree.problems().is_empty() {
        Outcome::Fine
    } else {
        Outcome::Findings
    })
}

/// The environments to print: all that the file goes to, or those of an account, whether or not it goes there.
fn wanted(analysis: &Analysis, account: Option<&str>) -> Result<Vec<Environment>, Failure> {
    let Some(name) = account else {
        return Ok(analysis.environments.clone());
    };
    let is_wanted = |environment: &&Environment| {
        [&environment.account_name, &environment.account].contains(&&Some(name.to_owned()))
    };
    let own: Vec<_> = analysis
        .environments
        .iter()
        .filter(is_wanted)
        .cloned()
        .collect();
    if !own.is_empty() {
        return Ok(own);
    }
    let others = environments_of(&analysis.config, &analysis.path, name);
    if !others.is_empty() {
        return Ok(others);
    }
    let accounts = analysis.config.accounts.iter();
    let known: Vec<_> = accounts.map(|account| account.name.as_str()).collect();
    let known = match known.as_slice() {
        [] => "it names none".to_owned(),
        known => format!("it names {}", known.join(", ")),
    };
    Err(Failure::new(format!(
        "the config has no account `{name}`: {known}"
    )))
}

/// Prints policies as they are under one environment.
#[derive(Clone, Copy)]
struct Printer<'a> {
    tree: &'a Tree,
    analysis: &'a Analysis,
    environment: &'a Environment,
}

/// The statements of values with names that a policy is made of.
struct Locals<'a> {
    sites: Vec<&'a Site>,
    /// Whether the policy shows all others itself.
    are_all: bool,
}

/// What can't be said in a policy document itself.
#[derive(Default)]
struct Notes {
    /// Variables that nothing gives a value.
    unknown: Vec<String>,
    /// Parts that are there only under conditions of the template, by JSON pointer.
    conditions: Vec<Value>,
    /// Places that hold more than the file shows, by JSON pointer.
    dynamic: Vec<String>,
}

impl Notes {
    fn when(&mut self, pointer: &str, branch: &[(String, bool)]) {
        if !branch.is_empty() {
            let when: Map<String, Value> = branch
                .iter()
                .map(|(name, holds)| (name.clone(), json!(holds)))
                .collect();
            self.conditions
                .push(json!({ "pointer": pointer, "when": when }));
        }
    }
}

impl<'a> Printer<'a> {
    /// The policies of the file, then those that a tool writes for what stands there.
    fn policies(self) -> Vec<Value> {
        let sites = self.analysis.sites.iter();
        let used: Vec<&Site> = sites
            .clone()
            .filter(|site| self.value_name(site).is_none())
            .flat_map(|site| self.locals(site).sites)
            .collect();
        let alone = sites.filter(|site| !used.iter().any(|used| std::ptr::eq(*used, *site)));
        let written = alone.map(|site| self.site(site));
        let generated = self.analysis.owners.iter().flat_map(|owner| {
            let policies = owner.generated.iter();
            policies.map(|generated| self.generated(owner, generated))
        });
        written.chain(generated).collect()
    }

    fn generated(self, owner: &Owner, generated: &Generated) -> Value {
        let mut notes = Notes::default();
        notes.when("", &generated.branch);
        let document = self.policy(&generated.policy, &mut notes);
        notes.unknown.sort();
        notes.unknown.dedup();
        json!({
            "kind": generated.kind.name(),
            "name": generated.name,
            "owners": [{ "label": owner.label, "names": owner.names, "type": owner.type_name }],
            "path": generated.path,
            "generated": generated.origin,
            "document": document,
            "unknown": notes.unknown,
            "conditions": notes.conditions,
            "dynamic": notes.dynamic,
        })
    }

    /// By owner, the managed policies that are attached to it.
    fn attached(self) -> Vec<Value> {
        let owners = self.analysis.owners.iter();
        let owners = owners.filter(|owner| !owner.attached.is_empty());
        owners
            .map(|owner| {
                let mut notes = Notes::default();
                let mut arns = Vec::new();
                for attached in &owner.attached {
                    if !self.possible(&attached.branch) {
                        continue;
                    }
                    let resolved =
                        self.analysis
                            .resolve(self.tree, &attached.arn, self.environment, true);
                    for value in resolved {
                        let mut branch = attached.branch.clone();
                        branch.extend(value.conditions.iter().cloned());
                        notes.when(&format!("/{}", arns.len()), &branch);
                        arns.push(Value::String(value.pattern.display()));
                    }
                }
                json!({
                    "owner": owner.label,
                    "type": owner.type_name,
                    "arns": arns,
                    "conditions": notes.conditions,
                })
            })
            .collect()
    }

    fn site(self, site: &Site) -> Value {
        let mut notes = Notes::default();
        notes.when("", &site.branch);
        let mut document = self.policy(site.policy(self.tree), &mut notes);
        if self.value_name(site).is_none() {
            self.put_locals(site, &mut document, &mut notes);
        }
        let owners: Vec<_> = self
            .analysis
            .owners_of(site)
            .map(|owner| json!({ "label": owner.label, "names": owner.names, "type": owner.type_name }))
            .collect();
        notes.unknown.sort();
        notes.unknown.dedup();
        json!({
            "kind": site.kind.name(),
            "name": site.name,
            "owners": owners,
            "path": site.path,
            "document": document,
            "unknown": notes.unknown,
            "conditions": notes.conditions,
            "dynamic": notes.dynamic,
        })
    }

    fn policy(self, policy: &Policy, notes: &mut Notes) -> Value {
        let mut document = Map::new();
        for (name, text) in [("Version", &policy.version), ("Id", &policy.id)] {
            if let Known::Is(text) = text {
                document.insert(name.to_owned(), self.one(text, notes));
            }
        }
        if policy.form.is_blocks() && !document.contains_key("Version") {
            // What the provider writes where the block says nothing.
            document.insert("Version".to_owned(), json!("2012-10-17"));
        }
        let mut statements = Vec::new();
        for statement in policy
            .statements
            .iter()
            .filter(|statement| self.possible(&statement.branch))
        {
            let pointer = format!("/Statement/{}", statements.len());
            notes.when(&pointer, &statement.branch);
            statements.push(self.statement(statement, &pointer, notes));
        }
        if policy.is_open() {
            notes.dynamic.push("/Statement".to_owned());
        }
        document.insert("Statement".to_owned(), Value::Array(statements));
        Value::Object(document)
    }

    /// Puts the statements of values with names into the policy that is made of them.
    fn put_locals(self, site: &Site, document: &mut Value, notes: &mut Notes) {
        let locals = self.locals(site);
        let Some(Value::Array(all)) = document.get_mut("Statement") else {
            return;
        };
        for local in &locals.sites {
            let policy = local.policy(self.tree);
            for statement in &policy.statements {
                let branch: Branch = local
                    .branch
                    .iter()
                    .chain(&statement.branch)
                    .cloned()
                    .collect();
                if self.possible(&branch) {
                    let pointer = format!("/Statement/{}", all.len());
                    notes.when(&pointer, &branch);
                    all.push(self.statement(statement, &pointer, notes));
                }
            }
        }
        let is_open = |local: &&Site| local.policy(self.tree).is_open();
        if locals.are_all && !locals.sites.iter().any(is_open) {
            notes.dynamic.retain(|pointer| pointer != "/Statement");
        }
    }

    /// The name of the value that a site is, where it is no policy.
    fn value_name(self, site: &Site) -> Option<String> {
        self.analysis.state().value_name(site)
    }

    /// The statements of values with names that a policy is made of.
    fn locals(self, site: &Site) -> Locals<'a> {
        let mut found = Locals {
            sites: Vec::new(),
            are_all: true,
        };
        let mut work: Vec<_> = site.policy(self.tree).statement_list.into_iter().collect();
        found.are_all = !work.is_empty();
        let notation = site.document.notation();
        let mut seen = HashSet::new();
        for _ in 0..NODES_OF_LOCALS {
            let Some(node) = work.pop() else {
                return found;
            };
            if let Some(lists) = notation.lists(self.tree, node) {
                work.extend(lists.nodes.iter().rev());
                continue;
            }
            match self.tree.view(node) {
                View::Sequence(items) => work.extend(items.iter().rev()),
                View::Mapping(_) => {}
                _ => {
                    let Some((name, value)) = self.named_value(node) else {
                        found.are_all = false;
                        continue;
                    };
                    if seen.contains(&name) {
                        continue;
                    }
                    let before = found.sites.len();
                    let of_value = self.analysis.sites.iter().filter(|other| {
                        let is_shared = other.owners.iter().any(|it| site.owners.contains(it));
                        is_shared && self.value_name(other).as_ref() == Some(&name)
                    });
                    found.sites.extend(of_value);
                    seen.insert(name);
                    let is_made = matches!(self.tree.view(value), View::Tagged(..));
                    found.are_all &= is_made || found.sites.len() > before;
                    work.push(value);
                }
            }
        }
        found.are_all = false;
        found
    }

    /// The value with a name that a node refers to, where it stands in this file: its name, and its node.
    fn named_value(self, node: NodeId) -> Option<(String, NodeId)> {
        let state = self.analysis.state();
        let (at, name) = state.reference_at(self.tree, self.tree.span(node).start)?;
        let named = state.named(self.tree, &name).filter(|_| at == node)?;
        let value = named.value.filter(|at| at.other.is_none())?;
        named.is_local().then_some((name, value.node))
    }

    /// Whether a branch may be taken in this environment.
    fn possible(self, branch: &Branch) -> bool {
        let resolver = self.analysis.resolver(self.tree, self.environment, false);
        branch.iter().all(|(name, holds)| {
            resolver
                .condition(name, 0)
                .is_none_or(|decided| decided == *holds)
        })
    }

    fn statement(self, statement: &Statement, pointer: &str, notes: &mut Notes) -> Value {
        let mut object = Map::new();
        if let Known::Is(sid) = &statement.sid {
            object.insert("Sid".to_owned(), self.one(sid, notes));
        }
        if let Known::Is(effect) = statement.effect {
            let name = if effect == Effect::Allow {
                "Allow"
            } else {
                "Deny"
            };
            object.insert("Effect".to_owned(), json!(name));
        }
        for (name, principals) in [
            ("Principal", &statement.principal),
            ("NotPrincipal", &statement.not_principal),
        ] {
            match principals {
                Known::Is(principals) => {
                    object.insert(
                        name.to_owned(),
                        self.principals(principals, &format!("{pointer}/{name}"), notes),
                    );
                }
                Known::Dynamic(_) => notes.dynamic.push(format!("{pointer}/{name}")),
                Known::Missing => {}
            }
        }
        for (name, list) in [
            ("Action", &statement.action),
            ("NotAction", &statement.not_action),
            ("Resource", &statement.resource),
            ("NotResource", &statement.not_resource),
        ] {
            self.put(&mut object, name, list, pointer, notes);
        }
        match &statement.condition {
            Known::Is(tests) => {
                let mut condition = Map::new();
                for test in tests {
                    let Some(key) = &test.key else { continue };
                    let block = condition
                        .entry(test.operator.clone())
                        .or_insert_with(|| json!({}));
                    if let Some(block) = block.as_object_mut() {
                        let pointer = format!("{pointer}/Condition/{}", test.operator);
                        self.put(block, key, &test.values, &pointer, notes);
                    }
                }
                object.insert("Condition".to_owned(), Value::Object(condition));
            }
            Known::Dynamic(_) => notes.dynamic.push(format!("{pointer}/Condition")),
            Known::Missing => {}
        }
        Value::Object(object)
    }

    fn put(
        self,
        object: &mut Map<String, Value>,
        name: &str,
        list: &Known<List>,
        pointer: &str,
        notes: &mut Notes,
    ) {
        let pointer = format!("{pointer}/{name}");
        match list {
            Known::Is(list) => {
                object.insert(name.to_owned(), self.list(list, &pointer, notes));
            }
            Known::Dynamic(_) => notes.dynamic.push(pointer),
            Known::Missing => {}
        }
    }

    fn list(self, list: &List, pointer: &str, notes: &mut Notes) -> Value {
        let mut values = Vec::new();
        for item in list.items.iter().filter(|item| self.possible(&item.branch)) {
            self.item(item, &mut values, pointer, notes);
        }
        if list.dynamic {
            notes.dynamic.push(pointer.to_owned());
        }
        // A single value that is written as one stays one.
        match values.len() {
            1 if !matches!(self.tree.view(list.node), View::Sequence(_)) => values.swap_remove(0),
            _ => Value::Array(values),
        }
    }

    fn item(self, item: &Item, values: &mut Vec<Value>, pointer: &str, notes: &mut Notes) {
        for value in self
            .analysis
            .resolve(self.tree, &item.text, self.environment, true)
        {
            notes.unknown.extend(
                value
                    .pattern
                    .holes()
                    .filter(|hole| !is_policy_variable(hole))
                    .map(str::to_owned),
            );
            let mut branch = item.branch.clone();
            branch.extend(value.conditions.iter().cloned());
            notes.when(&format!("{pointer}/{}", values.len()), &branch);
            values.push(Value::String(value.pattern.display()));
        }
    }

    fn one(self, text: &Text, notes: &mut Notes) -> Value {
        let values = self
            .analysis
            .resolve(self.tree, text, self.environment, true);
        let Some(value) = values.first() else {
            return Value::Null;
        };
        notes.unknown.extend(
            value
                .pattern
                .holes()
                .filter(|hole| !is_policy_variable(hole))
                .map(str::to_owned),
        );
        Value::String(value.pattern.display())
    }

    fn principals(self, principals: &Principals, pointer: &str, notes: &mut Notes) -> Value {
        if principals.star {
            return json!("*");
        }
        let mut object = Map::new();
        for kind in &principals.kinds {
            self.put(&mut object, &kind.name, &kind.values, pointer, notes);
        }
        if principals.dynamic {
            notes.dynamic.push(pointer.to_owned());
        }
        Value::Object(object)
    }
}

/// `aws:username` and its kin are known to IAM, if not to us.
fn is_policy_variable(name: &str) -> bool {
    leastwise_model::text::is_policy_variable(name)
}
