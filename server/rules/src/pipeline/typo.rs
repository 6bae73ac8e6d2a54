//! Names that a slip or two of a finger are away from others.

use leastwise_catalog::typo;

/// The names among `known` that may be meant by `name`, where that is not its own: the nearest, several where they are
/// equally near.
pub(super) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let near = known.filter_map(|other| Some((distance(name, other)?, other)));
    typo::nearest(near)
}

/// What is meant by a word with an unknown text before or behind it: the names among `known` that are like it there, and
/// the part of each that is meant by the word. Of several names with the same part, the one with the least before it.
pub(super) fn nearest_part<'n>(
    word: &str,
    ends: bool,
    known: impl Iterator<Item = &'n str>,
) -> Vec<(&'n str, &'n str)> {
    let near = known.flat_map(|other| {
        let parts = (0..=other.len()).filter_map(move |at| match ends {
            true => other.get(at..),
            false => other.get(..at),
        });
        parts.filter_map(move |part| Some((distance(word, part)?, other, part)))
    });
    let near = near.map(|(distance, other, part)| (distance, (other.len(), other, part)));
    let mut parts: Vec<(&str, &str)> = Vec::new();
    for (_, other, part) in typo::nearest(near) {
        if !parts.iter().any(|(_, known)| *known == part) {
            parts.push((other, part));
        }
    }
    parts
}

/// How far a slip takes one name from another; `None` where it is none, or where another may as well be meant.
fn distance(name: &str, other: &str) -> Option<usize> {
    // Short names are near to anything.
    const SHORTEST: usize = 6;
    if name == other || name.len() < SHORTEST {
        return None;
    }
    typo::slips(name, other).filter(|_| !tells_apart(name, other))
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
                typo::distance(own, other, longest / 3).is_none()
            })
}

#[cfg(test)]
mod tests {
    use super::{nearest, nearest_part};

    #[test]
    fn slips_and_other_names() {
        let near = |name: &str, other: &'static str| !nearest(name, [other].into_iter()).is_empty();
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
            [("shop-DeployerRole", "-DeployerRole")]
        );
        assert_eq!(
            nearest_part("Deployer", false, ["Deplyoer-shop"].into_iter()),
            [("Deplyoer-shop", "Deplyoer")]
        );
        assert_eq!(nearest_part("-role", true, role()), []);
        assert_eq!(
            nearest_part("-é-deployer", true, ["x-é-deplyoer"].into_iter()),
            [("x-é-deplyoer", "-é-deplyoer")]
        );
    }

    #[test]
    fn names_that_are_equally_near() {
        let known = || ["shop-deployera", "shop-deployers", "mail-deployers"].into_iter();
        assert_eq!(
            nearest("shop-deployerx", known()),
            ["shop-deployera", "shop-deployers"]
        );
        assert_eq!(nearest("shop-deployrs", known()), ["shop-deployers"]);
        // Two names with one part of them are one thing to write.
        assert_eq!(
            nearest_part("-deployerz", true, known()),
            [
                ("mail-deployers", "-deployers"),
                ("shop-deployera", "-deployera")
            ]
        );
    }
}
