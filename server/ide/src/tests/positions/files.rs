//! Positions outside of statements: each dialect has a file of its own for them.

use super::Asked;
use super::dialect::{Dialect, MODULE};

/// A file for one position in one dialect: none where the dialect has no such.
type Write = fn(Dialect) -> Vec<Asked>;

pub const FILES: &[(&str, Write)] = &[
    ("managed policy by name", managed_by_name),
    ("managed policy by ARN", managed_by_arn),
    ("template's `Policies`", policy_templates),
    ("name of a declaration", declared_name),
    ("type of a declaration", declared_type),
    ("role that a job assumes", assumed_role),
    ("block of a file", file_block),
    ("reference as a value", reference),
    ("reference in a string", interpolated),
    ("document for an argument", document_argument),
    ("section of the config", config_section),
    ("key of the config", config_key),
    ("value of the config", config_value),
    ("`[[ignore]] action`", config_action),
];

fn asked(complete: &str, offers: &[&str], hover: &str, definition: &str) -> Asked {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let offers: Vec<String> = offers.iter().map(|name| (*name).to_owned()).collect();
    Asked {
        complete: some(complete).map(|text| (text, offers)),
        hover: some(hover),
        definition: some(definition),
    }
}

/// The file with a managed policy written at `MARK`; the second tells whether it is written by its name alone.
fn managed(dialect: Dialect) -> Option<(&'static str, bool)> {
    Some(match dialect {
        Dialect::Template => (
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns:\n        - MARK\n",
            false,
        ),
        Dialect::TemplateJson => (
            "{\"Resources\": {\"R\": {\"Type\": \"AWS::IAM::Role\", \"Properties\": {\"ManagedPolicyArns\": [\"MARK\"]}}}}",
            false,
        ),
        Dialect::Organization => (
            "AWSTemplateFormatVersion: '2010-09-09-OC'\nOrganization:\n  Shop:\n    Type: OC::ORG::Account\n    Properties: {AccountName: shop, AccountId: '111111111111'}\nResources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns:\n        - MARK\n",
            false,
        ),
        Dialect::Sam => (
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies:\n        - MARK\n",
            true,
        ),
        Dialect::Serverless => (
            "service: shop\nprovider:\n  name: aws\n  iam:\n    role:\n      managedPolicies:\n        - MARK\nfunctions: {}\n",
            false,
        ),
        Dialect::Blocks => (
            "resource \"aws_iam_role_policy_attachment\" \"main\" {\n  role       = \"shop\"\n  policy_arn = \"MARK\"\n}\n",
            false,
        ),
        Dialect::TerraformJson => (
            "{\"resource\": {\"aws_iam_role_policy_attachment\": {\"main\": {\"role\": \"shop\", \"policy_arn\": \"MARK\"}}}}",
            false,
        ),
        _ => return None,
    })
}

fn managed_by_name(dialect: Dialect) -> Vec<Asked> {
    let Some((file, by_name)) = managed(dialect) else {
        return Vec::new();
    };
    let complete = file.replace("MARK", "AWSLambdaBasicEx$0");
    let hover = match by_name {
        true => file.replace("MARK", "AWSLambdaBasicEx$0ecutionRole"),
        false => String::new(),
    };
    vec![asked(
        &complete,
        &["AWSLambdaBasicExecutionRole"],
        &hover,
        "",
    )]
}

fn managed_by_arn(dialect: Dialect) -> Vec<Asked> {
    let Some((file, _)) = managed(dialect) else {
        return Vec::new();
    };
    let complete = file.replace(
        "MARK",
        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicEx$0",
    );
    let hover = file.replace(
        "MARK",
        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicEx$0ecutionRole",
    );
    let offers = ["~AWSLambdaBasicExecutionRole"];
    let empty = file.replace("MARK", "$0");
    vec![
        asked(&complete, &offers, &hover, ""),
        asked(&empty, &offers, "", ""),
    ]
}

