"""Our native engine."""

from __future__ import annotations

from functools import partial

from benchmarks.peers.dateline import DatelineEngine

PEER = partial(DatelineEngine, "native")
