"""What is allowed but probably wrong. A lint that is not sure says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from plugin.model import Place
from plugin.rulebook.awaylints import absences
from plugin.rulebook.compile import Compiler
from plugin.rulebook.conditions import Condition, Unless
from plugin.rulebook.documents import flat
from plugin.rulebook.matcher import ANY, Phrase
from plugin.rulebook.node import Node
from plugin.rulebook.operators import Is, Matches, Mentions
from plugin.rulebook.problems import Problem
from plugin.rulebook.reach import contradiction, implies, inside, parts
from plugin.rulebook.rulebook import Rule, Rulebook
from plugin.rulebook.wordlints import merged_words

#: Vocabularies that are read by their name, for greetings and for dividing messages: no condition needs them.
READ_BY_NAME = frozenset(
    (
        *("first-names", "no-person", "another-matter", "perhaps-another-matter"),
        *("asks-again", "bare-answer", "does-not-have", "polite"),
    )
)
_UNBOUNDED = re.compile(r"(?<!\\)(?:\\\\)*\.(?:[*+]|\{\d+,\})")


def lints(compiler: Compiler, rulebook: Rulebook) -> Iterator[Problem]:
    """All warnings about a rulebook without errors."""
    yield from _never_reached(rulebook.routes, "route")
    yield from _never_reached(rulebook.channels, "channel rule")
    for name, condition in conditions(rulebook):
        yield from _condition(name, condition, rulebook)
    yield from _unused(compiler, rulebook)
    yield from absences(rulebook)
    yield from _untranslated(compiler, rulebook)
    yield from _repeated_phrases(compiler)
    yield from merged_words(compiler.grammar)


def conditions(rulebook: Rulebook) -> Iterator[tuple[str, Condition]]:
    """Every condition with a name for sentences."""
    for kind, rules in (
        ("route", rulebook.routes),
        ("channel rule", rulebook.channels),
        ("article", rulebook.articles),
    ):
        yield from ((f"{kind} '{rule.id}'", rule.when) for rule in rules)
    for kind, signals in (
        ("intent", rulebook.intent_signals),
        ("group", rulebook.group_signals),
        ("flag", rulebook.flag_signals),
        ("item", rulebook.item_signals),
    ):
        yield from ((f"signal '{s.id}' of the {kind} '{s.owner}'", s.when) for s in signals)
    yield from ((f"item '{item.id}'", item.found) for item in rulebook.items.values())
    yield from ((f"flag '{flag.id}'", flag.when) for flag in rulebook.flags.values() if flag.when is not None)
    for intent in rulebook.intents.values():
        lines = (line for line in intent.checklist if line.when is not None)
        yield from ((f"'{line.item}' of the intent '{intent.id}'", line.when) for line in lines if line.when)


def _never_reached(rules: Sequence[Rule], word: str) -> Iterator[Problem]:
    """Rules below one that always ends the search before them."""
    for number, rule in enumerate(rules):
        for earlier in rules[:number]:
            if not earlier.goes_on and not earlier.trial and implies(rule.when, earlier.when):
                above = f"'{earlier.id}' in line {earlier.place.line}"
                text = f"{word} '{rule.id}' is never reached: whenever it holds, {above} ends the search"
                yield _warning(rule.place, "never-reached", text, "move it up, change its `when`, or remove it")
                break


def _condition(name: str, condition: Condition, rulebook: Rulebook) -> Iterator[Problem]:
    reason = contradiction(condition)
    if reason:
        yield _warning(condition.place, "never-holds", f"{name} can never hold: {reason}", "change one of the two")
    elif spoken := _other_language(condition, rulebook):
        yield _warning(
            condition.place, "never-holds", f"{name} can never hold: {spoken}", "add phrases in that language"
        )
    for part in inside(condition):
        if isinstance(part, Matches) and (found := _UNBOUNDED.search(part.pattern)):
            text = f"{name} has a pattern with {found.group()} and no bound, which may run across the whole text"
            yield _warning(part.place, "unbounded-pattern", text, "write how far, as in .{0,40}")
    if not reason:
        yield from _blocked(name, condition, rulebook)


def _other_language(condition: Condition, rulebook: Rulebook) -> str:
    """Phrases of one language and a message in another."""
    together = parts(condition)
    wanted = [part for part in together if isinstance(part, Is) and part.field == "language"]
    for part in together:
        if isinstance(part, Mentions) and wanted:
            spoken = {rulebook.matcher.phrases[n].language for n in part.phrases}
            if ANY not in spoken and not any(spoken & is_.values for is_ in wanted):
                return f"it has no phrases in {' or '.join(sorted(wanted[0].values))}"
    return ""


def _blocked(name: str, condition: Condition, rulebook: Rulebook) -> Iterator[Problem]:
    """Phrases that hold a phrase of the `unless` beside them."""
    phrases = rulebook.matcher.phrases
    together = parts(condition)
    blocking = [
        inner
        for part in together
        if isinstance(part, Unless)
        for inner in (getattr(part.part, "parts", None) or (part.part,))
        if isinstance(inner, Mentions)
    ]
    for part in together:
        for other in blocking:
            if isinstance(part, Mentions) and set(part.fields) <= set(other.fields):
                for number in part.phrases:
                    by = next((phrases[n] for n in other.phrases if _holds_phrase(phrases[number], phrases[n])), None)
                    if by is not None:
                        text = f"{name}: '{phrases[number].text}' never counts, because the `unless` has '{by.text}'"
                        yield _warning(part.place, "blocked-phrase", text, "take it out of one of the two")


def _holds_phrase(long: Phrase, short: Phrase) -> bool:
    """Whether whoever writes the one writes the other as well."""
    if len(long.parts) > 1 or len(short.parts) > 1 or short.excepted or short.language not in (long.language, ANY):
        return False
    words, wanted = long.parts[0], short.parts[0]
    return any(words[i : i + len(wanted)] == wanted for i in range(len(words) - len(wanted) + 1))


def _unused(compiler: Compiler, rulebook: Rulebook) -> Iterator[Problem]:
    desk = rulebook.desk
    rules = (*rulebook.routes, *rulebook.channels)
    groups = {desk.fallback_group, *(i.group for i in rulebook.intents.values()), *(r.then.group for r in rules)}
    groups |= {g for r in rules for g in r.then.copy_to} | {g for f in rulebook.flags.values() for g in f.copy_to}
    groups |= {group.fallback for group in rulebook.groups.values()}
    groups |= {example.group for example in rulebook.examples} | {g for e in rulebook.examples for _, g in e.issues}
    for group in rulebook.groups.values():
        if group.id not in groups and not group.signals and not group.examples:
            text = f"nothing ever goes to the group '{group.id}'"
            yield _warning(group.place, "unused-group", text, "name it in an intent or a route, or give it signals")
    listed = {line.item for intent in rulebook.intents.values() for line in intent.checklist}
    for item in rulebook.items.values():
        if item.id not in listed:
            text = f"the item '{item.id}' stands on no checklist"
            yield _warning(item.place, "unused-item", text, "add it to the checklist of an intent, or remove it")
    used = {use.name for use in compiler.grammar.uses if use.kind == "vocabulary"}
    for document in compiler.documents.by_kind.get("words", ()):
        for name, _ in document["words"].items():
            if name not in used and name not in READ_BY_NAME:
                place = document["words"].key_place(name)
                yield _warning(
                    place,
                    "unused-words",
                    f"no condition uses the vocabulary '{name}'",
                    f"write ${name} in a `mentions`, or remove it",
                )


def _untranslated(compiler: Compiler, rulebook: Rulebook) -> Iterator[Problem]:
    languages = rulebook.desk.languages
    docs = compiler.documents
    for kind, key, texts in (
        ("items", "items", ("question", "label")),
        ("articles", "articles", ("title", "link")),
        ("groups", "groups", ("name",)),
    ):
        for entry in docs.entries(kind, key):
            for name in texts:
                yield from _lacking(entry.get(name), f"'{entry.text('id')}': {name}", languages)
    for intent in docs.by_kind.get("intent", ()):
        yield from _lacking(intent.get("name"), f"'{intent.text('id')}': name", languages)
    desk = docs.one("desk")
    if desk is not None:
        yield from _lacking(desk.get("signature"), "signature", languages)
    yield from _replies(docs.by_kind.get("replies", []), rulebook)


def _lacking(node: Node | None, name: str, languages: Sequence[str]) -> Iterator[Problem]:
    if node is not None and isinstance(node.value, dict):
        for language in languages:
            if language not in node:
                text = f"{name} has no text in '{language}'"
                yield _warning(node.place, "missing-translation", text, "the desk answers in " + ", ".join(languages))


def _replies(documents: Sequence[Node], rulebook: Rulebook) -> Iterator[Problem]:
    """Texts that one language has and another has not."""
    places: dict[str, Place] = {}
    for document in documents:
        texts = document["texts"]
        for name, node in flat(texts):
            places.setdefault(name, texts.key_place(name) if name in texts else node.place)
    for language in rulebook.desk.languages:
        own = rulebook.replies.get(language, {})
        for name, place in places.items():
            if name not in own:
                text = f"the reply text '{name}' is not there in '{language}'"
                yield _warning(place, "missing-translation", text, f"add it to the texts of the language {language}")


def _repeated_phrases(compiler: Compiler) -> Iterator[Problem]:
    """The same phrase twice in one list."""

    def walk(node: Node) -> Iterator[Problem]:
        seen: dict[str, Place] = {}
        for child in node.each() if isinstance(node.value, list) else ():
            if isinstance(child.value, str):
                first = seen.setdefault(child.value, child.place)
                if first != child.place:
                    yield _warning(
                        child.place, "repeated-phrase", f"'{child.value}' is in this list twice", "remove one"
                    )
        for _, child in node.items():
            yield from walk(child)

    for vocabulary in compiler.grammar.vocabularies.values():
        yield from walk(vocabulary)


def _warning(place: Place, code: str, text: str, hint: str) -> Problem:
    return Problem(place, "warning", code, text, hint)
