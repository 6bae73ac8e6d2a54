//! Sessions with somebody who is writing. How long somebody must have stopped is set by each test, to an hour or to nothing: none
//! waits.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use serde_json::{Value, json};
use support::{Editor, edit};

const A: &str = "file:///project/policy.yaml";
const TEXT: &str = "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: s3:GetObjekt
    Resource: '*'
  - Effect: Allow
    Action: sqs:PurgeQueue
    Resource: '*'
";
const HOUR: u64 = 3_600_000;

async fn start(capabilities: Value, patience: Value) -> Editor {
    let mut editor = Editor::connect();
    let options = json!({"patience": patience});
    editor
        .initialize(json!({"capabilities": capabilities, "initializationOptions": options}))
        .await;
    editor.open(A, "yaml", TEXT).await;
    editor
}

/// The second action is another one.
async fn mistype(editor: &mut Editor) {
    editor
        .change(A, 2, json!([edit((6, 16), (6, 26), "PurgeQeue")]))
        .await;
}

/// The lines of the actions that are spoken of.
fn lines(diagnostics: &Value) -> Vec<u64> {
    let all = diagnostics.as_array().unwrap().iter();
    let all = all.filter(|one| one["code"] == "unknown-action");
    all.map(|one| one["range"]["start"]["line"].as_u64().unwrap())
        .collect()
}

async fn published(editor: &mut Editor) -> Vec<u64> {
    lines(&editor.published(A).await["diagnostics"])
}

async fn pulled(editor: &mut Editor) -> Vec<u64> {
    let params = json!({"textDocument": {"uri": A}});
    let report = editor.request("textDocument/diagnostic", params).await;
    lines(&report.unwrap()["items"])
}

async fn save(editor: &mut Editor) {
    let params = json!({"textDocument": {"uri": A}});
    editor.notify("textDocument/didSave", params).await;
}

#[tokio::test]
async fn a_word_is_spoken_of_once_it_is_saved() {
    let mut editor = start(json!({}), json!(HOUR)).await;
    assert_eq!(published(&mut editor).await, [3], "nobody has written yet");
    mistype(&mut editor).await;
    assert_eq!(published(&mut editor).await, [3]);
    save(&mut editor).await;
    assert_eq!(published(&mut editor).await, [3, 6]);
    // Who writes elsewhere has left the word.
    editor
        .change(A, 3, json!([edit((0, 0), (0, 0), "\n")]))
        .await;
    assert_eq!(published(&mut editor).await, [4, 7]);
    editor.quit().await;
}

#[tokio::test]
async fn what_is_found_behind_a_break_is_spoken_of_once_it_is_saved() {
    // With no patience it is spoken of at once.
    for (patience, said) in [(0, [6]), (HOUR, [3])] {
        let mut editor = start(json!({}), json!(patience)).await;
        assert_eq!(published(&mut editor).await, [3]);
        let both = json!([
            edit((6, 12), (6, 26), "sqs:Purge"),
            edit((4, 4), (4, 4), "}")
        ]);
        editor.change(A, 2, both).await;
        assert_eq!(published(&mut editor).await, said);
        save(&mut editor).await;
        if patience > 0 {
            assert_eq!(published(&mut editor).await, [6], "as a check of it");
        }
        // Nothing was written since.
        save(&mut editor).await;
        editor.change(A, 3, json!([edit((4, 4), (4, 5), "")])).await;
        assert_eq!(published(&mut editor).await, [3, 6]);
        editor.quit().await;
    }
}

#[tokio::test]
async fn a_word_is_spoken_of_once_somebody_writes_elsewhere() {
    let mut editor = start(json!({}), json!(HOUR)).await;
    published(&mut editor).await;
    mistype(&mut editor).await;
    assert_eq!(published(&mut editor).await, [3]);
    editor
        .change(A, 3, json!([edit((8, 0), (8, 0), "  - ")]))
        .await;
    assert_eq!(published(&mut editor).await, [3, 6]);
    editor.quit().await;
}

