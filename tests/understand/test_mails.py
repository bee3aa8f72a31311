"""Golden mails: every `tests/mails/NAME.eml` gives what `NAME.yaml` says under `message`; a new case is two files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from plugin.model import Message
from plugin.understand.mail import attachment_bytes, read_mail

MAILS = Path(__file__).resolve().parent.parent / "mails"
NAMES = sorted(path.stem for path in MAILS.glob("*.eml"))
ARRIVED = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
YAML_READER = YAML(typ="safe")


def found(message: Message, key: str, wanted: Any) -> Any:
    """The part of a message that a key of the expectation names, in the form of YAML."""
    match key:
        case "sender":
            return message.sender and {"email": message.sender.email, "name": message.sender.name}
        case "to" | "cc" | "reply_to":
            return [address.email for address in getattr(message, key)]
        case "attachments":
            return [{name: getattr(a, name) for name in ("name", "kind", "inline")} for a in message.attachments]
        case "headers":
            return {name: list(message.header(name)) for name in wanted}
        case "date":
            return message.date and message.date.isoformat()
        case "newest" | "text" | "subject" | "id":
            return getattr(message, key)
        case "defects" | "structure" | "references" | "in_reply_to":
            return list(getattr(message, key))
    raise AssertionError(f"no such key: {key}")


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_mail_is_read_as_expected(name: str) -> None:
    wanted = YAML_READER.load(MAILS / f"{name}.yaml").get("message")
    if wanted is None:
        return  # a mail whose decision is expected, not its reading
    message = read_mail((MAILS / f"{name}.eml").read_bytes(), ARRIVED)
    wanted = {key: value.rstrip("\n") if key in ("newest", "text") else value for key, value in wanted.items()}
    assert {key: found(message, key, value) for key, value in wanted.items()} == wanted


def test_every_mail_has_its_expectation_and_the_other_way_round() -> None:
    expectations = sorted(path.stem for path in MAILS.glob("*.yaml"))
    assert expectations == NAMES
    assert len(NAMES) > 80


@pytest.mark.parametrize("name", NAMES)
def test_the_bytes_of_every_attachment_can_be_read_again(name: str) -> None:
    raw = (MAILS / f"{name}.eml").read_bytes()
    for attachment in read_mail(raw, ARRIVED).attachments:
        data = attachment_bytes(raw, attachment.digest)
        assert data is not None
        assert len(data) == attachment.size
    assert attachment_bytes(raw, "0" * 64) is None


@pytest.mark.parametrize("name", NAMES)
def test_reading_twice_gives_the_same(name: str) -> None:
    raw = (MAILS / f"{name}.eml").read_bytes()
    assert read_mail(raw, ARRIVED) == read_mail(raw, ARRIVED)
