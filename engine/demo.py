"""`make up` and `make down`: the project on local AWS. Each step says what it does and stops at the first that fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from agentcore_provider.cli.local_aws.environment import backend_environment, local_environment
from agentcore_provider.cli.local_aws.process import LocalProcess
from agentcore_provider.cli.project import Project
from agentcore_provider.cli.signals import forwarded_to
from engine.demo_port import DemoPort
from engine.setup_error import SetupError

_PROJECT = Path(__file__).parent.parent
_LOCAL = Project(_PROJECT)
_PROGRAMS = Path(sys.executable).parent
_PORT = DemoPort(_LOCAL)

_TOOL = "order_status"
_ARGUMENTS = '{"order_id": "A-1002"}'


def up(port: int | None) -> None:
    """Deploy stack `local` and call a tool of it. port: where local AWS shall listen; else what the stack file says."""
    if port not in (None, _PORT.number) and _is_running():
        raise SetupError(f"Local AWS runs on port {_PORT.number}: `make down`, then `make up PORT={port}`")
    is_empty = _start_local_aws(port or _PORT.number)
    if _PORT.move(port or _PORT.number):
        _say(f"Moved stack local to port {port} ({_PORT.file.name}); make down moves it back")
    environment = _local_environment()
    _say("Deploying stack local")
    _ask("pulumi", "stack", "select", "--create", "local", environment=environment)
    # One that starts empty has none of the resources that the stack has deployed.
    refresh = ["--refresh"] if is_empty and _has_resources() else []
    _run("pulumi", "up", "--stack", "local", "--yes", "--skip-preview", *refresh, environment=environment)
    for gateway in json.loads(_ask("agentcore", "list", "--stack", "local", "--json", environment=environment)):
        _use(gateway["name"], gateway["mcp_url"], environment)
    _say("How to go on")
    page = _ask("agentcore", "local", "open", "--print", environment=environment).strip()
    print(
        f"  {page:<42}the page: call tools, see why calls fail\n"
        '  eval "$(.venv/bin/agentcore local env)"   this shell then uses local AWS\n'
        "  agentcore tools list | call | search      the tools, as an agent sees them\n"
        "  agentcore token                           a token for another MCP client\n"
        "  edit Pulumi.local.yaml, make up           your own Lambda functions and APIs\n"
        "  make down                                 remove everything"
    )


def down() -> None:
    """Destroy stack `local` and stop local AWS; neither need be there."""
    if _has_resources():
        _start_local_aws(_PORT.number)
        _say("Destroying stack local")
        _run("pulumi", "destroy", "--stack", "local", "--yes", "--skip-preview", environment=_local_environment())
    _say("Stopping local AWS")
    _run("agentcore", "local", "stop")
    if _PORT.move_back():
        _say(f"Moved stack local back to port {_PORT.number} ({_PORT.file.name})")


def _start_local_aws(port: int) -> bool:
    """Have local AWS running; returns whether this started it, and it had nothing to go on with."""
    if _is_running():
        return False
    _say(f"Starting local AWS on port {port}")
    began = time.time()
    try:
        _run("agentcore", "local", "start", "--port", str(port))
    except SystemExit:
        raise SetupError("Local AWS did not start, for the reason above; another port: `make up PORT=4700`") from None
    process = LocalProcess(_LOCAL)
    local_aws = process.find()
    return local_aws is None or (process.empty_at(local_aws) or began) >= began


def _is_running() -> bool:
    return _command("agentcore", "local", "status", environment=None, quiet=True).returncode == 0


def _local_environment() -> dict[str, str]:
    """As `agentcore local env` prints it, and no other setting of AWS or Pulumi."""
    local_aws = LocalProcess(_LOCAL).find()
    if local_aws is None:
        raise SetupError("Local AWS has ended: see .agentcore/local.log, then run this again")
    _LOCAL.make_state_folder()
    return _inherited() | local_environment(_LOCAL, local_aws, os.environ.get("PATH", os.defpath))


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}


def _has_resources() -> bool:
    """Whether stack `local` holds anything, which its state knows without any AWS."""
    if "local" not in _LOCAL.local_stacks():
        return False
    environment = _inherited() | backend_environment(_LOCAL, os.environ.get("PATH", os.defpath))
    deployment = json.loads(_ask("pulumi", "stack", "export", "--stack", "local", environment=environment))
    return bool(deployment["deployment"].get("resources"))


def _use(name: str, mcp_url: str, environment: dict[str, str]) -> None:
    """Be an agent: sign in, list the tools, call the one that the demo has."""
    chosen = ["--stack", "local", "--gateway", name]
    _say(f"Signing in to gateway {name} and listing its tools")
    _run("agentcore", "tools", "list", *chosen, environment=environment)
    tools = json.loads(_ask("agentcore", "tools", "list", *chosen, "--json", environment=environment))
    if any(tool["name"].endswith(f"___{_TOOL}") for tool in tools):
        _say(f"Calling {_TOOL} with {_ARGUMENTS}")
        _run("agentcore", "tools", "call", _TOOL, _ARGUMENTS, *chosen, environment=environment)
    _say(f"Gateway {name} is at {mcp_url}")


def _say(line: str) -> None:
    print(f"\n=> {line}", flush=True)


def _ask(program: str, *arguments: str, environment: dict[str, str] | None) -> str:
    """What a command prints; it is silent unless it fails."""
    answer = _command(program, *arguments, environment=environment, quiet=True)
    if answer.returncode != 0:
        lines = [line for line in answer.stderr.splitlines() if line.strip()]
        raise SetupError(lines[-1] if lines else f"`{program} {' '.join(arguments)}` failed without output")
    return answer.stdout


def _run(program: str, *arguments: str, environment: dict[str, str] | None = None) -> None:
    """A command that speaks for itself, in failure too."""
    answer = _command(program, *arguments, environment=environment, quiet=False)
    if answer.returncode == 0:
        return
    if program == "pulumi":
        raise SetupError(
            f"pulumi {arguments[0]} failed: correct what it says above and run this again; "
            'for pulumi commands of your own: eval "$(.venv/bin/agentcore local env)"'
        )
    raise SystemExit(answer.returncode)


def _command(
    program: str, *arguments: str, environment: dict[str, str] | None, quiet: bool
) -> subprocess.CompletedProcess[str]:
    # Apart from this terminal, so that Ctrl-C does not reach the engine twice: it would give up, and leave its lock.
    process = subprocess.Popen(  # noqa: S603 (programs of our own virtual environment)
        [_PROGRAMS / program, *arguments],
        cwd=_PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.PIPE if quiet else None,
        text=True,
        start_new_session=True,
    )
    with process, forwarded_to(process):
        answer, complaint = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, answer or "", complaint or "")


def main(arguments: list[str]) -> int:
    """`up PORT`, where an empty PORT means the one that the stack file names, or `down`. make checks the port."""
    try:
        match arguments:
            case ["up", port]:
                up(int(port) if port else None)
            case ["down"]:
                down()
            case _:
                raise SetupError("usage: python -m engine.demo up PORT | down")
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted: `make down` takes away what was made, `make up` carries on", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
