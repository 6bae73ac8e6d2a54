//! Which owners deploy: their permissions create and change resources, so that each needs its counterparts.
//!
//! Where the config doesn't say, an owner deploys that is called so, that CloudFormation assumes, or that may make stacks;
//! and one that a CI assumes, or that is called like one, where it may create what stays.

mod names;

use leastwise_catalog::{AccessLevel, Action, Relation};
use leastwise_model::{Known, Owner, OwnerKind, SiteKind, Statement};
use leastwise_policy::ActionPattern;
use leastwise_syntax::Tree;

use crate::Analysis;
use names::NameHint;

/// The hosts of the OpenID Connect providers that CIs come with, as each documents them for AWS.
const CI_PROVIDERS: [&str; 8] = [
    "token.actions.githubusercontent.com",
    "gitlab.",
    "oidc.circleci.com",
    "api.bitbucket.org",
    "agent.buildkite.com",
    "vstoken.dev.azure.com",
    "app.terraform.io",
    "semaphoreci.com",
];

/// The services of AWS that run a pipeline's jobs.
const CI_SERVICES: [&str; 2] = ["codebuild.", "codepipeline."];

/// What runs creates these for itself; nobody deploys them.
const OF_RUNS: [(&str, &str); 6] = [
    ("logs", "CreateLogGroup"),
    ("logs", "CreateLogStream"),
    ("codebuild", "CreateReportGroup"),
    ("codebuild", "CreateReport"),
    ("ec2", "CreateNetworkInterface"),
    ("ec2", "CreateNetworkInterfacePermission"),
];

/// What a release adds beside those before it, by whoever only releases.
const OF_RELEASES: [(&str, &str); 5] = [
    ("ecs", "RegisterTaskDefinition"),
    ("elasticbeanstalk", "CreateApplicationVersion"),
    ("lambda", "AddPermission"),
    ("lambda", "PublishLayerVersion"),
    ("ssm", "PutParameter"),
];

/// What a release adds, what it then changes to make use of it, and what makes the thing that is changed, as names of
/// actions. AWS's policies for pipelines that release to Amazon ECS have `ecs:RegisterTaskDefinition` with
/// `ecs:UpdateService`, a deployment of CodeDeploy or `ecs:RunTask`, and nothing that creates or takes away.
const ROLL_OUTS: [(&str, &[&str], &str); 3] = [
    (
        "ecs:RegisterTaskDefinition",
        &[
            "ecs:UpdateService",
            "ecs:RunTask",
            "codedeploy:CreateDeployment",
        ],
        "ecs:CreateService",
    ),
    (
        "elasticbeanstalk:CreateApplicationVersion",
        &["elasticbeanstalk:UpdateEnvironment"],
        "elasticbeanstalk:CreateEnvironment",
    ),
    (
        "lambda:PublishLayerVersion",
        &["lambda:UpdateFunctionConfiguration"],
        "lambda:CreateFunction",
    ),
];

/// Whether an owner deploys, and how that is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Deploys {
    /// Nothing tells that it does.
    No,
    /// What it may do, who assumes it or a word of its name tells: that it does, not that it does nothing else.
    Likely,
    /// The config, its name, or what deploys with it says so.
    Said,
}

/// Who assumes a role.
#[derive(Clone, Copy, Default)]
struct Assumers {
    cloudformation: bool,
    ci: bool,
    /// A service that runs something with it.
    runs: bool,
}

/// Whether an action creates what a job leaves behind where it runs: its logs, its reports, its way into a network.
pub fn is_of_runs(action: Action) -> bool {
    let name = (action.service().prefix(), action.name());
    OF_RUNS.contains(&name)
}

/// Whether an action adds a version of what is there already.
pub fn is_of_releases(action: Action) -> bool {
    let name = (action.service().prefix(), action.name());
    OF_RELEASES.contains(&name)
}

/// Whether whoever may call an action only rolls out with it: it may change what makes use of the new version, and not
/// create that, as whoever manages it with CloudFormation or Terraform must. `may` tells what else may be called.
pub fn rolls_out(action: Action, may: impl Fn(Action) -> bool) -> bool {
    let named = |name: &str| {
        let (service, name) = name.split_once(':')?;
        leastwise_catalog::catalog().action(service, name)
    };
    let name = action.full_name();
    let mut of = ROLL_OUTS.iter().filter(|(adds, ..)| *adds == name);
    of.any(|(_, changes, creates)| {
        let mut changes = changes.iter().filter_map(|name| named(name));
        changes.any(&may) && !named(creates).is_some_and(&may)
    })
}

impl Analysis {
    /// Whether an owner of the file deploys, as the config says, or as its name, its trust policy and its own permissions
    /// tell.
    pub(crate) fn tells_that_deploys(&self, tree: &Tree, at: usize) -> Deploys {
        let Some(owner) = self.owners.get(at).filter(|owner| may_deploy(owner)) else {
            return Deploys::No;
        };
        let mut names = std::iter::once(&owner.label).chain(&owner.names);
        if let Some(globs) = &self.config.deploy_roles {
            return match names.any(|name| globs.iter().any(|glob| glob.matches(name))) {
                true => Deploys::Said,
                false => Deploys::No,
            };
        }
        let told = names.map(|name| names::hint(name)).max();
        if told == Some(NameHint::Plainly) || self.assumers(tree, at).cloudformation {
            return Deploys::Said;
        }
        let likely = told == Some(NameHint::Deploys)
            // A policy that nobody is seen to have may be one for people.
            || owner.kind != OwnerKind::ManagedPolicy && self.makes_stacks(tree, at)
            || self.is_of_ci(tree, at) && self.creates(tree, at);
        match likely {
            true => Deploys::Likely,
            false => Deploys::No,
        }
    }

