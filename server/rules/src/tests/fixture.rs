//! Fixtures: a policy text in which `^^^` under a line marks where a finding must be.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use leastwise_catalog::Action;
use leastwise_model::files::{Files, NoFiles};
use leastwise_model::{Config, Known, Level, Statement};
use leastwise_policy::ArnProblemKind;
use leastwise_policy::resource::action_fits_pattern;
use leastwise_policy::{ActionPattern, Pattern};
use leastwise_syntax::{Format, Span, Tree, write};
use leastwise_workspace::Analysis;
use leastwise_workspace::analysis::index::{Index, Indexed, IndexedFiles};

use crate::engine::round;
use crate::structure::unescaped_policy_variable::misspelt;
use crate::support::permissions::takes_in;
use crate::{Context, Finding, LazyFix, Related, ResolvedFix, Rule, check_with};

/// A file as a rule sees it.
pub struct Fixture {
    pub tree: Tree,
    pub analysis: Analysis,
}

/// The format of a text: JSON where it begins with a bracket, HCL where it does with a block of Terraform.
pub fn format_of(text: &str) -> Format {
    if text.trim_start().starts_with(['{', '[']) {
        Format::Json
    } else if is_hcl(text) {
        Format::Hcl
    } else {
        Format::Yaml
    }
}

fn is_hcl(text: &str) -> bool {
    let labelled = [
        "data", "module", "output", "provider", "resource", "variable",
    ];
    let is_block = |name: &&str| text.starts_with(&format!("{name} \""));
    text.starts_with("locals {") || labelled.iter().any(is_block)
}

/// Another file, known by its index only, and where the repository comes from: host and path.
#[derive(Debug)]
struct Beside(Arc<Index>, String);

impl Files for Beside {
    fn tree(&self, _: &str) -> Option<Arc<Tree>> {
        None
    }

    fn text(&self, path: &str) -> Option<Arc<str>> {
        (path == ".git/config")
            .then(|| Arc::from(format!("[remote \"origin\"]\nurl = git@{}.git\n", self.1)))
    }

    fn list(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn stamp(&self) -> u64 {
        0
    }
}

impl IndexedFiles for Beside {
    fn index(&self) -> Option<Arc<Index>> {
        Some(Arc::clone(&self.0))
    }
}

/// Other files of a folder.
#[derive(Debug)]
struct Folder(Vec<(String, Arc<Tree>)>);

impl Files for Folder {
    fn tree(&self, path: &str) -> Option<Arc<Tree>> {
        let mut files = self.0.iter();
        let found = files.find(|(own, _)| own == path);
        found.map(|(_, tree)| Arc::clone(tree))
    }

    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.tree(path).map(|tree| Arc::from(tree.source()))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let lead = match folder {
            "" => String::new(),
            folder => format!("{folder}/"),
        };
        let names = self
            .0
            .iter()
            .filter_map(|(path, _)| path.strip_prefix(&lead));
        let own = names.filter(|name| !name.contains('/'));
        own.map(str::to_owned).collect()
    }

    fn stamp(&self) -> u64 {
        0
    }
}

impl IndexedFiles for Folder {}

fn ending(text: &str) -> &'static str {
    match format_of(text) {
        Format::Json | Format::Jsonc => "json",
        Format::Hcl => "tf",
        Format::Yaml => "yaml",
    }
}

fn format_at(path: &str, text: &str) -> Format {
    leastwise_workspace::load::format_of(path.as_ref(), text)
}

fn indexed(path: &str, text: &str, config: &Arc<Config>) -> Indexed {
    let tree = Arc::new(Tree::parse(text.to_owned(), format_at(path, text)));
    let analysis = Arc::new(Analysis::new(&tree, path, Arc::clone(config)));
    Indexed {
        place: path.into(),
        tree,
        analysis,
    }
}

/// A finding with its fixes listed.
pub struct Found {
    pub rule: &'static Rule,
    pub level: Level,
    pub span: Span,
    pub message: String,
    pub help: String,
    pub owner: Option<String>,
    pub related: Vec<Related>,
    pub unnecessary: bool,
    pub fixes: Vec<LazyFix>,
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (level, rule, span) = (self.level.name(), self.rule.id, self.span);
        write!(
            f,
            "{level} {rule} {}..{}: {}",
            span.start, span.end, self.message
        )
    }
}

/// Findings of a file with their fixes.
pub fn with_fixes(context: &Context<'_>, findings: Vec<Finding>) -> Vec<Found> {
    let with_fixes = findings.into_iter().map(|finding| Found {
        fixes: finding.fixes(context),
        rule: finding.rule,
        level: finding.level,
        span: finding.span,
        message: finding.message,
        help: finding.help,
        owner: finding.owner,
        related: finding.related,
        unnecessary: finding.unnecessary,
    });
    let found: Vec<Found> = with_fixes.collect();
    for finding in &found {
        assert_eq!(super::wording::has_cure(finding), Ok(()));
    }
    found
}

