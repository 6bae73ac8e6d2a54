//! What a `leastwise.toml` may hold, declared once. The reader knows its keys from here, and so do the JSON Schema and the
//! editor's completion and hover.

/// A table of the config.
#[derive(Debug)]
pub struct ConfigSection {
    /// Its name: `app` for `[app]`.
    pub name: &'static str,
    /// One sentence on what it is for.
    pub about: &'static str,
    /// What it holds.
    pub holds: Holds,
}

/// What stands in a section.
#[derive(Debug)]
pub enum Holds {
    /// `[section]` with these keys.
    Keys(&'static [Key]),
    /// `[[section]]`, any number of tables with these keys.
    Tables {
        /// The keys of each table.
        keys: &'static [Key],
        /// Keys of which each table needs at least one; none where that doesn't matter.
        one_of: &'static [&'static str],
    },
    /// `[section]` with a value of this sort for each name.
    Named(Value),
}

/// A key of a table.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// One sentence on what it says.
    pub about: &'static str,
    /// What its value is.
    pub value: Value,
    /// Whether a table isn't understood without it.
    pub required: bool,
    /// What holds where it is left out.
    pub default: &'static [&'static str],
}

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value {
    /// Any string.
    Text,
    /// A string that says something: not empty, not white space alone.
    Reason,
    /// The address of a page of the web, `https://…`.
    Address,
    /// A list of strings, or one string.
    Texts,
    /// `true` or `false`.
    Flag,
    /// Twelve digits, in quotes.
    AccountId,
    /// An account's id, or a table with the keys of [`ACCOUNT`].
    Account,
    /// Names of accounts from `[accounts]`.
    AccountNames,
    /// One of [`PARTITIONS`].
    Partition,
    /// Names of regions.
    Regions,
    /// The id of a rule.
    Rule,
    /// An action, or a pattern of actions.
    Action,
    /// One of [`super::Level::NAMES`].
    Level,
}

/// The partitions of AWS that most people use; others are taken, too.
pub const PARTITIONS: [&str; 3] = ["aws", "aws-cn", "aws-us-gov"];

/// Template variables that hold the prefix, where the config names none.
pub(super) const PREFIX_VARIABLES: [&str; 3] = ["AppId", "AppName", "AppPrefix"];

/// The keys of an account that is written as a table.
pub const ACCOUNT: &[Key] = &[
    Key {
        required: true,
        ..key(
            "id",
            "The account ID: 12 digits, in quotes.",
            Value::AccountId,
        )
    },
    Key {
        default: &["true"],
        ..key(
            "deploys",
            "Whether templates are deployed to this account, unless `[[templates]]` says otherwise.",
            Value::Flag,
        )
    },
];

/// All sections, in the order in which they are shown.
pub const SECTIONS: &[ConfigSection] = &[
    ConfigSection {
        name: "app",
        about: "The app that the workspace deploys.",
        holds: Holds::Keys(APP),
    },
    ConfigSection {
        name: "accounts",
        about: "The AWS accounts of the workspace by name. `${DevAccountId}` stands for the account `dev`.",
        holds: Holds::Named(Value::Account),
    },
    ConfigSection {
        name: "deploy",
        about: "Where the templates are deployed to, and by whom.",
        holds: Holds::Keys(DEPLOY),
    },
    ConfigSection {
        name: "templates",
        about: "Files that aren't deployed to every account and region. The last entry that matches a file applies.",
        holds: Holds::Tables {
            keys: TEMPLATES,
            one_of: &["accounts", "regions"],
        },
    },
    ConfigSection {
        name: "variables",
        about: "Values of other template variables: one, or a list of all that the variable has in the environments.",
        holds: Holds::Named(Value::Texts),
    },
    ConfigSection {
        name: "rules",
        about: "The level of each rule.",
        holds: Holds::Named(Value::Level),
    },
    ConfigSection {
        name: "check",
        about: "How `leastwise check` treats files.",
        holds: Holds::Keys(CHECK),
    },
    ConfigSection {
        name: "docs",
        about: "Where the documentation stands that editors link to.",
        holds: Holds::Keys(DOCS),
    },
    ConfigSection {
        name: "ignore",
        about: "Findings to ignore. A finding is ignored if every key given matches.",
        holds: Holds::Tables {
            keys: IGNORE,
            one_of: &[],
        },
    },
];

