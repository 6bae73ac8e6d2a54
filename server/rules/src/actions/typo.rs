//! Whether a name that doesn't exist is plainly the slip of one that does: then what was meant can be written in bulk. Else it
//! is a choice, which somebody has to make: `Disconnect` isn't `Connect`, and a name that is right by itself is no slip.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, LazyLock, OnceLock, RwLock};

use leastwise_catalog::{Action, Service, catalog, typo};
use leastwise_policy::ActionPattern;

use super::existing::is_something;
use crate::work;

/// Verbs by which one service asks for what another asks for by its neighbour.
const ALIKE: [&[&str]; 4] = [
    &["describe", "get", "list"],
    &["put", "set"],
    &["delete", "remove"],
    &["modify", "update"],
];

/// Whether an action that a service doesn't have is a slip of this one: of the same service, with a verb of the same meaning.
pub(super) fn is_slip(service: &str, name: &str, meant: Action) -> bool {
    if !meant.service().prefix().eq_ignore_ascii_case(service) {
        return false;
    }
    let (written, known) = (words(name), words(meant.name()));
    let (Some((verb, nouns)), Some((known_verb, known_nouns))) =
        (written.split_first(), known.split_first())
    else {
        return false;
    };
    let own = Vocabulary::of(meant.service());
    if !is_verb(&own, name, verb, known_verb) {
        return false;
    }
    let tags = matches!(known_verb.as_str(), "tag" | "untag");
    if tags && known_nouns == ["resource"] && nouns.len() == 1 {
        return true;
    }
    if !is_number_of(verb, known_verb) && !is_one_edit(verb, known_verb) {
        // Of `Getobejct`, what stands behind the verb.
        let joined = words(name).concat();
        if let Some(behind) = joined.strip_prefix(known_verb.as_str()) {
            let known = known_nouns.concat();
            return behind.get(..1) == known.get(..1) && is_near(behind, &known);
        }
    }
    let is_word = |word: &String| own.words.contains(word);
    if nouns.len() == known_nouns.len() {
        let mut both = nouns.iter().zip(known_nouns);
        return both
            .all(|(own, known)| is_number_of(own, known) || !is_word(own) && is_near(own, known));
    }
    // Words that are all right by themselves are another name, unless one was left out. What other actions are about by these
    // very words lacks none: a global table is no witness of one.
    let is_whole = || own.nouns.contains(nouns);
    nouns.len() < known_nouns.len() && is_part(nouns, known_nouns) && !is_whole()
        || !nouns.iter().all(is_word) && is_near(&nouns.concat(), &known_nouns.concat())
}

/// Whether words are near enough for a slip of the finger: another word is another name, and so is another version.
fn is_near(written: &str, known: &str) -> bool {
    let digits = |text: &str| -> Vec<char> { text.chars().filter(char::is_ascii_digit).collect() };
    !turns(written, known)
        && digits(written) == digits(known)
        && typo::slips(written, known).is_some()
}

/// Whether a word begins as one does that says the opposite of another: `Unable…` is no slip of `Enable…`.
fn turns(written: &str, known: &str) -> bool {
    let mut turns = typo::TURNS.iter();
    turns.any(|turn| written.starts_with(turn) && !known.starts_with(turn))
}

/// Whether a pattern that matches nothing begins with a slip of another's verb, or with the same one.
pub(super) fn is_slip_of_verb(service: &str, pattern: &str, meant: &str) -> bool {
    let verb = |pattern: &str| {
        words(pattern.trim_end_matches(['*', '?']))
            .into_iter()
            .next()
    };
    let service = catalog().service(service);
    let both = verb(pattern).zip(verb(meant)).zip(service);
    both.is_some_and(|((written, known), service)| {
        is_verb(&Vocabulary::of(service), pattern, &written, &known)
    })
}

