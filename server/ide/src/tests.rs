//! Questions to whole files: findings, actions, hints, outlines; and every question at every offset.

mod positions;
mod typing;

use std::path::Path;
use std::sync::Arc;

use leastwise_model::files::{Files, Unread};
use leastwise_syntax::{Format, Span, Tree};
use leastwise_workspace::analysis::index::IndexedFiles;

use crate::testing::{CONFIG, apply, file, format_of, template};
use crate::{Config, File, Severity, SymbolKind};

fn all(file: &File) -> Span {
    Span::new(0, file.text().len() as u32)
}

/// The text after the code action whose title begins so.
#[track_caller]
fn act(file: &mut File, title: &str) -> String {
    let actions = file.code_actions(all(file));
    let action = actions
        .iter()
        .find(|action| action.title.starts_with(title));
    let action = action.unwrap_or_else(|| panic!("no {title} among {actions:#?}"));
    let edits = file
        .resolve_action(&action.id)
        .expect("it can be worked out");
    apply(file.text(), &edits)
}

/// Files of which one is none.
#[derive(Debug)]
struct Pipe;

impl Files for Pipe {
    fn tree(&self, _: &str) -> Option<Arc<Tree>> {
        None
    }

    fn text(&self, _: &str) -> Option<Arc<str>> {
        None
    }

