"""The connection: SQLite for one machine, PostgreSQL for more; the same SQL on both.

SQLite runs with WAL, `synchronous=FULL` (a commit is on the disk when it returns) and BEGIN
IMMEDIATE (a transaction that will write waits for its turn instead of failing halfway).
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from plugin.store.turn import Turn

BUSY_MS = 15_000  #: how long a transaction waits for another one
#: A server that is gone without a word is noticed within half a minute, not when the kernel gives up after hours
#: (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-KEEPALIVES): seconds; the last in milliseconds.
_ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 25_000}
_PAUSE_MS = 500  #: how long cutting the write-ahead log may hold others up
_READ_ONLY = "in a read-only transaction"  #: PostgreSQL, where it is a standby
WAL_BYTES = 64 * 1024 * 1024  #: the write-ahead log is cut back to this after a checkpoint


class StoreUnavailable(Exception):
    """The database cannot take work now: locked too long, disk full, gone. Nothing was stored; try later."""


class StoreError(Exception):
    """The database cannot be used as it is configured; the text says what to do."""


def connect(url_text: str) -> sa.Engine:
    """An engine for `sqlite:///…` or `postgresql+psycopg://…`.

    Raises StoreError for anything else; never shows the password.
    """
    try:
        url = make_url(url_text)
    except ArgumentError:
        raise StoreError("ANTESALA_DATABASE_URL: not a URL; write sqlite:///var/antesala.db") from None
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    if url.get_backend_name() == "postgresql":
        return _postgresql(url.set(drivername="postgresql+psycopg"))
    raise StoreError(
        f"ANTESALA_DATABASE_URL: {url.get_backend_name()} is not supported; write sqlite:///… or postgresql+psycopg://…"
    )


def _sqlite(url: URL) -> sa.Engine:
    path = sqlite_path(url)
    if path is None:
        raise StoreError("ANTESALA_DATABASE_URL: a database in memory would lose everything; name a file")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_MS / 1000}, pool_size=10, max_overflow=20)

    @sa.event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        run = connection.execute
        run(f"PRAGMA busy_timeout={BUSY_MS}")
        if run("PRAGMA page_count").fetchone()[0] == 0:  # on a file in use it would wait for the writer
            run("PRAGMA auto_vacuum=INCREMENTAL")
        run("PRAGMA journal_mode=WAL")
        run("PRAGMA synchronous=FULL")
        run("PRAGMA foreign_keys=ON")
        run("PRAGMA secure_delete=ON")  # what is forgotten leaves the file too
        run(f"PRAGMA journal_size_limit={WAL_BYTES}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        if patience := options.get("patience"):
            connection.exec_driver_sql(f"PRAGMA busy_timeout={int(patience * 1000)}")
        try:
            connection.exec_driver_sql("BEGIN" if options.get("reading", False) else "BEGIN IMMEDIATE")
        finally:
            if patience:  # the connection goes back to the pool, for others
                connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MS}")

    return engine


def _postgresql(url: URL) -> sa.Engine:
    # synchronous_commit is ours to insist on: a commit must be on the disk when it returns.
    engine = sa.create_engine(
        url,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        connect_args={
            **{name: value for name, value in _ALIVE.items() if name not in url.query},
            "options": "-c synchronous_commit=on -c timezone=UTC",
            "connect_timeout": 10,
        },
    )

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if patience := connection.get_execution_options().get("patience"):
            connection.exec_driver_sql(f"SET LOCAL statement_timeout={int(patience * 1000)}")

    return engine


def sqlite_path(url: URL | str) -> Path | None:
    """The file of a SQLite URL; None for another database or one in memory."""
    url = make_url(url)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


@contextmanager
def writing(engine: sa.Engine, patience: float | None = None) -> Iterator[sa.Connection]:
    """A transaction that commits at the end, or nothing of it happened.

    Raises StoreUnavailable where the database cannot be reached, is locked or full; where somebody waits for
    us, after `patience` seconds of waiting for others.
    """
    with translated(), _turn(engine, patience) as left:
        engine = engine if left is None else engine.execution_options(patience=left)
        with engine.begin() as conn:
            yield conn


@contextmanager
def _turn(engine: sa.Engine, patience: float | None) -> Iterator[float | None]:
    """Threads of this process write to a SQLite file in turns: its own waiting is by trying again, and unfair.

    Those with patience go first: somebody waits for them. Gives what is left of it.
    """
    path = sqlite_path(engine.url)
    if path is None:
        yield patience
        return
    with _turns_lock:
        turn = _turns.setdefault(str(path.resolve()), Turn())
    began = time.monotonic()
    if not turn.take(2 * BUSY_MS / 1000 if patience is None else patience, hurried=patience is not None):
        raise StoreUnavailable("the database is locked by another process")
    try:
        yield None if patience is None else max(0.05, patience - (time.monotonic() - began))
    finally:
        turn.give()


_turns: dict[str, Turn] = {}
_turns_lock = threading.Lock()


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A consistent view that holds up no writer."""
    with translated(), engine.connect().execution_options(reading=True) as conn, conn.begin():
        yield conn


