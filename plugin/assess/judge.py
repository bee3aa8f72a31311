"""What one part of a message wants: the intent first, then the group, each with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from plugin.assess import parts as p
from plugin.assess.explain import reasons, words_of
from plugin.assess.features import Matrix, scaled
from plugin.assess.learned import WORTH, Learned, Task
from plugin.assess.ridge import likelihoods
from plugin.model import Evidence, Issue, Step
from plugin.rulebook import Fired, Rulebook, Scan, Signal, fired


@dataclass(frozen=True)
class Opinion:
    """The answer to one question about one part, with the runner-up."""

    answer: str
    share: float  #: how sure, 0 to 1
    runner_up: str
    runner_up_share: float
    hits: tuple[Fired[Signal], ...]  #: the signals that were heard


@dataclass(frozen=True)
class Verdict:
    """What a part is taken for."""

    part: p.Part
    row: Matrix
    intent: Opinion
    group: Opinion | None  #: None where the intent decides the group
    group_id: str

    @property
    def label(self) -> tuple[str, str]:
        """Intent and group."""
        return self.intent.answer, self.group_id

    @property
    def share(self) -> float:
        """How sure the whole label is, 0 to 1."""
        return self.intent.share * (1.0 if self.group is None else self.group.share)


def read(places: Sequence[p.Part], scan: Scan, learned: Learned, encode: p.Encode) -> Matrix:
    """The features of some parts of a message."""
    return scaled(p.raw_of([(scan, part) for part in places], learned.signals, encode), learned.scale)


def judge(part: p.Part, row: Matrix, scan: Scan, learned: Learned, book: Rulebook) -> Verdict:
    """Intent and group of a part."""
    narrowed = p.narrow(scan, part)
    intent = _opinion(learned.intents, row, fired(book.intent_signals, narrowed, {}))
    fixed = book.intents[intent.answer].group
    if fixed is not None:
        return Verdict(part, row, intent, None, fixed)
    group = _opinion(learned.groups, row, fired(book.group_signals, narrowed, {}))
    return Verdict(part, row, intent, group, group.answer)


def as_said(verdict: Verdict, label: tuple[str, str], book: Rulebook) -> Verdict:
    """The verdict on a part that an example decides."""
    intent, group = label
    said = book.intents[intent].group or group
    return replace(
        verdict,
        intent=_certainly(verdict.intent, intent),
        group=None if book.intents[intent].group else _certainly(verdict.group or verdict.intent, said),
        group_id=said,
    )


def _certainly(opinion: Opinion, answer: str) -> Opinion:
    other = opinion.runner_up if opinion.answer == answer else opinion.answer
    return replace(opinion, answer=answer, share=1.0, runner_up=other, runner_up_share=0.0)


def _opinion(task: Task, row: Matrix, heard: list[Fired[Signal]]) -> Opinion:
    scores = task.ridge.scores(row[None]) + p.prior(heard, task.columns, WORTH)
    shares = likelihoods(scores, task.sharpness)[0]
    order = np.argsort(-shares, kind="stable")
    first, second = int(order[0]), int(order[min(1, len(order) - 1)])
    return Opinion(task.names[first], float(shares[first]), task.names[second], float(shares[second]), tuple(heard))


def issue_of(verdict: Verdict, scan: Scan, learned: Learned) -> Issue:
    """The verdict as an issue with its evidence."""
    words = words_of(scan, verdict.part, learned)
    found = [
        *p.evidence_of(verdict.intent.hits, verdict.intent.answer, verdict.part),
        *reasons(verdict.row, words, learned, "intent", verdict.intent.answer),
    ]
    if verdict.group is not None:
        found += p.evidence_of(verdict.group.hits, verdict.group_id, verdict.part)
        found += reasons(verdict.row, words, learned, "group", verdict.group_id)
    return Issue(
        intent=verdict.intent.answer,
        group=verdict.group_id,
        text=_unnumbered(p.text_of(scan, verdict.part)),
        score=round(verdict.share, 3),
        evidence=_once(found),
    )


def _unnumbered(text: str) -> str:
    """Without the number of the next entry of a list, where the part ends right before that entry: "… Monday. 2)"."""
    whole = text.rstrip()
    number = whole.rstrip(".)")
    left = number.rstrip("0123456789")
    if not 0 < len(number) - len(left) <= 2 or number == whole:
        return text
    at_line_start = left.rstrip(" ").endswith("\n")
    return left.rstrip() if at_line_start or (left.endswith(" ") and whole.endswith(")")) else text


def _once(found: list[Evidence]) -> tuple[Evidence, ...]:
    """Each stretch of text once; the first to name it says why."""
    seen: dict[tuple[str, int, int, str], Evidence] = {}
    for evidence in found:
        seen.setdefault((evidence.where, evidence.start, evidence.end, evidence.text), evidence)
    return tuple(seen.values())


def steps_of(verdict: Verdict, issue: Issue, book: Rulebook) -> list[Step]:
    """What was decided about a part and why, for the trail."""
    intent = book.intents[verdict.intent.answer]
    words = _words(issue.evidence)
    steps = [
        Step(
            "intent", intent.id, intent.place, True,
            f"{intent.id} {_percent(verdict.intent.share)}, then {verdict.intent.runner_up} "
            f"{_percent(verdict.intent.runner_up_share)}{words}",
            issue.evidence,
        )
    ]  # fmt: skip
    group = book.groups.get(verdict.group_id)
    place = group.place if group else None
    if verdict.group is None:
        because = f"the intent {intent.id} belongs to {verdict.group_id}"
    else:
        because = (
            f"{verdict.group_id} {_percent(verdict.group.share)}, then {verdict.group.runner_up} "
            f"{_percent(verdict.group.runner_up_share)}"
        )
    steps.append(Step("group", verdict.group_id, place, True, because))
    return steps


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"


def _words(evidence: Sequence[Evidence]) -> str:
    said = [f"“{e.text}”" for e in evidence if e.end > e.start][:3]
    like = next((e.note for e in evidence if e.note.startswith("like ")), "")
    return "".join(f": {part}" if not i else f", {part}" for i, part in enumerate([*said, *([like] if like else [])]))
