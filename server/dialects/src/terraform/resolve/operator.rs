//! What operators, comprehensions and steps make of values.

use super::Evaluator;
use super::syntax::{Expr, For, Hop, Operator};
use super::value::{PartialText, Val};
use crate::limits::ITEMS_OF_A_LIST;
use crate::terraform::Reference;
use crate::terraform::limits::DEPTH_OF_EXPRESSIONS;

/// The name of a comprehension's variable and its value, and those around it.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    name: &'a str,
    value: &'a Val,
    outer: Option<&'a Scope<'a>>,
}

impl<'a> Scope<'a> {
    /// A name within others.
    pub fn new(name: &'a str, value: &'a Val, outer: Option<&'a Scope<'a>>) -> Scope<'a> {
        Scope { name, value, outer }
    }
    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Val> {
        let mut scope = Some(self);
        while let Some(own) = scope {
            if own.name == name {
                return Some(own.value);
            }
            scope = own.outer;
        }
        None
    }
}

/// A truth value.
pub(super) fn truth(holds: bool) -> Val {
    Val::Text(PartialText {
        bare: true,
        ..PartialText::of(if holds { "true" } else { "false" })
    })
}

/// A number.
pub(super) fn number(value: i64) -> Val {
    Val::Text(PartialText {
        bare: true,
        ..PartialText::of(value.to_string())
    })
}

