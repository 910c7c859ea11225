"""The account and Region that a client works in, and the owner of what it creates there."""

from __future__ import annotations

import hashlib
import os
import socket
from dataclasses import replace
from functools import cached_property
from urllib.parse import urlsplit

from agentcore_provider.aws import caller
from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.aws.operation import OWNER_TAG, Operation
from agentcore_provider.errors import AgentCoreError
from agentcore_provider.gateway_client.cures import SCRIPT
from agentcore_provider.gateway_client.progress import Progress
from agentcore_provider.loopback import is_loopback
from agentcore_provider.providers.naming import local_user
from agentcore_provider.target_kinds.role_needs import Place

OWNER_VARIABLE = "AGENTCORE_OWNER"


class Account:
    """What all operations of a client have in common.

    progress: displays the operations. owner, adopt, timeout: as in GatewayClient.
    """

    def __init__(
        self, settings: Settings, progress: Progress, *, owner: str | None, adopt: bool, timeout: float
    ) -> None:
        self._settings = settings
        self.progress = progress
        self.owner = owner or os.environ.get(OWNER_VARIABLE) or f"{local_user()}@{socket.gethostname()}"
        self._adopt = adopt
        self._timeout = timeout

    @cached_property
    def connection(self) -> Connection:
        """The connection to AWS, opened when it is first needed."""
        connection = Connection(self._settings, cures=SCRIPT)
        signed_in = self._settings.profile or any(os.environ.get(it) for it in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE"))
        if signed_in or not is_loopback(connection.endpoint_url):
            return connection
        # Local AWS asks for credentials but knows none by name, so a script need not have any.
        settings = replace(self._settings, access_key="local", secret_key="local")  # noqa: S106 (guards nothing)
        return Connection(settings, cures=SCRIPT)

    @property
    def region(self) -> str:
        """The Region in use."""
        return self.connection.region

    @cached_property
    def place(self) -> Place:
        """Partition, Region and account, for ARNs; AWS is asked who signs in."""
        found = caller.find(self.connection)
        return Place(found.partition, self.region, found.account_id)

    def operation(self, kind: str, name: str, *, adopt: bool | None = None, timeout: float | None = None) -> Operation:
        """An operation on the resource of this kind and name. adopt, timeout: in place of the account's."""
        label = kind.replace("_", " ")
        return Operation(
            connection=self.connection,
            owner=self.owner_tag(kind, name),
            adopt=self.adopts(adopt),
            timeout=self._timeout if timeout is None else timeout,
            report=lambda message: self.progress.report(f"{label} {name}: {message}"),
            label=f"{label} {name!r}",
        )

    def adopts(self, adopt: bool | None) -> bool:
        """Whether another owner's resource is taken over. adopt: in place of the account's."""
        return self._adopt if adopt is None else adopt

    def owner_tag(self, kind: str, name: str) -> str:
        """The owner tag of the one resource of this kind and name that the owner creates."""
        return hashlib.sha256("\n".join(["GatewayClient", self.owner, kind, name]).encode()).hexdigest()[:32]

    def owns(self, tags: dict[str, str], kind: str, name: str) -> bool:
        """Whether these are the tags of the owner's resource of this kind and name."""
        return tags.get(OWNER_TAG) == self.owner_tag(kind, name)

    def name_beside(self, kind: str, *names: str) -> str:
        """Name of what is created beside a gateway or its target, such as its role: always the same one."""
        beginning = "-".join(name[:25].rstrip("-") for name in names)
        return f"{beginning}-{self.owner_tag(kind, '/'.join(names))[:8]}"

    def described(self) -> dict[str, str | None]:
        """Where the client works and as whom; AWS is not asked."""
        try:
            # boto3 makes no client without a Region.
            region, endpoint = self.region, self.connection.endpoint_url
        except AgentCoreError:
            return self._described(self._settings.region, self._settings.endpoint_url)
        return self._described(region, endpoint)

    def _described(self, region: str | None, endpoint: str | None) -> dict[str, str | None]:
        address = urlsplit(endpoint or "")
        # An address may hold a password before the @.
        shown = address._replace(netloc=address.netloc.rpartition("@")[2]).geturl() or "AWS's own"
        return {"region": region, "endpoint": shown, "owner": self.owner}
