"""McpGateway for programs in YAML, TypeScript, Go, C# and Java: what `pulumi-resource-agentcore` serves.

The arguments are the keys of a gateway in a stack file, so both have one schema, one validation and one meaning. Those at
the top have Pulumi's spelling, such as roleArn; below it they are as in a stack file, as they are documents to Pulumi.
https://www.pulumi.com/docs/iac/guides/building-extending/components/
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import pulumi
from pulumi import provider
from pulumi.errors import InputPropertiesError
from pulumi.output import Unknown

from agentcore_provider import stack_config
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.resources.mcp_gateway import McpGateway
from agentcore_provider.stack_config import deployment, description
from agentcore_provider.stack_config.places import GATEWAYS, KEY, SourceFiles, replaced, walked

NAME = "agentcore"
TYPE = "agentcore:index:McpGateway"

_OPTIONS = ("protect",)
"""Keys of stack files that are options of every resource in a program."""
_SIMPLE = ("string", "integer", "boolean")
_OUTPUTS = {
    "gatewayId": "Id of the gateway.",
    "gatewayArn": "ARN of the gateway.",
    "mcpUrl": "Address that MCP clients connect to.",
    "status": "READY after a successful deployment.",
    "tokenEndpoint": "Where clients get tokens; empty without an EzAuth of its own.",
    "clientId": "Id of the client; empty without an EzAuth of its own.",
    "clientSecret": "Secret of the client; empty without an EzAuth of its own.",
    "scope": "Scopes of the tokens; empty without an EzAuth of its own.",
}
# What only an EzAuth has, by the names of McpGateway.client_settings.
_SIGN_IN = ("token_endpoint", "client_id", "client_secret", "scope")
# What stands for a value that comes from another resource while the rest is validated.
_LATE = "[output]"


def schema() -> dict[str, Any]:
    """Pulumi's schema of the package, made of the JSON schema of stack files."""
    known: Mapping[str, Any] = stack_config.schema()["$defs"]
    keys = {name: key for name, key in known["gateway"]["properties"].items() if name not in _OPTIONS}
    inputs = {_camel(name): _property(key, known) for name, key in keys.items()}
    outputs: dict[str, dict[str, Any]] = {
        name: {"type": "string", "description": text} for name, text in _OUTPUTS.items()
    }
    outputs["clientSecret"]["secret"] = True
    return {
        "name": NAME,
        "version": version("agentcore-provider"),
        "description": "AWS Bedrock AgentCore Gateways",
        "license": "Apache-2.0",
        "resources": {
            TYPE: {
                "isComponent": True,
                "description": "A gateway with everything it needs: a sign-in, a role with just the permissions of its "
                "targets, and the targets. Keys below the first level are those of a stack file.",
                "inputProperties": inputs,
                "requiredInputs": ["targets"],
                "properties": outputs,
                "required": [*outputs],
            }
        },
        "language": {
            # Without a name, it would be in the scope of Pulumi's own packages.
            "nodejs": {"packageName": "agentcore-provider", "respectSchemaVersion": True},
            "go": {"respectSchemaVersion": True},
        },
    }


def main() -> None:
    """Serve the component to the engine, which starts this program; `--schema` prints the schema of the package."""
    if sys.argv[1:] == ["--schema"]:
        print(json.dumps(schema(), indent=2))
        return
    provider.main(Package(), sys.argv[1:])


class Package(provider.Provider):
    """The package, as the engine asks for it."""

    def __init__(self) -> None:
        super().__init__(version("agentcore-provider"), json.dumps(schema()))

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: Mapping[str, pulumi.Input[Any]],
        options: pulumi.ResourceOptions | None = None,
    ) -> provider.ConstructResult:
        """Declare the McpGateway. Raises InputPropertiesError with every problem of its arguments."""
        if resource_type != TYPE:
            raise ValueError(f"there is no {resource_type}, only {TYPE}")
        try:
            gateway = McpGateway(name, opts=options, **_arguments(name, inputs))
        except InvalidInput as error:
            # No property is named: the engine would print its value, even a secret one.
            raise InputPropertiesError(str(error), []) from None
        sign_in = {_camel(it): gateway.client_settings.get(it, pulumi.Output.from_input("")) for it in _SIGN_IN}
        return provider.ConstructResult(
            gateway.urn,
            {
                "gatewayId": gateway.gateway_id,
                "gatewayArn": gateway.gateway_arn,
                "mcpUrl": gateway.mcp_url,
                "status": gateway.status,
                **sign_in,
            },
        )


def _arguments(name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of McpGateway. Raises InvalidInput with every problem."""
    keys = {_camel(it): it for it in stack_config.schema()["$defs"]["gateway"]["properties"]}
    written = {keys.get(key, key): value for key, value in inputs.items() if value is not None}
    described = {GATEWAYS: {name: written}}
    late = {it: value for it, value in walked(described) if isinstance(value, (pulumi.Output, Unknown))}
    try:
        valid = description.described(
            replaced(described, dict.fromkeys(late, _LATE)),
            folder=deployment.project_folder(),
            stack=pulumi.get_stack(),
            defaults=None,
            files=SourceFiles(),
            late=frozenset(late),
        )
    except InvalidInput as error:
        prefix = f"{KEY}.{name}"
        own = [_below(it, prefix) for it in error.problems]
        raise InvalidInput.of_problems(own, f'McpGateway "{name}"') from None
    known = {it: _output(value) for it, value in late.items()}
    return dict(deployment.arguments_of(name, replaced(valid.with_secrets().values, known)[GATEWAYS][name]))


def _below(problem: Problem, prefix: str) -> Problem:
    return replace(problem, path=problem.path.removeprefix(prefix).lstrip("."))


def _output(value: object) -> pulumi.Output[Any]:
    return value if isinstance(value, pulumi.Output) else pulumi.Output.from_input(value)


def _property(key: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    reference = known.get(str(key.get("$ref", "")).rpartition("/")[2], {})
    kind = key.get("type", reference.get("type"))
    text = key.get("description") or reference.get("description") or ""
    return {**({"type": kind} if kind in _SIMPLE else {"$ref": "pulumi.json#/Any"}), "description": text}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(it.capitalize() for it in others)


if __name__ == "__main__":
    main()
