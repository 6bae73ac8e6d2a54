//! What broken YAML is read as: one case a line, so that every kind of slip has its place.

use super::{problems, show, yaml};
use crate::ProblemKind::{self, Syntax, Tab, Templated, UnknownAlias, UnquotedStar};

fn check(source: &str, tree: &str, expected: &[(ProblemKind, &str)]) {
    let read = yaml(source);
    let expected: Vec<(ProblemKind, String)> = expected
        .iter()
        .map(|(kind, text)| (*kind, (*text).to_owned()))
        .collect();
    assert_eq!(
        (show(&read).as_str(), problems(&read)),
        (tree, expected),
        "{source}"
    );
}

#[test]
fn unquoted_star() {
    check(
        "Action: a\nResource: *\nSid: b\n",
        "{Action: a, Resource: *, Sid: b}",
        &[(UnquotedStar, "*")],
    );
    check(
        "Resource:\n  - a\n  - *\n  - b # c\n",
        "{Resource: [a, *, b]}",
        &[(UnquotedStar, "*")],
    );
    check(
        "a: [*, b]\nc: * # why\n",
        "{a: [*, b], c: *}",
        &[(UnquotedStar, "*"), (UnquotedStar, "*")],
    );
    check(
        "a: '*'\nb: \"x *\"\nc: |\n  *\n  *\nd: *\n# *",
        "{a: *, b: x *, c: *⏎*⏎, d: *}",
        &[(UnquotedStar, "*")],
    );
}

#[test]
fn aliases() {
    check("a: *x\nb: 1", "{a: *?, b: 1}", &[(UnknownAlias, "*x")]);
    check(
        "a: &x 1\nb: *x\nc: *y\n",
        "{a: 1, b: *(1), c: *?}",
        &[(UnknownAlias, "*y")],
    );
    check("a: &x 1\nb: &x 2\nc: *x\n", "{a: 1, b: 2, c: *(2)}", &[]);
    check(
        "a: &x 1\n---\nb: *x\n",
        "{a: 1} --- {b: *?}",
        &[(UnknownAlias, "*x")],
    );
    check(
        "Resource: *.example.com\n",
        "{Resource: *?}",
        &[(UnknownAlias, "*.example.com")],
    );
    // An anchor in a part that is valid, an alias in one that is broken.
    check(
        "a: &x\n  k: 1\nb:\n  - *x\n  - [c\nd: e\n",
        "{a: {k: 1}, b: [*({k: 1}), [c]], d: e}",
        &[(Syntax, "[")],
    );
}

#[test]
fn unclosed() {
    check(
        "a: 1\nAction: \"s3:Get\nb: 2\n",
        "{a: 1, Action: s3:Get, b: 2}",
        &[(Syntax, "\"s3:Get")],
    );
    check(
        "a: 1\nAction: 's3:\n",
        "{a: 1, Action: s3:}",
        &[(Syntax, "'s3:")],
    );
    check(
        "a:\n  - b: [x, y\n    c: d\n  - e\n",
        "{a: [{b: [x, y], c: d}, e]}",
        &[(Syntax, "[")],
    );
    check(
        "a:\n  b: {x: 1, y\n  c: d\n",
        "{a: {b: {x: 1, y: ~}, c: d}}",
        &[(Syntax, "{")],
    );
    check(
        "a: [\n  x,\n  y\nb: 1\n",
        "{a: [x, y], b: 1}",
        &[(Syntax, "[")],
    );
    check("a:\n  - \"x\n  - y\n", "{a: [x, y]}", &[(Syntax, "\"x")]);
}

#[test]
fn being_typed() {
    check(
        "Effect: Allow\nAct\nResource: x\n",
        "{Effect: Allow, Act: ~, Resource: x}",
        &[(Syntax, "Act")],
    );
    check(
        "a:\n  - Effect: Allow\n    Act\n  - b\n",
        "{a: [{Effect: Allow, Act: ~}, b]}",
        &[(Syntax, "Act")],
    );
    check(
        "a:\n  Action: s3:\n  b: c\n",
        "{a: {Action: s3:, b: c}}",
        &[(Syntax, ":")],
    );
    check(
        "Action: s3: x\nb: c\n",
        "{Action: s3: x, b: c}",
        &[(Syntax, ":")],
    );
    check("a:\n  -\n  - \n  - b\n", "{a: [~, ~, b]}", &[]);
    check("a:\nb: !Sub\n", "{a: ~, b: Fn::Sub(~)}", &[]);
    check(
        "Action: %x\nb: @y\nc: `z\nd: 1",
        "{Action: %x, b: @y, c: `z, d: 1}",
        &[(Syntax, "%x"), (Syntax, "@y"), (Syntax, "`z")],
    );
    check("a: ]\nb: 1\n", "{a: ], b: 1}", &[(Syntax, "]")]);
}

