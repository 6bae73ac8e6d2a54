//! What stands beside a document. A mapping that thousands of documents lie in is looked through once.

use foldhash::{HashMap, HashMapExt};
use leastwise_model::SiteKind;
use leastwise_syntax::{NodeId, Tree};

/// What the nodes around documents say, as far as it was asked for.
pub(super) struct SiblingFacts<'t> {
    pub tree: &'t Tree,
    known: HashMap<NodeId, MappingFacts>,
}

/// What a mapping says of the documents in it.
pub(super) struct MappingFacts {
    /// `RoleName`, `PolicyName` or the like.
    pub name: Option<String>,
    /// Whether its `Arn` is that of a policy of AWS.
    pub arn: Option<bool>,
    /// The kind of an organization's policy.
    pub organization: Option<SiteKind>,
}

impl<'t> SiblingFacts<'t> {
    pub fn of(tree: &'t Tree) -> SiblingFacts<'t> {
        SiblingFacts {
            tree,
            known: HashMap::new(),
        }
    }

    /// What a node says.
    pub fn known(&mut self, node: NodeId) -> &MappingFacts {
        let tree = self.tree;
        self.known.entry(node).or_insert_with(|| MappingFacts {
            name: name(tree, node),
            arn: arn(tree, node),
            organization: organization(tree, node),
        })
    }
}

fn name(tree: &Tree, node: NodeId) -> Option<String> {
    let keys = ["RoleName", "PolicyName", "UserName", "GroupName", "Name"];
    let mut names = keys.iter().filter_map(|key| {
        let name = tree.get(node, key)?;
        tree.text(name)
    });
    names.next().map(str::to_owned)
}

fn arn(tree: &Tree, node: NodeId) -> Option<bool> {
    let arn = tree.get(node, "Arn").and_then(|arn| tree.text(arn))?;
    Some(arn.starts_with("arn:") && arn.contains(":iam::aws:policy/"))
}

/// As the answers of AWS Organizations tell it beside the document.
fn organization(tree: &Tree, node: NodeId) -> Option<SiteKind> {
    let summary = tree.get(node, "PolicySummary").unwrap_or(node);
    match tree.text(tree.get(summary, "Type")?)? {
        "SERVICE_CONTROL_POLICY" => Some(SiteKind::Scp),
        "RESOURCE_CONTROL_POLICY" => Some(SiteKind::Rcp),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use leastwise_syntax::{Format, Tree};

    use super::super::{is_of_aws, label, of_organization};
    use super::SiblingFacts;

    #[test]
    fn a_mapping_of_many_documents_is_looked_through_once() {
        let documents: Vec<String> = (0..100).map(|at| format!("\"k{at}\": {{}}")).collect();
        let text = format!(
            "{{\"all\": {{\"Name\": \"them\", {}}}}}",
            documents.join(", ")
        );
        let tree = Tree::parse(text, Format::Json);
        let all = tree.get(tree.documents()[0], "all").expect("all");
        let mut beside = SiblingFacts::of(&tree);
        for at in 0..100 {
            let node = tree.get(all, &format!("k{at}")).expect("a document");
            assert_eq!(label(&mut beside, node, &[]).as_deref(), Some("them"));
            assert!(!is_of_aws(&mut beside, node));
            assert_eq!(of_organization(&mut beside, node), None);
        }
        // The mapping, and what is around it.
        assert_eq!(beside.known.len(), 2);
    }
}
