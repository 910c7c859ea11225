"""An error that a service answers."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response


class ServiceError(Exception):
    """Answered to the client instead of a result.

    code: the error's name in the service model, such as ConflictException.
    members: further members of the error's document.
    """

    def __init__(self, code: str, message: str, **members: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.members = members


def answer(status: int, code: str, message: str, *, as_xml: bool = False) -> Response:
    """An error as AWS words it, where no service of this package has words of its own."""
    if as_xml:
        body = f"<ErrorResponse><Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error></ErrorResponse>"
        return Response(body, status=status, content_type="text/xml")
    response = Response(
        json.dumps({"__type": code, "message": message}), status=status, content_type="application/json"
    )
    response.headers["x-amzn-ErrorType"] = code
    return response


def validation(message: str, *, reason: str = "FieldValidationFailed") -> ServiceError:
    """The input breaks a rule."""
    return ServiceError("ValidationException", message, reason=reason)


def conflict(message: str) -> ServiceError:
    """The resource's state, or another resource, stands in the way."""
    return ServiceError("ConflictException", message)


def not_found(message: str) -> ServiceError:
    """There is no such resource."""
    return ServiceError("ResourceNotFoundException", message)


def over_quota(message: str) -> ServiceError:
    """The account has as many of these as it may have."""
    return ServiceError("ServiceQuotaExceededException", message)
