"""Carries out one effect. Everything that it needs is in the job, the store and the settings."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from plugin.act.desk import quiet
from plugin.act.effects import envelope_sender
from plugin.act.gateway import composed, handed_on
from plugin.act.hook import post
from plugin.act.maildir import MaildirMailer
from plugin.act.notify import notify
from plugin.act.outcome import LEFT_TO_AGENT, EffectError, Outcome
from plugin.act.smtp import Mailer, SmtpMailer, send
from plugin.model import Message
from plugin.service.arrived import message_of
from plugin.service.desk import desk_side
from plugin.service.desk.fetch import Fetcher
from plugin.service.desk.observe import observe
from plugin.service.desk.watch import Watch
from plugin.service.desk.write import DeskWriter
from plugin.service.doubt import Doubts
from plugin.settings import Settings
from plugin.store import Inbound, Job, Request, Store
from plugin.store.doubt import KIND as DOUBT
from plugin.store.lanes import IN_DESK
from plugin.understand.payload import read_payload
from plugin.understand.sandbox import Sandbox

#: How an effect ended; None: it was no longer ours and nothing was done.
Ended = Outcome | None


class Performer:
    """The ways out of the house, as the settings name them."""

    def __init__(self, store: Store, settings: Settings, sandbox: Sandbox | None = None) -> None:
        self._store = store
        self._settings = settings
        self._mailer = mailer(settings)
        self._side = desk_side(settings, store)
        self._sandbox = sandbox or Sandbox()
        self._ways: Mapping[str, Callable[[Job], Ended]] = {
            "reply": self._reply,
            "gateway": self._gateway,
            "desk": self._to_list,
            "child": self._child,
            "webhook": self._webhook,
            "notify": self._notify,
            DOUBT: Doubts(store, settings).look,
        }

    @property
    def harmless(self) -> frozenset[str]:
        """Kinds that may be done again when nobody knows whether they were."""
        kinds = {"webhook", "desk", "child"}
        return frozenset(kinds | ({"reply", "gateway"} if self._mailer.harmless else set()))

    def perform(self, job: Job) -> Ended:
        """Do it."""
        here = job.kind in ("fetch", DOUBT) or (job.kind == "desk" and self._side is None)
        if not job.payload and job.kind != "desk":  # retention, or `forget`, has left nothing of it
            return Outcome("dead", error="BytesDeleted")
        if self._settings.dry_run and not here:
            return Outcome("done", receipt="dry run")
        if job.kind == "reply" and quiet(self._settings):
            return Outcome("done", receipt=f"not sent: mode {self._settings.desk_mode}")
        if self._side and (job.kind in IN_DESK or job.payload.get("via") == "desk"):
            return DeskWriter(self._store, self._side, self._message).perform(job)
        if self._side and job.kind == "fetch":
            return Fetcher(self._store, self._side).fetch(job)
        way = self._ways.get(job.kind)
        return way(job) if way else Outcome("dead", error="KindUnknown")

    def watch(self) -> Watch | None:
        """Looks at what changes in the desk, where there is one."""
        return Watch(self._store, self._side) if self._side else None

    def _message(self, arrived: Inbound) -> Message:
        return message_of(arrived, self._sandbox)

    def _reply(self, job: Job) -> Ended:
        found = self._store.request_about(job.inbound_id)
        if found is not None and (found.agent_replied or self._answered(found)):  # it waited, and somebody was faster
            return LEFT_TO_AGENT
        return self._mail(job, job.payload["to"], job.payload["mail"].encode("ascii"))

    def _answered(self, request: Request) -> bool:
        """Has a person answered in the desk, and we have not heard of it yet? A desk that is away holds up no mail."""
        if self._side is None or not request.ticket:
            return False
        try:
            now = self._side.read(request.ticket)
            observe(self._store, self._side, request, now)
        except EffectError:
            return False
        return any(entry.author == "agent" and entry.public for entry in now.entries)

    def _mail(self, job: Job, to: str, data: bytes) -> Ended:
        settings = self._settings
        commit = lambda: self._store.sending(job)  # noqa: E731
        return send(self._mailer, envelope_sender(settings), to, data, commit, settings.copy_to)

    def _gateway(self, job: Job) -> Ended:
        payload = job.payload
        if not payload["to"]:
            return Outcome("dead", error="GatewayAddressMissing")
        if "mail" in payload:
            return self._mail(job, payload["to"], payload["mail"].encode("ascii"))
        arrived = self._arrived(job)
        if arrived is None or arrived.raw is None:
            return Outcome("dead", error="BytesDeleted")
        named = payload["message_id"] if payload.get("renamed") else ""
        data = handed_on(_as_mail(arrived, payload["to"], named), payload["headers"], payload.get("note"))
        return self._mail(job, payload["to"], data)

    def _to_list(self, job: Job) -> Ended:
        """The built-in list: group, tags, priority and note stand in the request already."""
        found = self._store.request_about(job.inbound_id)
        if found is None:
            return Outcome("dead", error="RequestMissing")
        self._store.hand_over(found.number)
        return Outcome("done", receipt=f"request {found.number}")

    def _child(self, job: Job) -> Ended:
        found = self._store.request_about(job.inbound_id)
        if found is None:
            return Outcome("dead", error="RequestMissing")
        return Outcome("done", receipt=f"request {self._store.open_child(found.number, job.payload)}")

    def _webhook(self, job: Job) -> Ended:
        found = self._store.request_about(job.inbound_id)
        body: dict[str, Any] = dict(job.payload["body"])
        body["data"] = {"request": found.number if found else None, **body["data"]}
        name = hmac.new(self._store.key, f"{job.key}:{body['timestamp']}".encode(), hashlib.sha256).hexdigest()
        settings = self._settings
        return post(settings.hook_url, settings.hook_secret.value, f"msg_{name[:32]}", body, self._store.clock())

    def _notify(self, job: Job) -> Ended:
        address = self._settings.notify.get(job.payload["to"])
        if address is None:
            return Outcome("dead", error="NotifyAddressMissing")
        return notify(address.value, job.payload["title"], job.payload["body"], lambda: self._store.sending(job))

    def _arrived(self, job: Job) -> Inbound | None:
        return self._store.inbound(job.inbound_id) if job.inbound_id is not None else None


def mailer(settings: Settings) -> Mailer:
    """The way for mail that the settings name."""
    if settings.smtp.scheme == "maildir":
        return MaildirMailer(settings.smtp.maildir)
    return SmtpMailer(settings.smtp, settings.message_id_domain)


def _as_mail(arrived: Inbound, to: str, named: str) -> bytes:
    """What arrived, as the mail that it was or would have been; with the id `named` where it had none."""
    raw = arrived.raw or b""
    if arrived.source == "mail":
        return b"Message-ID: <" + named.encode("ascii") + b">\r\n" + raw if named else raw
    message = read_payload(json.loads(raw), arrived.received_at)
    return composed(replace(message, id=named) if named else message, to)
