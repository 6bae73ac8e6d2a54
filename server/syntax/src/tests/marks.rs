//! Texts with marks of other tools.

use super::{hcl, json, problems, show, show_node, yaml};
use crate::ProblemKind::{Embedded, Syntax, Templated};
use crate::marks::{MarkKind, find};
use crate::{ProblemKind, Tree};

fn conditions(tree: &Tree) -> Vec<(String, bool)> {
    let regions = tree.regions().iter();
    regions
        .map(|region| (region.condition.clone(), region.holds))
        .collect()
}

#[track_caller]
fn check(tree: &Tree, shown: &str, kinds: &[ProblemKind]) {
    let found: Vec<ProblemKind> = problems(tree).iter().map(|(kind, _)| *kind).collect();
    assert_eq!(
        (show(tree).as_str(), found.as_slice()),
        (shown, kinds),
        "{}",
        tree.source()
    );
}

#[test]
fn marks_are_found_by_what_they_do() {
    let kinds = |text: &str| -> Vec<(String, MarkKind)> {
        let marks = find(text).into_iter();
        marks
            .map(|mark| (text[mark.range()].to_owned(), mark.kind))
            .collect()
    };
    use MarkKind::{Close, Else, Note, Open, Value};
    for (text, kind) in [
        ("{{ name }}", Value),
        ("{{{ raw }}}", Value),
        ("{{- if .Values.x }}", Open),
        ("{{- range $k, $v := .Values.x }}", Open),
        ("{{#each x}}", Open),
        ("{{^}}", Else),
        ("{{/each}}", Close),
        ("{{- else if .y -}}", Else),
        ("{{ end }}", Close),
        ("{{- $x := .Values.y }}", Note),
        ("{{- /* why */ -}}", Note),
        ("{% if x %}", Open),
        ("{%- elif y -%}", Else),
        ("{%- endif %}", Close),
        ("{% set x = 1 %}", Note),
        ("{% set x %}", Open),
        ("{# why #}", Note),
        ("<%= x %>", Value),
        ("<%- x %>", Value),
        ("<%- if x -%>", Open),
        ("<% items.each do |item| %>", Open),
        ("<% if (x) { %>", Open),
        ("<% } else { %>", Else),
        ("<% } %>", Close),
        ("<%- end -%>", Close),
        ("%{ if x ~}", Open),
        ("%{ endfor }", Close),
        ("%{facts.region}", Value),
        ("${jsonencode({a = \"}\"})}", Value),
        ("${{ secrets.x }}", Value),
        ("#{account}", Value),
    ] {
        assert_eq!(kinds(text), [(text.to_owned(), kind)]);
    }
    for text in [
        "{{ x",
        "{% if",
        "$${x}",
        "%%{ if x }",
        "${x",
        "{a}",
        "< x %>",
        "{{ a {{ ",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
    assert_eq!(kinds("{{ a {{ b }}").len(), 1);
}

#[test]
fn values_without_quotes() {
    let text = r#"{"a": ${arns}, "b": [{{ x | tojson }}, "c", <%= y("z") %>], "d": $D, "e": @@E@@, {{ k }}: {{ a }}-{{ b }}}"#;
    let tree = json(text);
    check(
        &tree,
        r#"{a: ${arns}, b: [{{ x | tojson }}, c, <%= y("z") %>], d: $D, e: @@E@@, {{ k }}: {{ a }}-{{ b }}}"#,
        &[Templated],
    );
    assert!(tree.regions().is_empty());
    // Valid YAML, but not what it says.
    check(
        &yaml("a: {{ x }}\nb: [{{ y }}]\n"),
        "{a: {{ x }}, b: [{{ y }}]}",
        &[],
    );
    check(
        &yaml(
            "a: [${X::y:z}, b]\n{{ n }}Role: {{ p }}-{{ q }}\nc: \"{{ f(\"x\") }}\"\nd:\n  {{ e }}\nf:\n  - {{ g }}\n",
        ),
        "{a: [${X::y:z}, b], {{ n }}Role: {{ p }}-{{ q }}, c: {{ f(\"x\") }}, d: {{ e }}, f: [{{ g }}]}",
        &[Templated],
    );
}

#[test]
fn marks_in_strings_may_hold_quotes() {
    let tree = json("{\"a\": \"x{{ f(\"y\") }}z\\t\", \"b\": 1}");
    check(&tree, "{a: x{{ f(\"y\") }}z\t, b: 1}", &[Templated]);
    // What isn't closed in its string is none.
    let tree = json("{\"a\": \"{{ x\", \"b\": \"y }}\" \"c\": 1}");
    check(&tree, "{a: {{ x, b: y }}, c: 1}", &[Syntax]);
}

#[test]
fn commas_are_right_in_each_rendering() {
    for text in [
        "[{\"a\": 1}\n{%- if x %},\n{\"a\": 2}\n{%- endif %}\n]",
        "[{\"a\": 1}\n%{ if x ~}\n,{\"a\": 2}\n%{ endif ~}\n]",
        "[{\"a\": 1},\n{{- if .x }}\n{\"a\": 2},\n{{- end }}\n]",
        "[\n<% if x %>\n{\"a\": 1},\n<% end %>\n{\"a\": 2}]",
        "[\n<% if x %>\n{\"a\": 1}\n<% end %>\n,{\"a\": 2}]",
        "[{\"a\": 1\n%{ if x ~}\n}, {\"a\": 2\n%{ endif ~}\n}]",
        "[{\"a\": 1}{% if x %}{\"a\": 2}{% endif %}]",
    ] {
        let tree = json(text);
        check(&tree, "[{a: 1}, {a: 2}]", &[Templated]);
        assert_eq!(tree.regions().len(), 1, "{text}");
    }
    let tree = json("{\"a\": [%{ for x in xs }\"${x}\"%{ if more },%{ endif }%{ endfor }]}");
    check(&tree, "{a: [${x}]}", &[Templated]);
    // Inserted: any number of items or pairs.
    let tree = json("{\"a\": [{\"b\": 1}\n{{ include \"more\" . }}\n], {{ pairs }} \"c\": 1}");
    check(&tree, "{a: [{b: 1}], c: 1}", &[Templated]);
    assert!(tree.is_open(tree.documents()[0]));
}

#[test]
fn alternatives() {
    let tree = json("{\"a\": {% if x %}\"b\"{% else %}\"c\"{% endif %}, \"d\": 1}");
    check(&tree, "{a: b, d: 1}", &[Templated]);
    let tree = json("[{% if x %}\"b\"{% else %}\"c\"{% endif %}]");
    check(&tree, "[b, c]", &[Templated]);
    let items = tree.items(tree.documents()[0]).unwrap();
    let of = |at: usize| tree.conditions(items[at]).collect::<Vec<_>>();
    assert_eq!(of(0), [("x", true)]);
    assert_eq!(of(1), [("x", false)]);
    check(
        &yaml(
            "{{- if .x }}\na: b\n{{- else }}\na: c\n{{- end }}\nd:\n{{- if .y }}\n  - e\n{{- else }}\n  - f\n{{- end }}\ng: {{ if .z }}h{{ else }}i{{ end }}\n",
        ),
        "{a: b, d: [e, f], g: {{ if .z }}h{{ else }}i{{ end }}}",
        &[Templated],
    );
}

#[test]
fn what_a_condition_encloses_knows_it() {
    let tree =
        json("[1\n%{ if key != \"\" ~}\n, 2\n%{ for k in keys }, 3 %{ endfor }\n%{ endif ~}\n]");
    let items = tree.items(tree.documents()[0]).unwrap();
    let of = |at: usize| tree.conditions(items[at]).collect::<Vec<_>>();
    assert_eq!(of(0), []);
    assert_eq!(of(1), [("key != \"\"", true)]);
    assert_eq!(of(2), [("for k in keys", true), ("key != \"\"", true)]);
}

#[test]
fn lines_of_control_in_yaml() {
    check(
        &yaml("a:\n  - b\n{% for x in xs %}\n  - {{ x }}\n{% endfor %}\nc: 1\n"),
        "{a: [b, {{ x }}], c: 1}",
        &[Templated],
    );
    let tree = yaml(
        "{{- if .Values.x }}\na: 1\n---\nb:\n  {{- toYaml .y | nindent 2 }}\nc: 2\n{{- end }}\n",
    );
    check(
        &tree,
        "{a: 1} --- {b: {{- toYaml .y | nindent 2 }}, c: 2}",
        &[Templated],
    );
    let tree = yaml("b:\n  c: 1\n  {{- toYaml .y | nindent 2 }}\nd: [\n");
    check(&tree, "{b: {c: 1}, d: []}", &[Templated]);
    assert!(tree.is_open(tree.documents()[0]));
    // Several lines.
    check(
        &yaml("{{- /* a\n  b: [ */ -}}\na: {{ f\n  \"x\" }}\nb: 1\n"),
        "{a: {{ f \"x\" }}, b: 1}",
        &[Templated],
    );
}

#[test]
fn marks_before_and_between_items_put_in_more_of_them() {
    for mark in [
        "{{- toYaml .x | nindent 2 }}",
        "{{- include \"y\" . }}",
        "<%= x %>",
        "${indent(2, yamlencode(x))}",
        "{{ x }}",
        "{{ x }} {{ y }}",
        "{{ x }}\n  # why\n\n  {{ y }}",
        "{{- if .x }}\n  {{ x }}\n  {{- end }}",
    ] {
        for (text, shown) in [
            (
                format!("a:\n  {mark}\n  - b: 1\nc: 2\n"),
                "{a: [{b: 1}], c: 2}",
            ),
            (format!("a:\n{mark}\n- b: 1\nc: 2\n"), "{a: [{b: 1}], c: 2}"),
            (
                format!("a: {mark}\n  - b: 1\nc: 2\n"),
                "{a: [{b: 1}], c: 2}",
            ),
            (
                format!("a:\n  - b: 1\n  {mark}\n  - b: 2\nc: 2\n"),
                "{a: [{b: 1}, {b: 2}], c: 2}",
            ),
            (format!("a:\n  - 1\n  {mark}\nc: 2\n"), "{a: [1], c: 2}"),
        ] {
            let tree = yaml(&text);
            check(&tree, shown, &[Templated]);
            let list = tree.get(tree.documents()[0], "a").unwrap();
            assert!(tree.is_open(list), "{text}");
        }
        let tree = yaml(&format!("a:\n  {mark}\n  b: 1\nc: 2\n"));
        check(&tree, "{a: {b: 1}, c: 2}", &[Templated]);
        let block = tree.get(tree.documents()[0], "a").unwrap();
        assert!(tree.is_open(block));
    }
    // What stands below is no part of the value.
    for (text, shown) in [
        (
            "- a:\n    ${x}\n- b: {{ y }} z\n",
            "[{a: ${x}}, {b: {{ y }} z}]",
        ),
        (
            "a:\n  ${x}\n---\n- {{ y }} z\n",
            "{a: ${x}} --- [{{ y }} z]",
        ),
        ("a: ${x}\nb: {{ y }} z\n", "{a: ${x}, b: {{ y }} z}"),
        ("a: {{ x }}-{{ y }}\n", "{a: {{ x }}-{{ y }}}"),
    ] {
        check(&yaml(text), shown, &[Templated]);
    }
    // The list that a mark stands behind, and no list in it.
    let tree = yaml("a:\n  - b:\n      - 1\n  {{ x }}\nc: 2\n");
    check(&tree, "{a: [{b: [1]}], c: 2}", &[Templated]);
    let items = tree.items(tree.get(tree.documents()[0], "a").unwrap());
    assert!(!tree.is_open(tree.get(items.unwrap()[0], "b").unwrap()));
}

#[test]
fn documents_in_strings() {
    let policy = "p: |\n  {\"Statement\": [\n{{- if .x }}\n    {\"Effect\": \"Allow\", \"Action\": \"a:{{ .y }}\"}\n{{- end }}\n  ]}\nq: {{ .z\n";
    let tree = yaml(policy.trim_end().trim_end_matches("q: {{ .z"));
    let root = tree
        .get(tree.documents()[0], "p")
        .and_then(|id| tree.embedded(id));
    assert_eq!(
        show_node(&tree, root.unwrap()),
        "{Statement: [{Effect: Allow, Action: a:{{ .y }}}]}"
    );
    assert_eq!(conditions(&tree).len(), 2);
    let tree = hcl(
        "a = <<-E\n  {\"Statement\": [\n    {\"Effect\": \"Allow\"}\n    %{ if var.x }\n    ,{\"Effect\": \"Deny\", \"Resource\": \"${var.y}\"}\n    %{ endif }\n  ]}\n  E\n",
    );
    let root = tree
        .get(tree.documents()[0], "a")
        .and_then(|id| tree.embedded(id));
    assert_eq!(
        show_node(&tree, root.unwrap()),
        "{Statement: [{Effect: Allow}, {Effect: Deny, Resource: hcl:template([hcl:ref(var.y)])}]}"
    );
    assert_eq!(problems(&tree), []);
    assert_eq!(conditions(&tree), [("var.x".to_owned(), true)]);
    for text in [
        r#"{"a": "{\"Statement\": {{ statements }} }"}"#,
        r#"{"a": "{\"Statement\": [{\"Effect\": \"Allow\", \"Resource\": ${arns}}]}"}"#,
        r#"{"a": "{% if x %}{\"Statement\": [{\"Effect\": \"Allow\"}]}{% endif %}"}"#,
    ] {
        let tree = json(text);
        let value = tree.get(tree.documents()[0], "a");
        assert!(value.and_then(|id| tree.embedded(id)).is_some(), "{text}");
        check(&tree, &show(&tree), &[Templated]);
    }
    // What isn't a mark is still wrong.
    let tree = yaml("p: |\n  {\"Statement\": [{\"Effect\": \"Allow\" \"Action\": \"*\"}]}\n");
    check(&tree, &show(&tree), &[Embedded]);
}

#[test]
fn what_is_wrong_beside_marks_stays_wrong() {
    check(
        &json("{\"a\": \"{{ x }}\" \"b\": 1}"),
        "{a: {{ x }}, b: 1}",
        &[Syntax],
    );
    check(
        &json("{\"a\": {{ x }} \"b\": 1}"),
        "{a: {{ x }}, b: 1}",
        &[Syntax],
    );
    check(
        &yaml("a: {{ x }}-y\nb: [c\nd: 1\n"),
        "{a: {{ x }}-y, b: [c], d: 1}",
        &[Syntax],
    );
    check(&json("{\"a\": YOURS}"), "{a: YOURS}", &[Syntax]);
    // Nothing of a mark that isn't closed swallows what follows.
    check(
        &yaml("a: {{ x\nb: 1\nc: [d]\n"),
        &show(&yaml("a: {{ x\nb: 1\nc: [d]\n")),
        &[Syntax],
    );
    let tree = json("{\"a\": {{ x, \"b\": {\"c\": 1}, \"d\": 2}");
    assert!(show(&tree).contains("d: 2"), "{}", show(&tree));
}
