//! What can be written at a cursor.

mod actions;
mod ahead;
mod aliases;
mod assumed;
mod blocks;
mod braces;
mod conditions;
mod declarations;
pub(crate) mod entries;
mod expression;
mod framework;
mod host;
mod identities;
mod keys;
mod layout;
mod likely_types;
mod mentioned;
mod names;
mod order;
mod principals;
pub(crate) mod providers;
mod regained;
mod resources;
mod segments;
mod snippets;
mod surroundings;
mod tags;
mod typed_arn;
mod undeclared;
mod variables;
mod write;

#[cfg(test)]
mod tests;

use std::cell::OnceCell;

use foldhash::HashSet;
use leastwise_catalog::{Action, Service, catalog};
use leastwise_dialects::facts::ArgumentKind;
use leastwise_dialects::words;
use leastwise_model::{Known, OwnerKind, Site, SiteKind, Spelling, Statement};
use leastwise_policy::{ActionPattern, PolicyKind};
use leastwise_rules::Context;
use leastwise_syntax::write::escaped;
use leastwise_syntax::{Format, NodeId, Span, Style, Tree};

use crate::limits::{ACTIONS_OF_A_STATEMENT, BYTES_NEAR};
use crate::position::{self, CursorPlace, Dash, Manner, Quote, Role, Spot, SpotContext, Step};
use crate::{Completion, CompletionKind};
pub(crate) use actions::verb;
use host::Host;
use layout::Layout;
use mentioned::Mentioned;
use order::Rank;
pub(crate) use order::main_type;
use typed_arn::of_text;
use write::Written;

/// A cursor, and what is around it.
pub(crate) struct CompletionRequest<'a> {
    pub context: Context<'a>,
    /// The string whose document the cursor is in.
    host: Option<Host>,
    /// The format of `text`.
    format: Format,
    /// The file's text, or that of the string: what the offsets of `place` and `found` count in.
    pub text: &'a str,
    pub place: CursorPlace<'a>,
    pub found: SpotContext<'a>,
    /// The word up to the cursor.
    pub typed: &'a str,
    /// The statement around the cursor, as far as the file could be read.
    pub statement: Option<&'a Statement>,
    pub site: Option<&'a Site>,
    /// Where the text ends that an accepted one takes the place of, behind the cursor.
    ahead: Option<u32>,
    /// What the file writes already, once somebody asks.
    mentioned: OnceCell<Mentioned>,
    /// How the lines around are written, once somebody asks.
    layout: OnceCell<Layout>,
}

/// What can stand at a cursor, in terms of the text that it is in.
type Offers = fn(&CompletionRequest<'_>) -> Vec<Completion>;

/// A word that can be written.
pub(crate) struct Offer<'t> {
    pub label: &'t str,
    pub detail: String,
    pub kind: CompletionKind,
    /// Decoded text; quoted as the place needs.
    pub insert: &'t str,
    /// Where it comes in the list.
    pub rank: Rank,
}

