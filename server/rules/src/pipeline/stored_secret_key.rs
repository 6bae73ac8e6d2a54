//! Finds access keys whose secret is exposed: in Terraform's state, or in the outputs of a stack.
//!
//! Terraform stores the secret of an `aws_iam_access_key` in its state in plain text, and anyone who can read the state
//! has it. With a `pgp_key` only the encrypted secret is stored. The outputs of a stack are visible to anyone who can
//! describe the stack, for as long as it exists. Such a key doesn't expire, so it is better not to need one than to
//! hide it: a CI pipeline can assume a role with its own token.
//!
//! The rule is silent where a `count` decides whether the key exists: the module leaves that choice to its caller.
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   Ci:
//!     Type: AWS::IAM::User
//!   Key:
//!     Type: AWS::IAM::AccessKey
//!     Properties:
//!       UserName: !Ref Ci
//! Outputs:
//!   Secret:
//!     Value: !GetAtt Key.SecretAccessKey
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   Ci:
//!     Type: AWS::IAM::User
//!   Key:
//!     Type: AWS::IAM::AccessKey
//!     Properties:
//!       UserName: !Ref Ci
//!   Secret:
//!     Type: AWS::SecretsManager::Secret
//!     Properties:
//!       SecretString: !GetAtt Key.SecretAccessKey
//! ```

use leastwise_dialects::facts::{Keeper, StoredSecret};
use leastwise_model::Level;
use leastwise_model::text::Text;

use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "stored-secret-key",
    group: Group::Pipeline,
    level: Level::Warning,
    since: "0.1.0",
    summary: "An access key whose secret is exposed",
    fix: FixKind::None,
    judges: Judges::Place,
    equivalents: &[],
    scope: &[Scope::File(find)],
};

fn find(context: &Context<'_>, facts: &mut Facts<'_>) {
    let analysis = context.analysis;
    let values = |text: &Text| analysis.values(context.tree, text);
    let stored = analysis.state().stored_secrets(context.tree, &values);
    for secret in stored {
        facts.push(Stored(secret));
    }
}

/// A key whose secret is kept in the open.
struct Stored(StoredSecret);

impl Fact for Stored {
    fn finding(&self, context: &Context<'_>) -> Finding {
        let Stored(StoredSecret { key, keeper, node }) = self;
        let at = context.content(*node);
        match keeper {
            Keeper::State(tool) => {
                let message = format!(
                    "{tool} stores the secret of this key in its state: anyone who can read the state has the key."
                );
                Finding::new(&RULE, at, message)
                    .help(format!("Give it a `pgp_key`, create the key outside {tool}, or assume a role instead."))
                    .owner(Some(key))
            }
            Keeper::Output => {
                let message = format!(
                    "The stack outputs the secret of `{key}`: anyone who can describe the stack has the key."
                );
                Finding::new(&RULE, at, message)
                    .help("Store it in Secrets Manager, or assume a role instead.")
                    .owner(Some(key))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check};

    #[track_caller]
    fn terraform(body: &str, findings: usize) {
        let text =
            format!("resource \"aws_iam_access_key\" \"ci\" {{\n  user = \"ci\"\n{body}}}\n");
        let found = Fixture::among(&[("main.tf", &text, "")]).findings(&RULE);
        assert_eq!(found.len(), findings, "{text}\n{found:#?}");
        if let Some(found) = found.first() {
            assert_eq!(text.get(found.span.range()), Some("ci"));
        }
    }

    #[test]
    fn in_terraforms_state() {
        terraform("", 1);
        terraform("  pgp_key = \"\"\n", 1);
        terraform("  pgp_key = \"keybase:acme\"\n", 0);
        terraform("  pgp_key = var.pgp_key\n", 0);
        terraform("  count = var.key ? 1 : 0\n", 0);
        terraform("  count = 0\n", 0);
        terraform("  count = 1\n", 1);
        terraform("  count = length(var.keys)\n", 0);
        for (default, count, findings) in [
            (true, "var.on ? 1 : 0", 1),
            (true, "var.on ? 0 : 1", 0),
            (false, "var.on ? 1 : 0", 0),
            (false, "var.on ? 0 : 1", 1),
            (true, "var.on ? var.n : 0", 0),
            (true, "local.on ? 1 : 0", 0),
        ] {
            let variable = format!("}}\nvariable \"on\" {{\n  default = {default}\n");
            terraform(&format!("  count = {count}\n{variable}"), findings);
        }
        terraform("  for_each = toset([\"a\", \"b\"])\n", 1);
        let read = "data \"aws_iam_access_key\" \"ci\" {\n  user = \"ci\"\n}\nresource \"aws_iam_user\" \"ci\" {}\n";
        assert!(Fixture::new(read, "").findings(&RULE).is_empty());
        let data = "data \"aws_iam_access_keys\" \"ci\" {\n  user = \"ci\"\n}\nresource \"aws_iam_user\" \"ci\" {\n  name = \"ci\"\n}\n";
        assert!(
            Fixture::among(&[("main.tf", data, "")])
                .findings(&RULE)
                .is_empty()
        );
    }

    #[test]
    fn only_of_the_file_itself() {
        let key = "resource \"aws_iam_access_key\" \"ci\" {\n  user = \"ci\"\n}\n";
        let other = "resource \"aws_iam_user\" \"ci\" {\n  name = \"ci\"\n}\n";
        let files = [("main.tf", other, ""), ("key.tf", key, "")];
        assert!(Fixture::among(&files).findings(&RULE).is_empty());
        let of_module =
            |text: &str, other: &str| Fixture::of_module(text, other, "").findings(&RULE).len();
        assert_eq!(of_module(other, key), 0);
        assert_eq!(of_module(key, other), 1);
    }

    #[test]
    fn in_what_a_stack_puts_out() {
        let template = "\
Resources:
  Key:
    Type: AWS::IAM::AccessKey
    Properties: {UserName: ci}
  Thing:
    Type: Custom::Thing
Outputs:
  Id: {Value: !Ref Key}
  Status: {Value: !GetAtt Key.Status}
  Pair:
    Value: !Sub 'id:${Key.SecretAccessKey}'
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  Listed: {Value: {'Fn::GetAtt': [Key, SecretAccessKey]}}
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  Other: {Value: !GetAtt Thing.SecretAccessKey}
  Nobody: {Value: !GetAtt Missing.SecretAccessKey}
  Serial: {Value: !GetAtt Key.Serial}
";
        check(&RULE, template, "");
        // Those of a Serverless service stand among its resources.
        let service = "\
service: shop
provider: {name: aws}
resources:
  Resources:
    Key:
      Type: AWS::IAM::AccessKey
      Properties: {UserName: ci}
  Outputs:
    Secret: {Value: !GetAtt Key.SecretAccessKey}
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^
";
        check(&RULE, service, "");
    }
}
