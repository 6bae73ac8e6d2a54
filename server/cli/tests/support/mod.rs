//! What the tests of the program share.
#![allow(dead_code, reason = "each of them uses a part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What came of running the program.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The program, to be run in a folder.
pub fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leastwise"));
    command
        .args(args)
        .current_dir(folder)
        .env_remove("CLICOLOR_FORCE");
    command
}

/// Runs the program in a folder.
pub fn leastwise(folder: &Path, args: &[&str]) -> Run {
    run(&mut command(folder, args))
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Run {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the program starts");
    Run {
        code: status.code().expect("an exit code, not a signal"),
        out: String::from_utf8(stdout).expect("UTF-8"),
        err: String::from_utf8(stderr).expect("UTF-8"),
    }
}

/// Gives a file or folder a mode.
#[cfg(unix)]
pub fn mode(path: &Path, mode: u32) -> Option<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).ok()
}

/// Gives a file or folder a mode.
#[cfg(not(unix))]
pub fn mode(_: &Path, _: u32) -> Option<()> {
    None
}

/// Whether the superuser runs the tests, by what they make.
#[cfg(unix)]
pub fn is_root(made: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(made).is_ok_and(|made| made.uid() == 0)
}

/// Whether the superuser runs the tests.
#[cfg(not(unix))]
pub fn is_root(_: &Path) -> bool {
    false
}

/// The program, run by somebody who isn't the superuser.
#[cfg(unix)]
pub fn nobody(folder: &Path, args: &[&str]) -> Option<Command> {
    use std::os::unix::process::CommandExt as _;
    const NOBODY: u32 = 65534;
    let mut command = command(folder, args);
    if is_root(folder) {
        mode(folder, 0o777)?;
        command.uid(NOBODY).gid(NOBODY);
    }
    Some(command)
}

/// The program, run by somebody who isn't the superuser.
#[cfg(not(unix))]
pub fn nobody(_: &Path, _: &[&str]) -> Option<Command> {
    None
}

/// A folder with these files.
pub fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

/// The example in the repository.
pub fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/examples")
}

/// A policy without a fault.
pub const FINE: &str = "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: s3:GetObject
    Resource: arn:aws:s3:::shop-data/*
";
