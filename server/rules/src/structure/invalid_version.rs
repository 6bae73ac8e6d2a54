//! Finds a `Version` that doesn't exist, and policy variables that the older version doesn't support.
//!
//! `Version` is the version of the policy language, not of the policy: there are `2012-10-17` and `2008-10-17`, and AWS
//! rejects a policy with any other. In a policy of version 2008, `${aws:username}` and the like are taken literally:
//! the statement matches nothing, or a resource that happens to have that name.
//!
//! ## Example
//!
//! ```json
//! {
//!   "Version": "2012-10-07",
//!   "Statement": {
//!     "Effect": "Allow",
//!     "Action": "s3:GetObject",
//!     "Resource": "arn:aws:s3:::shop-data/*"
//!   }
//! }
//! ```
//!
//! ```json
//! {
//!   "Version": "2008-10-17",
//!   "Statement": {
//!     "Effect": "Allow",
//!     "Action": "s3:GetObject",
//!     "Resource": "arn:aws:s3:::shop-data/${aws:username}/*"
//!   }
//! }
//! ```
//!
//! ## Fixed
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": {
//!     "Effect": "Allow",
//!     "Action": "s3:GetObject",
//!     "Resource": "arn:aws:s3:::shop-data/*"
//!   }
//! }
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": {
//!     "Effect": "Allow",
//!     "Action": "s3:GetObject",
//!     "Resource": "arn:aws:s3:::shop-data/${aws:username}/*"
//!   }
//! }
//! ```

use leastwise_model::text::is_policy_variable;
use leastwise_model::{Item, Known, Level, List, Policy, Site, Statement};
use leastwise_policy::elements::{CURRENT_VERSION, VERSIONS};
use leastwise_syntax::write::Edit;
use leastwise_syntax::{NodeId, Span};

use crate::support::activation::{Grave, StatementPart};
use crate::support::policy_key::PolicyKey;
use crate::{
    Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, LazyFix, Rule, Safety, Scope,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "invalid-version",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A `Version` that doesn't exist, or that doesn't support variables",
    fix: FixKind::Unsafe,
    judges: Judges::Place,
    equivalents: &[
        ("access-analyzer", "INVALID_VERSION"),
        ("access-analyzer", "VARIABLE_UNSUPPORTED_IN_VERSION"),
        ("parliament", "INVALID_VERSION"),
        ("cfn-lint", "E3510"),
        ("cfn-lint", "E3512"),
        ("cfn-lint", "E3530"),
        ("iam-policy-validator", "policy_structure"),
    ],
    scope: &[Scope::Policy(find)],
};

/// A `Version` that is wrong.
struct Wrong {
    node: NodeId,
    span: Span,
    fault: Fault,
    owner: Option<String>,
}

enum Fault {
    /// No version of the language.
    Unknown(String),
    /// The version of 2008, beside a variable: its name, where its text stands, and the policy of both.
    Old(String, Span, PolicyKey),
}

fn find(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Facts<'_>) {
    let Known::Is(text) = &policy.version else {
        return;
    };
    // Nothing is there yet, or another tool fills something in.
    let plain = |text: &&str| {
        let fine = |c: char| c.is_ascii_alphanumeric() || "-./: ".contains(c);
        !text.is_empty() && text.chars().all(fine)
    };
    let Some(written) = text.literal(context.tree).filter(plain) else {
        return;
    };
    let fault = if !VERSIONS.contains(&written) {
        Fault::Unknown(written.to_owned())
    } else if written != CURRENT_VERSION
        && let Some((name, at)) = policy
            .statements
            .iter()
            .find_map(|statement| variable(context, statement))
    {
        Fault::Old(name, at, PolicyKey::of(context, site))
    } else {
        return;
    };
    facts.push(Wrong {
        node: text.node,
        span: context.text_span(text),
        fault,
        owner: context.owner(site).map(str::to_owned),
    });
}

/// The first of IAM's variables in what a statement is about.
fn variable(context: &Context<'_>, statement: &Statement) -> Option<(String, Span)> {
    let mut variables = variables(context, statement);
    variables
        .next()
        .map(|(name, item, _)| (name, context.item_span(item)))
}

/// The texts with IAM's variables in what a statement is about: the first name in each, and where it stands.
fn variables<'s>(
    context: &Context<'_>,
    statement: &'s Statement,
) -> impl Iterator<Item = (String, &'s Item, StatementPart<'s>)> {
    fn items(list: &Known<List>) -> &[Item] {
        list.known().map_or(&[], |list| &list.items)
    }
    let named = items(&statement.resource).iter();
    let named = named.map(|item| (item, StatementPart::Resource(item)));
    let left_out = items(&statement.not_resource).iter();
    let left_out = left_out.map(|item| (item, StatementPart::LeftOut));
    let tests = crate::conditions::tests(statement).iter();
    let tested = tests.flat_map(|test| {
        let values = items(&test.values).iter();
        values.map(move |item| (item, StatementPart::Test(test)))
    });
    let all = named.chain(left_out).chain(tested);
    all.filter_map(|(item, part)| {
        let mut patterns = context.patterns(item).into_iter();
        let name = patterns.find_map(|pattern| {
            let text = pattern.display();
            let names = text.split("${").skip(1);
            let mut names = names.filter_map(|rest| rest.split_once('}'));
            let name = names.find(|(name, _)| is_policy_variable(name));
            name.map(|(name, _)| name.to_owned())
        })?;
        Some((name, item, part))
    })
}

