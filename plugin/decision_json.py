"""A decision as JSON values: what `antesala triage --json`, the outgoing webhook and the pages give to the world.

`schemas/decision.schema.json` describes it; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plugin.decide.note import shortened
from plugin.model import Completeness, Decision, Evidence, Issue, Reply, Step

_QUOTE = 200  #: characters of the customer's words in a piece of evidence
_ISSUE = 300  #: of those that an issue is about


def to_json(decision: Decision, file: str = "", *, trail: bool = True) -> dict[str, Any]:
    """The decision about a message; `file` names where it came from. The customer's words are shortened and masked."""
    values: dict[str, Any] = {
        "file": file,
        "language": decision.language,
        "intent": decision.intent,
        "group": decision.group,
        "channel": decision.channel,
        "priority": decision.priority,
        "issues": [_issue(*pair) for pair in zip(decision.issues, decision.checklists, strict=True)],
        "completeness": _completeness(decision.completeness),
        "flags": list(decision.flags),
        "tags": list(decision.tags),
        "copies": list(decision.copies),
        "suppressed": decision.suppressed,
        "reply": _reply(decision.reply),
        "no_reply": decision.no_reply,
        "note": decision.note,
        "rulebook": decision.rulebook,
        "decided_at": decision.decided_at.isoformat() if decision.decided_at else None,
        "goes_on": decision.goes_on,
        "new_matter": decision.new_matter,
        "linked": list(decision.linked),
    }
    if trail:
        values["trail"] = steps_to_json(decision.trail)
    return values


def steps_to_json(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """The trail: everything that was looked at, in order."""
    return [
        {
            "stage": step.stage,
            "rule": step.rule,
            "place": str(step.place) if step.place else None,
            "matched": step.matched,
            "trial": step.trial,
            "because": step.because,
            "evidence": _evidence(step.evidence),
        }
        for step in steps
    ]


def _issue(issue: Issue, checklist: Completeness) -> dict[str, Any]:
    return {
        "intent": issue.intent,
        "group": issue.group,
        "text": shortened(issue.text, _ISSUE),
        "score": round(issue.score, 4),
        "completeness": _completeness(checklist),
        "evidence": _evidence(issue.evidence),
    }


def _completeness(completeness: Completeness) -> dict[str, Any]:
    items = {item.id: "present" if item.present else "missing" for item in completeness.items}
    return {"score": completeness.score, "items": items}


def _reply(reply: Reply | None) -> dict[str, Any] | None:
    if reply is None:
        return None
    return {
        "kind": reply.kind,
        "language": reply.language,
        "subject": reply.subject,
        "text": reply.text,
        "html": reply.html,
        "asks": list(reply.asks),
        "questions": list(reply.questions),
        "files": [name for name, _ in reply.files],
    }


def _evidence(evidence: Sequence[Evidence]) -> list[dict[str, Any]]:
    return [
        {
            "text": shortened(piece.text, _QUOTE),
            "where": piece.where,
            "start": piece.start,
            "end": piece.end,
            "note": piece.note,
        }
        for piece in evidence
    ]
