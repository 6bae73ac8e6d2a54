//! Finds IAM policy variables in a string of `Fn::Sub`.
//!
//! `Fn::Sub` takes each `${…}` as a parameter or resource of the template. `${aws:username}` and the like are neither,
//! so CloudFormation rejects the template ("Unresolved resource dependencies"). `${!aws:username}` is left alone, and
//! IAM receives `${aws:username}`.
//!
//! A misspelled pseudo parameter (`${AWS::Accountid}`, `${AWS:AccountId}`) is neither as well: there the name is what
//! is wrong. The same goes for `Ref`, and for everything else in the roles and policies of a template:
//! `ManagedPolicyArns`, names, paths.
//!
//! ## Example
//!
//! ```yaml
//! Resources:
//!   HomePolicy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: s3:GetObject
//!             Resource: !Sub 'arn:${AWS::Partition}:s3:::shop-data/${aws:username}/*'
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Resources:
//!   HomePolicy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: s3:GetObject
//!             Resource: !Sub 'arn:${AWS::Partition}:s3:::shop-data/${!aws:username}/*'
//! ```

use std::collections::HashSet;

use leastwise_catalog::{catalog, is_type_of_iam, typo};
use leastwise_dialects::are_filled_in;
use leastwise_dialects::scope::PSEUDO;
use leastwise_model::text::{Part, Text, is_no_declared_name};
use leastwise_model::{Item, Level, Owner, Policy, Site, Statement};
use leastwise_policy::Pattern;
use leastwise_syntax::write::Edit;
use leastwise_syntax::{NodeId, Span, View};

use super::walk::{nodes, nodes_but};
use crate::resources::invalid_arn::granted;
use crate::support::activation::Grave;
use crate::support::policy_key::PolicyKey;
use crate::{
    Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, LazyFix, Rule, Safety, Scope,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unescaped-policy-variable",
    group: Group::Structure,
    level: Level::Error,
    since: "0.1.0",
    summary: "A policy variable or misspelled name that CloudFormation can't fill in",
    fix: FixKind::Unsafe,
    judges: Judges::Place,
    equivalents: &[],
    scope: &[Scope::Policy(find), Scope::Owner(beside_policies)],
};

/// Looks at a policy.
fn find(context: &Context<'_>, site: &Site, policy: &Policy, facts: &mut Facts<'_>) {
    if !context.analysis.dialect.is_template() {
        return;
    }
    let all = nodes(context.tree, policy.node);
    let mut found = among(context, all, context.owner(site));
    for fact in &mut found {
        fact.policy = Some(PolicyKey::of(context, site));
    }
    facts.with(|told: &mut Told, facts| {
        told.documents.insert(policy.node);
        told.tell(context, found, facts);
    });
}

/// Looks at what else an owner has: policies stand in it, too, which are told of before.
fn beside_policies(context: &Context<'_>, _: usize, owner: &Owner, facts: &mut Facts<'_>) {
    let properties = owner
        .properties
        .filter(|_| context.analysis.dialect.is_template() && is_type_of_iam(&owner.type_name));
    let Some(properties) = properties else {
        return;
    };
    facts.with(|told: &mut Told, facts| {
        let is_told = |node| told.documents.contains(&node);
        let others = nodes_but(context.tree, properties, is_told);
        let found = among(context, others, Some(&owner.label));
        told.tell(context, found, facts);
    });
}

/// What is told already.
#[derive(Default)]
struct Told {
    /// The policies that were looked through.
    documents: HashSet<NodeId>,
    /// Names: a node, and where in its text.
    names: HashSet<(NodeId, usize)>,
}

impl Told {
    /// Tells of each place once.
    fn tell(&mut self, context: &Context<'_>, mut found: Vec<Unescaped>, facts: &mut Facts<'_>) {
        // The Serverless Framework fills its own `${aws:…}` in before `Fn::Sub` sees the text, and hands `AWS::…` on.
        let by_framework = context.analysis.dialect.makes_template();
        found.retain(|fact| {
            self.names.insert((fact.node, fact.at)) && (!by_framework || fact.name.contains("::"))
        });
        facts.extend(found);
    }
}

