"""Options about the document that describes a target's tools, shared by the commands that take one."""

from __future__ import annotations

from typing import Annotated

import typer

Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        help="Operations that become tools: names, tag:NAME, methods, paths; * matches any text. Repeatable. Default: all.",
        metavar="PATTERN",
        show_default=False,
    ),
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        help="Operations that do not become tools, written as for --only. Repeatable.",
        metavar="PATTERN",
        show_default=False,
    ),
]
Fix = Annotated[
    bool,
    typer.Option("--fix", help="Fix what the service would reject in an OpenAPI document, and report each change."),
]
Server = Annotated[
    str | None,
    typer.Option("--server", help="Address of the API, instead of the OpenAPI document's own.", metavar="URL"),
]
Accept = Annotated[
    list[str] | None,
    typer.Option(
        "--accept",
        help="Code of a rule whose errors become warnings, such as composed-input; each error ends with its code. "
        "Repeatable.",
        metavar="CODE",
        show_default=False,
    ),
]
