"""The account and Region that a client works in, and whose things it makes there."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from agentcore_provider.aws import caller
from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.aws.operation import Operation
from agentcore_provider.errors import AgentCoreError
from agentcore_provider.gateway_client import notebook, ownership
from agentcore_provider.gateway_client.cures import SCRIPT
from agentcore_provider.gateway_client.progress import Progress
from agentcore_provider.loopback import is_loopback

LOGGER = "agentcore_provider"


class Account:
    """What all operations of a client have in common."""

    def __init__(
        self,
        region_name: str | None = None,
        *,
        endpoint_url: str | None = None,
        profile_name: str | None = None,
        owner: str | None = None,
        adopt: bool = False,
        timeout: float = 600.0,
    ) -> None:
        """
        Args:
            region_name: AWS Region. Default: as boto3 finds it.
            endpoint_url: Another address for AWS, such as local AWS's. Default: as boto3 finds it, such as
                AWS_ENDPOINT_URL.
            profile_name: Profile of the AWS configuration. Default: as boto3 finds it.
            owner: Whose things these are; scripts that give the same share them. Default: AGENTCORE_OWNER, else user
                and machine.
            adopt: Whether to take over what has the name although somebody else made it. Default: no.
            timeout: Seconds that each create, update or delete may take. Default: 600.
        """
        self._settings = Settings(region=region_name, endpoint_url=endpoint_url, profile=profile_name)
        self._owner = owner or ownership.default_owner()
        self._adopt = adopt
        self._timeout = timeout
        self.logger = logging.getLogger(LOGGER)
        """What goes on is shown on the terminal or below the notebook's cell: `setLevel(logging.WARNING)` turns it off;
        with logging configured at INFO it is logged instead."""
        self._progress = Progress(self.logger)

    @property
    def region(self) -> str:
        """The Region in use."""
        return self._connection.region

    @property
    def session(self) -> Any:
        """boto3's session that this client signs in with.

        Raises:
            AwsUnreachable: The profile does not exist.
        """
        return self._connection.session

    @property
    def client(self) -> Any:
        """boto3's client of `bedrock-agentcore-control`, for what this client has no method for.

        Raises:
            AwsUnreachable: There are no credentials, or there is no Region.
        """
        return self._connection.client()

    def __repr__(self) -> str:
        return f"GatewayClient({', '.join(f'{name}={value!r}' for name, value in self._shown().items())})"

    def _repr_html_(self) -> str:
        return notebook.card("GatewayClient", self._shown())

    def _shown(self) -> dict[str, str | None]:
        """Where this client works and as whom; AWS is not asked."""
        try:
            # boto3 makes no client without a Region.
            connection = self._connection
            region: str | None = connection.region
            endpoint = connection.endpoint_url
        except AgentCoreError:
            region, endpoint = self._settings.region, self._settings.endpoint_url
        address = urlsplit(endpoint or "")
        # An address may hold a password before the @.
        shown = address._replace(netloc=address.netloc.rpartition("@")[2]).geturl() or "AWS's own"
        return {"region": region, "endpoint": shown, "owner": self._owner}

    @cached_property
    def _connection(self) -> Connection:
        """The door to AWS, opened when it is first needed."""
        connection = Connection(self._settings, cures=SCRIPT)
        signed_in = self._settings.profile or any(os.environ.get(it) for it in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE"))
        if signed_in or not is_loopback(connection.endpoint_url):
            return connection
        # Local AWS asks for credentials but knows none by name, so a script need not have any.
        settings = replace(self._settings, access_key="local", secret_key="local")  # noqa: S106 (guards nothing)
        return Connection(settings, cures=SCRIPT)

    @cached_property
    def _caller(self) -> caller.Caller:
        """Who signs in, and in which account."""
        return caller.find(self._connection)

    def _operation(self, noun: str, name: str, *, adopt: bool | None = None) -> Operation:
        def report(message: str) -> None:
            self._progress.tell(f"{noun.replace('_', ' ')} {name}: {message}")

        return Operation(
            connection=self._connection,
            owner=ownership.mark(self._owner, noun, name),
            adopt=self._adopt if adopt is None else adopt,
            timeout=self._timeout,
            report=report,
            label=f"{noun.replace('_', ' ')} {name!r}",
        )
