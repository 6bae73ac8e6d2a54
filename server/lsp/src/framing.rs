//! JSON-RPC messages out of a byte stream, and into one.
//!
//! tower-lsp's own reader ends the session at the first message that it can't decode (its codec reports
//! the error, and the framed stream below it then ends), so the server reads frames itself. What can be
//! recovered from, and how:
//!
//! * A body that is no JSON, no UTF-8 or no JSON-RPC: answered with an error, the next frame is read.
//! * Half a character (`\ud83d` alone), which editors do send: read as U+FFFD, which is as long to them.
//! * A length that is too short: the rest of the body is no header, so it is skipped up to the next
//!   `Content-Length`.
//! * A length that is too long: the frame swallows the head of the next one. JSON has no raw line breaks
//!   inside strings, so a `Content-Length: n` line inside a broken body can only be a head: reading
//!   goes on there.
//! * A header without a length, with a broken one or one above [`BODY_LENGTH`]: skipped likewise.

use crate::limits::{
    BODY_LENGTH, HEAD_LENGTH, HEADER_NAME_LENGTH, KEPT_BUFFER, LEAST_RESERVED, MOST_RESERVED,
};
use crate::surrogates::without_lone_halves;
use serde::Deserialize;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt};
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};

/// The longest head that the server writes.
const LONGEST_HEAD: &[u8] = b"Content-Length: 18446744073709551615\r\n\r\n";

const LENGTH: &[u8] = b"content-length:";

/// What came in.
#[derive(Debug)]
pub(crate) enum Frame {
    /// A request or a notification.
    Request(Request),
    /// The answer to a request of the server's.
    Response(Response),
    /// A message that could not be read, with the answer to it.
    Broken(Response),
}

/// Reads frames. [`FrameReader::next`] may be dropped at any await without losing a byte.
pub(crate) struct FrameReader<R> {
    input: R,
    buffer: Vec<u8>,
    /// How much of `buffer` is used up, in bytes.
    start: usize,
    /// The length of the body that comes next, once its head is read, in bytes.
    body: Option<usize>,
    /// Whether bytes were skipped that belong to no frame, and nobody was told yet.
    garbage: bool,
    /// Whether the client was told of the bytes that are being skipped.
    told: bool,
}

