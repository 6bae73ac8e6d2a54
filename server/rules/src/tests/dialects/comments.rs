//! Comments stay with what they stand by through every fix, in every dialect: each line of each row's policy gets one, all
//! fixes are applied in bulk, and each comment is still there, once, beside what it was beside, but for those of what a fix
//! removes.

use std::collections::HashMap;
use std::sync::Arc;

use leastwise_model::Config;
use leastwise_model::files::NoFiles;
use leastwise_syntax::{Format, Tree};
use leastwise_workspace::analysis::index::IndexedFiles;

use super::cell::CONFIG;
use super::dialect::{DIALECTS, Written};
use super::notation::unmark;
use super::row::Row;
use super::{frames, none, table};
use crate::apply_fixes;
use crate::engine::Applied;

/// Where the comments are put.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Put {
    /// At the end of the line.
    Behind,
    /// On a line of its own above it.
    Above,
    /// Before the text of the line, as `/* … */`.
    Before,
    /// In one of these ways or not at all, by a number.
    Some(u64),
}

/// A file with a comment at each line that can have one.
struct Commented {
    text: String,
    format: Format,
    count: usize,
}

fn format_of(path: &str) -> Format {
    match path.rsplit('.').next() {
        // Comments are none in plain JSON.
        Some("json") => Format::Jsonc,
        Some("tf") => Format::Hcl,
        _ => Format::Yaml,
    }
}

/// How many comments there are, those in strings included.
fn count(tree: &Tree) -> usize {
    tree.comments().len() + tree.inner_comments().count()
}

fn commented(text: &str, format: Format, put: Put) -> Commented {
    let mark = if format == Format::Jsonc { "//" } else { "#" };
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let whole = |lines: &[String]| Tree::parse(lines.join("\n") + "\n", format);
    let before = whole(&lines);
    let problems = before.problems().len();
    let mut have = count(&before);
    let start = have;
    let mut dice = match put {
        Put::Some(seed) => seed,
        _ => 0,
    };
    let mut at = 0;
    for number in 0..lines.len() {
        dice = dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let put = match (put, (dice >> 33) % 5) {
            (Put::Some(_), 0) => Put::Behind,
            (Put::Some(_), 1) => Put::Above,
            (Put::Some(_), 2) => Put::Before,
            (Put::Some(_), _) => {
                at += 1;
                continue;
            }
            (put, _) => put,
        };
        let was = lines[at].clone();
        let indent = was[..was.len() - was.trim_start().len()].to_owned();
        match put {
            Put::Behind => lines[at] = format!("{was} {mark} c{number}."),
            Put::Before => lines[at] = format!("{indent}/* c{number}. */ {}", was.trim_start()),
            _ => lines.insert(at, format!("{indent}{mark} c{number}.")),
        }
        let tree = whole(&lines);
        if tree.problems().len() == problems && count(&tree) == have + 1 {
            have += 1;
            at += 1 + usize::from(put == Put::Above);
            continue;
        }
        if put == Put::Above {
            lines.remove(at);
        } else {
            lines[at] = was;
        }
        at += 1;
    }
    Commented {
        text: lines.join("\n") + "\n",
        format,
        count: have - start,
    }
}

/// The numbers of the comments in a line, and what else is in it, without what parts it from others.
fn parts(line: &str) -> (Vec<&str>, String) {
    let mut rest = String::new();
    let mut numbers = Vec::new();
    let mut left = line;
    while let Some(at) = ["# c", "// c", "/* c"]
        .iter()
        .filter_map(|mark| left.find(mark))
        .min()
    {
        rest.push_str(&left[..at]);
        let text = left[at..].trim_start_matches(['#', '/', '*', ' ']);
        let (number, behind) = text.split_once('.').unwrap_or((text, ""));
        numbers.push(number);
        left = behind.strip_prefix(" */").unwrap_or(behind);
    }
    rest.push_str(left);
    let rest = rest.trim().trim_end_matches(',').trim_start_matches("- ");
    (numbers, rest.trim_matches(['"', '\'', ' ']).to_owned())
}

/// Each comment with the texts that it stands by, and how often each line's text is there.
type Standing = (HashMap<String, Vec<String>>, HashMap<String, usize>);

