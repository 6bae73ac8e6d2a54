//! Completion items.

use leastwise_ide::{Completion, CompletionKind};
use leastwise_syntax::Span;
use serde::{Deserialize, Serialize};
use tower_lsp::ls_types as lsp;

use super::markup::markup;
use crate::client::Client;
use crate::document::Snapshot;

/// What a completion item carries for `completionItem/resolve`; its label does the rest.
#[derive(Serialize, Deserialize)]
pub(crate) struct CompletionData {
    pub(crate) uri: lsp::Uri,
    kind: u8,
}

impl CompletionData {
    /// What the item stands for; `None` for an item that the server did not make.
    pub(crate) fn kind(&self) -> Option<CompletionKind> {
        KINDS.get(usize::from(self.kind)).map(|&(kind, _)| kind)
    }
}

/// The kinds with the icons that editors draw for them. The place in the table is what an item carries.
const KINDS: [(CompletionKind, lsp::CompletionItemKind); 8] = [
    (CompletionKind::Service, lsp::CompletionItemKind::MODULE),
    (CompletionKind::Action, lsp::CompletionItemKind::METHOD),
    (CompletionKind::Wildcard, lsp::CompletionItemKind::OPERATOR),
    (CompletionKind::Arn, lsp::CompletionItemKind::REFERENCE),
    (CompletionKind::Variable, lsp::CompletionItemKind::VARIABLE),
    (CompletionKind::Keyword, lsp::CompletionItemKind::KEYWORD),
    (CompletionKind::ConditionKey, lsp::CompletionItemKind::FIELD),
    (CompletionKind::Principal, lsp::CompletionItemKind::CLASS),
];

/// The items of a list that is asked for at the byte `cursor`.
pub(crate) fn completions(
    items: Vec<Completion>,
    cursor: u32,
    snapshot: &Snapshot,
    client: Client,
) -> lsp::CompletionList {
    // As a rule all items of a list, which may be thousands, replace the same bytes.
    let mut last = None;
    let mut ranges = |span: Span| match last {
        Some((known, ranges)) if known == span => ranges,
        _ => {
            let ranges = Ranges::new(span, cursor, snapshot, client);
            last = Some((span, ranges));
            ranges
        }
    };
    // Where an editor takes `lambda:Put` for one word, it would go on with the list of what begins with `l`.
    let is_incomplete = items.iter().any(|item| item.kind.depends_on_typed());
    let usable = |item: &Completion| client.snippets || !item.is_snippet;
    let items = match is_incomplete {
        true => with_typed(items, cursor, snapshot),
        false => items,
    };
    let items = items.into_iter().filter(usable).map(|item| {
        let ranges = ranges(item.replace);
        convert(item, ranges, snapshot, client)
    });
    lsp::CompletionList {
        is_incomplete,
        items: items.collect(),
    }
}

/// Those that have the letters in them that are typed already, which is the least that any editor wants: it asks anew at the next
/// one. All where none has.
fn with_typed(items: Vec<Completion>, cursor: u32, snapshot: &Snapshot) -> Vec<Completion> {
    let mut last: Option<(u32, String)> = None;
    let mut typed = |from: u32| match &last {
        Some((known, typed)) if *known == from => typed.clone(),
        _ => {
            let typed = snapshot.rope.get_byte_slice(from as usize..cursor as usize);
            let typed = typed.map_or_else(String::new, |typed| typed.to_string().to_lowercase());
            last = Some((from, typed.clone()));
            typed
        }
    };
    let is_left: Vec<bool> = items
        .iter()
        .map(|item| {
            let typed = typed(item.replace.start);
            let mut letters = item.filter.chars().flat_map(char::to_lowercase);
            typed
                .chars()
                .all(|typed| letters.any(|letter| letter == typed))
        })
        .collect();
    if !is_left.contains(&true) {
        return items;
    }
    let mut is_left = is_left.into_iter();
    let mut items = items;
    items.retain(|_| is_left.next().unwrap_or(true));
    items
}

/// What an item replaces, in the two ways that an editor may offer.
#[derive(Clone, Copy)]
struct Ranges {
    /// Up to the cursor.
    insert: lsp::Range,
    /// The whole word.
    replace: lsp::Range,
    /// Whether there are two ways.
    both: bool,
}

impl Ranges {
    fn new(span: Span, cursor: u32, snapshot: &Snapshot, client: Client) -> Self {
        let range = |span| client.encoding.range(&snapshot.rope, span);
        let replace = range(span);
        // The protocol wants the first to be the beginning of the second, on one line.
        let fits = span.touches(cursor) && replace.start.line == replace.end.line;
        Self {
            insert: if fits {
                range(Span::new(span.start, cursor))
            } else {
                replace
            },
            replace,
            both: fits && client.insert_replace,
        }
    }
}

