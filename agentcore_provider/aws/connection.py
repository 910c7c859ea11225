"""The one way to AWS: clients, rate limits, retries, pages, and errors of one line."""

from __future__ import annotations

import json
import os
import threading
import urllib.parse
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from agentcore_provider.aws import assume_role, profiles, service_errors, sessions
from agentcore_provider.aws.arrivals import Arrivals
from agentcore_provider.aws.cures import PROGRAM, Cures
from agentcore_provider.aws.documents import Document, Properties
from agentcore_provider.aws.limits import Limits
from agentcore_provider.aws.renaming import Renames
from agentcore_provider.aws.service_errors import no_answer, not_aws, refused
from agentcore_provider.aws.status_cache import StatusCache
from agentcore_provider.aws.waiting import Clock, SystemClock
from agentcore_provider.errors import AwsRefused, InvalidInput
from agentcore_provider.loopback import is_loopback

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials
    from botocore.model import OperationModel

AGENTCORE = "bedrock-agentcore-control"
COGNITO = "cognito-idp"

# Codes by which services answer that something does not exist. Cognito has another one for domains.
NOT_FOUND = frozenset({"ResourceNotFoundException", "NoSuchEntity"})

# The member of an answer, and of the request for the next page, with the place where the next page begins.
_PAGE_TOKENS = ("nextToken", "NextToken", "Marker")

# How long throttled calls are tried again where no resource's own time does.
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class Settings:
    """How to reach AWS, by the stack's configuration.

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
        """The settings of a stack's configuration. config: returns the value of a key."""
        return cls(
            region=config("aws:region"),
            endpoint_url=config("agentcore:endpointUrl"),
            profile=config("aws:profile"),
            access_key=config("aws:accessKey"),
            secret_key=config("aws:secretKey"),
            token=config("aws:token"),
            assume_roles=config("aws:assumeRoles"),
        )

    def of_resource(self, access: Document) -> Settings:
        """These settings with the Region and sign-in that a resource has of its own.

        access: region, profile and assume_roles, each optional. A profile takes the place of everything that the stack
        signs in with; roles take the place of its roles, and are assumed by what it signs in with before those.
        """
        region, profile, roles = (access.get(it) for it in ("region", "profile", "assume_roles"))
        found = replace(self, region=region) if region else self
        if profile:
            found = replace(found, profile=profile, access_key=None, secret_key=None, token=None, assume_roles=None)
        return replace(found, assume_roles=json.dumps(roles, sort_keys=True)) if roles else found

    @property
    def sign_in(self) -> Settings:
        """What of the settings decides who calls AWS, and where AWS is."""
        profile = self.profile or (None if self.access_key else os.environ.get("AWS_PROFILE"))
        roles = json.dumps(_roles(self.assume_roles or "[]"), sort_keys=True)
        return replace(self, region=None, profile=profile, assume_roles=roles)

    def known_account(self) -> str | None:
        """The account that these settings sign in to, where a role or the AWS profile names it. AWS is not asked."""
        roles = _roles(self.assume_roles or "[]")
        arn = roles[-1]["RoleArn"] if roles else profiles.find(self.profile or "").get("role_arn", "")
        if arn.count(":") >= 5:
            return str(arn).split(":")[4] or None
        return profiles.find(self.profile or "").get("sso_account_id") if not roles else None

    def known_region(self) -> str | None:
        """The Region that a connection with these settings uses; None when nothing names one. AWS is not asked."""
        named = self.region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        return named or profiles.region(self.profile)


