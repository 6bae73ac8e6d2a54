//! Findings kept from one edit to the next.
//!
//! What the rules say of a unit depends on its own policies and on the file around all policies (what the template
//! declares, what is attached to what), never on the policies of another unit: no name and no ARN is read from inside
//! one. Policies that are an owner's permissions boundary count as the owner's. The exception are trust policies where a policy of the file allows `sts:AssumeRole`; they count as what stands
//! around. So as long as what stands around the policies is as it was, only units whose own text has changed are looked
//! at again, and the findings of the others move with their text.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use leastwise_model::{BoundBy, Site, SiteKind};
use leastwise_syntax::{ProblemKind, Span};

use crate::engine::{finish, run};
use crate::rule::FilePart;
use crate::support::trust;
use crate::units::units;
use crate::{Context, Finding, Related, Unit};

/// What was found in a file before its last edits.
#[derive(Default)]
pub struct Kept {
    latest: Generation,
    /// The one before: a file that is being typed is whole and broken by turns.
    before: Generation,
    /// How many units were looked at last time.
    looked_at: usize,
}

#[derive(Default)]
struct Generation {
    /// What stood around the policies.
    around: u64,
    units: Vec<KeptUnit>,
}

struct KeptUnit {
    /// Which policies they are, and their text.
    text: u64,
    /// Its findings before ignores, without their fixes, at places that hold for any text around its policies.
    findings: Vec<KeptFinding>,
}

struct KeptFinding {
    finding: Finding,
    at: Place,
    related: Vec<Place>,
    /// What its reason holds for: [`crate::CommonCause::within`].
    within: Option<Place>,
}

/// A span by what it begins and ends near to.
#[derive(Clone, Copy)]
struct Place(Mark, Mark);

/// An offset as a distance in bytes.
#[derive(Clone, Copy)]
enum Mark {
    /// From the start of the document of that number.
    In(u32, u32),
    /// From the end of that document, or from the start of the file for 0; the first document is 1.
    Behind(u32, u32),
}

impl Kept {
    /// The findings of [`crate::check`], without fixes. The analysis may be of another text than last time but must be
    /// of the same file under the same config.
    pub fn check(&mut self, context: &Context<'_>) -> Vec<Finding> {
        let mut findings = run(context, &[FilePart::File], |_| true);
        let units = units(context);
        let Some(documents) = documents(context) else {
            *self = Kept {
                looked_at: units.len(),
                ..Kept::default()
            };
            findings.extend(run(context, &[FilePart::Policies], |_| true));
            return finish(context, findings, &|_: &crate::Rule| true);
        };
        let around = around(context, &documents);
        if around != self.latest.around {
            std::mem::swap(&mut self.latest, &mut self.before);
        }
        if around != self.latest.around {
            self.latest = Generation {
                around,
                units: Vec::new(),
            };
        }
        let mut kept = std::mem::take(&mut self.latest.units).into_iter();
        self.looked_at = 0;
        let bounds = bounds(context);
        for unit in &units {
            let text = text(context, unit, &bounds);
            let unit = match kept.next().filter(|kept| kept.text == text) {
                Some(same) => same,
                None => {
                    self.looked_at += 1;
                    KeptUnit {
                        text,
                        findings: look(&context.within(unit), &documents),
                    }
                }
            };
            findings.extend(unit.findings.iter().map(|kept| {
                let mut finding = kept.finding.without_fixes();
                finding.span = span(&documents, kept.at);
                for (related, at) in finding.related.iter_mut().zip(&kept.related) {
                    related.span = span(&documents, *at);
                }
                if let (Some(same), Some(at)) = (&mut finding.same, kept.within) {
                    same.within = span(&documents, at);
                }
                finding
            }));
            self.latest.units.push(unit);
        }
        finish(context, findings, &|_: &crate::Rule| true)
    }

    /// Of how many units the rules looked at the policies in the last check.
    pub fn looked_at(&self) -> usize {
        self.looked_at
    }
}

/// What the rules find in a unit, to be kept.
fn look(unit: &Context<'_>, documents: &[Span]) -> Vec<KeptFinding> {
    let found = run(unit, &[FilePart::Policies], |_| true).into_iter();
    let kept = found.map(|mut finding| {
        finding.forget_fixes();
        let related = finding.related.iter();
        let same = finding.same.as_ref();
        KeptFinding {
            at: place(documents, finding.span),
            related: related.map(|at| place_of(documents, at)).collect(),
            within: same.map(|same| place(documents, same.within)),
            finding,
        }
    });
    kept.collect()
}

/// The documents in source order. `None` where text outside of a policy, or in another, may be a part of it, for a
/// pipeline, whose findings belong to no policy, and for a module that is judged for each of its calls.
fn documents(context: &Context<'_>) -> Option<Vec<Span>> {
    let is_called = !context.analysis.calls(context.tree).ways.is_empty();
    let is_pipeline = context.analysis.pipeline.is_some();
    if context.tree.has_anchors() || is_pipeline || is_called || reaches_in(context) {
        return None;
    }
    let mut spans: Vec<Span> = context
        .sites()
        .map(|site| site.span(context.tree))
        .collect();
    spans.sort_unstable();
    // A document that is reached in two ways is one document.
    spans.dedup();
    let apart = spans.windows(2).all(|two| match two {
        [one, two] => one.end <= two.start,
        _ => true,
    });
    apart.then_some(spans)
}

