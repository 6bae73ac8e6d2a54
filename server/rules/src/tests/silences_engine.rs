//! What keeps findings from being reported whatever their rule: ignores, doubles, parts of a file that weren't asked for.

use std::ops::Range;
use std::sync::Arc;

use leastwise_model::files::NoFiles;
use leastwise_model::{Config, Level, SiteKind};
use leastwise_syntax::{Format, Span};

use super::fixture::{Fixture, Found, with_fixes};
use crate::deploy::missing_delete_counterpart::RULE;
use crate::engine::{finish, round};
use crate::format::unused_ignore;
use crate::ignore::Ignores;
use crate::merge::merged;
use crate::round::Taken;
use crate::structure::{missing_effect, missing_version};
use crate::{CommonCause, Finding, Fix, RULES, Rule, Safety, apply_fixes, check, check_with};

/// Two roles that may create something and not delete it.
const TWO: &str = "Resources:
  OneDeployer:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: one
          PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'sqs:CreateQueue', Resource: '*'}]}
  TwoDeployer:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: two
          PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'sns:CreateTopic', Resource: '*'}]}
";

/// All findings, those that a range meets with their fixes.
fn near(context: &crate::Context<'_>, range: Span) -> Vec<Finding> {
    crate::Incremental::default().check_at(context, range)
}

fn owners(findings: &[Found]) -> Vec<&str> {
    let owners = findings.iter().map(|finding| finding.owner.as_deref());
    owners.map(|owner| owner.unwrap_or("-")).collect()
}

#[test]
fn ignores_of_the_config() {
    let both = ["OneDeployer", "TwoDeployer"];
    let rule = "rule = 'missing-delete-counterpart'\n";
    for (ignore, left) in [
        (rule.to_owned(), &both[..0]),
        ("rule = 'wildcard-resource'".to_owned(), &both),
        ("path = '*.yaml'".to_owned(), &[]),
        ("path = 'other/**'".to_owned(), &both),
        ("action = 'sqs:*'".to_owned(), &both[1..]),
        ("action = 'ec2:*'".to_owned(), &both),
        ("owner = 'Two*'".to_owned(), &both[..1]),
        ("owner = 'Deployer'".to_owned(), &both),
        // All that it says must hold.
        (format!("{rule}owner = 'Two*'"), &both[..1]),
        (format!("{rule}action = 'sns:*'"), &both[..1]),
        (format!("{rule}path = 'other/**'"), &both),
        ("rule = 'wildcard-resource'\nowner = '*'".to_owned(), &both),
        ("path = 'other/**'\nowner = '*'".to_owned(), &both),
        ("owner = 'One*'\naction = 'sns:*'".to_owned(), &both),
        ("owner = 'One*'\naction = 'sqs:*'".to_owned(), &both[1..]),
    ] {
        let config = format!("[[ignore]]\nreason = 'known'\n{ignore}\n");
        let found = Fixture::new(TWO, &config).findings(&RULE);
        assert_eq!(owners(&found), left, "{ignore}");
    }
    // Two ignores are two decisions.
    let config =
        "[[ignore]]\nreason = 'a'\nowner = 'One*'\n[[ignore]]\nreason = 'b'\nowner = 'Two*'\n";
    assert_eq!(Fixture::new(TWO, config).findings(&RULE).len(), 0);
}

/// A finding at some place of which only the rule matters.
fn at(rule: &'static Rule, span: Range<u32>) -> Finding {
    Finding::new(rule, Span::new(span.start, span.end), "something")
}

