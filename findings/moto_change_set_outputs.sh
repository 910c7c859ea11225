#!/bin/sh
# moto 5.2.5: a stack that a change set created has no outputs, as it has after CreateStack. ChangeSet.apply updates the
# map of resources alone; the map of outputs stays that of the empty template with which the stack began.
# `aws cloudformation deploy` and `cdk deploy` create stacks in this way.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "moto[cloudformation]==5.2.5" botocore==1.44.8 boto3==1.44.8
cat > "$folder/outputs.py" <<'PYTHON'
import json

import boto3
from moto import mock_aws

TEMPLATE = json.dumps(
    {
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "orders"}}},
        "Outputs": {"Name": {"Value": {"Fn::GetAtt": ["Queue", "QueueName"]}}},
    }
)
with mock_aws():
    stacks = boto3.client("cloudformation", "us-west-2", aws_access_key_id="k", aws_secret_access_key="s")
    stacks.create_stack(StackName="created", TemplateBody=TEMPLATE)
    made = stacks.create_change_set(
        StackName="changed", ChangeSetName="first", ChangeSetType="CREATE", TemplateBody=TEMPLATE
    )
    stacks.execute_change_set(ChangeSetName=made["Id"])
    for stack in stacks.describe_stacks()["Stacks"]:
        print(stack["StackName"], stack["StackStatus"], [it["OutputValue"] for it in stack.get("Outputs", [])])
PYTHON
echo "moto 5.2.5, one template, by CreateStack and by a change set:"
output=$(AWS_DEFAULT_REGION=us-west-2 timeout 120 "$folder/venv/bin/python" "$folder/outputs.py")
echo "$output"
[ "$output" = "created CREATE_COMPLETE ['orders']
changed CREATE_COMPLETE []" ]
