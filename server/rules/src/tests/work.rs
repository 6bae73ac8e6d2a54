//! What rules cost: ten times the file is ten times the work, counted and not timed.

use super::fixture::Fixture;
use crate::actions::{action_matches_nothing, redundant_action, unknown_action};
use crate::conditions::literal_wildcard;
use crate::deploy::missing_delete_counterpart;
use crate::engine::run;
use crate::privilege::{pass_role_unscoped, wildcard_resource};
use crate::resources::{action_resource_mismatch, role_does_not_trust};
use crate::rule::FilePart;
use crate::structure::duplicate_key;
use crate::{Incremental, Rule, work};

/// Texts of 70 units and of 700, both more than any budget has room for: what a rule looks at in the longer one is no more
/// than its length accounts for.
#[track_caller]
fn is_linear(rule: &'static Rule, text: impl Fn(usize) -> String) {
    let cost = |count: usize| {
        let fixture = Fixture::new(&text(count), "");
        work::of(|| drop(fixture.findings(rule)))
    };
    let (few, many) = (cost(70), cost(700));
    assert!(few > 0, "{}: nothing is counted", rule.id);
    assert!(many <= few * 13, "{}: {few}, then {many}", rule.id);
}

fn each(count: usize, unit: impl Fn(usize) -> String) -> String {
    (0..count).map(unit).collect()
}

#[test]
fn keys_that_stand_twice() {
    is_linear(&duplicate_key::RULE, |count| {
        let keys = each(count, |_| "\"Action\": \"s3:GetObject\", ".to_owned());
        format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": {{{keys}\"Effect\": \"Allow\", \"Resource\": \"*\"}}}}"
        )
    });
    is_linear(&duplicate_key::RULE, |count| {
        let twice = |_| {
            "{\"Effect\": \"Allow\", \"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\"}, "
                .to_owned()
        };
        let statements = each(count, twice);
        let statements = statements.trim_end_matches(", ");
        format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statements}]}}")
    });
}

#[test]
fn roles_that_may_be_passed_beside_denials() {
    let beside = |deny: fn(usize) -> String| {
        is_linear(&pass_role_unscoped::RULE, |count| {
            let pairs = each(count, |at| {
                format!(
                    "
  - Effect: Allow
    Action: iam:PassRole
    Resource: '*'
    Condition: {{StringEquals: {{'iam:PassedToService': x{at}.amazonaws.com}}}}
  - {}",
                    deny(at)
                )
            });
            format!("Version: '2012-10-17'\nStatement:{pairs}\n")
        });
    };
    beside(|at| {
        format!("{{Effect: Deny, Action: 'iam:*', NotResource: 'arn:aws:iam::*:role/a{at}*'}}")
    });
    // Each leaves the roles of another account.
    beside(|at| {
        format!("{{Effect: Deny, Action: 'iam:*', NotResource: 'arn:aws:iam::{at:012}:role/*'}}")
    });
}

#[test]
fn roles_that_assume_one_another() {
    let roles = |name: fn(usize) -> String, target: fn(usize) -> String| {
        is_linear(&role_does_not_trust::RULE, |count| {
            let roles = each(count, |at| {
                format!(
                    "
  R{at:03}:
    Type: AWS::IAM::Role
    Properties:
      Path: /
{}      AssumeRolePolicyDocument:
        Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: 'sts:AssumeRole'}}]
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: [{{Effect: Allow, Action: 'sts:AssumeRole', Resource: {}}}]",
                    name(at),
                    target((at + 1) % count)
                )
            });
            format!("Resources:{roles}\n")
        });
    };
    roles(|_| String::new(), |at| format!("!GetAtt R{at:03}.Arn"));
    roles(
        |at| format!("      RoleName: r{at:03}\n"),
        |at| format!("!Sub 'arn:aws:iam::${{AWS::AccountId}}:role/r{at:03}'"),
    );
    // All of the same name.
    roles(
        |_| "      RoleName: r\n".to_owned(),
        |at| format!("!Sub 'arn:aws:iam::${{AWS::AccountId}}:role/{at:03}r'"),
    );
}

