"""New mails of a folder into the store, oldest first, nothing lost and nothing twice.

The order for every batch: fetch, accept (committed), mark, move the cursor. Whatever is killed in between is read again
and recognised by the store. A mail that cannot be read does not stop those behind it; the stored cursor stays before
it, so that it is tried again every hour and after the next start.
"""

from __future__ import annotations

import imaplib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from imapclient.exceptions import ProtocolError

from plugin.intake.seam import OVERSIZED, Keeper
from plugin.intake.session import Envelope, Session
from plugin.intake.trouble import LiteralTooLarge, Trouble
from plugin.model import Arrival

_BATCH = 50  #: mails between two moves of the cursor
_GROUP_BYTES = 2 << 20  #: mails fetched by one command
_TRIES = 3  #: of a mail that cannot be read, before it is called stuck
_SWEEP = 3600.0  #: seconds after which stuck mails are tried again
_REFUSED = 3  #: mails refused by the store one after the other, before it is the store's trouble


@dataclass
class Progress:
    """What a mailbox loop remembers between connections."""

    uidvalidity: int = 0
    last: int = 0  #: UIDs up to here were handled
    stuck: dict[int, int] = field(default_factory=dict)  #: UID -> tries, of mails that could not be read
    too_large: set[int] = field(default_factory=set)  #: UIDs whose literal was larger than announced
    swept: float = field(default_factory=time.monotonic)  #: when the tries were last forgotten

    def due(self) -> list[int]:
        """UIDs behind `last` that are to be tried again."""
        if time.monotonic() - self.swept > _SWEEP:
            self.stuck = dict.fromkeys(self.stuck, 0)
            self.swept = time.monotonic()
        return sorted(uid for uid, tries in self.stuck.items() if tries < _TRIES and uid <= self.last)


def resume(progress: Progress, session: Session, keeper: Keeper) -> bool:
    """Find the place to go on from; True if the folder was never read before.

    Another UIDVALIDITY, or a UIDNEXT that is not above what was read already (a folder made anew that got the same
    number), means a rescan from the start; the store recognises what it has.
    """
    folder = session.folder
    if progress.uidvalidity == folder.uidvalidity and not 0 < folder.uidnext <= progress.last:
        return False
    stored = keeper.cursor(session.mailbox.name)
    known = stored is not None and stored.uidvalidity == folder.uidvalidity
    last = stored.last_uid if stored is not None and known else 0
    if 0 < folder.uidnext <= last:
        last = 0
    progress.uidvalidity, progress.last = folder.uidvalidity, last
    progress.stuck.clear()
    progress.too_large.clear()
    return stored is None


def read_new(
    progress: Progress,
    session: Session,
    keeper: Keeper,
    *,
    max_bytes: int,
    stop: threading.Event,
    taken: Callable[[Arrival], None],
    first: bool = False,
) -> str:
    """Take everything that is new; `taken` hears of every stored mail.

    `first`: leave out what carries our keyword, which an earlier installation has set.
    Returns what hinders marking, or "". Raises Trouble where the store takes nothing, and whatever the connection
    raises.
    """
    new = session.uids_after(progress.last, unmarked=first and session.folder.keywords)
    uids = progress.due() + [uid for uid in new if progress.stuck.get(uid, 0) < _TRIES]
    complaint = _take(progress, session, keeper, uids, max_bytes, stop, taken)
    if first and not stop.is_set():
        progress.last = max(progress.last, session.folder.uidnext - 1)  # what was left out stays out
    # A server announces a mail once: what came meanwhile may have been announced before anybody listened.
    while uids and not stop.is_set() and (uids := session.uids_after(progress.last)):
        complaint = _take(progress, session, keeper, uids, max_bytes, stop, taken) or complaint
    return complaint


def _take(
    progress: Progress,
    session: Session,
    keeper: Keeper,
    uids: Sequence[int],
    max_bytes: int,
    stop: threading.Event,
    taken: Callable[[Arrival], None],
) -> str:
    complaint = ""
    for start in range(0, len(uids), _BATCH):
        if stop.is_set():
            break
        if not keeper.has_room():
            raise Trouble("The disk is nearly full: no mail is taken until there is room again.")
        batch = uids[start : start + _BATCH]
        stored = _Batch(progress, session, keeper, max_bytes, taken).take(batch, stop)
        try:
            session.mark(stored)
        except Trouble as refused:  # the mails are safe; the cursor keeps them from being read again
            complaint = refused.sentence
        if not stop.is_set():
            progress.last = max(progress.last, batch[-1])
        _advance(progress, session, keeper)
    return complaint


