"""Real desks are shared by all tests of this folder and stopped at the end."""

from collections.abc import Iterator

import pytest
from reals.running import stop_all


@pytest.fixture(scope="session", autouse=True)
def _desks_are_stopped() -> Iterator[None]:
    yield
    stop_all()
