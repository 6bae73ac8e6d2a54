//! What the analysis asks of a template of OrgFormation: what it asks of CloudFormation's, with the accounts of the organization.

use std::sync::Arc;

use leastwise_model::text::Part;
use leastwise_model::{Environment, Owner, Site};
use leastwise_syntax::{NodeId, Span, Tree};

use super::binding_names;
use super::organization::OrgAccount;
use super::organized::{CURRENT_ACCOUNT, OWN_ACCOUNT, Organized};
use crate::resolve::PassedValues;
use crate::resolve::names::Names;
use crate::state::facts::{
    ArnSpelling, Inside, Misnamed, PublicBlock, Referred, StoredSecret, Values,
};
use crate::state::scope::{InScope, NameKind, ScopePlace};
use crate::state::{Stacks, State};

/// What is known of where it is deployed, as templates and OrgFormation name it.
static PSEUDO: [&str; 9] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
    OWN_ACCOUNT,
];

impl Organized {
    /// An account as a name in scope.
    fn in_scope<'a>(&'a self, account: &'a OrgAccount) -> InScope<'a> {
        let elsewhere = self.organization.elsewhere.as_ref();
        let place = |node| ScopePlace {
            other: elsewhere.map(|(path, tree)| (path.as_str(), tree)),
            node,
        };
        InScope {
            type_name: account.type_name(),
            declared: Some(place(account.key)),
            value: account.properties.map(place),
            attributes: vec!["AccountId", "AccountName", "Alias", "RootEmail"],
            is_written: elsewhere.is_none(),
            ..InScope::of(account.name.as_str(), NameKind::Resource, "resource")
        }
    }

    /// The accounts that names stand for: the template's own declarations come first.
    fn accounts(&self) -> impl Iterator<Item = &OrgAccount> {
        let accounts = self.organization.accounts.iter();
        accounts.filter(|account| !self.declares_name(&account.name))
    }

    fn account(&self, name: &str) -> Option<&OrgAccount> {
        let account = self.organization.account(name);
        account.filter(|_| !self.declares_name(name))
    }

    /// How an ARN is written. One that is spelled out has the account that the text is in, where the resource may be in another.
    fn spelled(&self, arn: Option<ArnSpelling>) -> Option<ArnSpelling> {
        arn.filter(|arn| self.is_right(arn))
    }

    fn is_right(&self, arn: &ArnSpelling) -> bool {
        let names_place = |text: &str| {
            let mut names = ["AWS::AccountId", "AWS::Region"].iter();
            names.any(|name| text.contains(name))
        };
        match arn {
            ArnSpelling::Spelled(text) => self.placing.is_one || !names_place(text),
            ArnSpelling::Attribute(..) | ArnSpelling::Reference(_) => true,
        }
    }
}

impl State for Organized {
    fn names(&self) -> &dyn Names {
        self
    }

    fn arn_of(&self, owner: &Owner) -> Option<Part> {
        self.template.arn_of(owner)
    }

