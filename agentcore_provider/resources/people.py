"""People: how people sign in to a gateway, beside machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pulumi

from agentcore_provider.arguments import callback_urls as known
from agentcore_provider.errors import InvalidInput


@dataclass(frozen=True, kw_only=True)
class People:
    """People sign in with a browser: a public client, authorization code with PKCE, and Cognito's managed login.

    Example:
        ```python
        EzAuth("desk", people=People(callback_urls=["https://desk.example.com/signed-in"]))
        ```

    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managed-login.html
    """

    callback_urls: Sequence[pulumi.Input[str]] | pulumi.Output[list[str]] = known.ALL
    """Addresses of clients to which the browser returns with a code, 1 to 100, compared as texts: https, http for localhost,
    127.0.0.1 and [::1], or a scheme of an app. Default: those of Claude Code, Cursor, VS Code and MCP Inspector. Updates
    in place."""
    logout_urls: Sequence[pulumi.Input[str]] | pulumi.Output[list[str]] | None = None
    """Addresses to which the browser may return after signing out, up to 100. Updates in place."""
    id_token_validity_seconds: pulumi.Input[int] = 3600
    """Seconds that an id token is valid, 300 to 86400. Default: 3600. Updates in place."""
    refresh_token_validity_seconds: pulumi.Input[int] = 2592000
    """Seconds until a person has to sign in again, 3600 to 315360000. Default: 2592000. Updates in place."""


def arguments(people: object) -> Any:
    """The input of EzAuth: what `people` states, by argument; None without people. Raises InvalidInput."""
    if isinstance(people, pulumi.Output):
        raise InvalidInput(
            "comes as a whole from another resource, and whether people sign in has to be known before",
            "Pass a People, whose members may come from other resources",
            path="people",
        )
    if isinstance(people, bool):
        people = People() if people else None
    if isinstance(people, People):
        # asdict would copy Outputs.
        people = {name: getattr(people, name) for name in asdict(People())}
    if not isinstance(people, Mapping):
        return people
    defaults = asdict(People())
    stated = {name: _known(people.get(name), defaults.get(name)) for name in {**defaults, **people}}
    return {name: value for name, value in stated.items() if value is not None}


def _known(value: Any, default: object) -> Any:
    """The value, or the default where it is None: now, or when it is known."""
    if isinstance(value, pulumi.Output):
        return value.apply(lambda known: _known(known, default))
    value = default if value is None else value
    return list(value) if isinstance(value, tuple) else value
