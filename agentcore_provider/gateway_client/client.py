"""GatewayClient: make, change and remove gateways from a script or a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from agentcore_provider.aws import ez_auth
from agentcore_provider.aws.operation import OWNER_TAG
from agentcore_provider.aws.request_signature import RequestSignature
from agentcore_provider.errors import NameTaken
from agentcore_provider.gateway_client import function, ownership, sign_in
from agentcore_provider.gateway_client.confidential import AccessToken
from agentcore_provider.gateway_client.gateway import Gateway
from agentcore_provider.gateway_client.progress import shown
from agentcore_provider.gateway_client.starter_toolkit import StarterToolkit
from agentcore_provider.gateway_client.target_configuration import of_source
from agentcore_provider.gateway_client.tokens import Tokens
from agentcore_provider.gateway_client.tools import Tools
from agentcore_provider.target_kinds import SourcedName


class GatewayClient(StarterToolkit):
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

    @shown
    def create_oauth_authorizer_with_cognito(self, gateway_name: str) -> dict[str, Any]:
        """EZ Auth: a Cognito sign-in for agents, made or found by its name.

        Returns {"authorizer_config": for create_gateway's authorizerConfiguration, "client_info": {client_id,
        client_secret, user_pool_id, token_endpoint, scope, domain_prefix}}. It does not wait for the token endpoint,
        which takes up to a minute to come up: the first token does.

        Raises:
            NameTaken: Another owner created it, and `adopt` is not set.
            AwsRefused: AWS answered with an error.
        """
        made = sign_in.create(self._operation("ez_auth", gateway_name), gateway_name)
        self._tokens.expect(made["client_info"]["token_endpoint"])
        return made

    @shown
    def get_access_token_for_cognito(self, client_info: Mapping[str, str]) -> str:
        """An access token, for `Authorization: Bearer`; waits for an endpoint that this client made a moment ago.

        client_info: of create_oauth_authorizer_with_cognito.

        Raises:
            NotSignedIn: No token could be had.
            WaitTimeout: The endpoint did not come up in time.
        """
        return AccessToken(self._tokens.fetch(client_info))

    def get_test_token_for_cognito(self, client_info: Mapping[str, str]) -> str:
        """The same as get_access_token_for_cognito, under the name that the quick start has for it too."""
        return self.get_access_token_for_cognito(client_info)

    @cached_property
    def _tokens(self) -> Tokens:
        return Tokens(self)

    def _gateway(self, members: Mapping[str, object]) -> Gateway:
        return Gateway(self, members)

    def _tools(self, gateway: Gateway, token: str | None, timeout: float) -> Tools:
        return Tools(gateway.name, gateway.get_mcp_url, lambda: self._sign_in(gateway, token), timeout)

    def _sign_in(self, gateway: Gateway, token: str | None) -> tuple[str, RequestSignature | None]:
        """A token, or what signs requests, as the gateway's authorizer requires."""
        if token is not None:
            return token, None
        if gateway.get("authorizerType") == "AWS_IAM":
            return "", self.get_sigv4_auth()
        return ("" if gateway.get("authorizerType") == "NONE" else self._tokens.of_gateway(gateway)), None

    def get_sigv4_auth(self) -> RequestSignature:
        """Signs requests to gateways whose authorizer is AWS_IAM, as whom this client signs in to AWS.

        It goes wherever httpx takes `auth=`, so also into the client that the official MCP client speaks through.

        Raises:
            AwsUnreachable: There are no credentials, or there is no Region.
        """
        return RequestSignature(self._connection)

    @shown
    def setup_gateway(
        self,
        gateway_name: str,
        target_source: str | Mapping[str, object],
        execution_role_arn: str | None = None,
        *,
        authorizer_config: Mapping[str, object] | None = None,
        target_type: SourcedName | None = None,
        target_name: str | None = None,
        tools: object = None,
        credentials: Sequence[Mapping[str, object]] | None = None,
        description: str | None = None,
        enable_semantic_search: bool = True,
    ) -> Gateway:
        """A gateway with one target, in one call. How to sign in is in the gateway's client_info.

        Args:
            gateway_name: Name of the gateway: letters, digits and single hyphens, 48 at most.
            target_source: ARN of a Lambda function, folder or Python file to make one of, JSON or YAML file, s3:// URI
                of one, https:// address of an MCP server, or AWS's targetConfiguration.
            execution_role_arn: Role that the gateway assumes, by ARN or name. Default: one is made, which follows the
                targets and goes with the gateway.
            authorizer_config: AWS's authorizerConfiguration. Default: EZ Auth, made for the gateway.
            target_type: As in create_mcp_gateway_target. Default: by the form of the source.
            target_name: Name of the target, 100 characters at most. Default: `<gateway_name>-target`.
            tools: Tools of a Lambda function: definitions, a file, an s3:// URI. Default: what TOOLS of the code lists; for
                an ARN those of the quick start.
            credentials: AWS's credentialProviderConfigurations. Default: what this kind usually takes.
            description: What the gateway is for, 1 to 200 characters.
            enable_semantic_search: Whether tools can be searched. Default: yes; cannot be changed later.

        The same call again resumes what it created.

        Raises:
            InvalidInput: The arguments are invalid; lists every problem.
            NameTaken: Another owner created it, and `adopt` is not set.
            ResourceFailed: It ended in a failed status; states the service's reasons.
            WaitTimeout: It took longer than the timeout.
            AwsRefused: AWS answered with an error.
        """
        document = (
            target_source if isinstance(target_source, Mapping) else of_source(target_source, target_type, tools=tools)
        )
        target: dict[str, Any] = {"name": target_name or f"{gateway_name}-target", "targetConfiguration": document}
        if credentials is not None:
            target["credentialProviderConfigurations"] = list(credentials)
        # Otherwise a gateway without its target would be left behind.
        label = f"setup_gateway {gateway_name!r}"
        document, code = self._checked_target(label, target)
        if not code:
            function.require(self._connection, label, document)
        self._require_role(label, execution_role_arn)
        given = {"description": description, "roleArn": execution_role_arn}
        members: dict[str, Any] = {member: value for member, value in given.items() if value}
        with self._sign_in_for(gateway_name, authorizer_config) as sign_in_made:
            gateway = self.create_gateway(
                name=gateway_name,
                protocolType="MCP",
                authorizerType="CUSTOM_JWT",
                authorizerConfiguration=sign_in_made["authorizer_config"],
                semantic_search=enable_semantic_search,
                **members,
            )
        self.create_gateway_target(gateway, **target)
        gateway.client_info = sign_in_made.get("client_info")
        return gateway.refresh()

    @shown
    def cleanup_gateway(
        self,
        gateway_id: str | Mapping[str, object],
        client_info: Mapping[str, str] | None = None,
        *,
        adopt: bool | None = None,
    ) -> None:
        """Delete a gateway with all its targets, its sign-in and what was made for them; whatever is gone already is fine.

        gateway_id: the gateway, or its id, ARN, MCP URL or name. client_info: of the sign-in. Default: the sign-in that
        this owner made for the gateway's name, if any.

        Raises:
            NameTaken: Another owner created it, and `adopt` is not set.
            AwsRefused: AWS answered with an error.
            WaitTimeout: It took longer than the timeout.
        """
        found = self._meant(gateway_id)
        name = found.name if found else gateway_id if isinstance(gateway_id, str) else str(gateway_id.get("name", ""))
        if found:
            self._deleted(found, with_targets=True, adopt=adopt)
            if not self._connection.is_on_this_machine:
                # Best effort: it is the one part that may not have been made here.
                self.disable_observability(found.id)
        operation = self._operation("ez_auth", name)
        if client_info is None:
            pool_id = ez_auth.find_by_name(self._connection, name, operation.owner)
        else:
            pool_id = client_info["user_pool_id"]
            pool = ez_auth.find(self._connection, pool_id)
            mark = ownership.mark(self._owner, "ez_auth", pool["name"] if pool else "")
            if pool and pool["tags"].get(OWNER_TAG) != mark and not (self._adopt if adopt is None else adopt):
                raise NameTaken(
                    f"user pool {pool_id} was not made by owner {self._owner!r}",
                    "Give adopt=True to delete it all the same",
                )
        if pool_id:
            ez_auth.delete(operation, pool_id)
