"""Who sent a webhook: Standard Webhooks signatures, as a pure function over bytes.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
The header `webhook-signature` holds `v1,<base64>` entries separated by blanks; each is the
HMAC-SHA256 of `<webhook-id>.<webhook-timestamp>.<body>`. Everything here is hostile until a code
matches, so nothing is decoded beyond what the comparison needs, and nothing can raise.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Sequence
from typing import Literal

from plugin.settings import Secret, signing_key

Verdict = Literal["ok", "missing_header", "bad_id", "bad_timestamp", "outside_tolerance", "code_mismatch"]

#: Seconds that the clocks of sender and receiver may differ, either way.
TOLERANCE = 300
#: While a secret is being replaced there are two codes; nobody needs more than a handful.
MAX_CODES = 16

EXPLAINED: dict[Verdict, str] = {
    "ok": "The signature is right.",
    "missing_header": "One of the headers webhook-id, webhook-timestamp and webhook-signature is missing or empty.",
    "bad_id": "webhook-id must be 1 to 128 visible ASCII characters without a full stop.",
    "bad_timestamp": "webhook-timestamp must be whole seconds since 1970, in plain digits.",
    "outside_tolerance": f"webhook-timestamp is more than {TOLERANCE} seconds off; sign each attempt "
    "with its own time, and check both clocks.",
    "code_mismatch": "No signature in webhook-signature fits these bytes and the shared secret; sign "
    "'<webhook-id>.<webhook-timestamp>.<body>' with HMAC-SHA256, exactly the bytes that are sent.",
}


def keys(secrets: Sequence[Secret]) -> tuple[bytes, ...]:
    """The keys in `whsec_…` secrets. Raises SettingsError, which never shows the secret."""
    return tuple(
        signing_key(secret.value, f"ANTESALA_WEBHOOK_SECRETS, entry {number}")
        for number, secret in enumerate(secrets, 1)
    )


def sign(key: bytes, webhook_id: bytes, timestamp: bytes, body: bytes) -> bytes:
    """The code of one delivery, without its `v1,`."""
    return b64encode(hmac.digest(key, b".".join((webhook_id, timestamp, body)), "sha256"))


def verify(
    keys: Sequence[bytes], webhook_id: bytes, timestamp: bytes, signature: bytes, body: bytes, now: float
) -> Verdict:
    """Whether the sender knows one of the keys; `now` is in seconds since 1970."""
    if not (webhook_id and timestamp and signature):
        return "missing_header"
    if len(webhook_id) > 128 or b"." in webhook_id or not all(0x21 <= byte <= 0x7E for byte in webhook_id):
        return "bad_id"
    # bytes.isdigit knows the ten ASCII digits only; int() would take '1_6', ' 16 ' and others.
    if not timestamp.isdigit() or len(timestamp) > 12:
        return "bad_timestamp"
    if abs(int(timestamp) - now) > TOLERANCE:
        return "outside_tolerance"
    codes = signature.split(b" ", MAX_CODES)[:MAX_CODES]
    right = [b"v1," + sign(key, webhook_id, timestamp, body) for key in keys]
    # No early end: the time tells nothing about which key or code came near.
    matches = [hmac.compare_digest(code, wanted) for code in codes for wanted in right]
    return "ok" if any(matches) else "code_mismatch"
