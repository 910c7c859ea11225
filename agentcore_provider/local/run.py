"""Run local AWS in this process until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import gc
import logging
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from agentcore_provider.local.disk.state_folder import FolderTakenError
from agentcore_provider.local.server import AddressTakenError, AwsPlugin, Server
from agentcore_provider.local.settings import READY_AFTER_KINDS


def run(
    *,
    port: int,
    ready_after: Mapping[str, float],
    enforce_limits: bool,
    aws_plugin: AwsPlugin | None = None,
    end_with_input: bool = False,
    state_folder: Path | None = None,
    keeps_state: bool = True,
) -> None:
    """Serve local AWS on loopback until SIGTERM or Ctrl-C.

    Prints `ready http://127.0.0.1:PORT` once requests are accepted, and nothing else on standard output.
    port: 0 takes a free one. A taken one prints one line on standard error and exits with 1.
    ready_after: seconds until a `gateway`, `target` or Cognito `domain` has settled, or a `permission` has reached the service. Default 0.
    enforce_limits: reject calls that exceed the service's quotas.
    aws_plugin: a stand-in for Pulumi's aws plugin to serve as well, on a port that GET /_local/status reports.
    end_with_input: also end when standard input is closed, so when the program that started this ends in any way.
    state_folder, keeps_state: see Server. A folder that another local AWS writes to prints one line, as a taken port does.
    """
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    output = _reserve_output()
    try:
        server = Server(
            port=port,
            ready_after=ready_after,
            enforce_limits=enforce_limits,
            monotonic=time.monotonic,
            state_folder=state_folder,
            keeps_state=keeps_state,
        )
    except (AddressTakenError, FolderTakenError) as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None
    except OSError as error:
        print(f"Local AWS cannot keep its state in {state_folder} ({error.strerror})", file=sys.stderr)
        raise SystemExit(1) from None
    with server:
        if aws_plugin is not None:
            server.start_aws_plugin(aws_plugin)
        if end_with_input:
            threading.Thread(target=_await_end_of_input, args=(ended,), daemon=True).start()
        print(f"ready {server.base_url}", file=output, flush=True)
        ended.wait()
    # Python would search everything for cycles before it ends, for a second or two.
    gc.freeze()


def _await_end_of_input(ended: threading.Event) -> None:
    while sys.stdin.buffer.read(1024):
        pass
    ended.set()


def main(arguments: Sequence[str] | None = None, *, aws_plugin: AwsPlugin | None = None) -> None:
    """Read the command line, then run. aws_plugin: served unless the command line has --no-aws-plugin."""
    parser = argparse.ArgumentParser(prog="python -m agentcore_provider.local", description="Run local AWS.")
    parser.add_argument("--port", type=int, default=4599, help="0 takes a free one (default: 4599)")
    parser.add_argument(
        "--ready-after",
        type=_kind_and_seconds,
        action="append",
        default=[],
        metavar="KIND=SECONDS",
        help=f"how long a {', '.join(READY_AFTER_KINDS)} takes to settle (default: 0)",
    )
    parser.add_argument("--enforce-limits", action="store_true", help="throttle like the service")
    parser.add_argument("--no-aws-plugin", action="store_true", help="without the stand-in for Pulumi's aws plugin")
    parser.add_argument("--end-with-input", action="store_true", help="end when standard input is closed")
    parser.add_argument("--state", type=Path, metavar="FOLDER", help="keep what is created in this folder")
    options = parser.parse_args(arguments)
    run(
        port=options.port,
        ready_after=dict(options.ready_after),
        enforce_limits=options.enforce_limits,
        aws_plugin=None if options.no_aws_plugin else aws_plugin,
        end_with_input=options.end_with_input,
        state_folder=options.state,
    )


def _kind_and_seconds(text: str) -> tuple[str, float]:
    kind, _, seconds = text.partition("=")
    try:
        number = float(seconds)
    except ValueError:
        number = -1
    if kind not in READY_AFTER_KINDS or not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(
            f"{text!r}: write KIND=SECONDS, KIND one of {', '.join(READY_AFTER_KINDS)}, for example gateway=5"
        )
    return kind, number


def _reserve_output() -> TextIO:
    # moto prints remarks; the program that waits for the ready line reads standard output.
    output = sys.stdout
    sys.stdout = sys.stderr
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    return output
