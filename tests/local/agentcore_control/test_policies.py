"""Policy engines, their policies, and the generation of policies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.agentcore_control.test_contract import require_modelled
from tests.support.control_plane import ControlPlane

PERMIT_ALL = (
    'permit(principal, action, resource is AgentCore::Gateway) when { context.system.now > datetime("2026-01-01") };'
)
CEDAR = {"cedar": {"statement": PERMIT_ALL}}


def error_of(operation: Callable[..., Any], *given: Any, **members: Any) -> str:
    with pytest.raises(ClientError) as error:
        operation(*given, **members)
    return str(error.value.response["Error"]["Code"])


@pytest.fixture
def engine(local_aws: ControlPlane) -> dict[str, Any]:
    """An engine that is ACTIVE."""
    return dict(local_aws.control.create_policy_engine(name=local_aws.unique("engine").replace("-", "_")))


def create_policy(local_aws: ControlPlane, engine: dict[str, Any], **members: Any) -> dict[str, Any]:
    name = local_aws.unique("policy").replace("-", "_")
    members = {"name": name, "definition": CEDAR, **members}
    return dict(local_aws.control.create_policy(policyEngineId=engine["policyEngineId"], **members))


def test_every_answer_about_policies_fits_its_shape(local_aws: ControlPlane) -> None:
    """And summaries have neither descriptions nor definitions."""
    control, name = local_aws.control, local_aws.unique("modelled").replace("-", "_")
    key = f"arn:aws:kms:us-west-2:123456789012:key/{'a' * 36}"
    made = control.create_policy_engine(name=name, description="All", encryptionKeyArn=key, tags={"team": "a"})
    require_modelled("CreatePolicyEngine", made)
    engine = {"policyEngineId": made["policyEngineId"]}
    policy = control.create_policy(**engine, name=name, description="Mine", definition=CEDAR)
    require_modelled("CreatePolicy", policy)
    one = {**engine, "policyId": policy["policyId"]}
    for operation, members in [
        ("GetPolicyEngine", engine),
        ("GetPolicyEngineSummary", engine),
        ("ListPolicyEngines", {}),
        ("ListPolicyEngineSummaries", {}),
        ("GetPolicy", one),
        ("GetPolicySummary", one),
        ("ListPolicies", engine),
        ("ListPolicySummaries", engine),
        ("UpdatePolicyEngine", engine),
        ("UpdatePolicy", one),
    ]:
        answer = control._make_api_call(operation, members)
        require_modelled(operation, answer)
        assert ("description" in answer) == (operation.startswith(("Get", "Update")) and "Summary" not in operation)
    assert control.get_policy(**one)["definition"] == CEDAR
    assert control.list_tags_for_resource(resourceArn=made["policyEngineArn"])["tags"] == {"team": "a"}
    require_modelled("DeletePolicy", control.delete_policy(**one))
    require_modelled("DeletePolicyEngine", control.delete_policy_engine(**engine))
    assert error_of(control.get_policy_engine, **engine) == "ResourceNotFoundException"
    assert error_of(control.list_tags_for_resource, resourceArn=made["policyEngineArn"]) == "ResourceNotFoundException"


def test_statuses_follow_the_clock(slow_aws: ControlPlane) -> None:
    """Changes wait until the last one has settled."""
    control = slow_aws.control
    engine = {"policyEngineId": control.create_policy_engine(name="slow_engine")["policyEngineId"]}
    assert control.get_policy_engine(**engine)["status"] == "CREATING"
    assert error_of(control.create_policy, **engine, name="early", definition=CEDAR) == "ConflictException"
    slow_aws.now += 3
    assert control.get_policy_engine(**engine)["status"] == "ACTIVE"
    one = {**engine, "policyId": control.create_policy(**engine, name="slow", definition=CEDAR)["policyId"]}
    assert error_of(control.update_policy, **one, enforcementMode="LOG_ONLY") == "ConflictException"
    slow_aws.now += 3
    assert control.update_policy(**one, enforcementMode="LOG_ONLY")["status"] == "UPDATING"
    slow_aws.now += 3
    assert control.delete_policy(**one)["status"] == "DELETING"
    assert error_of(control.delete_policy_engine, **engine) == "ConflictException"
    slow_aws.now += 3
    assert control.delete_policy_engine(**engine)["status"] == "DELETING"
    slow_aws.now += 3
    assert error_of(control.get_policy_engine, **engine) == "ResourceNotFoundException"


def test_names_are_unique_in_the_account(local_aws: ControlPlane, engine: dict[str, Any]) -> None:
    """A policy's too, whichever engine has it."""
    other = local_aws.control.create_policy_engine(name=f"{engine['name']}_2")
    name = create_policy(local_aws, engine)["name"]
    assert error_of(create_policy, local_aws, other, name=name) == "ConflictException"
    assert error_of(local_aws.control.create_policy_engine, name=engine["name"]) == "ConflictException"


