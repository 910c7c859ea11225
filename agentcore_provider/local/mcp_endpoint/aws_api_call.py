"""Calls an API of AWS on local AWS with botocore's client, signed as the gateway's role."""

from __future__ import annotations

import base64
import datetime
import functools
import json
import threading
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint.results import failure, no_credential, text_result
from agentcore_provider.local.outbound import CredentialError
from agentcore_provider.local.outbound.signature import role_credentials

if TYPE_CHECKING:
    from botocore.model import OperationModel, Shape

    from agentcore_provider.local.mcp_endpoint.request_context import ToolCall

_making_clients = threading.Lock()  # making a client is not thread-safe; using one is


def service_of(traits: JsonObject) -> str | None:
    """botocore's name of the service that a Smithy service is, None for one that it does not know."""
    from agentcore_provider.local import service_model

    about = traits.get("aws.api#service")
    about = about if isinstance(about, dict) else {}
    sdk_id = str(about.get("sdkId", "")).lower()
    # botocore's names follow the SDK id, with a few old ones that follow the address or the ARN.
    guesses = [
        sdk_id.replace(" ", "-"),
        sdk_id.replace(" ", ""),
        about.get("endpointPrefix"),
        about.get("arnNamespace"),
    ]
    for guess in guesses:
        if guess in service_model.names():
            metadata = service_model.load(str(guess)).metadata
            if str(metadata.get("serviceId", guess)).lower() == sdk_id:
                return str(guess)
    return None


def operation_of(service: str, name: str) -> OperationModel | None:
    """botocore's operation of this name. Models whose operation is named like a shape call it `...Operation`."""
    model = _session().get_service_model(service)
    for candidate in (name, name.removesuffix("Operation")):
        if candidate in model.operation_names:
            return model.operation_model(candidate)
    return None


def call_aws(call: ToolCall, operation: OperationModel) -> JsonObject:
    """Call an operation; its result is JSON text, and so is AWS's error."""
    gateway = call.context.gateway
    try:
        credentials = role_credentials(gateway)
        arguments = _to_input(operation.input_shape, call.arguments) if operation.input_shape else {}
        keys = (credentials.access_key, credentials.secret_key, credentials.token)
        client = _client(operation.service_model.service_name, call.context.base_url, gateway.region, keys)
        answer = client._make_api_call(operation.name, arguments)
    except ClientError as error:
        document = error.response.get("Error", {})
        return failure(gateway, f"{document.get('Code', 'Error')} - {document.get('Message') or error}")
    except CredentialError as error:
        return no_credential(gateway, error)
    except (BotoCoreError, ValueError) as error:
        return failure(gateway, f"{operation.name} - {error}")
    answer.pop("ResponseMetadata", None)
    return text_result(json.dumps(answer, ensure_ascii=False, separators=(",", ":"), default=_plain))


def _to_input(shape: Shape, value: object) -> object:
    # JSON has no bytes: a blob is text in base64 there.
    if shape.type_name == "structure" and isinstance(value, dict):
        return {
            name: _to_input(shape.members[name], item) if name in shape.members else item
            for name, item in value.items()
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [_to_input(shape.member, item) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {name: _to_input(shape.value, item) for name, item in value.items()}
    if shape.type_name == "blob" and isinstance(value, str):
        return base64.b64decode(value, validate=True)
    return value


def _plain(value: object) -> object:
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    data = value.read() if hasattr(value, "read") else value
    if isinstance(data, bytes | bytearray):
        try:
            return bytes(data).decode() if hasattr(value, "read") else base64.b64encode(data).decode()
        except UnicodeDecodeError:
            return base64.b64encode(data).decode()
    return list(value) if isinstance(value, set | frozenset) else str(value)


@functools.cache
def _session() -> botocore.session.Session:
    return botocore.session.Session()


@functools.lru_cache(maxsize=64)
def _client(service: str, endpoint: str, region: str, keys: tuple[str, str, str | None]) -> Any:
    with _making_clients:
        return _session().create_client(
            service,
            endpoint_url=endpoint,
            region_name=region,
            aws_access_key_id=keys[0],
            aws_secret_access_key=keys[1],
            aws_session_token=keys[2],
            config=Config(retries={"total_max_attempts": 1, "mode": "standard"}),
        )