/// A pattern of one word between stars, with the one word of a service's actions that this is a slip of.
pub(super) fn with_word(service: &str, pattern: &str) -> Option<String> {
    const SHORTEST: usize = 3;
    let word = pattern.trim_matches('*');
    let is_plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_plain || word.len() < SHORTEST || words(word).len() != 1 {
        return None;
    }
    let service = catalog().service(service)?;
    let own = Vocabulary::of(service);
    let written = word.to_ascii_lowercase();
    let is_meant = |known: &&String| known.len() >= SHORTEST && is_one_edit(&written, known);
    let mut meant = own.words.iter().filter(is_meant);
    let (Some(known), None) = (meant.next(), meant.next()) else {
        return None;
    };
    let mut known = known.clone();
    known.get_mut(..1)?.make_ascii_uppercase();
    let pattern = pattern.replacen(word, &known, 1);
    let text = format!("{}:{pattern}", service.prefix());
    is_something(&ActionPattern::parse(&text)).then_some(text)
}

/// Whether what stands behind the stars of a pattern is words of a service's actions, and no fragments of some.
pub(super) fn has_whole_words(service: &str, pattern: &str) -> bool {
    let Some(service) = catalog().service(service) else {
        return false;
    };
    let own = Vocabulary::of(service);
    let mut behind = pattern.split(['*', '?']).skip(1);
    behind.all(|piece| words(piece).iter().all(|word| own.words.contains(word)))
}

/// Whether a service that doesn't exist is a slip of this one, or what AWS calls it.
pub(super) fn is_slip_of_service(written: &str, meant: &str) -> bool {
    const SHORTEST: usize = 4;
    let plain = |text: &str| -> String {
        let text = text.to_ascii_lowercase();
        text.chars().filter(char::is_ascii_alphanumeric).collect()
    };
    let (own, known) = (plain(written), plain(meant));
    if own == known || own.len() >= SHORTEST && is_one_edit(&own, &known) {
        return true;
    }
    let name = catalog().service(meant).map_or("", Service::name);
    let name = name
        .trim_start_matches("AWS ")
        .trim_start_matches("Amazon ");
    own == plain(name)
}

/// Whether the verb that is written is the known one, means the same, or is a slip of it.
fn is_verb(own: &Vocabulary, name: &str, written: &str, known: &str) -> bool {
    let alike = |group: &&[&str]| group.contains(&written) && group.contains(&known);
    if is_number_of(written, known) || ALIKE.iter().any(alike) {
        return true;
    }
    if verbs().contains(written) || own.verbs.contains(written) {
        return false;
    }
    // `getObject` and `Getobject` have no other verb than `GetObject`.
    !turns(written, known)
        && (name.to_ascii_lowercase().starts_with(known) || is_one_edit(written, known))
}

/// The verbs of AWS: words that actions of several services begin with.
fn verbs() -> &'static HashSet<String> {
    static VERBS: OnceLock<HashSet<String>> = OnceLock::new();
    VERBS.get_or_init(|| {
        let mut services: HashMap<String, HashSet<&str>> = HashMap::new();
        for action in catalog().actions() {
            if let Some(verb) = words(action.name()).into_iter().next() {
                let services = services.entry(verb).or_default();
                services.insert(action.service().prefix());
            }
        }
        services.retain(|_, services| services.len() > 1);
        services.into_keys().collect()
    })
}

/// The words in the names of a service's actions.
#[derive(Default)]
struct Vocabulary {
    /// The first of each.
    verbs: HashSet<String>,
    /// Those behind the first of each, in their order.
    nouns: HashSet<Vec<String>>,
    /// Every one.
    words: HashSet<String>,
}

impl Vocabulary {
    /// That of a service: made when it is first asked for, since a file may have thousands of slips in the names of one.
    fn of(service: Service) -> Arc<Vocabulary> {
        static KNOWN: LazyLock<RwLock<BTreeMap<&'static str, Arc<Vocabulary>>>> =
            LazyLock::new(RwLock::default);
        let prefix = service.prefix();
        let known = KNOWN.read().ok();
        if let Some(known) = known.as_ref().and_then(|known| known.get(prefix)) {
            return Arc::clone(known);
        }
        drop(known);
        let own = Arc::new(Vocabulary::read(service));
        if let Ok(mut known) = KNOWN.write() {
            known.insert(prefix, Arc::clone(&own));
        }
        own
    }

