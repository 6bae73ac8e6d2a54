//! Finds statements with two elements that can't be combined: `Action` with `NotAction`, `Resource` with `NotResource`,
//! `Principal` with `NotPrincipal`.
//!
//! One says what the statement applies to, the other what it doesn't apply to; AWS accepts only one of the two and
//! rejects the policy. To exclude something from a wide `Allow`, use a separate `Deny`.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//!     NotResource: arn:aws:s3:::shop-data/private/*
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
//!   - Effect: Deny
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/private/*
//! ```

use leastwise_model::notation::{Gives, Notation};
use leastwise_model::{Form, Level, Site, Statement};
use leastwise_syntax::{NodeId, ScalarType, Span, Tree, View};

use super::unknown_element::is_forbidden;
use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "conflicting-elements",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "`Action` with `NotAction` in one statement, or another such pair",
    fix: FixKind::None,
    judges: Judges::Statement,
    equivalents: &[
        ("access-analyzer", "UNSUPPORTED_ELEMENT_COMBINATION"),
        ("parliament", "MALFORMED"),
        ("cfn-lint", "E3510"),
        ("cfn-lint", "E3512"),
        ("iam-policy-validator", "policy_structure"),
    ],
    scope: &[Scope::Statement(find)],
};

/// Elements that exclude each other.
const PAIRS: [[&str; 2]; 3] = [
    ["Action", "NotAction"],
    ["Resource", "NotResource"],
    ["Principal", "NotPrincipal"],
];

/// Two elements of a statement that exclude each other, in the order in which they stand there.
struct Conflict {
    first: (&'static str, Span),
    second: (&'static str, Span),
    form: Form,
    owner: Option<String>,
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    for [one, other] in PAIRS {
        // Of one that can't be there at all another rule speaks. Where the first can't be, the other can't, either.
        if is_forbidden(site.kind, other) {
            continue;
        }
        let notation = site.document.notation();
        let there = |name: &'static str| {
            let element = statement.element(name)?;
            is_there(context.tree, notation, element.value)
                .then(|| (name, context.content(element.key)))
        };
        let (Some(one), Some(other)) = (there(one), there(other)) else {
            continue;
        };
        let (first, second) = match one.1 <= other.1 {
            true => (one, other),
            false => (other, one),
        };
        facts.push(Conflict {
            first,
            second,
            form: context.policy(site).form,
            owner: context.owner(site).map(str::to_owned),
        });
    }
}

/// Whether an element's value surely is there when AWS sees the policy: it is not worked out to nothing.
fn is_there(tree: &Tree, notation: &dyn Notation, value: NodeId) -> bool {
    let node = tree.resolved(value);
    match tree.view(node) {
        View::Mapping(_) => true,
        View::Sequence(items) => items.iter().any(|item| is_there(tree, notation, *item)),
        View::Scalar(text) => {
            let variable = text.starts_with("${") && text.ends_with('}');
            tree.scalar_type(node) != ScalarType::Null && !variable
        }
        View::Tagged(tag, _) => {
            notation.gives(&tag.name) == Gives::Text && !notation.is_nothing(tree, node)
        }
        View::Alias(_) | View::Invalid => false,
    }
}

impl Fact for Conflict {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let (first, second) = (self.form.name(self.first.0), self.form.name(self.second.0));
        let message = format!(
            "A statement can't have both `{first}` and `{second}`: AWS rejects the policy."
        );
        let help = format!(
            "Keep one of them; to exclude something from `{}`, deny it in a separate statement.",
            self.form.name(match self.first.0.starts_with("Not") {
                true => self.second.0,
                false => self.first.0,
            })
        );
        Finding::new(&RULE, self.second.1, message)
            .help(help)
            .related(self.first.1, "the other element")
            .owner(self.owner.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::check;

    #[test]
    fn each_pair() {
        let messages = check(
            &RULE,
            r#"
Resources:
  Files:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: shop
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {AWS: '111111111111'}
            NotPrincipal: {AWS: '222222222222'}
            ^^^^^^^^^^^^
            NotAction: [s3:PutObject]
            Action: s3:GetObject
            ^^^^^^
            Resource: !Sub arn:aws:s3:::${Bucket}/*
            NotResource: [!Sub 'arn:aws:s3:::${Bucket}/private/*']
            ^^^^^^^^^^^
"#,
            "",
        );
        assert_eq!(
            messages[1],
            "A statement can't have both `NotAction` and `Action`: AWS rejects the policy."
        );
        let messages = check(
            &RULE,
            "data \"aws_iam_policy_document\" \"d\" {
  statement {
    actions       = [\"s3:GetObject\"]
    resources     = [\"arn:aws:s3:::a/*\"]
    not_resources = [\"arn:aws:s3:::a/b\"]
    ^^^^^^^^^^^^^
  }
}
",
            "",
        );
        assert!(messages[0].contains("both `resources` and `not_resources`"));
    }

    #[test]
    fn silent_where_one_may_be_left_out() {
        for not in [
            "!If [Wide, 'iam:*', !Ref AWS::NoValue]",
            "!Ref AWS::NoValue",
            "[!Ref AWS::NoValue]",
            "[]",
            "",
        ] {
            let text = format!(
                "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        \
                 Statement:\n          - Effect: Allow\n            Action: s3:GetObject\n            NotAction: {not}\n            Resource: '*'\n"
            );
            assert_eq!(check(&RULE, &text, ""), Vec::<String>::new(), "{not}");
        }
        for not in ["[]", "var.more", "null", "concat(var.a, var.b)"] {
            let text = format!(
                "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions       = [\"s3:GetObject\"]\n    resources     = [\"*\"]\n    not_resources = {not}\n  }}\n}}\n"
            );
            assert_eq!(check(&RULE, &text, ""), Vec::<String>::new(), "{not}");
        }
        check(
            &RULE,
            "service: shop\nprovider:\n  name: aws\n  iamRoleStatements:\n    - {Effect: Allow, Action: '${self:custom.a, null}', NotAction: 'iam:*', Resource: '*'}\n",
            "",
        );
    }

    #[test]
    fn one_that_cannot_be_there_at_all_is_not_reported_twice() {
        check(
            &RULE,
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        \
             Statement:\n          - {Effect: Allow, Principal: {AWS: '111111111111'}, NotPrincipal: {AWS: '222222222222'}, Action: 'sts:AssumeRole'}\n",
            "",
        );
    }
}
