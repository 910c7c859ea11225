"""The doctor knows what the service says: each text that was observed has a cause and a cure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agentcore_provider.cli.app import app
from agentcore_provider.cli.doctor.service_texts import TEXTS, explain

ROWS = Path(__file__).parents[1] / "fidelity" / "rows"

# As the service reported them, with names and numbers of nobody.
REPORTED = [
    ('Bearer error="insufficient_scope", scope="desk/invoke"', "A5"),
    ("Missing Authentication Token", "A6"),
    ("Authorization error - Request forbidden", "A7"),
    (
        "Tool Execution Denied: Tool call not allowed due to policy enforcement [No policy applies to the request "
        "(denied by default).]",
        "A9",
    ),
    ("Access denied while calling GetPolicyEngine on Policy Engine: arn:a with Gateway role: arn:b", "F16"),
    ("InternalServerException - Policy evaluation failed for list tools", "F15"),
    ("Overly Permissive: Policy Engine will allow every request for the specified principal (AgentCore::Iam)", "D17"),
    ('unrecognized action `AgentCore::Action::"orders___refund"`', "D16"),
    (
        "ValidationException - Parameter validation failed: Invalid request parameters:\n- Missing required field(s): 'a'",
        "B8",
    ),
    ("JsonSchemaException - Parameter validation failed: Invalid request parameters:\n- Field 'a'", "B10"),
    (
        "Access denied while invoking Lambda function arn:aws:lambda:us-west-2:123456789012:function:a. Check the "
        "permissions on the Lambda function and Gateway execution role, and retry the request.",
        "B13",
    ),
    ("An internal error occurred. Please retry later.", "B14"),
    ("Failed to fetch outbound api key. Access denied when retrieving secret arn:aws:secretsmanager:a", "B14"),
    ("This request requires more information.", "B19"),
    ("Session not initialized. Send notifications/initialized first.", "B20"),
    ("Client error: API request failed with status: 401 - {}", "B30"),
    ("OpenAPIClientException - Error executing HTTP request for unknown: api.example.com", "B31"),
    ("Parse error - Invalid JSON format", "C1"),
    ("InterceptorException - Received invalid response from interceptor", "C6"),
    ("Failed to retrieve gateway because it doesn't exist.", "D3"),
    ("User: arn:aws:iam::123456789012:role/admin is not authorized to perform: bedrock-agentcore:GetGateway", "D4"),
    ("Unsupported MCP Version(s) are provided in request: [1.0]", "D5"),
    ("Gateway desk-abcdefghij has targets associated with it. Delete all targets before deleting the gateway.", "D7"),
    ("Gateway service is not authorized to assume the execution role", "E36"),
    ("AuthorizerConfiguration is required for CUSTOM_JWT authorizer type", "D12"),
    ("Gateway execution role lacks permission to invoke Lambda function arn:a. Update the permission and retry", "E5"),
    ("Credential provider configurations is not defined", "E6"),
    ("IamCredentialProvider is required for mcpServer targets using IAM authentication", "E8"),
    ("IamCredentialProvider is not supported for this target type. Only MCP Server", "E8"),
    ("Target configuration cannot be updated from apiGateway to openApiSchema", "E9"),
    ("Target type LAMBDA is not supported for synchronization", "E10"),
    ("3LO Auth is not supported when gateway authorizer type is AWS_IAM", "E11"),
    ("DeleteGatewayTarget can't be performed on target when it is in Create_Pending_Auth state", "E12"),
    ("OAuth User_Federation authorization timed out. The gateway owner did not complete authorization", "E12"),
    ("mcpToolSchema must be an object with 'tools' array", "E14"),
    ("Server URL parameter 'basePath' contains invalid character '/'", "E22"),
    ("GET /pets has no operationId and no override provided", "E23"),
    ("MediaType text/html is not supported in response", "E25"),
    ("schema with oneOf is currently not supported", "E26"),
    ("Failed to parse OpenAPI specification: attribute components.responses.a.description is missing", "E27"),
    ("The provided S3 object exceeds the maximum allowed size of 10 MB", "E29"),
    ("Failed to parse OpenAPI specification: attribute paths.'/cart'(get).responses is missing", "E34"),
    ("Connector integration web-search is not available for this account.", "E35"),
    ("Connector configurations must not be empty", "R18"),
    ("CredentialProvider not found", "F2"),
    ("ApiKeyCredentialProvider not found for crm", "F2"),
    ("ApiKey is required when secret source is MANAGED or not specified", "F6"),
]
SERVER = "Failed to connect and fetch tools from the provided MCP target server. Error - "


@pytest.mark.parametrize(("reported", "row"), REPORTED)
def test_what_the_service_says_is_known(reported: str, row: str) -> None:
    """Every text that was observed, found in whatever stands around it."""
    known = explain(f"ValidationException: {reported} (request 1)")
    assert known is not None
    assert known.row == row


@pytest.mark.parametrize(
    ("reported", "cure"),
    [
        ("Unable to connect to the MCP server. Please check the server", "initialize and tools/list"),
        ("Authorization error when sending message", "credential"),
        ("Runtime initialization time exceeded, please retry", "runtime's log"),
        ("Received error (400) from runtime.", "port 8000"),
        ("MCP server 'https://a.example.com' returned HTTP 400 to the initialize handshake.", "path"),
        ("Error parsing ClientCredentials response (Service: AgentCredentialProvider, Status Code: 400)", "client id"),
        ("accountID is required", "ENCODED-ARN"),
    ],
)
def test_each_reason_of_an_mcp_server_has_a_cure_of_its_own(reported: str, cure: str) -> None:
    """The same beginning stands before seven causes."""
    known = explain(SERVER + reported)
    assert known is not None
    assert cure in known.cure


def test_every_text_has_its_row() -> None:
    """The source of each text stands in docs/fidelity.md, and each text is tried above."""
    rows = {
        line.split()[2] for file in ROWS.glob("*.yaml") for line in file.read_text().splitlines() if "- id: " in line
    }
    assert {it.row for it in TEXTS} <= rows
    tried = {explain(reported) for reported, _ in REPORTED}
    assert [it.text for it in TEXTS if it not in tried and it.row not in ("E16", "B30")] == []


def test_the_command_explains_a_text() -> None:
    """`agentcore doctor --explain`, for people and as JSON; exit code 1 where nothing is known."""
    found = CliRunner().invoke(
        app, ["doctor", "--explain", "400: 3LO Auth is not supported when gateway authorizer type is NONE"]
    )
    assert found.exit_code == 0
    assert "CUSTOM_JWT authorizer" in found.output
    assert "row E11" in found.output
    found = CliRunner().invoke(app, ["doctor", "--explain", "Parse error - Invalid JSON format", "--json"])
    assert json.loads(found.output)["explanation"]["row"] == "C1"
    found = CliRunner().invoke(app, ["doctor", "--explain", "nobody ever wrote this"])
    assert found.exit_code == 1
    assert "is not known" in found.output
