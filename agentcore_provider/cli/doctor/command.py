"""`agentcore doctor`: check each layer from this machine to a tool's answer, and name the first that fails and the cure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from agentcore_provider.cli.options import Json, Sigv4, Stack, Timeout, TokenText
from agentcore_provider.cli.terminal import NOT_REACHED, REFUSED, print_json, progress, stdout

if TYPE_CHECKING:
    from agentcore_provider.cli.doctor.layer import Layer

_MARKS = {"ok": ("✓", "green"), "not checked": ("-", "dim"), "failed": ("✗", "red"), "not reached": ("·", "dim")}
_WIDTH = 16

GatewayReference = Annotated[
    str | None,
    typer.Option(
        "--gateway",
        "-g",
        help="Name, id, ARN or URL of a gateway, of a stack or not. Default: all gateways of the stack.",
    ),
]
Call = Annotated[
    tuple[str, str] | None,
    typer.Option("--call", metavar="TOOL JSON", help="Also call this tool with these arguments."),
]
Explain = Annotated[
    str | None,
    typer.Option(
        "--explain", metavar="TEXT", help="Explain this error message of AWS, with its cure, and check nothing."
    ),
]


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

    Checks one layer after another: Region and credentials, the gateway's role, its trust and permissions, the
    status of the gateway and its targets, token endpoint, inbound authorizer, tools. Names the first that fails and
    the cure. Changes nothing.

    Exit codes: 0 no layer fails, 1 a layer fails, 2 wrong flags, 3 a layer fails because nothing answers.
    """
    if explain is not None:
        _explain(explain, as_json=as_json)
        return
    from agentcore_provider.cli.doctor.examination import examine
    from agentcore_provider.cli.gateway_choice import any_gateway, is_address
    from agentcore_provider.cli.json_argument import read_object
    from agentcore_provider.cli.project import find_project
    from agentcore_provider.cli.sign_in import import_meanwhile

    if call is not None:
        read_object(f"--call {call[0]}", call[1])
    if gateway is not None and is_address(gateway):
        any_gateway(gateway)  # an invalid URL or ARN is wrong usage, not a failing layer
    checked: list[tuple[str, Layer]] = []
    import_meanwhile("botocore.session", "agentcore_provider.mcp.session")
    with progress("Checking"):
        for name, layer in examine(
            find_project(), stack, gateway, token=token, sigv4=sigv4, call=call, timeout=timeout
        ):
            if not as_json:
                _show(name, layer, is_new=name not in ("", *(known for known, _ in checked)))
            checked.append((name, layer))
    if as_json:
        print_json({"layers": [_public(name, layer) for name, layer in checked]})
    failed = [(name, layer) for name, layer in checked if layer.status == "failed"]
    if not failed:
        return
    if not as_json:
        _sum_up(*failed[0])
    raise typer.Exit(NOT_REACHED if failed[0][1].unreachable else REFUSED)


def _explain(text: str, *, as_json: bool) -> None:
    """Explain an error message of AWS; exit code 1 if it is unknown."""
    from agentcore_provider.cli.doctor import service_texts

    known = service_texts.explain(text)
    if as_json:
        found = {"text": known.text, "cause": known.cause, "cure": known.cure, "row": known.row} if known else None
        print_json({"explanation": found})
    elif known is not None:
        stdout().print(f"{known.cause}\nCure: {known.cure}", markup=False, highlight=False, soft_wrap=True)
        stdout().print(f"(docs/fidelity.md, row {known.row})", markup=False, highlight=False, style="dim")
    else:
        stdout().print("This message is not known.", markup=False)
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
    message = layer.message if layer.status != "not reached" else "not reached"
    line = Text(f"{mark} {layer.name:<{_WIDTH}} ", style=style).append(message, style="default")
    if layer.cure:
        line.append(f" → {layer.cure}", style="bold")
    stdout().print(line, soft_wrap=True)


def _sum_up(gateway: str, layer: Layer) -> None:
    from rich.text import Text

    whose = f" of gateway {gateway}" if gateway else ""
    cure = f". Cure: {layer.cure}" if layer.cure else ""
    stdout().print(Text(f"\nThe layer `{layer.name}`{whose} fails first{cure}", style="red"), soft_wrap=True)
