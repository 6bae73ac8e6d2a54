//! An editor that talks to the server over pipes in memory, in real frames.

use std::collections::VecDeque;
use std::time::Duration;

use leastwise_lsp::{Ended, Options, serve};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::task::JoinHandle;

/// A server that has not answered by then hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// One session with a server.
pub struct Editor {
    input: Option<DuplexStream>,
    output: DuplexStream,
    unread: Vec<u8>,
    /// Notifications of the server's that no test has looked at yet.
    inbox: VecDeque<Value>,
    /// Requests of the server's, which are answered with `null` (or as `answers` says) when they are read.
    pub asked: Vec<Value>,
    /// What the server's requests are answered with, by method.
    pub answers: Vec<(&'static str, Value)>,
    server: JoinHandle<Ended>,
    next_id: i64,
}

impl Editor {
    /// Starts a server and says nothing to it yet.
    pub fn connect() -> Self {
        let (input, server_input) = tokio::io::duplex(1 << 16);
        let (server_output, output) = tokio::io::duplex(1 << 16);
        Self {
            input: Some(input),
            output,
            unread: Vec::new(),
            inbox: VecDeque::new(),
            asked: Vec::new(),
            answers: Vec::new(),
            server: tokio::spawn(serve(
                server_input,
                server_output,
                Options {
                    test_hooks: true,
                    ..Options::default()
                },
            )),
            next_id: 0,
        }
    }

    /// A session of an editor with these capabilities, after the handshake.
    pub async fn start(capabilities: Value) -> Self {
        let mut editor = Self::connect();
        editor
            .initialize(json!({ "capabilities": capabilities }))
            .await;
        editor
    }

    /// Shakes hands with these parameters, and returns the result of `initialize`.
    pub async fn initialize(&mut self, params: Value) -> Value {
        let result = self.request("initialize", params).await.unwrap();
        self.notify("initialized", json!({})).await;
        result
    }

    /// Sends `bytes` as they are.
    pub async fn send_raw(&mut self, bytes: impl AsRef<[u8]>) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Sends a message.
    pub async fn send(&mut self, message: Value) {
        let body = message.to_string();
        self.send_raw(frame(&body)).await;
    }

    pub async fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({"jsonrpc": "2.0", "method": method, "params": params}))
            .await;
    }

    /// Sends a request and returns its id.
    pub async fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        self.send(json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))
            .await;
        id
    }

    /// The answer to the request `id`: its result, or the code of its error.
    pub async fn answer(&mut self, id: impl Into<Value>) -> Result<Value, i64> {
        let id = id.into();
        let at = |message: &Value| message.get("method").is_none() && message["id"] == id;
        let mut answer = self.wait(at).await;
        match answer.get("error") {
            Some(error) => Err(error["code"].as_i64().unwrap()),
            None => Ok(answer["result"].take()),
        }
    }

    /// Sends a request and waits for its answer.
    pub async fn request(&mut self, method: &str, params: Value) -> Result<Value, i64> {
        let id = self.ask(method, params).await;
        self.answer(id).await
    }

    /// The parameters of the next notification `method`.
    pub async fn notification(&mut self, method: &str) -> Value {
        let mut message = self.wait(|message| message["method"] == method).await;
        message["params"].take()
    }

    /// The notifications `method` that came so far and were not looked at.
    pub fn arrived(&self, method: &str) -> usize {
        self.inbox
            .iter()
            .filter(|message| message["method"] == method)
            .count()
    }

    /// The next diagnostics published for `uri`.
    pub async fn published(&mut self, uri: &str) -> Value {
        let wanted = |message: &Value| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
        };
        self.wait(wanted).await["params"].take()
    }

    /// Reads until the server has asked for `method`, and returns the parameters.
    pub async fn asked_for(&mut self, method: &str) -> Value {
        loop {
            if let Some(at) = self
                .asked
                .iter()
                .position(|request| request["method"] == method)
            {
                return self.asked.remove(at)["params"].take();
            }
            self.read().await;
        }
    }

    pub async fn open(&mut self, uri: &str, language: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": language, "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({ "textDocument": document }))
            .await;
    }

    pub async fn change(&mut self, uri: &str, version: i64, changes: Value) {
        let params =
            json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": changes});
        self.notify("textDocument/didChange", params).await;
    }

    pub async fn close(&mut self, uri: &str) {
        self.notify(
            "textDocument/didClose",
            json!({"textDocument": {"uri": uri}}),
        )
        .await;
    }

    /// The text as the server has it. Both of its sides must agree.
    pub async fn text(&mut self, uri: &str) -> Result<String, i64> {
        let answer = self
            .request("leastwise/test/text", json!({ "uri": uri }))
            .await?;
        if !answer["analysed"].is_null() {
            assert_eq!(
                answer["text"], answer["analysed"],
                "the analysis is out of step"
            );
        }
        Ok(answer["text"].as_str().unwrap().to_owned())
    }

    /// Says `shutdown` and `exit`, and expects an orderly end.
    pub async fn quit(mut self) {
        assert_eq!(self.request("shutdown", Value::Null).await, Ok(Value::Null));
        self.notify("exit", Value::Null).await;
        assert_eq!(self.ended().await, Ended::Exit);
    }

    /// Closes the editor's end.
    pub fn hang_up(&mut self) {
        self.input = None;
    }

    /// How the server ended.
    pub async fn ended(self) -> Ended {
        patiently(self.server).await.unwrap()
    }

    /// The first message, of those that came or are to come, that is `wanted`.
    pub async fn wait(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            if let Some(at) = self.inbox.iter().position(&wanted) {
                return self.inbox.remove(at).unwrap();
            }
            self.read().await;
        }
    }

    /// Reads a message, and answers it if it is a request.
    async fn read(&mut self) {
        let message = patiently(self.read_frame()).await;
        if let (Some(method), Some(id)) = (message.get("method"), message.get("id")) {
            let known = self.answers.iter().find(|(name, _)| method == name);
            let result = known.map_or(Value::Null, |(_, answer)| answer.clone());
            let answer = json!({"jsonrpc": "2.0", "id": id, "result": result});
            self.send(answer).await;
            self.asked.push(message);
        } else {
            self.inbox.push_back(message);
        }
    }

    async fn read_frame(&mut self) -> Value {
        loop {
            let head = self
                .unread
                .windows(4)
                .position(|bytes| bytes == b"\r\n\r\n");
            if let Some(head) = head {
                let text = std::str::from_utf8(&self.unread[..head]).unwrap();
                let len: usize = text
                    .strip_prefix("Content-Length: ")
                    .unwrap()
                    .parse()
                    .unwrap();
                let end = head + 4 + len;
                if self.unread.len() >= end {
                    let message = serde_json::from_slice(&self.unread[head + 4..end]).unwrap();
                    self.unread.drain(..end);
                    return message;
                }
            }
            let read = self.output.read_buf(&mut self.unread).await.unwrap();
            assert_ne!(read, 0, "the server has hung up");
        }
    }
}

async fn patiently<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future)
        .await
        .expect("the server hangs")
}

/// A frame with a right head.
pub fn frame(body: &str) -> String {
    format!("Content-Length: {}\r\n\r\n{body}", body.len())
}

/// A replacement of the text between two positions, each a line and a column.
pub fn edit(from: (u32, u32), to: (u32, u32), text: &str) -> Value {
    let position = |(line, character): (u32, u32)| json!({"line": line, "character": character});
    json!({"range": {"start": position(from), "end": position(to)}, "text": text})
}

/// Where a request is about.
pub fn at(uri: &str, line: u32, character: u32) -> Value {
    json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}})
}
