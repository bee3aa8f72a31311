"""For whoever watches Antesala: health, readiness, metrics. Numbers and words, nothing of a customer."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from plugin.service.health import STATES, Part, overall
from plugin.store import Health, Store, StoreUnavailable
from plugin.web.guard import guard
from plugin.web.parts import web

blueprint = Blueprint("observe", __name__)


@blueprint.get("/healthz")
def healthz() -> tuple[Response, int]:
    """One word for each part; the reasons only for those who may see the pages."""
    parts = web().health()
    state, open_to_client = overall(parts), guard().may_see(request)
    body = {"status": state, "parts": [_part(part, open_to_client) for part in parts]}
    return jsonify(body), 503 if state == "failing" else 200


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Whether a request that came now could be stored."""
    store = web().store
    try:
        store.check_writing()
        ready = store.has_room()
    except StoreUnavailable:
        ready = False
    return jsonify(status="ready" if ready else "not ready"), 200 if ready else 503


@blueprint.get("/metrics")
def metrics() -> Response:
    """Everything that can be counted, for Prometheus."""
    registry = CollectorRegistry()
    registry.register(_Counts(web().store, web().health()))
    return Response(generate_latest(registry), mimetype=None, content_type=CONTENT_TYPE_LATEST)


def _part(part: Part, with_reason: bool) -> dict[str, str]:
    body = {"name": part.name, "status": part.state}
    return {**body, "reason": part.reason} if with_reason else body


class _Counts(Collector):
    """The store's own numbers at the moment of the scrape: they survive restarts and cannot drift."""

    def __init__(self, store: Store, parts: tuple[Part, ...]) -> None:
        self.store, self.parts = store, parts

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("antesala_part_state", "0 ok, 1 warning, 2 failing.", labels=["part"])
        for part in self.parts:
            up.add_metric([part.name], STATES.index(part.state))
        yield up
        try:
            yield from _of_store(self.store.health())
        except StoreUnavailable:
            return


def _of_store(health: Health) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("antesala_jobs", "Jobs in the store, by kind and state.", labels=["kind", "state"])
    for kind, states in health.states.items():
        for state, count in states.items():
            jobs.add_metric([kind, state], count)
    yield jobs
    for name, text, value in (
        ("waiting_jobs", "Jobs that are due and wait for a worker.", health.ready),
        ("oldest_waiting_seconds", "How long the oldest of them has waited.", health.oldest_ready_seconds),
        ("set_aside", "Jobs that a person has to look at.", health.set_aside),
        ("lease_lapses", "Leases that ran out because a worker died or stood still.", health.lapses),
        ("uncertain", "Sends whose outcome is not known.", health.uncertain),
    ):
        yield GaugeMetricFamily(f"antesala_{name}", text, value=value)
