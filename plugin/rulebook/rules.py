"""Many rules at once: an index from what is in a message to the rules that might fire. The others cost nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, overload

from plugin.rulebook.conditions import All, Atom, Condition, Outcome, Sight, View
from plugin.rulebook.operators import known
from plugin.rulebook.scan import Scan, Span


class Conditional(Protocol):
    """Whatever has a condition."""

    @property
    def when(self) -> Condition:
        """The condition."""


T = TypeVar("T", bound=Conditional)


@dataclass(frozen=True, slots=True)
class Fired(Generic[T]):
    """A rule whose condition holds."""

    entry: T
    outcome: Outcome


class Rules(Sequence[T]):
    """Rules in the order of the file, with their index."""

    def __init__(self, entries: Iterable[T]) -> None:
        self._entries = tuple(entries)
        self._index: dict[Atom | None, dict[Atom, list[int]]] = {}  # by an equality that is needed, then by gate
        self._always: list[int] = []
        self._equalities: dict[str, set[str]] = {}
        for number, entry in enumerate(self._entries):
            self._file(number, entry.when)

    def _file(self, number: int, when: Condition) -> None:
        gate = when.gate()
        if gate is None:
            self._always.append(number)
            return
        second = _equality(when)
        if second is not None and second not in gate:
            self._equalities.setdefault(str(second[1]), set()).add(str(second[2]))
        else:
            second = None
        for atom in gate:
            self._index.setdefault(second, {}).setdefault(atom, []).append(number)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        return self._entries[index]

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries)

    @property
    def always(self) -> tuple[T, ...]:
        """Rules that are looked at for every message, because nothing must be there for them to fire."""
        return tuple(self._entries[number] for number in self._always)

    def candidates(self, scan: Scan, view: View) -> list[int]:
        """Numbers of the rules that may fire, in order."""
        seconds: list[Atom | None] = [None]
        for field, wanted in self._equalities.items():
            seconds += [("is", field, value) for value in (known(field, scan, view) or ()) if value in wanted]
        numbers = set(self._always)
        atoms = frozenset(_atoms(scan, view))
        for second in seconds:
            gates = self._index.get(second, {})
            for atom in gates.keys() & atoms:
                numbers.update(gates[atom])
        return sorted(numbers)


def fired(rules: Rules[T], scan: Scan, view: View, within: Span | None = None) -> list[Fired[T]]:
    """The rules that hold, in the order of the file. What `continue` and `trial` mean is the caller's business."""
    out = []
    sight = Sight(scan, view, within)
    for number in rules.candidates(scan, view):
        entry = rules[number]
        outcome = entry.when.test(sight)
        if outcome.held:
            out.append(Fired(entry, outcome))
    return out


def _equality(when: Condition) -> Atom | None:
    """An equality that must be true, to narrow the index with."""
    if isinstance(when, All):
        for part in when.parts:
            gate = part.gate()
            if gate is not None and len(gate) == 1:
                (atom,) = gate
                if atom[0] == "is":
                    return atom
    return None


def _atoms(scan: Scan, view: View) -> Iterator[Atom]:
    """Everything that is true of a message and may open a gate."""
    for number in scan.phrases:
        yield ("phrase", number)
    for number in scan.patterns:
        yield ("pattern", number)
    for name in scan.named:
        yield ("has", name)
    for attachment in scan.understood.message.attachments:
        yield ("has", "attachment")
        yield ("has", f"attachment.{attachment.kind}")
    missing = view.get("missing")
    if isinstance(missing, Iterable):
        for item in missing:
            yield ("missing", str(item))
    for field in ("intent", "group", "flag", "channel", "priority", *scan.values):
        for value in known(field, scan, view) or ():
            yield ("is", field, value)
