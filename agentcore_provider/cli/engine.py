"""Runs the Pulumi engine through the Automation API, and shows what it does."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentcore_provider.cli import kept_project, private_files
from agentcore_provider.cli.chosen_stack import ChosenStack
from agentcore_provider.cli.local_process import LocalProcess
from agentcore_provider.cli.project import Project
from agentcore_provider.cli.stack_outputs import gateways_in_state
from agentcore_provider.cli.terminal import progress, say
from agentcore_provider.errors import AgentCoreError

if TYPE_CHECKING:
    from pulumi import automation as auto

# Left over from a real account, these would be mixed with local AWS's credentials.
_FOREIGN = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN")
_DONE = {"create": "made", "update": "changed", "delete": "removed", "create-replacement": "made anew"}
_DOING = {"create": "making", "update": "changing", "delete": "removing", "replace": "making anew"}
_CLASS = re.compile(r"\bagentcore_provider\.errors\.\w+: ")
_MARKUP = re.compile(r"<\{%[^%]*%\}>")

_HOLDER = re.compile(r"created by (\S+) \(pid (\d+)\) at (\S+)")

_ONE_INTERRUPT = 1.0
"""Seconds within which interrupts count as one."""

# Opening a stack starts the engine twice, so one command opens it once.
_opened: dict[tuple[object, ...], auto.Stack] = {}


@dataclass(frozen=True)
class Deployed:
    """What an `up` did."""

    changes: dict[str, int]
    """Resources by what was done to them, without those that stayed the same."""
    outputs: dict[str, Any]
    """The stack's outputs, secrets in clear."""


class StackLocked(AgentCoreError):
    """Another run holds the stack, or one that was killed still seems to."""


class Failed(AgentCoreError):
    """Parts of a stack could not be brought to what its file says."""

    def __init__(self, text: str, parts: frozenset[str]) -> None:
        super().__init__(text)
        self.parts = parts
        """Logical names of the resources that failed."""


def up(stack: ChosenStack, *, adopted: str | None = None, go_on: bool = False, refresh: bool = False) -> Deployed:
    """Bring the stack to what its file says. Raises Failed and other AgentCoreErrors with the engine's reasons.

    adopted: a gateway of the stack that was there before and is taken over. go_on: whether the rest is done, deletions
    too, when something fails. refresh: whether to look at AWS first, for what somebody else changed or removed.
    """
    with _ready(stack) as opened:
        # The program is run for the look at AWS too: local AWS may have moved to another port since.
        first = {"refresh": True, "run_program": True} if refresh or _has_forgotten(stack) else {}
        result = _watched(opened.up, adopted, continue_on_error=go_on, **first)
        outputs = {name: output.value for name, output in result.outputs.items()}
        return Deployed(_changes(result.summary), outputs)


def look_again(stack: ChosenStack) -> None:
    """Let a stack on local AWS that was started anew know that nothing of it is left, before something is removed."""
    with _ready(stack) as opened:
        if _has_forgotten(stack):
            _watched(opened.refresh, run_program=True)


def forget(stack: ChosenStack) -> None:
    """Remove a stack that has nothing left, and its file."""
    with _ready(stack) as opened:
        _watched(opened.destroy)
        opened.workspace.remove_stack(stack.name)
        stack.file.unlink(missing_ok=True)
    _opened.clear()


def authorizer_type(stack: ChosenStack, gateway_id: str) -> str:
    """How callers of a gateway of the stack sign in, by AWS's word; empty if the stack's state does not say."""
    known = gateways_in_state(_deployment(stack).get("resources") or [])
    return next((it.authorizer_type for it in known if it.gateway_id == gateway_id), "")


def has(stack: ChosenStack, part: str) -> bool:
    """Whether a gateway, or a target as GATEWAY-TARGET, is among what the stack has deployed."""
    there = {_of_urn(resource.get("urn")) for resource in _deployment(stack).get("resources") or []}
    return not there.isdisjoint(f"{kind} {part}" for kind in ("McpGateway", "Gateway", "GatewayTarget"))


def managed_gateways(stack: ChosenStack) -> dict[str, str]:
    """Ids of the gateways that the stack manages, by logical name; none if the stack is not there."""
    # One that was made elsewhere stands there too, as something that is only read.
    own = [resource for resource in _deployment(stack).get("resources") or [] if not resource.get("external")]
    return {it.name: it.gateway_id for it in gateways_in_state(own)}