fn convert(
    item: Completion,
    ranges: Ranges,
    snapshot: &Snapshot,
    client: Client,
) -> lsp::CompletionItem {
    let index = KINDS.iter().position(|&(kind, _)| kind == item.kind);
    let index = index.unwrap_or_default();
    let data = CompletionData {
        uri: snapshot.uri.clone(),
        kind: u8::try_from(index).unwrap_or(u8::MAX),
    };
    let detail = (!item.detail.is_empty()).then_some(item.detail);
    let is_snippet = item.is_snippet || client.snippets && !item.behind.is_empty();
    let text = match is_snippet {
        true if item.is_snippet => item.insert.clone(),
        true => format!("{}$0{}", escaped(&item.insert), escaped(&item.behind)),
        false => format!("{}{}", item.insert, item.behind),
    };
    let also = item.also.into_iter().map(|edit| {
        let range = client.encoding.range(&snapshot.rope, edit.span);
        lsp::TextEdit::new(range, edit.text)
    });
    let also: Vec<lsp::TextEdit> = also.collect();
    let (beside, detail) = if client.label_details {
        (detail, None)
    } else {
        (None, detail)
    };
    lsp::CompletionItem {
        label: item.label,
        label_details: beside.map(|beside| lsp::CompletionItemLabelDetails {
            detail: None,
            description: Some(beside),
        }),
        kind: KINDS.get(index).map(|&(_, kind)| kind),
        detail,
        sort_text: Some(item.sort),
        filter_text: Some(item.filter),
        insert_text_format: is_snippet.then_some(lsp::InsertTextFormat::SNIPPET),
        insert_text_mode: text.contains('\n').then_some(match item.is_snippet {
            true => lsp::InsertTextMode::ADJUST_INDENTATION,
            // What is on further lines has its indentation.
            false => lsp::InsertTextMode::AS_IS,
        }),
        additional_text_edits: (!also.is_empty()).then_some(also),
        text_edit: Some(if ranges.both && !item.is_whole {
            lsp::CompletionTextEdit::InsertAndReplace(lsp::InsertReplaceEdit {
                new_text: text,
                insert: ranges.insert,
                replace: ranges.replace,
            })
        } else {
            lsp::TextEdit::new(ranges.replace, text).into()
        }),
        command: (item.ask_again && client.suggests_again).then(|| {
            let name = "editor.action.triggerSuggest".to_owned();
            lsp::Command::new("Complete on".to_owned(), name, None)
        }),
        data: serde_json::to_value(data).ok(),
        ..lsp::CompletionItem::default()
    }
}

