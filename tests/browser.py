"""A headless browser: opens addresses, or a page that a test reads, types into and clicks as a person would."""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Event, Timer
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 120.0
"""A browser on a busy machine; most of what tests do takes two or three seconds."""

# The DevTools protocol travels over file descriptors 3 and 4 of the browser.
_WITH_PIPES = 'exec "$@" 3<&"$COMMANDS" 4>&"$ANSWERS"'

_LEFT = -32000
"""The code of errors about a page that is not there any more."""

_MIDDLE = """(() => {
  const element = document.readyState === "complete" ? document.querySelector(SELECTOR) : null;
  element?.scrollIntoView({block: "nearest", behavior: "instant"});
  const box = element?.getBoundingClientRect();
  const middle = box && [box.x + box.width / 2, box.y + box.height / 2];
  return middle && element.contains(document.elementFromPoint(...middle)) && middle;
})()"""


def program() -> str | None:
    """The browser of this machine."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Browser:
    """Each address opens in a browser of its own, which ends with the test."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._running: list[subprocess.Popen[str]] = []

    def __call__(self, url: str, *flags: str, rules: str = "") -> subprocess.Popen[str]:
        """Open an address. rules: what names mean, as --host-resolver-rules takes it, each with a comma behind it."""
        return self._start([*self._command(rules), *flags, url], os.environ)

    def page(self, url: str) -> Page:
        """Open an address as a page that the test drives."""
        commands, answers = os.pipe(), os.pipe()
        opened = self._start(
            ["bash", "-c", _WITH_PIPES, "bash", *self._command(""), "--remote-debugging-pipe", "about:blank"],
            os.environ | {"COMMANDS": str(commands[0]), "ANSWERS": str(answers[1])},
            pass_fds=(commands[0], answers[1]),
        )
        os.close(commands[0])
        os.close(answers[1])
        page = Page(opened, commands[1], answers[0])
        page.open(url)
        return page

    def close(self) -> None:
        """End every browser."""
        for opened in self._running:
            if opened.poll() is None:
                os.killpg(opened.pid, signal.SIGKILL)
            opened.communicate()

    def _command(self, rules: str) -> list[str]:
        return [
            self._program,
            "--headless",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            f"--user-data-dir={self._folder / str(len(self._running))}",
            # Nothing beyond this machine is looked up.
            f"--host-resolver-rules={rules}MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
            # Its sandbox wants a user who is not root.
            *(["--no-sandbox"] if os.getuid() == 0 else []),
        ]

    def _start(
        self, command: list[str], environment: Mapping[str, str], pass_fds: tuple[int, ...] = ()
    ) -> subprocess.Popen[str]:
        opened = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            env=environment,
            pass_fds=pass_fds,
        )
        self._running.append(opened)
        return opened


class BrowserError(Exception):
    """What the browser answers to a command that it did not carry out."""

    def __init__(self, code: int, message: str, **details: Any) -> None:
        super().__init__(f"{message} {details or ''}".rstrip())
        self.code = code


class Page:
    """A page in a browser, driven through Chromium's DevTools protocol."""

    def __init__(self, opened: subprocess.Popen[str], commands: int, answers: int) -> None:
        self._opened = opened
        self._commands = os.fdopen(commands, "wb", buffering=0)
        self._answers = os.fdopen(answers, "rb")
        self._numbers = itertools.count(1)
        self._session: str | None = None
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.complaints: list[str] = []
        """What the page's scripts threw and what it could not load."""
        for domain in ("Page", "Runtime", "Log"):
            self._ask(f"{domain}.enable")

    def open(self, url: str) -> None:
        """Go to an address and wait until it is loaded."""
        self._ask("Page.navigate", url=url)
        self.until("document.readyState == 'complete' && location.href != 'about:blank'")

    def value(self, expression: str) -> Any:
        """What an expression of JavaScript is in the page."""
        answer = self._ask("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def until(self, expression: str) -> Any:
        """Wait until an expression of JavaScript holds; returns its value. It has no effects: it may run often."""
        deadline, pause = time.monotonic() + SECONDS, Event()
        while not (value := self._value_unless_left(expression)):
            assert time.monotonic() < deadline, f"the page never came to: {expression}\n{self.complaints}"
            pause.wait(0.02)
        return value

    def text(self, selector: str) -> str:
        """The text of the first element that the selector names, once it is there."""
        text: str = self.until(f"document.querySelector({json.dumps(selector)})?.textContent")
        return text

    def _value_unless_left(self, expression: str) -> Any:
        """None while the browser leaves a page for the next one: the answer may be an error then."""
        try:
            return self.value(expression)
        except BrowserError as error:
            if error.code != _LEFT:
                raise
            return None

    def type(self, text: str) -> None:
        """Type into what has the focus, key by key."""
        for letter in text:
            self._ask("Input.dispatchKeyEvent", type="keyDown", text=letter, key=letter)
            self._ask("Input.dispatchKeyEvent", type="keyUp", key=letter)

    def press(self, key: str) -> None:
        """Press a key that writes nothing, such as Tab or Enter."""
        code = {"Tab": 9, "Enter": 13}[key]
        text = {"text": "\r"} if key == "Enter" else {}
        self._ask("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, windowsVirtualKeyCode=code, **text)
        self._ask("Input.dispatchKeyEvent", type="keyUp", key=key, code=key, windowsVirtualKeyCode=code)

    def click(self, selector: str) -> None:
        """Click the middle of the first element that the selector names, scrolled to, once the page is loaded and
        nothing covers it."""
        x, y = self.until(_MIDDLE.replace("SELECTOR", json.dumps(selector)))
        for kind in ("mousePressed", "mouseReleased"):
            self._ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def look(self, width: int, height: int, *, scheme: str = "light") -> None:
        """Give the window a size in CSS pixels, and the reader a preference for light or dark."""
        self._ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self._ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self, file: Path) -> None:
        """Write what can be found as a PNG."""
        file.write_bytes(base64.b64decode(self._ask("Page.captureScreenshot")["data"]))

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        question: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session:
            question["sessionId"] = self._session
        self._commands.write(json.dumps(question).encode() + b"\0")
        # A browser that answers no more is ended, which ends the reading too.
        alarm = Timer(SECONDS, os.killpg, (self._opened.pid, signal.SIGKILL))
        alarm.start()
        try:
            while True:
                answer = self._read()
                if answer.get("id") == number:
                    if "error" in answer:
                        raise BrowserError(**answer["error"])
                    result: dict[str, Any] = answer["result"]
                    return result
                self._note(answer)
        finally:
            alarm.cancel()

    def _read(self) -> dict[str, Any]:
        text = bytearray()
        while (byte := self._answers.read(1)) != b"\0":
            assert byte, "the browser has ended"
            text += byte
        message: dict[str, Any] = json.loads(text)
        return message

    def _note(self, event: dict[str, Any]) -> None:
        match event:
            case {"method": "Runtime.exceptionThrown", "params": {"exceptionDetails": details}}:
                self.complaints.append(str(details))
            case {"method": "Log.entryAdded", "params": {"entry": {"level": "error", "text": text} as entry}}:
                self.complaints.append(f"{text} {entry.get('url', '')}")
