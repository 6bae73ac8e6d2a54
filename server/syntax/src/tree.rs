//! The one tree that every syntax lowers to.

use crate::Span;

/// Which syntax a text is written in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Format {
    /// JSON (RFC 8259).
    Json,
    /// YAML 1.1 and 1.2, as CloudFormation and its kin read it.
    Yaml,
}

/// A node of a [`Tree`]. Ids of nodes that an edit did not touch stay valid over [`Tree::edit`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct NodeId(pub(crate) u32);

/// One `key: value` of a mapping.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pair {
    /// The key, as a rule a scalar.
    pub key: NodeId,
    /// The value; an empty scalar node (null) of an empty span where the file has none.
    pub value: NodeId,
}

/// A tag on a value: a YAML `!Tag`, or an intrinsic function of CloudFormation in either form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tag {
    /// Canonical name: `Fn::Sub`, `Fn::GetAtt`, `Ref`, `Condition` for CloudFormation's intrinsics, whether
    /// written `!Sub x` or `{"Fn::Sub": x}`; any other tag as written (`!Rain::Embed`).
    pub name: String,
    /// Where the tag or the key is written.
    pub span: Span,
    /// Whether it was written as a YAML tag (`!Sub`), not as a mapping with one key (`Fn::Sub:`).
    pub short: bool,
}

/// How a scalar or collection is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// A YAML plain scalar, or a JSON literal that is no string (`true`, `12`, `null`).
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// A YAML literal block scalar, `|`.
    Literal,
    /// A YAML folded block scalar, `>`.
    Folded,
    /// A YAML block mapping or sequence.
    Block,
    /// `{…}` or `[…]`, in JSON and YAML.
    Flow,
}

/// What a scalar is to a reader of the format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScalarType {
    /// A string. Every quoted or block scalar is one; so is a plain one that is nothing else, and a date
    /// (`2012-10-17`), which IAM's readers take for the string.
    String,
    /// `true` or `false` (for YAML 1.1 readers also `yes`, `no`, `on`, `off`).
    Bool,
    /// A number.
    Number,
    /// `null`, `~` or nothing at all.
    Null,
}

/// What a node is.
#[derive(Clone, Copy, Debug)]
pub enum View<'t> {
    /// A mapping with its pairs in source order, as written (merge keys not applied).
    Mapping(&'t [Pair]),
    /// A sequence.
    Sequence(&'t [NodeId]),
    /// A scalar with its decoded text.
    Scalar(&'t str),
    /// A tagged value or intrinsic function.
    Tagged(&'t Tag, NodeId),
    /// A YAML alias and the anchored node it stands for, if there is one before it.
    Alias(Option<NodeId>),
    /// A part of the text that was not understood. Never dropped.
    Invalid,
}

/// A comment, with its marker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Comment {
    /// From `#` (or `//`) to the end of the line, the line break not included.
    pub span: Span,
}

/// What went wrong in reading a text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ProblemKind {
    /// The text breaks the rules of its format.
    Syntax,
    /// An unquoted `*` as a whole value in YAML (`Resource: *`), which YAML takes for an alias without a name.
    UnquotedStar,
    /// A line of a template language (`{% if … %}`): the text is YAML only once it is rendered.
    Templated,
    /// A tab where YAML wants spaces.
    Tab,
    /// Nested more deeply than [`Limits::depth`](crate::Limits).
    TooDeep,
    /// Aliases stand for more nodes than [`Limits::expansion`](crate::Limits).
    Expansion,
    /// `*name` without `&name` before it.
    UnknownAlias,
    /// Longer than [`Limits::size`](crate::Limits).
    TooLarge,
}

/// Something in the text that kept it from being read as written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// What went wrong.
    pub kind: ProblemKind,
    /// Where.
    pub span: Span,
    /// A whole sentence for the user: what is wrong and, where it is known, what to do.
    pub message: String,
}
