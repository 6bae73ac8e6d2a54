//! Finds text that isn't valid JSON or YAML.
//!
//! AWS rejects a document that can't be parsed. Whatever can still be parsed is checked all the same. Files without any word of
//! a policy's are left to other tools.
//!
//! ## Example
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow"
//!       "Action": "s3:GetObject",
//!       "Resource": "arn:aws:s3:::shop-data/*"
//!     }
//!   ]
//! }
//! ```
//!
//! ## Fixed
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": "s3:GetObject",
//!       "Resource": "arn:aws:s3:::shop-data/*"
//!     }
//!   ]
//! }
//! ```

use leastwise_dialects::may_be_filled;
use leastwise_model::{Level, Policy, Site};
use leastwise_syntax::{ProblemKind, Span};
use leastwise_workspace::load::is_of_interest;

use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "syntax-error",
    group: Group::Format,
    level: Level::Error,
    since: "0.1.0",
    summary: "A file with invalid syntax",
    fix: FixKind::None,
    judges: Judges::Statement,
    equivalents: &[
        ("access-analyzer", "JSON_SYNTAX_ERROR"),
        ("parliament", "MALFORMED_JSON"),
        ("cfn-lint", "E0000"),
    ],
    scope: &[Scope::File(find), Scope::Policy(find_in_policy)],
};

/// What keeps a file from being checked as a whole.
enum Unread {
    /// It can't be read here; what is wrong, the reader has said.
    Broken { at: Span, what: String },
    /// It is filled in by another tool.
    Templated(Span),
    /// It may be well, but is nested deeper than is read; how deep that is, the reader has said.
    Deep { at: Span, what: String },
    /// Loops stand in each other too deep.
    Loops(Span),
    /// Variables stand for too much.
    Variables(Span),
}

fn find(context: &Context<'_>, facts: &mut Facts<'_>) {
    let source = context.tree.source();
    if !context.analysis.dialect.has_policies() && !looks_like_a_policy(source) {
        return;
    }
    let mut templated = false;
    let mut problems = context.tree.problems();
    if !problems.is_empty() && !is_of_interest(source) {
        problems = &[];
    }
    for problem in problems {
        match problem.kind {
            ProblemKind::UnquotedStar => {}
            ProblemKind::Templated if templated || is_of_module(context) => {}
            ProblemKind::Templated => {
                templated = true;
                facts.push(Unread::Templated(problem.span));
            }
            ProblemKind::TooDeep => facts.push(Unread::Deep {
                at: problem.span,
                what: problem.message.clone(),
            }),
            _ => facts.push(Unread::Broken {
                at: problem.span,
                what: problem.message.clone(),
            }),
        }
    }
    // What of a file isn't followed since there is too much of it is said once.
    if let Some(key) = context.analysis.state().too_deep(context.tree) {
        facts.push(Unread::Loops(context.span(key)));
    }
}

/// By policy, so that an edit costs what it changes: this needs the policies' texts.
fn find_in_policy(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Facts<'_>) {
    if policy.is_cut {
        facts.push(Unread::Variables(context.span(site.document.node)));
    }
}

impl Fact for Unread {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let (at, message) = match self {
            Unread::Broken { at, what } => return Finding::new(&RULE, *at, what.clone()),
            Unread::Deep { at, what } => (at, what.as_str()),
            Unread::Templated(at) => (
                at,
                "This file is a template: the parts that rendering fills in aren't checked.",
            ),
            Unread::Loops(at) => (
                at,
                "Loops are nested more than 5 deep here: what this one produces isn't checked.",
            ),
            Unread::Variables(at) => (
                at,
                "The variables of this policy expand to more than 1 MiB: anything beyond that isn't checked.",
            ),
        };
        Finding::new(&RULE, *at, message).level(Level::Suggestion)
    }
}

/// Whether a module of Terraform around the file renders it: then it is read with the module, and is no template that
/// nobody knows the values of.
fn is_of_module(context: &Context<'_>) -> bool {
    let analysis = context.analysis;
    may_be_filled(&analysis.path, &*analysis.files)
}

