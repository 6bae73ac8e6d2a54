//! What the names of a template stand for: accounts of the organization, and what the template itself declares, which may be in
//! another account than the text that names it.

use leastwise_model::notation::Notation;
use leastwise_syntax::{NodeId, Tree};

use super::organization::OrgAccount;
use super::organized::{CURRENT_ACCOUNT, OWN_ACCOUNT, Organized};
use crate::resolve::names::Names;
use crate::resolve::value::{known, unknown};
use crate::resolve::{Alternative, Resolver, TextValue};

/// What stands between an account and a resource in it: `Dev.Resources.Queue`.
const RESOURCES: &str = "Resources.";

impl Names for Organized {
    fn notation(&self) -> &'static dyn Notation {
        self.notation
    }

    fn name(&self, of: &Resolver<'_>, name: &str, depth: u32) -> Option<Vec<Alternative>> {
        if self.declares_name(name) {
            let make = |of: &Resolver<'_>| Names::name(&self.template, of, name, depth);
            return self.at_resource(of, name, make, || name.to_owned());
        }
        if name == OWN_ACCOUNT {
            return Some(of.variable("AWS::AccountId", depth));
        }
        if let Some((account, rest)) = name.split_once('.') {
            return self.in_account(of, account, rest, depth);
        }
        let account = self.organization.account(name)?;
        let number = account.number.as_deref()?;
        Some(match is_listed(of, number) {
            true => vec![known(number)],
            false => unknown(name),
        })
    }

    fn by_default(&self, of: &Resolver<'_>, name: &str, depth: u32) -> Option<Vec<Alternative>> {
        if self.declares_name(name) || name != CURRENT_ACCOUNT {
            return self.template.by_default(of, name, depth);
        }
        let accounts = self.made_for.as_ref()?.iter();
        let accounts = accounts.map(|at| self.organization.accounts.get(*at));
        let values: Option<Vec<Alternative>> = accounts
            .map(|account| Some(known(listed(of, account?)?)))
            .collect();
        let mut values = values.filter(|values| !values.is_empty())?;
        of.as_many_as_are_tried(&mut values);
        Some(values)
    }

    fn attribute(
        &self,
        of: &Resolver<'_>,
        name: &str,
        attribute: &str,
        depth: u32,
    ) -> Option<Vec<Alternative>> {
        if self.declares_name(name) {
            let make = |of: &Resolver<'_>| self.template.attribute(of, name, attribute, depth);
            return self.at_resource(of, name, make, || format!("{name}.{attribute}"));
        }
        if attribute.starts_with(RESOURCES) {
            return self.in_account(of, name, attribute, depth);
        }
        let account = match name {
            OWN_ACCOUNT => {
                let number = of.variable("AWS::AccountId", depth);
                self.organization.numbered(&literal(&number)?)
            }
            CURRENT_ACCOUNT => match self.made_for.as_deref()? {
                [one] => self.organization.accounts.get(*one),
                _ => None,
            },
            name => self.organization.account(name),
        };
        let value = self.organization.value(of.own(), account?, attribute)?;
        Some(match attribute != "AccountId" || is_listed(of, &value) {
            true => vec![known(&value)],
            false => unknown(format!("{name}.{attribute}")),
        })
    }

    fn in_map(&self, own: &Tree, map: &str, keys: [&str; 2]) -> Option<NodeId> {
        self.template.in_map(own, map, keys)
    }

    fn condition(&self, of: &Resolver<'_>, name: &str, depth: u32, defaults: bool) -> Option<bool> {
        Names::condition(&self.template, of, name, depth, defaults)
    }
}

