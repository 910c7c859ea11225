"""The provider of targets of gateways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    UpdateResult,
)

from agentcore_provider import target_kinds
from agentcore_provider.aws import gateway_target, schema_object, server_tools
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document, Properties
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import GATEWAY_TARGET, PENDING_AUTH, ResourceKind
from agentcore_provider.documents.answers import json_object
from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.problem import Problem
from agentcore_provider.providers import changed_tools, context, engine, tool_budget, tools_lock
from agentcore_provider.providers.lifecycle import CheckedInputs, LifecycleProvider
from agentcore_provider.providers.naming import logical_name
from agentcore_provider.providers.unknowns import contains_unknown
from agentcore_provider.rules import gateway_target as rules
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.schemas import tool_list

# The version of the S3 object that the service last read; `schema_version` is the one that a refresh last saw.
SCHEMA_READ = "__schema_read"


class Provider(LifecycleProvider):
    resource: ClassVar[str] = "gateway_target"
    label: ClassVar[str] = "target"
    owner_tagged: ClassVar[bool] = False
    kind: ClassVar[ResourceKind | None] = GATEWAY_TARGET
    arn: ClassVar[str] = "gateway_arn"
    unreturned: ClassVar[frozenset[str]] = frozenset({"gateway_identifier", "synchronize_on"})

    _server_tokens: JsonDict = {}  # noqa: RUF012 (replaced, never changed)

    def configure(self, req: ConfigureRequest) -> None:
        super().configure(req)
        self._server_tokens = json_object((req.config.get(server_tools.TOKENS) or "").encode())

    def fill_in(self, olds: Properties, news: Properties) -> Properties:
        # Agents see it before the name of every tool, so it is what the program calls the target, letter by letter.
        filled = {} if news.get("name") is not None else {"name": logical_name(context.of(news)["urn"])}
        # Among the inputs, a preview shows which tools come and go.
        tools = described_tools({**news, **filled})
        if contains_unknown(news.get("target_configuration")) and not tools:
            tools = olds.get("tools") or []
        return {**filled, **({"tools": tools} if tools else {})}

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        gateway = context.of(news).get("gateway")
        asked = {name: value for name, value in document.items() if name not in ("synchronizeOn", "tools")}
        if context.of(news).get("problems"):
            # The program's side could not build it and reports why: that it is missing is not a second problem.
            asked.setdefault("targetConfiguration", UNKNOWN)
        found = rules.validate(
            asked,
            gateway=gateway if isinstance(gateway, Mapping) else None,
            region=self.region(news),
            accept=context.of(news).get("accept"),
        )
        found += tool_budget.problems(news)
        return [self._as_argument(it) if "credentialProviderConfigurations" not in asked else it for it in found]

    def _as_argument(self, problem: Problem) -> Problem:
        """That credentials are missing, by the name of the program's argument, while no document has them."""
        if problem.path != "credentialProviderConfigurations":
            return problem
        cure = self.cures.set_credentials
        return replace(problem, path="credentials", cure=f"{cure[0].upper()}{cure[1:]}.")

    def check_inputs(self, olds: Properties, news: Properties) -> CheckedInputs:
        checked = super().check_inputs(olds, news)
        for problem in changed_tools.problems(olds, checked.inputs):
            (checked.reasons if problem.severity == "error" else checked.warnings).append(str(problem))
        return checked

    def check(self, olds: Properties, news: Properties) -> CheckResult:
        locked = tools_lock.fill_in(olds, news, lambda: self._listed_by_server(news))
        result = super().check(olds, locked.inputs)
        result.failures += [CheckFailure("", it) for it in locked.problems]
        for line in locked.warnings:
            engine.warn(engine.urn(""), line)
        if locked.note:
            engine.note(engine.urn(""), locked.note)
        changed = result.inputs.get("tools") != olds.get("tools") or (
            context.of(result.inputs).get("cost") != context.of(olds).get("cost")
        )
        cost = tool_budget.cost(result.inputs) if changed and not result.failures else None
        if cost is not None:
            engine.note(engine.urn(""), f"adds {cost}")
        if not result.failures and (fitting := changed_tools.fitting(olds, result.inputs)):
            engine.note(engine.urn(""), fitting)
        return result

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        return rules.replaces(olds, news)

    def keeps_name(self, olds: Properties, news: Properties) -> bool:
        return bool(
            news.get("name") == olds.get("name") and news.get("gateway_identifier") == olds.get("gateway_identifier")
        )

    def diff(self, _id: str, olds: Properties, news: Properties) -> DiffResult:
        # Tools follow from the document; how they are described may change with this package, which does not change them.
        result = super().diff(_id, _without_tools(olds), _without_tools(news))
        if result.changes and not result.replaces and olds.get("name") != news.get("name"):
            # Whoever wants the name that it has now has to wait for it.
            self._connection_at(self.place(_id, olds), news).renames.expect(*_parts(_id))
        if drift := tools_lock.drift(olds, news):
            engine.warn(engine.urn(""), drift)
        current, was_read = olds.get("schema_version"), olds.get(SCHEMA_READ)
        if result.changes or not current or not was_read or current == was_read:
            return result
        return DiffResult(changes=True, replaces=[], delete_before_replace=result.delete_before_replace)

    def create(self, props: Properties) -> CreateResult:
        # Read before: a version that comes meanwhile is then read once more, never missed.
        version = self._schema_version(props, self._connection_at(None, props))
        made = super().create(props)
        _warn_of_sign_in(made.outs or {})
        return CreateResult(made.id, _with_tools(made.outs or {}, version, version))

    def read(self, id_: str, props: Properties) -> ReadResult:
        result = super().read(id_, props)
        if not result.id:
            return result
        outs = result.outs or {}
        version = self._schema_version(outs, self._connection_at(self.place(id_, outs), outs))
        version = version or props.get("schema_version")
        outputs = _with_tools(outs, version, props.get(SCHEMA_READ, version))
        listed, warnings = tools_lock.observe(outs, lambda: self._listed_by_server(outs))
        for line in warnings:
            engine.warn(engine.urn(""), line)
        return ReadResult(result.id, {**outputs, tools_lock.SERVER_LISTS: listed} if listed else outputs, result.inputs)

    def update(self, id_: str, olds: Properties, news: Properties) -> UpdateResult:
        version = self._schema_version(news, self._connection_at(self.place(id_, olds), news))
        made = super().update(id_, olds, news)
        _warn_of_sign_in(made.outs or {})
        outputs = _with_tools(made.outs or {}, version, version)
        return UpdateResult(outputs | tools_lock.still_listed(olds, outputs))

    def create_in_aws(self, operation: Operation, news: Properties) -> tuple[str, Properties]:
        made = gateway_target.create(operation, news)
        return f"{news['gateway_identifier']}/{made['target_id']}", made

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        if gateway_target.is_unchanged(connection, *_parts(identifier), inputs):
            return {**inputs, "tools": described_tools(inputs)}
        found = gateway_target.find(connection, *_parts(identifier))
        if found is None or found["status"] in GATEWAY_TARGET.deleting:
            return None
        return {"gateway_identifier": _parts(identifier)[0], **found, "tools": described_tools(found)}

    def update_in_aws(self, operation: Operation, identifier: str, olds: Properties, news: Properties) -> Properties:
        # AWS reads nothing from a server whose tools are fixed.
        fixed = target_kinds.schema_source(news.get("target_configuration"))
        again = bool(olds.get("synchronize_on") != news.get("synchronize_on") and not fixed)
        return gateway_target.update(operation, *_parts(identifier), olds, news, synchronize=again)

    def delete_from_aws(self, operation: Operation, identifier: str, outputs: Properties) -> None:
        gateway_target.delete(operation, *_parts(identifier))

    def _listed_by_server(self, properties: Properties) -> list[JsonDict]:
        """The tools that the MCP server behind a target lists now. Raises AgentCoreError."""
        name = logical_name(str(context.of(properties).get("urn", "")))
        token = self._server_tokens.get(name)
        return server_tools.read(
            properties,
            name,
            connect=lambda: self._connection_at(None, properties),
            token=token if isinstance(token, str) else None,
        )

    def _schema_version(self, properties: Properties, connection: Connection) -> str | None:
        """Version of the S3 object that describes the tools, if there is one and it can be read."""
        source = target_kinds.schema_source(properties.get("target_configuration")).get("s3")
        return schema_object.version(connection, source) if isinstance(source, Mapping) else None


