//! Files that a module of Terraform fills in: `templatefile("policy.json", { bucket = … })`.

use super::terraform::analyse;

const TEXT: &str = "{ \"Version\": \"2012-10-17\", \"Statement\": [{ \"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::${bucket}/*\" }] }";

/// What rules take the resource of `m/p/NAME` for, among the files of a module.
fn judged(name: &str, module: &[(&str, &str)]) -> String {
    let path = format!("m/p/{name}");
    let mut files = vec![(path.as_str(), TEXT)];
    files.extend(module);
    let (tree, analysis) = analyse(&files, "");
    let policy = analysis.sites[0].policy(&tree);
    let resources = policy.statements[0].resources();
    let values = analysis.sure(&tree, &resources[0]);
    let values: Vec<String> = values.map(|(_, value)| value.pattern.display()).collect();
    values.join(" ")
}

fn module(call: &str) -> String {
    format!(
        "variable \"given\" {{\n  default = \"own\"\n}}\nlocals {{\n  name = \"shop\"\n}}\nresource \"aws_iam_policy\" \"p\" {{\n  policy = {call}\n}}\n"
    )
}

const HOLE: &str = "arn:aws:s3:::${bucket}/*";

#[test]
fn a_file_is_read_with_the_variables_that_the_module_gives() {
    for name in ["p.json", "p.json.tftpl", "p.tftpl", "p.yaml"] {
        for (value, expected) in [
            ("\"data\"", "arn:aws:s3:::data/*"),
            ("\"${local.name}-data\"", "arn:aws:s3:::shop-data/*"),
            ("local.name", "arn:aws:s3:::shop/*"),
            // A default may be overridden.
            ("var.given", "arn:aws:s3:::${var.given}/*"),
            ("null", HOLE),
            // Left out where it would stand.
            ("\"\"", HOLE),
            (
                "var.x ? \"data\" : \"\"",
                "arn:aws:s3:::data/* arn:aws:s3:::${bucket}/*",
            ),
        ] {
            let call =
                format!("templatefile(\"${{path.module}}/p/{name}\", {{ bucket = {value} }})");
            let text = module(&call);
            assert_eq!(
                judged(name, &[("m/main.tf", &text)]),
                expected,
                "{name} {value}"
            );
        }
    }
}

#[test]
fn what_a_module_does_not_tell_stays_open() {
    for call in [
        // No variables, or others.
        "file(\"p/p.json\")",
        "templatefile(\"p/p.json\", {})",
        "templatefile(\"p/p.json\", { bucket_name = \"data\" })",
        "templatefile(\"p/p.json\", var.all)",
        "templatefile(\"p/other.json\", { bucket = \"data\" })",
        // Twice.
        "var.x ? templatefile(\"p/p.json\", { bucket = \"a\" }) : templatefile(\"p/p.json\", { bucket = \"b\" })",
        // Not taken apart.
        "{ for x in [1] : x => templatefile(\"p/p.json\", { bucket = \"a\" }) }[1]",
    ] {
        assert_eq!(
            judged("p.json", &[("m/main.tf", &module(call))]),
            HOLE,
            "{call}"
        );
    }
}

#[test]
fn two_modules_may_give_different_things() {
    let one = module("templatefile(\"p/p.json\", { bucket = \"a\" })");
    let other = module("templatefile(\"../p/p.json\", { bucket = \"b\" })");
    let caller = format!("{one}module \"other\" {{\n  source = \"./other\"\n}}\n");
    let files = [("m/main.tf", caller.as_str()), ("m/other/main.tf", &other)];
    assert_eq!(judged("p.json", &files), HOLE);
    assert_eq!(judged("p.json", &[("m/main.tf", &one)]), "arn:aws:s3:::a/*");
}
