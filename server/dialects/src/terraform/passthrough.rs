//! Functions that give back what they are given, as it is or changed a little: where a policy comes out, it was put in.

use leastwise_syntax::NodeId;

/// What a call may give back.
#[derive(Default)]
pub(super) struct Handed {
    /// Arguments that are policies, or lists of them.
    pub arguments: Vec<NodeId>,
    /// Maps of policies.
    pub maps: Vec<NodeId>,
    /// What is searched for in them, to put something else there.
    pub searched: Option<NodeId>,
}

/// What a function gives back of its arguments; `None` where it makes something else of them, or where that isn't known.
pub(super) fn on(name: &str, arguments: &[NodeId]) -> Option<Handed> {
    let of = |arguments: &[NodeId]| Handed {
        arguments: arguments.to_vec(),
        ..Handed::default()
    };
    Some(match (name, arguments) {
        ("template" | "try" | "coalesce" | "coalescelist" | "concat" | "setunion", all) => of(all),
        // A separator, a format.
        ("join" | "format" | "formatlist" | "indent", [_, rest @ ..]) => of(rest),
        ("replace", [text, searched, ..]) => Handed {
            searched: Some(*searched),
            ..of(&[*text])
        },
        (
            "trim" | "trimspace" | "trimprefix" | "trimsuffix" | "chomp" | "tostring" | "sensitive"
            | "nonsensitive" | "ephemeralasnull" | "one" | "element" | "compact" | "distinct"
            | "flatten" | "reverse" | "slice" | "sort" | "tolist" | "toset" | "templatestring",
            [first, ..],
        ) => of(&[*first]),
        ("lookup", [map, default @ ..]) => Handed {
            maps: vec![*map],
            ..of(default)
        },
        ("values", [map]) => Handed {
            maps: vec![*map],
            ..Handed::default()
        },
        _ => return None,
    })
}
