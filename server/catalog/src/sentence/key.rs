//! What a condition key holds, as far as its name says it: `SubnetID` the ID of a subnet.

use super::noun::{plural, said};
use super::word::{Word, words};
use crate::{ConditionKey, ValueType};

/// Words that say what a value is, so that those before them say of what: `VolumeType`.
const KINDS: [&str; 46] = [
    "account",
    "accounts",
    "action",
    "actions",
    "address",
    "addresses",
    "age",
    "algorithm",
    "algorithms",
    "ami",
    "duration",
    "endpoint",
    "engine",
    "format",
    "group",
    "groups",
    "image",
    "key",
    "level",
    "limit",
    "location",
    "locations",
    "method",
    "mode",
    "modes",
    "namespace",
    "operation",
    "owner",
    "path",
    "paths",
    "percentage",
    "period",
    "port",
    "prefix",
    "price",
    "priority",
    "protocol",
    "protocols",
    "region",
    "regions",
    "role",
    "size",
    "stage",
    "status",
    "uri",
    "url",
];

/// As [`KINDS`], those of types and versions.
const SORTS: [&str; 4] = ["type", "types", "version", "versions"];

/// Words before `Name` that belong to it: what has a display name isn't the display.
const OF_NAMES: [&str; 6] = ["common", "display", "dns", "domain", "private", "user"];

/// What a period is counted in.
const UNITS: [&str; 4] = ["days", "hours", "minutes", "seconds"];

/// Words that tie two parts of a name together: which of them a value is of isn't told by their order.
const TIES: [&str; 13] = [
    "and", "as", "being", "by", "for", "from", "in", "of", "on", "per", "to", "via", "with",
];

/// What Bool keys begin with that ask whether a request does something.
const VERBS: [(&str, &str); 4] = [
    ("allow", "allows"),
    ("block", "blocks"),
    ("disable", "disables"),
    ("enable", "enables"),
];

/// What there is, or isn't.
const STATES: [&str; 5] = [
    "access",
    "connectivity",
    "encryption",
    "isolation",
    "protection",
];

/// What Bool keys end in that ask whether something is so.
const PARTICIPLES: [&str; 5] = ["allowed", "disabled", "enabled", "required", "optimized"];

impl ConditionKey {
    /// What it holds by its name, in words that follow "holds". `None` where the name doesn't say it.
    pub fn sentence(self) -> Option<String> {
        let (_, name) = self.name().split_once(':')?;
        if let Some((lead, rest)) = name.split_once("${") {
            return match rest.split_once('}')? {
                (_, "") => of_placeholder(lead, self.value_type()),
                // What stands behind the placeholder is said of one of several.
                (_, rest) => of_name(rest, self.value_type()),
            };
        }
        let (whose, name) = match name.split_once('/') {
            Some(("Request", name)) => (" that the request gives", name),
            Some(("Resource", name)) => (" that the resource has", name),
            _ => ("", name),
        };
        Some(format!("{}{whose}", of_name(name, self.value_type())?))
    }
}

/// A name with a capital for each of its parts, as those of actions have it.
fn cased(name: &str) -> String {
    let parts = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let mut cased = String::new();
    for part in parts {
        let mut letters = part.chars();
        cased.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        cased.push_str(letters.as_str());
    }
    cased
}

/// The part of a name that says what the value is, with what it is of where that is a word alone: `cache.type`.
fn telling(name: &str) -> String {
    let mut parts = name.rsplit(['.', '/']);
    let last = cased(parts.next().unwrap_or_default());
    let is_alone = words(&last).len() < 2;
    match parts.next().filter(|_| is_alone) {
        Some(before) => format!("{}{last}", cased(before)),
        None => last,
    }
}

/// What a key holds that somebody completes: by a tag, or another name.
fn of_placeholder(lead: &str, value: ValueType) -> Option<String> {
    if value.element() == ValueType::Bool {
        return None;
    }
    let lead = telling(lead.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric()));
    let all = words(&lead);
    let (last, stem) = all.split_last()?;
    if !matches!(last.written, "Tag" | "Tags") {
        let all = unmixed(&all)?;
        return Some(match last.is_plural() {
            true => format!("the value of that name among the {}", said(all)),
            false => format!("the value of the {} of that name", said(all)),
        });
    }
    let lower = said(stem).to_ascii_lowercase();
    // Services have short words of their own for what has tags.
    let is_short = |word: &Word<'_>| word.said.len() < 4 || word.said.ends_with("grp");
    Some(match lower.as_str() {
        "req" | "request" => "the value that a tag gets by the request".to_owned(),
        _ if stem.is_empty() || stem.iter().any(is_short) => {
            "the value of a tag of the resource".to_owned()
        }
        _ => format!("the value of a tag of the {}", said(unmixed(stem)?)),
    })
}