@contextmanager
def translated() -> Iterator[None]:
    """Trouble of the database as StoreUnavailable, without the SQL and its values (they may be a customer's)."""
    try:
        yield
    except DBAPIError as error:
        if _passing(error):
            raise StoreUnavailable(_reason(error)) from None
        raise
    except sa.exc.TimeoutError:
        raise StoreUnavailable("all connections to the database are in use") from None


def _passing(error: DBAPIError) -> bool:
    """Is it trouble of the database, not of ours: disk, lock, connection, serialisation, a damaged file?"""
    damaged = type(error) is sa.exc.DatabaseError  # SQLite's own class for it
    if damaged or error.connection_invalidated or isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError):
        return "no such table" not in str(error.orig) and "no such column" not in str(error.orig)
    return _READ_ONLY in str(error.orig)


def _reason(error: DBAPIError) -> str:
    text = str(error.orig).lower()
    for sign, reason in (
        ("full", "the disk is full"),
        ("no space left", "the disk is full"),
        ("locked", "the database is locked by another process"),
        ("busy", "the database is locked by another process"),
        ("readonly", "the database is read-only"),
        (_READ_ONLY, "the database is read-only"),
        ("unable to open", "the database file cannot be opened"),
        ("malformed", "the database file is damaged; restore a backup"),
        ("not a database", "the database file is damaged; restore a backup"),
        ("disk i/o", "the disk reports an error"),
    ):
        if sign in text:
            return reason
    return f"the database cannot be reached ({error.orig.__class__.__name__})"


def clock(conn: sa.Connection) -> datetime:
    """The time by the database's clock, which all hosts share; SQLite's is this machine's.

    An engine with the execution option `clock` has a clock of its own: `engine.execution_options(clock=…)`.
    """
    given: Callable[[], datetime] | None = conn.get_execution_options().get("clock")
    if given is not None:
        return given()
    if conn.dialect.name == "sqlite":
        return datetime.now(UTC)
    at: datetime = conn.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return at.astimezone(UTC)


def forgetful(conn: sa.Connection) -> list[str]:
    """The server's settings by which a commit returns before it is on the disk; SQLite's are ours and right.

    https://www.postgresql.org/docs/current/runtime-config-wal.html
    """
    if conn.dialect.name == "sqlite":
        return []
    wanted = ("fsync", "full_page_writes", "synchronous_commit")
    return [name for name in wanted if conn.execute(sa.select(sa.func.current_setting(name))).scalar_one() == "off"]


def insert_new(conn: sa.Connection, table: sa.Table, values: dict[str, Any]) -> Any | None:
    """Insert a row unless one with the same key is there; the new primary key, or None.

    RETURNING tells, because rowcount does not on PostgreSQL.
    """
    return conn.execute(_insert_new(table, conn.dialect.name), values).scalar()


@cache  # a statement a table: what it costs to put together and to look up is more than what it costs to run
def _insert_new(table: sa.Table, dialect: str) -> sa.Executable:
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement: sa.Executable = insert(table).on_conflict_do_nothing().returning(*table.primary_key.columns)
    return statement


def compact(engine: sa.Engine) -> None:
    """Give the space of deleted rows back to the disk, in small steps that hold nobody up."""
    if engine.dialect.name != "sqlite":
        return  # PostgreSQL's autovacuum does it
    with translated():
        connection = engine.raw_connection()
        try:
            before = 0
            # A file made anew from a dump cannot shrink: what stays as it was is not tried for ever.
            while (free := connection.execute("PRAGMA freelist_count").fetchone()[0]) not in (0, before):
                connection.execute("PRAGMA incremental_vacuum(500)").fetchall()
                before = free
            connection.execute(f"PRAGMA busy_timeout={_PAUSE_MS}")  # it holds up writers while it waits for readers
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.OperationalError:
            return  # somebody else is writing; the next time will do
        finally:
            connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
            connection.close()


def lock_decisions(conn: sa.Connection) -> None:
    """From here to the commit nobody else counts what was sent or joins a conversation.

    BEGIN IMMEDIATE is that lock on SQLite already.
    """
    if conn.dialect.name != "sqlite":
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(0x616E7465)))
