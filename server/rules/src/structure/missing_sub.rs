//! Finds CloudFormation variables in strings outside of `Fn::Sub`.
//!
//! `${AWS::Region}`, or `${Name}` of a parameter or resource, is only replaced inside `Fn::Sub`. In any other string it
//! stays as it is: IAM gets the literal text `${AWS::Region}`, and rejects the policy or matches nothing with it. The
//! Serverless Framework replaces `${aws:region}` and `${aws:accountId}` itself, but leaves `${AWS::Region}` alone.
//!
//! The properties of resources that are a permission by themselves, such as `SourceArn` of `AWS::Lambda::Permission`,
//! are checked as well.
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   SendPolicy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: sqs:SendMessage
//!             Resource: arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:shop-orders
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   SendPolicy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: sqs:SendMessage
//!             Resource: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:shop-orders'
//! ```

use leastwise_dialects::scope::NameKind;
use leastwise_model::{Level, Policy, Site};
use leastwise_syntax::write::{Edit, NewValue};
use leastwise_syntax::{NodeId, Span, Tree, View};

use super::walk::{SeenNodes, is_in_string};
use crate::support::activation::Grave;
use crate::support::policy_key::PolicyKey;
use crate::{
    Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, LazyFix, Rule, Safety, Scope,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "missing-sub",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A CloudFormation variable outside of `Fn::Sub`",
    fix: FixKind::Unsafe,
    judges: Judges::Statement,
    equivalents: &[],
    scope: &[Scope::Grant(find)],
};

/// A text with variables that nothing fills in.
struct Unfilled {
    node: NodeId,
    span: Span,
    /// The first of them.
    name: String,
    place: Place,
    others: Vec<Span>,
    owner: Option<String>,
    /// Whether it is a property of a resource that is a permission by itself.
    in_permission: bool,
    policy: PolicyKey,
}

/// What the text is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A value of the template.
    Value,
    /// A key, which can't be a function.
    Key,
    /// A part of a document in a string.
    InString,
}

fn find(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Facts<'_>) {
    let is_read = |context: &Context<'_>| {
        let dialect = context.analysis.dialect;
        dialect.is_template() && !dialect.is_filled_otherwise(context.tree)
    };
    if !facts.once(is_read) {
        return;
    }
    let tree = context.tree;
    let in_string = is_in_string(tree, policy.node);
    let in_permission = context.permission_to(site).is_some();
    let key = PolicyKey::of(context, site);
    let mut seen = SeenNodes::none(tree);
    let place = match in_string {
        true => Place::InString,
        false => Place::Value,
    };
    let mut open = vec![(policy.node, place)];
    let mut found = Vec::new();
    while let Some((node, place)) = open.pop() {
        let node = tree.resolved(node);
        if !seen.is_new(node) {
            continue;
        }
        match tree.view(node) {
            View::Scalar(text) => {
                let names = variables(text).map(|(_, name)| name);
                let mut unfilled = names.filter(|name| is_of_template(context, name));
                if let Some(name) = unfilled.next() {
                    found.push(Unfilled {
                        node,
                        span: context.content(node),
                        name: name.to_owned(),
                        place,
                        others: Vec::new(),
                        owner: context.owner(site).map(str::to_owned),
                        in_permission,
                        policy: key,
                    });
                }
            }
            View::Mapping(pairs) => {
                let key = match place {
                    Place::InString => Place::InString,
                    _ => Place::Key,
                };
                let parts = |pair: &leastwise_syntax::Pair| [(pair.value, place), (pair.key, key)];
                open.extend(pairs.iter().rev().flat_map(parts));
            }
            View::Sequence(items) => open.extend(items.iter().rev().map(|item| (*item, place))),
            View::Tagged(tag, value) => open.extend(parts_of(tree, &tag.name, value, place)),
            View::Alias(_) | View::Invalid => {}
        }
    }
    // `Fn::Sub` fills in a string as a whole, keys too.
    if in_string && is_in_sub(tree, policy.node) {
        found.clear();
    }
    if in_string && !found.is_empty() {
        let others: Vec<Span> = found.drain(1..).map(|fact| fact.span).collect();
        if let Some(first) = found.first_mut() {
            first.others = others;
        }
    }
    facts.extend(found);
}

/// Whether `Fn::Sub` fills in the string that a document stands in.
fn is_in_sub(tree: &Tree, document: NodeId) -> bool {
    let mut ancestors = std::iter::successors(tree.parent(document), |node| tree.parent(*node));
    ancestors.any(|node| matches!(tree.view(node), View::Tagged(tag, _) if tag.name == "Fn::Sub"))
}

