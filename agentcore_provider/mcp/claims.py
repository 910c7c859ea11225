"""The claims of a token, read without checking its signature: for explanations, never for trust."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

from agentcore_provider.documents.answers import json_object
from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.mcp.cures import COMMAND, Cures


def read_claims(token: str) -> JsonDict:
    """The claims of a JWT; empty if the token is not one."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        return json_object(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return {}


def explain_rejection(token: str, *, cures: Cures = COMMAND, clock: Callable[[], float] = time.time) -> tuple[str, str]:
    """Why a gateway may reject this token, empty if that is unknown, and what to check, the likeliest cause first."""
    if not token:
        return "no token was sent", cures.anonymous
    claims = read_claims(token)
    if not claims:
        return "the token is not a JWT", "take the access_token of the token endpoint"
    expires = claims.get("exp")
    if isinstance(expires, (int, float)) and expires <= clock():
        return f"the token expired {_ago(clock() - expires)} ago", cures.expired
    facts = []
    if client := claims.get("client_id") or claims.get("azp"):
        facts.append(f"client {client} is in the gateway's allowedClients")
    if audience := claims.get("aud"):
        facts.append(f"audience {audience} is in allowedAudience")
    elif claims.get("client_id"):
        facts.append("allowedAudience is not set (this token has no audience)")
    if scope := claims.get("scope"):
        facts.append(f"scope {scope} covers allowedScopes")
    if issuer := claims.get("iss"):
        facts.append(f"issuer {issuer} is the one of discoveryUrl")
    return "", "check that " + ", that ".join(facts or ["the token comes from the issuer of discoveryUrl"])


def _ago(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
