"""What API-key and OAuth2 credential providers have in common: names, secrets, and who refers to them."""

from __future__ import annotations

import json
from typing import Any

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control import tags
from agentcore_provider.local.store import AccountRegionStore, CredentialProviderRecord, Secret, now

_VAULT = "token-vault/default"


def start(
    store: AccountRegionStore,
    records: dict[str, CredentialProviderRecord],
    resource_type: str,
    given: dict[str, Any],
    secret: Secret,
) -> CredentialProviderRecord:
    """Makes a provider. resource_type: its part of the ARN. secret: see `read_secret`."""
    name = given["name"]
    if name in records:
        raise service_error.validation(f"Credential provider with name: {name} already exists")
    arn, created_at = store.arn(f"{_VAULT}/{resource_type}/{name}"), now()
    tags.start(store, arn, given.get("tags", {}))
    keep_secret(store, secret, None)
    document = {key: value for key, value in given.items() if key != "tags"}
    records[name] = CredentialProviderRecord(name, arn, secret, document, created_at, created_at)
    return records[name]


def require(
    records: dict[str, CredentialProviderRecord], given: dict[str, Any], missing: str
) -> CredentialProviderRecord:
    """The provider that the call names. Raises ResourceNotFoundException with the text `missing`."""
    record = records.get(given["name"])
    if record is None:
        raise service_error.not_found(missing)
    return record


def end(
    store: AccountRegionStore, records: dict[str, CredentialProviderRecord], record: CredentialProviderRecord
) -> None:
    """Deletes a provider at once."""
    del records[record.name]
    store.tags.pop(record.arn, None)
    if record.secret.source == "MANAGED":
        _secrets(store).delete_secret(record.secret.arn, None, True)


def read_secret(store: AccountRegionStore, given: dict[str, Any], members: tuple[str, str, str], folder: str) -> Secret:
    """The secret that a request carries or points to. A managed one has no ARN before `keep_secret`.

    members: names in the request for the value, for where it lies, and for its source.
    folder: part of a managed secret's name.
    """
    value_member, config_member, source_member = members
    value, config = given.get(value_member), given.get(config_member)
    source = given.get(source_member) or ("EXTERNAL" if config else "MANAGED")
    if source == "EXTERNAL":
        if not config or value:
            raise service_error.validation(f"An EXTERNAL secret takes {config_member} and no {value_member}")
        return _read_external(store, config)
    if not value:
        required = value_member[0].upper() + value_member[1:]
        raise service_error.validation(f"{required} is required when secret source is MANAGED or not specified")
    if config:
        raise service_error.validation(f"A MANAGED secret takes {value_member} and no {config_member}")
    name = f"bedrock-agentcore-identity!default/{folder}/{given.get('name', '')}"
    return Secret(value, source, name=name)


def keep_secret(store: AccountRegionStore, secret: Secret, former: Secret | None) -> None:
    """Puts a managed secret into Secrets Manager, in place of the former one, and tells its ARN.

    It can be seen there as on AWS, where the service owns it.
    """
    replaced = former if former is not None and former.source == "MANAGED" else None
    if secret.source == "MANAGED":
        made = _secrets(store).create_managed_secret(
            "bedrock-agentcore-identity", secret.name, secret_string=json.dumps({"value": secret.value})
        )
        secret.arn = made.arn
    elif replaced is not None:
        _secrets(store).delete_secret(replaced.arn, None, True)


def describe(record: CredentialProviderRecord) -> dict[str, Any]:
    """What answers of both kinds show."""
    return {
        "name": record.name,
        "credentialProviderArn": record.arn,
        "createdTime": record.created_at,
        "lastUpdatedTime": record.updated_at,
    }


def require_exists(store: AccountRegionStore, configurations: list[dict[str, Any]]) -> None:
    """The credential providers that a target refers to are there."""
    known = {
        "apiKeyCredentialProvider": store.api_key_credential_providers,
        "oauthCredentialProvider": store.oauth2_credential_providers,
    }
    for configuration in configurations:
        for member, provider in configuration.get("credentialProvider", {}).items():
            arn = provider.get("providerArn")
            if arn and not any(record.arn == arn for record in known[member].values()):
                raise service_error.validation(f"Credential provider {arn} does not exist")


def _read_external(store: AccountRegionStore, config: dict[str, Any]) -> Secret:
    from moto.core.exceptions import JsonRESTError, ServiceException

    secret_id, key = config["secretId"], config["jsonKey"]
    try:
        found = _secrets(store).get_secret_value(secret_id, "", "")
        value = json.loads(found["SecretString"])[key]
    except (JsonRESTError, ServiceException, KeyError, TypeError, ValueError):
        raise service_error.validation(f"Secret {secret_id} with key {key} cannot be read") from None
    return Secret(value, "EXTERNAL", arn=found["ARN"], json_key=key)


def _secrets(store: AccountRegionStore) -> Any:
    from moto.secretsmanager.models import secretsmanager_backends

    return secretsmanager_backends[store.account_id][store.region]