#[test]
fn the_lines_that_a_comment_is_for() {
    for (text, quiet) in [
        (
            "a: 1 # leastwise: ignore\nb: 2\n",
            "a: 1 # leastwise: ignore\n",
        ),
        (
            "# leastwise: ignore\na: 1\nb: 2\n",
            "# leastwise: ignore\na: 1\n",
        ),
        (
            "z: 1\n# leastwise: ignore\na: 1\nb: 2\n",
            "# leastwise: ignore\na: 1\n",
        ),
        // Comments and empty lines between are passed over.
        (
            "# leastwise: ignore\n# why\na: 1\nb: 2\n",
            "# leastwise: ignore\n# why\na: 1\n",
        ),
        (
            "# leastwise: ignore\n\n  \na: 1\nb: 2\n",
            "# leastwise: ignore\n\n  \na: 1\n",
        ),
        (
            "a:\n  # leastwise: ignore\n  b: 1\n  c: 2\n",
            "  # leastwise: ignore\n  b: 1\n",
        ),
        // At the end of the file, the end is a place of the last line.
        ("a: 1\n# leastwise: ignore", "# leastwise: ignore$"),
        ("a: 1\n# leastwise: ignore\n", "# leastwise: ignore\n$"),
        ("a: 1 # leastwise: ignore", "a: 1 # leastwise: ignore$"),
        ("# leastwise: ignore\na: 1", "# leastwise: ignore\na: 1$"),
        ("a: 1\n# leastwise: ignored it is not\n", ""),
        ("a: 1 # leastwise ignore\n", ""),
    ] {
        let fixture = Fixture::new(text, "");
        let context = fixture.context();
        let end = text.len() as u32;
        let ignores = Ignores::read(&context);
        let is_quiet = |place: &u32| {
            let finding = at(&missing_effect::RULE, *place..*place);
            ignores.apply(&context, vec![finding], &[]).is_empty()
        };
        let found: Vec<u32> = (0..=end).filter(is_quiet).collect();
        let marked = format!("{text}$");
        let start = marked.find(quiet).unwrap() as u32;
        let wanted: Vec<u32> = (start..start + quiet.len() as u32).collect();
        assert_eq!(found, wanted, "{text}");
    }
}

#[test]
fn the_rules_that_a_comment_names() {
    for (comment, quiet) in [
        ("ignore", true),
        ("ignore[missing-effect]", true),
        ("ignore[missing-version, missing-effect]", true),
        ("ignore[missing-version]", false),
        ("ignore[missing-effect", true),
    ] {
        let fixture = Fixture::new(&format!("a: 1 # leastwise: {comment}\n"), "");
        let context = fixture.context();
        let finding = vec![at(&missing_effect::RULE, 0..1)];
        let left = Ignores::read(&context).apply(&context, finding, &[]);
        assert_eq!(left.is_empty(), quiet, "{comment}");
    }
}

#[test]
fn ignores_that_quiet_nothing() {
    let of = |id: &'static str| move |rule: &Rule| rule.id == id || rule.id == "unused-ignore";
    let off = "[rules]\nunused-ignore = 'off'\n";
    let unused = |text: &str, config: &str, wanted: &dyn Fn(&Rule) -> bool| {
        let fixture = Fixture::new(text, config);
        let context = fixture.context();
        let finding = vec![at(&missing_effect::RULE, 0..1)];
        let rules = RULES.iter().copied();
        let rules: Vec<&Rule> = rules.filter(|rule| wanted(rule)).collect();
        let left = Ignores::read(&context).apply(&context, finding, &rules);
        let of_rule = |it: &&Finding| it.rule.id == unused_ignore::RULE.id;
        left.iter().filter(of_rule).count()
    };
    let elsewhere = |comment: &str| format!("a: 1\nb: 2 # leastwise: {comment}\n");
    for (comment, config, count) in [
        ("ignore", "", 1),
        ("ignore", off, 0),
        ("ignore[missing-effect]", "", 1),
        // A rule that wasn't run may have found something.
        ("ignore[missing-version]", "", 0),
        ("ignore[missing-version, missing-effect]", "", 1),
        ("ignore[no-such-rule]", "", 1),
        ("ignore[no-such-rule]", off, 0),
    ] {
        let text = elsewhere(comment);
        assert_eq!(
            unused(&text, config, &of("missing-effect")),
            count,
            "{comment} {config}"
        );
        assert_eq!(
            unused(&text, config, &|rule| rule.id == "missing-effect"),
            0,
            "{comment}"
        );
    }
    let used = "a: 1 # leastwise: ignore[missing-effect]\n";
    assert_eq!(unused(used, "", &|_| true), 0);
}

