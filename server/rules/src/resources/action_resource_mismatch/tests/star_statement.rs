//! Actions that get a statement of their own.

use super::*;

#[test]
fn what_takes_no_resource_gets_a_statement_of_its_own() {
    for (statement, wanted) in [
        (
            "{Sid: A, Effect: Allow, Action: ['sqs:SendMessage', 'sqs:ListQueues'], Resource: 'arn:aws:sqs:eu-west-1:111111111111:q'}",
            "[{Sid: A, Effect: Allow, Action: ['sqs:SendMessage'], Resource: 'arn:aws:sqs:eu-west-1:111111111111:q'}, \
             {Sid: AUnscoped, Effect: Allow, Action: ['sqs:ListQueues'], Resource: '*'}]",
        ),
        // Both at once, in one statement.
        (
            "{Effect: Allow, Action: ['sns:ListTopics', 'sns:Publish', 'cloudformation:ValidateTemplate'], Resource: 'arn:aws:sns:eu-west-1:111111111111:t'}",
            "[{Effect: Allow, Action: ['sns:Publish'], Resource: 'arn:aws:sns:eu-west-1:111111111111:t'}, \
             {Effect: Allow, Action: ['sns:ListTopics', 'cloudformation:ValidateTemplate'], Resource: '*'}]",
        ),
        // Alone, it needs no other statement.
        (
            "{Effect: Allow, Action: 'cloudformation:ValidateTemplate', Resource: 'arn:aws:cloudformation:*:*:stack/a/*'}",
            "[{Effect: Allow, Action: 'cloudformation:ValidateTemplate', Resource: '*'}]",
        ),
    ] {
        let text = format!("Statement: [{statement}]\n");
        assert_eq!(
            fixed_text(&RULE, &text, ""),
            format!("Statement: {wanted}\n")
        );
    }
    // What a condition on resources holds for isn't allowed anywhere else.
    let tagged = "Statement: [{Effect: Allow, Action: ['sqs:SendMessage', 'sqs:ListQueues'], Resource: 'arn:aws:sqs:eu-west-1:111111111111:q', Condition: {StringEquals: {'aws:ResourceTag/a': b}}}]\n";
    assert!(Fixture::new(tagged, "").fixes(&RULE).is_empty());
}

#[test]
fn a_statement_with_an_unknown_element_is_not_split() {
    let queue = "arn:aws:sqs:eu-west-1:111111111111:q";
    let yaml = format!(
        "Version: '2012-10-17'\nStatement: [{{Effect: Allow, Action: ['sqs:SendMessage', 'sqs:ListQueues'], Resource: '{queue}'}}]\n"
    );
    let json = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:ListQueues"], "Resource": "{queue}"}}]}}"#
    );
    let hcl = format!(
        "resource \"aws_iam_role_policy\" \"p\" {{
  role   = \"app\"
  policy = jsonencode({{
    Version   = \"2012-10-17\"
    Statement = [{{ Effect = \"Allow\", Action = [\"sqs:SendMessage\", \"sqs:ListQueues\"], Resource = \"{queue}\" }}]
  }})
}}
"
    );
    for (path, text, sound, unknown) in [
        (
            "policy.yaml",
            yaml,
            "Effect: ",
            "resources: ['*'], Effect: ",
        ),
        (
            "policy.json",
            json,
            "\"Effect\": ",
            "\"resources\": [\"*\"], \"Effect\": ",
        ),
        (
            "main.tf",
            hcl,
            "Effect = ",
            "resources = [\"*\"], Effect = ",
        ),
    ] {
        let split = mended_in_bulk(&text, path);
        assert_eq!(split.matches("sqs:ListQueues").count(), 1);
        assert_eq!(split.matches("Effect").count(), 2, "{split}");
        let text = text.replacen(sound, unknown, 1);
        assert_eq!(mended_in_bulk(&text, path), text);
    }
}
