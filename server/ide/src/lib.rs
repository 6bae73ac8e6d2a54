//! What an editor asks, answered as plain data over byte offsets. Knows no protocol.

mod actions;
mod completion;
mod config_file;
mod definition;
mod docs;
mod file_names;
mod hints;
mod hover;
mod limits;
mod outline;
mod patience;
mod position;
mod types;
mod values;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use leastwise_model::files::{NoFiles, Unread};
use leastwise_model::{Config, Level};
use leastwise_policy::Memo;
use leastwise_rules::{Context, Finding, Incremental};
use leastwise_syntax::{Change, Format, Span, Tree};
use leastwise_workspace::Analysis;
use leastwise_workspace::analysis::index::IndexedFiles;
use leastwise_workspace::askers::Askers;

use actions::OfFile;
pub use config_file::ConfigFile;
pub use definition::Location;
use patience::Patience;
pub use types::*;

/// One open file with everything that is known of it. Nothing is worked out before it is asked for, and nothing twice
/// between two edits.
pub struct File {
    tree: Tree,
    path: String,
    config: Arc<Config>,
    /// The files around it, and their stamp and that of their index when they were asked last.
    files: Arc<dyn IndexedFiles>,
    stamp: (u64, u64),
    analysis: Option<Analysis>,
    /// The findings, which the check after the next edit can reuse.
    found: Incremental,
    /// The findings with their fixes, where these were asked for since the last edit.
    with_fixes: Option<Vec<Finding>>,
    /// Which files it needs that aren't read, as far as was asked before the last edit.
    unread: BTreeSet<Unread>,
    /// What was found out about the texts, for the analysis after the next edit.
    memo: Arc<Memo>,
    /// What was said of it, and where somebody writes.
    patience: Patience,
}

impl File {
    /// Reads `text`. `path` is the file's path relative to the folder of its config, where it has one: the config's
    /// globs are matched against it.
    pub fn new(path: impl AsRef<Path>, text: String, format: Format, config: Arc<Config>) -> Self {
        Self::among(path, text, format, config, Arc::new(NoFiles))
    }

    /// [`File::new`] for one that may refer to others.
    pub fn among(
        path: impl AsRef<Path>,
        text: String,
        format: Format,
        config: Arc<Config>,
        files: Arc<dyn IndexedFiles>,
    ) -> Self {
        Self {
            tree: Tree::parse(text, format),
            path: leastwise_workspace::load::relative(path.as_ref(), None),
            config,
            stamp: (files.stamp(), files.index_version()),
            files,
            analysis: None,
            found: Incremental::default(),
            with_fixes: None,
            unread: BTreeSet::new(),
            memo: Arc::default(),
            patience: Patience::default(),
        }
    }

    /// Replaces the bytes `span` by `text`. A span that reaches beyond the text, or into a character, is moved to the
    /// nearest place before that fits.
    pub fn edit(&mut self, span: Span, text: &str) {
        let gone = self.tree.source().get(span.range()).unwrap_or_default();
        self.patience.replaced(span, gone, text);
        let change = self.tree.edit(span, text);
        self.with_fixes = None;
        let before = self.analysis.take();
        self.analysis = match (before, change) {
            (Some(before), Change::Text(edit)) => before.after(&self.tree, &edit),
            _ => None,
        };
    }

    /// The text as it is now.
    pub fn text(&self) -> &str {
        self.tree.source()
    }

    /// Puts another config in force.
    pub fn set_config(&mut self, config: Arc<Config>) {
        self.config = config;
        self.found = Incremental::default();
        self.patience.forget();
        self.forget();
    }

    /// All findings, in source order, for somebody who doesn't write just now. Where what is half written leaves the text
    /// unreadable, what stands elsewhere is spoken of as before.
    pub fn diagnostics(&mut self) -> Vec<Diagnostic> {
        let found = self.findings(None).unwrap_or_default();
        self.say(found, Moment::Pause)
    }

    /// What is said at a moment; `None` where it has ended early since somebody waits for something else.
    pub fn diagnostics_unless(
        &mut self,
        moment: Moment,
        waiting: &Askers,
    ) -> Option<Vec<Diagnostic>> {
        let found = self.findings(Some(waiting))?;
        Some(self.say(found, moment))
    }

    /// Of the findings those that are said while somebody writes, which is where the last edit was.
    pub fn patient_diagnostics(&mut self) -> Vec<Diagnostic> {
        let found = self.findings(None).unwrap_or_default();
        self.say(found, Moment::Writing)
    }

    /// What is said of what is found.
    fn say(&mut self, found: Vec<Diagnostic>, moment: Moment) -> Vec<Diagnostic> {
        let mut patience = std::mem::take(&mut self.patience);
        let said = self.said_by(&mut patience, found, moment);
        self.patience = patience;
        said
    }

