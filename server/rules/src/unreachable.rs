//! What stands in a policy and is never there: behind a condition that no environment meets.

use std::collections::{BTreeMap, HashMap};

use leastwise_model::Branch;
use leastwise_syntax::Span;

use crate::context::Context;
use crate::rule::Finding;
use crate::work;

/// Leaves out what is found in statements, and in the items of their lists, that are surely never there.
pub(crate) fn leave_out(context: &Context<'_>, findings: &mut Vec<Finding>) {
    if findings.is_empty() {
        return;
    }
    let absent = absent(context);
    findings.retain(|finding| {
        work::did(1);
        let behind = absent.partition_point(|span| span.start <= finding.span.start);
        let around = behind.checked_sub(1).and_then(|at| absent.get(at));
        around.is_none_or(|span| finding.span.end > span.end)
    });
}

/// The places that are never there, in their order; none lies in another.
fn absent(context: &Context<'_>) -> Vec<Span> {
    let mut known: HashMap<String, Option<bool>> = HashMap::new();
    // The same place may be several statements, one for each way in which it is one.
    let mut places: BTreeMap<(u32, u32), bool> = BTreeMap::new();
    let mut take = |span: Span, branch: &Branch| {
        work::did(1 + branch.len());
        let is_absent = branch.iter().any(|(name, holds)| {
            let decided = known
                .entry(name.clone())
                .or_insert_with(|| decided(context, name));
            *decided == Some(!holds)
        });
        let place = places.entry((span.start, span.end)).or_insert(true);
        *place &= is_absent;
    };
    for (_, statement) in context.statements() {
        take(statement.span, &statement.branch);
        let lists = [
            &statement.action,
            &statement.not_action,
            &statement.resource,
            &statement.not_resource,
        ];
        for list in lists.into_iter().filter_map(|list| list.known()) {
            for item in list.items.iter().filter(|item| !item.branch.is_empty()) {
                take(item.text.span, &item.branch);
            }
        }
    }
    let mut absent: Vec<Span> = Vec::new();
    for ((start, end), _) in places.into_iter().filter(|(_, is_absent)| *is_absent) {
        if absent.last().is_none_or(|last| last.end < end) {
            absent.push(Span::new(start, end));
        }
    }
    absent
}

