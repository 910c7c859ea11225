"""HTTP under the application: what is no request at all is answered here, in one line as everything else."""

from __future__ import annotations

import json
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler


class RequestHandler(MotoRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    def run_wsgi(self) -> None:
        """Answer a request whose head could be read."""
        try:
            self.make_environ()
        except ValueError:
            self.send_error(400, "The address of the request cannot be read")
            return
        super().run_wsgi()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what cannot be read. The standard library would answer a page."""
        body = json.dumps({"message": message or self.responses.get(code, ("Not HTTP/1.1",))[0]}).encode() + b"\n"
        self.close_connection = True
        # Before a version is read the library takes the caller for one who knows no status line.
        self.request_version = self.protocol_version
        self.send_response(code)
        for name, value in (
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        if getattr(self, "command", None) != "HEAD":
            self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Requests are kept for /_local/requests instead."""

    def log_message(self, *_: Any) -> None:
        """Nothing that was sent gets into the log."""
