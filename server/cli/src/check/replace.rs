//! Writes mended files back, and leaves them as they were but for the fixes.

use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use leastwise_workspace::fence::Refused;
use tempfile::NamedTempFile;

use super::writing::{self, Writing};

/// A file that is to get another text.
pub(super) struct Target<'a> {
    /// The file, or a link to it.
    pub path: &'a Path,
    /// The folder that it was found in, without links, unless the user named it.
    pub within: Option<&'a Path>,
    /// Whether it leads out of the repository or folder that it stands in, though the user named it.
    pub leads_out: bool,
    /// The text that it had when it was read.
    pub before: &'a str,
}

/// Why a file still is what it was.
#[derive(Debug)]
pub(super) enum Unwritten {
    /// It would not have been the same file, or not the text that was looked at.
    Left(String),
    /// Nobody may write to it.
    ReadOnly,
    /// The system would not have it.
    Failed(io::Error),
}

impl From<io::Error> for Unwritten {
    fn from(error: io::Error) -> Unwritten {
        Unwritten::Failed(error)
    }
}

impl fmt::Display for Unwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unwritten::Left(why) => write!(f, "unchanged: {why}"),
            Unwritten::ReadOnly => f.write_str("unchanged: it is read-only"),
            Unwritten::Failed(error) => write!(f, "can't be written: {error}"),
        }
    }
}

fn left<T>(why: impl Into<String>) -> Result<T, Unwritten> {
    Err(Unwritten::Left(why.into()))
}

impl Target<'_> {
    /// Where the file is, without links, and what is known of it, if it is one that may be replaced.
    pub(super) fn look(&self) -> Result<(PathBuf, Metadata), Unwritten> {
        let target = fs::canonicalize(self.path)?;
        if let Some(within) = self.within.filter(|within| !target.starts_with(within)) {
            return left(format!(
                "it is a link that leads out of {}, to {}",
                within.display(),
                target.display()
            ));
        }
        if self.leads_out {
            return left(format!("{}, to {}", Refused::LeadsOut, target.display()));
        }
        let known = fs::metadata(&target)?;
        let links = links(&known);
        if links > 1 {
            return left(format!(
                "it has {links} hard links, and the others would keep the old text"
            ));
        }
        // The superuser may write to a file that says nobody may.
        if known.permissions().readonly() {
            return Err(Unwritten::ReadOnly);
        }
        match OpenOptions::new().append(true).open(&target) {
            Ok(_) => Ok((target, known)),
            Err(error) => Err(unopened(error)),
        }
    }

    /// Replaces the file's content in one step: whoever reads it sees the old text or the new one. A link stays a link; owner,
    /// mode and extended attributes stay as they are.
    pub(super) fn replace(&self, text: &str, writing: &mut Writing) -> Result<(), Unwritten> {
        let (target, known) = self.look()?;
        writing.sweep(target.parent().unwrap_or(Path::new(".")));
        writing.uninterrupted(|| self.prepare(text, target, known)?.put(self))
    }

    /// Writes the new text beside the file.
    fn prepare(&self, text: &str, target: PathBuf, known: Metadata) -> Result<Prepared, Unwritten> {
        let folder = target.parent().unwrap_or(Path::new("."));
        let new = tempfile::Builder::new()
            .prefix(&writing::own_prefix())
            .tempfile_in(folder)
            .map_err(without_path)?;
        // By the file itself: the errors of what wraps it name a file that nobody knows.
        let mut file = new.as_file();
        file.write_all(text.as_bytes())?;
        keep_owner(new.as_file(), &known)?;
        keep_attributes(&target, new.as_file())?;
        // Behind the owner, whose change takes bits of the mode away.
        new.as_file().set_permissions(known.permissions())?;
        new.as_file().sync_all()?;
        Ok(Prepared { new, target, known })
    }
}

/// A new text that is on the disk, beside the file that is to get it.
struct Prepared {
    new: NamedTempFile,
    target: PathBuf,
    /// What was known of the file before.
    known: Metadata,
}

impl Prepared {
    /// Puts it in the place of the file, if that still is what it was: to wait for the disk takes a while.
    fn put(self, of: &Target<'_>) -> Result<(), Unwritten> {
        let Prepared { new, target, known } = self;
        if fs::read(&target)? != of.before.as_bytes() {
            return left("it has changed since it was read");
        }
        if fs::canonicalize(of.path)? != target || !is_same(&known, &fs::metadata(&target)?) {
            return left("its mode, owner, links or attributes have changed while it was written");
        }
        new.persist(&target).map_err(|error| error.error)?;
        Ok(())
    }
}

/// Why a file can't be opened to be written to.
fn unopened(error: io::Error) -> Unwritten {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Unwritten::ReadOnly,
        _ => Unwritten::Failed(error),
    }
}

/// Whether nobody has touched a file but to read it.
#[cfg(unix)]
fn is_same(known: &Metadata, now: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let of = |it: &Metadata| {
        let written = (it.mtime(), it.mtime_nsec(), it.ctime(), it.ctime_nsec());
        let owner = (it.uid(), it.gid());
        (it.dev(), it.ino(), it.mode(), it.nlink(), owner, written)
    };
    of(known) == of(now)
}

#[cfg(not(unix))]
fn is_same(known: &Metadata, now: &Metadata) -> bool {
    let of = |it: &Metadata| (it.permissions(), it.len(), it.modified().ok());
    of(known) == of(now)
}

