"""What clients of a gateway get when an interceptor fails.

The texts, codes and statuses were observed on the service (public notebooks and code comments of 2026). The
service does not report which function failed and why; `reason` does, for the log of local AWS and for
the error's `data`.
"""

from __future__ import annotations

_INTERNAL_ERROR = -32603  # JSON-RPC 2.0, 5.1
_PARSE_ERROR = -32700


class InterceptorError(Exception):
    """The request or answer is not passed on. `text`, `code` and `status` are what the service answers, `reason` is why."""

    def __init__(self, text: str, reason: str, *, code: int = _INTERNAL_ERROR, status: int = 500) -> None:
        super().__init__(f"{text}: {reason}")
        self.text = text
        self.reason = reason
        self.code = code
        self.status = status


def invalid_answer(reason: str) -> InterceptorError:
    """The function failed, or its answer has another form than the service takes."""
    return InterceptorError("InterceptorException - Received invalid response from interceptor", reason)


def no_request(reason: str) -> InterceptorError:
    """The function left no request to answer: the service then tries to read an empty one."""
    return InterceptorError("Parse error - Invalid JSON format", reason, code=_PARSE_ERROR, status=200)


def access_denied(function_arn: str, role_arn: str) -> InterceptorError:
    """The gateway's role may not invoke the function."""
    text = (
        f"Access denied while invoking Lambda function {function_arn}. "
        "Check the permissions on the Lambda function and Gateway execution role"
    )
    reason = f"allow lambda:InvokeFunction on {function_arn} in the policies of {role_arn}."
    return InterceptorError(text, reason, status=400)
