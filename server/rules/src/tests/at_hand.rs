//! Whoever asks for fixes at the place of a finding is offered those that the check has for it.

use std::fmt::Write as _;

use super::dialects::cells;
use super::documented::all_examples;
use super::fixture::Fixture;
use crate::{Context, Finding, Incremental, check};

fn shown(context: &Context<'_>, finding: &Finding) -> String {
    let mut shown = format!("{finding:?}");
    for fix in finding.fixes(context) {
        let safety = fix.safety.name();
        let _ = write!(shown, "\n  {} ({safety})", fix.title);
    }
    shown
}

/// The findings that aren't offered the same at their places.
fn differing(fixture: &Fixture) -> Vec<String> {
    let context = fixture.context();
    let mut known = Incremental::default();
    let mut faults = Vec::new();
    for finding in check(&context) {
        let wanted = shown(&context, &finding);
        let at_hand = known.check_at(&context, finding.span);
        let at_hand: Vec<String> = at_hand.iter().map(|of| shown(&context, of)).collect();
        if !at_hand.contains(&wanted) {
            let head = wanted.lines().next().unwrap_or_default();
            let head = at_hand.iter().find(|of| of.starts_with(head));
            let text = fixture.tree.source();
            faults.push(format!("{wanted}\nand at hand\n{head:?}\n{text}"));
        }
    }
    faults
}

#[test]
fn each_example_has_its_fixes_at_hand() {
    let faults: Vec<String> = all_examples().iter().flat_map(differing).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn each_dialect_has_its_fixes_at_hand() {
    let faults: Vec<String> = cells().iter().flat_map(differing).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

/// What one policy takes from another, or from elsewhere in the file, stands where no policy of its own does.
#[test]
fn what_stands_elsewhere_has_its_fixes_at_hand() {
    for text in [
        "Resources:
  One:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - {Effect: Allow, Action: &shared 's3:GetObjekt', Resource: '*'}
  Two:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - {Effect: Allow, Action: *shared, Resource: '*'} # leastwise: ignore[redundant-action]
",
        "locals {
  actions = [\"s3:GetObjekt\", \"s3:getobject\"]
}

data \"aws_iam_policy_document\" \"one\" {
  statement {
    actions   = local.actions
    resources = [\"*\"]
  }
}
",
    ] {
        let fixture = Fixture::new(text, "");
        assert!(!check(&fixture.context()).is_empty(), "{text}");
        assert_eq!(differing(&fixture), Vec::<String>::new());
    }
}
