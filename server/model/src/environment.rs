//! The targets that a file is deployed to.

use crate::Config;
use crate::config::Account;
use crate::limits::ENVIRONMENTS;

/// One target: an account, a region, a partition. What isn't known stays `None`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Environment {
    /// What it is called: the account's name, with the region where there are several; `default` without a config.
    pub name: String,
    /// The account's name in the config.
    pub account_name: Option<String>,
    /// Twelve digits.
    pub account: Option<String>,
    /// `eu-west-1`
    pub region: Option<String>,
    /// `aws`, `aws-cn`, `aws-us-gov`
    pub partition: Option<String>,
    /// The stage of the Serverless Framework, where the target is one of several.
    pub stage: Option<String>,
}

/// The environments of the file at `path`, relative to the folder of the config: one for each account that it is
/// deployed to and each region. There is always one, be it one of which nothing is known.
pub fn environments(config: &Config, path: &str) -> Vec<Environment> {
    let accounts: Vec<_> = match config.accounts_of(path) {
        Some(names) => {
            let accounts = config.accounts.iter();
            let named = accounts.filter(|account| names.contains(&account.name));
            named.map(Some).collect()
        }
        None => {
            let accounts = config.accounts.iter();
            accounts
                .filter(|account| account.deploys)
                .map(Some)
                .collect()
        }
    };
    match accounts.is_empty() {
        true => of(config, path, &[None]),
        false => of(config, path, &accounts),
    }
}

/// What else the file at `path` may be deployed to: the accounts that templates don't go to unless the config says so,
/// where it doesn't say where this one goes.
pub fn others(config: &Config, path: &str) -> Vec<Environment> {
    let known = environments(config, path);
    if config.accounts_of(path).is_some() || known.iter().all(|own| own.account.is_none()) {
        return Vec::new();
    }
    let accounts = config.accounts.iter();
    let others: Vec<_> = accounts
        .filter(|account| !account.deploys)
        .map(Some)
        .collect();
    of(config, path, &others)
}

/// The environments of one account of the config by its name or id, whether or not the file at `path` goes there.
pub fn environments_of(config: &Config, path: &str, account: &str) -> Vec<Environment> {
    let accounts = config.accounts.iter();
    let named: Vec<_> = accounts
        .filter(|known| known.name == account || known.id == account)
        .map(Some)
        .collect();
    of(config, path, &named)
}

fn of(config: &Config, path: &str, accounts: &[Option<&Account>]) -> Vec<Environment> {
    let regions: Vec<_> = config.regions_of(path).iter().map(Some).collect();
    let regions = if regions.is_empty() {
        vec![None]
    } else {
        regions
    };
    let several = regions.len() > 1;
    let targets = accounts
        .iter()
        .flat_map(|account| regions.iter().map(move |region| (account, region)));
    let environments = targets.take(ENVIRONMENTS).map(|(account, region)| {
        let name = match (account, region) {
            (Some(account), Some(region)) if several => format!("{}/{region}", account.name),
            (Some(account), _) => account.name.clone(),
            (None, Some(region)) if several => (*region).clone(),
            (None, _) => "default".to_owned(),
        };
        Environment {
            name,
            account_name: account.map(|account| account.name.clone()),
            account: account.map(|account| account.id.clone()),
            region: region.cloned(),
            partition: config
                .partition
                .clone()
                .or_else(|| partition_of(region.map(String::as_str))),
            stage: None,
        }
    });
    environments.collect()
}

/// The partition of a region, where one is named.
pub fn partition_of(region: Option<&str>) -> Option<String> {
    let region = region?;
    let partition = match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    };
    Some(partition.to_owned())
}

impl Environment {
    /// The value of a variable that every environment has of itself: a CloudFormation pseudo parameter.
    pub fn pseudo(&self, name: &str) -> Option<&str> {
        match name {
            "AWS::AccountId" => self.account.as_deref(),
            "AWS::Region" => self.region.as_deref(),
            "AWS::Partition" => self.partition.as_deref(),
            "AWS::URLSuffix" => match self.partition.as_deref()? {
                "aws-cn" => Some("amazonaws.com.cn"),
                _ => Some("amazonaws.com"),
            },
            _ => None,
        }
    }

