use crate::{Config, Level};

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
        ["'1111': `1111` is not an account id: it must be twelve digits, in quotes."]
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
        ["'fatal': `fatal` is not a level: use `error`, `warning`, `suggestion` or `off`."]
    );
    assert_eq!(
        problems("[[ignore]]\nrule = 'wildcard-resource'"),
        ["'wildcard-resource': Say why: an ignore needs a `reason`."]
    );
    let broken = problems("[app\nprefix");
    assert!(broken[0].contains("This is not valid TOML"), "{broken:?}");
}
