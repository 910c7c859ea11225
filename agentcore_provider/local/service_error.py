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
    """An error in AWS's format, for services that this package does not implement."""
    if as_xml:
        body = f"<ErrorResponse><Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error></ErrorResponse>"
        return Response(body, status=status, content_type="text/xml")
    response = Response(
        json.dumps({"__type": code, "message": message}), status=status, content_type="application/json"
    )
    response.headers["x-amzn-ErrorType"] = code
    return response


def validation(message: str, *, reason: str = "FieldValidationFailed") -> ServiceError:
    """ValidationException."""
    return ServiceError("ValidationException", message, reason=reason)


def conflict(message: str) -> ServiceError:
    """ConflictException: the state of the resource, or another resource, prevents it."""
    return ServiceError("ConflictException", message)


def not_found(message: str) -> ServiceError:
    """ResourceNotFoundException."""
    return ServiceError("ResourceNotFoundException", message)


def over_quota(message: str) -> ServiceError:
    """ServiceQuotaExceededException."""
    return ServiceError("ServiceQuotaExceededException", message)
