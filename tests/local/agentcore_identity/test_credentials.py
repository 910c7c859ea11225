"""Agents get API keys and tokens of local AWS's credential providers by the operations of AgentCore's data plane."""

from __future__ import annotations

from typing import Any

import boto3
import jwt
import pytest
import requests
from botocore.exceptions import ClientError

from tests.support.agent import RETURN_URL, Agent, AuthorizationServer, follow, returned
from tests.support.control_plane import ControlPlane
from tests.support.local_aws import ACCOUNT


def refused(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, str]:
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


def test_an_agent_gets_an_api_key(agent: Agent) -> None:
    provider = agent.api_key("k3y")
    for token in (agent.token(), agent.token_for("ada")):
        answer = agent.data.get_resource_api_key(workloadIdentityToken=token, resourceCredentialProviderName=provider)
        assert answer["apiKey"] == "k3y"


def test_an_agent_gets_a_token_for_itself(agent: Agent, server: AuthorizationServer) -> None:
    """With the scopes and parameters of the call, kept for the next one; parameters replace nothing of OAuth."""
    provider, token = agent.provider(), agent.token()
    more = {
        "customParameters": {"tenant": "shop", "grant_type": "password"},
        "audiences": ["orders", "parcels"],
        "resources": ["https://orders.example.com"],
    }
    first = agent.oauth2(token, provider, "M2M", **more)
    assert first == {"accessToken": "client_credentials-1"}
    assert server.received("/token") == {
        "grant_type": ["client_credentials"],
        "scope": ["read"],
        "tenant": ["shop"],
        "audience": ["orders", "parcels"],
        "resource": ["https://orders.example.com"],
    }
    assert agent.oauth2(token, provider, "M2M", **more) == first
    assert agent.oauth2(token, provider, "M2M") == {"accessToken": "client_credentials-2"}


def test_a_user_signs_in_for_an_agent(agent: Agent, server: AuthorizationServer) -> None:
    """The page, the return to the application with its state, its confirmation, the token; for this user alone."""
    provider, ada = agent.provider(), agent.token_for("ada")
    begun = agent.of_user(ada, provider, customState="s&1", customParameters={"access_type": "offline", "scope": "all"})
    assert begun["sessionStatus"] == "IN_PROGRESS"
    session = begun["sessionUri"]
    assert agent.of_user(ada, provider, sessionUri=session) == begun
    assert returned(follow(begun["authorizationUrl"])) == {"session_id": [session], "state": ["s&1"]}
    query = server.received("/authorize")
    assert (query["access_type"], query["scope"]) == (["offline"], ["read"])
    assert agent.of_user(ada, provider, sessionUri=session)["sessionStatus"] == "IN_PROGRESS"
    for other in ({"userId": "bob"}, {"userToken": jwt.encode({"iss": "i", "sub": "ada"}, "k" * 32, "HS256")}):
        with pytest.raises(ClientError) as error:
            agent.data.complete_resource_token_auth(sessionUri=session, userIdentifier=other)
        assert refused(error) == (
            "AccessDeniedException",
            "Invalid or expired session: userIdentifier is not the user whose call began the sign-in",
        )
    agent.data.complete_resource_token_auth(sessionUri=session, userIdentifier={"userId": "ada"})
    token = {"accessToken": "authorization_code-1"}
    assert agent.of_user(ada, provider, sessionUri=session) == token
    assert agent.of_user(agent.token_for("ada"), provider) == token
    assert "accessToken" not in agent.of_user(agent.token_for("bob"), provider)
    with pytest.raises(ClientError) as error:
        agent.data.complete_resource_token_auth(sessionUri=session, userIdentifier={"userId": "ada"})
    assert refused(error)[0] == "AccessDeniedException"


def test_a_user_signs_in_once_more_on_request(agent: Agent) -> None:
    """forceAuthentication: until the new sign-in is over, its session does not get the old token."""
    provider, ada = agent.provider(), agent.token_for("ada")

    def sign_in(begun: dict[str, Any]) -> dict[str, Any]:
        assert "session_id" in returned(follow(begun["authorizationUrl"]))
        agent.data.complete_resource_token_auth(sessionUri=begun["sessionUri"], userIdentifier={"userId": "ada"})
        return agent.of_user(ada, provider, sessionUri=begun["sessionUri"])

    assert sign_in(agent.of_user(ada, provider)) == {"accessToken": "authorization_code-1"}
    again = agent.of_user(ada, provider, forceAuthentication=True)
    assert agent.of_user(ada, provider, sessionUri=again["sessionUri"]) == again
    assert sign_in(again) == {"accessToken": "authorization_code-2"}


