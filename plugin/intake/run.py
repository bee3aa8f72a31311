"""All mailboxes of an installation, each in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from plugin.intake.folder import FolderLoop
from plugin.intake.imap import ImapLoop
from plugin.intake.seam import Keeper, MailboxState
from plugin.settings import FolderMailbox, ImapMailbox, Settings


class Intake:
    """Reads every mailbox of the settings into the keeper. One that fails does not hold up the others."""

    def __init__(self, settings: Settings, keeper: Keeper) -> None:
        self._loops = loops(settings.mailboxes, keeper, max_bytes=settings.max_message_bytes)
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start to read; returns at once."""
        for loop in self._loops:
            thread = threading.Thread(
                target=loop.run, args=(self._stop,), name=f"mailbox {loop.state.name}", daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def stop(self, timeout: float = 10.0) -> bool:
        """End; True if every mailbox came to rest in time. Whatever is not stored then is read at the next start."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout)
        return not any(thread.is_alive() for thread in self._threads)

    def states(self) -> tuple[MailboxState, ...]:
        """How each mailbox is, for the health page."""
        return tuple(loop.state for loop in self._loops)


def loops(
    mailboxes: Sequence[ImapMailbox | FolderMailbox], keeper: Keeper, *, max_bytes: int
) -> list[ImapLoop | FolderLoop]:
    """A loop for each mailbox."""
    return [
        ImapLoop(mailbox, keeper, max_bytes=max_bytes)
        if isinstance(mailbox, ImapMailbox)
        else FolderLoop(mailbox, keeper, max_bytes=max_bytes)
        for mailbox in mailboxes
    ]
