//! How a statement is named that is split off from another, or written beside it.

use leastwise_model::{Site, Statement};

use crate::Context;

/// Names that tools make, each followed by a number.
const MADE: [&str; 3] = ["Statement", "Stmt", "VisualEditor"];

/// What `iam:PassRole` is split off with.
const PASS_ROLE: &str = "PassRole";

/// A `Sid` for a statement that is split off from another, one that its policy doesn't have yet: alphanumeric, and such that
/// no other statement that something is split off from at the same time gets it. `ending` says what it is for. `None` where
/// the other has none.
pub(crate) fn sid(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    ending: &str,
) -> Option<String> {
    let own = statement
        .sid_text(context.tree)
        .filter(|own| !own.is_empty())?;
    let policy = site.policy(context.tree);
    let sids = || {
        let statements = policy.statements.iter();
        statements.filter_map(|other| other.sid_text(context.tree))
    };
    let is_free = |sid: &String| sids().all(|other| other != sid);
    let is_only = sids().filter(|other| *other == own).nth(1).is_none();
    let natural = || {
        numbered(own, sids)
            .or_else(|| turned(own, ending))
            .or_else(|| {
                let is_alone = ending == PASS_ROLE && is_only_to_pass(policy.statements.iter());
                is_alone.then(|| in_case_of(own, ending))
            })
    };
    let natural = is_only.then(natural).flatten();
    if let Some(sid) = natural.filter(is_free) {
        return Some(sid);
    }
    let mut first = plain(own);
    if !first.ends_with(ending) {
        first.push_str(ending);
    }
    if is_free(&first) {
        return Some(first);
    }
    (2..100)
        .map(|number| format!("{first}{number}"))
        .find(is_free)
}

/// The words of a `Sid`, without what AWS refuses in it.
fn plain(own: &str) -> String {
    if own.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return own.to_owned();
    }
    let mut out = String::with_capacity(own.len());
    for word in own.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut letters = word.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

/// A name that begins with a small letter where another does.
fn in_case_of(own: &str, name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) if own.starts_with(|c: char| c.is_ascii_lowercase()) => {
            format!("{}{}", first.to_ascii_lowercase(), letters.as_str())
        }
        _ => name.to_owned(),
    }
}

/// The next number of a name that a tool has made: each statement of such a name gets another one.
fn numbered<'s, I: Iterator<Item = &'s str>>(own: &str, sids: impl Fn() -> I) -> Option<String> {
    let number = |sid: &str, stem: &str| sid.strip_prefix(stem)?.parse::<u64>().ok();
    let stem = MADE.iter().find(|stem| number(own, stem).is_some())?;
    let most = sids().filter_map(|sid| number(sid, stem)).max()?;
    let before = sids()
        .filter(|sid| number(sid, stem).is_some())
        .take_while(|sid| *sid != own);
    Some(format!(
        "{stem}{}",
        most.checked_add(1 + before.count() as u64)?
    ))
}

/// `DeleteRoles` for `CreateRoles`.
fn turned(own: &str, ending: &str) -> Option<String> {
    if !matches!(ending, "Delete" | "Update") || plain(own) != own {
        return None;
    }
    for (verb, is_first) in [("Create", false), ("create", true)] {
        let Some(at) = own.find(verb).filter(|at| *at == 0 || !is_first) else {
            continue;
        };
        let (before, behind) = (own.get(..at)?, own.get(at + verb.len()..)?);
        if behind.starts_with(|c: char| c.is_ascii_uppercase()) {
            return Some(format!("{before}{}{behind}", in_case_of(verb, ending)));
        }
    }
    None
}

/// Whether one statement alone names `iam:PassRole`.
fn is_only_to_pass<'s>(statements: impl Iterator<Item = &'s Statement>) -> bool {
    let names_it = |statement: &&Statement| {
        let mut actions = statement.actions().iter();
        actions.any(|item| {
            let pattern = item.action.as_ref();
            pattern.is_some_and(|of| of.text().eq_ignore_ascii_case("iam:PassRole"))
        })
    };
    statements.filter(names_it).nth(1).is_none()
}