impl Organized {
    /// Works out what a resource gives, in the account and region that it is in. What a loop makes and what stands in another
    /// template is known only where that is the same for all.
    fn at_resource(
        &self,
        of: &Resolver<'_>,
        id: &str,
        make: impl FnOnce(&Resolver<'_>) -> Option<Vec<Alternative>>,
        label: impl FnOnce() -> String,
    ) -> Option<Vec<Alternative>> {
        let resource = self.template.resources.get(id);
        let Some(resource) = resource.filter(|_| !self.placing.is_one) else {
            return make(of);
        };
        if resource.looped.is_some() || self.template.nested.contains_key(id) {
            return Some(unknown(label()));
        }
        let bound = self.placing.of.get(&resource.node);
        let account = bound.and_then(|bound| {
            let accounts = bound.accounts.as_ref().filter(|all| all.len() == 1)?;
            listed(of, self.organization.accounts.get(*accounts.first()?)?)
        });
        let region = bound.and_then(|bound| match bound.regions.as_deref()? {
            [one] => Some(one.as_str()),
            _ => None,
        });
        let away = Away {
            state: self,
            called: id,
            account,
            region,
        };
        make(&Resolver {
            names: &away,
            ..*of
        })
    }

    /// What a resource gives that is in an account of this name: `rest` is `Resources.Queue` or `Resources.Queue.Arn`.
    fn in_account(
        &self,
        of: &Resolver<'_>,
        account: &str,
        rest: &str,
        depth: u32,
    ) -> Option<Vec<Alternative>> {
        let path = rest.strip_prefix(RESOURCES)?;
        let (id, attribute) = match path.split_once('.') {
            Some((id, attribute)) => (id, Some(attribute)),
            None => (path, None),
        };
        let resource = self.template.resources.get(id)?;
        if resource.looped.is_some() || self.template.nested.contains_key(id) {
            return None;
        }
        let away = Away {
            state: self,
            called: &format!("{account}.{RESOURCES}{id}"),
            account: listed(of, self.organization.account(account)?),
            region: None,
        };
        let of = &Resolver {
            names: &away,
            ..*of
        };
        match attribute {
            Some(attribute) => self.template.attribute(of, id, attribute, depth),
            None => Names::name(&self.template, of, id, depth),
        }
    }
}

/// Whether the config has an account, or lists none. By the number of one that it hasn't, an account of the organization would be
/// taken for a stranger's.
fn is_listed(of: &Resolver<'_>, number: &str) -> bool {
    of.config.accounts.is_empty() || of.config.account(number).is_some()
}

/// The number of such an account.
fn listed<'o>(of: &Resolver<'_>, account: &'o OrgAccount) -> Option<&'o str> {
    let number = account.number.as_deref();
    number.filter(|number| is_listed(of, number))
}

/// The one text that is known.
fn literal(values: &[Alternative]) -> Option<String> {
    match values {
        [(TextValue::Text(text), _)] => text.pattern.as_literal(),
        _ => None,
    }
}

/// What names stand for in a resource that may be in another account or region than what refers to it.
#[derive(Debug)]
struct Away<'a> {
    state: &'a Organized,
    /// What to call what isn't known of it.
    called: &'a str,
    account: Option<&'a str>,
    region: Option<&'a str>,
}

impl Names for Away<'_> {
    fn notation(&self) -> &'static dyn Notation {
        self.state.notation
    }

    fn name(&self, of: &Resolver<'_>, name: &str, depth: u32) -> Option<Vec<Alternative>> {
        let told = match name {
            "AWS::AccountId" => self.account,
            "AWS::Region" => self.region,
            // Of an organization all accounts are in one partition.
            "AWS::Partition" | "AWS::URLSuffix" | "AWS::NoValue" => return None,
            name if name.starts_with("AWS::") => None,
            name => return self.state.name(of, name, depth),
        };
        Some(match told {
            Some(value) => vec![known(value)],
            None => unknown(format!(
                "{}.{}",
                self.called,
                name.trim_start_matches("AWS::")
            )),
        })
    }

    fn by_default(&self, of: &Resolver<'_>, name: &str, depth: u32) -> Option<Vec<Alternative>> {
        self.state.by_default(of, name, depth)
    }

    fn attribute(
        &self,
        of: &Resolver<'_>,
        name: &str,
        attribute: &str,
        depth: u32,
    ) -> Option<Vec<Alternative>> {
        self.state.attribute(of, name, attribute, depth)
    }

    fn in_map(&self, own: &Tree, map: &str, keys: [&str; 2]) -> Option<NodeId> {
        self.state.in_map(own, map, keys)
    }

    fn condition(&self, of: &Resolver<'_>, name: &str, depth: u32, defaults: bool) -> Option<bool> {
        self.state.condition(of, name, depth, defaults)
    }
}
