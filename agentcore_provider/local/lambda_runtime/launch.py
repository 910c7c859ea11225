"""How a function's worker is started: the program, its arguments and its environment."""

from __future__ import annotations

import shutil
import sys
import uuid
import zipfile
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from agentcore_provider.local.lambda_runtime.code_folder import CodeFolder
from agentcore_provider.local.lambda_runtime.function import Function

_BOOTSTRAPS = Path(__file__).parent
_PATH = "/usr/local/bin:/usr/bin:/bin:/opt/bin"


class NotRunnableError(Exception):
    """This function cannot run on this machine; the text is the reason and the cure."""


@dataclass(frozen=True)
class Launch:
    """What starts a worker. `command` lacks the number of the reply descriptor, which goes in at `fd_at`."""

    command: tuple[str, ...]
    fd_at: int
    environment: dict[str, str]
    folder: Path
    log_stream: str


def plan(function: Function, endpoint_url: str, code: CodeFolder) -> Launch:
    """Decide how to start a worker for a function. Raises NotRunnableError."""
    where = f"Function {function.name}"
    if function.package_type != "Zip":
        raise NotRunnableError(f"{where} is a container image; local AWS runs zip packages only.")
    if not function.code:
        raise NotRunnableError(f"{where} has no code in local AWS; deploy it with a zip or an S3 object that exists.")
    try:
        folder = code.unpack(function.code)
        layers = [code.unpack(layer.code) for layer in function.layers]
    except zipfile.BadZipFile as error:
        raise NotRunnableError(f"{where}: its package or one of its layers is not a zip file ({error}).") from error
    stream = f"{datetime.now(timezone.utc):%Y/%m/%d}/[{function.version}]{uuid.uuid4().hex}"
    environment = _environment(function, endpoint_url, folder, stream)
    if function.runtime.startswith("python"):
        # Whatever the function asks for, it runs on this Python: the one that has boto3, as Lambda's own has.
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        roots = [str(folder)]
        for layer in layers:
            roots += [str(layer / "python"), str(layer / "python" / "lib" / version / "site-packages")]
        command = (sys.executable, "-I", str(_BOOTSTRAPS / "python_bootstrap.py"), function.handler, *roots)
        return Launch(command, 3, environment, folder, stream)
    if function.runtime.startswith("nodejs"):
        node = shutil.which("node")
        if node is None:
            raise NotRunnableError(
                f"{where} has runtime {function.runtime}, but `node` is not on PATH; install Node.js."
            )
        environment["NODE_PATH"] = ":".join(str(layer / "nodejs" / "node_modules") for layer in layers)
        return Launch(
            (node, str(_BOOTSTRAPS / "node_bootstrap.mjs"), function.handler, str(folder)),
            2,
            environment,
            folder,
            stream,
        )
    raise NotRunnableError(
        f"{where} has runtime {function.runtime or 'none'}; local AWS runs python* and, "
        "where `node` is installed, nodejs*."
    )


def _environment(function: Function, endpoint_url: str, folder: Path, stream: str) -> dict[str, str]:
    """The variables that Lambda sets, the function's own, and the address of local AWS; nothing else."""
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "TZ": ":UTC",
        "LANG": "en_US.UTF-8",
        **function.environment,
        "PATH": _PATH,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": stream,
        "LAMBDA_TASK_ROOT": str(folder),
        "_HANDLER": function.handler,
    }
