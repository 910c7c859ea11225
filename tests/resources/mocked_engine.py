"""An engine that answers from memory: what a program declares can be looked at without running anything."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import mocks, settings

ACCOUNT, REGION = "123456789012", "eu-central-1"

_LOOKUPS = {
    "aws:index/getRegion:getRegion": {"id": REGION, "name": REGION, "region": REGION},
    "aws:index/getPartition:getPartition": {"id": "aws", "partition": "aws"},
    "aws:index/getCallerIdentity:getCallerIdentity": {"id": ACCOUNT, "accountId": ACCOUNT},
}


@dataclass
class Declared:
    """A program's resources, in the order in which they were registered."""

    resources: list[mocks.MockResourceArgs] = field(default_factory=list)
    result: Any = None
    """What the program returned, with its Outputs resolved."""

    def of(self, token: str) -> dict[str, dict[str, Any]]:
        """Inputs of the resources whose type token ends so, by logical name: in its order, as they register in any."""
        return {it.name: it.inputs for it in sorted(self.resources, key=attrgetter("name")) if it.typ.endswith(token)}

    def policy(self, name: str) -> list[dict[str, Any]]:
        """Statements of a role's policy."""
        statements: list[dict[str, Any]] = json.loads(self.of(":RolePolicy")[name]["policy"])["Statement"]
        return statements


class _Mocks(pulumi.runtime.Mocks):
    def __init__(self, declared: Declared) -> None:
        self._declared = declared

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        return dict(_LOOKUPS[args.token])

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self._declared.resources.append(args)
        name = args.inputs.get("name") or f"{args.name}-1234567"
        outputs = {"name": name, **args.inputs}
        if args.typ == "aws:iam/role:Role":
            outputs["arn"] = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        elif args.typ == "aws:lambda/function:Function":
            outputs["arn"] = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
        elif args.typ == "aws:acm/certificate:Certificate":
            outputs["arn"] = f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/{name}"
            record = {"resourceRecordName": "_a.example.", "resourceRecordType": "CNAME", "resourceRecordValue": "b."}
            outputs["domainValidationOptions"] = [{"domainName": args.inputs["domainName"], **record}]
        elif args.typ == "aws:s3/bucket:Bucket":
            outputs["bucket"] = name
        elif args.typ.endswith("agentcore:Gateway"):
            outputs["gateway_id"] = f"{name}-0123456789"
            outputs["gateway_arn"] = f"arn:aws:bedrock-agentcore:{REGION}:{ACCOUNT}:gateway/{name}-0123456789"
            outputs["gateway_url"] = f"https://{name}-0123456789.example.com/mcp"
        elif args.typ.endswith("agentcore:EzAuth"):
            outputs |= {"client_id": "client", "client_secret": "hidden", "scope": "shop/invoke"}
            outputs |= {"issuing_endpoint": "https://shop.example.com/oauth2/token"}
            outputs["people_client_id"] = "people" if args.inputs.get("people") else None
            outputs["discovery_url"] = "https://idp.example.com/pool/.well-known/openid-configuration"
        return f"{args.name}-id", outputs


def declare(
    program: Callable[[], Any],
    *,
    config: Mapping[str, Any] | None = None,
    secret_keys: tuple[str, ...] = (),
    folder: Path | None = None,
    preview: bool = False,
) -> Declared:
    """Runs a program against memory. config: the stack's. folder: of Pulumi.yaml. Raises what the program raises."""
    declared = Declared()
    # Code that ran before may have closed this thread's loop, and pulumi's mocks take the one they find.
    asyncio.set_event_loop(asyncio.new_event_loop())
    mocks.set_mocks(_Mocks(declared), project="project", stack="dev", preview=preview, organization="acme")
    settings.SETTINGS.root_directory = str(folder) if folder else None
    written = {key: it if isinstance(it, str) else json.dumps(it) for key, it in (config or {}).items()}
    pulumi.runtime.set_all_config(written, list(secret_keys))

    @mocks.test
    def run() -> pulumi.Output[None]:
        return pulumi.Output.from_input(program()).apply(lambda known: setattr(declared, "result", known))

    run()
    return declared
