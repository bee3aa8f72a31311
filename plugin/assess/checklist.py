"""The checklist of the principal issue: what is there, what is missing, and the score.

An item whose examples taught something is present where a piece of the message (the subject or a sentence) looks
more like those that gave it than not. About any other item its condition `found` decides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from plugin.assess import item_learner
from plugin.assess.answers import Given
from plugin.assess.encoder import Encoder
from plugin.assess.examples import Reading
from plugin.assess.going_on import carried
from plugin.assess.item_kept import KINDS, items_kept
from plugin.assess.item_learner import Learned, Lesson
from plugin.assess.item_pieces import Pieces, layout, pieces_of
from plugin.assess.kept import depends_on
from plugin.assess.parts import Encode
from plugin.assess.recall import certain
from plugin.model import Completeness, Evidence, History, Issue, Item, Step, Understood
from plugin.rulebook import Example, Rulebook, Scan, View, holds
from plugin.rulebook.rulebook import ItemRule, Line
from plugin.understand.mask import mask

_KEY = "checklist"
_QUOTES = 4  #: words that are kept for an item of a conversation


@dataclass(frozen=True)
class Found:
    """What was found about one item."""

    present: bool
    because: str
    evidence: tuple[Evidence, ...]


def learn(rulebook: Rulebook, encoder: Encoder, cache: Path | None, reading: Reading | None = None) -> Learned | None:
    """What items learn from the rulebook's examples; None if no example says anything about an item."""
    examples = [example for example in rulebook.examples if example.items]
    if not examples:
        return None
    depends = [encoder.name(), layout(rulebook), *depends_on(rulebook, KINDS, examples)]
    return items_kept(lambda: _learn(rulebook, examples, encoder, reading or Reading(rulebook)), depends, cache)


def _learn(rulebook: Rulebook, examples: Sequence[Example], encoder: Encoder, reading: Reading) -> Learned:
    found = [pieces_of(reading.scan(example), rulebook, example.intent or "") for example in examples]
    vectors = encoder.encode([text for pieces in found for text in pieces.texts])
    lessons, at = [], 0
    for example, pieces in zip(examples, found, strict=True):
        lessons.append(Lesson(vectors[at : at + len(pieces.texts)], pieces.traits, certain(example)))
        at += len(pieces.texts)
    return item_learner.learn(lessons, list(rulebook.items))


def complete(
    understood: Understood,  # noqa: ARG001 - the scan holds it; the seam names it
    rulebook: Rulebook,
    issue: Issue,
    history: History,
    *,
    scan: Scan,
    flags: Collection[str],
    known: Example | None = None,
    encode: Encode | None = None,
    given: Sequence[Given] = (),
) -> tuple[Completeness, tuple[Step, ...]]:
    """The items that apply to the issue, each with its evidence, and a step for each.

    `known` is the example that it reads like. `encode` gives the vectors of texts; without it conditions alone decide.
    `given`: what answers our questions. The issue's own completeness, where it has one, says what was given before.
    """
    view: View = {"intent": issue.intent, "group": issue.group, "flag": flags}
    lines = [line for line in rulebook.intents[issue.intent].checklist if _applies(line, scan, view)]
    finder = _Finder.of(scan, rulebook, issue.intent, known, encode) if lines else None
    answers = {one.item: one for one in given}
    items: list[Item] = []
    steps: list[Step] = []
    for line in lines:
        rule = rulebook.items[line.item]
        found = _answer(rule, answers, history, scan)
        if found is None:
            assert finder is not None
            found = finder.find(rule, view)
        found = _with_earlier(found, _earlier(rule, issue, history))
        items.append(Item(rule.id, found.present, rule.weight, found.evidence, line.recommended))
        steps.append(Step("item", rule.id, rule.place, found.present, found.because, found.evidence))
    whole = sum(item.weight for item in items)
    there = sum(item.weight for item in items if item.present)
    return Completeness(round(100 * there / whole) if whole else 100, tuple(items)), tuple(steps)