#[test]
fn policies_beside_an_anchor() {
    let policies = |action: fn(usize) -> String| {
        is_linear(&wildcard_resource::RULE, |count| {
            let policies = each(count, |at| {
                format!(
                    "
  P{at}:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {{Statement: [{}]}}",
                    action(at)
                )
            });
            format!(
                "x: &a {{Effect: Allow, Action: 'ec2:RunInstances', Resource: '*'}}\ny: *a\nResources:{policies}\n"
            )
        });
    };
    policies(|_| "{Effect: Allow, Action: 'ec2:RunInstances', Resource: '*'}".to_owned());
    // Each is the same statement.
    policies(|_| "*a".to_owned());
}

#[test]
fn policies_of_one_role_in_the_editor() {
    let cost = |count: usize| {
        let policies = each(count, |at| {
            format!(
                "
  P{at}:
    Type: AWS::IAM::Policy
    Properties:
      Roles: [!Ref Hub]
      PolicyName: p{at}
      PolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Allow, Action: 's3:GetObject', Resource: '*'}}]}}"
            )
        });
        let role = "
  Hub:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}";
        let text = format!("Resources:{role}{policies}\n");
        let fixture = Fixture::new(&text, "");
        work::of(|| drop(Incremental::default().check(&fixture.context())))
    };
    let (few, many) = (cost(70), cost(700));
    assert!(many <= few * 13, "{few}, then {many}");
}

#[test]
fn actions_that_are_asked_for_beside_others() {
    // Each is an operation of the API, for which another action is to be written.
    is_linear(&unknown_action::RULE, |count| {
        let actions = each(count, |at| format!("s3:ListObjects, 's3:x{at}*', "));
        format!(
            "Version: '2012-10-17'\nStatement: [{{Effect: Allow, Action: [{actions}], Resource: '*'}}]\n"
        )
    });
}

#[test]
fn wildcards_are_not_expanded_anew_by_each_rule() {
    let cost = |rule: &'static Rule, count: usize| {
        let actions = each(count, |at| format!("'s3:Gett{at}*', "));
        let text = format!(
            "Version: '2012-10-17'\nStatement: [{{Effect: Allow, Action: [{actions}], Resource: '*'}}]\n"
        );
        let fixture = Fixture::new(&text, "");
        work::of(|| drop(fixture.findings(rule)))
    };
    // What was meant is worked out for the first ones; each finding is looked at once more, whether it is ever there.
    let rule = &action_matches_nothing::RULE;
    let few = cost(rule, 300) - 300;
    assert!(few > 0);
    assert_eq!(cost(rule, 3_000) - 3_000, few);
    assert_eq!(cost(&redundant_action::RULE, 3_000), 0);
}

#[test]
fn actions_beside_resources_that_they_do_not_work_on() {
    let rule = &action_resource_mismatch::RULE;
    let looked = |actions: &str, count: usize| {
        let resources = each(count, |at| format!("'arn:aws:s3:::*{at}*b*', "));
        let text = format!(
            "Version: '2012-10-17'\nStatement: [{{Effect: Allow, Action: [{actions}], Resource: [{resources}]}}]\n"
        );
        let fixture = Fixture::new(&text, "");
        let mut findings = 0;
        let done = work::of(|| findings = fixture.findings(rule).len());
        (done, findings)
    };
    let (few, findings) = looked("'ec2:*'", 100);
    assert!(few > 0 && findings == 1, "{few} {findings}");
    // More than AWS takes, in one way or the other.
    let actions = "'lambda:InvokeFunction', ".repeat(700);
    for actions in ["'ec2:*'", &actions] {
        let (many, _) = looked(actions, 700);
        assert!(many <= (1 << 18) + 700, "{many}");
    }
}

