"""Runs the Pulumi engine through the Automation API, and prints what it does."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agentcore_provider.aws.cures import COMMAND_READS, READER
from agentcore_provider.cli.engine.events import Failed, called, watched
from agentcore_provider.cli.local_aws.environment import REAL_ACCOUNT
from agentcore_provider.cli.local_aws.process import LocalProcess
from agentcore_provider.cli.project import kept_project
from agentcore_provider.cli.pulumi_command import error_line, program
from agentcore_provider.cli.stack import ChosenStack
from agentcore_provider.cli.stack_lock import locked
from agentcore_provider.cli.stack_state import gateways_in_state, to_access_error
from agentcore_provider.cli.terminal import say
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.errors import AgentCoreError

if TYPE_CHECKING:
    from pulumi import automation as auto

# Opening a stack starts the engine twice, so one command opens it once.
_opened: dict[tuple[object, ...], auto.Stack] = {}


@dataclass(frozen=True)
class Deployed:
    """What an `up` did."""

    changes: dict[str, int]
    """Resources by what was done to them, without those that stayed the same."""
    outputs: JsonDict
    """The stack's outputs, secrets in clear."""
    failure: Failed | None = None
    """What failed, while the rest was deployed."""

    @property
    def summary(self) -> str:
        """The changes on one line."""
        return f"Changes: {', '.join(f'{count} {kind}' for kind, count in self.changes.items()) or 'none'}"


@dataclass(frozen=True)
class Step:
    """What a deployment would do to a resource that is there."""

    kind: str
    """The engine's operation: same, update, replace, delete and others."""
    urn: str


def up(
    stack: ChosenStack, *, config: Path | None = None, adopted: str | None = None, refresh: bool = False
) -> Deployed:
    """Deploy the stack as its file describes it; a failing part does not stop the rest.

    config: replaces the stack's file. adopted: an existing gateway that the stack adopts. refresh: whether to read AWS
    first, for what was changed or removed elsewhere. Raises Failed if nothing was tried, and other AgentCoreErrors with
    the engine's reasons.
    """
    with _ready(stack) as opened:
        # A refresh runs the program too: local AWS may have moved to another port since.
        options: JsonDict = {"refresh": True, "run_program": True} if refresh or _has_forgotten(stack) else {}
        # The summary's secrets are not used, and deriving their key takes longer than the rest of it.
        options |= {"continue_on_error": True, "show_secrets": False, "config_file": config and str(config)}
        failure = None
        summary: auto.UpdateSummary | None
        try:
            done = watched(stack, opened.up, adopted, **options)
            outputs, summary = done.outputs, done.summary
        except Failed as error:
            if not error.parts:
                raise
            failure = error
            outputs, summary = opened.outputs(), opened.info(False)
        return Deployed(_changes(summary), {name: output.value for name, output in outputs.items()}, failure)


def steps(stack: ChosenStack, config: Path) -> list[Step]:
    """What a deployment with this configuration would do. Changes nothing. Raises Failed with every problem."""
    found: dict[str, Step] = {}

    def note(event: auto.events.EngineEvent) -> None:
        planned = event.resource_pre_event
        # The rest of a resource that was already replaced has the same URN.
        if planned is not None and planned.metadata.old is not None and not planned.metadata.old.delete:
            kind, urn = str(planned.metadata.op.value), str(planned.metadata.urn)
            found[urn] = Step("replace" if "replace" in kind else kind, urn)

    with _ready(stack) as opened:
        watched(stack, opened.preview, also=note, config_file=str(config))
    return list(found.values())


def refresh_forgotten(stack: ChosenStack) -> None:
    """Refresh a stack on a local AWS that was started again, which has none of its resources, before something is removed."""
    with _ready(stack) as opened:
        if _has_forgotten(stack):
            watched(stack, opened.refresh, run_program=True, show_secrets=False)


def forget(stack: ChosenStack) -> None:
    """Remove a stack that has nothing left, and its file."""
    with _ready(stack) as opened:
        watched(stack, opened.destroy, show_secrets=False)
        opened.workspace.remove_stack(stack.name)
        stack.file.unlink(missing_ok=True)
    _opened.clear()


def resources(stack: ChosenStack) -> list[JsonObject]:
    """The resources in the stack's state, secrets encrypted; empty if there is no such stack."""
    return stack.pulumi.deployment().get("resources") or []


