"""An existing gateway by ARN, URL, id or name, and its entry in the stack's configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agentcore_provider.cli import engine
from agentcore_provider.cli.project.stack_file import StackFile
from agentcore_provider.cli.stack import ChosenStack
from agentcore_provider.cli.terminal import progress, say
from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.errors import InvalidInput
from agentcore_provider.rules.gateway_address import GatewayAddress, is_id, parse, parse_arn, parse_url

_SUFFIX = 11
"""Characters at the end of a gateway's id that are not its name: a hyphen and ten more."""


@dataclass(frozen=True)
class Address:
    """Which gateway is meant."""

    gateway_id: str | None
    region: str | None
    name: str | None = None
    """A gateway of the stack, by its key."""


def address(arn: str | None, url: str | None, gateway: str | None, region: str | None) -> Address:
    """The gateway that the flags mean. Raises InvalidInput."""
    if gateway is not None:
        if arn is not None or url is not None:
            raise InvalidInput(
                "--gateway identifies the gateway by itself", "Leave out --gateway-arn and --gateway-url"
            )
        try:
            parsed = parse(gateway)
            return Address(parsed.gateway_id, parsed.region or region, name=gateway)
        except InvalidInput:
            return Address(None, None, name=gateway)
    if arn is None and url is None:
        raise InvalidInput(
            "is missing", "Pass it, --gateway-url, or --gateway with a name of the stack", path="--gateway-arn"
        )
    by_arn = _parsed("--gateway-arn", parse_arn, arn)
    by_url = _parsed("--gateway-url", parse_url, url)
    meant = by_arn or by_url
    assert isinstance(meant, GatewayAddress)
    if not is_id(meant.gateway_id):
        raise InvalidInput(
            f"{meant.gateway_id!r} is not the id of a gateway, which is its name, a hyphen and ten characters",
            "`aws bedrock-agentcore-control list-gateways` lists them",
            path=f"{'--gateway-arn' if by_arn else '--gateway-url'}",
        )
    if by_arn and by_url and by_arn.gateway_id != by_url.gateway_id:
        raise InvalidInput(
            f"names gateway {by_url.gateway_id}, but --gateway-arn names {by_arn.gateway_id}",
            "Leave one out",
            path="--gateway-url",
        )
    if by_arn and by_url and by_url.region not in (None, by_arn.region):
        say(f"Note: --gateway-url is in {by_url.region}, --gateway-arn in {by_arn.region}: the ARN is used")
    if region is not None and by_arn and by_arn.region != region:
        raise InvalidInput(
            f"--region {region}: the gateway of --gateway-arn is in {by_arn.region}", "Leave --region out"
        )
    return Address(meant.gateway_id, meant.region or region)


def place(stack: ChosenStack, meant: Address, role: str | None) -> tuple[str, JsonDict]:
    """The key of the gateway's entry in the stack's file, and what the entry needs beside targets.

    Raises InvalidInput if there is no such gateway.
    """
    file = StackFile(stack.file)
    entries = file.gateways()
    if meant.name in entries:
        return str(meant.name), {}
    if meant.gateway_id is None:
        raise InvalidInput(
            f"--gateway {meant.name}: {stack.file.name} has no such gateway", elsewhere(stack, str(meant.name))
        )
    for key, entry in entries.items():
        if is_for(entry, meant.gateway_id):
            _require(stack, meant, role)
            return key, {}
    with progress("Looking for the gateway"):
        managed = engine.managed_gateways(stack) if entries else {}
        for key, gateway_id in managed.items():
            if gateway_id == meant.gateway_id and key in entries:
                return key, {}
        _require(stack, meant, role)
    name = meant.gateway_id[:-_SUFFIX]
    key = name if name not in entries and len(name) <= 40 else meant.gateway_id[-10:]
    there = {"region": meant.region} if meant.region not in (None, stack.region) else {}
    return key, {"gateway_id": meant.gateway_id, **there}


def elsewhere(stack: ChosenStack, gateway: str) -> str:
    """The cure for a gateway that the stack's file does not have: the stack that has it, else what the file has."""
    for other in stack.project.stacks(gateway):
        region = StackFile(stack.project.folder / f"Pulumi.{other}.yaml").value("aws:region")
        place = f", in {region}" if region else ""
        return f"pass --stack {other}, which has it{place}, and leave --region out"
    names = ", ".join(StackFile(stack.file).gateways())
    return f"name one that it has: {names}" if names else "create one first"


def is_for(entry: object, gateway_id: str) -> bool:
    """Whether an entry of a stack's file is for this gateway, which it may name by id, ARN or URL."""
    if not isinstance(entry, Mapping):
        return False
    try:
        return parse(str(entry.get("gateway_id"))).gateway_id == gateway_id
    except InvalidInput:
        return False


def _require(stack: ChosenStack, meant: Address, role: str | None) -> None:
    """Raises InvalidInput if the gateway does not exist; notes a role that differs from the passed one."""
    from agentcore_provider.aws.gateway import find

    region = meant.region or stack.region
    found = find(stack.connect(region), str(meant.gateway_id))
    if found is None:
        raise InvalidInput(f"There is no gateway {meant.gateway_id} in {region}", "Check --gateway-arn and --region")
    if role is not None and found["role_arn"].rpartition("/")[2] != role.rpartition("/")[2]:
        say(f"Note: the gateway keeps its role {found['role_arn']}: --role-arn {role} is not used")


def _parsed(flag: str, parser: Callable[[str], GatewayAddress], text: str | None) -> GatewayAddress | None:
    if text is None:
        return None
    try:
        return parser(text)
    except InvalidInput as error:
        raise error.below(flag) from None
