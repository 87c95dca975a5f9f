"""Whoosh as this project has it: its postings, with ranking and facets in numpy."""

from __future__ import annotations

from functools import partial

from benchmarks.peers.dateline import DatelineEngine

PEER = partial(DatelineEngine, "whoosh")
