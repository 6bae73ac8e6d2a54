use leastwise_model::files;

use super::*;

#[test]
fn a_stack_policy_of_a_task_is_none_of_iams() {
    let tasks = "Roles:
  Type: update-stacks
  Template: ./roles.yml
  StackPolicy:
    Statement: [{Effect: Deny, Action: 'Update:*', Principal: '*', Resource: '*'}]
";
    let (_, found) = found(&[("tasks.yml", tasks)]);
    assert!(found.sites.is_empty());
}

/// A task that makes stacks of `roles/a.yml`, with what it says beside.
fn task(more: &str) -> String {
    format!("R: {{Type: update-stacks, Template: roles/a.yml, StackName: r{more}}}\n")
}

/// Roles of the account `Dev` by a binding that has a name.
fn bound() -> String {
    let root = "OrganizationBindings: {B: {Account: !Ref Dev}}\n";
    template(
        ORGANIZATION,
        root,
        "    OrganizationBinding: !Ref B\n",
        "'*'",
    )
}

const CONFIG: &str = "[accounts]\ndev = '222222222222'\nprod = '333333333333'\n";

#[test]
fn bindings_of_a_task_have_the_place_of_the_templates() {
    let (named, all) = (bound(), "DefaultOrganizationBinding: {Account: !Ref Dev}\n");
    let all = template(ORGANIZATION, all, "", "'*'");
    let own = "    OrganizationBinding: {Account: !Ref Dev}\n";
    let own = template(ORGANIZATION, "", own, "'*'");
    let over = task(", OrganizationBindings: {B: {Account: !Ref Prod}}");
    let default = task(", DefaultOrganizationBinding: {Account: !Ref Prod}");
    let region = task(", DefaultOrganizationBindingRegion: eu-west-1");
    let unread = task(", OrganizationBindings: {B: !Include b.yml}");
    let other = task(", OrganizationBindings: {C: {Account: !Ref Prod}}");
    let plain = task("");
    let twice = format!("{over}{}", plain.replace("R:", "S:"));
    let (dev, prod) = ("dev 222222222222 ", "prod 333333333333 ");
    for (text, tasks, told) in [
        (&named, &over, prod),
        (&named, &default, dev),
        (&named, &region, "dev 222222222222 eu-west-1"),
        (&named, &plain, dev),
        (&all, &default, prod),
        (&all, &over, dev),
        (&own, &over, dev),
        // Not the accounts of the config: it is one of them, or none.
        (&named, &unread, "default  "),
        (&named, &other, "default  "),
        (&named, &twice, "default  "),
    ] {
        for path in ["organization-tasks.yml", "deploy.yaml"] {
            let files = [("roles/a.yml", text.as_str()), (path, tasks)];
            assert_eq!(targets_for(&files, CONFIG), [told], "{tasks}");
        }
    }
}

#[test]
fn where_a_limit_is_reached_a_templates_bindings_are_open() {
    let text = bound();
    let over = task(", OrganizationBindings: {B: {Account: !Ref Prod}}");
    let other = over.replace("roles/", "others/");
    let any = over.replace("roles/a.yml", "'{{name}}.yml'");
    let (dev, prod) = ("dev 222222222222 ", "prod 333333333333 ");
    for (several, content, named, told) in [
        (8, &other, "x.yml", dev),
        (9, &other, "x.yml", "default  "),
        (100, &plain(), "x.yml", "default  "),
        (60, &plain(), "x.yml", dev),
        (1, &any, "x.yml", "default  "),
        (100, &plain(), "z-tasks.yml", prod),
        (9, &plain(), "z.yml", prod),
    ] {
        let names: Vec<String> = (0..several).map(|at| format!("b{at:03}.yml")).collect();
        let mut files = vec![("roles/a.yml", text.as_str())];
        files.extend(names.iter().map(|name| (name.as_str(), content.as_str())));
        if told == prod {
            files.push((named, &over));
        }
        assert_eq!(targets_for(&files, CONFIG), [told], "{several} {content}");
    }
    let near = ["a/b/c/d/e/f/g/h.yml", "a/b/c/d/e/f/g/h/i.yml"];
    for (path, told) in near.into_iter().zip([dev, "default  "]) {
        assert_eq!(targets_for(&[(path, text.as_str())], CONFIG), [told]);
        let tasks = over.replace("roles/a.yml", path);
        let files = [(path, text.as_str()), ("tasks.yml", &tasks)];
        let told = [if told == dev { prod } else { told }];
        assert_eq!(targets_for(&files, CONFIG), told);
    }
}

/// A file that has nothing to do with tasks.
fn plain() -> String {
    "name: a\n".to_owned()
}

#[test]
fn a_template_without_an_organization_has_that_of_its_tasks() {
    let own = template(
        "",
        "",
        "    OrganizationBinding: {Account: !Ref Dev}\n",
        "'*'",
    );
    let organization = format!("{HEAD}{ORGANIZATION}");
    for tasks in [
        "O: {Type: update-organization, Template: org.yml}\nR: {Type: update-stacks, Template: a.yml, StackName: r}\n",
        "R: {Type: update-stacks, Template: a.yml, StackName: r, OrganizationFile: org.yml}\n",
    ] {
        let files = [
            ("a.yml", own.as_str()),
            ("tasks.yml", tasks),
            ("org.yml", &organization),
        ];
        assert_eq!(targets(&files), ["Dev 222222222222 "], "{tasks}");
    }
    assert_eq!(targets(&[("a.yml", &own)]), ["default  "]);
}

