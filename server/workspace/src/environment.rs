//! The targets that a file is deployed to.

use crate::Config;

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

/// The most environments that one file is resolved for: accounts times regions beyond it are left out.
pub const MAX_ENVIRONMENTS: usize = 64;

/// The environments that a config describes: one for each account that is deployed to and each region. There is
/// always one, be it one of which nothing is known.
pub fn environments(config: &Config) -> Vec<Environment> {
    let accounts: Vec<_> = config
        .accounts
        .iter()
        .filter(|account| account.deploys)
        .map(Some)
        .collect();
    let accounts = if accounts.is_empty() {
        vec![None]
    } else {
        accounts
    };
    let regions: Vec<_> = config.regions.iter().map(Some).collect();
    let regions = if regions.is_empty() {
        vec![None]
    } else {
        regions
    };
    let several = regions.len() > 1;
    let mut environments = Vec::with_capacity(accounts.len() * regions.len());
    for account in &accounts {
        for region in &regions {
            let name = match (account, region) {
                (Some(account), Some(region)) if several => format!("{}/{region}", account.name),
                (Some(account), _) => account.name.clone(),
                (None, Some(region)) if several => (*region).clone(),
                (None, _) => "default".to_owned(),
            };
            environments.push(Environment {
                name,
                account_name: account.map(|account| account.name.clone()),
                account: account.map(|account| account.id.clone()),
                region: region.cloned(),
                partition: config
                    .partition
                    .clone()
                    .or_else(|| partition_of(region.map(String::as_str))),
                stage: None,
            });
        }
    }
    environments.truncate(MAX_ENVIRONMENTS);
    environments
}

/// The partition of a region, where one is named.
pub(crate) fn partition_of(region: Option<&str>) -> Option<String> {
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
        environments(&Config::parse(config))
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
    fn the_partition_follows_the_region() {
        let config = Config::parse("[deploy]\nregions = ['cn-north-1']");
        let environment = &environments(&config)[0];
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
        let environment = &environments(&config)[0];
        assert_eq!(environment.variable(&config, "Stage"), ["dev"]);
        assert_eq!(environment.variable(&config, "Team"), ["a", "b"]);
    }
}
