//! Walks a CloudFormation resource schema and lists every property path a template may write.

use serde_json::Value;
use std::collections::HashSet;

/// Deeper paths than this are recursion that escaped the reference guard; no real site lies there.
const MAX_DEPTH: usize = 16;

/// One property of a resource type, as its schema describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// Segments below `Properties`; `*` stands for an array item or a map's value.
    pub path: Vec<String>,
    /// The schema allows a string that is not one of a fixed list.
    pub string: bool,
    /// The schema allows an object and says nothing of its members: a JSON document.
    pub document: bool,
    /// The `format` keyword, or nothing.
    pub format: String,
    /// The `pattern` keyword, or nothing.
    pub pattern: String,
    /// The schema's description, used for decisions only and never written out.
    pub description: String,
}

impl Property {
    /// The path as the tables write it.
    pub fn joined(&self) -> String {
        self.path.join("/")
    }

    /// The last segment that is a name: `Policies/*` is called `Policies`.
    pub fn name(&self) -> &str {
        self.path
            .iter()
            .rev()
            .find(|segment| *segment != "*")
            .map_or("", String::as_str)
    }
}

/// Every property of the schema that a template may write, each path once, in the schema's order.
pub fn properties(schema: &Value) -> Vec<Property> {
    let read_only = strings(schema, "readOnlyProperties")
        .map(|pointer| pointer.trim_start_matches("/properties/").to_owned())
        .collect();
    let mut walk = Walk {
        schema,
        read_only,
        seen: HashSet::new(),
        found: Vec::new(),
    };
    walk.members(schema, &mut Vec::new(), &mut Vec::new());
    walk.found
}

struct Walk<'a> {
    schema: &'a Value,
    read_only: Vec<String>,
    /// Alternatives name the same property again, and QuickSight has over ten thousand.
    seen: HashSet<Vec<String>>,
    found: Vec<Property>,
}

impl<'a> Walk<'a> {
    /// Visits what lies below `node`: its properties, its items, and those of its alternatives.
    fn members(&mut self, node: &'a Value, path: &mut Vec<String>, refs: &mut Vec<&'a str>) {
        for (name, child) in object(node, "properties") {
            self.visit(child, name, path, refs);
        }
        for (_, child) in object(node, "patternProperties") {
            self.visit(child, "*", path, refs);
        }
        for keyword in ["additionalProperties", "items"] {
            match node.get(keyword) {
                Some(Value::Array(children)) => {
                    for child in children {
                        self.visit(child, "*", path, refs);
                    }
                }
                Some(child @ Value::Object(_)) => self.visit(child, "*", path, refs),
                _ => {}
            }
        }
        for branch in alternatives(node) {
            let pushed = refs.len();
            if let Some(branch) = self.resolve(branch, refs) {
                self.members(branch, path, refs);
            }
            refs.truncate(pushed);
        }
    }

    fn visit(
        &mut self,
        node: &'a Value,
        name: &str,
        path: &mut Vec<String>,
        refs: &mut Vec<&'a str>,
    ) {
        if path.len() >= MAX_DEPTH {
            return;
        }
        path.push(name.to_owned());
        let pushed = refs.len();
        if let Some(target) = self.resolve(node, refs)
            && !self.is_read_only(path)
        {
            self.record(node, target, path);
            self.members(target, path, refs);
        }
        refs.truncate(pushed);
        path.pop();
    }

    /// Follows `$ref`s; nothing when a type contains itself, which would never end.
    fn resolve(&self, mut node: &'a Value, refs: &mut Vec<&'a str>) -> Option<&'a Value> {
        while let Some(reference) = node.get("$ref").and_then(Value::as_str) {
            if refs.contains(&reference) {
                return None;
            }
            refs.push(reference);
            node = self.schema.pointer(reference.trim_start_matches('#'))?;
        }
        Some(node)
    }

    fn is_read_only(&self, path: &[String]) -> bool {
        let path = path.join("/");
        self.read_only.contains(&path)
    }

    fn record(&mut self, site: &Value, target: &Value, path: &[String]) {
        if !self.seen.insert(path.to_vec()) {
            return;
        }
        let text = |keyword: &str| {
            let own = site.get(keyword).and_then(Value::as_str);
            own.or_else(|| target.get(keyword).and_then(Value::as_str))
                .unwrap_or_default()
                .to_owned()
        };
        let format = text("format");
        let mut shape = Shape::default();
        shape.add(target);
        for branch in alternatives(target) {
            if let Some(branch) = self.resolve(branch, &mut Vec::new()) {
                shape.add(branch);
            }
        }
        let untyped = !shape.typed && format == "json";
        self.found.push(Property {
            path: path.to_vec(),
            string: (shape.string || untyped) && !shape.listed,
            document: (shape.object || untyped) && !shape.members,
            format,
            pattern: text("pattern"),
            description: text("description"),
        });
    }
}

