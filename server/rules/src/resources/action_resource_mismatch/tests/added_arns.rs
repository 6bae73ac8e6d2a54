//! What else a statement allows gains nothing by an ARN that one of its actions needs.

use super::*;

fn statement(actions: &str, resources: &str) -> String {
    format!("{{\"Effect\":\"Allow\",\"Action\":[{actions}],\"Resource\":{resources}}}")
}

fn policy(statements: &[String]) -> String {
    format!(
        "{{\"Version\":\"2012-10-17\",\"Statement\":[{}]}}",
        statements.join(",")
    )
}

/// Without white space.
fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn only_what_needs_a_bucket_or_its_objects_gets_them() {
    for (actions, resource, left, moved, added) in [
        (
            r#""s3:ListBucket","s3:Put*","s3:Delete*""#,
            "arn:aws:s3:::shop-x/*",
            r#""s3:Put*","s3:Delete*""#,
            r#""s3:ListBucket""#,
            "arn:aws:s3:::shop-x",
        ),
        (
            r#""s3:ListBucket","s3:GetBucketLocation","s3:Put*""#,
            "arn:aws:s3:::shop-x/*",
            r#""s3:Put*""#,
            r#""s3:ListBucket","s3:GetBucketLocation""#,
            "arn:aws:s3:::shop-x",
        ),
        (
            r#""s3:ListMultipartUploadParts","s3:Get*""#,
            "arn:aws:s3:::shop-x",
            r#""s3:Get*""#,
            r#""s3:ListMultipartUploadParts""#,
            "arn:aws:s3:::shop-x/*",
        ),
        (
            r#""logs:PutLogEvents","logs:Get*""#,
            "arn:aws:logs:eu-west-1:111111111111:log-group:shop",
            r#""logs:Get*""#,
            r#""logs:PutLogEvents""#,
            "arn:aws:logs:eu-west-1:111111111111:log-group:shop:*",
        ),
    ] {
        let resource = format!("\"{resource}\"");
        let text = policy(&[statement(actions, &resource)]);
        let after = policy(&[
            statement(left, &resource),
            statement(moved, &format!("\"{added}\"")),
        ]);
        assert_eq!(bare(&mended_in_bulk(&text, "policy.json")), after);
        for fix in Fixture::new(&text, "").fixes(&RULE) {
            assert!(!fix.adds.is_empty());
            let names = fix
                .adds
                .iter()
                .map(|add| add.split_once(' ').map(|of| of.0));
            for name in names {
                assert!(moved.contains(name.unwrap_or_default()), "{name:?}");
            }
        }
    }
}

#[test]
fn nothing_is_moved_where_nothing_else_gains() {
    for (actions, resource, added) in [
        (
            r#""s3:ListBucket","s3:GetBucketLocation","s3:GetObject","s3:PutObject*""#,
            "arn:aws:s3:::shop-x/*",
            "arn:aws:s3:::shop-x",
        ),
        (
            r#""s3:ListBucket","s3:GetObject""#,
            "arn:aws:s3:::shop-x",
            "arn:aws:s3:::shop-x/*",
        ),
    ] {
        let text = policy(&[statement(actions, &format!("\"{resource}\""))]);
        let both = format!("[\"{resource}\",\"{added}\"]");
        let after = policy(&[statement(actions, &both)]);
        assert_eq!(bare(&mended_in_bulk(&text, "policy.json")), after);
        // All that gains is announced, also what another entry allows.
        let announced: Vec<_> = Fixture::new(&text, "").fixes(&RULE);
        let first = announced.first().map(|fix| fix.adds.len());
        let needing = actions.matches("Bucket").count();
        assert_eq!(first, Some(if added.ends_with('*') { 1 } else { needing }));
    }
}

#[test]
fn what_cannot_be_moved_is_offered_with_all_that_it_brings() {
    // What the element that nobody knows is there for can't be told: no statement is split.
    let text = statement(r#""s3:ListBucket","s3:Put*""#, r#""arn:aws:s3:::shop-x/*""#);
    let text = policy(&[text.replacen('{', "{\"Rule\":1,", 1)]);
    assert_eq!(mended_in_bulk(&text, "policy.json"), text);
    let findings = Fixture::new(&text, "").findings(&RULE);
    let safeties: Vec<_> = findings
        .iter()
        .flat_map(|of| of.fixes.iter().map(|fix| (fix.title.clone(), fix.safety)))
        .collect();
    let title = "Add the bucket next to its objects".to_owned();
    assert_eq!(safeties, [(title, Safety::Manual)]);
    let fixes = Fixture::new(&text, "").fixes(&RULE);
    let adds: Vec<_> = fixes.iter().flat_map(|fix| &fix.adds).collect();
    for name in ["s3:ListBucket on ", "s3:PutBucketPolicy on "] {
        assert!(adds.iter().any(|add| add.starts_with(name)), "{adds:?}");
    }
}
