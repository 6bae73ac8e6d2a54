//! CloudFormation's intrinsic functions: one canonical name for both ways to write them.

/// The functions that have a short form with the same name behind `Fn::`.
const FUNCTIONS: [&str; 18] = [
    "Fn::And",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::Equals",
    "Fn::FindInMap",
    "Fn::GetAZs",
    "Fn::GetAtt",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Length",
    "Fn::Not",
    "Fn::Or",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
    "Fn::ToJsonString",
    "Fn::Transform",
];

/// The canonical name of a YAML tag as written, `!` included.
pub(crate) fn of_tag(tag: &str) -> &str {
    match tag {
        "!Ref" => "Ref",
        "!Condition" => "Condition",
        _ => match tag.strip_prefix('!') {
            Some(name) => FUNCTIONS
                .into_iter()
                .find(|function| function.strip_prefix("Fn::") == Some(name))
                .unwrap_or(tag),
            None => tag,
        },
    }
}

/// Whether a mapping whose only key is `key` is a function call. `Fn::ForEach::Name` is none: it stands among
/// other keys and makes pairs.
pub(crate) fn is_long_form(key: &str) -> bool {
    key == "Ref" || (key.starts_with("Fn::") && !key.starts_with("Fn::ForEach"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(of_tag("!Sub"), "Fn::Sub");
        assert_eq!(of_tag("!GetAtt"), "Fn::GetAtt");
        assert_eq!(of_tag("!Ref"), "Ref");
        assert_eq!(of_tag("!Condition"), "Condition");
        assert_eq!(of_tag("!Rain::Embed"), "!Rain::Embed");
        assert_eq!(of_tag("!sub"), "!sub");
        assert!(is_long_form("Ref") && is_long_form("Fn::Sub") && is_long_form("Fn::Whatever"));
        assert!(
            !is_long_form("Condition")
                && !is_long_form("Fn::ForEach::Buckets")
                && !is_long_form("Reference")
        );
    }
}
