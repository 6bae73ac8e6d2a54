//! What patterns have in common, against the plainest way to find out: every text of a small world.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use leastwise_policy::action::takes_all;
use leastwise_policy::{ActionPattern, Common, FoundText, Pattern, Texts, Tri};

fn find(of: &[&str], without: &[&str], texts: Texts) -> FoundText {
    let read =
        |all: &[&str]| -> Vec<Pattern> { all.iter().map(|it| Pattern::literal(it)).collect() };
    let (of, without) = (read(of), read(without));
    Common {
        of: of.iter().collect(),
        without: without.iter().collect(),
        texts,
    }
    .find()
}

#[test]
fn of_texts() {
    for (of, without, whether, example) in [
        (&["a*"][..], &["aa*", "ab*"][..], Tri::Yes, Some("a")),
        (&["a*"], &["a", "aa*", "ab*"], Tri::Yes, Some("ax")),
        (&["a*"], &["a", "a?*"], Tri::No, None),
        (&["*"], &["", "?", "??*"], Tri::No, None),
        (&["*"], &["", "?", "???*"], Tri::Yes, Some("xx")),
        (&["a*", "*b"], &[], Tri::Yes, Some("ab")),
        (&["a*", "*b"], &["ab"], Tri::Yes, Some("abb")),
        (&["a*", "*b"], &["a*b"], Tri::No, None),
        (&["a*b", "*ba"], &[], Tri::No, None),
        (&["a*b*c", "??c"], &[], Tri::Yes, Some("abc")),
        (&["a*b*c", "??c"], &["abc"], Tri::No, None),
        // The characters themselves.
        (&["a${*}"], &["a?"], Tri::No, None),
        (&["a?"], &["a${*}"], Tri::Yes, Some("ax")),
        (&[], &["a*"], Tri::Yes, Some("")),
        (&[], &["*"], Tri::No, None),
        // What isn't known is the same in both, or may be anything.
        (&["${x}-a"], &["${x}-*"], Tri::No, None),
        (&["${x}-a"], &["*-b", "*-a"], Tri::No, None),
        (&["${x}-a"], &["${y}-a"], Tri::Maybe, None),
        (&["${x}-a"], &["*-b"], Tri::Yes, None),
        (&["a*"], &["ab${x}"], Tri::Yes, Some("a")),
        (&["ab*"], &["ab${x}"], Tri::Maybe, None),
        (&["${x}-*", "*-a"], &["${x}*"], Tri::No, None),
        (&["${x}", "a"], &[], Tri::Maybe, None),
        (&["${x}b", "*a"], &[], Tri::No, None),
    ] {
        let found = find(of, without, Texts::Any);
        assert_eq!(found.whether, whether, "{of:?} without {without:?}");
        assert_eq!(
            found.example.as_deref(),
            example,
            "{of:?} without {without:?}"
        );
        assert!(!found.spent);
    }
}