fn policy_templates(dialect: Dialect) -> Vec<Asked> {
    if dialect != Dialect::Sam {
        return Vec::new();
    }
    let file = managed(dialect).map_or("", |(file, _)| file);
    vec![
        asked(
            &file.replace("MARK", "DynamoDB$0"),
            &["DynamoDBReadPolicy"],
            &file.replace("MARK", "DynamoDBRe$0adPolicy: {TableName: x}"),
            "",
        ),
        asked(
            &file.replace("MARK", "DynamoDBReadPolicy:\n            Tab$0"),
            &["TableName"],
            &file.replace("MARK", "DynamoDBReadPolicy: {Tabl$0eName: x}"),
            "",
        ),
    ]
}

/// A file with the name and the type of a resource written at `NAME` and `TYPE`.
fn declaration(dialect: Dialect) -> Option<&'static str> {
    Some(match dialect {
        Dialect::Template => {
            "Resources:\n  NAME:\n    Type: TYPE\n    Properties: {QueueName: shop-jobs}\n"
        }
        Dialect::TemplateJson => {
            "{\"Resources\": {\"NAME\": {\"Type\": \"TYPE\", \"Properties\": {\"QueueName\": \"shop-jobs\"}}}}"
        }
        Dialect::Sam => {
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  NAME:\n    Type: TYPE\n    Properties: {QueueName: shop-jobs}\n"
        }
        Dialect::Serverless => {
            "service: shop\nprovider: {name: aws}\nfunctions: {}\nresources:\n  Resources:\n    NAME:\n      Type: TYPE\n      Properties: {QueueName: shop-jobs}\n"
        }
        Dialect::Organization => {
            "AWSTemplateFormatVersion: '2010-09-09-OC'\nOrganization:\n  Shop:\n    Type: OC::ORG::Account\n    Properties: {AccountName: shop, AccountId: '111111111111'}\nResources:\n  NAME:\n    Type: TYPE\n    Properties: {QueueName: shop-jobs}\n"
        }
        Dialect::Blocks => "resource \"TYPE\" \"NAME\" {\n  name = \"shop-jobs\"\n}\n",
        Dialect::TerraformJson => {
            "{\"resource\": {\"TYPE\": {\"NAME\": {\"name\": \"shop-jobs\"}}}}"
        }
        _ => return None,
    })
}

/// The type of the declared resource, with a cursor and without.
fn types(dialect: Dialect) -> [&'static str; 2] {
    match dialect {
        Dialect::Blocks | Dialect::TerraformJson => ["aws_sqs_que$0ue", "aws_sqs_queue"],
        _ => ["AWS::SQS::Que$0ue", "AWS::SQS::Queue"],
    }
}

fn declared_name(dialect: Dialect) -> Vec<Asked> {
    let Some(file) = declaration(dialect) else {
        return Vec::new();
    };
    let marked = file
        .replace("TYPE", types(dialect)[1])
        .replace("NAME", "Jo$0bs");
    vec![asked("", &[], &marked, &marked)]
}

fn declared_type(dialect: Dialect) -> Vec<Asked> {
    let Some(file) = declaration(dialect) else {
        return Vec::new();
    };
    let marked = file
        .replace("TYPE", types(dialect)[0])
        .replace("NAME", "Jobs");
    vec![asked("", &[], &marked, "")]
}

/// The roles beside a pipeline.
pub const ROLES: &str = "Resources:\n  Deployer:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: shop-deployer\n      AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - Effect: Allow\n            Action: sts:AssumeRoleWithWebIdentity\n            Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com'}\n";

fn assumed_role(dialect: Dialect) -> Vec<Asked> {
    let write = |role: &str| {
        format!(
            "on: push\npermissions: {{id-token: write}}\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v4\n        with:\n          aws-region: eu-west-1\n          role-to-assume: {role}\n"
        )
    };
    let role = "arn:aws:iam::111111111111:role/shop-deployer";
    let marked = write("arn:aws:iam::111111111111:role/shop-dep$0loyer");
    match dialect {
        Dialect::Pipeline => vec![
            asked(&write("$0"), &[role], &marked, &marked),
            asked(&write("'$0'"), &[role], "", ""),
            asked(&write("arn:aws:iam::$0"), &[role], "", ""),
        ],
        _ => Vec::new(),
    }
}

