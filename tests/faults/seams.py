"""Deaths by SIGKILL at chosen places: the seams where a crash hurts most. The product knows nothing of them.

python seams.py SEAM COMMAND...    the command line of Antesala, dying the first time it comes to that seam
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from plugin.act import maildir, smtp
from plugin.intake import session
from plugin.service import perform
from plugin.store.store import Store
from plugin.web import intake

#: seam -> (object, its function, die before it or after it)
SEAMS: dict[str, tuple[Any, str, str]] = {
    "before-accept": (Store, "accept", "before"),
    "after-accept": (Store, "accept", "after"),
    "before-flag": (session.Session, "mark", "before"),
    "after-flag": (session.Session, "mark", "after"),
    "after-advance": (Store, "advance", "after"),
    "before-answer": (intake, "_commit", "after"),
    "after-claim": (Store, "claim", "after"),
    "before-record": (Store, "record", "before"),
    "after-record": (Store, "record", "after"),
    "before-meet": (Store, "meet", "before"),
    "after-meet": (Store, "meet", "after"),
    "before-sending": (Store, "sending", "before"),
    "after-sending": (Store, "sending", "after"),
    "before-data": (smtp.SmtpSession, "deliver", "before"),
    "after-data": (smtp.SmtpSession, "deliver", "after"),
    "after-maildir": (maildir.MaildirSession, "deliver", "after"),
    "after-webhook": (perform, "post", "after"),
    "before-hand-over": (Store, "hand_over", "before"),
    "after-hand-over": (Store, "hand_over", "after"),
}


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def arm(seam: str) -> None:
    """Put a death at a seam, in this process alone."""
    where, name, when = SEAMS[seam]
    real: Callable[..., Any] = getattr(where, name)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            die()
        result = real(*args, **kwargs)
        if seam != "after-claim" or result is not None:
            die()
        return result

    setattr(where, name, deadly)


if __name__ == "__main__":
    from plugin.cli import main

    arm(sys.argv[1])
    sys.argv[1:] = sys.argv[2:]
    main()