/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
#[test]
fn of_arns() {
    for (of, without, any, arns) in [
        // A star at a segment's end runs over colons.
        ("arn:aws:sqs:eu:1:q", "arn:aws:sqs:*:q", Tri::No, Tri::No),
        ("arn:aws:sqs:eu:1:q", "arn:aws:sqs:*", Tri::No, Tri::No),
        ("arn:aws:sqs:*:1:q", "arn:aws:sqs:*:*:q", Tri::No, Tri::No),
        // Another one doesn't.
        (
            "arn:aws:sqs:eu-1:1:q:x",
            "arn:aws:sqs:e*u:1:q:x",
            Tri::Yes,
            Tri::Yes,
        ),
        (
            "arn:aws:sqs:e:u:1:u:x",
            "arn:aws:sqs:e*u:x",
            Tri::No,
            Tri::Yes,
        ),
        (
            "arn:aws:sqs:e-u:1:x",
            "arn:aws:sqs:e*u:1:x",
            Tri::No,
            Tri::No,
        ),
        // The sixth segment is the rest.
        (
            "arn:aws:logs:eu:1:group:a:b",
            "arn:aws:logs:eu:1:g*b",
            Tri::No,
            Tri::No,
        ),
        (
            "arn:aws:logs:eu:1:group:a:b",
            "arn:aws:logs:eu:1:group?a:b",
            Tri::No,
            Tri::No,
        ),
        (
            "arn:aws:logs:eu:1:b",
            "arn:aws:logs:eu?1:b",
            Tri::No,
            Tri::Yes,
        ),
        // Where a segment is can't be told behind a star that runs over colons.
        (
            "arn:aws:logs:eu:1:a:b",
            "arn:aws:logs:*:a*b",
            Tri::No,
            Tri::Maybe,
        ),
        // None stands for the service.
        (
            "arn:aws:sqs:eu:1:q",
            "arn:aws:s*:eu:1:q",
            Tri::No,
            Tri::Maybe,
        ),
        (
            "arn:aws:sqs:eu:1:q",
            "arn:aws:s?s:eu:1:q",
            Tri::No,
            Tri::Maybe,
        ),
        ("arn:aws:s*:eu:1:q", "arn:aws:s*:eu:1:q", Tri::No, Tri::No),
        // Only of texts there is something else than ARNs.
        ("*", "arn:*", Tri::Yes, Tri::No),
        ("arn:*", "arn:?*:?*:*:*:?*", Tri::Yes, Tri::Maybe),
        ("arn:aws:sqs*", "arn:aws:sqs:*", Tri::Yes, Tri::Yes),
    ] {
        for (texts, whether) in [(Texts::Any, any), (Texts::Arns, arns)] {
            let found = find(&[of], &[without], texts);
            assert_eq!(
                found.whether, whether,
                "{of} without {without} of {texts:?}"
            );
        }
    }
}

#[test]
fn hard_ones_depend() {
    let hard = format!("*a{}", "?".repeat(40));
    let found = find(
        &[&hard],
        &["*a??????????????????????b*", "b*", "*c"],
        Texts::Any,
    );
    assert_eq!((found.whether, found.spent), (Tri::Maybe, true));
    let all: Vec<String> = (0..40)
        .map(|at| format!("*a{}b{}*", "?".repeat(at), "?".repeat(40 - at)))
        .collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let found = find(&["*a*a*a*a*b*b*b*b*"], &all, Texts::Any);
    assert!(found.spent || found.whether == Tri::Yes, "{found:?}");
}

#[test]
fn of_actions() {
    let list = |all: &[&str]| -> Vec<ActionPattern> {
        all.iter().map(|it| ActionPattern::parse(it)).collect()
    };
    let tables: Vec<String> = ActionPattern::parse("sqs:*Queue")
        .expand()
        .iter()
        .map(|it| it.full_name())
        .collect();
    let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
    assert!(tables.len() > 2);
    for (entry, of, whether) in [
        ("s3:Get*", &["s3:*Get*"][..], Tri::Yes),
        ("S3:get*", &["s3:*GET*"], Tri::Yes),
        ("s3:*Get*", &["s3:Get*"], Tri::Yes),
        ("s3:*Object", &["s3:Get*"], Tri::No),
        ("sqs:*Queue", &tables, Tri::Yes),
        ("sqs:*Queue", &tables[1..], Tri::No),
        ("*", &["s3:*"], Tri::No),
        ("s3:*", &["*"], Tri::Yes),
        ("s?s:Create*", &["sqs:Create*", "s*s:*"], Tri::Yes),
        ("nobody:Get*", &["nobody:G*", "s3:*"], Tri::Yes),
        ("nobody:Get*", &["nobody:Get", "nobody:GET?*"], Tri::Yes),
        ("nobody:Get*", &["nobody:Get", "nobody:GET??*"], Tri::No),
        ("s3", &[], Tri::Yes),
    ] {
        let found = takes_all(&list(of), &ActionPattern::parse(entry));
        assert_eq!(found, whether, "{entry} in {of:?}");
    }
    let open = [ActionPattern::Unknown, ActionPattern::parse("s3:Put*")];
    assert_eq!(
        takes_all(&open, &ActionPattern::parse("s3:Get*")),
        Tri::Maybe
    );
    assert_eq!(
        takes_all(&open, &ActionPattern::parse("s3:PutObject")),
        Tri::Yes
    );
    assert_eq!(takes_all(&[], &ActionPattern::Unknown), Tri::Maybe);
}

