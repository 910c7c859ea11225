"""What an engine is promised beyond the life of single resources."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from agentcore_provider import pulumi_aws_stand_in as stand_in
from agentcore_provider.pulumi_aws_stand_in.assets import Asset
from agentcore_provider.pulumi_aws_stand_in.registry import LOOKUPS
from agentcore_provider.pulumi_aws_stand_in.wire import UNKNOWN, decode, encode

ROLE = "aws:iam/role:Role"
FUNCTION = "aws:lambda/function:Function"
BUCKET = "aws:s3/bucket:Bucket"


def refusal(error: pytest.ExceptionInfo[grpc.RpcError]) -> str:
    return str(error.value.details())  # type: ignore[attr-defined]


# --- protocol


def test_it_says_it_is_the_version_of_the_sdk(engine: Any) -> None:
    assert engine.stub.GetPluginInfo(empty_pb2.Empty()).version == importlib.metadata.version("pulumi_aws")


def test_an_engine_can_attach_shake_hands_and_cancel(engine: Any) -> None:
    engine.stub.Attach(plugin_pb2.PluginAttach(address="127.0.0.1:1"))
    assert engine.stub.Handshake(provider_pb2.ProviderHandshakeRequest()).accept_secrets
    engine.stub.Cancel(empty_pb2.Empty())


def test_a_taken_port_is_refused(endpoint: str, port: int) -> None:
    with pytest.raises(OSError, match=f"Port {port} .* is taken"):
        stand_in.start(endpoint, port=port)


def test_a_port_that_another_program_takes_first_leaves_nothing_on_stderr(port: int) -> None:
    """Local AWS then takes another port; gRPC writes no line of its own."""
    code = (
        "import sys\nfrom agentcore_provider import pulumi_aws_stand_in\n"
        "try:\n    pulumi_aws_stand_in.start('http://127.0.0.1:9', port=int(sys.argv[1]))\n"
        "except OSError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(port)], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert done.stdout.startswith(f"Port {port} ")


def test_a_connection_that_never_configured_is_refused(port: int) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        with pytest.raises(grpc.RpcError) as error:
            stub.Invoke(provider_pb2.InvokeRequest(tok="aws:index/getRegion:getRegion"))
    assert "never configured" in refusal(error)


# --- errors


def test_an_unknown_type_is_rejected_by_name_with_the_known_ones_and_the_cure(engine: Any) -> None:
    with pytest.raises(grpc.RpcError) as error:
        engine.check("aws:ec2/vpc:Vpc", "net", {})
    message = refusal(error)
    for part in ("aws:ec2/vpc:Vpc", "aws:iam:Role", "aws:lambda:Function", "official plugin", "aws:endpoints"):
        assert part in message
    with pytest.raises(grpc.RpcError) as error:
        engine.invoke("aws:ec2/getVpc:getVpc")
    assert "aws:iam:getPolicyDocument" in refusal(error)


def test_an_error_of_aws_is_one_line_with_resource_operation_and_code(engine: Any) -> None:
    engine.create(ROLE, "first", {"name": "taken", "assumeRolePolicy": engine.trust})
    with pytest.raises(grpc.RpcError) as error:
        engine.create(ROLE, "second", {"name": "taken", "assumeRolePolicy": engine.trust})
    message = refusal(error)
    assert message.startswith("aws:iam/role:Role second: CreateRole failed: EntityAlreadyExists")
    assert "\n" not in message


def test_all_problems_of_inputs_are_reported_at_once(engine: Any) -> None:
    answer = engine.check(FUNCTION, "f", {"durableConfig": {}, "handler": "h", "code": Asset(text="x")})
    reasons = {failure.property: failure.reason for failure in answer.failures}
    assert set(reasons) == {"code", "durableConfig", "role", "runtime"}
    assert "is not supported by local AWS's stand-in" in reasons["durableConfig"]


def test_a_document_that_is_not_json_is_rejected_without_its_text(engine: Any) -> None:
    answer = engine.check(ROLE, "r", {"assumeRolePolicy": '{"marker-secret": }'})
    assert "not JSON" in answer.failures[0].reason
    assert "marker-secret" not in answer.failures[0].reason


def test_a_create_that_fails_halfway_leaves_nothing_behind(engine: Any, aws: Any) -> None:
    with pytest.raises(grpc.RpcError):
        engine.create(
            ROLE,
            "half",
            {"name": "half-made", "assumeRolePolicy": engine.trust, "managedPolicyArns": ["arn:aws:iam::1:policy/no"]},
        )
    assert "half-made" not in {role["RoleName"] for role in aws("iam").list_roles()["Roles"]}


# --- unknowns, secrets, documents


def test_unknown_inputs_pass_check_and_make_a_difference(engine: Any) -> None:
    inputs = {"assumeRolePolicy": engine.trust, "description": "known"}
    state = engine.create(ROLE, "r", inputs)
    plan = engine.plan(ROLE, "r", state, {**inputs, "description": UNKNOWN, "path": UNKNOWN})
    assert set(plan.diffs) == {"description", "path"}
    assert list(plan.replaces) == ["path"]
    preview = engine.update(ROLE, "r", state, {**inputs, "description": UNKNOWN}, preview=True)
    assert preview.outputs["description"] is UNKNOWN
    assert preview.outputs["arn"] == state.outputs["arn"]


def test_a_secret_stays_secret_in_inputs_and_outputs_from_create_to_read(engine: Any) -> None:
    path = ("environment", "variables", "KEY")
    inputs = engine.function(environment={"variables": {"KEY": "marker-secret", "PORT": "80"}})
    checked = decode(engine.check(FUNCTION, "f", inputs, secrets=[path]).inputs)
    assert checked.secrets == {path}
    state = engine.create(FUNCTION, "f", inputs, secrets=[path])
    assert state.secrets == {path}
    assert engine.read(FUNCTION, "f", state).secrets == {path}


def test_a_secret_tag_is_secret_among_all_tags_too(engine: Any) -> None:
    state = engine.create(BUCKET, "b", {"tags": {"key": "marker-secret"}}, secrets=[("tags", "key")])
    assert state.secrets == {("tags", "key"), ("tagsAll", "key")}


def test_what_is_secret_by_nature_needs_no_mark(engine: Any) -> None:
    holder = engine.create("aws:secretsmanager/secret:Secret", "s", {})
    state = engine.create(
        "aws:secretsmanager/secretVersion:SecretVersion", "v", {"secretId": holder.id, "secretString": "x"}
    )
    assert ("secretString",) in state.secrets


def test_a_policy_may_be_an_object_and_means_the_same_in_any_writing(engine: Any) -> None:
    document = json.loads(engine.trust)
    state = engine.create(ROLE, "r", {"assumeRolePolicy": document})
    assert json.loads(state.outputs["assumeRolePolicy"]) == document
    document["Statement"][0]["Action"] = ["sts:AssumeRole"]
    assert not engine.plan(ROLE, "r", state, {"assumeRolePolicy": json.dumps(document, indent=4)}).diffs
    document["Statement"][0]["Action"] = "sts:TagSession"
    assert list(engine.plan(ROLE, "r", state, {"assumeRolePolicy": document}).diffs) == ["assumeRolePolicy"]


# --- names and replacement


def test_a_given_name_is_deleted_before_it_is_made_again(engine: Any) -> None:
    inputs = {"name": "given", "assumeRolePolicy": engine.trust}
    state = engine.create(ROLE, "r", inputs)
    assert engine.plan(ROLE, "r", state, {**inputs, "path": "/x/"}).deleteBeforeReplace


def test_the_engine_may_propose_names_or_switch_them_off(engine: Any) -> None:
    options = provider_pb2.CheckRequest.AutonamingOptions
    proposed = options(proposed_name="org-r", mode=options.PROPOSE)
    answer = engine.check(ROLE, "r", {"assumeRolePolicy": engine.trust}, autonaming=proposed)
    assert decode(answer.inputs).values["name"] == "org-r"
    answer = engine.check(ROLE, "r", {"assumeRolePolicy": engine.trust}, autonaming=options(mode=options.DISABLE))
    assert answer.failures[0].property == "name"


# --- regions and tags


def test_each_connection_has_its_own_region_and_a_resource_may_choose_another(engine: Any, connect: Any) -> None:
    east = connect(region="us-east-1")
    assert engine.invoke("aws:index/getRegion:getRegion")["region"] == "us-west-2"
    assert east.invoke("aws:index/getRegion:getRegion")["description"] == "US East (N. Virginia)"
    group = "aws:cloudwatch/logGroup:LogGroup"
    assert ":us-east-1:" in east.create(group, "g", {}).outputs["arn"]
    chosen = east.create(group, "chosen", {"region": "eu-west-1"})
    assert ":eu-west-1:" in chosen.outputs["arn"]
    assert east.read(group, "chosen", chosen).outputs == chosen.outputs
    east.delete(group, "chosen", chosen)
    assert east.read(group, "chosen", chosen) is None


def test_a_provider_that_moves_to_another_region_replaces(engine: Any, connect: Any) -> None:
    group = "aws:cloudwatch/logGroup:LogGroup"
    state = engine.create(group, "g", {})
    moved = connect(region="eu-central-1", stack=engine.stack)
    assert list(moved.plan(group, "g", state, {}).replaces) == ["region"]


def test_default_tags_of_a_provider_reach_every_tagged_resource(connect: Any, aws: Any) -> None:
    tagged = connect(defaultTags=json.dumps({"tags": {"cost": 42}}), region="us-west-2")
    state = tagged.create(BUCKET, "tagged", {"tags": {"own": "x"}})
    assert state.outputs["tags"] == {"own": "x"}
    assert state.outputs["tagsAll"] == {"cost": "42", "own": "x"}
    tags = aws("s3").get_bucket_tagging(Bucket=state.id)["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"cost": "42", "own": "x"}
    more = connect(defaultTags={"tags": {"cost": 43}}, region="us-west-2")
    assert list(more.plan(BUCKET, "tagged", state, {"tags": {"own": "x"}}).diffs) == ["tagsAll"]
    updated = more.update(BUCKET, "tagged", state, {"tags": {"own": "x"}})
    assert updated.outputs["tagsAll"]["cost"] == "43"


# --- lookups


def test_every_look_up_answers(engine: Any) -> None:
    role = engine.create(ROLE, "looked-up", {"assumeRolePolicy": engine.trust, "tags": {"a": "b"}})
    made = engine.create(FUNCTION, "f", engine.function())
    place = engine.create(BUCKET, "b", {})
    managed = engine.create(
        "aws:iam/policy:Policy",
        "p",
        {
            "policy": engine.invoke(
                "aws:iam/getPolicyDocument:getPolicyDocument", statements=[{"actions": ["s3:*"], "resources": ["*"]}]
            )["json"]
        },
    )
    secret = engine.create("aws:secretsmanager/secret:Secret", "s", {})
    engine.create("aws:secretsmanager/secretVersion:SecretVersion", "v", {"secretId": secret.id, "secretString": "x"})
    asked: dict[str, tuple[dict[str, Any], str, Any]] = {
        "aws:index/getCallerIdentity:getCallerIdentity": ({}, "accountId", "123456789012"),
        "aws:index/getPartition:getPartition": ({}, "reverseDnsPrefix", "com.amazonaws"),
        "aws:index/getRegion:getRegion": ({}, "name", "us-west-2"),
        "aws:index/getServicePrincipal:getServicePrincipal": (
            {"serviceName": "lambda"},
            "name",
            "lambda.amazonaws.com",
        ),
        "aws:index/getAvailabilityZones:getAvailabilityZones": ({}, "region", "us-west-2"),
        "aws:iam/getRole:getRole": ({"name": role.id}, "arn", role.outputs["arn"]),
        "aws:iam/getPolicy:getPolicy": ({"name": managed.outputs["name"]}, "arn", managed.id),
        "aws:lambda/getFunction:getFunction": ({"functionName": made.id}, "arn", made.outputs["arn"]),
        "aws:s3/getBucket:getBucket": ({"bucket": place.id}, "arn", place.outputs["arn"]),
        "aws:secretsmanager/getSecretVersion:getSecretVersion": ({"secretId": secret.id}, "secretString", "x"),
    }
    assert asked.keys() | {"aws:iam/getPolicyDocument:getPolicyDocument"} == LOOKUPS.keys()
    for token, (arguments, key, value) in asked.items():
        assert engine.invoke(token, **arguments)[key] == value, token


# --- many at once


def test_many_engines_work_at_once_without_meeting(connect: Any) -> None:
    def work(number: int) -> str:
        region = ("us-west-2", "eu-west-1")[number % 2]
        engine = connect(region=region, stack=f"many-{number}")
        state = engine.create("aws:cloudwatch/logGroup:LogGroup", "g", {})
        assert f":{region}:" in state.outputs["arn"]
        engine.delete("aws:cloudwatch/logGroup:LogGroup", "g", state)
        return str(state.id)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(work, range(16)))) == 16


def test_a_state_of_an_older_engine_without_old_inputs_still_compares(engine: Any) -> None:
    inputs = {"assumeRolePolicy": engine.trust, "description": "x"}
    state = replace(engine.create(ROLE, "r", inputs), inputs={})
    checked = encode({**inputs, "name": state.outputs["name"]})
    assert not engine.diff(ROLE, "r", state, checked).diffs