/// A file in which nothing could be read any more may still be meant as a policy. Other broken files are none of our
/// business.
fn looks_like_a_policy(source: &str) -> bool {
    source.contains("Statement") && source.contains("Effect") && source.contains("Action")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use leastwise_model::{Level, files};
    use leastwise_syntax::{Format, Tree};
    use leastwise_workspace::Analysis;

    use super::RULE;
    use crate::rule::FilePart;
    use crate::tests::fixture::{Fixture, check};
    use crate::walk::walk;

    fn found(context: &Context<'_>) -> Vec<Finding> {
        let parts = [FilePart::File, FilePart::Policies];
        let found = parts.map(|part| walk(context, &[&RULE], part));
        found.into_iter().flatten().flatten().collect()
    }
    use crate::{Context, Finding};

    #[test]
    fn loops_in_more_loops_than_are_followed_are_told_once() {
        let nested = |depth: usize| {
            let mut inner = "Topic: {Type: AWS::SNS::Topic}".to_owned();
            for at in (1..=depth).rev() {
                inner = format!("'Fn::ForEach::L{at}': [V{at}, [a, b], {{{inner}}}]");
            }
            format!(
                "Transform: AWS::LanguageExtensions
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement: {{Effect: Allow, Action: 's3:GetObject', Resource: '*'}}
  {inner}
"
            )
        };
        assert!(check(&RULE, &nested(5), "").is_empty());
        let fixture = Fixture::new(&nested(8), "");
        let found = fixture.findings(&RULE);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].message.contains("5 deep"));
        assert_eq!(found[0].level, leastwise_model::Level::Suggestion);
    }

    #[test]
    fn variables_that_multiply_are_told_once() {
        let service = |wide: usize, deep: usize| {
            let mut text = String::from(
                "service: shop\nprovider:\n  name: aws\n  iam:\n    role:\n      statements: ${self:custom.a0}\ncustom:\n",
            );
            for at in 0..deep {
                let next = format!("    - ${{self:custom.a{}}}\n", at + 1);
                text += &format!("  a{at}:\n{}", next.repeat(wide));
            }
            text + &format!(
                "  a{deep}:\n    - Effect: Allow\n      Action: s3:GetObject\n      Resource: '*'\n"
            )
        };
        let told = |text: &str| {
            let tree = Tree::parse(text.to_owned(), Format::Yaml);
            let analysis =
                leastwise_workspace::Analysis::new(&tree, "serverless.yml", Arc::default());
            let context = Context::new(&tree, &analysis);
            let statements = context.statements().count();
            (statements, found(&context).len())
        };
        assert_eq!(told(&service(2, 6)), (64, 0));
        let (statements, notes) = told(&service(8, 12));
        assert!(statements < 100_000, "{statements}");
        assert_eq!(notes, 1);
    }

    #[test]
    fn what_is_nested_too_deep_is_no_error() {
        for (open, close) in [("", ""), ("{\"x\": ", "}")] {
            let nested = |depth: usize| {
                let deep = format!("{open}{}{}{close}", "[".repeat(depth), "]".repeat(depth));
                format!(
                    r#"{{"Metadata": {deep}, "Resources": {{"P": {{"Type": "AWS::IAM::ManagedPolicy", "Properties": {{"PolicyDocument": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}]}}}}}}}}}}"#
                )
            };
            for format in [Format::Json, Format::Yaml] {
                let told = |depth: usize| {
                    let tree = Tree::parse(nested(depth), format);
                    let analysis =
                        leastwise_workspace::Analysis::new(&tree, "template", Arc::default());
                    found(&Context::new(&tree, &analysis))
                };
                assert!(told(150).is_empty());
                let told = told(250);
                assert_eq!(told.len(), 1, "{told:?}");
                assert_eq!(told[0].level, Level::Suggestion);
                assert_eq!(
                    told[0].message,
                    "This is nested deeper than 200 levels: it is not read."
                );
            }
        }
    }

    #[test]
    fn a_template_of_another_tool_gets_one_note() {
        let messages = check(
            &RULE,
            "Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      {% if boundary %}
#     ^^^^^^^^^^^^^^^^^
      PermissionsBoundary: boundary
      {% endif %}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: {Effect: Allow, Action: 's3:GetObject', Resource: '*'}
    {% if tags %}
      Tags: []
    {% endif %}
",
            "",
        );
        assert!(
            messages[0].contains("This file is a template"),
            "{messages:?}"
        );
    }

    /// A module in the folder above.
    #[derive(Debug)]
    struct Module(&'static str);

    impl files::Files for Module {
        fn tree(&self, _: &str) -> Option<Arc<Tree>> {
            None
        }

        fn text(&self, path: &str) -> Option<Arc<str>> {
            (path == "iam/main.tf").then(|| Arc::from(self.0))
        }

        fn list(&self, folder: &str) -> Vec<String> {
            match folder {
                "iam" => vec!["main.tf".to_owned(), "notes.md".to_owned()],
                _ => Vec::new(),
            }
        }

        fn stamp(&self) -> u64 {
            0
        }
    }

    impl leastwise_workspace::analysis::index::IndexedFiles for Module {}

    #[test]
    fn a_template_that_a_module_renders_gets_none() {
        let text = "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": ${arns}}]}";
        let notes = |module: &'static str| {
            let tree = Tree::parse(text.to_owned(), Format::Json);
            let files = Arc::new(Module(module));
            let path = "iam/policies/read.json";
            let analysis = Analysis::with_memo(&tree, path, Arc::default(), files, Arc::default());
            found(&Context::new(&tree, &analysis)).len()
        };
        assert_eq!(
            notes("p = templatefile(\"${path.module}/policies/read.json\", {})"),
            0
        );
        assert_eq!(
            notes("p = templatefile(\"${path.module}/policies/write.json\", {})"),
            1
        );
        assert_eq!(notes("p = file(\"${path.module}/policies/read.json\")"), 1);
    }

    #[test]
    fn files_without_policies_are_left_alone() {
        check(&RULE, "name: [unclosed\nother: 1\n", "");
        // A template, but none of ours.
        let template = |more: &str| {
            format!(
                "Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n    Properties:\n      Tags: [unclosed\n{more}"
            )
        };
        check(&RULE, &template(""), "");
        let of_interest = template("  Role:\n    Type: AWS::IAM::Role\n");
        assert_eq!(Fixture::new(&of_interest, "").findings(&RULE).len(), 1);
    }

    #[test]
    fn one_message_for_one_slip() {
        check(
            &RULE,
            "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: [s3:GetObject
#           ^
    Resource: '*'
",
            "",
        );
    }
}
