//! How a file writes where it is deployed.

/// References as they stand in a string, with their `${` and `}`. `None` for what there is no provable one for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Spelling {
    /// `${data.aws_partition.current.partition}`
    pub partition: Option<String>,
    /// `${data.aws_region.current.name}`
    pub region: Option<String>,
    /// `${data.aws_caller_identity.current.account_id}`
    pub account: Option<String>,
    /// `${var.prefix}`
    pub prefix: Option<String>,
    /// Whether the prefix brings the sign that sets it off from what follows.
    pub is_set_off: bool,
}

impl Spelling {
    /// Takes from another what it has none of.
    pub fn fill(&mut self, other: &Spelling) {
        let slots = [
            (&mut self.partition, &other.partition),
            (&mut self.region, &other.region),
            (&mut self.account, &other.account),
        ];
        for (own, other) in slots {
            if own.is_none() {
                own.clone_from(other);
            }
        }
        if self.prefix.is_none() {
            self.prefix.clone_from(&other.prefix);
            self.is_set_off = other.is_set_off;
        }
    }
}
