"""`antesala init`: a rulebook of one's own, as a copy of the default pack."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from plugin.cli._common import called, fail
from plugin.settings import RULES, SCHEMAS

_SCHEMA = "yaml-language-server: $schema="


@click.command("init", short_help="Copy the default rules for editing.")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
def command(folder: Path) -> None:
    """Copy the default rules to DIR for editing.

    DIR must not exist yet or be empty. The schemas are copied too, so that an editor with YAML
    support completes names and marks mistakes.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        fail(f"{folder} is there already and not empty; name another folder, or edit it as it is", 2)
    try:
        shutil.copytree(RULES, folder, dirs_exist_ok=True)
        shutil.copytree(SCHEMAS, folder / "schemas")
        for file in folder.rglob("*.yaml"):
            _point_at_schemas(file, folder)
    except OSError as error:
        fail(f"{folder} cannot be written: {error.strerror}")
    click.echo(f"The default rules are in {folder}. Now:")
    command = called()
    steps = {
        f"{command} check {folder}": "finds mistakes, with file and line",
        f"{command} test {folder}": "runs the cases of its tests/ folder",
        f"ANTESALA_RULES={folder} {command} run": "uses it (or set ANTESALA_RULES in .env)",
    }
    width = max(map(len, steps))
    for step, what in steps.items():
        click.echo(f"  {step:<{width}}  {what}")


def _point_at_schemas(file: Path, folder: Path) -> None:
    """The first line names the schema; in the copy it lies inside the folder."""
    first, newline, rest = file.read_text("utf-8").partition("\n")
    head, found, target = first.partition(_SCHEMA)
    if found:
        up = "../" * (len(file.relative_to(folder).parts) - 1)
        first = f"{head}{_SCHEMA}{up}schemas/{target.rpartition('/')[2]}"
        file.write_text(first + newline + rest, "utf-8")
