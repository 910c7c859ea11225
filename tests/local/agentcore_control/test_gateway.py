from __future__ import annotations

import re
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from tests.support.control_plane import ControlPlane

CONTROL_MODEL = botocore.session.get_session().get_service_model("bedrock-agentcore-control")


def refusal(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, str]:
    """Code and message of an AWS error."""
    found = error.value.response["Error"]
    return found["Code"], found["Message"]


def test_ids_arns_and_urls_have_the_service_s_form(local_aws: ControlPlane) -> None:
    gateway = local_aws.gateway(name=f"Shop-{local_aws.unique('A')}")
    for member, shape in (("gatewayId", "GatewayId"), ("gatewayArn", "GatewayArn")):
        assert re.fullmatch(CONTROL_MODEL.shape_for(shape).metadata["pattern"], gateway[member])
    assert re.fullmatch(re.escape(gateway["name"].lower()) + "-[0-9a-z]{10}", gateway["gatewayId"])
    assert gateway["gatewayUrl"] == f"{local_aws.endpoint}/gateways/{gateway['gatewayId']}/mcp"


def test_what_was_never_set_is_not_answered(local_aws: ControlPlane) -> None:
    gateway = local_aws.gateway(protocolType=None)
    assert {"description", "protocolType", "statusReasons", "kmsKeyArn"}.isdisjoint(gateway)


def test_states_follow_the_clock(slow_aws: ControlPlane) -> None:
    """CREATING, READY, UPDATING, READY, DELETING, gone: each after the seconds that were asked for."""
    control = slow_aws.control
    created = slow_aws.gateway()
    named = {"gatewayIdentifier": created["gatewayId"]}
    document = {name: created[name] for name in ("name", "roleArn", "authorizerType", "protocolType")}

    def status() -> str:
        found: str = control.get_gateway(**named)["status"]
        return found

    assert (created["status"], status()) == ("CREATING", "CREATING")
    slow_aws.now += 4.9
    assert status() == "CREATING"
    slow_aws.now += 0.2
    assert status() == "READY"
    assert control.update_gateway(**named, **document)["status"] == "UPDATING"
    with pytest.raises(control.exceptions.ConflictException, match="UPDATING"):
        control.update_gateway(**named, **document)
    slow_aws.now += 5
    assert status() == "READY"
    assert control.delete_gateway(**named)["status"] == "DELETING"
    assert status() == "DELETING"
    slow_aws.now += 5
    with pytest.raises(control.exceptions.ResourceNotFoundException):
        status()
    assert created["gatewayId"] not in [item["gatewayId"] for item in control.list_gateways(maxResults=1000)["items"]]


def test_a_name_is_taken_once(local_aws: ControlPlane) -> None:
    gateway = local_aws.gateway()
    with pytest.raises(local_aws.control.exceptions.ConflictException, match=gateway["name"]):
        local_aws.gateway(name=gateway["name"])


def test_a_client_token_makes_one_gateway(local_aws: ControlPlane) -> None:
    """Same token and parameters: the same gateway. Other parameters: refused. Gateway gone: a new one."""
    asked = {"name": local_aws.unique("gw"), "roleArn": local_aws.execution_role(), "clientToken": "t" * 40}
    first = local_aws.gateway(**asked)
    assert local_aws.gateway(**asked)["gatewayId"] == first["gatewayId"]
    with pytest.raises(ClientError, match="clientToken") as error:
        local_aws.gateway(**asked, description="another")
    assert error.value.response["reason"] == "IdempotentParameterMismatchException"
    local_aws.control.delete_gateway(gatewayIdentifier=first["gatewayId"])
    assert local_aws.gateway(**asked)["gatewayId"] != first["gatewayId"]


def test_an_update_replaces_the_whole_document(local_aws: ControlPlane) -> None:
    gateway = local_aws.gateway(
        description="A shop",
        exceptionLevel="DEBUG",
        protocolConfiguration={"mcp": {"instructions": "Be kind", "searchType": "SEMANTIC"}},
    )
    local_aws.control.update_gateway(
        gatewayIdentifier=gateway["gatewayId"],
        name=gateway["name"],
        roleArn=gateway["roleArn"],
        authorizerType="NONE",
        protocolConfiguration={"mcp": {"searchType": "SEMANTIC"}},
    )
    after = local_aws.control.get_gateway(gatewayIdentifier=gateway["gatewayId"])
    assert {"description", "exceptionLevel", "protocolType"}.isdisjoint(after)
    assert after["protocolConfiguration"] == {"mcp": {"searchType": "SEMANTIC"}}
    assert after["createdAt"] == gateway["createdAt"] < after["updatedAt"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "another"}, "name cannot be updated"),
        ({"authorizerType": "AWS_IAM"}, "Authorizer type cannot be updated for an existing gateway"),
        ({"protocolConfiguration": {"mcp": {"searchType": "SEMANTIC"}}}, "searchType cannot be updated"),
        (
            {"protocolConfiguration": {"mcp": {"supportedVersions": ["2025-03-26", "2025-06-18"]}}},
            "supportedVersions can be removed but not added: 2025-06-18",
        ),
    ],
)
def test_what_cannot_change_is_refused(local_aws: ControlPlane, change: dict[str, Any], message: str) -> None:
    gateway = local_aws.gateway(protocolConfiguration={"mcp": {"supportedVersions": ["2025-03-26"]}})
    document = {name: gateway[name] for name in ("name", "roleArn", "authorizerType")}
    with pytest.raises(local_aws.control.exceptions.ValidationException, match=message):
        local_aws.control.update_gateway(gatewayIdentifier=gateway["gatewayId"], **{**document, **change})


