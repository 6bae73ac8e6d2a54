//! The parts of an ARN, one after the other, where one is being typed: each is offered behind what stands before it.

#[cfg(test)]
mod tests;

use leastwise_catalog::{ResourceType, Service, catalog};
use leastwise_model::Spelling;
use leastwise_policy::regions;
use leastwise_policy::resource;

use super::identities::IDENTITIES;
use super::order::{self, LikelyServices};
use super::typed_arn::{self, cut};
use super::{CompletionList, Offer, providers, resources, write};
use crate::CompletionKind;
use crate::limits::OFFERED_TYPES;
use crate::position::Quote;

/// Offers what can come next in the ARN that is typed, one of those with the formats.
pub(super) fn segments(list: &mut CompletionList<'_>, types: &[ResourceType]) {
    parts(list, types, false);
}

/// The same where somebody is named, which no wildcard does, if `is_principal` says so.
fn parts(list: &mut CompletionList<'_>, types: &[ResourceType], is_principal: bool) {
    let typed = list.asked.typed;
    let Some((head, parts)) = cut(typed) else {
        return;
    };
    let mut segments = Segments {
        head: head.to_owned(),
        place: 0,
        is_principal,
        list,
    };
    let service = parts.get(2).copied().unwrap_or_default();
    match parts.len() {
        2 => segments.partitions(),
        3 => segments.services(types),
        4 | 5 => {
            let formats: Vec<&str> = all_types(service, types)
                .flat_map(|of| of.arns())
                .filter(|format| part(format, 2) == service)
                .collect();
            let has = |at: usize| formats.iter().any(|format| !part(format, at).is_empty());
            match (parts.len(), has(3), has(4)) {
                (4, true, _) => segments.regions(parts.get(1).copied().unwrap_or_default()),
                (4, false, true) => segments.accounts(":"),
                (5, _, true) => segments.accounts(""),
                _ => {}
            }
        }
        6 => segments.names(service, types),
        _ => {}
    }
}

/// The same for an ARN of IAM's, of one of these types. Its first part is offered where nothing is typed.
pub(super) fn of_identities(list: &mut CompletionList<'_>, names: &[&str]) {
    let iam = catalog().service("iam").into_iter();
    let types = iam.flat_map(|service| service.resource_types());
    let mut types: Vec<ResourceType> = types.filter(|of| names.contains(&of.name())).collect();
    types.sort_by_key(|of| names.iter().position(|name| *name == of.name()));
    if cut(list.asked.typed).is_some() {
        parts(list, &types, true);
    } else if list.asked.place.quote != Quote::None {
        let partition = resources::partition(list.asked);
        let mut start = Segments {
            head: String::new(),
            place: 0,
            is_principal: true,
            list,
        };
        start.offer(
            &format!("arn:{partition}:iam:"),
            ":",
            "somebody by their ARN".to_owned(),
        );
    }
}

/// The types whose ARNs a service has: those that the statement's actions work on, or all.
fn all_types(service: &str, types: &[ResourceType]) -> impl Iterator<Item = ResourceType> {
    let of_service = move |of: &ResourceType| of.arns().any(|format| part(format, 2) == service);
    let own: Vec<ResourceType> = types.iter().copied().filter(of_service).collect();
    let all = own.is_empty().then(|| catalog().service(service)).flatten();
    let all = all.into_iter().flat_map(|service| service.resource_types());
    own.into_iter().chain(all).take(OFFERED_TYPES)
}

/// A part of an ARN's format, in which names have no colons.
fn part(format: &str, at: usize) -> &str {
    format.split(':').nth(at).unwrap_or_default()
}

