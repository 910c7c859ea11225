"""OAuth2CredentialProvider: signs in to an authorization server for the targets that need its tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from agentcore_provider.arguments import oauth2_credential_provider as arguments
from agentcore_provider.arguments.aws_types import Oauth2ProviderConfigOutputTypeDef
from agentcore_provider.arguments.members import further
from agentcore_provider.errors import InvalidInput
from agentcore_provider.providers.credential_provider import OAuth2Provider
from agentcore_provider.resources import aws_access, documents
from agentcore_provider.resources.aws_access import AnyRole
from agentcore_provider.resources.certificate import Certificate
from agentcore_provider.resources.credential_provider import CredentialProvider
from agentcore_provider.resources.private_endpoint import PrivateEndpoint, PrivateEndpointOverride
from agentcore_provider.rules import oauth2_credential_provider as rules


class OAuth2CredentialProvider(CredentialProvider, module="agentcore", name="OAuth2CredentialProvider"):
    """An OAuth 2 client in AgentCore's token vault: gateways fetch tokens with it and send them to a target.

    Pass it to `credentials.OAuth`, which takes the scopes. Its id is its ARN.

    Example:
        ```python
        github = OAuth2CredentialProvider(
            "github", vendor="github", client_id="Iv1.0a1b2c3d", client_secret=pulumi.Config().require_secret("github")
        )
        pulumi.export("callback_url", github.callback_url)
        ```

    https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateOauth2CredentialProvider.html
    """

    credential_provider_arn: pulumi.Output[str]
    """ARN of the credential provider. Known once it is created."""
    name: pulumi.Output[str]
    """Name in AWS, also where it is generated. Known at preview."""
    credential_provider_vendor: pulumi.Output[str]
    """The vendor by AWS's name, such as GithubOauth2. Known at preview."""
    callback_url: pulumi.Output[str | None]
    """Address to register with the vendor for the authorization-code grant. Known once it is created."""
    client_secret_arn: pulumi.Output[str]
    """ARN of the secret in Secrets Manager that holds the client secret. Known once it is created."""
    client_secret_json_key: pulumi.Output[str | None]
    """Key in the JSON of a secret of your own; else None. Known once it is created."""
    client_secret_source: pulumi.Output[str | None]
    """MANAGED, or EXTERNAL for a secret of your own. Known once it is created."""
    oauth2_provider_config_output: pulumi.Output[Oauth2ProviderConfigOutputTypeDef | None]
    """AWS's document of the configuration, without the client's secret. Known once it is created."""
    status: pulumi.Output[str | None]
    """READY after a successful `pulumi up`; later what the last refresh found. Known once it is created."""
    created_time: pulumi.Output[str]
    """Time of creation in ISO 8601. Known once it is created."""
    last_updated_time: pulumi.Output[str]
    """Time of the last change in ISO 8601. Known once it is created."""

    aws_name = "Oauth2CredentialProvider"

    def __init__(
        self,
        resource_name: str,
        *,
        vendor: str | None = None,
        client_id: pulumi.Input[str] | None = None,
        client_secret: pulumi.Input[str] | None = None,
        client_secret_config: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        discovery_url: pulumi.Input[str] | None = None,
        authorization_server_metadata: pulumi.Input[Mapping[str, object]] | None = None,
        issuer: pulumi.Input[str] | None = None,
        authorization_endpoint: pulumi.Input[str] | None = None,
        token_endpoint: pulumi.Input[str] | None = None,
        tenant_id: pulumi.Input[str] | None = None,
        client_authentication_method: pulumi.Input[str] | None = None,
        private_key_jwt_config: pulumi.Input[Mapping[str, object]] | None = None,
        on_behalf_of_token_exchange_config: pulumi.Input[Mapping[str, object]] | None = None,
        private_endpoint: PrivateEndpoint | pulumi.Output[Mapping[str, object]] | None = None,
        private_endpoint_overrides: Sequence[PrivateEndpointOverride | Mapping[str, object]]
        | pulumi.Output[Sequence[Mapping[str, object]]]
        | None = None,
        certificate_configurations: Certificate
        | Sequence[Certificate]
        | pulumi.Output[Sequence[Mapping[str, object]]]
        | None = None,
        credential_provider_vendor: pulumi.Input[str] | None = None,
        oauth2_provider_config_input: pulumi.Input[Mapping[str, object]] | None = None,
        name: pulumi.Input[str] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        more: Mapping[str, object] | None = None,
        adopt: bool | None = None,
        region: pulumi.Input[str] | None = None,
        profile: pulumi.Input[str] | None = None,
        assume_role: AnyRole | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        Args:
            resource_name: Logical name.
            vendor: Whose authorization server it is: AWS's word such as GithubOauth2, or short: google, github, slack,
                salesforce, microsoft, atlassian, linkedin, x, okta, onelogin, pingone, facebook, yandex, reddit, zoom,
                twitch, spotify, dropbox, notion, hubspot, cyberark, fusionauth, auth0, cognito; custom for any other.
                Default: custom. Changing it replaces.
            client_id: Id of your client there, up to 256 characters. Updates in place.
            client_secret: Its secret, up to 2048 characters; always a Pulumi secret, also if typed plain. A new one
                updates in place.
            client_secret_config: Instead of client_secret, where it lies in Secrets Manager: AWS's document
                {"secretId": name or ARN, "jsonKey": key in the secret's JSON}. Updates in place.
            discovery_url: (custom) The server's discovery document, with /.well-known/openid-configuration or
                /.well-known/oauth-authorization-server in it. Updates in place.
            authorization_server_metadata: (custom) Instead of discovery_url: AWS's document with issuer,
                authorizationEndpoint, tokenEndpoint and more. Updates in place.
            issuer: With the two below, short for authorization_server_metadata; for vendors who give every customer
                servers of their own, such as Okta and Auth0, yours. Updates in place.
            authorization_endpoint: Where people sign in. Updates in place.
            token_endpoint: Address of the token endpoint. Updates in place.
            tenant_id: (microsoft) Your tenant. Updates in place.
            client_authentication_method: (custom) CLIENT_SECRET_BASIC, CLIENT_SECRET_POST, AWS_IAM_ID_TOKEN_JWT or
                PRIVATE_KEY_JWT. Default: chosen by AWS. Updates in place.
            private_key_jwt_config: (custom) A KMS key that signs in instead of a secret; AWS's document. Updates in place.
            on_behalf_of_token_exchange_config: (custom) How callers' tokens are exchanged; AWS's document. Updates in
                place.
            private_endpoint: (custom) How the server is reached through a VPC: a ManagedVpcResource, a SelfManagedLatticeResource or
                AWS's document. Default: the internet. Updates in place.
            private_endpoint_overrides: (custom) The same by domain: a PrivateEndpointOverride each, or AWS's documents. Updates in
                place.
            certificate_configurations: (custom) A certificate authority to trust, 1 at most: an S3Certificate, a
                SecretsManagerCertificate, or AWS's documents. Updates in place.
            credential_provider_vendor: With oauth2_provider_config_input, AWS's own form of all the above. Changing it
                replaces.
            oauth2_provider_config_input: AWS's document. Updates in place.
            name: Name in AWS: letters, digits, hyphens and underscores, 128 at most, unique in account and Region.
                Default: the logical name and a short hash. Changing it replaces.
            tags: Up to 50. Updates in place.
            more: Members of the API that have no argument here yet, in snake_case. Updates in place.
            adopt: Take over a provider of this `name` that something else made. Default: the stack's agentcore:adopt.
            region: AWS Region. Default: that of the parent, of an aws.Provider in `opts`, or of the stack. Changing it replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.

        Raises:
            InvalidInput: Arguments contradict each other. All other problems are reported at preview.
        """
        short = {
            "client_id": client_id,
            "client_secret": client_secret,
            "client_secret_config": client_secret_config,
            "discovery_url": discovery_url,
            "authorization_server_metadata": authorization_server_metadata,
            "issuer": issuer,
            "authorization_endpoint": authorization_endpoint,
            "token_endpoint": token_endpoint,
            "tenant_id": tenant_id,
            "client_authentication_method": client_authentication_method,
            "private_key_jwt_config": private_key_jwt_config,
            "on_behalf_of_token_exchange_config": on_behalf_of_token_exchange_config,
            "private_endpoint": documents.of_value(private_endpoint),
            "private_endpoint_overrides": documents.of_value(private_endpoint_overrides),
            "certificate_configurations": documents.of_list(certificate_configurations),
        }
        short = {argument: value for argument, value in short.items() if value is not None}
        if oauth2_provider_config_input is None and credential_provider_vendor is None:
            credential_provider_vendor = rules.vendor_of(vendor or "custom")
            oauth2_provider_config_input = arguments.configuration(credential_provider_vendor, short)
        elif vendor is not None or short:
            raise InvalidInput(
                "has arguments of both forms",
                "Give either vendor=, client_id= and what goes with them, or credential_provider_vendor= and "
                "oauth2_provider_config_input=, not both",
                label=f'OAuth2CredentialProvider "{resource_name}"',
            )
        inputs = {
            "name": name,
            "credential_provider_vendor": credential_provider_vendor,
            "oauth2_provider_config_input": oauth2_provider_config_input,
            "tags": tags,
            **further(more),
        }
        given = oauth2_provider_config_input
        # An Output if the configuration is one.
        reference = (
            given.apply(arguments.secret_reference)
            if isinstance(given, pulumi.Output)
            else arguments.secret_reference(given)
        )
        super().__init__(
            OAuth2Provider(),
            resource_name,
            inputs,
            opts,
            access=aws_access.find(
                type(self), resource_name, opts, region=region, profile=profile, assume_role=assume_role
            ),
            adopt=adopt,
            secret_reference=reference,
        )
