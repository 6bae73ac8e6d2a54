use super::{Layout, Quotes, of_lines};

fn of(marked: &str, key: &str) -> Layout {
    let (before, behind) = marked.split_once("$0").expect("a cursor");
    of_lines(before, behind, key)
}

#[test]
fn lines_tell_by_what_others_are_indented() {
    for (marked, unit, list_step) in [
        (
            "A:\n    B: 1\n    C:\n        - D: 1\n          $0",
            "    ",
            4,
        ),
        ("A:\n  B:\n  - C: 1\n    $0", "  ", 0),
        ("A:\n$0\n  B:\n    - C:\n         D: 1\n", "   ", 2),
        ("{\n\t\"A\": [\n\t\t$0\n\t]\n}", "\t", 2),
        ("{\n    \"A\": {\n        $0\n    }\n}", "    ", 2),
        (
            "data \"a\" \"b\" {\n    $0\n}\nlocals {\n   a = 1\n}\n",
            "    ",
            2,
        ),
        (
            "data \"a\" \"b\" {\n$0\n}\nlocals {\n   a = 1\n}\n",
            "   ",
            2,
        ),
        ("$0", "  ", 2),
        // A line of the same list, or a further one of a text, tells nothing.
        ("- A: 1\n- B: |\n   x\n- $0", "  ", 2),
    ] {
        let found = of(marked, "");
        assert_eq!(
            (&*found.unit, found.list_step),
            (unit, list_step),
            "{marked}"
        );
    }
}

#[test]
fn the_quotes_of_the_same_key_come_before_those_of_others() {
    for (marked, quotes) in [
        ("A: \"x\"\nVersion: $0\n", Quotes::Double),
        ("A: 'x'\nVersion: $0\n", Quotes::Single),
        ("Version: $0\nA: \"x\"\n", Quotes::Double),
        (
            "Version: '2012-10-17'\nA: \"x\"\nVersion: $0\n",
            Quotes::Single,
        ),
        (
            "Version: 2012-10-17\nA: \"x\"\nVersion: $0\n",
            Quotes::Missing,
        ),
        ("- \"x\"\n- !Sub 'y'\nVersion: $0\n", Quotes::Single),
        // What needs no quotes has nothing to say, nor has a number.
        ("A: x\nB: 12\nVersion: $0\n", Quotes::Single),
    ] {
        assert_eq!(of(marked, "Version").quotes, quotes, "{marked}");
    }
}

#[test]
fn only_a_date_is_left_without_quotes() {
    assert_eq!(Quotes::Missing.around("2012-10-17"), "2012-10-17");
    assert_eq!(Quotes::Missing.around("012345678901"), "'012345678901'");
    assert_eq!(Quotes::Double.around("a\"b\\"), "\"a\\\"b\\\\\"");
    assert_eq!(Quotes::Single.around("it's"), "'it''s'");
}
