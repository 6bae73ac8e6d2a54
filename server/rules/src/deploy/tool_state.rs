//! What a tool sets up once and keeps: where it holds its state and its locks. Whoever may make it need not be able to
//! delete it, and often had better not.

use leastwise_catalog::{Action, catalog};
use leastwise_policy::{Arn, ArnShape, Pattern, Tri};

use crate::Context;
use crate::support::permissions::Granted;

/// Tools that keep a state, as the first word of names.
const TOOLS: [&str; 5] = ["terraform", "terragrunt", "opentofu", "tofu", "tf"];

/// What they keep.
const KEEPS: [&str; 8] = [
    "lock",
    "locks",
    "locking",
    "state",
    "states",
    "statelock",
    "statelocks",
    "statefiles",
];

/// What other tools' set-up is called, all of it or a part.
const SET_UP: [&str; 5] = [
    "cdktoolkit",
    "cdk-hnb659fds-",
    "/cdk-bootstrap/",
    "aws-sam-cli-managed-",
    "serverless-framework-deployments-",
];

/// Whether all that an action may make on these resources is a tool's set-up.
pub(super) fn is_kept(
    context: &Context<'_>,
    granted: &Granted,
    action: Action,
    resources: &[&Pattern],
) -> bool {
    let made: Vec<&Pattern> = resources
        .iter()
        .copied()
        .filter(|pattern| context.study(pattern).fits(action) != Tri::No)
        .collect();
    if made.is_empty() || made.iter().any(|pattern| pattern.is_star()) {
        return false;
    }
    made.iter().all(|pattern| is_called_so(&name(pattern)))
        || action.service().prefix() == "dynamodb" && holds_locks(granted, &made)
}

/// The part of an ARN that names the resource: `states` before it is a service.
fn name(pattern: &Pattern) -> String {
    match Arn::parse(pattern) {
        ArnShape::Arn(arn) => arn.resource.display(),
        _ => pattern.display(),
    }
}

/// Whether a name says it: `shop-terraform-locks`, `tfstate-${AWS::AccountId}`, `stack/CDKToolkit/*`.
fn is_called_so(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    if SET_UP.iter().any(|part| lower.contains(part)) {
        return true;
    }
    let words = || {
        lower
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
    };
    let joined = |word: &str| {
        TOOLS.iter().any(|tool| {
            word.strip_prefix(tool)
                .is_some_and(|rest| KEEPS.contains(&rest))
        })
    };
    words().any(joined)
        || words().any(|word| TOOLS.contains(&word)) && words().any(|word| KEEPS.contains(&word))
}

/// Whether the owner uses tables as locks: it takes and gives back single items, and neither changes them nor looks for
/// others, as the table of an application would be used.
fn holds_locks(granted: &Granted, tables: &[&Pattern]) -> bool {
    let allowed = |name: &str| match catalog().action("dynamodb", name) {
        Some(action) => granted.allows(action, tables),
        None => Tri::Maybe,
    };
    ["GetItem", "PutItem", "DeleteItem"]
        .iter()
        .all(|name| allowed(name).possible())
        && ["BatchWriteItem", "Query", "Scan", "UpdateItem"]
            .iter()
            .all(|name| allowed(name) == Tri::No)
}

#[cfg(test)]
mod tests {
    use crate::deploy::{missing_delete_counterpart, missing_update_counterpart};
    use crate::tests::fixture::Fixture;

    /// What a deployer with these statements is told to lack.
    fn lacks(statements: &str) -> usize {
        let text = format!("Version: '2012-10-17'\nStatement: [{statements}]\n");
        let fixture = Fixture::new(&text, "[deploy]\nroles = ['shop']");
        let rules = [
            &missing_delete_counterpart::RULE,
            &missing_update_counterpart::RULE,
        ];
        rules.iter().map(|rule| fixture.findings(rule).len()).sum()
    }

    fn table(actions: &str, name: &str) -> String {
        format!(
            "{{Effect: Allow, Action: [{actions}], Resource: 'arn:aws:dynamodb:eu-west-1:111111111111:table/{name}'}}"
        )
    }

    fn bucket(name: &str) -> String {
        format!("{{Effect: Allow, Action: 's3:CreateBucket', Resource: 'arn:aws:s3:::{name}'}}")
    }

    const MAKES: &str = "'dynamodb:CreateTable', 'dynamodb:DescribeTable'";
    const LOCKS: &str = "'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'";

