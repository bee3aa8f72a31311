"""The services that tests of this folder run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from running import Service
from servers.pack import small_pack

from plugin.pipeline import load_rulebook
from plugin.rulebook import Rulebook
from plugin.settings import Secret, Settings, Smtp


@pytest.fixture(scope="session")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The default pack, with few examples."""
    where = tmp_path_factory.mktemp("pack")
    return load_rulebook(small_pack(where), cache=where / "cache")


@pytest.fixture
def serve(tmp_path: Path, rulebook: Rulebook) -> Iterator[Callable[..., Service]]:
    """Makes a service with settings of one's choosing."""
    made: list[Service] = []

    def build(**more: object) -> Service:
        values: dict[str, object] = {
            "home": tmp_path,
            "database_url": Secret(f"sqlite:///{tmp_path}/antesala.db"),
            "smtp": Smtp(maildir=tmp_path / "outbox"),
            "mail_from": "Acme Support <support@acme.example>",
            "message_id_domain": "acme.example",
            **more,
        }
        made.append(Service(Settings(**values), rulebook))  # type: ignore[arg-type]
        return made[-1]

    yield build
    for service in made:
        service.close()


@pytest.fixture
def service(serve: Callable[..., Service]) -> Service:
    """A service with the embedded defaults."""
    return serve()