def set_secret(stack: ChosenStack, path: str, value: str) -> None:
    """Keep a secret at a path of the stack's file, unless it is there already. It goes through a pipe, no argument."""
    where = ("--path", path, "--stack", stack.name)
    if _ask(stack.project, stack.environment, "config", "get", *where) == f"{value}\n":
        return
    done = _pulumi(stack.project, stack.environment, "config", "set", "--secret", *where, text=value)
    if done.returncode:
        raise AgentCoreError(f"The secret at {path} could not be kept: {_last_line(done.stderr)}")


def selected_stack(project: Project, environment: Mapping[str, str]) -> str | None:
    """The stack that is selected in the project."""
    return (_ask(project, environment, "stack", "--show-name") or "").strip() or None


def create(stack: ChosenStack) -> None:
    """Have the project and the stack, with nothing in it."""
    with _ready(stack):
        pass


def program(environment: Mapping[str, str]) -> Path:
    """The engine. Raises AgentCoreError if it is not installed."""
    path = os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", os.defpath)])
    found = shutil.which("pulumi", path=path)
    if found is None:
        raise AgentCoreError("`pulumi` is not installed: `make setup` brings it, or see pulumi.com/docs/install")
    return Path(found)


@contextlib.contextmanager
def _ready(stack: ChosenStack) -> Iterator[auto.Stack]:
    """The stack, made if it is not there, in the environment that it runs in."""
    from pulumi import automation as auto

    with _without(_FOREIGN if stack.local_aws else ()):
        try:
            yield _open(stack)
        except auto.ConcurrentUpdateError as error:
            raise StackLocked(_locked(stack, str(error))) from None
        except auto.CommandError as error:
            raise AgentCoreError(f"The engine failed: {_last_line(str(error))}") from None


def _locked(stack: ChosenStack, said: str) -> str:
    found = _HOLDER.search(said)
    by = f"{found[1]}, process {found[2]}, since {found[3]}" if found else "another run"
    steps = [f"cd {shlex.quote(str(stack.project.folder))}"]
    pulumi = "pulumi"
    if stack.environment.get("PULUMI_BACKEND_URL") != os.environ.get("PULUMI_BACKEND_URL"):
        steps.append('eval "$(agentcore local env)"')
    elif not shutil.which(pulumi):
        pulumi = str(program(stack.environment))
    steps.append(f"{pulumi} cancel --yes --stack {stack.name}")
    return (
        f"Stack {stack.name} is locked by {by}: wait for that run to end, or if it was killed: `{' && '.join(steps)}`"
    )


def _open(stack: ChosenStack) -> auto.Stack:
    from pulumi import automation as auto

    key = (stack.project.folder, stack.name, *sorted(stack.environment.items()))
    if key not in _opened:
        if kept_project.write(stack.project):
            say(f"New Pulumi project {stack.project.folder}")
        if stack.environment.get("PULUMI_CONFIG_PASSPHRASE_FILE") == str(stack.project.passphrase_file):
            kept_project.passphrase_file(stack.project)
        private_files.make_state_folder(stack.project)
        engine = program(stack.environment)
        options = auto.LocalWorkspaceOptions(
            env_vars={**stack.environment, "PULUMI_PYTHON_CMD": sys.executable},
            pulumi_command=auto.PulumiCommand(root=str(engine.parent.parent)) if engine.parent.name == "bin" else None,
        )
        _opened[key] = auto.create_or_select_stack(stack.name, work_dir=str(stack.project.folder), opts=options)
    return _opened[key]


