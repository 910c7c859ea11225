"""What a request is counted by (devguide gateway-rate-limits-dimensions).

Documented: only what the inbound authorizer has checked counts as who calls, so claims need CUSTOM_JWT and principals
AWS_IAM; a limit with a key that a request has no value for is skipped. Assumed: whoever has assumed a role counts as the
role, as in the page's example; a claim that is a list or an object counts as its JSON text, as in the blog's. Local STS
passes no source identity on, so that limits by it are skipped here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentcore_provider.local.outbound import Caller
    from agentcore_provider.local.store import Gateway

_ASSUMED = re.compile(r"arn:(?P<partition>[^:]+):sts::(?P<account>\d+):assumed-role/(?P<role>[^/]+)/.*")
_CLAIM, _HEADER, _BODY = "$.context.jwt.", "$.context.request.header.", "$.context.request.body."
_PREFIXES = (_CLAIM, _HEADER, _BODY)


@dataclass(frozen=True)
class Asked:
    """A request, as far as limits look at it.

    target, tool, model: what it is for; None where it names none. document: its body, as JSON.
    tokens: about how many it has; None for one whose tokens are not counted.
    """

    gateway: Gateway
    caller: Caller
    target: str | None = None
    tool: str | None = None
    model: str | None = None
    document: object = None
    tokens: int | None = None

    def value(self, key: str) -> str | None:
        """The value of a dimension; None if the request has none."""
        plain = {"targetName": self.target, "toolName": self.tool, "qualifiedModelId": self.model}
        if key in plain:
            return plain[key]
        if key == "$.context.iam.principal":
            return self._principal()
        kind, name = next(((it, key.removeprefix(it)) for it in _PREFIXES if key.startswith(it)), ("", ""))
        if kind == _CLAIM:
            claims = self.caller.claims if self.gateway.authorizer_type == "CUSTOM_JWT" else {}
            return _text(claims.get(name))
        if kind == _HEADER:
            return self.caller.headers.get(name.lower())
        return _text(_member(self.document, name)) if kind == _BODY else None

    def _principal(self) -> str | None:
        arn = self.caller.principal(self.gateway) if self.gateway.authorizer_type == "AWS_IAM" else None
        assumed = _ASSUMED.fullmatch(arn or "")
        if assumed is None:
            return arn
        return f"arn:{assumed['partition']}:iam::{assumed['account']}:role/{assumed['role']}"


def _member(document: object, path: str) -> object:
    for name in path.split("."):
        document = document.get(name) if isinstance(document, Mapping) else None
    return document


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    return json.dumps(value, ensure_ascii=False)
