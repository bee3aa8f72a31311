"""The webhook: a signed request is committed, then acknowledged. Everything else happens later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from plugin.model import Arrival, Receipt
from plugin.store import StoreUnavailable
from plugin.store.store import PATIENCE
from plugin.web.guard import guard
from plugin.web.parts import Web, web
from plugin.web.payload import faults, raw_mail
from plugin.web.problem import Problem
from plugin.web.signature import EXPLAINED, verify
from plugin.web.strict_json import NotJson, parse

blueprint = Blueprint("intake", __name__)
RETRY_AFTER = 30
BIGGEST = 2**63 - 1  #: what an id in the database can be


@blueprint.post("/v1/requests")
def take() -> tuple[Response, int, dict[str, str]]:
    """202 once the request is in the store; the same webhook-id again is 202 and changes nothing."""
    parts = web()
    _check_type()
    body = request.get_data(cache=False)  # more than max_webhook_bytes: 413, by Flask
    webhook_id = _check_signature(parts, body)
    payload = _check_payload(body)
    receipt = _commit(parts, payload, body, webhook_id)
    answer = jsonify(id=receipt.inbound_id, new=receipt.new, status=f"/v1/requests/{receipt.inbound_id}")
    return answer, 202, {"Location": f"/v1/requests/{receipt.inbound_id}"}


@blueprint.get("/v1/requests/<int:inbound_id>")
def look(inbound_id: int) -> Response:
    """How far a request is; for those who may see the pages."""
    if not guard().may_see(request):
        raise Problem(403, "not-for-this-client", "Ask from this machine, or sign in.")
    store = web().store
    if inbound_id > BIGGEST or store.inbound(inbound_id) is None:
        raise Problem(404, "not-found", "There is no request with this id.")
    found = store.request_about(inbound_id)
    if found is None:
        return jsonify(id=inbound_id, state="received")
    return jsonify(
        id=inbound_id,
        state="sorted",
        ticket=found.number,
        group=found.group,
        channel=found.channel,
        priority=found.priority,
        score=found.score,
    )


def _check_type() -> None:
    if request.mimetype != "application/json":
        raise Problem(415, "unsupported-type", "Send JSON with Content-Type: application/json.")
    if request.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise Problem(415, "unsupported-type", "Send the JSON as UTF-8.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem(415, "unsupported-encoding", "Send the JSON as it is, without Content-Encoding.")


def _check_signature(parts: Web, body: bytes) -> str:
    """The webhook-id of a request that was signed with one of the secrets."""
    if not parts.keys:
        raise Problem(
            401, "no-secret", "This installation takes no webhooks yet; set ANTESALA_WEBHOOK_SECRETS and restart it."
        )
    webhook_id, timestamp, signature = (
        request.headers.get(f"webhook-{name}", "").encode("latin-1", "replace")
        for name in ("id", "timestamp", "signature")
    )
    verdict = verify(parts.keys, webhook_id, timestamp, signature, body, parts.clock())
    if verdict != "ok":  # only then: behind a proxy all have one address, and a stranger could shut out the rest
        address = request.remote_addr or ""
        if wait := parts.bad_signatures.wait(address):
            text = "Too many requests with a wrong signature came from this address."
            raise Problem(429, "too-many-failures", text, headers={"Retry-After": str(wait)})
        parts.bad_signatures.failed(address)
        raise Problem(401, verdict, EXPLAINED[verdict])
    return webhook_id.decode("ascii")


def _check_payload(body: bytes) -> Mapping[str, Any]:
    try:
        payload = parse(body)
    except NotJson as error:
        raise Problem(400, "not-json", str(error)) from None
    if found := faults(payload):
        text = f"{found[0].pointer or 'The payload'}: {found[0].detail}"
        raise Problem(422, "invalid-payload", text, found)
    checked: Mapping[str, Any] = payload
    return checked


def _commit(parts: Web, payload: Mapping[str, Any], body: bytes, webhook_id: str) -> Receipt:
    mail = raw_mail(payload)
    now = datetime.fromtimestamp(parts.clock(), UTC)
    if mail is None:
        arrival = Arrival("webhook", body, now, "webhook", webhook_id)
    else:  # the same mail by IMAP and by webhook is one: its own Message-ID is the key
        arrival = Arrival("mail", mail, now, "webhook")
    try:
        if not parts.store.has_room():
            raise StoreUnavailable("The disk is nearly full.")
        return parts.store.accept(arrival, PATIENCE)
    except StoreUnavailable:
        text = "The request could not be stored, so it was not taken. Send it again later, with the same webhook-id."
        raise Problem(503, "store-unavailable", text, headers={"Retry-After": str(RETRY_AFTER)}) from None
