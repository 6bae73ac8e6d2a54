//! TOML to [`Config`], with a problem at its place for everything that can't be used.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use leastwise_policy::regions::{self, RegionKnown};
use leastwise_syntax::Span;
use toml_edit::{Document, Item, Key, TableLike, Value};

use crate::limits::COMPARED_ACCOUNTS;
use crate::quote::quote;

use super::declared::{self, ACCOUNT, ConfigSection, Holds, PREFIX_VARIABLES, SECTIONS};
use super::nearest::nearest;
use super::page::{NoPage, page};
use super::{Account, Config, ConfigProblem, Glob, Ignore, Level, RuleLevel, Templates};

pub(super) fn read(text: &str) -> Config {
    let mut reader = ConfigReader {
        config: Config::default(),
        named: Vec::new(),
        ids: HashMap::new(),
    };
    match Document::parse(text) {
        Ok(document) => reader.root(document.as_table()),
        Err(error) => {
            let span = error.span().map_or(Span::default(), span);
            reader.problem(
                span,
                format!(
                    "This is not valid TOML: {}.",
                    error.message().trim_end_matches('.')
                ),
            );
        }
    }
    let mut config = reader.config;
    config.problems.sort_by_key(|problem| problem.span);
    config
}

struct ConfigReader {
    config: Config,
    /// Accounts that entries of `[[templates]]` name. The section of accounts may stand below.
    named: Vec<(String, Span)>,
    /// The names of accounts by their ids.
    ids: HashMap<String, String>,
}

fn span(range: Range<usize>) -> Span {
    let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span::new(clamp(range.start), clamp(range.end))
}

fn key_span(key: &Key) -> Span {
    key.span().map_or(Span::default(), span)
}

fn item_span(item: &Item) -> Span {
    item.span().map_or(Span::default(), span)
}

fn value_span(value: &Value) -> Span {
    value.span().map_or(Span::default(), span)
}

/// From a table's first key to its value, else the key of the list that the table is in.
fn fields_span(list: &Key, fields: &[(&Key, &Item)]) -> Span {
    fields.first().map_or_else(
        || key_span(list),
        |(key, item)| key_span(key).to(item_span(item)),
    )
}

/// Keys with the spans that [`TableLike::iter`] leaves out.
fn entries(table: &dyn TableLike) -> Vec<(&Key, &Item)> {
    table
        .iter()
        .filter_map(|(name, _)| table.get_key_value(name))
        .collect()
}

impl ConfigReader {
    fn problem(&mut self, span: Span, message: impl Into<String>) {
        self.config.problems.push(ConfigProblem {
            span,
            message: message.into(),
        });
    }

    /// Whether a key is one of those that are declared; tells of one that isn't.
    fn is_declared(&mut self, key: &Key, declared: &[declared::Key]) -> bool {
        let is_declared = declared.iter().any(|known| known.name == key.get());
        if !is_declared {
            self.unknown(key, declared.iter().map(|known| known.name));
        }
        is_declared
    }

    fn unknown(&mut self, key: &Key, known: impl Iterator<Item = &'static str> + Clone) {
        let hint = nearest(key.get(), known.clone()).map_or_else(
            || format!("Known here: {}.", known.collect::<Vec<_>>().join(", ")),
            |near| format!("Did you mean `{near}`?"),
        );
        self.problem(
            key_span(key),
            format!("Unknown key `{}`. {hint}", key.get()),
        );
    }

