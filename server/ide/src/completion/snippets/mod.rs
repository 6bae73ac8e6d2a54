//! Whole parts of a policy, with places to fill in, in the manner of the file.

pub(super) mod body;
#[cfg(test)]
mod tests;

use leastwise_dialects::{Grant, grant};
use leastwise_model::SiteKind;
use leastwise_policy::PolicyKind;
use leastwise_policy::elements::{self, CURRENT_VERSION, STATEMENT_ELEMENTS};
use leastwise_syntax::{Format, Span};

use super::order::Rank;
use super::{CompletionList, CompletionRequest, providers, surroundings, write};
use crate::position::{self, Dash, Frame, Manner, Quote, Role, Spot};
use crate::{Completion, CompletionKind};
use body::{Body, Look, Syntax, pairs, value};
pub(super) use body::{hole, numbered, unmarked};

/// An account of AWS's own examples, where none is known.
pub(super) const ACCOUNT: &str = "111122223333";

/// What is put in, and how it is called.
struct Snippet {
    label: &'static str,
    detail: &'static str,
    body: Body,
}

fn snippet(label: &'static str, detail: &'static str, body: Body) -> Snippet {
    Snippet {
        label,
        detail,
        body,
    }
}

/// Offers what can stand at the cursor as a whole.
pub(super) fn snippets(list: &mut CompletionList<'_>) {
    let asked = list.asked;
    // In a string of the file its lines would be broken otherwise.
    if asked.host.is_some() {
        return;
    }
    // What a key has already would be left behind it.
    if asked.place.colon {
        return;
    }
    let is_trust = asked.kind() == PolicyKind::Trust;
    let is_item = asked.place.role == Role::Value
        && asked.found.spot == Spot::Other
        && asked.found.statement.is_some()
        && matches!(
            asked.place.path.last().map(|step| step.frame),
            Some(Frame::Item(_))
        );
    let statements = || match is_trust {
        true => trusting(asked),
        false => vec![granting(asked)],
    };
    let is_list = asked.place.role == Role::Value
        && asked.place.manner != Manner::Yaml
        && asked.found.statement.is_some()
        && asked.place.path.last().map(|step| step.frame) == Some(Frame::Key("Statement"));
    let is_document = asked.place.role == Role::Value
        && asked.place.path.is_empty()
        && asked.found.spot == Spot::Other
        && asked.format() != Format::Hcl;
    let offered = match asked.found.spot {
        Spot::PolicyKey | Spot::Other
            if !is_begun(asked) && (is_document || asked.found.spot == Spot::PolicyKey) =>
        {
            let mut bodies = Vec::new();
            if !is_trust {
                bodies.push(granting(asked));
            }
            if is_trust || asked.found.document.is_none() {
                bodies.extend(trusting(asked));
            }
            bodies.into_iter().map(document).collect()
        }
        Spot::StatementKey if !has_any(asked, &names()) => statements(),
        Spot::StatementKey if !has_any(asked, &["Condition"]) => vec![condition()],
        Spot::Other if is_item => statements(),
        Spot::Other if is_list => {
            let listed = |of: Snippet| Snippet {
                body: Body::list([of.body]),
                ..of
            };
            statements().into_iter().map(listed).collect()
        }
        _ => Vec::new(),
    };
    for (place, one) in offered.into_iter().enumerate() {
        add(list, &one, place, is_item || is_list || is_document);
    }
}

fn names() -> Vec<&'static str> {
    STATEMENT_ELEMENTS
        .iter()
        .map(|element| element.name)
        .collect()
}

/// Whether the statement at the cursor has one of these keys.
fn has_any(asked: &CompletionRequest<'_>, names: &[&str]) -> bool {
    let cursor = asked.place.cursor;
    // An item that is about to begin has nothing.
    if asked.place.dash != Dash::Stands {
        return false;
    }
    let has = |name: &&str| {
        let start = asked.found.statement;
        start.is_some() && position::has_key(asked.text, asked.format(), start, cursor, name)
    };
    names.iter().any(has)
}

/// Whether the policy at the cursor has an element, or the file is about something else.
fn is_begun(asked: &CompletionRequest<'_>) -> bool {
    let place = &asked.place;
    if asked.found.document.is_some() {
        let start = place.path.last().map(|step| step.start);
        let has = |name: &str| {
            start.is_some()
                && position::has_key(asked.text, asked.format(), start, place.cursor, name)
        };
        return has("Version") || has("Statement");
    }
    let before = asked.text.get(..place.start as usize).unwrap_or_default();
    let behind = asked.text.get(place.end as usize..).unwrap_or_default();
    let is_nothing = |line: &str| {
        let line = line.trim();
        line.starts_with('#') || line.chars().all(|c| matches!(c, '{' | '}' | '"' | '-'))
    };
    !before.lines().chain(behind.lines()).all(is_nothing)
}

