//! Runs that are ended while they write.

#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

mod support;

use std::fs;
use std::process::{Command, Stdio};

use support::{FINE, command, folder};

/// Whoever ends the program while it writes leaves files that are whole, and nothing beside them.
#[test]
fn a_run_that_is_ended_leaves_no_new_files_behind() {
    use std::os::unix::process::ExitStatusExt as _;
    const FILES: usize = 400;
    let twice = FINE.replace("s3:GetObject", "[s3:GetObject, s3:GetObject]");
    let names: Vec<String> = (0..FILES).map(|at| format!("{at:03}.yaml")).collect();
    for (name, number) in [("TERM", 15), ("INT", 2), ("HUP", 1)] {
        let files: Vec<_> = names.iter().map(|name| (name.as_str(), &*twice)).collect();
        let shop = folder(&files);
        let first = shop.path().join("000.yaml");
        let mut run = command(shop.path(), &["check", "--fix"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        while fs::read_to_string(&first).expect("the file") == twice {
            assert!(run.try_wait().expect("a child").is_none(), "it has ended");
            std::thread::yield_now();
        }
        let killed = Command::new("kill")
            .args([format!("-{name}"), run.id().to_string()])
            .status();
        assert!(killed.expect("a kill").success());
        let status = run.wait().expect("a child");
        assert_eq!(status.signal(), Some(number), "{status:?}");
        let entries = fs::read_dir(shop.path()).expect("the folder");
        assert_eq!(entries.count(), FILES, "{name}");
        let is_left =
            |name: &String| fs::read_to_string(shop.path().join(name)).expect("a file") == twice;
        assert!(names.iter().any(is_left), "it was ended");
    }
}
