"""`agentcore local`: an AWS on this machine, in the foreground or in the background for a project."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agentcore_provider.cli.local_aws import LocalAwsStopped, describe_state
from agentcore_provider.cli.terminal import NOT_REACHED, print_json, progress, say
from agentcore_provider.errors import InvalidInput, LocalAwsError

if TYPE_CHECKING:
    from agentcore_provider.cli.local_aws.process import LocalProcess
    from agentcore_provider.cli.local_aws.state import KeptState

app = typer.Typer(
    no_args_is_help=True,
    help="AWS on this machine: no account, no network, no cost.",
    epilog='Example: agentcore local start && eval "$(agentcore local env)" && pulumi up -s local',
)

_NEEDED = ("moto", "flask", "flask_cors", "jwt", "jinja2")
_PAGE = "/_local/page/"

Port = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=65535,
        show_default="the port in stack local's file, else 4599",
        help="Port on 127.0.0.1; 0 picks a free one.",
    ),
]
ReadyAfter = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KIND=SECONDS",
        help="Delay until gateways or targets are READY, or permissions apply, as on AWS: gateway=3, permission=2.",
    ),
]
EnforceLimits = Annotated[bool, typer.Option("--enforce-limits", help="Throttle calls above AWS's rate limits.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


Forget = Annotated[
    bool, typer.Option("--forget", help="Start empty, and keep nothing on disk; what is kept there stays as it is.")
]


@app.command(epilog="Example: agentcore local run --port 4600 --ready-after gateway=3")
def run(
    port: Port = None,
    ready_after: ReadyAfter = None,
    enforce_limits: EnforceLimits = False,
    state: Annotated[
        Path | None,
        typer.Option(
            file_okay=False, metavar="FOLDER", help="Keep what is created in this folder, and go on with what it has."
        ),
    ] = None,
    forget: Forget = False,
) -> None:
    """Run local AWS in this terminal until Ctrl-C; prints `ready http://127.0.0.1:PORT`."""
    delays = _delays(ready_after)
    _require_extra()
    from agentcore_provider import pulumi_aws_stand_in
    from agentcore_provider.local.run import run as run_local_aws

    run_local_aws(
        port=_port(port),
        ready_after=delays,
        enforce_limits=enforce_limits,
        aws_plugin=pulumi_aws_stand_in,
        state_folder=state,
        keeps_state=not forget,
    )


@app.command(epilog="Example: agentcore local start --ready-after gateway=3 --ready-after target=2")
def start(
    port: Port = None, ready_after: ReadyAfter = None, enforce_limits: EnforceLimits = False, forget: Forget = False
) -> None:
    """Run local AWS in the background for this project, unless it already runs. It goes on with what it had."""
    delays = _delays(ready_after)
    _require_extra()
    flags = [f"--ready-after={kind}={seconds:g}" for kind, seconds in delays.items()]
    flags += ["--enforce-limits"] if enforce_limits else []
    process = _process()
    flags += ["--forget"] if forget else []
    with progress("Starting local AWS"):
        local_aws, started = process.start(port=_port(port), flags=flags)
    if problem := process.state_of(local_aws).get("problem"):
        say(f"Note: {problem}")
    if started:
        say(
            f"Local AWS runs at {local_aws.endpoint} (process {local_aws.pid}, log {process.log}); its page: `agentcore local open`"
        )
    else:
        say(
            f"Local AWS already runs at {local_aws.endpoint} (process {local_aws.pid}); flags of this call are not used"
        )


@app.command(epilog="Example: agentcore local stop")
def stop() -> None:
    """Stop this project's local AWS and wait until it has ended. Its resources are there again at the next start."""
    with progress("Stopping local AWS"):
        stopped = _process().stop()
    say("Local AWS is stopped" if stopped else "Local AWS does not run")


@app.command(epilog="Example: agentcore local reset")
def reset() -> None:
    """Forget every resource of this project's local AWS, on disk as well. What `save` has saved stays."""
    process = _process()
    local_aws = process.find()
    with progress("Resetting local AWS"):
        if local_aws is None:
            _kept_state().empty()
        else:
            process.reset(local_aws)
    say("Local AWS is empty; `pulumi up --refresh` creates the stack again")


Name = Annotated[str, typer.Argument(metavar="NAME", help="Letters, digits, dots, hyphens, underscores.")]


@app.command(epilog="Example: agentcore local save before-migration")
def save(name: Name) -> None:
    """Save everything that this project's local AWS has under a name, in place of what the name had."""
    with progress("Saving the state of local AWS"):
        _kept_state().save(name)
    say(f"Saved as {name}; `agentcore local load {name}` brings it back")


@app.command(epilog="Example: agentcore local load before-migration")
def load(name: Name) -> None:
    """Replace everything that this project's local AWS has by what was saved under a name."""
    with progress("Loading the state of local AWS"):
        _kept_state().load(name)
    say(f"Local AWS has what was saved as {name}; `pulumi up --refresh` brings a stack in line with it")


@app.command(epilog="Example: agentcore local saved --json")
def saved(as_json: Json = False) -> None:
    """List the names under which states of this project's local AWS are saved."""
    names = _kept_state().names()
    if as_json:
        print_json(names)
    elif not names:
        typer.echo("No state is saved: `agentcore local save NAME`")
    for name in [] if as_json else names:
        typer.echo(name)


