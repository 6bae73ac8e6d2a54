//! Names that a slip or two of a finger are away from others.

/// The name among `known` that is meant by `name`, where that is not its own.
pub(super) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let near = known.filter_map(|other| Some((distance(name, other)?, other)));
    near.min().map(|(_, other)| other)
}

/// What is meant by a word with an unknown text before or behind it: the name among `known` that is like it there, and the
/// part of that name that is meant by the word.
pub(super) fn nearest_part<'n>(
    word: &str,
    ends: bool,
    known: impl Iterator<Item = &'n str>,
) -> Option<(&'n str, &'n str)> {
    let near = known.flat_map(|other| {
        let parts = (0..=other.len()).filter_map(move |at| match ends {
            true => other.get(at..),
            false => other.get(..at),
        });
        parts.filter_map(move |part| Some((distance(word, part)?, other, part)))
    });
    // Of several that end so, the one with the least before it.
    let near = near.min_by_key(|(distance, other, _)| (*distance, other.len(), *other));
    near.map(|(_, other, part)| (other, part))
}

/// How far a slip takes one name from another; `None` where it is none, or where another may as well be meant.
fn distance(name: &str, other: &str) -> Option<usize> {
    // Short names are near to anything.
    let most = (name.len() / 6).min(3);
    if name == other || name.len().abs_diff(other.len()) > most {
        return None;
    }
    let distance = strsim::damerau_levenshtein(name, other);
    (distance <= most && !tells_apart(name, other)).then_some(distance)
}

/// Whether names differ in what tells one of several from the next: a number, or a whole word.
fn tells_apart(name: &str, other: &str) -> bool {
    let words = |text: &'_ str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_ascii_alphabetic());
        words.map(str::to_owned).collect()
    };
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
    let (own, others) = (words(name), words(other));
    digits(name) != digits(other)
        || own.len() == others.len()
            && own.iter().zip(&others).any(|(own, other)| {
                let longest = own.len().max(other.len());
                strsim::damerau_levenshtein(own, other) * 3 > longest
            })
}

#[cfg(test)]
mod tests {
    use super::{nearest, nearest_part};

    #[test]
    fn slips_and_other_names() {
        let near = |name: &str, other: &'static str| nearest(name, [other].into_iter()).is_some();
        assert!(near("shop-deplyoer", "shop-deployer"));
        assert!(near("ShopDeployRol", "ShopDeployRole"));
        assert!(near("shopdeployer", "shop-deployer"));
        // As far as a name of that length may be, and farther.
        assert!(near("shop-deployerrr", "shop-deployer"));
        assert!(!near("shop-deployerrrr", "shop-deployer"));
        // Itself, another stage, another number, a short name.
        assert!(!near("shop-deployer", "shop-deployer"));
        assert!(!near("shop-dev-deploy-role", "shop-qa-deploy-role"));
        assert!(!near("shop-deployer-1", "shop-deployer-2"));
        assert!(!near("ship", "shop"));
        assert!(!near("shop-deployer", "mail-deployer"));
    }

    #[test]
    fn parts() {
        let role = || ["shop-DeployerRole", "shop-reader"].into_iter();
        assert_eq!(
            nearest_part("-DeployerRoll", true, role()),
            Some(("shop-DeployerRole", "-DeployerRole"))
        );
        assert_eq!(
            nearest_part("Deployer", false, ["Deplyoer-shop"].into_iter()),
            Some(("Deplyoer-shop", "Deplyoer"))
        );
        assert_eq!(nearest_part("-role", true, role()), None);
        assert_eq!(
            nearest_part("-é-deployer", true, ["x-é-deplyoer"].into_iter()).map(|it| it.1),
            Some("-é-deplyoer")
        );
    }
}
