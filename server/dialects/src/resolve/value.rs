//! What the parts of a text are worked out to.

use leastwise_model::resolved::Resolved;
use leastwise_policy::Pattern;

/// What a node is under an environment.
#[derive(Clone, Debug)]
pub enum TextValue {
    /// A text.
    Text(Resolved),
    /// A list of texts.
    List(Vec<Resolved>),
    /// `AWS::NoValue`
    Nothing,
    /// Not known; with what to call it.
    Unknown(String),
}

/// A [`TextValue`] and the conditions it depends on.
pub type Alternative = (TextValue, Vec<(String, bool)>);

/// A text that is known.
pub fn known(text: &str) -> Alternative {
    (
        TextValue::Text(Resolved {
            pattern: Pattern::literal(text),
            ..Resolved::default()
        }),
        Vec::new(),
    )
}

/// Whether each of several values is none, or a text or list with nothing in it.
pub fn is_empty(values: &[Alternative]) -> bool {
    values.iter().all(|(value, _)| match value {
        TextValue::Text(text) => text.pattern.as_literal().as_deref() == Some(""),
        TextValue::List(items) => items.is_empty(),
        TextValue::Nothing => true,
        TextValue::Unknown(_) => false,
    })
}

/// One value that isn't known, with what to call it.
pub fn unknown(label: impl Into<String>) -> Vec<Alternative> {
    vec![(TextValue::Unknown(label.into()), Vec::new())]
}

/// How many bytes a value takes.
pub(crate) fn length(value: &TextValue) -> usize {
    match value {
        TextValue::Text(text) => text.pattern.len(),
        TextValue::List(items) => items.iter().map(|item| item.pattern.len() + 1).sum(),
        TextValue::Unknown(label) => label.len(),
        TextValue::Nothing => 0,
    }
}
