"""Random SIGKILLs of every kind of process while mail and webhooks come in; `make soak` runs the long form."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from house import House
from servers.dovecot import PASSWORD
from servers.ground import free_port
from servers.postfix import Postfix
from storm import ARCHIVE, DESK, SECRET, Size, Storm, Victim

LONG = bool(os.environ.get("SOAK"))
SIZE = Size(2000, 1000, 100, 3600.0) if LONG else Size(24, 12, 3, 300.0)

pytestmark = [pytest.mark.server, pytest.mark.timeout(3 * SIZE.patience)]


@pytest.fixture
def storm(build: Callable[..., House], postfix: Postfix, database: str, kinds: list[str], archive: bool) -> Storm:
    box = f"support{free_port()}@desk.test"
    settings = {
        "ANTESALA_DESK": "gateway",
        "ANTESALA_GATEWAY_ADDRESSES": f"*={DESK}",
        "ANTESALA_MAILBOXES": f"imaps://{box.replace('@', '%40')}:{PASSWORD}@localhost:{postfix.dovecot.imaps}/INBOX",
        "ANTESALA_MAILBOX_CA_FILE": str(postfix.ca),
        "ANTESALA_SMTP_URL": f"smtp+plain://127.0.0.1:{postfix.smtp}",
        "ANTESALA_WEBHOOK_SECRETS": SECRET,
    }
    if archive:
        folder = f"imaps://{ARCHIVE.replace('@', '%40')}:{PASSWORD}@localhost:{postfix.dovecot.imaps}/INBOX"
        settings |= {"ANTESALA_COPY_TO": ARCHIVE, "ANTESALA_SENT_FOLDER": folder, "ANTESALA_SENT_WAIT": "60"}
    house = build(database, lease=3.0, **settings)
    return Storm(house, postfix, box, [victim(kind) for kind in kinds], SIZE)


def victim(kind: str) -> Victim:
    port = free_port() if kind in ("run", "web") else 0
    return Victim(kind, f"{kind} - LISTEN_PORT={port}", port)


WHOLE, APART = ["run"], ["web", "worker", "mailbox"]
MANY = ["run", "web", "web", "worker", "worker", "mailbox"]


@pytest.mark.parametrize("archive", [False])
@pytest.mark.parametrize(
    ("database", "kinds"), [("sqlite", WHOLE), ("sqlite", APART), ("postgresql", MANY)], indirect=["database"]
)
def test_random_kills_lose_nothing_and_repeat_nothing(storm: Storm) -> None:
    print(storm.rage())


@pytest.mark.parametrize(("archive", "database", "kinds"), [(True, "sqlite", WHOLE)], indirect=["database"])
def test_with_a_copy_of_each_mail_only_what_was_not_sent_stays_in_doubt(storm: Storm) -> None:
    print(storm.rage())
    assert not storm.sent_in_doubt
