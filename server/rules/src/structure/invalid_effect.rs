//! Finds an `Effect` that is neither `Allow` nor `Deny`.
//!
//! AWS rejects the policy even if only the case is wrong: `allow` isn't valid.
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

use leastwise_model::{ElementPair, Form, Level, Site, SiteKind, Statement, mark};
use leastwise_policy::elements::{EFFECTS, suggest_effect};
use leastwise_syntax::write::Edit;
use leastwise_syntax::{NodeId, ScalarType, Span, View};

use super::allowed;
use crate::support::impact::is_grave;
use crate::{
    Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, LazyFix, Rule, Safety, Scope,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "invalid-effect",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "An `Effect` other than `Allow` and `Deny`",
    fix: FixKind::Unsafe,
    judges: Judges::Place,
    equivalents: &[
        ("access-analyzer", "INVALID_EFFECT"),
        ("parliament", "MALFORMED"),
        ("cfn-lint", "E3510"),
        ("cfn-lint", "E3512"),
        ("cfn-lint", "E3530"),
        ("iam-policy-validator", "policy_structure"),
    ],
    scope: &[Scope::Statement(find)],
};

/// An `Effect` that is none.
struct Invalid {
    at: Span,
    /// What stands there; `None` for nothing.
    text: Option<String>,
    /// The scalar, with what was meant.
    meant: Option<(NodeId, &'static str)>,
    statement: NodeId,
    kind: SiteKind,
    form: Form,
    owner: Option<String>,
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    let mut elements = statement.elements.iter();
    let named = |element: &&ElementPair| element.name.eq_ignore_ascii_case("Effect");
    let Some(element) = elements.find(named) else {
        return;
    };
    let node = context.tree.resolved(element.value);
    // A variable of the workspace may be anything; what isn't a text is a function, or broken.
    let View::Scalar(text) = context.tree.view(node) else {
        return;
    };
    if EFFECTS.contains(&text) || text.contains("${") || mark::is_open(text) {
        return;
    }
    let is_nothing = context.tree.scalar_type(node) == ScalarType::Null && text.is_empty();
    facts.push(Invalid {
        at: context.content(if is_nothing { element.key } else { node }),
        text: (!is_nothing).then(|| text.to_owned()),
        meant: suggest_effect(text)
            .filter(|_| !is_nothing)
            .map(|meant| (node, meant)),
        statement: statement.node,
        kind: site.kind,
        form: context.policy(site).form,
        owner: context.owner(site).map(str::to_owned),
    });
}

impl Fact for Invalid {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let message = match &self.text {
            None => "`Effect` is empty: AWS rejects the policy.".to_owned(),
            Some(text) => {
                format!("`{text}` is neither `Allow` nor `Deny`: AWS rejects the policy.")
            }
        };
        let finding = Finding::new(&RULE, self.at, message).owner(self.owner.as_deref());
        let (Some((_, meant)), Some(text)) = (self.meant, &self.text) else {
            return finding.help("Write `Allow` or `Deny`.");
        };
        finding.help(match meant.eq_ignore_ascii_case(text) {
            true => format!("Write `{meant}`: AWS is case-sensitive here."),
            false => format!("Did you mean `{meant}`?"),
        })
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let (Some((node, meant)), Some(text)) = (self.meant, &self.text) else {
            return Vec::new();
        };
        // AWS takes the policy only then, so that what an `Allow` names is gained, however plain the slip is.
        let denies = meant == "Deny";
        let safety = match is_grave(context, self.statement, self.kind) {
            true => Safety::Manual,
            false if meant.eq_ignore_ascii_case(text) && denies => Safety::Safe,
            false => Safety::Unsafe,
        };
        let (statement, form) = (self.statement, self.form);
        let title = format!("Replace with {meant}");
        vec![LazyFix::new(title, safety, move |context| {
            let adds = allowed(context.tree, statement, form, None, Some(meant));
            let text = meant.to_owned();
            Some(Fix::new(vec![Edit::SetScalar { node, text }]).adds(adds))
        })]
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::Safety;
    use crate::tests::fixture::{Fixture, check, fixed_text};

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
    fn only_another_case_of_deny_is_safe() {
        let policy = |effect: &str| {
            format!(
                "Version: '2012-10-17'\nStatement: {{Effect: {effect}, Action: s3:GetObject, Resource: '*'}}\n"
            )
        };
        for (effect, safety, after) in [
            ("DENY", Safety::Safe, "Deny"),
            ("allow", Safety::Unsafe, "Allow"),
            ("ALLOW", Safety::Unsafe, "Allow"),
            ("Dney", Safety::Unsafe, "Deny"),
            ("Permit", Safety::Unsafe, "Allow"),
        ] {
            let fixture = Fixture::new(&policy(effect), "");
            assert_eq!(
                fixture.findings(&RULE)[0].fixes[0].safety,
                safety,
                "{effect}"
            );
            assert_eq!(fixed_text(&RULE, &policy(effect), ""), policy(after));
            let adds = &fixture.fixes(&RULE)[0].adds;
            let gained: &[&str] = if after == "Allow" {
                &["s3:GetObject"]
            } else {
                &[]
            };
            assert_eq!(adds, gained, "{effect}");
        }
    }

    #[test]
    fn a_fix_tells_each_action_that_there_is_once() {
        let text = "Version: '2012-10-17'\nStatement: [{Effect: allow, Action: ['s3:GetObject', 'S3:getobject', 's3:GetObjekt', 'nosuch:Get', 's3', 's3:Put*'], Resource: '*'}]\n";
        let fixes = Fixture::new(text, "").fixes(&RULE);
        let adds: Vec<&[String]> = fixes.iter().map(|fix| fix.adds.as_slice()).collect();
        assert_eq!(adds, [["s3:GetObject", "s3:Put*"]]);
    }
}
