"""What only deciding knows to be wrong with a rulebook: texts that letters cannot do without."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.model import Place
from plugin.rulebook import Problem, Rulebook

#: Texts that every language of the desk needs. Variants (`thanks.refund`) are optional.
NEEDED = (
    "greeting", "greeting.name", "closing", "thanks", "understood", "issues", "issue", "topic", "team",
    "asks", "asks.about", "answer", "answer.link", "confirm", "sensitive", "empty", "in-hand", "in-hand.number",
    "channel.chat", "channel.ticket-only", "articles",
    "next.ask.open", "next.ask.closed", "next.confirm.open", "next.confirm.closed",
    "next.in-hand.open", "next.in-hand.closed", "next.empty.open", "next.empty.closed",
    "hours.rule", "hours.days", "hours.times", "hours.and", "hours.list", "time", "date",
    "next_open.today", "next_open.tomorrow", "next_open.later", "days", "months",
)  # fmt: skip
#: Of a desk that reminds (`remind_after`).
REMINDING = ("remind", "next.remind.open", "next.remind.closed")
_PARTS = {"days": 7, "months": 12}


def problems(rulebook: Rulebook) -> Iterator[Problem]:
    """Mistakes that the rulebook's own check cannot see; `load` and `check` take this as `further`."""
    for language in rulebook.desk.languages:
        texts, place = rulebook.replies.get(language, {}), Place(f"replies/{language}.yaml", 1)
        for name in (*NEEDED, *(REMINDING if rulebook.desk.waiting.remind_after else ())):
            if name not in texts:
                said = f"the replies in '{language}' have no text '{name}', which letters need"
                yield Problem(place, "error", "missing-text", said, "write it, or copy it from the default pack")
        for name, count in _PARTS.items():
            if name in texts and len(texts[name].split("|")) != count:
                said = f"the text '{name}' in '{language}' has {len(texts[name].split('|'))} parts, not {count}"
                yield Problem(
                    place, "error", "missing-text", said, "separate them with |, beginning with Monday or January"
                )
