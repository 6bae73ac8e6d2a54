//! Variables that a framework fills in.

use leastwise_catalog::describe::code;
use leastwise_dialects::resolve::framework::{Framework, VariableOrigin};
use leastwise_syntax::Span;

use crate::Hover;
use crate::completion::CompletionRequest;
use crate::values;

/// What is shown over a variable, the innermost one under the cursor.
pub(super) fn at(asked: &CompletionRequest<'_>) -> Option<Hover> {
    let analysis = asked.context.analysis;
    let framework = analysis.state().names().framework()?;
    let notation = framework.notation();
    let word = asked.text.get(asked.place.word().range())?;
    let cursor = (asked.place.cursor - asked.place.start) as usize;
    let range = notation.expression_around(word, cursor)?;
    let inner = word.get(range.start + 2..range.end - 1)?.trim();
    let at = |offset: usize| asked.place.start + u32::try_from(offset).unwrap_or(0);
    let span = Span::new(at(range.start), at(range.end));
    let values = values::of_expression(asked.context, inner);
    let source = worded(framework, inner);
    // What isn't known stands for itself.
    let unknown = values.iter().all(|value| {
        let label = value.text.strip_prefix("${");
        let label = label.and_then(|text| text.strip_suffix('}'));
        label.is_some_and(|label| !label.contains('}'))
    });
    let variable = code(&format!("${{{inner}}}"));
    let markdown = match unknown {
        true => format!("{variable}: {source}. Its value isn't known before deployment."),
        false => format!(
            "{variable}: {source}.\n\n{}",
            values::table(&values, "value")
        ),
    };
    Some(Hover { span, markdown })
}

/// Where the first source of a variable takes its value from, in words.
fn worded(framework: &dyn Framework, inner: &str) -> String {
    let title = framework.title();
    let words = match framework.source(inner) {
        VariableOrigin::File => "from this service",
        VariableOrigin::CommandLine => "an option of the command line",
        VariableOrigin::Framework => return format!("a property of {title} itself"),
        VariableOrigin::Stage => "a parameter of the stage",
        VariableOrigin::Environment => "from the environment of the deploying process",
        VariableOrigin::OtherFile => "from another file",
        VariableOrigin::Target => "from the account and region deployed to",
        VariableOrigin::Stack => "an output of a deployed stack",
        VariableOrigin::Store => "from Parameter Store or Secrets Manager",
        VariableOrigin::Object => "from an object in S3",
        VariableOrigin::Boolean => "a string as a Boolean",
        VariableOrigin::Plugin => return format!("a variable of {title} or of a plugin"),
    };
    words.to_owned()
}
