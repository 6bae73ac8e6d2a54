//! Policies in files that another tool renders first: what is plain is checked, what isn't is unknown.

use leastwise_model::Level;
use leastwise_syntax::write;
use leastwise_workspace::load;

use super::fixture::Fixture;
use crate::check;

/// What all rules say above a suggestion, each as its rule and the text that it is about; and how many suggestions say
/// that the file is a template.
fn said(path: &str, text: &str) -> (Vec<(&'static str, String)>, usize) {
    let format = load::format_of(path.as_ref(), text);
    let fixture = Fixture::at(path, text, format, "", None);
    let findings = check(&fixture.context());
    let notes = findings
        .iter()
        .filter(|finding| finding.rule.id == "syntax-error" && finding.level == Level::Suggestion);
    let notes = notes.count();
    let grave = findings
        .iter()
        .filter(|finding| finding.level != Level::Suggestion)
        .map(|finding| (finding.rule.id, text[finding.span.range()].to_owned()))
        .collect();
    (grave, notes)
}

#[track_caller]
fn finds(path: &str, text: &str, expected: &[(&str, &str)]) {
    let (grave, notes) = said(path, text);
    let expected: Vec<_> = expected
        .iter()
        .map(|(rule, text)| (*rule, (*text).to_owned()))
        .collect();
    assert_eq!(grave, expected, "{path}\n{text}");
    assert!(notes <= 1, "{notes} notes on {path}\n{text}");
}

const TYPO: (&str, &str) = ("unknown-action", "GetObjekt");

#[test]
fn json_of_template_engines() {
    for arns in [
        "${arns}",
        "${jsonencode(concat(arns, [\"x\"]))}",
        "{{ arns | tojson }}",
        "[{{ arns }}]",
        "[${ACCEL_LOOKUP::EC2::VPC:arns}]",
        "<%= arns.to_json %>",
        "<%- JSON.stringify(arns) %>",
        "[{% for arn in arns %}\"{{ arn }}\"{% if not loop.last %},{% endif %}{% endfor %}]",
        "[\n%{ for arn in arns ~}\n\"${arn}\",\n%{ endfor ~}\n\"arn:aws:s3:::b/*\"]",
        "$ARNS",
        "%ARNS%",
        "\"_QUEUE_ARN_\"",
        "\"arn:aws:s3:::{{ lookup(\"bucket\") }}/*\"",
        "{% if x %}\"arn:aws:s3:::a/*\"{% else %}\"arn:aws:s3:::b/*\"{% endif %}",
    ] {
        for action in ["s3:GetObject", "s3:GetObjekt"] {
            let text = format!(
                "{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"{action}\", \"Resource\": {arns}}}]\n}}\n"
            );
            let expected = [TYPO].into_iter().filter(|_| action == "s3:GetObjekt");
            finds("p.json", &text, &expected.collect::<Vec<_>>());
        }
    }
}

#[test]
fn statements_that_come_and_go() {
    let first =
        "{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::a/*\"}";
    let second =
        "{\"Effect\": \"Allow\", \"Action\": \"s3:GetObjekt\", \"Resource\": \"arn:aws:s3:::b/*\"}";
    for (open, close) in [
        ("{%- if x %}", "{%- endif %}"),
        ("{{- if .Values.x }}", "{{- end }}"),
        ("%{ if x ~}", "%{ endif ~}"),
        ("<% if x %>", "<% end %>"),
        ("<% if (x) { %>", "<% } %>"),
        ("{{#if x}}", "{{/if}}"),
    ] {
        for list in [
            format!("{first}\n{open},\n{second}\n{close}"),
            format!("{first},\n{open}\n{second}\n{close}"),
            format!("{open}\n{second},\n{close}\n{first}"),
        ] {
            let text = format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{list}]}}");
            finds("p.json", &text, &[TYPO]);
        }
        // The mark between an object's braces.
        let cut = first.trim_end_matches('}');
        let other = second.trim_end_matches('}');
        let text = format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [\n{cut}\n{open}\n}},\n{other}\n{close}\n}}]}}"
        );
        finds("p.json", &text, &[TYPO]);
    }
}

