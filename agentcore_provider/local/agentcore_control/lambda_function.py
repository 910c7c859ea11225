"""Lambda functions that gateways refer to."""

from __future__ import annotations

import contextlib
import re

from agentcore_provider.local import service_error

_ARN = re.compile(
    r"arn:[^:]*:lambda:(?P<region>[^:]+):(?P<account>\d{12}):function:(?P<name>[^:]+)(?::(?P<qualifier>.+))?"
)


def require_exists(function_arn: str) -> None:
    """The function, and its version or alias if the ARN names one, exists in local Lambda."""
    from moto.awslambda.exceptions import LambdaClientError
    from moto.awslambda.models import lambda_backends

    found = _ARN.fullmatch(function_arn)
    if found is not None:
        backend = lambda_backends[found["account"]][found["region"]]
        with contextlib.suppress(LambdaClientError):
            if backend.get_function(found["name"], found["qualifier"]) is not None:
                return
    raise service_error.validation(f"Lambda function {function_arn} does not exist or cannot be invoked")
