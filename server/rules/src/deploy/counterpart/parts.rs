//! What is made in something has its ARN from it: the node groups of `cluster/shop` are `nodegroup/shop/*/*`.

use leastwise_catalog::Action;
use leastwise_model::Statement;
use leastwise_policy::resource::types_of;
use leastwise_policy::{Pattern, Tri, resource};

use crate::Context;
use crate::resources::objects;
use crate::support::naming;
use crate::support::narrow::{self, Narrowed};

/// The ARNs of what actions change and delete, by the account, the region and the names in the statement's own resources,
/// on which others (`makers`) make it. `None` where a resource doesn't tell that: nobody has said which are meant.
pub(super) fn resources(
    context: &Context<'_>,
    statement: &Statement,
    makers: &[Action],
    actions: &[Action],
) -> Option<Narrowed> {
    written(
        context,
        statement,
        (makers, actions),
        &formats(actions),
        part_of,
    )
}

/// The ARNs of all that actions change and delete, in the account and the region of the statement's own resources: of kinds whose
/// ids AWS makes up, which nobody can name before they are there. `None` where one of the kinds has names.
pub(super) fn all_of_kind(
    context: &Context<'_>,
    statement: &Statement,
    makers: &[Action],
    actions: &[Action],
) -> Option<Narrowed> {
    let types = narrow::types(actions);
    let formats: Vec<&'static str> = types.iter().flat_map(|of| of.arns()).collect();
    if formats.is_empty() || !formats.iter().all(|format| naming::is_made_up(format)) {
        return None;
    }
    let mut narrowed = written(context, statement, (makers, actions), &formats, beside)?;
    narrowed.notes = narrow::made_up(&formats);
    Some(narrowed)
}

/// How an ARN of a format is made from a text of another.
type Derive = fn(&str, &str, &str) -> Option<String>;

/// As [`resources`], of formats.
fn written(
    context: &Context<'_>,
    statement: &Statement,
    (makers, actions): (&[Action], &[Action]),
    parts: &[&'static str],
    derive: Derive,
) -> Option<Narrowed> {
    let mut narrowed = Narrowed {
        values: Vec::new(),
        shown: Vec::new(),
        notes: Vec::new(),
    };
    let is_undone = |maker: &&Action| {
        maker
            .counterparts()
            .any(|of| actions.contains(&of.action()))
    };
    let makers: Vec<Action> = makers.iter().filter(is_undone).copied().collect();
    let wholes = formats(&makers);
    for item in statement.resources() {
        let patterns = context.patterns(item);
        let made_on = |action: &Action| {
            let mut patterns = patterns.iter();
            patterns.any(|pattern| context.study(pattern).fits(*action) != Tri::No)
        };
        if !makers.iter().any(made_on) {
            continue;
        }
        let before = narrowed.shown.len();
        for part in parts {
            let mut wholes = wholes.iter();
            let mut shown = None;
            let value = wholes.find_map(|whole| {
                objects::rewritten(context, item, |text| {
                    let arn = derive(text, whole, part)?;
                    shown = Some(arn.clone());
                    Some(arn)
                })
            });
            let (Some(value), Some(shown)) = (value, shown) else {
                continue;
            };
            if !narrowed.shown.contains(&shown) {
                narrowed.values.push(value);
                narrowed.shown.push(shown);
            }
        }
        if narrowed.shown.len() == before {
            return None;
        }
    }
    let arns: Vec<Pattern> = narrowed.shown.iter().map(|arn| open(arn)).collect();
    let served = |action: &Action| {
        let mut arns = arns.iter();
        arns.any(|arn| resource::action_fits_pattern(*action, arn).possible())
    };
    (!arns.is_empty() && actions.iter().all(served)).then_some(narrowed)
}

fn formats(actions: &[Action]) -> Vec<&'static str> {
    let mut formats: Vec<&'static str> = Vec::new();
    for of in actions.iter().flat_map(|action| types_of(*action)) {
        for format in of.arns() {
            if !formats.contains(&format) {
                formats.push(format);
            }
        }
    }
    formats
}

