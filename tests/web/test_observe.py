"""What a monitor sees: each figure moves when it should, and health says in a sentence what is the matter."""

import re
from datetime import timedelta

import sqlalchemy as sa
from test_intake import GOOD

from plugin.act.outcome import Outcome
from plugin.store.engine import writing
from plugin.store.queue import LEASE
from plugin.store.tables import job


def metric(site, name):
    found = re.search(rf"^{re.escape(name)} ([\d.]+)$", site.get("/metrics").text, re.M)
    return float(found[1]) if found else None


def part(site, name):
    answer = site.get("/healthz")
    (found,) = (part for part in answer.json["parts"] if part["name"] == name)
    return answer.status, found["status"], found["reason"]


def earlier(site, column, by):
    with writing(site.store.engine) as conn:
        for row in conn.execute(sa.select(job)).all():
            if row._mapping[column.name] is not None:
                conn.execute(job.update().where(job.c.id == row.id).values({column: row._mapping[column.name] - by}))


def test_work_that_waits_and_nobody_does(site):
    site.post(GOOD)
    assert (metric(site, "antesala_waiting_jobs"), part(site, "queue")[1]) == (1, "ok")
    earlier(site, job.c.run_at, timedelta(seconds=300))
    assert 299 < metric(site, "antesala_oldest_waiting_seconds") < 900
    status, state, reason = part(site, "queue")
    assert (status, state) == (503, "failing")
    assert re.fullmatch(r"1 waiting, for \d{3} s: does a worker run\?", reason)


def test_leases_that_run_out(site):
    site.post(GOOD)
    assert site.store.claim(["triage"])
    assert metric(site, 'antesala_jobs{kind="triage",state="running"}') == 1
    earlier(site, job.c.lease_until, 2 * LEASE)
    site.store.sweep()
    assert metric(site, "antesala_lease_lapses") == 1
    earlier(site, job.c.run_at, LEASE)
    again = site.store.claim(["triage"])
    site.store.finish(again, Outcome("done"))
    assert metric(site, "antesala_lease_lapses") == 1, "it counts on when the job is over"


def test_what_is_set_aside_and_what_is_in_doubt(site):
    for state, name in (("dead", "antesala_set_aside"), ("uncertain", "antesala_uncertain")):
        site.post(GOOD)
        assert part(site, "set aside") == (200, "ok", "Nothing.") or state == "uncertain"
        site.store.finish(site.store.claim(["triage"]), Outcome(state, error="Http 500"))
        assert metric(site, name) == 1
        assert metric(site, f'antesala_jobs{{kind="triage",state="{state}"}}') == 1
    status, state, reason = part(site, "set aside")
    assert (status, state) == (200, "warning")
    assert reason == "1 set aside, 1 uncertain: see antesala show --failed."


def test_a_kind_that_pauses(site):
    site.post(GOOD)
    site.store.finish(site.store.claim(["triage"]), Outcome("again", error="ConnectionRefused", fault=True))
    _, state, reason = part(site, "queue")
    assert state == "warning"
    assert reason.startswith("triage is held back (pause): ConnectionRefused.")