    fn root(&mut self, root: &toml_edit::Table) {
        for (key, item) in entries(root) {
            let Some(section) = ConfigSection::named(key.get()) else {
                self.unknown(key, SECTIONS.iter().map(|section| section.name));
                continue;
            };
            if let Holds::Tables { keys, .. } = section.holds {
                let tables = self.tables(key, item);
                match section.name {
                    "templates" => self.templates(key, &tables, keys),
                    _ => self.ignores(key, &tables, keys),
                }
                continue;
            }
            let Some(table) = item.as_table_like() else {
                self.problem(
                    key_span(key),
                    format!("`{0}` must be a table: write `[{0}]`.", key.get()),
                );
                continue;
            };
            for (key, item) in entries(table) {
                if matches!(section.holds, Holds::Keys(keys) if !self.is_declared(key, keys)) {
                    continue;
                }
                match section.name {
                    "app" => self.app(key, item),
                    "accounts" => self.account(key, item),
                    "deploy" => self.deploy(key, item),
                    "variables" => self.variable(key, item),
                    "check" => self.check(key, item),
                    "docs" => self.docs(key, item),
                    _ => self.rule(key, item),
                }
            }
        }
        self.check_named();
        if self.config.prefix.is_some() && self.config.prefix_variables.is_empty() {
            self.config.prefix_variables = PREFIX_VARIABLES.map(str::to_owned).to_vec();
        }
    }

    fn app(&mut self, key: &Key, item: &Item) {
        match key.get() {
            "prefix" => self.config.prefix = self.string(key, item),
            _ => self.config.prefix_variables = self.strings(key, item),
        }
    }

    fn account(&mut self, key: &Key, item: &Item) {
        let name = key.get().to_owned();
        let (id, deploys, at) = match item.as_table_like() {
            Some(fields) => self.account_fields(key, fields, item_span(item)),
            None => (self.string(key, item), true, item_span(item)),
        };
        let Some(id) = id else { return };
        if id.len() != 12 || !id.bytes().all(|b| b.is_ascii_digit()) {
            self.problem(at, format!("`{id}` isn't a 12-digit account ID."));
            return;
        }
        match self.ids.get(&id) {
            Some(other) => {
                let message = format!("Account `{other}` has the same ID.");
                self.problem(at, message);
            }
            None => {
                self.ids.insert(id.clone(), name.clone());
            }
        }
        self.config.accounts.push(Account { name, id, deploys });
    }

    /// An account's id, whether it is deployed to, and where the id stands.
    fn account_fields(
        &mut self,
        key: &Key,
        fields: &dyn TableLike,
        mut at: Span,
    ) -> (Option<String>, bool, Span) {
        let (mut id, mut deploys) = (None, true);
        for (field, value) in entries(fields) {
            if !self.is_declared(field, ACCOUNT) {
                continue;
            }
            match (field.get(), value.as_bool()) {
                ("id", _) => {
                    at = item_span(value);
                    id = self.string(field, value);
                }
                (_, Some(flag)) => deploys = flag,
                (_, None) => {
                    self.problem(item_span(value), "`deploys` must be `true` or `false`.");
                }
            }
        }
        if id.is_none() {
            self.problem(
                key_span(key),
                format!("Account `{}` has no `id`.", key.get()),
            );
        }
        (id, deploys, at)
    }

    fn check(&mut self, key: &Key, item: &Item) {
        self.config.unreadable = self.globs(key, item, Glob::path);
    }

    fn docs(&mut self, key: &Key, item: &Item) {
        let Some(address) = self.string(key, item) else {
            return;
        };
        // Editors open it: nothing but a page may come of that.
        match page(&address, |_| false) {
            Ok(()) => self.config.rule_pages = Some(address),
            Err(NoPage::TooLong(most)) => {
                let message = format!("`{}` has more than {most} bytes.", key.get());
                self.problem(item_span(item), message);
            }
            Err(NoPage::Unlike) => self.problem(
                item_span(item),
                format!(
                    "`{}` must be an address of the web in plain characters: `https://wiki.example.com/leastwise/{{rule}}`.",
                    key.get()
                ),
            ),
        }
    }

