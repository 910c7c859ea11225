"""Pictures of a gateway: sign-in, gateway, credentials, targets, tools. Mermaid here, SVG in diagram_svg.py."""

from __future__ import annotations

from agentcore_provider.cli.inspect.diagram_svg import svg
from agentcore_provider.cli.inspect.shown_gateway import ShownGateway, ShownTarget

__all__ = ["mermaid", "svg"]

# What Mermaid would read as its own syntax inside a quoted label.
_ENTITIES = str.maketrans({"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;"})
_MOST_TOOLS = 12


def mermaid(gateway: ShownGateway) -> str:
    """The picture as a Mermaid flowchart, for Markdown. No secret is in it."""
    lines = [
        "flowchart LR",
        "  agent([agent])",
        f"  sign_in[/{_label('sign-in', gateway.sign_in)}/]",
        f"  gateway[{_label(gateway.name, gateway.status, 'search by meaning' if gateway.searches else '')}]",
        "  agent -- gets a token --> sign_in",
        "  agent -- MCP --> gateway",
        "  gateway -. checks it .-> sign_in",
    ]
    for number, target in enumerate(gateway.targets, 1):
        lines += _target(f"target{number}", target)
    keys = {target.name: f"target{number}" for number, target in enumerate(gateway.targets, 1)}
    for number, rule in enumerate(gateway.rules, 1):
        key = f"rule{number}"
        lines.append(f"  {key}{{{{{_label(f'rule {rule.priority}', rule.matches or 'every request', rule.action)}}}}}")
        lines.append(f"  gateway -.-> {key}")
        lines += [f"  {key} -.-> {keys[name]}" for name in rule.targets if name in keys]
    for number, limit in enumerate(gateway.rate_limits, 1):
        key = f"limit{number}"
        lines.append(f"  {key}{{{{{_label(f'rate limit {limit.rate_limit_id}', limit.line)}}}}}")
        lines.append(f"  gateway -.-> {key}")
    if portal := gateway.consent_portal:
        lines.append(f"  portal[/{_label('consent portal', portal.name, portal.status)}/]")
        lines.append("  portal -. consents .-> gateway")
    return "\n".join(lines)


def _target(key: str, target: ShownTarget) -> list[str]:
    locked = "tools locked" if target.locked else ""
    lines = [f"  {key}[{_label(target.name, target.kind, target.place, target.status, locked)}]"]
    if target.credentials:
        lines.append(f"  gateway -- {_label(*target.credentials)} --> {key}")
    else:
        lines.append(f"  gateway --> {key}")
    if target.tools:
        names = [tool.name for tool in target.tools[:_MOST_TOOLS]]
        more = len(target.tools) - len(names)
        lines.append(f"  {key} --- {key}_tools([{_label(*names, f'and {more} more' if more else '')}])")
    return lines


def _label(*parts: str) -> str:
    return '"' + "<br/>".join(part.translate(_ENTITIES) for part in parts if part) + '"'
