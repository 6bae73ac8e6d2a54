//! Sessions with the language server, orderly and not. Whatever a client sends, the server answers what
//! wants an answer, and lives.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

mod support;

use leastwise_lsp::Ended;
use serde_json::{Value, json};
use support::{Editor, at, edit, frame};

const A: &str = "file:///project/a.json";
const B: &str = "file:///project/b.yaml";

const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;
const INTERNAL_ERROR: i64 = -32603;
const NOT_INITIALIZED: i64 = -32002;
const CANCELLED: i64 = -32800;
const CONTENT_MODIFIED: i64 = -32801;

fn pulling() -> Value {
    json!({"textDocument": {"diagnostic": {}}})
}

/// The server still answers.
async fn lives(editor: &mut Editor) {
    const URI: &str = "file:///project/lives.json";
    editor.open(URI, "json", "{}").await;
    assert_eq!(editor.text(URI).await.as_deref(), Ok("{}"));
    editor.close(URI).await;
}

mod handshake {
    use super::*;

    async fn result(params: Value) -> Value {
        let mut editor = Editor::connect();
        let result = editor.initialize(params).await;
        lives(&mut editor).await;
        editor.quit().await;
        result
    }

    #[tokio::test]
    async fn the_unit_of_columns_is_agreed_on() {
        for (offered, agreed, column) in [
            (json!(null), "utf-16", 3),
            (json!([]), "utf-16", 3),
            (json!(["utf-16", "utf-8"]), "utf-8", 6),
            (json!(["utf-32", "utf-16"]), "utf-16", 3),
            (json!(["utf-32"]), "utf-32", 2),
        ] {
            let general = json!({"general": {"positionEncodings": offered}});
            let mut editor = Editor::connect();
            let result = editor.initialize(json!({"capabilities": general})).await;
            assert_eq!(result["capabilities"]["positionEncoding"], agreed);
            editor.open(A, "json", "\"é😀x\"").await;
            let column = column + 1;
            editor
                .change(A, 2, json!([edit((0, column), (0, column + 1), "y")]))
                .await;
            assert_eq!(editor.text(A).await.as_deref(), Ok("\"é😀y\""), "{agreed}");
            editor.quit().await;
        }
    }

    #[tokio::test]
    async fn diagnostics_are_pulled_or_pushed_never_both() {
        let pulls = result(json!({"capabilities": pulling()})).await;
        assert_eq!(
            pulls["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"],
            false
        );
        let pushed_to = result(json!({"capabilities": {}})).await;
        assert!(
            pushed_to["capabilities"]
                .get("diagnosticProvider")
                .is_none()
        );
    }

    #[tokio::test]
    async fn code_actions_are_offered_to_those_who_take_them() {
        let plain = result(json!({"capabilities": {}})).await;
        assert!(plain["capabilities"].get("codeActionProvider").is_none());
        let literal = json!({"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}});
        let takes = json!({"capabilities": {"textDocument": {"codeAction": literal}}});
        let takes = result(takes).await;
        let provider = &takes["capabilities"]["codeActionProvider"];
        assert_eq!(provider["codeActionKinds"][0], "quickfix");
        assert_eq!(provider["resolveProvider"], false);
    }

    #[tokio::test]
    async fn the_server_names_itself() {
        let result = result(json!({"capabilities": {}, "processId": null, "rootUri": null})).await;
        assert_eq!(result["serverInfo"]["name"], "leastwise");
        let triggers = &result["capabilities"]["completionProvider"]["triggerCharacters"];
        assert!(triggers.as_array().unwrap().contains(&json!(":")));
    }

    #[tokio::test]
    async fn a_failed_initialize_may_be_tried_again() {
        let mut editor = Editor::connect();
        let params = json!({"capabilities": 5});
        assert_eq!(
            editor.request("initialize", params).await,
            Err(INVALID_PARAMS)
        );
        editor.initialize(json!({"capabilities": {}})).await;
        lives(&mut editor).await;
        editor.quit().await;
    }

    #[tokio::test]
    async fn a_second_initialize_is_refused() {
        let mut editor = Editor::start(json!({})).await;
        let again = editor
            .request("initialize", json!({"capabilities": {}}))
            .await;
        assert_eq!(again, Err(INVALID_REQUEST));
        lives(&mut editor).await;
        editor.quit().await;
    }

    #[tokio::test]
    async fn what_comes_before_initialize_is_refused() {
        let mut editor = Editor::connect();
        assert_eq!(
            editor.request("textDocument/hover", at(A, 0, 0)).await,
            Err(NOT_INITIALIZED)
        );
        assert_eq!(
            editor.request("shutdown", Value::Null).await,
            Err(NOT_INITIALIZED)
        );
        editor.open(A, "json", "{}").await;
        editor.initialize(json!({"capabilities": {}})).await;
        assert_eq!(
            editor.text(A).await,
            Err(INVALID_PARAMS),
            "opened too early"
        );
        lives(&mut editor).await;
        editor.quit().await;
    }

    #[tokio::test]
    async fn config_files_are_watched_where_that_can_be_registered() {
        let watches =
            json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}});
        let mut editor = Editor::start(watches).await;
        let asked = editor.asked_for("client/registerCapability").await;
        let registration = &asked["registrations"][0];
        assert_eq!(registration["method"], "workspace/didChangeWatchedFiles");
        assert_eq!(
            registration["registerOptions"]["watchers"][0]["globPattern"],
            "**/leastwise.toml"
        );
        // Folders go with the configs in them, and nobody says more than that.
        let watchers = registration["registerOptions"]["watchers"].as_array();
        let gone = json!({"globPattern": "**", "kind": 4});
        assert!(watchers.unwrap().contains(&gone), "{registration}");
        lives(&mut editor).await;
        editor.quit().await;

        let mut editor = Editor::start(json!({})).await;
        lives(&mut editor).await;
        assert!(editor.asked.is_empty());
        editor.quit().await;
    }
}

mod the_end {
    use super::*;

    #[tokio::test]
    async fn after_shutdown_only_exit_is_heard() {
        let mut editor = Editor::start(json!({})).await;
        editor.open(A, "json", "{}").await;
        assert_eq!(
            editor.request("shutdown", Value::Null).await,
            Ok(Value::Null)
        );
        assert_eq!(
            editor.request("textDocument/hover", at(A, 0, 0)).await,
            Err(INVALID_REQUEST)
        );
        assert_eq!(
            editor.request("shutdown", Value::Null).await,
            Err(INVALID_REQUEST)
        );
        editor.change(A, 2, json!([{"text": ""}])).await;
        editor.notify("exit", Value::Null).await;
        assert_eq!(editor.ended().await, Ended::Exit);
    }

    #[tokio::test]
    async fn exit_without_shutdown_is_noticed() {
        let mut editor = Editor::start(json!({})).await;
        editor.notify("exit", Value::Null).await;
        assert_eq!(editor.ended().await, Ended::ExitWithoutShutdown);

        let mut editor = Editor::connect();
        editor.notify("exit", Value::Null).await;
        assert_eq!(editor.ended().await, Ended::ExitWithoutShutdown);
    }

    #[tokio::test]
    async fn a_client_that_goes_away_ends_the_session() {
        let mut editor = Editor::start(json!({})).await;
        editor.open(A, "json", "{}").await;
        editor
            .send_raw("Content-Length: 100\r\n\r\n{\"jsonrpc\"")
            .await;
        editor.hang_up();
        assert_eq!(editor.ended().await, Ended::Disconnected);
    }
}

mod broken_messages {
    use super::*;

    #[tokio::test]
    async fn a_body_that_is_no_json_is_answered() {
        let mut editor = Editor::start(json!({})).await;
        for body in ["{\"jsonrpc\":\"2.0\",\"method\":", "", "{]", "\u{0}", "nul"] {
            editor.send_raw(frame(body)).await;
            assert_eq!(
                editor.answer(Value::Null).await,
                Err(PARSE_ERROR),
                "{body:?}"
            );
        }
        editor
            .send_raw(b"Content-Length: 4\r\n\r\n\"\xff\xfe\"")
            .await;
        assert_eq!(editor.answer(Value::Null).await, Err(PARSE_ERROR));
        lives(&mut editor).await;
        editor.quit().await;
    }

