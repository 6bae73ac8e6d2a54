//! The checks of other tools that rules name as finding the same: for each there is a policy with the flaw that the
//! check is about, in which the rule finds something.

mod examples;

use std::collections::BTreeSet;

use super::fixture::{Fixture, format_of};
use crate::RULES;
use examples::EXAMPLES;

/// A policy with a flaw that a rule and checks of other tools find.
struct Example {
    rule: &'static str,
    /// The checks, as (tool, id).
    named: &'static [(&'static str, &'static str)],
    policy: Policy,
}

/// What the flaw is in.
enum Policy {
    /// A statement of a document that stands alone.
    Statement(&'static str),
    /// A statement of a role in a template.
    Role(&'static str),
    /// The resource `Shop` of a template.
    Resource(&'static str),
    /// A whole file.
    File(&'static str),
}

const CONFIG: &str = r#"
[app]
prefix = "shop"

[accounts]
dev = "111111111111"

[deploy]
regions = ["eu-west-1"]
roles = ["Shop"]
"#;

impl Policy {
    fn text(&self) -> String {
        match self {
            Policy::Statement(statement) => {
                format!("Version: '2012-10-17'\nStatement:\n  - {{{statement}}}\n")
            }
            Policy::Role(statement) => format!(
                "Resources:\n  Shop:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {{Version: '2012-10-17', Statement: {{Effect: Allow, Principal: {{Service: \
                 lambda.amazonaws.com}}, Action: 'sts:AssumeRole'}}}}\n      Policies:\n        - PolicyName: shop\n          PolicyDocument: {{Version: '2012-10-17', Statement: {{{statement}}}}}\n"
            ),
            Policy::Resource(resource) => format!("Resources:\n  Shop: {{{resource}}}\n"),
            Policy::File(text) => (*text).to_owned(),
        }
    }

    fn fixture(&self) -> Fixture {
        let text = self.text();
        let path = match self {
            Policy::File(_) => "shop",
            _ => "template",
        };
        let format = format_of(&text);
        let ending = match format {
            leastwise_syntax::Format::Hcl => "tf",
            leastwise_syntax::Format::Yaml => "yaml",
            _ => "json",
        };
        Fixture::at(&format!("{path}.{ending}"), &text, format, CONFIG, None)
    }
}

/// Rule, tool and id.
type Named = (&'static str, &'static str, &'static str);

fn declared() -> BTreeSet<Named> {
    let of = |rule: &'static crate::Rule| {
        let named = rule.equivalents.iter();
        named.map(|(tool, id)| (rule.id, *tool, *id))
    };
    RULES.iter().copied().flat_map(of).collect()
}

fn shown() -> BTreeSet<Named> {
    let of = |example: &'static Example| {
        let named = example.named.iter();
        named.map(|(tool, id)| (example.rule, *tool, *id))
    };
    EXAMPLES.iter().flat_map(of).collect()
}

#[test]
fn each_check_that_a_rule_names_has_an_example() {
    let (declared, shown) = (declared(), shown());
    let lines = |of: &mut dyn Iterator<Item = &Named>| -> String {
        of.map(|(rule, tool, id)| format!("  {rule}: (\"{tool}\", \"{id}\")\n"))
            .collect()
    };
    let lacking = lines(&mut declared.difference(&shown));
    let unnamed = lines(&mut shown.difference(&declared));
    assert!(
        lacking.is_empty() && unnamed.is_empty(),
        "Checks in `equivalents` of a rule without an example. Give each a policy with the flaw that the other tool's check is \
         about, in tests/equivalents/examples.rs, in which the rule finds something; where it finds nothing, take the check \
         out of `equivalents`:\n{lacking}Examples for checks that the rule doesn't name; add them to its `equivalents`:\n{unnamed}"
    );
}

#[test]
fn each_example_fires() {
    let mut silent = Vec::new();
    for example in EXAMPLES {
        let rule = crate::rule(example.rule).expect(example.rule);
        if example.policy.fixture().findings(rule).is_empty() {
            silent.push(format!(
                "{} for {:?}:\n{}",
                example.rule,
                example.named,
                example.policy.text()
            ));
        }
    }
    assert!(
        silent.is_empty(),
        "{} silent:\n{}",
        silent.len(),
        silent.join("\n")
    );
}
