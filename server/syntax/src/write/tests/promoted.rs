//! A mapping that becomes an item beside a new one, while something in it is changed.

use super::*;

/// Another value of `Resource`, and an item that moves from `Action` to a new statement.
fn split(t: &Tree) -> Vec<Edit> {
    vec![
        replace(t, "Statement/Resource", text("b")),
        remove(t, "Statement/Action/1"),
        push(
            t,
            "Statement",
            map(&[
                ("Effect", NewValue::Copy(at(t, "Statement/Effect"))),
                (
                    "Action",
                    list(&[NewValue::Copy(at(t, "Statement/Action/1"))]),
                ),
                ("Resource", text("*")),
            ]),
        ),
    ]
}

#[test]
fn comments_stay_with_their_keys_and_go_with_their_items() {
    yaml(
        "# all
Statement: # one
  # who
  Effect: Allow # yes
  # what
  Action: # these
    - x # why
    # that
    - y # moves
    - z
  # on
  Resource: '*' # star
  # end
Other: 1
",
        split,
        "# all
Statement: # one
  # who
  - Effect: Allow # yes
    # what
    Action: # these
      - x # why
      - z
    # on
    Resource: b # star
  - Effect: Allow
    Action:
      # that
      - y # moves
    Resource: '*'
  # end
Other: 1
",
    );
    check(
        Format::Jsonc,
        r#"{
  // all
  "Statement": { // one
    // who
    "Effect": "Allow", // yes
    /* what */ "Action": [
      "x", // why
      // that
      "y", // moves
      "z"
    ],
    // on
    "Resource": "*" // star
    // end
  }
}
"#,
        split,
        r#"{
  // all
  "Statement": [
    { // one
      // who
      "Effect": "Allow", // yes
      /* what */ "Action": [
        "x", // why
        "z"
      ],
      // on
      "Resource": "b" // star
      // end
    },
    {
      "Effect": "Allow",
      "Action": [
        // that
        "y" // moves
      ],
      "Resource": "*"
    }
  ]
}
"#,
    );
    yaml(
        "p: {
  # all
  Statement: {
    # who
    Effect: Allow, # yes
    Action: [x, y, z], # these
    Resource: '*' # star
  }
}
",
        |t| {
            vec![
                replace(t, "p/Statement/Resource", text("b")),
                remove(t, "p/Statement/Action/1"),
                push(t, "p/Statement", map(&[("Resource", text("*"))])),
            ]
        },
        "p: {
  # all
  Statement: [
    {
      # who
      Effect: Allow, # yes
      Action: [x, z], # these
      Resource: b # star
    },
    {
      Resource: '*'
    }
  ]
}
",
    );
}

#[test]
fn comments_of_objects_of_hcl_stay() {
    check(
        Format::Hcl,
        "p = jsonencode({
  # all
  Statement = { # one
    # who
    Effect = \"Allow\" # yes
    Action = [
      \"x\", # why
      \"y\", # moves
      \"z\",
    ]
    Resource = \"*\" # star
  }
})
",
        |t| {
            vec![
                replace(t, "p/0/Statement/Resource", text("b")),
                remove(t, "p/0/Statement/Action/1"),
                push(
                    t,
                    "p/0/Statement",
                    map(&[
                        (
                            "Action",
                            list(&[NewValue::Copy(at(t, "p/0/Statement/Action/1"))]),
                        ),
                        ("Resource", text("*")),
                    ]),
                ),
            ]
        },
        "p = jsonencode({
  # all
  Statement = [{ # one
    # who
    Effect = \"Allow\" # yes
    Action = [
      \"x\", # why
      \"z\",
    ]
    Resource = \"b\" # star
  }, {
    Action = [
      \"y\", # moves
    ]
    Resource = \"*\"
  }]
})
",
    );
}

#[test]
fn what_is_put_in_at_its_end_stays_in_it() {
    yaml(
        "Statement:
  Action:
    - x
    - y # last
",
        |t| {
            vec![
                push(t, "Statement/Action", text("z")),
                push(t, "Statement", map(&[("Action", text("w"))])),
            ]
        },
        "Statement:
  - Action:
      - x
      - y # last
      - z
  - Action: w
",
    );
    yaml(
        "Statement: {Action: x, Resource: y} # one\n",
        |t| {
            vec![
                push(t, "Statement/Action", text("z")),
                push(t, "Statement", map(&[("Action", text("w"))])),
            ]
        },
        "Statement:
  - {Action: [x, z], Resource: y} # one
  - {Action: w}
",
    );
    // A pair of its own, and a text in it.
    yaml(
        "Statement:
  Action: x # this
  Resource: y
",
        |t| {
            vec![
                set(t, "Statement/Action", "z"),
                pair(t, "Statement", InsertAt::Last, "Sid", text("s")),
                push(t, "Statement", map(&[("Action", text("w"))])),
            ]
        },
        "Statement:
  - Action: z # this
    Resource: y
    Sid: s
  - Action: w
",
    );
}

#[test]
fn what_stands_for_others_is_left_alone() {
    let edits = |t: &Tree| {
        vec![
            set(t, "Statement/Action", "z"),
            push(t, "Statement", map(&[("Action", text("w"))])),
        ]
    };
    let reason = refusal(
        Format::Yaml,
        "Statement:\n  Action: &a x\nOther: *a\n",
        edits,
    );
    assert_eq!(
        reason,
        "an alias elsewhere stands for it or for what it is in"
    );
}
