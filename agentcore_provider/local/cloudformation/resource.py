"""One resource of AgentCore in a stack: what moto calls to create, update and delete it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime
from typing import Any, ClassVar

from botocore.model import Shape, StructureShape
from moto.cloudformation.exceptions import ValidationError
from moto.core.common_models import CloudFormationModel

from agentcore_provider.local import service_error, service_model
from agentcore_provider.local.agentcore_control import SERVICE, ControlPlane
from agentcore_provider.local.cloudformation.kinds import KINDS, PREFIX, UNAVAILABLE, Kind
from agentcore_provider.local.cloudformation.properties import to_members
from agentcore_provider.local.service_error import ServiceError

_SECONDS = 120.0
_EVERY = 0.05
_UNSETTLED = ("CREATING", "UPDATING", "DELETING", "SYNCHRONIZING")
_FAILED = ("FAILED", "UNSUCCESSFUL")


_control_plane: ContextVar[ControlPlane] = ContextVar("control_plane")


@contextmanager
def serving(control_plane: ControlPlane) -> Iterator[None]:
    """What moto's resources call while it answers a request."""
    token = _control_plane.set(control_plane)
    try:
        yield
    finally:
        _control_plane.reset(token)


def _failure(logical_id: str, error: ServiceError) -> ValidationError:
    """What moto answers when a resource could not be created, updated or deleted."""
    reason = f"{error.message} (Service: {SERVICE}, Error code: {error.code})"
    return ValidationError(message=f"Resource {logical_id} failed: {reason}")


class AgentCoreResource:
    """Behaviour of every type. Stacks are kept on disk, so each has a class that can be found by its name."""

    kind: ClassVar[Kind]

    def __init__(self, members: dict[str, Any], answer: Mapping[str, Any], account_id: str, region: str) -> None:
        self._members, self._account_id, self._region = members, account_id, region
        known = {**members, **answer}
        self._key = {name: known[source] for name, source in self.kind.key.items()}
        self.physical_resource_id = "|".join(known[name] for name in self.kind.ref)
        self.logical_resource_id = ""
        self._attributes: Mapping[str, Any] = {}
        """What Get answered when it was last created or updated: attributes stay as they were then."""

    @classmethod
    def cloudformation_type(cls) -> str:
        """The type in templates."""
        return PREFIX + cls.kind.name

    @staticmethod
    def cloudformation_name_type() -> str:
        """The property that moto generates a name for."""
        return "Name"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Whether Fn::GetAtt has this attribute."""
        return bool(_path_of(cls.kind, attr))

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **more: Any
    ) -> AgentCoreResource:
        """Create it, and wait until it can be used; what fails meanwhile is deleted."""
        try:
            operation = f"Create{cls.kind.noun}"
            members = _members_of(operation, cloudformation_json["Properties"])
            if "name" in service_model.load(SERVICE).operation_model(operation).input_shape.required_members:
                members.setdefault("name", resource_name)
            answer = _control_plane.get().call(operation, members, account_id=account_id, region=region_name)
            created = cls(members, answer, account_id, region_name)
            created._settle_or_delete()
        except ServiceError as error:
            raise _failure(more.get("LogicalId", resource_name), error) from None
        return created

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> Any:
        """Update it in place, and wait until that is done."""
        try:
            if type(original_resource) is not cls:
                raise service_error.validation(
                    "Update of resource type is not permitted: give the resource another name"
                )
            original_resource._update(cloudformation_json["Properties"])
        except ServiceError as error:
            raise _failure(original_resource.logical_resource_id, error) from None
        return original_resource

    def delete(self, account_id: str, region_name: str) -> None:
        """Delete it, and wait until it is gone."""
        try:
            self._call(f"Delete{self.kind.noun}", self._key)
            self._settle()
        except ServiceError as error:
            if error.code != "ResourceNotFoundException":
                raise _failure(self.logical_resource_id, error) from None

    def is_created(self) -> bool:
        """Whether it can be used: since its creation."""
        return True

    def get_cfn_attribute(self, attribute_name: str) -> Any:
        """The value of Fn::GetAtt; a dot leads into a structure."""
        value: Any = self._attributes
        for name in _path_of(self.kind, attribute_name):
            value = value.get(name) if isinstance(value, Mapping) else None
        return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value

    def _update(self, properties: Mapping[str, Any]) -> None:
        operation = f"Update{self.kind.noun}"
        wanted = _members_of(f"Create{self.kind.noun}", properties)
        changed = [it for it in self.kind.immutable if wanted.get(it, self._members.get(it)) != self._members.get(it)]
        if changed:
            raise service_error.validation(
                f"A change of {', '.join(changed)} replaces the resource, which local AWS does not do: remove it from the "
                "template, update the stack, and add it again"
            )
        known = service_model.load(SERVICE).operation_model(operation).input_shape.members
        members = {**{name: value for name, value in self._members.items() if name == "name"}, **wanted, **self._key}
        self._call(operation, {name: value for name, value in members.items() if name in known})
        if wanted.get("tags") != self._members.get("tags"):
            self._tag(wanted.get("tags") or {}, self._members.get("tags") or {})
        self._members = {**members}
        self._settle()

    def _tag(self, wanted: Mapping[str, str], before: Mapping[str, str]) -> None:
        arn = self._attributes[self.kind.arn]
        if removed := sorted(before.keys() - wanted.keys()):
            self._call("UntagResource", {"resourceArn": arn, "tagKeys": removed})
        if wanted:
            self._call("TagResource", {"resourceArn": arn, "tags": dict(wanted)})

    def _get(self) -> Mapping[str, Any]:
        return self._call(f"Get{self.kind.noun}", self._key)

    def _settle(self) -> None:
        ends_at = time.monotonic() + _SECONDS
        while (answer := self._get()).get("status") in _UNSETTLED and time.monotonic() < ends_at:
            time.sleep(_EVERY)
        status = answer.get("status", "")
        if status in _UNSETTLED or status.endswith(_FAILED):
            raise service_error.conflict(f"status {status}: {'; '.join(answer.get('statusReasons') or ())}")
        self._attributes = dict(answer)

    def _settle_or_delete(self) -> None:
        try:
            self._settle()
        except ServiceError:
            # moto does not know of it yet, so nobody else deletes it.
            with suppress(ValidationError):
                self.delete(self._account_id, self._region)
            raise

    def _call(self, operation: str, members: Mapping[str, Any]) -> Mapping[str, Any]:
        return _control_plane.get().call(operation, members, account_id=self._account_id, region=self._region)


def _members_of(operation: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    shape = service_model.load(SERVICE).operation_model(operation).input_shape
    members = to_members(shape, properties)
    return members if isinstance(members, dict) else {}


def _path_of(kind: Kind, attribute: str) -> list[str]:
    """The names of the members of Get's answer that lead to an attribute; none if it does not have the attribute."""
    first, *inner = attribute.split(".")
    path: list[str] = []
    shape: Shape = service_model.load(SERVICE).operation_model(f"Get{kind.noun}").output_shape
    for part in [kind.attributes.get(first, first), *inner]:
        members = shape.members if isinstance(shape, StructureShape) else {}
        name = next((name for name in members if name.lower() == part.lower()), None)
        if name is None:
            return []
        path.append(name)
        shape = members[name]
    return path


