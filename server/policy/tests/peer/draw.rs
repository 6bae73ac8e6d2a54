//! Requests and policies drawn at random, each around one condition operator in one kind of policy.

use crate::vocabulary::{ACTIONS, Family, Operation, families};
use serde_json::{Map, Value, json};

/// The account that makes the requests, and another one.
pub(crate) const OWN: &str = "111111111111";
pub(crate) const OTHER: &str = "222222222222";

/// The kinds of policies, by the key that the peer has for them.
pub(crate) const KINDS: [&str; 8] = [
    "identity", "boundary", "session", "scp", "rcp", "endpoint", "resource", "trust",
];

/// A request with all policies that apply to it.
pub(crate) struct Case {
    /// The operator and the kind of policy that it is drawn around.
    pub(crate) about: (String, &'static str),
    /// In the form that the peer reads.
    pub(crate) simulation: Value,
}

/// Who makes a request.
struct Who {
    name: String,
    sends: Vec<(&'static str, &'static str)>,
}

/// Draws cases, the same ones for the same seed.
pub(crate) struct Draw {
    rng: fastrand::Rng,
}

impl Draw {
    pub(crate) fn new(seed: u64) -> Draw {
        Draw {
            rng: fastrand::Rng::with_seed(seed),
        }
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(0..100) < percent
    }

    fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.rng.usize(0..of.len())]
    }

    /// Some of them, at least one. Those that the two engines are known to read otherwise, come seldom.
    fn some(&mut self, of: &[&'static str], most: usize) -> Vec<&'static str> {
        let count = self.rng.usize(1..=most.min(of.len()));
        let is_split = self.rng.u32(0..60) == 0;
        let common = |text: &&&str| is_split || !text.contains("${") && **text != "1767225600";
        let common: Vec<&'static str> = of.iter().filter(common).copied().collect();
        (0..count).map(|_| *self.one(&common)).collect()
    }

    /// A case around an operator in a kind of policy.
    pub(crate) fn case(&mut self, family: &Family, operator: &str, kind: &'static str) -> Case {
        let is_split = self.rng.u32(0..250) == 0;
        let operation = self.operation(kind, is_split);
        let is_own = self.chance(if kind == "rcp" { 50 } else { 80 });
        let owner = if is_own { OWN } else { OTHER };
        let who = self.who(kind);
        let resource = operation.resource.replace("{account}", owner);
        let (condition, context) = self.condition(family, operator);
        let mut policies = Map::new();
        let is_session = who.name.contains(":assumed-role/");
        for layer in KINDS {
            let is_focus = layer == kind;
            if !is_focus && !self.is_there(layer, kind, &operation) {
                continue;
            }
            // What the two engines are known to read otherwise, comes seldom.
            let is_allowed = match layer {
                "session" => is_session && (is_split || operation.service != "kms"),
                "resource" if policies.contains_key("session") => is_split,
                "rcp" => is_split || operation.is_listed(),
                // Services have no policies of their own.
                "identity" | "boundary" | "scp" => who.name.starts_with("arn:"),
                _ => true,
            };
            if !is_allowed {
                continue;
            }
            let mut statements = Vec::new();
            if is_focus {
                let mut statement = self.statement(layer, &operation, &resource, &who, owner);
                statement.insert("Condition".to_owned(), condition.clone());
                statements.push(Value::Object(statement));
            }
            if layer != "identity" || !is_focus || self.chance(30) {
                if layer != "rcp" && !is_focus && self.chance(85) || layer == "scp" {
                    statements.push(self.everything(layer, &operation));
                }
                if self.chance(25) {
                    let more = self.statement(layer, &operation, &resource, &who, owner);
                    statements.push(Value::Object(more));
                }
            }
            match (layer, statements.is_empty()) {
                ("rcp", true) => continue,
                (_, true) => statements.push(self.everything(layer, &operation)),
                _ => {}
            }
            self.shuffle(&mut statements);
            let version = if layer == "rcp" || self.chance(90) {
                "2012-10-17"
            } else {
                "2008-10-17"
            };
            let document = json!({"Version": version, "Statement": statements});
            policies.insert(layer.to_owned(), document);
        }
        let mut sent = Map::new();
        for (key, value) in &who.sends {
            sent.insert((*key).to_owned(), json!(value));
        }
        sent.insert("aws:ResourceAccount".to_owned(), json!(owner));
        if let Some(value) = context {
            sent.insert(family_key(family, &condition), value);
        }
        Case {
            about: (operator.to_owned(), kind),
            simulation: simulation(&who.name, &operation, (&resource, owner), sent, &policies),
        }
    }

    fn shuffle(&mut self, statements: &mut [Value]) {
        self.rng.shuffle(statements);
    }

    /// Whether there is a policy of a kind beside the one that a case is about.
    fn is_there(&mut self, layer: &str, kind: &str, operation: &Operation) -> bool {
        match layer {
            "identity" => kind != "resource" || self.chance(60),
            "boundary" | "session" => self.chance(20),
            "scp" | "rcp" | "endpoint" => self.chance(15),
            // A key always has one.
            "resource" if operation.service == "kms" => true,
            "resource" => kind != "trust" && self.chance(35),
            _ => false,
        }
    }

    fn operation(&mut self, kind: &str, is_split: bool) -> Operation {
        let fits = |operation: &&Operation| match kind {
            "trust" => operation.service == "sts",
            "rcp" => operation.service != "sts" && (is_split || operation.is_listed()),
            "session" => !["sts", "kms"].contains(&operation.service),
            _ => operation.service != "sts",
        };
        let fitting: Vec<&Operation> = ACTIONS.iter().filter(fits).collect();
        **self.one(&fitting)
    }

    fn who(&mut self, kind: &str) -> Who {
        let service = matches!(kind, "resource" | "trust" | "rcp") && self.chance(20);
        let user = kind != "session" && self.chance(45);
        if service {
            return Who {
                name: "lambda.amazonaws.com".to_owned(),
                sends: vec![
                    ("aws:PrincipalIsAWSService", "true"),
                    ("aws:PrincipalServiceName", "lambda.amazonaws.com"),
                ],
            };
        }
        let (name, sends) = match user {
            true => (
                "user/team/ann",
                vec![
                    ("aws:username", "ann"),
                    ("aws:userid", "AIDAEXAMPLE"),
                    ("aws:PrincipalType", "User"),
                    (
                        "aws:PrincipalArn",
                        "arn:aws:iam::111111111111:user/team/ann",
                    ),
                ],
            ),
            false => (
                "assumed-role/worker/one",
                vec![
                    ("aws:userid", "AROAEXAMPLE:one"),
                    ("aws:PrincipalType", "AssumedRole"),
                    ("aws:PrincipalArn", "arn:aws:iam::111111111111:role/worker"),
                ],
            ),
        };
        let partition = if user { "iam" } else { "sts" };
        let mut sends = sends;
        sends.push(("aws:PrincipalAccount", OWN));
        sends.push(("aws:PrincipalIsAWSService", "false"));
        Who {
            name: format!("arn:aws:{partition}::{OWN}:{name}"),
            sends,
        }
    }

    /// What allows everything.
    fn everything(&mut self, layer: &str, operation: &Operation) -> Value {
        let mut statement = Map::new();
        statement.insert("Effect".to_owned(), json!("Allow"));
        match layer {
            "trust" => statement.insert("Action".to_owned(), json!("sts:AssumeRole")),
            "resource" => statement.insert(
                "Action".to_owned(),
                json!(format!("{}:*", operation.service)),
            ),
            _ => statement.insert("Action".to_owned(), json!("*")),
        };
        if layer != "trust" {
            statement.insert("Resource".to_owned(), json!("*"));
        }
        if matches!(layer, "resource" | "trust" | "endpoint" | "rcp") {
            statement.insert("Principal".to_owned(), json!("*"));
        }
        Value::Object(statement)
    }

    fn statement(
        &mut self,
        layer: &str,
        operation: &Operation,
        resource: &str,
        who: &Who,
        owner: &str,
    ) -> Map<String, Value> {
        let mut statement = Map::new();
        let denies = match layer {
            "rcp" => true,
            "scp" => self.chance(60),
            _ => self.chance(25),
        };
        let effect = if denies { "Deny" } else { "Allow" };
        statement.insert("Effect".to_owned(), json!(effect));
        let (key, actions) = self.actions(layer, operation, denies);
        statement.insert(key.to_owned(), actions);
        if layer != "trust" {
            let (key, resources) = self.resources(layer, resource, denies);
            statement.insert(key.to_owned(), resources);
        }
        match layer {
            "rcp" | "endpoint" => {
                statement.insert("Principal".to_owned(), json!("*"));
            }
            "resource" | "trust" => {
                let (key, principals) = self.principals(who, owner, denies);
                statement.insert(key.to_owned(), principals);
            }
            _ => {}
        }
        statement
    }

    fn actions(
        &mut self,
        layer: &str,
        operation: &Operation,
        denies: bool,
    ) -> (&'static str, Value) {
        let Operation { service, name, .. } = *operation;
        let half = name.len() / 2;
        let hits = [
            format!("{service}:{name}"),
            format!("{service}:{}*", &name[..half]),
            format!("{service}:*{}", &name[half..]),
            format!("{service}:{}?{}", &name[..half], &name[half + 1..]),
            format!("{service}:{}", name.to_uppercase()),
            format!("{service}:*"),
        ];
        let own_service = matches!(layer, "resource" | "trust" | "rcp");
        let miss = match own_service {
            true => format!("{service}:Tag*Nothing"),
            false => {
                (*self.one(&["iam:GetRole", "s3:PutObjectAcl", "ec2:*", "sqs:Purge*"])).to_owned()
            }
        };
        let is_hit = self.chance(85);
        let mut listed = vec![if is_hit {
            self.one(&hits).clone()
        } else {
            miss.clone()
        }];
        if self.chance(30) {
            listed.push(miss);
        }
        let negates = matches!(layer, "identity" | "boundary" | "session" | "scp")
            && self.chance(if denies { 20 } else { 10 });
        let key = if negates { "NotAction" } else { "Action" };
        (key, list(listed))
    }

    fn resources(&mut self, layer: &str, resource: &str, denies: bool) -> (&'static str, Value) {
        let cut = resource.len() - 2;
        let hits = [
            resource.to_owned(),
            format!("{}*", &resource[..cut]),
            format!("{}?{}", &resource[..cut], &resource[cut + 1..]),
            "*".to_owned(),
            resource.replacen(OWN, "*", 1),
            resource.replacen("eu-west-1", "eu-*", 1),
            resource.replace("ann", "${aws:username}"),
            resource.replace("ann", "${aws:PrincipalTag/none, 'ann'}"),
        ];
        let common = if self.rng.u32(0..60) == 0 {
            hits.len()
        } else {
            hits.len() - 2
        };
        let misses = [
            format!("{resource}x"),
            resource[..cut].to_owned(),
            resource.to_uppercase().replace("ARN:AWS", "arn:aws"),
            resource.replace("eu-west-1", "us-east-1") + "?",
        ];
        let is_hit = self.chance(85);
        let mut listed = vec![match is_hit {
            true => self.one(&hits[..common]).clone(),
            false => self.one(&misses).clone(),
        }];
        if self.chance(25) {
            listed.push(self.one(&misses).clone());
        }
        let negates = matches!(
            layer,
            "identity" | "boundary" | "session" | "scp" | "resource"
        ) && self.chance(if denies { 20 } else { 8 });
        let key = if negates { "NotResource" } else { "Resource" };
        (key, list(listed))
    }

    fn principals(&mut self, who: &Who, owner: &str, denies: bool) -> (&'static str, Value) {
        let is_service = !who.name.starts_with("arn:");
        if denies && self.chance(20) {
            let named = if self.chance(50) {
                format!("arn:aws:iam::{owner}:root")
            } else {
                format!("arn:aws:iam::{OWN}:user/team/ann")
            };
            return ("NotPrincipal", json!({"AWS": named}));
        }
        if self.chance(25) {
            return (
                "Principal",
                if self.chance(50) {
                    json!("*")
                } else {
                    json!({"AWS": "*"})
                },
            );
        }
        if is_service {
            let named = *self.one(&[
                "lambda.amazonaws.com",
                "lambda.amazonaws.com",
                "events.amazonaws.com",
            ]);
            return ("Principal", json!({"Service": named}));
        }
        let role = format!("arn:aws:iam::{OWN}:role/worker");
        let named = [
            who.name.clone(),
            who.name.clone(),
            if who.name.contains(":user/") {
                who.name.clone()
            } else {
                role
            },
            format!("arn:aws:iam::{OWN}:root"),
            OWN.to_owned(),
            format!("arn:aws:iam::{OTHER}:root"),
            format!("arn:aws:iam::{OWN}:user/bob"),
        ];
        let mut listed = vec![self.one(&named).clone()];
        if self.chance(20) {
            listed.push(self.one(&named).clone());
        }
        ("Principal", json!({"AWS": list(listed)}))
    }

    /// A condition with an operator, and what the request sends under its key.
    fn condition(&mut self, family: &Family, operator: &str) -> (Value, Option<Value>) {
        let many = operator.starts_with("For");
        let key = *self.one(if many { family.lists } else { family.keys });
        let expected = self.some(family.written, 3);
        let sent = match (many, self.rng.u32(0..100)) {
            (_, 0..15) => None,
            (true, 15..25) => Some(json!([])),
            (true, _) => Some(json!(self.some(family.sent, 3))),
            (false, _) => Some(json!(self.one(family.sent))),
        };
        let listed = list(expected.into_iter().map(str::to_owned).collect());
        (json!({operator: {key: listed}}), sent)
    }
}

/// One value by itself, several as a list.
fn list(mut listed: Vec<String>) -> Value {
    match listed.len() {
        1 => Value::String(listed.remove(0)),
        _ => json!(listed),
    }
}

/// The only key of a condition.
fn family_key(_: &Family, condition: &Value) -> String {
    let tests = condition.as_object().and_then(|all| all.values().next());
    let key = tests
        .and_then(Value::as_object)
        .and_then(|all| all.keys().next());
    key.cloned().expect("a key")
}

fn simulation(
    who: &str,
    operation: &Operation,
    (resource, owner): (&str, &str),
    sent: Map<String, Value>,
    policies: &Map<String, Value>,
) -> Value {
    let named = |layer: &str| {
        policies
            .get(layer)
            .map(|policy| json!([{"name": layer, "policy": policy}]))
    };
    let level = |layer: &str| match named(layer) {
        Some(listed) => json!([{"orgIdentifier": "r-root", "policies": listed}]),
        None => json!([]),
    };
    let resource_policy = policies.get("trust").or_else(|| policies.get("resource"));
    let mut simulation = json!({
        "request": {
            "principal": who,
            "action": format!("{}:{}", operation.service, operation.name),
            "resource": {"resource": resource, "accountId": owner},
            "contextVariables": sent,
        },
        "identityPolicies": named("identity").unwrap_or_else(|| json!([])),
        "serviceControlPolicies": level("scp"),
        "resourceControlPolicies": level("rcp"),
    });
    let optional = [
        ("permissionBoundaryPolicies", named("boundary")),
        ("vpcEndpointPolicies", named("endpoint")),
        ("sessionPolicy", policies.get("session").cloned()),
        ("resourcePolicy", resource_policy.cloned()),
    ];
    for (key, value) in optional {
        if let Some(value) = value {
            simulation[key] = value;
        }
    }
    simulation
}

/// Every operator of every family, with its forms.
pub(crate) fn operators() -> Vec<(&'static Family, String)> {
    let mut all = Vec::new();
    for family in families() {
        for base in family.operators {
            all.push((family, (*base).to_owned()));
            if *base == "Null" {
                continue;
            }
            all.push((family, format!("{base}IfExists")));
            if !family.lists.is_empty() {
                for quantifier in ["ForAllValues", "ForAnyValue"] {
                    all.push((family, format!("{quantifier}:{base}")));
                }
                all.push((family, format!("ForAllValues:{base}IfExists")));
            }
        }
    }
    all
}
