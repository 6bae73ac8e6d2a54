//! The policies of an organization, where the file itself declares it.

use leastwise_model::{Document, Owner, OwnerKind, Site, SiteKind};
use leastwise_syntax::{NodeId, Tree, View};

use super::notation::Called;
use super::organization::declared;
use crate::cloudformation::Extension;
use crate::cloudformation::finder::Finder;
use crate::cloudformation::template::{Resource, Template};
use crate::shape;

/// What the types begin with that OrgFormation's makers give to CloudFormation for what an organization has.
const COMMUNITY: &str = "Community::Organizations::";

/// The function that makes a text of a mapping, as a tag and by its name.
const JSON_STRING: [&str; 2] = ["!JsonString", "Fn::JsonString"];

/// What OrgFormation adds to the policies of a template.
pub(super) struct Policies {
    /// The root of the template.
    pub root: NodeId,
}

impl Extension for Policies {
    fn make(&self, _: &Tree, _: &mut Template) {}

    fn declare(&self, _: &mut Finder<'_>) {}

    fn text_functions(&self) -> &'static [&'static str] {
        &JSON_STRING
    }

    fn sites(&self, finder: &mut Finder<'_>, id: &str, resource: &Resource, sites: &mut Vec<Site>) {
        let kind = resource.type_name.strip_prefix(COMMUNITY);
        let (Some(kind), Some(properties), None) = (kind, resource.properties, &resource.tree)
        else {
            return;
        };
        let declared = Declared {
            section: "Resources",
            id,
            key: resource.key,
            type_name: &resource.type_name,
            kind,
            properties,
        };
        declared.add(finder, sites);
    }

    fn finish(&self, finder: &mut Finder<'_>, sites: &mut Vec<Site>) {
        let tree = finder.tree;
        let section = tree.get(self.root, "Organization");
        for pair in section.map(|node| tree.pairs(node)).unwrap_or_default() {
            let (Some((id, kind)), Some(properties)) =
                (declared(tree, pair), tree.get(pair.value, "Properties"))
            else {
                continue;
            };
            let type_name = tree.get(pair.value, "Type");
            let type_name = type_name.and_then(|node| tree.text(node));
            let declared = Declared {
                section: "Organization",
                id,
                key: pair.key,
                type_name: type_name.unwrap_or_default(),
                kind,
                properties,
            };
            declared.add(finder, sites);
        }
    }
}

/// What a file declares that may be a policy of the organization.
struct Declared<'d> {
    /// The section that it stands in.
    section: &'d str,
    /// Its logical id.
    id: &'d str,
    /// The node of that.
    key: NodeId,
    /// Its type.
    type_name: &'d str,
    /// The same without what all such types begin with.
    kind: &'d str,
    /// Its properties.
    properties: NodeId,
}

impl Declared<'_> {
    fn add(&self, finder: &mut Finder<'_>, sites: &mut Vec<Site>) {
        let tree = finder.tree;
        let properties = tree.resolved(self.properties);
        let Some(kind) = kind_of(tree, self.kind, properties) else {
            return;
        };
        let name = tree.get(properties, "PolicyName");
        let names = name.map_or_else(Vec::new, |name| finder.resolve(name));
        let owner = finder.owners.len();
        for (node, branch) in finder.follow(properties, &["PolicyDocument"]) {
            match tree.view(node) {
                View::Mapping(_) => {}
                View::Sequence(_) if shape::is_list(tree, node) => {}
                _ => continue,
            }
            let path = [self.section, self.id, "Properties", "PolicyDocument"];
            sites.push(Site {
                uses: Vec::new(),
                held: Vec::new(),
                kind,
                service: None,
                document: Document::new(tree, node, false, finder.notation),
                name: names.first().cloned(),
                path: path.map(str::to_owned).to_vec(),
                branch,
                owners: vec![owner],
            });
        }
        finder.owners.push(Owner {
            names,
            type_name: self.type_name.to_owned(),
            declared: Some(tree.span(self.key)),
            properties: Some(properties),
            ..Owner::new(OwnerKind::Resource, self.id)
        });
    }
}

/// Whether a call of OrgFormation's stands in a node.
pub(super) fn calls(tree: &Tree, node: NodeId) -> bool {
    // Without recursion: trees may be deep.
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match tree.view(node) {
            View::Mapping(pairs) => {
                open.extend(pairs.iter().flat_map(|pair| [pair.key, pair.value]));
            }
            View::Sequence(items) => open.extend(items),
            View::Tagged(_, inner) => open.push(inner),
            View::Scalar(text) => {
                if Called::of(text).is_some() {
                    return true;
                }
                open.extend(tree.embedded(node));
            }
            View::Alias(_) | View::Invalid => {}
        }
    }
    false
}

/// The kind of a policy of an organization; `None` for one that is no policy of IAM's.
fn kind_of(tree: &Tree, kind: &str, properties: NodeId) -> Option<SiteKind> {
    let told = tree.get(properties, "PolicyType");
    let told = told.and_then(|node| tree.text(node));
    match (kind, told) {
        ("ServiceControlPolicy", _) | ("Policy", Some("SERVICE_CONTROL_POLICY")) => {
            Some(SiteKind::Scp)
        }
        ("Policy", Some("RESOURCE_CONTROL_POLICY")) => Some(SiteKind::Rcp),
        _ => None,
    }
}
