"""Every request, decision and effect, durable: nothing acknowledged is lost, nothing is done twice."""

from plugin.store.accept import OTHER_BYTES
from plugin.store.cursor import Cursor
from plugin.store.decisions import Lost, Stale, Verdict
from plugin.store.doubt import Doubtful
from plugin.store.engine import StoreError, StoreUnavailable
from plugin.store.failed import Failed
from plugin.store.health import Health
from plugin.store.known import Known
from plugin.store.leases import Swept
from plugin.store.migrate import SchemaTooNew
from plugin.store.queue import Job
from plugin.store.reading import Entry, Inbound
from plugin.store.requests import Request
from plugin.store.retention import Forgotten
from plugin.store.stops import Stop
from plugin.store.store import Store, open_store

__all__ = [
    "OTHER_BYTES",
    "Cursor",
    "Doubtful",
    "Entry",
    "Failed",
    "Forgotten",
    "Health",
    "Inbound",
    "Job",
    "Known",
    "Lost",
    "Request",
    "SchemaTooNew",
    "Stale",
    "Stop",
    "Store",
    "StoreError",
    "StoreUnavailable",
    "Swept",
    "Verdict",
    "open_store",
]
