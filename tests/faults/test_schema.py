"""The schema: made once whoever comes first, upgraded whole or not at all, and a newer one is left alone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from house import ROOT, mail

from plugin.model import Arrival
from plugin.settings import Secret, Settings
from plugin.store import SchemaTooNew, Store, migrate, open_store
from plugin.store.engine import connect
from plugin.store.tables import metadata

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]

STEP = '''"""A step that is yet to come."""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "9999", {head!r}
def upgrade():
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))
    op.add_column("request", sa.Column("later", sa.String(8), nullable=True))
'''


@pytest.fixture
def settings(tmp_path: Path, database: str) -> Settings:
    return Settings(home=tmp_path, database_url=Secret(database))


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The migrations of a version that is yet to come."""
    folder = tmp_path / "migrations"
    shutil.copytree(Path(migrate.__file__).with_name("migrations"), folder)
    (folder / "versions" / "v9999_later.py").write_text(STEP.format(head=migrate.script().get_current_head()))
    return folder


def opening(settings: Settings, *words: object) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANTESALA_")}
    environment |= {"PYTHONPATH": str(ROOT), "ANTESALA_HOME": str(settings.home)}
    environment |= {"ANTESALA_DATABASE_URL": settings.database_url.value}
    command = [sys.executable, str(Path(__file__).with_name("opening.py")), *map(str, words)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def tables(settings: Settings) -> set[str]:
    engine = connect(settings.database_url.value)
    with engine.connect().execution_options(reading=True) as conn:
        found = set(sa.inspect(conn).get_table_names())
        columns = {column["name"] for column in sa.inspect(conn).get_columns("request")} if found else set()
    engine.dispose()
    return found | {f"request.{name}" for name in columns}


def accepted(store: Store, number: int) -> bool:
    return store.accept(Arrival("mail", mail(number), datetime.now(UTC), "box")).new


def test_the_steps_make_the_tables_that_the_code_uses(settings: Settings) -> None:
    store = open_store(settings)
    with store.engine.connect() as conn:
        assert compare_metadata(MigrationContext.configure(conn, {"compare_type": True}), metadata) == []
    store.close()


def test_indexes_on_some_rows_are_on_the_same_rows(tmp_path: Path) -> None:
    def indexes(path: Path) -> set[str]:
        engine = connect(f"sqlite:///{path}")
        with engine.connect() as conn:
            rows = conn.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
            found = {row.sql for row in rows}
        engine.dispose()
        return found

    open_store(Settings(home=tmp_path, database_url=Secret(f"sqlite:///{tmp_path}/steps.db"))).close()
    engine = connect(f"sqlite:///{tmp_path}/tables.db")
    metadata.create_all(engine)
    engine.dispose()
    assert indexes(tmp_path / "steps.db") == indexes(tmp_path / "tables.db")


def test_many_processes_start_at_once_on_an_empty_database(settings: Settings) -> None:
    started = [opening(settings) for _ in range(5)]
    assert [(process.communicate(timeout=240)[0], process.returncode) for process in started] == [("0\n", 0)] * 5
    store = open_store(settings)
    assert accepted(store, 1)
    store.close()


def test_an_older_schema_is_upgraded_once_and_a_newer_one_is_refused(settings: Settings, later: Path) -> None:
    store = open_store(settings)
    assert accepted(store, 1)
    store.close()
    started = [opening(settings, later) for _ in range(4)]
    assert [(process.communicate(timeout=240)[0], process.returncode) for process in started] == [("0\n", 0)] * 4
    upgraded = tables(settings)
    assert {"later", "request.later"} <= upgraded
    with pytest.raises(SchemaTooNew, match="written by a newer one"):
        open_store(settings)
    assert tables(settings) == upgraded
    engine = connect(settings.database_url.value)
    with engine.connect().execution_options(reading=True) as conn:
        assert conn.execute(sa.select(sa.func.count()).select_from(metadata.tables["inbound"])).scalar_one() == 1
    engine.dispose()


def test_an_upgrade_that_is_cut_off_never_happened(settings: Settings, later: Path) -> None:
    open_store(settings).close()
    before = tables(settings)
    dying = opening(settings, later, "die")
    assert dying.wait(240) == -signal.SIGKILL
    assert tables(settings) == before
    store = open_store(settings)
    assert accepted(store, 1)
    store.close()
