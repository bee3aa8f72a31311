"""The smaller commands: what they print, and how they fail."""

import pytest
from commands import EXAMPLES, ROOT
from servers.ground import free_port

from plugin.settings import Secret, Settings
from plugin.store import open_store
from plugin.store.tables import job, request


@pytest.fixture
def store(antesala):
    home = antesala.folder / "var"
    home.mkdir(mode=0o700)
    opened = open_store(Settings(home=home, database_url=Secret(f"sqlite:///{home / 'antesala.db'}")))
    yield opened
    opened.close()


def test_every_command_is_listed_and_explains_itself(antesala):
    files = {f.stem for f in (ROOT / "plugin" / "cli").glob("*.py") if not f.stem.startswith("_")}
    listed = antesala.run("--help").stdout.decode().split("Commands:")[1]
    assert "..." not in listed, "each is said whole"
    for name in files:
        assert f"\n  {name} " in listed, name
        done = antesala.run(name, "--help")
        assert done.returncode == 0, done.stderr
        assert len(done.stdout.splitlines()) > 4, name


def test_the_version(antesala):
    from importlib.metadata import version

    assert antesala.run("--version").stdout.decode() == f"antesala {version('antesala')}\n"


def test_an_unknown_command_is_wrong_usage(antesala):
    done = antesala.run("triag")
    assert done.returncode == 2
    assert b"antesala --help" in done.stderr


def test_a_wrong_setting_is_named(antesala):
    antesala.settings["LISTEN_PROT"] = "1"
    done = antesala.run("show")
    assert done.returncode == 2
    assert b"ANTESALA_LISTEN_PROT: there is no such setting; did you mean ANTESALA_LISTEN_PORT?" in done.stderr


def test_init_copies_rules_that_can_be_used(antesala):
    done = antesala.run("init", "mine")
    assert done.returncode == 0
    assert b"antesala check mine" in done.stdout
    mine = antesala.folder / "mine"
    for file in mine.rglob("*.yaml"):
        first = file.read_text("utf-8").splitlines()[0]
        if "$schema=" in first:
            assert (file.parent / first.partition("$schema=")[2]).is_file(), file
    assert antesala.run("check", "mine").returncode == 0


def test_init_overwrites_nothing(antesala):
    (antesala.folder / "mine").mkdir()
    (antesala.folder / "mine" / "desk.yaml").write_text("precious")
    done = antesala.run("init", "mine")
    assert done.returncode == 2
    assert (antesala.folder / "mine" / "desk.yaml").read_text() == "precious"


def test_send_puts_a_mail_whole_into_the_folder_and_says_where_to_look(antesala):
    antesala.settings["LISTEN_PORT"] = free_port()
    done = antesala.run("send", EXAMPLES / "refund-es.eml")
    (sent,) = (antesala.folder / "var" / "inbox" / "new").iterdir()
    assert sent.read_bytes() == (EXAMPLES / "refund-es.eml").read_bytes()
    assert b"does not seem to run here; the mail waits" in done.stdout
    assert done.returncode == 0
    assert not list((antesala.folder / "var" / "inbox" / "tmp").iterdir())


def test_send_again_is_a_new_mail(antesala):
    for _ in range(2):
        antesala.run("send", "--again", EXAMPLES / "sync-fr.eml")
    first, second = (file.read_bytes() for file in (antesala.folder / "var" / "inbox" / "new").iterdir())
    assert first.lower().count(b"message-id:") == second.lower().count(b"message-id:") == 1
    assert first.partition(b"\n")[0] != second.partition(b"\n")[0]
    assert first.partition(b"\n\n")[2] == second.partition(b"\n\n")[2]


def test_send_names_what_it_cannot_send(antesala):
    done = antesala.run("send", "nothing.eml")
    assert done.returncode == 1
    assert b"nothing.eml: there is no such file" in done.stderr
    assert b"the mail waits" not in done.stdout
    antesala.settings["MAILBOXES"] = "imaps://a%40b.example:x@mail.b.example/INBOX"
    done = antesala.run("send", EXAMPLES / "refund-es.eml")
    assert done.returncode == 2
    assert b"send the mail to that mailbox" in done.stderr


