//! The engine beside another one: requests drawn at random, answered by both.
//!
//! The peer is `@cloud-copilot/iam-simulate`, a program of its own that `tests/peers/iam-simulate.sh` installs. Where it
//! isn't there, nothing is compared, and the test says so.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

mod differences;
mod draw;
mod read;
mod vocabulary;

use differences::known;
use draw::{Case, Draw, KINDS, operators};
use leastwise_policy::Tri;
use leastwise_policy::evaluate::Ruling;
use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

fn answers(home: &str, cases: &[Case]) -> Vec<String> {
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/peers/iam-simulate.mjs"
    );
    let mut peer = Command::new("node")
        .args([script, home])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node runs");
    let mut input = peer.stdin.take().expect("its input");
    let lines: Vec<String> = cases
        .iter()
        .map(|case| case.simulation.to_string())
        .collect();
    let writer = std::thread::spawn(move || {
        for line in lines {
            writeln!(input, "{line}").expect("the peer reads");
        }
    });
    let output = peer.wait_with_output().expect("the peer ends");
    writer.join().expect("all is written");
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().map(str::to_owned).collect()
}

/// How the answers to all cases compare.
#[derive(Default)]
struct Comparison {
    same: usize,
    depends: usize,
    /// Those that the peer takes for ill-formed, by what it says.
    refused: BTreeMap<String, usize>,
    explained: BTreeMap<&'static str, usize>,
    /// What nobody has explained.
    unlike: Vec<usize>,
    /// How many our engine decides, by operator and kind of policy.
    decided: BTreeMap<(String, &'static str), usize>,
}

impl Comparison {
    fn of(cases: &[Case], theirs: &[String]) -> Comparison {
        let mut compared = Comparison::default();
        for (index, (case, theirs)) in cases.iter().zip(theirs).enumerate() {
            if theirs.starts_with("error") {
                *compared.refused.entry(theirs.clone()).or_default() += 1;
                continue;
            }
            let ours = ruling(case).whether;
            *compared.decided.entry(case.about.clone()).or_default() +=
                usize::from(ours != Tri::Maybe);
            match (ours, theirs == "Allowed") {
                (Tri::Maybe, _) => compared.depends += 1,
                (Tri::Yes, true) | (Tri::No, false) => compared.same += 1,
                _ => match known(&case.simulation) {
                    Some(reason) => *compared.explained.entry(reason).or_default() += 1,
                    None => compared.unlike.push(index),
                },
            }
        }
        compared
    }
}

fn ruling(case: &Case) -> Ruling {
    let (policies, asked) = read::read(&case.simulation);
    policies.rule(&asked)
}

/// As many as are asked for, and at least one for each operator in each kind of policy.
fn cases(wanted: usize) -> Vec<Case> {
    let mut draw = Draw::new(12);
    let operators = operators();
    let mut cases = Vec::new();
    while cases.len() < wanted {
        for (family, operator) in &operators {
            for kind in KINDS {
                cases.push(draw.case(family, operator, kind));
            }
        }
    }
    cases
}

#[test]
fn answers_as_the_peer_does() {
    let Ok(home) = std::env::var("LEASTWISE_IAM_SIMULATE") else {
        println!("skipped: LEASTWISE_IAM_SIMULATE names no folder with the peer");
        return;
    };
    let wanted = std::env::var("LEASTWISE_CASES").ok();
    let wanted = wanted.and_then(|text| text.parse().ok()).unwrap_or(4_000);
    let cases = cases(wanted);
    let theirs = answers(&home, &cases);
    assert_eq!(theirs.len(), cases.len(), "the peer answers all");
    let compared = Comparison::of(&cases, &theirs);
    let Comparison { same, depends, .. } = compared;
    println!("{} cases: {same} the same, {depends} depend", cases.len());
    println!("{:#?}", compared.explained);
    assert_eq!(compared.refused, BTreeMap::new(), "ill-formed");
    for index in compared.unlike.iter().take(5) {
        let case = &cases[*index];
        let ours = ruling(case);
        println!(
            "{:?} {}\n  theirs {}, ours {ours:?}",
            case.about, case.simulation, theirs[*index]
        );
    }
    assert_eq!(compared.unlike.len(), 0, "differ for no known reason");
    let explained: usize = compared.explained.values().sum();
    assert!(explained * 200 <= cases.len(), "{explained} differ");
    assert!(depends * 10 <= cases.len(), "{depends} depend");
    let fewest = compared.decided.values().min().copied().unwrap_or_default();
    assert!(
        fewest * KINDS.len() * operators().len() * 4 >= cases.len() * 3,
        "{fewest} are decided of some operator"
    );
}