    fn declares(&self, tree: &Tree) -> Vec<InScope<'_>> {
        let mut declared = self.template.declares(tree);
        declared.extend(self.accounts().map(|account| self.in_scope(account)));
        declared
    }

    fn pseudo(&self) -> &'static [&'static str] {
        &PSEUDO
    }

    fn named(&self, tree: &Tree, name: &str) -> Option<InScope<'_>> {
        if let Some(account) = self.account(name) {
            return Some(self.in_scope(account));
        }
        if let Some(key) = binding_names::key_of(tree, self.root, name) {
            return Some(InScope {
                declared: Some(ScopePlace::here(key)),
                ..InScope::of(name.to_owned(), NameKind::Local, "binding")
            });
        }
        if name == CURRENT_ACCOUNT && self.iterates && !self.declares_name(name) {
            let noun = "account that the resource is made for";
            return Some(InScope::of(CURRENT_ACCOUNT, NameKind::Loop, noun));
        }
        self.template.named(tree, name)
    }

    fn referred_name<'n>(
        &self,
        tree: &Tree,
        name: &'n str,
    ) -> Option<(InScope<'_>, Option<&'n str>)> {
        let (head, attribute) = match name.split_once('.') {
            Some((head, attribute)) => (head, Some(attribute)),
            None => (name, None),
        };
        match self.account(head) {
            Some(account) => Some((self.in_scope(account), attribute)),
            None if [OWN_ACCOUNT, CURRENT_ACCOUNT].contains(&head) && !self.declares_name(head) => {
                let account = InScope {
                    type_name: "OC::ORG::Account",
                    ..InScope::of(head.to_owned(), NameKind::Resource, "resource")
                };
                Some((account, attribute))
            }
            None => self.template.referred_name(tree, name),
        }
    }

    fn makes(&self, name: &str) -> bool {
        self.template.makes(name)
    }

    fn names_at(&self, tree: &Tree, path: &str, offset: u32) -> Vec<String> {
        if let Some(binding) = binding_names::name_at(tree, self.root, offset) {
            return vec![binding];
        }
        let mut names = self.template.names_at(tree, path, offset);
        if self.organization.elsewhere.is_none()
            && let Some(node) = tree.node_at(offset)
        {
            let own = self.accounts().filter(|account| account.key == node);
            names.extend(own.map(|account| account.name.clone()));
        }
        names
    }

    fn uses(&self, tree: &Tree, name: &str) -> Vec<Span> {
        match binding_names::is_one(name) {
            true => binding_names::uses(tree, name),
            false => self.template.uses(tree, name),
        }
    }

    fn read_with(&self) -> Vec<(&str, &Arc<Tree>)> {
        let elsewhere = self.organization.elsewhere.iter();
        elsewhere
            .map(|(path, tree)| (path.as_str(), tree))
            .collect()
    }

    fn referred(
        &self,
        tree: &Tree,
        name: &str,
        has_path: bool,
        values: Values<'_>,
    ) -> Option<Referred> {
        let referred = self.template.referred(tree, name, has_path, values)?;
        Some(Referred {
            arn: self.spelled(referred.arn),
            ..referred
        })
    }

    fn inside(&self, tree: &Tree, name: &str, values: Values<'_>) -> Vec<Inside> {
        let mut inside = self.template.inside(tree, name, values);
        inside.retain(|inside| self.is_right(&inside.written));
        inside
    }

    fn misnamed(
        &self,
        tree: &Tree,
        name: &str,
        attribute: &str,
        values: Values<'_>,
    ) -> Option<Misnamed> {
        let misnamed = self.template.misnamed(tree, name, attribute, values)?;
        Some(Misnamed {
            arn: self.spelled(misnamed.arn),
            ..misnamed
        })
    }

    fn by_id(
        &self,
        tree: &Tree,
        name: &str,
        attribute: &str,
        values: Values<'_>,
    ) -> Option<(&'static str, Option<ArnSpelling>)> {
        let (gives, arn) = self.template.by_id(tree, name, attribute, values)?;
        Some((gives, self.spelled(arn)))
    }

    fn stored_secrets(&self, tree: &Tree, values: Values<'_>) -> Vec<StoredSecret> {
        self.template.stored_secrets(tree, values)
    }

    fn public_block(&self, tree: &Tree, site: &Site) -> Option<PublicBlock> {
        self.template.public_block(tree, site)
    }

    fn too_deep(&self, tree: &Tree) -> Option<NodeId> {
        self.template.too_deep(tree)
    }

    fn is_given_values(&self) -> bool {
        self.template.is_given_values()
    }

    fn passed(
        &self,
        stacks: &dyn Stacks,
        path: &str,
        environment: &Environment,
        defaults: bool,
    ) -> Option<PassedValues> {
        self.template.passed(stacks, path, environment, defaults)
    }

    fn imports(&self, tree: &Tree) -> Vec<NodeId> {
        self.template.imports(tree)
    }

    fn exports(&self, tree: &Tree) -> Vec<(NodeId, NodeId)> {
        self.template.exports(tree)
    }
}
