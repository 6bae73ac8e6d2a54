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

/// What rules take the actions of a file for that a module fills in with these variables.
fn actions(text: &str, variables: &str) -> String {
    let call = format!("templatefile(\"p/p.json\", {{ {variables} }})");
    let module = module(&call);
    let (tree, analysis) = analyse(&[("m/p/p.json", text), ("m/main.tf", &module)], "");
    let policy = analysis.sites[0].policy(&tree);
    let values = policy.statements.iter().flat_map(|statement| {
        let values = statement.actions().iter();
        values.flat_map(|item| analysis.sure(&tree, item))
    });
    let values: Vec<String> = values.map(|(_, value)| value.pattern.display()).collect();
    values.join(" ")
}

fn statement(action: &str) -> String {
    format!("{{ \"Effect\": \"Allow\", \"Action\": {action}, \"Resource\": \"*\" }}")
}

#[test]
fn what_is_put_in_without_quotes_is_json() {
    for (action, variables, expected) in [
        ("${a}", "a = jsonencode([\"s3:A\", \"s3:B\"])", "s3:A s3:B"),
        ("${a}", "a = jsonencode(\"s3:A\")", "s3:A"),
        ("${a}", "a = \"[\\\"s3:A\\\"]\"", "s3:A"),
        ("${~ a ~}", "a = jsonencode(\"s3:A\")", "s3:A"),
        ("[${a}]", "a = \"\\\"s3:A\\\", \\\"s3:B\\\"\"", "s3:A s3:B"),
        ("${a}", "a = jsonencode([\"s3:${var.x}*\"])", "s3:${var.x}*"),
        ("${a}", "a = jsonencode(var.given)", "${a}"),
        ("${a}", "a = jsonencode({ b = \"c\" })", "${a}"),
        ("${a}", "a = jsonencode([[\"c\"]])", "${a}"),
        // No JSON.
        ("${a}", "a = \"s3:A\"", "${a}"),
        ("${jsonencode(a)}", "a = [\"s3:A\", \"s3:B\"]", "s3:A s3:B"),
        (
            "${jsonencode(concat(a, [\"s3:B\"]))}",
            "a = [\"s3:A\"]",
            "s3:A s3:B",
        ),
        (
            "${jsonencode(concat(b, [\"s3:B\"]))}",
            "a = [\"s3:A\"]",
            "${jsonencode(concat(b, [\"s3:B\"]))}",
        ),
        (
            "[${join(\", \", formatlist(\"\\\"%s\\\"\", a))}]",
            "a = [\"s3:A\", \"s3:B\"]",
            "s3:A s3:B",
        ),
        // Between quotes it is a text.
        ("\"${a}\"", "a = \"s3:A\"", "s3:A"),
        ("\"s3:${a.b}\"", "a = { b = \"A\" }", "s3:A"),
        ("\"s3:${upper(a)}\"", "a = \"a\"", "s3:A"),
    ] {
        let text = format!(
            "{{ \"Version\": \"2012-10-17\", \"Statement\": [{}] }}",
            statement(action)
        );
        assert_eq!(actions(&text, variables), expected, "{action} {variables}");
    }
}

#[test]
fn a_loop_gives_each_item_of_its_list() {
    for (head, action, variables, expected) in [
        (
            "for a in l",
            "\"${a}\"",
            "l = [\"s3:A\", \"s3:B\"]",
            "s3:A s3:B",
        ),
        ("for i, a in l", "\"s3:${a}\"", "l = [\"A\"]", "s3:A"),
        (
            "for a in concat(l, [\"s3:B\"])",
            "\"${a}\"",
            "l = [\"s3:A\"]",
            "s3:A s3:B",
        ),
        // It hides what is given.
        ("for a in l", "\"${a}\"", "a = \"s3:A\", l = var.l", "${a}"),
        ("for i, a in l", "\"s3:${i}\"", "l = [\"A\"]", "s3:${i}"),
        // What stands beside it in the same turn is the same.
        (
            "for a in l",
            "[\"${a}\", \"${a}\"]",
            "l = [\"s3:A\"]",
            "${a} ${a}",
        ),
        (
            "for a in l",
            "\"${a.b}\"",
            "l = [{ b = \"s3:A\" }]",
            "${a.b}",
        ),
        ("if l", "\"${a}\"", "a = \"s3:A\"", "s3:A"),
    ] {
        let end = head.split(' ').next().unwrap_or_default();
        let text = format!(
            "{{ \"Version\": \"2012-10-17\", \"Statement\": [\n%{{ {head} ~}}\n{},\n%{{ end{end} ~}}\n{}] }}",
            statement(action),
            statement("[]")
        );
        assert_eq!(
            actions(&text, variables),
            expected,
            "{head} {action} {variables}"
        );
    }
}