def _watched(operation: Callable[..., Any], adopted: str | None = None, **options: Any) -> Any:
    """Run an operation of a stack, showing what it does; its errors end as one."""
    from pulumi import automation as auto

    interrupted: list[float] = []
    errors: list[str] = []
    failed: set[str] = set()

    def watch(event: auto.events.EngineEvent) -> None:
        before, after, said = event.resource_pre_event, event.res_outputs_event, event.diagnostic_event
        if said is not None and said.severity == "error":
            message = _CLASS.sub("", " ".join(_MARKUP.sub("", said.message).split()))
            if not message.startswith(("update failed", "resource plan")):
                # A stack has several gateways, and the one that failed need not be the one that the command is about.
                whose = _of_urn(said.urn)
                errors.append(": ".join(filter(None, (whose, message))))
                failed.update(whose.split()[1:])
        if said is not None and said.ephemeral and status is not None:
            status.update(_MARKUP.sub("", said.message).strip())
        if before is not None and status is not None and str(before.metadata.op.value) in _DOING:
            status.update(f"{_DOING[str(before.metadata.op.value)]} {_name(before.metadata)}")
        if after is not None and str(after.metadata.op.value) in _DONE and _is_shown(after.metadata):
            say(f"  {_done(after.metadata, adopted)} {_name(after.metadata)}")

    try:
        with progress("Looking at what is there") as status, _engine_stops_first() as interrupted:
            # Secrets of the summary are looked at by nobody, and deriving their key takes longer than all else of it.
            return operation(on_event=watch, color="never", suppress_outputs=True, show_secrets=False, **options)
    except auto.CommandError as error:
        if isinstance(error, auto.ConcurrentUpdateError):
            raise
        if interrupted:
            raise KeyboardInterrupt from None
        raise Failed("; ".join(dict.fromkeys(errors)) or _last_line(str(error)), frozenset(failed)) from None


@contextlib.contextmanager
def _engine_stops_first() -> Iterator[list[float]]:
    """Leaves the first Ctrl-C to the engine, which a terminal sends it too: it ends what it is at and gives up its lock.

    Yields when interrupts came.
    """
    came: list[float] = []

    def stop(_number: int, _frame: Any) -> None:
        came.append(time.monotonic())
        if len(came) == 1:
            say("Interrupted: the engine ends what it is at; once more stops at once. Run this again to carry on")
        # Some shells and supervisors send one interrupt to the process and to its group.
        elif came[-1] - came[0] > _ONE_INTERRUPT:
            # The Automation API's threads find their pipes closed, which is nobody's concern now.
            threading.excepthook = lambda _: None
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield came
        return
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield came
    finally:
        signal.signal(signal.SIGINT, before)


def _is_shown(metadata: Any) -> bool:
    return not str(metadata.type).startswith(("pulumi:pulumi:", "pulumi:providers:"))


def _done(metadata: Any, adopted: str | None) -> str:
    name = str(metadata.urn).rpartition("::")[2]
    if adopted is not None and (name == adopted or name.startswith(f"{adopted}-")):
        return "taken over"
    return _DONE[str(metadata.op.value)]


def _name(metadata: Any) -> str:
    kind = re.split(r"[:/]", str(metadata.type))[-1]
    return f"{kind} {str(metadata.urn).rsplit('::', 1)[-1]}"


def _of_urn(urn: str | None) -> str:
    """The resource of a URN as people call it; nothing for the stack itself."""
    parts = (urn or "").split("::")
    if len(parts) < 4 or "pulumi:pulumi:" in parts[2]:
        return ""
    return f"{re.split('[$:/]', parts[2])[-1]} {parts[-1]}"


def _changes(summary: Any) -> dict[str, int]:
    return {str(kind): count for kind, count in (summary.resource_changes or {}).items() if str(kind) != "same"}


def _has_forgotten(stack: ChosenStack) -> bool:
    """Whether local AWS was started after the stack was last deployed, so that it remembers nothing of it."""
    if stack.local_aws is None:
        return False
    deployment = _deployment(stack)
    if not deployment.get("resources"):
        return False
    started = LocalProcess(stack.project).started(stack.local_aws)
    deployed = str((deployment.get("manifest") or {}).get("time", ""))[:19]
    return started is None or not deployed or deployed < time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(started))


def _deployment(stack: ChosenStack) -> dict[str, Any]:
    """What the stack's state says, secrets locked; nothing if the stack is not there."""
    answer = _ask(stack.project, stack.environment, "stack", "export", "--stack", stack.name)
    return (json.loads(answer).get("deployment") if answer else None) or {}


def _ask(project: Project, environment: Mapping[str, str], *arguments: str) -> str | None:
    """What a pulumi command prints; None if it fails."""
    if not project.is_pulumi:
        return None
    done = _pulumi(project, environment, *arguments)
    return done.stdout if done.returncode == 0 else None


def _pulumi(
    project: Project, environment: Mapping[str, str], *arguments: str, text: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (the engine; no shell)
        [program(environment), *arguments, "--non-interactive"],
        cwd=project.folder,
        env={**os.environ, **environment},
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in lines if line.startswith("error:")), lines[-1] if lines else "no reason given")


@contextlib.contextmanager
def _without(names: tuple[str, ...]) -> Iterator[None]:
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
