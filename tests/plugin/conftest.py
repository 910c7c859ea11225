"""The real process that Pulumi runs dynamic providers in, driven over gRPC as the engine drives it."""

from __future__ import annotations

import asyncio
import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime import rpc
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2, provider_pb2_grpc

from agentcore_provider.providers.loader import load
from tests.support.local_aws import REGION, ServedAws


class Engine(engine_pb2_grpc.EngineServicer):
    """As much of an engine as a plugin speaks to."""

    def __init__(self) -> None:
        self.logged: list[Any] = []

    def Log(self, request: Any, context: Any) -> Any:  # noqa: N802
        self.logged.append(request)
        return empty_pb2.Empty()


class Plugin:
    """One plugin process and the engine it speaks to."""

    def __init__(self, endpoint_url: str, folder: Path) -> None:
        self.engine = Engine()
        self._engine_server = grpc.server(futures.ThreadPoolExecutor(4))
        engine_pb2_grpc.add_EngineServicer_to_server(self.engine, self._engine_server)
        address = f"127.0.0.1:{self._engine_server.add_insecure_port('127.0.0.1:0')}"
        self._engine_server.start()
        self.process = subprocess.Popen(
            # The plugin prints its port without a flush: without -u it would stay in the buffer of the pipe.
            [sys.executable, "-u", "-m", "pulumi.dynamic", address],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"},
        )
        assert self.process.stdout is not None
        self._channel = grpc.insecure_channel(f"127.0.0.1:{int(self.process.stdout.readline())}")
        self.stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
        args = _wire({"aws:region": REGION, "agentcore:endpointUrl": endpoint_url})
        self.stub.Configure(provider_pb2.ConfigureRequest(args=args))

    def check(self, noun: str, news: dict[str, Any]) -> Any:
        return self.stub.Check(provider_pb2.CheckRequest(news=_properties(noun, news), olds=_wire({})), timeout=60)

    def create(self, noun: str, inputs: dict[str, Any], **request: Any) -> Any:
        """A create under way; its result() waits. request: what else the engine says, such as the URN."""
        asked = provider_pb2.CreateRequest(properties=_properties(noun, inputs), **request)
        return self.stub.Create.future(asked, timeout=60)

    def close(self) -> None:
        self._channel.close()
        self.process.kill()
        self.process.wait()
        self._engine_server.stop(0)


def _properties(noun: str, values: dict[str, Any]) -> Any:
    provider = base64.b64encode(base64.b64decode(serialize_provider(load(noun)))).decode()
    return _wire({**values, "__provider": provider})


def _wire(values: dict[str, Any]) -> Any:
    return asyncio.run(rpc.serialize_properties(values, {}))


@pytest.fixture
def aws() -> Iterator[ServedAws]:
    """A local AWS of this process whose clock stands until a test moves it."""
    aws = ServedAws(ready_after={"gateway": 5.0})
    yield aws
    aws.close()


@pytest.fixture
def plugin(aws: ServedAws, tmp_path: Path) -> Iterator[Plugin]:
    plugin = Plugin(aws.endpoint, tmp_path)
    yield plugin
    plugin.close()
