"""Facts: what stands exactly in a message, with where it stands. Pure, linear in the length of the text.

| kind | what |
|---|---|
| `date`, `deadline`, `period`, `month`, `time`, `frequency` | see `dates` |
| `amount` | a sum of money |
| `identifier.reservation`, `.property`, `.guest`, `.owner`, `.user`, `.campaign` | what it names; see `identifiers` |
| `identifier.invoice`, `.charge`, `.site`, `.code`, `.maybe` | the same |
| `name`, `place` | another name, see `identifiers` |
| `ticket-number` | the number of an earlier ticket |
| `error`, `quoted` | a code; text between quotation marks |
| `device`, `device.word`, `os`, `browser`, `app-version`, `mobile-app` | see `devices` |
| `email`, `domain`, `phone`, `link`, `picture-link`, `file-link` | see `links` |
| `card-number`, `card-tail`, `password`, `identity-document`, `iban` | `secrets`; only the value is masked |
| `look-alike` | a word with letters of another alphabet that look like Latin ones, see `lookalikes` |
| `attachment`, `attachment.<kind>` | a file that came along |
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice

from plugin.model import Evidence, Fact, Message, Where
from plugin.understand.facts.amounts import amounts
from plugin.understand.facts.dates import dates
from plugin.understand.facts.devices import devices
from plugin.understand.facts.errors import errors
from plugin.understand.facts.found import LIMIT, Text, outside
from plugin.understand.facts.identifiers import identifiers, quoted_names
from plugin.understand.facts.links import links
from plugin.understand.facts.secrets import SECRET, SENSITIVE, secrets
from plugin.understand.lookalikes import as_it_looks, disguised

__all__ = ["SECRET", "SENSITIVE", "facts", "facts_of_text"]

#: Half of a character outside the first plane, as cut texts hold it: UTF-8 has no place for it, so RE2 has none.
_HALF = re.compile("[\ud800-\udfff]")
#: Kinds that may lie over others of the same finder: "los lunes" is how often and when.
OVERLAPPING = ("frequency", "quoted", "device.word")
#: More facts than this in one text are no request but a list; the rest is left out.
MOST = 400
MOST_LOOKALIKES = 20


def facts(message: Message, language: str = "") -> tuple[Fact, ...]:
    """All facts of the subject, the newest text and the attachments.

    Customers mix languages, so all are looked for; `language` settles what differs between them ("once", "mai").
    """
    day = (message.date or message.received_at).date()
    found = [
        *facts_of_text(message.subject, "subject", day, language),
        *facts_of_text(message.newest, "body", day, language),
        *_attached(message),
    ]
    return tuple(found)


def facts_of_text(text: str, where: Where = "body", day: date | None = None, language: str = "") -> tuple[Fact, ...]:
    """All facts of one text in its order; `day` is when it was written, for "yesterday" and "on Monday"."""
    piece = Text(_HALF.sub("\ufffd", text[:LIMIT]), where, day, language)
    secret = secrets(piece)
    found = list(secret)
    for finder in (links, dates, errors, devices, amounts):
        by_kind: dict[bool, list[Fact]] = {True: [], False: []}
        for fact in finder(piece):
            by_kind[fact.kind in OVERLAPPING].append(fact)
        found += [*outside(by_kind[False], secret), *outside(by_kind[True], secret)][:MOST]
    exact = [fact for fact in found if fact.kind not in ("quoted", "frequency", "device.word", "error", "period")]
    named = [*quoted_names(piece, [fact for fact in found if fact.kind == "quoted"])][:MOST]
    found += [*named, *identifiers(piece, [*exact, *named])][:MOST]
    found += [
        piece.fact("look-alike", as_it_looks(text[start:end]), start, end)
        for start, end in islice(disguised(piece.raw), MOST_LOOKALIKES)
    ]
    return tuple(sorted(found, key=lambda fact: (fact.evidence.start, fact.kind)))


def _attached(message: Message) -> Iterator[Fact]:
    for attachment in message.attachments:
        evidence = Evidence(attachment.name, "attachment")
        yield Fact("attachment", attachment.name, evidence)
        yield Fact(f"attachment.{attachment.kind}", attachment.name, evidence)
