"""The internal note for the agent: what it is, what is there, what is missing, where it goes and why.

Plain text, one line a matter, the weightiest first. The customer's words are shortened, put on one line and masked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plugin.decide.answer import Refusal
from plugin.decide.ask import Asking
from plugin.decide.channel import Fit
from plugin.decide.plan import Kind
from plugin.decide.route import Routed
from plugin.decide.veil import Veil
from plugin.decide.wording import clean
from plugin.model import Assessment, Evidence, History, Item, Reply, Step, Understood
from plugin.rulebook import Rulebook
from plugin.understand.language_names import language_name
from plugin.understand.mask import mask

_QUOTE = 70  #: characters of a quotation
_OPENING = 200  #: of what the principal issue is about
_SPLIT_QUOTE = 300  #: of the text of one issue in the proposed split
_RULES = 8  #: lines of the trail that the note repeats
_LABEL = 10  #: width of the first column


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that the note tells about."""

    understood: Understood
    hidden: Veil
    assessment: Assessment
    rulebook: Rulebook
    routed: Routed
    fit: Fit
    asking: Asking
    planned: Kind | Refusal
    reply: Reply | None
    steps: tuple[Step, ...]
    history: History  #: of the conversation that the message belongs to


def write(found: Findings) -> str:
    """The note."""
    lines = [_headline(found)]
    for label, texts in _matters(found):
        for number, text in enumerate(texts):
            lines.append(f"{'' if number else label:<{_LABEL}}{text}".rstrip())
    return "\n".join(lines) + "\n" + "".join(found.history.happened)


def line(label: str, text: str) -> str:
    """A line that is added to a note later, and that the notes after it repeat."""
    return f"{label:<{_LABEL}}{text}\n"


def _headline(found: Findings) -> str:
    principal, score = found.assessment.issues[0], found.assessment.completeness.score
    more = f" (+{len(found.assessment.issues) - 1} more)" if len(found.assessment.issues) > 1 else ""
    parts = (f"{principal.intent}{more}", found.routed.group, found.fit.channel, f"{found.routed.priority} priority")
    return " · ".join((*parts, f"{score} % complete"))


def _matters(found: Findings) -> Iterator[tuple[str, list[str]]]:
    if changed := _changed(found):
        yield "New", changed
    yield "What", _what(found)
    if flags := _flags(found):
        yield "Mind", flags
    yield "Given", _given(found) or ["nothing of the checklist"]
    if missing := _missing(found):
        yield "Missing", missing
    if found.assessment.declined:
        yield "Without", [f"the customer does not have: {', '.join(found.assessment.declined)}"]
    yield "Reply", [_reply(found)]
    yield "Channel", [f"{found.fit.channel}: {found.fit.because}"]
    if away := [step for step in found.routed.steps if step.rule.startswith("away/")]:
        yield "Away", [f"{step.because} ({step.place})" for step in away]
    if found.routed.copies:
        yield "Copies", [", ".join(found.routed.copies)]
    if len(found.assessment.issues) > 1:
        yield "Split", _split(found)
    if found.history.linked:
        yield "Earlier", [f"the customer names request {', '.join(map(str, found.history.linked))}"]
    if rules := _rules(found.steps):
        yield "Why", rules


def _what(found: Findings) -> list[str]:
    """The intent in the pack's words, and the beginning of the customer's own."""
    principal, message = found.assessment.issues[0], found.understood.message
    intent = found.rulebook.intents.get(principal.intent)
    sender = clean(message.sender.email, 100) if message.sender else "no valid sender"
    said = shortened(principal.text or found.hidden.text(message.newest), _OPENING)
    return [
        (intent.description if intent else principal.intent).strip(),
        f"“{said}”" if said else "(no text)",
        f"in {language_name(found.understood.language)} from {sender}",
    ]


def _flags(found: Findings) -> list[str]:
    steps = {s.rule: s for s in found.assessment.steps if s.stage == "flag" and s.matched and not s.trial}
    lines = []
    for flag in found.assessment.flags:
        rule = found.rulebook.flags.get(flag)
        said = _quotes(steps[flag].evidence, 1) if flag in steps else ""
        meaning = rule.description.partition(";")[0].strip().rstrip(".") if rule else ""
        lines.append(f"{flag}: {meaning}" + (f"  {said}" if said else ""))
    return lines


