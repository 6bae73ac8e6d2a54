//! The one tree that every syntax lowers to.

use crate::Span;

/// Which syntax a text is written in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Format {
    /// JSON (RFC 8259).
    Json,
    /// JSON with comments and trailing commas, as editors and many tools read it.
    Jsonc,
    /// YAML 1.1 and 1.2, as CloudFormation and its kin read it.
    Yaml,
    /// HCL 2, the native syntax of Terraform and OpenTofu. A body is a mapping in [`Style::Block`]; a block
    /// `type "a" "b" { … }` is a pair of its type and a mapping of one pair for each label, the innermost value the
    /// body. What is no literal is tagged: see [`Tag::name`].
    Hcl,
}

impl Format {
    /// Whether it is JSON, with comments or without.
    pub fn is_json(self) -> bool {
        matches!(self, Format::Json | Format::Jsonc)
    }
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
    ///
    /// Those of HCL begin with `hcl:`. `hcl:template` is a string or heredoc with interpolations: a sequence of
    /// literal parts ([`Style::Fragment`]), interpolated expressions and `hcl:directive` (a scalar `%{ … }`, as
    /// written). `hcl:ref` is a traversal (`var.x`, `a.b[0].c`), a scalar without blanks. `hcl:?` is a conditional:
    /// a sequence of condition and both values. `hcl:name` is a call of the function `name` with a sequence of its
    /// arguments. `hcl:for` is a comprehension that makes objects: a sequence of its head (`for x in y`, up to the `=>` of one
    /// with keys), what it makes for each, and its `if`, head and `if` as `hcl:expr`. `hcl:expr` is any other expression,
    /// a scalar as written.
    pub name: String,
    /// Where the tag or the key is written. In HCL, the name of a called function; of other tags the empty range
    /// where the value begins.
    pub span: Span,
    /// Whether it was written as a tag of YAML (`!Sub`) or an expression of HCL, not as a mapping with one key
    /// (`Fn::Sub:`).
    pub short: bool,
}

/// How a scalar or collection is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// A YAML plain scalar, a JSON or HCL literal that is no string (`true`, `12`, `null`), a name of HCL.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// A YAML literal block scalar, `|`; a heredoc of HCL.
    Literal,
    /// A YAML folded block scalar, `>`.
    Folded,
    /// A YAML block mapping or sequence; a body of HCL, and the labels of a block.
    Block,
    /// `{…}` or `[…]`, in JSON, YAML and HCL.
    Flow,
    /// A literal part of a template of HCL. The sequence that it is in is `DoubleQuoted` or (a heredoc) `Literal`,
    /// which says how it is escaped.
    Fragment,
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
    /// A YAML alias and the anchored node it stands for, if there is one before it and the aliases of the text don't stand
    /// for more than [`Limits::expansion`](crate::Limits).
    Alias(Option<NodeId>),
    /// A part of the text that was not understood. Never dropped.
    Invalid,
}

/// A comment, with its marker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Comment {
    /// From `#` (or `//`) to the end of the line, the line break not included; from `/*` to `*/`.
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
    /// Aliases stand for more nodes than [`Limits::expansion`](crate::Limits): some are not followed.
    Expansion,
    /// `*name` without `&name` before it.
    UnknownAlias,
    /// Longer than [`Limits::size`](crate::Limits).
    TooLarge,
    /// The text of a string is evidently meant as a policy, but breaks the rules of JSON. The file itself can be
    /// read.
    Embedded,
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
    /// Whether nothing is wrong but that the text ends too early: what is closed in it is as it was written.
    pub ran_out: bool,
}
