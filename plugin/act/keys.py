"""The key that signs our Message-IDs and hashes people; made once where none is given."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

from plugin.settings import Settings

_FILE = "signing.key"


def signing_key(settings: Settings) -> bytes:
    """The key of ANTESALA_SIGNING_KEY, else the one kept in `home`, which is made on first use.

    Several hosts must be given the same key: with different ones they would not know each other's mails.
    """
    if settings.signing_key:
        return settings.signing_key.value.encode("utf-8")
    return _kept(str(settings.home))


@lru_cache(maxsize=8)
def _kept(home: str) -> bytes:
    path = Path(home) / _FILE
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{_FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        # Written whole under another name, then linked: of two processes that start together one wins.
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as handle:
            handle.write(secrets.token_hex(32))
            handle.flush()
            os.fsync(handle.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text("ascii").strip().encode("ascii")
