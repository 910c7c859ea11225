"""Which outbound authorization fits which kind of target: the service's table, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from agentcore_provider.credential_kinds import AuthMethod

Verdict = Literal["yes", "no", "doubtful"]
IamService = Literal["required", "refused", "either"]

OUTBOUND = "devguide gateway-outbound-auth"
IAM_PROVIDER = (
    f"{OUTBOUND}; public reports of 2026: Only MCP Server, OpenAPI, and Passthrough targets can configure "
    "IamCredentialProvider"
)


@dataclass(frozen=True)
class Row:
    """One kind of target.

    takes: what it can be reached with; doubtful: where sources disagree, or say nothing.
    iam_service: whether the gateway role needs `iamCredentialProvider.service`. source: where this is written.
    """

    takes: frozenset[AuthMethod]
    doubtful: frozenset[AuthMethod] = frozenset()
    iam_service: IamService = "either"
    source: str = OUTBOUND

    def verdict(self, method: AuthMethod) -> Verdict:
        """Whether this method reaches the target."""
        if method in self.takes:
            return "yes"
        return "doubtful" if method in self.doubtful else "no"


def _row(
    *takes: AuthMethod, doubtful: tuple[AuthMethod, ...] = (), iam: IamService = "either", source: str = OUTBOUND
) -> Row:
    return Row(frozenset(takes), frozenset(doubtful), iam, source)


_OAUTH: tuple[AuthMethod, ...] = ("OAuth client credentials", "OAuth authorization code", "OAuth token exchange")
_ALL: tuple[AuthMethod, ...] = (
    "none",
    "gateway role",
    "caller IAM credentials",
    *_OAUTH,
    "JWT passthrough",
    "API key",
)

TABLE: Mapping[str, Row] = {
    "lambda": _row("gateway role", iam="refused"),
    "smithyModel": _row("gateway role", "OAuth client credentials", iam="refused"),
    "openApiSchema": _row("none", "gateway role", *_OAUTH, "API key", iam="required"),
    # API keys: one page of the guide leaves them out; a gateway that lists 30 tools with one was seen in 2026.
    "mcpServer": _row("none", "gateway role", *_OAUTH, "API key", iam="required"),
    "apiGateway": _row("none", "gateway role", "API key", iam="refused"),
    "connector": _row("gateway role", doubtful=("none", *_OAUTH, "API key"), iam="refused", source=IAM_PROVIDER),
    "agentcoreRuntime": _row(
        "gateway role",
        "caller IAM credentials",
        "OAuth client credentials",
        "JWT passthrough",
        iam="refused",
        source=IAM_PROVIDER,
    ),
    "passthrough": _row(
        "gateway role",
        "caller IAM credentials",
        *_OAUTH,
        "JWT passthrough",
        "API key",
        # The guide lists these and no other, and AWS's own tool refuses a target without any; deployments of 2026 have
        # none and let callers' keys through as headers.
        doubtful=("none",),
        source="devguide gateway-target-http-passthrough; aws/agentcore-cli#1914",
    ),
    # Nothing is written about connectors over HTTP and inference connectors: everything is let through.
    "http.connector": _row(*_ALL, iam="refused", source=IAM_PROVIDER),
    "inference.connector": _row(*_ALL, iam="refused", source=IAM_PROVIDER),
    "provider": _row(
        "gateway role",
        "API key",
        doubtful=("caller IAM credentials", *_OAUTH, "JWT passthrough"),
        iam="refused",
        source=IAM_PROVIDER,
    ),
}
"""By kind of target, as `gateway_target.kind` names them."""

ROLE_BY_DEFAULT = frozenset({"lambda", "smithyModel", "apiGateway", "connector"})
"""Kinds that AWS itself serves: a document without a word about credentials means the gateway's role."""