impl<'a> CompletionRequest<'a> {
    pub(crate) fn new(context: Context<'a>, offset: u32) -> Option<CompletionRequest<'a>> {
        let tree = context.tree;
        let host = tree.node_at(offset).and_then(|node| tree.host(node));
        let host = host.or_else(|| begun_document(context, offset));
        let host = match host {
            Some(host) => Some(Host::of(tree, host)?),
            None => None,
        };
        let (text, format, cursor) = match host {
            Some(host) => (
                host.text(tree)?,
                tree.embedded_format(host.node).unwrap_or(Format::Json),
                u32::try_from(host.decoded(tree, offset)?).ok()?,
            ),
            None => (tree.source(), tree.format(), offset),
        };
        let place = match host {
            Some(_) => position::place(text, format, cursor),
            None => position::place_in(tree, offset),
        };
        let mut place = place?;
        // The protocol takes no edit over several lines for a completion.
        if text
            .get(place.start as usize..place.cursor as usize)?
            .contains('\n')
        {
            return None;
        }
        let behind = text.get(place.cursor as usize..place.end as usize)?;
        if let Some(line) = behind.find(['\r', '\n']) {
            place.end = place.cursor + u32::try_from(line).ok()?;
        }
        let bare = !context.analysis.dialect.is_template() || host.is_some();
        let mut found = position::spot(&place, bare);
        if found.spot == Spot::Other {
            found.spot = of_argument(context, &place);
        }
        let typed = text.get(place.start as usize..place.cursor as usize)?;
        let ahead = ahead::replaced(text, format, &place)?;
        let at = match host {
            Some(_) => offset,
            None => place.cursor,
        };
        let span = |site: &Site| site.span(context.tree);
        let smallest = |at: u32| {
            let sites = context.sites().filter(|site| span(site).touches(at));
            sites.min_by_key(|site| span(site).len())
        };
        // A document of YAML ends with its last word: what is written below that is found by where its statement begins, or
        // the key that holds that.
        let begins = found.statement.into_iter().flat_map(|start| {
            let steps = place.path.iter().rev().map(|step| step.start);
            steps.filter(move |step| *step <= start).take(2)
        });
        let site = smallest(at).or_else(|| {
            let mut begins = begins.map(|start| outer(tree, host, start));
            begins.find_map(smallest)
        });
        let all = |from: u32| {
            let sites = context
                .sites()
                .filter(move |site| from <= span(site).end && span(site).start <= at);
            sites.flat_map(|site| &context.policy(site).statements)
        };
        // The statement that begins where the one around the cursor does: its span may not reach to the cursor yet.
        let begun = found.statement.and_then(|start| {
            all(outer(tree, host, start)).find(|statement| {
                let begin = match host {
                    Some(host) => host.decoded(tree, statement.span.start),
                    None => Some(statement.span.start as usize),
                };
                let between = begin.and_then(|begin| text.get(start as usize..begin));
                between.is_some_and(|text| {
                    let text = text.strip_prefix("Statement:").unwrap_or(text);
                    text.bytes()
                        .all(|byte| matches!(byte, b'-' | b' ' | b'\r' | b'\n'))
                })
            })
        });
        let statement = begun.or_else(|| {
            let touched = all(at).filter(|statement| statement.span.touches(at));
            touched.min_by_key(|statement| statement.span.len())
        });
        Some(CompletionRequest {
            context,
            host,
            format,
            text,
            place,
            found,
            typed,
            statement,
            site,
            ahead,
            mentioned: OnceCell::new(),
            layout: OnceCell::new(),
        })
    }

    /// What the file writes already.
    fn mentioned(&self) -> &Mentioned {
        self.mentioned.get_or_init(|| Mentioned::of(self))
    }

    /// How the lines around the cursor are written.
    fn layout(&self) -> &Layout {
        self.layout.get_or_init(|| Layout::of(self))
    }

    /// The same cursor as that of an item of the list at the end of a path, whose key stands in the same column.
    fn in_list(&self, path: Vec<Step<'a>>) -> CompletionRequest<'a> {
        let place = CursorPlace {
            path,
            dash: Dash::Missing,
            beside: None,
            ..self.place.clone()
        };
        let bare = !self.in_template() || self.host.is_some();
        CompletionRequest {
            found: position::spot(&place, bare),
            place,
            mentioned: OnceCell::new(),
            layout: OnceCell::new(),
            ..*self
        }
    }

    /// Whether the mapping at the cursor has a key of this name already.
    fn has(&self, name: &str) -> bool {
        // An item that is about to begin has nothing.
        if self.place.dash != Dash::Stands && self.found.spot != Spot::PolicyKey {
            return false;
        }
        if let Some(block) = &self.place.block {
            return block.present.iter().any(|own| own == name);
        }
        let start = self.place.path.last().map(|step| step.start);
        position::has_key(self.text, self.format(), start, self.place.cursor, name)
    }

    /// Whether another key of the mapping at the cursor has this name: the one that is there may be kept.
    fn is_taken(&self, name: &str) -> bool {
        let own = self.text.get(self.place.word().range());
        self.has(name) && !(self.place.colon && own == Some(name))
    }

    fn format(&self) -> Format {
        self.format
    }

    /// The place in the file of an offset of `text`.
    pub(crate) fn outer(&self, at: u32) -> u32 {
        outer(self.context.tree, self.host, at)
    }

    /// The word at the cursor, in the file.
    pub(crate) fn own(&self) -> std::ops::Range<usize> {
        self.outer_span(Span::new(
            self.place.start,
            self.place.end.max(self.place.start),
        ))
        .range()
    }

    /// The place in the file of a range of `text`.
    pub(crate) fn outer_span(&self, span: Span) -> Span {
        match self.host {
            Some(host) => host.outer(self.context.tree, span),
            None => span,
        }
    }

    /// How the module writes where it is deployed, where its references can stand in a string.
    fn spelling(&self) -> Option<&'a Spelling> {
        let own = self.place.quote == Quote::Double;
        let context = &self.context;
        let hcl = context.tree.format() == Format::Hcl || self.format() == Format::Hcl;
        let spelling = context.analysis.spelling(context.tree);
        spelling.filter(|_| own && hcl)
    }

    pub(crate) fn in_template(&self) -> bool {
        self.context.analysis.dialect.is_template()
    }

    /// What the policy is for.
    fn kind(&self) -> PolicyKind {
        let is_trust = |name: &&str| words().any(|of| of.trust.contains(name));
        let named = self.found.document.filter(is_trust);
        let named = named.map(|_| PolicyKind::Trust);
        let kind = |site: &Site| match site.kind {
            SiteKind::Identity if self.is_open(site) => PolicyKind::Resource,
            SiteKind::Identity | SiteKind::Iot | SiteKind::OfAws => PolicyKind::Identity,
            // Which of all elements it may have, its author knows.
            SiteKind::Unknown => PolicyKind::Resource,
            SiteKind::Trust => PolicyKind::Trust,
            SiteKind::Resource => PolicyKind::Resource,
            SiteKind::Boundary => PolicyKind::Boundary,
            SiteKind::Scp | SiteKind::Organization => PolicyKind::ServiceControl,
            SiteKind::Rcp => PolicyKind::ResourceControl,
            SiteKind::VpcEndpoint => PolicyKind::VpcEndpoint,
            SiteKind::Session => PolicyKind::Session,
        };
        named
            .or_else(|| self.site.map(kind))
            .unwrap_or(PolicyKind::Identity)
    }

    /// Whether a policy may turn out to be one of a resource: it stands alone, and no statement is complete without saying who.
    pub(crate) fn is_open(&self, site: &Site) -> bool {
        let mut owners = self.context.analysis.owners_of(site);
        let written = self.statement.map(|statement| statement.span);
        let mut statements = self.context.policy(site).statements.iter();
        site.kind == SiteKind::Identity
            && owners.all(|owner| owner.kind == OwnerKind::File)
            && !statements.any(|of| {
                Some(of.span) != written
                    && !matches!(
                        (&of.action, &of.not_action),
                        (Known::Missing, Known::Missing)
                    )
            })
    }

    /// The action-like words of the statement, the one under the cursor left out.
    fn words(&self) -> Vec<&'a str> {
        let Some(start) = self.found.statement else {
            return Vec::new();
        };
        position::words(self.text, self.format(), start, self.place.cursor)
            .into_iter()
            .filter(|(span, _)| !span.touches(self.place.cursor))
            .map(|(_, word)| word)
            .collect()
    }