def test_a_sign_in_that_the_provider_denies_has_failed(agent: Agent, server: AuthorizationServer) -> None:
    """So has one that is another user's."""
    provider, ada = agent.provider(), agent.token_for("ada")
    session = agent.of_user(ada, provider)["sessionUri"]
    failed = {"sessionUri": session, "sessionStatus": "FAILED"}
    assert agent.of_user(agent.token_for("bob"), provider, sessionUri=session) == failed
    server.denies = True
    denied = follow(agent.of_user(ada, provider, sessionUri=session)["authorizationUrl"])
    assert (denied.status_code, denied.text) == (403, "The provider did not sign you in: access_denied.\n")
    assert agent.of_user(ada, provider, sessionUri=session) == failed


def test_a_user_is_known_by_a_token(local_aws: ControlPlane, agent: Agent, server: AuthorizationServer) -> None:
    """Checked with its issuer's keys; it can be exchanged, and a user id of the same name is another user."""
    user_token = agent_token(local_aws)
    issued = agent.data.get_workload_access_token_for_jwt(workloadName=agent.name, userToken=user_token)
    token, provider = issued["workloadAccessToken"], agent.provider()
    exchanged = agent.oauth2(token, provider, "ON_BEHALF_OF_TOKEN_EXCHANGE", audiences=["orders"])
    assert exchanged["accessToken"].startswith("urn:ietf:params:oauth:grant-type:token-exchange")
    form = server.received("/token")
    assert (form["subject_token"], form["audience"]) == ([user_token], ["orders"])
    begun = agent.of_user(token, provider)
    follow(begun["authorizationUrl"])
    claims = jwt.decode(user_token, options={"verify_signature": False})
    with pytest.raises(ClientError):
        agent.data.complete_resource_token_auth(
            sessionUri=begun["sessionUri"], userIdentifier={"userId": f"{claims['iss']} {claims['sub']}"}
        )
    forged = ".".join([*user_token.split(".")[:2], jwt.encode({}, "k" * 32, "HS256").split(".")[2]])
    with pytest.raises(ClientError, match="userIdentifier is not the user"):
        agent.data.complete_resource_token_auth(sessionUri=begun["sessionUri"], userIdentifier={"userToken": forged})
    agent.data.complete_resource_token_auth(sessionUri=begun["sessionUri"], userIdentifier={"userToken": user_token})
    assert "accessToken" in agent.of_user(token, provider)
    with pytest.raises(ClientError) as error:
        agent.data.get_workload_access_token_for_jwt(workloadName=agent.name, userToken=forged)
    assert refused(error) == ("UnauthorizedException", "userToken is not accepted: Signature verification failed")


def agent_token(local_aws: ControlPlane) -> str:
    """An access token of a user pool."""
    cognito, name = local_aws.client("cognito-idp"), local_aws.unique("crew")
    pool = cognito.create_user_pool(PoolName=name)["UserPool"]["Id"]
    cognito.create_user_pool_domain(UserPoolId=pool, Domain=name)
    scopes = [{"ScopeName": "call", "ScopeDescription": "c"}]
    cognito.create_resource_server(UserPoolId=pool, Identifier="desk", Name="desk", Scopes=scopes)
    client = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName=name,
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["desk/call"],
        AllowedOAuthFlowsUserPoolClient=True,
    )["UserPoolClient"]
    form, pair = {"grant_type": "client_credentials"}, (client["ClientId"], client["ClientSecret"])
    url = f"{local_aws.endpoint}/cognito/{name}/oauth2/token"
    return str(requests.post(url, data=form, auth=pair, timeout=10).json()["access_token"])


