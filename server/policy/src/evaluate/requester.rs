//! Who makes a request.

use crate::arn::{Arn, ArnShape};
use crate::grants::{Request, Sent};
use crate::{Pattern, Tri};

/// An account, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeAccount {
    /// Its twelve digits.
    pub number: Option<String>,
    /// Whether it is the management account of its organization, which neither SCPs nor RCPs hold for.
    pub is_management: Tri,
}

/// What kind of principal makes a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequesterKind {
    /// The root user of an account.
    Root,
    /// A user of IAM.
    User,
    /// A role, in whatever session.
    Role,
    /// A session of a role.
    Session {
        /// The role's ARN, where it is known: that of the session doesn't have its path.
        role: Option<String>,
    },
    /// A session that `sts:GetFederationToken` has made.
    FederatedUser {
        /// The ARN of the user who made it.
        user: Option<String>,
    },
    /// A service of AWS, by its service principal.
    Service,
    /// Somebody whom an identity provider vouches for, and who has no session yet.
    Provider,
    /// Nobody who has signed in.
    Anonymous,
}

/// Who makes a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requester {
    /// What kind of principal that is.
    pub kind: RequesterKind,
    /// The ARN, or the name of the service or provider.
    pub name: String,
    /// Whose principal it is. Services, providers and whoever hasn't signed in have none.
    pub account: HomeAccount,
}

impl Requester {
    /// Whom an ARN of IAM or STS names. `None` where that is nobody who makes requests.
    pub fn of_arn(text: &str) -> Option<Requester> {
        let pattern = escaped(text);
        let ArnShape::Arn(arn) = Arn::parse(&pattern) else {
            return None;
        };
        let resource = arn.resource.as_literal()?;
        let (first, _) = resource.split_once('/').unwrap_or((&resource, ""));
        let kind = match (arn.service.raw(), first) {
            ("iam", "root") => RequesterKind::Root,
            ("iam", "user") => RequesterKind::User,
            ("iam", "role") => RequesterKind::Role,
            ("sts", "assumed-role") => RequesterKind::Session { role: None },
            ("sts", "federated-user") => RequesterKind::FederatedUser { user: None },
            _ => return None,
        };
        Some(Requester {
            kind,
            name: text.to_owned(),
            account: HomeAccount {
                number: arn.account.as_literal().filter(|text| !text.is_empty()),
                is_management: Tri::Maybe,
            },
        })
    }

    /// A service of AWS.
    pub fn service(name: &str) -> Requester {
        Requester::without_account(RequesterKind::Service, name)
    }

    /// Somebody whom an identity provider vouches for, by its name or ARN.
    pub fn provider(name: &str) -> Requester {
        Requester::without_account(RequesterKind::Provider, name)
    }

    /// Nobody who has signed in.
    pub fn anonymous() -> Requester {
        Requester::without_account(RequesterKind::Anonymous, "")
    }

    fn without_account(kind: RequesterKind, name: &str) -> Requester {
        Requester {
            kind,
            name: name.to_owned(),
            account: HomeAccount {
                number: None,
                is_management: Tri::No,
            },
        }
    }

    /// Whether it belongs to an account, and has policies there.
    pub(super) fn has_account(&self) -> bool {
        !matches!(
            self.kind,
            RequesterKind::Service | RequesterKind::Provider | RequesterKind::Anonymous
        )
    }

    /// Whether it is a service-linked role, or a session of one, which the role's path tells.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html>
    pub(super) fn is_service_linked(&self) -> Tri {
        let has_path = |arn: &str| match arn.contains(":role/aws-service-role/") {
            true => Tri::Yes,
            false => Tri::No,
        };
        match &self.kind {
            RequesterKind::Role => has_path(&self.name),
            RequesterKind::Session { role: Some(role) } => has_path(role),
            RequesterKind::Session { role: None } => {
                let named = session_parts(&self.name);
                match named.is_some_and(|(_, role)| role.starts_with("AWSServiceRoleFor")) {
                    true => Tri::Maybe,
                    false => Tri::No,
                }
            }
            _ => Tri::No,
        }
    }

    /// Whether it can have a permissions boundary: users and roles can.
    pub(super) fn may_be_bounded(&self) -> bool {
        self.has_account() && self.kind != RequesterKind::Root
    }

    /// Whether it is a session, which session policies may limit.
    pub(super) fn is_session(&self) -> bool {
        use RequesterKind::{FederatedUser, Role, Session};
        matches!(self.kind, Role | Session { .. } | FederatedUser { .. })
    }

    /// The role or user whose session it is, as a pattern; a role's path may be missing from it.
    pub(super) fn behind(&self) -> Option<Pattern> {
        match &self.kind {
            RequesterKind::Session { role: Some(arn) }
            | RequesterKind::FederatedUser { user: Some(arn) } => Some(escaped(arn)),
            RequesterKind::Session { role: None } => role_of_session(&self.name),
            RequesterKind::Role => Some(escaped(&self.name)),
            _ => None,
        }
    }

