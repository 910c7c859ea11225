"""One target of each kind that docs/role.md has a row for, and the row that the rules make of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from agentcore_provider.rules import execution_role
from agentcore_provider.schemas.builtins import catalogue
from agentcore_provider.target_kinds.role_needs import Needs, Place

PLACE = Place("aws", "us-west-2", "123456789012")
_AGENTCORE = "arn:aws:bedrock-agentcore:us-west-2:123456789012"
_VAULT = f"{_AGENTCORE}:token-vault/default"
_RUNTIME = f"{_AGENTCORE}:runtime/clerk-0123456789"
_ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
_KEY = {"apiKeyCredentialProvider": {"providerArn": f"{_VAULT}/apikeycredentialprovider/weather"}}
_FILTER = {"toolFilters": [{"filterPath": "/pets", "methods": ["GET"]}]}
_KNOWLEDGE = {"name": "Retrieve", "parameterValues": {"knowledgeBaseId": "ABCDEFGHIJ"}}
_FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:orders"


def _oauth(grant: str) -> list[dict[str, Any]]:
    used = {"providerArn": f"{_VAULT}/oauth2credentialprovider/crm", "scopes": [], "grantType": grant}
    return [{"credentialProviderType": "OAUTH", "credentialProvider": {"oauthCredentialProvider": used}}]


def _endpoint(url: str, protocol: str = "CUSTOM") -> dict[str, Any]:
    return {"http": {"passthrough": {"endpoint": url, "protocolType": protocol}}}


def _connector(family: str, connector: str, **more: Any) -> dict[str, Any]:
    return {family: {"connector": {"source": {"connectorId": connector}, **more}}}


_NO_TARGET = _endpoint("")
_ALIKE = "both, once for all targets"
ROWS: Mapping[str, tuple[dict[str, Any], list[dict[str, Any]], str]] = {
    "Lambda function": ({"mcp": {"lambda": {"lambdaArn": _FUNCTION}}}, _ROLE, "that function"),
    "API Gateway": (
        {"mcp": {"apiGateway": {"restApiId": "abc", "stage": "prod", "apiGatewayToolConfiguration": _FILTER}}},
        _ROLE,
        "the chosen methods",
    ),
    "Smithy model, here `GetItem` of DynamoDB": (
        {"mcp": {"smithyModel": {"inlinePayload": json.dumps(catalogue.document("dynamodb", operations=["GetItem"]))}}},
        _ROLE,
        "`resources`, else everything",
    ),
    "schema in S3": ({"mcp": {"openApiSchema": {"s3": {"uri": "s3://shop/crm.json"}}}}, [], "that object"),
    "web search": (_connector("mcp", "web-search"), _ROLE, "this gateway and AWS's tool"),
    "knowledge bases": (
        _connector("mcp", "bedrock-knowledge-bases", configurations=[_KNOWLEDGE]),
        _ROLE,
        "those with a fixed id, else `resources`, else all",
    ),
    "knowledge bases, `AgenticRetrieveStream`": (
        _connector("mcp", "bedrock-knowledge-bases", configurations=[{**_KNOWLEDGE, "name": "AgenticRetrieveStream"}]),
        _ROLE,
        "the same; the last on everything, IAM knows no resource for it",
    ),
    "models, connector `bedrock-mantle` or its host": (
        _connector("inference", "bedrock-mantle"),
        _ROLE,
        "`resources`, else the account's projects",
    ),
    "models, host `bedrock-runtime`": (
        {"inference": {"provider": {"endpoint": "https://bedrock-runtime.us-west-2.amazonaws.com"}}},
        _ROLE,
        "the models of its operations, else `resources`, else all",
    ),
    "agent runtime": ({"http": {"agentcoreRuntime": {"arn": _RUNTIME}}}, _ROLE, "that runtime and its endpoints"),
    "address of a runtime": (
        _endpoint("https://bedrock-agentcore.us-west-2.amazonaws.com/runtimes/clerk-0123456789/invocations"),
        _ROLE,
        "that runtime and its endpoints",
    ),
    "the same, protocol A2A": (
        _endpoint("https://bedrock-agentcore.us-west-2.amazonaws.com/runtimes/clerk-0123456789/invocations", "A2A"),
        _ROLE,
        "that runtime and its endpoints",
    ),
    "address of another gateway": (
        _endpoint("https://desk-0123456789.gateway.bedrock-agentcore.us-west-2.amazonaws.com/mcp"),
        _ROLE,
        "that gateway",
    ),
    "host of API Gateway, private ones too": (
        _endpoint("https://abc.execute-api.us-west-2.amazonaws.com/prod"),
        _ROLE,
        "that stage; where only the endpoint's host is known `resources`, else every API",
    ),
    "function URL": (
        _endpoint("https://abcdef.lambda-url.us-west-2.on.aws/"),
        _ROLE,
        "`resources`, else every function, through its URL alone",
    ),
    "service of VPC Lattice": (
        _endpoint("https://shop-0123.7d67968.vpc-lattice-svcs.us-west-2.on.aws"),
        _ROLE,
        "`resources`, else every service",
    ),
    "API key": (
        _NO_TARGET,
        [{"credentialProviderType": "API_KEY", "credentialProvider": _KEY}],
        "that provider and its secret",
    ),
    "OAuth": (_NO_TARGET, _oauth("CLIENT_CREDENTIALS"), "that provider and its secret"),
    _ALIKE: (_NO_TARGET, [], "the gateway's identity and the vault"),
}
"""By what stands in the first column: target, credentials, and on what."""


def needs(label: str) -> Needs:
    """What the rules say."""
    target, credentials, _ = ROWS[label]
    if label == _ALIKE:
        return Needs(tuple(execution_role.identity_statements(PLACE, "shop")), sources=needs("OAuth").sources)
    return execution_role.needs(target, credentials, PLACE, gateway_name="shop", with_identity=False)


def row(label: str) -> str:
    """The row of the page's table."""
    found = needs(label)
    actions = dict.fromkeys(
        action
        for it in found.statements
        for action in ([it["Action"]] if isinstance(it["Action"], str) else it["Action"])
    )
    links = [link(source) for it in found.sources for source in it.split("; ")]
    reported = ", ".join(f"`{it}`" for it in actions)
    return f"| {label} | {reported} | {ROWS[label][2]} | {', '.join(dict.fromkeys(links))} |"


def link(source: str) -> str:
    """A source of the rules as a link."""
    if source.startswith("devguide "):
        page = source.removeprefix("devguide ")
        return f"[{page}](https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/{page}.html)"
    if source.startswith("https://"):
        return f"[{source.rsplit('/', 1)[-1].removesuffix('.html')}]({source})"
    repository, number = source.split("#")
    return f"[{source}](https://github.com/{repository}/issues/{number})"
