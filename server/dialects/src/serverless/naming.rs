//! Logical ids and names that the framework makes up.

/// The role of the functions that have none of their own.
pub(super) const ROLE: &str = "IamRoleLambdaExecution";

/// The bucket that the framework makes for its artifacts.
pub(super) const BUCKET: &str = "ServerlessDeploymentBucket";

/// A name as logical ids hold it: `hello-world` is `HelloDashworld`.
pub(super) fn normalized(name: &str) -> String {
    let name = name.replace('-', "Dash").replace('_', "Underscore");
    capitalized(&name)
}

/// A name without anything but letters and digits, as a part of a logical id.
pub(super) fn alphanumeric(name: &str) -> String {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    capitalized(&name)
}

fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logical_ids() {
        assert_eq!(normalized("hello-big_world"), "HelloDashbigUnderscoreworld");
        assert_eq!(alphanumeric("orders.new-v2"), "Ordersnewv2");
        assert_eq!(normalized(""), "");
    }
}
