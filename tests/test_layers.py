"""The order of imports in docs/architecture.md holds: a package imports what stands above it, never below."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLUGIN = ROOT / "plugin"
FILES = sorted(p for p in PLUGIN.rglob("*.py") if p != PLUGIN / "__init__.py")
#: Stages that must not know of clock, network, database or web; loading a rulebook reads files.
PURE = ("model", "understand", "assess", "decide", "decision_json", "pipeline")
#: Parses hostile mail in a child process with limits.
EXCEPT = {PLUGIN / "understand" / "child.py"}
FORBIDDEN = {
    "flask",
    "httpx",
    "imapclient",
    "requests",
    "smtplib",
    "socket",
    "sqlalchemy",
    "subprocess",
    "urllib.request",
}
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "localtime", "gmtime"}


def layers() -> dict[str, int]:
    """Name of a package or module -> its line in the table of the page."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    table = text.partition("## The order of imports")[2].partition("\n## ")[0]
    names = [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")]
    return {name.removesuffix("/").removesuffix(".py"): number for number, name in enumerate(names)}


LAYERS = layers()


def layer_of(module: str) -> str:
    """`plugin.decide.reply` -> `decide`."""
    return module.split(".")[1]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Modules that a file imports, in functions and for type checkers too."""
    package = module_of(path) if path.name == "__init__.py" else module_of(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join(
                    [*package.split(".")[: len(package.split(".")) - node.level + 1], *filter(None, [base])]
                )
            if base == "plugin":
                yield from ((f"plugin.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield base, node.lineno


def test_the_page_names_every_package_and_nothing_else() -> None:
    there = {p.stem for p in PLUGIN.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}
    assert set(LAYERS) == there - {"__init__"}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(PLUGIN).as_posix())
def test_imports_point_upwards(path: Path) -> None:
    own = layer_of(module_of(path))
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}, which stands below {own}"
        for module, line in imports(path)
        if module.startswith("plugin.") and LAYERS[layer_of(module)] > LAYERS[own]
    ]
    assert not wrong


@pytest.mark.parametrize(
    "path",
    [p for p in FILES if layer_of(module_of(p)) in PURE and p not in EXCEPT],
    ids=lambda p: p.relative_to(PLUGIN).as_posix(),
)
def test_pure_stages_know_no_clock_network_or_database(path: Path) -> None:
    modules = {module for module, _ in imports(path)}
    assert not {m for m in modules if m in FORBIDDEN or m.split(".")[0] in FORBIDDEN}
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    clocks = [
        ast.unparse(call.func)
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in CLOCKS
        and ast.unparse(call.func.value) in ("datetime", "date", "time", "datetime.datetime")
    ]
    assert not clocks
