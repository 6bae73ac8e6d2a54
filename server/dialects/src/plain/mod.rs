//! Policy documents as such: a file that is one, a list of them, or data that holds some.

mod limits;
mod siblings;
use foldhash::{HashMap, HashMapExt};
use leastwise_model::{
    Branch, Document, Owner, OwnerKind, Policy, Site, SiteKind, copies, lower, mark,
};
use leastwise_syntax::trace::Says;
use leastwise_syntax::{NodeId, Tree, View};

use self::limits::NAMES_LOOKED_AT;
use self::siblings::SiblingFacts;
use crate::dialect::{Dialect, DocumentKind, RecognisedFile, Rooms};
use crate::intrinsic::plain::PLAIN;
use crate::shape::{has_principals, is_of_sts, kind_told, search};
use crate::source_file::SourceFile;

/// Policies as such: what no other dialect is.
#[derive(Debug)]
pub(super) struct Plain;

impl Dialect for Plain {
    fn find(&self, asked: &SourceFile<'_>, rooms: Rooms) -> Option<RecognisedFile> {
        find(asked, rooms)
    }

    fn document(&self) -> DocumentKind {
        DocumentKind::Bare
    }
}

fn find(asked: &SourceFile<'_>, rooms: Rooms) -> Option<RecognisedFile> {
    let (tree, path) = (asked.tree, asked.path);
    let mut documents = Vec::new();
    for root in tree.documents() {
        search(tree, *root, &mut documents);
    }
    let stem = stem(path);
    if documents.is_empty() {
        return None;
    }
    let mut found = RecognisedFile::of(&Plain);
    let several = documents.len() > 1;
    // A module that reads the file knows what its policy is for.
    let read = match documents.as_slice() {
        [(_, keys)] if keys.is_empty() => rooms.told_by_readers(asked).map(|read| {
            found.state = read.state;
            read.kind
        }),
        _ => None,
    };
    let mut beside = SiblingFacts::of(tree);
    let mut owners: HashMap<String, usize> = HashMap::new();
    for (node, keys) in documents {
        let policy = tree.judged(node, || {
            let policy = lower::policy(tree, node, PLAIN);
            let asked = asked_for_kind(&policy);
            (policy, asked)
        });
        let told = kind_told(&policy, &keys, path);
        let (kind, service) = match read {
            // Which managed policies bound somebody, their names tell at best.
            Some((SiteKind::Identity, _)) if told == Some(SiteKind::Boundary) => {
                (SiteKind::Boundary, None)
            }
            Some((SiteKind::Unknown, _)) => (told.unwrap_or(SiteKind::Unknown), None),
            Some(read) => read,
            None => (kind_of(&mut beside, node, &policy, told), None),
        };
        let label = if several {
            label(&mut beside, node, &keys).unwrap_or_else(|| stem.to_owned())
        } else {
            stem.to_owned()
        };
        let owner = *owners.entry(label).or_insert_with_key(|label| {
            // What else is attached to the identity stands elsewhere.
            found.owners.push(Owner {
                names: vec![label.clone()],
                ..Owner::new(OwnerKind::File, label.clone())
            });
            found.owners.len() - 1
        });
        let name = keys.last().cloned();
        found.sites.push(Site {
            uses: Vec::new(),
            held: Vec::new(),
            kind,
            service,
            document: Document::known(policy, PLAIN),
            name,
            path: keys,
            branch: Branch::new(),
            owners: vec![owner],
        });
    }
    Some(found)
}

fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.split('.')
        .find(|part| !part.is_empty())
        .unwrap_or(name)
}

/// A name for a document among several: what stands beside it (`PolicyName`, `RoleName`), or the key that leads to it.
fn label(beside: &mut SiblingFacts<'_>, node: NodeId, keys: &[String]) -> Option<String> {
    let tree = beside.tree;
    let mut at = tree.parent(node);
    for _ in 0..4 {
        let parent = at?;
        if let Some(name) = &beside.known(parent).name {
            return Some(name.clone());
        }
        at = tree.parent(parent);
    }
    keys.iter()
        .rev()
        .find(|key| key.parse::<usize>().is_err())
        .cloned()
}

/// Whether the document is that of a managed policy of AWS: an `Arn` of one stands beside it, or beside the list of its
/// versions.
fn is_of_aws(beside: &mut SiblingFacts<'_>, node: NodeId) -> bool {
    let tree = beside.tree;
    let ancestors = || std::iter::successors(tree.parent(node), |node| tree.parent(*node));
    let told = ancestors().take(4).find_map(|node| beside.known(node).arn);
    told.unwrap_or_default() || ancestors().take(5).any(|node| is_list_of_aws(tree, node))
}

/// Whether a mapping is a list of AWS's policies by their names, as tools keep it.
fn is_list_of_aws(tree: &Tree, node: NodeId) -> bool {
    let View::Mapping(pairs) = tree.view(node) else {
        return false;
    };
    let looked_at = pairs.iter().take(NAMES_LOOKED_AT);
    let names: Vec<bool> = looked_at
        .map(|pair| {
            let name = tree.text(pair.key);
            name.is_some_and(copies::is_name_of_aws)
        })
        .collect();
    let known = names.iter().filter(|known| **known).count();
    copies::are_of_aws(known, names.len())
}

/// What a policy is for that stands as such: what its elements and its name tell, else the most usual.
fn kind_of(
    beside: &mut SiblingFacts<'_>,
    node: NodeId,
    policy: &Policy,
    told: Option<SiteKind>,
) -> SiteKind {
    if is_of_aws(beside, node) {
        return SiteKind::OfAws;
    }
    let told = of_organization(beside, node).or(told);
    told.unwrap_or(match has_principals(policy) {
        true => SiteKind::Resource,
        false => SiteKind::Identity,
    })
}

/// The kind of a policy of an organization, as the answers of AWS Organizations tell it beside the document.
fn of_organization(beside: &mut SiblingFacts<'_>, node: NodeId) -> Option<SiteKind> {
    let tree = beside.tree;
    let mut ancestors = std::iter::successors(tree.parent(node), |node| tree.parent(*node)).take(3);
    ancestors.find_map(|node| beside.known(node).organization)
}

/// What is asked of the texts of a policy to tell its kind, beside what is there at all.
fn asked_for_kind(policy: &Policy) -> &'static [Says] {
    match has_principals(policy) {
        true => &[is_no_value, is_of_sts, str::is_empty, is_filled_in],
        false => &[is_no_value],
    }
}

/// Whether a text names what leaves a value out.
fn is_no_value(text: &str) -> bool {
    text == "AWS::NoValue"
}

fn is_filled_in(text: &str) -> bool {
    text.contains("${") || mark::is_open(text)
}