def _earlier(rule: ItemRule, issue: Issue, history: History) -> Found | None:
    """What an earlier message gave, with its words."""
    known = carried(issue).get(rule.id)
    if known is not None and known.present:
        return Found(True, "an earlier message gave it", known.evidence)
    if issue.completeness is None and rule.id in history.given:
        return Found(True, "an earlier message gave it", ())
    return None


def _with_earlier(now: Found, earlier: Found | None) -> Found:
    """What was given stays given; what is said about it now comes before what was said then."""
    if earlier is None:
        return now
    return replace(earlier, evidence=(*now.evidence, *earlier.evidence)[:_QUOTES]) if now.present else earlier


def _answer(rule: ItemRule, answers: Mapping[str, Given], history: History, scan: Scan) -> Found | None:
    """What answers our question: words, or for some items the file that we asked for, whatever its name."""
    if rule.raw.get("file"):
        asked = any(question.item == rule.id for question in history.questions)
        files = [a for a in scan.understood.message.attachments if a.kind in rule.raw["file"]]
        if not (asked and files):
            return None
        names = tuple(Evidence(mask(file.name), "attachment") for file in files[:3])
        return Found(True, "a file came back that we asked for", names)
    if rule.id not in answers:
        return None
    answer = answers[rule.id]
    if answer.declined:
        return Found(False, "the customer does not have it", ())
    return Found(True, answer.because, (Evidence(answer.text),))


def _applies(line: Line, scan: Scan, view: View) -> bool:
    return line.when is None or holds(line.when, scan, view).held


@dataclass(frozen=True)
class _Finder:
    """Looks for items in one message."""

    scan: Scan
    rulebook: Rulebook
    learned: Learned | None
    pieces: Pieces | None
    rows: item_learner.Matrix  #: the pieces as what was learned sees them
    known: Example | None  #: that the message reads like

    @classmethod
    def of(cls, scan: Scan, rulebook: Rulebook, intent: str, known: Example | None, encode: Encode | None) -> _Finder:
        learned = rulebook.learned.get(_KEY)
        none = np.zeros((0, 0), dtype=np.float32)
        if not isinstance(learned, Learned) or encode is None:
            return cls(scan, rulebook, None, None, none, known)
        pieces = pieces_of(scan, rulebook, intent)
        return cls(scan, rulebook, learned, pieces, learned.rows(encode(pieces.texts), pieces.traits), known)

    def find(self, rule: ItemRule, view: View) -> Found:
        """Whether the message gives the item, and where. An example that reads like it decides."""
        found = self._looked_for(rule, view)
        said = None if self.known is None else certain(self.known).get(rule.id)
        if self.known is None or said is None:
            return found
        because = f"the message reads like the example at {self.known.place}"
        return Found(said, because, found.evidence if said else ())

    def _looked_for(self, rule: ItemRule, view: View) -> Found:
        if self.learned is not None and self.pieces is not None:
            told = self.pieces.told.get(rule.id, 0.0)
            scores = self.learned.scores(rule.id, self.rows, told)
            if scores is not None:
                return self._by_examples(rule, scores)
        outcome = holds(rule.found, self.scan, view)
        return Found(outcome.held, outcome.because, outcome.evidence)

    def _by_examples(self, rule: ItemRule, scores: item_learner.Numbers) -> Found:
        assert self.pieces is not None
        best = int(scores.argmax())
        span, text = self.pieces.spans[best], self.pieces.texts[best]
        sure = 1 / (1 + np.exp(-float(np.clip(scores[best], -30, 30))))
        if scores[best] <= 0:
            return Found(False, f"no sentence looks like one that gives it; the nearest is {sure:.0%} likely", ())
        # of the sentences that give it, people see the reason best in one that says so in known words
        for row in np.argsort(-scores, kind="stable"):
            words = holds(rule.found, self.scan, {}, self.pieces.spans[row])
            if scores[row] > 0 and words.held:
                return Found(True, f"a sentence is {sure:.0%} likely to give it; {words.because}", words.evidence)
        evidence = (Evidence(mask(text), span.where, span.start, span.end),)
        return Found(True, f"a sentence is {sure:.0%} likely to give it", evidence)
