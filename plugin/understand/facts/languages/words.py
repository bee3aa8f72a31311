"""What one language must say so that facts can be found in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Folded words and RE2 patterns of one language."""

    language: str
    months: Mapping[str, int]  #: name, pattern allowed -> 1 to 12
    weekdays: Mapping[str, int]  #: full name -> 0 (Monday) to 6
    days: Mapping[str, int]  #: "yesterday" -> -1; days from the day of the message
    moments: tuple[str, ...]  #: other times that are past or now: "last week", "this morning"
    ahead: tuple[str, ...]  #: times that are still to come, deadlines: "by Friday", "tomorrow"
    ago: tuple[str, ...]  #: patterns with {n} and {unit}: "hace {n} {unit}"
    since: str  #: words that open a span that lasts until now, or a point from which on
    before_day: str  #: what stands before a mere day of the month: "el 3", "on the 3rd"
    after_day: str  #: what may stand right after a day's number: "st", ".", "er"
    of: str  #: between day, month and year: "de", "of"
    numbers: Mapping[str, int]
    vague: str  #: numbers that are not exact: "unos", "a couple of"
    units: Mapping[str, int]  #: pattern -> days
    clock: tuple[str, ...]  #: times of day, with {hour}
    recurring: tuple[str, ...]  #: how often; {weekday} and {n} allowed
    holder: str  #: before a person's name: "sr.", "madame", "guest"
    nouns: Mapping[str, str]  #: pattern of a noun that an identifier follows -> kind of identifier
    number_sign: str  #: between noun and identifier: "número", "n.º", "called"
    ticket: str  #: what an earlier ticket is called
    ending: str  #: before the last digits of a card: "terminada en"
    key_words: str  #: what a password is called
    is_: str  #: "es", "is", between a password's name and the password
    document: Mapping[str, str]  #: pattern of a document's name -> kind
    error: str  #: what an error is called, before its code
    devices: Mapping[str, str]  #: pattern -> device
