//! The names of service principals: `lambda.amazonaws.com` and its kin.
//!
//! The catalog's table of them is long but not complete, so what isn't in it is only told to be wrong where it is nearly
//! the name of one that is, or hasn't the form of any.

use crate::regions::{RegionKnown, region};
use crate::suggest::all_nearest;
use leastwise_catalog::{catalog, typo};

/// What the names of service principals end in, by partition.
const ENDS: [&str; 9] = [
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
    ".aws.internal",
    ".amazon.com",
];

const USUAL: &str = ".amazonaws.com";

/// A name shorter than this is near to too many others.
const SHORTEST: usize = 4;

/// What is known of a name that stands where a service principal is due.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ServiceName {
    /// A service principal that AWS has, in one of its forms.
    Known,
    /// It belongs to a service that AWS has; whether it is one of its principals isn't known.
    Plausible,
    /// It is nearly this one.
    Misspelt(String),
    /// It has the form of one, but AWS has no such service, as far as is known.
    Unknown,
    /// It can't be one; the one that was probably meant.
    Malformed(Option<String>),
}

impl ServiceName {
    /// Reads a name.
    pub fn of(text: &str) -> ServiceName {
        let lower = text.to_ascii_lowercase();
        if lower != text && ServiceName::of(&lower) == ServiceName::Known {
            return ServiceName::Misspelt(lower);
        }
        if catalog().is_service_principal(text) {
            return ServiceName::Known;
        }
        let found = ENDS
            .iter()
            .find_map(|end| Some((text.strip_suffix(end)?, *end)));
        let Some((base, end)) = found.filter(|(base, _)| is_name(base)) else {
            return ServiceName::Malformed(meant(&lower));
        };
        of_base(base, end)
    }
}

/// A service principal that AWS has, by the parts of its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownService {
    /// The name without a Region, as it ends in most Regions: `logs.amazonaws.com`.
    pub usual: String,
    /// The Region in the name, `eu-west-1`.
    pub region: Option<String>,
    /// Whether it ends as in the Regions of China.
    pub in_china: bool,
}

impl KnownService {
    /// Takes a name apart; `None` where it isn't known to be one.
    pub fn of(text: &str) -> Option<KnownService> {
        if ServiceName::of(text) != ServiceName::Known {
            return None;
        }
        let found = ENDS
            .iter()
            .find_map(|end| Some((text.strip_suffix(end)?, *end)));
        let (base, end) = found?;
        let as_it_is = catalog().is_service_principal(text) && end == USUAL;
        let mut labels = base.split('.');
        Some(KnownService {
            usual: match as_it_is {
                true => text.to_owned(),
                false => format!("{}{USUAL}", bare(base)),
            },
            region: labels.find(|label| is_region(label)).map(str::to_owned),
            in_china: end == ".amazonaws.com.cn",
        })
    }
}

fn is_region(label: &str) -> bool {
    !matches!(region(label), RegionKnown::Malformed | RegionKnown::Odd)
}

/// A name by what stands before its end.
fn of_base(base: &str, end: &str) -> ServiceName {
    let bare = bare(base);
    let labels: Vec<&str> = bare.split('.').collect();
    if bare.is_empty() {
        return ServiceName::Malformed(None);
    }
    let usual = format!("{bare}{USUAL}");
    let known = catalog().is_service_principal(&usual);
    match end {
        ".amazon.com" if known => return ServiceName::Misspelt(usual),
        // Few services have such a name, and which, no table tells.
        ".amazon.com" | ".aws.internal" if !known => return ServiceName::Plausible,
        _ if known => return ServiceName::Known,
        _ => {}
    }
    let has_service = |label: &str| {
        let own = format!("{label}{USUAL}");
        let part = format!(".{own}");
        catalog().service(label).is_some()
            || catalog().is_service_principal(&own)
            || catalog()
                .service_principals()
                .any(|name| name.ends_with(&part))
    };
    let parent = labels.last().copied().unwrap_or_default();
    if has_service(parent) {
        return ServiceName::Plausible;
    }
    match near(&usual, &bare) {
        Some(meant) => ServiceName::Misspelt(written(base, &bare, end, meant)),
        None => ServiceName::Unknown,
    }
}

