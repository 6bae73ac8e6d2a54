//! The templates that the benchmarks of several crates work on.

use std::fmt::Write as _;

use leastwise_syntax::Format;

/// Sizes to measure, in KiB.
pub const SIZES: [usize; 3] = [7, 67, 670];

/// A config with two environments.
pub const CONFIG: &str = "\
[app]
prefix = 'shop'
variables = ['AppId']
[accounts]
dev = '111111111111'
prod = '222222222222'
[deploy]
regions = ['eu-west-1']
roles = ['*DeployerRole*']
";

const ACTIONS: [(&str, &str); 4] = [
    (
        "s3:CreateBucket, s3:DeleteBucket, s3:PutBucketPolicy, s3:GetBucket*",
        "arn:aws:s3:::${AppId}-%",
    ),
    (
        "lambda:CreateFunction, lambda:DeleteFunction, lambda:UpdateFunctionCode, lambda:GetFunction",
        "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${AppId}-%",
    ),
    (
        "dynamodb:CreateTable, dynamodb:DeleteTable, dynamodb:UpdateTable, dynamodb:DescribeTable",
        "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${AppId}-%",
    ),
    (
        "sqs:CreateQueue, sqs:DeleteQueue, sqs:SetQueueAttributes, sqs:GetQueueAttributes",
        "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${AppId}-%",
    ),
];

/// A template of about `kib` KiB: roles with a policy of eight statements each.
pub fn template(format: Format, kib: usize) -> String {
    let mut out = String::new();
    let head = match format {
        Format::Yaml => {
            "AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  AppId: {Type: String}\nResources:\n"
        }
        Format::Json | Format::Jsonc => {
            "{\n  \"AWSTemplateFormatVersion\": \"2010-09-09\",\n  \"Parameters\": {\"AppId\": {\"Type\": \"String\"}},\n  \"Resources\": {\n"
        }
        Format::Hcl => "data \"aws_caller_identity\" \"current\" {}\n",
    };
    out.push_str(head);
    let mut role = 0;
    while out.len() < kib << 10 {
        match format {
            Format::Yaml => {
                let _ = write!(
                    out,
                    "  Service{role}DeployerRole:\n    Type: AWS::IAM::Role\n    Properties:\n      Policies:\n        - PolicyName: deploy\n          PolicyDocument:\n            Version: '2012-10-17'\n            Statement:\n"
                );
            }
            Format::Json | Format::Jsonc => {
                let comma = if role > 0 { ",\n" } else { "" };
                let _ = write!(
                    out,
                    "{comma}    \"Service{role}DeployerRole\": {{\n      \"Type\": \"AWS::IAM::Role\",\n      \"Properties\": {{\n        \"Policies\": [{{\n          \"PolicyName\": \"deploy\",\n          \"PolicyDocument\": {{\n            \"Version\": \"2012-10-17\",\n            \"Statement\": [\n"
                );
            }
            Format::Hcl => {
                let _ = writeln!(
                    out,
                    "\ndata \"aws_iam_policy_document\" \"service_{role}_deployer\" {{"
                );
            }
        }
        for statement in 0..8 {
            let (actions, arn) = ACTIONS[statement % ACTIONS.len()];
            let arn = arn.replace('%', &format!("{role}-{statement}-*"));
            match format {
                Format::Yaml => {
                    let _ = write!(
                        out,
                        "              - Sid: Part{statement}\n                Effect: Allow\n                Action:\n"
                    );
                    for action in actions.split(", ") {
                        let _ = writeln!(out, "                  - {action}");
                    }
                    let _ = writeln!(out, "                Resource: !Sub '{arn}'");
                }
                Format::Json | Format::Jsonc => {
                    let list: Vec<String> = actions
                        .split(", ")
                        .map(|action| format!("\"{action}\""))
                        .collect();
                    let comma = if statement < 7 { "," } else { "" };
                    let _ = writeln!(
                        out,
                        "              {{\n                \"Sid\": \"Part{statement}\",\n                \"Effect\": \"Allow\",\n                \"Action\": [{}],\n                \"Resource\": {{\"Fn::Sub\": \"{arn}\"}}\n              }}{comma}",
                        list.join(", ")
                    );
                }
                Format::Hcl => {
                    let list = actions.replace(", ", "\", \"");
                    let arn = arn
                        .replace("AppId", "var.app_id")
                        .replace("AWS::Region", "data.aws_region.current.name")
                        .replace(
                            "AWS::AccountId",
                            "data.aws_caller_identity.current.account_id",
                        );
                    let _ = writeln!(
                        out,
                        "  statement {{\n    sid       = \"Part{statement}\"\n    actions   = [\"{list}\"]\n    resources = [\"{arn}\"]\n  }}"
                    );
                }
            }
        }
        if format.is_json() {
            out.push_str("            ]\n          }\n        }]\n      }\n    }");
        }
        if format == Format::Hcl {
            out.push_str("}\n");
        }
        role += 1;
    }
    if format.is_json() {
        out.push_str("\n  }\n}\n");
    }
    out
}

/// A place in an action in the middle of the text.
pub fn middle(text: &str) -> u32 {
    let half = text.len() / 2;
    text[half..]
        .find("sqs:Cre")
        .map_or(0, |at| (half + at + 7) as u32)
}
