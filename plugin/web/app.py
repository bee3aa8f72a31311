"""The app factory: the webhook, health, metrics and the pages, behind one set of rules."""

from __future__ import annotations

import logging
import uuid

from flask import Flask, Response, render_template, request
from sentry_sdk import capture_exception
from werkzeug.exceptions import HTTPException

from plugin.store import StoreUnavailable
from plugin.web import describe, hooks, intake, observe, pages, sign_in
from plugin.web.guard import Guard, guard
from plugin.web.headers import secure
from plugin.web.looks import register
from plugin.web.parts import Web
from plugin.web.problem import Problem

log = logging.getLogger(__name__)

TEXTS = {
    400: "This request cannot be understood.",
    403: "This page is not for this client.",
    404: "There is no such page.",
    405: "This cannot be done here in that way.",
    413: "This is larger than what is taken here.",
    429: "Too many attempts. Wait a while.",
    500: "Something went wrong here. It is in the log under this number:",
    503: "The store cannot be reached at the moment. Nothing is lost; try again soon.",
}


def create_app(parts: Web) -> Flask:
    """The WSGI application that serves these parts."""
    app = Flask(__name__)
    app.config.update(
        MAX_CONTENT_LENGTH=parts.settings.max_webhook_bytes,
        MAX_FORM_MEMORY_SIZE=64 * 1024,
        MAX_FORM_PARTS=20,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.extensions["antesala"] = parts
    app.extensions["antesala-guard"] = Guard(parts.settings)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    register(app)
    for module in (intake, hooks, observe, describe, sign_in, pages):
        app.register_blueprint(module.blueprint)
    app.before_request(_refuse_foreign_hosts)
    app.after_request(secure)
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(StoreUnavailable, _store_error)
    app.register_error_handler(Exception, _bug)
    return app


def _refuse_foreign_hosts() -> Response | None:
    if guard().host_is_ours(request):
        return None
    return Problem(
        400, "unknown-host", "The Host header does not name this installation; see ANTESALA_HOSTS."
    ).response()


def _problem(error: Problem) -> Response:
    return error.response()


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if location := dict(error.get_headers()).get("Location"):  # a redirect to the spelling of a path
        return Response(status=status, headers={"Location": location})
    allow = dict(error.get_headers()).get("Allow", "")
    return _answer(status, {"Allow": allow} if allow else {})


def _store_error(_: StoreUnavailable) -> Response:
    return _answer(503, {"Retry-After": "30"})


def _bug(error: Exception) -> Response:
    number = uuid.uuid4().hex[:12]
    # The error's text may hold a customer's words: the log gets its kind and place only.
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else ""
    log.error("request failed", extra={"number": number, "error": error.__class__.__name__, "place": where})
    capture_exception(error)  # does nothing unless a DSN is set
    return _answer(500, {}, number)


def _answer(status: int, headers: dict[str, str], number: str = "") -> Response:
    """An error as a page for people, as problem details for programs."""
    text = TEXTS.get(status, "This cannot be done.")
    best = request.accept_mimetypes.best_match(("application/problem+json", "text/html"))
    if best == "text/html" and not request.path.startswith("/v1/"):
        page = render_template("error.html", status=status, text=text, number=number)
        return Response(page, status, headers, mimetype="text/html")
    code = {400: "bad-request", 404: "not-found", 405: "wrong-method", 413: "too-large"}.get(status, f"http-{status}")
    if status == 413:
        text = f"The limit is {request.max_content_length} bytes; see ANTESALA_MAX_WEBHOOK_BYTES."
    return Problem(status, code, f"{text} {number}".strip(), headers=headers).response()
