use super::declared::{ACCOUNT, ConfigSection, Holds, Key, SECTIONS, Value};
use crate::{Config, Glob, Level};

/// `text at the place: message` of each problem.
fn problems(text: &str) -> Vec<String> {
    let mut config = Config::parse(text);
    config.check_rule_ids(&["wildcard-resource"]);
    config
        .problems
        .iter()
        .map(|problem| format!("{}: {}", &text[problem.span.range()], problem.message))
        .collect()
}

#[test]
fn the_whole_of_it() {
    let config = Config::parse(
        "[app]
prefix = 'shop'
variables = ['AppId', 'AppName']
[accounts]
dev = '111111111111'
tools = { id = '333333333333', deploys = false }
[deploy]
partition = 'aws'
regions = ['eu-west-1']
roles = ['*DeployerRole']
[variables]
Stage = ['dev', 'prod']
Team = 'orders'
[rules]
wildcard-resource = 'error'
[[ignore]]
rule = 'wildcard-resource'
path = 'infra/**'
action = 'cloudfront:*'
reason = 'distribution ids are random'
",
    );
    assert_eq!(config.problems, []);
    assert_eq!(config.level("wildcard-resource"), Some(Level::Error));
    assert_eq!(
        config
            .account_by_variable("ToolsAccountId")
            .map(|account| account.deploys),
        Some(false)
    );
    assert_eq!(config.variables["Team"], ["orders"]);
    let ignore = &config.ignores[0];
    assert!(
        ignore
            .path
            .as_ref()
            .is_some_and(|glob| glob.matches("infra/a/b.yaml") && !glob.matches("app/a.yaml"))
    );
    assert!(
        ignore
            .action
            .as_ref()
            .is_some_and(|glob| glob.matches("cloudfront:CreateDistribution"))
    );
}

#[test]
fn mistakes_are_told_at_their_place() {
    assert_eq!(
        problems("[ap]"),
        ["ap: Unknown key `ap`. Did you mean `app`?"]
    );
    assert_eq!(
        problems("[accounts]\ndev = '1111'"),
        ["'1111': `1111` isn't a 12-digit account ID."]
    );
    assert_eq!(
        problems("[accounts]\ndev = 111111111111"),
        ["111111111111: `dev` must be a string in quotes."]
    );
    assert_eq!(
        problems("[rules]\nwildcard-resorce = 'warning'"),
        [
            "wildcard-resorce: There is no rule `wildcard-resorce`. Did you mean `wildcard-resource`?"
        ]
    );
    assert_eq!(
        problems("[rules]\nwildcard-resource = 'fatal'"),
        ["'fatal': `fatal` isn't a level: use `error`, `warning`, `suggestion` or `off`."]
    );
    assert_eq!(
        problems("[[ignore]]\nrule = 'wildcard-resource'"),
        ["'wildcard-resource': An entry of `[[ignore]]` needs a `reason`."]
    );
    let broken = problems("[app\nprefix");
    assert!(broken[0].contains("This is not valid TOML"), "{broken:?}");
}

#[test]
fn an_ignore_that_is_not_understood_hides_nothing() {
    let ignores = |line: &str| {
        let text = format!("[[ignore]]\nrule = 'wildcard-resource'\nreason = 'known'\n{line}\n");
        Config::parse(&text).ignores.len()
    };
    assert_eq!(ignores("path = 'a/*'"), 1);
    for line in ["path = '[a'", "action = 7", "owner = '[a'", "pth = 'a'"] {
        assert_eq!(ignores(line), 0, "{line}");
    }
}

#[test]
fn a_pattern_is_compiled_once_something_is_matched() {
    for (text, matches, other) in [
        ("infra/**/*.yaml", "infra/a/b.yaml", "infra/b.json"),
        ("{a,b}/*", "b/x", "c/x"),
    ] {
        let glob = Glob::path(text).unwrap();
        assert!(glob.compiled.get().is_none(), "{text}");
        assert!(glob.matches(matches) && !glob.matches(other), "{text}");
        assert!(glob.compiled.get().is_some(), "{text}");
    }
    // What may be too deep is tried at once.
    let groups = |count: usize| format!("{}a{}", "{a,".repeat(count), "}".repeat(count));
    assert!(Glob::name(&groups(20)).unwrap().compiled.get().is_some());
    assert!(Glob::name(&groups(16)).unwrap().matches("A"));
    assert!(Glob::name(&groups(1000)).is_err());
}

