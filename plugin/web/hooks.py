"""Webhooks of the help desk: proven to be the desk's, kept, answered. The ticket is fetched later.

Desks give up after seconds, some never try again, and a hook may come before the desk's own transaction
ends: so nothing is asked of the desk here, and what a hook says of a ticket is not believed but read anew.

There is no limit on failures: a secret of at least 16 characters is not guessed, and behind a proxy
all senders look alike, so that a stranger could shut out the desk.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, abort, jsonify, request

from plugin.desks.protocol import Delivery, Hook, HookEvent
from plugin.desks.registry import KINDS
from plugin.desks.signatures import SCHEMES, explain, verify
from plugin.store import StoreUnavailable
from plugin.store.store import PATIENCE
from plugin.web.intake import RETRY_AFTER
from plugin.web.parts import Web, web
from plugin.web.problem import Problem
from plugin.web.server import SLACK

blueprint = Blueprint("hooks", __name__)
MAX_EVENTS = 100  #: tickets that one hook may name


@blueprint.post("/v1/hooks/<desk>", defaults={"secret": ""})
@blueprint.post("/v1/hooks/<desk>/<secret>")
def take(desk: str, secret: str) -> tuple[Response, int]:
    """202 once the work is in the store; the same delivery again is 202 and makes no more work."""
    parts = web()
    hook = _hook(parts, desk, secret)
    # The whole text of a mail may be in it: four times what another webhook may hold, which is what the server reads.
    request.max_content_length = SLACK * parts.settings.max_webhook_bytes
    body = request.get_data(cache=False)
    _check_sender(parts, hook, secret, body)
    events = _events(hook, body)
    try:
        if not parts.store.has_room():
            raise StoreUnavailable("The disk is nearly full.")
        new = sum(parts.store.desk.announce(desk, event.ticket, event.event, PATIENCE) for event in events)
    except StoreUnavailable:
        text = "The hook could not be stored, so it was not taken. Send it again later."
        raise Problem(503, "store-unavailable", text, headers={"Retry-After": str(RETRY_AFTER)}) from None
    return jsonify(tickets=len(events), new=new), 202


def _hook(parts: Web, desk: str, secret: str) -> Hook:
    """How hooks of the desk are read; there is no other desk's address than the one in the settings."""
    kind = KINDS.get(desk) if desk == parts.settings.desk else None
    if kind is None or kind.hook is None:
        abort(404)
    scheme = SCHEMES.get(parts.settings.desk_options.get("signature", ""), kind.hook.scheme)
    if secret and scheme.header:
        abort(404)
    return replace(kind.hook, scheme=scheme)


def _check_sender(parts: Web, hook: Hook, secret: str, body: bytes) -> None:
    secrets = [one.value.encode() for one in parts.settings.desk_secrets]
    verdict = verify(hook.scheme, secrets, list(request.headers.items()), secret, body, parts.clock())
    if verdict != "ok":
        raise Problem(401 if hook.scheme.digest else 403, f"hook-{verdict}", explain(hook.scheme, verdict))


def _events(hook: Hook, body: bytes) -> tuple[HookEvent, ...]:
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        found = hook.events(Delivery(headers, body))
    except ValueError as error:  # a sentence of ours that quotes nothing
        raise Problem(422, "hook-unreadable", str(error)) from None
    return tuple(dict.fromkeys(found))[:MAX_EVENTS]