/// A service principal with the end and the region that a misspelt one has.
fn written(base: &str, bare: &str, end: &str, meant: &str) -> String {
    let service = meant.strip_suffix(USUAL).unwrap_or(meant);
    match base.contains('.') {
        true => format!("{}{end}", base.replacen(bare, service, 1)),
        false => format!("{service}{end}"),
    }
}

/// The service principals that a text which is none was probably meant to be: several where they are equally near.
pub fn meant_by(text: &str) -> Vec<String> {
    let first = match ServiceName::of(text) {
        ServiceName::Misspelt(meant) | ServiceName::Malformed(Some(meant)) => meant,
        _ => return Vec::new(),
    };
    let lower = text.to_ascii_lowercase();
    let mut ends = ENDS.iter();
    let found = ends.find_map(|end| Some((lower.strip_suffix(end)?, *end)));
    let mut all: Vec<String> = match found.filter(|(base, _)| is_name(base)) {
        Some((base, end)) => {
            let bare = bare(base);
            let near = all_near(&format!("{bare}{USUAL}"), &bare).into_iter();
            near.map(|meant| written(base, &bare, end, meant)).collect()
        }
        None => {
            let text = lower.strip_prefix("https://").unwrap_or(&lower);
            let word = text.split(['.', '/']).next().unwrap_or_default();
            let near = all_near(&format!("{word}{USUAL}"), word).into_iter();
            near.map(str::to_owned).collect()
        }
    };
    // What is plainly meant has no other beside it.
    if !all.contains(&first) {
        all = vec![first];
    }
    all
}

/// A name without the regions in it.
fn bare(base: &str) -> String {
    let labels: Vec<&str> = base.split('.').filter(|label| !is_region(label)).collect();
    labels.join(".")
}

/// The service principal that a name is nearly: each of its words may have a slip of its own. A word that is quite
/// another is another service's.
fn near(usual: &str, bare: &str) -> Option<&'static str> {
    all_near(usual, bare).into_iter().next()
}

/// As [`near`], with all that are equally near.
fn all_near(usual: &str, bare: &str) -> Vec<&'static str> {
    if bare.len() < SHORTEST {
        return Vec::new();
    }
    let mut all = all_nearest(usual, catalog().service_principals());
    all.retain(|meant| is_near(bare, meant));
    all
}

/// Whether each word of a name may be a slip of one of this service principal's.
fn is_near(bare: &str, meant: &str) -> bool {
    let other = meant.strip_suffix(USUAL).unwrap_or(meant);
    let words =
        |text: &'_ str| -> Vec<String> { text.split(['.', '-']).map(str::to_owned).collect() };
    let (own, others) = (words(bare), words(other));
    let is_slip = |(own, other): (&String, &String)| typo::slips(own, other).is_some();
    // One hyphen less or more is a slip, too.
    let alike = match own.len() == others.len() {
        true => own.iter().zip(&others).all(is_slip),
        false => own.concat() == others.concat(),
    };
    // A part of a service's name is no slip of another service's.
    let dots = |text: &str| text.matches('.').count();
    alike && dots(bare) == dots(other)
}

/// The service principal that a text which can't be one was probably meant to be.
fn meant(lower: &str) -> Option<String> {
    let text = lower.strip_prefix("https://").unwrap_or(lower);
    let labels: Vec<&str> = text.split(['.', '/']).collect();
    let first = labels.first().filter(|first| !first.is_empty())?;
    let usual = format!("{first}{USUAL}");
    let known = |name: &String| catalog().is_service_principal(name);
    let found = [text.to_owned(), usual.clone()].into_iter().find(known);
    found.or_else(|| near(&usual, first).map(str::to_owned))
}