def _changed(found: Findings) -> list[str]:
    """What a further message of a conversation changed; of the first one nothing."""
    history, now = found.history, found.assessment.completeness
    if history.issues == () or history.score is None:
        return []
    lines = []
    before = {i.id for issue in history.issues if issue.completeness for i in issue.completeness.items if i.present}
    given = [i for i in dict.fromkeys(i.id for i in _items(found.assessment) if i.present) if i not in before]
    lines.append(f"gives {', '.join(given)}" if given else "gives nothing of what was missing")
    if now.score != history.score:
        lines[0] += f"; {now.score} % complete, was {history.score} %"
    for what, was, is_now in (
        ("group", history.group, found.routed.group),
        ("priority", history.priority, found.routed.priority),
    ):
        if was and was != is_now:
            lines.append(f"{what} {was} -> {is_now}")
    gone, new = set(history.tags) - set(found.routed.tags), set(found.routed.tags) - set(history.tags)
    if gone or new:
        lines.append(f"tags {' '.join([*(f'+{t}' for t in sorted(new)), *(f'-{t}' for t in sorted(gone))])}")
    if found.assessment.goes_on:
        why = next((s.because for s in found.steps if s.rule == "conversation" and s.matched), "it is about the same")
        lines.append(f"came by itself, not as an answer to a mail; joined because {why}")
    said = shortened(found.hidden.text(found.understood.message.newest), _OPENING)
    return [*lines, f"“{said}”"] if said else lines


def _items(assessment: Assessment) -> list[Item]:
    """Of the checklists of all issues."""
    return [item for checklist in assessment.checklists for item in checklist.items]


def _given(found: Findings) -> list[str]:
    """Each present item with the customer's words."""
    items = list({i.id: i for i in reversed(_items(found.assessment)) if i.present}.values())[::-1]
    width = max((len(i.id) for i in items), default=0) + 2
    return [f"{i.id:<{width}}{_quotes(i.evidence, 2)}".rstrip() for i in items]


def _missing(found: Findings) -> list[str]:
    """Of one issue a list; of several a list for each."""
    issues = found.assessment.issues
    lists = [(i.intent, c.missing) for i, c in zip(issues, found.assessment.checklists, strict=True)]
    if len(lists) == 1:
        return [", ".join(lists[0][1])] if lists[0][1] else []
    return [f"{intent}: {', '.join(missing)}" for intent, missing in lists if missing]


def _reply(found: Findings) -> str:
    if isinstance(found.planned, Refusal):
        return f"none was sent automatically: {found.planned.because}"
    language = language_name(found.reply.language) if found.reply else ""
    if found.planned is Kind.ASK:
        return f"asked in {language} for {', '.join(found.asking.items)}"
    if found.planned is Kind.CONFIRM:
        return f"confirmed in {language}, nothing asked: {found.asking.because}"
    what = "the request is in hand" if found.planned is Kind.IN_HAND else "the message came without any text"
    return f"told in {language} that {what}"


def _split(found: Findings) -> list[str]:
    """One ticket for each issue, with the customer's words about it."""
    lines = []
    for number, issue in enumerate(found.assessment.issues, 1):
        group = found.routed.group if number == 1 else issue.group
        words = shortened(issue.text, _SPLIT_QUOTE)
        lines.append(f"{number}. {issue.intent} -> {group}" + (f": “{words}”" if words else ""))
    return lines


def _rules(steps: tuple[Step, ...]) -> list[str]:
    """The rules that decided, with file and line; the whole trail is in `antesala explain`."""
    told = [s for s in steps if s.matched and not s.trial and s.place and s.stage in ("intent", "group", "route")]
    told = [s for s in told if not s.rule.startswith("away/")]  # these have a line of their own
    lines = [f"{s.stage} {s.rule} ({s.place}): {shortened(s.because.partition(': “')[0], 160)}" for s in told]
    return lines[:_RULES]


def _quotes(evidence: tuple[Evidence, ...], most: int) -> str:
    texts = dict.fromkeys(shortened(e.text, _QUOTE) for e in evidence if e.text.strip())
    return ", ".join(f"“{text}”" for text in list(texts)[:most])


def shortened(text: str, longest: int) -> str:
    """One line of a customer's text, masked, without control characters, cut with an ellipsis."""
    line = clean(mask(text), longest + 20)
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