class Gateway(AgentCoreResource, CloudFormationModel):
    """AWS::BedrockAgentCore::Gateway. moto finds the direct subclasses of its own class."""

    kind = KINDS["Gateway"]


class GatewayTarget(AgentCoreResource, CloudFormationModel):
    """AWS::BedrockAgentCore::GatewayTarget."""

    kind = KINDS["GatewayTarget"]


class GatewayRule(AgentCoreResource, CloudFormationModel):
    """AWS::BedrockAgentCore::GatewayRule."""

    kind = KINDS["GatewayRule"]


class WorkloadIdentity(AgentCoreResource, CloudFormationModel):
    """AWS::BedrockAgentCore::WorkloadIdentity."""

    kind = KINDS["WorkloadIdentity"]


class ApiKeyCredentialProvider(AgentCoreResource, CloudFormationModel):
    """AWS::BedrockAgentCore::ApiKeyCredentialProvider."""

    kind = KINDS["ApiKeyCredentialProvider"]


class OAuth2CredentialProvider(AgentCoreResource, CloudFormationModel):
    """AWS::BedrockAgentCore::OAuth2CredentialProvider."""

    kind = KINDS["OAuth2CredentialProvider"]


def _register_unavailable(name: str) -> type[CloudFormationModel]:
    def create(_: Any, resource_name: str, *__: Any, **more: Any) -> None:
        available = ", ".join(PREFIX + it for it in KINDS)
        error = service_error.validation(f"Local AWS does not create {PREFIX}{name}. It creates {available}")
        raise _failure(more.get("LogicalId", resource_name), error)

    members = {
        "cloudformation_type": staticmethod(lambda: PREFIX + name),
        "cloudformation_name_type": staticmethod(lambda: ""),
        "has_cfn_attr": classmethod(lambda _, __: True),
        "create_from_cloudformation_json": classmethod(create),
    }
    return type(name, (CloudFormationModel,), members)


# Kept, or they would be collected: moto holds no reference before it lists them.
_UNAVAILABLE_TYPES = [_register_unavailable(name) for name in UNAVAILABLE]
