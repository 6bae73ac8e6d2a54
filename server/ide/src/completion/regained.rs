//! A line of YAML in the column of a list's dashes that stands in an item of the list: editors that know of no item put it there.

use leastwise_syntax::Format;

use super::{CompletionRequest, Offers};
use crate::Completion;
use crate::position::{self, Dash, Spot};

/// What a statement can have at a cursor that is in the column of its dash, with the blanks that put it into the statement.
pub(super) fn in_statement(asked: &CompletionRequest<'_>, offers: Offers) -> Vec<Completion> {
    written(asked, offers).unwrap_or_default()
}

fn written(asked: &CompletionRequest<'_>, offers: Offers) -> Option<Vec<Completion>> {
    let place = &asked.place;
    if asked.format() != Format::Yaml || place.dash == Dash::Stands {
        return None;
    }
    let start = place.start as usize;
    let before = asked.text.get(..start)?;
    let line = before.rfind('\n')? + 1;
    let column = start - line;
    if !before.get(line..)?.trim_start_matches(' ').is_empty() {
        return None;
    }
    let content = content_column(before.get(..line)?, column)?;
    let next = next_column(asked.text.get(place.cursor as usize..)?);
    let is_inside = next == Some(content);
    let pad = " ".repeat(content - column);
    let mut text = before.to_owned();
    text.push_str(&pad);
    text.push_str(asked.text.get(start..)?);
    let moved = u32::try_from(pad.len()).ok()?;
    let place = position::place(&text, Format::Yaml, place.cursor + moved)?;
    let bare = !asked.in_template() || asked.host.is_some();
    let found = position::spot(&place, bare);
    let typed = text.get(place.start as usize..place.cursor as usize)?;
    let inner = CompletionRequest {
        context: asked.context,
        host: asked.host,
        format: asked.format,
        text: &text,
        place,
        found,
        typed,
        statement: None,
        site: asked.site,
        ahead: None,
        mentioned: std::cell::OnceCell::new(),
        layout: std::cell::OnceCell::new(),
    };
    // A statement that has all that it needs ends here as a rule.
    let is_whole = ["Effect", "Action", "Resource"].iter().all(|name| {
        let other = format!("Not{name}");
        inner.has(name) || inner.has(&other)
    });
    if inner.found.spot != Spot::StatementKey || is_whole && !is_inside {
        return None;
    }
    let items = offers(&inner).into_iter().filter(|item| !item.is_snippet);
    let items = items.map(|mut item| {
        item.replace.start -= moved;
        item.replace.end -= moved;
        item.insert.insert_str(0, &pad);
        item
    });
    Some(items.collect())
}

/// The column in which an item goes on whose dash is in a column and which the text ends in.
fn content_column(before: &str, column: usize) -> Option<usize> {
    for line in before.lines().rev() {
        let own = line.trim_start_matches(' ');
        let indent = line.len() - own.len();
        if own.is_empty() || own.starts_with('#') || indent > column {
            continue;
        }
        let rest = own.strip_prefix('-').filter(|_| indent == column)?;
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        let has_key = blanks > 0 && rest.contains(':');
        return has_key.then_some(column + 1 + blanks);
    }
    None
}

/// The column of the next line that has something on it.
fn next_column(behind: &str) -> Option<usize> {
    let mut lines = behind.lines().skip(1);
    let line = lines.find(|line| !line.trim().is_empty())?;
    Some(line.len() - line.trim_start_matches(' ').len())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{labels, take};

    const BEGIN: &str = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n";

    #[test]
    fn a_line_in_the_dashs_column_can_go_on_a_statement() {
        let inside = format!("{BEGIN}  $0\n    Action: s3:GetObject\n");
        assert_eq!(labels(&inside)[0], "Resource");
        assert_eq!(
            take(&inside, "Resource"),
            format!("{BEGIN}    Resource: \n    Action: s3:GetObject\n")
        );
        let last = format!("{BEGIN}  $0\n");
        assert_eq!(labels(&last)[0], "Action");
        assert_eq!(take(&last, "Action"), format!("{BEGIN}    Action: \n"));
        let typed = format!("{BEGIN}  Ac$0\n");
        assert_eq!(take(&typed, "Action"), format!("{BEGIN}    Action: \n"));
    }

    #[test]
    fn behind_a_whole_statement_another_one_begins() {
        let whole = format!("{BEGIN}    Action: s3:GetObject\n    Resource: '*'\n  $0\n");
        assert!(take(&whole, "Effect").ends_with("  - Effect: \n"));
        let between = format!("{whole}  - Effect: Deny\n");
        assert!(take(&between, "Effect").contains("\n  - Effect: \n"));
    }
}
