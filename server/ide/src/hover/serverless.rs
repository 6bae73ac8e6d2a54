//! Variables of the Serverless Framework.

use leastwise_syntax::Span;

use crate::Hover;
use crate::completion::Asked;
use crate::values;

/// What is shown over a variable, the innermost one under the cursor.
pub(super) fn at(asked: &Asked<'_>) -> Option<Hover> {
    let notation = asked.context.analysis.dialect.notation();
    let word = asked.text.get(asked.place.word().range())?;
    let cursor = (asked.place.cursor - asked.place.start) as usize;
    let range = notation.expression_around(word, cursor)?;
    let inner = word.get(range.start + 2..range.end - 1)?.trim();
    let at = |offset: usize| asked.place.start + u32::try_from(offset).unwrap_or(0);
    let span = Span::new(at(range.start), at(range.end));
    let values = values::of_expression(asked.context, inner);
    let source = source(inner);
    // What isn't known stands for itself.
    let unknown = values.iter().all(|value| {
        let label = value.text.strip_prefix("${");
        let label = label.and_then(|text| text.strip_suffix('}'));
        label.is_some_and(|label| !label.contains('}'))
    });
    let markdown = match unknown {
        true => format!("`${{{inner}}}`: {source}. Its value can't be told before deployment."),
        false => format!(
            "`${{{inner}}}`: {source}.\n\n{}",
            values::table(&values, "value")
        ),
    };
    Some(Hover { span, markdown })
}

/// Where the first source of a variable takes its value from, in words.
fn source(inner: &str) -> &'static str {
    let kind = inner.split([':', '(']).next().unwrap_or_default();
    match kind {
        "self" => "from this service",
        "opt" => "an option of the command line",
        "sls" => "what the Serverless Framework knows of itself",
        "param" => "a parameter of the stage",
        "env" => "from the environment of the deploying process",
        "file" => "from another file",
        "aws" => "of the account and region that are deployed to",
        "cf" => "an output of a deployed stack",
        "ssm" => "from Parameter Store or Secrets Manager",
        "s3" => "from an object in S3",
        "strToBool" => "a text as a boolean",
        _ => "a variable of the Serverless Framework or of a plugin",
    }
}
