"""Every value that flows through Antesala: frozen, typed, imports nothing of ours.

Times are aware datetimes in UTC. Offsets count characters of the text they name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Channel = Literal["chat", "ticket", "ticket-only"]
Priority = Literal["low", "normal", "high", "urgent"]
Source = Literal["mail", "webhook", "form", "desk"]
#: Where a piece of text stands.
Where = Literal["subject", "body", "attachment", "header"]

CHANNELS: tuple[Channel, ...] = ("chat", "ticket", "ticket-only")  # from lax to strict
PRIORITIES: tuple[Priority, ...] = ("low", "normal", "high", "urgent")


# --- what arrived -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address and the name beside it; `email` is lower-cased and has one `@`."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came along. `name` is for people only, never a path."""

    name: str
    kind: str  #: image, video, audio, document, table, text, archive, mail, calendar or other
    content_type: str
    size: int  #: bytes, decoded
    digest: str  #: sha256 of the decoded bytes, hex
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that a customer wrote, whatever way it came."""

    source: Source
    id: str  #: the Message-ID without brackets, or a synthetic one from the bytes
    sender: Address | None  #: None where there is no single valid sender
    subject: str
    text: str  #: all that a reader would see, quotes and signature included
    newest: str  #: what the customer wrote now; equal to `text` if nothing could be told apart
    received_at: datetime
    date: datetime | None = None  #: as the sender's program says, if it is believable
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()  #: lower-cased name, decoded value, every occurrence in order
    structure: tuple[str, ...] = ()  #: content types of all parts, with report-type where there is one
    defects: tuple[str, ...] = ()  #: what was wrong with the bytes, e.g. "charset-unknown"
    ticket: str | None = None  #: the desk's own ticket number, if it came from a desk
    ticket_number: str | None = None  #: as people see it, where that is another
    language: str | None = None  #: two letters, where the customer chose it in a form

    def header(self, name: str) -> tuple[str, ...]:
        """All values of a header, in order; `name` in lower case."""
        return tuple(value for key, value in self.headers if key == name)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that a finding rests on."""

    text: str
    where: Where = "body"
    start: int = 0  #: in `Message.subject` or `Message.newest`
    end: int = 0
    note: str = ""  #: e.g. "typo of reembolso", "like the example '…', 0.83"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something exact that stands in the text: a date, an amount, an identifier, a device."""

    kind: str  #: e.g. "date", "amount", "identifier", "error", "browser"; the list is in `understand.facts`
    value: str  #: normalised: ISO dates, lower-case addresses, digits without blanks
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Understood:
    """A message and everything that can be told about it without rules."""

    message: Message
    language: str  #: two letters
    language_sure: bool
    facts: tuple[Fact, ...] = ()
    automatic: str | None = None  #: why the message is not a person's, or None


# --- what it is -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the rulebook."""

    file: str  #: relative to the rulebook's folder
    line: int  #: from 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was looked at, for the trail."""

    stage: str  #: understand, intent, flag, item, channel, route, reply
    rule: str  #: the rule's id
    place: Place | None
    matched: bool
    because: str  #: a sentence for people
    evidence: tuple[Evidence, ...] = ()
    trial: bool = False  #: recorded, but nothing was done


@dataclass(frozen=True, slots=True)
class Issue:
    """One want of the customer."""

    intent: str
    group: str
    text: str = ""  #: the part of the message that it is about
    score: float = 0.0  #: 0 to 1, how sure
    evidence: tuple[Evidence, ...] = ()
    completeness: Completeness | None = None  #: its own checklist


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist, as found."""

    id: str
    present: bool
    weight: float
    evidence: tuple[Evidence, ...] = ()
    recommended: bool = False  #: asked for only along with something else


@dataclass(frozen=True, slots=True)
class Completeness:
    """What is there and what is missing; `score` is 0 to 100."""

    score: int
    items: tuple[Item, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Ids of the items that the customer did not give."""
        return tuple(item.id for item in self.items if not item.present)


@dataclass(frozen=True, slots=True)
class Assessment:
    """Issues, flags and the checklist of the principal issue, which comes first."""

    issues: tuple[Issue, ...]
    completeness: Completeness
    flags: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    goes_on: int | None = None  #: number of an open request of the sender that the message turned out to be about
    new_matter: bool = False  #: it came within a conversation, but is about something else: a request of its own
    by_itself: str = (
        ""  #: the intent of the message when it is read without the conversation; "" where that is the same
    )
    answered: tuple[str, ...] = ()  #: items of our questions that this message answers
    declined: tuple[str, ...] = ()  #: items of our questions that the customer does not know or have

    @property
    def checklists(self) -> tuple[Completeness, ...]:
        """Of each issue, the principal one's first."""
        return (self.completeness, *(issue.completeness or Completeness(100) for issue in self.issues[1:]))


# --- what is known from before ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Question:
    """A question that we asked, as the customer read it."""

    item: str
    text: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """An open request that the sender takes part in; nothing else leads to it."""

    number: int
    history: History  #: as it would be if the message went on with that request
    alike: float = 0.0  #: share of words in common, 0 to 1
    same_subject: bool = False
    other_names: bool = False  #: both name something by number or code, and not the same
    recent: bool = True  #: less than a day ago; an older one is known again by answers to our questions alone
    wrote: bool = True  #: the sender has written about it; who was only in copy is joined when asking about it again


