//! The whole tree as text, for comparing trees and looking at them.

use std::fmt::Write;

use crate::{NodeId, Tree, View};

impl Tree {
    /// One line for each node, with its span, style and text, then the comments and problems. Two trees of one
    /// text are equal exactly if their outlines are.
    pub fn outline(&self) -> String {
        let mut out = String::new();
        for document in self.documents() {
            self.outline_of(*document, &mut out);
        }
        for comment in self.comments() {
            let _ = writeln!(out, "comment {}..{}", comment.span.start, comment.span.end);
        }
        for problem in self.problems() {
            let _ = writeln!(
                out,
                "{:?} {}..{} {}",
                problem.kind, problem.span.start, problem.span.end, problem.message
            );
        }
        out
    }

    /// The outline of one node and what is below it.
    pub(crate) fn outline_of(&self, root: NodeId, out: &mut String) {
        let mut open = vec![(root, 0usize, "")];
        while let Some((id, depth, role)) = open.pop() {
            let span = self.span(id);
            let _ = write!(
                out,
                "{:depth$}{role}{}..{} {:?} ",
                "",
                span.start,
                span.end,
                self.style(id)
            );
            if let Some(anchor) = self.anchor(id) {
                let _ = write!(out, "&{}..{} ", anchor.start, anchor.end);
            }
            match self.view(id) {
                View::Mapping(pairs) => {
                    out.push_str("mapping\n");
                    for pair in pairs.iter().rev() {
                        open.push((pair.value, depth + 2, ""));
                        open.push((pair.key, depth + 1, "key "));
                    }
                }
                View::Sequence(items) => {
                    out.push_str("sequence\n");
                    open.extend(items.iter().rev().map(|item| (*item, depth + 1, "- ")));
                }
                View::Scalar(text) => {
                    let content = self.content_span(id);
                    let _ = writeln!(
                        out,
                        "{:?} {text:?} {}..{}",
                        self.scalar_type(id),
                        content.start,
                        content.end
                    );
                    open.extend(self.embedded(id).map(|root| (root, depth + 1, "holds ")));
                }
                View::Tagged(tag, inner) => {
                    let form = if tag.short { "short" } else { "long" };
                    let _ = writeln!(
                        out,
                        "{} {form} {}..{}",
                        tag.name, tag.span.start, tag.span.end
                    );
                    open.push((inner, depth + 1, ""));
                    open.extend(self.embedded(id).map(|root| (root, depth + 1, "holds ")));
                }
                View::Alias(target) => {
                    let target = target.map(|target| self.span(target));
                    let _ = writeln!(out, "alias {target:?}");
                }
                View::Invalid => out.push_str("invalid\n"),
            }
        }
    }
}
