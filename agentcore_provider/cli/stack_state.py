"""What the engine keeps of a stack: its configuration, and its gateways by state and outputs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from agentcore_provider.cli.gateway import Gateway
from agentcore_provider.cli.project import Project
from agentcore_provider.cli.pulumi_command import PulumiCommand, command_of, error_line
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.errors import AgentCoreError, InvalidInput, NotSignedIn

_GATEWAY = "pulumi-python:dynamic/agentcore:Gateway"
_EZ_AUTH = "pulumi-python:dynamic/agentcore:EzAuth"
_TARGET = "pulumi-python:dynamic/agentcore:GatewayTarget"
_STACK = "pulumi:pulumi:Stack"
# What a resource keeps beside its inputs, as `providers.context` describes it.
_CONTEXT = "__context"

# How the engine marks a secret in its state; with --show-secrets its value is beside the mark, as JSON.
_MARK, _SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
_HIDDEN = "[secret]"
# Outputs of EzAuth and of stacks that no list of gateways displays.
_CLIENT_SECRETS = ("client_secret", "client_info")

_SIGN_IN = ("token_endpoint", "client_id", "client_secret", "scope")
_EXPORTED = ("mcp_url", "gateway_id", "gateway_arn", "authorizer_type", "people_client_id", *_SIGN_IN)


def read_gateways(project: Project, stack: str | None, *, secrets: bool = True) -> dict[str, Gateway]:
    """Gateways of a stack by name, however its program exports them; stack None is the selected one.

    secrets: whether the client's secret is decrypted, which takes Pulumi longer than all else. Raises InvalidInput if the
    stack has no gateways.
    """
    if not project.is_pulumi:
        raise InvalidInput(
            f"There is no Pulumi.yaml here or above, nor in {project.folder}",
            "Go to the project, make a gateway with `agentcore create_mcp_gateway`, or pass --url",
        )
    pulumi = command_of(project, stack)
    if stack and "/" not in stack and pulumi.is_in(project.backend_folder) and stack not in project.local_stacks():
        raise _failure(pulumi, f"error: no stack named '{stack}' found")
    resources = None if secrets else _without_client_secrets(_resources(pulumi))
    if resources is None:
        resources = _resources(pulumi, "--show-secrets")
    gateways = gateways_of(resources)
    if not gateways:
        deploy = how_to_deploy(project, pulumi.stack)
        if not resources:
            raise InvalidInput("Nothing of the stack is deployed", f"Deploy it with {deploy}")
        raise InvalidInput(
            "The stack has no gateway",
            f"Declare a Gateway in its program, or describe one under agentcore:gateways, and deploy it with {deploy}",
        )
    urn = str(resources[0].get("urn", ""))
    name = urn.split(":")[2] if urn.startswith("urn:pulumi:") else None
    return {key: replace(it, project=project, stack=stack, stack_name=name) for key, it in gateways.items()}


def read_outputs(project: Project, stack: str | None, kinds: Sequence[str]) -> list[tuple[str, str, JsonObject]]:
    """Kind, logical name and outputs of each resource of these kinds that a stack has deployed, such as "Gateway".

    Secrets stay hidden. Raises InvalidInput without a project.
    """
    if not project.is_pulumi:
        raise InvalidInput("There is no Pulumi.yaml here or above", "Go to the project, or name the files in the file")
    of_type = {f"pulumi-python:dynamic/agentcore:{it}": it for it in kinds}
    current = [it for it in _resources(command_of(project, stack)) if it.get("id") and not it.get("delete")]
    return [
        (of_type[str(it["type"])], str(it["urn"]).rpartition("::")[2], _outputs(it))
        for it in current
        if it.get("type") in of_type
    ]


def _resources(pulumi: PulumiCommand, *flags: str) -> list[JsonObject]:
    deployment = None if flags else pulumi.stored_deployment()
    try:
        if deployment is None:
            deployment = _read_json(pulumi, "stack", "export", *flags).get("deployment") or {}
        resources = deployment.get("resources") or []
        return [it for it in resources if isinstance(it, Mapping)]
    except AttributeError:
        raise _not_json("stack export") from None


class StackConfig:
    """The configuration of a stack, as its program gets it, secrets decrypted; objects and lists as JSON.

    Pulumi is asked only where the stack's file does not have a value as plain text.
    """

    def __init__(self, project: Project, stack: str | None, name: str | None) -> None:
        """stack: None is the selected one. name: its name, if it is known."""
        self._pulumi = command_of(project, stack)
        self._plain = project.plain_config(name) if name else None
        self._asked: dict[str, str] | None = None

    def get(self, key: str) -> str | None:
        """The value of a key; None if it has none. Raises AgentCoreError."""
        if self._plain is not None and not _has_secret(value := self._plain.get(key)):
            return value if value is None or isinstance(value, str) else json.dumps(value)
        if self._asked is None:
            config = _read_json(self._pulumi, "config", "--json", "--show-secrets")
            try:
                self._asked = {key: str(entry["value"]) for key, entry in config.items() if "value" in entry}
            except (AttributeError, TypeError):
                raise _not_json("config") from None
        return self._asked.get(key)


def _has_secret(value: object) -> bool:
    """Whether a value of a stack's file has a secret anywhere in it."""
    if isinstance(value, Mapping):
        return "secure" in value or any(map(_has_secret, value.values()))
    return isinstance(value, list) and any(map(_has_secret, value))


