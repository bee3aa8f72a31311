"""The reference of the rule files, written from their schemas: `python -m plugin.rulebook.reference docs/rules.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from plugin.rulebook import schema
from plugin.rulebook.placeholders import PLACEHOLDERS

BEGIN, END = "<!-- from schemas/, by plugin/rulebook/reference.py: begin -->", "<!-- end -->"
#: What the chapter on conditions describes.
_CHAPTERS = ("condition", "mentions", "phrase", "is", "numbers")
_ORDER = ("desk", "groups", "intent", "items", "flags", "channels", "routes", "words", "replies", "articles", "tests")


def reference() -> str:
    """All kinds of files and conditions with every key, as Markdown."""
    lines = ["## Conditions", "", *_condition(), ""]
    seen: set[str] = set()
    kinds = [*_ORDER, *(kind for kind in schema.kinds() if kind not in _ORDER)]
    for kind in kinds:
        described = schema.schemas()[kind]
        lines += [f"## {described['title']}", "", described["description"], "", *_keys(described, seen), ""]
    lines += [
        "## Placeholders",
        "",
        "What reply texts may name as `${name}`:",
        "",
        "| name | stands for |",
        "|---|---|",
    ]
    lines += [f"| `${{{name}}}` | {text} |" for name, text in PLACEHOLDERS.items()]
    return "\n".join(lines) + "\n"


def renewed(page: str) -> str:
    """A page with its generated part written anew."""
    head, _, rest = page.partition(BEGIN)
    return f"{head}{BEGIN}\n{reference()}{END}{rest.partition(END)[2]}"


def _condition() -> Iterator[str]:
    shared = schema.schemas()["common"]["$defs"]
    yield shared["condition"]["description"]
    yield ""
    yield from _table(shared["condition"]["else"], ())
    for name, title in (("is", "Values of `is`"), ("numbers", "Numbers of `at_least` and `below`")):
        yield from ("", f"### {title}", "", *_table(shared[name], ()))
    yield from ("", "### Phrases", "", shared["mentions"]["description"], "", *_table(shared["mentions"]["then"], ()))
    yield from ("", shared["phrase"]["description"], "", *_table(shared["phrase"]["then"], ("phrase",)))


def _keys(described: Mapping[str, Any], seen: set[str], name: str = "", level: int = 2) -> Iterator[str]:
    """The keys of a file, then those of the entries of its lists and of its mappings, however deep.

    What entries share is described where it comes first; `seen` holds the names of those.
    """
    yield from _table(described, described.get("required", ()))
    for key, value in described["properties"].items():
        inner, shared = _entry(value), value.get("$ref", "").rsplit("/", 1)[-1]
        if inner is None or (name and shared in seen) or shared in _CHAPTERS:
            continue
        seen |= {shared} if shared else set()
        path = f"{name}.{key}" if name else key
        yield from ("", f"{'#' * min(level + 1, 6)} {path}", "", inner.get("description", ""), "")
        yield from _keys(inner, seen, path, level + 1)


def _entry(key: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the entries of a list are, or the mapping under a key, if it has keys of its own."""
    inner = _followed(key)
    inner = _followed(inner.get("items", inner))
    inner = inner if "properties" in inner else _followed(inner.get("then", {}))
    return inner if "properties" in inner else None


def _table(described: Mapping[str, Any], required: Any) -> Iterator[str]:
    yield "| key | | what it says |"
    yield "|---|---|---|"
    for name, key in described["properties"].items():
        text = key.get("description") or _followed(key).get("description", "")
        yield f"| `{name}` | {'needed' if name in required else ''} | {_escaped(text)}{_values(key)} |"


def _values(key: Mapping[str, Any]) -> str:
    found = _followed(key)
    words = {"minimum": "at least", "maximum": "at most"}
    limits = ", ".join(f"{word} {found[name]}" for name, word in words.items() if name in found)
    return f" ({limits})" if limits else ""


def _followed(described: Mapping[str, Any]) -> Mapping[str, Any]:
    name = described.get("$ref", "").rsplit("/", 1)[-1]
    found = schema.schemas()["common"]["$defs"].get(name, described) if name else described
    return found if isinstance(found, Mapping) else {}


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        target = Path(argument)
        target.write_text(renewed(target.read_text("utf-8")), "utf-8")
