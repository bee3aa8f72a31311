"""Who may see the pages, and which requests may change something.

Pages hold what customers wrote. Without a password they are for this machine alone: the client's
address and the Host header must both be loopback, so that neither another computer nor another
site's page in a local browser (DNS rebinding) reads them. With a password they are for whoever
signs in. The webhook is not concerned: its signature says who sends.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Request, abort, current_app, request

from plugin.settings import Settings, is_loopback

IDLE = 30 * 60  #: seconds without a request after which a session ends
LIFE = 12 * 60 * 60  #: seconds after which a session ends in any case
MAX_SESSIONS = 1000
MAX_FORM = 16 * 1024  #: bytes; the forms here hold a token and a word
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(slots=True)
class Sessions:
    """Who is signed in, on the server's side: ended at once by signing out or by a restart."""

    clock: Callable[[], float] = time.monotonic
    _open: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> str:
        token, now = secrets.token_urlsafe(32), self.clock()
        with self._lock:
            self._open = {key: seen for key, seen in self._open.items() if self._alive(seen)}
            while len(self._open) >= MAX_SESSIONS:
                del self._open[next(iter(self._open))]
            self._open[token] = (now, now)
        return token

    def holds(self, token: str) -> bool:
        with self._lock:
            seen = self._open.get(token)
            if seen is None or not self._alive(seen):
                self._open.pop(token, None)
                return False
            self._open[token] = (seen[0], self.clock())
            return True

    def end(self, token: str) -> None:
        with self._lock:
            self._open.pop(token, None)

    def _alive(self, seen: tuple[float, float]) -> bool:
        now = self.clock()
        return now - seen[0] < LIFE and now - seen[1] < IDLE


class Guard:
    """Decides, for one app, on hosts, sessions and forms."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.sessions = Sessions()
        self._form_key = secrets.token_bytes(32)

    def host_is_ours(self, request: Request) -> bool:
        """Whether the Host header names this installation."""
        name = _host_name(request.host)
        listen = self.settings.listen_host
        if name in LOOPBACK_NAMES or name in self.settings.hosts:
            return True
        # Listening elsewhere without a list of names: a name cannot be told from a wrong one.
        return not is_loopback(listen) and not self.settings.hosts

    def may_see(self, request: Request) -> bool:
        """Whether this client may see customers' texts."""
        if self.settings.admin_password:
            return self.sessions.holds(self.token_of(request))
        forwarded = any(request.headers.get(name) for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"))
        return is_loopback(request.remote_addr or "") and _host_name(request.host) in LOOPBACK_NAMES and not forwarded

    def password_is(self, text: str) -> bool:
        right = self.settings.admin_password.value.encode("utf-8")
        return bool(right) and hmac.compare_digest(text.encode("utf-8", "replace"), right)

    def token_of(self, request: Request) -> str:
        return request.cookies.get("__Host-antesala") or request.cookies.get("antesala") or ""

    def form_token(self) -> str:
        """Stands in every form that changes something; only who may read a page knows it."""
        return hmac.digest(self._form_key, self.token_of(request).encode(), "sha256").hex()

    def check_form(self) -> None:
        """403 unless the form comes from a page of ours."""
        request.max_content_length = MAX_FORM
        origin = request.headers.get("Origin")
        same = origin is None or origin.split("://", 1)[-1] == request.host
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        token = request.form.get("token", "").encode("utf-8", "replace")
        right = hmac.compare_digest(token, self.form_token().encode())
        if not (same and site in ("same-origin", "none") and right):
            abort(403)


def guard() -> Guard:
    """The guard of the app that serves the current request."""
    found = current_app.extensions["antesala-guard"]
    assert isinstance(found, Guard)
    return found


def _host_name(host: str) -> str:
    """The Host header without its port, in lower case."""
    name, _, port = host.lower().rpartition(":")
    return name if name and port.isdigit() else host.lower()
