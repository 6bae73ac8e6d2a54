use std::sync::Arc;

use leastwise_model::files::{Files, Unread};
use leastwise_syntax::{Format, Tree};
use leastwise_workspace::Analysis;
use leastwise_workspace::analysis::index::{Index, Indexed, IndexedFiles};

use super::super::tests::labels;
use crate::testing::{CONFIG, cut, template};
use crate::{Config, File};

#[derive(Debug)]
struct Workspace(Arc<Index>);

impl Files for Workspace {
    fn tree(&self, _: &str) -> Option<Arc<Tree>> {
        None
    }

    fn text(&self, _: &str) -> Option<Arc<str>> {
        None
    }

    fn list(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn refused(&self, _: &str) -> Option<Unread> {
        None
    }

    fn stamp(&self) -> u64 {
        0
    }
}

impl IndexedFiles for Workspace {
    fn index(&self) -> Option<Arc<Index>> {
        Some(Arc::clone(&self.0))
    }
}

/// What is offered in a file beside another one.
fn beside(other: &str, marked: &str) -> Vec<String> {
    let config = Arc::new(Config::parse(CONFIG));
    let tree = Arc::new(Tree::parse(other.to_owned(), Format::Yaml));
    let analysis = Arc::new(Analysis::new(&tree, "roles.yaml", Arc::clone(&config)));
    let indexed = Indexed {
        place: "/app/roles.yaml".into(),
        tree,
        analysis,
    };
    let files = Arc::new(Workspace(Arc::new(Index::new([indexed]))));
    let (text, at) = cut(marked);
    let mut file = File::among("trust.json", text, Format::Json, config, files);
    let items = file.completions(at).into_iter();
    items.map(|item| item.label).collect()
}

#[test]
fn roles_of_the_workspace_are_principals() {
    let roles = "Resources:\n  A:\n    Type: AWS::IAM::Role\n    Properties: {RoleName: shop-reader, Path: /app/, AssumeRolePolicyDocument: {}}\n  B:\n    Type: AWS::IAM::Role\n    Properties: {AssumeRolePolicyDocument: {}}\n";
    let trust = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\", \"Principal\": {\"AWS\": \"$0\"}}]}";
    let offered = beside(roles, trust);
    for account in ["111111111111", "222222222222"] {
        let role = format!("arn:aws:iam::{account}:role/app/shop-reader");
        assert!(offered.contains(&role), "{offered:?}");
    }
    // Nobody knows what the other one is called.
    let own = offered.iter().filter(|label| label.contains(":role/"));
    assert_eq!(own.count(), 2, "{offered:?}");
}

#[test]
fn what_a_provider_vouches_by_comes_first() {
    let of = |action: &str| {
        let marked = format!(
            "{{\"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"sts:{action}\", \"Principal\": {{\"Federated\": \"$0\"}}}}]}}"
        );
        labels(&marked).into_iter().next().unwrap_or_default()
    };
    assert!(of("AssumeRoleWithSAML").ends_with(":saml-provider/"));
    assert!(of("AssumeRoleWithWebIdentity").ends_with("/token.actions.githubusercontent.com"));
}

#[test]
fn a_principal_is_no_policy() {
    let marked = template("- Effect: Allow\n  Principal:\n    AWS: $0\n  Action: s3:GetObject").replace(
        "Resources:\n",
        "Resources:\n  Own:\n    Type: AWS::IAM::ManagedPolicy\n  Other:\n    Type: AWS::IAM::Role\n",
    );
    let offered = labels(&marked);
    assert!(
        offered.contains(&"!GetAtt Other.Arn".to_owned()),
        "{offered:?}"
    );
    assert!(
        offered.iter().all(|label| !label.contains("Own")),
        "{offered:?}"
    );
}
