//! What may be read for the sake of a file: regular files, not too large, of its own repository or workspace.
//!
//! A file that is checked names others, and whoever wrote it chooses which. What lies outside stays unread: nothing of a
//! home folder gets into a report because a pull request has asked for it.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

/// The folders that may be read in, by their true places.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct Fence {
    roots: Vec<PathBuf>,
}

impl Fence {
    /// The one around the files of a folder: their repository; else the folder of the config that is in force there, if
    /// they lie in it; else what the user has named (`given`), or at least the folder itself.
    pub fn enclosing(folder: &Path, config: Option<&Path>, given: &[PathBuf]) -> Fence {
        let place = true_place(folder);
        let repository = place.ancestors().find(|at| at.join(".git").exists());
        if let Some(repository) = repository {
            let roots = vec![repository.to_owned()];
            return Fence { roots };
        }
        let config = config.map(true_place);
        if let Some(config) = config.filter(|config| place.starts_with(config)) {
            let roots = vec![config];
            return Fence { roots };
        }
        let mut roots: Vec<PathBuf> = given.iter().map(|at| true_place(at)).collect();
        if !roots.iter().any(|root| place.starts_with(root)) {
            roots.push(place);
        }
        roots.sort();
        roots.dedup();
        Fence { roots }
    }

    /// Whether a path leads inside once its links are followed. For a path to nothing, the place where the file would be counts.
    pub fn holds(&self, path: &Path) -> bool {
        let place = true_place(path);
        self.roots.iter().any(|root| place.starts_with(root))
    }
}

/// Whether a path, as it is written, is in a repository, and leads out of it by its links. A path with `..` is where
/// that leads.
pub fn leaves_repository(path: &Path) -> bool {
    let Ok(path) = std::path::absolute(path) else {
        return false;
    };
    let mut written = PathBuf::new();
    for part in path.components() {
        match part {
            // Behind a link, it is the folder above the one that the link leads to.
            Component::ParentDir if written.is_symlink() => {
                if leads_out(&written) {
                    return true;
                }
                written = true_place(&written);
                written.pop();
            }
            Component::ParentDir => drop(written.pop()),
            part => written.push(part),
        }
    }
    leads_out(&written)
}

/// Whether a path without `..` lies in a repository, and not when its links are followed.
fn leads_out(path: &Path) -> bool {
    let place = true_place(path);
    // A link to the top of another repository leads out of the one that it lies in.
    let mut above = path.ancestors().skip(1);
    above.any(|at| at.join(".git").exists() && !place.starts_with(true_place(at)))
}

/// Where a path leads with all links followed, as far as there is something.
fn true_place(path: &Path) -> PathBuf {
    let path = match path.as_os_str().is_empty() {
        true => Path::new("."),
        false => path,
    };
    if let Ok(place) = fs::canonicalize(path) {
        return place;
    }
    // A link that leads nowhere yet may lead anywhere later.
    if path.is_symlink() {
        return PathBuf::new();
    }
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut place = PathBuf::new();
    let mut parts = absolute.components();
    for part in parts.by_ref() {
        match part {
            Component::ParentDir => drop(place.pop()),
            part => place.push(part),
        }
        match fs::canonicalize(&place) {
            Ok(found) => place = found,
            Err(_) if place.is_symlink() => return PathBuf::new(),
            Err(_) => break,
        }
    }
    for part in parts {
        match part {
            Component::ParentDir => drop(place.pop()),
            part => place.push(part),
        }
    }
    place
}

/// Why a file isn't read. As a text: a sentence without the path, for the user.
#[derive(Debug)]
pub enum Refused {
    /// The system can't.
    Io(io::Error),
    /// A link to nothing, or to itself.
    Dangling,
    /// A folder.
    Folder,
    /// Something that waits for a writer or never ends.
    Device,
    /// It has so many bytes (as far as that is known) and may have so many.
    TooLarge(Option<u64>, u64),
    /// A link that leads out of the workspace.
    LeadsOut,
    /// It is no text in UTF-8.
    NotText,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Io(error) => error.fmt(f),
            Refused::Dangling => f.write_str("it is a link that leads nowhere"),
            Refused::Folder => f.write_str("it is a folder, not a file"),
            Refused::Device => f.write_str("it is a pipe, a device or a socket, not a file"),
            Refused::TooLarge(size, most) => {
                match size {
                    Some(size) => write!(f, "it has {size} bytes, ")?,
                    None => f.write_str("its end wasn't found, ")?,
                }
                match most >> 20 {
                    0 => write!(f, "and files over {} KiB are not read", most >> 10),
                    most => write!(f, "and files over {most} MiB are not read"),
                }
            }
            Refused::LeadsOut => {
                f.write_str("it is a link that leads out of the repository or folder")
            }
            Refused::NotText => f.write_str("it isn't UTF-8 text"),
        }
    }
}

