//! Roles that tests of several are written with: one that may do something, and one that it may assume.

/// A template with a role `caller`, which has these properties and a policy of these statements.
pub fn caller(properties: &str, statements: &str) -> String {
    format!(
        "Resources:
  Caller:
    Type: AWS::IAM::Role
    Properties:
      RoleName: caller
{properties}      Policies: [{{PolicyName: p, PolicyDocument: {{Version: '2012-10-17', Statement: [{statements}]}}}}]
"
    )
}

/// A statement that assumes a role.
pub fn assume(resource: &str) -> String {
    format!("{{Effect: Allow, Action: 'sts:AssumeRole', Resource: {resource}}}")
}

/// A template with a role `target`, whose trust policy is this statement.
pub fn target(statement: &str) -> String {
    format!(
        "Resources:
  Target:
    Type: AWS::IAM::Role
    Properties:
      RoleName: target
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: {statement}
"
    )
}

/// A template with a role `target` that these may assume.
pub fn trusting(principal: &str) -> String {
    target(&format!(
        "{{Effect: Allow, Principal: {principal}, Action: 'sts:AssumeRole'}}"
    ))
}

/// One template with the resources of both.
pub fn both(one: &str, other: &str) -> String {
    one.to_owned() + &other.replace("Resources:\n", "")
}

/// A template with a role `Deployer` of these properties, and a condition that hangs on a parameter.
pub fn deployer(properties: &str) -> String {
    format!(
        "Parameters:
  Some: {{Type: CommaDelimitedList}}
  Env: {{Type: String}}
  Other: {{Type: String}}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
{properties}"
    )
}

/// An item of `Policies`.
pub fn inline(name: &str, statements: &str) -> String {
    format!(
        "        - PolicyName: {name}
          PolicyDocument: {{Version: '2012-10-17', Statement: [{statements}]}}
"
    )
}
