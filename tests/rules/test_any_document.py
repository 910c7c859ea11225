"""Documents whose members are of any type: judged, or refused in one line, and nothing else."""

from __future__ import annotations

import contextlib
import copy
import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentcore_provider.documents import openapi_fixing
from agentcore_provider.errors import InvalidInput
from agentcore_provider.rules import (
    gateway,
    gateway_target,
    openapi,
    service_model,
    smithy,
    tool_schema,
)
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.schemas import inline_payload, json_schema, tool_list, tools
from agentcore_provider.target_kinds import smithy_permissions

_SCHEMA = {
    "type": "object",
    "title": "t",
    "description": "d",
    "required": ["a"],
    "enum": ["a"],
    "const": 1,
    "default": 1,
    "additionalProperties": {"type": "string"},
    "properties": {"a": {"type": ["string", "null"], "minLength": 1, "pattern": "a", "format": "date"}},
    "items": {"$ref": "#/components/schemas/A"},
    "allOf": [{"$ref": "#/$defs/a", "required": ["b"]}, {"properties": {"a": {"maxLength": 2, "enum": ["a"]}}}],
    "oneOf": [{"type": "string"}, {"type": "null"}],
    "anyOf": [
        {"type": "object", "properties": {"a": {}}, "required": ["a"]},
        {"type": "object", "properties": {"b": {}}},
    ],
    "$defs": {"a": {"type": "object", "maxProperties": 1}},
}
_OPENAPI = {
    "openapi": "3.0.3",
    "info": {"title": "a", "version": "1"},
    "servers": [{"url": "https://{a}.example.com", "variables": {"a": {"default": "b", "enum": ["b"]}}}],
    "security": [],
    "paths": {
        "/a/{b}": {
            "parameters": [{"name": "b", "in": "path", "style": "simple", "schema": _SCHEMA}],
            "post": {
                "operationId": "a",
                "summary": "s",
                "requestBody": {"content": {"application/json": {"schema": _SCHEMA}}},
                "responses": {
                    200: {"$ref": "#/components/responses/A"},
                    "404": {"description": "d", "links": {}, "content": {}},
                },
                "parameters": [
                    {"$ref": "#/components/parameters/A"},
                    {"name": "c", "in": "query", "content": {"a": {}}},
                ],
                "servers": [{"url": "/"}],
                "callbacks": {},
                "security": [],
            },
        }
    },
    "components": {
        "schemas": {"A": _SCHEMA, "B": {"$ref": "#/components/schemas/A/allOf/0"}},
        "responses": {
            "A": {"description": "d", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/B"}}}}
        },
        "parameters": {"A": {"name": "d", "in": "header", "schema": {"type": "string"}}},
        "securitySchemes": {},
    },
}
_SMITHY = {
    "smithy": "2.0",
    "shapes": {
        "a#S": {
            "type": "service",
            "operations": [{"target": "a#O"}],
            "resources": [{"target": "a#R"}],
            "traits": {
                "aws.protocols#restJson1": {},
                "aws.api#service": {"arnNamespace": "a"},
                "aws.auth#sigv4": {"name": "a"},
            },
        },
        "a#R": {"type": "resource", "read": {"target": "a#O"}, "operations": [{"target": "a#O"}], "resources": []},
        "a#O": {
            "type": "operation",
            "input": {"target": "a#I"},
            "traits": {"smithy.api#http": {}, "smithy.api#documentation": "d", "aws.iam#actionName": "b"},
        },
        "a#I": {"type": "structure", "members": {"m": {"target": "smithy.api#String", "traits": {}}}},
    },
}
_TOOLS = [{"name": "a", "description": "d", "inputSchema": _SCHEMA, "outputSchema": {"type": "string"}}]
_GATEWAY = {
    "name": "shop",
    "roleArn": "arn:aws:iam::123456789012:role/shop",
    "authorizerType": "CUSTOM_JWT",
    "authorizerConfiguration": {
        "customJWTAuthorizer": {"discoveryUrl": "https://a/.well-known/openid-configuration", "allowedClients": ["a"]}
    },
    "protocolType": "MCP",
    "protocolConfiguration": {"mcp": {"supportedVersions": ["2025-03-26"], "searchType": "SEMANTIC"}},
    "interceptorConfigurations": [
        {
            "interceptor": {"lambda": {"arn": "arn:aws:lambda:us-west-2:123456789012:function:f"}},
            "interceptionPoints": ["REQUEST"],
            "inputConfiguration": {
                "passRequestHeaders": True,
                "payloadFilter": {"exclude": [{"field": "RESPONSE_BODY"}]},
            },
            "responseInterceptionMode": "STREAM",
        }
    ],
    "tags": {"a": "b"},
}
_TARGET = {
    "name": "a",
    "targetConfiguration": {
        "mcp": {
            "lambda": {
                "lambdaArn": "arn:aws:lambda:us-west-2:123456789012:function:f",
                "toolSchema": {"inlinePayload": _TOOLS},
            }
        }
    },
    "credentialProviderConfigurations": [
        {
            "credentialProviderType": "OAUTH",
            "credentialProvider": {
                "oauthCredentialProvider": {"providerArn": "a", "scopes": ["a"], "grantType": "CLIENT_CREDENTIALS"}
            },
        }
    ],
    "metadataConfiguration": {"allowedRequestHeaders": ["a"]},
}
_API = {
    "name": "a",
    "targetConfiguration": {
        "mcp": {
            "apiGateway": {
                "restApiId": "a",
                "stage": "b",
                "apiGatewayToolConfiguration": {
                    "toolFilters": [{"filterPath": "/a", "methods": ["GET"]}],
                    "toolOverrides": [{"name": "a", "path": "/a", "method": "GET"}],
                },
            }
        }
    },
}
_SERVER = {
    "name": "a",
    "targetConfiguration": {"mcp": {"mcpServer": {"endpoint": "https://a.example.com/mcp", "listingMode": "DYNAMIC"}}},
}


_JUDGES: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "openapi": (_OPENAPI, openapi.validate),
    "fixed openapi": (_OPENAPI, openapi_fixing.fix),
    "tools of openapi": (_OPENAPI, openapi.tools),
    "listed tools of openapi": (_OPENAPI, lambda it: tool_list.of_openapi(json.dumps(it))),
    "smithy": (_SMITHY, lambda it: smithy.validate(it, target="a")),
    "actions of smithy": (_SMITHY, smithy_permissions.actions),
    "listed tools of smithy": (_SMITHY, lambda it: tool_list.of_smithy(json.dumps(it))),
    "tools": (_TOOLS, lambda it: tool_schema.validate(it, target="a")),
    "listed tools": (_TOOLS, tool_list.defined),
    "folded tools": (
        _TOOLS,
        lambda it: tools.fold([one for one in it if isinstance(one, dict)] if isinstance(it, list) else []),
    ),
    "folded schema": (_SCHEMA, json_schema.fold),
    "gateway": (_GATEWAY, lambda it: gateway.validate(it) if isinstance(it, dict) else None),
    "target": (_TARGET, lambda it: gateway_target.validate(it, gateway=_GATEWAY) if isinstance(it, dict) else None),
    "target of an api": (_API, lambda it: gateway_target.validate(it) if isinstance(it, dict) else None),
    "target of a server": (
        _SERVER,
        lambda it: gateway_target.validate(it, gateway=_GATEWAY) if isinstance(it, dict) else None,
    ),
    "target's gateway": (
        _GATEWAY,
        lambda it: gateway_target.validate(_SERVER, gateway=it) if isinstance(it, dict) else None,
    ),
    "input of gateway": (_GATEWAY, lambda it: service_model.validate(it, "CreateGateway")),
    "text of a schema": (_OPENAPI, inline_payload.text),
}

