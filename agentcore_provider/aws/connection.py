"""The one door to AWS: clients, pacing, and errors of one line."""

from __future__ import annotations

import json
import os
import threading
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agentcore_provider.aws.clock import Clock, SystemClock
from agentcore_provider.aws.pacing import Pacing
from agentcore_provider.aws.status_board import StatusBoard
from agentcore_provider.errors import AwsRefused, AwsUnreachable, InvalidInput

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials
    from botocore.model import OperationModel

AGENTCORE = "bedrock-agentcore-control"
COGNITO = "cognito-idp"

THROTTLED = frozenset({"ThrottlingException", "TooManyRequestsException", "Throttling", "RequestLimitExceeded"})


@dataclass(frozen=True)
class Settings:
    """How to reach AWS, as the stack's configuration says it.

    region: AWS Region; without it boto3's own chain decides. endpoint_url: another address for every service
    called here. profile, access_key, secret_key, token, assume_roles: the same keys the aws provider reads.
    """

    region: str | None = None
    endpoint_url: str | None = None
    profile: str | None = None
    access_key: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    assume_roles: str | None = None

    @classmethod
    def of_stack(cls, config: Callable[[str], str | None]) -> Settings:
        """What a stack's configuration says. config: gives the value of a key."""
        return cls(
            region=config("aws:region"),
            endpoint_url=config("agentcore:endpointUrl"),
            profile=config("aws:profile"),
            access_key=config("aws:accessKey"),
            secret_key=config("aws:secretKey"),
            token=config("aws:token"),
            assume_roles=config("aws:assumeRoles"),
        )


class Connection:
    """Calls AWS for every thread of a process."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self.pacing = Pacing(self.clock)
        self.boards: dict[str, StatusBoard] = {}
        self._lock = threading.Lock()
        self._session: Any = None
        self._clients: dict[tuple[str, bool], Any] = {}

    @property
    def region(self) -> str:
        """The Region in use."""
        return str(self._client(AGENTCORE, retries=True).meta.region_name)

    @property
    def endpoint_url(self) -> str | None:
        """Where AWS is, if it is not at AWS's own addresses: by the settings, the environment or the AWS profile."""
        if self.settings.endpoint_url:
            return self.settings.endpoint_url
        url = str(self._client(COGNITO, retries=True).meta.endpoint_url)
        host = urllib.parse.urlsplit(url).hostname or ""
        return None if host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws")) else url

    def credentials(self) -> ReadOnlyCredentials:
        """The credentials as they are now; those of a role are renewed in time. Raises AwsRefused, AwsUnreachable."""
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

        try:
            self._client(AGENTCORE, retries=True)
            found = self._session.get_credentials()
            if found is None:
                raise NoCredentialsError
            frozen: ReadOnlyCredentials = found.get_frozen_credentials()
        except ClientError as error:
            raise _refused(error.operation_name, error.response) from None
        except BotoCoreError as error:
            raise _no_answer("Signing in", error) from None
        return frozen

    def operation(self, name: str, service: str = AGENTCORE) -> OperationModel:
        """The service model's description of an operation."""
        model: OperationModel = self._client(service, retries=True).meta.service_model.operation_model(name)
        return model

    def call(
        self, operation: str, *, service: str = AGENTCORE, retries: bool = True, **parameters: Any
    ) -> dict[str, Any]:
        """Call an operation and return its answer.

        retries: False for creates without a clientToken: after a lost answer botocore's own retry would make a
        second one, so the caller looks before it tries again.
        Raises AwsRefused and AwsUnreachable.
        """
        from botocore import exceptions, parsers, xform_name

        try:
            client = self._client(service, retries=retries)
            if service == AGENTCORE:
                self.pacing.wait_turn(operation)
            answer: dict[str, Any] = getattr(client, xform_name(operation))(**parameters)
        except exceptions.ClientError as error:
            raise _refused(operation, error.response) from None
        except exceptions.ParamValidationError as error:
            raise AwsRefused(
                f"{operation}: {' '.join(str(error).split())}", operation=operation, code="ParamValidation"
            ) from None
        except exceptions.BotoCoreError as error:
            raise _no_answer(operation, error) from None
        except parsers.ResponseParserError:
            raise _not_aws(operation) from None
        # A proxy's page of HTML is read as an empty answer.
        shape = client.meta.service_model.operation_model(operation).output_shape
        if shape is not None and any(member not in answer for member in shape.required_members):
            raise _not_aws(operation)
        answer.pop("ResponseMetadata", None)
        return answer

    def _client(self, service: str, *, retries: bool) -> Any:
        client = self._clients.get((service, retries))
        if client is None:
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError, ClientError

            config = Config(
                retries={"mode": "standard", "total_max_attempts": 5 if retries else 1},
                max_pool_connections=64,
                connect_timeout=10,
                user_agent_extra="agentcore-provider",
            )
            try:
                with self._lock:
                    if self._session is None:
                        self._session = self._sign_in()
                    client = self._session.client(service, endpoint_url=self.settings.endpoint_url, config=config)
                    self._clients[service, retries] = client
            except ClientError as error:
                raise _refused("AssumeRole", error.response) from None
            except BotoCoreError as error:
                raise _no_answer("Signing in", error) from None
        return client

    def _sign_in(self) -> Any:
        import boto3

        settings = self.settings
        session = boto3.Session(
            # boto3 alone would only read AWS_DEFAULT_REGION; everybody else's tools read AWS_REGION first.
            region_name=settings.region or os.environ.get("AWS_REGION"),
            profile_name=settings.profile,
            aws_access_key_id=settings.access_key,
            aws_secret_access_key=settings.secret_key,
            aws_session_token=settings.token,
        )
        for members in _roles(settings.assume_roles or "[]"):
            answer = session.client("sts", endpoint_url=settings.endpoint_url).assume_role(**members)["Credentials"]
            session = boto3.Session(
                region_name=session.region_name,
                aws_access_key_id=answer["AccessKeyId"],
                aws_secret_access_key=answer["SecretAccessKey"],
                aws_session_token=answer["SessionToken"],
            )
        return session


