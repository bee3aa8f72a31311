"""A setting that cannot be used stops the program with a sentence that names it; nothing runs on a default unasked."""

import pytest

from plugin.settings import SettingsError, load

WHSEC = "whsec_" + "QUJD" * 8

WRONG = {
    "ANTESALA_MAILBOXS": ("x", "there is no such setting; did you mean ANTESALA_MAILBOXES"),
    "antesala_dry_run": ("yes", "did you mean ANTESALA_DRY_RUN"),
    "ANTESALA_MAILBOXES": ("imaps://anna@example.com/INBOX", "entry 1: no password"),
    "ANTESALA_SMTP_URL": ("smtp://anna@example.com", "ANTESALA_SMTP_URL: no password"),
    "ANTESALA_MAIL_FROM": ("Support", "expected one mail address"),
    "ANTESALA_BOUNCE_ADDRESS": ("bounces", "expected one mail address"),
    "ANTESALA_COPY_TO": ("a@example.com@example.com", "ANTESALA_COPY_TO: expected one mail address"),
    "ANTESALA_OWN_ADDRESSES": ("help@example.com contact", "contact is not a mail address"),
    "ANTESALA_GATEWAY_ADDRESSES": ("billing=b@example.com *=desk", r"\*=desk has no mail address"),
    "ANTESALA_DESK": ("gateway", "ANTESALA_GATEWAY_ADDRESSES: needed"),
    "ANTESALA_HOOK_URL": ("https://example.com/hook", "ANTESALA_HOOK_SECRET: needed"),
    "ANTESALA_HOOK_SECRET": ("whsec_short", "base64 of 24 to 64"),
    "ANTESALA_SENTRY_DSN": ("sentry.example", "https://key@host/number"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_named_with_what_to_write_instead(name):
    value, said = WRONG[name]
    with pytest.raises(SettingsError, match=said):
        load({name: value}, None)


def test_a_mail_server_without_its_scheme_is_no_folder():
    for text in ("imap.example.com", "anna:secret@localhost"):
        with pytest.raises(SettingsError, match="entry 1: reads like a mail server; write imaps://") as caught:
            load({"ANTESALA_MAILBOXES": text}, None)
        assert "secret" not in str(caught.value)
    for text in ("inbox", "./mail.d", "/srv/mail/a@example.com", ".inbox"):
        (mailbox,) = load({"ANTESALA_MAILBOXES": text}, None).mailboxes
        assert mailbox.path.name == text.rpartition("/")[2]


def test_no_password_goes_in_clear_to_a_name_that_begins_like_this_machine():
    for name, value in {
        "MAILBOXES": "imap://anna:secret@127.example.com/INBOX",
        "SMTP_URL": "smtp+plain://127.0.0.1.example.com",
    }.items():
        with pytest.raises(SettingsError, match=f"ANTESALA_{name}"):
            load({f"ANTESALA_{name}": value}, None)
    for host in ("localhost", "127.0.0.1", "127.1.2.3", "[::1]"):
        assert load({"ANTESALA_SMTP_URL": f"smtp+plain://{host}:2525"}, None).smtp.port == 2525


def test_two_senders_or_a_line_break_are_no_sender():
    for text in ("a@example.com, b@example.com", "Support\nBcc: x@example.com <a@example.com>", "@example.com", "a@"):
        with pytest.raises(SettingsError, match="ANTESALA_MAIL_FROM"):
            load({"ANTESALA_MAIL_FROM": text}, None)


def test_a_hook_address_is_a_web_address():
    for text in ("example.com/hook", "mailto:a@example.com", "https://", "http://[::1"):
        with pytest.raises(SettingsError, match="ANTESALA_HOOK_URL"):
            load({"ANTESALA_HOOK_URL": text, "ANTESALA_HOOK_SECRET": WHSEC}, None)


def test_oauth2_is_whole():
    given = {"ANTESALA_SMTP_URL": "smtp://anna@example.com", "ANTESALA_OAUTH2_TOKEN_URL": "https://idp.example/token"}
    with pytest.raises(SettingsError, match="ANTESALA_OAUTH2_CLIENT_ID: needed"):
        load(given, None)
    given |= {"ANTESALA_OAUTH2_CLIENT_ID": "x", "ANTESALA_OAUTH2_REFRESH_TOKEN": "y"}
    assert load(given, None).smtp.oauth2.client_id == "x"


def test_what_is_right_is_taken():
    given = load(
        {
            "ANTESALA_MAIL_FROM": "Atención al cliente <ayuda@example.com>",
            "ANTESALA_OWN_ADDRESSES": "Help@example.com, contact@example.com",
            "ANTESALA_HOOK_URL": "http://n8n:5678/hook",
            "ANTESALA_HOOK_SECRET": WHSEC,
            "ANTESALA_SENTRY_DSN": "https://abc@sentry.example/7",
        },
        None,
    )
    assert given.mail_from == "Atención al cliente <ayuda@example.com>"
    assert given.own_addresses == {"help@example.com", "contact@example.com"}
    assert (given.hook_url, given.hook_secret.value) == ("http://n8n:5678/hook", WHSEC)


BROKEN = {
    "a line without a name": ("# ours\n\nplease answer everybody\nANTESALA_DRY_RUN=yes\n", "line 3"),
    "a quote that does not end": ("ANTESALA_DRY_RUN=yes\nANTESALA_MAIL_FROM='Support <a@example.com>\n", "line 2"),
    "a name alone": ("ANTESALA_DRY_RUN\n", "line 1"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_line_that_cannot_be_read_is_refused_and_not_shown(name, tmp_path):
    text, place = BROKEN[name]
    (tmp_path / ".env").write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=place) as caught:
        load({}, tmp_path / ".env")
    assert "answer" not in str(caught.value)
    assert "a@example" not in str(caught.value)


def test_a_file_in_another_encoding_is_refused(tmp_path):
    (tmp_path / ".env").write_bytes("ANTESALA_MAIL_FROM=Atención <a@example.com>\n".encode("latin-1"))
    with pytest.raises(SettingsError, match="not UTF-8"):
        load({}, tmp_path / ".env")


def test_a_folder_in_its_place_is_refused(tmp_path):
    (tmp_path / ".env").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load({}, tmp_path / ".env")


def test_a_file_of_windows_is_read_and_nothing_in_it_is_replaced(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "elsewhere")
    (tmp_path / ".env").write_bytes(
        b"\xef\xbb\xbfANTESALA_DRY_RUN=yes\r\nANTESALA_ADMIN_PASSWORD='a pass${HOME}phrase $x'\r\n"
    )
    given = load({}, tmp_path / ".env")
    assert given.dry_run
    assert given.admin_password.value == "a pass${HOME}phrase $x"
