//! Buckets, and the objects in them.

use super::*;

#[test]
fn actions_on_objects_get_what_is_in_the_bucket() {
    for (actions, resource, wanted) in [
        ("'s3:GetObject'", "'arn:aws:s3:::b'", "arn:aws:s3:::b/*"),
        (
            "['s3:GetObject', 's3:PutObject']",
            "['arn:aws:s3:::b']",
            "['arn:aws:s3:::b/*']",
        ),
        (
            "['s3:ListBucket', 's3:GetObject']",
            "['arn:aws:s3:::b']",
            "['arn:aws:s3:::b', 'arn:aws:s3:::b/*']",
        ),
    ] {
        let text = |resource: &str| {
            format!("Statement: [{{Effect: Allow, Action: {actions}, Resource: {resource}}}]\n")
        };
        let mended = fixed_text(&RULE, &text(resource), "");
        assert_eq!(mended.replace('\'', ""), text(wanted).replace('\'', ""));
    }
    // A name that is open at its end takes in objects, and what isn't a bucket has none.
    for resource in [
        "'arn:aws:s3:::b*'",
        "'arn:aws:sqs:eu-west-1:111111111111:q'",
    ] {
        let text = format!(
            "Statement: [{{Effect: Allow, Action: 's3:GetObject', Resource: {resource}}}]\n"
        );
        assert!(Fixture::new(&text, "").fixes(&RULE).is_empty(), "{text}");
    }
    let template = "Resources:
  Bucket:
    Type: AWS::S3::Bucket
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: s3:GetObject
                Resource: !GetAtt Bucket.Arn
";
    assert_eq!(
        fixed_text(&RULE, template, ""),
        template.replace("!GetAtt Bucket.Arn", "!Sub '${Bucket.Arn}/*'")
    );
    let module = "resource \"aws_s3_bucket\" \"b\" {
  bucket = \"b\"
}

resource \"aws_iam_role_policy\" \"p\" {
  role   = \"app\"
  policy = data.aws_iam_policy_document.p.json
}

data \"aws_iam_policy_document\" \"p\" {
  statement {
    actions   = [\"s3:GetObject\"]
    resources = [aws_s3_bucket.b.arn]
  }
}
";
    assert_eq!(
        fixed_text(&RULE, module, ""),
        module.replace("aws_s3_bucket.b.arn]", "\"${aws_s3_bucket.b.arn}/*\"]")
    );
}

/// The statement after the fixes in bulk.
fn in_bulk(statement: &str, wanted: &str) {
    for (path, before, after) in [
        (
            "policy.yaml",
            format!("Version: '2012-10-17'\nStatement:\n  - {statement}\n"),
            format!("Version: '2012-10-17'\nStatement:\n  - {wanted}\n"),
        ),
        (
            "policy.json",
            format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statement}]}}\n"),
            format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{wanted}]}}\n"),
        ),
    ] {
        assert_eq!(mended_in_bulk(&before, path), after);
    }
}

