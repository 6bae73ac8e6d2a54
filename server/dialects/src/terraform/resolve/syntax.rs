//! Expressions that the reader hands on as text: operators, comprehensions, steps into what is worked out.

use leastwise_syntax::{Format, NodeId, Tree};

use crate::terraform::limits::{DEPTH_OF_AN_EXPRESSION, PARTS_OF_AN_EXPRESSION};

/// An expression that has been taken apart.
#[derive(Debug)]
pub(super) enum Expr {
    /// What the reader takes apart itself: a literal, a text, a collection, a call.
    Leaf(Box<Tree>, NodeId),
    /// A name and steps from it. With the text of all.
    Reference {
        text: String,
        root: String,
        hops: Vec<Hop>,
    },
    /// Steps into a value.
    Path(Box<Expr>, Vec<Hop>),
    /// `!` or, for a number, `-`.
    Not(Box<Expr>),
    Negative(Box<Expr>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// Condition, value where it holds, and where it doesn't.
    Conditional(Box<[Expr; 3]>),
    For(Box<For>),
}

/// A step into a value.
#[derive(Debug)]
pub(super) enum Hop {
    /// `.name`
    Name(String),
    /// `[…]` or `.0`
    Index(Expr),
    /// `[*]`: what follows is done to each item.
    Splat,
    /// `.*`: the names that follow are taken from each item.
    NameSplat,
}

/// `[for … in … : …]` or `{for … in … : … => …}`
#[derive(Debug)]
pub(super) struct For {
    /// The name of the key or index, where there is one.
    pub key_name: Option<String>,
    /// The name of the value.
    pub value_name: String,
    pub over: Expr,
    /// The key that is made, for an object.
    pub key: Option<Expr>,
    pub value: Expr,
    /// Whether values of the same key are put together: `...`
    pub groups: bool,
    pub test: Option<Expr>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// The operators, longer ones before those that they begin with, each with how tightly it binds.
const OPERATORS: [(&str, Operator, u8); 13] = [
    ("||", Operator::Or, 1),
    ("&&", Operator::And, 2),
    ("==", Operator::Equal, 3),
    ("!=", Operator::NotEqual, 3),
    ("<=", Operator::LessOrEqual, 4),
    (">=", Operator::GreaterOrEqual, 4),
    ("<", Operator::Less, 4),
    (">", Operator::Greater, 4),
    ("+", Operator::Add, 5),
    ("-", Operator::Subtract, 5),
    ("*", Operator::Multiply, 6),
    ("/", Operator::Divide, 6),
    ("%", Operator::Modulo, 6),
];

impl Expr {
    /// Takes a text apart.
    pub fn parse(text: &str) -> Result<Expr, Fault> {
        let mut parser = Parser {
            text,
            at: 0,
            depth: 0,
            parts: PARTS_OF_AN_EXPRESSION,
            is_too_large: false,
        };
        let expr = parser.expression();
        parser.space();
        match expr {
            Some(expr) if parser.at == text.len() => Ok(expr),
            _ if parser.is_too_large => Err(Fault::TooLarge),
            _ => Err(Fault::NoExpression),
        }
    }
}

/// Why a text isn't taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    /// It is no expression.
    NoExpression,
    /// It is nested too deep, or has too many parts.
    TooLarge,
}

/// Where the reader finds the only value of a text.
pub(super) fn leaf(text: &str) -> Option<(Tree, NodeId)> {
    // Between parentheses an expression may go over several lines.
    let tree = Tree::parse(format!("x = (\n{text}\n)\n"), Format::Hcl);
    if !tree.problems().is_empty() {
        return None;
    }
    let node = tree.get(*tree.documents().first()?, "x")?;
    Some((tree, node))
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: u32,
    parts: u32,
    is_too_large: bool,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Passes over white space and comments.
    fn space(&mut self) {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start().len();
            let rest = self.rest();
            let length = if rest.starts_with('#') || rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |at| at + 2)
            } else {
                return;
            };
            self.at += length;
        }
    }

    fn take(&mut self, token: &str) -> bool {
        self.space();
        let is_there = self.rest().starts_with(token);
        if is_there {
            self.at += token.len();
        }
        is_there
    }

    fn word(&mut self) -> Option<&'t str> {
        self.space();
        let rest = self.rest();
        let length = name_length(rest);
        let word = rest.get(..length).filter(|word| !word.is_empty())?;
        self.at += length;
        Some(word)
    }

    fn keyword(&mut self, wanted: &str) -> bool {
        let before = self.at;
        let found = self.word() == Some(wanted);
        if !found {
            self.at = before;
        }
        found
    }

    fn count(&mut self) -> Option<()> {
        let left = self.parts.checked_sub(1);
        self.is_too_large |= left.is_none();
        self.parts = left?;
        Some(())
    }

    fn enter(&mut self) -> Option<()> {
        self.depth += 1;
        self.is_too_large |= self.depth > DEPTH_OF_AN_EXPRESSION;
        (self.depth <= DEPTH_OF_AN_EXPRESSION).then_some(())
    }

    fn expression(&mut self) -> Option<Expr> {
        self.enter()?;
        let condition = self.binary(0)?;
        let expr = if self.take("?") {
            let yes = self.expression()?;
            let no = self.take(":").then(|| self.expression())??;
            Expr::Conditional(Box::new([condition, yes, no]))
        } else {
            condition
        };
        self.depth -= 1;
        Some(expr)
    }

    /// Operands joined by operators that bind more tightly than `least`.
    fn binary(&mut self, least: u8) -> Option<Expr> {
        let mut left = self.operand()?;
        loop {
            self.space();
            let rest = self.rest();
            // `=>` of a comprehension is none.
            let found = OPERATORS.iter().find(|(sign, ..)| rest.starts_with(sign));
            let Some((sign, operator, strength)) = found.filter(|(.., it)| *it > least) else {
                return Some(left);
            };
            self.count()?;
            self.at += sign.len();
            let right = self.binary(*strength)?;
            left = Expr::Binary(*operator, Box::new(left), Box::new(right));
        }
    }

    fn operand(&mut self) -> Option<Expr> {
        self.count()?;
        self.space();
        let rest = self.rest();
        let start = self.at;
        let first = rest.chars().next()?;
        let base = match first {
            '!' | '-' => {
                self.at += 1;
                self.enter()?;
                let inner = Box::new(self.operand()?);
                self.depth -= 1;
                return Some(match first {
                    '!' => Expr::Not(inner),
                    _ => Expr::Negative(inner),
                });
            }
            '(' => {
                self.at += 1;
                let inner = self.expression()?;
                self.take(")").then_some(inner)?
            }
            '[' | '{' => {
                self.at += 1;
                if self.keyword("for") {
                    self.comprehension(if first == '[' { "]" } else { "}" })?
                } else {
                    self.at = start + bracket(rest)?;
                    self.leaf(start)?
                }
            }
            '"' => {
                self.at += quoted(rest)?;
                self.leaf(start)?
            }
            '0'..='9' => {
                let number = |c: char| c.is_ascii_digit();
                let whole = rest.find(|c| !number(c)).unwrap_or(rest.len());
                let behind = rest.get(whole..).unwrap_or_default();
                let fraction = behind.strip_prefix('.').map_or(0, |fraction| {
                    let length = fraction.find(|c| !number(c)).unwrap_or(fraction.len());
                    if length == 0 { 0 } else { length + 1 }
                });
                self.at += whole + fraction;
                if self.rest().starts_with(['e', 'E']) {
                    return None;
                }
                self.leaf(start)?
            }
            _ => {
                let mut name = self.word()?;
                while self.rest().starts_with("::") {
                    self.at += 2;
                    self.word()?;
                    name = "";
                }
                let end = self.at;
                self.space();
                if self.rest().starts_with('(') {
                    self.at += bracket(self.rest())?;
                    self.leaf(start)?
                } else if matches!(name, "true" | "false" | "null") {
                    self.at = end;
                    self.leaf(start)?
                } else {
                    self.at = end;
                    let hops = self.hops()?;
                    let text = self.text.get(start..self.at)?.trim_end().to_owned();
                    let root = name.to_owned();
                    return Some(Expr::Reference { text, root, hops });
                }
            }
        };
        let hops = self.hops()?;
        Some(match hops.is_empty() {
            true => base,
            false => Expr::Path(Box::new(base), hops),
        })
    }

    fn leaf(&self, start: usize) -> Option<Expr> {
        let (tree, node) = leaf(self.text.get(start..self.at)?)?;
        Some(Expr::Leaf(Box::new(tree), node))
    }

    fn hops(&mut self) -> Option<Vec<Hop>> {
        let mut hops = Vec::new();
        loop {
            let before = self.at;
            self.space();
            let rest = self.rest();
            if rest.starts_with("..") {
                return Some(hops);
            }
            if self.take(".") {
                self.count()?;
                hops.push(if self.take("*") {
                    Hop::NameSplat
                } else {
                    let start = self.at;
                    let name = self.word()?;
                    match name.bytes().all(|byte| byte.is_ascii_digit()) {
                        true => Hop::Index(self.leaf(start)?),
                        false => Hop::Name(name.to_owned()),
                    }
                });
            } else if self.take("[") {
                self.count()?;
                hops.push(if self.take("*") {
                    Hop::Splat
                } else {
                    Hop::Index(self.expression()?)
                });
                if !self.take("]") {
                    return None;
                }
            } else {
                self.at = before;
                return Some(hops);
            }
        }
    }

    /// A comprehension behind its `for`.
    fn comprehension(&mut self, close: &str) -> Option<Expr> {
        let first = self.word()?.to_owned();
        let second = match self.take(",") {
            true => Some(self.word()?.to_owned()),
            false => None,
        };
        let (key_name, value_name) = match second {
            Some(second) => (Some(first), second),
            None => (None, first),
        };
        if !self.keyword("in") {
            return None;
        }
        let over = self.expression()?;
        if !self.take(":") {
            return None;
        }
        let made = self.expression()?;
        let (key, value) = match close {
            "}" => {
                let value = self.take("=>").then(|| self.expression())??;
                (Some(made), value)
            }
            _ => (None, made),
        };
        let groups = self.take("...");
        let test = match self.keyword("if") {
            true => Some(self.expression()?),
            false => None,
        };
        self.take(close).then(|| {
            Expr::For(Box::new(For {
                key_name,
                value_name,
                over,
                key,
                value,
                groups,
                test,
            }))
        })
    }
}

