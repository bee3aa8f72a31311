"""Flags: by their condition, or learned from signals and examples, whichever the rulebook gives."""

from __future__ import annotations

from collections.abc import Sequence

from plugin.assess import parts as p
from plugin.assess.features import Matrix
from plugin.assess.judge import Verdict
from plugin.assess.learned import Learned, flag_prior, may_have
from plugin.model import Evidence, Step
from plugin.rulebook import Flag, Rulebook, Scan, View, fired, holds


def flags_of(
    verdicts: Sequence[Verdict], row: Matrix, scan: Scan, learned: Learned, book: Rulebook
) -> tuple[tuple[str, ...], tuple[Step, ...]]:
    """The flags of a message in the order of the rulebook, and a step for each flag there is.

    `row` is the whole message as the learner sees it. A condition may refer to the flags before it and to
    the principal issue; signals are heard in the part of each issue, with its intent and group.
    """
    found: list[str] = []
    steps: list[Step] = []
    intent, group = verdicts[0].label
    by_signals = _Signals(verdicts, row, scan, learned, book)
    for flag in book.flags.values():
        view: View = {"intent": intent, "group": group, "issues": len(verdicts), "flag": frozenset(found)}
        step = by_signals.step(flag) if flag.signals else _by_condition(flag, scan, view)
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

    def __init__(self, verdicts: Sequence[Verdict], row: Matrix, scan: Scan, learned: Learned, book: Rulebook) -> None:
        self.tasks = {task.names[0]: task for task in learned.flags}
        self.verdicts = verdicts
        self.book = book
        self.row = row
        self.issues = [(p.narrow(scan, verdict.part), *verdict.label) for verdict in verdicts]

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
