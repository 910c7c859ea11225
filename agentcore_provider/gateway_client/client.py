"""GatewayClient: create, change and delete gateways from a script or a notebook."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from agentcore_provider.aws.connection import Settings
from agentcore_provider.aws.request_signature import RequestSignature
from agentcore_provider.gateway_client import notebook
from agentcore_provider.gateway_client.account import Account
from agentcore_provider.gateway_client.gateway import Calls, Gateway
from agentcore_provider.gateway_client.gateway_methods import GatewayMethods
from agentcore_provider.gateway_client.gateway_role import GatewayRole
from agentcore_provider.gateway_client.gateway_target_methods import GatewayTargetMethods
from agentcore_provider.gateway_client.gateway_targets import GatewayTargets
from agentcore_provider.gateway_client.gateways import Gateways
from agentcore_provider.gateway_client.observability import Observability
from agentcore_provider.gateway_client.progress import Progress, displayed
from agentcore_provider.gateway_client.sign_in import SignIn, SignIns
from agentcore_provider.gateway_client.target_parts import TargetParts
from agentcore_provider.gateway_client.whole_gateway import WholeGateways
from agentcore_provider.gateway_client.whole_gateway_methods import WholeGatewayMethods

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_bedrock_agentcore_control import BedrockAgentCoreControlClient

_LOGGER = "agentcore_provider"


class GatewayClient(GatewayMethods, GatewayTargetMethods, WholeGatewayMethods):
    """Gateways of one account and Region, created and removed by a script.

    Takes and returns AWS's own documents, by AWS's names. What it creates has the tag of its owner: the same name again
    is the same gateway again, and a gateway that somebody else created is changed only with adopt=True.
    For infrastructure that lasts, declare the same with Gateway and GatewayTarget under `pulumi up`.

    Example:
        ```python
        client = GatewayClient("us-west-2")
        gateway = client.create_gateway(name="shop", protocolType="MCP", authorizerType="AWS_IAM")
        client.create_gateway_target(
            gateway, name="orders", targetConfiguration={"mcp": {"lambda": {"code": "order_desk"}}}
        )
        print(gateway.list_tools())
        ```
    """

    def __init__(
        self,
        region_name: str | None = None,
        *,
        endpoint_url: str | None = None,
        profile_name: str | None = None,
        owner: str | None = None,
        adopt: bool = False,
        timeout: float = 600.0,
    ) -> None:
        """
        Args:
            region_name: AWS Region. Default: as boto3 finds it.
            endpoint_url: Another address for AWS, such as local AWS's. Default: as boto3 finds it, such as
                AWS_ENDPOINT_URL.
            profile_name: Profile of the AWS configuration. Default: as boto3 finds it.
            owner: Whose things these are; scripts that pass the same share them. Default: AGENTCORE_OWNER, else user
                and machine.
            adopt: Whether to take over what has the name although somebody else made it. Default: no.
            timeout: Seconds that each create, update or delete may take. Default: 600.
        """
        self.logger = logging.getLogger(_LOGGER)
        """Progress is displayed on the terminal or below the notebook's cell: `setLevel(logging.WARNING)` turns it off;
        with logging configured at INFO it is logged instead."""
        self._progress = Progress(self.logger)
        settings = Settings(region=region_name, endpoint_url=endpoint_url, profile=profile_name)
        self._account = account = Account(settings, self._progress, owner=owner, adopt=adopt, timeout=timeout)
        role = GatewayRole(account)
        self._gateways = gateways = Gateways(account, role, lambda document: Gateway(calls, document))
        self._targets = targets = GatewayTargets(account, gateways, TargetParts(account, role))
        self._sign_ins = sign_ins = SignIns(account)
        self._observability = observability = Observability(account, gateways)
        self._whole = WholeGateways(gateways, targets, role=role, sign_ins=sign_ins, observability=observability)
        calls = Calls(
            get=gateways.get,
            wait=lambda gateway_id, timeout: self.wait_for_gateway(gateway_id, timeout=timeout),
            targets=targets.list,
            credentials=sign_ins.credentials,
        )

    @property
    def region(self) -> str:
        """The Region in use."""
        return self._account.region

    @property
    def session(self) -> boto3.Session:
        """boto3's session that this client signs in with.

        Raises:
            AwsUnreachable: The profile does not exist.
        """
        return self._account.connection.session

    @property
    def client(self) -> BedrockAgentCoreControlClient:
        """boto3's client of `bedrock-agentcore-control`, for what this client has no method for.

        Raises:
            AwsUnreachable: There are no credentials, or there is no Region.
        """
        client: BedrockAgentCoreControlClient = self._account.connection.client()
        return client

    def __repr__(self) -> str:
        return f"GatewayClient({', '.join(f'{name}={it!r}' for name, it in self._account.described().items())})"

    def _repr_html_(self) -> str:
        return notebook.card("GatewayClient", self._account.described())

    @displayed
    def create_oauth_authorizer_with_cognito(self, gateway_name: str) -> SignIn:
        """EZ Auth: a Cognito sign-in for agents, made or found by its name.

        Returns {"authorizer_config": for create_gateway's authorizerConfiguration, "client_info": {client_id,
        client_secret, user_pool_id, token_endpoint, scope, domain_prefix}}. It does not wait for the token endpoint,
        which takes up to a minute to come up: the first token does.

        Raises:
            NameTaken: Another owner created it, and `adopt` is not set.
            AwsRefused: AWS answered with an error.
        """
        return self._sign_ins.create(gateway_name)

    def get_access_token_for_cognito(self, client_info: Mapping[str, str]) -> str:
        """An access token, for `Authorization: Bearer`; waits for an endpoint that this client made a moment ago.

        client_info: of create_oauth_authorizer_with_cognito.

        Raises:
            NotSignedIn: No token could be had.
            WaitTimeout: The endpoint did not come up in time.
        """
        return self._sign_ins.access_token(client_info)

    def get_test_token_for_cognito(self, client_info: Mapping[str, str]) -> str:
        """The same as get_access_token_for_cognito, under the name that the quick start has for it too."""
        return self._sign_ins.access_token(client_info)

    def get_sigv4_auth(self) -> RequestSignature:
        """Signs requests to gateways whose authorizer is AWS_IAM, as whom this client signs in to AWS.

        It goes wherever httpx takes `auth=`, so also into the client that the official MCP client speaks through.

        Raises:
            AwsUnreachable: There are no credentials, or there is no Region.
        """
        return self._sign_ins.signature()
