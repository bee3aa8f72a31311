"""Who sent a desk's hook: one verifier for all schemes, which differ only in a few words.

The desk that the settings name chooses the scheme, never what a request claims: Zammad and Intercom
use one header for the same form, Help Scout and FreeScout one form under two headers. What is signed
are the bytes as they came. Everything here is hostile until a code matches: nothing is decoded,
nothing can raise, and where several secrets are listed (while one is being replaced) all are tried,
so that the time tells nothing about them. Standard Webhooks are verified in `plugin/web/signature.py`.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Verdict = Literal[
    "ok", "no-secret", "missing-header", "doubled-header", "bad-timestamp", "outside-tolerance", "mismatch"
]

TOLERANCE = 300  #: seconds that the desk's clock and ours may differ, either way
MAX_HEADER = 512  #: characters; no scheme needs more

#: What is told to the sender. No text depends on a secret, or on how near a code came.
EXPLAINED: Mapping[Verdict, str] = {
    "ok": "The hook is the desk's.",
    "no-secret": "This installation has no secret for hooks yet: set ANTESALA_DESK_SECRETS and restart it.",
    "missing-header": "The header {header} is missing or empty: set the secret in the desk's webhook.",
    "doubled-header": "The header {header} came more than once: send it once.",
    "bad-timestamp": "The header {time} is not a time as this desk writes it: send it as the desk made it.",
    "outside-tolerance": f"The header {{time}} is more than {TOLERANCE} seconds off: check both clocks.",
    "mismatch": "The secret in the desk's webhook is none of ANTESALA_DESK_SECRETS, or something changed the body.",
}


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a vendor proves that a hook is its own."""

    header: str  #: where the code stands; "" where the secret stands in the path
    digest: Literal["sha1", "sha256", ""]  #: "" where the header holds the bare secret
    encoding: Literal["hex", "base64"] = "hex"
    prefix: bytes = b""  #: before the code
    time: str = ""  #: header with the time that is signed along, if one is
    between: bytes = b""  #: stands between time and body
    stamps: Literal["iso", "seconds", "milliseconds"] = "seconds"


#: Sources, in order: Zammad's webhook documentation and its UserAgent class (which says what is signed);
#: developer.zendesk.com/documentation/webhooks/verifying; Chatwoot's pull request 13573; Help Scout's SDK,
#: class Webhook; FreeScout's module; developers.intercom.com, webhooks; dev.frontapp.com/docs/security-1;
#: Escalated's webhook dispatcher; docs/desks/rt.md. The last two are ours, for desks that sign nothing. A desk has the
#: one that its file names, unless the option `signature` says that its hooks come by something that signs otherwise.
SCHEMES: Mapping[str, Scheme] = {
    "zammad": Scheme("X-Hub-Signature", "sha1", prefix=b"sha1="),
    "zendesk": Scheme(
        "X-Zendesk-Webhook-Signature",
        "sha256",
        "base64",
        time="X-Zendesk-Webhook-Signature-Timestamp",
        stamps="iso",
    ),
    "chatwoot": Scheme("X-Chatwoot-Signature", "sha256", prefix=b"sha256=", time="X-Chatwoot-Timestamp", between=b"."),
    "helpscout": Scheme("X-HelpScout-Signature", "sha1", "base64"),
    "freescout": Scheme("X-FreeScout-Signature", "sha1", "base64"),
    "intercom": Scheme("X-Hub-Signature", "sha1", prefix=b"sha1="),
    "front": Scheme(
        "X-Front-Signature",
        "sha256",
        "base64",
        time="X-Front-Request-Timestamp",
        between=b":",
        stamps="milliseconds",
    ),
    "escalated": Scheme("X-Escalated-Signature", "sha256"),
    "rt": Scheme("X-RT-Signature", "sha256"),
    "header": Scheme("X-Antesala-Secret", ""),
    "path": Scheme("", ""),
}


def verify(
    scheme: Scheme, secrets: Sequence[bytes], headers: Sequence[tuple[str, str]], path: str, body: bytes, now: float
) -> Verdict:
    """Whether the sender knows one of the secrets.

    `headers` are all that came, in any case and as often as they came; `path` is what stood in the
    address behind the desk's name; `now` is in seconds since 1970.
    """
    if not secrets:
        return "no-secret"
    if not scheme.header:
        return "ok" if _among(path.encode("utf-8", "replace"), secrets) else "mismatch"
    code, trouble = _one(headers, scheme.header)
    if trouble:
        return trouble
    if not scheme.digest:
        return "ok" if _among(code, secrets) else "mismatch"
    stamp, trouble = _one(headers, scheme.time) if scheme.time else (b"", None)
    if trouble:
        return trouble
    if scheme.time:
        at = _seconds(stamp, scheme.stamps)
        if at is None:
            return "bad-timestamp"
        if abs(at - now) > TOLERANCE:
            return "outside-tolerance"
    return "ok" if _among(code, [sign(scheme, secret, stamp, body) for secret in secrets]) else "mismatch"


def sign(scheme: Scheme, secret: bytes, stamp: bytes, body: bytes) -> bytes:
    """The code that a desk would send; `stamp` is its time header, empty where it sends none."""
    signed = stamp + scheme.between + body if scheme.time else body
    digest = hmac.digest(secret, signed, scheme.digest)
    return scheme.prefix + (b64encode(digest) if scheme.encoding == "base64" else digest.hex().encode("ascii"))


def explain(scheme: Scheme, verdict: Verdict) -> str:
    """A sentence for whoever set up the hook."""
    return EXPLAINED[verdict].format(header=scheme.header, time=scheme.time)


def _one(headers: Sequence[tuple[str, str]], name: str) -> tuple[bytes, Verdict | None]:
    """The one value of a header. Servers join repeated headers with a comma, which no code or time holds."""
    found = [value for key, value in headers if key.lower() == name.lower()]
    if len(found) > 1 or any("," in value for value in found):
        return b"", "doubled-header"
    value = found[0].strip(" \t") if found else ""
    if not value:
        return b"", "missing-header"
    return value[:MAX_HEADER].encode("latin-1", "replace"), None


def _among(given: bytes, right: Sequence[bytes]) -> bool:
    """In the same time whichever it is: no early end."""
    matches = [hmac.compare_digest(given, one) for one in right]
    return any(matches)


def _seconds(stamp: bytes, form: str) -> float | None:
    """Seconds since 1970, or None where the text is no time in the vendor's form."""
    if form == "iso":
        try:
            at = datetime.fromisoformat(stamp.decode("ascii"))
        except ValueError:
            return None
        return at.timestamp() if at.tzinfo is not None else None
    # bytes.isdigit knows the ten ASCII digits only; int() would take '1_6', ' 16 ' and others.
    if not stamp.isdigit() or len(stamp) > 16:
        return None
    return int(stamp) / 1000 if form == "milliseconds" else float(int(stamp))
