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

SERVICE = "bedrock-agentcore-control"


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


def require_modelled(operation: str, answer: dict[str, Any], service: str = SERVICE) -> None:
    answer = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    shape = botocore.session.get_session().get_service_model(service).operation_model(operation).output_shape
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
    update = (
        botocore.session.get_session().get_service_model(SERVICE).operation_model("UpdateGateway").input_shape.members
    )
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


def test_every_answer_about_rate_limits_fits_its_shape(local_aws: ControlPlane) -> None:
    """And a batch changes what exists, creates what does not, and leaves all others as they are."""
    control = local_aws.control
    named = {"gatewayIdentifier": local_aws.gateway()["gatewayId"]}

    def document(key: str, rate: float = 1) -> dict[str, Any]:
        entry = {"dimensions": {key: "*"}, "requests": [{"rate": rate, "period": "second"}]}
        return {"dimensionKeys": [key], "entries": [entry]}

    made = control.create_gateway_rate_limit(**named, **document("targetName"), description="Each target")
    require_modelled("CreateGatewayRateLimit", made)
    one = {**named, "rateLimitId": made["rateLimitId"]}
    require_modelled("ListGatewayRateLimits", control.list_gateway_rate_limits(**named))
    entries = document("targetName", 2)["entries"]
    require_modelled("UpdateGatewayRateLimit", control.update_gateway_rate_limit(**one, entries=entries))
    found = control.get_gateway_rate_limit(**one)
    require_modelled("GetGatewayRateLimit", found)
    assert (found["description"], found["entries"]) == ("Each target", entries)
    control.create_gateway_rate_limit(**named, **document("qualifiedModelId"))
    batch = [document("targetName", 3), {"rateLimitId": "tools", **document("toolName")}]
    put = control.batch_put_gateway_rate_limits(**named, rateLimits=batch)
    require_modelled("BatchPutGatewayRateLimits", put)
    assert [it["rateLimitId"] for it in put["rateLimits"]] == [made["rateLimitId"], "tools"]
    listed = control.list_gateway_rate_limits(**named)["rateLimits"]
    rates = {it["dimensionKeys"][0]: it["entries"][0]["requests"][0]["rate"] for it in listed}
    assert rates == {"targetName": 3, "qualifiedModelId": 1, "toolName": 1}
    assert "description" not in control.get_gateway_rate_limit(**one), "a batch has the whole of each limit"
    require_modelled("DeleteGatewayRateLimit", control.delete_gateway_rate_limit(**one))
    assert len(control.list_gateway_rate_limits(**named)["rateLimits"]) == 2


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        ([["toolName"], ["toolName"]], "only once"),
        ([["toolName"], ["qualifiedModelId", "targetName"]], "cannot be changed"),
        ([["toolName"], ["$.context.request.header.a"]], "must also contain"),
    ],
)
def test_a_batch_with_a_problem_changes_nothing(local_aws: ControlPlane, batch: list[list[str]], message: str) -> None:
    """Neither the limits that exist, nor those that would be right."""
    control = local_aws.control
    named = {"gatewayIdentifier": local_aws.gateway()["gatewayId"]}

    def document(keys: list[str]) -> dict[str, Any]:
        rate = [{"rate": 1, "period": "second"}]
        return {"dimensionKeys": keys, "entries": [{"dimensions": dict.fromkeys(keys, "*"), "requests": rate}]}

    control.create_gateway_rate_limit(**named, **document(["targetName", "qualifiedModelId"]))
    with pytest.raises(control.exceptions.ValidationException, match=message):
        control.batch_put_gateway_rate_limits(**named, rateLimits=[document(it) for it in batch])
    assert len(control.list_gateway_rate_limits(**named)["rateLimits"]) == 1


def test_two_rate_limits_of_one_scope_conflict(local_aws: ControlPlane) -> None:
    """In whatever order their keys are; so do two of one id, and the 51st is over the quota."""
    control = local_aws.control
    named = {"gatewayIdentifier": local_aws.gateway()["gatewayId"]}

    def create(*keys: str, **members: Any) -> None:
        rate = [{"rate": 1, "period": "second"}]
        entries = [{"dimensions": dict.fromkeys(keys, "*"), "requests": rate}]
        control.create_gateway_rate_limit(**named, dimensionKeys=list(keys), entries=entries, **members)

    create("targetName", "toolName", rateLimitId="mine")
    with pytest.raises(control.exceptions.ConflictException, match="same dimension keys"):
        create("toolName", "targetName")
    with pytest.raises(control.exceptions.ConflictException, match="already exists"):
        create("toolName", rateLimitId="mine")
    for number in range(49):
        create(f"$.context.jwt.c{number}")
    with pytest.raises(control.exceptions.ServiceQuotaExceededException, match="more than 50"):
        create("toolName")


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