def test_a_gateway_with_targets_stays(slow_aws: ControlPlane) -> None:
    """Also while the last target is still going."""
    control, gateway_id = slow_aws.control, slow_aws.gateway()["gatewayId"]
    slow_aws.now += 5
    target = control.create_gateway_target(**slow_aws.lambda_target(gateway_id))
    slow_aws.now += 2
    for _ in range(2):
        with pytest.raises(control.exceptions.ValidationException, match="has targets associated with it"):
            control.delete_gateway(gatewayIdentifier=gateway_id)
        if _ == 0:
            control.delete_gateway_target(gatewayIdentifier=gateway_id, targetId=target["targetId"])
    slow_aws.now += 2
    assert control.delete_gateway(gatewayIdentifier=gateway_id)["status"] == "DELETING"


def test_an_arn_is_not_an_identifier(local_aws: ControlPlane) -> None:
    gateway = local_aws.gateway()
    with pytest.raises(local_aws.control.exceptions.AccessDeniedException):
        local_aws.control.get_gateway(gatewayIdentifier=gateway["gatewayArn"])


def test_lists_come_in_pages(local_aws: ControlPlane) -> None:
    """Every gateway once, in order of creation, though one is deleted between pages."""
    control = local_aws.client("bedrock-agentcore-control", region="eu-west-1")
    role = local_aws.execution_role()
    made = [
        control.create_gateway(name=f"g{number}", roleArn=role, authorizerType="NONE")["gatewayId"]
        for number in range(5)
    ]
    first = control.list_gateways(maxResults=2)
    control.delete_gateway(gatewayIdentifier=made[1])
    second = control.list_gateways(maxResults=2, nextToken=first["nextToken"])
    third = control.list_gateways(maxResults=2, nextToken=second["nextToken"])
    assert [item["gatewayId"] for page in (first, second, third) for item in page["items"]] == made
    assert "nextToken" not in third
    with pytest.raises(control.exceptions.ValidationException, match="nextToken"):
        control.list_gateways(nextToken="made-up!")


def test_regions_are_apart(local_aws: ControlPlane) -> None:
    gateway = local_aws.gateway()
    elsewhere = local_aws.client("bedrock-agentcore-control", region="ap-south-1")
    with pytest.raises(elsewhere.exceptions.ResourceNotFoundException):
        elsewhere.get_gateway(gatewayIdentifier=gateway["gatewayId"])


def test_the_role_must_let_the_service_in(local_aws: ControlPlane) -> None:
    """A role that is missing, trusts another service, or names another account in its conditions is refused."""
    missing = "arn:aws:iam::123456789012:role/nobody"
    for role in (
        missing,
        local_aws.execution_role(principal="lambda.amazonaws.com"),
        local_aws.execution_role(account="9" * 12),
    ):
        with pytest.raises(ClientError, match="Gateway execution role lacks permission") as error:
            local_aws.gateway(roleArn=role)
        assert error.value.response["Error"]["Code"] == "ValidationException"


def test_all_breaches_of_the_model_come_at_once(local_aws: ControlPlane) -> None:
    status, answer = local_aws.http(
        "POST",
        "/gateways/",
        {
            "name": "under_score",
            "authorizerType": "JWT",
            "description": "",
            "colour": "red",
            "protocolConfiguration": {"mcp": {"sessionConfiguration": {"sessionTimeoutInSeconds": "60"}}},
            "authorizerConfiguration": {},
            "interceptorConfigurations": [],
        },
        local_aws.signed("bedrock-agentcore"),
    )
    message = answer["message"]
    assert status == 400
    assert answer["reason"] == "FieldValidationFailed"
    assert message.startswith("8 validation errors detected: ")
    for path in (
        "'name' failed to satisfy constraint: Member must satisfy regular expression pattern",
        "'roleArn' failed to satisfy constraint: Member must not be null",
        "'authorizerType' failed to satisfy constraint: Member must satisfy enum value set: [CUSTOM_JWT,",
        "'description' failed to satisfy constraint: Member must have length greater than or equal to 1",
        "'colour' failed to satisfy constraint: Member is not known",
        "'protocolConfiguration.mcp.sessionConfiguration.sessionTimeoutInSeconds' failed to satisfy constraint: "
        "Member must be of type integer",
        "'authorizerConfiguration' failed to satisfy constraint: Member must have exactly one of",
        "'interceptorConfigurations' failed to satisfy constraint: Member must have length greater than",
    ):
        assert path in message


