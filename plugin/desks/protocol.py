"""What a help desk must be able to do. Every desk is one file behind this, and passes tests/desks.

Who does what
- **The desk's file** translates: between its API and the values here, and nothing else. It keeps no state
  but its HTTP client, never retries, never decides. Names of groups are the desk's own on this side of
  the line; the service maps them (ANTESALA_DESK_GROUPS).
- **The service** (`plugin/service/desk/`) is where the promises are kept, once for all desks: it looks for
  an earlier try before every write that must not happen twice, reads the ticket back after each write and
  compares, holds to the mode (shadow, note, live), and recognises our own echoes.

So `read` must tell the truth: the service believes only what it reads back. In particular `Entry.public`
must be False only for what the customer can never see, and `Entry.author` must be "bot" for whatever was
written with our own credentials, whoever it is shown as.

Every method may raise DeskError with the Outcome that the service acts on (see `plugin/desks/http.py`):
again (the desk is away, busy, or does not show the ticket yet), dead (it will never work), uncertain (a
write that may have happened). They never raise anything else for what a desk answers; text of a desk or of a
customer never gets into an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from plugin.act.outcome import EffectError
from plugin.desks.signatures import Scheme
from plugin.model import Address, Attachment, Priority

Role = Literal["customer", "agent", "bot", "system"]
#: What a desk can do. `append`: add what a customer wrote, in the customer's name, without mailing it to anybody.
#: `changes`: list what changed since a moment. What is missing is done another way, and the note says so.
#: `files`: let a reply carry files.
Ability = Literal["create", "append", "group", "tags", "priority", "note", "reply", "files", "link", "child", "changes"]
ABILITIES: frozenset[Ability] = frozenset(
    ("create", "append", "group", "tags", "priority", "note", "reply", "files", "link", "child", "changes")
)


class DeskError(EffectError):
    """What a desk did not do, as the Outcome to act on; `error` is a code like "Http 403" or a class name."""


# --- what a desk holds ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was written in a ticket."""

    id: str  #: the desk's own, unique within the ticket
    author: Role  #: "bot": by us; "system": by nobody, e.g. "the ticket was merged"
    public: bool  #: can the customer see it?
    text: str  #: plain text; what comes as HTML is turned into text
    at: datetime
    sender: Address | None = None  #: the customer who wrote it
    message_id: str = ""  #: of the mail that it was, without brackets
    in_reply_to: str = ""
    headers: tuple[tuple[str, str], ...] = ()  #: of the mail that it was: lower-cased name, value
    attachments: tuple[Attachment, ...] = ()
    by: str = ""  #: who wrote it, as the desk names its users; for agents


@dataclass(frozen=True, slots=True)
class TicketNow:
    """A ticket as the desk has it, read in one go."""

    id: str  #: what the API takes; where people see another number, that is `number`
    subject: str
    group: str  #: the desk's own name of it; "" if in none
    priority: Priority | None  #: None where the desk has none or an unknown one
    tags: frozenset[str]
    requester: Address | None
    entries: tuple[Entry, ...]  #: all of them, oldest first; the opening text is the first
    open: bool = True
    number: str = ""  #: as people see it
    version: str = ""  #: for concurrency control: an ETag or a time of change
    links: frozenset[str] = frozenset()  #: ids of tickets that it is linked to, whatever the kind of link
    owner: str = ""  #: the agent who has it, as the desk names its users; "" for nobody and for ourselves


@dataclass(frozen=True, slots=True)
class Changed:
    """A ticket that changed, and when."""

    ticket: str
    at: datetime


# --- what is asked of it ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a ticket shall stand. None: leave as it is."""

    group: str | None = None  #: the desk's own name
    priority: Priority | None = None
    add_tags: frozenset[str] = frozenset()
    remove_tags: frozenset[str] = frozenset()  #: tags of an earlier decision of ours that no longer hold


@dataclass(frozen=True, slots=True)
class Opening:
    """A ticket to open, with the customer as its requester."""

    requester: Address
    subject: str
    text: str
    group: str  #: the desk's own name
    priority: Priority
    tags: frozenset[str] = frozenset()
    message_id: str = ""
    parent: str = ""  #: the ticket that it is a child of
    at: datetime | None = None  #: when the customer wrote


@dataclass(frozen=True, slots=True)
class Answer:
    """A public reply to the customer."""

    text: str
    html: str = ""  #: the same as a fragment of simple HTML
    subject: str = ""
    files: tuple[tuple[str, str], ...] = ()  #: names and texts; none where the desk has not the ability


@dataclass(frozen=True, slots=True)
class Probe:
    """One permission that was tried without leaving traces; `remedy` says what to click when it is missing."""

    what: str  #: e.g. "read tickets", "write internal notes"
    ok: bool
    remedy: str = ""
    needed: Ability | None = None  #: None: nothing works without it


