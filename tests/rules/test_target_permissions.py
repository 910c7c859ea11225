"""What the role needs for AWS's own hosts, connectors and models; what stays open, and what nobody knows, is reported."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentcore_provider.rules import execution_role
from agentcore_provider.schemas.builtins import catalogue
from agentcore_provider.target_kinds.role_needs import Needs, Place
from agentcore_provider.target_kinds.smithy_permissions import actions

PLACE = Place("aws", "us-west-2", "123456789012")
ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
_HERE = "us-west-2:123456789012"
TABLE = f"arn:aws:dynamodb:{_HERE}:table/items"
RUNTIME = f"arn:aws:bedrock-agentcore:{_HERE}:runtime/clerk-AbCdEf0123"
CARD = f"bedrock-agentcore:GetAgentCard bedrock-agentcore:InvokeAgentRuntime on {RUNTIME} {RUNTIME}/runtime-endpoint/*"
INVOKE = f"bedrock-agentcore:InvokeAgentRuntime on {RUNTIME} {RUNTIME}/runtime-endpoint/*"
MODELS = "bedrock:InvokeModel bedrock:InvokeModelWithResponseStream on"
MANTLE = f"bedrock-mantle:CreateInference bedrock-mantle:ListModels on arn:aws:bedrock-mantle:{_HERE}:project/*"
URL = "https://abcdef.lambda-url.eu-west-1.on.aws/"


def _needs(target: dict[str, Any], *, resources: tuple[str, ...] = (), credentials: Any = ROLE) -> Needs:
    return execution_role.needs(target, credentials, PLACE, gateway_name="shop", resources=resources)


def _reported(needs: Needs) -> list[str]:
    def listed(value: Any) -> str:
        return value if isinstance(value, str) else " ".join(sorted(value))

    return [f"{listed(it['Action'])} on {listed(it['Resource'])}" for it in needs.statements]


def _passthrough(endpoint: str, protocol: str = "CUSTOM") -> dict[str, Any]:
    return {"http": {"passthrough": {"endpoint": endpoint, "protocolType": protocol}}}


def _knowledge(**connector: Any) -> dict[str, Any]:
    return {"mcp": {"connector": {"source": {"connectorId": "bedrock-knowledge-bases"}, **connector}}}


def _provider(endpoint: str, *models: str) -> dict[str, Any]:
    operations = [{"path": "/v1/messages", "models": [{"model": it} for it in models]}] if models else []
    return {"inference": {"provider": {"endpoint": endpoint, **({"operations": operations} if operations else {})}}}


_RETRIEVE = {"name": "Retrieve", "parameterValues": {"knowledgeBaseId": "ABCDEFGHIJ"}}
_AGENTIC = {
    "name": "AgenticRetrieveStream",
    "parameterValues": {"retrievers": [{"configuration": {"knowledgeBase": {"knowledgeBaseId": "KLMNOPQRST"}}}]},
}

EXACT: dict[str, tuple[dict[str, Any], list[str]]] = {
    "runtime by its ARN": (
        _passthrough(
            "https://bedrock-agentcore.us-west-2.amazonaws.com/runtimes/"
            + RUNTIME.replace(":", "%3A").replace("/", "%2F")
            + "/invocations?qualifier=DEFAULT"
        ),
        [INVOKE],
    ),
    "A2A runtime by its id": (
        _passthrough("https://bedrock-agentcore.us-west-2.amazonaws.com/runtimes/clerk-AbCdEf0123/invocations/", "A2A"),
        [CARD],
    ),
    "runtime by a host of its own": (
        _passthrough("https://clerk-AbCdEf0123.runtime.bedrock-agentcore.us-west-2.amazonaws.com/mcp"),
        [INVOKE],
    ),
    "another gateway": (
        {
            "mcp": {
                "mcpServer": {
                    "endpoint": "https://desk-0123456789.gateway.bedrock-agentcore.eu-west-1.amazonaws.com/mcp"
                }
            }
        },
        ["bedrock-agentcore:InvokeGateway on arn:aws:bedrock-agentcore:eu-west-1:123456789012:gateway/desk-0123456789"],
    ),
    "private API through an endpoint": (
        _passthrough("https://abc-vpce-0123456789abcdef0.execute-api.us-west-2.amazonaws.com/prod"),
        [f"execute-api:Invoke on arn:aws:execute-api:{_HERE}:abc/prod/*"],
    ),
    "knowledge base": (
        _knowledge(configurations=[_RETRIEVE]),
        [f"bedrock:GetKnowledgeBase bedrock:Retrieve on arn:aws:bedrock:{_HERE}:knowledge-base/ABCDEFGHIJ"],
    ),
    "knowledge bases, agentic": (
        _knowledge(configurations=[_AGENTIC]),
        [
            f"bedrock:GetKnowledgeBase bedrock:Retrieve on arn:aws:bedrock:{_HERE}:knowledge-base/KLMNOPQRST",
            "bedrock:AgenticRetrieveStream on *",
        ],
    ),
    "knowledge bases by the connector for agentic retrieval": (
        {"mcp": {"connector": {"source": {"connectorId": "bedrock-agentic-retrieve"}, "configurations": [_AGENTIC]}}},
        [
            f"bedrock:GetKnowledgeBase bedrock:Retrieve on arn:aws:bedrock:{_HERE}:knowledge-base/KLMNOPQRST",
            "bedrock:AgenticRetrieveStream on *",
        ],
    ),
    "models by connector": ({"inference": {"connector": {"source": {"connectorId": "bedrock-mantle"}}}}, [MANTLE]),
    "models by address": (_provider("https://bedrock-mantle.us-west-2.api.aws"), [MANTLE]),
    "named models": (
        _provider("https://bedrock-runtime.us-west-2.amazonaws.com", "us.anthropic.claude-*"),
        [
            f"{MODELS} arn:aws:bedrock:*::foundation-model/anthropic.claude-* "
            f"arn:aws:bedrock:{_HERE}:inference-profile/us.anthropic.claude-*"
        ],
    ),
    "cloudwatch, whose signature is for monitoring": (
        {
            "mcp": {
                "smithyModel": {
                    "inlinePayload": json.dumps(catalogue.document("cloudwatch", operations=["ListMetrics"]))
                }
            }
        },
        ["cloudwatch:ListMetrics on *"],
    ),
}


@pytest.mark.parametrize("name", sorted(EXACT))
def test_what_a_target_names_is_allowed_and_no_more(name: str) -> None:
    """Exact ARNs, with their source, and nothing to warn of."""
    target, expected = EXACT[name]
    found = _needs(target)
    assert _reported(found) == expected
    assert execution_role.doubts(found) == []
    assert found.sources


OPEN: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "table": (
        {
            "mcp": {
                "smithyModel": {
                    "inlinePayload": json.dumps(catalogue.document("dynamodb", operations=["GetItem", "ListTables"]))
                }
            }
        },
        TABLE,
        [f"dynamodb:GetItem on {TABLE}", "dynamodb:ListTables on *"],
    ),
    "function URL": (
        _passthrough(URL),
        "arn:aws:lambda:eu-west-1:123456789012:function:orders",
        [
            "lambda:InvokeFunctionUrl on arn:aws:lambda:eu-west-1:123456789012:function:orders",
            "lambda:InvokeFunction on arn:aws:lambda:eu-west-1:123456789012:function:orders",
        ],
    ),
    "private API by the endpoint's own host": (
        _passthrough("https://vpce-0123-ab.execute-api.us-west-2.vpce.amazonaws.com/prod"),
        f"arn:aws:execute-api:{_HERE}:abc/prod/*",
        [f"execute-api:Invoke on arn:aws:execute-api:{_HERE}:abc/prod/*"],
    ),
    "knowledge base that the agent chooses": (
        _knowledge(enabled=["Retrieve"]),
        f"arn:aws:bedrock:{_HERE}:knowledge-base/ABCDEFGHIJ",
        [f"bedrock:GetKnowledgeBase bedrock:Retrieve on arn:aws:bedrock:{_HERE}:knowledge-base/ABCDEFGHIJ"],
    ),
    "any model": (
        _provider("https://bedrock-runtime.us-west-2.amazonaws.com"),
        "arn:aws:bedrock:*::foundation-model/anthropic.claude-x",
        [f"{MODELS} arn:aws:bedrock:*::foundation-model/anthropic.claude-x"],
    ),
}


@pytest.mark.parametrize("name", sorted(OPEN))
def test_what_a_target_does_not_name_is_open_until_resources_are_given(name: str) -> None:
    """Without resources a warning says what the role may do; with them the role may touch those alone."""
    target, arn, narrowed = OPEN[name]
    everywhere = _needs(target)
    (doubt,) = execution_role.doubts(everywhere)
    assert (doubt.severity, doubt.path) == ("warning", "resources")
    assert "resources=[...]" in doubt.cure
    within = _needs(target, resources=(arn,))
    assert _reported(within) == narrowed
    assert execution_role.doubts(within, (arn,)) == []
    assert _reported(within) != _reported(everywhere)


def test_a_function_url_is_called_by_the_url_alone() -> None:
    """The role may call the functions through their URLs with its signature, and in no other way."""
    conditions = [it["Condition"] for it in _needs(_passthrough(URL)).statements]
    assert conditions == [
        {"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}},
        {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}},
    ]


def test_a_host_of_ones_own_follows_from_what_the_signature_is_for() -> None:
    """A domain in front of a private API: execute-api, on the APIs that are given."""
    credentials = [
        {
            "credentialProviderType": "GATEWAY_IAM_ROLE",
            "credentialProvider": {"iamCredentialProvider": {"service": "execute-api", "region": "eu-west-1"}},
        }
    ]
    target = {"mcp": {"mcpServer": {"endpoint": "https://mcp.corp.example.com/mcp"}}}
    (statement,) = _needs(target, credentials=credentials).statements
    assert statement["Resource"] == "arn:aws:execute-api:eu-west-1:123456789012:*"


UNKNOWN = {
    "the connector crm": {"mcp": {"connector": {"source": {"connectorId": "crm"}}}},
    "the connector openai": {"inference": {"connector": {"source": {"connectorId": "openai"}}}},
    "the connector memory": {"http": {"connector": {"source": {"connectorId": "memory"}}}},
    "signed calls to example.com": _passthrough("https://example.com/v1"),
    "signed calls to search-x.us-west-2.es.amazonaws.com": _passthrough("https://search-x.us-west-2.es.amazonaws.com/"),
    "signed calls to {tenant}.example.com, an address with parameters": {
        "mcp": {
            "openApiSchema": {
                "inlinePayload": json.dumps({"openapi": "3.0.3", "servers": [{"url": "https://{tenant}.example.com"}]})
            }
        }
    },
    "the servers of an OpenAPI document that is in S3": {"mcp": {"openApiSchema": {"s3": {"uri": "s3://a/b"}}}},
    "the operations of a Smithy model that is in S3": {"mcp": {"smithyModel": {"s3": {"uri": "s3://a/b"}}}},
    "this kind of target": {"mcp": {"teleport": {"arn": "x"}}},
}


@pytest.mark.parametrize("what", sorted(UNKNOWN))
def test_what_no_permission_is_known_of_is_reported(what: str) -> None:
    """Silence means that nothing is needed."""
    (doubt,) = execution_role.doubts(_needs(UNKNOWN[what]))
    assert doubt.message == f"no permission is known for {what}, so the role gets none"
    assert "statements=[...]" in doubt.cure


@pytest.mark.parametrize("target", UNKNOWN.values())
def test_nothing_is_reported_where_the_role_signs_nothing(target: dict[str, Any]) -> None:
    """With a key, a token of the caller or no credential at all the role needs nothing of the target."""
    assert execution_role.doubts(_needs(target, credentials=[{"credentialProviderType": "JWT_PASSTHROUGH"}])) == []
    assert execution_role.doubts(_needs(target, credentials=None)) == []


def test_resources_that_narrow_nothing_are_reported() -> None:
    """A Lambda target names its function by itself."""
    target = {"mcp": {"lambda": {"lambdaArn": "arn:aws:lambda:us-west-2:123456789012:function:orders"}}}
    (doubt,) = execution_role.doubts(_needs(target, resources=(TABLE,)), (TABLE,))
    assert doubt.message.startswith("are not used")


@pytest.mark.parametrize("service", ["dynamodb", "cloudwatch", "bedrock-runtime", "bedrock-agent-runtime"])
def test_operations_have_the_names_that_iam_knows(service: str) -> None:
    """Some operations are other actions: Converse is InvokeModel, ExecuteStatement is PartiQL's four."""
    found = actions(catalogue.document(service))
    assert found
    assert not {"bedrock:Converse", "dynamodb:ExecuteStatement", "dynamodb:TransactWriteItems"} & set(found)
    assert {it.partition(":")[0] for it in found} == {service.partition("-")[0]}


