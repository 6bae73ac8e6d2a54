//! Where the files around a file are looked for.

use std::path::{Path, PathBuf};

use crate::fence::Fence;

/// What the paths of the files around a file are relative to, and how far they may lead: the two go together, since both follow
/// from where the file lies and which config is in force for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FileBase {
    /// What paths are relative to: the folder of the config, else the folder that the program runs in; in an editor, that of the
    /// workspace.
    pub folder: PathBuf,
    /// What lies outside of it isn't looked at.
    pub fence: Fence,
}

impl FileBase {
    /// That of the files in a folder, under the config of another; see [`Fence::enclosing`].
    pub fn of(folder: &Path, config: Option<&Path>, given: &[PathBuf]) -> FileBase {
        FileBase {
            folder: config.map(Path::to_owned).unwrap_or_default(),
            fence: Fence::enclosing(folder, config, given),
        }
    }

    /// The same in an editor, which runs anywhere: without a config, paths are relative to the folder of the workspace that the
    /// file lies in, as messages name the files of it.
    pub fn in_workspace(folder: &Path, config: Option<&Path>, roots: &[PathBuf]) -> FileBase {
        let around = roots.iter().filter(|root| folder.starts_with(root));
        let nearest = around.max_by_key(|root| root.components().count());
        FileBase {
            folder: config
                .or(nearest.map(PathBuf::as_path))
                .map(Path::to_owned)
                .unwrap_or_default(),
            ..FileBase::of(folder, config, roots)
        }
    }
}
