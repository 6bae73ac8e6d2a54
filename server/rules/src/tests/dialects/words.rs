//! How dialects say texts that hold an account, a region or the app's prefix.

use super::json::escape;
use super::notation::bare;

/// What stands for the variables of the notation.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    account: &'static str,
    region: &'static str,
    prefix: &'static str,
    /// Whether a text with variables is one of `Fn::Sub`.
    sub: bool,
}

/// The values themselves.
pub const LITERAL: Words = Words {
    account: "111111111111",
    region: "eu-west-1",
    prefix: "shop",
    sub: false,
};

/// Pseudo parameters, and a parameter of the template.
pub const TEMPLATE: Words = Words {
    account: "${AWS::AccountId}",
    region: "${AWS::Region}",
    prefix: "${AppId}",
    sub: true,
};

/// The same inside a string that is one of `Fn::Sub` as a whole.
pub const SUBSTITUTED: Words = Words {
    sub: false,
    ..TEMPLATE
};

/// Variables of the Serverless Framework.
pub const SERVERLESS: Words = Words {
    account: "${aws:accountId}",
    region: "${aws:region}",
    prefix: "${self:service}",
    sub: false,
};

/// Data sources and a local value.
pub const TERRAFORM: Words = Words {
    account: "${data.aws_caller_identity.me.account_id}",
    region: "${data.aws_region.here.name}",
    prefix: "${local.app}",
    sub: false,
};

impl Words {
    /// A text in this dialect's words, with its marks.
    pub fn text(&self, text: &str) -> String {
        text.replace("<account>", self.account)
            .replace("<region>", self.region)
            .replace("<prefix>", self.prefix)
            .replace("<stack>", "${AWS::StackName}")
    }

    /// Whether a text is one of `Fn::Sub` here; a stack's name stands in no other.
    pub fn is_sub(&self, text: &str) -> bool {
        text.contains("<stack>")
            || self.sub
                && ["<account>", "<region>", "<prefix>"]
                    .iter()
                    .any(|name| text.contains(name))
    }

    /// A text in JSON.
    pub fn json(&self, text: &str) -> String {
        let string = format!("\"{}\"", escape(&self.text(text)));
        match self.is_sub(text) {
            true => format!("{{\"Fn::Sub\": {string}}}"),
            false => string,
        }
    }

    /// A text in HCL.
    pub fn hcl(&self, text: &str) -> String {
        format!("\"{}\"", escape(&self.text(text)))
    }

    /// A text in YAML, in quotes only where it needs them.
    pub fn yaml(&self, text: &str, flow: bool) -> String {
        let said = self.text(text);
        let plain = bare(&said);
        let sub = self.is_sub(text);
        let quoted = sub || needs_quotes(&plain, flow);
        let text = match quoted {
            true => format!("'{}'", said.replace('\'', "''")),
            false => said,
        };
        match sub {
            true => format!("!Sub {text}"),
            false => text,
        }
    }
}

/// Whether YAML takes a text for something else without quotes.
pub fn needs_quotes(text: &str, flow: bool) -> bool {
    text.is_empty()
        || text.starts_with([
            '*', '&', '!', '{', '[', '\'', '"', '%', '@', '`', '#', '|', '>', '-', '?', ',',
        ])
        || text.contains(": ")
        || text.contains(" #")
        || text.ends_with(':')
        || flow && text.contains([',', '[', ']', '{', '}'])
        || text.bytes().all(|b| b.is_ascii_digit() || b == b'-')
        || ["true", "false", "null", "yes", "no", "~"].contains(&text.to_ascii_lowercase().as_str())
}