    fn deploy(&mut self, key: &Key, item: &Item) {
        match key.get() {
            "partition" => {
                let value = self.string(key, item);
                if let Some(partition) = &value
                    && regions::partition(partition).is_none()
                {
                    self.problem(
                        item_span(item),
                        format!(
                            "There is no partition `{partition}`: use `aws`, `aws-cn` or `aws-us-gov`."
                        ),
                    );
                    return;
                }
                self.config.partition = value;
            }
            "regions" => self.config.regions = self.regions(key, item),
            _ => self.config.deploy_roles = Some(self.globs(key, item, Glob::name)),
        }
    }

    fn regions(&mut self, key: &Key, item: &Item) -> Vec<String> {
        let regions = self.strings(key, item);
        for region in &regions {
            if regions::region(region) == RegionKnown::Malformed {
                self.problem(item_span(item), format!("`{region}` isn't a region."));
            }
        }
        regions
    }

    fn templates(&mut self, key: &Key, tables: &[&dyn TableLike], keys: &[declared::Key]) {
        for table in tables {
            let fields = entries(*table);
            let at = fields_span(key, &fields);
            let (mut path, mut has_path) = (None, false);
            let (mut accounts, mut regions) = (Vec::new(), Vec::new());
            for (field, value) in fields {
                if !self.is_declared(field, keys) {
                    continue;
                }
                match field.get() {
                    "path" => {
                        has_path = true;
                        let text = self.string(field, value);
                        path = text.and_then(|text| self.glob(item_span(value), &text, Glob::path));
                    }
                    "accounts" => accounts = self.named_accounts(field, value),
                    _ => regions = self.regions(field, value),
                }
            }
            if !has_path {
                self.problem(at, "An entry of `[[templates]]` needs a `path`.");
            } else if accounts.is_empty() && regions.is_empty() {
                self.problem(
                    at,
                    "Add `accounts`, `regions` or both to say where these files are deployed.",
                );
            } else if let Some(path) = path {
                self.config.templates.push(Templates {
                    path,
                    accounts,
                    regions,
                });
            }
        }
    }

    /// The names of accounts, to be looked up when all of the file is read.
    fn named_accounts(&mut self, key: &Key, item: &Item) -> Vec<String> {
        let names = self.strings(key, item);
        let places: Vec<Span> = match item.as_array() {
            Some(array) => array
                .iter()
                .filter(|value| value.is_str())
                .map(value_span)
                .collect(),
            None => vec![item_span(item)],
        };
        self.named.extend(names.iter().cloned().zip(places));
        names
    }

    /// Tells of names in `[[templates]]` that no account has.
    fn check_named(&mut self) {
        let known: HashSet<String> = self
            .config
            .accounts
            .iter()
            .map(|account| account.name.clone())
            .collect();
        for (name, span) in std::mem::take(&mut self.named) {
            let accounts = &self.config.accounts;
            if known.contains(&name) {
                continue;
            }
            let names = || {
                accounts
                    .iter()
                    .map(|account| account.name.as_str())
                    .take(COMPARED_ACCOUNTS)
            };
            let by_id = self
                .config
                .account(&name)
                .map(|account| account.name.as_str());
            let hint = match by_id.or_else(|| nearest(&name, names())) {
                Some(near) => format!("Did you mean `{near}`?"),
                None if accounts.is_empty() => "Name it under `[accounts]`.".to_owned(),
                None => format!("Known: {}.", names().take(8).collect::<Vec<_>>().join(", ")),
            };
            self.problem(span, format!("There is no account `{name}`. {hint}"));
        }
    }

    fn variable(&mut self, key: &Key, item: &Item) {
        let values = self.strings(key, item);
        if !values.is_empty() {
            self.config.variables.insert(key.get().to_owned(), values);
        }
    }

    fn rule(&mut self, key: &Key, item: &Item) {
        let Some(name) = self.string(key, item) else {
            return;
        };
        let Some(level) = Level::from_name(&name) else {
            self.problem(
                item_span(item),
                format!("`{name}` isn't a level: use `error`, `warning`, `suggestion` or `off`."),
            );
            return;
        };
        self.config.rules.push(RuleLevel {
            rule: key.get().to_owned(),
            level,
            span: key_span(key),
        });
    }

