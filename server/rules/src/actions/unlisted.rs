//! Actions that no list of AWS has, but that AWS itself writes into the policies that it makes.

const UNLISTED: [(&str, &str); 7] = [
    ("sns", "Receive"),
    // Of devices, which AWS's guides of AWS IoT (authorizing-direct-aws.html) and Greengrass (device-auth.html) give them.
    ("iot", "AssumeRoleWithCertificate"),
    ("greengrass", "GetDeploymentConfiguration"),
    ("greengrass", "ListThingGroupsForCoreDevice"),
    ("greengrass", "PutCertificateAuthorities"),
    ("greengrass", "VerifyClientDeviceIdentity"),
    ("greengrass", "VerifyClientDeviceIoTCertificateAssociation"),
];

/// Whether an action of a service, by the service's prefix, is one of them.
pub(super) fn is_one(prefix: &str, name: &str) -> bool {
    let is_it = |(of, action): &(&str, &str)| *of == prefix && action.eq_ignore_ascii_case(name);
    UNLISTED.iter().any(is_it)
}
