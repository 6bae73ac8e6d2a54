//! How much a resource stands for. Three shades of "everything" are asked for: any resource at all, any of a type, and whether an
//! entry is so in all environments or a statement in some.

use leastwise_model::{Item, Statement};
use leastwise_policy::{Arn, ArnShape, Pattern, grants};

use crate::Context;

/// Whether a resource is as good as `*`: any name in any account and region.
pub(crate) fn is_everything(pattern: &Pattern) -> bool {
    if grants::is_every_arn(pattern) {
        return true;
    }
    match Arn::parse(pattern) {
        ArnShape::Arn(arn) => {
            let open =
                |segment: leastwise_policy::Segment<'_>| segment.is_empty() || segment.is_star();
            arn.resource.is_star() && open(arn.region) && open(arn.account)
        }
        ArnShape::Star => true,
        ArnShape::Unknown | ArnShape::NotArn(_) => false,
    }
}

/// Whether a resource is `*`, or the ARN of any resource of a type: `arn:aws:iam::111111111111:role/*`.
pub(crate) fn is_all_of_a_type(pattern: &Pattern) -> bool {
    if is_everything(pattern) {
        return true;
    }
    let ArnShape::Arn(arn) = Arn::parse(pattern) else {
        return false;
    };
    let name = arn.resource.raw();
    // The objects of one bucket are no type of resources.
    let is_placed = !arn.region.is_empty() || !arn.account.is_empty();
    let behind = name.split_once(['/', ':']).filter(|_| is_placed);
    let name = behind.map_or(name, |of| of.1);
    // All objects of all buckets are `*/*`.
    name.contains('*') && name.chars().all(|c| matches!(c, '*' | '/'))
}

/// Whether an entry is as good as `*` in each environment: what a rule says of `*` is said of it.
pub(crate) fn is_everything_throughout(context: &Context<'_>, item: &Item) -> bool {
    let patterns = context.patterns(item);
    !patterns.is_empty() && patterns.into_iter().all(is_everything)
}

/// Whether an entry of a statement is as good as `*` in some environment: nothing there tells which resources are meant.
pub(crate) fn reaches_everything(context: &Context<'_>, statement: &Statement) -> bool {
    let patterns = |item| context.patterns(item).into_iter();
    let mut patterns = statement.resources().iter().flat_map(patterns);
    patterns.any(is_everything)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_as_good_as_everything() {
        for (text, everything) in [
            ("*", true),
            ("arn:aws:sqs:*:*:*", true),
            ("arn:aws:s3:::*", true),
            ("arn:aws:iam::*:*", true),
            ("arn:aws:sqs:*:*:shop-*", false),
            ("arn:aws:sqs:eu-west-1:*:*", false),
            ("arn:aws:sqs:*:111111111111:*", false),
            ("arn:aws:sqs:eu-*:*:*", false),
            ("shop", false),
            ("${Resource}", false),
        ] {
            assert_eq!(is_everything(&Pattern::literal(text)), everything, "{text}");
        }
    }

    #[test]
    fn what_is_any_of_a_type() {
        for (text, all) in [
            ("*", true),
            ("arn:aws:iam::111111111111:role/*", true),
            ("arn:aws:sqs:eu-west-1:111111111111:*", true),
            ("arn:aws:iam::111111111111:role/shop-*", false),
            ("arn:aws:s3:::*/*", true),
            // The objects of one bucket.
            ("arn:aws:s3:::shop/*", false),
        ] {
            assert_eq!(is_all_of_a_type(&Pattern::literal(text)), all, "{text}");
        }
    }
}
