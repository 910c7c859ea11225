"""Values as they travel between Pulumi's engine and a provider, and as the rest of the room reads them.

On the wire a value is a protobuf Struct in which secrets, assets, archives and not yet known values hide behind
signatures. Here they are plain Python values: `UNKNOWN`, `Asset`, `Archive`, and a set of the paths that are secret.
Signatures: sdk/go/common/resource/sig and sdk/go/common/resource/plugin/rpc.go of pulumi/pulumi.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from google.protobuf import struct_pb2

from .assets import Archive, Asset

Path: TypeAlias = tuple[str | int, ...]
Properties: TypeAlias = dict[str, Any]

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a signature, not a secret
_RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
_ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"

_UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWN_TEXTS: Final = frozenset(
    {
        _UNKNOWN_TEXT,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # a bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # a number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # an array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # an asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # an archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # an object
    }
)


class Unknown:
    """A value that the engine learns only when another resource has been created."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Decoded:
    """Plain values, and the paths of those that must stay secret."""

    values: Properties
    secrets: frozenset[Path] = field(default_factory=frozenset)


def decode(struct: struct_pb2.Struct) -> Decoded:
    """Plain values of a Struct. Entries without a value are left out; whole numbers are ints."""
    secrets: set[Path] = set()
    values = {
        key: decoded for key, value in struct.fields.items() if (decoded := _decode(value, (key,), secrets)) is not None
    }
    return Decoded(values, frozenset(secrets))


def encode(values: Properties, secrets: Iterable[Path] = ()) -> struct_pb2.Struct:
    """A Struct of these values, in which everything at a secret path is marked as secret.

    Where a secret path leads nowhere, the nearest value above it is marked: better too much than too little.
    """
    marked = {deepest for path in secrets if (deepest := _deepest(values, path))}
    struct = struct_pb2.Struct()
    for key, value in values.items():
        if value is not None:
            struct.fields[key].CopyFrom(_encode(value, (key,), marked))
    return struct


def has_unknown(value: object) -> bool:
    """Whether anything in this value is not known yet."""
    if value is UNKNOWN:
        return True
    if isinstance(value, dict):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return False


def _decode(value: struct_pb2.Value, path: Path, secrets: set[Path]) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _decode_struct(value.struct_value, path, secrets)
    if kind == "list_value":
        return [_decode(item, (*path, index), secrets) for index, item in enumerate(value.list_value.values)]
    if kind == "string_value":
        return UNKNOWN if value.string_value in _UNKNOWN_TEXTS else value.string_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    return None


def _decode_struct(struct: struct_pb2.Struct, path: Path, secrets: set[Path]) -> Any:
    fields = struct.fields
    signature = fields[_SIGNATURE].string_value if _SIGNATURE in fields else ""
    if signature == _SECRET:
        secrets.add(path)
        return _decode(fields["value"], path, secrets)
    if signature == _OUTPUT:
        if "secret" in fields and fields["secret"].bool_value:
            secrets.add(path)
        return _decode(fields["value"], path, secrets) if "value" in fields else UNKNOWN
    if signature == _RESOURCE:
        return _decode(fields["id"] if "id" in fields else fields["urn"], path, secrets)
    if signature == _ASSET:
        texts = {key: fields[key].string_value for key in ("hash", "text", "path", "uri") if key in fields}
        return Asset(**texts)
    if signature == _ARCHIVE:
        texts = {key: fields[key].string_value for key in ("hash", "path", "uri") if key in fields}
        members = _decode(fields["assets"], path, secrets) if "assets" in fields else None
        return Archive(**texts, assets=members)
    return {
        key: decoded for key, value in fields.items() if (decoded := _decode(value, (*path, key), secrets)) is not None
    }


def _encode(value: object, path: Path, secrets: set[Path]) -> struct_pb2.Value:
    encoded = _encode_plain(value, path, secrets)
    if path not in secrets:
        return encoded
    return _signed(_SECRET, {"value": encoded})


def _encode_plain(value: object, path: Path, secrets: set[Path]) -> struct_pb2.Value:
    if isinstance(value, dict):
        inner = {key: _encode(item, (*path, key), secrets) for key, item in value.items() if item is not None}
        return struct_pb2.Value(struct_value=struct_pb2.Struct(fields=inner))
    if isinstance(value, list):
        items = [_encode(item, (*path, index), secrets) for index, item in enumerate(value)]
        return struct_pb2.Value(list_value=struct_pb2.ListValue(values=items))
    if isinstance(value, Asset | Archive):
        fields = {key: struct_pb2.Value(string_value=text) for key, text in value.texts().items()}
        if isinstance(value, Archive) and value.assets is not None:
            fields["assets"] = _encode_plain(value.assets, path, set())
        return _signed(_ASSET if isinstance(value, Asset) else _ARCHIVE, fields)
    return _encode_scalar(value, path)


def _encode_scalar(value: object, path: Path) -> struct_pb2.Value:
    if value is None:
        return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
    if value is UNKNOWN:
        return struct_pb2.Value(string_value=_UNKNOWN_TEXT)
    if isinstance(value, bool):
        return struct_pb2.Value(bool_value=value)
    if isinstance(value, int | float):
        return struct_pb2.Value(number_value=value)
    if isinstance(value, str):
        return struct_pb2.Value(string_value=value)
    raise TypeError(f"A {type(value).__name__} at {path} cannot be sent to Pulumi's engine.")


def _signed(signature: str, fields: dict[str, struct_pb2.Value]) -> struct_pb2.Value:
    fields[_SIGNATURE] = struct_pb2.Value(string_value=signature)
    return struct_pb2.Value(struct_value=struct_pb2.Struct(fields=fields))


def _deepest(values: Properties, path: Path) -> Path:
    here: Any = values
    for depth, step in enumerate(path):
        inside_dict = isinstance(here, dict) and step in here
        inside_list = isinstance(here, list) and isinstance(step, int) and step < len(here)
        if not (inside_dict or inside_list):
            return path[:depth]
        here = here[step]
    return path
