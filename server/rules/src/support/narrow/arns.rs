//! How the ARNs of the app's own resources are written in a file: with its variables, and one for all environments.

use std::collections::BTreeSet;

use leastwise_catalog::ResourceType;
use leastwise_dialects::facts::TargetVariables;
use leastwise_dialects::scope::NameKind;
use leastwise_model::{Environment, Spelling};
use leastwise_policy::Pattern;
use leastwise_syntax::write::NewValue;
use leastwise_syntax::{Format, NodeId};

use crate::limits::WRITTEN_ARNS;
use crate::merge::listed;
use crate::support::answers::Answers;
use crate::support::naming::{self, Target};
use crate::{Context, for_fixes, work};

/// ARNs of the app's resources.
#[derive(Clone)]
pub(crate) struct Narrowed {
    /// As they are written in this file.
    pub values: Vec<NewValue>,
    /// As they are shown in sentences.
    pub shown: Vec<String>,
    /// What has to be said of them.
    pub notes: Vec<String>,
}

/// What is written where the environments are in several accounts or regions, and the file has no variable for them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Accounts {
    /// One ARN for all, with `*` for what differs, and for the account of a module that doesn't ask for it.
    Together,
    /// One for each.
    Each,
}

/// The ARNs of the app's resources of these types: by the template's variables in a template, by the module's own
/// references in Terraform, by literal account and region in any other file and in a string that CloudFormation takes as
/// it is. `None` without a prefix in the config, where no type is named by the app, and where it would take very many.
/// `at` is the statement that they are for.
pub(crate) fn arns(
    context: &Context<'_>,
    types: &[ResourceType],
    at: NodeId,
    accounts: Accounts,
) -> Option<Narrowed> {
    if !types.iter().any(|of| naming::is_named(*of)) {
        return None;
    }
    let formats: Vec<&'static str> = types.iter().flat_map(|of| of.arns()).collect();
    of_formats(context, &formats, at, accounts)
}