#[test]
fn what_is_not_understood_of_an_ignore_is_told() {
    let told = |text: &str| -> Vec<String> {
        let fixture = Fixture::new(text, "");
        let context = fixture.context();
        let found = crate::check(&context).into_iter();
        let of_rule = found.filter(|it| it.rule.id != "missing-version");
        of_rule
            .map(|it| format!("{} {}", it.rule.id, &text[it.span.range()]))
            .collect()
    };
    let line = |comment: &str, hash: &str| format!(" {hash} leastwise: {comment}\n");
    let yaml = |comment: &str| {
        let line = line(comment, "#");
        format!(
            "Statement:\n- Effect: Allow\n  Action: s3:GetObjct{line}  Resource: 'arn:aws:s3:::shop/*'\n"
        )
    };
    let hcl = |comment: &str| {
        let line = line(comment, "//");
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions   = [\"s3:GetObjct\"]{line}    resources = [\"arn:aws:s3:::shop/*\"]\n  }}\n}}\n"
        )
    };
    let found = "unknown-action GetObjct";
    for text in [&yaml as &dyn Fn(&str) -> String, &hcl] {
        assert_eq!(told(&text("ignore[unknown-action] old")), [""; 0]);
        assert_eq!(
            told(&text("ignore[unknown-action, invalid-ar, no-such-thing]")),
            ["unused-ignore invalid-ar", "unused-ignore no-such-thing"]
        );
        assert_eq!(
            told(&text("ignore[unknwn-action, invalid-ar]")),
            [
                found,
                "unused-ignore unknwn-action",
                "unused-ignore invalid-ar"
            ]
        );
        assert_eq!(
            told(&text("ignore: unknown-action")),
            [found, "unused-ignore unknown-action"]
        );
        assert_eq!(told(&text("ignore[]")), [found, "unused-ignore ["]);
        assert_eq!(told(&text("ignore as it is")), [""; 0]);
    }
    let text = yaml("ignore[unknown-action, invalid-ar, qx]");
    let fixture = Fixture::new(&text, "");
    let found = fixture.findings(&unused_ignore::RULE);
    let helps: Vec<_> = found.iter().map(|it| it.help.as_str()).collect();
    assert_eq!(
        helps,
        [
            "Did you mean `invalid-arn`?",
            "Remove it, or use a rule that `leastwise rules` lists."
        ]
    );
}

#[test]
fn what_is_found_twice_is_told_once() {
    let fixture = Fixture::new("a: 1\n", "");
    let mut other_words = at(&missing_effect::RULE, 0..1);
    other_words.message = "something else".to_owned();
    let findings = vec![
        at(&missing_effect::RULE, 0..1),
        at(&missing_effect::RULE, 0..1),
        at(&missing_version::RULE, 0..1),
        at(&missing_effect::RULE, 0..2),
        other_words,
        at(&missing_effect::RULE, 1..2),
    ];
    let found = finish(&fixture.context(), findings, &|_: &Rule| true);
    let shown = found
        .iter()
        .map(|it| (it.rule.id, it.span.range(), it.message.as_str()));
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            ("missing-effect", 0..1, "something"),
            ("missing-effect", 0..1, "something else"),
            ("missing-version", 0..1, "something"),
            ("missing-effect", 0..2, "something"),
            ("missing-effect", 1..2, "something"),
        ]
    );
    // Two rules may say it in the same words.
    let findings = vec![
        at(&missing_effect::RULE, 0..1),
        at(&missing_version::RULE, 0..1),
    ];
    let found = finish(&fixture.context(), findings, &|_: &Rule| true);
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn what_is_found_of_the_file_is_found_near_any_place_of_it() {
    // Nothing of a policy is left to be read.
    let text = "{\"Statement\": {\"Effect\": , \"Action\" \"s3:GetObject\"";
    let fixture = Fixture::at("p.json", text, Format::Json, "", None);
    let context = fixture.context();
    let of_rule = |found: Vec<Finding>| {
        let found = found.iter();
        found.filter(|it| it.rule.id == "syntax-error").count()
    };
    let all = of_rule(check(&context));
    assert_ne!(all, 0);
    assert_eq!(of_rule(near(&context, Span::empty(0))), all);
    let mut kept = crate::Incremental::default();
    assert_eq!(of_rule(kept.check(&context)), all);
    assert_eq!(of_rule(kept.check(&context)), all);
}

