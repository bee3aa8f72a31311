"""Which items to ask for, and in which order: what the group needs first, never what was asked or given."""

from __future__ import annotations

from dataclasses import dataclass

from plugin.model import Completeness, History, Item, Step
from plugin.rulebook import Group, Rulebook


@dataclass(frozen=True, slots=True)
class Asking:
    """The items to ask for, in order, and why these."""

    items: tuple[str, ...]
    because: str
    steps: tuple[Step, ...] = ()


def choose(completeness: Completeness, group: Group | None, rulebook: Rulebook, history: History) -> Asking:
    """At most `max_asks` items: of a long checklist those that the group needs, of a short one any.

    A recommended item is asked for only along with one that is not.
    """
    desk = rulebook.desk
    first = _needs(completeness, group, desk.max_asks)
    open_items = [i for i in completeness.items if not i.present and i.id not in history.asked | history.given]
    wanted = [i for i in open_items if i.id in first]
    if history.rounds >= desk.rounds:
        return Asking((), f"asked {history.rounds} of {desk.rounds} times already")
    if all(i.recommended for i in wanted):
        return Asking((), "nothing is missing that the group needs")
    enough = int(desk.raw.get("enough", 100))
    if completeness.score >= enough:
        return Asking((), f"complete enough: {completeness.score} of 100, from {enough} on nothing is asked")
    chosen = sorted(wanted, key=lambda i: first.index(i.id))[: desk.max_asks]
    if all(i.recommended for i in chosen):
        chosen[-1] = next(i for i in wanted if not i.recommended)
    left = [i.id for i in open_items if i not in chosen]
    because = f"asks for {', '.join(i.id for i in chosen)}" + (f"; leaves {', '.join(left)}" if left else "")
    steps = tuple(_step(item, first, rulebook) for item in chosen)
    return Asking(tuple(i.id for i in chosen), because, steps)


def _needs(completeness: Completeness, group: Group | None, max_asks: int) -> tuple[str, ...]:
    """Items to ask for, the most needed first: the group's, and the others too where one mail can ask for all."""
    heaviest = sorted(completeness.items, key=lambda i: (i.recommended, -i.weight))
    named = [i for i in (group.asks_first if group else ()) if any(i == item.id for item in heaviest)]
    others = [i.id for i in heaviest if i.id not in named]
    short = sum(not i.recommended for i in heaviest) <= max_asks
    return tuple(named + others if short or not named else named)


def _step(item: Item, first: tuple[str, ...], rulebook: Rulebook) -> Step:
    rule = rulebook.items.get(item.id)
    because = f"missing, and number {first.index(item.id) + 1} of what the group needs"
    return Step("reply", f"ask/{item.id}", rule.place if rule else None, True, because)
