"""Where the tools and policies come from that a command tries: files, or what a stack has deployed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agentcore_provider.cedar import schema as schemas
from agentcore_provider.cedar.schema import CedarSchema
from agentcore_provider.cli.project import find_project
from agentcore_provider.cli.stack_state import read_outputs
from agentcore_provider.documents import cedar_policy, files
from agentcore_provider.documents.cedar_policy import Entity
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.errors import InvalidInput
from agentcore_provider.rules import policy as rules
from agentcore_provider.schemas import listed_tools
from agentcore_provider.schemas import tools as functions

SOME_ARN = "arn:aws:bedrock-agentcore:us-east-1:000000000000:gateway/in-a-file-0000000000"
"""What statements name as the gateway while it is nowhere."""
_PAGE = "docs/policies.md"


@dataclass(frozen=True)
class Tools:
    """The tools of a gateway. elsewhere: targets whose tools only their servers list. authorizer: its authorizerType."""

    schema: CedarSchema
    elsewhere: tuple[str, ...] = ()
    authorizer: object = None
    gateway_arn: str = SOME_ARN


@dataclass(frozen=True)
class Deployed:
    """What a stack has deployed of one gateway."""

    tools: Tools
    policies: Mapping[str, str] = field(default_factory=dict)
    """Statements of its engine's policies that are enforced, by logical name."""


def of_stack(stack: str | None, gateway: str | None) -> Deployed:
    """The tools and policies of a gateway of the stack. Raises InvalidInput."""
    found = read_outputs(find_project(), stack, ("Gateway", "GatewayTarget", "Policy"))
    gateways = {name: it for kind, name, it in found if kind == "Gateway"}
    chosen = [name for name, it in gateways.items() if gateway in (None, name, it.get("gateway_id"), it.get("name"))]
    if len(chosen) != 1:
        known = ", ".join(gateways)
        message = f"The stack has no gateway {gateway}" if gateway else f"The stack has {len(gateways)} gateways"
        raise InvalidInput(message, f"Choose with --gateway: {known}" if known else "Deploy it, or pass --tools")
    outputs = gateways[chosen[0]]
    schema, elsewhere = schemas.of_configurations(
        (str(target.get("name")), target.get("target_configuration"))
        for kind, _, target in found
        if kind == "GatewayTarget" and target.get("gateway_identifier") == outputs.get("gateway_id")
    )
    tools = Tools(schema, tuple(elsewhere), outputs.get("authorizer_type"), str(outputs.get("gateway_arn")))
    engine = (outputs.get("policy_engine_configuration") or {}).get("arn", "")
    policies = {
        name: statement
        for kind, name, it in found
        if kind == "Policy" and str(it.get("policy_arn")).startswith(f"{engine}/policy/")
        if it.get("enforcement_mode") != "LOG_ONLY"
        for statement in rules.statements(it.get("definition")).values()
    }
    return Deployed(tools, policies)


def of_files(described: Mapping[str, str], folder: Path) -> Tools:
    """The tools that files describe, by name of the target. folder: what relative paths begin at. Raises InvalidInput."""
    return Tools(schemas.of_targets({target: _tools(folder / path) for target, path in described.items()}))


def statements(patterns: list[str], folder: Path, gateway_arn: str) -> dict[str, str]:
    """The statement of each file, by its name without ending, with the gateway in its place.

    patterns: paths, in which * matches any text. Raises InvalidInput.
    """
    found: dict[str, str] = {}
    for pattern in patterns:
        paths = sorted(folder.glob(pattern)) if "*" in pattern else [folder / pattern]
        if not paths:
            raise InvalidInput("matches no file", "Write the path of a file in Cedar", path=pattern, source=_PAGE)
        for path in paths:
            if path.stem in found:
                raise InvalidInput("is the second file of this name", "Rename one", path=str(path), source=_PAGE)
            found[path.stem] = cedar_policy.fill(files.text(path), Entity(rules.GATEWAY, gateway_arn))
    return found


def _tools(path: Path) -> list[JsonDict]:
    if path.suffix.lower() == ".py":
        # As a Lambda target sends them.
        return functions.fold(functions.load(path.resolve(), folder=path.parent))
    document = files.read(path)
    if isinstance(document, Mapping):
        return _described(document)
    return listed_tools.defined(document)


def _described(document: JsonObject) -> list[JsonDict]:
    if "openapi" in document:
        return listed_tools.of_openapi(document)
    if "smithy" in document:
        return listed_tools.of_smithy(document)
    return listed_tools.defined(document.get("tools", document.get("inlinePayload")))