    #[tokio::test]
    async fn a_body_that_is_no_message_is_answered() {
        let mut editor = Editor::start(json!({})).await;
        for (body, id) in [
            ("[]", json!(null)),
            ("\"text\"", json!(null)),
            ("{}", json!(null)),
            (
                r#"{"jsonrpc":"1.0","id":71,"method":"shutdown"}"#,
                json!(71),
            ),
            (r#"{"jsonrpc":"2.0","id":72,"method":{}}"#, json!(72)),
            (r#"{"jsonrpc":"2.0","id":"x","params":{}}"#, json!("x")),
            (
                r#"{"jsonrpc":"2.0","id":[1],"method":"shutdown"}"#,
                json!(null),
            ),
            (
                r#"{"jsonrpc":"2.0","id":1.5,"method":"shutdown"}"#,
                json!(null),
            ),
        ] {
            editor.send_raw(frame(body)).await;
            assert_eq!(editor.answer(id).await, Err(INVALID_REQUEST), "{body}");
        }
        lives(&mut editor).await;
        editor.quit().await;
    }

    #[tokio::test]
    async fn a_broken_header_is_skipped() {
        let mut editor = Editor::start(json!({})).await;
        for bytes in [
            "nonsense\r\n\r\n",
            "Content-Length: many\r\n\r\n{}",
            "Content-Length: -5\r\n\r\n{}",
            "Content-Length: 99999999999999999999\r\n\r\n{}",
            "Content-Length: 123456789012\r\n\r\n{}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}",
        ] {
            editor.send_raw(bytes).await;
            lives(&mut editor).await;
            assert_eq!(
                editor.answer(Value::Null).await,
                Err(PARSE_ERROR),
                "{bytes:?}"
            );
        }
        editor.quit().await;
    }

    #[tokio::test]
    async fn a_wrong_length_costs_at_most_its_message() {
        let mut editor = Editor::start(json!({})).await;
        let body = r#"{"jsonrpc":"2.0","method":"$/nothing","params":{}}"#;
        for wrong in [0, 1, 10, body.len() - 1, body.len() + 1, body.len() + 20] {
            editor
                .send_raw(format!("Content-Length: {wrong}\r\n\r\n{body}"))
                .await;
            lives(&mut editor).await;
            assert_eq!(
                editor.answer(Value::Null).await,
                Err(PARSE_ERROR),
                "{wrong}"
            );
        }
        editor.quit().await;
    }

    #[tokio::test]
    async fn unknown_methods_are_answered() {
        let mut editor = Editor::start(json!({})).await;
        for method in ["textDocument/nothing", "$/nothing", ""] {
            let answer = editor.request(method, json!({})).await;
            assert_eq!(answer, Err(METHOD_NOT_FOUND), "{method}");
            editor.notify(method, json!({})).await;
        }
        lives(&mut editor).await;
        editor.quit().await;
    }

    #[tokio::test]
    async fn wrong_parameters_are_answered() {
        let mut editor = Editor::start(json!({})).await;
        for params in [
            json!({}),
            json!([]),
            json!(null),
            json!(5),
            at("no uri", 0, 0),
        ] {
            let answer = editor.request("textDocument/hover", params.clone()).await;
            assert_eq!(answer, Err(INVALID_PARAMS), "{params}");
            editor.notify("textDocument/didOpen", params.clone()).await;
            editor.notify("textDocument/didChange", params).await;
        }
        let negative =
            json!({"textDocument": {"uri": A}, "position": {"line": -1, "character": 0}});
        assert_eq!(
            editor.request("textDocument/hover", negative).await,
            Err(INVALID_PARAMS)
        );
        lives(&mut editor).await;
        editor.quit().await;
    }

    #[tokio::test]
    async fn requests_and_notifications_may_be_mixed_up() {
        let mut editor = Editor::start(json!({})).await;
        editor.notify("textDocument/hover", at(A, 0, 0)).await;
        let document = json!({"uri": A, "languageId": "json", "version": 1, "text": "{}"});
        let answer = editor
            .request("textDocument/didOpen", json!({ "textDocument": document }))
            .await;
        assert_eq!(answer, Err(INVALID_REQUEST));
        lives(&mut editor).await;
        editor.quit().await;
    }

    #[tokio::test]
    async fn answers_to_nothing_are_ignored() {
        let mut editor = Editor::start(json!({})).await;
        editor
            .send(json!({"jsonrpc": "2.0", "id": 99, "result": {}}))
            .await;
        editor
            .send(json!({"jsonrpc": "2.0", "id": null, "result": null}))
            .await;
        editor
            .send(json!({"jsonrpc": "2.0", "id": "x", "error": {"code": 1, "message": "x"}}))
            .await;
        editor
            .send(json!({"jsonrpc": "2.0", "id": 1, "error": "no error object"}))
            .await;
        lives(&mut editor).await;
        editor.quit().await;
    }

    #[tokio::test]
    async fn cancelling_is_answered_once() {
        let mut editor = Editor::start(json!({})).await;
        editor.notify("$/cancelRequest", json!({"id": 12345})).await;
        editor.open(A, "json", "{}").await;
        let id = editor.ask("textDocument/hover", at(A, 0, 0)).await;
        editor.notify("$/cancelRequest", json!({ "id": id })).await;
        // Which of the two comes first is up to the threads.
        let answer = editor.answer(id).await;
        assert!(
            matches!(answer, Ok(Value::Null) | Err(CANCELLED)),
            "{answer:?}"
        );
        editor.notify("$/cancelRequest", json!({ "id": id })).await;
        lives(&mut editor).await;
        editor.quit().await;
    }
}

mod documents {
    use super::*;

    #[tokio::test]
    async fn changes_apply_one_by_one() {
        let mut editor = Editor::start(json!({})).await;
        editor.open(A, "json", "{\r\n  \"a\": 1\r\n}\r\n").await;
        assert_eq!(
            editor.text(A).await.as_deref(),
            Ok("{\r\n  \"a\": 1\r\n}\r\n")
        );
        let changes = json!([
            edit((1, 7), (1, 8), "[]"),
            edit((1, 8), (1, 8), "\n2\n"),
            edit((2, 0), (2, 1), "😀"),
            edit((2, 2), (2, 2), "!"),
        ]);
        editor.change(A, 2, changes).await;
        assert_eq!(
            editor.text(A).await.as_deref(),
            Ok("{\r\n  \"a\": [\n😀!\n]\r\n}\r\n")
        );
        editor
            .change(A, 3, json!([{"text": "{}"}, edit((0, 1), (0, 1), " ")]))
            .await;
        assert_eq!(editor.text(A).await.as_deref(), Ok("{ }"));
        editor.change(A, 4, json!([])).await;
        assert_eq!(editor.text(A).await.as_deref(), Ok("{ }"));
        editor.quit().await;
    }

    #[tokio::test]
    async fn edits_outside_the_text_are_clamped() {
        let mut editor = Editor::start(json!({})).await;
        editor.open(A, "json", "{}\n").await;
        for (change, text) in [
            (edit((0, 99), (0, 99), " "), "{} \n"),
            (edit((7, 0), (9, 9), "x"), "{} \nx"),
            (edit((1, 1), (0, 3), ""), "{} "),
            (edit((0, u32::MAX), (u32::MAX, u32::MAX), "y"), "{} y"),
            (edit((u32::MAX, 0), (0, 0), ""), ""),
            (edit((5, 5), (5, 5), "{}"), "{}"),
        ] {
            editor.change(A, 2, json!([change])).await;
            assert_eq!(editor.text(A).await.as_deref(), Ok(text), "{change}");
        }
        editor.quit().await;
    }

    #[tokio::test]
    async fn half_a_character_is_as_long_as_in_the_editor() {
        let mut editor = Editor::start(json!({})).await;
        editor.open(A, "json", "{\"a\": \"\"}").await;
        // What is typed on a keyboard that sends the halves of a character one by one.
        for (at, half) in [(7, "d83d"), (8, "de00")] {
            let change = json!({
                "jsonrpc": "2.0",
                "method": "textDocument/didChange",
                "params": {
                    "textDocument": {"uri": A, "version": 2},
                    "contentChanges": [edit((0, at), (0, at), "HALF")],
                },
            });
            let body = change.to_string().replace("HALF", &format!("\\u{half}"));
            editor.send_raw(frame(&body)).await;
        }
        editor
            .change(A, 3, json!([edit((0, 9), (0, 9), "!")]))
            .await;
        let text = editor.text(A).await;
        assert_eq!(text.as_deref(), Ok("{\"a\": \"\u{fffd}\u{fffd}!\"}"));
        editor.quit().await;
    }

    #[tokio::test]
    async fn versions_may_be_wrong() {
        let mut editor = Editor::start(json!({})).await;
        editor.open(A, "json", "").await;
        for version in [5, 5, 3, -1, i64::from(i32::MAX), 0] {
            editor
                .change(A, version, json!([edit((0, 0), (0, 0), "x")]))
                .await;
        }
        assert_eq!(editor.text(A).await.as_deref(), Ok("xxxxxx"));
        editor.quit().await;
    }

    #[tokio::test]
    async fn documents_that_are_not_open_are_refused() {
        let mut editor = Editor::start(pulling()).await;
        for (method, params) in [
            ("textDocument/hover", at(A, 0, 0)),
            ("textDocument/completion", at(A, 0, 0)),
            ("textDocument/diagnostic", at(A, 0, 0)),
            ("leastwise/test/text", json!({ "uri": A })),
        ] {
            assert_eq!(
                editor.request(method, params).await,
                Err(INVALID_PARAMS),
                "{method}"
            );
        }
        editor.change(A, 2, json!([{"text": "{}"}])).await;
        let log = editor.notification("window/logMessage").await;
        assert!(
            log["message"].as_str().unwrap().contains("isn't open"),
            "{log}"
        );
        editor.close(A).await;
        editor.notification("window/logMessage").await;
        assert_eq!(
            editor.text(A).await,
            Err(INVALID_PARAMS),
            "a change opens nothing"
        );
        lives(&mut editor).await;
        editor.quit().await;
    }

    #[tokio::test]
    async fn opening_twice_replaces_and_closing_twice_is_harmless() {
        let mut editor = Editor::start(json!({})).await;
        editor.open(A, "json", "{\"first\": 1}").await;
        editor.open(A, "json", "{}").await;
        assert_eq!(editor.text(A).await.as_deref(), Ok("{}"));
        editor.close(A).await;
        editor.close(A).await;
        assert_eq!(editor.text(A).await, Err(INVALID_PARAMS));
        editor.open(A, "json", "[]").await;
        assert_eq!(editor.text(A).await.as_deref(), Ok("[]"));
        editor.quit().await;
    }

    #[tokio::test]
    async fn documents_of_other_languages_are_left_alone() {
        let mut editor = Editor::start(json!({})).await;
        let uri = "file:///project/notes.md";
        editor.open(uri, "markdown", "# Notes").await;
        editor
            .change(uri, 2, json!([edit((0, 7), (0, 7), "!")]))
            .await;
        assert_eq!(editor.text(uri).await.as_deref(), Ok("# Notes!"));
        assert_eq!(
            editor.request("textDocument/hover", at(uri, 0, 0)).await,
            Ok(Value::Null)
        );
        editor.open(A, "json", "{}").await;
        editor.published(A).await;
        assert_eq!(
            editor.arrived("textDocument/publishDiagnostics"),
            0,
            "none for the notes"
        );
        editor.quit().await;
    }

    #[tokio::test]
    async fn documents_without_a_file_are_served() {
        let mut editor = Editor::start(json!({})).await;
        for uri in [
            "untitled:Untitled-1",
            "git:/project/a.json?ref",
            "vscode-notebook-cell://x/y#z",
        ] {
            editor.open(uri, "json", "{}").await;
            assert_eq!(editor.text(uri).await.as_deref(), Ok("{}"), "{uri}");
        }
        editor.quit().await;
    }

    /// The server's text after many edits of all kinds is what a simple model says it is.
    #[tokio::test]
    async fn many_edits_keep_the_text_in_step() {
        const PIECES: [&str; 10] = [
            "",
            "a",
            "\n",
            "\r\n",
            "\r",
            "é",
            "😀",
            "\"k\": [1, 2],\n",
            "\u{2028}",
            "xyz\n\n",
        ];
        let mut editor = Editor::start(json!({})).await;
        editor.open(A, "json", "").await;
        let mut model = String::new();
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        for version in 2..400 {
            let mut changes = Vec::new();
            for _ in 0..=random.below(3) {
                let text = PIECES[random.below(PIECES.len())].repeat(1 + random.below(3));
                if random.below(40) == 0 {
                    changes.push(json!({ "text": text }));
                    model = text;
                    continue;
                }
                let mut position = || {
                    let line = random.below(model.lines().count() + 2) as u32;
                    (line, random.below(9) as u32)
                };
                let (from, to) = (position(), position());
                let ends = [model_offset(&model, from), model_offset(&model, to)];
                let (start, end) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
                model.replace_range(start..end, &text);
                changes.push(edit(from, to, &text));
            }
            editor.change(A, version, Value::Array(changes)).await;
            if version % 7 == 0 {
                assert_eq!(
                    editor.text(A).await.as_deref(),
                    Ok(model.as_str()),
                    "{version}"
                );
            }
        }
        assert_eq!(editor.text(A).await, Ok(model));
        editor.quit().await;
    }

    /// The byte offset of a position in UTF-16, found by walking.
    fn model_offset(text: &str, (line, column): (u32, u32)) -> usize {
        let mut chars = text.char_indices().peekable();
        let mut at = (0, 0);
        while let Some((offset, char)) = chars.next() {
            let ends_line = char == '\n' || char == '\r';
            if at.0 == line && (ends_line || at.1 + char.len_utf16() as u32 > column) {
                return offset;
            }
            if char == '\r' && matches!(chars.peek(), Some((_, '\n'))) {
                chars.next();
            }
            at = if ends_line {
                (at.0 + 1, 0)
            } else {
                (at.0, at.1 + char.len_utf16() as u32)
            };
        }
        text.len()
    }

    /// A xorshift generator: the same edits each time.
    struct Random(u64);

    impl Random {
        fn below(&mut self, limit: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 % limit as u64) as usize
        }
    }
}

mod diagnostics {
    use super::*;

