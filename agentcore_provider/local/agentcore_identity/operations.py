"""The operations, and their HTTP side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from agentcore_provider.local import service_model
from agentcore_provider.local.agentcore_control import api
from agentcore_provider.local.agentcore_identity import credentials, workload_token
from agentcore_provider.local.agentcore_identity.call import Call
from agentcore_provider.local.service_error import ServiceError

SERVICE = "bedrock-agentcore"

_OPERATIONS: dict[str, Callable[[Call, Any], Mapping[str, object]]] = {
    "GetWorkloadAccessToken": workload_token.get,
    "GetWorkloadAccessTokenForJWT": workload_token.get_for_jwt,
    "GetWorkloadAccessTokenForUserId": workload_token.get_for_user_id,
    "GetResourceApiKey": credentials.get_api_key,
    "GetResourceOauth2Token": credentials.get_oauth2_token,
    "CompleteResourceTokenAuth": credentials.complete_token_auth,
}


def has(operation: str) -> bool:
    """Whether this is one of the operations."""
    return operation in _OPERATIONS


def serve(request: Request, operation: str, call: Call) -> Response:
    """Answer one call."""
    model = service_model.load(SERVICE).operation_model(operation)
    try:
        return api.write(model, _OPERATIONS[operation](call, api.read(model, request, {})))
    except ServiceError as error:
        return api.write_error(error)