#[test]
fn what_is_found_at_a_place_has_fixes_and_nothing_else() {
    let fixture = Fixture::new(TWO, "");
    let context = fixture.context();
    let all = check(&context);
    let own = all.iter().filter(|of| of.rule.id == RULE.id);
    let spans: Vec<Span> = own.map(|of| of.span).collect();
    let [one, two] = spans[..] else {
        panic!("two findings")
    };
    for (place, wanted) in [
        (Span::empty(one.start), &["OneDeployer"][..]),
        (Span::empty(one.end), &["OneDeployer"]),
        (Span::new(one.end - 1, one.end + 1), &["OneDeployer"]),
        (Span::new(0, one.start), &["OneDeployer"]),
        (Span::empty(two.start), &["TwoDeployer"]),
        (Span::empty(two.end), &["TwoDeployer"]),
        (
            Span::new(one.start, two.end),
            &["OneDeployer", "TwoDeployer"],
        ),
        (Span::empty(0), &[]),
        (Span::empty(two.end + 1), &[]),
    ] {
        let mut found = near(&context, place);
        assert_eq!(found.len(), all.len());
        found.retain(|finding| finding.rule.id == RULE.id);
        let mut found = with_fixes(&context, found);
        found.retain(|finding| !finding.fixes.is_empty());
        assert_eq!(owners(&found), wanted, "{place:?}");
    }
}

#[test]
fn near_a_place_no_ignore_of_another_seems_unused() {
    let text = TWO.replace(
        "Resource: '*'}]}\n  Two",
        "Resource: '*'}]} # leastwise: ignore\n  Two",
    );
    let fixture = Fixture::new(&text, "");
    let two = fixture.analysis.sites[1].span(&fixture.tree);
    let found = near(&fixture.context(), two);
    assert!(found.iter().any(|it| it.rule.id == RULE.id));
    assert!(
        found.iter().all(|it| it.rule.id != unused_ignore::RULE.id),
        "{found:?}"
    );
}

#[test]
fn near_a_place_of_a_pipeline() {
    let text = "on: push
permissions: {id-token: write}
jobs:
  deploy:
    runs-on: x
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with:
          role-to-assume: arn:aws:iam::999999999999:role/deploy
          aws-region: eu-west-1
";
    let fixture = Fixture::at(
        ".github/workflows/deploy.yaml",
        text,
        Format::Yaml,
        "[accounts]\ndev = '111111111111'\n",
        None,
    );
    let context = fixture.context();
    let of_rule = |found: Vec<Finding>| {
        found
            .iter()
            .filter(|it| it.rule.id == "unknown-account")
            .count()
    };
    assert_eq!(of_rule(check(&context)), 1);
    let place = text.find("999").unwrap() as u32;
    assert_eq!(of_rule(near(&context, Span::empty(place))), 1);
    let mut kept = crate::Incremental::default();
    assert_eq!(of_rule(kept.check(&context)), 1);
    assert_eq!(of_rule(kept.check(&context)), 1);
}

#[test]
fn edits_of_one_policy_are_not_made_at_once() {
    let fixture = Fixture::new(TWO, "");
    let context = fixture.context();
    let spans: Vec<Span> = fixture
        .analysis
        .sites
        .iter()
        .map(|site| site.span(&fixture.tree))
        .collect();
    let [one, two] = spans[..] else {
        panic!("two policies")
    };
    for (span, taken, wanted) in [
        (Span::empty(one.start), vec![], true),
        (
            Span::empty(one.start),
            vec![Span::empty(one.end - 1)],
            false,
        ),
        // One that begins in a policy and ends behind it, or begins where it ends.
        (
            Span::new(one.end - 1, one.end + 1),
            vec![Span::empty(one.start)],
            false,
        ),
        (Span::empty(one.end), vec![Span::empty(one.start)], false),
        (Span::empty(one.start), vec![Span::empty(one.end)], false),
        (Span::empty(one.start), vec![Span::empty(two.start)], true),
        (
            Span::empty(one.start),
            vec![Span::empty(two.start), Span::empty(one.end)],
            false,
        ),
        (Span::empty(one.start), vec![Span::empty(0)], true),
        // Outside of policies they must not touch.
        (Span::new(1, 2), vec![Span::new(3, 4)], true),
        (Span::new(1, 3), vec![Span::new(3, 4)], false),
        (Span::new(4, 5), vec![Span::new(3, 4)], false),
        (Span::new(5, 6), vec![Span::new(3, 4)], true),
        (
            Span::new(5, 6),
            vec![Span::new(3, 4), Span::new(6, 7)],
            false,
        ),
        // Nor where one ends in a policy.
        (Span::new(0, one.start), vec![Span::empty(one.start)], false),
    ] {
        assert_eq!(
            Taken::apart(&context, span, &taken),
            wanted,
            "{span:?} {taken:?}"
        );
    }
    let of_rule = |finding: &Finding, _: &crate::LazyFix| finding.rule.id == RULE.id;
    assert_eq!(round(&context, &of_rule).1.len(), 2);
    let one_policy = TWO.replace(
        "'sqs:CreateQueue'",
        "['sqs:CreateQueue', 'sns:CreateTopic']",
    );
    let fixture = Fixture::new(&one_policy, "");
    assert_eq!(round(&fixture.context(), &of_rule).1.len(), 2);
}