    fn read(service: Service) -> Vocabulary {
        let mut all = Vocabulary::default();
        for action in service.actions() {
            work::did(1);
            let words = words(action.name());
            let Some((verb, nouns)) = words.split_first() else {
                continue;
            };
            all.verbs.insert(verb.clone());
            all.nouns.insert(nouns.to_vec());
            all.words.extend(words);
        }
        all
    }
}

/// The words of a name in lower case, each of which begins with a capital.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for c in name.chars() {
        match words.last_mut() {
            Some(word) if !c.is_ascii_uppercase() => word.push(c),
            _ => words.push(c.to_ascii_lowercase().to_string()),
        }
    }
    words
}

/// Whether two words are the same but for their number: `policy` and `policies`.
fn is_number_of(one: &str, other: &str) -> bool {
    let stem = |word: &str| -> String {
        let stem = word.strip_suffix("ies").map(|stem| format!("{stem}y"));
        let stem = stem.or_else(|| {
            let stem = word.strip_suffix("es").filter(|stem| {
                let hissing = stem.ends_with(['s', 'x', 'z']);
                hissing || stem.ends_with("ch") || stem.ends_with("sh")
            });
            stem.map(str::to_owned)
        });
        let stem = stem.as_deref().unwrap_or(word);
        stem.trim_end_matches('s').to_owned()
    };
    stem(one) == stem(other)
}

/// Whether words stand in the same order among others.
fn is_part(words: &[String], among: &[String]) -> bool {
    let mut among = among.iter();
    words
        .iter()
        .all(|word| among.any(|other| is_number_of(word, other)))
}