/// A statement as a document.
fn document(of: Snippet) -> Snippet {
    let label = match of.label {
        "statement" => "policy",
        other => other,
    };
    let body = Body::map([
        ("Version", Body::text(CURRENT_VERSION)),
        ("Statement", Body::list([of.body])),
    ]);
    snippet(label, of.detail, body)
}

/// A statement of the policy at the cursor: one of a resource says who may do what its service has.
fn granting(asked: &CompletionRequest<'_>) -> Snippet {
    let own = own_grant(asked);
    let principal = own.is_some().then(|| Body::map([("AWS", root(asked))]));
    let granted = own.unwrap_or_else(|| Grant {
        action: "s3:GetObject".to_owned(),
        resource: Some("arn:aws:s3:::BUCKET/*"),
    });
    let effect = elements::EFFECTS.first().copied().unwrap_or_default();
    let list = |text: &str| Body::list([Body::text(hole(text))]);
    let begin = format!("arn:{}:", partition(asked));
    let resource = granted
        .resource
        .map(|arn| list(&arn.replacen("arn:aws:", &begin, 1)));
    let pairs = [
        ("Effect", Some(Body::text(hole(effect)))),
        ("Principal", principal),
        ("Action", Some(list(&granted.action))),
        ("Resource", resource),
    ];
    let pairs = pairs.into_iter();
    let pairs = pairs.filter_map(|(name, body)| Some((name.to_owned(), body?)));
    snippet(
        "statement",
        "actions on resources",
        Body::Map(pairs.collect()),
    )
}

/// What a resource's own policy lets others do, where the one at the cursor is such: of the service that the file tells, else that
/// the other statements are about.
fn own_grant(asked: &CompletionRequest<'_>) -> Option<Grant> {
    let told = surroundings::policy(asked);
    let read = asked.site.map(|site| (site.kind, site.service));
    let (kind, service) = told.or(read)?;
    let near = || asked.services_of_policy().first().map(|of| of.prefix());
    let service = service.or_else(near).unwrap_or("s3");
    (kind == SiteKind::Resource).then(|| grant(service))?
}

fn condition() -> Snippet {
    let test = Body::Map(vec![(hole("aws:SourceAccount"), Body::text(hole(ACCOUNT)))]);
    let tests = Body::Map(vec![(hole("StringEquals"), test)]);
    let body = Body::map([("Condition", tests)]);
    snippet("condition", "an operator, a key and its value", body)
}

/// Statements of trust policies: one for each sort of principal.
fn trusting(asked: &CompletionRequest<'_>) -> Vec<Snippet> {
    let allow = |principal: (&str, Body), action: &str, condition: Option<Body>| {
        let mut pairs = vec![
            ("Effect".to_owned(), Body::text("Allow")),
            ("Principal".to_owned(), Body::map([principal])),
            ("Action".to_owned(), Body::text(action)),
        ];
        pairs.extend(condition.map(|condition| ("Condition".to_owned(), condition)));
        Body::Map(pairs)
    };
    let equals = |tests: Vec<(String, Body)>| Body::map([("StringEquals", Body::Map(tests))]);
    let github = providers::GITHUB;
    let subject = format!(
        "repo:{}/{}:ref:refs/heads/{}",
        hole("ORG"),
        hole("REPO"),
        hole("main")
    );
    let claims = vec![
        (format!("{github}:aud"), Body::text("sts.amazonaws.com")),
        (format!("{github}:sub"), Body::text(subject)),
    ];
    let of_saml = vec![(
        "SAML:aud".to_owned(),
        Body::text("https://signin.aws.amazon.com/saml"),
    )];
    let external = vec![("sts:ExternalId".to_owned(), Body::text(hole("EXTERNAL_ID")))];
    let service = Body::text(hole("lambda.amazonaws.com"));
    vec![
        snippet(
            "assumed by a service",
            "trust: Lambda, EC2, …",
            allow(("Service", service), "sts:AssumeRole", None),
        ),
        snippet(
            "assumed by an account",
            "trust: who that account lets",
            allow(("AWS", root(asked)), "sts:AssumeRole", None),
        ),
        snippet(
            "assumed by GitHub Actions",
            "trust: OpenID Connect, one branch",
            allow(
                (
                    "Federated",
                    own_arn(asked, &format!("oidc-provider/{github}")),
                ),
                "sts:AssumeRoleWithWebIdentity",
                Some(equals(claims)),
            ),
        ),
        snippet(
            "assumed by SAML users",
            "trust: signing in to the console",
            allow(
                (
                    "Federated",
                    own_arn(asked, &format!("saml-provider/{}", hole("NAME"))),
                ),
                "sts:AssumeRoleWithSAML",
                Some(equals(of_saml)),
            ),
        ),
        snippet(
            "assumed with an external ID",
            "trust: another company's account",
            allow(
                ("AWS", root(asked)),
                "sts:AssumeRole",
                Some(equals(external)),
            ),
        ),
    ]
}