/// Where the name at the beginning of a text ends.
pub(super) fn name_length(text: &str) -> usize {
    text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))
        .unwrap_or(text.len())
}

/// The length of a string at the beginning of a text, quotes and what is interpolated included.
fn quoted(text: &str) -> Option<usize> {
    // Whether what is open is a string, from the outermost on.
    let mut open: Vec<bool> = vec![true];
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        let byte = *bytes.get(at)?;
        let next = bytes.get(at + 1).copied();
        let is_text = *open.last()?;
        at += 1;
        match byte {
            b'\\' if is_text => at += 1,
            b'"' if is_text => {
                open.pop();
            }
            b'"' => open.push(true),
            b'$' | b'%' if is_text && next == Some(byte) && bytes.get(at + 1) == Some(&b'{') => {
                at += 2;
            }
            b'$' | b'%' if is_text && next == Some(b'{') => {
                open.push(false);
                at += 1;
            }
            b'{' if !is_text => open.push(false),
            b'}' if !is_text => {
                open.pop();
            }
            _ => {}
        }
        if open.is_empty() {
            return Some(at);
        }
    }
}

/// The length of the brackets at the beginning of a text with what is in them. `None` with a heredoc in them.
fn bracket(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0usize, 0);
    loop {
        let rest = text.get(at..)?;
        match *bytes.get(at)? {
            b'"' => {
                at += quoted(rest)?;
                continue;
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'<' if rest.starts_with("<<") => return None,
            b'#' => {
                at += rest.find('\n')?;
                continue;
            }
            b'/' if rest.starts_with("//") => {
                at += rest.find('\n')?;
                continue;
            }
            b'/' if rest.starts_with("/*") => {
                at += rest.find("*/")? + 2;
                continue;
            }
            _ => {}
        }
        at = text.ceil_char_boundary(at + 1);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_expression() {
        for text in [
            "",
            "a +",
            "a b",
            "(a",
            "a[",
            "a[0",
            "[for x]",
            "[for x in y]",
            "{for x in y : x}",
            "a ? b",
            "\"a",
            "f(",
            "a.",
            "!",
            "- ",
            "a ==",
            "[for x in y : x",
            "<<A\nx\nA\n",
            "1e3 + 1",
        ] {
            assert_eq!(Expr::parse(text).err(), Some(Fault::NoExpression), "{text}");
        }
        assert!(Expr::parse(&"\"${".repeat(1000)).is_err());
    }

    #[test]
    fn what_is_too_large_is_not_taken_apart() {
        let deep = |depth| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
        let long = |count| vec!["a"; count].join(" + ");
        for text in [deep(23), "!".repeat(22) + "a", long(1000)] {
            assert!(Expr::parse(&text).is_ok(), "{text}");
        }
        for text in [
            deep(24),
            deep(5000),
            "!".repeat(100_000),
            long(1100),
            "a+".repeat(100_000),
        ] {
            assert_eq!(Expr::parse(&text).err(), Some(Fault::TooLarge), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_makes_it_fail(
            tokens in prop::collection::vec(
                prop::sample::select(vec![
                    "a", "var.b", " ", "[", "]", "{", "}", "(", ")", "for ", " in ", ":", "=>", "...", "if ", "?",
                    "==", "&&", "!", "-", "+", "*", ".", "\"", "${", "%{", "\\", "\n", "#", "//", "/*", "*/", "0", "1.5",
                    "<<", "é", ",", "f(", "null", "[*]", ".*", "::",
                ]),
                0..24,
            ),
        ) {
            let _ = Expr::parse(&tokens.concat());
        }
    }
}
