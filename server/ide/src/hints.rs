//! Notes behind texts with variables: what they are where they are deployed.

use leastwise_model::text::Part;
use leastwise_model::{Item, Known, Statement};
use leastwise_rules::Context;
use leastwise_syntax::Span;

use crate::Hint;
use crate::values;

/// The most characters of a note: VS Code cuts off what is longer.
const LABEL_WIDTH: usize = 43;

pub(crate) fn hints(context: Context<'_>, range: Span) -> Vec<Hint> {
    let mut hints: Vec<Hint> = Vec::new();
    for site in context
        .analysis
        .sites
        .iter()
        .filter(|site| meets(site.span(context.tree), range))
    {
        for statement in context
            .policy(site)
            .statements
            .iter()
            .filter(|statement| meets(statement.span, range))
        {
            hints.extend(
                items(statement)
                    .filter(|item| meets(item.text.span, range))
                    .filter_map(|item| hint(context, item)),
            );
        }
    }
    let roles = context.analysis.pipeline.iter().flat_map(|it| &it.roles);
    hints.extend(
        roles
            .filter(|role| meets(role.arn.text.span, range))
            .filter_map(|role| hint(context, &role.arn)),
    );
    // An anchored policy is found once for each of its aliases.
    hints.sort_by(|a, b| (a.offset, &a.label).cmp(&(b.offset, &b.label)));
    hints.dedup();
    hints
}

fn meets(span: Span, range: Span) -> bool {
    span.start <= range.end && range.start <= span.end
}

/// The items of the elements that hold ARNs.
pub(crate) fn items(statement: &Statement) -> impl Iterator<Item = &Item> {
    let lists = [&statement.resource, &statement.not_resource];
    let principals = [&statement.principal, &statement.not_principal];
    let of_principals = principals
        .into_iter()
        .filter_map(Known::known)
        .flat_map(|principals| &principals.kinds)
        .filter_map(|kind| kind.values.known());
    lists
        .into_iter()
        .filter_map(Known::known)
        .chain(of_principals)
        .flat_map(|list| &list.items)
}

fn hint(context: Context<'_>, item: &Item) -> Option<Hint> {
    if item
        .text
        .parts
        .iter()
        .all(|part| matches!(part, Part::Literal { .. }))
    {
        return None;
    }
    let values = values::of_item(context, item);
    let first = values.first()?;
    // Nothing has been resolved: the note would say what stands there.
    let written: String = item
        .text
        .parts
        .iter()
        .map(|part| match part {
            Part::Literal { node, start, end } => {
                let text = context.tree.text(*node).unwrap_or_default();
                text.get(*start as usize..*end as usize)
                    .unwrap_or_default()
                    .to_owned()
            }
            Part::Given { text, .. } => text.clone(),
            Part::Variable { name, .. } | Part::Mark { name, .. } => format!("${{{name}}}"),
            Part::Attribute {
                resource,
                attribute,
                ..
            } => format!("${{{resource}.{attribute}}}"),
            Part::Expression { text, .. } => format!("${{{text}}}"),
            Part::Computed { label, .. } => format!("${{{label}}}"),
        })
        .collect();
    if values.len() == 1 && first.text == written {
        return None;
    }
    let others = match values.len() - 1 {
        0 => String::new(),
        others => format!(" +{others}"),
    };
    let label = shorten(&first.text, LABEL_WIDTH - others.len().min(8)) + &others;
    Some(Hint {
        offset: item.text.span.end,
        label,
        tooltip: values::table(&values, "resolved"),
    })
}

/// `text` in at most `most` characters. The end tells most of an ARN, so whole segments go from the front.
fn shorten(text: &str, most: usize) -> String {
    let length = text.chars().count();
    if length <= most {
        return text.to_owned();
    }
    for (before, (offset, letter)) in text.char_indices().enumerate() {
        if matches!(letter, ':' | '/') && length - before < most {
            return format!("…{}", text.get(offset..).unwrap_or_default());
        }
    }
    let head: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{head}…")
}

#[cfg(test)]
mod tests {
    use super::shorten;

    #[test]
    fn the_end_of_an_arn_is_kept() {
        let arn = "arn:aws:sqs:eu-west-1:111111111111:shop-orders*";
        assert_eq!(shorten(arn, arn.len()), arn);
        assert_eq!(
            shorten(arn, arn.len() - 1),
            "…:aws:sqs:eu-west-1:111111111111:shop-orders*"
        );
        assert_eq!(shorten(arn, 37), "…:eu-west-1:111111111111:shop-orders*");
        assert_eq!(shorten(arn, 36), "…:111111111111:shop-orders*");
        assert_eq!(shorten("arn:aws:s3:::été/a/bé", 5), "…/bé");
        assert_eq!(shorten("a-long-name-without-segments", 7), "a-long…");
    }
}