def test_an_update_changes_what_it_names(local_aws: ControlPlane, engine: dict[str, Any]) -> None:
    """A description without a value is cleared; what is left out stays."""
    policy = create_policy(local_aws, engine, description="First", enforcementMode="LOG_ONLY")
    one = {"policyEngineId": engine["policyEngineId"], "policyId": policy["policyId"]}
    control = local_aws.control
    kept = control.update_policy(**one, description={"optionalValue": "Second"})
    assert (kept["description"], kept["enforcementMode"], kept["definition"]) == ("Second", "LOG_ONLY", CEDAR)
    assert "description" not in control.update_policy(**one, description={})
    named = {"policyEngineId": engine["policyEngineId"]}
    assert control.update_policy_engine(**named, description={"optionalValue": "E"})["description"] == "E"
    assert "description" not in control.update_policy_engine(**named, description={})


def test_a_repeated_request_creates_one_policy(local_aws: ControlPlane, engine: dict[str, Any]) -> None:
    """By its clientToken."""
    token = {"clientToken": "t" * 33, "name": local_aws.unique("once").replace("-", "_")}
    made = [create_policy(local_aws, engine, **token)["policyId"] for _ in range(2)]
    assert made[0] == made[1]


def test_policies_come_in_pages_of_ten(local_aws: ControlPlane, engine: dict[str, Any]) -> None:
    """And can be chosen by the resource that they name."""
    gateway_arn = "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/shop-0123456789"
    named = f'permit(principal, action, resource == AgentCore::Gateway::"{gateway_arn}");'
    for statement in [PERMIT_ALL] * 11 + [named]:
        create_policy(local_aws, engine, definition={"policy": {"statement": statement}})
    control, one = local_aws.control, {"policyEngineId": engine["policyEngineId"]}
    first = control.list_policies(**one)
    assert len(first["policies"]) == 10
    assert len(control.list_policies(**one, nextToken=first["nextToken"])["policies"]) == 2
    assert len(control.list_policies(**one, targetResourceScope=gateway_arn)["policies"]) == 1


def test_text_is_not_translated(local_aws: ControlPlane, engine: dict[str, Any]) -> None:
    """There is no language model: the finding states it, and no policy can be made of the asset."""
    control, one = local_aws.control, {"policyEngineId": engine["policyEngineId"]}
    started = generate(local_aws, engine, "Allow refunds below 500 dollars to everyone in finance")
    named = {**one, "policyGenerationId": started["policyGenerationId"]}
    require_modelled("StartPolicyGeneration", started)
    assert control.get_policy_generation(**named)["status"] == "GENERATED"
    for operation, members in [
        ("GetPolicyGeneration", named),
        ("GetPolicyGenerationSummary", named),
        ("ListPolicyGenerations", one),
        ("ListPolicyGenerationSummaries", one),
        ("ListPolicyGenerationAssets", named),
    ]:
        require_modelled(operation, control._make_api_call(operation, members))
    (asset,) = control.list_policy_generation_assets(**named)["policyGenerationAssets"]
    assert ([it["type"] for it in asset["findings"]], "definition" in asset) == (["NOT_TRANSLATABLE"], False)
    assert error_of(create_policy, local_aws, engine, definition=generated(named, asset)) == "ValidationException"


def test_a_cedar_policy_as_text_is_its_own_translation(local_aws: ControlPlane, engine: dict[str, Any]) -> None:
    """A program that generates a policy and creates it runs to its end."""
    started = generate(local_aws, engine, PERMIT_ALL)
    named = {"policyEngineId": engine["policyEngineId"], "policyGenerationId": started["policyGenerationId"]}
    (asset,) = local_aws.control.list_policy_generation_assets(**named)["policyGenerationAssets"]
    assert asset["definition"] == CEDAR
    assert create_policy(local_aws, engine, definition=generated(named, asset))["definition"] == CEDAR
    wrong = generated(named, {"policyGenerationAssetId": "asset-0000000000"})
    assert error_of(create_policy, local_aws, engine, definition=wrong) == "ResourceNotFoundException"


