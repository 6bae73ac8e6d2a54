//! Who is declared where, over the files that are looked at together.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use leastwise_dialects::resolve::{Resolver, Scope, Stack, Stacks, Surroundings};
use leastwise_model::files::{self, Files, NoFiles};
use leastwise_model::guard::{At, Guard};
use leastwise_model::pipeline::role_name;
use leastwise_model::resolved::Resolved;
use leastwise_model::text::Text;
use leastwise_model::{Attached, Environment, Owner, OwnerKind};
use leastwise_policy::{Arn, ArnShape, Pattern, Token, Tri};
use leastwise_syntax::{Format, NodeId, Tree};

use crate::Analysis;

/// Files, and who is declared in those that are looked at together.
pub trait IndexedFiles: Files {
    /// Who is declared in the files that are looked at together with the asking one. `None` where it stands alone, or
    /// not all are read yet.
    fn index(&self) -> Option<Arc<Index>> {
        None
    }
}

impl IndexedFiles for NoFiles {}

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

impl Indexed {
    /// Whether it is the file that an analysis is of.
    pub fn is(&self, analysis: &Analysis) -> bool {
        self.place == analysis.place()
    }

    /// Whether it has something for an index: what other files ask for. Else its path is enough ([`Index::among`]).
    pub fn declares(&self) -> bool {
        let analysis = &self.analysis;
        let is_known = |owner: &Owner| is_identity(owner.kind) || !owner.attached.is_empty();
        !analysis.deployers.is_empty()
            || analysis.owners.iter().any(is_known)
            || analysis.template().is_some_and(|template| {
                !template.nested.is_empty() || outputs(&self.tree).next().is_some()
            })
    }
}

/// Whether a file of this text may be one that declares something ([`Indexed::declares`]); told without reading it.
pub fn may_declare(text: &str, format: Format) -> bool {
    const MARKS: [&[u8]; 7] = [
        // Types of templates: an identity, a stack of another template.
        b"AWS::",
        b"OC::",
        b"Export",
        // Terraform in JSON, and its plans.
        b"aws_",
        b"module",
        // A service of the Serverless Framework.
        b"provider",
        // An escape, behind which any of these may be.
        b"\\",
    ];
    let text = text.as_bytes();
    let has = |mark: &&[u8]| memchr::memmem::find(text, mark).is_some();
    format == Format::Hcl || MARKS.iter().any(has)
}

/// What a template exports: for each output the nodes of the name and the value.
fn outputs(tree: &Tree) -> impl Iterator<Item = (NodeId, NodeId)> + '_ {
    let outputs = tree.documents().iter().flat_map(|root| {
        // Those of a Serverless service stand among its resources.
        let resources = tree.get(*root, "resources");
        let holders = [Some(*root), resources];
        holders.map(|node| tree.get(node?, "Outputs"))
    });
    let pairs = outputs.flatten().flat_map(|node| tree.pairs(node));
    pairs.filter_map(|output| {
        let name = tree.get(tree.get(output.value, "Export")?, "Name")?;
        Some((name, tree.get(output.value, "Value")?))
    })
}

/// A managed policy of another file that is attached to somebody.
#[derive(Clone, Copy)]
pub struct Joined<'i> {
    /// The file of the policy, or of who has it.
    pub file: &'i Indexed,
    /// The index of its owner there.
    pub owner: usize,
    /// Whether it is attached under all conditions.
    pub always: bool,
}

/// The identities of several files, by the names that they are deployed under, and the stacks that templates make of
/// each other.
#[derive(Default)]
pub struct Index {
    files: Vec<Indexed>,
    /// By kind and name the owners, as (file, owner).
    by_name: HashMap<(OwnerKind, String), Vec<(usize, usize)>>,
    /// The names of roles that services are deployed with.
    deployers: HashSet<String>,
    /// By the path of a template the stacks that are made of it, as (file, logical id).
    stacks: HashMap<String, Vec<(usize, String)>>,
    /// Paths that several files have, relative to the folders of different configs.
    shared: HashSet<String>,
    /// By the name of an export where it is made.
    exports: HashMap<String, Vec<Export>>,
    /// By the name of a managed policy who has it attached by its ARN; worked out when somebody asks.
    holders: OnceLock<HashMap<String, Vec<Holder>>>,
}

/// A value that a stack exports under one environment.
struct Export {
    file: usize,
    environment: usize,
    /// The node of the value.
    value: NodeId,
}

/// Who has a managed policy attached by its ARN.
struct Holder {
    file: usize,
    owner: usize,
    arn: Pattern,
}

impl Index {
    /// Indexes files. The analyses must not have been asked for their index yet.
    pub fn new(files: impl IntoIterator<Item = Indexed>) -> Index {
        Index::among(files, &[])
    }

