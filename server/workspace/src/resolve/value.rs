//! What the parts of a text are worked out to.

use leastwise_model::resolved::Resolved;

/// What a node is under an environment.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// A text.
    Text(Resolved),
    /// A list of texts.
    List(Vec<Resolved>),
    /// `AWS::NoValue`
    Nothing,
    /// Not known; with what to call it.
    Unknown(String),
}

/// A [`Value`] and the conditions it depends on.
pub(crate) type Alternative = (Value, Vec<(String, bool)>);
