//! Finds IAM's policy variables in a text that `Fn::Sub` fills in.
//!
//! `Fn::Sub` takes each `${…}` for a parameter or resource of the template. `${aws:username}` and its like are none, so
//! that CloudFormation refuses the template ("Unresolved resource dependencies"). `${!aws:username}` is left alone and
//! reaches IAM as `${aws:username}`.
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   HomePolicy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: s3:GetObject
//!             Resource: !Sub 'arn:${AWS::Partition}:s3:::shop-data/${aws:username}/*'
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   HomePolicy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: s3:GetObject
//!             Resource: !Sub 'arn:${AWS::Partition}:s3:::shop-data/${!aws:username}/*'
//! ```

use leastwise_syntax::write::Edit;
use leastwise_syntax::{NodeId, Span, View};
use leastwise_workspace::dialect::Dialect;
use leastwise_workspace::model::Policy;
use leastwise_workspace::text::is_policy_variable;
use leastwise_workspace::{Level, Site};

use super::walk::nodes;
use crate::facts::{self, Fact};
use crate::{Context, Finding, Findings, Fix, FixKind, Group, Rule, Safety};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unescaped-policy-variable",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A policy variable that `Fn::Sub` takes for one of its own",
    fix: FixKind::Safe,
    equivalents: &[],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    // The Serverless Framework fills its own `${aws:…}` in before `Fn::Sub` sees the text.
    if matches!(
        context.analysis.dialect,
        Dialect::CloudFormation | Dialect::Sam
    ) {
        facts::of_policies(context, findings, find);
    }
}

/// A policy variable in a text of `Fn::Sub`.
struct Unescaped {
    /// The scalar, and where in its decoded text the name begins.
    node: NodeId,
    at: usize,
    name: String,
    span: Span,
    owner: Option<String>,
}

fn find(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Vec<Unescaped>) {
    let tree = context.tree;
    for node in nodes(tree, policy.node) {
        let View::Tagged(tag, argument) = tree.view(node) else {
            continue;
        };
        if tag.name != "Fn::Sub" {
            continue;
        }
        let argument = tree.aliased(argument);
        let (scalar, values) = match tree.view(argument) {
            View::Sequence(&[text, values]) => (tree.aliased(text), Some(values)),
            _ => (argument, None),
        };
        let View::Scalar(text) = tree.view(scalar) else {
            continue;
        };
        let given = |name: &str| values.is_some_and(|values| tree.get(values, name).is_some());
        for (open, _) in text.match_indices("${") {
            let rest = text.get(open + 2..).unwrap_or_default();
            let Some((name, _)) = rest.split_once('}') else {
                continue;
            };
            // `${!…}` is what is wanted.
            if !name.starts_with('!') && is_policy_variable(name.trim()) && !given(name) {
                facts.push(Unescaped {
                    node: scalar,
                    at: open + 2,
                    name: name.trim().to_owned(),
                    span: tree.source_span(scalar, open..open + name.len() + 3),
                    owner: context.owner(site).map(str::to_owned),
                });
            }
        }
    }
}

impl Fact for Unescaped {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let name = &self.name;
        let message = format!(
            "`Fn::Sub` looks for a parameter or resource `{name}`, which there is not: CloudFormation refuses the template."
        );
        let (node, at) = (self.node, self.at);
        Finding::new(&RULE, self.span, message)
            .help(format!(
                "Write `${{!{name}}}`, which reaches IAM as `${{{name}}}`."
            ))
            .owner(self.owner.as_deref())
            .fix(format!("Write ${{!{name}}}"), Safety::Safe, move |_| {
                Some(Fix::new(vec![Edit::SetPart {
                    node,
                    part: at..at,
                    text: "!".to_owned(),
                }]))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{check, mend};

    fn template(resource: &str) -> String {
        format!(
            "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        \
             Statement:\n          - Effect: Allow\n            Action: s3:GetObject\n            Resource: {resource}\n"
        )
    }

    #[test]
    fn in_each_form_of_the_function() {
        let messages = check(
            &RULE,
            r#"
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: s3:GetObject
            Resource:
              - !Sub arn:aws:s3:::${Files}/${aws:username}/${aws:userid}
                                           ^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^
              - Fn::Sub: ['arn:aws:s3:::${Name}/${saml:sub}', {Name: !Ref Files}]
                                                ^^^^^^^^^^^
              - !Sub 'arn:aws:s3:::files/${*}'
                                         ^^^^
  Q:
    Type: AWS::SQS::QueuePolicy
    Properties:
      PolicyDocument: !Sub '{"Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:*:*:${aws:username}"}}'
                                                                                                              ^^^^^^^^^^^^^^^
"#,
            "",
        );
        assert_eq!(
            messages[0],
            "`Fn::Sub` looks for a parameter or resource `aws:username`, which there is not: CloudFormation refuses the template."
        );
    }

    #[test]
    fn silent_on_what_is_in_order() {
        for resource in [
            "!Sub 'arn:aws:s3:::${Files}/${!aws:username}'",
            "!Sub 'arn:${AWS::Partition}:s3:::${Files.Name}/*'",
            "'arn:aws:s3:::files/${aws:username}'",
            "!Sub ['arn:aws:s3:::files/${aws:username}', {'aws:username': me}]",
            "!Join ['', ['arn:aws:s3:::files/${aws:username}']]",
            "!Sub 'arn:aws:s3:::files/${aws:username'",
        ] {
            let text = template(resource);
            assert_eq!(check(&RULE, &text, ""), Vec::<String>::new(), "{resource}");
        }
        check(
            &RULE,
            "service: shop\nprovider:\n  name: aws\n  iamRoleStatements:\n    - {Effect: Allow, Action: 's3:GetObject', Resource: !Sub 'arn:aws:s3:::${aws:accountId}/*'}\n",
            "",
        );
    }

    #[test]
    fn each_variable_is_escaped() {
        assert_eq!(
            mend(
                &RULE,
                &template("!Sub arn:aws:s3:::${Files}/${aws:username}/${aws:userid}"),
                ""
            ),
            template("!Sub arn:aws:s3:::${Files}/${!aws:username}/${!aws:userid}")
        );
    }
}
