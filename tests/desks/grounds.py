"""The desks that the contract is held against. A new desk is a row here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import pytest
from kit import Ground
from mocks import chatwoot, freshdesk, zammad, zendesk
from mocks.world import World
from reals.running import SERVERS, running


@contextmanager
def _mock(make: Callable[[], World], contract: Path) -> Iterator[Ground]:
    if not contract.exists():
        pytest.skip(f"the vendor's contract is not here: {contract.parent.name}/{contract.name}")
    world = make()
    try:
        yield world
    finally:
        world.stop()
    assert world.broken == [], "calls or answers that break the vendor's contract"


MOCKS: dict[str, Callable[[], AbstractContextManager[Ground]]] = {
    "zammad": lambda: _mock(zammad.ZammadMock, zammad.CONTRACT),
    "zendesk": lambda: _mock(zendesk.ZendeskMock, zendesk.CONTRACT),
    "freshdesk": lambda: _mock(freshdesk.FreshdeskMock, freshdesk.CONTRACT),
    "chatwoot": lambda: _mock(chatwoot.ChatwootMock, chatwoot.CONTRACT),
}


@contextmanager
def _real(name: str) -> Iterator[Ground]:
    ground = running(name)
    ground.proxy.clear()
    yield ground
    ground.proxy.clear()


#: Desks that run for real; each is started once.
REAL: dict[str, Callable[[], AbstractContextManager[Ground]]] = {name: partial(_real, name) for name in SERVERS}
