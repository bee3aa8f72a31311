"""The help desks, one file each, all behind the one small protocol of `protocol.py`."""