/// Whether every part of a name can be one.
fn is_name(base: &str) -> bool {
    !base.is_empty()
        && base.split('.').all(|label| {
            !label.is_empty()
                && label.bytes().all(|b| {
                    b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_')
                })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_regions_and_ends() {
        let of = |text: &str| {
            let known = KnownService::of(text)?;
            Some((known.usual, known.region, known.in_china))
        };
        let logs = "logs.amazonaws.com".to_owned();
        for (text, wanted) in [
            ("logs.amazonaws.com", Some((logs.clone(), None, false))),
            (
                "logs.eu-west-1.amazonaws.com",
                Some((logs.clone(), Some("eu-west-1".to_owned()), false)),
            ),
            (
                "logs.cn-north-1.amazonaws.com.cn",
                Some((logs.clone(), Some("cn-north-1".to_owned()), true)),
            ),
            (
                "ec2.amazonaws.com.cn",
                Some(("ec2.amazonaws.com".to_owned(), None, true)),
            ),
            ("lamda.amazonaws.com", None),
            // There may be newer Regions.
            (
                "logs.eu-moon-1.amazonaws.com",
                Some((logs.clone(), Some("eu-moon-1".to_owned()), false)),
            ),
        ] {
            assert_eq!(of(text), wanted, "{text}");
        }
    }

    #[test]
    fn knows_the_forms_of_names() {
        use ServiceName::*;
        let misspelt = |name: &str| Misspelt(name.to_owned());
        for (text, expected) in [
            ("lambda.amazonaws.com", Known),
            ("logs.eu-west-1.amazonaws.com", Known),
            ("codedeploy.us-west-2.amazonaws.com", Known),
            ("ec2.amazonaws.com.cn", Known),
            ("lambda.aws.internal", Known),
            ("logging.s3.amazonaws.com", Known),
            ("tasks.apprunner.amazonaws.com", Known),
            ("alexa-appkit.amazon.com", Known),
            ("something.amazon.com", Plausible),
            ("something.s3.amazonaws.com", Plausible),
            ("something.aws.internal", Plausible),
            ("partnercentral-selling.amazonaws.com", Plausible),
            ("q.apps.amazonaws.com", Unknown),
            // A service that the table of principals doesn't have.
            ("medialive.amazonaws.com", Plausible),
            ("lamda.amazonaws.com", misspelt("lambda.amazonaws.com")),
            (
                "lamda.amazonaws.com.cn",
                misspelt("lambda.amazonaws.com.cn"),
            ),
            ("Lambda.amazonaws.com", misspelt("lambda.amazonaws.com")),
            (
                "ecs-task.amazonaws.com",
                misspelt("ecs-tasks.amazonaws.com"),
            ),
            ("lambda.amazon.com", misspelt("lambda.amazonaws.com")),
            (
                "clouformation.eu-west-1.amazonaws.com",
                misspelt("cloudformation.eu-west-1.amazonaws.com"),
            ),
            ("gluw.amazonaws.com", misspelt("glue.amazonaws.com")),
            (
                "codebuidl.amazonaws.com",
                misspelt("codebuild.amazonaws.com"),
            ),
            (
                "code-build.amazonaws.com",
                misspelt("codebuild.amazonaws.com"),
            ),
            ("ipam.amazonaws.com", Known),
            ("dnssec-route53.amazonaws.com", Known),
            ("dms-data-migrations.eu-west-1.amazonaws.com", Known),
            // Words of another service.
            ("aws-connector.amazonaws.com", Unknown),
            ("abc-serverless.amazonaws.com", Unknown),
            ("amazonaws.com", Malformed(None)),
            ("läm.amazonaws.com", Malformed(None)),
            ("no-such-thing.amazonaws.com", Unknown),
            ("no such thing.amazonaws.com", Malformed(None)),
            ("ec3.amazonaws.com", Unknown),
            ("lambda", Malformed(Some("lambda.amazonaws.com".to_owned()))),
            (
                "lambda.aws.com",
                Malformed(Some("lambda.amazonaws.com".to_owned())),
            ),
            (
                "lambda.amazonaws.co",
                Malformed(Some("lambda.amazonaws.com".to_owned())),
            ),
            (
                "https://ec2.amazonaws.com/",
                Malformed(Some("ec2.amazonaws.com".to_owned())),
            ),
            ("", Malformed(None)),
            (".amazonaws.com", Malformed(None)),
            ("eu-west-1.amazonaws.com", Malformed(None)),
            ("somebody", Malformed(None)),
        ] {
            assert_eq!(ServiceName::of(text), expected, "{text}");
        }
    }

    #[test]
    fn every_part_of_a_name_has_letters() {
        for (base, whole) in [
            ("lambda", true),
            ("eu-west-1.es_2", true),
            ("", false),
            ("lambda.", false),
            ("a..b", false),
            ("a.B", false),
        ] {
            assert_eq!(is_name(base), whole, "{base}");
        }
    }
}
