"""`agentcore show`: a gateway with its sign-in, targets, credentials, tools and status, as a tree, JSON or picture."""

from __future__ import annotations

from dataclasses import asdict, replace
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from agentcore_provider.cli.inspect.tools import first_sentence
from agentcore_provider.cli.options import Json, Stack, Timeout, TokenText
from agentcore_provider.cli.terminal import print_json, progress, stdout
from agentcore_provider.errors import AgentCoreError, InvalidInput

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree

    from agentcore_provider.aws.connection import Connection
    from agentcore_provider.cli.beside import Part
    from agentcore_provider.cli.gateway import Gateway
    from agentcore_provider.cli.inspect.shown_beside import ShownPart, ShownRecord
    from agentcore_provider.cli.inspect.shown_gateway import ShownConsentPortal, ShownGateway, ShownTarget
    from agentcore_provider.cli.inspect.shown_policy_engine import ShownPolicy, ShownPolicyEngine
    from agentcore_provider.cli.inspect.shown_rate_limit import ShownRateLimit
    from agentcore_provider.cli.inspect.shown_rule import ShownRule


class Diagram(str, Enum):
    """Forms of a picture."""

    mermaid = "mermaid"
    svg = "svg"


def show(
    reference: Annotated[
        str | None,
        typer.Argument(
            metavar="GATEWAY",
            help="Name, id, ARN or URL, or the ARN of what belongs to no gateway. Default: the stack's only gateway.",
        ),
    ] = None,
    *,
    gateway: Annotated[str | None, typer.Option("--gateway", "-g", help="The same as the argument.")] = None,
    stack: Stack = None,
    token: TokenText = None,
    timeout: Timeout = 60.0,
    diagram: Annotated[
        Diagram | None, typer.Option("--diagram", help="Print a diagram: Mermaid for Markdown, or SVG.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a gateway: sign-in, targets, credentials, tools, rules, limits, policies, consent, and the status of each.

    By its ARN also a registry with its records, a workload identity, a configuration bundle, or the token vault's key.
    """
    if diagram is not None and as_json:
        raise InvalidInput("--diagram and --json cannot be combined", "Leave one out")
    if reference is not None and gateway is not None:
        raise InvalidInput("GATEWAY and --gateway mean the same", "Leave one out")
    if _shown_beside(reference, stack, diagram=diagram, as_json=as_json):
        return
    from agentcore_provider.cli.inspect.shown_gateway import gather
    from agentcore_provider.cli.sign_in import import_meanwhile

    import_meanwhile("botocore.session", "agentcore_provider.mcp.session")
    with progress("Asking AWS and the gateway"):
        chosen = _choose(reference if gateway is None else gateway, stack)
        shown_gateway = gather(chosen, token, timeout)
    if diagram is not None:
        from agentcore_provider.cli.inspect.diagram import mermaid, svg

        typer.echo(mermaid(shown_gateway) if diagram is Diagram.mermaid else svg(shown_gateway))
    elif as_json:
        document = asdict(shown_gateway)
        document["tools"] = document.pop("documents")
        print_json(_sign_in_of(chosen) | document)
    else:
        _print_tree(shown_gateway)


def _shown_beside(reference: str | None, stack: str | None, *, diagram: Diagram | None, as_json: bool) -> bool:
    """Show what belongs to no gateway; False if that is not what the reference means."""
    from agentcore_provider.cli import beside
    from agentcore_provider.cli.inspect.shown_beside import gather

    part = beside.parse(reference or "")
    if part is None:
        return False
    if diagram is not None:
        raise InvalidInput(f"--diagram draws a gateway, not a {part.kind.label}", "Leave it out")
    with progress("Asking AWS"):
        shown = gather(_connected(part, stack), part)
    if as_json:
        print_json(asdict(shown))
    else:
        _print_part(shown)
    return True


def _connected(part: Part, stack: str | None) -> Connection:
    """AWS as the stack signs in to it, else as the environment configures."""
    from agentcore_provider.cli.gateway import Gateway
    from agentcore_provider.cli.gateway_choice import connect
    from agentcore_provider.cli.project import find_project

    place = Gateway(part.identifier, gateway_arn=part.arn)
    project = find_project()
    if project.is_pulumi:
        try:
            return connect(replace(place, project=project, stack=stack))
        except AgentCoreError:
            # A stack that was named has to be readable; the selected one may have nothing to do with the ARN.
            if stack is not None:
                raise
    return connect(place)


def _print_part(part: ShownPart) -> None:
    from rich.text import Text
    from rich.tree import Tree

    tree = Tree(_with_status(Text(f"{part.kind} {part.name}", style="bold"), part.status, part.status_reasons))
    facts = {"ARN": part.arn, **part.facts}
    width = max(map(len, facts))
    for fact, value in facts.items():
        tree.add(Text(f"{fact:<{width}} {value}"))
    for record in part.records:
        tree.add(_describe_part(f"record {record.name}", record.line, record))
    stdout().print(tree, soft_wrap=True)


def _choose(reference: str | None, stack: str | None) -> Gateway:
    from agentcore_provider.cli.gateway_choice import any_gateway, deployed_gateway, known_gateways
    from agentcore_provider.cli.project import find_project

    project = find_project()
    if reference is None:
        return deployed_gateway(project, stack, None)
    return any_gateway(reference, known_gateways(project, stack), project, stack)


def _sign_in_of(chosen: Gateway) -> dict[str, str]:
    """How to get a token, but for the secret."""
    if not chosen.signs_in:
        return {}
    return {"token_endpoint": chosen.token_endpoint, "client_id": chosen.client_id, "scope": chosen.scope}


def _print_tree(gateway: ShownGateway) -> None:
    from rich.text import Text
    from rich.tree import Tree

    from agentcore_provider.cli.inspect.shown_policy import described_statements

    tree = Tree(_with_status(Text(gateway.name, style="bold"), gateway.status, gateway.status_reasons))
    facts = {
        "MCP URL": gateway.mcp_url,
        "id": gateway.gateway_id,
        "sign-in": gateway.sign_in,
        "role": gateway.role_arn,
        "web ACL": gateway.web_acl_arn,
        "domains": ", ".join(gateway.domains),
        "search": "by meaning" if gateway.searches else "",
        "tools": f"about {gateway.tokens:,} tokens of tools/list" if gateway.tokens else "",
    }
    for fact, value in facts.items():
        if value:
            tree.add(Text(f"{fact:<8} {value}"))
    for target in gateway.targets:
        _add_target(tree, target)
    if not gateway.targets:
        tree.add(Text("no tools: add a target"))
    for rule in gateway.rules:
        tree.add(_describe_rule(rule))
    for limit in gateway.rate_limits:
        tree.add(_describe_rate_limit(limit))
    if gateway.resource_policy is not None:
        branch = tree.add(Text("resource policy", style="bold"))
        for line in described_statements(gateway.resource_policy):
            branch.add(Text(line))
    if gateway.consent_portal is not None:
        portal = gateway.consent_portal
        tree.add(_describe_part(f"consent portal {portal.name}", portal.portal_url or "no address yet", portal))
    if gateway.policy_engine is not None:
        _add_policies(tree, gateway.policy_engine)
    for remark in gateway.remarks:
        tree.add(Text(f"not asked: {remark}", style="yellow"))
    stdout().print(tree, soft_wrap=True)


def _add_target(tree: Tree, target: ShownTarget) -> None:
    from rich.text import Text

    branch = tree.add(_describe(target))
    for tool in target.tools:
        branch.add(Text(f"{tool.name}  {first_sentence(tool.description)}".rstrip()))
    if target.tools and target.tokens:
        number = "1 tool" if len(target.tools) == 1 else f"{len(target.tools):,} tools"
        branch.add(Text(f"{number}, about {target.tokens:,} tokens of tools/list", style="dim"))
    if not target.tools:
        branch.add(Text("tools are not known: sign in with --token to list them", style="dim"))


def _add_policies(tree: Tree, engine: ShownPolicyEngine) -> None:
    from rich.text import Text

    mode = {"ENFORCE": "enforced", "LOG_ONLY": "only logged"}.get(engine.mode, engine.mode)
    branch = tree.add(Text(f"policies  {mode}, by {engine.arn.rpartition('/')[2]}", style="bold"))
    for policy in engine.policies:
        branch.add(_describe_part(f"policy {policy.name}", policy.line, policy))
    if not engine.policies:
        branch.add(Text("no policy permits anything, so every call is denied"))


def _describe(target: ShownTarget) -> Text:
    from rich.text import Text

    from agentcore_provider.cli.inspect.shown_gateway import NO_CREDENTIALS

    line = Text(f"target {target.name}", style="bold")
    what = " ".join(part for part in (target.kind, target.place) if part)
    if what:
        line.append(f"  {what}", style="not bold")
    if target.credentials:
        by = ", ".join(target.credentials)
        line.append(f", {'' if by == NO_CREDENTIALS else 'by '}{by}", style="not bold")
    if target.locked:
        line.append(", tools locked", style="not bold")
    return _with_status(line, target.status, target.status_reasons)


def _describe_rule(rule: ShownRule) -> Text:
    return _describe_part(f"rule {rule.priority}", f"{rule.matches or 'every request'} {rule.action}", rule)


def _describe_rate_limit(limit: ShownRateLimit) -> Text:
    return _describe_part(f"rate limit {limit.rate_limit_id}", limit.line, limit)


def _describe_part(
    name: str, text: str, part: ShownRule | ShownRateLimit | ShownPolicy | ShownConsentPortal | ShownRecord
) -> Text:
    from rich.text import Text

    line = Text(name, style="bold")
    line.append(f"  {text}", style="not bold")
    if part.description:
        line.append(f"  {part.description}", style="not bold dim")
    return _with_status(line, part.status, getattr(part, "status_reasons", ()))


def _with_status(line: Text, status: str, reasons: object) -> Text:
    if not status:
        return line
    style = (
        "green"
        if status in ("READY", "ACTIVE", "APPROVED")
        else "red"
        if status.endswith(("FAILED", "UNSUCCESSFUL"))
        else "yellow"
    )
    described = "; ".join(map(str, reasons)) if isinstance(reasons, (list, tuple)) else ""
    return line.append(f"  {status}{f' ({described})' if described else ''}", style=f"not bold {style}")
