"""What is asked for, and in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plugin.decide.ask import Asking, Checklist
from plugin.decide.ask import choose as choose_of
from plugin.model import Completeness, History, Item
from plugin.rulebook import Group, Rulebook


def choose(found: Completeness, needs: Group | None, rulebook: Rulebook, history: History) -> Asking:
    return choose_of([Checklist(found, needs)], rulebook, history)


def group(rulebook: Rulebook, *first: str) -> Group:
    return replace(rulebook.groups["channels"], asks_first=first)


def completeness(score: int = 0, **items: bool) -> Completeness:
    found = tuple(
        Item(name.replace("_", "-"), present, weight=10 - n, recommended=name == "screenshot")
        for n, (name, present) in enumerate(items.items())
    )
    return Completeness(score, found)


NOTHING = completeness(feature=False, identifiers=False, date=False, observed=False, screenshot=False)


@pytest.mark.parametrize(
    ("first", "history", "asked"),
    [
        ((), History(), ("feature", "identifiers", "date")),  # by weight
        (("observed", "date"), History(), ("observed", "date")),  # what the group needs, and no more
        (("observed", "date"), History(asked=frozenset({"date"})), ("observed",)),
        (("observed", "date"), History(given=frozenset({"observed"})), ("date",)),
        (("observed",), History(given=frozenset({"observed"})), ()),
        (("screenshot", "date"), History(), ("screenshot", "date")),
        (("screenshot",), History(), ()),
        (("waiver",), History(), ("feature", "identifiers", "date")),  # nothing of this checklist is named
        ((), History(rounds=1), ()),  # asked once already
    ],
)
def test_order(rulebook: Rulebook, first: tuple[str, ...], history: History, asked: tuple[str, ...]) -> None:
    assert choose(NOTHING, group(rulebook, *first), rulebook, history).items == asked


def test_what_is_present_is_not_asked(rulebook: Rulebook) -> None:
    found = completeness(feature=True, identifiers=False, date=True, observed=False)
    assert choose(found, group(rulebook), rulebook, History()).items == ("identifiers", "observed")


def test_a_recommended_item_only_along_with_something_else(rulebook: Rulebook) -> None:
    alone = completeness(feature=True, screenshot=False)
    along = completeness(feature=False, screenshot=False)
    assert choose(alone, group(rulebook, "screenshot"), rulebook, History()).items == ()
    assert choose(along, group(rulebook), rulebook, History()).items == ("feature", "screenshot")
    one = replace(rulebook, desk=replace(rulebook.desk, max_asks=1))
    assert choose(along, group(rulebook, "screenshot", "feature"), one, History()).items == ("feature",)


def test_a_short_checklist_is_asked_as_a_whole(rulebook: Rulebook) -> None:
    short = completeness(operation=False, scope=False, waiver=False, screenshot=False)
    assert choose(short, group(rulebook, "waiver"), rulebook, History()).items == ("waiver", "operation", "scope")


def test_never_more_than_the_desk_allows(rulebook: Rulebook) -> None:
    two = replace(rulebook, desk=replace(rulebook.desk, max_asks=2))
    assert choose(NOTHING, group(two), two, History()).items == ("feature", "identifiers")


def test_nothing_is_asked_when_it_is_complete_enough(rulebook: Rulebook) -> None:
    almost = completeness(90, feature=True, date=False)
    found = choose(almost, group(rulebook), rulebook, History())
    assert found.items == ()
    assert "90 of 100" in found.because


def test_another_round_asks_only_for_what_was_not_asked(rulebook: Rulebook) -> None:
    twice = replace(rulebook, desk=replace(rulebook.desk, rounds=2))
    history = History(rounds=1, asked=frozenset({"feature", "identifiers", "date"}))
    assert choose(NOTHING, group(twice), twice, history).items == ("observed", "screenshot")


def test_of_several_issues_each_is_asked_about_in_turn(rulebook: Rulebook) -> None:
    first = Checklist(completeness(charge=False, amount=False, date=False), None)
    second = Checklist(completeness(feature=False, date=False), None)
    asking = choose_of([first, second], rulebook, History())
    assert (asking.items, asking.about) == (("charge", "amount", "feature"), (0, 0, 1))
    complete = Checklist(completeness(100, charge=True), None)
    asking = choose_of([complete, second], rulebook, History())
    assert (asking.items, asking.about) == (("feature", "date"), (1, 1))
