//! A policy that several identities have: whoever mends what one of them lacks gives it to all of them, unless it goes where that one
//! alone has it.

use leastwise_catalog::Action;
use leastwise_model::{Owner, OwnerKind, Site, Statement};
use leastwise_workspace::analysis::deploy::Deploys;

use super::carried::Carried;
use crate::Context;

/// Who else has the policy of a site.
pub(super) struct Others {
    /// One's name with what it is, and how many there are: the first that isn't known to deploy, where there is one.
    first: Option<String>,
    count: usize,
    /// Whether one of them isn't known to deploy.
    pub has_bystander: bool,
    /// Whether the finding is about the policy itself, so that these are all who have it.
    is_of_policy: bool,
}

impl Others {
    /// Those but the owner with this label, of this file and of others.
    pub fn of(context: &Context<'_>, site: &Site, own: &str) -> Others {
        let mut others = Others {
            first: None,
            count: 0,
            has_bystander: false,
            is_of_policy: false,
        };
        let analysis = context.analysis;
        let mut policies: Vec<&Owner> = Vec::new();
        for (index, owner) in held_by(context, site) {
            if owner.kind == OwnerKind::ManagedPolicy {
                policies.push(owner);
                others.is_of_policy |= owner.label == own;
            } else if owner.label != own {
                others.add(owner, || context.deploys(index));
            }
        }
        let documents = site.document.managed.iter();
        policies.extend(documents.filter_map(|index| analysis.owners.get(*index)));
        let Some(index) = analysis.index() else {
            return others;
        };
        for policy in policies {
            for holder in index.holders(context.tree, analysis, policy) {
                let of = &holder.file.analysis;
                if let Some(owner) = of.owners.get(holder.owner) {
                    let told = || of.deploys(&holder.file.tree, holder.owner);
                    others.add(owner, || told() != Deploys::No);
                }
            }
        }
        others
    }

    fn add(&mut self, owner: &Owner, deploys: impl Fn() -> bool) {
        let Some(kind) = kind(owner) else {
            return;
        };
        self.count += 1;
        // One is enough to know of.
        let is_news = !self.has_bystander && !deploys();
        self.has_bystander |= is_news;
        if self.first.is_none() || is_news {
            self.first = Some(format!("{kind} {}", owner.label));
        }
    }

    /// Whether nobody has it but the one that the finding is about.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// That they gain what is added, too.
    pub fn note(&self) -> Option<String> {
        let first = self.first.as_ref()?;
        let more = match self.count - 1 {
            0 => String::new(),
            1 => " and another".to_owned(),
            more => format!(" and {more} others"),
        };
        let also = if self.is_of_policy { "" } else { "also " };
        Some(format!("{also}for {first}{more}"))
    }
}

/// What an identity is; `None` for what is none.
fn kind(owner: &Owner) -> Option<&'static str> {
    match owner.kind {
        OwnerKind::Role => Some("role"),
        OwnerKind::User => Some("user"),
        OwnerKind::Group => Some("group"),
        OwnerKind::ManagedPolicy | OwnerKind::Resource | OwnerKind::File => None,
    }
}

/// The owners of a site, with their indexes.
fn held_by<'a>(
    context: &Context<'a>,
    site: &'a Site,
) -> impl Iterator<Item = (usize, &'a Owner)> + use<'a> {
    let owners = &context.analysis.owners;
    let own = site.owners.iter();
    own.filter_map(move |index| Some((*index, owners.get(*index)?)))
}

/// A place for new statements: a policy, and the statement behind which they stand.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub site: &'a Site,
    pub behind: &'a Statement,
}

/// Where the owner with this label alone is allowed something of the services of `actions`, so that it can be given what its
/// statement in a shared policy lacks. `None` where it has no such policy, or where it has the shared one only at times.
pub(super) fn own_place<'a>(
    context: &Context<'a>,
    (site, statement): (&'a Site, &'a Statement),
    own: &str,
    actions: &[Action],
) -> Option<Place<'a>> {
    let (index, _) = held_by(context, site).find(|(_, owner)| owner.label == own)?;
    let form = context.policy(site).form;
    let is_always = !statement.resource.is_missing()
        && site.branch.is_empty()
        && site.held_by(index).is_empty()
        && statement.branch.is_empty();
    let keeps_conditions = statement.condition.is_missing()
        || matches!(
            Carried::of(context, form, statement, actions),
            Some(Carried::Same(_))
        );
    if !is_always || !keeps_conditions {
        return None;
    }
    let is_own = |other: &&'a Site| {
        other.owners == [index]
            && other.kind.grants()
            && other.branch.is_empty()
            && other.held_by(index).is_empty()
            && context.policy(other).form == form
    };
    let is_wanted = |of: &Action| actions.iter().any(|own| own.service() == of.service());
    let is_of_service = |other: &&Statement| {
        let mut items = other.actions().iter();
        other.allows()
            && other.branch.is_empty()
            && items.any(|item| context.expand(item).iter().any(is_wanted))
    };
    let sites = context.analysis.sites_of(index).filter(is_own);
    let mut places = sites.filter_map(|site| {
        let mut statements = context.policy(site).statements.iter();
        let behind = statements.rfind(is_of_service)?;
        Some(Place { site, behind })
    });
    places.next()
}

#[cfg(test)]
mod tests {
    use crate::deploy::missing_delete_counterpart::RULE;
    use crate::tests::bulk::mended;
    use crate::tests::fixture::Fixture;
    use crate::{ResolvedFix, Safety};

