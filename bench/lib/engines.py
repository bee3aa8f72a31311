"""The engines: each is built from neutral rules and says how many of them fire on a message.

The peers get the text and the phrases folded and look for substrings; ours folds, inflects, keeps to words and
sentences, minds negation and gives the place of every word.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from plugin.model import Address, Message, Understood
from plugin.rulebook import Condition, Rules, fired, look
from plugin.rulebook.grammar import Grammar
from plugin.rulebook.load import parse
from plugin.rulebook.matcher import Matcher
from plugin.rulebook.phrasebook import PhraseBook
from plugin.rulebook.phrases.fold import fold, mark
from plugin.rulebook.regexes import Regexes

Fire = Callable[[str, str, str, str], int]  #: (language, group, text, folded text) -> number of rules that fire


@dataclass(frozen=True)
class Entry:
    """A rule as our index takes it."""

    when: Condition


def ours(rules: list[dict[str, Any]], *, sure: bool) -> Fire:
    """Antesala. `sure`: only the phrases of the message's language are looked for."""
    grammar = Grammar(PhraseBook(), {})
    entries = []
    for rule in rules:
        (node,) = parse(json.dumps([_condition(rule)]).encode(), "bench.yaml").each()
        entries.append(Entry(grammar.condition(node)))
    index = Rules(entries)
    matcher = Matcher(grammar.book.phrases, Regexes(grammar.book.patterns))
    at = datetime(2026, 3, 2, tzinfo=UTC)

    def fire(language: str, group: str, text: str, folded: str) -> int:  # noqa: ARG001
        message = Message("mail", "1", Address("a@b.example"), "", text, text, at)
        hits = fired(index, look(Understood(message, language, sure), matcher), {"group": group})
        return sum(1 for hit in hits if hit.outcome.evidence is not None)

    return fire


def _condition(rule: dict[str, Any]) -> dict[str, Any]:
    language, parts = rule["language"], [{"mentions": {rule["language"]: phrases}} for phrases in rule.get("any", [])]
    condition: dict[str, Any] = dict(parts[0]) if parts else {}
    if "patterns" in rule:
        condition["matches"] = rule["patterns"]
    if "group" in rule:
        condition["is"] = {"group": rule["group"]}
    if parts[1:]:
        condition["and"] = parts[1]
    if "none" in rule:
        condition["unless"] = {"mentions": {language: rule["none"]}}
    return condition


def rule_engine(rules: list[dict[str, Any]]) -> Fire:
    """rule-engine: compiled expressions, one after the other."""
    import rule_engine as engine

    def contains(phrase: str) -> str:
        return f"{json.dumps(fold(phrase))} in text"

    compiled = [
        engine.Rule(_expression(rule, contains, lambda p: f"text =~~ {_quoted(p)}", ("and", "or", "not ")))
        for rule in rules
    ]

    def fire(language: str, group: str, text: str, folded: str) -> int:  # noqa: ARG001
        value = {"text": folded, "group": group}
        return sum(1 for rule in compiled if rule.matches(value))

    return fire


def cel(rules: list[dict[str, Any]]) -> Fire:
    """common-expression-language: CEL in Rust, compiled expressions."""
    import cel as engine

    def contains(phrase: str) -> str:
        return f"text.contains({json.dumps(fold(phrase))})"

    texts = [_expression(rule, contains, lambda p: f"text.matches({_quoted(p)})", ("&&", "||", "!")) for rule in rules]
    compiled = [engine.compile(text) for text in texts]

    def fire(language: str, group: str, text: str, folded: str) -> int:  # noqa: ARG001
        value = {"text": folded, "group": group}
        return sum(1 for rule in compiled if rule.execute(value))

    return fire


def zen(rules: list[dict[str, Any]]) -> Fire:
    """zen-engine: one decision table with a row a rule and a column a part of it, all hits collected."""
    import zen as engine

    def contains(phrase: str) -> str:
        return f"contains($, {json.dumps(fold(phrase))})"

    def matches(pattern: str) -> str:
        return f"matches($, {_quoted(pattern)})"

    rows = []
    for number, rule in enumerate(rules):
        cells = [" or ".join(map(contains, phrases)) for phrases in rule.get("any", [])]
        cells += [" or ".join(map(matches, rule["patterns"]))] if "patterns" in rule else []
        cells += [" and ".join(f"not {contains(phrase)}" for phrase in rule["none"])] if "none" in rule else []
        row = {"_id": str(number), "group": json.dumps(rule["group"]) if "group" in rule else "", "out": str(number)}
        rows.append(row | {f"text{column}": cell for column, cell in enumerate([*cells, "", "", ""][:3])})
    texts = [{"id": f"text{column}", "name": f"text{column}", "field": "text"} for column in range(3)]
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": "group", "name": "group", "field": "group"}, *texts],
        "outputs": [{"id": "out", "name": "n", "field": "n"}],
        "rules": rows,
    }
    decision = engine.ZenEngine().create_decision(json.dumps(_zen_graph(table)))

    def fire(language: str, group: str, text: str, folded: str) -> int:  # noqa: ARG001
        return len(decision.evaluate({"group": group, "text": folded})["result"])

    return fire


def _zen_graph(table: dict[str, Any]) -> dict[str, Any]:
    """The smallest graph around a table."""
    kinds = (("a", "inputNode", None), ("b", "decisionTableNode", table), ("c", "outputNode", None))
    nodes = [
        {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}}
        | ({"content": content} if content else {})
        for name, kind, content in kinds
    ]
    edges = [{"id": f"{a}{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in ("ab", "bc")]
    return {"nodes": nodes, "edges": edges}


def _expression(
    rule: dict[str, Any], contains: Callable[[str], str], matches: Callable[[str], str], words: tuple[str, str, str]
) -> str:
    """A rule in the language of a peer (`words`: its and, or, not); the group, the cheapest test, first."""
    and_, or_, not_ = words

    def any_of(parts: Iterable[str]) -> str:
        return "(" + f" {or_} ".join(parts) + ")"

    parts = [f"group == {json.dumps(rule['group'])}"] if "group" in rule else []
    parts += [any_of(map(contains, phrases)) for phrases in rule.get("any", [])]
    if "patterns" in rule:
        parts.append(any_of(map(matches, rule["patterns"])))
    if "none" in rule:
        parts.append(not_ + any_of(map(contains, rule["none"])))
    return f" {and_} ".join(parts)


def _quoted(pattern: str) -> str:
    return json.dumps("".join(char if char == "\\" else mark(char) for char in pattern))
