"""The same resources by plain boto3, as careful scripts create them: each call once, then poll every half second.

Arguments: a function's ARN; then, as name=number, gateways, targets (of each gateway), threads, and sign_in=1 for a
user pool with a client. boto3 retries what AWS throttles, and slows down.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

RUN = uuid.uuid4().hex[:8]
RETRIES = Config(retries={"mode": "adaptive", "total_max_attempts": 100}, max_pool_connections=64)
SCHEMA = {
    "inlinePayload": [
        {"name": "find_order", "description": "Find an order", "inputSchema": {"type": "object", "properties": {}}}
    ]
}


def create_sign_in() -> dict:
    cognito = boto3.client("cognito-idp", config=RETRIES)
    pool = cognito.create_user_pool(PoolName=RUN)["UserPool"]["Id"]
    cognito.create_user_pool_domain(Domain=RUN, UserPoolId=pool)
    cognito.create_resource_server(
        UserPoolId=pool, Identifier=RUN, Name=RUN, Scopes=[{"ScopeName": "invoke", "ScopeDescription": "invoke"}]
    )
    client = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName=RUN,
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthScopes=[f"{RUN}/invoke"],
    )["UserPoolClient"]["ClientId"]
    issuer = f"{cognito.meta.endpoint_url}/{pool}/.well-known/openid-configuration"
    return {"customJWTAuthorizer": {"discoveryUrl": issuer, "allowedClients": [client]}}


def create_role(function: str) -> str:
    iam = boto3.client("iam", config=RETRIES)
    account = boto3.client("sts", config=RETRIES).get_caller_identity()["Account"]
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "bedrock-agentcore.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": account}},
    }
    invoke = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": function}
    role = iam.create_role(RoleName=RUN, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=RUN, PolicyName="targets", PolicyDocument=policy(invoke))
    return role


def policy(statement: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def ready(read, **identifiers: str) -> None:
    while (status := read(**identifiers)["status"]) != "READY":
        if status not in ("CREATING", "UPDATING"):
            sys.exit(f"{identifiers} is {status}")
        time.sleep(0.5)


def main(function: str, gateways: int = 1, targets: int = 1, threads: int = 1, sign_in: int = 0) -> None:
    control = boto3.client("bedrock-agentcore-control", config=RETRIES)
    with ThreadPoolExecutor(threads) as pool:
        # Nothing of the sign-in depends on the role.
        role_is_made = pool.submit(create_role, function)
        authorizer = pool.submit(create_sign_in).result() if sign_in else {}
        role = role_is_made.result()

        def create_gateway(number: int) -> str:
            gateway = control.create_gateway(
                name=f"shop-{RUN}-{number}",
                roleArn=role,
                protocolType="MCP",
                authorizerType="CUSTOM_JWT" if authorizer else "AWS_IAM",
                **({"authorizerConfiguration": authorizer} if authorizer else {}),
            )["gatewayId"]
            ready(control.get_gateway, gatewayIdentifier=gateway)
            return gateway

        def create_target(gateway: str, number: int) -> None:
            target = control.create_gateway_target(
                gatewayIdentifier=gateway,
                name=f"orders-{number}",
                targetConfiguration={"mcp": {"lambda": {"lambdaArn": function, "toolSchema": SCHEMA}}},
                credentialProviderConfigurations=[{"credentialProviderType": "GATEWAY_IAM_ROLE"}],
            )["targetId"]
            ready(control.get_gateway_target, gatewayIdentifier=gateway, targetId=target)

        made = list(pool.map(create_gateway, range(gateways)))
        pairs = [(gateway, number) for number in range(targets) for gateway in made]
        list(pool.map(create_target, *zip(*pairs, strict=True)))


main(sys.argv[1], **{name: int(value) for name, _, value in (it.partition("=") for it in sys.argv[2:])})