    #[tokio::test]
    async fn they_are_pushed_with_their_version_and_cleared() {
        let publish = json!({"textDocument": {"publishDiagnostics": {"versionSupport": true}}});
        let mut editor = Editor::start(publish).await;
        editor.open(A, "json", "{}").await;
        assert_eq!(editor.published(A).await["version"], 1);
        editor
            .change(A, 8, json!([edit((0, 1), (0, 1), " ")]))
            .await;
        assert_eq!(editor.published(A).await["version"], 8);
        editor.close(A).await;
        let cleared = editor.published(A).await;
        assert_eq!(cleared["diagnostics"], json!([]));
        assert!(cleared.get("version").is_none());
        editor.quit().await;
    }

    #[tokio::test]
    async fn a_burst_ends_with_the_newest_version() {
        let publish = json!({"textDocument": {"publishDiagnostics": {"versionSupport": true}}});
        let mut editor = Editor::start(publish).await;
        editor.open(B, "yaml", "").await;
        for version in 2..=300 {
            editor
                .change(B, version, json!([edit((0, 0), (0, 0), "# x\n")]))
                .await;
        }
        let mut last = 0;
        while last < 300 {
            let version = editor.published(B).await["version"].as_i64().unwrap();
            assert!(version > last, "{version} after {last}");
            last = version;
        }
        assert_eq!(editor.text(B).await, Ok("# x\n".repeat(299)));
        editor.quit().await;
    }

    #[tokio::test]
    async fn nothing_is_published_after_the_close() {
        let mut editor = Editor::start(json!({})).await;
        for _ in 0..50 {
            editor.open(A, "json", "{}").await;
            editor.change(A, 2, json!([{"text": "[]"}])).await;
            editor.close(A).await;
        }
        // What is published for another document now comes after all that was under way.
        editor.open(B, "yaml", "a: 1").await;
        editor.published(B).await;
        let mut last = Value::Null;
        while editor.arrived("textDocument/publishDiagnostics") > 0 {
            last = editor.published(A).await;
        }
        assert_eq!(last["diagnostics"], json!([]));
        editor.quit().await;
    }

    #[tokio::test]
    async fn they_are_pulled_with_a_result_id() {
        let mut editor = Editor::start(pulling()).await;
        editor.open(A, "json", "{}").await;
        let pull =
            |previous: &Value| json!({"textDocument": {"uri": A}, "previousResultId": previous});
        let pulled = editor
            .request("textDocument/diagnostic", pull(&Value::Null))
            .await
            .unwrap();
        assert_eq!(pulled["kind"], "full");
        let id = &pulled["resultId"];
        let again = editor
            .request("textDocument/diagnostic", pull(id))
            .await
            .unwrap();
        assert_eq!(again, json!({"kind": "unchanged", "resultId": id}));
        editor.change(A, 2, json!([{"text": "[]"}])).await;
        let changed = editor
            .request("textDocument/diagnostic", pull(id))
            .await
            .unwrap();
        assert_eq!(changed["kind"], "full");
        assert_ne!(&changed["resultId"], id);

        // The same text in another life of the document, and of the server, is another result.
        editor.close(A).await;
        editor.open(A, "json", "{}").await;
        let reopened = editor
            .request("textDocument/diagnostic", pull(id))
            .await
            .unwrap();
        assert_eq!(reopened["kind"], "full");
        assert_eq!(
            editor.arrived("textDocument/publishDiagnostics"),
            0,
            "never both"
        );
        editor.quit().await;
    }

    #[tokio::test]
    async fn another_config_has_them_pulled_again() {
        let mut editor = Editor::start(json!({
            "textDocument": {"diagnostic": {}},
            "workspace": {"diagnostics": {"refreshSupport": true}, "inlayHint": {"refreshSupport": true}},
        }))
        .await;
        editor.open(A, "json", "{}").await;
        let pull =
            |previous: &Value| json!({"textDocument": {"uri": A}, "previousResultId": previous});
        let pulled = editor
            .request("textDocument/diagnostic", pull(&Value::Null))
            .await
            .unwrap();
        let changed = json!({"changes": [{"uri": "file:///project/leastwise.toml", "type": 2}]});
        editor
            .notify("workspace/didChangeWatchedFiles", changed)
            .await;
        editor.asked_for("workspace/diagnostic/refresh").await;
        editor.asked_for("workspace/inlayHint/refresh").await;
        let again = editor
            .request("textDocument/diagnostic", pull(&pulled["resultId"]))
            .await
            .unwrap();
        assert_eq!(again["kind"], "full");
        editor.quit().await;
    }