/// How many random questions are asked: a million where they are fast.
const QUESTIONS: usize = if cfg!(debug_assertions) {
    50_000
} else {
    1_000_000
};

/// The longest texts that are tried out.
const LONGEST: usize = if cfg!(debug_assertions) { 5 } else { 6 };

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn text(&mut self, letters: &[char], longest: usize) -> String {
        (0..self.below(longest + 1))
            .map(|_| letters[self.below(letters.len())])
            .collect()
    }
}

/// The definition, word for word. Of ARNs, `colons` are those before the pattern.
fn matches(pattern: &[char], text: &[char], colons: Option<usize>) -> bool {
    let is_free = |at: &[char]| match colons {
        None => true,
        Some(colons) => {
            colons >= 5 || at.first() == Some(&'*') && matches!(at.get(1), None | Some(':'))
        }
    };
    let Some((first, rest)) = pattern.split_first() else {
        return text.is_empty();
    };
    match first {
        // A row of stars is one.
        '*' if rest.first() == Some(&'*') => matches(rest, text, colons),
        '*' => {
            let longest = match is_free(pattern) {
                true => text.len(),
                false => text.iter().position(|c| *c == ':').unwrap_or(text.len()),
            };
            (0..=longest).any(|taken| matches(rest, &text[taken..], colons))
        }
        _ => text.split_first().is_some_and(|(own, after)| {
            let taken = *first == *own || *first == '?' && (*own != ':' || is_free(pattern));
            let colons = colons.map(|colons| colons + usize::from(*first == ':'));
            taken && matches(rest, after, colons)
        }),
    }
}

/// Each text of a world by whether a pattern matches it, remembered.
struct World {
    texts: Vec<Vec<char>>,
    of_arns: bool,
    known: std::collections::HashMap<String, Vec<u64>>,
}

impl World {
    fn matches(&self, pattern: &str, text: &[char]) -> bool {
        let pattern: Vec<char> = pattern.chars().collect();
        matches(&pattern, text, self.of_arns.then_some(0))
    }

    /// The bits of the texts that it matches.
    fn matched(&mut self, pattern: &str) -> Vec<u64> {
        if let Some(known) = self.known.get(pattern) {
            return known.clone();
        }
        let mut bits = vec![0; self.texts.len().div_ceil(64)];
        for (at, text) in self.texts.iter().enumerate() {
            bits[at / 64] |= u64::from(self.matches(pattern, text)) << (at % 64);
        }
        self.known.insert(pattern.to_owned(), bits.clone());
        bits
    }

    fn ask(&mut self, of: &[String], without: &[String]) -> Tri {
        let texts = if self.of_arns {
            Texts::Arns
        } else {
            Texts::Any
        };
        let borrowed = |all: &[String]| -> Vec<Pattern> {
            all.iter().map(|it| Pattern::literal(it)).collect()
        };
        let (own, others) = (borrowed(of), borrowed(without));
        let common = Common {
            of: own.iter().collect(),
            without: others.iter().collect(),
            texts,
        };
        let found = common.find();
        let question = || format!("{of:?} without {without:?}");
        match (&found.whether, &found.example) {
            (Tri::Yes, Some(example)) => {
                let text: Vec<char> = example.chars().collect();
                assert!(
                    of.iter().all(|it| self.matches(it, &text)),
                    "{example}: {}",
                    question()
                );
                assert!(
                    !without.iter().any(|it| self.matches(it, &text)),
                    "{example}: {}",
                    question()
                );
            }
            (Tri::No, None) => {
                let mut left = vec![u64::MAX; self.texts.len().div_ceil(64)];
                let last = self.texts.len() % 64;
                if last > 0 {
                    *left.last_mut().unwrap() = (1 << last) - 1;
                }
                for (all, sign) in [(of, 0), (without, u64::MAX)] {
                    for pattern in all {
                        let bits = self.matched(pattern);
                        left.iter_mut()
                            .zip(bits)
                            .for_each(|(left, bits)| *left &= bits ^ sign);
                    }
                }
                assert!(left.iter().all(|bits| *bits == 0), "{}", question());
            }
            _ => assert!(self.of_arns && !found.spent, "{found:?}: {}", question()),
        }
        found.whether
    }
}

