"""A Dovecot for all tests of this folder, and a fresh address for each."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from servers.dovecot import Dovecot


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


_numbers = itertools.count(1)


@pytest.fixture
def address() -> str:
    return f"support{next(_numbers)}@desk.test"
