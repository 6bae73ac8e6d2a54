//! Finds roles that a CI pipeline assumes, or that a service is deployed with, and that the workspace doesn't declare,
//! although it declares one with a similar name.
//!
//! The pipeline fails at its first step with a message that says neither which part of the name is wrong nor that the
//! role doesn't exist. Roles are named in a workflow's steps, in what a script assumes (`aws sts assume-role`), in a
//! composite action, and in `deploymentRole` or `cfnRole` of the Serverless Framework. Where a part of the name is only
//! known when the job runs, the rest is compared. The rule compares with the roles of all files that are checked
//! together, and is silent where no name is similar: the role may be declared in another repository.
//!
//! ## Beside
//!
//! ```yaml
//! Resources:
//!   Deployer:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       RoleName: shop-deployer
//! ```
//!
//! ## Example
//!
//! ```yaml
//! on: push
//! jobs:
//!   deploy:
//!     runs-on: ubuntu-latest
//!     steps:
//!       - uses: aws-actions/configure-aws-credentials@v4
//!         with:
//!           role-to-assume: arn:aws:iam::111111111111:role/shop-deplyoer
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! on: push
//! jobs:
//!   deploy:
//!     runs-on: ubuntu-latest
//!     steps:
//!       - uses: aws-actions/configure-aws-credentials@v4
//!         with:
//!           role-to-assume: arn:aws:iam::111111111111:role/shop-deployer
//! ```

use std::ops::Range;

use leastwise_model::mark::is_open;
use leastwise_model::resolved::Resolved;
use leastwise_model::{Item, Level, OwnerKind};
use leastwise_policy::{Arn, ArnShape, Pattern, Token};
use leastwise_syntax::write::Edit;
use leastwise_syntax::{NodeId, ScalarType, Span};
use leastwise_workspace::analysis::index::Index;

use super::typo::{nearest, nearest_part};
use crate::actions::choice;
use crate::{Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, Rule, Safety, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unknown-role",
    group: Group::Pipeline,
    level: Level::Warning,
    since: "0.1.0",
    summary: "A role that a pipeline or service names and the workspace doesn't declare",
    fix: FixKind::Unsafe,
    judges: Judges::Place,
    equivalents: &[],
    scope: &[Scope::Workspace(find)],
};

fn find(context: &Context<'_>, index: &Index, facts: &mut Facts<'_>) {
    let pipeline = context.analysis.pipeline.iter();
    for role in pipeline.flat_map(|pipeline| &pipeline.roles) {
        named(context, index, &role.arn, Some(&role.job), facts);
    }
    for arn in &context.analysis.deployers {
        named(context, index, arn, None, facts);
        facts.extend(no_arn(context, arn));
    }
}

/// What is given for the role that stacks are deployed with, and is no ARN.
struct NoArn {
    at: Span,
    text: String,
}

fn no_arn(context: &Context<'_>, arn: &Item) -> Option<NoArn> {
    let text = arn.text.literal(context.tree)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-/".contains(c);
    // `null` is no text, and what has other signs in it is filled in by somebody.
    let is_text = context.tree.scalar_type(arn.node) == ScalarType::String;
    // So people call what somebody fills in: `STACK_ROLE`.
    let is_placeholder = text.contains('_') && !text.contains(|c: char| c.is_lowercase());
    let is_one = is_text && text.chars().all(is_name) && !is_open(text) && !is_placeholder;
    is_one.then(|| NoArn {
        at: match text.is_empty() {
            true => context.span(arn.node),
            false => context.item_span(arn),
        },
        text: text.to_owned(),
    })
}

impl Fact for NoArn {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let (message, help) = match self.text.as_str() {
            "" => (
                "No role is named here: CloudFormation deploys with the caller's permissions."
                    .to_owned(),
                "Write the ARN of the role, or remove it.",
            ),
            text => (
                format!(
                    "`{text}` isn't the ARN that CloudFormation needs for a role: it can't deploy."
                ),
                "Write the role's ARN, `arn:aws:iam::<account>:role/<name>`.",
            ),
        };
        Finding::new(&RULE, self.at, message).help(help)
    }
}