    #[test]
    fn a_table_of_locks_by_its_use() {
        assert_eq!(lacks(&table(&format!("{MAKES}, {LOCKS}"), "shop")), 0);
        let apart = format!("{}, {}", table(MAKES, "shop"), table(LOCKS, "shop"));
        assert_eq!(lacks(&apart), 0);
        // The table of an application, and one that nobody uses, and locks in another.
        for more in ["Query", "Scan", "UpdateItem", "BatchWriteItem", "*Item"] {
            let more = format!("{MAKES}, {LOCKS}, 'dynamodb:{more}'");
            assert_ne!(lacks(&table(&more, "shop")), 0, "{more}");
        }
        for less in ["GetItem", "PutItem", "DeleteItem"] {
            let less = LOCKS.replace(&format!("'dynamodb:{less}'"), "'dynamodb:ListTables'");
            let text = table(&format!("{MAKES}, {less}"), "shop");
            assert_ne!(lacks(&text), 0, "{less}");
        }
        assert_ne!(lacks(&table(MAKES, "shop")), 0);
        let other = format!("{}, {}", table(MAKES, "shop"), table(LOCKS, "other"));
        assert_ne!(lacks(&other), 0);
        // Of a bucket beside such tables that is no reason.
        let bucket = format!(
            "{}, {{Effect: Allow, Action: [{LOCKS}], Resource: '*'}}",
            bucket("shop")
        );
        assert_ne!(lacks(&bucket), 0);
        let all = format!("{{Effect: Allow, Action: [{MAKES}, {LOCKS}], Resource: '*'}}");
        assert_ne!(lacks(&all), 0);
    }

    #[test]
    fn a_table_whose_name_is_passed() {
        let lacks = |actions: &str| {
            let text = format!(
                "Parameters: {{Table: {{Type: String}}}}\nResources: {{DeployerRole: {{Type: 'AWS::IAM::Role', Properties: {{Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{{Effect: Allow, Action: [{actions}], Resource: !Sub 'arn:aws:dynamodb:*:111111111111:table/${{Table}}'}}]}}}}]}}}}}}\n"
            );
            let fixture = Fixture::new(&text, "");
            fixture.findings(&missing_delete_counterpart::RULE).len()
        };
        assert_eq!(lacks(&format!("{MAKES}, {LOCKS}")), 0);
        assert_ne!(lacks(MAKES), 0);
    }

    #[test]
    fn what_a_name_tells() {
        for name in [
            "terraform-locks",
            "shop-terraform-state-lock",
            "shop-tf-lock",
            "tfstate-lock",
            "TerraformStateLock",
            "terragrunt.locks",
        ] {
            assert_eq!(lacks(&table(MAKES, name)), 0, "{name}");
        }
        for name in [
            "shop-tfstate",
            "terraform-remote-state-*",
            "tofu_state",
            "cdk-hnb659fds-assets-*",
        ] {
            assert_eq!(lacks(&bucket(name)), 0, "{name}");
        }
        for name in [
            "terraform-modules",
            "terraform-blocklist",
            "estate-locks",
            "real-estate",
            "shop-state",
            "shop-locks",
            "platform-state",
        ] {
            assert_ne!(lacks(&table(MAKES, name)), 0, "{name}");
            assert_ne!(lacks(&bucket(name)), 0, "{name}");
        }
    }

    #[test]
    fn beside_something_else_it_is_none() {
        let both = "{Effect: Allow, Action: 's3:CreateBucket', Resource: ['arn:aws:s3:::shop-tfstate', 'arn:aws:s3:::shop-files']}";
        assert_ne!(lacks(both), 0);
        // What the action doesn't make is nothing to it.
        let queue = "{Effect: Allow, Action: 's3:CreateBucket', Resource: ['arn:aws:s3:::shop-tfstate', 'arn:aws:sqs:eu-west-1:111111111111:jobs']}";
        assert_eq!(lacks(queue), 0);
        let stack = |name: &str| {
            format!(
                "{{Effect: Allow, Action: 'cloudformation:CreateStack', Resource: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/{name}/*'}}"
            )
        };
        assert_eq!(lacks(&stack("CDKToolkit")), 0);
        assert_ne!(lacks(&stack("shop")), 0);
        // The service is called `states`.
        let machine = "{Effect: Allow, Action: 'states:CreateStateMachine', Resource: 'arn:aws:states:eu-west-1:111111111111:stateMachine:terraform-runs'}";
        assert_ne!(lacks(machine), 0);
    }
}
