//! A statement that was made for other counterparts on the same resources.

use leastwise_catalog::Action;
use leastwise_model::{Item, Known, Site, Statement};
use leastwise_syntax::write::{Edit, InsertAt, NewValue};
use leastwise_syntax::{NodeId, Span, View};

use super::carried::Carried;
use super::shared::Place;
use super::{On, tags};
use crate::Context;
use crate::support::narrow;

/// The statement at a place that allows something on exactly these resources and under these conditions, beside or apart from the
/// one that actions are added for.
pub(super) fn statement<'s>(
    context: &Context<'s>,
    to: Place<'s>,
    statement: &Statement,
    on: &On,
    conditions: Option<&Carried>,
) -> Option<&'s Statement> {
    let is_under = |other: &Statement| match conditions {
        None => other.condition.is_missing(),
        Some(carried) => {
            let wanted = carried_tests(context, statement, carried);
            let own = tests(context, other, |key| Some(key.to_owned()));
            wanted.is_some() && own == wanted
        }
    };
    let is_one = |other: &&Statement| {
        let Known::Is(actions) = &other.action else {
            return false;
        };
        let plain = actions.items.iter().all(|item| item.list == actions.node);
        // What stands in another list may be there at other times.
        let is_beside = context.tree.parent(other.node) == context.tree.parent(to.behind.node);
        other.allows()
            && other.node != statement.node
            && is_beside
            && other.branch.is_empty()
            && other.principal.is_missing()
            && !(actions.dynamic || actions.items.is_empty())
            && plain
            && is_on(context, statement, on, other)
            && is_under(other)
    };
    context.policy(to.site).statements.iter().find(is_one)
}

/// What a new statement is about that [`statement`] would find: its resources and conditions in one text. `None` where it
/// would find none.
pub(super) fn subject(
    context: &Context<'_>,
    statement: &Statement,
    on: &On,
    conditions: Option<&Carried>,
) -> Option<String> {
    let mut resources = match on {
        On::Merged(_) => return None,
        On::Everything => vec!["=*".to_owned()],
        On::Same => said(context, statement.resources())?,
        On::Narrowed(narrowed) => narrowed.shown.iter().map(|arn| format!("={arn}")).collect(),
    };
    resources.sort_unstable();
    let tests = match conditions {
        None => Vec::new(),
        Some(carried) => carried_tests(context, statement, carried)?,
    };
    Some(format!("{resources:?} {tests:?}"))
}

/// What the conditions test that a statement hands on.
fn carried_tests(
    context: &Context<'_>,
    statement: &Statement,
    carried: &Carried,
) -> Option<Vec<SaidTest>> {
    match carried {
        Carried::Same(_) => tests(context, statement, |key| Some(key.to_owned())),
        Carried::Turned(_) => tests(context, statement, tags::of_resource),
    }
}

/// Whether a statement is about these resources, and no others.
fn is_on(context: &Context<'_>, statement: &Statement, on: &On, other: &Statement) -> bool {
    let Some(list) = other.resource.known().filter(|list| !list.dynamic) else {
        return false;
    };
    match on {
        On::Merged(_) => false,
        On::Everything => {
            let is_star = |item: &Item| item.text.literal(context.tree) == Some("*");
            matches!(list.items.as_slice(), [one] if is_star(one))
        }
        On::Same => {
            let said = |of: &Statement| said(context, of.resources());
            let is_known = statement.resource.known().is_some_and(|of| !of.dynamic);
            is_known && said(statement).is_some_and(|own| said(other) == Some(own))
        }
        On::Narrowed(narrowed) => {
            let arns = &narrowed.shown;
            let written = |item: &Item| {
                let source = context.tree.part(context.span(item.node));
                let source = source.trim_end_matches(['"', '\'']);
                let patterns = context.patterns(item);
                let mut shown = patterns.iter().map(|pattern| pattern.display());
                arns.iter().any(|arn| source.ends_with(arn.as_str()))
                    || shown.len() > 0 && shown.all(|own| arns.contains(&own))
            };
            list.items.len() == arns.len() && list.items.iter().all(written)
        }
    }
}

/// What values say: a literal by its text, anything else as it is written. `None` where one isn't always there.
fn said(context: &Context<'_>, items: &[Item]) -> Option<Vec<String>> {
    let one = |item: &Item| {
        let text = match item.text.literal(context.tree) {
            Some(text) => format!("={text}"),
            None => context.tree.part(whole(context, item.node)?).to_owned(),
        };
        item.branch.is_empty().then_some(text)
    };
    let mut said: Vec<String> = items.iter().map(one).collect::<Option<_>>()?;
    said.sort_unstable();
    Some(said)
}

/// A value with the functions that stand around it. `None` where one is given more than the value.
fn whole(context: &Context<'_>, node: NodeId) -> Option<Span> {
    let tree = context.tree;
    let holder = |node: NodeId| {
        let parent = tree.parent(node)?;
        matches!(tree.view(parent), View::Tagged(..)).then_some(parent)
    };
    let outer = std::iter::successors(Some(node), |node| holder(*node)).last()?;
    let is_argument = tree.parent(outer).and_then(holder).is_some();
    (!is_argument).then(|| context.span(outer))
}

