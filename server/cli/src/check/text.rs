//! The report for people: each finding with its source line underlined.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level as Shade, Renderer, Snippet};
use leastwise_rules::{Finding, Safety};
use leastwise_syntax::Span;
use leastwise_workspace::Level;
use similar::{ChangeTag, TextDiff};

use super::file::Checked;
use super::lines::Lines;
use super::walk::Passed;
use crate::Failure;
use crate::args::CheckArgs;
use crate::output;
use crate::output::{print, shown, shown_diff_line, shown_line};

pub(super) fn report(
    checked: &[Checked],
    args: &CheckArgs,
    passed: &Passed,
) -> Result<(), Failure> {
    let renderer = Renderer::styled().decor_style(DecorStyle::Ascii);
    let mut out = String::new();
    for one in checked {
        if args.diff
            && let Some(before) = &one.before
        {
            write_diff(&mut out, &shown(&one.shown_path), before, &one.text);
        }
        for applied in &one.applied {
            let done = if args.fix { "fixed" } else { "would fix" };
            let _ = write!(
                out,
                "{done}: {}: {} ({})",
                shown(&one.shown_path),
                shown(&applied.fix.title),
                applied.rule
            );
            for (word, permissions) in [
                ("adds", &applied.fix.adds),
                ("removes", &applied.fix.removes),
            ] {
                if !permissions.is_empty() {
                    let _ = write!(out, "; {word} {}", shown(&some(permissions)));
                }
            }
            for note in &applied.fix.notes {
                let _ = write!(out, "; {}", shown(note));
            }
            out.push('\n');
        }
        let lines = Lines::new(&one.text);
        for finding in one
            .findings
            .iter()
            .filter(|finding| finding.level >= args.show.level())
        {
            out.push_str(&render(&renderer, one, &lines, finding));
            out.push_str("\n\n");
        }
        if out.len() > 1 << 16 {
            print(&out)?;
            out.clear();
        }
    }
    out.push_str(&summary(checked, args));
    out.push_str(&passed_over(passed));
    print(&out)
}

/// What fixes change in a file, as `patch` takes it.
pub(super) fn exact_diff(checked: &Checked, before: &str) -> String {
    let diff = TextDiff::from_lines(before, &checked.text);
    let (old, new) = (
        format!("a/{}", checked.shown_path),
        format!("b/{}", checked.shown_path),
    );
    diff.unified_diff().header(&old, &new).to_string()
}

/// The lines that change, with those around them.
fn write_diff(out: &mut String, path: &str, before: &str, after: &str) {
    let diff = TextDiff::from_lines(before, after);
    let unified = diff.unified_diff();
    let hunks = unified.iter_hunks();
    for (at, hunk) in hunks.enumerate() {
        if at == 0 {
            let _ = writeln!(out, "--- a/{path}\n+++ b/{path}");
        }
        let _ = writeln!(out, "{}", hunk.header());
        for change in hunk.iter_changes() {
            let line = change.value();
            // The carriage return of a CRLF belongs to the break.
            let (line, end) = match line.strip_suffix("\r\n") {
                Some(line) => (line, "\r\n"),
                None => (line.strip_suffix('\n').unwrap_or(line), "\n"),
            };
            let stays = change.tag() == ChangeTag::Equal;
            let line = shown_diff_line(line, stays);
            let _ = write!(out, "{}{line}{end}", change.tag());
            if change.missing_newline() {
                let _ = writeln!(out, "\\ No newline at end of file");
            }
        }
    }
}