/// A text as it stands in a snippet.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '$' | '}') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// `item` with its documentation, which is Markdown.
pub(crate) fn resolved(
    item: lsp::CompletionItem,
    documentation: Option<String>,
    client: Client,
) -> lsp::CompletionItem {
    let documentation = documentation.map(|text| markup(text, client.completion_markdown));
    lsp::CompletionItem {
        documentation: documentation
            .map(lsp::Documentation::MarkupContent)
            .or(item.documentation),
        ..item
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::snapshot;
    use serde_json::json;

    fn item() -> Completion {
        Completion {
            label: "s3:".to_owned(),
            detail: "162 actions".to_owned(),
            kind: CompletionKind::Service,
            insert: "s3:".to_owned(),
            replace: Span::new(2, 6),
            filter: "s3:".to_owned(),
            sort: "0s3".to_owned(),
            ask_again: true,
            ..Completion::default()
        }
    }

    fn json(client: Client, cursor: u32) -> serde_json::Value {
        let list = completions(vec![item()], cursor, &snapshot("é s3xx"), client);
        let list = serde_json::to_value(list).unwrap();
        list["items"][0].clone()
    }

    #[test]
    fn what_depends_on_the_text_is_asked_for_again() {
        let is_incomplete = |kind: CompletionKind| {
            let item = Completion { kind, ..item() };
            let list = completions(vec![item], 4, &snapshot("é s3xx"), Client::default());
            list.is_incomplete
        };
        for kind in [
            CompletionKind::Service,
            CompletionKind::Action,
            CompletionKind::Arn,
        ] {
            assert!(is_incomplete(kind), "{kind:?}");
        }
        for kind in [CompletionKind::Keyword, CompletionKind::ConditionKey] {
            assert!(!is_incomplete(kind), "{kind:?}");
        }
    }

    #[test]
    fn what_the_typed_letters_are_not_in_is_left_out() {
        let offered = |kind, typed: &str| -> Vec<String> {
            let of = |label: &str| Completion {
                kind,
                label: label.to_owned(),
                filter: label.to_owned(),
                replace: Span::new(2, 2 + typed.len() as u32),
                ..item()
            };
            let items = vec![of("s3:"), of("DynamoDB:"), of("sqs:")];
            let snapshot = snapshot(&format!("- {typed}"));
            let cursor = 2 + typed.len() as u32;
            let list = completions(items, cursor, &snapshot, Client::default());
            list.items.into_iter().map(|item| item.label).collect()
        };
        let service = CompletionKind::Service;
        assert_eq!(offered(service, "").len(), 3);
        assert_eq!(offered(service, "s"), ["s3:", "sqs:"]);
        assert_eq!(offered(service, "DDB"), ["DynamoDB:"]);
        // Whoever is wrong about a letter sees what there is; a list that isn't asked for again has to be whole.
        assert_eq!(offered(service, "x").len(), 3);
        assert_eq!(offered(CompletionKind::Keyword, "s").len(), 3);
    }

    #[test]
    fn a_simple_client_gets_a_text_edit() {
        let item = json(Client::default(), 4);
        let start = json!({"line": 0, "character": 1});
        let end = json!({"line": 0, "character": 5});
        assert_eq!(
            item["textEdit"],
            json!({"range": {"start": start, "end": end}, "newText": "s3:"})
        );
        assert_eq!(item["detail"], "162 actions");
        assert!(item.get("command").is_none());
    }

    #[test]
    fn a_client_that_can_gets_both_ranges() {
        let client = Client {
            insert_replace: true,
            label_details: true,
            suggests_again: true,
            ..Client::default()
        };
        let item = json(client, 4);
        assert_eq!(item["textEdit"]["insert"]["end"]["character"], 3);
        assert_eq!(item["textEdit"]["replace"]["end"]["character"], 5);
        assert_eq!(item["labelDetails"]["description"], "162 actions");
        assert_eq!(item["command"]["command"], "editor.action.triggerSuggest");
        assert!(
            json(client, 0)["textEdit"].get("insert").is_none(),
            "the cursor is elsewhere"
        );
    }

    #[test]
    fn what_is_behind_the_cursor_makes_a_snippet() {
        let of = |client: Client| {
            let own = Completion {
                insert: "\"${x}:".to_owned(),
                behind: "\"".to_owned(),
                is_whole: true,
                also: vec![leastwise_ide::ByteEdit {
                    span: Span::new(0, 0),
                    text: ",".to_owned(),
                }],
                ..item()
            };
            let list = completions(vec![own], 4, &snapshot("é s3xx"), client);
            serde_json::to_value(list).unwrap()["items"][0].clone()
        };
        let simple = of(Client::default());
        assert_eq!(simple["textEdit"]["newText"], "\"${x}:\"");
        assert!(simple.get("insertTextFormat").is_none());
        assert_eq!(simple["additionalTextEdits"][0]["newText"], ",");
        let snippets = of(Client {
            snippets: true,
            insert_replace: true,
            ..Client::default()
        });
        assert_eq!(snippets["textEdit"]["newText"], "\"\\${x\\}:$0\"");
        assert_eq!(snippets["insertTextFormat"], 2);
        assert!(snippets["textEdit"].get("insert").is_none());
    }

    #[test]
    fn places_to_fill_in_are_for_those_who_can() {
        let own = || Completion {
            is_snippet: true,
            ..item()
        };
        let of = |client| completions(vec![own()], 4, &snapshot("é s3xx"), client).items;
        assert!(of(Client::default()).is_empty());
        let client = Client {
            snippets: true,
            ..Client::default()
        };
        let items = of(client);
        let format = items.first().and_then(|item| item.insert_text_format);
        assert_eq!(format, Some(lsp::InsertTextFormat::SNIPPET));
    }

    #[test]
    fn an_item_finds_its_way_back() {
        let item = json(Client::default(), 4);
        let data = CompletionData::deserialize(&item["data"]).unwrap();
        assert_eq!(data.kind(), Some(CompletionKind::Service));
        let item: lsp::CompletionItem = serde_json::from_value(item).unwrap();
        let item = resolved(item, Some("**S3**".to_owned()), Client::default());
        let item = serde_json::to_value(item).unwrap();
        assert_eq!(
            item["documentation"],
            json!({"kind": "plaintext", "value": "S3"})
        );
    }
}
