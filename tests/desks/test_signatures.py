"""Who sent a hook: the vectors of signatures.json, each with the verdict that is right."""

import hmac
import json
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from plugin.desks import signatures
from plugin.desks.signatures import SCHEMES, explain, verify
from plugin.settings.values import SIGNATURES

FILE = json.loads((Path(__file__).parent / "signatures.json").read_text("utf-8"))
VECTORS = FILE["vectors"]


def run(row):
    given = {**FILE["defaults"], **row}
    body = bytes.fromhex(given["body_hex"]) if "body_hex" in given else given["body"].encode()
    headers = [(name, value) for name, value in given["headers"]]
    secrets = [text.encode() for text in given["secrets"]]
    return verify(SCHEMES[given["scheme"]], secrets, headers, given["path"], body, float(given["now"]))


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: f"{row['scheme']}: {row['name']}")
def test_each_vector_gets_its_verdict(row):
    assert run(row) == row["verdict"]


def test_every_scheme_has_vectors_that_pass_and_vectors_that_do_not():
    passed = Counter(row["scheme"] for row in VECTORS if row["verdict"] == "ok")
    refused = Counter(row["scheme"] for row in VECTORS if row["verdict"] != "ok")
    assert set(passed) == set(refused) == set(SCHEMES)
    assert set(SIGNATURES) == set(SCHEMES)
    assert {row["verdict"] for row in VECTORS} == set(signatures.EXPLAINED)


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("name", ["zammad", "header", "path"])
def test_every_secret_is_compared_whichever_fits(name, place, monkeypatch):
    row = next(row for row in VECTORS if row["scheme"] == name and row["verdict"] == "ok" and "secrets" not in row)
    secrets = ["one-of-three-secrets", "two-of-three-secrets"]
    secrets.insert(place, *FILE["defaults"]["secrets"])
    compared = []

    def counted(given, right):
        compared.append(right)
        return hmac.compare_digest(given, right)

    monkeypatch.setattr(signatures, "hmac", SimpleNamespace(digest=hmac.digest, compare_digest=counted))
    assert run({**row, "secrets": secrets}) == "ok"
    assert len(compared) == 3


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("verdict", signatures.EXPLAINED)
def test_what_is_told_names_the_header_and_no_secret(name, verdict):
    told = explain(SCHEMES[name], verdict)
    assert told.endswith(".")
    assert "{" not in told
    if verdict == "missing-header" and SCHEMES[name].header:
        assert SCHEMES[name].header in told
