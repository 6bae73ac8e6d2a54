//! Finds `*` and `?` under operators that don't support wildcards.
//!
//! `StringEquals` compares character by character: no role is named `arn:aws:iam::111111111111:role/shop-*`, so the
//! statement matches nothing. Under `StringNotEquals` it is the other way round, and a `Deny` that should exempt a role
//! applies to it. Wildcards are supported by `StringLike` and by the operators for ARNs.
//!
//! It is an error where the key can't have such a value: ARNs, accounts, organizations, regions. For other keys it is a
//! warning, and keys whose values may well contain these characters, such as names in a certificate, are left alone.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//!     Condition:
//!       StringEquals:
//!         aws:PrincipalArn: arn:aws:iam::111111111111:role/shop-*
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//!     Condition:
//!       ArnLike:
//!         aws:PrincipalArn: arn:aws:iam::111111111111:role/shop-*
//! ```

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use leastwise_catalog::{ValueType, catalog};
use leastwise_model::{Level, Site, SiteKind, Statement, Test};
use leastwise_policy::Pattern;
use leastwise_policy::condition::{Family, Operator, Quantifier};
use leastwise_syntax::write::Edit;
use leastwise_syntax::{NodeId, Span};

use super::effect::Comes;
use super::reading::{Reading, is_of_iam, is_of_provider, readings, without_holes};
use super::where_it_is;
use crate::support::callers::is_anybodys_value;
use crate::support::impact::Weight;
use crate::{
    Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, LazyFix, Rule, Safety, Scope,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "literal-wildcard",
    group: Group::Conditions,
    level: Level::Error,
    since: "0.1.0",
    summary: "A wildcard under an operator that doesn't support wildcards",
    fix: FixKind::Unsafe,
    judges: Judges::Statement,
    equivalents: &[("access-analyzer", "WILDCARD_WITHOUT_LIKE_OPERATOR")],
    scope: &[Scope::Statement(find)],
};

/// How the names of keys begin whose values never have a `*` or `?`, beside those of ARNs.
const NEVER: [&str; 14] = [
    "aws:principalaccount",
    "aws:principalorg",
    "aws:principalservicename",
    "aws:principaltype",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:resourceorg",
    "aws:sourceaccount",
    "aws:sourceorg",
    "aws:sourcevpc",
    "iam:awsservicename",
    "iam:passedtoservice",
    "kms:calleraccount",
    "kms:viaservice",
];

/// How the names of keys begin whose values may have one.
const MAY: [&str; 8] = [
    "acm:domainnames",
    "aws:referer",
    "aws:useragent",
    "events:",
    "kms:encryptioncontext",
    "route53:",
    "ses:",
    "sns:endpoint",
];

/// A wildcard that is none.
struct Literal {
    at: Span,
    operator: String,
    key: String,
    sure: bool,
    negated: bool,
    /// The operator to use, with the node that names the present one where it can be changed.
    meant: Option<(String, Option<NodeId>)>,
    /// What the other operator comes to allow; what it no longer allows, where `less`.
    change: Arc<[String]>,
    less: bool,
    /// What the statement comes to do by it.
    comes: Comes,
    statement: NodeId,
    kind: SiteKind,
    owner: Option<String>,
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    if !is_of_iam(site) {
        return;
    }
    let mut blocks = None;
    for reading in readings(statement) {
        let base = reading.operator.base;
        if base.family != Family::String || base.wildcards || is_of_provider(reading.key) {
            continue;
        }
        let key = reading.key.to_ascii_lowercase();
        if MAY.iter().any(|start| key.starts_with(start)) {
            continue;
        }
        let sure = is_of_arns(&key) || NEVER.iter().any(|start| key.starts_with(start));
        let wild = |value: &str| {
            let known = without_holes(value).unwrap_or_default();
            known.contains('*') || sure && known.contains('?')
        };
        let mut found = reading
            .wild_values(context)
            // The values of other keys may well have one, and nobody knows what they are.
            .filter(|(_, value, whole)| (sure || *whole) && wild(value));
        let Some((item, ..)) = found.next() else {
            continue;
        };
        let blocks = blocks.get_or_insert_with(|| Blocks::of(statement));
        let block = blocks.block(context, statement, reading.test.operator_node);
        facts.push(Literal {
            at: context.item_span(item),
            operator: reading.test.operator.clone(),
            key: reading.key.to_owned(),
            sure,
            negated: base.negated,
            meant: like(context, &reading, blocks, &block),
            change: Arc::clone(&block.change),
            less: statement.allows() == base.negated,
            comes: Comes::of(statement, Some(base.negated)),
            statement: statement.node,
            kind: site.kind,
            owner: context.owner(site).map(str::to_owned),
        });
    }
}

