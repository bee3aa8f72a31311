"""Looks at what changed in a desk: webhooks get lost, and some desks never send them again.

Reads from where it last ended, with an overlap, since desks round times and finish transactions late. What was
fetched already is known by its key and fetched no more.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

from plugin.act.outcome import EffectError
from plugin.service.desk.fetch import began
from plugin.service.desk.side import DeskSide
from plugin.service.log import logger
from plugin.store import Store, StoreUnavailable

OVERLAP = timedelta(minutes=2)
_COARSE = timedelta(seconds=3)
_RARELY = 3600.0  #: seconds between two clearances
_LONGEST = 900.0  #: seconds between two looks at a desk that is away


class Watch:
    """Any number of workers may do this at the same time."""

    def __init__(self, store: Store, side: DeskSide) -> None:
        self._store = store
        self._side = side
        self.trouble = ""  #: the error of the last look; empty if it went well

    def run(self, stop: threading.Event) -> None:
        """Look every so many seconds until `stop` is set."""
        wait = poll = float(self._side.settings.desk_poll)
        cleared = 0.0
        while not stop.is_set():
            try:
                if time.monotonic() >= cleared:
                    self._store.desk.clear()
                    cleared = time.monotonic() + _RARELY
                if found := self.look():
                    logger().info("desk changed", desk=self._side.name, tickets=found)
                self.trouble, wait = "", poll
            except EffectError as error:
                self.trouble = error.outcome.error
                wait = max(error.outcome.wait or 0.0, min(wait * 2, _LONGEST))
                logger().warning("desk does not answer", desk=self._side.name, error=self.trouble, again_in=wait)
            except StoreUnavailable as error:
                logger().error("store unavailable", line="desk", reason=str(error))
            except Exception as error:
                logger().error("look at the desk failed", desk=self._side.name, error=error.__class__.__name__)
            stop.wait(wait)

    def look(self) -> int:
        """One look; how many tickets are to be fetched. Raises DeskError."""
        desk, name = self._side.desk, f"desk:{self._side.name}"
        if "changes" not in desk.abilities:
            return 0
        began(self._store, self._side.name)
        last = self._store.cursor(name) or self._store.cursor(f"desk-since:{self._side.name}")
        before = datetime.fromtimestamp(last.last_uid if last else 0, UTC)
        changes = list(desk.changed_since(before - OVERLAP))
        latest = max((change.at for change in changes), default=before)
        found = 0
        for change in changes:
            # A desk that counts in seconds may change a ticket again within the one that we saw: look at it twice.
            fresh = change.at > before and latest - change.at < _COARSE
            event = f"{'fresh' if fresh else 'at'}-{change.at.astimezone(UTC).isoformat()}"
            found += self._store.desk.announce(self._side.name, change.ticket, event)
        self._store.advance(name, 0, int(max(latest, before).timestamp()))  # a look that broke off is done again
        return found