#[test]
fn mends_what_is_wanted_until_nothing_is_left() {
    let text = TWO.replace(
        "'sqs:CreateQueue'",
        "['sqs:CreateQueue', 'sns:CreateTopic']",
    );
    let config = Arc::new(Config::default());
    let files: Arc<dyn leastwise_workspace::analysis::index::IndexedFiles> = Arc::new(NoFiles);
    let mended = |wanted: &dyn Fn(&Finding) -> bool| {
        let mended = apply_fixes(
            &text,
            Format::Yaml,
            "shop.yaml",
            &config,
            &files,
            |finding, _| wanted(finding),
        );
        (mended.text, mended.applied)
    };
    assert_eq!(mended(&|_| false), (text.clone(), Vec::new()));
    let (after, applied) = mended(&|finding| finding.rule.id == RULE.id);
    assert_eq!(
        applied.iter().map(|it| it.rule).collect::<Vec<_>>(),
        [RULE.id; 3]
    );
    assert_eq!(after.matches("Delete").count(), 3, "{after}");
    let (after, applied) = mended(&|finding| {
        finding.rule.id == RULE.id && finding.owner.as_deref() == Some("TwoDeployer")
    });
    assert_eq!(
        (applied.len(), after.matches("Delete").count()),
        (1, 1),
        "{after}"
    );
}

#[test]
fn the_owner_is_named() {
    let fixture = Fixture::new(&TWO.replace("Version: '2012-10-17', ", ""), "");
    let found = fixture.findings(&missing_version::RULE);
    assert_eq!(owners(&found), ["OneDeployer", "TwoDeployer"]);
}

#[test]
fn what_hangs_together_is_one_unit() {
    let sizes = |text: &str| -> Vec<(usize, usize)> {
        let fixture = Fixture::new(text, "");
        let units = crate::units(&fixture.context());
        units
            .iter()
            .map(|unit| (unit.sites.len(), unit.owners.len()))
            .collect()
    };
    assert_eq!(sizes(TWO), [(1, 1), (1, 1)]);
    let shared = format!(
        "{TWO}  Shared:
    Type: AWS::IAM::Policy
    Properties:
      Roles: [!Ref TwoDeployer, !Ref OneDeployer]
      PolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Allow, Action: 'sns:Publish', Resource: '*'}}]}}
"
    );
    assert_eq!(sizes(&shared), [(3, 2), (0, 1)]);
}

#[test]
fn policies_of_aws_are_not_looked_at() {
    let fixture = Fixture::new(TWO, "");
    assert!(
        fixture
            .context()
            .sites()
            .all(|site| site.kind != SiteKind::OfAws)
    );
    assert_eq!(fixture.context().sites().count(), 2);
}

fn same(within: u32, key: &str, name: &str) -> CommonCause {
    CommonCause {
        within: Span::new(within, within + 9),
        key: key.to_owned(),
        name: name.to_owned(),
        several: "are wrong.".to_owned(),
        help: "Mend them.".to_owned(),
        details: Vec::new(),
        intro: "Near:",
    }
}

#[test]
fn several_places_are_told_as_one() {
    for (names, message, related) in [
        (&["`a`"][..], "something", 0),
        (&["`a`", "`b`"], "`a` and `b` are wrong.", 1),
        (&["`a`", "`b`", "`c`"], "`a`, `b` and 1 more are wrong.", 2),
        (
            &["`a`", "`b`", "`c`", "`d`"],
            "`a`, `b` and 2 more are wrong.",
            3,
        ),
        (
            &["`a`", "`b`", "`c`", "`d`", "`e`"],
            "`a`, `b` and 3 more are wrong.",
            4,
        ),
        // One name is told as it is of one place.
        (&["`a`", "`a`"], "something", 1),
        (&["`a`", "`b`", "`a`"], "`a` and `b` are wrong.", 2),
    ] {
        let findings = names.iter().zip(0..).map(|(name, place)| {
            at(&missing_effect::RULE, place..place + 1).same(same(0, "k", name))
        });
        let found = merged(findings.collect());
        assert_eq!(found.len(), 1, "{names:?}");
        assert_eq!(found[0].message, message);
        assert_eq!(found[0].related.len(), related, "{names:?}");
        let one_name = message == "something";
        assert_eq!(found[0].help, if one_name { "" } else { "Mend them." });
    }
}