/// A text with `*` for each of its variables.
fn open(text: &str) -> Pattern {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${") {
        plain.push_str(before);
        plain.push('*');
        rest = behind.split_once('}').map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    Pattern::literal(&plain)
}

/// The ARN of all that has the format `part` in what a text names, which has the format `whole`. `None` where the text isn't of
/// that format, and where the formats have no name in common.
fn part_of(text: &str, whole: &str, part: &str) -> Option<String> {
    derived(text, whole, part).and_then(|(arn, is_told)| is_told.then_some(arn))
}

/// As [`part_of`], where the formats need have nothing in common but account and region.
fn beside(text: &str, whole: &str, part: &str) -> Option<String> {
    derived(text, whole, part).map(|(arn, _)| arn)
}

/// The ARN of what has the format `part` beside or in what a text names, and whether that tells some of its name.
fn derived(text: &str, whole: &str, part: &str) -> Option<(String, bool)> {
    let [arn, partition, service, region, account, rest] = cut(text)?;
    let [_, _, of, _, _, whole] = cut(whole)?;
    let [_, _, to, regions, accounts, part] = cut(part)?;
    if (arn, service, service) != ("arn", of, to) {
        return None;
    }
    let whole = names(whole);
    let bound = bind(&names(rest), &whole)?;
    let mut is_told = false;
    let mut resource = String::new();
    for (at, (name, sign)) in names(part).into_iter().enumerate() {
        let beside = whole.get(at).map(|(name, _)| *name);
        let text = match is_placeholder(name) {
            true => match whole.iter().position(|(other, _)| *other == name) {
                Some(of) => {
                    is_told = true;
                    bound.get(of).copied()?
                }
                None => "*",
            },
            false if name.contains("${") => return None,
            // What the kinds are called, `cluster` and `nodegroup`, stands first; of the kinds of one thing, that of the whole.
            false => match beside.filter(|beside| at > 0 && !is_placeholder(beside)) {
                Some(beside) if beside != name => return None,
                Some(_) => bound.get(at).copied()?,
                None => name,
            },
        };
        resource.push_str(text);
        resource.push_str(sign);
    }
    let region = place(regions, region)?;
    let account = place(accounts, account)?;
    let arn = format!("arn:{partition}:{service}:{region}:{account}:{resource}");
    Some((arn, is_told))
}

/// A region or an account, where a format has one. `None` where the text has none.
fn place<'t>(format: &'t str, own: &'t str) -> Option<&'t str> {
    match format.contains("${") {
        true => (!own.is_empty()).then_some(own),
        false => Some(format),
    }
}

/// What the parts of a format stand for in a text: `*` for those behind one that is open at its end.
fn bind<'t>(own: &[(&'t str, &str)], whole: &[(&str, &str)]) -> Option<Vec<&'t str>> {
    if own.len() > whole.len() {
        return None;
    }
    let is_open = own.last().is_some_and(|(last, _)| last.ends_with('*'));
    let mut bound = Vec::new();
    for (at, (name, sign)) in whole.iter().enumerate() {
        let Some((text, own_sign)) = own.get(at) else {
            bound.push(is_open.then_some("*")?);
            continue;
        };
        let is_last = at + 1 == own.len();
        let fits = match is_placeholder(name) {
            true => !text.is_empty(),
            false => text == name || *text == "*",
        };
        if !fits || !is_last && own_sign != sign {
            return None;
        }
        bound.push(*text);
    }
    (own.len() == whole.len() || is_open).then_some(bound)
}

fn is_placeholder(name: &str) -> bool {
    let inner = name.strip_prefix("${").and_then(|it| it.strip_suffix('}'));
    inner.is_some_and(|inner| !inner.contains("${"))
}

/// The six segments of an ARN, in which variables may have colons.
fn cut(text: &str) -> Option<[&str; 6]> {
    let mut segments = Vec::new();
    let mut start = 0;
    for (at, sign) in signs(text) {
        if sign == ":" && segments.len() < 5 {
            segments.push(text.get(start..at)?);
            start = at + sign.len();
        }
    }
    segments.push(text.get(start..)?);
    segments.try_into().ok()
}