/// What a schema and its alternatives allow, taken together.
#[derive(Default)]
struct Shape {
    typed: bool,
    string: bool,
    object: bool,
    members: bool,
    listed: bool,
}

impl Shape {
    fn add(&mut self, node: &Value) {
        for kind in strings(node, "type") {
            self.typed = true;
            self.string |= kind == "string";
            self.object |= kind == "object";
        }
        self.members |= object(node, "properties").next().is_some();
        self.listed |= node.get("enum").is_some();
    }
}

fn alternatives(node: &Value) -> impl Iterator<Item = &Value> {
    ["oneOf", "anyOf", "allOf"]
        .into_iter()
        .filter_map(|keyword| node.get(keyword).and_then(Value::as_array))
        .flatten()
}

fn object<'v>(node: &'v Value, keyword: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    node.get(keyword)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// The strings of a keyword that holds one string or a list of them.
fn strings<'v>(node: &'v Value, keyword: &str) -> impl Iterator<Item = &'v str> {
    let value = node.get(keyword);
    let many = value.and_then(Value::as_array).into_iter().flatten();
    value
        .filter(|v| v.is_string())
        .into_iter()
        .chain(many)
        .filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn paths(schema: &Value) -> Vec<String> {
        properties(schema).iter().map(Property::joined).collect()
    }

    #[test]
    fn lists_items_maps_and_references() {
        let schema = json!({
            "definitions": {"Inline": {"type": "object", "properties": {"Document": {"type": ["object", "string"]}}}},
            "properties": {
                "Policies": {"type": "array", "items": {"$ref": "#/definitions/Inline"}},
                "ByName": {"type": "object", "patternProperties": {".*": {"type": "string"}}}
            }
        });
        let mut found = paths(&schema);
        found.sort();
        assert_eq!(
            found,
            [
                "ByName",
                "ByName/*",
                "Policies",
                "Policies/*",
                "Policies/*/Document"
            ]
        );
    }

    #[test]
    fn a_type_that_holds_itself_ends() {
        let schema = json!({
            "definitions": {"Tree": {"type": "object", "properties": {"Left": {"$ref": "#/definitions/Tree"}}}},
            "properties": {"Root": {"$ref": "#/definitions/Tree"}}
        });
        assert_eq!(paths(&schema), ["Root"]);
    }

    #[test]
    fn what_a_template_cannot_write_is_left_out() {
        let schema = json!({
            "readOnlyProperties": ["/properties/Arn"],
            "properties": {"Arn": {"type": "string"}, "Name": {"type": "string"}}
        });
        assert_eq!(paths(&schema), ["Name"]);
    }

    #[test]
    fn tells_documents_from_structures_and_lists_of_values() {
        let schema = json!({"properties": {
            "Either": {"type": ["object", "string"]},
            "Typed": {"type": "object", "properties": {"A": {"type": "string"}}},
            "Branches": {"anyOf": [{"type": "string"}, {"type": "object"}]},
            "Untyped": {"format": "json"},
            "Listed": {"type": "string", "enum": ["a"]}
        }});
        let found = properties(&schema);
        let shape = |name: &str| {
            let property = found.iter().find(|p| p.joined() == name).expect("listed");
            (property.string, property.document)
        };
        assert_eq!(shape("Either"), (true, true));
        assert_eq!(shape("Typed"), (false, false));
        assert_eq!(shape("Branches"), (true, true));
        assert_eq!(shape("Untyped"), (true, true));
        assert_eq!(shape("Listed"), (false, false));
    }
}
