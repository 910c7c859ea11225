"""All problems of a stack file are reported at once, each once: no stage hides another, none causes further lines."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentcore_provider import stack_config
from agentcore_provider.errors import InvalidInput

ARN = "arn:aws:lambda:us-west-2:123456789012:function:orders"
PROVIDER = "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default/apikeycredentialprovider/crm"
TOOL = {"name": "find", "description": "Find", "inputSchema": {"type": "object", "properties": {}}}
OPENAPI = """
{"openapi": "3.0.3", "info": {"title": "CRM", "version": "1"}, "servers": [{"url": "https://crm.example.com"}],
 "paths": {"/find": {"get": {"operationId": "find", "description": "Find", "responses": {"200": {"description": "Found"}}}}}}
"""
ISSUER = "https://login.example.com/.well-known/openid-configuration"

# Nothing is wrong in these, and every key that other keys depend on is given.
WHOLE: dict[str, Any] = {
    "shop": {
        "name": "shop-eu",
        "description": "Shop",
        "authorizer": {
            "jwt": {
                "discovery_url": ISSUER,
                "allowed_clients": ["desk"],
                "custom_claims": [
                    {
                        "inboundTokenClaimName": "team",
                        "inboundTokenClaimValueType": "STRING",
                        "authorizingClaimMatchValue": {
                            "claimMatchValue": {"matchValueString": "a"},
                            "claimMatchOperator": "EQUALS",
                        },
                    }
                ],
            }
        },
        "role_arn": "arn:aws:iam::123456789012:role/shop",
        "search": True,
        "instructions": "Be brief",
        "exception_level": "DEBUG",
        "tags": {"stage": "dev"},
        "credential_providers": {"crm": {"api_key": {"key": "k"}}},
        "protect": True,
        "targets": {
            "orders": {"description": "Orders", "lambda": {"arn": ARN, "tools": [TOOL]}},
            "stock": {
                "lambda": {
                    "code": "code",
                    "handler": "handler.handler",
                    "runtime": "python3.12",
                    "timeout": 3,
                    "environment": {"LEVEL": "1"},
                    "fold": True,
                },
                "schema_in_s3": False,
            },
            "crm": {
                "openapi": {"schema": "crm.json", "fix": True},
                "credentials": {"api_key": {"provider": "crm", "location": "HEADER", "parameter_name": "X-Key"}},
                "metadata_configuration": {"allowedRequestHeaders": ["X-Team"]},
            },
            "wiki": {
                "mcp_server": {"endpoint": "https://wiki.example.com/mcp", "listing_mode": "DEFAULT"},
                "credentials": {
                    "oauth": {"client_id": "a", "client_secret": "s", "vendor": "github", "scopes": ["read"]}
                },
                "synchronize_on": ["1"],
            },
            "pets": {
                "api_gateway": {
                    "rest_api_id": "abcdef",
                    "stage": "prod",
                    "filters": {"/pets": ["GET"]},
                    "overrides": [{"path": "/pets", "method": "GET", "name": "pets"}],
                }
            },
            "docs": {"connector": {"connector_id": "bedrock-knowledge-bases", "enabled": ["Retrieve"]}},
            "items": {"builtin": {"name": "dynamodb", "operations": ["GetItem"]}},
            "own": {"target_configuration": {"mcp": {"mcpServer": {"endpoint": "https://own.example.com/mcp"}}}},
        },
    },
    "edge": {
        "protocol_type": None,
        "authorizer": "aws_iam",
        "targets": {
            "clerk": {
                "agent_runtime": {"arn": "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/clerk-0a1b2c3d4e"},
                "credentials": {"caller_iam": {"service": "bedrock-agentcore"}},
            },
            "tail": {
                "passthrough": {
                    "endpoint": "https://tail.example.com",
                    "protocol_type": "CUSTOM",
                    "stickiness": {"identifier": "$context.header.x-session-id", "timeout": 60},
                    "static_query_parameters": {"a": "b"},
                },
                "credentials": {"api_key": {"provider": PROVIDER}},
            },
            "models": {
                "inference": {"endpoint": "https://llm.example.com", "operations": [{"path": "/v1", "models": ["a"]}]},
                "credentials": {"api_key": {"key_from_environment": "HOME"}},
            },
        },
    },
    "theirs": {"gateway_id": "theirs-0a1b2c3d4e", "targets": {}},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "code").mkdir()
    (folder / "code" / "handler.py").write_text("TOOLS = []\n\n\ndef handler(event, context):\n    return {}\n")
    (folder / "crm.json").write_text(OPENAPI)
    return folder


def _lines(gateways: Any, folder: Path) -> list[str]:
    try:
        stack_config.checked(gateways, folder=folder, stack="dev")
    except InvalidInput as refused:
        return [str(it).removeprefix("agentcore:gateways") for it in refused.problems]
    return []


def _walked(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    below: Any = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, member in below:
        yield from _walked(member, (*place, key))


def _holder(gateways: Any, place: tuple[Any, ...]) -> Any:
    for key in place[:-1]:
        gateways = gateways[key]
    return gateways


def _shown(place: tuple[Any, ...]) -> str:
    return "".join(f"[{it}]" if isinstance(it, int) else f".{it}" for it in place)


# Keys below which AWS's own documents begin, which the schema leaves to AWS's model.
_DOCUMENTS = ("target_configuration", "custom_claims", "tools", "synchronize_on")


def _by_schema(place: tuple[Any, ...]) -> bool:
    return bool(place) and not any(it in _DOCUMENTS for it in place[:-1]) and place[-1] not in ("synchronize_on",)


def test_nothing_is_wrong_in_the_whole(folder: Path) -> None:
    assert _lines(WHOLE, folder) == []


@pytest.mark.parametrize("place", [it for it in _walked(WHOLE) if _by_schema(it)], ids=_shown)
def test_a_wrong_value_is_one_line_at_its_place(folder: Path, place: tuple[Any, ...]) -> None:
    gateways = copy.deepcopy(WHOLE)
    # Without a kind that any key takes.
    _holder(gateways, place)[place[-1]] = 1.5
    report = _lines(gateways, folder)
    assert [line.split(": ")[0] for line in report] == [_shown(place)], report


# Keys below which names of one's own stand.
_NAMES = ("targets", "credential_providers", "tags", "environment", "filters", "static_query_parameters")


@pytest.mark.parametrize(
    "place",
    [
        it
        for it in _walked(WHOLE)
        if _by_schema(it) and isinstance(it[-1], str) and len(it) > 1 and it[-2] not in _NAMES
    ],
    ids=_shown,
)
def test_a_misspelt_key_is_one_line(folder: Path, place: tuple[Any, ...]) -> None:
    gateways = copy.deepcopy(WHOLE)
    holder = _holder(gateways, place)
    wrong = f"{place[-1][:-1]}_{place[-1][-1]}"
    items = [(wrong if key == place[-1] else key, value) for key, value in holder.items()]
    holder.clear()
    holder.update(items)
    report = _lines(gateways, folder)
    assert [line.split("?")[0] for line in report] == [
        f"{_shown((*place[:-1], wrong))}: unknown key. Did you mean {place[-1]}"
    ], report


# What is laid above a target that is right, by what reports it.
BY_SCHEMA: dict[str, Any] = {
    "empty description": {"description": ""},
    "unknown key": {"zzz": 1},
    "wrong kind": {"adopt": "maybe"},
    "too many headers": {"metadata_configuration": {"allowedRequestHeaders": ["X"] * 11}},
    "time-out": {"lambda": {"timeout": 1000}},
    "misspelt key of the function": {"lambda": {"memorysize": 128}},
}
BY_THE_REST: dict[str, Any] = {
    "no folder": {"lambda": {"code": "nowhere"}},
    "no handler": {"lambda": {"code": "code", "handler": "main.run"}},
    "no file of tools": {"lambda": {"code": "code", "tools": "gone.json"}},
    "no tools": {"lambda": {"code": "code", "tools": [{"name": "find", "description": "Find"}]}},
    "no variable": {"lambda": {"code": "code", "environment": {"LEVEL": "${env:NOT_THERE}"}}},
    "service to sign for": {"lambda": {"code": "code"}, "credentials": {"iam_role": {"service": "lambda"}}},
}


def _laid(below: Any, above: Any) -> Any:
    if not isinstance(below, Mapping) or not isinstance(above, Mapping):
        return copy.deepcopy(above)
    return {key: _laid(below.get(key), above.get(key, below.get(key))) for key in {**below, **above}}


@pytest.mark.parametrize(("one", "other"), [*itertools.product(BY_SCHEMA, BY_THE_REST)])
def test_neither_hides_the_other_wherever_they_stand(folder: Path, one: str, other: str) -> None:
    right = {"lambda": {"code": "code"}}
    first, second = _laid(right, BY_SCHEMA[one]), _laid(right, BY_THE_REST[other])
    both = _laid(second, BY_SCHEMA[one])

    def report(**gateways: Any) -> set[str]:
        return set(_lines({name: {"targets": targets} for name, targets in gateways.items()}, folder))

    assert report(a={"o": first}) != report(a={"o": second})
    assert len(report(a={"o": second})) == 1
    assert report(a={"o": both}) == report(a={"o": first}) | report(a={"o": second})
    assert report(a={"o": first, "p": second}) == report(a={"o": first}) | report(a={"p": second})
    assert report(a={"o": first}, b={"p": second}) == report(a={"o": first}) | report(b={"p": second})


@pytest.mark.parametrize(
    ("gateway", "places"),
    [
        # What is wrong with the gateway says nothing of its targets' files.
        ({"autorizer": "none", "targets": {"o": {"openapi": "gone.yaml"}}}, [".a.autorizer", ".a.targets.o.openapi"]),
        ({"protocol_type": "mcp", "targets": {"o": {"builtin": "slak"}}}, [".a.protocol_type", ".a.targets.o.builtin"]),
        # A wrong name is one line, and what has it is judged.
        ({"targets": {"my_o": {"openapi": "gone.yaml"}}}, [".a.targets.my_o", ".a.targets.my_o.openapi"]),
        # A file that is missing says nothing of how the gateway signs in.
        (
            {"targets": {"o": {"openapi": "gone.yaml", "credentials": {"jwt_passthrough": {}}}}},
            [".a.targets.o.openapi", ".a.targets.o.credentials.jwt_passthrough"],
        ),
        # A gateway that something else made is judged by its targets.
        (
            {"gateway_id": 5, "search": True, "targets": {"o": {"openapi": "gone.yaml"}}},
            [".a.gateway_id", ".a.search", ".a.targets.o.openapi"],
        ),
    ],
)
def test_what_does_not_depend_on_a_problem_is_judged(folder: Path, gateway: Any, places: list[str]) -> None:
    assert [line.split(": ")[0] for line in _lines({"a": gateway}, folder)] == places


JUNK = st.sampled_from(
    [None, True, 0, -1, 1.5, "", "x", "s3://", "arn:aws:", [], [None], ["x"], {}, {"x": {}}, {"": 1}]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(list(_walked(WHOLE))[1:]), JUNK), min_size=1, max_size=4))
def test_whatever_stands_in_the_file_is_reported_and_no_crash(
    folder: Path, changes: list[tuple[tuple[Any, ...], Any]]
) -> None:
    gateways = copy.deepcopy(WHOLE)
    for place, junk in changes:
        try:
            _holder(gateways, place)[place[-1]] = copy.deepcopy(junk)
        except (KeyError, IndexError, TypeError):
            continue
    report = _lines(gateways, folder)
    assert len(report) == len(set(report))
    assert all("UNKNOWN" not in line and "\n" not in line for line in report), report
