"""`agentcore dev`: a changed handler answers at once, and changed tools are reported, with the real engine."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support import warm_python
from tests.support.stack import Stack

PROGRAM = """
import pulumi
import pulumi_aws as aws
from agentcore_provider import McpGateway, targets
from agentcore_provider.rules.lambda_function import TRUST_POLICY

role = aws.iam.Role("stock", assume_role_policy=pulumi.Output.json_dumps(TRUST_POLICY))
stock = aws.lambda_.Function(
    "stock", code=pulumi.FileArchive("stock"), handler="app.handler", runtime="python3.12", role=role.arn
)
McpGateway("stock", targets={"stock": targets.Lambda(stock.arn, tools="stock/app.py")})
"""
APP = '''def in_stock(item: str) -> dict:
    """Look up how many pieces of an item are left."""
    return {"item": item, "left": 3}


TOOLS = [in_stock]


def handler(event, context):
    return in_stock(**event)
'''


class Dev:
    """A running `agentcore dev`, and what it has printed."""

    def __init__(self, stack: Stack, process: subprocess.Popen[bytes], output: Path) -> None:
        self.stack = stack
        self.process = process
        self._output = output
        self._read = 0

    @property
    def text(self) -> str:
        """Everything it has printed."""
        return self._output.read_text()

    def prints(self, text: str) -> str:
        """Wait until it prints a text after what was waited for last; returns what it printed up to its line's end."""

        def there() -> bool:
            assert self.process.poll() is None or text in self.text[self._read :], self.text
            return text in self.text[self._read :]

        try:
            self.stack.until(there)
        except AssertionError:
            raise AssertionError(f"no {text!r} after {self.text[: self._read]!r} in {self.text!r}") from None
        begin = self._read
        self._read = self.text.index("\n", self.text.index(text, begin))
        return self.text[begin : self._read]

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send a signal; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)


@contextmanager
def running(stack: Stack, *flags: str) -> Iterator[Dev]:
    """`agentcore dev` for stack local, until the block ends."""
    output = stack.folder / ".agentcore" / "dev.txt"
    with output.open("w") as file:
        process = subprocess.Popen(
            [warm_python.programs() / "agentcore", "dev", "--stack", "local", *flags],
            cwd=stack.folder,
            env=stack.environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Dev(stack, process, output)
    finally:
        process.kill()
        process.wait()


def call(stack: Stack, tool: str, **arguments: Any) -> Any:
    return json.loads(stack.agentcore("tools", "call", tool, json.dumps(arguments)))


def replace(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after))


def test_the_loop_of_a_stack_file(stack: Stack) -> None:
    """New code answers without a deployment; what callers would notice is printed; `pulumi up` has nothing to repair."""
    handler = stack.folder / "demo" / "order_desk" / "handler.py"
    stack.up()
    with running(stack) as dev:
        assert "shop-orders (demo/order_desk)" in dev.prints("Ctrl-C ends it")
        replace(handler, '"total_eur": _total(order),\n        "arrives"', '"total_eur": 7,\n        "arrives"')
        dev.prints("shop-orders runs the new code: demo/order_desk/handler.py")
        assert call(stack, "order_status", order_id="A-1002")["total_eur"] == 7

        replace(handler, "def handler(event", "def handler(event:: object")
        dev.prints("shop-orders keeps its last code: demo/order_desk/handler.py:")
        assert call(stack, "order_status", order_id="A-1002")["total_eur"] == 7
        replace(handler, "def handler(event:: object", "def handler(event")
        dev.prints("shop-orders has this code already")

        replace(handler, "def order_status(order_id: str)", "def order_status(number: str)")
        replace(handler, "        order_id: Number of the order, such as A-1002.", "        number: Such as A-1002.")
        replace(handler, "order = _order(order_id)", "order = _order(number)")
        dev.prints("shop-orders: callers break: orders___order_status: argument number is new and required")
        dev.prints("Not deployed yet: update GatewayTarget shop-orders. Run `pulumi up --stack local`")

        # A deployment beside it; then a change of the stack's file.
        assert stack.up().changes["update"] == 2
        assert call(stack, "order_status", number="A-1002")["total_eur"] == 7
        replace(stack.file, "The order desk of a small shop", "The desk")
        dev.prints("Not deployed yet: update Gateway shop")
        replace(stack.file, "targets:", "target:")
        assert "unknown key" in dev.prints("`pulumi preview` failed: ")
        replace(stack.file, "target:", "targets:")
        dev.prints("Not deployed yet: update Gateway shop")

        (handler.parent / "rates.py").write_text("FACTOR = 2\n")
        dev.prints("shop-orders runs the new code: demo/order_desk/rates.py")
        # A deployment of something else leaves the function ahead of the stack.
        stack.up("--target", next(it["urn"] for it in stack.resources() if it["type"] == "aws:iam/role:Role"))
        replace(stack.file, "The desk", "A desk")
        dev.prints("Not deployed yet: update Gateway shop")
        assert dev.end() == 0
        assert "Functions run newer code than stack local has deployed" in dev.prints("deploy it too")
        assert "Traceback" not in dev.text
    done = stack.up("--refresh")
    assert done.changes == {"same": done.changes["same"], "update": 2}
    assert set(stack.up("--refresh").changes) == {"same"}
    stack.destroy()


def test_the_loop_of_a_program(stack: Stack) -> None:
    """A function of the aws plugin with a folder as its code; with --up the rest is deployed too, from the first time on."""
    folder = stack.folder / "stock"
    folder.mkdir()
    app = folder / "app.py"
    app.write_text(APP)
    (stack.folder / "__main__.py").write_text(PROGRAM)
    refused = stack.agentcore("dev", "--stack", "local", succeeds=False)
    assert "Nothing of stack local is deployed" in refused

    with running(stack, "--up") as dev:
        dev.prints("Deployed: ")
        replace(app, '"left": 3', '"left": 4')
        dev.prints("stock runs the new code: stock/app.py")
        assert call(stack, "in_stock", item="lamp")["left"] == 4
        dev.prints("Everything is deployed")

        replace(app, "item: str)", "item: str, shop: str = 'all')")
        dev.prints("stock: in_stock changed; callers still fit")
        dev.prints("Deployed: update GatewayTarget stock")
        app.rename(folder / "other.py")
        dev.prints("stock keeps its last code: ")
        (folder / "other.py").rename(app)
        replace(stack.folder / "__main__.py", "role = aws", "role == aws")
        failed = dev.prints("`pulumi up` failed: ")
        assert re.search(r"__main__\.py:7: NameError: name 'role' is not defined", failed)
        replace(stack.folder / "__main__.py", "role == aws", "role = aws")

        stack.local_aws.stop()
        dev.prints("Local AWS does not run: changes wait until `agentcore local start`")
        stack.local_aws.start()
        dev.prints("stock keeps its last code: local AWS does not have the function")
        stack.up("--refresh")
        dev.prints("stock has this code already")
        assert dev.end(signal.SIGTERM) in (0, 128 + signal.SIGTERM)
        assert "Traceback" not in dev.text


def test_on_aws_it_does_not_begin(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Functions of a real account are never changed by it."""
    from agentcore_provider.cli.dev.command import dev
    from agentcore_provider.errors import InvalidInput

    monkeypatch.chdir(project)
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    with pytest.raises(
        InvalidInput, match="Stack dev is on AWS, and `agentcore dev` changes functions of local AWS only"
    ):
        dev(stack="dev")
