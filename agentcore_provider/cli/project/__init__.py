"""The Pulumi project that a command works in, and the git-ignored folder with its state."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from agentcore_provider.cli.files import make_private_folder
from agentcore_provider.documents import files
from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.documents.reading import parsed
from agentcore_provider.errors import InvalidInput
from agentcore_provider.loopback import is_loopback

# Of the files in Pulumi's file backend.
_STATE_VERSION = 3


@dataclass(frozen=True)
class Project:
    """A folder with a Pulumi program, or for one."""

    folder: Path
    """The nearest folder with a Pulumi.yaml, else the one that the command keeps for the user."""

    @property
    def is_pulumi(self) -> bool:
        """Whether there is a Pulumi program."""
        return (self.folder / "Pulumi.yaml").is_file()

    @property
    def is_kept(self) -> bool:
        """Whether it is the project that the command keeps for who has none."""
        return self.folder == kept_folder(os.environ)

    @property
    def has_demo(self) -> bool:
        """Whether it is a checkout of this package, where `make up` deploys stack `local`."""
        return (self.folder / "engine" / "demo.py").is_file() and (self.folder / "Makefile").is_file()

    @property
    def state_folder(self) -> Path:
        """Where local AWS keeps pid, log, Pulumi's state and plugins: `.agentcore`, ignored by git."""
        return self.folder / ".agentcore"

    @property
    def local_aws_folder(self) -> Path:
        """Where local AWS keeps what was created in it."""
        return self.state_folder / "local-aws"

    @property
    def backend_folder(self) -> Path:
        """Pulumi's file backend for stacks on local AWS."""
        return self.state_folder / "state"

    @property
    def pulumi_home(self) -> Path:
        """Pulumi's own folder for stacks on local AWS: the user's selection and log-in stay untouched."""
        return self.state_folder / "pulumi-home"

    @property
    def passphrase_file(self) -> Path:
        """The passphrase of stacks on real AWS whose state lies here: there only in a project that the command made."""
        return self.state_folder / "passphrase"

    def make_state_folder(self) -> None:
        """Make the folder where the project keeps its state, or remove other users' access to it.

        The whole folder of a project that the command keeps: its stack files are private too.
        """
        for folder in (self.folder if self.is_kept else self.state_folder, self.backend_folder):
            make_private_folder(folder)

    def is_on_local_aws(self, stack: str) -> bool:
        """Whether a stack is on local AWS: by the endpoint in its file, else by its name."""
        config = _mapping(self.folder / f"Pulumi.{stack}.yaml").get("config")
        endpoint = config.get("agentcore:endpointUrl") if isinstance(config, dict) else None
        return is_loopback(endpoint) if endpoint else stack.split("-", maxsplit=1)[0] == "local"

    def local_stacks(self) -> list[str]:
        """Names of the stacks in the file backend."""
        stacks = self.backend_folder.glob(".pulumi/stacks/*/*.json")
        return sorted({path.name.removesuffix(".json") for path in stacks})

    def stored_deployment(self, stack: str) -> JsonDict | None:
        """The state of a stack in the file backend, secrets encrypted; None if only the engine can read it."""
        name = _mapping(self.folder / "Pulumi.yaml").get("name")
        file = self.backend_folder / ".pulumi" / "stacks" / str(name) / f"{stack}.json"
        try:
            stored = json.loads(file.read_bytes())
            latest = stored["checkpoint"].get("latest") or {} if stored["version"] == _STATE_VERSION else None
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return None
        return latest if isinstance(latest, dict) else None

    def stacks(self, gateway: str | None = None) -> list[str]:
        """Names of the stacks that have a file here; gateway: only of those that describe this one in it."""
        found = []
        for file in sorted(self.folder.glob("Pulumi.*.yaml")):
            config = _mapping(file).get("config")
            gateways = config.get("agentcore:gateways") if isinstance(config, dict) else None
            if gateway is None or (isinstance(gateways, dict) and gateway in gateways):
                found.append(file.name.removeprefix("Pulumi.").removesuffix(".yaml"))
        return found

    def plain_config(self, stack: str) -> JsonDict | None:
        """The configuration in the file of a stack, secrets locked; None where Pulumi knows more than the file has."""
        elsewhere = ("config", "stackConfigDir")
        file = self.folder / f"Pulumi.{stack}.yaml"
        document = _mapping(file)
        if (
            not file.is_file()
            or "environment" in document
            or any(it in _mapping(self.folder / "Pulumi.yaml") for it in elsewhere)
        ):
            return None
        config = document.get("config")
        return config if isinstance(config, dict) else {}

    def local_region(self) -> str:
        """The Region of stack `local`, so that shell and program agree; us-west-2 unless its file has one."""
        region = self._local_config().get("aws:region")
        return region if isinstance(region, str) and region else "us-west-2"

    def local_port(self) -> int:
        """The port at which stack `local` looks for local AWS; 4599 unless its file has another."""
        endpoint = self._local_config().get("agentcore:endpointUrl")
        try:
            port = urlsplit(endpoint).port if isinstance(endpoint, str) else None
        except ValueError:
            port = None
        return port or 4599

    def _local_config(self) -> JsonDict:
        config = _mapping(self.folder / "Pulumi.local.yaml").get("config")
        return config if isinstance(config, dict) else {}


def find_project(start: Path | None = None) -> Project:
    """The project around a folder (default: the current one), else the one that is kept for the user."""
    here = (start or Path.cwd()).absolute()
    for folder in (here, *here.parents):
        if (folder / "Pulumi.yaml").is_file():
            return Project(folder)
    return Project(kept_folder(os.environ))


def kept_folder(environment: Mapping[str, str]) -> Path:
    """Where the command keeps a project for who has none: below XDG_DATA_HOME if set, else in ~/.agentcore."""
    data = environment.get("XDG_DATA_HOME")
    if data and Path(data).is_absolute():
        return Path(data) / "agentcore" / "project"
    return Path.home() / ".agentcore" / "project"


def _mapping(path: Path) -> JsonDict:
    if not path.is_file():
        return {}
    try:
        document = parsed(files.text(path))
    except Unreadable as error:
        raise InvalidInput(f"{path} is not YAML: {error.message}", "Fix the file") from None
    return document if isinstance(document, dict) else {}