impl Evaluator<'_> {
    /// Works something out, and whether a variable's default had a part in it.
    pub(super) fn watched<T>(&self, make: impl FnOnce() -> T) -> (T, bool) {
        let before = self.assumed.replace(false);
        let made = make();
        let own = self.assumed.get();
        self.assumed.set(before || own);
        (made, own)
    }

    /// What an expression is; `label` is what to call it where that isn't known.
    pub(super) fn expr(&self, expr: &Expr, label: &str, depth: u32) -> Val {
        let value = self.expr_as_made(expr, label, depth);
        self.as_many_as_are_told_apart(value)
    }

    fn expr_as_made(&self, expr: &Expr, label: &str, depth: u32) -> Val {
        let left = self.steps.get();
        if depth > DEPTH_OF_EXPRESSIONS || left == 0 {
            return self.cut_off(label);
        }
        self.steps.set(left - 1);
        match expr {
            Expr::Leaf(tree, node) => self.node(tree, *node, depth + 1),
            Expr::Reference { text, root, hops } => self.path(text, root, hops, label, depth),
            Expr::Path(base, hops) => {
                let value = self.expr(base, label, depth + 1);
                self.hops(value, hops, label, depth)
            }
            Expr::Not(inner) => match self.bool(&self.expr(inner, label, depth + 1)) {
                Some((holds, assumed)) => marked(truth(!holds), assumed),
                None => Val::unknown(label),
            },
            Expr::Negative(inner) => match integer(&self.expr(inner, label, depth + 1)) {
                Some((value, assumed)) => value.checked_neg().map_or_else(
                    || Val::unknown(label),
                    |value| marked(number(value), assumed),
                ),
                None => Val::unknown(label),
            },
            Expr::Binary(operator, left, right) => {
                let (value, assumed) = self.watched(|| {
                    let left = self.expr(left, label, depth + 1);
                    let right = self.expr(right, label, depth + 1);
                    self.binary(*operator, &left, &right)
                });
                value.map_or_else(|| Val::unknown(label), |value| marked(value, assumed))
            }
            Expr::Conditional(parts) => {
                let [condition, yes, no] = parts.as_ref();
                let (value, assumed) = self.watched(|| self.expr(condition, label, depth + 1));
                let branch = |expr| self.expr(expr, label, depth + 1);
                match self.decided(&value).filter(|_| !assumed || self.supposes) {
                    Some(true) => branch(yes),
                    Some(false) => branch(no),
                    None => Val::unknown(label),
                }
            }
            Expr::For(of) => self.comprehension(of, label, depth),
        }
    }

    /// A truth value, and whether it depends on a default.
    pub(super) fn bool(&self, value: &Val) -> Option<(bool, bool)> {
        match value {
            Val::Text(text) if text.conditions.is_empty() => match text.chars()? {
                "true" => Some((true, text.assumed)),
                "false" => Some((false, text.assumed)),
                _ => None,
            },
            _ => None,
        }
    }

    fn binary(&self, operator: Operator, left: &Val, right: &Val) -> Option<Val> {
        match operator {
            Operator::And | Operator::Or => {
                // One that decides is enough.
                let decides = operator == Operator::Or;
                let (one, other) = (self.bool(left), self.bool(right));
                let (holds, assumed) = match (one, other) {
                    (Some((holds, assumed)), _) | (_, Some((holds, assumed)))
                        if holds == decides =>
                    {
                        (holds, assumed)
                    }
                    (_, Some((holds, assumed))) if holds == decides => (holds, assumed),
                    (Some((_, first)), Some((holds, second))) => (holds, first || second),
                    _ => return None,
                };
                Some(marked(truth(holds), assumed))
            }
            Operator::Equal | Operator::NotEqual => {
                let holds = equal(left, right)? == (operator == Operator::Equal);
                Some(marked(
                    truth(holds),
                    left.is_assumed() || right.is_assumed(),
                ))
            }
            _ => {
                let ((left, first), (right, second)) = (integer(left)?, integer(right)?);
                let value = match operator {
                    Operator::Less => truth(left < right),
                    Operator::LessOrEqual => truth(left <= right),
                    Operator::Greater => truth(left > right),
                    Operator::GreaterOrEqual => truth(left >= right),
                    Operator::Add => number(left.checked_add(right)?),
                    Operator::Subtract => number(left.checked_sub(right)?),
                    Operator::Multiply => number(left.checked_mul(right)?),
                    Operator::Divide if left.checked_rem(right)? == 0 => {
                        number(left.checked_div(right)?)
                    }
                    Operator::Modulo => number(left.checked_rem(right)?),
                    _ => return None,
                };
                Some(marked(value, first || second))
            }
        }
    }

    /// A name and steps from it.
    fn path(&self, text: &str, root: &str, hops: &[Hop], label: &str, depth: u32) -> Val {
        if let Some(value) = self.scope.and_then(|scope| scope.get(root)) {
            return self.hops(value.clone(), hops, label, depth);
        }
        if let ("var" | "local", [Hop::Name(name), hops @ ..]) = (root, hops) {
            let text = format!("{root}.{name}");
            let value = match Reference::parse(&text) {
                Some(reference) => self.reference(&reference, &text, depth + 1),
                None => Val::unknown(label),
            };
            return self.hops(value, hops, label, depth);
        }
        match Reference::parse(text) {
            Some(reference) => self.reference(&reference, text, depth + 1),
            None => Val::unknown(label),
        }
    }

    fn hops(&self, value: Val, hops: &[Hop], label: &str, depth: u32) -> Val {
        let Some((hop, rest)) = hops.split_first() else {
            return value;
        };
        if depth > DEPTH_OF_EXPRESSIONS {
            return Val::unknown(label);
        }
        let taken = match hop {
            Hop::Splat => hops.len(),
            Hop::NameSplat => {
                let named = rest.iter().take_while(|hop| matches!(hop, Hop::Name(_)));
                named.count() + 1
            }
            _ => 1,
        };
        let (inner, behind) = hops.split_at(taken);
        let index = match hop {
            Hop::Index(index) => Some(self.expr(index, label, depth + 1)),
            _ => None,
        };
        let one = |value: &Val| match hop {
            Hop::Name(name) => member(value, name, label),
            Hop::Index(_) => index
                .as_ref()
                .and_then(|index| indexed(value, index, label))
                .unwrap_or_else(|| Val::unknown(label)),
            Hop::Splat | Hop::NameSplat => {
                let inner = inner.get(1..).unwrap_or_default();
                let each = |item: &Val| self.hops(item.clone(), inner, label, depth + 1);
                match value {
                    Val::List(items) => Val::List(items.iter().map(each).collect()),
                    Val::Bag(items) => Val::Bag(items.iter().map(each).collect()),
                    Val::Null => Val::List(Vec::new()),
                    Val::Text(_) | Val::Map(_) => Val::List(vec![each(value)]),
                    Val::Any(_) | Val::Unknown(_) => Val::unknown(label),
                }
            }
        };
        let next = Val::any(value.alternatives().iter().map(one).collect());
        self.hops(next, behind, label, depth + 1)
    }

    fn comprehension(&self, of: &For, label: &str, depth: u32) -> Val {
        let over = self.expr(&of.over, label, depth + 1);
        let values = over
            .alternatives()
            .iter()
            .map(|over| self.made(of, over, label, depth))
            .map(|made| made.unwrap_or_else(|| Val::unknown(label)));
        Val::any(values.collect())
    }

    /// What a comprehension makes of one collection. `None` where that isn't known.
    fn made(&self, of: &For, over: &Val, label: &str, depth: u32) -> Option<Val> {
        let is_ordered = !matches!(over, Val::Bag(_));
        let entries: Vec<(Val, &Val)> = match over {
            Val::List(items) | Val::Bag(items) => {
                let index = |at: usize| match is_ordered {
                    true => i64::try_from(at).map_or_else(|_| Val::unknown(label), number),
                    false => Val::unknown(label),
                };
                items
                    .iter()
                    .enumerate()
                    .map(|(at, item)| (index(at), item))
                    .collect()
            }
            Val::Map(pairs) => {
                let mut sorted: Vec<&(String, Val)> = pairs.iter().collect();
                sorted.sort_by(|a, b| a.0.cmp(&b.0));
                let assumed = over.is_assumed();
                let key = |key: &String| marked(Val::text(key), assumed);
                sorted
                    .into_iter()
                    .map(|(name, value)| (key(name), value))
                    .collect()
            }
            _ => return None,
        };
        if entries.len() > ITEMS_OF_A_LIST {
            return None;
        }
        // An item that isn't known may stand for several.
        if !is_ordered
            && entries
                .iter()
                .any(|(_, value)| matches!(value, Val::Unknown(_)))
        {
            return None;
        }
        let mut list = Vec::new();
        let mut map: Vec<(String, Val)> = Vec::new();
        for (at, (key, value)) in entries.iter().enumerate() {
            let outer = Scope::new(of.key_name.as_deref().unwrap_or_default(), key, self.scope);
            let scope = Scope::new(&of.value_name, value, Some(&outer));
            let inner = Evaluator {
                scope: Some(&scope),
                ..*self
            };
            let inner = &inner;
            // What isn't known of one item is not the same as what isn't of another.
            let work = |expr: &Expr| {
                let mut value = inner.expr(expr, label, depth + 1);
                value.relabel(&|hole| {
                    let names = [Some(of.value_name.as_str()), of.key_name.as_deref()];
                    let is_own =
                        hole == label || names.into_iter().flatten().any(|it| mentions(hole, it));
                    is_own.then(|| format!("{hole} {at}"))
                });
                value
            };
            if let Some(test) = &of.test {
                let (holds, assumed) = self.watched(|| self.bool(&work(test)));
                match holds {
                    Some((true, _)) if !assumed => {}
                    Some((false, _)) if !assumed => continue,
                    _ => return None,
                }
            }
            let value = work(&of.value);
            let Some(key) = &of.key else {
                list.push(value);
                continue;
            };
            let Val::Text(key) = work(key) else {
                return None;
            };
            let name = key
                .chars()
                .filter(|_| key.conditions.is_empty())?
                .to_owned();
            match (map.iter_mut().find(|(own, _)| *own == name), of.groups) {
                (Some((_, Val::List(group))), true) => group.push(value),
                (Some(_), _) => return None,
                (None, true) => map.push((name, Val::List(vec![value]))),
                (None, false) => map.push((name, value)),
            }
        }
        Some(match (&of.key, is_ordered) {
            (Some(_), _) => Val::Map(map),
            (None, true) => Val::List(list),
            (None, false) => Val::Bag(list),
        })
    }
}

