//! Finds permissions to assume a role whose trust policy doesn't allow the caller.
//!
//! The role's trust policy has to allow the caller, by its ARN or its account; unless it names the ARN of a caller in the
//! same account, the caller's policy has to allow `sts:AssumeRole` on the role, too. If the two are in different files, one is easily changed without the other, and the call
//! fails at run time with a message that doesn't say which side denies it. The rule compares full ARNs under each
//! account of the config, and reports only what no statement of the trust policy can allow. If the config names
//! accounts that nothing is deployed to by default, and `[[templates]]` doesn't say where the file is deployed, it may
//! be any of them.
//!
//! ## Config
//!
//! ```toml
//! [accounts]
//! tools = "333333333333"
//! ```
//!
//! ## Beside
//!
//! ```yaml
//! Resources:
//!   Reader:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       RoleName: shop-reader
//!       AssumeRolePolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:role/shop-report'}
//!             Action: sts:AssumeRole
//! ```
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   Reports:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       RoleName: shop-reports
//!       Policies:
//!         - PolicyName: read
//!           PolicyDocument:
//!             Version: '2012-10-17'
//!             Statement:
//!               - Effect: Allow
//!                 Action: sts:AssumeRole
//!                 Resource: !Sub 'arn:aws:iam::${AWS::AccountId}:role/shop-reader'
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   Reports:
//!     Type: AWS::IAM::Role
//!     Properties:
//!       RoleName: shop-report
//!       Policies:
//!         - PolicyName: read
//!           PolicyDocument:
//!             Version: '2012-10-17'
//!             Statement:
//!               - Effect: Allow
//!                 Action: sts:AssumeRole
//!                 Resource: !Sub 'arn:aws:iam::${AWS::AccountId}:role/shop-reader'
//! ```

mod wording;

use leastwise_model::{Environment, Item, Level, OwnerKind, Site, SiteKind, Statement};
use leastwise_policy::grants::{Request, Witness};
use leastwise_policy::{Pattern, Tri};

use crate::support::permissions::takes_in;
use crate::support::trust::{self, Caller};
use crate::support::trust_roles::Roles;
use crate::{Context, Facts, FixKind, Group, Judges, Rule, Scope};
use wording::Refused;

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "role-does-not-trust",
    group: Group::Resources,
    level: Level::Warning,
    since: "0.1.0",
    summary: "A role that the policy may assume, but whose trust policy doesn't allow it",
    fix: FixKind::None,
    judges: Judges::Statement,
    equivalents: &[],
    scope: &[Scope::Statement(find)],
};

/// Looks at a statement that allows roles to be assumed.
fn find<'a>(
    context: &Context<'a>,
    site: &'a Site,
    statement: &'a Statement,
    facts: &mut Facts<'a>,
) {
    let named = |item: &Item| {
        let action = item.action.as_ref();
        action.is_some_and(|action| action.text().contains(trust::ACTION))
    };
    if site.kind != SiteKind::Identity
        || !statement.allows()
        || !statement.actions().iter().any(named)
    {
        return;
    }
    let assume = trust::assume_role();
    let Some(assume) = assume.filter(|assume| takes_in(statement, *assume) == Tri::Yes) else {
        return;
    };
    let roles = facts.roles();
    let callers = callers(context, site);
    let left = facts.leftovers().left_by(site, statement);
    // Who is denied it may not assume the role at all.
    let is_left = |item: &&Item| {
        let request = Request::default();
        let possible = |pattern: &&Pattern| {
            let place = Witness::of((*pattern).clone());
            left.at(assume, &place, &request).is_some()
        };
        !left.is_cut() || context.patterns(item).iter().any(possible)
    };
    for item in statement.resources().iter().filter(is_left) {
        if let Some(refuser) = refused(&roles, item, callers.as_deref()) {
            facts.push(Refused {
                at: context.item_span(item),
                declared: refuser.label.to_owned(),
                path: refuser.path.map(str::to_owned),
                caller: refuser.caller,
                owner: context.owner(site).map(str::to_owned),
            });
        }
    }
}

