"""What is learned from the rulebook's examples and signals: intents, groups, flags, and where a message divides.

Learning happens when a rulebook is loaded. Signals speak first, with their weights; the examples then
teach what the signals alone get wrong, by words, letters and meaning at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plugin.assess import examples as as_message
from plugin.assess import parts as p
from plugin.assess import ridge
from plugin.assess.features import Matrix, Raw, Scale, scale_of, scaled, stack
from plugin.assess.segments import Turn
from plugin.rulebook import Example, Flag, Rulebook, Scan, Sentence, fired, holds, scan
from plugin.understand.language import language

#: The vocabularies at whose phrases a message may divide: for sure, and perhaps.
TURNS = ("another-matter", "perhaps-another-matter")
#: How much one point of a signal's weight moves a score (a yes is about 1, a no about -1).
WORTH = 0.03
SMOOTH = 0.2
#: For flags, which rest on few words: the examples bend less, the signals weigh more.
FLAG_SMOOTH = 2.0
_EXCERPT = 70  #: characters of an example that are shown


@dataclass(frozen=True)
class Unit:
    """A text with its labels."""

    scan: Scan
    part: p.Part
    intent: str | None
    group: str | None
    source: Example | Sentence


@dataclass(frozen=True, slots=True)
class Labelled:
    """What is kept of a text that was learned from."""

    intent: str | None
    group: str | None
    for_groups: bool  #: the groups were learned from it
    excerpt: str
    place: str


@dataclass(frozen=True)
class Task:
    """One question that was learned: the answers it knows and how sure its scores are."""

    names: tuple[str, ...]
    ridge: ridge.Ridge
    sharpness: float = 1.0
    thresholds: tuple[float, ...] = ()

    @property
    def columns(self) -> dict[str, int]:
        """The column of each answer."""
        return {name: column for column, name in enumerate(self.names)}


@dataclass(frozen=True)
class Learned:
    """Everything that deciding needs."""

    scale: Scale
    intents: Task
    groups: Task
    flags: tuple[Task, ...]  #: one each
    several: Task  #: whether a message holds more than one issue
    rows: Matrix  #: of the labelled texts, for naming the examples that decided
    labelled: tuple[Labelled, ...]
    signals: p.Signals

    def turns(self, found: Scan) -> tuple[Turn, ...]:
        """Where a message may turn to another matter."""
        return self.signals.turns(found)


def phrases_of(book: Rulebook) -> tuple[p.Phrases, p.Phrases]:
    """The phrases at which messages may divide."""
    surely, perhaps = (book.words.get(name, {}) for name in TURNS)
    return surely, perhaps


class Teacher:
    """Turns the examples of a rulebook into what is learned from them."""

    def __init__(self, book: Rulebook, encode: p.Encode, examples: Sequence[Example] | None = None) -> None:
        self.book = book
        self.encode = encode
        self.signals = p.Signals.of(book, phrases_of(book))
        self.intents = {name: column for column, name in enumerate(book.intents)}
        free = [name for name, intent in book.intents.items() if intent.group is None]
        self.free = frozenset(free)  # intents whose group the text decides
        self.groups = {name: column for column, name in enumerate(book.groups)}
        self.examples = [e for e in (book.examples if examples is None else examples) if _labels(e)]
        self.scans = [scan(as_message.understood(e), book) for e in self.examples]

    def learn(self) -> Learned:
        """Learn in two passes: the second knows which part of a message each of its issues stands in."""
        wholes = self._raw([(found, p.whole(found)) for found in self.scans])
        single = [i for i, example in enumerate(self.examples) if len(_labels(example)) == 1]
        units = [self._unit(i, p.whole(self.scans[i]), 0) for i in single]
        extra = self._sentences()
        raw = (
            stack([wholes.rows(single), self._raw([(u.scan, u.part) for u in extra])]) if extra else wholes.rows(single)
        )
        first = self._tasks([*units, *extra], raw, wholes, {})
        more = self._divided(first)
        if more:
            raw = stack([raw, self._raw([(u.scan, u.part) for u in more])])
        pieces: dict[int, list[p.Part]] = {}
        numbers = {id(found): number for number, found in enumerate(self.scans)}
        for unit in more:
            pieces.setdefault(numbers[id(unit.scan)], []).append(unit.part)
        return self._tasks([*units, *extra, *more], raw, wholes, pieces)

    def _raw(self, places: Sequence[tuple[Scan, p.Part]]) -> Raw:
        return p.raw_of(places, self.signals, self.encode)

    def _unit(self, number: int, part: p.Part, issue: int) -> Unit:
        intent, group = _labels(self.examples[number])[issue]
        return Unit(self.scans[number], part, intent, group, self.examples[number])

    def _sentences(self) -> list[Unit]:
        """The example sentences beside intents and groups."""
        out = []
        desk = self.book.desk
        for intent in self.book.intents.values():
            out += [self._said(sentence, intent.id, intent.group, desk.recognise) for sentence in intent.examples]
        for group in self.book.groups.values():
            out += [self._said(sentence, None, group.id, desk.recognise) for sentence in group.examples]
        return out

    def _said(self, sentence: Sentence, intent: str | None, group: str | None, among: Sequence[str]) -> Unit:
        code, _ = language(sentence.text, "", among=among, fallback=self.book.desk.default_language, inherited=None)
        found = scan(as_message.from_text("", "", sentence.text, code), self.book)
        return Unit(found, p.whole(found), intent, group, sentence)

    def _divided(self, first: Learned) -> list[Unit]:
        """The parts of examples with two issues, divided where the labels fit the parts best."""
        out = []
        for number, (example, found) in enumerate(zip(self.examples, self.scans, strict=True)):
            labels = _labels(example)
            places = [turn.at for turn in first.turns(found)]
            if len(labels) == 1:
                continue
            if len(labels) > 2 or not places:
                continue
            end = len(found.understood.message.newest)
            halves = [(p.Part(0, at), p.Part(at, end, subject=False)) for at in places]
            rows = scaled(self._raw([(found, part) for pair in halves for part in pair]), first.scale)
            fits = [
                self._fit(first, rows[2 * i], labels[0]) + self._fit(first, rows[2 * i + 1], labels[1])
                for i in range(len(halves))
            ]
            before, after = halves[int(np.argmax(fits))]
            out += [self._unit(number, before, 0), self._unit(number, after, 1)]
        return out

    def _fit(self, first: Learned, row: Matrix, label: tuple[str, str]) -> float:
        intent = float(first.intents.ridge.scores(row[None])[0, self.intents[label[0]]])
        if label[0] not in self.free or label[1] not in self.groups:
            return intent
        return intent + float(first.groups.ridge.scores(row[None])[0, self.groups[label[1]]])

    # --- the questions ------------------------------------------------------------------------

    def _tasks(self, units: list[Unit], raw: Raw, wholes: Raw, pieces: Mapping[int, list[p.Part]]) -> Learned:
        scale = scale_of(raw)
        rows = scaled(raw, scale)
        likeness = np.asarray(rows @ rows.T, dtype=np.float64)
        group_units = [
            i for i, u in enumerate(units) if u.group in self.groups and (u.intent is None or u.intent in self.free)
        ]
        chosen = frozenset(group_units)
        whole_rows = scaled(wholes, scale)
        return Learned(
            scale=scale,
            intents=self._intents(units, rows, likeness),
            groups=self._groups(units, rows, likeness, group_units),
            flags=self._flags(whole_rows, pieces),
            several=self._several(whole_rows),
            rows=rows.astype(np.float16),
            labelled=tuple(_kept(unit, i in chosen) for i, unit in enumerate(units)),
            signals=self.signals,
        )

    def _intents(self, units: list[Unit], rows: Matrix, likeness: ridge.Numbers) -> Task:
        chosen = [i for i, unit in enumerate(units) if unit.intent is not None]
        labels = np.array([self.intents[str(units[i].intent)] for i in chosen], dtype=np.int64)
        return self._choice(self.intents, labels, chosen, units, rows, likeness, 1.0)

    def _groups(self, units: list[Unit], rows: Matrix, likeness: ridge.Numbers, chosen: list[int]) -> Task:
        labels = np.array([self.groups[str(units[i].group)] for i in chosen], dtype=np.int64)
        return self._choice(self.groups, labels, chosen, units, rows, likeness, 0.5)

    def _choice(
        self,
        names: dict[str, int],
        labels: np.ndarray,
        chosen: list[int],
        units: list[Unit],
        rows: Matrix,
        likeness: ridge.Numbers,
        power: float,
    ) -> Task:
        """One answer of several."""
        if len(chosen) < 2:
            return _nothing(names, rows.shape[1])
        rules = self.book.intent_signals if names is self.intents else self.book.group_signals
        before = np.stack(
            [p.prior(fired(rules, p.narrow(units[i].scan, units[i].part), {}), names, WORTH) for i in chosen]
        ).astype(np.float64)
        wanted = ridge.targets_of(labels, len(names)) - before
        importance = ridge.balanced(labels, len(names), power) * [_weight(units[i].source) for i in chosen]
        square = likeness[np.ix_(chosen, chosen)]
        fitted, left_out = ridge.fit(rows[chosen], square, wanted, importance, SMOOTH)
        return Task(tuple(names), fitted, ridge.sharpness_of(left_out + before, labels))

    def _flags(self, rows: Matrix, pieces: Mapping[int, list[p.Part]]) -> tuple[Task, ...]:
        """Flags that have signals, each on the whole messages that may have it at all."""
        likeness = np.asarray(rows @ rows.T, dtype=np.float64)
        issues = {i: self._issues(i, pieces) for i, example in enumerate(self.examples) if example.flags is not None}
        out = []
        for flag in self.book.flags.values():
            if not flag.signals:
                continue
            chosen = [i for i, found in issues.items() if may_have(flag, found)]
            true = np.array([flag.id in (self.examples[i].flags or ()) for i in chosen], dtype=bool)
            before = np.array([flag_prior(self.book, flag, issues[i]) for i in chosen], dtype=np.float64)
            out.append(self._yes_or_no(flag.id, rows, likeness, chosen, true, before, FLAG_SMOOTH))
        return tuple(out)

    def _several(self, rows: Matrix) -> Task:
        many = np.array([len(_labels(example)) > 1 for example in self.examples], dtype=bool)
        likeness = np.asarray(rows @ rows.T, dtype=np.float64)
        return self._yes_or_no("several", rows, likeness, list(range(len(many))), many, np.zeros(len(many)), SMOOTH)

    def _yes_or_no(
        self,
        name: str,
        rows: Matrix,
        likeness: ridge.Numbers,
        chosen: list[int],
        true: Truth,
        before: ridge.Numbers,
        smooth: float,
    ) -> Task:
        """Whether something holds, with the threshold that finds it best."""
        if true.all() or not true.any():
            return _nothing({name: 0}, rows.shape[1])
        wanted = (np.where(true, 1.0, -1.0) - before)[:, None]
        square = likeness[np.ix_(chosen, chosen)]
        fitted, left_out = ridge.fit(rows[chosen], square, wanted, np.ones(len(chosen)), smooth)
        return Task((name,), fitted, thresholds=(ridge.threshold_of(left_out[:, 0] + before, true),))

    def _issues(self, number: int, pieces: Mapping[int, list[p.Part]]) -> list[IssuePart]:
        found = self.scans[number]
        labels = _labels(self.examples[number])
        parts = pieces.get(number) or [p.whole(found)] * len(labels)
        return [(p.narrow(found, part), *label) for part, label in zip(parts, labels, strict=True)]


IssuePart = tuple[Scan, str, str]  #: the part of a message that an issue stands in, its intent and its group
Truth = NDArray[np.bool_]


def may_have(flag: Flag, issues: Sequence[IssuePart]) -> bool:
    """Whether the condition of a flag that also has signals holds for one of the issues."""
    return flag.when is None or any(
        holds(flag.when, found, {"intent": intent, "group": group}).held for found, intent, group in issues
    )


def flag_prior(book: Rulebook, flag: Flag, issues: Sequence[IssuePart]) -> float:
    """What the signals of a flag say, in points of a score: the issue that speaks most for it counts."""
    return max(
        float(p.prior(fired(book.flag_signals, found, {"intent": intent, "group": group}), {flag.id: 0}, WORTH)[0])
        for found, intent, group in issues
    )


def _labels(example: Example) -> tuple[tuple[str, str], ...]:
    """Intent and group of each issue of an example; () if it has none."""
    if example.issues:
        return example.issues
    return ((example.intent, example.group or ""),) if example.intent else ()


def _kept(unit: Unit, for_groups: bool) -> Labelled:
    text = p.text_of(unit.scan, unit.part) if isinstance(unit.source, Example) else unit.source.text
    text = " ".join(text.split())
    excerpt = text if len(text) <= _EXCERPT else text[: _EXCERPT - 1].rstrip() + "…"
    return Labelled(unit.intent, unit.group, for_groups, excerpt, str(unit.source.place))


def _weight(source: Example | Sentence) -> float:
    """How much an example counts: its `weight`, 1 where it gives none."""
    weight = source.row.get("weight", 1) if isinstance(source, Example) else 1
    return min(10.0, max(0.1, float(weight))) if isinstance(weight, int | float) else 1.0


def _nothing(names: Mapping[str, int], columns: int) -> Task:
    """A question without examples: signals decide alone."""
    empty = ridge.Ridge(
        np.zeros((columns, len(names)), np.float32),
        np.zeros(len(names), np.float32),
        np.zeros((0, len(names)), np.float32),
    )
    return Task(tuple(names), empty, 1.0, tuple(0.0 for _ in names))