    #[tokio::test]
    async fn another_config_has_them_pushed_again() {
        let mut editor = Editor::start(json!({})).await;
        editor.open(A, "json", "{}").await;
        editor.published(A).await;
        let toml = "file:///project/leastwise.toml";
        editor
            .notify(
                "workspace/didChangeWatchedFiles",
                json!({"changes": [{"uri": toml, "type": 1}]}),
            )
            .await;
        editor.published(A).await;
        editor
            .notify(
                "textDocument/didSave",
                json!({"textDocument": {"uri": toml}}),
            )
            .await;
        editor.published(A).await;
        let settings = json!({"settings": {"leastwise": {"config": "other.toml"}}});
        editor
            .notify("workspace/didChangeConfiguration", settings.clone())
            .await;
        editor.published(A).await;
        // The same once more, and a file that is no config, change nothing.
        editor
            .notify("workspace/didChangeConfiguration", settings)
            .await;
        let other = json!({"changes": [{"uri": "file:///project/Cargo.toml", "type": 2}]});
        editor
            .notify("workspace/didChangeWatchedFiles", other)
            .await;
        editor.open(B, "yaml", "a: 1").await;
        editor.published(B).await;
        assert_eq!(editor.arrived("textDocument/publishDiagnostics"), 0);
        editor.quit().await;
    }

    #[tokio::test]
    async fn settings_are_asked_for_where_they_can_be() {
        let mut editor = Editor::connect();
        editor
            .answers
            .push(("workspace/configuration", json!([{"config": "other.toml"}])));
        let capabilities = json!({"workspace": {"configuration": true}});
        editor
            .initialize(json!({ "capabilities": capabilities }))
            .await;
        let asked = editor.asked_for("workspace/configuration").await;
        assert_eq!(asked["items"][0]["section"], "leastwise");
        lives(&mut editor).await;
        editor.quit().await;
    }

    #[tokio::test]
    async fn a_wrong_setting_is_logged() {
        let mut editor = Editor::start(json!({})).await;
        let settings = json!({"settings": {"leastwise": {"config": ["a"]}}});
        editor
            .notify("workspace/didChangeConfiguration", settings)
            .await;
        let log = editor.notification("window/logMessage").await;
        assert!(
            log["message"]
                .as_str()
                .unwrap()
                .contains("leastwise.config"),
            "{log}"
        );
        lives(&mut editor).await;
        editor.quit().await;
    }
}

mod requests {
    use super::*;

    fn actions(uri: &str, only: Value) -> Value {
        let zero = json!({"line": 0, "character": 0});
        json!({
            "textDocument": {"uri": uri},
            "range": {"start": zero, "end": {"line": 99, "character": 0}},
            "context": {"diagnostics": [], "only": only},
        })
    }

