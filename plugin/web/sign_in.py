"""Signing in and out of the pages, where there is a password."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.settings import is_loopback
from plugin.web.guard import LIFE, guard
from plugin.web.parts import web

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/login")
def form() -> AnyResponse:
    if not web().settings.admin_password:
        return redirect("/")
    return _page("", 200)


@blueprint.post("/login")
def sign_in() -> AnyResponse:
    parts, keeper, address = web(), guard(), request.remote_addr or ""
    keeper.check_form()
    if wait := parts.bad_passwords.wait(address):
        response = _page(f"Too many wrong passwords. Try again in {-(-wait // 60)} minutes.", 429)
        response.headers["Retry-After"] = str(wait)
        return response
    if not keeper.password_is(request.form.get("password", "")):
        parts.bad_passwords.failed(address)
        return _page("That is not the password.", 403)
    keeper.sessions.end(keeper.token_of(request))  # a new one at every sign-in
    home = redirect("/", 303)
    secure = _encrypted()
    home.set_cookie(
        "__Host-antesala" if secure else "antesala",
        keeper.sessions.start(),
        max_age=LIFE,
        secure=secure,
        httponly=True,
        samesite="Strict",
        path="/",
    )
    return home


@blueprint.post("/logout")
def sign_out() -> AnyResponse:
    keeper = guard()
    keeper.check_form()
    keeper.sessions.end(keeper.token_of(request))
    response = redirect("/login", 303)
    response.delete_cookie("antesala")
    response.delete_cookie("__Host-antesala", secure=True)
    return response


def _page(text: str, status: int) -> Response:
    return make_response(render_template("login.html", text=text, encrypted=_encrypted()), status)


def _encrypted() -> bool:
    """Whether the browser came by TLS; a proxy says so in a header, which decides on nothing but the cookie's flag."""
    local = is_loopback(request.host.rpartition(":")[0] or request.host)
    return request.is_secure or request.headers.get("X-Forwarded-Proto", "") == "https" or local