def how_to_deploy(project: Project, stack: str | None) -> str:
    """The command that deploys a stack, with the start of local AWS where it is on local AWS."""
    if stack is None or not project.is_on_local_aws(stack):
        flag = f" --stack {stack}" if stack else ""
        # Pulumi looks for a project where the user is; the command finds the one that it keeps.
        return f"`agentcore up{flag}`" if project.is_kept else "`pulumi up`"
    if stack == "local" and project.has_demo:
        return "`make up`"
    if project.is_kept:
        return "`agentcore local start` and `agentcore create_mcp_gateway`"
    init = "" if stack in project.local_stacks() else f"pulumi stack init {stack} && "
    return f'`agentcore local start && eval "$(agentcore local env)" && {init}pulumi up -s {stack}`'


def gateways_of(resources: Sequence[JsonObject]) -> dict[str, Gateway]:
    """The gateways of a stack by name: those that its outputs name, then all others in its state.

    resources: the stack's, secrets decrypted. Where both have a gateway the state counts: the engine writes no outputs
    when an update fails.
    """
    deployed = gateways_in_state(resources)
    others = [*deployed]
    found: dict[str, Gateway] = {}
    for name, exported in _exported(resources).items():
        known = {exported.gateway_id, exported.mcp_url} - {""}
        same = next((it for it in others if known & {it.gateway_id, it.mcp_url}), None)
        if same is not None:
            others.remove(same)
            own = {key: getattr(exported, key) for key in _SIGN_IN} if not same.signs_in else {}
            url = exported.mcp_url or same.mcp_url
            found[name or same.name] = replace(same, name=name or same.name, mcp_url=url, **own)
        elif exported.mcp_url:
            found[exported.name] = exported
    ids = {it.gateway_id for it in deployed}
    # The engine keeps resources in the order in which they were made, which differs each time.
    for gateway in sorted(others, key=lambda it: it.name):
        namesake = found.get(gateway.name)
        taken = namesake is not None and namesake.gateway_id in ids
        found[gateway.gateway_id if taken else gateway.name] = gateway
    return found


def gateways_in_state(resources: Iterable[JsonObject]) -> list[Gateway]:
    """The gateways among the resources of a stack, each with the EzAuth of the same stack whose tokens it accepts.

    The sign-in is known only if the secrets of the state are decrypted.
    """
    current = [it for it in resources if it.get("id") and not it.get("delete") and not it.get("pendingReplacement")]
    sign_ins = [_outputs(it) for it in current if it.get("type") == _EZ_AUTH]
    targets = {str(it["urn"]).rpartition("::")[2]: _outputs(it) for it in current if it.get("type") == _TARGET}
    locked = {name: it for name, it in targets.items() if _context(it).get("tools_lock")}
    return [_gateway(it, sign_ins, locked) for it in current if it.get("type") == _GATEWAY]


def _gateway(resource: JsonObject, sign_ins: Sequence[JsonObject], locked: Mapping[str, JsonObject]) -> Gateway:
    outputs = _outputs(resource)
    jwt = _jwt(outputs)
    issued = next((it for it in sign_ins if _issues(it, jwt)), {})
    return Gateway(
        name=str(resource["urn"]).rpartition("::")[2],
        mcp_url=_text(outputs, "gateway_url"),
        gateway_id=str(resource["id"]),
        gateway_arn=_text(outputs, "gateway_arn"),
        token_endpoint=_text(issued, "issuing_endpoint"),
        client_id=_text(issued, "client_id"),
        client_secret=_text(issued, "client_secret"),
        client_secret_arn=_text(issued, "client_secret_arn"),
        scope=_text(issued, "scope"),
        people_client_id=_text(issued, "people_client_id"),
        authorizer_type=_text(outputs, "authorizer_type"),
        authorizer=_jwt(_decrypted(resource.get("outputs"), hide=True)),
        access=_access(outputs),
        locked_targets={name: it for name, it in locked.items() if it.get("gateway_identifier") == resource["id"]},
        is_deployed=True,
    )


def _access(outputs: JsonObject) -> JsonDict:
    """The sign-in that a resource has of its own."""
    own = _context(outputs)
    return {name: own[name] for name in ("profile", "assume_roles") if own.get(name)}


def _context(outputs: JsonObject) -> JsonObject:
    context = outputs.get(_CONTEXT)
    return context if isinstance(context, Mapping) else {}


def _issues(sign_in: JsonObject, jwt: JsonObject) -> bool:
    """Whether a gateway with this customJWTAuthorizer accepts the tokens of an EzAuth."""
    clients = jwt.get("allowedClients")
    url = jwt.get("discoveryUrl")
    return bool(url) and url == sign_in.get("discovery_url") and (not clients or sign_in.get("client_id") in clients)


