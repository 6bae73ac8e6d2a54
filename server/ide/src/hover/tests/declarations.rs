//! What files declare, what refers to it, and what their configs say.

use super::{check, hover};
use crate::testing::{fixture, template};

#[test]
fn variables() {
    let of = |name: &str| {
        template(&format!(
            "- Effect: Allow\n  Action: s3:GetObject\n  Resource: !Sub 'arn:aws:s3:::${{$0{name}}}'"
        ))
    };
    check(
        &of("AWS::AccountId"),
        "${AWS::AccountId}",
        &["| dev | `111111111111` |", "| prod | `222222222222` |"],
    );
    check(
        &of("Stage"),
        "${Stage}",
        &["`[variables]` of the config", "| dev | `dev` |"],
    );
    check(&of("Nope"), "${Nope}", &["not declared"]);
    check(
        &of("!aws:username"),
        "${!aws:username}",
        &["policy variable", "aws:username"],
    );
}

#[test]
fn variables_of_a_serverless_service() {
    let text = |resource: &str| {
        format!(
            "service: shop
provider:
  name: aws
  iam:
    role:
      statements:
        - Effect: Allow
          Action: dynamodb:GetItem
          Resource: {resource}
custom:
  table: shop-${{sls:stage}}-orders
  nested: {{a: b}}
functions:
  a: {{handler: a.b}}
"
        )
    };
    check(
        &text("arn:aws:dynamodb:eu-west-1:111111111111:table/${self:custom.ta$0ble}"),
        "${self:custom.table}",
        &["from this service", "shop-dev-orders", "shop-prod-orders"],
    );
    check(
        &text("'${self:custom.nested.${opt:no$0thing, ''a''}}'"),
        "${opt:nothing, ''a''}",
        &["an option of the command line"],
    );
    check(
        &text("${ssm:/shop/ar$0n}"),
        "${ssm:/shop/arn}",
        &["Parameter Store", "isn't known before deployment"],
    );
    let (mut file, _) = fixture(&text(
        "$0arn:aws:dynamodb:eu-west-1:111111111111:table/${self:custom.table}",
    ));
    let whole = leastwise_syntax::Span::new(0, file.text().len() as u32);
    let hints: Vec<String> = file
        .hints(whole)
        .into_iter()
        .map(|hint| hint.label)
        .collect();
    assert_eq!(hints, ["…:111111111111:table/shop-dev-orders +1"]);
}

#[test]
fn references_of_terraform() {
    let module = "resource \"aws_sqs_queue\" \"jobs\" {\n  name = local.na$1me\n}\nlocals {\n  name = \"shop-jobs\"\n}\nvariable \"x\" {}\ndata \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"sqs:SendMessage\"]\n    resources = [\"${aws_sqs_queue.jo$2bs.arn}\", var$3.x]\n  }\n}\n";
    let marked = |mark: &str| {
        let marked = module.replace(mark, "$0");
        ["$1", "$2", "$3"]
            .iter()
            .fold(marked, |text, other| text.replace(other, ""))
    };
    check(
        &marked("$1"),
        "local.name",
        &["a local value", "`shop-jobs`"],
    );
    check(
        &marked("$2"),
        "aws_sqs_queue.jobs.arn",
        &[
            "an `aws_sqs_queue`",
            "arn:aws:sqs:eu-west-1:222222222222:shop-jobs",
        ],
    );
    check(
        &marked("$3"),
        "var.x",
        &["without a default", "isn't known"],
    );
}

#[test]
fn texts_with_interpolations_of_terraform() {
    let module = "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"sqs:SendMessage\"]\n    resources = [\"arn:aws:sqs:eu-$0west-1:111111111111:${local.app}-*\"]\n  }\n}\nlocals {\n  app = \"shop\"\n}\n";
    let text = "arn:aws:sqs:eu-west-1:111111111111:${local.app}-*";
    let shown = ["queue of sqs", "arn:aws:sqs:eu-west-1:111111111111:shop-*"];
    check(module, text, &shown);
    check(
        &module.replace("$0", "").replace("}-*", "}-$0*"),
        text,
        &shown,
    );
}

#[test]
fn declarations_of_resources() {
    check(
        &template("- Effect: Allow\n  Action: '*'").replacen("  Table:", "  Tab$0le:", 1),
        "Table",
        &[
            "an `AWS::DynamoDB::Table`",
            "arn:aws:dynamodb:eu-west-1:111111111111:table/shop-orders",
        ],
    );
    let module = "resource \"aws_sqs_queue\" \"jo$0bs\" {\n  name = \"shop-jobs\"\n}\ndata \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"sqs:SendMessage\"]\n    resources = [aws_sqs_queue.jobs.arn]\n  }\n}\n";
    check(
        module,
        "jobs",
        &[
            "an `aws_sqs_queue`",
            "arn:aws:sqs:eu-west-1:222222222222:shop-jobs",
        ],
    );
}