#[test]
fn a_bucket_beside_objects_of_others_gets_what_is_in_it() {
    let statement = |actions: &str, resources: &str| {
        format!("{{\"Effect\": \"Allow\", \"Action\": [{actions}], \"Resource\": [{resources}]}}")
    };
    let objects = r#""s3:GetObject", "s3:PutObject""#;
    for (actions, before, after) in [
        (
            objects,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::thumbs/*""#,
            r#""arn:aws:s3:::uploads/*", "arn:aws:s3:::thumbs/*""#,
        ),
        (
            objects,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::thumbs/*", "arn:aws:s3:::logs""#,
            r#""arn:aws:s3:::uploads/*", "arn:aws:s3:::thumbs/*", "arn:aws:s3:::logs/*""#,
        ),
        // Its objects are named already, by themselves or by what takes them in.
        (
            objects,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::uploads/*""#,
            r#""arn:aws:s3:::uploads/*""#,
        ),
        (
            objects,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::*/*""#,
            r#""arn:aws:s3:::*/*""#,
        ),
        (
            objects,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::uploads/*", "arn:aws:s3:::thumbs", "arn:aws:s3:::logs/*""#,
            r#""arn:aws:s3:::uploads/*", "arn:aws:s3:::thumbs/*", "arn:aws:s3:::logs/*""#,
        ),
        // Nothing is there for objects.
        (
            r#""sqs:SendMessage""#,
            r#""arn:aws:s3:::uploads", "arn:aws:sqs:eu-west-1:111111111111:jobs""#,
            r#""arn:aws:sqs:eu-west-1:111111111111:jobs""#,
        ),
        // What works on buckets keeps them.
        (
            r#""s3:GetObject", "s3:ListBucket""#,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::thumbs""#,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::uploads/*", "arn:aws:s3:::thumbs", "arn:aws:s3:::thumbs/*""#,
        ),
        // Each has its own: nothing is wrong.
        (
            r#""s3:GetObject", "s3:ListBucket""#,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::thumbs/*""#,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::thumbs/*""#,
        ),
        // Some of its objects may be all that was meant.
        (
            objects,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::uploads/public/*""#,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::uploads/public/*""#,
        ),
    ] {
        in_bulk(&statement(actions, before), &statement(actions, after));
    }
    // Both are choices there.
    let text = format!(
        "Statement: [{}]\n",
        statement(
            objects,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::uploads/public/*""#
        )
    );
    let findings = Fixture::new(&text, "").findings(&RULE);
    let fixes = findings.iter().flat_map(|of| &of.fixes);
    let titles: Vec<_> = fixes.map(|of| of.title.as_str()).collect();
    assert_eq!(
        titles,
        ["Change to the bucket's objects (/*)", "Remove the resource"]
    );
    // What it grants is said.
    let text = text.replace("uploads/public", "thumbs");
    let fixes = Fixture::new(&text, "").fixes(&RULE);
    let adds: Vec<_> = fixes.iter().flat_map(|of| &of.adds).collect();
    assert_eq!(
        adds,
        [
            "s3:GetObject on arn:aws:s3:::uploads/*",
            "s3:PutObject on arn:aws:s3:::uploads/*"
        ]
    );
}

#[test]
fn buckets_of_templates_and_modules_get_what_is_in_them() {
    let template = |resources: &str| {
        format!(
            "Resources:
  B:
    Type: AWS::S3::Bucket
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: [s3:GetObject, s3:PutObject]
            Resource: # both
              - {resources} # uploads
              - 'arn:aws:s3:::thumbs/*' # thumbs
"
        )
    };
    for (before, after) in [
        ("!GetAtt B.Arn", "!Sub '${B.Arn}/*'"),
        ("!Sub '${B.Arn}'", "!Sub '${B.Arn}/*'"),
        ("!Sub 'arn:aws:s3:::${B}'", "!Sub 'arn:aws:s3:::${B}/*'"),
        // It can't be written behind this one, and isn't taken out for that.
        (
            "!Join ['', ['arn:aws:s3:::', !Ref B]]",
            "!Join ['', ['arn:aws:s3:::', !Ref B]]",
        ),
    ] {
        assert_eq!(
            mended_in_bulk(&template(before), "template.yaml"),
            template(after)
        );
    }
    let named = template("!GetAtt B.Arn # it\n              - !Sub '${B.Arn}/*'");
    assert_eq!(
        mended_in_bulk(&named, "template.yaml"),
        named.replace("              - !GetAtt B.Arn # it\n", "")
    );
    let module = |resources: &str| {
        format!(
            "resource \"aws_s3_bucket\" \"b\" {{}}

resource \"aws_iam_role_policy\" \"p\" {{
  role   = \"app\"
  policy = data.aws_iam_policy_document.p.json
}}

data \"aws_iam_policy_document\" \"p\" {{
  statement {{
    actions   = [\"s3:GetObject\"]
    resources = [{resources}]
  }}
}}
"
        )
    };
    for (before, after) in [
        (
            "aws_s3_bucket.b.arn, \"arn:aws:s3:::thumbs/*\"",
            "\"${aws_s3_bucket.b.arn}/*\", \"arn:aws:s3:::thumbs/*\"",
        ),
        (
            "\"${aws_s3_bucket.b.arn}\", \"arn:aws:s3:::thumbs/*\"",
            "\"${aws_s3_bucket.b.arn}/*\", \"arn:aws:s3:::thumbs/*\"",
        ),
        (
            "aws_s3_bucket.b.arn, \"${aws_s3_bucket.b.arn}/*\", \"arn:aws:s3:::thumbs/*\"",
            "\"${aws_s3_bucket.b.arn}/*\", \"arn:aws:s3:::thumbs/*\"",
        ),
    ] {
        assert_eq!(mended_in_bulk(&module(before), "main.tf"), module(after));
    }
    let list =
        |resources: &str| module(resources).replace("[\"s3:Get", "[\"s3:ListBucket\", \"s3:Get");
    for before in ["aws_s3_bucket.b.arn", "\"${aws_s3_bucket.b.arn}\""] {
        let objects = "\"${aws_s3_bucket.b.arn}/*\"";
        assert_eq!(mended_in_bulk(&module(before), "main.tf"), module(objects));
        assert_eq!(
            mended_in_bulk(&list(before), "main.tf"),
            list(&format!("{before}, {objects}"))
        );
    }
    let encoded = |resource: &str| {
        format!(
            "resource \"aws_s3_bucket\" \"b\" {{}}

resource \"aws_iam_role_policy\" \"p\" {{
  role   = \"app\"
  policy = jsonencode({{
    Version = \"2012-10-17\"
    Statement = [{{
      Effect   = \"Allow\"
      Action   = [\"s3:ListBucket\", \"s3:GetObject\"]
      Resource = {resource}
    }}]
  }})
}}
"
        )
    };
    let mended = mended_in_bulk(&encoded("\"${aws_s3_bucket.b.arn}\""), "main.tf");
    assert_eq!(
        mended.split_whitespace().collect::<String>(),
        encoded("[\"${aws_s3_bucket.b.arn}\",\"${aws_s3_bucket.b.arn}/*\"]")
            .split_whitespace()
            .collect::<String>()
    );
}

#[test]
fn actions_on_streams_get_what_is_in_the_log_group() {
    let module = |actions: &str, resources: &str| {
        format!(
            "resource \"aws_cloudwatch_log_group\" \"g\" {{\n  name = \"/aws/shop\"\n}}\ndata \"aws_iam_policy_document\" \"p\" {{\n  statement {{\n    actions   = [{actions}]\n    resources = [{resources}]\n  }}\n}}\n"
        )
    };
    let group = "aws_cloudwatch_log_group.g.arn";
    let streams = "\"${aws_cloudwatch_log_group.g.arn}:*\"";
    for (actions, before, after) in [
        ("\"logs:PutLogEvents\"", group, streams.to_owned()),
        (
            "\"logs:CreateLogStream\", \"logs:PutLogEvents\"",
            "\"${aws_cloudwatch_log_group.g.arn}\"",
            streams.to_owned(),
        ),
        (
            "\"logs:PutRetentionPolicy\", \"logs:PutLogEvents\"",
            group,
            format!("{group}, {streams}"),
        ),
    ] {
        let mended = fixed_text(&RULE, &module(actions, before), "");
        assert_eq!(mended, module(actions, &after), "{actions}");
    }
    let plain = |resource: &str| {
        format!(
            "Statement: [{{Effect: Allow, Action: 'logs:PutLogEvents', Resource: '{resource}'}}]\n"
        )
    };
    let group = "arn:aws:logs:eu-west-1:111111111111:log-group:/aws/shop";
    let mended = fixed_text(&RULE, &plain(group), "");
    assert_eq!(mended, plain(&format!("{group}:*")));
    // What has streams in it already, and what works on the group.
    for text in [
        module("\"logs:PutLogEvents\"", streams),
        module(
            "\"logs:PutRetentionPolicy\"",
            "aws_cloudwatch_log_group.g.arn",
        ),
        plain("arn:aws:logs:eu-west-1:111111111111:log-group:/aws/shop*"),
    ] {
        assert!(Fixture::new(&text, "").fixes(&RULE).is_empty(), "{text}");
    }
}

#[test]
fn a_bucket_alone_is_a_reference() {
    let template = |actions: &str, resource: &str| {
        format!(
            "Resources:\n  B:\n    Type: AWS::S3::Bucket\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n          - Effect: Allow\n            Action: {actions}\n            Resource: {resource}\n"
        )
    };
    for (actions, before, after) in [
        ("s3:ListBucket", "!Sub '${B.Arn}/*'", "!GetAtt B.Arn"),
        (
            "[s3:GetObject, s3:ListBucket]",
            "[!Sub '${B.Arn}/*']",
            "[!Sub '${B.Arn}/*', !GetAtt B.Arn]",
        ),
        (
            "s3:ListBucket",
            "!Sub 'arn:aws:s3:::${B}/*'",
            "!Sub 'arn:aws:s3:::${B}'",
        ),
        (
            "s3:ListBucket",
            "{'Fn::Sub': '${B.Arn}/*'}",
            "{'Fn::GetAtt': [B, Arn]}",
        ),
    ] {
        let mended = fixed_text(&RULE, &template(actions, before), "");
        let bare = |text: &str| text.replace(['"', '\''], "");
        assert_eq!(bare(&mended), bare(&template(actions, after)), "{before}");
    }
}

#[test]
fn objects_of_an_access_point() {
    const ARN: &str = "arn:aws:s3:eu-west-1:111111111111:accesspoint/x";
    let text = |action: &str, resource: &str| {
        format!("Statement: [{{Effect: Allow, Action: {action}, Resource: {resource}}}]\n")
    };
    for (action, before, after) in [
        (
            "'s3:GetObject'",
            format!("'{ARN}'"),
            format!("'{ARN}/object/*'"),
        ),
        (
            "['s3:ListBucket', 's3:GetObject']",
            format!("['{ARN}']"),
            format!("['{ARN}', '{ARN}/object/*']"),
        ),
    ] {
        let mended = fixed_text(&RULE, &text(action, &before), "");
        assert_eq!(
            mended.replace('\'', ""),
            text(action, &after).replace('\'', "")
        );
    }
    let template = |resource: &str| {
        format!(
            "Resources:
  Ap: {{Type: AWS::S3::AccessPoint, Properties: {{Bucket: shop}}}}
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: s3:GetObject
            Resource: {resource}
"
        )
    };
    // Whether the region is known or not.
    for config in ["", "[deploy]\nregions = ['eu-west-1']\n"] {
        for (before, after) in [
            ("!GetAtt Ap.Arn", "!Sub '${Ap.Arn}/object/*'"),
            (
                "!Sub 'arn:aws:s3:${AWS::Region}:${AWS::AccountId}:accesspoint/${Ap}'",
                "!Sub 'arn:aws:s3:${AWS::Region}:${AWS::AccountId}:accesspoint/${Ap}/object/*'",
            ),
        ] {
            let mended = fixed_text(&RULE, &template(before), config);
            assert_eq!(mended.replace('"', "'"), template(after));
        }
    }
    for resource in [
        "!Sub '${Ap.Arn}/object/*'",
        "!Sub '${Ap.Arn}/*'",
        "!Sub 'arn:aws:s3:${Where}:111111111111:accesspoint/${Ap}/object/*'",
        "!Sub 'arn:aws:s3:${Where}:${Who}:x/*'",
    ] {
        check(&RULE, &template(resource), "");
    }
}