class Connection:
    """Calls AWS for every thread of a process."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None, cures: Cures = PROGRAM) -> None:
        """cures: what to do about errors, for whoever reads them."""
        self.settings = settings
        self.cures = cures
        self.clock: Clock = clock or SystemClock()
        self.began = self.clock.now()
        self.caller: StatusCache[str] = StatusCache(self.clock)
        self.limits = Limits(self.clock)
        self.arrivals = Arrivals(self.clock)
        self.target_statuses: StatusCache[Properties] = StatusCache(self.clock)
        self.renames = Renames(self.clock)
        self._lock = threading.Lock()
        self._session: Any = None
        self._clients: dict[str, Any] = {}
        self._thread = threading.local()

    @property
    def session(self) -> Any:
        """boto3's session, for calls that this package does not make. Raises what signing in raises."""
        self._client(AGENTCORE)
        return self._session

    def client(self, service: str = AGENTCORE) -> Any:
        """boto3's client of a service, for calls that this package does not make. Raises what signing in raises."""
        return self._client(service)

    @property
    def region(self) -> str:
        """The Region in use."""
        return str(self._client(AGENTCORE).meta.region_name)

    @property
    def endpoint_url(self) -> str | None:
        """Where AWS is, if it is not at AWS's own addresses: by the settings, the environment or the AWS profile."""
        if self.settings.endpoint_url:
            return self.settings.endpoint_url
        url = str(self._client(COGNITO).meta.endpoint_url)
        host = urllib.parse.urlsplit(url).hostname or ""
        return None if host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws")) else url

    @property
    def is_on_this_machine(self) -> bool:
        """Whether AWS is at an address of this machine, as local AWS is: what is created there is visible at once."""
        return is_loopback(self.endpoint_url)

    def credentials(self) -> ReadOnlyCredentials:
        """The credentials as they are now; those of a role are renewed in time. Raises AwsRefused, AwsUnreachable."""
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

        try:
            self._client(AGENTCORE)
            found = self._session.get_credentials()
            if found is None:
                raise NoCredentialsError
            frozen: ReadOnlyCredentials = found.get_frozen_credentials()
        except ClientError as error:
            raise refused(error.operation_name, error.response, self.cures) from None
        except BotoCoreError as error:
            raise no_answer("Signing in", error, self.cures) from None
        return frozen

    def operation_model(self, name: str, service: str = AGENTCORE) -> OperationModel:
        """The service model's description of an operation."""
        model: OperationModel = self._client(service).meta.service_model.operation_model(name)
        return model

    @contextmanager
    def patient(self, seconds: float, report: Callable[[str], None]) -> Iterator[None]:
        """Within, calls of this thread that AWS throttles are tried again for so many seconds, and reported."""
        before = getattr(self._thread, "patience", None)
        self._thread.patience = seconds, report
        try:
            yield
        finally:
            self._thread.patience = before

    def call(self, operation: str, *, service: str = AGENTCORE, retries: bool = True, **parameters: Any) -> Properties:
        """Call an operation and return its answer.

        retries: False for creates without a clientToken: after a lost answer another try would make a second one, so
        the caller looks before it tries again. What was throttled was not carried out, and is always tried again.
        Raises AwsRefused and AwsUnreachable.
        """
        from botocore import exceptions, parsers

        pauses = service_errors.pauses()
        try:
            client = self._client(service)
            while True:
                try:
                    answer = self._once_not_throttled(client, service, operation, parameters)
                    break
                except (exceptions.ClientError, exceptions.BotoCoreError) as error:
                    pause = next(pauses, None) if retries and service_errors.passing(error) else None
                    if pause is None:
                        raise
                    self.clock.sleep(pause)
        except exceptions.ClientError as error:
            # Also of AssumeRole, where the session of a role is renewed.
            raise refused(error.operation_name, error.response, self.cures) from None
        except exceptions.ParamValidationError as error:
            raise AwsRefused(
                f"{operation}: {' '.join(str(error).split())}", operation=operation, code="ParamValidation"
            ) from None
        except exceptions.BotoCoreError as error:
            raise no_answer(operation, error, self.cures) from None
        except parsers.ResponseParserError:
            raise not_aws(operation, self.cures) from None
        # A proxy's page of HTML is read as an empty answer.
        shape = client.meta.service_model.operation_model(operation).output_shape
        if shape is not None and any(member not in answer for member in shape.required_members):
            raise not_aws(operation, self.cures)
        answer.pop("ResponseMetadata", None)
        return answer

    def call_or_none(
        self, operation: str, *, absent: Container[str] = NOT_FOUND, service: str = AGENTCORE, **parameters: Any
    ) -> Properties | None:
        """The answer to a call, or None where AWS answers with a code in `absent`: that something does not exist."""
        try:
            return self.call(operation, service=service, **parameters)
        except AwsRefused as error:
            if error.code in absent:
                return None
            raise

    def pages(self, operation: str, items: str, *, service: str = AGENTCORE, **parameters: Any) -> Iterator[Any]:
        """The items of all pages of a list; none where what they belong to does not exist.

        items: the member of the answer that holds them.
        """
        page: Properties = {}
        while (answer := self.call_or_none(operation, service=service, **parameters, **page)) is not None:
            yield from answer.get(items, ())
            page = {token: answer[token] for token in _PAGE_TOKENS if answer.get(token)}
            if not page:
                return

    def _once_not_throttled(self, client: Any, service: str, operation: str, parameters: Document) -> Properties:
        """One answer that is not "too fast", at the rate that AWS allows."""
        from botocore import xform_name
        from botocore.exceptions import ClientError

        limiter = self.limits.rate_limiter(service, operation)
        send = getattr(client, xform_name(operation))
        began: float | None = None
        while True:
            with limiter.request() as request:
                self._thread.request = request
                try:
                    answer: Properties = send(**parameters)
                except ClientError as error:
                    if not service_errors.throttled(error.response):
                        raise
                    limiter.throttled(request)
                    throttled = error
                else:
                    limiter.took()
                    return answer
            seconds, report = getattr(self._thread, "patience", None) or (PATIENCE_SECONDS, lambda _: None)
            began = self.clock.now() if began is None else began
            spent = self.clock.now() - began
            if spent >= seconds:
                raise throttled
            report(f"AWS throttles {operation}: trying again at {limiter.allowed:.1f} a second ({spent:.0f} s)")

    def _note_sending(self, **_: Any) -> None:
        self._thread.request.sent = self.clock.now()

    def _client(self, service: str) -> Any:
        client = self._clients.get(service)
        if client is None:
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError, ClientError

            config = Config(
                # Every try has to wait for its turn, so boto3 makes none.
                retries={"mode": "standard", "total_max_attempts": 1},
                max_pool_connections=64,
                connect_timeout=10,
                user_agent_extra="agentcore-provider",
            )
            try:
                with self._lock:
                    if self._session is None:
                        self._session = self._sign_in()
                    client = self._session.client(service, endpoint_url=self.settings.endpoint_url, config=config)
                    client.meta.events.register("before-send", self._note_sending)
                    self._clients[service] = client
            except ClientError as error:
                raise refused("AssumeRole", error.response, self.cures) from None
            except BotoCoreError as error:
                raise no_answer("Signing in", error, self.cures) from None
        return client

    def _sign_in(self) -> Any:
        settings = self.settings
        session = sessions.boto3_session(
            # boto3 alone would only read AWS_DEFAULT_REGION; everybody else's tools read AWS_REGION first.
            region_name=settings.region or os.environ.get("AWS_REGION"),
            profile_name=settings.profile,
            aws_access_key_id=settings.access_key,
            aws_secret_access_key=settings.secret_key,
            aws_session_token=settings.token,
        )
        for members in _roles(settings.assume_roles or "[]"):
            session = assume_role.session(session, members, settings.endpoint_url)
        return session


def _roles(text: str) -> list[dict[str, Any]]:
    """AssumeRole's parameters for each role of the aws provider's assumeRoles."""
    try:
        return [assume_role.parameters(role) for role in json.loads(text)]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise InvalidInput(
            "aws:assumeRoles: is not a list of roles",
            "Set it with `pulumi config set --path 'aws:assumeRoles[0].roleArn' arn:aws:iam::ACCOUNT:role/NAME`",
        ) from None
