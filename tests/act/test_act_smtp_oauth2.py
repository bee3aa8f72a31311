"""Sending with a token in place of a password, as Microsoft 365 and Gmail ask for: against a real Postfix."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from imapclient import IMAPClient
from servers.dovecot import PASSWORD, Dovecot
from servers.ground import wait_for
from servers.postfix import Postfix
from servers.smtp import SmtpServer
from servers.tokens import Endpoint

from plugin.act import smtp as module
from plugin.act.outcome import Outcome
from plugin.act.smtp import SmtpMailer, send
from plugin.settings import Smtp

DESK, CUSTOMER = "support@desk.test", "ana@guest.example"
DATA = b"From: support@desk.test\r\nTo: ana@guest.example\r\nMessage-ID: <1@desk.test>\r\nSubject: Hi\r\n\r\nHello\r\n"


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    found = Endpoint()
    yield found
    found.close()


@pytest.fixture(scope="module")
def postfix() -> Iterator[Postfix]:
    if os.getuid() != 0:
        pytest.skip("Postfix can only be started by root")
    with Dovecot() as dovecot, Postfix(dovecot) as server:
        yield server


def way(postfix: Postfix, endpoint: Endpoint, *, tls: str = "starttls") -> Smtp:
    port = postfix.submission if tls == "starttls" else postfix.smtps
    return Smtp("smtp", "localhost", port, DESK, tls=tls, ca_file=str(postfix.ca), oauth2=endpoint.settings)


def sent(smtp: Smtp) -> Outcome:
    outcome = send(SmtpMailer(smtp, "desk.test"), "", CUSTOMER, DATA, lambda: True)
    assert outcome is not None
    return outcome


def delivered(postfix: Postfix) -> int:
    with IMAPClient("127.0.0.1", postfix.dovecot.imap, ssl=False, timeout=60) as reader:
        reader.login(CUSTOMER, PASSWORD)
        return int(reader.select_folder("INBOX", readonly=True)[b"EXISTS"])


def give(endpoint: Endpoint, *tokens: str) -> None:
    """The tokens that the endpoint hands out, one after the other."""
    endpoint.answers = [{"access_token": token, "expires_in": 3600} for token in tokens]


@pytest.mark.server
@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_token_opens_the_way(postfix: Postfix, endpoint: Endpoint, tls: str) -> None:
    before = delivered(postfix)
    give(endpoint, postfix.dovecot.token(DESK))
    assert sent(way(postfix, endpoint, tls=tls)).state == "done"
    wait_for(lambda: delivered(postfix) == before + 1, 120)
    assert endpoint.asked[0]["grant_type"] == "refresh_token"


@pytest.mark.server
def test_a_token_that_was_withdrawn_is_replaced_by_a_fresh_one_once(postfix: Postfix, endpoint: Endpoint) -> None:
    give(endpoint, postfix.dovecot.token(DESK, lifetime=-60), postfix.dovecot.token(DESK))
    assert sent(way(postfix, endpoint)).state == "done"
    assert len(endpoint.asked) == 2


@pytest.mark.server
def test_a_forged_token_is_refused_and_nothing_is_tried_for_a_while(postfix: Postfix, endpoint: Endpoint) -> None:
    forged = postfix.dovecot.token(DESK, key=b"another")
    give(endpoint, forged, forged)
    outcome = sent(way(postfix, endpoint))
    assert (outcome.state, outcome.fault, outcome.wait) == ("again", True, module.AUTH_SECONDS)
    assert outcome.error == "SMTPAuthenticationError 535"


def test_without_a_token_nothing_is_sent_and_the_way_pauses(endpoint: Endpoint) -> None:
    endpoint.status, endpoint.answer = 400, {"error": "invalid_grant"}
    with SmtpServer(login=("support", "token")) as server:
        smtp = Smtp("smtp", "127.0.0.1", server.port, "support", oauth2=endpoint.settings)
        outcome = sent(smtp)
        assert (outcome.state, outcome.error, outcome.fault) == ("again", "OAuth2Error", True)
        give(endpoint, "token")
        endpoint.status = 200
        assert sent(replace(smtp)).state == "done"
        assert [mail.login for mail in server.mails] == ["support"]