/// Whether variables of a Serverless service may lead into its policies.
fn reaches_in(context: &Context<'_>) -> bool {
    const INTO: [&str; 7] = [
        "self:provider.iam",
        "self:provider.apiGateway",
        "self:provider.${",
        "self:functions",
        "self:resources",
        "self:${",
        "self:}",
    ];
    let source = context.tree.source();
    context.analysis.dialect.makes_template() && INTO.iter().any(|into| source.contains(into))
}

fn around(context: &Context<'_>, documents: &[Span]) -> u64 {
    let source = context.tree.source().as_bytes();
    let mut hasher = DefaultHasher::new();
    documents.len().hash(&mut hasher);
    context.analysis.stamp.hash(&mut hasher);
    // A Serverless service's stages can be told from variables inside its policies, too.
    for environment in &context.analysis.environments {
        environment.name.hash(&mut hasher);
        environment.region.hash(&mut hasher);
    }
    // What a policy is for, and what its statements needn't have, can follow from what another one is made of.
    for site in &context.analysis.sites {
        (site.kind, site.service, site.needless()).hash(&mut hasher);
    }
    let mut at = 0;
    for span in documents {
        source.get(at..span.start as usize).hash(&mut hasher);
        at = span.end as usize;
    }
    source.get(at..).hash(&mut hasher);
    trusted(context).for_each(|text| text.hash(&mut hasher));
    // Rules that look for what is missing are silent in files that can't be read as a whole.
    let harmless = |kind| matches!(kind, ProblemKind::UnquotedStar | ProblemKind::Expansion);
    let problems = context.tree.problems();
    problems
        .iter()
        .all(|problem| harmless(problem.kind))
        .hash(&mut hasher);
    hasher.finish()
}

/// The texts of the trust policies, where a policy of the file allows roles to be assumed: who has it is compared with
/// what the trust policy of another unit admits.
fn trusted<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a [u8]> + use<'a> {
    let Context { tree, analysis, .. } = *context;
    let source = tree.source().as_bytes();
    let of_kind = move |trust: bool| {
        let sites = analysis.sites.iter();
        let sites = sites.filter(move |site| (site.kind == SiteKind::Trust) == trust);
        sites.filter_map(move |site| source.get(site.span(tree).range()))
    };
    let assumes = |text: &[u8]| memchr::memmem::find(text, trust::ACTION.as_bytes()).is_some();
    let any = of_kind(false).any(assumes);
    of_kind(true).filter(move |_| any)
}

fn text(context: &Context<'_>, unit: &Unit, bounds: &HashMap<usize, u64>) -> u64 {
    let source = context.tree.source();
    let mut hasher = DefaultHasher::new();
    (&unit.sites, &unit.owners).hash(&mut hasher);
    let sites = unit.sites.iter();
    for site in sites.filter_map(|at| context.analysis.sites.get(*at)) {
        source
            .get(Site::span(site, context.tree).range())
            .hash(&mut hasher);
    }
    // What bounds its owners, whoever it belongs to.
    let owners = unit
        .owners
        .iter()
        .filter_map(|at| context.analysis.owners.get(*at));
    for bound in owners.flat_map(|owner| &owner.bounds) {
        if let BoundBy::Policy(policy) = bound.by {
            bounds.get(&policy).hash(&mut hasher);
        }
    }
    hasher.finish()
}

/// What the texts of permissions boundaries come to.
fn bounds(context: &Context<'_>) -> HashMap<usize, u64> {
    let source = context.tree.source();
    let mut found = HashMap::new();
    let bounds = context
        .analysis
        .owners
        .iter()
        .flat_map(|owner| &owner.bounds);
    for bound in bounds {
        let BoundBy::Policy(policy) = bound.by else {
            continue;
        };
        found.entry(policy).or_insert_with(|| {
            let mut hasher = DefaultHasher::new();
            for site in context.analysis.documents_of(policy) {
                source
                    .get(site.span(context.tree).range())
                    .hash(&mut hasher);
            }
            hasher.finish()
        });
    }
    found
}

fn place_of(documents: &[Span], related: &Related) -> Place {
    place(documents, related.span)
}

fn place(documents: &[Span], span: Span) -> Place {
    let mark = |at: u32| {
        let number = documents.partition_point(|span| span.start <= at);
        let clamped = u32::try_from(number).unwrap_or(u32::MAX);
        match number.checked_sub(1).and_then(|last| documents.get(last)) {
            None => Mark::Behind(0, at),
            Some(own) if at <= own.end => Mark::In(clamped, at - own.start),
            Some(own) => Mark::Behind(clamped, at - own.end),
        }
    };
    Place(mark(span.start), mark(span.end))
}

fn span(documents: &[Span], place: Place) -> Span {
    let own = |number: u32| {
        (number as usize)
            .checked_sub(1)
            .and_then(|at| documents.get(at))
    };
    let offset = |mark| match mark {
        Mark::In(number, by) => own(number).map_or(0, |span| span.start) + by,
        Mark::Behind(number, by) => own(number).map_or(0, |span| span.end) + by,
    };
    Span::new(offset(place.0), offset(place.1))
}
