"""The rulebook as the program sees it: checked, compiled, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from plugin.model import Channel, Place, Priority

if TYPE_CHECKING:
    from plugin.rulebook.conditions import Condition
    from plugin.rulebook.matcher import Matcher
    from plugin.rulebook.rules import Rules

Texts = Mapping[str, str]  #: by language


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something a customer might write, beside the intent or group that it is an example of."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Signal:
    """A condition that speaks for its owner with a weight (against it, if the weight is negative)."""

    id: str  #: "<owner>/<number>", or the id that the file gives
    owner: str  #: id of the intent, group or flag
    when: Condition
    weight: float
    place: Place


@dataclass(frozen=True, slots=True)
class PickUp:
    """How long a ticket may lie until somebody picks it up; working hours of its group."""

    within: timedelta  #: then the group is told
    then: timedelta  #: and after this much more it goes to the fallback group


@dataclass(frozen=True, slots=True)
class Waiting:
    """What happens while a customer is asked for details; working hours of the group. The defaults of desk.yaml."""

    hold_back: bool = False  #: the desk gets the ticket only once it is complete or time is up
    remind_after: timedelta | None = None  #: None: nobody is reminded
    hand_over_after: timedelta = timedelta(hours=36)  #: after the last question or reminder
    incomplete_tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Away:
    """A group or a member that is not there, from the first to the last day, both included."""

    place: Place
    first: date
    last: date
    group: str | None = None
    member: str | None = None
    because: str = ""

    def covers(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works in a group."""

    id: str
    notify: str = ""  #: name of the setting that says how to tell them


@dataclass(frozen=True, slots=True)
class Desk:
    """The help desk as a whole: desk.yaml."""

    name: str
    languages: tuple[str, ...]  #: that replies are written in
    recognise: tuple[str, ...]  #: that messages are recognised in; includes `languages`
    default_language: str
    time_zone: str  #: IANA name
    hours: Mapping[str, Any]  #: as written; `rulebook/hours.py` reads it
    fallback_group: str
    fallback_intent: str
    place: Place
    rounds: int = 1  #: how often a customer is asked
    max_asks: int = 3  #: questions in one reply
    addresses: tuple[str, ...] = ()  #: own addresses, lower case
    signature: Texts = field(default_factory=dict)
    waiting: Waiting = field(default_factory=Waiting)
    pick_up: PickUp | None = None  #: of groups that say nothing about it; None: nobody looks
    notify: tuple[str, ...] = ()  #: whom to tell when no group is concerned, and of groups without their own
    raw: Mapping[str, Any] = field(default_factory=dict)  #: every key of the file, as written


@dataclass(frozen=True, slots=True)
class Group:
    """A team."""

    id: str
    description: str
    place: Place
    tier: int = 1
    chat: bool = False  #: its people staff the live chat
    hours: Mapping[str, Any] | None = None  #: as written; None: the desk's
    name: Texts = field(default_factory=dict)  #: for customers
    signals: tuple[Signal, ...] = ()
    examples: tuple[Sentence, ...] = ()
    asks_first: tuple[str, ...] = ()  #: items that it needs first
    pick_up: PickUp | None = None  #: None: as the desk says
    notify: tuple[str, ...] = ()  #: its second channel, as names of settings
    fallback: str | None = None  #: the group that takes over; None: the desk's
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an intent's checklist."""

    item: str
    place: Place
    recommended: bool = False
    when: Condition | None = None  #: applies only then


@dataclass(frozen=True, slots=True)
class Intent:
    """What a customer may want."""

    id: str
    description: str
    place: Place
    name: Texts = field(default_factory=dict)  #: for customers, as "your refund request"
    signals: tuple[Signal, ...] = ()
    examples: tuple[Sentence, ...] = ()
    checklist: tuple[Line, ...] = ()
    channel: Channel | None = None
    group: str | None = None  #: decides the group, if given
    tags: tuple[str, ...] = ()
    priority: Priority | None = None
    asks_for_nothing: bool = False  #: beside another intent it is no issue of its own


@dataclass(frozen=True, slots=True)
class ItemRule:
    """An item of checklists: how it is found and how it is asked for."""

    id: str
    description: str
    place: Place
    weight: float
    found: Condition
    question: Texts
    signals: tuple[Signal, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)  #: every key, as written


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to know about a message beside its intent."""

    id: str
    description: str
    place: Place
    when: Condition | None = None
    signals: tuple[Signal, ...] = ()
    examples: tuple[Sentence, ...] = ()
    copy_to: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    opening: bool = False  #: only the first message of a conversation can raise it


@dataclass(frozen=True, slots=True)
class Then:
    """What a rule does; None and empty: nothing about that."""

    group: str | None = None
    priority: Priority | None = None
    channel: Channel | None = None
    tags: tuple[str, ...] = ()
    copy_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of routes.yaml or channels.yaml."""

    id: str
    description: str
    place: Place
    when: Condition
    then: Then
    goes_on: bool = False  #: `continue: true`: later rules are looked at as well
    trial: bool = False  #: recorded, but nothing is done


@dataclass(frozen=True, slots=True)
class Article:
    """A help page that a reply may point to."""

    id: str
    place: Place
    title: Texts
    link: Texts
    when: Condition


@dataclass(frozen=True, slots=True)
class Example:
    """A whole labelled request of examples/*.jsonl. None: the row does not say."""

    place: Place
    id: str
    subject: str
    body: str
    language: str
    intent: str | None = None
    group: str | None = None
    issues: tuple[tuple[str, str], ...] = ()  #: (intent, group)
    flags: frozenset[str] | None = None
    items: Mapping[str, bool] = field(default_factory=dict)  #: item -> present
    row: Mapping[str, Any] = field(default_factory=dict)  #: everything that the line holds


@dataclass(frozen=True, slots=True)
class Case:
    """One case of tests/*.yaml."""

    id: str
    place: Place
    message: Mapping[str, Any]
    expect: Mapping[str, Any]
    places: Mapping[str, Place]  #: of each key of `expect`
    raw: Mapping[str, Any] = field(default_factory=dict)  #: every key, as written


@dataclass(frozen=True)
class Rulebook:
    """Everything that decides. Never changes; a new one takes its place as a whole."""

    digest: str  #: sha256 of the files' names and contents, hex
    desk: Desk
    groups: Mapping[str, Group]
    intents: Mapping[str, Intent]
    items: Mapping[str, ItemRule]
    flags: Mapping[str, Flag]
    channels: Rules[Rule]
    routes: Rules[Rule]
    articles: Rules[Article]
    intent_signals: Rules[Signal]
    group_signals: Rules[Signal]
    flag_signals: Rules[Signal]
    item_signals: Rules[Signal]
    replies: Mapping[str, Texts]  #: language -> name of the text -> text
    words: Mapping[str, Mapping[str, tuple[str, ...]]]  #: vocabulary -> language -> phrases, as written
    examples: tuple[Example, ...]
    cases: tuple[Case, ...]
    matcher: Matcher
    away: tuple[Away, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    taught: Mapping[str, str] = field(default_factory=dict)  #: digests of what is learned from; see taught.py
    learned: Mapping[str, Any] = field(default_factory=dict)  #: what was learned from the examples; see `load`

    def with_learned(self, learned: Mapping[str, Any]) -> Rulebook:
        """The same rulebook with what was learned from it."""
        return replace(self, learned=learned)
