"""Starts and stops the stand-in: a gRPC server in threads of the calling process."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import grpc

_servers: dict[int, grpc.Server] = {}
_starting = threading.Lock()

# Functions travel inside a request when a program holds them as text: as many bytes as Pulumi's own engine allows.
_LARGEST_MESSAGE = 400 * 1024 * 1024


def start(endpoint: str, *, port: int = 0) -> int:
    """Serve the stand-in for the `aws` plugin on 127.0.0.1 and return its port.

    endpoint: address of local AWS, such as `http://127.0.0.1:4599`; everything is created there.
    port: port to listen on. Default: a free one.

    Raises OSError if the port is taken.
    """
    # Local AWS starts worker processes; without this, gRPC writes a warning for each.
    os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "false")
    # Without this, gRPC writes a line of its own about a port that another program takes first.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    import grpc
    from pulumi.runtime.proto import provider_pb2_grpc

    from .servicer import Servicer

    server = grpc.server(
        ThreadPoolExecutor(max_workers=64, thread_name_prefix="pulumi-aws"),
        options=[
            ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
            ("grpc.max_send_message_length", _LARGEST_MESSAGE),
            ("grpc.so_reuseport", 0),  # a taken port is an error, not a second listener
        ],
    )
    try:
        bound = server.add_insecure_port(f"127.0.0.1:{port}")
    except RuntimeError:
        bound = 0
    if not bound:
        raise OSError(f"Port {port} for the stand-in of the aws plugin is taken: choose another, or 0 for a free one.")
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Servicer(endpoint, bound), server)
    server.start()
    with _starting:
        _servers[bound] = server
    return bound


def stop(port: int | None = None) -> None:
    """Stop the stand-in on a port, or every one of this process; calls in flight get two seconds to finish."""
    with _starting:
        ports = list(_servers) if port is None else [port]
        servers = [_servers.pop(bound) for bound in ports if bound in _servers]
    for server in servers:
        server.stop(grace=2).wait()
