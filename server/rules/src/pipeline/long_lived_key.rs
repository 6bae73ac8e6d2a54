//! Finds long-lived access keys in CI pipelines.
//!
//! Whoever gets hold of such a key, from a log, a fork or a careless step, can use it from anywhere until it is
//! revoked. A role that the pipeline assumes with its own token gives credentials for an hour, and its trust policy
//! says which repository and branch can get them.
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
use leastwise_syntax::Span;

use crate::{Context, Fact, Facts, Finding, FixKind, Group, Judges, Rule, Scope};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "long-lived-key",
    group: Group::Pipeline,
    level: Level::Suggestion,
    since: "0.1.0",
    summary: "A long-lived access key in a CI pipeline",
    fix: FixKind::None,
    judges: Judges::Place,
    equivalents: &[],
    scope: &[Scope::File(find)],
};

/// A key that a job is given.
struct LongLived {
    at: Span,
    host: &'static str,
    job: Option<String>,
}

fn find(context: &Context<'_>, facts: &mut Facts<'_>) {
    let pipeline = context.analysis.pipeline.iter();
    facts.extend(pipeline.flat_map(|pipeline| {
        pipeline.keys.iter().map(|key| LongLived {
            at: key.span,
            host: pipeline.host.name,
            job: Some(key.job.clone()).filter(|job| !job.is_empty()),
        })
    }));
}

impl Fact for LongLived {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let message =
            "This key doesn't expire: if it leaks, anyone can use it until it is deleted.";
        Finding::new(&RULE, self.at, message)
            .help(format!(
                "Assume a role with an OIDC token of {} instead: its credentials expire, by default after an hour.",
                self.host
            ))
            .owner(self.job.as_deref())
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
