"""The rates that the settings name hold for every kind of work that goes to the same place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from running import Service, customer_mail

from plugin.service.rates import rates
from plugin.settings import Settings, SettingsError, load
from plugin.store.bucket import Rate


def told(**variables: str) -> Settings:
    return load({f"ANTESALA_{name}": value for name, value in variables.items()}, None)


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("30/minute", Rate(0.5, 1.0, "mail")),
        ("1/day", Rate(1 / 86400, 1.0, "mail")),
        ("20/second", Rate(20.0, 20.0, "mail")),
        ("3600/hour", Rate(1.0, 1.0, "mail")),
    ],
)
def test_a_rate_is_for_all_that_goes_to_one_server(text: str, rate: Rate) -> None:
    assert rates(told(MAIL_RATE=text)) == {"reply": rate, "gateway": rate}


def test_without_a_setting_there_is_no_limit() -> None:
    assert rates(told()) == {}


@pytest.mark.parametrize("text", ["30", "0/minute", "-1/minute", "many/minute", "30/fortnight", "1.5/second", "/hour"])
def test_what_is_no_rate_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError, match=r"ANTESALA_DESK_RATE.*30/minute"):
        told(DESK_RATE=text)


def test_replies_go_out_no_faster_than_the_mailbox_may_and_none_is_lost(serve: Callable[..., Service]) -> None:
    service = serve(mail_rate=2 / 60)
    now = datetime.now(UTC)
    service.store.engine = service.store.engine.execution_options(clock=lambda: now)
    for number in range(5):
        mail = customer_mail(f"Quiero un reembolso del pedido {number}.", f"{number}@casa.example")
        service.accept(mail.replace(b"ana@casa.example", f"ana{number}@casa{number}.example".encode()))
    sent = []
    for _ in range(6):
        service.work()
        sent.append(len(service.outbox()))
        now += timedelta(seconds=30)
    assert sent == [1, 2, 3, 4, 5, 5]