/// Whether the values of a key are ARNs.
fn is_of_arns(key: &str) -> bool {
    let key = catalog().condition_key(key);
    key.is_some_and(|key| key.value_type().element() == ValueType::Arn)
}

/// The operator with wildcards in place of a test's own.
fn like(
    context: &Context<'_>,
    reading: &Reading<'_>,
    blocks: &Blocks<'_>,
    block: &Block<'_>,
) -> Option<(String, Option<NodeId>)> {
    let node = reading.test.operator_node;
    let base = match (reading.operator.base.name, block.is_of_arns) {
        ("StringEquals", true) => "ArnLike",
        ("StringNotEquals", true) => "ArnNotLike",
        ("StringEquals", false) => "StringLike",
        ("StringNotEquals", false) => "StringNotLike",
        // Nothing ignores case and has wildcards.
        _ => return None,
    };
    let quantifier = reading.operator.quantifier.map(Quantifier::name);
    let prefix = quantifier.map_or(String::new(), |name| format!("{name}:"));
    let suffix = if reading.operator.if_exists {
        "IfExists"
    } else {
        ""
    };
    let meant = format!("{prefix}{base}{suffix}");
    // The other keys of the block are to mean what they meant, and a second block of that name can't be.
    let plain = block.wild.iter().all(|key| *key == &reading.test.key);
    // What a fix comes to do is told by values that are known.
    let free = plain && !block.opens && !block.is_open && !blocks.have(&meant, node);
    let free = free && context.tree.text(node) == Some(&reading.test.operator);
    Some((meant, free.then_some(node)))
}

/// The tests of a statement by the operators that they are written under: what these come to is asked for each key.
struct Blocks<'s> {
    tests: HashMap<NodeId, Vec<&'s Test>>,
    /// Which block has an operator, nothing where several do; under no name what is no operator.
    named: HashMap<Option<String>, Option<NodeId>>,
    known: HashMap<NodeId, Rc<Block<'s>>>,
}

impl<'s> Blocks<'s> {
    fn of(statement: &'s Statement) -> Blocks<'s> {
        let mut tests: HashMap<NodeId, Vec<&Test>> = HashMap::new();
        let mut named: HashMap<Option<String>, Option<NodeId>> = HashMap::new();
        for test in super::tests(statement) {
            let node = test.operator_node;
            tests.entry(node).or_default().push(test);
            let name = Operator::parse(&test.operator).ok();
            let of = named.entry(name.map(|of| of.name())).or_insert(Some(node));
            *of = of.filter(|of| *of == node);
        }
        let known = HashMap::new();
        Blocks {
            tests,
            named,
            known,
        }
    }

    /// Whether a block beside one may be of this operator.
    fn have(&self, operator: &str, beside: NodeId) -> bool {
        let is_beside = |name: Option<String>| {
            let of = self.named.get(&name);
            of.is_some_and(|of| *of != Some(beside))
        };
        is_beside(None) || is_beside(Some(operator.to_owned()))
    }

    fn block(
        &mut self,
        context: &Context<'_>,
        statement: &Statement,
        node: NodeId,
    ) -> Rc<Block<'s>> {
        let tests = self.tests.get(&node).map_or(&[][..], Vec::as_slice);
        let block = self.known.entry(node);
        let block = block.or_insert_with(|| Rc::new(Block::of(context, statement, tests)));
        Rc::clone(block)
    }
}

