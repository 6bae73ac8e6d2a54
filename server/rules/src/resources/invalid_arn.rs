//! Finds ARNs that match no resource: one of their segments is wrong, or they aren't ARNs at all.
//!
//! AWS accepts most of them, and the statement then matches nothing: access that somebody relies on is missing, or a
//! `Deny` denies nothing.
//!
//! For most resources of a template `Ref` returns their name, ID or URL, which AWS rejects where an ARN is expected,
//! also with a path after it (`!Sub '${Table}/index/*'`). The fix uses the attribute that is the ARN (`!GetAtt
//! Db.DBInstanceArn`), or else an ARN with the name in it.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:asw:s3:::shop-data/*
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": "s3:GetObject",
//!       "Resource": "arn:aws:s3::111111111111:shop-data/*"
//!     }
//!   ]
//! }
//! ```
//!
//! ```yaml
//! Resources:
//!   App:
//!     Type: AWS::IAM::Role
//!   Deploy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: iam:PassRole
//!             Resource: !Ref App
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//! ```
//!
//! ```json
//! {
//!   "Version": "2012-10-17",
//!   "Statement": [
//!     {
//!       "Effect": "Allow",
//!       "Action": "s3:GetObject",
//!       "Resource": "arn:aws:s3:::shop-data/*"
//!     }
//!   ]
//! }
//! ```
//!
//! ```yaml
//! Resources:
//!   App:
//!     Type: AWS::IAM::Role
//!   Deploy:
//!     Type: AWS::IAM::ManagedPolicy
//!     Properties:
//!       PolicyDocument:
//!         Version: '2012-10-17'
//!         Statement:
//!           - Effect: Allow
//!             Action: iam:PassRole
//!             Resource: !GetAtt App.Arn
//! ```

use std::ops::Range;

use leastwise_catalog::{Action, ValueType, catalog};
use leastwise_model::resolved::Resolved;
use leastwise_model::{Item, Known, Level, Site, SiteKind, Statement, mark};
use leastwise_policy::condition::{Family, Operator};
use leastwise_policy::regions;
use leastwise_policy::resource::action_fits_pattern;
use leastwise_policy::{ArnProblem, ArnProblemKind, Pattern, SegmentKind, Tri};
use leastwise_syntax::{NodeId, Span, View};

use super::own_arn::{self, ListSiblings, ReferredItem};
use crate::conditions::effect::Comes;
use crate::limits::ARN_LENGTH;
use crate::support::naming;
use crate::{
    CommonCause, Context, Fact, Facts, Finding, FixKind, Group, Judges, LazyFix, Rule, Scope,
};
pub(crate) use consequence::granted;
use consequence::{Refused, Use, Used};
use problem::{help, message, problems, replaced, replacement};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "invalid-arn",
    group: Group::Resources,
    level: Level::Error,
    since: "0.1.0",
    summary: "An ARN that names nothing",
    fix: FixKind::Unsafe,
    judges: Judges::Place,
    equivalents: &[
        ("access-analyzer", "INVALID_ARN_ACCOUNT"),
        ("access-analyzer", "INVALID_ARN_PREFIX"),
        ("access-analyzer", "INVALID_ARN_REGION"),
        ("access-analyzer", "INVALID_ARN_SERVICE_CASE"),
        ("access-analyzer", "INVALID_PARTITION"),
        ("access-analyzer", "INVALID_SERVICE"),
        ("access-analyzer", "MISSING_ARN_FIELD"),
        ("access-analyzer", "MISSING_ARN_REGION"),
        ("access-analyzer", "MISSING_ARN_ACCOUNT"),
        ("access-analyzer", "ARN_ACCOUNT_NOT_ALLOWED"),
        ("access-analyzer", "ARN_REGION_NOT_ALLOWED"),
        ("parliament", "INVALID_ARN"),
        ("cfn-lint", "E3510"),
        ("cfn-lint", "W1031"),
        ("iam-policy-validator", "resource_validation"),
    ],
    scope: &[Scope::Statement(find)],
};

/// A text that names nothing where an ARN is due.
struct Invalid {
    at: Span,
    what: What,
    text_fix: TextFix,
    kind: SiteKind,
    owner: Option<String>,
}