    /// Whether the statement says that it denies.
    fn denies(&self) -> bool {
        let Some(start) = self.found.statement else {
            return false;
        };
        let written = position::region(self.text, self.format(), start, self.place.cursor);
        let mut words = written.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| word == "Deny")
    }

    /// The actions that the statement is about, wildcards included, as far as they are not too many.
    pub(crate) fn actions(&self) -> Vec<Action> {
        let mut actions = Vec::new();
        for word in self.words() {
            let ActionPattern::Named(named) = ActionPattern::parse(word) else {
                continue;
            };
            if named.has_service_wildcards() {
                continue;
            }
            actions.extend(catalog().actions_matching(named.service(), named.name()));
            if actions.len() > ACTIONS_OF_A_STATEMENT {
                break;
            }
        }
        actions.truncate(ACTIONS_OF_A_STATEMENT);
        actions.sort_unstable();
        actions.dedup();
        actions
    }

    /// The services that the policy's other statements have actions of.
    fn services_of_policy(&self) -> Vec<Service> {
        let Some(site) = self.site else {
            return Vec::new();
        };
        let own = self.outer(self.place.cursor);
        let statements = self.context.policy(site).statements.iter();
        let others = statements.filter(|other| !other.span.touches(own));
        let texts = others.filter_map(|other| self.text_around(other.span, own));
        let words = texts.flat_map(|text| text.split(|c: char| !of_action(c)));
        let prefixes = words.filter_map(|word| match word.split_once(':') {
            Some((prefix, name)) if !name.is_empty() && !name.contains(':') => Some(prefix),
            _ => None,
        });
        let mut seen = HashSet::default();
        let prefixes = prefixes.filter(|prefix| seen.insert(*prefix));
        prefixes
            .filter_map(|prefix| catalog().service(prefix))
            .collect()
    }

    /// What of a part of the file is not too far from the cursor.
    fn text_around(&self, part: Span, cursor: u32) -> Option<&'a str> {
        let reach = u32::try_from(BYTES_NEAR).unwrap_or(u32::MAX);
        let is_near = part.start.abs_diff(cursor) <= reach && part.end.abs_diff(cursor) <= reach;
        self.context
            .tree
            .source()
            .get(part.range())
            .filter(|_| is_near)
    }

    /// The services that the statement names by their principals.
    fn services_let_in(&self) -> Vec<Service> {
        let Some(start) = self.found.statement else {
            return Vec::new();
        };
        let text = position::region(self.text, self.format(), start, self.place.cursor);
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-')));
        let names = words.filter(|word| catalog().is_service_principal(word));
        // `logging.s3` is a part of `s3`, `ecs-tasks` one of `ecs`.
        let of_name = |name: &str| {
            let labels = name.split(".amazonaws.").next()?.rsplit('.');
            let mut services = labels.filter_map(|label| {
                let service = catalog().service(label);
                service.or_else(|| catalog().service(label.split_once('-')?.0))
            });
            services.next()
        };
        names.filter_map(of_name).collect()
    }

    /// The bytes that a text without blanks replaces.
    fn text_span(&self) -> Span {
        self.replace(of_text)
    }

    /// The bytes that an item replaces: what is typed, and what of the same word stands behind the cursor.
    fn replace(&self, belongs: impl Fn(char) -> bool) -> Span {
        if let Some(end) = self.ahead {
            return Span::new(self.place.start, end);
        }
        let rest = self
            .text
            .get(self.place.cursor as usize..self.place.end as usize)
            .unwrap_or_default();
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        // Brackets behind a text that isn't closed yet are none of it.
        let behind = self.text.get(self.place.end as usize..).unwrap_or_default();
        let is_open = self.place.quote != Quote::None && !behind.starts_with(['"', '\'']);
        let length = match rest.get(..length) {
            Some(own) if is_open && !own.contains('{') => {
                own.trim_end_matches([']', '}', ')', ',']).len()
            }
            _ => length,
        };
        Span::new(
            self.place.start,
            self.place.cursor + u32::try_from(length).unwrap_or(0),
        )
    }
}

