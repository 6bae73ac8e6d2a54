//! docs/exit-codes.md, row by row.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

mod support;

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use support::{FINE, command, examples, folder, is_root, leastwise, mode, nobody};

/// The exit code in the situation of a row; `None` where this machine can't make the situation.
type Case = fn() -> Option<i32>;

const ROWS: &[(&str, &str, Case)] = &[
    ("`--help`, `--version`", "", || {
        let codes = [&["--help"][..], &["--version"], &["check", "--help"]];
        all(codes.map(|args| code(&[], args)))
    }),
    ("any", "wrong arguments, or none", || {
        let wrong = [&[][..], &["check", "--frob"], &["frob"], &["explain"]];
        all(wrong.map(|args| code(&[], args)))
    }),
    (
        "any",
        "help or a report can't be written (a full disk, a closed standard output)",
        || {
            let reports = [
                &["--help"][..],
                &["check"],
                &["check", "--format", "json"],
                &["check", "--format", "sarif"],
                &["resolve", "a.yaml"],
                &["explain", "s3"],
                &["rules"],
            ];
            let full = reports.map(|args| {
                let full = File::options().write(true).open("/dev/full").ok()?;
                let shop = folder(&[("a.yaml", FINE)]);
                exit(command(shop.path(), args).stdout(full))
            });
            let closed = reports.map(|args| {
                let shop = folder(&[("a.yaml", FINE)]);
                exit(&mut through_shell(
                    shop.path(),
                    "exec \"$0\" \"$@\" >&-",
                    args,
                )?)
            });
            all([all(full), all(closed)])
        },
    ),
    ("check", "no finding", || code(&[("a.yaml", FINE)], CHECK)),
    ("check", "a finding of severity error", || {
        code(&[("a.yaml", &typo())], CHECK)
    }),
    (
        "check",
        "findings below `--fail-on` (by default: no errors)",
        || warned(CHECK),
    ),
    ("check", "a finding of the severity of `--fail-on`", || {
        warned(&["check", "--fail-on", "warning"])
    }),
    (
        "check",
        "the findings are ignored, or their rules are off",
        || {
            let off = "[rules]\nunknown-action = 'off'\n";
            let ignored = "[[ignore]]\nrule = 'unknown-action'\nreason = 'x'\n";
            all([off, ignored]
                .map(|config| code(&[("a.yaml", &typo()), ("leastwise.toml", config)], CHECK)))
        },
    ),
    (
        "check",
        "the example of this repository, which contains mistakes on purpose",
        || Some(leastwise(&examples(), CHECK).code),
    ),
    (
        "check",
        "a finding of the severity of `--fail-on`, in any `--format`, or counted by `--statistics`",
        || {
            let formats = ["text", "concise", "json", "sarif", "github"];
            let mut codes =
                formats.map(|format| code(&[("a.yaml", &typo())], &["check", "--format", format]));
            codes[0] = codes[0].and(code(&[("a.yaml", &typo())], &["check", "--statistics"]));
            all(codes)
        },
    ),
    (
        "check",
        "`--statistics` with `--format concise`, `sarif` or `github`",
        || refused("--statistics"),
    ),
    ("check", "a path that doesn't exist", || {
        code(&[("a.yaml", FINE)], &["check", "a.yaml", "b.yaml"])
    }),
    ("check", "a config that can't be used", || {
        let wrong = code(&[("a.yaml", FINE), ("leastwise.toml", "[ap]\n")], CHECK);
        let a_folder = code(&[("a.yaml", FINE), ("leastwise.toml/x", "")], CHECK);
        all([wrong, a_folder])
    }),
    ("check", "`--rule` with a rule that doesn't exist", || {
        code(&[("a.yaml", FINE)], &["check", "--rule", "no-such-rule"])
    }),
    (
        "check",
        "`--rule` with a rule that is off and has a finding of the severity of `--fail-on`",
        || {
            let off = "[rules]\nunknown-action = 'off'\n";
            let set = code(
                &[("a.yaml", &typo()), ("leastwise.toml", off)],
                &["check", "--rule", "unknown-action"],
            );
            // One that nobody has turned off.
            let rule = [
                "check",
                "--rule",
                "shared-function-role",
                "--fail-on",
                "warning",
            ];
            all([set, code(&[("serverless.yml", SHARED)], &rule)])
        },
    ),
    (
        "check",
        "`--unsafe-fixes` without `--fix` or `--diff`",
        || code(&[("a.yaml", FINE)], &["check", "--unsafe-fixes"]),
    ),
    (
        "check",
        "a named file, or a policy in it, can't be read",
        || {
            let nested = format!("Statement: {}{}\n", "[".repeat(5_000), "]".repeat(5_000));
            let texts = [latin(), wide_characters(), PICTURE.to_vec(), BROKEN.into()];
            let [a, b, c, d] = texts.map(|text| ways("a.yaml", &[("a.yaml", &text)]));
            all([
                a,
                b,
                c,
                d,
                ways("a.yaml", &[("a.yaml", nested.as_bytes())]),
                ways("a.json", &[("a.json", b"{\"tatement\" }")]),
                ways("a.json", &[("a.json", many_brackets().as_bytes())]),
                ways("a.yaml", &[("a.yaml", &large_text("statement: 1\n"))]),
            ])
        },
    ),
    ("check", "a named file contains no policy", || {
        let none = |name: &'static str, text| {
            let shop = folder(&[(name, text)]);
            let run = leastwise(shop.path(), &["check", name]);
            assert_eq!(run.err, "leastwise: no policy was found in 1 file\n");
            Some(run.code)
        };
        all([
            none("a.yaml", "a: 1\n"),
            none("a.json", ""),
            none("a.tfvars", "a = 1\n"),
        ])
    }),
    (
        "check",
        "a named file of another type contains a policy with an error",
        || code(&[("a.txt", &typo())], &["check", "a.txt"]),
    ),
    (
        "check",
        "the named files are of other types and contain no policy",
        || {
            let ways: [&[&str]; 4] = [
                &["check", "a.txt"],
                &["check", "a.txt", "Makefile"],
                &["check", "--format", "json", "a.txt"],
                &["check", "--diff", "a.txt"],
            ];
            all(ways.map(|args| others(&[], args)))
        },
    ),
    (
        "check",
        "the named files are of other types and contain no policy, with `--allow-empty`",
        || others(&[], &["check", "--allow-empty", "a.txt"]),
    ),
    (
        "check",
        "a named file of another type contains no policy, and another named file can be read",
        || {
            let fine = others(&[("a.yaml", FINE)], &["check", "a.txt", "a.yaml"]);
            let none = others(&[("a.tfvars", "a = 1\n")], &["check", "a.tfvars", "a.txt"]);
            all([fine, none])
        },
    ),
    (
        "check",
        "a file in a folder has an unknown encoding and seems to contain a policy",
        || all([latin(), wide_characters()].map(|text| ways(".", &[("a.yaml", &text)]))),
    ),
    (
        "check",
        "a file in a folder has an unknown encoding and seems to contain none",
        || ways(".", &[("a.yaml", PICTURE)]),
    ),
    (
        "check",
        "a file in a folder can't be opened for lack of permission",
        || {
            let shop = folder(&[("a.yaml", FINE)]);
            mode(&shop.path().join("a.yaml"), 0)?;
            exit(&mut nobody(shop.path(), CHECK)?)
        },
    ),
    (
        "check",
        "a file in a folder is larger than 32 MiB and seems to contain a policy",
        || {
            let attached = "resource \"aws_iam_role_policy\" \"p\" {}\n";
            all([large(FINE), large(attached)])
        },
    ),
    (
        "check",
        "a file in a folder is larger than 32 MiB and seems to contain none",
        || large("statement: 2012-10-17\n"),
    ),
    (
        "check",
        "a file in a folder seems to contain a policy, but is too broken to be read",
        || {
            let nested = format!("Statement: {}{{Effect: Allow}}\n", "[".repeat(5_000));
            all([
                ways(".", &[("a.yaml", BROKEN.as_bytes())]),
                ways(".", &[("a.yaml", nested.as_bytes())]),
                ways(".", &[("a.json", many_brackets().as_bytes())]),
            ])
        },
    ),
    (
        "check",
        "a file in a folder contains a policy, and aliases that expand to more values than are followed, whichever rules run",
        || {
            let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
            for level in 1..9 {
                let alias = format!("*a{}, ", level - 1).repeat(10);
                laughs += &format!("a{level}: &a{level} [{alias}]\n");
            }
            laughs += "Statement:\n- {Effect: Allow, Action: s3:GetObject, Resource: *a8}\n";
            let off = "[rules]\nsyntax-error = \"off\"\n";
            let file = ("a.yaml", laughs.as_str());
            all([
                code(&[file], CHECK),
                code(&[file], &["check", "--rule", "unknown-action"]),
                code(&[file, ("leastwise.toml", off)], CHECK),
            ])
        },
    ),
    (
        "check",
        "a file in a folder contains a policy, and something nested deeper than 200 levels",
        || {
            let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
            let statement = "{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::shop-data/*\"}";
            let type_and = "\"Type\": \"AWS::IAM::ManagedPolicy\", \"Properties\": {\"PolicyDocument\": {\"Version\": \"2012-10-17\", \"Statement\": STATEMENT}}";
            let json = |depth: usize| {
                let resource = type_and.replace("STATEMENT", statement);
                let data = deep(depth);
                format!("{{\"Metadata\": {data}, \"Resources\": {{\"P\": {{{resource}}}}}}}\n")
            };
            let yaml = |depth: usize| {
                let resource = type_and.replace("STATEMENT", statement);
                let data = deep(depth);
                format!("Metadata: {data}\nResources:\n  P: {{{resource}}}\n")
            };
            let hcl = |depth: usize| {
                let document = format!("{{ Version = \"2012-10-17\", Statement = [{statement}] }}");
                let data = deep(depth);
                format!(
                    "locals {{\n  x = {data}\n}}\nresource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({document})\n}}\n"
                )
            };
            let in_string = |depth: usize| {
                let data = deep(depth);
                format!(
                    "resource \"aws_iam_policy\" \"p\" {{\n  policy = <<EOT\n{{\"Version\": \"2012-10-17\", \
                     \"Statement\": {statement}, \"Id\": {data}}}\nEOT\n}}\n"
                )
            };
            // AWS takes no list for an id, which is an error of its own.
            let depth = in_string(250);
            assert_eq!(ways(".", &[("main.tf", depth.as_bytes())]), Some(2));
            let all_of = |depth: usize| {
                all([
                    ways(".", &[("a.json", json(depth).as_bytes())]),
                    ways(".", &[("a.yaml", yaml(depth).as_bytes())]),
                    ways(".", &[("main.tf", hcl(depth).as_bytes())]),
                ])
            };
            assert_eq!(all_of(150), Some(0));
            all_of(5_000)
        },
    ),
    (
        "check",
        "a value in a policy is nested too deep to be resolved",
        || {
            assert_eq!(ways(".", &[("main.tf", in_calls(4).as_bytes())]), Some(0));
            ways(".", &[("main.tf", in_calls(60).as_bytes())])
        },
    ),
    (
        "check",
        "a string in a policy can have more values than are tried",
        || {
            let values = |count: usize| {
                let values: Vec<String> = (0..count).map(|at| format!("v{at}")).collect();
                FINE_OF_P.replace("VALUES", &values.join(", "))
            };
            assert_eq!(ways(".", &[("a.yaml", values(16).as_bytes())]), Some(0));
            let shop = folder(&[("a.yaml", &values(17))]);
            let run = leastwise(shop.path(), CHECK);
            assert!(run.err.contains("not every value is tried"), "{}", run.err);
            Some(run.code)
        },
    ),
    (
        "check",
        "a file that a checked file needs (`file()`, a module's, a nested template, …) exists but can't be read",
        || {
            let module = |path: &str| {
                format!(
                    "resource \"aws_iam_role_policy\" \"p\" {{\n  role   = \"r\"\n  policy = file(\"{path}\")\n}}\n"
                )
            };
            assert_eq!(
                ways(".", &[("main.tf", module("none.json").as_bytes())]),
                Some(0)
            );
            ways(".", &[("main.tf", module("/dev/zero").as_bytes())])
        },
    ),
    (
        "check",
        "a file that a checked file needs can't be read, but `[check] unreadable` expects that",
        || {
            let policy = "resource \"aws_iam_role_policy\" \"p\" {\n  role   = \"r\"\n  policy = file(\"p.json\")\n}\n";
            let shop = folder(&[
                ("main.tf", policy),
                ("leastwise.toml", "[check]\nunreadable = ['*.json']\n"),
            ]);
            fs::write(shop.path().join("p.json"), PICTURE).ok()?;
            let run = leastwise(shop.path(), CHECK);
            assert!(run.err.contains("it needs p.json"), "{}", run.err);
            Some(run.code)
        },
    ),
    (
        "check",
        "a checked module has an unreadable `*.tfvars` that Terraform doesn't load automatically",
        || {
            let policy = "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"s3:GetObject\"]\n    resources = [\"arn:aws:s3:::shop-data/*\"]\n  }\n}\n";
            all([".", "main.tf"].map(|named| {
                let files = [
                    ("main.tf", policy.as_bytes()),
                    ("secrets.tfvars", PICTURE),
                    ("prod.tfvars.json", PICTURE),
                ];
                ways(named, &files)
            }))
        },
    ),
    (
        "check",
        "a file in a folder is broken and seems to contain no policy",
        || {
            let nested = format!("Statement: {}{}\n", "[".repeat(5_000), "]".repeat(5_000));
            let broken = BROKEN.replace("Effect", "Impact");
            all([
                ways(".", &[("a.yaml", broken.as_bytes())]),
                ways(".", &[("a.yaml", nested.as_bytes())]),
            ])
        },
    ),
    (
        "check",
        "a named file or a file in a folder can't be read, but `[check] unreadable` expects that",
        || {
            let named = [CHECK, &["check", "old/a.yaml"]];
            all(named.map(|args| {
                let shop = folder(&[
                    ("b.yaml", FINE),
                    ("old/a.yaml", ""),
                    ("leastwise.toml", "[check]\nunreadable = ['old/**']\n"),
                ]);
                fs::write(shop.path().join("old/a.yaml"), latin()).ok()?;
                Some(leastwise(shop.path(), args).code)
            }))
        },
    ),
    (
        "check",
        "a value in a policy is nested too deep to be resolved, but `[check] unreadable` expects that",
        || {
            let config = "[check]\nunreadable = ['old/**']\n";
            let shop = folder(&[("old/main.tf", &in_calls(60)), ("leastwise.toml", config)]);
            let run = leastwise(shop.path(), CHECK);
            assert!(run.err.contains("not fully checked"), "{}", run.err);
            Some(run.code)
        },
    ),
    (
        "check",
        "a link in a folder points nowhere, or to itself",
        || {
            let shop = folder(&[("a.yaml", FINE)]);
            link("nowhere.yaml", &shop.path().join("b.yaml"))?;
            link("c.yaml", &shop.path().join("c.yaml"))?;
            Some(leastwise(shop.path(), CHECK).code)
        },
    ),
    (
        "check",
        "a folder in a folder can't be entered for lack of permission",
        || {
            let shop = folder(&[("a.yaml", FINE), ("b/a.yaml", FINE)]);
            mode(&shop.path().join("b"), 0)?;
            let said = nobody(shop.path(), CHECK)?.output().ok()?;
            mode(&shop.path().join("b"), 0o755)?;
            let errors = String::from_utf8_lossy(&said.stderr);
            let note = "b: not walked: Permission denied (os error 13)";
            assert!(errors.lines().any(|line| line.ends_with(note)), "{errors}");
            assert!(!errors.contains("./b"), "{errors}");
            said.status.code()
        },
    ),
    ("check", "a folder has no file of a supported type", || {
        let ignored = [(".gitignore", "*.yaml"), ("a.yaml", FINE)];
        let one_of_two = [("a/a.yaml", FINE), ("b/a.txt", FINE)];
        all([
            code(&[], CHECK),
            code(&[("a.txt", FINE)], CHECK),
            code(&ignored, CHECK),
            code(&one_of_two, &["check", "a", "b"]),
        ])
    }),
    (
        "check",
        "a folder has no file of a supported type, with `--allow-empty`",
        || code(&[("a.txt", FINE)], &["check", "--allow-empty"]),
    ),
    (
        "check",
        "a named file is outside of the repository (`../policy.json`), and has a finding of severity error",
        || {
            let shop = folder(&[
                ("in/.git/HEAD", ""),
                ("in/inner/.git/HEAD", ""),
                ("in/p.yaml", WRONG),
                ("out/p.yaml", WRONG),
                ("other/.git/HEAD", ""),
                ("other/p.yaml", WRONG),
            ]);
            link("out", &shop.path().join("way"))?;
            all([
                ("in", "../out/p.yaml"),
                ("in", "../out"),
                ("in", "inner/../../out/p.yaml"),
                ("in", "../other/p.yaml"),
                ("in", "../way/p.yaml"),
                ("in/inner", "../p.yaml"),
            ]
            .map(|(from, path)| {
                let run = leastwise(&shop.path().join(from), &["check", path]);
                assert_eq!(run.err, "", "{path}");
                Some(run.code)
            }))
        },
    ),
    (
        "check",
        "a named file or folder is a link out of the repository, or is behind one",
        || {
            let shop = folder(&[
                ("in/.git/HEAD", ""),
                ("a.yaml", &twice()),
                ("other/.git/HEAD", ""),
                ("other/a.yaml", &twice()),
            ]);
            link("../a.yaml", &shop.path().join("in/a.yaml"))?;
            link("../other", &shop.path().join("in/other"))?;
            link("..", &shop.path().join("in/out"))?;
            let ways = [
                &["check", "in/a.yaml"][..],
                &["check", "--fix", "in/a.yaml"],
                &["check", "--fix", "in/out/a.yaml"],
                &["check", "--fix", "--format", "json", "in/a.yaml"],
                &["check", "--diff", "in/a.yaml"],
                &["check", "--fix", "in/out"],
                &["check", "--fix", "in/other"],
                &["check", "--fix", "in/other/a.yaml"],
                &["check", "in/out/in/../."],
                &["resolve", "in/a.yaml"],
            ];
            all(ways.map(|args| {
                let run = leastwise(shop.path(), args);
                assert!(run.err.contains("leads out"), "{}", run.err);
                assert!(!run.out.contains("s3:"), "{}", run.out);
                unchanged(shop.path());
                Some(run.code)
            }))
        },
    ),
    (
        "check",
        "the files in a folder are links that point out of it, or nowhere",
        || all([links(CHECK)?, links(&["check", "--format", "json"])?].map(Some)),
    ),
    (
        "check",
        "the files in a folder are links that point out of it, or nowhere, with `--allow-empty`",
        || links(&["check", "--allow-empty"]),
    ),
    ("check", "the files in a folder contain no policy", || {
        code(&[("a.yaml", "a: 1\n")], CHECK)
    }),
    (
        "check",
        "the reader of the report closes the pipe, and there is an error",
        || {
            let shop = folder(&[("a.yaml", &typo())]);
            let (reader, writer) = std::io::pipe().ok()?;
            drop(reader);
            let run = command(shop.path(), CHECK).stdout(writer).output().ok()?;
            assert_eq!(String::from_utf8_lossy(&run.stderr), "");
            run.status.code()
        },
    ),
    (
        "check --diff",
        "`--format concise`, `sarif` or `github`",
        || refused("--diff"),
    ),
    ("check --diff", "`--fix` would change something", || {
        let files = [("a.yaml", &*twice())];
        let json = ["check", "--diff", "--format", "json"];
        all([code(&files, &["check", "--diff"]), code(&files, &json)])
    }),
    (
        "check --diff",
        "there is nothing to change, and no error",
        || code(&[("a.yaml", FINE)], &["check", "--diff"]),
    ),
    (
        "check --diff",
        "there is nothing to change, and an error",
        || code(&[("a.yaml", &typo())], &["check", "--diff"]),
    ),
    (
        "check --diff",
        "`--fix` would leave a file with fixes unchanged",
        || {
            let shop = folder(&[("a.yaml", &twice())]);
            let other = shop.path().join("b.txt");
            fs::hard_link(shop.path().join("a.yaml"), other).ok()?;
            left(shop.path(), &["check", "--diff"])
        },
    ),
    (
        "check --diff",
        "`--fix` would change something if the file weren't read-only",
        || {
            let shop = folder(&[("a.yaml", &twice())]);
            read_only(&shop.path().join("a.yaml"))?;
            let run = leastwise(shop.path(), &["check", "--diff"]);
            assert!(run.out.contains("--- a/a.yaml"), "{}", run.out);
            unchanged(shop.path());
            Some(run.code)
        },
    ),
    ("check --fix", "no error is left", || {
        let mends = ["check", "--fix", "--unsafe-fixes"];
        all([
            code(&[("a.yaml", &twice())], FIX),
            code(&[("a.yaml", &typo())], &mends),
        ])
    }),
    ("check --fix", "an error is left", || {
        code(&[("a.yaml", &typo())], FIX)
    }),
    (
        "check --fix",
        "a file with fixes is left unchanged: read-only",
        || {
            let shop = folder(&[("a.yaml", &twice())]);
            read_only(&shop.path().join("a.yaml"))?;
            left(shop.path(), FIX)
        },
    ),
    (
        "check --fix",
        "a file with fixes is left unchanged: several hard links",
        || {
            let shop = folder(&[("a.yaml", &twice())]);
            let other = shop.path().join("b.txt");
            fs::hard_link(shop.path().join("a.yaml"), other).ok()?;
            left(shop.path(), FIX)
        },
    ),
    (
        "check --fix",
        "a file with fixes is left unchanged: a link out of the folder",
        || {
            // Further out, in another repository, it isn't even read.
            let repository = (".git/HEAD", "");
            let shop = folder(&[repository, ("a.yaml", &twice()), ("in/b.yaml", FINE)]);
            link("../a.yaml", &shop.path().join("in/a.yaml"))?;
            left(shop.path(), &["check", "--fix", "in"])
        },
    ),
    (
        "check --fix",
        "a file with fixes is left unchanged: its owner can't be kept",
        || {
            let shop = folder(&[("a.yaml", &twice())]);
            if !is_root(shop.path()) {
                return None;
            }
            mode(shop.path(), 0o777)?;
            mode(&shop.path().join("a.yaml"), 0o666)?;
            let code = exit(&mut nobody(shop.path(), FIX)?);
            unchanged(shop.path());
            code
        },
    ),
    (
        "check --fix",
        "a file with fixes is left unchanged: not in UTF-8",
        || {
            let text = format!("\u{feff}{}", twice());
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            bytes(&wide, FIX)
        },
    ),
    (
        "check --fix",
        "a file with fixes can't be written (a full disk)",
        || {
            let shop = folder(&[("a.yaml", &long())]);
            let code = exit(&mut limited(shop.path(), FIX)?);
            let text = fs::read_to_string(shop.path().join("a.yaml")).ok()?;
            assert_eq!(text, long());
            let run = support::run(&mut limited(shop.path(), FIX)?);
            assert!(
                run.err.contains("a.yaml: can't be written: "),
                "{}",
                run.err
            );
            assert!(!run.err.contains(".leastwise-"), "{}", run.err);
            assert!(run.out.contains("1 suggestion"), "{}", run.out);
            let names = fs::read_dir(shop.path()).ok()?.count();
            assert_eq!(names, 1, "nothing is left behind");
            code
        },
    ),
    ("resolve", "the policies are printed", || {
        code(&[("a.yaml", FINE)], RESOLVE)
    }),
    ("resolve", "the file is broken in places", || {
        code(&[("a.yaml", &format!("{FINE}  - [\n"))], RESOLVE)
    }),
    ("resolve", "a file that can't be read", || {
        all([code(&[], RESOLVE), bytes(&latin(), RESOLVE)])
    }),
    ("resolve", "a config that can't be used", || {
        code(&[("a.yaml", FINE), ("leastwise.toml", "[ap]\n")], RESOLVE)
    }),
    (
        "resolve",
        "`--account` with an account that the config doesn't have",
        || {
            code(
                &[("a.yaml", FINE)],
                &["resolve", "a.yaml", "--account", "x"],
            )
        },
    ),
    ("explain", "the name is known", || {
        code(&[], &["explain", "s3:GetObject"])
    }),
    ("explain", "the name is unknown", || {
        code(&[], &["explain", "s3:GetObejct"])
    }),
    ("rules", "the rules are printed", || code(&[], &["rules"])),
    ("lsp", "`exit` after `shutdown`", || {
        lsp(&[INITIALIZE, SHUTDOWN, EXIT])
    }),
    ("lsp", "`exit` without `shutdown`", || {
        lsp(&[INITIALIZE, EXIT])
    }),
    ("lsp", "the client disconnects", || lsp(&[INITIALIZE])),
    (
        "lsp",
        "the process of the client (`processId`) ends",
        client_ends,
    ),
    (
        "lsp",
        "`exit` after `shutdown`, from a client whose process isn't visible, as in another container",
        client_is_elsewhere,
    ),
];

