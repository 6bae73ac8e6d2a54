//! The names of the file's own that can be written where a value is due.

use leastwise_catalog::{Service, catalog, is_type_of_iam};
use leastwise_dialects::scope::{InScope, NameKind};
use leastwise_rules::Context;

use super::CompletionRequest;
use crate::position::Frame;

/// A name that stands for a value.
pub(super) struct DeclaredName {
    /// As it is written.
    pub text: String,
    /// What it is, or what it is an attribute of.
    pub kind: NameKind,
    /// What the dialect calls that.
    pub noun: &'static str,
    /// The type of a resource.
    pub type_name: String,
    /// The attribute, where it is one.
    pub attribute: Option<&'static str>,
    /// Whether it stands for an ARN.
    pub is_arn: bool,
    /// Whether it is the text of a policy.
    pub is_document: bool,
}

/// All that the file declares: by themselves, where an expression has no resource for a value, and their attributes.
pub(super) fn declared(context: Context<'_>) -> Vec<DeclaredName> {
    let state = context.analysis.state();
    let mut names = Vec::new();
    for named in state.declares(context.tree) {
        // What there may be several of has no attributes, and a call no value.
        if named.several || named.kind == NameKind::Call {
            continue;
        }
        let name = |text: String, attribute: Option<&'static str>| DeclaredName {
            text,
            kind: named.kind,
            noun: named.noun,
            type_name: named.type_name.to_owned(),
            attribute,
            is_arn: match attribute {
                Some(_) => !named.is_arn && attribute == named.attributes.first().copied(),
                None => named.is_arn,
            },
            is_document: attribute.is_some() && attribute == named.document,
        };
        let is_resource = matches!(named.kind, NameKind::Resource | NameKind::DataSource);
        if is_resource {
            let attributes = named.attributes.iter().chain(&named.document);
            names.extend(attributes.map(|of| name(format!("{}.{of}", named.name), Some(*of))));
        }
        if !is_resource || !state.has_expressions() {
            names.push(name(named.name.to_string(), None));
        }
    }
    names
}

/// The names of a template. Those of expressions stand in no string as such.
pub(super) fn declares<'a>(asked: &CompletionRequest<'a>) -> Vec<InScope<'a>> {
    let context = asked.context;
    match context.analysis.dialect.is_template() {
        true => context.analysis.state().declares(context.tree),
        false => Vec::new(),
    }
}

/// The resource of a template that the cursor is in: it can't refer to itself.
pub(super) fn around(asked: &CompletionRequest<'_>) -> Option<String> {
    let tree = asked.context.tree;
    let leads = |named: &InScope<'_>| {
        let declared = named
            .declared
            .as_ref()
            .filter(|place| place.other.is_none());
        let begins = declared.map(|place| tree.content_span(place.node).start);
        let mut steps = asked.place.path.iter();
        steps.any(|step| {
            let is_key = step.frame == Frame::Key(&named.name);
            is_key && begins.is_some_and(|begins| step.start.abs_diff(begins) <= 1)
        })
    };
    let mut names = declares(asked).into_iter();
    let own = names.find(|named| named.kind == NameKind::Resource && leads(named));
    own.map(|named| named.name.into_owned())
}

/// The services of the resources that the file declares, but for IAM's: those hold the policies.
pub(super) fn services(asked: &CompletionRequest<'_>) -> Vec<Service> {
    let types = declares(asked).into_iter().map(|named| named.type_name);
    let types = types.filter(|name| !is_type_of_iam(name));
    let known = types.filter_map(|name| catalog().cfn_type(name)?.resource_type());
    known.map(|of| of.service()).collect()
}