    /// Whether an ARN is that of the role or user whose session it is. Names of roles are unique in an account, so that the
    /// path, which a session's ARN doesn't have, needn't be known.
    pub(super) fn is_session_of(&self, arn: &str) -> Tri {
        let sure = |holds: bool| if holds { Tri::Yes } else { Tri::No };
        match &self.kind {
            RequesterKind::Session { role: None } => {
                let parts = session_parts(&self.name);
                sure(parts.is_some_and(|(head, role)| {
                    let rest = arn.strip_prefix(&format!("{head}:role/"));
                    rest.is_some_and(|rest| rest.rsplit('/').next() == Some(role))
                }))
            }
            RequesterKind::FederatedUser { user: None } => match arn.contains(":user/") {
                true => Tri::Maybe,
                false => Tri::No,
            },
            RequesterKind::Session { role: Some(own) }
            | RequesterKind::FederatedUser { user: Some(own) } => sure(own == arn),
            RequesterKind::Role => sure(self.name == arn),
            _ => Tri::No,
        }
    }

    /// What is under `aws:userid`: AWS's own id of the user or role, and the name of the session.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>
    fn user_id(&self) -> Option<Sent> {
        let (_, session) = self.name.rsplit_once('/').unwrap_or_default();
        let number = self.account.number.as_deref();
        let mut id = Pattern::builder();
        match self.kind {
            RequesterKind::Root => return number.map(Sent::value),
            RequesterKind::Anonymous => return Some(Sent::value("anonymous")),
            RequesterKind::Service | RequesterKind::Provider => return None,
            RequesterKind::User => id.push_word("id"),
            RequesterKind::Role => id.push_hole("id"),
            RequesterKind::Session { .. } => {
                id.push_word("id").push_escaped(":").push_escaped(session)
            }
            RequesterKind::FederatedUser { .. } => {
                let number = number.map_or_else(unknown, escaped);
                id.push_pattern(&number)
                    .push_escaped(":")
                    .push_escaped(session)
            }
        };
        let id = id.build();
        Some(match id.as_literal() {
            Some(known) => Sent::value(&known),
            None => Sent::Text(id),
        })
    }

    /// What its requests send of themselves, where a request leaves that open.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
    pub(super) fn introduce(&self, request: Request) -> Request {
        let absent_or = |text: Option<&str>| text.map_or(Sent::Absent, Sent::value);
        let arn = match self.kind {
            RequesterKind::Root | RequesterKind::User | RequesterKind::FederatedUser { .. } => {
                Sent::value(&self.name)
            }
            RequesterKind::Role | RequesterKind::Session { .. } => match self.behind() {
                Some(role) => match role.as_literal() {
                    Some(role) => Sent::value(&role),
                    None => Sent::Text(role),
                },
                None => Sent::Text(unknown()),
            },
            _ => Sent::Absent,
        };
        let request = match self.user_id() {
            Some(id) => request.or_sending("aws:userid", id),
            None => request,
        };
        let is_service = self.kind == RequesterKind::Service;
        let user = (self.kind == RequesterKind::User)
            .then(|| self.name.rsplit('/').next())
            .flatten();
        let account = match (&self.account.number, self.has_account()) {
            (Some(number), true) => Sent::value(number),
            (None, true) => Sent::Text(unknown()),
            (_, false) => Sent::Absent,
        };
        let request = request
            .or_sending("aws:PrincipalArn", arn)
            .or_sending("aws:PrincipalAccount", account)
            .or_sending("aws:username", absent_or(user))
            .or_sending(
                "aws:PrincipalIsAWSService",
                Sent::value(if is_service { "true" } else { "false" }),
            )
            .or_sending(
                "aws:PrincipalServiceName",
                absent_or(is_service.then_some(&self.name)),
            );
        let kind = match self.kind {
            RequesterKind::Root => "Account",
            RequesterKind::User => "User",
            RequesterKind::Role | RequesterKind::Session { .. } => "AssumedRole",
            RequesterKind::FederatedUser { .. } => "FederatedUser",
            RequesterKind::Anonymous => "Anonymous",
            RequesterKind::Service | RequesterKind::Provider => return request,
        };
        request.or_sending("aws:PrincipalType", Sent::value(kind))
    }
}

/// A text that stands for itself.
pub(super) fn escaped(text: &str) -> Pattern {
    Pattern::builder().push_escaped(text).build()
}

/// A text of which nothing is known.
fn unknown() -> Pattern {
    Pattern::builder().push_hole("unknown").build()
}

/// `arn:aws:iam::1:role/…R` for `arn:aws:sts::1:assumed-role/R/S`.
fn role_of_session(arn: &str) -> Option<Pattern> {
    let (head, role) = session_parts(arn)?;
    let mut pattern = Pattern::builder();
    pattern
        .push_escaped(&head)
        .push_escaped(":role/")
        .push_hole("path")
        .push_escaped(role);
    Some(pattern.build())
}

/// `arn:aws:iam::1` and `R` for `arn:aws:sts::1:assumed-role/R/S`.
fn session_parts(arn: &str) -> Option<(String, &str)> {
    let (head, rest) = arn.split_once(":assumed-role/")?;
    let (role, _) = rest.split_once('/')?;
    Some((head.replacen(":sts:", ":iam:", 1), role))
}