    /// Roles of these names that have one policy, the first with the statement in a policy of its own.
    fn template(roles: &[&str], own: &str) -> String {
        let mut text = "Resources:\n".to_owned();
        for (at, role) in roles.iter().enumerate() {
            text.push_str(&format!(
                "  {role}:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns: [!Ref Shared]\n"
            ));
            if at == 0 && !own.is_empty() {
                text.push_str(&format!(
                    "      Policies:\n        - PolicyName: own\n          PolicyDocument:\n            Version: '2012-10-17'\n            Statement:\n              - {own}\n"
                ));
            }
        }
        text.push_str("  Shared:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - Effect: Allow\n            Action: sns:CreateTopic\n            Resource: arn:aws:sns:eu-west-1:111111111111:shop-*\n");
        text
    }

    fn fix(text: &str) -> ResolvedFix {
        let fixture = Fixture::new(text, "");
        let found = fixture.findings(&RULE);
        let fix = found[0].fixes[0].resolve(&fixture.context());
        fix.expect("a fix")
    }

    #[test]
    fn whoever_has_the_policy_too_is_named() {
        for (roles, note, safety) in [
            (&["DeployerRole"][..], None, Safety::Unsafe),
            (
                &["DeployerRole", "OtherDeployer"],
                Some("also for role OtherDeployer"),
                Safety::Unsafe,
            ),
            (
                &["DeployerRole", "AppRole"],
                Some("also for role AppRole"),
                Safety::Manual,
            ),
            (
                &["DeployerRole", "OtherDeployer", "AppRole"],
                Some("also for role AppRole and another"),
                Safety::Manual,
            ),
            (
                &["AppRole", "DeployerRole", "A", "B"],
                Some("also for role AppRole and 2 others"),
                Safety::Manual,
            ),
        ] {
            let text = template(roles, "");
            let fix = fix(&text);
            assert_eq!(fix.also_for.as_deref(), note, "{text}");
            assert_eq!(fix.safety, safety, "{text}");
        }
        let module = "resource \"aws_iam_policy\" \"shared\" {
  policy = jsonencode({
    Version = \"2012-10-17\"
    Statement = [{
      Effect   = \"Allow\"
      Action   = \"sns:CreateTopic\"
      Resource = \"arn:aws:sns:eu-west-1:111111111111:shop-*\"
    }]
  })
}
resource \"aws_iam_role\" \"deployer\" {
  name = \"deployer\"
}
resource \"aws_iam_role\" \"app\" {
  name = \"app\"
}
resource \"aws_iam_role_policy_attachment\" \"deployer\" {
  role       = aws_iam_role.deployer.name
  policy_arn = aws_iam_policy.shared.arn
}
resource \"aws_iam_role_policy_attachment\" \"app\" {
  role       = aws_iam_role.app.name
  policy_arn = aws_iam_policy.shared.arn
}
";
        let fix = fix(module);
        assert_eq!(
            fix.also_for.as_deref(),
            Some("also for role aws_iam_role.app")
        );
        assert_eq!(fix.safety, Safety::Manual);
    }

    #[test]
    fn what_only_one_has_is_given_what_it_lacks() {
        let roles = ["DeployerRole", "AppRole"];
        for (own, added) in [
            // Its statement on other resources is left as it is.
            (
                "{Effect: Allow, Action: sns:Publish, Resource: '*'}",
                "- Effect: Allow\n                Action: sns:DeleteTopic\n                Resource: arn:aws:sns:eu-west-1:111111111111:shop-*\n",
            ),
            // One on the same gets it.
            (
                "{Effect: Allow, Action: [sns:Publish], Resource: arn:aws:sns:eu-west-1:111111111111:shop-*}",
                "Action: [sns:Publish, sns:DeleteTopic]",
            ),
        ] {
            let text = template(&roles, own);
            let fix = fix(&text);
            assert_eq!(fix.notes, ["in a policy that only DeployerRole has"]);
            assert_eq!(fix.safety, Safety::Unsafe);
            let after = leastwise_syntax::write::apply(&text, &fix.edits);
            let (own, shared) = after.split_once("  Shared:").expect("both");
            assert!(own.contains("sns:DeleteTopic"), "{after}");
            assert!(
                own.contains(added) || !added.starts_with("Action"),
                "{after}"
            );
            assert!(!shared.contains("sns:DeleteTopic"), "{after}");
            let left = Fixture::new(&after, "").findings(&RULE);
            assert!(left.is_empty(), "{after}");
        }
        // Another service's, or what denies, is no place for it.
        for own in [
            "{Effect: Allow, Action: sqs:SendMessage, Resource: '*'}",
            "{Effect: Deny, Action: sns:Publish, Resource: '*'}",
        ] {
            let fix = fix(&template(&roles, own));
            assert_eq!(
                fix.also_for.as_deref(),
                Some("also for role AppRole"),
                "{own}"
            );
        }
        // Nobody else has it: it stands where the other is.
        let text = template(
            &roles[..1],
            "{Effect: Allow, Action: sns:Publish, Resource: '*'}",
        );
        assert_eq!(fix(&text).notes, [""; 0]);
    }

    #[test]
    fn each_of_several_that_deploy_gets_it() {
        let text = template(
            &["DeployerRole", "OtherDeployer"],
            "{Effect: Allow, Action: sns:Publish, Resource: '*'}",
        );
        let (after, _) = mended(&text, "template.yaml");
        assert_eq!(mended(&after, "template.yaml").0, after);
        let left = Fixture::new(&after, "").findings(&RULE);
        assert!(left.is_empty(), "{after}");
    }
}
