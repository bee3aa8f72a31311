"""Stands between Antesala and a real desk, and does what networks and busy servers do."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from random import Random
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from mocks.listener import Listener
from mocks.server import Call, Fault
from servers.ground import PATIENCE

_HOP = frozenset(("connection", "keep-alive", "transfer-encoding", "content-length", "host", "content-encoding"))


@dataclass
class EachAnswerLost(Fault):
    """The first answer to each write is lost: the desk has done it, and nobody hears of it."""

    status: int | str = "lost"
    seen: set[tuple[str, str]] = field(default_factory=set)

    def hits(self, call: Call) -> bool:
        if call.method in ("GET", "OPTIONS") or (call.method, call.path) in self.seen:
            return False
        self.seen.add((call.method, call.path))
        return True


@dataclass
class Weather(Fault):
    """Three calls in ten go wrong, each in a way of its own, until `times` did."""

    status: int | str = ""
    ways: tuple[int | str, ...] = ("lost", "cut", 429, 500, 503)
    luck: Random = field(default_factory=lambda: Random(8))

    def hits(self, call: Call) -> bool:
        if self.times <= 0 or self.luck.random() > 0.3:
            return False
        self.status = self.luck.choice(self.ways)
        self.headers = {"Retry-After": "30"} if self.status == 429 else {}
        return True


@dataclass
class Altered(Fault):
    """The desk gets another request than Antesala sent: what a fault of the desk's own would make of it."""

    status: int | str = "altered"
    to: str = ""  #: another end of the path
    body: dict[str, Any] = field(default_factory=dict)  #: other values


class FaultProxy:
    """An HTTP server on loopback that hands calls on. A fault's status may be `lost` (handed on, never answered), `cut`
    (neither) or `altered`."""

    def __init__(self, upstream: str) -> None:
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self._parts = urlsplit(upstream)
        self._lock = threading.Lock()
        self._listener = Listener(self._serve)
        self.url = self._listener.url + self._parts.path

    def close(self) -> None:
        self._listener.stop()

    def clear(self) -> None:
        """Fair weather, and nothing seen."""
        self.calls.clear()
        self.faults.clear()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        raw = handler.rfile.read(int(handler.headers.get("content-length") or 0))
        parts = urlsplit(handler.path)
        sent = {name.lower(): value for name, value in handler.headers.items()}
        json_like = raw and sent.get("content-type", "").startswith("application/json")
        call = Call(
            handler.command,
            unquote(parts.path),
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            sent,
            json.loads(raw) if json_like else raw or None,
        )
        with self._lock:
            self.calls.append(call)
            fault = next((fault for fault in self.faults if fault.hits(call)), None)
            status = fault.status if fault else ""
            extra = dict(fault.headers) if fault else {}
            if fault:
                fault.times -= 1
        path = handler.path
        if isinstance(fault, Altered):
            path = parts.path.rpartition("/")[0] + fault.to if fault.to else handler.path
            raw = json.dumps({**call.body, **fault.body}).encode()
        if isinstance(status, int):
            self._answer(handler, status, {**extra, "content-type": "application/json"}, b"{}")
            return
        if status != "cut":
            code, headers, body = self._ask(call.method, path, sent, raw)
            if status != "lost":
                self._answer(handler, code, headers, body)
                return
        handler.close_connection = True
        handler.connection.close()

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        desk = http.client.HTTPConnection(self._parts.hostname or "", self._parts.port, timeout=PATIENCE)
        named = {name: value for name, value in headers.items() if name not in _HOP and name != "accept-encoding"}
        try:
            desk.request(method, path, body or None, {**named, "connection": "close"})
            answer = desk.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            desk.close()

    @staticmethod
    def _answer(handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            if name.lower() not in (*_HOP, "date", "server"):
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


class Faulty:
    """What tests order of a ground that is reached through a proxy."""

    proxy: FaultProxy
    leak: Altered

    @property
    def calls(self) -> list[Call]:
        """What Antesala asked the desk."""
        return self.proxy.calls

    @property
    def faults(self) -> list[Fault]:
        """What is to go wrong."""
        return self.proxy.faults

    def hide(self, ticket: str, times: int) -> None:
        """The desk does not show the ticket yet."""
        self.proxy.faults.append(Fault(404, times, "GET", f"/{ticket}"))

    @contextmanager
    def leaking(self) -> Iterator[None]:
        """The desk shows the customer what was meant to be a note."""
        fault = replace(self.leak)
        self.proxy.faults.append(fault)
        yield
        self.proxy.faults.remove(fault)
