//! Finds values of the wrong shape: an object where texts are due, a list in a list, a list where one text is due, a text
//! or nothing where a statement is due, a document in a list.
//!
//! AWS refuses such a policy with "Syntax errors in policy", which names no place. Lists in lists mostly come of a list
//! that is put into brackets once more; neither CloudFormation nor `jsonencode` takes them out again.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource:
//!       - - arn:aws:s3:::shop-data/*
//!         - arn:aws:s3:::shop-files/*
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource:
//!       - arn:aws:s3:::shop-data/*
//!       - arn:aws:s3:::shop-files/*
//! ```

use leastwise_policy::condition::Operator;
use leastwise_policy::elements::{self, ElementValue};
use leastwise_syntax::{Format, NodeId, ScalarType, Span, Style, Tree, View};
use leastwise_workspace::model::{Element, Form, Policy};
use leastwise_workspace::text::{Dollar, Part, Text};
use leastwise_workspace::{Level, OwnerKind, Site, mark};

use super::is_macro;
use crate::conditions::is_of_iam;
use crate::facts::{self, Fact};
use crate::{Context, Finding, Findings, FixKind, Group, Rule};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "invalid-type",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A value of the wrong shape: an object, or a list in a list",
    fix: FixKind::None,
    equivalents: &[
        ("access-analyzer", "DATA_TYPE_MISMATCH"),
        ("access-analyzer", "INVALID_PRINCIPAL_FORMAT"),
        ("parliament", "MALFORMED"),
        ("cfn-lint", "E3510"),
        ("cfn-lint", "E3512"),
        ("cfn-lint", "E3530"),
        ("iam-policy-validator", "policy_structure"),
    ],
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings) {
    facts::of_policies(context, findings, find);
}

/// A value of the wrong shape.
struct Wrong {
    span: Span,
    /// What it is of: `Resource`, or the document.
    name: String,
    found: Found,
    due: Due,
    form: Form,
    owner: Option<String>,
}

/// What is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Object,
    List,
    Nested,
    Text,
    /// A list of statements.
    Statements,
    /// Null.
    Nothing,
}

/// What is to be there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    Text,
    Texts,
    List,
    Statement,
    Statements,
    Object,
    Document,
    /// A text of JSON, for an argument of Terraform.
    Json,
}

/// Looks at the values of one policy.
struct Look<'a> {
    context: &'a Context<'a>,
    tree: &'a Tree,
    form: Form,
    owner: Option<&'a str>,
    /// Whether its conditions are those of IAM, which `invalid-condition` looks at.
    of_iam: bool,
    facts: &'a mut Vec<Wrong>,
}

fn find(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Vec<Wrong>) {
    let argument = argument(context, site);
    let mut look = Look {
        context,
        tree: context.tree,
        form: policy.form,
        owner: context.owner(site),
        of_iam: is_of_iam(site),
        facts,
    };
    if let Some(name) = argument {
        look.wrong(policy.node, &name, Found::Object, Due::Json);
    }
    match policy.form {
        Form::Document => look.document(policy),
        // Objects that a module takes have the shapes that it wants.
        Form::Blocks if policy.elements.iter().any(|of| of.name == "Statement") => {
            look.blocks(policy);
        }
        Form::Blocks => {}
    }
}

/// The argument of a resource of Terraform that a policy is given to as an object.
fn argument(context: &Context<'_>, site: &Site) -> Option<String> {
    let tree = context.tree;
    let node = site.document.node;
    // What nobody but the file's owner has stands in a resource that isn't known.
    let mut owners = site
        .owners
        .iter()
        .filter_map(|owner| context.analysis.owners.get(*owner));
    let is_known = owners.any(|owner| owner.kind != OwnerKind::File);
    let is_object = tree.format() == Format::Hcl
        && matches!(tree.view(node), View::Mapping(_))
        && tree.style(node) == Style::Flow;
    let block = tree.parent(node).filter(|_| is_known && is_object)?;
    let is_resource = site.path.first().is_some_and(|block| block == "resource");
    if !is_resource || tree.style(block) == Style::Flow {
        return None;
    }
    let mut pairs = tree.pairs(block).into_iter();
    let own = pairs.find(|pair| pair.value == node)?;
    Some(tree.text(own.key)?.to_owned())
}

