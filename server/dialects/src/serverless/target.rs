//! How a service writes the prefix of its names and where it is deployed.

use leastwise_syntax::Tree;

use crate::state::facts::TargetVariables;

/// The variable for the app's prefix: one that the config names, or the service's name.
pub(super) fn prefix_variable(tree: &Tree, prefix: &str, in_config: &[String]) -> Option<String> {
    let root = *tree.documents().first()?;
    let own = |name: &str| {
        // `self:custom.app` and `param:app` as they are, `app` where it stands in `custom`.
        if name.contains(':') {
            let text = format!("${{{name}}}");
            return tree.mentions(&text).then_some(text);
        }
        let custom = tree.get(root, "custom")?;
        let value = tree.text(tree.get(custom, name)?)?;
        (value == prefix).then(|| format!("${{self:custom.{name}}}"))
    };
    if let Some(text) = in_config.iter().find_map(|name| own(name)) {
        return Some(text);
    }
    let name = tree.text(tree.get(root, "service")?)?;
    if name == prefix {
        return Some("${self:service}".to_owned());
    }
    // The service's own name may be made of it.
    let parts = name.split("${self:custom.").skip(1);
    let mut parts = parts.filter_map(|part| part.split_once('}'));
    parts.find_map(|(part, _)| own(part))
}

/// The framework's variables for region and account.
pub(super) const OWN: TargetVariables = TargetVariables {
    region: "${aws:region}",
    account: "${aws:accountId}",
};

/// The framework's variables for region and account, which need no `Fn::Sub`, in a service that has them.
pub(super) fn variables(tree: &Tree) -> Option<TargetVariables> {
    tree.mentions(OWN.account).then_some(OWN)
}