def test_empty_audiences_and_strange_discovery_urls_are_refused(local_aws: ControlPlane) -> None:
    with pytest.raises(ClientError) as error:
        local_aws.gateway(
            authorizerType="CUSTOM_JWT",
            authorizerConfiguration={
                "customJWTAuthorizer": {"discoveryUrl": "https://example.com/?x", "allowedAudience": []}
            },
        )
    code, message = refusal(error)
    assert (code, message[:2]) == ("ValidationException", "2 ")


def test_custom_jwt_needs_its_configuration(local_aws: ControlPlane) -> None:
    with pytest.raises(ClientError, match="AuthorizerConfiguration is required for CUSTOM_JWT authorizer type"):
        local_aws.gateway(authorizerType="CUSTOM_JWT")


def test_interceptors_must_be_invokable(local_aws: ControlPlane) -> None:
    function = local_aws.function_arn + "-gone"
    interceptor = {"interceptor": {"lambda": {"arn": function}}, "interceptionPoints": ["REQUEST"]}
    with pytest.raises(ClientError, match="does not exist"):
        local_aws.gateway(interceptorConfigurations=[interceptor])


def test_members_of_every_depth_come_back_as_sent(local_aws: ControlPlane) -> None:
    """Also those with another name on the wire."""
    domain = {"defaultDomain": "tools.example.com", "alternateDomains": ["t.example.com"]}
    gateway = local_aws.gateway(domainOverride=domain)
    assert local_aws.control.get_gateway(gatewayIdentifier=gateway["gatewayId"])["domainOverride"] == domain


def test_unknown_operations_are_not_a_server_error(local_aws: ControlPlane) -> None:
    """A client would try again after a 500."""
    with pytest.raises(ClientError, match="Local AWS does not have bedrock-agentcore-control ListHarnesses"):
        local_aws.control.list_harnesses()
    status, answer = local_aws.http("GET", "/nothing/here", headers=local_aws.signed("bedrock-agentcore"))
    assert (status, "Local AWS does not have GET /nothing/here" in answer["message"]) == (404, True)


def test_what_moto_has_beyond_gateways_still_works(local_aws: ControlPlane) -> None:
    assert local_aws.control.list_agent_runtimes()["agentRuntimes"] == []


def test_a_point_has_one_interceptor(local_aws: ControlPlane) -> None:
    """Developer guide, gateway-interceptors: at most one for REQUEST and one for RESPONSE."""
    both = {"interceptor": {"lambda": {"arn": local_aws.function_arn}}, "interceptionPoints": ["REQUEST", "RESPONSE"]}
    one = {**both, "interceptionPoints": ["RESPONSE"]}
    with pytest.raises(
        local_aws.control.exceptions.ValidationException, match="more than one interceptor for RESPONSE"
    ):
        local_aws.gateway(interceptorConfigurations=[both, one])
    local_aws.gateway(interceptorConfigurations=[both])


def test_a_gateway_without_a_protocol_has_an_address_without_mcp(local_aws: ControlPlane) -> None:
    made = local_aws.gateway(protocolType=None)
    base = f"{local_aws.endpoint}/gateways/{made['gatewayId']}"
    assert made["gatewayUrl"] == base
    assert local_aws.gateway()["gatewayUrl"].endswith("/mcp")


def test_a_name_is_nobodys_identifier(local_aws: ControlPlane) -> None:
    """Authorization comes before everything else, and takes a name for the id of some other gateway."""
    made = local_aws.gateway()
    control = local_aws.control
    for identifier in (made["name"], made["gatewayArn"]):
        with pytest.raises(control.exceptions.AccessDeniedException, match="not authorized to perform"):
            control.get_gateway(gatewayIdentifier=identifier)
    with pytest.raises(control.exceptions.ResourceNotFoundException):
        control.get_gateway(gatewayIdentifier="missing-abcdefghij")
    with pytest.raises(control.exceptions.ValidationException, match="gatewayIdentifier"):
        control.get_gateway(gatewayIdentifier="not a name")


def test_versions_of_mcp_are_those_that_exist(local_aws: ControlPlane) -> None:
    """D5 (public transcript of 2026-03-24)."""
    with pytest.raises(ClientError, match=r"Unsupported MCP Version\(s\) are provided in request: \[1.0, 2\]"):
        local_aws.gateway(protocolConfiguration={"mcp": {"supportedVersions": ["1.0", "2025-11-25", "2"]}})


def test_a_value_that_breaks_a_pattern_is_shown_unless_it_is_sensitive(local_aws: ControlPlane) -> None:
    """D13, D6 (public reports of 2026): gateways' names stand in the message, targets' do not."""
    with pytest.raises(ClientError, match="Value 'a--b' at 'name' failed to satisfy constraint"):
        local_aws.gateway(name="a--b")
    gateway_id = local_aws.gateway()["gatewayId"]
    with pytest.raises(ClientError, match="Value at 'name' failed to satisfy constraint"):
        local_aws.control.create_gateway_target(**local_aws.lambda_target(gateway_id, name="a--b"))
