use super::*;

#[test]
fn references_to_accounts_give_their_numbers() {
    for (written, value) in [
        (
            "!Sub 'arn:aws:iam::${Dev}:role/x'",
            "arn:aws:iam::222222222222:role/x",
        ),
        (
            "!Sub 'arn:aws:iam::${Dev.AccountId}:role/x'",
            "arn:aws:iam::222222222222:role/x",
        ),
        (
            "!Join ['', ['arn:aws:iam::', !Ref Main, ':role/x']]",
            "arn:aws:iam::111111111111:role/x",
        ),
        (
            "!Sub 'arn:aws:s3:::${Dev.Alias}/${Dev.Tags.team}'",
            "arn:aws:s3:::shop-dev/a",
        ),
        (
            "!Sub ['arn:aws:iam::${A}:role/x', {A: !GetAtt Prod.AccountId}]",
            "arn:aws:iam::333333333333:role/x",
        ),
        // What isn't declared, or isn't an account's.
        (
            "!Sub 'arn:aws:iam::${New}:role/x'",
            "arn:aws:iam::${New}:role/x",
        ),
        (
            "!Sub 'arn:aws:s3:::${Dev.Tags.none}'",
            "arn:aws:s3:::${Dev.Tags.none}",
        ),
        (
            "!Sub 'arn:aws:s3:::${Dev.Name}'",
            "arn:aws:s3:::${Dev.Name}",
        ),
        (
            "!Sub 'arn:aws:iam::${Nobody}:role/x'",
            "arn:aws:iam::${Nobody}:role/x",
        ),
        (
            "!GetAtt Dev.Resources.Bucket.Arn",
            "${Dev.Resources.Bucket.Arn}",
        ),
        (
            "!Sub 'arn:aws:iam::${AWSAccount}:role/x'",
            "arn:aws:iam::${AWS::AccountId}:role/x",
        ),
        (
            "!Sub 'arn:aws:s3:::${AWSAccount.Alias}'",
            "arn:aws:s3:::${AWSAccount.Alias}",
        ),
    ] {
        let own = template(ORGANIZATION, "", "", written);
        assert_eq!(resources(&[("a.yml", &own)]), [value], "{written}");
        let including = template(
            "Organization: !Include ../organization.yml\n",
            "",
            "",
            written,
        );
        let organization = format!("{HEAD}{ORGANIZATION}");
        let files = [
            ("roles/a.yml", including.as_str()),
            ("organization.yml", &organization),
        ];
        assert_eq!(resources(&files), [value], "{written}");
        assert!(resources(&files[..1])[0].contains("${"), "{written}");
    }
}

#[test]
fn what_is_no_number_is_no_account() {
    for number in ["'{{number}}'", "123", "!Ref Other", "[1]", "''"] {
        let organization = format!(
            "Organization:\n  Dev: {{Type: 'OC::ORG::Account', Properties: {{AccountId: {number}}}}}\n"
        );
        let own = template(&organization, "", "", "!Sub 'arn:aws:iam::${Dev}:role/x'");
        let value = ["arn:aws:iam::${Dev}:role/x"];
        assert_eq!(resources(&[("a.yml", &own)]), value, "{number}");
    }
}

#[test]
fn includes_in_a_circle_end() {
    let resource = "!Sub 'arn:aws:iam::${Dev}:role/x'";
    let own = template("Organization: !Include b.yml\n", "", "", resource);
    let back = format!("{HEAD}Organization: !Include a.yml\n");
    let value = ["arn:aws:iam::${Dev}:role/x"];
    assert_eq!(resources(&[("a.yml", &own), ("b.yml", &back)]), value);
    let itself = template("Organization: !Include a.yml\n", "", "", resource);
    assert_eq!(resources(&[("a.yml", &itself)]), value);
}

#[test]
fn names_of_the_template_come_first() {
    let root = "Parameters: {Dev: {Type: String, Default: own}}\n";
    let text = template(ORGANIZATION, root, "", "!Sub 'arn:aws:s3:::${Dev}'");
    assert_eq!(resources(&[("a.yml", &text)]), ["arn:aws:s3:::own"]);
    let (tree, found) = found(&[("a.yml", &text)]);
    let named = found.state.named(&tree, "Dev").unwrap();
    assert!(named.is_parameter());
}

#[test]
fn the_own_account_has_what_the_organization_says() {
    let own = "    OrganizationBinding: {Account: [!Ref Dev, !Ref Prod]}\n";
    let name = "!Sub 'arn:aws:s3:::${AWSAccount.AccountName}'";
    let text = template(ORGANIZATION, "", own, name);
    let told = ["arn:aws:s3:::dev", "arn:aws:s3:::prod"];
    assert_eq!(resources(&[("a.yml", &text)]), told);
}

#[test]
fn aliases_and_merges_are_followed() {
    let organization = "Organization:
  Dev: &dev
    Type: OC::ORG::Account
    Properties: &properties {AccountName: dev, AccountId: '222222222222'}
  Prod: {Type: OC::ORG::Account, Properties: {<<: *properties, AccountId: '333333333333'}}
  Same: *dev
  Nothing: *none
";
    for (name, value) in [
        ("Dev", "222222222222"),
        ("Prod", "333333333333"),
        ("Same", "222222222222"),
    ] {
        let text = template(organization, "", "", &format!("!Ref {name}"));
        assert_eq!(resources(&[("a.yml", &text)]), [value]);
    }
}

