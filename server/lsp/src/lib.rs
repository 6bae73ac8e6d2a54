//! The Language Server Protocol over a stream: positions and messages are converted, work is scheduled,
//! and nothing else is decided here. Everything that is shown comes from [`leastwise_ide`].
//!
//! A message takes this way: [`framing`] reads it, [`transport`] calls its handler in [`backend`], which
//! edits a [`document`] at once or puts a question to its analysis, which runs on the thread of [`worker`].
//! Answers are turned into the protocol's terms by [`convert`] and [`position`].

mod analysis;
mod backend;
mod capabilities;
mod client;
mod client_process;
mod convert;
mod document;
mod ended;
mod framing;
mod gathering;
mod language;
mod limits;
mod neighbours;
mod open;
mod position;
mod state;
mod surrogates;
mod transport;
mod worker;

pub use ended::Ended;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tower_lsp::LspService;
use tower_lsp::ls_types::MessageType;

use backend::Backend;
use state::{Outgoing, State, publication};
use worker::Queue;

/// How long the last answers may take to reach a client that has said `exit`.
const FAREWELL: Duration = Duration::from_secs(2);

/// How a session is served.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The client's process, where it is known before the client says it: the session ends when it does.
    pub client_process: Option<u32>,
    /// Offers the requests `leastwise/test/text` and `leastwise/test/panic`, by which tests look inside.
    #[doc(hidden)]
    pub test_hooks: bool,
}

/// Serves one client over `input` and `output` until it says `exit` or closes its end. Needs a tokio
/// runtime with its clock enabled; one thread of it is enough, since analysis has its own.
pub async fn serve<R, W>(input: R, output: W, options: Options) -> Ended
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let (outbox, letters) = mpsc::unbounded_channel();
    let state = Arc::new(State::new(outbox));
    let _closing = Closing(Arc::clone(&state.queue));
    state.set_client_process(options.client_process);
    let told = Arc::downgrade(&state);
    state.neighbours.on_parsed(move |path| {
        if let Some(state) = told.upgrade() {
            state.touched(path);
        }
    });
    let diagnosing = Arc::clone(&state);
    let started = worker::start(Arc::clone(&state.queue), move |document| {
        diagnosing.publish(document);
    });
    if started.is_err() {
        return Ended::Disconnected;
    }

    let backend = Arc::clone(&state);
    let mut service = LspService::build(move |editor| Backend {
        state: backend,
        editor,
    });
    if options.test_hooks {
        service = service
            .custom_method("leastwise/test/text", Backend::text)
            .custom_method("leastwise/test/panic", Backend::panic);
    }
    let (service, socket) = service
        .custom_method("leastwise/status", Backend::status)
        .finish();
    let editor = service.inner().editor.clone();

    let (frames, written) = mpsc::channel(limits::WAITING_MESSAGES);
    let letters = send_letters(letters, frames.clone(), &editor);
    let unseen = |pid| {
        let message = format!(
            "The editor's process {pid} can't be seen from here, as from another container: the server ends when its \
             input does."
        );
        state.log(MessageType::INFO, message);
    };
    let session = async {
        tokio::select! {
            ended = transport::run(input, frames, service, socket) => ended,
            () = letters => Ended::Disconnected,
            () = client_process::ended(state.client_process(), unseen) => Ended::Disconnected,
        }
    };
    let writing = transport::write(written, output);
    tokio::pin!(writing);
    let ended = tokio::select! {
        ended = session => ended,
        () = &mut writing => return Ended::Disconnected,
    };
    let _ = tokio::time::timeout(FAREWELL, writing).await;
    ended
}

/// Sends what the server says of its own accord, in the order in which it came up. Diagnostics that an
/// edit or a close has overtaken are dropped here, at the last moment.
async fn send_letters(
    mut letters: mpsc::UnboundedReceiver<Outgoing>,
    frames: mpsc::Sender<Vec<u8>>,
    editor: &tower_lsp::Client,
) {
    while let Some(letter) = letters.recv().await {
        match letter {
            Outgoing::Diagnostics {
                document,
                stamp,
                frame,
            } => {
                if document.is_at(stamp) {
                    let _ = frames.send(frame).await;
                }
            }
            Outgoing::Clear(uri) => {
                let _ = frames.send(publication(uri, Vec::<()>::new(), None)).await;
            }
            Outgoing::Refresh => {
                let editor = editor.clone();
                // Its answer is of no use, and might take a while.
                tokio::spawn(async move { editor.workspace_diagnostic_refresh().await });
            }
            Outgoing::Frame(frame) => {
                let _ = frames.send(frame).await;
            }
            Outgoing::Show(typ, message) => editor.show_message(typ, message).await,
            Outgoing::Log(typ, message) => editor.log_message(typ, message).await,
        }
    }
}

/// Ends the analysis thread with the session, however that ends.
struct Closing(Arc<Queue>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Serves the client at standard input and output, and returns the exit status of the process. Starts its
/// own runtime: the protocol's task on the calling thread, and one thread each for reading and writing,
/// with small stacks.
pub fn run_stdio(client_process: Option<u32>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .max_blocking_threads(2)
        .thread_stack_size(256 << 10)
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(err) => {
            eprintln!("leastwise lsp: the system gives no event queue: {err}");
            return ExitCode::FAILURE;
        }
    };
    let options = Options {
        client_process,
        ..Options::default()
    };
    let session = serve(tokio::io::stdin(), tokio::io::stdout(), options);
    let ended = runtime.block_on(session);
    // The read from standard input can't be called off, and some clients never close it.
    runtime.shutdown_background();
    ended.exit_code()
}
