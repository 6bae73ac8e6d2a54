//! How long files and functions may be, and how much a function is given.

use std::fs;

use crate::source::Source;
use crate::{root, shipped};

/// The most lines that a file has.
const FILE: usize = 800;
/// The most lines that a function has.
const FUNCTION: usize = 100;

/// The most parameters that a function has, `self` among them: what travels together has a name.
const PARAMETERS: usize = 6;

/// Functions that are longer, and why they are plainer so.
const EXCEPTIONS: [(&str, &str, &str); 7] = [
    (
        "ide/src/position/flow.rs",
        "scan",
        "one state machine, an arm for each sign",
    ),
    (
        "syntax/src/json/strict.rs",
        "value",
        "one state machine, which is the fastest part of the program",
    ),
    (
        "syntax/src/yaml/message.rs",
        "problem",
        "a sentence for each slip",
    ),
    (
        "syntax/src/write/render.rs",
        "block_value",
        "an arm for each kind of value",
    ),
    (
        "syntax/src/yaml/strict.rs",
        "written",
        "a case for each style",
    ),
    (
        "syntax/src/yaml/tolerant.rs",
        "content",
        "an arm for each kind of node",
    ),
    (
        "dialects/src/terraform/resolve/mod.rs",
        "worked_out",
        "an arm for each kind of expression",
    ),
];

#[test]
fn files_stay_small() {
    for file in shipped(&root().join("server")) {
        let lines = fs::read_to_string(&file)
            .expect("a source file")
            .lines()
            .count();
        assert!(
            lines <= FILE,
            "{} has {lines} lines: what are its two or three rooms?",
            file.display()
        );
    }
}

#[test]
fn functions_stay_short() {
    let server = root().join("server");
    let mut long = Vec::new();
    let mut met = Vec::new();
    for file in shipped(&server) {
        let text = fs::read_to_string(&file).expect("a source file");
        let path = file.strip_prefix(&server).expect("below server/");
        for function in Source::read(&text).functions {
            if function.lines <= FUNCTION {
                continue;
            }
            let is_this =
                |(of, name, _): &&(&str, &str, &str)| path.ends_with(of) && function.name == *name;
            match EXCEPTIONS.iter().find(is_this) {
                Some(exception) => met.push(*exception),
                None => long.push(format!(
                    "{} in {} has {} lines",
                    function.name,
                    path.display(),
                    function.lines
                )),
            }
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
    for exception in EXCEPTIONS {
        assert!(
            met.contains(&exception),
            "{} in {} is short by now: strike its exception",
            exception.1,
            exception.0
        );
    }
}

#[test]
fn functions_are_given_few_things() {
    let server = root().join("server");
    let mut many = Vec::new();
    for file in shipped(&server) {
        let text = fs::read_to_string(&file).expect("a source file");
        let path = file.strip_prefix(&server).expect("below server/");
        let functions = Source::read(&text).functions.into_iter();
        for function in functions.filter(|function| function.parameters > PARAMETERS) {
            many.push(format!(
                "{} in {} has {} parameters: what of them travels together?",
                function.name,
                path.display(),
                function.parameters
            ));
        }
    }
    assert!(many.is_empty(), "{}", many.join("\n"));
}

#[test]
fn what_has_no_body_has_no_lines() {
    let text = "trait T {\n    fn none(&self, x: [u8; 3]) -> Option<u8>;\n    fn some(&self) {\n        x();\n    }\n}\n\
                struct S {\n    call: fn(u8) -> u8,\n}\nimpl S {\n    fn last(&self) {}\n}\n";
    let functions = Source::read(text).functions.into_iter();
    let lines: Vec<(String, usize)> = functions.map(|of| (of.name, of.lines)).collect();
    assert_eq!(lines, [("some".to_owned(), 3), ("last".to_owned(), 1)]);
}

#[test]
fn parameters_are_counted() {
    let text = "fn f<T: Fn(u8, u8) -> u8>(&self, a: (u8, u8), b: Map<K, V>, c: impl Fn(&str) -> R,) -> R { a(1, 2, 3) }\n\
                fn none() {}\nfn one(x: [u8; 3]) -> Vec<u8> {}\n";
    let counted = Source::read(text).functions.into_iter();
    let counted: Vec<usize> = counted.map(|function| function.parameters).collect();
    assert_eq!(counted, [4, 0, 1]);
}