#[test]
fn tasks_of_each_sort_are_read() {
    for tasks in [
        "O: {Type: update-organization, Template: org.yml}\n",
        "O: {Type: annotate-organization, DefaultOrganizationAccessRoleName: r}\n",
        "R: {Type: update-stacks, Template: a.yml, StackName: r}\n",
        "R: {Type: update-stacks, Template: [a.yml], Parameters: [a]}\n",
        "R: {Type: update-stacks, Template: tasks.yml, Parameters: {a: !Ref AWSAccount}}\n",
        "S: {Type: update-serverless.com, Path: ./app, Config: serverless.yml}\n",
        "S: {Type: copy-to-s3, LocalPath: ./a, RemotePath: 's3://b/a'}\n",
        "S: {Type: update-cdk, Path: ./app}\n",
        "S: {Type: apply-tf, Path: ./app}\n",
        "S: {Type: register-type, SchemaHandlerPackage: 's3://a/b.zip'}\n",
        "I: {Type: include, Path: tasks.yml}\n",
        "Parameters:\n  <<: !Include parameters.yml\nI: {Type: include, Path: ./more/tasks.yml}\n",
    ] {
        let (_, found) = found(&[("tasks.yml", tasks)]);
        assert_eq!(format!("{:?}", found.dialect), "OrgFormation", "{tasks}");
        assert!(
            found.sites.is_empty() && found.state.stacks().is_empty(),
            "{tasks}"
        );
    }
}

#[test]
fn tasks_make_stacks_of_templates() {
    let tasks = "Parameters: {app: {Type: String, Default: shop}}
Roles:
  Type: update-stacks
  Template: ../roles.yml
  Parameters: {Name: !Ref app}
Far: {Type: update-stacks, Template: 's3://bucket/a.yml'}
Gone: {Type: update-stacks, Template: gone.yml}
Named: {Type: update-stacks, Template: !Sub '${app}.yml'}
";
    let roles = template("", "Parameters: {Name: {Type: String}}\n", "", "'*'");
    let (_, found) = found(&[("ops/tasks.yml", tasks), ("roles.yml", &roles)]);
    let stacks = found.state.stacks().into_iter();
    let stacks: Vec<_> = stacks.map(|stack| (stack.name, stack.path)).collect();
    assert_eq!(stacks, [("Roles", "roles.yml")]);
}

#[test]
fn tasks_that_others_include_are_followed_wherever_they_lie() {
    let text = bound();
    let over = "R: {Type: update-stacks, Template: ../roles/a.yml, StackName: r, OrganizationBindings: {B: {Account: !Ref Prod}}}\n";
    let (dev, prod) = ("dev 222222222222 ", "prod 333333333333 ");
    let include = |path: &str| format!("I: {{Type: include, Path: {path}}}\n");
    for (included, told) in [
        ("ops/tasks.yml", prod),
        ("./ops/more.yml", prod),
        ("ops/other.yml", dev),
        // Who knows what stands there.
        ("ops/none.yml", "default  "),
        ("'{{ops}}.yml'", "default  "),
    ] {
        let files = [
            ("roles/a.yml", text.as_str()),
            ("organization-tasks.yml", &include(included)),
            ("ops/more.yml", &include("tasks.yml")),
            ("ops/tasks.yml", over),
            ("ops/other.yml", "O: {Type: include, Path: other.yml}\n"),
        ];
        assert_eq!(targets_for(&files, CONFIG), [told], "{included}");
    }
}

#[test]
fn included_tasks_are_for_the_organization_of_who_includes_them() {
    let own = template(
        "",
        "",
        "    OrganizationBinding: {Account: !Ref Dev}\n",
        "'*'",
    );
    let organization = format!("{HEAD}{ORGANIZATION}");
    let root = "O: {Type: update-organization, Template: org.yml}\nI: {Type: include, Path: roles/_tasks.yml}\n";
    for tasks in ["_tasks.yml", "../ops/tasks.yml"] {
        let root = root.replace("roles/_tasks.yml", &files::join("roles", tasks));
        let at = files::join("roles", tasks);
        let template = if tasks == "_tasks.yml" {
            "a.yml"
        } else {
            "../roles/a.yml"
        };
        let stack = format!("R: {{Type: update-stacks, Template: {template}, StackName: r}}\n");
        let files = [
            ("roles/a.yml", own.as_str()),
            ("tasks.yml", &root),
            (at.as_str(), &stack),
            ("org.yml", &organization),
        ];
        assert_eq!(targets(&files), ["Dev 222222222222 "], "{tasks}");
    }
}

#[test]
fn too_many_included_tasks_leave_bindings_open() {
    let text = bound();
    for (count, told) in [(60, "dev 222222222222 "), (70, "default  ")] {
        let names: Vec<String> = (0..count).map(|at| format!("ops/{at}.yml")).collect();
        let root: String = (0..count)
            .map(|at| format!("I{at}: {{Type: include, Path: ops/{at}.yml}}\n"))
            .collect();
        let mut files = vec![("roles/a.yml", text.as_str()), ("tasks.yml", &root)];
        let other = task(", OrganizationBindings: {B: {Account: !Ref Prod}}");
        files.extend(names.iter().map(|name| (name.as_str(), other.as_str())));
        assert_eq!(targets_for(&files, CONFIG), [told], "{count}");
    }
}
