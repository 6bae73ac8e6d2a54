//! CloudFormation's functions, as they are called.

/// CloudFormation's functions, each with its YAML tag.
pub(crate) const FUNCTIONS: [(&str, &str); 19] = [
    ("Ref", "!Ref"),
    ("Fn::Sub", "!Sub"),
    ("Fn::GetAtt", "!GetAtt"),
    ("Fn::Join", "!Join"),
    ("Fn::If", "!If"),
    ("Fn::Select", "!Select"),
    ("Fn::Split", "!Split"),
    ("Fn::FindInMap", "!FindInMap"),
    ("Fn::ImportValue", "!ImportValue"),
    ("Fn::And", "!And"),
    ("Fn::Or", "!Or"),
    ("Fn::Not", "!Not"),
    ("Fn::Equals", "!Equals"),
    ("Fn::Base64", "!Base64"),
    ("Fn::Cidr", "!Cidr"),
    ("Fn::GetAZs", "!GetAZs"),
    ("Fn::Length", "!Length"),
    ("Fn::ToJsonString", "!ToJsonString"),
    ("Fn::Transform", "!Transform"),
];

/// The one that reads variables in a text.
pub(crate) const SUBSTITUTES: (&str, &str) = ("Fn::Sub", "!Sub");

/// The function that a YAML tag calls.
pub(super) fn call(tag: &str) -> Option<&'static str> {
    FUNCTIONS
        .iter()
        .find(|(_, short)| *short == tag)
        .map(|(name, _)| *name)
}