/// An operator, a key and its values.
type SaidTest = (String, String, Vec<String>);

/// What each condition tests: its operator, its key under the name that `named` gives it, its values. `None` where it isn't known.
fn tests(
    context: &Context<'_>,
    statement: &Statement,
    named: impl Fn(&str) -> Option<String>,
) -> Option<Vec<SaidTest>> {
    let mut all = Vec::new();
    for test in statement.condition.known()? {
        let Some(key) = named(test.key.as_deref()?) else {
            continue;
        };
        let values = test.values.known().filter(|values| !values.dynamic)?;
        let values = said(context, &values.items)?;
        let operator = test.operator.to_ascii_lowercase();
        all.push((operator, key.to_ascii_lowercase(), values));
    }
    all.sort_unstable();
    Some(all)
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
    let is_told = |sid: &str| sid.contains(ending);
    let sid = match statement.sid_text(context.tree).is_some_and(is_told) {
        true => None,
        false => narrow::sid(context, site, statement, ending),
    };
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
    fn one_statement_for_all_under_the_same_conditions() {
        let role = |statements: &str| format!("Version: '2012-10-17'\nStatement:\n{statements}");
        let made = "  - Sid: Made
    Effect: Allow
    Action:
      - sns:CreateTopic
      - sns:Subscribe
      - lambda:CreateFunction
    Resource: '*'
    Condition: {StringEquals: {aws:RequestTag/app: shop}}
";
        let before = role(made);
        let (after, _) = mended(&before, "policy.yaml");
        assert_eq!(after.matches("Effect: Allow").count(), 2, "{after}");
        assert_eq!(
            after.matches("aws:ResourceTag/app: shop").count(),
            1,
            "{after}"
        );
        for action in [
            "sns:DeleteTopic",
            "sns:SetTopicAttributes",
            "sns:Unsubscribe",
            "lambda:DeleteFunction",
            "lambda:UpdateFunctionCode",
        ] {
            assert_eq!(after.matches(action).count(), 1, "{after}");
        }
        assert_eq!(mended(&after, "policy.yaml").0, after);
        // Other conditions, other resources, other principals, a denial: none of these is for them.
        for other in [
            "  - {Effect: Allow, Action: 'sns:GetTopicAttributes', Resource: '*', Condition: {StringEquals: {aws:ResourceTag/app: other}}}\n",
            "  - {Effect: Allow, Action: 'sns:GetTopicAttributes', Resource: '*'}\n",
            "  - {Effect: Allow, Action: 'sns:GetTopicAttributes', Resource: 'arn:aws:sns:*:*:a', Condition: {StringEquals: {aws:ResourceTag/app: shop}}}\n",
            "  - {Effect: Deny, Action: 'sns:GetTopicAttributes', Resource: '*', Condition: {StringEquals: {aws:ResourceTag/app: shop}}}\n",
        ] {
            let (after, _) = mended(&role(&format!("{made}{other}")), "policy.yaml");
            let own = after
                .lines()
                .find(|line| line.contains("GetTopicAttributes"));
            assert!(own.is_some_and(|line| !line.contains("Delete")), "{after}");
            assert!(after.contains("Sid: MadeDeleteUpdate"), "{after}");
        }
        let same = "  - Effect: Allow
    Action: sns:GetTopicAttributes
    Resource: ['*']
    Condition: {StringEquals: {'aws:ResourceTag/app': [shop]}}
";
        let (after, _) = mended(&role(&format!("{made}{same}")), "policy.yaml");
        assert_eq!(after.matches("Effect: Allow").count(), 2, "{after}");
    }

    #[test]
    fn one_statement_for_what_two_statements_lack() {
        let condition = "    Condition: {StringEquals: {aws:RequestTag/app: shop}}\n";
        let text = |other: &str| {
            format!(
                "Version: '2012-10-17'
Statement:
  - Sid: Topics
    Effect: Allow
    Action: sns:CreateTopic
    Resource: '*'
{condition}  - Sid: Tables
    Effect: Allow
    Action: dynamodb:CreateTable
    Resource: '*'
{other}"
            )
        };
        let (after, _) = mended(&text(condition), "policy.yaml");
        assert_eq!(after.matches("Effect: Allow").count(), 3, "{after}");
        for action in ["sns:DeleteTopic", "dynamodb:DeleteTable"] {
            assert_eq!(after.matches(action).count(), 1, "{after}");
        }
        assert_eq!(mended(&after, "policy.yaml").0, after);
        // Under other conditions each has its own.
        let other = condition.replace("shop", "cart");
        let (after, _) = mended(&text(&other), "policy.yaml");
        assert_eq!(after.matches("Effect: Allow").count(), 4, "{after}");
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
