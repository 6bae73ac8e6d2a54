//! Findings as diagnostics.

use std::collections::{BTreeSet, HashMap};

use leastwise_ide::{ConfigFile, Diagnostic, Severity};
use leastwise_syntax::Span;
use leastwise_workspace::configs::Verdict;
use ropey::Rope;
use serde::{Deserialize, Serialize};
use tower_lsp::ls_types as lsp;

use crate::client::Client;
use crate::document::Snapshot;
use crate::limits::MANY_PLACES;
use crate::open::Stamp;
use crate::position::{Encoding, Positions};

/// Who found it, as editors show it.
const SOURCE: &str = "leastwise";

/// What a diagnostic carries for the code actions that mend it: the two numbers of its [`Stamp`] and its two ends. A list of
/// numbers, since thousands of diagnostics carry one.
#[derive(Serialize, Deserialize)]
pub(super) struct DiagnosticData(u64, u64, u32, u32);

impl DiagnosticData {
    fn of(stamp: Stamp, span: Span) -> DiagnosticData {
        DiagnosticData(stamp.instance, stamp.generation, span.start, span.end)
    }
}

/// Where the places of a text are.
enum Ranges<'r> {
    Few(&'r Rope, Encoding),
    Many(Positions),
}

impl Ranges<'_> {
    fn range(&self, span: Span) -> lsp::Range {
        match self {
            Ranges::Few(rope, encoding) => encoding.range(rope, span),
            Ranges::Many(positions) => positions.range(span),
        }
    }
}

/// The diagnostics of one state of a document. `page_of` gives the address of a rule's documentation.
pub(crate) fn diagnostics(
    findings: Vec<Diagnostic>,
    snapshot: &Snapshot,
    client: Client,
    page_of: &dyn Fn(&str) -> Option<String>,
) -> Vec<lsp::Diagnostic> {
    let each = each_diagnostic(findings, snapshot, client, page_of);
    each.map(lsp::Diagnostic::from).collect()
}

/// A diagnostic as it is sent: an [`lsp::Diagnostic`] that owns no more than it has to.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sent {
    range: lsp::Range,
    severity: lsp::DiagnosticSeverity,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_description: Option<lsp::CodeDescription>,
    source: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_information: Vec<lsp::DiagnosticRelatedInformation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<[lsp::DiagnosticTag; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<DiagnosticData>,
}

impl From<Sent> for lsp::Diagnostic {
    fn from(sent: Sent) -> lsp::Diagnostic {
        let related = sent.related_information;
        lsp::Diagnostic {
            range: sent.range,
            severity: Some(sent.severity),
            code: Some(sent.code.into()),
            code_description: sent.code_description,
            source: Some(sent.source.to_owned()),
            message: sent.message,
            related_information: (!related.is_empty()).then_some(related),
            tags: sent.tags.map(Vec::from),
            data: sent
                .data
                .map(|data| serde_json::to_value(data).unwrap_or_default()),
        }
    }
}

/// As [`diagnostics`], one after the other and ready to be written: of thousands there is never more than one.
pub(crate) fn each_diagnostic(
    findings: Vec<Diagnostic>,
    snapshot: &Snapshot,
    client: Client,
    page_of: &dyn Fn(&str) -> Option<String>,
) -> impl Iterator<Item = Sent> {
    // Of thousands of findings, few rules have most.
    let mut pages: HashMap<&'static str, Option<lsp::CodeDescription>> = HashMap::new();
    let ranges = match findings.len() > MANY_PLACES {
        true => Ranges::Many(Positions::of(&snapshot.rope, client.encoding)),
        false => Ranges::Few(&snapshot.rope, client.encoding),
    };
    findings.into_iter().map(move |finding: Diagnostic| {
        let page = (client.rule_links && finding.is_of_rule).then(|| {
            let described = || description(&page_of(finding.code)?);
            pages.entry(finding.code).or_insert_with(described).clone()
        });
        Sent {
            code_description: page.flatten(),
            ..diagnostic(finding, snapshot, client, &ranges)
        }
    })
}

/// A link to a page.
fn description(address: &str) -> Option<lsp::CodeDescription> {
    let href = address.parse().ok()?;
    Some(lsp::CodeDescription { href })
}

/// What is wrong with a config that isn't open in the editor.
pub(crate) fn config(verdict: Verdict, uri: &lsp::Uri, client: Client) -> Vec<lsp::Diagnostic> {
    let snapshot = Snapshot {
        uri: uri.clone(),
        rope: Rope::from_str(&verdict.text),
        version: 0,
        stamp: Stamp {
            instance: u64::MAX,
            generation: 0,
        },
    };
    let unread = verdict.unread.iter().map(|why| {
        let message = format!("The config can't be read: {}.", why.error);
        Diagnostic::of_config(Span::default(), message)
    });
    let problems = ConfigFile::diagnostics_of(verdict.problems, &verdict.text);
    let all = unread.chain(problems).collect();
    diagnostics(all, &snapshot, client, &|_| None)
}