/// The parts of what an ARN names, each with the sign behind it.
fn names(rest: &str) -> Vec<(&str, &str)> {
    let mut names = Vec::new();
    let mut start = 0;
    for (at, sign) in signs(rest).into_iter().chain([(rest.len(), "")]) {
        names.push((rest.get(start..at).unwrap_or_default(), sign));
        start = at + sign.len();
    }
    names
}

/// Where a text has `:` and `/` outside of variables.
fn signs(text: &str) -> Vec<(usize, &str)> {
    let mut depth = 0_usize;
    let mut signs = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' | '/' if depth == 0 => signs.extend(text.get(at..=at).map(|sign| (at, sign))),
            _ => {}
        }
    }
    signs
}

#[cfg(test)]
mod tests {
    use super::part_of;
    use crate::Safety;
    use crate::deploy::missing_delete_counterpart::RULE;
    use crate::tests::bulk::of_safety;
    use crate::tests::fixture::Fixture;

    const CLUSTER: &str = "arn:${Partition}:eks:${Region}:${Account}:cluster/${ClusterName}";
    const NODES: &str = "arn:${Partition}:eks:${Region}:${Account}:nodegroup/${ClusterName}/${NodegroupName}/${UUID}";
    const BALANCER: &str = "arn:${Partition}:elasticloadbalancing:${Region}:${Account}:loadbalancer/app/${LoadBalancerName}/${LoadBalancerId}";
    const LISTENER: &str = "arn:${Partition}:elasticloadbalancing:${Region}:${Account}:listener/app/${LoadBalancerName}/${LoadBalancerId}/${ListenerId}";

    #[test]
    fn a_part_has_the_place_and_the_names_of_the_whole() {
        let eks = "arn:aws:eks:eu-west-1:111111111111:";
        let elb = "arn:aws:elasticloadbalancing:${AWS::Region}:*:";
        for (of, own, whole, part, wanted) in [
            (eks, "cluster/b", CLUSTER, NODES, Some("nodegroup/b/*/*")),
            (
                eks,
                "cluster/b-*",
                CLUSTER,
                NODES,
                Some("nodegroup/b-*/*/*"),
            ),
            (
                eks,
                "cluster/${App}-b",
                CLUSTER,
                NODES,
                Some("nodegroup/${App}-b/*/*"),
            ),
            (
                eks,
                "cluster/${A:b/c}",
                CLUSTER,
                NODES,
                Some("nodegroup/${A:b/c}/*/*"),
            ),
            (
                elb,
                "loadbalancer/app/b/*",
                BALANCER,
                LISTENER,
                Some("listener/app/b/*/*"),
            ),
            (
                elb,
                "loadbalancer/app/b*",
                BALANCER,
                LISTENER,
                Some("listener/app/b*/*/*"),
            ),
            (
                elb,
                "loadbalancer/*/b/1",
                BALANCER,
                LISTENER,
                Some("listener/*/b/1/*"),
            ),
            // Another kind, an unknown end, and nothing in common.
            (elb, "loadbalancer/net/b/*", BALANCER, LISTENER, None),
            (elb, "loadbalancer/app/b", BALANCER, LISTENER, None),
            (eks, "nodegroup/b/*/*", CLUSTER, NODES, None),
            (eks, "cluster/b/c", CLUSTER, NODES, None),
            (eks, "cluster/b", CLUSTER, LISTENER, None),
            (
                eks,
                "cluster/b",
                CLUSTER,
                "arn:${Partition}:eks:${Region}:${Account}:update/${Id}",
                None,
            ),
        ] {
            let arn = part_of(&format!("{of}{own}"), whole, part);
            assert_eq!(arn, wanted.map(|part| format!("{of}{part}")), "{own}");
        }
    }