#[test]
fn indentation() {
    check(
        "a:\n\t- b\n\t- c\nd: 1\n",
        "{a: [b, c], d: 1}",
        &[(Tab, "\t")],
    );
    check(
        "a:\n    b: 1\n  c: 2\nd: 3\n",
        "{a: {b: 1, c: 2}, d: 3}",
        &[(Syntax, "c:")],
    );
    check(
        "a:\n  b: 1\n    c: 2\nd: 3\n",
        "{a: {b: 1, c: 2}, d: 3}",
        &[(Syntax, ":")],
    );
    check(
        "a:\n  - b: 1\n   c: 2\n  - d\n",
        "{a: [{b: 1, c: 2}, d]}",
        &[(Syntax, "c:")],
    );
    // libyaml and CloudFormation take these two.
    check(
        "a:\n  b: [\n    x, # why\n    y\n]\nc: 1\n",
        "{a: {b: [x, y]}, c: 1}",
        &[],
    );
    check("a:\n    b: \"x\n  y\"\nc: 1\n", "{a: {b: x y}, c: 1}", &[]);
    check("a:\n  b: [p\nq, 'r\n s']\n", "{a: {b: [p q, r s]}}", &[]);
}

#[test]
fn other_languages() {
    check(
        "a:\n  b: 1\n  {%- if x %}\n  c: 2\n  {%- endif %}\nd: 3\n",
        "{a: {b: 1, c: 2}, d: 3}",
        &[(Templated, "{%- if x %}")],
    );
}

#[test]
fn documents() {
    check(
        "a: 1\n---\nb: [\n---\nc: 2\n",
        "{a: 1} --- {b: []} --- {c: 2}",
        &[(Syntax, "[")],
    );
    check(
        "%YAML 1.2\n---\na: \"\n...\n---\nb: 1\n",
        "{a: } --- {b: 1}",
        &[(Syntax, "\"")],
    );
}

#[test]
fn tags_stay() {
    check(
        "a: !If\n  - b\n  - c: [\n  - !Sub x\nd: !Sub \"y\ne: 1\n",
        "{a: Fn::If([b, {c: []}, Fn::Sub(x)]), d: Fn::Sub(y), e: 1}",
        &[(Syntax, "["), (Syntax, "\"y")],
    );
}

#[test]
fn comments_stay() {
    let tree = yaml("# a\nb: # c\n  # d\n  e: 1 # f\n  g: \"h\n  # i\nj: 1 # k\n");
    let comments: Vec<&str> = tree
        .comments()
        .iter()
        .map(|comment| &tree.source()[comment.span.range()])
        .collect();
    assert_eq!(comments, ["# a", "# c", "# d", "# f", "# i", "# k"]);
}

#[test]
fn what_repairs_don_t_reach() {
    check(
        "a:\n  - !!!Sub {}\n  - b\n",
        "{a: [<!!!Sub {}>, b]}",
        &[(Syntax, "!!!Sub")],
    );
    check(
        "a: 1\nb: \"x\" y\nc: 2\n",
        "{a: 1, b: <\"x\" y>, c: 2}",
        &[(Syntax, "y")],
    );
    check(
        "a: 1\nb: {x: 1] \nc: 2\n",
        "{a: 1, b: <{x: 1]>, c: 2}",
        &[(Syntax, "]")],
    );
}

#[test]
fn white_space_that_the_source_does_not_have_ends() {
    // Found by fuzzing: never came back.
    let source = "a: !If\n   [\n  ] !Q2b !I6--\r\r *x# c\n\n\u{1f}]:\n -!If  c/:[\r\r\r\t#A\r\r\r c\n\n\u{1f}]:\n - cTy{AppId}:[\r\r\r\t#A\r\r\r\r\r\rPoliciesF:\n - c/:[\r\r\r\t#A\r\r\r c\n\n\u{1f}]:\n - cTy{AppId}:[\r\r\r\t#A\r\r\r\r\r\rPoliciesFn::Sun::Su\n [?(: db: \r\r\r\r\r\n\r\r\r\r\r\ra: c\u{feff}\n";
    assert!(!yaml(source).problems().is_empty());
}

#[test]
fn what_can_not_be_decoded_stays_as_it_is_written() {
    // Found by fuzzing: the text was what the reader had put in its place.
    let source = "a:\n  - \"b\\qé\n\tc\"\nd: 1\n";
    let tree = yaml(source);
    let outline = tree.outline();
    assert!(!outline.contains("xxx"), "{outline}");
}

/// What is left of a quoted scalar that is open over the start of another document.
#[test]
fn an_open_quote_before_another_document() {
    let text = "ParaResourion: '20{\n  \"Version\": \"2012-10-1\u{17}\"<\n  \"Statement\": {\n '  {\n   VPrarho-wes*\"\n    }\n&a   12nt:\n  - #ff\u{6}\u{1}\0\0 Allowp-data/*   }\n---\n  >\n ement:\n  - M \0\u{11}ffec - s3>G\0";
    let tree = yaml(text);
    assert!(!tree.is_complete());
}
