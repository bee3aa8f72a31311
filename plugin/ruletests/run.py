"""Run the cases of a rulebook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from plugin.decide.decide import decide
from plugin.model import Decision
from plugin.pipeline import look
from plugin.rulebook import Case, Rulebook
from plugin.ruletests.expect import READERS, Difference, differences
from plugin.ruletests.message import CaseError, read_case
from plugin.ruletests.whynot import nearest


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that was not met, where it stands, and the nearest rule."""

    difference: Difference
    place: str
    hint: str


@dataclass(frozen=True, slots=True)
class Result:
    """How a case went; `error` if it could not be run at all."""

    case: Case
    failures: tuple[Failure, ...] = ()
    decision: Decision | None = None
    error: str = ""

    @property
    def passed(self) -> bool:
        """Whether all is as expected."""
        return not self.failures and not self.error


def run(rulebook: Rulebook, cases: Iterable[Case]) -> tuple[Result, ...]:
    """Every case, in order."""
    return tuple(_run(rulebook, case) for case in cases)


def _run(rulebook: Rulebook, case: Case) -> Result:
    unknown = [key for key in case.expect if key not in READERS]
    if unknown:
        return Result(case, error=f"cannot expect '{unknown[0]}'; a case may expect {', '.join(READERS)}")
    if not case.expect:
        return Result(case, error="expects nothing, so it proves nothing")
    try:
        message, history, now = read_case(case)
    except CaseError as fault:
        return Result(case, error=str(fault))
    seen = look(message, rulebook, history)
    decision = decide(*seen, rulebook, history, now)
    failures = tuple(
        Failure(
            difference,
            str(case.places.get(difference.key, case.place)),
            nearest(difference.key, _unmet(difference), decision, seen, rulebook),
        )
        for difference in differences(case.expect, decision)
    )
    return Result(case, failures, decision)


def _unmet(difference: Difference) -> object:
    """Of a list, the entries that are missing."""
    if isinstance(difference.expected, list) and isinstance(difference.got, list):
        return [entry for entry in difference.expected if entry not in difference.got]
    return difference.expected
