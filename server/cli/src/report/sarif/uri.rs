//! Paths as URIs.

use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use serde_json::{Value, json};

/// The folder that relative URIs are relative to: the one that the program runs in.
pub(super) struct Base(PathBuf);

impl Base {
    /// The folder that the program runs in.
    pub(super) fn here() -> Base {
        Base(std::env::current_dir().unwrap_or_default())
    }

    /// The URI of a file: relative if it is below the base.
    pub(super) fn uri(&self, path: &Path) -> String {
        let plain = plain(&self.0.join(path));
        match plain.strip_prefix(&self.0) {
            Ok(below) => encoded(below),
            Err(_) => format!("file:///{}", encoded(&plain)),
        }
    }

    /// The `artifactLocation` of a file.
    pub(super) fn artifact(&self, path: &Path) -> Value {
        let uri = self.uri(path);
        match uri.starts_with("file:") {
            true => json!({ "uri": uri }),
            false => json!({ "uri": uri, "uriBaseId": "%SRCROOT%" }),
        }
    }
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// The parts of a path between slashes, with all that isn't plain in a URI as `%` and two digits.
fn encoded(path: &Path) -> String {
    let mut uri = String::new();
    let parts = path.components().filter(|part| *part != Component::RootDir);
    for (at, part) in parts.enumerate() {
        if at > 0 {
            uri.push('/');
        }
        for byte in part.as_os_str().as_encoded_bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    uri.push(char::from(*byte));
                }
                other => {
                    let _ = write!(uri, "%{other:02X}");
                }
            }
        }
    }
    uri
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn uris_are_relative_where_they_can_be() {
        let base = Base("/repo".into());
        for (path, uri) in [
            ("a.yaml", "a.yaml"),
            ("./in/../a b.yaml", "a%20b.yaml"),
            ("c:d/é%#?.json", "c%3Ad/%C3%A9%25%23%3F.json"),
            ("/repo/in/a.yaml", "in/a.yaml"),
            ("../else/a.yaml", "file:///else/a.yaml"),
            ("/repository/a.yaml", "file:///repository/a.yaml"),
            ("a\\b\n.yaml", "a%5Cb%0A.yaml"),
        ] {
            assert_eq!(base.uri(Path::new(path)), uri);
        }
    }

    #[test]
    fn no_byte_of_a_path_is_lost() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt as _;
        let path = Path::new(OsStr::from_bytes(b"a\xff.yaml"));
        assert_eq!(Base("/repo".into()).uri(path), "a%FF.yaml");
    }
}
