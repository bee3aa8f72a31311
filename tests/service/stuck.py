"""An encoder that comes to no end, falls over or ends its process, as the text says; found by a judge by its name."""

from __future__ import annotations

import os
from collections.abc import Sequence

from plugin.assess.encoder import NoEncoder, Vectors

ENDLESS, BROKEN, DEADLY = "xendless", "xbroken", "xdeadly"


class Stuck(NoEncoder):
    """Otherwise it knows no meanings."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        whole = " ".join(texts)
        while ENDLESS in whole:
            pass
        if BROKEN in whole:
            raise ArithmeticError(whole)
        if DEADLY in whole:
            os.abort()
        return super().encode(texts)
