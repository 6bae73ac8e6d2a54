use super::analyse;

const CONFIG: &str = "
[app]
prefix = 'shop'
variables = ['AppId']
[accounts]
dev = '111111111111'
prod = '222222222222'
[deploy]
regions = ['eu-west-1']
[variables]
Stage = ['dev', 'prod']
";

/// The values of the only resource of the only statement: `environment value`, with conditions and `?` where assumed.
fn values(template: &str, resource: &str, config: &str) -> Vec<String> {
    let text = format!(
        "AWSTemplateFormatVersion: '2010-09-09'
{template}
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub '${{AppId}}-orders'
  Unnamed:
    Type: AWS::DynamoDB::Table
    Properties: {{}}
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: {{LogGroupName: /shop/orders}}
  Parameter:
    Type: AWS::SSM::Parameter
    Properties: {{Name: /shop/key}}
  Worker:
    Type: AWS::IAM::Role
    Properties:
      RoleName: worker
      Path: /shop/
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: '*'
            Resource:
              {resource}
"
    );
    let (tree, analysis) = analyse(&text, config);
    let site = analysis.sites.last().expect("a policy");
    let statement = &site.policy(&tree).statements[0];
    statement
        .resources()
        .iter()
        .flat_map(|item| analysis.shown(&tree, item))
        .map(|(environment, value)| {
            let mut line = format!("{} {}", environment.name, value.pattern.display());
            for (name, holds) in &value.conditions {
                line += &format!(" {}{name}", if *holds { "" } else { "!" });
            }
            if value.assumed {
                line.push('?');
            }
            line
        })
        .collect()
}

#[test]
fn sub_in_both_forms() {
    let arn =
        "!Sub 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AppId}-*'";
    let wanted = [
        "dev arn:aws:lambda:eu-west-1:111111111111:function:shop-*",
        "prod arn:aws:lambda:eu-west-1:222222222222:function:shop-*",
    ];
    assert_eq!(values("", arn, CONFIG), wanted);
    let long = format!("Fn::Sub: {}", &arn["!Sub ".len()..]);
    assert_eq!(values("", &long, CONFIG), wanted);
    let mapped =
        "!Sub ['arn:aws:s3:::${Name}/${!Literal}', {Name: !Join ['-', [!Ref AppId, data]]}]";
    assert_eq!(
        values("", mapped, CONFIG)[0],
        "dev arn:aws:s3:::shop-data/${Literal}"
    );
}

#[test]
fn policy_variables_are_no_sub_variables() {
    let text = "!Sub 'arn:aws:s3:::${AppId}-home/${aws:username}/*'";
    assert_eq!(
        values("", text, CONFIG)[0],
        "dev arn:aws:s3:::shop-home/${aws:username}/*"
    );
    let escaped = "!Sub 'arn:aws:s3:::${AppId}-home/${!aws:username}/*'";
    assert_eq!(
        values("", escaped, CONFIG)[0],
        "dev arn:aws:s3:::shop-home/${aws:username}/*"
    );
}

#[test]
fn references_to_resources_become_names_and_arns() {
    assert_eq!(
        values("", "!GetAtt Orders.Arn", CONFIG)[0],
        "dev arn:aws:dynamodb:eu-west-1:111111111111:table/shop-orders"
    );
    assert_eq!(
        values("", "!Sub 'arn:aws:dynamodb:*:*:table/${Orders}'", CONFIG)[0],
        "dev arn:aws:dynamodb:*:*:table/shop-orders"
    );
    assert_eq!(
        values("", "!GetAtt Worker.Arn", CONFIG)[0],
        "dev arn:aws:iam::111111111111:role/shop/worker"
    );
    assert_eq!(
        values("", "!GetAtt [Unnamed, Arn]", CONFIG)[0],
        "dev arn:aws:dynamodb:eu-west-1:111111111111:table/${Unnamed}"
    );
    assert_eq!(
        values("", "!Sub '${Orders.Arn}/index/*'", CONFIG)[0],
        "dev arn:aws:dynamodb:eu-west-1:111111111111:table/shop-orders/index/*"
    );
}

#[test]
fn arns_that_are_not_just_a_name() {
    assert_eq!(
        values("", "!GetAtt Logs.Arn", CONFIG)[0],
        "dev arn:aws:logs:eu-west-1:111111111111:log-group:/shop/orders:*"
    );
    assert_eq!(values("", "!Ref Parameter", CONFIG)[0], "dev /shop/key");
}

#[test]
fn what_is_not_known_stays_a_hole() {
    assert_eq!(values("", "!Ref Nobody", CONFIG)[0], "dev ${Nobody}");
    assert_eq!(
        values("", "!ImportValue shared-arn", CONFIG)[0],
        "dev ${Fn::ImportValue}"
    );
    assert_eq!(
        values("", "!Sub 'arn:aws:s3:::${AWS::AccountId}-x'", ""),
        ["default arn:aws:s3:::${AWS::AccountId}-x"]
    );
}

