"""`agentcore doctor`: walk from this machine to a tool's answer, and say which layer fails and the cure."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import typer

from agentcore_provider.cli.finding import Finding, look
from agentcore_provider.cli.gateway_in_aws import examine_in_aws
from agentcore_provider.cli.local_process import LocalProcess
from agentcore_provider.cli.project import Project, find_project
from agentcore_provider.cli.sign_in import GatewayName, Json, Stack, Timeout
from agentcore_provider.cli.stack_outputs import DeployedGateway, read_gateways
from agentcore_provider.cli.terminal import REFUSED, print_json, progress, stdout
from agentcore_provider.errors import AgentCoreError

_MARKS = {"ok": ("✓", "green"), "skipped": ("-", "dim"), "failed": ("✗", "red")}


def add_commands(app: typer.Typer) -> None:
    """Put the command into the root."""
    app.command("doctor", epilog="Example: agentcore doctor --stack dev")(doctor)


def doctor(stack: Stack = None, gateway: GatewayName = None, timeout: Timeout = 20.0, as_json: Json = False) -> None:
    """Find out why a gateway cannot be used: project, engine, stack, AWS, sign-in, inbound check, tools.

    Exit codes: 0 all is well, 1 a layer fails.
    """
    findings: list[Finding] = []
    with progress("Looking"):
        for finding in examine(find_project(), stack, gateway, timeout):
            findings.append(finding)
            if not as_json:
                _show(finding)
    if as_json:
        print_json([vars(finding) for finding in findings])
    if any(finding.state == "failed" for finding in findings):
        raise typer.Exit(REFUSED)


def examine(project: Project, stack: str | None, name: str | None, timeout: float) -> Iterator[Finding]:
    """Look at every layer from the machine up; a layer that fails ends the walk through those above it."""
    here = (_project(project), _engine(), _local_aws(project))
    yield from here
    if any(finding.state == "failed" for finding in here):
        return
    gateways: dict[str, DeployedGateway] = {}

    def read() -> str:
        gateways.update(read_gateways(project, stack))
        if name is not None and name not in gateways:
            raise AgentCoreError(f"The stack has no gateway {name!r}: it has {', '.join(gateways) or 'none'}")
        return f"deploys {', '.join(gateways)}" if gateways else "has no gateways"

    yield look("stack", read)
    for gateway in gateways.values():
        if name in (None, gateway.name):
            yield from examine_in_aws(gateway)
            yield from _as_a_client(gateway, timeout)


def _project(project: Project) -> Finding:
    if project.is_pulumi:
        return Finding("project", "ok", str(project.folder))
    return Finding("project", "failed", f"There is no Pulumi.yaml in {project.folder} or above: go to the project")


def _engine() -> Finding:
    programs = str(Path(sys.executable).parent)
    program = shutil.which("pulumi", path=os.pathsep.join([programs, os.environ.get("PATH", os.defpath)]))
    if program:
        return Finding("engine", "ok", program)
    return Finding("engine", "failed", "`pulumi` is not installed: `make setup` brings it")


def _local_aws(project: Project) -> Finding:
    process = LocalProcess(project)
    local_aws = process.find()
    if local_aws is None:
        return Finding("local AWS", "skipped", "does not run (stacks on real AWS need none)")
    if process.answers(local_aws):
        return Finding("local AWS", "ok", f"{local_aws.endpoint} (process {local_aws.pid})")
    cure = "`agentcore local stop`, then `agentcore local start`"
    return Finding("local AWS", "failed", f"{local_aws.endpoint} does not answer: {cure} (log: {process.log})")


def _as_a_client(gateway: DeployedGateway, timeout: float) -> Iterator[Finding]:
    from agentcore_provider.mcp import session
    from agentcore_provider.mcp.token import fetch_token

    token = ""

    def sign_in() -> str:
        nonlocal token
        granted = fetch_token(
            gateway.token_endpoint, gateway.client_id, gateway.client_secret, gateway.scope, timeout=timeout
        )
        token = granted.access_token
        return f"{gateway.token_endpoint} signs in {gateway.client_id}, scope {granted.scope or '(none)'}"

    def list_tools() -> str:
        tools = session.list_tools(gateway.mcp_url, token, timeout=timeout)
        if not tools:
            raise AgentCoreError(f"The gateway at {gateway.mcp_url} lets the token in but has no tools: add a target")
        targets = sorted({tool.target for tool in tools if tool.target})
        return f"{len(tools)} tools at {gateway.mcp_url}, targets: {', '.join(targets) or 'none'}"

    if gateway.signs_in:
        signed_in = look(f"{gateway.name}: sign-in", sign_in)
        yield signed_in
        if signed_in.state == "failed":
            return
    else:
        yield Finding(f"{gateway.name}: sign-in", "skipped", "the stack exports none: asking without a token")
    yield look(f"{gateway.name}: tools", list_tools)


def _show(finding: Finding) -> None:
    from rich.text import Text

    mark, style = _MARKS[finding.state]
    line = Text(f"{mark} {finding.layer:<16} ", style=style)
    stdout().print(line.append(finding.said, style="default"), soft_wrap=True)