impl Look<'_> {
    fn document(&mut self, policy: &Policy) {
        let tree = self.tree;
        if policy.statement_list.is_none()
            && let View::Sequence(items) = tree.view(policy.node)
        {
            let is_document = |item: &NodeId| tree.get(*item, "Statement").is_some();
            let found = match items.iter().any(is_document) {
                true => Found::List,
                false => Found::Statements,
            };
            self.wrong(policy.node, "", found, Due::Document);
        }
        for element in &policy.elements {
            self.element(element, elements::policy_element(&element.name));
        }
        // Statements without a document around are a list of their own.
        if let (Some(list), true) = (policy.statement_list, policy.elements.is_empty()) {
            self.statements("Statement", list);
        }
        for statement in &policy.statements {
            for element in &statement.elements {
                self.element(element, elements::statement_element(&element.name));
            }
        }
    }

    fn element(&mut self, element: &Element, known: Option<&elements::Element>) {
        let (name, value) = (element.name.as_str(), element.value);
        match known.map(|known| known.value) {
            Some(ElementValue::Text) => match self.tree.view(self.tree.resolved(value)) {
                View::Mapping(_) => self.object(value, name, Due::Text),
                View::Sequence(_) => self.wrong(value, name, Found::List, Due::Text),
                _ => {}
            },
            Some(ElementValue::Texts) => self.texts(name, value),
            Some(ElementValue::Statements) => self.statements(name, value),
            Some(ElementValue::StarOrMapping) => {
                if let Some(kinds) = self.mapping(name, value) {
                    for (name, value) in kinds {
                        self.texts(&name, value);
                    }
                }
            }
            Some(ElementValue::Mapping) => {
                let operators = self.mapping(name, value).unwrap_or_default();
                for (operator, tests) in operators {
                    // Of a key without an operator around it `invalid-condition` speaks.
                    if Operator::parse(&operator).is_err() {
                        continue;
                    }
                    // Nor is it twice the fault that it has values, and no key.
                    if self.of_iam && self.is_plain(tests) {
                        continue;
                    }
                    let keys = self.mapping(&operator, tests).unwrap_or_default();
                    for (key, values) in keys {
                        self.texts(&key, values);
                    }
                }
            }
            None => {}
        }
    }

    /// Whether a node is a text or a list of texts, and something is written there.
    fn is_plain(&self, value: NodeId) -> bool {
        let is_text = |node: NodeId| {
            let text = self.tree.text(self.tree.resolved(node));
            text.is_some_and(|text| !text.is_empty() && text != "null")
        };
        match self.tree.view(self.tree.resolved(value)) {
            View::Scalar(_) => is_text(value),
            View::Sequence(items) => items.iter().all(|item| is_text(*item)),
            _ => false,
        }
    }

    /// One text or a list of texts.
    fn texts(&mut self, name: &str, value: NodeId) {
        let node = self.tree.resolved(value);
        match self.tree.view(node) {
            View::Mapping(_) => self.object(value, name, Due::Texts),
            View::Sequence(items) => {
                for item in items {
                    match self.tree.view(self.tree.resolved(*item)) {
                        View::Mapping(_) => self.object(*item, name, Due::Texts),
                        View::Sequence(_) => self.wrong(*item, name, Found::Nested, Due::Texts),
                        View::Tagged(..) if self.context.analysis.is_list(self.tree, *item) => {
                            self.wrong(*item, name, Found::Nested, Due::Texts);
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn statements(&mut self, name: &str, value: NodeId) {
        let node = self.tree.resolved(value);
        if let Some(found) = self.plain(node)
            && found == Found::Text
        {
            self.wrong(value, name, found, Due::Statements);
        }
        for item in self.tree.items(node).unwrap_or_default() {
            if let Some(found) = self.plain(self.tree.resolved(*item)) {
                self.wrong(*item, name, found, Due::Statement);
                continue;
            }
            let literal = matches!(self.tree.view(self.tree.resolved(*item)), View::Sequence(_));
            if literal || self.context.analysis.is_list(self.tree, *item) {
                self.wrong(*item, name, Found::Nested, Due::Statements);
            }
        }
    }

    /// A text or nothing in the place of something else, unless another tool fills it in.
    fn plain(&self, node: NodeId) -> Option<Found> {
        let View::Scalar(text) = self.tree.view(node) else {
            return None;
        };
        let is_document = self.tree.embedded(node).is_some();
        if is_document || self.tree.is_hole(node) || mark::is_open(text) {
            return None;
        }
        match self.tree.scalar_type(node) {
            ScalarType::Null => Some(Found::Nothing),
            _ => is_text(self.tree, node, text).then_some(Found::Text),
        }
    }

    /// The pairs of a mapping where one is due.
    fn mapping(&mut self, name: &str, value: NodeId) -> Option<Vec<(String, NodeId)>> {
        let node = self.tree.resolved(value);
        match self.tree.view(node) {
            View::Mapping(_) => {
                let pairs = self.tree.pairs(node);
                let names = pairs.iter().map(|pair| self.tree.text(pair.key));
                let names: Option<Vec<&str>> = names.collect();
                // A macro may make anything of what stands beside it.
                let names = names.filter(|names| !names.iter().any(|name| is_macro(name)))?;
                let pairs = names.iter().zip(&pairs);
                Some(
                    pairs
                        .map(|(name, pair)| ((*name).to_owned(), pair.value))
                        .collect(),
                )
            }
            View::Sequence(_) => {
                self.wrong(value, name, Found::List, Due::Object);
                None
            }
            // A principal can be `*`, and what is no name of one is another rule's business.
            View::Scalar(text)
                if !name.ends_with("Principal") && is_text(self.tree, node, text) =>
            {
                self.wrong(value, name, Found::Text, Due::Object);
                None
            }
            _ => None,
        }
    }

    /// Arguments of Terraform's blocks, which want lists.
    fn blocks(&mut self, policy: &Policy) {
        let statements = policy.statements.iter();
        for element in statements.flat_map(|statement| &statement.elements) {
            let known = elements::statement_element(&element.name).map(|known| known.value);
            if known != Some(ElementValue::Texts) {
                continue;
            }
            let name = self.form.name(&element.name).to_owned();
            match self.tree.view(element.value) {
                View::Scalar(text)
                    if !text.is_empty() && text != "null" && !self.is_expression(element.value) =>
                {
                    self.wrong(element.value, &name, Found::Text, Due::List);
                }
                View::Sequence(_) => self.texts(&name, element.value),
                _ => {}
            }
        }
    }

    /// Whether a string of Terraform's JSON syntax is one expression, which may be a list.
    fn is_expression(&self, node: NodeId) -> bool {
        let parts = Text::lower(self.tree, node, Dollar::TerraformJson).parts;
        self.tree.format().is_json() && matches!(parts.as_slice(), [Part::Variable { .. }])
    }

    /// An object where texts are due, unless it may be a function, or the template of another tool.
    fn object(&mut self, node: NodeId, name: &str, due: Due) {
        let pairs = self.tree.pairs(node);
        let plain = |key: NodeId| {
            let text = self.tree.text(key);
            text.is_some_and(|key| !is_macro(key) && key != "Ref" && !key.contains(['{', '$', '%']))
        };
        if pairs.iter().all(|pair| plain(pair.key)) {
            self.wrong(node, name, Found::Object, due);
        }
    }

    fn wrong(&mut self, node: NodeId, name: &str, found: Found, due: Due) {
        // A list that goes over many lines is marked by what it begins with.
        let mut node = self.tree.aliased(node);
        if found == Found::Nested
            && let View::Sequence(&[first, ..]) = self.tree.view(node)
        {
            node = match self.tree.view(first) {
                View::Scalar(_) => first,
                View::Mapping(&[pair, ..]) => pair.key,
                _ => node,
            };
        }
        self.facts.push(Wrong {
            span: self.tree.content_span(node),
            name: name.to_owned(),
            found,
            due,
            form: self.form,
            owner: self.owner.map(str::to_owned),
        });
    }
}

/// Whether a scalar is a text that no other tool makes something else of.
fn is_text(tree: &Tree, node: NodeId, text: &str) -> bool {
    tree.scalar_type(node) == ScalarType::String
        && !text.is_empty()
        && !text.contains(['{', '}', '$', '%', '<'])
}

impl Fact for Wrong {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let name = &self.name;
        let due = match self.due {
            Due::Text => "one text",
            Due::Texts => "a text or a list of texts",
            Due::List => "a list",
            Due::Statement => "a statement",
            Due::Statements => "a statement or a list of statements",
            Due::Object => "an object",
            Due::Document => "a document",
            Due::Json => "a text of JSON",
        };
        let found = match self.found {
            Found::Object => "an object",
            Found::List => "a list",
            Found::Nested => "a list in its list",
            Found::Text => "a text",
            Found::Statements => "a list of statements",
            Found::Nothing => "an empty item",
        };
        let refused = match self.form {
            Form::Document => "AWS refuses the policy",
            Form::Blocks => "Terraform refuses the module",
        };
        let message = match self.due {
            Due::Document if self.found == Found::Statements => {
                format!("A policy is a document, and these are statements without one: {refused}.")
            }
            Due::Document => format!("A policy is one document, and this is a list: {refused}."),
            Due::Json => {
                format!("`{name}` has {found} where {due} is due: Terraform refuses the module.")
            }
            _ => format!("`{name}` has {found} where {due} is due: {refused}."),
        };
        let help = match (self.found, self.due) {
            (Found::Statements, Due::Document) => "Put them under `Statement`, beside a `Version`.",
            (_, Due::Json) => "Put `jsonencode(…)` around it.",
            (_, Due::Document) => "Take the document out of the list.",
            (Found::Nested, _) => "Leave one pair of brackets out, or join the lists.",
            (Found::Nothing, _) => "Remove it, or write the statement.",
            (Found::Text, Due::List) => "Put it into brackets.",
            _ => "Write it as AWS wants it.",
        };
        Finding::new(&RULE, self.span, message)
            .help(help)
            .owner(self.owner.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check};

    #[test]
    fn in_each_element() {
        let messages = check(
            &RULE,
            r#"
{
  "Version": ["2012-10-17"],
             ^^^^^^^^^^^^^^
  "Statement": [
    [],
    ^^
    {"Sid": {}, "Effect": ["Allow"], "Action": {"s3": "GetObject"}, "Resource": [{"a": "b"}, "*"]},
            ^^            ^^^^^^^^^            ^^^^^^^^^^^^^^^^^^^               ^^^^^^^^^^
    {"Effect": "Allow", "Principal": ["*"], "Action": [["s3:GetObject"]], "Resource": "*", "Condition": []},
                                     ^^^^^               ^^^^^^^^^^^^                                   ^^
    {"Effect": "Allow", "Principal": {"AWS": {"a": "b"}}, "NotAction": "s3:GetObject", "NotResource": [[]],
                                             ^^^^^^^^^^                                                ^^
     "Condition": {"StringEquals": ["a"], "Bool": {"aws:SecureTransport": {"a": true}, "s3:prefix": [["a"]]}}}
                                                                          ^^^^^^^^^^^                  ^
  ]
}
"#,
            "",
        );
        assert_eq!(
            messages[0],
            "`Version` has a list where one text is due: AWS refuses the policy."
        );
        assert!(messages.iter().any(|message| message
            == "`Action` has a list in its list where a text or a list of texts is due: AWS refuses the policy."));
    }

    #[test]
    fn texts_where_conditions_are_due() {
        let text = |condition: &str| {
            format!(
                "Version: '2012-10-17'\nStatement:\n  - {{Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {condition}}}\n"
            )
        };
        let found = |condition: &str| Fixture::new(&text(condition), "").findings(&RULE).len();
        assert_eq!(found("none"), 1);
        for other in [
            "null",
            "''",
            "'${Condition}'",
            "'{{ condition }}'",
            "{}",
            "{Bool: '<%= b %>'}",
            "{'aws:RequestedRegion': eu-west-1}",
        ] {
            assert_eq!(found(other), 0, "{other}");
        }
    }

    #[test]
    fn a_document_in_a_list() {
        let messages = check(
            &RULE,
            "Resources:
  U:
    Type: AWS::IAM::User
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument: [{Version: '2012-10-17', Statement: {Effect: Allow, Action: 's3:GetObject', Resource: '*'}}]
#                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        - PolicyName: q
          PolicyDocument: [{Something: else}]
",
            "",
        );
        assert!(messages[0].starts_with("A policy is one document"));
        check(
            &RULE,
            "resource \"aws_iam_policy\" \"q\" {\n  policy = jsonencode([{ Statement = [] }])\n                      ^^^^^^^^^^^^^^^^^^^^\n}\n",
            "",
        );
    }

    #[test]
    fn statements_without_a_document() {
        let template = "Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]
#                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      Policies:
        - PolicyName: p
          PolicyDocument: [{Effect: Allow, Name: other}]
";
        let messages = check(&RULE, template, "");
        assert_eq!(
            messages,
            [
                "A policy is a document, and these are statements without one: AWS refuses the policy."
            ]
        );
        for (value, found) in [
            (
                "jsonencode([{ Effect = \"Allow\", Action = \"s3:GetObject\", Resource = \"*\" }])",
                1,
            ),
            (
                "<<EOT\n[{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\"}]\nEOT\n",
                1,
            ),
            (
                "<<EOT\n[{\"Effect\": \"Allow\", \"Reaction\": \"s3:GetObject\"}]\nEOT\n",
                0,
            ),
            ("jsonencode(var.statements)", 0),
        ] {
            let text = format!("resource \"aws_iam_policy\" \"q\" {{\n  policy = {value}\n}}\n");
            assert_eq!(
                Fixture::new(&text, "").findings(&RULE).len(),
                found,
                "{value}"
            );
        }
    }

    #[test]
    fn an_object_for_a_text_of_json() {
        let document = "{ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"s3:GetObject\", Resource = \"*\" }] }";
        for (resource, found) in [
            (
                format!("\"aws_iam_policy\" \"p\" {{\n  policy = {document}"),
                1,
            ),
            (
                format!(
                    "\"aws_iam_role\" \"p\" {{\n  inline_policy {{\n    policy = {document}\n  }}"
                ),
                1,
            ),
            (
                format!("\"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({document})"),
                0,
            ),
            (
                format!(
                    "\"awscc_iam_role\" \"p\" {{\n  policies = [{{ policy_document = {document} }}]"
                ),
                0,
            ),
            (
                format!("\"other_policy\" \"p\" {{\n  policy = {document}"),
                0,
            ),
        ] {
            let text = format!("resource {resource}\n}}\n");
            let findings = Fixture::new(&text, "").findings(&RULE);
            assert_eq!(findings.len(), found, "{resource}");
            for finding in findings {
                assert!(finding.message.contains("where a text of JSON is due"));
            }
        }
    }

    #[test]
    fn terraform() {
        let messages = check(
            &RULE,
            r#"
resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Statement = [[{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }]]
                    ^^^^^^
  })
}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = "s3:GetObject"
                 ^^^^^^^^^^^^
    resources = [["*"]]
                   ^
  }
}
locals {
  buckets = ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]
  bucket  = "arn:aws:s3:::c/*"
}
resource "aws_iam_policy" "q" {
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Action = "s3:GetObject", Resource = [local.buckets, local.bucket] },
                                                               ^^^^^^^^^^^^^
      { Effect = "Allow", Action = "s3:GetObject", Resource = local.buckets },
      { Effect = "Allow", Action = "s3:GetObject", Resource = [var.buckets] },
    ]
  })
}
variable "buckets" {
  default = []
}
"#
            .trim_start(),
            "",
        );
        assert!(messages[1].contains("Terraform refuses"), "{messages:?}");
    }

    #[test]
    fn what_is_no_statement() {
        let messages = check(
            &RULE,
            r#"
{
  "Version": "2012-10-17",
  "Statement": [
    null,
    ^^^^
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
    "x"
     ^
  ]
}
"#,
            "",
        );
        assert_eq!(
            messages,
            [
                "`Statement` has an empty item where a statement is due: AWS refuses the policy.",
                "`Statement` has a text where a statement is due: AWS refuses the policy.",
            ]
        );
        let text = "`Statement` has a text where a statement or a list of statements is due: AWS refuses the policy.";
        for (policy, message) in [
            ("Version: '2012-10-17'\nStatement: x\n           ^\n", text),
            (
                "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement: x\n                   ^\n",
                text,
            ),
            (
                "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Statement = \"x\" })\n                                     ^\n}\n",
                text,
            ),
            (
                "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Statement = [null] })\n                                     ^^^^\n}\n",
                "`Statement` has an empty item where a statement is due: AWS refuses the policy.",
            ),
        ] {
            assert_eq!(check(&RULE, policy, ""), [message], "{policy}");
        }
        for filled in [
            "Version: '2012-10-17'\nStatement: __STATEMENTS__\n",
            "Version: '2012-10-17'\nStatement: ['{{ one }}', '<statement>']\n",
            "Version: '2012-10-17'\nStatement: {{ statements }}\n",
            "Version: '2012-10-17'\nStatement: ['{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\"}']\n",
            "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement: [!Ref AWS::NoValue, !Ref More]\n",
        ] {
            check(&RULE, filled, "");
        }
    }

    #[test]
    fn values_without_a_key_are_told_once() {
        for condition in [
            "{StringEquals: x}",
            "{StringEquals: [x, y]}",
            "{StringEquals: x, StringLike: {'aws:PrincipalOrgID': o-1}}",
        ] {
            let text = format!(
                "Statement: {{Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {condition}}}\n"
            );
            let fixture = Fixture::new(&text, "");
            assert!(fixture.findings(&RULE).is_empty(), "{condition}");
            let other = &crate::conditions::invalid_condition::RULE;
            assert_eq!(fixture.findings(other).len(), 1, "{condition}");
        }
        // The conditions of a device's policy nobody else looks at.
        let text = "Resources:\n  P:\n    Type: AWS::IoT::Policy\n    Properties:\n      PolicyDocument: {Statement: {Effect: Allow, Action: 'iot:Connect', Resource: '*', Condition: {StringEquals: x}}}\n";
        assert_eq!(Fixture::new(text, "").findings(&RULE).len(), 1);
    }

    #[test]
    fn silent_on_functions_and_other_tools() {
        for resource in [
            "!If [A, [a, b], c]",
            "[!If [A, [a, b], c]]",
            "[!Split [',', 'a,b']]",
            "[!Ref List]",
            "{Fn::Own: [a]}",
            "{'Fn::Own': [a], 'Fn::Other': b}",
            "{'Fn::ForEach::A': [X, [a], {X: b}]}",
            "{{ resources }}",
            "{'${a}': b}",
            "",
            "1",
        ] {
            let text = format!(
                "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: 2012-10-17\n        \
                 Statement:\n          - Effect: Allow\n            Action: s3:GetObject\n            Resource: {resource}\n"
            );
            assert_eq!(check(&RULE, &text, ""), Vec::<String>::new(), "{resource}");
        }
        check(
            &RULE,
            r#"
resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Statement = flatten([[{ Effect = "Allow", Action = concat(["s3:GetObject"], ["s3:PutObject"]), Resource = "*" }], var.more])
  })
}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = var.actions
    resources = "${var.resources}"
  }
  statement {
    sid       = "A"
    actions   = null
    resources = ["*"]
  }
}
module "m" {
  statements = [{ effect = "Allow", actions = "s3:GetObject", resources = "*" }]
}
"#
            .trim_start(),
            "",
        );
    }
}
