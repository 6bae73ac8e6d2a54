#!/usr/bin/env python3
"""Records what aws-sam-translator makes of inputs/*.yaml, as recorded/*.json.

    pip install aws-sam-translator==1.115.0 boto3 pyyaml
    python3 record.py ../../../catalog/data/managed-policies

The argument is the folder of AWS's managed policies: the translator looks their names up. Nothing is asked of AWS.
Recorded is, for each role, what its policies say, and for each policy of a queue that the translator writes, what it
says; with every text written as `Fn::Sub` writes it.
"""

import json
import sys
from pathlib import Path

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

HERE = Path(__file__).parent


class Session:
    region_name = "us-east-1"

    def get_partition_for_region(self, region):
        return "aws"


def text(value):
    """A text as `Fn::Sub` writes it."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict) or len(value) != 1:
        raise ValueError(value)
    [(name, argument)] = value.items()
    if name == "Ref":
        return "${%s}" % argument
    if name == "Fn::GetAtt":
        return "${%s}" % ".".join(argument if isinstance(argument, list) else [argument])
    if name == "Fn::Join":
        return argument[0].join(text(item) for item in argument[1])
    if name == "Fn::Sub":
        if isinstance(argument, str):
            return argument
        result, variables = argument
        for variable, replacement in variables.items():
            result = result.replace("${%s}" % variable, text(replacement))
        return result
    raise ValueError(value)


def texts(value):
    return sorted({text(item) for item in (value if isinstance(value, list) else [value])})


def statements(document):
    listed = document["Statement"]
    for statement in listed if isinstance(listed, list) else [listed]:
        out = {}
        for element, value in statement.items():
            if element == "Effect":
                out[element] = value
            elif element == "Principal":
                everybody = isinstance(value, str)
                out[element] = value if everybody else {kind: texts(names) for kind, names in value.items()}
            elif element == "Condition":
                out[element] = {
                    operator: {key: texts(values) for key, values in keys.items()}
                    for operator, keys in value.items()
                }
            elif element in ("Action", "NotAction"):
                out[element] = sorted(name.lower() for name in texts(value))
            else:
                out[element] = texts(value)
        yield out


def record(path, managed):
    source = yaml_parse(path.read_text())
    own = set(source["Resources"])
    output = Translator(managed, Parser(), boto_session=Session()).translate(
        source, parameter_values={"AWS::Region": "us-east-1"}
    )
    roles = {}
    for logical_id, resource in output["Resources"].items():
        if resource["Type"] == "AWS::IAM::Role":
            properties = resource["Properties"]
            roles[logical_id] = {
                "trust": list(statements(properties["AssumeRolePolicyDocument"])),
                "identity": [
                    statement
                    for policy in properties.get("Policies") or []
                    for statement in statements(policy["PolicyDocument"])
                ],
                "managed": texts(properties.get("ManagedPolicyArns") or []),
            }
        if resource["Type"] == "AWS::SQS::QueuePolicy" and logical_id not in own:
            document = resource["Properties"]["PolicyDocument"]
            roles[logical_id] = {"trust": [], "identity": list(statements(document)), "managed": []}
    for resource in output["Resources"].values():
        if resource["Type"] == "AWS::IAM::ManagedPolicy":
            for role in resource["Properties"].get("Roles") or []:
                roles[role["Ref"]]["identity"] += statements(resource["Properties"]["PolicyDocument"])
    for logical_id, role in roles.items():
        if output["Resources"][logical_id]["Type"] != "AWS::IAM::Role":
            continue
        for arn in output["Resources"][logical_id]["Properties"].get("ManagedPolicyArns") or []:
            named = output["Resources"].get(arn["Ref"]) if isinstance(arn, dict) and "Ref" in arn else None
            if named:
                role["identity"] += statements(named["Properties"]["PolicyDocument"])
    # The translator works in one partition, and refers to what it has made itself.
    plain = json.dumps(roles)
    plain = plain.replace("arn:aws:iam::aws:", "arn:${AWS::Partition}:iam::aws:")
    for logical_id, resource in output["Resources"].items():
        arn = "arn:${AWS::Partition}:%s:${AWS::Region}:${AWS::AccountId}:${%s}"
        if logical_id in own:
            continue
        if resource["Type"] == "AWS::SQS::Queue":
            plain = plain.replace("${%s.Arn}" % logical_id, arn % ("sqs", logical_id))
        if resource["Type"] == "AWS::SNS::Topic":
            plain = plain.replace("${%s}" % logical_id, arn % ("sns", logical_id))
        if resource["Type"] == "AWS::Lambda::Alias":
            name = resource["Properties"]["FunctionName"]["Ref"]
            alias = "${%s.Arn}:%s" % (name, resource["Properties"]["Name"])
            plain = plain.replace("${%s}" % logical_id, alias)
    roles = json.loads(plain)
    for role in roles.values():
        for key in ("trust", "identity"):
            role[key] = sorted(
                {json.dumps(statement, sort_keys=True) for statement in role[key]}
            )
            role[key] = [json.loads(statement) for statement in role[key]]
    return roles


def main():
    managed = {
        file.stem: json.loads(file.read_text())["arn"] for file in Path(sys.argv[1]).glob("*.json")
    }
    for path in sorted((HERE / "inputs").glob("*.yaml")):
        roles = record(path, managed)
        out = HERE / "recorded" / f"{path.stem}.json"
        out.write_text(json.dumps(roles, indent=1, sort_keys=True) + "\n")
        print(f"{path.name}: {len(roles)} roles")


main()
