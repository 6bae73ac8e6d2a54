//! What a dialect's files are made of is known in its room alone: the words of its grammar stand in no text outside.

use std::collections::BTreeSet;

use crate::dialects::{Speaker, hold_words};
use crate::source::Source;

/// The words, by whose they are. A text says one that it is, or that it begins with where the word ends with a sign. What IAM
/// or English calls so as well isn't among them: `resource`, `statement`, `condition`.
const GRAMMAR: [(&str, &[&str]); 6] = [
    (
        "cloudformation",
        &[
            "AWS::IAM::",
            "AssumeRolePolicyDocument",
            "DependsOn",
            "Export",
            "Fn::",
            "ManagedPolicyArns",
            "Mappings",
            "Outputs",
            "Parameters",
            "PermissionsBoundary",
            "Policies",
            "PolicyDocument",
            "PolicyName",
            "Properties",
            "Resources",
            "Transform",
        ],
    ),
    ("orgformation", &["OC::", "OrganizationBinding", "!Cmd"]),
    (
        "pipeline",
        &["role-to-assume", "steps", "uses", "id_tokens"],
    ),
    ("sam", &["AWS::Serverless", "Connectors", "Globals"]),
    (
        "serverless",
        &[
            "cf:",
            "custom",
            "file(",
            "iamRoleStatements",
            "opt:",
            "param:",
            "provider",
            "resourcePolicy",
            "self:",
            "sls:",
        ],
    ),
    (
        "terraform",
        &[
            "aws_",
            "data.",
            "hcl:",
            "identifiers",
            "jsonencode(",
            "local.",
            "locals",
            "module.",
            "not_actions",
            "not_principals",
            "not_resources",
            "policy_id",
            "resource \\\"",
            "var.",
        ],
    ),
];

/// Who says which of them all the same, and why. A path ends with `/` where it is a folder's.
const SPEAKERS: [Speaker; 25] = [
    (
        "catalog/cfn_type.rs",
        &["AWS::IAM::"],
        "CloudFormation's types, as AWS lists them",
    ),
    (
        "ide/completion/expression.rs",
        &["hcl:"],
        "asks which function a node calls, as the tree has it",
    ),
    (
        "ide/completion/resources.rs",
        &["AWS::IAM::"],
        "a type, as the catalog has it",
    ),
    (
        "ide/hover/functions.rs",
        &["Fn::"],
        "what AWS's functions do, for a reader",
    ),
    (
        "ide/position/functions.rs",
        &["Fn::"],
        "the functions by both their names, in a text that has no tree",
    ),
    (
        "ide/position/spot.rs",
        &["Fn::", "PolicyDocument"],
        "the same text; and how keys of documents end in the files of most dialects",
    ),
    (
        "rules/conditions/invalid_condition.rs",
        &["Fn::"],
        "asks which function a node calls, as the tree has it",
    ),
    (
        "rules/resources/buckets.rs",
        &["Fn::", "hcl:"],
        "writes a text anew as it is written",
    ),
    (
        "rules/resources/objects.rs",
        &["Fn::", "hcl:"],
        "writes a text anew as it is written",
    ),
    (
        "rules/resources/own_arn/insertion.rs",
        &["hcl:"],
        "asks which function a node calls, as the tree has it",
    ),
    (
        "rules/resources/unknown_account.rs",
        &["Fn::"],
        "asks which function a node calls, as the tree has it",
    ),
    (
        "rules/resources/unknown_principal.rs",
        &["Fn::"],
        "asks which function a node calls, as the tree has it",
    ),
    (
        "rules/structure/missing_sub.rs",
        &["Fn::"],
        "is about `Fn::Sub`, and nothing else",
    ),
    (
        "rules/structure/missing_version.rs",
        &["Fn::"],
        "asks which function a node calls, as the tree has it",
    ),
    (
        "rules/structure/unescaped_policy_variable.rs",
        &["Fn::"],
        "is about `Fn::Sub` and `Ref`, and nothing else",
    ),
    (
        "rules/support/lists.rs",
        &["hcl:"],
        "asks which function a node calls, as the tree has it",
    ),
    (
        "rules/support/oidc.rs",
        &["AWS::IAM::"],
        "a type, as the catalog has it",
    ),
    (
        "syntax/",
        &["Fn::", "hcl:"],
        "names what the nodes of a tree call",
    ),
    (
        "syntax/embed/encoded.rs",
        &["jsonencode("],
        "a policy as a text in HCL, whose tree is the policy's",
    ),
    (
        "syntax/hcl/brackets.rs",
        &["jsonencode("],
        "a policy as a text in HCL, whose tree is the policy's",
    ),
    (
        "syntax/write/hcl/mod.rs",
        &["locals", "not_principals"],
        "which names are blocks, where nothing beside shows it",
    ),
    (
        "xtask/catalog/managed_policies.rs",
        &["aws_"],
        "reads the sources of AWS's data",
    ),
    (
        "xtask/catalog/sam.rs",
        &["Fn::", "Outputs", "Parameters", "Properties"],
        "reads the sources of AWS's data",
    ),
    (
        "xtask/sites/arns.rs",
        &["AWS::IAM::", "PermissionsBoundary"],
        "reads CloudFormation's schemas",
    ),
    (
        "xtask/sites/policies.rs",
        &[
            "AWS::IAM::",
            "AssumeRolePolicyDocument",
            "Policies",
            "PolicyDocument",
        ],
        "reads CloudFormation's schemas",
    ),
];

#[test]
fn nothing_outside_says_the_grammar_of_a_dialect() {
    let what = "says a word of a dialect's grammar, which is a fact that the dialect gives";
    hold_words(&SPEAKERS, said, what);
}

/// The words that a source says in its texts.
fn said(source: &Source) -> BTreeSet<&'static str> {
    let words = GRAMMAR.iter().flat_map(|(_, words)| words.iter().copied());
    let is_said = |word: &&str| {
        let ends_with_sign = !word.ends_with(char::is_alphanumeric);
        let mut texts = source.texts.iter();
        texts.any(|text| text == word || ends_with_sign && text.starts_with(word))
    };
    words.filter(is_said).collect()
}

#[test]
fn words_of_grammars_are_seen() {
    let source = Source::read(
        "fn is(of: &str) -> bool { matches!(of, \"locals\" | \"Fn::Sub\") || of.starts_with(\"self:\") }",
    );
    let words: Vec<&str> = said(&source).into_iter().collect();
    assert_eq!(words, ["Fn::", "locals", "self:"]);
    let silent = Source::read(
        "fn is() { z(\"Resource\", \"localstack\", \"the `locals`\") } // \"locals\"\n",
    );
    assert!(said(&silent).is_empty());
}