impl Fixture {
    pub fn new(text: &str, config: &str) -> Fixture {
        Fixture::beside(text, config, None)
    }

    /// A file with another one beside it.
    pub fn beside(text: &str, config: &str, other: Option<&str>) -> Fixture {
        let format = format_of(text);
        let path = match format {
            Format::Json => "shop.json",
            Format::Hcl => "shop.tf",
            _ => "shop.yaml",
        };
        let other = other.map(|other| (other, "github.com:acme/shop"));
        Fixture::at(path, text, format, config, other)
    }

    /// A file at a path, with another one beside it and where their repository comes from: `github.com:acme/shop`.
    pub fn at(
        path: &str,
        text: &str,
        format: Format,
        config: &str,
        other: Option<(&str, &str)>,
    ) -> Fixture {
        let tree = Tree::parse(text.to_owned(), format);
        let config = Config::parse(config);
        assert_eq!(config.problems, [], "the fixture's config");
        let config = Arc::new(config);
        let mut files: Arc<dyn IndexedFiles> = Arc::new(NoFiles);
        if let Some((other, origin)) = other {
            let own = indexed(path, text, &config);
            let other = indexed(&format!("roles.{}", ending(other)), other, &config);
            let index = Index::new([own, other]);
            files = Arc::new(Beside(Arc::new(index), origin.to_owned()));
        }
        let analysis = Analysis::with_memo(&tree, path, config, files, Arc::default());
        Fixture { tree, analysis }
    }

    /// A file of a module of Terraform, with another one.
    pub fn of_module(text: &str, other: &str, config: &str) -> Fixture {
        Fixture::by(text, "other.tf", other, config)
    }

    /// A file of a module of Terraform, with one that it calls at `./m`.
    pub fn calling(text: &str, called: &str) -> Fixture {
        Fixture::by(text, "m/main.tf", called, "")
    }

    /// The file of a module at `m/main.tf`, with one that may call it.
    pub fn called(text: &str, caller: &str) -> Fixture {
        let [tree, caller] = [text, caller].map(|text| Tree::parse(text.to_owned(), Format::Hcl));
        let files = Arc::new(Folder(vec![("main.tf".to_owned(), Arc::new(caller))]));
        let config = Arc::default();
        let analysis = Analysis::with_memo(&tree, "m/main.tf", config, files, Arc::default());
        Fixture { tree, analysis }
    }

    fn by(text: &str, path: &str, other: &str, config: &str) -> Fixture {
        let [tree, other] = [text, other].map(|text| Tree::parse(text.to_owned(), Format::Hcl));
        let config = Arc::new(Config::parse(config));
        assert_eq!(config.problems, [], "the fixture's config");
        let files = Folder(vec![(path.to_owned(), Arc::new(other))]);
        let analysis =
            Analysis::with_memo(&tree, "main.tf", config, Arc::new(files), Arc::default());
        Fixture { tree, analysis }
    }

    /// The first of several files, each by its path, its text and its config.
    pub fn among(files: &[(&str, &str, &str)]) -> Fixture {
        let all = files.iter().map(|(path, text, config)| {
            let config = Arc::new(Config::parse(config));
            assert_eq!(config.problems, [], "the config of {path}");
            indexed(path, text, &config)
        });
        let index = Index::new(all);
        let (path, text, config) = files[0];
        let tree = Tree::parse(text.to_owned(), format_at(path, text));
        let config = Arc::new(Config::parse(config));
        let files = Arc::new(Beside(Arc::new(index), String::new()));
        let analysis = Analysis::with_memo(&tree, path, config, files, Arc::default());
        Fixture { tree, analysis }
    }

