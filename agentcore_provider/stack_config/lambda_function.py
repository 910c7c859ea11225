"""Lambda functions in stack files, judged by what lies on the disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.targets.lambda_function import tool_schema
from agentcore_provider.rules.tool_schema import INLINE_BYTES
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.schemas import default, lambda_code, tools
from agentcore_provider.stack_config.mistake import Mistake, told
from agentcore_provider.stack_config.places import walked

_HANDLER, _RUNTIME = "handler.handler", "python3.12"


def judged(function: Any, folder: Path) -> tuple[Any, list[Mistake]]:
    """AWS's document of a function, UNKNOWN as far as it is not known, and what is wrong with the files it needs.

    function: its description. folder: what relative paths begin at.
    """
    if not isinstance(function, Mapping):
        return UNKNOWN, []
    found: list[Mistake] = []
    code: Any = function.get("code")
    handler: Any = function.get("handler", _HANDLER)
    runtime: Any = function.get("runtime", _RUNTIME)
    if isinstance(code, str):
        # Which file there has to be is only known with handler and runtime.
        said = (handler, runtime) if UNKNOWN not in (handler, runtime) else (_HANDLER, "")
        problem = lambda_code.problem(code, project=folder, handler=said[0], runtime=said[1])
        found += [Mistake(("code",), problem.message, problem.cure)] if problem else []
    source = _tools(function, code, handler, folder)
    schema: Any = UNKNOWN
    if isinstance(source, str) and source.startswith("s3://"):
        schema = {"s3": {"uri": source}}
    elif source is not UNKNOWN:
        if "bucket_owner" in function:
            found.append(
                Mistake(("bucket_owner",), "goes only with tools in S3", "remove it, or give their s3:// address")
            )
        try:
            listed = _listed(source, function, folder)
        except InvalidInput as error:
            found += told(error, ("tools",))
        else:
            # A longer one goes through S3, where its target's own check reads it.
            schema = {"inlinePayload": listed} if len(json.dumps(listed)) <= INLINE_BYTES else UNKNOWN
    return {"lambdaArn": function.get("arn", UNKNOWN), "toolSchema": schema}, found


def _tools(function: Mapping[str, Any], code: Any, handler: Any, folder: Path) -> Any:
    """Where the function's tools are told: as written, or in the handler's own file; None for the default ones."""
    told = function.get("tools")
    if "tools" in function or "code" not in function:
        unknown = function.get("fold") is UNKNOWN or any(it is UNKNOWN for _, it in walked(told))
        return UNKNOWN if unknown else told
    if UNKNOWN in (code, handler, function.get("fold")):
        return UNKNOWN
    return lambda_code.tools_file(folder / code, handler)


def _listed(source: Any, function: Mapping[str, Any], folder: Path) -> list[Any]:
    """The tools as they reach AWS. Raises InvalidInput."""
    if source is None:
        return default.tools()
    schema = tool_schema(tools.load(source, folder=folder), fold=function.get("fold", True))
    listed: list[Any] = schema["inlinePayload"]
    return listed
