"""Error messages of AWS, their causes and cures.

The messages are those observed of the real service: `row` is the row of docs/fidelity.md that has the source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class ServiceText:
    """One error message of the service."""

    text: str
    """The message, with … for what varies."""
    row: str
    cause: str
    cure: str

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        words = [r"\s+".join(map(re.escape, part.split())) for part in self.text.split("…")]
        return re.compile(r".*?".join(words), re.DOTALL | re.IGNORECASE)

    def fits(self, message: str) -> bool:
        """Whether this is the message."""
        return self._pattern.search(message) is not None


def explain(message: str) -> ServiceText | None:
    """The known error message that this is; None if it is not known."""
    return next((it for it in TEXTS if it.fits(message)), None)


_PERMISSIONS = "the layer `role permissions` of `agentcore doctor` names what is missing"
_SEND_BODY = (
    "return the whole body, unchanged or changed: "
    '{"interceptorOutputVersion": "1.0", "mcp": {"transformedGatewayRequest": {"headers": …, "body": …}}}'
)

# Specific messages precede general ones: the first that fits is used.
TEXTS: tuple[ServiceText, ...] = (
    # signing in
    ServiceText(
        "insufficient_scope",
        "A5",
        "HTTP 403 with it is also what a token of another issuer gets, and any token of Cognito where allowedAudience is "
        "set: no scope need be wrong",
        "compare the token's iss with the issuer of discoveryUrl (Entra ID: v1.0 or v2.0), and use allowedClients in place "
        "of allowedAudience for Cognito",
    ),
    ServiceText(
        "Missing Authentication Token",
        "A6",
        "the gateway's authorizer is AWS_IAM and the request was not signed",
        "sign requests with SigV4 for the service bedrock-agentcore",
    ),
    ServiceText(
        "Authorization error - Request forbidden",
        "A7",
        "a web ACL of AWS WAF blocked the request before the gateway saw it",
        "look the request up in the web ACL's log, and let it through there",
    ),
    ServiceText(
        "Tool Execution Denied…policy enforcement",
        "A9",
        "the gateway's policy engine denies the call, or no policy permits it",
        "add a policy that permits this action to this principal; tools that nobody may call are not listed either",
    ),
    ServiceText(
        "Access denied while calling GetPolicyEngine",
        "F16",
        "the gateway's role may not read the policy engine, or only since a moment ago; with a key of one's own, it may not "
        "use the key",
        "allow the role bedrock-agentcore:GetPolicyEngine on the engine and kms:Decrypt on its key, and wait a minute; "
        f"{_PERMISSIONS}",
    ),
    ServiceText(
        "Policy evaluation failed for list tools",
        "F15",
        "the gateway's role may not ask its policy engine, so that nothing is decided",
        "allow the role bedrock-agentcore:GetPolicyEngine, AuthorizeAction and PartiallyAuthorizeActions on the engine and "
        f"the gateway; {_PERMISSIONS}",
    ),
    ServiceText(
        "Overly Permissive: Policy Engine will allow every request",
        "D17",
        "AWS's analysis: a policy without conditions lets everybody make these calls",
        'add a condition with `when`, or accept the finding with validation_mode="IGNORE_ALL_FINDINGS"',
    ),
    ServiceText(
        "unrecognized action `AgentCore::Action::",
        "D16",
        "no gateway of the policy engine has the tool that the policy names, or its target came later",
        "write the tool as TARGET___TOOL (`agentcore tools list`), and create policies after targets",
    ),
    # calls
    ServiceText(
        "An internal error occurred",
        "B14",
        "the service hides the reason: mostly the role may not fetch the target's API key or token, or the backend answered "
        "401 or 403, or cannot be reached from a private endpoint",
        f'set exception_level to "DEBUG" on the gateway, which then reports the reason; {_PERMISSIONS}',
    ),
    ServiceText(
        "Access denied when retrieving secret",
        "B14",
        "the role may not read the secret in which AWS keeps the credential provider's key",
        "allow the role secretsmanager:GetSecretValue on `bedrock-agentcore-identity!default/…`, or let GatewayRole make it",
    ),
    ServiceText(
        "Access denied while invoking Lambda function",
        "B13",
        "the role may not invoke the function of the target or interceptor, or the function's own policy denies it",
        f"allow the role lambda:InvokeFunction on it; {_PERMISSIONS}",
    ),
    ServiceText(
        "API request failed with status: 401",
        "B30",
        "the backend refuses the credential that the gateway sends",
        "see the target's credential: provider, header's name, prefix (an API key without credentialPrefix is sent bare)",
    ),
    ServiceText(
        "API request failed with status: 403",
        "B30",
        "the backend, or an API Gateway before it, refuses the credential or the signature",
        "see the target's credential; for API Gateway allow the role execute-api:Invoke on stage, method and path",
    ),
    ServiceText(
        "Error executing HTTP request for unknown: ",
        "B31",
        "the gateway cannot reach the host, which has to answer on the internet unless the target has a private endpoint",
        "see `servers` of the OpenAPI document, or give the target a private endpoint",
    ),
    ServiceText(
        "JsonSchemaException",
        "B10",
        "the arguments do not fit the tool's schema (the service's older words)",
        "see the tool's schema: `agentcore tools list`; null and texts in place of numbers are refused",
    ),
    ServiceText(
        "ValidationException - Parameter validation failed",
        "B8",
        "the arguments do not fit the tool's schema; the gateway converts nothing",
        "see the tool's schema: `agentcore tools list`",
    ),
    ServiceText(
        "contains invalid character '/'",
        "E22",
        "an agent filled in `basePath`, which the service adds to every tool of an API Gateway target",
        "tell the agent to leave basePath out, or remove it in a REQUEST interceptor",
    ),
    ServiceText(
        "This request requires more information",
        "B19",
        "the target acts for its caller, who is not signed in to it yet",
        "let the user open the URL among `elicitations` of the error, then call again",
    ),
    ServiceText(
        "Session not initialized",
        "B20",
        "the gateway has sessions, and the client did not send notifications/initialized after initialize",
        "send notifications/initialized with the Mcp-Session-Id of initialize's answer",
    ),
    # interceptors
    ServiceText(
        "Parse error - Invalid JSON format",
        "C1",
        "a REQUEST interceptor answered without a body, or the client sent no JSON",
        _SEND_BODY,
    ),
    ServiceText(
        "Received invalid response from interceptor",
        "C6",
        "an interceptor answered with members that the service does not take: its own event, path or httpMethod, a body "
        "that is text, an own answer without statusCode",
        _SEND_BODY,
    ),
    # gateways
    ServiceText(
        "is not authorized to perform: bedrock-agentcore:…Gateway",
        "D4",
        "the caller may not; or a name or an ARN stands where the service wants an id, which it answers in the same words "
        "even to an administrator",
        "give the id (`shop-abcdefghij`), then see the caller's permissions",
    ),
    ServiceText(
        "Failed to retrieve gateway because it doesn't exist",
        "D3",
        "there is no gateway of that id in this account and Region",
        "see id, aws:region and the account",
    ),
    ServiceText(
        "Unsupported MCP Version(s) are provided in request",
        "D5",
        "supportedVersions has a version that AgentCore does not speak",
        "leave supportedVersions out, or take versions of MCP's own list",
    ),
    ServiceText(
        "has targets associated with it",
        "D7",
        "the gateway still has targets, or had until some seconds ago",
        "delete its targets, wait a moment, and delete it again",
    ),
    ServiceText(
        "AuthorizerConfiguration is required for CUSTOM_JWT",
        "D12",
        "a gateway with CUSTOM_JWT has to know whose tokens it takes",
        "give it authorizer=, or customJWTAuthorizer with a discoveryUrl",
    ),
    # targets
    ServiceText(
        "Gateway service is not authorized to assume the execution role",
        "E36",
        "the role's trust policy does not let the service in, or the role is seconds old; with MCP servers also, by some "
        "reports, conditions on aws:SourceAccount and aws:SourceArn that the service does not meet",
        "see the layer `role trust`; synchronize the target or run `pulumi up` again; if it stays, try the trust policy "
        "without its conditions. A runtime is reached at its invocations URL",
    ),
    ServiceText(
        "Gateway execution role lacks permission to invoke Lambda function",
        "E5",
        "the role's own policies do not allow it, or were written seconds ago; a policy on the function does not help",
        f"allow the role lambda:InvokeFunction on the function; {_PERMISSIONS}",
    ),
    ServiceText(
        "Credential provider configurations is not defined",
        "E6",
        "this kind of target requires the credentials with which the gateway signs in to it",
        'give it credentialProviderConfigurations, such as [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]',
    ),
    ServiceText(
        "IamCredentialProvider is required for",
        "E8",
        "the gateway's role signs for an OpenAPI or MCP server target, and the service to sign for is not named",
        "name it: credentials.IamRole(service=...)",
    ),
    ServiceText(
        "IamCredentialProvider is not supported for this target type",
        "E8",
        "only MCP server, OpenAPI and passthrough targets take a service to sign for",
        "leave iamCredentialProvider out",
    ),
    ServiceText(
        "Target configuration cannot be updated from",
        "E9",
        "the kind of a target cannot change",
        "delete the target and make another",
    ),
    ServiceText(
        "is not supported for synchronization",
        "E10",
        "only MCP servers are synchronized",
        "update the target: its schema is read again then",
    ),
    ServiceText(
        "3LO Auth is not supported when gateway authorizer type is",
        "E11",
        "a target can act for its caller only where the gateway knows the caller",
        "give the gateway a CUSTOM_JWT authorizer, or let the target sign in by client credentials",
    ),
    ServiceText(
        "can't be performed on target when it is in Create_Pending_Auth state",
        "E12",
        "the target waits for its owner's sign-in and cannot be deleted for up to ten minutes",
        "sign in at its authorization URL, or wait until it is FAILED; an update is allowed and gives a new URL",
    ),
    ServiceText(
        "OAuth User_Federation authorization timed out",
        "E12",
        "nobody signed in at the target's authorization URL within ten minutes",
        "update or synchronize the target for a new URL, and sign in there",
    ),
    ServiceText(
        "mcpToolSchema must be an object with 'tools' array",
        "E14",
        "the tool schema of an MCP server is a bare list",
        'write {"tools": [...]}',
    ),
    ServiceText(
        "target server. Error - …Authorization error when sending message",
        "E16",
        "the MCP server refuses the target's credential",
        "see the target's credential; a role or policy that is seconds old fails so too: synchronize the target",
    ),
    ServiceText(
        "target server. Error - …Runtime initialization time exceeded",
        "E16",
        "the agent runtime behind the MCP server did not start in time",
        "see the runtime's log; make it start faster, then synchronize the target",
    ),
    ServiceText(
        "target server. Error - …Received error (400) from runtime",
        "E16",
        "the agent runtime refuses MCP's requests: it speaks another protocol, or another version of MCP",
        "deploy the runtime with the protocol MCP, serving /mcp on port 8000",
    ),
    ServiceText(
        "target server. Error - …to the initialize handshake",
        "E16",
        "the MCP server refuses `initialize`: another path, or a version of MCP that it does not speak",
        "see the URL's path and the versions that the server supports",
    ),
    ServiceText(
        "target server. Error - …Error parsing ClientCredentials response",
        "E16",
        "the token endpoint refused the client of the OAuth2 credential provider",
        "see its client id, secret and scopes: they are not tried when the provider is made",
    ),
    ServiceText(
        "target server. Error - …accountID is required",
        "E16",
        "the URL of the runtime lacks the account: it is the encoded ARN that has it",
        "use https://bedrock-agentcore.REGION.amazonaws.com/runtimes/ENCODED-ARN/invocations?qualifier=DEFAULT",
    ),
    ServiceText(
        "Failed to connect and fetch tools from the provided MCP target server",
        "E16",
        "the gateway could not read the tools of the MCP server",
        "see that the server answers initialize and tools/list at this URL with the target's credential; if role or policy "
        "are new, synchronize the target",
    ),
    ServiceText(
        "has no operationId and no override provided",
        "E23",
        "a method of the API Gateway API has no operation name",
        "give the method an operation name, or a tool override with a name",
    ),
    ServiceText(
        "Failed to parse OpenAPI specification…(…).responses is missing",
        "E34",
        "a method has no responses. Of an API Gateway API these are method responses, which neither console nor CDK add to "
        "a proxy integration",
        "add a method response to the method and deploy the stage again; in an OpenAPI document add `responses`",
    ),
    ServiceText(
        "MediaType … is not supported in response",
        "E25",
        "one response of one operation offers a media type that the service does not take, which fails the whole document",
        "remove that media type, or leave the operation out",
    ),
    ServiceText(
        "schema with oneOf is currently not supported",
        "E26",
        "oneOf in a request or a response fails the whole document",
        "write one schema, or leave the operation out",
    ),
    ServiceText(
        "Failed to parse OpenAPI specification",
        "E27",
        "the service's reader of OpenAPI misses what the text names",
        "see `agentcore validate openapi FILE`; `--fix` adds what is missing",
    ),
    ServiceText(
        "exceeds the maximum allowed size of 10 MB",
        "E29",
        "the schema in S3 is too large",
        "leave operations out, or split it into several targets",
    ),
    ServiceText(
        "Connector integration … is not available for this account",
        "E35",
        "this connector is not enabled for the account, or not in this Region",
        "see the connector's page for its Regions, or ask AWS Support",
    ),
    ServiceText(
        "Connector configurations must not be empty",
        "R18",
        "the service drops each configuration that has no parameterValues, and none was left",
        "give each parameterValues, {} if none are fixed",
    ),
    # credential providers
    ServiceText(
        "CredentialProvider not found",
        "F2",
        "there is no credential provider of that name in this account and Region",
        "see the ARN in the target's credential, and the Region",
    ),
    ServiceText(
        "ApiKey is required when secret source is MANAGED",
        "F6",
        "an API key provider was made without a key",
        "give it api_key=, or a secret of yours",
    ),
)
