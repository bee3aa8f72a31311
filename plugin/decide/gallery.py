"""Whole replies for every intent and language, as a customer would get them: to read before they go out.

`antesala replies` prints them for any rulebook; docs/replies.md is the default pack's, held fresh by a test.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from plugin.decide.decide import decide
from plugin.decide.problems import REMINDING
from plugin.decide.remind import reminder
from plugin.model import (
    Address,
    Assessment,
    Attachment,
    Completeness,
    Decision,
    History,
    Issue,
    Item,
    Message,
    Pending,
    Understood,
)
from plugin.rulebook import Intent, Rulebook

#: A Wednesday morning, and a Friday evening.
OPEN = datetime(2026, 11, 18, 9, 24, tzinfo=UTC)
CLOSED = datetime(2026, 11, 20, 21, 40, tzinfo=UTC)
#: What desk.yaml may name and the letters of the pack leave out.
_LINKS = {
    "details_link": "https://help.example/details",
    "account_manager": "https://help.example/talk",
    "survey": "https://help.example/survey",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A reply and what it answers."""

    title: str
    language: str
    decision: Decision


def samples(rulebook: Rulebook) -> Iterator[Sample]:
    """For every intent a message that gives nothing and one that gives all, then the special cases, by language."""
    for intent in rulebook.intents.values():
        issues = [(intent.id, intent.group or _usual_group(rulebook))]
        for given in (False, True) if intent.checklist else (True,):
            title = f"{intent.id}, {'everything' if given else 'nothing'} given" if intent.checklist else intent.id
            found = assessment(rulebook, issues, given=given)
            yield from _in_all_languages(title, rulebook, found)
    yield from _special(rulebook)


def _in_all_languages(
    title: str,
    rulebook: Rulebook,
    found: Assessment,
    now: datetime = OPEN,
    history: History | None = None,
    **message: Any,
) -> Iterator[Sample]:
    for language in rulebook.desk.languages:
        understood = Understood(_message(now, **message), language, True)
        yield Sample(title, language, decide(understood, found, rulebook, history or History(), now))


def _message(now: datetime = OPEN, **values: Any) -> Message:
    return Message(
        **{
            "source": "mail",
            "id": "sample@customer.example",
            "sender": Address("ana@customer.example", "Ana"),
            "subject": "A",
            "text": "",
            "newest": "",
            "received_at": now,
            **values,
        }
    )


def _special(rulebook: Rulebook) -> Iterator[Sample]:
    first, second = _two_intents(rulebook)
    one = [(first.id, first.group or _usual_group(rulebook))]
    two = [*one, (second.id, second.group or rulebook.desk.fallback_group)]
    plain, full = (assessment(rulebook, one, given=given) for given in (False, True))
    yield from _in_all_languages("outside opening hours, nothing given", rulebook, plain, CLOSED)
    yield from _in_all_languages("outside opening hours, everything given", rulebook, full, CLOSED)
    yield from _in_all_languages("one question only", rulebook, _but_one(full, rulebook))
    several, all_of_several = (assessment(rulebook, two, given=given) for given in (False, True))
    yield from _in_all_languages("two issues", rulebook, several)
    yield from _in_all_languages("two issues, everything given", rulebook, all_of_several)
    for flag in rulebook.flags:
        flagged = assessment(rulebook, one, given=False, flags=(flag,))
        yield from _in_all_languages(f"with the flag {flag}", rulebook, flagged)
    yield from _in_all_languages("an empty message", rulebook, plain, subject="")
    picture = Attachment("IMG_0042.png", "image", "image/png", 48_213, "0" * 64)
    yield from _in_all_languages("nothing but a picture", rulebook, plain, subject="", attachments=(picture,))
    yield from _linked(rulebook, plain)
    again = History(request_open=True, number=1042, replies_to_request=1, rounds=rulebook.desk.rounds)
    yield from _in_all_languages("who writes again about an open request", rulebook, plain, history=again)
    late = "who writes again about an open request, outside opening hours"
    yield from _in_all_languages(late, rulebook, plain, CLOSED, again)
    yield from _reminders("the reminder, where desk.yaml has remind_after", rulebook, plain)
    yield from _reminders("the reminder of one question", rulebook, _but_one(full, rulebook))


