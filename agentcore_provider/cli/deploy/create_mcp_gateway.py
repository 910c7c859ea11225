"""`agentcore create_mcp_gateway` and `create_mcp_gateway_target`: gateways in one line, managed by Pulumi."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from agentcore_provider.cli.options import (
    SOURCE,
    Accept,
    AuthorizerType,
    Description,
    Fix,
    Json,
    Only,
    ProjectFolder,
    Region,
    Role,
    Server,
    StackName,
    TargetType,
    Tools,
    Without,
    Yes,
)
from agentcore_provider.cli.terminal import progress
from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.errors import InvalidInput

if TYPE_CHECKING:
    from agentcore_provider.cli.stack import ChosenStack


def create_mcp_gateway(
    *,
    name: Annotated[
        str, typer.Option("--name", "-n", help="Name of the gateway: at most 48 letters, digits, single hyphens.")
    ],
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            "-t",
            help=SOURCE,
        ),
    ] = None,
    role: Role = None,
    region: Region = None,
    target_name: Annotated[
        str | None,
        typer.Option(
            "--target-name",
            help="Name of the target; it precedes each tool's name. Default: the function's, file's or host's.",
        ),
    ] = None,
    tools: Tools = None,
    only: Only = None,
    without: Without = None,
    accept: Accept = None,
    fix: Fix = False,
    server: Server = None,
    credentials: Annotated[
        str | None,
        typer.Option(
            "--credentials", help="Outbound credentials for the target, as JSON; see create_mcp_gateway_target."
        ),
    ] = None,
    authorizer_type: Annotated[
        AuthorizerType | None,
        typer.Option(
            "--authorizer-type", help="Inbound authorizer. Default: EZ_AUTH, a Cognito sign-in created for it."
        ),
    ] = None,
    authorizer_config: Annotated[
        str | None, typer.Option("--authorizer-config", help="AWS's authorizerConfiguration as JSON, for CUSTOM_JWT.")
    ] = None,
    description: Annotated[str | None, typer.Option("--description", help="What the gateway is for.")] = None,
    semantic_search: Annotated[
        bool | None,
        typer.Option(
            "--semantic-search/--no-semantic-search", help="Whether agents can search the tools. Default: yes."
        ),
    ] = None,
    stack: StackName = None,
    project: ProjectFolder = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Create a gateway, with a target if you name one; running it again changes nothing.

    It becomes an entry under agentcore:gateways of the stack's file, deployed with Pulumi: change it there, remove it
    with `agentcore delete`. Exit codes: 0 done, 1 AWS rejected it, 2 invalid input (nothing changed), 3 unreachable.
    """
    from agentcore_provider.cli.deploy import (
        authorizer_flags,
        credentials_flag,
        default_target_name,
        gateway_entry,
        target_flags,
    )
    from agentcore_provider.cli.stack_lock import changed_stack

    gateway_entry.require_name(name)
    members: JsonDict = {"name": name, **authorizer_flags.described(authorizer_type, authorizer_config)}
    members |= {"description": description} if description is not None else {}
    members |= {"search": semantic_search} if semantic_search is not None else {}
    if target is None and (target_name or tools or credentials or only or without or accept or fix or server):
        raise InvalidInput(
            (
                "is missing, and --target-name, --tools, --only, --without, --accept, --fix, --server and "
                "--credentials require it"
            ),
            path="--target",
        )
    described = target_flags.described(target, None, tools=tools, flag="--target") if target is not None else None
    if described is not None:
        described = target_flags.with_rules(
            described, only=only, without=without, accept=accept, fix=fix, server=server
        )
    parsed = credentials_flag.parse(credentials) if credentials is not None else None
    with changed_stack(project, stack, region) as chosen:
        key = gateway_entry.key_for(name)
        if gateway_entry.is_named_by_pulumi(chosen, key, name):
            del members["name"]
        members |= _role(chosen, role)
        signs_in = {}
        if described is not None:
            described = target_flags.located(described, chosen.project)
            target_name = target_name or default_target_name.choose(chosen, key, described, parsed, "--target-name")
            members["targets"] = {target_name: described}
            signs_in = {target_name: parsed} if parsed is not None else {}
        entry = gateway_entry.GatewayEntry(key, {"targets": {}, **members}, signs_in)
        gateway_entry.finish(chosen, entry, as_json, yes=yes)


