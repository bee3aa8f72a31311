"""What the conditions of routes, channels and articles may ask about, beside the text itself."""

from __future__ import annotations

from collections.abc import Mapping

from plugin.model import Assessment, Issue


def view(assessment: Assessment, issue: Issue, **known: object) -> Mapping[str, object]:
    """The facts about one issue; `known` adds what has been decided so far (channel, priority)."""
    return {
        "intent": issue.intent,
        "group": issue.group,
        "flag": assessment.flags,
        "missing": assessment.completeness.missing,
        "score": assessment.completeness.score,
        "issues": len(assessment.issues),
        **known,
    }
