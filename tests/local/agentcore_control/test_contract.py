"""Every answer is what botocore's model says it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape
from botocore.validate import ParamValidator

from tests.support.control_plane import ControlPlane

MODEL = botocore.session.get_session().get_service_model("bedrock-agentcore-control")


def breaches(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """Patterns and enums that an answer breaks, which botocore itself never looks at."""
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            if name in value:
                yield from breaches(member, value[name], f"{path}.{name}")
    elif isinstance(shape, ListShape):
        for item in value:
            yield from breaches(shape.member, item, f"{path}[]")
    elif isinstance(shape, MapShape):
        for key, item in value.items():
            yield from breaches(shape.key, key, f"{path}.{key}")
            yield from breaches(shape.value, item, f"{path}.{key}")
    elif isinstance(shape, StringShape):
        if shape.enum and value not in shape.enum:
            yield f"{path}: {value} is none of {shape.enum}"
        pattern = shape.metadata.get("pattern")
        if pattern and not re.fullmatch(pattern, value):
            yield f"{path}: {value} does not match {pattern}"


def require_modelled(operation: str, answer: dict[str, Any]) -> None:
    answer = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    shape = MODEL.operation_model(operation).output_shape
    assert shape is not None
    report = ParamValidator().validate(answer, shape)
    assert not report.has_errors(), f"{operation}: {report.generate_report()}"
    assert not list(breaches(shape, answer, operation))


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"name": "Ends-in-a-hyphen-"},
        {
            "description": "Everything",
            "exceptionLevel": "DEBUG",
            "authorizerType": "CUSTOM_JWT",
            "authorizerConfiguration": {
                "customJWTAuthorizer": {
                    "discoveryUrl": "https://example.com/.well-known/openid-configuration",
                    "allowedClients": ["c"],
                }
            },
            "protocolConfiguration": {"mcp": {"searchType": "SEMANTIC", "supportedVersions": ["2025-06-18"]}},
            "domainOverride": {"defaultDomain": "a.example.com"},
        },
    ],
)
def test_every_answer_about_gateways_and_targets_fits_its_shape(
    local_aws: ControlPlane, members: dict[str, Any]
) -> None:
    control = local_aws.control
    gateway = local_aws.gateway(**members)
    require_modelled("CreateGateway", gateway)
    named = {"gatewayIdentifier": gateway["gatewayId"]}
    require_modelled("GetGateway", control.get_gateway(**named))
    require_modelled("ListGateways", control.list_gateways())
    update = MODEL.operation_model("UpdateGateway").input_shape.members
    document = {name: gateway[name] for name in update if name in gateway}
    require_modelled("UpdateGateway", control.update_gateway(**named, **document))
    asked = local_aws.lambda_target(gateway["gatewayId"], description="A target")
    target = control.create_gateway_target(**asked)
    require_modelled("CreateGatewayTarget", target)
    one = {**named, "targetId": target["targetId"]}
    require_modelled("GetGatewayTarget", control.get_gateway_target(**one))
    require_modelled("ListGatewayTargets", control.list_gateway_targets(**named))
    require_modelled("UpdateGatewayTarget", control.update_gateway_target(**asked, targetId=target["targetId"]))
    require_modelled("DeleteGatewayTarget", control.delete_gateway_target(**one))
    require_modelled("DeleteGateway", control.delete_gateway(**named))


def test_every_answer_about_rules_fits_its_shape(local_aws: ControlPlane) -> None:
    """And a rule of which only one member is sent keeps all others."""
    control = local_aws.control
    gateway_id = local_aws.gateway(protocolType=None)["gatewayId"]
    endpoint = {"endpoint": "https://127.0.0.1:1", "protocolType": "CUSTOM"}
    local_aws.create_target(gateway_id, {"http": {"passthrough": endpoint}})
    named = {"gatewayIdentifier": gateway_id}
    target = control.list_gateway_targets(**named)["items"][0]["name"]
    document = {
        "priority": 100,
        "description": "All of it",
        "conditions": [{"matchPaths": {"anyOf": [f"/{target}/*"]}}],
        "actions": [{"routeToTarget": {"staticRoute": {"targetName": target}}}],
    }
    made = control.create_gateway_rule(**named, **document)
    require_modelled("CreateGatewayRule", made)
    one = {**named, "ruleId": made["ruleId"]}
    require_modelled("ListGatewayRules", control.list_gateway_rules(**named))
    require_modelled("UpdateGatewayRule", control.update_gateway_rule(**one, priority=7))
    found = control.get_gateway_rule(**one)
    require_modelled("GetGatewayRule", found)
    assert {it: found[it] for it in document} == {**document, "priority": 7}
    require_modelled("DeleteGatewayRule", control.delete_gateway_rule(**one))
    assert control.list_gateway_rules(**named)["gatewayRules"] == []
