"""Botocore's model of an AWS service: its operations by method and path."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

import botocore.session
from botocore.model import OperationModel, ServiceModel
from werkzeug.datastructures import Headers


@functools.lru_cache(maxsize=1)
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@functools.cache
def load(service: str) -> ServiceModel:
    """The model of a service by botocore's name for it."""
    return _session().get_service_model(service)


def warm_up(service: str) -> None:
    """Load what `match_route` needs."""
    _routes(service)


@functools.lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """All services that botocore knows."""
    return frozenset(_session().get_available_services())


@functools.lru_cache(maxsize=1)
def regions() -> frozenset[str]:
    """All Regions that botocore knows, and its names for services without one."""
    partitions = _session().get_available_partitions()
    return frozenset(
        region
        for partition in partitions
        for service in ("s3", "iam", "sts")
        for region in _session().get_available_regions(service, partition, allow_non_regional=True)
    )


@dataclass(frozen=True)
class _Route:
    operation: str
    method: str
    path: re.Pattern[str]
    literal_length: int
    query: dict[str, str]
    needed_query: frozenset[str]
    needed_headers: frozenset[str]

    @property
    def precision(self) -> tuple[int, int, int]:
        return len(self.query) + len(self.needed_query), len(self.needed_headers), self.literal_length


@dataclass(frozen=True)
class RouteMatch:
    """An operation of a REST service, and the values that its path carries."""

    operation: str
    path_values: dict[str, str]


def match_route(service: str, method: str, raw_path: str, query: str, headers: Headers) -> RouteMatch | None:
    """The operation of a REST service that this request calls; the most exact one if several fit.

    raw_path: as sent, percent-encoded, since an encoded slash does not divide a path.
    """
    path = raw_path.rstrip("/") or "/"
    sent = parse_qs(query, keep_blank_values=True)
    for route in _routes(service):
        if route.method != method or not (found := route.path.fullmatch(path)):
            continue
        if any(value not in sent.get(name, []) for name, value in route.query.items()):
            continue
        if route.needed_query <= sent.keys() and all(name in headers for name in route.needed_headers):
            values = zip(re.findall(r"{(\w+)\+?}", _path_of(service, route.operation)), found.groups(), strict=True)
            return RouteMatch(route.operation, {name: unquote(value) for name, value in values})
    return None


def _path_of(service: str, operation: str) -> str:
    uri: str = load(service).operation_model(operation).http["requestUri"]
    return uri.partition("?")[0]


@functools.cache
def _routes(service: str) -> list[_Route]:
    model = load(service)
    routes = [_route(model.operation_model(name)) for name in model.operation_names]
    return sorted(routes, key=lambda route: route.precision, reverse=True)


def _route(operation: OperationModel) -> _Route:
    path, _, query = operation.http["requestUri"].partition("?")
    needed: dict[str, set[str]] = {"querystring": set(), "header": set()}
    if operation.input_shape is not None:
        for name in operation.input_shape.required_members:
            location: dict[str, str] = operation.input_shape.members[name].serialization
            if location.get("location") in needed:
                needed[location["location"]].add(location.get("name", name))
    pieces = re.split(r"({\w+\+?})", path.rstrip("/") or "/")
    return _Route(
        operation=operation.name,
        method=operation.http["method"],
        path=re.compile(
            "".join(
                "(.+)" if piece.endswith("+}") else "([^/]+)" if piece.startswith("{") else re.escape(piece)
                for piece in pieces
            )
        ),
        literal_length=sum(len(piece) for piece in pieces if not piece.startswith("{")),
        query={name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()},
        needed_query=frozenset(needed["querystring"]),
        needed_headers=frozenset(needed["header"]),
    )
