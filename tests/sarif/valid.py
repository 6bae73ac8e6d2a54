"""Validates reports in SARIF against its schema, and what code scanning wants of them beside."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

SCHEMA = json.loads(pathlib.Path(sys.argv[1]).read_text())
VALIDATOR = jsonschema.Draft4Validator(SCHEMA)
EXAMPLES = pathlib.Path("tests/examples").resolve()

ODD = {
    "Version": "2012-10-17",
    "Statement": [
        {"Sid": "\U0001d11e [a](b) {0} \u001b", "Effect": "Allow", "Action": "s3:Ge\n::error::t", "Resource": "*"},
        {"Effect": "Allow", "Action": ["s3:*", "s3:GetObject"], "Resource": "*"},
    ],
}


def report(folder, *arguments):
    command = [os.environ["LEASTWISE_BIN"], "check", "--format", "sarif", *arguments]
    run = subprocess.run(command, cwd=folder, capture_output=True)
    log = json.loads(run.stdout)
    errors = [f"{list(error.path)}: {error.message}" for error in VALIDATOR.iter_errors(log)]
    assert not errors, "\n".join(errors)
    (one,) = log["runs"]
    (invocation,) = one["invocations"]
    assert invocation["exitCode"] == run.returncode
    rules = {rule["id"] for rule in one["tool"]["driver"]["rules"]}
    for result in one["results"]:
        assert result["ruleId"] in rules
        assert result["message"]["text"] and result["partialFingerprints"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert {"startLine", "startColumn", "endLine", "endColumn"} <= region.keys()
    print(f"valid: {len(one['results'])} results of {folder.name or folder} {' '.join(arguments)}")
    return one


def main():
    assert list(VALIDATOR.iter_errors({"version": "2.1.0", "runs": [{}]})), "the validator finds nothing"
    assert report(EXAMPLES)["results"]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "odd é %.json").write_text(json.dumps(ODD))
        (folder / "unreadable.json").write_bytes(b'{"Statement": {"Effect": "Allow", "Action": "\xff"}}')
        one = report(folder)
        assert one["results"] and one["invocations"][0]["toolExecutionNotifications"]
        report(folder, "--fix", "--unsafe-fixes")
        (folder / "empty").mkdir()
        assert not report(folder / "empty", "--allow-empty")["results"]


main()