def generate(local_aws: ControlPlane, engine: dict[str, Any], text: str) -> dict[str, Any]:
    start: Callable[..., Any] = local_aws.control.start_policy_generation
    arn = local_aws.gateway()["gatewayArn"]
    named = {"policyEngineId": engine["policyEngineId"], "name": "generated"}
    return dict(start(**named, resource={"arn": arn}, content={"rawText": text}))


def generated(named: dict[str, Any], asset: dict[str, Any]) -> dict[str, Any]:
    ids = {
        "policyGenerationId": named["policyGenerationId"],
        "policyGenerationAssetId": asset["policyGenerationAssetId"],
    }
    return {"policyGeneration": ids}


@pytest.fixture(scope="module")
def gateway(local_aws: ControlPlane) -> dict[str, Any]:
    """A gateway with the tool orders___refund."""
    gateway = local_aws.gateway()
    tool = {
        "name": "refund",
        "description": "Refunds an order",
        "inputSchema": {
            "type": "object",
            "properties": {
                "amount": {"type": "integer"},
                "price": {"type": "number"},
                "X-Request-Id": {"type": "string"},
            },
            "required": ["amount"],
        },
    }
    configuration = local_aws.lambda_configuration([tool])
    members = local_aws.lambda_target(gateway["gatewayId"], name="orders", targetConfiguration=configuration)
    local_aws.control.create_gateway_target(**members)
    return gateway


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("permit(principal, action == {refund}, resource == {gateway}) when {{ context.input.amount < 5 }};", None),
        (
            'permit(principal, action == {refund}, resource == {gateway}) when {{ context.input has "X-Request-Id" && '
            'context.input["X-Request-Id"] == "1" }};',
            None,
        ),
        (
            'permit(principal, action in AgentCore::Action::"orders", resource == {gateway}) when {{ '
            "context.input.amount < 5 }};",
            None,
        ),
        (
            'permit(principal, action in AgentCore::Action::"ordered", resource == {gateway}) when {{ true }};',
            'unrecognized action `AgentCore::Action::"ordered"`',
        ),
        (
            "permit(principal is AgentCore::OAuthUser, action, resource is AgentCore::Gateway) when {{ "
            'principal.hasTag("role") && principal.getTag("role") == "admin" }};',
            None,
        ),
        (
            'permit(principal, action == AgentCore::Action::"orders___refundd", resource == {gateway}) when {{ true }};',
            'unrecognized action `AgentCore::Action::"orders___refundd"`',
        ),
        (
            "permit(principal, action == {refund}, resource == {gateway}) when {{ context.input.price < 5 }};",
            "unexpected type: expected Long but saw decimal",
        ),
        (
            "permit(principal, action == {refund}, resource == {gateway}) when {{ context.input.orders > 5 }};",
            "attribute `input.orders` in context for",
        ),
        ("permit(principal, action == {refund}, resource) when {{ true }};", "a wildcard resource was detected"),
        (
            "permit(principal, action == {refund}, resource is AgentCore::Gateway) when {{ true }};",
            "a policy that names actions must name its resource",
        ),
        (
            'permit(principal, action, resource == AgentCore::Gateway::"arn:aws:x") when {{ true }};',
            "Gateway arn:aws:x does not exist",
        ),
        (
            "permit(principal, action, resource == {gateway}) when {{ true }}; forbid(principal, action, resource);",
            "unexpected token `forbid`",
        ),
        (
            "permit(principal, action == {refund}, resource == {gateway}) when temporal {{ true }};",
            "Local AWS evaluates Cedar alone, not temporal conditions",
        ),
        (
            "permit(principal, action == {refund}, resource == {gateway});",
            "Overly Permissive: Policy Engine will allow every request for the specified principal (AgentCore::OAuthUser)",
        ),
        (
            "permit(principal, action, resource is AgentCore::Gateway) when {{ " + "[" * 33 + "]" * 33 + " == [] }};",
            "must not nest more than 32 brackets",
        ),
    ],
)
def test_a_statement_is_validated_against_the_tools(
    local_aws: ControlPlane, engine: dict[str, Any], gateway: dict[str, Any], statement: str, reason: str | None
) -> None:
    """Of the gateway that it names, even before the engine is the gateway's; the status has the reasons."""
    names = {
        "refund": 'AgentCore::Action::"orders___refund"',
        "gateway": f'AgentCore::Gateway::"{gateway["gatewayArn"]}"',
    }
    definition = {"cedar": {"statement": statement.format(**names)}}
    policy = create_policy(local_aws, engine, definition=definition)
    assert policy["status"] == "CREATING"
    found = local_aws.control.get_policy(policyEngineId=engine["policyEngineId"], policyId=policy["policyId"])
    assert found["status"] == ("CREATE_FAILED" if reason else "ACTIVE"), found["statusReasons"]
    assert (reason or "") in "\n".join(found["statusReasons"])


