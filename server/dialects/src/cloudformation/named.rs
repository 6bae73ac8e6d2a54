//! Managed policies of a template that are named by what they are deployed as.

use foldhash::{HashMap, HashMapExt};
use leastwise_model::OwnerKind;
use leastwise_model::text::{Part, Text};

use super::finder::Finder;
use crate::resolve::Resolver;
use crate::work;

impl Finder<'_> {
    /// The logical id of the managed policy of this template that a text names by its ARN, in every environment.
    pub(crate) fn deployed_as(&self, text: &Text) -> Option<&String> {
        let arns = self.arns(text);
        let name = arns.first()?.first()?;
        let name = name.rsplit('/').next().filter(|name| !name.is_empty())?;
        let policies = self.policies.get_or_init(|| self.policies());
        let [id] = policies.get(name)?.as_slice() else {
            return None;
        };
        let own = Text {
            parts: vec![Part::Variable {
                name: id.clone(),
                span: text.span,
            }],
            ..text.clone()
        };
        (self.arns(&own) == arns).then_some(id)
    }

    /// The logical id of the managed policy of this template whose name is the one in an ARN: of an account's policies no
    /// two have the same, and what bounds an identity is of its own account.
    pub(crate) fn named_by(&self, arn: &Text) -> Option<&String> {
        let policies = self.policies.get_or_init(|| self.policies());
        let mut found = None;
        for arn in self.arns(arn).iter().flatten() {
            let (before, name) = arn.split_once(":policy/")?;
            let name = name
                .rsplit('/')
                .next()
                .filter(|_| !before.ends_with(":aws"));
            let [id] = policies.get(name?)?.as_slice() else {
                return None;
            };
            if found.is_some_and(|other| other != id) {
                return None;
            }
            found = Some(id);
        }
        found
    }

    pub(super) fn policies(&self) -> HashMap<String, Vec<String>> {
        let mut policies: HashMap<String, Vec<String>> = HashMap::new();
        for (id, index) in &self.by_id {
            work::did(1);
            let owner = self.owners.get(*index);
            let owner = owner.filter(|owner| owner.kind == OwnerKind::ManagedPolicy);
            for name in owner.map_or(&[][..], |owner| &owner.names) {
                policies.entry(name.clone()).or_default().push(id.clone());
            }
        }
        policies
    }

    /// The values of a text in each environment, with unknown parts as `${Name}`.
    pub(super) fn arns(&self, text: &Text) -> Vec<Vec<String>> {
        let values = |environment| {
            let resolver = Resolver::new(self.tree, self.config, self.template, environment, true);
            let values = resolver.resolve(text).into_iter();
            values.map(|value| value.pattern.display()).collect()
        };
        self.environments.iter().map(values).collect()
    }
}