#[test]
fn where_templates_go() {
    let accounts = "[accounts]\ndev = '111111111111'\ntools = '333333333333'\n";
    let told = |rest: &str| problems(&format!("{rest}\n{accounts}"));
    // The accounts may stand below.
    assert_eq!(
        told("[[templates]]\npath = 'a'\naccounts = 'tools'"),
        [""; 0]
    );
    assert_eq!(
        told("[[templates]]\npath = 'a'\naccounts = ['dev', 'tolls']"),
        ["'tolls': There is no account `tolls`. Did you mean `tools`?"]
    );
    assert_eq!(
        told("[[templates]]\npath = 'a'\naccounts = '333333333333'"),
        ["'333333333333': There is no account `333333333333`. Did you mean `tools`?"]
    );
    assert_eq!(
        told("[[templates]]\npath = 'a'\naccounts = ['staging']"),
        ["'staging': There is no account `staging`. Known: dev, tools."]
    );
    assert_eq!(
        problems("templates = [{path = 'a', accounts = ['x']}]"),
        ["'x': There is no account `x`. Name it under `[accounts]`."]
    );
    assert_eq!(
        told("[[templates]]\naccounts = ['dev']"),
        ["accounts = ['dev']: An entry of `[[templates]]` needs a `path`."]
    );
    assert_eq!(
        told("[[templates]]\npath = 'a'"),
        ["path = 'a': Add `accounts`, `regions` or both to say where these files are deployed."]
    );
    assert_eq!(
        told("[[templates]]\npath = '[a'\nregions = ['eu-west-1']").len(),
        1
    );
    assert_eq!(
        told("[[templates]]\npath = 'a'\nregions = ['Dublin']"),
        ["['Dublin']: `Dublin` isn't a region."]
    );
    assert_eq!(
        told("[[templates]]\npath = 'a'\naccount = 'dev'\nregions = 'eu-west-1'"),
        ["account: Unknown key `account`. Did you mean `accounts`?"]
    );
    assert_eq!(
        told("[templates]\npath = 'a'"),
        ["templates: `templates` must be a list of tables: write `[[templates]]`."]
    );
    assert_eq!(
        problems("[[template]]")[0],
        "template: Unknown key `template`. Did you mean `templates`?"
    );
    for hostile in [
        "[[templates]]",
        "[[templates]]\npath = 1\naccounts = [1, [2]]\nregions = {}",
        "templates = 'x'",
        "templates = [1, 'x', []]",
        "[[templates]]\n[templates.path]\nx = 1",
        "[[templates.accounts]]",
    ] {
        let _ = told(hostile);
    }
}

#[test]
fn many_unknown_accounts_are_quickly_told() {
    use std::fmt::Write as _;
    let mut text = String::from("[accounts]\n");
    for number in 0..2_000 {
        let _ = writeln!(text, "account-{number} = '{number:012}'");
    }
    for number in 0..2_000 {
        let _ = writeln!(
            text,
            "[[templates]]\npath = 'a'\naccounts = ['other-{number}']"
        );
    }
    assert_eq!(Config::parse(&text).problems.len(), 2_000);
}

#[test]
fn a_rule_that_is_off_is_turned_on() {
    let turned_on = |text: &str, usual| {
        let mut config = Config::parse(text);
        config.turn_on("wildcard-resource", usual);
        config.level("wildcard-resource").unwrap_or(usual)
    };
    let off = "[rules]\nwildcard-resource = 'off'\n";
    assert_eq!(turned_on(off, Level::Suggestion), Level::Suggestion);
    assert_eq!(turned_on(off, Level::Off), Level::Warning);
    assert_eq!(turned_on("", Level::Off), Level::Warning);
    assert_eq!(turned_on("", Level::Error), Level::Error);
    let set = "[rules]\nwildcard-resource = 'suggestion'\n";
    assert_eq!(turned_on(set, Level::Error), Level::Suggestion);
    let other = "[rules]\nunknown-action = 'off'\n";
    let mut config = Config::parse(other);
    config.turn_on("wildcard-resource", Level::Error);
    assert_eq!(config.level("unknown-action"), Some(Level::Off));
}

#[test]
fn files_that_nobody_can_read() {
    let config = Config::parse("[check]\nunreadable = ['legacy/**', 'a.yaml']\n");
    assert_eq!(config.problems, []);
    for (path, may) in [
        ("legacy/x/b.yaml", Some("legacy/**")),
        ("a.yaml", Some("a.yaml")),
        ("x/a.yaml", None),
    ] {
        let by = config.unreadable_by(path).map(crate::Glob::as_str);
        assert_eq!(by, may, "{path}");
    }
    assert!(Config::default().unreadable_by("a.yaml").is_none());
    assert_eq!(
        problems("[check]\nunreadble = 'a'\n"),
        ["unreadble: Unknown key `unreadble`. Did you mean `unreadable`?"]
    );
}

