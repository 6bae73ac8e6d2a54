//! What a policy is for, by what people call its folder, its file and the key that leads to it.

use leastwise_model::SiteKind;

/// The kind that a name tells. `principals`: whether the policy names any, which those of VPC endpoints and resource
/// control policies do, and no others of these.
pub(crate) fn kind_of(name: &str, principals: bool) -> Option<SiteKind> {
    // AWS Organizations attaches these everywhere, by these names.
    if name.contains("RCPFullAWSAccess") {
        return Some(SiteKind::Rcp);
    }
    if name.contains("FullAWSAccess") {
        return Some(SiteKind::Scp);
    }
    let words = words(name);
    let has = |of: &[&str]| words.iter().any(|word| of.contains(&word.as_str()));
    let runs = |of: &[&[&str]]| {
        words.windows(of.len()).any(|run| {
            let mut pairs = run.iter().zip(of);
            pairs.all(|(word, any)| any.contains(&word.as_str()))
        })
    };
    let policy = ["policy", "policies"];
    if principals {
        if has(&[
            "rcp",
            "rcps",
            "resourcecontrolpolicy",
            "resourcecontrolpolicies",
        ]) || runs(&[&["resource"], &["control", "controls"], &policy])
        {
            return Some(SiteKind::Rcp);
        }
        let endpoint = ["endpoint", "endpoints"];
        let is_endpoint = has(&["vpce", "vpces", "vpcendpoint", "vpcendpoints"])
            || runs(&[&["vpc"], &endpoint])
            || runs(&[&endpoint, &policy]);
        return is_endpoint.then_some(SiteKind::VpcEndpoint);
    }
    if has(&[
        "scp",
        "scps",
        "servicecontrolpolicy",
        "servicecontrolpolicies",
    ]) || runs(&[&["service"], &["control", "controls"], &policy])
    {
        return Some(SiteKind::Scp);
    }
    is_boundary(name).then_some(SiteKind::Boundary)
}

/// Whether a name is one that people give to permissions boundaries.
pub(crate) fn is_boundary(name: &str) -> bool {
    const ENDS: [&str; 2] = ["boundary", "boundaries"];
    let ends = |word: &String| ENDS.iter().any(|end| word.ends_with(end));
    words(name).iter().any(ends)
}

/// The words of a name in lower case: parted by signs, and by capitals within.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = None;
    for c in name.chars() {
        let opens = c.is_uppercase() && before.is_some_and(|c: char| !c.is_uppercase());
        if (opens || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        before = Some(c);
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_people_give_them() {
        use SiteKind::{Boundary, Rcp, Scp, VpcEndpoint};
        for (name, principals, kind) in [
            ("service-control-policies/only-ec2.json", false, Some(Scp)),
            ("org/service_control_policy/a.json", false, Some(Scp)),
            ("ServiceControlPolicies/A.json", false, Some(Scp)),
            ("org/servicecontrolpolicies/a.json", false, Some(Scp)),
            ("scps/deny.json", false, Some(Scp)),
            ("policies/SCP-DenyRoot.json", false, Some(Scp)),
            ("DenyRootScp", false, Some(Scp)),
            ("dump/FullAWSAccess.json", false, Some(Scp)),
            ("dump/p-FullAWSAccess/content.json", false, Some(Scp)),
            ("dump/RCPFullAWSAccess.json", true, Some(Rcp)),
            ("rcp/perimeter.json", true, Some(Rcp)),
            ("resource-control-policies/a.json", true, Some(Rcp)),
            // An organization's resource control policy has a principal.
            ("resource-control-policies/a.json", false, None),
            ("scps/a.json", true, None),
            ("boundaries/dev.json", false, Some(Boundary)),
            (
                "iam/DeveloperPermissionsBoundary.json",
                false,
                Some(Boundary),
            ),
            ("iam/developerboundary.json", false, Some(Boundary)),
            ("vpc-endpoint-policies/s3.json", true, Some(VpcEndpoint)),
            ("VpcEndpointPolicy.json", true, Some(VpcEndpoint)),
            ("vpce/s3.json", true, Some(VpcEndpoint)),
            ("endpoint-policies/s3.json", true, Some(VpcEndpoint)),
            ("endpoint-policies/sagemaker.json", false, None),
            ("transcript/policy.json", false, None),
            ("service/control.json", false, None),
            ("full-aws-access.json", false, None),
            ("", false, None),
        ] {
            assert_eq!(kind_of(name, principals), kind, "{name}");
        }
    }
}
