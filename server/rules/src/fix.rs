//! Fixes: edits of the tree, with what they change of the permissions.

use std::sync::Arc;

use leastwise_syntax::write::{self, Edit, NewValue, TextEdit};
use leastwise_syntax::{Span, Tree};

use crate::support::{lists, truncate};
use crate::{Context, for_fixes, work};

/// Whether a fix changes what is granted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Safety {
    /// Grants nothing more and takes nothing away.
    Safe,
    /// Changes what is granted.
    Unsafe,
    /// Changes what is granted, and may not be what was meant: one of several choices, another service's permission, or
    /// more than a slip. It is offered, and only applied by itself.
    Manual,
}

impl Safety {
    /// `safe`, `unsafe` or `manual`.
    pub fn name(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
            Safety::Manual => "manual",
        }
    }

    /// Of a change of what is granted: whether it is plain enough for all files at once.
    pub(crate) fn changes(plain: bool) -> Safety {
        match plain {
            true => Safety::Unsafe,
            false => Safety::Manual,
        }
    }
}

/// Edits that mend a finding.
#[derive(Clone, Debug, Default)]
pub struct Fix {
    /// The edits, on the tree that the finding was made on.
    pub edits: Vec<Edit>,
    /// Permissions that are granted afterwards and weren't before: `dynamodb:DeleteTable`.
    pub adds: Vec<String>,
    /// Permissions that were granted before and aren't afterwards; `lambda:CreateFunction outside arn:…` where a
    /// permission stays for some resources.
    pub removes: Vec<String>,
    /// What else is to be known of it: `any distribution, since AWS makes up its id`.
    pub notes: Vec<String>,
    /// Who else gains what it adds: `also for role App`.
    pub also_for: Option<String>,
    /// Whether it grants on other resources than those of the statement that it is for.
    pub(crate) reaches_other_resources: bool,
    /// What each new statement is about that allows something beside what others do: two fixes with the same need but one.
    pub(crate) statements: Vec<String>,
}

impl Fix {
    /// A fix that changes no permission.
    pub fn new(edits: Vec<Edit>) -> Fix {
        for_fixes::did();
        Fix {
            edits,
            ..Fix::default()
        }
    }

    /// Says which permissions it adds.
    pub fn adds<S: Into<String>>(mut self, permissions: impl IntoIterator<Item = S>) -> Fix {
        self.adds.extend(permissions.into_iter().map(Into::into));
        self
    }

    /// Says which permissions it removes.
    pub fn removes<S: Into<String>>(mut self, permissions: impl IntoIterator<Item = S>) -> Fix {
        self.removes.extend(permissions.into_iter().map(Into::into));
        self
    }

    /// Says what else is to be known of it.
    pub fn notes(mut self, notes: impl IntoIterator<Item = String>) -> Fix {
        self.notes.extend(notes);
        self
    }
}

/// A fix that has not been worked out yet.
#[derive(Clone)]
pub struct LazyFix {
    /// Imperative sentence, `Add dynamodb:DeleteTable`.
    pub title: String,
    /// Whether it changes what is granted.
    pub safety: Safety,
    /// In bulk: whether a comment goes along with what it removes.
    pub costs_comments: bool,
    /// The title of the fix that does the same in several places, where those are told as one.
    pub(crate) several: Option<String>,
    pub(crate) make: MakeFix,
}

pub(crate) type MakeFix = Arc<dyn Fn(&Context<'_>) -> Option<Fix> + Send + Sync>;

/// How many comments go with what is removed.
fn lost_comments(tree: &Tree, edits: &[TextEdit]) -> usize {
    let gone = edits.iter().filter(|edit| !edit.span.is_empty());
    let gone = gone.flat_map(|edit| tree.comments_in(edit.span));
    let is_lost = |comment: &Span| {
        let text = tree.source().get(comment.range()).unwrap_or_default();
        !edits.iter().any(|edit| edit.text.contains(text.trim_end()))
    };
    gone.filter(is_lost).count()
}

/// How many permissions are told of each kind.
const NAMED: usize = 10;

/// A fix worked out to text edits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResolvedFix {
    /// Imperative sentence, with the comments that go with what is removed.
    pub title: String,
    /// Whether it changes what is granted.
    pub safety: Safety,
    /// See [`Fix::adds`].
    pub adds: Vec<String>,
    /// See [`Fix::removes`].
    pub removes: Vec<String>,
    /// See [`Fix::notes`].
    pub notes: Vec<String>,
    /// See [`Fix::also_for`].
    pub also_for: Option<String>,
    /// How many comments go with what is removed.
    pub lost_comments: usize,
    /// The edits, in order, not overlapping.
    pub edits: Vec<TextEdit>,
    /// See [`Fix::reaches_other_resources`].
    pub(crate) reaches_other_resources: bool,
    /// See [`Fix::statements`].
    pub(crate) statements: Vec<String>,
    /// The edits of the tree, where each of them is for one value or item by itself: with those of other fixes they can be
    /// written in one go. Else none.
    pub(crate) apart: Vec<Edit>,
}

