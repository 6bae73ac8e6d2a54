//! The workspace config, `leastwise.toml`.

pub mod declared;
mod nearest;
pub mod page;
mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use nearest::nearest;

use crate::limits::{GLOB_LENGTH, HINTED_PROBLEMS, PLAIN_GROUPS};
use globset::{ErrorKind, GlobBuilder, GlobSet, GlobSetBuilder};
use leastwise_syntax::Span;

/// The file name that is looked for, upwards from a checked file.
pub const FILE_NAME: &str = "leastwise.toml";

/// A config as read: what was understood, and what was wrong with the rest.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// What `${AppId}` and its kin stand for.
    pub prefix: Option<String>,
    /// Template variables that hold [`Config::prefix`].
    pub prefix_variables: Vec<String>,
    /// The accounts of the workspace, in the file's order.
    pub accounts: Vec<Account>,
    /// The partition (`aws`, `aws-cn`, `aws-us-gov`); `aws` where the file says nothing.
    pub partition: Option<String>,
    /// Regions that are deployed to.
    pub regions: Vec<String>,
    /// Where files go that don't go to every account, in the file's order.
    pub templates: Vec<Templates>,
    /// Names of owners whose policies are deploy-time; `None` where the file says nothing.
    pub deploy_roles: Option<Vec<Glob>>,
    /// Values of other variables that a template leaves open.
    pub variables: BTreeMap<String, Vec<String>>,
    /// Levels set for rules, in the file's order.
    pub rules: Vec<RuleLevel>,
    /// Files that can't be read on purpose, relative to the folder of the config.
    pub unreadable: Vec<Glob>,
    /// The address of the rules' documentation, with `{rule}` where the id of a rule goes.
    pub rule_pages: Option<String>,
    /// Findings to leave out.
    pub ignores: Vec<Ignore>,
    /// What is wrong with the file.
    pub problems: Vec<ConfigProblem>,
}

/// One account of the workspace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// The name it goes by in the config, `dev`.
    pub name: String,
    /// Twelve digits.
    pub id: String,
    /// Whether the workspace's templates are deployed to it, where nothing else is said of them.
    pub deploys: bool,
}

/// Where the files of a path are deployed to.
#[derive(Clone, Debug)]
pub struct Templates {
    /// Files, relative to the folder of the config.
    pub path: Glob,
    /// Names of accounts; empty where the entry says nothing of them.
    pub accounts: Vec<String>,
    /// Regions; empty where the entry says nothing of them.
    pub regions: Vec<String>,
}

/// How much findings of a rule matter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// Not reported.
    Off,
    /// Worth knowing.
    Suggestion,
    /// Probably not what is meant, or wider than it need be.
    Warning,
    /// Does not do what it says, or AWS refuses it.
    Error,
}

impl Level {
    /// The names that the config and the command line use.
    pub const NAMES: [(&'static str, Level); 4] = [
        ("off", Level::Off),
        ("suggestion", Level::Suggestion),
        ("warning", Level::Warning),
        ("error", Level::Error),
    ];

    /// The name that the config and the command line use.
    pub fn name(self) -> &'static str {
        match self {
            Level::Off => "off",
            Level::Suggestion => "suggestion",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }

    /// The level of that name.
    pub fn from_name(name: &str) -> Option<Level> {
        Self::NAMES
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, level)| *level)
    }
}

/// A level set for one rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleLevel {
    /// Rule id.
    pub rule: String,
    /// Its level.
    pub level: Level,
    /// Where the id is written in the config.
    pub span: Span,
}

/// Findings that the workspace has decided to live with.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// Rule id; `None` for every rule.
    pub rule: Option<String>,
    /// Files, relative to the folder of the config.
    pub path: Option<Glob>,
    /// The finding's action.
    pub action: Option<Glob>,
    /// The owner of the policy (logical id or name).
    pub owner: Option<Glob>,
    /// Why.
    pub reason: String,
    /// Where the entry stands in the config.
    pub span: Span,
}

/// Something in the config that can't be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigProblem {
    /// Where, in bytes of the config's text.
    pub span: Span,
    /// A sentence that says what is wrong and what to do.
    pub message: String,
}

/// A pattern with `*`, `?`, `**`, `{a,b}`, as in `.gitignore` files.
#[derive(Clone, Debug)]
pub struct Glob {
    text: String,
    glob: globset::Glob,
    /// Made when somebody matches something: that takes a hundred times as long as to see that the pattern is well formed, and
    /// a config is read at each key that is pressed in it.
    compiled: OnceLock<GlobSet>,
}

impl Glob {
    /// For names: `*` matches anything, letters match in either case.
    pub fn name(text: &str) -> Result<Glob, String> {
        Self::build(text, false)
    }

    /// For paths: `*` stops at `/`, `**` doesn't.
    pub fn path(text: &str) -> Result<Glob, String> {
        Self::build(text, true)
    }

