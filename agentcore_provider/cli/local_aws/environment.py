"""The environment in which Pulumi and AWS clients use local AWS instead of an account."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from agentcore_provider.cli.local_aws.process import LocalAws
from agentcore_provider.cli.project import Project

# Left over from a real account, these would be mixed with local AWS's credentials.
REAL_ACCOUNT = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN")


def backend_environment(project: Project, path: str) -> dict[str, str]:
    """What Pulumi needs to read and write stacks of local AWS, running or not. path: the PATH to extend."""
    return {
        "PULUMI_BACKEND_URL": f"file://{project.backend_folder}",
        "PULUMI_CONFIG_PASSPHRASE": "local",
        "PULUMI_HOME": str(project.pulumi_home),
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # As many as the plugin has threads: those that wait for their turn at AWS take a place as well.
        "PULUMI_PARALLEL": "128",
        "PATH": own_programs_first(path),
    }


def own_programs_first(path: str) -> str:
    """A PATH that begins with the folder of this Python's programs, where the package installs the engine."""
    own = str(Path(sys.executable).parent)
    return os.pathsep.join([own, *(folder for folder in path.split(os.pathsep) if folder and folder != own)])


def local_environment(project: Project, local_aws: LocalAws, path: str) -> dict[str, str]:
    """The environment in which plain `pulumi up` deploys to local AWS."""
    plugin = {"PULUMI_DEBUG_PROVIDERS": f"aws:{local_aws.aws_plugin_port}"} if local_aws.aws_plugin_port else {}
    return {
        "AWS_ENDPOINT_URL": local_aws.endpoint,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": project.local_region(),
        # boto3 reads this one alone, Pulumi and the AWS command line the other.
        "AWS_DEFAULT_REGION": project.local_region(),
        **backend_environment(project, path),
        **plugin,
    }


def shell_lines(environment: Mapping[str, str], inherited: Mapping[str, str]) -> list[str]:
    """The environment as lines for a POSIX shell. inherited: the environment of that shell."""
    inherited_account = [name for name in REAL_ACCOUNT if name in inherited]
    unset = [f"unset {' '.join(inherited_account)}"] if inherited_account else []
    return unset + [f"export {name}={shlex.quote(value)}" for name, value in environment.items()]
