"""Which items to ask for, and in which order: what the group needs first, never what was asked or given.

Of several issues each is asked about in turn, the most needed of each first, so that one mail asks for what matters
most of all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from plugin.model import Completeness, History, Item, Step
from plugin.rulebook import Group, Rulebook


@dataclass(frozen=True, slots=True)
class Checklist:
    """The checklist of one issue, and the group that works on it."""

    completeness: Completeness
    group: Group | None


@dataclass(frozen=True, slots=True)
class Asking:
    """The items to ask for, in order, and why these; `about` is the number of the issue that each is for."""

    items: tuple[str, ...]
    because: str
    steps: tuple[Step, ...] = ()
    about: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wish:
    item: Item
    rank: int  #: 0 is what the group needs first
    about: int


def choose(checklists: Sequence[Checklist], rulebook: Rulebook, history: History) -> Asking:
    """At most `max_asks` items of all checklists: of a long one those that its group needs, of a short one any.

    A recommended item is asked for only along with one that is not.
    """
    desk = rulebook.desk
    if history.rounds >= desk.rounds:
        return Asking((), f"asked {history.rounds} of {desk.rounds} times already")
    enough = int(desk.raw.get("enough", 100))
    wishes = [_wishes(number, one, desk.max_asks, history) for number, one in enumerate(checklists)]
    if not any(wishes):
        return Asking((), "nothing is missing that the group needs")
    wishes = [w if one.completeness.score < enough else [] for w, one in zip(wishes, checklists, strict=True)]
    if not any(wishes):
        score = min(one.completeness.score for one in checklists)
        return Asking((), f"complete enough: {score} of 100, from {enough} on nothing is asked")
    chosen = _chosen(wishes, desk.max_asks)
    items = tuple(wish.item.id for wish in chosen)
    left = dict.fromkeys(i.id for one in checklists for i in _open(one, history) if i.id not in items)
    because = f"asks for {', '.join(items)}" + (f"; leaves {', '.join(left)}" if left else "")
    return Asking(items, because, tuple(_step(wish, rulebook) for wish in chosen), tuple(w.about for w in chosen))


def _chosen(wishes: Sequence[Sequence[_Wish]], most: int) -> list[_Wish]:
    """One of each issue in turn, then those of the same issue together."""
    seen: dict[str, _Wish] = {}
    for row in zip_longest(*wishes):
        for wish in row:
            if wish is not None and len(seen) < most:
                seen.setdefault(wish.item.id, wish)
    chosen = sorted(seen.values(), key=lambda wish: (wish.about, wish.rank))
    if all(wish.item.recommended for wish in chosen):
        chosen[-1] = next(wish for each in wishes for wish in each if not wish.item.recommended)
    return chosen


def _open(one: Checklist, history: History) -> list[Item]:
    """Items that are neither there nor asked for. Of several issues each knows itself what was given for it."""
    given = frozenset() if history.issues else history.given
    return [i for i in one.completeness.items if not i.present and i.id not in history.asked | given]


def _wishes(number: int, one: Checklist, max_asks: int, history: History) -> list[_Wish]:
    first = _needs(one.completeness, one.group, max_asks)
    found = [_Wish(i, first.index(i.id), number) for i in _open(one, history) if i.id in first]
    return [] if all(w.item.recommended for w in found) else sorted(found, key=lambda wish: wish.rank)


def _needs(completeness: Completeness, group: Group | None, max_asks: int) -> tuple[str, ...]:
    """Items to ask for, the most needed first: the group's, and the others too where one mail can ask for all."""
    heaviest = sorted(completeness.items, key=lambda i: (i.recommended, -i.weight))
    named = [i for i in (group.asks_first if group else ()) if any(i == item.id for item in heaviest)]
    others = [i.id for i in heaviest if i.id not in named]
    short = sum(not i.recommended for i in heaviest) <= max_asks
    return tuple(named + others if short or not named else named)


def _step(wish: _Wish, rulebook: Rulebook) -> Step:
    rule = rulebook.items.get(wish.item.id)
    of = f" of issue {wish.about + 1}" if wish.about else ""
    because = f"missing, and number {wish.rank + 1} of what the group{of} needs"
    return Step("reply", f"ask/{wish.item.id}", rule.place if rule else None, True, because)
