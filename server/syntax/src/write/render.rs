//! New values as text.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::moves::OwnComments;
use super::plan::Writer;
use super::style::{CallStyle, Hanging, Layout, LocalStyle};
use super::text::{self, Quote};
use super::{CannotWrite, NewValue};
use crate::{NodeId, Style, View};

/// An entry between brackets, with its comments.
pub(super) struct Piece {
    text: String,
    pub own: OwnComments,
}

/// Entries without comments.
pub(super) fn pieces(texts: Vec<String>) -> Vec<Piece> {
    let piece = |text| Piece {
        text,
        own: OwnComments::default(),
    };
    texts.into_iter().map(piece).collect()
}

/// What a new value is put into.
#[derive(Clone, Copy)]
pub(super) struct Container {
    /// The column of the keys or dashes of a block collection.
    pub column: usize,
    /// Whether it is a sequence.
    pub is_list: bool,
}

/// What few new values need is asked when one does: of a file that has no example, a question looks at very many nodes.
impl Writer<'_> {
    pub fn unit<'l>(&self, look: &'l LocalStyle) -> &'l str {
        look.unit.get_or_init(|| {
            let unit = self.neighbours().unit(look.near);
            unit.unwrap_or_else(|| "  ".to_owned())
        })
    }

    /// How calls in long form are written.
    fn call_style<'l>(&self, look: &'l LocalStyle) -> &'l CallStyle {
        look.call.get_or_init(|| {
            let found = match look.json {
                true => None,
                false => self.neighbours().call(look.near),
            };
            found.unwrap_or_else(|| CallStyle {
                keys: look.keys,
                flow: false,
                colon: look.colon.clone(),
            })
        })
    }

    pub fn comma(&self, look: &LocalStyle) -> &'static str {
        look.comma.get_or_init(|| {
            let is_tight = look.json && look.colon == ":";
            let comma = self.neighbours().comma(look.near);
            comma.unwrap_or(if is_tight { "," } else { ", " })
        })
    }

    /// Inside brackets on one line.
    pub(crate) fn padding(&self, open: char, look: &LocalStyle) -> &'static str {
        let (known, open) = match open {
            '[' => (&look.list_padding, "["),
            '(' => return "",
            _ => (&look.padding, "{"),
        };
        known.get_or_init(|| self.neighbours().padding(look.near, open).unwrap_or(""))
    }
}

