//! Loops among the pairs of any mapping, and what the rules of a template say of its parameters.

use leastwise_model::Known;

use super::analyse;

const CONFIG: &str = "
[accounts]
dev = '111111111111'
prod = '222222222222'
[deploy]
regions = ['eu-west-1']
[variables]
Stage = ['dev', 'prod']
";

/// The keys of a policy's conditions with their values, in the first environment.
fn conditions(block: &str) -> Vec<String> {
    let text = format!(
        "Transform: AWS::LanguageExtensions
Parameters:
  Known: {{Type: CommaDelimitedList, Default: 'a, b'}}
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          Effect: Allow
          Action: s3:GetObject
          Resource: '*'
          Condition: {block}
"
    );
    let (tree, analysis) = analyse(&text, CONFIG);
    let policy = analysis.sites[0].policy(&tree);
    let Known::Is(tests) = &policy.statements[0].condition else {
        return vec!["dynamic".to_owned()];
    };
    let value = |test: &leastwise_model::Test| {
        let items = test.values.known().expect("values").items.iter();
        let mut values: Vec<String> = items
            .flat_map(|item| analysis.shown(&tree, item))
            .map(|(_, value)| value.pattern.display())
            .collect();
        values.dedup();
        let key = test.key.as_deref().unwrap_or("?");
        format!("{} {key} {}", test.operator, values.join(" "))
    };
    tests.iter().map(value).collect()
}

#[test]
fn loops_in_condition_blocks() {
    let block = "{StringEquals: {'Fn::ForEach::Tags': [Tag, [team, app], {'aws:RequestTag/${Tag}': 'x-${Tag}'}]}}";
    assert_eq!(
        conditions(block),
        [
            "StringEquals aws:RequestTag/team x-team",
            "StringEquals aws:RequestTag/app x-app"
        ]
    );
    let operators = "{'Fn::ForEach::Operators': [Operator, [StringEquals, StringLike],
            {'${Operator}': {'Fn::ForEach::Keys': [Key, [a, b], {'${Key}': !Ref Key}], c: '${Operator}'}}]}";
    assert_eq!(
        conditions(operators),
        [
            "StringEquals a a",
            "StringEquals b b",
            "StringEquals c StringEquals",
            "StringLike a a",
            "StringLike b b",
            "StringLike c StringLike"
        ]
    );
    // What the deployer gives isn't known.
    let open =
        "{StringEquals: {'Fn::ForEach::Tags': [Tag, !Ref Known, {'aws:RequestTag/${Tag}': x}]}}";
    assert_eq!(conditions(open), ["dynamic"]);
    let broken = "{StringEquals: {'Fn::ForEach::Tags': [Tag]}}";
    assert_eq!(conditions(broken), ["dynamic"]);
}

#[test]
fn loops_in_principals_and_properties() {
    let (tree, analysis) = analyse(
        "Transform: AWS::LanguageExtensions
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Fn::ForEach::Properties:
        - Property
        - [Boundary]
        - Permissions${Property}: arn:aws:iam::111111111111:policy/b
      AssumeRolePolicyDocument:
        Statement:
          Effect: Allow
          Action: sts:AssumeRole
          Principal:
            Fn::ForEach::Kinds:
              - Kind
              - [AWS, Federated]
              - ${Kind}: '*'
",
        CONFIG,
    );
    let policy = analysis.sites[0].policy(&tree);
    let principals = policy.statements[0].principal.known().expect("principals");
    let kinds: Vec<&str> = principals
        .kinds
        .iter()
        .map(|kind| kind.name.as_str())
        .collect();
    assert_eq!(kinds, ["AWS", "Federated"]);
    assert!(matches!(analysis.owners[0].boundary, Known::Dynamic(_)));
}

#[test]
fn many_pairs_are_unknown() {
    let many: Vec<String> = (0..100).map(|number| format!("k{number}")).collect();
    let many = many.join(", ");
    let block = format!(
        "{{'Fn::ForEach::A': [A, [{many}], {{'Fn::ForEach::B': [B, [{many}], {{'${{A}}${{B}}': {{a: b}}}}]}}]}}"
    );
    assert_eq!(conditions(&block), ["dynamic"]);
}