/// What the tests under one operator come to together.
struct Block<'s> {
    /// Whether all of its keys have ARNs for values.
    is_of_arns: bool,
    /// The keys with values that would mean something else with wildcards, or may; no more than two of them.
    wild: Vec<&'s Option<String>>,
    /// Whether one of them would limit nothing then.
    opens: bool,
    /// Whether one isn't wholly known.
    is_open: bool,
    /// What is allowed, or no longer, once the wildcards are some; nothing where there are several keys.
    change: Arc<[String]>,
}

impl<'s> Block<'s> {
    fn of(context: &Context<'_>, statement: &Statement, tests: &[&'s Test]) -> Block<'s> {
        let mut block = Block {
            is_of_arns: true,
            wild: Vec::new(),
            opens: false,
            is_open: false,
            change: Arc::default(),
        };
        let is_wild = |value: &str| value.contains(['*', '?']);
        for test in tests {
            let reading = Reading::of(test);
            let values = reading.and_then(|reading| reading.values(context));
            let is_plain = values.is_some_and(|values| !values.iter().any(|value| is_wild(value)));
            if !is_plain && block.wild.len() < 2 && !block.wild.contains(&&test.key) {
                block.wild.push(&test.key);
            }
            let Some(reading) = reading else { continue };
            block.is_of_arns &= is_of_arns(reading.key);
            block.is_open |= reading.wild_values(context).any(|(_, _, whole)| !whole);
            let mut known = reading.known_values(context);
            block.opens |= known
                .any(|(_, value)| is_wild(&value) && names_nobody(statement, &reading, &value));
        }
        // No fix is offered then.
        if block.wild.len() > 1 {
            return block;
        }
        let readings = tests.iter().filter_map(|test| Reading::of(test));
        let change = readings.flat_map(|reading| {
            let known = reading.known_values(context);
            let wild = known.filter(|(_, value)| is_wild(value));
            let change = wild.flat_map(|(_, value)| where_it_is(statement, reading.key, &value));
            change.collect::<Vec<String>>()
        });
        block.change = change.collect();
        block
    }
}

/// Whether a value limits nothing once its wildcards are some: then nobody means the statement to be met.
fn names_nobody(statement: &Statement, reading: &Reading<'_>, value: &str) -> bool {
    let value = Pattern::literal(value);
    let lets_in = statement.allows() && !reading.operator.base.negated;
    match lets_in {
        true => is_anybodys_value(reading.key, &value),
        false => value.raw().bytes().all(|b| matches!(b, b'*' | b'?')),
    }
}

impl Fact for Literal {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let Literal { operator, key, .. } = self;
        let comes = match (self.sure, self.negated) {
            (true, false) => format!("no `{key}` equals this value"),
            (true, true) => format!("every `{key}` differs from this value"),
            (false, false) => "only this exact text matches".to_owned(),
            (false, true) => "only this exact text is excluded".to_owned(),
        };
        let message = format!("`{operator}` doesn't support wildcards: {comes}.");
        let help = match &self.meant {
            Some((meant, _)) => format!("Use `{meant}`."),
            None => "Use an operator that supports wildcards, or write the values out.".to_owned(),
        };
        let level = match self.sure {
            true => Level::Error,
            false => Level::Warning,
        };
        Finding::new(&RULE, self.at, message)
            .level(level)
            .help(help)
            .owner(self.owner.as_deref())
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let Some((meant, Some(node))) = &self.meant else {
            return Vec::new();
        };
        let (node, text) = (*node, meant.clone());
        let (change, less) = (Arc::clone(&self.change), self.less);
        // Something is let through that was denied, or nothing becomes control over all that there is.
        let weight = || Weight::within(context, self.statement, self.kind);
        let safety = Safety::changes(!self.comes.is_grave(weight));
        let title = format!("Replace with {meant}");
        vec![LazyFix::new(title, safety, move |_| {
            let text = text.clone();
            let fix = Fix::new(vec![Edit::SetScalar { node, text }]);
            Some(match less {
                true => fix.removes(change.iter()),
                false => fix.adds(change.iter()),
            })
        })]
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::fixture::{Fixture, check, fixed_text};
    use leastwise_model::Level;

