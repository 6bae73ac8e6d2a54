//! The names of the file's own that can be written where a value is due.

use leastwise_catalog::{Service, catalog, is_type_of_iam};
use leastwise_dialects::scope::{InScope, NameKind};
use leastwise_rules::Context;

use super::CompletionRequest;

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

/// The services of the resources that the file declares, but for IAM's: those hold the policies.
pub(super) fn services(asked: &CompletionRequest<'_>) -> Vec<Service> {
    let types = declares(asked).into_iter().map(|named| named.type_name);
    let types = types.filter(|name| !is_type_of_iam(name));
    let known = types.filter_map(|name| catalog().cfn_type(name)?.resource_type());
    known.map(|of| of.service()).collect()
}
