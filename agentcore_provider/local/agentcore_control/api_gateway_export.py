"""A REST API of local API Gateway as an OpenAPI document with the tools that a target selects.

Equivalent to GetExport, which the service calls when the target is created or updated. A target keeps what was
exported then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from moto.apigateway.models import Method, RestAPI
    from mypy_boto3_bedrock_agentcore_control import type_defs

_Document = dict[str, Any]
BASE_PATH = "basePath"
"""The variable of an export's server: the stage."""
_LABEL = re.compile(r"\{([^}]+)\}")
_PLACES = {"path": "path", "querystring": "query", "header": "header"}


class NotExportableError(Exception):
    """The REST API, or the target's configuration for it, is not supported; see `problems`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def export(account_id: str, region: str, configuration: type_defs.ApiGatewayTargetConfigurationOutputTypeDef) -> str:
    """The text of an OpenAPI 3.0 document.

    Raises NotExportableError.
    """
    from moto.apigateway.models import apigateway_backends

    api_id, stage = configuration["restApiId"], configuration["stage"]
    api = apigateway_backends[account_id][region].apis.get(api_id)
    if api is None:
        raise NotExportableError([f"REST API {api_id} does not exist in {region}"])
    problems = []
    if stage not in api.stages:
        problems.append(f"REST API {api_id} has no stage {stage}: deploy it first")
    if "PRIVATE" in (api.endpoint_configuration or {}).get("types", ()):
        problems.append(f"REST API {api_id} has a private endpoint; only public ones are supported")
    tools = configuration["apiGatewayToolConfiguration"]
    found = dict(_selected(api, tools["toolFilters"], problems))
    overrides: dict[tuple[str, str], type_defs.ApiGatewayToolOverrideTypeDef] = {
        (override["path"], override["method"]): override for override in tools.get("toolOverrides", ())
    }
    problems += [
        f"toolOverrides: {method} {path} is not one of the operations that toolFilters select"
        for path, method in overrides
        if (path, method) not in found
    ]
    paths: dict[str, _Document] = {}
    names: set[str] = set()
    for (path, method), operation in found.items():
        override = overrides.get((path, method))
        name = (override and override.get("name")) or operation.operation_name
        if not name:
            problems.append(f"{method} {path} has no operationId: set its operationName or name it in toolOverrides")
        elif name in names:
            problems.append(f"The tool name {name} is used twice")
        names.add(str(name))
        described: _Document = {"operationId": name, **_responses(operation)}
        if override and override.get("description"):
            described["description"] = override["description"]
        paths.setdefault(path, {})[method.lower()] = {**described, **_inputs(api, path, operation)}
    if not found:
        problems.append(f"toolFilters select no operation of REST API {api_id}")
    if problems:
        raise NotExportableError(problems)
    variable = {BASE_PATH: {"default": stage}}
    server = {"url": f"https://{api_id}.execute-api.{region}.amazonaws.com/{{{BASE_PATH}}}", "variables": variable}
    about = {"title": api.name, "version": str(api.version)}
    return json.dumps({"openapi": "3.0.1", "info": about, "servers": [server], "paths": paths})


def _responses(operation: Method) -> _Document:
    # A method that declares none is exported without: then the service cannot read the document.
    declared = {status: {"description": f"{status} response"} for status in operation.method_responses or ()}
    return {"responses": declared} if declared else {}


def _selected(
    api: RestAPI, filters: list[type_defs.ApiGatewayToolFilterOutputTypeDef], problems: list[str]
) -> Iterator[tuple[tuple[str, str], Method]]:
    for resource in list(api.resources.values()):
        path = resource.get_path()
        for method, operation in list(resource.resource_methods.items()):
            if not any(_matches(one, path, method) for one in filters):
                continue
            if "+}" in path:
                problems.append(f"{method} {path}: proxy resources are not supported")
            # The service leaves out such a method without an error.
            elif not (operation.authorization_type == "AWS_IAM" and operation.api_key_required):
                yield (path, method), operation


def _matches(one: type_defs.ApiGatewayToolFilterOutputTypeDef, path: str, method: str) -> bool:
    if method not in one["methods"]:
        return False
    wanted: str = one["filterPath"]
    return path.startswith(wanted[:-1]) if wanted.endswith("/*") else path == wanted


def _inputs(api: RestAPI, path: str, operation: Method) -> _Document:
    parameters = {(name, "path"): True for name in _LABEL.findall(path)}
    for source, required in (operation.request_parameters or {}).items():
        _, _, place, name = source.split(".", 3)
        if place in _PLACES:
            parameters[name, _PLACES[place]] = str(required).lower() == "true" or place == "path"
    inputs: _Document = {
        "parameters": [
            {"name": name, "in": place, "required": required, "schema": {"type": "string"}}
            for (name, place), required in parameters.items()
        ]
    }
    content = {
        media_type: {"schema": schema}
        for media_type, model in (operation.request_models or {}).items()
        if (schema := _schema(api, model)) is not None
    }
    if content:
        inputs["requestBody"] = {"required": True, "content": content}
    return inputs


def _schema(api: RestAPI, name: str) -> _Document | None:
    model = next((model for model in api.models.values() if model.name == name), None)
    if model is None or not model.schema:
        return {"type": "object"} if name == "Empty" else None
    schema = json.loads(model.schema) if isinstance(model.schema, str) else model.schema
    return {key: value for key, value in schema.items() if key != "$schema"}