fn diagnostic(
    finding: Diagnostic,
    snapshot: &Snapshot,
    client: Client,
    ranges: &Ranges<'_>,
) -> Sent {
    let range = |span| ranges.range(span);
    let data = DiagnosticData::of(snapshot.stamp, finding.span);
    let related = |(span, message)| lsp::DiagnosticRelatedInformation {
        location: lsp::Location::new(snapshot.uri.clone(), range(span)),
        message,
    };
    let all_related = finding.related.into_iter().filter(|_| client.related);
    Sent {
        range: range(finding.span),
        severity: severity(finding.severity, finding.unnecessary),
        code: finding.code,
        code_description: None,
        source: SOURCE,
        message: finding.message,
        related_information: all_related.map(related).collect(),
        tags: (client.tags && finding.unnecessary).then_some([lsp::DiagnosticTag::UNNECESSARY]),
        data: client.diagnostic_data.then_some(data),
    }
}

/// A suggestion that fades text is a hint, so that editors draw no line below what is faded already.
fn severity(severity: Severity, unnecessary: bool) -> lsp::DiagnosticSeverity {
    match severity {
        Severity::Error => lsp::DiagnosticSeverity::ERROR,
        Severity::Warning => lsp::DiagnosticSeverity::WARNING,
        Severity::Suggestion if unnecessary => lsp::DiagnosticSeverity::HINT,
        Severity::Suggestion => lsp::DiagnosticSeverity::INFORMATION,
    }
}

/// Diagnostics that a client sent back, by what they are about. Some clients move the range or widen an empty one; then what the
/// diagnostic carries decides, while the text is the same.
pub(super) struct SentDiagnostics<'d> {
    all: &'d [lsp::Diagnostic],
    by_range: HashMap<(&'d str, [u32; 4]), Vec<usize>>,
    by_data: HashMap<(&'d str, [u32; 2]), Vec<usize>>,
}

impl<'d> SentDiagnostics<'d> {
    pub(super) fn of(all: &'d [lsp::Diagnostic], snapshot: &Snapshot) -> Self {
        let (mut by_range, mut by_data) = (HashMap::new(), HashMap::new());
        for (at, sent) in all.iter().enumerate() {
            let Some(lsp::NumberOrString::String(code)) = &sent.code else {
                continue;
            };
            let code = code.as_str();
            let places: &mut Vec<usize> = by_range.entry((code, ends(sent.range))).or_default();
            places.push(at);
            let data = sent.data.as_ref().map(DiagnosticData::deserialize);
            if let Some(Ok(data)) = data
                && let DiagnosticData(instance, generation, start, end) = data
                && snapshot.stamp
                    == (Stamp {
                        instance,
                        generation,
                    })
            {
                let key = (code, [start, end]);
                let places: &mut Vec<usize> = by_data.entry(key).or_default();
                places.push(at);
            }
        }
        SentDiagnostics {
            all,
            by_range,
            by_data,
        }
    }

    /// Those of the finding `code` at `span`, which is `range`.
    pub(super) fn about(
        &self,
        code: &str,
        span: Span,
        range: lsp::Range,
    ) -> impl Iterator<Item = &'d lsp::Diagnostic> {
        let by_range = self.by_range.get(&(code, ends(range)));
        let by_data = self.by_data.get(&(code, [span.start, span.end]));
        let places = by_range.into_iter().chain(by_data).flatten().copied();
        let places: BTreeSet<usize> = places.collect();
        let all = self.all;
        places.into_iter().filter_map(move |at| all.get(at))
    }
}