def _roles(text: str) -> list[dict[str, str]]:
    """AssumeRole's parameters for each role of the aws provider's assumeRoles."""
    try:
        return [
            {
                "RoleArn": role["roleArn"],
                "RoleSessionName": role.get("sessionName", "agentcore-provider"),
                **({"ExternalId": role["externalId"]} if role.get("externalId") else {}),
            }
            for role in json.loads(text)
        ]
    except (ValueError, TypeError, KeyError):
        raise InvalidInput(
            "aws:assumeRoles: is not a list of roles; set it with "
            "`pulumi config set --path 'aws:assumeRoles[0].roleArn' arn:aws:iam::ACCOUNT:role/NAME`"
        ) from None


_EXPIRED = "sign in to AWS again: `aws sso login`, or renew the stack's credentials"
_CURES = {
    "AccessDeniedException": "allow it to the identity that deploys, or name the right account and Region",
    "UnrecognizedClientException": "the credentials are not valid in this account: check the stack's aws:profile",
    "InvalidClientTokenId": "the credentials are not valid in this account: check the stack's aws:profile",
    "ExpiredTokenException": _EXPIRED,
    "ExpiredToken": _EXPIRED,
    "ServiceQuotaExceededException": "ask AWS to raise the quota, or delete what is no longer used",
    "ThrottlingException": "run the command again; if it stays, lower --parallel",
}


def _refused(operation: str, response: Any) -> AwsRefused:
    error = response.get("Error", {})
    code = str(error.get("Code", "Unknown"))
    request_id = str(response.get("ResponseMetadata", {}).get("RequestId", ""))
    message = " ".join(str(error.get("Message", "")).split())
    return AwsRefused(
        f"AWS refused {operation}: {code}: {message}"
        + (f" (request id {request_id})" if request_id else "")
        + (f"; {_CURES[code]}" if code in _CURES else ""),
        operation=operation,
        code=code,
        request_id=request_id,
    )


def _no_answer(operation: str, error: Exception) -> AwsUnreachable:
    return AwsUnreachable(
        f"{operation} got no answer from AWS: {' '.join(str(error).split())} ({_cure(error)})",
        operation=operation,
        code=type(error).__name__,
    )


def _not_aws(operation: str) -> AwsUnreachable:
    return AwsUnreachable(
        f"{operation} was answered by something that is not AWS: check the stack's agentcore:endpointUrl and any proxy "
        "on the way",
        operation=operation,
        code="NotAws",
    )


def _cure(error: Exception) -> str:
    name = type(error).__name__
    if "Credential" in name or "Profile" in name or "Token" in name:
        return "sign in to AWS: `aws configure`, `aws sso login`, or the stack's aws:profile"
    if "Region" in name:
        return "set the Region: `pulumi config set aws:region us-west-2`"
    return "check the network and, for local AWS, `agentcore local status`"