def test_a_key_is_used_for_this_gateway_through_agentcore_alone() -> None:
    """The statements of AWS's page, as the role's own."""
    key = f"arn:aws:kms:{_HERE}:key/01234567-89ab-cdef-0123-456789abcdef"
    found = execution_role.key_statements(
        key, partition="aws", region="us-west-2", account_id="123456789012", gateway_name="Shop"
    )
    assert [it["Action"] for it in found] == [
        "kms:DescribeKey",
        ["kms:Decrypt", "kms:GenerateDataKey"],
        "kms:CreateGrant",
    ]
    assert all(it["Resource"] == key for it in found)
    through = "bedrock-agentcore.us-west-2.amazonaws.com"
    assert all(it["Condition"]["StringEquals"]["kms:ViaService"] == through for it in found)
    gateway = f"arn:aws:bedrock-agentcore:{_HERE}:gateway/shop-*"
    for it in found[1:]:
        assert it["Condition"]["StringLike"] == {"kms:EncryptionContext:aws:bedrock-agentcore-gateway:arn": gateway}


def test_a_transformation_may_be_invoked() -> None:
    """The function of a gateway's own transformation, and nothing without one."""
    arn = "arn:aws:lambda:us-west-2:123456789012:function:transform"
    (statement,) = execution_role.transform_statements({"lambda": {"arn": arn}})
    assert (statement["Action"], statement["Resource"]) == ("lambda:InvokeFunction", arn)
    assert execution_role.transform_statements(None) == []
