"""The reference of the rule files, written from their schemas: `python -m plugin.rulebook.reference docs/rules.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from plugin.rulebook import schema
from plugin.rulebook.placeholders import PLACEHOLDERS

BEGIN, END = "<!-- from schemas/, by plugin/rulebook/reference.py: begin -->", "<!-- end -->"
_ORDER = ("desk", "groups", "intent", "items", "flags", "channels", "routes", "words", "replies", "articles", "tests")


def reference() -> str:
    """All kinds of files and conditions with every key, as Markdown."""
    lines = ["## Conditions", "", *_condition(), ""]
    kinds = [*_ORDER, *(kind for kind in schema.kinds() if kind not in _ORDER)]
    for kind in kinds:
        described = schema.schemas()[kind]
        lines += [f"## {described['title']}", "", described["description"], "", *_keys(described), ""]
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
    yield from ("", "### Phrases", "", shared["mentions"]["description"], "", shared["phrase"]["description"])


def _keys(described: Mapping[str, Any]) -> Iterator[str]:
    """The keys of a file, and of the entries of its lists."""
    yield from _table(described, described.get("required", ()))
    for name, key in described["properties"].items():
        inner = _entry(key)
        if inner is not None:
            yield from ("", f"### {name}", "", inner.get("description", ""), "")
            yield from _table(inner, inner.get("required", ()))


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
