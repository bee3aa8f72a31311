"""Flags: by their condition, or learned from signals and examples, whichever the rulebook gives."""

from __future__ import annotations

from dataclasses import replace

from plugin.assess import parts as p
from plugin.assess.issues import Division
from plugin.assess.learned import Learned, flag_prior, may_have
from plugin.assess.recall import doubtful_of, said_outright
from plugin.model import Evidence, Step
from plugin.rulebook import Flag, Rulebook, Scan, View, fired, holds


def flags_of(
    division: Division, scan: Scan, learned: Learned, book: Rulebook
) -> tuple[tuple[str, ...], tuple[Step, ...]]:
    """The flags of a message in the order of the rulebook, and a step for each flag there is.

    A condition may refer to the flags before it and to the principal issue; signals are heard in the part of each
    issue, with its intent and group.
    """
    found: list[str] = []
    steps: list[Step] = []
    intent, group = division.verdicts[0].label
    by_signals = _Signals(division, scan, learned, book)
    for flag in book.flags.values():
        view: View = {"intent": intent, "group": group, "issues": len(division.verdicts), "flag": frozenset(found)}
        step = _by_condition(flag, scan, view)
        if flag.signals or flag.examples:
            step = by_signals.said(flag) or (by_signals.step(flag) if flag.signals else step)
            step = by_signals.named(flag, step)
        steps.append(step)
        if step.matched:
            found.append(flag.id)
    return tuple(found), tuple(steps)


def _by_condition(flag: Flag, scan: Scan, view: View) -> Step:
    if flag.when is None:
        return Step("flag", flag.id, flag.place, False, "it has neither a condition nor signals")
    outcome = holds(flag.when, scan, view)
    return Step("flag", flag.id, flag.place, outcome.held, outcome.because, outcome.evidence)


class _Signals:
    """What signals and examples together say about the flags of one message."""

    def __init__(self, division: Division, scan: Scan, learned: Learned, book: Rulebook) -> None:
        self.scan = scan
        self.known = division.known
        self.tasks = {task.names[0]: task for task in learned.flags}
        self.verdicts = division.verdicts
        self.book = book
        self.row = division.row
        self.issues = [(p.narrow(scan, verdict.part), *verdict.label) for verdict in self.verdicts]

    def said(self, flag: Flag) -> Step | None:
        """What an example says that the message reads like, or one beside the flag that a sentence of it reads like."""
        known = self.known
        if known is not None and known.flags is not None and flag.id not in doubtful_of(known):
            because = f"the message reads like the example at {known.place}"
            return Step("flag", flag.id, flag.place, flag.id in known.flags, because)
        texts = p.sentences_of(self.scan, p.whole(self.scan)) if flag.examples else []
        found = said_outright(flag, texts, self.scan.understood.language)
        if found is None:
            return None
        because = f"a sentence reads like the example at {found[1].place}"
        return Step("flag", flag.id, flag.place, True, because, (self._place_of(found[0]),))

    def named(self, flag: Flag, step: Step) -> Step:
        """The step with the words of the flag's condition before all others: they name what it is about."""
        if flag.when is None or not step.matched:
            return step
        for found, intent, group in (*self.issues, (self.scan, *self.verdicts[0].label)):
            outcome = holds(flag.when, found, {"intent": intent, "group": group})
            if outcome.held and outcome.evidence:
                return replace(step, evidence=tuple(dict.fromkeys((*outcome.evidence, *step.evidence))))
        return step

    def _place_of(self, text: str) -> Evidence:
        message = self.scan.understood.message
        start = message.newest.find(text)
        if start < 0:
            return Evidence(text, "subject", 0, len(text))
        return Evidence(text, "body", start, start + len(text))

    def step(self, flag: Flag) -> Step:
        """The flag holds if its condition may, and its score is above the threshold that suits the examples best."""
        if not may_have(flag, self.issues):
            assert flag.when is not None
            found, intent, group = self.issues[0]
            because = holds(flag.when, found, {"intent": intent, "group": group}).because
            return Step("flag", flag.id, flag.place, False, because)
        task = self.tasks[flag.id]
        told = flag_prior(self.book, flag, self.issues)
        score, limit = float(task.ridge.scores(self.row[None])[0, 0]) + told, task.thresholds[0]
        because = f"{score:+.2f} where {limit:+.2f} is enough; {told:+.2f} of it from its signals"
        return Step("flag", flag.id, flag.place, score > limit, because, tuple(self._evidence(flag.id)))

    def _evidence(self, flag: str) -> list[Evidence]:
        out: list[Evidence] = []
        for (found, intent, group), verdict in zip(self.issues, self.verdicts, strict=True):
            view = {"intent": intent, "group": group}
            out += p.evidence_of(fired(self.book.flag_signals, found, view), flag, verdict.part)
        return out
