"""GatewayTarget: what happens to a schema on its way, and to arguments that are wrong."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

from agentcore_provider import Gateway, GatewayRole, GatewayTarget, McpGateway, credentials, targets
from agentcore_provider.errors import InvalidInput
from agentcore_provider.rules.tool_schema import INLINE_BYTES

API = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "https://shop.example.com"}],
    "paths": {"/orders": {"get": {"operationId": "listOrders", "responses": {"200": {"description": "Orders"}}}}},
}
MODEL = {
    "smithy": "2.0",
    "shapes": {
        "example#Shop": {
            "type": "service",
            "traits": {"aws.protocols#restJson1": {}, "aws.auth#sigv4": {"name": "shop"}},
            "operations": [{"target": "example#ListOrders"}],
        },
        "example#ListOrders": {"type": "operation"},
    },
}


def _target(target: Any, *, late: bool = False, **more: Any) -> Callable[[], Any]:
    def program() -> Any:
        gateway = Gateway("shop", role_arn=GatewayRole("shop"), authorizer="NONE")
        known = dataclasses.replace(target, schema=pulumi.Output.from_input(target.schema)) if late else target
        return GatewayTarget("orders", gateway=gateway, target=known, **more).id

    return program


def _only(declared: Any) -> dict[str, Any]:
    (target,) = declared.of("agentcore:GatewayTarget").values()
    return dict(target)


def _long(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "x-long": "x" * INLINE_BYTES}


@pytest.mark.parametrize(
    "record", [targets.OpenApi(_long(API)), targets.OpenApi(API, upload=True)], ids=["long", "asked"]
)
def test_a_schema_over_1_mb_goes_to_s3_by_itself_and_a_short_one_when_asked(declare: Any, record: Any) -> None:
    declared = declare(_target(record))
    (stored,) = declared.of(":BucketObjectv2").values()
    (bucket,) = declared.of("s3/bucket:Bucket")
    assert json.loads(stored["content"])["paths"] == API["paths"]
    uri = f"s3://{bucket}-1234567/{stored['key']}"
    assert _only(declared)["target_configuration"] == {"mcp": {"openApiSchema": {"s3": {"uri": uri}}}}


def test_the_key_says_what_is_in_it_so_that_a_change_is_an_update(declare: Any) -> None:
    other = {**API, "info": {"title": "Shop", "version": "2"}}
    keys = [
        next(iter(declare(_target(targets.OpenApi(it, upload=True))).of(":BucketObjectv2").values()))["key"]
        for it in (API, API, other)
    ]
    assert keys[0] == keys[1] != keys[2]


def test_a_schema_known_late_travels_through_s3_when_asked(declare: Any) -> None:
    declared = declare(_target(targets.OpenApi(API, upload=True), late=True))
    (stored,) = declared.of(":BucketObjectv2").values()
    assert json.loads(stored["content"]) == API


def test_a_bucket_can_be_given(declare: Any) -> None:
    declared = declare(_target(targets.OpenApi(API), schema_in_s3=True, schema_bucket="ours"))
    assert declared.of("s3/bucket:Bucket") == {}
    assert _only(declared)["target_configuration"]["mcp"]["openApiSchema"]["s3"]["uri"].startswith("s3://ours/orders/")


def test_a_schema_on_its_way_to_s3_is_judged_like_any_other(declare: Any) -> None:
    """Nothing that previews a target looks into S3, so the program's side judges it."""
    broken = {**API, "paths": {"/orders": {"get": {"responses": {}}}}}
    problems = _only(declare(_target(targets.OpenApi(broken, upload=True))))["__context"]["problems"]
    (report,) = (it for it in problems if "has no operationId" in it)
    assert report.startswith("target_configuration.mcp.openApiSchema.inlinePayload#/paths/~1orders/get: ")


@pytest.mark.parametrize("late", ["nothing", "a part", "all"])
def test_a_document_inside_awss_own_becomes_the_text_that_aws_takes(declare: Any, late: str) -> None:
    def program() -> Any:
        url = pulumi.Output.from_input("https://a.example.com") if late == "a part" else "https://a.example.com"
        target: Any = {"mcp": {"openApiSchema": {"inlinePayload": {**API, "servers": [{"url": url}]}}}}
        return _target(pulumi.Output.from_input(target) if late == "all" else target)()

    text = _only(declare(program))["target_configuration"]["mcp"]["openApiSchema"]["inlinePayload"]
    assert json.loads(text) == {**API, "servers": [{"url": "https://a.example.com"}]}


