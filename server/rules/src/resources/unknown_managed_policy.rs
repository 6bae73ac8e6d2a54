//! Finds managed policies that don't exist, and names where an ARN is expected.
//!
//! An AWS managed policy is identified by its full ARN, and the path is part of it: `AWSLambdaBasicExecutionRole` is
//! under `service-role/`. AWS can't attach what doesn't exist, so the deployment fails at that role. Terraform's `data
//! "aws_iam_policy"` looks it up earlier, by its ARN or its name, and stops.
//!
//! A name that resembles no known one is only a warning: it may be newer than the catalog.
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   Orders:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       ManagedPolicyArns:
//!         - arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole
//! ```
//!
//! ```yaml
//! Resources:
//!   Orders:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       ManagedPolicyArns:
//!         - AmazonS3ReadOnlyAccess
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   Orders:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       ManagedPolicyArns:
//!         - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
//! ```
//!
//! ```yaml
//! Resources:
//!   Orders:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       ManagedPolicyArns:
//!         - arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess
//! ```

use std::ops::Range;

use leastwise_catalog::catalog;
use leastwise_dialects::entries::TransformLists;
use leastwise_model::text::{Part, Text};
use leastwise_model::{Attached, BoundBy, Branch, Level, LookUp, Owner, OwnerKind};
use leastwise_policy::Pattern;
use leastwise_syntax::write::Edit;
use leastwise_syntax::{NodeId, Span};

use crate::support::attached::{Wrong, named, of_aws, wrong};
use crate::support::managed::managed;
use crate::{Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, Rule, Safety, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unknown-managed-policy",
    group: Group::Resources,
    level: Level::Error,
    since: "0.1.0",
    summary: "An AWS managed policy that doesn't exist",
    fix: FixKind::Unsafe,
    judges: Judges::Place,
    equivalents: &[],
    scope: &[Scope::Owner(find)],
};

/// An attachment that AWS refuses.
struct Unknown {
    at: Span,
    what: What,
    /// What to write, where in a scalar.
    place: Option<(NodeId, Range<usize>, String)>,
    /// What AWS refuses to do.
    refused: &'static str,
    owner: String,
}

