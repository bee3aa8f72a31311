"""Stores on real databases: each test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servers.postgres import Postgres

from plugin.settings import Secret, Settings, Smtp
from plugin.store import Store, open_store

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.server)]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for all tests; each gets a database of its own."""
    with Postgres() as server:
        yield server


@pytest.fixture(params=DATABASES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a fresh, empty installation."""
    url = f"sqlite:///{tmp_path}/antesala.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").database()
    return Settings(
        home=tmp_path,
        database_url=Secret(url),
        smtp=Smtp(maildir=tmp_path / "outbox"),
        mail_from="Acme Support <support@acme.example>",
        message_id_domain="acme.example",
    )


@pytest.fixture
def opened(settings: Settings) -> Iterator[Callable[[], Store]]:
    """Opens the same database again and again, as several processes would."""
    stores: list[Store] = []

    def again() -> Store:
        stores.append(open_store(settings))
        return stores[-1]

    yield again
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[[], Store]) -> Store:
    """A store on a fresh database."""
    return opened()