#[test]
fn comments_that_ignore() {
    let cost = |count: usize, comments: fn(usize) -> String| {
        let comments = each(count, comments);
        let statement = |at: usize| {
            let ignore =
                "  # leastwise: ignore[unknown-action]\n".repeat(usize::from(at.is_multiple_of(2)));
            format!("{ignore}  - {{Effect: Allow, Action: 's3:GetObjct{at}', Resource: '*'}}\n")
        };
        let statements = each(count, statement);
        let text = format!("Version: '2012-10-17'\n{comments}Statement:\n{statements}");
        let fixture = Fixture::new(&text, "");
        let context = fixture.context();
        let mut kept = 0;
        let findings = run(&context, &[FilePart::Policies], |rule| {
            rule.id == unknown_action::RULE.id
        });
        assert_eq!(findings.len(), count);
        let done = work::of(|| {
            kept = crate::engine::finish(&context, findings, &|rule: &Rule| {
                rule.id == unknown_action::RULE.id
            })
            .len();
        });
        assert_eq!(kept, count / 2);
        done
    };
    let comments: [fn(usize) -> String; 2] = [
        |_| "# leastwise: ignore[x]\n".to_owned(),
        |at| format!("# leastwise: ignore[x{at}, unknown-action]\n\n"),
    ];
    for comments in comments {
        let (few, many) = (cost(70, comments), cost(700, comments));
        assert!(few > 0 && many <= few * 13, "{few}, then {many}");
    }
}

#[test]
fn keys_that_stand_many_times_are_taken_away_in_few_rounds() {
    let keys = each(400, |_| "\"Action\": \"s3:GetObject\", ".to_owned());
    let text = format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": {{{keys}\"Effect\": \"Allow\", \"Resource\": \"*\"}}}}"
    );
    let config = std::sync::Arc::default();
    let files: std::sync::Arc<dyn leastwise_workspace::analysis::index::IndexedFiles> =
        std::sync::Arc::new(leastwise_model::files::NoFiles);
    let mended = crate::apply_fixes(
        &text,
        leastwise_syntax::Format::Json,
        "p.json",
        &config,
        &files,
        |finding, _| finding.rule.id == duplicate_key::RULE.id,
    );
    assert_eq!(mended.text.matches("Action").count(), 1, "{}", mended.text);
    assert!(mended.rounds <= 12, "{}", mended.rounds);
}

#[test]
fn ignores_beside_what_moves() {
    let cost = |count: usize, action: fn(usize) -> String, stay: bool| {
        let actions = each(count, action);
        let text = format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: [{actions}\n      ]\n    Resource: '*'\n"
        );
        let fixture = Fixture::new(&text, "");
        let context = fixture.context();
        let ignores = crate::ignore::Ignores::read(&context);
        let (_, statement) = context.statements().next().expect("a statement");
        let items = statement.actions();
        let moved: Vec<_> = items.iter().step_by(2).collect();
        assert_eq!(items.len(), count);
        work::of(|| assert_eq!(ignores.are_left_by(&context, &moved, items), stay))
    };
    let own_lines =
        |at: usize| format!("\n      's3:x{at:04}', # leastwise: ignore[wildcard-resource]");
    let one_line = |at: usize| {
        let ignore = " # leastwise: ignore".repeat(usize::from(at % 70 == 69));
        format!(
            "'s3:x{at:04}',{ignore}{}",
            "\n".repeat(usize::from(at % 70 == 69))
        )
    };
    for (action, stay) in [(own_lines as fn(usize) -> String, false), (one_line, true)] {
        let (few, many) = (cost(70, action, stay), cost(700, action, stay));
        assert!(few > 0 && many <= few * 13, "{few}, then {many}");
    }
}

