//! Functions of numbers and truth values.

use super::super::operator::{integer, number, truth};
use super::super::value::Val;
use super::Call;
use crate::limits::ITEMS_OF_A_LIST;

pub(super) fn max(call: &Call<'_>) -> Option<Val> {
    chosen(call, i64::max)
}

pub(super) fn min(call: &Call<'_>) -> Option<Val> {
    chosen(call, i64::min)
}

fn chosen(call: &Call<'_>, choose: fn(i64, i64) -> i64) -> Option<Val> {
    let (first, rest) = call.arguments.split_first()?;
    let mut found = integer(first)?.0;
    for value in rest {
        found = choose(found, integer(value)?.0);
    }
    Some(number(found))
}

pub(super) fn abs(call: &Call<'_>) -> Option<Val> {
    let [value] = call.arguments else { return None };
    integer(value)?.0.checked_abs().map(number)
}

/// `ceil` and `floor`, of what is whole.
pub(super) fn whole(call: &Call<'_>) -> Option<Val> {
    let [value] = call.arguments else { return None };
    Some(number(integer(value)?.0))
}

pub(super) fn sum(call: &Call<'_>) -> Option<Val> {
    let [list] = call.arguments else { return None };
    let mut sum = 0i64;
    for item in list.items()? {
        sum = sum.checked_add(integer(item)?.0)?;
    }
    Some(number(sum))
}

pub(super) fn range(call: &Call<'_>) -> Option<Val> {
    let (start, end) = match call.arguments {
        [end] => (0, integer(end)?.0),
        [start, end] => (integer(start)?.0, integer(end)?.0),
        _ => return None,
    };
    let count = usize::try_from(end.checked_sub(start)?).ok()?;
    (count <= ITEMS_OF_A_LIST).then(|| Val::List((start..end).map(number).collect()))
}

pub(super) fn to_number(call: &Call<'_>) -> Option<Val> {
    match call.arguments {
        [text @ Val::Text(_)] => Some(number(integer(text)?.0)),
        [Val::Null] => Some(Val::Null),
        _ => None,
    }
}

pub(super) fn to_bool(call: &Call<'_>) -> Option<Val> {
    match call.arguments {
        [Val::Text(text)] => match text.chars()? {
            "true" => Some(truth(true)),
            "false" => Some(truth(false)),
            _ => None,
        },
        [Val::Null] => Some(Val::Null),
        _ => None,
    }
}
