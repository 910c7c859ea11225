"""An error that a service answers."""

from __future__ import annotations


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