#[test]
fn charts_and_playbooks() {
    let chart = "\
{{- if .Values.iam.enabled }}
apiVersion: iam.services.k8s.aws/v1alpha1
kind: Policy
metadata:
  name: {{ include \"shop.fullname\" . }}
  labels:
    {{- include \"shop.labels\" . | nindent 4 }}
spec:
  policyDocument: |
    {
      \"Version\": \"2012-10-17\",
      \"Statement\": [
{{- if .Values.reads }}
        {\"Effect\": \"Allow\", \"Action\": \"s3:GetObjekt\", \"Resource\": \"arn:aws:s3:::{{ .Values.bucket }}/*\"},
{{- end }}
        {\"Effect\": \"Allow\", \"Action\": [{{ .Values.actions | toJson }}], \"Resource\": {{ .Values.arn | quote }}}
      ]
    }
{{- end }}
";
    finds("chart/templates/policy.yaml", chart, &[TYPO]);
    let play = "\
- hosts: localhost
  tasks:
    - name: policy
      community.aws.iam_managed_policy:
        policy_name: \"{{ app }}-reader\"
        policy:
          Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action: {{ actions }}
              Resource: arn:aws:s3:::{{ bucket }}/*
            {% if writes %}
            - Effect: Allow
              Action: s3:GetObjekt
              Resource: arn:aws:s3:::{{ bucket }}/*
            {% endif %}
";
    finds("play.yml", play, &[TYPO]);
    let template = "\
AWSTemplateFormatVersion: '2010-09-09'
Resources:
{% for name in names %}
  {{ name }}Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      {%- if paths %}
      Path: /{{ path }}/
      {%- endif %}
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: s3:GetObjekt
            Resource: !Sub 'arn:${AWS::Partition}:s3:::{{ name }}/*'
{% endfor %}
";
    finds("t.yaml", template, &[TYPO]);
}

#[test]
fn marks_among_items() {
    let item =
        "    - Effect: Allow\n      Action: s3:GetObjekt\n      Resource: arn:aws:s3:::b/*\n";
    for mark in [
        "{{- toYaml .Values.s | nindent 4 }}",
        "{{- include \"x\" . | nindent 4 }}",
        "<%= x %>",
        "${indent(2, yamlencode(x))}",
        "{{ x }}",
    ] {
        for path in ["p.yaml", "p.yaml.j2"] {
            let head = "Version: '2012-10-17'\nStatement:";
            for text in [
                format!("{head}\n    {mark}\n{item}"),
                format!("{head} {mark}\n{item}"),
                format!("{head}\n{item}    {mark}\n"),
                format!(
                    "{head}\n{item}{}    {mark}\n{}",
                    item.replace("kt", "ct"),
                    item.replace("Get", "Put")
                ),
            ] {
                let slips = [TYPO, ("unknown-action", "PutObjekt")];
                let expected: Vec<_> = slips
                    .into_iter()
                    .filter(|(_, slip)| text.contains(slip))
                    .collect();
                finds(path, &text, &expected);
            }
            // The other actions aren't known: what asks for all of them is silent.
            for actions in [
                format!("        {mark}\n        - s3:GetObjekt\n"),
                format!("        - s3:GetObjekt\n        {mark}\n"),
            ] {
                let text = format!(
                    "{head}\n    - Effect: Allow\n      Action:\n{actions}      Resource: arn:aws:s3:::b\n"
                );
                finds(path, &text, &[TYPO]);
            }
            // What is known of no statement is no policy without one.
            finds(path, &format!("{head} {mark}\n"), &[]);
            finds(path, &format!("{head}\n  {mark}\n"), &[]);
        }
    }
    let text = "service: x\nprovider:\n  name: aws\n  iam:\n    role:\n      statements:\n        {{ x }}\n        - Effect: Allow\n          Action: s3:GetObjekt\n          Resource: arn:aws:s3:::b/*\n";
    finds("serverless.yml", text, &[TYPO]);
    for statements in [
        "${x}",
        "[${x}]",
        "{{ x | tojson }}",
        "\"{{ x }}\"",
        "[\"{{ x }}\"]",
    ] {
        let text = format!("{{\"Version\": \"2012-10-17\", \"Statement\": {statements}}}");
        finds("p.json", &text, &[]);
    }
}

#[test]
fn placeholders_are_unknown() {
    for arn in [
        "arn:aws:sqs:<region>:<account-id>:jobs",
        "arn:aws:sqs:$REGION:$ACCOUNT:jobs",
        "arn:aws:sqs:$AWS_REGION$:${ACCOUNT}:jobs",
        "arn:aws:sqs:__REGION__:__ACCOUNT__:jobs",
        "arn:aws:sqs:%REGION%:%ACCOUNT%:jobs",
        "arn:aws:sqs:eu-west-1:XXXXXXXXXXXX:jobs",
        "arn:aws:sqs:eu-west-1:ACCOUNT_ID:jobs",
        "arn:aws:sqs:@@REGION@@:{account}:jobs",
        "arn:aws:sqs:#{region}:$(account):jobs",
        "<queue-arn>",
        "$QUEUE_ARN",
        "_QUEUE_ARN_",
        "{{ queue }}",
        "_QUEUE_ARN_/*",
        "QUEUE_ARN/*",
        "REPLACE_ME",
        "CHANGEME",
        "QUEUE",
        "MY_QUEUE/*",
        "%s",
        "%(arn)s",
        "{}",
        "{0}",
        "@arn@",
        "((arn))",
        "[[ arn ]]",
        "[ARN]",
    ] {
        let text = format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"sqs:SendMessage\", \"Resource\": \"{arn}\"}}]}}"
        );
        finds("p.json", &text, &[]);
    }
    for principal in [
        "arn:aws:iam::<account-id>:root",
        "arn:aws:iam::$ACCOUNT:role/jobs",
        "arn:aws:iam::ACCOUNT_ID:user/x",
        "arn:aws:iam::your-account-id:root",
        "arn:aws:iam::{{ account }}:root",
        "ACCOUNT_ID",
        "%ACCOUNT%",
        "<principal>",
    ] {
        let text = format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\", \"Principal\": {{\"AWS\": \"{principal}\"}}}}]}}"
        );
        finds("trust.json", &text, &[]);
    }
    for (service, expected) in [
        ("SERVICE.amazonaws.com", None),
        ("SERVICE_NAME.amazonaws.com", None),
        ("LAMBDA.amazonaws.com", Some("unknown-principal")),
        ("lamda.amazonaws.com", Some("unknown-principal")),
    ] {
        let text = format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\", \"Principal\": {{\"Service\": \"{service}\"}}}}]}}"
        );
        let expected: Vec<_> = expected.iter().map(|rule| (*rule, service)).collect();
        finds("trust.json", &text, &expected);
    }
    // In actions, effects, principals, conditions and names of elements.
    let text = "\
Version: '2012-10-17'
Statement:
  - Effect: '{{ effect }}'
    Action: ['s3:{{ verb }}Object', '<service>:GetObject', 's3:GetObjekt']
    Resource: '*'
    Condition:
      '{{ operator }}': {'aws:SourceVpc': '{{ vpc }}'}
  - Effect: Allow
    '{{ element }}': 's3:GetObject'
    Resource: '*'
    Condition:
      StringEquals: {'aws:PrincipalTag/<tag>': '$VALUE', 'aws:RequestedRegion': '%REGION%'}
";
    finds("p.yaml", text, &[TYPO]);
    let text = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\", \"Principal\": \"{{ principal }}\"}, {\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\", \"Principal\": {\"Service\": \"{{ service }}.amazonaws.com\", \"AWS\": \"<account-id>\"}}]}";
    finds("trust.json", text, &[]);
}

#[test]
fn what_only_looks_like_a_mark_hushes_nothing() {
    // A bucket of that name, a variable of IAM, a sign in a sentence.
    let text = "\
AWSTemplateFormatVersion: '2010-09-09'
Description: 'a < b, {c} > d, 100%, $5'
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Description: YOUR-BUCKET of <somebody>
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: s3:GetObjekt
            Resource: arn:aws:s3:::your-bucket/${aws:username}/*
          - Effect: Allow
            Action: sqs:SendMessage
            Resource: arn:aws:sqs:eu-west-1:12345678901:your-queue
";
    finds("t.yaml", text, &[TYPO, ("invalid-arn", "12345678901")]);
    // A slip in the same place as a placeholder.
    for (arn, part) in [
        ("arn:aws:sqs:euwest1:<account>:jobs", "euwest1"),
        ("arn:aws:sqs:$REGION:12345678901:jobs", "12345678901"),
        ("arn:asw:sqs:$REGION:$ACCOUNT:jobs", "asw"),
        ("arn:aws:logs:region:123456789012:log-group:x", "region"),
        ("jobs", "jobs"),
        ("my-queue/*", "my-queue/*"),
        ("queue/x", "queue/x"),
        ("my_queue", "my_queue"),
        ("MyQueue", "MyQueue"),
        ("MY-QUEUE", "MY-QUEUE"),
    ] {
        let action = if arn.contains("logs") {
            "logs:CreateLogStream"
        } else {
            "sqs:SendMessage"
        };
        let text = format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"{action}\", \"Resource\": \"{arn}\"}}]}}"
        );
        let (grave, _) = said("p.json", &text);
        assert!(
            grave.contains(&("invalid-arn", part.to_owned())),
            "{grave:?} {arn}"
        );
    }
    // A text without marks that isn't JSON, and one whose marks don't matter to what is wrong.
    for text in [
        "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\" \"Action\": \"s3:GetObject\", \"Resource\": \"*\"}]}",
        "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\" \"Action\": \"s3:GetObject\", \"Resource\": {{ arn }}}]}",
        "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\" \"Action\": \"s3:GetObject\", \"Resource\": \"${arn}\"}]}",
    ] {
        finds("p.json", text, &[("syntax-error", "\"Action\"")]);
    }
}

#[test]
fn conditions_of_a_heredoc() {
    let text = "\
resource \"aws_iam_policy\" \"p\" {
  name   = \"p\"
  policy = <<-EOT
    {
      \"Version\": \"2012-10-17\",
      \"Statement\": [
        {\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::a/*\"}
        %{ if var.more }
        ,{\"Effect\": \"Allow\", \"Action\": \"s3:GetObjekt\", \"Resource\": \"${var.arn}\"}
        %{ endif }
        %{ for arn in var.arns ~}
        ,{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"${arn}/*\"}
        %{ endfor ~}
      ]
    }
  EOT
}
";
    finds("main.tf", text, &[TYPO]);
    let fixture = Fixture::new(text, "");
    let context = fixture.context();
    let branches: Vec<_> = context
        .statements()
        .map(|(_, statement)| statement.branch.clone())
        .collect();
    let of = |name: &str| vec![(name.to_owned(), true)];
    assert_eq!(
        branches,
        [vec![], of("var.more"), of("for arn in var.arns")]
    );
}

/// Fixes keep each mark where it is, or aren't offered.
#[test]
fn fixes_keep_marks() {
    for text in [
        "{\"Version\": \"2012-10-17\", \"Statement\": [\n  {\"Effect\": \"Allow\", \"Action\": [\"s3:GetObjekt\", \"{{ action(\"x\") }}\"], \"Resource\": {{ arns }}}\n  {%- if x %},\n  {\"Effect\": \"allow\", \"Action\": [\"s3:PutObjekt\"], \"Resource\": \"*\"}\n  {%- endif %}\n]}\n",
        "Version: '2012-10-17'\nStatement:\n  - Effect: allow\n    Action: [s3:GetObjekt, '{{ action }}']\n    Resource: {{ arns }}\n  {%- if x %}\n  - Effect: Allow\n    Action:\n      - s3:PutObjekt\n      {%- if y %}\n      - s3:GetObject\n      {%- endif %}\n    Resource: '*'\n  {%- endif %}\n",
    ] {
        let format = super::fixture::format_of(text);
        let fixture = Fixture::at("p.x", text, format, "", None);
        let context = fixture.context();
        let mut written = 0;
        for finding in check(&context) {
            for fix in finding
                .fixes(&context)
                .iter()
                .filter_map(|fix| fix.resolve(&context))
            {
                let after = write::apply(text, &fix.edits);
                for mark in ["{{ arns }}", "{%- if x %}", "{%- endif %}"] {
                    assert_eq!(
                        after.matches(mark).count(),
                        text.matches(mark).count(),
                        "{after}"
                    );
                }
                written += 1;
            }
        }
        assert!(written > 0, "no fix for {text}");
    }
}

#[test]
fn a_branch_that_the_resources_own_condition_decides() {
    let template = |condition: &str| {
        format!(
            r#"Parameters:
  Env: {{Type: String}}
Conditions:
  Prod: !Equals [!Ref Env, prod]
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    {condition}
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: !If [Prod, s3:GetObject, s3:GetObjekt]
            Resource: !If [Prod, 'arn:aws:s3:::b/*', 'arn:aws:s3::b/*']
          - Fn::If:
            - Prod
            - Effect: Allow
              Action: s3:GetObject
              Resource: 'arn:aws:s3:::b/*'
            - Effect: Allow
              Action: s3:PutObjekt
              Resource: 'arn:aws:s3:::b/*'
          - Effect: Allow
            Action: s3:GetObject
            Resource: !Sub ['arn:aws:s3${{x}}:b/*', {{x: !If [Prod, '::', ':']}}]
"#
        )
    };
    let said = |text: &str| {
        let fixture = Fixture::new(text, "");
        let findings = check(&fixture.context());
        let serious = findings
            .iter()
            .filter(|finding| finding.level != Level::Suggestion);
        serious.map(|finding| finding.rule.id).collect::<Vec<_>>()
    };
    assert_eq!(said(&template("Condition: Prod")), [""; 0]);
    let all = [
        "unknown-action",
        "invalid-arn",
        "unknown-action",
        "invalid-arn",
    ];
    assert_eq!(said(&template("Condition: Other")), all);
    assert_eq!(said(&template("DeletionPolicy: Retain")), all);
    // Within a statement that the same condition brings.
    let inside = template("").replace(
        "              Action: s3:GetObject\n              Resource: 'arn:aws:s3:::b/*'\n",
        "              Action: !If [Prod, s3:GetObject, s3:DeleteObjekt]\n              Resource: 'arn:aws:s3:::b/*'\n",
    );
    assert_eq!(said(&inside), all);
}

#[test]
fn what_terraform_puts_into_json_without_quotes_is_json() {
    let locals = "locals {\n  arns = [\"arn:aws:s3:::a/*\", \"arn:aws:s3:::b/*\"]\n}\n";
    for (statement, expected) in [
        (
            "\"Action\": \"s3:GetObject\", \"Resource\": ${jsonencode(local.arns)}",
            None,
        ),
        (
            "\"Action\": \"s3:GetObject\", \"Resource\": [${join(\",\", formatlist(\"\\\"%s\\\"\", local.arns))}]",
            None,
        ),
        (
            "\"Action\": [${local.a}], \"Resource\": ${local.r}, \"Condition\": ${local.c}",
            None,
        ),
        (
            "\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::a/*\", \"Condition\": {\"IpAddress\": {\"aws:SourceIp\": ${jsonencode([\"192.0.2.0/24\"])}}, \"Bool\": {\"aws:SecureTransport\": ${true}}}",
            None,
        ),
        (
            "\"Action\": ${jsonencode([\"s3:PutObject\", \"s3:GetObjekt\"])}, \"Resource\": ${jsonencode(local.arns)}",
            Some(("unknown-action", "GetObjekt")),
        ),
        (
            "\"Action\": \"s3:GetObject\", \"Resource\": ${jsonencode(\"s3:::a/*\")}",
            Some(("invalid-arn", "s3:::a/*")),
        ),
    ] {
        let text = format!(
            "{locals}resource \"aws_iam_policy\" \"p\" {{\n  policy = <<EOF\n{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", {statement}}}]}}\nEOF\n}}\n"
        );
        let expected: Vec<_> = expected.into_iter().collect();
        finds("main.tf", &text, &expected);
    }
    // A statement, once.
    let text = "resource \"aws_iam_policy\" \"p\" {\n  policy = <<EOF\n{\"Version\": \"2012-10-17\", \"Statement\": [${jsonencode({ Effect = \"Allow\", Action = \"s3:GetObjekt\", Resource = \"arn:aws:s3:::a/*\" })}]}\nEOF\n}\n";
    finds("main.tf", text, &[TYPO]);
}

#[test]
fn a_string_of_terraforms_json_that_is_one_expression_has_its_type() {
    for (actions, expected) in [
        ("\"${local.l}\"", Some(("unknown-action", "${local.l}"))),
        ("\"${var.l}\"", None),
        (
            "\"${concat([\\\"s3:GetObject\\\"], [\\\"s3:PutObject\\\"])}\"",
            None,
        ),
        ("\"s3:GetObject\"", Some(("invalid-type", "s3:GetObject"))),
        ("\"s3:${var.l}\"", Some(("invalid-type", "s3:${var.l}"))),
    ] {
        let text = format!(
            "{{\"locals\": {{\"l\": [\"s3:GetObjekt\"]}}, \"data\": {{\"aws_iam_policy_document\": {{\"d\": {{\"statement\": {{\"actions\": {actions}, \"resources\": [\"arn:aws:s3:::a/*\"]}}}}}}}}, \"resource\": {{\"aws_iam_policy\": {{\"p\": {{\"policy\": \"${{data.aws_iam_policy_document.d.json}}\"}}}}}}}}"
        );
        let expected: Vec<_> = expected.into_iter().collect();
        finds("main.tf.json", &text, &expected);
    }
}
