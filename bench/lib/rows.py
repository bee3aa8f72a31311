"""Fills a PostgreSQL with rows as the service would have written them over a year, straight from generate_series."""

from __future__ import annotations

import sys
import time

import sqlalchemy as sa

#: Rows are so many seconds apart that they cover a year.
_YEAR = 365 * 86_400
_DEADLINES = 20  #: one request in so many has a deadline to come
_OPEN = 500  #: jobs that are due
_ASIDE = 50  #: jobs that were set aside


def address(number: int) -> str:
    """The sender of a request; each of them writes ten times."""
    return f"customer{number % 1_000_003}@casa{number % 50_021}.example"


def fill(engine: sa.Engine, rows: int, mailbox: str) -> None:
    """Requests 1 to `rows`, the newest last; replies go out from `mailbox`.

    Indexes and constraints are made afterwards, which takes a third of the time.
    """
    with engine.begin() as conn:
        later = _drop(conn)
    for text in _statements(rows, mailbox):
        _timed(engine, text)
    for text in later:
        _timed(engine, text)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        _say("VACUUM ANALYZE")
        conn.execute(sa.text("VACUUM ANALYZE"))


def known_as(engine: sa.Engine, number: int, person: str) -> None:
    """Give the sender of a request the hash that the service would know them by."""
    with engine.begin() as conn:
        for table in ("request", "decision", "sent", "participant"):
            was = sa.text(f"UPDATE {table} SET person = :person WHERE person = md5('p' || :number)")
            conn.execute(was, {"person": person, "number": str(number % 1_000_003)})


def _drop(conn: sa.Connection) -> list[str]:
    """Take off what slows down filling; the statements that put it on again."""
    foreign = conn.execute(
        sa.text(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype IN ('f', 'u') AND connamespace = 'public'::regnamespace ORDER BY contype = 'u'"
        )
    ).all()
    for table, name, _ in foreign:
        conn.execute(sa.text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'))
    indexes = conn.execute(
        sa.text(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        )
    ).all()
    for name, _ in indexes:
        conn.execute(sa.text(f'DROP INDEX "{name}"'))
    unique = [f'ALTER TABLE {t} ADD CONSTRAINT "{n}" {d}' for t, n, d in foreign if d.startswith("UNIQUE")]
    keys = [f'ALTER TABLE {t} ADD CONSTRAINT "{n}" {d} NOT VALID' for t, n, d in foreign if d.startswith("FOREIGN")]
    return [*unique, *(definition for _, definition in indexes), *keys]


def _statements(rows: int, mailbox: str) -> list[str]:
    each = f"generate_series(1, {rows}) AS i"
    at = f"now() - interval '1 second' * (({rows} - i)::bigint * {_YEAR} / {rows})"
    person, domain = "md5('p' || i % 1000003)", "md5('d' || i % 50021)"
    group = "(ARRAY['billing','calendar','reservations','channels','security'])[1 + i % 5]"
    state = "CASE WHEN i % 50 = 0 THEN 'waiting' ELSE 'handed-over' END"
    done = "now() - interval '1 minute'"
    return [
        "INSERT INTO inbound (id, source_key, source, mailbox, received_at, size, digest, body_digest, raw)"
        f" SELECT i, 'mail:' || md5('m' || i), 'mail', 'support', {at}, 2000, md5('m' || i), md5('b' || i),"
        f" CASE WHEN i > {rows} * 0.75 THEN '\\x00'::bytea END FROM {each}",
        "INSERT INTO request (number, state, requester, requester_name, person, language, subject, subject_key, intent,"
        " group_id, channel, priority, tags, flags, copies, score, missing, asked, given, rounds, issues, questions,"
        " told_in_hand, linked, words, names, note, happened, ticket, agent_replied, taken_by,"
        " opened_at, updated_at)"
        f" SELECT i, {state}, 'a@b.example', 'A', {person}, 'es', 'Cobro', md5('s' || i % 1000), 'refund', {group},"
        " 'ticket-only', 'normal', '[\"refund\"]', '[]', '[]', 80, '[\"date\"]', '[\"date\"]', '[\"amount\"]', 1,"
        f" '[]', '[]', false, '[]', '[]', '[]', 'note', '[]', 'T' || i, false, '', {at}, {at} FROM {each}",
        "INSERT INTO decision (inbound_id, request, decided_at, rulebook, person, domain, fingerprint, payload)"
        f" SELECT i, i, {at}, 'x', {person}, {domain}, md5('f' || i), '{{}}' FROM {each}",
        "INSERT INTO job (id, key, kind, inbound_id, payload, state, lane, run_at, set_at, attempts, max_attempts,"
        " history, lapses, created_at, finished_at)"
        f" SELECT i, 'triage:' || i, 'triage', i, '{{}}',"
        f" CASE WHEN i > {rows - _OPEN} THEN 'ready' WHEN i <= {_ASIDE} THEN 'dead' ELSE 'done' END,"
        f" NULL, {at}, {at}, 1, 3, '[]', 0, {at}, CASE WHEN i <= {rows - _OPEN} THEN {at} END FROM {each}",
        "INSERT INTO job (id, key, kind, inbound_id, payload, state, lane, run_at, set_at, attempts, max_attempts,"
        " history, lapses, created_at)"
        f" SELECT {rows} + i, 'due:remind:' || i || ':1', 'due', i, '{{}}', 'ready', NULL,"
        f" now() + interval '1 second' * i, {done}, 0, 3, '[]', 0, {done}"
        f" FROM generate_series(1, {rows // _DEADLINES}) AS i",
        "INSERT INTO sent (id, job_key, inbound_id, request, person, domain, mailbox, asks, queued_at)"
        f" SELECT i, 'reply:' || i, i, i, {person}, {domain}, '{mailbox}', '[]', {at} FROM {each} WHERE i % 2 = 0",
        f"INSERT INTO thread (message_id, request, ours) SELECT md5('t' || i), i, false FROM {each}",
        f"INSERT INTO participant (person, request) SELECT {person}, i FROM {each}",
        *(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), (SELECT max({column}) FROM {table}))"
            for table, column in (("inbound", "id"), ("job", "id"), ("request", "number"), ("sent", "id"))
        ),
    ]


def _timed(engine: sa.Engine, text: str) -> None:
    start = time.monotonic()
    with engine.begin() as conn:
        conn.execute(sa.text("SET LOCAL maintenance_work_mem = '1GB'"))
        conn.exec_driver_sql(text.replace("%", "%%"))
    if time.monotonic() - start > 1:
        _say(f"{time.monotonic() - start:6.0f} s  {text[:90]}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