impl<R: AsyncRead + Unpin> FrameReader<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            start: 0,
            body: None,
            garbage: false,
            told: false,
        }
    }

    /// The next frame, or `None` at the end of the input or when reading fails.
    pub(crate) async fn next(&mut self) -> Option<Frame> {
        loop {
            if let Some(frame) = self.take() {
                return Some(frame);
            }
            self.make_room();
            match self.input.read_buf(&mut self.buffer).await {
                Ok(0) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// A frame out of what is buffered, if it is there as a whole.
    fn take(&mut self) -> Option<Frame> {
        if self.body.is_none() {
            self.body = self.take_head();
            // Told at once, since the client may be waiting for an answer, and once for each run of garbage.
            if std::mem::take(&mut self.garbage) && !std::mem::replace(&mut self.told, true) {
                let what = "bytes that belong to no message, or a malformed header";
                return Some(Frame::Broken(error(Id::Null, ErrorCode::ParseError, what)));
            }
        }
        let len = self.body?;
        let body = self.buffer.get(self.start..self.start + len)?;
        self.body = None;
        self.told = false;
        let (frame, used) = match parse(body) {
            Ok(frame) => (frame, len),
            Err(unread) => {
                let used = swallowed_head(body).unwrap_or(len);
                (Frame::Broken(unread), used)
            }
        };
        self.start += used;
        Some(frame)
    }

    /// Skips to the next head that is whole and returns the length it announces.
    fn take_head(&mut self) -> Option<usize> {
        loop {
            let rest = self.buffer.get(self.start..).unwrap_or_default();
            let Some(at) = find_length(rest) else {
                // Other headers may come first, and the end of the buffer may cut the name off.
                if rest.len() > HEAD_LENGTH || !could_be_headers(rest) {
                    self.garbage = true;
                    self.start = self.buffer.len() - cut_off_name(rest);
                }
                return None;
            };
            if !could_be_headers(rest.get(..at).unwrap_or_default()) {
                self.garbage = true;
                self.start += at;
                continue;
            }
            match read_head(rest.get(at..).unwrap_or_default()) {
                Head::Whole { len, used } => {
                    self.start += at + used;
                    return Some(len);
                }
                Head::Partial => return None,
                Head::Broken => {
                    self.garbage = true;
                    self.start += at + LENGTH.len();
                }
            }
        }
    }

    /// Moves what is unread to the front, and reserves what the body still needs, up to a bound: the
    /// length is only what the client says.
    fn make_room(&mut self) {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        if self.buffer.is_empty() && self.buffer.capacity() > KEPT_BUFFER {
            self.buffer = Vec::new();
        }
        let missing = self
            .body
            .map_or(0, |len| len.saturating_sub(self.buffer.len()));
        self.buffer
            .reserve(missing.clamp(LEAST_RESERVED, MOST_RESERVED));
    }
}

/// The bytes of a message with its head.
pub(crate) fn encode(message: &impl serde::Serialize) -> serde_json::Result<Vec<u8>> {
    // The length is known last and stands first: there is room for it, so that nothing is copied to another place.
    let mut frame = LONGEST_HEAD.to_vec();
    serde_json::to_writer(&mut frame, message)?;
    let length = frame.len() - LONGEST_HEAD.len();
    let head = format!("Content-Length: {length}\r\n\r\n");
    frame.splice(..LONGEST_HEAD.len(), head.into_bytes());
    Ok(frame)
}

enum Head {
    Whole { len: usize, used: usize },
    Partial,
    Broken,
}

/// Reads a head that begins with `Content-Length:`, up to the empty line.
fn read_head(head: &[u8]) -> Head {
    let mut len = None;
    let mut at = 0;
    loop {
        let rest = head.get(at..).unwrap_or_default();
        let Some(end) = rest.iter().position(|&byte| byte == b'\n') else {
            let number = |value: &[u8]| value.trim_ascii().iter().all(u8::is_ascii_digit);
            let hopeless = at + rest.len() > HEAD_LENGTH
                || !could_be_headers(rest)
                || strip_length(rest).is_some_and(|value| !number(value));
            return if hopeless {
                Head::Broken
            } else {
                Head::Partial
            };
        };
        let line = rest.get(..end).unwrap_or_default().trim_ascii();
        at += end + 1;
        if let Some(value) = strip_length(line) {
            let value = std::str::from_utf8(value.trim_ascii()).unwrap_or_default();
            match value.parse::<usize>() {
                Ok(value) if value <= BODY_LENGTH => len = Some(value),
                _ => return Head::Broken,
            }
        } else if line.is_empty() {
            return match len {
                Some(len) => Head::Whole { len, used: at },
                None => Head::Broken,
            };
        } else if !is_header(line) || at > HEAD_LENGTH {
            return Head::Broken;
        }
    }
}

/// Where a head, or the beginning of one, stands inside the body of a message that could not be read.
fn swallowed_head(body: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = body.get(from..).and_then(find_length) {
        let at = from + at;
        // A head that the body's end cuts off counts too.
        if !matches!(read_head(body.get(at..)?), Head::Broken) {
            return Some(at);
        }
        from = at + LENGTH.len();
    }
    let cut_off = cut_off_name(body);
    (cut_off > 0).then_some(body.len() - cut_off)
}

fn find_length(bytes: &[u8]) -> Option<usize> {
    bytes
        .windows(LENGTH.len())
        .position(|window| window.eq_ignore_ascii_case(LENGTH))
}

fn strip_length(line: &[u8]) -> Option<&[u8]> {
    let (name, value) = line.split_at_checked(LENGTH.len())?;
    name.eq_ignore_ascii_case(LENGTH).then_some(value)
}

/// How many bytes at the end of `bytes` may be the start of `Content-Length:`.
fn cut_off_name(bytes: &[u8]) -> usize {
    (1..LENGTH.len())
        .rev()
        .find(|&len| {
            let tail = bytes.get(bytes.len().saturating_sub(len)..);
            let name = LENGTH.get(..len).unwrap_or_default();
            tail.is_some_and(|tail| tail.len() == len && tail.eq_ignore_ascii_case(name))
        })
        .unwrap_or(0)
}

/// Whether `bytes` are whole header lines, the last of which may be cut off, and empty lines.
fn could_be_headers(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|&byte| byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        let line = line.trim_ascii();
        let cut_off = lines.peek().is_none();
        let fits = line.is_empty()
            || is_header(line)
            || cut_off && line.len() < HEADER_NAME_LENGTH && line.iter().all(|&byte| is_name(byte));
        if !fits {
            return false;
        }
    }
    true
}

/// Whether `line` is `Name: value`.
fn is_header(line: &[u8]) -> bool {
    let Some(colon) = line.iter().position(|&byte| byte == b':') else {
        return false;
    };
    colon > 0
        && line
            .get(..colon)
            .is_some_and(|name| name.iter().all(|&byte| is_name(byte)))
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// A message as the protocol writes it, whichever of the three it is.
#[derive(Deserialize)]
struct Message {
    jsonrpc: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    id: Option<Value>,
    method: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    params: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    result: Option<Value>,
    error: Option<Value>,
}

/// Tells `null` from a member that is left out.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// The message in `body`, or the answer that says why there is none.
fn parse(body: &[u8]) -> Result<Frame, Response> {
    let message = serde_json::from_slice(body).or_else(|err| {
        let mended = without_lone_halves(body).ok_or(err)?;
        serde_json::from_slice(&mended)
    });
    let message: Message = message.map_err(|err| {
        if err.is_data() {
            error(Id::Null, ErrorCode::InvalidRequest, "no JSON-RPC message")
        } else {
            error(Id::Null, ErrorCode::ParseError, "the message is no JSON")
        }
    })?;
    let id = match message.id {
        None => None,
        Some(Value::Null) => Some(Id::Null),
        Some(Value::String(id)) => Some(Id::String(id)),
        Some(Value::Number(id)) if id.is_i64() => Some(Id::Number(id.as_i64().unwrap_or_default())),
        Some(_) => {
            let what = "an id is a whole number or a string";
            return Err(error(Id::Null, ErrorCode::InvalidRequest, what));
        }
    };
    let invalid = |what| {
        let id = id.clone().unwrap_or_default();
        Err(error(id, ErrorCode::InvalidRequest, what))
    };
    if message.jsonrpc != Some(Value::String("2.0".to_owned())) {
        return invalid("`jsonrpc` must be \"2.0\"");
    }
    match message.method {
        Some(Value::String(method)) => {
            let mut request = Request::build(method);
            if let Some(params) = message.params {
                request = request.params(params);
            }
            if let Some(id) = id {
                request = request.id(id);
            }
            Ok(Frame::Request(request.finish()))
        }
        Some(_) => invalid("`method` must be a string"),
        None => match (id, message.result, message.error) {
            (Some(id), _, Some(err)) => {
                let err = serde_json::from_value(err).unwrap_or_else(|_| Error::internal_error());
                Ok(Frame::Response(Response::from_error(id, err)))
            }
            (Some(id), Some(result), None) => Ok(Frame::Response(Response::from_ok(id, result))),
            (id, _, _) => {
                let what = "neither a request nor an answer";
                Err(error(
                    id.unwrap_or_default(),
                    ErrorCode::InvalidRequest,
                    what,
                ))
            }
        },
    }
}

fn error(id: Id, code: ErrorCode, message: &'static str) -> Response {
    let error = Error {
        code,
        message: message.into(),
        data: None,
    };
    Response::from_error(id, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELLO: &str = r#"{"jsonrpc":"2.0","method":"hello"}"#;

    fn frame(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    /// What is read from `stream`: `hello` for a request of that name, `-32700` for a broken one.
    async fn read(stream: impl AsyncRead + Unpin) -> Vec<String> {
        let mut reader = FrameReader::new(stream);
        let mut seen = Vec::new();
        while let Some(frame) = reader.next().await {
            seen.push(match frame {
                Frame::Request(request) => request.method().to_owned(),
                Frame::Response(response) => format!("answer {}", response.id()),
                Frame::Broken(answer) => answer
                    .error()
                    .map(|err| err.code.code())
                    .unwrap_or_default()
                    .to_string(),
            });
        }
        seen
    }

    /// Reads `text` as a whole, then in pieces of every small size, and sees the same each time.
    async fn seen(text: impl AsRef<[u8]>) -> Vec<String> {
        let bytes = text.as_ref();
        let whole = read(bytes).await;
        for size in 1..40 {
            let (mut client, server) = tokio::io::duplex(size);
            let write = async {
                for piece in bytes.chunks(size) {
                    tokio::io::AsyncWriteExt::write_all(&mut client, piece)
                        .await
                        .unwrap();
                }
                drop(client);
            };
            let (pieces, ()) = tokio::join!(read(server), write);
            assert_eq!(pieces, whole, "in pieces of {size} bytes");
        }
        whole
    }

    #[tokio::test]
    async fn frames_follow_each_other() {
        let answer = frame(r#"{"jsonrpc":"2.0","id":3,"result":null}"#);
        let stream = format!("{}{answer}{}", frame(HELLO), frame(HELLO));
        assert_eq!(seen(stream).await, ["hello", "answer 3", "hello"]);
    }

    #[tokio::test]
    async fn other_headers_and_other_case_are_read() {
        let stream = format!(
            "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nCONTENT-LENGTH:{}\r\n\r\n{HELLO}content-length: {}\nX: y\n\n{HELLO}",
            HELLO.len(),
            HELLO.len()
        );
        assert_eq!(seen(stream).await, ["hello", "hello"]);
    }

    #[tokio::test]
    async fn a_broken_body_does_not_end_the_stream() {
        for (body, code) in [
            (r#"{"jsonrpc":"2.0","method":"#, "-32700"),
            ("", "-32700"),
            ("nonsense", "-32700"),
            ("[]", "-32600"),
            ("7", "-32600"),
            (r#"{"method":"hello"}"#, "-32600"),
            (r#"{"jsonrpc":"2.0","method":5,"id":1}"#, "-32600"),
            (r#"{"jsonrpc":"2.0","method":"hello","id":{}}"#, "-32600"),
            (r#"{"jsonrpc":"2.0"}"#, "-32600"),
        ] {
            let stream = format!("{}{}", frame(body), frame(HELLO));
            assert_eq!(seen(stream).await, [code, "hello"], "{body}");
        }
    }

    #[tokio::test]
    async fn bytes_that_are_no_utf8_do_not_end_the_stream() {
        let mut stream = b"Content-Length: 4\r\n\r\n\"\xff\xfe\"".to_vec();
        stream.extend(frame(HELLO).into_bytes());
        assert_eq!(seen(stream).await, ["-32700", "hello"]);
    }

    #[tokio::test]
    async fn deep_nesting_is_refused() {
        let stream = format!("{}{}", frame(&"[".repeat(100_000)), frame(HELLO));
        let seen = read(stream.as_bytes()).await;
        assert_eq!(seen.len(), 2);
        assert_eq!(seen[1], "hello");
    }

    #[tokio::test]
    async fn a_wrong_length_is_recovered_from() {
        let short = format!("Content-Length: 10\r\n\r\n{HELLO}{}", frame(HELLO));
        assert_eq!(seen(short).await, ["-32700", "-32700", "hello"]);
        let long = format!(
            "Content-Length: {}\r\n\r\n{HELLO}{}",
            HELLO.len() + 30,
            frame(HELLO)
        );
        assert_eq!(seen(long).await, ["-32700", "hello"]);
        let cut = format!(
            "Content-Length: {}\r\n\r\n{HELLO}{}",
            HELLO.len() + 17,
            frame(HELLO)
        );
        assert_eq!(seen(cut).await, ["-32700", "hello"]);
    }

    #[tokio::test]
    async fn a_broken_header_is_recovered_from() {
        for head in [
            "Content-Length: many\r\n\r\n",
            "Content-Length: -1\r\n\r\n",
            "Content-Length:\r\n\r\n",
            "Content-Length: 99999999999999999999999\r\n\r\n",
            "Content-Length: 4000000000\r\n\r\n",
            "{\"a\": 1}\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "Content-Length: 5\r\nnonsense\r\n\r\n",
        ] {
            let stream = format!("{head}{HELLO}{}", frame(HELLO));
            let seen = read(stream.as_bytes()).await;
            assert_eq!(seen.first().map(String::as_str), Some("-32700"), "{head:?}");
            assert_eq!(
                seen.last().map(String::as_str),
                Some("hello"),
                "{head:?} {seen:?}"
            );
        }
    }

    #[tokio::test]
    async fn garbage_without_end_is_told_once_and_not_kept() {
        let (mut client, server) = tokio::io::duplex(1 << 16);
        let mut reader = FrameReader::new(server);
        let write = async {
            for _ in 0..64 {
                let piece = [b'x'; 32 << 10];
                tokio::io::AsyncWriteExt::write_all(&mut client, &piece)
                    .await
                    .unwrap();
            }
            let last = frame(HELLO);
            tokio::io::AsyncWriteExt::write_all(&mut client, last.as_bytes())
                .await
                .unwrap();
        };
        let both = async {
            assert!(matches!(reader.next().await, Some(Frame::Broken(_))));
            assert!(matches!(reader.next().await, Some(Frame::Request(_))));
        };
        tokio::join!(write, both);
        assert!(reader.buffer.capacity() < 1 << 20);
    }

    #[tokio::test]
    async fn the_length_alone_reserves_nothing() {
        let (mut client, server) = tokio::io::duplex(1 << 10);
        let mut reader = FrameReader::new(server);
        let head = format!("Content-Length: {BODY_LENGTH}\r\n\r\nx");
        tokio::io::AsyncWriteExt::write_all(&mut client, head.as_bytes())
            .await
            .unwrap();
        drop(client);
        assert!(reader.next().await.is_none());
        assert!(reader.buffer.capacity() <= 2 << 20);
    }
}
