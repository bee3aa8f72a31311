"""A folder as a mailbox: Maildir and dropped files."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from in_memory import Memory, mail, until_subjects
from servers.ground import PATIENCE, wait_for

from plugin.intake.folder import FolderLoop
from plugin.settings import FolderMailbox


@contextmanager
def running(path: Path, memory: Memory, *, max_bytes: int = 1_000_000) -> Iterator[FolderLoop]:
    loop = FolderLoop(FolderMailbox(path), memory, max_bytes=max_bytes)
    stop = threading.Event()
    thread = threading.Thread(target=loop.run, args=(stop,), daemon=True)
    thread.start()
    try:
        wait_for(lambda: loop.state.looked_at or loop.state.error)
        yield loop
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def names(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.iterdir())


def test_makes_the_folder_and_takes_a_dropped_mail(tmp_path: Path) -> None:
    memory = Memory()
    with running(tmp_path / "deep" / "inbox", memory) as loop:
        (tmp_path / "deep/inbox/refund.EML").write_bytes(mail("dropped"))
        until_subjects(memory, "dropped")
        wait_for(lambda: names(tmp_path / "deep/inbox") == ["cur", "new", "tmp"])
        assert [name.endswith(".dropped:2,S") for name in names(tmp_path / "deep/inbox/cur")] == [True]
        assert loop.state.taken == 1
    assert memory.order[0].raw == mail("dropped")


def test_a_file_waits_until_it_is_written_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugin.intake.folder._QUIET", 3.0)  # a writer on a busy machine pauses
    memory = Memory()
    whole = mail("slow", "line\r\n" * 50)
    with running(tmp_path, memory):
        with (tmp_path / "slow.eml").open("wb", buffering=0) as stream:
            for start in range(0, len(whole), 40):
                stream.write(whole[start : start + 40])
                time.sleep(0.15)
            assert not memory.order
        until_subjects(memory, "slow")
    assert memory.order[0].raw == whole


def test_maildir_new_and_unseen_in_cur_oldest_first(tmp_path: Path) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    for name, text in (
        ("new/3.host", "third"),
        ("cur/1.host:2,", "first"),
        ("cur/2.host:2,FR", "second"),
        ("cur/0.host:2,S", "read already"),
        ("tmp/9.host", "being delivered"),
    ):
        (tmp_path / name).write_bytes(mail(text))
    memory = Memory()
    with running(tmp_path, memory):
        wait_for(lambda: len(memory.order) == 3)
        wait_for(lambda: names(tmp_path / "new") == [])
    assert names(tmp_path / "cur") == ["0.host:2,S", "1.host:2,S", "2.host:2,FRS", "3.host:2,S"]
    assert set(memory.subjects) == {"first", "second", "third"}


def test_oldest_first_by_arrival(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    for text in ("b", "a", "c"):
        (tmp_path / "new" / text).write_bytes(mail(text))
        time.sleep(0.02)
    memory = Memory()
    with running(tmp_path, memory):
        until_subjects(memory, "b", "a", "c")


def test_is_moved_only_after_it_is_stored(tmp_path: Path) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("disk full")

    memory = Memory(fail=fail)
    (tmp_path / "new").mkdir()
    (tmp_path / "new/1.host").write_bytes(mail("waits"))
    with running(tmp_path, memory) as loop:
        wait_for(lambda: "store takes no mail" in loop.state.error)
        assert names(tmp_path / "new") == ["1.host"]
        memory.fail = lambda arrival: None
        until_subjects(memory, "waits")
        wait_for(lambda: not loop.state.error)


def test_what_cannot_be_read_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "outside.txt").write_text("secret")
    inbox = tmp_path / "inbox"
    (inbox / "folder.eml").mkdir(parents=True)
    (inbox / "link.eml").symlink_to(tmp_path / "outside.txt")
    os.mkfifo(inbox / "pipe.eml")
    (inbox / "notes.txt").write_text("not a mail")
    (inbox / "locked.eml").write_bytes(mail("locked"))
    (inbox / "good.eml").write_bytes(mail("good"))
    real = Path.open

    def opened(self: Path, *args: object, **more: object) -> object:
        if self.name == "locked.eml":
            raise PermissionError(13, "denied")
        return real(self, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "open", opened)
    memory = Memory()
    with running(inbox, memory) as loop:
        until_subjects(memory, "good")
        wait_for(lambda: loop.state.stuck == ("locked.eml",))
        assert "Permission denied" in loop.state.error
    assert {"folder.eml", "link.eml", "pipe.eml", "notes.txt", "locked.eml"} <= set(names(inbox))
    assert len(memory.order) == 1


def test_an_empty_file_is_taken_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugin.intake.folder._EMPTY", 1.0)
    (tmp_path / "empty.eml").touch()
    memory = Memory()
    with running(tmp_path, memory):
        wait_for(lambda: len(memory.order) == 1)
    assert memory.order[0].raw == b""


def test_of_a_file_that_is_too_large_only_the_header_is_taken(tmp_path: Path) -> None:
    (tmp_path / "large.eml").write_bytes(mail("large", "x" * 200_000))
    memory = Memory()
    with running(tmp_path, memory, max_bytes=100_000) as loop:
        until_subjects(memory, "large")
    assert loop.state.oversized == 1
    assert memory.order[0].raw.startswith(b"X-Antesala-Oversized: 200")
    assert memory.order[0].raw.endswith(b"\r\n\r\n")
    assert b"xxx" not in memory.order[0].raw


def test_a_full_disk_pauses_the_folder(tmp_path: Path) -> None:
    memory = Memory(room=False)
    (tmp_path / "a.eml").write_bytes(mail("waits"))
    with running(tmp_path, memory) as loop:
        wait_for(lambda: "disk is nearly full" in loop.state.error)
        assert not memory.order
        memory.room = True
        until_subjects(memory, "waits")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with running(tmp_path / "file", Memory()) as loop:
        wait_for(lambda: loop.state.error)
        assert "cannot be read" in loop.state.error
        assert not loop.state.connected


def test_the_same_mail_dropped_twice(tmp_path: Path) -> None:
    memory = Memory()
    with running(tmp_path, memory):
        for name in ("a.eml", "b.eml"):
            (tmp_path / name).write_bytes(mail("same"))
        wait_for(lambda: len(memory.order) == 2)
        wait_for(lambda: not list(tmp_path.glob("*.eml")))
    assert memory.subjects == ["same"]
