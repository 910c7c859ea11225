"""Makes the gateways that a stack's `agentcore:gateways` describes, and says where to reach them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.authorizers import JwtAuthorizer
from agentcore_provider.resources.mcp_gateway import McpGateway
from agentcore_provider.resources.targets import Lambda, LambdaCode
from agentcore_provider.stack_config import credentials, target_kinds
from agentcore_provider.stack_config.mistakes import KEY, mistakes
from agentcore_provider.stack_config.refusals import refusals

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

# Arguments of Gateway that stand in a stack file under the same name.
_SAME = (
    *("name", "description", "role_arn", "gateway_id", "instructions", "protocol_type", "protocol_configuration"),
    *("interceptor_configurations", "policy_engine_configuration", "custom_transform_configuration"),
    *("domain_override", "waf_configuration", "kms_key_arn", "exception_level", "schema_in_s3", "tags"),
    *("adopt", "more"),
)


def read() -> dict[str, dict[str, Any]]:
    """The gateways that the stack describes, name to description, with nothing wrong in them.

    Raises InvalidInput that lists everything that is wrong, one line each.
    """
    stack = pulumi.get_stack()
    written, shared = (pulumi.Config("agentcore").get(key) for key in ("gateways", "defaults"))
    if written is None:
        raise InvalidInput(
            f"Stack {stack} describes no gateway: write {KEY} into Pulumi.{stack}.yaml, such as\n{_EXAMPLE}"
        )
    return checked(_parsed(written), folder=project_folder(), stack=stack, defaults=_parsed(shared or "{}"))


def checked(gateways: Any, *, folder: Path, stack: str, defaults: Any = None) -> dict[str, dict[str, Any]]:
    """The value of `agentcore:gateways`, above what `agentcore:defaults` says, if nothing is wrong in it.

    folder: what relative paths begin at. stack: name of the stack, for the message. defaults: what all environments
    share, in the same form. Raises InvalidInput that lists everything that is wrong, one line each.
    """
    gateways = with_defaults(defaults or {}, gateways)
    lines = mistakes(gateways)
    if not lines:
        lines = [line for name, gateway in gateways.items() for line in refusals(name, gateway, folder)]
    if lines:
        count = "a mistake" if len(lines) == 1 else f"{len(lines)} mistakes"
        told = "\n  ".join(lines)
        raise InvalidInput(f"Pulumi.{stack}.yaml has {count}:\n  {told}", tuple(lines))
    return dict(gateways)


def with_defaults(defaults: Any, gateways: Any) -> Any:
    """The gateways of one environment above what all share: mappings are merged, everything else is replaced.

    Null takes away what the defaults say. A gateway that only the defaults describe is not made.
    """
    if not isinstance(defaults, Mapping) or not isinstance(gateways, Mapping):
        return gateways
    return {name: _merged(defaults.get(name), gateway) for name, gateway in gateways.items()}


def _merged(shared: Any, own: Any) -> Any:
    if not isinstance(shared, Mapping) or not isinstance(own, Mapping):
        return own
    dropped = {name for name, value in own.items() if value is None and name in shared}
    return {
        name: _merged(shared.get(name), own.get(name, shared.get(name)))
        for name in [*shared, *(it for it in own if it not in shared)]
        if name not in dropped
    }


def _parsed(written: str) -> Any:
    try:
        return json.loads(written)
    except ValueError:
        return written


def deploy() -> dict[str, McpGateway]:
    """Makes everything that the stack describes. Returns the gateways by logical name.

    Raises InvalidInput that lists everything that is wrong in the stack file, one line each.
    """
    secret = pulumi.runtime.is_config_secret(KEY)
    return {name: _gateway(name, gateway, secret) for name, gateway in read().items()}


def outputs(gateways: Mapping[str, McpGateway]) -> dict[str, Any]:
    """What the stack exports: `gateways` with address and sign-in of each, and `mcp_url` if there is just one."""
    exported: dict[str, Any] = {"gateways": {name: it.client_settings for name, it in gateways.items()}}
    if len(gateways) == 1:
        exported["mcp_url"] = next(iter(gateways.values())).mcp_url
    return exported


def project_folder() -> Path:
    """The folder of Pulumi.yaml."""
    return Path(pulumi.runtime.get_root_directory() or ".")


def _gateway(name: str, gateway: Mapping[str, Any], secret: bool) -> McpGateway:
    arguments: dict[str, Any] = {key: gateway[key] for key in _SAME if key in gateway}
    targets = gateway["targets"]
    if "gateway_id" not in gateway:
        arguments["semantic_search"] = gateway.get("search", True)
    authorizer = gateway.get("authorizer", "ez_auth")
    if isinstance(authorizer, Mapping) and "jwt" in authorizer:
        arguments["authorizer"] = JwtAuthorizer(**authorizer["jwt"])
    elif isinstance(authorizer, Mapping):
        arguments["ez_auth_arguments"] = authorizer["ez_auth"]
    elif authorizer != "ez_auth":
        arguments["authorizer"] = authorizer.upper()
    return McpGateway(
        name,
        targets={key: _target(f"{name}-{key}", target, gateway.get("tags"), secret) for key, target in targets.items()},
        **arguments,
    )


def _target(resource_name: str, target: Mapping[str, Any], tags: Any, secret: bool) -> Mapping[str, Any]:
    arguments: dict[str, Any] = {key: value for key, value in target.items() if key not in _TARGET}
    if "credential_provider_configurations" in target:
        arguments["credentials"] = target["credential_provider_configurations"]
    if "credentials" in target:
        arguments["credentials"] = credentials.declare(resource_name, target["credentials"], tags)
    record = target_kinds.record(target, project_folder())
    if record is not None:
        arguments["target"] = record
    else:
        arguments["target"] = (
            _function(target["lambda"], secret) if "lambda" in target else target["target_configuration"]
        )
    return arguments


_TARGET = (*target_kinds.KINDS, "credentials", "credential_provider_configurations")


def _function(function: Mapping[str, Any], secret: bool) -> Lambda | LambdaCode:
    if "arn" in function:
        return Lambda(**function)
    code = {key: value for key, value in function.items() if key != "code"}
    if secret and "environment" in code:
        # The engine says only that something under the key is a secret, so each variable may be it.
        code["environment"] = {key: pulumi.Output.secret(value) for key, value in code["environment"].items()}
    return LambdaCode(folder=function["code"], **code)
