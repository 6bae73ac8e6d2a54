//! What an editor is told, as plain data over byte offsets.

use leastwise_syntax::Span;

/// How much a finding matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Severity {
    /// Worth knowing; never fails a check by default.
    Suggestion,
    /// Probably not what is meant, or wider than it need be.
    Warning,
    /// Does not do what it says, or AWS refuses it.
    Error,
}

/// When an editor is told of what is found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moment {
    /// Somebody is writing.
    Writing,
    /// He has stopped, and may go on.
    Pause,
    /// He is done: the text is saved as it is.
    Saved,
}

/// A finding as an editor shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Rule id, `missing-delete-counterpart`.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Where, in bytes.
    pub span: Span,
    /// What is wrong and why it matters, in a sentence or two of plain text.
    pub message: String,
    /// Places that belong to it, each with a short note.
    pub related: Vec<(Span, String)>,
    /// Whether the marked text has no effect and can be shown faded.
    pub unnecessary: bool,
    /// Whether it is of a rule, which has a page of its own.
    pub is_of_rule: bool,
}

impl Diagnostic {
    /// What is wrong with a config.
    pub fn of_config(span: Span, message: String) -> Diagnostic {
        Diagnostic {
            code: "config",
            severity: Severity::Error,
            span,
            message,
            related: Vec::new(),
            unnecessary: false,
            is_of_rule: false,
        }
    }
}

/// What a completion item stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum CompletionKind {
    /// A service prefix, `s3:`.
    Service,
    /// One action.
    Action,
    /// A pattern that stands for several actions, `s3:Get*`.
    Wildcard,
    /// An ARN.
    Arn,
    /// A variable inside `${…}`.
    Variable,
    /// A name of the policy language, the config, or one of its fixed values.
    #[default]
    Keyword,
    /// A condition key.
    ConditionKey,
    /// A principal.
    Principal,
}

impl CompletionKind {
    /// Whether which of these are offered depends on what is typed so far, part by part, so that a list that was asked for
    /// earlier doesn't hold.
    pub fn depends_on_typed(self) -> bool {
        match self {
            CompletionKind::Keyword | CompletionKind::ConditionKey => false,
            CompletionKind::Service
            | CompletionKind::Action
            | CompletionKind::Wildcard
            | CompletionKind::Arn
            | CompletionKind::Variable
            | CompletionKind::Principal => true,
        }
    }
}

/// One completion item.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Completion {
    /// What the list shows.
    pub label: String,
    /// A few words beside the label (access level, count of actions).
    pub detail: String,
    /// What it stands for.
    pub kind: CompletionKind,
    /// The text that replaces [`Completion::replace`].
    pub insert: String,
    /// The bytes that are replaced.
    pub replace: Span,
    /// What the editor filters by; begins like the text at [`Completion::replace`].
    pub filter: String,
    /// Items are shown in the order of this text.
    pub sort: String,
    /// Whether completion should be asked for again at once after inserting it (`s3:`).
    pub ask_again: bool,
    /// Whether all of [`Completion::replace`] is replaced in any case, also by an editor that leaves what is behind the cursor.
    pub is_whole: bool,
    /// What of the inserted text comes behind the cursor, where an editor can place that.
    pub behind: String,
    /// What else changes: a comma before it, a dash.
    pub also: Vec<ByteEdit>,
    /// Whether [`Completion::insert`] is a snippet of the protocol, with places to fill in. Its lines but the first have the
    /// indentation that they have beyond that one's.
    pub is_snippet: bool,
}

impl Completion {
    /// An item that is filtered and sorted by its label.
    pub(crate) fn plain(
        label: String,
        kind: CompletionKind,
        insert: String,
        replace: Span,
    ) -> Completion {
        Completion {
            kind,
            insert,
            replace,
            filter: label.clone(),
            sort: label.clone(),
            label,
            ..Completion::default()
        }
    }
}

/// What is shown over a word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hover {
    /// The word, in bytes.
    pub span: Span,
    /// Markdown.
    pub markdown: String,
}

/// What a code action is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ActionKind {
    /// Mends a finding, or several.
    Fix,
    /// Applies all fixes of the file that grant nothing and take nothing away.
    FixAll,
    /// Has a finding ignored from now on.
    Ignore,
    /// Writes what is there in another way.
    Rewrite,
}

/// A change that the editor offers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodeAction {
    /// What it is for.
    pub kind: ActionKind,
    /// Imperative sentence, `Add dynamodb:DeleteTable`.
    pub title: String,
    /// Whether it grants nothing more and takes nothing away that is used.
    pub safe: bool,
    /// Whether it is the one to take for its finding.
    pub preferred: bool,
    /// The finding that it fixes or hides: code and place, as in its [`Diagnostic`]. Of many, the one at hand.
    pub fixes: Option<(&'static str, Span)>,
    /// What [`crate::File::resolve_action`] needs to work the edits out.
    pub id: ActionId,
}

/// Names a code action of one version of one file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ActionId {
    /// Rule id of the finding, or the name of a refactoring or of fixes that go together.
    pub code: String,
    /// Place of the finding.
    pub span: Span,
    /// Which of its fixes.
    pub index: u32,
}

/// A replacement of bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ByteEdit {
    /// What is replaced.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// A note that the editor draws into the line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hint {
    /// Where it is drawn, in bytes.
    pub offset: u32,
    /// What is drawn, short.
    pub label: String,
    /// Markdown for a hover over it.
    pub tooltip: String,
}

/// What a [`Symbol`] is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SymbolKind {
    /// What policies belong to: a role, a resource, a file.
    Owner,
    /// A policy.
    Policy,
    /// A statement.
    Statement,
}

/// An entry of a file's outline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Symbol {
    /// The name to show.
    pub name: String,
    /// A few words beside it.
    pub detail: String,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it, in bytes.
    pub span: Span,
    /// What to jump to, in bytes; lies in [`Symbol::span`].
    pub selection: Span,
    /// What is in it.
    pub children: Vec<Symbol>,
}
