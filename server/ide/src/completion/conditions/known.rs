//! What condition keys can hold whose values are a set that AWS documents.

use leastwise_policy::regions;

use super::super::order::{LikelyServices, Rank};
use super::super::{CompletionList, CompletionRequest, Offer, resources, write};
use crate::CompletionKind;
use crate::limits::OFFERED_ENVIRONMENTS;
use crate::position::{Manner, Quote};

/// Keys in lower case, each with its values, those that are wanted most often first; by AWS's pages of the keys of
/// [every request](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html),
/// [S3](https://docs.aws.amazon.com/AmazonS3/latest/userguide/list_amazons3.html),
/// [KMS](https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html),
/// [EC2](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html) and others, and of the calls whose
/// parameters they are.
const VALUES: [(&str, &[&str]); 24] = [
    (
        "aws:principaltype",
        &[
            "AssumedRole",
            "User",
            "Account",
            "FederatedUser",
            "Anonymous",
        ],
    ),
    (
        "s3:x-amz-acl",
        &[
            "bucket-owner-full-control",
            "private",
            "public-read",
            "public-read-write",
            "authenticated-read",
            "bucket-owner-read",
            "aws-exec-read",
            "log-delivery-write",
        ],
    ),
    (
        "s3:x-amz-server-side-encryption",
        &["aws:kms", "AES256", "aws:kms:dsse"],
    ),
    (
        "s3:x-amz-storage-class",
        &[
            "STANDARD",
            "STANDARD_IA",
            "INTELLIGENT_TIERING",
            "ONEZONE_IA",
            "GLACIER_IR",
            "GLACIER",
            "DEEP_ARCHIVE",
        ],
    ),
    (
        "s3:x-amz-object-ownership",
        &[
            "BucketOwnerEnforced",
            "BucketOwnerPreferred",
            "ObjectWriter",
        ],
    ),
    ("s3:object-lock-mode", &["COMPLIANCE", "GOVERNANCE"]),
    ("s3:object-lock-legal-hold", &["ON", "OFF"]),
    ("s3:signatureversion", &["AWS4-HMAC-SHA256", "AWS"]),
    ("s3:authtype", &["REST-HEADER", "REST-QUERY-STRING", "POST"]),
    ("s3:tlsversion", &["1.2", "1.3"]),
    (
        "kms:encryptionalgorithm",
        &[
            "SYMMETRIC_DEFAULT",
            "RSAES_OAEP_SHA_256",
            "RSAES_OAEP_SHA_1",
            "SM2PKE",
        ],
    ),
    (
        "kms:keyspec",
        &[
            "SYMMETRIC_DEFAULT",
            "RSA_2048",
            "RSA_3072",
            "RSA_4096",
            "ECC_NIST_P256",
            "ECC_NIST_P384",
            "ECC_NIST_P521",
            "ECC_SECG_P256K1",
            "HMAC_224",
            "HMAC_256",
            "HMAC_384",
            "HMAC_512",
            "SM2",
        ],
    ),
    (
        "kms:keyusage",
        &[
            "ENCRYPT_DECRYPT",
            "SIGN_VERIFY",
            "GENERATE_VERIFY_MAC",
            "KEY_AGREEMENT",
        ],
    ),
    (
        "kms:keyorigin",
        &["AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"],
    ),
    ("kms:messagetype", &["RAW", "DIGEST", "EXTERNAL_MU"]),
    (
        "kms:grantoperations",
        &[
            "Decrypt",
            "Encrypt",
            "GenerateDataKey",
            "GenerateDataKeyWithoutPlaintext",
            "ReEncryptFrom",
            "ReEncryptTo",
            "DescribeKey",
            "CreateGrant",
            "RetireGrant",
            "Sign",
            "Verify",
            "GetPublicKey",
        ],
    ),
    (
        "ec2:createaction",
        &[
            "RunInstances",
            "CreateVolume",
            "CreateSnapshot",
            "CreateSecurityGroup",
            "CreateNetworkInterface",
            "CreateImage",
            "CreateLaunchTemplate",
            "CreateVpcEndpoint",
        ],
    ),
    ("ec2:metadatahttptokens", &["required", "optional"]),
    ("ec2:metadatahttpendpoint", &["enabled", "disabled"]),
    ("ec2:tenancy", &["default", "dedicated", "host"]),
    ("ec2:instancemarkettype", &["spot", "capacity-block"]),
    (
        "ec2:volumetype",
        &["gp3", "gp2", "io2", "io1", "st1", "sc1", "standard"],
    ),
    ("lambda:functionurlauthtype", &["AWS_IAM", "NONE"]),
    (
        "secretsmanager:versionstage",
        &["AWSCURRENT", "AWSPREVIOUS", "AWSPENDING"],
    ),
];

