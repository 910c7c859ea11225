"""Arguments of a call as Cedar takes them: by the types of the tool's schema.

https://docs.cedarpolicy.com/auth/entities-syntax.html, and for numbers devguide policy-schema-constraints
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from ipaddress import ip_address

from agentcore_provider.cedar.types import NAMESPACE, Type
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import joined

_LONG = range(-(2**63), 2**63)
_PLACES = Decimal("0.0001")
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def encode(kind: Type, value: object, path: str = "arguments") -> object:
    """The value in Cedar's JSON. Raises InvalidInput, with the path, for one that the tool does not take."""
    if kind.kind == "Record":
        return _record(kind, value, path)
    if kind.kind == "Set" and kind.item is not None:
        if not isinstance(value, list):
            raise InvalidInput("is not a list", "Give what the tool takes", path=path)
        return [encode(kind.item, it, joined(path, index)) for index, it in enumerate(value)]
    if kind.kind == "Choice":
        return _choice(kind, value, path)
    if kind.kind == "Enum":
        if value not in kind.values:
            raise InvalidInput(f"is {value!r}", f"Give one of {', '.join(kind.values)}", path=path)
        return _entity(kind.entity, str(value))
    if kind.kind == "Unknown":
        # Nothing in a policy can compare it.
        return _entity(f"{NAMESPACE}::Unknown", json.dumps(value, sort_keys=True, default=str))
    expected, convert = _SIMPLE[kind.kind]
    try:
        return convert(value)
    except (TypeError, ValueError, InvalidOperation):
        raise InvalidInput(f"is {value!r}, not {expected}", "Give what the tool takes", path=path) from None


def moment(now: datetime) -> object:
    """A moment in Cedar's JSON; without a zone it is in UTC."""
    in_utc = now.replace(tzinfo=timezone.utc) if now.tzinfo is None else now.astimezone(timezone.utc)
    return _extension("datetime", in_utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{in_utc.microsecond // 1000:03}Z")


def _record(kind: Type, value: object, path: str) -> object:
    if not isinstance(value, Mapping):
        raise InvalidInput("is not a mapping", "Give what the tool takes", path=path)
    for name in value:
        if name not in kind.members:
            known = ", ".join(kind.members) or "none"
            raise InvalidInput("is not an argument of the tool", f"It has {known}", path=joined(path, str(name)))
    for name, (_, always) in kind.members.items():
        if always and name not in value:
            raise InvalidInput("is missing", "Give it a value: the tool requires it", path=joined(path, name))
    return {name: encode(kind.members[name][0], it, joined(path, name)) for name, it in value.items()}


def _choice(kind: Type, value: object, path: str) -> object:
    for name, (one, _) in kind.members.items():
        try:
            return {name: encode(one, value, path)}
        except InvalidInput:
            continue
    raise InvalidInput(f"is {value!r}, which fits none of its types", "Give what the tool takes", path=path)


def _entity(kind: str, identifier: str) -> object:
    return {"__entity": {"type": kind, "id": identifier}}


def _extension(function: str, argument: str) -> object:
    return {"__extn": {"fn": function, "arg": argument}}


def _of_type(*wanted: type) -> Callable[[object], object]:
    def convert(value: object) -> object:
        if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
            raise TypeError
        return value

    return convert


def _long(value: object) -> object:
    if not isinstance(value, int) or isinstance(value, bool) or value not in _LONG:
        raise TypeError
    return value


def _null(value: object) -> object:
    if value is not None:
        raise TypeError
    return _entity(f"{NAMESPACE}::Null", "null")


def _decimal(value: object) -> object:
    if not isinstance(value, (int, float, str)) or isinstance(value, bool):
        raise TypeError
    # AWS truncates what Cedar has no places for.
    number = Decimal(str(value)).quantize(_PLACES, rounding=ROUND_DOWN)
    if int(number * 10_000) not in _LONG:
        raise ValueError
    return _extension("decimal", f"{number:f}")


def _datetime(value: object) -> object:
    if not isinstance(value, str):
        raise TypeError
    return moment(datetime.fromisoformat(value.replace("Z", "+00:00")))


def _duration(value: object) -> object:
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None or not any(found.groups()):
        raise ValueError
    units = zip(found.groups(), ("d", "h", "m", "s"), strict=True)
    return _extension("duration", "".join(f"{number}{unit}" for number, unit in units if number))


def _address(value: object) -> object:
    return _extension("ip", str(ip_address(str(value))))


_SIMPLE: Mapping[str, tuple[str, Callable[[object], object]]] = {
    "String": ("text", _of_type(str)),
    "Bool": ("true or false", _of_type(bool)),
    "Long": ("a whole number", _long),
    "Null": ("null", _null),
    "decimal": ("a number of at most 14 digits before the point", _decimal),
    "datetime": ("a date or time", _datetime),
    "duration": ("a duration of days, hours, minutes and seconds", _duration),
    "ipaddr": ("an IP address", _address),
}