/// What a key of this name holds.
fn of_name(name: &str, value: ValueType) -> Option<String> {
    let name = telling(name);
    let all = words(&name);
    match value.element() {
        ValueType::Bool => of_bool(&all),
        of => of_value(&all, of == ValueType::Arn, value.many()),
    }
}

/// What a key holds that asks whether something is so.
fn of_bool(all: &[Word<'_>]) -> Option<String> {
    let (last, stem) = all.split_last()?;
    let (first, rest) = all.split_first()?;
    let is = lower(last);
    if stem.is_empty() {
        let is_state = is.ends_with("ed") || is == "public";
        return is_state.then(|| format!("whether the resource is {is}"));
    }
    let verb = VERBS.iter().find(|(verb, _)| *verb == lower(first));
    if let Some((_, does)) = verb {
        return Some(format!(
            "whether the request {does} {}",
            said(unmixed(rest)?)
        ));
    }
    if PARTICIPLES.contains(&is.as_str()) {
        let be = if stem.last()?.is_plural() {
            "are"
        } else {
            "is"
        };
        return Some(format!("whether {} {be} {is}", said(unmixed(stem)?)));
    }
    STATES
        .contains(&is.as_str())
        .then(|| Some(format!("whether there is {}", said(unmixed(all)?))))?
}

/// What a key holds that has a value of its own.
fn of_value(all: &[Word<'_>], is_arn: bool, many: bool) -> Option<String> {
    let (last, stem) = all.split_last()?;
    let kind = lower(last);
    let kind = kind.as_str();
    let single = kind.strip_suffix('s').unwrap_or(kind);
    let (is_of_name, one) = match single {
        "arn" => (true, "ARN"),
        "id" | "identifier" if is_arn => (true, "ARN"),
        _ if is_arn => (false, "ARN"),
        "id" => (true, "ID"),
        "identifier" => (true, "identifier"),
        "name" => return of_names(stem, many || last.is_plural()),
        "count" if !stem.is_empty() => {
            return Some(format!("the number of {}", plural(unmixed(stem)?)));
        }
        _ if UNITS.contains(&kind) => return of_period(stem, kind),
        // By itself such a word says no more than the name does.
        _ if stem.is_empty() => return None,
        _ if KINDS.contains(&kind) || SORTS.contains(&kind) => {
            let all = unmixed(all)?;
            return Some(match many {
                true => format!("the {}", plural(all)),
                false => format!("the {}", spoken(all)),
            });
        }
        _ => return None,
    };
    let of = match stem {
        [] if is_of_name => return Some(format!("the {one} of the resource")),
        stem if is_of_name => stem,
        _ => all,
    };
    // What a request is made from or in is the thing itself.
    let of = match of.split_first() {
        Some((first, rest)) if ["from", "in", "via"].contains(&lower(first).as_str()) => rest,
        _ => of,
    };
    let of = unmixed(of).filter(|of| !of.is_empty())?;
    Some(match many || is_of_name && last.is_plural() {
        true => format!("the {one}s of the {}", plural(of)),
        false => format!("the {one} of the {}", spoken(of)),
    })
}

/// What a name is of.
fn of_names(stem: &[Word<'_>], many: bool) -> Option<String> {
    let stem = unmixed(stem).filter(|stem| !stem.is_empty())?;
    let belongs = |word: &&Word<'_>| OF_NAMES.contains(&lower(word).as_str());
    let own = stem.iter().rev().take_while(belongs).count();
    let (of, kind) = stem.split_at_checked(stem.len() - own)?;
    let kind = said(kind);
    let names = format!("{kind} name{}", if many { "s" } else { "" });
    let names = names.trim_start();
    Some(match (of.is_empty(), many) {
        (true, _) => format!("the {names}"),
        (false, true) => format!("the {names} of the {}", plural(of)),
        (false, false) => format!("the {names} of the {}", spoken(of)),
    })
}

/// How long something is.
fn of_period(stem: &[Word<'_>], unit: &str) -> Option<String> {
    let stem = match stem.split_last() {
        Some((last, rest)) if lower(last) == "in" => rest,
        _ => stem,
    };
    let stem = unmixed(stem).filter(|stem| !stem.is_empty())?;
    Some(format!("the {}, in {unit}", spoken(stem)))
}

/// The words, unless one ties two parts of them together, or stands there twice for two parts.
fn unmixed<'w, 'a>(all: &'w [Word<'a>]) -> Option<&'w [Word<'a>]> {
    let ties = |word: &Word<'_>| TIES.contains(&lower(word).as_str());
    let is_number = |word: &Word<'_>| word.said.bytes().all(|byte| byte.is_ascii_digit());
    let is_twice = all
        .windows(2)
        .any(|pair| matches!(pair, [one, next] if one == next));
    (!is_twice && !all.iter().any(|word| ties(word) || is_number(word))).then_some(all)
}

/// The words, those of bounds in full.
fn spoken(all: &[Word<'_>]) -> String {
    let words = all.iter().map(|word| match word.written {
        "Max" => "maximum",
        "Min" => "minimum",
        _ => word.said.as_ref(),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn lower(word: &Word<'_>) -> String {
    word.written.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use crate::catalog;

    #[test]
    fn names_say_what_they_hold() {
        for (key, told) in [
            ("ec2:SubnetID", "the ID of the subnet"),
            (
                "cloudshell:SecurityGroupIds",
                "the IDs of the security groups",
            ),
            ("ec2:VolumeType", "the volume type"),
            ("autoscaling:InstanceTypes", "the instance types"),
            ("autoscaling:MaxSize", "the maximum size"),
            ("kms:RotationPeriodInDays", "the rotation period, in days"),
            ("sts:DurationSeconds", "the duration, in seconds"),
            ("ecs:cluster", "the ARN of the cluster"),
            ("ecs:container-name", "the name of the container"),
            (
                "vpc-lattice:TargetGroupArns",
                "the ARNs of the target groups",
            ),
            (
                "elasticbeanstalk:FromApplication",
                "the ARN of the application",
            ),
            ("s3:BucketTag/${TagKey}", "the value of a tag of the bucket"),
            (
                "rds:cluster-pg-tag/${TagKey}",
                "the value of a tag of the resource",
            ),
            (
                "rds:req-tag/${TagKey}",
                "the value that a tag gets by the request",
            ),
            (
                "vpc-lattice-svcs:RequestHeader/${HeaderName}",
                "the value of the request header of that name",
            ),
            ("codebuild:cache.type", "the cache type"),
            (
                "apigateway:Request/StageName",
                "the name of the stage that the request gives",
            ),
            (
                "apigateway:Resource/PortalDisplayName",
                "the display name of the portal that the resource has",
            ),
            ("memorydb:TLSEnabled", "whether TLS is enabled"),
            (
                "elasticache:AtRestEncryptionEnabled",
                "whether at-rest encryption is enabled",
            ),
            (
                "mediaconvert:S3InputsAllowed",
                "whether S3 inputs are allowed",
            ),
            (
                "eks:deletionProtection",
                "whether there is deletion protection",
            ),
            ("redshift:AllowWrites", "whether the request allows writes"),
            ("ec2:Encrypted", "whether the resource is encrypted"),
        ] {
            let known = catalog().condition_key(key).expect(key);
            assert_eq!(known.sentence().as_deref(), Some(told), "{key}");
        }
    }

    #[test]
    fn what_a_name_does_not_say_is_left_out() {
        for key in [
            "refactor-spaces:ServiceCreatedByAccount",
            "s3:resourceArnBeingAuthorized",
            "backup:ChangeableForDays",
            "codebuild:manualCreation",
            "swf:tagList.member.0",
            "acm:Export",
            "swf:name",
            "fis:Percentage",
            "rtbfabric:OutboundExternalLinkLinkId",
        ] {
            let known = catalog().condition_key(key).expect(key);
            assert_eq!(known.sentence(), None, "{key}");
        }
    }

    /// How many keys are told by more than their type.
    #[test]
    fn most_keys_say_what_they_hold() {
        let keys: Vec<_> = catalog().condition_keys().collect();
        let facts = keys.iter().filter(|key| key.fact().is_some()).count();
        let is_told = |key: &&crate::ConditionKey| key.fact().is_some() || key.sentence().is_some();
        let told = keys.iter().filter(is_told).count();
        println!(
            "{} keys: {facts} by the table, {told} with their names",
            keys.len()
        );
        assert!(told * 3 > keys.len() * 2, "{told} of {}", keys.len());
    }
}
