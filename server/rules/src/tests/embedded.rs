//! Documents in strings, beyond what the table of all dialects has.

use super::fixture::Fixture;

#[test]
fn ignores_in_yaml_in_a_string() {
    let policy = "Version: '2012-10-17'
Statement:
  # leastwise: ignore[unknown-action] they call it so
  - {Effect: Allow, Action: 's3:GetObjct', Resource: 'arn:aws:s3:::shop-a/*'}
  - {Effect: Allow, Action: 's3:PutObjct', Resource: 'arn:aws:s3:::shop-a/*'} # leastwise: ignore
  # leastwise: ignore[unknown-action] nothing there
  - {Effect: Allow, Action: 's3:PutObject', Resource: 'arn:aws:s3:::shop-a/*'}
  - {Effect: Allow, Action: 's3:ListObjct', Resource: 'arn:aws:s3:::shop-a/*'}
";
    let text = format!(
        "Resources:
  ShopDeployer:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: |
        {}
",
        policy.replace('\n', "\n        ")
    );
    let fixture = Fixture::new(&text, "");
    let found: Vec<_> = crate::check(&fixture.context())
        .into_iter()
        .filter(|finding| ["unknown-action", "unused-ignore"].contains(&finding.rule.id))
        .map(|finding| text[finding.span.range()].to_owned())
        .collect();
    assert_eq!(
        found,
        [
            "# leastwise: ignore[unknown-action] nothing there",
            "ListObjct"
        ]
    );
}
