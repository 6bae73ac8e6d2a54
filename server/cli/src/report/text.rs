//! The report for people: each finding with its source line underlined.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level as Shade, Renderer, Snippet};
use leastwise_model::Level;
use leastwise_rules::Safety;
use leastwise_syntax::Span;

use super::diff::write_diff;
use super::emitter::Emitter;
use super::lines::Range;
use super::model::{Applying, FileReport, Located, Report, SkippedNote};
use super::statistics::{statistics, table};
use crate::limits::{SHOWN_OF_A_LINE, WRITTEN_AT_ONCE};
use crate::output::{count, shown, shown_line};

/// How many related places of a finding are shown.
const RELATED: usize = 3;

/// The format `text`.
#[derive(Debug)]
pub(super) struct Text;

impl Emitter for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn about(&self) -> &'static str {
        "For people"
    }

    fn tells_changes(&self) -> bool {
        true
    }

    fn counts_fixes(&self) -> bool {
        true
    }

    fn tells_statistics(&self) -> bool {
        true
    }

    fn emit(&self, report: &Report<'_>, to: &mut dyn io::Write) -> io::Result<()> {
        // Styles that nobody sees cost as much as the rest.
        let renderer = match report.styled {
            true => Renderer::styled(),
            false => Renderer::plain(),
        };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        let mut out = String::new();
        for file in &report.files {
            write_applied(&mut out, file, report.applying);
            for located in file.shown(report.show).filter(|_| !report.statistics) {
                out.push_str(&render(&renderer, file, located));
                out.push_str("\n\n");
            }
            if out.len() > WRITTEN_AT_ONCE {
                to.write_all(out.as_bytes())?;
                out.clear();
            }
        }
        if report.statistics {
            out.push_str(&table(&statistics(report.shown().map(|(_, at)| at))));
        }
        out.push_str(&summary(report));
        out.push_str(&passed_over(report.passed));
        to.write_all(out.as_bytes())
    }
}

/// What fixes have done to a file, or would do.
fn write_applied(out: &mut String, file: &FileReport<'_>, applying: Applying) {
    if applying == Applying::Dry
        && let Some(before) = file.before
    {
        write_diff(out, &shown(file.path), before, file.text);
    }
    let done = match applying {
        Applying::Written => "fixed",
        _ => "would fix",
    };
    for applied in file.applied {
        let (path, title) = (shown(file.path), shown(&applied.fix.title));
        let _ = write!(out, "{done}: {path}: {title} ({})", applied.rule);
        if !applied.announced.is_empty() {
            let _ = write!(out, "; {}", shown(&applied.announced));
        }
        out.push('\n');
    }
}

fn render(renderer: &Renderer, file: &FileReport<'_>, located: &Located) -> String {
    let finding = &located.finding;
    let shade = match finding.level {
        Level::Error => Shade::ERROR,
        Level::Warning => Shade::WARNING,
        Level::Suggestion | Level::Off => Shade::INFO.with_name("suggestion"),
    };
    let range = &located.range;
    let primary = snippet(file, range, finding.span, AnnotationKind::Primary, None);
    let mut group = shade
        .primary_title(shown(&finding.message).into_owned())
        .id(finding.rule.id)
        .element(primary);
    let related = finding.related.iter().zip(&located.related);
    for (related, range) in related.take(RELATED) {
        let label = Some(shown(&related.note).into_owned());
        let kind = AnnotationKind::Context;
        group = group.element(snippet(file, range, related.span, kind, label));
    }
    let mut groups: Vec<Group<'_>> = vec![group];
    if !finding.help.is_empty() {
        groups.push(Group::with_title(
            Shade::HELP.secondary_title(shown(&finding.help).into_owned()),
        ));
    }
    if let Some(others) = &located.counted.also_for {
        let note = format!("the fix is {others}");
        groups.push(Group::with_title(
            Shade::NOTE.secondary_title(shown(&note).into_owned()),
        ));
    }
    let mut rendered = arrows(renderer.render(&groups));
    let path = shown(file.path);
    let mut from = 0;
    let places = located.related.iter().take(RELATED);
    for range in std::iter::once(&located.range).chain(places) {
        from = set_column(&mut rendered, from, &path, range).unwrap_or(from);
    }
    rendered
}