    fn said_by(
        &mut self,
        patience: &mut Patience,
        found: Vec<Diagnostic>,
        moment: Moment,
    ) -> Vec<Diagnostic> {
        let context = self.context();
        let text = (context.tree.source(), context.tree.format());
        let statements = |new: &[Span]| {
            let is_in = |span: Span| {
                let behind = new.partition_point(|one| one.start < span.start);
                new.get(behind).is_some_and(|one| one.start <= span.end)
            };
            let sites = context
                .sites()
                .filter(|site| is_in(site.span(context.tree)));
            let statements = sites.flat_map(|site| &context.policy(site).statements);
            let mut places: Vec<Span> = statements.map(|one| one.span).collect();
            places.sort_unstable();
            places
        };
        match moment {
            Moment::Writing => patience.said(found, text, statements),
            Moment::Pause => patience.rest(found, false, text, statements),
            Moment::Saved => patience.rest(found, true, text, statements),
        }
    }

    /// What would be held back now; nothing where nobody writes.
    fn held_back(&mut self) -> Vec<Diagnostic> {
        if self.patience.cursor().is_none() {
            return Vec::new();
        }
        let found = self.findings(None).unwrap_or_default();
        // To ask changes nothing of what is said next.
        let mut patience = self.patience.clone();
        self.said_by(&mut patience, found.clone(), Moment::Writing);
        let held = found.into_iter();
        held.filter(|one| patience.has_held(one)).collect()
    }

    /// Whether [`File::patient_diagnostics`] has held something back.
    pub fn holds_back(&self) -> bool {
        self.patience.holds()
    }

    /// Whether a save would have something else said than what was said in a pause.
    pub fn awaits_save(&self) -> bool {
        self.patience.awaits_save()
    }

    /// Whether the place is in what is being written.
    pub fn is_written_at(&self, offset: u32) -> bool {
        let (text, format) = (self.tree.source(), self.tree.format());
        self.patience.is_at(text, format, offset)
    }

    fn findings(&mut self, waiting: Option<&Askers>) -> Option<Vec<Diagnostic>> {
        let mut found = std::mem::take(&mut self.found);
        let findings = found.check_unless(&self.context().unless(waiting));
        self.found = found;
        let findings = findings?;
        let unread = self.lacks();
        let unread = unread.iter().map(|file| self.lacking(file));
        let findings = findings.into_iter().filter_map(diagnostic);
        let mut diagnostics: Vec<Diagnostic> = findings.chain(unread).collect();
        diagnostics.sort_by_key(|it| it.span.start);
        Some(diagnostics)
    }

    /// The files that it needs and that aren't read. What was said before an edit isn't asked for again, so it holds as long as
    /// it may.
    fn lacks(&mut self) -> BTreeSet<Unread> {
        let now = self.analysis.as_ref().map(Analysis::unread);
        let mut unread = now.unwrap_or_default();
        let before = std::mem::take(&mut self.unread).into_iter();
        unread.extend(before.filter(|file| {
            file.whole.is_none()
                && word(self.tree.source(), file.name()).is_some()
                && self.files.refused(&file.path).as_ref() == Some(file)
        }));
        self.unread = unread.clone();
        unread
    }

    /// Says that a file isn't read which this one needs: where its name stands, else in the first line.
    fn lacking(&self, file: &Unread) -> Diagnostic {
        let source = self.tree.source();
        let first = source.find('\n').unwrap_or(source.len());
        let place = word(source, file.name()).unwrap_or(0..first);
        let end = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let expected = [file.path.as_str(), &self.path];
        let expected = expected
            .iter()
            .any(|path| self.config.unreadable_by(path).is_some());
        Diagnostic {
            code: UNREAD,
            severity: match expected {
                true => Severity::Suggestion,
                false => Severity::Warning,
            },
            span: Span::new(end(place.start), end(place.end)),
            message: file.message(),
            related: Vec::new(),
            unnecessary: false,
            is_of_rule: false,
        }
    }

    /// The address of a rule's documentation, where the config says one.
    pub fn page_of(&self, rule: &str) -> Option<String> {
        self.config.page_of(rule)
    }

