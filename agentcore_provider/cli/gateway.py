"""A gateway that a command is about: one of a stack, or any other by name, id, ARN or URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from agentcore_provider.cli.project import Project
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.errors import InvalidInput
from agentcore_provider.loopback import is_loopback
from agentcore_provider.rules import gateway_address

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection

_WELL_KNOWN = "/.well-known/openid-configuration"
_AUTHORIZERS = {
    "NONE": "no authorizer: anyone may call",
    "AWS_IAM": "AWS IAM, signed requests",
    "AUTHENTICATE_ONLY": "any valid token or signature",
}


@dataclass(frozen=True)
class Gateway:
    """What is known of a gateway before AWS is asked."""

    name: str
    """Its name in the output `gateways`, else its logical name in the program, else what the user wrote."""
    mcp_url: str = ""
    gateway_id: str = ""
    gateway_arn: str = ""
    token_endpoint: str = ""
    """Where to sign in; empty when nothing in the stack issues tokens for this gateway."""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    client_secret_arn: str = ""
    """Where Secrets Manager keeps the client's secret, which it rotates; empty elsewhere."""
    scope: str = ""
    people_client_id: str = ""
    """The public client with which people sign in; empty where they do not."""
    authorizer_type: str = ""
    """AWS's authorizerType; empty when it is not known."""
    authorizer: JsonObject = field(default_factory=dict)
    """AWS's customJWTAuthorizer, secrets in it hidden."""
    access: JsonObject = field(default_factory=dict)
    """The profile or roles that its stack reaches it by, in place of the stack's own sign-in."""
    locked_targets: Mapping[str, JsonObject] = field(default_factory=dict)
    """Outputs of the targets with tools_lock, by the names of their resources."""
    is_deployed: bool = False
    """It is one of a stack."""
    project: Project | None = None
    """The project whose AWS has it; None is the environment's AWS."""
    stack: str | None = None
    """The stack of that project; None is the selected one."""
    stack_name: str | None = None
    """The name of that stack, as the state has it."""

    @property
    def signs_in(self) -> bool:
        """Whether a token can be fetched with what is known."""
        return bool(self.token_endpoint and self.client_id and self.client_secret)

    @property
    def by_url(self) -> bool:
        """Only its URL is known: its AWS account may be any."""
        return bool(self.mcp_url) and not self.is_deployed

    @property
    def aws_id(self) -> str:
        """The id to ask AWS for; empty for a gateway that no AWS has, or whose name alone is known."""
        if self.is_deployed and is_loopback(self.mcp_url) and address_in(self.mcp_url) is None:
            return ""
        return self.gateway_id

    @property
    def refresh(self) -> str:
        """What creates again whatever was removed from the gateway's stack."""
        if self.project is not None and self.project.is_kept:
            return "the same `agentcore create_mcp_gateway` command"
        return "`pulumi up --refresh`"

    def find(self, connection: Connection) -> JsonDict | None:
        """The gateway as AWS has it: by its id, or by name where it is not of a stack. Raises AwsRefused."""
        from agentcore_provider.aws import gateway as gateways

        found = gateways.find(connection, self.aws_id) if self.aws_id else None
        if found is None and not self.is_deployed and not self.by_url:
            found = gateways.find_by_name(connection, self.name)
        return found

    def is_meant_by(self, reference: str) -> bool:
        """Whether it has this name, id, ARN or URL."""
        return reference in (self.name, self.gateway_id, self.gateway_arn, self.mcp_url)

    @property
    def aws_name(self) -> str:
        """Its name in AWS, which consoles display, as its id begins with it; empty while no id is known."""
        return self.gateway_id.rpartition("-")[0]

    @property
    def region(self) -> str | None:
        """The Region in its ARN or URL."""
        if self.gateway_arn.count(":") >= 5:
            return self.gateway_arn.split(":")[3]
        address = address_in(self.mcp_url)
        return address.region if address is not None else None


