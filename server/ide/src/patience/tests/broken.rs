//! What is said of a text that can't be read in more than one place, or not for the first time.

use std::collections::BTreeSet;

use leastwise_syntax::Span;
use leastwise_workspace::askers::Askers;

use super::{codes, file};
use crate::{Diagnostic, File, Moment};

const BLOCKS: &str = "data \"aws_iam_policy_document\" \"a\" {
  statement {
    actions   = [\"s3:GetObjekt\"]
    resources = [\"*\"]
  }
}
data \"aws_iam_policy_document\" \"b\" {
  statement {
    actions   = [\"sqs:SendMesage\"]
    resources = [\"arn:aws:sqs:eu-west-1:111111111111:shop\"]
  }
}
";

const YAML: &str = "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: s3:GetObject
    Resource: '*'
  - Effect: Allow
    Action: sqs:SendMesage
    Resource: '*'
";

const JSON: &str = "{
  \"Version\": \"2012-10-17\",
  \"Statement\": [
    { \"Effect\": \"Allow\",
      \"Action\": \"s3:GetObject\", \"Resource\": \"*\" },
    { \"Effect\": \"Allow\",
      \"Action\": \"sqs:SendMesage\",
      \"Resource\": \"*\" }
  ]
}
";

const ENCODED: &str = "resource \"aws_iam_policy\" \"work\" {
  policy = jsonencode({
    Version = \"2012-10-17\"
    Statement = [
      {
        Effect = \"Allow\"
        Action = \"s3:GetObject\"
        Resource = \"*\"
      },
      { Effect = \"Allow\", Action = \"sqs:SendMesage\", Resource = \"*\" }
    ]
  })
}
";

/// A file, its text, and edits.
type Broken = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// Texts with edits that break them, each of which replaces the last place where something stands.
const BROKEN: [Broken; 9] = [
    (
        "blocks.tf",
        BLOCKS,
        &[
            ("resources = [\"arn", "}resources = [\"arn"),
            ("= [\"*\"]", "#= [\"*\"]"),
        ],
    ),
    (
        "blocks.tf",
        BLOCKS,
        &[
            ("}\n}\n", "\n}\n"),
            ("[\"*\"]", "[\"*\""),
            ("[\"*\"", "[\"*"),
        ],
    ),
    (
        "policy.yaml",
        YAML,
        &[("Resource", "}Resource"), ("s3:", "\"s3:")],
    ),
    (
        "policy.yaml",
        YAML,
        &[
            ("s3:GetObject", "{"),
            ("{", ""),
            ("Allow\n    Action: \n", "[\n    Action: \n"),
        ],
    ),
    (
        "policy.json",
        JSON,
        &[
            ("\"Resource\": \"*\" }\n", "\"Resource\" \"*\" }\n"),
            ("\"s3:", "{\"s3:"),
        ],
    ),
    (
        "policy.json",
        JSON,
        &[("\"s3:GetObject\"", "{"), ("{,", ",")],
    ),
    (
        "encoded.tf",
        ENCODED,
        &[
            ("Action = \"s3:GetObject\"", "Condition = {"),
            ("Condition = {", "Action = "),
        ],
    ),
    (
        "encoded.tf",
        ENCODED,
        &[
            ("\"s3:GetObject\"", "{"),
            ("= {\n        Res", "= \n        Res"),
        ],
    ),
    (
        "encoded.tf",
        ENCODED,
        &[
            ("\"sqs:SendMesage\"", "\"sqs:SendMesage"),
            ("\"s3:GetObject\"", ""),
        ],
    ),
];

/// Replaces the last place where `old` stands.
fn replace(file: &mut File, old: &str, new: &str) {
    let at = file.text().rfind(old).expect("what is replaced") as u32;
    // A letter that comes or goes by itself is an edit of its own place.
    let head = old.bytes().zip(new.bytes());
    let head = head.take_while(|(one, other)| one == other).count();
    let (old, new) = (&old[head..], &new[head..]);
    let tail = old.bytes().rev().zip(new.bytes().rev());
    let tail = tail.take_while(|(one, other)| one == other).count();
    let start = at + head as u32;
    let end = start + (old.len() - tail) as u32;
    file.edit(Span::new(start, end), &new[..new.len() - tail]);
}

/// When somebody is told of the file while he breaks it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Told {
    /// With every edit, and in a pause behind it.
    Both,
    AtPauses,
    /// With every edit, and once at the end.
    AtKeys,
    AtTheEnd,
}

const TOLD: [Told; 4] = [Told::Both, Told::AtPauses, Told::AtKeys, Told::AtTheEnd];

fn known(all: &[Diagnostic]) -> BTreeSet<(&'static str, Span, String)> {
    let all = all.iter();
    all.map(|one| (one.code, one.span, one.message.clone()))
        .collect()
}

fn saved(file: &mut File) -> Vec<Diagnostic> {
    file.diagnostics_unless(Moment::Saved, &Askers::nobody())
        .expect("nobody waits")
}

/// Makes the edits, with what is said at each pause, or at the end.
fn broken((path, text, edits): Broken, told: Told, mut at_pause: impl FnMut(&mut File, &str)) {
    let mut file = file(path, text);
    assert!(!file.diagnostics().is_empty(), "{path}");
    for (number, (old, new)) in edits.iter().enumerate() {
        replace(&mut file, old, new);
        if matches!(told, Told::Both | Told::AtKeys) {
            file.patient_diagnostics();
        }
        if matches!(told, Told::Both | Told::AtPauses) || number + 1 == edits.len() {
            at_pause(&mut file, &format!("{path} {new:?} {told:?}"));
        }
    }
}

/// The words that aren't known as actions, as far as that is said.
fn words<'t>(file: &'t File, said: &[Diagnostic]) -> Vec<&'t str> {
    let of = said.iter().filter(|one| one.code == "unknown-action");
    of.map(|one| &file.text()[one.span.range()]).collect()
}

