//! Finds policies without `Version`.
//!
//! Such a policy has version 2008-10-17, which doesn't support policy variables: `${aws:username}` is taken literally,
//! so the statement matches nothing, or a resource that happens to have that name.
//!
//! ## Example
//!
//! ```json
//! {
//!   "Statement": {
//!     "Effect": "Allow",
//!     "Action": "s3:GetObject",
//!     "Resource": "arn:aws:s3:::shop-data/*"
//!   }
//! }
//! ```
//!
//! ```yaml
//! Resources:
//!   ReadPolicy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Statement:
//!           - Effect: Allow
//!             Action: s3:GetObject
//!             Resource: !Sub 'arn:${AWS::Partition}:s3:::shop-data/*'
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
//! ```yaml
//! Resources:
//!   ReadPolicy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: s3:GetObject
//!             Resource: !Sub 'arn:${AWS::Partition}:s3:::shop-data/*'
//! ```

use std::collections::HashSet;

use leastwise_model::notation::Notation;
use leastwise_model::text::{Part, Text, is_policy_variable};
use leastwise_model::{Level, Policy, Site};
use leastwise_policy::elements::CURRENT_VERSION;
use leastwise_syntax::write::{Edit, InsertAt, NewValue};
use leastwise_syntax::{NodeId, Span, Tree, View};

use super::invalid_version::grave_variable;
use super::{is_macro, is_merged, is_whole};
use crate::support::activation::Grave;
use crate::support::policy_key::PolicyKey;
use crate::{
    Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, LazyFix, Rule, Safety, Scope,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "missing-version",
    group: Group::Structure,
    level: Level::Warning,
    since: "0.1.0",
    summary: "A policy without `Version`",
    fix: FixKind::Safe,
    judges: Judges::Statement,
    equivalents: &[
        ("access-analyzer", "MISSING_VERSION"),
        ("parliament", "NO_VERSION"),
        ("iam-policy-validator", "policy_structure"),
    ],
    scope: &[Scope::Policy(find)],
};

/// A policy without `Version`.
struct Missing {
    at: Span,
    policy: NodeId,
    key: PolicyKey,
    /// Whether it has texts whose meaning hangs on the version.
    variables: bool,
    owner: Option<String>,
}

fn find(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Facts<'_>) {
    let Some(key) = policy.statement_key.filter(|_| policy.version.is_missing()) else {
        return;
    };
    let mut elements = policy.elements.iter();
    if is_merged(context.tree, policy.node, site.document.notation())
        || elements.any(|element| is_macro(&element.name))
        || !facts.once(is_whole)
    {
        return;
    }
    let notation = context.analysis.dialect.notation();
    let variables = has_variables(context.tree, policy.node, notation);
    facts.push(Missing {
        at: context.content(key),
        policy: policy.node,
        key: PolicyKey::of(context, site),
        variables,
        owner: context.owner(site).map(str::to_owned),
    });
}

impl Fact for Missing {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let message = match self.variables {
            true => {
                "The policy has no `Version`: AWS uses 2008-10-17, under which its `${…}` is literal text."
            }
            false => {
                "The policy has no `Version`: AWS uses 2008-10-17, under which policy variables don't work."
            }
        };
        Finding::new(&RULE, self.at, message)
            .help(format!("Set `Version` to `{CURRENT_VERSION}`."))
            .owner(self.owner.as_deref())
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let grave = match self.variables {
            true => grave_variable(context, self.key),
            false => None,
        };
        let safety = match self.variables {
            true => Safety::changes(grave.is_none()),
            false => Safety::Safe,
        };
        let mapping = self.policy;
        let title = format!("Add Version {CURRENT_VERSION}");
        vec![LazyFix::new(title, safety, move |_| {
            let fix = Fix::new(vec![Edit::InsertPair {
                mapping,
                place: InsertAt::First,
                key: "Version".to_owned(),
                value: NewValue::Str(CURRENT_VERSION.to_owned()),
            }]);
            Some(fix.notes(grave.and_then(Grave::note)))
        })]
    }
}

/// Whether a `${…}` in the policy could be one of IAM's variables, whose meaning hangs on the version.
fn has_variables(tree: &Tree, policy: NodeId, notation: &dyn Notation) -> bool {
    let mut seen = HashSet::new();
    let mut stack = vec![policy];
    while let Some(node) = stack.pop() {
        let node = tree.resolved(node);
        if !seen.insert(node) {
            continue;
        }
        match tree.view(node) {
            View::Scalar(text) if holds_variable(text) => {
                // What the Serverless Framework fills in before IAM sees the text is none.
                let lowered = Text::lower(tree, node, notation);
                let left = |part: &Part| match part {
                    Part::Expression { .. } | Part::Mark { .. } => false,
                    Part::Literal { start, end, .. } => text
                        .get(*start as usize..*end as usize)
                        .is_some_and(|text| text.contains("${")),
                    _ => true,
                };
                if !notation.fills_in_first() || lowered.parts.iter().any(left) {
                    return true;
                }
            }
            View::Mapping(pairs) => {
                stack.extend(pairs.iter().flat_map(|pair| [pair.key, pair.value]))
            }
            View::Sequence(items) => stack.extend(items),
            View::Tagged(tag, value) if tag.name == "Fn::Sub" => {
                let value = tree.resolved(value);
                let (text, map) = match tree.items(value) {
                    Some(&[text, map]) => (text, Some(map)),
                    _ => (value, None),
                };
                if tree.text(text).is_some_and(survives_sub) {
                    return true;
                }
                stack.extend(map);
            }
            // Names, not texts.
            View::Tagged(tag, _) if matches!(tag.name.as_str(), "Ref" | "Fn::GetAtt") => {}
            View::Tagged(_, value) => stack.push(value),
            _ => {}
        }
    }
    false
}

