"""The web server: waitress, which slow clients cannot stop and which counts chunked bodies too.

What it refuses before the app sees it (two Content-Lengths, endless headers, bodies far over the
limit) gets the same form and the same headers as the app's own refusals.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask

from plugin.settings import Settings
from plugin.web.headers import HEADERS
from plugin.web.problem import TYPE

THREADS = 8
SLACK = 4  #: a body up to so many times the limit is read, and refused with the limit in the answer


class ProblemTask(ErrorTask):  # type: ignore[misc]
    """A refusal as problem details."""

    def execute(self) -> None:
        error = self.request.error
        code = error.reason.lower().replace(" ", "-")
        texts = {413: "The request is far larger than what is taken here.", 500: "Something went wrong here."}
        detail = texts.get(error.code, "This is not HTTP as it should be: see RFC 9112.")
        problem = {"type": TYPE + code, "title": error.reason, "status": error.code, "code": code, "detail": detail}
        body = json.dumps(problem).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend([("Content-Type", "application/problem+json"), *HEADERS.items()])
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection whose refusals are problems."""

    error_task_class = ProblemTask


class Server:
    """Listens as soon as it is made, so that a taken port is known at once; answers while `run` runs."""

    def __init__(self, app: Callable[..., Any], settings: Settings) -> None:
        host = f"[{settings.listen_host}]" if ":" in settings.listen_host else settings.listen_host
        self._map: dict[int, Any] = {}
        self._server = create_server(
            app,
            map=self._map,
            listen=f"{host}:{settings.listen_port}",
            threads=THREADS,
            ident="antesala",
            connection_limit=1000,
            channel_timeout=60,
            cleanup_interval=10,
            max_request_header_size=64 * 1024,
            max_request_body_size=SLACK * settings.max_webhook_bytes,
            # The guard refuses the pages to forwarded clients, so it has to see that they are.
            clear_untrusted_proxy_headers=False,
        )
        for part in self._map.values():
            if isinstance(part, BaseWSGIServer):
                part.channel_class = Channel

    @property
    def port(self) -> int:
        """The port it listens on, also where any was asked for."""
        listening = getattr(self._server, "effective_listen", None)
        return int(listening[0][1] if listening else self._server.effective_port)

    def run(self, stop: threading.Event) -> None:
        """Answer until `stop` is set; what is being answered then is finished, for at most five seconds."""
        while not stop.is_set():
            wasyncore.loop(timeout=0.25, map=self._map, use_poll=True, count=1)
        self._server.task_dispatcher.shutdown(timeout=5)
        wasyncore.close_all(self._map)