enum What {
    /// Something is wrong in it.
    Problem {
        problem: ArnProblem,
        place: Place,
        /// Whether the statement denies.
        denies: bool,
        /// Whether the statement is about all but this.
        left_out: bool,
        /// The slip, and what it is one fault in.
        slip: Option<Pattern>,
        within: Span,
    },
    /// What it stands for is no ARN.
    MadeUp { text: Pattern, problem: ArnProblem },
    /// An attribute that there isn't.
    NoAttribute { of: String, attribute: String },
    /// A name, an id or a URL of something, or what begins with one.
    NoArn {
        gives: &'static str,
        of: String,
        begins: bool,
    },
}

/// What to do about it.
enum TextFix {
    /// What the problem says.
    None,
    /// Naming an ARN, but it isn't known which one: of this form, if of any.
    SomeArn(Option<&'static str>),
    /// Naming the ARN of what the actions work on.
    OtherArn,
    /// Removing it from its list, where what it stands for is named beside it, already or once that is mended.
    Remove {
        list: NodeId,
        item: NodeId,
        already: bool,
        after: Vec<Pattern>,
        used: Used,
    },
    /// Writing the ARN of what is referred to, which comes to these.
    OwnArn {
        arn: own_arn::ArnFix,
        /// What belongs to it, which other actions work on, with the list that it is put into.
        more: Option<(own_arn::ArnFix, NodeId)>,
        after: Vec<Pattern>,
        /// Those that come to be named by it.
        gained: Vec<Pattern>,
        used: Used,
    },
    /// Putting a text in the place of the slip, which is surely meant or perhaps; what the ARN is then.
    Text {
        part: (NodeId, Range<usize>),
        title: String,
        text: String,
        plain: bool,
        after: Pattern,
        used: Used,
    },
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    let mut judge = |own: Option<&Statement>, items: &[Item], place: Place, used: Used| {
        let beside = ListSiblings::new(context, items);
        for item in items {
            let at = At {
                context,
                site,
                statement: own,
                item,
                beside: &beside,
                place,
                used: &used,
            };
            facts.extend(at.judged());
        }
    };
    let used = |comes: Use| Used {
        statement: statement.node,
        by: comes,
        refused: Refused::No,
    };
    for (list, by) in [
        (&statement.resource, Use::Named),
        (&statement.not_resource, Use::LeftOut(statement.denies())),
    ] {
        let items = list.known().map_or(&[][..], |list| &list.items);
        judge(Some(statement), items, Place::Resource, used(by));
    }
    for (principals, by) in [
        (&statement.principal, Use::Principal),
        (&statement.not_principal, Use::Spared(statement.denies())),
    ] {
        let Known::Is(principals) = principals else {
            continue;
        };
        for (kind, place) in [("AWS", Place::Principal), ("Federated", Place::Provider)] {
            judge(None, principals.values(kind), place, used(by.clone()));
        }
    }
    for test in crate::conditions::tests(statement) {
        let operator = Operator::parse(&test.operator).ok();
        let (Some(operator), Some(key)) = (operator, &test.key) else {
            continue;
        };
        let wanted = match operator.base.family {
            Family::Arn => true,
            Family::String => catalog()
                .condition_key(key)
                .is_some_and(|key| key.value_type() == ValueType::Arn),
            _ => false,
        };
        if !wanted {
            continue;
        }
        let items = test.values.known().map_or(&[][..], |list| &list.items);
        let comes = Comes::of(statement, Some(operator.base.negated));
        let negated = operator.base.negated;
        let by = Use::Test(key.clone(), operator, comes);
        judge(None, items, Place::Condition { negated }, used(by));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Resource,
    Principal,
    /// An identity provider.
    Provider,
    /// A value of a test; whether that holds for whatever isn't like it.
    Condition {
        negated: bool,
    },
}

/// An item where an ARN is due.
struct At<'a> {
    context: &'a Context<'a>,
    site: &'a Site,
    /// The statement, where it is its resource.
    statement: Option<&'a Statement>,
    item: &'a Item,
    /// What stands in the same element.
    beside: &'a ListSiblings<'a>,
    place: Place,
    used: &'a Used,
}

impl At<'_> {
    fn judged(&self) -> Vec<Invalid> {
        let At {
            context,
            item,
            place,
            ..
        } = *self;
        let mut found: Vec<Invalid> = Vec::new();
        let referred = own_arn::referred(context, item).filter(|of| match place {
            Place::Resource => true,
            Place::Principal => of.is_caller && !of.arn.has_path(),
            Place::Provider | Place::Condition { .. } => false,
        });
        // A principal may be called by what is none.
        let by_name = place == Place::Principal && referred.is_some();
        let values: Vec<_> = context.sure(item).map(|(_, value)| value).collect();
        let distinct = naming::distinct_but_for_account(values.iter().map(|value| &value.pattern));
        for value in values.iter().filter(|_| !by_name).filter(|value| {
            distinct
                .iter()
                .any(|pattern| std::ptr::eq(*pattern, &value.pattern))
        }) {
            for problem in problems(context, &value.pattern, self.site, place) {
                let written = item.text.literal(context.tree);
                if matches!(problem.kind, ArnProblemKind::NotArn(_))
                    && written.is_some_and(mark::is_word_in_capitals)
                {
                    // Somebody puts an ARN there.
                    continue;
                }
                let at = value
                    .span_of(context.tree, problem.range.clone())
                    .unwrap_or_else(|| context.item_span(item));
                if found.iter().all(|other| other.at != at) {
                    found.push(self.problem(at, value, problem, referred.as_ref()));
                }
            }
        }
        if found.is_empty() {
            found.extend(self.misplaced(referred.as_ref()));
        }
        found
    }

