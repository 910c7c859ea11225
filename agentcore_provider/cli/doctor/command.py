"""`agentcore doctor`: walk from this machine to a tool's answer, and say which layer fails first and the cure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from agentcore_provider.cli.options import Json, Sigv4, Stack, Timeout, TokenText
from agentcore_provider.cli.terminal import NOT_REACHED, REFUSED, print_json, progress, stdout
from agentcore_provider.errors import InvalidInput

if TYPE_CHECKING:
    from agentcore_provider.cli.doctor.layer import Layer

_MARKS = {"ok": ("✓", "green"), "not checked": ("-", "dim"), "failed": ("✗", "red"), "not reached": ("·", "dim")}
_WIDTH = 16

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
    from agentcore_provider.cli.doctor.examination import examine
    from agentcore_provider.cli.gateway_choice import any_gateway, is_address
    from agentcore_provider.cli.project import find_project

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


def _require_arguments(call: tuple[str, str] | None) -> None:
    if call is None:
        return
    from agentcore_provider.documents.limits import Unreadable
    from agentcore_provider.documents.reading import parsed

    try:
        arguments = parsed(call[1], yaml=False)
    except Unreadable as error:
        why = error.message.replace("is not JSON: ", "")
        raise InvalidInput(f"--call {call[0]}: its arguments are not JSON ({why}): quote them for the shell") from None
    if not isinstance(arguments, dict):
        raise InvalidInput(f"--call {call[0]}: its arguments are not a JSON object such as '{{\"id\": 7}}'")


def _explain(said: str, *, as_json: bool) -> None:
    """Tell what is known of a text of AWS; exit code 1 if nothing is."""
    from agentcore_provider.cli.doctor import service_texts

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
