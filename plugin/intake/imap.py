"""The loop of one IMAP mailbox: connect, read what is new, wait for more, and never give up."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from plugin.intake.backoff import Backoff
from plugin.intake.oauth2 import OAuth2Error
from plugin.intake.reading import Progress, read_new, resume
from plugin.intake.seam import Keeper, MailboxState
from plugin.intake.session import Session
from plugin.intake.trouble import Trouble, trouble
from plugin.model import Arrival
from plugin.settings import ImapMailbox

_log = structlog.get_logger(__name__)


class ImapLoop:
    """One mailbox; `run` in a thread of its own. One connection at a time."""

    def __init__(self, mailbox: ImapMailbox, keeper: Keeper, *, max_bytes: int) -> None:
        self.mailbox = mailbox
        self.state = MailboxState(mailbox.name)  #: replaced as a whole: may be read from any thread
        self._keeper = keeper
        self._max = max_bytes
        self._progress = Progress()
        self._backoff = Backoff()
        self._session: Session | None = None

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set; returns within ten seconds then, whatever the server does."""
        done = threading.Event()
        watch = threading.Thread(target=self._cut_on_stop, args=(stop, done), daemon=True, name="imap-stop")
        watch.start()
        try:
            while not stop.is_set():
                wait = self._connection(stop)
                stop.wait(wait)
        finally:
            done.set()
            self._note(connected=False)

    def _cut_on_stop(self, stop: threading.Event, done: threading.Event) -> None:
        stop.wait()
        if not done.wait(5.0) and (session := self._session) is not None:
            session.cut()

    def _connection(self, stop: threading.Event) -> float:
        """One connection for as long as it holds; the seconds to wait before the next."""
        try:
            self._session = session = Session(self.mailbox, self._max)
        except Exception as error:
            return self._failed(error, stop)
        try:
            first = resume(self._progress, session, self._keeper)
            _log.info("mailbox connected", mailbox=self.mailbox.name, idle=session.can_idle)
            while not stop.is_set():
                complaint = self._read(session, stop, first)
                first = False
                self._backoff.succeeded()
                self._note(connected=True, error=complaint, looked=True)
                session.wait(stop)
            session.close()
            return 0.0
        except Exception as error:
            session.cut()  # no farewell: what the connection still carries may be anything
            session.close()
            return self._failed(error, stop)
        finally:
            self._session = None

    def _read(self, session: Session, stop: threading.Event, first: bool) -> str:
        return read_new(
            self._progress,
            session,
            self._keeper,
            max_bytes=self._max,
            stop=stop,
            taken=self._taken,
            first=first,
        )

    def _taken(self, arrival: Arrival) -> None:
        self.state = self.state.with_taken(arrival, datetime.now(UTC))

    def _failed(self, error: Exception, stop: threading.Event) -> float:
        if stop.is_set():
            return 0.0
        found = _trouble(error, self.mailbox.name)
        wait = self._backoff.failed(lasting=found.lasting, wait=found.wait)
        self._note(connected=False, error=found.sentence, needs_attention=found.lasting)
        _log.warning(
            "mailbox not readable",
            mailbox=self.mailbox.name,
            reason=found.sentence,
            error=type(error).__name__,
            wait=round(wait),
        )
        return wait

    def _note(self, *, connected: bool, error: str = "", needs_attention: bool = False, looked: bool = False) -> None:
        now = datetime.now(UTC)
        old = self.state
        self.state = replace(
            old,
            connected=connected,
            since=now if connected != old.connected or old.since is None else old.since,
            looked_at=now if looked else old.looked_at,
            error=error,
            needs_attention=needs_attention,
            stuck=tuple(str(uid) for uid in sorted(self._progress.stuck)),
        )


def _trouble(error: Exception, where: str) -> Trouble:
    if isinstance(error, OAuth2Error):
        return Trouble(f"{where}: {error.sentence}", lasting=error.lasting)
    return trouble(error, where)