/// An error without the path of the new file, which the user has never heard of.
fn without_path(error: io::Error) -> Unwritten {
    let inner = error.get_ref().and_then(std::error::Error::source);
    let inner = inner.and_then(|inner| inner.downcast_ref::<io::Error>());
    let why = inner.map_or_else(|| error.to_string(), io::Error::to_string);
    let why = format!("no file can be made in its folder: {why}");
    Unwritten::Failed(io::Error::new(error.kind(), why))
}

#[cfg(unix)]
fn links(known: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(known)
}

#[cfg(not(unix))]
fn links(_: &Metadata) -> u64 {
    1
}

#[cfg(unix)]
fn keep_owner(new: &File, known: &Metadata) -> Result<(), Unwritten> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let now = new.metadata()?;
    let uid = (now.uid() != known.uid()).then_some(known.uid());
    let gid = (now.gid() != known.gid()).then_some(known.gid());
    if (uid.is_some() || gid.is_some()) && fchown(new, uid, gid).is_err() {
        let (what, id) = match (uid, gid) {
            (Some(uid), _) => ("owner", uid),
            (None, gid) => ("group", gid.unwrap_or_default()),
        };
        return left(format!("its {what} ({id}) can't be preserved"));
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) -> Result<(), Unwritten> {
    Ok(())
}

/// Gives the new file the extended attributes of the old one, access lists among them, and takes away what only the new one
/// has got of its folder.
#[cfg(unix)]
fn keep_attributes(target: &Path, new: &File) -> Result<(), Unwritten> {
    use xattr::FileExt as _;
    // macOS sets it on whatever a program writes.
    const OF_THE_SYSTEM: &str = "com.apple.provenance";
    let old = File::open(target)?;
    let (Ok(names), Ok(given)) = (old.list_xattr(), new.list_xattr()) else {
        // The file system has none.
        return Ok(());
    };
    let names: Vec<_> = names.filter(|name| name != OF_THE_SYSTEM).collect();
    for name in given.filter(|name| name != OF_THE_SYSTEM && !names.contains(name)) {
        // What the system won't take away, it gives to every file.
        let _ = new.remove_xattr(&name);
    }
    for name in &names {
        let value = old.get_xattr(name)?.unwrap_or_default();
        if new.get_xattr(name).ok().flatten().as_ref() != Some(&value)
            && new.set_xattr(name, &value).is_err()
        {
            let name = name.to_string_lossy();
            return left(format!(
                "its extended attribute `{name}` can't be preserved"
            ));
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_attributes(_: &Path, _: &File) -> Result<(), Unwritten> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(path: &Path) -> Target<'_> {
        Target {
            path,
            within: None,
            leads_out: false,
            before: "old",
        }
    }

    #[cfg(unix)]
    #[test]
    fn mode_and_attributes_stay() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o751)).unwrap();
        // Not every file system has them.
        let has_attributes = xattr::set(&path, "user.kept", b"by the fix").is_ok();
        target(&path)
            .replace("new", &mut Writing::default())
            .unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o751);
        if has_attributes {
            let kept = xattr::get(&path, "user.kept").unwrap();
            assert_eq!(kept.as_deref(), Some(&b"by the fix"[..]));
        }
    }

    #[test]
    fn what_has_changed_since_it_was_read_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        fs::write(&path, "of somebody else").unwrap();
        let unwritten = target(&path)
            .replace("new", &mut Writing::default())
            .unwrap_err();
        assert_eq!(
            unwritten.to_string(),
            "unchanged: it has changed since it was read"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "of somebody else");
        let names = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(names, 1, "the new file is gone");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_changed_while_the_disk_is_waited_for_is_left() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        type Change = (&'static str, fn(&Path));
        let changes: [Change; 5] = [
            ("mode", |path| {
                fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
            }),
            ("link", |path| {
                fs::hard_link(path, path.with_extension("other")).unwrap();
            }),
            ("text", |path| fs::write(path, "another").unwrap()),
            ("file", |path| {
                fs::write(path.with_extension("new"), "old").unwrap();
                fs::rename(path.with_extension("new"), path).unwrap();
            }),
            ("lead", |path| {
                fs::rename(path, path.with_extension("moved")).unwrap();
                symlink(path.with_extension("moved"), path).unwrap();
            }),
        ];
        for (what, change) in changes {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.yaml");
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
            let of = target(&path);
            let (at, known) = of.look().unwrap();
            let prepared = of.prepare("new", at, known).unwrap();
            change(&path);
            let before = fs::metadata(&path).unwrap().permissions();
            let unwritten = prepared.put(&of).unwrap_err().to_string();
            assert!(unwritten.starts_with("unchanged: "), "{what}: {unwritten}");
            assert_ne!(fs::read_to_string(&path).unwrap(), "new", "{what}");
            assert_eq!(fs::metadata(&path).unwrap().permissions(), before, "{what}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_opened_for_another_reason_is_not_read_only() {
        let of = |kind: io::ErrorKind| unopened(io::Error::from(kind)).to_string();
        let read_only = "unchanged: it is read-only";
        assert_eq!(of(io::ErrorKind::PermissionDenied), read_only);
        assert_eq!(of(io::ErrorKind::ReadOnlyFilesystem), read_only);
        #[cfg(unix)]
        {
            // No descriptors are left.
            let said = unopened(io::Error::from_raw_os_error(24)).to_string();
            assert!(
                said.starts_with("can't be written: Too many open files"),
                "{said}"
            );
        }
    }
}
