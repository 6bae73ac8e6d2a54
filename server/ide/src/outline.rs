//! The outline of a file: what policies belong to, the policies, their statements.

use std::collections::HashMap;

use leastwise_model::{Effect, Known, Owner, Site, Statement};
use leastwise_rules::Context;
use leastwise_syntax::Span;

use crate::limits::SYMBOLS_OF_STATEMENTS;
use crate::{Symbol, SymbolKind};

pub(crate) fn symbols(context: Context<'_>) -> Vec<Symbol> {
    // A policy with several owners is shown with the first.
    let mut by_owner: HashMap<usize, Vec<&Site>> = HashMap::new();
    for site in &context.analysis.sites {
        if let Some(first) = site.owners.first() {
            by_owner.entry(*first).or_default().push(site);
        }
    }
    let mut owners = Vec::new();
    let mut left = SYMBOLS_OF_STATEMENTS;
    for (index, owner) in context.owners() {
        let sites = by_owner.remove(&index).unwrap_or_default().into_iter();
        let policies: Vec<Symbol> = sites.map(|site| policy(context, site, &mut left)).collect();
        if let Some(symbol) = symbol(context, owner, policies) {
            owners.push(symbol);
        }
    }
    owners.sort_by_key(|symbol| symbol.span);
    owners
}

fn symbol(context: Context<'_>, owner: &Owner, mut children: Vec<Symbol>) -> Option<Symbol> {
    children.sort_by_key(|symbol| symbol.span);
    let inner = children.iter().map(|child| child.span).reduce(Span::to)?;
    let properties = owner.properties.map(|node| context.span(node));
    let selection = owner.declared.unwrap_or(Span::empty(inner.start));
    let span = properties
        .map_or(inner, |properties| inner.to(properties))
        .to(selection);
    Some(Symbol {
        name: owner.label.clone(),
        detail: owner.type_name.clone(),
        kind: SymbolKind::Owner,
        span,
        selection,
        children,
    })
}

/// A policy, with its statements as long as there are `left` to be shown.
fn policy(context: Context<'_>, site: &Site, left: &mut usize) -> Symbol {
    let statements = &context.policy(site).statements;
    let shown = statements.len().min(*left);
    *left -= shown;
    let mut children: Vec<Symbol> = statements
        .iter()
        .take(shown)
        .enumerate()
        .map(|(index, one)| statement(context, index, one))
        .collect();
    children.sort_by_key(|symbol| symbol.span);
    let span = children
        .iter()
        .map(|child| child.span)
        .fold(site.span(context.tree), Span::to);
    Symbol {
        name: site
            .name
            .clone()
            .unwrap_or_else(|| site.kind.name().to_owned()),
        detail: site.kind.name().to_owned(),
        kind: SymbolKind::Policy,
        span,
        selection: Span::empty(site.span(context.tree).start),
        children,
    }
}

fn statement(context: Context<'_>, index: usize, statement: &Statement) -> Symbol {
    let name = statement
        .sid_text(context.tree)
        .filter(|sid| !sid.is_empty());
    let effect = match statement.effect {
        Known::Is(Effect::Allow) => "Allow",
        Known::Is(Effect::Deny) => "Deny",
        _ => "",
    };
    let (word, actions) = match (&statement.action, &statement.not_action) {
        (Known::Is(list), _) => ("", list.items.as_slice()),
        (_, Known::Is(list)) => ("all but ", list.items.as_slice()),
        _ => ("", &[][..]),
    };
    let first = actions
        .first()
        .and_then(|item| item.text.literal(context.tree))
        .unwrap_or_default();
    let more = if actions.len() > 1 {
        format!(" +{}", actions.len() - 1)
    } else {
        String::new()
    };
    Symbol {
        name: name.map_or_else(|| format!("statement {}", index + 1), str::to_owned),
        detail: format!("{effect} {word}{first}{more}").trim().to_owned(),
        kind: SymbolKind::Statement,
        span: statement.span,
        selection: Span::empty(statement.span.start),
        children: Vec::new(),
    }
}
