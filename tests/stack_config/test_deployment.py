"""A stack's description becomes resources, and the stack says where to reach them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agentcore_provider import stack_config, target_kinds
from agentcore_provider.errors import InvalidInput

REPOSITORY = Path(__file__).parents[2]
ARN = "arn:aws:lambda:eu-central-1:123456789012:function:orders"
ENGINE = "arn:aws:bedrock-agentcore:eu-central-1:123456789012:policy-engine/orders-0123456789"
ORDERS = {"lambda": {"arn": ARN}}


def _deploy(declare: Any, gateways: Any, **more: Any) -> Any:
    return declare(lambda: stack_config.outputs(stack_config.deploy()), config={"agentcore:gateways": gateways}, **more)


def test_a_gateway_is_exported_with_address_and_sign_in(declare: Any) -> None:
    declared = _deploy(declare, {"shop": {"targets": {"orders": ORDERS}}})
    reached = declared.result["gateways"]["shop"]
    assert reached["mcp_url"] == declared.result["mcp_url"] == "https://shop-1234567-0123456789.example.com/mcp"
    assert {key: reached[key] for key in ("client_id", "client_secret", "scope")} == {
        "client_id": "client",
        "client_secret": "hidden",
        "scope": "shop/invoke",
    }
    assert reached.keys() >= {"gateway_id", "gateway_arn", "token_endpoint"}


def test_several_gateways_are_exported_by_name(declare: Any) -> None:
    gateways = {name: {"targets": {"orders": ORDERS}, "authorizer": "aws_iam"} for name in ("shop", "desk")}
    exported = _deploy(declare, gateways).result
    assert "mcp_url" not in exported
    assert {name: set(it) for name, it in exported["gateways"].items()} == {
        name: {"mcp_url", "gateway_id", "gateway_arn"} for name in gateways
    }


DOCUMENTS = ("domain_override", "waf_configuration", "policy_engine_configuration", "custom_transform_configuration")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_key_that_follows_from_an_argument_reaches_the_gateway(declare: Any, name: str) -> None:
    """Without a line about it between the stack file and the constructor."""
    documents = {
        "domain_override": {"defaultDomain": "tools.example.com"},
        "waf_configuration": {"failureMode": "FAIL_OPEN"},
        "policy_engine_configuration": {"arn": ENGINE, "mode": "ENFORCE"},
        "custom_transform_configuration": {"lambda": {"arn": ARN}},
    }
    described = {"targets": {"orders": ORDERS}, "authorizer": "aws_iam", name: documents[name]}
    gateway = _deploy(declare, {"shop": described}).of(":Gateway")["shop"]
    assert gateway[name] == documents[name]


def test_everything_described_reaches_the_resources(declare: Any) -> None:
    described = {
        "description": "Shop",
        "name": "shop-eu",
        "authorizer": {"jwt": {"discovery_url": "https://a/.well-known/openid-configuration", "allowed_scopes": ["s"]}},
        "role_arn": "arn:aws:iam::123456789012:role/own",
        "search": False,
        "instructions": "Be brief",
        "exception_level": "DEBUG",
        "tags": {"stage": "dev"},
        "targets": {
            "weather": {
                "description": "Weather",
                "target_configuration": {"mcp": {"mcpServer": {"endpoint": "https://weather.example.com/mcp"}}},
                "credential_provider_configurations": [
                    {
                        "credentialProviderType": "GATEWAY_IAM_ROLE",
                        "credentialProvider": {"iamCredentialProvider": {"service": "execute-api"}},
                    }
                ],
            }
        },
    }
    declared = _deploy(declare, {"shop": described})
    (gateway,) = declared.of("agentcore:Gateway").values()
    assert {key: gateway[key] for key in ("description", "name", "role_arn", "exception_level", "tags")} == {
        key: described[key] for key in ("description", "name", "role_arn", "exception_level", "tags")
    }
    assert gateway["protocol_configuration"] == {"mcp": {"instructions": "Be brief"}}
    assert gateway["authorizer_configuration"]["customJWTAuthorizer"]["allowedScopes"] == ["s"]
    (target,) = declared.of("agentcore:GatewayTarget").values()
    assert target["description"] == "Weather"
    assert target["target_configuration"] == described["targets"]["weather"]["target_configuration"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("lambda", {"arn": ARN}),
        ("lambda", {"code": "demo/order_desk"}),
        ("connector", {"connector_id": "web-search"}),
        ("api_gateway", {"rest_api_id": "abcdefghij", "stage": "prod", "filters": {"/*": ["GET"]}}),
    ],
)
def test_codes_are_accepted_below_the_key_of_every_kind(declare: Any, kind: str, keys: dict[str, Any]) -> None:
    target = {kind: {**keys, "accept": ["tool-count"]}}
    declared = _deploy(declare, {"shop": {"targets": {"orders": target}}}, folder=REPOSITORY)
    (resource,) = declared.of("agentcore:GatewayTarget").values()
    assert resource["__context"]["accept"] == ["tool-count"]


def test_all_of_a_gateway_is_in_its_region(declare: Any) -> None:
    """Also the credential providers, which are declared beside it."""
    key = {"key": "hidden"}
    described = {
        "region": "eu-west-1",
        "credential_providers": {"crm": {"api_key": key}},
        "targets": {
            "crm": {"mcp_server": "https://crm.example.com/mcp", "credentials": {"api_key": {"provider": "crm"}}},
            "erp": {"mcp_server": "https://erp.example.com/mcp", "credentials": {"api_key": key}},
        },
    }
    declared = _deploy(declare, {"shop": described})
    contexts = {it.name: it.inputs["__context"] for it in declared.resources if "__context" in it.inputs}
    assert {"shop", "shop-credentials-crm", "shop-erp", "shop-crm"} <= contexts.keys()
    assert {name: it.get("region") for name, it in contexts.items()} == dict.fromkeys(contexts, "eu-west-1")


def test_settings_of_the_sign_in_change_the_one_that_stands(declare: Any) -> None:
    """With and without settings it is the same resource: a setting must not replace a user pool."""
    plain = _deploy(declare, {"shop": {"targets": {}}})
    set_up = _deploy(declare, {"shop": {"targets": {}, "authorizer": {"ez_auth": {"scopes": ["read", "write"]}}}})
    assert list(plain.of("agentcore:EzAuth")) == list(set_up.of("agentcore:EzAuth")) == ["shop"]
    assert set_up.of("agentcore:EzAuth")["shop"]["scopes"] == ["read", "write"]


def test_the_demo_offers_its_four_tools(declare: Any) -> None:
    code = {"lambda": {"code": "demo/order_desk"}}
    declared = _deploy(declare, {"shop": {"targets": {"orders": code}}}, folder=REPOSITORY)
    (target,) = declared.of("agentcore:GatewayTarget").values()
    tools = target["target_configuration"]["mcp"]["lambda"]["toolSchema"]["inlinePayload"]
    assert [tool["name"] for tool in tools] == ["find_orders", "order_status", "quote_shipping", "estimate_delivery"]
    assert tools[2]["inputSchema"]["required"] == ["country", "weight_kg"]


def test_a_schema_may_stand_in_awss_document_as_it_is(declare: Any) -> None:
    """AWS takes text there, which nobody writes by hand in YAML."""
    get = {"operationId": "find", "description": "Find", "responses": {"200": {"description": "Found"}}}
    api = {
        "openapi": "3.0.3",
        "info": {"title": "CRM", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
    }
    whole = {**api, "paths": {"/find": {"get": get}}}

    def described(document: Any) -> Any:
        configuration = {"mcp": {"openApiSchema": {"inlinePayload": document}}}
        return {"shop": {"targets": {"crm": {"target_configuration": configuration}}}}

    (target,) = _deploy(declare, described(whole)).of("agentcore:GatewayTarget").values()
    assert json.loads(target["target_configuration"]["mcp"]["openApiSchema"]["inlinePayload"]) == whole
    with pytest.raises(InvalidInput, match=r"inlinePayload#/paths/~1find/get: .*has no operationId"):
        _deploy(declare, described({**api, "paths": {"/find": {"get": {"responses": get["responses"]}}}}))


def test_a_stack_without_gateways_is_reported_what_to_write(declare: Any) -> None:
    with pytest.raises(
        InvalidInput, match=r"(?s)Stack dev describes no gateway.*Pulumi\.dev\.yaml.*agentcore:gateways:"
    ):
        declare(stack_config.deploy)


def test_nothing_is_made_while_anything_is_wrong(declare: Any) -> None:
    declared: list[Any] = []

    def program() -> None:
        with pytest.raises(InvalidInput, match=r"Pulumi\.dev\.yaml: 2 problems"):
            stack_config.deploy()

    gateways = {"shop": {"targets": {"orders": ORDERS}}, "desk": {"targets": {}, "serch": 1, "tag": 2}}
    declared = declare(program, config={"agentcore:gateways": gateways}).resources
    assert [it.typ for it in declared] == []


KINDS = {
    "api_gateway": {"rest_api_id": "a1b2c3", "stage": "prod", "filters": {"/pets": ["GET"]}},
    "connector": {"connector_id": "bedrock-knowledge-bases", "configurations": [{"name": "Retrieve"}]},
    "knowledge_base": "ABCDEFGHIJ",
    "web_search": {"exclude_domains": ["example.com"]},
    "mcp_server": "https://stock.example.com/mcp",
    "builtin": {"name": "dynamodb", "operations": ["GetItem"]},
}
HTTP_KINDS = {
    "agent_runtime": "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/clerk-0123456789",
    "passthrough": {
        "endpoint": "https://orders.example.com",
        "protocol_type": "CUSTOM",
        "stickiness": {"identifier": "$context.header.x-session-id", "timeout": 60},
    },
    "inference": {
        "endpoint": "https://llm.example.com",
        "operations": [{"path": "/v1/messages", "models": ["clerk-*"]}],
    },
    "http_connector": {"connector_id": "memory", "parameters": {"memoryId": "m"}},
    "inference_connector": "openai",
}


@pytest.mark.parametrize(("kinds", "more"), [(KINDS, {}), (HTTP_KINDS, {"protocol_type": None})], ids=["mcp", "http"])
def test_every_kind_of_target_can_be_described(declare: Any, kinds: dict[str, Any], more: dict[str, Any]) -> None:
    described = {kind.replace("_", "-"): {kind: value} for kind, value in kinds.items()}
    if "passthrough" in described:
        # How the gateway signs in at an endpoint of one's own, nobody else can say.
        described["passthrough"]["credentials"] = {"iam_role": {"service": "lambda"}}
    if "passthrough" in described:
        # The one kind that says nothing of how the gateway signs in, and has to be reported.
        described["passthrough"]["credentials"] = {"jwt_passthrough": {}}
    declared = _deploy(declare, {"shop": {"targets": described, **more}})
    made = declared.of("agentcore:GatewayTarget")
    assert {it["name"] for it in made.values()} == set(described)
    assert [line for it in made.values() for line in it["__context"].get("problems", [])] == []
    for kind in target_kinds.KINDS:
        if kind.key in kinds:
            (found,) = (it for it in made.values() if it["name"] == kind.key.replace("_", "-"))
            assert target_kinds.of(found["target_configuration"]) is kind


CERTIFICATE = {"secretsManager": {"secretArn": "arn:aws:secretsmanager:us-west-2:123456789012:secret:ca-AbCdEf"}}
VPC = {
    "managedVpcResource": {
        "vpcIdentifier": "vpc-0123456789abcdef0",
        "subnetIds": ["subnet-0123456789abcdef0"],
        "endpointIpAddressType": "IPV4",
    }
}


def test_everything_beside_the_kind_of_a_target_reaches_it(declare: Any) -> None:
    beside = {
        "metadata_configuration": {"allowedRequestHeaders": ["x-shop"]},
        "private_endpoint": VPC,
        "certificate_configurations": [CERTIFICATE],
        "synchronize_on": ["v2"],
    }
    target = {"mcp_server": "https://stock.example.com/mcp", **beside, "adopt": True}
    (made,) = _deploy(declare, {"shop": {"targets": {"stock": target}}}).of("agentcore:GatewayTarget").values()
    assert {key: made[key] for key in beside} == beside
    assert made["__context"]["adopt"] is True
    assert made["__context"].get("problems", []) == []


def test_every_setting_of_a_sign_in_reaches_it(declare: Any) -> None:
    jwt = {
        "discovery_url": "https://login.example.com/.well-known/openid-configuration",
        "advertised_scope_mapping": {"read": "shop/read"},
        "private_endpoint": VPC,
        "certificate_configurations": [CERTIFICATE],
    }
    ez_auth = {"name": "desk", "resource_server_identifier": "orders", "tags": {"a": "b"}}
    described = {
        "shop": {"authorizer": {"jwt": jwt}, "targets": {}},
        "desk": {"authorizer": {"ez_auth": ez_auth}, "targets": {}},
    }
    declared = _deploy(declare, described)
    document = declared.of("agentcore:Gateway")["shop"]["authorizer_configuration"]["customJWTAuthorizer"]
    assert document["advertisedScopeMapping"] == {"read": "shop/read"}
    assert document["privateEndpoint"] == VPC
    assert document["certificateConfigurations"] == [CERTIFICATE]
    made = declared.of("agentcore:EzAuth")["desk"]
    assert {key: made[key] for key in ez_auth} == ez_auth


def test_a_credential_provider_is_made_for_every_vendor_once_for_all_targets_that_name_it(declare: Any) -> None:
    vendors = stack_config.schema()["$defs"]["credentials"]["properties"]["oauth"]["properties"]["vendor"]["enum"]
    needed = {
        "custom": {"discovery_url": "https://login.example.com/.well-known/openid-configuration"},
        "microsoft": {"tenant_id": "t"},
    }
    providers = {
        it: {"oauth": {"vendor": it, "client_id": "desk", "client_secret": "hidden", **needed.get(it, {})}}
        for it in vendors
    }
    targets = {
        f"{it}-{number}": {
            "mcp_server": "https://stock.example.com/mcp",
            "credentials": {"oauth": {"provider": it, "scopes": ["read"]}},
        }
        for it in vendors
        for number in (1, 2)
    }
    declared = _deploy(declare, {"shop": {"credential_providers": providers, "targets": targets}})
    made = declared.of("agentcore:OAuth2CredentialProvider")
    assert set(made) == {f"shop-credentials-{it}" for it in vendors}
    assert len({it["credential_provider_vendor"] for it in made.values()}) == len(vendors)
    used = declared.of("agentcore:GatewayTarget")["shop-github-2"]["credential_provider_configurations"]
    assert used[0]["credentialProvider"]["oauthCredentialProvider"] == {
        "providerArn": "shop-credentials-github-id",
        "scopes": ["read"],
    }


def test_the_role_follows_what_the_stack_says(declare: Any) -> None:
    """Resources of a target narrow what the role may touch, further statements are its own."""
    table = "arn:aws:dynamodb:us-west-2:123456789012:table/orders"
    own = {"Effect": "Allow", "Action": "es:ESHttpGet", "Resource": "*"}
    target = {"builtin": {"name": "dynamodb", "operations": ["GetItem"]}, "resources": [table]}
    declared = _deploy(declare, {"shop": {"role_statements": [own], "targets": {"orders": target}}})
    assert [it["Resource"] for it in declared.policy("shop-orders")] == [table]
    assert declared.policy("shop-further") == [own]


def test_further_statements_go_not_with_a_role_of_ones_own(declare: Any) -> None:
    """The role that is named is not touched."""
    gateway = {
        "role_arn": "arn:aws:iam::123456789012:role/shop",
        "role_statements": [{"Effect": "Allow", "Action": "es:ESHttpGet", "Resource": "*"}],
        "targets": {"orders": ORDERS},
    }
    with pytest.raises(InvalidInput, match="role_statements"):
        _deploy(declare, {"shop": gateway})