    /// Indexes files that are looked at together with others, which declare nothing ([`Indexed::declares`]), by their paths as
    /// their analyses have them.
    pub fn among(files: impl IntoIterator<Item = Indexed>, others: &[&str]) -> Index {
        let mut index = Index::default();
        let mut paths = HashSet::new();
        for file in files {
            if !paths.insert(file.analysis.path.clone()) {
                index.shared.insert(file.analysis.path.clone());
            }
            let at = index.files.len();
            for (owner, declared) in file.analysis.owners.iter().enumerate() {
                if !is_identity(declared.kind) {
                    continue;
                }
                for name in declared.names.iter().filter(|name| is_known(name)) {
                    let key = (declared.kind, name.clone());
                    index.by_name.entry(key).or_default().push((at, owner));
                }
            }
            for arn in &file.analysis.deployers {
                let values = file.analysis.shown(&file.tree, arn);
                let names = values.filter_map(|(_, value)| role_name(&value.pattern));
                index.deployers.extend(names.map(|(name, _)| name));
            }
            let template = file.analysis.template().into_iter();
            let mut nested: Vec<_> = template.flat_map(|template| &template.nested).collect();
            nested.sort_unstable_by_key(|(id, _)| *id);
            for (id, nested) in nested {
                let stacks = index.stacks.entry(nested.path.clone()).or_default();
                stacks.push((at, id.clone()));
            }
            index.export(at, &file);
            index.files.push(file);
        }
        for path in others {
            if !paths.insert((*path).to_owned()) {
                index.shared.insert((*path).to_owned());
            }
        }
        index
    }

    /// Takes down what a template exports.
    fn export(&mut self, at: usize, file: &Indexed) {
        let (tree, analysis) = (&file.tree, &file.analysis);
        let Some(template) = analysis.template() else {
            return;
        };
        for (name, value) in outputs(tree) {
            let name = Text::lower(tree, name, template.notation());
            for (number, environment) in analysis.environments.iter().enumerate() {
                // Without the index, which isn't there yet.
                let scope = Scope::template(template);
                let resolver = Resolver::new(tree, &analysis.config, scope, environment, true);
                for resolved in resolver.resolve(&name) {
                    if let Some(name) = resolved.pattern.as_literal() {
                        self.exports.entry(name).or_default().push(Export {
                            file: at,
                            environment: number,
                            value,
                        });
                    }
                }
            }
        }
    }

