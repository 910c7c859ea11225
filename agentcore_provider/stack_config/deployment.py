"""Makes the gateways that a stack's `agentcore:gateways` describes, and says where to reach them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources import targets
from agentcore_provider.resources.authorizers import JwtAuthorizer
from agentcore_provider.resources.mcp_gateway import McpGateway
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
    *("name", "description", "role_arn", "instructions", "protocol_type", "protocol_configuration"),
    *("interceptor_configurations", "policy_engine_configuration", "custom_transform_configuration"),
    *("domain_override", "waf_configuration", "kms_key_arn", "exception_level", "schema_in_s3", "tags"),
    *("adopt", "more"),
)


def read() -> dict[str, dict[str, Any]]:
    """The gateways that the stack describes, name to description, with nothing wrong in them.

    Raises InvalidInput that lists everything that is wrong, one line each.
    """
    stack = pulumi.get_stack()
    written = pulumi.Config("agentcore").get("gateways")
    if written is None:
        raise InvalidInput(
            f"Stack {stack} describes no gateway: write {KEY} into Pulumi.{stack}.yaml, such as\n{_EXAMPLE}"
        )
    try:
        gateways = json.loads(written)
    except ValueError:
        gateways = written
    return checked(gateways, folder=project_folder(), stack=stack)


def checked(gateways: Any, *, folder: Path, stack: str) -> dict[str, dict[str, Any]]:
    """The value of `agentcore:gateways`, if nothing is wrong in it.

    folder: what relative paths begin at. stack: name of the stack, for the message.
    Raises InvalidInput that lists everything that is wrong, one line each.
    """
    lines = mistakes(gateways)
    if not lines:
        lines = [line for name, gateway in gateways.items() for line in refusals(name, gateway, folder)]
    if lines:
        count = "a mistake" if len(lines) == 1 else f"{len(lines)} mistakes"
        told = "\n  ".join(lines)
        raise InvalidInput(f"Pulumi.{stack}.yaml has {count}:\n  {told}", tuple(lines))
    return dict(gateways)


def deploy() -> dict[str, McpGateway]:
    """Makes everything that the stack describes. Returns the gateways by logical name.

    Raises InvalidInput that lists everything that is wrong in the stack file, one line each.
    """
    secret = pulumi.runtime.is_config_secret(KEY)
    return {name: _gateway(name, gateway, secret) for name, gateway in read().items()}


def outputs(gateways: Mapping[str, McpGateway]) -> dict[str, Any]:
    """What the stack exports: `gateways` with address and sign-in of each, and `mcp_url` if there is just one."""
    exported: dict[str, Any] = {"gateways": {name: _reached(gateway) for name, gateway in gateways.items()}}
    if len(gateways) == 1:
        exported["mcp_url"] = next(iter(gateways.values())).mcp_url
    return exported


def project_folder() -> Path:
    """The folder of Pulumi.yaml."""
    return Path(pulumi.runtime.get_root_directory() or ".")


def _reached(gateway: McpGateway) -> dict[str, Any]:
    reached: dict[str, Any] = {
        "mcp_url": gateway.mcp_url,
        "gateway_id": gateway.gateway_id,
        "gateway_arn": gateway.gateway_arn,
    }
    sign_in = gateway.ez_auth
    if sign_in is not None:
        reached |= {
            "token_endpoint": sign_in.token_endpoint,
            "client_id": sign_in.client_id,
            "client_secret": sign_in.client_secret,
            "scope": sign_in.scope,
        }
    return reached


def _gateway(name: str, gateway: Mapping[str, Any], secret: bool) -> McpGateway:
    arguments: dict[str, Any] = {key: gateway[key] for key in _SAME if key in gateway}
    authorizer = gateway.get("authorizer", "ez_auth")
    if isinstance(authorizer, Mapping) and "jwt" in authorizer:
        arguments["authorizer"] = JwtAuthorizer(**authorizer["jwt"])
    elif isinstance(authorizer, Mapping):
        arguments["ez_auth_arguments"] = authorizer["ez_auth"]
    elif authorizer != "ez_auth":
        arguments["authorizer"] = authorizer.upper()
    return McpGateway(
        name,
        targets={key: _target(target, secret) for key, target in gateway["targets"].items()},
        semantic_search=gateway.get("search", True),
        **arguments,
    )


def _target(target: Mapping[str, Any], secret: bool) -> Mapping[str, Any]:
    arguments: dict[str, Any] = {key: value for key, value in target.items() if key not in _TARGET}
    if "credential_provider_configurations" in target:
        arguments["credentials"] = target["credential_provider_configurations"]
    arguments["target"] = _function(target["lambda"], secret) if "lambda" in target else target["target_configuration"]
    return arguments


_TARGET = ("lambda", "target_configuration", "credential_provider_configurations")


def _function(function: Mapping[str, Any], secret: bool) -> targets.Lambda | targets.LambdaCode:
    if "arn" in function:
        return targets.Lambda(**function)
    code = {key: value for key, value in function.items() if key != "code"}
    if secret and "environment" in code:
        # The engine says only that something under the key is a secret, so each variable may be it.
        code["environment"] = {key: pulumi.Output.secret(value) for key, value in code["environment"].items()}
    return targets.LambdaCode(folder=function["code"], **code)