/// Whether a name stands in a label as a word.
fn mentions(label: &str, name: &str) -> bool {
    let mut words = label.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')));
    words.any(|word| word == name)
}

fn marked(mut value: Val, assumed: bool) -> Val {
    if assumed {
        value.assume();
    }
    value
}

/// A whole number, and whether it depends on a default.
pub(super) fn integer(value: &Val) -> Option<(i64, bool)> {
    match value {
        Val::Text(text) if text.conditions.is_empty() => {
            Some((text.chars()?.parse().ok()?, text.assumed))
        }
        _ => None,
    }
}

/// Whether two values are equal, as far as that is sure.
pub(super) fn equal(left: &Val, right: &Val) -> Option<bool> {
    let known = |text: &PartialText| text.conditions.is_empty() && text.chars().is_some();
    match (left, right) {
        (Val::Null, Val::Null) => Some(true),
        (Val::Null, other) | (other, Val::Null) => match other {
            // A value that isn't known at all may be null, too.
            Val::Text(text) => known(text).then_some(false),
            Val::List(_) | Val::Map(_) | Val::Bag(_) => Some(false),
            _ => None,
        },
        (Val::Text(left), Val::Text(right)) => {
            if !(known(left) && known(right)) {
                return None;
            }
            let same = left.chars()? == right.chars()?;
            let numbers = (left.chars()?.parse::<f64>(), right.chars()?.parse::<f64>());
            match numbers {
                // As numbers they may be equal though they are written differently.
                (Ok(left), Ok(right)) if !same && (left - right).abs() < f64::EPSILON => None,
                // The type of a variable makes one of the other.
                _ if same && left.bare != right.bare => None,
                _ => Some(same),
            }
        }
        (Val::List(left), Val::List(right)) if left.len() != right.len() => Some(false),
        _ => None,
    }
}

/// `.name`
fn member(value: &Val, name: &str, label: &str) -> Val {
    match value {
        Val::Map(pairs) => match pairs.iter().rev().find(|(key, _)| key == name) {
            Some((_, value)) => value.clone(),
            // Surely an error, which only `try` takes.
            None if !value.is_assumed() => Val::Any(Vec::new()),
            None => Val::unknown(label),
        },
        _ => Val::unknown(label),
    }
}

/// `[…]`
fn indexed(value: &Val, index: &Val, label: &str) -> Option<Val> {
    let Val::Text(text) = index else { return None };
    let text = text.chars().filter(|_| text.conditions.is_empty())?;
    let found = match value {
        Val::List(items) => match items.get(text.parse::<usize>().ok()?) {
            Some(item) => item.clone(),
            // Surely an error, which only `try` takes.
            None if !value.is_assumed() && !index.is_assumed() && !items.is_empty() => {
                Val::Any(Vec::new())
            }
            None => return None,
        },
        Val::Map(_) => member(value, text, label),
        _ => return None,
    };
    Some(marked(found, index.is_assumed()))
}
