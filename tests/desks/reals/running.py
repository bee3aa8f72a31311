"""Starts each real desk once, when it is first asked for, and stops them all at the end of the run."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from kit import Ground
from servers.django_helpdesk import DjangoHelpdesk
from servers.escalated import Escalated
from servers.rt import RequestTracker

from reals import django_helpdesk, escalated, rt

_started: dict[str, Ground] = {}
_stack = ExitStack()

SERVERS: dict[str, Callable[[ExitStack], Ground]] = {
    "rt": lambda stack: rt.Ground(stack.enter_context(RequestTracker(rt.PAGE))),
    "django-helpdesk": lambda stack: django_helpdesk.Ground(stack.enter_context(DjangoHelpdesk())),
    "escalated": lambda stack: escalated.Ground(stack.enter_context(Escalated())),
}


def running(name: str) -> Ground:
    """The desk of that name."""
    if name not in _started:
        _started[name] = SERVERS[name](_stack)
        _stack.callback(_started[name].proxy.close)
    return _started[name]


def stop_all() -> None:
    """Stop whatever runs."""
    _stack.close()
    _started.clear()