def create_mcp_gateway_target(
    *,
    gateway_arn: Annotated[str | None, typer.Option("--gateway-arn", help="ARN of the gateway.")] = None,
    gateway_url: Annotated[str | None, typer.Option("--gateway-url", help="MCP URL of the gateway.")] = None,
    gateway: Annotated[
        str | None, typer.Option("--gateway", "-g", help="A gateway of the stack by name, or any gateway by id.")
    ] = None,
    target_type: Annotated[
        TargetType | None, typer.Option("--target-type", help="Kind of target. Default: detected from the payload.")
    ] = None,
    target_payload: Annotated[
        str | None,
        typer.Option(
            "--target-payload",
            help="The target: AWS's document for this kind as JSON, or just an ARN, file, s3:// URI or URL. "
            "smithyModel without one is Amazon DynamoDB.",
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--name",
            "-n",
            help="Name of the target; it precedes each tool's name. Default: the function's, file's or host's; with a number "
            "if another target of the gateway has that name.",
        ),
    ] = None,
    credentials: Annotated[
        str | None,
        typer.Option(
            "--credentials",
            help='JSON: {"api_key", "credential_location", "credential_parameter_name"}, or '
            '{"oauth2_provider_config", "scopes"}. Stored encrypted. @FILE reads a file, - stdin.',
        ),
    ] = None,
    tools: Tools = None,
    only: Only = None,
    without: Without = None,
    accept: Accept = None,
    fix: Fix = False,
    server: Server = None,
    description: Description = None,
    role: Annotated[
        str | None,
        typer.Option(
            "--role-arn", "--execution-role", "-r", help="Role of the gateway; only compared with the one it has."
        ),
    ] = None,
    region: Region = None,
    stack: StackName = None,
    project: ProjectFolder = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Add a target to a gateway; running it again changes nothing.

    A gateway that this stack does not manage only gets the target. Exit codes: 0 done, 1 AWS rejected it,
    2 invalid input (nothing changed), 3 unreachable.
    """
    from agentcore_provider import target_kinds
    from agentcore_provider.cli.deploy import (
        credentials_flag,
        default_target_name,
        existing_gateway,
        gateway_entry,
        target_flags,
    )
    from agentcore_provider.cli.stack_lock import changed_stack

    address = existing_gateway.address(gateway_arn, gateway_url, gateway, region)
    kind = target_kinds.SOURCED[target_type.value] if target_type else None
    described = target_flags.from_payload(target_payload, kind, tools=tools)
    described = target_flags.with_rules(described, only=only, without=without, accept=accept, fix=fix, server=server)
    described |= {"description": description} if description is not None else {}
    parsed = credentials_flag.parse(credentials) if credentials is not None else None
    with changed_stack(project, stack, region or address.region, elsewhere=address.gateway_id is not None) as chosen:
        key, members = existing_gateway.place(chosen, address, role)
        described = target_flags.located(described, chosen.project)
        target_name = name or default_target_name.choose(chosen, key, described, parsed)
        signs_in = {target_name: parsed} if parsed is not None else {}
        members["targets"] = {target_name: described}
        entry = gateway_entry.GatewayEntry(key, members, signs_in, only_target=True)
        gateway_entry.finish(chosen, entry, as_json, yes=yes)


def _role(chosen: ChosenStack, role: str | None) -> JsonDict:
    if role is None:
        return {}
    from agentcore_provider.aws.role import arn_of, check_name

    try:
        check_name(role)
    except InvalidInput as error:
        raise error.below("--execution-role") from None
    with progress("Asking AWS for the account"):
        return {"role_arn": arn_of(chosen.connect(), role)}
