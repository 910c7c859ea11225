"""Targets whose schema comes with the package.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-target-integrations.html
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from agentcore_provider.credential_kinds import API_KEY, OAUTH
from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.target_record import Selecting, gateway_role
from agentcore_provider.resources.targets.schema_source import built_late, compact
from agentcore_provider.target_kinds import BY_KEY


@dataclass(frozen=True, init=False)
class Builtin(Selecting):
    """One of the built-in schemas: `agentcore builtins` lists them with operations, settings and sign-in."""

    name: str
    """Name of the schema, such as dynamodb, slack or jira. One of another kind replaces the target."""
    operations: Sequence[str] | None
    """Whole names of the operations that become tools. Default: all, with a warning where a service of AWS has operations
    that delete. Updates in place."""
    settings: Mapping[str, pulumi.Input[str]]
    """Settings that this schema requires, such as the host of an instance, and `server_url` for an address other than the
    vendor's. Updates in place."""
    upload: bool
    """Whether the schema travels through S3 even when it is short. Updates in place."""
    hosted: bool | None
    """Whether AWS's own copy in S3 is used, where one is known for the gateway's Region. Default: for Smithy models of
    which all operations become tools, since the service is only known to take some of them in this form. Updates in
    place."""

    def __init__(
        self,
        name: str,
        *,
        operations: Sequence[str] | None = None,
        server_url: pulumi.Input[str] | None = None,
        upload: bool = False,
        hosted: bool | None = None,
        only: Sequence[str] | None = None,
        without: Sequence[str] | None = None,
        accept: Sequence[str] = (),
        **settings: pulumi.Input[str],
    ) -> None:
        """
        Args:
            name: As the field.
            operations: As the field.
            server_url: Address to use instead of the vendor's, without parameters.
            upload: As the field.
            hosted: As the field.
            only: As the field.
            without: As the field.
            accept: As the field.
            settings: As the field, by name; the preview reports a wrong name.
        """
        known = settings if server_url is None else {**settings, "server_url": server_url}
        fields = {"name": name, "operations": operations, "settings": known, "upload": upload, "hosted": hosted}
        fields |= {"only": only, "without": without, "accept": accept}
        for field, value in fields.items():
            object.__setattr__(self, field, value)

    def target_configuration(self) -> dict[str, object]:
        """AWS's document. Raises InvalidInput."""
        from agentcore_provider.schemas.builtins import catalogue

        kind = BY_KEY[catalogue.entry(self.name).kind]
        return kind.document({str(kind.short_key): {"inlinePayload": self._text()}})

    def hosted_configuration(self, region: object) -> dict[str, object] | None:
        """AWS's document with the copy that AWS hosts; None where it is not wanted or not known. Raises InvalidInput.

        region: the gateway's; None if it is only known to the environment.
        """
        from agentcore_provider.schemas.builtins import catalogue

        entry = catalogue.entry(self.name)
        whole = self._chosen() is None and "server_url" not in self.settings and not self.upload
        wanted = entry.kind == "smithy" and whole if self.hosted is None else self.hosted
        region = os.environ.get("AWS_REGION") if region is None else region
        uri = entry.hosted_s3.get(region) if isinstance(region, str) else None
        if not wanted or uri is None:
            return None
        kind = BY_KEY[entry.kind]
        return kind.document({str(kind.short_key): {"s3": {"uri": uri}}})

    def credential_provider_configurations(self) -> list[dict[str, object]]:
        """The gateway's role for services of AWS; for all others none, as `credentials` of the GatewayTarget say it."""
        from agentcore_provider.schemas.builtins import catalogue

        try:
            known = catalogue.entry(self.name)
        except InvalidInput:
            return []
        if known.kind == "smithy":
            return gateway_role()
        if "none" not in known.outbound_auth:
            ways = " or ".join(known.outbound_auth)
            pulumi.log.warn(f"built-in schema {self.name}: calls need {ways}. Give the target credentials=")
        return []

    def completed(self, credential: Mapping[str, object]) -> Mapping[str, object]:
        """The credential with what this vendor requires where nothing is set: header and prefix of a key, scopes."""
        from agentcore_provider.schemas.builtins import catalogue

        try:
            wanted = catalogue.entry(self.name).credential
        except InvalidInput:
            return credential
        key, oauth = API_KEY.members(credential), OAUTH.members(credential)
        if key.keys() == {"providerArn"}:
            return API_KEY.configuration(
                provider=key["providerArn"],
                location=wanted.location,
                parameter_name=wanted.parameter_name,
                prefix=wanted.prefix,
            )
        if oauth and not oauth.get("scopes"):
            return OAUTH.configuration(**OAUTH.described({**oauth, "scopes": list(wanted.scopes)}))
        return credential

    def takes_all(self) -> str | None:
        """The warning where all operations become tools by default, and some of them delete."""
        from agentcore_provider.schemas.builtins import catalogue

        if self.operations is not None or self.selection or self.name not in catalogue.names():
            return None
        every = catalogue.entry(self.name).operations
        deleting = [
            it.name for it in every if it.method == "DELETE" or it.name.lower().startswith(("delete", "remove"))
        ]
        if not deleting:
            return None
        return (
            f"built-in schema {self.name}: all {len(every)} operations become tools, {deleting[0]} among them. Name those "
            'that agents need, such as only=["Get*", "List*"], or say only=["*"] for all'
        )

    def _chosen(self) -> Sequence[str] | None:
        """Names of the operations that are chosen, None for all. Raises InvalidInput."""
        from agentcore_provider.schemas.builtins import catalogue

        if not self.selection:
            return self.operations
        if self.operations is not None:
            raise InvalidInput("says the same as only and without", "Keep one of them", path="operations")
        names = catalogue.selected(self.name, self.selection)
        return None if len(names) == len(catalogue.entry(self.name).operations) else names

    def _text(self) -> Any:
        late = {name: value for name, value in self.settings.items() if isinstance(value, pulumi.Output)}
        if not late:
            return self._document(self.settings)
        return pulumi.Output.all(**late).apply(
            lambda known: built_late(lambda: self._document({**self.settings, **known}))
        )

    def _document(self, settings: Mapping[str, Any]) -> str:
        from agentcore_provider.schemas.builtins import catalogue

        return compact(catalogue.document(self.name, settings=settings, operations=self._chosen()))
