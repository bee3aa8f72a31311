"""The API in its own words: OpenAPI 3.1. A test holds the real answers against it."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, jsonify

from plugin.web.payload import schema

blueprint = Blueprint("describe", __name__)

Json = dict[str, Any]


@blueprint.get("/openapi.json")
def openapi() -> Response:
    return jsonify(document())


def document() -> Json:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Antesala",
            "version": version("antesala"),
            "description": "Hand in a customer's request; watch how Antesala is.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": {
            "/v1/requests": {"post": _take()},
            "/v1/requests/{id}": {"get": _look()},
            "/v1/hooks/{desk}": {"post": _hook("hook", [])},
            "/v1/hooks/{desk}/{secret}": {"post": _hook("hookWithSecret", ["secret"])},
            "/healthz": {"get": _get("Health, part by part.", "health", "Health", {200: "Up", 503: "A part fails"})},
            "/readyz": {"get": _get("Can a request be stored now?", "ready", "Ready", {200: "Yes", 503: "No"})},
            "/metrics": {"get": _metrics()},
        },
        "components": {"schemas": _schemas(), "securitySchemes": _security()},
    }


def _take() -> Json:
    problems = {
        400: "Not acceptable JSON: syntax, encoding, repeated keys, NaN, depth.",
        401: "The signature is missing, wrong, or too old.",
        413: "Larger than ANTESALA_MAX_WEBHOOK_BYTES.",
        415: "Not application/json, or compressed.",
        422: "JSON, but no request: `errors` names each field.",
        429: "Too many wrong signatures from this address; see Retry-After.",
        503: "It could not be stored, and was not taken; see Retry-After.",
    }
    accepted = {
        "description": "Stored. The same webhook-id again is 202 too, with `new` false, and has no second effect.",
        "headers": {"Location": {"required": True, "schema": {"type": "string"}}},
        "content": _json("Accepted"),
    }
    return {
        "operationId": "takeRequest",
        "summary": "Hand in a customer's request.",
        "description": "Signed as https://www.standardwebhooks.com says. 202 comes after the commit.",
        "security": [{"webhookId": [], "webhookTimestamp": [], "webhookSignature": []}],
        "requestBody": {"required": True, "content": _json("Request")},
        "responses": {"202": accepted, **{str(status): _problem(text) for status, text in problems.items()}},
    }


def _hook(operation: str, more: list[str]) -> Json:
    problems = {
        400: "Not HTTP as it should be, or for another host.",
        401: "The desk's signature is missing, wrong, or too old.",
        403: "The secret is missing or wrong.",
        404: "The desk of the settings is another, or has no hooks of this form.",
        413: "Larger than four times ANTESALA_MAX_WEBHOOK_BYTES.",
        422: "The body names no ticket of this desk.",
        503: "It could not be stored, and was not taken; see Retry-After.",
    }
    taken = {"description": "Kept; the ticket is fetched later.", "content": _json("Hooked")}
    text = {"type": "string"}
    return {
        "operationId": operation,
        "summary": "What the help desk's own webhook calls; see docs/desks.",
        "description": "Proven as the desk of the settings proves it: by its signature, a header, or the address.",
        "parameters": [{"name": name, "in": "path", "required": True, "schema": text} for name in ("desk", *more)],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
        "responses": {"202": taken, **{str(status): _problem(text) for status, text in problems.items()}},
    }


def _look() -> Json:
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
    found = {"description": "How far it is.", "content": _json("Status")}
    return {
        "operationId": "lookAtRequest",
        "summary": "How far a request is, and where it was sorted to.",
        "description": "For those who may see the pages: this machine, or whoever signed in.",
        "parameters": [parameter],
        "responses": {
            "200": found,
            "403": _problem("Not from here, or not signed in."),
            "404": _problem("There is none with this id."),
        },
    }


def _get(summary: str, operation: str, name: str, answers: dict[int, str]) -> Json:
    responses = {str(status): {"description": text, "content": _json(name)} for status, text in answers.items()}
    return {"operationId": operation, "summary": summary, "responses": responses}


def _metrics() -> Json:
    content = {"text/plain": {"schema": {"type": "string"}}}
    return {
        "operationId": "metrics",
        "summary": "Numbers for Prometheus.",
        "responses": {"200": {"description": "The text format of Prometheus.", "content": content}},
    }


def _json(name: str) -> Json:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def _problem(text: str) -> Json:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": text, "content": problem}


def _security() -> Json:
    texts = {
        "id": "Unique for each request; the same on every retry.",
        "timestamp": "Seconds since 1970, of this attempt.",
        "signature": "v1,<base64 of HMAC-SHA256 over id.timestamp.body>; several, separated by blanks.",
    }
    return {
        f"webhook{name.title()}": {"type": "apiKey", "in": "header", "name": f"webhook-{name}", "description": text}
        for name, text in texts.items()
    }


def _schemas() -> Json:
    request = {key: value for key, value in schema().items() if key not in ("$schema", "$id")}
    word = {"type": "string", "enum": ["ok", "warning", "failing"]}
    part = {"name": {"type": "string"}, "status": word, "reason": {"type": "string"}}
    fault = {"pointer": {"type": "string"}, "detail": {"type": "string"}, "hint": {"type": "string"}}
    text, number, count = {"type": "string"}, {"type": "integer", "minimum": 1}, {"type": "integer", "minimum": 0}
    return {
        "Request": request,
        "Accepted": _object({"id": number, "new": {"type": "boolean"}, "status": text}),
        "Hooked": _object({"tickets": count, "new": count}),
        "Status": _object(
            {
                "id": number,
                "state": {"type": "string", "enum": ["received", "sorted"]},
                "ticket": number,
                "group": text,
                "channel": {"type": "string", "enum": ["chat", "ticket", "ticket-only"]},
                "priority": {"type": "string", "enum": ["low", "normal", "high", "urgent"]},
                "score": {"type": "integer", "minimum": 0, "maximum": 100},
            },
            ("id", "state"),
        ),
        "Health": _object({"status": word, "parts": {"type": "array", "items": _object(part, ("name", "status"))}}),
        "Ready": _object({"status": {"type": "string", "enum": ["ready", "not ready"]}}),
        "Problem": _object(
            {
                "type": {"type": "string", "format": "uri"},
                "title": text,
                "status": {"type": "integer", "minimum": 400, "maximum": 599},
                "code": text,
                "detail": text,
                "errors": {"type": "array", "items": _object(fault, ("pointer", "detail"))},
            },
            ("type", "title", "status", "code", "detail"),
        ),
    }


def _object(properties: Json, required: tuple[str, ...] | None = None) -> Json:
    names = list(properties) if required is None else list(required)
    return {"type": "object", "properties": properties, "required": names, "additionalProperties": False}
