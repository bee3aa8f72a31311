"""Access tokens for XOAUTH2 by the refresh token grant (RFC 6749 section 6), for IMAP and SMTP alike."""

from __future__ import annotations

import threading
import time
from functools import cache

import httpx

from plugin.settings import OAuth2, is_loopback

_EARLY = 90.0  #: seconds before its end that a token is renewed
_TIMEOUT = 20.0  #: seconds for the token endpoint
_LASTING = {"invalid_grant", "invalid_client", "unauthorized_client", "invalid_scope", "unsupported_grant_type"}
_REMEDY = {
    "invalid_grant": "The refresh token is no longer good: sign in again and set ANTESALA_OAUTH2_REFRESH_TOKEN.",
    "invalid_client": "Check ANTESALA_OAUTH2_CLIENT_ID and ANTESALA_OAUTH2_CLIENT_SECRET.",
    "unauthorized_client": "The application may not use this grant; allow it at the provider.",
    "invalid_scope": "Check ANTESALA_OAUTH2_SCOPE.",
}


class OAuth2Error(OSError):
    """No token; the text says why and holds no secret. `lasting`: trying again will not help."""

    def __init__(self, sentence: str, *, lasting: bool) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.lasting = lasting


class _Tokens:
    """The tokens of one application and account; safe in several threads."""

    def __init__(self, oauth2: OAuth2) -> None:
        self._oauth2 = oauth2
        self._lock = threading.Lock()
        self._refresh = oauth2.refresh_token.value
        self._access = ""
        self._until = 0.0

    def access(self, stale: str) -> str:
        with self._lock:
            if self._access and self._access != stale and time.monotonic() < self._until:
                return self._access
            answer = _ask(self._oauth2, self._refresh)
            token = answer.get("access_token")
            if not isinstance(token, str) or not token:
                raise OAuth2Error(f"{self._oauth2.token_url} answered without an access token.", lasting=False)
            seconds = answer.get("expires_in")
            lifetime = float(seconds) if isinstance(seconds, int | float | str) and str(seconds).isdigit() else 300.0
            self._access, self._until = token, time.monotonic() + max(0.0, lifetime - _EARLY)
            if isinstance(rotated := answer.get("refresh_token"), str) and rotated:
                self._refresh = rotated  # Microsoft gives a new one each time; the first stays good for 90 days
            return token


@cache
def _tokens(oauth2: OAuth2) -> _Tokens:
    return _Tokens(oauth2)


def access_token(oauth2: OAuth2, *, stale: str = "") -> str:
    """A token that is good for a while yet. `stale` is one that the server just refused: it is not given again.

    Raises OAuth2Error.
    """
    return _tokens(oauth2).access(stale)


def _ask(oauth2: OAuth2, refresh_token: str) -> dict[str, object]:
    url = httpx.URL(oauth2.token_url)
    if url.scheme != "https" and not is_loopback(url.host):
        raise OAuth2Error("ANTESALA_OAUTH2_TOKEN_URL must begin with https://.", lasting=True)
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": oauth2.client_id}
    if oauth2.client_secret:
        form["client_secret"] = oauth2.client_secret.value
    if oauth2.scope:
        form["scope"] = oauth2.scope
    try:
        response = httpx.post(url, data=form, timeout=_TIMEOUT, headers={"Accept": "application/json"})
        answer = response.json()
    except (httpx.HTTPError, ValueError) as error:
        raise OAuth2Error(f"{url.host} gave no token: {error.__class__.__name__}.", lasting=False) from None
    if not isinstance(answer, dict):
        raise OAuth2Error(f"{url.host} gave no token: status {response.status_code}.", lasting=False)
    if response.status_code != 200:
        code = str(answer.get("error", ""))[:40]
        remedy = _REMEDY.get(code, "")
        shown = code if code.isascii() and code.replace("_", "").isalnum() else f"status {response.status_code}"
        raise OAuth2Error(f"{url.host} gave no token: {shown}. {remedy}".strip(), lasting=code in _LASTING)
    return answer