def _advance(progress: Progress, session: Session, keeper: Keeper) -> None:
    """The stored cursor stays before the first mail that could not be read."""
    safe = min([progress.last, *(uid - 1 for uid in progress.stuck)])
    keeper.advance(session.mailbox.name, progress.uidvalidity, max(0, safe))


@dataclass
class _Batch:
    progress: Progress
    session: Session
    keeper: Keeper
    max_bytes: int
    taken: Callable[[Arrival], None]
    refused: list[int] = field(default_factory=list)

    def take(self, uids: Sequence[int], stop: threading.Event) -> list[int]:
        """UIDs of what is stored now."""
        done: list[int] = []
        envelopes = self.session.envelopes(uids)
        for gone in set(uids) - {envelope.uid for envelope in envelopes}:
            self.progress.stuck.pop(gone, None)  # moved or deleted by somebody else: nothing to do
        for group in self._groups(envelopes):
            if stop.is_set():
                self.progress.last = max([self.progress.last, *done])
                break
            done += [envelope.uid for envelope, raw in self._fetch(group) if self._accept(envelope, raw)]
        return done

    def _groups(self, envelopes: Sequence[Envelope]) -> list[list[Envelope]]:
        groups: list[list[Envelope]] = []
        size = _GROUP_BYTES
        for envelope in envelopes:
            alone = self._oversized(envelope) or envelope.uid in self.progress.stuck
            if not groups or alone or size + envelope.size > _GROUP_BYTES:
                groups.append([])
                size = _GROUP_BYTES if alone else 0
            groups[-1].append(envelope)
            size += envelope.size
        return groups

    def _oversized(self, envelope: Envelope) -> bool:
        return envelope.size > self.max_bytes or envelope.uid in self.progress.too_large

    def _fetch(self, group: Sequence[Envelope]) -> list[tuple[Envelope, bytes]]:
        if len(group) == 1:
            one = self._fetch_one(group[0])
            return [(group[0], one)] if one is not None else []
        try:
            bodies = self.session.bodies(group)
        except ProtocolError:  # one of them spoils the answer
            bodies = {}
        except (imaplib.IMAP4.abort, OSError):
            for envelope in group:  # each alone after the reconnect: one of them may be the reason
                self.progress.stuck.setdefault(envelope.uid, 0)
            raise
        out = []
        for envelope in group:
            raw = bodies.get(envelope.uid)
            if raw is None:
                raw = self._fetch_one(envelope)
            if raw is not None:
                out.append((envelope, raw))
        return out

    def _fetch_one(self, envelope: Envelope) -> bytes | None:
        """The mail, its header if it is too large, or None if it is gone or cannot be read."""
        uid = envelope.uid
        try:
            if self._oversized(envelope):
                header = self.session.header(uid)
                return None if header is None else OVERSIZED + b": %d\r\n" % envelope.size + header
            raw = self.session.bodies([envelope]).get(uid)
            if raw is None and self.session.envelopes([uid]):
                raise ProtocolError("no BODY[]")  # still there, but without its text
            if raw is None:
                self.progress.stuck.pop(uid, None)
            return raw
        except LiteralTooLarge:
            self.progress.too_large.add(uid)
            self._failed(uid)
            raise
        except (ProtocolError, ValueError, KeyError, AssertionError):
            self._failed(uid)
            return None
        except (imaplib.IMAP4.abort, OSError):
            self._failed(uid)  # it may be this mail that breaks the connection
            raise

    def _accept(self, envelope: Envelope, raw: bytes) -> bool:
        uid = envelope.uid
        arrival = Arrival("mail", raw, envelope.arrived, self.session.mailbox.name, marked=envelope.marked)
        try:
            self.keeper.accept(arrival)
        except Exception as error:
            self._failed(uid)
            self.refused.append(uid)
            if len(self.refused) >= _REFUSED:
                self.progress.stuck.update(dict.fromkeys(self.refused, 0))  # no fault of these mails
                raise Trouble(f"The store takes no mail ({error.__class__.__name__}); see its own health.") from error
            return False
        self.refused.clear()
        self.progress.stuck.pop(uid, None)
        self.taken(arrival)
        return True

    def _failed(self, uid: int) -> None:
        self.progress.stuck[uid] = self.progress.stuck.get(uid, 0) + 1
