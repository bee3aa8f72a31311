"""Flags: by their condition, or learned from signals and examples, whichever the rulebook gives."""

from __future__ import annotations

from plugin.assess import parts as p
from plugin.assess.features import Matrix
from plugin.assess.learner import WORTH, Learned
from plugin.model import Issue, Step
from plugin.rulebook import Flag, Rulebook, Scan, View, holds


def flags_of(
    issues: tuple[Issue, ...], row: Matrix, scan: Scan, learned: Learned, book: Rulebook
) -> tuple[tuple[str, ...], tuple[Step, ...]]:
    """The flags of a message in the order of the rulebook, and a step for each flag there is.

    `row` is the whole message as the learner sees it; a flag may refer to those before it.
    """
    found: list[str] = []
    steps: list[Step] = []
    for flag in book.flags.values():
        view: View = {
            "intent": issues[0].intent,
            "group": issues[0].group,
            "issues": len(issues),
            "flag": frozenset(found),
        }
        step = (
            _by_condition(flag, scan, view) if flag.when is not None else _learned(flag, row, scan, view, learned, book)
        )
        steps.append(step)
        if step.matched:
            found.append(flag.id)
    return tuple(found), tuple(steps)


def _by_condition(flag: Flag, scan: Scan, view: View) -> Step:
    assert flag.when is not None
    outcome = holds(flag.when, scan, view)
    return Step("flag", flag.id, flag.place, outcome.held, outcome.because, outcome.evidence)


def _learned(flag: Flag, row: Matrix, scan: Scan, view: View, learned: Learned, book: Rulebook) -> Step:
    task = learned.flags
    column = task.columns[flag.id]
    heard = p.fired_in(book.flag_signals, scan, view, p.whole(scan))
    told = float(p.prior(heard, {flag.id: 0}, WORTH)[0])
    score = float(task.ridge.scores(row[None])[0, column]) + told
    limit = task.thresholds[column]
    evidence = tuple(p.evidence_of(heard, flag.id))
    because = f"{score:+.2f} where {limit:+.2f} is enough; {told:+.2f} of it from its signals"
    return Step("flag", flag.id, flag.place, score > limit, because, evidence)
