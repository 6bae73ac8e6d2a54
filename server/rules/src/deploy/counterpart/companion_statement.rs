//! A statement that was made for other counterparts on the same resources.

use leastwise_catalog::Action;
use leastwise_model::{Item, Known, Site, Statement};
use leastwise_syntax::write::{Edit, InsertAt, NewValue};

use crate::Context;
use crate::support::narrow;

/// The statement of a policy that allows something on exactly these resources, as another one does that actions are added for:
/// without conditions.
pub(super) fn statement<'s>(
    context: &Context<'s>,
    site: &'s Site,
    statement: &Statement,
    arns: &[String],
) -> Option<&'s Statement> {
    if !statement.condition.is_missing() {
        return None;
    }
    let written = |item: &Item| {
        let source = context.tree.part(context.span(item.node));
        let source = source.trim_end_matches(['"', '\'']);
        let patterns = context.patterns(item);
        let mut shown = patterns.iter().map(|pattern| pattern.display());
        arns.iter().any(|arn| source.ends_with(arn.as_str()))
            || shown.len() > 0 && shown.all(|own| arns.contains(&own))
    };
    let is_one = |other: &&Statement| {
        let (Known::Is(actions), Known::Is(resources)) = (&other.action, &other.resource) else {
            return false;
        };
        let plain = actions.items.iter().all(|item| item.list == actions.node);
        other.allows()
            && other.node != statement.node
            && other.condition.is_missing()
            && other.branch.is_empty()
            && !(actions.dynamic || resources.dynamic || actions.items.is_empty())
            && plain
            && resources.items.len() == arns.len()
            && resources.items.iter().all(written)
    };
    context.policy(site).statements.iter().find(is_one)
}

/// The edits that allow actions in a statement, too, whose `Sid` says so.
pub(super) fn join(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    actions: &[Action],
    ending: &str,
) -> Vec<Edit> {
    let Some(list) = statement.action.known() else {
        return Vec::new();
    };
    let Some(last) = list.items.last() else {
        return Vec::new();
    };
    let add = |action: &Action| Edit::InsertItem {
        list: list.node,
        place: InsertAt::After(last.node),
        value: NewValue::Str(action.full_name()),
    };
    let mut edits: Vec<Edit> = actions.iter().map(add).collect();
    let mut elements = statement.elements.iter();
    let own = elements.find(|element| element.name.eq_ignore_ascii_case("Sid"));
    let sid = narrow::sid(context, site, statement, ending);
    edits.extend(own.zip(sid).map(|(own, text)| Edit::SetScalar {
        node: own.value,
        text,
    }));
    edits
}

#[cfg(test)]
mod tests {
    use crate::tests::bulk::mended;

    #[test]
    fn one_statement_for_both_counterparts() {
        let policy = |condition: &str| {
            format!(
                "Version: '2012-10-17'
Statement:
  - Sid: Listeners
    Effect: Allow
    Action: elasticloadbalancing:CreateListener
    Resource: arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop-*
{condition}"
            )
        };
        let (after, _) = mended(&policy(""), "policy.yaml");
        assert_eq!(after.matches("Effect: Allow").count(), 2, "{after}");
        assert!(after.contains("DeleteListener"), "{after}");
        assert!(after.contains("ModifyListener"), "{after}");
        assert!(
            after.contains("Sid: ListenersUpdateDelete")
                || after.contains("Sid: ListenersDeleteUpdate"),
            "{after}"
        );
        assert_eq!(mended(&after, "policy.yaml").0, after);
    }

    #[test]
    fn one_statement_for_both_where_the_arn_has_variables() {
        let text = "Resources:
  DeployRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: apigateway:POST
                Resource: !Sub 'arn:aws:apigateway:${AWS::Region}::/restapis'
";
        let (after, _) = mended(text, "role.yaml");
        assert!(after.contains("apigateway:DELETE"), "{after}");
        assert!(after.contains("apigateway:PATCH"), "{after}");
        assert_eq!(after.matches("::/restapis/*").count(), 1, "{after}");
    }
}
