//! What reading marks costs: ten times the text is ten times the work, counted and not timed.

use crate::marks::{find, json, yaml};
use crate::work;

/// What somebody writes who wants a reader to start over at each place.
const UNITS: &[&str] = &[
    "${a}",
    "{{a}}",
    "<%a%>",
    "%{if a}",
    "{% if a %}",
    "{% else %}",
    "{% endif %}",
    "{{a}}\n",
    "{{if a}}\n",
    "{% else %}\n",
    "a: {{a}}\n",
    "a:\n  {{a}}\n",
    "a:\n  {{a}}\n  - b\n",
    "a:\n  {{a}}\n# b\n",
    "- b\n{{a}}\n",
    "# {{a}} ",
    "{{a}} b, ",
    "\"{{a}}\" ",
    "\"{{ \"a\" }}\", ",
    "{{a}}: ",
    "[{{a}}",
    "{{a}}/*",
    // Nothing ends them, or what is in them does.
    "${",
    "{{",
    "{{{",
    "<%",
    "{%",
    "{#",
    "%{",
    "{{a ",
    "<% a ",
    "${\"",
    "${a{",
    "{{ <% {% ${ ",
    "{{ {% a }} ",
];

#[track_caller]
fn is_linear(name: &str, unit: &str, of: impl Fn(&str)) {
    let cost = |count: usize| {
        let text = unit.repeat(count);
        work::of(|| of(&text))
    };
    let (few, many) = (cost(400), cost(4_000));
    // What is looked at beyond the end of a mark has a limit, which the shorter text may be below.
    let most = few * 11 + unit.len() * 400;
    assert!(many <= most, "{name} of {unit:?}: {few}, then {many}");
}

#[test]
fn ten_times_the_marks_are_ten_times_the_work() {
    for unit in UNITS {
        is_linear("find", unit, |text| drop(find(text)));
        for lead in ["", "[", "{\"a\": "] {
            is_linear("json", unit, |text| {
                drop(json::mask(&format!("{lead}{text}")))
            });
            is_linear("json, a line behind", unit, |text| {
                drop(json::mask(&format!(
                    "{lead}{text}{}",
                    " ".repeat(text.len())
                )));
            });
        }
        for lead in ["", "a: ", "a: {{ b", "{% if x %}\n", "# "] {
            is_linear("yaml", unit, |text| {
                drop(yaml::mask(&format!("{lead}{text}")))
            });
        }
    }
}