    /// The entries of a list of tables, however it is written.
    fn tables<'t>(&mut self, key: &Key, item: &'t Item) -> Vec<&'t dyn TableLike> {
        if let Some(tables) = item.as_array_of_tables() {
            return tables.iter().map(|table| table as &dyn TableLike).collect();
        }
        if let Some(array) = item.as_array() {
            let tables = array.iter().filter_map(|value| value.as_inline_table());
            return tables.map(|table| table as &dyn TableLike).collect();
        }
        self.problem(
            key_span(key),
            format!(
                "`{0}` must be a list of tables: write `[[{0}]]`.",
                key.get()
            ),
        );
        Vec::new()
    }

    fn ignores(&mut self, key: &Key, tables: &[&dyn TableLike], keys: &[declared::Key]) {
        for table in tables {
            let fields = entries(*table);
            let at = fields_span(key, &fields);
            let mut ignore = Ignore {
                rule: None,
                path: None,
                action: None,
                owner: None,
                reason: String::new(),
                span: at,
            };
            // One that isn't understood would hide more than is meant.
            let mut is_whole = true;
            for (field, value) in fields {
                if !self.is_declared(field, keys) {
                    is_whole = false;
                    continue;
                }
                let Some(text) = self.string(field, value) else {
                    is_whole = false;
                    continue;
                };
                let place = item_span(value);
                let build = match field.get() {
                    "path" => Glob::path,
                    _ => Glob::name,
                };
                match field.get() {
                    "rule" => {
                        ignore.span = place;
                        ignore.rule = Some(text);
                    }
                    name @ ("path" | "action" | "owner") => {
                        let glob = self.glob(place, &text, build);
                        is_whole &= glob.is_some();
                        match name {
                            "path" => ignore.path = glob,
                            "action" => ignore.action = glob,
                            _ => ignore.owner = glob,
                        }
                    }
                    _ => ignore.reason = text,
                }
            }
            if ignore.reason.trim().is_empty() {
                self.problem(ignore.span, "An entry of `[[ignore]]` needs a `reason`.");
            }
            if !is_whole {
                continue;
            }
            self.config.ignores.push(ignore);
        }
    }

    fn globs(
        &mut self,
        key: &Key,
        item: &Item,
        build: fn(&str) -> Result<Glob, String>,
    ) -> Vec<Glob> {
        let texts = self.strings(key, item);
        let at = item_span(item);
        let texts = texts.iter();
        texts
            .filter_map(|text| self.glob(at, text, build))
            .collect()
    }

    fn glob(
        &mut self,
        at: Span,
        text: &str,
        build: fn(&str) -> Result<Glob, String>,
    ) -> Option<Glob> {
        match build(text) {
            Ok(glob) => Some(glob),
            Err(error) => {
                let shown = quote(text);
                self.problem(at, format!("`{shown}` isn't a valid pattern: {error}."));
                None
            }
        }
    }

    fn string(&mut self, key: &Key, item: &Item) -> Option<String> {
        let text = item.as_str().map(str::to_owned);
        if text.is_none() {
            self.problem(
                item_span(item),
                format!("`{}` must be a string in quotes.", key.get()),
            );
        }
        text
    }

    /// A list of strings, or one string as a list of one.
    fn strings(&mut self, key: &Key, item: &Item) -> Vec<String> {
        if let Some(text) = item.as_str() {
            return vec![text.to_owned()];
        }
        let Some(array) = item.as_array() else {
            self.problem(
                item_span(item),
                format!("`{}` must be a list of strings.", key.get()),
            );
            return Vec::new();
        };
        let mut texts = Vec::new();
        for value in array {
            match value.as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => {
                    self.problem(
                        value_span(value),
                        format!("`{}` must be a list of strings in quotes.", key.get()),
                    );
                }
            }
        }
        texts
    }
}
