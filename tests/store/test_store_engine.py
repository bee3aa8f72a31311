"""The connection to the database: what we insist on."""

from __future__ import annotations

import pytest
from servers.postgres import Postgres

from plugin.store.engine import connect


@pytest.mark.server
def test_a_server_that_is_gone_without_a_word_is_noticed(postgres: Postgres) -> None:
    engine = connect(postgres.database() + "?keepalives_idle=7")
    with engine.connect() as conn:
        given = conn.connection.driver_connection.info.get_parameters()  # type: ignore[union-attr]
    engine.dispose()
    wanted = {"keepalives_idle": "7", "keepalives_interval": "5", "keepalives_count": "3", "tcp_user_timeout": "25000"}
    assert {name: given.get(name) for name in wanted} == wanted, "what the URL says goes first"
