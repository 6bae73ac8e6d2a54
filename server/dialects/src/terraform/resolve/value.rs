//! Values of expressions: what Terraform would make of them, as far as that is known.

use leastwise_model::resolved::Resolved;
use leastwise_model::text::is_no_declared_name;
use leastwise_policy::Pattern;

use crate::limits::ITEMS_OF_A_LIST;
use crate::resolve::{Alternative, TextValue};
use crate::terraform::limits::{BYTES_OF_A_VALUE, DEPTH_OF_LISTED_TEXTS, VALUES_OF_ONE};

/// What an expression is.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Val {
    /// A string, a number or a truth value.
    Text(PartialText),
    /// A list, a tuple or a set, its items in order.
    List(Vec<Val>),
    /// The same where neither the order nor the number of its items is sure: one that isn't known may be none or several.
    Bag(Vec<Val>),
    /// A map or an object.
    Map(Vec<(String, Val)>),
    /// `null`
    Null,
    /// One of several.
    Any(Vec<Val>),
    /// Not known; with what to call it.
    Unknown(String),
}

/// A text with parts that aren't known.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct PartialText {
    /// The parts, no two neighbours of the same kind `Chars`.
    pub parts: Vec<Frag>,
    /// Whether it is a number or a truth value, which JSON has without quotes.
    pub bare: bool,
    /// Whether it depends on the default of a variable.
    pub assumed: bool,
    /// The conditions that it depends on, each with whether it holds.
    pub conditions: Vec<(String, bool)>,
}

/// A part of a text.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Frag {
    /// Characters.
    Chars(String),
    /// Not known; with what to call it.
    Hole(String),
    /// Not known but for that it has no `/` and no `:` in it.
    Word(String),
    /// No characters, where a condition that isn't known leaves something out; with what to call it.
    Absent(String),
}

impl Frag {
    fn is_absent(&self) -> bool {
        matches!(self, Frag::Absent(_))
    }
}

impl PartialText {
    fn weight(&self) -> u32 {
        let lengths = self.parts.iter().map(|part| match part {
            Frag::Chars(chars) => chars.len(),
            Frag::Hole(label) | Frag::Word(label) | Frag::Absent(label) => label.len(),
        });
        u32::try_from(lengths.sum::<usize>() / BYTES_OF_A_VALUE).unwrap_or(u32::MAX)
    }

    /// A known text.
    pub fn of(chars: impl Into<String>) -> PartialText {
        let mut text = PartialText::default();
        text.push(&chars.into());
        text
    }

    /// Appends characters.
    pub fn push(&mut self, chars: &str) {
        if chars.is_empty() {
            return;
        }
        match self.parts.last_mut() {
            Some(Frag::Chars(last)) => last.push_str(chars),
            _ => self.parts.push(Frag::Chars(chars.to_owned())),
        }
    }

    /// Appends another text.
    pub fn append(&mut self, other: &PartialText) {
        for part in &other.parts {
            match part {
                Frag::Chars(chars) => self.push(chars),
                Frag::Hole(_) | Frag::Word(_) | Frag::Absent(_) => self.parts.push(part.clone()),
            }
        }
        self.assumed |= other.assumed;
        for condition in &other.conditions {
            if !self.conditions.contains(condition) {
                self.conditions.push(condition.clone());
            }
        }
    }

    /// Takes what isn't known in it for words: names without `/` and `:`.
    pub fn in_words(&mut self) {
        for part in &mut self.parts {
            if let Frag::Hole(label) = part {
                *part = Frag::Word(std::mem::take(label));
            }
        }
    }

    /// The characters, where all of them are known.
    pub fn chars(&self) -> Option<&str> {
        let mut parts = self.parts.iter().filter(|part| !part.is_absent());
        match (parts.next(), parts.next()) {
            (None, _) => Some(""),
            (Some(Frag::Chars(chars)), None) => Some(chars),
            _ => None,
        }
    }

    /// Whether it is nothing but what a condition that isn't known leaves out.
    fn is_absent(&self) -> bool {
        !self.parts.is_empty() && self.parts.iter().all(Frag::is_absent)
    }

    /// Takes an empty text for one that is left out.
    pub fn leave_out(&mut self, label: impl FnOnce() -> String) {
        if self.parts.is_empty() {
            self.parts.push(Frag::Absent(label()));
        }
    }

    /// How many bytes it takes.
    pub fn len(&self) -> usize {
        let part = |part: &Frag| match part {
            Frag::Chars(chars) | Frag::Hole(chars) | Frag::Word(chars) => chars.len(),
            Frag::Absent(_) => 0,
        };
        self.parts.iter().map(part).sum()
    }

