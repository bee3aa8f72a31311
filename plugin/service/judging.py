"""What a judge does: a message to its decision, in a process of its own (`judges.py`).

Deciding is pure, so it needs nothing but what it is handed: the rulebook once, then one case after another.
"""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from dataclasses import dataclass, replace
from datetime import datetime

from plugin.act.desk import with_draft
from plugin.model import Decision, History, Message
from plugin.pipeline import triage
from plugin.rulebook import Rulebook
from plugin.service.garbage import settle
from plugin.service.later import WAITS, unhindered, waiting
from plugin.understand.child import answer_all, limit_processor
from plugin.understand.own import Own
from plugin.understand.scrub import cleaned, scrubber

POLITE = 5  #: taking mail and webhooks in comes before deciding about them


@dataclass(frozen=True, slots=True)
class Bench:
    """What all cases are decided with."""

    rulebook: Rulebook
    own: Own  #: what is ours by the settings


@dataclass(frozen=True, slots=True)
class Case:
    """A message to decide about, and all that the decision may depend on beside the rulebook."""

    message: Message
    history: History
    now: datetime
    quiet: str = ""  #: why customers hear nothing yet, as a sentence; then the note holds the answer they would get


def judged(case: Case, bench: Bench) -> Decision:
    """The decision, with the customer's secrets taken out of every text of it: this is what is kept and sent."""
    decision: Decision = cleaned(_decided(case, bench), scrubber(case.message))
    return decision


def _decided(case: Case, bench: Bench) -> Decision:
    message, rulebook, now, own = case.message, bench.rulebook, case.now, bench.own
    decision = triage(message, rulebook, case.history, now, own=own)
    if decision.no_reply in WAITS and not case.quiet:
        return waiting(decision, triage(message, rulebook, unhindered(case.history), now, own=own))
    if not case.quiet or decision.reply is None:
        return decision
    held = triage(message, rulebook, replace(case.history, quiet=case.quiet), now, own=own)
    return with_draft(held, decision.reply)


def where(error: BaseException) -> str:
    """Class, module and line of an error; never its text, which may quote the customer."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" {last[0].filename.rsplit('/', 1)[-1]}:{last[0].lineno}" if last else ""
    return f"{error.__class__.__name__}{place}"


def serve(seconds: float) -> None:
    """Answer until the other side closes: a bench is taken for what follows, a case is decided within `seconds`."""
    bench: Bench | None = None

    def answer(request: bytes) -> tuple[bool, bytes]:
        nonlocal bench
        asked = pickle.loads(request)  # noqa: S301 - from the process that started us
        if isinstance(asked, Bench):
            bench = asked
            settle()
            return True, b""
        assert bench is not None
        limit_processor(seconds)
        try:
            return True, pickle.dumps(judged(asked, bench), pickle.HIGHEST_PROTOCOL)
        except Exception as error:
            return False, where(error).encode()

    os.nice(POLITE)
    answer_all(answer)


if __name__ == "__main__":
    from plugin.service.judging import serve as _serve  # the classes that are handed over are this module's

    _serve(float(sys.argv[1]))
