"""The whole way: the desk's hook comes in over a socket, and the ticket stands sorted, noted and answered, once."""

from contextlib import contextmanager

import pytest
from grounds import MOCKS
from mocks.server import wait_for
from mocks.world import SECRET
from servers.pack import small_pack
from web.websites import serving, settings_in

from plugin.pipeline import load_rulebook
from plugin.service.desk import desk_side
from plugin.service.desk.watch import Watch
from plugin.service.worker import Worker
from plugin.settings import Secret, Smtp

REFUND = "Buenos días: me habéis cobrado dos veces la cuota de este mes y quiero que me devolváis el dinero."
BILLING = "Billing"


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory):
    where = tmp_path_factory.mktemp("pack")
    return load_rulebook(small_pack(where), cache=where / "cache")


def at(*names):
    """For these desks alone: what is tested is the same for all."""

    def keep(test):
        test.at = names
        return test

    return keep


def pytest_generate_tests(metafunc):
    metafunc.parametrize("world", getattr(metafunc.function, "at", sorted(MOCKS)), indirect=True)


@pytest.fixture
def world(request):
    with MOCKS[request.param]() as world:
        yield world


@contextmanager
def house(folder, world, rulebook, *, mode="live", hooks=True):
    """Web part and worker on one store, connected to a desk."""
    settings = settings_in(
        folder,
        desk=world.kind.name,
        desk_url=world.url,
        desk_token=Secret(world.access.token),
        desk_user=world.access.user,
        desk_options=world.access.options,
        desk_secrets=(Secret(SECRET),),
        desk_mode=mode,
        desk_groups=dict.fromkeys(rulebook.groups, BILLING),
        smtp=Smtp(maildir=folder / "outbox"),
        mail_from="Support <support@acme.example>",
    )
    with serving(settings) as site:
        if hooks:
            world.hook_url = f"http://127.0.0.1:{site.port}/v1/hooks/{world.kind.name}"
        worker = Worker(site.store, settings, lambda: rulebook)
        try:
            yield site, worker
        finally:
            world.hook_url = ""
            worker.close()


def work(site, worker):
    """Until nothing is to be done any more, waits between tries included."""

    def idle():
        while worker.run_once():
            pass
        return not [job for job in _jobs(site) if job.kind != "due" and job.state in ("ready", "running", "sending")]

    wait_for(idle)


def _jobs(site):
    with site.store.engine.connect() as conn:
        return conn.exec_driver_sql("select kind, state, error from job").fetchall()


def _arrived(site):
    with site.store.engine.connect() as conn:
        return conn.exec_driver_sql("select count(*) from inbound").scalar()


def _ours(world, ticket):
    return [entry for entry in world.tickets[int(ticket)].entries if entry.author == world.bot]


def test_from_the_hook_to_the_ticket_sorted_noted_and_answered(tmp_path, world, rulebook):
    with house(tmp_path, world, rulebook) as (site, worker):
        ticket = world.customer_writes(REFUND, subject="Cobro doble")
        assert world.hook_answers == [202]
        work(site, worker)
        kept = world.tickets[int(ticket)]
        note, answer = sorted(_ours(world, ticket), key=lambda entry: entry.public)
        assert (note.public, answer.public) == (False, True)
        assert [state for _, state, _ in _jobs(site) if state in ("dead", "uncertain")] == []
        assert world.group_names[kept.group] == BILLING
        assert "refund" in kept.tags
        assert kept.mails == [answer.text]
        assert note.text not in world.seen_by_customer(ticket)
        # Echoes of all that we wrote have come by now: they are no requests.
        assert len(world.deliveries(ticket)) > 3
        assert set(world.hook_answers) == {202}
        assert _arrived(site) == 1
        request = site.store.request(1)
        assert (request.ticket, request.intent) == (ticket, "refund")


@at("zammad")
def test_what_the_customer_answers_goes_on_and_no_note_is_written_twice(tmp_path, world, rulebook):
    with house(tmp_path, world, rulebook) as (site, worker):
        ticket = world.customer_writes(REFUND, subject="Cobro doble")
        work(site, worker)
        world.customer_writes("Es el cargo del 3 de mayo, 49,90 €.", ticket=ticket)
        for headers, body in list(world.sent):  # every hook once more
            world.send_hook(headers, body)
        work(site, worker)
        assert _arrived(site) == 2
        assert len(site.store.requests()) == 1
        texts = [entry.text for entry in _ours(world, ticket)]
        assert len(set(texts)) == len(texts)


@at("chatwoot", "zendesk")
def test_hooks_that_got_lost_are_made_up_for(tmp_path, world, rulebook):
    with house(tmp_path, world, rulebook, hooks=False) as (site, worker):
        watch = Watch(site.store, desk_side(site.settings))
        watch.look()  # since when we are connected
        ticket = world.customer_writes(REFUND, subject="Cobro doble")
        assert wait_for(watch.look)
        work(site, worker)
        assert len(_ours(world, ticket)) == 2
        for _ in range(3):
            watch.look()
            work(site, worker)
        assert len(_ours(world, ticket)) == 2
        assert _arrived(site) == 1


def test_an_answer_of_the_desk_that_got_lost_makes_no_second_note(tmp_path, world, rulebook, monkeypatch):
    monkeypatch.setattr("plugin.desks.http.SETTLED", 0.1)
    monkeypatch.setattr("plugin.service.desk.write.SETTLED", 0.1)
    with house(tmp_path, world, rulebook) as (site, worker):
        ticket = world.customer_writes(REFUND, subject="Cobro doble")
        writing = {"zammad": "ticket_articles", "freshdesk": "notes", "chatwoot": "messages"}.get(
            world.kind.name, "tickets"
        )
        world.fault("lost", method="PUT" if world.kind.name == "zendesk" else "POST", path=writing, times=2)
        work(site, worker)
        texts = [entry.text for entry in _ours(world, ticket)]
        assert len(texts) == len(set(texts)) == 2
        assert world.mailed(ticket) == [text for text in texts if text in world.mailed(ticket)]


@at("freshdesk")
def test_a_person_who_answered_first_is_not_followed_by_us(tmp_path, world, rulebook):
    with house(tmp_path, world, rulebook) as (site, worker):
        ticket = world.customer_writes(REFUND, subject="Cobro doble")
        world.agent_replies(ticket, "Buenos días, ya lo miro yo.")
        world.customer_writes("Gracias, espero.", ticket=ticket)
        work(site, worker)
        assert site.store.request(1).agent_replied
        assert world.mailed(ticket) == ["Buenos días, ya lo miro yo."]


@at("chatwoot")
def test_a_desk_that_changes_what_we_write_is_not_written_to_again(tmp_path, world, rulebook, monkeypatch):
    monkeypatch.setattr(world, "filled_in", lambda text: "Nothing of it is left.")
    with house(tmp_path, world, rulebook) as (site, worker):
        ticket = world.customer_writes(REFUND, subject="Cobro doble")
        work(site, worker)
        assert world.mailed(ticket) == ["Nothing of it is left."]
        assert [entry.public for entry in _ours(world, ticket)] == [False, True]
        assert {state for kind, state, _ in _jobs(site) if kind in ("note", "reply")} == {"done"}
