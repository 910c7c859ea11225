"""The token endpoint gives tokens for client credentials, as Cognito does, and refuses in RFC 6749's words."""

from __future__ import annotations

import base64
import dataclasses
from urllib.parse import urlencode

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from werkzeug.test import EnvironBuilder

from agentcore_provider.local.cognito import token_endpoint
from agentcore_provider.local.cognito.user_pool_client import UserPoolClient

NOW = 1_900_000_000
ISSUER = "http://127.0.0.1:1/us-west-2_pool"


@pytest.fixture(scope="module")
def pools():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    jwk = jwt.PyJWK({**jwt.algorithms.RSAAlgorithm.to_jwk(key, as_dict=True), "kid": "k1", "alg": "RS256"})
    return FakePools(
        UserPoolClient(
            user_pool_id="us-west-2_pool",
            client_id="agent",
            client_secrets=["old:secret", "new-secret"],
            allowed_scopes=["api/read", "api/write", "openid"],
            allowed_flows=["client_credentials"],
            issuer=ISSUER,
            signing_key=jwk,
            key_id="k1",
            token_validity_seconds=1800,
        ),
        key.public_key(),
    )


class FakePools:
    def __init__(self, client, public_key):
        self.client = client
        self.public_key = public_key

    def find_user_pool_by_domain(self, domain):
        return self.client.user_pool_id if domain == "shop" else None

    def user_pool_client(self, domain, client_id):
        return self.client if domain == "shop" and client_id == self.client.client_id else None


def post(pools, form, *, basic=None, domain="shop", method="POST", content_type="application/x-www-form-urlencoded"):
    headers = {"Authorization": "Basic " + base64.b64encode(basic.encode()).decode()} if basic else {}
    request = EnvironBuilder(
        method=method, data=urlencode(form), headers=headers, content_type=content_type
    ).get_request()
    return token_endpoint.serve(request, domain, "http://local", user_pools=pools, clock=lambda: NOW)


GRANT = {"grant_type": "client_credentials"}


@pytest.mark.parametrize(
    ("form", "basic"),
    [
        (GRANT, "agent:new-secret"),
        (GRANT, "agent:old:secret"),
        ({**GRANT, "client_id": "agent"}, "agent:new-secret"),
        ({**GRANT, "client_id": "agent", "client_secret": "new-secret"}, None),
    ],
)
def test_a_client_with_any_live_secret_gets_a_signed_token_with_all_its_scopes(pools, form, basic):
    response = post(pools, form, basic=basic)
    assert response.status_code == 200
    answer = response.get_json()
    token = answer.pop("access_token")
    assert answer == {"expires_in": 1800, "token_type": "Bearer"}
    assert jwt.get_unverified_header(token)["kid"] == "k1"
    claims = jwt.decode(token, pools.public_key, algorithms=["RS256"], options={"verify_iat": False})
    assert claims.pop("jti")
    assert claims == {
        "sub": "agent",
        "client_id": "agent",
        "token_use": "access",
        "scope": "api/read api/write",
        "auth_time": NOW,
        "iat": NOW,
        "exp": NOW + 1800,
        "iss": ISSUER,
        "version": 2,
    }


def test_a_token_can_be_had_for_some_scopes_only(pools):
    response = post(pools, {**GRANT, "scope": "api/write"}, basic="agent:new-secret")
    claims = jwt.decode(response.get_json()["access_token"], options={"verify_signature": False})
    assert claims["scope"] == "api/write"


@pytest.mark.parametrize(
    ("form", "basic", "error"),
    [
        (GRANT, "agent:wrong", "invalid_client"),
        (GRANT, "unknown:new-secret", "invalid_client"),
        (GRANT, None, "invalid_client"),
        ({**GRANT, "client_id": "other"}, "agent:new-secret", "invalid_client"),
        ({**GRANT, "scope": "api/admin"}, "agent:new-secret", "invalid_scope"),
        ({**GRANT, "scope": "openid"}, "agent:new-secret", "invalid_scope"),
        ({"grant_type": "password"}, "agent:new-secret", "unsupported_grant_type"),
        ({}, "agent:new-secret", "invalid_request"),
    ],
)
def test_refusals_are_400_with_an_error_code(pools, form, basic, error):
    response = post(pools, form, basic=basic)
    assert (response.status_code, response.get_json()["error"]) == (400, error)
    assert "secret" not in response.get_data(as_text=True).replace("invalid_client_secret", "")


def test_a_client_without_the_grant_or_without_a_secret_gets_nothing(pools):
    no_flow = FakePools(dataclasses.replace(pools.client, allowed_flows=["code"]), pools.public_key)
    assert post(no_flow, GRANT, basic="agent:new-secret").get_json() == {"error": "unauthorized_client"}
    public = FakePools(dataclasses.replace(pools.client, client_secrets=[]), pools.public_key)
    assert post(public, GRANT, basic="agent:").get_json()["error"] == "invalid_client"


def test_other_methods_types_and_domains_are_refused(pools):
    assert post(pools, GRANT, method="GET").status_code == 405
    assert post(pools, GRANT, content_type="application/json").get_json()["error"] == "invalid_request"
    assert post(pools, GRANT, domain="nobody").status_code == 404
