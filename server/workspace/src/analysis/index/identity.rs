//! Who is meant by a name or an ARN.

use leastwise_model::{Owner, OwnerKind};
use leastwise_policy::{Arn, ArnShape, Pattern, Token, Tri};

use super::Indexed;
use crate::Analysis;

/// Whether an owner of a file is deployed with an ARN in some environment.
pub fn is_deployed_as(file: &Indexed, owner: &Owner, arn: &Pattern) -> Tri {
    let mut answer = Tri::No;
    for environment in &file.analysis.environments {
        for own in file.analysis.arns(&file.tree, owner, environment) {
            match overlap(&own, arn) {
                Tri::Yes => return Tri::Yes,
                Tri::Maybe => answer = Tri::Maybe,
                Tri::No => {}
            }
        }
    }
    answer
}

/// Whether two ARNs of identities may be one: segment by segment, as what isn't known of one segment says nothing of
/// another.
pub fn overlap(one: &Pattern, other: &Pattern) -> Tri {
    let (ArnShape::Arn(own), ArnShape::Arn(arn)) = (Arn::parse(one), Arn::parse(other)) else {
        return one.overlaps(other);
    };
    let segments = [
        (own.partition, arn.partition),
        (own.service, arn.service),
        (own.account, arn.account),
        (own.resource, arn.resource),
    ];
    let mut answer = Tri::Yes;
    for (own, arn) in segments {
        match own.pattern().overlaps(&arn.pattern()) {
            Tri::Yes => {}
            Tri::Maybe => answer = Tri::Maybe,
            Tri::No => return Tri::No,
        }
    }
    answer
}

/// The kind of identity that an ARN names, and its name without its path. `None` where either isn't known.
pub fn identity(arn: &Pattern) -> Option<(OwnerKind, String)> {
    let ArnShape::Arn(arn) = Arn::parse(arn) else {
        return None;
    };
    if arn.service.raw() != "iam" {
        return None;
    }
    let resource = arn.resource.pattern();
    let mut tokens = resource.tokens();
    let Some(Token::Literal(first)) = tokens.next() else {
        return None;
    };
    // The path may be open, the name not.
    let last = match tokens.last() {
        None => first,
        Some(Token::Literal(last)) => last,
        Some(_) => return None,
    };
    let (_, name) = last.rsplit_once('/')?;
    let kind = match first.split_once('/')?.0 {
        "role" => OwnerKind::Role,
        "user" => OwnerKind::User,
        "group" => OwnerKind::Group,
        "policy" => OwnerKind::ManagedPolicy,
        _ => return None,
    };
    (!name.is_empty()).then(|| (kind, name.to_owned()))
}

pub(super) fn named(kind: OwnerKind, arn: &Pattern) -> Option<String> {
    identity(arn).and_then(|(own, name)| (own == kind).then_some(name))
}

/// Whether two files may be deployed to one account.
pub(super) fn meet(one: &Analysis, other: &Analysis) -> bool {
    one.possible().any(|own| {
        other
            .possible()
            .any(|environment| match (&own.account, &environment.account) {
                (Some(own), Some(other)) => own == other,
                _ => true,
            })
    })
}

/// Kinds that are known by a name of their own, whatever file they stand in.
pub(super) fn is_identity(kind: OwnerKind) -> bool {
    matches!(
        kind,
        OwnerKind::Role | OwnerKind::User | OwnerKind::Group | OwnerKind::ManagedPolicy
    )
}

/// Whether nothing of a name is left open.
pub(super) fn is_known(name: &str) -> bool {
    !name.is_empty() && !name.contains(['$', '*', '?'])
}
