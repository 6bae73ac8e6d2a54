//! What belongs to a resource and isn't named by its ARN: what is below it, and what another service has of it.

use std::sync::LazyLock;

use crate::curated::rows;
use crate::{Action, CfnType};

/// Actions that are called on what is below a resource, though AWS's table has the resource itself for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Below {
    /// The prefix of their service: `es`.
    pub service: &'static str,
    /// What their names begin with: `ESHttp`.
    pub begins: &'static str,
    /// The end of the resource's format: `:domain/${DomainName}`.
    pub ends: &'static str,
}

/// What belongs to resources of a type but is of another service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignBelonging {
    /// The type of the resource: `AWS::ApiGateway::RestApi`.
    pub type_name: &'static str,
    /// The ARN as far as it is known: `${}` stands for the resource, `${.Name}` for an attribute of it.
    pub arn: &'static str,
    /// Whether it names more than somebody surely means: all users of a database.
    pub is_wide: bool,
}

static BELOW: LazyLock<Vec<Below>> = LazyLock::new(|| {
    let rows = rows(include_str!("../curated/resources-below.tsv"));
    let read = |[service, begins, ends, _]: [&'static str; 4]| Below {
        service,
        begins,
        ends,
    };
    rows.map(read).collect()
});

static ELSEWHERE: LazyLock<Vec<ForeignBelonging>> = LazyLock::new(|| {
    let rows = rows(include_str!("../curated/resources-elsewhere.tsv"));
    let read = |[type_name, arn, meant, _]: [&'static str; 4]| ForeignBelonging {
        type_name,
        arn,
        is_wide: meant == "wide",
    };
    rows.map(read).collect()
});

impl Below {
    /// All that is known.
    pub fn all() -> &'static [Below] {
        &BELOW
    }
}

impl Action {
    /// Whether it is called on what is below the resource that AWS's table has for it.
    pub fn works_below(self) -> bool {
        let (service, name) = (self.service().prefix(), self.name());
        let mut all = BELOW.iter();
        all.any(|below| below.service == service && name.starts_with(below.begins))
    }
}

impl CfnType {
    /// What belongs to its resources but is of another service.
    pub fn foreign_belongings(self) -> impl Iterator<Item = &'static ForeignBelonging> {
        let name = self.name();
        let all = ELSEWHERE.iter();
        all.filter(move |of| of.type_name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::{BELOW, ELSEWHERE};
    use crate::catalog;

    #[test]
    fn every_row_is_read_and_has_a_page_of_aws() {
        for (text, count) in [
            (include_str!("../curated/resources-below.tsv"), BELOW.len()),
            (
                include_str!("../curated/resources-elsewhere.tsv"),
                ELSEWHERE.len(),
            ),
        ] {
            let rows: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
            assert_eq!(count, rows.len());
            for row in rows {
                let page = row.split('\t').nth(3).unwrap_or_default();
                assert!(page.starts_with("https://docs.aws.amazon.com/"), "{row}");
            }
        }
    }

    #[test]
    fn what_the_rows_name_is_in_the_catalog() {
        for below in BELOW.iter() {
            let service = catalog().service(below.service).expect(below.service);
            let mut actions = service.actions();
            assert!(
                actions.any(|action| action.works_below()),
                "{}",
                below.begins
            );
            let mut formats = service.resource_types().flat_map(|of| of.arns());
            assert!(
                formats.any(|arn| arn.ends_with(below.ends)),
                "{}",
                below.ends
            );
        }
        for of in ELSEWHERE.iter() {
            let kind = catalog().cfn_type(of.type_name);
            assert!(kind.is_some(), "{}", of.type_name);
            let behind = of.arn.strip_prefix("arn:${AWS::Partition}:");
            let service = behind.and_then(|of| of.split(':').next());
            assert!(service.is_some_and(|of| catalog().service(of).is_some()));
            assert!(
                of.arn.contains("${}") || of.arn.contains("${."),
                "{}",
                of.arn
            );
        }
    }
}
