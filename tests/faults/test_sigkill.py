"""Random SIGKILLs of every kind of process while mail and webhooks come in; `make soak` runs the long form."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from house import House
from servers.dovecot import PASSWORD
from servers.ground import free_port
from servers.postfix import Postfix
from storm import DESK, SECRET, Size, Storm, Victim

LONG = bool(os.environ.get("SOAK"))
SIZE = Size(2000, 1000, 100, 3600.0) if LONG else Size(24, 12, 3, 200.0)

pytestmark = [pytest.mark.server, pytest.mark.timeout(3 * SIZE.patience)]


@pytest.fixture
def storm(build: Callable[..., House], postfix: Postfix, database: str) -> Storm:
    box = f"support{free_port()}@desk.test"
    settings = {
        "ANTESALA_DESK": "gateway",
        "ANTESALA_GATEWAY_ADDRESSES": f"*={DESK}",
        "ANTESALA_MAILBOXES": f"imaps://{box.replace('@', '%40')}:{PASSWORD}@localhost:{postfix.dovecot.imaps}/INBOX",
        "ANTESALA_MAILBOX_CA_FILE": str(postfix.ca),
        "ANTESALA_SMTP_URL": f"smtp+plain://127.0.0.1:{postfix.smtp}",
        "ANTESALA_WEBHOOK_SECRETS": SECRET,
    }
    house = build(database, lease=3.0, **settings)
    kinds = ["run"] if database.startswith("sqlite") else ["run", "web", "web", "worker", "worker", "mailbox"]
    return Storm(house, postfix, box, [victim(kind) for kind in kinds], SIZE)


def victim(kind: str) -> Victim:
    port = free_port() if kind in ("run", "web") else 0
    return Victim(kind, f"{kind} - LISTEN_PORT={port}", port)


def test_random_kills_lose_nothing_and_repeat_nothing(storm: Storm) -> None:
    print(storm.rage())
