"""The provider of EZ Auth: sign-in for agents and people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from agentcore_provider.aws import client_secret, ez_auth, token_endpoint
from agentcore_provider.aws.caller import AccountRegion
from agentcore_provider.aws.client_secret import AddedSecret
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document, Properties
from agentcore_provider.aws.ez_auth import SignIn
from agentcore_provider.aws.operation import Operation
from agentcore_provider.errors import AgentCoreError
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context
from agentcore_provider.providers.lifecycle import LifecycleProvider
from agentcore_provider.providers.naming import domain_prefix
from agentcore_provider.providers.unknowns import contains_unknown
from agentcore_provider.rules import ez_auth as rules


class Provider(LifecycleProvider):
    resource: ClassVar[str] = "ez_auth"
    label: ClassVar[str] = "sign-in"
    longest_name: ClassVar[int] = 63
    # The domain is.
    unique_over_accounts: ClassVar[bool] = True
    arn: ClassVar[str] = "user_pool_arn"
    unreturned: ClassVar[frozenset[str]] = frozenset({"rotate_on"})
    needed_outputs: ClassVar[frozenset[str]] = frozenset({"client_secret", "client_secret_id", "client_secret_arn"})

    def fill_in(self, olds: Properties, news: Properties) -> Properties:
        filled = super().fill_in(olds, news)
        name: Any = filled.get("name", news.get("name"))
        kept = context.of(olds).get("generated", ())
        for key, default in (("resource_server_identifier", str), ("domain_prefix", domain_prefix)):
            if news.get(key) is None:
                # A part that is gone is not among the old inputs after a refresh.
                old = olds.get(key) if key in kept else None
                filled[key] = old or (name if contains_unknown(name) else default(name))
        return filled

    def problems(self, document: Properties, news: Properties) -> Sequence[Problem]:
        found: list[Problem] = rules.validate(document)
        return found

    def replacing(self, olds: Properties, news: Properties) -> list[str]:
        # What is gone is created again in the same pool.
        immutable = ("name", "resourceServerIdentifier")
        return [it for it in immutable if olds.get(it) is not None and olds[it] != news.get(it)]

    def keeps_name(self, olds: Properties, news: Properties) -> bool:
        # A domain is as unique as a name, and may be set without one.
        return super().keeps_name(olds, news) or bool(news.get("domain_prefix") == olds.get("domain_prefix"))

    def place(self, identifier: str, outputs: Document) -> AccountRegion | None:
        # The id of a user pool begins with its Region: enough to read one by its id.
        return super().place(identifier, outputs) or AccountRegion(identifier.partition("_")[0])

    def create_in_aws(self, operation: Operation, news: Properties) -> tuple[str, Properties]:
        made = ez_auth.create(operation, news)
        return made["user_pool_id"], self._outputs(operation.connection, made)

    def read_from_aws(self, connection: Connection, identifier: str, inputs: Properties) -> Properties | None:
        found = ez_auth.find(connection, identifier, inputs.get("resource_server_identifier"))
        if found is None:
            return None
        return self._outputs(connection, _with_secret(found, _still_valid(connection, found, inputs)))

    def update_in_aws(self, operation: Operation, identifier: str, olds: Properties, news: Properties) -> Properties:
        made = ez_auth.update(operation, identifier, news, old_tags=olds.get("tags") or {})
        known = _rotated(operation, made, olds, news)
        return self._outputs(operation.connection, _with_secret(made, known))

    def delete_from_aws(self, operation: Operation, identifier: str, outputs: Properties) -> None:
        ez_auth.delete(operation, identifier)

    def _outputs(self, connection: Connection, found: SignIn) -> Properties:
        """The outputs: the sign-in with its addresses, and what agents have to send to get a token."""
        info = token_endpoint.client_info(connection, found)
        # A scope counts where the pool has it and the client may ask for it: with one missing, no agent signs in.
        granted = [it.removeprefix(f"{found['resource_server_identifier']}/") for it in found["client_scopes"]]
        return {
            **{name: value for name, value in found.items() if name != "client_scopes"},
            **context.tag_outputs(found["tags"]),
            "scopes": sorted(it for it in granted if it in found["scopes"] or "/" in it),
            "scope": info["scope"],
            "secret_in_secrets_manager": found["client_secret_arn"] is not None,
            "issuing_endpoint": info["token_endpoint"],
            "authorization_endpoint": token_endpoint.authorization_endpoint(connection, found),
            "discovery_url": token_endpoint.discovery_url(
                region=connection.region, endpoint_url=connection.endpoint_url, pool_id=found["user_pool_id"]
            ),
            "client_info": dict(info),
        }


def _rotated(operation: Operation, made: SignIn, olds: Properties, news: Properties) -> AddedSecret | None:
    """The newest secret after a change of rotate_on or of where the secret is; None for the one that Cognito returns."""
    connection, pool_id, client_id = operation.connection, made["user_pool_id"], made["client_id"]
    rotate_on = news.get("rotate_on")
    is_changed = olds.get("rotate_on") != rotate_on
    if made["client_secret_arn"]:
        if is_changed and rotate_on is not None:
            raise AgentCoreError(
                f"{operation.label}: rotate_on has no effect: Secrets Manager keeps and rotates the secret of the client",
                "Remove rotate_on, or set secret_in_secrets_manager to False",
            )
        return None
    known = _still_valid(connection, made, olds)
    if client_id and made["client_secret"] and olds.get("client_secret_arn"):
        # Secrets Manager added it beside an older one, which the next rotation is to replace.
        known = client_secret.newest(connection, pool_id, client_id, made["client_secret"])
    if client_id and is_changed and rotate_on is not None:
        return client_secret.rotate(operation, pool_id, client_id, known)
    if client_id and is_changed:
        client_secret.drop_others(operation, pool_id, client_id, known)
    return known


def _still_valid(connection: Connection, found: SignIn, state: Properties) -> AddedSecret | None:
    """The secret that a rotation added, as the state has it, if the client has it now and agents are to use it."""
    if found["client_secret_arn"]:
        return None
    secret_id, value, client_id = state.get("client_secret_id"), state.get("client_secret"), found["client_id"]
    if not (secret_id and value and client_id):
        return None
    return client_secret.still_valid(connection, found["user_pool_id"], client_id, AddedSecret(secret_id, value))


def _with_secret(found: SignIn, known: AddedSecret | None) -> SignIn:
    """The sign-in with the newest secret; Cognito returns the value of one that was added only once."""
    if known is None:
        return found
    return {**found, "client_secret": known.value, "client_secret_id": known.secret_id}