/// Whether an edit puts a single value in the place of one, or takes an item out of its list.
fn is_apart(edit: &Edit) -> bool {
    match edit {
        Edit::SetScalar { .. } | Edit::SetPart { .. } | Edit::RemoveItem { .. } => true,
        Edit::Replace { value, .. } => matches!(
            value,
            NewValue::Str(_) | NewValue::Sub(_) | NewValue::Attribute { .. } | NewValue::Ref(_)
        ),
        Edit::InsertItem { .. } | Edit::InsertPair { .. } | Edit::RemovePair { .. } => false,
    }
}

impl ResolvedFix {
    /// What people are told of what it does: `adds dynamodb:DeleteTable; removes …`, ten permissions each and how many more
    /// there are. Empty where it changes none. Of values that don't stand in the text that the fix is for, as much is quoted as
    /// in findings.
    pub fn announced(&self, source: &str) -> String {
        let places: Vec<Span> = self.edits.iter().map(|edit| edit.span).collect();
        let said = |word: &str, permissions: &[String]| {
            let named = permissions.iter().take(NAMED);
            let named: Vec<String> = named
                .map(|one| truncate::words_shortened(source, &places, one))
                .collect();
            let rest = match permissions.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            (!named.is_empty()).then(|| format!("{word} {}{rest}", named.join(", ")))
        };
        let parts = [said("adds", &self.adds), said("removes", &self.removes)];
        let parts = parts.into_iter().flatten();
        let notes = self.notes.iter().chain(&self.also_for);
        let parts: Vec<String> = parts.chain(notes.cloned()).collect();
        parts.join("; ")
    }
}

impl LazyFix {
    /// One that `make` works out. It is only called when somebody wants the fix; it must capture plain data, no borrow.
    pub(crate) fn new(
        title: impl Into<String>,
        safety: Safety,
        make: impl Fn(&Context<'_>) -> Option<Fix> + Send + Sync + 'static,
    ) -> LazyFix {
        LazyFix {
            title: title.into(),
            safety,
            costs_comments: false,
            several: None,
            make: Arc::new(make),
        }
    }

    /// The same where what people wrote goes along: in bulk it is only for whoever wants more than what is safe.
    fn costing_comments(&self) -> LazyFix {
        LazyFix {
            safety: self.safety.max(Safety::Unsafe),
            costs_comments: true,
            ..self.clone()
        }
    }

    /// Works it out for many files at once, where nobody looks at each: one that is wanted because it is safe takes no comment
    /// along.
    pub(crate) fn resolve_in_bulk(
        &self,
        context: &Context<'_>,
        wanted: impl Fn(&LazyFix) -> bool,
    ) -> Option<ResolvedFix> {
        let resolved = self.resolve(context)?;
        let is_wanted = resolved.lost_comments == 0 || wanted(&self.costing_comments());
        is_wanted.then_some(resolved)
    }

    /// How it is called where it is told as one with those of other places.
    pub(crate) fn of_several(mut self, title: impl Into<String>) -> LazyFix {
        self.several = Some(title.into());
        self
    }

    /// What it changes, without how that is written being worked out.
    pub fn changes(&self, context: &Context<'_>) -> Option<Fix> {
        (self.make)(context)
    }

    /// Works the fix out for the file that it was found in. `None` where it can't be written there (inside a YAML
    /// anchor that is used elsewhere, say).
    pub fn resolve(&self, context: &Context<'_>) -> Option<ResolvedFix> {
        let Fix {
            edits,
            adds,
            removes,
            notes,
            also_for,
            reaches_other_resources,
            statements,
        } = (self.make)(context)?;
        let meant = lists::ready(context.tree, edits)?;
        work::did(1);
        let edits = write::write(context.tree, &meant).ok()?;
        if edits.is_empty() {
            return None;
        }
        let lost_comments = lost_comments(context.tree, &edits);
        let title = match lost_comments {
            0 => self.title.clone(),
            1 => format!("{}, with its comment", self.title),
            count => format!("{}, with {count} comments", self.title),
        };
        Some(ResolvedFix {
            title,
            safety: self.safety,
            adds,
            removes,
            notes,
            also_for,
            lost_comments,
            edits,
            reaches_other_resources,
            statements,
            apart: match meant.iter().all(is_apart) {
                true => meant,
                false => Vec::new(),
            },
        })
    }
}
