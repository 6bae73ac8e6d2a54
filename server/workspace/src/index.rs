//! Who is declared where, over the files that are looked at together.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use leastwise_syntax::{Span, Tree};

use crate::dialect::Resource;
use crate::files;
use crate::pipeline::role_name;
use crate::{Analysis, Owner, OwnerKind};

/// A file and what is known of it.
#[derive(Clone)]
pub struct Indexed {
    /// Where it lies on disk.
    pub place: PathBuf,
    /// The file.
    pub tree: Arc<Tree>,
    /// Its policies.
    pub analysis: Arc<Analysis>,
}

/// The identities of several files, by the names that they are deployed under, and the stacks that templates make of
/// each other.
#[derive(Default)]
pub struct Index {
    files: Vec<Indexed>,
    /// By kind and name the owners, as (file, owner).
    by_name: HashMap<(OwnerKind, String), Vec<(usize, usize)>>,
    /// By kind and name where CI pipelines use it or a service is deployed with it, as (file, bytes).
    uses: HashMap<(OwnerKind, String), Vec<(usize, Span)>>,
    /// The names of roles that services are deployed with.
    deployers: HashSet<String>,
    /// By the path of a template the stacks that are made of it, as (file, logical id).
    stacks: HashMap<String, Vec<(usize, String)>>,
    /// Paths that several files have, relative to the folders of different configs.
    shared: HashSet<String>,
}

impl Index {
    /// Indexes files. Those that name no identity and no other template are left out. The analyses must not have been asked for their index
    /// yet.
    pub fn new(files: impl IntoIterator<Item = Indexed>) -> Index {
        let mut index = Index::default();
        let mut paths = HashSet::new();
        for file in files {
            if !paths.insert(file.analysis.path.clone()) {
                index.shared.insert(file.analysis.path.clone());
            }
            let mut named = false;
            for (at, owner) in file.analysis.owners.iter().enumerate() {
                if !is_identity(owner.kind) {
                    continue;
                }
                for name in owner.names.iter().filter(|name| is_known(name)) {
                    named = true;
                    let place = (index.files.len(), at);
                    let key = (owner.kind, name.clone());
                    index.by_name.entry(key).or_default().push(place);
                }
            }
            let at = index.files.len();
            let roles = file.analysis.pipeline.iter().flat_map(|it| &it.roles);
            let roles = roles.map(|role| (&role.arn, false));
            let deployers = file.analysis.deployers.iter().map(|arn| (arn, true));
            for (arn, deploys, resolved) in roles.chain(deployers).flat_map(|(arn, deploys)| {
                let values = file.analysis.shown(&file.tree, arn);
                values.map(move |(_, resolved)| (arn, deploys, resolved))
            }) {
                if let Some((name, range)) = role_name(&resolved.pattern) {
                    named = true;
                    if deploys {
                        index.deployers.insert(name.clone());
                    }
                    let span = resolved.span_of(&file.tree, range);
                    let place = (at, span.unwrap_or(arn.text.span));
                    let uses = index.uses.entry((OwnerKind::Role, name)).or_default();
                    if !uses.contains(&place) {
                        uses.push(place);
                    }
                }
            }
            let template = file.analysis.template.iter();
            let mut nested: Vec<_> = template.flat_map(|template| &template.nested).collect();
            nested.sort_unstable_by_key(|(id, _)| *id);
            for (id, nested) in nested {
                named = true;
                let stacks = index.stacks.entry(nested.path.clone()).or_default();
                stacks.push((at, id.clone()));
            }
            if named {
                index.files.push(file);
            }
        }
        index
    }

    /// Whether no file names an identity or another template.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The owners of a kind and name, each with its file and its index there.
    pub fn owners<'i>(
        &'i self,
        kind: OwnerKind,
        name: &str,
    ) -> impl Iterator<Item = (&'i Indexed, usize, &'i Owner)> {
        let places = self.by_name.get(&(kind, name.to_owned()));
        places.into_iter().flatten().filter_map(|(file, owner)| {
            let file = self.files.get(*file)?;
            Some((file, *owner, file.analysis.owners.get(*owner)?))
        })
    }

    /// Where CI pipelines use an identity of a kind and name, and where a service is deployed with it.
    pub fn uses<'i>(
        &'i self,
        kind: OwnerKind,
        name: &str,
    ) -> impl Iterator<Item = (&'i Indexed, Span)> {
        let places = self.uses.get(&(kind, name.to_owned()));
        places
            .into_iter()
            .flatten()
            .filter_map(|(file, span)| Some((self.files.get(*file)?, *span)))
    }

    /// Whether a service is deployed with a role.
    pub fn deploys(&self, owner: &Owner) -> bool {
        owner.names.iter().any(|name| self.deployers.contains(name))
    }

    /// Whether [`Index::stacks_of`] has any.
    pub(crate) fn has_stacks_of(&self, path: &str) -> bool {
        !self.stacks.is_empty() && !self.stacks_of(path).is_empty()
    }

    /// The stacks of other templates that are made of the template at `path`, each with its file. Empty where that
    /// isn't certain.
    pub(crate) fn stacks_of(&self, path: &str) -> Vec<(&Indexed, &Resource)> {
        if self.stacks.is_empty() || self.shared.contains(path) {
            return Vec::new();
        }
        let places = self.stacks.get(&files::join("", path));
        let found = places.into_iter().flatten().filter_map(|(file, id)| {
            let file = self.files.get(*file)?;
            let stack = file.analysis.template.as_ref()?.resources.get(id)?;
            Some((file, stack))
        });
        found.collect()
    }

    /// The names of the declared owners of a kind, in no order.
    pub fn names(&self, kind: OwnerKind) -> impl Iterator<Item = &str> {
        self.by_name
            .iter()
            .filter_map(move |((own, name), places)| {
                let declared = places.iter().any(|(file, owner)| {
                    self.files
                        .get(*file)
                        .and_then(|file| file.analysis.owners.get(*owner))
                        .is_some_and(|owner| owner.declared.is_some())
                });
                (*own == kind && declared).then_some(name.as_str())
            })
    }

    /// The same owner in other files than `analysis` is of: where it is declared, or where more is attached to it.
    pub fn elsewhere<'i>(
        &'i self,
        analysis: &'i Analysis,
        owner: &'i Owner,
    ) -> impl Iterator<Item = (&'i Indexed, usize, &'i Owner)> {
        let kind = owner.kind;
        let names = owner.names.iter().filter(move |_| is_identity(kind));
        let mut seen = Vec::new();
        names
            .flat_map(move |name| self.owners(kind, name))
            .filter(|(file, ..)| file.analysis.path != analysis.path)
            .filter(move |(file, at, _)| {
                let key = (std::ptr::from_ref::<Indexed>(file), *at);
                let new = !seen.contains(&key);
                seen.push(key);
                new
            })
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Index of {} files", self.files.len())
    }
}

/// Kinds that are known by a name of their own, whatever file they stand in.
fn is_identity(kind: OwnerKind) -> bool {
    matches!(
        kind,
        OwnerKind::Role | OwnerKind::User | OwnerKind::Group | OwnerKind::ManagedPolicy
    )
}

/// Whether nothing of a name is left open.
fn is_known(name: &str) -> bool {
    !name.is_empty() && !name.contains(['$', '*', '?'])
}
