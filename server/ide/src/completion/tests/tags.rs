//! Functions of a template, called by tags.

use super::{labels, take};
use crate::testing::template;

fn resource(value: &str) -> String {
    template(&format!(
        "- Effect: Allow\n  Action: dynamodb:GetItem\n  {value}"
    ))
}

#[test]
fn a_begun_tag_is_completed_to_a_function() {
    for value in [
        "Resource: !S$0",
        "Resource:\n    - !S$0",
        "Resource: [!S$0]",
        "Resource: ['*', !S$0]",
        "Resource: '*'\n  Condition:\n    StringEquals:\n      aws:ResourceTag/stage: !S$0",
    ] {
        let marked = resource(value);
        assert_eq!(labels(&marked), ["!Sub", "!Select", "!Split"], "{value}");
        let after = marked.replace("!S$0", "!Sub ");
        assert_eq!(take(&marked, "!Sub"), after);
    }
    // What the statement refers to comes first, and no blank is put in front of one.
    let begun = resource("Resource: !G$0");
    assert_eq!(labels(&begun), ["!GetAtt Table.Arn", "!GetAtt", "!GetAZs"]);
    let anew = resource("Resource: !S$0 'x'");
    assert!(take(&anew, "!Sub").ends_with("Resource: !Sub 'x'\n"));
}

#[test]
fn a_tag_is_completed_in_other_values_of_a_template() {
    let role = template("- Effect: Allow\n  Action: dynamodb:GetItem\n  Resource: '*'");
    let named = role.replace("TableName: !Sub '${AppId}-orders'", "TableName: !R$0");
    assert_eq!(labels(&named), ["!Ref"]);
    let holds = role.replace("Resources:", "Conditions:\n  Live: !E$0\nResources:");
    assert_eq!(labels(&holds), ["!Equals"]);
    assert_eq!(labels(&resource("Resource: !E$0")), [""; 0]);
}

#[test]
fn a_value_offers_functions_behind_all_else() {
    for value in ["Resource: $0", "Resource:\n    - $0"] {
        let offered = labels(&resource(value));
        let at = |label: &str| offered.iter().position(|one| one == label);
        assert!(at("!Sub") > at("*") && at("*").is_some(), "{offered:?}");
        assert_eq!(at("!Equals"), None);
    }
    // Neither an effect nor an action is anything but a word, and a policy by itself has no functions.
    let effect = template("- Effect: $0");
    assert!(!labels(&effect).contains(&"!Sub".to_owned()));
    let bare = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Resource: ";
    for typed in ["$0", "!S$0"] {
        let offered = labels(&format!("{bare}{typed}"));
        assert!(!offered.contains(&"!Sub".to_owned()), "{offered:?}");
    }
}

#[test]
fn what_is_behind_a_tag_goes_on() {
    let offered = labels(&resource("Resource: !Sub $0"));
    assert!(
        offered.iter().any(|one| one.starts_with("arn:")),
        "{offered:?}"
    );
    assert!(labels(&resource("Resource: !GetAtt $0")).contains(&"Table.Arn".to_owned()));
    assert!(labels(&resource("Resource: !Ref $0")).contains(&"AppId".to_owned()));
}
