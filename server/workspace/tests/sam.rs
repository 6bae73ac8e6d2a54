//! What SAM makes of a template, as `aws-sam-translator` does: `sam/recorded/` holds what it made of `sam/inputs/`, by
//! `sam/record.py`.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use leastwise_model::text::{Part, Text};
use leastwise_model::{Config, Effect, Known, List, OwnerKind, Policy, SiteKind, Statement};
use leastwise_syntax::{Format, Tree};
use leastwise_workspace::Analysis;
use serde_json::{Map, Value, json};

/// A role: its trust policy's statements, its other statements, and managed policies.
#[derive(Default, PartialEq, Eq, Debug)]
struct Role {
    trust: BTreeSet<String>,
    identity: BTreeSet<String>,
    managed: BTreeSet<String>,
}

fn written(tree: &Tree, text: &Text) -> String {
    let part = |part: &Part| match part {
        Part::Literal { node, start, end } => {
            let text = tree.text(*node).unwrap_or_default();
            text[*start as usize..*end as usize].to_owned()
        }
        Part::Given { text, .. } => text.clone(),
        Part::Variable { name, .. } => format!("${{{name}}}"),
        Part::Attribute {
            resource,
            attribute,
            ..
        } => format!("${{{resource}.{attribute}}}"),
        Part::Mark { name: text, .. } | Part::Expression { text, .. } => {
            panic!("the inputs have no {text}")
        }
        Part::Computed { label, .. } => panic!("the inputs have no {label}"),
    };
    text.parts.iter().map(part).collect()
}

fn texts(tree: &Tree, list: &Known<List>) -> Option<Value> {
    let list = list.known()?;
    assert!(!list.dynamic);
    let texts: BTreeSet<String> = list
        .items
        .iter()
        .map(|item| written(tree, &item.text))
        .collect();
    Some(json!(texts))
}

fn statement(tree: &Tree, statement: &Statement) -> String {
    let mut out = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(name.to_owned(), value);
        }
    };
    let actions = |list| {
        let mut names: Vec<String> = serde_json::from_value(texts(tree, list)?).unwrap();
        names
            .iter_mut()
            .for_each(|name| name.make_ascii_lowercase());
        names.sort();
        Some(json!(names))
    };
    put(
        "Effect",
        statement.effect.known().map(|effect| match effect {
            Effect::Allow => json!("Allow"),
            Effect::Deny => json!("Deny"),
        }),
    );
    put("Action", actions(&statement.action));
    put("NotAction", actions(&statement.not_action));
    put("Resource", texts(tree, &statement.resource));
    put("NotResource", texts(tree, &statement.not_resource));
    put(
        "Principal",
        statement.principal.known().map(|principals| {
            if principals.star {
                return json!("*");
            }
            let kinds = principals.kinds.iter();
            let kinds = kinds.map(|kind| (kind.name.clone(), texts(tree, &kind.values).unwrap()));
            Value::Object(kinds.collect())
        }),
    );
    put(
        "Condition",
        statement.condition.known().map(|tests| {
            let mut operators = Map::new();
            for test in tests {
                let keys = operators.entry(test.operator.clone()).or_insert(json!({}));
                let key = test.key.clone().unwrap();
                keys[key.as_str()] = texts(tree, &test.values).unwrap();
            }
            Value::Object(operators)
        }),
    );
    Value::Object(out).to_string()
}

/// The roles of a template, by what their resources are called once SAM has made them.
fn roles(tree: &Tree, analysis: &Analysis) -> BTreeMap<String, Role> {
    let mut roles = BTreeMap::new();
    for (index, owner) in analysis.owners.iter().enumerate() {
        // Of resources, the policies of queues.
        for generated in owner.generated.iter() {
            let name = generated.name.as_deref().unwrap_or_default();
            if generated.kind == SiteKind::Resource && name.contains("QueuePolicy") {
                let mut role = Role::default();
                let made = generated.policy.statements.iter();
                role.identity.extend(made.map(|one| statement(tree, one)));
                assert!(roles.insert(name.to_owned(), role).is_none());
            }
        }
        if owner.kind != OwnerKind::Role {
            continue;
        }
        let mut role = Role::default();
        let mut add = |kind: SiteKind, policy: &Policy| {
            let into = match kind {
                SiteKind::Trust => &mut role.trust,
                SiteKind::Identity => &mut role.identity,
                _ => return,
            };
            assert!(!policy.is_open());
            into.extend(policy.statements.iter().map(|one| statement(tree, one)));
        };
        for site in analysis.sites_of(index) {
            add(site.kind, site.policy(tree));
        }
        for generated in &owner.generated {
            add(generated.kind, &generated.policy);
        }
        let attached = owner.attached.iter();
        role.managed = attached
            .map(|attached| {
                let arn = written(tree, &attached.arn);
                arn.replace("arn:aws:iam::aws:", "arn:${AWS::Partition}:iam::aws:")
            })
            .collect();
        let of_template = matches!(
            owner.type_name.as_str(),
            "AWS::Serverless::Function" | "AWS::Serverless::StateMachine"
        );
        let label = match of_template && analysis.state().makes(&owner.label) {
            true => format!("{}Role", owner.label),
            false => owner.label.clone(),
        };
        assert!(roles.insert(label, role).is_none());
    }
    roles
}

fn recorded(path: &Path) -> BTreeMap<String, Role> {
    let source: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let set = |value: &Value, name: &str| -> BTreeSet<String> {
        let items = value[name].as_array().unwrap().iter();
        items
            .map(|item| match item {
                Value::String(text) => text.clone(),
                statement => statement.to_string(),
            })
            .collect()
    };
    let roles = source.as_object().unwrap().iter();
    roles
        .map(|(name, role)| {
            let role = Role {
                trust: set(role, "trust"),
                identity: set(role, "identity"),
                managed: set(role, "managed"),
            };
            (name.clone(), role)
        })
        .collect()
}

#[test]
fn roles_are_those_that_the_translator_makes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sam");
    let mut compared = 0;
    for entry in fs::read_dir(folder.join("inputs")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let tree = Tree::parse(fs::read_to_string(&path).unwrap(), Format::Yaml);
        assert_eq!(tree.problems(), [], "{name}");
        let analysis = Analysis::new(&tree, "template.yaml", Arc::new(Config::default()));
        assert_eq!(format!("{:?}", analysis.dialect), "Sam", "{name}");
        let ours = roles(&tree, &analysis);
        let theirs = recorded(&folder.join(format!("recorded/{name}.json")));
        let names = |roles: &BTreeMap<String, Role>| roles.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&ours), names(&theirs), "{name}");
        for (role, made) in &ours {
            assert_eq!(made, &theirs[role], "{role} of {name}");
            compared += 1;
        }
    }
    assert!(compared > 120, "only {compared} roles were compared");
}
