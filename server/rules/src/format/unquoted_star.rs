//! Finds a `*` without quotes as a value in YAML.
//!
//! In YAML an unquoted `*` begins an alias, so the whole file can't be parsed: the deployment fails with a message
//! about aliases that never mentions the policy.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Deny
//!     Action: s3:DeleteBucket
//!     Resource: *
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Deny
//!     Action: s3:DeleteBucket
//!     Resource: '*'
//! ```

use leastwise_model::{Level, SiteKind};
use leastwise_syntax::write::{Edit, NewValue};
use leastwise_syntax::{NodeId, ProblemKind, Span};

use crate::support::impact::{self, Weight};
use crate::{
    Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, LazyFix, Rule, Safety, Scope,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unquoted-star",
    group: Group::Format,
    level: Level::Error,
    since: "0.1.0",
    summary: "A `*` without quotes in YAML",
    fix: FixKind::Unsafe,
    judges: Judges::Place,
    equivalents: &[("cfn-lint", "E0000")],
    scope: &[Scope::File(find)],
};

/// A star without quotes.
struct Unquoted {
    at: Span,
    /// The statement that it stands in, and the kind of its policy.
    statement: Option<(NodeId, SiteKind)>,
}

fn find(context: &Context<'_>, facts: &mut Facts<'_>) {
    let problems = context.tree.problems().iter();
    let stars = problems.filter(|problem| problem.kind == ProblemKind::UnquotedStar);
    let mut stars = stars.map(|problem| problem.span).peekable();
    if stars.peek().is_none() {
        return;
    }
    let statements = context.statements();
    let mut statements: Vec<_> = statements
        .map(|(site, statement)| (context.span(statement.node), statement.node, site.kind))
        .collect();
    statements.sort_by_key(|(span, ..)| *span);
    let own = |at: Span| {
        let behind = statements.partition_point(|(span, ..)| span.start <= at.start);
        let (span, statement, kind) = *statements.get(behind.checked_sub(1)?)?;
        (at.end <= span.end).then_some((statement, kind))
    };
    facts.extend(stars.map(|at| Unquoted {
        at,
        statement: own(at),
    }));
}

impl Fact for Unquoted {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let message = "YAML takes an unquoted `*` as an alias: the file can't be parsed.";
        Finding::new(&RULE, self.at, message).help("Quote the star: `'*'`.")
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let span = self.at;
        // AWS can't read what the statement allows before.
        let weight = |(statement, kind)| Weight::within(context, statement, kind);
        let allows = self.allows(context);
        let safety = match self.statement.map(weight).is_some_and(Weight::is_grave) {
            true => Safety::Manual,
            false if allows => Safety::Unsafe,
            false => Safety::Safe,
        };
        let statement = self.statement.map(|(statement, _)| statement);
        vec![LazyFix::new("Quote the star", safety, move |context| {
            let node = context.tree.node_at(span.start)?;
            let text = context.tree.text(node)?.to_owned();
            let fix = Fix::new(vec![Edit::Replace {
                node,
                value: NewValue::Str(text),
            }]);
            Some(match allows {
                true => fix.notes([comes_to_life(context, statement)]),
                false => fix,
            })
        })]
    }
}

impl Unquoted {
    /// Whether something may be allowed once the file can be read: by its statement, or by what of a policy isn't understood.
    fn allows(&self, context: &Context<'_>) -> bool {
        match self.statement {
            Some((statement, _)) => impact::may_allow(context.tree, statement),
            None => {
                let mut sites = context.sites();
                sites.any(|site| site.span(context.tree).touches(self.at.start))
            }
        }
    }
}

/// What is told of a statement that can be read from then on: by the first of its actions.
fn comes_to_life(context: &Context<'_>, statement: Option<NodeId>) -> String {
    let statement = statement.and_then(|node| context.statement(node));
    let actions = statement.and_then(|(_, statement)| statement.action.known());
    let actions = actions
        .map(|list| list.items.as_slice())
        .unwrap_or_default();
    let first = actions
        .first()
        .and_then(|item| context.tree.text(item.node));
    match (first, actions.len()) {
        (Some(first), 1) => format!("the file can be read then, and allows {first}"),
        (Some(first), count) => format!(
            "the file can be read then, and allows {first} +{}",
            count - 1
        ),
        (None, _) => "the file can be read then, and what it allows takes effect".to_owned(),
    }
}
