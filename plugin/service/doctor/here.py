"""What is on this machine: the clock, the disk, the store, the rulebook; and the desk."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import plugin
from plugin.act.desk import remote
from plugin.decide.problems import problems
from plugin.rulebook import Rulebook, RulebookError, check, load
from plugin.rulebook.problems import below
from plugin.service.doctor.desk import desk as help_desk
from plugin.service.doctor.findings import Finding, failing, give, warning, well
from plugin.settings import Settings
from plugin.store import SchemaTooNew, StoreError, StoreUnavailable, open_store
from plugin.store.engine import clock as database_clock
from plugin.store.engine import forgetful, sqlite_path
from plugin.store.engine import reading as looking

_ROOM = 1.5  #: free space that intake needs, in largest messages, as in the store
_LITTLE = 1 << 30  #: bytes of free disk below which it is time to do something
_APART = 5.0  #: seconds that two clocks may differ
_DAY = 86400.0


def clock(settings: Settings) -> Finding:
    """Against the age of the program itself, the file system, and the database."""
    now = time.time()
    newest = max((path.stat().st_mtime for path in Path(plugin.__file__).parent.glob("*.py")), default=0.0)
    remedy = "Set the clock, and keep it right with systemd-timesyncd or chrony."
    if now < newest - _DAY:
        return failing("clock", f"It says {_said(now)}, which is before this program was installed.", remedy)
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=settings.home) as file:
            apart = abs(os.stat(file.name).st_mtime - time.time())
    except OSError:  # the look at the disk says so, and what to do
        return well("clock", f"{_said(now)}; not held against the file system, which cannot be written.")
    if apart > _APART:
        return failing("clock", f"It is {apart:.0f} s apart from that of the file system of {settings.home}.", remedy)
    return well("clock", f"{_said(now)}; agrees with the file system.")


def _said(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def disk(settings: Settings) -> Finding:
    """Room for what comes in, and the right to write."""
    home = settings.home
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=home):
            free = shutil.disk_usage(home).free
    except OSError as error:
        return failing(
            "disk",
            f"{home} cannot be written: {error.strerror}.",
            f"{give(home)}, or set ANTESALA_HOME to another folder.",
        )
    said = f"{free / (1 << 30):.1f} GB free in {home.resolve()}"
    if free < _ROOM * settings.max_message_bytes:
        return failing(
            "disk", f"{said}: no mail is taken any more.", "Make room, or set ANTESALA_HOME to a larger disk."
        )
    if free < _LITTLE:
        return warning("disk", f"{said}.", "Make room soon; intake stops when it is nearly full.")
    return well("disk", f"{said}.")


def store(settings: Settings) -> Finding:
    """The database opens, its tables are the right ones, and its clock is ours."""
    try:
        opened = open_store(settings)
    except SchemaTooNew as error:
        return failing("store", str(error), "Install the newer version of Antesala again.")
    except StoreError as error:
        return failing("store", f"{error}.", "Or name another in ANTESALA_DATABASE_URL.")
    except StoreUnavailable as error:
        remedy = "Check ANTESALA_DATABASE_URL, and whether the database server runs."
        if file := sqlite_path(settings.database_url.value):
            remedy = f"Mend that, or name another file in ANTESALA_DATABASE_URL; this is {file}."
        return failing("store", f"It cannot be opened: {error}.".replace("..", "."), remedy)
    except OSError as error:
        remedy = f"{give(settings.home)}, or set ANTESALA_HOME to another folder."
        return failing("store", f"{error.filename} cannot be opened: {error.strerror}.", remedy)
    try:
        with looking(opened.engine) as conn:
            apart = abs((database_clock(conn) - datetime.now(UTC)).total_seconds())
            off = forgetful(conn)
        kind = opened.engine.dialect.name
        aside = len(opened.failed())
    finally:
        opened.close()
    if apart > _APART:
        return failing("store", f"The database's clock is {apart:.0f} s apart from ours.", "Set both clocks.")
    if off:
        said = f"{kind} runs with {' and '.join(f'{name}=off' for name in off)}: a power cut loses mail that was taken."
        return failing("store", said, "Remove that from postgresql.conf and reload the server.")
    if aside:
        return warning("store", f"{kind}; {aside} things are set aside.", "antesala show --failed lists them.")
    return well("store", f"{kind}; opens, and nothing is set aside.")


def rulebook(settings: Settings) -> Finding:
    """As `antesala check` would say it, in one line."""
    report = check(settings.rules, cache=settings.home / "cache", further=problems)
    if report.errors:
        first = below(report.errors[0], settings.rules)
        more = f" And {len(report.errors) - 1} more errors." if len(report.errors) > 1 else ""
        return failing(
            "rulebook",
            f"{first.place.file}:{first.place.line}: {first.text}.{more}",
            f"antesala check {settings.rules} lists them all.",
        )
    if report.warnings:
        return warning("rulebook", f"{report.summary()}.", f"antesala check {settings.rules} lists them.")
    return well("rulebook", f"{settings.rules}: {report.summary()}.")


def desk(settings: Settings) -> Finding:
    """Where tickets go."""
    if settings.desk == "builtin":
        return well("desk", "The built-in list of tickets; see the page, or antesala show.")
    if remote(settings):
        return help_desk(settings)
    name = f"desk {settings.desk}"
    if settings.smtp.scheme == "maildir":
        remedy = "Set ANTESALA_SMTP_URL, or no mail reaches the desk."
        return warning(name, "Tickets go out by mail, but mail goes into a folder only.", remedy)
    given = settings.gateway_addresses
    groups = _groups(settings)
    if groups is not None and (unknown := [group for group in given if group not in {*groups, "*"}]):
        remedy = f"Mend ANTESALA_GATEWAY_ADDRESSES; the rules have {', '.join(groups)}."
        return failing(name, f"There is no group {', '.join(unknown)}: nothing would go there.", remedy)
    if "*" in given:
        return well(name, f"By mail to {len(set(given.values()))} addresses.")
    if groups is None:
        return failing(name, "The groups are not known while the rulebook is broken.", "Mend the rulebook first.")
    if homeless := [group for group in groups if group not in given]:
        return failing(
            name,
            f"No address for: {', '.join(homeless)}.",
            "Add group=address pairs, or *=address for all others, to ANTESALA_GATEWAY_ADDRESSES.",
        )
    return well(name, f"By mail, an address for each of the {len(groups)} groups.")


def _groups(settings: Settings) -> list[str] | None:
    try:
        book: Rulebook = load(settings.rules, cache=settings.home / "cache")
    except RulebookError:
        return None
    return list(book.groups)