/// The roles and users that a policy belongs to, each with its file. `None` where it may belong to others.
fn callers<'a>(context: &Context<'a>, site: &'a Site) -> Option<Vec<(Context<'a>, usize)>> {
    let analysis = context.analysis;
    let mut callers = Vec::new();
    for index in &site.owners {
        let owner = analysis.owners.get(*index)?;
        match owner.kind {
            OwnerKind::Role | OwnerKind::User if owner.declared.is_some() => {
                callers.push((*context, *index));
            }
            OwnerKind::Role | OwnerKind::User => {
                let others = analysis.index()?.in_other_files(analysis, owner);
                let mut declared = others.filter(|(.., other)| other.declared.is_some());
                let (file, at, _) = declared.next()?;
                if declared.next().is_some() {
                    return None;
                }
                callers.push((Context::new(&file.tree, &file.analysis), at));
            }
            OwnerKind::ManagedPolicy => {
                let holders = analysis.index()?.holders(context.tree, analysis, owner);
                if holders.is_empty() {
                    return None;
                }
                for holder in holders {
                    let there = Context::new(&holder.file.tree, &holder.file.analysis);
                    let other = there.analysis.owners.get(holder.owner)?;
                    if other.kind == OwnerKind::Group || other.declared.is_none() {
                        return None;
                    }
                    callers.push((there, holder.owner));
                }
            }
            OwnerKind::Group | OwnerKind::Resource | OwnerKind::File => return None,
        }
    }
    (!callers.is_empty()).then_some(callers)
}

/// Who refuses whom.
struct Refuser<'a> {
    label: &'a str,
    /// The file of the role, where that is another.
    path: Option<&'a str>,
    /// The caller's ARN, where it is known who that is.
    caller: Option<String>,
}

