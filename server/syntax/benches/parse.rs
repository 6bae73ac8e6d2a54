//! Reading and editing templates of three sizes, beside tree-sitter parsing the same bytes.

use std::fmt::Write;

use divan::Bencher;
use divan::counter::BytesCount;
use leastwise_syntax::{Format, Span, Tree};

fn main() {
    divan::main();
}

/// In KiB: a small stack, a large one, and one at CloudFormation's limit with room to spare.
const SIZES: [usize; 3] = [7, 67, 670];

/// A template with a role and its policy for each function.
fn yaml(kib: usize) -> String {
    let mut out = String::from("AWSTemplateFormatVersion: '2010-09-09'\nResources:\n");
    let mut index = 0;
    while out.len() < kib << 10 {
        let _ = write!(
            out,
            "  Role{index}:\n    Type: AWS::IAM::Role # for function {index}\n    Properties:\n      RoleName: !Sub \"${{AppId}}-{index}\"\n      \
             Policies:\n        - PolicyName: run\n          PolicyDocument:\n            Version: '2012-10-17'\n            \
             Statement:\n              - Effect: Allow\n                Action:\n                  - s3:GetObject\n                  \
             - s3:PutObject\n                  - dynamodb:Query\n                Resource:\n                  - !Sub arn:aws:s3:::${{AppId}}-data/*\n                  \
             - !GetAtt Table{index}.Arn\n      Description: |\n        Runs the function.\n        Nothing else.\n"
        );
        index += 1;
    }
    out
}

/// The same in JSON.
fn json(kib: usize) -> String {
    let mut out =
        String::from("{\n  \"AWSTemplateFormatVersion\": \"2010-09-09\",\n  \"Resources\": {\n");
    let mut index = 0;
    while out.len() < kib << 10 {
        let comma = if index == 0 { "" } else { ",\n" };
        let _ = write!(
            out,
            "{comma}    \"Role{index}\": {{\n      \"Type\": \"AWS::IAM::Role\",\n      \"Properties\": {{\n        \
             \"RoleName\": {{\"Fn::Sub\": \"${{AppId}}-{index}\"}},\n        \"Policies\": [\n          {{\n            \"PolicyName\": \"run\",\n            \
             \"PolicyDocument\": {{\n              \"Version\": \"2012-10-17\",\n              \"Statement\": [\n                {{\n                  \
             \"Effect\": \"Allow\",\n                  \"Action\": [\"s3:GetObject\", \"s3:PutObject\", \"dynamodb:Query\"],\n                  \
             \"Resource\": [{{\"Fn::Sub\": \"arn:aws:s3:::${{AppId}}-data/*\"}}, {{\"Fn::GetAtt\": [\"Table{index}\", \"Arn\"]}}]\n                }}\n              ]\n            \
             }}\n          }}\n        ]\n      }}\n    }}"
        );
        index += 1;
    }
    out.push_str("\n  }\n}\n");
    out
}

/// A policy document in HCL for each function.
fn hcl(kib: usize) -> String {
    let mut out = String::new();
    let mut index = 0;
    while out.len() < kib << 10 {
        let _ = write!(
            out,
            "# for function {index}\ndata \"aws_iam_policy_document\" \"run_{index}\" {{\n  statement {{\n    sid     = \"Run{index}\"\n    \
             actions = [\"s3:GetObject\", \"s3:PutObject\", \"dynamodb:Query\"]\n    resources = [\n      \"arn:aws:s3:::${{var.app_id}}-data/*\",\n      \
             aws_dynamodb_table.table_{index}.arn,\n    ]\n\n    condition {{\n      test     = \"StringEquals\"\n      variable = \"aws:PrincipalOrgID\"\n      \
             values   = [var.organization]\n    }}\n  }}\n}}\n\n"
        );
        index += 1;
    }
    out
}

fn read(bencher: Bencher<'_, '_>, source: String, format: Format) {
    bencher
        .counter(BytesCount::of_str(&source))
        .with_inputs(|| source.clone())
        .bench_values(|source| Tree::parse(source, format));
}

#[divan::bench(args = SIZES)]
fn read_yaml(bencher: Bencher<'_, '_>, kib: usize) {
    read(bencher, yaml(kib), Format::Yaml);
}