#[test]
fn what_has_its_own_reason_is_told_by_itself() {
    let of = |rule: &'static Rule, level, within, key: &str| {
        at(rule, 0..1).level(level).same(same(within, key, "`a`"))
    };
    let rule = &missing_effect::RULE;
    let one = || of(rule, Level::Error, 0, "k");
    for (other, count) in [
        (of(rule, Level::Error, 0, "k"), 1),
        (of(&missing_version::RULE, Level::Error, 0, "k"), 2),
        (of(rule, Level::Warning, 0, "k"), 2),
        (of(rule, Level::Error, 20, "k"), 2),
        (of(rule, Level::Error, 0, "l"), 2),
        (at(rule, 0..1).level(Level::Error), 2),
    ] {
        let shown = format!("{other:?}");
        assert_eq!(merged(vec![one(), other]).len(), count, "{shown}");
    }
    let alone = || at(rule, 0..1);
    assert_eq!(merged(vec![alone(), alone()]).len(), 2);
}

#[test]
fn only_fixes_that_do_the_same_are_one() {
    let fixed = |title: &str, several: Option<&str>, safety| {
        let finding = at(&missing_effect::RULE, 0..1).same(same(0, "k", "`a`"));
        let finding = finding.fix(title, safety, |_| Some(Fix::default()));
        match several {
            Some(title) => finding.fix_of_several(title),
            None => finding,
        }
    };
    let (safe, not_safe) = (Safety::Safe, Safety::Unsafe);
    for (one, other, titles) in [
        (
            fixed("Mend", None, safe),
            fixed("Mend", None, safe),
            &["Mend"][..],
        ),
        (
            fixed("Mend", None, safe),
            fixed("Mend", None, not_safe),
            &["Mend", "Mend"],
        ),
        (
            fixed("Mend a", None, safe),
            fixed("Mend b", None, safe),
            &["Mend a", "Mend b"],
        ),
        (
            fixed("Mend a", Some("Mend them"), safe),
            fixed("Mend b", Some("Mend them"), safe),
            &["Mend them"],
        ),
        (
            fixed("Mend a", Some("Mend them"), safe),
            fixed("Mend b", None, safe),
            &["Mend a", "Mend b"],
        ),
    ] {
        let found = merged(vec![one, other]);
        // Nothing to edit is no fix.
        let fixture = Fixture::new("a: 1\n", "");
        let context = fixture.context();
        let fixes = found[0].fixes(&context);
        let offered: Vec<&str> = fixes.iter().map(|fix| fix.title.as_str()).collect();
        assert_eq!(offered, titles);
        assert!(fixes.iter().all(|fix| fix.resolve(&context).is_none()));
    }
}

#[test]
fn rules_that_are_not_wanted_are_not_run() {
    let fixture = Fixture::new(TWO, "");
    let found = check_with(&fixture.context(), |rule| rule.id == RULE.id);
    assert!(
        found.iter().all(|it| it.rule.id == RULE.id) && found.len() == 2,
        "{found:?}"
    );
    let off = Fixture::new(TWO, "[rules]\nmissing-delete-counterpart = 'off'\n");
    assert!(check(&off.context()).iter().all(|it| it.rule.id != RULE.id));
    let error = Fixture::new(TWO, "[rules]\nmissing-delete-counterpart = 'error'\n");
    let found = error.findings(&RULE);
    assert!(
        found.iter().all(|it| it.level == Level::Error) && found.len() == 2,
        "{found:?}"
    );
}

/// What looks at the file as such needs no policy in it.
#[test]
fn files_without_a_policy() {
    let workflow = "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    env:\n      AWS_ACCESS_KEY_ID: ${{ secrets.A }}\n      \
                    AWS_SECRET_ACCESS_KEY: ${{ secrets.B }}\n    steps:\n      - run: aws s3 ls\n";
    let path = ".github/workflows/a.yml";
    let fixture = Fixture::at(path, workflow, Format::Yaml, "", None);
    let found = check(&fixture.context());
    let rules: Vec<&str> = found.iter().map(|it| it.rule.id).collect();
    assert_eq!(rules, ["long-lived-key"]);
    let again = crate::Incremental::default().check(&fixture.context());
    assert_eq!(again.len(), 1);
}
