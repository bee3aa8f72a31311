"""All desks that there is a file for, by their names in ANTESALA_DESK."""

from __future__ import annotations

from collections.abc import Mapping

from plugin.desks import chatwoot, django_helpdesk, escalated, freshdesk, rt, zammad, zendesk
from plugin.desks.protocol import Kind

_ALL: tuple[Kind, ...] = (
    rt.KIND,
    django_helpdesk.KIND,
    escalated.KIND,
    zammad.KIND,
    zendesk.KIND,
    freshdesk.KIND,
    chatwoot.KIND,
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}