#[divan::bench(args = SIZES)]
fn read_json(bencher: Bencher<'_, '_>, kib: usize) {
    read(bencher, json(kib), Format::Json);
}

#[divan::bench(args = SIZES)]
fn read_hcl(bencher: Bencher<'_, '_>, kib: usize) {
    read(bencher, hcl(kib), Format::Hcl);
}

/// A brace that is missing in the middle, which takes a second reading.
#[divan::bench(args = SIZES)]
fn read_broken_hcl(bencher: Bencher<'_, '_>, kib: usize) {
    let mut source = hcl(kib);
    let middle = source.len() / 2;
    let brace = middle + source[middle..].find("\n}\n").unwrap_or(0) + 1;
    source.remove(brace);
    read(bencher, source, Format::Hcl);
}

/// A quote that is missing in the middle.
#[divan::bench(args = SIZES)]
fn read_broken_yaml(bencher: Bencher<'_, '_>, kib: usize) {
    let mut source = yaml(kib);
    let middle = source.len() / 2;
    let quote = middle + source[middle..].find("}-").unwrap_or(0);
    let end = quote + source[quote..].find('"').unwrap_or(0);
    source.remove(end);
    read(bencher, source, Format::Yaml);
}

#[divan::bench(args = SIZES)]
fn read_broken_json(bencher: Bencher<'_, '_>, kib: usize) {
    let mut source = json(kib);
    let middle = source.len() / 2;
    let comma = middle + source[middle..].find(',').unwrap_or(0);
    source.remove(comma);
    read(bencher, source, Format::Json);
}

/// One character typed into an action in the middle, and taken back.
fn edit(bencher: Bencher<'_, '_>, source: String, format: Format) {
    let middle = source.len() / 2;
    let at = (middle + source[middle..].find("s3:Put").unwrap_or(0)) as u32 + 3;
    let mut tree = Tree::parse(source, format);
    let mut typed = false;
    bencher.bench_local(|| {
        typed = !typed;
        if typed {
            tree.edit(Span::empty(at), "x")
        } else {
            tree.edit(Span::new(at, at + 1), "")
        }
    });
}

#[divan::bench(args = SIZES)]
fn edit_yaml(bencher: Bencher<'_, '_>, kib: usize) {
    edit(bencher, yaml(kib), Format::Yaml);
}

#[divan::bench(args = SIZES)]
fn edit_json(bencher: Bencher<'_, '_>, kib: usize) {
    edit(bencher, json(kib), Format::Json);
}

#[divan::bench(args = SIZES)]
fn edit_hcl(bencher: Bencher<'_, '_>, kib: usize) {
    edit(bencher, hcl(kib), Format::Hcl);
}

/// A quote typed before an action, which breaks the text, and taken back.
#[divan::bench(args = SIZES)]
fn edit_yaml_broken(bencher: Bencher<'_, '_>, kib: usize) {
    let source = yaml(kib);
    let middle = source.len() / 2;
    let at = (middle + source[middle..].find("s3:Put").unwrap_or(0)) as u32;
    let mut tree = Tree::parse(source, Format::Yaml);
    let mut typed = false;
    bencher.bench_local(|| {
        typed = !typed;
        if typed {
            tree.edit(Span::empty(at), "\"")
        } else {
            tree.edit(Span::new(at, at + 1), "")
        }
    });
}

fn sitter(bencher: Bencher<'_, '_>, source: String, language: tree_sitter::Language) {
    bencher
        .counter(BytesCount::of_str(&source))
        .bench_local(|| {
            let mut parser = tree_sitter::Parser::new();
            parser.set_language(&language).ok();
            parser.parse(&source, None)
        });
}

#[divan::bench(args = SIZES)]
fn tree_sitter_yaml_alone(bencher: Bencher<'_, '_>, kib: usize) {
    sitter(bencher, yaml(kib), tree_sitter_yaml::LANGUAGE.into());
}

#[divan::bench(args = SIZES)]
fn tree_sitter_json_alone(bencher: Bencher<'_, '_>, kib: usize) {
    sitter(bencher, json(kib), tree_sitter_json::LANGUAGE.into());
}