    #[tokio::test]
    async fn every_request_is_answered_anywhere_in_the_text() {
        let literal = json!({"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}});
        let mut editor = Editor::start(json!({"textDocument": {"codeAction": literal}})).await;
        let text = "Statement:\r\n  - Action: [s3:*, 😀]\n    Resource: *\n";
        editor.open(B, "yaml", text).await;
        for line in [0, 1, 2, 3, 4, u32::MAX] {
            for character in [0, 5, 23, 24, u32::MAX] {
                for method in ["textDocument/hover", "textDocument/completion"] {
                    let answer = editor.request(method, at(B, line, character)).await;
                    assert!(answer.is_ok(), "{method} {line}:{character} {answer:?}");
                }
                let range = json!({"start": {"line": line, "character": character}, "end": {"line": 0, "character": 0}});
                let hints = json!({"textDocument": {"uri": B}, "range": range});
                assert!(
                    editor
                        .request("textDocument/inlayHint", hints)
                        .await
                        .is_ok()
                );
            }
        }
        for only in [
            json!(null),
            json!([]),
            json!(["quickfix"]),
            json!(["source.fixAll"]),
        ] {
            assert!(
                editor
                    .request("textDocument/codeAction", actions(B, only))
                    .await
                    .is_ok()
            );
        }
        editor.quit().await;
    }

    #[tokio::test]
    async fn a_question_that_an_edit_overtakes_is_answered() {
        let mut editor = Editor::start(json!({})).await;
        editor.open(A, "json", "{}").await;
        for version in 2..50 {
            let id = editor.ask("textDocument/hover", at(A, 0, 1)).await;
            editor
                .change(A, version, json!([edit((0, 1), (0, 1), " ")]))
                .await;
            let answer = editor.answer(id).await;
            assert!(
                matches!(answer, Ok(Value::Null) | Err(CONTENT_MODIFIED)),
                "{answer:?}"
            );
        }
        editor.quit().await;
    }

    #[tokio::test]
    async fn a_completion_that_typing_overtakes_is_answered_with_a_list() {
        let mut editor = Editor::start(json!({})).await;
        let text =
            r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:"}]}"#;
        let column = text.find("sqs:").unwrap() as u32 + 4;
        editor.open(A, "json", text).await;
        let id = editor
            .ask("textDocument/completion", at(A, 0, column))
            .await;
        for (version, letter) in (2..).zip(["S", "e", "n", "d"]) {
            let place = (0, column + version as u32 - 2);
            editor
                .change(A, version, json!([edit(place, place, letter)]))
                .await;
        }
        let answer = editor.answer(id).await.unwrap();
        let items = answer["items"].as_array().unwrap();
        assert!(
            items
                .iter()
                .any(|item| item["label"].as_str().unwrap().contains("SendMessage")),
            "{answer}"
        );
        editor.quit().await;
    }

    #[tokio::test]
    async fn foreign_items_are_not_resolved() {
        let mut editor = Editor::start(json!({})).await;
        let item = json!({"label": "x"});
        assert_eq!(
            editor.request("completionItem/resolve", item.clone()).await,
            Ok(item)
        );
        let item = json!({"label": "x", "data": {"uri": A, "kind": 200}});
        assert_eq!(
            editor.request("completionItem/resolve", item.clone()).await,
            Ok(item)
        );
        for data in [json!(null), json!(5), json!({"uri": A})] {
            let action = json!({"title": "x", "data": data});
            assert_eq!(
                editor.request("codeAction/resolve", action).await,
                Err(INVALID_PARAMS)
            );
        }
        editor.quit().await;
    }

    #[tokio::test]
    async fn an_action_for_an_older_text_is_refused() {
        let mut editor = Editor::start(json!({})).await;
        editor.open(A, "json", "{}").await;
        let stamp = json!({"instance": u64::MAX, "generation": 0});
        let data = json!({"uri": A, "stamp": stamp, "code": "x", "start": 0, "end": 1, "index": 0});
        let action = json!({"title": "x", "data": data});
        assert_eq!(
            editor.request("codeAction/resolve", action).await,
            Err(CONTENT_MODIFIED)
        );
        editor.quit().await;
    }

    #[tokio::test]
    async fn a_panic_is_logged_and_survived() {
        let mut editor = Editor::start(json!({})).await;
        editor.open(A, "json", "{}").await;
        let answer = editor
            .request("leastwise/test/panic", json!({ "uri": A }))
            .await;
        assert_eq!(answer, Err(INTERNAL_ERROR));
        let log = editor.notification("window/logMessage").await;
        assert!(
            log["message"]
                .as_str()
                .unwrap()
                .contains("a test asked for it"),
            "{log}"
        );
        editor
            .change(A, 2, json!([edit((0, 1), (0, 1), " ")]))
            .await;
        assert_eq!(editor.text(A).await.as_deref(), Ok("{ }"));
        editor.quit().await;
    }
}

/// What a user sees, through the protocol.
mod findings {
    use super::*;
    use std::path::{Path, PathBuf};

    /// A line with a two-byte and a four-byte character before the typo, so that a wrong unit shows.
    const TEMPLATE: &str = "\
Resources:
  DeployerRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - {Sid: Read, Effect: Allow, Resource: 'arn:aws:s3:::é😀/*', Action: s3:GetObejct}
";
    const TYPO_LINE: u32 = 9;

    fn typo_columns(encoding: fn(&str) -> usize) -> (u64, u64) {
        let line = TEMPLATE.lines().nth(TYPO_LINE as usize).unwrap();
        let (before, _) = line.split_once("s3:GetObejct").unwrap();
        (encoding(before) as u64, encoding("s3:GetObejct") as u64)
    }

    /// A folder with a config in it.
    struct Project {
        folder: tempfile::TempDir,
    }

    impl Project {
        fn new(config: &str) -> Self {
            let project = Self {
                folder: tempfile::tempdir().unwrap(),
            };
            project.write_config(config);
            project
        }

        fn write_config(&self, config: &str) {
            std::fs::write(self.path("leastwise.toml"), config).unwrap();
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn uri(&self, name: &str) -> String {
            uri(&self.path(name))
        }
    }

    fn uri(path: &Path) -> String {
        let path = path.to_str().unwrap().replace('\\', "/");
        format!(
            "file://{}{path}",
            if path.starts_with('/') { "" } else { "/" }
        )
    }

    fn with_code<'a>(published: &'a Value, code: &str) -> Vec<&'a Value> {
        let all = published.as_array().unwrap();
        all.iter()
            .filter(|diagnostic| diagnostic["code"] == code)
            .collect()
    }

    #[tokio::test]
    async fn the_status_names_the_catalog_and_the_config_in_force() {
        let project = Project::new("");
        let mut editor = Editor::start(json!({})).await;
        let template = json!({ "uri": project.uri("infra/template.yaml") });
        let status = editor.request("leastwise/status", template).await.unwrap();
        assert_eq!(
            status["config"],
            json!(project.path("leastwise.toml").to_str())
        );
        assert_eq!(
            status["catalog"].as_str().map(str::len),
            Some(10),
            "{status}"
        );
        let nowhere = json!({ "uri": "untitled:Untitled-1" });
        let status = editor.request("leastwise/status", nowhere).await.unwrap();
        assert_eq!(status["config"], Value::Null);
        editor.quit().await;
    }

    #[tokio::test]
    async fn a_typo_is_underlined_and_gone_when_it_is_mended() {
        let utf16: fn(&str) -> usize = |text| text.encode_utf16().count();
        for (offered, encoding) in [(json!(null), utf16), (json!(["utf-8"]), |text| text.len())] {
            let capabilities = json!({"general": {"positionEncodings": offered}});
            let mut editor = Editor::start(capabilities).await;
            editor.open(B, "yaml", TEMPLATE).await;
            let published = editor.published(B).await;
            let found = with_code(&published["diagnostics"], "unknown-action");
            assert_eq!(found.len(), 1, "{published}");
            let (start, len) = typo_columns(encoding);
            let range = &found[0]["range"];
            assert_eq!(range["start"]["line"], TYPO_LINE);
            assert_eq!(
                range["end"],
                json!({"line": TYPO_LINE, "character": start + len}),
                "{range}"
            );
            assert!(
                range["start"]["character"].as_u64().unwrap() >= start,
                "{range}"
            );
            assert_eq!(found[0]["severity"], 1);
            assert_eq!(found[0]["source"], "leastwise");

            let (from, to) = ((TYPO_LINE, start as u32), (TYPO_LINE, (start + len) as u32));
            editor
                .change(B, 2, json!([edit(from, to, "s3:GetObject")]))
                .await;
            let published = editor.published(B).await;
            assert!(
                with_code(&published["diagnostics"], "unknown-action").is_empty(),
                "{published}"
            );
            editor.quit().await;
        }
    }

    #[tokio::test]
    async fn pulling_finds_the_same() {
        let mut pushed_to = Editor::start(json!({})).await;
        pushed_to.open(B, "yaml", TEMPLATE).await;
        let pushed = pushed_to.published(B).await;
        let mut pulls = Editor::start(pulling()).await;
        pulls.open(B, "yaml", TEMPLATE).await;
        let params = json!({"textDocument": {"uri": B}});
        let pulled = pulls
            .request("textDocument/diagnostic", params)
            .await
            .unwrap();
        assert_eq!(pulled["items"], pushed["diagnostics"]);
        assert!(!pulled["items"].as_array().unwrap().is_empty());
        pushed_to.quit().await;
        pulls.quit().await;
    }

    /// The text after `edits`, which do not overlap, in UTF-16 columns.
    fn apply(text: &str, edits: &Value) -> String {
        let offset = |position: &Value| {
            let line = position["line"].as_u64().unwrap() as usize;
            let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
            let mut units = position["character"].as_u64().unwrap() as usize;
            let rest = text[start..].chars();
            start
                + rest
                    .take_while(|char| {
                        let inside = units >= char.len_utf16();
                        units = units.saturating_sub(char.len_utf16());
                        inside
                    })
                    .map(char::len_utf8)
                    .sum::<usize>()
        };
        let mut edits: Vec<_> = edits
            .as_array()
            .unwrap()
            .iter()
            .map(|edit| {
                let range = &edit["range"];
                (
                    offset(&range["start"]),
                    offset(&range["end"]),
                    edit["newText"].as_str().unwrap(),
                )
            })
            .collect();
        edits.sort();
        let mut text = text.to_owned();
        for (start, end, new) in edits.into_iter().rev() {
            text.replace_range(start..end, new);
        }
        text
    }

    #[tokio::test]
    async fn a_quick_fix_mends_what_it_is_for() {
        let literal = json!({"codeActionKind": {"valueSet": ["quickfix"]}});
        let at_once = json!({
            "textDocument": {"codeAction": {"codeActionLiteralSupport": literal}},
            "workspace": {"workspaceEdit": {"documentChanges": true}},
        });
        let mut lazily = at_once.clone();
        lazily["textDocument"]["codeAction"]["dataSupport"] = json!(true);
        lazily["textDocument"]["codeAction"]["resolveSupport"] = json!({"properties": ["edit"]});
        for (capabilities, lazy) in [(at_once, false), (lazily, true)] {
            let mut editor = Editor::start(capabilities).await;
            editor.open(B, "yaml", TEMPLATE).await;
            let published = editor.published(B).await;
            let typo = with_code(&published["diagnostics"], "unknown-action")[0].clone();
            let ask = |only: Value| {
                json!({
                    "textDocument": {"uri": B},
                    "range": typo["range"],
                    "context": {"diagnostics": [typo], "only": only},
                })
            };
            let offered = editor
                .request("textDocument/codeAction", ask(json!(["quickfix"])))
                .await
                .unwrap();
            let offered = offered.as_array().unwrap().clone();
            let mut fix = offered
                .into_iter()
                .find(|action| action["diagnostics"] == json!([typo]))
                .expect("a quick fix for the typo");
            assert_eq!(fix["kind"], "quickfix");
            assert_eq!(fix.get("edit").is_none(), lazy, "{fix}");
            if lazy {
                fix = editor.request("codeAction/resolve", fix).await.unwrap();
            }
            let change = &fix["edit"]["documentChanges"][0];
            assert_eq!(change["textDocument"], json!({"uri": B, "version": 1}));
            let mended = apply(TEMPLATE, &change["edits"]);
            assert_eq!(mended, TEMPLATE.replace("s3:GetObejct", "s3:GetObject"));

            let other = editor
                .request("textDocument/codeAction", ask(json!(["source"])))
                .await;
            assert_eq!(other, Ok(json!([])), "no fix of it is safe");
            let other = editor
                .request("textDocument/codeAction", ask(json!(["notebook"])))
                .await;
            assert_eq!(other, Ok(Value::Null));
            if lazy {
                editor.change(B, 2, json!([{"text": mended}])).await;
                let late = editor.request("codeAction/resolve", fix).await;
                assert_eq!(late, Err(CONTENT_MODIFIED));
            }
            editor.quit().await;
        }
    }

    /// As editors do on each save.
    #[tokio::test]
    async fn all_safe_fixes_are_asked_for_by_their_kind() {
        let literal = json!({"codeActionKind": {"valueSet": ["quickfix"]}});
        let capabilities =
            json!({"textDocument": {"codeAction": {"codeActionLiteralSupport": literal}}});
        let mut editor = Editor::start(capabilities).await;
        // Two statements, the second with an unquoted star.
        let starred =
            "              - {Effect: Deny, Action: s3:ListAllMyBuckets, Resource: '*'}\n";
        let whole = format!("{TEMPLATE}{starred}");
        let text = format!("{TEMPLATE}{}", starred.replace("'*'", "*"));
        let actions = |only: Value| {
            let at = json!({"line": 0, "character": 0});
            json!({
                "textDocument": {"uri": B}, "range": {"start": at, "end": at},
                "context": {"diagnostics": [], "only": only},
            })
        };
        editor.open(B, "yaml", &text).await;
        for only in ["source.fixAll.leastwise", "source.fixAll", "source"] {
            let asked = editor.request("textDocument/codeAction", actions(json!([only])));
            let offered = asked.await.unwrap();
            let offered = offered.as_array().unwrap();
            assert_eq!(offered.len(), 1, "{only}: {offered:?}");
            assert_eq!(offered[0]["kind"], "source.fixAll.leastwise");
            let mended = apply(&text, &offered[0]["edit"]["changes"][B]);
            assert_eq!(mended, whole);
        }
        // Of a place, it is offered where a user opens the menu.
        for (trigger, count) in [(json!(1), 1), (json!(2), 0), (json!(null), 0)] {
            let mut asked = actions(json!(null));
            asked["context"]["triggerKind"] = trigger;
            let offered = editor.request("textDocument/codeAction", asked).await;
            let offered = offered.unwrap();
            let all = offered.as_array().unwrap().iter();
            let all = all.filter(|action| action["kind"] == "source.fixAll.leastwise");
            assert_eq!(all.count(), count, "{offered}");
        }
        editor.quit().await;
    }

    /// By the client's own address, where it has one.
    #[tokio::test]
    async fn a_finding_links_to_its_rule() {
        let links =
            json!({"textDocument": {"publishDiagnostics": {"codeDescriptionSupport": true}}});
        let own = json!({"ruleDocs": "leastwise-rule:/{rule}.md"});
        for (options, expected) in [
            (json!(null), Value::Null),
            (own, json!("leastwise-rule:/unknown-action.md")),
        ] {
            let mut editor = Editor::connect();
            let params = json!({"capabilities": links, "initializationOptions": options});
            editor.initialize(params).await;
            editor.open(B, "yaml", TEMPLATE).await;
            let published = editor.published(B).await;
            let typo = with_code(&published["diagnostics"], "unknown-action")[0];
            assert_eq!(typo["codeDescription"]["href"], expected);
            editor.quit().await;
        }
    }

    /// One that is none is told of, and that of the config holds.
    #[tokio::test]
    async fn a_client_s_address_that_is_none_is_told_of() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("leastwise.toml"),
            "[docs]\nrules = \"https://wiki.example.com/{rule}\"\n",
        )
        .unwrap();
        let uri = format!("file://{}/b.yaml", folder.path().display());
        let links =
            json!({"textDocument": {"publishDiagnostics": {"codeDescriptionSupport": true}}});
        for address in [
            json!(1),
            json!("no page/{rule}"),
            json!("https://a b/{rule}"),
            json!("https://[::1/{rule}"),
            json!("https://"),
            json!("javascript:alert('{rule}')"),
            json!("command:{rule}"),
            json!("file:///{rule}"),
            json!("data:text/html,{rule}"),
        ] {
            let mut editor = Editor::connect();
            let options = json!({"ruleDocs": address});
            let params = json!({"capabilities": links, "initializationOptions": options});
            editor.initialize(params).await;
            let log = editor.notification("window/logMessage").await;
            let said = log["message"].as_str().unwrap();
            assert!(said.contains("`ruleDocs` must be an address"), "{log}");
            editor.open(&uri, "yaml", TEMPLATE).await;
            let published = editor.published(&uri).await;
            let typo = with_code(&published["diagnostics"], "unknown-action")[0];
            let href = &typo["codeDescription"]["href"];
            assert_eq!(href, "https://wiki.example.com/unknown-action", "{address}");
            editor.quit().await;
        }
    }

