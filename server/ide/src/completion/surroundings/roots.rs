//! The keys at the root of a text, told from its characters: what a file becomes is asked while it is broken.

use leastwise_syntax::Format;

/// The keys at the root, but for the one that begins at `own`.
pub(super) fn roots(text: &str, format: Format, own: u32) -> Vec<&str> {
    match format {
        Format::Yaml => of_lines(text, own as usize),
        Format::Json | Format::Jsonc => of_brackets(text, own as usize),
        Format::Hcl => Vec::new(),
    }
}

fn is_name(name: &str) -> bool {
    let of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    !name.is_empty() && name.chars().all(of_name)
}

fn of_lines(text: &str, own: usize) -> Vec<&str> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let key = line.split_once(':').map(|(key, _)| key);
        if let Some(key) = key.filter(|key| is_name(key) && at != own) {
            found.push(key);
        }
        at += line.len();
    }
    found
}

fn of_brackets(text: &str, own: usize) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut depth, mut at) = (0usize, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let rest = text.get(at + 1..).unwrap_or_default();
                let length = end_of_string(rest);
                let behind = rest.get(length + 1..).unwrap_or_default().trim_start();
                let key = rest.get(..length).filter(|key| is_name(key));
                if depth == 1 && at + 1 != own && behind.starts_with(':') {
                    found.extend(key);
                }
                at += length + 1;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// How long the string is whose opening quote a text stands behind: one that isn't closed ends with its line.
fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    let end = text.find(|c| match c {
        _ if escaped => {
            escaped = false;
            false
        }
        '\\' => {
            escaped = true;
            false
        }
        c => matches!(c, '"' | '\n'),
    });
    end.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::roots;
    use leastwise_syntax::Format;

    #[test]
    fn roots_are_told_in_a_broken_text() {
        let yaml = "Resources:\n  A:\n    Type: x\nOutputs: {\nRe";
        assert_eq!(roots(yaml, Format::Yaml, 0), ["Outputs"]);
        assert_eq!(roots(yaml, Format::Yaml, 90), ["Resources", "Outputs"]);
        let json = "{\"Resources\": {\"A\": {\"Type\": \"x\\\"\", ]}},\n \"Tra";
        assert_eq!(roots(json, Format::Json, 90), ["Resources"]);
    }
}
