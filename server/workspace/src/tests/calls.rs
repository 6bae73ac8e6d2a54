//! How often a module's file is looked at for its calls.

use super::terraform::analyse;

const MODULE: &str = "variable \"name\" {}\nresource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Statement = [{ Resource = var.name }] })\n}\n";

/// How often, for which calls the first time, and whether there are more of them.
fn ways(module: &str, caller: &str) -> (usize, Vec<String>, bool) {
    let (tree, analysis) = analyse(&[("m/child/main.tf", module), ("m/main.tf", caller)], "");
    let calls = analysis.calls(&tree);
    let first = calls.ways.first().map(|way| way.names.clone());
    (calls.ways.len(), first.unwrap_or_default(), calls.more)
}

fn calls(count: usize, given: impl Fn(usize) -> String) -> String {
    let call = |at| {
        format!(
            "module \"c{at}\" {{\n  source = \"./child\"\n  {}\n}}\n",
            given(at)
        )
    };
    (0..count).map(call).collect()
}

#[test]
fn once_for_all_calls_that_give_the_same() {
    let same = |_| "name = \"same\"\n  other = 1".to_owned();
    let (count, first, more) = ways(MODULE, &calls(1000, same));
    assert_eq!((count, first.len(), more), (1, 1000, false));
    // What the module has no variable for makes no difference.
    let other = |at| format!("name = \"same\"\n  other = {at}");
    assert_eq!(ways(MODULE, &calls(3, other)).0, 1);
    let ordered = |at: usize| match at {
        0 => "name = \"a\"\n  more = 1".to_owned(),
        _ => "more = 1\n  name = \"a\"".to_owned(),
    };
    let module = format!("{MODULE}variable \"more\" {{}}\n");
    assert_eq!(ways(&module, &calls(2, ordered)).0, 1);
    assert_eq!(
        ways(MODULE, &calls(2, |at| format!("name = \"{at}\""))).0,
        2
    );
}

#[test]
fn not_at_all_for_what_is_known_anyway() {
    let none = (0, Vec::new(), false);
    assert_eq!(ways(MODULE, ""), none);
    assert_eq!(ways(MODULE, &calls(1, |_| "name = \"a\"".to_owned())), none);
    let fixed =
        "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Statement = [] })\n}\n";
    assert_eq!(
        ways(fixed, &calls(2, |at| format!("name = \"{at}\""))),
        none
    );
    // Nor for a call of which there is none.
    assert_eq!(
        ways(
            MODULE,
            &calls(1, |_| "count = 0\n  name = \"a\"".to_owned())
        ),
        none
    );
}

#[test]
fn as_often_as_can_be_afforded() {
    let differing = |at| format!("name = \"{at}\"");
    let (count, _, more) = ways(MODULE, &calls(2000, differing));
    assert_eq!((count, more), (64, true));
    let (count, _, more) = ways(MODULE, &calls(64, differing));
    assert_eq!((count, more), (64, false));
    // A long file less often.
    let long = format!("{MODULE}# {}\n", "x".repeat(1 << 16));
    assert_eq!(ways(&long, &calls(9, differing)).0, 3);
    let longer = format!("{MODULE}# {}\n", "x".repeat(1 << 18));
    let (count, _, more) = ways(&longer, &calls(9, differing));
    assert_eq!((count, more), (0, true));
    let same = |_| "name = \"same\"".to_owned();
    let (count, first, more) = ways(MODULE, &calls(1500, same));
    assert_eq!((count, first.len(), more), (1, 1024, true));
}

#[test]
fn instances_have_names_of_their_own() {
    let each = |of: &str, name: &str| calls(1, |_| format!("{of}\n  name = {name}"));
    let named = |caller: &str| ways(MODULE, caller).1;
    assert_eq!(
        named(&each("for_each = { a = 1, b = 2 }", "each.key")),
        ["module.c0[\"a\"]"]
    );
    assert_eq!(named(&each("count = 2", "count.index")), ["module.c0[0]"]);
    assert_eq!(named(&each("for_each = var.some", "each.key")), [""; 0]);
}
