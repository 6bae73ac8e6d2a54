//! One row in one dialect.

use std::collections::BTreeSet;

use leastwise_model::{Known, List, Principals};
use leastwise_policy::resource::action_fits_pattern;
use leastwise_policy::{ActionPattern, Pattern};
use leastwise_syntax::{Format, Span, write};

use super::dialect::{Dialect, Written};
use super::frames;
use super::notation::unmark;
use super::row::{Except, Row, RowFix, RowPolicy};
use super::words::LITERAL;
use crate::tests::fixture::{Fixture, Found, announces, with_fixes};
use crate::{Safety, check, for_fixes};

pub const CONFIG: &str = r#"
[app]
prefix = "shop"
variables = ["AppId"]

[accounts]
dev = "111111111111"

[deploy]
regions = ["eu-west-1"]
roles = ["*deployer*", "*Deployer*"]
"#;

pub struct Cell {
    pub row: &'static Row,
    pub dialect: Dialect,
    written: Vec<Written>,
}

/// The exception for a dialect.
pub fn exception(of: &'static [Except], dialect: Dialect) -> Option<&'static Except> {
    of.iter().find(|except| except.dialects.contains(&dialect))
}

/// Whether a row's rule reports the flaw in a dialect, and offers to mend it.
pub fn covered(row: &'static Row, dialect: Dialect) -> Result<bool, &'static Except> {
    match exception(row.except, dialect) {
        Some(except) => Err(except),
        None => Ok(!row.fixes.is_empty() && exception(row.unfixed, dialect).is_none()),
    }
}

impl Cell {
    pub fn new(row: &'static Row, dialect: Dialect) -> Cell {
        let mut written = frames::write(dialect, &row.policy);
        // A policy in other data belongs to nobody that is known.
        written.retain(|written| {
            !row.of_role
                || written.path != "shop-deployer.json" && written.path != "shop-deployer.yaml"
        });
        Cell {
            row,
            dialect,
            written,
        }
    }

    /// What doesn't hold.
    pub fn faults(&self) -> Vec<String> {
        let excepted = exception(self.row.except, self.dialect);
        let mut faults: Vec<String> = self
            .written
            .iter()
            .filter_map(|written| {
                let found = match excepted {
                    Some(except) => self.silent(written, except),
                    None => self.holds(written),
                };
                let at = format!("{} in {:?}, {}", self.row.rule, self.dialect, written.style);
                found.err().map(|fault| format!("{at}: {fault}"))
            })
            .collect();
        if self.written.is_empty() && excepted.is_none() {
            let text = format!(
                "{} can't be written in {:?}: say why",
                self.row.rule, self.dialect
            );
            faults.push(text);
        }
        faults
    }

    /// What the policy says in each style of the dialect, as the product reads it.
    pub fn said(&self) -> Vec<(&'static str, Vec<String>)> {
        let kind = match self.row.policy {
            RowPolicy::Trust(_) => "trust policy",
            RowPolicy::Bucket(_) => "resource policy",
            _ => "identity policy",
        };
        self.written
            .iter()
            .map(|written| {
                let (text, _) = unmark(&written.text);
                let lines = model(&self.fixture(written, &text));
                let mut own = false;
                let lines = lines.into_iter().filter(|line| {
                    let statement = line.starts_with(' ');
                    own = if statement {
                        own
                    } else {
                        line.starts_with(kind)
                    };
                    statement && own
                });
                (written.style, lines.collect())
            })
            .collect()
    }

    /// The row in each style of the dialect.
    pub fn fixtures(&self) -> Vec<Fixture> {
        let written = self.written.iter();
        let fixture = |written: &Written| self.fixture(written, &unmark(&written.text).0);
        written.map(fixture).collect()
    }

    fn fixture(&self, written: &Written, text: &str) -> Fixture {
        let format = match written.path.rsplit('.').next() {
            Some("json") => Format::Json,
            Some("tf") => Format::Hcl,
            _ => Format::Yaml,
        };
        let config = format!("{CONFIG}{}", self.row.config);
        let beside = written.beside.as_deref().or(self.row.beside);
        let beside = beside.map(|beside| (beside, written.origin));
        Fixture::at(written.path, text, format, &config, beside)
    }

    /// An exception that is no longer one is a fault.
    fn silent(&self, written: &Written, except: &Except) -> Result<(), String> {
        let (text, _) = unmark(&written.text);
        let (found, _) = self.findings(&self.fixture(written, &text));
        match found.as_slice() {
            [] => Ok(()),
            found => Err(format!("excepted ({}), but {found:?}\n{text}", except.why)),
        }
    }

    /// The rule's findings, and those of other rules: there are to be none. To find them, nothing is worked out that only fixes
    /// need.
    fn findings(&self, fixture: &Fixture) -> (Vec<Found>, Vec<Found>) {
        let context = fixture.context();
        let (findings, for_fixes) = for_fixes::counted(|| check(&context));
        assert_eq!(for_fixes, 0, "{}: {findings:?}", self.row.rule);
        with_fixes(&context, findings)
            .into_iter()
            .partition(|finding| finding.rule.id == self.row.rule)
    }

    fn holds(&self, written: &Written) -> Result<(), String> {
        let row = self.row;
        let (text, marks) = unmark(&written.text);
        let fixture = self.fixture(written, &text);
        let (findings, others) = self.findings(&fixture);
        let show = |span: Span| {
            let line = text[..span.start as usize].matches('\n').count() + 1;
            format!(
                "{line}: {} ({}..{})",
                &text[span.range()],
                span.start,
                span.end
            )
        };
        let found: Vec<_> = findings.iter().map(|finding| show(finding.span)).collect();
        let wanted: Vec<_> = marks.iter().map(|span| show(*span)).collect();
        if found != wanted {
            return Err(format!(
                "found {found:?}, not {wanted:?}\n{findings:?}\n{text}"
            ));
        }
        if found.len() != row.messages.len() {
            return Err(format!(
                "{} messages for {} marks",
                row.messages.len(),
                found.len()
            ));
        }
        for (finding, message) in findings.iter().zip(row.messages) {
            let said = |part: &str| finding.message.contains(part);
            if !message.split(" | ").any(said) {
                return Err(format!("`{}` doesn't say `{message}`", finding.message));
            }
            crate::tests::wording::check(finding)?;
        }
        if !others.is_empty() {
            return Err(format!("other findings: {others:?}\n{text}"));
        }
        let titles: Vec<(usize, &str)> = findings
            .iter()
            .enumerate()
            .flat_map(|(of, finding)| {
                finding
                    .fixes
                    .iter()
                    .map(move |fix| (of, fix.title.as_str()))
            })
            .collect();
        let offered = exception(row.unfixed, self.dialect).is_none();
        let wanted = row.fixes.iter().filter(|_| offered);
        let wanted: Vec<(usize, &str)> = wanted.map(|fix| (fix.of, fix.title)).collect();
        if titles != wanted {
            return Err(format!("fixes {titles:?}, not {wanted:?}\n{text}"));
        }
        let mut seen = vec![0; findings.len()];
        for fix in row.fixes.iter().filter(|_| offered) {
            let at = seen[fix.of];
            seen[fix.of] += 1;
            self.mends(written, &fixture, &findings[fix.of], at, fix)
                .map_err(|fault| format!("`{}` {fault}", fix.title))?;
        }
        Ok(())
    }

    /// Applies a fix as an editor would, and looks at what comes of it.
    fn mends(
        &self,
        written: &Written,
        before: &Fixture,
        finding: &Found,
        at: usize,
        fix: &RowFix,
    ) -> Result<(), String> {
        let context = before.context();
        let resolved = finding.fixes[at]
            .resolve(&context)
            .ok_or("can't be written")?;
        let source = before.tree.source();
        let text = write::apply(source, &resolved.edits);
        let after = self.fixture(written, &text);
        if after.tree.problems().len() > before.tree.problems().len()
            || after.tree.problems().iter().any(|problem| {
                before
                    .tree
                    .problems()
                    .iter()
                    .all(|other| other.kind != problem.kind)
            })
        {
            return Err(format!(
                "breaks the file: {:?}\n{text}",
                after.tree.problems()
            ));
        }
        // The same file, styled as before, with the policy as the table says.
        let wanted = frames::write(self.dialect, &self.row.policy.with(fix.after));
        let Some(wanted) = wanted.iter().find(|other| other.style == written.style) else {
            return Err("leads to what can't be written in this dialect".to_owned());
        };
        let (wanted, marks) = unmark(&wanted.text);
        let structure = |fixture: &Fixture| {
            let analysis = &fixture.analysis;
            let owners: Vec<String> = analysis
                .owners
                .iter()
                .map(|owner| owner.label.clone())
                .collect();
            let dialect = format!("{:?}", analysis.dialect);
            (dialect, analysis.sites.len(), owners)
        };
        let meant = self.fixture(written, &wanted);
        if structure(&after) != structure(&meant) || model(&after) != model(&meant) {
            return Err(format!(
                "makes\n{}\nof it, not\n{}\n{text}",
                model(&after).join("\n"),
                model(&meant).join("\n")
            ));
        }
        let restyled = exception(self.row.restyled, self.dialect).is_some();
        if restyled && text == wanted {
            return Err("is excepted for its style, and has it".to_owned());
        }
        if text != wanted && !fix.anew && !restyled {
            return Err(format!("makes\n{text}\nof it, not\n{wanted}"));
        }
        if let Some(fault) = self.outside(before, &resolved.edits) {
            return Err(format!("changes what is outside: {fault}\n{text}"));
        }
        let (left, others) = self.findings(&after);
        if left.len() != marks.len() {
            return Err(format!("leaves {left:?}\n{text}"));
        }
        if !others.is_empty() {
            return Err(format!("brings {others:?}\n{text}"));
        }
        let (was, is) = (granted(before), granted(&after));
        let gained: BTreeSet<_> = is.difference(&was).cloned().collect();
        let lost: BTreeSet<_> = was.difference(&is).cloned().collect();
        if gained != listed(fix.gains) || lost != listed(fix.loses) {
            return Err(format!("gains {gained:?} and loses {lost:?}\n{text}"));
        }
        if resolved.safety == Safety::Safe && was != is {
            return Err("is not safe".to_owned());
        }
        announces(before, &after, &resolved)
    }

    /// What an edit changes outside of the policy.
    fn outside(&self, before: &Fixture, edits: &[write::TextEdit]) -> Option<String> {
        let source = before.tree.source();
        if matches!(
            self.row.policy,
            RowPolicy::Job(_) | RowPolicy::Entries(_) | RowPolicy::Attached(_)
        ) {
            return None;
        }
        let inside = |edit: &write::TextEdit| {
            before.analysis.sites.iter().any(|site| {
                let span = site.span(&before.tree);
                // A line that is added at the end begins with the break behind it.
                let before = edit.span.end.min(span.start);
                (span.start <= edit.span.start
                    || edit.span.is_empty()
                        && source[before as usize..span.start as usize]
                            .trim()
                            .is_empty())
                    && (edit.span.end <= span.end
                        || source[span.end as usize..edit.span.end as usize]
                            .trim()
                            .is_empty())
            })
        };
        let edit = edits.iter().find(|edit| !inside(edit))?;
        Some(format!("{edit:?}"))
    }
}

/// What a file grants: action and resource.
fn granted(fixture: &Fixture) -> BTreeSet<String> {
    let granted = fixture.grants().into_iter();
    granted
        .map(|(_, action, resource)| format!("{action} on {resource}"))
        .collect()
}

/// The same of a list of the table.
fn listed(permissions: &[&str]) -> BTreeSet<String> {
    let mut listed = BTreeSet::new();
    for permission in permissions {
        let (action, resource) = permission.split_once(" on ").expect("a resource");
        let resource = LITERAL.text(resource);
        let pattern = Pattern::literal(&resource);
        for action in ActionPattern::parse(action).expand() {
            if action_fits_pattern(action, &pattern).possible() {
                listed.insert(format!("{} on {resource}", action.full_name()));
            }
        }
    }
    listed
}

/// What a file says, without how it says it: a line for each policy and each of its statements.
fn model(fixture: &Fixture) -> Vec<String> {
    let context = fixture.context();
    let mut lines = Vec::new();
    let list = |list: &Known<List>| match list {
        Known::Missing => String::new(),
        Known::Dynamic(_) => "?".to_owned(),
        Known::Is(list) => {
            let item = |item| {
                let patterns: Vec<_> = context
                    .patterns(item)
                    .iter()
                    .map(|of| of.display())
                    .collect();
                patterns.join("|")
            };
            let items: Vec<String> = list.items.iter().map(item).collect();
            format!("{items:?}{}", if list.dynamic { "?" } else { "" })
        }
    };
    let principals = |of: &Known<Principals>| match of {
        Known::Is(principals) => {
            let kinds: Vec<String> = principals
                .kinds
                .iter()
                .map(|kind| format!("{}={}", kind.name, list(&kind.values)))
                .collect();
            format!("{kinds:?}{}", if principals.star { "*" } else { "" })
        }
        Known::Missing => String::new(),
        Known::Dynamic(_) => "?".to_owned(),
    };
    for site in context.sites() {
        let policy = context.policy(site);
        let version = match &policy.version {
            Known::Is(text) => text.literal(&fixture.tree).unwrap_or("?"),
            Known::Missing => "none",
            Known::Dynamic(_) => "of the tool",
        };
        lines.push(format!("{} version {version}", site.kind.name()));
        for statement in &policy.statements {
            let mut names: Vec<_> = statement
                .elements
                .iter()
                .map(|of| of.name.as_str())
                .collect();
            names.sort_unstable();
            let conditions: Vec<String> = crate::conditions::tests(statement)
                .iter()
                .map(|test| format!("{} {:?} {}", test.operator, test.key, list(&test.values)))
                .collect();
            lines.push(format!(
                "  {names:?} {:?} {:?} action {}, not {}, resource {}, not {}, principal {}, not {}, if {conditions:?}",
                statement.sid_text(&fixture.tree),
                statement.effect.known(),
                list(&statement.action),
                list(&statement.not_action),
                list(&statement.resource),
                list(&statement.not_resource),
                principals(&statement.principal),
                principals(&statement.not_principal),
            ));
        }
    }
    lines
}
