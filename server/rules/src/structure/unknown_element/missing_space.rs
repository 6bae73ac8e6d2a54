//! An element whose value stands right behind its colon: YAML wants a space there. Between braces, `Resource:*` is a key without a
//! value; elsewhere it is none.

use leastwise_model::ElementPair;
use leastwise_policy::elements;
use leastwise_syntax::NodeId;
use leastwise_syntax::write::{Edit, InsertAt, NewValue};

use super::super::allowed;
use super::{Grants, RULE, Unknown, What};
use crate::{Context, Finding, Fix, LazyFix, Safety};

/// That an element holds its value, or the beginning of it (`Condition:{Bool`), where so.
pub(super) fn find(context: &Context<'_>, element: &ElementPair) -> Option<What> {
    elements::unspaced(&element.name)?;
    let is_alone = context.span(element.value).is_empty();
    let mapping = context.tree.parent(element.key)?;
    Some(What::Unspaced(is_alone.then_some(mapping)))
}

impl Unknown {
    /// What is told of it.
    pub(super) fn unspaced(&self, mapping: Option<NodeId>) -> Finding {
        let name = self.name.as_str();
        let (element, _) = elements::unspaced(name).unwrap_or((name, ""));
        let is = match mapping {
            Some(_) => "a key without a value",
            None => "one key",
        };
        let message = format!(
            "`{name}` is {is}: there is no space after `{element}:`. AWS rejects the policy."
        );
        Finding::new(&RULE, self.at, message)
            .owner(self.owner.as_deref())
            .help(format!("Add a space after `{element}:`."))
    }

    /// The space put in, where the element isn't there already.
    pub(super) fn space(&self, context: &Context<'_>, mapping: Option<NodeId>) -> Option<LazyFix> {
        let (_, value) = elements::unspaced(&self.name)?;
        let (Grants::Statement(statement), Some(mapping)) = (self.grants, mapping) else {
            return None;
        };
        // A list, a mapping or a function that was meant is no text.
        if value.starts_with(['[', '{', '!', '&', '|', '>']) {
            return None;
        }
        // What is due in a condition, or for principals, is more than a text.
        let texts = [
            "Action",
            "Effect",
            "NotAction",
            "NotResource",
            "Resource",
            "Sid",
        ];
        let &element = self.meant.first().filter(|of| texts.contains(of))?;
        let (key, form, value) = (self.key, self.form, value.to_owned());
        let safety = Safety::changes(!self.is_grave(context));
        let title = "Add a space after the colon";
        Some(LazyFix::new(title, safety, move |context| {
            let adds = match element {
                "Sid" => Vec::new(),
                "Effect" => allowed(context.tree, statement, form, None, Some(&value)),
                // An action of which the text is known.
                "Action" => {
                    let renamed = Some((key, "NotAction"));
                    let all = allowed(context.tree, statement, form, renamed, None);
                    all.into_iter().map(|_| value.clone()).collect()
                }
                _ => allowed(context.tree, statement, form, Some((key, element)), None),
            };
            let put = Edit::InsertPair {
                mapping,
                place: InsertAt::After(key),
                key: element.to_owned(),
                value: NewValue::Str(value.clone()),
            };
            let edits = vec![put, Edit::RemovePair { mapping, key }];
            Some(Fix::new(edits).adds(adds))
        }))
    }
}