/// A policy variable in a text of `Fn::Sub`, or a misspelled name in one or in `Ref`.
struct Unescaped {
    /// The scalar, and where in its decoded text the name begins.
    node: NodeId,
    at: usize,
    name: String,
    function: &'static str,
    /// The pseudo parameter that was meant, with the function that it stands in.
    meant: Option<(String, NodeId)>,
    span: Span,
    owner: Option<String>,
    /// The policy that it stands in, if in one.
    policy: Option<PolicyKey>,
}

/// The pseudo parameter that a name is meant to be, and isn't.
pub(crate) fn misspelt(name: &str) -> Option<String> {
    let (head, rest) = name.split_once(':')?;
    if !head.eq_ignore_ascii_case("aws") {
        return None;
    }
    let (rest, double) = match rest.strip_prefix(':') {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    if PSEUDO.contains(&name) {
        return None;
    }
    // With one colon it may be a variable of IAM's, which are many.
    let near = |known: &str| {
        known.eq_ignore_ascii_case(rest) || double && typo::slips(rest, known).is_some()
    };
    let short = |known: &str| known.strip_prefix("AWS::").is_some_and(near);
    let meant = PSEUDO.into_iter().find(|known| short(known))?;
    let is_variable = !double && catalog().condition_key(name).is_some();
    (meant != name && !is_variable).then(|| meant.to_owned())
}

/// What is so of some nodes.
fn among(context: &Context<'_>, all: Vec<NodeId>, owner: Option<&str>) -> Vec<Unescaped> {
    let tree = context.tree;
    let mut facts = Vec::new();
    for node in all {
        let View::Tagged(tag, argument) = tree.view(node) else {
            continue;
        };
        let argument = tree.aliased(argument);
        if tag.name == "Ref" {
            facts.extend(misspelt_ref(context, node, argument, owner));
            continue;
        }
        if tag.name != "Fn::Sub" {
            continue;
        }
        let (scalar, values) = match tree.view(argument) {
            View::Sequence(&[text, values]) => (tree.aliased(text), Some(values)),
            _ => (argument, None),
        };
        let View::Scalar(text) = tree.view(scalar) else {
            continue;
        };
        let given = |name: &str| values.is_some_and(|values| tree.get(values, name).is_some());
        for (open, _) in text.match_indices('$') {
            let rest = text.get(open + 1..).unwrap_or_default();
            let Some(rest) = rest.strip_prefix('{') else {
                continue;
            };
            // What a variable stands in is none: so each is looked through once, however many stand in each other.
            let own = rest.split("${").next().unwrap_or_default();
            let Some((name, _)) = own.split_once('}') else {
                continue;
            };
            // `${!…}` is what is wanted.
            let meant = misspelt(name.trim());
            let foreign = is_no_declared_name(name.trim()) && !are_filled_in(name.trim());
            let taken = meant.is_some() || foreign;
            if !name.starts_with('!') && taken && !given(name) {
                facts.push(Unescaped {
                    node: scalar,
                    at: open + 2,
                    name: name.to_owned(),
                    function: "Fn::Sub",
                    meant: meant.map(|meant| (meant, node)),
                    span: tree.source_span(scalar, open..open + name.len() + 3),
                    owner: owner.map(str::to_owned),
                    policy: None,
                });
            }
        }
    }
    facts
}

/// A misspelled name in `Ref`.
fn misspelt_ref(
    context: &Context<'_>,
    node: NodeId,
    argument: NodeId,
    owner: Option<&str>,
) -> Option<Unescaped> {
    let name = context.tree.text(argument)?;
    Some(Unescaped {
        node: argument,
        at: 0,
        name: name.to_owned(),
        function: "Ref",
        meant: Some((misspelt(name)?, node)),
        span: context.content(argument),
        owner: owner.map(str::to_owned),
        policy: None,
    })
}

/// What a statement allows once the misspelled name in one of its resources is right: CloudFormation refuses it before.
fn gained(context: &Context<'_>, place: &Misspelt) -> Vec<String> {
    let mut statements = context.statements().map(|(_, statement)| statement);
    let found = statements.find_map(|statement| {
        let mut items = statement.resources().iter();
        // The function may be a part of a `Fn::Join`.
        let (part, span) = (context.span(place.function), |node| context.span(node));
        let item = items.find(|item| {
            let whole = span(item.node);
            whole.start <= part.start && part.end <= whole.end
        })?;
        Some((statement, item))
    });
    let Some((statement, item)) = found else {
        return Vec::new();
    };
    let text = corrected(context, item, place);
    let mut after: Vec<Pattern> = Vec::new();
    for environment in &context.analysis.environments {
        for value in context
            .analysis
            .resolve(context.tree, &text, environment, true)
        {
            if !after.contains(&value.pattern) {
                after.push(value.pattern);
            }
        }
    }
    let of = |statement: &Statement, arn: &Pattern| granted(context, Some(statement.node), arn);
    after.iter().flat_map(|arn| of(statement, arn)).collect()
}

/// A misspelled name: the function and scalar that it stands in, where in the scalar's text, and what was meant.
struct Misspelt {
    function: NodeId,
    node: NodeId,
    at: usize,
    name: String,
    meant: String,
}

/// The text of an item with the right name.
fn corrected(context: &Context<'_>, item: &Item, place: &Misspelt) -> Text {
    let right = |span| Part::Variable {
        name: place.meant.clone(),
        span,
    };
    let mut parts = Vec::new();
    for part in &item.text.parts {
        match part {
            Part::Variable { name, span } if *name == place.name.trim() => parts.push(right(*span)),
            // One colon makes it look like a variable of IAM's, which is a part of the text.
            Part::Literal { node, start, end }
                if *node == place.node && (*start as usize..*end as usize).contains(&place.at) =>
            {
                let span = part.span(context.tree);
                let text = context.tree.text(*node).unwrap_or_default();
                let given = |range: std::ops::Range<usize>| Part::Given {
                    text: text.get(range).unwrap_or_default().to_owned(),
                    span,
                };
                let behind = place.at + place.name.len() + 1;
                parts.push(given(*start as usize..place.at.saturating_sub(2)));
                parts.push(right(span));
                parts.push(given(behind..*end as usize));
            }
            other => parts.push(other.clone()),
        }
    }
    Text {
        node: item.text.node,
        span: item.text.span,
        parts,
    }
}

impl Unescaped {
    /// The pseudo parameter that was meant, as it is written there.
    fn shown(&self, meant: &str) -> String {
        match self.function {
            "Ref" => meant.to_owned(),
            _ => format!("${{{meant}}}"),
        }
    }
}

impl Fact for Unescaped {
    fn finding(&self, context: &Context<'_>) -> Finding {
        let name = self.name.trim();
        let message = format!(
            "`{}` refers to `{name}`, which isn't a parameter or resource: {}.",
            self.function,
            context.analysis.dialect.tool().rejects()
        );
        let help = match &self.meant {
            Some((meant, _)) => format!("Did you mean `{}`?", self.shown(meant)),
            None => format!("Write `${{!{name}}}`, which IAM receives as `${{{name}}}`."),
        };
        Finding::new(&RULE, self.span, message)
            .owner(self.owner.as_deref())
            .help(help)
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let (node, at) = (self.node, self.at);
        let Some((meant, function)) = &self.meant else {
            let title = format!("Write ${{!{}}}", self.name.trim());
            return vec![LazyFix::new(title, Safety::Safe, move |_| {
                Some(Fix::new(vec![Edit::SetPart {
                    node,
                    part: at..at,
                    text: "!".to_owned(),
                }]))
            })];
        };
        let (function, written, meant) = (*function, self.name.clone(), meant.clone());
        let grave = self.policy.and_then(|of| of.grave_at(context, node));
        let title = format!("Replace with {}", self.shown(&meant));
        let safety = Safety::changes(grave.is_none());
        vec![LazyFix::new(title, safety, move |context| {
            let place = Misspelt {
                function,
                node,
                at,
                name: written.clone(),
                meant: meant.clone(),
            };
            let edit = Edit::SetPart {
                node,
                part: at..at + written.len(),
                text: meant.clone(),
            };
            let fix = Fix::new(vec![edit]).adds(gained(context, &place));
            Some(fix.notes(grave.and_then(Grave::note)))
        })]
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::Safety;
    use crate::tests::fixture::{Fixture, check, fixed_text};

    fn template(resource: &str) -> String {
        format!(
            "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        \
             Statement:\n          - Effect: Allow\n            Action: s3:GetObject\n            Resource: {resource}\n"
        )
    }

    #[test]
    fn in_each_form_of_the_function() {
        let messages = check(
            &RULE,
            r#"
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: s3:GetObject
            Resource:
              - !Sub arn:aws:s3:::${Files}/${aws:username}/${aws:userid}
                                           ^^^^^^^^^^^^^^^ ^^^^^^^^^^^^^
              - Fn::Sub: ['arn:aws:s3:::${Name}/${saml:sub}', {Name: !Ref Files}]
                                                ^^^^^^^^^^^
              - !Sub 'arn:aws:s3:::files/${*}'
                                         ^^^^
  Q:
    Type: AWS::SQS::QueuePolicy
    Properties:
      PolicyDocument: !Sub '{"Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:*:*:${aws:username}"}}'
                                                                                                              ^^^^^^^^^^^^^^^
"#,
            "",
        );
        assert_eq!(
            messages[0],
            "`Fn::Sub` refers to `aws:username`, which isn't a parameter or resource: CloudFormation rejects the template."
        );
    }

    #[test]
    fn of_variables_in_each_other_the_innermost_is_one() {
        let deep = |inner: &str| format!("{}{inner}{}", "${".repeat(50), "}".repeat(50));
        for (inner, found) in [("aws:username", 1), ("Name", 0)] {
            let arn = format!("!Sub 'arn:aws:s3:::shop/{}'", deep(inner));
            let fixture = Fixture::new(&template(&arn), "");
            assert_eq!(fixture.findings(&RULE).len(), found, "{inner}");
        }
    }

    #[test]
    fn misspelt_pseudo_parameters() {
        for (written, meant) in [
            ("AWS:AccountId", "AWS::AccountId"),
            ("AWS::Accountid", "AWS::AccountId"),
            ("aws::AccountId", "AWS::AccountId"),
            ("aws:accountid", "AWS::AccountId"),
            ("AWS::AcountId", "AWS::AccountId"),
            ("AWS:Region", "AWS::Region"),
            ("AWS::Regoin", "AWS::Region"),
        ] {
            let text = |name: &str| {
                let arn = match meant.ends_with("Region") {
                    true => "!Sub 'arn:aws:sqs:${X}:111111111111:jobs'",
                    false => "!Sub 'arn:aws:sqs:eu-west-1:${X}:jobs'",
                };
                template(arn)
                    .replace("s3:GetObject", "sqs:SendMessage")
                    .replace("${X}", &format!("${{{name}}}"))
            };
            assert_eq!(
                fixed_text(&RULE, &text(written), ""),
                text(meant),
                "{written}"
            );
            let fixture = Fixture::new(&text(written), "");
            let findings = fixture.findings(&RULE);
            assert_eq!(findings.len(), 1);
            assert_eq!(findings[0].help, format!("Did you mean `${{{meant}}}`?"));
            assert_eq!(findings[0].fixes[0].safety, Safety::Unsafe);
            let fix = findings[0].fixes[0].resolve(&fixture.context());
            assert!(
                fix.is_some_and(
                    |fix| fix.adds.len() == 1 && fix.adds[0].starts_with("sqs:SendMessage on arn:")
                ),
                "{written}"
            );
        }
        for fine in [
            "AWS::AccountId",
            "AWS::URLSuffix",
            "AWS::Nonsense",
            "Azure::AccountId",
            "Region",
        ] {
            let text = template(&format!("!Sub 'arn:aws:s3:::files/${{{fine}}}'"));
            assert_eq!(check(&RULE, &text, ""), Vec::<String>::new(), "{fine}");
        }
        // A variable of IAM's is what it is, in whatever case.
        let text = template("!Sub 'arn:aws:s3:::files/${AWS:Username}'");
        assert_eq!(
            fixed_text(&RULE, &text, ""),
            text.replace("${AWS", "${!AWS")
        );
    }

    #[test]
    fn misspelt_names_in_ref_and_beside_the_policies() {
        let messages = check(
            &RULE,
            r#"
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub 'shop-${AWS::region}'
                           ^^^^^^^^^^^^^^
      ManagedPolicyArns:
        - !Sub 'arn:${AWS::Partiton}:iam::aws:policy/ReadOnlyAccess'
                    ^^^^^^^^^^^^^^^^
      Policies:
        - PolicyName: jobs
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: sqs:SendMessage
                Resource:
                  - !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::Accountid}:jobs'
                                                     ^^^^^^^^^^^^^^^^^
                  - !Join [':', ['arn:aws:sqs', !Ref AWS::Region, !Ref Aws::AccountId, jobs]]
                                                                       ^^^^^^^^^^^^^^
                  - Fn::Sub: ['arn:aws:sqs:${AWS::Region}:${Account}:jobs', {Account: !Ref AWS::AccountID}]
                                                                                           ^^^^^^^^^^^^^^
                  - !Ref AWS::NoValue
                  - !Ref AwsQueue
                  - !GetAtt AWS::Accountid
  Function:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !Ref AWS::Stackname
"#,
            "",
        );
        assert!(
            messages[3].starts_with(
                "`Ref` refers to `Aws::AccountId`, which isn't a parameter or resource"
            ),
            "{messages:?}"
        );
        let text = |name: &str| {
            template(&format!(
                "!Join [':', ['arn:aws:sqs:eu-west-1', !Ref {name}, jobs]]"
            ))
            .replace("s3:GetObject", "sqs:SendMessage")
        };
        assert_eq!(
            fixed_text(&RULE, &text("AWS::Accountid"), ""),
            text("AWS::AccountId")
        );
    }

    #[test]
    fn what_nobody_fills_in_is_no_name() {
        for name in [
            "foo:bar",
            "awss:username",
            "sel:custom.bucket",
            // A plugin's, where there is no plugin.
            "git:branch",
        ] {
            let text = template(&format!("!Sub 'arn:aws:s3:::shop/${{{name}}}'"));
            let fixture = Fixture::new(&text, "");
            let findings = fixture.findings(&RULE);
            assert_eq!(findings.len(), 1, "{name}");
            assert!(findings[0].help.starts_with("Write `${!"), "{name}");
            let fixed = text.replace("${", "${!");
            assert_eq!(fixed_text(&RULE, &text, ""), fixed, "{name}");
        }
    }

    #[test]
    fn silent_on_what_is_in_order() {
        for resource in [
            "!Sub 'arn:aws:s3:::${Files}/${!aws:username}'",
            "!Sub 'arn:${AWS::Partition}:s3:::${Files.Name}/*'",
            "'arn:aws:s3:::files/${aws:username}'",
            "!Sub ['arn:aws:s3:::files/${aws:username}', {'aws:username': me}]",
            "!Join ['', ['arn:aws:s3:::files/${aws:username}']]",
            "!Sub 'arn:aws:s3:::files/${aws:username'",
        ] {
            let text = template(resource);
            assert_eq!(check(&RULE, &text, ""), Vec::<String>::new(), "{resource}");
        }
        // A service may take in a template, and fills in its own before.
        for resource in [
            "!Sub 'arn:aws:s3:::${self:custom.bucket}/*'",
            "!Sub 'arn:aws:s3:::${opt:stage, \"dev\"}/*'",
            "!Sub 'arn:aws:s3:::${cf(eu-west-1):stack.Bucket}/*'",
            "!Sub 'arn:aws:s3:::${file(config.yml):bucket}/*'",
        ] {
            assert_eq!(
                check(&RULE, &template(resource), ""),
                Vec::<String>::new(),
                "{resource}"
            );
        }
        check(
            &RULE,
            "service: shop\nprovider:\n  name: aws\n  iamRoleStatements:\n    - {Effect: Allow, Action: 's3:GetObject', Resource: !Sub 'arn:aws:s3:::${aws:accountId}/${AWS::Region}/*'}\n",
            "",
        );
    }

    #[test]
    fn what_the_serverless_framework_hands_on() {
        check(
            &RULE,
            r#"
service: shop
provider:
  name: aws
  iamRoleStatements:
    - Effect: Allow
      Action: sqs:SendMessage
      Resource:
        - !Sub 'arn:aws:sqs:${aws:region}:${AWS::Accountid}:jobs'
                                          ^^^^^^^^^^^^^^^^^
        - Fn::Join: [':', ['arn:aws:sqs:eu-west-1', {Ref: AWS::AccountID}, jobs]]
                                                          ^^^^^^^^^^^^^^
"#,
            "",
        );
    }

    #[test]
    fn each_variable_is_escaped() {
        assert_eq!(
            fixed_text(
                &RULE,
                &template("!Sub arn:aws:s3:::${Files}/${aws:username}/${aws:userid}"),
                ""
            ),
            template("!Sub arn:aws:s3:::${Files}/${!aws:username}/${!aws:userid}")
        );
    }
}