    fn policy(condition: &str) -> String {
        format!(
            "Version: '2012-10-17'\nStatement: {{Effect: Allow, Action: 's3:*', Resource: '*', Condition: {{{condition}}}}}\n"
        )
    }

    #[test]
    fn marks_the_value() {
        check(
            &RULE,
            r#"
Version: '2012-10-17'
Statement:
  - Effect: Deny
    Action: '*'
    Resource: '*'
    Condition:
      StringNotEquals:
        aws:PrincipalArn: [arn:aws:iam::111111111111:role/admin, 'arn:aws:iam::111111111111:role/ci-?']
                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        aws:PrincipalTag/team: 'shop-*'
                                ^^^^^^
        s3:prefix: what?
        acm:DomainNames: '*.shop.example'
        token.actions.githubusercontent.com:sub: 'repo:*'
        aws:SourceVpc: '${Vpc}-*'
                        ^^^^^^^^
      StringLike: {aws:PrincipalTag/team: 'shop-*'}
      ArnEquals: {aws:SourceArn: 'arn:aws:s3:::shop-*'}
"#,
            "",
        );
    }

    #[test]
    fn what_stands_beside_a_part_that_is_not_known() {
        let template = |effect: &str, condition: &str| {
            format!(
                "Resources:
  Shop:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement: {{Effect: {effect}, Action: 's3:*', Resource: '*', Condition: {{{condition}}}}}
"
            )
        };
        for (condition, count) in [
            (
                "StringNotEquals: {aws:PrincipalArn: !Sub 'arn:aws:iam::${AWS::AccountId}:role/x-*'}",
                1,
            ),
            (
                "StringEquals: {aws:SourceArn: !Sub 'arn:aws:sqs:eu-west-1:${AWS::AccountId}:x-?'}",
                1,
            ),
            ("StringEquals: {s3:prefix: !Sub '${Stage}/*'}", 0),
            (
                "StringLike: {aws:PrincipalArn: !Sub 'arn:aws:iam::${AWS::AccountId}:role/x-*'}",
                0,
            ),
            (
                "StringEquals: {aws:PrincipalArn: !Sub 'arn:aws:iam::${AWS::AccountId}:role/x'}",
                0,
            ),
            // IAM's own name for the character.
            ("StringEquals: {s3:prefix: 'home/${*}'}", 0),
            ("StringEquals: {s3:prefix: !Sub '${Stage}<all>/*'}", 0),
        ] {
            for effect in ["Allow", "Deny"] {
                let text = template(effect, condition);
                let fixture = Fixture::new(&text, "");
                assert_eq!(fixture.findings(&RULE).len(), count, "{condition}");
                // What it comes to do can't be told.
                assert_eq!(fixed_text(&RULE, &text, ""), text);
            }
        }
    }

    #[test]
    fn levels() {
        for (condition, level) in [
            ("StringEquals: {aws:SourceVpce: 'vpce-*'}", Level::Error),
            (
                "StringEqualsIgnoreCase: {aws:SourceAccount: '1111*'}",
                Level::Error,
            ),
            (
                "StringEquals: {lambda:FunctionArn: 'arn:aws:lambda:*'}",
                Level::Error,
            ),
            ("StringEquals: {s3:prefix: 'home/*'}", Level::Warning),
        ] {
            let fixture = Fixture::new(&policy(condition), "");
            assert_eq!(fixture.findings(&RULE)[0].level, level, "{condition}");
        }
    }

