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
    """At most `max_asks` items. A recommended item is asked for only along with one that is not."""
    desk = rulebook.desk
    open_items = [i for i in completeness.items if not i.present and i.id not in history.asked | history.given]
    needed = [i for i in open_items if not i.recommended]
    if history.rounds >= desk.rounds:
        return Asking((), f"asked {history.rounds} of {desk.rounds} times already")
    if not needed:
        return Asking((), "nothing that is needed is missing")
    enough = int(desk.raw.get("enough", 100))
    if completeness.score >= enough:
        return Asking((), f"complete enough: {completeness.score} of 100, from {enough} on nothing is asked")
    first = group.asks_first if group else ()
    chosen = _in_order(needed, open_items, first)[: desk.max_asks]
    left = [i.id for i in open_items if i not in chosen]
    because = f"asks for {', '.join(i.id for i in chosen)}" + (f"; leaves {', '.join(left)}" if left else "")
    steps = tuple(_step(item, first, rulebook) for item in chosen)
    return Asking(tuple(i.id for i in chosen), because, steps)


def _in_order(needed: list[Item], open_items: list[Item], first: tuple[str, ...]) -> list[Item]:
    """The group's order, then the weight; what the group does not name never comes before a needed item."""
    ranked = sorted(
        (i for i in open_items if i in needed or i.id in first),
        key=lambda i: (first.index(i.id) if i.id in first else len(first), -i.weight),
    )
    others = [i for i in open_items if i not in ranked]
    return [*ranked, *others]


def _step(item: Item, first: tuple[str, ...], rulebook: Rulebook) -> Step:
    rule = rulebook.items.get(item.id)
    why = f"the group needs it as number {first.index(item.id) + 1}" if item.id in first else f"weight {item.weight:g}"
    return Step("reply", f"ask/{item.id}", rule.place if rule else None, True, f"missing; {why}")