def _linked(rulebook: Rulebook, plain: Assessment) -> Iterator[Sample]:
    """With every link that a desk may name."""
    raw = {**rulebook.desk.raw, **_LINKS}
    yield from _in_all_languages(
        "with a page to fill in (details_link)", replace(rulebook, desk=replace(rulebook.desk, raw=raw)), plain
    )
    offered = [i for i in rulebook.intents.values() if _offers(rulebook, i.id)]
    raw |= {"details_link": "", "forms": {}}
    desk = replace(rulebook, desk=replace(rulebook.desk, raw=raw))
    for intent in offered:
        issues = [(intent.id, intent.group or _usual_group(rulebook))]
        title = f"{intent.id}, everything given, with account_manager and survey"
        yield from _in_all_languages(title, desk, assessment(rulebook, issues, given=True))


def _offers(rulebook: Rulebook, intent: str) -> bool:
    return any(f"offer.{name}.{intent}" in texts for texts in rulebook.replies.values() for name in _LINKS)


def _reminders(title: str, rulebook: Rulebook, found: Assessment) -> Iterator[Sample]:
    for sample in _in_all_languages(title, rulebook, found):
        if not {*REMINDING} <= rulebook.replies[sample.language].keys():
            continue  # a desk that reminds nobody needs no texts for it
        decided, message = sample.decision, _message()
        pending = Pending(
            number=1042, state="waiting", group=decided.group, language=sample.language, rounds=1, tags=decided.tags,
            missing=decided.completeness.missing, held=False, taken=False, routed_at=OPEN, ticket=None,
            note=decided.note, decision=decided, history=History(),
        )  # fmt: skip
        reply = reminder(Understood(message, sample.language, True), pending, rulebook, OPEN + timedelta(days=2))
        yield replace(sample, decision=replace(decided, reply=reply))


def _but_one(full: Assessment, rulebook: Rulebook) -> Assessment:
    """The same without the item that its group needs first."""
    group = rulebook.groups[full.issues[0].group]
    items = full.completeness.items
    first = next((name for name in group.asks_first if any(name == item.id for item in items)), items[0].id)
    left = tuple(replace(item, present=item.present and item.id != first) for item in items)
    checklist = Completeness(0, left)
    return replace(full, issues=(replace(full.issues[0], completeness=checklist),), completeness=checklist)


def assessment(
    rulebook: Rulebook, issues: list[tuple[str, str]], *, given: bool, flags: tuple[str, ...] = ()
) -> Assessment:
    """As `assess` would give it for a message with these issues, all or nothing of the checklist given."""
    listed = tuple(
        Issue(intent, group, score=1.0, completeness=_checklist(rulebook, intent, given=given))
        for intent, group in issues
    )
    return Assessment(listed, listed[0].completeness or Completeness(100), flags)


def _checklist(rulebook: Rulebook, intent: str, *, given: bool) -> Completeness:
    items = tuple(
        Item(line.item, given, rulebook.items[line.item].weight, recommended=line.recommended)
        for line in rulebook.intents[intent].checklist
        if line.when is None
    )
    return Completeness(100 if given or not items else 0, items)


def _usual_group(rulebook: Rulebook) -> str:
    """For intents that any group may get: the first group beside the one for the rest."""
    others = [g for g in rulebook.groups if g != rulebook.desk.fallback_group]
    return others[0] if others else rulebook.desk.fallback_group


def _two_intents(rulebook: Rulebook) -> tuple[Intent, Intent]:
    """One that any group may get, and one that always goes to the same, where the pack has such."""
    intents = list(rulebook.intents.values())
    free = next((i for i in intents if i.group is None and i.checklist), intents[0])
    fixed = next((i for i in intents if i.group is not None and i.checklist), intents[-1])
    return free, fixed


def as_markdown(rulebook: Rulebook) -> str:
    """All samples as a page."""
    parts = [
        "# Whole replies",
        "Every kind of mail that a customer can get from the default pack: one letter for each intent and language, for"
        " a message that gives nothing of the checklist and for one that gives everything; then the special cases:"
        " outside opening hours, several issues, flags, empty messages, who writes again, the reminder. When a request"
        " is handed over, or a ticket moves to another group, customers hear nothing; what people who work here are"
        " told then is in [waiting.md](waiting.md). `antesala replies --markdown` writes this page from the pack.",
    ]
    title = ""
    for sample in samples(rulebook):
        if sample.title != title:
            title = sample.title
            parts.append(f"## {title[:1].upper()}{title[1:]}")
        parts.append(f"### {sample.language}\n\n{_quoted(sample.decision)}")
    return "\n\n".join(parts) + "\n"


def _quoted(decision: Decision) -> str:
    if decision.reply is None:
        return f"No reply: {decision.no_reply or decision.suppressed}."
    along = (f"\n\nWith it goes `{name}`:\n\n```text\n{text.rstrip()}\n```" for name, text in decision.reply.files)
    return f"```text\n{decision.reply.text}```{''.join(along)}"