#[tokio::test]
async fn a_word_is_spoken_of_after_a_while() {
    let mut editor = start(json!({}), json!(1)).await;
    published(&mut editor).await;
    mistype(&mut editor).await;
    // Where the test is slow, it is spoken of at once.
    let mut said = published(&mut editor).await;
    if said == [3] {
        said = published(&mut editor).await;
    }
    assert_eq!(said, [3, 6]);
    editor.quit().await;
}

#[tokio::test]
async fn without_patience_all_is_said_at_once() {
    for off in [json!(0), json!(false)] {
        let mut editor = start(json!({}), off).await;
        published(&mut editor).await;
        mistype(&mut editor).await;
        assert_eq!(published(&mut editor).await, [3, 6]);
        editor.quit().await;
    }
}

#[tokio::test]
async fn the_cursor_has_left_where_actions_are_asked_for_elsewhere() {
    let literal = json!({"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}});
    let takes = json!({"textDocument": {"codeAction": literal}});
    let mut editor = start(takes, json!(HOUR)).await;
    published(&mut editor).await;
    mistype(&mut editor).await;
    assert_eq!(published(&mut editor).await, [3]);
    let ask = |line: u32| {
        let at = json!({"line": line, "character": 17});
        json!({"textDocument": {"uri": A}, "range": {"start": at, "end": at}, "context": {"diagnostics": []}})
    };
    // Where it is written, there are the fixes of what isn't said yet.
    let actions = editor.request("textDocument/codeAction", ask(6)).await;
    let actions = actions.unwrap().to_string();
    assert!(actions.contains("sqs:PurgeQueue"), "{actions}");
    assert_eq!(editor.arrived("textDocument/publishDiagnostics"), 0);
    let asked = editor.request("textDocument/codeAction", ask(3)).await;
    asked.unwrap();
    assert_eq!(published(&mut editor).await, [3, 6]);
    editor.quit().await;
}

#[tokio::test]
async fn who_pulls_is_told_to_pull_again() {
    let pulls = json!({
        "textDocument": {"diagnostic": {}},
        "workspace": {"diagnostics": {"refreshSupport": true}},
    });
    let mut editor = start(pulls.clone(), json!(HOUR)).await;
    assert_eq!(pulled(&mut editor).await, [3]);
    mistype(&mut editor).await;
    assert_eq!(pulled(&mut editor).await, [3]);
    // It may have been told of the index meanwhile.
    editor.asked.clear();
    save(&mut editor).await;
    editor.asked_for("workspace/diagnostic/refresh").await;
    assert_eq!(pulled(&mut editor).await, [3, 6]);
    editor.quit().await;

    let mut editor = start(pulls, json!(1)).await;
    mistype(&mut editor).await;
    if pulled(&mut editor).await == [3] {
        editor.asked_for("workspace/diagnostic/refresh").await;
        assert_eq!(pulled(&mut editor).await, [3, 6]);
    }
    editor.quit().await;

    // Who can't be told that is told all.
    let mut editor = start(json!({"textDocument": {"diagnostic": {}}}), json!(HOUR)).await;
    mistype(&mut editor).await;
    assert_eq!(pulled(&mut editor).await, [3, 6]);
    editor.quit().await;
}

#[tokio::test]
async fn a_document_that_is_closed_is_not_spoken_of() {
    let mut editor = start(json!({}), json!(HOUR)).await;
    published(&mut editor).await;
    mistype(&mut editor).await;
    assert_eq!(published(&mut editor).await, [3]);
    editor.close(A).await;
    assert_eq!(editor.published(A).await["diagnostics"], json!([]));
    editor.open(A, "yaml", TEXT).await;
    assert_eq!(
        published(&mut editor).await,
        [3],
        "what was open before is forgotten"
    );
    editor.quit().await;
}
