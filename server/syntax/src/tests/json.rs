//! JSON, valid and broken.

use super::{json, show};

#[test]
fn values() {
    let tree = json(r#"{"a": [1, true, null, "x"], "b": {}}"#);
    assert_eq!(show(&tree), "{a: [1, true, null, x], b: {}}");
}
