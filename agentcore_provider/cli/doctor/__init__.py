"""`agentcore doctor`: walk from this machine to a tool's answer, and say which layer fails first and the cure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from agentcore_provider.cli.doctor import client_side, control_plane, execution_role, machine, service_texts
from agentcore_provider.cli.doctor.layer import Layer, look
from agentcore_provider.cli.doctor.visit import See, Visit, walk
from agentcore_provider.cli.gateway import Gateway
from agentcore_provider.cli.gateway_choice import any_gateway, is_address, known_gateways
from agentcore_provider.cli.options import Json, Sigv4, Stack, Timeout, TokenText
from agentcore_provider.cli.project import Project, find_project
from agentcore_provider.cli.terminal import NOT_REACHED, REFUSED, print_json, progress, stdout
from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.documents.reading import parsed
from agentcore_provider.errors import InvalidInput

_MARKS = {"ok": ("✓", "green"), "not checked": ("-", "dim"), "failed": ("✗", "red"), "not reached": ("·", "dim")}
_WIDTH = 16

_AWS: list[tuple[str, See]] = [
    ("region", control_plane.see_region),
    ("credentials", control_plane.see_credentials),
    ("gateway", control_plane.see_gateway),
    ("role", execution_role.see_role),
    ("role trust", execution_role.see_trust),
    ("role permissions", execution_role.see_permissions),
    ("gateway status", control_plane.see_status),
    ("targets", control_plane.see_targets),
]

GatewayReference = Annotated[
    str | None,
    typer.Option(
        "--gateway",
        "-g",
        help="Name, id, ARN or URL of a gateway, also of one that no stack made. Default: the stack's.",
    ),
]
Call = Annotated[
    tuple[str, str] | None,
    typer.Option("--call", metavar="TOOL JSON", help="Call this tool with these arguments too."),
]
Explain = Annotated[
    str | None,
    typer.Option(
        "--explain", metavar="TEXT", help="Look at nothing; tell what is behind this error text of AWS, and the cure."
    ),
]


def add_commands(app: typer.Typer) -> None:
    """Put the command into the root."""
    example = """Example: agentcore doctor --gateway shop --call get_order '{"order_id": "A-1002"}'"""
    app.command("doctor", epilog=example)(doctor)


def doctor(
    *,
    stack: Stack = None,
    gateway: GatewayReference = None,
    call: Call = None,
    explain: Explain = None,
    token: TokenText = None,
    sigv4: Sigv4 = False,
    timeout: Timeout = 20.0,
    as_json: Json = False,
) -> None:
    """Find out why a gateway cannot be used.

    Looks at one layer after another: Region and credentials, the gateway's role, its trust and permissions, the
    gateway's and its targets' status, token endpoint, inbound check, tools. Names the first that fails and the cure.
    Changes nothing.

    Exit codes: 0 all is well, 1 a layer fails, 2 wrong flags, 3 a layer fails because nobody answers.
    """
    if explain is not None:
        _explain(explain, as_json=as_json)
        return
    _require_arguments(call)
    if gateway is not None and is_address(gateway):
        any_gateway(gateway)  # a URL or ARN that cannot be is a mistake of the command, not of the gateway
    seen: list[tuple[str, Layer]] = []
    with progress("Looking"):
        for name, layer in examine(
            find_project(), stack, gateway, token=token, sigv4=sigv4, call=call, timeout=timeout
        ):
            if not as_json:
                _show(name, layer, is_new=name not in ("", *(shown for shown, _ in seen)))
            seen.append((name, layer))
    if as_json:
        print_json({"layers": [_public(name, layer) for name, layer in seen]})
    failed = [(name, layer) for name, layer in seen if layer.status == "failed"]
    if not failed:
        return
    if not as_json:
        _sum_up(*failed[0])
    raise typer.Exit(NOT_REACHED if failed[0][1].unreachable else REFUSED)


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
    """Every layer, bottom up, with the name of the gateway that it belongs to; that is empty for the machine's.

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
        visit = Visit(one, timeout, token=token, sigv4=sigv4, call=call)
        for layer in walk(visit, _layers(call)):
            yield one.name, layer


def _below(project: Project, stack: str | None, reference: str | None, chosen: list[Gateway]) -> Iterator[Layer]:
    """The layers below AWS, for a gateway of a stack. chosen: takes the gateways to visit."""
    if reference is not None and (is_address(reference) or not project.is_pulumi):
        chosen.append(any_gateway(reference, known_gateways(project, stack), project, stack))
        return
    found: list[Gateway] = []
    steps = [
        ("project", lambda: machine.see_project(project)),
        ("engine", machine.see_engine),
        ("local AWS", lambda: machine.see_local_aws(project)),
        ("stack", lambda: machine.see_stack(project, stack, found)),
    ]
    failed = False
    for name, see in steps:
        layer = Layer(name, "not reached") if failed else look(name, see)
        failed = failed or layer.status == "failed"
        yield layer
    if reference is not None:
        chosen.append(any_gateway(reference, found, project, stack))
    else:
        chosen.extend(found)


def _layers(call: tuple[str, str] | None) -> list[tuple[str, See]]:
    return _AWS + client_side.ClientSide().layers(with_call=call is not None)


def _require_arguments(call: tuple[str, str] | None) -> None:
    if call is None:
        return
    try:
        arguments = parsed(call[1], yaml=False)
    except Unreadable as error:
        why = error.message.replace("is not JSON: ", "")
        raise InvalidInput(f"--call {call[0]}: its arguments are not JSON ({why}): quote them for the shell") from None
    if not isinstance(arguments, dict):
        raise InvalidInput(f"--call {call[0]}: its arguments are not a JSON object such as '{{\"id\": 7}}'")


def _explain(said: str, *, as_json: bool) -> None:
    """Tell what is known of a text of AWS; exit code 1 if nothing is."""
    known = service_texts.explain(said)
    if as_json:
        found = {"text": known.text, "cause": known.cause, "cure": known.cure, "row": known.row} if known else None
        print_json({"explanation": found})
    elif known is not None:
        stdout().print(f"{known.cause}\nCure: {known.cure}", markup=False, highlight=False, soft_wrap=True)
        stdout().print(f"(docs/fidelity.md, row {known.row})", markup=False, highlight=False, style="dim")
    else:
        stdout().print("Nothing is known of this text.", markup=False)
    if known is None:
        raise typer.Exit(REFUSED)


def _public(gateway: str, layer: Layer) -> dict[str, str]:
    return {
        "name": layer.name,
        "status": layer.status,
        "message": layer.message,
        "cure": layer.cure,
        "gateway": gateway,
    }


def _show(gateway: str, layer: Layer, *, is_new: bool) -> None:
    from rich.text import Text

    if is_new:
        stdout().print(Text(f"gateway {gateway}", style="bold"))
    mark, style = _MARKS[layer.status]
    said = layer.message if layer.status != "not reached" else "not reached"
    line = Text(f"{mark} {layer.name:<{_WIDTH}} ", style=style).append(said, style="default")
    if layer.cure:
        line.append(f" → {layer.cure}", style="bold")
    stdout().print(line, soft_wrap=True)


def _sum_up(gateway: str, layer: Layer) -> None:
    from rich.text import Text

    whose = f" of gateway {gateway}" if gateway else ""
    cure = f". Cure: {layer.cure}" if layer.cure else ""
    stdout().print(Text(f"\nThe layer `{layer.name}`{whose} fails first{cure}", style="red"), soft_wrap=True)