def test_errors_of_agents_are_answered_as_on_aws(local_aws: ControlPlane, agent: Agent) -> None:
    """The error's type, and what to do."""
    provider, token, ada = agent.provider(), agent.token(), agent.token_for("ada")
    gateway = local_aws.gateway()["gatewayId"]

    def error_of(call: Any, **members: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as error:
            call(**members)
        return refused(error)

    data = agent.data
    assert error_of(data.get_workload_access_token, workloadName="nobody-here") == (
        "ResourceNotFoundException",
        "WorkloadIdentity with name nobody-here not found",
    )
    assert error_of(data.get_workload_access_token, workloadName=gateway) == (
        "ValidationException",
        "WorkloadIdentity is linked to a service and cannot retrieve an access token by the caller",
    )
    assert error_of(data.get_workload_access_token, workloadName="a")[0] == "ValidationException"
    assert error_of(
        data.get_resource_api_key, workloadIdentityToken="forged", resourceCredentialProviderName=provider
    ) == ("UnauthorizedException", "The workload access token is not valid.")
    assert error_of(
        data.get_resource_api_key, workloadIdentityToken=token, resourceCredentialProviderName=provider
    ) == (
        "ResourceNotFoundException",
        f"ApiKeyCredentialProvider not found for {provider}",
    )
    other = "http://localhost:9090/elsewhere"
    for members, text in (
        ({"token": ada, "flow": "USER_FEDERATION"}, "You must register and use at least one ResourceOauth2ReturnUrl"),
        ({"token": ada, "flow": "USER_FEDERATION", "resourceOauth2ReturnUrl": other}, f"{RETURN_URL}"),
        ({"token": token, "flow": "USER_FEDERATION", "resourceOauth2ReturnUrl": RETURN_URL}, "is for a user"),
        ({"token": ada, "flow": "ON_BEHALF_OF_TOKEN_EXCHANGE"}, "GetWorkloadAccessTokenForJWT"),
        ({"token": ada, "flow": "CLIENT_CREDENTIALS"}, "Member must satisfy enum value set"),
    ):
        code, message = error_of(agent.oauth2, provider=provider, **members)
        assert (code, text in message) == ("ValidationException", True), message
    local_aws.control.delete_workload_identity(name=agent.name)
    code, message = error_of(agent.oauth2, token=token, provider=provider, flow="M2M")
    assert (code, f"{agent.name} does not exist" in message) == ("UnauthorizedException", True)


def test_a_role_needs_every_permission(local_aws: ControlPlane, agent: Agent) -> None:
    """The credentials of a role, such as a Lambda function's, get no further than its policies allow."""
    provider = agent.api_key("k3y")
    role = local_aws.role(principal="lambda.amazonaws.com")
    key = local_aws.client("sts").assume_role(RoleArn=role, RoleSessionName="agent")["Credentials"]
    data = boto3.client(
        "bedrock-agentcore",
        endpoint_url=local_aws.endpoint,
        region_name="us-west-2",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        aws_session_token=key["SessionToken"],
    )
    home = f"arn:aws:bedrock-agentcore:us-west-2:{ACCOUNT}"
    identities = [
        f"{home}:workload-identity-directory/default",
        f"{home}:workload-identity-directory/default/workload-identity/{agent.name}",
    ]
    vault = [f"{home}:token-vault/default", f"{home}:token-vault/default/apikeycredentialprovider/{provider}"]
    secret = local_aws.control.get_api_key_credential_provider(name=provider)["apiKeySecretArn"]["secretArn"]

    def get() -> str:
        token = data.get_workload_access_token(workloadName=agent.name)["workloadAccessToken"]
        answer = data.get_resource_api_key(workloadIdentityToken=token, resourceCredentialProviderName=provider)
        return str(answer["apiKey"])

    needed = [("bedrock-agentcore:GetWorkloadAccessToken", it) for it in identities]
    needed += [("bedrock-agentcore:GetResourceApiKey", it) for it in (*identities, *vault)]
    for action, resource in [*needed, ("secretsmanager:GetSecretValue", secret)]:
        with pytest.raises(ClientError) as error:
            get()
        code, message = refused(error)
        assert code == "AccessDeniedException"
        assert f"is not authorized to perform: {action} on resource: {resource}" in message
        local_aws.allow(role, action, resource)
    assert get() == "k3y"
