"""The command line: one file a command, found by its name.

`plugin/cli/<name>.py` holds a click command called `command`; files that begin with `_` are
helpers. A command's file is imported only when that command (or the list of all) is asked for,
so that `antesala --version` and `antesala triage` start fast.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import click

#: The order in which a newcomer needs them; files that are not named here come after, by name.
ORDER = (
    "run",
    "send",
    "show",
    "take",
    "triage",
    "explain",
    "check",
    "test",
    "backtest",
    "doctor",
    "init",
    "corrections",
    "retry",
    "resolve",
    "resume",
    "forget",
)


class Commands(click.Group):
    """Finds commands by the files of this package."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        names = {file.stem for file in Path(__file__).parent.glob("*.py") if not file.stem.startswith("_")}
        return [name for name in ORDER if name in names] + sorted(names - set(ORDER))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = import_module(f"{__name__}.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.UsageError(f"{error.format_message()} 'antesala --help' lists them all.", ctx) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version("antesala"), "-V", "--version", prog_name="antesala", message="%(prog)s %(version)s")
def main() -> None:
    """Stands in front of the help desk you already use: sorts each request, asks the customer once
    for exactly what is missing, and says why.

    Settings are ANTESALA_* variables or a .env file in the working folder; .env.example lists them.
    """
