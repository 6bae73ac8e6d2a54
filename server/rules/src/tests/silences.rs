//! What keeps rules silent, and what they say to the letter: for each guard a row that is told differently without it.

mod branches;
mod deploy;
mod elements;
mod format;
mod places;
mod resources;
mod several_files;
mod structure;

use super::fixture::{Fixture, fixed_text};
use crate::Rule;

/// A text and what is told of it: for each finding parts of its line in [`line()`], in order, with `…` between them.
type Row<'r> = (&'r str, &'r [&'r str]);

/// A finding in a line: level, what it marks, message, help, and each fix with its safety and what it adds.
fn lines(fixture: &Fixture, rule: &Rule) -> Vec<String> {
    let context = fixture.context();
    let source = fixture.tree.source();
    fixture
        .findings(rule)
        .iter()
        .map(|finding| {
            let marked = &source[finding.span.range()];
            let mut line = format!(
                "{:?} <{marked}> {} {}",
                finding.level, finding.message, finding.help
            );
            for fix in &finding.fixes {
                let adds = fix.resolve(&context).map(|fix| fix.adds);
                line += &format!(" [{} {:?} {adds:?}]", fix.title, fix.safety);
            }
            if finding.fixes.is_empty() {
                line += " [no fix]";
            }
            line
        })
        .collect()
}

#[track_caller]
fn tells(fixture: &Fixture, rule: &Rule, text: &str, wanted: &[&str]) -> Option<String> {
    let lines = lines(fixture, rule);
    let is = |line: &str, wanted: &str| {
        let mut rest = line;
        wanted.split('…').all(|part| match rest.split_once(part) {
            Some((_, behind)) => {
                rest = behind;
                true
            }
            None => false,
        })
    };
    let same = lines.len() == wanted.len()
        && lines
            .iter()
            .zip(wanted)
            .all(|(line, wanted)| is(line, wanted));
    (!same).then(|| format!("{text}\n  tells {lines:#?}\n  for   {wanted:#?}\n"))
}

/// Asserts what a rule tells of each of several texts.
#[track_caller]
fn rows(rule: &Rule, config: &str, rows: &[Row<'_>]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(text, wanted)| tells(&Fixture::new(text, config), rule, text, wanted))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

/// As [`rows`], of statements of a plain policy.
#[track_caller]
fn statements(rule: &Rule, config: &str, of: &[Row<'_>]) {
    let texts: Vec<String> = of
        .iter()
        .map(|(text, _)| format!("Version: '2012-10-17'\nStatement:\n  - {text}\n"))
        .collect();
    let of: Vec<Row<'_>> = texts
        .iter()
        .zip(of)
        .map(|(text, (_, wanted))| (text.as_str(), *wanted))
        .collect();
    rows(rule, config, &of);
}

/// A role of CloudFormation with one policy, whose statements are given as a list.
fn template(resources: &str, statements: &str) -> String {
    format!(
        "Resources:
  Queue: {{Type: AWS::SQS::Queue}}
  Bucket: {{Type: AWS::S3::Bucket}}
{resources}  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: app
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - {statements}
"
    )
}

/// As [`rows`], of statements of a role in a template.
#[track_caller]
fn in_template(rule: &Rule, config: &str, of: &[Row<'_>]) {
    let texts: Vec<String> = of.iter().map(|(text, _)| template("", text)).collect();
    let of: Vec<Row<'_>> = texts
        .iter()
        .zip(of)
        .map(|(text, (_, wanted))| (text.as_str(), *wanted))
        .collect();
    rows(rule, config, &of);
}