#[test]
fn documentation_is_a_page_of_the_web() {
    let page = |address: &str| {
        let config = Config::parse(&format!("[docs]\nrules = {address:?}\n"));
        let page = config.page_of("invalid-arn");
        assert_ne!(page.is_some(), !config.problems.is_empty(), "{address}");
        page
    };
    let wiki = "https://wiki.example.com/leastwise/{rule}?a=%20#x";
    let invalid_arn = "https://wiki.example.com/leastwise/invalid-arn?a=%20#x";
    assert_eq!(page(wiki).as_deref(), Some(invalid_arn));
    assert!(page("HTTPS://wiki.example.com").is_some());
    assert!(page("http://[::1]:8080/{rule}").is_some());
    assert!(page("https://me:x@wiki.example.com:/a@b:c/{rule}").is_some());
    for hostile in [
        "",
        "javascript:alert(1)",
        "command:workbench.action.quit",
        "file:///etc/passwd",
        "https://",
        "https:///x",
        "https://a b",
        "https://a/\u{202e}",
        "https://a/é",
        "https://a/%zz",
        "https://a/%a",
        "https://a/\"",
        "https://a/<x>",
        "https://[::1/{rule}",
        "https://[::1]x/{rule}",
        "https://[x]/{rule}",
        "https://::1/{rule}",
        "https://a]/{rule}",
        "https://a:b/{rule}",
        "https://a@b@c/{rule}",
        "https://a/[{rule}]",
        "https://a/#{rule}#x",
        "https:a/{rule}",
        "leastwise-rule:/{rule}.md",
    ] {
        assert_eq!(page(hostile), None, "{hostile}");
    }
    let long = format!("https://a/{}", "x".repeat(3000));
    let said = problems(&format!("[docs]\nrules = '{long}'\n"));
    assert!(
        said.len() == 1 && said[0].contains("more than 2048 bytes"),
        "{said:?}"
    );
}

/// A value of a sort, in TOML, that isn't the default.
fn example(value: Value) -> &'static str {
    match value {
        Value::Text | Value::Reason | Value::Action => "'x'",
        Value::Address => "'https://example.com/{rule}'",
        Value::Texts => "['x']",
        Value::Flag => "false",
        Value::AccountId | Value::Account => "'111111111111'",
        Value::AccountNames => "['dev']",
        Value::Partition => "'aws-cn'",
        Value::Regions => "['cn-north-1']",
        Value::Rule => "'wildcard-resource'",
        Value::Level => "'off'",
    }
}

/// A config with some keys in a section, and what those need.
fn config_with(section: &ConfigSection, keys: &[&Key]) -> Config {
    let mut text = String::from("[accounts]\ndev = '222222222222'\n");
    let lines = keys
        .iter()
        .map(|key| format!("{} = {}\n", key.name, example(key.value)));
    text.push_str(&section.heading());
    text.push('\n');
    text.extend(lines);
    Config::parse(&text)
}

#[test]
fn each_declared_key_is_read() {
    for section in SECTIONS {
        let one_of = match section.holds {
            Holds::Tables { one_of, .. } => one_of,
            _ => &[],
        };
        for key in section.keys() {
            // What else the table can't do without.
            let needs = |other: &&Key| {
                let is_one = one_of.first() == Some(&other.name) && !one_of.contains(&key.name);
                other.name != key.name && (other.required || is_one)
            };
            let mut keys: Vec<&Key> = section.keys().iter().filter(needs).collect();
            // Of an optional key of two that will do, the other is there.
            if one_of.contains(&key.name) {
                let other = |other: &&Key| one_of.contains(&other.name) && other.name != key.name;
                keys.extend(section.keys().iter().filter(other));
            }
            let without = config_with(section, &keys);
            keys.push(key);
            let with = config_with(section, &keys);
            let name = format!("{} in {}", key.name, section.heading());
            assert_eq!(with.problems, [], "{name}");
            assert_eq!(without.problems.is_empty(), !key.required, "{name}");
            let said = |config: &Config| {
                let mut config = config.clone();
                config.problems.clear();
                format!("{config:?}")
            };
            assert_ne!(said(&with), said(&without), "{name} changes nothing");
        }
    }
}

#[test]
fn what_isnt_declared_is_unknown() {
    for section in SECTIONS.iter().filter(|section| !section.keys().is_empty()) {
        let config = Config::parse(&format!("{}\nzzzzzzzz = 'x'\n", section.heading()));
        let known: Vec<_> = section.keys().iter().map(|key| key.name).collect();
        let message = format!("Unknown key `zzzzzzzz`. Known here: {}.", known.join(", "));
        assert_eq!(config.problems[0].message, message);
    }
    let known: Vec<_> = ACCOUNT.iter().map(|key| key.name).collect();
    let config = Config::parse("[accounts]\ndev = { id = '111111111111', zzzzzzzz = 1 }\n");
    let message = format!("Unknown key `zzzzzzzz`. Known here: {}.", known.join(", "));
    assert_eq!(config.problems[0].message, message);
}

#[test]
fn the_example_in_the_readme_has_every_key() {
    let readme = include_str!("../../../../README.md");
    let (_, behind) = readme.split_once("## `leastwise.toml`").unwrap();
    let (_, behind) = behind.split_once("```toml\n").unwrap();
    let (example, _) = behind.split_once("```").unwrap();
    assert_eq!(Config::parse(example).problems, []);
    for section in SECTIONS {
        let (_, behind) = example.split_once(&section.heading()).unwrap();
        let own = behind.split("\n[").next().unwrap();
        for key in section.keys() {
            let is_there = own.contains(&format!("\n{} = ", key.name));
            assert!(is_there, "{} in {}", key.name, section.heading());
        }
    }
}
