"""What a changed file leads to: a function gets its new code, and a preview finds what else is not deployed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from agentcore_provider.aws import lambda_function
from agentcore_provider.cli.dev.engine_run import EngineRun, Found
from agentcore_provider.cli.dev.function_code import FunctionCode, functions
from agentcore_provider.cli.dev.watching import MOST_FOLDERS, folders_below
from agentcore_provider.cli.engine.events import called
from agentcore_provider.cli.local_aws import LocalAwsStopped
from agentcore_provider.cli.stack import ChosenStack, running_local_aws
from agentcore_provider.cli.terminal import say
from agentcore_provider.errors import AgentCoreError, AwsRefused, InvalidInput
from agentcore_provider.pulumi_aws_stand_in.assets import AssetError
from agentcore_provider.pulumi_aws_stand_in.project_folder import program_folder

_MOST_NAMES = 4
_LOCAL_AWS_SECONDS = 2.0
_LONGEST_SECONDS = 1.0
# What a program or a stack file is made of: its outputs and logs are not.
_PROGRAM_SUFFIXES = {
    *(".py", ".ts", ".js", ".mjs", ".cjs", ".go", ".mod", ".java", ".cs"),
    *(".yaml", ".yml", ".json", ".toml", ".txt", ".cedar", ".smithy", ".graphql"),
}


class Loop:
    """The loop of one stack."""

    def __init__(
        self, choose: Callable[[], ChosenStack], *, deploys: bool, folders_changed: Callable[[], None]
    ) -> None:
        """choose: the stack, as local AWS runs now. deploys: whether `pulumi up` follows each change. folders_changed: is
        called when `folders` has others.

        Raises InvalidInput if nothing is deployed and nothing is to be.
        """
        self._choose = choose
        self._stack = choose()
        self._deploys = deploys
        self._program = program_folder(self._stack.project.folder)
        self._functions: list[FunctionCode] = []
        self._digests: dict[str, str] = {}
        """Of the code that each function has in local AWS, by ARN."""
        self._problems: dict[str, dict[Path | None, str]] = {}
        """Why functions keep their code, by URN, as reported last."""
        self._contents: dict[Path, bytes] = {}
        """Digests of the program's files that changed."""
        self._run: EngineRun | None = None
        self._requested_at: float | None = None
        """Since when a run of the engine is due."""
        self._reported: Found | None = None
        self._is_stopped = False
        self._next_look = 0.0
        self._has_begun = False
        self._is_cut = False
        self._folders_changed = folders_changed
        if not self._read_state() and not deploys:
            raise InvalidInput(
                f"Nothing of stack {self._stack.name} is deployed",
                f"Deploy it with `pulumi up --stack {self._stack.name}`, or run `agentcore dev --up`",
            )

    @property
    def is_ahead(self) -> bool:
        """Whether functions run code that the stack's state does not know."""
        return any(self._digests.get(it.arn, it.deployed_digest) != it.deployed_digest for it in self._functions)

    @property
    def stack(self) -> ChosenStack:
        """The stack."""
        return self._stack

    def folders(self) -> Iterator[Path]:
        """What to watch: code of functions, the project, the stack's state."""
        for function in self._functions:
            yield from function.watched_folders()
        program = folders_below(self._stack.project.folder)
        self._is_cut = len(program) == MOST_FOLDERS
        yield from program
        yield from self._stack.project.backend_folder.glob(".pulumi/stacks/*")

    def take(self, changed: frozenset[Path] | None) -> None:
        """Do what these changed files require, and what has become due. None: anything may have changed."""
        if changed is None:
            self._take_all()
            if not self._has_begun:
                self._has_begun = True
                self._say_begin()
        elif changed:
            self._take_files(changed)
        self._find_local_aws()
        self._advance(is_quiet=changed == frozenset())

    def stop(self) -> None:
        """End the preview or the deployment that is under way."""
        if self._run is not None:
            self._run.stop()

    def _say_begin(self) -> None:
        watched = [f"the program of {self._stack}", *map(_described, self._functions)]
        say(f"Watching {'; '.join(watched)}. Ctrl-C ends it.")
        if self._is_cut:
            say(f"The project has more than {MOST_FOLDERS} folders: those farthest from its top are not watched")

    def _take_all(self) -> None:
        # Local AWS may be another.
        self._digests.clear()
        self._read_state()
        self._update_all(frozenset())
        self._request()

    def _request(self) -> None:
        self._requested_at = self._requested_at or time.monotonic()

    def _take_files(self, changed: frozenset[Path]) -> None:
        state_files = {
            it for it in changed if it.is_relative_to(self._stack.project.backend_folder) and it.suffix == ".json"
        }
        if any(it.stem == self._stack.name for it in state_files):
            self._read_state_again()
            # A deployment: what the next preview finds is new.
            self._reported = None
            if any(self._problems.values()):
                # It may have created a function that was missing.
                self._update_all(frozenset())
        changed -= state_files
        self._update_all(changed)
        for path in filter(self._is_programs, changed):
            if self._is_new_content(path):
                self._request()

    def _is_programs(self, path: Path) -> bool:
        in_state = path.is_relative_to(self._stack.project.state_folder)
        return not in_state and (path.suffix in _PROGRAM_SUFFIXES or any(it.contains(path) for it in self._functions))

    def _is_new_content(self, path: Path) -> bool:
        """Whether a file has other content than at its last change: some programs write their files each time they run."""
        try:
            digest = hashlib.sha256(path.read_bytes()).digest()
        except OSError:
            digest = b""
        known, self._contents[path] = self._contents.get(path), digest
        return known != digest

    def _read_state(self) -> bool:
        """Read what is deployed; returns whether anything is."""
        resources = self._stack.pulumi.deployment().get("resources") or []
        deployed = {it.arn: it.deployed_digest for it in self._functions}
        self._functions = functions(resources, self._program)
        # A deployment of something else leaves a function as it was.
        unchanged = {it.arn for it in self._functions if deployed.get(it.arn) == it.deployed_digest}
        self._digests = {arn: digest for arn, digest in self._digests.items() if arn in unchanged}
        return bool(resources)

    def _read_state_again(self) -> None:
        before = [it.sources() for it in self._functions]
        self._read_state()
        if before != [it.sources() for it in self._functions]:
            self._folders_changed()

    def _update_all(self, changed: Collection[Path]) -> None:
        if not self._is_stopped:
            for function in self._functions:
                if not changed or any(map(function.contains, changed)):
                    self._update(function, changed)

    def _update(self, function: FunctionCode, changed: Collection[Path]) -> None:
        known = self._problems.get(function.urn, {})
        problems = function.problems([*changed, *filter(None, known)])
        if not problems:
            try:
                self._upload(function, changed, was_wrong=bool(known))
            except (AssetError, OSError, AgentCoreError) as error:
                problems = {None: self._described_error(error)}
        for file, why in problems.items():
            if known.get(file) != why:
                _report(f"{function.name} keeps its last code: {why}")
        self._problems[function.urn] = problems

    def _upload(self, function: FunctionCode, changed: Collection[Path], *, was_wrong: bool) -> None:
        code = function.zip_file()
        digest = lambda_function.code_digest(code)
        if function.arn not in self._digests:
            self._digests[function.arn] = str(self._call("GetFunctionConfiguration", function)["CodeSha256"])
        if self._digests[function.arn] == digest:
            if was_wrong:
                _report(f"{function.name} has this code already")
            return
        self._call("UpdateFunctionCode", function, ZipFile=code)
        self._digests[function.arn] = digest
        own = [it for it in changed if function.contains(it)]
        # Editors and tools write drafts under other names; a removed file counts if nothing else changed.
        names = sorted(map(function.displayed, [it for it in own if it.exists()] or own))
        _report(f"{function.name} runs the new code" + (f": {_listed(names)}" if names else ""))

    def _call(self, operation: str, function: FunctionCode, **parameters: Any) -> dict[str, object]:
        connection = self._stack.connect(function.arn.split(":")[3])
        return dict(connection.call(operation, service="lambda", FunctionName=function.arn, **parameters))

    def _described_error(self, error: Exception) -> str:
        if isinstance(error, AwsRefused) and error.code == "ResourceNotFoundException":
            again = f"`pulumi up --refresh --stack {self._stack.name}`"
            return f"local AWS does not have the function. Create it again with {again}"
        return str(error)

    def _find_local_aws(self) -> None:
        """Notice that local AWS ended or began again: its addresses and what is in it may be others."""
        if time.monotonic() < self._next_look or self._run is not None:
            return
        self._next_look = time.monotonic() + _LOCAL_AWS_SECONDS
        try:
            running = running_local_aws(self._stack.project)
        except LocalAwsStopped:
            running = None
        if running is None:
            if not self._is_stopped:
                self._is_stopped = True
                _report("Local AWS does not run: changes wait until `agentcore local start`")
        elif self._is_stopped or running != self._stack.local_aws:
            try:
                self._stack = self._choose()
            except AgentCoreError as error:
                if not self._is_stopped:
                    _report(str(error))
                self._is_stopped = True
                return
            if self._is_stopped:
                self._is_stopped = False
                _report(f"Local AWS runs at {running.endpoint}")
            self._problems.clear()
            self._reported = None
            self._take_all()

    def _advance(self, *, is_quiet: bool) -> None:
        """Read the result of the engine's run, or begin the next one."""
        # With broken code the program would find no tools, and report all as removed.
        is_broken = any(self._problems.values())
        if self._run is not None:
            found = self._run.result()
            if found is None:
                return
            run, self._run = self._run, None
            if found.failure and is_broken:
                # The code broke while it ran.
                self._request()
            else:
                self._report(run, found)
            if not self._stack.pulumi.is_in(self._stack.project.backend_folder):
                # The state of another backend is not in files that can be watched.
                self._read_state_again()
        # Logs may change all the time.
        due = self._requested_at is not None and (is_quiet or time.monotonic() - self._requested_at > _LONGEST_SECONDS)
        if due and not self._is_stopped and not is_broken:
            self._requested_at = None
            operation = ("up", "--yes", "--skip-preview") if self._deploys else ("preview",)
            self._run = EngineRun(self._stack.pulumi, *operation)

    def _report(self, run: EngineRun, found: Found) -> None:
        before, self._reported = self._reported, found
        if found == before:
            return
        _report(*found.tools)
        if found.failure:
            _report(f"`pulumi {run.operation}` failed: {found.failure}")
            return
        live = {it.urn for it in self._functions}
        steps = [f"{operation} {called(urn)}" for operation, urn in found.changes if urn not in live]
        if run.operation != "preview":
            _report(f"Deployed: {_listed(steps)}" if steps else "Everything is deployed")
        elif steps:
            _report(f"Not deployed yet: {_listed(steps)}. Run `pulumi up --stack {self._stack.name}`")
        elif before is not None and before != Found():
            _report("Nothing else is to be deployed")


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _described(function: FunctionCode) -> str:
    return f"function {function.name} ({function.displayed(function.sources()[0])})"


def _report(*lines: str) -> None:
    clock = time.strftime("%H:%M:%S")
    for line in lines:
        say(f"{clock}  {line}")
