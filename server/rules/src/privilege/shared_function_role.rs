//! Finds statements of a Serverless service that all of its functions are granted, because they share one role.
//!
//! The Serverless Framework creates one role for all functions that have none of their own. Each of them then has the
//! permissions that any of them needs: a bug in the function that resizes pictures reaches the table that only another
//! one writes to. With the plugin `serverless-iam-roles-per-function` each function lists its own statements.
//!
//! Which function needs which permission depends on their code, so the rule only points at what is shared, and is off
//! unless the config turns it on.
//!
//! ## Config
//!
//! ```toml
//! [rules]
//! shared-function-role = "suggestion"
//! ```
//!
//! ## Example
//!
//! ```yaml
//! service: shop
//! provider:
//!   name: aws
//!   iam:
//!     role:
//!       statements:
//!         - Effect: Allow
//!           Action: dynamodb:PutItem
//!           Resource: arn:aws:dynamodb:eu-west-1:111111111111:table/shop-orders
//! functions:
//!   order:
//!     handler: order.handler
//!   resize:
//!     handler: resize.handler
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! service: shop
//! plugins:
//!   - serverless-iam-roles-per-function
//! provider:
//!   name: aws
//! functions:
//!   order:
//!     handler: order.handler
//!     iamRoleStatements:
//!       - Effect: Allow
//!         Action: dynamodb:PutItem
//!         Resource: arn:aws:dynamodb:eu-west-1:111111111111:table/shop-orders
//!   resize:
//!     handler: resize.handler
//! ```

use leastwise_model::{Level, Policy, Site};
use leastwise_syntax::Span;

use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "shared-function-role",
    group: Group::Privilege,
    level: Level::Off,
    since: "0.1.0",
    summary: "A role that several functions share",
    fix: FixKind::None,
    judges: Judges::Statement,
    equivalents: &[],
    scope: &[Scope::Policy(find)],
};

/// Statements for several functions at once.
struct Shared {
    at: Span,
    /// The functions, in words.
    functions: Vec<String>,
    cure: &'static str,
    owner: Option<String>,
}

fn find(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Facts<'_>) {
    if policy.statements.is_empty() {
        return;
    }
    let tree = context.tree;
    let role = context.analysis.dialect.shared_role(tree, site);
    let Some(role) = role.filter(|role| role.functions.len() > 1) else {
        return;
    };
    // The key that the statements stand under; a list that stands elsewhere has another.
    let node = site.document.node;
    let holder = tree.parent(node);
    let pairs = holder.map(|holder| tree.pairs(holder)).unwrap_or_default();
    let key = pairs.into_iter().find(|pair| pair.value == node);
    facts.push(Shared {
        at: match key {
            Some(pair) => context.content(pair.key),
            None => Span::empty(tree.span(node).start),
        },
        functions: in_words(&role.functions),
        cure: role.cure,
        owner: context.owner(site).map(str::to_owned),
    });
}

impl Fact for Shared {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let (last, rest) = match self.functions.split_last() {
            Some((last, rest)) => (last.as_str(), rest),
            None => ("", &[][..]),
        };
        let message = format!(
            "{} and {last} share one role: each gets the permissions of all.",
            rest.join(", ")
        );
        Finding::new(&RULE, self.at, message)
            .owner(self.owner.as_deref())
            .help(self.cure)
    }
}

/// The functions in backquotes; of many, the first ones and how many more there are.
fn in_words(functions: &[String]) -> Vec<String> {
    const NAMED: usize = 4;
    let mut names: Vec<String> = functions.iter().map(|name| format!("`{name}`")).collect();
    if names.len() > NAMED {
        let others = names.len() - (NAMED - 1);
        names.truncate(NAMED - 1);
        names.push(format!("{others} other functions"));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::check;

    const CONFIG: &str = "[rules]\nshared-function-role = 'suggestion'\n";

    fn service(second: &str) -> String {
        format!(
            "service: shop
provider:
  name: aws
  iamRoleStatements:
# ^^^^^^^^^^^^^^^^^
    - Effect: Allow
      Action: dynamodb:PutItem
      Resource: '*'
functions:
  order: {{handler: order.handler}}
  resize: {{handler: resize.handler{second}}}
"
        )
    }

    #[test]
    fn functions_that_share() {
        let messages = check(&RULE, &service(""), CONFIG);
        assert_eq!(
            messages,
            ["`order` and `resize` share one role: each gets the permissions of all."]
        );
    }

    #[test]
    fn functions_with_roles_of_their_own() {
        for second in [", iamRoleStatements: []", ", role: Own"] {
            let text = service(second).replace("# ^^^^^^^^^^^^^^^^^\n", "");
            assert!(check(&RULE, &text, CONFIG).is_empty(), "{second}");
        }
        let off = service("").replace("# ^^^^^^^^^^^^^^^^^\n", "");
        assert!(check(&RULE, &off, "").is_empty(), "off by default");
    }
}
