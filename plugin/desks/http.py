"""The one HTTP client of all desks: every way a call can fail becomes the Outcome to act on.

What a desk answers never gets into an error: it may quote a customer. Redirects are not followed: the
token would go along.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx

from plugin.act.hook import retry_after
from plugin.act.outcome import Outcome
from plugin.desks.protocol import Access, DeskError

#: Seconds after which a request whose answer was lost is believed to be over, so that looking tells.
SETTLED = 45.0
_NAP = 5.0  #: seconds until the pace is asked again: a clock may jump
_MAX_BYTES = 32 * 1024 * 1024  #: of an answer
#: Failures before the request can have left this machine.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


class Http:
    """A connection to one desk. Safe to use from many threads."""

    def __init__(self, access: Access, *, headers: Mapping[str, str], auth: tuple[str, str] | None = None) -> None:
        """`headers` go along with every call; paths of calls are appended to `access.url`."""
        self._pace = access.pace or (lambda: 0.0)
        self._client = httpx.Client(
            base_url=access.url.rstrip("/") + "/",
            headers={"accept": "application/json", "user-agent": "antesala", **headers},
            auth=auth,
            timeout=httpx.Timeout(access.timeout, connect=min(access.timeout, 10.0)),
            follow_redirects=False,
        )

    def get(self, path: str, **params: Any) -> Any:
        """The JSON that a GET yields. Raises DeskError; 404 is again ("NotVisible")."""
        answer = self.call("GET", path, params=params or None)
        try:
            return answer.json()
        except ValueError as error:  # a proxy's page, another program
            raise DeskError(Outcome("again", error=f"AnswerStrange {type(error).__name__}", fault=True)) from None

    def call(
        self,
        method: str,
        path: str,
        *,
        payload: Any = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
    ) -> httpx.Response:
        """One call; the answer is a 2xx with a body that can be read.

        Raises DeskError. A GET and what is `repeatable` is tried again where nobody can tell what became of it;
        any other is uncertain then. 409 and 412 are dead with their number: a desk's file may know better.
        """
        harmless = repeatable or method in ("GET", "HEAD")
        body = None if payload is None else json.dumps(payload, ensure_ascii=False).encode("utf-8")
        named = {"content-type": "application/json"} if body is not None else {}
        sent = {"params": params, "headers": named | dict(headers or {}), "content": body}
        return self._sent(method, path, sent, harmless=harmless)

    def upload(self, path: str, form: Mapping[str, str], files: Sequence[tuple[str, str, str]]) -> httpx.Response:
        """A POST with text files: (field, name, text). Raises as `call` does; not repeatable."""
        parts = [(field, (name, text.encode("utf-8"), "text/plain; charset=utf-8")) for field, name, text in files]
        return self._sent("POST", path, {"data": dict(form), "files": parts}, harmless=False)

    def _sent(self, method: str, path: str, sent: Mapping[str, Any], *, harmless: bool) -> httpx.Response:
        while wait := self._pace():
            time.sleep(min(wait, _NAP))
        try:
            answer = self._client.request(method, path.lstrip("/"), **sent)
        except _UNSENT as error:
            raise DeskError(Outcome("again", error=error.__class__.__name__, fault=True)) from None
        except (httpx.InvalidURL, ValueError) as error:
            raise DeskError(Outcome("dead", error=error.__class__.__name__)) from None
        except httpx.HTTPError as error:
            raise DeskError(_lost(error.__class__.__name__, harmless)) from None
        if not answer.is_success:
            raise DeskError(failed(answer, harmless))
        if len(answer.content) > _MAX_BYTES:
            raise DeskError(Outcome("dead", error="AnswerTooLarge"))
        return answer

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()


def status_of(error: DeskError) -> int:
    """The HTTP status behind an error; 0 if there was none."""
    word, _, number = error.outcome.error.partition(" ")
    return int(number) if word == "Http" and number.isdigit() else 404 if error.outcome.error == "NotVisible" else 0


def failed(answer: httpx.Response, harmless: bool) -> Outcome:
    """What to do about an answer that is no 2xx."""
    code = f"Http {answer.status_code}"
    wait = retry_after(answer.headers.get("retry-after"), datetime.now(UTC))
    match answer.status_code:
        case 401:  # the token: nothing works until somebody looks
            return Outcome("again", error=code, fault=True, wait=wait or 60.0)
        case 403:  # a right is missing, perhaps for this one ticket: the others must not wait for it
            return Outcome("again", error=code, wait=wait or 300.0)
        case 404:
            return Outcome("again", error="NotVisible", wait=wait)
        case 408 | 423 | 425:
            return Outcome("again", error=code, wait=wait)
        case 429:
            return Outcome("again", error=code, fault=True, wait=wait or 60.0)
        case 503:  # refused before any work was done
            return Outcome("again", error=code, fault=True, wait=wait or 30.0)
        case status if status >= 500:
            return _lost(code, harmless)
        case _:
            return Outcome("dead", error=code)


def _lost(error: str, harmless: bool) -> Outcome:
    return Outcome("again", error=error) if harmless else Outcome("uncertain", error=error, wait=SETTLED)