const APP: &[Key] = &[
    key(
        "prefix",
        "The prefix of the app's resource names, which the variables stand for.",
        Value::Text,
    ),
    Key {
        default: &PREFIX_VARIABLES,
        ..key(
            "variables",
            "Template variables that contain the prefix.",
            Value::Texts,
        )
    },
];

const DEPLOY: &[Key] = &[
    Key {
        default: &["aws"],
        ..key("partition", "The AWS partition.", Value::Partition)
    },
    key("regions", "The regions to deploy to.", Value::Regions),
    key(
        "roles",
        "Names of deploy roles, whose policies create and change resources; `*` and `?` are wildcards.",
        Value::Texts,
    ),
];

const TEMPLATES: &[Key] = &[
    Key {
        required: true,
        ..key(
            "path",
            "Files, relative to the folder of this config: `infra/tools.yaml`, `edge/**`.",
            Value::Text,
        )
    },
    key(
        "accounts",
        "The accounts that these files are deployed to, by their names in `[accounts]`.",
        Value::AccountNames,
    ),
    key(
        "regions",
        "The regions that these files are deployed to.",
        Value::Regions,
    ),
];

const CHECK: &[Key] = &[key(
    "unreadable",
    "Files that are expected to be unreadable, relative to the folder of this config: `fixtures/**`. Any other unreadable file that may contain a policy, or that a checked file needs, makes the check exit with 2.",
    Value::Texts,
)];

const DOCS: &[Key] = &[key(
    "rules",
    "The address of the rules' documentation, which the editor opens from a finding: `https://wiki.example.com/leastwise/{rule}`. `{rule}` is replaced by the ID of the rule.",
    Value::Address,
)];

const IGNORE: &[Key] = &[
    key("rule", "The rule; without it, every rule.", Value::Rule),
    key(
        "path",
        "Files, relative to the folder of this config: `infra/**`.",
        Value::Text,
    ),
    key(
        "action",
        "The finding's action: `cloudfront:*`.",
        Value::Action,
    ),
    key(
        "owner",
        "The owner of the policy: a logical ID or a name.",
        Value::Text,
    ),
    Key {
        required: true,
        ..key("reason", "Why these findings are ignored.", Value::Reason)
    },
];

const fn key(name: &'static str, about: &'static str, value: Value) -> Key {
    Key {
        name,
        about,
        value,
        required: false,
        default: &[],
    }
}

impl ConfigSection {
    /// The section with a name.
    pub fn named(name: &str) -> Option<&'static ConfigSection> {
        SECTIONS.iter().find(|section| section.name == name)
    }

    /// The keys that it may hold; none where the names are the user's own.
    pub fn keys(&self) -> &'static [Key] {
        match self.holds {
            Holds::Keys(keys) | Holds::Tables { keys, .. } => keys,
            Holds::Named(_) => &[],
        }
    }

    /// What the value of a key is.
    pub fn value(&self, key: &str) -> Option<Value> {
        match self.holds {
            Holds::Named(value) => Some(value),
            _ => {
                let mut keys = self.keys().iter();
                keys.find(|known| known.name == key)
                    .map(|known| known.value)
            }
        }
    }

    /// How it begins: `[app]`, `[[ignore]]`.
    pub fn heading(&self) -> String {
        match self.holds {
            Holds::Tables { .. } => format!("[[{}]]", self.name),
            _ => format!("[{}]", self.name),
        }
    }
}
