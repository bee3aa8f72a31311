"""A real HTTP server on loopback for a mock, with faults that can be ordered and hooks that are really sent."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from mocks.listener import Listener
from mocks.openapi import Contract


@dataclass
class Call:
    """A request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  #: lower-cased names
    body: Any


@dataclass
class Fault:
    """What is to go wrong: a status, or `lost` (the work is done, and the connection ends without an answer)."""

    status: int | str
    times: int = 1
    method: str = ""
    path: str = ""  #: part of it
    headers: Mapping[str, str] = field(default_factory=dict)

    def hits(self, call: Call) -> bool:
        return self.times > 0 and self.method in ("", call.method) and self.path in call.path


class Refused(Exception):
    """The mock answers with a status that is no success."""

    def __init__(self, status: int, body: Any = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status, self.body, self.headers = (
            status,
            body if body is not None else {"error": str(status)},
            headers or {},
        )


Answer = tuple[int, Any]


class MockServer:
    """Serves `handle`; every request and answer is held to the contract, and what breaks it is kept in `broken`."""

    base = ""  #: path that the contract's paths stand under
    #: Names, and whole paths, that the vendor documents and the contract leaves out.
    beyond: tuple[str, ...] = ()

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.calls: list[Call] = []
        self.broken: list[str] = []
        self.faults: list[Fault] = []
        self.hook_url = ""
        self.sent: list[tuple[dict[str, str], bytes]] = []
        self.hook_answers: list[int] = []
        self._lock = threading.RLock()
        self._listener = Listener(self._serve)
        self.url = self._listener.url

    def stop(self) -> None:
        self._listener.stop()

    def handle(self, call: Call) -> Answer:
        """What the desk does; raises Refused."""
        raise NotImplementedError

    def fault(self, status: int | str, **how: Any) -> None:
        """Order a fault."""
        self.faults.append(Fault(status, **how))

    def send_hook(self, headers: Mapping[str, str], body: bytes) -> None:
        """Deliver a hook as the vendor does; it is kept whether or not anybody listens."""
        named = {"Content-Type": "application/json", **headers}
        self.sent.append((named, body))
        if not self.hook_url:
            return
        parts = urlsplit(self.hook_url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            connection.request("POST", parts.path, body, named)
            self.hook_answers.append(connection.getresponse().status)
        except OSError:
            self.hook_answers.append(0)
        finally:
            connection.close()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        raw = handler.rfile.read(int(handler.headers.get("content-length") or 0))
        call = Call(
            handler.command,
            unquote(parts.path),
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            {name.lower(): value for name, value in handler.headers.items()},
            json.loads(raw) if raw else None,
        )
        with self._lock:
            status, body, headers, lost = self._answer(call)
        if lost:
            handler.close_connection = True
            handler.connection.close()
            return
        data = json.dumps(body).encode()
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json; charset=utf-8", **headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def _answer(self, call: Call) -> tuple[int, Any, Mapping[str, str], bool]:
        self.calls.append(call)
        fault = next((fault for fault in self.faults if fault.hits(call)), None)
        if fault:
            fault.times -= 1
            if fault.status != "lost":
                return int(fault.status), {"error": "ordered"}, fault.headers, False
        inner = call.path.removeprefix(self.base)
        held = inner not in self.beyond
        faults = [*self.contract.request_faults(call.method, inner, call.query, call.body, self.beyond)] if held else []
        if faults:
            self.broken += [f"{call.method} {inner}: {fault}" for fault in faults]
            return 422, {"error": faults}, {}, False
        try:
            status, body = self.handle(call)
        except Refused as refusal:
            return refusal.status, refusal.body, refusal.headers, fault is not None
        faults = [*self.contract.answer_faults(call.method, inner, status, body)] if held else []
        self.broken += [f"answer: {fault}" for fault in faults]
        return status, body, {}, fault is not None


def wait_for(condition: Callable[[], Any], seconds: float = 120.0) -> Any:
    """Until it holds; what it gave."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.01)
    return found