    /// What is to be said where not all was worked out that diagnostics asked for.
    pub fn cut_off(&self) -> Option<&'static str> {
        Some(self.analysis.as_ref()?.cut_off()?.message)
    }

    /// What can stand at `offset` (bytes).
    pub fn completions(&mut self, offset: u32) -> Vec<Completion> {
        completion::completions(self.context(), offset)
    }

    /// Markdown for one item of [`File::completions`], worked out only when the editor shows it.
    pub fn completion_docs(&mut self, label: &str, kind: CompletionKind) -> Option<String> {
        docs::docs(self.context(), label, kind)
    }

    /// What is known of the word at `offset` (bytes).
    pub fn hover(&mut self, offset: u32) -> Option<Hover> {
        hover::hover(self.context(), offset)
    }

    /// The changes that are offered for `range` (bytes), but [`File::fix_all`].
    pub fn code_actions(&mut self, range: Span) -> Vec<CodeAction> {
        self.offered(range, actions::actions)
    }

    /// [`File::code_actions`] with their edits; in a range of many fixes, those of the first ones.
    pub fn code_actions_with_edits(&mut self, range: Span) -> Vec<(CodeAction, Vec<ByteEdit>)> {
        self.offered(range, actions::with_edits)
    }

    fn offered<T>(
        &mut self,
        range: Span,
        offer: impl FnOnce(Context<'_>, &[Finding], Span, &mut OfFile<'_>) -> T,
    ) -> T {
        // What holds no more is forgotten first.
        self.context();
        let mut found = std::mem::take(&mut self.found);
        let mut with_fixes = self.with_fixes.take();
        let context = self.context();
        let findings = found.check_at(&context, range);
        let mut of_file = OfFile {
            findings: &findings,
            with_fixes: &mut with_fixes,
        };
        let offered = offer(context, &findings, range, &mut of_file);
        self.found = found;
        self.with_fixes = with_fixes;
        offered
    }

    /// The action that applies all safe fixes of the file, as `leastwise check --fix` does, with its edits; `None` where there are
    /// none. It mends nothing that is held back while somebody writes.
    pub fn fix_all(&mut self) -> Option<(CodeAction, Vec<ByteEdit>)> {
        let held = self.held_back();
        let cursor = self.patience.cursor();
        actions::all_safe(self.context(), &held, cursor)
    }

    /// The edits of one of [`File::code_actions`]; `None` where the file has changed so that it is gone.
    pub fn resolve_action(&mut self, id: &ActionId) -> Option<Vec<ByteEdit>> {
        self.context();
        let mut found = std::mem::take(&mut self.found);
        let context = self.context();
        let edits = actions::resolve(context, &found.check_at(&context, id.span), id);
        self.found = found;
        edits
    }

    /// Notes to draw into `range` (bytes).
    pub fn hints(&mut self, range: Span) -> Vec<Hint> {
        hints::hints(self.context(), range)
    }

    /// What declares the name at `offset` (bytes): in this file, or in others of the workspace.
    pub fn definitions(&mut self, offset: u32) -> Vec<Location> {
        definition::definitions(self.context(), offset)
    }

    /// Where what the name at `offset` (bytes) stands for is used; with `declarations`, where it is declared, too.
    pub fn references(&mut self, offset: u32, declarations: bool) -> Vec<Location> {
        definition::references(self.context(), offset, declarations)
    }

    /// What the file declares: owners, below each its policies, below each its statements.
    pub fn symbols(&mut self) -> Vec<Symbol> {
        outline::symbols(self.context())
    }

    fn forget(&mut self) {
        self.analysis = None;
        self.with_fixes = None;
    }

    fn context(&mut self) -> Context<'_> {
        // Read before the files themselves: a change in between is noticed next time.
        let stamp = (self.files.stamp(), self.files.index_version());
        if stamp.0 != self.stamp.0 {
            self.forget();
        } else if stamp != self.stamp
            && let Some(analysis) = &mut self.analysis
        {
            // What it was asked, the other index answers alike.
            analysis.ask_index_anew();
        }
        self.stamp = stamp;
        let Self {
            tree,
            path,
            config,
            files,
            analysis,
            memo,
            ..
        } = self;
        let analysis = analysis.get_or_insert_with(|| {
            Analysis::with_memo(
                tree,
                path,
                Arc::clone(config),
                Arc::clone(files),
                Arc::clone(memo),
            )
        });
        Context::new(tree, analysis)
    }
}

/// What tells of files that aren't read is called.
const UNREAD: &str = "unread-file";

/// Where a name stands in a text that is no part of another one.
fn word(text: &str, name: &str) -> Option<Range<usize>> {
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut found = text.match_indices(name).filter(|_| !name.is_empty());
    let (start, _) = found.find(|(start, _)| {
        let before = text
            .get(..*start)
            .and_then(|before| before.chars().next_back());
        let behind = text
            .get(start + name.len()..)
            .and_then(|rest| rest.chars().next());
        !before.is_some_and(is_of_name) && !behind.is_some_and(is_of_name)
    })?;
    Some(start..start + name.len())
}

fn diagnostic(finding: Finding) -> Option<Diagnostic> {
    let severity = match finding.level {
        Level::Off => return None,
        Level::Suggestion => Severity::Suggestion,
        Level::Warning => Severity::Warning,
        Level::Error => Severity::Error,
    };
    let mut message = finding.message;
    if !finding.help.is_empty() {
        message.reserve_exact(1 + finding.help.len());
        message.push(' ');
        message.push_str(&finding.help);
    }
    Some(Diagnostic {
        code: finding.rule.id,
        severity,
        span: finding.span,
        message,
        related: finding
            .related
            .into_iter()
            .map(|related| (related.span, related.note))
            .collect(),
        unnecessary: finding.unnecessary,
        is_of_rule: true,
    })
}