impl std::error::Error for Refused {}

/// Whether the system makes a file up while it is read. Some of those wait for more for ever, and all say that they are empty.
fn is_made_up(path: &Path) -> bool {
    let place = true_place(path);
    cfg!(target_os = "linux") && ["/proc", "/sys"].iter().any(|at| place.starts_with(at))
}

/// Whether a path is that of a file of at most so many bytes, and how many it has. To be asked before one is opened: a pipe
/// that nobody writes to waits for ever.
pub fn look(path: &Path, most: u64) -> Result<u64, Refused> {
    let known = fs::metadata(path).map_err(|error| failed(path, error))?;
    if known.is_dir() {
        return Err(Refused::Folder);
    }
    if !known.is_file() || known.len() == 0 && is_made_up(path) {
        return Err(Refused::Device);
    }
    if known.len() > most {
        return Err(Refused::TooLarge(Some(known.len()), most));
    }
    Ok(known.len())
}

fn failed(path: &Path, error: io::Error) -> Refused {
    match error.kind() {
        io::ErrorKind::NotFound if path.is_symlink() => Refused::Dangling,
        _ if is_endless(&error) => Refused::Dangling,
        _ => Refused::Io(error),
    }
}

/// Whether links lead to each other, and so to nothing.
fn is_endless(error: &io::Error) -> bool {
    #[cfg(unix)]
    return error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error());
    #[cfg(not(unix))]
    return false;
}

/// Opens a file to be read, without waiting for a writer should it have become a pipe.
fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NONBLOCK.bits();
        options.custom_flags(i32::try_from(flags).unwrap_or_default());
    }
    options.read(true).open(path)
}

