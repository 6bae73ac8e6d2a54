//! The pairs of a mapping, as they are written or as loops make them.

use leastwise_syntax::{NodeId, Pair, Tree};

use crate::policy::List;
use crate::text::Part;

/// What the variables of loops are in one turn.
pub type LoopBindings = Vec<(String, String)>;

/// A pair as written or as a loop makes it.
#[derive(Clone, Debug)]
pub struct Turn {
    /// The node of its key as written.
    pub key: NodeId,
    /// The key, `None` for one that is no text.
    pub name: Option<String>,
    /// The node of its value.
    pub value: NodeId,
    /// What the loops' variables are; empty outside of loops.
    pub bindings: LoopBindings,
}

impl Turn {
    /// A pair as it is written.
    pub fn written(tree: &Tree, pair: Pair) -> Turn {
        Turn {
            key: pair.key,
            name: tree.text(pair.key).map(str::to_owned),
            value: pair.value,
            bindings: LoopBindings::new(),
        }
    }
}

/// A key with the variables of its loops replaced.
pub fn bound(key: &str, bindings: &[(String, String)]) -> String {
    let mut key = key.to_owned();
    for (name, value) in bindings {
        key = key.replace(&format!("${{{name}}}"), value);
        // What a logical id can't have is left out of it.
        let plain: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
        key = key.replace(&format!("&{{{name}}}"), &plain);
    }
    key
}

/// Puts what the loops' variables are in one turn in their place.
pub fn bind(list: &mut List, bindings: &[(String, String)]) {
    for part in list.items.iter_mut().flat_map(|item| &mut item.text.parts) {
        if let Part::Variable { name, span } = part
            && let Some((_, value)) = bindings.iter().find(|(bound, _)| bound == name)
        {
            *part = Part::Given {
                text: value.clone(),
                span: *span,
            };
        }
    }
}
