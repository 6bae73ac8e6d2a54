//! What the rules don't read while they find, or read in their own unit anyway, would be taken down all the same.

use leastwise_model::Config;
use leastwise_syntax::trace::without;
use leastwise_syntax::{Format, Tree};
use leastwise_workspace::askers::Askers;

use super::*;
use crate::support::answers::Answers;

/// Two modules' policies, of which the second one changes.
fn module(other: &str) -> String {
    format!(
        "data \"aws_caller_identity\" \"a\" {{}}
data \"aws_caller_identity\" \"b\" {{}}
resource \"aws_iam_role_policy\" \"one\" {{
  role   = aws_iam_role.one.name
  policy = jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = \"s3:GetObject\", Resource = \"*\" }}] }})
}}
resource \"aws_iam_role\" \"worker\" {{
  inline_policy {{
    policy = jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = \"cloudformation:CreateStack\", Resource = \"{other}\" }}] }})
  }}
}}
"
    )
}

/// Whether what somebody has read in the first unit of a file holds for the file with another policy in the second one.
fn holds(other: &str, read: impl Fn(&Context<'_>)) -> bool {
    let trees = ["*", other].map(|other| Tree::parse(module(other), Format::Hcl));
    let analyses = trees.each_ref().map(|tree| {
        let config = Arc::new(Config::parse("[app]\nprefix = 'shop'\n"));
        Analysis::new(tree, "main.tf", config)
    });
    let [before, after] = [0, 1].map(|at| Context::new(&trees[at], &analyses[at]));
    let mut now = Now::of(&before);
    let regions = Arc::clone(now.regions.spans());
    assert_eq!(regions.len(), 2);
    let unit = units(&before).remove(0);
    let seen = before.tree.watched(regions, || {
        read(&before);
        Vec::new()
    });
    let known = Known::of(&before, unit, seen, &mut now);
    Now::of(&after).holds(&known)
}

#[test]
fn nothing_but_what_was_read_counts() {
    assert!(holds("sqs", |_| {}));
}

#[test]
fn the_whole_text() {
    let read = |context: &Context<'_>| drop(context.tree.source().to_owned());
    assert!(holds("*", read));
    assert!(!holds("sqs", read));
    assert!(without("whole", || holds("sqs", read)));
}

#[test]
fn what_others_have_worked_out() {
    let read = |context: &Context<'_>| drop(context.analysis.spelling(context.tree).cloned());
    let account = "arn:aws:sqs:eu-west-1:${data.aws_caller_identity.b.account_id}:a";
    assert!(holds("sqs", read));
    assert!(!holds(account, read));
    assert!(without("facts", || holds(account, read)));
}

#[test]
fn answers_that_are_kept() {
    let read = |context: &Context<'_>| {
        let answers = Answers::default();
        let ask = || {
            let site = &context.analysis.sites[1];
            answers.get(context, "statements", || {
                format!("{:?}", site.policy(context.tree))
            })
        };
        // Whoever asks first isn't noted; who asks later has read it, too.
        context.tree.watched(Arc::default(), ask);
        ask();
    };
    assert!(!holds("sqs", read));
    assert!(without("answers", || holds("sqs", read)));
}

#[test]
fn whether_an_owner_deploys() {
    let read = |context: &Context<'_>| {
        let deploys = || {
            let owners = 0..context.analysis.owners.len();
            owners.for_each(|owner| {
                context.analysis.deploys(context.tree, owner);
            });
        };
        context.tree.watched(Arc::default(), deploys);
        deploys();
    };
    assert!(!holds("sqs", read));
    assert!(without("Deploys", || holds("sqs", read)));
}

#[test]
fn a_check_that_is_given_up_loses_nothing() {
    let config = Arc::new(Config::parse("[app]\nprefix = 'shop'\n"));
    let texts = [module("*"), module("sqs:*")];
    let trees = texts.map(|text| Tree::parse(text, Format::Hcl));
    let analyses = trees
        .each_ref()
        .map(|tree| Analysis::new(tree, "main.tf", Arc::clone(&config)));
    let [first, second] = [0, 1].map(|at| Context::new(&trees[at], &analyses[at]));
    let told = |found: Vec<Finding>| -> Vec<(Span, String)> {
        let found = found.into_iter();
        found.map(|one| (one.span, one.message)).collect()
    };
    let expected = [&first, &second].map(|context| told(crate::check(context)));
    assert_ne!(expected[0], expected[1]);

    let askers = Askers::nobody();
    let mut known = Incremental::default();
    askers.comes();
    assert!(known.check_unless(&first.unless(Some(&askers))).is_none());
    assert_eq!(known.looked_at(), 0);
    askers.goes();
    let found = known.check_unless(&first.unless(Some(&askers)));
    assert_eq!(found.map(told).as_ref(), Some(&expected[0]));
    assert_eq!(known.looked_at(), units(&first).len());

    // What hasn't changed meanwhile is still known.
    askers.comes();
    assert!(known.check_unless(&second.unless(Some(&askers))).is_none());
    let found = known.check_unless(&second);
    assert_eq!(found.map(told).as_ref(), Some(&expected[1]));
    assert_eq!(known.looked_at(), 1);
    // Whoever needs all that is said doesn't care who waits.
    assert_eq!(
        told(known.check(&second.unless(Some(&askers)))),
        expected[1]
    );
}