fn ends(range: lsp::Range) -> [u32; 4] {
    let (start, end) = (range.start, range.end);
    [start.line, start.character, end.line, end.character]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::snapshot;
    use leastwise_syntax::Span;
    use serde_json::json;

    fn finding() -> Diagnostic {
        Diagnostic {
            code: "redundant-action",
            severity: Severity::Suggestion,
            span: Span::new(7, 8),
            message: "It is there already.".to_owned(),
            related: vec![(Span::new(0, 1), "here".to_owned())],
            unnecessary: true,
            is_of_rule: true,
        }
    }

    #[test]
    fn a_client_gets_what_it_can_show() {
        let snapshot = snapshot("😀\né b");
        let plain = diagnostics(vec![finding()], &snapshot, Client::default(), &|_| None);
        let plain = serde_json::to_value(plain).unwrap();
        let range =
            json!({"start": {"line": 1, "character": 1}, "end": {"line": 1, "character": 2}});
        assert_eq!(
            plain,
            json!([{
                "range": range, "severity": 4, "code": "redundant-action", "source": "leastwise",
                "message": "It is there already.",
            }])
        );
        let client = Client {
            related: true,
            tags: true,
            diagnostic_data: true,
            ..Client::default()
        };
        let full = diagnostics(vec![finding()], &snapshot, client, &|_| None);
        let full = serde_json::to_value(full).unwrap();
        assert_eq!(full[0]["tags"], json!([1]));
        assert_eq!(full[0]["relatedInformation"][0]["message"], "here");
        assert_eq!(
            full[0]["relatedInformation"][0]["location"]["uri"],
            "file:///p/policy.json"
        );
        assert_eq!(full[0]["data"], json!([1, 2, 7, 8]));
    }

    #[test]
    fn what_is_pushed_is_what_is_pulled() {
        let snapshot = snapshot("😀\né b");
        let page_of = |rule: &str| Some(format!("https://wiki.example.com/{rule}"));
        let all = Client {
            related: true,
            tags: true,
            diagnostic_data: true,
            rule_links: true,
            ..Client::default()
        };
        for client in [Client::default(), all] {
            let pulled = diagnostics(vec![finding()], &snapshot, client, &page_of);
            let pushed = each_diagnostic(vec![finding()], &snapshot, client, &page_of);
            let pushed: Vec<Sent> = pushed.collect();
            assert_eq!(
                serde_json::to_string(&pushed).unwrap(),
                serde_json::to_string(&pulled).unwrap()
            );
        }
    }

    #[test]
    fn a_finding_leads_to_its_rule() {
        let snapshot = snapshot("😀\né b");
        let page_of = |rule: &str| Some(format!("https://wiki.example.com/{rule}"));
        let href =
            |client: Client, finding: Diagnostic, page_of: &dyn Fn(&str) -> Option<String>| {
                let sent = diagnostics(vec![finding], &snapshot, client, page_of).remove(0);
                let link = sent.code_description.map(|link| link.href);
                link.map(|href| href.as_str().to_owned())
            };
        let client = Client {
            rule_links: true,
            ..Client::default()
        };
        let page = Some("https://wiki.example.com/redundant-action".to_owned());
        assert_eq!(href(client, finding(), &page_of), page);
        assert_eq!(href(client, finding(), &|_| None), None);
        assert_eq!(
            href(client, finding(), &|_| Some("no address".to_owned())),
            None
        );
        assert_eq!(href(Client::default(), finding(), &page_of), None);
        let other = Diagnostic {
            is_of_rule: false,
            ..finding()
        };
        assert_eq!(href(client, other, &page_of), None);
    }

    #[test]
    fn severities() {
        use lsp::DiagnosticSeverity as Lsp;
        assert_eq!(severity(Severity::Error, true), Lsp::ERROR);
        assert_eq!(severity(Severity::Warning, false), Lsp::WARNING);
        assert_eq!(severity(Severity::Suggestion, false), Lsp::INFORMATION);
        assert_eq!(severity(Severity::Suggestion, true), Lsp::HINT);
    }

    #[test]
    fn a_diagnostic_is_known_again() {
        let snapshot = snapshot("😀\né b");
        let client = Client {
            diagnostic_data: true,
            ..Client::default()
        };
        let mut sent = diagnostics(vec![finding()], &snapshot, client, &|_| None).remove(0);
        let span = Span::new(7, 8);
        let known = |sent: &lsp::Diagnostic, code, span, snapshot: &Snapshot| {
            let range = client.encoding.range(&snapshot.rope, span);
            let all = [sent.clone(), sent.clone()];
            let sent = SentDiagnostics::of(&all, snapshot);
            match sent.about(code, span, range).count() {
                0 => false,
                count => count == all.len(),
            }
        };
        assert!(known(&sent, "redundant-action", span, &snapshot));
        assert!(!known(&sent, "unknown-action", span, &snapshot));
        assert!(!known(
            &sent,
            "redundant-action",
            Span::new(0, 1),
            &snapshot
        ));
        sent.range.end.character += 5;
        assert!(
            known(&sent, "redundant-action", span, &snapshot),
            "by its data"
        );
        let mut later = snapshot.clone();
        later.stamp.generation += 1;
        assert!(
            !known(&sent, "redundant-action", span, &later),
            "of another state"
        );
    }
}