/// As [`arns`], of formats of the catalog, none of which need be named by the app.
pub(crate) fn of_formats(
    context: &Context<'_>,
    formats: &[&'static str],
    at: NodeId,
    accounts: Accounts,
) -> Option<Narrowed> {
    let prefix = context.config().prefix.as_deref()?;
    written(context, (formats, prefix), at, accounts)
}

/// As [`of_formats`]; without a prefix in the config, those of all of the kind, which is said.
pub(crate) fn of_any(
    context: &Context<'_>,
    formats: &[&'static str],
    at: NodeId,
    accounts: Accounts,
) -> Option<Narrowed> {
    if let Some(prefix) = context.config().prefix.as_deref() {
        return written(context, (formats, prefix), at, accounts);
    }
    let mut narrowed = written(context, (formats, ""), at, accounts)?;
    let mut kinds: Vec<String> = Vec::new();
    for format in formats.iter().filter(|of| naming::is_named_format(of)) {
        let kind = format!("`{}`", naming::kind_of(format));
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if !kinds.is_empty() {
        narrowed.notes.push(format!(
            "any {}, since the config has no app prefix",
            listed(&kinds)
        ));
    }
    Some(narrowed)
}

/// The ARNs that were written in a file: they hang on the statement only in how texts are written there, and by what it has
/// for the partition.
#[derive(Default)]
struct Written(Answers<Question, Option<Narrowed>>);

/// Formats and prefix, how texts are written, what the statement has for the partition, and for which accounts.
type Question = (
    Vec<&'static str>,
    String,
    (Option<bool>, Option<String>),
    Accounts,
);

fn written(
    context: &Context<'_>,
    (formats, prefix): (&[&'static str], &str),
    at: NodeId,
    accounts: Accounts,
) -> Option<Narrowed> {
    let partition = written_partition(context, at);
    let place = (context.tree.substituted(at), partition.map(str::to_owned));
    let question = (formats.to_vec(), prefix.to_owned(), place, accounts);
    let known = context.analysis.cache.get::<Written>();
    known.0.get(context, question, || {
        let style = Style::of(context, at);
        write(context, (formats, prefix), (style, partition), accounts)
    })
}

fn write<'a>(
    context: &Context<'a>,
    (formats, prefix): (&[&'static str], &str),
    (style, partition): (Style<'a>, Option<&'a str>),
    accounts: Accounts,
) -> Option<Narrowed> {
    work::did(formats.len());
    let mut texts: Vec<String> = Vec::new();
    let mut open = Open::default();
    for format in formats {
        match &style {
            Style::Template { own } => {
                texts.extend(by_variables(context, format, prefix, *own));
            }
            Style::Literal(spelling) => {
                let targets = targets(&context.analysis.environments, accounts);
                for target in &targets {
                    let target = &match spelling {
                        Some(_) if accounts == Accounts::Together => of_module(context, target),
                        Some(_) => target.clone(),
                        None => Where {
                            partition: partition.or(target.partition),
                            ..target.clone()
                        },
                    };
                    texts.extend(spelled(
                        context,
                        (format, prefix),
                        target,
                        *spelling,
                        &mut open,
                    ));
                    if texts.len() > 4 * WRITTEN_ARNS {
                        return None;
                    }
                }
            }
        }
    }
    let shown = distinct(texts);
    if shown.len() > WRITTEN_ARNS {
        return None;
    }
    let interpolates = context.tree.format() == Format::Hcl;
    let substitutes = matches!(style, Style::Template { own: None });
    let notation = context.analysis.dialect.notation();
    let value = |text: &String| match substitutes && notation.leaves_variables(text)
        || interpolates && text.contains("${")
    {
        true => NewValue::Sub(text.clone()),
        false => NewValue::Str(text.clone()),
    };
    Some(Narrowed {
        values: shown.iter().map(value).collect(),
        shown,
        notes: open
            .note(matches!(style, Style::Literal(Some(_))))
            .into_iter()
            .chain(made_up(formats))
            .collect(),
    })
}

/// In what one ARN for each environment is something else than one for all: "account" or, where these are the same, "region".
pub(crate) fn differ(
    context: &Context<'_>,
    formats: &[&'static str],
    at: NodeId,
) -> Option<&'static str> {
    for_fixes::did();
    let shown = |accounts| of_formats(context, formats, at, accounts).map(|it| it.shown);
    let (one, each) = (shown(Accounts::Together)?, shown(Accounts::Each)?);
    let accounts = |arns: &[String]| {
        let accounts = arns.iter().filter_map(|arn| arn.split(':').nth(4));
        accounts.map(str::to_owned).collect::<BTreeSet<String>>()
    };
    (one != each).then(|| match accounts(&one) == accounts(&each) {
        true => "region",
        false => "account",
    })
}

/// What variables a file has for where it is deployed.
enum Style<'a> {
    /// Those of CloudFormation, or the tool's own, which need no `Fn::Sub`.
    Template { own: Option<TargetVariables> },
    /// Those of its module, as far as it has them.
    Literal(Option<&'a Spelling>),
}

impl<'a> Style<'a> {
    fn of(context: &Context<'a>, at: NodeId) -> Style<'a> {
        let own = context.analysis.dialect.target_variables(context.tree);
        let literal = own.is_none() && context.tree.substituted(at) == Some(false);
        match context.analysis.dialect.is_template() && !literal {
            true => Style::Template { own },
            false => Style::Literal(context.analysis.spelling(context.tree)),
        }
    }
}

fn by_variables(
    context: &Context<'_>,
    format: &str,
    prefix: &str,
    own: Option<TargetVariables>,
) -> Vec<String> {
    let variable = prefix_variable(context)
        .map(|name| format!("${{{name}}}"))
        .or_else(|| {
            let dialect = context.analysis.dialect;
            dialect.prefix_variable(context.tree, prefix, &context.config().prefix_variables)
        })
        .filter(|_| !prefix.is_empty());
    let partition = partition(context);
    let (region, account) = match own {
        Some(own) => (own.region, own.account),
        None => ("${AWS::Region}", "${AWS::AccountId}"),
    };
    let other = naming::prefix_of(format, prefix);
    let target = Target {
        partition: &partition,
        region,
        account,
        prefix: other.as_deref().or(variable.as_deref()).unwrap_or(prefix),
        has_paths: has_paths(context, format, variable.as_deref().unwrap_or(prefix)),
    };
    naming::compose(format, &target)
}

/// Whether a text of the file begins with the prefix as the first part of a path, as the log group `/shop/api`.
fn has_paths(context: &Context<'_>, format: &str, prefix: &str) -> bool {
    format.contains(":log-group:")
        && !prefix.is_empty()
        && context.tree.begins(&format!("/{prefix}/"))
}

/// Where something is deployed, as far as it is written.
#[derive(Clone, PartialEq, Eq)]
struct Where<'e> {
    partition: Option<&'e str>,
    region: Option<&'e str>,
    account: Option<&'e str>,
}

/// One for all environments, with what they have in common, or one for each.
fn targets(environments: &[Environment], accounts: Accounts) -> Vec<Where<'_>> {
    let each = environments.iter().map(|environment| Where {
        partition: environment.partition.as_deref(),
        region: environment.region.as_deref(),
        account: environment.account.as_deref(),
    });
    if accounts == Accounts::Each {
        return each.collect();
    }
    let together = each.reduce(|all, one| Where {
        partition: all.partition.filter(|it| one.partition == Some(it)),
        region: all.region.filter(|it| one.region == Some(it)),
        account: all.account.filter(|it| one.account == Some(it)),
    });
    // Of several partitions none is right: each has ARNs of its own.
    match together {
        Some(of) if of.partition.is_none() && environments.iter().all(has_partition) => {
            targets(environments, Accounts::Each)
        }
        Some(of) => vec![of],
        None => vec![Where {
            partition: None,
            region: None,
            account: None,
        }],
    }
}

/// A module is written for any account, whichever the config names, unless it names that account itself.
fn of_module<'e>(context: &Context<'_>, of: &Where<'e>) -> Where<'e> {
    let account = of.account;
    Where {
        account: account.filter(|account| context.tree.mentions(account)),
        ..of.clone()
    }
}

/// The placeholder for the partition in a statement of a file that something fills: `${partition}` of `arn:${partition}:logs:*:*:*`.
fn written_partition<'a>(context: &Context<'a>, at: NodeId) -> Option<&'a str> {
    let source = context.tree.part(context.tree.span(at));
    let (_, rest) = source.split_once("arn:${")?;
    let end = rest.find('}')?;
    let start = source.len() - rest.len() - "${".len();
    let is_whole = rest.get(end..)?.starts_with("}:");
    let text = source.get(start..=start + "${".len() + end)?;
    is_whole.then_some(text)
}

fn has_partition(environment: &Environment) -> bool {
    environment.partition.is_some()
}

/// What stands open in ARNs since the file or its module has nothing for it.
#[derive(Default)]
struct Open {
    account: bool,
    region: bool,
}

impl Open {
    fn note(&self, in_module: bool) -> Option<String> {
        let (what, source) = match (self.account, self.region) {
            (true, true) => (
                "account and region are `*`",
                "`aws_caller_identity` and no `aws_region`",
            ),
            (true, false) => ("the account is `*`", "`aws_caller_identity`"),
            (false, true) => ("the region is `*`", "`aws_region`"),
            (false, false) => return None,
        };
        Some(match in_module {
            true => format!("{what}, since this module has no {source}"),
            false => format!("{what}, for which this file has no variable"),
        })
    }
}

/// An ARN, by the references of a module of Terraform as far as it has them.
fn spelled(
    context: &Context<'_>,
    (format, prefix): (&str, &str),
    place: &Where<'_>,
    spelling: Option<&Spelling>,
    open: &mut Open,
) -> Vec<String> {
    let own = |of: fn(&Spelling) -> Option<&String>| spelling.and_then(of).map(String::as_str);
    let name = own(|it| it.prefix.as_ref()).filter(|_| !prefix.is_empty());
    let region = own(|it| it.region.as_ref()).or(place.region);
    let account = own(|it| it.account.as_ref()).or(place.account);
    open.region |= region.is_none() && format.contains("${Region}");
    open.account |= account.is_none() && format.contains("${Account}");
    let other = naming::prefix_of(format, prefix);
    let target = Target {
        partition: own(|it| it.partition.as_ref())
            .or(place.partition)
            .unwrap_or("aws"),
        region: region.unwrap_or("*"),
        account: account.unwrap_or("*"),
        prefix: other.as_deref().or(name).unwrap_or(prefix),
        has_paths: has_paths(context, format, name.unwrap_or(prefix)),
    };
    let texts = naming::compose(format, &target);
    match (name, spelling) {
        (Some(name), Some(spelling)) if spelling.is_set_off => {
            let (dashed, bare) = (format!("{name}-*"), format!("{name}*"));
            let texts = texts.iter().map(|text| text.replace(&dashed, &bare));
            texts.collect()
        }
        _ => texts,
    }
}

/// The texts in order, without those that another takes in.
fn distinct(texts: Vec<String>) -> Vec<String> {
    let mut all: Vec<(String, Pattern)> = Vec::new();
    for text in texts {
        if all.iter().all(|(other, _)| *other != text) {
            let pattern = Pattern::literal(&text);
            all.push((text, pattern));
        }
    }
    let needless = |own: &Pattern| {
        let mut others = all.iter();
        others.any(|(_, other)| other != own && other.covers(own))
    };
    let kept: Vec<bool> = all.iter().map(|(_, own)| !needless(own)).collect();
    let kept = all.into_iter().zip(kept).filter(|(_, kept)| *kept);
    kept.map(|((text, _), _)| text).collect()
}

/// Says of which kinds all are named, since AWS makes up their ids, or they are named otherwise.
pub(crate) fn made_up(formats: &[&'static str]) -> Vec<String> {
    let kinds = |otherwise: bool| {
        let mut kinds: Vec<String> = Vec::new();
        for format in formats.iter().filter(|format| naming::is_made_up(format)) {
            let kind = format!("`{}`", naming::kind_of(format));
            if naming::is_named_otherwise(format) == otherwise && !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds
    };
    let said = |kinds: &[String], one: &str, several: &str| match kinds {
        [] => None,
        [kind] => Some(format!("any {kind}, since {one}")),
        [first @ .., last] => Some(format!(
            "any {} and {last}, since {several}",
            first.join(", ")
        )),
    };
    let ids = said(
        &kinds(false),
        "AWS generates its ID",
        "AWS generates their IDs",
    );
    let names = said(
        &kinds(true),
        "the app can't choose its name",
        "the app can't choose their names",
    );
    ids.into_iter().chain(names).collect()
}

/// The variable of the config that the template has as a parameter.
fn prefix_variable<'a>(context: &Context<'a>) -> Option<&'a str> {
    let state = context.analysis.state();
    let is_parameter = |name: &str| {
        let named = state.named(context.tree, name);
        named.is_some_and(|named| named.kind == NameKind::Parameter)
    };
    let names = context.config().prefix_variables.iter();
    names.map(String::as_str).find(|name| is_parameter(name))
}

/// The partition as this template writes it.
fn partition(context: &Context<'_>) -> String {
    if context.tree.mentions("${AWS::Partition}") {
        return "${AWS::Partition}".to_owned();
    }
    let known = context
        .analysis
        .environments
        .first()
        .and_then(|environment| environment.partition.clone());
    known.unwrap_or_else(|| "aws".to_owned())
}

#[cfg(test)]
mod tests;
