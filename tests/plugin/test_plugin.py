"""What Pulumi's own plugin process makes of our providers."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any

import grpc
import pytest


def gateway(name: str, role_arn: str, **more: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:test::project::pulumi-python:dynamic/agentcore:Gateway::{name}"
    return {
        "name": name,
        "role_arn": role_arn,
        "authorizer_type": "NONE",
        "protocol_type": "MCP",
        "__context": {"urn": urn, "owner": f"owner of {name}"},
        **more,
    }


def until(aws: Any, done: Any) -> None:
    pause = threading.Event()
    for _ in range(600):
        if done():
            return
        pause.wait(0.05)
    raise AssertionError("did not come about within 30 s")


def test_many_creates_wait_at_once_and_check_is_still_answered(aws: Any, plugin: Any) -> None:
    """Pulumi gives the process four threads: if they were all, the fifth create and every check would stand still."""
    role_arn = aws.role()
    control = aws.client("bedrock-agentcore-control")
    plugin.check("gateway", gateway("first", role_arn))
    creates = [plugin.create("gateway", gateway(f"waits-{number}", role_arn)) for number in range(12)]
    until(
        aws,
        lambda: (
            sum(
                it["name"].startswith("waits-") and it["status"] == "CREATING"
                for it in control.list_gateways(maxResults=1000)["items"]
            )
            == 12
        ),
    )
    assert not any(create.done() for create in creates)
    assert not plugin.check("gateway", gateway("another", role_arn)).failures
    aws.now += 10
    assert {create.result().properties["status"] for create in creates} == {"READY"}


def test_a_failure_is_one_line_without_a_traceback(aws: Any, plugin: Any) -> None:
    role_arn = aws.role()
    aws.client("bedrock-agentcore-control").create_gateway(name="taken", roleArn=role_arn, authorizerType="NONE")
    with pytest.raises(grpc.RpcError) as failure:
        plugin.create("gateway", gateway("taken", role_arn)).result()
    details = failure.value.details().strip()
    assert details.startswith("agentcore_provider.errors.NameTaken: gateway 'taken'")
    assert "\n" not in details


def test_progress_is_shown_on_the_row_of_the_resource(aws: Any, plugin: Any) -> None:
    inputs = gateway("progress", aws.role())
    create = plugin.create("gateway", inputs)
    until(aws, lambda: any("waiting for gateway" in entry.message for entry in plugin.engine.logged))
    aws.now += 10
    create.result()
    assert {entry.urn for entry in plugin.engine.logged} == {inputs["__context"]["urn"]}
    assert all(entry.ephemeral for entry in plugin.engine.logged)


def test_the_row_is_the_one_of_the_urn_that_the_engine_says(aws: Any, plugin: Any) -> None:
    """After `pulumi stack rename` or `pulumi state rename` the state's own note of it is an old one."""
    urn = "urn:pulumi:test::project::pulumi-python:dynamic/agentcore:Gateway::renamed"
    create = plugin.create("gateway", gateway("old", aws.role()), urn=urn)
    until(aws, lambda: any("waiting for gateway" in entry.message for entry in plugin.engine.logged))
    aws.now += 10
    create.result()
    assert {entry.urn for entry in plugin.engine.logged} == {urn}


def test_the_time_that_the_engine_allows_counts(aws: Any, plugin: Any) -> None:
    """It is what the resource's options say now, those that a transform set included."""
    create = plugin.create("gateway", gateway("slow", aws.role()), timeout=2.0)
    with pytest.raises(grpc.RpcError) as failure:
        create.result()
    assert "to be READY after 2 s" in failure.value.details()
    assert "custom_timeouts" in failure.value.details()


def test_problems_name_no_property_since_its_value_would_be_printed(aws: Any, plugin: Any) -> None:
    failures = plugin.check("gateway", gateway("under_score", "no arn")).failures
    assert {failure.property for failure in failures} == {""}
    assert {failure.reason.partition(":")[0] for failure in failures} == {"name", "role_arn"}


def test_an_up_that_changes_nothing_loads_nothing_that_only_others_need() -> None:
    """Not even botocore: it calls check and diff alone, whose rules read the service's model by themselves."""
    code = """
import sys
from agentcore_provider.providers.loader import load

tool = {"name": "get", "description": "Get", "inputSchema": {"type": "object"}}
target = {"mcp": {"lambda": {"lambdaArn": "arn:aws:lambda:us-west-2:123456789012:function:get",
                             "toolSchema": {"inlinePayload": [tool]}}}}
inputs = {
    "ez_auth": {"scopes": ["read"]},
    "gateway": {"role_arn": "arn:aws:iam::123456789012:role/shop", "authorizer_type": "NONE", "protocol_type": "MCP"},
    "gateway_target": {"gateway_identifier": "shop-0a1b2c3d4e", "target_configuration": target},
    "token_endpoint": {},
}
for noun, news in inputs.items():
    provider = load(noun)
    checked = provider.check_inputs({}, {**news, "__context": {"urn": "urn:::shop", "owner": "1"}})
    provider.diff("", checked.inputs, checked.inputs)
late = {"boto3", "botocore.loaders", "urllib3", "moto", "mcp", "rich", "typer", "pulumi_aws", "flask", "pydantic",
        "jsonschema", "ruamel.yaml", "httpx"}
print(sorted(late & set(sys.modules)))
"""
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert loaded.stdout.strip() == "[]", loaded.stderr
