//! What a run that writes files takes care of beside them: that it leaves no half-made files behind, however it ends.
//!
//! The new text of a file is written beside it first. Whoever ends the program in the middle has it wait until that file is gone;
//! what a run left behind that was killed at once, a later one removes.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Lets a limit on the size of files end a write with an error, as a full disk does, and not the program in its middle.
pub(super) fn outlive_limits() {
    #[cfg(unix)]
    {
        let seen = std::sync::Arc::default();
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, seen);
    }
}

/// What the names of new files begin with. They have no ending, so no walk takes them for files of a kind that is read.
const PREFIX: &str = ".leastwise-";

/// What the names of the new files of this run begin with.
pub(super) fn own_prefix() -> String {
    format!("{PREFIX}{}-", std::process::id())
}

/// A run that writes.
pub(super) struct Writing {
    started: SystemTime,
    /// The folders that earlier runs' files have been removed from.
    swept: HashSet<PathBuf>,
    #[cfg(unix)]
    signals: signals::Signals,
}

impl Default for Writing {
    fn default() -> Writing {
        Writing {
            started: SystemTime::now(),
            swept: HashSet::new(),
            #[cfg(unix)]
            signals: signals::Signals::default(),
        }
    }
}

impl Writing {
    /// A run that puts off what would end it while a file is written.
    pub(super) fn begin() -> Writing {
        #[cfg(unix)]
        let writing = Writing {
            signals: signals::Signals::held(),
            ..Writing::default()
        };
        #[cfg(not(unix))]
        let writing = Writing::default();
        writing
    }

    /// Does something to its end; a signal that would have ended the program ends it then.
    pub(super) fn uninterrupted<T>(&self, act: impl FnOnce() -> T) -> T {
        #[cfg(unix)]
        self.signals.put_off();
        let done = act();
        #[cfg(unix)]
        self.signals.let_through();
        done
    }

    /// Removes from a folder the new files of earlier runs that were killed: those of the same user, from before this run, of a
    /// program that isn't there any more.
    pub(super) fn sweep(&mut self, folder: &Path) {
        if !self.swept.insert(folder.to_owned()) {
            return;
        }
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let Some(process) = name.to_str().and_then(process_of) else {
                continue;
            };
            // Of a link that of the link.
            let Ok(known) = entry.metadata() else {
                continue;
            };
            let is_older = known.modified().is_ok_and(|at| at < self.started);
            if known.is_file() && is_older && is_own(&known) && !runs(process) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

/// The process that a new file is of, by its name.
fn process_of(name: &str) -> Option<u32> {
    let (process, rest) = name.strip_prefix(PREFIX)?.split_once('-')?;
    let is_of_it = rest.len() == 6 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    process.parse().ok().filter(|_| is_of_it)
}

#[cfg(unix)]
fn is_own(known: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(known) == rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
fn is_own(_: &std::fs::Metadata) -> bool {
    true
}

/// Whether a process is there.
#[cfg(unix)]
fn runs(process: u32) -> bool {
    let pid = i32::try_from(process).ok();
    let pid = pid.and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH))
}

/// What nobody can tell here.
#[cfg(not(unix))]
fn runs(_: u32) -> bool {
    true
}

#[cfg(unix)]
mod signals {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag::{register, register_conditional_default, register_usize};
    use signal_hook::low_level::emulate_default_handler;

    /// Signals that end the program, but not in the middle of a file.
    #[derive(Default)]
    pub(super) struct Signals {
        /// Whether one ends it at once: between files, and when a second one comes.
        at_once: Arc<AtomicBool>,
        /// The last one that came.
        came: Arc<AtomicUsize>,
    }

    impl Signals {
        pub(super) fn held() -> Signals {
            let signals = Signals::default();
            signals.at_once.store(true, Ordering::SeqCst);
            for signal in [SIGHUP, SIGINT, SIGTERM] {
                let number = usize::try_from(signal).unwrap_or_default();
                if is_ignored(number) {
                    continue;
                }
                let _ = register_conditional_default(signal, Arc::clone(&signals.at_once));
                let _ = register_usize(signal, Arc::clone(&signals.came), number);
                let _ = register(signal, Arc::clone(&signals.at_once));
            }
            signals
        }

        pub(super) fn put_off(&self) {
            self.at_once.store(false, Ordering::SeqCst);
        }

        pub(super) fn let_through(&self) {
            self.at_once.store(true, Ordering::SeqCst);
            let came = self.came.load(Ordering::SeqCst);
            if let Some(signal) = i32::try_from(came).ok().filter(|signal| *signal != 0) {
                let _ = emulate_default_handler(signal);
            }
        }
    }

    /// Whether whoever has started the program has it ignore a signal, as `nohup` does.
    fn is_ignored(signal: usize) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mut lines = status.lines();
        let ignored = lines.find_map(|line| line.strip_prefix("SigIgn:"));
        let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        ignored.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_run_has_left_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        // No system has so many processes.
        let gone = format!("{PREFIX}{}-abcdef", i32::MAX);
        let here = format!("{}abcdef", own_prefix());
        let others = [
            ".leastwise-notes",
            ".leastwise-12-a.yaml",
            "leastwise-1-abcdef",
        ];
        for name in [gone.as_str(), here.as_str()].iter().chain(&others) {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let names = || {
            let entries = std::fs::read_dir(folder.path()).unwrap();
            entries
                .map(|entry| entry.unwrap().file_name())
                .collect::<Vec<_>>()
        };
        let mut young = Writing {
            started: SystemTime::UNIX_EPOCH,
            ..Writing::default()
        };
        young.sweep(folder.path());
        assert_eq!(names().len(), 5, "they are of now");
        let later = SystemTime::now() + std::time::Duration::from_secs(1);
        let mut writing = Writing {
            started: later,
            ..Writing::default()
        };
        writing.sweep(folder.path());
        let left = names();
        assert_eq!(left.len(), if cfg!(unix) { 4 } else { 5 }, "{left:?}");
        assert!(!cfg!(unix) || !left.contains(&gone.into()), "{left:?}");
    }
}
