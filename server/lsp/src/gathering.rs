//! The index of the workspace: read once on a thread of its own, then kept up with the files that change.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use leastwise_ide::gather::Gathered;

use crate::state::State;

/// What the thread is told.
enum Order {
    /// The folders of the workspace; all is read anew.
    Folders(Vec<PathBuf>),
    /// This file has changed on disk.
    Changed(PathBuf),
}

/// The thread that reads the workspace, once it runs. It ends with the session.
#[derive(Default)]
pub(crate) struct Gathering {
    orders: Mutex<Option<Sender<Order>>>,
}

impl Gathering {
    /// Has the folders read, and the index of `state` made of what they hold.
    pub(crate) fn folders(&self, state: &Arc<State>, folders: Vec<PathBuf>) {
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = orders.get_or_insert_with(|| {
            let (sender, orders) = channel();
            let state = Arc::downgrade(state);
            // Without the thread, what stands in other files stays unknown.
            let _ = std::thread::Builder::new()
                .name("index".to_owned())
                .stack_size(8 << 20)
                .spawn(move || run(&state, &orders));
            sender
        });
        let _ = sender.send(Order::Folders(folders));
    }

    /// Has a file read again.
    pub(crate) fn changed(&self, path: &Path) {
        let orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = &*orders {
            let _ = sender.send(Order::Changed(path.to_owned()));
        }
    }
}

fn run(state: &Weak<State>, orders: &Receiver<Order>) {
    let mut gathered = Gathered::default();
    let mut folders: Vec<PathBuf> = Vec::new();
    while let Ok(first) = orders.recv() {
        let Some(state) = state.upgrade() else {
            return;
        };
        let config = |path: &Path| {
            let in_force = state.configs.config_for(path);
            (in_force.config, in_force.folder)
        };
        // Many files change at once when a branch is checked out.
        for order in std::iter::once(first).chain(orders.try_iter()) {
            match order {
                Order::Folders(new) => {
                    gathered = Gathered::default();
                    folders = new;
                    for folder in &folders {
                        gathered.walk(folder, &config);
                    }
                }
                Order::Changed(path) if folders.iter().any(|own| path.starts_with(own)) => {
                    gathered.read(&path, &config);
                }
                Order::Changed(_) => {}
            }
        }
        state.set_index(Arc::new(gathered.index()));
    }
}
