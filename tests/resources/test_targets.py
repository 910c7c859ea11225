"""Records of targets: each says everything that AWS's document of its kind can say."""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pulumi
import pytest

from agentcore_provider import target_kinds, targets
from agentcore_provider.errors import InvalidInput
from agentcore_provider.rules import gateway_target, service_model

API = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "https://shop.example.com"}],
    "paths": {
        "/orders": {
            "get": {"operationId": "listOrders", "summary": "List", "responses": {"200": {"description": "Orders"}}}
        }
    },
}
MODEL = {"smithy": "2.0", "shapes": {"example#Shop": {"type": "service"}}}
TOOL = {
    "name": "find",
    "description": "Find orders",
    "inputSchema": {
        "type": "object",
        "description": "What to find",
        "properties": {"ids": {"type": "array", "items": {"type": "string", "description": "An id"}}},
        "required": ["ids"],
    },
    "outputSchema": {
        "type": "object",
        "description": "Orders",
        "properties": {"orders": {"type": "array", "items": {"type": "string"}}},
        "required": ["orders"],
    },
}
FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:orders"
RUNTIME = "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/agent-0123456789"
OWNER = "123456789012"

RECORDS: list[targets.Target] = [
    targets.Lambda(FUNCTION, [TOOL]),
    targets.Lambda(FUNCTION, "s3://bucket/tools.json", bucket_owner=OWNER),
    targets.OpenApi(API),
    targets.OpenApi("s3://bucket/api.yaml", bucket_owner=OWNER),
    targets.Smithy(MODEL),
    targets.Smithy("s3://bucket/model.json", bucket_owner=OWNER),
    targets.McpServer("https://m.example.com/mcp", tool_schema=[TOOL], listing_mode="DEFAULT", resource_priority=3),
    targets.McpServer("https://m.example.com/mcp", tool_schema="s3://bucket/tools.json", bucket_owner=OWNER),
    targets.ApiGateway(
        "a1b2c3",
        "prod",
        filters={"/pets/*": ["GET", "POST"]},
        overrides=[targets.ToolOverride("/pets", "GET", name="list_pets", description="List pets")],
    ),
    targets.Connector(
        "bedrock-knowledge-bases",
        version="1.1.0",
        enabled=["Retrieve"],
        configurations=[
            targets.ConnectorTool(
                "Retrieve",
                description="Look things up",
                parameter_values={"knowledgeBaseId": "ABCDEFGHIJ"},
                parameter_overrides=[{"path": "/filter", "description": "What to find", "visible": True}],
            )
        ],
    ),
    targets.KnowledgeBase("ABCDEFGHIJ"),
    targets.KnowledgeBase(
        "ABCDEFGHIJ",
        description="How we work",
        retrieval_configuration={"managedSearchConfiguration": {"numberOfResults": 5}},
        agentic=True,
        version="1.1.0",
    ),
    targets.WebSearch(),
    targets.WebSearch(include_domains=["example.com"], exclude_domains=("example.org",), description="Search"),
    targets.AgentRuntime(RUNTIME, qualifier="DEFAULT", schema=API),
    targets.AgentRuntime(RUNTIME, schema="s3://bucket/api.yaml", bucket_owner=OWNER),
    targets.Passthrough("https://llm.example.com", "A2A", schema="s3://bucket/api.yaml", bucket_owner=OWNER),
    targets.Passthrough(
        "https://llm.example.com",
        "CUSTOM",
        schema=API,
        stickiness=targets.Stickiness("$context.header.x-session-id", timeout=60, composite=["$context.header.x-user"]),
        static_query_parameters={"version": "1"},
        static_query_parameter_conflict_resolution="STATIC_OVERRIDE",
    ),
    targets.HttpConnector("memory", parameters={"memoryId": "m"}),
    targets.Inference(
        "https://llm.example.com",
        operations=[
            targets.InferenceOperation(
                "/v1/messages", models=["anthropic.claude-*"], provider_path="/anthropic/v1/messages"
            )
        ],
        strip_prefix=True,
        prefix_separator="/",
    ),
    targets.InferenceConnector("openai"),
    targets.Builtin("dynamodb"),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_the_service_takes_what_a_record_builds(record: targets.Target) -> None:
    configuration = record.target_configuration()
    assert service_model.validate(configuration, "TargetConfiguration") == []
    assert target_kinds.of(configuration) is not None


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_signs_in_with_what_its_kind_takes(record: targets.Target) -> None:
    document = {
        "name": "shop",
        "targetConfiguration": record.target_configuration(),
        "credentialProviderConfigurations": record.credential_provider_configurations() or None,
    }
    given = {name: value for name, value in document.items() if value is not None}
    found = gateway_target.validate(given)
    report = [(it.severity, it.path) for it in found if it.path.startswith("credential")]
    # What an endpoint of anybody's wants is not to be guessed: the program is to say it, and is reported so.
    doubtful = isinstance(record, targets.Passthrough)
    assert report == ([("warning", "credentialProviderConfigurations")] if doubtful else [])


def test_every_member_of_the_api_can_be_reported() -> None:
    """A member that a new botocore brings fails here until a record has it."""
    model = botocore.session.get_session().get_service_model("bedrock-agentcore-control")
    known = set(_members(model.shape_for("TargetConfiguration"), ()))
    reported = {path for record in RECORDS for path in _paths(record.target_configuration(), ())}
    assert known - {it for it in known if "outputSchema" in it or "inputSchema" in it} - reported == set()
    assert service_model.validate([TOOL], "ToolDefinitions") == []


def _members(shape: Any, path: tuple[str, ...], within: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if shape.name in within:
        return
    if shape.type_name == "list":
        yield from _members(shape.member, path, (*within, shape.name))
    for name, member in getattr(shape, "members", {}).items():
        yield (*path, name)
        yield from _members(member, (*path, name), (*within, shape.name))


def _paths(document: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(document, list):
        for item in document:
            yield from _paths(item, path)
    if isinstance(document, dict):
        for name, value in document.items():
            yield (*path, name)
            yield from _paths(value, (*path, name))


@pytest.mark.parametrize("name", targets.__all__)
def test_every_field_of_every_record_is_documented(name: str) -> None:
    record = getattr(targets, name)
    assert record.__doc__
    if not dataclasses.is_dataclass(record):
        return
    assert record.__dataclass_params__.frozen  # type: ignore[attr-defined]
    body = "".join(inspect.getsource(it) for it in reversed(record.__mro__) if dataclasses.is_dataclass(it))
    for field in dataclasses.fields(record):
        assert f"    {field.name}: " in body
        after = body.partition(f"    {field.name}: ")[2].split("\n", 1)[1]
        assert after.lstrip().startswith('"""'), f"{name}.{field.name} says nothing of itself"


def test_all_is_sorted_and_complete() -> None:
    assert targets.__all__ == sorted(targets.__all__)


class TestSchemas:
    def test_a_file_travels_as_it_was_written_so_that_problems_keep_their_lines(self, tmp_path: Path) -> None:
        text = "openapi: 3.0.3  # ours\ninfo: {title: Shop, version: '1'}\n"
        (tmp_path / "api.yaml").write_text(text)
        for schema in (tmp_path / "api.yaml", str(tmp_path / "api.yaml"), text):
            assert targets.OpenApi(schema).target_configuration()["mcp"]["openApiSchema"] == {"inlinePayload": text}

    def test_a_relative_path_begins_at_the_project(self, declare: Any, tmp_path: Path) -> None:
        (tmp_path / "api.json").write_text(json.dumps(API))
        found: list[Any] = []
        declare(lambda: found.append(targets.OpenApi("api.json").target_configuration()), folder=tmp_path)
        assert json.loads(found[0]["mcp"]["openApiSchema"]["inlinePayload"]) == API

    @pytest.mark.parametrize("given", [API, json.dumps(API), "s3://bucket/api.json"])
    def test_an_output_may_hold_every_form(self, declare: Any, given: Any) -> None:
        def program() -> Any:
            late = targets.OpenApi(pulumi.Output.from_input(given)).target_configuration()
            return pulumi.Output.from_input(late)

        now = targets.OpenApi(given).target_configuration()
        late = declare(program).result
        if given is API:
            assert json.loads(late["mcp"]["openApiSchema"]["inlinePayload"]) == API
        else:
            assert late == now

    @pytest.mark.parametrize(
        ("record", "report"),
        [
            (targets.OpenApi("https://shop.example.com/openapi.json"), "is an address. Download"),
            (targets.OpenApi("nowhere.yaml"), "there is no such file"),
            (targets.OpenApi(7), "is a int. Give"),  # type: ignore[arg-type]
            (targets.OpenApi(API, bucket_owner=OWNER), "bucket_owner: goes only with a schema in S3"),
            (targets.Smithy("namespace example\nservice Shop {}\n"), "smithy ast"),
            (targets.McpServer("https://m.example.com", tool_schema={"tool": []}), "lists no tools"),
            (targets.ApiGateway("a", "b", filters={"/pets": "GET"}), 'Give a list of methods, such as ["GET"]'),
            (targets.Builtin("slak"), "Did you mean slack"),
            (targets.Builtin("slack", operations=["chatPostMessag"]), "Did you mean chatPostMessage"),
            (targets.Builtin("slack", colour="red"), "there is no setting colour"),
        ],
    )
    def test_a_wrong_argument_is_reported_with_its_cure(self, record: targets.Target, report: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            record.target_configuration()
        assert report in str(caught.value)

    def test_fixing_drops_what_the_service_refuses(self) -> None:
        schema = {**API, "security": [{"key": []}]}
        plain = targets.OpenApi(schema).target_configuration()
        fixed = targets.OpenApi(schema, fix=True).target_configuration()
        assert gateway_target.validate({"name": "shop", "targetConfiguration": plain})
        assert gateway_target.validate({"name": "shop", "targetConfiguration": fixed}) == []

    @pytest.mark.parametrize("fix", [False, True])
    def test_one_document_serves_several_environments(self, fix: bool) -> None:
        """server= replaces the document's address, and nothing else without fix=True."""
        schema = {**API, "servers": [{"url": "/v1"}]}
        source = targets.OpenApi(schema, fix=fix, server="https://dev.example.com/").target_configuration()
        document = json.loads(source["mcp"]["openApiSchema"]["inlinePayload"])
        assert document == {**API, "servers": [{"url": "https://dev.example.com/v1"}]}

    def test_the_server_may_be_an_output(self) -> None:
        """Such as the address of an API that the same program makes."""

        async def source() -> object:
            server: pulumi.Output[str] = pulumi.Output.from_input("https://dev.example.com")
            return targets.OpenApi(API, server=server).target_configuration()["mcp"]["openApiSchema"]

        # An Output needs a loop, and other tests of the process may have closed theirs.
        assert isinstance(asyncio.run(source()), pulumi.Output)

    @pytest.mark.parametrize("more", [{"fix": True}, {"server": "https://dev.example.com"}])
    def test_a_document_in_s3_stays_as_it_is(self, more: dict[str, Any]) -> None:
        """AWS reads it, so nothing can be changed here."""
        with pytest.raises(InvalidInput, match=r"fix, server: go only with a document that is read here"):
            targets.OpenApi("s3://bucket/api.json", **more).target_configuration()

    def test_folding_can_be_refused(self) -> None:
        """With fold=False the preview refuses what the service does not take, at its path."""
        schema = {"type": "object", "properties": {"size": {"type": "string", "enum": ["S", "M"]}}}
        tool = {**TOOL, "inputSchema": schema}

        def problems(fold: bool) -> list[str]:
            configuration = targets.Lambda(FUNCTION, [tool], fold=fold).target_configuration()
            role = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
            document = {
                "name": "shop",
                "targetConfiguration": configuration,
                "credentialProviderConfigurations": role,
            }
            return [it.path for it in gateway_target.validate(document)]

        assert problems(fold=True) == []
        (path,) = problems(fold=False)
        assert path.endswith("inlinePayload[0].inputSchema.properties.size.enum")

    def test_every_schema_that_cannot_be_folded_is_reported_at_once(self) -> None:
        broken = [{**TOOL, "name": name, "inputSchema": {"type": "object", "properties": {"x": {}}}} for name in "ab"]
        with pytest.raises(InvalidInput) as caught:
            targets.Lambda(FUNCTION, broken).target_configuration()
        assert [it.path for it in caught.value.problems] == [
            "a.inputSchema.properties.x.type",
            "b.inputSchema.properties.x.type",
        ]


class TestSelection:
    def test_only_what_is_chosen_travels(self, tmp_path: Path) -> None:
        """From a file, a document and AWS's own form of one, with the rest of the record's arguments."""
        api = {
            **API,
            "paths": {"/a": {"get": {"operationId": "getA", "responses": {}}, "put": {"operationId": "putA"}}},
        }
        (tmp_path / "api.json").write_text(json.dumps(api))
        for schema in (api, tmp_path / "api.json", {"inlinePayload": json.dumps(api)}):
            document = targets.OpenApi(schema, only=["get*"], fix=True).target_configuration()
            left = json.loads(document["mcp"]["openApiSchema"]["inlinePayload"])
            assert list(left["paths"]["/a"]) == ["get"]

    def test_from_a_list_of_mcp_tools_some_are_taken(self) -> None:
        listed = [{"name": name, "inputSchema": {"type": "object"}} for name in ("read", "read_all", "drop")]
        server = targets.McpServer("https://mcp.example.com", tool_schema=listed, only=["read*"])
        schema = server.target_configuration()["mcp"]["mcpServer"]["mcpToolSchema"]
        assert [it["name"] for it in json.loads(schema["inlinePayload"])["tools"]] == ["read", "read_all"]

    @pytest.mark.parametrize(
        ("record", "reported"),
        [
            (targets.McpServer("https://mcp.example.com", only=["read"]), "AWS offers no choice among the tools"),
            (targets.OpenApi("s3://bucket/api.json", only=["read"]), "cannot be combined with a schema in S3"),
            (targets.Smithy({"s3": {"uri": "s3://b/k"}}, without=["read"]), "cannot be combined with a schema in S3"),
            (targets.Builtin("slack", operations=["a"], only=["b"]), "says the same as only"),
            (targets.Builtin("slack", only=["nothing*"]), "matches no operation"),
        ],
    )
    def test_where_nothing_can_be_chosen_the_preview_says_why(self, record: targets.Target, reported: str) -> None:
        with pytest.raises(InvalidInput, match=reported):
            record.target_configuration()

    def test_a_whole_built_in_schema_is_whole_by_every_name(self) -> None:
        """So that the copy that AWS hosts is used where all operations are chosen."""
        assert (
            targets.Builtin("dynamodb", only=["*"]).target_configuration()
            == targets.Builtin("dynamodb").target_configuration()
        )

    @pytest.mark.parametrize(
        ("record", "warned"),
        [
            (targets.Builtin("dynamodb"), True),
            (targets.Builtin("dynamodb", only=["*"]), False),
            (targets.Builtin("dynamodb", without=["Delete*"]), False),
            (targets.Builtin("dynamodb", operations=["GetItem", "DeleteTable"]), False),
            (targets.Builtin("tavily"), False),
            (targets.Builtin("no such name"), False),
        ],
    )
    def test_a_whole_built_in_schema_that_deletes_is_a_choice(self, record: targets.Builtin, warned: bool) -> None:
        reported = record.takes_all()
        assert bool(reported) is warned
        assert not reported or ("all 31 operations become tools, Delete" in reported and 'only=["*"]' in reported)


def _without_end() -> dict[str, Any]:
    document: dict[str, Any] = {}
    document["again"] = document
    return document


def _multiplied() -> list[Any]:
    document: list[Any] = ["x"]
    for _ in range(9):
        document = [document] * 10
    return document


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (_without_end(), "is nested too deeply"),
        (_multiplied(), "has more than 500,000 values"),
        (10**5000, "is a number of more than 308 digits"),
    ],
    ids=["no end", "multiplied", "long number"],
)
def test_documents_of_programs_are_within_limits(value: Any, why: str) -> None:
    """A document that has no end, or stands for a billion values, is refused in one line before it is looked through."""
    tool = {"name": "a", "description": "d", "inputSchema": {"type": "object", "default": value}}
    for record in (
        targets.OpenApi({"openapi": "3.0.3", "x-a": value}),
        targets.OpenApi({"openapi": "3.0.3", "x-a": value}, fix=True, server="https://a.example.com"),
        targets.Smithy({"smithy": "2.0", "metadata": {"a": value}}),
        targets.Smithy({"smithy": "2.0", "metadata": {"a": value}}, only=["Get*"]),
        targets.Lambda("arn:aws:lambda:us-west-2:123456789012:function:f", tools=[tool]),
    ):
        with pytest.raises(InvalidInput, match=why) as refused:
            record.target_configuration()
        assert "\n" not in str(refused.value)
