//! Which policies of which files make up what an owner may do.

use leastwise_policy::Tri;

use super::fixture::Fixture;
use crate::support::identity_policies::Together;
use crate::support::permissions::Granted;

const CONFIG: &str = "[accounts]\ndev = '111111111111'\n";

/// A managed policy that allows an action.
fn policy(id: &str, name: &str, action: &str) -> String {
    format!(
        "  {id}:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: {name}
      PolicyDocument:
        Version: '2012-10-17'
        Statement: {{Effect: Allow, Action: '{action}', Resource: '*'}}
"
    )
}

/// A role that these are attached to.
fn role(id: &str, attached: &str) -> String {
    format!(
        "  {id}:
    Type: AWS::IAM::Role
    Properties:
      RoleName: {id}
      ManagedPolicyArns: [{attached}]
"
    )
}

const CREATE: &str = "'arn:aws:iam::111111111111:policy/shop-create'";
const DELETE: &str = "'arn:aws:iam::111111111111:policy/shop-delete'";

/// The first of several files.
fn among(files: &[String]) -> Fixture {
    let paths = ["one.yaml", "two.yaml", "three.yaml"];
    let texts: Vec<String> = files
        .iter()
        .map(|text| format!("Resources:\n{text}"))
        .collect();
    let files: Vec<_> = paths
        .into_iter()
        .zip(&texts)
        .map(|(path, text)| (path, text.as_str(), CONFIG))
        .collect();
    Fixture::among(&files)
}

/// Whether an owner of the first file may do something with queues.
fn may(files: &[String], label: &str, action: &str) -> Tri {
    let fixture = among(files);
    let context = fixture.context();
    let action = leastwise_catalog::catalog()
        .action("sqs", action)
        .expect("an action");
    let (owner, _) = context
        .owners()
        .find(|(_, owner)| owner.label == label)
        .expect("an owner");
    Granted::new(&context, owner).allows(action, &[])
}

#[test]
fn what_else_a_holder_has_is_not_surely_beside_a_policy() {
    let create = policy("Create", "shop-create", "sqs:CreateQueue");
    let delete = policy("Delete", "shop-delete", "sqs:DeleteQueue");
    let holder = role("Holder", &format!("{CREATE}, {DELETE}"));
    let files = [create, holder.clone(), delete.clone()];
    assert_eq!(may(&files, "Create", "CreateQueue"), Tri::Yes);
    assert_eq!(may(&files, "Create", "DeleteQueue"), Tri::Maybe);
    let files = [holder, files[0].clone(), delete];
    assert_eq!(may(&files, "Holder", "DeleteQueue"), Tri::Yes);
}

/// What a role of the same name as a policy has is not what the policy says.
#[test]
fn a_policy_of_the_file_is_found_by_its_kind() {
    let named_alike = "  More:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: more
      Roles: [Delete]
      PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}]}
";
    let file = named_alike.to_owned()
        + &role("Holder", DELETE)
        + &policy("Delete", "shop-delete", "sqs:DeleteQueue");
    let files = [file, role("Other", CREATE)];
    assert_eq!(may(&files, "Holder", "DeleteQueue"), Tri::Yes);
    assert_eq!(may(&files, "Holder", "SendMessage"), Tri::No);
}

/// A role of the file has the policy's statements for its own; another's is still asked about as the policy.
#[test]
fn a_policy_that_is_held_in_two_files_says_what_its_document_says() {
    let file = policy("Create", "shop-create", "sqs:CreateQueue") + &role("Own", "!Ref Create");
    let files = [file, role("Holder", CREATE)];
    assert_eq!(may(&files, "Own", "CreateQueue"), Tri::Yes);
    assert_eq!(may(&files, "Create", "CreateQueue"), Tri::Maybe);
    assert_eq!(may(&files, "Create", "DeleteQueue"), Tri::No);
}

#[test]
fn policies_of_one_role_of_another_file_are_one_unit() {
    let policies = policy("Create", "shop-create", "sqs:CreateQueue")
        + &policy("Delete", "shop-delete", "sqs:DeleteQueue");
    let units = |attached: &str| {
        let others = role("One", "") + &role("Two", "") + &role("Three", "");
        let fixture = among(&[policies.clone(), others + &role("Holder", attached)]);
        crate::units(&fixture.context()).len()
    };
    assert_eq!(units(&format!("{CREATE}, {DELETE}")), 1);
    assert_eq!(units(CREATE), 2);
}

/// A role that each file gives a policy: how many of them are looked at, whether that is all, and whether it is said that it
/// isn't.
fn of_one_role(count: usize) -> (usize, bool, bool) {
    let text = |at: usize| {
        format!(
            "Resources:
  P:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p{at}
      Roles: [shop-r]
      PolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}}]}}
"
        )
    };
    let role = format!("Resources:\n{}", role("shop-r", ""));
    let mut files = vec![("role.yaml".to_owned(), role)];
    files.extend((0..count).map(|at| (format!("t{at}.yaml"), text(at))));
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str(), CONFIG))
        .collect();
    let fixture = Fixture::among(&files);
    let context = fixture.context();
    let together = Together::of(context, 0);
    let is_open = together.dynamic && together.unseen;
    (
        together.parts.len(),
        is_open,
        !context.analysis.left_out().is_empty(),
    )
}

#[test]
fn no_more_files_are_looked_at_than_a_role_can_have_policies() {
    assert_eq!(of_one_role(3), (4, false, false));
    assert_eq!(of_one_role(64), (65, false, false));
    assert_eq!(of_one_role(65), (65, true, true));
    assert_eq!(of_one_role(200), (65, true, true));
}