fn file_block(dialect: Dialect) -> Vec<Asked> {
    match dialect {
        Dialect::Blocks => vec![
            asked(
                &format!("{MODULE}da$0\n"),
                &["data \"aws_iam_policy_document\""],
                "",
                "",
            ),
            asked(
                &format!("{MODULE}data \"$0\"\n"),
                &["aws_iam_policy_document"],
                "",
                "",
            ),
            asked(
                &format!("{MODULE}resource \"aws_iam$0\"\n"),
                &["aws_iam_role", "aws_iam_policy"],
                "",
                "",
            ),
        ],
        _ => Vec::new(),
    }
}

fn reference(dialect: Dialect) -> Vec<Asked> {
    let write = |value: &str| match dialect {
        Dialect::Blocks => format!(
            "{MODULE}data \"aws_iam_policy_document\" \"main\" {{\n  statement {{\n    actions   = [\"dynamodb:GetItem\"]\n    resources = [{value}]\n  }}\n}}\n"
        ),
        Dialect::Object => format!(
            "{MODULE}resource \"aws_iam_role_policy\" \"main\" {{\n  policy = jsonencode({{\n    Statement = [{{\n      Action   = [\"dynamodb:GetItem\"]\n      Resource = {value}\n    }}]\n  }})\n}}\n"
        ),
        _ => String::new(),
    };
    match dialect {
        Dialect::Blocks | Dialect::Object => vec![
            asked(
                &write("aws_dyn$0"),
                &["aws_dynamodb_table.orders.arn"],
                &write("aws_dynamodb_table.ord$0ers.arn"),
                &write("aws_dynamodb_table.ord$0ers.arn"),
            ),
            asked(&write("$0"), &["aws_dynamodb_table.orders.arn"], "", ""),
        ],
        Dialect::Template | Dialect::Sam => {
            let file = "Resources:\n  Table:\n    Type: AWS::DynamoDB::Table\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      Policies:\n        - PolicyName: main\n          PolicyDocument:\n            Statement:\n              - Effect: Allow\n                Action: dynamodb:GetItem\n                Resource: MARK\n";
            vec![
                asked(&file.replace("MARK", "$0"), &["!GetAtt Table.Arn"], "", ""),
                asked(
                    &file.replace("MARK", "!GetAtt $0"),
                    &["Table.Arn"],
                    &file.replace("MARK", "!GetAtt Ta$0ble.Arn"),
                    &file.replace("MARK", "!GetAtt Ta$0ble.Arn"),
                ),
                asked(
                    &file.replace("MARK", "!Ref $0"),
                    &["Table"],
                    &file.replace("MARK", "!Ref Ta$0ble"),
                    &file.replace("MARK", "!Ref Ta$0ble"),
                ),
            ]
        }
        _ => Vec::new(),
    }
}

fn interpolated(dialect: Dialect) -> Vec<Asked> {
    let write = |value: &str| match dialect {
        Dialect::Blocks => format!(
            "{MODULE}data \"aws_iam_policy_document\" \"main\" {{\n  statement {{\n    actions   = [\"dynamodb:GetItem\"]\n    resources = [\"{value}\"]\n  }}\n}}\n"
        ),
        Dialect::Object => format!(
            "{MODULE}resource \"aws_iam_role_policy\" \"main\" {{\n  policy = jsonencode({{\n    Statement = [{{\n      Action   = [\"dynamodb:GetItem\"]\n      Resource = \"{value}\"\n    }}]\n  }})\n}}\n"
        ),
        Dialect::TerraformJson => format!(
            "{{\"resource\": {{\"aws_dynamodb_table\": {{\"orders\": {{\"name\": \"orders\"}}}}}}, \"data\": {{\"aws_iam_policy_document\": {{\"main\": {{\"statement\": [{{\"actions\": [\"dynamodb:GetItem\"], \"resources\": [\"{value}\"]}}]}}}}}}}}"
        ),
        _ => String::new(),
    };
    match dialect {
        Dialect::Blocks | Dialect::Object | Dialect::TerraformJson => vec![
            asked(
                &write("${aws_dyn$0}/index/*"),
                &["aws_dynamodb_table.orders.arn"],
                &write("${aws_dynamodb_table.ord$0ers.arn}/index/*"),
                &write("${aws_dynamodb_table.ord$0ers.arn}/index/*"),
            ),
            asked(
                &write("${aws_dyn$0"),
                &["aws_dynamodb_table.orders.arn"],
                "",
                "",
            ),
        ],
        _ => Vec::new(),
    }
}