/// The parts of a function's argument that it leaves as they are.
fn parts_of(tree: &Tree, name: &str, argument: NodeId, place: Place) -> Vec<(NodeId, Place)> {
    let items = tree.items(argument).unwrap_or_default();
    let parts = match name {
        "Fn::Sub" => items.get(1..).unwrap_or_default().to_vec(),
        "Fn::If" | "Fn::Join" | "Fn::Select" | "Fn::Split" | "Fn::ToJsonString" => vec![argument],
        // Names, and what a macro makes something else of.
        _ => Vec::new(),
    };
    parts.into_iter().map(|part| (part, place)).collect()
}

/// The `${…}` of a text: where each begins, and its name.
fn variables(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('$').filter_map(|(open, _)| {
        text.get(open + 1..)?.strip_prefix('{')?;
        let escaped = text.get(..open)?.ends_with('\\');
        let (name, _) = text.get(open + 2..)?.split_once('}')?;
        (!escaped).then_some((open, name.trim()))
    })
}

/// Whether `Fn::Sub` would fill in a variable: a pseudo parameter, a parameter, a resource or an attribute of one.
fn is_of_template(context: &Context<'_>, name: &str) -> bool {
    if name.starts_with("AWS::") {
        return true;
    }
    let state = context.analysis.state();
    let kind = |name: &str| state.named(context.tree, name).map(|named| named.kind);
    match kind(name) {
        Some(NameKind::Loop) => false,
        Some(NameKind::Parameter) => true,
        _ => {
            let resource = name.split('.').next().unwrap_or(name);
            kind(resource) == Some(NameKind::Resource)
        }
    }
}

/// The text as `Fn::Sub` takes it: what it isn't to fill in is escaped. `None` where that can't be told.
fn for_sub(context: &Context<'_>, text: &str) -> Option<String> {
    if text.contains("${!") || text.contains("\\${") {
        return None;
    }
    let (mut made, mut from) = (String::new(), 0);
    for (open, name) in variables(text) {
        // A framework has its own filled in by then.
        let earlier = context.analysis.dialect.makes_template() && !name.contains("::");
        made.push_str(text.get(from..open + 2)?);
        if !earlier && !is_of_template(context, name) {
            made.push('!');
        }
        from = open + 2;
    }
    made.push_str(text.get(from..)?);
    Some(made)
}

/// What comes of it where the text is a resource that is allowed, or of a permission: until then nothing has such a name.
fn gained(context: &Context<'_>, node: NodeId, text: &str, in_permission: bool) -> Option<String> {
    if in_permission {
        return Some(format!("what the permission allows, with {text}"));
    }
    let mut statements = context.statements().map(|(_, statement)| statement);
    let allowed = statements.any(|statement| {
        let mut items = statement.resources().iter();
        statement.allows() && items.any(|item| item.node == node)
    });
    allowed.then(|| format!("what the statement allows, on {text}"))
}