def test_show_without_tickets_says_how_to_get_one(antesala):
    assert b"antesala send" in antesala.run("show").stdout
    assert b"Nothing is set aside." in antesala.run("show", "--failed").stdout
    missing = antesala.run("show", "7")
    assert missing.returncode == 1
    assert b"there is no ticket 7" in missing.stderr


def test_a_list_that_nothing_fits_does_not_say_that_there_are_no_tickets(antesala):
    done = antesala.run("show", "--group", "nobody")
    assert done.returncode == 1
    assert b"no ticket is like that" in done.stderr


def test_what_was_set_aside_is_listed_with_its_command_and_tried_again(antesala, store):
    job_id = set_aside(store, "dead")
    listed = antesala.run("show", "--failed").stdout.decode()
    assert "550 no such user" in listed
    assert "The mail server refuses this recipient" in listed
    assert "after 1 try," in listed
    assert f"antesala retry {job_id}" in listed
    done = antesala.run("retry", job_id)
    assert (done.returncode, store.failed()) == (0, ())
    again = antesala.run("retry", job_id)
    assert again.returncode == 1
    assert b"is not set aside" in again.stderr


def test_what_can_never_succeed_is_left_undone(antesala, store):
    job_id = set_aside(store, "dead")
    assert f"antesala resolve {job_id} leave" in antesala.run("show", "--failed").stdout.decode()
    assert antesala.run("resolve", job_id, "leave").returncode == 0
    assert (store.failed(), store.claim(["triage", "reply"])) == ((), None)
    again = antesala.run("resolve", job_id, "leave")
    assert (again.returncode, b"is not set aside" in again.stderr) == (1, True)


def test_retry_all(antesala, store):
    dead = set_aside(store, "dead")
    with store.engine.begin() as conn:  # more than a page holds
        row = dict(conn.execute(job.select().where(job.c.id == dead)).one()._mapping)
        conn.execute(job.insert(), [{**row, "id": dead + n, "key": f"triage:{dead + n}"} for n in range(1, 600)])
    assert antesala.run("show", "--failed").stdout.count(b"try again") == 600
    assert antesala.run("retry").returncode == 2
    assert antesala.run("retry", "--all").returncode == 0
    assert store.failed() == ()


def test_an_uncertain_send_is_settled_by_a_person(antesala, store):
    job_id = set_aside(store, "uncertain")
    assert f"antesala resolve {job_id} sent|send" in antesala.run("show", "--failed").stdout.decode()
    assert antesala.run("retry", "--all").stdout == b"Nothing is set aside.\n"
    assert antesala.run("resolve", job_id, "sent").returncode == 0
    assert store.failed() == ()
    assert antesala.run("resolve", job_id, "sent").returncode == 1


def test_a_database_that_cannot_be_opened_is_a_sentence(antesala):
    antesala.settings["DATABASE_URL"] = "sqlite:////proc/none/antesala.db"
    done = antesala.run("show")
    assert done.returncode == 1
    assert b"ANTESALA_DATABASE_URL" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_database_file_that_cannot_be_opened_is_named(antesala):
    antesala.settings["DATABASE_URL"] = f"sqlite:///{antesala.folder}"  # a folder is no database
    done = antesala.run("show")
    assert done.returncode == 1
    assert f"the store {antesala.folder} cannot be opened".encode() in done.stderr


def set_aside(store, state):
    """The number of a job that ended so."""
    from datetime import UTC, datetime

    from plugin.act.outcome import Outcome
    from plugin.model import Arrival

    store.accept(Arrival("mail", b"From: a@b.example\n\nHello\n", datetime.now(UTC), "folder:inbox"))
    job = store.claim(["triage"])
    assert store.finish(job, Outcome(state, error="RcptTo 550 no such user"))
    return job.id


def test_take_once(antesala, store):
    now = store.clock()
    with store.engine.begin() as conn:
        conn.execute(request.insert().values(number=1, state="complete", opened_at=now, updated_at=now))
    number = 1
    assert antesala.run("take", number, "--by", "Ana").stdout == b"Request 1 is taken.\n"
    assert store.request(number).taken_by == "Ana"
    again = antesala.run("take", number)
    assert (again.returncode, b"was taken by Ana" in again.stderr) == (1, True)
    missing = antesala.run("take", 99)
    assert (missing.returncode, b"there is no request 99" in missing.stderr) == (1, True)