    fn problem(
        &self,
        at: Span,
        value: &Resolved,
        problem: ArnProblem,
        referred: Option<&ReferredItem>,
    ) -> Invalid {
        let made_up = self.item.text.literal(self.context.tree).is_none()
            && self.place == Place::Resource
            && matches!(problem.kind, ArnProblemKind::NotArn(_));
        let by_attribute = || own_arn::by_id(self.context, self.item).map(|(_, arn)| arn);
        let meant = || referred.map(|of| of.arn.clone()).or_else(by_attribute);
        let meant = made_up.then(meant).flatten();
        let text_fix = match meant.map(|arn| self.own_arn(&arn, None)) {
            Some(text_fix) if !matches!(text_fix, TextFix::SomeArn(_)) => text_fix,
            _ => self.replaced(value, &problem),
        };
        let what = match made_up {
            true => What::MadeUp {
                text: value.pattern.clone(),
                problem,
            },
            false => What::Problem {
                place: self.place,
                denies: self.statement.is_some_and(Statement::denies),
                left_out: self.statement.is_some_and(|of| of.resource.is_missing()),
                slip: (problem.range.len() <= ARN_LENGTH)
                    .then(|| value.pattern.slice(problem.range.clone())),
                within: match self.statement {
                    Some(statement) => self.context.span(statement.node),
                    None => self.site.span(self.context.tree),
                },
                problem,
            },
        };
        self.invalid(at, what, text_fix)
    }

    fn invalid(&self, at: Span, what: What, text_fix: TextFix) -> Invalid {
        Invalid {
            at,
            what,
            text_fix,
            kind: self.site.kind,
            owner: self.context.owner(self.site).map(str::to_owned),
        }
    }

    /// What the item is there for, in a policy that AWS takes without it, or doesn't.
    fn used(&self, refused: Refused) -> Used {
        Used {
            refused,
            ..self.used.clone()
        }
    }

    /// With another text in the place of the slip, where that stands in the file as it is.
    fn replaced(&self, value: &Resolved, problem: &ArnProblem) -> TextFix {
        let part = value.pieces.iter().find_map(|piece| {
            let inside =
                piece.raw.start <= problem.range.start && problem.range.end <= piece.raw.end;
            let (node, at) = piece.literal.filter(|_| inside)?;
            let own = value.pattern.slice(piece.raw.clone());
            let offset = |raw: usize| at + own.display_offset(raw - piece.raw.start);
            Some((node, offset(problem.range.start)..offset(problem.range.end)))
        });
        let (Some(part), Some((title, text))) = (part, replacement(problem)) else {
            return TextFix::None;
        };
        let slip = value.pattern.slice(problem.range.clone()).display();
        let after = replaced(&value.pattern, &problem.range, &text);
        let used = self.used(Refused::of(problem, &value.pattern));
        let plain = problem.segment != SegmentKind::Region
            || problem.suggestion.is_none()
            || regions::is_only_region_near(&slip, &text);
        TextFix::Text {
            part,
            plain,
            after,
            title,
            text,
            used,
        }
    }

