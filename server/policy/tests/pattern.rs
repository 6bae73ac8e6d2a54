//! Patterns: tables, and properties against the plainest possible matcher.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use leastwise_policy::{
    ActionPattern, Arn, Pattern, Token, Tri, bind, check, condition, principal::Principal, resource,
};
use proptest::prelude::*;

#[test]
fn reads_what_users_write() {
    let tokens = |text: &str| format!("{:?}", Pattern::literal(text).tokens().collect::<Vec<_>>());
    assert_eq!(
        tokens("a*b?"),
        r#"[Literal("a"), Star, Literal("b"), Question]"#
    );
    assert_eq!(
        tokens("${aws:username}/x"),
        r#"[Hole("aws:username"), Literal("/x")]"#
    );
    assert_eq!(
        tokens("a${*}${?}${$}"),
        r#"[Literal("a"), Literal("*"), Literal("?"), Literal("$")]"#
    );
    assert_eq!(tokens("a${b"), r#"[Literal("a${b")]"#);
    assert_eq!(tokens("$a{b}"), r#"[Literal("$a{b}")]"#);
    assert_eq!(
        tokens("\u{0}\u{1}\u{4}"),
        "[Literal(\"\u{fffd}\u{fffd}\u{fffd}\")]"
    );
    assert_eq!(tokens("${}"), r#"[Hole("")]"#);
    assert_eq!(tokens(""), "[]");
    let mut builder = Pattern::builder();
    builder
        .push_literal("x-")
        .push_hole("App\u{0}Id")
        .push_escaped("*")
        .push_text("${y}");
    builder.push_pattern(&Pattern::literal("*"));
    let pattern = builder.build();
    assert_eq!(
        pattern.tokens().collect::<Vec<_>>(),
        [
            Token::Literal("x-"),
            Token::Hole("App\u{fffd}Id"),
            Token::Literal("*"),
            Token::Literal("${y}"),
            Token::Star,
        ]
    );
}

#[test]
fn knows_its_own_nature() {
    let pattern = Pattern::literal("x-${App}-*");
    assert!(pattern.has_holes() && pattern.has_wildcards() && !pattern.is_literal());
    assert_eq!(pattern.known_prefix(), "x-");
    assert_eq!(pattern.holes().collect::<Vec<_>>(), ["App"]);
    assert_eq!(
        Pattern::literal("a${*}b").as_literal().as_deref(),
        Some("a*b")
    );
    assert!(Pattern::literal("a${*}b").is_literal());
    assert!(
        Pattern::literal("**").is_star()
            && !Pattern::literal("${*}").is_star()
            && !Pattern::literal("").is_star()
    );
    assert!(!Pattern::literal("${x*}").has_wildcards());
}

#[test]
fn what_is_escaped_is_displayed_as_it_was() {
    for text in ["a${$}b", "${*}", "${?}", "x*${$}{y}"] {
        assert_eq!(Pattern::literal(text).display(), text);
    }
}

#[test]
fn displayed_offsets_are_those_of_the_source() {
    let text = "é${aws:username}x${*}y*";
    let pattern = Pattern::literal(text);
    assert_eq!(pattern.display(), text);
    for (range, token) in pattern.spans() {
        let shown = &text[pattern.display_offset(range.start)..pattern.display_offset(range.end)];
        match token {
            Token::Hole(label) => assert_eq!(shown, format!("${{{label}}}")),
            Token::Star => assert_eq!(shown, "*"),
            Token::Literal("*") => assert_eq!(shown, "${*}"),
            Token::Literal(literal) => assert_eq!(shown, literal),
            Token::Question => unreachable!("there is none"),
        }
    }
    assert_eq!(pattern.display_offset(usize::MAX), text.len());
}

#[test]
fn compares_patterns() {
    let p = Pattern::literal;
    for (a, b, overlap, covers) in [
        ("shop-*", "shop-data", Tri::Yes, true),
        ("shop-*", "other-*", Tri::No, false),
        ("shop-*", "*-data", Tri::Yes, false),
        ("a?c", "abc", Tri::Yes, true),
        ("a?c", "a*", Tri::Yes, false),
        ("*?", "?*", Tri::Yes, true),
        ("*", "${x}", Tri::Yes, true),
        ("${x}-*", "${x}-data", Tri::Yes, true),
        ("${x}-*", "${y}-data", Tri::Maybe, false),
        ("${x}-a", "${x}-b", Tri::No, false),
        ("shop-*", "${App}-*", Tri::Maybe, false),
        ("shop-*", "other-${App}", Tri::No, false),
        ("a${*}", "a*", Tri::Yes, false),
        ("a*", "a${*}", Tri::Yes, true),
        ("a${*}", "ab", Tri::No, false),
        ("a", "a", Tri::Yes, true),
        ("", "", Tri::Yes, true),
        ("", "*", Tri::Yes, false),
        ("a", "ab", Tri::No, false),
    ] {
        assert_eq!(p(a).overlaps(&p(b)), overlap, "{a} and {b}");
        assert_eq!(p(a).covers(&p(b)), covers, "{a} over {b}");
    }
    assert_eq!(p("x-${A}").matches("x-1"), Tri::Maybe);
    assert_eq!(p("x-${A}").matches("y-1"), Tri::No);
    assert_eq!(p("x-*").matches("x-"), Tri::Yes);
    assert_eq!(p("X").matches("x"), Tri::No);
    assert_eq!(p("é?").matches("éü"), Tri::Yes);
}

#[test]
fn hostile_patterns_end() {
    let stars = Pattern::literal(&"*a".repeat(50_000));
    let text = "a".repeat(100_000);
    let _ = stars.matches(&format!("{text}b"));
    let _ = stars.covers(&Pattern::literal(&format!("{text}b")));
    let _ = stars.overlaps(&Pattern::literal(&"?*b".repeat(50_000)));
    let _ = Pattern::literal(&"*?a".repeat(50_000)).matches(&text);
}

/// The definition, word for word; exponential.
fn naive(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('*', rest)) => (0..=text.len()).any(|skip| naive(rest, &text[skip..])),
        Some((c, rest)) => text
            .split_first()
            .is_some_and(|(first, after)| (*c == '?' || c == first) && naive(rest, after)),
    }
}

fn naive_matches(pattern: &str, text: &str) -> bool {
    naive(
        &pattern.chars().collect::<Vec<_>>(),
        &text.chars().collect::<Vec<_>>(),
    )
}

/// Every text of at most six letters over `abc`: enough to tell short patterns over `ab` apart.
fn short_texts() -> Vec<String> {
    let mut texts = vec![String::new()];
    let mut last = texts.clone();
    for _ in 0..6 {
        last = last
            .iter()
            .flat_map(|text| ["a", "b", "c"].map(|c| format!("{text}{c}")))
            .collect();
        texts.extend(last.iter().cloned());
    }
    texts
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn matches_as_defined(pattern in "[ab*?]{0,8}", text in "[abc]{0,8}") {
        let expected = if naive_matches(&pattern, &text) { Tri::Yes } else { Tri::No };
        prop_assert_eq!(Pattern::literal(&pattern).matches(&text), expected);
    }

    #[test]
    fn covered_texts_match(a in "[ab*?]{0,4}", b in "[ab*?]{0,4}") {
        let covers = Pattern::literal(&a).covers(&Pattern::literal(&b));
        let texts = short_texts();
        let inside = texts.iter().all(|text| !naive_matches(&b, text) || naive_matches(&a, text));
        prop_assert_eq!(covers, inside, "{} over {}", a, b);
    }

    #[test]
    fn overlaps_as_defined(a in "[ab*?]{0,4}", b in "[ab*?]{0,4}") {
        let found = Pattern::literal(&a).overlaps(&Pattern::literal(&b));
        prop_assert_eq!(found, Pattern::literal(&b).overlaps(&Pattern::literal(&a)));
        // Two stars between up to three fixed letters each: the longest shared text one could need has six letters.
        let shared = short_texts().iter().any(|text| naive_matches(&a, text) && naive_matches(&b, text));
        prop_assert_eq!(found == Tri::Yes, shared);
    }

    #[test]
    fn overlap_is_symmetric_with_holes(a in "([ab*?]|\\$\\{[xy]\\}){0,6}", b in "([ab*?]|\\$\\{[xy]\\}){0,6}") {
        let (a, b) = (Pattern::literal(&a), Pattern::literal(&b));
        prop_assert_eq!(a.overlaps(&b), b.overlaps(&a));
        if a.covers(&b) {
            prop_assert!(a.overlaps(&b) == Tri::Yes);
        }
    }

    #[test]
    fn answers_hold_whatever_the_holes_are(
        a in "([ab*?]|\\$\\{[xy]\\}){0,5}",
        b in "([ab*?]|\\$\\{[xy]\\}){0,5}",
        x in "[ab]{0,2}",
        y in "[ab]{0,2}",
    ) {
        let fill = |text: &str| Pattern::literal(&text.replace("${x}", &x).replace("${y}", &y));
        let (open_a, open_b) = (Pattern::literal(&a), Pattern::literal(&b));
        let (known_a, known_b) = (fill(&a), fill(&b));
        if open_a.covers(&open_b) {
            prop_assert!(known_a.covers(&known_b));
        }
        let open = open_a.overlaps(&open_b);
        if open != Tri::Maybe {
            prop_assert_eq!(open, known_a.overlaps(&known_b));
        }
    }

    #[test]
    fn display_gives_back_the_text(text in "[^\u{0}-\u{4}]*") {
        prop_assert_eq!(Pattern::literal(&text).display(), text);
    }

    #[test]
    fn nothing_panics(text in ".{0,60}", other in "[\\PC\u{0}-\u{4}:*?${}]{0,40}", offset in 0usize..80) {
        for text in [text.clone(), other.clone(), format!("arn:{other}"), format!("arn:aws:{other}")] {
            let pattern = Pattern::literal(&text);
            let raw = Pattern::from_raw(other.clone());
            let _ = Arn::parse(&pattern);
            let _ = check::check(&pattern);
            let _ = check::check(&raw);
            let _ = resource::resource_types_fitting(&pattern);
            let _ = pattern.overlaps(&raw);
            let _ = raw.covers(&pattern);
            let _ = pattern.matches(&other);
            let _ = pattern.display_offset(offset);
            let _ = raw.display_offset(offset);
            let _ = pattern.slice(0..offset);
            let _ = ActionPattern::parse(&text).expand();
            let _ = condition::Operator::parse(&text);
            let _ = resource::compose(&text, |_| None);
            let _ = resource::fits(&text, &raw);
            let _ = bind::names(&pattern);
            let _ = bind::bind("arn:${Partition}:s3:::${BucketName}/${ObjectName}", &raw);
            for key in ["AWS", "Service", "Federated", "CanonicalUser", "x"] {
                let _ = Principal::parse(key, &pattern);
            }
        }
    }
}
