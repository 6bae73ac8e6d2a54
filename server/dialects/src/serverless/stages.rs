//! The stages that a service shows, as environments.

use leastwise_model::environment::partition_of;
use leastwise_model::limits::ENVIRONMENTS;
use leastwise_model::{Config, Environment};
use leastwise_syntax::Tree;

use super::limits::{MAPPINGS_OF_STAGES, STAGE_LENGTH, STAGES};
use super::reader::ServiceReader;
use super::{ServiceSources, variable};
use crate::cloudformation::template::Template;
use crate::resolve::framework::Framework;
use crate::serverless::resolve::Target;

/// The targets of a service: the config's, for each stage, in the region that the service itself names where the
/// config doesn't.
pub(super) fn environments(
    tree: &Tree,
    service: &std::sync::Arc<ServiceSources>,
    config: &Config,
    environments: &[Environment],
) -> Vec<Environment> {
    let template = Template {
        framework: Some(std::sync::Arc::clone(service) as std::sync::Arc<dyn Framework>),
        ..Template::default()
    };
    let stages = stages(tree, service, config);
    let mut all = Vec::new();
    for environment in environments {
        // An account that is named like a stage is that stage's.
        let own = environment.account_name.as_ref();
        let own = own.and_then(|own| stages.iter().find(|stage| *stage == own));
        let chosen: Vec<Option<&String>> = match own {
            Some(own) => vec![Some(own)],
            None if stages.is_empty() => vec![None],
            None => stages.iter().map(Some).collect(),
        };
        let several = chosen.len() > 1;
        for stage in chosen {
            let mut environment = environment.clone();
            environment.stage = stage.cloned();
            if let (Some(stage), true) = (stage, several || environment.name == "default") {
                environment.name = match environment.name.as_str() {
                    "default" => stage.clone(),
                    name => format!("{name}/{stage}"),
                };
            }
            if environment.region.is_none() {
                environment.region = region(tree, service, &template, config, &environment);
                if environment.partition.is_none() {
                    environment.partition = partition_of(environment.region.as_deref());
                }
            }
            all.push(environment);
        }
    }
    all.truncate(ENVIRONMENTS);
    all
}

/// The region that the service names, where no deployer is asked.
fn region(
    tree: &Tree,
    service: &ServiceSources,
    template: &Template,
    config: &Config,
    environment: &Environment,
) -> Option<String> {
    let reader = ServiceReader::new(tree, service, template, config, environment);
    let reader = ServiceReader {
        resolver: crate::resolve::Resolver {
            defaults: false,
            ..reader.resolver
        },
        ..reader
    };
    let place = match reader.resolver.walk(reader.root(), &["provider", "region"]) {
        Target::Places(places) => places.into_iter().next()?.0,
        _ => return None,
    };
    let region = reader.literal(&place)?;
    (!region.is_empty()).then_some(region)
}

/// The stages that the config names, or those that the service has values for.
fn stages(tree: &Tree, service: &ServiceSources, config: &Config) -> Vec<String> {
    for name in ["stage", "Stage", "STAGE"] {
        if let Some(values) = config
            .variables
            .get(name)
            .filter(|values| !values.is_empty())
        {
            return values.iter().take(STAGES).cloned().collect();
        }
    }
    let root = service.root;
    let mut stages: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        let usual = !name.is_empty()
            && name.len() <= STAGE_LENGTH
            && name != "default"
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if usual && stages.len() < STAGES && !stages.iter().any(|stage| stage == name) {
            stages.push(name.to_owned());
        }
    };
    for key in ["params", "stages"] {
        for pair in tree
            .get(root, key)
            .into_iter()
            .flat_map(|node| tree.pairs(node))
        {
            add(tree.text(pair.key).unwrap_or_default());
        }
    }
    let by_stage = tree.summed_up(|| {
        let named = by_stage(tree.source()).into_iter();
        let named = named.map(|(map, rest)| (map.to_owned(), rest.to_owned()));
        named.collect::<Vec<_>>()
    });
    for (map, rest) in &by_stage {
        let mut node = Some(root);
        for key in map.split('.') {
            node = node.and_then(|node| tree.get(node, key.trim()));
        }
        // `custom` itself holds more than stages: only what has the key that is asked for next is one.
        let next = rest.split('.').find(|key| !key.is_empty());
        if next.is_none() && !map.contains('.') {
            continue;
        }
        for pair in node.into_iter().flat_map(|node| tree.pairs(node)) {
            if next.is_none_or(|next| tree.get(pair.value, next).is_some()) {
                add(tree.text(pair.key).unwrap_or_default());
            }
        }
    }
    // One stage that is fixed beside others is one of them.
    let fixed = tree
        .get(root, "provider")
        .and_then(|provider| tree.get(provider, "stage"))
        .and_then(|node| tree.text(node))
        .filter(|text| !text.contains("${"));
    if let Some(fixed) = fixed.filter(|_| !stages.is_empty()) {
        let fixed = fixed.to_owned();
        if stages.len() < STAGES && !stages.contains(&fixed) {
            stages.push(fixed);
        }
    }
    stages
}

/// The addresses of mappings whose keys are stages, each with the address within: `custom.tables` and `.name` of
/// `${self:custom.tables.${sls:stage}.name}`.
fn by_stage(source: &str) -> Vec<(&str, &str)> {
    const INDEXES: [&str; 4] = [
        "sls:stage",
        "opt:stage",
        "self:provider.stage",
        "self:custom.stage",
    ];
    let mut found: Vec<(&str, &str)> = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find("${self:") {
        let open = rest.get(at + 7..).unwrap_or_default();
        rest = open;
        let Some(length) = open.find(['$', '}', ',', '\n']) else {
            break;
        };
        let address = open.get(..length).unwrap_or_default();
        let nested = open.get(length..).unwrap_or_default();
        let (Some(map), Some(end)) = (address.strip_suffix('.'), variable::end(nested, 0)) else {
            continue;
        };
        let inner = nested.get(2..).unwrap_or_default();
        if !INDEXES.iter().any(|index| inner.starts_with(index)) {
            continue;
        }
        let behind = nested.get(end..).unwrap_or_default();
        let within = behind
            .find(['}', ',', '$', '\n'])
            .and_then(|length| behind.get(..length));
        let pair = (map, within.unwrap_or_default().trim());
        if found.len() < MAPPINGS_OF_STAGES && !found.contains(&pair) {
            found.push(pair);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::by_stage;

    #[test]
    fn maps_by_stage() {
        let text = "a: ${self:custom.tables.${sls:stage}.name}-${self:custom.x}\n\
                    b: ${self:custom.${opt:stage, 'dev'}.y, 'z'}${self:custom.${self:custom.z}}";
        assert_eq!(
            by_stage(text),
            [("custom.tables", ".name"), ("custom", ".y")]
        );
    }
}
