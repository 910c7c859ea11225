"""Makes the gateways that a stack's `agentcore:gateways` describes, and says where to reach them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.mcp_gateway import McpGateway
from agentcore_provider.resources.targets import Lambda, LambdaCode
from agentcore_provider.rules import gateway_address
from agentcore_provider.stack_config import credentials, target_kinds
from agentcore_provider.stack_config.authorizer import jwt_authorizer
from agentcore_provider.stack_config.defaults import DEFAULTS
from agentcore_provider.stack_config.description import Description, described
from agentcore_provider.stack_config.places import KEY
from agentcore_provider.stack_config.written import written

_EXAMPLE = """
config:
  aws:region: us-west-2
  agentcore:gateways:
    shop:
      targets:
        orders:
          lambda:
            code: demo/order_desk
            tools: demo/order_desk/handler.py
"""

# Keys of a gateway and of a target that are not arguments of McpGateway and GatewayTarget under the same name.
_OF_GATEWAY = ("gateway_id", "authorizer", "search", "targets", "credential_providers", "protect")
_OF_TARGET = (*target_kinds.KINDS, "credentials", "credential_provider_configurations")


def read() -> dict[str, dict[str, Any]]:
    """The gateways that the stack describes, name to description, with nothing wrong in them.

    Raises InvalidInput that lists everything that is wrong, one line each.
    """
    return _read().gateways


def _read() -> Description:
    stack = pulumi.get_stack()
    written_down, shared = (pulumi.Config("agentcore").get(key) for key in ("gateways", "defaults"))
    if written_down is None:
        raise InvalidInput(
            f"Stack {stack} describes no gateway", f"Write {KEY} into Pulumi.{stack}.yaml, such as\n{_EXAMPLE}"
        )
    return described(
        _parsed(written_down),
        folder=project_folder(),
        stack=stack,
        defaults=_parsed(shared or "{}"),
        told=written(project_folder(), stack),
        has_secrets=any(pulumi.runtime.is_config_secret(key) for key in (KEY, DEFAULTS)),
    )


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def deploy() -> dict[str, McpGateway]:
    """Makes everything that the stack describes. Returns the gateways by logical name.

    Raises InvalidInput that lists everything that is wrong in the stack file, one line each.
    """
    return {name: _gateway(name, gateway) for name, gateway in _read().with_secrets().items()}


def outputs(gateways: Mapping[str, McpGateway]) -> dict[str, Any]:
    """What the stack exports: `gateways` with address and sign-in of each, and `mcp_url` if there is just one."""
    exported: dict[str, Any] = {"gateways": {name: it.client_settings for name, it in gateways.items()}}
    if len(gateways) == 1:
        exported["mcp_url"] = next(iter(gateways.values())).mcp_url
    return exported


def project_folder() -> Path:
    """The folder of Pulumi.yaml."""
    return Path(pulumi.runtime.get_root_directory() or ".")


def _gateway(name: str, gateway: Mapping[str, Any]) -> McpGateway:
    arguments: dict[str, Any] = {key: value for key, value in gateway.items() if key not in _OF_GATEWAY}
    targets = gateway["targets"]
    if "gateway_id" in gateway:
        arguments["gateway_id"] = gateway_address.parse(gateway["gateway_id"]).gateway_id
    else:
        arguments["semantic_search"] = gateway.get("search", True)
    authorizer = gateway.get("authorizer", "ez_auth")
    if isinstance(authorizer, Mapping) and "jwt" in authorizer:
        arguments["authorizer"] = jwt_authorizer(authorizer["jwt"])
    elif isinstance(authorizer, Mapping):
        arguments["ez_auth_arguments"] = authorizer["ez_auth"]
    elif authorizer != "ez_auth":
        arguments["authorizer"] = authorizer.upper()
    tags = gateway.get("tags")
    providers = {
        key: credentials.declare_provider(f"{name}-credentials-{key}", provider, tags)
        for key, provider in gateway.get("credential_providers", {}).items()
    }
    return McpGateway(
        name,
        targets={key: _target(f"{name}-{key}", target, tags, providers) for key, target in targets.items()},
        opts=pulumi.ResourceOptions(protect=gateway.get("protect")),
        **arguments,
    )


def _target(
    resource_name: str, target: Mapping[str, Any], tags: Any, providers: Mapping[str, pulumi.Resource]
) -> Mapping[str, Any]:
    arguments: dict[str, Any] = {key: value for key, value in target.items() if key not in _OF_TARGET}
    if "credential_provider_configurations" in target:
        arguments["credentials"] = target["credential_provider_configurations"]
    if "credentials" in target:
        arguments["credentials"] = credentials.declare(resource_name, target["credentials"], tags, providers)
    record = target_kinds.record(target, project_folder())
    if record is not None:
        arguments["target"] = record
    elif "lambda" in target:
        arguments["target"] = _function(target["lambda"], arguments)
    else:
        arguments["target"] = target["target_configuration"]
    return arguments


def _function(function: Mapping[str, Any], arguments: dict[str, Any]) -> Lambda | LambdaCode:
    if "arn" in function:
        return Lambda(**function)
    code = {key: value for key, value in function.items() if key not in ("code", "upload")}
    if "upload" in function:
        arguments.setdefault("schema_in_s3", function["upload"])
    return LambdaCode(folder=function["code"], **code)