class Desk(Protocol):
    """A help desk. Safe to use from many threads."""

    @property
    def name(self) -> str:
        """As in ANTESALA_DESK."""

    @property
    def abilities(self) -> frozenset[Ability]:
        """What it can do, whatever the permissions; the same for ever."""

    def read(self, ticket: str) -> TicketNow:
        """The ticket with all its entries. Not there (yet): again with "NotVisible", which the service tries
        for a while, since hooks may come before the desk's own transaction ends."""

    def changed_since(self, moment: datetime) -> Iterable[Changed]:
        """All tickets that changed at `moment` or later, oldest change first, all pages. May repeat, must not miss."""

    def find(self, opening: Opening, since: datetime) -> str | None:
        """The ticket that an earlier try of `create` made, not before `since`: by the Message-ID where the desk
        keeps it (whoever made the ticket from that mail), else the same requester, subject and text."""

    def create(self, opening: Opening) -> str:
        """Open a ticket; its id. Not repeatable: raises uncertain where nobody can tell whether it is there."""

    def append(self, now: TicketNow, text: str, sender: Address) -> None:
        """Add what the customer wrote by another way, in the customer's name, mailing nobody."""

    def place(self, now: TicketNow, placement: Placement) -> None:
        """Set group and priority, add and remove our tags. Other people's tags stay, also those set since `now` was
        read: with the desk's concurrency control where it has one (stale: read and merge again, at most five
        times), with additive calls where it has those, else read-merge-write as close together as can be.
        Repeatable. The service reads back: no need to look at what the desk answers to a 2xx."""

    def note(self, ticket: str, text: str) -> None:
        """Write an internal note: every flag that keeps it internal is sent explicitly, never left to a default."""

    def reply(self, now: TicketNow, answer: Answer) -> None:
        """Write to the customer, so that the desk sends it the way it sends an agent's answers."""

    def link(self, now: TicketNow, earlier: str) -> None:
        """Say that the ticket follows an earlier one."""

    def child(self, now: TicketNow, opening: Opening) -> str:
        """Open a ticket for a second want of the same customer; its id."""

    def movers(self, ticket: str) -> Mapping[Literal["group", "tags"], str]:
        """Who changed group and tags last by the desk's own log, as it names its users; "" for the desk itself (a
        trigger, a rule of time) and for us. What it does not tell is left out."""

    def unknown(self, tags: frozenset[str]) -> frozenset[str]:
        """Those that the desk would not take, or not show, until somebody makes them there."""

    def probe(self, group: str) -> Sequence[Probe]:
        """Try each permission without leaving traces; `group` is one of the desk's. Raises as the others do where
        the desk cannot be reached or refuses the credentials."""

    def close(self) -> None:
        """Give connections back."""


# --- hooks: pure, no HTTP ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook as it came in, once its signature was found right."""

    headers: Mapping[str, str]  #: lower-cased names
    body: bytes  #: raw: signatures are made over exactly these bytes


@dataclass(frozen=True, slots=True)
class HookEvent:
    """What a genuine webhook says: something happened to a ticket. Texts in it are not used; the ticket is fetched."""

    ticket: str
    #: The same for the same event however often it is delivered, another for another: the delivery id, or the ids of
    #: ticket and transaction, else a hash of the body.
    event: str


@dataclass(frozen=True, slots=True)
class Hook:
    """How a desk's webhooks are read; chosen by the configured path, never by what came in."""

    scheme: Scheme  #: how the desk proves that a hook is its own
    #: What happened; () for what does not concern us (the desk's ping, events of other things).
    #: Raises ValueError, whose text quotes nothing, for a body that is not of this desk.
    events: Callable[[Delivery], tuple[HookEvent, ...]]


@dataclass(frozen=True, slots=True)
class Access:
    """How a desk is reached: from the settings."""

    url: str
    token: str = field(default="", repr=False)
    user: str = ""  #: the bot's name or address, where the desk logs in by it
    timeout: float = 20.0  #: seconds for one call
    options: Mapping[str, str] = field(default_factory=dict)  #: the desk's own, e.g. names of custom fields
    #: Asked before every call: 0 if it may go out now, else the seconds until to ask again.
    pace: Callable[[], float] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of help desk: what its file offers, collected in `plugin/desks/registry.py`."""

    name: str  #: as in ANTESALA_DESK
    abilities: frozenset[Ability]
    connect: Callable[[Access], Desk]  #: makes a client; calls nothing yet
    hook: Hook | None = None  #: None: the desk has no webhooks; it is polled
    options: Mapping[str, str] = field(default_factory=dict)  #: names for ANTESALA_DESK_OPTIONS and their defaults
    #: Priorities that the desk does not have, with those that stand for them; whoever asks for one asks for the other.
    lacks: Mapping[Priority, Priority] = field(default_factory=dict)
