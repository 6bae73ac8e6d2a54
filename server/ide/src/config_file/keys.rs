//! What the sections and keys of the config mean, in a few words each.

use leastwise_model::Level;

/// The sections.
pub(super) const SECTIONS: &[(&str, &str)] = &[
    ("app", "what the names of the app's resources begin with"),
    (
        "accounts",
        "the accounts of the workspace, by name; `${DevAccountId}` and the like resolve to them",
    ),
    (
        "deploy",
        "where the templates are deployed to, and which roles deploy them",
    ),
    (
        "templates",
        "which accounts and regions the files of a path go to, where that isn't all",
    ),
    (
        "variables",
        "values of other variables that a template leaves open",
    ),
    ("rules", "how much the findings of a rule matter"),
    ("check", "what `leastwise check` makes of files"),
    (
        "ignore",
        "findings that the workspace has decided to live with",
    ),
];

/// The keys: section, name, meaning.
pub(super) const KEYS: &[(&str, &str, &str)] = &[
    (
        "app",
        "prefix",
        "what the names of the app's resources begin with",
    ),
    (
        "app",
        "variables",
        "the template variables that hold the prefix",
    ),
    ("deploy", "partition", "`aws`, `aws-cn` or `aws-us-gov`"),
    (
        "deploy",
        "regions",
        "the regions that are deployed to; one environment for each account and region",
    ),
    (
        "deploy",
        "roles",
        "names of owners whose policies are used for deploying, with `*`",
    ),
    (
        "templates",
        "path",
        "the files, relative to the config's folder, with `*` and `**`; the last entry that matches counts",
    ),
    (
        "templates",
        "accounts",
        "names of accounts from `[accounts]` that these files are deployed to",
    ),
    (
        "templates",
        "regions",
        "the regions that these files are deployed to",
    ),
    (
        "check",
        "unreadable",
        "files that can't be read on purpose, relative to the config's folder, with `*` and `**`; others that may hold a policy, or that a checked file needs, end a check with 2",
    ),
    (
        "ignore",
        "rule",
        "the rule whose findings are left out; all rules without it",
    ),
    (
        "ignore",
        "path",
        "the files, relative to the config's folder, with `*` and `**`",
    ),
    ("ignore", "action", "the finding's action, with `*`"),
    (
        "ignore",
        "owner",
        "logical id or name of what the policy belongs to, with `*`",
    ),
    ("ignore", "reason", "why; must be there"),
];

/// What a level does.
pub(super) fn level(level: Level) -> &'static str {
    match level {
        Level::Off => "The rule is not run.",
        Level::Suggestion => "Worth knowing; doesn't fail a check.",
        Level::Warning => "Probably not what is meant, or wider than it need be.",
        Level::Error => "Does not do what it says, or AWS refuses it; fails a check.",
    }
}
