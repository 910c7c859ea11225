"""Targets of gateways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from agentcore_provider.providers import context
from agentcore_provider.providers.lifecycle import NounProvider, Properties
from agentcore_provider.providers.naming import logical_name
from agentcore_provider.rules import gateway_target as rules
from agentcore_provider.rules.problem import UNKNOWN, Problem

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection
    from agentcore_provider.aws.job import Job


class Provider(NounProvider):
    noun: ClassVar[str] = "gateway_target"
    label: ClassVar[str] = "target"
    unreturned: ClassVar[frozenset[str]] = frozenset({"gateway_identifier", "synchronize_on"})

    def fill_in(self, olds: Properties, news: Properties) -> Properties:
        # Agents see it before the name of every tool, so it is what the program calls the target, letter by letter.
        return {} if news.get("name") is not None else {"name": logical_name(context.of(news)["urn"])}

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        gateway = context.of(news).get("gateway")
        asked = {name: value for name, value in document.items() if name != "synchronizeOn"}
        if context.of(news).get("problems"):
            # The program's side could not build it and says why: that it is missing is no second mistake.
            asked.setdefault("targetConfiguration", UNKNOWN)
        return rules.validate(asked, gateway=gateway if isinstance(gateway, Mapping) else None)

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return rules.replaces(olds, news)

    def keeps_name(self, olds: Properties, news: Properties) -> bool:
        return bool(
            news.get("name") == olds.get("name") and news.get("gateway_identifier") == olds.get("gateway_identifier")
        )

    def create_in_aws(self, job: Job, news: Properties) -> tuple[str, Properties]:
        from agentcore_provider.aws import gateway_target

        made = gateway_target.create(job, news)
        return f"{news['gateway_identifier']}/{made['target_id']}", _with_tools(made)

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        from agentcore_provider.aws import gateway_target

        found = gateway_target.find(connection, *_parts(identifier))
        if found is None or found["status"] == "DELETING":
            return None
        return {"gateway_identifier": _parts(identifier)[0], **_with_tools(found)}

    def update_in_aws(self, job: Job, identifier: str, olds: Properties, news: Properties) -> Properties:
        from agentcore_provider.aws import gateway_target

        again = bool(olds.get("synchronize_on") != news.get("synchronize_on"))
        return _with_tools(gateway_target.update(job, *_parts(identifier), olds, news, synchronize=again))

    def delete_from_aws(self, job: Job, identifier: str, outputs: Properties) -> None:
        from agentcore_provider.aws import gateway_target

        gateway_target.delete(job, *_parts(identifier))


def _parts(identifier: str) -> tuple[str, str]:
    gateway_id, _, target_id = identifier.partition("/")
    return gateway_id, target_id


def _with_tools(target: Properties) -> Properties:
    """The target with what an agent sees of it, as far as the document itself says so."""
    return {**target, "tools": described_tools(target)}


def described_tools(target: Mapping[str, Any]) -> list[dict[str, str]]:
    """Name and description of each tool whose schema stands in the document itself."""
    function = ((target.get("target_configuration") or {}).get("mcp") or {}).get("lambda") or {}
    inline = (function.get("toolSchema") or {}).get("inlinePayload") or []
    return [
        {"name": f"{target.get('name')}___{tool['name']}", "description": tool.get("description", "")}
        for tool in inline
    ]
