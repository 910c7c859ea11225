"""The policy for whoever deploys has every call that a deployment makes."""

from __future__ import annotations

import importlib.util
import json
import sys
import urllib.request
from pathlib import Path
from types import ModuleType
from typing import Any

FILE = Path(__file__).parents[2] / "docs" / "reference" / "deploy_policy.py"

PROGRAM = """
import pulumi
from agentcore_provider import ApiKeyCredentialProvider, McpGateway, OAuth2CredentialProvider, credentials, targets

key = ApiKeyCredentialProvider("key", api_key="a-key", tags={tags!r})
OAuth2CredentialProvider("client", vendor="github", client_id="id", client_secret="a-secret", tags={tags!r})
crm = {{"target": targets.OpenApi("crm.yaml"), "credentials": credentials.ApiKey(key, location="HEADER", parameter_name="Key")}}
McpGateway("desk", description={description!r}, tags={tags!r}, targets={{"crm": crm, **({{
    "orders": targets.LambdaCode("demo/order_desk")}} if {more!r} else {{}})}})
"""
CRM = """
openapi: 3.0.3
info: {title: CRM, version: "1"}
servers: [{url: "https://crm.example.com"}]
paths:
  /people:
    get: {operationId: listPeople, responses: {"200": {description: All people}}}
"""
# Services whose calls are this package's own: Pulumi's aws plugin makes the others. Cognito's `oauth2/token` is not an action.
OURS = {"bedrock-agentcore-control", "cognito-idp", "secretsmanager"}


def deploy_policy() -> ModuleType:
    spec = importlib.util.spec_from_file_location("deploy_policy", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Its dataclass looks itself up.
    sys.modules["deploy_policy"] = module
    spec.loader.exec_module(module)
    return module


def test_the_policy_allows_what_a_deployment_calls(reader: Any) -> None:
    """Create, change, refresh and destroy of every noun, against local AWS: no call is missing in the policy."""
    (reader.folder / "crm.yaml").write_text(CRM)
    with urllib.request.urlopen(
        urllib.request.Request(f"{reader.endpoint}/_local/requests", method="DELETE"), timeout=10
    ):
        pass
    reader.deploy("policy", PROGRAM.format(tags={"stage": "dev"}, description="first", more=True))
    main = reader.folder / "__main__.py"
    before = main.read_text()
    main.write_text(PROGRAM.format(tags={"team": "a"}, description="second", more=False))
    try:
        reader.pulumi("up", "--stack", "policy", "--yes", "--skip-preview", "--refresh")
        reader.pulumi("destroy", "--stack", "policy", "--yes", "--skip-preview")
    finally:
        main.write_text(before)
    with urllib.request.urlopen(f"{reader.endpoint}/_local/requests", timeout=10) as answer:
        asked = {(it["service"], it["operation"]) for it in json.load(answer)}
    policy = deploy_policy().policy()
    allowed = {action for statement in policy["Statement"] for action in statement["Action"]}
    called = {
        f"{service.removesuffix('-control')}:{operation}"
        for service, operation in asked
        if service in OURS and operation.isalnum()
    }
    assert len(called) > 30
    assert called <= allowed


def test_every_call_is_read_from_the_code() -> None:
    """Direct calls, those behind functions of the room, f-strings and services by constant are all found."""
    actions = {it.action for it in deploy_policy().calls()}
    assert {
        "bedrock-agentcore:CreateGateway",
        "bedrock-agentcore:SynchronizeGatewayTargets",
        "bedrock-agentcore:DeleteOauth2CredentialProvider",
        "cognito-idp:CreateUserPool",
        "iam:ListAttachedRolePolicies",
        "lambda:CreateFunction",
        "s3:GetObject",
        "secretsmanager:RestoreSecret",
    } <= actions


def test_only_gateways_and_functions_are_given_roles() -> None:
    """The policy lets nobody pass a role to another service, and has no action of all services or of all of one."""
    statements = deploy_policy().policy()["Statement"]
    passing = [it for it in statements if "iam:PassRole" in it["Action"]]
    assert [set(it["Condition"]["StringEquals"]["iam:PassedToService"]) for it in passing] == [
        {"bedrock-agentcore.amazonaws.com", "lambda.amazonaws.com"}
    ]
    assert not [action for it in statements for action in it["Action"] if action.endswith(":*") or action == "*"]
