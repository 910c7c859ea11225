"""The signature that a gateway with the authorizer AWS_IAM asks of its callers: AWS Signature Version 4.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-inbound-auth.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from agentcore_provider.aws.connection import Connection

SERVICE = "bedrock-agentcore"


class Request(Protocol):
    """A request as httpx has it, of either generation."""

    @property
    def method(self) -> str: ...
    @property
    def url(self) -> Any: ...
    @property
    def headers(self) -> Any: ...
    @property
    def content(self) -> bytes: ...


_R = TypeVar("_R", bound=Request)


class RequestSignature:
    """Signs requests for the connection's Region, as whom it signs in to AWS. Goes wherever httpx takes `auth=`."""

    def __init__(self, connection: Connection, *, service: str = SERVICE, region: str | None = None) -> None:
        """service, region: those to sign for; by default gateways, and the connection's Region.

        Raises AwsRefused, AwsUnreachable when there are no credentials or no Region.
        """
        self._connection = connection
        self._service = service
        self.access_key_id = connection.credentials().access_key
        self.region = region or connection.region

    def __call__(self, request: _R) -> _R:
        """Put the signature into the headers of the request, and return it. Raises AwsRefused, AwsUnreachable."""
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest

        # What a proxy on the way may change is left out, as a signature over it would not hold: AWS asks for host and
        # x-amz headers, and the body is part of every signature.
        kept = {name: value for name, value in request.headers.items() if _is_kept(name.lower())}
        signed = AWSRequest(request.method, str(request.url), headers=kept, data=request.content)
        SigV4Auth(self._connection.credentials(), self._service, self.region).add_auth(signed)
        request.headers.update(dict(signed.headers.items()))
        return request


def _is_kept(name: str) -> bool:
    return name in ("host", "content-type") or name.startswith("x-amz-")
