"""The whole assessment of a message, in the order in which each part needs the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugin.assess.checklist import complete
from plugin.assess.checklist import learn as learn_items
from plugin.assess.encoder import Encoder, NoEncoder
from plugin.assess.examples import Reading
from plugin.assess.flags import flags_of
from plugin.assess.issues import divide
from plugin.assess.judge import issue_of, steps_of
from plugin.assess.learned import Learned
from plugin.assess.learned_kept import learned_of
from plugin.assess.vectors import Remembering
from plugin.model import Assessment, History, Step, Understood
from plugin.rulebook import Rulebook, scan

_KEY = "judgement"


@dataclass(frozen=True)
class Judgement:
    """What was learned from a rulebook, and the encoder that it was learned with."""

    learned: Learned
    encoder: Encoder


def learn(rulebook: Rulebook, encoder: Encoder | None, cache: Path | None) -> Mapping[str, Any]:
    """Learn from the rulebook's examples and signals; the result becomes `Rulebook.learned`.

    Without an encoder, words and signals decide alone. `cache` is a folder that keeps vectors and what
    was learned; None keeps nothing.
    """
    chosen = encoder or NoEncoder()
    remembering = Remembering(chosen, cache)
    reading = Reading(rulebook)
    judgement = Judgement(learned_of(rulebook, remembering, cache, reading), chosen)
    items = learn_items(rulebook, remembering, cache, reading)
    remembering.save()
    return {_KEY: judgement, "checklist": items}


def assess(understood: Understood, rulebook: Rulebook, history: History) -> Assessment:
    """Issues, flags and the checklist of the principal issue. Pure."""
    judgement = rulebook.learned.get(_KEY)
    if not isinstance(judgement, Judgement):
        raise RuntimeError("the rulebook was loaded without learning; load it with learn=plugin.assess.learn")
    learned = judgement.learned
    encode = Remembering(judgement.encoder, None).encode  # every text of this message once
    found = scan(understood, rulebook)
    division = divide(found, learned, rulebook, encode)
    issues = tuple(issue_of(verdict, found, learned) for verdict in division.verdicts)
    steps = [Step("issues", "issues", None, len(issues) > 1, division.because, division.evidence)]
    for verdict, issue in zip(division.verdicts, issues, strict=True):
        steps += steps_of(verdict, issue, rulebook)
    flags, flag_steps = flags_of(division.verdicts, division.row, found, learned, rulebook)
    completeness, item_steps = complete(
        understood, rulebook, issues[0], history, scan=found, flags=flags, encode=encode
    )
    return Assessment(issues, completeness, flags, (*steps, *flag_steps, *item_steps))
