//! Terraform's functions: a table of those that are worked out.

mod encode;
mod format;
mod list;
mod map;
mod number;
mod pattern;
mod set;
mod text;

use std::cell::Cell;

use super::value::Val;
use crate::terraform::limits::{TEXT_LENGTH, VALUES_OF_ONE};

/// What `can(regex(…))` is called: whether a text matches.
pub(super) const CAN_MATCH: &str = "can regex";

/// What a function makes of arguments of which each is one value. `None` where these don't tell.
type Function = fn(&Call<'_>) -> Option<Val>;

/// A call of a function.
struct Call<'a> {
    arguments: &'a [Val],
    /// What to call a value that isn't known.
    label: &'a str,
    /// Is set where the value would be longer than what is put together.
    is_long: &'a Cell<bool>,
}

impl Call<'_> {
    /// Goes on with a text that isn't too long.
    fn fits(&self, length: usize) -> Option<()> {
        if length > TEXT_LENGTH {
            self.is_long.set(true);
            return None;
        }
        Some(())
    }
}

/// The functions by name, in order. Those that take their arguments as they are stand in [`call`].
const FUNCTIONS: &[(&str, Function)] = &[
    ("abs", number::abs),
    ("alltrue", list::all_true),
    ("anytrue", list::any_true),
    ("basename", text::basename),
    (CAN_MATCH, pattern::can_match),
    ("ceil", number::whole),
    ("chomp", text::chomp),
    ("chunklist", list::chunk_list),
    ("compact", list::compact),
    ("concat", list::concat),
    ("contains", list::contains),
    ("dirname", text::dirname),
    ("distinct", list::distinct),
    ("element", list::element),
    ("endswith", text::ends_with),
    ("flatten", list::flatten),
    ("floor", number::whole),
    ("format", format::format),
    ("formatlist", format::format_list),
    ("index", list::index),
    ("join", format::join),
    ("jsonencode", encode::json_encode),
    ("keys", map::keys),
    ("length", list::length),
    ("lookup", map::lookup),
    ("lower", text::lower),
    ("max", number::max),
    ("merge", map::merge),
    ("min", number::min),
    ("one", list::one),
    ("range", number::range),
    ("regexall", pattern::regex_all),
    ("replace", text::replace),
    ("reverse", list::reverse),
    ("setintersection", set::intersection),
    ("setproduct", set::product),
    ("setsubtract", set::subtract),
    ("setunion", set::union),
    ("slice", list::slice),
    ("sort", list::sort),
    ("split", text::split),
    ("startswith", text::starts_with),
    ("strcontains", text::str_contains),
    ("substr", text::substr),
    ("sum", number::sum),
    ("title", text::title),
    ("tobool", number::to_bool),
    ("tonumber", number::to_number),
    ("toset", set::to_set),
    ("tostring", text::to_string),
    ("trim", text::trim),
    ("trimprefix", text::trim_prefix),
    ("trimspace", text::trim_space),
    ("trimsuffix", text::trim_suffix),
    ("upper", text::upper),
    ("values", map::values),
    ("zipmap", map::zip_map),
];

fn named(name: &str) -> Option<Function> {
    let at = FUNCTIONS
        .binary_search_by_key(&name, |(name, _)| name)
        .ok()?;
    FUNCTIONS.get(at).map(|(_, function)| *function)
}

/// The value of a call; a value that isn't known where the function isn't, or where its arguments don't tell.
/// `label` is what to call it then, and `is_long` is set where it would be longer than what is put together.
pub(super) fn call(name: &str, arguments: &[Val], label: &str, is_long: &Cell<bool>) -> Val {
    // These take their arguments as they are.
    match (name, arguments) {
        ("try" | "coalesce" | "coalescelist", values) => return first(name, values, label),
        ("can", [Val::Any(values)]) if values.is_empty() => return super::operator::truth(false),
        ("can", [Val::Unknown(_) | Val::Any(_)]) => return Val::unknown(label),
        ("can", [_]) => return super::operator::truth(true),
        ("nonsensitive" | "sensitive" | "tolist" | "tomap" | "ephemeralasnull", [one]) => {
            return one.clone();
        }
        _ => {}
    }
    let mut combinations: Vec<Vec<Val>> = vec![Vec::new()];
    for argument in arguments {
        let mut next = Vec::new();
        for combination in &combinations {
            for value in argument.alternatives() {
                if next.len() < VALUES_OF_ONE {
                    let mut one: Vec<Val> = combination.clone();
                    one.push(value.clone());
                    next.push(one);
                }
            }
        }
        combinations = next;
    }
    let function = named(name);
    let assumed = arguments.iter().any(Val::is_assumed);
    let values = combinations.into_iter().map(|arguments| {
        let call = Call {
            arguments: &arguments,
            label,
            is_long,
        };
        let value = function.and_then(|function| function(&call));
        let mut value = value.unwrap_or_else(|| Val::unknown(label));
        if assumed {
            value.assume();
        }
        value
    });
    Val::any(values.collect())
}

/// The first argument that has a value. One that isn't known may or may not have one.
fn first(name: &str, values: &[Val], label: &str) -> Val {
    let mut possible = Vec::new();
    for value in values {
        let empty = match value {
            Val::Null => true,
            Val::Text(text) => name == "coalesce" && text.chars() == Some(""),
            Val::List(items) => name == "coalescelist" && items.is_empty(),
            Val::Any(values) => values.is_empty(),
            _ => false,
        };
        if empty && (name != "try" || !matches!(value, Val::Null)) {
            continue;
        }
        possible.push(value.clone());
        if !matches!(value, Val::Unknown(_)) {
            break;
        }
    }
    match possible.as_slice() {
        [one] => one.clone(),
        // What comes behind a value that isn't known is only there for when it is wanting: no guess at that.
        _ => Val::unknown(label),
    }
}

#[cfg(test)]
mod tests {
    use super::FUNCTIONS;

    #[test]
    fn the_table_is_in_order() {
        assert!(FUNCTIONS.is_sorted_by(|(one, _), (other, _)| one < other));
    }
}
