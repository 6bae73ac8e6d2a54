//! Plain data over byte offsets to what the protocol says, for one client.

mod actions;
mod completion;
mod diagnostics;
mod markup;

use leastwise_ide::{Hint, Hover, Location, Symbol, SymbolKind};
use tower_lsp::ls_types as lsp;

pub(crate) use actions::{ActionData, KINDS, ask_actions, may_offer, workspace_edit};
pub(crate) use completion::{CompletionData, completions, resolved};
pub(crate) use diagnostics::{config, diagnostics, each_diagnostic};
pub(crate) use markup::markup;

use crate::client::Client;
use crate::document::Snapshot;

/// A hover.
pub(crate) fn hover(hover: Hover, snapshot: &Snapshot, client: Client) -> lsp::Hover {
    lsp::Hover {
        contents: lsp::HoverContents::Markup(markup(hover.markdown, client.hover_markdown)),
        range: Some(client.encoding.range(&snapshot.rope, hover.span)),
    }
}

/// Inlay hints.
pub(crate) fn hints(hints: Vec<Hint>, snapshot: &Snapshot, client: Client) -> Vec<lsp::InlayHint> {
    let hint = |hint: Hint| lsp::InlayHint {
        position: client
            .encoding
            .position(&snapshot.rope, hint.offset as usize),
        label: lsp::InlayHintLabel::String(hint.label),
        kind: None,
        text_edits: None,
        tooltip: (!hint.tooltip.is_empty())
            .then(|| markup(hint.tooltip, client.hover_markdown).into()),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    };
    hints.into_iter().map(hint).collect()
}

/// The outline of a document.
/// Places in this file, and in others as they were read from disk.
pub(crate) fn locations(
    locations: Vec<Location>,
    snapshot: &Snapshot,
    client: Client,
) -> Vec<lsp::Location> {
    let converted = locations.into_iter().filter_map(|at| {
        let (uri, range) = match &at.file {
            None => (
                snapshot.uri.clone(),
                client.encoding.range(&snapshot.rope, at.span),
            ),
            Some((path, tree)) => {
                let rope = ropey::Rope::from_str(tree.source());
                (
                    lsp::Uri::from_file_path(path)?,
                    client.encoding.range(&rope, at.span),
                )
            }
        };
        Some(lsp::Location { uri, range })
    });
    converted.collect()
}

pub(crate) fn symbols(
    symbols: Vec<Symbol>,
    snapshot: &Snapshot,
    client: Client,
) -> Vec<lsp::DocumentSymbol> {
    let convert = |symbol: Symbol| {
        #[expect(deprecated, reason = "the field needs a value")]
        let symbol = lsp::DocumentSymbol {
            // The protocol forbids empty names.
            name: if symbol.name.is_empty() {
                "\u{2026}".to_owned()
            } else {
                symbol.name
            },
            detail: (!symbol.detail.is_empty()).then_some(symbol.detail),
            kind: match symbol.kind {
                SymbolKind::Owner => lsp::SymbolKind::CLASS,
                SymbolKind::Policy => lsp::SymbolKind::OBJECT,
                SymbolKind::Statement => lsp::SymbolKind::STRUCT,
            },
            tags: None,
            deprecated: None,
            range: client.encoding.range(&snapshot.rope, symbol.span),
            selection_range: client.encoding.range(&snapshot.rope, symbol.selection),
            children: Some(self::symbols(symbol.children, snapshot, client)),
        };
        symbol
    };
    symbols.into_iter().map(convert).collect()
}

#[cfg(test)]
pub(crate) fn snapshot(text: &str) -> Snapshot {
    use crate::open::Stamp;
    Snapshot {
        uri: "file:///p/policy.json".parse().unwrap(),
        rope: ropey::Rope::from_str(text),
        version: 7,
        stamp: Stamp {
            instance: 1,
            generation: 2,
        },
    }
}
