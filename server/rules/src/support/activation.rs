//! Whether what a text does once it stands for something is more than may come of a slip of the pen.

use leastwise_model::{Item, Known, Statement, Test};
use leastwise_policy::condition::Operator;
use leastwise_syntax::{NodeId, Span};

use crate::conditions::effect::Comes;
use crate::support::impact::Weight;
use crate::support::policy_key::PolicyKey;
use crate::{Context, for_fixes};

/// Why a fix is offered, and never applied in bulk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Grave {
    /// Nothing becomes control over all that there is, or something for everybody.
    Power,
    /// Something is spared that was denied.
    Spares,
}

impl Grave {
    /// What is announced of it, beside permissions.
    pub(crate) fn note(self) -> Option<String> {
        let note =
            "it no longer denies what the statement then excludes where another policy allows it";
        (self == Grave::Spares).then(|| note.to_owned())
    }
}

/// A place in a statement.
#[derive(Clone, Copy)]
pub(crate) enum StatementPart<'s> {
    /// One of its resources.
    Resource(&'s Item),
    /// What it leaves out.
    LeftOut,
    /// A value of a test.
    Test(&'s Test),
    /// Anything else.
    Other,
}

impl PolicyKey {
    /// What is grave about a node of it, in some statement.
    pub(crate) fn grave_at(self, context: &Context<'_>, node: NodeId) -> Option<Grave> {
        for_fixes::did();
        let tree = context.tree;
        let at = tree.span(node);
        let statements = self.statements(context);
        let behind = statements.partition_point(|of| tree.span(of.node).start <= at.start);
        let statement = statements.get(behind.checked_sub(1)?)?;
        let is_here = is_in(at, tree.span(statement.node));
        let part = is_here.then(|| part_at(context, statement, at))??;
        self.grave_in(context, statement, part)
    }

    /// What is grave about a place in one of its statements.
    pub(crate) fn grave_in(
        self,
        context: &Context<'_>,
        statement: &Statement,
        part: StatementPart<'_>,
    ) -> Option<Grave> {
        for_fixes::did();
        let weight = || Weight::within(context, statement.node, self.kind);
        let is_power = match part {
            StatementPart::LeftOut if statement.denies() => return Some(Grave::Spares),
            StatementPart::LeftOut if statement.allows() => false,
            StatementPart::Resource(item) => {
                let weight = weight();
                let patterns = context.patterns(item);
                patterns.into_iter().any(|arn| weight.is_grave_on(arn))
            }
            StatementPart::Test(test) => {
                let operator = Operator::parse(&test.operator).ok();
                let held = operator.map(|of| of.base.negated);
                match Comes::of(statement, held) {
                    Comes::DeniesLess => return Some(Grave::Spares),
                    comes => comes.is_grave(weight),
                }
            }
            StatementPart::LeftOut | StatementPart::Other => weight().is_grave(),
        };
        is_power.then_some(Grave::Power)
    }
}

/// Where in a statement something stands.
fn part_at<'s>(
    context: &Context<'_>,
    statement: &'s Statement,
    at: Span,
) -> Option<StatementPart<'s>> {
    let tree = context.tree;
    let mut elements = statement.elements.iter();
    let element = elements.find(|of| is_in(at, tree.span(of.value)))?;
    let name = element.name.replace('_', "").to_ascii_lowercase();
    Some(match name.trim_end_matches('s') {
        "resource" => {
            let items = statement.resources();
            let behind = items.partition_point(|of| tree.span(of.node).start <= at.start);
            let item = behind.checked_sub(1).and_then(|last| items.get(last));
            item.map_or(StatementPart::Other, StatementPart::Resource)
        }
        "notresource" | "notaction" | "notprincipal" => StatementPart::LeftOut,
        "condition" => {
            let mut tests = crate::conditions::tests(statement).iter();
            let values = |of: &&Test| match &of.values {
                Known::Is(list) => is_in(at, tree.span(list.node)),
                _ => false,
            };
            tests
                .find(values)
                .map_or(StatementPart::Other, StatementPart::Test)
        }
        _ => StatementPart::Other,
    })
}

fn is_in(one: Span, other: Span) -> bool {
    other.start <= one.start && one.end <= other.end
}
