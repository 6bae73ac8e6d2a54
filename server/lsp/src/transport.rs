//! Frames in, handlers, frames out.
//!
//! Order: the messages of the client are taken one by one, and each handler runs up to its first await
//! before the next message is looked at. What a handler does until then (edit a rope, note the version it
//! was asked about) is in the order of arrival; the rest runs side by side. tower-lsp's own server
//! promises less: it starts no more than four handlers at a time, so a fifth message, be it an edit or a
//! cancellation, would wait for one of them.

use std::panic::AssertUnwindSafe;
use std::task::Poll;

use futures::future::FutureExt;
use futures::sink::SinkExt;
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tower_lsp::jsonrpc::{Error, Request, Response};
use tower_lsp::{ClientSocket, ExitedError};
use tower_service::Service;

use crate::ended::Ended;
use crate::framing::{Frame, FrameReader, encode};

/// Serves one client until it says `exit` or goes away.
pub(crate) async fn run<R, S>(
    input: R,
    output: mpsc::Sender<Vec<u8>>,
    mut service: S,
    socket: ClientSocket,
) -> Ended
where
    R: AsyncRead + Unpin,
    S: Service<Request, Response = Option<Response>, Error = ExitedError>,
    S::Future: Send + 'static,
{
    let mut frames = FrameReader::new(input);
    let (mut requests, mut responses) = socket.split();
    let mut running = FuturesUnordered::new();
    let mut shut_down = false;
    loop {
        let sent = tokio::select! {
            biased;
            Some(request) = requests.next() => send(&output, &request).await,
            Some(answer) = running.next() => answer_with(&output, answer).await,
            frame = frames.next() => match frame {
                None => return Ended::Disconnected,
                Some(Frame::Broken(answer)) => send(&output, &answer).await,
                Some(Frame::Response(response)) => {
                    let _ = responses.send(response).await;
                    true
                }
                Some(Frame::Request(request)) => {
                    let exit = request.method() == "exit";
                    let shutdown = request.method() == "shutdown";
                    let mut call = handle(&mut service, request).boxed();
                    let sent = match futures::poll!(&mut call) {
                        Poll::Ready(answer) => {
                            let answered = answer.as_ref().is_some_and(Response::is_ok);
                            shut_down |= shutdown && answered;
                            answer_with(&output, answer).await
                        }
                        Poll::Pending => {
                            running.push(call);
                            true
                        }
                    };
                    if exit {
                        return if shut_down { Ended::Exit } else { Ended::ExitWithoutShutdown };
                    }
                    sent
                }
            }
        };
        if !sent {
            return Ended::Disconnected;
        }
    }
}

/// The answer of the handler for `request`. A panic is answered with an error, and so is a request that
/// nobody feels called upon to answer: the client would wait for ever.
fn handle<S>(
    service: &mut S,
    request: Request,
) -> impl Future<Output = Option<Response>> + Send + 'static + use<S>
where
    S: Service<Request, Response = Option<Response>, Error = ExitedError>,
    S::Future: Send + 'static,
{
    let id = request.id().cloned();
    let call = AssertUnwindSafe(service.call(request)).catch_unwind();
    async move {
        let answer = match call.await {
            Ok(Ok(Some(answer))) => return Some(answer),
            Ok(Ok(None)) => Error::method_not_found(),
            Ok(Err(ExitedError { .. })) => Error::invalid_request(),
            Err(_) => Error::internal_error(),
        };
        id.map(|id| Response::from_error(id, answer))
    }
}

async fn answer_with(output: &mpsc::Sender<Vec<u8>>, answer: Option<Response>) -> bool {
    match answer {
        Some(answer) => send(output, &answer).await,
        None => true,
    }
}

/// Returns whether anybody is left to send to.
async fn send(output: &mpsc::Sender<Vec<u8>>, message: &impl serde::Serialize) -> bool {
    match encode(message) {
        Ok(frame) => output.send(frame).await.is_ok(),
        // No message of the protocol fails to be written as JSON; one that did would only be lost.
        Err(_) => true,
    }
}

/// Writes frames until there are no more to come or the client is gone.
pub(crate) async fn write<W: AsyncWrite + Unpin>(
    mut frames: mpsc::Receiver<Vec<u8>>,
    mut output: W,
) {
    while let Some(frame) = frames.recv().await {
        let written = async {
            output.write_all(&frame).await?;
            if frames.is_empty() {
                output.flush().await?;
            }
            std::io::Result::Ok(())
        };
        if written.await.is_err() {
            return;
        }
    }
    let _ = output.flush().await;
}