/// The lines of a text that will be a policy by what takes it, of which there is too little yet for it to be one.
fn begun_document(context: Context<'_>, offset: u32) -> Option<NodeId> {
    let tree = context.tree;
    let node = tree
        .node_at(offset)
        .filter(|node| tree.style(*node) == Style::Literal)?;
    let place = position::code(tree.source(), tree, offset)?;
    let is_taken = context.analysis.state().takes(&place.keys()) == Some(ArgumentKind::Document);
    let begins = tree.text(node)?.trim_start().starts_with('{');
    (is_taken && begins).then_some(node)
}

/// What a place is in what an argument takes: a managed policy, or a document that has no statement yet.
fn of_argument<'t>(context: Context<'_>, place: &CursorPlace<'t>) -> Spot<'t> {
    let keys = place.keys();
    let takes = |keys: &[&str]| context.analysis.state().takes(keys);
    match (takes(&keys), keys.split_last()) {
        (Some(ArgumentKind::ManagedPolicy(_) | ArgumentKind::ManagedPolicyName), _)
            if place.role != Role::Key =>
        {
            Spot::ManagedPolicy
        }
        (Some(ArgumentKind::Document), _) if place.role == Role::Key => Spot::PolicyKey,
        (None, Some((&"Version", above))) if takes(above) == Some(ArgumentKind::Document) => {
            Spot::Version
        }
        _ => Spot::Other,
    }
}

/// The place in the file of an offset of a string's text.
fn outer(tree: &Tree, host: Option<Host>, at: u32) -> u32 {
    match host {
        Some(host) => host.outer(tree, Span::empty(at)).start,
        None => at,
    }
}