/// A role that nobody declares, and those that are called nearly so.
struct Unknown {
    at: Span,
    named: String,
    /// Each name, with what to write for it.
    near: Vec<(String, String)>,
    /// Where it stands, where that is in the file as it is.
    place: Option<(NodeId, Range<usize>)>,
    /// The job that assumes it; none for the role that a service is deployed with.
    job: Option<String>,
}

/// A role that is named by its ARN.
fn named(
    context: &Context<'_>,
    index: &Index,
    arn: &Item,
    job: Option<&str>,
    facts: &mut Facts<'_>,
) {
    let mut seen: Vec<Pattern> = Vec::new();
    for (_, value) in context.sure(arn) {
        let Some(range) = name(&value.pattern) else {
            continue;
        };
        let name = value.pattern.slice(range.clone());
        if seen.contains(&name) {
            continue;
        }
        if let Some(slip) = slip(index, &name) {
            let start = range.start;
            let at = start + slip.range.start..start + slip.range.end;
            let span = value.span_of(context.tree, at.clone());
            facts.push(Unknown {
                at: span.unwrap_or_else(|| context.item_span(arn)),
                named: name.display(),
                near: slip.near.iter().map(owned).collect(),
                place: span.and_then(|span| place(context, value, at, span)),
                job: job.map(str::to_owned),
            });
        }
        seen.push(name);
    }
}

/// A misspelt part of a name.
struct Slip<'n> {
    /// In the raw text of the name.
    range: Range<usize>,
    /// Names that are equally near, with the part of each that is meant.
    near: Vec<(&'n str, &'n str)>,
}

fn owned((near, word): &(&str, &str)) -> (String, String) {
    ((*near).to_owned(), (*word).to_owned())
}

fn slip<'n>(index: &'n Index, name: &Pattern) -> Option<Slip<'n>> {
    let known = || index.names(OwnerKind::Role);
    if let Some(literal) = name.as_literal() {
        if index.owners(OwnerKind::Role, &literal).next().is_some() {
            return None;
        }
        let near = nearest(&literal, known()).into_iter();
        let near: Vec<_> = near.map(|name| (name, name)).collect();
        return (!near.is_empty()).then(|| Slip {
            range: 0..name.len(),
            near,
        });
    }
    if known().any(|known| name.matches(known).possible()) {
        return None;
    }
    // One unknown text with one word beside it.
    let tokens: Vec<_> = name.spans().collect();
    let (range, word, ends) = match tokens.as_slice() {
        [(_, Token::Hole(_)), (range, Token::Literal(word))] => (range, word, true),
        [(range, Token::Literal(word)), (_, Token::Hole(_))] => (range, word, false),
        _ => return None,
    };
    let near = nearest_part(word, ends, known());
    (!near.is_empty()).then(|| Slip {
        range: range.clone(),
        near,
    })
}

/// Where the name of a role stands in the raw text of its ARN, without its path.
fn name(arn: &Pattern) -> Option<Range<usize>> {
    let ArnShape::Arn(parsed) = Arn::parse(arn) else {
        return None;
    };
    let resource = parsed.resource;
    resource.raw().strip_prefix("role/")?;
    let end = resource.range().end;
    // The last slash is that of `role/`, or of the path behind it.
    let slashes = arn.spans().filter_map(|(range, token)| match token {
        Token::Literal(text) => Some(range.start + text.rfind('/')?),
        _ => None,
    });
    Some(slashes.last()? + 1..end)
}

/// The node and the bytes of its text that a part of a value is, where it stands there as it is.
fn place(
    context: &Context<'_>,
    value: &Resolved,
    part: Range<usize>,
    span: Span,
) -> Option<(NodeId, Range<usize>)> {
    let tree = context.tree;
    let node = tree.node_at(span.start)?;
    let start = tree.decoded_offset(node, span.start)?;
    let end = tree.decoded_offset(node, span.end)?;
    let same = tree.text(node)?.get(start..end)? == value.pattern.raw().get(part)?;
    same.then_some((node, start..end))
}

