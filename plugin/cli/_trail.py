"""The whole trail of a decision for people: what was read, what was looked at, what held and what did not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from plugin.decide.note import shortened
from plugin.model import Decision, Evidence, Message, Step, Understood

_QUOTE = 80
_STAGE, _RULE, _PLACE = 10, 26, 34


def trail(name: str, understood: Understood, decision: Decision, everything: bool) -> str:
    """All that `antesala explain` prints for one mail; `everything` shows what did not hold as well."""
    lines = [f"== {name}", *_read(understood), ""]
    for stage, steps in groupby(decision.trail, key=lambda step: step.stage):
        shown = [step for step in steps if step.matched or everything or stage in ("item", "reply")]
        lines += [line for number, step in enumerate(shown) for line in _step(stage if not number else "", step)]
    return "\n".join([*lines, "", *_decided(decision), ""])


def _read(understood: Understood) -> Iterator[str]:
    message = understood.message
    sender = message.sender.email if message.sender else "no valid sender"
    yield _row("message", f"<{message.id}> from {sender} by {message.source}")
    yield _row("subject", shortened(message.subject, 120) or "(none)")
    yield _row("text", f"{len(message.newest)} of {len(message.text)} characters are new: {_opening(message)}")
    sure = "" if understood.language_sure else " (not sure)"
    yield _row("language", understood.language + sure)
    yield _row("automatic", understood.automatic or "no")
    for fact in understood.facts:
        yield _row("fact", f"{fact.kind:<{_RULE}} {shortened(fact.value, 60)}  {_words((fact.evidence,))}")
    for file in message.attachments:
        yield _row("attached", f"{file.kind:<{_RULE}} {shortened(file.name, 60)} ({file.size} bytes)")


def _opening(message: Message) -> str:
    return f"“{shortened(message.newest, _QUOTE)}”"


def _step(stage: str, step: Step) -> Iterator[str]:
    mark = ("trial" if step.trial else "yes") if step.matched else "no"
    place = str(step.place) if step.place else ""
    yield f"{stage:<{_STAGE}}{mark:<6}{step.rule:<{_RULE}} {place:<{_PLACE}} {shortened(step.because, 300)}".rstrip()
    if words := _words(step.evidence):
        yield " " * (_STAGE + 6) + words


def _decided(decision: Decision) -> Iterator[str]:
    yield _row("decided", f"{decision.intent} · {decision.group} · {decision.channel} · {decision.priority}")
    yield _row("complete", f"{decision.completeness.score} of 100")
    yield _row("flags", ", ".join(decision.flags) or "none")
    yield _row("tags", ", ".join(decision.tags) or "none")
    asks = ", ".join(decision.reply.asks) if decision.reply else ""
    said = f"asks for {asks}" if asks else "confirms" if decision.reply else decision.suppressed or decision.no_reply
    yield _row("reply", said or "none")
    yield _row("rulebook", decision.rulebook[:12])
    yield "Nothing was sent."


def _row(label: str, text: str) -> str:
    return f"{label:<{_STAGE}}{text}".rstrip()


def _words(evidence: Iterable[Evidence]) -> str:
    parts = [
        f"“{shortened(piece.text, _QUOTE)}”" + (f" ({shortened(piece.note, 120)})" if piece.note else "")
        for piece in evidence
        if piece.text or piece.note
    ]
    return ", ".join(dict.fromkeys(parts))
