"""What is to be done in a help desk after a decision: pure.

Each write is an effect of its own. They carry `looks`: a second try looks first whether the first one happened.
What the desk cannot do is done another way, and the note says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from plugin.model import Decision, Effect, Issue, Message, Reply
from plugin.settings import Settings
from plugin.understand.language_names import language_name
from plugin.understand.mask import mask

#: Settings of ANTESALA_DESK that are no help desk with an API.
ELSEWHERE = ("builtin", "gateway")
_LABEL = 10  #: width of the first column of a note (`decide/note.py`)


def remote(settings: Settings) -> bool:
    """Is there a help desk with an API?"""
    return settings.desk not in ELSEWHERE


def quiet(settings: Settings) -> str:
    """Why customers hear nothing, as a sentence; "" if they may."""
    if not remote(settings) or settings.desk_mode == "live":
        return ""
    return f"the desk is in mode {settings.desk_mode}: customers hear nothing from Antesala yet"


def with_draft(decision: Decision, draft: Reply) -> Decision:
    """The decision, its note with the answer that would have been sent."""
    lines = ["", f"Draft of an answer in {language_name(draft.language)}, not sent:", "", draft.text.strip()]
    return replace(decision, note=decision.note.rstrip("\n") + "\n" + "\n".join(lines) + "\n")


def remote_effects(
    decision: Decision,
    message: Message,
    inbound_id: int,
    settings: Settings,
    can: frozenset[str],
    known: str | None,
    shown: str | None = None,
) -> Iterator[Effect]:
    """What to do in the desk but for the reply. `known`: the ticket of the conversation so far, if there is one;
    `shown`: its number as people see it, where that is another."""
    mode = settings.desk_mode
    if mode == "shadow":
        return
    own = ticket_of(message)
    base: dict[str, Any] = {"looks": True, "ticket": own}
    yield Effect(f"desk:{inbound_id}", "desk", base)
    follows = known if own and known and known != own else None  # the customer went on in a ticket of its own
    told_here = own is not None or known is None  # the desk has the customer's words already, or gets them on opening
    if not told_here and "append" in can:
        text, sender = mask(message.newest), message.sender
        payload = {**base, "text": text, "from": sender.email if sender else "", "name": sender.name if sender else ""}
        yield Effect(f"append:{inbound_id}", "append", payload)
    if "note" in can:
        said = None if told_here or "append" in can else mask(message.newest)
        text = note(decision, message, settings, can, said, follows and (shown or follows), first=told_here and not own)
        yield Effect(f"note:{inbound_id}", "note", {**base, "text": text})
    if mode != "live":
        return
    if follows and "link" in can:
        yield Effect(f"link:{inbound_id}", "link", {**base, "earlier": follows})
    if settings.desk_children and "child" in can and known is None:
        for number, issue in enumerate(further(decision), 1):
            payload = {**base, "group": issue.group, "intent": issue.intent, "text": mask(issue.text)}
            yield Effect(f"child:{inbound_id}:{number}", "child", payload)


def later_effects(news: str, inbound_id: int, settings: Settings, can: frozenset[str], ending: str) -> Iterator[Effect]:
    """What to do when a deadline changed a request: the ticket follows, and a note says why."""
    if settings.desk_mode == "shadow":
        return
    base: dict[str, Any] = {"looks": True, "ticket": None}
    yield Effect(f"desk:{inbound_id}:{ending}", "desk", base)
    if news.strip() and "note" in can:
        yield Effect(f"note:{inbound_id}:{ending}", "note", {**base, "text": flowing(news)})


def ticket_of(message: Message) -> str | None:
    """The ticket that a message came with, where it was the desk that said so."""
    return message.ticket if message.source in ("desk", "webhook") else None


def answers_by_desk(message: Message, can: frozenset[str]) -> bool:
    """An answer goes the way that the question came, as far as the desk can."""
    return message.source == "desk" and "reply" in can


def with_files(text: str, files: Sequence[tuple[str, str]]) -> str:
    """An answer with the texts of its files below it, for a desk whose programs cannot attach any."""
    return "\n\n".join([text.rstrip(), *(f"--- {name} ---\n\n{content.strip()}" for name, content in files)]) + "\n"


def further(decision: Decision) -> tuple[Issue, ...]:
    """Wants of the customer that another group sees to."""
    others = {issue.group: issue for issue in reversed(decision.issues[1:]) if issue.group != decision.group}
    return tuple(reversed(others.values()))


def note(
    decision: Decision,
    message: Message,
    settings: Settings,
    can: frozenset[str],
    said: str | None,
    follows: str | None = None,
    *,
    first: bool = False,
) -> str:
    """The internal note: the decision's, and what somebody has to do by hand or should know. `first`: the ticket is
    one that we open."""
    lines = [flowing(decision.note), *by_hand(decision, settings, can, follows)]
    reply = decision.reply
    if reply and reply.files and answers_by_desk(message, can) and "files" not in can:
        named = ", ".join(name for name, _ in reply.files)
        lines.append(f"{named} stands in the text of the answer: this desk takes no files from programs.")
    if first and "create" not in can:
        lines.append("Opened by mail: this desk opens no tickets for programs.")
    if said:
        lines += ["", "The customer wrote again, by another way than this desk:", "", said.strip()]
    if reply and settings.desk_mode == "live" and not answers_by_desk(message, can):
        lines += ["", "Answered by mail, past this desk:", "", reply.text.strip()]
    return "\n".join(lines) + "\n"


def by_hand(decision: Decision, settings: Settings, can: frozenset[str], follows: str | None = None) -> list[str]:
    """Lines about what the desk cannot be told, or may not be told in this mode."""
    live = settings.desk_mode == "live"
    group = settings.desk_groups.get(decision.group, decision.group)
    found = []
    if not live:
        found.append(f"mode {settings.desk_mode}: group and priority were left as they are")
    if live and "group" not in can:
        found.append(f"move it to {group}: this desk takes no group from programs")
    if live and "priority" not in can:
        found.append(f"set the priority {decision.priority}: this desk takes none from programs")
    if "tags" not in can and decision.tags:
        found.append(f"tags, which this desk does not have: {', '.join(decision.tags)}")
    if follows and not (live and "link" in can):
        found.append(f"link it to the earlier ticket {follows}")
    if not (live and settings.desk_children and "child" in can):
        for issue in further(decision):
            other = settings.desk_groups.get(issue.group, issue.group)
            found.append(f"open a ticket of its own for {issue.intent} in {other}")
    return [f"By hand: {text}" for text in found]


def flowing(note: str) -> str:
    """The note without columns: most desks show it in a proportional font and fold blanks. A label with several lines
    stands above them, one with a single line before it."""
    head, blank, rest = note.strip("\n").partition("\n\n")  # what follows a blank line is a letter
    blocks: list[tuple[str, list[str]]] = []
    for line in head.split("\n"):
        label, text = line[:_LABEL].rstrip(), " ".join(line[_LABEL:].split())
        if not label and blocks:
            blocks[-1][1].append(text)
        elif line[_LABEL - 1 : _LABEL] == " " and text and " " not in label:
            blocks.append((label, [text]))
        else:
            blocks.append(("", [" ".join(line.split())]))
    return "\n".join(line for label, texts in blocks for line in _block(label, texts)) + blank + rest


def _block(label: str, texts: Sequence[str]) -> Iterator[str]:
    if len(texts) == 1 or not label:
        yield f"{label}: {texts[0]}" if label else texts[0]
        yield from (f"- {text}" for text in texts[1:])
    else:
        yield f"{label}:"
        yield from (f"- {text}" for text in texts)
