"""Errors of clocks, signatures, credentials and Regions name the cure, in the forms that AWS's protocols give them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest
from botocore import exceptions
from botocore.httpsession import SSLError

from agentcore_provider.aws.cures import PROGRAM
from agentcore_provider.aws.service_errors import no_answer
from agentcore_provider.errors import AwsRefused, AwsUnreachable

CLOCK = "set the time of this machine"
SIGNATURE = "the secret access key does not belong to the access key"
KEY = "AWS does not know this access key here"
EXPIRED = "sign in to AWS again"
ENABLE = "aws account enable-region"
EARLIER = "Signature expired: 20261130T040000Z is now earlier than 20261130T042500Z (20261130T043000Z - 5 min.)"
LATER = "Signature not yet current: 20261130T050000Z is still later than 20261130T043500Z (20261130T043000Z + 5 min.)"
NO_MATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key"
)


def rest_json(code: str, message: str) -> tuple[str, str, dict[str, Any], dict[str, str], str]:
    """As bedrock-agentcore-control answers."""
    parameters = {"gatewayIdentifier": "shop-0123456789"}
    body = json.dumps({"message": message})
    return "bedrock-agentcore-control", "GetGateway", parameters, {"x-amzn-ErrorType": f"{code}:http://aws/"}, body


def json_rpc(code: str, message: str) -> tuple[str, str, dict[str, Any], dict[str, str], str]:
    """As cognito-idp answers."""
    body = json.dumps({"__type": code, "message": message})
    return "cognito-idp", "DescribeUserPool", {"UserPoolId": "us-west-2_shop12345"}, {}, body


def query(code: str, message: str) -> tuple[str, str, dict[str, Any], dict[str, str], str]:
    """As sts and iam answer."""
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    return "sts", "GetCallerIdentity", {}, {}, f"<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>"


def rest_xml(code: str, message: str) -> tuple[str, str, dict[str, Any], dict[str, str], str]:
    """As s3 answers."""
    return (
        "s3",
        "GetBucketLocation",
        {"Bucket": "b"},
        {},
        f"<Error><Code>{code}</Code><Message>{message}</Message></Error>",
    )


REFUSALS = [
    (rest_json("InvalidSignatureException", EARLIER), CLOCK),
    (rest_json("InvalidSignatureException", LATER), CLOCK),
    (rest_json("InvalidSignatureException", NO_MATCH), SIGNATURE),
    (rest_json("IncompleteSignatureException", "'x' not a valid key=value pair"), SIGNATURE),
    (rest_json("UnrecognizedClientException", "The security token included in the request is invalid."), KEY),
    (rest_json("MissingAuthenticationTokenException", "Missing Authentication Token"), KEY),
    (rest_json("ExpiredTokenException", "The security token included in the request is expired"), EXPIRED),
    (rest_json("AccessDeniedException", "User: arn is not authorized"), "allow it to the identity that deploys"),
    (rest_json("SubscriptionRequiredException", "The AWS Access Key Id needs a subscription"), ENABLE),
    (json_rpc("InvalidSignatureException", EARLIER), CLOCK),
    (json_rpc("UnrecognizedClientException", "The security token included in the request is invalid."), KEY),
    (query("SignatureDoesNotMatch", EARLIER), CLOCK),
    (query("SignatureDoesNotMatch", NO_MATCH), SIGNATURE),
    (query("IncompleteSignature", "Authorization header requires 'Signature' parameter"), SIGNATURE),
    (query("InvalidClientTokenId", "The security token included in the request is invalid."), KEY),
    (query("RequestExpired", "Request has expired"), CLOCK),
    (query("ExpiredToken", "The security token included in the request is expired"), EXPIRED),
    (query("OptInRequired", "You are not subscribed to this service"), ENABLE),
    (query("AuthFailure", "AWS was not able to validate the provided access credentials"), KEY),
    (query("RegionDisabledException", "STS is not activated in this region"), ENABLE),
    (query("AccessDenied", "User: arn is not authorized"), "allow it to the identity that deploys"),
    (
        rest_xml("RequestTimeTooSkewed", "The difference between the request time and the server's time is too large."),
        CLOCK,
    ),
    (rest_xml("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."), KEY),
    (rest_xml("SignatureDoesNotMatch", NO_MATCH), SIGNATURE),
]


def _refusal(scripted: Any, asked: Any, **headers: str) -> AwsRefused:
    service, operation, parameters, given, body = asked
    connection = scripted.answers(lambda _: (403, {**given, **headers}, body))
    with pytest.raises(AwsRefused) as failure:
        connection.call(operation, service=service, **parameters)
    assert "\n" not in str(failure.value)
    assert scripted.tries == 1
    return failure.value


@pytest.mark.parametrize(("asked", "cure"), REFUSALS, ids=lambda it: f"{it[0]}" if isinstance(it, tuple) else "")
def test_a_refused_signature_names_the_cure(scripted: Any, asked: Any, cure: str) -> None:
    refusal = _refusal(scripted, asked)
    assert f"AWS refused {asked[1]}: " in str(refusal)
    assert cure in refusal.cure


@pytest.mark.parametrize(("minutes", "way"), [(-12, "12 minutes ahead of"), (47, "47 minutes behind")])
@pytest.mark.parametrize("code", ["InvalidSignatureException", "UnrecognizedClientException"])
def test_a_wrong_clock_is_known_by_the_date_of_the_answer(scripted: Any, minutes: int, way: str, code: str) -> None:
    """Whatever AWS calls it, and by how much the clock is wrong is reported."""
    date = format_datetime(datetime.now(timezone.utc) + timedelta(minutes=minutes), usegmt=True)
    refusal = _refusal(scripted, rest_json(code, "no"), Date=date)
    assert f"the clock of this machine is {way} AWS's: {CLOCK}" in refusal.cure


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 30 Nov 2026 99:99:99 GMT"])
def test_a_date_that_cannot_be_read_is_not_a_hint(scripted: Any, date: str) -> None:
    assert SIGNATURE in _refusal(scripted, rest_json("InvalidSignatureException", NO_MATCH), Date=date).cure


def test_a_denial_is_not_blamed_on_the_clock(scripted: Any) -> None:
    date = format_datetime(datetime.now(timezone.utc) + timedelta(minutes=60), usegmt=True)
    assert CLOCK not in _refusal(scripted, rest_json("AccessDeniedException", "no"), Date=date).cure


SILENCES = [
    (exceptions.NoCredentialsError(), "aws configure"),
    (exceptions.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"), "aws configure"),
    (exceptions.ProfileNotFound(profile="shop"), "aws:profile"),
    (exceptions.CredentialRetrievalError(provider="process", error_msg="failed"), "aws configure"),
    (exceptions.UnauthorizedSSOTokenError(), "aws sso login"),
    (exceptions.SSOTokenLoadError(error_msg="no token"), "aws sso login"),
    (exceptions.TokenRetrievalError(provider="sso", error_msg="Token has expired and refresh failed"), "aws sso login"),
    (exceptions.NoRegionError(), "pulumi config set aws:region"),
    (exceptions.InvalidRegionError(region_name="us west"), "pulumi config set aws:region"),
    (
        exceptions.EndpointConnectionError(endpoint_url="https://bedrock-agentcore-control.us-north-9.amazonaws.com/x"),
        "the Region does not exist or has no AgentCore",
    ),
    (exceptions.EndpointConnectionError(endpoint_url="http://127.0.0.1:4599/x"), "agentcore local status"),
    (SSLError(endpoint_url="https://x", error="certificate verify failed: certificate is not yet valid"), CLOCK),
    (SSLError(endpoint_url="https://x", error="certificate verify failed: self-signed certificate"), "AWS_CA_BUNDLE"),
    (exceptions.ProxyConnectionError(proxy_url="http://proxy:3128", error="no"), "check the network"),
]


@pytest.mark.parametrize(("error", "cure"), SILENCES, ids=lambda it: type(it).__name__)
def test_no_answer_names_the_cure(error: Exception, cure: str) -> None:
    failure = no_answer("GetGateway", error, PROGRAM)
    assert isinstance(failure, AwsUnreachable)
    assert str(failure).startswith("GetGateway got no answer from AWS: ")
    assert cure in failure.cure
