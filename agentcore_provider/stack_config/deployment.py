"""Deploys the gateways that a stack's `agentcore:gateways` describes and what is beside them, and exports where to reach them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.configuration_bundle import ConfigurationBundle
from agentcore_provider.resources.dynamic_resource import REPORTED
from agentcore_provider.resources.mcp_gateway import McpGateway
from agentcore_provider.resources.named_targets import TargetArguments
from agentcore_provider.resources.targets import Lambda, LambdaCode
from agentcore_provider.rules import gateway_address
from agentcore_provider.stack_config import beside, credentials, keys, registries
from agentcore_provider.stack_config.beside import DESCRIBED
from agentcore_provider.stack_config.description import Description, described
from agentcore_provider.stack_config.keys import GatewayDescription, Keys, TargetDescription
from agentcore_provider.stack_config.places import DEFAULTS, KEY, NAMESPACE, source_files

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

# Keys of a gateway that its credential providers, which are declared beside it, have too.
_SHARED = ("tags", "region", "profile", "assume_role")
# Keys of a target that are not arguments of GatewayTarget under the same name.
_OTHERS = (*keys.KINDS, "credentials", "credential_provider_configurations")


def run() -> None:
    """Deploy every gateway that the selected stack describes under `agentcore:gateways`, and export their settings.

    A stack file with problems ends the program, with one line for each problem in Pulumi's output. Use `deploy` and
    `outputs` instead in a program that declares more.
    """
    try:
        gateways = deploy()
    except InvalidInput as problem:
        pulumi.log.error(str(problem))
        raise SystemExit(REPORTED) from None
    for key, value in outputs(gateways).items():
        pulumi.export(key, value)


def read() -> dict[str, dict[str, Any]]:
    """The gateways that the stack describes, name to valid description. Raises InvalidInput with every problem."""
    return cast(dict[str, dict[str, Any]], _read().gateways)


def _read() -> Description:
    stack = pulumi.get_stack()
    config = pulumi.Config("agentcore")
    shared, texts = config.get("defaults"), {key: config.get(key) for key in DESCRIBED}
    written = {key: _parsed(text) for key, text in texts.items() if text is not None}
    if not written:
        raise InvalidInput(
            f"Stack {stack} describes no gateway", f"Write {KEY} into Pulumi.{stack}.yaml, such as\n{_EXAMPLE}"
        )
    return described(
        written,
        folder=project_folder(),
        stack=stack,
        defaults=_parsed(shared or "{}"),
        files=source_files(project_folder(), stack, DESCRIBED),
        has_secrets=any(
            pulumi.runtime.is_config_secret(key) for key in (DEFAULTS, *(f"{NAMESPACE}{it}" for it in written))
        ),
    )


def _parsed(text: str) -> object:
    try:
        value: object = json.loads(text)
    except ValueError:
        return text
    return value


def deploy() -> dict[str, McpGateway]:
    """Declare everything that the stack describes. Returns the gateways by logical name.

    Raises InvalidInput with every problem of the stack file.
    """
    described = _read().with_secrets()
    bundles = beside.declare(described.values)
    gateways = {name: _gateway(name, gateway, bundles) for name, gateway in described.gateways.items()}
    registries.declare(described.values, {name: it.gateway for name, it in gateways.items()})
    return gateways


def outputs(gateways: Mapping[str, McpGateway]) -> dict[str, object]:
    """What the stack exports: `gateways` with address and sign-in of each, and `mcp_url` if there is just one."""
    exported: dict[str, object] = {"gateways": {name: it.client_settings for name, it in gateways.items()}}
    if len(gateways) == 1:
        exported["mcp_url"] = next(iter(gateways.values())).mcp_url
    return exported


def project_folder() -> Path:
    """The folder of Pulumi.yaml."""
    return Path(pulumi.runtime.get_root_directory() or ".")


def _gateway(name: str, gateway: GatewayDescription, bundles: Mapping[str, ConfigurationBundle]) -> McpGateway:
    options = pulumi.ResourceOptions(protect=gateway.get("protect"))
    return McpGateway(name, opts=options, **arguments_of(name, gateway, bundles))


def arguments_of(
    name: str, gateway: GatewayDescription, bundles: Mapping[str, ConfigurationBundle] | None = None
) -> Keys:
    """The arguments of the McpGateway of this name that a valid description stands for.

    bundles: configuration bundles that its rules may name. Declares what is beside the gateway: credential providers that several targets share.
    """
    arguments = keys.gateway_arguments(gateway)
    if "gateway_id" in gateway:
        # Nothing else of an existing gateway is set.
        del arguments["semantic_search"]
        arguments |= _existing(gateway["gateway_id"], arguments)
    shared: Keys = {key: it for key, it in arguments.items() if key in _SHARED}
    providers = {
        key: credentials.declare_provider(f"{name}-credentials-{key}", provider, shared)
        for key, provider in gateway.get("credential_providers", {}).items()
    }
    if "policies" in gateway:
        arguments["policies"] = {key: keys.policy(it, project_folder()) for key, it in gateway["policies"].items()}
    if "rules" in gateway:
        arguments["rules"] = {key: _rule(it, bundles or {}) for key, it in gateway["rules"].items()}
    if "consent_portal" in gateway:
        arn = gateway["consent_portal"]["credential_provider_arn"]
        portal = {**gateway["consent_portal"], "credential_provider_arn": providers.get(str(arn), arn)}
        arguments["consent_portal"] = portal
    arguments["targets"] = {
        key: _target(f"{name}-{key}", it, shared, providers) for key, it in gateway["targets"].items()
    }
    return arguments


def _existing(gateway_id: Any, arguments: Keys) -> Keys:
    """The arguments that name an existing gateway. gateway_id: its id, ARN or address; an Output in other languages."""
    if isinstance(gateway_id, pulumi.Output):
        return {"gateway_id": gateway_id.apply(lambda known: gateway_address.parse(known).gateway_id)}
    address = gateway_address.parse(gateway_id)
    # An ARN or address of AWS names the Region.
    elsewhere = address.region not in (None, pulumi.Config("aws").get("region")) and "region" not in arguments
    return {"gateway_id": address.gateway_id, **({"region": address.region} if elsewhere else {})}


def _rule(rule: Keys, bundles: Mapping[str, ConfigurationBundle]) -> Keys:
    """The arguments of a GatewayRule."""
    bundle = rule.get("configuration_bundle")
    return {**rule, "configuration_bundle": bundles[bundle]} if isinstance(bundle, str) else rule


def _target(
    resource_name: str, target: TargetDescription, shared: Keys, providers: Mapping[str, pulumi.Resource]
) -> TargetArguments:
    arguments: Keys = {key: value for key, value in target.items() if key not in _OTHERS}
    if "credential_provider_configurations" in target:
        arguments["credentials"] = target["credential_provider_configurations"]
    if "credentials" in target:
        arguments["credentials"] = credentials.declare(resource_name, target["credentials"], shared, providers)
    record = keys.record(target, project_folder())
    if record is not None:
        arguments["target"] = record
    elif "lambda" in target:
        arguments["target"] = _function(target["lambda"], arguments)
    else:
        arguments["target"] = target["target_configuration"]
    return cast(TargetArguments, arguments)


def _function(function: Keys, arguments: Keys) -> Lambda | LambdaCode:
    if "arn" in function:
        return Lambda(**function)
    code = {key: value for key, value in function.items() if key not in ("code", "upload")}
    if "upload" in function:
        arguments.setdefault("schema_in_s3", function["upload"])
    return LambdaCode(folder=function["code"], **code)
