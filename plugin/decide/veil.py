"""Secrets are taken out of everything that a decision repeats: evidence, reasons, texts of issues.

A password alone does not look like one; only its place in the message tells. So what was recognised there as a secret
is looked for, letter by letter, wherever its words turn up again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from plugin.model import Assessment, Completeness, Evidence, Step, Understood
from plugin.understand.facts.secrets import SECRET
from plugin.understand.mask import mask

_SHORTEST = 4  #: letters that evidence and a secret share at least


@dataclass(frozen=True, slots=True)
class Veil:
    """The secrets of one message, the longest first, and what stands in their place."""

    secrets: tuple[tuple[str, str], ...]

    def text(self, text: str) -> str:
        """A text of several sentences, which may hold secrets of its own."""
        for secret, instead in self.secrets:
            text = text.replace(secret, instead)
        return mask(text)

    def evidence(self, found: Iterable[Evidence]) -> tuple[Evidence, ...]:
        """Evidence that is a secret, or a part of one, shows what stands in its place."""
        if not self.secrets:
            return tuple(found)
        return tuple(replace(e, text=self._quote(e.text), note=self._quote(e.note)) for e in found)

    def _quote(self, text: str) -> str:
        for secret, instead in self.secrets:
            if len(text) >= _SHORTEST and text in secret:
                return instead
            text = text.replace(secret, instead)
        return text

    def step(self, step: Step) -> Step:
        """A step of the trail."""
        if not self.secrets:
            return step
        return replace(step, because=self._quote(step.because), evidence=self.evidence(step.evidence))

    def assessment(self, found: Assessment) -> Assessment:
        """All of an assessment."""
        issues = tuple(
            replace(
                issue,
                text=self.text(issue.text),
                evidence=self.evidence(issue.evidence),
                completeness=self._checklist(issue.completeness) if issue.completeness else None,
            )
            for issue in found.issues
        )
        return replace(
            found,
            issues=issues,
            completeness=self._checklist(found.completeness),
            steps=tuple(self.step(s) for s in found.steps),
        )

    def _checklist(self, found: Completeness) -> Completeness:
        if not self.secrets:
            return found
        items = tuple(replace(item, evidence=self.evidence(item.evidence)) for item in found.items)
        return replace(found, items=items)


def veil(understood: Understood) -> Veil:
    """The veil for a message."""
    found = {
        fact.evidence.text: fact.value if fact.value != fact.evidence.text else "[removed]"
        for fact in understood.facts
        if fact.kind in SECRET and fact.evidence.text.strip()
    }
    return Veil(tuple(sorted(found.items(), key=lambda pair: -len(pair[0]))))
