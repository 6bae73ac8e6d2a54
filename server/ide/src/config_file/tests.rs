use super::*;
use crate::testing::cut;

fn labels(marked: &str) -> Vec<String> {
    let (text, at) = cut(marked);
    ConfigFile::new(text)
        .completions(at)
        .into_iter()
        .map(|item| item.label)
        .collect()
}

fn hover(marked: &str) -> Option<String> {
    let (text, at) = cut(marked);
    ConfigFile::new(text).hover(at).map(|hover| hover.markdown)
}

#[test]
fn completes_sections_keys_rules_and_levels() {
    assert_eq!(
        labels("[$0"),
        [
            "app",
            "accounts",
            "deploy",
            "templates",
            "variables",
            "rules",
            "check",
            "docs",
            "ignore"
        ]
    );
    assert!(labels("$0").contains(&"[[templates]]".to_owned()));
    assert_eq!(labels("[[templates]]\n$0"), ["path", "accounts", "regions"]);
    let accounts = "[accounts]\n# old = '1'\ndev = '111111111111'\n[accounts.prod]\nid = '222222222222'\n[deploy]\nroles = []\n";
    assert_eq!(
        labels(&format!("{accounts}[[templates]]\naccounts = [\"$0")),
        ["dev", "prod"]
    );
    assert!(labels("[[templates]]\nregions = [\"$0").contains(&"eu-west-1".to_owned()));
    assert!(labels("$0").contains(&"[[ignore]]".to_owned()));
    assert_eq!(labels("[app]\npre$0"), ["prefix", "variables"]);
    assert_eq!(
        labels("[app]\nprefix = \"shop\"\n\n[deploy]\n$0"),
        ["partition", "regions", "roles"]
    );
    assert!(labels("[rules]\n$0").contains(&"syntax-error".to_owned()));
    assert_eq!(
        labels("[rules]\nsyntax-error = \"$0\""),
        ["off", "suggestion", "warning", "error"]
    );
    assert!(labels("[[ignore]]\nrule = \"$0\"").contains(&"syntax-error".to_owned()));
    assert!(labels("[deploy]\nregions = [\n  \"$0").contains(&"eu-west-1".to_owned()));
    assert_eq!(labels("[check]\n$0"), ["unreadable"]);
    assert_eq!(labels("[rules] # $0"), [""; 0]);
}

#[test]
fn an_item_replaces_the_word() {
    let (text, at) = cut("[rules]\nsyntax-error = \"wa$0r\"");
    let items = ConfigFile::new(text.clone()).completions(at);
    let item = items
        .iter()
        .find(|item| item.label == "warning")
        .expect("a level");
    let mut after = text;
    after.replace_range(item.replace.range(), &item.insert);
    assert_eq!(after, "[rules]\nsyntax-error = \"warning\"");
}

#[test]
fn explains_words() {
    assert!(hover("[de$0ploy]").is_some_and(|text| text.contains("deployed")));
    assert!(hover("[app]\npre$0fix = \"x\"").is_some_and(|text| text.contains("resource names")));
    assert!(
        hover("[rules]\nunquoted$0-star = \"off\"")
            .is_some_and(|text| text.contains("**unquoted-star** (error)"))
    );
    assert!(
        hover("[rules]\nunquoted-star = \"o$0ff\"")
            .is_some_and(|text| text.contains("doesn't run"))
    );
    assert!(
        hover("[[templates]]\nacc$0ounts = []").is_some_and(|text| text.contains("deployed to"))
    );
    assert_eq!(hover("[app]\n# pre$0fix"), None);
}

#[test]
fn explains_accounts_and_variables() {
    let told = "The account `dev`: `111111111111`, which `${DevAccountId}` stands for.";
    for marked in [
        "[accounts]\nde$0v = \"111111111111\"",
        "[accounts]\ndev = \"1111$011111111\"",
        "[accounts.dev]\nid = \"1111$011111111\"",
        "[accounts]\ndev = \"111111111111\"\n[[templates]]\naccounts = [\"de$0v\"]",
    ] {
        let text = hover(marked).unwrap_or_else(|| panic!("no hover in {marked}"));
        assert!(text.starts_with(told), "{text}");
    }
    let text = hover("[variables]\nSta$0ge = \"dev\"");
    assert!(text.is_some_and(|text| text.contains("`${Stage}`")));
}

#[test]
fn tells_what_is_wrong() {
    let file =
        ConfigFile::new("[rules]\nsyntax-eror = \"off\"\n[accounts]\ndev = \"1\"\n".to_owned());
    let text = file.text();
    let found: Vec<_> = file
        .diagnostics()
        .into_iter()
        .map(|one| (&text[one.span.range()], one.message))
        .collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0].0 == "syntax-eror" && found[0].1.contains("Did you mean `syntax-error`?"),
        "{found:?}"
    );
    assert!(found[1].1.contains("12-digit account ID"), "{found:?}");
}

#[test]
fn tells_the_first_of_many_problems() {
    let told = |count: usize| {
        let text = "[[ignore]]\nrule = 'x'\n".repeat(count);
        ConfigFile::new(text).diagnostics()
    };
    // No reason, and no such rule.
    assert_eq!(told(CONFIG_PROBLEMS / 2).len(), CONFIG_PROBLEMS);
    let many = told(CONFIG_PROBLEMS);
    assert_eq!(many.len(), CONFIG_PROBLEMS + 1);
    let last = many.last().unwrap();
    assert_eq!(last.message, "There are 100 more problems, from here on.");
    assert!(many[CONFIG_PROBLEMS - 1].span.start < last.span.start);
}

#[test]
fn a_config_that_is_too_large_is_not_read() {
    let told = |size: usize| {
        let mut text = "[ap]\n#".to_owned();
        text += &"x".repeat(size - text.len());
        ConfigFile::new(text).diagnostics()
    };
    let read = told(1 << 20);
    assert!(read[0].message.contains("Unknown key `ap`"), "{read:?}");
    let unread = told((1 << 20) + 1);
    assert_eq!(
        unread[0].message,
        "The config can't be read: it has 1048577 bytes, and files over 1 MiB are not read."
    );
}

#[test]
fn edits_past_the_end_are_moved_into_the_text() {
    let mut file = ConfigFile::new("é".to_owned());
    file.edit(Span::new(1, 99), "x");
    assert_eq!(file.text(), "x");
}

#[test]
fn answers_at_every_offset() {
    let text = "[app]\nprefix = \"é\" # é\n[[ignore]]\nrule = 'x'\n[a.b]\nc = [\n\"d\",\n";
    for length in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
        let file = ConfigFile::new(text[..length].to_owned());
        for offset in 0..=length as u32 + 2 {
            for item in file.completions(offset) {
                assert!(
                    text[..length].get(item.replace.range()).is_some(),
                    "{item:?}"
                );
            }
            let _ = file.hover(offset);
        }
        for one in file.diagnostics() {
            assert!(text[..length].get(one.span.range()).is_some(), "{one:?}");
        }
    }
}
