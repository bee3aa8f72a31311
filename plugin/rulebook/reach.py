"""Whether one condition holds whenever another does, and whether one can hold at all. No also means: not sure."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.rulebook.conditions import All, AnyOf, Condition, Unless
from plugin.rulebook.operators import Compare, Has, Is, Matches, Mentions, Missing


def parts(condition: Condition) -> tuple[Condition, ...]:
    """What must all hold."""
    return tuple(p for part in condition.parts for p in parts(part)) if isinstance(condition, All) else (condition,)


def implies(one: Condition, other: Condition) -> bool:
    """Whether `other` holds whenever `one` does."""
    if isinstance(other, All):
        return all(implies(one, part) for part in other.parts)
    if isinstance(one, All):
        return any(implies(part, other) for part in one.parts)
    if isinstance(one, AnyOf):
        return all(implies(part, other) for part in one.parts)
    if isinstance(other, AnyOf):
        return any(implies(one, part) for part in other.parts)
    match one, other:
        case Mentions(), Mentions():
            return one.wanted <= other.wanted and set(one.fields) <= set(other.fields)
        case Matches(), Matches():
            return one.number == other.number and set(one.fields) <= set(other.fields)
        case Is(), Is():
            return one.field == other.field and one.values <= other.values
        case Has(), Has():
            return set(one.kinds) <= set(other.kinds)
        case Missing(), Missing():
            return one.items <= other.items
        case Compare(), Compare():
            same = one.name == other.name and one.below == other.below
            return same and (one.number <= other.number if one.below else one.number >= other.number)
        case Unless(), Unless():
            return implies(other.part, one.part)
    return False


def contradiction(condition: Condition) -> str:
    """Why a condition can never hold; empty if it may."""
    if isinstance(condition, AnyOf):
        reasons = [contradiction(part) for part in condition.parts]
        return reasons[0] if all(reasons) and reasons else ""
    together = parts(condition)
    for one in together:
        inner = contradiction(one) if isinstance(one, AnyOf) else ""
        if inner:
            return inner
        for other in together:
            if one is not other and (reason := _against(one, other)):
                return reason
    return ""


#: Fields of `is` that have one value at a time.
_SINGLE = ("intent", "group", "language", "channel", "priority", "source", "sender")


def _against(one: Condition, other: Condition) -> str:
    match one, other:
        case Unless(), _ if implies(other, one.part):
            return "what it asks for is excluded by its own `unless`"
        case Is(), Is() if one.field == other.field and one.field in _SINGLE and not one.values & other.values:
            first, second = " or ".join(sorted(one.values)), " or ".join(sorted(other.values))
            return f"{one.field} cannot be {first} and {second} at once"
        case Compare(below=True), Compare(below=False) if one.name == other.name and other.number >= one.number:
            return f"{one.name} cannot be at least {other.number:g} and below {one.number:g} at once"
    return ""


def inside(condition: Condition) -> Iterator[Condition]:
    """A condition and all conditions in it."""
    yield condition
    if isinstance(condition, (All, AnyOf)):
        for part in condition.parts:
            yield from inside(part)
    elif isinstance(condition, Unless):
        yield from inside(condition.part)
