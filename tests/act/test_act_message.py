"""The bytes of a reply: what RFC 3834 asks for, nothing of a stranger's in a header, always the same."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

import pytest
from making_mails import NOW, decision, message, settings

from plugin.act import ids
from plugin.act.effects import effects
from plugin.act.message import one_line, references, reply_mail
from plugin.model import Message, Reply

LONG = tuple(f"r{n}{'x' * 60}@casa.example" for n in range(60))


def written(home: Path, reply: Reply | None = None, about: Message | None = None) -> str:
    own_id = ids.message_id(settings(home), "reply:1:ask")
    reply = reply or Reply("es", "Re: Reembolso", "¿Cuánto?\n", ("amount",))
    return reply_mail(settings(home), reply, about or message(), "ana@casa.example", own_id, NOW)


def read(text: str) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(text.encode("ascii"), policy=default))


def test_every_reply_carries_what_keeps_robots_apart(tmp_path: Path) -> None:
    mail = read(written(tmp_path))
    assert {
        name: mail[name] for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "In-Reply-To", "To", "From")
    } == {
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        "In-Reply-To": "<one@casa.example>",
        "To": "ana@casa.example",
        "From": "Soporte Ácme <support@acme.example>",
    }
    assert mail["References"] == "<one@casa.example>"
    assert mail["Date"].datetime == NOW
    assert [len(mail.get_all(name, [])) for name in ("To", "Cc", "Bcc", "Message-ID", "From")] == [1, 0, 0, 1, 1]
    assert ids.is_own_message_id(mail["Message-ID"], settings(tmp_path))
    assert ids.is_own_marker(mail[ids.MARKER], settings(tmp_path))


def test_text_and_html_say_the_same(tmp_path: Path) -> None:
    text = "¿Qué pasa?\n.\n..\n" + "x" * 2000 + "\nñ 😀\n"
    mail = read(written(tmp_path, Reply("es", "Re", text, (), "<p>¿Qué pasa?</p>")))
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().replace("\r\n", "\n") == text
    assert "<p>¿Qué pasa?</p>" in page.get_content()
    assert list(mail.iter_attachments()) == []


def test_the_html_made_from_text_is_escaped(tmp_path: Path) -> None:
    mail = read(written(tmp_path, Reply("es", "Re", "<script>1</script> & so\non\n\nbye", ())))
    page = mail.get_body(("html",))
    assert page is not None
    assert "<p>&lt;script&gt;1&lt;/script&gt; &amp; so<br>on</p>" in page.get_content()


def test_the_bytes_are_always_the_same_and_seven_bit(tmp_path: Path) -> None:
    first = written(tmp_path)
    assert first == written(tmp_path)
    assert first.isascii()
    assert "\n" not in first.replace("\r\n", "")
    assert "\r" not in first.replace("\r\n", "")
    assert max(len(line) for line in first.split("\r\n")) <= 998


SUBJECTS = [
    "Re: a\r\nBcc: everyone@x.example",
    "Re: a\nX-Evil: 1",
    "Re: a\u2028Bcc: x",
    "Re: \u202eevil\u202c",
    "Re: \x00\x01\x1b[31m",
    "Re: " + "x" * 10_000,
    "Re: " + "é😀" * 5_000,
    "Re: =?utf-8?q?=0d=0aBcc:_x?=",
    "",
]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_stays_a_subject(tmp_path: Path, subject: str) -> None:
    text = written(tmp_path, Reply("es", subject, "Hola", ()))
    mail = read(text)
    names = [name.lower() for name in mail]
    assert not {"bcc", "x-evil"} & set(names)
    assert len(str(mail["Subject"])) <= 200
    assert not set(str(mail["Subject"])) & set("\u202e\u202c\x00\x1b\r\n\u2028")
    assert subject[:40].isspace() or str(mail["Subject"])[:40] == one_line(subject)[:40]
    head = text.split("\r\n\r\n")[0].split("\r\n")
    assert max(len(line) for line in head) <= 100


def test_an_address_is_never_read_for_more_than_an_address(tmp_path: Path) -> None:
    own_id = ids.message_id(settings(tmp_path), "x")
    for evil in ("=?utf-8?q?=0d=0aBcc:x?=@evil.example", "a@b.example\r\nBcc: c@d.example", "é@b.example"):
        text = reply_mail(settings(tmp_path), Reply("es", "Re", "Hola", ()), message(), evil, own_id, NOW)
        mail = message_from_bytes(text.encode("ascii"))
        assert mail["Bcc"] is None
        assert len(mail.get_all("To", [])) == 1


def test_the_references_keep_the_first_and_the_last(tmp_path: Path) -> None:
    mail = read(written(tmp_path, about=message(references=LONG, id=LONG[-1])))
    kept = mail["References"].split()
    assert kept[0] == f"<{LONG[0]}>"
    assert kept[1:] == [f"<{i}>" for i in LONG[-20:]]


@pytest.mark.parametrize(
    "evil",
    [
        "a@b>\r\nBcc: <x@y",
        "a@b\r\nX: y",
        "a b@c",
        "no-at-sign",
        "é@b.example",
        "x" * 5000 + "@b",
        "<a@b",
        "a@sha256.invalid",
    ],
)
def test_only_message_ids_that_look_like_such_are_named(tmp_path: Path, evil: str) -> None:
    mail = read(written(tmp_path, about=message(id=evil, references=(evil, "fine@b.example"))))
    assert mail["In-Reply-To"] is None
    assert mail["References"] == "<fine@b.example>"
    assert references("a@b", [f"{n}{'x' * 240}@{'y' * 230}" for n in range(60)])[-1] == "a@b"


def test_the_references_never_pass_eight_kilobytes() -> None:
    ids_ = references("a@b", [f"{n}{'x' * 235}@{'y' * 230}" for n in range(60)])
    assert sum(len(i) + 5 for i in ids_) < 8192
    assert ids_[-1] == "a@b"


def test_our_message_ids_are_signed(tmp_path: Path) -> None:
    ours, theirs = settings(tmp_path / "a"), settings(tmp_path / "b")
    own_id = ids.message_id(ours, "reply:1:ask", "x")
    assert own_id == ids.message_id(ours, "reply:1:ask", "x")
    assert own_id != ids.message_id(ours, "reply:2:ask", "x")
    assert [ids.is_own_message_id(c, ours) for c in (own_id, f"<{own_id}>", own_id.replace("acme", "x"))] == [True] * 3
    forged = (f"0{own_id[1:]}" if own_id[0] != "0" else f"1{own_id[1:]}", "", "é.é@x", ".@", "\ud800.x@y")
    assert [ids.is_own_message_id(c, ours) for c in forged] == [False] * len(forged)
    assert not ids.is_own_message_id(own_id, theirs)
    assert not ids.is_own_marker(ids.marker(ours, own_id), theirs)


def test_a_key_is_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    first = ids.message_id(settings(tmp_path / "new"), "x")
    kept = tmp_path / "new" / "signing.key"
    assert (kept.stat().st_mode & 0o777, len(kept.read_text())) == (0o600, 64)
    assert [path.name for path in kept.parent.iterdir()] == ["signing.key"]
    assert ids.message_id(settings(tmp_path / "new"), "x") == first


def test_one_line_cuts_on_whole_characters() -> None:
    assert one_line("a" * 500) == "a" * 199 + "…"
    assert one_line("  a\t b\r\n c ") == "a b c"


def test_effects_have_keys_that_name_the_message(tmp_path: Path) -> None:
    given = settings(tmp_path, hook_url="https://hook.example/x")
    found = effects(decision(), message(), 7, given)
    assert [(e.kind, e.key) for e in found] == [("desk", "desk:7"), ("reply", "reply:7:ask"), ("webhook", "webhook:7")]
    assert found == effects(decision(), message(), 7, given)
    assert [e.kind for e in effects(decision(reply=None), message(), 7, given)] == ["desk", "webhook"]


def test_a_database_that_was_started_anew_does_not_reuse_message_ids(tmp_path: Path) -> None:
    one, two = (effects(decision(), message(id=i), 7, settings(tmp_path))[1] for i in ("a@x", "b@x"))
    assert one.payload["message_id"] != two.payload["message_id"]


def test_the_gateway_is_told_who_gets_what(tmp_path: Path) -> None:
    given = settings(
        tmp_path, desk="gateway", gateway_addresses={"billing": "billing@desk.example", "*": "desk@desk.example"}
    )
    found = effects(decision(copies=("care", "billing"), reply=None), message(), 7, given)
    assert [(e.key, e.payload["to"]) for e in found] == [
        ("gateway:7:billing", "billing@desk.example"),
        ("gateway:7:care", "desk@desk.example"),
        ("gateway-note:7", "billing@desk.example"),
    ]
    shared = settings(tmp_path, desk="gateway", gateway_addresses={"*": "desk@desk.example"})
    assert [e.kind for e in effects(decision(copies=("care",)), message(), 7, shared)] == [
        "gateway",
        "gateway",
        "reply",
    ]
    note = read(found[2].payload["mail"])
    assert note.get_content().strip() == "Quiere su dinero. Falta: amount"
    assert (note["In-Reply-To"], note["Auto-Submitted"]) == ("<one@casa.example>", "auto-generated")