    /// Another text made of this one's characters, where they are known; else a hole.
    pub fn map(&self, label: &str, make: impl FnOnce(&str) -> String) -> PartialText {
        let is_whole = self.is_absent() || self.parts.len() < 2;
        let mut text = match self.chars().filter(|_| is_whole) {
            Some(chars) => PartialText::of(make(chars)),
            None => PartialText {
                parts: vec![Frag::Hole(label.to_owned())],
                ..PartialText::default()
            },
        };
        if self.is_absent() {
            text.leave_out(|| label.to_owned());
        }
        text.assumed = self.assumed;
        text.conditions.clone_from(&self.conditions);
        text
    }

    /// As a value of the resolver; `shown` to somebody, what is left out is as empty as it is.
    fn resolved(&self, shown: bool) -> Resolved {
        let mut builder = Pattern::builder();
        for part in &self.parts {
            match part {
                Frag::Chars(chars) => {
                    builder.push_literal(&policy_variables(chars));
                }
                Frag::Hole(label) => {
                    builder.push_hole(label);
                }
                Frag::Word(label) => {
                    builder.push_word(label);
                }
                Frag::Absent(_) if shown => {}
                Frag::Absent(label) => {
                    builder.push_hole(label);
                }
            }
        }
        Resolved {
            pattern: builder.build(),
            omits: self.parts.iter().any(Frag::is_absent),
            left_out: self.is_absent(),
            assumed: self.assumed,
            conditions: self.conditions.clone(),
            ..Resolved::default()
        }
    }
}

/// `&{aws:username}` is how `aws_iam_policy_document` wants to be given IAM's variables. Nothing else is written so.
fn policy_variables(chars: &str) -> String {
    let mut out = String::with_capacity(chars.len());
    let mut rest = chars;
    while let Some((before, behind)) = rest.split_once("&{") {
        out.push_str(before);
        let name = behind.split('}').next().unwrap_or_default();
        out.push_str(if is_no_declared_name(name) {
            "${"
        } else {
            "&{"
        });
        rest = behind;
    }
    out.push_str(rest);
    out
}

impl Val {
    /// How many values it is made of, long texts counted as several; counted up to `most`.
    pub fn size(&self, most: u32) -> u32 {
        let mut size = 0_u32;
        let mut work = vec![self];
        while let Some(value) = work.pop() {
            size = size.saturating_add(1);
            if size >= most {
                break;
            }
            match value {
                Val::List(values) | Val::Bag(values) | Val::Any(values) => work.extend(values),
                Val::Map(pairs) => work.extend(pairs.iter().map(|(_, value)| value)),
                Val::Text(text) => size = size.saturating_add(text.weight()),
                Val::Null | Val::Unknown(_) => {}
            }
        }
        size
    }

    /// A known text.
    pub fn text(chars: impl Into<String>) -> Val {
        Val::Text(PartialText::of(chars))
    }

    /// Not known.
    pub fn unknown(label: impl Into<String>) -> Val {
        Val::Unknown(label.into())
    }

    /// One of several values.
    pub fn any(values: Vec<Val>) -> Val {
        let mut flat: Vec<Val> = Vec::new();
        for value in values {
            let inner = match value {
                Val::Any(inner) => inner,
                other => vec![other],
            };
            for value in inner {
                if flat.len() < VALUES_OF_ONE && !flat.contains(&value) {
                    flat.push(value);
                }
            }
        }
        match flat.len() {
            1 => flat.swap_remove(0),
            _ => Val::Any(flat),
        }
    }

    /// The values that it may have.
    pub fn alternatives(&self) -> &[Val] {
        match self {
            Val::Any(values) => values,
            one => std::slice::from_ref(one),
        }
    }

    /// The texts that it may be; a hole for what is no text.
    pub fn texts(&self, label: &str) -> Vec<PartialText> {
        let hole = |label: &str| PartialText {
            parts: vec![Frag::Hole(label.to_owned())],
            ..PartialText::default()
        };
        let text = |value: &Val| match value {
            Val::Text(text) => text.clone(),
            Val::Unknown(label) => hole(label),
            _ => hole(label),
        };
        self.alternatives().iter().map(text).collect()
    }

    /// The items of a list, also of one whose order isn't sure.
    pub fn members(&self) -> Option<&[Val]> {
        match self {
            Val::Bag(items) => Some(items),
            other => other.items(),
        }
    }

    /// The items of a list.
    pub fn items(&self) -> Option<&[Val]> {
        match self {
            Val::List(items) => Some(items),
            Val::Null => Some(&[]),
            _ => None,
        }
    }

