//! The names that values depend on: which were read while something was worked out, and what some are taken for.

use crate::limits::NOTED_NAMES;
use foldhash::HashMap;
use std::cell::RefCell;

/// A name that a value depends on: the module of Terraform that it is one of (0 in a template), and the name there.
pub(crate) type NameKey = (usize, String);

/// What has been read of a name while something was worked out.
#[derive(Clone, Debug)]
pub struct Note {
    /// The name.
    pub name: NameKey,
    /// Whether it surely is empty, or null.
    pub empty: bool,
    /// How many values it may have.
    pub count: usize,
}

/// The notes of one evaluation, each name once.
#[derive(Debug, Default)]
pub struct Notes(RefCell<Taken>);

/// The notes in the order in which they were taken down, and which is which name's.
#[derive(Debug, Default)]
struct Taken {
    notes: Vec<Note>,
    by_name: HashMap<NameKey, usize>,
}

impl Notes {
    /// Those that were taken down, once nothing more is.
    pub fn taken(self) -> Vec<Note> {
        self.0.into_inner().notes
    }

    /// Those that were taken down.
    pub fn all(&self) -> Vec<Note> {
        self.0.borrow().notes.clone()
    }

    /// Takes a name down.
    pub fn add(&self, name: NameKey, empty: bool, count: usize) {
        let mut taken = self.0.borrow_mut();
        let Taken { notes, by_name } = &mut *taken;
        let next = notes.len();
        match by_name.get(&name).and_then(|at| notes.get_mut(*at)) {
            Some(note) => {
                note.empty |= empty;
                note.count = note.count.max(count);
            }
            None if next >= NOTED_NAMES => {}
            None => {
                by_name.insert(name.clone(), next);
                notes.push(Note { name, empty, count });
            }
        }
    }
}

/// What a name is taken for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Pin {
    /// Unknown.
    Hole,
    /// The value of that number among those that it may have.
    Only(usize),
}

/// Names that are taken for something else than all their values.
pub(crate) type Pins = [(NameKey, Pin)];

/// What a name is taken for.
pub fn pinned(pins: &Pins, module: usize, name: &str) -> Option<Pin> {
    let mut pins = pins.iter();
    let found = pins.find(|((of, own), _)| *of == module && own == name);
    found.map(|(_, pin)| *pin)
}
