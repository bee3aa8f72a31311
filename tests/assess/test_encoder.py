"""The encoder and the cache of its vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from plugin.assess.encoder import MAX_CHARACTERS, MultilingualEncoder, NoEncoder, Vectors, clean
from plugin.assess.vectors import Remembering


class Counting:
    """An encoder that counts the texts it was given."""

    def __init__(self, name: str = "counting") -> None:
        self.seen: list[str] = []
        self._name = name

    def name(self) -> str:
        return self._name

    def encode(self, texts: list[str]) -> Vectors:
        self.seen += texts
        return np.array([[len(t), 1.0] for t in texts], dtype=np.float32).reshape(len(texts), 2)


def vectors_of(texts: list[str], encoder: Counting | NoEncoder, cache: Path | None) -> Vectors:
    remembering = Remembering(encoder, cache)
    rows = remembering.encode(texts)
    remembering.save()
    return rows


@pytest.fixture(scope="module")
def real() -> MultilingualEncoder:
    return MultilingualEncoder()


def test_the_same_want_in_two_languages_is_near_and_another_is_far(real: MultilingualEncoder) -> None:
    es, en, other = real.encode(
        ["quiero que me devuelvan el dinero", "I want my money back", "el calendario no se actualiza"]
    )
    assert float(es @ en) > 0.7
    assert float(es @ other) < 0.3


@pytest.mark.parametrize("text", ["", "   ", "\x00", "🙂🙂", "\ud83d", "a\udc00b", "palabra " * 20_000])
def test_odd_texts_get_a_finite_row(real: MultilingualEncoder, text: str) -> None:
    row = real.encode([text])
    assert row.shape == (1, 512)
    assert np.isfinite(row).all()


def test_a_text_alone_and_in_a_batch_gives_the_same_row(real: MultilingualEncoder) -> None:
    texts = ["hola", "mi factura de marzo no llega", "the calendar is stuck " * 30, "x"]
    together = real.encode(texts)
    real._recent.clear()  # or they would be remembered
    for text, row in zip(texts, together, strict=True):
        assert np.allclose(real.encode([text])[0], row, atol=2e-3)


def test_what_was_encoded_lately_is_not_encoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = MultilingualEncoder()
    encoded: list[str] = []

    def fake(texts: list[str]) -> Vectors:
        encoded.extend(texts)
        return np.full((len(texts), 512), len(encoded), dtype=np.float32)

    monkeypatch.setattr(encoder, "_encoded", fake)
    monkeypatch.setattr(MultilingualEncoder, "_RECENT", 2)
    first = encoder.encode(["a", "b", "a"])
    assert np.array_equal(encoder.encode(["b", "a"]), first[1:])
    assert encoded == ["a", "b"]
    encoder.encode(["c"])
    encoder.encode(["a", "b"])
    assert encoded == ["a", "b", "c", "b"], "the one that was not asked for longest makes room"
    assert len(encoder._recent) == 2


def test_long_texts_are_cut() -> None:
    assert len(clean("a" * 100_000)) == MAX_CHARACTERS


def test_known_texts_are_not_encoded_again(tmp_path: Path) -> None:
    first = Counting()
    before = vectors_of(["uno", "dos", "uno"], first, tmp_path)
    assert sorted(first.seen) == ["dos", "uno"]
    second = Counting()
    assert np.array_equal(vectors_of(["uno", "dos", "uno"], second, tmp_path), before)
    assert second.seen == []
    third = Counting()
    vectors_of(["uno", "tres"], third, tmp_path)
    assert third.seen == ["tres"]


def test_another_encoder_never_gets_these_vectors(tmp_path: Path) -> None:
    vectors_of(["uno"], Counting("a"), tmp_path)
    other = Counting("b")
    vectors_of(["uno"], other, tmp_path)
    assert other.seen == ["uno"]


def test_a_damaged_cache_costs_only_time(tmp_path: Path) -> None:
    vectors_of(["uno"], Counting(), tmp_path)
    (file,) = tmp_path.iterdir()
    for damage in (b"", b"PK\x03\x04 not a zip", file.read_bytes()[:50]):
        file.write_bytes(damage)
        again = Counting()
        assert vectors_of(["uno"], again, tmp_path).tolist() == [[3.0, 1.0]]
        assert again.seen == ["uno"]


def test_a_cache_folder_that_cannot_be_made_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert vectors_of(["uno"], Counting(), tmp_path / "file" / "below").tolist() == [[3.0, 1.0]]


def test_without_an_encoder_rows_are_empty() -> None:
    assert vectors_of(["uno", "dos"], NoEncoder(), None).shape == (2, 0)
