"""Every table, once. The migrations are held against this by a test.

Times are UTC. Addresses of people stand in `request` alone, where retention and `forget` find them;
everywhere else a person is a keyed hash (`people.py`), so that caps go on holding after a purge.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB


class Instant(sa.TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite, which knows no zones, keeps it without one."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(JSONB(), "postgresql")
HASH = sa.String(64)

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _column(name: str, kind: Any, *rest: Any, default: Any = None, null: bool = False, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, *rest, nullable=null, default=default, **more)


#: What arrived, byte for byte; committed before anything is acknowledged and not changed afterwards.
#: The bytes come last: SQLite reads a row from its beginning.
inbound = sa.Table(
    "inbound",
    metadata,
    sa.Column("id", Big, primary_key=True, autoincrement=True),
    _column("source_key", sa.String(160), unique=True),
    _column("source", sa.String(16)),
    _column("mailbox", sa.Text),
    _column("received_at", Instant),
    _column("size", sa.Integer),
    _column("digest", HASH),  # sha256 of the bytes, hex
    _column("body_digest", HASH),  # sha256 of what follows the header, line ends folded
    _column("flagged", sa.String(64), null=True),  # e.g. same-id-other-bytes
    _column("raw", sa.LargeBinary, null=True),  # None once retention or `forget` has deleted it
    # What retention has dealt with stays for ever and must not be walked over again.
    sa.Index(
        "ix_inbound_received_at",
        "received_at",
        sqlite_where=sa.text("raw IS NOT NULL"),
        postgresql_where=sa.text("raw IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

#: One thing to do, with a lease: the queue and the record of what was done are the same row.
job = sa.Table(
    "job",
    metadata,
    sa.Column("id", Big, primary_key=True, autoincrement=True),
    _column("key", sa.String(200), unique=True),
    _column("kind", sa.String(16)),  # triage, reply, webhook, notify, due, fetch and what is done in a desk
    _column("inbound_id", Big, sa.ForeignKey("inbound.id"), null=True, index=True),
    _column("payload", Json),
    _column("state", sa.String(16)),  # ready, running, sending, done, dead, uncertain, held, cancelled
    _column("lane", sa.String(64), null=True),  # at most one job of a lane is in flight
    _column("run_at", Instant),
    _column("set_at", Instant),  # when run_at was set: tells a clock that went back
    _column("attempts", sa.Integer, default=0),
    _column("max_attempts", sa.Integer),
    _column("lease_owner", sa.String(64), null=True),
    _column("lease_until", Instant, null=True),
    _column("message_id", sa.String(200), null=True),
    _column("receipt", sa.String(200), null=True),
    _column("error", sa.String(200), null=True),
    _column("history", Json, default=list),  # one entry for each try that failed
    _column("lapses", sa.Integer, default=0),  # leases that ran out
    _column("created_at", Instant),
    _column("finished_at", Instant, null=True),
    sa.Index("ix_job_kind_state_run_at", "kind", "state", "run_at", "id"),
    sa.Index("ix_job_state_lease_until", "state", "lease_until"),
    # Read every few seconds, so that a clock that went back leaves nothing waiting.
    sa.Index(
        "ix_job_set_at",
        "set_at",
        sqlite_where=sa.text("state = 'ready'"),
        postgresql_where=sa.text("state = 'ready'"),
    ),
    sa.Index("ix_job_lapsed", "id", sqlite_where=sa.text("lapses > 0"), postgresql_where=sa.text("lapses > 0")),
    sa.Index(
        "uq_job_lane_in_flight",
        "lane",
        unique=True,
        sqlite_where=sa.text("state IN ('running', 'sending')"),
        postgresql_where=sa.text("state IN ('running', 'sending')"),
    ),
    sqlite_autoincrement=True,
)

#: What a customer wants: one conversation, and one line of the built-in ticket list.
request = sa.Table(
    "request",
    metadata,
    sa.Column("number", Big, primary_key=True, autoincrement=True),
    _column("state", sa.String(16)),  # new, waiting, complete, handed-over
    _column("requester", sa.Text, default=""),
    _column("requester_name", sa.Text, default=""),
    _column("person", HASH, null=True),
    _column("language", sa.String(8), default=""),
    _column("subject", sa.Text, default=""),  # masked
    _column("subject_key", HASH, null=True),  # keyed hash of the bare subject, to join messages
    _column("intent", sa.String(64), default=""),
    _column("group_id", sa.String(64), default=""),
    _column("channel", sa.String(16), default=""),
    _column("priority", sa.String(16), default=""),
    _column("tags", Json, default=list),
    _column("flags", Json, default=list),
    _column("copies", Json, default=list),
    _column("score", sa.Integer, default=0),
    _column("missing", Json, default=list),
    _column("asked", Json, default=list),
    _column("given", Json, default=list),
    _column("rounds", sa.Integer, default=0),
    _column("issues", Json, default=list),  # of the conversation, each with its checklist; texts masked
    _column("questions", Json, default=list),  # [item, text] of our last mail that asked
    _column("told_in_hand", sa.Boolean, default=False),
    _column("linked", Json, default=list),  # numbers of older requests
    _column("parent", Big, sa.ForeignKey("request.number"), null=True),  # it is about another issue of that one
    _column("words", Json, default=list),  # keyed hashes of what its messages are about
    _column("names", Json, default=list),  # the same of reservations, properties, invoices that they name
    _column("note", sa.Text, default=""),
    _column("happened", Json, default=list),  # lines that deadlines wrote into it: every later note repeats them
    _column("suppressed", sa.Text, null=True),
    _column("ticket", sa.String(64), null=True, index=True),  # the desk's own number
    _column("ticket_number", sa.String(64), null=True, index=True),  # as people see it, where that is another
    _column("agent_replied", sa.Boolean, default=False),
    _column("moved_to", sa.String(64), null=True),  # where a person or an escalation moved it: decisions leave it there
    _column("routed_at", Instant, null=True),  # since when its group has it; None while it is held back
    _column("taken_at", Instant, null=True),  # when somebody picked it up
    _column("taken_by", sa.String(200), default=""),
    _column("opened_at", Instant),
    _column("updated_at", Instant),
    sa.Index("ix_request_person", "person", "updated_at"),
    sa.Index("ix_request_state", "state", "number"),
    sa.Index("ix_request_group", "group_id", "number"),
    sqlite_autoincrement=True,
)

#: Who takes part in a request, as keyed hashes: whoever wrote, and whoever was in copy.
participant = sa.Table(
    "participant",
    metadata,
    sa.Column("person", HASH, primary_key=True),
    sa.Column("request", Big, sa.ForeignKey("request.number"), primary_key=True, autoincrement=False, index=True),
)

#: What was decided about a message; never redone.
decision = sa.Table(
    "decision",
    metadata,
    sa.Column("inbound_id", Big, sa.ForeignKey("inbound.id"), primary_key=True, autoincrement=False),
    _column("request", Big, sa.ForeignKey("request.number"), index=True),
    _column("decided_at", Instant, index=True),
    _column("rulebook", sa.String(64), default=""),
    _column("person", HASH, null=True, index=True),
    _column("domain", HASH, null=True),
    _column("fingerprint", HASH, null=True),
    _column("payload", Json),  # the Decision; texts masked
    sa.Index("ix_decision_same", "domain", "fingerprint", "decided_at"),
)

#: The one ledger of what was sent to whom. A row exists before anything is tried.
sent = sa.Table(
    "sent",
    metadata,
    sa.Column("id", Big, primary_key=True, autoincrement=True),
    _column("job_key", sa.String(200), unique=True),
    _column("inbound_id", Big, sa.ForeignKey("inbound.id")),
    _column("request", Big, sa.ForeignKey("request.number"), index=True),
    _column("person", HASH),
    _column("domain", HASH),
    _column("mailbox", HASH),
    _column("asks", Json, default=list),
    _column("queued_at", Instant),
    sa.Index("ix_sent_person", "person", "queued_at"),
    sa.Index("ix_sent_domain", "domain", "queued_at"),
    sa.Index("ix_sent_mailbox", "mailbox", "queued_at"),
    sqlite_autoincrement=True,
)

#: Message-IDs of a conversation, hashed: theirs and ours.
thread = sa.Table(
    "thread",
    metadata,
    sa.Column("message_id", HASH, primary_key=True),
    _column("request", Big, sa.ForeignKey("request.number"), index=True),
    _column("ours", sa.Boolean),
    _column("job_key", sa.String(200), null=True),
)

#: Where the desk has a ticket, as we last saw or put it: what differs from it was done by somebody else.
placed = sa.Table(
    "placed",
    metadata,
    sa.Column("request", Big, sa.ForeignKey("request.number"), primary_key=True, autoincrement=False),
    _column("group_name", sa.String(200)),  # the desk's own name
    _column("intended", sa.String(200), null=True),  # where a write of ours is about to put it
    _column("tags", Json, default=list),  # all that the ticket has
    _column("ours", Json, default=list),  # those that we set
    _column("refused", Json, default=list),  # those of ours that a person took away: they are not set again
    _column("seen_at", Instant),
)

#: What a person did to a ticket after we had decided: moved it, or changed its tags.
correction = sa.Table(
    "correction",
    metadata,
    sa.Column("id", Big, primary_key=True, autoincrement=True),
    _column("request", Big, sa.ForeignKey("request.number"), index=True),
    _column("inbound_id", Big, sa.ForeignKey("inbound.id"), null=True),  # the message whose decision was corrected
    _column("what", sa.String(16)),  # group, tag-added or tag-removed
    _column("was", sa.String(200)),  # what we had decided: a group id, a tag; "" for an added tag
    _column("now", sa.String(200)),  # what the person chose; "" for a tag that was taken away
    _column("at", Instant, index=True),
    _column("settled", sa.Boolean, default=False),  # the operator has dealt with it
    sqlite_autoincrement=True,
)

#: How far a mailbox has been read.
cursor = sa.Table(
    "cursor",
    metadata,
    sa.Column("mailbox", sa.String(400), primary_key=True),
    _column("uidvalidity", sa.BigInteger),
    _column("last_uid", sa.BigInteger),
    _column("updated_at", Instant),
)

#: What must not go on for now: a pause (ends by itself) or a breaker (a person has to look).
stop = sa.Table(
    "stop",
    metadata,
    sa.Column("name", sa.String(160), primary_key=True),
    _column("kind", sa.String(16)),
    _column("reason", sa.String(200)),
    _column("at", Instant),
    _column("until", Instant, null=True),
)

#: People that nothing is sent to until a day: their address refused mail for good.
mute = sa.Table(
    "mute",
    metadata,
    sa.Column("person", HASH, primary_key=True),
    _column("until", Instant),
)

#: Rate limits: tokens left, and when they were counted.
bucket = sa.Table(
    "bucket",
    metadata,
    sa.Column("name", sa.String(160), primary_key=True),
    _column("tokens", sa.Float),
    _column("at", Instant),
)
