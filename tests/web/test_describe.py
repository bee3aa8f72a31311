"""The API does what /openapi.json says: every kind of answer, held against its schema."""

import json

import pytest
from jsonschema import Draft202012Validator
from test_intake import GOOD, VECTORS, body_of
from tickets import ticket

from plugin.web.describe import document


def check(answer, method, path):
    """The answer is one that the description knows, of the type and form that it says."""
    described = document()
    responses = described["paths"][path][method]["responses"]
    assert str(answer.status) in responses, answer.status
    response = responses[str(answer.status)]
    kind = answer.headers["Content-Type"].split(";")[0]
    schema = response["content"][kind]["schema"]
    for name, header in response.get("headers", {}).items():
        assert not header.get("required") or name in answer.headers
    if kind != "text/plain":
        whole = {"$ref": schema["$ref"], "components": described["components"]}
        Draft202012Validator(whole).validate(answer.json)


def test_it_is_served_as_it_is_built(site):
    assert site.get("/openapi.json").json == json.loads(json.dumps(document()))


def test_its_schemas_are_schemas():
    for schema in document()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_it_describes_every_route_that_is_no_page(site):
    from plugin.web.app import create_app

    found = (rule.rule.replace("int:inbound_id", "id") for rule in create_app(site.web).url_map.iter_rules())
    rules = {rule.replace("<", "{").replace(">", "}") for rule in found}
    api = {rule for rule in rules if rule.startswith("/v1/") or rule in ("/healthz", "/readyz", "/metrics")}
    assert api == set(document()["paths"])


@pytest.mark.parametrize("status", [202, 400, 401, 413, 415, 422])
def test_each_answer_of_the_webhook(site, status):
    row = next(row for row in VECTORS["http"] if row["status"] == status)
    body = body_of(row)
    headers = {**site.signed(body), **{k: v for k, v in row.get("headers", {}).items() if v is not None}}
    check(site.ask("POST", "/v1/requests", body, headers), "post", "/v1/requests")


def test_the_webhook_without_a_store(site, monkeypatch):
    monkeypatch.setattr(type(site.store), "has_room", lambda self: False)
    check(site.post(GOOD), "post", "/v1/requests")
    check(site.get("/readyz"), "get", "/readyz")


def test_the_looks_at_a_request(site):
    waiting = site.post(GOOD).json["id"]
    answer = site.get(f"/v1/requests/{waiting}")
    assert answer.json == {"id": waiting, "state": "received"}
    check(answer, "get", "/v1/requests/{id}")
    site.store.claim(["triage"])
    number = ticket(site, 2)
    answer = site.get(f"/v1/requests/{site.store.timeline(number)[0].inbound_id}")
    assert (answer.json["state"], answer.json["group"], answer.json["score"]) == ("sorted", "billing", 33)
    check(answer, "get", "/v1/requests/{id}")
    check(site.get("/v1/requests/999"), "get", "/v1/requests/{id}")
    check(site.get("/v1/requests/1", Via="1.1 proxy"), "get", "/v1/requests/{id}")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_what_a_monitor_asks(site, path):
    answer = site.get(path)
    assert answer.status == 200
    check(answer, "get", path)


def test_metrics_count_jobs_and_hold_nothing_of_a_customer(site):
    site.post(GOOD)
    text = site.get("/metrics").text
    assert 'antesala_jobs{kind="triage",state="ready"} 1.0' in text
    assert "antesala_waiting_jobs 1.0" in text
    assert 'antesala_part_state{part="queue"} 0.0' in text
    for word in ("casa.example", "Ana", "Reembolso"):
        assert word not in text
