"""Writes recorded/ anew: what the Serverless Framework makes of inputs/.

Needs node, and `npm install serverless@3 serverless-iam-roles-per-function` in the folder that the first argument
names; the second is a built `leastwise`, which fills in the intrinsic functions of the templates that come out.

    python3 record.py NODE_FOLDER target/debug/leastwise
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
KINDS = {"identity policy": "identity", "trust policy": "trust", "resource policy": "resource"}
# The framework's own helpers, which are no function's.
HELPERS = re.compile(r"(ServerlessDeploymentBucket|IamRoleCustomResources)")


def values(value):
    return ",".join(sorted(str(item) for item in (value if isinstance(value, list) else [value])))


def statement(given):
    parts = [given["Effect"]]
    for name in ("Action", "NotAction", "Resource", "NotResource"):
        if name in given:
            parts.append(f"{name}={values(given[name])}")
    for name in ("Principal", "NotPrincipal"):
        if name in given:
            who = given[name]
            if isinstance(who, dict):
                who = ";".join(f"{kind}:{values(names)}" for kind, names in sorted(who.items()))
            parts.append(f"{name}={who}")
    for operator, block in sorted(given.get("Condition", {}).items()):
        parts.extend(f"{operator}:{key}={values(value)}" for key, value in sorted(block.items()))
    return " ".join(parts)


def lines(environment):
    found = set()
    for policy in environment["policies"]:
        kind = KINDS[policy["kind"]]
        for one in policy["document"]["Statement"]:
            found.update(f"{owner['label']} {kind} {statement(one)}" for owner in policy["owners"])
    for attached in environment["attached"]:
        found.update(f"{attached['owner']} attached {arn}" for arn in attached["arns"])
    return sorted(line for line in found if not HELPERS.match(line))


def main():
    node, leastwise = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    program = node / "node_modules/serverless/bin/serverless.js"
    recorded = HERE / "recorded"
    shutil.rmtree(recorded, ignore_errors=True)
    recorded.mkdir()
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "SLS_TELEMETRY_DISABLED": "1"}

    def resolve(path, *more):
        done = subprocess.run([leastwise, "resolve", path, *more], stdout=subprocess.PIPE, check=False)
        return json.loads(done.stdout)["environments"]

    # Below the folder of the packages, so that the plugin is found.
    with tempfile.TemporaryDirectory(dir=node) as work:
        for source in sorted((HERE / "inputs").iterdir()):
            folder = Path(work) / source.name
            shutil.copytree(source, folder)
            (folder / "index.js").write_text("exports.handler = async () => {};\n")
            for environment in resolve(next(folder.glob("serverless.*"))):
                stage = [] if environment["name"] == "default" else ["--stage", environment["name"]]
                subprocess.run(
                    ["node", program, "package", "--package", "out", *stage],
                    cwd=folder, env={**os.environ, **keys}, check=True,
                )
                config = folder / "leastwise.toml"
                region = environment["region"]
                config.write_text(f"[deploy]\nregions = ['{region}']\n" if region else "")
                template = folder / "out/cloudformation-template-update-stack.json"
                (made,) = resolve(template, "--config", config)
                name = f"{source.name}.{environment['name']}.txt"
                (recorded / name).write_text("".join(line + "\n" for line in lines(made)))
                config.unlink()


main()
