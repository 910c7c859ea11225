"""A built-in schema of an AWS service, turned into a Smithy JSON AST.

Shapes come from botocore's service model when the document is made, so that they are as new as the installed botocore.
https://smithy.io/2.0/spec/json-ast.html
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cache

from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.schemas.builtins.entry import Entry

_PRELUDE = {
    "string": "String",
    "boolean": "Boolean",
    "integer": "Integer",
    "long": "Long",
    "float": "Float",
    "double": "Double",
    "blob": "Blob",
    "timestamp": "Timestamp",
}
_SIZED = {"string", "list", "map", "blob"}
# Trait of a member by its place in the message, and whether the trait carries the name on the wire.
_PLACES = {
    "uri": ("smithy.api#httpLabel", False),
    "querystring": ("smithy.api#httpQuery", True),
    "header": ("smithy.api#httpHeader", True),
    "headers": ("smithy.api#httpPrefixHeaders", True),
    "statusCode": ("smithy.api#httpResponseCode", False),
}
_TIMESTAMPS = {"iso8601": "date-time", "rfc822": "http-date", "unixTimestamp": "epoch-seconds"}


def document(entry: Entry, operations: Sequence[str], *, region: str | None) -> JsonDict:
    """The Smithy model with these operations. region: Region to call. Default: the gateway's."""
    model = _service_model(entry.data["service"])
    namespace = "com.amazonaws." + re.sub(r"[^a-z0-9]", "", entry.data["service"])
    return _Ast(model, namespace).document(entry, operations, region)


@cache
def _service_model(service: str) -> JsonObject:
    from botocore.loaders import Loader

    model: JsonObject = Loader().load_service_model(service, "service-2")
    return model


class _Ast:
    """One document in the making."""

    def __init__(self, model: JsonObject, namespace: str) -> None:
        self._model = model
        self._namespace = namespace
        self._shapes: JsonDict = {}

    def document(self, entry: Entry, operations: Sequence[str], region: str | None) -> JsonDict:
        for name in operations:
            self._add_operation(name)
        metadata = self._model["metadata"]
        # AWS's JSON protocols call an operation by the names of service and operation, as X-Amz-Target has them.
        service = self._id(metadata.get("targetPrefix") or metadata["serviceId"].replace(" ", ""))
        shapes = {
            service: {
                "type": "service",
                "version": metadata["apiVersion"],
                "operations": [{"target": self._operation_id(name)} for name in operations],
                "traits": {
                    "aws.api#service": {
                        "sdkId": metadata["serviceId"],
                        "endpointPrefix": metadata["endpointPrefix"],
                        "arnNamespace": entry.credential.iam_service,
                    },
                    "aws.auth#sigv4": {"name": metadata.get("signingName", metadata["endpointPrefix"])},
                    _protocol(metadata): {},
                    "smithy.api#title": metadata["serviceFullName"],
                    "smithy.rules#endpointRuleSet": _endpoint_rules(metadata["endpointPrefix"], region),
                },
            },
            **self._shapes,
        }
        about = {"source": list(entry.source), **({"note": entry.note} if entry.note else {})}
        return {"smithy": "2.0", "metadata": {"agentcore": about}, "shapes": shapes}

    def _id(self, name: str) -> str:
        return f"{self._namespace}#{name}"

    def _operation_id(self, name: str) -> str:
        # Names of shapes differ by more than case in Smithy, and some operations are named like a structure.
        taken = {shape.lower() for shape in self._model["shapes"]}
        return self._id(f"{name}Operation" if name.lower() in taken else name)

    def _add_operation(self, name: str) -> None:
        operation = self._model["operations"][name]
        rest = "rest-json" in self._model["metadata"]["protocols"]
        traits: JsonDict = _documented(operation)
        if rest:
            http = operation["http"]
            traits["smithy.api#http"] = {
                "method": http["method"],
                "uri": http["requestUri"].split("?")[0],
                "code": http.get("responseCode", 200),
            }
        if operation.get("readonly"):
            traits["smithy.api#readonly"] = {}
        if "hostPrefix" in operation.get("endpoint", ()):
            traits["smithy.api#endpoint"] = {"hostPrefix": operation["endpoint"]["hostPrefix"]}
        if operation.get("idempotent"):
            traits["smithy.api#idempotent"] = {}
        shape: JsonDict = {"type": "operation", "traits": traits}
        for side in ("input", "output"):
            target = operation[side]["shape"] if side in operation else None
            shape[side] = {"target": self._target(target) if target else "smithy.api#Unit"}
        self._shapes[self._operation_id(name)] = shape

    def _target(self, name: str) -> str:
        shape = self._model["shapes"][name]
        plain = set(shape) <= {"type", "documentation", "box"} and shape["type"] in _PRELUDE
        if plain:
            return f"smithy.api#{_PRELUDE[shape['type']]}"
        if shape.get("document"):
            return "smithy.api#Document"
        identifier = self._id(name)
        if identifier not in self._shapes:
            # Some shapes contain themselves: the place is taken before the members are looked at.
            self._shapes[identifier] = made = {}
            made.update(self._shape(shape))
        return identifier

    def _shape(self, shape: JsonObject) -> JsonDict:
        kind = shape["type"]
        traits = {**_documented(shape), **_limits(shape)}
        if shape.get("sensitive"):
            traits["smithy.api#sensitive"] = {}
        if kind == "timestamp" and "timestampFormat" in shape:
            traits["smithy.api#timestampFormat"] = _TIMESTAMPS[shape["timestampFormat"]]
        result: JsonDict = {"type": kind}
        if kind == "structure":
            result = {"type": "union" if shape.get("union") else kind, "members": self._members(shape)}
        elif kind == "list":
            result["member"] = {"target": self._target(shape["member"]["shape"])}
        elif kind == "map":
            result["key"] = {"target": self._target(shape["key"]["shape"])}
            result["value"] = {"target": self._target(shape["value"]["shape"])}
        elif "enum" in shape:
            result = {"type": "enum", "members": _enum_members(shape["enum"])}
        return {**result, **({"traits": traits} if traits else {})}

    def _members(self, shape: JsonObject) -> JsonDict:
        required = set(shape.get("required", ()))
        members = {}
        for name, member in shape["members"].items():
            # The service takes no streams: an answer that is one keeps its other members only.
            if self._model["shapes"][member["shape"]].get("eventstream"):
                continue
            traits = {**_documented(member), **self._binding(name, member, shape)}
            if name in required:
                traits["smithy.api#required"] = {}
            if member.get("idempotencyToken"):
                traits["smithy.api#idempotencyToken"] = {}
            target = {"target": self._target(member["shape"])}
            members[name] = {**target, **({"traits": traits} if traits else {})}
        return members

    def _binding(self, name: str, member: JsonObject, shape: JsonObject) -> JsonDict:
        if shape.get("payload") == name:
            return {"smithy.api#httpPayload": {}}
        wire = member.get("locationName", name)
        place = member.get("location")
        if place is None:
            return {"smithy.api#jsonName": wire} if wire != name else {}
        if place == "querystring" and self._model["shapes"][member["shape"]]["type"] == "map":
            return {"smithy.api#httpQueryParams": {}}
        trait, takes_name = _PLACES[place]
        return {trait: wire if takes_name else {}}


