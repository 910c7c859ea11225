"""Tools of real documents: their schema is one that the engine takes, and the preview's is the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from agentcore_provider.cedar import types as of_preview
from agentcore_provider.local.cedar import types as of_local_aws
from agentcore_provider.local.cedar.schema import ToolSchema
from agentcore_provider.local.mcp_endpoint.openapi_target import operations_of, tool
from tests.rules.corpus import corpus

_QUOTED_IDENTIFIER = re.compile(r'"([A-Za-z_][A-Za-z0-9_]*)"(\??:)')


def documents() -> Iterator[str]:
    yield from (it.text for it in corpus.real("openapi"))
    yield from (json.dumps(it.document) for it in corpus.generated())


def tools() -> Iterator[dict[str, Any]]:
    for number, text in enumerate(documents()):
        for operation in operations_of(text):
            described = tool(operation)
            yield {**described, "name": f"target-{number}___{described['name']}"}


def test_every_real_tool_can_have_policies() -> None:
    """Whatever its arguments are called: together in one schema."""
    schema = ToolSchema(tools())
    assert len(schema.arguments) > 600
    assert schema.parsed is not None


def test_preview_and_local_aws_give_the_same_types() -> None:
    """Each by its own reading of AWS's documents."""
    for it in tools():
        schema = it["inputSchema"]
        here = _QUOTED_IDENTIFIER.sub(r"\1\2", of_local_aws.of_arguments(it["name"], schema).notation)
        there = _QUOTED_IDENTIFIER.sub(r"\1\2", str(of_preview.of_tool(it["name"], schema)))
        assert here == there, it["name"]
