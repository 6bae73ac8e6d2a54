//! What an owner is called, and what that tells of whether it deploys.

/// What a name tells.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum NameHint {
    /// Nothing.
    Nothing,
    /// It belongs to a CI, which may deploy, test, or only push an image.
    Ci,
    /// A word of it tells of deployments.
    Deploys,
    /// It calls itself what deploys: `DeployRole`, `shop-deployer`.
    Plainly,
}

/// Words that are so written however they are put together.
const TOGETHER: [&str; 9] = [
    "deployrole",
    "deploymentrole",
    "deploypolicy",
    "deploymentpolicy",
    "cloudformationexecution",
    "cfnexecution",
    "cfnexec",
    "cloudformationrole",
    "cloudformationdeploy",
];

/// The same of a CI's.
const CI_TOGETHER: [&str; 5] = [
    "githubactions",
    "gitlabci",
    "gitlabrunner",
    "circleci",
    "travisci",
];

/// What ends a name without telling more of what it names.
const GENERIC: [&str; 33] = [
    "role",
    "roles",
    "policy",
    "policies",
    "user",
    "users",
    "group",
    "iam",
    "access",
    "permission",
    "permissions",
    "execution",
    "service",
    "managed",
    "inline",
    "document",
    "statement",
    "statements",
    "default",
    "this",
    "main",
    "dev",
    "development",
    "test",
    "stage",
    "staging",
    "qa",
    "prod",
    "production",
    "live",
    "doc",
    "json",
    "account",
];

/// What runs, tells or holds something and may be called by a deployment: its permissions are others.
const APPLICATION: [&str; 39] = [
    "lambda",
    "lambdas",
    "function",
    "functions",
    "fn",
    "func",
    "handler",
    "hook",
    "hooks",
    "webhook",
    "notifier",
    "notification",
    "notifications",
    "notify",
    "listener",
    "trigger",
    "triggers",
    "monitor",
    "alarm",
    "alarms",
    "bot",
    "worker",
    "task",
    "event",
    "events",
    "rule",
    "topic",
    "queue",
    "table",
    "bucket",
    "key",
    "keys",
    "secret",
    "secrets",
    "logs",
    "artifacts",
    "instance",
    "api",
    "dashboard",
];

/// What takes the word behind or before it its meaning.
const NOT_BEFORE: [&str; 7] = ["code", "post", "after", "pre", "before", "bucket", "auto"];

/// What a name tells, word by word: `DeployRole`, `shop-deployer`, `terraform_deploy`, but not `DeploymentLambdaRole`,
/// `undeployed` or `CodeDeployRole`.
pub(super) fn hint(name: &str) -> NameHint {
    let words = words(name);
    let head = words.iter().rposition(|word| !is_generic(word));
    let head = head.and_then(|at| words.get(at));
    if head.is_some_and(|word| APPLICATION.contains(&word.as_str())) {
        return NameHint::Nothing;
    }
    // The roles of CodeDeploy run deployments of another kind: they make nothing.
    let flat = words.concat().replace("codedeploy", "");
    let at = |at: Option<usize>| at.and_then(|at| words.get(at)).map(String::as_str);
    let deploys = words.iter().enumerate().any(|(index, word)| {
        let before = at(index.checked_sub(1)).unwrap_or_default();
        match word.as_str() {
            "cicd" => true,
            "cd" => before == "ci",
            "deploy" => !NOT_BEFORE.contains(&before),
            // What is behind tells whose deployment it is.
            "deployment" | "terraform" => {
                !NOT_BEFORE.contains(&before) && head.is_some_and(|head| std::ptr::eq(head, word))
            }
            _ => false,
        }
    });
    let deployer = |word: &String| ["deployer", "deployers"].contains(&word.as_str());
    if words.iter().any(deployer) || TOGETHER.iter().any(|word| contains(&flat, word)) {
        return NameHint::Plainly;
    }
    if deploys {
        return NameHint::Deploys;
    }
    let ci = words
        .iter()
        .any(|word| ["ci", "jenkins", "buildkite", "circleci", "travis"].contains(&word.as_str()));
    match ci || CI_TOGETHER.iter().any(|word| flat.contains(word)) {
        true => NameHint::Ci,
        false => NameHint::Nothing,
    }
}

fn is_generic(word: &str) -> bool {
    GENERIC.contains(&word) || word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text without blanks has a word that isn't turned round.
fn contains(flat: &str, word: &str) -> bool {
    flat.match_indices(word).any(|(at, _)| {
        let before = flat.get(..at).unwrap_or_default();
        !["un", "non", "post", "pre"]
            .iter()
            .any(|not| before.ends_with(not))
    })
}

/// The words of a name in lower case: between signs, digits and where capitals begin one. What a variable stands for isn't
/// the name's.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut rest = name;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("${") {
            let end = rest.find('}').map_or(rest.len(), |at| at + 1);
            rest = rest.get(end..).unwrap_or_default();
            words.push(String::new());
            before = ' ';
            continue;
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        let next = rest.chars().next().unwrap_or(' ');
        // `CICDRole`: the last capital begins the next word.
        let begins = c.is_uppercase() && (!before.is_uppercase() || next.is_lowercase())
            || c.is_numeric() != before.is_numeric();
        if begins || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::{NameHint, hint};

    #[test]
    fn names_of_deploy_roles() {
        for name in [
            "DeployRole",
            "shop-deployment-role",
            "GitHubDeployer",
            "OrdersDeployerRole",
            "shop_deployers",
            "CfnExecutionRole",
            "cfn-exec-role-111111111111-eu-west-1",
            "CodeDeployDeployRole",
            "myappdeployrole",
            "deploy-policy",
        ] {
            assert_eq!(hint(name), NameHint::Plainly, "{name}");
        }
    }

    #[test]
    fn names_with_a_word_of_deployments() {
        for name in [
            "DeployActionRole",
            "aws_iam_policy.terraform_deploy",
            "TerraformRole",
            "github-terraform",
            "CICDRole",
            "ci-cd-user",
            "${AppId}-deploy",
            "deploy2prod",
            "ECSDeploy",
            "serverless_deployment",
            "deploy-lambdas-to-prod",
        ] {
            assert_eq!(hint(name), NameHint::Deploys, "{name}");
        }
    }

    #[test]
    fn names_of_what_a_ci_has() {
        for name in [
            "GitHubActionsRole",
            "github-actions",
            "ci_user",
            "CIUser",
            "jenkins",
            "shop-ci",
            "CircleCI",
        ] {
            assert_eq!(hint(name), NameHint::Ci, "{name}");
        }
    }

    #[test]
    fn names_that_tell_nothing() {
        for name in [
            "CodeDeployRole",
            "codedeploy_role",
            "DeployedThings",
            "undeployed",
            "UndeployRole",
            "undeployrole",
            "DeploymentLambdaRole",
            "DeploymentLambda",
            "DeployNotifierFunctionRole",
            "deploy-lambda-execution-role",
            "post-deploy-checks",
            "CustomCDKBucketDeploymentServiceRole",
            "${DeployBucket}-reader",
            "${DeployRole}",
            "terraform-example-node",
            "terraform_lambda_policy",
            "employer",
            "redeployments-table",
            "citizen",
            "PublicIp",
            "",
        ] {
            assert_eq!(hint(name), NameHint::Nothing, "{name}");
        }
    }
}
