"""What the web part is given: it makes nothing of its own, so that tests can give it anything."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from plugin.service.health import Part
from plugin.settings import Settings
from plugin.store import Store
from plugin.web.limiter import FailureLimiter
from plugin.web.written import Reader


@dataclass(frozen=True, slots=True)
class Web:
    """The rest of Antesala, as the web part sees it."""

    settings: Settings
    store: Store
    health: Callable[[], tuple[Part, ...]]
    keys: tuple[bytes, ...] = ()  #: of incoming webhooks
    clock: Callable[[], float] = time.time
    reader: Reader = field(default_factory=Reader)
    bad_signatures: FailureLimiter = field(default_factory=lambda: FailureLimiter(60, 60))
    bad_passwords: FailureLimiter = field(default_factory=lambda: FailureLimiter(5, 900))


def web() -> Web:
    """The parts of the app that serves the current request."""
    return cast("Web", current_app.extensions["antesala"])
