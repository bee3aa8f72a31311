"""Who sent a webhook: the vectors of vectors.json, each with the verdict that is right."""

import base64
import json
import time
from pathlib import Path

import pytest

from plugin.settings import Secret, SettingsError
from plugin.web.signature import keys, verify

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))


def run(row):
    given = {**VECTORS["defaults"], **row}
    signature = given["signature"] * given.get("repeat", 1) + given.get("last", "")
    body = given["body_latin1"].encode("latin-1") if "body_latin1" in given else given["body"].encode()
    secrets = keys([Secret(text) for text in given["secrets"]])
    return verify(
        secrets, given["id"].encode(), given["timestamp"].encode(), signature.encode(), body, float(given["now"])
    )


@pytest.mark.parametrize("row", VECTORS["signature"], ids=lambda row: f"{row['case']} {row['name']}")
def test_each_vector_gets_its_verdict(row):
    assert run(row) == row["verdict"]


def test_a_refusal_costs_little_however_long_the_header():
    row = next(row for row in VECTORS["signature"] if row["case"] == "W14")
    start = time.perf_counter()
    for _ in range(20):
        run(row)
    assert (time.perf_counter() - start) / 20 < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "",
        "whsec_",
        "secret",
        "whsec_" + base64.b64encode(b"x" * 23).decode(),
        "whsec_" + base64.b64encode(b"x" * 65).decode(),
        "whsec_no base64",
        "WHSEC_" + base64.b64encode(b"x" * 32).decode(),
    ],
)
def test_an_unusable_secret_is_named_by_its_place_and_not_shown(text):
    good = "whsec_" + base64.b64encode(b"y" * 32).decode()
    with pytest.raises(SettingsError, match="WEBHOOK_SECRETS, entry 2") as caught:
        keys([Secret(good), Secret(text)])
    assert text in ("", "whsec_") or text not in str(caught.value)
