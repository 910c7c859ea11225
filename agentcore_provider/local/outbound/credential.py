"""Puts into a request the credential that its target's credentialProviderConfigurations name."""

from __future__ import annotations

from agentcore_provider.local import call_trace
from agentcore_provider.local.outbound import api_key, oauth2_token, permission, signature
from agentcore_provider.local.outbound.caller import Caller
from agentcore_provider.local.outbound.errors import CredentialError
from agentcore_provider.local.outbound.http_call import HttpCall
from agentcore_provider.local.store import Gateway, Target


def authorize(
    call: HttpCall,
    gateway: Gateway,
    target: Target,
    caller: Caller,
    *,
    service: str | None = None,
    by_machine: bool = False,
) -> HttpCall:
    """The request with the target's credential, as it is to be sent. Call it last: signatures cover everything.

    service: what a signature is for when the target does not name it.
    by_machine: there is no client, so a token that would be exchanged is fetched for the gateway itself.
    Raises CredentialError.
    """
    with call_trace.withheld():
        authorized = _with_credential(call, gateway, target, caller, service=service, by_machine=by_machine)
    call_trace.hide(value for _, value in {*authorized.headers, *authorized.query} - {*call.headers, *call.query})
    return authorized


def _with_credential(
    call: HttpCall, gateway: Gateway, target: Target, caller: Caller, *, service: str | None, by_machine: bool
) -> HttpCall:
    configuration = next(iter(target.credential_provider_configurations), None)
    if configuration is None or "authorization" in caller.overrides:
        return call
    kind = configuration["credentialProviderType"]
    provider = configuration.get("credentialProvider", {})
    if kind == "API_KEY":
        permission.require(gateway, provider["apiKeyCredentialProvider"]["providerArn"], "GetResourceApiKey")
        return api_key.authorize(call, provider["apiKeyCredentialProvider"])
    if kind == "OAUTH":
        oauth = provider["oauthCredentialProvider"]
        grant = None if by_machine else oauth.get("grantType")
        permission.require(gateway, oauth["providerArn"], "GetResourceOauth2Token", grant)
        token = oauth2_token.token(oauth, None if by_machine and caller.user is None else caller)
        return call.with_header("Authorization", f"Bearer {token}")
    if kind == "JWT_PASSTHROUGH":
        if caller.bearer_token is None:
            raise CredentialError("JWT_PASSTHROUGH: the request to the gateway carries no bearer token to pass on.")
        return call.with_header("Authorization", f"Bearer {caller.bearer_token}")
    iam = provider.get("iamCredentialProvider", {})
    signing_name = iam.get("service") or service or signature.service_of(call.url)
    if signing_name is None:
        # Not an AWS host, and no service to sign for: the request goes as it is.
        return call
    credentials = (
        signature.caller_credentials(caller)
        if kind == "CALLER_IAM_CREDENTIALS"
        else signature.role_credentials(gateway)
    )
    return signature.sign(call, credentials, signing_name, iam.get("region") or gateway.region)
