"""A user pool in which people sign in."""

from __future__ import annotations

import pytest

from tests.support.control_plane import ControlPlane
from tests.support.people_pool import CALLBACK, PASSWORD, SCOPES, PeoplePool


@pytest.fixture
def people(local_aws: ControlPlane) -> PeoplePool:
    cognito, name = local_aws.client("cognito-idp"), local_aws.unique("crew")
    pool_id = cognito.create_user_pool(PoolName=name)["UserPool"]["Id"]
    cognito.create_user_pool_domain(UserPoolId=pool_id, Domain=name)
    invoke = {"ScopeName": "invoke", "ScopeDescription": "Call"}
    cognito.create_resource_server(UserPoolId=pool_id, Identifier="crew", Name="crew", Scopes=[invoke])
    client = cognito.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName=name,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=[*SCOPES, "crew/invoke"],
        AllowedOAuthFlowsUserPoolClient=True,
        CallbackURLs=[CALLBACK],
        LogoutURLs=["http://localhost:8976/bye"],
    )["UserPoolClient"]
    cognito.admin_create_user(
        UserPoolId=pool_id, Username="ada", UserAttributes=[{"Name": "email", "Value": "ada@example.com"}]
    )
    cognito.admin_set_user_password(UserPoolId=pool_id, Username="ada", Password=PASSWORD, Permanent=True)
    return PeoplePool(local_aws, pool_id, name, client["ClientId"], "crew/invoke")
