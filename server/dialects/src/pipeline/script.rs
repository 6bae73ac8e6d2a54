//! Role ARNs in the commands of a script: `aws sts assume-role --role-arn …`, `aws cloudformation deploy --role-arn …`.

use std::ops::Range;

use leastwise_syntax::{NodeId, Tree};

/// A role that a command assumes, or hands to CloudFormation.
pub(super) struct Assumed {
    /// Bytes of the script's decoded text.
    pub arn: Range<usize>,
    /// Whether it is assumed with a token of the host's.
    pub by_token: bool,
    /// Whether it is CloudFormation that assumes it, to deploy a stack.
    pub deploys: bool,
}

/// The commands of CloudFormation that take a role.
const DEPLOYING: [&str; 6] = [
    "cloudformation deploy",
    "cloudformation create-stack",
    "cloudformation update-stack",
    "cloudformation delete-stack",
    "cloudformation create-change-set",
    "sam deploy",
];

/// The arguments of `--role-arn` in a script's commands.
pub(super) fn roles(tree: &Tree, script: NodeId) -> Vec<Assumed> {
    const OPTION: &str = "--role-arn";
    let Some(text) = tree.text(script) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (at, _) in text.match_indices(OPTION) {
        let before = text.get(..at).unwrap_or_default();
        let behind = text.get(at + OPTION.len()..).unwrap_or_default();
        if !behind.starts_with([' ', '=', '\t', '\\', '\n']) {
            continue;
        }
        let line = before.rsplit('\n').next().unwrap_or(before);
        if is_in_comment(line) {
            continue;
        }
        let command = command_before(before);
        let by_token = command.contains("assume-role-with-web-identity");
        // What comes behind `&&` is another command.
        let own = command.rsplit(['|', ';', '&']).next().unwrap_or(command);
        let deploys = DEPLOYING.iter().any(|deploying| own.contains(deploying));
        if !by_token && !deploys && !command.contains("sts assume-role") {
            continue;
        }
        if let Some(arn) = argument(behind) {
            let start = at + OPTION.len();
            let arn = start + arn.start..start + arn.end;
            found.push(Assumed {
                arn,
                by_token: by_token && !deploys,
                deploys,
            });
        }
    }
    found
}

/// Whether a line of the shell ends in a comment.
fn is_in_comment(line: &str) -> bool {
    let mut open = None;
    let mut before = ' ';
    for c in line.chars() {
        match open {
            Some(quote) if quote == c => open = None,
            None if c == '#' && (before.is_whitespace() || ";&|(".contains(before)) => return true,
            None if (c == '"' || c == '\'') && before != '\\' => open = Some(c),
            _ => {}
        }
        before = c;
    }
    false
}

/// The command that a text ends in: from the last line that isn't continued.
fn command_before(text: &str) -> &str {
    let mut start = text.len();
    while let Some(line) = text.get(..start).and_then(|head| head.rfind('\n')) {
        let continued = text.get(..line).is_some_and(|head| {
            let last = head.rsplit('\n').next().unwrap_or(head);
            head.trim_end_matches('\r').ends_with('\\') && !is_in_comment(last)
        });
        if !continued {
            return text.get(line..).unwrap_or_default();
        }
        start = line;
    }
    text
}

/// The first word of an option's argument, without its quotes.
fn argument(text: &str) -> Option<Range<usize>> {
    let skipped = text.trim_start_matches(['=', ' ', '\t', '\\', '\r', '\n']);
    let start = text.len() - skipped.len();
    let (start, length) = match skipped.chars().next()? {
        quote @ ('"' | '\'') => (start + 1, skipped.get(1..)?.find(quote)?),
        _ => {
            let ends = [' ', '\t', '\n', '\r', ';', '|', '&', ')', '`', '"', '\''];
            // Blanks inside `${{ … }}` end nothing.
            let mut length = 0;
            while let Some(rest) = skipped.get(length..) {
                if rest.starts_with("${{") {
                    length += rest.find("}}")? + 2;
                } else if rest.is_empty() || rest.starts_with(ends) {
                    break;
                } else {
                    length += rest.chars().next().map_or(1, char::len_utf8);
                }
            }
            (start, length)
        }
    };
    (length > 0).then_some(start..start + length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use leastwise_syntax::Format;

    #[test]
    fn arguments_are_found() {
        for (script, found) in [
            (
                "aws sts assume-role --role-arn arn:aws:iam::1:role/a --x",
                &[("arn:aws:iam::1:role/a", false)][..],
            ),
            (
                "x=$(aws sts assume-role \\\n  --role-arn=\"$ROLE\" \\\n --y)",
                &[("$ROLE", false)],
            ),
            (
                "aws sts assume-role-with-web-identity --role-arn ${{ vars.ROLE }} --z",
                &[("${{ vars.ROLE }}", true)],
            ),
            ("aws lambda create-function --role-arn a", &[]),
            ("aws sts assume-role --role-arn", &[]),
            ("# aws sts assume-role --role-arn a", &[]),
            ("cd x; # aws sts assume-role --role-arn a", &[]),
            ("# aws sts \\\n  assume-role --role-arn a", &[]),
            ("# first\naws sts assume-role --role-arn a", &[("a", false)]),
            (
                "echo '# '; aws sts assume-role --role-arn a",
                &[("a", false)],
            ),
            ("cd x#y; aws sts assume-role --role-arn a", &[("a", false)]),
            ("echo assume-role\naws eks --role-arn x", &[]),
        ] {
            let yaml = format!("run: |\n  {}\n", script.replace('\n', "\n  "));
            let tree = Tree::parse(yaml, Format::Yaml);
            let run = tree.get(tree.documents()[0], "run").unwrap();
            let text = tree.text(run).unwrap();
            let own: Vec<_> = roles(&tree, run)
                .into_iter()
                .map(|role| (&text[role.arn], role.by_token))
                .collect();
            assert_eq!(own, found, "{script}");
        }
    }

    #[test]
    fn roles_that_stacks_are_deployed_with() {
        for (script, deploys) in [
            (
                "aws cloudformation deploy --stack-name a --role-arn r",
                Some(true),
            ),
            (
                "aws cloudformation create-stack \\\n  --stack-name a \\\n  --role-arn=r",
                Some(true),
            ),
            (
                "aws --region x cloudformation create-change-set --role-arn r",
                Some(true),
            ),
            ("sam deploy --role-arn r", Some(true)),
            (
                "aws cloudformation deploy && aws sts assume-role --role-arn r",
                Some(false),
            ),
            ("aws cloudformation deploy && aws eks --role-arn r", None),
            ("aws cloudformation describe-stacks --role-arn r", None),
        ] {
            let yaml = format!("run: |\n  {}\n", script.replace('\n', "\n  "));
            let tree = Tree::parse(yaml, Format::Yaml);
            let run = tree.get(tree.documents()[0], "run").unwrap();
            let own: Vec<_> = roles(&tree, run)
                .into_iter()
                .map(|role| role.deploys)
                .collect();
            assert_eq!(own, Vec::from_iter(deploys), "{script}");
        }
    }
}