/// Ten permissions, and how many more there are; JSON has them all.
fn some(permissions: &[String]) -> String {
    const NAMED: usize = 10;
    let named = permissions.get(..NAMED).unwrap_or(permissions).join(", ");
    match permissions.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

fn render(renderer: &Renderer, checked: &Checked, lines: &Lines<'_>, finding: &Finding) -> String {
    let shade = match finding.level {
        Level::Error => Shade::ERROR,
        Level::Warning => Shade::WARNING,
        Level::Suggestion | Level::Off => Shade::INFO.with_name("suggestion"),
    };
    let mut group = shade
        .primary_title(shown(&finding.message).into_owned())
        .id(finding.rule.id)
        .element(snippet(
            checked,
            lines,
            finding.span,
            AnnotationKind::Primary,
            None,
        ));
    for related in finding.related.iter().take(3) {
        let place = snippet(
            checked,
            lines,
            related.span,
            AnnotationKind::Context,
            Some(shown(&related.note).into_owned()),
        );
        group = group.element(place);
    }
    let mut groups: Vec<Group<'_>> = vec![group];
    if !finding.help.is_empty() {
        groups.push(Group::with_title(
            Shade::HELP.secondary_title(shown(&finding.help).into_owned()),
        ));
    }
    let mut rendered = arrows(&renderer.render(&groups));
    let path = shown(&checked.shown_path);
    let mut from = 0;
    let places = finding.related.iter().take(3).map(|related| related.span);
    for span in std::iter::once(finding.span).chain(places) {
        from = set_column(&mut rendered, from, &path, lines, span).unwrap_or(from);
    }
    rendered
}

/// Writes the column of a place in its line behind path and line, in characters: the renderer counts in the part of the
/// line that it is shown. Gives where in the rendered text that is; nothing where the place isn't in it.
fn set_column(
    rendered: &mut String,
    from: usize,
    path: &str,
    lines: &Lines<'_>,
    span: Span,
) -> Option<usize> {
    let point = lines.point(span.start);
    let head = format!("{path}:{}:", point.line);
    let at = from + rendered.get(from..)?.find(&head)? + head.len();
    let rest = rendered.get(at..)?;
    let end = at
        + rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
    rendered.replace_range(at..end, &point.column.to_string());
    Some(at)
}

/// The arrow `-->` before each place: the renderer writes `:::` before a second one of a file, and with two colons begin
/// orders to CI systems.
fn arrows(rendered: &str) -> String {
    let mut lines = rendered.split('\n').map(|line| {
        let head = line.split(":::").next().unwrap_or_default();
        let plain = anstream::adapter::strip_str(head);
        let is_arrow = head.len() < line.len() && plain.to_string().trim().is_empty();
        match is_arrow {
            true => Cow::Owned(line.replacen(":::", "-->", 1)),
            false => Cow::Borrowed(line),
        }
    });
    let first = lines.next().unwrap_or_default().into_owned();
    lines.fold(first, |text, line| text + "\n" + &line)
}

/// The lines around a place: a large file is not handed over whole for each finding.
fn snippet<'c>(
    checked: &'c Checked,
    lines: &Lines<'_>,
    span: Span,
    kind: AnnotationKind,
    label: Option<String>,
) -> Snippet<'c, annotate_snippets::Annotation<'c>> {
    const MAX_LINE: usize = 400;
    let text = checked.text.as_str();
    let clamp = |at: u32| {
        let mut at = (at as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, mut end) = (clamp(span.start), clamp(span.end));
    // A finding over many lines is shown by its first.
    if let Some(line) = text[start..end].find('\n') {
        end = start + text[start..start + line].trim_end().len();
    }
    let mut from = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let mut to = text[end..].find('\n').map_or(text.len(), |at| end + at);
    // The carriage return of a CRLF belongs to the break.
    if text[end..to].ends_with('\r') {
        to -= 1;
    }
    // Minified JSON is one line.
    if to - from > MAX_LINE {
        from = from.max(clamp_down(text, start.saturating_sub(60)));
        to = to.min(clamp_down(text, (end + 60).min(text.len())));
        end = end.min(to);
    }
    let line = lines.point(from as u32).line;
    let (line_text, range) = shown_line(
        text.get(from..to).unwrap_or_default(),
        start - from..end.max(start) - from,
    );
    let annotation = kind.span(range);
    let annotation = match label {
        Some(label) => annotation.label(label),
        None => annotation,
    };
    Snippet::source(line_text)
        .path(shown(&checked.shown_path).into_owned())
        .line_start(line)
        .annotation(annotation)
}

fn clamp_down(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

pub(super) fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

fn summary(checked: &[Checked], args: &CheckArgs) -> String {
    let files = checked.iter().filter(|one| one.has_policies).count();
    let pipelines = checked.iter().filter(|one| one.is_pipeline).count();
    let mut by_level: BTreeMap<Level, usize> = BTreeMap::new();
    let (mut safe, mut all, mut manual) = (0, 0, 0);
    for finding in checked.iter().flat_map(|one| &one.findings) {
        *by_level.entry(finding.level).or_default() += 1;
        let has = |safety: Safety| finding.fixes.iter().any(|fix| fix.safety == safety);
        if has(Safety::Safe) {
            safe += 1;
        } else if finding.level < Level::Warning {
            continue;
        } else if has(Safety::Unsafe) {
            all += 1;
        } else if has(Safety::Manual) {
            manual += 1;
        }
    }
    let number = |level: Level| by_level.get(&level).copied().unwrap_or_default();
    let mut text = format!(
        "{}, {} and {} in {} with policies{}",
        count(number(Level::Error), "error"),
        count(number(Level::Warning), "warning"),
        count(number(Level::Suggestion), "suggestion"),
        count(files, "file"),
        match pipelines {
            0 => String::new(),
            _ => format!(" and {}", count(pipelines, "pipeline")),
        },
    );
    if number(Level::Suggestion) > 0 && args.show.level() > Level::Suggestion {
        text.push_str(" (--show suggestion prints the suggestions too)");
    }
    text.push_str(".\n");
    if !args.fix && safe + all > 0 {
        let _ = writeln!(
            text,
            "--fix mends {}{}.",
            safe,
            if all > 0 {
                format!(", with --unsafe-fixes {}", safe + all)
            } else {
                String::new()
            }
        );
    }
    if manual > 0 {
        let _ = writeln!(
            text,
            "{manual} {} to be mended by hand: the editor and --format json show the choices.",
            if manual == 1 { "is" } else { "are" },
        );
    }
    text
}

/// What was passed over as made by others, and how to check it all the same.
fn passed_over(passed: &Passed) -> String {
    const SHOWN: usize = 3;
    let mut what = Vec::new();
    if !passed.folders.is_empty() {
        let shown = passed.folders.iter().take(SHOWN);
        let shown: Vec<String> = shown
            .map(|of| output::shown(&of.display().to_string()).into_owned())
            .collect();
        let more = match passed.folders.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        what.push(format!("{}{more}", shown.join(", ")));
    }
    if passed.copies > 0 {
        what.push(match passed.copies {
            1 => "a copy of a policy of AWS".to_owned(),
            copies => format!("{copies} copies of policies of AWS"),
        });
    }
    match what.is_empty() {
        true => String::new(),
        false => format!(
            "Passed over, as made by others: {}. Name a file to have it checked.\n",
            what.join("; ")
        ),
    }
}
