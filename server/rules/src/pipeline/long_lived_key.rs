//! Finds access keys that don't expire in a CI pipeline.
//!
//! Whoever gets hold of such a key, from a log, a fork or a careless step, can use it from anywhere until somebody takes
//! it away. A role that the pipeline assumes with its own token gives credentials for an hour, and its trust policy says
//! which repository and branch may have them.
//!
//! ## Example
//!
//! ```yaml
//! on: push
//! jobs:
//!   deploy:
//!     runs-on: ubuntu-latest
//!     steps:
//!       - uses: aws-actions/configure-aws-credentials@v4
//!         with:
//!           aws-region: eu-west-1
//!           aws-access-key-id: ${{ secrets.AWS_ACCESS_KEY_ID }}
//!           aws-secret-access-key: ${{ secrets.AWS_SECRET_ACCESS_KEY }}
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! on: push
//! permissions: {id-token: write, contents: read}
//! jobs:
//!   deploy:
//!     runs-on: ubuntu-latest
//!     steps:
//!       - uses: aws-actions/configure-aws-credentials@v4
//!         with:
//!           aws-region: eu-west-1
//!           role-to-assume: arn:aws:iam::111111111111:role/shop-deployer
//! ```

use leastwise_model::Level;

use crate::{Context, Finding, Findings, FixKind, Group, Rule};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "long-lived-key",
    group: Group::Pipeline,
    level: Level::Suggestion,
    since: "0.1.0",
    summary: "An access key that doesn't expire in a CI pipeline",
    fix: FixKind::None,
    equivalents: &[],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    let Some(pipeline) = &context.analysis.pipeline else {
        return;
    };
    for key in &pipeline.keys {
        let host = pipeline.host.name();
        let message = "This key works from anywhere until somebody deletes it: a leak of it is a leak of all that it may do.";
        let help = format!(
            "Assume a role with {host}'s own token instead: it lasts an hour and only for this repository."
        );
        let job = Some(key.job.as_str()).filter(|job| !job.is_empty());
        findings.push(Finding::new(&RULE, key.span, message).help(help).owner(job));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::check;

    #[test]
    fn keys_in_the_environment() {
        let text = "\
on: [push]
env:
  AWS_SECRET_ACCESS_KEY: ${{ secrets.KEY }}
  ^^^^^^^^^^^^^^^^^^^^^
jobs:
  a:
    env:
      AWS_SECRET_ACCESS_KEY: ${{ steps.assumed.outputs.key }}
    steps:
      - run: make
        env:
          AWS_SECRET_ACCESS_KEY: ${{secrets.KEY}}
          ^^^^^^^^^^^^^^^^^^^^^
      - run: make
        env: {AWS_SECRET_ACCESS_KEY: '${{ secrets.KEY }}', AWS_SESSION_TOKEN: '${{ secrets.T }}'}
";
        check(&RULE, text, "");
    }

    #[test]
    fn keys_in_gitlab() {
        let text = "\
variables:
  AWS_SECRET_ACCESS_KEY: $PROD_KEY
  ^^^^^^^^^^^^^^^^^^^^^
deploy:
  id_tokens: {T: {aud: x}}
  script: [make]
";
        check(&RULE, text, "");
    }
}
