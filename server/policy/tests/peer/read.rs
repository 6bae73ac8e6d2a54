//! The same cases for our own engine.

use leastwise_catalog::catalog;
use leastwise_policy::evaluate::{
    ApiRequest, AppliedPolicies, Attachment, HomeAccount, NamedPrincipal, Provision, Requester,
};
use leastwise_policy::grants::{
    Clause, ClauseId, Conditions, Entries, KeyTest, Language, Request, Selection, Sent,
};
use leastwise_policy::{ActionPattern, Pattern, Tri};
use serde_json::{Value, json};

/// The policies and the request of a simulation.
pub(crate) fn read(simulation: &Value) -> (AppliedPolicies, ApiRequest) {
    let policies = AppliedPolicies {
        identity: all(&simulation["identityPolicies"]),
        boundary: all(&simulation["permissionBoundaryPolicies"]),
        session: one(&simulation["sessionPolicy"]),
        resource: one(&simulation["resourcePolicy"]),
        endpoint: all(&simulation["vpcEndpointPolicies"]),
        service_control: levels(&simulation["serviceControlPolicies"]),
        resource_control: with_full_access(levels(&simulation["resourceControlPolicies"])),
    };
    (policies, request(&simulation["request"]))
}

fn request(asked: &Value) -> ApiRequest {
    let home = |number: Option<String>| HomeAccount {
        number,
        is_management: Tri::No,
    };
    let name = asked["principal"].as_str().expect("a principal");
    let mut requester = match name.starts_with("arn:") {
        true => Requester::of_arn(name).expect("somebody"),
        false => Requester::service(name),
    };
    requester.account.is_management = Tri::No;
    let (service, action) = asked["action"]
        .as_str()
        .and_then(|text| text.split_once(':'))
        .expect("an action");
    let mut request = Request::default();
    for (key, value) in asked["contextVariables"].as_object().into_iter().flatten() {
        let values = texts(value);
        request = request.sending(key, Sent::Values(values));
    }
    ApiRequest {
        requester,
        action: catalog().action(service, action).expect("an action"),
        resource: Pattern::literal(asked["resource"]["resource"].as_str().expect("an ARN")),
        owner: home(asked["resource"]["accountId"].as_str().map(str::to_owned)),
        request: request.and_nothing_else(),
        given: Vec::new(),
    }
}

fn levels(levels: &Value) -> Vec<Attachment> {
    let levels = levels.as_array().into_iter().flatten();
    levels.map(|level| all(&level["policies"])).collect()
}

/// Each level has `RCPFullAWSAccess`, which can't be detached.
fn with_full_access(levels: Vec<Attachment>) -> Vec<Attachment> {
    let everything = || {
        let document = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
        ]});
        statements(&document)
    };
    let levels = levels.into_iter().map(|level| match level {
        Attachment::Statements(own) => {
            Attachment::Statements(everything().into_iter().chain(own).collect())
        }
        other => other,
    });
    levels.collect()
}

fn all(policies: &Value) -> Attachment {
    match policies.as_array().map(Vec::as_slice) {
        None | Some([]) => Attachment::Nothing,
        Some(policies) => {
            let documents = policies.iter().map(|policy| &policy["policy"]);
            Attachment::Statements(documents.flat_map(statements).collect())
        }
    }
}

fn one(document: &Value) -> Attachment {
    match document {
        Value::Null => Attachment::Nothing,
        document => Attachment::Statements(statements(document)),
    }
}

fn statements(document: &Value) -> Vec<Provision> {
    let language = match document["Version"].as_str() {
        Some("2012-10-17") => Language::Current,
        _ => Language::Older,
    };
    let written = document["Statement"].as_array().expect("statements");
    let read = |(id, written): (usize, &Value)| Provision {
        allows: match written["Effect"].as_str() {
            Some("Allow") => Tri::Yes,
            _ => Tri::No,
        },
        principals: principals(written),
        clause: Clause {
            id: ClauseId(id),
            actions: selection(written, "Action", ActionPattern::parse).expect("actions"),
            resources: selection(written, "Resource", Pattern::literal)
                .unwrap_or_else(|| Selection::Only(Entries::of([Pattern::literal("*")]))),
            conditions: conditions(&written["Condition"]),
            certain: true,
            guards: Vec::new(),
        },
        language,
    };
    written.iter().enumerate().map(read).collect()
}

fn selection<T>(written: &Value, element: &str, read: impl Fn(&str) -> T) -> Option<Selection<T>> {
    let listed = |value: &Value| Entries::of(texts(value).iter().map(|text| read(text)));
    match (&written[element], &written[format!("Not{element}")]) {
        (Value::Null, Value::Null) => None,
        (Value::Null, left_out) => Some(Selection::AllBut(listed(left_out))),
        (picked, _) => Some(Selection::Only(listed(picked))),
    }
}

fn principals(written: &Value) -> Option<Selection<NamedPrincipal>> {
    let listed = |value: &Value| {
        let named = |key: &str, text: &str| NamedPrincipal {
            key: key.to_owned(),
            value: Pattern::literal(text),
        };
        match value {
            Value::String(text) => Entries::of([named("AWS", text)]),
            value => {
                let keys = value.as_object().into_iter().flatten();
                Entries::of(keys.flat_map(|(key, values)| {
                    let values = texts(values);
                    values
                        .into_iter()
                        .map(move |text| named(key, &text))
                        .collect::<Vec<_>>()
                }))
            }
        }
    };
    match (&written["Principal"], &written["NotPrincipal"]) {
        (Value::Null, Value::Null) => None,
        (Value::Null, left_out) => Some(Selection::AllBut(listed(left_out))),
        (picked, _) => Some(Selection::Only(listed(picked))),
    }
}

fn conditions(written: &Value) -> Conditions {
    let mut tests = Vec::new();
    for (operator, keys) in written.as_object().into_iter().flatten() {
        for (key, values) in keys.as_object().into_iter().flatten() {
            let values = Entries::of(texts(values).iter().map(|text| Pattern::literal(text)));
            tests.push(KeyTest::new(Some(operator), Some(key), values));
        }
    }
    Conditions { tests, open: false }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(all) => all.iter().flat_map(texts).collect(),
        other => vec![other.to_string()],
    }
}