/// The values of a key.
pub(super) fn values(key: &str) -> &'static [&'static str] {
    let mut known = VALUES.iter();
    let found = known.find(|(name, _)| name.eq_ignore_ascii_case(key));
    found.map_or(&[], |(_, values)| values)
}

/// Services that call KMS for whoever calls them, common ones first:
/// <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service>.
const VIA: [&str; 22] = [
    "s3",
    "dynamodb",
    "sqs",
    "sns",
    "secretsmanager",
    "ssm",
    "lambda",
    "rds",
    "ec2",
    "kinesis",
    "elasticfilesystem",
    "ecr",
    "es",
    "redshift",
    "glue",
    "backup",
    "codebuild",
    "codepipeline",
    "fsx",
    "ses",
    "workspaces",
    "acm",
];

/// Offers services with their Regions, as a request through one of them has it.
pub(super) fn via(list: &mut CompletionList<'_>) {
    let asked = list.asked;
    let likely = LikelyServices::of(asked);
    let typed = asked.typed.split_once('.').map(|(service, _)| service);
    let mut services: Vec<(bool, &str)> = VIA
        .iter()
        .filter(|name| typed.is_none_or(|typed| typed == **name))
        .map(|name| (!likely.is_of_file(name), *name))
        .collect();
    services.sort_by_key(|(is_other, _)| *is_other);
    let here = resources::regions_here(asked);
    for (place, (_, service)) in services.into_iter().enumerate() {
        let host = |region: &str| format!("{service}.{region}.amazonaws.com");
        for (index, region) in here.iter().enumerate() {
            let rank = Rank::from(0).at(place * OFFERED_ENVIRONMENTS + index);
            resources::arn(list, &host(region), String::new(), rank);
        }
        // Behind the name of a service any Region can follow.
        if typed.is_some() {
            for region in regions(asked)
                .iter()
                .filter(|region| !here.contains(region))
            {
                let own = host(region);
                text(list, &own, "", Rank::from(1));
            }
        } else if here.is_empty() {
            let begin = format!("{service}.");
            let offer = Offer {
                label: &begin,
                detail: "and the Region".to_owned(),
                kind: CompletionKind::Keyword,
                insert: &begin,
                rank: Rank::from(0).at(place),
            };
            let insert = match asked.place.quote {
                Quote::None if asked.place.manner == Manner::Yaml => begin.clone(),
                _ => write::value(asked, &begin),
            };
            list.add(offer, insert, None, true);
        }
    }
}

/// All Regions, those of the config and of the file before the others.
pub(super) fn regions(asked: &CompletionRequest<'_>) -> Vec<String> {
    let own = asked.context.config().regions.iter();
    let own = own.chain(&asked.mentioned().regions).cloned();
    let environments = asked.context.analysis.environments.iter();
    let mut partitions = environments.filter_map(|of| regions::partition(of.partition.as_ref()?));
    let partition = partitions.next().or_else(|| regions::partition("aws"));
    let others = partition.into_iter().flat_map(|known| known.regions);
    let mut found: Vec<String> = Vec::new();
    for region in own.chain(others.map(|name| (*name).to_owned())) {
        if !found.contains(&region) {
            found.push(region);
        }
    }
    found
}

/// Offers a value as it is.
pub(super) fn text(list: &mut CompletionList<'_>, word: &str, detail: &str, rank: Rank) {
    list.offer(Offer {
        label: word,
        detail: detail.to_owned(),
        kind: CompletionKind::Keyword,
        insert: word,
        rank,
    });
}