    /// Whether it can tell nobody anything.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
            && self.exports.is_empty()
            && self.stacks.is_empty()
            && self.deployers.is_empty()
    }

    /// The files.
    pub fn files(&self) -> &[Indexed] {
        &self.files
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

    /// Whether a service is deployed with a role.
    pub fn deploys(&self, owner: &Owner) -> bool {
        owner.names.iter().any(|name| self.deployers.contains(name))
    }

    /// Whether [`Index::stacks_of`] has any.
    pub(crate) fn has_stacks_of(&self, path: &str) -> bool {
        !self.stacks.is_empty() && !self.stacks_of(path).is_empty()
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

    /// The same owner in other files than `analysis` is of: where it is declared, or where more is attached to it. Who
    /// is in other accounts only is somebody else.
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
            .filter(|(file, ..)| !file.is(analysis) && meet(analysis, &file.analysis))
            .filter(move |(file, at, _)| {
                let key = (std::ptr::from_ref::<Indexed>(file), *at);
                let new = !seen.contains(&key);
                seen.push(key);
                new
            })
    }

    /// Who is declared with an ARN; nobody where two may be meant.
    pub fn declared<'i>(
        &'i self,
        kind: OwnerKind,
        arn: &Pattern,
    ) -> Option<(&'i Indexed, usize, &'i Owner)> {
        let name = named(kind, arn)?;
        let mut found = self.owners(kind, &name).filter(|(file, _, owner)| {
            owner.declared.is_some() && is_deployed_as(file, owner, arn).possible()
        });
        let one = found.next()?;
        found.next().is_none().then_some(one)
    }

    /// The managed policies of other files that an attachment of an owner of `analysis` stands for. `None` where one of
    /// them isn't known.
    pub fn attached<'i>(
        &'i self,
        tree: &Tree,
        analysis: &Analysis,
        attached: &Attached,
    ) -> Option<Vec<Joined<'i>>> {
        let arns = self.arns(tree, analysis, attached);
        let always = attached.branch.is_empty() && arns.iter().all(|(_, always)| *always);
        let mut joined: Vec<Joined<'i>> = Vec::new();
        for (arn, _) in &arns {
            let (file, owner, _) = self.declared(OwnerKind::ManagedPolicy, arn)?;
            let same = |other: &Joined<'_>| std::ptr::eq(other.file, file) && other.owner == owner;
            if !joined.iter().any(same) {
                joined.push(Joined {
                    file,
                    owner,
                    always,
                });
            }
        }
        (!joined.is_empty()).then_some(joined)
    }

    /// Who of other files has the managed policy `owner` of `analysis`, of the tree `tree`, attached.
    pub fn holders<'i>(
        &'i self,
        tree: &Tree,
        analysis: &Analysis,
        owner: &Owner,
    ) -> Vec<Joined<'i>> {
        let mut found: Vec<Joined<'i>> = Vec::new();
        if owner.kind != OwnerKind::ManagedPolicy || owner.declared.is_none() {
            return found;
        }
        let holders = self.holders.get_or_init(|| self.all_holders());
        let of_name = owner.names.iter().filter_map(|name| holders.get(name));
        for holder in of_name.flatten() {
            let Some(file) = self
                .files
                .get(holder.file)
                .filter(|file| !file.is(analysis))
            else {
                continue;
            };
            let same =
                |other: &Joined<'_>| std::ptr::eq(other.file, file) && other.owner == holder.owner;
            if found.iter().any(same) {
                continue;
            }
            let mut environments = analysis.environments.iter();
            let meant = environments.any(|environment| {
                let own = analysis.arns(tree, owner, environment);
                own.iter().any(|own| overlap(own, &holder.arn).possible())
            });
            // Another policy of that name may be meant.
            let name = named(OwnerKind::ManagedPolicy, &holder.arn).unwrap_or_default();
            let mut others = self.owners(OwnerKind::ManagedPolicy, &name);
            let alone = others.all(|(file, _, other)| {
                file.is(analysis)
                    || other.declared.is_none()
                    || is_deployed_as(file, other, &holder.arn) == Tri::No
            });
            if meant && alone {
                found.push(Joined {
                    file,
                    owner: holder.owner,
                    always: false,
                });
            }
        }
        found
    }

    fn all_holders(&self) -> HashMap<String, Vec<Holder>> {
        let mut holders: HashMap<String, Vec<Holder>> = HashMap::new();
        for (file, indexed) in self.files.iter().enumerate() {
            for (owner, declared) in indexed.analysis.owners.iter().enumerate() {
                let open = declared.attached.iter().filter(|it| !it.settled);
                let arns = open.flat_map(|it| self.arns(&indexed.tree, &indexed.analysis, it));
                for (arn, _) in arns {
                    if let Some(name) = named(OwnerKind::ManagedPolicy, &arn) {
                        holders
                            .entry(name)
                            .or_default()
                            .push(Holder { file, owner, arn });
                    }
                }
            }
        }
        holders
    }

    /// The values that a stack of another file than `analysis` is of exports under a name to an environment. `None` where
    /// there isn't exactly one such file.
    pub(crate) fn exported(
        &self,
        analysis: &Analysis,
        environment: &Environment,
        name: &str,
        defaults: bool,
    ) -> Option<Vec<Resolved>> {
        let mut found = self.exports.get(name)?.iter().filter_map(|export| {
            let file = self.files.get(export.file)?;
            let own = file.analysis.environments.get(export.environment)?;
            let same = own.account == environment.account && own.region == environment.region;
            (same && !file.is(analysis)).then_some((file, own, export.value))
        });
        let (file, environment, value) = found.next()?;
        if found.next().is_some() {
            return None;
        }
        let exporter = Resolver {
            around: None,
            ..file.analysis.resolver(&file.tree, environment, defaults)
        };
        let template = file.analysis.template()?;
        let text = Text::lower(&file.tree, value, template.notation());
        Some(exporter.resolve(&text))
    }

    /// Where a name is exported: the file and the node of the value.
    pub fn exports<'i>(&'i self, name: &str) -> impl Iterator<Item = (&'i Indexed, NodeId)> {
        let exports = self.exports.get(name).into_iter().flatten();
        exports.filter_map(|export| Some((self.files.get(export.file)?, export.value)))
    }

    /// The distinct ARNs that an attachment stands for, each with whether it does so under all conditions.
    pub fn arns(
        &self,
        tree: &Tree,
        analysis: &Analysis,
        attached: &Attached,
    ) -> Vec<(Pattern, bool)> {
        let mut arns: Vec<(Pattern, bool)> = Vec::new();
        for resolved in self.values(tree, analysis, &attached.arn, false) {
            if !arns.iter().any(|(known, _)| *known == resolved.pattern) {
                arns.push((resolved.pattern, resolved.conditions.is_empty()));
            }
        }
        arns
    }

    /// The values of a text of a file over all its environments, with what the files of this index export, whatever
    /// index the analysis has of its own.
    pub fn values(
        &self,
        tree: &Tree,
        analysis: &Analysis,
        text: &Text,
        defaults: bool,
    ) -> Vec<Resolved> {
        let environments = analysis.environments.iter();
        let seen = Seen {
            analysis,
            index: self,
        };
        let values = environments.flat_map(|environment| {
            let resolver = Resolver {
                around: Some(&seen),
                ..analysis.resolver(tree, environment, defaults)
            };
            resolver.resolve(text)
        });
        let mut distinct: Vec<Resolved> = Vec::new();
        for value in values {
            if !distinct.contains(&value) {
                distinct.push(value);
            }
        }
        distinct
    }
}

