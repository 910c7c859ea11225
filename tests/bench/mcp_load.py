"""Many MCP requests over kept connections: how long each takes, and how many are answered in a second."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import quantiles
from typing import Any
from urllib.parse import urlsplit


class RequestFailed(Exception):
    """A request was answered with an error."""


@dataclass(frozen=True)
class Address:
    """An MCP endpoint. token: for its Authorization header; empty for none."""

    url: str
    token: str = ""


class Connection:
    """One kept connection, on which one request goes after the other."""

    def __init__(self, address: Address) -> None:
        parts = urlsplit(address.url)
        self._path = parts.path
        self._connection = http.client.HTTPConnection(parts.netloc, timeout=120)
        self._headers = {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": "2025-06-18",
        }
        if address.token:
            self._headers["Authorization"] = f"Bearer {address.token}"

    def request(self, method: str, **params: Any) -> float:
        """Seconds until the answer has arrived; an answer that is an error is one here too."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        started = time.perf_counter()
        self._connection.request("POST", self._path, body, self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        seconds = time.perf_counter() - started
        # Read as text: to parse it would be this process's work, not the server's.
        if answer.status != 200 or b'"isError":true' in text.replace(b" ", b"") or b'"result"' not in text:
            raise RequestFailed(f"{method} was answered with {answer.status}: {text[:300]!r}")
        return seconds

    def close(self) -> None:
        """End it."""
        self._connection.close()


def one_by_one(address: Address, requests: int, method: str, **params: Any) -> list[float]:
    """The seconds of each request over one connection; the first, which connects, is left out."""
    connection = Connection(address)
    try:
        connection.request(method, **params)
        return [connection.request(method, **params) for _ in range(requests)]
    finally:
        connection.close()


def a_second(address: Address, clients: int, requests: int, method: str, **params: Any) -> float:
    """How many requests are answered in a second, with as many clients at a time, each with a connection of its own."""
    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(lambda _: one_by_one(address, requests - 1, method, **params), range(clients)))
    return clients * requests / (time.perf_counter() - started)


@dataclass(frozen=True)
class Load:
    """Many requests of many clients. seconds: of each that was answered. failed: why the others were not."""

    seconds: list[float]
    failed: list[str]
    a_second: float


def load(address: Address, clients: int, requests: int, method: str, **params: Any) -> Load:
    """Send requests with as many clients at a time; one that fails ends nothing, and its client connects again."""

    def client(_: int) -> tuple[list[float], list[str]]:
        connection, seconds, failed = Connection(address), list[float](), list[str]()
        for _ in range(requests // clients):
            try:
                seconds.append(connection.request(method, **params))
            except (RequestFailed, OSError, http.client.HTTPException) as error:
                failed.append(str(error) or repr(error))
                connection.close()
                connection = Connection(address)
        connection.close()
        return seconds, failed

    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        ended = list(pool.map(client, range(clients)))
    took = time.perf_counter() - started
    seconds = [it for answered, _ in ended for it in answered]
    return Load(seconds, [it for _, failed in ended for it in failed], len(seconds) / took)


def percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """The 50th and the 99th percentile."""
    cuts = quantiles(seconds, n=100, method="inclusive")
    return cuts[49], cuts[98]
