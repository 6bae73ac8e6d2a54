//! Lists of a statement, of which not everything need be known.

use crate::Tri;

/// One value of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedValue<T> {
    /// What it is in each environment that the policy is deployed to: one form where they agree, none where it isn't
    /// known.
    pub forms: Vec<T>,
    /// Whether it is surely in the list: not where it stands behind a condition of a template.
    pub certain: bool,
}

/// The values of an element of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entries<T> {
    /// Those that are known.
    pub items: Vec<ListedValue<T>>,
    /// Whether there may be others.
    pub open: bool,
}

impl<T> Entries<T> {
    /// Values that are all known, each the same in every environment.
    pub fn of(values: impl IntoIterator<Item = T>) -> Entries<T> {
        let sure = |value| ListedValue {
            forms: vec![value],
            certain: true,
        };
        Entries {
            items: values.into_iter().map(sure).collect(),
            open: false,
        }
    }

    /// A list of which nothing is known.
    pub fn unknown() -> Entries<T> {
        Entries {
            items: Vec::new(),
            open: true,
        }
    }

    /// Every form of every value.
    pub fn forms(&self) -> impl Iterator<Item = &T> {
        self.items.iter().flat_map(|entry| &entry.forms)
    }

    /// Whether `test` is true of some value.
    pub fn any(&self, test: impl Fn(&T) -> Tri) -> Tri {
        let mut answer = if self.open { Tri::Maybe } else { Tri::No };
        for entry in &self.items {
            answer = answer.or(entry.is(&test));
            if answer == Tri::Yes {
                break;
            }
        }
        answer
    }
}

impl<T> ListedValue<T> {
    fn is(&self, test: impl Fn(&T) -> Tri) -> Tri {
        let mut forms = self.forms.iter().map(test);
        let Some(first) = forms.next() else {
            return Tri::Maybe;
        };
        let same = forms.all(|other| other == first);
        match first {
            Tri::No if same => Tri::No,
            Tri::Yes if same && self.certain => Tri::Yes,
            _ => Tri::Maybe,
        }
    }
}

/// What an element of a statement picks out of everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection<T> {
    /// What one of these values takes in: `Action`, `Resource`.
    Only(Entries<T>),
    /// What none of them does: `NotAction`, `NotResource`.
    AllBut(Entries<T>),
}

impl<T> Selection<T> {
    /// Whether it picks what `test` is true of.
    pub fn picks(&self, test: impl Fn(&T) -> Tri) -> Tri {
        match self {
            Selection::Only(entries) => entries.any(test),
            Selection::AllBut(entries) => entries.any(test).opposite(),
        }
    }

    /// The values.
    pub fn entries(&self) -> &Entries<T> {
        match self {
            Selection::Only(entries) | Selection::AllBut(entries) => entries,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(wanted: u8) -> impl Fn(&u8) -> Tri {
        move |value| {
            if *value == wanted { Tri::Yes } else { Tri::No }
        }
    }

    #[test]
    fn what_differs_or_may_be_missing_is_not_sure() {
        let list = |forms: &[u8], certain, open| Entries {
            items: vec![ListedValue {
                forms: forms.to_vec(),
                certain,
            }],
            open,
        };
        for (entries, answer) in [
            (list(&[1], true, false), Tri::Yes),
            (list(&[1], true, true), Tri::Yes),
            (list(&[1], false, false), Tri::Maybe),
            (list(&[1, 2], true, false), Tri::Maybe),
            (list(&[1, 1], true, false), Tri::Yes),
            (list(&[2, 3], true, false), Tri::No),
            (list(&[2], false, false), Tri::No),
            (list(&[2], true, true), Tri::Maybe),
            (list(&[], true, false), Tri::Maybe),
            (Entries::unknown(), Tri::Maybe),
            (Entries::of([]), Tri::No),
            (Entries::of([3, 1]), Tri::Yes),
        ] {
            assert_eq!(entries.any(is(1)), answer, "{entries:?}");
            let rest = Selection::AllBut(entries.clone());
            assert_eq!(rest.picks(is(1)), answer.opposite(), "{rest:?}");
            let only = Selection::Only(entries);
            assert_eq!(only.picks(is(1)), answer, "{only:?}");
        }
    }
}