/// An account, as whom it lets.
fn root(asked: &CompletionRequest<'_>) -> Body {
    let partition = partition(asked);
    let account = hole(&first_account(asked));
    Body::text(format!("arn:{partition}:iam::{account}:root"))
}

fn first_account(asked: &CompletionRequest<'_>) -> String {
    let known = asked.context.config().accounts.first();
    known.map_or_else(|| ACCOUNT.to_owned(), |account| account.id.clone())
}

fn partition(asked: &CompletionRequest<'_>) -> String {
    let mut environments = asked.context.analysis.environments.iter();
    let known = environments.find_map(|environment| environment.partition.clone());
    known.unwrap_or_else(|| "aws".to_owned())
}

/// An ARN of IAM's in the account that the policy is in.
fn own_arn(asked: &CompletionRequest<'_>, rest: &str) -> Body {
    if asked.in_template() {
        return Body::Substituted(format!(
            "arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:{rest}"
        ));
    }
    let spelling = asked.context.analysis.spelling(asked.context.tree);
    let spelled = spelling.and_then(|known| known.account.clone());
    let account = spelled.filter(|_| asked.format() == Format::Hcl);
    let account = account.unwrap_or_else(|| hole(&first_account(asked)));
    let partition = partition(asked);
    Body::text(format!("arn:{partition}:iam::{account}:{rest}"))
}

/// Adds an item: the pairs of a mapping, or a value as a whole.
fn add(list: &mut CompletionList<'_>, of: &Snippet, place: usize, is_whole: bool) {
    let asked = list.asked;
    let at = &asked.place;
    let syntax = match asked.format() {
        Format::Json | Format::Jsonc => Syntax::Json,
        Format::Yaml if in_flow(asked) => Syntax::Flow,
        Format::Yaml => Syntax::Yaml,
        Format::Hcl => Syntax::Hcl,
    };
    let mut replace = list.replace;
    let mut filter = of.label.to_owned();
    match at.quote {
        Quote::None => {}
        // The quotes go with the key that is being typed.
        Quote::Double if syntax == Syntax::Json && at.role == Role::Key && !at.colon => {
            let behind = asked.text.get(at.end as usize..).unwrap_or_default();
            let closes = u32::from(behind.starts_with('"'));
            replace = Span::new(at.start.saturating_sub(1), at.end + closes);
            filter.insert(0, '"');
        }
        _ => return,
    }
    // The client gives each line the indentation of the first one: what stands before the cursor in that is ours.
    let before = asked.text.get(..replace.start as usize).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let own = line.len() - line.trim_start().len();
    // An item on a line of its own brings its dash.
    let is_statement = asked.found.spot == Spot::StatementKey;
    let dash = match at.dash {
        Dash::OfFirst | Dash::Missing if is_statement => "- ",
        _ => "",
    };
    let margin = match syntax {
        Syntax::Yaml => " ".repeat(line.len() - own + dash.len()),
        _ => String::new(),
    };
    let layout = asked.layout();
    let look = Look { syntax, layout };
    let text = match is_whole {
        true => value(&of.body, look, &margin),
        false => pairs(&of.body, look, &margin),
    };
    let label = of.label.to_owned();
    let mut item = Completion {
        detail: of.detail.to_owned(),
        sort: Rank::from(0).at(place).behind_names().sort_text(of.label),
        filter,
        is_snippet: true,
        is_whole: true,
        ..Completion::plain(
            label,
            CompletionKind::Keyword,
            format!("{dash}{}", numbered(&text)),
            replace,
        )
    };
    write::part(asked, &mut item);
    list.items.push(item);
}

/// Whether the cursor is in brackets of YAML, where lines mean nothing.
fn in_flow(asked: &CompletionRequest<'_>) -> bool {
    asked.place.path.iter().any(|step| {
        let begins = asked.text.get(step.start as usize..).unwrap_or_default();
        step.frame == Frame::Map || begins.starts_with(['[', '{'])
    })
}
