"""From a folder to a rulebook, or to everything that is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plugin.rulebook import examples, folder
from plugin.rulebook.compile import Compiler, Documents
from plugin.rulebook.grammar import Grammar
from plugin.rulebook.load import FileError
from plugin.rulebook.phrasebook import PhraseBook
from plugin.rulebook.phrases.fold import fold
from plugin.rulebook.problems import Problem, Report, RulebookError, in_order
from plugin.rulebook.rulebook import Rulebook

Learn = Callable[[Rulebook], Mapping[str, Any]]
#: A word that so many examples hold is a word of its own, not somebody's typo.
_KNOWN_FROM = 4


def load(path: Path, *, cache: Path | None = None, learn: Learn | None = None) -> Rulebook:
    """The rulebook of a folder.

    `cache` is a folder for parsed files; `learn` is called with the finished rulebook, and what it returns becomes
    `Rulebook.learned`. Raises RulebookError with everything that is wrong, if it cannot be used.
    """
    found = _look(path, cache, lints=False)
    errors = [problem for problem in found.problems if problem.severity == "error"]
    if errors or found.rulebook is None:
        raise RulebookError(in_order(errors))
    return found.rulebook if learn is None else found.rulebook.with_learned(learn(found.rulebook))


def check(path: Path, *, cache: Path | None = None) -> Report:
    """Everything that is wrong or looks wrong, in all files, in one go."""
    found = _look(path, cache, lints=True)
    return Report(in_order(found.problems), found.counts)


@dataclass
class _Found:
    rulebook: Rulebook | None = None
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def _look(path: Path, cache: Path | None, lints: bool) -> _Found:
    files, problems = folder.read(path)
    found = _Found(problems=list(problems))
    documents = _documents(files, cache, found)
    if any(problem.severity == "error" for problem in found.problems):
        return found
    vocabularies = dict(pair for document in documents.by_kind.get("words", ()) for pair in document["words"].items())
    grammar = Grammar(PhraseBook(), vocabularies)
    compiler = Compiler(documents, grammar)
    rulebook = compiler.rulebook(folder.digest(files), found.counts, _known(documents))
    found.problems += grammar.problems
    found.rulebook = rulebook
    return found


def _documents(files: tuple[folder.File, ...], cache: Path | None, found: _Found) -> Documents:
    documents = Documents()
    for file in files:
        if file.is_lines:
            for row in examples.read(file):
                if isinstance(row, Problem):
                    found.problems.append(row)
                else:
                    documents.examples.append(row)
            continue
        try:
            node = folder.parsed(file, cache)
        except FileError as error:
            found.problems.append(error.problem)
            continue
        documents.by_kind.setdefault(node.text("kind"), []).append(node)
    return documents


def _known(documents: Documents) -> frozenset[str]:
    """Words that several examples hold."""
    seen: Counter[str] = Counter()
    for example in documents.examples:
        seen.update(set(fold(f"{example.subject} {example.body}").split()))
    return frozenset(word for word, times in seen.items() if times >= _KNOWN_FROM)