    /// A template of a role that deploys, with a statement for node groups.
    fn template(resource: &str) -> String {
        format!(
            "Parameters:
  AppId: {{Type: String}}
Resources:
  Cluster:
    Type: AWS::EKS::Cluster
    Properties: {{RoleArn: 'arn:aws:iam::111111111111:role/shop', ResourcesVpcConfig: {{SubnetIds: [a]}}}}
  DeployRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Allow, Principal: {{AWS: 'arn:aws:iam::111111111111:root'}}, Action: 'sts:AssumeRole'}}]}}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: eks:CreateNodegroup
                Resource: {resource}
"
        )
    }

    #[test]
    fn what_is_made_in_something_is_changed_and_deleted_there_alone() {
        let json = |resource: &str| {
            format!(
                r#"{{
  "Version": "2012-10-17",
  "Statement": [
    {{
      "Effect": "Allow",
      "Action": ["eks:CreateNodegroup"],
      "Resource": ["{resource}"]
    }}
  ]
}}
"#
            )
        };
        let terraform = |resource: &str| {
            format!(
                "data \"aws_iam_policy_document\" \"deploy\" {{
  statement {{
    actions   = [\"eks:CreateNodegroup\"]
    resources = [\"{resource}\"]
  }}
}}

resource \"aws_iam_role_policy\" \"deploy\" {{
  role   = aws_iam_role.deploy.id
  policy = data.aws_iam_policy_document.deploy.json
}}

resource \"aws_iam_role\" \"deploy\" {{
  name = \"shop-deploy\"
}}
"
            )
        };
        let arn = "arn:aws:eks:eu-west-1:111111111111:cluster/other-b";
        let sub = "!Sub 'arn:aws:eks:${AWS::Region}:${AWS::AccountId}:cluster/${AppId}-b'";
        let reference = "arn:aws:eks:eu-west-1:111111111111:cluster/${aws_eks_cluster.own.name}";
        for (path, text, wanted) in [
            (
                "policy.json",
                json(arn),
                "eks:eu-west-1:111111111111:nodegroup/other-b/*/*\"",
            ),
            (
                "role.yaml",
                template(arn),
                "eks:eu-west-1:111111111111:nodegroup/other-b/*/*\n",
            ),
            (
                "role.yaml",
                template(sub),
                "!Sub 'arn:aws:eks:${AWS::Region}:${AWS::AccountId}:nodegroup/${AppId}-b/*/*'",
            ),
            (
                "flow.yaml",
                template(&format!("[{arn}]")),
                "eks:eu-west-1:111111111111:nodegroup/other-b/*/*",
            ),
            (
                "role.tf",
                terraform(arn),
                "eks:eu-west-1:111111111111:nodegroup/other-b/*/*\"",
            ),
            (
                "role.tf",
                terraform(reference),
                ":nodegroup/${aws_eks_cluster.own.name}/*/*\"",
            ),
        ] {
            let after = of_safety(&text, path, Safety::Unsafe).text;
            assert!(after.contains("eks:DeleteNodegroup"), "{after}");
            assert!(after.contains("eks:UpdateNodegroupConfig"), "{after}");
            assert_eq!(after.matches("nodegroup/").count(), 1, "{after}");
            assert!(after.contains(wanted), "{after}");
            assert_eq!(of_safety(&after, path, Safety::Unsafe).text, after);
        }
    }

    #[test]
    fn what_nobody_has_told_is_left_to_somebody() {
        for resource in [
            "!GetAtt Cluster.Arn",
            "[!GetAtt Cluster.Arn, 'arn:aws:eks:eu-west-1:111111111111:cluster/b']",
        ] {
            let text = template(resource);
            assert_eq!(of_safety(&text, "role.yaml", Safety::Unsafe).text, text);
            let config = crate::tests::bulk::CONFIG;
            let found = Fixture::new(&text, config).findings(&RULE);
            let safety: Vec<Safety> = found[0].fixes.iter().map(|fix| fix.safety).collect();
            assert_eq!(safety, [Safety::Manual]);
        }
    }
}