const CHECK: &[&str] = &["check"];
const FIX: &[&str] = &["check", "--fix"];
const RESOLVE: &[&str] = &["resolve", "a.yaml"];
const PICTURE: &[u8] = &[0x89, b'P', b'N', b'G', 0, 0xff, 0xfe];
const WRONG: &str = "Version: '2012-10-17'\nStatement: [{Effect: Allow, Action: s3:GetNothing, Resource: 'arn:aws:s3:::shop/*'}]\n";
const BROKEN: &str = "- {a: 'Effect: Allow\n  statement\n";
const SHARED: &str = "service: shop
provider:
  name: aws
  iam:
    role:
      statements:
        - Effect: Allow
          Action: dynamodb:PutItem
          Resource: arn:aws:dynamodb:eu-west-1:111111111111:table/shop-orders
functions:
  order:
    handler: order.handler
  resize:
    handler: resize.handler
";
const FINE_OF_P: &str = "Parameters:
  P: {Type: String, AllowedValues: [VALUES]}
Resources:
  R:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: !Sub 'arn:aws:s3:::${P}/*'}]
";
const INITIALIZE: &str =
    r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#;
const SHUTDOWN: &str = r#"{"jsonrpc":"2.0","id":2,"method":"shutdown"}"#;
const EXIT: &str = r#"{"jsonrpc":"2.0","method":"exit"}"#;