impl Fact for Unfilled {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let message = format!(
            "`${{{}}}` isn't replaced without `Fn::Sub`: {} gets it as literal text.",
            self.name,
            match self.in_permission {
                true => "AWS",
                false => "IAM",
            }
        );
        let finding = Finding::new(&RULE, self.span, message).owner(self.owner.as_deref());
        match self.place {
            Place::Key => finding.help(
                "A key can't be a function: write the whole policy or condition as a JSON string in `Fn::Sub`.",
            ),
            Place::InString => {
                let finding = finding.help("Wrap the whole string in `Fn::Sub`.");
                let others = self.others.iter();
                others.fold(finding, |finding, at| finding.related(*at, "also here"))
            }
            Place::Value => finding.help("Wrap the string in `Fn::Sub`."),
        }
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        if self.place != Place::Value {
            return Vec::new();
        }
        let (node, in_permission) = (self.node, self.in_permission);
        let grave = match in_permission {
            true => None,
            false => self.policy.grave_at(context, node),
        };
        let safety = Safety::changes(grave.is_none());
        vec![LazyFix::new("Wrap it in Fn::Sub", safety, move |context| {
            let text = for_sub(context, context.tree.text(node)?)?;
            let adds = gained(context, node, &text, in_permission);
            let value = NewValue::Sub(text);
            let fix = Fix::new(vec![Edit::Replace { node, value }]).adds(adds);
            Some(fix.notes(grave.and_then(Grave::note)))
        })]
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check, fixed_text};

    fn template(head: &str, statement: &str) -> String {
        format!(
            "{head}Parameters:\n  Bucket: {{Type: String}}\nResources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        \
             Version: '2012-10-17'\n        Statement:\n          - {statement}\n"
        )
    }

    #[test]
    fn a_text_that_is_filled_in_has_its_keys_filled_in() {
        let trust = "Parameters:\n  Issuer: {Type: String}\nResources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: !Sub |\n        {\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Principal\":{\"Federated\":\"arn:aws:iam::${AWS::AccountId}:oidc-provider/${Issuer}\"},\"Condition\":{\"StringEquals\":{\"${Issuer}:sub\":\"system:serviceaccount:a:b\"}}}]}\n";
        assert_eq!(check(&RULE, trust, ""), [""; 0]);
    }

    #[test]
    fn values_keys_and_strings() {
        let messages = check(
            &RULE,
            r#"
Parameters:
  Bucket: {Type: String}
Resources:
  Queue: {Type: AWS::SQS::Queue}
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: s3:GetObject
            Resource:
              - arn:aws:s3:::${Bucket}/*
                ^^^^^^^^^^^^^^^^^^^^^^^^
              - arn:aws:s3:::${Queue.QueueName}/*
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
              - !Join ['', ['arn:aws:s3:::', '${AWS::Region}/*']]
                                              ^^^^^^^^^^^^^^^^
              - !Sub ['arn:${AWS::Partition}:s3:::${Name}', {Name: '${AWS::StackName}-a'}]
                                                                    ^^^^^^^^^^^^^^^^^^^
            Condition:
              StringEquals:
                oidc.eks.${AWS::Region}.amazonaws.com/id/1:sub: a
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  Q:
    Type: AWS::SQS::QueuePolicy
    Properties:
      PolicyDocument: '{"Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": ["arn:${AWS::Partition}:sqs:*:*:a", "arn:${AWS::Partition}:sqs:*:*:b"]}}'
                                                                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
"#,
            "",
        );
        assert_eq!(
            messages[0],
            "`${Bucket}` isn't replaced without `Fn::Sub`: IAM gets it as literal text."
        );
        check(
            &RULE,
            "service: shop\nprovider:\n  name: aws\n  iamRoleStatements:\n    - {Effect: Allow, Action: 'sqs:*', Resource: 'arn:aws:sqs:${AWS::Region}:${aws:accountId}:a'}\n#                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n",
            "",
        );
    }

    #[test]
    fn in_what_functions_hand_on_and_once_for_each_text() {
        let count = |text: &str| Fixture::new(text, "").findings(&RULE).len();
        let of = |resource: &str| {
            let statement =
                format!("{{Effect: Allow, Action: 's3:GetObject', Resource: {resource}}}");
            count(&template("", &statement))
        };
        for resource in [
            "!If [Open, 'arn:aws:s3:::${Bucket}/*', 'arn:aws:s3:::a/*']",
            "!Select [0, ['arn:aws:s3:::${Bucket}/*', 'arn:aws:s3:::a/*']]",
            "!Split [',', 'arn:aws:s3:::${Bucket}/*,arn:aws:s3:::a/*']",
            "{Fn::ToJsonString: ['${Bucket}']}",
        ] {
            assert_eq!(of(resource), 1, "{resource}");
        }
        assert_eq!(of("!FindInMap ['${Bucket}', a, b]"), 0);
        let anchored = template(
            "",
            "{Effect: Allow, Action: 's3:GetObject', Resource: &all 'arn:aws:s3:::${Bucket}/*'}\n          - {Effect: Allow, Action: 's3:PutObject', Resource: *all}",
        );
        assert_eq!(count(&anchored), 1);
        // A loop fills its variable in wherever it stands.
        let looped = |name: &str| {
            format!(
                "Transform: AWS::LanguageExtensions\nParameters:\n  Bucket: {{Type: String}}\nResources:\n  Fn::ForEach::Buckets:\n    - {name}\n    - [a, b]\n    - P${{{name}}}:\n        \
                 Type: AWS::IAM::ManagedPolicy\n        Properties:\n          PolicyDocument:\n            Version: '2012-10-17'\n            \
                 Statement: [{{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::${{Bucket}}/*'}}]\n"
            )
        };
        assert_eq!(count(&looped("Bucket")), 0);
        assert!(count(&looped("Name")) > 0);
    }

    #[test]
    fn silent_on_what_is_filled_in_or_no_variable_of_the_template() {
        for resource in [
            "!Sub 'arn:${AWS::Partition}:s3:::${Bucket}/*'",
            "!Sub ['arn:${AWS::Partition}:s3:::${Name}/*', {Name: !Ref Bucket}]",
            "'arn:aws:s3:::shop/${aws:username}'",
            "'arn:aws:s3:::shop/${Other}'",
            "'arn:aws:s3:::shop/${AWS::Region'",
            "!Ref AWS::Region",
            "!GetAtt Bucket.Arn",
            "!Include '${AWS::Region}'",
        ] {
            let statement =
                format!("{{Effect: Allow, Action: 's3:GetObject', Resource: {resource}}}");
            let text = template("", &statement);
            assert_eq!(check(&RULE, &text, ""), Vec::<String>::new(), "{resource}");
        }
        let statement =
            "{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::${AWS::Region}/*'}";
        let found = |head: &str| {
            Fixture::new(&template(head, statement), "")
                .findings(&RULE)
                .len()
        };
        assert_eq!(found(""), 1);
        assert_eq!(found("Transform: AWS::LanguageExtensions\n"), 1);
        assert_eq!(found("Transform: [AWS::LanguageExtensions, Own]\n"), 0);
        assert_eq!(found("Transform: Own\n"), 0);
        for text in [
            "Version: '2012-10-17'\nStatement:\n  - {Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::${AWS::Region}/*'}\n",
            "service: shop\nplugins: [serverless-pseudo-parameters]\nprovider:\n  name: aws\n  iamRoleStatements:\n    - {Effect: Allow, Action: 'sqs:*', Resource: 'arn:aws:sqs:${AWS::Region}:1:a'}\n",
            "service: shop\nprovider:\n  name: aws\n  iamRoleStatements:\n    - {Effect: Allow, Action: 'sqs:*', Resource: 'arn:aws:sqs:${aws:region}:${aws:accountId}:a'}\n",
        ] {
            check(&RULE, text, "");
        }
    }

    #[test]
    fn what_is_not_to_be_filled_in_is_escaped() {
        let statement = |resource: &str| {
            format!("{{Effect: Deny, Action: 's3:GetObject', Resource: {resource}}}")
        };
        let text = template(
            "",
            &statement("'arn:${AWS::Partition}:s3:::${Bucket}/${aws:username}'"),
        );
        let after = template(
            "",
            &statement("!Sub 'arn:${AWS::Partition}:s3:::${Bucket}/${!aws:username}'"),
        );
        assert_eq!(fixed_text(&RULE, &text, ""), after);
    }

    #[test]
    fn an_account_that_the_config_knows_stays_a_variable() {
        let config = "[accounts]\nprod = '111111111111'\n";
        let statement = |resource: &str| {
            let own = format!("{{Effect: Deny, Action: 'sqs:SendMessage', Resource: {resource}}}");
            template("", &own)
        };
        assert_eq!(
            fixed_text(
                &RULE,
                &statement("'arn:aws:sqs:eu-west-1:${AWS::AccountId}:jobs'"),
                config
            ),
            statement("!Sub 'arn:aws:sqs:eu-west-1:${AWS::AccountId}:jobs'")
        );
    }

    #[test]
    fn announces_what_is_allowed_then() {
        let adds = |statement: &str| {
            let fixture = crate::tests::fixture::Fixture::new(&template("", statement), "");
            let fixes = fixture.fixes(&RULE);
            fixes
                .into_iter()
                .flat_map(|fix| fix.adds)
                .collect::<Vec<_>>()
        };
        let queue = "'arn:aws:sqs:${AWS::Region}:1:a'";
        assert_eq!(
            adds(&format!(
                "{{Effect: Allow, Action: 'sqs:*', Resource: {queue}}}"
            )),
            ["what the statement allows, on arn:aws:sqs:${AWS::Region}:1:a"]
        );
        for none in [
            format!("{{Effect: Deny, Action: 'sqs:*', Resource: {queue}}}"),
            format!("{{Effect: Allow, Action: 'sqs:*', NotResource: {queue}}}"),
            format!(
                "{{Effect: Allow, Action: 'sqs:*', Resource: '*', Condition: {{ArnEquals: {{'aws:SourceArn': {queue}}}}}}}"
            ),
        ] {
            assert_eq!(adds(&none), [""; 0], "{none}");
        }
    }
}
