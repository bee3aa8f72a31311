"""Who may write next to a SQLite file: one at a time, whoever is waited for first, and nobody kept out for ever."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from servers.ground import wait_for

from plugin.store.turn import AHEAD, Turn


def order(turn: Turn, hurried: Sequence[bool]) -> list[bool]:
    """Who got the turn one after the other, when they came in this order and it was taken all the while."""
    got: list[bool] = []

    def want(mine: bool) -> None:
        assert turn.take(60, hurried=mine)
        got.append(mine)
        turn.give()

    assert turn.take(0)
    threads = [threading.Thread(target=want, args=(mine,)) for mine in hurried]
    for number, thread in enumerate(threads, 1):
        thread.start()
        wait_for(lambda number=number: len(turn._hurried) + len(turn._others) == number)
    turn.give()
    for thread in threads:
        thread.join(60)
    return got


@pytest.mark.parametrize(
    ("came", "went"),
    [
        ([False, False], [False, False]),
        ([False, False, True, False, True], [True, True, False, False, False]),
        ([False, *[True] * (AHEAD + 2)], [*[True] * AHEAD, False, True, True]),
    ],
    ids=["as they came", "who is waited for first", "not for ever"],
)
def test_the_order(came: list[bool], went: list[bool]) -> None:
    turn = Turn()
    assert order(turn, came) == went
    assert turn.take(0), "free in the end"


def test_who_waits_too_long_goes_without_and_is_not_handed_it_later() -> None:
    turn = Turn()
    assert turn.take(0)
    assert not turn.take(0.01)
    turn.give()
    assert turn.take(0), "nobody who has left holds it"


def test_never_two_at_a_time_and_nothing_is_lost_on_the_way() -> None:
    turn, inside, most = Turn(), [], []

    def work(number: int) -> None:
        for round_ in range(200):
            if turn.take(0.001 if round_ % 7 == 0 else 60, hurried=number % 2 == 0):
                inside.append(number)
                most.append(len(inside))
                inside.remove(number)
                turn.give()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert max(most) == 1
    assert turn.take(0)