/// A policy with an action that is a value in so many calls.
fn in_calls(depth: usize) -> String {
    let action = format!("{}local.a{}", "lower(".repeat(depth), ")".repeat(depth));
    let statement = format!("{{ Effect = \"Allow\", Action = {action}, Resource = \"*\" }}");
    format!(
        "locals {{\n  a = \"s3:listallmybuckets\"\n}}\nresource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{statement}] }})\n}}\n"
    )
}

#[test]
fn each_row_is_what_the_program_does() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/exit-codes.md");
    let docs = fs::read_to_string(docs).expect("the docs");
    let rows = docs.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        match cells.as_slice() {
            ["", command, situation, code, ""] => {
                Some((*command, *situation, code.parse::<i32>().ok()?))
            }
            _ => None,
        }
    });
    let rows: Vec<_> = rows.collect();
    let written = rows
        .iter()
        .map(|(command, situation, _)| (*command, *situation));
    let known = |(command, situation): (&str, &str)| {
        let command = command.trim_matches('`');
        ROWS.iter()
            .position(|row| row.0.trim_matches('`') == command && row.1 == situation)
    };
    let order: Vec<_> = written.clone().map(known).collect();
    for (row, at) in written.zip(&order) {
        assert!(at.is_some(), "no test for {row:?}");
    }
    let all: Vec<_> = (0..ROWS.len()).map(Some).collect();
    assert_eq!(
        order, all,
        "the docs have the rows of this test, in its order"
    );
    let wrong: Vec<_> = rows
        .iter()
        .zip(ROWS)
        .filter_map(|((command, situation, said), (_, _, case))| {
            let code = case()?;
            (code != *said).then_some((command, situation, said, code))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_command_has_a_row() {
    let help = leastwise(&examples(), &["--help"]).out;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands: Vec<_> = commands
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty())
        .collect();
    assert!(commands.len() >= 5, "{help}");
    for command in commands {
        assert!(ROWS.iter().any(|row| row.0 == command), "{command}");
    }
}

fn typo() -> String {
    FINE.replace("GetObject", "GetObejct")
}

/// With a policy that has a warning.
fn warned(args: &[&str]) -> Option<i32> {
    let config = "[rules]\nunknown-action = 'warning'\n";
    code(&[("a.yaml", &typo()), ("leastwise.toml", config)], args)
}

/// A policy with a safe fix, and nothing else.
fn twice() -> String {
    FINE.replace("s3:GetObject", "[s3:GetObject, s3:GetObject]")
}

/// One that is longer than what [`limited`] lets anybody write.
fn long() -> String {
    format!("{}# {}\n", twice(), "x".repeat(4096))
}

fn latin() -> Vec<u8> {
    format!("# caf\u{e9}\n{FINE}")
        .chars()
        .map(|c| c as u8)
        .collect()
}

/// UTF-16 without a byte order mark.
fn wide_characters() -> Vec<u8> {
    FINE.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn code(files: &[(&str, &str)], args: &[&str]) -> Option<i32> {
    Some(leastwise(folder(files).path(), args).code)
}

/// With files that are not for the program, each of which is told of where it is named.
fn others(files: &[(&str, &str)], args: &[&str]) -> Option<i32> {
    let shop = folder(&[("a.txt", "hello\n"), ("Makefile", "all:\n")]);
    for (name, text) in files {
        fs::write(shop.path().join(name), text).ok()?;
    }
    let run = leastwise(shop.path(), args);
    for name in ["a.txt", "Makefile"] {
        let note = format!("leastwise: {name}: not checked: it isn't JSON");
        assert_eq!(run.err.contains(&note), args.contains(&name), "{}", run.err);
    }
    Some(run.code)
}

/// With one file, `a.yaml`.
fn bytes(bytes: &[u8], args: &[&str]) -> Option<i32> {
    let shop = folder(&[]);
    fs::write(shop.path().join("a.yaml"), bytes).ok()?;
    Some(leastwise(shop.path(), args).code)
}

/// The one code of a check of `path`, in each way to tell of it or to mend.
fn ways(path: &str, files: &[(&str, &[u8])]) -> Option<i32> {
    let shop = folder(&[]);
    for (name, bytes) in files {
        fs::write(shop.path().join(name), bytes).ok()?;
    }
    let ways = [
        &["check", path][..],
        &["check", "--format", "json", path],
        &["check", "--diff", path],
        &["check", "--fix", path],
    ];
    all(ways.map(|args| Some(leastwise(shop.path(), args).code)))
}

/// With a file that begins with `text` and is too large.
fn large(text: &str) -> Option<i32> {
    ways(
        ".",
        &[("b.yaml", FINE.as_bytes()), ("a.tf", &large_text(text))],
    )
}

fn large_text(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.resize((32 << 20) + 1, 0);
    bytes
}

/// More than is read, around a policy.
fn many_brackets() -> String {
    let brackets = "[],".repeat(2_200_000);
    let statement = "{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\"}";
    format!("{{\"x\":[{brackets}[]],\"Statement\":[{statement}]}}")
}

/// In a folder without any other file.
fn links(args: &[&str]) -> Option<i32> {
    let shop = folder(&[("in/.git/HEAD", ""), ("a.yaml", FINE)]);
    link("../a.yaml", &shop.path().join("in/a.yaml"))?;
    link("nowhere.yaml", &shop.path().join("in/b.yaml"))?;
    let run = leastwise(&shop.path().join("in"), args);
    assert!(run.err.contains("are links that lead out"), "{}", run.err);
    Some(run.code)
}

fn exit(command: &mut Command) -> Option<i32> {
    command.output().ok()?.status.code()
}

/// The one code that all of them have; `None` where one can't be had here.
fn all<const N: usize>(codes: [Option<i32>; N]) -> Option<i32> {
    let codes: Vec<i32> = codes.into_iter().collect::<Option<_>>()?;
    let first = *codes.first()?;
    assert!(codes.iter().all(|code| *code == first), "{codes:?}");
    Some(first)
}

/// What an option ends with that these formats have no place for.
fn refused(option: &str) -> Option<i32> {
    all(["concise", "sarif", "github"]
        .map(|format| code(&[("a.yaml", FINE)], &["check", option, "--format", format])))
}

/// Runs `args` in a folder whose `a.yaml` has to stay as [`twice`] has it.
fn left(folder: &Path, args: &[&str]) -> Option<i32> {
    let run = leastwise(folder, args);
    assert!(run.err.contains(": unchanged: "), "{}", run.err);
    assert!(!run.out.contains("fixed: "), "{}", run.out);
    unchanged(folder);
    Some(run.code)
}

fn unchanged(folder: &Path) {
    let text = fs::read_to_string(folder.join("a.yaml")).expect("the file");
    assert_eq!(text, twice());
}

fn read_only(file: &Path) -> Option<()> {
    let mut permissions = fs::metadata(file).ok()?.permissions();
    permissions.set_readonly(true);
    fs::set_permissions(file, permissions).ok()
}

#[cfg(unix)]
fn link(to: &str, at: &Path) -> Option<()> {
    std::os::unix::fs::symlink(to, at).ok()
}

#[cfg(not(unix))]
fn link(_: &str, _: &Path) -> Option<()> {
    None
}

/// The program, where no file may have more than a few KiB.
fn limited(folder: &Path, args: &[&str]) -> Option<Command> {
    through_shell(folder, "ulimit -f 2 && exec \"$0\" \"$@\"", args)
}

/// The program, run by a script that knows it and its arguments by their numbers.
fn through_shell(folder: &Path, script: &str, args: &[&str]) -> Option<Command> {
    let mut shell = Command::new("sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_leastwise")]);
    shell.args(args).current_dir(folder);
    cfg!(unix).then_some(shell)
}