#[cfg(test)]
mod tests {
    use super::sid;
    use crate::tests::fixture::Fixture;

    #[track_caller]
    fn named(statements: &str, wanted: &[(&str, Option<&str>)]) {
        let text = format!("Version: '2012-10-17'\nStatement: [{statements}]\n");
        let fixture = Fixture::new(&text, "");
        let context = fixture.context();
        let all = context.statements();
        for ((site, statement), (ending, wanted)) in all.zip(wanted) {
            let sid = sid(&context, site, statement, ending);
            assert_eq!(sid.as_deref(), *wanted, "{statements}");
        }
    }

    #[test]
    fn a_sid_that_is_free() {
        for (taken, wanted) in [
            (&[][..], "ADelete"),
            (&["B", "ADelet"], "ADelete"),
            (&["ADelete"], "ADelete2"),
            (&["ADelete", "ADelete2"], "ADelete3"),
            (&["ADelete", "ADelete3"], "ADelete2"),
        ] {
            let others = taken
                .iter()
                .map(|sid| format!(", {{Sid: {sid}, Effect: Deny}}"));
            let others: String = others.collect();
            named(
                &format!("{{Sid: A, Effect: Allow}}{others}"),
                &[("Delete", Some(wanted))],
            );
        }
        named("{Effect: Deny}", &[("Delete", None)]);
        named("{Sid: '', Effect: Deny}", &[("Delete", None)]);
    }

    #[test]
    fn as_an_author_would_name_it() {
        for (own, ending, wanted) in [
            ("Roles", "Unscoped", "RolesUnscoped"),
            ("CreateRoles", "Delete", "DeleteRoles"),
            ("AllowCreateRoles", "Update", "AllowUpdateRoles"),
            ("createRoles", "Delete", "deleteRoles"),
            ("CreatedByHand", "Delete", "CreatedByHandDelete"),
            ("RecreateRoles", "Delete", "RecreateRolesDelete"),
            ("Create", "Delete", "CreateDelete"),
            ("CreateRoles", "Unscoped", "CreateRolesUnscoped"),
            ("VisualEditor0", "Unscoped", "VisualEditor1"),
            ("Stmt1429136633762", "Delete", "Stmt1429136633763"),
            ("Statement", "Delete", "StatementDelete"),
            ("'1'", "Delete", "1Delete"),
            ("send-to queue", "Delete", "SendToQueueDelete"),
            ("UnscopedDelete", "Delete", "UnscopedDelete2"),
        ] {
            named(
                &format!("{{Sid: {own}, Effect: Allow}}"),
                &[(ending, Some(wanted))],
            );
        }
    }

    #[test]
    fn passing_roles() {
        let passes = "Effect: Allow, Action: [ec2:RunInstances, iam:passRole]";
        let pass = |wanted| [("PassRole", Some(wanted))];
        named(&format!("{{Sid: Roles, {passes}}}"), &pass("PassRole"));
        named(&format!("{{Sid: roles, {passes}}}"), &pass("passRole"));
        // Another one has it, or gets it.
        let taken = "{Sid: PassRole, Effect: Deny, Action: s3:GetObject}";
        named(
            &format!("{{Sid: Roles, {passes}}}, {taken}"),
            &pass("RolesPassRole"),
        );
        let both = format!("{{Sid: Roles, {passes}}}, {{Sid: Hosts, {passes}}}");
        named(
            &both,
            &[
                ("PassRole", Some("RolesPassRole")),
                ("PassRole", Some("HostsPassRole")),
            ],
        );
    }

    #[test]
    fn each_statement_gets_another_one() {
        named(
            "{Sid: VisualEditor0, Effect: Allow}, {Sid: VisualEditor4, Effect: Allow}",
            &[
                ("Delete", Some("VisualEditor5")),
                ("Delete", Some("VisualEditor6")),
            ],
        );
        // Where two have the same, what is new keeps it, so that they don't go in the same round.
        named(
            "{Sid: CreateA, Effect: Allow}, {Sid: CreateA, Effect: Allow}",
            &[("Delete", Some("CreateADelete"))],
        );
    }
}
