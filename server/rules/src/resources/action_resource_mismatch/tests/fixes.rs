//! Fixes in the file's own style.

use super::*;

#[test]
fn mends_joined_texts_and_keeps_comments() {
    let text = "\
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: s3:ListBucket # the list
            Resource: # of
              - !Join ['', [!Ref BucketArn, '/*']] # one
              - !Join ['', ['arn:aws:s3:::', b, '/*']] # two
";
    // The first can't be told, so nothing is found as long as it is there.
    check(&RULE, text, "");
    let second = text.replace(
        "              - !Join ['', [!Ref BucketArn, '/*']] # one\n",
        "",
    );
    assert!(Fixture::new(&second, "").fixes(&RULE).is_empty());
    let own = second.replace("['arn:aws:s3:::', b, '/*']", "['arn:aws:s3:::b', '/*']");
    let mended = own.replace("!Join ['', ['arn:aws:s3:::b', '/*']]", "'arn:aws:s3:::b'");
    assert_eq!(fixed_text(&RULE, &own, ""), mended);
}

#[test]
fn mends_the_long_form() {
    let text = r#"{
  "Resources": {
    "P": {
      "Type": "AWS::IAM::ManagedPolicy",
      "Properties": {
        "PolicyDocument": {
          "Statement": [
            {
              "Effect": "Allow",
              "Action": ["s3:PutObject", "s3:ListBucket"],
              "Resource": {"Fn::Sub": "arn:aws:s3:::${AppId}/*"}
            }
          ]
        }
      }
    }
  }
}
"#;
    let mended = fixed_text(&RULE, text, "[app]\nprefix = 'shop'\nvariables = ['AppId']");
    assert!(
        mended.contains(r#"{"Fn::Sub": "arn:aws:s3:::${AppId}"}"#),
        "{mended}"
    );
}