#[test]
fn malformed_and_huge_organizations_are_read() {
    for organization in [
        "Organization:\n",
        "Organization: []\n",
        "Organization: text\n",
        "Organization: !Include\n",
        "Organization: !Include [a]\n",
        "Organization: !Include ../../../../etc/passwd\n",
        "Organization: {Dev: }\n",
        "Organization: {Dev: {Type: [OC::ORG::Account]}}\n",
        "Organization: {Dev: {Type: OC::ORG::Account, Properties: }}\n",
        "Organization: {Dev: {Type: OC::ORG::Account, Properties: [AccountId]}}\n",
        "Organization: {[Dev]: {Type: OC::ORG::Account}}\n",
        "Organization: {P: {Type: OC::ORG::ServiceControlPolicy, Properties: {PolicyDocument: [1]}}}\n",
        "Organization: {P: {Type: OC::ORG::ServiceControlPolicy, Properties: {PolicyName: [1], PolicyDocument: text}}}\n",
        "Organization: {P: {Type: OC::ORG::ServiceControlPolicy, Properties: {PolicyDocument: &a [*a]}}}\n",
    ] {
        let text = template(organization, "", "", "!Sub 'arn:aws:iam::${Dev}:role/x'");
        let value = ["arn:aws:iam::${Dev}:role/x"];
        assert_eq!(resources(&[("a.yml", &text)]), value, "{organization}");
    }
    let mut organization = "Organization:\n".to_owned();
    for at in 0..5_000 {
        organization += &format!(
            "  A{at}: {{Type: OC::ORG::Account, Properties: {{AccountId: '{at:012}', Tags: {{t: x}}}}}}\n  U{at}: {{Type: OC::ORG::OrganizationalUnit, Properties: {{Accounts: !Ref A{at}, OrganizationalUnits: !Ref U{}}}}}\n",
            at + 1
        );
    }
    let buckets: String = (0..1_000)
        .map(|at| {
            format!("  B{at}:\n    Type: AWS::S3::Bucket\n    OrganizationBinding: {{OrganizationalUnit: !Ref U{at}}}\n")
        })
        .collect();
    for binding in [
        "{Account: '*'}",
        "{AccountsWithTag: t}",
        "{OrganizationalUnit: !Ref U0}",
    ] {
        let own = format!("    OrganizationBinding: {binding}\n");
        let text = template(&organization, "", &own, "!Ref A7") + &buckets;
        assert_eq!(targets(&[("a.yml", &text)]), ["default  "]);
        assert_eq!(resources(&[("a.yml", &text)]), ["000000000007"]);
    }
}

#[test]
fn accounts_of_another_file_are_declared_there() {
    let text = template("Organization: !Include org.yml\n", "", "", "'*'");
    let organization = format!("{HEAD}{ORGANIZATION}");
    let (tree, found) = found(&[("a.yml", &text), ("org.yml", &organization)]);
    let dev = found.state.named(&tree, "Dev").unwrap();
    let place = dev.declared.unwrap();
    assert_eq!(place.other.unwrap().0, "org.yml");
    // Its uses there are found from here, too.
    let (path, other) = found.state.read_with()[0];
    assert_eq!(path, "org.yml");
    assert_eq!(found.state.uses(other, "Dev").len(), 1);
    assert_eq!(place.tree(&tree).text(place.node), Some("Dev"));
}

#[test]
fn names_of_the_organization_are_in_scope() {
    let text = template(ORGANIZATION, "", "", "'*'");
    let (tree, found) = found(&[("a.yml", &text)]);
    let dev = found.state.named(&tree, "Dev").unwrap();
    assert_eq!(dev.type_name, "OC::ORG::Account");
    assert!(dev.attributes.contains(&"AccountName"));
    let declared = dev.declared.unwrap();
    assert_eq!(tree.text(declared.node), Some("Dev"));
}

#[test]
fn accounts_that_the_config_does_not_list_are_open() {
    let own = "    OrganizationBinding: {Account: !Ref Prod}\n";
    let config = "[accounts]\ndev = '222222222222'\n";
    for (written, listed, told) in [
        ("!Ref Dev", "222222222222", "222222222222"),
        ("!Ref Prod", "333333333333", "${Prod}"),
        (
            "!GetAtt Prod.AccountId",
            "333333333333",
            "${Prod.AccountId}",
        ),
        ("!GetAtt Prod.AccountName", "prod", "prod"),
        ("!Ref AWSAccount", "333333333333", "${AWS::AccountId}"),
    ] {
        let text = template(ORGANIZATION, "", own, written);
        let files = [("a.yml", text.as_str())];
        assert_eq!(resources(&files), [listed], "{written}");
        assert_eq!(resources_for(&files, config), [told], "{written}");
    }
}

#[test]
fn the_own_account_is_known_by_its_attributes() {
    let text = template(ORGANIZATION, "", "", "'*'");
    let (tree, own) = found(&[("a.yml", &text)]);
    for (name, attribute) in [("AWSAccount.Alias", Some("Alias")), ("AWSAccount", None)] {
        let (named, told) = own.state.referred_name(&tree, name).unwrap();
        assert_eq!((named.type_name, told), ("OC::ORG::Account", attribute));
    }
    let root = "Parameters: {AWSAccount: {Type: String}}\n";
    let text = template(ORGANIZATION, root, "", "'*'");
    let (tree, other) = found(&[("a.yml", &text)]);
    let (named, _) = other.state.referred_name(&tree, "AWSAccount").unwrap();
    assert!(named.is_parameter());
}