/// What a name that is typed can go on with, where a format has more behind it: all of that, and anything.
fn gone_on(format: &str, typed: &str) -> Vec<String> {
    let known = || {
        let (begin, rest) = format.split_once("${")?;
        let (_, rest) = rest.split_once('}')?;
        let sign = rest
            .chars()
            .next()
            .filter(|sign| matches!(sign, ':' | '/'))?;
        let name = typed.strip_prefix(begin).filter(|name| !name.is_empty())?;
        // A variable has colons of its own.
        let fixed = name.rfind('}').map_or(0, |at| at + 1);
        let end = name.get(fixed..)?.find(sign);
        let mut name = name
            .get(..end.map_or(name.len(), |at| fixed + at))?
            .to_owned();
        // What ends in a sign is the beginning of several names.
        if end.is_none()
            && name.ends_with(|c: char| c.is_ascii_punctuation() && c != '}' && c != '*')
        {
            name.push('*');
        }
        let whole = format!("{begin}{name}{}", resource::compose(rest, |_| None));
        Some([whole, format!("{begin}{name}{sign}*")])
    };
    let mut texts: Vec<String> = known().into_iter().flatten().collect();
    texts.dedup();
    texts.retain(|text| text.starts_with(typed) && text != typed);
    texts
}

/// The items of one part.
struct Segments<'l, 'a> {
    head: String,
    place: usize,
    /// Whether it names somebody.
    is_principal: bool,
    list: &'l mut CompletionList<'a>,
}

impl Segments<'_, '_> {
    /// One word behind what is typed, and what stands behind that.
    fn offer(&mut self, word: &str, behind: &str, detail: String) {
        let label = format!("{word}{behind}");
        let text = format!("{}{label}", self.head);
        let asked = self.list.asked;
        let rank = order::segment(self.place);
        self.place += 1;
        let sign = label.chars().next_back();
        let sign = sign.filter(|sign| matches!(sign, ':' | '/'));
        let goes_on = sign.is_some();
        if !goes_on && asked.place.quote == Quote::None {
            return resources::arn(self.list, &text, detail, rank);
        }
        // A variable is one only where the text is read for some.
        let is_filled_in = asked.spelling().is_some() || resources::own_variables(asked).is_some();
        if label.contains("${") && !asked.found.sub && !is_filled_in {
            return;
        }
        let insert = match asked.place.quote {
            // Blank or colon at its end, it would be quoted, which leaves no room for more.
            Quote::None => text.clone(),
            _ => write::value(asked, &text),
        };
        let offer = Offer {
            label: &label,
            detail,
            kind: CompletionKind::Arn,
            insert: &text,
            rank,
        };
        self.list.add(offer, insert, None, goes_on);
        if let Some(length) = sign.and_then(|sign| typed_arn::rest_of_part(asked, sign)) {
            self.list.end_last(length);
        }
    }

    fn spelled(&self, of: impl Fn(&Spelling) -> Option<&String>) -> Option<String> {
        let spelling = self.list.asked.spelling()?;
        of(spelling).cloned()
    }

    fn partitions(&mut self) {
        let own = resources::partition(self.list.asked);
        let spelled = self.spelled(|spelling| spelling.partition.as_ref());
        let known = regions::PARTITIONS.iter().map(|partition| partition.name);
        let mut names: Vec<String> = spelled.into_iter().chain([own]).collect();
        names.extend(known.map(str::to_owned));
        self.distinct(names, |_| "partition".to_owned());
    }

    fn services(&mut self, types: &[ResourceType]) {
        let of_types = types.iter().flat_map(|of| of.arns());
        let mut names: Vec<String> = of_types.map(|format| part(format, 2).to_owned()).collect();
        let all = LikelyServices::of(self.list.asked).sorted().into_iter();
        let all = all.filter(|service| service.resource_types().next().is_some());
        if !self.is_principal {
            names.extend(all.map(|service| service.prefix().to_owned()));
        }
        names.retain(|name| !name.is_empty() && !name.contains('$'));
        self.distinct(names, |name| {
            let service = catalog().service(name);
            service.map_or_else(String::new, |service: Service| service.name().to_owned())
        });
    }

