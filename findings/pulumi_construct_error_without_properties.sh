#!/bin/sh
# pulumi 3.272.0: a component provider that raises InputPropertiesError(message) from construct, as its optional second
# argument invites, does not get its message to the user. The status that the SDK builds then has no trailing_metadata, and
# what the engine receives is "Unexpected <class 'AttributeError'>: 'Status' object has no attribute 'trailing_metadata'".
# With an empty list as second argument the message arrives.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pulumi==3.272.0
cat > "$folder/ask.py" <<'PYTHON'
import asyncio

import grpc
from pulumi.errors import InputPropertiesError
from pulumi.provider import Provider
from pulumi.provider.server import ProviderServicer
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, resource_pb2, resource_pb2_grpc


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    async def SupportsFeature(self, request, context):
        return resource_pb2.SupportsFeatureResponse(hasSupport=True)


class Shop(Provider):
    def construct(self, name, resource_type, inputs, options=None):
        raise InputPropertiesError("color is not a color", *([[]] if name == "with-a-list" else []))


async def main():
    server = grpc.aio.server()
    port = server.add_insecure_port("127.0.0.1:0")
    address = f"127.0.0.1:{port}"
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(ProviderServicer(Shop("1.0.0"), [], address), server)
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(Monitor(), server)
    await server.start()
    async with grpc.aio.insecure_channel(address) as channel:
        for name in ("with-a-list", "alone"):
            request = provider_pb2.ConstructRequest(
                project="p", stack="s", name=name, type="shop:index:Shop", monitorEndpoint=address
            )
            try:
                await provider_pb2_grpc.ResourceProviderStub(channel).Construct(request)
            except grpc.aio.AioRpcError as error:
                print(f"{name}: {error.code().name}: {error.details()}")
    await server.stop(None)


asyncio.run(main())
PYTHON
"$folder/venv/bin/python" "$folder/ask.py" > "$folder/answer"
cat "$folder/answer"
grep -q "^with-a-list: INVALID_ARGUMENT: color is not a color$" "$folder/answer"
grep -q "^alone: UNKNOWN: .*'Status' object has no attribute 'trailing_metadata'$" "$folder/answer"