/// The name of a role by environment, over all its values: what rules go by.
fn names(rest: &str, name: &str) -> Vec<String> {
    let text = format!(
        "Parameters:
  Kind: {{Type: String, Default: small}}
  Size: {{Type: String, AllowedValues: [s, m, l]}}
{rest}
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: {{Effect: Allow, Action: s3:GetObject, Resource: !Sub '{name}'}}
"
    );
    let (tree, analysis) = analyse(&text, CONFIG);
    assert_eq!(analysis.sites.len(), 1);
    let policy = analysis.sites[0].policy(&tree);
    let item = &policy.statements[0].resources()[0];
    analysis
        .sure(&tree, item)
        .map(|(_, value)| value.pattern.display())
        .collect()
}

#[test]
fn loops_in_conditions() {
    let conditions = "Conditions:
  Fn::ForEach::Stages:
    - Name
    - [dev, prod]
    - Is${Name}: !Equals [!Ref Stage, !Ref Name]
";
    let text = "${AWS::Region}${Chosen}";
    let found = names(conditions, text);
    assert_eq!(found, ["eu-west-1${Chosen}", "eu-west-1${Chosen}"]);
    let (tree, analysis) = analyse(
        &format!(
            "{conditions}Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: {{Effect: Allow, Action: a:b, Resource: !Join ['-', [x, !If [Isprod, one, two]]]}}
"
        ),
        CONFIG,
    );
    let policy = analysis.sites[0].policy(&tree);
    let item = &policy.statements[0].resources()[0];
    let values: Vec<String> = analysis
        .sure(&tree, item)
        .map(|(_, value)| value.pattern.display())
        .collect();
    assert_eq!(values, ["x-two", "x-one"]);
}

#[test]
fn rules_say_what_parameters_are() {
    let kind = "x-${Kind}-${Size}";
    let all = ["x-${Kind}-s", "x-${Kind}-m", "x-${Kind}-l"];
    assert_eq!(names("", kind), [all, all].concat());
    let rules = "Rules:
  Everywhere:
    Assertions:
      - Assert: !Equals [big, !Ref Kind]
        AssertDescription: only big ones
  InProduction:
    RuleCondition: !Equals [!Ref Stage, prod]
    Assertions:
      - Assert: !And [{'Fn::Contains': [[m, l], !Ref Size]}, !Equals [1, 1]]
  Elsewhere:
    RuleCondition: {'Fn::Contains': [[test, other], !Ref Stage]}
    Assertions:
      - Assert: !Equals [!Ref Size, s]
  Open:
    RuleCondition: !Equals [!Ref Kind, big]
    Assertions:
      - Assert: !Equals [!Ref Size, s]
      - Assert: {'Fn::EachMemberIn': [{'Fn::ValueOfAll': ['AWS::EC2::VPC::Id', Tags.Name]}, {'Fn::RefAll': 'AWS::EC2::VPC::Id'}]}
";
    assert_eq!(
        names(rules, kind),
        ["x-big-s", "x-big-m", "x-big-l", "x-big-m", "x-big-l"]
    );
    // Rules that leave nothing decide nothing either.
    let none = "Rules:
  One:
    Assertions: [{Assert: !Equals [!Ref Kind, a]}, {Assert: !Equals [!Ref Kind, b]}]
";
    assert_eq!(names(none, kind), [all, all].concat());
    // Rules that depend on each other, or on nothing that is known, decide nothing.
    let round = "Rules:
  One:
    RuleCondition: !Equals [!Ref Kind, a]
    Assertions: [{Assert: !Equals [!Ref Kind, b]}]
  Two:
    Assertions: [{Assert: !Equals [!Ref Kind, !Ref Kind]}, {Assert: !Not [!Equals [!Ref Kind, c]]}]
  Three: what
";
    assert_eq!(names(round, kind), [all, all].concat());
}
