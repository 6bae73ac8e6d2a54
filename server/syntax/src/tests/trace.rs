//! What is read of a tree is taken down, whoever worked it out first.

use crate::trace::{TextQuestion, Traced};
use crate::{Format, NodeId, Tree, View};

const TEXT: &str = "a: {x: one, y: [two, three]}\nb: {x: one, y: [two, three]}\n";

fn tree(text: &str) -> Tree {
    Tree::parse(text.to_owned(), Format::Yaml)
}

fn at(tree: &Tree, path: &[&str]) -> NodeId {
    let root = tree.documents()[0];
    let step = |node, key: &&str| tree.get(node, key).unwrap();
    path.iter().fold(root, step)
}

#[test]
fn what_begins_outside_of_its_own_is_told() {
    let tree = tree(TEXT);
    let (a, x) = (at(&tree, &["a"]), at(&tree, &["b", "x"]));
    let ((), trace) = tree.traced(Some(a), || {
        tree.items(at(&tree, &["a", "y"]));
        tree.text(x);
    });
    assert!(trace.nodes.contains(&x));
    assert!(!trace.nodes.contains(&at(&tree, &["a", "x"])));
}

#[test]
fn who_asks_second_has_read_what_the_first_one_did() {
    let tree = tree(TEXT);
    let x = at(&tree, &["b", "x"]);
    let (inner, outer) = (Traced::default(), Traced::default());
    let ask = || {
        let ((), trace) = tree.traced(None, || {
            outer.get_or_init(&tree, None, || {
                inner.get_or_init(&tree, None, || tree.text(x).map(str::len));
                tree.mentions("three");
            });
        });
        trace
    };
    for trace in [ask(), ask()] {
        assert_eq!(trace.nodes, [x]);
        let three = TextQuestion::Mentions("three".to_owned());
        assert_eq!(trace.questions, [(three, true)]);
        assert!(!trace.is_whole);
    }
}

#[test]
fn the_text_as_such_is_all_of_it() {
    let tree = tree(TEXT);
    let whole = |read: &dyn Fn()| tree.traced(None, read).1.is_whole;
    assert!(whole(&|| assert!(!tree.source().is_empty())));
    assert!(whole(&|| assert!(tree.comments().is_empty())));
    assert!(whole(&|| assert!(tree.problems().is_empty())));
    let span = tree.span(at(&tree, &["a"]));
    assert!(!whole(&|| assert!(!tree.part(span).is_empty())));
    assert_eq!(tree.traced(None, || tree.part(span)).1.spans, [span]);
}

#[test]
fn a_panic_ends_what_is_taken_down() {
    let tree = tree(TEXT);
    let x = at(&tree, &["a", "x"]);
    let ends = || tree.traced(None, || tree.traced(None, || panic!("on purpose")));
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(ends));
    assert!(ended.is_err());
    assert_eq!(tree.traced(None, || tree.text(x).is_some()).1.nodes, [x]);
}

/// The fingerprint of what `read` reads of `b`.
fn fingerprint(text: &str, read: impl FnOnce(&Tree, NodeId)) -> u64 {
    let tree = tree(text);
    let root = at(&tree, &["b"]);
    let ((), seen) = tree.live(|| read(&tree, root));
    seen.fingerprint(&tree, &[root])
}

#[test]
fn a_fingerprint_is_of_what_was_read_wherever_it_stands() {
    let of_x = |text: &str| {
        fingerprint(text, |tree, root| {
            assert!(tree.get(root, "x").map(|x| tree.text(x)).is_some())
        })
    };
    let was = of_x(TEXT);
    // What stands before it, and what nobody has read.
    assert_eq!(of_x(&TEXT.replacen("one", "another", 1)), was);
    assert_eq!(of_x("a: 1\nb: {x: one, y: [two, four, five]}\n"), was);
    assert_ne!(of_x("a: 1\nb: {x: on, y: [two, three]}\n"), was);
    assert_ne!(of_x("a: 1\nb: {x: one, z: 1, y: [two, three]}\n"), was);
    assert_ne!(of_x("a: 1\nb: {x: [one], y: [two, three]}\n"), was);
}

#[test]
fn of_what_is_summed_up_the_sum_counts() {
    let length = |text: &str| {
        fingerprint(text, |tree, root| {
            let y = tree.get(root, "y").unwrap();
            let items = || tree.items(y).unwrap().iter();
            tree.summed_up(|| items().filter_map(|item| tree.text(*item)).count());
        })
    };
    let was = length(TEXT);
    assert_eq!(length("b: {x: one, y: [four, five]}"), was);
    assert_ne!(length("b: {x: one, y: [four]}"), was);
}

#[test]
fn whether_a_list_is_flat_hangs_on_the_sort_of_its_items_alone() {
    let flat = |text: &str| {
        let mut is_flat = false;
        let print = fingerprint(text, |tree, root| {
            is_flat = tree.is_flat(tree.get(root, "y").unwrap());
        });
        (is_flat, print)
    };
    let was = flat("b: {x: one, y: [two, three]}");
    assert!(was.0);
    for alike in [
        "b: {x: one, y: [four, five]}",
        "b: {x: another, y: [two, 'three']}",
        // How many there are nobody has read.
        "b: {x: one, y: [two]}",
    ] {
        assert_eq!(flat(alike), was, "{alike}");
    }
    // An item that turns into a mapping or a list, has a tag, or becomes a document; or the list itself is none any more.
    for other in [
        "b: {x: one, y: [two, {three: 1}]}",
        "b: {x: one, y: [{two: 1}, three]}",
        "b: {x: one, y: [two, [three]]}",
        "b: {x: one, y: [two, !Ref three]}",
        "b: {x: one, y: two}",
    ] {
        let now = flat(other);
        assert!(!now.0, "{other}");
        assert_ne!(now.1, was.1, "{other}");
    }
}

#[test]
fn what_sort_of_node_it_is_counts_without_its_text() {
    let sort = |text: &str| {
        fingerprint(text, |tree, root| {
            let x = tree.get(root, "x").unwrap();
            assert!(tree.tagged(x).is_none() && !tree.is_container(x));
            assert!(matches!(tree.seen(x), View::Scalar(_)));
        })
    };
    assert_eq!(sort("b: {x: one}"), sort("b: {x: another}"));
}

#[test]
fn regions_are_told_by_where_what_was_read_begins() {
    let tree = tree(TEXT);
    let [a, b] = ["a", "b"].map(|key| tree.span(at(&tree, &[key])));
    let regions = |read: &dyn Fn()| {
        let (_, seen) = tree.watched(vec![a, b].into(), read);
        seen.regions().iter().copied().collect::<Vec<_>>()
    };
    let root = tree.documents()[0];
    let text = |path: &[&str]| assert!(tree.text(at(&tree, path)).is_some());
    assert_eq!(regions(&|| assert!(tree.is_container(root))), []);
    assert_eq!(regions(&|| text(&["b", "x"])), [1]);
    assert_eq!(
        regions(&|| [["b", "x"], ["a", "x"], ["b", "x"]]
            .iter()
            .for_each(|path| text(path))),
        [0, 1]
    );
    let between = crate::Span::new(a.end + 1, b.start - 1);
    assert_eq!(regions(&|| assert!(!tree.part(between).is_empty())), []);
    assert_eq!(regions(&|| assert!(!tree.part(a.to(b)).is_empty())), [0, 1]);
}