    /// With the ARN of what is referred to, or of what belongs to it where the actions work on that.
    fn own_arn(&self, arn: &own_arn::ReferredArn, form: Option<&'static str>) -> TextFix {
        let (context, item) = (self.context, self.item);
        // An API is called by another ARN than it is managed by, and objects are in a bucket: what works on none of these
        // has something else in mind.
        let works = |after: &[Pattern]| {
            let statement = self.statement;
            statement.is_none_or(|of| works_on_one(context, of, after))
        };
        let named = |after: Vec<Pattern>, arn: own_arn::ArnFix| {
            // What is no ARN has AWS refuse the policy.
            let used = self.used(Refused::Surely);
            let already = self.beside.says(item, &after);
            if already || !self.beside.is_first(item, &after) {
                return TextFix::Remove {
                    list: item.list,
                    item: item.node,
                    already,
                    after,
                    used,
                };
            }
            TextFix::OwnArn {
                arn,
                more: None,
                gained: after.clone(),
                after,
                used,
            }
        };
        let own = arn.own().map(|own| (own.arns(context, item), own));
        let has_own = own.is_some();
        let others = || -> Vec<_> {
            let others = arn.inside(context).into_iter();
            others
                .map(|other| (other.arns(context, item), other))
                .filter(|(after, _)| !after.is_empty() && works(after))
                .collect()
        };
        let statement = self.statement;
        let is_below = statement.is_some_and(|of| all_work_below(context, of));
        let mut below = if is_below { others() } else { Vec::new() };
        if let (Some((after, arn)), true) = (below.pop(), below.is_empty()) {
            return named(after, arn);
        }
        if let Some((own, arn)) = own.filter(|(after, _)| after.is_empty() || works(after)) {
            let needed = self.needed_beside(&own, others);
            let mut text_fix = named(own, arn);
            let named = (&mut text_fix, needed);
            if let (TextFix::OwnArn { more, gained, .. }, Some((all, other))) = named {
                gained.extend(all);
                *more = Some((other, item.list));
            }
            return text_fix;
        }
        let mut others = others();
        match (others.pop(), others.is_empty()) {
            (Some((after, arn)), true) => named(after, arn),
            (None, _) if !has_own => TextFix::SomeArn(form),
            _ => TextFix::OtherArn,
        }
    }

    /// What belongs to what is named by these ARNs, where some entries of `Action` are for that alone, and no other one would gain
    /// by it.
    fn needed_beside(
        &self,
        own: &[Pattern],
        others: impl FnOnce() -> Vec<(Vec<Pattern>, own_arn::ArnFix)>,
    ) -> Option<(Vec<Pattern>, own_arn::ArnFix)> {
        let (context, item) = (self.context, self.item);
        let statement = self.statement.filter(|_| !own.is_empty())?;
        let actions = statement.action.known().filter(|list| !list.dynamic)?;
        let holder = context.tree.parent(item.node);
        let is_value = holder.is_some_and(|of| matches!(context.tree.view(of), View::Mapping(_)));
        let is_alone = item.node == item.list && is_value;
        let is_item = holder == Some(item.list);
        if !matches!(self.used.by, Use::Named) || actions.items.len() < 2 || !(is_item || is_alone)
        {
            return None;
        }
        let mut others = others();
        let (all, other) = others.pop().filter(|(_, other)| !other.open)?;
        if !others.is_empty() || self.beside.says(item, &all) {
            return None;
        }
        let works_on = |action: Action, arns: &[Pattern]| {
            let mut arns = arns.iter();
            arns.any(|arn| action_fits_pattern(action, arn) != Tri::No)
        };
        let is_for_it = |action: &Action| {
            action.works_below() || works_on(*action, &all) && !works_on(*action, own)
        };
        let mut is_needed = false;
        for entry in &actions.items {
            let expanded = context.expand(entry);
            let count = expanded.iter().filter(|action| is_for_it(action)).count();
            if expanded.is_empty() || count > 0 && count < expanded.len() {
                return None;
            }
            is_needed |= count > 0;
        }
        is_needed.then_some((all, other))
    }

