//! Valid YAML.

use super::{show, yaml};

fn check(source: &str, tree: &str) {
    let read = yaml(source);
    assert_eq!(show(&read), tree, "{source}\n{}", read.outline());
    assert_eq!(read.problems(), [], "{source}");
}

#[test]
fn collections() {
    check("", "");
    check("# only\n", "");
    check("a: 1\nb:\n  c: d\n", "{a: 1, b: {c: d}}");
}
