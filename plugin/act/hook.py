"""The outgoing webhook: every decision as signed JSON, for those who want to build on it.

Signed after https://www.standardwebhooks.com/. It goes to the one configured address and nowhere
else: redirects are not followed, and nothing in a message can change where it goes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from standardwebhooks import Webhook

from plugin.act.outcome import Outcome

TIMEOUT = httpx.Timeout(15.0)
_WAIT_CAP = 3600.0  #: whatever it says, an hour later one try does no harm
_BUSY = 60.0  #: pause after a 429 that does not say how long
_CLOSED = 300.0  #: pause after a refused signature or log-in


def post(url: str, secret: str, event_id: str, payload: Mapping[str, Any], now: datetime) -> Outcome:
    """Deliver one event. The receiver tells repetitions by `webhook-id`, so every failure may be tried again."""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    head = {
        "content-type": "application/json",
        "user-agent": "antesala",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
    }
    if secret:
        head["webhook-signature"] = Webhook(secret).sign(event_id, now, body)
    try:
        answer = httpx.post(url, content=body.encode("utf-8"), headers=head, timeout=TIMEOUT, follow_redirects=False)
    except httpx.ConnectError as error:  # nobody is there: for none of them
        return Outcome("again", error=error.__class__.__name__, fault=True)
    except httpx.HTTPError as error:
        return Outcome("again", error=error.__class__.__name__)
    except (httpx.InvalidURL, ValueError) as error:
        return Outcome("dead", error=error.__class__.__name__)
    if answer.is_success:
        return Outcome("done", receipt=str(answer.status_code))
    return _refused(answer.status_code, retry_after(answer.headers.get("retry-after"), now))


def _refused(status: int, wait: float | None) -> Outcome:
    """What to do about an answer that is no success."""
    error = f"Http {status}"
    match status:
        case 410:
            return Outcome("dead", error=error)
        case 429:  # it is too much for the receiver, whatever we send
            return Outcome("again", error=error, fault=True, wait=_BUSY if wait is None else wait)
        case 401 | 403:
            return Outcome("again", error=error, fault=True, wait=_CLOSED if wait is None else wait)
        case 503 if wait is not None:
            return Outcome("again", error=error, fault=True, wait=wait)
    return Outcome("again", error=error, wait=wait)


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a `Retry-After` asks for (RFC 9110 section 10.2.3): a number or a date."""
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return min(float(text), _WAIT_CAP)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(0.0, (at - now).total_seconds()), _WAIT_CAP)
