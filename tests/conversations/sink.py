"""Where notifications arrive: a real HTTP server on this machine, as Apprise's json:// posts to it."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType

#: Names that the rules of a conversation may tell.
NAMES = ("night-shift", "team-lead", "operations", "ana-phone", "luis-phone")


class Sink:
    """What was told to whom, oldest first; `status` is what the server answers."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.told: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def address(self, name: str) -> str:
        """As a setting."""
        return f"json://127.0.0.1:{self._server.server_port}/{name}"

    def __enter__(self) -> Sink:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                sink.told.append(f"{self.path.strip('/')}: {said['title']}\n{said['message']}")
                self.send_response(sink.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        return Handler