_ODD_VALUES: list[Any] = [
    *[None, True, 0, -1, 1.5, 10**300, float("nan"), "", "a", "#", "\ud800", b"a", UNKNOWN, ("a", "b"), {"a", "b"}],
    *[[], {}, ["a"], [[]], [{}], [None], {"a": None}, {"a": []}, {1: 2}, {"a": UNKNOWN}, {"$ref": 1}],
    *["#/components/schemas/A", "#/$defs/a", {"$ref": "#/components/schemas/A"}],
    *[{"target": "a#R"}, {"target": 1}, {"type": "service"}],
]
_ODD = st.sampled_from(_ODD_VALUES)


def _places(document: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    ahead = [document]
    while ahead:
        holder = ahead.pop()
        named = list(holder.items() if isinstance(holder, dict) else enumerate(holder))
        found += [(holder, name) for name, _ in named]
        ahead += [below for _, below in named if isinstance(below, (dict, list))]
    return found


@pytest.mark.parametrize("judged", _JUDGES)
@settings(
    max_examples=int(os.environ.get("AGENTCORE_FUZZ_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
def test_members_of_any_type_are_judged(judged: str, data: st.DataObject) -> None:
    """A real document with a few of its members replaced, removed or renamed."""
    original, judge = _JUDGES[judged]
    document = copy.deepcopy(original)
    for _ in range(data.draw(st.integers(1, 4))):
        places = _places(document)
        if not places:
            break
        holder, name = places[data.draw(st.integers(0, len(places) - 1))]
        change = data.draw(st.sampled_from(["replace", "remove", "rename"]))
        if change == "replace" or isinstance(holder, list):
            holder[name] = copy.deepcopy(data.draw(_ODD))
        else:
            value = holder.pop(name)
            if change == "rename":
                holder[data.draw(st.sampled_from([1, None, True, "", "$ref", "allOf", "items", "x-a", "\ud800"]))] = (
                    value
                )
    try:
        json.dumps(document)
    except TypeError:
        if "listed" in judged:
            return
    with contextlib.suppress(InvalidInput):
        judge(document)


def test_references_that_multiply_are_refused() -> None:
    """Twenty schemas, each with two properties of the next one: a million schemas once they are put in place."""
    below = {
        f"l{it}": {"type": "object", "properties": {name: {"$ref": f"#/$defs/l{it + 1}"} for name in "ab"}}
        for it in range(20)
    }
    schema = {"$ref": "#/$defs/l0", "$defs": {**below, "l20": {"type": "string"}}}
    with pytest.raises(InvalidInput, match="with references put in place there are more than"):
        json_schema.fold(schema)


def test_long_chains_of_references_are_judged() -> None:
    """Two thousand definitions, each below the one before: no recursion of ours ends with Python's stack."""
    number = 2000
    schemas: dict[str, Any] = {
        f"S{it}": {"type": "object", "properties": {"a": {"$ref": f"#/components/schemas/S{it + 1}"}}}
        for it in range(number)
    }
    aliases = {f"A{it}": {"$ref": f"#/components/schemas/A{it + 1}"} for it in range(number)}
    document = copy.deepcopy(_OPENAPI)
    document["components"]["schemas"] = schemas | aliases | {f"S{number}": {"type": "string"}, f"A{number}": {}}
    for first, reported in (("S0", []), ("A0", ["more than 100 that lead to each other"])):
        body = {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{first}"}}}}
        operation = {"operationId": "a", "requestBody": body, "responses": {"200": {"description": "d"}}}
        document["paths"] = {"/a": {"post": operation}}
        found = [it.message for it in openapi.validate(document) if it.severity == "error"]
        assert len(found) == len(reported)
        assert all(one in it for one, it in zip(reported, found, strict=True))
    shapes: dict[str, Any] = {
        f"a#R{it}": {"type": "resource", "resources": [{"target": f"a#R{it + 1}"}] * 2} for it in range(number)
    }
    shapes |= {"a#S": {"type": "service", "resources": [{"target": "a#R0"}]}, "a#O": {"type": "operation"}}
    shapes[f"a#R{number}"] = {"type": "resource", "read": {"target": "a#O"}}
    model = {"smithy": "2.0", "shapes": shapes}
    assert smithy.tools(model) == [("#/shapes/a#O", "O")]
    assert [it["name"] for it in tool_list.of_smithy(json.dumps(model))] == ["O"]
