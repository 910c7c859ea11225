"""A small engine that drives the stand-in over gRPC, as Pulumi's own does, against a moto server."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
import grpc
import pytest
from moto.server import ThreadedMotoServer
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from agentcore_provider import pulumi_aws_stand_in
from agentcore_provider.pulumi_aws_stand_in.assets import Archive, Asset
from agentcore_provider.pulumi_aws_stand_in.wire import Path, decode, encode


@dataclass
class State:
    """What an engine keeps of a resource."""

    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    secrets: frozenset[Path] = field(default_factory=frozenset)


class Engine:
    """One engine with one connection: check, diff, then create or update, as `pulumi up` does."""

    trust = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        }
    )
    """Lets Lambda assume a role."""

    def __init__(self, port: int, *, stack: str = "test", **configuration: Any) -> None:
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1)])
        self.stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
        self.stack = stack
        self.stub.Configure(provider_pb2.ConfigureRequest(args=encode(configuration), acceptSecrets=True))

    def close(self) -> None:
        self._channel.close()

    def urn(self, type_name: str, name: str) -> str:
        return f"urn:pulumi:{self.stack}::project::{type_name}::{name}"

    def function(self, text: str = "def handler(event, context): return 1", **more: Any) -> dict[str, Any]:
        """Inputs of a Lambda function, with a role that is made for it."""
        owner = self.create("aws:iam/role:Role", "owner", {"assumeRolePolicy": self.trust})
        document = {"role": owner.outputs["arn"], "handler": "index.handler", "runtime": "python3.12"}
        return {**document, "code": self.code(text), **more}

    @staticmethod
    def code(text: str) -> Archive:
        """Code of one file."""
        return Archive(hash=hashlib.sha256(text.encode()).hexdigest(), assets={"index.py": Asset(text=text)})

    def check(
        self,
        type_name: str,
        name: str,
        inputs: dict[str, Any],
        old: State | None = None,
        secrets: Iterable[Path] = (),
        **request: Any,
    ) -> Any:
        return self.stub.Check(
            provider_pb2.CheckRequest(
                urn=self.urn(type_name, name),
                news=encode(inputs, secrets),
                olds=encode(old.inputs if old else {}),
                randomSeed=b"seed of one resource",
                **request,
            )
        )

    def diff(self, type_name: str, name: str, state: State, checked: Any) -> Any:
        return self.stub.Diff(
            provider_pb2.DiffRequest(
                id=state.id,
                urn=self.urn(type_name, name),
                olds=encode(state.outputs, state.secrets),
                old_inputs=encode(state.inputs, state.secrets),
                news=checked,
            )
        )

    def create(
        self, type_name: str, name: str, inputs: dict[str, Any], secrets: Iterable[Path] = (), *, preview: bool = False
    ) -> State:
        answer = self.check(type_name, name, inputs, secrets=secrets)
        assert not answer.failures, answer.failures
        created = self.stub.Create(
            provider_pb2.CreateRequest(urn=self.urn(type_name, name), properties=answer.inputs, preview=preview)
        )
        outputs = decode(created.properties)
        return State(created.id, decode(answer.inputs).values, outputs.values, outputs.secrets)

    def plan(self, type_name: str, name: str, state: State, inputs: dict[str, Any]) -> Any:
        """The diff that `pulumi up` would act on."""
        answer = self.check(type_name, name, inputs, state, state.secrets)
        assert not answer.failures, answer.failures
        return self.diff(type_name, name, state, answer.inputs)

    def update(
        self, type_name: str, name: str, state: State, inputs: dict[str, Any], *, preview: bool = False
    ) -> State:
        checked = self.check(type_name, name, inputs, state).inputs
        updated = self.stub.Update(
            provider_pb2.UpdateRequest(
                id=state.id,
                urn=self.urn(type_name, name),
                olds=encode(state.outputs, state.secrets),
                old_inputs=encode(state.inputs, state.secrets),
                news=checked,
                preview=preview,
            )
        )
        outputs = decode(updated.properties)
        return State(state.id, decode(checked).values, outputs.values, outputs.secrets)

    def read(self, type_name: str, name: str, state: State) -> State | None:
        answer = self.stub.Read(
            provider_pb2.ReadRequest(
                id=state.id,
                urn=self.urn(type_name, name),
                properties=encode(state.outputs, state.secrets),
                inputs=encode(state.inputs, state.secrets),
            )
        )
        if not answer.id:
            return None
        outputs = decode(answer.properties)
        return State(answer.id, decode(answer.inputs).values, outputs.values, outputs.secrets)

    def delete(self, type_name: str, name: str, state: State) -> None:
        self.stub.Delete(
            provider_pb2.DeleteRequest(
                id=state.id,
                urn=self.urn(type_name, name),
                properties=encode(state.outputs, state.secrets),
                old_inputs=encode(state.inputs, state.secrets),
            )
        )

    def invoke(self, token: str, **arguments: Any) -> dict[str, Any]:
        answer = self.stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=encode(arguments)))
        return decode(getattr(answer, "return")).values


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def port(endpoint: str) -> Iterator[int]:
    bound = pulumi_aws_stand_in.start(endpoint)
    yield bound
    pulumi_aws_stand_in.stop(bound)


@pytest.fixture
def engine(port: int, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine of its own stack for each test, so that names never meet."""
    connected = Engine(port, stack=request.node.name, region="us-west-2")
    yield connected
    connected.close()


@pytest.fixture
def connect(port: int) -> Iterator[Any]:
    """Further engines, with their own configuration."""
    connected: list[Engine] = []

    def another(**configuration: Any) -> Engine:
        connected.append(Engine(port, **configuration))
        return connected[-1]

    yield another
    for one in connected:
        one.close()


@pytest.fixture
def aws(endpoint: str) -> Any:
    """boto3 clients for what the stand-in made: `aws("iam")`."""

    def client(service: str, region: str = "us-west-2") -> Any:
        return boto3.client(
            service,
            endpoint_url=endpoint,
            region_name=region,
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )

    return client