    #[tokio::test]
    async fn actions_are_completed_and_explained() {
        let markdown = json!({"completionItem": {"documentationFormat": ["markdown"]}});
        let mut editor = Editor::start(json!({"textDocument": {"completion": markdown}})).await;
        let text = TEMPLATE.replace("s3:GetObejct", "s3:GetObj");
        editor.open(B, "yaml", &text).await;
        let line = text.lines().nth(TYPO_LINE as usize).unwrap();
        let end = line.strip_suffix('}').unwrap().encode_utf16().count() as u32;
        let list = editor
            .request("textDocument/completion", at(B, TYPO_LINE, end))
            .await
            .unwrap();
        assert_eq!(list["isIncomplete"], true);
        let items = list["items"].as_array().unwrap();
        let item = items.iter().find(|item| item["label"] == "s3:GetObject");
        let item = item.unwrap_or_else(|| panic!("{list}")).clone();
        assert_eq!(
            apply(&text, &json!([item["textEdit"]])),
            TEMPLATE.replace("s3:GetObejct", "s3:GetObject")
        );
        let resolved = editor
            .request("completionItem/resolve", item)
            .await
            .unwrap();
        let docs = &resolved["documentation"];
        assert_eq!(docs["kind"], "markdown");
        assert!(
            docs["value"].as_str().unwrap().contains("s3:GetObject"),
            "{docs}"
        );
        editor.quit().await;
    }

    #[tokio::test]
    async fn hovers_suit_the_client() {
        let markdown =
            json!({"textDocument": {"hover": {"contentFormat": ["markdown", "plaintext"]}}});
        for (capabilities, kind) in [(json!({}), "plaintext"), (markdown, "markdown")] {
            let mut editor = Editor::start(capabilities).await;
            let text = TEMPLATE.replace("s3:GetObejct", "s3:GetObject");
            editor.open(B, "yaml", &text).await;
            let (start, len) = typo_columns(|text| text.encode_utf16().count());
            let hover = editor
                .request("textDocument/hover", at(B, TYPO_LINE, start as u32 + 5))
                .await;
            let hover = hover.unwrap();
            assert_eq!(hover["contents"]["kind"], kind);
            assert!(
                hover["contents"]["value"]
                    .as_str()
                    .unwrap()
                    .contains("s3:GetObject"),
                "{hover}"
            );
            assert_eq!(hover["range"]["start"]["character"], start);
            assert_eq!(hover["range"]["end"]["character"], start + len);
            editor.quit().await;
        }
    }

    #[tokio::test]
    async fn a_document_has_an_outline() {
        let tree = json!({"hierarchicalDocumentSymbolSupport": true});
        let mut editor = Editor::start(json!({"textDocument": {"documentSymbol": tree}})).await;
        editor.open(B, "yaml", TEMPLATE).await;
        let params = json!({"textDocument": {"uri": B}});
        let symbols = editor
            .request("textDocument/documentSymbol", params)
            .await
            .unwrap();
        assert_eq!(symbols[0]["name"], "DeployerRole", "{symbols}");
        let statement = &symbols[0]["children"][0]["children"][0];
        assert_eq!(statement["name"], "Read", "{symbols}");
        assert_eq!(statement["range"]["start"]["line"], TYPO_LINE, "{symbols}");
        editor.quit().await;
    }

    /// What a client is told of a role whose policies stand in two files changes with both.
    #[tokio::test]
    async fn other_files_of_the_workspace_count() {
        const ROLE: &str = "Resources:
  DeployerRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-deployer
      Policies:
        - PolicyName: queues
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - {Effect: Allow, Action: 'sqs:CreateQueue', Resource: 'arn:aws:sqs:*:*:shop-*'}
";
        let more = |action: &str| {
            format!(
                "Resources:
  More:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: more
      Roles: [shop-deployer]
      PolicyDocument:
        Version: '2012-10-17'
        Statement: {{Effect: Allow, Action: 'sqs:{action}', Resource: 'arn:aws:sqs:*:*:shop-*'}}
"
            )
        };
        let project = Project::new("");
        std::fs::write(project.path("more.yaml"), more("TagQueue")).unwrap();
        let mut editor = Editor::connect();
        let folder = json!([{"uri": uri(project.folder.path()), "name": "shop"}]);
        editor
            .initialize(json!({"capabilities": {}, "workspaceFolders": folder}))
            .await;
        editor.notify("initialized", json!({})).await;
        let role = project.uri("role.yaml");
        let lacks = |published: &Value| {
            !with_code(&published["diagnostics"], "missing-delete-counterpart").is_empty()
        };
        editor.open(&role, "yaml", ROLE).await;
        while !lacks(&editor.published(&role).await) {}

        std::fs::write(project.path("more.yaml"), more("DeleteQueue")).unwrap();
        let changed = json!({"changes": [{"uri": project.uri("more.yaml"), "type": 2}]});
        editor
            .notify("workspace/didChangeWatchedFiles", changed)
            .await;
        while lacks(&editor.published(&role).await) {}
        editor.quit().await;
    }

    /// Without a config, too, another file is named from the folder of the workspace, as the program names it.
    #[tokio::test]
    async fn another_file_is_named_from_the_folder_of_the_workspace() {
        const ROLE: &str = "Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-deployer
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com'}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringLike: {'token.actions.githubusercontent.com:sub': 'repo:acme/other:*'}
";
        const WORKFLOW: &str = "on: {push: {branches: [main]}}
jobs:
  deploy:
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: {role-to-assume: 'arn:aws:iam::111111111111:role/shop-deployer'}
";
        let project = Project::new("");
        std::fs::remove_file(project.path("leastwise.toml")).unwrap();
        std::fs::create_dir(project.path("iam")).unwrap();
        std::fs::write(project.path("iam/role.yaml"), ROLE).unwrap();
        std::fs::create_dir(project.path(".git")).unwrap();
        let git = "[remote \"origin\"]\n\turl = git@github.com:acme/shop.git\n";
        std::fs::write(project.path(".git/config"), git).unwrap();
        let mut editor = Editor::connect();
        let folder = json!([{"uri": uri(project.folder.path()), "name": "shop"}]);
        editor
            .initialize(json!({"capabilities": {}, "workspaceFolders": folder}))
            .await;
        let workflow = project.uri("deploy.yml");
        editor.open(&workflow, "yaml", WORKFLOW).await;
        let message = loop {
            let published = editor.published(&workflow).await;
            let found = with_code(&published["diagnostics"], "role-not-assumable");
            if let Some(found) = found.first() {
                break found["message"].as_str().unwrap().to_owned();
            }
        };
        assert!(message.contains(" in iam/role.yaml "), "{message}");
        editor.quit().await;
    }