impl Fact for Unknown {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let Unknown { named, near, .. } = self;
        let names: Vec<String> = near.iter().map(|(name, _)| name.clone()).collect();
        let names = choice(&names);
        let comes = match &self.job {
            Some(_) => "the job can't get credentials",
            None => "CloudFormation can't deploy",
        };
        let message = format!("The workspace declares no role `{named}`: {comes}.");
        let finding = Finding::new(&RULE, self.at, message)
            .help(format!("Did you mean {names}?"))
            .owner(self.job.as_deref());
        let Some((node, part)) = self.place.clone() else {
            return finding;
        };
        near.iter().fold(finding, |finding, (_, text)| {
            let (text, part) = (text.clone(), part.clone());
            let title = format!("Replace with {text}");
            finding.fix(title, Safety::changes(near.len() == 1), move |_| {
                Some(Fix::new(vec![Edit::SetPart {
                    node,
                    part: part.clone(),
                    text: text.clone(),
                }]))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::Safety;
    use crate::tests::fixture::Fixture;

    const ROLES: &str = "Parameters: {AppId: {Type: String}}
Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties: {RoleName: !Sub '${AppId}-DeployerRole'}
  Stacks:
    Type: AWS::IAM::Role
    Properties: {RoleName: ShopStackRole}
";
    const CONFIG: &str = "[app]\nprefix = 'shop'\n";

    /// What is underlined and meant in a file beside these roles.
    fn found(path: &str, text: &str) -> Vec<(String, String)> {
        let files = [(path, text, CONFIG), ("roles.yaml", ROLES, CONFIG)];
        let fixture = Fixture::among(&files);
        let fixes = fixture.fixes(&RULE);
        let titles = fixes
            .iter()
            .map(|fix| fix.title.clone())
            .collect::<Vec<_>>();
        let findings = fixture.findings(&RULE);
        assert!(titles.len() <= findings.len());
        let mut titles = titles.into_iter();
        findings
            .iter()
            .map(|it| {
                (
                    text[it.span.range()].to_owned(),
                    titles.next().unwrap_or_default(),
                )
            })
            .collect()
    }

    #[test]
    fn in_a_composite_action() {
        let action = |role: &str| {
            format!(
                "name: deploy
inputs: {{app-id: {{default: shop}}}}
runs:
  using: composite
  steps:
    - shell: bash
      run: |
        CREDS=`aws sts assume-role --role-arn arn:aws:iam::${{{{ inputs.account }}}}:role/{role} --role-session-name=x`
"
            )
        };
        for (role, word) in [
            ("${{ inputs.app-id }}-DeployerRoll", Some("-DeployerRoll")),
            ("${{ inputs.app-id }}-DeployerRole", None),
            ("${{ inputs.app-id }}-reader", None),
            ("${{ inputs.app-id }}-${{ inputs.role }}", None),
            ("${{ inputs.app-id }}", None),
            (
                "ci/${{ inputs.app-id }}-DeployerRoel",
                Some("-DeployerRoel"),
            ),
            ("ShopStacRol${{ inputs.stage }}", Some("ShopStacRol")),
            ("ShopStackRol${{ inputs.stage }}", None),
            ("*-DeployerRoll", None),
            ("ci/", None),
            ("shop-DeployerRoll", Some("shop-DeployerRoll")),
            ("shop-DeployerRole", None),
        ] {
            let own = found("action.yml", &action(role));
            let words: Vec<_> = own.iter().map(|(word, _)| word.as_str()).collect();
            assert_eq!(words, word.into_iter().collect::<Vec<_>>(), "{role}");
        }
        let other = action("shop-DeployerRoll").replace("composite", "node20");
        assert_eq!(found("action.yml", &other), []);
    }

    #[test]
    fn in_a_script() {
        let text = "on: push
jobs:
  deploy:
    steps:
      - run: aws sts assume-role --role-arn arn:aws:iam::111111111111:role/shop-DeployreRole
      - run: aws sts assume-role --role-arn arn:aws:iam::111111111111:role/shop-DeployerRole
";
        let expected = (
            "shop-DeployreRole".to_owned(),
            "Replace with shop-DeployerRole".to_owned(),
        );
        assert_eq!(found(".github/workflows/a.yml", text), [expected]);
    }

    #[test]
    fn of_a_stack() {
        let text = "on: push
jobs:
  deploy:
    steps:
      - run: aws cloudformation deploy --stack-name a --role-arn arn:aws:iam::111111111111:role/ShopStackRol
      - run: aws cloudformation deploy --stack-name a --role-arn arn:aws:iam::111111111111:role/ShopStackRole
";
        let expected = (
            "ShopStackRol".to_owned(),
            "Replace with ShopStackRole".to_owned(),
        );
        assert_eq!(found(".github/workflows/a.yml", text), [expected]);
        let lab = "deploy:\n  script:\n    - aws cloudformation create-stack --role-arn arn:aws:iam::111111111111:role/ShopStackRol --stack-name a\n";
        let own = found(".gitlab-ci.yml", lab);
        assert_eq!(own.len(), 1);
    }

    #[test]
    fn a_name_in_the_place_of_a_stacks_role() {
        for (given, findings) in [
            ("Shop", 1),
            ("ci/Shop+Role=a,b.c@d_e-f", 1),
            ("Shop:Role", 0),
            ("$STACK_ROLE", 0),
            ("__STACK_ROLE__", 0),
            ("STACK_ROLE", 0),
            ("STACKROLE", 1),
            ("Stack_Role", 1),
        ] {
            let text = format!(
                "on: push\njobs:\n  deploy:\n    steps:\n      - run: aws cloudformation deploy --stack-name a --role-arn {given}\n"
            );
            let found = found(".github/workflows/a.yml", &text);
            assert_eq!(found.len(), findings, "{given}: {found:?}");
        }
    }

    #[test]
    fn of_a_service() {
        let service = |role: &str| {
            format!(
                "service: shop\nprovider:\n  name: aws\n  {role}\nfunctions:\n  a: {{handler: a.b}}\n"
            )
        };
        for (role, word) in [
            (
                "cfnRole: arn:aws:iam::111111111111:role/ShopStackRol",
                Some("ShopStackRol"),
            ),
            (
                "iam: {deploymentRole: 'arn:aws:iam::111111111111:role/ShopStackRol'}",
                Some("ShopStackRol"),
            ),
            (
                "cfnRole: arn:aws:iam::111111111111:role/ShopStackRole",
                None,
            ),
            (
                "cfnRole: arn:aws:iam::111111111111:role/SomebodyElses",
                None,
            ),
            ("cfnRole: ${param:role}", None),
            ("cfnRole: ShopStackRole", Some("ShopStackRole")),
            ("iam: {deploymentRole: ''}", Some("''")),
            ("cfnRole: null", None),
            ("cfnRole: ", None),
            ("cfnRole: YOUR-ROLE-ARN", None),
            ("cfnRole: '{{ role }}'", None),
        ] {
            let own = found("serverless.yml", &service(role));
            let words: Vec<_> = own.iter().map(|(word, _)| word.as_str()).collect();
            assert_eq!(words, word.into_iter().collect::<Vec<_>>(), "{role}");
        }
    }

    #[test]
    fn of_two_roles_that_are_equally_near_none_is_written_in_bulk() {
        let roles = "Resources:
  A: {Type: AWS::IAM::Role, Properties: {RoleName: shop-deployerane}}
  B: {Type: AWS::IAM::Role, Properties: {RoleName: shop-deployerone}}
";
        let offers = |role: &str| {
            let workflow = format!(
                "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v4\n        with:\n          role-to-assume: arn:aws:iam::111111111111:role/{role}\n"
            );
            let files = [
                (".github/workflows/deploy.yml", workflow.as_str(), CONFIG),
                ("roles.yaml", roles, CONFIG),
            ];
            let found = Fixture::among(&files).findings(&RULE).remove(0);
            let fixes = found.fixes.into_iter().map(|fix| (fix.title, fix.safety));
            (found.help, fixes.collect::<Vec<_>>())
        };
        let offer = |name: &str, safety| (format!("Replace with shop-deployer{name}"), safety);
        assert_eq!(
            offers("shop-deployeronne"),
            (
                "Did you mean `shop-deployerone`?".to_owned(),
                vec![offer("one", Safety::Unsafe)]
            )
        );
        assert_eq!(
            offers("shop-deployerne"),
            (
                "Did you mean `shop-deployerane` or `shop-deployerone`?".to_owned(),
                vec![offer("ane", Safety::Manual), offer("one", Safety::Manual)]
            )
        );
    }
}
