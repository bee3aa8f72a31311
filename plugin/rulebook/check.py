"""From a folder to a rulebook, or to everything that is wrong with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plugin.rulebook import examples, folder, schema
from plugin.rulebook.cache import Cache
from plugin.rulebook.casenames import case_uses
from plugin.rulebook.compile import Compiler
from plugin.rulebook.documents import Documents
from plugin.rulebook.grammar import Grammar
from plugin.rulebook.lints import lints
from plugin.rulebook.load import FileError, parse
from plugin.rulebook.names import example_uses, names
from plugin.rulebook.node import Node
from plugin.rulebook.phrasebook import PhraseBook
from plugin.rulebook.phrases.fold import fold
from plugin.rulebook.problems import Problem, Report, RulebookError, in_order
from plugin.rulebook.rulebook import Rulebook
from plugin.rulebook.salvage import salvaged

Learn = Callable[[Rulebook], Mapping[str, Any]]
Further = Callable[[Rulebook], Iterable[Problem]]
#: A word that so many examples hold is a word of its own, not somebody's typo.
_KNOWN_FROM = 3
_KIND = re.compile(rb"^kind: *([a-z]+)", re.MULTILINE)


def load(
    path: Path, *, cache: Path | None = None, learn: Learn | None = None, further: Further | None = None
) -> Rulebook:
    """The rulebook of a folder.

    `cache` is a folder for parsed files; `learn` is called with the finished rulebook, and what it returns becomes
    `Rulebook.learned`; `further` finds problems that only later stages know of. Raises RulebookError with everything
    that is wrong, if it cannot be used.
    """
    found = _look(path, cache, further)
    errors = [problem for problem in found.problems if problem.severity == "error"]
    if errors or found.rulebook is None:
        raise RulebookError(in_order(errors))
    return found.rulebook if learn is None else found.rulebook.with_learned(learn(found.rulebook))


def check(path: Path, *, cache: Path | None = None, further: Further | None = None) -> Report:
    """Everything that is wrong or looks wrong, in all files, in one go. `further` as in `load`."""
    found = _look(path, cache, further)
    if found.rulebook is not None and found.compiler is not None:
        found.problems += lints(found.compiler, found.rulebook)
    return Report(in_order(found.problems), found.counts)


@dataclass
class _Found:
    rulebook: Rulebook | None = None
    compiler: Compiler | None = None
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)


def _look(path: Path, cache: Path | None, further: Further | None) -> _Found:
    """Everything up to the first stage that the next one cannot build on."""
    files, problems = folder.read(path)
    found = _Found(problems=list(problems))
    documents = _documents(files, Cache(cache), found)
    if not files:
        return found
    if problems:
        documents.broken.add("")
    vocabularies: dict[str, Node] = {}
    for document in documents.by_kind.get("words", ()):
        vocabularies = dict(document["words"].items()) | vocabularies
    grammar = Grammar(PhraseBook(), vocabularies)
    compiler = found.compiler = Compiler(documents, grammar)
    parts = compiler.parts()
    known = names(documents, vocabularies)
    found.problems += grammar.problems
    found.problems += known.problems((*grammar.uses, *example_uses(documents), *case_uses(documents)))
    found.counts = {
        **_counts(files, documents),
        "phrases": len(grammar.book.phrases),
        "patterns": len(grammar.book.patterns),
    }
    if not found.failed:
        rulebook = compiler.rulebook(parts, folder.digest(files), found.counts, _known(documents))
        found.problems += list(further(rulebook)) if further is not None else []
        found.rulebook = rulebook
    return found


def _documents(files: tuple[folder.File, ...], cache: Cache, found: _Found) -> Documents:
    """The files that can be read and pass their schema."""
    documents = Documents()
    for file in files:
        if file.is_lines:
            for row in examples.read(file):
                if isinstance(row, Problem):
                    found.problems.append(row)
                else:
                    documents.examples.append(row)
        elif (node := _parsed(file, cache, documents, found)) is not None:
            documents.by_kind.setdefault(node.text("kind"), []).append(node)
    return documents


def _parsed(file: folder.File, cache: Cache, documents: Documents, found: _Found) -> Node | None:
    node = cache.get(file)
    if node is not None:
        return node
    try:
        node = parse(file.raw, file.name)
    except FileError as error:
        found.problems.append(error.problem)
        documents.broken.add(_kind(file))
        return None
    wrong = schema.problems(node)
    found.problems += wrong
    if wrong:
        documents.broken.add(node.text("kind"))
        return salvaged(node)
    cache.put(file, node)
    return node


def _kind(file: folder.File) -> str:
    """The kind that a file which cannot be read says it is; empty if it does not."""
    said = _KIND.search(file.raw)
    return said.group(1).decode() if said else ""


def _counts(files: tuple[folder.File, ...], documents: Documents) -> dict[str, int]:
    counts = {"files": len(files), "intents": len(documents.by_kind.get("intent", ()))}
    for kind in ("groups", "items", "flags", "routes", "channels", "articles"):
        counts["channel rules" if kind == "channels" else kind] = sum(1 for _ in documents.entries(kind, kind))
    counts["cases"] = sum(1 for _ in documents.entries("tests", "cases"))
    counts["examples"] = len(documents.examples)
    return counts


def _known(documents: Documents) -> frozenset[str]:
    """Words that several examples hold."""
    seen: Counter[str] = Counter()
    for example in documents.examples:
        seen.update(set(fold(f"{example.subject} {example.body}").split()))
    return frozenset(word for word, times in seen.items() if times >= _KNOWN_FROM)