#[test]
fn a_pause_says_of_other_places_what_was_found_before_the_text_broke() {
    let is_of_word = |(old, _): &(&str, &str)| old.contains("sqs:SendMesage");
    for one in BROKEN
        .iter()
        .filter(|(.., edits)| !edits.iter().any(is_of_word))
    {
        for told in TOLD {
            broken(*one, told, |file, at| {
                let said = file.diagnostics();
                assert_eq!(known(&said).len(), said.len(), "{at}: twice in {said:?}");
                assert_eq!(file.diagnostics(), said, "nobody has written since");
                let words = words(file, &said);
                let expected: &[&str] = match one.1.contains("s3:GetObjekt") {
                    true => &["GetObjekt", "SendMesage"],
                    false => &["SendMesage"],
                };
                assert_eq!(words, expected, "{at}");
            });
        }
    }
}

#[test]
fn a_save_says_what_a_file_that_is_opened_broken_says() {
    for one in BROKEN {
        for told in TOLD {
            broken(one, told, |file, at| {
                let fresh = super::file(one.0, file.text()).diagnostics();
                if told == Told::Both {
                    file.diagnostics();
                    assert!(file.awaits_save() || fresh == file.diagnostics(), "{at}");
                }
                assert_eq!(saved(file), fresh, "{at}");
                assert_eq!(saved(file), fresh, "{at}");
                assert!(!file.awaits_save() && !file.holds_back(), "{at}");
            });
        }
    }
}

#[test]
fn what_a_save_has_shown_waits_again_when_somebody_goes_on() {
    let mut file = file("blocks.tf", BLOCKS);
    let before = codes(&file.diagnostics());
    assert_eq!(before, ["unknown-action"; 2]);
    replace(&mut file, "resources", "}resources");
    assert_eq!(codes(&file.patient_diagnostics()), before);
    assert!(file.holds_back());
    let errors = |all: &[Diagnostic]| {
        let errors = all.iter().filter(|one| one.code == "syntax-error");
        errors.count()
    };
    assert_eq!(errors(&file.diagnostics()), 1);
    assert!(file.awaits_save());
    let told = saved(&mut file);
    assert_eq!((errors(&told), told.len()), (2, before.len() + 2));
    replace(&mut file, "}resources", "} resources");
    assert_eq!(codes(&file.patient_diagnostics()), before);
    assert_eq!(errors(&file.diagnostics()), 1);
    replace(&mut file, "} resources", "resources");
    assert_eq!(codes(&file.patient_diagnostics()), before);
    assert_eq!(codes(&file.diagnostics()), before);
    assert!(!file.awaits_save());
}

#[test]
fn what_is_mended_while_another_place_is_broken_is_said_no_more() {
    let mut file = file("blocks.tf", BLOCKS);
    file.diagnostics();
    // The last block loses its end; then the first one's action is written anew, and the other's.
    replace(&mut file, "}\n}\n", "\n}\n");
    file.patient_diagnostics();
    file.diagnostics();
    replace(&mut file, "GetObjekt", "GetObject");
    file.patient_diagnostics();
    let said = file.diagnostics();
    assert_eq!(words(&file, &said), ["SendMesage"]);
    replace(&mut file, "SendMesage", "SendMessage");
    file.patient_diagnostics();
    let said = file.diagnostics();
    assert_eq!(words(&file, &said), [""; 0]);
}