/// Whether a condition holds, where that is the same in every environment.
fn decided(context: &Context<'_>, name: &str) -> Option<bool> {
    let analysis = context.analysis;
    let mut all = analysis.possible().map(|environment| {
        work::did(1);
        let resolver = analysis.resolver(context.tree, environment, false);
        resolver.condition(name, 0)
    });
    let first = all.next()??;
    all.all(|other| other == Some(first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::leave_out;
    use crate::actions::unknown_action;
    use crate::tests::fixture::Fixture;
    use crate::work;

    /// How many unknown actions there are.
    fn found(text: &str) -> usize {
        let fixture = Fixture::new(text, "");
        let findings = crate::check(&fixture.context());
        let of_rule = |finding: &&crate::Finding| finding.rule.id == unknown_action::RULE.id;
        findings.iter().filter(of_rule).count()
    }

    fn terraform(on: &str, statement: &str) -> String {
        format!(
            "variable \"on\" {{\n  default = false\n}}\nlocals {{\n  on = {on}\n}}\nresource \"aws_iam_policy\" \"p\" {{\n  name   = \"p\"\n  policy = {statement}\n}}\n"
        )
    }

    const BAD: &str =
        r#"{ "Effect" : "Allow", "Action" : "s3:GetObjct", "Resource" : "arn:aws:s3:::shop/*" }"#;
    const GOOD: &str =
        r#"{ "Effect" : "Allow", "Action" : "s3:GetObject", "Resource" : "arn:aws:s3:::shop/*" }"#;

    fn directive(on: &str, condition: &str, sides: [&str; 2]) -> usize {
        let [yes, no] = sides;
        found(&terraform(
            on,
            &format!(
                "<<-EOT\n    {{\n      \"Version\": \"2012-10-17\",\n      \"Statement\": [\n        %{{ if {condition} ~}}\n        {yes}\n        %{{ else ~}}\n        {no}\n        %{{ endif ~}}\n      ]\n    }}\n  EOT"
            ),
        ))
    }

    #[test]
    fn the_side_of_a_directive_that_is_never_taken() {
        for (on, there) in [("false", [0, 1]), ("true", [1, 0])] {
            assert_eq!(directive(on, "local.on", [BAD, GOOD]), there[0], "{on}");
            assert_eq!(directive(on, "local.on", [GOOD, BAD]), there[1], "{on}");
        }
        // Somebody may set it.
        assert_eq!(directive("var.on", "local.on", [BAD, GOOD]), 1);
        assert_eq!(directive("false", "var.on", [BAD, GOOD]), 1);
        assert_eq!(directive("false", "var.on", [GOOD, BAD]), 1);
    }

    #[test]
    fn the_side_of_a_conditional_that_is_never_taken() {
        let of = |on: &str, yes: &str, no: &str| {
            let statement = format!(
                "jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", Action = [\"s3:PutObject\", local.on ? \"{yes}\" : \"{no}\"], Resource = \"arn:aws:s3:::shop/*\" }}] }})"
            );
            found(&terraform(on, &statement))
        };
        let (good, bad) = ("s3:GetObject", "s3:GetObjct");
        assert_eq!([of("false", bad, good), of("false", good, bad)], [0, 1]);
        assert_eq!([of("true", bad, good), of("true", good, bad)], [1, 0]);
        assert_eq!([of("var.on", bad, good), of("var.on", good, bad)], [1, 1]);
    }

    #[test]
    fn the_side_of_a_mark_that_is_never_taken() {
        let of = |condition: &str, [yes, no]: [&str; 2]| {
            found(&format!(
                "{{ \"Version\": \"2012-10-17\", \"Statement\": [\n%{{ if {condition} }}\n{yes}\n%{{ else }}\n{no}\n%{{ endif }}\n] }}"
            ))
        };
        for (condition, there) in [("false", [0, 1]), ("true", [1, 0]), ("on", [1, 1])] {
            assert_eq!(of(condition, [BAD, GOOD]), there[0], "{condition}");
            assert_eq!(of(condition, [GOOD, BAD]), there[1], "{condition}");
        }
    }

    #[test]
    fn statements_of_a_conditional_list() {
        let of = |on: &str| {
            let statement = format!(
                "jsonencode({{ Version = \"2012-10-17\", Statement = concat([{GOOD}], local.on ? [{BAD}] : []) }})"
            );
            found(&terraform(
                on,
                &statement.replace("\" :", "\" =").replace('{', "{ "),
            ))
        };
        assert_eq!([of("false"), of("true"), of("var.on")], [0, 1, 1]);
    }

    #[test]
    fn ten_times_the_places_are_ten_times_the_work() {
        let cost = |count: usize, conditions: usize| {
            let each = |one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<String>();
            let declared: String = (0..conditions)
                .map(|at| format!("  C{at}: !Equals [a, {}]\n", ["a", "b"][at % 2]))
                .collect();
            let statements = each(&|at| {
                format!(
                    "          - Effect: Allow
            Action: [!If [C{0}, 's3:GetObjct{at}', 's3:GetObject'], !If [C{1}, 's3:PutObjct{at}', 's3:PutObject']]
            Resource: 'arn:aws:s3:::shop/*'
          - Fn::If: [C{0}, {{Effect: Allow, Action: 's3:ListObjct{at}', Resource: '*'}}, !Ref AWS::NoValue]
",
                    at % conditions,
                    (at + 1) % conditions
                )
            });
            let text = format!(
                "Conditions:
{declared}Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
{statements}"
            );
            let fixture = Fixture::new(&text, "");
            let context = fixture.context();
            let mut findings = Vec::new();
            for (_, statement) in context.statements() {
                let items = statement.actions().iter().map(|item| item.text.span);
                findings.extend(
                    items.chain([statement.span]).map(|span| {
                        crate::Finding::new(&unknown_action::RULE, span, String::new())
                    }),
                );
            }
            let all = findings.len();
            let done = work::of(|| leave_out(&context, &mut findings));
            assert!(findings.len() < all, "{all}");
            done
        };
        for conditions in [2, 40] {
            let (few, many) = (cost(70, conditions), cost(700, conditions));
            assert!(few >= 70, "{few}");
            assert!(many <= few * 11, "{conditions}: {few}, then {many}");
        }
        // Each of many conditions is worked out once.
        let (few, many) = (cost(70, 70), cost(700, 700));
        assert!(many <= few * 11, "{few}, then {many}");
    }
}