/// The bytes of a file of at most so many.
pub fn bytes(path: &Path, most: u64) -> Result<Vec<u8>, Refused> {
    let size = look(path, most)?;
    let file = open(path).map_err(|error| failed(path, error))?;
    // Something else may stand there since it was looked at.
    let known = file.metadata().map_err(|error| failed(path, error))?;
    if !known.is_file() {
        return Err(Refused::Device);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    // What the system makes up while it is read has no length before.
    file.take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| failed(path, error))?;
    match bytes.len() as u64 > most {
        true => Err(Refused::TooLarge(None, most)),
        false => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        root
    }

    #[test]
    fn the_repository_counts_before_the_config_and_that_before_what_is_named() {
        let root = tree(&["home/secret", "home/repo/.git/HEAD", "home/repo/a/b/f.tf"]);
        let at = |path: &str| root.path().join(path);
        let inner = at("home/repo/a/b");
        let holds = |fence: &Fence, path: &str| fence.holds(&at(path));
        // A config above the repository widens nothing.
        let fence = Fence::enclosing(&inner, Some(&at("home")), &[at("home")]);
        assert!(holds(&fence, "home/repo/a/x.yml"));
        assert!(holds(&fence, "home/repo/not/yet/there"));
        assert!(!holds(&fence, "home/secret"));
        assert!(!holds(&fence, "home/repo/../secret"));
        assert!(!holds(&fence, "home/repo/none/../../secret"));
        assert!(!holds(&fence, "home/repository"));

        fs::remove_dir_all(at("home/repo/.git")).unwrap();
        let fence = Fence::enclosing(&inner, Some(&at("home/repo")), &[]);
        assert!(holds(&fence, "home/repo/x") && !holds(&fence, "home/secret"));
        let elsewhere = Fence::enclosing(&inner, Some(&at("elsewhere")), &[at("home/repo/a")]);
        assert!(holds(&elsewhere, "home/repo/a/x") && !holds(&elsewhere, "home/repo/x"));
        let alone = Fence::enclosing(&inner, None, &[at("elsewhere")]);
        assert!(holds(&alone, "home/repo/a/b/x") && !holds(&alone, "home/repo/a/x"));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_first() {
        use std::os::unix::fs::symlink;
        let root = tree(&["home/secret", "repo/f.tf"]);
        let at = |path: &str| root.path().join(path);
        symlink(at("home/secret"), at("repo/file")).unwrap();
        symlink(at("home"), at("repo/folder")).unwrap();
        symlink(at("home/none"), at("repo/dangling")).unwrap();
        symlink(at("repo"), at("way")).unwrap();
        let fence = Fence::enclosing(&at("way"), None, &[]);
        for (path, inside) in [
            ("repo/f.tf", true),
            ("way/f.tf", true),
            ("repo/file", false),
            ("repo/folder/secret", false),
            ("repo/folder/none", false),
            ("repo/folder/none/x", false),
            ("repo/dangling", false),
            ("repo/dangling/x", false),
        ] {
            assert_eq!(fence.holds(&at(path)), inside, "{path}");
        }

        fs::create_dir_all(at("repo/.git")).unwrap();
        for (path, leaves) in [
            ("repo/f.tf", false),
            ("way/f.tf", false),
            ("repo/file", true),
            ("repo/folder/secret", true),
            ("home/secret", false),
        ] {
            assert_eq!(leaves_repository(&at(path)), leaves, "{path}");
        }
        // Also where it is a whole repository that the link leads to; one that lies in another is a part of that.
        fs::create_dir_all(at("home/.git")).unwrap();
        assert!(leaves_repository(&at("repo/folder/secret")));
        assert!(!leaves_repository(&at("home/secret")));
        fs::create_dir_all(at("repo/inner/.git")).unwrap();
        assert!(!leaves_repository(&at("repo/inner/f.tf")));
        // What `..` leads to was named, and no link is followed; but for one that is on the way.
        symlink(at("home"), at("repo/inner/out")).unwrap();
        for (path, leaves) in [
            ("repo/../home/secret", false),
            ("repo/inner/../../home/secret", false),
            ("repo/inner/../f.tf", false),
            ("repo/none/../../home/secret", false),
            ("repo/../way/f.tf", false),
            ("repo/inner/../file", true),
            ("repo/inner/out/../home/secret", true),
            ("way/../home/secret", false),
            ("way/inner/out/../way/f.tf", true),
        ] {
            assert_eq!(leaves_repository(&at(path)), leaves, "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_never_ends_is_not_read() {
        use std::os::unix::fs::symlink;
        use std::os::unix::net::UnixListener;
        let root = tree(&["f"]);
        let at = |path: &str| root.path().join(path);
        let made = std::process::Command::new("mkfifo")
            .arg(at("pipe"))
            .status();
        assert!(made.unwrap().success());
        symlink("/dev/zero", at("zero")).unwrap();
        symlink("pipe", at("link")).unwrap();
        symlink("none", at("dangling")).unwrap();
        symlink("itself", at("itself")).unwrap();
        let _socket = UnixListener::bind(at("socket")).unwrap();
        assert_eq!(bytes(&at("f"), 1).unwrap(), b"x");
        for path in ["pipe", "zero", "link", "socket"] {
            assert!(
                matches!(bytes(&at(path), 9), Err(Refused::Device)),
                "{path}"
            );
        }
        for path in ["dangling", "itself"] {
            let refused = bytes(&at(path), 9);
            assert!(matches!(refused, Err(Refused::Dangling)), "{path}");
        }
        assert!(matches!(bytes(root.path(), 9), Err(Refused::Folder)));
        if cfg!(target_os = "linux") {
            symlink("/proc/kmsg", at("log")).unwrap();
            assert!(matches!(bytes(&at("log"), 9), Err(Refused::Device)));
        }
        assert!(matches!(
            bytes(&at("f"), 0),
            Err(Refused::TooLarge(Some(1), 0))
        ));
        assert!(matches!(bytes(&at("none"), 9), Err(Refused::Io(_))));
        // What has become a pipe since it was looked at is opened at once.
        let opened = open(&at("pipe")).unwrap();
        assert!(!opened.metadata().unwrap().is_file());
    }
}