/// Items in the making.
pub(crate) struct CompletionList<'a> {
    asked: &'a CompletionRequest<'a>,
    replace: Span,
    items: Vec<Completion>,
    /// Whether they are only parts of what stands at the cursor.
    is_part: bool,
}

impl<'a> CompletionList<'a> {
    fn new(asked: &'a CompletionRequest<'a>, belongs: impl Fn(char) -> bool) -> CompletionList<'a> {
        CompletionList {
            asked,
            replace: asked.replace(belongs),
            items: Vec::new(),
            is_part: false,
        }
    }

    /// Adds an item that is filtered by its text.
    fn offer(&mut self, offer: Offer<'_>) {
        let insert = write::value(self.asked, offer.insert);
        self.add(offer, insert, None, false);
    }

    /// Adds an item with the very text that is put in.
    fn add(&mut self, offer: Offer<'_>, insert: String, filter: Option<String>, again: bool) {
        let mut item = self.item(offer, insert);
        item.filter = filter.unwrap_or(item.filter);
        item.ask_again = again;
        let written = match again {
            true => Written::Beginning,
            false => Written::Value,
        };
        self.put(item, written);
    }

    /// Adds a key, as [`write::key`] writes it.
    fn add_key(&mut self, offer: Offer<'_>, insert: String) {
        let item = self.item(offer, insert);
        self.put(item, Written::Key);
        if let Some(item) = self.items.last_mut() {
            item.ask_again = item.insert.ends_with(' ');
        }
    }

    /// Adds what is written on: the cursor stands before `behind`.
    fn begin(&mut self, offer: Offer<'_>, insert: String, behind: &str) {
        let mut item = self.item(offer, insert);
        item.ask_again = true;
        behind.clone_into(&mut item.behind);
        self.put(item, Written::Beginning);
    }

    /// Has the last item replace no more behind the cursor than so many bytes.
    fn replace_last(&mut self, length: usize) {
        let end = self.asked.place.cursor + u32::try_from(length).unwrap_or_default();
        if let Some(item) = self.items.last_mut() {
            item.replace.end = end;
        }
    }

    /// Has the last item, which ends in a sign, replace no more behind the cursor than so many bytes, where that sign stands.
    fn end_last(&mut self, length: usize) {
        let end = self.asked.place.cursor + u32::try_from(length).unwrap_or_default();
        if let Some(item) = self.items.last_mut() {
            item.replace.end = item.replace.end.min(end);
            if item.insert.ends_with([':', '/']) {
                item.insert.pop();
            }
        }
    }

    /// Makes the text of the last item one in which variables are read.
    fn call_last(&mut self) {
        if let Some(item) = self.items.last_mut() {
            write::call(self.asked, item);
        }
    }

    fn item(&self, offer: Offer<'_>, insert: String) -> Completion {
        Completion {
            label: offer.label.to_owned(),
            detail: offer.detail,
            kind: offer.kind,
            insert,
            replace: self.replace,
            filter: offer.insert.to_owned(),
            sort: offer.rank.sort_text(offer.label),
            ..Completion::default()
        }
    }

    fn put(&mut self, mut item: Completion, written: Written) {
        if !self.is_part {
            write::finish(self.asked, &mut item, written);
        }
        self.items.push(item);
    }
}

/// What belongs to an action's name.
fn of_action(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ':' | '*' | '?' | '-' | '_' | '.')
}

/// What can stand at `offset`.
pub(crate) fn completions(context: Context<'_>, offset: u32) -> Vec<Completion> {
    let names = expression::names(context, offset);
    if names.is_none()
        && let Some(declared) = declarations::declarations(context, offset)
    {
        return declared;
    }
    let Some(asked) = CompletionRequest::new(context, offset) else {
        return names.unwrap_or_default();
    };
    // Beside the names of an expression, what stands in quotes can be written.
    if asked.place.manner != Manner::Hcl
        && let Some(names) = names
    {
        return names;
    }
    let mut items = offered(&asked);
    if let Some(path) = asked.place.beside.clone() {
        items = side_by_side(items, offered(&asked.in_list(path)));
    }
    let own = regained::in_statement(&asked, offered);
    if !own.is_empty() {
        items = side_by_side(own, items);
    }
    if let Some(host) = asked.host {
        let interpolates = context.tree.format() == Format::Hcl;
        items.retain_mut(|item| {
            item.replace = asked.outer_span(item.replace);
            // What is interpolated is no text that a string would have to escape.
            if interpolates && item.insert.contains("${") {
                return !item.insert.contains(['"', '\\']);
            }
            let mut is_possible = true;
            let own = [&mut item.insert, &mut item.behind];
            let also = item.also.iter_mut().map(|edit| &mut edit.text);
            for text in own.into_iter().chain(also) {
                let escaped = escaped(context.tree, host.node, text);
                is_possible &= escaped.is_some();
                *text = escaped.unwrap_or_default();
            }
            for edit in &mut item.also {
                edit.span = asked.outer_span(edit.span);
            }
            is_possible
        });
    }
    match names {
        Some(names) if items.is_empty() => names,
        // Few services are called by a variable.
        Some(names) if asked.found.spot == Spot::PrincipalValue("Service") => {
            side_by_side(items, names)
        }
        Some(names) => side_by_side(names, items),
        None => items,
    }
}

