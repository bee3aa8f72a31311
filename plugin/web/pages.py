"""The built-in ticket list: what an agent and an admin see in a browser. Works without scripts."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.store import StoreUnavailable
from plugin.web.guard import guard
from plugin.web.parts import web

blueprint = Blueprint("pages", __name__)
PAGE = 50
MOST = 500  #: of what was set aside, on its page; the command line has all of it
SHOWN = 20  #: messages of one ticket whose words are on its page
BIGGEST = 2**63 - 1  #: what a number in the database can be


@blueprint.before_request
def _only_for_some() -> AnyResponse | None:
    keeper = guard()
    if keeper.may_see(request):
        return None
    if keeper.settings.admin_password:
        return redirect("/login", 303)
    page = render_template("closed.html")
    return Response(page, 403, mimetype="text/html")


@blueprint.get("/")
def tickets() -> str:
    state, group = request.args.get("state", "")[:40], request.args.get("group", "")[:80]
    before = _number(request.args.get("before", ""))
    store = web().store
    found = store.requests(state=state or None, group=group or None, before=before, limit=PAGE + 1)
    return render_template("tickets.html", tickets=found[:PAGE], more=len(found) > PAGE, state=state, group=group)


@blueprint.get("/tickets/<int:number>")
def ticket(number: int) -> str:
    store = web().store
    found = store.request(number) if number <= BIGGEST else None
    if found is None:
        abort(404)
    timeline = store.timeline(number)
    inbound_ids = list(dict.fromkeys(entry.inbound_id for entry in timeline if entry.inbound_id))
    decisions = [(i, decision) for i in inbound_ids if (decision := store.decision(i)) is not None]
    words = {i: web().reader.words(store.inbound(i)) for i in inbound_ids[-SHOWN:]}
    return render_template(
        "ticket.html", ticket=found, timeline=timeline, decisions=decisions, words=words, replies=dict(decisions)
    )


@blueprint.post("/tickets/<int:number>/take")
def take(number: int) -> AnyResponse:
    """Somebody picks it up. Whoever comes second sees who was first."""
    guard().check_form()
    store = web().store
    if number > BIGGEST or store.request(number) is None:
        abort(404)
    store.take(number, "")
    return redirect(f"/tickets/{number}", 303)


@blueprint.get("/health")
def health() -> str:
    try:
        failed, stops = web().store.failed(MOST), web().store.health().stops
    except StoreUnavailable:
        failed, stops = (), ()
    return render_template("health.html", parts=web().health(), failed=failed, stops=stops)


@blueprint.post("/failed/<int:job_id>/retry")
def retry(job_id: int) -> AnyResponse:
    guard().check_form()
    if job_id > BIGGEST or not web().store.retry(job_id):
        abort(404)
    return redirect("/health", 303)


@blueprint.post("/failed/<int:job_id>/resolve")
def resolve(job_id: int) -> AnyResponse:
    guard().check_form()
    outcome = request.form.get("outcome", "")
    if outcome not in ("sent", "send", "leave"):
        abort(400)
    if job_id > BIGGEST or not web().store.resolve(job_id, outcome):
        abort(404)
    return redirect("/health", 303)


@blueprint.post("/stops/resume")
def resume() -> AnyResponse:
    guard().check_form()
    if not web().store.resume(request.form.get("name", "")[:400]):
        abort(404)
    return redirect("/health", 303)


@blueprint.get("/messages/<int:inbound_id>/raw")
def raw(inbound_id: int) -> Response:
    """The very bytes that arrived, to keep: never shown as a page."""
    found = web().store.inbound(inbound_id) if inbound_id <= BIGGEST else None
    if found is None or found.raw is None:
        abort(404)
    ending = "eml" if found.source == "mail" else "json"
    headers = {"Content-Disposition": f'attachment; filename="message-{inbound_id}.{ending}"'}
    return Response(found.raw, 200, headers, mimetype="application/octet-stream")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
