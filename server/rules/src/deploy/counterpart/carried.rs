//! The conditions of a statement, for another one that allows what it lacks.

use leastwise_catalog::Action;
use leastwise_model::{BlockNames, Form, Statement, Test};
use leastwise_syntax::write::NewValue;
use leastwise_syntax::{NodeId, Tree};

use super::destination::conditions_fit;
use super::tags;
use crate::Context;

/// Conditions for what is added.
pub(super) enum Carried {
    /// Those of the statement.
    Same(NewValue),
    /// With the tags of the resource in place of those of the request.
    Turned(NewValue),
}

impl Carried {
    /// Those of a statement, where another one for these actions can have them as well.
    pub fn of(
        context: &Context<'_>,
        form: Form,
        statement: &Statement,
        actions: &[Action],
    ) -> Option<Carried> {
        let fit = actions
            .iter()
            .all(|action| conditions_fit(statement, *action) && !limits_tags(statement));
        let names = match form {
            Form::Document if fit => {
                let mut elements = statement.elements.iter();
                let conditions = elements.find(|element| element.name == "Condition")?;
                return Some(Carried::Same(NewValue::Copy(conditions.value)));
            }
            Form::Document => None,
            Form::Blocks(names) => Some(names),
        };
        let tests: Vec<(&Test, String)> = match fit {
            false => tags::turned(context, statement, actions)?,
            true => {
                let tests = statement.condition.known()?.iter();
                let named = tests.map(|test| Some((test, test.key.clone()?)));
                named.collect::<Option<_>>()?
            }
        };
        let conditions = match names {
            Some(names) => in_blocks(context.tree, names, statement, &tests)?,
            None => in_document(&tests)?,
        };
        Some(match fit {
            true => Carried::Same(conditions),
            false => Carried::Turned(conditions),
        })
    }

    /// What the new statement has as its `Condition`; of blocks, a list of them.
    pub fn into_value(self) -> NewValue {
        match self {
            Carried::Same(value) | Carried::Turned(value) => value,
        }
    }
}

/// Whether a condition asks for the tags of a resource: what takes none has none.
fn limits_tags(statement: &Statement) -> bool {
    let tests = statement.condition.known().map_or(&[][..], |tests| tests);
    let mut keys = tests.iter().filter_map(|test| test.key.as_deref());
    keys.any(|key| key.to_ascii_lowercase().contains("resourcetag"))
}

/// Tests with their keys as a document has them: below their operators. `None` where one has the same key as another.
fn in_document(tests: &[(&Test, String)]) -> Option<NewValue> {
    let mut operators: Vec<(String, Vec<(String, NewValue)>)> = Vec::new();
    for (test, key) in tests {
        let pair = (key.clone(), NewValue::Copy(test.values.known()?.node));
        let at = operators.iter().position(|(of, _)| *of == test.operator);
        match at.and_then(|at| operators.get_mut(at)) {
            Some((_, keys)) if keys.iter().any(|(other, _)| other == key) => return None,
            Some((_, keys)) => keys.push(pair),
            None => operators.push((test.operator.clone(), vec![pair])),
        }
    }
    let operators = operators.into_iter();
    let operators = operators.map(|(operator, keys)| (operator, NewValue::Map(keys)));
    Some(NewValue::Map(operators.collect()))
}

/// Tests with their keys as blocks, each as it stands but for its key. `None` where they aren't all blocks of the statement itself:
/// what a loop makes is made of its values.
fn in_blocks(
    tree: &Tree,
    names: &BlockNames,
    statement: &Statement,
    tests: &[(&Test, String)],
) -> Option<NewValue> {
    let inner = names.inner.iter().find(|of| of.element == "Condition")?;
    let [operator, variable] = inner.keys else {
        return None;
    };
    let name = names.name(inner.element);
    let is_own = |block: NodeId| {
        let mut pairs = tree.pairs(statement.node).into_iter();
        pairs.any(|pair| {
            let is_listed = || tree.items(pair.value).is_some_and(|of| of.contains(&block));
            tree.text(pair.key) == Some(name) && (pair.value == block || is_listed())
        })
    };
    let one = |(test, key): &(&Test, String)| {
        let list = test.values.known().filter(|list| !list.dynamic)?;
        let block = tree.parent(test.operator_node)?;
        let is_alone = list.items.iter().all(|item| item.list == list.node);
        if !is_own(block) || tree.parent(list.node) != Some(block) || !is_alone {
            return None;
        }
        let is_same = test.key.as_ref() == Some(key);
        let key = match is_same {
            true => NewValue::Copy(test.key_node),
            false => NewValue::Str(key.clone()),
        };
        Some(NewValue::Map(vec![
            ((*operator).to_owned(), NewValue::Copy(test.operator_node)),
            ((*variable).to_owned(), key),
            (inner.values.to_owned(), NewValue::Copy(list.node)),
        ]))
    };
    let blocks: Option<Vec<NewValue>> = tests.iter().map(one).collect();
    blocks.map(NewValue::List)
}

