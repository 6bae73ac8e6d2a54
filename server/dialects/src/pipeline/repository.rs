//! Which repository a file lies in, by what git knows of its origin.

use leastwise_model::files::{self, Files};

use super::limits::FOLDERS_UP_TO_REPOSITORY;

/// A repository's path on its host: `owner/name`, or longer on GitLab. Found in the nearest `.git/config` upwards.
pub(super) fn path(file: &str, files: &dyn Files, host: &str) -> Option<String> {
    let mut folder = files::folder(file).to_owned();
    for _ in 0..FOLDERS_UP_TO_REPOSITORY {
        if let Some(config) = files.text(&files::join(&folder, ".git/config")) {
            return origin(&config).and_then(|url| on_host(url, host));
        }
        folder = files::join(&folder, "..");
    }
    None
}

/// The URL of the remote `origin`.
fn origin(config: &str) -> Option<&str> {
    let mut inside = false;
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = line == "[remote \"origin\"]";
        } else if inside
            && let Some((key, value)) = line.split_once('=')
            && key.trim() == "url"
        {
            return Some(value.trim());
        }
    }
    None
}

/// The path of a repository's URL: `git@github.com:o/r.git`, `https://user@github.com/o/r`, `ssh://git@github.com:22/o/r`.
fn on_host(url: &str, host: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    let rest = rest.strip_prefix(host)?;
    let path = rest.strip_prefix([':', '/'])?;
    // A port.
    let path = match path.split_once('/') {
        Some((port, path))
            if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            path
        }
        _ => path,
    };
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    (path.contains('/') && !path.contains([' ', '$', '*', '?'])).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_a_repository() {
        for (url, path) in [
            ("git@github.com:acme/shop.git", Some("acme/shop")),
            ("https://github.com/acme/shop", Some("acme/shop")),
            ("https://token@github.com/acme/shop.git", Some("acme/shop")),
            ("ssh://git@github.com:22/acme/shop.git", Some("acme/shop")),
            ("https://gitlab.com/acme/shop", None),
            ("https://github.com.evil/acme/shop", None),
            ("../elsewhere", None),
        ] {
            assert_eq!(on_host(url, "github.com").as_deref(), path, "{url}");
        }
        let config = "[core]\n\turl = no\n[remote \"origin\"]\n\turl = git@github.com:a/b.git\n";
        assert_eq!(origin(config), Some("git@github.com:a/b.git"));
    }
}
