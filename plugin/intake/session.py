"""One connection to one IMAP folder: log in, look for new UIDs, fetch, mark, wait."""

from __future__ import annotations

import contextlib
import imaplib
import ssl
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from imapclient.exceptions import LoginError, ProtocolError
from imapclient.imapclient import SENT

from plugin.intake.oauth2 import OAuth2Error, access_token
from plugin.intake.trouble import Trouble
from plugin.intake.wire import CONNECT, READ, Client
from plugin.settings import ImapMailbox

KEYWORD = "$Antesala"
AUTO = "auto"  #: in place of a folder's name: the one that holds what was sent
_COMMAND = 60.0  #: seconds for a command that moves no mail
_BYTES_PER_SECOND = 64 * 1024  #: slowest line on which a mail still comes in time
_WIDE = 20_000  #: UIDs of one search where a folder is too large for one answer (imaplib's lines end at 1 MB)
_LARGE = 50_000  #: messages from which that is so
_HEADER = 256 * 1024  #: bytes of header that are fetched of a mail that is too large


@dataclass(frozen=True, slots=True)
class Folder:
    """The selected folder, as the server describes it."""

    uidvalidity: int
    uidnext: int  #: 0 if the server does not say
    exists: int
    keywords: bool  #: whether KEYWORD can be set for good
    read_only: bool = False  #: mails can be read, but not marked


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is known about a mail before it is fetched."""

    uid: int
    size: int
    arrived: datetime  #: INTERNALDATE, in UTC; now if the server does not say
    marked: bool = False  #: whether it carries KEYWORD


class Session:
    """Not thread-safe but for `close`. Every method may raise what imaplib, imapclient and sockets raise."""

    def __init__(self, mailbox: ImapMailbox, max_bytes: int, *, read_only: bool = False) -> None:
        self.mailbox = mailbox
        self._max = max_bytes
        self._read_only = read_only
        context = _context(mailbox.ca_file) if mailbox.tls != "none" else None
        self._client = Client(
            mailbox.host,
            mailbox.port,
            context=context if mailbox.tls == "tls" else None,
            limit=max_bytes + _HEADER,
        )
        try:
            if mailbox.tls == "starttls":
                with self._client.deadline(2 * CONNECT):
                    self._client.starttls(ssl_context=context)  # CapabilityError where it is stripped: never in clear
            self._log_in()
            self.folder = self._select()
        except BaseException:
            self.close()
            raise
        self.can_idle = self._client.has_capability("IDLE")

    def _log_in(self) -> None:
        box, client = self.mailbox, self._client
        with client.deadline(_COMMAND):
            if box.oauth2 is not None:
                token = access_token(box.oauth2)
                try:
                    client.oauth2_login(box.user, token)
                except LoginError:  # withdrawn before its end: one fresh token, then it is a refusal
                    client.oauth2_login(box.user, access_token(box.oauth2, stale=token))
            elif not box.password:
                raise Trouble(
                    f"{box.name}: neither a password nor ANTESALA_OAUTH2_* is set. Write user:password@host.",
                    lasting=True,
                )
            elif (box.user + box.password.value).isascii():
                client.login(box.user, box.password.value)
            else:
                client.plain_login(box.user, box.password.value)  # LOGIN cannot carry other characters
            client.capabilities()

    def _select(self) -> Folder:
        client = self._client
        with client.deadline(_COMMAND):
            try:
                folder = self._sent_folder() if self.mailbox.folder == AUTO else self.mailbox.folder
                answer: dict[bytes, Any] = client.select_folder(folder, readonly=self._read_only)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error:
                raise Trouble(
                    f"{self.mailbox.name}: the folder cannot be opened; check its name in ANTESALA_MAILBOXES.",
                    lasting=True,
                ) from None
        flags = answer.get(b"PERMANENTFLAGS", ())
        return Folder(
            uidvalidity=int(answer[b"UIDVALIDITY"]),
            uidnext=int(answer.get(b"UIDNEXT", 0)),
            exists=int(answer.get(b"EXISTS", 0)),
            keywords=b"\\*" in flags or KEYWORD.encode() in flags,
            read_only=bool(answer.get(b"READ-ONLY", False)),
        )

    def _sent_folder(self) -> str:
        """What the server itself calls the folder of sent mail (RFC 6154), else by its usual names."""
        found = self._client.find_special_folder(SENT)
        if found is None:
            raise Trouble(
                f"{self.mailbox.name}: the server names no Sent folder; write its name into ANTESALA_SENT_FOLDER.",
                lasting=True,
            )
        return str(found)

    def has(self, headers: Mapping[str, str]) -> bool:
        """Is there a mail with one of these values in its header?"""
        criteria: list[Any] = []
        for name, value in headers.items():
            one = ["HEADER", name, value]
            criteria = ["OR", criteria, one] if criteria else one
        with self._client.deadline(_COMMAND):
            return bool(self._client.search(criteria))

    def uids_after(self, last: int, *, unmarked: bool = False) -> list[int]:
        """UIDs above `last`, in ascending order; `unmarked`: only those without KEYWORD."""
        top = self.folder.uidnext
        parts = ["*"]
        start = last + 1
        if self.folder.exists > _LARGE and top > start:
            parts = [str(end) for end in range(start + _WIDE - 1, top, _WIDE)] + ["*"]
        found: set[int] = set()
        for end in parts:
            criteria: list[str] = ["UID", f"{start}:{end}", *(["UNKEYWORD", KEYWORD] if unmarked else [])]
            with self._client.deadline(_COMMAND):
                # `n:*` names the last message even where its UID is below n (RFC 3501 section 6.4.8)
                found.update(uid for uid in self._client.search(criteria) if uid > last)
            start = 0 if end == "*" else int(end) + 1
        return sorted(found)

    def envelopes(self, uids: Sequence[int]) -> list[Envelope]:
        """Size, arrival and mark of those that are still there, in ascending order."""
        with self._client.deadline(_COMMAND):
            answer = self._client.fetch(list(uids), ["RFC822.SIZE", "INTERNALDATE", "FLAGS"])
        return [
            Envelope(
                uid,
                int(data.get(b"RFC822.SIZE") or 0),
                _utc(data.get(b"INTERNALDATE")),
                KEYWORD.encode() in data.get(b"FLAGS", ()),
            )
            for uid, data in sorted(answer.items())
        ]

    def bodies(self, envelopes: Sequence[Envelope]) -> dict[int, bytes]:
        """The mails by UID. One that went away meanwhile is missing. ProtocolError if one of them spoils the answer."""
        total = sum(envelope.size for envelope in envelopes)
        with self._client.deadline(_COMMAND + total / _BYTES_PER_SECOND):
            answer = self._client.fetch([envelope.uid for envelope in envelopes], ["BODY.PEEK[]"])
        return {uid: data[b"BODY[]"] for uid, data in answer.items() if isinstance(data.get(b"BODY[]"), bytes)}

    def header(self, uid: int) -> bytes | None:
        """The header alone, of a mail that is too large; at most 256 KB of it."""
        with self._client.deadline(_COMMAND):
            answer = self._client.fetch([uid], [f"BODY.PEEK[HEADER]<0.{_HEADER}>"])
        data = answer.get(uid, {})
        value = next((v for k, v in data.items() if k.startswith(b"BODY[HEADER]")), None)
        return value if isinstance(value, bytes) else None

    def mark(self, uids: Iterable[int]) -> None:
        """Do what the settings say with mails that are stored. Trouble if the server refuses."""
        numbers = list(uids)
        if not numbers:
            return
        how, client = self.mailbox.mark, self._client
        try:
            with client.deadline(_COMMAND * 2):
                if how == "seen":
                    client.add_flags(numbers, [b"\\Seen"], silent=True)
                elif how.startswith("move:"):
                    self._move(numbers, how[len("move:") :])
                elif self.folder.keywords:
                    client.add_flags(numbers, [KEYWORD.encode()], silent=True)
        except ProtocolError:
            raise
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            raise Trouble(
                f"{self.mailbox.name}: mails are taken, but cannot be marked ({how}); check the rights of the user and "
                "ANTESALA_MAILBOX_MARK."
            ) from None

    def _move(self, uids: list[int], folder: str) -> None:
        client = self._client
        if not client.folder_exists(folder):
            client.create_folder(folder)
        if client.has_capability("MOVE"):
            client.move(uids, folder)
            return
        client.copy(uids, folder)
        client.add_flags(uids, [b"\\Deleted"], silent=True)
        if client.has_capability("UIDPLUS"):
            client.uid_expunge(uids)  # a plain EXPUNGE would remove what others marked

    def wait(self, stop: threading.Event) -> None:
        """Until something is announced, the window is over, or stop is set. Then look."""
        if not self.can_idle:
            stop.wait(self.mailbox.poll)
            return
        self._client.wait_idle(min(self.mailbox.idle, 1500), stop)

    def close(self) -> None:
        """End the connection, politely if that is quick."""
        with contextlib.suppress(Exception), self._client.deadline(min(3.0, READ)):
            self._client.logout()
        with contextlib.suppress(Exception):
            self._client.shutdown()

    def cut(self) -> None:
        """End the connection at once, from another thread."""
        self._client.cut()


def _context(ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except (OSError, ssl.SSLError) as error:
        what = "it is not PEM" if isinstance(error, ssl.SSLError) else error.strerror
        remedy = "Name a readable file in PEM in ANTESALA_MAILBOX_CA_FILE."
        raise Trouble(f"The CA file {ca_file} cannot be used: {what}. {remedy}", lasting=True) from None


def _utc(value: object) -> datetime:
    now = datetime.now(UTC)
    if not isinstance(value, datetime):
        return now
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        return min(aware.astimezone(UTC), now)
    except (OverflowError, ValueError):
        return now


__all__ = ["KEYWORD", "Envelope", "Folder", "OAuth2Error", "Session"]