def _protocol(metadata: JsonObject) -> str:
    if "rest-json" in metadata["protocols"]:
        return "aws.protocols#restJson1"
    return f"aws.protocols#awsJson{metadata['jsonVersion'].replace('.', '_')}"


def _enum_members(values: Sequence[str]) -> JsonDict:
    members: JsonDict = {}
    for value in values:
        name = re.sub(r"[^A-Za-z0-9_]", "_", value).upper()
        name = f"_{name}" if not name or name[0].isdigit() else name
        while name in members:
            name += "_"
        members[name] = {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": value}}
    return members


def _limits(shape: JsonObject) -> JsonDict:
    bounds = {bound: shape[bound] for bound in ("min", "max") if bound in shape}
    traits: JsonDict = {}
    if bounds and "enum" not in shape:
        traits["smithy.api#length" if shape["type"] in _SIZED else "smithy.api#range"] = bounds
    if "pattern" in shape and "enum" not in shape:
        traits["smithy.api#pattern"] = shape["pattern"]
    return traits


def _documented(shape: JsonObject) -> JsonDict:
    text = html.unescape(re.sub(r"<[^>]+>", " ", shape.get("documentation", "")))
    text = " ".join(text.split()).replace(" .", ".").replace(" ,", ",")
    # An agent chooses by the first sentence; the whole text makes a model ten times as long.
    first = re.split(r"(?<=[.!?]) (?=[A-Z])", text, maxsplit=1)[0][:300]
    return {"smithy.api#documentation": first} if first else {}


def _endpoint_rules(prefix: str, region: str | None) -> JsonDict:
    parameter: JsonDict = {
        "builtIn": "AWS::Region",
        "required": True,
        "documentation": "Region to call.",
        "type": "String",
    }
    if region:
        parameter["default"] = region
    endpoint = {"url": f"https://{prefix}.{{Region}}.amazonaws.com", "properties": {}, "headers": {}}
    return {
        "version": "1.0",
        "parameters": {"Region": parameter},
        "rules": [{"conditions": [], "endpoint": endpoint, "type": "endpoint"}],
    }
