"""Webhooks of a desk over a real socket: who gets in, that nothing is taken twice or lost, and what is told."""

import base64
import hmac
import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from test_describe import check
from websites import serving, settings_in

from plugin.act.outcome import Outcome
from plugin.desks.registry import KINDS
from plugin.desks.signatures import SCHEMES
from plugin.settings import Secret, SettingsError, load

GOOD, OTHER = "tvqHeyOMTLk2zQ-fXw3mRg", "9dTn3LrVx6gQf1sE8kBa-w"
BODIES = {
    "zammad": {"ticket": {"id": 81, "title": "secret words"}, "article": {"id": 412}},
    "zendesk": {"ticket_id": "81", "changed": "2026-11-21T10:00:00Z"},
    "freshdesk": {"freshdesk_webhook": {"ticket_id": 81, "ticket_status": "Open"}},
    "chatwoot": {"event": "message_created", "id": 5, "conversation": {"id": 81}},
}


def zammad(secret, body):
    return {"X-Hub-Signature": "sha1=" + hmac.new(secret.encode(), body, "sha1").hexdigest(), "X-Zammad-Delivery": "7"}


def zendesk(secret, body):
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    code = base64.b64encode(hmac.new(secret.encode(), stamp.encode() + body, "sha256").digest()).decode()
    return {"X-Zendesk-Webhook-Signature": code, "X-Zendesk-Webhook-Signature-Timestamp": stamp}


def freshdesk(secret, body):
    return {"X-Antesala-Secret": secret}


def chatwoot(secret, body):
    stamp = str(int(time.time()))
    code = hmac.new(secret.encode(), f"{stamp}.".encode() + body, "sha256").hexdigest()
    return {"X-Chatwoot-Signature": f"sha256={code}", "X-Chatwoot-Timestamp": stamp, "X-Chatwoot-Delivery": "7"}


SIGN = {"zammad": zammad, "zendesk": zendesk, "freshdesk": freshdesk, "chatwoot": chatwoot}


def with_desk(folder, desk, *secrets):
    return settings_in(
        folder,
        desk=desk,
        desk_url="http://127.0.0.1:1",
        desk_token=Secret("token"),
        desk_secrets=tuple(Secret(secret) for secret in secrets),
    )


@pytest.fixture(params=SIGN)
def at(request, tmp_path):
    """A site for a desk, and a function that sends it a hook."""
    with serving(with_desk(tmp_path, request.param, GOOD)) as site:
        yield site, request.param


def send(site, desk, *, secret=GOOD, body=None, path=None, headers=None, **more):
    raw = body if isinstance(body, bytes) else json.dumps(body or BODIES[desk]).encode()
    signed = SIGN[desk](secret, raw) if headers is None else headers
    return site.ask("POST", path or f"/v1/hooks/{desk}", raw, {"Content-Type": "application/json", **signed, **more})


def fetches(site):
    with sqlite3.connect(site.settings.database_url.value.removeprefix("sqlite:///")) as db:
        return [json.loads(row[0]) for row in db.execute("select payload from job where kind = 'fetch'")]


def test_a_genuine_hook_is_work_to_fetch_the_ticket(at):
    site, desk = at
    answer = send(site, desk)
    assert (answer.status, answer.json) == (202, {"tickets": 1, "new": 1})
    assert fetches(site) == [{"ticket": "81"}]
    check(answer, "post", "/v1/hooks/{desk}")


def test_the_same_delivery_again_and_many_at_once_make_no_more_work(at):
    site, desk = at
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: send(site, desk), range(6)))
    assert [answer.status for answer in answers] == [202] * 6
    assert sum(answer.json["new"] for answer in answers) == 1
    job = site.store.claim(["fetch"])
    site.store.finish(job, Outcome("done"))
    assert send(site, desk).json["new"] == 0
    assert len(fetches(site)) == 1


def test_who_does_not_know_the_secret_is_told_what_to_do_and_nothing_else(at):
    site, desk = at
    wrong = [send(site, desk, secret=secret) for secret in (OTHER, GOOD[:-1], GOOD.swapcase())]
    assert {answer.status for answer in wrong} == {403 if desk == "freshdesk" else 401}
    assert {answer.json["code"] for answer in wrong} == {"hook-mismatch"}
    assert len({answer.body for answer in wrong}) == 1, "an answer depends on how wrong the secret was"
    for answer in (*wrong, send(site, desk, headers={})):
        assert "ANTESALA_DESK_SECRETS" in answer.json["detail"] or "missing" in answer.json["detail"]
        assert GOOD.encode() not in answer.body
        check(answer, "post", "/v1/hooks/{desk}")
    assert fetches(site) == []


def test_a_body_that_was_changed_on_its_way_is_refused_where_it_is_signed(at):
    site, desk = at
    raw = json.dumps(BODIES[desk]).encode()
    answer = send(site, desk, body=raw.replace(b"81", b"82"), headers=SIGN[desk](GOOD, raw))
    assert answer.status == (202 if desk == "freshdesk" else 401)


def test_both_secrets_hold_while_one_is_replaced(tmp_path):
    with serving(with_desk(tmp_path, "zammad", OTHER, GOOD)) as site:
        assert {send(site, "zammad", secret=secret).status for secret in (GOOD, OTHER)} == {202}
    with serving(with_desk(tmp_path, "zammad", OTHER)) as site:
        assert send(site, "zammad", secret=GOOD).status == 401


