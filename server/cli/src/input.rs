//! Files as texts.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use crate::limits::{EFFECT_LENGTH, FILE_SIZE, LOOKED_THROUGH, LOOKED_THROUGH_AT_ONCE};
use leastwise_workspace::fence::{self, Refused};
use leastwise_workspace::load;
use leastwise_workspace::source_text::{NoText, SourceText};

/// Why a file has no text.
pub(crate) struct UnreadInput {
    /// A sentence for the user, without the path.
    pub why: String,
    /// Whether it may hold a policy, for all that can be seen of it.
    pub may_hold: bool,
}

/// Reads a file that the user has named, or somebody for the user: a hook names what a pull request brings. What a link of a
/// repository leads to outside isn't shown.
pub(crate) fn read_named(path: &Path) -> Result<SourceText, UnreadInput> {
    match fence::leaves_repository(path) {
        true => Err(UnreadInput {
            why: format!("{}; name the file itself", Refused::LeadsOut),
            may_hold: true,
        }),
        false => read(path),
    }
}

/// Reads from standard input what an editor has in place of the file at `path`, which need not be there.
pub(crate) fn read_in_place_of(path: &Path) -> Result<SourceText, UnreadInput> {
    let unread = |why: String| UnreadInput {
        why,
        may_hold: true,
    };
    let mut bytes = Vec::new();
    let mut input = io::stdin().lock().take(FILE_SIZE + 1);
    input
        .read_to_end(&mut bytes)
        .map_err(|error| unread(error.to_string()))?;
    if bytes.len() as u64 > FILE_SIZE {
        return Err(unread(format!("it is larger than {FILE_SIZE} bytes")));
    }
    SourceText::of(path, bytes).map_err(|error| unread(error.to_string()))
}

/// Reads a file.
pub(crate) fn read(path: &Path) -> Result<SourceText, UnreadInput> {
    SourceText::read(path, FILE_SIZE).map_err(|unread| UnreadInput {
        why: unread.to_string(),
        may_hold: match &unread {
            // What isn't there holds nothing.
            NoText::Refused(Refused::Io(error)) => error.kind() != io::ErrorKind::NotFound,
            NoText::Refused(Refused::TooLarge(..)) => shows_an_effect(path),
            NoText::Refused(_) => false,
            NoText::Undecodable(_, bytes) => load::shows_a_policy(bytes),
        },
    })
}

/// Whether a statement's effect, or what opens a block that has policies, stands in the first part of a file that is too
/// large to be read. What else such a file may name, catalogs and schemas do as well.
fn shows_an_effect(path: &Path) -> bool {
    let Ok(file) = File::open(path) else {
        return true;
    };
    let mut file = file.take(LOOKED_THROUGH);
    let mut bytes = Vec::with_capacity(LOOKED_THROUGH_AT_ONCE + EFFECT_LENGTH);
    loop {
        let kept = bytes.len().min(EFFECT_LENGTH);
        bytes.drain(..bytes.len() - kept);
        match (&mut file)
            .take(LOOKED_THROUGH_AT_ONCE as u64)
            .read_to_end(&mut bytes)
        {
            Ok(0) => return false,
            Ok(_) if load::shows_an_effect(&bytes) => return true,
            Ok(_) if load::shows_a_resource(&bytes) => return true,
            Ok(_) => {}
            Err(_) => return true,
        }
    }
}