    fn build(text: &str, path: bool) -> Result<Glob, String> {
        let length = text.chars().count();
        if length > GLOB_LENGTH {
            return Err(format!(
                "it has {length} characters, and at most {GLOB_LENGTH} are supported"
            ));
        }
        let in_words = |error: globset::Error| match error.kind() {
            // In words about an expression that nobody has written.
            ErrorKind::Regex(_) => "it is too deep or too large".to_owned(),
            kind => kind.to_string(),
        };
        let glob = GlobBuilder::new(text)
            .literal_separator(path)
            .case_insensitive(!path)
            .build()
            .map_err(in_words)?;
        // Nothing but groups within groups is too deep or too large: they are tried at once.
        let compiled = match text.matches('{').count() > PLAIN_GROUPS {
            true => OnceLock::from(matcher(&glob).map_err(in_words)?),
            false => OnceLock::new(),
        };
        Ok(Glob {
            text: text.to_owned(),
            glob,
            compiled,
        })
    }

    /// Whether `text` matches.
    pub fn matches(&self, text: &str) -> bool {
        let compiled = || matcher(&self.glob).unwrap_or_default();
        self.compiled.get_or_init(compiled).is_match(text)
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// What matches texts: a set of one, since a matcher of a lone glob panics where its expression is too deep or too large.
fn matcher(glob: &globset::Glob) -> Result<GlobSet, globset::Error> {
    GlobSetBuilder::new().add(glob.clone()).build()
}

impl Config {
    /// Reads the text of a `leastwise.toml`. What can't be used is left out and listed in
    /// [`Config::problems`].
    pub fn parse(text: &str) -> Config {
        read::read(text)
    }

    /// The account of that id.
    pub fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// Whether a template of the workspace is deployed to an account, as far as the config says.
    pub fn is_deployed_to(&self, account: &Account) -> bool {
        let mut entries = self.templates.iter();
        account.deploys || entries.any(|entry| entry.accounts.contains(&account.name))
    }

    /// The names of the accounts that the file at `path` goes to, where the config says; the last entry counts.
    pub(crate) fn accounts_of(&self, path: &str) -> Option<&[String]> {
        self.said(path, |entry| &entry.accounts)
    }

    /// The regions that the file at `path` goes to: what is said of the file, else of all.
    pub(crate) fn regions_of(&self, path: &str) -> &[String] {
        self.said(path, |entry| &entry.regions)
            .unwrap_or(&self.regions)
    }

    fn said(&self, path: &str, of: fn(&Templates) -> &Vec<String>) -> Option<&[String]> {
        let mut entries = self.templates.iter().rev();
        let entry = entries.find(|entry| !of(entry).is_empty() && entry.path.matches(path))?;
        Some(of(entry))
    }

    /// The account that a variable such as `DevAccountId` or `PROD_ACCOUNT_ID` names.
    pub fn account_by_variable(&self, variable: &str) -> Option<&Account> {
        let flat = flatten(variable);
        let name = ["accountid", "accountnumber", "account", "acctid"]
            .iter()
            .find_map(|suffix| flat.strip_suffix(suffix))
            .or_else(|| flat.strip_prefix("accountid"))
            .filter(|name| !name.is_empty())?;
        self.accounts
            .iter()
            .find(|account| flatten(&account.name) == name)
    }

    /// The level set for a rule; the last entry counts.
    pub fn level(&self, rule: &str) -> Option<Level> {
        self.rules
            .iter()
            .rev()
            .find(|entry| entry.rule == rule)
            .map(|entry| entry.level)
    }

    /// The address of a rule's documentation, where the config says one.
    pub fn page_of(&self, rule: &str) -> Option<String> {
        let pages = self.rule_pages.as_ref()?;
        Some(pages.replace("{rule}", rule))
    }

    /// The pattern by which the file at `path`, relative to the folder of the config, is there though nobody can read it.
    pub fn unreadable_by(&self, path: &str) -> Option<&Glob> {
        self.unreadable.iter().find(|glob| glob.matches(path))
    }

    /// Runs a rule that is off: at its own level, `usual`, or as a warning where that is off.
    pub fn turn_on(&mut self, rule: &str, usual: Level) {
        let is_off = |entry: &RuleLevel| entry.rule == rule && entry.level == Level::Off;
        self.rules.retain(|entry| !is_off(entry));
        if self.level(rule).unwrap_or(usual) == Level::Off {
            self.rules.push(RuleLevel {
                rule: rule.to_owned(),
                level: Level::Warning,
                span: Span::default(),
            });
        }
    }

    /// Whether `variable` is one of those that hold the app prefix.
    pub fn is_prefix_variable(&self, variable: &str) -> bool {
        self.prefix.is_some() && self.prefix_variables.iter().any(|name| name == variable)
    }

    /// Adds a problem for each rule id that is not in `known`.
    pub fn check_rule_ids(&mut self, known: &[&str]) {
        let entries = self
            .rules
            .iter()
            .map(|entry| (entry.rule.as_str(), entry.span));
        let ignores = self
            .ignores
            .iter()
            .filter_map(|entry| entry.rule.as_deref().map(|rule| (rule, entry.span)));
        let mut problems = Vec::new();
        for (id, span) in entries.chain(ignores) {
            if !known.contains(&id) {
                let near = || nearest(id, known.iter().copied());
                let near = (problems.len() < HINTED_PROBLEMS).then(near).flatten();
                let hint = near.map_or_else(
                    || "`leastwise rules` lists the rules.".to_owned(),
                    |near| format!("Did you mean `{near}`?"),
                );
                problems.push(ConfigProblem {
                    span,
                    message: format!("There is no rule `{id}`. {hint}"),
                });
            }
        }
        self.problems.append(&mut problems);
    }
}

/// Lower case without `_` and `-`.
fn flatten(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}