    /// The value that a variable of the config has here. Of several values the one that is this account's name
    /// counts (`Stage = ["dev", "prod"]` in the environment `dev`); else all of them are possible.
    pub fn variable<'c>(&self, config: &'c Config, name: &str) -> &'c [String] {
        let Some(values) = config.variables.get(name) else {
            return &[];
        };
        let own = self
            .account_name
            .as_ref()
            .and_then(|own| values.iter().position(|value| value == own));
        own.and_then(|at| values.get(at..=at)).unwrap_or(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(config: &str) -> Vec<String> {
        environments(&Config::parse(config), "app.yaml")
            .into_iter()
            .map(|environment| environment.name)
            .collect()
    }

    #[test]
    fn one_for_each_account_and_region() {
        assert_eq!(names(""), ["default"]);
        assert_eq!(names("[deploy]\nregions = ['eu-west-1']"), ["default"]);
        let accounts =
            "[accounts]\ndev = '111111111111'\ntools = { id = '222222222222', deploys = false }\n";
        assert_eq!(names(accounts), ["dev"]);
        let regions = format!("{accounts}[deploy]\nregions = ['eu-west-1', 'us-east-1']");
        assert_eq!(names(&regions), ["dev/eu-west-1", "dev/us-east-1"]);
    }

    #[test]
    fn where_files_go() {
        let config = Config::parse(
            "[accounts]
dev = '111111111111'
prod = '222222222222'
tools = { id = '333333333333', deploys = false }
[deploy]
regions = ['eu-west-1']
[[templates]]
path = 'infra/**'
accounts = ['tools', 'dev']
[[templates]]
path = 'infra/tools.yaml'
accounts = 'tools'
[[templates]]
path = '**/edge.yaml'
regions = ['us-east-1', 'eu-west-1']
",
        );
        assert_eq!(config.problems, []);
        let of = |path: &str| {
            let names = |all: Vec<Environment>| {
                let names = all.into_iter().map(|environment| environment.name);
                names.collect::<Vec<_>>().join(" ")
            };
            (
                names(environments(&config, path)),
                names(others(&config, path)),
            )
        };
        let both = |known: &str, others: &str| (known.to_owned(), others.to_owned());
        assert_eq!(of("app.yaml"), both("dev prod", "tools"));
        assert_eq!(of("infra/roles.yaml"), both("dev tools", ""));
        // The last entry that says so counts.
        assert_eq!(of("infra/tools.yaml"), both("tools", ""));
        // An entry that says nothing of accounts leaves what another says.
        let edge = "dev/us-east-1 dev/eu-west-1 tools/us-east-1 tools/eu-west-1";
        assert_eq!(of("infra/edge.yaml"), both(edge, ""));
        assert!(of("edge.yaml").1.starts_with("tools/us-east-1"));
        let asked = environments_of(&config, "app.yaml", "tools");
        assert_eq!(asked[0].account.as_deref(), Some("333333333333"));
        assert_eq!(environments_of(&config, "app.yaml", "other"), []);
        let tools = config.account("333333333333").unwrap();
        assert!(config.is_deployed_to(tools));
        // Where no account is known, there is nothing else that it may be.
        let alone = Config::parse("[accounts]\ntools = { id = '333333333333', deploys = false }");
        assert_eq!(others(&alone, "app.yaml"), []);
        assert!(!alone.is_deployed_to(&alone.accounts[0]));
    }

    #[test]
    fn as_many_as_can_be_looked_at() {
        let mut config = Config::default();
        for number in 0..5_000_u64 {
            config.accounts.push(Account {
                name: format!("a{number}"),
                id: format!("{number:012}"),
                deploys: number % 2 == 0,
            });
            config.regions.push(format!("eu-west-{number}"));
        }
        assert_eq!(environments(&config, "app.yaml").len(), ENVIRONMENTS);
        assert_eq!(others(&config, "app.yaml").len(), ENVIRONMENTS);
    }

    #[test]
    fn the_partition_follows_the_region() {
        let config = Config::parse("[deploy]\nregions = ['cn-north-1']");
        let environment = &environments(&config, "app.yaml")[0];
        assert_eq!(environment.pseudo("AWS::Partition"), Some("aws-cn"));
        assert_eq!(
            environment.pseudo("AWS::URLSuffix"),
            Some("amazonaws.com.cn")
        );
        assert_eq!(environment.pseudo("AWS::AccountId"), None);
    }

    #[test]
    fn a_variable_named_like_the_account_takes_its_value() {
        let config = Config::parse(
            "[accounts]\ndev = '111111111111'\n[variables]\nStage = ['dev', 'prod']\nTeam = ['a', 'b']",
        );
        let environment = &environments(&config, "app.yaml")[0];
        assert_eq!(environment.variable(&config, "Stage"), ["dev"]);
        assert_eq!(environment.variable(&config, "Team"), ["a", "b"]);
    }
}
