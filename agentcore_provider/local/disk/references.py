"""What a pickled state calls when it is loaded, besides classes. Everything here may be called by a file."""

from __future__ import annotations

import dataclasses
import threading
from collections import defaultdict
from functools import partial
from types import MethodType
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from agentcore_provider.local.disk.state_file import StateUnusableError

_DER = serialization.Encoding.DER


def backend(kind: str, account_id: str, region: str) -> object:
    """A backend of moto; what loads puts its own function in place of this one, as for the next two."""
    raise NotImplementedError


def policy(kind: str, account_id: str, partition: str, arn: str) -> object:
    """A policy of AWS's own."""
    raise NotImplementedError


def clock() -> object:
    """The clock that statuses follow."""
    raise NotImplementedError


def lock(kind: str) -> object:
    """A lock that nobody holds."""
    kinds = {
        "Lock": threading.Lock,
        "RLock": threading.RLock,
        "Condition": threading.Condition,
        "Event": threading.Event,
    }
    return kinds[kind]()


def defaults(kind: type, inner: type | None = None) -> defaultdict[Any, Any]:
    """A dict that fills itself. kind: with what. inner: with what that fills itself."""
    return defaultdict(partial(defaultdict, inner) if inner is not None else kind)


def method(owner: object, name: str) -> object:
    """A method of an object of moto, which keeps some beside the object."""
    found = getattr(owner, name)
    is_moto = type(owner).__module__.startswith("moto.") and not isinstance(owner, type)
    if not is_moto or not isinstance(found, MethodType):
        raise TypeError(f"{name} is not a method of an object of moto")
    return found


def new_dict(kind: type) -> object:
    """A dict of a class that fills itself, with nothing in it."""
    if not issubclass(kind, defaultdict):
        raise TypeError(f"{kind} is not a defaultdict")
    return kind.__new__(kind)


def new(kind: type) -> object:
    """A record without fields."""
    if not dataclasses.is_dataclass(kind):
        raise TypeError(f"{kind} is not a dataclass")
    return object.__new__(kind)


def set_fields(record: Any, state: dict[str, Any], addresses: tuple[str, str] = ("", "")) -> None:
    """Set the fields of a record; what an earlier version did not have gets its default.

    addresses: of the local AWS that wrote the state, and of this one. Raises StateUnusableError.
    """
    fields = {it.name: it for it in dataclasses.fields(record)}
    for name, it in fields.items():
        if name not in state and it.default is not dataclasses.MISSING:
            state[name] = it.default
        elif name not in state and it.default_factory is not dataclasses.MISSING:
            state[name] = it.default_factory()
    if differing := sorted(state.keys() ^ fields.keys()):
        raise StateUnusableError(
            f"was written by another version of the package ({type(record).__name__} differs in {', '.join(differing)})",
            "Install that version to use it",
        )
    old, current = addresses
    if old != current:
        state = {name: _moved(value, old, current) for name, value in state.items()}
    record.__dict__.update(state)


def _moved(value: Any, old: str, current: str) -> Any:
    """A value of a field, with addresses of this local AWS in place of the old ones; records in it have theirs already."""
    if isinstance(value, str) and value.startswith(f"{old}/"):
        return current + value[len(old) :]
    if type(value) is dict:
        return {name: _moved(it, old, current) for name, it in value.items()}
    return [_moved(it, old, current) for it in value] if type(value) is list else value


def reduce_key(key: Any) -> tuple[Any, ...] | None:
    """How a key or certificate is written; None for what is neither."""
    if isinstance(key, x509.Certificate):
        return certificate, (key.public_bytes(_DER),)
    if hasattr(key, "private_bytes"):
        pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        return private_key, (key.private_bytes(_DER, pkcs8, plain),)
    if hasattr(key, "public_bytes"):
        return public_key, (key.public_bytes(_DER, serialization.PublicFormat.SubjectPublicKeyInfo),)
    return None


def private_key(content: bytes) -> object:
    """A private key of any kind."""
    return serialization.load_der_private_key(content, None)


def public_key(content: bytes) -> object:
    """A public key of any kind."""
    return serialization.load_der_public_key(content)


def certificate(content: bytes) -> object:
    """An X.509 certificate."""
    return x509.load_der_x509_certificate(content)