@dataclass(frozen=True, slots=True)
class History:
    """What the store knows about the conversation and the sender before this message."""

    asked: frozenset[str] = frozenset()  #: items asked for earlier in this conversation
    given: frozenset[str] = frozenset()  #: items that earlier messages gave
    rounds: int = 0  #: questions sent in this conversation
    replies_to_request: int = 0
    replies_to_sender_24h: int = 0
    replies_from_mailbox_1h: int = 0
    last_reply_to_sender: datetime | None = None
    breaker_open: bool = False  #: the mailbox sent too much; a person has to look
    agent_replied: bool = False
    request_open: bool = False  #: an earlier message of this conversation is being worked on
    language: str | None = None  #: of the conversation so far
    intent: str | None = None  #: of the conversation so far; an answer to our questions rarely repeats it
    group: str | None = None
    number: int | None = None  #: of the request that the message belongs to
    ticket: str | None = None  #: the desk's number of it, if the desk has one of its own
    ticket_number: str | None = None  #: as people see it, where that is another
    linked_by: str = ""  #: how it was found: thread, ticket or number
    other_subject: bool = False  #: the message has another subject than the conversation
    told_in_hand: bool = False  #: the customer was told that the request is in hand
    questions: tuple[Question, ...] = ()  #: of the last mail of ours that asked, in order
    issues: tuple[Issue, ...] = ()  #: of the conversation so far, each with its checklist
    flags: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    priority: Priority | None = None
    score: int | None = None
    earlier: tuple[Earlier, ...] = ()  #: where nothing leads to a conversation: open requests of the sender
    linked: tuple[int, ...] = ()  #: other requests that the sender took part in and that the message names by number
    own_message_ids: frozenset[str] = frozenset()  #: of mails we sent, among this message's references
    seen_fingerprints: int = 0  #: messages with the same words from the same domain in the last hour
    replies_to_domain_1h: int = 0  #: to anybody at the sender's domain
    replies_from_mailbox_24h: int = 0
    quiet: str = ""  #: why nothing may be said to customers for now, e.g. the desk's mode; a sentence
    sender_muted: bool = False  #: the sender's address refused our mail for good, less than 60 days ago
    held: bool = False  #: the desk does not have the ticket yet: it is held back until complete or timed out
    moved_to: str | None = None  #: group that a person or an escalation moved the ticket to: there it stays
    happened: tuple[str, ...] = ()  #: lines that deadlines wrote into the note


# --- what is done about it --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reply:
    """The one public answer. Plain text; `asks` are item ids in the order of the questions."""

    language: str
    subject: str
    text: str
    asks: tuple[str, ...] = ()
    html: str = ""  #: the same as a fragment of simple HTML
    kind: str = ""  #: ask, confirm, in-hand or empty
    questions: tuple[str, ...] = ()  #: the questions as written, in the order of `asks`
    files: tuple[tuple[str, str], ...] = ()  #: names and texts of files to go along, such as a form to sign


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that was decided about a message, and why."""

    language: str
    intent: str
    group: str
    channel: Channel
    priority: Priority
    issues: tuple[Issue, ...]
    completeness: Completeness
    flags: tuple[str, ...]
    tags: tuple[str, ...]
    suppressed: str | None  #: why no automatic answer may go out at all, or None
    reply: Reply | None
    no_reply: str | None  #: why there is no reply although there might be one, or None
    note: str  #: internal, plain text
    copies: tuple[str, ...] = ()  #: groups that are told as well
    rulebook: str = ""  #: digest of the rulebook that decided
    decided_at: datetime | None = None  #: the `now` that it was decided with
    goes_on: int | None = None  #: as in Assessment
    new_matter: bool = False  #: as in Assessment
    linked: tuple[int, ...] = ()  #: older requests that the message names
    trail: tuple[Step, ...] = ()

    @property
    def checklists(self) -> tuple[Completeness, ...]:
        """Of each issue, the principal one's first."""
        return (self.completeness, *(issue.completeness or Completeness(100) for issue in self.issues[1:]))


@dataclass(frozen=True, slots=True)
class Pending:
    """A request as it stands when one of its deadlines comes."""

    number: int
    state: str  #: new, waiting, complete, handed-over
    group: str
    language: str
    rounds: int
    tags: tuple[str, ...]
    missing: tuple[str, ...]
    held: bool  #: the desk does not have it yet
    taken: bool  #: somebody picked it up, or an agent has answered
    routed_at: datetime | None  #: since when its group has it
    ticket: str | None
    note: str
    decision: Decision  #: about the message that the deadline began with
    history: History  #: of the request, and of what was sent to that message's sender
    ticket_number: str | None = None  #: as people see it, where that is another


# --- effects ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing to do in the world, with the key that makes it happen once."""

    key: str  #: e.g. "reply:<inbound>:ask", unique for ever
    kind: str  #: "reply", "desk", "gateway", "webhook", "notify"; "due": look again at that time
    payload: Mapping[str, Any] = field(default_factory=dict)  #: JSON values only
    at: datetime | None = None  #: not before; None: at once
    held: bool = False  #: waits until the request is released


# --- intake -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Arrival:
    """Bytes on their way into the store, before anything is told about them."""

    source: Source
    raw: bytes  #: the mail, or the payload as JSON bytes
    received_at: datetime
    mailbox: str = ""  #: name of the mailbox or endpoint
    key: str = ""  #: the sender's own id for it (webhook-id); a mail's is found in its bytes
    marked: bool = False  #: the mailbox says that we took it before


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the store made of an arrival; committed when this exists."""

    inbound_id: int
    new: bool  #: False if it was there already
