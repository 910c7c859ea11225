"""Who may call a gateway: every authorizer type lets in whom it should and reports the others why not."""

from __future__ import annotations

import datetime
import json
import time

import jwt
import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography.hazmat.primitives.asymmetric import rsa
from moto.sts.models import sts_backends
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from agentcore_provider.local.mcp_endpoint import bearer_token, signed_request
from agentcore_provider.local.mcp_endpoint.token_issuer import IssuerUnreachableError, TokenIssuers

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}


def claim_rule(operator, value, kind):
    wanted = {"matchValueString": value} if isinstance(value, str) else {"matchValueStringList": value}
    match = {"claimMatchValue": wanted, "claimMatchOperator": operator}
    return [{"inboundTokenClaimName": "team", "inboundTokenClaimValueType": kind, "authorizingClaimMatchValue": match}]


@pytest.fixture(scope="module")
def guarded(plane):
    """Makes a CUSTOM_JWT gateway with these members of its authorizer."""

    def make(**members):
        authorizer = {"discoveryUrl": plane.discovery_url, **members}
        configuration = {"customJWTAuthorizer": authorizer}
        return plane.gateway(authorizer_type="CUSTOM_JWT", authorizer_configuration=configuration)

    return make


def send(plane, gateway, token):
    return plane.post(gateway, LIST, Authorization=f"Bearer {token}")


@pytest.mark.parametrize("header", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer "}])
def test_without_a_token_the_answer_is_401_with_the_way_to_one(plane, guarded, header):
    gateway = guarded(allowedClients=["agent"])
    response = plane.post(gateway, LIST, **header)
    metadata = f"{plane.base_url}/gateways/{gateway}/.well-known/oauth-protected-resource"
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == f'Bearer resource_metadata="{metadata}"'
    missing = {"code": -32001, "message": "Missing Bearer token"}
    assert response.json() == {"jsonrpc": "2.0", "id": 0, "error": missing}, "A1 (transcript of 2026-04-29)"


def test_a_challenge_names_the_scopes_to_ask_for(plane, guarded):
    """A2 (public transcripts of 2026): scopes as advertised, even where no token came at all."""
    gateway = guarded(allowedScopes=["read", "write"], advertisedScopeMapping={"read": "api://desk/read"})
    metadata = f"{plane.base_url}/gateways/{gateway}/.well-known/oauth-protected-resource"
    expected = f'Bearer error="invalid_token", scope="api://desk/read write", resource_metadata="{metadata}"'
    assert plane.post(gateway, LIST).headers["WWW-Authenticate"] == expected
    assert send(plane, gateway, plane.token(exp=1)).headers["WWW-Authenticate"] == expected


@pytest.mark.parametrize(
    ("members", "claims"),
    [
        ({"allowedClients": ["other", "agent"]}, {}),
        ({"allowedAudience": ["api"]}, {"aud": ["x", "api"]}),
        ({"allowedAudience": ["api"]}, {"aud": "api"}),
        ({"allowedScopes": ["api/read", "api/write"]}, {"scope": "openid api/write"}),
        ({"customClaims": claim_rule("EQUALS", "red", "STRING")}, {"team": "red"}),
        ({"customClaims": claim_rule("CONTAINS", "red", "STRING_ARRAY")}, {"team": ["blue", "red"]}),
        ({"customClaims": claim_rule("CONTAINS_ANY", ["red", "green"], "STRING_ARRAY")}, {"team": ["green"]}),
    ],
)
def test_a_token_that_fits_is_let_in(plane, guarded, members, claims):
    response = send(plane, guarded(**members), plane.token(**claims))
    assert response.status_code == 200, response.text


@pytest.mark.parametrize(
    ("members", "claims", "reason"),
    [
        ({"allowedClients": ["other"]}, {}, "not one of allowedClients"),
        ({"allowedAudience": ["api"]}, {"aud": "web"}, "not one of allowedAudience"),
        ({"allowedClients": ["agent"]}, {"exp": 1}, "expired"),
        ({"allowedClients": ["agent"]}, {"exp": None}, 'missing the "exp" claim'),
        ({"allowedClients": ["agent"]}, {"nbf": 32503680000}, "not yet valid"),
        ({"allowedClients": ["agent"]}, {"key_id": "unknown"}, "which its issuer does not have"),
        ({"customClaims": claim_rule("EQUALS", "red", "STRING")}, {"team": "blue"}, "must satisfy EQUALS red"),
        ({"customClaims": claim_rule("CONTAINS", "red", "STRING_ARRAY")}, {"team": "red"}, "CONTAINS red"),
    ],
)
def test_a_token_that_does_not_fit_is_401_and_the_reason_is_reported(plane, guarded, members, claims, reason):
    response = send(plane, guarded(**members), plane.token(**claims))
    assert response.status_code == 401
    error = response.json()["error"]
    assert error["message"] == "Invalid Bearer token"
    assert reason in error["data"]["reason"]
    assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]