#[test]
fn ten_times_the_module_is_ten_times_the_work() {
    let work = |count: usize| {
        let texts: Vec<(String, String)> = (0..count)
            .map(|at| {
                let call = format!("templatefile(\"p/p{at:03}.json\", {{ bucket = \"b\" }})");
                let text = module(&call).replace("\"p\"", &format!("\"p{at:03}\""));
                let called = format!(
                    "module \"m{at:03}\" {{\n  source = \"./inner\"\n  policy = file(\"p/q.json\")\n}}\n"
                );
                (format!("m/f{at:03}.tf"), text + &called)
            })
            .collect();
        let policies: String = (0..count)
            .map(|at| {
                format!("resource \"aws_iam_policy\" \"i{at}\" {{\n  policy = var.policy\n}}\n")
            })
            .collect();
        let mut files = vec![
            ("m/p/p001.json", TEXT),
            ("m/inner/main.tf", policies.as_str()),
        ];
        files.extend(
            texts
                .iter()
                .map(|(path, text)| (path.as_str(), text.as_str())),
        );
        leastwise_dialects::work::of(|| analyse(&files, ""))
    };
    let (some, more) = (work(20), work(200));
    assert!(some >= 20, "{some}");
    assert!(more <= some * 11, "{some} {more}");
}

#[test]
fn a_condition_of_the_file_is_decided_by_what_the_module_gives() {
    let text = "{ \"Version\": \"2012-10-17\", \"Statement\": [\n%{ if on }\n{ \"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\" }\n%{ endif }\n] }";
    let decided = |text: &str, module: &str| {
        let files = [("m/p/p.json", text), ("m/main.tf", module)];
        let (tree, analysis) = analyse(&files, "");
        let policy = analysis.sites[0].policy(&tree);
        let (condition, holds) = &policy.statements[0].branch[0];
        assert!(*holds);
        let environment = &analysis.environments[0];
        let resolver = analysis.resolver(&tree, environment, false);
        resolver.condition(condition, 0)
    };
    let filled =
        |variables: &str| module(&format!("templatefile(\"p/p.json\", {{ {variables} }})"));
    for (condition, variables, expected) in [
        ("on", "on = false", Some(false)),
        ("on", "on = true", Some(true)),
        ("!on", "on = true", Some(false)),
        (
            "on && bucket == \"x\"",
            "on = true, bucket = \"y\"",
            Some(false),
        ),
        ("bucket != \"\"", "bucket = local.name", Some(true)),
        ("on", "on = var.unknown", None),
        // A default may be overridden.
        ("on == \"own\"", "on = var.given", None),
        ("on", "other = false", None),
        ("on", "on = null", None),
    ] {
        let text = text.replace("if on", &format!("if {condition}"));
        assert_eq!(
            decided(&text, &filled(variables)),
            expected,
            "{condition} {variables}"
        );
    }
    // Twice, or without variables.
    let twice = "var.x ? templatefile(\"p/p.json\", { on = false }) : templatefile(\"p/p.json\", { on = true })";
    for call in [twice, "file(\"p/p.json\")"] {
        assert_eq!(decided(text, &module(call)), None, "{call}");
    }
    // What is written out needs nobody to tell.
    let literal = |word: &str| decided(&text.replace("if on", &format!("if {word}")), "");
    assert_eq!(
        [literal("false"), literal("true"), literal("on")],
        [Some(false), Some(true), None]
    );
}