    /// A trust policy in one file, the workflow that it admits in another: edits that nobody has saved, and files that
    /// come, go and move.
    #[tokio::test]
    async fn what_a_file_says_of_another_follows_its_edits() {
        const WORKFLOW: &str = "on: {push: {branches: [main]}}
jobs:
  deploy:
    environment: production
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: {role-to-assume: 'arn:aws:iam::111111111111:role/shop-deployer'}
";
        let role = |environment: &str| {
            format!(
                "Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      RoleName: shop-deployer
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {{Federated: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com'}}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringLike: {{'token.actions.githubusercontent.com:sub': 'repo:acme/shop:environment:{environment}'}}
"
            )
        };
        let project = Project::new("");
        std::fs::create_dir(project.path(".git")).unwrap();
        let git = "[remote \"origin\"]\n\turl = git@github.com:acme/shop.git\n";
        std::fs::write(project.path(".git/config"), git).unwrap();
        std::fs::write(project.path("role.yaml"), role("prod")).unwrap();
        let mut editor = Editor::connect();
        let folder = json!([{"uri": uri(project.folder.path()), "name": "shop"}]);
        editor
            .initialize(json!({"capabilities": {}, "workspaceFolders": folder}))
            .await;
        editor.notify("initialized", json!({})).await;
        let refused = |published: &Value| {
            !with_code(&published["diagnostics"], "role-not-assumable").is_empty()
        };
        let (workflow, template) = (project.uri("deploy.yml"), project.uri("role.yaml"));
        editor.open(&workflow, "yaml", WORKFLOW).await;
        while !refused(&editor.published(&workflow).await) {}

        // Typed, not saved.
        editor.open(&template, "yaml", &role("prod")).await;
        let whole = |text: String| json!([{ "text": text }]);
        editor.change(&template, 2, whole(role("production"))).await;
        while refused(&editor.published(&workflow).await) {}
        editor.change(&template, 3, whole(role("test"))).await;
        while !refused(&editor.published(&workflow).await) {}
        editor.change(&template, 4, whole(role("production"))).await;
        while refused(&editor.published(&workflow).await) {}
        // Closed without being saved: what is on disk counts again.
        editor.close(&template).await;
        while !refused(&editor.published(&workflow).await) {}

        let files = async |editor: &mut Editor, changes: &[(&str, u8)]| {
            let events = changes
                .iter()
                .map(|(name, kind)| json!({"uri": project.uri(name), "type": kind}));
            let params = json!({ "changes": events.collect::<Vec<_>>() });
            editor
                .notify("workspace/didChangeWatchedFiles", params)
                .await;
        };
        std::fs::remove_file(project.path("role.yaml")).unwrap();
        files(&mut editor, &[("role.yaml", 3)]).await;
        while refused(&editor.published(&workflow).await) {}
        std::fs::create_dir(project.path("iam")).unwrap();
        std::fs::write(project.path("iam/role.yaml"), role("prod")).unwrap();
        files(&mut editor, &[("iam/role.yaml", 1)]).await;
        while !refused(&editor.published(&workflow).await) {}
        // A folder gets another name, and only then does its file change.
        std::fs::rename(project.path("iam"), project.path("roles")).unwrap();
        std::fs::write(project.path("roles/role.yaml"), role("production")).unwrap();
        files(&mut editor, &[("iam", 3), ("roles", 1)]).await;
        while refused(&editor.published(&workflow).await) {}
        editor.quit().await;
    }

    #[tokio::test]
    async fn a_role_is_found_from_the_workflow_that_assumes_it() {
        const ROLE: &str = "Resources:
  # é😀
  Deployer:
    Type: AWS::IAM::Role
    Properties: {RoleName: shop-deployer}
";
        const WORKFLOW: &str = "on: push
jobs:
  deploy:
    steps:
      - run: aws sts assume-role --role-arn arn:aws:iam::111111111111:role/shop-deployer
";
        let project = Project::new("");
        std::fs::write(project.path("role.yaml"), ROLE).unwrap();
        std::fs::write(project.path("deploy.yml"), WORKFLOW).unwrap();
        let mut editor = Editor::connect();
        let folder = json!([{"uri": uri(project.folder.path()), "name": "shop"}]);
        editor
            .initialize(json!({"capabilities": {}, "workspaceFolders": folder}))
            .await;
        editor.notify("initialized", json!({})).await;
        let (workflow, role) = (project.uri("deploy.yml"), project.uri("role.yaml"));
        editor.open(&workflow, "yaml", WORKFLOW).await;
        // The workspace is read in the background.
        let found = loop {
            let asked = editor.request("textDocument/definition", at(&workflow, 4, 80));
            let found = asked.await.unwrap();
            if found != json!([]) {
                break found;
            }
        };
        let name =
            json!({"start": {"line": 2, "character": 2}, "end": {"line": 2, "character": 10}});
        assert_eq!(found, json!([{"uri": role, "range": name}]));

        editor.open(&role, "yaml", ROLE).await;
        let mut params = at(&role, 2, 4);
        params["context"] = json!({"includeDeclaration": true});
        let found = editor
            .request("textDocument/references", params)
            .await
            .unwrap();
        let found = found.as_array().unwrap();
        let uris: Vec<_> = found.iter().map(|at| at["uri"].as_str().unwrap()).collect();
        assert_eq!(uris, [role.as_str(), workflow.as_str()], "{found:?}");
        assert_eq!(found[1]["range"]["start"]["line"], 4);
        editor.quit().await;
    }

    #[tokio::test]
    async fn a_config_is_in_force_and_followed() {
        let project = Project::new("[rules]\nunknown-action = \"off\"\n");
        let template = project.uri("template.yaml");
        let mut editor = Editor::start(json!({})).await;
        editor.open(&template, "yaml", TEMPLATE).await;
        let published = editor.published(&template).await;
        assert!(
            with_code(&published["diagnostics"], "unknown-action").is_empty(),
            "{published}"
        );

        project.write_config("[rules]\nunknown-action = \"warning\"\n");
        let changed = json!({"changes": [{"uri": project.uri("leastwise.toml"), "type": 2}]});
        editor
            .notify("workspace/didChangeWatchedFiles", changed)
            .await;
        let published = editor.published(&template).await;
        let found = with_code(&published["diagnostics"], "unknown-action");
        assert_eq!(found[0]["severity"], 2, "{published}");

        std::fs::write(
            project.path("other.toml"),
            "[rules]\nunknown-action = \"off\"\n",
        )
        .unwrap();
        let path = project.path("other.toml");
        let settings = json!({"settings": {"leastwise": {"config": path}}});
        editor
            .notify("workspace/didChangeConfiguration", settings)
            .await;
        let published = editor.published(&template).await;
        assert!(
            with_code(&published["diagnostics"], "unknown-action").is_empty(),
            "{published}"
        );

        let settings = json!({"settings": {"leastwise": {"config": project.path("missing.toml")}}});
        editor
            .notify("workspace/didChangeConfiguration", settings)
            .await;
        let shown = editor.notification("window/showMessage").await;
        assert!(
            shown["message"].as_str().unwrap().contains("missing.toml"),
            "{shown}"
        );
        editor.quit().await;
    }

    #[tokio::test]
    async fn the_config_named_at_the_start_is_relative_to_the_folder() {
        let project = Project::new("");
        std::fs::write(
            project.path("named.toml"),
            "[rules]\nunknown-action = \"off\"\n",
        )
        .unwrap();
        let mut editor = Editor::connect();
        let folder = json!({"uri": uri(project.folder.path()), "name": "work"});
        editor
            .initialize(json!({
                "capabilities": {},
                "workspaceFolders": [folder],
                "initializationOptions": {"config": "named.toml"},
            }))
            .await;
        editor.open(B, "yaml", TEMPLATE).await;
        let published = editor.published(B).await;
        assert!(
            with_code(&published["diagnostics"], "unknown-action").is_empty(),
            "{published}"
        );
        editor.quit().await;
    }

    #[tokio::test]
    async fn a_config_that_is_not_open_is_told_of() {
        let project = Project::new("[app]\nprefx = 'shop'\n");
        let config = project.uri("leastwise.toml");
        let template = project.uri("template.json");
        for capabilities in [json!({}), json!({"textDocument": {"diagnostic": {}}})] {
            project.write_config("[app]\nprefx = 'shop'\n");
            let mut editor = Editor::start(capabilities).await;
            editor.open(&template, "json", "{}").await;
            let ask =
                json!({"textDocument": {"uri": template}, "position": {"line": 0, "character": 0}});
            editor.request("textDocument/hover", ask).await.unwrap();
            let published = editor.published(&config).await;
            let start = &published["diagnostics"][0]["range"]["start"];
            assert_eq!(*start, json!({"line": 1, "character": 0}), "{published}");
            let shown = editor.notification("window/showMessage").await;
            let shown = shown["message"].as_str().unwrap();
            let said = "leastwise.toml:2:1: Unknown key `prefx`. Did you mean `prefix`?";
            assert!(shown.ends_with(said), "{shown}");
            // Mended, it is told of no more.
            project.write_config("[app]\nprefix = 'shop'\n");
            let changed = json!({"changes": [{"uri": config, "type": 2}]});
            let method = "workspace/didChangeWatchedFiles";
            editor.notify(method, changed).await;
            let published = editor.published(&config).await;
            assert_eq!(published["diagnostics"], json!([]), "{published}");
            assert_eq!(editor.arrived("window/showMessage"), 0);
            editor.quit().await;
        }
    }

    /// One that nobody has opened goes wrong and is mended again, and may be something that is no file.
    #[tokio::test]
    async fn a_config_that_goes_wrong_later_is_told_of() {
        let project = Project::new("[app]\nprefix = 'shop'\n");
        let config = project.uri("leastwise.toml");
        let template = project.uri("template.json");
        let mut editor = Editor::start(json!({})).await;
        editor.open(&template, "json", "{}").await;
        editor.published(&template).await;
        let changed = json!({"changes": [{"uri": config, "type": 2}]});
        let method = "workspace/didChangeWatchedFiles";
        for (wrong, line) in [("[ap]\n", 0), ("[rules]\nno-such = 'off'\n", 1)] {
            project.write_config(wrong);
            editor.notify(method, changed.clone()).await;
            let published = editor.published(&config).await;
            let start = &published["diagnostics"][0]["range"]["start"];
            assert_eq!(start["line"], line, "{published}");
            project.write_config("[app]\nprefix = 'shop'\n");
            editor.notify(method, changed.clone()).await;
            let published = editor.published(&config).await;
            assert_eq!(published["diagnostics"], json!([]), "{published}");
        }
        std::fs::remove_file(project.path("leastwise.toml")).unwrap();
        std::fs::create_dir(project.path("leastwise.toml")).unwrap();
        editor.notify(method, changed.clone()).await;
        while editor.published(&config).await["diagnostics"] == json!([]) {}
        std::fs::remove_dir(project.path("leastwise.toml")).unwrap();
        editor.notify(method, changed).await;
        while editor.published(&config).await["diagnostics"] != json!([]) {}
        editor.quit().await;
    }

    /// A client that tells of a folder alone, with which its config has come or gone; and a folder that leaves the workspace.
    #[tokio::test]
    async fn a_config_goes_with_its_folder() {
        let project = Project::new("");
        let (inner, template) = (project.uri("inner"), project.uri("template.json"));
        let config = project.uri("inner/leastwise.toml");
        let wrong = || {
            std::fs::create_dir(project.path("inner")).unwrap();
            std::fs::write(project.path("inner/leastwise.toml"), "[ap]\n").unwrap();
            std::fs::write(project.path("inner/role.yaml"), "Statement: []\n").unwrap();
        };
        wrong();
        let mut editor = Editor::connect();
        let folder = json!({"uri": uri(project.folder.path()), "name": "shop"});
        editor
            .initialize(json!({"capabilities": {}, "workspaceFolders": [folder]}))
            .await;
        editor.open(&template, "json", "{}").await;
        let problems = |published: Value| published["diagnostics"].as_array().unwrap().len();
        assert_eq!(problems(editor.published(&config).await), 1);
        let method = "workspace/didChangeWatchedFiles";
        std::fs::remove_dir_all(project.path("inner")).unwrap();
        let gone = json!({"changes": [{"uri": inner, "type": 3}]});
        editor.notify(method, gone).await;
        while problems(editor.published(&config).await) != 0 {}
        wrong();
        let here = json!({"changes": [{"uri": inner, "type": 1}]});
        editor.notify(method, here).await;
        while problems(editor.published(&config).await) != 1 {}
        let event = json!({"event": {"added": [], "removed": [folder]}});
        editor
            .notify("workspace/didChangeWorkspaceFolders", event)
            .await;
        while problems(editor.published(&config).await) != 0 {}
        editor.quit().await;
    }

    /// Aliases of aliases that stand for a thousand million items, in the editor and beside what it has open.
    #[tokio::test]
    async fn aliases_of_aliases_are_counted() {
        let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let alias = format!("*a{}, ", level - 1).repeat(10);
            laughs += &format!("a{level}: &a{level} [{alias}]\n");
        }
        laughs += "Statement:\n- Effect: Allow\n  Action: *a8\n  Resource: *a8\n";
        let project = Project::new("");
        std::fs::write(project.path("laughs.yaml"), &laughs).unwrap();
        let mut editor = Editor::connect();
        let folder = json!([{"uri": uri(project.folder.path()), "name": "shop"}]);
        editor
            .initialize(json!({"capabilities": {}, "workspaceFolders": folder}))
            .await;
        editor.notify("initialized", json!({})).await;
        let template = project.uri("template.yaml");
        editor.open(&template, "yaml", TEMPLATE).await;
        editor.published(&template).await;
        let opened = project.uri("laughs.yaml");
        editor.open(&opened, "yaml", &laughs).await;
        let published = editor.published(&opened).await;
        let said = "The aliases of this file expand to more than";
        assert!(published.to_string().contains(said), "{published}");
        for (method, line) in [("textDocument/hover", 11), ("textDocument/completion", 11)] {
            let answer = editor.request(method, at(&opened, line, 12)).await;
            assert!(answer.is_ok(), "{method}");
        }
        editor
            .change(&opened, 2, json!([edit((11, 2), (11, 8), "NotAction")]))
            .await;
        editor.published(&opened).await;
        lives(&mut editor).await;
        editor.quit().await;
    }

    /// What the open file names outside of its repository stays unread.
    #[tokio::test]
    async fn nothing_outside_of_the_repository_is_told() {
        const SECRET: &str = "not-a-secret-only-a-marker";
        let service = "service: s
provider:
  name: aws
  iam:
    role:
      statements:
        - {Effect: Allow, Action: 's3:GetObject', Resource: '${file(../home/s.yml):s}'}
";
        let module = "module \"m\" {\n  source = \"../home\"\n}\nresource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"s3:GetObject\", Resource = module.m.s }] })\n}\n";
        // With the home folder inside of the repository, it is told.
        for (repository, is_told) in [("repo/.git", false), (".git", true)] {
            let project = Project::new("");
            for folder in ["home", "repo", repository] {
                std::fs::create_dir_all(project.path(folder)).unwrap();
            }
            std::fs::write(project.path("home/s.yml"), format!("s: {SECRET}\n")).unwrap();
            let output = format!("output \"s\" {{\n  value = \"{SECRET}\"\n}}\n");
            std::fs::write(project.path("home/main.tf"), output).unwrap();
            let root = project.path("repo");
            let mut editor = Editor::connect();
            let folder = json!([{"uri": uri(&root), "name": "repo"}]);
            editor
                .initialize(json!({"capabilities": {}, "workspaceFolders": folder}))
                .await;
            editor.notify("initialized", json!({})).await;
            for (name, language, text, places) in [
                ("serverless.yml", "yaml", service, [(6, 62), (6, 70)]),
                ("main.tf", "terraform", module, [(4, 98), (4, 104)]),
            ] {
                let file = uri(&root.join(name));
                editor.open(&file, language, text).await;
                let mut said = editor.published(&file).await.to_string();
                for (line, column) in places {
                    for method in ["hover", "definition", "completion"] {
                        let method = format!("textDocument/{method}");
                        let answer = editor.request(&method, at(&file, line, column)).await;
                        said += &answer.unwrap_or_default().to_string();
                    }
                }
                let range = edit((0, 0), (99, 0), "")["range"].clone();
                let whole = json!({"textDocument": {"uri": file}, "range": range});
                let hints = editor.request("textDocument/inlayHint", whole).await;
                said += &hints.unwrap_or_default().to_string();
                assert_eq!(said.contains(SECRET), is_told, "{name}: {said}");
            }
            editor.quit().await;
        }
    }

    #[tokio::test]
    async fn the_config_itself_is_checked_and_completed() {
        let project = Project::new("");
        let config = project.uri("leastwise.toml");
        let mut editor = Editor::start(json!({})).await;
        editor
            .open(&config, "toml", "[rules]\nno-such-rule = \"error\"\n")
            .await;
        let published = editor.published(&config).await;
        assert_eq!(
            published["diagnostics"][0]["range"]["start"]["line"], 1,
            "{published}"
        );
        editor
            .change(&config, 2, json!([edit((1, 0), (1, 23), "unknown-ac")]))
            .await;
        let list = editor
            .request("textDocument/completion", at(&config, 1, 10))
            .await
            .unwrap();
        let labels: Vec<_> = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| &item["label"])
            .collect();
        assert!(labels.contains(&&json!("unknown-action")), "{labels:?}");
        editor.quit().await;
    }

    #[tokio::test]
    async fn arns_get_hints_with_what_they_resolve_to() {
        let project = Project::new(
            "[app]\nprefix = \"shop\"\nvariables = [\"AppId\"]\n[accounts]\ndev = \"111111111111\"\n[deploy]\nregions = [\"eu-west-1\"]\n",
        );
        let template = project.uri("template.yaml");
        let text = TEMPLATE.replace(
            "'arn:aws:s3:::é😀/*'",
            "!Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${AppId}-x'",
        );
        let mut editor = Editor::start(json!({})).await;
        editor.open(&template, "yaml", &text).await;
        let range = edit((0, 0), (99, 0), "")["range"].clone();
        let params = json!({"textDocument": {"uri": template}, "range": range});
        let hints = editor
            .request("textDocument/inlayHint", params)
            .await
            .unwrap();
        let hint = &hints[0];
        assert_eq!(hint["position"]["line"], TYPO_LINE, "{hints}");
        assert!(hint.to_string().contains("shop-x"), "{hints}");
        editor.quit().await;
    }
}