/// Whether two words differ in one letter, or in the order of two neighbours.
fn is_one_edit(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let (short, long) = match one.len() <= other.len() {
        true => (one, other),
        false => (other, one),
    };
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let rest = |bytes: &[u8], from: usize| bytes.get(from..).unwrap_or_default().to_vec();
    match long.len() - short.len() {
        0 => {
            let (left, right) = (rest(short, same), rest(long, same));
            let swapped = match (left.as_slice(), right.as_slice()) {
                ([a, b, ..], [c, d, ..]) => a == d && b == c,
                _ => false,
            };
            rest(short, same + 1) == rest(long, same + 1)
                || swapped && rest(short, same + 2) == rest(long, same + 2)
        }
        1 => rest(short, same) == rest(long, same + 1),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        has_whole_words, is_number_of, is_one_edit, is_slip, is_slip_of_service, with_word, work,
    };
    use leastwise_catalog::catalog;

    fn slip(written: &str, meant: &str) -> bool {
        let (service, name) = written.split_once(':').expect("a service");
        let (own, meant) = meant.split_once(':').expect("a service");
        let meant = catalog().action(own, meant).expect("an action of AWS");
        is_slip(service, name, meant)
    }

    #[test]
    fn slips_of_the_hand() {
        for (written, meant) in [
            ("s3:GetObejct", "s3:GetObject"),
            ("s3:getobject", "s3:GetObject"),
            ("s3:Getobejct", "s3:GetObject"),
            ("sqs:RecieveMessage", "sqs:ReceiveMessage"),
            ("SQS:SendMesage", "sqs:SendMessage"),
            ("iam:DeleteUsr", "iam:DeleteUser"),
            ("iam:Deleteusr", "iam:DeleteUser"),
            ("s3:GetObejctACL", "s3:GetObjectAcl"),
            ("kms:EnabelKey", "kms:EnableKey"),
            ("iam:GetPolicies", "iam:GetPolicy"),
            ("ec2:DescribeInstance", "ec2:DescribeInstances"),
            ("ec2:RunInstance", "ec2:RunInstances"),
            ("sqs:ListQueueAttributes", "sqs:GetQueueAttributes"),
            (
                "bedrock:GetModelInvocationLogging",
                "bedrock:GetModelInvocationLoggingConfiguration",
            ),
            (
                "bedrock:CreateActionGroup",
                "bedrock:CreateAgentActionGroup",
            ),
            ("scheduler:UntagSchedule", "scheduler:UntagResource"),
        ] {
            assert!(slip(written, meant), "{written}");
        }
    }

    #[test]
    fn the_words_of_a_service_are_read_once() {
        let both = || {
            assert!(slip("s3:GetObejct", "s3:GetObject"));
            assert!(!slip("s3:FetchTags", "s3:GetObject"));
        };
        both();
        assert_eq!(work::of(|| (0..100).for_each(|_| both())), 0);
    }

    #[test]
    fn names_that_mean_something_else() {
        for (written, meant) in [
            ("ds:DisconnectDirectory", "ds:ConnectDirectory"),
            (
                "dynamodb:DeleteGlobalTable",
                "dynamodb:DeleteGlobalTableWitness",
            ),
            ("dynamodb:CreateItem", "dynamodb:UpdateItem"),
            ("dynamodb:SetItem", "dynamodb:GetItem"),
            ("ecr-public:BatchGetImage", "ecr:BatchGetImage"),
            ("dynamodb:UntagTable", "dynamodb:TagResource"),
            ("iam:ListRoleTag", "iam:ListUserTags"),
            ("ec2:DescribeVpcAddresses", "ec2:DescribeAddresses"),
            ("kms:UnableKey", "kms:EnableKey"),
            ("cognito-idp:AdminUnableUser", "cognito-idp:AdminEnableUser"),
            ("events:UnableRule", "events:EnableRule"),
            ("iam:UnableMFADevice", "iam:EnableMFADevice"),
            ("kms:ReEncryptAll", "kms:ReEncryptTo"),
            ("s3:GetObjectV3", "s3:GetObject"),
            ("iam:ListenRoles", "iam:ListRoles"),
            // No verb of AWS, but no slip of this one, either.
            ("sqs:FetchMessage", "sqs:SendMessage"),
        ] {
            assert!(!slip(written, meant), "{written}");
        }
    }

    #[test]
    fn services() {
        for (written, meant, wanted) in [
            ("lamda", "lambda", true),
            ("dynamdb", "dynamodb", true),
            ("Dyanmodb", "dynamodb", true),
            ("api-gateway", "apigateway", true),
            ("stepfunctions", "states", true),
            ("eventbridge", "events", true),
            ("docdb", "rds", false),
            ("vpc", "ec2", false),
            ("ecs2", "ec2", true),
            ("sn", "sns", false),
            ("lamb", "lambda", false),
        ] {
            assert_eq!(is_slip_of_service(written, meant), wanted, "{written}");
        }
    }

    #[test]
    fn words_between_stars() {
        for (service, pattern, meant) in [
            ("kms", "*Kee*", Some("kms:*Key*")),
            ("dynamodb", "*Itm*", Some("dynamodb:*Item*")),
            ("ecr", "*Imge*", Some("ecr:*Image*")),
            ("s3", "*Obejct", Some("s3:*Object")),
            ("s3", "*obejct*", Some("s3:*Object*")),
            ("mq", "*Brokr*", Some("mq:*Broker*")),
            // No word, two words, and one that is near to several.
            ("s3", "*Xyzzy*", None),
            ("s3", "*ObejctTag*", None),
            ("s3", "*A*", None),
            ("nothing", "*Key*", None),
        ] {
            assert_eq!(with_word(service, pattern).as_deref(), meant, "{pattern}");
        }
        assert!(has_whole_words("dynamodb", "Get*Item*"));
        assert!(!has_whole_words("dynamodb", "Get*tIm*"));
        assert!(has_whole_words("dynamodb", "GetIt*"), "only behind stars");
    }

    #[test]
    fn single_and_plural() {
        for (one, other, wanted) in [
            ("policy", "policies", true),
            ("address", "addresses", true),
            ("branch", "branches", true),
            ("image", "images", true),
            ("role", "rule", false),
            ("policy", "police", false),
        ] {
            assert_eq!(is_number_of(one, other), wanted, "{one}");
        }
    }

    #[test]
    fn one_edit() {
        for (one, other, wanted) in [
            ("list", "list", true),
            ("lsit", "list", true),
            ("lis", "list", true),
            ("listt", "list", true),
            ("lost", "list", true),
            ("slit", "list", false),
            ("lsti", "list", false),
            ("li", "list", false),
            ("", "a", true),
        ] {
            assert_eq!(is_one_edit(one, other), wanted, "{one}");
            assert_eq!(is_one_edit(other, one), wanted, "{one}");
        }
    }
}
