//! Finds an `Effect` that is neither `Allow` nor `Deny`.
//!
//! AWS refuses the policy, also where only the case is wrong: `allow` is no effect.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [{"Effect": "Alow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop-data/*"}]
//! }
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop-data/*"}]
//! }
//! ```

use leastwise_model::{Level, mark};
use leastwise_policy::elements::{EFFECTS, suggest_effect};
use leastwise_syntax::write::Edit;
use leastwise_syntax::{ScalarType, View};

use super::allowed;
use crate::{Context, Finding, Findings, Fix, FixKind, Group, Rule, Safety};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "invalid-effect",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "An `Effect` other than `Allow` and `Deny`",
    fix: FixKind::Unsafe,
    equivalents: &[
        ("access-analyzer", "INVALID_EFFECT"),
        ("parliament", "MALFORMED"),
        ("cfn-lint", "E3510"),
        ("cfn-lint", "E3512"),
        ("cfn-lint", "E3530"),
        ("iam-policy-validator", "policy_structure"),
    ],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    for (site, statement) in context.statements() {
        let element = statement
            .elements
            .iter()
            .find(|element| element.name.eq_ignore_ascii_case("Effect"));
        let Some(element) = element else { continue };
        let node = context.tree.resolved(element.value);
        // A variable of the workspace may be anything; what isn't a text is a function, or broken.
        let View::Scalar(text) = context.tree.view(node) else {
            continue;
        };
        if EFFECTS.contains(&text) || text.contains("${") || mark::is_open(text) {
            continue;
        }
        if context.tree.scalar_type(node) == ScalarType::Null && text.is_empty() {
            let message = "`Effect` says nothing: AWS refuses the policy.";
            let finding = Finding::new(&RULE, context.content(element.key), message);
            findings.push(
                finding
                    .help("Say `Allow` or `Deny`.")
                    .owner(context.owner(site)),
            );
            continue;
        }
        let message = format!("`{text}` is neither `Allow` nor `Deny`: AWS refuses the policy.");
        let finding =
            Finding::new(&RULE, context.content(node), message).owner(context.owner(site));
        let Some(meant) = suggest_effect(text) else {
            findings.push(finding.help("Say `Allow` or `Deny`."));
            continue;
        };
        let same = meant.eq_ignore_ascii_case(text);
        let (help, safety) = match same {
            true => (
                format!("Write `{meant}`: upper and lower case count."),
                Safety::Safe,
            ),
            false => (format!("Did you mean `{meant}`?"), Safety::Unsafe),
        };
        let (holder, form) = (statement.node, context.policy(site).form);
        findings.push(finding.help(help).fix(
            format!("Replace by {meant}"),
            safety,
            move |context| {
                let adds = if same {
                    Vec::new()
                } else {
                    allowed(context.tree, holder, form, None, Some(meant))
                };
                Some(
                    Fix::new(vec![Edit::SetScalar {
                        node,
                        text: meant.to_owned(),
                    }])
                    .adds(adds),
                )
            },
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::Safety;
    use crate::tests::fixture::{Fixture, check, mend};

    #[test]
    fn in_templates() {
        check(
            &RULE,
            r#"
Resources:
  Shop:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: "ALLOW"
                     ^^^^^
            Action: s3:GetObject
            Resource: '*'
          - {Effect: Grants, Action: s3:GetObject, Resource: '*'}
                     ^^^^^^
          - {Effect: !Ref Effect, Action: s3:GetObject, Resource: '*'}
          - Effect:
            ^^^^^^
            Action: s3:GetObject
            Resource: '*'
"#,
            "",
        );
    }

    #[test]
    fn a_variable_may_be_anything() {
        check(
            &RULE,
            "Version: '2012-10-17'\nStatement: {Effect: '${Effect}', Action: s3:GetObject, Resource: '*'}\n",
            "",
        );
    }

    #[test]
    fn only_another_case_is_safe() {
        let policy = |effect: &str| {
            format!(
                "Version: '2012-10-17'\nStatement: {{Effect: {effect}, Action: s3:GetObject, Resource: '*'}}\n"
            )
        };
        for (effect, safety, after) in [
            ("DENY", Safety::Safe, "Deny"),
            ("Dney", Safety::Unsafe, "Deny"),
            ("Permit", Safety::Unsafe, "Allow"),
        ] {
            let fixture = Fixture::new(&policy(effect), "");
            assert_eq!(
                fixture.findings(&RULE)[0].fixes[0].safety,
                safety,
                "{effect}"
            );
            assert_eq!(mend(&RULE, &policy(effect), ""), policy(after));
        }
    }
}
