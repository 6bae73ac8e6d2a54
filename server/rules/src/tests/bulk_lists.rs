//! Many fixes of one list, in bulk.

use super::bulk::{CONFIG, mended, worked_out};
use super::fixture::Fixture;
use crate::engine::Applied;
use crate::work;

/// What a file is after its fixes. With ten times the findings in one list it takes no more rounds, and ten times the work.
fn all(path: &str, text: impl Fn(usize) -> String) -> (String, Vec<Applied>) {
    let cost = |count: usize| {
        let mut rounds = 0;
        let work = work::of(|| rounds = worked_out(&text(count), path).rounds);
        (rounds, work)
    };
    let ((few, short), (many, long)) = (cost(20), cost(200));
    assert_eq!(few, many, "{path}");
    assert!(long <= short * 13, "{path}: {short}, then {long}");
    mended(&text(3), path)
}

fn each(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect()
}

#[test]
fn references_in_one_list_are_named_together() {
    let text = |count: usize| {
        let buckets = each(count, |at| {
            format!("  B{at}: {{Type: 'AWS::S3::Bucket'}}\n")
        });
        let items = each(count, |at| format!("              - !Ref B{at} # {at}\n"));
        format!(
            "Resources:
{buckets}  M:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: s3:GetObject
            Resource:
{items}"
        )
    };
    let (after, applied) = all("shop.yaml", text);
    for at in 0..3 {
        let item = format!("              - !Sub '${{B{at}.Arn}}/*' # {at}\n");
        assert!(after.contains(&item), "{after}");
    }
    assert_eq!(applied.len(), 3);
    let module = |count: usize| {
        let buckets = each(count, |at| {
            format!("resource \"aws_s3_bucket\" \"b{at}\" {{}}\n")
        });
        let items = each(count, |at| format!("      aws_s3_bucket.b{at}.id,\n"));
        format!(
            "{buckets}data \"aws_iam_policy_document\" \"d\" {{
  statement {{
    actions = [\"s3:GetObject\"]
    resources = [
{items}    ]
  }}
}}
"
        )
    };
    let (after, _) = all("main.tf", module);
    for at in 0..3 {
        let item = format!("      \"${{aws_s3_bucket.b{at}.arn}}/*\",\n");
        assert!(after.contains(&item), "{after}");
    }
}

#[test]
fn texts_in_one_list_are_put_into_functions_together() {
    let text = |count: usize| {
        let buckets = each(count, |at| {
            format!("\"B{at}\": {{\"Type\": \"AWS::S3::Bucket\"}}, ")
        });
        let items = each(count, |at| format!("\"arn:aws:s3:::${{B{at}}}/*\", "));
        let items = items.trim_end_matches(", ");
        format!(
            "{{\"Resources\": {{{buckets}\"M\": {{\"Type\": \"AWS::IAM::ManagedPolicy\", \"Properties\": {{\"PolicyDocument\":
{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": [{items}]}}]}}}}}}}}}}"
        )
    };
    let (after, _) = all("shop.json", text);
    assert_eq!(
        after.matches("{\"Fn::Sub\": \"arn:aws:s3:::${B").count(),
        3,
        "{after}"
    );
}

#[test]
fn what_stands_beside_what_was_meant_goes_together() {
    let slips = |count: usize, one: &dyn Fn(usize) -> String| each(count, one);
    let plain = |count: usize| {
        let items = slips(count, &|at| format!("s3:Get{at}Object, "));
        format!(
            "Version: '2012-10-17'\nStatement: [{{Effect: Allow, Action: [s3:GetObject, {items}'s3:PutObject'], Resource: 'arn:aws:s3:::b/*'}}]\n"
        )
    };
    let (after, applied) = all("shop.yaml", plain);
    assert!(
        after.contains("Action: [s3:GetObject, 's3:PutObject']"),
        "{after}"
    );
    assert_eq!(applied.len(), 3);
    let rows = |count: usize| {
        let items = slips(count, &|at| format!("      - s3:Get{at}Object # {at}\n"));
        format!(
            "Version: '2012-10-17'
Statement:
  - Effect: Allow
    Resource: 'arn:aws:s3:::b/*'
    Action:
      # What is read:
      - s3:GetObject
      # What was read:
{items}  - {{Effect: Deny, Action: 's3:*', Resource: 'arn:aws:s3:::c/*'}}
"
        )
    };
    let (after, _) = all("rows.yaml", rows);
    let whole = rows(0).replace("      # What was read:\n", "");
    assert_eq!(after, whole);
    let module = |count: usize| {
        let items = slips(count, &|at| format!("      \"s3:Get{at}Object\",\n"));
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{
  statement {{
    resources = [\"arn:aws:s3:::b/*\"]
    actions = [
      \"s3:GetObject\",
{items}    ]
  }}
}}
"
        )
    };
    assert_eq!(all("main.tf", module).0, module(0));
}

#[test]
fn fixes_of_several_rules_in_one_statement_come_one_after_the_other() {
    let text = "Resources:
  B: {Type: 'AWS::S3::Bucket'}
  M:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: [s3:GetObject, s3:GetObjct]
            Resource: [!Ref B, 'arn:aws:s3:::${B}']
";
    let fixture = Fixture::new(text, CONFIG);
    let (_, round) = crate::engine::round(&fixture.context(), &|_, _| true);
    let rules: Vec<_> = round.iter().map(|applied| applied.rule).collect();
    assert_eq!(rules, ["unknown-action"]);
}

#[test]
fn no_list_is_emptied_together() {
    let text = "Version: '2012-10-17'
Statement:
  - {Effect: Allow, Action: [s3:GetObject, s3:GetObjct, s3:GetObjec], Resource: 'arn:aws:s3:::b/*'}
";
    let fixture = Fixture::new(text, "");
    let context = fixture.context();
    let findings = fixture.findings(&crate::actions::unknown_action::RULE);
    let rule = findings[0].rule;
    let fixes = findings.iter().map(|of| of.fixes[0].resolve(&context));
    let fixes: Vec<_> = fixes.map(|fix| fix.expect("a fix")).collect();
    let mut taken = crate::round::Taken::of(&context);
    assert!(taken.take(rule, &fixes[0]));
    // What is changed already isn't changed twice.
    assert!(!taken.take(rule, &fixes[0]));
    assert!(taken.take(rule, &fixes[1]));
    // The last one would go, too.
    let mut last = fixes[1].clone();
    let leastwise_syntax::write::Edit::RemoveItem { list, item } = &mut last.apart[0] else {
        panic!("{last:?}");
    };
    *item = context.tree.items(*list).expect("a list")[0];
    assert!(!taken.take(rule, &last));
}
