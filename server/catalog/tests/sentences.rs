//! The sentences that are composed of the names of actions: a sample that was read.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use leastwise_catalog::catalog;

/// The sample, with how it was drawn and what each verdict means.
const SAMPLE: &str = include_str!("sentences.tsv");

/// Each row of the sample: an action, its sentence, the verdict of each reading.
fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let lines = SAMPLE.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| {
        let mut cells = line.split('\t');
        let mut next = || cells.next().unwrap_or_else(|| panic!("{line}"));
        (next(), next(), next())
    })
}

/// Somebody has to read each sentence that changes, and to say in the file whether it is right.
#[test]
fn the_sample_says_what_was_read() {
    for (name, sentence, _) in rows() {
        let (service, action) = name.split_once(':').expect(name);
        // An action that AWS drops leaves the sample smaller.
        if let Some(action) = catalog().action(service, action) {
            assert_eq!(action.sentence().as_deref(), Some(sentence), "{name}");
        }
    }
}

#[test]
fn most_of_the_sample_was_right_when_it_was_drawn() {
    let right = rows().filter(|(_, _, verdict)| verdict.starts_with("right"));
    let (right, all) = (right.count(), rows().count());
    assert_eq!(all, 300);
    assert!(right * 100 >= all * 95, "{right} of {all}");
    let second = rows().filter(|(_, _, verdict)| verdict.ends_with("twice"));
    assert_eq!(second.count(), 40);
}

/// Names that the tables don't understand have no sentence rather than a wrong one; there are few.
#[test]
fn nearly_every_action_has_a_sentence() {
    let actions = catalog().actions();
    let all = actions.len();
    let none: Vec<String> = actions
        .filter(|action| action.sentence().is_none())
        .map(|action| action.full_name())
        .collect();
    assert!(none.len() * 1000 < all, "{} of {all}: {none:?}", none.len());
}

#[test]
fn sentences_are_built_as_english_is() {
    let sentence = |name: &str| {
        let (service, name) = name.split_once(':').expect(name);
        let action = catalog().action(service, name).expect(name);
        action.sentence().expect(name)
    };
    for (name, expected) in [
        ("lambda:CreateFunction", "Creates a function"),
        ("rds:ModifyDBInstance", "Changes a DB instance"),
        (
            "ec2:DescribeVpcEndpoints",
            "Reads the details of VPC endpoints",
        ),
        ("s3:ListBucket", "Lists the objects of a bucket"),
        (
            "iam:AttachRolePolicy",
            "Attaches a managed policy to a role",
        ),
        // A property is its owner's, also where the name leaves that to the resource.
        ("sqs:GetQueueAttributes", "Reads a queue's attributes"),
        (
            "logs:PutRetentionPolicy",
            "Sets a log group's retention policy",
        ),
        (
            "ec2:DescribeImageAttribute",
            "Reads an attribute of an image",
        ),
        ("kms:ListResourceTags", "Lists a key's tags"),
        ("sns:ListTagsForResource", "Lists the tags of a topic"),
        (
            "autoscaling:DescribeAccountLimits",
            "Reads the account's limits",
        ),
        // Articles, plurals, letters.
        ("iam:CreateSAMLProvider", "Creates a SAML provider"),
        ("iam:CreateVirtualMFADevice", "Creates a virtual MFA device"),
        ("mechanicalturk:CreateHIT", "Creates a HIT"),
        ("wafv2:ListWebACLs", "Lists web ACLs"),
        ("kms:EnableKeyRotation", "Enables key rotation"),
        (
            "codebuild:BatchGetProjects",
            "Reads projects, several at once",
        ),
        (
            "cognito-idp:AdminDeleteUser",
            "Deletes a user, as an administrator",
        ),
        (
            "iam:AddRoleToInstanceProfile",
            "Adds a role to an instance profile",
        ),
        ("iot:ListThingPrincipalsV2", "Lists thing principals (V2)"),
        (
            "ec2:GetEbsEncryptionByDefault",
            "Reads whether new EBS volumes are encrypted by default",
        ),
        ("datasync:UpdateLocationSmb", "Changes an SMB location"),
        (
            "cur:UntagResource",
            "Removes tags from a cost and usage report",
        ),
        ("bedrock:DeleteInvoke", "Deletes an invocation"),
        (
            "odb:DeleteCloudExadataInfrastructure",
            "Deletes cloud Exadata infrastructure",
        ),
    ] {
        assert_eq!(sentence(name), expected, "{name}");
    }
}