/// What the server ends with, after messages and the end of its input.
fn lsp(messages: &[&str]) -> Option<i32> {
    let mut server = command(&examples(), &["lsp"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .ok()?;
    let mut input = server.stdin.take()?;
    for message in messages {
        let _ = write!(input, "Content-Length: {}\r\n\r\n{message}", message.len());
    }
    drop(input);
    server.wait().ok()?.code()
}

/// What the server ends with when its client does, though its input stays open.
fn client_ends() -> Option<i32> {
    if !cfg!(unix) {
        return None;
    }
    let mut client = Command::new("sleep").arg("600").spawn().ok()?;
    let mut session = Session::of(client.id())?;
    // By its second answer it has looked for the process.
    session.say(SHUTDOWN)?;
    session.hears("\"id\":2")?;
    client.kill().ok()?;
    client.wait().ok()?;
    session.server.wait().ok()?.code()
}

/// What the server ends with whose client has said good-bye, though nobody sees the process that it names.
fn client_is_elsewhere() -> Option<i32> {
    if !cfg!(unix) {
        return None;
    }
    let mut gone = Command::new("true").spawn().ok()?;
    gone.wait().ok()?;
    let mut session = Session::of(gone.id())?;
    session.hears("can't be seen from here")?;
    session.say(SHUTDOWN)?;
    session.hears("\"id\":2")?;
    session.say(EXIT)?;
    session.server.wait().ok()?.code()
}

/// A server that has been told which process its client is.
struct Session {
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    heard: Vec<u8>,
}

impl Session {
    fn of(client: u32) -> Option<Session> {
        let mut server = command(&examples(), &["lsp"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let mut session = Session {
            input: server.stdin.take()?,
            output: BufReader::new(server.stdout.take()?),
            heard: Vec::new(),
            server,
        };
        let params = format!("{{\"processId\":{client},\"capabilities\":");
        session.say(&INITIALIZE.replace("{\"capabilities\":", &params))?;
        session.hears("\"id\":1")?;
        Some(session)
    }

    fn say(&mut self, message: &str) -> Option<()> {
        write!(
            self.input,
            "Content-Length: {}\r\n\r\n{message}",
            message.len()
        )
        .ok()
    }

    /// Waits until it has said that, or fails if it says no more.
    fn hears(&mut self, said: &str) -> Option<()> {
        while !String::from_utf8_lossy(&self.heard).contains(said) {
            let more = self.output.read_until(b'}', &mut self.heard).ok()?;
            assert!(more > 0, "the server has ended before it says {said}");
        }
        Some(())
    }
}
