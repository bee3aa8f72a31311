"""The example that a message is most like is the one that the plain product of their features names."""

from __future__ import annotations

import numpy as np
import pytest

from plugin.assess.speaking import Speaking


def features(texts: int, columns: int, share: float) -> np.ndarray:
    """Features of some texts: of the first half of the columns few are held, of the others all."""
    chance = np.random.default_rng(7)
    rows = chance.random((texts, columns), dtype=np.float32)
    rows[:, : columns // 2] *= chance.random((texts, columns // 2)) < share
    return rows.astype(np.float16).astype(np.float32)


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 1.0])
def test_the_most_alike_text_is_that_of_the_plain_product(share: float) -> None:
    rows = features(60, 40, share)
    numbers = np.arange(1, 60, 2)
    speaking = Speaking.of(numbers, rows)
    assert speaking.fits(40)
    assert not speaking.fits(41)
    for row in features(25, 40, share)[:, ::-1]:
        likeness = rows[numbers] @ row
        found = speaking.most_like(row)
        assert found is not None
        assert found[0] == numbers[likeness.argmax()]
        assert found[1] == pytest.approx(likeness.max(), rel=1e-5)


def test_where_no_text_speaks_none_is_most_alike() -> None:
    rows = features(5, 10, 0.5)
    assert Speaking.of(np.array([], dtype=np.int64), rows).most_like(rows[0]) is None