def _parts(identifier: str) -> tuple[str, str]:
    gateway_id, _, target_id = identifier.partition("/")
    return gateway_id, target_id


def _without_tools(properties: Properties) -> Properties:
    return {name: value for name, value in properties.items() if name != "tools"}


def _warn_of_sign_in(outputs: Properties) -> None:
    if outputs.get("status") in PENDING_AUTH:
        # Not the address itself: whoever opens it signs in for everybody.
        engine.warn(
            engine.urn(str(context.of(outputs).get("urn", ""))),
            "waits for a person to sign in, for ten minutes: `agentcore doctor` shows the address, and the output "
            "authorization_url has it as a secret",
        )


def _with_tools(outputs: Properties, version: str | None, was_read: str | None) -> Properties:
    """The outputs with what an agent gets of the target, as far as its document shows that."""
    sign_in = (outputs.get("authorization_data") or {}).get("oauth2") or {}
    known = {
        "schema_version": version,
        SCHEMA_READ: was_read,
        "authorization_url": sign_in.get("authorizationUrl"),
        "user_id": sign_in.get("userId"),
        "tools_fingerprint": tools_lock.fingerprint(outputs),
    }
    return {
        **{name: value for name, value in outputs.items() if name not in known},
        "tools": described_tools(outputs),
        **{name: value for name, value in known.items() if value},
    }


def described_tools(target: Document) -> list[dict[str, str]]:
    """Name, description and fingerprint of each tool whose schema is in the document itself."""
    schema_format, payload = target_kinds.inline_schema(target.get("target_configuration"))
    if not isinstance(payload, (str, list)) or contains_unknown(payload):
        return []
    tools = tool_list.of_schema(schema_format, payload)
    return [{**tool, "name": f"{target.get('name')}___{tool['name']}"} for tool in tools]
