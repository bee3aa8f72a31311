"""Access tokens by the refresh token grant, from a token endpoint on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from servers.tokens import Endpoint

from plugin.intake import oauth2
from plugin.intake.oauth2 import OAuth2Error, access_token
from plugin.settings import OAuth2, Secret


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    found = Endpoint()
    yield found
    found.close()


def test_asks_once_and_keeps_the_token(endpoint: Endpoint) -> None:
    assert [access_token(endpoint.settings) for _ in range(3)] == ["token-1"] * 3
    assert endpoint.asked == [
        {
            "grant_type": "refresh_token",
            "refresh_token": "refresh-1",
            "client_id": "client",
            "client_secret": "s3cret",
            "scope": "https://outlook.office.com/IMAP.AccessAsUser.All",
        }
    ]


def test_asks_again_before_the_end(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    assert access_token(endpoint.settings) == "token-1"
    endpoint.answer = {"access_token": "token-2", "expires_in": "3600"}
    now = oauth2.time.monotonic()
    monkeypatch.setattr(oauth2.time, "monotonic", lambda: now + 3600 - 60)
    assert access_token(endpoint.settings) == "token-2"


def test_a_refused_token_is_not_given_again_but_a_newer_one_is(endpoint: Endpoint) -> None:
    assert access_token(endpoint.settings) == "token-1"
    endpoint.answer = {"access_token": "token-2", "expires_in": 3600}
    assert access_token(endpoint.settings, stale="token-1") == "token-2"
    assert access_token(endpoint.settings, stale="token-1") == "token-2"
    assert len(endpoint.asked) == 2


def test_a_rotated_refresh_token_is_used_from_then_on(endpoint: Endpoint) -> None:
    endpoint.answer = {"access_token": "token-1", "expires_in": 0, "refresh_token": "refresh-2"}
    access_token(endpoint.settings)
    access_token(endpoint.settings)
    assert [asked["refresh_token"] for asked in endpoint.asked] == ["refresh-1", "refresh-2"]


@pytest.mark.parametrize(
    ("status", "answer", "lasting", "words"),
    [
        (400, {"error": "invalid_grant", "error_description": "token s3cret"}, True, "sign in again"),
        (401, {"error": "invalid_client"}, True, "ANTESALA_OAUTH2_CLIENT_ID"),
        (400, {"error": "<script>"}, False, "status 400"),
        (503, {"error": "temporarily_unavailable"}, False, "temporarily_unavailable"),
        (200, {"token": "x"}, False, "without an access token"),
        (200, {"access_token": 5}, False, "without an access token"),
        (200, ["no"], False, "status 200"),
        (200, b"<html>", False, "gave no token"),
    ],
)
def test_what_went_wrong(endpoint: Endpoint, status: int, answer: object, lasting: bool, words: str) -> None:
    endpoint.status, endpoint.answer = status, answer
    with pytest.raises(OAuth2Error) as caught:
        access_token(endpoint.settings)
    assert caught.value.lasting is lasting
    assert words in caught.value.sentence
    assert "s3cret" not in caught.value.sentence
    assert "refresh-1" not in caught.value.sentence


def test_nobody_answers(endpoint: Endpoint) -> None:
    settings = endpoint.settings
    endpoint.server.shutdown()
    endpoint.server.server_close()
    with pytest.raises(OAuth2Error, match=r"ConnectError|ReadError"):
        access_token(settings)


def test_never_in_clear() -> None:
    with pytest.raises(OAuth2Error, match="https"):
        access_token(OAuth2("http://idp.example.com/token", "id", Secret(""), Secret("refresh")))