def authorizer_type(stack: ChosenStack, gateway_id: str) -> str:
    """AWS's authorizerType of a gateway of the stack; empty if it is not in the stack's state."""
    known = gateways_in_state(resources(stack))
    return next((it.authorizer_type for it in known if it.gateway_id == gateway_id), "")


def has(stack: ChosenStack, part: str) -> bool:
    """Whether a gateway, or a target as GATEWAY-TARGET, is among what the stack has deployed."""
    there = {called(resource.get("urn")) for resource in resources(stack)}
    return not there.isdisjoint(f"{kind} {part}" for kind in ("McpGateway", "Gateway", "GatewayTarget"))


def managed_gateways(stack: ChosenStack) -> dict[str, str]:
    """Ids of the gateways that the stack manages, by logical name; none if the stack is not there."""
    # An existing gateway that the stack only reads is in the state too.
    own = [resource for resource in resources(stack) if not resource.get("external")]
    return {it.name: it.gateway_id for it in gateways_in_state(own)}


def set_secret(stack: ChosenStack, config: Path, path: str, value: str) -> None:
    """Store a secret at a path of a stack file, unless it is there already. It is passed through a pipe, not as an argument."""
    where = ("--path", path, "--config-file", str(config))
    if stack.pulumi.output("config", "get", *where) == f"{value}\n":
        return
    done = stack.pulumi.run("config", "set", "--secret", *where, text=value)
    if done.returncode:
        raise AgentCoreError(f"The secret at {path} could not be kept: {error_line(done.stderr)}")


def create(stack: ChosenStack) -> None:
    """Have the project and the stack, with nothing in it."""
    with _ready(stack):
        pass


@contextlib.contextmanager
def _ready(stack: ChosenStack) -> Iterator[auto.Stack]:
    """The stack, made if it is not there, in the environment that it runs in."""
    from pulumi import automation as auto

    with _without(REAL_ACCOUNT if stack.local_aws else ()):
        try:
            yield _open(stack)
        except auto.ConcurrentUpdateError as error:
            raise locked(stack, str(error)) from None
        except auto.CommandError as error:
            failure = AgentCoreError(f"The engine failed: {error_line(str(error))}")
            raise to_access_error(stack.project, str(error)) or failure from None


def _open(stack: ChosenStack) -> auto.Stack:
    from pulumi import automation as auto

    from agentcore_provider.cli.engine.process import EngineProcess

    key = (stack.project.folder, stack.name, *sorted(stack.environment.items()))
    if key not in _opened:
        # Located first: without it there should be no new project.
        engine = program(stack.environment)
        if kept_project.write(stack.project):
            say(f"New Pulumi project {stack.project.folder}")
        if stack.environment.get("PULUMI_CONFIG_PASSPHRASE_FILE") == str(stack.project.passphrase_file):
            kept_project.passphrase_file(stack.project)
        stack.project.make_state_folder()
        options = auto.LocalWorkspaceOptions(
            env_vars={**stack.environment, "PULUMI_PYTHON_CMD": sys.executable, READER: COMMAND_READS},
            pulumi_command=EngineProcess(root=str(engine.parent.parent) if engine.parent.name == "bin" else None),
        )
        _opened[key] = auto.create_or_select_stack(stack.name, work_dir=str(stack.project.folder), opts=options)
    return _opened[key]


def _changes(summary: auto.UpdateSummary | None) -> dict[str, int]:
    return {
        str(kind): count
        for kind, count in ((summary and summary.resource_changes) or {}).items()
        if str(kind) != "same"
    }


def _has_forgotten(stack: ChosenStack) -> bool:
    """Whether local AWS was emptied after the stack was last deployed, so that it has none of its resources."""
    if stack.local_aws is None:
        return False
    deployment = stack.pulumi.deployment()
    if not deployment.get("resources"):
        return False
    empty_at = LocalProcess(stack.project).empty_at(stack.local_aws)
    deployed = str((deployment.get("manifest") or {}).get("time", ""))[:19]
    return empty_at is None or not deployed or deployed < time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(empty_at))


@contextlib.contextmanager
def _without(names: tuple[str, ...]) -> Iterator[None]:
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