    #[test]
    fn the_block_stays_what_it_was_for_its_other_keys() {
        let policy = |condition: &str| policy(condition).replace("s3:*", "s3:ListBucket");
        let mended = |condition: &str| fixed_text(&RULE, &policy(condition), "");
        let before = "StringEquals: {aws:PrincipalArn: 'arn:aws:iam::111111111111:role/x-*', aws:SourceVpc: vpc-1}";
        assert_eq!(
            mended(before),
            policy(&before.replace("StringEquals", "StringLike"))
        );
        let before = "ForAnyValue:StringNotEqualsIfExists: {aws:PrincipalArn: 'arn:aws:iam::111111111111:role/x-*'}";
        assert_eq!(
            mended(before),
            policy(&before.replace("StringNotEquals", "ArnNotLike"))
        );
        for before in [
            "StringEquals: {aws:PrincipalArn: 'arn:aws:iam::111111111111:role/x-*', aws:SourceVpc: '${Vpc}'}",
            "StringEquals: {aws:PrincipalArn: 'arn:aws:iam::111111111111:role/x-*', aws:UserAgent: 'a*'}",
            "StringEquals: {s3:prefix: 'a*'}, stringlike: {s3:delimiter: '/'}",
            "StringEqualsIgnoreCase: {s3:prefix: 'a*'}",
        ] {
            assert_eq!(mended(before), policy(before));
        }
    }

    /// The fixes of a statement with this effect and condition: what they add, and what they take.
    fn changes(effect: &str, condition: &str) -> Vec<(Vec<String>, Vec<String>)> {
        let text = policy(condition).replace("Allow", effect);
        let fixture = Fixture::new(&text, "");
        let fixes = fixture.fixes(&RULE).into_iter();
        fixes.map(|fix| (fix.adds, fix.removes)).collect()
    }

    #[test]
    fn no_fix_opens_a_dead_statement_to_everybody() {
        for condition in [
            "StringEquals: {aws:PrincipalOrgID: '*'}",
            "StringEquals: {aws:PrincipalAccount: '*'}",
            "StringEquals: {aws:PrincipalArn: '*'}",
            "StringEquals: {aws:PrincipalArn: 'arn:aws:iam::*:role/x'}",
            "StringEquals: {sts:ExternalId: '*'}",
            "StringEquals: {iam:PassedToService: ['ec2.amazonaws.com', '*']}",
            "StringEquals: {aws:SourceVpce: 'vpce-*'}",
            "StringEquals: {aws:SourceArn: 'arn:aws:s3:::shop-*', aws:PrincipalOrgID: '?*'}",
        ] {
            assert_eq!(changes("Allow", condition), [], "{condition}");
        }
        let role = "arn:aws:iam::*:role/x";
        let told = vec![format!("s3:* where aws:PrincipalArn is {role}")];
        let equals = format!("StringEquals: {{aws:PrincipalArn: '{role}'}}");
        let differs = format!("StringNotEquals: {{aws:PrincipalArn: '{role}'}}");
        // A `Deny` that spares nobody comes to spare some, and one that hits nobody to hit some.
        assert_eq!(changes("Deny", &differs), [(told.clone(), vec![])]);
        assert_eq!(changes("Deny", &equals), [(vec![], told.clone())]);
        assert_eq!(changes("Allow", &differs), [(vec![], told)]);
        assert_eq!(
            changes("Deny", "StringNotEquals: {aws:PrincipalArn: '*'}"),
            []
        );
        let prefix = "StringEquals: {s3:prefix: ['home', 'home/*']}";
        let told = vec!["s3:* where s3:prefix is home/*".to_owned()];
        assert_eq!(changes("Allow", prefix), [(told, vec![])]);
    }
}
