"""Where an API is: the addresses that the gateway can call."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from agentcore_provider.documents.pointer import below
from agentcore_provider.rules.openapi.findings import OPENAPI, Findings
from agentcore_provider.rules.unknown import UNKNOWN

_VARIABLE = re.compile(r"\{([^{}]*)\}")
_GIVE = 'Give servers the API\'s address, such as [{"url": "https://api.example.com/v1"}].'


def validate(findings: Findings, *, covered: bool) -> None:
    """The servers on top. covered: whether every operation names servers of its own."""
    servers = findings.document.get("servers")
    if servers is UNKNOWN:
        return
    if servers is None or servers == []:
        say = findings.warning if covered else findings.error
        say(
            "server",
            "#/servers" if "servers" in findings.document else "#",
            "has no servers, so nobody knows the address",
            _GIVE,
        )
    elif not isinstance(servers, list):
        findings.error("server", "#/servers", "is not a list of servers", _GIVE)
    else:
        for index, server in enumerate(servers):
            # Only the first is sure to be the one that is called.
            _server(findings, server, below("#/servers", index), first=index == 0)


def judge_below(findings: Findings, owner: Mapping[str, Any], pointer: str) -> None:
    """The servers of a path or an operation: whether the service reads them is written nowhere."""
    servers = owner.get("servers")
    if isinstance(servers, list):
        for index, server in enumerate(servers):
            _server(findings, server, below(pointer, "servers", index), first=False)


def _server(findings: Findings, server: Any, pointer: str, *, first: bool) -> None:
    say = findings.error if first else findings.warning
    url = server.get("url") if isinstance(server, Mapping) else None
    if server is UNKNOWN or url is UNKNOWN:
        return
    if not isinstance(url, str) or not url:
        say("server", pointer, "has no url", _GIVE)
        return
    where = below(pointer, "url")
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*|\{[^{}]*\})://", url)
    if not scheme and url.startswith("{"):
        say("server-variable", where, f"the host of {url} is a parameter that anyone could point elsewhere", _GIVE)
        return
    if not scheme:
        say("server", where, f"{url} is relative, so nobody knows the host", _GIVE)
        return
    if scheme[1].lower() not in ("http", "https") and not scheme[1].startswith("{"):
        say("server", where, f"{url} is not an HTTP address", "Give an https:// address.")
        return
    host = url[scheme.end() :].split("/")[0].rpartition("@")[2]
    variables = server.get("variables")
    if not host:
        say("server", where, f"{url} has no host", _GIVE)
    elif variables is not UNKNOWN:
        _host(findings, url, host, variables if isinstance(variables, Mapping) else {}, where, first=first)


def _host(findings: Findings, url: str, host: str, variables: Mapping[str, Any], pointer: str, *, first: bool) -> None:
    say = findings.error if first else findings.warning
    bare = host.rpartition(":")[0] if re.search(r":(\d+|\{[^{}]*\})$", host) else host
    for name in _VARIABLE.findall(bare):
        variable = variables.get(name)
        if variable is UNKNOWN or (isinstance(variable, Mapping) and variable.get("enum")):
            continue
        say(
            "server-variable",
            pointer,
            f"the host of {url} is a parameter, {{{name}}}, that anyone could point elsewhere",
            "Write the host out, or list the values of the variable as its enum.",
            OPENAPI,
        )
        return
    if "{" in bare:
        return
    if _is_private(bare):
        findings.warning(
            "private-address",
            pointer,
            f"{bare} is a private address, which the service does not call",
            "Give a public address, or a privateEndpoint to the target.",
        )
    elif url.lower().startswith("http://"):
        findings.warning("unencrypted", pointer, f"{url} is not encrypted", "Give the https:// address.")
    elif not re.fullmatch(r"[^\s/?#@]+", bare):
        say("server", pointer, f"{bare} in {url} is not a host", _GIVE)


def _is_private(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host.lower() == "localhost" or host.lower().endswith(".localhost")
    return not address.is_global