/// The role that an item names and that refuses every caller in each environment in which the item names it.
fn refused<'a>(
    roles: &Roles<'a>,
    item: &Item,
    callers: Option<&[(Context<'a>, usize)]>,
) -> Option<Refuser<'a>> {
    let context = &roles.context;
    let analysis = context.analysis;
    let verdict = |role: &Pattern, environment| match callers {
        // Some roles admit nobody but services.
        None => refuses(roles, role, environment, None),
        Some(callers) => {
            let mut verdicts = callers.iter().map(|(there, owner)| {
                let caller = Caller::of(*there, *owner, environment)?;
                refuses(roles, role, environment, Some(caller))
            });
            let first = verdicts.next().flatten();
            first.filter(|_| verdicts.all(|verdict| verdict.is_some()))
        }
    };
    // It may go to one of these accounts alone.
    for environment in &analysis.others {
        let values = analysis.resolve(context.tree, &item.text, environment, false);
        let mut verdicts = values
            .iter()
            .map(|value| verdict(&value.pattern, environment));
        if values.is_empty() || verdicts.any(|verdict| verdict.is_none()) {
            return None;
        }
    }
    // By the role's ARN, the first refusal; `None` once somebody is admitted or it isn't known.
    let mut named: Vec<(Pattern, Option<Refuser<'a>>)> = Vec::new();
    for environment in &analysis.environments {
        let values = analysis.resolve(context.tree, &item.text, environment, false);
        for value in values {
            let verdict = verdict(&value.pattern, environment);
            match named.iter_mut().find(|(role, _)| *role == value.pattern) {
                Some((_, known)) if verdict.is_none() => *known = None,
                Some(_) => {}
                None => named.push((value.pattern, verdict)),
            }
        }
    }
    named.into_iter().find_map(|(_, refuser)| refuser)
}

/// Whether the role of that ARN surely refuses a caller that is deployed to an environment, or anybody.
fn refuses<'a>(
    roles: &Roles<'a>,
    role: &Pattern,
    environment: &Environment,
    caller: Option<Caller>,
) -> Option<Refuser<'a>> {
    let arn = caller.as_ref().map(|caller| caller.arn.display());
    let caller = caller.unwrap_or_else(Caller::anybody);
    let declared = trust::declared(roles, role, environment)?;
    if declared.admits(&caller) != Tri::No {
        return None;
    }
    let own = std::ptr::eq(declared.context.analysis, roles.context.analysis);
    Some(Refuser {
        label: &declared.owner.label,
        path: (!own).then_some(declared.context.analysis.path.as_str()),
        caller: arn,
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::Fixture;
    use crate::tests::roles::{self, both, target, trusting};

    const CONFIG: &str = "[accounts]
dev = '111111111111'
prod = '222222222222'
";
    const TOOLS: &str = "[accounts]
tools = '333333333333'
dev = { id = '111111111111', deploys = false }
prod = { id = '222222222222', deploys = false }
[[templates]]
path = '**'
accounts = ['tools']
";

    fn caller(resource: &str) -> String {
        roles::caller("      Path: /ci/\n", &roles::assume(resource))
    }

    #[track_caller]
    fn check(files: &[(&str, &str, &str)], findings: usize) {
        let found = Fixture::among(files).findings(&RULE);
        assert_eq!(found.len(), findings, "{files:#?}\n{found:#?}");
    }

    const SAME: &str = "!Sub 'arn:aws:iam::${AWS::AccountId}:role/target'";

    #[test]
    fn a_user_calls_as_itself() {
        let user = |name: &str| {
            format!(
                "Resources:
  Caller:
    Type: AWS::IAM::User
    Properties:
      UserName: {name}
      Path: /ci/
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - {{Effect: Allow, Action: 'sts:AssumeRole', Resource: {SAME}}}
"
            )
        };
        let by = |name: &str, principal: &str, findings: usize| {
            let (user, role) = (user(name), trusting(principal));
            check(
                &[("user.yaml", &user, CONFIG), ("role.yaml", &role, CONFIG)],
                findings,
            );
        };
        by(
            "caller",
            "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:user/other'}",
            1,
        );
        by(
            "caller",
            "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:role/caller'}",
            1,
        );
        by(
            "caller",
            "{AWS: !Sub 'arn:aws:sts::${AWS::AccountId}:assumed-role/caller/s'}",
            1,
        );
        by("caller", "{Service: lambda.amazonaws.com}", 1);
        by(
            "caller",
            "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:user/ci/caller'}",
            0,
        );
        by(
            "caller",
            "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}",
            0,
        );
        by(
            "!Sub '${Name}'",
            "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:user/ci/caller'}",
            0,
        );
    }

    #[test]
    fn within_an_account() {
        let caller = caller(SAME);
        for (principal, findings) in [
            (
                "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:role/ci/caller'}",
                0,
            ),
            ("{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}", 0),
            ("{AWS: !Ref 'AWS::AccountId'}", 0),
            ("{AWS: [!Ref Callers]}", 0),
            ("{AWS: !ImportValue caller-arn}", 0),
            ("{AWS: '*'}", 0),
            ("'*'", 0),
            ("!Ref Principals", 0),
            ("{AWS: !Split [',', !Ref Callers]}", 0),
            (
                "!If [Big, {Service: lambda.amazonaws.com}, !Ref Principals]",
                0,
            ),
            (
                "{Service: lambda.amazonaws.com, AWS: !Split [',', !Ref Callers]}",
                0,
            ),
            ("{AWS: AROAEXAMPLEEXAMPLE123}", 0),
            (
                "{AWS: !Sub 'arn:aws:sts::${AWS::AccountId}:assumed-role/caller/session'}",
                0,
            ),
            // The path counts, the name counts, the account counts.
            (
                "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:role/caller'}",
                1,
            ),
            (
                "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:role/ci/other'}",
                1,
            ),
            ("{AWS: 'arn:aws:iam::333333333333:root'}", 1),
            ("{AWS: '333333333333'}", 1),
            ("{Service: lambda.amazonaws.com}", 1),
            (
                "{AWS: !Sub 'arn:aws:sts::${AWS::AccountId}:assumed-role/other/session'}",
                1,
            ),
        ] {
            let target = trusting(principal);
            let files = [
                ("caller.yaml", caller.as_str(), CONFIG),
                ("target.yaml", &target, CONFIG),
            ];
            check(&files, findings);
            // Both in one file.
            let both = both(&caller, &target);
            check(&[("both.yaml", &both, CONFIG)], findings);
        }
    }

    #[test]
    fn across_accounts() {
        let root = "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}";
        let tools = "{AWS: 'arn:aws:iam::333333333333:root'}";
        let both =
            "['arn:aws:iam::111111111111:role/target', 'arn:aws:iam::222222222222:role/target']";
        for (resource, principal, findings) in [
            ("'arn:aws:iam::111111111111:role/target'", tools, 0),
            ("'arn:aws:iam::111111111111:role/target'", root, 1),
            (both, root, 2),
            (both, "{AWS: 'arn:aws:iam::333333333333:role/ci/caller'}", 0),
            (both, "{AWS: 'arn:aws:iam::111111111111:role/ci/caller'}", 2),
            // Nobody declares it there, or more than one role may be meant.
            ("'arn:aws:iam::444444444444:role/target'", root, 0),
            ("'arn:aws:iam::111111111111:role/x/target'", root, 0),
            ("'arn:aws:iam::*:role/target'", root, 0),
            ("!Ref Roles", root, 0),
        ] {
            let caller = caller(resource);
            let target = trusting(principal);
            let files = [
                ("caller.yaml", caller.as_str(), TOOLS),
                ("target.yaml", &target, CONFIG),
            ];
            check(&files, findings);
            let [one, other] = files;
            check(&[one, other, ("again.yaml", &target, CONFIG)], 0);
        }
        // What is listed for every account works in one at least.
        let caller = caller(both);
        let target = trusting(root);
        check(
            &[
                ("caller.yaml", &caller, CONFIG),
                ("target.yaml", &target, CONFIG),
            ],
            0,
        );
    }

    #[test]
    fn where_the_caller_goes() {
        let tools = "[accounts]
dev = '111111111111'
tools = { id = '333333333333', deploys = false }
";
        let said = |accounts: &str| {
            format!("{tools}[[templates]]\npath = '{{caller,both}}.yaml'\naccounts = {accounts}\n")
        };
        let (to_tools, to_dev, to_both) =
            (said("['tools']"), said("['dev']"), said("['dev', 'tools']"));
        let role = "'arn:aws:iam::111111111111:role/target'";
        let root = |account: &str| format!("{{AWS: 'arn:aws:iam::{account}:root'}}");
        for (resource, principal, config, findings) in [
            // It may go to the account that is trusted, or to one that isn't.
            (role, root("333333333333"), tools, 0),
            (role, root("333333333333"), to_tools.as_str(), 0),
            (role, root("333333333333"), &to_dev, 1),
            (role, root("333333333333"), &to_both, 0),
            (role, root("111111111111"), tools, 0),
            (role, root("111111111111"), &to_tools, 1),
            // Whose account that is makes no difference.
            (role, root("444444444444"), tools, 1),
        ] {
            let caller = caller(resource);
            let target = trusting(&principal);
            let files = [
                ("caller.yaml", caller.as_str(), config),
                ("target.yaml", &target, config),
            ];
            check(&files, findings);
        }
        // A role of the file itself goes where the file goes.
        for (principal, findings) in [
            ("{AWS: 'arn:aws:iam::333333333333:root'}".to_owned(), 0),
            ("{AWS: 'arn:aws:iam::444444444444:root'}".to_owned(), 1),
            (
                "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}".to_owned(),
                0,
            ),
        ] {
            let both = both(&caller(SAME), &trusting(&principal));
            check(&[("both.yaml", &both, tools)], findings);
            // Of one of another file it isn't known whether it goes there, too.
            let (caller, target) = (caller(SAME), trusting(&principal));
            let files = [
                ("caller.yaml", caller.as_str(), tools),
                ("target.yaml", &target, tools),
            ];
            check(&files, 0);
        }
    }

    #[test]
    fn conditions() {
        let caller = caller(SAME);
        let root = "!Sub 'arn:aws:iam::${AWS::AccountId}:root'";
        for (condition, findings) in [
            ("{StringEquals: {'sts:ExternalId': x}}", 0),
            (
                "{ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::*:role/ci/*'}}",
                0,
            ),
            (
                "{ArnLike: {'aws:PrincipalArn': 'arn:aws:iam::*:role/deploy/*'}}",
                1,
            ),
            ("{StringEquals: {'AWS:principalarn': !Ref Caller}}", 0),
            (
                "{ArnNotLike: {'aws:PrincipalArn': 'arn:aws:iam::*:role/deploy/*'}}",
                0,
            ),
            (
                "{StringEquals: {'aws:PrincipalAccount': '333333333333'}}",
                1,
            ),
            (
                "{StringEquals: {'aws:PrincipalAccount': !Ref 'AWS::AccountId'}}",
                0,
            ),
            (
                "{StringEquals: {'aws:PrincipalAccount': !Split [',', !Ref Accounts]}}",
                0,
            ),
            // What compares no texts.
            ("{'Null': {'aws:PrincipalArn': 'false'}}", 0),
            ("{Bool: {'aws:PrincipalAccount': 'true'}}", 0),
            ("{Unheard: {'aws:PrincipalAccount': '333333333333'}}", 0),
            (
                "!If [Strict, {StringEquals: {'aws:PrincipalAccount': '333333333333'}}, {}]",
                0,
            ),
        ] {
            let target = target(&format!(
                "{{Effect: Allow, Principal: {{AWS: {root}}}, Action: 'sts:AssumeRole', Condition: {condition}}}"
            ));
            check(
                &[
                    ("caller.yaml", &caller, CONFIG),
                    ("target.yaml", &target, CONFIG),
                ],
                findings,
            );
        }
        for (statement, findings) in [
            (
                "{Effect: Allow, NotPrincipal: {AWS: '333333333333'}, Action: 'sts:AssumeRole'}",
                0,
            ),
            (
                "{Effect: Allow, Principal: {AWS: '*'}, Action: 'sts:TagSession'}",
                1,
            ),
            ("{Effect: Allow, Principal: {AWS: '*'}, Action: 'sts:*'}", 0),
            (
                "{Effect: Deny, Principal: {AWS: '*'}, Action: 'sts:AssumeRole'}",
                1,
            ),
            ("{Effect: Allow, Principal: {AWS: '*'}}", 1),
            ("{Effect: Allow, Action: 'sts:AssumeRole'}", 1),
            ("!Ref Statement", 0),
            (
                "[!If [Big, {Effect: Allow, Principal: {AWS: '*'}, Action: 'sts:AssumeRole'}, !Ref 'AWS::NoValue']]",
                0,
            ),
        ] {
            let target = target(statement);
            check(
                &[
                    ("caller.yaml", &caller, CONFIG),
                    ("target.yaml", &target, CONFIG),
                ],
                findings,
            );
        }
    }

    #[test]
    fn which_role_is_meant() {
        let service = trusting("{Service: lambda.amazonaws.com}");
        let rest = service.replace("Resources:\n", "");
        let literal = "'arn:aws:iam::222222222222:role/target'";
        let attached = "  More:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: more
      Roles: [target]
      PolicyDocument:
        Statement: {Effect: Allow, Action: 's3:GetObject', Resource: '*'}
";
        let again = rest.replace("Target:", "Again:");
        for (text, findings) in [
            (caller(SAME) + &rest, 1),
            // Of one of the environments, which the other asks for, too.
            (caller(literal) + &rest, 1),
            // What is attached to it elsewhere is no other role.
            (caller(SAME) + &rest + attached, 1),
            (caller(SAME) + attached + &rest, 1),
            // Two of that name in one file.
            (caller(SAME) + &rest + &again, 0),
            // No role at all.
            (caller("'arn:aws:s3::222222222222:role/target'") + &rest, 0),
            (caller("'arn:aws:iam::222222222222:user/target'") + &rest, 0),
        ] {
            check(&[("both.yaml", &text, CONFIG)], findings);
        }
        let caller = caller(SAME);
        let attached = format!("Resources:\n{attached}");
        check(
            &[
                ("caller.yaml", &caller, CONFIG),
                ("target.yaml", &service, CONFIG),
                ("more.yaml", &attached, CONFIG),
            ],
            1,
        );
    }

    #[test]
    fn each_region_by_itself() {
        let caller =
            |resource: &str| caller(resource).replace("caller\n", "!Sub 'caller-${AWS::Region}'\n");
        let trusted = "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:role/ci/caller-${AWS::Region}'}";
        let target = trusting(trusted).replace("Resources:\n", "");
        let named = target.replace("RoleName: target", "RoleName: !Sub 'target-${AWS::Region}'");
        let unnamed = target.replace("      RoleName: target\n", "");
        let by_name = "!Sub 'arn:aws:iam::${AWS::AccountId}:role/target-${AWS::Region}'";
        for accounts in ["", "[accounts]\ndev = '111111111111'\n"] {
            let config = format!("{accounts}[deploy]\nregions = ['eu-west-1', 'us-east-1']\n");
            for (resource, target) in [(by_name, &named), ("!GetAtt Target.Arn", &unnamed)] {
                let text = caller(resource) + target;
                check(&[("both.yaml", &text, &config)], 0);
                let other = text.replace("ci/caller-", "ci/other-");
                let found = Fixture::among(&[("both.yaml", &other, &config)]).findings(&RULE);
                assert_ne!(found.len(), 0, "{other}");
            }
        }
    }

    #[test]
    fn without_a_config() {
        for (principal, findings) in [
            (
                "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:role/ci/caller'}",
                0,
            ),
            ("{AWS: 'arn:aws:iam::333333333333:root'}", 0),
            ("{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:role/other'}", 1),
            ("{Service: lambda.amazonaws.com}", 1),
        ] {
            let both = both(&caller("!GetAtt Target.Arn"), &trusting(principal));
            check(&[("both.yaml", &both, "")], findings);
        }
        // Another file's role may be in another account.
        let caller = caller(SAME);
        let target = trusting("{Service: lambda.amazonaws.com}");
        check(
            &[("caller.yaml", &caller, ""), ("target.yaml", &target, "")],
            0,
        );
    }

    #[test]
    fn in_every_dialect() {
        let terraform = |name: &str| {
            format!(
                "resource \"aws_iam_role\" \"caller\" {{
  name               = \"{name}\"
  path               = \"/ci/\"
  assume_role_policy = jsonencode({{ Statement = [] }})
}}
resource \"aws_iam_role_policy\" \"assume\" {{
  role   = aws_iam_role.caller.name
  policy = data.aws_iam_policy_document.assume.json
}}
data \"aws_iam_policy_document\" \"assume\" {{
  statement {{
    actions   = [\"sts:AssumeRole\"]
    resources = [\"arn:aws:iam::111111111111:role/target\"]
  }}
}}
"
            )
        };
        let serverless = |name: &str| {
            format!(
                "service: shop
provider:
  name: aws
  iam:
    role:
      name: {name}
      path: /ci/
      statements:
        - {{Effect: Allow, Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::111111111111:role/target'}}
functions: {{hello: {{handler: x}}}}
"
            )
        };
        let json = |name: &str| {
            format!(
                r#"{{"Resources": {{"Caller": {{"Type": "AWS::IAM::Role", "Properties": {{
  "RoleName": "{name}", "Path": "/ci/",
  "Policies": [{{"PolicyName": "p", "PolicyDocument": {{"Statement": [
    {{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::111111111111:role/target"}}
  ]}}}}]
}}}}}}}}"#
            )
        };
        let dev = "[accounts]\ndev = '111111111111'";
        let template = trusting("{AWS: 'arn:aws:iam::111111111111:role/ci/caller'}");
        let module = "resource \"aws_iam_role\" \"target\" {
  name               = \"target\"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect = \"Allow\", Action = \"sts:AssumeRole\"
      Principal = { AWS = \"arn:aws:iam::111111111111:role/ci/caller\" }
    }]
  })
}
";
        for target in [
            ("target.yaml", template.as_str(), dev),
            ("target.tf", module, dev),
        ] {
            for (name, findings) in [("caller", 0), ("stranger", 1)] {
                check(&[("main.tf", &terraform(name), dev), target], findings);
                check(
                    &[("serverless.yml", &serverless(name), dev), target],
                    findings,
                );
                check(&[("caller.json", &json(name), dev), target], findings);
            }
        }
    }

    #[test]
    fn policies_that_stand_apart_from_their_role() {
        let target = trusting("{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:role/other'}");
        let role = "Resources:
  Caller:
    Type: AWS::IAM::Role
    Properties:
      RoleName: caller
      ManagedPolicyArns: [!Sub 'arn:aws:iam::${AWS::AccountId}:policy/assume']
";
        let managed = format!(
            "Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: assume
      PolicyDocument:
        Statement: {{Effect: Allow, Action: 'sts:AssumeRole', Resource: {SAME}}}
"
        );
        let inline = format!(
            "Resources:
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: assume
      Roles: [caller]
      PolicyDocument:
        Statement: {{Effect: Allow, Action: 'sts:AssumeRole', Resource: {SAME}}}
"
        );
        for policy in [managed, inline] {
            let policy = ("policy.yaml", policy.as_str(), CONFIG);
            let target = ("target.yaml", target.as_str(), CONFIG);
            check(&[policy, target, ("role.yaml", role, CONFIG)], 1);
            let other = role.replace("RoleName: caller", "RoleName: other");
            check(&[policy, target, ("role.yaml", &other, CONFIG)], 0);
            check(&[policy, target], 0);
            // Whoever has it isn't a service.
            let service = trusting("{Service: lambda.amazonaws.com}");
            check(&[policy, ("target.yaml", &service, CONFIG)], 1);
        }
    }
}