def address_in(url: str) -> gateway_address.GatewayAddress | None:
    """The gateway that a URL of AWS, or of local AWS, names; None for any other URL."""
    try:
        found = gateway_address.parse_url(url)
    except InvalidInput:
        return None
    return found if found.region or is_loopback(url) else None


def describe_sign_in(authorizer_type: str, authorizer: JsonObject, client_id: str = "") -> str:
    """How callers of a gateway sign in. client_id: the client of the stack's EzAuth, if it has one."""
    if client_id:
        return f"EzAuth, client {client_id}"
    if authorizer_type == "CUSTOM_JWT" and authorizer:
        return f"JWT of {urlsplit(str(authorizer.get('discoveryUrl', ''))).netloc}"
    return _AUTHORIZERS.get(authorizer_type, authorizer_type or "not managed by this stack")


def describe_accepted_tokens(authorizer: JsonObject) -> str:
    """Whose tokens a gateway accepts for which the stack has no sign-in, and how to pass one."""
    url = str(authorizer.get("discoveryUrl", ""))
    members = (("allowedClients", "client"), ("allowedAudience", "audience"), ("allowedScopes", "scope"))
    accepted = "".join(
        f", {what} {' or '.join(map(str, authorizer[member]))}"
        for member, what in members
        if isinstance(authorizer.get(member), (list, tuple)) and authorizer[member]
    )
    issuer = f"{url.removesuffix(_WELL_KNOWN)}{accepted}" if url else "its identity provider"
    source = f"at the token_endpoint in {url}" if url else "there"
    return (
        f"accepts tokens of {issuer}: get one {source}, and pass it to `agentcore tools` and `doctor` with --token or in "
        "AGENTCORE_TOKEN"
    )


def read_rules(connection: Connection, gateway_id: str) -> list[JsonDict]:
    """The rules of a gateway as AWS has them, in the order in which they are evaluated. Raises AwsRefused."""
    from agentcore_provider.aws import gateway_rule

    return gateway_rule.list_all(connection, gateway_id)


def read_resource_policy(connection: Connection, gateway_arn: str) -> JsonDict | None:
    """The resource policy of a gateway as AWS has it, None without one. Raises AwsRefused."""
    from agentcore_provider.aws import resource_policy

    found = resource_policy.find(connection, gateway_arn)
    return None if found is None else dict(found)


def read_consent_portal(connection: Connection, gateway: JsonObject) -> JsonDict | None:
    """The consent portal of a gateway as AWS has it, None without one. gateway: its properties. Raises AwsRefused."""
    from agentcore_provider.aws import consent_portal

    # People sign in for a JWT alone, so that other gateways have none.
    if gateway.get("authorizer_type") != "CUSTOM_JWT":
        return None
    found = consent_portal.find_of_gateway(connection, str(gateway["gateway_id"]))
    return None if found is None else dict(found)


def read_policies(connection: Connection, policy_engine_arn: str) -> list[JsonDict]:
    """The policies of a policy engine as AWS has them, by name. Raises AwsRefused."""
    from agentcore_provider.aws import policy

    return policy.list_all(connection, policy_engine_arn.rpartition("/")[2])


def read_targets(connection: Connection, gateway_id: str) -> list[JsonDict]:
    """The targets of a gateway, with all members, as AWS has them. Raises AwsRefused."""
    from agentcore_provider.aws import gateway_target

    listed = gateway_target.statuses(connection, gateway_id)
    found = (gateway_target.find(connection, gateway_id, target_id) for target_id in listed)
    return [target for target in found if target is not None]


def read_rate_limits(connection: Connection, gateway_id: str) -> list[JsonDict]:
    """The rate limits of a gateway as AWS has them. Raises AwsRefused."""
    from agentcore_provider.aws import gateway_rate_limit

    return gateway_rate_limit.list_all(connection, gateway_id)
