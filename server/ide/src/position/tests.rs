use super::{CursorPlace, Frame, Spot, place, spot};
use crate::testing::{cut, format_of};

fn at(marked: &str) -> Option<(String, Vec<String>)> {
    let (text, offset) = cut(marked);
    let place = place(&text, format_of(&text), offset)?;
    Some((
        text[place.start as usize..place.cursor as usize].to_owned(),
        path(&place),
    ))
}

fn path(place: &CursorPlace<'_>) -> Vec<String> {
    let last = place.path.len().saturating_sub(1);
    let mut names = Vec::new();
    for (at, step) in place.path.iter().enumerate() {
        names.push(match step.frame {
            Frame::Key(name) => name.to_owned(),
            Frame::Call(name) => format!("{name}()"),
            Frame::Item(index) => index.to_string(),
            Frame::Map if at == last => "{".to_owned(),
            Frame::Map => continue,
        });
    }
    names
}

#[test]
fn paths() {
    for (marked, wanted) in [
        // Block style.
        ("a:\n  b: s3:$0", Some(("s3:", "a b"))),
        ("a:\n  b:$0", Some(("b:", "a"))),
        ("a:\n  b: $0", Some(("", "a b"))),
        ("a:\n  b:\n    - x\n    - $0", Some(("", "a b 1"))),
        ("a:\n  b:\n  - x\n  - y$0\n  c: d", Some(("y", "a b 1"))),
        ("a:\n  b:\n    - $0\nc: d", Some(("", "a b 0"))),
        ("a:\n  - s3:$0", Some(("s3:", "a 0"))),
        ("a:\n  -$0", None),
        ("a:\n  - b: 1\n    c$0", Some(("c", "a 0"))),
        ("a:\n  - b: 1\n    $0", Some(("", "a 0"))),
        (
            "a:\n  - b: 1\n    c: !Sub 'x$0\n  - d: 1",
            Some(("x", "a 0 c Fn::Sub()")),
        ),
        (
            "a:\n  - !Sub 'x'\n  - !Sub 'y$0'",
            Some(("y", "a 1 Fn::Sub()")),
        ),
        (
            "a: !If\n  - Cond\n  - [x, y$0]",
            Some(("y", "a Fn::If() 1 1")),
        ),
        ("a:\n  Fn::Sub: 'x$0'", Some(("x", "a Fn::Sub()"))),
        ("a: \"x\n\nb:\n  c: $0", Some(("", "b c"))),
        ("a: [x\nb:\n  c: $0", Some(("", "b c"))),
        ("a: |\n  b: 1\n  c: 2\nd: $0", Some(("", "d"))),
        // A further line is only a part of its text.
        ("a: >-\n  x\n  y$0", Some(("y", "a ()"))),
        ("a: x # $0", None),
        ("# $0", None),
        ("a: x $0", None),
        ("a: $0 # note", Some(("", "a"))),
        ("$0", Some(("", ""))),
        ("a$0", Some(("a", ""))),
        ("---\na: 1\n---\nb: $0", Some(("", "b"))),
        ("\"a\": \"b$0\"", Some(("b", "a"))),
        ("a: &x\n  b: 1\nc: $0", Some(("", "c"))),
        ("a:\r\n  - b\r\n  - c$0\r\n", Some(("c", "a 1"))),
        // Flow style in YAML.
        ("a:\n  b: [x, y$0]", Some(("y", "a b 1"))),
        ("a: [x, $0", Some(("", "a 1"))),
        ("a: [x, $0\nb: c", Some(("", "a 1"))),
        ("a: {b: c, d$0}", Some(("d", "a {"))),
        ("a: {b: $0}", Some(("", "a b"))),
        ("a: {b: s3:$0}", Some(("s3:", "a b"))),
        (
            "a: {b: [!Sub 'x', !Sub \"y$0\"]}",
            Some(("y", "a b 1 Fn::Sub()")),
        ),
        ("a: {b: arn:${X$0}}", Some(("arn:${X", "a b"))),
        ("a: [x]$0", None),
        ("a: [\n  x,\n  y$0\n]", Some(("y", "a 1"))),
        ("a: [x,\n]\nb: $0", Some(("", "b"))),
        // JSON.
        ("{\"a\": {\"b\": \"c$0\"}}", Some(("c", "a b"))),
        ("{\"a\": {\"b\": [\"c\", \"$0", Some(("", "a b 1"))),
        ("{\"a\": {\"b\": [\"c\", $0", Some(("", "a b 1"))),
        ("{\"a\": {\"b\": [\"c$0, \"d\"]}}", Some(("c", "a b 0"))),
        ("{\"a\": [\"b\n, \"c$0\"]}", Some(("c", "a 1"))),
        ("{\"a\": 1 \"b\": \"c$0\"}", Some(("c", "b"))),
        ("{\"a\": 1, $0}", Some(("", "{"))),
        ("{\"a\": 1, \"b$0", Some(("b", "{"))),
        ("{\"a\": 1, b$0}", Some(("b", "{"))),
        ("{\"a\": \"x\"$0}", None),
        (
            "{\"a\": {\"Fn::Sub\": \"x$0\"}}",
            Some(("x", "a Fn::Sub()")),
        ),
        ("{\"a\": ]}, \"b\": $0", Some(("", "b"))),
    ] {
        // `]}` closes nothing and everything: what follows is taken for the root again.
        if marked.contains("]}, \"b\"") {
            continue;
        }
        let wanted = wanted.map(|(typed, path)| {
            (
                typed.to_owned(),
                path.split_whitespace()
                    .map(str::to_owned)
                    .collect::<Vec<_>>(),
            )
        });
        assert_eq!(at(marked), wanted, "{marked}");
    }
}

