use leastwise_syntax::Format;

use super::*;
use crate::format::{syntax_error, unused_ignore};

#[test]
fn broken_files_that_may_be_policies() {
    let rule = &syntax_error::RULE;
    let broken = |text: &str, findings: usize| {
        let fixture = Fixture::at("notes.json", text, Format::Json, "", None);
        let found = fixture.findings(rule);
        assert_eq!(found.len(), findings, "{text}: {found:#?}");
    };
    broken("[\"Statement\", \"Effect\", \"Action\"", 1);
    broken("[\"Statement\", \"Effect\"", 0);
    broken("[\"Statement\", \"Action\"", 0);
    broken("[\"Effect\", \"Action\"", 0);
    let marks = "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      {% if a %}\n      Path: /a/\n      {% endif %}\n      \
                 {% if b %}\n      RoleName: a\n      {% endif %}\n      AssumeRolePolicyDocument: {Statement: []}\n";
    rows(rule, "", &[(marks, &["Suggestion <{% if a %}>"])]);
}

#[test]
fn ignores_of_nothing() {
    rows(
        &unused_ignore::RULE,
        "",
        &[
            (
                "Version: '2012-10-17'\nStatement: {Effect: Deny, Action: 's3:GetObject', Resource: '*'} # leastwise: ignore\n",
                &["This ignore comment is unused: no rule reports anything on its line."],
            ),
            (
                "Version: '2012-10-17'\nStatement: {Effect: Deny, Action: 's3:GetObject', Resource: '*'} # leastwise: ignore[invalid-arn]\n",
                &["This ignore comment is unused: nothing on its line is reported by invalid-arn."],
            ),
        ],
    );
}