/// Two lists as one, the second one behind the first.
fn side_by_side(mut first: Vec<Completion>, second: Vec<Completion>) -> Vec<Completion> {
    let count = first.len();
    first.extend(second);
    for (index, item) in first.iter_mut().enumerate() {
        let list = if index < count { "0" } else { "1" };
        item.sort.insert_str(0, list);
    }
    first
}

/// What can stand at the cursor, in terms of the text that it is in.
fn offered(asked: &CompletionRequest<'_>) -> Vec<Completion> {
    let text = matches!(
        asked.found.spot,
        Spot::Resource { .. }
            | Spot::PrincipalValue(_)
            | Spot::ConditionValue { .. }
            | Spot::ManagedPolicy
            | Spot::PolicyEntry
            | Spot::Action { .. }
            | Spot::Other
    );
    if text && let Some(open) = variables::open_key(asked) {
        return variables::keys(asked, open);
    }
    if text && let Some(open) = variables::open(asked.typed) {
        return variables::inside(asked, open);
    }
    if let Some(names) = aliases::aliases(asked) {
        return names;
    }
    let mut list = match asked.found.spot {
        Spot::Action { .. } => CompletionList::new(asked, of_action),
        _ => CompletionList::new(asked, of_text),
    };
    match asked.found.spot {
        _ if asked.found.part => {}
        Spot::PolicyKey => keys::policy(&mut list),
        Spot::StatementKey => keys::statement(&mut list),
        Spot::Action { not } => actions::actions(&mut list, not),
        Spot::Resource { .. } => {
            let types = resources::resources(&mut list);
            undeclared::of_types(&mut list, &types);
            segments::segments(&mut list, &types);
        }
        Spot::Effect => keys::effects(&mut list),
        Spot::Version => keys::versions(&mut list),
        Spot::Principal => principals::kinds(&mut list),
        Spot::PrincipalValue(kind) => principals::values(&mut list, kind),
        Spot::Operator => conditions::operators(&mut list),
        Spot::ConditionKey { operator } => conditions::keys(&mut list, operator),
        Spot::ConditionValue { operator, key } => conditions::values(&mut list, operator, key),
        Spot::ManagedPolicy => resources::managed(&mut list),
        Spot::PolicyEntry => entries::entries(&mut list),
        Spot::PolicyEntryKey(name) => entries::parameters(&mut list, name),
        Spot::Reference { attribute } => variables::references(&mut list, attribute),
        Spot::Block => blocks::names(&mut list),
        Spot::Other => {
            entries::values(&mut list);
            undeclared::of_argument(&mut list);
            assumed::roles(&mut list);
        }
    }
    let is_around = match asked.found.spot {
        Spot::Other | Spot::PolicyEntry => !asked.found.part,
        // A file that may still become anything.
        Spot::PolicyKey => asked.place.keys().is_empty() && asked.site.is_none(),
        _ => false,
    };
    if is_around {
        surroundings::surroundings(&mut list);
    }
    braces::braces(&mut list, offered);
    snippets::snippets(&mut list);
    tags::tags(&mut list);
    let CompletionList { mut items, .. } = list;
    items.sort_by(|a, b| a.sort.cmp(&b.sort));
    // What several reasons speak for stands where the best of them puts it.
    let mut seen: HashSet<(String, String)> = HashSet::default();
    items.retain(|item| seen.insert((item.insert.clone(), item.behind.clone())));
    items
}