#[cfg(test)]
mod tests {
    use crate::deploy::missing_delete_counterpart::RULE;
    use crate::tests::bulk::mended;
    use crate::tests::fixture::{Fixture, fixed_text};

    const CONFIG: &str = "[app]\nprefix = 'shop'\n[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1']\nroles = ['*']";

    /// A role with a policy of one statement.
    fn document(action: &str, conditions: &str) -> String {
        format!(
            "resource \"aws_iam_role\" \"deployer\" {{
  name = \"deployer\"
}}
resource \"aws_iam_role_policy\" \"own\" {{
  role   = aws_iam_role.deployer.id
  policy = data.aws_iam_policy_document.work.json
}}
data \"aws_iam_policy_document\" \"work\" {{
  statement {{
    actions   = [\"{action}\"]
    resources = [\"*\"]

{conditions}
  }}
}}
"
        )
    }

    const APP: &str = "    condition {
      test     = \"StringEquals\"
      variable = \"aws:RequestTag/app\"
      values   = [\"shop\"]
    }";
    const OWN: &str = "    condition {
      test     = \"StringEquals\"
      variable = \"aws:PrincipalOrgID\"
      values   = [var.org]
    }";

    #[test]
    fn blocks_go_along_with_the_tags_of_the_resource() {
        let before = document("kms:CreateKey", &format!("{APP}\n{OWN}"));
        let after = fixed_text(&RULE, &before, CONFIG);
        let (_, added) = after.split_once("ScheduleKeyDeletion").expect("a fix");
        let turned = APP.replace("RequestTag", "ResourceTag");
        assert!(added.contains(&turned), "{after}");
        assert!(added.contains(OWN), "{after}");
        assert!(!added.contains("RequestTag"), "{after}");
        assert_eq!(fixed_text(&RULE, &after, CONFIG), after);
    }

    #[test]
    fn blocks_that_fit_what_is_added_stay_as_they_are() {
        let before = document("kms:CreateKey", OWN);
        let after = fixed_text(&RULE, &before, CONFIG);
        let (_, added) = after.split_once("ScheduleKeyDeletion").expect("a fix");
        assert!(added.contains(OWN), "{after}");
    }

    #[test]
    fn blocks_of_a_list_stay_a_list() {
        let before = "{
  \"resource\": {
    \"aws_iam_role\": {\"deployer\": {\"name\": \"deployer\"}},
    \"aws_iam_role_policy\": {\"own\": {
      \"role\": \"${aws_iam_role.deployer.id}\",
      \"policy\": \"${data.aws_iam_policy_document.work.json}\"
    }}
  },
  \"data\": {\"aws_iam_policy_document\": {\"work\": {\"statement\": [
    {
      \"actions\": [\"kms:CreateKey\"],
      \"resources\": [\"*\"],
      \"condition\": [
        {\"test\": \"StringEquals\", \"variable\": \"aws:RequestTag/app\", \"values\": [\"shop\"]},
        {\"test\": \"StringEquals\", \"variable\": \"aws:RequestTag/team\", \"values\": [\"shop\"]}
      ]
    }
  ]}}}
}
";
        let (after, _) = mended(before, "main.tf.json");
        assert!(after.contains("kms:ScheduleKeyDeletion"), "{after}");
        assert!(after.contains("aws:ResourceTag/team"), "{after}");
        let count = |word: &str| after.matches(word).count();
        assert_eq!(count("\"condition\""), count("\"actions\""), "{after}");
        assert_eq!(
            count("aws:ResourceTag/app"),
            count("aws:ResourceTag/team"),
            "{after}"
        );
    }

    #[test]
    fn what_a_loop_makes_of_its_values_stays_there() {
        let dynamic = "    dynamic \"condition\" {
      for_each = [\"shop\"]
      content {
        test     = \"StringEquals\"
        variable = \"aws:RequestTag/app\"
        values   = [condition.value]
      }
    }";
        let before = document("kms:CreateKey", dynamic);
        let fixture = Fixture::new(&before, CONFIG);
        let findings = fixture.findings(&RULE);
        let fix = findings[0].fixes[0].resolve(&fixture.context());
        let fix = fix.expect("a fix");
        assert_eq!(fix.safety, crate::Safety::Manual);
        let after = leastwise_syntax::write::apply(&before, &fix.edits);
        assert!(after.contains("ScheduleKeyDeletion"), "{after}");
        assert_eq!(after.matches("condition").count(), 2, "{after}");
    }
}
