"""What lasts is not looked through by collections, and what is gone is given back all the same."""

from __future__ import annotations

import gc
import weakref

from plugin.service.garbage import settle


class Node:
    """Refers to itself, so that only a collection finds it."""

    def __init__(self) -> None:
        self.me = self


def test_what_is_there_is_frozen_and_what_was_frozen_and_is_gone_is_given_back() -> None:
    try:
        node = Node()
        gone = weakref.ref(node)
        settle()
        assert gc.get_freeze_count() > 1000
        del node
        gc.collect()
        assert gone() is not None, "it is not looked at"
        settle()
        assert gone() is None
    finally:
        gc.unfreeze()
