"""GetResourceApiKey, GetResourceOauth2Token, CompleteResourceTokenAuth.

USER_FEDERATION: the token of the workload's user, who signs in at `authorizationUrl` and is redirected to
resourceOauth2ReturnUrl with `session_id`, and `state` if there is a customState (assumed name). The application there calls
CompleteResourceTokenAuth; only then is there a token. With the sessionUri of such a sign-in, it is IN_PROGRESS until
then, and FAILED if the provider did not sign the person in, or it is over or another's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jwt

from agentcore_provider.local import service_error, store
from agentcore_provider.local.agentcore_control.api_key_credential_provider import PROVIDERS as API_KEY_PROVIDERS
from agentcore_provider.local.agentcore_control.credential_provider import CredentialProviders
from agentcore_provider.local.agentcore_control.oauth2_credential_provider import PROVIDERS as OAUTH2_PROVIDERS
from agentcore_provider.local.agentcore_identity import workload_token
from agentcore_provider.local.agentcore_identity.call import Call
from agentcore_provider.local.agentcore_identity.workload_token import Workload
from agentcore_provider.local.outbound import NOBODY, Caller, CredentialError, oauth2_token
from agentcore_provider.local.outbound.user_sign_in import SignIn, sign_ins
from agentcore_provider.local.service_error import ServiceError
from agentcore_provider.local.store import LOCK, CredentialProviderRecord, Oauth2Client

_ON_BEHALF_OF = "ON_BEHALF_OF_TOKEN_EXCHANGE"
_USER_FEDERATION = "USER_FEDERATION"
_RETURN_URL_NEEDED = (
    "You must register and use at least one ResourceOauth2ReturnUrl on your workload identity to use this flow"
)
"""As observed on the service."""


def get_api_key(call: Call, request: Mapping[str, Any]) -> Mapping[str, object]:
    """The key of an API-key credential provider."""
    workload = workload_token.read(call, request["workloadIdentityToken"])
    name = request["resourceCredentialProviderName"]
    provider = _require(API_KEY_PROVIDERS, call, name)
    call.require_provider_permission("GetResourceApiKey", workload.identity.arn, provider.arn, provider.secret.arn)
    return {"apiKey": provider.secret.value}


def get_oauth2_token(call: Call, request: Mapping[str, Any]) -> Mapping[str, object]:
    """A token of an OAuth2 credential provider, or where its user gets one."""
    workload = workload_token.read(call, request["workloadIdentityToken"])
    name = request["resourceCredentialProviderName"]
    provider = _require(OAUTH2_PROVIDERS, call, name)
    call.require_provider_permission("GetResourceOauth2Token", workload.identity.arn, provider.arn, provider.secret.arn)
    client = store.oauth2_client(provider.arn)
    if client is None:
        raise _not_found(OAUTH2_PROVIDERS, name)
    try:
        if request["oauth2Flow"] == _USER_FEDERATION:
            return _token_of_user(workload, client, request)
        return {"accessToken": _token_of_workload(workload, client, request)}
    except CredentialError as error:
        raise service_error.validation(str(error)) from None


def complete_token_auth(call: Call, request: Mapping[str, Any]) -> Mapping[str, object]:
    """An application confirms that the person who signed in is the one whose call began the sign-in."""
    sign_in = sign_ins.find(request["sessionUri"])
    # The beginning of both messages is the service's.
    if sign_in is None:
        raise _session_denied("nobody is signing in with this sessionUri")
    if not _is_of(call, sign_in, request["userIdentifier"]):
        raise _session_denied("userIdentifier is not the user whose call began the sign-in")
    try:
        sign_ins.complete(sign_in)
    except CredentialError as error:
        raise service_error.validation(str(error)) from None
    return {}


def _token_of_workload(workload: Workload, client: Oauth2Client, request: Mapping[str, Any]) -> str:
    caller, grant = NOBODY, "CLIENT_CREDENTIALS"
    if request["oauth2Flow"] == _ON_BEHALF_OF:
        if workload.user_token is None:
            raise service_error.validation(
                f"{_ON_BEHALF_OF} exchanges the token of a user: get the workload access token with "
                "GetWorkloadAccessTokenForJWT"
            )
        caller, grant = Caller({"authorization": f"Bearer {workload.user_token}"}), "TOKEN_EXCHANGE"
    return oauth2_token.token(
        {
            "providerArn": client.arn,
            "scopes": request["scopes"],
            "grantType": grant,  # type: ignore[typeddict-item]
            "customParameters": request.get("customParameters", {}),
        },
        caller,
        _targets_of(request),
    )


def _token_of_user(workload: Workload, client: Oauth2Client, request: Mapping[str, Any]) -> Mapping[str, object]:
    if workload.user is None:
        raise service_error.validation(
            f"{_USER_FEDERATION} is for a user: get the workload access token with GetWorkloadAccessTokenForJWT or "
            "GetWorkloadAccessTokenForUserId"
        )
    user = _key_of_user(workload.identity.arn, workload.user)
    return_url = request.get("resourceOauth2ReturnUrl")
    _check_return_url(workload, return_url)
    session_uri = request.get("sessionUri")
    sign_in = sign_ins.find(session_uri) if session_uri else None
    if sign_in is not None and sign_in.user == user and sign_in.client.arn == client.arn:
        return {"sessionUri": session_uri, "sessionStatus": "FAILED"} if sign_in.has_failed else _in_progress(sign_in)
    if not request.get("forceAuthentication"):
        token = sign_ins.kept_token(client, user, request["scopes"])
        if token is not None:
            return {"accessToken": token}
    if session_uri:
        return {"sessionUri": session_uri, "sessionStatus": "FAILED"}
    # A sign-in at a provider without a page could never end.
    oauth2_token.authorization_endpoint(client)
    return _in_progress(
        sign_ins.begin(
            client,
            user,
            scopes=request["scopes"],
            custom={**request.get("customParameters", {}), **_targets_of(request)},
            return_url=return_url,
            workload_arn=workload.identity.arn,
            state=request.get("customState"),
        )
    )


def _in_progress(sign_in: SignIn) -> Mapping[str, object]:
    return {"authorizationUrl": sign_in.url, "sessionUri": sign_in.session_uri, "sessionStatus": "IN_PROGRESS"}


def _check_return_url(workload: Workload, url: str | None) -> None:
    allowed = workload.identity.return_urls
    if url is None or not allowed:
        raise service_error.validation(_RETURN_URL_NEEDED)
    if url not in allowed:
        raise service_error.validation(
            f"resourceOauth2ReturnUrl {url} is not one of allowedResourceOauth2ReturnUrls of the workload identity "
            f"{workload.identity.name}: {', '.join(allowed)}"
        )


def _targets_of(request: Mapping[str, Any]) -> dict[str, list[str]]:
    """`resource` of RFC 8707 and `audience` of RFC 8693, which may each be sent more than once."""
    found = {"resource": request.get("resources"), "audience": request.get("audiences")}
    return {name: values for name, values in found.items() if values}


def _is_of(call: Call, sign_in: SignIn, identifier: Mapping[str, str]) -> bool:
    user_token, user_id = identifier.get("userToken"), identifier.get("userId")
    try:
        if user_token is not None:
            workload_token.check_user_token(call, user_token)
        user = workload_token.user_of(user_token, user_id)
    except (ServiceError, jwt.InvalidTokenError, RecursionError, ValueError, TypeError):
        return False
    if sign_in.workload_arn:
        return user is not None and sign_in.user == _key_of_user(sign_in.workload_arn, user)
    # A gateway's user is issuer and `sub`, with a space between. Applications name them by either, or by the token.
    return user == f"token {sign_in.user}" or user_id in (sign_in.user, sign_in.user.rpartition(" ")[2])


def _key_of_user(workload_arn: str, user: str) -> str:
    """Tokens of people belong to one workload identity."""
    return f"{workload_arn} {user}"


def _require(providers: CredentialProviders[Any], call: Call, name: str) -> CredentialProviderRecord:
    with LOCK:
        found = providers.records(call.store).get(name)
    if found is None:
        raise _not_found(providers, name)
    return found


def _not_found(providers: CredentialProviders[Any], name: str) -> ServiceError:
    return service_error.not_found(providers.not_found.format(name=name))


def _session_denied(why: str) -> ServiceError:
    return ServiceError("AccessDeniedException", f"Invalid or expired session: {why}")
