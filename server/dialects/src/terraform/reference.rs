//! References: `var.name`, `aws_sqs_queue.jobs[0].arn`.

use super::limits::STEPS_OF_A_REFERENCE;

/// A step of a reference behind its first name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step<'t> {
    /// `.name`
    Name(&'t str),
    /// `["name"]`
    Key(&'t str),
    /// `[0]`, `.0`
    Index(usize),
    /// `[each.key]`, `[*]`: which one isn't known.
    Any,
}

/// A reference that has been taken apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference<'t> {
    /// The first name: `var`, `local`, `data`, a resource type.
    pub root: &'t str,
    /// The rest.
    pub steps: Vec<Step<'t>>,
}

/// What a reference to a resource or data source says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResourceReference<'t> {
    /// `aws_sqs_queue.jobs`, `data.aws_region.current`
    pub address: String,
    /// The type of the resource.
    pub type_name: &'t str,
    /// The name of the resource.
    pub name: &'t str,
    /// Which instance, if one is named.
    pub instance: Option<Step<'t>>,
    /// The attribute and steps into it.
    pub path: Vec<Step<'t>>,
}

impl<'t> Reference<'t> {
    /// Takes a text apart. `None` where it is no reference.
    pub fn parse(text: &'t str) -> Option<Reference<'t>> {
        let text = text.trim();
        let end = name_end(text);
        let root = text.get(..end).filter(|root| !root.is_empty())?;
        let mut rest = text.get(end..)?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if steps.len() > STEPS_OF_A_REFERENCE {
                return None;
            }
            if let Some(behind) = rest.strip_prefix('.') {
                let behind = behind.trim_start();
                if let Some(behind) = behind.strip_prefix('*') {
                    steps.push(Step::Any);
                    rest = behind;
                    continue;
                }
                let end = name_end(behind);
                let name = behind.get(..end).filter(|name| !name.is_empty())?;
                steps.push(match name.parse() {
                    Ok(index) => Step::Index(index),
                    Err(_) => Step::Name(name),
                });
                rest = behind.get(end..)?;
            } else if let Some(behind) = rest.strip_prefix('[') {
                let close = closing(behind)?;
                let inside = behind.get(..close)?.trim();
                let quoted = inside
                    .strip_prefix('"')
                    .and_then(|inside| inside.strip_suffix('"'));
                steps.push(match (quoted, inside.parse()) {
                    (Some(name), _) if !name.contains(['"', '\\', '$', '%']) => Step::Key(name),
                    (_, Ok(index)) => Step::Index(index),
                    _ => Step::Any,
                });
                rest = behind.get(close + 1..)?;
            } else {
                return None;
            }
            rest = rest.trim_start_matches([' ', '\t']);
        }
        Some(Reference { root, steps })
    }

    /// As a reference to a resource or data source; `None` for any other.
    pub fn resource(&self) -> Option<ResourceReference<'t>> {
        let (data, type_name, steps) = match (self.root, self.steps.as_slice()) {
            ("data", [Step::Name(type_name), steps @ ..]) => (true, *type_name, steps),
            (
                "var" | "local" | "module" | "each" | "count" | "path" | "terraform" | "self"
                | "data",
                _,
            ) => {
                return None;
            }
            (type_name, steps) => (false, type_name, steps),
        };
        let [Step::Name(name), path @ ..] = steps else {
            return None;
        };
        let (instance, path) = match path {
            [
                step @ (Step::Index(_) | Step::Key(_) | Step::Any),
                path @ ..,
            ] => (Some(step.clone()), path),
            path => (None, path),
        };
        let lead = if data { "data." } else { "" };
        Some(ResourceReference {
            address: format!("{lead}{type_name}.{name}"),
            type_name,
            name,
            instance,
            path: path.to_vec(),
        })
    }
}

/// Where the name at the beginning of a text ends.
fn name_end(text: &str) -> usize {
    text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))
        .unwrap_or(text.len())
}

/// Where the bracket closes that opened before a text.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if quoted {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => quoted = false,
                _ => {}
            }
            continue;
        }
        match c {
            '"' => quoted = true,
            '[' | '(' | '{' => depth += 1,
            ']' if depth == 0 => return Some(at),
            ']' | ')' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        for (text, shown) in [
            ("var.x", "var .x"),
            (
                "data.aws_region.current.name",
                "data .aws_region .current .name",
            ),
            ("aws_sqs_queue.q[0].arn", "aws_sqs_queue .q 0 .arn"),
            ("aws_sqs_queue.q.0.arn", "aws_sqs_queue .q 0 .arn"),
            (
                r#"aws_sqs_queue.q["a.b"].arn"#,
                "aws_sqs_queue .q [a.b] .arn",
            ),
            ("aws_sqs_queue.q[each.key].arn", "aws_sqs_queue .q * .arn"),
            (
                "aws_sqs_queue.q[var.b[\"]\"]].arn",
                "aws_sqs_queue .q * .arn",
            ),
            ("aws_sqs_queue.q[*].arn", "aws_sqs_queue .q * .arn"),
            ("aws_sqs_queue.q.*.arn", "aws_sqs_queue .q * .arn"),
            ("var.x + 1", ""),
            ("f(x)", ""),
            ("var.x[", ""),
            ("", ""),
        ] {
            let reference = Reference::parse(text).map(|reference| {
                let steps = reference.steps.iter().map(|step| match step {
                    Step::Name(name) => format!(" .{name}"),
                    Step::Key(name) => format!(" [{name}]"),
                    Step::Index(index) => format!(" {index}"),
                    Step::Any => " *".to_owned(),
                });
                format!("{}{}", reference.root, steps.collect::<String>())
            });
            assert_eq!(reference.unwrap_or_default(), shown, "{text}");
        }
    }

    #[test]
    fn resources() {
        let reference = Reference::parse("data.aws_s3_bucket.b[0].arn").unwrap();
        let resource = reference.resource().unwrap();
        assert_eq!(resource.address, "data.aws_s3_bucket.b");
        assert_eq!(resource.instance, Some(Step::Index(0)));
        assert_eq!(resource.path, [Step::Name("arn")]);
        assert_eq!(Reference::parse("var.x.y").unwrap().resource(), None);
    }
}
