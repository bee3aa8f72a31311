"""`antesala triage`: any number of mails in one process, each with the same result always."""

import json
import mailbox

import pytest
from commands import EXAMPLES, ROOT
from jsonschema import Draft202012Validator

MAIL = b"From: Ana <ana@casa.example>\nSubject: %s\nDate: Thu, 19 Nov 2026 09:12:00 +0100\n\nWhere is my invoice %s?\n"


def results(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def all_kinds(learned, tmp_path_factory):
    """Everything that can be named, in one call, good and bad."""
    folder = tmp_path_factory.mktemp("mails")
    (folder / "some").mkdir()
    for name in ("b", "a", "c"):
        (folder / "some" / f"{name}.eml").write_bytes(MAIL % (name.encode(), name.encode()))
    (folder / "some" / "notes.txt").write_text("no mail")
    box = mailbox.mbox(folder / "old.mbox")
    for number in (b"1", b"2"):
        box.add(MAIL % (number, number))
    box.close()
    maildir = mailbox.Maildir(folder / "Maildir")
    maildir.add(MAIL % (b"m", b"m"))
    (folder / "empty.eml").write_bytes(b"")
    (folder / "picture.eml").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    (folder / "nothing").mkdir()
    names = ("some", "missing.eml", "old.mbox", "empty.eml", "Maildir", "-", "picture.eml", "nothing")
    done = learned.run(
        "triage", "--json", *(folder / name if name != "-" else name for name in names), stdin=MAIL % (b"in", b"in")
    )
    return folder, done


def test_one_object_a_line_in_the_order_of_input(all_kinds):
    folder, done = all_kinds
    names = [result["file"].removeprefix(f"{folder}/").split("/new/")[0] for result in results(done)]
    assert names == ["some/a.eml", "some/b.eml", "some/c.eml", "old.mbox#1", "old.mbox#2", "Maildir", "-"]


def told(done):
    """Lines on standard error, without the one that a slow machine shows while it reads the rulebook."""
    return [line for line in done.stderr.decode().splitlines() if not line.startswith("Reading the rulebook")]


def test_each_bad_file_has_a_line_that_names_it_and_the_others_go_on(all_kinds):
    _, done = all_kinds
    lines = told(done)
    for name, reason in (
        ("missing.eml", "there is no such file or folder"),
        ("empty.eml", "it is empty"),
        ("picture.eml", "this is no mail"),
        ("nothing", "there is no mail in it"),
    ):
        assert any(f"{name}: {reason}" in line for line in lines), (name, lines)
    assert len(lines) == 4
    assert done.returncode == 1


@pytest.mark.parametrize("command", ["triage", "explain"])
def test_where_there_is_no_mail_the_rulebook_is_not_read(command, antesala):
    antesala.settings["RULES"] = "no such folder either"
    done = antesala.run(command, "missing.eml")
    assert done.stderr.decode() == "antesala: missing.eml: there is no such file or folder\n"
    assert done.returncode == 1


def test_every_object_is_what_the_schema_says(all_kinds):
    schema = json.loads((ROOT / "schemas" / "decision.schema.json").read_text("utf-8"))
    for result in results(all_kinds[1]):
        Draft202012Validator(schema).validate(result)


def test_a_request_is_understood(learned):
    done = learned.run("triage", "--json", EXAMPLES / "refund-es.eml")
    (result,) = results(done)
    assert (result["language"], result["intent"], result["group"], result["channel"]) == (
        "es", "refund", "billing", "ticket-only",
    )  # fmt: skip
    assert result["issues"][0]["group"] == "billing"
    assert set(result["completeness"]["items"].values()) <= {"present", "missing"}
    assert result["suppressed"] is None
    assert (done.returncode, told(done)) == (0, [])


def test_the_same_file_gives_the_same_result(learned):
    first, second = (learned.run("triage", "--json", EXAMPLES).stdout for _ in range(2))
    assert first == second
    assert {result["decided_at"][:10] for result in results_of(first)} == {"2026-11-19", "2026-11-20"}


def results_of(stdout):
    return [json.loads(line) for line in stdout.splitlines()]


def test_now_decides_as_of_that_time(learned):
    sunday = learned.run("triage", "--json", "--now", "2026-11-22T09:30+01:00", EXAMPLES / "sync-fr.eml")
    assert results(sunday)[0]["decided_at"].startswith("2026-11-22T08:30")
    wrong = learned.run("triage", "--now", "tomorrow", EXAMPLES / "sync-fr.eml")
    assert wrong.returncode == 2
    assert b"--now: tomorrow is not a time" in wrong.stderr


def test_for_people_it_says_the_words_that_each_finding_rests_on(learned):
    text = learned.run("triage", EXAMPLES / "refund-es.eml").stdout.decode()
    for wanted in (
        "language     es",
        "intent       refund",
        "group        billing",
        "cobrado dos veces",
        ".yaml:",
    ):
        assert wanted in text, wanted


def test_a_mail_cannot_move_the_cursor(learned):
    mail = b"From: a@b.example\nSubject: \x1b[2Jgone\n\nPlease send \x1b]0;owned\x07 my invoice \x1b[31m again\n"
    assert b"\x1b" not in learned.run("triage", "-", stdin=mail).stdout


def test_the_progress_bar_is_for_terminals(learned, tmp_path):
    for number in range(25):
        (tmp_path / f"{number:02}.eml").write_bytes(MAIL % (b"x", b"x"))
    done = learned.run("triage", "--json", tmp_path)
    said = told(done)
    assert said == [], "that line alone is for logs, where reading takes more than seconds"
    assert len(results(done)) == 25


def test_nothing_is_sent_or_stored(learned):
    learned.run("triage", EXAMPLES)
    assert not (learned.folder / "var" / "outbox").exists()
    assert not (learned.folder / "var" / "antesala.db").exists()


def test_a_broken_rulebook_is_refused_with_file_and_line(learned, tmp_path):
    rules = tmp_path / "rules"
    learned.run("init", rules)
    (rules / "routes.yaml").write_text("kind: routes\nrules:\n  - id: x\n    wen: {}\n", "utf-8")
    done = learned.run("triage", "--rules", rules, EXAMPLES)
    assert done.returncode == 1
    assert b".yaml:" in done.stderr
    assert done.stdout == b""


def test_a_pipe_that_closes_is_no_error(learned):
    import subprocess

    process = learned.start(
        "triage", "--json", EXAMPLES, EXAMPLES, EXAMPLES, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.readline()
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait(60) in (0, 1)