def test_findings_can_be_ignored(local_aws: ControlPlane, engine: dict[str, Any]) -> None:
    """Also where the engine has no tools yet."""
    statement = {"cedar": {"statement": "permit(principal, action, resource is AgentCore::Gateway);"}}
    one = {"policyEngineId": engine["policyEngineId"]}
    policy = create_policy(local_aws, engine, definition=statement, validationMode="IGNORE_ALL_FINDINGS")
    assert local_aws.control.get_policy(**one, policyId=policy["policyId"])["status"] == "ACTIVE"
    failed = create_policy(local_aws, engine, definition=statement)
    assert local_aws.control.get_policy(**one, policyId=failed["policyId"])["status"] == "CREATE_FAILED"


def test_a_failed_update_keeps_the_statement(local_aws: ControlPlane, engine: dict[str, Any]) -> None:
    """The policy goes on with the one that it had."""
    policy, control = create_policy(local_aws, engine), local_aws.control
    one = {"policyEngineId": engine["policyEngineId"], "policyId": policy["policyId"]}
    broken = {"cedar": {"statement": "permit(principal, action, resource is AgentCore::Gate);"}}
    assert control.update_policy(**one, definition=broken)["status"] == "UPDATING"
    found = control.get_policy(**one)
    assert (found["status"], found["definition"]) == ("UPDATE_FAILED", CEDAR)
    assert "AgentCore::Gate" in found["statusReasons"][0]
    control.update_policy(**one, enforcementMode="LOG_ONLY")
    assert control.get_policy(**one)["status"] == "ACTIVE"


def test_a_gateway_uses_an_engine_that_exists(local_aws: ControlPlane, engine: dict[str, Any]) -> None:
    """Its role has to have the three permissions, and the engine stays for as long as the gateway uses it."""
    used = {"arn": engine["policyEngineArn"], "mode": "ENFORCE"}
    unknown = {**used, "arn": f"{engine['policyEngineArn'][:-10]}0000000000"}
    with pytest.raises(ClientError, match=r"Policy engine .* does not exist"):
        local_aws.gateway(policyEngineConfiguration=unknown)
    role = local_aws.role()
    for action in ("GetPolicyEngine", "AuthorizeAction"):
        local_aws.allow(role, f"bedrock-agentcore:{action}", engine["policyEngineArn"])
    with pytest.raises(ClientError, match="while calling AuthorizeAction, PartiallyAuthorizeActions on P") as error:
        local_aws.gateway(policyEngineConfiguration=used, roleArn=role)
    assert error.value.response["Error"]["Code"] == "ValidationException"
    gateway_id = local_aws.gateway(policyEngineConfiguration=used)["gatewayId"]
    one = {"policyEngineId": engine["policyEngineId"]}
    assert error_of(local_aws.control.delete_policy_engine, **one) == "ConflictException"
    local_aws.control.delete_gateway(gatewayIdentifier=gateway_id)
    assert local_aws.control.delete_policy_engine(**one)["status"] == "DELETING"


def test_the_policies_of_a_resource_have_a_size_in_all(local_aws: ControlPlane, engine: dict[str, Any]) -> None:
    """200 KB, of those for every gateway here."""
    padded = {"cedar": {"statement": f"{PERMIT_ALL} // {'x' * 9800}"}}
    for _ in range(20):
        create_policy(local_aws, engine, definition=padded)
    assert error_of(create_policy, local_aws, engine, definition=padded) == "ServiceQuotaExceededException"
