"""The calls of Pulumi's engine, translated to the resources and lookups of the registry."""

# ruff: noqa: N802 (gRPC names its methods)
from __future__ import annotations

import functools
import importlib.metadata
import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, Protocol, TypeVar

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from . import registry
from .assets import AssetError
from .changes import Change, changes, detailed
from .comparison import inputs_of_read, settled
from .inputs import checked
from .model import as_texts
from .naming import Proposal
from .preview import created, updated
from .project_folder import project_folder
from .resource import Resource, Scope, undone_on_failure
from .session import Session, is_gone
from .wire import Decoded, Properties, decode, encode
from .wire import Path as ValuePath

_DEFAULT_REGION = "us-west-2"
_log = logging.getLogger(__name__)
_Request = TypeVar("_Request")
_Answer = TypeVar("_Answer")
_Method = Callable[["Servicer", _Request, grpc.ServicerContext], _Answer]


class _AboutResource(Protocol):
    """A request of the engine about one resource."""

    urn: str


def _answered(method: _Method[_Request, _Answer]) -> _Method[_Request, _Answer]:
    """Turn whatever goes wrong into one line for the user of the engine."""

    @functools.wraps(method)
    def answer(self: Servicer, request: _Request, context: grpc.ServicerContext) -> _Answer:
        try:
            return method(self, request, context)
        except Exception as error:  # gRPC would send the user a trace of this process
            _refuse(context, _subject(request), error)

    return answer


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """One provider for every engine that connects; what an engine configured belongs to its connection."""

    def __init__(self, endpoint: str, port: int) -> None:
        self._endpoint = endpoint
        self._port = port
        self._fallback_folder = Path.cwd()
        self._sessions: dict[str, Session] = {}
        self._changing_sessions = threading.Lock()

    # --- connection

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        """Which optional parts of the protocol are understood."""
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=False, accept_outputs=False, supports_autonaming_configuration=True
        )

    def Attach(self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """An engine attaches; nothing is called back, so its address is not kept."""
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """The version of the SDK beside us: the engine refuses an older plugin."""
        return plugin_pb2.PluginInfo(version=importlib.metadata.version("pulumi_aws"))

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Nothing here takes long enough to be cut short."""
        return empty_pb2.Empty()

    # --- the provider itself

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Every configuration of the official plugin is accepted; what only it needs is ignored."""
        return provider_pb2.CheckResponse(inputs=request.news)

    @_answered
    def DiffConfig(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        """A provider never needs to be replaced; resources compare their region themselves."""
        old, new = decode(request.old_inputs or request.olds).values, decode(request.news).values
        differing = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
        some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=some if differing else none, diffs=differing)

    @_answered
    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        """Remember region, roles and default tags for this connection."""
        variables = {key.removeprefix("aws:config:"): value for key, value in request.variables.items()}
        configuration: Properties = {**variables, **decode(request.args).values}
        tags, roles = (_parsed(configuration.get(key)) for key in ("defaultTags", "assumeRoles"))
        region = configuration.get("region")
        session = Session(
            endpoint=self._endpoint,
            region=region if isinstance(region, str) and region else _DEFAULT_REGION,
            default_tags=as_texts((tags or {}).get("tags", {})),
            roles=tuple(role["roleArn"] for role in roles or ()),
        )
        with self._changing_sessions:
            self._sessions[context.peer()] = session
            while len(self._sessions) > 1024:  # connections of engines that ended long ago
                del self._sessions[next(iter(self._sessions))]
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True
        )

    # --- resources

    @_answered
    def Check(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        """Complete the inputs, and report all that is wrong with them at once."""
        old, new = decode(request.olds), decode(request.news)
        options = request.autonaming
        proposal = Proposal(
            urn=request.urn,
            seed=request.randomSeed,
            name=options.proposed_name,
            disabled=options.mode == provider_pb2.CheckRequest.AutonamingOptions.DISABLE,
        )
        inputs, problems = checked(_resource_of(request), old.values, new.values, proposal)
        return provider_pb2.CheckResponse(
            inputs=encode(inputs, new.secrets),
            failures=[provider_pb2.CheckFailure(property=key, reason=reason) for key, reason in problems],
        )

    @_answered
    def Diff(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        """What an update would change, and what of it needs a replacement."""
        resource, change = self._change(request, context)
        if not change.differences:
            return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE, hasDetailedDiff=True)
        kinds = provider_pb2.PropertyDiff.Kind
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME,
            replaces=change.replaces,
            deleteBeforeReplace=change.delete_before_replace,
            diffs=sorted({difference.argument for difference in change.differences}),
            stables=sorted(resource.immutable | (resource.outputs - resource.renewed(change.properties))),
            hasDetailedDiff=True,
            detailedDiff={
                path: provider_pb2.PropertyDiff(kind=kinds.Value(kind), inputDiff=True)
                for path, kind in detailed(change).items()
            },
        )

    @_answered
    def Create(self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:
        """Create the resource; in a preview, return what is known of it."""
        resource, new = _resource_of(request), decode(request.properties)
        scope = self._scope(context, new.values)
        if request.preview:
            values = created(resource, scope.session, new.values)
            return provider_pb2.CreateResponse(properties=_outputs(resource, values, new))
        resource_id = resource.create(scope, new.values)
        with undone_on_failure(lambda: resource.delete(scope, resource_id, new.values)):
            values = _read_again(resource, scope, resource_id, new.values)
        return provider_pb2.CreateResponse(id=resource_id, properties=_outputs(resource, values, new))

    @_answered
    def Read(self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:
        """What AWS reports now, and the inputs that would lead there; an empty answer if it is gone."""
        resource = _resource_of(request)
        old, inputs = decode(request.properties), decode(request.inputs)
        scope = self._scope(context, {**inputs.values, **old.values})
        try:
            current = resource.read(scope, request.id, old.values)
        except Exception as error:  # of whatever service the resource belongs to
            if not is_gone(error):
                raise
            current = None
        if current is None:
            return provider_pb2.ReadResponse()
        secrets = Decoded({}, old.secrets | inputs.secrets)
        return provider_pb2.ReadResponse(
            id=request.id,
            properties=_outputs(resource, settled(resource, old.values, current), secrets),
            inputs=_outputs(resource, inputs_of_read(resource, inputs.values, old.values, current), secrets),
        )

    @_answered
    def Update(self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext) -> provider_pb2.UpdateResponse:
        """Bring the resource to its new inputs; in a preview, return what is known of the result."""
        resource, change = self._change(request, context)
        new, old = decode(request.news), decode(request.olds)
        scope = self._scope(context, new.values, change.properties)
        if request.preview:
            values = updated(resource, scope.session, change, old.values, new.values)
        else:
            resource.update(scope, request.id, change.old, new.values)
            values = _read_again(resource, scope, request.id, new.values)
        return provider_pb2.UpdateResponse(properties=_outputs(resource, values, new))

    @_answered
    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Remove the resource; one that is gone already is success."""
        known = decode(request.properties).values
        try:
            _resource_of(request).delete(self._scope(context, known), request.id, known)
        except Exception as error:  # of whatever service the resource belongs to
            if not is_gone(error):
                raise
        return empty_pb2.Empty()

    # --- functions

    @_answered
    def Invoke(self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext) -> provider_pb2.InvokeResponse:
        """Run a lookup."""
        arguments = decode(request.args).values
        found = registry.lookup(request.tok)(self._session(context), arguments)
        answer = provider_pb2.InvokeResponse()
        getattr(answer, "return").CopyFrom(encode(found))  # its name is a word of Python
        return answer

    @_answered
    def Call(self, request: provider_pb2.CallRequest, context: grpc.ServicerContext) -> provider_pb2.CallResponse:
        """Methods of components: the aws package has none that work here."""
        registry.lookup(request.tok)
        return provider_pb2.CallResponse()

    @_answered
    def Construct(
        self, request: provider_pb2.ConstructRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConstructResponse:
        """Components: the aws package has none."""
        registry.resource(request.type)
        return provider_pb2.ConstructResponse()

    # --- within

    def _session(self, context: grpc.ServicerContext) -> Session:
        with self._changing_sessions:
            session = self._sessions.get(context.peer())
        if session is None:
            raise LookupError("this connection was never configured; run the pulumi command again.")
        return session

    def _scope(self, context: grpc.ServicerContext, values: Properties, changed: frozenset[str] = frozenset()) -> Scope:
        region = values.get("region")
        session = self._session(context).in_region(region if isinstance(region, str) else None)
        peer = context.peer()
        return Scope(session, lambda: project_folder(peer, self._port, self._fallback_folder), changed)

    def _change(
        self, request: provider_pb2.DiffRequest | provider_pb2.UpdateRequest, context: grpc.ServicerContext
    ) -> tuple[Resource, Change]:
        resource = _resource_of(request)
        outputs, inputs = decode(request.olds).values, decode(request.old_inputs).values
        change = changes(resource, self._session(context), outputs, inputs, decode(request.news).values)
        return resource, change


def _parsed(value: Any) -> Any:
    """A configured value that the engine passes as JSON, or as it is."""
    return json.loads(value) if isinstance(value, str) else value


def _resource_of(request: _AboutResource) -> Resource:
    return registry.resource(request.urn.split("::", 3)[2].rsplit("$", 1)[-1])


def _read_again(resource: Resource, scope: Scope, resource_id: str, inputs: Properties) -> Properties:
    current = resource.read(scope, resource_id, inputs)
    if current is None:
        raise LookupError(f"{resource_id} was created and is gone again; run pulumi refresh.")
    return settled(resource, inputs, current)


def _outputs(resource: Resource, values: Properties, source: Decoded) -> struct_pb2.Struct:
    secrets: set[ValuePath] = set(source.secrets)
    secrets |= {("tagsAll", *path[1:]) for path in source.secrets if path[0] == "tags"}
    secrets |= {(key,) for key in resource.secret}
    return encode(values, secrets)


def _subject(request: object) -> str:
    urn = getattr(request, "urn", "")
    if urn.count("::") >= 3:
        parts = urn.split("::", 3)
        return f"{parts[2].rsplit('$', 1)[-1]} {parts[3]}"
    return str(getattr(request, "tok", "") or "aws")


def _refuse(context: grpc.ServicerContext, subject: str, error: Exception) -> NoReturn:
    from botocore.exceptions import BotoCoreError, ClientError

    if isinstance(error, registry.UnknownTypeError):
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
    if isinstance(error, ClientError):
        details = error.response.get("Error", {})
        message = f"{error.operation_name} failed: {details.get('Code', 'unknown')}: {details.get('Message', '')}"
        context.abort(grpc.StatusCode.UNKNOWN, _line(f"{subject}: {message}"))
    if isinstance(error, AssetError | BotoCoreError | LookupError | ValueError | RuntimeError):
        context.abort(grpc.StatusCode.UNKNOWN, _line(f"{subject}: {error}"))
    _log.exception("%s", subject)
    message = f"{subject}: {type(error).__name__}: {error} (a defect of local AWS; see its log)"
    context.abort(grpc.StatusCode.INTERNAL, _line(message))


def _line(text: str) -> str:
    return " ".join(text.split())
