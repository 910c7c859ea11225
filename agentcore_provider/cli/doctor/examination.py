"""Which layers are examined, bottom up, and of which gateways."""

from __future__ import annotations

from collections.abc import Iterator

from agentcore_provider.cli.doctor import client_side, control_plane, execution_role, locked_tools, machine
from agentcore_provider.cli.doctor.findings import Check, Findings, walk
from agentcore_provider.cli.doctor.layer import Layer, run_check
from agentcore_provider.cli.gateway import Gateway
from agentcore_provider.cli.gateway_choice import any_gateway, is_address, known_gateways
from agentcore_provider.cli.project import Project

_AWS: list[tuple[str, Check]] = [
    ("region", control_plane.check_region),
    ("credentials", control_plane.check_credentials),
    ("gateway", control_plane.check_gateway),
    ("role", execution_role.check_role),
    ("role trust", execution_role.check_trust),
    ("role permissions", execution_role.check_permissions),
    ("gateway status", control_plane.check_status),
    ("targets", control_plane.check_targets),
]


def examine(
    project: Project,
    stack: str | None,
    reference: str | None,
    *,
    token: str | None,
    sigv4: bool = False,
    call: tuple[str, str] | None,
    timeout: float,
) -> Iterator[tuple[str, Layer]]:
    """Every layer, bottom up, with the name of its gateway; empty for the layers of this machine.

    reference: name, id, ARN or URL; None: all gateways of the stack. timeout: seconds for each answer of a gateway.
    """
    chosen: list[Gateway] = []
    failed = False
    for layer in _below(project, stack, reference, chosen):
        failed = failed or layer.status == "failed"
        yield "", layer
    if failed:
        for name, _ in _layers(call):
            yield "", Layer(name, "not reached")
        return
    for one in chosen:
        findings = Findings(one, timeout, token=token, sigv4=sigv4, call=call)
        locks: list[tuple[str, Check]] = [("locked tools", locked_tools.check)] if one.locked_targets else []
        for layer in walk(findings, _layers(call) + locks):
            yield one.name, layer


def _below(project: Project, stack: str | None, reference: str | None, chosen: list[Gateway]) -> Iterator[Layer]:
    """The layers below AWS, for a gateway of a stack. chosen: receives the gateways to examine."""
    if reference is not None and (is_address(reference) or not project.is_pulumi):
        chosen.append(any_gateway(reference, known_gateways(project, stack), project, stack))
        return
    found: list[Gateway] = []
    steps = [
        ("project", lambda: machine.check_project(project)),
        ("engine", machine.check_engine),
        ("local AWS", lambda: machine.check_local_aws(project)),
        ("stack", lambda: machine.check_stack(project, stack, found)),
    ]
    failed = False
    for name, check in steps:
        layer = Layer(name, "not reached") if failed else run_check(name, check)
        failed = failed or layer.status == "failed"
        yield layer
    if reference is not None:
        chosen.append(any_gateway(reference, found, project, stack))
    else:
        chosen.extend(found)


def _layers(call: tuple[str, str] | None) -> list[tuple[str, Check]]:
    return _AWS + client_side.ClientSide().layers(with_call=call is not None)
