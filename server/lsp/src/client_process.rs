//! The process of the client: a server whose client has died has nobody to serve, though its input may stay open in the hands
//! of another process.

use std::time::Duration;

use tokio::sync::watch;

/// How often it is looked at.
const PERIOD: Duration = Duration::from_secs(2);

/// Ends when the process has ended that `known` names, once it names one. Never where the system can't tell, nor for one
/// that can't be seen from here, of which `unseen` is told: a client in another container has another's number here, or none.
pub(crate) async fn ended(mut known: watch::Receiver<Option<u32>>, unseen: impl Fn(u32)) {
    loop {
        let pid = known.borrow_and_update().to_owned();
        match pid.map(|pid| (pid, Process::seen(pid))) {
            Some((_, Some(process))) => {
                while process.is_alive() {
                    tokio::time::sleep(PERIOD).await;
                }
                return;
            }
            Some((pid, None)) => unseen(pid),
            None => {}
        }
        if known.changed().await.is_err() {
            return std::future::pending().await;
        }
    }
}

#[cfg(unix)]
struct Process {
    pid: rustix::process::Pid,
    /// A name that no later process gets.
    #[cfg(target_os = "linux")]
    open: rustix::io::Result<std::os::fd::OwnedFd>,
}

#[cfg(unix)]
impl Process {
    /// The process of a number, if there is one.
    fn seen(pid: u32) -> Option<Process> {
        let pid = i32::try_from(pid)
            .ok()
            .and_then(rustix::process::Pid::from_raw)?;
        let process = Process {
            pid,
            #[cfg(target_os = "linux")]
            open: rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty()),
        };
        process.is_alive().then_some(process)
    }

    fn is_alive(&self) -> bool {
        use rustix::io::Errno;
        #[cfg(target_os = "linux")]
        if let Ok(open) = &self.open {
            use rustix::event::{PollFd, PollFlags, Timespec, poll};
            let mut open = [PollFd::new(open, PollFlags::IN)];
            // It can be read once the process has ended.
            return poll(&mut open, Some(&Timespec::default())) != Ok(1);
        }
        rustix::process::test_kill_process(self.pid) != Err(Errno::SRCH)
    }
}

#[cfg(not(unix))]
struct Process;

#[cfg(not(unix))]
impl Process {
    fn seen(_: u32) -> Option<Process> {
        Some(Process)
    }

    /// There the input ends with the client.
    fn is_alive(&self) -> bool {
        true
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::process::Command;
    use std::sync::Mutex;

    #[tokio::test]
    async fn only_what_was_seen_can_end() {
        let mut gone = Command::new("true").spawn().unwrap();
        let unseen = gone.id();
        gone.wait().unwrap();
        let (sender, known) = watch::channel(Some(unseen));
        let told = Mutex::new(Vec::new());
        let waiting = ended(known, |pid| told.lock().unwrap().push(pid));
        tokio::pin!(waiting);
        let moment = Duration::from_millis(50);
        let early = tokio::time::timeout(moment, &mut waiting).await;
        assert!(early.is_err());
        assert_eq!(*told.lock().unwrap(), [unseen]);

        let mut client = Command::new("sleep").arg("600").spawn().unwrap();
        sender.send(Some(client.id())).unwrap();
        let early = tokio::time::timeout(moment, &mut waiting).await;
        assert!(early.is_err());
        client.kill().unwrap();
        client.wait().unwrap();
        waiting.await;
        assert_eq!(told.lock().unwrap().len(), 1);
    }
}