/// Writes the column of a place in its line behind path and line, in characters: the renderer counts in the part of the
/// line that it is shown. Gives where in the rendered text that is; nothing where the place isn't in it.
fn set_column(rendered: &mut String, from: usize, path: &str, range: &Range) -> Option<usize> {
    let point = &range.start;
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
fn arrows(rendered: String) -> String {
    if !rendered.contains(":::") {
        return rendered;
    }
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
    lines.fold(first, |mut text, line| {
        text.push('\n');
        text.push_str(&line);
        text
    })
}

/// The lines around a place: a large file is not handed over whole for each finding.
fn snippet<'c>(
    file: &FileReport<'c>,
    at: &Range,
    span: Span,
    kind: AnnotationKind,
    label: Option<String>,
) -> Snippet<'c, annotate_snippets::Annotation<'c>> {
    let text = file.text;
    let clamp = |at: u32| {
        let mut at = (at as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, mut end) = (clamp(span.start), clamp(span.end));
    // What is far off isn't looked at: a line may hold all of the text.
    let least = clamp_down(text, start.saturating_sub(SHOWN_OF_A_LINE));
    end = end.min(clamp_down(text, (start + SHOWN_OF_A_LINE).min(text.len())));
    let most = clamp_down(text, (end + SHOWN_OF_A_LINE).min(text.len()));
    // A finding over many lines is shown by its first.
    if let Some(line) = text[start..end].find('\n') {
        end = start + text[start..start + line].trim_end().len();
    }
    let mut from = text[least..start]
        .rfind('\n')
        .map_or(least, |at| least + at + 1);
    let mut to = text[end..most].find('\n').map_or(most, |at| end + at);
    // The carriage return of a CRLF belongs to the break.
    if text[end..to].ends_with('\r') {
        to -= 1;
    }
    // Minified JSON is one line.
    if to - from > SHOWN_OF_A_LINE {
        from = from.max(clamp_down(text, start.saturating_sub(60)));
        to = to.min(clamp_down(text, (end + 60).min(text.len())));
        end = end.min(to);
    }
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
        .path(shown(file.path).into_owned())
        .line_start(at.start.line)
        .annotation(annotation)
}

fn clamp_down(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn summary(report: &Report<'_>) -> String {
    let files = report.with_policies();
    let pipelines = report.files.iter().filter(|file| file.is_pipeline).count();
    let mut by_level: BTreeMap<Level, usize> = BTreeMap::new();
    let (mut safe, mut all, mut manual) = (0, 0, 0);
    for located in report.findings() {
        let finding = &located.finding;
        *by_level.entry(finding.level).or_default() += 1;
        let has = |safety: Safety| located.counted.safeties.contains(&safety);
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
    if number(Level::Suggestion) > 0 && report.show > Level::Suggestion {
        text.push_str(" (--show suggestion prints the suggestions too)");
    }
    text.push_str(".\n");
    // Some fixes can't be written where they belong, or would not end what they are for: `--fix` finds out.
    if report.applying != Applying::Written && safe + all > 0 {
        let both = safe + all;
        let can = format!("{} can be fixed", count(both, "finding"));
        let _ = match (safe, all) {
            (0, _) => writeln!(text, "{can} with --fix --unsafe-fixes."),
            (_, 0) => writeln!(text, "{can} with --fix."),
            _ => writeln!(
                text,
                "{can}: {safe} with --fix, {both} with --fix --unsafe-fixes."
            ),
        };
    }
    if manual > 0 {
        let _ = writeln!(
            text,
            "{} {} fixes to choose from: see the editor or --format json.",
            count(manual, "finding"),
            if manual == 1 { "has" } else { "have" },
        );
    }
    text
}

/// What was passed over as made by others, and how to check it all the same.
fn passed_over(passed: &SkippedNote) -> String {
    const SHOWN: usize = 3;
    let mut what = Vec::new();
    if !passed.folders.is_empty() {
        let named = passed.folders.iter().take(SHOWN);
        let named: Vec<String> = named
            .map(|of| shown(&of.display().to_string()).into_owned())
            .collect();
        let more = match passed.folders.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        what.push(format!("{}{more}", named.join(", ")));
    }
    if passed.copies > 0 {
        what.push(match passed.copies {
            1 => "a copy of an AWS managed policy".to_owned(),
            copies => format!("{copies} copies of AWS managed policies"),
        });
    }
    match what.is_empty() {
        true => String::new(),
        false => format!(
            "Skipped as third-party: {}. Name a file to check it.\n",
            what.join("; ")
        ),
    }
}
