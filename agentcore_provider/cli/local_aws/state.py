"""What local AWS keeps on disk for a project: saved under names, loaded again, emptied; whether it runs or not."""

from __future__ import annotations

import contextlib
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from agentcore_provider.cli.local_aws.process import LocalAws
from agentcore_provider.cli.project import Project
from agentcore_provider.errors import AgentCoreError, InvalidInput, LocalAwsError
from agentcore_provider.local.disk.state_file import StateUnusableError
from agentcore_provider.local.disk.state_folder import FolderTakenError, StateFolder, StateNameError
from agentcore_provider.loopback import url_opener

_SECONDS = 60.0
_UNUSABLE = 409
_OTHER = "Load another one: `agentcore local saved`"
_LOG = "See the log of local AWS: `agentcore local status`"


class KeptState:
    """The states of one project. running: its local AWS, None if it does not run."""

    def __init__(self, project: Project, running: LocalAws | None) -> None:
        self.folder = StateFolder(project.local_aws_folder)
        self._running = running

    def names(self) -> list[str]:
        """The names of the saved states."""
        return self.folder.names()

    def save(self, name: str) -> None:
        """Save the state under a name. Raises InvalidInput, LocalAwsError."""
        path = self._path(name)
        if self._running is not None:
            self._call(self._running, "save", name)
            return
        with self._alone("saved"):
            try:
                self.folder.save(path)
            except FileNotFoundError:
                raise LocalAwsError(
                    "Local AWS keeps nothing yet in this project", "Start it with `agentcore local start`"
                ) from None
            except StateUnusableError as error:
                raise LocalAwsError(f"The state of local AWS in {self.folder.current} {error}", error.cure) from None

    def load(self, name: str) -> None:
        """Have local AWS go on with what was saved under a name. Raises InvalidInput, LocalAwsError."""
        path = self._path(name)
        if not path.is_file():
            known = ", ".join(self.names())
            cure = f"Name one of {known}" if known else f"Save one with `agentcore local save {name}`"
            raise InvalidInput(f"No state is saved as {name}", cure)
        if self._running is not None:
            self._call(self._running, "load", name)
            return
        with self._alone("loaded"):
            try:
                self.folder.load(path)
            except StateUnusableError as error:
                raise LocalAwsError(f"The state {name} {error}", error.cure or _OTHER) from None

    def empty(self) -> None:
        """Forget the state that the next start would go on with; those that are saved stay. Raises LocalAwsError."""
        with self._alone("emptied"):
            self.folder.current.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _alone(self, done: str) -> Iterator[None]:
        """While local AWS does not run."""
        try:
            with self.folder.locked():
                yield
        except FolderTakenError as error:
            raise LocalAwsError(f"{error}, so it cannot be {done}", "Stop it, then run this again") from None
        except OSError as error:
            raise AgentCoreError(
                f"{self.folder.path} cannot be written ({(error.strerror or repr(error)).lower()})",
                "Make it a folder that you may write to",
            ) from None

    def _path(self, name: str) -> Path:
        try:
            return self.folder.saved(name)
        except StateNameError as error:
            raise InvalidInput(str(error), "Choose another name") from None

    def _call(self, local_aws: LocalAws, action: str, name: str) -> None:
        request = urllib.request.Request(
            f"{local_aws.endpoint}/_local/state/{action}",
            json.dumps({"name": name}).encode(),
            {"Content-Type": "application/json"},
            method="POST",
        )
        try:
            url_opener(local_aws.endpoint).open(request, timeout=_SECONDS).close()
        except urllib.error.HTTPError as error:
            document = _document(error.read)
            cure = document.get("cure") or (_OTHER if error.code == _UNUSABLE else _LOG)
            raise LocalAwsError(document.get("message") or f"Local AWS answered HTTP {error.code}", cure) from None
        except OSError as error:
            raise LocalAwsError(
                f"Local AWS (process {local_aws.pid}) does not answer at {local_aws.endpoint} ({error})",
                "Run `agentcore local stop`, then `agentcore local start`",
            ) from None


def _document(read: Callable[[], bytes]) -> dict[str, str]:
    try:
        document = json.loads(read())
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