    fn list(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn refused(&self, path: &str) -> Option<Unread> {
        (path == "a/pipe.txt").then(|| Unread::new(path, "it is a pipe"))
    }

    fn stamp(&self) -> u64 {
        0
    }
}

impl IndexedFiles for Pipe {}

#[test]
fn a_file_that_is_not_read_is_told_where_it_is_named() {
    let statement = "        - Effect: Allow\n          Action: s3:GetObject\n          Resource: ${file(FILE)}\n";
    let text = format!(
        "service: shop\nprovider:\n  name: aws\n  iam:\n    role:\n      statements:\n{statement}functions:\n  f:\n    handler: f.f\n"
    );
    let told = |file: &mut File| -> Vec<_> {
        let told = file.diagnostics().into_iter();
        told.filter(|it| it.code == "unread-file").collect()
    };
    for (named, config, severity) in [
        ("./pipe.txt", "", Some(Severity::Warning)),
        (
            "pipe.txt",
            "[check]\nunreadable = ['a/*.txt']\n",
            Some(Severity::Suggestion),
        ),
        ("none.txt", "", None),
    ] {
        let text = text.replace("FILE", named);
        let config = Arc::new(Config::parse(config));
        let mut file = File::among(
            "a/serverless.yml",
            text.clone(),
            Format::Yaml,
            config,
            Arc::new(Pipe),
        );
        for edit in [false, true] {
            if edit {
                // What is kept of the statements isn't asked again.
                file.edit(Span::new(9, 13), "store");
            }
            let told = told(&mut file);
            assert_eq!(told.first().map(|it| it.severity), severity, "{named}");
            for one in &told {
                assert_eq!(&file.text()[one.span.range()], "pipe.txt");
                assert!(
                    one.message
                        .contains("a/pipe.txt, which isn't read: it is a pipe")
                );
            }
            assert!(told.len() < 2, "{told:?}");
        }
    }
}

const STAR: &str = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: s3:ListAllMyBuckets\n    Resource: *\n";

#[test]
fn of_many_fixes_the_first_ones_come_with_their_edits() {
    let starred = |count: usize| {
        let statement =
            "  - Effect: Deny\n    Action: s3:ListAllMyBuckets\n    Resource: *\n".repeat(count);
        file(&format!("Version: '2012-10-17'\nStatement:\n{statement}"))
    };
    let fixes = |title: &str| title.starts_with("Quote the star");
    let mut many = starred(100);
    let range = all(&many);
    let offered = many.code_actions(range);
    let with_edits = many.code_actions_with_edits(range);
    assert_eq!(offered.iter().filter(|of| fixes(&of.title)).count(), 100);
    let own: Vec<_> = with_edits
        .iter()
        .filter(|(of, _)| fixes(&of.title))
        .collect();
    assert_eq!(own.len(), 24);
    for (action, edits) in own {
        assert_eq!(many.resolve_action(&action.id).as_ref(), Some(edits));
    }
    let mut few = starred(2);
    let range = all(&few);
    let offered = few.code_actions(range).len();
    assert_eq!(few.code_actions_with_edits(range).len(), offered);
}

#[test]
fn findings_and_their_fixes() {
    let mut file = file(STAR);
    let found = file.diagnostics();
    let star = found
        .iter()
        .find(|one| one.code == "unquoted-star")
        .expect("the star is found");
    assert_eq!(&STAR[star.span.range()], "*");
    assert!(
        star.message.contains("alias") && star.message.contains("Quote"),
        "{}",
        star.message
    );
    let actions = file.code_actions(star.span);
    let fix = actions.iter().find(|action| {
        action
            .fixes
            .is_some_and(|(code, _)| code == "unquoted-star")
    });
    let fix = fix.expect("it is mended");
    assert!(fix.preferred && !fix.safe);
    let gained = "(the file can be read then, and allows s3:ListAllMyBuckets)";
    assert!(fix.title.ends_with(gained), "{}", fix.title);
    let edits = file.resolve_action(&fix.id).expect("it can be worked out");
    let after = apply(file.text(), &edits);
    assert_eq!(after, STAR.replace("Resource: *", "Resource: '*'"));
    // The same by edits to the open file.
    for edit in &edits {
        file.edit(edit.span, &edit.text);
    }
    assert_eq!(file.text(), after);
    assert!(
        file.diagnostics()
            .iter()
            .all(|one| one.code != "unquoted-star")
    );
    assert_eq!(file.resolve_action(&fix.id), None, "its finding is gone");
}

#[test]
fn a_finding_is_ignored_by_a_comment() {
    let mut file = file(STAR);
    let after = act(&mut file, "Ignore unquoted-star here");
    assert_eq!(
        after,
        STAR.replace(
            "Resource: *",
            "Resource: *  # leastwise: ignore[unquoted-star]"
        )
    );
    let mut after = self::file(&after);
    assert!(
        after
            .diagnostics()
            .iter()
            .all(|one| one.code != "unquoted-star")
    );
    let json = "{\"Version\": \"2012-10-17\", \"Statement\": [";
    let mut broken = self::file(json);
    let range = all(&broken);
    assert!(
        broken
            .code_actions(range)
            .iter()
            .all(|action| !action.title.starts_with("Ignore"))
    );
}

#[test]
fn a_wildcard_is_replaced_by_its_actions() {
    let text = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action:\n      - sqs:ListQueues\n      - sqs:List* # note\n    Resource: '*'\n";
    let after = act(&mut file(text), "Replace `sqs:List*` with its");
    assert!(
        after.contains("- sqs:ListQueueTags # note\n") && !after.contains("sqs:List*"),
        "{after}"
    );
    assert_eq!(after.matches("sqs:ListQueues").count(), 1, "{after}");
    let json = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"sqs:List*\", \"Resource\": \"*\"}]}";
    let after = act(&mut file(json), "Replace `sqs:List*` with its");
    assert!(after.contains("\"sqs:ListQueueTags\""), "{after}");
    assert!(
        file(&after)
            .diagnostics()
            .iter()
            .all(|one| one.code != "syntax-error"),
        "{after}"
    );
}

/// As the test of that name of `leastwise check`.
#[test]
fn broken_files_are_told_of_where_they_are_of_interest() {
    let template = "Resources:\n  Own:\n    Type: AWS::TYPE\n    Properties:\n";
    for (kind, line, told) in [
        ("S3::Bucket", "\t  BucketName: x", None),
        ("IAM::Role", "\t  RoleName: x", Some("syntax-error")),
        (
            "S3::Bucket",
            "      BucketName: x # leastwise: ignore[invalid-arn] x",
            Some("unused-ignore"),
        ),
    ] {
        let text = format!("{}{line}\n", template.replace("TYPE", kind));
        let codes: Vec<_> = file(&text)
            .diagnostics()
            .iter()
            .map(|one| one.code)
            .collect();
        assert_eq!(codes, Vec::from_iter(told), "{text}");
    }
}

#[test]
fn hints_show_what_texts_resolve_to() {
    let text = template(
        "- Effect: Allow\n  Action: sqs:SendMessage\n  Resource:\n    - !Sub 'arn:aws:sqs:eu-west-1:${AWS::AccountId}:${AppId}-x'\n    - !Sub 'arn:aws:s3:::${AppId}-x'\n    - arn:aws:s3:::y\n    - !Ref Unknown\n    - !GetAtt Table.Arn\n    - !Join [':', [arn, aws, s3, '', '', !Ref AppId]]",
    );
    let mut file = file(&text);
    let hints = file.hints(all(&file));
    let shown: Vec<_> = hints.iter().map(|hint| hint.label.as_str()).collect();
    assert_eq!(
        shown,
        [
            "…:aws:sqs:eu-west-1:111111111111:shop-x +1",
            "arn:aws:s3:::shop-x",
            "…:111111111111:table/shop-orders +1",
            "arn:aws:s3:::shop",
        ]
    );
    assert!(
        hints[0]
            .tooltip
            .contains("| prod | `arn:aws:sqs:eu-west-1:222222222222:shop-x` |"),
        "{}",
        hints[0].tooltip
    );
    assert!(text[..hints[0].offset as usize].ends_with("-x'"));
    assert_eq!(file.hints(Span::new(0, 10)), []);
}

#[test]
fn hints_show_what_references_of_terraform_are() {
    let text = "resource \"aws_sqs_queue\" \"jobs\" {\n  name = \"jobs\"\n}\ndata \"aws_iam_policy_document\" \"d\" {\n  statement {\n    resources = [aws_sqs_queue.jobs.arn, \"*\", var.x]\n  }\n}\n";
    let mut file = file(text);
    let hints = file.hints(all(&file));
    let shown: Vec<_> = hints.iter().map(|hint| hint.label.as_str()).collect();
    assert_eq!(shown, ["arn:aws:sqs:eu-west-1:111111111111:jobs +1"]);
    assert!(text[..hints[0].offset as usize].ends_with("jobs.arn"));
}

#[test]
fn the_outline_goes_from_owners_to_statements() {
    let mut file = file(&template(
        "- Sid: Read\n  Effect: Allow\n  Action: [s3:GetObject, s3:PutObject]\n- Effect: Deny\n  NotAction: 's3:*'",
    ));
    let symbols = file.symbols();
    let [owner] = symbols.as_slice() else {
        panic!("{symbols:#?}")
    };
    assert_eq!(
        (owner.name.as_str(), owner.kind),
        ("Role", SymbolKind::Owner)
    );
    let policy = &owner.children[0];
    assert_eq!(
        (policy.name.as_str(), policy.kind),
        ("main", SymbolKind::Policy)
    );
    let statements: Vec<_> = policy
        .children
        .iter()
        .map(|one| (one.name.as_str(), one.detail.as_str()))
        .collect();
    assert_eq!(
        statements,
        [
            ("Read", "Allow s3:GetObject +1"),
            ("statement 2", "Deny all but s3:*")
        ]
    );
}

#[test]
fn a_new_config_counts_at_once() {
    let mut file = file(&template(
        "- Effect: Allow\n  Action: s3:GetObject\n  Resource: !Sub 'arn:aws:s3:::${AppId}'",
    ));
    let label = |file: &mut File| file.hints(all(file)).first().map(|hint| hint.label.clone());
    assert_eq!(label(&mut file).as_deref(), Some("arn:aws:s3:::shop"));
    file.set_config(Arc::new(Config::parse("[app]\nprefix = 'inn'\n")));
    assert_eq!(label(&mut file).as_deref(), Some("arn:aws:s3:::inn"));
}

/// Asks everything at some offsets, and looks whether every range lies in the text.
fn probe(file: &mut File, offsets: impl Iterator<Item = u32>) {
    let text = file.text().to_owned();
    let inside = |span: Span| text.get(span.range()).is_some();
    for one in file.diagnostics() {
        assert!(inside(one.span), "{one:?}");
        assert!(one.related.iter().all(|(span, _)| inside(*span)), "{one:?}");
    }
    for hint in file.hints(Span::new(0, text.len() as u32)) {
        assert!(text.is_char_boundary(hint.offset as usize), "{hint:?}");
    }
    let mut symbols = file.symbols();
    while let Some(symbol) = symbols.pop() {
        assert!(
            inside(symbol.span) && symbol.span.contains(symbol.selection),
            "{symbol:?}"
        );
        assert!(
            symbol
                .children
                .iter()
                .all(|child| symbol.span.contains(child.span)),
            "{symbol:?}"
        );
        symbols.extend(symbol.children);
    }
    for offset in offsets {
        for item in file.completions(offset) {
            assert!(inside(item.replace), "{offset}: {item:?}");
        }
        if let Some(hover) = file.hover(offset) {
            assert!(
                inside(hover.span) && !hover.markdown.is_empty(),
                "{offset}: {hover:?}"
            );
        }
        for action in file.code_actions(Span::empty(offset)) {
            assert!(!action.title.is_empty(), "{offset}: {action:?}");
        }
    }
}

const SAMPLES: [&str; 5] = [
    "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Sid\": \"\\u00e9\", \"Effect\": \"Allow\", \"Action\": [\"s3:*\", \"sqs:Send\\u004dessage\"], \"Resource\": \"arn:aws:s3:::é${AppId}/*\"}]}",
    "Version: '2012-10-17'\nStatement:\n- Effect: Allow\n  Action: [s3:Get*, 'é', \"b\\\"c\"]\n  Resource: >-\n    arn:aws:s3:::\n    x\n  Condition: {StringEquals: {aws:TagKeys: [é]}}\n",
    "Version: '2012-10-17'\r\nStatement:\r\n  Effect: Allow\r\n  Action:\r\n    - s3:GetObject # é\r\n    -\r\n  Resource: *\r\n",
    "&a b: !Sub [x, {y: z}]\n? c\n: d\n<<: *a\n- e\n\t- f\n'g: h\n",
    "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: !Sub 'é${AWS::AccountId}'}, Action: !If [A, sts:AssumeRole, !Ref 'AWS::NoValue']}]}\n      Policies: [{PolicyName: !Ref AppId, PolicyDocument: {Statement: {Effect: Allow, Action: '*', Resource: !Join ['', [a, !GetAtt R.Arn]]}}}]\n",
];

#[test]
fn every_question_is_answered_at_every_offset_of_every_beginning() {
    for sample in SAMPLES {
        let format = format_of(sample);
        let config = Arc::new(Config::parse(CONFIG));
        for length in (0..=sample.len()).filter(|at| sample.is_char_boundary(*at)) {
            let mut file = File::new(
                "shop",
                sample[..length].to_owned(),
                format,
                Arc::clone(&config),
            );
            // The last offsets of a text cut short are where somebody types; the whole text is asked everywhere.
            let from = if length == sample.len() {
                0
            } else {
                length.saturating_sub(3) as u32
            };
            probe(&mut file, from..=length as u32 + 2);
        }
    }
}

#[test]
fn either_syntax_is_asked_as_the_other() {
    let config = Arc::new(Config::parse(CONFIG));
    for sample in SAMPLES {
        for format in [Format::Json, Format::Yaml] {
            let mut file = File::new("shop", sample.to_owned(), format, Arc::clone(&config));
            probe(&mut file, (0..sample.len() as u32).step_by(3));
        }
    }
}

#[test]
fn every_question_is_answered_over_a_corpus() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !corpus.is_dir() {
        println!("skipped: no corpus at {}", corpus.display());
        return;
    }
    let config = Arc::new(Config::parse(CONFIG));
    let mut folders = vec![corpus];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path)
            } else {
                files.push(path)
            }
        }
    }
    files.sort();
    let mut seen = 0;
    // A part of the files and a few offsets of each: the whole takes minutes in a debug build.
    for path in files.iter().step_by(29) {
        let format = match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => Format::Json,
            Some("yaml" | "yml") => Format::Yaml,
            _ => continue,
        };
        let Ok(text) = std::fs::read_to_string(path) else {
            continue;
        };
        if text.len() > 100 << 10 {
            continue;
        }
        let length = text.len() as u32;
        let mut file = File::new(path, text, format, Arc::clone(&config));
        probe(
            &mut file,
            (0..12).map(|part| length / 12 * part + part * 7 % 13),
        );
        seen += 1;
    }
    assert!(seen > 0);
}

/// Each of these would take hours if anything were quadratic in it.
#[test]
fn hostile_texts_are_answered() {
    let many = 50_000;
    for (text, format) in [
        ("[".repeat(many) + &"}".repeat(many), Format::Json),
        ("{\"Statement\":".repeat(many / 10), Format::Json),
        (
            "a: [".to_owned() + &"{".repeat(many) + &"]".repeat(many),
            Format::Yaml,
        ),
        ("- ".repeat(many), Format::Yaml),
        ("- !Sub '${\n".repeat(many / 10), Format::Yaml),
        (
            "Statement: {Action: ".to_owned() + &"${".repeat(many),
            Format::Yaml,
        ),
        ("a: \"x\n".repeat(many / 10), Format::Yaml),
    ] {
        let length = text.len() as u32;
        let mut file = File::new("x", text, format, Arc::new(Config::default()));
        for offset in [length, length / 2] {
            file.completions(offset);
            file.hover(offset);
        }
    }
}
