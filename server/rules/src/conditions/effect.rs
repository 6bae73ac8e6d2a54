//! What comes of it when a test of a condition begins to work, and whether somebody has to look at that first.

use leastwise_model::{Effect, Known, List, Statement};
use leastwise_policy::condition::Operator;
use leastwise_syntax::NodeId;

use super::where_so;
use crate::support::impact::Weight;
use crate::{Context, Fix, for_fixes};

/// How many values of a test are told.
const TOLD: usize = 3;

/// The operators that ask for one of their values, in so many words.
const IS: [&str; 9] = [
    "ArnEquals",
    "ArnLike",
    "Bool",
    "DateEquals",
    "IpAddress",
    "NumericEquals",
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
];

/// What a statement comes to do by a test that didn't work before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Comes {
    /// It allowed nothing, and comes to allow something.
    Allows,
    /// The test always held, and comes to leave some requests out.
    AllowsLess,
    /// It denied nothing, and comes to deny something.
    Denies,
    /// It denied whatever it names, and comes to spare some requests.
    DeniesLess,
    /// What it did isn't known.
    Unclear,
}

impl Comes {
    /// `held` says whether the test always held as it was, or never.
    pub(crate) fn of(statement: &Statement, held: Option<bool>) -> Comes {
        match (&statement.effect, held) {
            (Known::Is(Effect::Allow), Some(false)) => Comes::Allows,
            (Known::Is(Effect::Allow), Some(true)) => Comes::AllowsLess,
            (Known::Is(Effect::Deny), Some(false)) => Comes::Denies,
            (Known::Is(Effect::Deny), Some(true)) => Comes::DeniesLess,
            _ => Comes::Unclear,
        }
    }

    /// Whether that is too much to be done in bulk: nothing becomes control over all that there is by itself, and nothing is
    /// spared that was denied.
    pub(crate) fn is_grave(self, weight: impl FnOnce() -> Weight) -> bool {
        for_fixes::did();
        match self {
            Comes::DeniesLess => true,
            Comes::AllowsLess | Comes::Denies => false,
            Comes::Allows | Comes::Unclear => weight().is_grave(),
        }
    }

    /// Says of a fix what comes of the test, which asks for this.
    pub(crate) fn announced(
        self,
        context: &Context<'_>,
        fix: Fix,
        statement: NodeId,
        asked: impl FnOnce(&Statement) -> Asked,
    ) -> Fix {
        let Some((_, statement)) = context.statement(statement) else {
            return fix;
        };
        let asked = asked(statement);
        let told = |holds: bool| where_so(statement, &asked.told(holds));
        match self {
            Comes::Allows => fix.adds(told(true)),
            Comes::AllowsLess => fix.removes(told(false)),
            Comes::Denies => fix.removes(told(true)),
            Comes::DeniesLess => {
                let keys = asked.keys.join("` and `");
                let note = format!("it no longer denies what the condition on `{keys}` exempts");
                fix.notes([note])
            }
            Comes::Unclear => fix,
        }
    }
}

/// What tests ask for.
#[derive(Clone, Default)]
pub(crate) struct Asked {
    keys: Vec<String>,
    /// In words.
    words: Vec<String>,
}

impl Asked {
    /// Asks for a value.
    pub(crate) fn value(key: &str, operator: &Operator, value: &str) -> Asked {
        let mut asked = Asked::default();
        asked.add(key, operator, &[value.to_owned()], 1);
        asked
    }

    /// Asks for the values of a list as well.
    pub(crate) fn and(
        mut self,
        context: &Context<'_>,
        key: &str,
        operator: &Operator,
        values: &Known<List>,
    ) -> Asked {
        let list = values.known().filter(|list| !list.dynamic);
        let items = list.map_or(&[][..], |list| &list.items);
        let first = items.iter().take(TOLD);
        let shown: Option<Vec<String>> = first
            .map(|item| match context.patterns(item).as_slice() {
                [pattern] => Some(pattern.display()),
                _ => None,
            })
            .collect();
        self.add(key, operator, &shown.unwrap_or_default(), items.len());
        self
    }

    fn add(&mut self, key: &str, operator: &Operator, shown: &[String], count: usize) {
        let is = operator.quantifier.is_none()
            && !operator.if_exists
            && IS.contains(&operator.base.name)
            && !shown.is_empty();
        self.words
            .push(match (is, count.saturating_sub(shown.len())) {
                (false, _) => format!("the condition on {key} is met"),
                (true, 0) => format!("{key} is {}", shown.join(" or ")),
                (true, more) => format!("{key} is {} or one of {more} more", shown.join(", ")),
            });
        self.keys.push(key.to_owned());
    }

    /// When that is so, or isn't.
    fn told(&self, holds: bool) -> String {
        match (holds, self.keys.as_slice()) {
            (true, _) => self.words.join(" and "),
            (false, [key]) => format!("the condition on {key} isn't met"),
            (false, keys) => format!("the conditions on {} aren't met", keys.join(" and ")),
        }
    }
}
