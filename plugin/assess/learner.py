"""The teacher: turns the examples of a rulebook into what is learned from them, when the rulebook is loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from plugin.assess import examples as as_message
from plugin.assess import parts as p
from plugin.assess import questions as ask
from plugin.assess.examples import Reading, labels_of
from plugin.assess.features import Matrix, Raw, scale_of, scaled, stack
from plugin.assess.learned import Learned, phrases_of, speaking_of
from plugin.assess.questions import Rows, Unit
from plugin.assess.recall import doubtful_of
from plugin.rulebook import Example, Rulebook, Scan, Sentence, scan
from plugin.understand.language import language


class Teacher:
    """Learns from the labelled examples of a rulebook, or from those that are given."""

    def __init__(
        self,
        book: Rulebook,
        encode: p.Encode,
        examples: Sequence[Example] | None = None,
        reading: Reading | None = None,
    ) -> None:
        self.book = book
        self.encode = encode
        self.signals = p.Signals.of(book, phrases_of(book))
        self.intents = {name: column for column, name in enumerate(book.intents)}
        free = [name for name, intent in book.intents.items() if intent.group is None]
        self.free = frozenset(free)  # intents whose group the text decides
        self.groups = {name: column for column, name in enumerate(book.groups)}
        self.examples = [e for e in (book.examples if examples is None else examples) if labels_of(e)]
        read = reading or Reading(book)
        self.scans = [read.scan(example) for example in self.examples]

    def learn(self) -> Learned:
        """Learn in two passes: the second knows which part of a message each of its issues stands in."""
        wholes = self._raw([(found, p.whole(found)) for found in self.scans])
        single = [i for i, example in enumerate(self.examples) if len(labels_of(example)) == 1]
        units = [self._unit(i, p.whole(self.scans[i]), 0) for i in single]
        extra = self._sentences()
        raw = stack([wholes.rows(single), self._raw([(u.scan, u.part) for u in extra])])
        first = self._answers([*units, *extra], raw, wholes, {})
        pieces = self._divided(first)
        more = [self._unit(i, part, issue) for i, parts in pieces.items() for issue, part in enumerate(parts)]
        raw = stack([raw, self._raw([(u.scan, u.part) for u in more])])
        return self._answers([*units, *extra, *more], raw, wholes, pieces)

    def _raw(self, places: Sequence[tuple[Scan, p.Part]]) -> Raw:
        return p.raw_of(places, self.signals, self.encode)

    def _unit(self, number: int, part: p.Part, issue: int) -> Unit:
        intent, group = labels_of(self.examples[number])[issue]
        return Unit(self.scans[number], part, intent, group, self.examples[number], number)

    def _sentences(self) -> list[Unit]:
        """The example sentences beside intents and groups."""
        said: list[tuple[Sentence, str | None, str | None]] = []
        for intent in self.book.intents.values():
            said += [(sentence, intent.id, intent.group) for sentence in intent.examples]
        for group in self.book.groups.values():
            said += [(sentence, None, group.id) for sentence in group.examples]
        return [self._said(number, *one) for number, one in enumerate(said, len(self.examples))]

    def _flags_said(self) -> list[ask.Message]:
        """The example sentences beside flags."""
        said = [(flag.id, self._scan(sentence)) for flag in self.book.flags.values() for sentence in flag.examples]
        return [ask.Message(((found, "", ""),), {flag: True}, outright=True) for flag, found in said]

    def _said(self, number: int, sentence: Sentence, intent: str | None, group: str | None) -> Unit:
        found = self._scan(sentence)
        return Unit(found, p.whole(found), intent, group, sentence, number)

    def _scan(self, sentence: Sentence) -> Scan:
        desk = self.book.desk
        code, _ = language(sentence.text, "", among=desk.recognise, fallback=desk.default_language, inherited=None)
        return scan(as_message.from_text("", "", sentence.text, code), self.book)

    def _divided(self, first: Learned) -> dict[int, tuple[p.Part, p.Part]]:
        """The parts of examples with two issues, divided where the labels fit the parts best."""
        out = {}
        for number, (example, found) in enumerate(zip(self.examples, self.scans, strict=True)):
            labels = labels_of(example)
            if len(labels) != 2:
                continue
            end = len(found.understood.message.newest)
            halves = [(p.Part(0, turn.at), p.Part(turn.at, end, subject=False)) for turn in first.turns(found)]
            if not halves:
                continue
            rows = scaled(self._raw([(found, part) for pair in halves for part in pair]), first.scale)
            fits = [
                self._fit(first, rows[2 * i], labels[0]) + self._fit(first, rows[2 * i + 1], labels[1])
                for i in range(len(halves))
            ]
            out[number] = halves[int(np.argmax(fits))]
        return out

    def _fit(self, first: Learned, row: Matrix, label: tuple[str, str]) -> float:
        intent = float(first.intents.ridge.scores(row[None])[0, self.intents[label[0]]])
        if label[0] not in self.free or label[1] not in self.groups:
            return intent
        return intent + float(first.groups.ridge.scores(row[None])[0, self.groups[label[1]]])

    def _answers(
        self, units: list[Unit], raw: Raw, wholes: Raw, pieces: Mapping[int, tuple[p.Part, p.Part]]
    ) -> Learned:
        """Every question answered from these texts and their features."""
        scale = scale_of(raw)
        said = self._flags_said()
        wholes = stack([wholes, self._raw([(scan, p.whole(scan)) for one in said for scan, _, _ in one.issues])])
        texts, messages = Rows.of(scaled(raw, scale)), Rows.of(scaled(wholes, scale))
        for_groups = [
            i for i, u in enumerate(units) if u.group in self.groups and (u.intent is None or u.intent in self.free)
        ]
        chosen = frozenset(for_groups)
        labelled = tuple(unit.kept(i in chosen) for i, unit in enumerate(units))
        intents, groups = ask.intents(self.book, units, texts), ask.groups(self.book, units, texts, for_groups)
        return Learned(
            scale=scale,
            intents=intents,
            groups=groups,
            flags=ask.flags(self.book, [*(self._message(i, pieces) for i in range(len(self.scans))), *said], messages),
            several=ask.several(np.array([len(labels_of(e)) > 1 for e in self.examples], dtype=bool), messages),
            labelled=labelled,
            speaking=speaking_of(texts.rows, labelled, intents, groups),
            signals=self.signals,
        )

    def _message(self, number: int, pieces: Mapping[int, tuple[p.Part, p.Part]]) -> ask.Message:
        found, labels = self.scans[number], labels_of(self.examples[number])
        parts = pieces.get(number) or [p.whole(found)] * len(labels)
        issues = tuple((p.narrow(found, part), *label) for part, label in zip(parts, labels, strict=True))
        said, unsure = self.examples[number].flags, doubtful_of(self.examples[number])
        known = {} if said is None else {flag: flag in said for flag in self.book.flags if flag not in unsure}
        return ask.Message(issues, known)
