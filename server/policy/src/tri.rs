//! Three-valued answers.

/// An answer about a pattern whose text may be partly unknown.
///
/// Rules stay silent on [`Tri::Maybe`]: they would have to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tri {
    /// It holds, whatever the unknown parts are.
    Yes,
    /// It doesn't hold, whatever the unknown parts are.
    No,
    /// It depends on the unknown parts, or finding out would cost too much.
    Maybe,
}

impl Tri {
    /// True unless the answer is a sure no.
    pub fn possible(self) -> bool {
        self != Tri::No
    }

    /// True only where the answer is a sure yes.
    pub fn certain(self) -> bool {
        self == Tri::Yes
    }

    /// The stronger of two answers of which one is enough: yes beats maybe beats no.
    pub fn or(self, other: Tri) -> Tri {
        match (self, other) {
            (Tri::Yes, _) | (_, Tri::Yes) => Tri::Yes,
            (Tri::Maybe, _) | (_, Tri::Maybe) => Tri::Maybe,
            (Tri::No, Tri::No) => Tri::No,
        }
    }

    /// The weaker of two answers that must both hold: no beats maybe beats yes.
    pub fn and(self, other: Tri) -> Tri {
        match (self, other) {
            (Tri::No, _) | (_, Tri::No) => Tri::No,
            (Tri::Maybe, _) | (_, Tri::Maybe) => Tri::Maybe,
            (Tri::Yes, Tri::Yes) => Tri::Yes,
        }
    }

    /// The answer to the opposite question: what isn't known stays so.
    #[must_use]
    pub fn opposite(self) -> Tri {
        match self {
            Tri::Yes => Tri::No,
            Tri::No => Tri::Yes,
            Tri::Maybe => Tri::Maybe,
        }
    }
}
