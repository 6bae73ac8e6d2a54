//! A managed policy in words.

use super::Detail;
use super::wording::{count, enumerate_linked, source};
use crate::{ManagedPolicy, catalog};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Where AWS shows the documents of its managed policies.
const REFERENCE: &str = "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/";

/// An AWS managed policy: its size, the services it speaks of, and, in full, its document.
pub fn describe_managed_policy(policy: ManagedPolicy, detail: Detail) -> String {
    let document = policy.document();
    let statements = document.matches("\"Effect\":").count();
    let mut out = format!(
        "`{}` is an AWS managed policy, with {}.\n\n",
        policy.name(),
        count(statements, "statement")
    );
    let _ = writeln!(out, "- ARN: `{}`", policy.arn());
    let page = format!("{REFERENCE}{}.html", policy.name());
    let mut services: BTreeSet<&str> = BTreeSet::new();
    for text in document.split('"') {
        // Most strings are actions of services that were met before.
        let prefix = text.split(':').next().unwrap_or("");
        if !services.contains(prefix) {
            services.extend(service_of(text));
        }
    }
    if !services.is_empty() {
        let _ = writeln!(
            out,
            "- It names actions of {}: {}.",
            count(services.len(), "service"),
            enumerate_linked(&services, detail, &page)
        );
    }
    if document.contains("\"NotAction\":") {
        out.push_str("- It uses `NotAction`: some of what it names is what it excludes.\n");
    }
    let everything =
        document.split('"').any(|text| text == "*:*") || document.contains("\"Action\":\"*\"");
    if everything {
        out.push_str("- It names every action.\n");
    }
    let _ = writeln!(out, "\n[AWS's page]({page})");
    if detail == Detail::Full {
        let _ = write!(out, "\n```json\n{document}\n```\n");
        out.push_str(&source());
    }
    out
}

/// The prefix of a string that is an action or an action pattern.
fn service_of(text: &str) -> Option<&'static str> {
    let (prefix, name) = text.split_once(':')?;
    let service = catalog().service(prefix)?;
    let matched = catalog().actions_matching(prefix, name).next();
    matched.map(|_| service.prefix())
}