def test_the_role_may_do_what_a_model_in_s3_says(declare: Any) -> None:
    declared = declare(_target(targets.Smithy(MODEL, upload=True)))
    assert declared.policy("orders")[0]["Action"] == ["shop:ListOrders"]
    assert "s3" in _only(declared)["target_configuration"]["mcp"]["smithyModel"]


@pytest.mark.parametrize("late", ["document", "kind"])
@pytest.mark.parametrize("known", ["lambda", "openApiSchema"])
def test_a_document_that_comes_late_is_reached_as_one_that_is_known(declare: Any, late: str, known: str) -> None:
    function = {
        "lambdaArn": "arn:aws:lambda:us-west-2:123456789012:function:orders",
        "toolSchema": {"inlinePayload": []},
    }
    content = {"lambda": function} if known == "lambda" else {"openApiSchema": {"s3": {"uri": "s3://b/k"}}}

    def program() -> Any:
        place = {"mcp": pulumi.Output.from_input(content)}
        return _target(place if late == "kind" else pulumi.Output.from_input(place))()

    used = _only(declare(program)).get("credential_provider_configurations")
    assert used == ([{"credentialProviderType": "GATEWAY_IAM_ROLE"}] if known == "lambda" else None)


@pytest.mark.parametrize(
    ("arguments", "report"),
    [
        ({"target": "orders"}, "target: is a str. Give a record of targets"),
        ({"target": targets.OpenApi("nowhere.yaml")}, "there is no such file"),
        ({"target": targets.Builtin("slak")}, "Did you mean slack"),
        ({"target": targets.Connector("c", configurations=[5])}, "an argument of Connector is of a wrong type"),  # type: ignore[list-item]
        ({"target": targets.OpenApi}, "target: is the class OpenApi itself. Give a record of targets"),
        (
            {"target": targets.OpenApi(API), "credentials": credentials.IamRole},
            "credentials: is the class IamRole itself. Give a record of credentials",
        ),
        ({"target": targets.OpenApi(API), "credentials": "key"}, "credentials: is a str. Give a record of credentials"),
    ],
)
def test_a_wrong_argument_is_shown_with_the_other_problems(
    declare: Any, arguments: dict[str, Any], report: str
) -> None:
    given = dict(arguments)
    assert any(report in it for it in _only(declare(_target(given.pop("target"), **given)))["__context"]["problems"])


_CIRCLE: dict[str, Any] = {}
_CIRCLE["below"] = _CIRCLE


@pytest.mark.parametrize(
    ("value", "report"),
    [
        (_CIRCLE, "is nested too deeply"),
        ({"a": float("nan")}, "is nan, and JSON has no such number"),
        ({"a": "\ud800"}, "has half a surrogate pair"),
        ({"a": 10**400}, "is a number of more than 308 digits"),
    ],
    ids=["circle", "nan", "surrogate", "number"],
)
@pytest.mark.parametrize("where", ["record", "document", "tools", "argument", "credentials"])
def test_what_no_document_holds_is_a_problem_at_preview(declare: Any, value: Any, report: str, where: str) -> None:
    """Wherever a program gives it: one line, and it does not reach the engine, which would end in a traceback."""
    schema = {"type": "object", "properties": {"a": {"type": "string", "default": value}}}
    function = "arn:aws:lambda:us-west-2:123456789012:function:orders"
    given: dict[str, Any] = {
        "record": {"target": targets.OpenApi({**API, "x-odd": value})},
        "document": {"target": {"mcp": {"lambda": {"lambdaArn": function, "toolSchema": value}}}},
        "tools": {"target": targets.Lambda(function, tools=[{"name": "a", "description": "b", "inputSchema": schema}])},
        "argument": {"target": targets.OpenApi(API), "synchronize_on": value},
        "credentials": {"target": targets.OpenApi(API), "credentials": value},
    }[where]
    problems = _only(declare(_target(given.pop("target"), **given)))["__context"]["problems"]
    assert any(report in it or "contains itself" in it for it in problems)


