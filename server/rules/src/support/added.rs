//! What the fixes of a round grant, so that none of them grants once more what another does.

use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;

/// What is granted by the permission and the policy that it comes into.
#[derive(Default)]
pub(crate) struct Added {
    granted: HashMap<(Option<usize>, String), Granted>,
}

/// Where one permission is granted.
#[derive(Default)]
struct Granted {
    /// On resources that aren't those of the statement.
    anywhere: bool,
    /// What isn't known in the resources, as it is written.
    unknown: Option<String>,
    /// Resources without wildcards: what names them behind account and region.
    whole: BTreeSet<String>,
    /// What stands before the first wildcard in others.
    open: BTreeSet<String>,
}

impl Added {
    /// Grants permissions on the resources of a statement, or on others where `None` is given. Not where one of them may have
    /// been granted there: then nothing is noted.
    pub fn add(
        &mut self,
        policy: Option<usize>,
        permissions: &[String],
        resources: Option<&[String]>,
    ) -> bool {
        let keys = permissions.iter().map(|name| (policy, name.clone()));
        let keys: Vec<_> = keys.collect();
        let mut known = keys.iter().filter_map(|key| self.granted.get(key));
        if known.any(|granted| granted.meets(resources)) {
            return false;
        }
        for key in keys {
            self.granted.entry(key).or_default().add(resources);
        }
        true
    }
}

impl Granted {
    fn meets(&self, resources: Option<&[String]>) -> bool {
        let Some(resources) = resources.filter(|_| !self.anywhere) else {
            return true;
        };
        resources.iter().any(|resource| {
            let name = Name::of(resource);
            let unknown = self.unknown.as_ref();
            unknown.is_some_and(|unknown| *unknown != name.unknown) || self.holds(&name)
        })
    }

    /// Whether a resource may be one of those granted, or one of them it.
    fn holds(&self, name: &Name<'_>) -> bool {
        let begins = |set: &BTreeSet<String>| {
            let next = set
                .range::<str, _>((Bound::Included(name.text), Bound::Unbounded))
                .next();
            next.is_some_and(|next| next.starts_with(name.text))
        };
        let ends = name.text.char_indices().map(|(at, _)| at);
        let mut leads = ends
            .chain([name.text.len()])
            .filter_map(|at| name.text.get(..at));
        leads.any(|lead| self.open.contains(lead))
            || match name.is_open {
                true => begins(&self.whole) || begins(&self.open),
                false => self.whole.contains(name.text),
            }
    }

    fn add(&mut self, resources: Option<&[String]>) {
        let Some(resources) = resources else {
            self.anywhere = true;
            return;
        };
        for resource in resources {
            let name = Name::of(resource);
            let own = match name.is_open {
                true => &mut self.open,
                false => &mut self.whole,
            };
            own.insert(name.text.to_owned());
            self.unknown.get_or_insert(name.unknown);
        }
    }
}

/// What tells a resource from others of its service: what is behind account and region.
struct Name<'r> {
    /// Up to the first wildcard.
    text: &'r str,
    is_open: bool,
    /// The parts that aren't known.
    unknown: String,
}

impl Name<'_> {
    fn of(resource: &str) -> Name<'_> {
        const BEFORE: usize = 5;
        let (mut depth, mut colons, mut start) = (0_usize, 0, None);
        for (at, c) in resource.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                ':' if depth == 0 => {
                    colons += 1;
                    if colons == BEFORE {
                        start = Some(at + 1);
                        break;
                    }
                }
                _ => {}
            }
        }
        let text = start.and_then(|at| resource.get(at..)).unwrap_or(resource);
        let parts = text.split("${").skip(1);
        let unknown = parts.filter_map(|part| part.split('}').next());
        let unknown = unknown.collect::<Vec<_>>().join(",");
        let end = text.find(['*', '?']);
        Name {
            text: end.and_then(|end| text.get(..end)).unwrap_or(text),
            is_open: end.is_some(),
            unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Added;

    /// Whether a permission is granted on the second resource beside the first.
    fn goes_with(first: Option<&str>, second: Option<&str>) -> bool {
        let mut added = Added::default();
        let names = ["sqs:DeleteQueue".to_owned()];
        let mut add = |resource: Option<&str>| {
            let resources = resource.map(|resource| [resource.to_owned()]);
            added.add(
                Some(0),
                &names,
                resources.as_ref().map(<[String; 1]>::as_slice),
            )
        };
        assert!(add(first));
        add(second)
    }

    #[test]
    fn what_is_granted_once_is_not_granted_again() {
        for (first, second, both) in [
            ("arn:aws:sqs:*:*:shop-1", "arn:aws:sqs:*:*:shop-2", true),
            ("arn:aws:sqs:*:*:shop-1", "arn:aws:sqs:*:*:shop-10", true),
            (
                "arn:aws:sqs:*:*:shop-1",
                "arn:aws:sqs:eu-west-1:1:shop-1",
                false,
            ),
            ("arn:aws:sqs:*:*:shop-1*", "arn:aws:sqs:*:*:shop-10", false),
            ("arn:aws:sqs:*:*:shop-10", "arn:aws:sqs:*:*:shop-1*", false),
            ("arn:aws:sqs:*:*:shop-10*", "arn:aws:sqs:*:*:shop-1*", false),
            ("arn:aws:sqs:*:*:shop-2*", "arn:aws:sqs:*:*:shop-1*", true),
            ("*", "arn:aws:sqs:*:*:shop-1", false),
            ("arn:aws:sqs:*:*:shop-1", "*", false),
            (
                "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${App}-1",
                "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${App}-2",
                true,
            ),
            (
                "arn:aws:sqs:*:*:${App}-1",
                "arn:aws:sqs:*:*:${Name}-2",
                false,
            ),
            ("arn:aws:sqs:*:*:${App}-1", "arn:aws:sqs:*:*:shop-2", false),
        ] {
            assert_eq!(
                goes_with(Some(first), Some(second)),
                both,
                "{first} {second}"
            );
        }
        assert!(!goes_with(None, Some("arn:aws:sqs:*:*:shop-1")));
        assert!(!goes_with(Some("arn:aws:sqs:*:*:shop-1"), None));
    }

    #[test]
    fn policies_and_permissions_are_apart() {
        let mut added = Added::default();
        let names = |name: &str| [name.to_owned()];
        assert!(added.add(Some(0), &names("a"), None));
        assert!(added.add(Some(1), &names("a"), None));
        assert!(added.add(Some(0), &names("b"), None));
        assert!(!added.add(Some(0), &names("a"), None));
    }
}