#[test]
fn statements_that_fixes_are_for() {
    let cost = |rule: &'static Rule, count: usize, statement: fn(usize) -> String| {
        let statements = each(count, statement);
        let text = format!("Version: '2012-10-17'\nStatement:\n{statements}");
        let fixture = Fixture::new(&text, super::bulk::CONFIG);
        let findings = fixture.findings(rule);
        assert_eq!(findings.len(), count);
        work::of(|| {
            for fix in findings.iter().flat_map(|finding| &finding.fixes) {
                assert!(fix.resolve(&fixture.context()).is_some());
            }
        })
    };
    let made: fn(usize) -> String = |at| {
        format!(
            "  - Effect: Allow\n    Action: dynamodb:CreateTable\n    Resource: arn:aws:dynamodb:eu-west-1:111111111111:table/shop-{at}\n"
        )
    };
    let rule = &missing_delete_counterpart::RULE;
    let (few, many) = (cost(rule, 30, made), cost(rule, 300, made));
    assert!(few > 0 && many <= few * 11, "{few}, then {many}");
}

#[test]
fn statements_of_the_same_wildcards_are_narrowed_as_one() {
    let cost = |count: usize| {
        let statements = each(count, |at| {
            format!(
                "{{\"Sid\": \"S{at}\", \"Effect\": \"Allow\", \"Action\": [\"lambda:*\", \"s3:Get*\", \"sqs:*\"], \"Resource\": \"*\"}},"
            )
        });
        let statements = statements.trim_end_matches(',');
        let text = format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statements}]}}");
        let fixture = Fixture::new(&text, super::bulk::CONFIG);
        work::of(|| {
            let findings = fixture.findings(&wildcard_resource::RULE);
            assert_eq!(findings.len(), count);
            for fix in findings.iter().flat_map(|finding| &finding.fixes) {
                assert!(fix.resolve(&fixture.context()).is_some());
            }
        })
    };
    let (few, many) = (cost(30), cost(300));
    // Beside what the wildcards cost, which is the same, each is looked for and read by itself.
    let each = (many - few) / 270;
    assert!(few > 400 && each < 20, "{few}, then {many}");
}

#[test]
fn the_ignores_of_a_file_are_read_once_for_all_its_fixes() {
    let text = each(50, |at| {
        format!(
            "  # {at}\n  - Effect: Allow\n    Action: [sqs:SendMessage, sqs:ListQueues]\n    Resource: '*'\n"
        )
    });
    let text = format!("Version: '2012-10-17'\nStatement:\n{text}");
    let fixture = Fixture::new(&text, super::bulk::CONFIG);
    let context = fixture.context();
    let read = || work::of(|| drop(crate::ignore::Ignores::read(&context)));
    assert_eq!((read(), read(), read()), (50, 0, 0));
}

#[test]
fn wildcards_under_one_operator() {
    is_linear(&literal_wildcard::RULE, |count| {
        let keys = each(count, |at| format!("'aws:PrincipalTag/x{at}': 'a*', "));
        format!(
            "Version: '2012-10-17'\nStatement: [{{Effect: Allow, Action: 's3:*', Resource: '*', Condition: {{StringEquals: {{{keys}}}}}}}]\n"
        )
    });
    // Each under an operator of its own.
    is_linear(&literal_wildcard::RULE, |count| {
        let operators = each(count, |_| {
            "StringEquals: {'aws:PrincipalArn': 'a*'}, ".to_owned()
        });
        format!(
            "Version: '2012-10-17'\nStatement: [{{Effect: Allow, Action: 's3:*', Resource: '*', Condition: {{{operators}}}}}]\n"
        )
    });
}

#[test]
fn policies_on_one_line() {
    is_linear(&wildcard_resource::RULE, |count| {
        let policies = each(count, |at| {
            format!(
                ", \"k{at}\": {{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"sqs:SendMessage\", \"Resource\": \"*\"}}]}}"
            )
        });
        format!("{{\"all\": 1{policies}}}")
    });
}
