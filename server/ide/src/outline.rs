//! The outline of a file: what policies belong to, the policies, their statements.

use leastwise_model::{Effect, Known, Owner, Site, Statement};
use leastwise_rules::Context;
use leastwise_syntax::Span;

use crate::{Symbol, SymbolKind};

pub(crate) fn symbols(context: Context<'_>) -> Vec<Symbol> {
    let mut owners = Vec::new();
    for (index, owner) in context.owners() {
        // A policy with several owners is shown with the first.
        let sites = context
            .analysis
            .sites
            .iter()
            .filter(|site| site.owners.first() == Some(&index));
        let policies: Vec<Symbol> = sites.map(|site| policy(context, site)).collect();
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

fn policy(context: Context<'_>, site: &Site) -> Symbol {
    let mut children: Vec<Symbol> = context
        .policy(site)
        .statements
        .iter()
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
