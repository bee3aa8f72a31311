"""Brings the database to the schema of this code: once, under a lock, whoever comes first.

An older schema is upgraded in one transaction (killed halfway, nothing of it happened); a newer
one is refused, because older code would not know what it is looking at.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DatabaseError

from plugin.store.engine import StoreError, sqlite_path, translated

_LOCK = 0x616E7466
_CHECK_BYTES = 256 * 1024 * 1024  #: larger SQLite files are not read through at every start


class SchemaTooNew(StoreError):
    """The database was written by a newer version; the text says what to do."""


def migrate(engine: sa.Engine) -> None:
    """Create or upgrade the schema.

    Raises SchemaTooNew for a database of a newer version, StoreError for a damaged file.
    """
    path = sqlite_path(engine.url)
    with translated(), _file_lock(path) if path else nullcontext():
        if path and path.exists() and path.stat().st_size <= _CHECK_BYTES:
            _check_file(engine, path)
        with engine.begin() as conn:
            if conn.dialect.name == "postgresql":
                conn.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            _upgrade(conn)


def script() -> ScriptDirectory:
    """The migrations that this code knows."""
    return ScriptDirectory.from_config(_config())


def _upgrade(conn: sa.Connection) -> None:
    here = MigrationContext.configure(conn).get_current_revision()
    known = {revision.revision for revision in script().walk_revisions()}
    if here is not None and here not in known:
        raise SchemaTooNew(
            f"The database has schema {here}, which this version does not know: it was written by a newer one. "
            "Install that version again, or restore the backup that was made before the upgrade."
        )
    if here == script().get_current_head():
        return
    config = _config()
    config.attributes["connection"] = conn
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _check_file(engine: sa.Engine, path: Path) -> None:
    """Refuse a damaged SQLite file at start rather than lose more of it later."""
    advice = f"{path} is damaged; stop, keep the file, and restore the last backup in its place"
    try:
        with engine.connect().execution_options(reading=True) as conn:
            found = conn.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    except DatabaseError as error:
        if "malformed" in str(error.orig) or "not a database" in str(error.orig):
            raise StoreError(advice) from None
        raise
    if found != "ok":
        raise StoreError(advice)


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    """Two processes that start together on a new file take turns; the kernel frees it when one dies."""
    with Path(f"{path}.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
