"""CreateUserPoolDomain, DescribeUserPoolDomain, UpdateUserPoolDomain, DeleteUserPoolDomain."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, cast
from weakref import WeakKeyDictionary

from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUserPool, CognitoIdpUserPoolDomain, cognitoidp_backends

from agentcore_provider.local.cognito import managed_login
from agentcore_provider.local.cognito.call import Answer, CognitoCall, invalid, require_user_pool
from agentcore_provider.local.kept import keep

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import type_defs

_RESERVED = ("aws", "amazon", "cognito")
_NO_DISTRIBUTION = "d111111abcdef8.cloudfront.net"

_active_at: WeakKeyDictionary[CognitoIdpUserPoolDomain, tuple[Callable[[], float], float]] = keep(
    __name__, "active_at", WeakKeyDictionary()
)
"""The clock of each domain, and when it becomes active."""


def create(call: CognitoCall, request: type_defs.CreateUserPoolDomainRequestTypeDef) -> Answer:
    """Claims a domain, which is unique per Region across all accounts."""
    pool, name = require_user_pool(call, request["UserPoolId"]), request["Domain"]
    if "CustomDomainConfig" not in request:
        for word in _RESERVED:
            if word in name:
                raise invalid(f"Domain cannot contain reserved word: {word}")
    if any(domain.domain == name for region, domain in _all() if region == call.region):
        raise invalid("Domain already associated with another user pool.")
    if pool.domain is not None:
        raise invalid("A domain is already configured for this user pool.")
    domain = call.backend.create_user_pool_domain(
        pool.id, name, cast("dict[str, str] | None", request.get("CustomDomainConfig"))
    )
    monotonic = call.settings.monotonic
    managed_login.set_version(domain, request.get("ManagedLoginVersion"))
    active_at = monotonic() + call.settings.seconds_until_ready("domain")
    _active_at[domain] = (monotonic, active_at)
    return {"CloudFrontDomain": _NO_DISTRIBUTION} if "CustomDomainConfig" in request else {}


def describe(call: CognitoCall, request: type_defs.DescribeUserPoolDomainRequestTypeDef) -> Answer:
    """An unknown domain has an empty description."""
    domain = call.backend.user_pool_domains.get(request["Domain"])
    if domain is None:
        return {"DomainDescription": {}}
    return {
        "DomainDescription": {
            "UserPoolId": domain.user_pool_id,
            "AWSAccountId": call.account_id,
            "Domain": domain.domain,
            "CloudFrontDistribution": _NO_DISTRIBUTION,
            "Status": "ACTIVE" if _is_active(domain) else "CREATING",
            "CustomDomainConfig": domain.custom_domain_config or {},
            "ManagedLoginVersion": managed_login.version_of(domain),
        }
    }


def update(call: CognitoCall, request: type_defs.UpdateUserPoolDomainRequestTypeDef) -> Answer:
    """Changes the certificate, and the version of managed login."""
    pool = require_user_pool(call, request["UserPoolId"])
    domain = call.backend.user_pool_domains.get(request["Domain"])
    if domain is None or domain.user_pool_id != pool.id:
        raise invalid(f"No such domain or user pool exists: {request['Domain']}")
    if "CustomDomainConfig" in request:
        domain.custom_domain_config = cast("dict[str, str]", request["CustomDomainConfig"])
    if "ManagedLoginVersion" in request:
        managed_login.set_version(domain, request["ManagedLoginVersion"])
    version = {"ManagedLoginVersion": managed_login.version_of(domain)}
    return {**version, "CloudFrontDomain": _NO_DISTRIBUTION} if domain.custom_domain_config else version


def delete(call: CognitoCall, request: type_defs.DeleteUserPoolDomainRequestTypeDef) -> None:
    """moto deletes it, if the pool holds the domain."""
    pool = require_user_pool(call, request["UserPoolId"])
    domain = call.backend.user_pool_domains.get(request["Domain"])
    if domain is None or domain.user_pool_id != pool.id:
        raise invalid(f"No such domain or user pool exists: {request['Domain']}")


def find_user_pool_id(name: str) -> str | None:
    """Id of the pool that holds this domain and can be reached under it."""
    return next((domain.user_pool_id for _, domain in _all() if domain.domain == name and _is_active(domain)), None)


def user_pools(name: str) -> list[CognitoIdpUserPool]:
    """The pools that can be reached under this domain, as moto keeps them: it may be taken once in every Region, and
    a local address has no Region in it, unlike a host name of AWS."""
    holders = {domain.user_pool_id for _, domain in _all() if domain.domain == name and _is_active(domain)}
    return [pool for _, backend in _backends() for pool_id, pool in backend.user_pools.items() if pool_id in holders]


def domain_of(pool_id: str) -> str | None:
    """The domain of a pool, whether it can be reached yet or not."""
    return next((domain.domain for _, domain in _all() if domain.user_pool_id == pool_id), None)


def _all() -> Iterator[tuple[str, CognitoIdpUserPoolDomain]]:
    for region, backend in _backends():
        for domain in list(backend.user_pool_domains.values()):
            yield region, domain


def _backends() -> Iterator[tuple[str, CognitoIdpBackend]]:
    for account in list(cognitoidp_backends.values()):
        yield from list(account.items())


def _is_active(domain: CognitoIdpUserPoolDomain) -> bool:
    monotonic, active_at = _active_at.get(domain, (time.monotonic, 0.0))
    return monotonic() >= active_at