/// What is grave about IAM's variables in a policy coming to stand for something.
pub(super) fn grave_variable(context: &Context<'_>, policy: PolicyKey) -> Option<Grave> {
    policy.statements(context).iter().find_map(|statement| {
        let mut parts = variables(context, statement);
        parts.find_map(|(_, _, part)| policy.grave_in(context, statement, part))
    })
}

impl Fact for Wrong {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let message = match &self.fault {
            Fault::Unknown(written) => {
                format!(
                    "`{written}` isn't a version of the policy language: AWS rejects the policy."
                )
            }
            Fault::Old(name, ..) => format!(
                "Version `2008-10-17` doesn't support policy variables: `${{{name}}}` is taken literally."
            ),
        };
        let finding = Finding::new(&RULE, self.span, message)
            .help(format!("Write `{CURRENT_VERSION}`."))
            .owner(self.owner.as_deref());
        match &self.fault {
            Fault::Unknown(_) => finding,
            Fault::Old(_, at, _) => finding.level(Level::Warning).related(*at, "the variable"),
        }
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let (grave, safety) = match self.fault {
            Fault::Unknown(_) => (None, Safety::Safe),
            Fault::Old(.., policy) => {
                let grave = grave_variable(context, policy);
                (grave, Safety::changes(grave.is_none()))
            }
        };
        let node = self.node;
        let title = format!("Replace with {CURRENT_VERSION}");
        vec![LazyFix::new(title, safety, move |_| {
            let fix = Fix::new(vec![Edit::SetScalar {
                node,
                text: CURRENT_VERSION.to_owned(),
            }]);
            Some(fix.notes(grave.and_then(Grave::note)))
        })]
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use leastwise_model::Level;

    use crate::tests::fixture::{Fixture, check};

    #[test]
    fn only_two_versions_are_known() {
        let messages = check(
            &RULE,
            r#"
Resources:
  Shop:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2010-09-09"
                  ^^^^^^^^^^
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: a
          PolicyDocument: {Version: 2012-10-17, Statement: []}
        - PolicyName: b
          PolicyDocument: {Version: 2012-10-7, Statement: []}
                                    ^^^^^^^^^
        - PolicyName: c
          PolicyDocument: {Version: '2008-10-17', Statement: []}
        - PolicyName: d
          PolicyDocument: {Version: 1, Statement: []}
                                    ^
"#,
            "",
        );
        assert_eq!(
            messages[0],
            "`2010-09-09` isn't a version of the policy language: AWS rejects the policy."
        );
        check(
            &RULE,
            "data \"aws_iam_policy_document\" \"d\" {
  version = \"2012-10-71\"
             ^^^^^^^^^^
  statement {
    actions   = [\"s3:GetObject\"]
    resources = [\"*\"]
  }
}
",
            "",
        );
    }

    #[test]
    fn silent_on_what_is_not_known_yet() {
        for version in [
            "",
            "!Ref Version",
            "'${Version}'",
            "'{{version}}'",
            "'<version>'",
            "[2012-10-17]",
            "!Ref AWS::NoValue",
        ] {
            let text = format!(
                "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: {version}\n        Statement: []\n"
            );
            assert_eq!(check(&RULE, &text, ""), Vec::<String>::new(), "{version}");
        }
    }

    #[test]
    fn variables_of_2008() {
        let text = |version: &str, rest: &str| {
            format!(
                "Version: '{version}'\nStatement:\n  - {{Effect: Allow, Action: 's3:GetObject', {rest}}}\n"
            )
        };
        let found = |text: &str| Fixture::new(text, "").levels(&RULE);
        for variable in [
            "Resource: 'arn:aws:s3:::shop/${aws:username}/*'",
            "NotResource: 'arn:aws:s3:::shop/${aws:username}/*'",
            "Resource: 'arn:aws:s3:::shop/${*}'",
            "Resource: '*', Condition: {StringEquals: {'s3:prefix': ['${aws:username}/']}}",
        ] {
            assert_eq!(found(&text("2008-10-17", variable)), [Level::Warning]);
            assert_eq!(found(&text("2012-10-17", variable)), []);
        }
        for none in [
            "Resource: 'arn:aws:s3:::shop/*'",
            "Resource: 'arn:aws:s3:::${Bucket}/*'",
            "Resource: '*', Sid: '${aws:username}'",
        ] {
            assert_eq!(found(&text("2008-10-17", none)), [], "{none}");
        }
    }
}
