//! What CI pipelines are, whom their tokens stand for, and which keys they carry.

use std::path::PathBuf;
use std::sync::Arc;

use leastwise_model::pipeline::Pipeline;
use leastwise_model::{Config, Known};
use leastwise_syntax::{Format, Tree};

use crate::Analysis;
use crate::analysis::index::{Indexed, may_declare};

fn pipeline(path: &str, text: &str) -> Option<Pipeline> {
    let tree = Tree::parse(text.to_owned(), Format::Yaml);
    assert_eq!(tree.problems(), [], "the fixture");
    Analysis::new(&tree, path, Arc::new(Config::default())).pipeline
}

/// The ends of the claims that a workflow's token can have.
fn claims(on: &str) -> Vec<String> {
    let text = format!(
        "on: {on}
permissions: {{id-token: write}}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with: {{role-to-assume: 'arn:aws:iam::111111111111:role/deploy'}}
"
    );
    let found = pipeline(".github/workflows/deploy.yml", &text).expect("a pipeline");
    let [role] = found.roles.as_slice() else {
        panic!("one role: {:?}", found.roles)
    };
    match &role.subjects {
        Known::Is(subjects) => subjects
            .iter()
            .map(|subject| {
                let text = subject.display();
                let (_, claim) = text.split_once(":ref:").unwrap_or(("", &text));
                claim.to_owned()
            })
            .collect(),
        _ => vec!["?".to_owned()],
    }
}

#[test]
fn what_starts_a_workflow_tells_the_refs_that_it_runs_for() {
    for (on, expected) in [
        ("push", vec!["refs/heads/*", "refs/tags/*"]),
        ("{push: {branches: [main]}}", vec!["refs/heads/main"]),
        ("{push: {tags: ['v*']}}", vec!["refs/tags/v*"]),
        (
            "{push: {branches: [main], tags-ignore: [old]}}",
            vec!["refs/heads/main", "refs/tags/*"],
        ),
        (
            "{push: {tags: ['v*'], branches-ignore: [old]}}",
            vec!["refs/heads/*", "refs/tags/v*"],
        ),
        ("schedule", vec!["refs/*"]),
        ("[workflow_dispatch]", vec!["refs/*"]),
        ("{release: {types: [published]}}", vec!["refs/*"]),
        ("workflow_call", vec!["?"]),
        ("[push, workflow_call]", vec!["?"]),
    ] {
        assert_eq!(claims(on), expected, "{on}");
    }
}

#[test]
fn a_file_of_gitlab_is_known_by_its_name_or_its_tokens() {
    let plain = "build: {script: [make]}\n";
    let token = "build: {script: [make], id_tokens: {T: {aud: x}}}\n";
    for (path, text, expected) in [
        (".gitlab-ci.yml", plain, true),
        ("ci/build.gitlab-ci.yml", plain, true),
        (".gitlab-ci.yml", "build: {image: x}\n", false),
        ("ci/build.yml", plain, false),
        ("ci/build.yml", token, true),
        ("ci/build.yml", "build: {id_tokens: {T: {aud: x}}}\n", false),
    ] {
        assert_eq!(pipeline(path, text).is_some(), expected, "{path} {text}");
    }
}

#[test]
fn a_key_without_a_value_is_none() {
    let keys = |variables: &str| {
        let text = format!("build: {{script: [make], variables: {{{variables}}}}}\n");
        pipeline(".gitlab-ci.yml", &text)
            .expect("a pipeline")
            .keys
            .len()
    };
    assert_eq!(keys("AWS_SECRET_ACCESS_KEY: $KEY"), 1);
    assert_eq!(keys("AWS_SECRET_ACCESS_KEY: ''"), 0);
    assert_eq!(
        keys("AWS_SECRET_ACCESS_KEY: $KEY, AWS_SESSION_TOKEN: $T"),
        0
    );
}

