//! Requests over all policies that apply to them, each rule with AWS's page as its source.
//!
//! Where nothing else is said, that is
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use leastwise_catalog::catalog;
use leastwise_policy::evaluate::{
    ApiRequest, AppliedPolicies, Attachment, Decisive, Dependency, HomeAccount, NamedPrincipal,
    Provision, Requester, RequesterKind, Ruling,
};
use leastwise_policy::grants::{
    Clause, ClauseId, Conditions, Entries, GrantGuard, KeyTest, Language, Request, Selection,
};
use leastwise_policy::{ActionPattern, Pattern, PolicyKind, Tri};
use proptest::prelude::*;

use Tri::{Maybe, No, Yes};

const USER: &str = "arn:aws:iam::111111111111:user/team/ann";
const ROLE: &str = "arn:aws:iam::111111111111:role/app/worker";
const SESSION: &str = "arn:aws:sts::111111111111:assumed-role/worker/one";
const ROOT: &str = "arn:aws:iam::111111111111:root";
const FEDERATED: &str = "arn:aws:sts::111111111111:federated-user/ann";
const QUEUE: &str = "arn:aws:sqs:eu-west-1:111111111111:jobs";
const THEIRS: &str = "arn:aws:sqs:eu-west-1:222222222222:jobs";
const KEY: &str = "arn:aws:kms:eu-west-1:111111111111:key/k";
const TARGET: &str = "arn:aws:iam::111111111111:role/target";
const SEND: &str = "sqs:SendMessage";

fn allow(actions: &[&str], resources: &[&str]) -> Provision {
    let resources = resources.iter().map(|text| Pattern::literal(text));
    let actions = actions.iter().map(|text| ActionPattern::parse(text));
    Provision {
        allows: Yes,
        principals: None,
        clause: Clause {
            id: ClauseId(0),
            actions: Selection::Only(Entries::of(actions)),
            resources: Selection::Only(Entries::of(resources)),
            conditions: Conditions::default(),
            certain: true,
            guards: Vec::new(),
        },
        language: Language::Current,
    }
}

fn all() -> Provision {
    allow(&["*"], &["*"])
}

fn deny(actions: &[&str], resources: &[&str]) -> Provision {
    Provision {
        allows: No,
        ..allow(actions, resources)
    }
}

fn named(names: &[&str]) -> Entries<NamedPrincipal> {
    Entries::of(names.iter().map(|name| {
        let (key, value) = name.split_once('=').unwrap_or(("AWS", name));
        NamedPrincipal {
            key: key.to_owned(),
            value: Pattern::literal(value),
        }
    }))
}

trait Worded {
    fn to(self, names: &[&str]) -> Provision;
    fn to_all_but(self, names: &[&str]) -> Provision;
    fn where_(self, operator: &str, key: &str, value: &str) -> Provision;
    fn id(self, id: usize) -> Provision;
}

impl Worded for Provision {
    fn to(mut self, names: &[&str]) -> Provision {
        self.principals = Some(Selection::Only(named(names)));
        self
    }

    fn to_all_but(mut self, names: &[&str]) -> Provision {
        self.principals = Some(Selection::AllBut(named(names)));
        self
    }

    fn where_(mut self, operator: &str, key: &str, value: &str) -> Provision {
        let values = Entries::of([Pattern::literal(value)]);
        let test = KeyTest::new(Some(operator), Some(key), values);
        self.clause.conditions.tests.push(test);
        self
    }

    fn id(mut self, id: usize) -> Provision {
        self.clause.id = ClauseId(id);
        self
    }
}

fn these(statements: impl IntoIterator<Item = Provision>) -> Attachment {
    Attachment::Statements(statements.into_iter().collect())
}

fn home(number: Option<&str>) -> HomeAccount {
    HomeAccount {
        number: number.map(str::to_owned),
        is_management: No,
    }
}

fn requester(arn: &str) -> Requester {
    let mut requester = Requester::of_arn(arn).expect("somebody");
    requester.account.is_management = No;
    requester
}