fn standing(text: &str) -> Standing {
    let (mut by, mut lines): Standing = Default::default();
    let mut above: Vec<String> = Vec::new();
    for line in text.lines() {
        let (numbers, rest) = parts(line);
        let numbers = numbers.into_iter().map(str::to_owned);
        if rest.is_empty() {
            above.extend(numbers);
            continue;
        }
        for number in above.drain(..).chain(numbers) {
            by.entry(number).or_default().push(rest.clone());
        }
        *lines.entry(rest).or_default() += 1;
    }
    for number in above {
        by.entry(number).or_default().push(String::new());
    }
    (by, lines)
}

/// Whether a text is an action, as an item of a list.
fn is_action(text: &str) -> bool {
    text.split_once(':').is_some_and(|(service, name)| {
        let is_name = |text: &str| {
            text.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'*')
        };
        !service.is_empty() && !name.is_empty() && is_name(service) && is_name(name)
    })
}

/// What became of the comments that shouldn't have.
fn faults(before: &str, after: &str, applied: &[Applied]) -> Vec<String> {
    let ((was, lines_before), (is, lines_after)) = (standing(before), standing(after));
    let count = |lines: &HashMap<String, usize>, line: &String| {
        lines.get(line).copied().unwrap_or_default()
    };
    let removes = applied
        .iter()
        .any(|applied| applied.fix.title.starts_with("Remove"));
    let mut faults = Vec::new();
    for (number, by) in &was {
        let Some(line) = by.first() else { continue };
        let is_fewer = count(&lines_after, line) < count(&lines_before, line);
        match is.get(number).map(Vec::as_slice) {
            None | Some([]) => {
                if !(removes && is_fewer) {
                    faults.push(format!("{number} of `{line}` is lost"));
                }
            }
            Some([one]) => {
                if is_action(line) && one != line && !is_fewer {
                    faults.push(format!("{number} of `{line}` stands by `{one}`"));
                }
            }
            Some(more) => faults.push(format!("{number} of `{line}` stands by {more:?}")),
        }
    }
    faults
}

fn mended(text: &str, format: Format, path: &str, row: &Row) -> (String, Vec<Applied>) {
    let config = Arc::new(Config::parse(&format!("{CONFIG}{}", row.config)));
    let files: Arc<dyn IndexedFiles> = Arc::new(NoFiles);
    let mended = apply_fixes(text, format, path, &config, &files, |_, _| true);
    assert!(!mended.is_cut_off);
    (mended.text, mended.applied)
}

fn hold(row: &'static Row, written: &Written, put: Put) -> Result<bool, String> {
    let (text, _) = unmark(&written.text);
    let format = format_of(written.path);
    let path = match format {
        Format::Jsonc => format!("{}c", written.path),
        _ => written.path.to_owned(),
    };
    let commented = commented(&text, format, put);
    if commented.count == 0 {
        return Ok(false);
    }
    let (after, applied) = mended(&commented.text, commented.format, &path, row);
    let mut faults = faults(&commented.text, &after, &applied);
    let (again, more) = mended(&after, commented.format, &path, row);
    if again != after {
        let titles: Vec<_> = more.iter().map(|applied| &applied.fix.title).collect();
        faults.push(format!("a second run changes more: {titles:?}\n{again}"));
    }
    if faults.is_empty() {
        return Ok(!applied.is_empty());
    }
    let titles: Vec<_> = applied.iter().map(|applied| &applied.fix.title).collect();
    Err(format!(
        "{} in {path}, {}, {put:?}: {}\n{titles:?}\n{}\n=>\n{after}",
        row.rule,
        written.style,
        faults.join("; "),
        commented.text
    ))
}

/// Each row that has a fix, in each dialect.
#[track_caller]
fn hold_all(put: impl Fn(usize) -> Put) {
    let mut faults = Vec::new();
    let (mut number, mut mended) = (0, 0);
    for row in table::rows().filter(|row| !row.fixes.is_empty() && row.beside.is_none()) {
        for dialect in DIALECTS {
            for written in frames::write(dialect, &row.policy) {
                if written.beside.is_none() {
                    number += 1;
                    match hold(row, &written, put(number)) {
                        Ok(is_mended) => mended += usize::from(is_mended),
                        Err(fault) => faults.push(fault),
                    }
                }
            }
        }
    }
    none(faults);
    assert!(
        mended > number / 3,
        "only {mended} of {number} have comments and are mended"
    );
}

#[test]
fn comments_stay_by_their_items() {
    hold_all(|number| match number % 3 {
        0 => Put::Behind,
        1 => Put::Above,
        _ => Put::Before,
    });
}

#[test]
fn comments_here_and_there() {
    hold_all(|number| Put::Some(number as u64));
}