#[test]
fn parameters_by_config_then_allowed_values_then_default() {
    let parameters = "Parameters:
  Stage: {Type: String, Default: test}
  Size: {Type: String, AllowedValues: [s, l]}
  Name: {Type: String, Default: orders}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /shop/name}";
    assert_eq!(
        values(parameters, "!Sub 'x-${Stage}'", CONFIG),
        ["dev x-dev", "prod x-prod"]
    );
    assert_eq!(
        values(parameters, "!Sub 'x-${Size}'", ""),
        ["default x-s", "default x-l"]
    );
    assert_eq!(
        values(parameters, "!Sub 'x-${Name}'", ""),
        ["default x-orders?"]
    );
    assert_eq!(
        values(parameters, "!Sub 'x-${Stored}'", ""),
        ["default x-${Stored}"]
    );
}

#[test]
fn accounts_by_name() {
    assert_eq!(
        values("", "!Sub 'arn:aws:iam::${ProdAccountId}:root'", CONFIG)[0],
        "dev arn:aws:iam::222222222222:root"
    );
}

#[test]
fn choices_keep_their_condition_until_it_is_decided() {
    let undecided = "Conditions: {IsBig: !Equals [!Ref Size, l]}";
    assert_eq!(
        values(undecided, "!If [IsBig, big, small]", ""),
        ["default big", "default small"]
    );
    let inside = "!Sub ['x-${S}', {S: !If [IsBig, big, small]}]";
    assert_eq!(
        values(undecided, inside, ""),
        ["default x-big IsBig", "default x-small !IsBig"]
    );
    let decided = "Conditions: {IsProd: !Equals [!Ref Stage, prod]}";
    let inside = "!Join ['', ['x-', !If [IsProd, big, small]]]";
    assert_eq!(
        values(decided, inside, CONFIG),
        ["dev x-small !IsProd", "prod x-big IsProd"]
    );
}

#[test]
fn select_split_and_maps() {
    assert_eq!(
        values(
            "",
            "!Select [1, !Split ['-', !Ref AppId]]",
            "[app]\nprefix = 'my-shop'"
        ),
        ["default shop"]
    );
    let mappings =
        "Mappings: {ByAccount: {'111111111111': {Bucket: one}, '222222222222': {Bucket: two}}}";
    let found =
        "!Sub ['arn:aws:s3:::${B}', {B: !FindInMap [ByAccount, !Ref 'AWS::AccountId', Bucket]}]";
    assert_eq!(
        values(mappings, found, CONFIG),
        ["dev arn:aws:s3:::one", "prod arn:aws:s3:::two"]
    );
}

#[test]
fn parameters_of_lists_have_several_values() {
    for kind in ["CommaDelimitedList", "List<Number>", "List<String>"] {
        let template = format!("Parameters:\n  Ids: {{Type: {kind}, Default: '7,8'}}");
        let found = values(&template, "!Select [1, !Ref Ids]", "");
        assert_eq!(found, ["default 8?"], "{kind}");
    }
    let template = "Parameters:\n  Ids: {Type: String, Default: '7,8'}";
    let found = values(template, "!Select [1, !Ref Ids]", "");
    assert_eq!(found, ["default ${Fn::Select}"]);
}

#[test]
fn a_part_of_a_value_maps_back_to_its_place() {
    let text = "Version: '2012-10-17'
Statement:
  Effect: Allow
  Action: sns:Publish
  Resource: 'arn:aws:sns:eu-west-1:${DevAccountId}:${AppId}-t''s'
";
    let (tree, analysis) = analyse(text, CONFIG);
    let item = &analysis.sites[0].policy(&tree).statements[0].resources()[0];
    let (_, value) = analysis.shown(&tree, item).next().expect("a value");
    assert_eq!(
        value.pattern.display(),
        "arn:aws:sns:eu-west-1:111111111111:shop-t's"
    );
    let place = |part: &str| {
        let start = value.pattern.raw().find(part).expect("the part");
        let span = value
            .span_of(&tree, start..start + part.len())
            .expect("a place");
        &text[span.range()]
    };
    assert_eq!(place("sns"), "sns");
    assert_eq!(place("111111111111"), "${DevAccountId}");
    assert_eq!(place("-t's"), "-t''s");
    assert_eq!(place("1:shop-t"), "${DevAccountId}:${AppId}-t");
}

#[test]
fn the_language_extensions() {
    let template = "Transform: AWS::LanguageExtensions
Parameters:
  Which: {Type: String, AllowedValues: [Orders]}
Mappings:
  Names:
    eu-west-1: {queue: jobs}
";
    let one = |resource: &str| {
        let mut values = values(template, resource, CONFIG);
        values.sort();
        values.dedup();
        values
    };
    let same = |resource: &str, value: &str| {
        let lines = one(resource);
        assert!(!lines.is_empty(), "{resource}");
        for line in lines {
            assert!(line.ends_with(value), "{resource}: {line}");
        }
    };
    same(
        "!Sub ['${X}', {X: !FindInMap [Names, !Ref AWS::Region, queue, {DefaultValue: none}]}]",
        "jobs",
    );
    same(
        "!Sub ['${X}', {X: !FindInMap [Names, us-east-1, queue, {DefaultValue: none}]}]",
        "none",
    );
    // A key that isn't known may be one that the map has.
    same(
        "!Sub ['${X}', {X: !FindInMap [Names, !Ref Unknown, queue, {DefaultValue: none}]}]",
        "${X}",
    );
    same("!Sub ['${Count}', {Count: !Length [a, b, c]}]", "3");
    same("Ref: !Sub '${Which}'", "shop-orders");
    same(
        "Fn::GetAtt: [!Sub '${Which}', !Join ['', [A, rn]]]",
        ":table/shop-orders",
    );
}
