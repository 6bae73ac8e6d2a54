//! What a CI pipeline does with AWS: which roles it assumes, as whom, and which keys it carries.

use std::ops::Range;

use leastwise_policy::{Arn, ArnShape, Pattern};
use leastwise_syntax::Span;

use crate::policy::{Item, Known};

/// Whose pipeline it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Host {
    /// Its name for users.
    pub name: &'static str,
    /// The address of its OpenID Connect provider, as IAM's condition keys begin with it.
    pub provider: &'static str,
}

/// A pipeline of one file.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// Whose.
    pub host: Host,
    /// The roles that its jobs assume, in source order.
    pub roles: Vec<AssumedRole>,
    /// ARNs of roles that its jobs hand to CloudFormation to deploy a stack with.
    pub deployers: Vec<Item>,
    /// The places where a job is given an access key that doesn't expire.
    pub keys: Vec<LongLivedKey>,
}

impl Pipeline {
    /// One that does nothing with AWS.
    pub fn of(host: Host) -> Pipeline {
        Pipeline {
            host,
            roles: Vec::new(),
            deployers: Vec::new(),
            keys: Vec::new(),
        }
    }
}

/// A role that a job assumes.
#[derive(Clone, Debug)]
pub struct AssumedRole {
    /// The job's name.
    pub job: String,
    /// Its ARN as written.
    pub arn: Item,
    /// The `sub` claims that the job's token can have, as patterns: the job can assume the role if its trust policy
    /// takes one of them. Missing where the job assumes the role with other credentials than a token.
    pub subjects: Known<Vec<Pattern>>,
}

/// An access key in a job's settings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LongLivedKey {
    /// The job's name; empty for the whole pipeline.
    pub job: String,
    /// The bytes of the setting's name.
    pub span: Span,
}

/// The name in a role's ARN, without its path, and where it stands in the pattern's raw text.
pub fn role_name(pattern: &Pattern) -> Option<(String, Range<usize>)> {
    let ArnShape::Arn(arn) = Arn::parse(pattern) else {
        return None;
    };
    let resource = arn.resource.as_literal()?;
    let path = resource.strip_prefix("role/")?;
    let name = path.rsplit('/').next().filter(|name| !name.is_empty())?;
    let range = arn.resource.range();
    Some((name.to_owned(), range.end - name.len()..range.end))
}