#[test]
fn against_every_short_text() {
    let mut texts: Vec<Vec<char>> = vec![Vec::new()];
    let mut last = texts.clone();
    for _ in 0..6 {
        let longer =
            |text: &Vec<char>| ['a', ':', '/', 'z'].map(|c| [text.as_slice(), &[c]].concat());
        last = last.iter().flat_map(longer).collect();
        texts.extend(last.iter().cloned());
    }
    let mut world = World {
        texts,
        of_arns: false,
        known: std::collections::HashMap::new(),
    };
    let mut numbers = Numbers(1);
    let mut answers = [0; 2];
    for _ in 0..QUESTIONS {
        let mut some = |most: usize| -> Vec<String> {
            let letters = ['a', 'a', ':', '/', '*', '*', '?'];
            let count = numbers.below(most + 1);
            (0..count).map(|_| numbers.text(&letters, 4)).collect()
        };
        let (mut of, without) = (some(1), some(3));
        of.push("*".to_owned());
        let answer = world.ask(&of, &without);
        answers[usize::from(answer == Tri::Yes)] += 1;
    }
    assert!(
        answers.iter().all(|count| *count > QUESTIONS / 100),
        "{answers:?}"
    );
}

#[test]
fn against_every_small_arn() {
    let mut resources: Vec<String> = vec![String::new()];
    let mut texts = Vec::new();
    for _ in 0..LONGEST - 3 {
        let longer = |text: &String| ["a", ":", "/", "z"].map(|c| format!("{text}{c}"));
        resources = resources.iter().flat_map(longer).collect();
        for service in ["a", "z", "aa"] {
            for region in ["", "a", "z", "za"] {
                for account in ["", "a", "z", "az"] {
                    let arn = |it: &String| {
                        format!("arn:p:{service}:{region}:{account}:{it}")
                            .chars()
                            .collect()
                    };
                    texts.extend(resources.iter().map(arn));
                }
            }
        }
    }
    let mut world = World {
        texts,
        of_arns: true,
        known: std::collections::HashMap::new(),
    };
    let mut numbers = Numbers(2);
    let mut answers = [0; 3];
    for _ in 0..QUESTIONS / 5 {
        let mut some = |most: usize| -> Vec<String> {
            let letters = ['a', 'a', ':', ':', '/', '*', '*', '?'];
            let count = 1 + numbers.below(most);
            let mut one = || {
                let parts: Vec<String> =
                    (0..3).map(|_| numbers.text(&['a', '*', '?'], 2)).collect();
                let rest = numbers.text(&letters, 3);
                match numbers.below(4) {
                    0 => format!("arn:p:a:{}", numbers.text(&letters, 5)),
                    1 => format!("arn:p:{}:{}:{}:{rest}", parts[0], parts[1], parts[2]),
                    _ => format!("arn:p:a:{}:{}:{rest}", parts[0], parts[1]),
                }
            };
            (0..count).map(|_| one()).collect()
        };
        let (of, without) = (some(2), some(2));
        // What AWS doesn't say of a pattern is taken for the worse on either side.
        let answer = world.ask(&of, &without);
        answers[match answer {
            Tri::No => 0,
            Tri::Maybe => 1,
            Tri::Yes => 2,
        }] += 1;
    }
    assert!(
        answers.iter().all(|count| *count > QUESTIONS / 1000),
        "{answers:?}"
    );
    assert!(answers[1] < answers[2], "{answers:?}");
}