/// A type says what stands under it; both do so where the file has no policy, too.
#[test]
fn declarations_of_files_without_policies() {
    for (text, told) in [
        (
            "resource \"aws_s3_bucket\" \"bu$0ck\" {\n  bucket = \"shop-b\"\n}\n",
            "arn:aws:s3:::shop-b",
        ),
        (
            "resource \"aws_s3_bu$0cket\" \"buck\" {\n  bucket = \"shop-b\"\n}\n",
            "arn:aws:s3:::shop-b",
        ),
        (
            "resource \"aws_s3_bucket\" \"buck\" {\n  bucket = local.na$0me\n}\nlocals {\n  name = \"shop-b\"\n}\n",
            "`shop-b`",
        ),
        ("data \"aws_reg$0ion\" \"here\" {}\n", "aws_region"),
    ] {
        let (_, said) = hover(text).unwrap_or_else(|| panic!("none in {text}"));
        assert!(said.contains(told), "{said}");
    }
    for text in [
        "reso$0urce \"aws_s3_bucket\" \"buck\" {\n  bucket = \"shop-b\"\n}\n",
        "resource \"aws_s3_bucket\" \"buck\" {\n  buc$0ket = \"shop-b\"\n}\n",
    ] {
        assert_eq!(hover(text), None, "{text}");
    }
}

#[test]
fn a_role_that_a_variable_names() {
    for (role, told) in [
        ("${{ vars.DEPLOY$0_ROLE }}", "read from `vars.DEPLOY_ROLE`."),
        (
            "arn:aws:iam::${{ secrets.ACCOUNT }}:role/de$0ploy-${{ inputs.stage }}",
            "read from `secrets.ACCOUNT` and `inputs.stage`.",
        ),
    ] {
        let workflow = format!(
            "on: push\npermissions: {{id-token: write}}\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v4\n        with:\n          role-to-assume: {role}\n          aws-region: eu-west-1\n"
        );
        let (text, at) = crate::testing::cut(&workflow);
        let config = crate::Config::parse(crate::testing::CONFIG);
        let mut file = crate::File::new(
            ".github/workflows/deploy.yml",
            text,
            leastwise_syntax::Format::Yaml,
            std::sync::Arc::new(config),
        );
        let hover = file.hover(at).expect("a hover");
        assert!(hover.markdown.contains(told), "{}", hover.markdown);
    }
}

#[test]
fn a_function_is_not_taken_for_the_role_that_is_made_for_it() {
    let text = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Jo$0b:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.12\n      Policies: [AWSLambdaBasicExecutionRole]\n";
    // The names of a template are in no order.
    for _ in 0..16 {
        check(
            text,
            "Job",
            &["`Job`: a resource, an `AWS::Serverless::Function`"],
        );
    }
}

#[test]
fn a_document_is_what_its_block_says() {
    let text = "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"sqs:SendMessage\"]\n    resources = [\"*\"]\n  }\n}\nresource \"aws_iam_policy\" \"p\" {\n  policy = data.aws_iam_policy_document.d.js$0on\n}\n";
    let (_, said) = hover(text).expect("a hover");
    assert!(said.contains("the policy that is written there"), "{said}");
    assert!(!said.contains("isn't known"), "{said}");
}

#[test]
fn roles_that_jobs_assume() {
    let workflow = "on: {push: {branches: [main]}}\npermissions: {id-token: write}\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v4\n        with:\n          role-to-assume: arn:aws:iam::111111111111:role/de$0ploy\n          aws-region: eu-west-1\n";
    let (text, at) = crate::testing::cut(workflow);
    let config = crate::Config::parse(crate::testing::CONFIG);
    let mut file = crate::File::new(
        ".github/workflows/deploy.yml",
        text,
        leastwise_syntax::Format::Yaml,
        std::sync::Arc::new(config),
    );
    let hover = file.hover(at).expect("a hover");
    for part in [
        "The role that the job `deploy` assumes.",
        "account `111111111111`, `dev` of the config",
    ] {
        assert!(hover.markdown.contains(part), "{}", hover.markdown);
    }
}

/// What is looked up has its value when all is deployed: where it is declared says which it will be.
#[test]
fn what_is_looked_up_leads_to_where_it_is_declared() {
    let module = |resource: &str| {
        format!(
            "data \"aws_ssm_parameter\" \"topic\" {{\n  name = \"/shop/topic\"\n}}\ndata \"aws_secretsmanager_secret_version\" \"keys\" {{\n  secret_id = \"shop\"\n}}\nvariable \"x\" {{\n  default = \"shop-x\"\n}}\ndata \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions   = [\"sns:Publish\"]\n    resources = [{resource}]\n  }}\n}}\n"
        )
    };
    for (resource, word, told) in [
        (
            "data.aws_ssm_parameter.to$0pic.value",
            "data.aws_ssm_parameter.topic.value",
            &[
                "`aws_ssm_parameter`",
                "isn't known before",
                "declared in line 1.",
            ][..],
        ),
        (
            "\"${data.aws_ssm_parameter.to$0pic.value}:*\"",
            "data.aws_ssm_parameter.topic.value",
            &["isn't known before", "declared in line 1."],
        ),
        // What a function works on.
        (
            "jsondecode(data.aws_secretsmanager_secret_version.ke$0ys.secret_string)[\"arn\"]",
            "data.aws_secretsmanager_secret_version.keys",
            &["isn't known before", "declared in line 4."],
        ),
        (
            "jsondecode(var.$0x)[\"arn\"]",
            "var.x",
            &["by its default", "`shop-x`"],
        ),
    ] {
        check(&module(resource), word, told);
    }
    // What the module doesn't declare isn't known.
    let other = module("jsondecode(data.aws_ssm_parameter.ot$0her.value)[\"arn\"]");
    assert_eq!(hover(&other), None);
}
