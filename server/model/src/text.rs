//! Texts as written: literal parts and variable parts, each with its place in the file.

use leastwise_catalog::catalog;
use leastwise_syntax::{NodeId, Span, Tree};

/// A string as it is written, in whatever way the dialect builds strings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    /// The node that the whole text comes from.
    pub node: NodeId,
    /// The bytes of that node.
    pub span: Span,
    /// Its parts in order.
    pub parts: Vec<Part>,
}

/// A part of a [`Text`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// Characters that stand in the file: bytes `start..end` of the decoded text of a scalar.
    Literal {
        /// The scalar.
        node: NodeId,
        /// First byte of its decoded text.
        start: u32,
        /// Behind the last byte.
        end: u32,
    },
    /// Characters that stand nowhere in the file: a tool puts them there.
    Given {
        /// The characters.
        text: String,
        /// What they are put there for.
        span: Span,
    },
    /// A variable or reference by name: `${AppId}`, `!Ref AppId`, `${AWS::Region}`.
    Variable {
        /// The name.
        name: String,
        /// Where it is written, with its `${` and `}`.
        span: Span,
    },
    /// An attribute of a resource: `!GetAtt Queue.Arn`, `${Queue.Arn}`.
    Attribute {
        /// Logical id of the resource.
        resource: String,
        /// Name of the attribute.
        attribute: String,
        /// Where it is written.
        span: Span,
    },
    /// A variable of the dialect's own that is more than a name: `${self:custom.table, 'none'}`.
    Expression {
        /// What stands between `${` and `}`.
        text: String,
        /// Whether the place also has CloudFormation's variables, so that those in its value are filled in, too.
        sub: bool,
        /// Where it is written, with its `${` and `}`.
        span: Span,
    },
    /// What another tool puts there, or somebody who fills it in: unknown. `{{ name }}`, `<account-id>`.
    Mark {
        /// What it is called.
        name: String,
        /// Where it is written, with its signs.
        span: Span,
    },
    /// Any other value that has to be worked out under an environment: a function, a list.
    Computed {
        /// The value's node.
        node: NodeId,
        /// Where it is written; for a variable of `Fn::Sub`'s map the place in the text.
        span: Span,
        /// What to call it in a text where it stays unknown.
        label: String,
    },
}

impl Part {
    /// What a name stands for: an attribute of a resource where it has a dot.
    pub fn named(name: &str, span: Span) -> Part {
        match name.split_once('.').filter(|_| !name.contains("${")) {
            Some((resource, attribute)) => Part::Attribute {
                resource: resource.to_owned(),
                attribute: attribute.to_owned(),
                span,
            },
            None => Part::Variable {
                name: name.to_owned(),
                span,
            },
        }
    }

    /// Where the part is written.
    pub fn span(&self, tree: &Tree) -> Span {
        match self {
            Part::Literal { node, start, end } => {
                tree.source_span(*node, *start as usize..*end as usize)
            }
            Part::Given { span, .. }
            | Part::Variable { span, .. }
            | Part::Attribute { span, .. }
            | Part::Expression { span, .. }
            | Part::Mark { span, .. }
            | Part::Computed { span, .. } => *span,
        }
    }
}

impl Text {
    /// The characters, if the text is one literal.
    pub fn literal<'t>(&'t self, tree: &'t Tree) -> Option<&'t str> {
        match self.parts.as_slice() {
            [Part::Given { text, .. }] => Some(text),
            [] => Some(""),
            [Part::Literal { node, start, end }] => tree
                .text(*node)
                .and_then(|text| text.get(*start as usize..*end as usize)),
            _ => None,
        }
    }
}

/// Whether the name between `${` and `}` is one of IAM's policy variables: `aws:username`,
/// `saml:sub`, `token.actions.githubusercontent.com:sub`, with or without a default; or `*`, `?`, `$`.
pub fn is_policy_variable(name: &str) -> bool {
    let is_one = || begins_as_key(name) || !begins_as_source(name);
    matches!(name, "*" | "?" | "$") || is_no_declared_name(name) && is_one()
}

/// Whether the name between `${` and `}` can't be that of anything in a file: IAM's variables have a colon in them.
pub fn is_no_declared_name(name: &str) -> bool {
    matches!(name, "*" | "?" | "$") || (name.contains(':') && !name.contains("::"))
}

/// Whether a name begins as condition keys do: with `aws`, with what a service's actions begin with, or with the host of
/// who vouches for an identity.
fn begins_as_key(name: &str) -> bool {
    let Some((prefix, _)) = name.split_once(':') else {
        return false;
    };
    let is_of_all = |all: &str| prefix.eq_ignore_ascii_case(all);
    let is_host = prefix.contains('.') && !prefix.contains('(');
    // The keys of a few services begin otherwise than their actions.
    let key = || name.split(',').next().unwrap_or(name).trim();
    is_of_all("aws")
        || is_of_all("saml")
        || is_host
        || catalog().service(prefix).is_some()
        || catalog().condition_key(key()).is_some()
}

/// Whether a name begins as those do that other tools fill in: with a plain word for where the value is from, `git:branch`,
/// `file(config.yml)`.
fn begins_as_source(name: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_alphabetic())
    };
    name.split([':', '(']).next().is_some_and(is_word)
}

#[cfg(test)]
mod tests {
    use leastwise_catalog::catalog;

    use super::is_policy_variable;

    #[test]
    fn variables_of_iam_and_of_others() {
        for own in [
            "*",
            "aws:username",
            "AWS:PrincipalTag/team, 'none'",
            "saml:sub",
            "s3:prefix",
            "token.actions.githubusercontent.com:sub",
            // No key, but written as one.
            "A:username",
            " cond ? \"a\" : \"b\" ",
        ] {
            assert!(is_policy_variable(own), "{own}");
        }
        for other in [
            "self:custom.table",
            "opt:stage, 'dev'",
            "git:branch",
            "file(./config.yml):table",
            "cf(eu-west-1):stack.Output",
            "AWS::Region",
            "Table",
        ] {
            assert!(!is_policy_variable(other), "{other}");
        }
    }

    #[test]
    fn every_condition_key_is_one() {
        let global = catalog().global_condition_keys();
        let keys = global.chain(catalog().services().flat_map(|of| of.condition_keys()));
        for key in keys {
            assert!(is_policy_variable(key.name()), "{}", key.name());
        }
    }
}
