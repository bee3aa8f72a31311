"""The first schema."""

import sqlalchemy as sa
from alembic import op

from plugin.store.tables import Big, Instant, Json

revision = "0001"
down_revision = None


def upgrade() -> None:
    first = (_bucket, _cursor, _inbound, _mute, _request, _stop, _decision, _job, _sent, _thread)
    for create in (*first, _placed, _correction):
        create()


def _bucket() -> None:
    op.create_table(
        "bucket",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bucket")),
    )


def _cursor() -> None:
    op.create_table(
        "cursor",
        sa.Column("mailbox", sa.String(length=400), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", name=op.f("pk_cursor")),
    )


def _inbound() -> None:
    op.create_table(
        "inbound",
        sa.Column("id", Big, autoincrement=True, nullable=False),
        sa.Column("source_key", sa.String(length=160), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("flagged", sa.String(length=64), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound")),
        sa.UniqueConstraint("source_key", name=op.f("uq_inbound_source_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_inbound_received_at",
        "inbound",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("raw IS NOT NULL"),
        postgresql_where=sa.text("raw IS NOT NULL"),
    )


def _mute() -> None:
    op.create_table(
        "mute",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_mute")),
    )


def _request() -> None:
    op.create_table(
        "request",
        sa.Column("number", Big, autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("requester_name", sa.Text(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_key", sa.String(length=64), nullable=True),
        sa.Column("intent", sa.String(length=64), nullable=False),
        sa.Column("group_id", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.String(length=16), nullable=False),
        sa.Column("tags", Json, nullable=False),
        sa.Column("flags", Json, nullable=False),
        sa.Column("copies", Json, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("missing", Json, nullable=False),
        sa.Column("asked", Json, nullable=False),
        sa.Column("given", Json, nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("issues", Json, nullable=False),
        sa.Column("questions", Json, nullable=False),
        sa.Column("told_in_hand", sa.Boolean(), nullable=False),
        sa.Column("linked", Json, nullable=False),
        sa.Column("parent", Big, nullable=True),
        sa.Column("words", Json, nullable=False),
        sa.Column("names", Json, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("happened", Json, nullable=False),
        sa.Column("suppressed", sa.Text(), nullable=True),
        sa.Column("ticket", sa.String(length=64), nullable=True),
        sa.Column("ticket_number", sa.String(length=64), nullable=True),
        sa.Column("agent_replied", sa.Boolean(), nullable=False),
        sa.Column("moved_to", sa.String(length=64), nullable=True),
        sa.Column("routed_at", Instant(), nullable=True),
        sa.Column("taken_at", Instant(), nullable=True),
        sa.Column("taken_by", sa.String(length=200), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["request.number"], name=op.f("fk_request_parent")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_request")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "participant",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("request", Big, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["request"], ["request.number"], name=op.f("fk_participant_request")),
        sa.PrimaryKeyConstraint("person", "request", name=op.f("pk_participant")),
    )
    op.create_index(op.f("ix_participant_request"), "participant", ["request"], unique=False)
    op.create_index("ix_request_group", "request", ["group_id", "number"], unique=False)
    op.create_index("ix_request_person", "request", ["person", "updated_at"], unique=False)
    op.create_index("ix_request_state", "request", ["state", "number"], unique=False)
    op.create_index(op.f("ix_request_ticket"), "request", ["ticket"], unique=False)
    op.create_index(op.f("ix_request_ticket_number"), "request", ["ticket_number"], unique=False)


def _stop() -> None:
    op.create_table(
        "stop",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_stop")),
    )


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("inbound_id", Big, autoincrement=False, nullable=False),
        sa.Column("request", Big, nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("rulebook", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("domain", sa.String(length=64), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("payload", Json, nullable=False),
        sa.ForeignKeyConstraint(["inbound_id"], ["inbound.id"], name=op.f("fk_decision_inbound_id")),
        sa.ForeignKeyConstraint(["request"], ["request.number"], name=op.f("fk_decision_request")),
        sa.PrimaryKeyConstraint("inbound_id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_decided_at"), "decision", ["decided_at"], unique=False)
    op.create_index(op.f("ix_decision_person"), "decision", ["person"], unique=False)
    op.create_index(op.f("ix_decision_request"), "decision", ["request"], unique=False)
    op.create_index("ix_decision_same", "decision", ["domain", "fingerprint", "decided_at"], unique=False)


def _job() -> None:
    op.create_table(
        "job",
        sa.Column("id", Big, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("inbound_id", Big, nullable=True),
        sa.Column("payload", Json, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("lane", sa.String(length=64), nullable=True),
        sa.Column("run_at", Instant(), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("message_id", sa.String(length=200), nullable=True),
        sa.Column("receipt", sa.String(length=200), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.Column("history", Json, nullable=False),
        sa.Column("lapses", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["inbound_id"], ["inbound.id"], name=op.f("fk_job_inbound_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_job_set_at",
        "job",
        ["set_at"],
        unique=False,
        sqlite_where=sa.text("state = 'ready'"),
        postgresql_where=sa.text("state = 'ready'"),
    )
    op.create_index(op.f("ix_job_inbound_id"), "job", ["inbound_id"], unique=False)
    op.create_index(
        "ix_job_lapsed",
        "job",
        ["id"],
        unique=False,
        sqlite_where=sa.text("lapses > 0"),
        postgresql_where=sa.text("lapses > 0"),
    )
    op.create_index("ix_job_kind_state_run_at", "job", ["kind", "state", "run_at", "id"], unique=False)
    op.create_index("ix_job_state_lease_until", "job", ["state", "lease_until"], unique=False)
    op.create_index(
        "uq_job_lane_in_flight",
        "job",
        ["lane"],
        unique=True,
        sqlite_where=sa.text("state IN ('running', 'sending')"),
        postgresql_where=sa.text("state IN ('running', 'sending')"),
    )


def _sent() -> None:
    op.create_table(
        "sent",
        sa.Column("id", Big, autoincrement=True, nullable=False),
        sa.Column("job_key", sa.String(length=200), nullable=False),
        sa.Column("inbound_id", Big, nullable=False),
        sa.Column("request", Big, nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("domain", sa.String(length=64), nullable=False),
        sa.Column("mailbox", sa.String(length=64), nullable=False),
        sa.Column("asks", Json, nullable=False),
        sa.Column("queued_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["inbound_id"], ["inbound.id"], name=op.f("fk_sent_inbound_id")),
        sa.ForeignKeyConstraint(["request"], ["request.number"], name=op.f("fk_sent_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent")),
        sa.UniqueConstraint("job_key", name=op.f("uq_sent_job_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sent_domain", "sent", ["domain", "queued_at"], unique=False)
    op.create_index("ix_sent_mailbox", "sent", ["mailbox", "queued_at"], unique=False)
    op.create_index("ix_sent_person", "sent", ["person", "queued_at"], unique=False)
    op.create_index(op.f("ix_sent_request"), "sent", ["request"], unique=False)


def _thread() -> None:
    op.create_table(
        "thread",
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("request", Big, nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("job_key", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["request"], ["request.number"], name=op.f("fk_thread_request")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_thread")),
    )
    op.create_index(op.f("ix_thread_request"), "thread", ["request"], unique=False)


def _placed() -> None:
    op.create_table(
        "placed",
        sa.Column("request", Big, autoincrement=False, nullable=False),
        sa.Column("group_name", sa.String(length=200), nullable=False),
        sa.Column("intended", sa.String(length=200), nullable=True),
        sa.Column("tags", Json, nullable=False),
        sa.Column("ours", Json, nullable=False),
        sa.Column("refused", Json, nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["request"], ["request.number"], name=op.f("fk_placed_request")),
        sa.PrimaryKeyConstraint("request", name=op.f("pk_placed")),
    )


def _correction() -> None:
    op.create_table(
        "correction",
        sa.Column("id", Big, autoincrement=True, nullable=False),
        sa.Column("request", Big, nullable=False),
        sa.Column("inbound_id", Big, nullable=True),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("was", sa.String(length=200), nullable=False),
        sa.Column("now", sa.String(length=200), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["inbound_id"], ["inbound.id"], name=op.f("fk_correction_inbound_id")),
        sa.ForeignKeyConstraint(["request"], ["request.number"], name=op.f("fk_correction_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_correction_at"), "correction", ["at"], unique=False)
    op.create_index(op.f("ix_correction_request"), "correction", ["request"], unique=False)
