"""Cognito, where moto is lax or has gaps: validated by botocore's model first, then by what Cognito itself rejects."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

from moto.cognitoidp.models import CognitoIdpBackend, cognitoidp_backends
from moto.core.exceptions import JsonRESTError
from werkzeug.wrappers import Request, Response

from agentcore_provider.local import aws_address, json_document, service_model, validation
from agentcore_provider.local.cognito import (
    client_secret,
    discovery,
    managed_login,
    resource_server,
    tags,
    user_pool,
    user_pool_client,
    user_pool_domain,
)
from agentcore_provider.local.cognito.call import Answer, CognitoCall
from agentcore_provider.local.service_error import ServiceError
from agentcore_provider.local.settings import Settings

_SERVICE = "cognito-idp"
__all__ = ["Cognito", "discovery"]

# What `_read` returns is sound by the service model; each handler declares the shape of its own request.
_Handler = Callable[[CognitoCall, Any], "Answer | None"]

_OPERATIONS: dict[str, _Handler] = {
    "CreateUserPool": user_pool.create,
    "UpdateUserPool": user_pool.update,
    "DeleteUserPool": user_pool.delete,
    "CreateUserPoolDomain": user_pool_domain.create,
    "DescribeUserPoolDomain": user_pool_domain.describe,
    "UpdateUserPoolDomain": user_pool_domain.update,
    "DeleteUserPoolDomain": user_pool_domain.delete,
    "CreateManagedLoginBranding": managed_login.create,
    "DescribeManagedLoginBrandingByClient": managed_login.describe_by_client,
    "DeleteManagedLoginBranding": managed_login.delete,
    "CreateResourceServer": resource_server.create,
    "UpdateResourceServer": resource_server.update,
    "DeleteResourceServer": resource_server.delete,
    "CreateUserPoolClient": user_pool_client.create,
    "UpdateUserPoolClient": user_pool_client.update,
    "DescribeUserPoolClient": user_pool_client.describe,
    "DeleteUserPoolClient": user_pool_client.delete,
    "AddUserPoolClientSecret": client_secret.add,
    "ListUserPoolClientSecrets": client_secret.list_,
    "DeleteUserPoolClientSecret": client_secret.delete,
    "TagResource": tags.tag,
    "UntagResource": tags.untag,
    "ListTagsForResource": tags.list_,
}
"""A handler answers, or returns None: then moto does."""


class Cognito:
    """Answers what moto would answer wrongly."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.RLock()
        aws_address.remember_base_url(settings.base_url)

    def serve(self, request: Request, operation: str, account_id: str, region: str) -> Response | None:
        """The answer, or None: let moto answer."""
        if operation not in service_model.load(_SERVICE).operation_names:
            return None
        try:
            answer = self._handle(operation, account_id, region, _read(operation, request))
        except ServiceError as error:
            return _error(error.code, error.message)
        except JsonRESTError as error:
            return _error(error.error_type, error.message)
        return None if answer is None else _json(answer)

    def _handle(self, operation: str, account_id: str, region: str, request: object) -> Answer | None:
        handler = _OPERATIONS.get(operation)
        if handler is None:
            return None
        backend: CognitoIdpBackend = cognitoidp_backends[account_id][region]
        with self._lock:
            return handler(CognitoCall(backend, account_id, region, self._settings), request)


def _read(operation: str, request: Request) -> object:
    try:
        members = json_document.read(request.get_data() or b"{}")
    except ValueError as error:
        raise ServiceError("SerializationException", f"The body is not JSON: {error}") from None
    shape = service_model.load(_SERVICE).operation_model(operation).input_shape
    if shape is not None and (problems := validation.validate(shape, members)):
        raise ServiceError("InvalidParameterException", validation.summarize(problems))
    return members


def _json(document: object, status: int = 200) -> Response:
    return Response(json.dumps(document), status=status, content_type="application/x-amz-json-1.1")


def _error(code: str, message: str) -> Response:
    return _json({"__type": code, "message": message}, 400)