def test_what_is_not_a_gateway_is_reported_with_what_to_give(declare: Any) -> None:
    def program() -> None:
        whole = McpGateway("all", targets={})
        for given, report in (
            (whole, "is of type McpGateway"),
            ("shop-0123456789", "is of type str"),
            (whole.gateway_id, "Output"),
        ):
            with pytest.raises(InvalidInput, match=rf"{report}.*its \.gateway\), or an id as gateway_identifier="):
                GatewayTarget("orders", gateway=given, target=targets.OpenApi(API))  # type: ignore[arg-type]

    declare(program)


def test_metadata_private_endpoint_and_credentials_are_passed_on(declare: Any) -> None:
    metadata = {"allowedRequestHeaders": ["x-shop"]}
    endpoint = {"selfManagedLatticeResource": {"resourceConfigurationIdentifier": f"rcfg-{'0' * 17}"}}
    key = "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default/apikeycredentialprovider/shop"
    target = _only(
        declare(
            _target(
                targets.OpenApi(API),
                credentials=credentials.ApiKey(key),
                metadata_configuration=metadata,
                private_endpoint=endpoint,
            )
        )
    )
    assert target["metadata_configuration"] == metadata
    assert target["private_endpoint"] == endpoint
    assert target["credential_provider_configurations"][0]["credentialProviderType"] == "API_KEY"


KEY = "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default/apikeycredentialprovider/slack"


@pytest.mark.parametrize(
    ("credential", "sent"),
    [
        (
            credentials.ApiKey(KEY),
            {
                "providerArn": KEY,
                "credentialLocation": "HEADER",
                "credentialParameterName": "Authorization",
                "credentialPrefix": "Bearer",
            },
        ),
        (credentials.ApiKey(KEY, prefix="Token"), {"providerArn": KEY, "credentialPrefix": "Token"}),
    ],
)
def test_a_built_in_schema_knows_where_its_vendor_wants_the_key(declare: Any, credential: Any, sent: Any) -> None:
    target = _only(declare(_target(targets.Builtin("slack"), credentials=credential)))
    (used,) = target["credential_provider_configurations"]
    assert used["credentialProvider"]["apiKeyCredentialProvider"] == sent


def test_a_built_in_schema_asks_for_the_scopes_of_its_operations(declare: Any) -> None:
    oauth = credentials.OAuth(KEY.replace("apikeycredentialprovider", "oauth2credentialprovider"))
    (used,) = _only(declare(_target(targets.Builtin("slack"), credentials=oauth)))["credential_provider_configurations"]
    assert "chat:write" in used["credentialProvider"]["oauthCredentialProvider"]["scopes"]


@pytest.mark.parametrize(
    ("record", "hosted"),
    [
        (targets.Builtin("dynamodb"), True),
        (targets.Builtin("dynamodb", operations=["GetItem"]), False),
        (targets.Builtin("dynamodb", hosted=False), False),
        (targets.Builtin("slack"), False),
        (targets.Builtin("slack", hosted=True), True),
    ],
)
def test_a_whole_smithy_model_of_aws_is_its_hosted_copy_and_the_role_knows_what_it_needs(
    declare: Any, record: Any, hosted: bool
) -> None:
    declared = declare(_target(record), config={"aws:region": "us-east-1"})
    ((_, content),) = _only(declared)["target_configuration"]["mcp"].items()
    assert ("s3" in content) == hosted
    if record.name == "dynamodb":
        (policy,) = declared.of(":RolePolicy").values()
        assert "dynamodb:GetItem" in policy["policy"]


@pytest.mark.parametrize(("tools", "warned"), [(None, True), ([{"name": "find", "description": "Find"}], False)])
def test_sample_tools_are_announced(declare: Any, caplog: Any, tools: Any, warned: bool) -> None:
    """A function without tools= shows the quick start's samples, and the preview says so."""
    function = "arn:aws:lambda:us-west-2:123456789012:function:orders"
    declare(_target(targets.Lambda(function, tools=tools)))
    assert any("samples, get_weather and get_time" in it.message for it in caplog.records) == warned


