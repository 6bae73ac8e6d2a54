//! Texts of scalars and of their parts.

use super::*;

#[test]
fn quotes_are_kept_where_they_do() {
    yaml(
        "a: 'x' # c\n",
        |t| vec![set(t, "a", "it's")],
        "a: 'it''s' # c\n",
    );
    yaml(
        "a: \"x\"\n",
        |t| vec![set(t, "a", "\"\\\t")],
        "a: \"\\\"\\\\\\t\"\n",
    );
    yaml("a: 'x'\n", |t| vec![set(t, "a", "y\nz")], "a: \"y\\nz\"\n");
    yaml("a: x\n", |t| vec![set(t, "a", "*")], "a: '*'\n");
    yaml(
        "a: x\nb: \"c\"\n",
        |t| vec![set(t, "a", "*")],
        "a: \"*\"\nb: \"c\"\n",
    );
    yaml("a: true\n", |t| vec![set(t, "a", "false")], "a: false\n");
    yaml("a: true\n", |t| vec![set(t, "a", "12")], "a: '12'\n");
    yaml("a: 12\n", |t| vec![set(t, "a", "13")], "a: 13\n");
    yaml("a:\n", |t| vec![set(t, "a", "13")], "a: '13'\n");
    yaml(
        "V: 2008-10-17\n",
        |t| vec![set(t, "V", "2012-10-17")],
        "V: '2012-10-17'\n",
    );
    yaml(
        "a: [x, y]\n",
        |t| vec![set(t, "a/0", "p{q")],
        "a: ['p{q', y]\n",
    );
    yaml(
        "Actoin: x\n",
        |t| vec![set(t, "~Actoin", "Action")],
        "Action: x\n",
    );
    yaml(
        "a: x\n  y\nb: c\n",
        |t| vec![set(t, "a", "z")],
        "a: z\nb: c\n",
    );
    yaml(
        "a: !Sub x\n",
        |t| vec![set(t, "a/!", "${Y}: z")],
        "a: !Sub '${Y}: z'\n",
    );
    json(
        "[\"a\", 1]",
        |t| vec![set(t, "0", "\"\u{1}\u{1f600}"), set(t, "1", "-2.5e3")],
        "[\"\\\"\\u0001\u{1f600}\", -2.5e3]",
    );
}

#[test]
fn block_scalars() {
    yaml(
        "a: | # c\n  x\n  y\nb: d\n",
        |t| vec![set(t, "a", "p\nq\n")],
        "a: | # c\n  p\n  q\nb: d\n",
    );
    yaml(
        "a: |\n  x\nb: d\n",
        |t| vec![set(t, "a", "p\n\n  q")],
        "a: |-\n  p\n\n    q\nb: d\n",
    );
    yaml(
        "a: >-\n  x\n  y\n",
        |t| vec![set(t, "a", "p q")],
        "a: >-\n  p q\n",
    );
    yaml(
        "a: >\n  x\nb: c\n",
        |t| vec![set(t, "a", "p\nq\n")],
        "a: |\n  p\n  q\nb: c\n",
    );
    yaml(
        "a: | # c\n  x\n",
        |t| vec![set(t, "a", " p")],
        "a: ' p' # c\n",
    );
    yaml(
        "- |+\n  x\n\n- y\n",
        |t| vec![set(t, "0", "z")],
        "- |-\n  z\n- y\n",
    );
    yaml("- |\n- y\n", |t| vec![set(t, "0", "z")], "- |-\n  z\n- y\n");
}

#[test]
fn parts() {
    let arn = "R: arn:aws:s3:us-west-1:123:b # c\n";
    yaml(
        arn,
        |t| {
            vec![
                part(t, "R", "us-west-1", "eu-west-1"),
                part(t, "R", "123", ""),
                part(t, "R", "aws", "*"),
            ]
        },
        "R: arn:*:s3:eu-west-1::b # c\n",
    );
    yaml(
        "a: 'it''s x'\n",
        |t| vec![part(t, "a", "'s x", "'''")],
        "a: 'it'''''''\n",
    );
    yaml(
        "a: \"\\u00e9x\\ty\"\n",
        |t| vec![part(t, "a", "x\ty", "\\\"")],
        "a: \"\\u00e9\\\\\\\"\"\n",
    );
    yaml(
        "a: \"\\u00e9x\"\n",
        |t| vec![part(t, "a", "é", "e")],
        "a: \"ex\"\n",
    );
    json(
        "{\"a\":\"b\\/\\ud83d\\ude00c\"}",
        |t| vec![part(t, "a", "\u{1f600}", "\n")],
        "{\"a\":\"b\\/\\nc\"}",
    );
    // What makes quotes needed gets them.
    yaml("a: xy\n", |t| vec![part(t, "a", "x", "*")], "a: '*y'\n");
    yaml("a: x1\n", |t| vec![part(t, "a", "x", "")], "a: '1'\n");
    yaml(
        "a: 'x'\n",
        |t| vec![part(t, "a", "x", "\t")],
        "a: \"\\t\"\n",
    );
    // Over lines.
    yaml(
        "a: >-\n  one two\n  three\nb: c\n",
        |t| vec![part(t, "a", "two", "2"), part(t, "a", "three", "3")],
        "a: >-\n  one 2\n  3\nb: c\n",
    );
    yaml(
        "a: |\n  one\n  two\nb: c\n",
        |t| vec![part(t, "a", "one\n", "")],
        "a: |\n  two\nb: c\n",
    );
    yaml(
        "a: one\n  two three\n",
        |t| vec![part(t, "a", "two", "2")],
        "a: one\n  2 three\n",
    );
    yaml(
        "a: one\n  two three\n",
        |t| vec![part(t, "a", "two", "")],
        "a: one  three\n",
    );
    yaml(
        "a: \"one\n  two three\"\n",
        |t| vec![part(t, "a", "one two", "x")],
        "a: \"x three\"\n",
    );
    yaml(
        "a: [ключ-x]\n",
        |t| vec![part(t, "a/0", "-x", "/名")],
        "a: [ключ/名]\n",
    );
}

#[test]
fn a_part_and_a_list_around_it() {
    yaml(
        "R: arn:x\nl:\n  - a\n",
        |t| vec![part(t, "R", "x", "y"), push(t, "R", text("z"))],
        "R:\n  - arn:y\n  - z\nl:\n  - a\n",
    );
    json(
        "{\"R\":\"x\"}",
        |t| vec![part(t, "R", "x", "y"), push(t, "R", text("z"))],
        "{\"R\":[\"y\",\"z\"]}",
    );
}
