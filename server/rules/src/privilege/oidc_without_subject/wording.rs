//! How a trust comes to let anybody in, and how that is said.

use leastwise_model::Level;

use super::RULE;

/// How a trust comes to let anybody in.
pub(super) enum How {
    /// Tokens are each for an app, and it isn't said which one.
    App {
        provider: String,
        claim: &'static str,
        kind: &'static str,
    },
    /// A value that strangers have.
    Fits {
        claim: String,
        who: &'static str,
        /// Whether all of them do.
        everybody: bool,
        level: Level,
    },
    /// A test that holds without the claim, by `ForAllValues` or by its operator, with the one to write.
    Without {
        operator: String,
        plain: Option<String>,
    },
    /// Only some are shut out.
    Others {
        operator: String,
        provider: String,
        who: &'static str,
    },
    /// Nothing says whose token is meant.
    Nothing { provider: String, who: &'static str },
    /// All service accounts of a cluster of EKS.
    Cluster,
    /// Everybody whom another provider knows.
    Unconditional { provider: String },
}

impl How {
    /// Message, help and level.
    pub(super) fn in_words(&self) -> (String, String, Level) {
        match self {
            How::App {
                provider,
                claim,
                kind,
            } => (
                format!(
                    "Nothing here limits the {kind}: users of any {kind} can assume this role."
                ),
                format!("Add a condition on `{provider}:{claim}` that names your own."),
                RULE.level,
            ),
            How::Fits {
                claim,
                who,
                everybody,
                level,
            } => {
                let what = match claim.as_str() {
                    "sub" => "subject".to_owned(),
                    other => format!("`{other}`"),
                };
                let message = match everybody {
                    true => format!(
                        "This {what} matches every {who}: any of them can assume this role."
                    ),
                    false => format!(
                        "This {what} matches any {who} with such a name: anyone can have one and assume this role."
                    ),
                };
                let help = "Name the organization and the repository or project, without wildcards.";
                (message, help.to_owned(), *level)
            }
            How::Without { operator, plain } => {
                let (what, help) = match plain {
                    None => (
                        "ForAllValues",
                        "Remove `ForAllValues`: the claim is single-valued.".to_owned(),
                    ),
                    Some(plain) => (operator.as_str(), format!("Write `{plain}`.")),
                };
                let message = format!(
                    "`{what}` also matches tokens without this claim: it doesn't limit whose tokens are allowed."
                );
                (message, help, Level::Warning)
            }
            How::Others {
                operator,
                provider,
                who,
            } => (
                format!(
                    "`{operator}` only excludes what it names: any other {who} can assume this role."
                ),
                format!("Add a condition on `{provider}:sub` that names your own."),
                RULE.level,
            ),
            How::Nothing { provider, who } => (
                format!(
                    "Nothing here limits whose tokens are allowed: any {who} can assume this role."
                ),
                format!("Add a condition on `{provider}:sub` that names your own."),
                RULE.level,
            ),
            How::Cluster => (
                "This subject matches every service account of the cluster: any pod in it can assume this role.".to_owned(),
                "Name the namespace and the service account.".to_owned(),
                Level::Warning,
            ),
            How::Unconditional { provider } => (
                format!(
                    "Nothing here limits whose tokens are allowed: any user of `{provider}` can assume this role."
                ),
                format!("Add a condition on `{provider}:sub` that names who can assume it."),
                Level::Warning,
            ),
        }
    }
}