impl Stacks for Index {
    fn stacks_of(&self, path: &str) -> Vec<Stack<'_>> {
        if self.stacks.is_empty() || self.shared.contains(path) {
            return Vec::new();
        }
        let places = self.stacks.get(&files::join("", path));
        let found = places.into_iter().flatten().filter_map(|(file, id)| {
            let file = self.files.get(*file)?;
            let template = file.analysis.template()?;
            Some(Stack {
                tree: &file.tree,
                path: &file.analysis.path,
                config: &file.analysis.config,
                template,
                resource: template.resources.get(id)?,
            })
        });
        found.collect()
    }
}

/// A file as an index sees it that needn't be its own.
struct Seen<'a> {
    analysis: &'a Analysis,
    index: &'a Index,
}

impl Surroundings for Seen<'_> {
    fn uses_around(&self, tree: &Tree, node: NodeId) -> &[Vec<Guard>] {
        self.analysis.uses_around(tree, node)
    }

    fn replaced_around(&self, tree: &Tree, node: NodeId) -> &[At] {
        self.analysis.replaced_around(tree, node)
    }

    fn cut_off(&self) {
        Surroundings::cut_off(self.analysis);
    }

    fn exported(
        &self,
        environment: &Environment,
        name: &str,
        defaults: bool,
    ) -> Option<Vec<Resolved>> {
        self.index
            .exported(self.analysis, environment, name, defaults)
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Index of {} files", self.files.len())
    }
}

/// Whether an owner of a file is deployed with an ARN in some environment.
pub fn is_deployed_as(file: &Indexed, owner: &Owner, arn: &Pattern) -> Tri {
    let mut answer = Tri::No;
    for environment in &file.analysis.environments {
        for own in file.analysis.arns(&file.tree, owner, environment) {
            match overlap(&own, arn) {
                Tri::Yes => return Tri::Yes,
                Tri::Maybe => answer = Tri::Maybe,
                Tri::No => {}
            }
        }
    }
    answer
}

/// Whether two ARNs of identities may be one: segment by segment, as what isn't known of one segment says nothing of
/// another.
pub fn overlap(one: &Pattern, other: &Pattern) -> Tri {
    let (ArnShape::Arn(own), ArnShape::Arn(arn)) = (Arn::parse(one), Arn::parse(other)) else {
        return one.overlaps(other);
    };
    let segments = [
        (own.partition, arn.partition),
        (own.service, arn.service),
        (own.account, arn.account),
        (own.resource, arn.resource),
    ];
    let mut answer = Tri::Yes;
    for (own, arn) in segments {
        match own.pattern().overlaps(&arn.pattern()) {
            Tri::Yes => {}
            Tri::Maybe => answer = Tri::Maybe,
            Tri::No => return Tri::No,
        }
    }
    answer
}

/// The kind of identity that an ARN names, and its name without its path. `None` where either isn't known.
pub fn identity(arn: &Pattern) -> Option<(OwnerKind, String)> {
    let ArnShape::Arn(arn) = Arn::parse(arn) else {
        return None;
    };
    if arn.service.raw() != "iam" {
        return None;
    }
    let resource = arn.resource.pattern();
    let mut tokens = resource.tokens();
    let Some(Token::Literal(first)) = tokens.next() else {
        return None;
    };
    // The path may be open, the name not.
    let last = match tokens.last() {
        None => first,
        Some(Token::Literal(last)) => last,
        Some(_) => return None,
    };
    let (_, name) = last.rsplit_once('/')?;
    let kind = match first.split_once('/')?.0 {
        "role" => OwnerKind::Role,
        "user" => OwnerKind::User,
        "group" => OwnerKind::Group,
        "policy" => OwnerKind::ManagedPolicy,
        _ => return None,
    };
    (!name.is_empty()).then(|| (kind, name.to_owned()))
}

fn named(kind: OwnerKind, arn: &Pattern) -> Option<String> {
    identity(arn).and_then(|(own, name)| (own == kind).then_some(name))
}

/// Whether two files may be deployed to one account.
fn meet(one: &Analysis, other: &Analysis) -> bool {
    one.possible().any(|own| {
        other
            .possible()
            .any(|environment| match (&own.account, &environment.account) {
                (Some(own), Some(other)) => own == other,
                _ => true,
            })
    })
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
