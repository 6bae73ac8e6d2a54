//! What is done about an ARN that names nothing: what is said of it, and its fix.

use leastwise_model::SiteKind;
use leastwise_policy::Pattern;
use leastwise_syntax::write::Edit;

use super::TextFix;
use super::consequence::{Refused, Used};
use crate::resources::action_resource_mismatch::readable;
use crate::support::impact::Weight;
use crate::{Context, Fix, LazyFix, Safety};

impl TextFix {
    /// What is said of it, where the problem doesn't say that.
    pub(super) fn help(&self) -> Option<String> {
        Some(match self {
            TextFix::None | TextFix::Text { .. } => return None,
            TextFix::SomeArn(None) => "Use its ARN.".to_owned(),
            TextFix::SomeArn(Some(form)) => format!("Use its ARN: `{}`.", readable(form)),
            TextFix::OtherArn => "Use the ARN of a resource that the actions apply to.".to_owned(),
            TextFix::Remove { .. } => "Remove this: its ARN is already listed.".to_owned(),
            TextFix::OwnArn { arn, more, .. } => {
                let shown = arn.written.shown();
                match (more, arn.open) {
                    (Some((more, _)), _) => format!(
                        "Use its ARN, `{shown}`, and that of what it contains, `{}`.",
                        more.written.shown()
                    ),
                    (None, true) => {
                        format!("Use the ARN of one of its users: `{shown}` is all of them.")
                    }
                    (None, false) => format!("Use its ARN: `{shown}`."),
                }
            }
        })
    }

    /// The fix that it is, in a policy of this kind.
    pub(super) fn fix(&self, context: &Context<'_>, kind: SiteKind) -> Option<LazyFix> {
        let is_grave = |used: &Used, after: &[Pattern]| {
            used.is_grave(|| Weight::within(context, used.statement, kind), after)
        };
        match self {
            TextFix::None | TextFix::SomeArn(_) | TextFix::OtherArn => None,
            TextFix::Remove {
                list,
                item,
                already,
                after,
                used,
            } => {
                let (list, item) = (*list, *item);
                // What a `Deny` spares is so by what is named beside it.
                let is_grave = !used.is_deny() && is_grave(used, after);
                let safety = match already {
                    true if !is_grave => Safety::Safe,
                    _ => Safety::changes(!is_grave),
                };
                Some(LazyFix::new("Remove it", safety, move |_| {
                    Some(Fix::new(vec![Edit::RemoveItem { list, item }]))
                }))
            }
            TextFix::OwnArn {
                arn,
                more,
                after,
                gained,
                used,
            } => {
                let title = match (more, arn.open) {
                    (Some(_), _) => "Use its ARN, and that of what it contains",
                    (None, true) => "Use the ARN of all its users",
                    (None, false) => "Use its ARN",
                };
                let safety = Safety::changes(!arn.open && !is_grave(used, after));
                let (arn, gained, used) = (arn.clone(), gained.clone(), used.clone());
                let more = more.clone();
                Some(LazyFix::new(title, safety, move |context| {
                    let edits = match &more {
                        Some((more, list)) => arn.edits_with(context, more, *list)?,
                        None => vec![arn.edit(context)],
                    };
                    let fix = Fix::new(edits);
                    let all = gained.iter();
                    Some(all.fold(fix, |fix, arn| used.announced(context, fix, arn)))
                }))
            }
            TextFix::Text {
                part: (node, part),
                title,
                text,
                plain,
                after,
                used,
            } => {
                let is_grave = is_grave(used, std::slice::from_ref(after));
                let refused = match used.refused {
                    Refused::Perhaps if !is_grave => Refused::No,
                    refused => refused,
                };
                let used = Used {
                    refused,
                    ..used.clone()
                };
                let (node, part) = (*node, part.clone());
                let (text, after) = (text.clone(), after.clone());
                let safety = Safety::changes(*plain && !is_grave);
                Some(LazyFix::new(title, safety, move |context| {
                    let edit = Edit::SetPart {
                        node,
                        part: part.clone(),
                        text: text.clone(),
                    };
                    Some(used.announced(context, Fix::new(vec![edit]), &after))
                }))
            }
        }
    }
}