enum What {
    /// A path and name that AWS doesn't have.
    Arn(String, Wrong),
    /// The name of a policy where an ARN belongs.
    Name(String),
    /// An ARN that is put together wrong, what is wrong with it, and the right one.
    Shape(String, &'static str, String),
    /// A name that the transform of a list doesn't know, the nearest that it does, and what the transform is called.
    OfList(String, String, &'static str),
    /// A name that a data source looks for, and the nearest of AWS's.
    LookedFor(String, String),
}

impl What {
    /// Whether it is plain which policy was meant. Of two near ones, one is wrong; and that it is to allow everything, or all
    /// that a service has, somebody has to say.
    fn is_plain(&self) -> bool {
        let (written, near) = match self {
            What::Arn(path, Wrong::Near(near)) => (path, near),
            What::OfList(name, near, _) | What::LookedFor(name, near) => (name, near),
            What::Arn(_, Wrong::Path(right)) | What::Shape(_, _, right) => (right, right),
            What::Name(name) => (name, name),
            What::Arn(_, Wrong::New(_)) => return false,
        };
        let written = written.rsplit('/').next().unwrap_or_default();
        let near = near.rsplit('/').next().unwrap_or_default();
        let named = near.ends_with("FullAccess") || near.ends_with("AdministratorAccess");
        let policy = catalog().managed_policy(near);
        let is_whole = named || policy.is_some_and(|policy| managed(policy).is_whole);
        let only = || catalog().suggest_managed_policies(written, 2).len() == 1;
        !is_whole && (near == written || only())
    }
}

fn find(context: &Context<'_>, _: usize, owner: &Owner, facts: &mut Facts<'_>) {
    if let Some(looks_up) = &owner.looks_up
        && let Some(what) = looked_up(context, owner, looks_up)
    {
        facts.push(Unknown {
            at: context.text_span(looks_up.text()),
            place: place(context, looks_up.text(), &what),
            what,
            refused: "look it up",
            owner: owner.label.clone(),
        });
    }
    let told = |attached: &&Attached| !is_looked_up(context, attached);
    for attached in owner.attached.iter().filter(told) {
        let Some(what) = what(context, owner, attached) else {
            continue;
        };
        facts.push(Unknown {
            at: context.text_span(&attached.arn),
            place: place(context, &attached.arn, &what),
            what,
            refused: "attach it",
            owner: owner.label.clone(),
        });
    }
    for bound in &owner.bounds {
        let BoundBy::Arn(arn) = &bound.by else {
            continue;
        };
        let attached = Attached {
            arn: arn.clone(),
            branch: Branch::new(),
            is_granted_already: false,
        };
        let Some(what) = what(context, owner, &attached) else {
            continue;
        };
        if matches!(what, What::OfList(..)) {
            continue;
        }
        facts.push(Unknown {
            at: context.text_span(arn),
            place: place(context, arn, &what),
            what,
            refused: "use it as a boundary",
            owner: owner.label.clone(),
        });
    }
}

fn what(context: &Context<'_>, owner: &Owner, attached: &Attached) -> Option<What> {
    let text = &attached.arn;
    if let Some(name) = text
        .literal(context.tree)
        .filter(|text| !text.contains(':'))
    {
        let lists = context.analysis.state().lists();
        let of_type = |lists: &&TransformLists| lists.types.contains(&owner.type_name.as_str());
        let Some(lists) = lists.filter(of_type) else {
            let known = catalog().managed_policy(name);
            return known.map(|_| What::Name(name.to_owned()));
        };
        // A transform takes names, too, and those that it knows are none here; a policy template is another fault.
        if catalog().policy_template(name).is_some() {
            return None;
        }
        let near = catalog().suggest_managed_policies(name, 1);
        let near = near.first()?.name().to_owned();
        return Some(What::OfList(name.to_owned(), near, lists.tool));
    }
    of_arns(&named(context, attached))
}

/// What is wrong with the policy that a data source looks up.
fn looked_up(context: &Context<'_>, owner: &Owner, looks_up: &LookUp) -> Option<What> {
    let attached = Attached {
        arn: looks_up.text().clone(),
        branch: Branch::new(),
        is_granted_already: false,
    };
    let named = named(context, &attached);
    if let LookUp::Arn(_) = looks_up {
        return of_arns(&named);
    }
    let [name] = named.as_slice() else {
        return None;
    };
    let name = name.as_literal()?;
    // The account may have one that is called so.
    let kind = OwnerKind::ManagedPolicy;
    let mut own = context.analysis.owners.iter();
    let is_own = own.any(|other| other.kind == kind && other.names.contains(&name));
    let index = context.analysis.index();
    let is_elsewhere = index.is_some_and(|index| index.owners(kind, &name).next().is_some());
    if owner.dynamic || is_own || is_elsewhere {
        return None;
    }
    let near = match wrong(&name)? {
        Wrong::Path(right) | Wrong::Near(right) => right,
        Wrong::New(_) => return None,
    };
    let near = near.rsplit('/').next().unwrap_or_default();
    (near != name).then(|| What::LookedFor(name.clone(), near.to_owned()))
}

/// Whether an attachment names a policy by a data source of the file, which is told of by itself.
fn is_looked_up(context: &Context<'_>, attached: &Attached) -> bool {
    let [Part::Variable { name, .. }] = attached.arn.parts.as_slice() else {
        return false;
    };
    let mut owners = context.analysis.owners.iter();
    name.strip_suffix(".arn")
        .is_some_and(|name| owners.any(|owner| owner.looks_up.is_some() && owner.label == name))
}

fn of_arns(named: &[Pattern]) -> Option<What> {
    named.iter().find_map(|arn| {
        if let Some(shape) = misshapen(arn) {
            return Some(shape);
        }
        let path = of_aws(arn)?;
        let wrong = wrong(&path)?;
        Some(What::Arn(path, wrong))
    })
}

/// An ARN of a policy of AWS without the account `aws`, with colons too many, too few or elsewhere, or with `policies/` for
/// `policy/`; and as it is right.
fn misshapen(arn: &Pattern) -> Option<What> {
    const PARTS: usize = 6;
    let written = arn.as_literal()?;
    let count = written.split(':').count();
    let parts: Vec<&str> = written.split(':').filter(|part| !part.is_empty()).collect();
    let (partition, account, resource) = match parts.as_slice() {
        ["arn", partition, "iam", resource] => (partition, None, resource),
        ["arn", partition, "iam", "aws", resource] => (partition, Some("aws"), resource),
        _ => return None,
    };
    let plural = resource.strip_prefix("policies/");
    let path = plural.or_else(|| resource.strip_prefix("policy/"))?;
    let fault = match account {
        None => "has no account, which must be `aws`",
        _ if count > PARTS => "has one colon too many",
        _ if count < PARTS => "has one colon too few",
        _ if !written.contains(":iam::aws:") => "has a colon in the wrong place",
        _ if plural.is_some() => "has `policies/` instead of `policy/`",
        _ => return None,
    };
    let policy = catalog().managed_policy(path.rsplit('/').next()?)?;
    let (_, right) = policy.arn().split_once(":policy/")?;
    let right = format!("arn:{partition}:iam::aws:policy/{right}");
    Some(What::Shape(written, fault, right))
}

/// Where the wrong part is written, if it stands in one literal, and what belongs there.
fn place(
    context: &Context<'_>,
    text: &Text,
    what: &What,
) -> Option<(NodeId, Range<usize>, String)> {
    let Some(Part::Literal { node, start, end }) = text.parts.last() else {
        return None;
    };
    let (start, end) = (*start as usize, *end as usize);
    let own = context.tree.text(*node)?.get(start..end)?;
    let (tail, meant) = match what {
        What::Arn(path, Wrong::Path(right) | Wrong::Near(right)) => (path.as_str(), right.clone()),
        What::Arn(..) => return None,
        What::Name(name) => {
            let policy = catalog().managed_policy(name)?;
            (name.as_str(), policy.arn().to_owned())
        }
        What::OfList(name, near, _) | What::LookedFor(name, near) => (name.as_str(), near.clone()),
        What::Shape(written, _, right) => (written.as_str(), right.clone()),
    };
    let from = own.len().checked_sub(tail.len())?;
    own.ends_with(tail)
        .then_some((*node, start + from..end, meant))
}

impl Fact for Unknown {
    fn finding(&self, context: &Context<'_>) -> Finding {
        let date = catalog().date();
        let refused = self.refused;
        let (message, help, level) = match &self.what {
            What::Arn(path, Wrong::Path(right)) if right.eq_ignore_ascii_case(path) => (
                format!(
                    "AWS has no managed policy `{path}` and can't {refused}: its name is case-sensitive."
                ),
                format!("Write `policy/{right}`."),
                Level::Error,
            ),
            What::Arn(path, Wrong::Path(right)) => (
                format!(
                    "AWS has no managed policy `{path}` and can't {refused}: the path is part of its ARN."
                ),
                format!("Write `policy/{right}`."),
                Level::Error,
            ),
            What::Arn(path, Wrong::Near(right)) => (
                format!("AWS has no managed policy `{path}` and can't {refused}."),
                format!("Did you mean `{right}`?"),
                Level::Error,
            ),
            What::Arn(path, Wrong::New(other)) => (
                format!(
                    "AWS has no managed policy `{path}` as of {date}: unless it is newer, AWS can't {refused}."
                ),
                match other {
                    Some(other) => format!("Check the name: AWS has `{other}`."),
                    None => "Check its ARN in the list of AWS managed policies.".to_owned(),
                },
                Level::Warning,
            ),
            What::Name(name) => (
                format!(
                    "`{name}` is the name of a managed policy where its ARN is expected: AWS rejects it."
                ),
                "Write the ARN.".to_owned(),
                Level::Error,
            ),
            What::Shape(_, fault, right) => (
                format!("This ARN of an AWS managed policy {fault}: AWS can't {refused}."),
                format!("Write `{right}`."),
                Level::Error,
            ),
            What::LookedFor(name, near) => (
                format!(
                    "AWS has no managed policy named `{name}`: unless the account has one, {} fails.",
                    context.analysis.dialect.tool().name
                ),
                format!("Did you mean `{near}`?"),
                Level::Warning,
            ),
            What::OfList(name, near, tool) => (
                format!(
                    "`{name}` is neither an AWS managed policy nor a {tool} policy template: the deployment fails."
                ),
                format!("Did you mean `{near}`?"),
                Level::Error,
            ),
        };
        let finding = Finding::new(&RULE, self.at, message)
            .level(level)
            .help(help)
            .owner(Some(&self.owner));
        let Some((node, part, text)) = self.place.clone() else {
            return finding;
        };
        let title = format!("Replace with {text}");
        finding.fix(title, Safety::changes(self.what.is_plain()), move |_| {
            let edit = Edit::SetPart {
                node,
                part: part.clone(),
                text: text.clone(),
            };
            Some(Fix::new(vec![edit]).adds([format!("what {text} allows")]))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check, fixed_text};
    use leastwise_model::Level;

    #[test]
    fn in_templates() {
        let messages = check(
            &RULE,
            r#"
Resources:
  Orders:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
        - !Sub arn:${AWS::Partition}:iam::aws:policy/AWSLambdaVPCAccessExecutionRole
               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        - arn:aws-cn:iam::aws:policy/AmazonS3FullAcess
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        - ReadOnlyAccess
          ^^^^^^^^^^^^^^
        - arn:aws:iam::aws:policy/AmazonShoeFactoryLaceAccess
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        - arn:aws:iam::111111111111:policy/Ours
        - !Ref Policy
        - !Sub arn:aws:iam::aws:policy/${Name}
        - ours
"#,
            "",
        );
        for (message, part) in messages.iter().zip([
            "the path is part of its ARN",
            "no managed policy `AmazonS3FullAcess`",
            "is the name of a managed policy",
            "as of 20",
        ]) {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn data_sources() {
        let messages = check(
            &RULE,
            r#"data "aws_iam_policy" "a" {
  arn = "arn:aws:iam::aws:policy/AmazonS3FullAcess"
         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
}
data "aws_iam_policy" "b" {
  arn = "arn:${data.aws_partition.p.partition}:iam::aws:policy/AmazonS3FullAccess"
}
data "aws_iam_policy" "c" {
  name = "ReadOnlyAcess"
          ^^^^^^^^^^^^^
}
data "aws_iam_policy" "d" {
  name = "readonlyaccess"
          ^^^^^^^^^^^^^^
}
# The path is no part of a name.
data "aws_iam_policy" "e" {
  name = "AWSLambdaBasicExecutionRole"
}
data "aws_iam_policy" "f" {
  name = "shop-readonly"
}
data "aws_iam_policy" "g" {
  name = "AdministratorAcess"
}
resource "aws_iam_policy" "own" {
  name   = "AdministratorAcess"
  policy = "{}"
}
data "aws_iam_policy" "h" {
  name = var.name
}
data "aws_iam_policy" "i" {
  arn = "AmazonS3FullAcess"
}
data "aws_iam_policy" "j" {
  arn = "arn:aws:iam::111111111111:policy/AmazonS3FullAcess"
}
data "aws_iam_role" "k" {
  name = "ReadOnlyAcess"
}
# It is told of where it is looked up.
resource "aws_iam_role_policy_attachment" "a" {
  role       = "x"
  policy_arn = data.aws_iam_policy.a.arn
}
resource "aws_iam_role_policy_attachment" "b" {
  role       = "x"
  policy_arn = data.aws_iam_policy.elsewhere.arn
}
"#,
            "",
        );
        for (message, part) in messages.iter().zip([
            "no managed policy `AmazonS3FullAcess` and can't look it up",
            "named `ReadOnlyAcess`",
            "named `readonlyaccess`",
        ]) {
            assert!(message.contains(part), "{message}");
        }
        for (name, wrong, right) in [
            (
                "arn",
                "arn:aws:iam::aws:policy/AmazonS3FullAcess",
                "arn:aws:iam::aws:policy/AmazonS3FullAccess",
            ),
            ("name", "ReadOnlyAcess", "ReadOnlyAccess"),
        ] {
            let text = |value: &str| {
                format!("data \"aws_iam_policy\" \"a\" {{\n  {name} = \"{value}\"\n}}\n")
            };
            assert_eq!(fixed_text(&RULE, &text(wrong), ""), text(right));
            // Also where somebody asks for fixes at that place, and with other files around.
            let fixture = Fixture::new(&text(wrong), "");
            let at = text(wrong)
                .find("Acess")
                .and_then(|at| u32::try_from(at).ok());
            let place = leastwise_syntax::Span::empty(at.unwrap());
            let near = crate::Incremental::default().check_at(&fixture.context(), place);
            assert_eq!(near[0].fixes(&fixture.context()).len(), 1);
            let own = format!(
                "resource \"aws_iam_policy\" \"own\" {{\n  name   = \"{wrong}\"\n  policy = \"{{}}\"\n}}\n"
            );
            let among = Fixture::among(&[("a.tf", &text(wrong), ""), ("other/b.tf", &own, "")]);
            assert_eq!(among.findings(&RULE).len(), usize::from(name == "arn"));
        }
    }

    #[test]
    fn boundaries() {
        let messages = check(
            &RULE,
            r#"
Resources:
  Orders:
    Type: AWS::IAM::Role
    Properties:
      PermissionsBoundary: arn:aws:iam::aws:policy/PowerUserAcces
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  Shop:
    Type: AWS::IAM::Role
    Properties:
      PermissionsBoundary: arn:aws:iam::aws:policy/PowerUserAccess
  Store:
    Type: AWS::IAM::Role
    Properties:
      PermissionsBoundary: !Sub arn:aws:iam::${AWS::AccountId}:policy/PowerUserAcces
"#,
            "",
        );
        assert!(messages[0].contains("can't use it as a boundary"));
        check(
            &RULE,
            r#"resource "aws_iam_role" "orders" {
  permissions_boundary = "arn:aws:iam::aws:policy/PowerUserAcces"
                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
}
resource "aws_iam_role" "shop" {
  permissions_boundary = "arn:aws:iam::aws:policy/PowerUserAccess"
}
"#,
            "",
        );
        check(
            &RULE,
            r#"
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      PermissionsBoundary: arn:aws:iam::aws:policy/PowerUserAcces
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
"#,
            "",
        );
    }

    #[test]
    fn arns_that_are_put_together_wrong() {
        let template = |arn: &str| {
            format!(
                "Resources:\n  Orders:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns: ['{arn}']\n"
            )
        };
        let right = "arn:aws-cn:iam::aws:policy/ReadOnlyAccess";
        for (wrong, fault) in [
            ("arn:aws-cn:iam::policy/ReadOnlyAccess", "no account"),
            ("arn:aws-cn:iam:::policy/ReadOnlyAccess", "no account"),
            (
                "arn:aws-cn:iam:aws:policy/ReadOnlyAccess",
                "one colon too few",
            ),
            ("arn:aws-cn:iam::aws:policies/ReadOnlyAccess", "`policies/`"),
            (
                "arn:aws-cn::iam::aws:policy/ReadOnlyAccess",
                "one colon too many",
            ),
            (
                "arn:aws-cn:iam:::aws:policy/ReadOnlyAccess",
                "one colon too many",
            ),
            (
                "arn:aws-cn:iam::aws::policy/ReadOnlyAccess",
                "one colon too many",
            ),
            (
                "arn::aws-cn:iam::aws:policies/ReadOnlyAccess",
                "one colon too many",
            ),
            (
                "arn:aws-cn::iam:aws:policy/ReadOnlyAccess",
                "in the wrong place",
            ),
        ] {
            let text = template(wrong);
            assert_eq!(fixed_text(&RULE, &text, ""), template(right), "{wrong}");
            let found = Fixture::new(&text, "").findings(&RULE);
            assert_eq!(found[0].level, Level::Error, "{wrong}");
            assert!(found[0].message.contains(fault), "{}", found[0].message);
        }
        for other in [
            right,
            "arn:aws::iam::aws:policy/OurAccess",
            "arn:aws::s3:::ReadOnlyAccess",
            "arn:aws:iam::policy/OurAccess",
            "arn:aws:iam::111111111111:policies/ReadOnlyAccess",
            "arn:aws:iam:::role/ReadOnlyAccess",
        ] {
            let found = Fixture::new(&template(other), "").findings(&RULE);
            assert!(found.is_empty(), "{other}: {found:?}");
        }
    }

    #[test]
    fn what_may_be_new_is_a_warning() {
        let template = "Resources:\n  Orders:\n    Type: AWS::IAM::User\n    Properties:\n      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonShoeFactoryLaceAccess']\n";
        let fixture = Fixture::new(template, "");
        let findings = fixture.findings(&RULE);
        assert_eq!(findings[0].level, Level::Warning);
        assert!(findings[0].fixes.is_empty());
    }

    #[test]
    fn sam_takes_names() {
        let template = |name: &str| {
            format!(
                "Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies: [{name}]\n"
            )
        };
        let found = |name: &str| Fixture::new(&template(name), "").findings(&RULE).len();
        assert_eq!(found("AmazonS3ReadOnlyAccess"), 0);
        assert_eq!(found("S3ReadPolicy"), 0);
        assert_eq!(found("ShoeFactoryLaceAccess"), 0);
        assert_eq!(
            fixed_text(&RULE, &template("AmazonS3ReadOnlyAcces"), ""),
            template("AmazonS3ReadOnlyAccess")
        );
    }

    #[test]
    fn changes_no_more_than_the_name() {
        let module = |arn: &str| {
            format!(
                "resource \"aws_iam_role_policy_attachment\" \"orders\" {{\n  role       = \"orders\"\n  policy_arn = \"{arn}\"\n}}\n"
            )
        };
        let before =
            "arn:${data.aws_partition.here.partition}:iam::aws:policy/AWSLambdaBasicExecutionRole";
        assert_eq!(
            fixed_text(&RULE, &module(before), ""),
            module(&before.replace("AWSLambda", "service-role/AWSLambda"))
        );
    }

    #[test]
    fn what_a_module_is_given_to_attach() {
        let module = |argument: &str, arn: &str| {
            format!(
                "resource \"aws_iam_group\" \"g\" {{\n  name = \"g\"\n}}\nmodule \"m\" {{\n  source = \"acme/role/aws\"\n  {argument} = [\"arn:aws:iam::aws:policy/ReadOnlyAccess\", \"{arn}\"]\n}}\n"
            )
        };
        let misspelt = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAcess";
        let argument = "custom_role_policy_arns";
        assert_eq!(
            fixed_text(&RULE, &module(argument, misspelt), ""),
            module(argument, "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
        );
        let found =
            |argument: &str, arn: &str| Fixture::new(&module(argument, arn), "").findings(&RULE);
        for (argument, arn) in [
            (
                argument,
                "arn:aws:iam::111111111111:policy/AmazonS3ReadOnlyAcess",
            ),
            (argument, "arn:aws:iam::aws:policy/${var.policy}"),
            ("notes", misspelt),
        ] {
            assert!(found(argument, arn).is_empty(), "{argument} {arn}");
        }
    }

    #[test]
    fn a_name_in_other_capitals() {
        let text = |name: &str| {
            format!(
                "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns: ['arn:aws:iam::aws:policy/{name}']\n"
            )
        };
        let found = Fixture::new(&text("AmazonS3Fullaccess"), "").findings(&RULE);
        assert!(found[0].message.contains("case-sensitive"), "{found:?}");
        assert_eq!(
            fixed_text(&RULE, &text("AmazonS3Fullaccess"), ""),
            text("AmazonS3FullAccess")
        );
        let found = Fixture::new(&text("service-role/AmazonS3FullAccess"), "").findings(&RULE);
        assert!(found[0].message.contains("the path is part"), "{found:?}");
    }
}
