"""Whether a message may be answered: one place, and every reason has a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from plugin.decide.answer import CAPS, alike, refusal
from plugin.decide.gallery import OPEN as NOW
from plugin.model import History, Understood
from plugin.rulebook import Rulebook

Make = Callable[..., Understood]


def test_a_person_is_answered(rulebook: Rulebook, understood: Make) -> None:
    assert refusal(understood(), rulebook, History(), NOW) is None


def test_an_automatic_message_never_is(rulebook: Rulebook, understood: Make) -> None:
    found = refusal(understood(automatic="auto-submitted"), rulebook, History(), NOW)
    assert found
    assert (found.name, found.never) == ("auto-submitted", True)


def test_without_a_sender_never(rulebook: Rulebook, understood: Make) -> None:
    nobody = understood()
    nobody = replace(nobody, message=replace(nobody.message, sender=None))
    found = refusal(nobody, rulebook, History(), NOW)
    assert found
    assert (found.name, found.never) == ("no-sender", True)


@pytest.mark.parametrize(
    ("history", "name"),
    [
        (History(agent_replied=True), "agent-replied"),
        (History(breaker_open=True), "breaker-open"),
        (History(sender_muted=True), "sender-muted"),
        (History(replies_to_request=2), "request-cap"),
        (History(replies_to_sender_24h=3), "sender-cap"),
        (History(replies_to_domain_1h=30), "domain-cap"),
        (History(replies_from_mailbox_1h=60), "mailbox-cap"),
        (History(replies_from_mailbox_24h=300), "day-cap"),
        (History(seen_fingerprints=10), "same-words"),
    ],
)
def test_for_now_it_is_not(rulebook: Rulebook, understood: Make, history: History, name: str) -> None:
    found = refusal(understood(), rulebook, history, NOW)
    assert found
    assert (found.name, found.never) == (name, False)


@pytest.mark.parametrize("cap", CAPS, ids=lambda cap: cap[0])
def test_one_below_each_cap_is_answered(rulebook: Rulebook, understood: Make, cap: tuple) -> None:
    _, field, key, default, _ = cap
    limit = rulebook.desk.raw["caps"].get(key, default)
    assert refusal(understood(), rulebook, History(**{field: limit - 1}), NOW) is None
    assert refusal(understood(), rulebook, History(**{field: limit}), NOW) is not None


@pytest.mark.parametrize(("hours", "name"), [(24, None), (25, "too-old")])
def test_a_message_that_waited_longer_than_a_day(
    rulebook: Rulebook, understood: Make, hours: int, name: str | None
) -> None:
    found = refusal(understood(date=NOW - timedelta(hours=hours)), rulebook, History(), NOW)
    assert (found and found.name) == name


def test_an_old_date_does_not_make_a_mail_old_that_has_just_arrived(rulebook: Rulebook, understood: Make) -> None:
    fresh = understood()
    dated = replace(fresh, message=replace(fresh.message, date=NOW - timedelta(days=300)))
    assert refusal(dated, rulebook, History(), NOW) is None


def test_nobody_else_decides_it() -> None:
    """What makes a message automatic, and what makes us silent, is written once."""
    plugin = Path(__file__).parents[2] / "plugin"
    holders = {
        p.relative_to(plugin).as_posix()
        for p in plugin.rglob("*.py")
        if "replies_to_sender_24h" in p.read_text("utf-8") and "store" not in p.parts
    }
    assert holders == {"model.py", "decide/answer.py"}


@pytest.mark.parametrize("cap", CAPS, ids=[cap[0] for cap in CAPS])
def test_what_goes_to_others_meanwhile_matters_only_where_it_reaches_a_cap(rulebook: Rulebook, cap: tuple) -> None:
    name, field, key, default, _ = cap
    limit = rulebook.desk.raw.get("caps", {}).get(key, default)
    none, below, reached = (History(**{field: count}) for count in (0, limit - 1, limit))
    shared = name in ("domain-cap", "mailbox-cap", "day-cap", "same-words")
    assert alike(none, below, rulebook) is shared, "what the customer was sent always matters"
    assert not alike(below, reached, rulebook)
    assert not alike(none, History(rounds=1), rulebook)
