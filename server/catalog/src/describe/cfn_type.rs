//! A CloudFormation type in words.

use super::Detail;
use super::wording::{enumerate_linked, source};
use crate::{AccessLevel, CfnType, Handler, RefReturns};
use std::fmt::Write;

/// A CloudFormation type: its name and ARN, what `Ref` gives, and the actions that deploying it needs.
pub fn describe_cfn_type(cfn_type: CfnType, detail: Detail) -> String {
    let mut out = format!("`{}` is a CloudFormation resource type", cfn_type.name());
    if let Some(kind) = cfn_type.resource_type() {
        let _ = write!(out, ": a **{}** of {}", kind.name(), kind.service().name());
    }
    out.push_str(".\n\n");
    if let Some(arn) = cfn_type.arn_template() {
        let _ = writeln!(out, "- ARN: `{arn}`");
    }
    if let Some(property) = cfn_type.name_property() {
        let _ = writeln!(out, "- Named by the property `{property}`.");
    }
    let given = match cfn_type.ref_returns() {
        Some(RefReturns::Name) => Some("its name"),
        Some(RefReturns::Arn) => Some("its ARN"),
        Some(RefReturns::Url) => Some("its URL"),
        Some(RefReturns::Id) => Some("an identifier"),
        None => None,
    };
    if let Some(given) = given {
        let _ = writeln!(out, "- `Ref` gives {given}.");
    }
    let page = page(cfn_type);
    let mut known = false;
    for (handler, words) in [
        (Handler::Create, "To create it"),
        (Handler::Update, "To update it"),
        (Handler::Delete, "To delete it"),
        (Handler::Read, "To read it"),
    ] {
        let Some(actions) = cfn_type.handler(handler) else {
            continue;
        };
        known = true;
        // A hover tells what a deploy role needs to change things; reading is for the full text.
        if handler == Handler::Read && detail == Detail::Brief {
            continue;
        }
        let actions: Vec<String> = actions
            .filter(|action| detail == Detail::Full || action.access_level() >= AccessLevel::Write)
            .map(|action| action.full_name())
            .collect();
        if !actions.is_empty() || detail == Detail::Full {
            let _ = writeln!(
                out,
                "- {words}, CloudFormation may need {}.",
                enumerate_linked(&actions, detail, &page)
            );
        }
    }
    if !known {
        out.push_str("- The actions its deployment needs aren't published.\n");
    }
    let _ = writeln!(out, "\n[AWS's page]({page})");
    if detail == Detail::Full {
        out.push_str(&source());
    }
    out
}

/// Where AWS describes the type.
fn page(cfn_type: CfnType) -> String {
    let name = cfn_type.name().to_ascii_lowercase();
    let name = name.trim_start_matches("aws::").replace("::", "-");
    format!(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-{name}.html"
    )
}