def test_an_accepted_token_expires_and_proves_nothing_for_another(plane, guarded):
    """What a token has proved once is kept, but not beyond its time, nor for the same claims under another signature."""
    authorizer = {"discoveryUrl": plane.discovery_url, "allowedClients": ["agent"]}
    ends = int(time.time()) + 60
    token = plane.token(exp=ends)
    for now in (ends - 60, ends - 0.1):
        bearer_token.check(token, authorizer, plane.base_url, clock=lambda now=now: now)
    with pytest.raises(bearer_token.InvalidTokenError, match="expired"):
        bearer_token.check(token, authorizer, plane.base_url, clock=lambda: ends)
    forged = f"{token.rpartition('.')[0]}.{plane.token(exp=ends, jti='1').rpartition('.')[2]}"
    assert send(plane, guarded(allowedClients=["agent"]), forged).status_code == 401


def test_a_forged_token_is_refused(plane, guarded):
    gateway = guarded(allowedClients=["agent"])
    forger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = {"iss": plane.issuer_url, "exp": 32503680000, "client_id": "agent"}
    forged = [
        plane.token(key=forger),
        jwt.encode(claims, "", algorithm="none", headers={"kid": "key-1"}),
        jwt.encode(claims, "k" * 32, algorithm="HS256", headers={"kid": "key-1"}),
        "not.a.token",
    ]
    assert [send(plane, gateway, token).status_code for token in forged] == [401] * 4


@pytest.mark.parametrize(
    ("members", "claims", "reason"),
    [
        ({"allowedScopes": ["api/write"]}, {"scope": "api/read"}, "none of allowedScopes"),
        ({"allowedAudience": ["api"]}, {}, "Cognito access tokens have no aud: use allowedClients"),
        ({"allowedClients": ["agent"]}, {"iss": "http://evil"}, "iss is 'http://evil'"),
    ],
)
def test_a_token_for_other_things_is_403(plane, guarded, members, claims, reason):
    """A5 (public transcripts of 2026-08 and 2026-09): insufficient_scope also where no scope is wrong."""
    response = send(plane, guarded(**members), plane.token(**claims))
    assert response.status_code == 403
    assert reason in response.json()["error"]["data"]["reason"]
    challenge = response.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer error="insufficient_scope", ')
    assert ('scope="api/write", ' in challenge) == ("allowedScopes" in members)


def test_an_issuer_out_of_reach_is_reported(plane, guarded):
    gateway = guarded(discoveryUrl="http://127.0.0.1:9/.well-known/openid-configuration", allowedClients=["agent"])
    response = send(plane, gateway, plane.token())
    assert response.status_code == 401
    assert "cannot be read" in response.json()["error"]["data"]["reason"]


class FakeIssuer:
    """Counts what is read, under a clock that stands still until it is moved."""

    def __init__(self, key, issuer="https://cognito-idp.us-west-2.amazonaws.com/us-west-2_abc"):
        self.read = []
        self.now = 1000.0
        self.issuers = TokenIssuers(get=self.get, clock=lambda: self.now)
        self._key = key
        self._issuer = issuer

    def get(self, url):
        self.read.append(url)
        if url.endswith("jwks.json"):
            public = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
            return {"keys": [{**public, "kid": "k", "alg": "RS256"}]}
        return {"issuer": self._issuer, "jwks_uri": "http://local/jwks.json"}


def test_keys_are_kept_and_read_again_when_old_or_when_a_token_names_another_key(signing_key):
    fake = FakeIssuer(signing_key)
    url = "http://local/us-west-2_abc/.well-known/openid-configuration"

    def reads(key_id="k", later=0.0):
        before = len(fake.read)
        fake.now += later
        fake.issuers.issuer(url, "http://local", key_id)
        return len(fake.read) - before

    assert [reads(), reads(), reads(later=299)] == [2, 0, 0]
    assert reads("new") == 2
    assert [reads("new"), reads("new", later=6)] == [0, 2]
    assert reads(later=301) == 2


def test_a_user_pool_named_as_on_aws_is_read_from_local_aws(signing_key):
    fake = FakeIssuer(signing_key)
    path = "/us-west-2_abc/.well-known/openid-configuration"
    issuer = fake.issuers.issuer(f"https://cognito-idp.us-west-2.amazonaws.com{path}", "http://local")
    assert fake.read == [f"http://local{path}", "http://local/jwks.json"]
    assert issuer.names == ("https://cognito-idp.us-west-2.amazonaws.com/us-west-2_abc", "http://local/us-west-2_abc")


def test_only_http_addresses_are_read():
    with pytest.raises(IssuerUnreachableError, match="not an HTTP address"):
        TokenIssuers().issuer("file:///etc/.well-known/openid-configuration", "http://local")