/// Whether a text has a `${…}` that isn't one of CloudFormation's own, which are no variables of IAM's.
fn holds_variable(text: &str) -> bool {
    let mut names = text.split("${").skip(1);
    names.any(|rest| !rest.split('}').next().unwrap_or_default().contains("::"))
}

/// Whether `Fn::Sub` leaves a `${…}` in the text.
fn survives_sub(text: &str) -> bool {
    text.split("${").skip(1).any(|rest| {
        let name = rest.split('}').next().unwrap_or_default().trim();
        name.starts_with('!') || is_policy_variable(name)
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::Safety;
    use crate::tests::fixture::{Fixture, check};

    #[test]
    fn what_merge_puts_together_is_looked_for_in_no_part() {
        let text = "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode(merge({ Version = \"2012-10-17\" }, { Statement = [{ Effect = \"Allow\", Action = \"s3:GetObject\", Resource = \"*\" }] }))\n}\n";
        check(&RULE, text, "");
        let alone = "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"s3:GetObject\", Resource = \"*\" }] })\n                        ^^^^^^^^^\n}\n";
        check(&RULE, alone, "");
    }

    fn safety(text: &str) -> Option<Safety> {
        let fixture = Fixture::new(text, "");
        let findings = fixture.findings(&RULE);
        findings
            .first()
            .and_then(|finding| finding.fixes.first())
            .map(|fix| fix.safety)
    }

    #[test]
    fn names_of_the_template_are_no_variables_of_iam() {
        let template = |resource: &str| {
            let text = format!(
                "Resources:\n  Shop:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        \
                 Statement: {{Effect: Allow, Action: s3:GetObject, Resource: {resource}}}\n"
            );
            let fixture = Fixture::new(&text, "");
            let findings = fixture.findings(&RULE);
            assert_eq!(findings.len(), 1, "{text}");
            findings[0].message.contains("literal text")
        };
        assert!(!template("!Ref '${AWS::AccountId}'"));
        assert!(!template("!GetAtt '${Name}.Arn'"));
        assert!(!template("'arn:aws:s3:::${AWS::AccountId}/*'"));
        assert!(template("'arn:aws:s3:::shop/${aws:username}/*'"));
    }

    #[test]
    fn marks_the_statements() {
        check(
            &RULE,
            r#"
Resources:
  ShopRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
        ^^^^^^^^^
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: old
          PolicyDocument:
            Version: '2008-10-17'
            Statement: {Effect: Allow, Action: s3:GetObject, Resource: '*'}
"#,
            "",
        );
    }

    #[test]
    fn variables_make_it_unsafe() {
        let plain = "Statement: {Effect: Allow, Action: s3:GetObject, Resource: 'RESOURCE'}\n";
        assert_eq!(
            safety(&plain.replace("RESOURCE", "arn:aws:s3:::shop/*")),
            Some(Safety::Safe)
        );
        assert_eq!(
            safety(&plain.replace("RESOURCE", "arn:aws:s3:::shop/${aws:username}/*")),
            Some(Safety::Unsafe)
        );
    }

    #[test]
    fn variables_of_sub_do_not() {
        let template = "Resources:\n  Shop:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        \
                        Statement: {Effect: Allow, Action: s3:GetObject, Resource: RESOURCE}\n";
        for (resource, expected) in [
            ("!Sub 'arn:${AWS::Partition}:s3:::shop/*'", Safety::Safe),
            (
                "!Sub ['arn:aws:s3:::${Bucket}/*', {Bucket: shop}]",
                Safety::Safe,
            ),
            (
                "!Sub 'arn:${AWS::Partition}:s3:::shop/${!aws:username}'",
                Safety::Unsafe,
            ),
            (
                "!Sub ['arn:aws:s3:::${Bucket}/*', {Bucket: '${aws:username}'}]",
                Safety::Unsafe,
            ),
            ("'arn:aws:s3:::${aws:username}/*'", Safety::Unsafe),
        ] {
            assert_eq!(
                safety(&template.replace("RESOURCE", resource)),
                Some(expected),
                "{resource}"
            );
        }
    }

    #[test]
    fn silent_where_it_may_be_there() {
        check(
            &RULE,
            "Resources:\n  Shop:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Fn::Transform: {Name: Policy}\n        Statement: []\n",
            "",
        );
        check(
            &RULE,
            "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\"}",
            "",
        );
    }
}