    pub fn context(&self) -> Context<'_> {
        Context::new(&self.tree, &self.analysis)
    }

    /// The findings of one rule.
    pub fn findings(&self, rule: &Rule) -> Vec<Found> {
        // An ignore is judged by what the other rules find.
        let mut findings = check_with(&self.context(), |other| {
            other.id == rule.id || rule.id == "unused-ignore"
        });
        findings.retain(|finding| finding.rule.id == rule.id);
        with_fixes(&self.context(), findings)
    }

    /// How serious the findings of one rule are.
    pub fn levels(&self, rule: &Rule) -> Vec<Level> {
        let found = self.findings(rule).into_iter();
        found.map(|finding| finding.level).collect()
    }

    /// The first fix of each finding that has one.
    pub fn fixes(&self, rule: &Rule) -> Vec<ResolvedFix> {
        let context = self.context();
        self.findings(rule)
            .iter()
            .filter_map(|finding| finding.fixes.first())
            .map(|fix| {
                fix.resolve(&context)
                    .unwrap_or_else(|| panic!("`{}` can't be written", fix.title))
            })
            .collect()
    }

    /// What the file's `Allow` statements grant and no `Deny` takes off wholly: owner, action, resource. Actions are those
    /// of the catalog, so that a wildcard and what it stands for are the same. An action grants nothing on a resource
    /// that it doesn't work on, nor on one that can't exist, nor where CloudFormation refuses the template.
    pub fn grants(&self) -> BTreeSet<(String, String, String)> {
        let context = self.context();
        let mut grants = BTreeSet::new();
        // What is a permission by itself names the resource elsewhere.
        for site in context.permissions() {
            let statements = context.policy(site).statements.iter();
            let items = statements.flat_map(|statement| statement.actions());
            let actions = items.filter_map(|item| item.action.as_ref());
            grants.extend(actions.flat_map(ActionPattern::expand).map(|action| {
                let owner = context.owner(site).unwrap_or_default();
                (
                    owner.to_owned(),
                    action.full_name(),
                    "permission".to_owned(),
                )
            }));
        }
        let written = context
            .statements()
            .map(|(site, statement)| (context.owner(site), statement));
        // What a tool writes is granted too.
        let generated = context.owners().flat_map(|(_, owner)| {
            let policies = owner.generated.iter().filter(|policy| policy.kind.grants());
            let statements = policies.flat_map(|generated| &generated.policy.statements);
            statements.map(|statement| (Some(owner.label.as_str()), statement))
        });
        let all: Vec<_> = written.chain(generated).collect();
        let denied = |owner: Option<&str>, action: &Action, resource: &Pattern| {
            all.iter().any(|(of, statement)| {
                *of == owner
                    && statement.denies()
                    && statement.condition.is_missing()
                    && takes_in(statement, *action).certain()
                    && statement
                        .resources()
                        .iter()
                        .flat_map(|item| context.patterns(item))
                        .any(|pattern| pattern.covers(resource))
            })
        };
        let granting = all
            .iter()
            .filter(|(_, statement)| statement.allows() && !is_effect_refused(&context, statement));
        for (owner, statement) in granting {
            let owner = *owner;
            let Known::Is(actions) = &statement.action else {
                continue;
            };
            let resources: Vec<&Pattern> = statement
                .resources()
                .iter()
                // A name in an ARN's place grants nothing.
                .filter(|item| !crate::resources::own_arn::is_name(&context, item))
                .flat_map(|item| context.patterns(item))
                .filter(|pattern| {
                    let shown = pattern.display();
                    let mut names = shown.split("${").skip(1);
                    !names.any(|name| misspelt(name.split('}').next().unwrap_or(name)).is_some())
                })
                .filter(|pattern| {
                    leastwise_policy::check(pattern)
                        .iter()
                        .all(|problem| !problem.sure && problem.kind != ArnProblemKind::KindCase)
                })
                .collect();
            for item in &actions.items {
                let Some(pattern) = &item.action else {
                    continue;
                };
                // A pattern that stands for nothing grants nothing.
                for action in pattern.expand() {
                    for resource in &resources {
                        if action_fits_pattern(action, resource).possible()
                            && !denied(owner, &action, resource)
                        {
                            grants.insert((
                                owner.unwrap_or("").to_owned(),
                                action.full_name(),
                                resource.display(),
                            ));
                        }
                    }
                }
            }
        }
        grants
    }
}

/// Whether AWS refuses a statement for the case of its `Allow`.
fn is_effect_refused(context: &Context<'_>, statement: &Statement) -> bool {
    let named = |name: &str| name.eq_ignore_ascii_case("Effect");
    let mut elements = statement.elements.iter().filter(|of| named(&of.name));
    elements.any(|of| {
        let text = context.tree.text(context.tree.resolved(of.value));
        text.is_some_and(|text| text != "Allow" && text.eq_ignore_ascii_case("Allow"))
    })
}

/// Runs a rule over a fixture and compares what it finds with the marks: a line of `^` (with `#` or `//` or nothing
/// before it) marks the text above it. Returns the findings' messages in order.
#[track_caller]
pub fn check(rule: &Rule, marked: &str, config: &str) -> Vec<String> {
    let (text, marks) = unmark(marked);
    let fixture = Fixture::new(&text, config);
    let findings = fixture.findings(rule);
    let show = |span: Span| {
        let line = text[..span.start as usize].matches('\n').count() + 1;
        format!("{line}: {}", &text[span.range()])
    };
    let found: Vec<_> = findings.iter().map(|finding| show(finding.span)).collect();
    let wanted: Vec<_> = marks.iter().map(|span| show(*span)).collect();
    assert_eq!(found, wanted, "{findings:#?}");
    findings
        .into_iter()
        .map(|finding| finding.message)
        .collect()
}

