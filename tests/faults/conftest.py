"""Houses on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from house import House
from quick import Quick
from servers.dovecot import Dovecot
from servers.pack import small_pack
from servers.postfix import Postfix
from servers.postgres import Postgres
from servers.smtp import SmtpServer

from plugin.pipeline import load_rulebook
from plugin.rulebook import Rulebook


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for all tests; each gets a database of its own."""
    with Postgres() as server:
        yield server


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """Mailboxes for all tests; each has addresses of its own."""
    with Dovecot() as server:
        yield server


@pytest.fixture
def box(dovecot: Dovecot) -> str:
    """An address with an empty mailbox."""
    return f"support{uuid.uuid4().hex[:8]}@desk.test"


@pytest.fixture
def postfix() -> Iterator[Postfix]:
    """A mail server, and the mailboxes that it delivers to."""
    if os.geteuid() != 0:
        pytest.skip("Postfix can only be started by root")
    with Dovecot() as dovecot, Postfix(dovecot) as server:
        yield server


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where houses are built; the rules' cache is shared between them."""
    return tmp_path_factory.mktemp("houses")


@pytest.fixture(scope="session")
def rules(grounds: Path) -> Path:
    """The default pack with caps that no test reaches."""
    return small_pack(grounds, caps=1_000_000)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/antesala.db"
    return str(request.getfixturevalue("postgres").database())


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    """A mail server that takes everything."""
    with SmtpServer() as server:
        yield server


@pytest.fixture(scope="session")
def rulebook(grounds: Path, rules: Path) -> Rulebook:
    """The rules, read; houses in processes of their own find the same cache."""
    return load_rulebook(rules, cache=grounds / "cache")


@pytest.fixture
def quick(tmp_path: Path, rulebook: Rulebook, smtp: SmtpServer) -> Iterator[Callable[..., Quick]]:
    """Builds an installation in this process; on SQLite unless told otherwise."""
    made: list[Quick] = []

    def built(url: str = "", **more: object) -> Quick:
        made.append(Quick(tmp_path, url or f"sqlite:///{tmp_path}/antesala.db", rulebook, smtp, more))
        return made[-1]

    yield built
    for one in made:
        one.close()


@pytest.fixture
def build(
    grounds: Path, tmp_path_factory: pytest.TempPathFactory, rules: Path, smtp: SmtpServer
) -> Iterator[Callable[..., House]]:
    """Builds houses and takes them down."""
    houses: list[House] = []

    def built(url: str, *, lease: float = 60.0, **more: str) -> House:
        home = grounds / f"house{len(list(grounds.iterdir()))}"
        home.mkdir()
        houses.append(House(home, url, rules, smtp, lease, more))
        return houses[-1]

    yield built
    for house in houses:
        house.close()