def test_authenticate_only_wants_a_token_that_has_not_expired_or_a_signature(plane):
    gateway = plane.gateway(authorizer_type="AUTHENTICATE_ONLY")
    assert send(plane, gateway, plane.token(iss="http://anyone")).status_code == 200
    assert send(plane, gateway, plane.token(exp=1)).status_code == 401
    assert plane.post(gateway, LIST).status_code == 401
    assert plane.post(gateway, LIST, **signature(plane, gateway)).status_code == 200
    assert bearer_token.check_presence(plane.token())["client_id"] == "agent"


def signature(
    plane, gateway, *, service="bedrock-agentcore", region="us-west-2", key="local", secret="local", token=None
):
    request = AWSRequest("POST", plane.url(gateway), data=json.dumps(LIST).encode())
    SigV4Auth(Credentials(key, secret, token), service, region).add_auth(request)
    return {name.replace("-", "_"): value for name, value in request.headers.items()}


def test_aws_iam_wants_a_signature_for_this_service_and_region(plane):
    gateway = plane.gateway(authorizer_type="AWS_IAM")
    assert plane.post(gateway, LIST, **signature(plane, gateway)).status_code == 200
    old = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=9)).strftime("%Y%m%dT%H%M%SZ")
    refused = [
        ({"Authorization": f"Bearer {plane.token()}"}, "not an AWS4-HMAC-SHA256 signature"),
        (signature(plane, gateway, service="lambda"), "service 'bedrock-agentcore'"),
        (signature(plane, gateway, region="eu-west-1"), "Region 'us-west-2'"),
        ({**signature(plane, gateway), "X_Amz_Date": old}, "Signature expired"),
    ]
    for headers, reason in refused:
        _expect_refusal(plane.post(gateway, LIST, **headers), reason)
    unsigned = plane.post(gateway, LIST)
    error = {"code": -32001, "message": "Missing Authentication Token"}
    assert (unsigned.status_code, unsigned.json()) == (401, {"jsonrpc": "2.0", "id": "null", "error": error}), "A6"


def _expect_refusal(response, reason):
    assert response.status_code == 403
    assert reason in response.json()["error"]["data"]["reason"]


def test_aws_iam_checks_the_value_of_a_signature_whose_secret_it_knows(plane):
    gateway = plane.gateway(authorizer_type="AWS_IAM")
    _expect_refusal(plane.post(gateway, LIST, **signature(plane, gateway, secret="guessed")), "does not match")
    _expect_refusal(plane.post(gateway, [LIST], **signature(plane, gateway)), "does not match")
    other = plane.gateway(authorizer_type="AWS_IAM")
    _expect_refusal(plane.post(gateway, LIST, **signature(plane, other)), "does not match")
    hashed = signature(plane, gateway) | {"X_Amz_Content_SHA256": "0" * 64}
    _expect_refusal(plane.post(gateway, LIST, **hashed), "have to be signed too: x-amz-content-sha256")
    # The secret of a key from elsewhere is known to AWS alone.
    assert plane.post(gateway, LIST, **signature(plane, gateway, key="AKIAOTHER", secret="x")).status_code == 200


def test_aws_iam_takes_keys_of_an_assumed_role_with_their_session_token(plane):
    gateway = plane.gateway(authorizer_type="AWS_IAM")
    role = sts_backends["123456789012"]["aws"].assume_role(
        "us-west-2", "agent", "arn:aws:iam::123456789012:role/agent", "{}", 900, ""
    )
    key = {"key": role.access_key_id, "secret": role.secret_access_key}
    assert plane.post(gateway, LIST, **signature(plane, gateway, **key, token=role.session_token)).status_code == 200
    for token in (None, "another"):
        answer = plane.post(gateway, LIST, **signature(plane, gateway, **key, token=token))
        _expect_refusal(answer, "security token included in the request is invalid")
    unsigned = signature(plane, gateway, **key) | {"X_Amz_Security_Token": role.session_token}
    _expect_refusal(plane.post(gateway, LIST, **unsigned), "have to be signed too: x-amz-security-token")


def test_aws_iam_takes_a_signature_in_the_query():
    def problem(secret):
        request = AWSRequest("GET", "http://127.0.0.1:4599/gateways/shop-0123456789/partner/a%20b?x=1&a=")
        SigV4QueryAuth(Credentials("local", secret), "bedrock-agentcore", "us-west-2").add_auth(request)
        path, _, query = request.url.partition(":4599")[2].partition("?")
        builder = EnvironBuilder(path, base_url="http://127.0.0.1:4599", query_string=query)
        environ = builder.get_environ() | {"RAW_URI": f"{path}?{query}"}
        return signed_request.problem(Request(environ), "us-west-2")

    assert problem("local") is None
    assert "does not match" in problem("guessed")
