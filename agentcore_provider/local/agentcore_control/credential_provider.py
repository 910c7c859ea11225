"""What API-key and OAuth2 credential providers have in common: their operations, and their secrets."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from moto.core.exceptions import JsonRESTError, ServiceException

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control import tags
from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.agentcore_control.page import page
from agentcore_provider.local.store import AccountRegionStore, CredentialProviderRecord, Secret, now

if TYPE_CHECKING:
    from moto.secretsmanager.models import SecretsManagerBackend
    from mypy_boto3_bedrock_agentcore_control import type_defs

    from agentcore_provider.local.store.documents import CreateApiKeyProvider, CreateOAuthProvider

_Request = TypeVar("_Request", "CreateApiKeyProvider", "CreateOAuthProvider")
_Records = dict[str, CredentialProviderRecord]


@dataclass(frozen=True)
class CredentialProviders(Generic[_Request]):
    """The operations of one kind of provider. Get, Update and Delete of both kinds take the same members.

    resource_type: its part of the ARN. not_found: the service's message; `{name}` is filled in.
    page_size: the default of maxResults. forgiving_delete: whether the deletion of an unknown name succeeds.
    records: those of an account and Region. secret: reads the secret of a request. keep: stores what else the
    request has. describe: the members of an answer that only this kind has.
    """

    resource_type: str
    not_found: str
    records: Callable[[AccountRegionStore], _Records]
    secret: Callable[[Call, _Request], Secret]
    keep: Callable[[Call, CredentialProviderRecord, _Request], None]
    describe: Callable[[CredentialProviderRecord], Answer]
    page_size: int = 100
    forgiving_delete: bool = False

    def create(self, call: Call, request: _Request) -> Answer:
        """Creates a provider and keeps its secret."""
        store, records, name = call.store, self.records(call.store), request["name"]
        secret = self.secret(call, request)
        if name in records:
            raise service_error.validation(f"Credential provider with name: {name} already exists")
        arn, created_at = store.arn(f"token-vault/default/{self.resource_type}/{name}"), now()
        tags.start(store, arn, request.get("tags", {}))
        _keep_secret(store, secret, None)
        record = records[name] = CredentialProviderRecord(name, arn, created_at, created_at, secret)
        self.keep(call, record, request)
        return self._answer(record)

    def get(self, call: Call, request: type_defs.GetApiKeyCredentialProviderRequestTypeDef) -> Answer:
        """One provider, without its secret."""
        return self._answer(self._require(call, request["name"]))

    def list_(self, call: Call, request: type_defs.ListApiKeyCredentialProvidersRequestTypeDef) -> Answer:
        """All providers."""
        size = request.get("maxResults", self.page_size)
        items, following = page(self.records(call.store).items(), size, request.get("nextToken"))
        return {"credentialProviders": [self._answer(record) for record in items], "nextToken": following}

    def update(self, call: Call, request: _Request) -> Answer:
        """Replaces the whole configuration, and the secret."""
        record = self._require(call, request["name"])
        secret = self.secret(call, request)
        self.keep(call, record, request)
        _keep_secret(call.store, secret, record.secret)
        record.secret, record.updated_at = secret, now()
        return self._answer(record)

    def delete(self, call: Call, request: type_defs.GetApiKeyCredentialProviderRequestTypeDef) -> Answer:
        """Deletes at once."""
        records = self.records(call.store)
        if self.forgiving_delete and request["name"] not in records:
            return {}
        record = self._require(call, request["name"])
        del records[record.name]
        call.store.tags.pop(record.arn, None)
        if record.secret.source == "MANAGED":
            _secrets(call.store).delete_secret(record.secret.arn, None, True)
        return {}

    def _require(self, call: Call, name: str) -> CredentialProviderRecord:
        record = self.records(call.store).get(name)
        if record is None:
            raise service_error.not_found(self.not_found.format(name=name))
        return record

    def _answer(self, record: CredentialProviderRecord) -> Answer:
        return {
            "name": record.name,
            "credentialProviderArn": record.arn,
            "createdTime": record.created_at,
            "lastUpdatedTime": record.updated_at,
            **self.describe(record),
        }


@dataclass(frozen=True)
class SecretMembers:
    """The members of a request for a secret: its value, where it is, its source. folder: in a managed secret's name."""

    value: str
    config: str
    source: str
    folder: str

    def read(self, store: AccountRegionStore, members: dict[str, object], provider: str) -> Secret:
        """The secret that a request of a provider has or points to. A managed one has no ARN before it is kept."""
        value = cast("str | None", members.get(self.value))
        config = cast("type_defs.SecretReferenceTypeDef | None", members.get(self.config))
        source = members.get(self.source) or ("EXTERNAL" if config else "MANAGED")
        if source == "EXTERNAL":
            if not config or value:
                raise service_error.validation(f"An EXTERNAL secret takes {self.config} and no {self.value}")
            return _read_external(store, config)
        if not value:
            required = self.value[0].upper() + self.value[1:]
            raise service_error.validation(f"{required} is required when secret source is MANAGED or not specified")
        if config:
            raise service_error.validation(f"A MANAGED secret takes {self.value} and no {self.config}")
        return Secret(value, "MANAGED", name=f"bedrock-agentcore-identity!default/{self.folder}/{provider}")


def require_exists(
    store: AccountRegionStore, configurations: list[type_defs.CredentialProviderConfigurationOutputTypeDef]
) -> None:
    """The credential providers that a target refers to exist."""
    for configuration in configurations:
        provider = configuration.get("credentialProvider", {})
        named = (
            (provider.get("apiKeyCredentialProvider"), store.api_key_credential_providers),
            (provider.get("oauthCredentialProvider"), store.oauth2_credential_providers),
        )
        for reference, records in named:
            if reference and not any(record.arn == reference["providerArn"] for record in records.values()):
                raise service_error.validation(f"Credential provider {reference['providerArn']} does not exist")


def _keep_secret(store: AccountRegionStore, secret: Secret, former: Secret | None) -> None:
    """Puts a managed secret into Secrets Manager, in place of the former one, where it is listed as on AWS."""
    replaced = former if former is not None and former.source == "MANAGED" else None
    if secret.source == "MANAGED":
        created = _secrets(store).create_managed_secret(
            "bedrock-agentcore-identity", secret.name, secret_string=json.dumps({"value": secret.value})
        )
        secret.arn = created.arn
    elif replaced is not None:
        _secrets(store).delete_secret(replaced.arn, None, True)


def _read_external(store: AccountRegionStore, config: type_defs.SecretReferenceTypeDef) -> Secret:
    secret_id, key = config["secretId"], config["jsonKey"]
    try:
        found = _secrets(store).get_secret_value(secret_id, "", "")
        value = json.loads(found["SecretString"])[key]
    except (JsonRESTError, ServiceException, KeyError, TypeError, ValueError):
        raise service_error.validation(f"Secret {secret_id} with key {key} cannot be read") from None
    return Secret(value, "EXTERNAL", arn=found["ARN"], json_key=key)


def _secrets(store: AccountRegionStore) -> SecretsManagerBackend:
    from moto.secretsmanager.models import secretsmanager_backends

    return secretsmanager_backends[store.account_id][store.region]