fn document_argument(dialect: Dialect) -> Vec<Asked> {
    let write = |value: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"main\" {{\n  statement {{\n    actions   = [\"s3:GetObject\"]\n    resources = [\"*\"]\n  }}\n}}\n\nresource \"aws_iam_role_policy\" \"main\" {{\n  policy = {value}\n}}\n"
        )
    };
    match dialect {
        Dialect::Blocks => vec![
            asked(
                &write("$0"),
                &["data.aws_iam_policy_document.main.json"],
                &write("data.aws_iam_policy_document.ma$0in.json"),
                &write("data.aws_iam_policy_document.ma$0in.json"),
            ),
            asked(
                &write("da$0"),
                &["data.aws_iam_policy_document.main.json"],
                "",
                "",
            ),
        ],
        _ => Vec::new(),
    }
}

fn config(dialect: Dialect, asked: Vec<Asked>) -> Vec<Asked> {
    match dialect {
        Dialect::Config => asked,
        _ => Vec::new(),
    }
}

fn config_section(dialect: Dialect) -> Vec<Asked> {
    config(
        dialect,
        vec![
            asked("[$0]", &["app", "deploy"], "[dep$0loy]", ""),
            asked("$0", &["[app]", "[[ignore]]"], "", ""),
        ],
    )
}

fn config_key(dialect: Dialect) -> Vec<Asked> {
    config(
        dialect,
        vec![
            asked(
                "[app]\npre$0",
                &["prefix"],
                "[app]\npre$0fix = 'shop'\n",
                "",
            ),
            asked(
                "[accounts]\nprod = {i$0}",
                &["id"],
                "[accounts]\nprod = {i$0d = '111111111111'}",
                "",
            ),
            asked(
                "[accounts.prod]\n$0",
                &["id", "deploys"],
                "[accounts.prod]\nde$0ploys = true",
                "",
            ),
        ],
    )
}

fn config_value(dialect: Dialect) -> Vec<Asked> {
    let accounts = "[accounts]\nprod = '111111111111'\n";
    config(
        dialect,
        vec![
            asked(
                "[deploy]\npartition = $0",
                &["aws"],
                "[deploy]\npartition = 'a$0ws'",
                "",
            ),
            asked(
                "[deploy]\nregions = ['$0']",
                &["eu-west-1"],
                "[deploy]\nregions = ['eu-w$0est-1']",
                "",
            ),
            asked(
                "[rules]\nunquoted-star = \"$0\"",
                &["off"],
                "[rules]\nunquoted-star = \"o$0ff\"",
                "",
            ),
            asked(
                &format!("{accounts}[[templates]]\naccounts = ['$0']"),
                &["prod"],
                &format!("{accounts}[[templates]]\naccounts = ['pr$0od']"),
                "",
            ),
            asked(
                "[[ignore]]\nrule = '$0'",
                &["unquoted-star"],
                "[[ignore]]\nrule = 'unquoted$0-star'",
                "",
            ),
            asked("[accounts.prod]\ndeploys = $0", &["true", "false"], "", ""),
        ],
    )
}

fn config_action(dialect: Dialect) -> Vec<Asked> {
    config(
        dialect,
        vec![
            asked("[[ignore]]\naction = '$0'", &["s3:"], "", ""),
            asked(
                "[[ignore]]\naction = \"s3:Get$0\"",
                &["s3:GetObject", "s3:Get*"],
                "[[ignore]]\naction = \"s3:GetO$0bject\"",
                "",
            ),
        ],
    )
}
