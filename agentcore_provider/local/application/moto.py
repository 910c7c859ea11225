"""Answers of moto, which serves what this package does not, always in the format of AWS."""

from __future__ import annotations

import io
import os
import sys
import threading

from botocore.model import OperationModel, StructureShape
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.utils import get_service_model
from moto.iam.models import iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from agentcore_provider.local import json_document, service_model, validation
from agentcore_provider.local.application.operation import Operation
from agentcore_provider.local.service_error import answer

_CODES = {403: "AccessDenied", 404: "UnknownOperationException", 405: "MethodNotAllowed"}
_LONGEST_TEXT = 300
LOAD_MANAGED_POLICIES = "MOTO_IAM_LOAD_MANAGED_POLICIES"
"""Read by moto when it creates an IAM account."""


class Moto:
    """moto's server, with one request at hand."""

    def __init__(self) -> None:
        self._application = DomainDispatcherApplication(create_backend_app)

    def serve(self, request: Request, called: Operation) -> Response:
        """Answer one request. Raises NotImplementedError for what moto lacks."""
        if called.service == "s3" and called.route is None and request.mimetype != "multipart/form-data":
            # A request that names no service is taken for one to S3.
            text = f"{request.method} is not allowed at {request.path}, and nothing else names a service."
            return answer(405, "MethodNotAllowed", text, as_xml=True)
        operation = _operation(called)
        if operation is not None:
            load_operations(called.service)
        try:
            document = _document(request, operation) if operation is not None else None
        except ValueError as error:
            return answer(400, "SerializationException", f"The body cannot be read as JSON: {error}")
        environ = dict(request.environ)
        # moto lets callers choose their account by a header that AWS does not have.
        environ.pop("HTTP_X_MOTO_ACCOUNT_ID", None)
        environ["wsgi.input"] = io.BytesIO(request.get_data())
        try:
            return self.in_format_of_aws(Response.from_app(self._application, environ), request, called)
        except (NotImplementedError, HTTPException):
            raise
        except Exception as error:  # moto fails in any way on input that it does not validate, so it is validated here
            problems = _problems(operation, document)
            if problems:
                return answer(400, "ValidationException", validation.summarize(problems), as_xml=called.speaks_xml)
            text = f"Local AWS does not have {called.service} {called.name} in this form: {error!r}"[:_LONGEST_TEXT]
            print(text, file=sys.stderr)
            # Not 500: clients would try again.
            return answer(501, "NotImplemented", text, as_xml=called.speaks_xml)

    def in_format_of_aws(self, response: Response, request: Request, called: Operation) -> Response:
        """The response; an HTML page as an error in the format of AWS."""
        status = response.status_code
        if response.mimetype != "text/html" or status < 300 or status == 304 or request.method == "HEAD":
            return response
        status = 404 if status < 400 else status
        text = f"{request.method} {request.path} is not served by local AWS."
        return answer(status, _CODES.get(status, "InvalidRequest"), text, as_xml=called.speaks_xml)


_loaded: set[str] = set()
_loading = threading.Lock()


def load_operations(service: str) -> None:
    """Fill moto's cache of a service's operations before threads share it.

    moto caches each operation under the key that botocore's own class uses, first as botocore's object, then as moto's
    own: of two first requests at the same time, one could get botocore's, which moto cannot serve.
    """
    if service in _loaded:
        return
    # Not held while the request is served: a Lambda function calls local AWS again.
    with _loading:
        if service not in _loaded:
            model = get_service_model(service)
            for name in model.operation_names:
                model.operation_model(name)
            _loaded.add(service)


def reset() -> None:
    """Forget every resource of the services that moto serves.

    IAM keeps its managed policies: to read those of one account again takes a second.
    """
    policies = {
        partition: backend.aws_managed_policies for partition, backend in iam_backends[DEFAULT_ACCOUNT_ID].items()
    }
    loading = os.environ.pop(LOAD_MANAGED_POLICIES, None)
    try:
        BackendDict.reset()
        reset_model_data()
        for partition, kept in policies.items():
            for policy in kept:
                policy.attachment_count = 0
            backend = iam_backends[DEFAULT_ACCOUNT_ID][partition]
            backend.aws_managed_policies = kept
            backend.managed_policies = {policy.arn: policy for policy in kept}
    finally:
        if loading is not None:
            os.environ[LOAD_MANAGED_POLICIES] = loading


def _operation(called: Operation) -> OperationModel | None:
    if called.service not in service_model.names():
        return None
    model = service_model.load(called.service)
    return model.operation_model(called.name) if called.name in model.operation_names else None


def _document(request: Request, operation: OperationModel) -> object:
    """The JSON of the body; None for a protocol without JSON. Raises ValueError."""
    protocol, shape = operation.service_model.metadata.get("protocol"), operation.input_shape
    if protocol not in ("json", "rest-json") or shape is None or not request.get_data():
        return None
    payload = shape.serialization.get("payload")
    if payload is not None and shape.members[payload].type_name != "structure":
        return None
    return json_document.read(request.get_data())


def _problems(operation: OperationModel | None, document: object) -> list[str]:
    """The problems of a document by the service's model."""
    if operation is None or document is None:
        return []
    shape = operation.input_shape
    if "payload" in shape.serialization:
        return validation.validate(shape.members[shape.serialization["payload"]], document)
    model = shape._shape_model
    members = {name: member for name, member in model["members"].items() if "location" not in member}
    required = [name for name in model.get("required", ()) if name in members]
    body = StructureShape(shape.name, {**model, "members": members, "required": required}, shape._shape_resolver)
    return validation.validate(body, document)