def test_without_a_secret_nothing_is_taken(tmp_path):
    with serving(with_desk(tmp_path, "zammad")) as site:
        answer = send(site, "zammad")
    assert (answer.status, answer.json["code"]) == (401, "hook-no-secret")
    assert "ANTESALA_DESK_SECRETS" in answer.json["detail"]


@pytest.mark.parametrize("desk", ["builtin", "gateway"])
def test_without_a_desk_there_is_no_address(tmp_path, desk):
    with serving(settings_in(tmp_path, desk=desk, desk_secrets=(Secret(GOOD),))) as site:
        unknown = site.ask("POST", "/v1/nothing")
        for name in ("zammad", desk):
            answer = site.ask("POST", f"/v1/hooks/{name}", b"{}", zammad(GOOD, b"{}"))
            assert (answer.status, answer.body) == (unknown.status, unknown.body)


@pytest.mark.parametrize("path", ["/v1/hooks/zendesk", "/v1/hooks/Zammad", f"/v1/hooks/zammad/{GOOD}", "/v1/hooks/"])
def test_only_the_address_of_the_desk_in_the_settings_exists(tmp_path, path):
    with serving(with_desk(tmp_path, "zammad", GOOD)) as site:
        answer = send(site, "zammad", path=path)
        assert (answer.status, answer.json["code"]) == (404, "not-found")
        assert site.get("/v1/hooks/zammad").status == 405
        assert fetches(site) == []


def test_a_body_that_names_no_ticket_is_422_and_is_not_quoted(at):
    site, desk = at
    for body in (b"secret words", b'["secret words"]', b'{"event": "message_created", "ticket_id": "secret words"}'):
        answer = send(site, desk, body=body)
        assert (answer.status, answer.json["code"]) == (422, "hook-unreadable")
        assert b"secret" not in answer.body
        check(answer, "post", "/v1/hooks/{desk}")


def test_a_hook_may_hold_a_long_mail_but_not_anything(at):
    site, desk = at
    limit = 4 * site.settings.max_webhook_bytes
    told = {**BODIES[desk], "long": "x" * (limit - 4096)}
    assert send(site, desk, body=told).status == 202
    answer = send(site, desk, body={**told, "more": "x" * 8192})
    assert answer.status == 413


@contextmanager
def locked(site, _):
    with closing(sqlite3.connect(site.settings.database_url.value.removeprefix("sqlite:///"))) as other:
        other.execute("begin immediate")
        yield


@contextmanager
def full(site, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(type(site.store), "has_room", lambda self: False)
        yield


@pytest.mark.parametrize("trouble", [locked, full])
def test_a_store_that_cannot_commit_is_503_and_the_desk_tries_again(tmp_path, monkeypatch, trouble):
    with serving(with_desk(tmp_path, "chatwoot", GOOD)) as site:
        with trouble(site, monkeypatch):
            refused = send(site, "chatwoot")
        assert fetches(site) == []
        taken = send(site, "chatwoot")
    assert (refused.status, refused.json["code"]) == (503, "store-unavailable")
    assert int(refused.headers["Retry-After"]) > 0
    check(refused, "post", "/v1/hooks/{desk}")
    assert (taken.status, taken.json["new"]) == (202, 1)


def test_a_secret_in_the_address_is_the_same_whether_it_is_wrong_or_left_out(tmp_path, monkeypatch):
    """For desks that sign nothing and send no header of one's own."""
    unsigned = replace(KINDS["zammad"], hook=replace(KINDS["zammad"].hook, scheme=SCHEMES["path"]))
    monkeypatch.setitem(KINDS, "zammad", unsigned)
    with serving(with_desk(tmp_path, "zammad", GOOD)) as site:
        refused = [
            send(site, "zammad", path=f"/v1/hooks/zammad{rest}") for rest in ("", f"/{OTHER}", f"/{GOOD}x", "/x")
        ]
        assert {answer.status for answer in refused} == {403}
        assert len({answer.body for answer in refused}) == 1
        check(refused[0], "post", "/v1/hooks/{desk}/{secret}")
        taken = send(site, "zammad", path=f"/v1/hooks/zammad/{GOOD}", headers={})
    assert (taken.status, taken.json) == (202, {"tickets": 1, "new": 1})


def test_a_relay_that_signs_in_its_own_way_is_verified_by_that_way_alone(tmp_path):
    settings = with_desk(tmp_path, "freshdesk", GOOD)
    with serving(replace(settings, desk_options={"signature": "front"})) as site:
        raw, stamp = json.dumps(BODIES["freshdesk"]).encode(), str(int(time.time() * 1000))
        code = base64.b64encode(hmac.new(GOOD.encode(), f"{stamp}:".encode() + raw, "sha256").digest()).decode()
        signed = {"X-Front-Signature": code, "X-Front-Request-Timestamp": stamp}
        assert send(site, "freshdesk", body=raw, headers=signed).status == 202
        own = send(site, "freshdesk")
        assert (own.status, own.json["code"]) == (401, "hook-missing-header")


def test_a_scheme_that_nobody_knows_is_refused_at_the_start():
    given = {"DESK": "freshdesk", "DESK_URL": "https://a.example", "DESK_TOKEN": "x", "DESK_OPTIONS": "signature=rot13"}
    with pytest.raises(SettingsError, match=r"signature=rot13: expected one of chatwoot, .*zendesk"):
        load({f"ANTESALA_{name}": value for name, value in given.items()}, None)