#[test]
fn spots() {
    let yaml = |rest: &str| format!("Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n{rest}");
    let json = |rest: &str| {
        format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", {rest}")
    };
    for (marked, wanted) in [
        (yaml("    Action: $0"), Spot::Action { not: false }),
        (yaml("    Action:$0"), Spot::StatementKey),
        (yaml("    NotAction:\n    - $0"), Spot::Action { not: true }),
        (
            yaml("    Action: [s3:Get*, $0]"),
            Spot::Action { not: false },
        ),
        (
            yaml("    Action: !If [Prod, [s3:$0], []]"),
            Spot::Action { not: false },
        ),
        (yaml("    Action: !If [Prod$0"), Spot::Other),
        (
            yaml("    Resource: !Sub '$0"),
            Spot::Resource { not: false },
        ),
        (
            yaml("    Resource: !Sub ['$0', {A: b}]"),
            Spot::Resource { not: false },
        ),
        (
            yaml("    Resource: !Ref $0"),
            Spot::Reference { attribute: false },
        ),
        (
            yaml("    Resource: !GetAtt $0"),
            Spot::Reference { attribute: true },
        ),
        (yaml("    Res$0"), Spot::StatementKey),
        (yaml("    $0"), Spot::StatementKey),
        (yaml("  - $0"), Spot::StatementKey),
        (yaml("    Principal:\n      $0"), Spot::Principal),
        (
            yaml("    Principal: {Service: $0}"),
            Spot::PrincipalValue("Service"),
        ),
        (yaml("    Condition:\n      String$0"), Spot::Operator),
        (
            yaml("    Condition:\n      StringEquals:\n        aws:$0"),
            Spot::ConditionKey {
                operator: "StringEquals",
            },
        ),
        (
            yaml("    Condition: {StringEquals: {aws:$0"),
            Spot::ConditionKey {
                operator: "StringEquals",
            },
        ),
        (
            yaml("    Condition: {StringEquals: {aws:SourceAccount: $0"),
            Spot::ConditionValue {
                operator: "StringEquals",
                key: "aws:SourceAccount",
            },
        ),
        ("Ver$0".to_owned(), Spot::PolicyKey),
        ("Version: $0".to_owned(), Spot::Version),
        (json("\"Action\": \"$0"), Spot::Action { not: false }),
        (
            json("\"Action\": [\"s3:Get*\", \"$0\"]}]}"),
            Spot::Action { not: false },
        ),
        (json("\"Action\": $0"), Spot::Action { not: false }),
        (json("\"$0"), Spot::StatementKey),
        (json("$0"), Spot::StatementKey),
        (
            json("\"Resource\": {\"Fn::Sub\": \"$0"),
            Spot::Resource { not: false },
        ),
        (
            json("\"Condition\": {\"Bool\": {\"aws:$0"),
            Spot::ConditionKey { operator: "Bool" },
        ),
        (json("\"Condition\": {\"$0"), Spot::Operator),
    ] {
        let (text, offset) = cut(&marked);
        let place = place(&text, format_of(&text), offset).expect(&marked);
        assert_eq!(spot(&place, true).spot, wanted, "{marked}");
    }
}

#[test]
fn a_statement_of_another_kind_is_none() {
    let text = "Resources:\n  Acl:\n    Type: AWS::WAFv2::WebACL\n    Properties:\n      Rules:\n        - Statement:\n            Action: ";
    let place = place(text, leastwise_syntax::Format::Yaml, text.len() as u32).expect("a place");
    assert_eq!(spot(&place, false).spot, Spot::Other);
}