def test_a_folder_of_code_becomes_a_function_beside_the_target(declare: Any, tmp_path: Path) -> None:
    """`targets.LambdaCode` does in a GatewayTarget what it does in an McpGateway; the role may invoke the function."""
    (tmp_path / "handler.py").write_text(
        'def find(text: str) -> str:\n    """Find orders.\n\n    Args:\n        text: What to find.\n    """\n\n\nTOOLS = [find]\n'
    )
    declared = declare(_target(targets.LambdaCode(tmp_path, timeout=9)))
    (function,) = declared.of(":Function").values()
    assert function["timeout"] == 9
    document = _only(declared)["target_configuration"]["mcp"]["lambda"]
    assert [tool["name"] for tool in document["toolSchema"]["inlinePayload"]] == ["find"]
    assert declared.policy("orders")[0]["Resource"] == document["lambdaArn"]


def test_a_folder_that_is_not_a_function_is_a_problem_at_preview(declare: Any, tmp_path: Path) -> None:
    """A wrong folder does not end the program: the preview shows it with all other problems."""
    declared = declare(_target(targets.LambdaCode("nowhere")), folder=tmp_path)
    assert _only(declared)["__context"]["problems"] == [
        'target: there is no folder "nowhere". Give the folder of the handler, relative to the project folder.'
    ]


_TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/items"


def _with_role(**arguments: Any) -> Callable[[], Any]:
    def program() -> Any:
        gateway = Gateway("shop", role_arn=GatewayRole("shop"), authorizer="NONE")
        made = {name: value() if callable(value) else value for name, value in arguments.items()}
        return GatewayTarget("items", gateway=gateway, **made).urn

    return program


@pytest.mark.parametrize("late", [False, True])
def test_a_target_may_touch_the_resources_that_are_given_alone(declare: Any, caplog: Any, late: bool) -> None:
    """Known or not: without them the role may touch every table, and the preview says so."""
    target = targets.Builtin("dynamodb", operations=["GetItem"])
    declared = declare(
        _with_role(target=target, resources=lambda: [pulumi.Output.from_input(_TABLE) if late else _TABLE])
    )
    (statement,) = declared.policy("items")
    assert (statement["Action"], statement["Resource"]) == (["dynamodb:GetItem"], _TABLE)
    assert "resources:" not in caplog.text
    document = target.target_configuration()
    declared = declare(
        _with_role(
            target=lambda: pulumi.Output.from_input(document) if late else document, credentials=credentials.IamRole()
        )
    )
    assert declared.policy("items")[0]["Resource"] == "*"
    reported = 'target "items": resources: none are given, so the role may do dynamodb:GetItem on every resource'
    assert caplog.text.count(reported) == 1


def test_a_connector_of_which_no_permission_is_known_is_reported(declare: Any, caplog: Any) -> None:
    """The role gets nothing for it, and the preview says how to give it something."""
    declared = declare(_with_role(target=targets.Connector("crm")))
    assert "items" not in declared.of(":RolePolicy")
    assert "no permission is known for the connector crm" in caplog.text


def test_a_schema_that_goes_to_s3_may_be_read_by_the_role(declare: Any) -> None:
    """The object that the target's document names, beside what the schema's operations need."""
    declared = declare(_with_role(target=targets.Smithy(MODEL, upload=True)))
    actions = [it["Action"] for it in declared.policy("items")]
    assert actions == [["shop:ListOrders"], "s3:GetObject"]
    assert declared.policy("items")[1]["Resource"].startswith("arn:aws:s3:::")


@pytest.mark.parametrize("wrong", ["arn:aws:s3:::a", [], ["items"], {"arn": 1}])
def test_resources_that_are_no_arns_are_refused(declare: Any, wrong: Any) -> None:
    """With what to give in their place."""
    declared = declare(_with_role(target=targets.Builtin("dynamodb"), resources=wrong))
    (problem,) = _only(declared)["__context"]["problems"]
    assert problem.startswith("resources: is ")


def test_resources_say_where_they_have_no_effect(declare: Any, caplog: Any) -> None:
    """A role made elsewhere is not touched."""
    declare(
        lambda: (
            GatewayTarget(
                "items", gateway_identifier="shop-0123456789", target=targets.Builtin("dynamodb"), resources=[_TABLE]
            ).urn
        )
    )
    assert "are not used, since the role of its gateway is not a GatewayRole" in caplog.text
