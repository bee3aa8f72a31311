"""The mocks' own judge: a contract test is worth what its contract refuses."""

import httpx
import pytest
from grounds import MOCKS
from mocks.openapi import Contract, contract
from mocks.zammad import CONTRACT

DOCUMENT = {
    "paths": {
        "/notes/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "post": {
                "parameters": [{"$ref": "#/components/parameters/Page"}],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}},
                },
                "responses": {
                    "201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}}}
                },
            },
        },
        "/notes/mine": {"get": {"parameters": [{"name": "since", "in": "query", "required": True}], "responses": {}}},
    },
    "components": {
        "parameters": {"Page": {"name": "page", "in": "query", "schema": {"type": "integer"}}},
        "schemas": {
            "Base": {"type": "object", "required": ["body"], "properties": {"body": {"type": "string"}}},
            "Note": {
                "allOf": [
                    {"$ref": "#/components/schemas/Base"},
                    {
                        "properties": {
                            "private": {"type": "boolean"},
                            "of": {"type": "integer", "nullable": True},
                            "kind": {"type": "string", "enum": ["a", "b"], "nullable": True},
                            "free": {"type": "object", "properties": {}, "additionalProperties": True},
                            "list": {"type": "array", "items": {"type": "object", "properties": {"x": {}}}},
                        }
                    },
                ]
            },
        },
    },
}
GOOD = {"body": "x", "private": True}


@pytest.fixture(scope="module")
def judge():
    return Contract(DOCUMENT)


@pytest.mark.parametrize(
    ("path", "query", "body", "fault"),
    [
        ("/notes/7", {}, GOOD, ""),
        ("/notes/7", {"page": "2"}, {**GOOD, "of": None, "kind": None, "free": {"any": 1}, "list": [{"x": 1}]}, ""),
        ("/notes/7", {}, {"body": "x", "privat": True}, "privat: not in the contract"),
        ("/notes/7", {}, {**GOOD, "list": [{"y": 1}]}, "y: not in the contract"),
        ("/notes/7", {}, {"private": True}, "'body' is a required property"),
        ("/notes/7", {}, {**GOOD, "private": "yes"}, "'yes' is not of type 'boolean'"),
        ("/notes/7", {}, {**GOOD, "kind": "c"}, "'c' is not one of"),
        ("/notes/7", {}, None, "the body is missing"),
        ("/notes/7", {"page": "two"}, GOOD, "'two' is not of type 'integer'"),
        ("/notes/7", {"pages": "2"}, GOOD, "query pages: not in the contract"),
        ("/notes/seven", {}, GOOD, "'seven' is not of type 'integer'"),
        ("/notes/7/more", {}, GOOD, "there is no such operation"),
    ],
)
def test_a_request_is_held_to_the_contract(judge, path, query, body, fault):
    found = [*judge.request_faults("POST", path, query, body)]
    assert bool(found) is bool(fault), found
    assert any(fault in one for one in found) or not fault, found


def test_what_the_vendor_documents_elsewhere_may_be_let_in_by_name(judge):
    body = {**GOOD, "notify": True}
    assert [*judge.request_faults("POST", "/notes/7", {"tab": "1"}, body, ("tab", "notify"))] == []


def test_a_literal_path_goes_before_a_placeholder(judge):
    assert judge.operation("GET", "/notes/mine")[0] == "/notes/mine"
    assert [*judge.request_faults("GET", "/notes/mine", {}, None)] == ["query since: missing"]
    assert judge.operation("POST", "/notes/mine")[0] == "/notes/{id}"


def test_an_answer_is_held_to_the_contract(judge):
    assert [*judge.answer_faults("POST", "/notes/7", 201, GOOD)] == []
    assert [*judge.answer_faults("POST", "/notes/7", 201, {"body": 7})]
    assert [*judge.answer_faults("POST", "/notes/7", 404, {"anything": 7})] == []


def test_the_contract_of_zammad_refuses_what_its_pages_do_not_name():
    judge = contract(CONTRACT)
    note = {"ticket_id": 1, "body": "x", "type": "note", "internal": True}
    assert [*judge.request_faults("POST", "/api/v1/ticket_articles", {}, note)] == []
    for wrong in ({"internal": "true"}, {"type": "sms"}, {"intern": True}, {"body": ""}, {"ticket_id": "1"}):
        assert [*judge.request_faults("POST", "/api/v1/ticket_articles", {}, {**note, **wrong})], wrong


@pytest.mark.parametrize("name", sorted(MOCKS))
def test_a_call_that_breaks_the_contract_is_refused_by_the_mock_and_kept(name):
    with MOCKS[name]() as world:
        answer = httpx.post(f"{world.url}/api/v9/nothing", json={})
        assert answer.status_code == 422
        assert len(world.broken) == 1
        world.broken.clear()  # otherwise leaving the mock fails, as it should
