"""What agents corrected, as the command line tells it; what doctor says of a desk."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
from click.testing import CliRunner
from grounds import MOCKS
from mocks.server import wait_for

from plugin.cli import main
from plugin.service.doctor import desk as look
from plugin.settings import Secret
from plugin.store.tables import correction

REFUND = "Quiero un reembolso, por favor. Me habéis cobrado dos veces el plan Pro."


@pytest.fixture
def corrected(settle, monkeypatch):
    """A house whose ticket an agent has moved and tagged, and the command line beside it."""
    house = settle()
    ticket = house.ground.customer_writes(REFUND, subject="Cobro doble")
    house.follow(ticket)
    house.ground.agent_moves(ticket, house.ground.groups[0])
    house.ground.agent_tags(ticket, add="vip", remove="refund")
    wait_for(lambda: house.look() or len(house.store.desk.corrections()) == 3 or (house.work(), False)[1])
    house.work()
    monkeypatch.setenv("ANTESALA_HOME", str(house.home))
    monkeypatch.setenv("ANTESALA_DATABASE_URL", house.settings.database_url.value)
    return house


def said(*words):
    done = CliRunner().invoke(main, ["corrections", *words])
    return done.exit_code, done.output


def test_they_are_listed_newest_first(corrected):
    code, text = said()
    assert code == 0
    assert f"moved from billing to {corrected.ground.groups[0]}" in text
    assert "tag vip added" in text
    assert "tag refund taken away" in text
    assert {json.loads(line)["what"] for line in said("--json")[1].splitlines()} == {
        "group",
        "tag-added",
        "tag-removed",
    }


def test_one_of_them_shows_the_rule_and_an_example_that_can_be_pasted(corrected):
    one = next(c for c in corrected.store.desk.corrections() if c.change.what == "group")
    code, text = said(str(one.id))
    assert code == 0
    assert "because  intent refund (intents/refund.yaml" in text
    row = json.loads(text.splitlines()[-1])
    assert (row["subject"], row["intent"], row["group"]) == ("Cobro doble", "refund", corrected.ground.groups[0])


def test_the_name_of_a_tag_moves_no_cursor(corrected):
    with corrected.store.engine.begin() as conn:
        conn.execute(correction.update().where(correction.c.what == "tag-added").values(now="vip\x1b[2J\x9b2J"))
    one = next(c for c in corrected.store.desk.corrections() if c.change.what == "tag-added")
    text = said(str(one.id))[1]
    assert "tag vip [2J 2J added" in text
    assert "no rule sets the tag vip [2J 2J." in text
    assert all(char.isprintable() for char in text.replace("\n", ""))


def test_the_example_teaches_what_the_agent_did_and_backtest_shows_it(corrected, pack, tmp_path):
    house = corrected
    ticket = house.ground.customer_writes("El calendario del apartamento no carga desde ayer.", subject="No carga")
    house.follow(ticket)
    number = house.number(ticket)
    house.ground.agent_moves(ticket, house.ground.groups[1])
    moved = lambda: [c for c in house.store.desk.corrections() if c.request == number and c.change.what == "group"]  # noqa: E731
    wait_for(lambda: moved() or (house.look(), house.work(), False)[2])
    with house.store.engine.begin() as conn:  # as if the desk's groups had the names of the rules'
        conn.exec_driver_sql("update correction set now = 'channels' where request = ?", (number,))
    (one,) = moved()
    taught = shutil.copytree(pack, tmp_path / "taught")
    (taught / "examples" / "corrections.jsonl").write_text(said(str(one.id))[1].splitlines()[-1] + "\n", "utf-8")
    done = CliRunner().invoke(main, ["backtest", "--rules", str(taught), "--against", str(pack), "--format", "json"])
    assert done.exit_code == 0, done.output
    assert '"group": 1' in done.output
    assert '"channels"' in done.output


def test_what_is_dealt_with_is_listed_no_more(corrected):
    ids = [str(one.id) for one in corrected.store.desk.corrections()]
    assert said("--settle", *ids)[1] == "3 dealt with.\n"
    assert said()[1] == "No agent has corrected anything.\n"
    assert said("--all")[1].count("dealt with") == 3


@pytest.mark.parametrize("words", [["--settle"], ["999"]])
def test_a_wrong_use_is_said_in_a_sentence(corrected, words):
    code, text = said(*words)
    assert code in (1, 2)
    assert "antesala: " in text


@pytest.mark.parametrize("name", sorted(MOCKS))
@pytest.mark.parametrize("mode", ["shadow", "note", "live"])
def test_doctor_says_in_which_mode_it_would_run_and_changes_nothing(settle, name, mode):
    with_secret = {"desk_secrets": (Secret("a secret of the hooks"),), "desk_mode": mode}
    house = settle(name, **with_secret)
    groups = dict.fromkeys(house.rulebook.groups, house.ground.groups[1])
    settings = replace(house.settings, desk_groups=groups)
    house.ground.labels = look.tags_of(house.rulebook)
    ticket = house.ground.customer_writes(REFUND)
    before = house.now(ticket)
    found = look.desk(settings)
    assert (found.state, f"mode {mode}" in found.reason) == ("ok", True), found
    assert house.now(ticket) == before


def test_doctor_says_what_is_missing_and_what_to_do(settle):
    house = settle(desk_secrets=(Secret("a secret of the hooks"),))
    found = look.desk(house.settings)  # the groups of the rulebook are not those of the desk
    assert found.state == "warning"
    assert "first-line" in found.reason
    assert "ANTESALA_DESK_GROUPS" in found.remedy


@pytest.mark.parametrize(
    ("given", "code", "remedy"),
    [
        ({"desk_token": Secret("wrong")}, "Http 401", "ANTESALA_DESK_TOKEN"),
        ({"desk_url": "http://127.0.0.1:9"}, "ConnectError", "ANTESALA_DESK_URL"),
    ],
)
def test_doctor_tells_a_desk_that_cannot_be_used(settle, given, code, remedy):
    house = settle()
    found = look.desk(replace(house.settings, **given))
    assert found.state == "failing"
    assert code in found.reason
    assert remedy in found.remedy


@pytest.mark.parametrize("name", ["chatwoot", pytest.param("escalated", marks=[pytest.mark.server])])
def test_doctor_names_the_tags_that_the_desk_was_never_told_of(settle, name):
    house = settle(name, desk_secrets=(Secret("a secret of the hooks"),))
    house.ground.labels = look.tags_of(house.rulebook) - {"problem", "question"}
    house.ground.customer_writes(REFUND)
    groups = dict.fromkeys(house.rulebook.groups, house.ground.groups[1])
    found = look.desk(replace(house.settings, desk_groups=groups))
    assert found.state == "warning"
    assert "problem" in found.reason
    assert "question" in found.reason
    assert "refund" not in found.reason


def test_doctor_says_when_tickets_would_wait_for_an_address(settle):
    house = settle("chatwoot", webhook_secrets=(Secret("whsec_x"),), desk_secrets=(Secret("a secret of the hooks"),))
    house.ground.labels = look.tags_of(house.rulebook)
    groups = dict.fromkeys(house.rulebook.groups, house.ground.groups[1])
    house.ground.customer_writes(REFUND)
    settings = replace(house.settings, desk_groups=groups)
    found = look.desk(settings)
    assert (found.state, "ANTESALA_GATEWAY_ADDRESSES" in found.remedy) == ("warning", True)
    assert look.desk(replace(settings, gateway_addresses={"*": "in@desk.test"})).state == "ok"
