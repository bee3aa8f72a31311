"""`triage`: the one way from a message to a decision, for the service, the command line, rule tests and pages alike.

It is pure: no clock, network, file or Flask. `now`, the rulebook and the history are arguments.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from plugin.assess import assess, learn
from plugin.assess.encoder import Encoder
from plugin.decide.decide import decide
from plugin.decide.problems import problems
from plugin.model import Assessment, Decision, History, Message, Understood
from plugin.rulebook import Rulebook, load, scan
from plugin.understand.own import Own, plain_address
from plugin.understand.understand import understand

NOBODY = Own()


def triage(message: Message, rulebook: Rulebook, history: History, now: datetime, *, own: Own = NOBODY) -> Decision:
    """Decide about a message.

    `now` is an aware datetime; `own` says what is ours by the settings, to which the desk's own addresses are added.
    """
    understood = _understood(message, rulebook, history, own)
    found = scan(understood, rulebook)
    assessment = assess(understood, rulebook, history, found=found)
    return decide(understood, assessment, rulebook, history, now, found=found)


def look(message: Message, rulebook: Rulebook, history: History, *, own: Own = NOBODY) -> tuple[Understood, Assessment]:
    """The stages before deciding, for those that explain a decision."""
    understood = _understood(message, rulebook, history, own)
    return understood, assess(understood, rulebook, history)


def _understood(message: Message, rulebook: Rulebook, history: History, own: Own) -> Understood:
    desk = rulebook.desk
    ours = replace(own, addresses=own.addresses | {plain_address(address) for address in desk.addresses})
    fallback = history.language or desk.default_language
    return understand(message, own=ours, languages=desk.recognise, fallback_language=fallback)


def load_rulebook(folder: Path, *, encoder: Encoder | None = None, cache: Path | None = None) -> Rulebook:
    """Read, check, compile a rulebook and learn from its examples; without an encoder, from their words alone.

    Raises RulebookError with every problem found.
    """
    return load(folder, cache=cache, learn=lambda rulebook: learn(rulebook, encoder, cache), further=problems)
