"""Real desks are shared by all tests of this folder and stopped at the end."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from grounds import MOCKS, REAL
from houses import House
from reals.running import stop_all
from servers.pack import small_pack

from plugin.pipeline import load_rulebook


@pytest.fixture(scope="session", autouse=True)
def _desks_are_stopped() -> Iterator[None]:
    yield
    stop_all()


@pytest.fixture(scope="session")
def pack(tmp_path_factory):
    """A folder of rules that is read in moments, beside what was learned from it."""
    where = tmp_path_factory.mktemp("pack")
    rules = small_pack(where, caps=1000)
    with (rules / "desk.yaml").open("a", encoding="utf-8") as desk:
        desk.write("\npick_up: {within: 4, then: 4}\n")
    return rules


@pytest.fixture(scope="session")
def rulebook(pack):
    return load_rulebook(pack, cache=pack.parent / "cache")


@pytest.fixture
def settle(tmp_path, pack, rulebook):
    """Makes a house beside a desk."""
    with ExitStack() as stack:

        def build(name="zammad", **more):
            home = tmp_path / name
            home.mkdir()
            (home / "cache").symlink_to(pack.parent / "cache")
            ground = stack.enter_context({**MOCKS, **REAL}[name]())
            house = House(ground, rulebook, home, {"rules": pack, **more})
            stack.callback(house.close)
            return house

        yield build