/// A session of a service-linked role; whether it is one, is known by the role's path.
fn linked(is_known: bool) -> Requester {
    let name = "AWSServiceRoleForSupport";
    let session = format!("arn:aws:sts::111111111111:assumed-role/{name}/s");
    let path = "role/aws-service-role/support.amazonaws.com";
    let role = format!("arn:aws:iam::111111111111:{path}/{name}");
    Requester {
        kind: RequesterKind::Session {
            role: is_known.then_some(role),
        },
        ..requester(&session)
    }
}

fn asked(requester: Requester, action: &str, resource: &str) -> ApiRequest {
    let (service, name) = action.split_once(':').unwrap();
    ApiRequest {
        requester,
        action: catalog().action(service, name).expect("an action"),
        resource: Pattern::literal(resource),
        owner: home(None),
        request: Request::default().and_nothing_else(),
        given: Vec::new(),
    }
}

fn send(arn: &str, queue: &str) -> ApiRequest {
    asked(requester(arn), SEND, queue)
}

fn policies(identity: Attachment, resource: Attachment) -> AppliedPolicies {
    AppliedPolicies {
        identity,
        resource,
        ..AppliedPolicies::default()
    }
}

#[test]
fn one_account_takes_one_policy_and_two_take_both() {
    let mine = || these([allow(&[SEND], &["*"])]);
    let of_queue = |who: &str| these([allow(&["sqs:*"], &["*"]).to(&[who])]);
    for (queue, identity, resource, answer, missing) in [
        (
            QUEUE,
            Attachment::Nothing,
            Attachment::Nothing,
            No,
            &[PolicyKind::Identity][..],
        ),
        (QUEUE, mine(), Attachment::Nothing, Yes, &[]),
        (QUEUE, Attachment::Nothing, of_queue(USER), Yes, &[]),
        (QUEUE, Attachment::Nothing, of_queue("*"), Yes, &[]),
        // An account's name leaves it to the account.
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
        (
            QUEUE,
            Attachment::Nothing,
            of_queue(ROOT),
            No,
            &[PolicyKind::Identity],
        ),
        (QUEUE, mine(), of_queue(ROOT), Yes, &[]),
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
        (
            THEIRS,
            mine(),
            Attachment::Nothing,
            No,
            &[PolicyKind::Resource],
        ),
        (
            THEIRS,
            Attachment::Nothing,
            of_queue(USER),
            No,
            &[PolicyKind::Identity],
        ),
        (THEIRS, mine(), of_queue(USER), Yes, &[]),
        (THEIRS, mine(), of_queue("111111111111"), Yes, &[]),
        (
            THEIRS,
            mine(),
            of_queue("333333333333"),
            No,
            &[PolicyKind::Resource],
        ),
        (THEIRS, mine(), Attachment::Unknown, Maybe, &[]),
    ] {
        let ruling = policies(identity.clone(), resource.clone()).rule(&send(USER, queue));
        assert_eq!(ruling.whether, answer, "{queue} {identity:?} {resource:?}");
        assert_eq!(ruling.missing, missing, "{queue} {identity:?} {resource:?}");
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>
#[test]
fn who_is_named_decides_whether_a_boundary_counts() {
    let mut session_of_known_role = requester(SESSION);
    session_of_known_role.kind = RequesterKind::Session {
        role: Some(ROLE.to_owned()),
    };
    let mut federated = requester(FEDERATED);
    federated.kind = RequesterKind::FederatedUser {
        user: Some(USER.to_owned()),
    };
    for (who, name, answer) in [
        (requester(USER), USER, Yes),
        (requester(SESSION), SESSION, Yes),
        (requester(SESSION), ROLE, No),
        (session_of_known_role, ROLE, No),
        (requester(ROLE), ROLE, No),
        (requester(SESSION), "*", Yes),
        (requester(USER), ROOT, No),
        (federated.clone(), FEDERATED, Yes),
        (federated, USER, No),
    ] {
        let mut applied = policies(these([all()]), these([all().to(&[name])]));
        applied.session = these([all()]);
        let asked = asked(who, SEND, QUEUE);
        assert_eq!(applied.rule(&asked).whether, Yes, "{name}");
        applied.boundary = these([allow(&["s3:*"], &["*"])]);
        assert_eq!(applied.rule(&asked).whether, answer, "{name}");
        // Without policies of its own, it still is the resource's that grants.
        applied.identity = Attachment::Nothing;
        assert_eq!(applied.rule(&asked).whether, answer, "{name}");
        applied.boundary = these([all(), deny(&[SEND], &["*"])]);
        assert_eq!(applied.rule(&asked).whether, No, "{name}");
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
        applied.boundary = Attachment::Nothing;
        applied.session = these([allow(&["s3:*"], &["*"])]);
        let is_user = matches!(asked.requester.kind, RequesterKind::User);
        if !is_user {
            assert_eq!(applied.rule(&asked).whether, answer, "{name}");
        }
    }
}

/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>
#[test]
fn a_federated_user_has_what_the_session_is_given() {
    let mut applied = policies(these([all()]), Attachment::Nothing);
    let ruling = applied.rule(&send(FEDERATED, QUEUE));
    assert_eq!(
        (ruling.whether, ruling.missing),
        (No, vec![PolicyKind::Session])
    );
    applied.session = these([allow(&["sqs:*"], &["*"])]);
    assert_eq!(applied.rule(&send(FEDERATED, QUEUE)).whether, Yes);
    applied.session = Attachment::Nothing;
    applied.resource = these([all().to(&[FEDERATED])]);
    assert_eq!(applied.rule(&send(FEDERATED, QUEUE)).whether, Yes);
}

#[test]
fn whose_the_resource_is() {
    let mine = policies(these([all()]), Attachment::Nothing);
    for (action, resource, answer) in [
        ("s3:GetObject", "arn:aws:s3:::b/o", Maybe),
        // Its own account's, or everybody's.
        ("s3:ListAllMyBuckets", "*", Yes),
        (
            "iam:GetPolicy",
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            Yes,
        ),
        ("iam:GetPolicy", "arn:aws:iam::222222222222:policy/p", No),
    ] {
        let found = mine.rule(&asked(requester(USER), action, resource)).whether;
        assert_eq!(found, answer, "{action} {resource}");
    }
}

#[test]
fn whom_principals_name() {
    let other_path = "arn:aws:iam::111111111111:role/worker";
    for (who, name, answer) in [
        (requester(SESSION), ROLE, Yes),
        // The name of a role is unique in its account, whatever its path.
        (requester(SESSION), other_path, Yes),
        (requester(ROLE), other_path, No),
        (
            requester(SESSION),
            "arn:aws:iam::111111111111:role/app/work",
            No,
        ),
        (
            requester(SESSION),
            "arn:aws:iam::222222222222:role/app/worker",
            No,
        ),
        (
            requester(SESSION),
            "arn:aws:sts::111111111111:assumed-role/worker/two",
            No,
        ),
        (requester(USER), "arn:aws:iam::111111111111:user/ann", No),
        (requester(USER), "AIDAEXAMPLEEXAMPLE123", Maybe),
        (requester(USER), "AROAEXAMPLEEXAMPLE123", No),
        (requester(SESSION), "AROAEXAMPLEEXAMPLE123", Maybe),
        (
            requester(USER),
            "arn:aws:iam::111111111111:user/${Name}",
            Maybe,
        ),
        (
            requester(USER),
            "arn:aws:iam::222222222222:user/${Name}",
            No,
        ),
        (requester(USER), "arn:aws:iam::111111111111:user/*", No),
        (
            Requester::service("sns.amazonaws.com"),
            "Service=sns.amazonaws.com",
            Yes,
        ),
        (
            Requester::service("sns.amazonaws.com"),
            "Service=s3.amazonaws.com",
            No,
        ),
        (Requester::service("sns.amazonaws.com"), "*", Yes),
        (Requester::service("sns.amazonaws.com"), ROOT, No),
        (requester(USER), "Service=sns.amazonaws.com", No),
        (Requester::anonymous(), "*", Yes),
        (Requester::anonymous(), ROOT, No),
    ] {
        let applied = policies(Attachment::Nothing, these([all().to(&[name])]));
        let asked = asked(who, SEND, QUEUE);
        assert_eq!(
            applied.rule(&asked).whether,
            answer,
            "{:?} {name}",
            asked.requester
        );
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
#[test]
fn whom_principals_leave_out() {
    for (who, names, bounded, answer) in [
        (USER, &[USER, ROOT][..], false, Yes),
        (USER, &[USER, ROOT], true, No),
        (USER, &["222222222222"], false, No),
        (USER, &[USER], false, Maybe),
        (SESSION, &[SESSION, ROLE, ROOT], false, Yes),
        (SESSION, &[ROLE, ROOT], false, Maybe),
        (SESSION, &[USER], false, No),
    ] {
        let denial = deny(&["*"], &["*"]).to_all_but(names);
        let mut applied = policies(these([all()]), these([denial]));
        if bounded {
            applied.boundary = these([all()]);
        }
        assert_eq!(
            applied.rule(&send(who, QUEUE)).whether,
            answer,
            "{who} {names:?}"
        );
    }
    // With `Allow`, AWS doesn't support it.
    let applied = policies(
        Attachment::Nothing,
        these([all().to_all_but(&["222222222222"])]),
    );
    assert_eq!(applied.rule(&send(USER, QUEUE)).whether, Maybe);
}

#[test]
fn a_denial_in_any_layer_wins() {
    let no = || these([all(), deny(&[SEND], &["*"]).id(7)]);
    let base = || policies(these([all()]), these([all().to(&["*"])]));
    let everyone = || these([all(), deny(&[SEND], &["*"]).id(7).to(&["*"])]);
    let with = |change: &dyn Fn(&mut AppliedPolicies)| {
        let mut applied = base();
        change(&mut applied);
        applied.rule(&send(SESSION, QUEUE))
    };
    assert_eq!(base().rule(&send(SESSION, QUEUE)).whether, Yes);
    for (layer, ruling) in [
        (PolicyKind::Identity, with(&|it| it.identity = no())),
        (PolicyKind::Boundary, with(&|it| it.boundary = no())),
        (PolicyKind::Session, with(&|it| it.session = no())),
        (PolicyKind::Resource, with(&|it| it.resource = everyone())),
        (
            PolicyKind::VpcEndpoint,
            with(&|it| it.endpoint = everyone()),
        ),
        (
            PolicyKind::ServiceControl,
            with(&|it| it.service_control = vec![these([all()]), no()]),
        ),
        (
            PolicyKind::ResourceControl,
            with(&|it| it.resource_control = vec![everyone()]),
        ),
    ] {
        assert_eq!(ruling.whether, No, "{layer:?}");
        let clause = ClauseId(7);
        assert_eq!(ruling.decided_by, [Decisive { layer, clause }]);
        assert!(ruling.missing.is_empty(), "{layer:?}");
    }
}

/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>
#[test]
fn each_level_of_the_organization_has_to_allow() {
    let levels = |two: Attachment| {
        let mut applied = policies(these([all()]), these([all().to(&["*"])]));
        applied.service_control = vec![these([all()]), two];
        applied
    };
    let queues = || these([allow(&["sqs:*"], &["*"])]);
    let buckets = || these([allow(&["s3:*"], &["*"])]);
    let asked = send(USER, QUEUE);
    assert_eq!(levels(queues()).rule(&asked).whether, Yes);
    let ruling = levels(buckets()).rule(&asked);
    assert_eq!(
        (ruling.whether, ruling.missing),
        (No, vec![PolicyKind::ServiceControl])
    );
    // Nothing is attached where something has to be.
    assert_eq!(levels(these([])).rule(&asked).whether, No);
    let ruling = levels(Attachment::Unknown).rule(&asked);
    let unknown = Dependency::Policies(PolicyKind::ServiceControl);
    assert_eq!((ruling.whether, ruling.depends_on), (Maybe, vec![unknown]));
    // The root user of a member account is held by them, too.
    assert_eq!(levels(buckets()).rule(&send(ROOT, QUEUE)).whether, No);
    // Who escapes: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    let mut management = asked.clone();
    management.requester.account.is_management = Yes;
    assert_eq!(levels(buckets()).rule(&management).whether, Yes);
    management.requester.account.is_management = Maybe;
    let ruling = levels(buckets()).rule(&management);
    let unknown = Dependency::Escape(PolicyKind::ServiceControl);
    assert_eq!((ruling.whether, ruling.depends_on), (Maybe, vec![unknown]));
    let mut service_linked = asked.clone();
    service_linked.requester = linked(true);
    assert_eq!(levels(buckets()).rule(&service_linked).whether, Yes);
    service_linked.requester = linked(false);
    let ruling = levels(buckets()).rule(&service_linked);
    let unknown = Dependency::Escape(PolicyKind::ServiceControl);
    assert_eq!((ruling.whether, ruling.depends_on), (Maybe, vec![unknown]));
    let mut service = asked;
    service.requester = Requester::service("sns.amazonaws.com");
    assert_eq!(levels(buckets()).rule(&service).whether, Yes);
}

/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
#[test]
fn what_rcps_protect() {
    let topic = "arn:aws:sns:eu-west-1:111111111111:t";
    let mut applied = policies(these([all()]), these([all().to(&["*"])]));
    applied.resource_control = vec![these([all().to(&["*"]), deny(&["*"], &["*"]).to(&["*"])])];
    let mut management = send(USER, QUEUE);
    management.owner.is_management = Yes;
    for (asked, answer) in [
        (send(USER, QUEUE), No),
        (send(ROOT, QUEUE), No),
        (
            asked(Requester::service("sns.amazonaws.com"), SEND, QUEUE),
            No,
        ),
        (asked(Requester::anonymous(), SEND, QUEUE), No),
        (asked(linked(true), SEND, QUEUE), Yes),
        (asked(linked(false), SEND, QUEUE), Maybe),
        (management, Yes),
        // Not all services are protected, and actions without resources aren't.
        (asked(requester(USER), "sns:Publish", topic), Yes),
        (asked(requester(USER), "kms:RetireGrant", KEY), Yes),
    ] {
        assert_eq!(applied.rule(&asked).whether, answer, "{asked:?}");
    }
}

/// <https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html>
#[test]
fn an_endpoint_has_to_let_it_through() {
    let mut applied = policies(these([all()]), Attachment::Nothing);
    applied.endpoint = these([allow(&["sqs:*"], &[QUEUE]).to(&["*"])]);
    assert_eq!(applied.rule(&send(USER, QUEUE)).whether, Yes);
    applied.endpoint = these([allow(&["sqs:*"], &[THEIRS]).to(&["*"])]);
    let ruling = applied.rule(&send(USER, QUEUE));
    assert_eq!(
        (ruling.whether, ruling.missing),
        (No, vec![PolicyKind::VpcEndpoint])
    );
}

/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>
#[test]
fn a_key_has_to_allow_by_itself() {
    let mine = || these([allow(&["kms:*"], &["*"])]);
    let key = |who: &str| these([allow(&["kms:*"], &["*"]).to(&[who])]);
    for (identity, resource, answer) in [
        (mine(), key("222222222222"), No),
        (mine(), these([]), No),
        (mine(), key(ROOT), Yes),
        (Attachment::Nothing, key(ROOT), No),
        (Attachment::Nothing, key(USER), Yes),
        // There always is a key policy.
        (mine(), Attachment::Nothing, Maybe),
    ] {
        let asked = asked(requester(USER), "kms:Decrypt", KEY);
        let ruling = policies(identity.clone(), resource.clone()).rule(&asked);
        assert_eq!(ruling.whether, answer, "{identity:?} {resource:?}");
    }
    // What is about no key needs no key policy.
    let asked = asked(requester(USER), "kms:ListKeys", "*");
    let ruling = policies(mine(), Attachment::Nothing).rule(&ApiRequest {
        owner: home(Some("111111111111")),
        ..asked
    });
    assert_eq!(ruling.whether, Yes);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html>
#[test]
fn a_role_is_assumed_where_its_trust_policy_says_so() {
    let assume = || these([allow(&["sts:AssumeRole"], &["*"])]);
    // A trust policy names no resource.
    let trust = |who: &str| these([allow(&["sts:AssumeRole"], &[]).to(&[who])]);
    let theirs = "arn:aws:iam::222222222222:role/target";
    for (target, identity, trusts, answer) in [
        (TARGET, assume(), these([]), No),
        (TARGET, Attachment::Nothing, trust(USER), Yes),
        (TARGET, Attachment::Nothing, trust(ROOT), No),
        (TARGET, assume(), trust(ROOT), Yes),
        (theirs, assume(), trust("111111111111"), Yes),
        (theirs, Attachment::Nothing, trust(USER), No),
        (theirs, assume(), trust("333333333333"), No),
    ] {
        let asked = asked(requester(USER), "sts:AssumeRole", target);
        let ruling = policies(identity.clone(), trusts.clone()).rule(&asked);
        assert_eq!(ruling.whether, answer, "{target} {identity:?} {trusts:?}");
    }
    let asked = asked(
        Requester::provider("cognito-identity.amazonaws.com"),
        "sts:AssumeRoleWithWebIdentity",
        TARGET,
    );
    let statement = allow(&["sts:AssumeRoleWithWebIdentity"], &[]);
    let trusts = these([statement.to(&["Federated=cognito-identity.amazonaws.com"])]);
    assert_eq!(
        policies(Attachment::Nothing, trusts).rule(&asked).whether,
        Yes
    );
}

#[test]
fn the_root_user_may_do_all_that_is_not_denied() {
    let nothing = AppliedPolicies::default();
    assert_eq!(nothing.rule(&send(ROOT, QUEUE)).whether, Yes);
    assert_eq!(nothing.rule(&send(ROOT, THEIRS)).whether, No);
    let denied = policies(
        Attachment::Nothing,
        these([deny(&["*"], &["*"]).to(&["*"])]),
    );
    assert_eq!(denied.rule(&send(ROOT, QUEUE)).whether, No);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>
#[test]
fn variables_and_keys_of_the_requester() {
    let own = "arn:aws:sqs:eu-west-1:111111111111:${aws:username}";
    let older = Provision {
        language: Language::Older,
        ..allow(&["sqs:*"], &[own])
    };
    let queue = "arn:aws:sqs:eu-west-1:111111111111:ann";
    let tagged = "arn:aws:sqs:eu-west-1:111111111111:${aws:PrincipalTag/team, 'ann'}";
    let arn = "aws:PrincipalArn";
    for (statement, who, answer) in [
        (allow(&["sqs:*"], &[own]), USER, Yes),
        (allow(&["sqs:*"], &[own]), SESSION, No),
        (older, USER, No),
        (allow(&["sqs:*"], &[tagged]), USER, Yes),
        (
            all().where_("ArnLike", arn, "arn:aws:iam::*:user/team/*"),
            USER,
            Yes,
        ),
        (all().where_("ArnLike", arn, SESSION), SESSION, No),
        (all().where_("ArnLike", arn, ROLE), SESSION, Maybe),
        (all().where_("ArnLike", arn, ROLE), ROLE, Yes),
        (
            all().where_("StringEquals", "aws:PrincipalAccount", "111111111111"),
            SESSION,
            Yes,
        ),
        (
            all().where_("StringEquals", "aws:PrincipalType", "AssumedRole"),
            SESSION,
            Yes,
        ),
        (
            all().where_("Bool", "aws:PrincipalIsAWSService", "false"),
            USER,
            Yes,
        ),
        (
            all().where_(
                "StringEquals",
                "aws:ResourceAccount",
                "${aws:PrincipalAccount}",
            ),
            USER,
            Yes,
        ),
        (
            all().where_("StringLike", "aws:userid", "*:one"),
            SESSION,
            Yes,
        ),
        (
            all().where_("StringLike", "aws:userid", "AROAEXAMPLE:one"),
            SESSION,
            Maybe,
        ),
        (
            all().where_("StringLike", "aws:userid", "AROAEXAMPLE:two"),
            SESSION,
            No,
        ),
        (
            all().where_("StringEquals", "aws:userid", "AIDAEXAMPLE"),
            USER,
            Maybe,
        ),
        (
            all().where_("StringLike", "aws:userid", "*:two"),
            ROLE,
            Maybe,
        ),
    ] {
        let ruling =
            policies(these([statement.clone()]), Attachment::Nothing).rule(&send(who, queue));
        assert_eq!(ruling.whether, answer, "{who} {statement:?}");
    }
}

#[test]
fn what_it_depends_on() {
    let depends = |statement: Provision, change: &dyn Fn(&mut ApiRequest)| {
        let mut asked = send(USER, QUEUE);
        asked.request = Request::default();
        change(&mut asked);
        let ruling = policies(these([statement]), Attachment::Nothing).rule(&asked);
        assert_eq!(ruling.whether, Maybe);
        ruling.depends_on
    };
    let key = |key: &str| vec![Dependency::Key(key.to_owned())];
    let layer = PolicyKind::Identity;
    let clause = ClauseId(3);
    let text = vec![Dependency::Statement(Decisive { layer, clause })];
    let ip = all().where_("IpAddress", "aws:SourceIp", "10.0.0.0/8");
    assert_eq!(depends(ip, &|_| {}), key("aws:sourceip"));
    let variable = all().where_("StringEquals", "aws:username", "${aws:userid}");
    assert_eq!(depends(variable, &|_| {}), key("aws:userid"));
    let role = all().where_("ArnEquals", "aws:PrincipalArn", ROLE);
    let as_session = |asked: &mut ApiRequest| asked.requester = requester(SESSION);
    assert_eq!(depends(role, &as_session), key("aws:principalarn"));
    let resource = allow(&["sqs:*"], &["arn:aws:sqs:*:*:${aws:userid}"]);
    assert_eq!(depends(resource, &|_| {}), key("aws:userid"));
    let hole = allow(&["sqs:*"], &["arn:aws:sqs:*:*:${Name}"]).id(3);
    assert_eq!(depends(hole, &|_| {}), text);
    let hole = all()
        .where_("StringEquals", "aws:username", "${Name}")
        .id(3);
    assert_eq!(depends(hole, &|_| {}), text);
    let mut effect = all().id(3);
    effect.allows = Maybe;
    assert_eq!(depends(effect, &|_| {}), text);
    let mut guarded = all();
    let guard = GrantGuard {
        condition: "IsProd".to_owned(),
        holds: true,
    };
    guarded.clause.guards = vec![guard.clone()];
    assert_eq!(depends(guarded, &|_| {}), [Dependency::Guard(guard)]);
    let bucket = |asked: &mut ApiRequest| {
        asked.action = catalog().action("s3", "GetObject").unwrap();
        asked.resource = Pattern::literal("arn:aws:s3:::b/o");
    };
    assert_eq!(depends(all(), &bucket), [Dependency::Accounts]);
    // Once that is said, it depends on nothing.
    let mut asked = send(USER, QUEUE);
    bucket(&mut asked);
    asked.owner = home(Some("111111111111"));
    let ruling = policies(these([all()]), Attachment::Nothing).rule(&asked);
    assert_eq!(ruling.whether, Yes);
}

#[test]
fn several_resources_at_once() {
    let one = |whether, id| Ruling {
        whether,
        decided_by: vec![Decisive {
            layer: PolicyKind::Identity,
            clause: ClauseId(id),
        }],
        missing: Vec::new(),
        depends_on: Vec::new(),
    };
    let ids = |ruling: &Ruling| -> Vec<usize> {
        ruling.decided_by.iter().map(|it| it.clause.0).collect()
    };
    for (rulings, whether, decided) in [
        (vec![one(Yes, 1), one(Yes, 2), one(Yes, 1)], Yes, vec![1, 2]),
        (vec![one(Yes, 1), one(No, 2), one(Maybe, 3)], No, vec![2]),
        (vec![one(Maybe, 1), one(Yes, 2)], Maybe, vec![1]),
        (vec![], Yes, vec![]),
    ] {
        let all = Ruling::of_all(rulings);
        assert_eq!((all.whether, ids(&all)), (whether, decided));
    }
}

/// What may stand in a layer: whether it denies, allows, or says nothing of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Nothing,
    Allow,
    Deny,
    Both,
}

fn says() -> impl Strategy<Value = Option<Says>> {
    use Says::{Allow, Both, Deny, Nothing};
    prop::sample::select(vec![
        None,
        Some(Nothing),
        Some(Allow),
        Some(Allow),
        Some(Deny),
        Some(Both),
    ])
}

fn layer(says: Option<Says>, principal: Option<&str>) -> Attachment {
    let Some(says) = says else {
        return Attachment::Nothing;
    };
    let mut statements = vec![allow(&["s3:*"], &["*"])];
    if matches!(says, Says::Allow | Says::Both) {
        statements.push(allow(&["sqs:Send*"], &["arn:aws:sqs:*:*:jo?s"]));
    }
    if matches!(says, Says::Deny | Says::Both) {
        statements.push(deny(&[SEND], &["*"]));
    }
    these(statements.into_iter().map(|statement| match principal {
        Some(name) => statement.to(&[name]),
        None => statement,
    }))
}

proptest! {
    /// Against AWS's flow chart, written down as such.
    #[test]
    fn layers_against_the_flow_chart(
        layers in prop::array::uniform6(says()),
        name in 0_usize..5,
        is_session in any::<bool>(),
        is_theirs in any::<bool>(),
    ) {
        let [identity, boundary, session, resource, scp, rcp] = layers;
        let who = if is_session { SESSION } else { USER };
        let names = ["*", who, ROLE, ROOT, "222222222222"];
        let asked = send(who, if is_theirs { THEIRS } else { QUEUE });
        let level = |says: Option<Says>, name| match says {
            None => Vec::new(),
            says => vec![layer(says, name)],
        };
        let applied = AppliedPolicies {
            identity: layer(identity, None),
            boundary: layer(boundary, None),
            session: layer(session, None),
            resource: layer(resource, Some(names[name])),
            endpoint: Attachment::Nothing,
            service_control: level(scp, None),
            resource_control: level(rcp, Some("*")),
        };
        let is_named = match name {
            0 | 1 | 3 => true,
            2 => is_session,
            _ => false,
        };
        let denies = |says: Option<Says>| matches!(says, Some(Says::Deny | Says::Both));
        let allows = |says: Option<Says>| matches!(says, Some(Says::Allow | Says::Both));
        let lets = |says: Option<Says>| says.is_none() || allows(says);
        let expected = 'chart: {
            let of_session = is_session && denies(session);
            if denies(identity) || denies(boundary) || of_session || denies(scp) || denies(rcp) {
                break 'chart false;
            }
            if denies(resource) && is_named || !lets(rcp) || !lets(scp) {
                break 'chart false;
            }
            let granted = allows(resource) && is_named;
            if granted && !is_theirs && name < 2 {
                break 'chart true;
            }
            let by_role = granted && !is_theirs && name == 2;
            if is_theirs && !granted || !allows(identity) && !by_role {
                break 'chart false;
            }
            lets(boundary) && (!is_session || lets(session))
        };
        let found = applied.rule(&asked).whether;
        prop_assert_eq!(found, if expected { Yes } else { No });
    }
}
