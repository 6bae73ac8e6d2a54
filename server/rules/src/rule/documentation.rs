//! What is written at the top of each rule's file, by the rule's name. Who only asks for names need not know the rules, which may
//! themselves be asking.

use leastwise_catalog::typo;

/// By name, in order.
static DOCUMENTATION: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/documentation.rs"));

/// The rule of that name, with its documentation.
pub(crate) fn documented(id: &str) -> Option<(&'static str, &'static str)> {
    let at = DOCUMENTATION.binary_search_by(|(own, _)| (*own).cmp(id));
    at.ok().and_then(|at| DOCUMENTATION.get(at)).copied()
}

/// The names of all rules.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    DOCUMENTATION.iter().map(|(id, _)| *id)
}

/// The rule that there is of that name.
pub(crate) fn known(id: &str) -> Option<&'static str> {
    documented(id).map(|(id, _)| id)
}

/// The name of a rule that somebody has probably meant.
pub(crate) fn nearest(id: &str) -> Option<&'static str> {
    let near = names().filter_map(|own| Some((typo::near(id, own)?, own)));
    typo::nearest(near).into_iter().next()
}