    /// Marks all texts in it as depending on a condition.
    pub fn under(&mut self, name: &str, holds: bool) {
        self.for_each_text(&mut |text| {
            let condition = (name.to_owned(), holds);
            if !text.conditions.contains(&condition) {
                text.conditions.push(condition);
            }
        });
    }

    /// Takes an empty text for one that is left out.
    pub fn leave_out(&mut self, label: impl FnOnce() -> String) {
        if let Val::Text(text) = self {
            text.leave_out(label);
        }
    }

    /// Marks all texts in it as depending on a default.
    pub fn assume(&mut self) {
        self.for_each_text(&mut |text| text.assumed = true);
    }

    /// Whether anything in it depends on a default.
    pub(crate) fn is_assumed(&self) -> bool {
        match self {
            Val::Text(text) => text.assumed,
            Val::List(items) | Val::Bag(items) | Val::Any(items) => {
                items.iter().any(Val::is_assumed)
            }
            Val::Map(pairs) => {
                pairs.is_empty() || pairs.iter().any(|(_, value)| value.is_assumed())
            }
            Val::Null | Val::Unknown(_) => false,
        }
    }

    /// Goes through all texts in it.
    pub(crate) fn for_each_text(&mut self, change: &mut impl FnMut(&mut PartialText)) {
        match self {
            Val::Text(text) => change(text),
            Val::List(items) | Val::Bag(items) | Val::Any(items) => {
                for item in items {
                    item.for_each_text(change);
                }
            }
            Val::Map(pairs) => {
                for (_, value) in pairs {
                    value.for_each_text(change);
                }
            }
            Val::Null | Val::Unknown(_) => {}
        }
    }

    /// Gives other names to what isn't known.
    pub(crate) fn relabel(&mut self, name: &impl Fn(&str) -> Option<String>) {
        self.for_each_text(&mut |text| {
            for part in &mut text.parts {
                if let Frag::Hole(label) | Frag::Word(label) | Frag::Absent(label) = part
                    && let Some(new) = name(label)
                {
                    *label = new;
                }
            }
        });
        self.relabel_whole(name);
    }

    fn relabel_whole(&mut self, name: &impl Fn(&str) -> Option<String>) {
        match self {
            Val::Unknown(label) => {
                if let Some(new) = name(label) {
                    *label = new;
                }
            }
            Val::List(items) | Val::Bag(items) | Val::Any(items) => {
                items.iter_mut().for_each(|item| item.relabel_whole(name));
            }
            Val::Map(pairs) => pairs
                .iter_mut()
                .for_each(|(_, value)| value.relabel_whole(name)),
            Val::Text(_) | Val::Null => {}
        }
    }

    /// As alternatives of the resolver; `shown` to somebody, what is left out is empty.
    pub(crate) fn into_alternatives(self, label: &str, shown: bool) -> Vec<Alternative> {
        let values = match self {
            Val::Any(values) => values,
            one => vec![one],
        };
        values
            .into_iter()
            .map(|value| match value {
                Val::Text(text) => {
                    let mut resolved = text.resolved(shown);
                    let conditions = std::mem::take(&mut resolved.conditions);
                    (TextValue::Text(resolved), conditions)
                }
                Val::List(items) | Val::Bag(items) => {
                    let mut texts = Vec::new();
                    flatten(&items, (label, shown), &mut texts, 0);
                    (TextValue::List(texts), Vec::new())
                }
                Val::Null => (TextValue::Nothing, Vec::new()),
                Val::Unknown(label) => (TextValue::Unknown(label), Vec::new()),
                Val::Map(_) | Val::Any(_) => (TextValue::Unknown(label.to_owned()), Vec::new()),
            })
            .collect()
    }
}

/// The texts of a list: all that each item may be, as a list in a policy is a set.
fn flatten(items: &[Val], of: (&str, bool), into: &mut Vec<Resolved>, depth: usize) {
    for item in items {
        if into.len() >= ITEMS_OF_A_LIST || depth > DEPTH_OF_LISTED_TEXTS {
            return;
        }
        match item {
            Val::List(inner) | Val::Bag(inner) | Val::Any(inner) => {
                flatten(inner, of, into, depth + 1)
            }
            Val::Null => {}
            other => {
                let texts = other.texts(of.0).into_iter();
                into.extend(texts.map(|text| text.resolved(of.1)));
            }
        }
    }
}

/// A hole.
pub(super) fn hole(label: impl Into<String>) -> PartialText {
    PartialText {
        parts: vec![Frag::Hole(label.into())],
        ..PartialText::default()
    }
}