def _exported(resources: Sequence[JsonObject]) -> dict[str, Gateway]:
    """The gateways of the outputs: those under `gateways`, or one whose members are outputs, which has no name."""
    outputs = next((_outputs(it) for it in resources if it.get("type") == _STACK and not it.get("delete")), {})
    gateways = outputs.get("gateways")
    if not isinstance(gateways, Mapping):
        gateways = {"": outputs}
    found = {}
    for name, members in gateways.items():
        if isinstance(members, Mapping) and (_text(members, "mcp_url") or _text(members, "gateway_id")):
            known: JsonDict = {key: _text(members, key) for key in _EXPORTED}
            found[name] = Gateway(name=name or "gateway", is_deployed=True, **known)
    return found


def _without_client_secrets(resources: Sequence[JsonObject]) -> list[JsonObject] | None:
    """The resources with the secrets of clients masked; None if gateways, sign-ins or outputs have another secret."""
    kinds = (_GATEWAY, _EZ_AUTH, _STACK)
    try:
        return [{**it, "outputs": _masked(it.get("outputs"))} if it.get("type") in kinds else it for it in resources]
    except LookupError:
        return None


def _masked(value: object, name: str = "") -> object:
    """Raises LookupError for a secret of another name."""
    if isinstance(value, Mapping):
        if value.get(_MARK) == _SECRET:
            if name not in _CLIENT_SECRETS:
                raise LookupError(name)
            return _HIDDEN
        return {key: _masked(it, key) for key, it in value.items()}
    return [_masked(it) for it in value] if isinstance(value, list) else value


def _outputs(resource: JsonObject) -> JsonObject:
    outputs = _decrypted(resource.get("outputs"))
    return outputs if isinstance(outputs, Mapping) else {}


def _jwt(outputs: object) -> JsonObject:
    """The customJWTAuthorizer among the outputs of a gateway; empty if it has none, or if it is hidden."""
    authorizer = outputs.get("authorizer_configuration") if isinstance(outputs, Mapping) else None
    jwt = authorizer.get("customJWTAuthorizer") if isinstance(authorizer, Mapping) else None
    return jwt if isinstance(jwt, Mapping) else {}


def _text(outputs: JsonObject, key: str) -> str:
    value = outputs.get(key)
    return value if isinstance(value, str) else ""


def _decrypted(value: Any, *, hide: bool = False) -> Any:
    """A value of the state without the marks of its secrets; None for an encrypted one. hide: mask each secret."""
    if isinstance(value, Mapping):
        if value.get(_MARK) != _SECRET:
            return {key: _decrypted(it, hide=hide) for key, it in value.items()}
        plain = value.get("plaintext")
        return _HIDDEN if hide else _decrypted(json.loads(plain)) if isinstance(plain, str) else None
    if isinstance(value, list):
        return [_decrypted(it, hide=hide) for it in value]
    return value


def _read_json(pulumi: PulumiCommand, *arguments: str) -> Any:
    done = pulumi.run(*arguments)
    if done.returncode:
        raise _failure(pulumi, done.stderr)
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise _not_json(" ".join(it for it in arguments if not it.startswith("-"))) from None


def _not_json(command: str) -> AgentCoreError:
    return AgentCoreError(f"`pulumi {command}` did not answer in JSON", "See that its version is 3.x")


def _failure(pulumi: PulumiCommand, stderr: str) -> AgentCoreError:
    project, stack = pulumi.project, pulumi.stack
    reason = error_line(stderr)
    lower = reason.lower()
    if "no stack selected" in lower or "stack must be" in lower:
        return InvalidInput("No stack is selected", "Pass --stack, or `pulumi stack select`")
    if "no stack named" in lower or "not found" in lower:
        listed = ", ".join(project.local_stacks()) if "PULUMI_BACKEND_URL" not in os.environ else ""
        cure = f"choose one of {listed}" if listed else "list them with `pulumi stack ls`"
        return InvalidInput(f"There is no stack {stack!r} ({reason})", cure)
    return to_access_error(project, stderr) or AgentCoreError(f"`pulumi stack export` failed: {reason}")


def to_access_error(project: Project, stderr: str) -> NotSignedIn | None:
    """The error of a stack that Pulumi could not open without a log-in or a passphrase; None for any other reason."""
    reason = error_line(stderr)
    lower = reason.lower()
    if "passphrase" in lower:
        cure = "set PULUMI_CONFIG_PASSPHRASE to the stack's passphrase"
        return NotSignedIn(f"The stack's secrets are locked ({reason})", cure)
    if "access_token" in lower or "logged in" in lower or "login" in lower:
        cures = ["log in with `pulumi login`", "set PULUMI_BACKEND_URL"]
        if (project.folder / "Pulumi.local.yaml").is_file():
            cures.append(f"{how_to_deploy(project, 'local')} for stack local on this machine")
        return NotSignedIn(f"Pulumi is not logged in ({reason})", f"{', '.join(cures[:-1])}, or {cures[-1]}")
    return None
