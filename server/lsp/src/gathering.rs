//! The index of the workspace: read once on a thread of its own, then kept up with the files that change on
//! disk and in the editor.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use leastwise_workspace::analysis::index::Index;
use leastwise_workspace::configs::InForce;
use leastwise_workspace::gather::Gathered;

use crate::limits::STACK_SIZE;

/// Whom the index is made for.
pub(crate) trait Session: Send + Sync + 'static {
    /// The config in force for a file.
    fn config_for(&self, path: &Path) -> InForce;
    /// The files that are open in the editor.
    fn open_paths(&self) -> Vec<PathBuf>;
    /// The text of a file that is open in the editor.
    fn open_text(&self, path: &Path) -> Option<String>;
    /// Tells of the configs that were read since it was last asked, and of what is wrong with them.
    fn tell_configs(&self);
    /// Warns of something in the editor's log.
    fn warn(&self, message: String);
    /// Puts a new index in force.
    fn set_index(&self, index: Arc<Index>);
}

/// What the thread is told.
enum Order {
    /// The folders of the workspace; all is read anew.
    Folders(Vec<PathBuf>),
    /// This file has changed on disk, or is no longer open.
    Changed(PathBuf),
    /// This file has changed in the editor.
    Edited(PathBuf),
}

/// How long nothing may be typed before the others are told.
const QUIET: Duration = Duration::from_millis(250);
/// How long they are not told at most.
const LATEST: Duration = Duration::from_secs(2);

/// The thread that reads the workspace, once it runs. It ends with the session.
#[derive(Default)]
pub(crate) struct Gathering {
    orders: Mutex<Option<Sender<Order>>>,
}

impl Gathering {
    /// Has the folders read, and the index of `session` made of what they hold.
    pub(crate) fn folders(&self, session: &Arc<impl Session>, folders: Vec<PathBuf>) {
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = orders.get_or_insert_with(|| {
            let (sender, orders) = channel();
            let session = Arc::downgrade(session);
            // Without the thread, what stands in other files stays unknown.
            let _ = std::thread::Builder::new()
                .name("index".to_owned())
                .stack_size(STACK_SIZE)
                .spawn(move || run(&session, &orders));
            sender
        });
        let _ = sender.send(Order::Folders(folders));
    }

    /// Has a file read again that has changed on disk.
    pub(crate) fn changed(&self, path: &Path) {
        self.send(Order::Changed(path.to_owned()));
    }

    /// Has a file looked at again that has changed in the editor, once its user pauses.
    pub(crate) fn edited(&self, path: &Path) {
        self.send(Order::Edited(path.to_owned()));
    }

    fn send(&self, order: Order) {
        let orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = &*orders {
            let _ = sender.send(order);
        }
    }
}

fn run(session: &Weak<impl Session>, orders: &Receiver<Order>) {
    let mut gathered = Gathered::default();
    let mut folders: Vec<PathBuf> = Vec::new();
    // What has been said of what is left out.
    let mut told: BTreeSet<String> = BTreeSet::new();
    while let Ok(first) = orders.recv() {
        let mut batch = vec![first];
        let latest = Instant::now() + LATEST;
        while batch.iter().any(|order| matches!(order, Order::Edited(_))) && Instant::now() < latest
        {
            match orders.recv_timeout(QUIET) {
                Ok(order) => batch.push(order),
                Err(_) => break,
            }
        }
        batch.extend(orders.try_iter());
        let Some(session) = session.upgrade() else {
            return;
        };
        let config = |path: &Path| session.config_for(path);
        let mut changed: BTreeSet<PathBuf> = BTreeSet::new();
        let mut another = false;
        // Many files change at once when a branch is checked out.
        for order in batch {
            match order {
                Order::Folders(new) => {
                    another = true;
                    gathered = Gathered::default();
                    folders = new;
                    for folder in &folders {
                        // Also where nothing in it asks for its config.
                        config(&folder.join("x"));
                        gathered.walk(folder, &config);
                    }
                    changed.extend(session.open_paths());
                }
                Order::Changed(path) | Order::Edited(path) => {
                    changed.insert(path);
                }
            }
        }
        let open = changed.iter();
        let open = open.filter_map(|path| Some((path.clone(), session.open_text(path)?)));
        let open: BTreeMap<_, _> = open.collect();
        gathered.changed(&changed, &open);
        for path in &changed {
            let Some(folder) = folders.iter().find(|own| path.starts_with(own)) else {
                continue;
            };
            another |= match open.get(path) {
                Some(text) => gathered.edit(folder, path, text, &config),
                None => gathered.read(folder, path, &config),
            };
        }
        another |= gathered.settle(&config);
        session.tell_configs();
        let left_out = gathered.left_out();
        for message in left_out.difference(&told) {
            session.warn(message.clone());
        }
        told = left_out;
        if !another {
            continue;
        }
        session.set_index(Arc::new(gathered.index()));
    }
}