    /// Of a reference that gives a name, an id or a URL where an ARN is due, or an attribute that there isn't.
    fn misplaced(&self, referred: Option<&ReferredItem>) -> Option<Invalid> {
        let (context, item) = (self.context, self.item);
        context.sure(item).next()?;
        let mut form = referred.and_then(|of| of.form);
        let (what, arn) = match (own_arn::misnamed(context, item), referred) {
            (Some(misnamed), _) => {
                form = misnamed.form;
                let (of, attribute) = (misnamed.type_name, misnamed.attribute);
                (What::NoAttribute { of, attribute }, misnamed.arn)
            }
            (None, Some(referred)) if matches!(self.place, Place::Resource | Place::Principal) => {
                (no_arn(referred.gives?, &referred.arn), referred.arn.clone())
            }
            _ if self.place == Place::Resource => {
                let (gives, arn) = own_arn::by_id(context, item)?;
                (no_arn(gives, &arn), arn)
            }
            _ => return None,
        };
        let mut text_fix = self.own_arn(&arn, form);
        // As far as it is worked out, an attribute that there isn't gives the ARN that is meant.
        if let (What::NoAttribute { .. }, TextFix::OwnArn { gained, .. }) = (&what, &mut text_fix)
            && !matches!(self.used.by, Use::LeftOut(_))
        {
            let before = context.patterns(item);
            gained.retain(|arn| !before.contains(&arn));
        }
        Some(self.invalid(context.item_span(item), what, text_fix))
    }
}

fn no_arn(gives: &'static str, arn: &own_arn::ReferredArn) -> What {
    What::NoArn {
        gives,
        of: arn.of.clone(),
        begins: arn.has_path(),
    }
}

impl Fact for Invalid {
    fn finding(&self, context: &Context<'_>) -> Finding {
        let say =
            |message: String| Finding::new(&RULE, self.at, message).owner(self.owner.as_deref());
        let level = |problem: &ArnProblem| match problem.sure {
            true => Level::Error,
            false => Level::Warning,
        };
        let finding = match &self.what {
            What::Problem {
                problem,
                place,
                denies,
                left_out,
                slip,
                within,
            } => {
                let message = message(problem, *denies, *left_out, *place);
                // The same slip at several places of a statement is one fault.
                let same = slip.as_ref().map(|slip| CommonCause {
                    within: *within,
                    key: format!("{message} {slip}"),
                    name: format!("`{slip}`"),
                    // Those of one name are told in the words of the first.
                    several: String::new(),
                    help: String::new(),
                    details: Vec::new(),
                    intro: "",
                });
                let finding = say(message).level(level(problem)).help(help(problem));
                match same {
                    Some(same) => finding.same(same),
                    None => finding,
                }
            }
            What::MadeUp { text, problem } => say(format!(
                "This resolves to `{text}`, which isn't an ARN: AWS rejects the policy."
            ))
            .level(level(problem))
            .help(help(problem)),
            What::NoAttribute { of, attribute } => say(format!(
                "`{of}` has no attribute `{attribute}`: {}.",
                context.analysis.dialect.tool().rejects()
            )),
            What::NoArn { gives, of, begins } => {
                let is = if *begins { "begins with" } else { "is" };
                say(format!(
                    "This {is} the {gives} of `{of}`, not its ARN: AWS rejects the policy."
                ))
            }
        };
        match self.text_fix.help() {
            Some(help) => finding.help(help),
            None => finding,
        }
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        self.text_fix.fix(context, self.kind).into_iter().collect()
    }
}

/// Whether all actions of a statement surely work on what is below a resource, whatever else AWS's table says.
fn all_work_below(context: &Context<'_>, statement: &Statement) -> bool {
    let actions = statement.actions();
    let works_below = |item: &Item| {
        let actions = context.expand(item);
        !actions.is_empty() && actions.iter().all(|action| action.works_below())
    };
    !actions.is_empty() && actions.iter().all(works_below)
}

/// Whether some action of a statement may work on one of several ARNs.
fn works_on_one(context: &Context<'_>, statement: &Statement, arns: &[Pattern]) -> bool {
    let actions = statement.actions().iter();
    let mut actions = actions.flat_map(|item| context.expand(item));
    let open = !matches!(statement.action, Known::Is(_));
    let fits = |action: &Action| {
        let mut arns = arns.iter();
        arns.any(|arn| action_fits_pattern(*action, arn) != Tri::No)
    };
    open || actions.any(fits)
}

mod consequence;
mod cure;
mod problem;
#[cfg(test)]
mod tests;