impl Writer<'_> {
    /// A string in a block collection (`flow`: a flow collection).
    pub fn string(&self, text: &str, flow: bool, look: &LocalStyle) -> String {
        if look.json {
            text::json(text)
        } else if look.hcl {
            text::hcl(text)
        } else {
            text::yaml(text, flow, look.wanted, look.forced)
        }
    }

    /// A key.
    pub fn key(&self, key: &str, flow: bool, look: &LocalStyle) -> String {
        if look.json || (look.hcl && !(look.keys == Quote::Plain && text::is_hcl_name(key))) {
            text::json(key)
        } else if look.hcl {
            key.to_owned()
        } else {
            text::yaml(key, flow, look.keys, look.forced)
        }
    }

    /// How the value of a key is written: in YAML, its strings in the quotes of those of the same key nearby.
    pub(crate) fn look_for<'l>(
        &self,
        key: Option<&str>,
        value: &NewValue,
        look: &'l LocalStyle,
    ) -> Cow<'l, LocalStyle> {
        let is_text = |value: &NewValue| matches!(value, NewValue::Str(_) | NewValue::Sub(_));
        let has_text = match value {
            NewValue::List(items) => items.iter().any(is_text),
            value => is_text(value),
        };
        let key = key.filter(|_| has_text && !look.json && !look.hcl);
        match key.and_then(|key| self.neighbours().quotes_of(look.near, key)) {
            Some(quote) if quote != look.wanted => Cow::Owned(LocalStyle {
                wanted: quote,
                forced: match quote {
                    Quote::Plain => look.forced,
                    quote => quote,
                },
                ..look.clone()
            }),
            _ => Cow::Borrowed(look),
        }
    }

    /// `!Sub '…'`.
    fn short_sub(&self, text: &str, flow: bool, look: &LocalStyle) -> String {
        format!("!Sub {}", self.substituted(text, flow, look))
    }

    fn substituted(&self, text: &str, flow: bool, look: &LocalStyle) -> String {
        text::yaml(text, flow, look.sub.unwrap_or(look.forced), look.forced)
    }

    /// The argument of a long-form `Fn::Sub`.
    fn long_sub(&self, text: &str, flow: bool, look: &LocalStyle) -> String {
        if look.json {
            text::json(text)
        } else {
            self.substituted(text, flow, look)
        }
    }

    /// The argument of a long-form `Fn::GetAtt`.
    fn path(&self, parts: [&String; 2], indent: &str, look: &LocalStyle) -> String {
        let parts = parts.map(|part| self.string(part, true, look));
        self.flow_collection('[', &pieces(parts.to_vec()), false, indent, look)
    }

    /// A call of a function in its long form between braces, which is a mapping of one pair.
    fn call(&self, name: &str, argument: &str, indent: &str, look: &LocalStyle) -> String {
        let lines = look.map_lines && self.neighbours().call_lines(look.near).unwrap_or(true);
        let style = self.call_style(look);
        let pair = format!("{}{}{argument}", self.call_key(name, look), style.colon);
        self.flow_collection('{', &pieces(vec![pair]), lines, indent, look)
    }

    /// The name of a function as the key of its call in long form.
    fn call_key(&self, name: &str, look: &LocalStyle) -> String {
        match look.json {
            true => text::json(name),
            false => text::yaml(name, true, self.call_style(look).keys, look.forced),
        }
    }

    /// A new entry of a block collection whose entries begin at `column`; further lines are indented, the first
    /// is not. `at`: where it will stand.
    pub(crate) fn block_entry(
        &self,
        key: Option<&str>,
        value: &NewValue,
        column: usize,
        look: &LocalStyle,
        at: usize,
    ) -> Result<String, CannotWrite> {
        let own = match key {
            Some(_) => OwnComments::default(),
            None => self.brings(value),
        };
        self.block_entry_with((key, value), own, column, look, at)
    }

    /// As [`Writer::block_entry`], with comments.
    pub(crate) fn block_entry_with(
        &self,
        (key, value): (Option<&str>, &NewValue),
        own: OwnComments,
        column: usize,
        look: &LocalStyle,
        at: usize,
    ) -> Result<String, CannotWrite> {
        let container = Container {
            column,
            is_list: key.is_none(),
        };
        let own_look = self.look_for(key, value, look);
        let rest = self.block_value(key, value, container, &own_look, at)?;
        let head = key.map(|key| format!("{}:", self.key(key, false, look)));
        let mut out = String::new();
        for comment in &own.above {
            out.push_str(comment);
            out.push_str(self.lines.nl);
            out.push_str(&" ".repeat(column));
        }
        out.push_str(head.as_deref().unwrap_or("-"));
        out.push_str(&rest);
        for comment in &own.behind {
            out.push(' ');
            out.push_str(comment);
        }
        Ok(out)
    }

    /// The column of a block collection's entries, and what leads to the first: an item's own stand behind its dash, a pair's
    /// value below its key.
    pub(super) fn inside(
        &self,
        container: Container,
        look: &LocalStyle,
        step: usize,
    ) -> (usize, String) {
        if container.is_list {
            let behind = " ".repeat(look.dash_step - 1);
            return (container.column + look.dash_step, behind);
        }
        let column = container.column + step;
        (column, format!("{}{}", self.lines.nl, " ".repeat(column)))
    }

    /// What follows `key:` or `-`: a blank and the value, or a line break and the lines of a block collection.
    pub fn block_value(
        &self,
        key: Option<&str>,
        value: &NewValue,
        container: Container,
        look: &LocalStyle,
        at: usize,
    ) -> Result<String, CannotWrite> {
        let nl = self.lines.nl;
        let base = " ".repeat(container.column);
        let nested = |step: usize| {
            let (column, lead) = self.inside(container, look, step);
            (column, lead, format!("{nl}{}", " ".repeat(column)))
        };
        Ok(match value {
            NewValue::Str(text) => format!(" {}", self.string(text, false, look)),
            NewValue::Sub(text) if !text.contains("${") => {
                format!(" {}", self.string(text, false, look))
            }
            NewValue::Sub(text) if look.short => format!(" {}", self.short_sub(text, false, look)),
            NewValue::Sub(text) if self.call_style(look).flow => {
                let argument = self.long_sub(text, true, look);
                format!(" {}", self.call("Fn::Sub", &argument, &base, look))
            }
            NewValue::Sub(text) => {
                let (_, lead, _) = nested(look.mapping_step);
                let key = self.call_key("Fn::Sub", look);
                format!("{lead}{key}: {}", self.long_sub(text, false, look))
            }
            NewValue::Attribute { of, attribute } if look.short => {
                format!(" !GetAtt {of}.{attribute}")
            }
            NewValue::Attribute { of, attribute } if self.call_style(look).flow => {
                let path = self.path([of, attribute], &base, look);
                format!(" {}", self.call("Fn::GetAtt", &path, &base, look))
            }
            NewValue::Attribute { of, attribute } => {
                let (_, lead, _) = nested(look.mapping_step);
                let key = self.call_key("Fn::GetAtt", look);
                let path = self.path([of, attribute], &base, look);
                format!("{lead}{key}: {path}")
            }
            NewValue::Ref(name) if look.short => format!(" !Ref {name}"),
            NewValue::Ref(name) if self.call_style(look).flow => {
                let argument = self.string(name, true, look);
                format!(" {}", self.call("Ref", &argument, &base, look))
            }
            NewValue::Ref(name) => {
                let (_, lead, _) = nested(look.mapping_step);
                let key = self.call_key("Ref", look);
                format!("{lead}{key}: {}", self.string(name, false, look))
            }
            NewValue::List(items) => {
                if let ([item], Some(key)) = (items.as_slice(), key)
                    && self.neighbours().single_alone(look.near, key)
                    && !self.is_left_to(item)
                    && let own = self.brings(item)
                    && own.above.is_empty()
                {
                    let container = Container {
                        is_list: false,
                        ..container
                    };
                    let mut text = self.block_value(None, item, container, look, at)?;
                    for comment in &own.behind {
                        text.push(' ');
                        text.push_str(comment);
                    }
                    return Ok(text);
                }
                let layout = self
                    .list_layout(key, items, false, look)
                    .unwrap_or(Layout::Block);
                if items.is_empty() || layout != Layout::Block {
                    let text = self.flow_list(items, layout, &base, look, at)?;
                    let before = container.column + key.map_or(0, |key| key.len() + 2);
                    if !is_wide(items, &text, before) {
                        return Ok(format!(" {text}"));
                    }
                }
                let (column, lead, separator) = nested(look.sequence_step);
                let mut out = lead;
                for (index, (item, own)) in items.iter().zip(self.brought(items)).enumerate() {
                    if index > 0 {
                        out.push_str(if own.is_apart { nl } else { "" });
                        out.push_str(&separator);
                    }
                    out.push_str(&self.block_entry_with((None, item), own, column, look, at)?);
                }
                out
            }
            NewValue::Map(pairs) if pairs.is_empty() => " {}".to_owned(),
            NewValue::Map(_) if container.is_list && self.items_are_flow(look) => {
                format!(" {}", self.flow_value(key, value, &base, look, at)?)
            }
            NewValue::Map(pairs) => {
                let (column, lead, separator) = nested(look.mapping_step);
                let mut texts = Vec::with_capacity(pairs.len());
                for (key, value) in pairs {
                    texts.push(self.block_entry(Some(key), value, column, look, at)?);
                }
                format!("{lead}{}", texts.join(&separator))
            }
            NewValue::Copy(node) => {
                self.check_copy(*node, at)?;
                self.block_copy(*node, container, look)?
            }
        })
    }

    /// Whether the edited collection is a block sequence of flow mappings, or the mapping beside is one.
    fn items_are_flow(&self, look: &LocalStyle) -> bool {
        let items = match self.tree.view(look.near) {
            View::Sequence(items) => items,
            View::Mapping(_) => &[look.near][..],
            _ => return false,
        };
        let mut mappings = items
            .iter()
            .filter(|item| matches!(self.tree.view(**item), View::Mapping(_)));
        mappings
            .next()
            .is_some_and(|item| self.tree.style(*item) == Style::Flow)
    }

    pub(crate) fn list_layout(
        &self,
        key: Option<&str>,
        items: &[NewValue],
        flow: bool,
        look: &LocalStyle,
    ) -> Option<Layout> {
        if look.one_line {
            return Some(Layout::Inline);
        }
        let is_deep = items.iter().any(|item| match item {
            NewValue::Map(_) | NewValue::List(_) => true,
            NewValue::Copy(node) => {
                matches!(self.tree.view(*node), View::Mapping(_) | View::Sequence(_))
            }
            _ => false,
        });
        let own = self.origin(items);
        let own = own.and_then(|list| self.neighbours().layout_of(list));
        own.filter(|layout| !flow || *layout != Layout::Block)
            .or_else(|| {
                self.neighbours()
                    .list_layout(look.near, key, flow, !is_deep)
            })
    }

    /// The list that the items of a new one come from.
    pub fn origin(&self, items: &[NewValue]) -> Option<NodeId> {
        let copied = |item: &NewValue| match item {
            NewValue::Copy(node) => self.tree.parent(*node),
            _ => None,
        };
        let list = items.iter().find_map(copied)?;
        matches!(self.tree.view(list), View::Sequence(_)).then_some(list)
    }

    /// A value in a flow collection or in JSON. `indent`: that of the line on which it begins.
    pub(crate) fn flow_value(
        &self,
        key: Option<&str>,
        value: &NewValue,
        indent: &str,
        look: &LocalStyle,
        at: usize,
    ) -> Result<String, CannotWrite> {
        if look.hcl {
            let text = self.hcl_value(key, value, indent, look, at)?;
            return self.on_one_line(value, text);
        }
        Ok(match value {
            NewValue::Str(text) => self.string(text, true, look),
            NewValue::Sub(text) if !text.contains("${") => self.string(text, true, look),
            NewValue::Sub(text) if look.short && !look.json => self.short_sub(text, true, look),
            NewValue::Sub(text) => {
                let argument = self.long_sub(text, true, look);
                self.call("Fn::Sub", &argument, indent, look)
            }
            NewValue::Attribute { of, attribute } if look.short && !look.json => {
                format!("!GetAtt {of}.{attribute}")
            }
            NewValue::Attribute { of, attribute } => {
                let path = self.path([of, attribute], indent, look);
                self.call("Fn::GetAtt", &path, indent, look)
            }
            NewValue::Ref(name) if look.short && !look.json => format!("!Ref {name}"),
            NewValue::Ref(name) => {
                let argument = self.string(name, true, look);
                self.call("Ref", &argument, indent, look)
            }
            NewValue::List(items) => {
                if let ([item], Some(key)) = (items.as_slice(), key)
                    && self.neighbours().single_alone(look.near, key)
                    && !self.has_own(item)
                {
                    return self.flow_value(None, item, indent, look, at);
                }
                let layout =
                    self.list_layout(key, items, true, look)
                        .unwrap_or(match look.map_lines {
                            true => Layout::Lines,
                            false => Layout::Inline,
                        });
                let text = self.flow_list(items, layout, indent, look, at)?;
                let before = indent.len() + key.map_or(0, |key| key.len() + 4);
                let is_long =
                    !look.one_line && layout == Layout::Inline && is_wide(items, &text, before);
                match is_long && (look.map_lines || self.hanging_of(look).is_some()) {
                    true => self.flow_list(items, Layout::Lines, indent, look, at)?,
                    false => text,
                }
            }
            NewValue::Map(pairs) => {
                if let Some(hanging) = self.hanging_of(look) {
                    return self.hanging(pairs, &hanging, indent, look, at);
                }
                let shared = (!look.map_lines).then(|| look.on_one_line());
                let look = shared.as_ref().unwrap_or(look);
                let inner = if look.map_lines {
                    format!("{indent}{}", self.unit(look))
                } else {
                    indent.to_owned()
                };
                let mut texts = Vec::with_capacity(pairs.len());
                for (key, value) in pairs {
                    texts.push(self.flow_pair(key, value, &inner, look, at)?);
                }
                self.flow_collection('{', &pieces(texts), look.map_lines, indent, look)
            }
            NewValue::Copy(node) => {
                self.check_copy(*node, at)?;
                self.flow_copy(*node, indent, look, at)?
            }
        })
    }

    /// How a flow mapping of its own lines is written whose first pair stands behind the brace, where its neighbours do so.
    fn hanging_of(&self, look: &LocalStyle) -> Option<Hanging> {
        match look.map_lines || look.one_line {
            true => None,
            false => self.neighbours().hanging(look.near),
        }
    }

    /// Pairs between braces, the first behind the brace and each other one on a line of its own.
    fn hanging(
        &self,
        pairs: &[(String, NewValue)],
        hanging: &Hanging,
        indent: &str,
        look: &LocalStyle,
        at: usize,
    ) -> Result<String, CannotWrite> {
        let inner = format!("{indent}{}", hanging.unit);
        let mut texts = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            texts.push(self.flow_pair(key, value, &inner, look, at)?);
        }
        let nl = self.lines.nl;
        let padding = self.padding('{', look);
        let close = match hanging.closes_below && !texts.is_empty() {
            true => format!("{nl}{indent}"),
            false => padding.to_owned(),
        };
        let texts = texts.join(&format!(",{nl}{inner}"));
        Ok(format!("{{{padding}{texts}{close}}}"))
    }

    /// `key: value` of a flow mapping.
    pub(crate) fn flow_pair(
        &self,
        key: &str,
        value: &NewValue,
        indent: &str,
        look: &LocalStyle,
        at: usize,
    ) -> Result<String, CannotWrite> {
        let own_look = self.look_for(Some(key), value, look);
        let text = self.flow_value(Some(key), value, indent, &own_look, at)?;
        Ok(format!("{}{}{text}", self.key(key, true, look), look.colon))
    }

    /// `[…]`
    pub(crate) fn flow_list(
        &self,
        items: &[NewValue],
        layout: Layout,
        indent: &str,
        look: &LocalStyle,
        at: usize,
    ) -> Result<String, CannotWrite> {
        let all = self.brought(items);
        // Blanks and commas are those of the list that they come from.
        let own = self.origin(items);
        let own = own.filter(|list| self.tree.style(*list) == Style::Flow);
        let own = own.map(|near| LocalStyle {
            near,
            comma: match look.hcl {
                true => look.comma.clone(),
                false => OnceCell::new(),
            },
            list_padding: OnceCell::new(),
            ..look.clone()
        });
        let look = own.as_ref().unwrap_or(look);
        // A comment needs the end of its line.
        let lines = layout == Layout::Lines || all.iter().any(|own| !own.is_empty());
        let inner = if lines {
            format!("{indent}{}", self.unit(look))
        } else {
            indent.to_owned()
        };
        let mut pieces = Vec::with_capacity(items.len());
        for (item, own) in items.iter().zip(all) {
            let text = self.flow_value(None, item, &inner, look, at)?;
            pieces.push(Piece { text, own });
        }
        Ok(self.flow_collection('[', &pieces, lines, indent, look))
    }

    /// Entries between brackets, on one line or on a line each.
    pub(crate) fn flow_collection(
        &self,
        open: char,
        entries: &[Piece],
        lines: bool,
        indent: &str,
        look: &LocalStyle,
    ) -> String {
        let close = match open {
            '[' => ']',
            '(' => ')',
            _ => '}',
        };
        if entries.is_empty() {
            return format!("{open}{close}");
        }
        if !lines {
            let padding = self.padding(open, look);
            let texts: Vec<&str> = entries.iter().map(|entry| entry.text.as_str()).collect();
            let texts = texts.join(self.comma(look));
            return format!("{open}{padding}{texts}{padding}{close}");
        }
        let nl = self.lines.nl;
        let inner = format!("{nl}{indent}{}", self.unit(look));
        let mut ending = self.neighbours().ending(look.near, open, look.in_flow);
        if ending.step.len() > self.unit(look).len() {
            // It is that of a list whose rows are deeper.
            ending.step.clear();
        }
        let mut out = open.to_string();
        for (index, entry) in entries.iter().enumerate() {
            if index > 0 && entry.own.is_apart {
                out.push_str(nl);
            }
            for comment in &entry.own.above {
                out.push_str(&inner);
                out.push_str(comment);
            }
            out.push_str(&inner);
            out.push_str(&entry.text);
            if index + 1 < entries.len() || ending.comma {
                out.push(',');
            }
            for comment in &entry.own.behind {
                out.push(' ');
                out.push_str(comment);
            }
        }
        format!("{out}{nl}{indent}{}{close}", ending.step)
    }
}

/// How long a line may become by a list on it, in characters.
pub(super) const WIDE: usize = 120;

/// Whether a list is written on a line that is too long for it. `before`: what stands before it there.
pub(super) fn is_wide(items: &[NewValue], text: &str, before: usize) -> bool {
    items.len() > 1 && !text.contains('\n') && before + text.chars().count() > WIDE
}

/// The quotes that a scalar has.
pub(super) fn quote_of(style: Style) -> Option<Quote> {
    match style {
        Style::Plain => Some(Quote::Plain),
        Style::SingleQuoted => Some(Quote::Single),
        Style::DoubleQuoted => Some(Quote::Double),
        _ => None,
    }
}
