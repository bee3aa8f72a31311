"""Small rulebooks and the default pack, learned without the encoder so that tests start fast."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from plugin.assess import learn
from plugin.assess.encoder import Encoder, MultilingualEncoder
from plugin.rulebook import Rulebook, load

ROOT = Path(__file__).resolve().parents[2]
Loader = Callable[..., Rulebook]


@pytest.fixture(scope="session")
def encoder() -> MultilingualEncoder:
    return MultilingualEncoder()


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The default pack by words and signals alone."""
    cache = tmp_path_factory.mktemp("cache")
    return load(ROOT / "rules", learn=lambda book: learn(book, None, cache))


@pytest.fixture
def small_pack(tmp_path: Path) -> Loader:
    """Loads the default rules with 240 of their examples, changed by the test; `encoder=None` is without meaning."""

    def build(
        extra: list[dict[str, object]] | None = None,
        edit: Callable[[Path], None] | None = None,
        encoder: Encoder | None = None,
        cache: Path | None = None,
    ) -> Rulebook:
        folder = tmp_path / "rules"
        if folder.exists():
            shutil.rmtree(folder)
        shutil.copytree(ROOT / "rules", folder)
        lines = []
        for file in sorted((folder / "examples").glob("*.jsonl")):
            lines += file.read_text("utf-8").splitlines()
            file.unlink()
        rows = [json.loads(line) for line in lines[:: max(1, len(lines) // 240)]]
        rows += extra or []
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n"
        (folder / "examples" / "some.jsonl").write_text(text, "utf-8")
        if edit is not None:
            edit(folder)
        return load(folder, learn=lambda book: learn(book, encoder, cache))

    return build
