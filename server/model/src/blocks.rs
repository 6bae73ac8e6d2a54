//! Policies that are written as blocks: what a dialect calls IAM's elements there.

/// How a dialect writes a policy as a block, with a block in it for each statement.
#[derive(PartialEq, Eq, Hash, Debug)]
pub struct BlockNames {
    /// The keys that lead to such a block; a name that it has for itself stands behind them.
    pub leading: &'static [&'static str],
    /// The elements of a policy, each with what it is called.
    pub of_policy: &'static [(&'static str, &'static str)],
    /// The elements of a statement, each with what it is called.
    pub of_statement: &'static [(&'static str, &'static str)],
    /// Those of a statement's elements that are blocks.
    pub inner: &'static [InnerBlock],
    /// What else people call the arguments of those, each with its name.
    pub other_names: &'static [(&'static str, &'static str)],
    /// The block that makes several of one, and the block in it that says what they are like.
    pub several: (&'static str, &'static str),
}

/// A block of a statement: what is an object with lists in it where IAM's names are used.
#[derive(PartialEq, Eq, Hash, Debug)]
pub struct InnerBlock {
    /// IAM's element.
    pub element: &'static str,
    /// The arguments whose values are keys of that element, from the outermost inwards.
    pub keys: &'static [&'static str],
    /// The argument with the list.
    pub values: &'static str,
}

impl BlockNames {
    /// What an element is called; as it is where it has no name of its own.
    pub fn name<'n>(&self, element: &'n str) -> &'n str {
        let named = self.all().find(|(own, _)| *own == element);
        named.map_or(element, |(_, name)| name)
    }

    /// The element of a statement that is called so.
    pub fn element(&self, name: &str) -> Option<&'static str> {
        let mut elements = self.of_statement.iter();
        let named = elements.find(|(_, own)| *own == name)?;
        Some(named.0)
    }

    /// What the block is called that is a whole policy.
    pub fn whole(&self) -> &'static str {
        self.leading.last().copied().unwrap_or_default()
    }

    fn all(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let all = self.of_policy.iter().chain(self.of_statement);
        all.copied()
    }
}

impl InnerBlock {
    /// The names of its arguments.
    pub fn arguments(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.keys.iter().copied().chain([self.values])
    }
}
