//! From an edit to what the editor shows, in templates of three sizes and both syntaxes.

use std::fmt::Write as _;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::BytesCount;
use leastwise_ide::{Config, File};
use leastwise_syntax::{Format, Span, Tree};
use leastwise_workspace::Analysis;

const SIZES: [usize; 3] = [7, 67, 670];

fn main() {
    divan::main();
}

fn config() -> Arc<Config> {
    Arc::new(Config::parse(
        "[app]\nprefix = 'shop'\nvariables = ['AppId']\n[accounts]\ndev = '111111111111'\nprod = '222222222222'\n[deploy]\nregions = ['eu-west-1']\nroles = ['*DeployerRole*']\n",
    ))
}

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
fn template(format: Format, kib: usize) -> String {
    let mut out = String::new();
    let head = match format {
        Format::Yaml => {
            "AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  AppId: {Type: String}\nResources:\n"
        }
        Format::Json => {
            "{\n  \"AWSTemplateFormatVersion\": \"2010-09-09\",\n  \"Parameters\": {\"AppId\": {\"Type\": \"String\"}},\n  \"Resources\": {\n"
        }
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
            Format::Json => {
                let comma = if role > 0 { ",\n" } else { "" };
                let _ = write!(
                    out,
                    "{comma}    \"Service{role}DeployerRole\": {{\n      \"Type\": \"AWS::IAM::Role\",\n      \"Properties\": {{\n        \"Policies\": [{{\n          \"PolicyName\": \"deploy\",\n          \"PolicyDocument\": {{\n            \"Version\": \"2012-10-17\",\n            \"Statement\": [\n"
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
                Format::Json => {
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
            }
        }
        if format == Format::Json {
            out.push_str("            ]\n          }\n        }]\n      }\n    }");
        }
        role += 1;
    }
    if format == Format::Json {
        out.push_str("\n  }\n}\n");
    }
    out
}

fn open(format: Format, kib: usize) -> File {
    File::new("template", template(format, kib), format, config())
}

/// A place in an action in the middle of the text.
fn middle(text: &str) -> u32 {
    let half = text.len() / 2;
    text[half..]
        .find("sqs:Cre")
        .map_or(0, |at| (half + at + 7) as u32)
}

macro_rules! both {
    ($name:ident, $run:ident) => {
        mod $name {
            use super::*;
            #[divan::bench(args = SIZES)]
            fn yaml(bencher: Bencher<'_, '_>, kib: usize) {
                $run(bencher, Format::Yaml, kib);
            }
            #[divan::bench(args = SIZES)]
            fn json(bencher: Bencher<'_, '_>, kib: usize) {
                $run(bencher, Format::Json, kib);
            }
        }
    };
}

both!(a_parse, parse);
both!(b_analysis, analysis);
both!(c_rules, rules);
both!(d_new, new);
both!(e_edit, edit);
both!(f_edit_diagnostics, edit_diagnostics);
both!(g_completion, completion);
both!(h_hover, hover);
both!(i_hints, hints);

fn parse(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let text = template(format, kib);
    bencher
        .counter(BytesCount::of_str(&text))
        .with_inputs(|| text.clone())
        .bench_values(|text| Tree::parse(text, format));
}

fn analysis(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let tree = Tree::parse(template(format, kib), format);
    let config = config();
    bencher.bench(|| Analysis::new(&tree, "template", Arc::clone(&config)));
}

fn rules(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let tree = Tree::parse(template(format, kib), format);
    let config = config();
    bencher
        .with_inputs(|| Analysis::new(&tree, "template", Arc::clone(&config)))
        .bench_refs(|analysis| {
            leastwise_rules::check(&leastwise_rules::Context {
                tree: &tree,
                analysis,
            })
            .len()
        });
}

/// Each rule by itself, in YAML of 67 KiB.
#[divan::bench(args = leastwise_rules::RULES.iter().map(|rule| rule.id))]
fn rule(bencher: Bencher<'_, '_>, id: &str) {
    let tree = Tree::parse(template(Format::Yaml, 67), Format::Yaml);
    let config = config();
    bencher
        .with_inputs(|| Analysis::new(&tree, "template", Arc::clone(&config)))
        .bench_refs(|analysis| {
            let context = leastwise_rules::Context {
                tree: &tree,
                analysis,
            };
            leastwise_rules::check_with(&context, |rule| rule.id == id).len()
        });
}

fn new(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let text = template(format, kib);
    let config = config();
    bencher.with_inputs(|| text.clone()).bench_values(|text| {
        File::new("template", text, format, Arc::clone(&config)).diagnostics()
    });
}

fn edit(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let mut file = open(format, kib);
    let at = middle(file.text());
    let mut on = false;
    bencher.bench_local(|| {
        on = !on;
        if on {
            file.edit(Span::empty(at), "x")
        } else {
            file.edit(Span::new(at, at + 1), "")
        }
    });
}

fn edit_diagnostics(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let mut file = open(format, kib);
    let at = middle(file.text());
    let mut on = false;
    bencher.bench_local(|| {
        on = !on;
        if on {
            file.edit(Span::empty(at), "x")
        } else {
            file.edit(Span::new(at, at + 1), "")
        }
        file.diagnostics().len()
    });
}

fn completion(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let mut file = open(format, kib);
    let at = middle(file.text());
    file.completions(at);
    bencher.bench_local(|| file.completions(at).len());
}

fn hover(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let mut file = open(format, kib);
    let at = middle(file.text());
    file.hover(at);
    bencher.bench_local(|| file.hover(at).is_some());
}

fn hints(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let mut file = open(format, kib);
    let all = Span::new(0, file.text().len() as u32);
    bencher.bench_local(|| file.hints(all).len());
}