    fn regions(&mut self, partition: &str) {
        let asked = self.list.asked;
        let mut names: Vec<String> = Vec::new();
        names.extend(self.spelled(|spelling| spelling.region.as_ref()));
        if asked.found.sub {
            names.push("${AWS::Region}".to_owned());
        }
        names.extend(resources::own_variables(asked).map(|own| own.region.to_owned()));
        names.extend(asked.context.config().regions.iter().cloned());
        names.extend(asked.mentioned().regions.iter().cloned());
        names.push("*".to_owned());
        let known = regions::partition(partition);
        let known = known.or_else(|| regions::partition("aws"));
        let known = known.into_iter().flat_map(|partition| partition.regions);
        names.extend(known.map(|name| (*name).to_owned()));
        self.distinct(names, |name| match name {
            "*" => "every region".to_owned(),
            _ => "region".to_owned(),
        });
    }

    /// Accounts, `before` standing for what comes before them and is empty.
    fn accounts(&mut self, before: &str) {
        let asked = self.list.asked;
        self.head.push_str(before);
        let mut names: Vec<String> = Vec::new();
        names.extend(self.spelled(|spelling| spelling.account.as_ref()));
        if asked.found.sub {
            names.push("${AWS::AccountId}".to_owned());
        }
        names.extend(resources::own_variables(asked).map(|own| own.account.to_owned()));
        let accounts = &asked.context.config().accounts;
        names.extend(accounts.iter().map(|account| account.id.clone()));
        let mentioned = &asked.mentioned().accounts;
        names.extend(mentioned.iter().cloned());
        if !self.is_principal {
            names.push("*".to_owned());
        }
        self.distinct(names, |name| {
            let known = accounts.iter().find(|account| account.id == name);
            match (known, name) {
                (Some(account), _) => format!("account {}", account.name),
                (None, "*") => "every account".to_owned(),
                _ if mentioned.iter().any(|own| own == name) => "in this file".to_owned(),
                _ => "this account".to_owned(),
            }
        });
    }

    /// What resources of the types are called.
    fn names(&mut self, service: &str, types: &[ResourceType]) {
        if self.is_principal {
            return self.somebody(types);
        }
        let asked = self.list.asked;
        let prefix = resources::prefix(asked);
        let begun = asked.typed.get(self.head.len()..);
        let begun = begun.unwrap_or_default();
        for of in all_types(service, types) {
            for format in of.arns().filter(|format| part(format, 2) == service) {
                if let Some(word) = typed_arn::retyped(asked, format) {
                    self.offer(word, "", of.name().to_owned());
                    continue;
                }
                let Some((_, parts)) = cut(format) else {
                    continue;
                };
                let Some(own) = parts.get(5) else { continue };
                for text in gone_on(own, begun) {
                    self.offer(&text, "", of.name().to_owned());
                }
                let mut is_first = true;
                let text = resource::compose(own, |_| {
                    let is_first = std::mem::replace(&mut is_first, false);
                    let prefix = prefix.as_ref().filter(|_| is_first);
                    prefix.map(|prefix| format!("{prefix}-*"))
                });
                self.offer(&text, "", of.name().to_owned());
            }
        }
    }

    /// Who can be named in an account.
    fn somebody(&mut self, types: &[ResourceType]) {
        if types.iter().any(|of| IDENTITIES.contains(&of.name())) {
            self.offer("root", "", "who the account lets".to_owned());
        }
        for of in types {
            if of.name() == "oidc-provider" {
                for (address, meaning) in providers::known(self.list.asked) {
                    self.offer(&format!("{}/{address}", of.name()), "", meaning);
                }
            }
            self.offer(of.name(), "/", String::new());
        }
    }

    /// Words that a colon follows, each once.
    fn distinct(&mut self, names: Vec<String>, detail: impl Fn(&str) -> String) {
        let mut seen = std::collections::HashSet::new();
        for name in names {
            if seen.insert(name.clone()) {
                let detail = detail(&name);
                self.offer(&name, ":", detail);
            }
        }
    }
}