@app.command(epilog="Example: agentcore local status --json")
def status(as_json: Json = False) -> None:
    """Report whether this project's local AWS runs: exit code 0 if it answers, else 3."""
    process = _process()
    local_aws = process.find()
    answers = local_aws is not None and process.answers(local_aws)
    if as_json:
        details = asdict(local_aws) | {"log": str(process.log)} if local_aws else {}
        state = {"state": process.state_of(local_aws)} if local_aws and answers else {}
        print_json({"running": answers} | details | state)
    elif local_aws is None:
        typer.echo("Local AWS does not run: `agentcore local start`")
    elif answers:
        typer.echo(f"Local AWS runs at {local_aws.endpoint} (process {local_aws.pid}, log {process.log})")
        typer.echo(describe_state(process.state_of(local_aws)))
    else:
        typer.echo(
            f"Local AWS (process {local_aws.pid}) does not answer at {local_aws.endpoint}: "
            f"`agentcore local stop`, then start it; its log: {process.log}"
        )
    if not answers:
        raise typer.Exit(NOT_REACHED)


@app.command("open", epilog="Example: agentcore local open")
def open_page(
    only_print: Annotated[bool, typer.Option("--print", help="Print its address, and open no browser.")] = False,
) -> None:
    """Open the page of this project's local AWS in a browser: gateways, tools, calls, faults."""
    import webbrowser

    local_aws = _process().find()
    if local_aws is None:
        raise LocalAwsStopped("Local AWS does not run in this project", "Start it with `agentcore local start`")
    address = local_aws.endpoint + _PAGE
    typer.echo(address)
    if not only_print and not webbrowser.open(address):
        say("No browser was found: open this address in one on this machine")


@app.command(epilog='Example: eval "$(agentcore local env)"')
def env() -> None:
    """Print `export` lines that make plain `pulumi up -s local` use the running local AWS."""
    from agentcore_provider.cli.local_aws.environment import local_environment, shell_lines
    from agentcore_provider.cli.project import find_project

    project = find_project()
    local_aws = _process().find()
    if local_aws is None:
        raise LocalAwsStopped("Local AWS does not run in this project", "Start it with `agentcore local start`")
    if local_aws.port != project.local_port():
        say(
            f"Note: stack local looks for local AWS at port {project.local_port()}, but it runs at {local_aws.port}: "
            f"`pulumi config set agentcore:endpointUrl {local_aws.endpoint}`, or start it again without --port"
        )
    project.make_state_folder()
    environment = local_environment(project, local_aws, os.environ.get("PATH", os.defpath))
    for line in shell_lines(environment, os.environ):
        typer.echo(line)


@app.command(
    "exec",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    epilog="Example: agentcore local exec -- python quick_start.py",
)
def execute(
    program: Annotated[
        list[str], typer.Argument(metavar="PROGRAM [ARGUMENT]...", help="The program, and its arguments.")
    ],
) -> None:
    """Run a program that uses local AWS, even one that has Cognito's addresses built in.

    It gets the variables of `agentcore local env`, a proxy that answers for Cognito's hosts from local AWS, and a
    certificate of that proxy, which nothing else trusts. Its exit code is the command's.
    """
    from agentcore_provider.cli.local_aws.environment import local_environment
    from agentcore_provider.cli.local_aws.program import run_program
    from agentcore_provider.cli.project import find_project

    project = find_project()
    local_aws = _process().find()
    if local_aws is None:
        raise LocalAwsStopped("Local AWS does not run in this project", "Start it with `agentcore local start`")
    project.make_state_folder()
    environment = local_environment(project, local_aws, os.environ.get("PATH", os.defpath))
    raise typer.Exit(run_program(program, local_aws.endpoint, environment))


def _kept_state() -> KeptState:
    from agentcore_provider.cli.local_aws.state import KeptState
    from agentcore_provider.cli.project import find_project

    return KeptState(find_project(), _process().find())


def _process() -> LocalProcess:
    from agentcore_provider.cli.local_aws.process import LocalProcess
    from agentcore_provider.cli.project import find_project

    return LocalProcess(find_project())


def _port(port: int | None) -> int:
    from agentcore_provider.cli.project import find_project

    return find_project().local_port() if port is None else port


def _delays(ready_after: list[str] | None) -> dict[str, float]:
    from agentcore_provider.local.settings import READY_AFTER_KINDS

    delays: dict[str, float] = {}
    for text in ready_after or []:
        kind, _, seconds = text.partition("=")
        try:
            delay = float(seconds)
        except ValueError:
            delay = -1.0
        if kind not in READY_AFTER_KINDS or not 0 <= delay < float("inf"):
            raise InvalidInput(
                f"--ready-after {text}",
                f"Pass {', '.join(READY_AFTER_KINDS[:-1])} or {READY_AFTER_KINDS[-1]} with seconds, such as gateway=3",
            )
        delays[kind] = delay
    return delays


def _require_extra() -> None:
    from agentcore_provider.installation import command

    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise LocalAwsError(
            f"Local AWS needs packages that are not installed ({', '.join(missing)})",
            f"install them: {command(extra='local')}",
        )