/// Takes the lines of `^` out of a text.
fn unmark(marked: &str) -> (String, Vec<Span>) {
    let mut text = String::new();
    let mut marks = Vec::new();
    let mut previous = 0;
    for line in marked.split_inclusive('\n') {
        let bare = line.trim().trim_start_matches(['#', '/']).trim();
        if !bare.is_empty() && bare.bytes().all(|b| matches!(b, b'^' | b' ')) {
            for (at, _) in line
                .match_indices('^')
                .filter(|(at, _)| !line[..*at].ends_with('^'))
            {
                let length = line[at..].bytes().take_while(|b| *b == b'^').count();
                let start = previous + at;
                marks.push(Span::new(start as u32, (start + length) as u32));
            }
            continue;
        }
        previous = text.len();
        text.push_str(line);
    }
    (text, marks)
}

/// Applies the rule's fixes in rounds, as [`crate::apply_fixes`] does, until none is left; asserts on the way that the text
/// stays readable, that each round makes findings go away and that exactly the announced permissions come and go.
/// Returns the text.
#[track_caller]
pub fn fixed_text(rule: &Rule, text: &str, config: &str) -> String {
    mend_beside(rule, text, config, None)
}

/// [`fixed_text`] with another file beside the one that is mended.
#[track_caller]
pub fn mend_beside(rule: &Rule, text: &str, config: &str, other: Option<&str>) -> String {
    let mut text = text.to_owned();
    for _ in 0..32 {
        let fixture = Fixture::beside(&text, config, other);
        let count = fixture.findings(rule).len();
        let offered = fixture.fixes(rule);
        let (edits, round) = round(&fixture.context(), &|finding, _| finding.rule.id == rule.id);
        assert_eq!(
            offered.is_empty(),
            round.is_empty(),
            "offered: {offered:#?}"
        );
        if round.is_empty() {
            return text;
        }
        let after = write::apply(&text, &edits);
        let mended = Fixture::beside(&after, config, other);
        let all = combined(round.into_iter().map(|applied| applied.fix));
        assert!(
            mended.tree.problems().len() <= fixture.tree.problems().len(),
            "`{}` breaks the file:\n{after}",
            all.title
        );
        assert!(
            mended.findings(rule).len() < count,
            "`{}` does not mend its finding:\n{after}",
            all.title
        );
        announced(&fixture, &mended, &all);
        text = after;
    }
    panic!("no end of fixes:\n{text}");
}

/// What several fixes do, as if they were one.
fn combined(fixes: impl Iterator<Item = ResolvedFix>) -> ResolvedFix {
    fixes
        .reduce(|mut all, fix| {
            all.title = format!("{}`, `{}", all.title, fix.title);
            all.adds.extend(fix.adds);
            all.removes.extend(fix.removes);
            all
        })
        .expect("a fix")
}

/// Asserts that the permissions that come and go by a fix are those it announces.
#[track_caller]
fn announced(before: &Fixture, after: &Fixture, fix: &ResolvedFix) {
    if let Err(fault) = announces(before, after, fix) {
        panic!("`{}` {fault}", fix.title);
    }
}

/// Whether the permissions that come and go by a fix are those it announces.
pub fn announces(before: &Fixture, after: &Fixture, fix: &ResolvedFix) -> Result<(), String> {
    let actions = |left: &Fixture, right: &Fixture| -> BTreeSet<String> {
        left.grants()
            .difference(&right.grants())
            .map(|(_, action, _)| action.clone())
            .collect()
    };
    let said = |list: &[String]| -> BTreeSet<String> {
        // What a condition leaves isn't seen in `grants`.
        let seen = list.iter().filter(|text| !text.contains(" where "));
        seen.filter_map(|text| text.split(' ').next())
            .flat_map(|text| ActionPattern::parse(text).expand())
            .map(|action| action.full_name())
            .collect()
    };
    let all = |fixture: &Fixture| -> BTreeSet<String> {
        fixture
            .grants()
            .into_iter()
            .map(|(_, action, _)| action)
            .collect()
    };
    let gained: BTreeSet<_> = all(after).difference(&all(before)).cloned().collect();
    let lost = actions(before, after);
    let (adds, removes) = (said(&fix.adds), said(&fix.removes));
    if gained != adds {
        return Err(format!("adds {gained:?}, and says {adds:?}"));
    }
    if lost != removes {
        return Err(format!("removes {lost:?}, and says {removes:?}"));
    }
    Ok(())
}
