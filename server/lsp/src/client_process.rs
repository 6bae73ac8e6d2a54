//! The process of the client: a server whose client has died has nobody to serve, though its input may stay open in the hands
//! of another process.

use std::time::Duration;

use tokio::sync::watch;

/// How often it is looked at.
const PERIOD: Duration = Duration::from_secs(2);

/// Ends when the process has ended that `known` names, once it names one. Never where the system can't tell.
pub(crate) async fn ended(mut known: watch::Receiver<Option<u32>>) {
    let pid = known
        .wait_for(Option::is_some)
        .await
        .ok()
        .and_then(|pid| *pid);
    let Some(process) = pid.map(Process::new) else {
        return std::future::pending().await;
    };
    while process.is_alive() {
        tokio::time::sleep(PERIOD).await;
    }
}

#[cfg(unix)]
struct Process {
    pid: Option<rustix::process::Pid>,
    /// A name that no later process gets.
    #[cfg(target_os = "linux")]
    open: rustix::io::Result<std::os::fd::OwnedFd>,
}

#[cfg(unix)]
impl Process {
    fn new(pid: u32) -> Process {
        let pid = i32::try_from(pid)
            .ok()
            .and_then(rustix::process::Pid::from_raw);
        Process {
            pid,
            #[cfg(target_os = "linux")]
            open: pid.ok_or(rustix::io::Errno::INVAL).and_then(|pid| {
                rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty())
            }),
        }
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
        let Some(pid) = self.pid else {
            return true;
        };
        rustix::process::test_kill_process(pid) != Err(Errno::SRCH)
    }
}

#[cfg(not(unix))]
struct Process;

#[cfg(not(unix))]
impl Process {
    fn new(_: u32) -> Process {
        Process
    }

    /// There the input ends with the client.
    fn is_alive(&self) -> bool {
        true
    }
}
