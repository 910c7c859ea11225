"""`agentcore builtins`: the built-in schemas, their operations, settings and how calls are authorized."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from agentcore_provider.cli.terminal import new_row, new_table, print_json, stdout
from agentcore_provider.documents.json_types import JsonDict

if TYPE_CHECKING:
    from agentcore_provider.schemas.builtins.entry import Credential, Entry


def show_builtins(
    name: Annotated[str | None, typer.Argument(help="One schema. Default: list all.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """List the built-in schemas with their operations and the authorization each needs."""
    from agentcore_provider.schemas.builtins import catalogue

    if name is not None:
        entry = catalogue.entry(name)
        print_json(_document(entry)) if as_json else _show(entry)
        return
    entries = [catalogue.entry(one) for one in catalogue.names()]
    if as_json:
        print_json([_document(entry) for entry in entries])
        return
    table = new_table("name", "api", "kind", "authorization", "settings", "operations")
    for entry in entries:
        needed = ", ".join(one.name for one in entry.settings if one.required)
        methods = ", ".join(entry.outbound_auth)
        new_row(table, entry.name, entry.title, entry.kind, methods, needed, str(len(entry.operations)))
    stdout().print(table)


def _show(entry: Entry) -> None:
    out = stdout()
    facts = new_table("built-in schema", entry.name)
    new_row(facts, "api", entry.title)
    new_row(facts, "kind", entry.kind)
    for method in entry.outbound_auth:
        new_row(facts, method, _describe_method(method, entry.credential))
    for one in entry.settings:
        usual = f" (default {one.default})" if one.default else ""
        new_row(facts, f"setting {one.name}", f"{one.description}{usual}{'' if one.required else ', optional'}")
    for region, uri in entry.hosted_s3.items():
        new_row(facts, f"hosted in {region}", uri)
    for source in entry.source:
        new_row(facts, "source", source)
    if entry.note:
        new_row(facts, "note", entry.note)
    out.print(facts)
    operations = new_table("operation", "call", "description")
    for operation in entry.operations:
        call = f"{operation.method} {operation.path}" if entry.kind == "openapi" else ""
        new_row(operations, operation.name, call, operation.description)
    out.print(operations)


def _describe_method(method: str, credential: Credential) -> str:
    if method == "api_key":
        place = "header" if credential.location == "HEADER" else "query parameter"
        before = f', prefix "{credential.prefix}"' if credential.prefix else ""
        return f"{credential.key}; {place} {credential.parameter_name}{before}"
    if method == "oauth2":
        scopes = f", scopes {' '.join(credential.scopes)}" if credential.scopes else ""
        return f"{credential.oauth_vendor or 'any vendor'}{scopes}"
    if method == "iam_role":
        return f"the gateway's role, actions {credential.iam_service}:…" if credential.iam_service else "SigV4"
    return "no authorization"


def _document(entry: Entry) -> JsonDict:
    credential = entry.credential
    return {
        "name": entry.name,
        "title": entry.title,
        "kind": entry.kind,
        "outbound_auth": list(entry.outbound_auth),
        "credential": {
            "location": credential.location,
            "parameter_name": credential.parameter_name,
            "prefix": credential.prefix,
            "key": credential.key,
            "oauth_vendor": credential.oauth_vendor,
            "scopes": list(credential.scopes),
            "iam_service": credential.iam_service,
        },
        "settings": [
            {"name": one.name, "description": one.description, "required": one.required, "default": one.default}
            for one in entry.settings
        ],
        "operations": [
            {"name": one.name, "method": one.method, "path": one.path, "description": one.description}
            for one in entry.operations
        ],
        "hosted_s3": dict(entry.hosted_s3),
        "source": list(entry.source),
        "note": entry.note,
    }
