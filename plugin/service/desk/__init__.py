"""The help desk in service: what is written to it, what is read from it. The promises of `desks/protocol.py` are kept
here, once for all desks."""

from plugin.service.desk.side import DeskSide, abilities, desk_side

__all__ = ["DeskSide", "abilities", "desk_side"]
