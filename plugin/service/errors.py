"""Error reports to Sentry: off unless a DSN is set, and then without a word of a customer's.

The usual settings leak: frame variables carry mail bodies and passwords, breadcrumbs carry log lines and
queries, exception texts quote what was read. So an event is built anew from its class and its frames.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sentry_sdk
from sentry_sdk.types import Event, Hint

from plugin.settings import Settings

_FRAME = ("module", "function", "lineno", "filename", "in_app")
_TOP = ("event_id", "timestamp", "level", "platform", "release", "environment")


def setup_sentry(settings: Settings, release: str = "", transport: Any = None) -> bool:
    """Start reporting if a DSN is set; whether it is. `transport` is for tests."""
    if not settings.sentry_dsn:
        return False
    sentry_sdk.init(
        dsn=settings.sentry_dsn.value,
        release=f"antesala@{release}" if release else None,
        transport=transport,
        before_send=stripped,
        before_breadcrumb=lambda _crumb, _hint: None,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        server_name="",
        traces_sample_rate=0.0,
        auto_session_tracking=False,
        default_integrations=False,
        auto_enabling_integrations=False,
    )
    return True


def report(error: BaseException) -> None:
    """Send one error, if reports are on."""
    if sentry_sdk.is_initialized():
        sentry_sdk.capture_exception(error)


def stripped(event: Event, _hint: Hint) -> Event | None:
    """Class, module, function and line of each exception, and nothing else. Anything but an exception is dropped."""
    found = event.get("exception")
    values = found.get("values") if isinstance(found, Mapping) else None
    if not isinstance(values, list):
        return None
    kept: dict[str, Any] = {name: event[name] for name in _TOP if name in event}  # type: ignore[literal-required]
    kept["exception"] = {"values": [_exception(value) for value in values if isinstance(value, Mapping)]}
    return kept  # type: ignore[return-value]


def _exception(value: Mapping[str, Any]) -> dict[str, Any]:
    trace = value.get("stacktrace")
    frames = trace.get("frames") if isinstance(trace, Mapping) else None
    clean = [{name: frame[name] for name in _FRAME if name in frame} for frame in frames or () if frame]
    return {"type": value.get("type"), "module": value.get("module"), "stacktrace": {"frames": clean}}
