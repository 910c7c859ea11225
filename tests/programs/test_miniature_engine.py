"""The small engine that faults are walked with asks AWS for the same, in the same order, as Pulumi's own."""

from __future__ import annotations

import inspect
import json
import textwrap
from collections.abc import Mapping
from typing import Any

import pytest
from faults import Fault
from miniature_engine import Declared, MiniatureEngine, Program, Ref
from programs import Ground
from simulated_aws import SimulatedAws

from tests.support.stack import Stack


def declared_in_json() -> None:
    """The program of the real engine: declares what declared.json says, by the inputs as they are."""
    import json
    from pathlib import Path

    import pulumi
    import pulumi.dynamic

    from agentcore_provider.providers.loader import load

    made = {}

    def valued(value: object) -> object:
        if isinstance(value, dict) and "ref" in value:
            return getattr(made[value["ref"]], value["output"])
        if isinstance(value, dict):
            return {name: valued(item) for name, item in value.items()}
        return [valued(item) for item in value] if isinstance(value, list) else value

    for one in json.loads(Path("declared.json").read_text()):
        noun, name = one["noun"], one["name"]
        kind = type(noun, (pulumi.dynamic.Resource,), {}, module="agentcore", name=noun)
        urn = f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::pulumi-python:dynamic/agentcore:{noun}::{name}"
        context = {"urn": urn, "owner": f"owner of {name}", **one["context"]}
        outputs = ("gateway_id", "credential_provider_arn", "discovery_url", "client_id")
        inputs = {**dict.fromkeys(outputs), **valued(one["inputs"]), "__context": context}
        made[name] = kind(load(noun), name, inputs)


def _in_json(value: Any) -> Any:
    if isinstance(value, Ref):
        return {"ref": value.resource, "output": value.output}
    if isinstance(value, Declared):
        return {
            "noun": value.noun,
            "name": value.name,
            "inputs": _in_json(value.inputs),
            "context": _in_json(value.context),
        }
    if isinstance(value, Mapping):
        return {name: _in_json(item) for name, item in value.items()}
    return [_in_json(item) for item in value] if isinstance(value, list) else value


def _life(ground: Ground) -> list[Program]:
    """One program after the other: creates, updates, replacements of both kinds, deletes."""
    signed, orders, pets = ground.signed_gateway(), ground.lambda_target(), ground.openapi_target()
    tools = {"inlinePayload": [{**ground.tools[0], "description": "Find any order"}]}
    return [
        [ground.sign_in(), ground.api_key(), signed, orders, pets],
        [
            ground.sign_in(scopes=["read", "write"], tags={"team": "other"}),
            ground.api_key(api_key="sk-second"),
            signed.but(description="another"),
            ground.lambda_target(tools=tools),
            pets,
        ],
        # A generated name changes with the authorizer: the new gateway is made first, and the targets move.
        [ground.sign_in(), ground.api_key(), ground.gateway(authorizer_type="AWS_IAM"), orders, pets],
        [ground.sign_in(), ground.api_key(), ground.gateway(name="given"), orders, pets],
        # A given name stays: the old gateway goes first, and with it what hangs on it.
        [ground.sign_in(), ground.api_key(), ground.gateway(name="given", authorizer_type="AWS_IAM"), orders, pets],
        [ground.sign_in(name="one", domain_prefix="kept"), ground.gateway(name="given"), orders],
        [ground.sign_in(name="two", domain_prefix="kept"), ground.gateway(name="given"), orders],
        [ground.gateway(name="given")],
    ]


def _writes(calls: list[str]) -> dict[str, list[str]]:
    """What changed AWS, in order where one thing hangs on the other: the real engine has no order beyond that."""
    writes = [it for it in calls if not it.startswith(("Get", "List", "Describe", "Head"))]
    families = ("UserPool", "CredentialProvider", "Gateway")
    return {family: [it for it in writes if family in it] for family in families} | {"all": sorted(writes)}


_REFUSED = {2: "CreateGatewayTarget", 4: "CreateGateway"}
"""Calls that AWS refuses at first, by the number of the program: in the middle of a replacement of either kind."""


@pytest.fixture
def miniature() -> Any:
    aws = SimulatedAws()
    yield MiniatureEngine(aws)
    aws.server.close()


@pytest.mark.long
@pytest.mark.timeout(900)
def test_both_engines_ask_aws_for_the_same_in_the_same_order(stack: Stack, miniature: MiniatureEngine) -> None:
    lines = inspect.getsource(declared_in_json).split("\n")[1:]
    (stack.folder / "__main__.py").write_text(textwrap.dedent("\n".join(lines)))
    small, real = _life(Ground.laid(miniature.aws)), _life(Ground.laid(stack.local_aws))
    for number, (wanted, asked) in enumerate(zip(real, small, strict=True)):
        (stack.folder / "declared.json").write_text(json.dumps(_in_json(wanted)))
        if refused := _REFUSED.get(number):
            stack.local_aws.ask("POST", "/_local/faults", {"operation": refused, "kind": "status", "status": 403})
            stack.local_aws.forget_requests()
            stack.up("--parallel", "1", succeeds=False)
            assert "AccessDenied" in (outcome := miniature.up(asked, Fault(miniature.aws, refused, 1, "refused"))).error
            assert _writes(outcome.calls) == _writes(stack.local_aws.requests())
            stack.local_aws.ask("DELETE", "/_local/faults")
        stack.local_aws.forget_requests()
        stack.up("--parallel", "1")
        outcome = miniature.up(asked)
        assert outcome.succeeded, outcome
        assert _writes(outcome.calls) == _writes(stack.local_aws.requests())
        assert sorted(it.name for it in miniature.state) == sorted(
            it["urn"].rpartition("::")[2] for it in stack.resources() if "dynamic" in it["type"]
        )
    stack.local_aws.forget_requests()
    stack.refresh("--parallel", "1")
    assert _unrepeated(miniature.refresh().calls) == _unrepeated(stack.local_aws.requests())
    stack.local_aws.forget_requests()
    stack.destroy("--parallel", "1")
    assert _writes(miniature.destroy().calls) == _writes(stack.local_aws.requests())


def _unrepeated(calls: list[str]) -> list[str]:
    return [it for index, it in enumerate(calls) if index == 0 or calls[index - 1] != it]