    /// Whether the config says that an owner of the file deploys, be it that functions run as it.
    pub fn is_said_to_deploy(&self, owner: usize) -> bool {
        let globs = self.config.deploy_roles.as_deref().unwrap_or_default();
        self.owners.get(owner).is_some_and(|owner| {
            let mut names = std::iter::once(&owner.label).chain(&owner.names);
            owner.kind == OwnerKind::Role
                && names.any(|name| globs.iter().any(|glob| glob.matches(name)))
        })
    }

    /// Whether a CI assumes an owner of the file, or it is called so.
    pub fn is_of_ci(&self, tree: &Tree, owner: usize) -> bool {
        let at = owner;
        let Some(owner) = self.owners.get(at).filter(|owner| may_deploy(owner)) else {
            return false;
        };
        let mut names = std::iter::once(&owner.label).chain(&owner.names);
        self.config.deploy_roles.is_none()
            && (names.any(|name| names::hint(name) == NameHint::Ci) || self.assumers(tree, at).ci)
    }

    /// Whether a service runs something with a role of the file, and not CloudFormation with what it is told.
    pub fn is_run_by_a_service(&self, tree: &Tree, owner: usize) -> bool {
        self.assumers(tree, owner).runs
    }

    /// Whether CloudFormation makes what it is told with a role of the file.
    pub fn is_run_by_cloudformation(&self, tree: &Tree, owner: usize) -> bool {
        self.assumers(tree, owner).cloudformation
    }

    /// Whether an owner of the file may create what stays when its job is done.
    pub fn creates(&self, tree: &Tree, owner: usize) -> bool {
        self.allowing(tree, owner).any(|statement| {
            let mut actions = statement.actions().iter();
            actions.any(|item| self.expand(item).iter().any(|action| stays(*action)))
        })
    }

    /// Whether an owner may make stacks. A service's role that may do anything with them more likely sends a stack signals.
    fn makes_stacks(&self, tree: &Tree, owner: usize) -> bool {
        let run = self.assumers(tree, owner).runs;
        self.allowing(tree, owner).any(|statement| {
            let mut patterns = statement
                .actions()
                .iter()
                .filter_map(|item| item.action.as_ref());
            patterns
                .any(|pattern| makes_stacks(pattern) && !(run && pattern.text().ends_with(":*")))
        })
    }

    fn allowing<'a>(&'a self, tree: &'a Tree, owner: usize) -> impl Iterator<Item = &'a Statement> {
        let sites = self.sites_of(owner).filter(|site| site.kind.grants());
        sites
            .flat_map(|site| &site.policy(tree).statements)
            .filter(|statement| statement.allows())
    }

    fn assumers(&self, tree: &Tree, owner: usize) -> Assumers {
        let mut assumers = Assumers::default();
        let sites = self
            .sites_of(owner)
            .filter(|site| site.kind == SiteKind::Trust);
        let statements = sites.flat_map(|site| &site.policy(tree).statements);
        for statement in statements.filter(|statement| statement.allows()) {
            let Some(principals) = statement.principal.known() else {
                continue;
            };
            let is = |kind: &str, is: &dyn Fn(&str) -> bool| {
                let mut values = principals
                    .values(kind)
                    .iter()
                    .flat_map(|item| self.shown(tree, item));
                values.any(|(_, value)| is(&value.pattern.display()))
            };
            let cloudformation = |name: &str| name.starts_with("cloudformation.");
            let ci = |name: &str| CI_SERVICES.iter().any(|service| name.starts_with(service));
            let provider = |name: &str| CI_PROVIDERS.iter().any(|host| names_host(name, host));
            assumers.cloudformation |= is("Service", &cloudformation);
            assumers.runs |= is("Service", &|name| !cloudformation(name));
            assumers.ci |= is("Service", &ci)
                || is("Federated", &provider)
                || !principals.values("Federated").is_empty() && tests_provider(statement);
        }
        assumers
    }
}

/// Whether the keys of a statement's conditions are a CI's.
fn tests_provider(statement: &Statement) -> bool {
    let Known::Is(tests) = &statement.condition else {
        return false;
    };
    let mut keys = tests.iter().filter_map(|test| test.key.as_deref());
    keys.any(|key| CI_PROVIDERS.iter().any(|host| names_host(key, host)))
}

/// Whether a provider's ARN, or a condition key, is of a host.
fn names_host(text: &str, host: &str) -> bool {
    let address = text
        .rsplit_once("oidc-provider/")
        .map_or(text, |(_, address)| address);
    address.match_indices(host).any(|(at, _)| {
        at == 0
            || address
                .get(..at)
                .is_some_and(|head| head.ends_with(['/', '.']))
    })
}

fn may_deploy(owner: &Owner) -> bool {
    let kinds = [
        OwnerKind::Role,
        OwnerKind::User,
        OwnerKind::Group,
        OwnerKind::ManagedPolicy,
        OwnerKind::File,
    ];
    !owner.runs && kinds.contains(&owner.kind)
}

fn makes_stacks(pattern: &ActionPattern) -> bool {
    let ActionPattern::Named(named) = pattern else {
        return false;
    };
    named.service().eq_ignore_ascii_case("cloudformation")
        && ["CreateStack", "CreateChangeSet"].iter().any(|name| {
            let action = leastwise_catalog::catalog().action("cloudformation", name);
            action.is_some_and(|action| pattern.matches(action))
        })
}

/// Whether what an action makes is there until somebody deletes it.
fn stays(action: Action) -> bool {
    let mut counterparts = action.counterparts();
    counterparts.any(|other| other.relation() == Relation::Delete && other.required())
        && action.access_level() != AccessLevel::Tagging
        && !is_of_runs(action)
        && !is_of_releases(action)
}