/// The roles of a workflow one of whose steps uses an action with `with`, each with whether its claims are known. The
/// action's own step has `given`.
fn roles_of_action(uses: &str, with: &str, given: &str) -> Vec<(String, bool)> {
    let workflow = format!(
        "on: {{push: {{branches: [main]}}}}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: {uses}
        with: {{{with}}}
"
    );
    let action = format!(
        "name: deploy
inputs: {{role: {{}}, other: {{}}}}
runs:
  using: composite
  steps:
    - run: echo
    - uses: aws-actions/configure-aws-credentials@v4
      with: {{{given}}}
"
    );
    let files = [
        ("shop/.github/workflows/deploy.yml", workflow.as_str()),
        ("shop/.github/actions/aws/action.yml", &action),
        ("shop/aws/action.yaml", &action),
        ("shop/no/action.yml", &action.replace("composite", "node20")),
        (
            "shop/.github/actions/more/action.yml",
            &action.replace("configure-", "forget-"),
        ),
    ];
    let (tree, analysis) = super::terraform::analyse(&files, "");
    let roles = analysis.pipeline.unwrap().roles;
    let known = |roles: &leastwise_model::pipeline::AssumedRole| {
        let text = roles.arn.text.literal(&tree).unwrap_or("?");
        (text.to_owned(), roles.subjects.known().is_some())
    };
    roles.iter().map(known).collect()
}

#[test]
fn actions_of_the_repository_assume_the_roles_that_they_are_given() {
    let own = "./.github/actions/aws";
    let with = "role: 'arn:aws:iam::111111111111:role/deploy', other: x";
    let given = "role-to-assume: '${{ inputs.role }}'";
    let arn = "arn:aws:iam::111111111111:role/deploy".to_owned();
    let role = |known: bool| vec![(arn.clone(), known)];
    assert_eq!(roles_of_action(own, with, given), role(true));
    assert_eq!(roles_of_action("./aws", with, given), role(true));
    assert_eq!(roles_of_action("./aws/", with, given), role(true));
    for more in ["role-chaining: 'true'", "aws-secret-access-key: x"] {
        let given = format!("{given}, {more}");
        assert_eq!(roles_of_action(own, with, &given), role(false), "{more}");
    }
    let unchained = format!("{given}, role-chaining: 'false'");
    assert_eq!(roles_of_action(own, with, &unchained), role(true));
    let variable = "role: '${{ vars.ROLE }}'";
    assert_eq!(
        roles_of_action(own, variable, given),
        [("?".to_owned(), true)]
    );
    for (uses, with, given) in [
        // Another action, none, one that isn't made of steps, one that does something else.
        ("acme/actions/aws@v1", with, given),
        ("./.github/actions/none", with, given),
        ("./no", with, given),
        ("./.github/actions/more", with, given),
        // The input is another, or isn't given, or only a part of the ARN.
        (own, "other: x", given),
        (own, with, "role-to-assume: '${{ env.ROLE }}'"),
        (
            own,
            with,
            "role-to-assume: 'arn:aws:iam::111111111111:role/${{ inputs.role }}'",
        ),
        (own, with, "aws-region: eu-west-1"),
    ] {
        assert_eq!(
            roles_of_action(uses, with, given),
            [],
            "{uses} {with} {given}"
        );
    }
}

#[test]
fn a_role_that_stacks_are_deployed_with_is_declared_by_the_pipeline() {
    let declares = |path: &str, text: String| {
        let tree = Arc::new(Tree::parse(text.clone(), Format::Yaml));
        let analysis = Arc::new(Analysis::new(&tree, path, Arc::default()));
        let place = PathBuf::from(path);
        let file = Indexed {
            place,
            tree,
            analysis,
        };
        (file.declares(), may_declare(&text, Format::Yaml))
    };
    let role = "arn:aws:iam::111111111111:role/shop";
    for (command, declared) in [
        (
            format!("aws cloudformation deploy --stack-name a --role-arn {role}"),
            (true, true),
        ),
        (format!("sam deploy --role-arn={role}"), (true, true)),
        (
            format!("aws sts assume-role --role-arn {role}"),
            (false, true),
        ),
        ("npm test".to_owned(), (false, false)),
    ] {
        let workflow =
            format!("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: {command}\n");
        let of_github = declares(".github/workflows/a.yml", workflow);
        let of_gitlab = declares(
            ".gitlab-ci.yml",
            format!("a:\n  script:\n    - {command}\n"),
        );
        assert_eq!([of_github, of_gitlab], [declared; 2], "{command}");
    }
}
