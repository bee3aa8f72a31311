"""What a program is told when its request cannot be taken: RFC 9457 problem details."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Response

#: Each kind of problem is explained under this name in docs/webhook.md, those of hooks in docs/desks/README.md.
TYPE = "https://antesala.example/problems/"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a payload."""

    pointer: str  #: RFC 6901, e.g. /attachments/0/name
    detail: str
    hint: str = ""

    def as_json(self) -> dict[str, str]:
        fault = {"pointer": self.pointer, "detail": self.detail}
        return {**fault, "hint": self.hint} if self.hint else fault


@dataclass(eq=False)
class Problem(Exception):
    """Raised anywhere under /v1; becomes the response."""

    status: int
    code: str  #: stable, for programs
    detail: str  #: a sentence for people: what is wrong and what to do
    errors: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        body: dict[str, object] = {
            "type": TYPE + self.code,
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = [fault.as_json() for fault in self.errors]
        return body

    def response(self) -> Response:
        text = json.dumps(self.as_json(), ensure_ascii=False)
        return Response(text, self.status, dict(self.headers), mimetype="application/problem+json")
